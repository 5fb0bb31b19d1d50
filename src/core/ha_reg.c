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

#define HA_MTU_MINUTES 10
/* Places for updates of bindings that there are, whatever else is asked. */
#define HA_PENDING_KEPT (MIP6_PENDING_MAX / 4)
/* Mere refreshes at once: places are left for those who are new, or moved. */
#define HA_REFRESHES_MAX (MIP6_PENDING_MAX / 2)
/* For packets that left before the acknowledgement came, and no longer. */
#define HA_FORMER_COA MIP6_SPAN_S(2)

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
		ha->pending[i].next = (uint16_t)(i + 1);
	ha->pending[MIP6_PENDING_MAX - 1].next = MIP6_PENDING_NONE;
	ha->pending_free = 0;
	return true;
}

struct ha_pending *
ha_pending_of(const struct mip6_ha *ha, const struct mip6_binding *b)
{
	return b->pending == MIP6_PENDING_NONE ? NULL :
						 &ha->pending[b->pending];
}

static struct ha_pending *
ha_pending_get(struct mip6_ha *ha, uint32_t binding)
{
	struct mip6_binding *b = mip6_bcache_get(&ha->bcache, binding);
	struct ha_pending *p = ha_pending_of(ha, b);

	if (p != NULL || ha->pending_free == MIP6_PENDING_NONE)
		return p;
	/* P-KEPT: who is new does not shut out who moves. Test: test_ha_full */
	if (b->state != MIP6_BINDING_REGISTERED &&
	    ha->pendings >= MIP6_PENDING_MAX - HA_PENDING_KEPT)
		return NULL;
	ha->pendings++;
	b->pending = ha->pending_free;
	p = &ha->pending[b->pending];
	ha->pending_free = p->next;
	memset(p, 0, sizeof(*p));
	p->binding = binding;
	p->hop = MIP6_HOP_NONE;
	return p;
}

void
ha_pending_put(struct mip6_node *n, struct mip6_binding *b)
{
	struct mip6_ha *ha = n->ha;
	struct ha_pending *p = ha_pending_of(ha, b);

	if (p == NULL)
		return;
	ha_dad_stop(n, p);
	nd_release(n, p->hop);
	p->next = ha->pending_free;
	ha->pending_free = b->pending;
	ha->pendings--;
	ha->refreshes -= p->refresh;
	b->pending = MIP6_PENDING_NONE;
}

uint32_t
ha_store_gen(const struct mip6_node *n, uint32_t i)
{
	const struct mip6_binding *b = mip6_bcache_get(&n->ha->bcache, i);

	return n->ha->pending[b->pending].gen & 0xffffffu;
}

/* `former`: the care-of address until now, or NULL. */
static void
ha_row_after(struct mip6_node *n, const struct mip6_binding *b,
    const struct mip6_addr *former)
{
	struct mip6_fwd_row r;

	memset(&r, 0, sizeof(r));
	r.home = b->hoa;
	r.kind = MIP6_FWD_HA_TUNNEL;
	r.local = *ha_local(n, b);
	r.peer = b->coa;
	r.hop = b->hop;
	r.mtu = b->mtu;
	if (former != NULL) {
		r.peer_before = *former;
		r.before_ends = mip6_time_add(n->now.boot, HA_FORMER_COA);
	}
	node_act_row(n, &r);
}

void
ha_row(struct mip6_node *n, const struct mip6_binding *b)
{
	ha_row_after(n, b, NULL);
}

void
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

/* The row of a binding that is new, moved, or due to look again. */
static void
ha_row_renew(struct mip6_node *n, struct mip6_binding *b,
    const struct mip6_addr *former)
{
	b->mtu = ha_link_mtu(n, b);
	b->mtu_minute = 0;
	ha_row_after(n, b, former);
}

/* RFC 8201 section 4: what was learnt is tried again after 10 minutes. */
static bool
ha_mtu_is_old(const struct mip6_node *n, const struct mip6_binding *b)
{
	return b->mtu_minute != 0 &&
	    (ha_minute(n) + 255 - b->mtu_minute) % 255 > HA_MTU_MINUTES;
}

