/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * How long a binding lives: what is granted, the requests to refresh it, its
 * end, what is remembered after the end, and what comes back after a restart.
 *
 * An entry whose binding ended stays, invalid, until no message that was valid
 * for it can pass the check of its timestamp any more; after that one time for
 * the whole node, the newest ever forgotten, refuses what is older. *
 * Implements: RFC 6275 sections 9.5.5, 10.3.1, 10.3.2; RFC 4285 section 6.
 */
#include "core/ha_int.h"

#include <string.h>

#define LIFE_UNIT_US INT64_C(4000000)
/* A refresh is asked for in the last quarter, 40 s before the end at most. */
#define LIFE_ASK_MAX MIP6_SPAN_S(40)
#define LIFE_ASK_MIN MIP6_SPAN_S(4)

uint8_t
ha_minute(const struct mip6_node *n)
{
	return (uint8_t)(n->now.boot.us / 60000000 % 255 + 1);
}

/* ---- lifetimes ---- */

struct mip6_span
ha_grant(const struct mip6_node *n, const struct mip6_addr *hoa,
    struct mip6_span asked)
{
	int prefix = ha_prefix_index(n, hoa);
	struct mip6_span s = mip6_span_min(asked, n->ha->c->lifetime_max);
	struct mip6_span valid = MIP6_SPAN_S(0), preferred;

	if (prefix >= 0)
		ha_prefix_life(n, (uint32_t)prefix, &valid, &preferred);
	/* R10.3.1-15: nor longer than the prefix. Test: test_ha_life */
	if (s.us > valid.us)
		s = valid;
	/* Whole units of 4 s, never more. */
	return MIP6_SPAN_US(s.us / LIFE_UNIT_US * LIFE_UNIT_US);
}

uint8_t
ha_grant_status(const struct mip6_node *n, const struct mip6_addr *hoa,
    struct mip6_span granted)
{
	int prefix = ha_prefix_index(n, hoa);
	int64_t units = granted.us / LIFE_UNIT_US;
	struct mip6_span valid, preferred;

	if (prefix < 0)
		return MIP6_BA_ACCEPTED;
	ha_prefix_life(n, (uint32_t)prefix, &valid, &preferred);
	/* R10.3.1-20: compared in units of 4 s. Test: test_ha_life */
	if (preferred.us / LIFE_UNIT_US < units ||
	    preferred.us / LIFE_UNIT_US == 0 ||
	    valid.us / LIFE_UNIT_US <= units)
		return MIP6_BA_ACCEPTED_PREFIX_DISCOVERY;
	return MIP6_BA_ACCEPTED;
}

/* How long before its end a binding's first refresh request is sent. */
static struct mip6_span
life_ask(const struct mip6_binding *b)
{
	return mip6_span_min(MIP6_SPAN_US(b->granted * LIFE_UNIT_US / 4),
	    LIFE_ASK_MAX);
}

static struct mip6_span
life_half(struct mip6_span s)
{
	return MIP6_SPAN_US(s.us / 2);
}

struct mip6_time
ha_expires(const struct mip6_binding *b)
{
	struct mip6_time t = b->timer.t.deadline;

	if ((b->flags & MIP6_BINDING_ASKS) != 0)
		return mip6_time_add(t, life_ask(b));
	if ((b->flags & MIP6_BINDING_ASKED) != 0)
		return mip6_time_add(t, life_half(life_ask(b)));
	return t;
}

void
ha_live_until(struct mip6_node *n, struct mip6_binding *b, struct mip6_time end)
{
	struct mip6_span ask = life_ask(b);
	struct mip6_time at = mip6_time_add(end, MIP6_SPAN_US(-ask.us));

	b->flags &= (uint8_t) ~(MIP6_BINDING_ASKS | MIP6_BINDING_ASKED);
	if (n->ha->c->refresh_requests && ask.us >= LIFE_ASK_MIN.us &&
	    mip6_time_before(n->now.boot, at)) {
		b->flags |= MIP6_BINDING_ASKS;
		node_timer_arm(n, &b->timer, at);
		return;
	}
	node_timer_arm(n, &b->timer, end);
}

