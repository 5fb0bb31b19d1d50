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
cn_pending_of(struct mip6_cn *cn, const struct mip6_binding *b)
{
	return b->pending == MIP6_PENDING_NONE ? NULL :
						 &cn->pending[b->pending];
}

static struct cn_pending *
pending_get(struct mip6_cn *cn, struct mip6_binding *b)
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
cn_pending_put(struct mip6_node *n, struct mip6_binding *b)
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

void
cn_host_route(struct mip6_node *n, struct mip6_binding *b, uint32_t i, bool on)
{
	struct mip6_prefix p = { b->hoa, 128 };
	uint64_t id = 0;

	if (on) {
		b->gen = ++n->cn->bcache.gen;
		b->flags |= MIP6_BINDING_HOSTED;
		id = node_action_id(MIP6_WAIT_CN, i | CN_WAIT_ROUTE, b->gen);
	} else {
		b->flags &= (uint8_t)~MIP6_BINDING_HOSTED;
	}
	node_act_route(n, MIP6_TABLE_MAIN, &p, 0, NULL, on, id);
}

static void
reg_ask_way(struct mip6_node *n, struct mip6_binding *b, uint32_t i,
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
	struct mip6_binding *b = mip6_bcache_get(&n->cn->bcache, i);
	bool fresh = b->state != MIP6_BINDING_REGISTERED;
	bool moved = !fresh && !mip6_addr_equal(&b->coa, &bu->coa);
	struct mip6_span lifetime = reg_grant(n, bu);

	nd_release(n, b->hop);
	b->hop = hop;
	b->coa = bu->coa;
	b->state = MIP6_BINDING_REGISTERED;
	b->granted = mip6_mh_lifetime_units(lifetime);
	b->flags &= MIP6_BINDING_HOSTED;
	b->local = 0;
	b->mtu_minute = 0;
	cn_live_until(n, b, mip6_time_add(n->now.boot, lifetime));
	mn_ro_bound_here(n, &bu->dst, &bu->hoa);
	direct_update_all(n, &b->hoa);
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
		    MIP6_KA("hoa", &b->hoa), MIP6_KA("coa", &b->coa),
		    MIP6_KT("lifetime", lifetime));
	cn_answer(n, bu, b, MIP6_BA_ACCEPTED, bu->seq, lifetime);
}