/* Everything is ready: the binding takes effect, then it is acknowledged. */
static void
ha_commit(struct mip6_node *n, struct mip6_binding *b, uint32_t i,
    const struct ha_update *bu, uint32_t hop)
{
	bool fresh = b->state != MIP6_BINDING_REGISTERED;
	bool moved = !mip6_addr_equal(&b->coa, &bu->coa);
	const struct mip6_addr coa = b->coa, *former = NULL;
	bool rehopped = b->hop != hop || b->local != bu->local;
	uint8_t more = bu->flags & (uint8_t)~b->flags;

	/* P-FORMER: its old place was its own. Test: test_ha_former */
	if (!fresh && moved)
		former = &coa;
	nd_release(n, b->hop);
	b->hop = hop;
	b->local = bu->local;
	b->flags = (uint8_t)((b->flags & ~MIP6_BINDING_SAID) | bu->flags);
	b->seq = bu->seq; /* R9.5.1-13 */
	b->granted = mip6_mh_lifetime_units(bu->lifetime);
	if (moved)
		ha_mcast_moving(n, i);
	b->state = MIP6_BINDING_REGISTERED;
	b->coa = bu->coa;
	ha_live_until(n, b, mip6_time_add(n->now.boot, bu->lifetime));
	if (fresh || moved || rehopped || ha_mtu_is_old(n, b))
		ha_row_renew(n, b, former);
	if (fresh || moved)
		MIP6_LOG(n->log, INFO, fresh ? "binding.new" : "binding.moved",
		    MIP6_KA("hoa", &b->hoa), MIP6_KA("coa", &b->coa),
		    MIP6_KT("lifetime", bu->lifetime));
	if (fresh || (more & MIP6_BINDING_L) != 0)
		ha_defend(n, i);
	ha_answer(n, bu, b, ha_grant_status(n, &b->hoa, bu->lifetime), bu->seq,
	    bu->lifetime);
	ha_mpd_registered(n, i);
	ha_mcast_registered(n, i, fresh);
}

static void
ha_commit_deregister(struct mip6_node *n, struct mip6_binding *b, uint32_t i,
    const struct ha_update *bu)
{
	b->seq = bu->seq;
	MIP6_LOG(n->log, INFO, "binding.deregistered", MIP6_KA("hoa", &b->hoa));
	ha_answer(n, bu, NULL, MIP6_BA_ACCEPTED, bu->seq, MIP6_SPAN_S(0));
	/* R10.3.2-06: the number is remembered for a while. */
	ha_end(n, i, HA_MAX_DELETE_BCE_TIMEOUT);
}

bool
ha_still_served(struct mip6_node *n, const struct mip6_binding *b)
{
	const struct mip6_conf_ha *c = n->ha->c;
	const struct ha_pending *p = ha_pending_of(n->ha, b);

	return c->on && ha_prefix_index(n, &b->hoa) >= 0 &&
	    ha_place_serves(n, p != NULL ? p->bu.local : b->local) &&
	    (n->conf->insecure || ha_mobile_find(n, &b->hoa) != NULL);
}

void
ha_refuse_pending(struct mip6_node *n, uint32_t i, enum mip6_drop why,
    uint8_t status)
{
	struct mip6_binding *b = mip6_bcache_get(&n->ha->bcache, i);
	struct ha_update bu = ha_pending_of(n->ha, b)->bu;

	ha_pending_put(n, b);
	bu.mobile = ha_mobile_find(n, &bu.hoa);
	node_drop(n, why, &bu.src);
	ha_answer(n, &bu, NULL, status, bu.seq, MIP6_SPAN_S(0));
	/* A binding that there was stays as it was. */
	if (b->state != MIP6_BINDING_REGISTERED) {
		ha_end(n, i, MIP6_SPAN_S(0));
		return;
	}
	/* P-WAY: and its way is that to its own. Test: test_ha_full */
	if (!mip6_addr_equal(&b->coa, &bu.coa))
		ha_ask_route(n, i, &b->coa, MIP6_WAIT_BINDING_ROUTE);
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

	if (!deregister)
		bu.lifetime = ha_grant(n, &bu.hoa, bu.lifetime);
	/* P-LATE: the prefix's end came before the answer. Test: test_ha_life */
	if (!deregister && bu.lifetime.us == 0) {
		ha_refuse_pending(n, i, MIP6_DROP_BU_NOT_HOME_SUBNET,
		    MIP6_BA_NOT_HOME_SUBNET);
		return;
	}
	p->hop = MIP6_HOP_NONE; /* the binding holds it from now on */
	ha_pending_put(n, b);
	bu.mobile = ha_mobile_find(n, &bu.hoa);
	if (deregister)
		ha_commit_deregister(n, b, i, &bu);
	else
		ha_commit(n, b, i, &bu, hop);
}

/*
 * P-PROVISIONAL: our own policy, when configured: packets flow while Duplicate
 * Address Detection runs; the acknowledgement waits, a conflict takes it back.
 */