/* Asks for a refresh: by the way of everything else that we say to it. */
static void
life_request(struct mip6_node *n, const struct mip6_binding *b)
{
	uint8_t buf[128];
	struct mip6_mh_to to;
	struct mip6_mh m;
	size_t count;

	if (b->hop == MIP6_HOP_NONE)
		return;
	memset(&m, 0, sizeof(m));
	memset(&to, 0, sizeof(to));
	m.type = MIP6_MH_BRR;
	to.src = *ha_local(n, b);
	to.dst = b->coa;
	to.rh2 =
	    &b->hoa; /* section 9.3.2: its destination is the home address */
	count = mh_build(n, buf, sizeof(buf), &to, &m, NULL, &b->coa, &b->hoa);
	if (count == 0)
		return;
	MIP6_LOG(n->log, INFO, "brr.sent", MIP6_KA("hoa", &b->hoa));
	node_send(n, n->neighbour[b->hop].ifindex, b->hop, NULL, buf, count);
}

/* true: the timer was for a request, and is armed for what comes next. */
static bool
life_asks(struct mip6_node *n, struct mip6_binding *b)
{
	struct mip6_time end = ha_expires(b);
	struct mip6_span half = life_half(life_ask(b));
	bool first = (b->flags & MIP6_BINDING_ASKS) != 0;

	if (!first && (b->flags & MIP6_BINDING_ASKED) == 0)
		return false;
	b->flags &= (uint8_t) ~(MIP6_BINDING_ASKS | MIP6_BINDING_ASKED);
	/* R9.5.5-02: none while an update is under way. Test: test_ha_life */
	if (b->pending == MIP6_PENDING_NONE)
		life_request(n, b);
	if (first) {
		b->flags |= MIP6_BINDING_ASKED;
		end = mip6_time_add(end, MIP6_SPAN_US(-half.us));
	}
	node_timer_arm(n, &b->timer, end);
	return true;
}

/* ---- how many of one mobile node ---- */

static uint64_t
life_name(const struct mip6_node *n, const struct mip6_conf_mobile *mobile)
{
	return mip6_hash_octets(&n->hash_key, mobile->nai, strlen(mobile->nai));
}

bool
ha_name_take(struct mip6_node *n, struct mip6_binding *b,
    const struct mip6_conf_mobile *mobile, bool limited)
{
	uint32_t max = n->ha->c->bindings_per_mobile_max;
	uint64_t name;

	if (max == 0 || mobile == NULL || mobile->nai[0] == 0 ||
	    (b->flags & MIP6_BINDING_NAMED) != 0)
		return true;
	name = life_name(n, mobile);
	/* P-QUOTA: so many of one identifier. Test: test_ha_life */
	if (limited && mip6_tally_count(&n->ha->names, name) >= max)
		return false;
	if (!mip6_tally_add(&n->ha->names, name))
		return false;
	b->flags |= MIP6_BINDING_NAMED;
	return true;
}

static void
life_name_drop(struct mip6_node *n, struct mip6_binding *b)
{
	const struct mip6_conf_mobile *mobile;

	if ((b->flags & MIP6_BINDING_NAMED) == 0)
		return;
	b->flags &= (uint8_t)~MIP6_BINDING_NAMED;
	mobile = ha_mobile_find(n, &b->hoa);
	if (mobile != NULL && mobile->nai[0] != 0 &&
	    mip6_tally_count(&n->ha->names, life_name(n, mobile)) > 0)
		(void)mip6_tally_del(&n->ha->names, life_name(n, mobile));
}

