/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Registrations on their way: an update was valid; the host is made ready
 * (route, group, next hop), and only then is it acknowledged and obeyed.
 *
 * A newer update for the same home address takes the place of one that still
 * waits; ends of actions of a former care-of address or a former use of the
 * entry are recognised by their generation.
 *
 * Implements: RFC 6275 sections 10.3.1, 10.3.2, 10.4.2, 10.4.5.
 */
#include "core/ha_int.h"

#include <string.h>

#define HA_MTU_AGE MIP6_SPAN_S(600)

bool
ha_pending_init(struct mip6_node *n)
{
	struct mip6_ha *ha = n->ha;
	uint32_t i;

	ha->pending = n->env.alloc.alloc(n->env.alloc.arg,
	    MIP6_PENDING_MAX * sizeof(*ha->pending));
	if (ha->pending == NULL)
		return false;
	for (i = 0; i < MIP6_PENDING_MAX; i++)
		ha->pending[i].next = i + 1;
	ha->pending[MIP6_PENDING_MAX - 1].next = MIP6_BCACHE_NONE;
	ha->pending_free = 0;
	return true;
}

static struct ha_pending *
ha_pending_of(const struct mip6_ha *ha, const struct mip6_binding *b)
{
	return b->pending == MIP6_BCACHE_NONE ? NULL : &ha->pending[b->pending];
}

static struct ha_pending *
ha_pending_get(struct mip6_ha *ha, uint32_t binding)
{
	struct mip6_binding *b = mip6_bcache_get(&ha->bcache, binding);
	struct ha_pending *p = ha_pending_of(ha, b);

	if (p != NULL || ha->pending_free == MIP6_BCACHE_NONE)
		return p;
	b->pending = ha->pending_free;
	p = &ha->pending[b->pending];
	ha->pending_free = p->next;
	memset(p, 0, sizeof(*p));
	p->binding = binding;
	p->hop = MIP6_HOP_NONE;
	return p;
}

static void
ha_pending_put(struct mip6_node *n, struct mip6_binding *b)
{
	struct mip6_ha *ha = n->ha;
	struct ha_pending *p = ha_pending_of(ha, b);

	if (p == NULL)
		return;
	nd_release(n, p->hop);
	p->next = ha->pending_free;
	ha->pending_free = b->pending;
	b->pending = MIP6_BCACHE_NONE;
}

uint32_t
ha_store_gen(const struct mip6_node *n, uint32_t i)
{
	const struct mip6_binding *b = mip6_bcache_get(&n->ha->bcache, i);

	return n->ha->pending[b->pending].gen & 0xffffffu;
}

void
ha_row(struct mip6_node *n, const struct mip6_binding *b)
{
	struct mip6_fwd_row r;

	memset(&r, 0, sizeof(r));
	r.home = b->hoa;
	r.kind = MIP6_FWD_HA_TUNNEL;
	r.local = *ha_local(n, b);
	r.peer = b->coa;
	r.hop = b->hop;
	r.mtu = b->mtu;
	node_act_row(n, &r);
}

/*
 * Does another mobile node need the same solicited-node group?  Two in 16
 * million share one; the group goes with the last of them.
 */
static bool
ha_group_shared(const struct mip6_ha *ha, const struct mip6_binding *b)
{
	const struct mip6_binding *o;
	uint32_t i;

	for (i = 0; i < ha->bcache.top; i++) {
		o = mip6_bcache_get(&ha->bcache, i);
		if (o != b && o->state != MIP6_BINDING_FREE && o->hosted &&
		    memcmp(o->hoa.b + 13, b->hoa.b + 13, 3) == 0)
			return true;
	}
	return false;
}

/*
 * Route and group of the home address.  Returns how many ends there are to
 * wait for.
 */
static uint32_t
ha_host(struct mip6_node *n, struct mip6_binding *b, uint32_t i, bool on)
{
	uint64_t id;

	/* The ends of what was asked before do not count any more. */
	b->gen = ++n->ha->bcache.gen;
	id = node_action_id(MIP6_WAIT_BINDING, i, b->gen);
	b->hosted = on;
	return ha_place_host(n, &b->hoa, on,
	    !on && n->ha->c->join_groups && ha_group_shared(n->ha, b), id);
}