static void
ha_forward_provisionally(struct mip6_node *n, struct mip6_binding *b,
    struct ha_pending *p)
{
	/* P-PROVISIONAL: nothing else is waited for. Test: test_ha_dad */
	if (n->ha->c->home_dad != MIP6_HOME_DAD_PROVISIONAL || b->hop == p->hop)
		return;
	nd_hold_again(n, p->hop);
	nd_release(n, b->hop);
	b->hop = p->hop;
	ha_mcast_moving(n, p->binding);
	b->coa = p->bu.coa;
	b->local = p->bu.local;
	ha_row_renew(n, b, NULL);
}

/* Something ended: when all has, it is stored, and then it counts. */
void
ha_pending_step(struct mip6_node *n, uint32_t i)
{
	struct mip6_binding *b = mip6_bcache_get(&n->ha->bcache, i);
	struct ha_pending *p = ha_pending_of(n->ha, b);
	int error = p->host_error != 0 ? p->host_error : p->route_error;

	/* The group is joined first (RFC 4862 section 5.4.2). */
	if ((p->waits & (HA_WAIT_DAD | HA_WAIT_HOST)) == HA_WAIT_DAD &&
	    !p->dad_runs)
		ha_dad_start(n, p);
	if ((p->waits & ~HA_WAIT_DAD) != 0)
		return;
	/* The configuration may be another than when the update came. */
	if (!ha_still_served(n, b)) {
		ha_remove(n, i);
		return;
	}
	if (!p->deregister && (error != 0 || p->hop == MIP6_HOP_NONE)) {
		MIP6_LOG(n->log, ERROR, "binding.host-refused",
		    MIP6_KA("hoa", &b->hoa), MIP6_KI("errno", error));
		ha_refuse_pending(n, i, MIP6_DROP_BU_RESOURCES,
		    error == 0 ? MIP6_BA_INSUFFICIENT_RESOURCES :
				 MIP6_BA_REASON_UNSPECIFIED);
		return;
	}
	if (p->waits != 0) {
		ha_forward_provisionally(n, b, p);
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
	struct mip6_binding *b;

	if (n->ha == NULL || i >= n->ha->bcache.top)
		return;
	b = mip6_bcache_get(&n->ha->bcache, i);
	if ((b->gen & 0xffffffu) != gen)
		return;
	if (p == NULL) {
		/*
		 * Of a restored binding: no update waits for it, so it is
		 * asked for once more, now as what nobody waits for, and then
		 * until the host does it (host.c).
		 */
		if (error != 0 && b->state == MIP6_BINDING_REGISTERED) {
			MIP6_LOG(n->log, ERROR, "binding.host-refused",
			    MIP6_KA("hoa", &b->hoa), MIP6_KI("errno", error));
			(void)ha_place_host(n, &b->hoa, true, true,
			    node_action_id(MIP6_WAIT_NOBODY, MIP6_ACT_ROUTE,
				0));
		}
		return;
	}
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
	 * P-PROMISE: a binding that a restart would lose is not promised; that
	 * one is given up holds now, whatever is found after a restart.
	 * Test: test_ha_wait
	 */
	if (error != 0 && !p->deregister) {
		ha_refuse_pending(n, i, MIP6_DROP_BU_RESOURCES,
		    MIP6_BA_INSUFFICIENT_RESOURCES);
		return;
	}
	ha_pending_commit(n, i);
}

/* The host's routes changed under an update that waits for the store. */
static void
ha_rehop_pending(struct mip6_node *n, struct ha_pending *p, int error,
    const struct mip6_route *route)
{
	uint32_t hop;

	if (error != 0 || p->deregister)
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
			ha_rehop_pending(n, p, error, route);
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
	if (b->mtu == 0) /* restored: it has no row yet */
		ha_row_renew(n, b, NULL);
	else if (b->hop != old)
		ha_row(n, b);
}

/* No room for what an update asks for (R10.3.1-05). */
void
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
	bool elsewhere = !mip6_addr_is_any(&p->bu.coa) &&
	    !mip6_addr_equal(&p->bu.coa, &bu->coa);

	p->waits &= (uint8_t)~HA_WAIT_STORE;
	/* What an earlier update asked about already is enough. */
	if (ha_dad_is_wanted(n, b) && !p->dad_done) {
		if (p->dad_runs && (bu->flags & ~p->bu.flags & MIP6_BINDING_L))
			ha_dad_stop(n, p); /* anew, with one more address */
		p->waits |= HA_WAIT_DAD;
	}
	p->deregister = false;
	p->bu = *bu;
	p->bu.mobile = NULL;
	if (!same) {
		nd_release(n, p->hop);
		p->hop = MIP6_HOP_NONE;
		p->route_error = 0;
		p->waits &= (uint8_t)~HA_WAIT_ROUTE;
		if (b->state == MIP6_BINDING_REGISTERED &&
		    b->hop != MIP6_HOP_NONE &&
		    mip6_addr_equal(&b->coa, &bu->coa)) {
			p->hop = b->hop;
			nd_hold_again(n, p->hop);
			/* P-WAY: not that to the other. Test: test_ha_full */
			if (elsewhere)
				ha_ask_route(n, i, &bu->coa,
				    MIP6_WAIT_BINDING_ROUTE);
		} else {
			p->waits |= HA_WAIT_ROUTE;
			ha_ask_route(n, i, &bu->coa, MIP6_WAIT_BINDING_ROUTE);
		}
	}
	if ((b->flags & MIP6_BINDING_HOSTED) == 0) {
		p->host_error = 0;
		p->hosts = ha_host(n, i, true);
		if (p->hosts > 0)
			p->waits |= HA_WAIT_HOST;
	}
}

