/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Route optimization at the mobile node: which correspondents, and what is
 * wanted of each.
 *
 * Traffic asks for an entry, the policy allows it, and the entry then works
 * towards a binding: tests, an update, an acknowledgement.  Whatever changes
 * about the place we are at arms one walk over all entries, a few at a time.
 * Packets go directly only while mn_ro_mine says so; at every other moment
 * the tunnel has them.
 *
 * Implements: RFC 6275 sections 5.2.9, 11.1, 11.3.1, 11.6, 11.7.2, 11.8.
 */
#include "core/mn_ro_int.h"

#include <string.h>

#define RO_DENY     MIP6_SPAN_S(300)
#define RO_DENY_MAX 4 /* doublings */
/* For silence alone, and of one that is known to take part. */
#define RO_DENY_SILENT MIP6_SPAN_S(30)
#define RO_DENY_KNOWN  MIP6_SPAN_S(10)
#define RO_STARTS      32 /* new correspondents a second */
#define RO_WALK        (RO_PEERS_MAX * RO_TIMERS)
#define RO_STEP        8
#define RO_STEP_BYTES  1024

/* ---- where packets go ---- */

void
ro_send_home(struct mip6_node *n, struct ro_peer *p, const uint8_t *octets,
    size_t count)
{
	struct mip6_action *a;
	uint8_t *copy;

	if (p->place == MN_PLACE_HOME) {
		node_send(n, p->ifindex, p->hop, NULL, octets, count);
		return;
	}
	a = node_act(n, MIP6_ACT_SEND_TUNNELLED);
	copy = mip6_actions_octets(n->out, count);
	memcpy(copy, octets, count);
	a->u.send.home = p->hoa;
	a->u.send.octets = copy;
	a->u.send.count = count;
}

/* R11.7.2-11: the home agent knows the care-of address that we are at. */
static bool
ro_registered(const struct mip6_node *n, const struct mn_home *h)
{
	return mn_is_bound(n, h) && h->row.kind == MIP6_FWD_MN_TUNNEL &&
	    h->row.hop != MIP6_HOP_NONE &&
	    mip6_addr_equal(&h->bound->bul.coa, &h->at.coa);
}

bool
ro_home_test_possible(struct mip6_node *n, const struct ro_peer *p)
{
	const struct mn_home *h = ro_home(n, p);

	if (h == NULL)
		return false;
	if (p->place == MN_PLACE_HOME)
		return h->state == MN_AT_HOME;
	return p->place == MN_PLACE_FOREIGN && ro_registered(n, h);
}

static bool
ro_is_direct(struct mip6_node *n, const struct ro_peer *p)
{
	const struct mn_home *h = ro_home(n, p);

	if (h == NULL || h->state == MN_AT_HOME || p->state == RO_DENIED ||
	    p->failing)
		return false;
	/* R11.3.1-06: acknowledged, and not over. Test: test_mn_ro */
	if (!mip6_bul_bound(&p->bul, n->now.boot))
		return false;
	/*
	 * R11.3.1-06: from where we are now.  A former address would do for a
	 * while, but what is under way from it when the correspondent learns
	 * the new one is lost there.
	 * Test: test_mn_ro
	 */
	if (h->at.place != MN_PLACE_FOREIGN ||
	    h->at.ifindex != p->bound_ifindex ||
	    !mip6_addr_equal(&h->at.coa, &p->bul.coa))
		return false;
	return true;
}

void
ro_look(struct mip6_node *n, struct ro_peer *p)
{
	bool was = p->usable;

	p->usable = ro_is_direct(n, p);
	if (p->usable != was)
		(void)direct_update(n, &p->hoa, &p->peer);
}

bool
mn_ro_mine(const struct mip6_node *n, const struct mip6_addr *our,
    const struct mip6_addr *other, struct direct_mine *to)
{
	const struct ro_peer *p;

	p = n->mn != NULL ? ro_find(n, our, other) : NULL;
	if (p == NULL || !p->usable)
		return false;
	to->coa = p->bul.coa;
	to->ifindex = p->bound_ifindex;
	return true;
}