static void
ha_ask_route(struct mip6_node *n, uint32_t i, const struct mip6_addr *coa,
    enum mip6_wait_kind who)
{
	struct mip6_ha *ha = n->ha;
	struct mip6_binding *b = mip6_bcache_get(&ha->bcache, i);
	struct mip6_action *a = node_act(n, MIP6_ACT_ROUTE_GET);

	b->route_gen = ++ha->route_gen;
	a->u.dst = *coa;
	a->id = node_action_id(who, i, b->route_gen);
}

/* The largest packet that the link towards the care-of address takes. */
static uint16_t
ha_link_mtu(struct mip6_node *n, const struct mip6_binding *b)
{
	const struct mip6_link *l = b->hop == MIP6_HOP_NONE ?
	    NULL :
	    link_find(n, n->neighbour[b->hop].ifindex);

	return l != NULL && l->ev.mtu >= MIP6_IP6_MTU_MIN ? l->ev.mtu :
							    MIP6_IP6_MTU_MIN;
}

/* Everything is ready: the binding takes effect, then it is acknowledged. */
static void
ha_commit(struct mip6_node *n, struct mip6_binding *b, uint32_t i,
    const struct ha_update *bu, uint32_t hop)
{
	bool fresh = b->state != MIP6_BINDING_REGISTERED;
	bool moved = !mip6_addr_equal(&b->coa, &bu->coa);
	bool rehopped = b->hop != hop || b->local != bu->local;

	nd_release(n, b->hop);
	b->hop = hop;
	b->local = bu->local;
	b->flags = bu->flags;
	b->seq = bu->seq; /* R9.5.1-13 */
	b->granted = bu->lifetime;
	b->expires = mip6_time_add(n->now.boot, bu->lifetime);
	b->state = MIP6_BINDING_REGISTERED;
	b->coa = bu->coa;
	node_timer_arm(n, &b->timer, b->expires);
	/* RFC 8201 section 4: what was learnt is tried again after 10 min. */
	if (fresh || moved || rehopped ||
	    (b->mtu_at.us != 0 &&
		mip6_time_reached(mip6_time_add(b->mtu_at, HA_MTU_AGE),
		    n->now.boot))) {
		b->mtu = ha_link_mtu(n, b);
		b->mtu_at.us = 0;
		ha_row(n, b);
	}
	if (fresh || moved)
		MIP6_LOG(n->log, INFO, fresh ? "binding.new" : "binding.moved",
		    MIP6_KA("hoa", &b->hoa), MIP6_KA("coa", &b->coa),
		    MIP6_KT("lifetime", b->granted));
	if (fresh)
		ha_defend(n, i);
	ha_answer(n, bu, b, MIP6_BA_ACCEPTED, bu->seq, bu->lifetime);
	ha_mpd_registered(n, i);
}

static void
ha_commit_deregister(struct mip6_node *n, struct mip6_binding *b, uint32_t i,
    const struct ha_update *bu)
{
	b->seq = bu->seq;
	b->state = MIP6_BINDING_INVALID;
	/* R10.3.2-06: the number is remembered for a while. */
	node_timer_in(n, &b->timer, HA_MAX_DELETE_BCE_TIMEOUT);
	MIP6_LOG(n->log, INFO, "binding.deregistered", MIP6_KA("hoa", &b->hoa));
	ha_answer(n, bu, NULL, MIP6_BA_ACCEPTED, bu->seq, MIP6_SPAN_S(0));
	ha_mpd_gone(n, i);
	ha_mcast_gone(n, i);
}

/* Stops interception at once (R10.3.2-07). */
static uint32_t
ha_unhost(struct mip6_node *n, struct mip6_binding *b, uint32_t i)
{
	node_act_row_del(n, &b->hoa, &mip6_addr_any);
	nd_release(n, b->hop);
	b->hop = MIP6_HOP_NONE;
	return b->hosted ? ha_host(n, b, i, false) : 0;
}

bool
ha_still_served(const struct mip6_node *n, const struct mip6_binding *b)
{
	const struct mip6_conf_ha *c = n->ha->c;
	const struct ha_pending *p = ha_pending_of(n->ha, b);

	return c->on && ha_prefix_index(n, &b->hoa) >= 0 &&
	    ha_place_serves(n, p != NULL ? p->bu.local : b->local) &&
	    (n->conf->insecure || ha_mobile_find(n, &b->hoa) != NULL);
}

