/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The way to the care-of addresses follows the host's routing table.
 *
 * When its routes change, the host is asked anew about each binding: only it
 * knows what its routes and rules make of an address.  That is one walk
 * through all bindings, with a bounded number of questions under way, so that
 * neither the host nor the registrations that come meanwhile wait for a
 * million answers.  Changes that come during a walk are answered by one more
 * walk after it, and a new walk begins no sooner than the last one took: at
 * most half of the time is spent walking, however often routes change.
 *
 * The same walk ends the bindings that are not served any more: their mobile
 * node or their prefix went from the configuration, or our address is another.
 */
#include "core/ha_int.h"

#define WAY_ASKED_MAX 64 /* questions to the host at once */

void
ha_way_walk(struct mip6_node *n)
{
	struct ha_walk *w = &n->ha->walk;

	w->on = true;
	w->again = false;
	w->next = 0;
	w->began = n->now.boot;
	node_timer_arm(n, &n->ha->reroute_timer, n->now.boot);
}

void
ha_routes_changed(struct mip6_node *n)
{
	if (n->ha == NULL)
		return;
	if (n->ha->walk.on)
		n->ha->walk.again = true;
	else
		ha_way_walk(n);
}

static void
way_finished(struct mip6_node *n)
{
	struct mip6_ha *ha = n->ha;
	struct ha_walk *w = &ha->walk;

	ha->regroup = false;
	w->next = 0;
	if (w->again) {
		/* Still `on`: what comes until it begins is part of it. */
		w->again = false;
		node_timer_in(n, &ha->reroute_timer,
		    mip6_time_sub(n->now.boot, w->began));
		w->began = mip6_time_add(n->now.boot,
		    mip6_time_sub(n->now.boot, w->began));
	} else {
		w->on = false;
	}
	ha_place_walked(n);
}

static void
way_look(struct mip6_node *n, uint32_t i)
{
	struct mip6_ha *ha = n->ha;
	struct mip6_binding *b = mip6_bcache_get(&ha->bcache, i);
	struct mip6_addr group = mip6_addr_solicited_node(&b->hoa);

	if (b->state == MIP6_BINDING_FREE)
		return;
	if (!ha_still_served(n, b) || ha_life_is_over(n, b)) {
		MIP6_LOG(n->log, INFO, "binding.unserved",
		    MIP6_KA("hoa", &b->hoa));
		ha_remove(n, i);
		return;
	}
	if (ha->regroup && (b->flags & MIP6_BINDING_HOSTED) != 0 &&
	    ha->c->join_groups && !ha->c->is_virtual)
		node_act_set(n, MIP6_ACT_GROUP, ha->ifindex, &group, true);
	/* Restored, and our address is not there yet: it is asked for then. */
	if (b->state == MIP6_BINDING_REGISTERED &&
	    ha_address(n, b->local) != NULL) {
		if (b->pending == MIP6_PENDING_NONE)
			(void)ha_host(n, i, true);
		ha_ask_way(n, i);
		ha->walk.asked++;
	}
}

/* Looks at a few bindings at a time: still served, and which way now? */
void
ha_reroute_timer(struct mip6_node *n)
{
	struct mip6_ha *ha = n->ha;
	struct ha_walk *w = &ha->walk;

	if (!w->on)
		return;
	while (w->next < ha->bcache.top) {
		if (w->asked >= WAY_ASKED_MAX)
			return; /* the next answer goes on */
		if (!mip6_actions_room(n->out, MIP6_STEP_ACTIONS,
			MIP6_STEP_OCTETS)) {
			node_timer_arm(n, &ha->reroute_timer, n->now.boot);
			return;
		}
		way_look(n, w->next++);
	}
	if (w->asked == 0)
		way_finished(n);
}

void
ha_binding_rerouted(struct mip6_node *n, uint32_t i, uint32_t gen, int error,
    const struct mip6_route *route)
{
	if (n->ha == NULL)
		return;
	ha_binding_route(n, i, gen, error, route);
	if (n->ha->walk.asked > 0)
		n->ha->walk.asked--;
	if (n->ha->walk.asked <= WAY_ASKED_MAX / 2 && n->ha->walk.on &&
	    !mip6_timer_is_armed(&n->ha->reroute_timer.t))
		node_timer_arm(n, &n->ha->reroute_timer, n->now.boot);
}