/* ---- an entry's life ---- */

void
ro_quiet(struct mip6_node *n, struct ro_peer *p)
{
	rr_stop(n, p, false);
	rr_stop(n, p, true);
	node_timer_stop(n, &p->timer[RO_TIMER_BU]);
	p->bu_postponed = false;
	mip6_bul_forget_sent(&p->bul);
	if (p->state == RO_UPDATING)
		ro_set_state(n, p, RO_TESTING);
}

void
ro_deny(struct mip6_node *n, struct ro_peer *p, enum ro_denial why)
{
	struct mip6_span wait = RO_DENY;

	/* Silence says little: the network may have lost them. */
	if (why == RO_DENIAL_SILENT)
		wait = p->takes_part ? RO_DENY_KNOWN : RO_DENY_SILENT;
	/*
	 * P-RO-REFUSED: what it has of ours would have its packets for us go
	 * to the address in it, and nobody tells it of another one.
	 * Test: test_mn_ro_back
	 */
	if (p->state != RO_DELETING && p->took)
		ro_leave(n, p);
	p->took = false;
	ro_quiet(n, p);
	mip6_bul_unbind(&p->bul);
	/* On the way out there is nothing to be denied. */
	if (p->state == RO_DELETING) {
		p->maybe_until.us = 0;
		ro_set_state(n, p, RO_IDLE);
		return;
	}
	wait.us <<= p->denials;
	if (p->denials < RO_DENY_MAX)
		p->denials++;
	p->denial = why;
	p->until = mip6_time_add(n->now.boot, wait);
	ro_set_state(n, p, RO_DENIED);
	node_timer_arm(n, &p->timer[RO_TIMER_LIFE], p->until);
	MIP6_LOG(n->log, INFO, "ro.denied", MIP6_KA("hoa", &p->hoa),
	    MIP6_KA("peer", &p->peer), MIP6_KS("why", ro_denial_name(why)),
	    MIP6_KI("status", p->last_status), MIP6_KT("for", wait));
	ro_look(n, p);
}

void
ro_failed(struct mip6_node *n, struct ro_peer *p)
{
	if (!p->failing)
		MIP6_LOG(n->log, WARNING, "ro.no-answer",
		    MIP6_KA("hoa", &p->hoa), MIP6_KA("peer", &p->peer));
	p->failing = true;
	ro_look(n, p);
	/*
	 * P-RO-SILENT: who may have a binding of ours sends to the address in
	 * it, so it is told where we are as long as that lasts.
	 * Test: test_mn_rr
	 */
	if (!ro_maybe_bound(n, p))
		ro_deny(n, p, RO_DENIAL_SILENT);
}

/* The moment at which the part `of` 4 of the binding's life is left. */
static struct mip6_time
ro_left_at(const struct ro_peer *p, int64_t of)
{
	return mip6_time_add(p->bul.expires,
	    MIP6_SPAN_US(-(p->bul.granted.us / 4 * of)));
}

/* A new series, and what stands until its end. */
static void
ro_anew(struct mip6_node *n, struct ro_peer *p)
{
	p->corrections = 0;
	node_timer_stop(n, &p->timer[RO_TIMER_BU]);
	p->bu_postponed = false;
	mip6_bul_forget_sent(&p->bul);
	if (mip6_bul_bound(&p->bul, n->now.boot))
		node_timer_arm(n, &p->timer[RO_TIMER_LIFE], p->bul.expires);
	else
		node_timer_stop(n, &p->timer[RO_TIMER_LIFE]);
	ro_set_state(n, p, RO_TESTING);
}

void
ro_begin(struct mip6_node *n, struct ro_peer *p)
{
	ro_anew(n, p);
	ro_step(n, p);
}