/* What the acknowledgement would promise cannot be had. */
static void
ha_refuse_pending(struct mip6_node *n, uint32_t i, uint8_t status)
{
	struct mip6_binding *b = mip6_bcache_get(&n->ha->bcache, i);
	struct ha_update bu = ha_pending_of(n->ha, b)->bu;

	ha_pending_put(n, b);
	bu.mobile = ha_mobile_find(n, &bu.hoa);
	node_drop(n, MIP6_DROP_BU_RESOURCES, &bu.src);
	ha_answer(n, &bu, NULL, status, bu.seq, MIP6_SPAN_S(0));
	if (b->state == MIP6_BINDING_PENDING)
		ha_remove(n, i);
	else if (b->state == MIP6_BINDING_INVALID)
		(void)ha_unhost(n, b, i); /* half of it may be there */
}

/* The store has it, or there is none. */
static void
ha_pending_commit(struct mip6_node *n, uint32_t i)
{
	struct mip6_binding *b = mip6_bcache_get(&n->ha->bcache, i);
	struct ha_pending *p = ha_pending_of(n->ha, b);
	struct ha_update bu = p->bu;
	bool deregister = p->deregister;
	uint32_t hop = p->hop;

	p->hop = MIP6_HOP_NONE; /* the binding holds it from now on */
	ha_pending_put(n, b);
	bu.mobile = ha_mobile_find(n, &bu.hoa);
	if (deregister)
		ha_commit_deregister(n, b, i, &bu);
	else
		ha_commit(n, b, i, &bu, hop);
}

/* Something ended: when all has, it is stored, and then it counts. */
static void
ha_pending_step(struct mip6_node *n, uint32_t i)
{
	struct mip6_binding *b = mip6_bcache_get(&n->ha->bcache, i);
	struct ha_pending *p = ha_pending_of(n->ha, b);
	int error = p->host_error != 0 ? p->host_error : p->route_error;

	if (p->waits != 0)
		return;
	/* The configuration may be another than when the update came. */
	if (!ha_still_served(n, b)) {
		ha_remove(n, i);
		return;
	}
	if (!p->deregister && (error != 0 || p->hop == MIP6_HOP_NONE)) {
		MIP6_LOG(n->log, ERROR, "binding.host-refused",
		    MIP6_KA("hoa", &b->hoa), MIP6_KI("errno", error));
		ha_refuse_pending(n, i,
		    error == 0 ? MIP6_BA_INSUFFICIENT_RESOURCES :
				 MIP6_BA_REASON_UNSPECIFIED);
		return;
	}
	p->gen = ++n->ha->store_gen;
	p->waits = HA_WAIT_STORE;
	if (!ha_store_put(n, i, &p->bu))
		ha_pending_commit(n, i);
}

/* The update of binding `i` that waits for `wait`; NULL: none does. */
static struct ha_pending *
ha_pending_waiting(const struct mip6_node *n, uint32_t i, uint8_t wait)
{
	struct ha_pending *p;

	if (n->ha == NULL || i >= n->ha->bcache.top ||
	    mip6_bcache_get(&n->ha->bcache, i)->state == MIP6_BINDING_FREE)
		return NULL;
	p = ha_pending_of(n->ha, mip6_bcache_get(&n->ha->bcache, i));
	return p != NULL && (p->waits & wait) != 0 ? p : NULL;
}

void
ha_binding_done(struct mip6_node *n, uint32_t i, uint32_t gen, int error)
{
	struct ha_pending *p = ha_pending_waiting(n, i, HA_WAIT_HOST);

	if (p == NULL ||
	    (mip6_bcache_get(&n->ha->bcache, i)->gen & 0xffffffu) != gen)
		return;
	if (error != 0 && !p->deregister)
		p->host_error = error;
	if (--p->hosts > 0)
		return;
	p->waits &= (uint8_t)~HA_WAIT_HOST;
	ha_pending_step(n, i);
}

void
ha_binding_stored(struct mip6_node *n, uint32_t i, uint32_t gen, int error)
{
	struct ha_pending *p = ha_pending_waiting(n, i, HA_WAIT_STORE);

	if (p == NULL || (p->gen & 0xffffffu) != gen)
		return;
	if (error != 0)
		MIP6_LOG(n->log, ERROR, "binding.not-stored",
		    MIP6_KA("hoa", &p->bu.hoa), MIP6_KI("errno", error));
	/*
	 * P-STORE: a binding that a restart would lose is not promised; that
	 * one is given up holds now, whatever is found after a restart.
	 * Test: test_ha_wait
	 */
	if (error != 0 && !p->deregister) {
		ha_refuse_pending(n, i, MIP6_BA_INSUFFICIENT_RESOURCES);
		return;
	}
	ha_pending_commit(n, i);
}

