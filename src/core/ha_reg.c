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
ha_pending_get(struct mip6_ha *ha, uint32_t binding)
{
	struct mip6_binding *b = mip6_bcache_get(&ha->bcache, binding);
	struct ha_pending *p;

	if (b->pending != MIP6_BCACHE_NONE)
		return &ha->pending[b->pending];
	if (ha->pending_free == MIP6_BCACHE_NONE)
		return NULL;
	b->pending = ha->pending_free;
	p = &ha->pending[b->pending];
	ha->pending_free = p->next;
	memset(p, 0, sizeof(*p));
	p->used = true;
	p->binding = binding;
	return p;
}

static void
ha_pending_put(struct mip6_ha *ha, struct mip6_binding *b)
{
	struct ha_pending *p;

	if (b->pending == MIP6_BCACHE_NONE)
		return;
	p = &ha->pending[b->pending];
	p->used = false;
	p->next = ha->pending_free;
	ha->pending_free = b->pending;
	b->pending = MIP6_BCACHE_NONE;
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

/* The route of the home address into the TUN, and its group. */
static void
ha_host(struct mip6_node *n, struct mip6_binding *b, uint32_t i, bool on)
{
	struct mip6_addr group = mip6_addr_solicited_node(&b->hoa);
	struct mip6_prefix p = { b->hoa, 128 };
	uint64_t id;

	/* The ends of what was asked before do not count any more. */
	b->gen = ++n->ha->bcache.gen;
	id = node_action_id(MIP6_WAIT_BINDING, i, b->gen);
	node_act_route(n, MIP6_TABLE_MAIN, &p, 0, NULL, on, id);
	/* Asked for once more, it is no error: the group stays. */
	node_act_set(n, MIP6_ACT_GROUP, n->ha->ifindex, &group,
	    on || ha_group_shared(n->ha, b));
	n->out->v[n->out->count - 1].id = id;
	b->hosted = on;
}

static void
ha_ask_route(struct mip6_node *n, uint32_t i, const struct mip6_addr *coa)
{
	struct mip6_ha *ha = n->ha;
	struct mip6_binding *b = mip6_bcache_get(&ha->bcache, i);
	struct mip6_action *a = node_act(n, MIP6_ACT_ROUTE_GET);

	b->route_gen = ++ha->route_gen;
	a->u.dst = *coa;
	a->id = node_action_id(MIP6_WAIT_BINDING_ROUTE, i, b->route_gen);
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

/*
 * Everything is ready: the binding takes effect, then it is acknowledged.
 * `rehopped`: the next hop towards the care-of address is another one.
 */
static void
ha_commit(struct mip6_node *n, struct mip6_binding *b, uint32_t i,
    const struct ha_update *bu, bool rehopped)
{
	bool fresh = b->state != MIP6_BINDING_REGISTERED;
	bool moved = !mip6_addr_equal(&b->coa, &bu->coa);

	b->local = bu->local;
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
}

static void
ha_commit_deregister(struct mip6_node *n, struct mip6_binding *b,
    const struct ha_update *bu)
{
	b->seq = bu->seq;
	b->state = MIP6_BINDING_INVALID;
	/* R10.3.2-06: the number is remembered for a while. */
	node_timer_in(n, &b->timer, HA_MAX_DELETE_BCE_TIMEOUT);
	MIP6_LOG(n->log, INFO, "binding.deregistered", MIP6_KA("hoa", &b->hoa));
	ha_answer(n, bu, NULL, MIP6_BA_ACCEPTED, bu->seq, MIP6_SPAN_S(0));
}

/* Stops interception at once (R10.3.2-07). */
static void
ha_unhost(struct mip6_node *n, struct mip6_binding *b, uint32_t i)
{
	node_act_row_del(n, &b->hoa, &mip6_addr_any);
	nd_release(n, b->hop);
	b->hop = MIP6_HOP_NONE;
	if (b->hosted)
		ha_host(n, b, i, false);
}

static bool
ha_still_served(const struct mip6_node *n, const struct mip6_binding *b)
{
	const struct mip6_conf_ha *c = n->ha->c;

	return c->on && ha_prefix_index(n, &b->hoa) >= 0 &&
	    (n->conf->insecure || ha_mobile_find(n->ha, &b->hoa) != NULL);
}

/* The last action ended. */
static void
ha_pending_ready(struct mip6_node *n, uint32_t i)
{
	struct mip6_ha *ha = n->ha;
	struct mip6_binding *b = mip6_bcache_get(&ha->bcache, i);
	struct ha_pending *p = &ha->pending[b->pending];
	struct ha_update bu = p->bu;
	bool deregister = p->deregister, no_hop = false;
	int error = p->host_error != 0 ? p->host_error : p->route_error;
	uint32_t old = b->hop;

	if (p->hosts > 0 || p->route)
		return;
	/* The configuration may be another than when the update came. */
	bu.mobile = ha_mobile_find(ha, &bu.hoa);
	if (!ha_still_served(n, b)) {
		ha_remove(n, i);
		return;
	}
	if (!deregister && error == 0) {
		b->hop = nd_hold(n, p->way.ifindex, &p->way.nexthop);
		nd_release(n, old);
		no_hop = b->hop == MIP6_HOP_NONE;
	}
	ha_pending_put(ha, b);
	if (deregister) {
		ha_commit_deregister(n, b, &bu);
		return;
	}
	if (error == 0 && !no_hop) {
		ha_commit(n, b, i, &bu, b->hop != old);
		return;
	}
	/* The host cannot do what the acknowledgement would promise. */
	MIP6_LOG(n->log, ERROR, "binding.host-refused", MIP6_KA("hoa", &bu.hoa),
	    MIP6_KI("errno", error));
	node_drop(n, MIP6_DROP_BU_RESOURCES, &bu.src);
	ha_answer(n, &bu, NULL,
	    no_hop ? MIP6_BA_INSUFFICIENT_RESOURCES :
		     MIP6_BA_REASON_UNSPECIFIED,
	    bu.seq, MIP6_SPAN_S(0));
	if (b->state == MIP6_BINDING_PENDING)
		ha_remove(n, i);
	else if (b->state == MIP6_BINDING_INVALID)
		ha_unhost(n, b, i); /* half of it may be there */
}

void
ha_binding_done(struct mip6_node *n, uint32_t i, uint32_t gen, int error)
{
	struct mip6_binding *b;
	struct ha_pending *p;

	if (n->ha == NULL || i >= n->ha->bcache.top)
		return;
	b = mip6_bcache_get(&n->ha->bcache, i);
	if (b->state == MIP6_BINDING_FREE || (b->gen & 0xffffffu) != gen ||
	    b->pending == MIP6_BCACHE_NONE)
		return;
	p = &n->ha->pending[b->pending];
	if (p->hosts == 0)
		return;
	p->hosts--;
	if (error != 0 && !p->deregister)
		p->host_error = error;
	ha_pending_ready(n, i);
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
	if (b->pending != MIP6_BCACHE_NONE) {
		p = &n->ha->pending[b->pending];
		if (!p->route)
			return;
		p->route = false;
		p->way = *route;
		p->route_error = error;
		ha_pending_ready(n, i);
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

void
ha_register(struct mip6_node *n, const struct ha_update *bu, uint32_t i)
{
	struct mip6_ha *ha = n->ha;
	struct ha_pending *p;
	struct mip6_binding *b;
	struct ha_update u = *bu;

	u.lifetime = ha_grant(ha, bu->lifetime);
	if (i == MIP6_BCACHE_NONE)
		i = mip6_bcache_add(&ha->bcache, &bu->hoa);
	/* R10.3.1-05: no room: 130. Test: test_ha */
	if (i == MIP6_BCACHE_NONE) {
		node_drop(n, MIP6_DROP_BU_RESOURCES, &bu->src);
		ha_answer(n, bu, NULL, MIP6_BA_INSUFFICIENT_RESOURCES, bu->seq,
		    MIP6_SPAN_S(0));
		return;
	}
	b = mip6_bcache_get(&ha->bcache, i);
	if (b->state == MIP6_BINDING_REGISTERED &&
	    b->pending == MIP6_BCACHE_NONE &&
	    mip6_addr_equal(&b->coa, &bu->coa)) {
		ha_commit(n, b, i, &u, false); /* a refresh: all is there */
		return;
	}
	p = ha_pending_get(ha, i);
	if (p == NULL) {
		node_drop(n, MIP6_DROP_BU_RESOURCES, &bu->src);
		ha_answer(n, bu, NULL, MIP6_BA_INSUFFICIENT_RESOURCES, bu->seq,
		    MIP6_SPAN_S(0));
		if (b->state == MIP6_BINDING_PENDING)
			ha_remove(n, i);
		return;
	}
	if (p->deregister || !p->route ||
	    !mip6_addr_equal(&p->bu.coa, &u.coa)) {
		p->route = true;
		p->route_error = 0;
		ha_ask_route(n, i, &u.coa);
	}
	p->deregister = false;
	p->bu = u;
	if (!b->hosted) {
		p->hosts = 2;
		p->host_error = 0;
		ha_host(n, b, i, true);
	}
}

void
ha_deregister(struct mip6_node *n, const struct ha_update *bu, uint32_t i)
{
	struct mip6_binding *b = mip6_bcache_get(&n->ha->bcache, i);
	struct ha_pending *p = ha_pending_get(n->ha, i);

	if (p == NULL) {
		node_drop(n, MIP6_DROP_BU_RESOURCES, &bu->src);
		ha_answer(n, bu, NULL, MIP6_BA_INSUFFICIENT_RESOURCES, bu->seq,
		    MIP6_SPAN_S(0));
		return;
	}
	p->bu = *bu;
	p->bu.lifetime = MIP6_SPAN_S(0);
	p->route = false;
	p->deregister = true;
	/* Should it come back meanwhile, all has to be set up anew. */
	b->state = MIP6_BINDING_PENDING;
	p->hosts = b->hosted ? 2 : 0;
	node_timer_stop(n, &b->timer);
	ha_unhost(n, b, i);
	ha_pending_ready(n, i);
}

void
ha_remove(struct mip6_node *n, uint32_t i)
{
	struct mip6_binding *b = mip6_bcache_get(&n->ha->bcache, i);

	node_timer_stop(n, &b->timer);
	ha_pending_put(n->ha, b);
	ha_unhost(n, b, i);
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

void
ha_routes_changed(struct mip6_node *n)
{
	if (n->ha == NULL)
		return;
	n->ha->reroute_next = 0;
	node_timer_arm(n, &n->ha->reroute_timer, n->now.boot);
}

/* Looks at a few bindings at a time: still served, and which way now? */
void
ha_reroute_timer(struct mip6_node *n)
{
	struct mip6_ha *ha = n->ha;
	struct mip6_binding *b;
	uint32_t i;

	while (ha->reroute_next < ha->bcache.top) {
		if (!mip6_actions_room(n->out, MIP6_STEP_ACTIONS,
			MIP6_STEP_OCTETS)) {
			node_timer_arm(n, &ha->reroute_timer, n->now.boot);
			return;
		}
		i = ha->reroute_next++;
		b = mip6_bcache_get(&ha->bcache, i);
		if (b->state == MIP6_BINDING_FREE)
			continue;
		if (!ha_still_served(n, b))
			ha_remove(n, i);
		else if (b->state == MIP6_BINDING_REGISTERED &&
		    b->pending == MIP6_BCACHE_NONE)
			ha_ask_route(n, i, &b->coa);
	}
}

void
ha_binding_stored(struct mip6_node *n, uint32_t i, uint32_t gen, int error)
{
	(void)n;
	(void)i;
	(void)gen;
	(void)error;
}

void
ha_reg_restore(struct mip6_node *n, const struct ha_restored *r)
{
	(void)n;
	(void)r;
}