void
ro_step(struct mip6_node *n, struct ro_peer *p)
{
	const struct mn_home *h = ro_home(n, p);
	bool home, care_of, wanted;

	wanted = p->place == MN_PLACE_HOME ? p->state == RO_DELETING :
					     p->state == RO_TESTING;
	if (h == NULL || !wanted || p->place == MN_PLACE_NONE)
		return;
	/* R11.6.1-01, -03: in parallel; to delete, the home test is enough. */
	home = rr_fresh(n, &p->home, &p->hoa);
	care_of = p->state == RO_DELETING || rr_fresh(n, &p->care_of, &p->coa);
	if (!home && ro_home_test_possible(n, p))
		rr_start(n, p, false);
	if (!care_of)
		rr_start(n, p, true);
	if (!home || !care_of || mip6_timer_is_armed(&p->timer[RO_TIMER_BU].t))
		return;
	/* R11.7.2-11: after the home agent has acknowledged. Test: test_mn_ro */
	if (p->state == RO_TESTING && !ro_registered(n, h))
		return;
	ro_update(n, p);
}

/* Half of the life is over: is it in use at all?  Then: renewed, or not. */
static void
ro_bound_timer(struct mip6_node *n, struct ro_peer *p)
{
	struct mip6_ntimer *life = &p->timer[RO_TIMER_LIFE];

	if (mip6_time_reached(p->bul.expires, n->now.boot)) {
		mip6_bul_unbind(&p->bul); /* R11.1-02 */
		ro_set_state(n, p, RO_IDLE);
		ro_look(n, p);
		return;
	}
	if (!p->asked) {
		p->asked = true;
		p->in_use = false;
		(void)direct_update(n, &p->hoa, &p->peer);
		node_timer_arm(n, life, ro_left_at(p, 1));
		return;
	}
	/* R11.7.3-04: well before it ends, when there is traffic. */
	if (p->in_use)
		ro_begin(n, p);
	else
		node_timer_arm(n, life, p->bul.expires);
}

static void
ro_life_timer(struct mip6_node *n, struct ro_peer *p)
{
	switch (p->state) {
	case RO_BOUND:
		ro_bound_timer(n, p);
		break;
	case RO_TESTING:
	case RO_UPDATING:
	case RO_DELETING:
		if (mip6_time_reached(p->bul.expires, n->now.boot))
			mip6_bul_unbind(&p->bul);
		ro_look(n, p);
		break;
	case RO_DENIED:
		/* R11.3.5-01: not for ever; the next packet tries again. */
		p->failing = false;
		ro_set_state(n, p, RO_IDLE);
		(void)direct_update(n, &p->hoa, &p->peer);
		break;
	case RO_IDLE:
		ro_del(n, p);
		break;
	case RO_STATE_COUNT:
		break;
	}
}

/* ---- what the place means to an entry ---- */

static void
ro_put(struct mip6_node *n, const struct mn_home *h, struct ro_peer *p)
{
	struct mip6_addr nexthop;
	uint32_t old = p->hop;

	p->place = h->at.place;
	p->ifindex = h->at.ifindex;
	p->coa = h->at.coa;
	p->hop = router_nexthop(n, p->ifindex, &p->peer, &nexthop) ?
	    nd_hold(n, p->ifindex, &nexthop) :
	    MIP6_HOP_NONE;
	nd_release(n, old);
}

static void
ro_follow_home(struct mip6_node *n, const struct mn_home *h, struct ro_peer *p)
{
	if (p->place == MN_PLACE_HOME) {
		ro_step(n, p);
		return;
	}
	ro_quiet(n, p);
	ro_put(n, h, p);
	p->failing = false;
	/* R11.7.2-01: what it has of ours is to go. */
	if (ro_maybe_bound(n, p))
		ro_set_state(n, p, RO_DELETING);
	else if (p->state != RO_DENIED)
		ro_set_state(n, p, RO_IDLE);
	ro_step(n, p);
}

static void
ro_follow_away(struct mip6_node *n, const struct mn_home *h, struct ro_peer *p)
{
	bool moved = p->place == MN_PLACE_HOME || p->ifindex != h->at.ifindex ||
	    !mip6_addr_equal(&p->coa, &h->at.coa);

	ro_put(n, h, p);
	if (p->state == RO_IDLE || p->state == RO_DENIED)
		return;
	if (!moved) {
		ro_step(n, p);
		return;
	}
	/* R5.2.7-05: of the two tests only the care-of test is another. */
	rr_stop(n, p, true);
	p->failing = false;
	ro_begin(n, p); /* R11.7.2-01 */
}