/* The host's routes changed under a refresh that waits for the store. */
static void
ha_rehop_pending(struct mip6_node *n, const struct mip6_binding *b,
    struct ha_pending *p, int error, const struct mip6_route *route)
{
	uint32_t hop;

	if (error != 0 || p->deregister ||
	    !mip6_addr_equal(&b->coa, &p->bu.coa))
		return;
	hop = nd_hold(n, route->ifindex, &route->nexthop);
	if (hop == MIP6_HOP_NONE)
		return;
	nd_release(n, p->hop);
	p->hop = hop;
}

void
ha_binding_route(struct mip6_node *n, uint32_t i, uint32_t gen, int error,
    const struct mip6_route *route)
{
	struct mip6_binding *b;
	struct ha_pending *p;
	uint32_t old;

	if (n->ha == NULL || i >= n->ha->bcache.top)
		return;
	b = mip6_bcache_get(&n->ha->bcache, i);
	/* Of a former owner, or towards a former care-of address. */
	if (b->state == MIP6_BINDING_FREE || (b->route_gen & 0xffffffu) != gen)
		return;
	p = ha_pending_of(n->ha, b);
	if (p != NULL) {
		if ((p->waits & HA_WAIT_ROUTE) == 0) {
			ha_rehop_pending(n, b, p, error, route);
			return;
		}
		p->waits &= (uint8_t)~HA_WAIT_ROUTE;
		p->route_error = error;
		if (error == 0)
			p->hop = nd_hold(n, route->ifindex, &route->nexthop);
		ha_pending_step(n, i);
		return;
	}
	/* The host's routes changed under a binding. */
	if (b->state != MIP6_BINDING_REGISTERED || error != 0)
		return;
	old = b->hop;
	b->hop = nd_hold(n, route->ifindex, &route->nexthop);
	nd_release(n, old);
	if (b->hop != old)
		ha_row(n, b);
}

/* R10.3.1-14: no more than asked; our own cap; whole units of 4 s. */
static struct mip6_span
ha_grant(const struct mip6_ha *ha, struct mip6_span asked)
{
	struct mip6_span s = mip6_span_min(asked, ha->c->lifetime_max);

	return mip6_mh_lifetime_span(mip6_mh_lifetime_units(s));
}

/* No room for what an update asks for (R10.3.1-05). */
static void
ha_no_room(struct mip6_node *n, const struct ha_update *bu)
{
	node_drop(n, MIP6_DROP_BU_RESOURCES, &bu->src);
	ha_answer(n, bu, NULL, MIP6_BA_INSUFFICIENT_RESOURCES, bu->seq,
	    MIP6_SPAN_S(0));
}

/*
 * What is there already is not waited for: a refresh needs the store alone, a
 * new care-of address the way to it, a new binding everything.
 */
static void
ha_pending_ask(struct mip6_node *n, uint32_t i, struct ha_pending *p,
    const struct ha_update *bu)
{
	struct mip6_binding *b = mip6_bcache_get(&n->ha->bcache, i);
	bool had_hop =
	    p->hop != MIP6_HOP_NONE || (p->waits & HA_WAIT_ROUTE) != 0;
	bool same =
	    !p->deregister && mip6_addr_equal(&p->bu.coa, &bu->coa) && had_hop;

	p->waits &= (uint8_t)~HA_WAIT_STORE;
	p->deregister = false;
	p->bu = *bu;
	p->bu.mobile = NULL;
	if (!same) {
		nd_release(n, p->hop);
		p->hop = MIP6_HOP_NONE;
		p->route_error = 0;
		p->waits &= (uint8_t)~HA_WAIT_ROUTE;
		if (b->state == MIP6_BINDING_REGISTERED &&
		    mip6_addr_equal(&b->coa, &bu->coa)) {
			p->hop = b->hop;
			nd_hold_again(n, p->hop);
		} else {
			p->waits |= HA_WAIT_ROUTE;
			ha_ask_route(n, i, &bu->coa, MIP6_WAIT_BINDING_ROUTE);
		}
	}
	if (!b->hosted) {
		p->host_error = 0;
		p->hosts = ha_host(n, b, i, true);
		if (p->hosts > 0)
			p->waits |= HA_WAIT_HOST;
	}
}

