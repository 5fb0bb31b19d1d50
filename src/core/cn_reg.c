/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Bindings on their way: an update was valid; the host is asked for the way to
 * the care-of address and for a route that brings the traffic of the home
 * address to the path.  Only when both are there the binding takes effect and
 * is acknowledged.  Until then, and when it is refused, packets go as before.
 *
 * The ways follow the host's routes: one walk through all bindings, with a
 * bounded number of questions at a time, at most once a second.
 *
 * Implements: RFC 6275 sections 9.5.2, 9.5.3.
 */
#include "core/cn_int.h"

#include <string.h>

#define WALK_ASKED_MAX 64
#define WALK_INTERVAL  MIP6_SPAN_S(1)

void
cn_pending_init(struct mip6_cn *cn)
{
	uint16_t i;

	for (i = 0; i < CN_PENDING_MAX; i++)
		cn->pending[i].next = (uint16_t)(i + 1);
	cn->pending[CN_PENDING_MAX - 1].next = MIP6_PENDING_NONE;
	cn->pending_free = 0;
}

struct cn_pending *
cn_pending_of(struct mip6_cn *cn, const struct cn_binding *b)
{
	return b->pending == MIP6_PENDING_NONE ? NULL :
						 &cn->pending[b->pending];
}

static struct cn_pending *
pending_get(struct mip6_cn *cn, struct cn_binding *b)
{
	struct cn_pending *p = cn_pending_of(cn, b);

	if (p != NULL || cn->pending_free == MIP6_PENDING_NONE)
		return p;
	b->pending = cn->pending_free;
	p = &cn->pending[b->pending];
	cn->pending_free = p->next;
	memset(p, 0, sizeof(*p));
	p->hop = MIP6_HOP_NONE;
	return p;
}

void
cn_pending_put(struct mip6_node *n, struct cn_binding *b)
{
	struct cn_pending *p = cn_pending_of(n->cn, b);

	if (p == NULL)
		return;
	nd_release(n, p->hop);
	mip6_crypto_wipe(&p->bu.kbm, sizeof(p->bu.kbm));
	p->next = n->cn->pending_free;
	n->cn->pending_free = b->pending;
	b->pending = MIP6_PENDING_NONE;
}

/* Has another binding of the same home address the route? */
static bool
reg_is_hosted(const struct mip6_node *n, const struct mip6_addr *hoa)
{
	const struct cn_binding *b;
	uint32_t i;

	for (i = mip6_pairs_first(&n->cn->bindings, hoa); i != MIP6_PAIR_NONE;
	     i = b->pair.next) {
		b = cn_get(n->cn, i);
		if ((b->flags & CN_HOSTED) != 0)
			return true;
	}
	return false;
}

void
cn_host_route(struct mip6_node *n, struct cn_binding *b, uint32_t i, bool on)
{
	struct mip6_prefix p = { b->pair.other, 128 };
	uint64_t id = 0;

	if (on) {
		b->gen = ++n->cn->gen;
		b->flags |= CN_HOSTED;
		id = node_action_id(MIP6_WAIT_CN, i | CN_WAIT_ROUTE, b->gen);
	} else {
		b->flags &= (uint8_t)~CN_HOSTED;
		if (reg_is_hosted(n, &b->pair.other))
			return;
	}
	node_act_route(n, MIP6_TABLE_MAIN, &p, 0, NULL, on, id);
}

static void
reg_ask_way(struct mip6_node *n, struct cn_binding *b, uint32_t i,
    const struct mip6_addr *coa, uint32_t who)
{
	struct mip6_action *a = node_act(n, MIP6_ACT_ROUTE_GET);

	b->route_gen = ++n->cn->route_gen;
	a->u.dst = *coa;
	a->id = node_action_id(MIP6_WAIT_CN, i | who, b->route_gen);
}

static void
reg_refuse(struct mip6_node *n, const struct cn_update *bu, uint8_t status)
{
	node_drop(n, MIP6_DROP_BU_RESOURCES, &bu->src);
	cn_answer(n, bu, NULL, status, bu->seq, MIP6_SPAN_S(0));
}