static bool
ro_listed(const struct mip6_conf_mn *c, const struct mip6_addr *peer)
{
	uint32_t i;

	for (i = 0; i < c->optimize_prefixes; i++)
		if (mip6_prefix_has(&c->optimize_prefix[i], peer))
			return true;
	return false;
}

/* Whether this correspondent is one to talk to directly. */
static bool
ro_allowed(struct mip6_node *n, struct mn_home *h, const struct mip6_addr *peer)
{
	const struct mip6_conf_mn *c = &n->conf->mn;

	if (!c->on || c->optimize == MIP6_OPTIMIZE_NONE ||
	    (c->optimize == MIP6_OPTIMIZE_LISTED && !ro_listed(c, peer)))
		return false;
	/* R11.3.1-05: never with link-local peers. Test: test_mn_ro */
	if (!mip6_addr_is_routable(peer))
		return false;
	return !mn_is_home_addr(n, peer) && !link_has_addr(n, peer) &&
	    mn_agent_find(h, peer) == NULL;
}

static void
ro_follow(struct mip6_node *n, struct ro_peer *p)
{
	struct mn_home *h = ro_home(n, p);

	if (h == NULL) {
		ro_del(n, p);
		return;
	}
	if (!ro_allowed(n, h, &p->peer)) {
		ro_leave(n, p);
		ro_del(n, p);
		return;
	}
	if (h->state == MN_AT_HOME) {
		ro_follow_home(n, h, p);
	} else if (h->at.place == MN_PLACE_FOREIGN) {
		ro_follow_away(n, h, p);
	} else {
		ro_quiet(n, p);
		p->place = MN_PLACE_NONE;
	}
	ro_look(n, p);
}

/* As many as there is room for; at least one. */
static void
ro_walk(struct mip6_node *n)
{
	struct mn_ro *ro = n->mn->ro;

	do {
		if (ro->peer[ro->walked].used)
			ro_follow(n, &ro->peer[ro->walked]);
		ro->walked++;
	} while (ro->walked < RO_PEERS_MAX &&
	    mip6_actions_room(n->out, RO_STEP, RO_STEP_BYTES));
	if (ro->walked < RO_PEERS_MAX)
		node_timer_arm(n, &ro->walk, n->now.boot);
}

void
mn_ro_changed(struct mip6_node *n)
{
	if (n->mn->ro == NULL || n->stopping)
		return;
	n->mn->ro->walked = 0;
	node_timer_arm(n, &n->mn->ro->walk, n->now.boot);
}

void
mn_ro_timer(struct mip6_node *n, uint32_t index)
{
	struct ro_peer *p;

	if (n->mn == NULL || n->mn->ro == NULL || n->stopping)
		return;
	if (index == RO_WALK) {
		ro_walk(n);
		return;
	}
	p = &n->mn->ro->peer[index / RO_TIMERS];
	if (!p->used)
		return;
	switch ((enum ro_timer)(index % RO_TIMERS)) {
	case RO_TIMER_HOME:
		rr_timer(n, p, false);
		break;
	case RO_TIMER_COA:
		rr_timer(n, p, true);
		break;
	case RO_TIMER_BU:
		ro_update_timer(n, p);
		break;
	case RO_TIMER_LIFE:
		ro_life_timer(n, p);
		break;
	case RO_TIMERS:
		break;
	}
}

/* ---- traffic ---- */

/* So many new ones a second: packets of strangers are no amplifier. */
static bool
ro_start_allowed(struct mip6_node *n)
{
	struct mn_ro *ro = n->mn->ro;

	if (mip6_time_sub(n->now.boot, ro->starts_at).us >= 1000000) {
		ro->starts_at = n->now.boot;
		ro->starts = 0;
	}
	return ro->starts++ < RO_STARTS;
}