void
ha_names_recount(struct mip6_node *n)
{
	struct mip6_ha *ha = n->ha;
	struct mip6_binding *b;
	uint32_t i;

	mip6_tally_clear(&ha->names);
	for (i = 0; i < ha->bcache.top; i++) {
		b = mip6_bcache_get(&ha->bcache, i);
		b->flags &= (uint8_t)~MIP6_BINDING_NAMED;
		if (ha->c->bindings_per_mobile_max > 0 &&
		    (b->state == MIP6_BINDING_REGISTERED ||
			b->state == MIP6_BINDING_PENDING))
			(void)ha_name_take(n, b, ha_mobile_find(n, &b->hoa),
			    false);
	}
}

/* ---- ends ---- */

/* Until when a message of the binding could still pass as fresh. */
static struct mip6_span
life_replay(struct mip6_node *n, const struct mip6_binding *b)
{
	const struct mip6_conf_mobile *mobile;
	int64_t left, twice;

	if (b->stamp == 0)
		return MIP6_SPAN_S(0);
	mobile = ha_mobile_find(n, &b->hoa);
	if (mobile == NULL)
		return MIP6_SPAN_S(0); /* nothing of it is accepted */
	twice = 2 * mobile->sa.clock_slack.us;
	left = (int64_t)(mip6_time_from_ntp(b->stamp, node_wall_us(n)) -
		   node_wall_us(n)) +
	    twice;
	/* The clock may have been set: bounded all the same. */
	if (left > 2 * twice)
		left = 2 * twice;
	return MIP6_SPAN_US(left > 0 ? left : 0);
}

void
ha_unhost(struct mip6_node *n, uint32_t i, uint32_t *ends)
{
	struct mip6_binding *b = mip6_bcache_get(&n->ha->bcache, i);

	node_act_row_del(n, &b->hoa, &mip6_addr_any);
	nd_release(n, b->hop);
	b->hop = MIP6_HOP_NONE;
	*ends = ha_host(n, i, false);
}

/* Stops all that was done for it. */
static void
life_stop(struct mip6_node *n, uint32_t i)
{
	struct mip6_binding *b = mip6_bcache_get(&n->ha->bcache, i);
	uint32_t ends;

	node_timer_stop(n, &b->timer);
	if (b->state != MIP6_BINDING_INVALID) {
		ha_mpd_gone(n, i);
		ha_mcast_gone(n, i);
	}
	ha_pending_put(n, b);
	ha_unhost(n, i, &ends);
	life_name_drop(n, b);
}

void
ha_remove(struct mip6_node *n, uint32_t i)
{
	struct mip6_binding *b = mip6_bcache_get(&n->ha->bcache, i);
	struct mip6_ha *ha = n->ha;

	life_stop(n, i);
	ha_store_del(n, &b->hoa);
	if (b->stamp != 0 &&
	    (ha->stamp_floor == 0 || (int64_t)(b->stamp - ha->stamp_floor) > 0))
		ha->stamp_floor = b->stamp;
	mip6_bcache_del(&ha->bcache, i);
}

void
ha_hold(struct mip6_node *n, uint32_t i, struct mip6_span least)
{
	struct mip6_binding *b = mip6_bcache_get(&n->ha->bcache, i);
	struct mip6_span hold = mip6_span_max(least, life_replay(n, b));

	if (hold.us == 0) {
		ha_remove(n, i);
		return;
	}
	b->state = MIP6_BINDING_INVALID;
	b->flags = 0;
	node_timer_in(n, &b->timer, hold);
}

void
ha_end(struct mip6_node *n, uint32_t i, struct mip6_span least)
{
	life_stop(n, i);
	ha_hold(n, i, least);
}

void
ha_binding_timer(struct mip6_node *n, uint32_t i)
{
	struct mip6_binding *b = mip6_bcache_get(&n->ha->bcache, i);

	if (b->state == MIP6_BINDING_INVALID) {
		/* It may have said something meanwhile. */
		ha_hold(n, i, MIP6_SPAN_S(0));
		return;
	}
	if (b->state == MIP6_BINDING_REGISTERED && life_asks(n, b))
		return;
	if (b->state == MIP6_BINDING_REGISTERED)
		MIP6_LOG(n->log, INFO, "binding.expired",
		    MIP6_KA("hoa", &b->hoa)); /* R10.3.1-18 */
	/* A registration is under way: it will set the lifetime. */
	if (b->pending != MIP6_PENDING_NONE) {
		node_act_row_del(n, &b->hoa, &mip6_addr_any);
		b->state = MIP6_BINDING_PENDING;
		return;
	}
	ha_end(n, i, MIP6_SPAN_S(0));
}