/* Something that the update waited for ended. */
static void
reg_step(struct mip6_node *n, uint32_t i)
{
	struct mip6_binding *b = mip6_bcache_get(&n->cn->bcache, i);
	struct cn_pending *p = cn_pending_of(n->cn, b);
	struct cn_update bu = p->bu;
	uint32_t hop = p->hop;
	int error = p->error;

	if (p->waits != 0)
		return;
	/* From a home address packets go by a way of its own (direct.c). */
	if (error != 0 || (hop == MIP6_HOP_NONE && n->mn == NULL)) {
		MIP6_LOG(n->log, WARNING, "cn.host-refused",
		    MIP6_KA("hoa", &bu.hoa), MIP6_KI("errno", error));
		cn_pending_put(n, b);
		if (b->state != MIP6_BINDING_REGISTERED)
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
	struct mip6_binding *b = mip6_bcache_get(&n->cn->bcache, i);
	bool same = (p->waits & CN_WAITS_WAY) != 0 &&
	    mip6_addr_equal(&p->bu.coa, &bu->coa);

	p->bu = *bu;
	if (!same) {
		nd_release(n, p->hop);
		p->hop = MIP6_HOP_NONE;
		p->waits |= CN_WAITS_WAY;
		reg_ask_way(n, b, i, &bu->coa, 0);
	}
	if ((b->flags & MIP6_BINDING_HOSTED) == 0) {
		p->waits |= CN_WAITS_HOST;
		cn_host_route(n, b, i, true);
	}
}

void
cn_register(struct mip6_node *n, const struct cn_update *bu, uint32_t i)
{
	struct mip6_cn *cn = n->cn;
	struct mip6_binding *b;
	struct cn_pending *p;

	if (i == MIP6_BCACHE_NONE) {
		i = cn_entry_new(n, &bu->hoa);
		/* R9.5.2-04: no room: 130. Test: test_cn_full */
		if (i == MIP6_BCACHE_NONE) {
			reg_refuse(n, bu, MIP6_BA_INSUFFICIENT_RESOURCES);
			return;
		}
		cn_remember(mip6_bcache_get(&cn->bcache, i), bu);
	}
	b = mip6_bcache_get(&cn->bcache, i);
	/* Nothing changes but the time. */
	if (b->state == MIP6_BINDING_REGISTERED && b->hop != MIP6_HOP_NONE &&
	    mip6_addr_equal(&b->coa, &bu->coa)) {
		cn_pending_put(n, b);
		nd_hold_again(n, b->hop);
		reg_commit(n, i, bu, b->hop);
		return;
	}
	p = pending_get(cn, b);
	if (p == NULL) {
		if (b->state != MIP6_BINDING_REGISTERED)
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
	if (i != MIP6_BCACHE_NONE) {
		MIP6_LOG(n->log, INFO, "cn.binding-deleted",
		    MIP6_KA("hoa", &bu->hoa));
		cn_end(n, i); /* R9.5.3-01 */
	}
	cn_answer(n, bu, NULL, MIP6_BA_ACCEPTED, bu->seq, MIP6_SPAN_S(0));
}

/* ---- ends of actions ---- */

static void
reg_way(struct mip6_node *n, struct mip6_binding *b, uint32_t i, bool walk,
    const struct mip6_ev_done *d)
{
	struct cn_pending *p = cn_pending_of(n->cn, b);
	uint32_t hop = d->error != 0 ?
	    MIP6_HOP_NONE :
	    nd_hold(n, d->route.ifindex, &d->route.nexthop);

	if (p != NULL && (p->waits & CN_WAITS_WAY) != 0 && !walk) {
		p->waits &= (uint8_t)~CN_WAITS_WAY;
		p->hop = hop;
		if (n->mn == NULL && p->error == 0)
			p->error = d->error;
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
	direct_update_all(n, &b->hoa);
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
	struct mip6_binding *b;
	struct cn_pending *p;

	if (n->cn == NULL || i >= n->cn->bcache.top)
		return;
	b = mip6_bcache_get(&n->cn->bcache, i);
	if ((index & CN_WAIT_ROUTE) != 0) {
		p = b->state == MIP6_BINDING_FREE ? NULL :
						    cn_pending_of(n->cn, b);
		/* Of a former use of the entry, or nobody waits. */
		if ((b->gen & 0xffffffu) != gen || p == NULL ||
		    (p->waits & CN_WAITS_HOST) == 0)
			return;
		p->waits &= (uint8_t)~CN_WAITS_HOST;
		if (d->error != 0)
			p->error = d->error;
		reg_step(n, i);
		return;
	}
	/* Of a former owner, or towards a former care-of address. */
	if (b->state != MIP6_BINDING_FREE && (b->route_gen & 0xffffffu) == gen)
		reg_way(n, b, i, (index & CN_WAIT_WALK) != 0, d);
	if ((index & CN_WAIT_WALK) != 0)
		walk_answered(n);
}

/* ---- the walk ---- */

static void
walk_start(struct mip6_node *n)
{
	struct cn_walk *w = &n->cn->walk;
	struct mip6_time next = mip6_time_add(w->began, WALK_INTERVAL);

	w->on = true;
	w->again = false;
	w->next = 0;
	w->began = mip6_time_max(n->now.boot, next);
	node_timer_arm(n, &n->cn->walk_timer, w->began);
}

void
cn_routes_changed(struct mip6_node *n)
{
	if (n->cn == NULL || n->cn->bcache.count == 0)
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
	struct mip6_binding *b;

	if (!w->on)
		return;
	while (w->next < cn->bcache.top) {
		if (w->asked >= WALK_ASKED_MAX)
			return; /* the next answer goes on */
		if (!mip6_actions_room(n->out, MIP6_STEP_ACTIONS,
			MIP6_STEP_OCTETS)) {
			node_timer_arm(n, &cn->walk_timer, n->now.boot);
			return;
		}
		b = mip6_bcache_get(&cn->bcache, w->next);
		/* One that moves is asked about already. */
		if (b->state == MIP6_BINDING_REGISTERED &&
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