/* R5.2.6-01, R9.5.2-02: 420 s at the most, and not more than asked for. */
static struct mip6_span
reg_grant(const struct mip6_node *n, const struct cn_update *bu)
{
	struct mip6_span s = mip6_span_min(bu->lifetime, MIP6_MAX_RR_BINDING);

	if (n->cn->c->lifetime_max.us > 0)
		s = mip6_span_min(s, n->cn->c->lifetime_max);
	return mip6_mh_lifetime_span(mip6_mh_lifetime_units(s));
}

/*
 * Everything is ready: the binding takes effect, then it is acknowledged.  The
 * hop is held for it.
 */
static void
reg_commit(struct mip6_node *n, uint32_t i, const struct cn_update *bu,
    uint32_t hop)
{
	struct cn_binding *b = cn_get(n->cn, i);
	bool fresh = b->state != MIP6_BINDING_REGISTERED;
	bool moved = !fresh && !mip6_addr_equal(&b->coa, &bu->coa);
	struct mip6_span lifetime = reg_grant(n, bu);

	nd_release(n, b->hop);
	b->hop = hop;
	b->coa = bu->coa;
	b->state = MIP6_BINDING_REGISTERED;
	b->granted = mip6_mh_lifetime_units(lifetime);
	b->flags &= CN_HOSTED;
	b->since = n->now.boot;
	b->unreachable = 0;
	cn_live_until(n, b, mip6_time_add(n->now.boot, lifetime));
	mn_ro_bound_here(n, &bu->dst, &bu->hoa);
	direct_update_all(n, &b->pair.other);
	/* No room for its row (R9.5.2-04). */
	if (direct_find(n, &bu->dst, &bu->hoa) == NULL &&
	    !direct_update(n, &bu->dst, &bu->hoa)) {
		cn_end(n, i);
		reg_refuse(n, bu, MIP6_BA_INSUFFICIENT_RESOURCES);
		return;
	}
	if (fresh || moved)
		MIP6_LOG(n->log, INFO,
		    fresh ? "cn.binding-new" : "cn.binding-moved",
		    MIP6_KA("hoa", &b->pair.other), MIP6_KA("coa", &b->coa),
		    MIP6_KT("lifetime", lifetime));
	cn_answer(n, bu, b, MIP6_BA_ACCEPTED, bu->seq, lifetime);
}

/* Something that the update waited for ended. */
static void
reg_step(struct mip6_node *n, uint32_t i)
{
	struct cn_binding *b = cn_get(n->cn, i);
	struct cn_pending *p = cn_pending_of(n->cn, b);
	struct cn_update bu = p->bu;
	uint32_t hop = p->hop;
	int error = p->host_error != 0 ? p->host_error : p->way_error;

	if (p->waits != 0)
		return;
	if (error != 0 || hop == MIP6_HOP_NONE) {
		MIP6_LOG(n->log, WARNING, "cn.host-refused",
		    MIP6_KA("hoa", &bu.hoa), MIP6_KI("errno", error));
		/* Where it was it is no longer: by way of its home. */
		cn_end(n, i);
		reg_refuse(n, &bu,
		    error != 0 ? MIP6_BA_REASON_UNSPECIFIED :
				 MIP6_BA_INSUFFICIENT_RESOURCES);
		return;
	}
	p->hop = MIP6_HOP_NONE; /* the binding holds it from now on */
	cn_pending_put(n, b);
	reg_commit(n, i, &bu, hop);
}

/* Waits for what is not there yet. */
static void
reg_wait(struct mip6_node *n, uint32_t i, struct cn_pending *p,
    const struct cn_update *bu)
{
	struct cn_binding *b = cn_get(n->cn, i);
	bool same = (p->waits & CN_WAITS_WAY) != 0 &&
	    mip6_addr_equal(&p->bu.coa, &bu->coa);

	p->bu = *bu;
	if (!same) {
		nd_release(n, p->hop);
		p->hop = MIP6_HOP_NONE;
		p->waits |= CN_WAITS_WAY;
		reg_ask_way(n, b, i, &bu->coa, 0);
	}
	if ((b->flags & CN_HOSTED) == 0 || p->host_error != 0) {
		p->host_error = 0;
		p->waits |= CN_WAITS_HOST;
		cn_host_route(n, b, i, true);
	}
}