static void
ro_traffic(struct mip6_node *n, const struct mip6_addr *hoa,
    const struct mip6_addr *peer)
{
	struct mn_home *h = ro_home_of(n, hoa);
	struct ro_peer *p;

	if (n->mn->ro == NULL || n->stopping || h == NULL ||
	    h->state == MN_AT_HOME || h->at.place != MN_PLACE_FOREIGN)
		return;
	p = ro_find(n, hoa, peer);
	if (p != NULL) {
		p->in_use = true;
		p->used_at = n->now.boot;
		if (p->state == RO_BOUND && p->asked &&
		    mip6_time_reached(ro_left_at(p, 1), n->now.boot))
			ro_begin(n, p);
	}
	if ((p != NULL && p->state != RO_IDLE) || !ro_allowed(n, h, peer) ||
	    !ro_start_allowed(n))
		return;
	if (p == NULL)
		p = ro_add(n, hoa, peer);
	if (p == NULL)
		return;
	p->in_use = true;
	ro_put(n, h, p);
	ro_begin(n, p);
}

void
mn_ro_no_row(struct mip6_node *n, const struct mip6_hint *h)
{
	ro_traffic(n, &h->src, &h->dst);
}

void
mn_ro_row_used(struct mip6_node *n, const struct mip6_hint *h)
{
	ro_traffic(n, &h->src, &h->dst);
}

void
mn_ro_bound_here(struct mip6_node *n, const struct mip6_addr *our,
    const struct mip6_addr *peer)
{
	struct ro_peer *p;

	if (n->mn == NULL || n->mn->ro == NULL)
		return;
	p = ro_find(n, our, peer);
	if (p == NULL)
		return;
	p->takes_part = true;
	/* It is not silent any more. */
	if (p->state == RO_DENIED && p->denial == RO_DENIAL_SILENT) {
		node_timer_stop(n, &p->timer[RO_TIMER_LIFE]);
		p->denials = 0;
		ro_set_state(n, p, RO_IDLE);
	}
}

/* ---- configuration, commands, the end ---- */

bool
mn_ro_configure(struct mip6_node *n)
{
	struct mip6_mn *mn = n->mn;
	uint32_t i;

	if (mn->ro == NULL && n->conf->mn.optimize != MIP6_OPTIMIZE_NONE) {
		mn->ro = n->env.alloc.alloc(n->env.alloc.arg, sizeof(*mn->ro));
		if (mn->ro == NULL)
			return false;
		node_timer_init(&mn->ro->walk, MIP6_TIMER_MN_RO, RO_WALK);
	}
	for (i = 0; i < MIP6_HOMES_MAX; i++)
		if (mn->home[i].used)
			mn_host_row(n, &mn->home[i]); /* `tell` */
	mn_ro_changed(n);
	return true;
}

void
mn_ro_free(struct mip6_node *n)
{
	struct mn_ro *ro = n->mn->ro;

	if (ro == NULL)
		return;
	mip6_crypto_wipe(ro, sizeof(*ro));
	n->env.alloc.release(n->env.alloc.arg, ro, sizeof(*ro));
	n->mn->ro = NULL;
}

void
mn_ro_stop(struct mip6_node *n)
{
	struct ro_peer *p;
	uint32_t i;

	for (i = 0; n->mn->ro != NULL && i < RO_PEERS_MAX; i++) {
		p = &n->mn->ro->peer[i];
		if (p->used &&
		    mip6_actions_room(n->out, MIP6_STEP_ACTIONS,
			MIP6_STEP_OCTETS))
			ro_leave(n, p);
	}
}

void
mn_ro_flush(struct mip6_node *n, const struct mip6_addr *addr)
{
	struct ro_peer *p;
	uint32_t i;

	for (i = 0; n->mn->ro != NULL && i < RO_PEERS_MAX; i++) {
		p = &n->mn->ro->peer[i];
		if (!p->used ||
		    (!mip6_addr_is_any(addr) &&
			!mip6_addr_equal(addr, &p->hoa) &&
			!mip6_addr_equal(addr, &p->peer)))
			continue;
		p->denials = 0;
		p->failing = false;
		if (p->state != RO_BOUND && p->state != RO_DENIED)
			continue;
		rr_forget(&p->home);
		rr_forget(&p->care_of);
		ro_anew(n, p);
	}
	mn_ro_changed(n);
}