void
ha_flush(struct mip6_node *n, const struct mip6_addr *hoa)
{
	uint32_t i = mip6_bcache_find(&n->ha->bcache, hoa);
	struct mip6_binding *b;

	if (i == MIP6_BCACHE_NONE)
		return;
	MIP6_LOG(n->log, WARNING, "binding.flushed", MIP6_KA("hoa", hoa));
	ha_store_del(n, hoa);
	ha_end(n, i, MIP6_SPAN_S(0));
	/*
	 * Its number is forgotten, its time is not: whoever recorded the last
	 * update does not bring the binding back.
	 */
	b = mip6_bcache_get(&n->ha->bcache, i);
	if (b->state == MIP6_BINDING_INVALID)
		b->flags = MIP6_BINDING_ANEW;
}

bool
ha_life_is_over(struct mip6_node *n, struct mip6_binding *b)
{
	int prefix = ha_prefix_index(n, &b->hoa);
	struct mip6_span left, valid, preferred;

	if (b->state != MIP6_BINDING_REGISTERED || prefix < 0)
		return false;
	left = mip6_time_sub(ha_expires(b), n->now.boot);
	ha_prefix_life(n, (uint32_t)prefix, &valid, &preferred);
	/* R10.3.1-17: ends with its prefix. Test: test_ha_life */
	if (valid.us < left.us)
		ha_live_until(n, b, mip6_time_add(n->now.boot, valid));
	return valid.us == 0;
}

void
ha_reg_changed(struct mip6_node *n)
{
	struct mip6_ha *ha = n->ha;
	bool up = ha_home_link(n) != NULL;

	/* Whoever took an address while we did not hear is asked now. */
	if (up && !ha->link_up && ha->bcache.count > 0)
		ha_probe_wake(n, true);
	ha->link_up = up;
}

/* ---- after a restart ---- */

void
ha_reg_restore(struct mip6_node *n, const struct ha_restored *r)
{
	struct mip6_ha *ha = n->ha;
	struct mip6_binding *b;
	uint32_t i;

	if (mip6_bcache_find(&ha->bcache, &r->hoa) != MIP6_BCACHE_NONE)
		return; /* what is fresh counts */
	i = mip6_bcache_add(&ha->bcache, &r->hoa);
	if (i == MIP6_BCACHE_NONE) {
		MIP6_LOG(n->log, ERROR, "binding.not-restored",
		    MIP6_KA("hoa", &r->hoa));
		return;
	}
	b = mip6_bcache_get(&ha->bcache, i);
	b->coa = r->coa;
	b->stamp = r->stamp;
	b->seq = r->seq;
	b->local = r->local;
	b->granted = mip6_mh_lifetime_units(r->granted);
	b->flags =
	    (uint8_t)((r->flags & MIP6_BINDING_SAID) | MIP6_BINDING_UNSURE);
	if (r->held) {
		b->flags = 0;
		b->state = MIP6_BINDING_INVALID;
		node_timer_in(n, &b->timer, r->left);
		return;
	}
	b->state = MIP6_BINDING_REGISTERED;
	(void)ha_name_take(n, b, ha_mobile_find(n, &r->hoa), false);
	ha_live_until(n, b, mip6_time_add(n->now.boot, r->left));
	ha_mpd_registered(n, i);
	ha_routes_changed(n);
	if (i < ha->probe_next || !mip6_timer_is_armed(&ha->probe_timer.t))
		ha_probe_wake(n, false);
}