/*
 * Nothing to wait for: from a home address packets go by a way of its own
 * (direct.c), or nothing changes but the time.
 */
static bool
reg_is_ready(const struct mip6_node *n, const struct cn_binding *b,
    const struct cn_update *bu)
{
	return mn_is_home_addr(n, &bu->dst) ||
	    (b->state == MIP6_BINDING_REGISTERED && b->hop != MIP6_HOP_NONE &&
		mip6_addr_equal(&b->coa, &bu->coa));
}

void
cn_register(struct mip6_node *n, const struct cn_update *bu, uint32_t i)
{
	struct mip6_cn *cn = n->cn;
	struct cn_binding *b;
	struct cn_pending *p;

	if (i == MIP6_PAIR_NONE) {
		i = cn_entry_new(n, &bu->dst, &bu->hoa);
		/* R9.5.2-04: no room: 130. Test: test_cn_full */
		if (i == MIP6_PAIR_NONE) {
			reg_refuse(n, bu, MIP6_BA_INSUFFICIENT_RESOURCES);
			return;
		}
		cn_remember(cn_get(cn, i), bu);
	}
	b = cn_get(cn, i);
	if (reg_is_ready(n, b, bu)) {
		/* The way to elsewhere, when it is found, is not this one's. */
		if (cn_pending_of(cn, b) != NULL)
			reg_ask_way(n, b, i, &bu->coa, 0);
		cn_pending_put(n, b);
		nd_hold_again(n, b->hop);
		reg_commit(n, i, bu, b->hop);
		return;
	}
	p = pending_get(cn, b);
	if (p == NULL) {
		cn_end(n, i);
		reg_refuse(n, bu, MIP6_BA_INSUFFICIENT_RESOURCES);
		return;
	}
	if (b->state == MIP6_BINDING_INVALID) {
		b->state = MIP6_BINDING_PENDING;
		node_timer_stop(n, &b->timer);
	}
	reg_wait(n, i, p, bu);
}

void
cn_deregister(struct mip6_node *n, const struct cn_update *bu, uint32_t i)
{
	/* R9.5.3-02: what is not there is not made. Test: test_cn_bu */
	if (i != MIP6_PAIR_NONE) {
		MIP6_LOG(n->log, INFO, "cn.binding-deleted",
		    MIP6_KA("hoa", &bu->hoa));
		cn_end(n, i); /* R9.5.3-01 */
	}
	cn_answer(n, bu, NULL, MIP6_BA_ACCEPTED, bu->seq, MIP6_SPAN_S(0));
}

/* ---- ends of actions ---- */

static void
reg_way(struct mip6_node *n, struct cn_binding *b, uint32_t i, bool walk,
    const struct mip6_ev_done *d)
{
	struct cn_pending *p = cn_pending_of(n->cn, b);
	uint32_t hop = MIP6_HOP_NONE;

	/* P-CN-WAY: by a link, not what leads here. Test: test_cn_way */
	if (d->error == 0 && link_find(n, d->route.ifindex) != NULL)
		hop = nd_hold(n, d->route.ifindex, &d->route.nexthop);

	if (p != NULL && (p->waits & CN_WAITS_WAY) != 0 && !walk) {
		p->waits &= (uint8_t)~CN_WAITS_WAY;
		p->hop = hop;
		p->way_error = d->error;
		reg_step(n, i);
		return;
	}
	if (b->state != MIP6_BINDING_REGISTERED || hop == MIP6_HOP_NONE ||
	    hop == b->hop) {
		nd_release(n, hop);
		return;
	}
	nd_release(n, b->hop);
	b->hop = hop;
	direct_update_all(n, &b->pair.other);
}