/* Nothing changes but the time, and nothing waits yet. */
static bool
ha_is_mere_refresh(const struct mip6_binding *b, const struct ha_update *bu)
{
	return b->state == MIP6_BINDING_REGISTERED &&
	    b->pending == MIP6_PENDING_NONE &&
	    mip6_addr_equal(&b->coa, &bu->coa);
}

void
ha_register(struct mip6_node *n, const struct ha_update *bu, uint32_t i)
{
	struct mip6_ha *ha = n->ha;
	struct mip6_binding *b;
	struct ha_pending *p;
	struct ha_update u = *bu;
	bool refresh;

	u.lifetime = ha_grant(n, &bu->hoa, bu->lifetime);
	/* R10.3.1-03: of a prefix that is no more: 132. Test: test_ha_life */
	if (u.lifetime.us == 0) {
		node_drop(n, MIP6_DROP_BU_NOT_HOME_SUBNET, &bu->src);
		ha_answer(n, bu, NULL, MIP6_BA_NOT_HOME_SUBNET, bu->seq,
		    MIP6_SPAN_S(0));
		return;
	}
	b = mip6_bcache_get(&ha->bcache, i);
	refresh = ha_is_mere_refresh(b, bu);
	/*
	 * P-STORM: after a restart a million may come at once; those without a
	 * binding, or with one that leads nowhere, go before those who have
	 * what they want, who come again as if the packet had been lost.
	 * Test: test_ha_storm
	 */
	if (refresh && ha->refreshes >= HA_REFRESHES_MAX) {
		node_drop(n, MIP6_DROP_BU_BUSY, &bu->src);
		return;
	}
	p = ha_name_take(n, b, bu->mobile, true) ? ha_pending_get(ha, i) : NULL;
	/* R10.3.1-05: no room: 130. Test: test_ha_life */
	if (p == NULL) {
		ha_no_room(n, bu);
		if (b->state == MIP6_BINDING_PENDING)
			ha_end(n, i, MIP6_SPAN_S(0));
		return;
	}
	p->refresh |= refresh;
	ha->refreshes += refresh;
	/* Its number and time are remembered, and nothing else. */
	if (b->state == MIP6_BINDING_INVALID) {
		b->state = MIP6_BINDING_PENDING;
		b->flags &= (uint8_t)~MIP6_BINDING_ANEW;
		node_timer_stop(n, &b->timer);
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
	ha_dad_stop(n, p);
	p->dad_done = false;
	nd_release(n, p->hop); /* of an update that waited */
	p->hop = MIP6_HOP_NONE;
	p->bu = *bu;
	p->bu.lifetime = MIP6_SPAN_S(0);
	p->bu.mobile = NULL;
	p->deregister = true;
	/* Should it come back meanwhile, all has to be set up anew. */
	b->state = MIP6_BINDING_PENDING;
	node_timer_stop(n, &b->timer);
	ha_unhost(n, i, &p->hosts);
	p->waits = p->hosts > 0 ? HA_WAIT_HOST : 0;
	ha_pending_step(n, i);
}

void
ha_ask_way(struct mip6_node *n, uint32_t i)
{
	const struct mip6_binding *b = mip6_bcache_get(&n->ha->bcache, i);
	const struct ha_pending *p = ha_pending_of(n->ha, b);

	/* Where it is, or will be once its update has been stored. */
	ha_ask_route(n, i, p != NULL ? &p->bu.coa : &b->coa,
	    MIP6_WAIT_BINDING_REROUTE);
}