void
ha_register(struct mip6_node *n, const struct ha_update *bu, uint32_t i)
{
	struct mip6_ha *ha = n->ha;
	struct ha_pending *p;
	struct ha_update u = *bu;

	u.lifetime = ha_grant(ha, bu->lifetime);
	if (i == MIP6_BCACHE_NONE)
		i = mip6_bcache_add(&ha->bcache, &bu->hoa);
	/* R10.3.1-05: no room: 130. Test: test_ha */
	if (i == MIP6_BCACHE_NONE) {
		ha_no_room(n, bu);
		return;
	}
	p = ha_pending_get(ha, i);
	if (p == NULL) {
		ha_no_room(n, bu);
		if (mip6_bcache_get(&ha->bcache, i)->state ==
		    MIP6_BINDING_PENDING)
			ha_remove(n, i);
		return;
	}
	ha_pending_ask(n, i, p, &u);
	ha_pending_step(n, i);
}

void
ha_deregister(struct mip6_node *n, const struct ha_update *bu, uint32_t i)
{
	struct mip6_binding *b = mip6_bcache_get(&n->ha->bcache, i);
	struct ha_pending *p = ha_pending_get(n->ha, i);

	if (p == NULL) {
		ha_no_room(n, bu);
		return;
	}
	p->bu = *bu;
	p->bu.lifetime = MIP6_SPAN_S(0);
	p->bu.mobile = NULL;
	p->deregister = true;
	/* Should it come back meanwhile, all has to be set up anew. */
	b->state = MIP6_BINDING_PENDING;
	node_timer_stop(n, &b->timer);
	p->hosts = ha_unhost(n, b, i);
	p->waits = p->hosts > 0 ? HA_WAIT_HOST : 0;
	ha_pending_step(n, i);
}

void
ha_remove(struct mip6_node *n, uint32_t i)
{
	struct mip6_binding *b = mip6_bcache_get(&n->ha->bcache, i);

	node_timer_stop(n, &b->timer);
	ha_mpd_gone(n, i);
	ha_mcast_gone(n, i);
	ha_store_del(n, &b->hoa);
	ha_pending_put(n, b);
	(void)ha_unhost(n, b, i);
	mip6_bcache_del(&n->ha->bcache, i);
}

void
ha_binding_timer(struct mip6_node *n, uint32_t i)
{
	struct mip6_binding *b = mip6_bcache_get(&n->ha->bcache, i);

	if (b->state == MIP6_BINDING_REGISTERED)
		MIP6_LOG(n->log, INFO, "binding.expired",
		    MIP6_KA("hoa", &b->hoa)); /* R10.3.1-18 */
	/* A registration is under way: it will set the lifetime. */
	if (b->pending != MIP6_BCACHE_NONE) {
		node_act_row_del(n, &b->hoa, &mip6_addr_any);
		b->state = MIP6_BINDING_PENDING;
		return;
	}
	ha_remove(n, i);
}

void
ha_flush(struct mip6_node *n, const struct mip6_addr *hoa)
{
	uint32_t i = mip6_bcache_find(&n->ha->bcache, hoa);

	if (i == MIP6_BCACHE_NONE)
		return;
	MIP6_LOG(n->log, WARNING, "binding.flushed", MIP6_KA("hoa", hoa));
	ha_remove(n, i);
}

/* Where the mobile node is, or will be once its update has been stored. */
static const struct mip6_addr *
ha_wanted_coa(const struct mip6_ha *ha, const struct mip6_binding *b)
{
	const struct ha_pending *p = ha_pending_of(ha, b);

	return p != NULL ? &p->bu.coa : &b->coa;
}

void
ha_ask_way(struct mip6_node *n, uint32_t i)
{
	const struct mip6_binding *b = mip6_bcache_get(&n->ha->bcache, i);

	ha_ask_route(n, i, ha_wanted_coa(n->ha, b), MIP6_WAIT_BINDING_REROUTE);
}

void
ha_reg_restore(struct mip6_node *n, const struct ha_restored *r)
{
	(void)n;
	(void)r;
}