static void
walk_answered(struct mip6_node *n)
{
	struct cn_walk *w = &n->cn->walk;

	if (w->asked > 0)
		w->asked--;
	if (w->on && w->asked <= WALK_ASKED_MAX / 2 &&
	    !mip6_timer_is_armed(&n->cn->walk_timer.t))
		node_timer_arm(n, &n->cn->walk_timer, n->now.boot);
}

void
cn_done(struct mip6_node *n, uint32_t index, uint32_t gen,
    const struct mip6_ev_done *d)
{
	uint32_t i = index & CN_WAIT_INDEX;
	struct cn_binding *b;
	struct cn_pending *p;

	if (n->cn != NULL && (index & CN_WAIT_BEYOND) != 0) {
		memset(&n->cn->beyond, 0, sizeof(n->cn->beyond));
		if (d->error == 0)
			n->cn->beyond = d->route;
		return;
	}
	if (n->cn == NULL || i >= n->cn->bindings.top)
		return;
	b = cn_get(n->cn, i);
	if ((index & CN_WAIT_ROUTE) != 0) {
		p = b->pair.used ? cn_pending_of(n->cn, b) : NULL;
		/* Of a former use of the entry, or nobody waits. */
		if ((b->gen & 0xffffffu) != gen || p == NULL ||
		    (p->waits & CN_WAITS_HOST) == 0)
			return;
		p->waits &= (uint8_t)~CN_WAITS_HOST;
		p->host_error = d->error;
		reg_step(n, i);
		return;
	}
	/* Of a former owner, or towards a former care-of address. */
	if (b->pair.used && (b->route_gen & 0xffffffu) == gen)
		reg_way(n, b, i, (index & CN_WAIT_WALK) != 0, d);
	if ((index & CN_WAIT_WALK) != 0)
		walk_answered(n);
}

/* ---- the walk ---- */

/*
 * The host's way to strangers, whom nobody asks about one by one: that to an
 * address of everybody's that nobody has.
 */
static void
walk_ask_beyond(struct mip6_node *n)
{
	struct mip6_action *a = node_act(n, MIP6_ACT_ROUTE_GET);

	a->u.dst = (struct mip6_addr){ { 0x20 } };
	a->id =
	    node_action_id(MIP6_WAIT_CN, CN_WAIT_BEYOND, ++n->cn->route_gen);
}

static void
walk_start(struct mip6_node *n)
{
	struct cn_walk *w = &n->cn->walk;
	struct mip6_time next = mip6_time_add(w->began, WALK_INTERVAL);

	w->on = true;
	w->again = w->begun = false;
	w->next = 0;
	w->began = mip6_time_max(n->now.boot, next);
	node_timer_arm(n, &n->cn->walk_timer, w->began);
}

void
cn_routes_changed(struct mip6_node *n)
{
	if (n->cn == NULL)
		return;
	if (n->cn->walk.on)
		n->cn->walk.again = true;
	else
		walk_start(n);
}

void
cn_walk_timer(struct mip6_node *n)
{
	struct mip6_cn *cn = n->cn;
	struct cn_walk *w = &cn->walk;
	struct cn_binding *b;

	if (!w->on)
		return;
	if (!w->begun)
		walk_ask_beyond(n);
	w->begun = true;
	while (w->next < cn->bindings.top) {
		if (w->asked >= WALK_ASKED_MAX)
			return; /* the next answer goes on */
		if (!mip6_actions_room(n->out, MIP6_STEP_ACTIONS,
			MIP6_STEP_OCTETS)) {
			node_timer_arm(n, &cn->walk_timer, n->now.boot);
			return;
		}
		b = cn_get(cn, w->next);
		/* One that moves is asked about already. */
		if (b->pair.used && b->state == MIP6_BINDING_REGISTERED &&
		    b->hop != MIP6_HOP_NONE &&
		    b->pending == MIP6_PENDING_NONE) {
			reg_ask_way(n, b, w->next, &b->coa, CN_WAIT_WALK);
			w->asked++;
		}
		w->next++;
	}
	if (w->asked > 0)
		return;
	w->on = false;
	if (w->again)
		walk_start(n);
}
