/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What a home address means on this host: its row in the path, its address
 * and routes.
 *
 * The home address lives on the TUN, at home and away, and so do the routes,
 * so that no socket ever loses it.  What changes with the place is one row.
 *
 * Implements: RFC 6275 section 11.3.1.
 */
#include "core/mn_int.h"

#include <string.h>

/* How long traffic without a way is held back before it is refused. */
#define MN_GRACE MIP6_SPAN_S(3)
/* Actions that all other work on a configuration needs at the most. */
#define MN_DEL_RESERVE 320

static const struct mip6_prefix mn_low_half = { { { 0 } }, 1 };
static const struct mip6_prefix mn_high_half = { { { 0x80 } }, 1 };
static const struct mip6_prefix mn_everything = { { { 0 } }, 0 };

/* The two halves of the home prefix: more specific than the host's own. */
static void
mn_host_home_halves(struct mip6_node *n, const struct mn_home *h, bool on)
{
	struct mip6_prefix p;

	if (h->bits >= 127)
		return;
	p = mip6_prefix_make(&h->hoa, h->bits);
	p.bits++;
	node_act_route(n, MIP6_TABLE_MAIN, &p, 0, NULL, on, 0);
	p.addr.b[h->bits / 8] |= (uint8_t)(0x80u >> (h->bits % 8));
	node_act_route(n, MIP6_TABLE_MAIN, &p, 0, NULL, on, 0);
}

/* The halves of the default route, once for all home addresses. */
static void
mn_host_default(struct mip6_node *n, bool on)
{
	node_act_route(n, MIP6_TABLE_MAIN, &mn_low_half, 0, NULL, on, 0);
	node_act_route(n, MIP6_TABLE_MAIN, &mn_high_half, 0, NULL, on, 0);
}

static uint32_t
mn_host_homes(const struct mip6_node *n)
{
	uint32_t i, count = 0;

	for (i = 0; i < MIP6_HOMES_MAX; i++)
		count += n->mn->home[i].used;
	return count;
}

void
mn_host_addr(struct mip6_node *n, const struct mn_home *h, bool on)
{
	struct mip6_action *a = node_act(n, MIP6_ACT_ADDR);

	a->u.addr.addr = h->hoa;
	a->u.addr.bits = 128;
	a->u.addr.valid.us = INT64_MAX;
	a->u.addr.preferred.us = h->prefix.avoided ? 0 : INT64_MAX;
	a->u.addr.on = on;
}

void
mn_host_add(struct mip6_node *n, struct mn_home *h)
{
	mn_host_addr(n, h, true);
	if (mn_host_homes(n) == 1)
		node_act_route(n, MIP6_TABLE_HOME, &mn_everything, 0, NULL,
		    true, 0);
	node_act_rule(n, &h->hoa, MIP6_TABLE_HOME, true);
	mn_host_home_halves(n, h, true);
	node_act_set(n, MIP6_ACT_SHIELD, 0, &h->hoa, true);
	node_act_set(n, MIP6_ACT_LOCAL, 0, &h->hoa, true);
}

/* The router of the home link, held while the row points at it. */
static void
mn_host_gateway(struct mip6_node *n, struct mn_home *h,
    const struct mip6_router *gw)
{
	uint32_t old = h->gateway_hop;

	h->gateway_hop =
	    gw != NULL ? nd_hold(n, gw->ifindex, &gw->addr) : MIP6_HOP_NONE;
	nd_release(n, old);
}

/*
 * All neighbours of a home address that goes, at once.  Several may go in one
 * event, each with many: no more rows are taken back than leave room for the
 * rest, and those that stay lead nowhere without the row of the address.
 */
static void
mn_host_drop_neighbours(struct mip6_node *n, struct mn_home *h)
{
	uint32_t i;

	for (i = 0; i < h->neighbours; i++) {
		if (mip6_actions_room(n->out, MN_DEL_RESERVE, 0))
			node_act_row_del(n, &h->hoa, &h->neighbour[i].addr);
		nd_release(n, h->neighbour[i].hop);
	}
	h->neighbours = h->neighbour_next = 0;
}

void
mn_host_del(struct mip6_node *n, struct mn_home *h)
{
	mn_host_drop_neighbours(n, h);
	if (h->row_set)
		node_act_row_del(n, &h->hoa, &mip6_addr_any);
	h->row_set = false;
	mn_host_gateway(n, h, NULL);
	if (h->routes_on && mn_host_homes(n) == 1)
		mn_host_default(n, false);
	node_act_set(n, MIP6_ACT_LOCAL, 0, &h->hoa, false);
	node_act_set(n, MIP6_ACT_SHIELD, 0, &h->hoa, false);
	mn_host_home_halves(n, h, false);
	node_act_rule(n, &h->hoa, MIP6_TABLE_HOME, false);
	if (mn_host_homes(n) == 1)
		node_act_route(n, MIP6_TABLE_HOME, &mn_everything, 0, NULL,
		    false, 0);
	mn_host_addr(n, h, false);
}

/* The largest packet that the link of the tunnel takes. */
static uint16_t
mn_host_mtu(struct mip6_node *n, uint32_t ifindex)
{
	const struct mip6_link *l = link_find(n, ifindex);

	return l != NULL && l->ev.mtu >= MIP6_IP6_MTU_MIN ? l->ev.mtu :
							    MIP6_IP6_MTU_MIN;
}

static bool
mn_host_tunnel_alive(struct mip6_node *n, const struct mn_home *h)
{
	const struct mip6_link *l;

	if (!mn_is_bound(n, h) || h->tunnel_hop == MIP6_HOP_NONE)
		return false;
	l = link_find(n, h->tunnel_ifindex);
	return l != NULL && l->ev.up;
}

/* Home rows are right at home, and while returning once an update went. */
static bool
mn_host_native(struct mip6_node *n, const struct mn_home *h)
{
	if (h->at.place != MN_PLACE_HOME)
		return false;
	if (h->state == MN_AT_HOME)
		return true;
	/* R11.5.5-02: not before the update was sent. Test: test_mn_home */
	if (h->state != MN_RETURNING || h->ha->bul.unanswered == 0)
		return false;
	return h->tunnel_ifindex == h->at.ifindex ||
	    !mn_host_tunnel_alive(n, h);
}

/*
 * What would be lost in that moment goes where the update went: a home agent
 * may forward while it still asks for the home address on its link (its
 * `home-dad = provisional`), and answers only a second later.
 */
static void
mn_host_eager(struct mip6_node *n, struct mn_home *h, struct mip6_fwd_row *r)
{
	/* P-EAGER: left home, and the update has gone. Test: test_mn_eager */
	if (!h->left_home || h->at.place != MN_PLACE_FOREIGN ||
	    h->ha->bul.unanswered == 0)
		return;
	r->local = h->at.coa;
	r->peer = h->ha->addr;
	r->hop = h->at_hop;
	r->mtu = mn_host_mtu(n, h->at.ifindex);
	h->row_eager = true;
}

static void
mn_host_want(struct mip6_node *n, struct mn_home *h, struct mip6_fwd_row *r)
{
	bool was_eager = h->row_eager;

	h->row_eager = false;
	memset(r, 0, sizeof(*r));
	r->home = h->hoa;
	r->hop = MIP6_HOP_NONE;
	r->onlink_bits = h->bits;
	if (mn_host_native(n, h)) {
		r->kind = MIP6_FWD_MN_HOME;
		r->ifindex = h->at.ifindex;
		mn_host_gateway(n, h, router_default(n, h->at.ifindex));
		r->hop = h->gateway_hop;
		return;
	}
	mn_host_gateway(n, h, NULL);
	if (h->bound != NULL) {
		r->local = h->bound->bul.coa;
		r->peer = h->bound->addr;
	}
	r->mtu = mn_host_mtu(n, h->tunnel_ifindex);
	if (h->path_mtu != 0 && h->path_mtu < r->mtu)
		r->mtu = h->path_mtu;
	r->kind = MIP6_FWD_MN_TUNNEL;
	/* RFC4862-5.4.5: never from another node's address. Test: test_coa_own */
	if (mn_is_bound(n, h) &&
	    !link_is_duplicate(n, h->tunnel_ifindex, &h->bound->bul.coa)) {
		r->tell = n->conf->mn.optimize != MIP6_OPTIMIZE_NONE;
		r->hop = h->tunnel_hop;
		return;
	}
	/* No way: in silence for a moment, then with an answer. */
	if (h->row_set && !was_eager && h->row.kind != MIP6_FWD_MN_BLOCK &&
	    (h->row.kind == MIP6_FWD_MN_HOME || h->row.hop != MIP6_HOP_NONE)) {
		h->lost_at = n->now.boot;
		h->left_home = h->row.kind == MIP6_FWD_MN_HOME;
	}
	if (h->lost_at.us == INT64_MIN ||
	    mip6_time_reached(mip6_time_add(h->lost_at, MN_GRACE),
		n->now.boot)) {
		r->kind = MIP6_FWD_MN_BLOCK;
		return;
	}
	node_timer_arm(n, &h->announce, mip6_time_add(h->lost_at, MN_GRACE));
	mn_host_eager(n, h, r);
}

/*
 * A neighbour that is bound here has a direct row of the same pair (direct.c),
 * which took the place of the one as a neighbour; when it goes, the path asks.
 */
static void
mn_neighbour_row(struct mip6_node *n, const struct mn_home *h,
    const struct mn_neighbour *b, bool on)
{
	struct mip6_fwd_row r;

	if (direct_find(n, &h->hoa, &b->addr) != NULL)
		return;
	if (!on) {
		node_act_row_del(n, &h->hoa, &b->addr);
		return;
	}
	memset(&r, 0, sizeof(r));
	r.home = h->hoa;
	r.other = b->addr;
	r.kind = MIP6_FWD_MN_NEIGHBOUR;
	r.hop = b->hop;
	r.ifindex = h->row.ifindex;
	node_act_row(n, &r);
}

/*
 * Neighbours' rows go, a few at a time: the path does not use them unless the
 * home address is at home.
 */
static void
mn_host_forget_neighbours(struct mip6_node *n, struct mn_home *h)
{
	struct mn_neighbour *b;

	while (h->neighbours > 0) {
		if (!mip6_actions_room(n->out, MIP6_STEP_ACTIONS, 0)) {
			node_timer_arm(n, &h->announce, n->now.boot);
			break;
		}
		b = &h->neighbour[--h->neighbours];
		mn_neighbour_row(n, h, b, false);
		nd_release(n, b->hop);
	}
	h->neighbour_next = h->neighbours; /* the first free one */
}

/* `without-binding = direct`: the default route is ours while it leads on. */
static void
mn_host_routes(struct mip6_node *n, struct mn_home *h)
{
	bool on = n->conf->mn.without_binding == MIP6_WITHOUT_BINDING_BLOCK ||
	    h->row.kind != MIP6_FWD_MN_BLOCK;
	uint32_t i;

	if (h->routes_on == on)
		return;
	h->routes_on = on;
	for (i = 0; i < MIP6_HOMES_MAX; i++)
		if (n->mn->home[i].used && &n->mn->home[i] != h &&
		    n->mn->home[i].routes_on)
			return;
	mn_host_default(n, on);
}

void
mn_host_row(struct mip6_node *n, struct mn_home *h)
{
	bool was_eager = h->row_eager;
	struct mip6_fwd_row r;

	mn_host_want(n, h, &r);
	if (r.kind != MIP6_FWD_MN_HOME && h->neighbours > 0)
		mn_host_forget_neighbours(n, h);
	/* Set anew, the path says once more when it is used. */
	if (h->row_set && was_eager == h->row_eager &&
	    memcmp(&h->row, &r, sizeof(r)) == 0)
		return;
	h->row = r;
	h->row_set = true;
	node_act_row(n, &r);
	mn_host_routes(n, h);
}

void
mn_host_bind(struct mip6_node *n, struct mn_home *h)
{
	struct mip6_link *l = link_find(n, h->at.ifindex);
	uint32_t old = h->tunnel_hop;

	h->bound = h->ha;
	if (h->tunnel_ifindex != h->at.ifindex)
		h->barred.count = 0;
	if (!mip6_addr_equal(&h->row.local, &h->bound->bul.coa) ||
	    !mip6_addr_equal(&h->row.peer, &h->bound->addr))
		h->path_mtu = 0; /* another way */
	h->tunnel_ifindex = h->at.ifindex;
	h->tunnel_hop = nd_hold(n, h->at.ifindex, &h->at.nexthop);
	nd_release(n, old);
	if (l != NULL)
		link_retire_addrs(n, l, &h->at.coa);
}

void
mn_host_unbind(struct mip6_node *n, struct mn_home *h)
{
	if (h->bound != NULL)
		mip6_bul_unbind(&h->bound->bul);
	h->bound = NULL;
	nd_release(n, h->tunnel_hop);
	h->tunnel_hop = MIP6_HOP_NONE;
	h->mcast_peer = mip6_addr_any;
	node_timer_stop(n, &h->refresh);
	node_timer_stop(n, &h->expiry);
}

/* A neighbour on the home link: a row of its own. */
void
mn_no_row(struct mip6_node *n, const struct mip6_hint *hint)
{
	struct mn_neighbour *b;
	struct mn_home *h = NULL;
	uint32_t i;

	for (i = 0; i < MIP6_HOMES_MAX && h == NULL; i++)
		if (n->mn->home[i].used &&
		    mip6_addr_equal(&n->mn->home[i].hoa, &hint->src))
			h = &n->mn->home[i];
	if (h == NULL || !h->row_set || h->row.kind != MIP6_FWD_MN_HOME ||
	    mip6_addr_is_multicast(&hint->dst))
		return;
	for (i = 0; i < h->neighbours; i++)
		if (mip6_addr_equal(&h->neighbour[i].addr, &hint->dst)) {
			mn_neighbour_row(n, h, &h->neighbour[i], true);
			return;
		}
	b = &h->neighbour[h->neighbour_next];
	if (h->neighbours == MN_NEIGHBOURS_MAX) {
		mn_neighbour_row(n, h, b, false);
		nd_release(n, b->hop);
	} else {
		h->neighbours++;
	}
	h->neighbour_next = (h->neighbour_next + 1) % MN_NEIGHBOURS_MAX;
	b->addr = hint->dst;
	b->hop = nd_hold(n, h->row.ifindex, &hint->dst);
	mn_neighbour_row(n, h, b, true);
}

void
mn_row_used(struct mip6_node *n, const struct mip6_hint *hint)
{
	struct mn_home *h;
	uint32_t i;

	for (i = 0; i < MIP6_HOMES_MAX; i++) {
		h = &n->mn->home[i];
		if (!h->used || h->handover == NULL ||
		    h->handover->first_packet.us != 0 ||
		    (!mip6_addr_equal(&h->hoa, &hint->src) &&
			!mip6_addr_equal(&h->hoa, &hint->dst)))
			continue;
		/* The old tunnel's use is not the new place's. */
		if (h->row.kind != MIP6_FWD_MN_HOME &&
		    h->handover->ba_received.us == 0)
			continue;
		h->handover->first_packet = n->now.boot;
		MIP6_LOG(n->log, INFO, "mn.handover-done",
		    MIP6_KA("hoa", &h->hoa), MIP6_KA("coa", &h->handover->to),
		    MIP6_KT("since_link_up",
			mip6_time_sub(n->now.boot, h->handover->link_up)));
	}
}

static bool
mn_host_bypasses(const struct mip6_prefix_list *list,
    const struct mip6_prefix *p)
{
	uint32_t i;

	for (i = 0; i < list->count; i++)
		if (mip6_prefix_equal(&list->prefix[i], p))
			return true;
	return false;
}

static bool
mn_host_is_away(const struct mip6_node *n)
{
	uint32_t i;

	for (i = 0; n->conf->mn.on && i < MIP6_HOMES_MAX; i++)
		if (n->mn->home[i].used &&
		    n->mn->home[i].at.place == MN_PLACE_FOREIGN)
			return true;
	return false;
}

/*
 * A host without an address on that link would take the home address for
 * what goes past the tunnel: then nothing does.
 */
void
mn_host_bypass(struct mip6_node *n)
{
	const struct mip6_prefix_list *want = &n->conf->mn.bypass;
	struct mip6_mn *mn = n->mn;
	bool on = mn_host_is_away(n) && !mip6_addr_is_any(&mn->rule_coa);
	uint32_t ifindex = on ? mn->rule_ifindex : 0;
	bool same = mn->bypass_ifindex == ifindex &&
	    mip6_addr_equal(&mn->bypass_gateway, &mn->rule_gateway);
	uint32_t i;

	for (i = 0; mn->bypass_ifindex != 0 && i < mn->bypass.count; i++)
		if (!same || !mn_host_bypasses(want, &mn->bypass.prefix[i]))
			node_act_route(n, MIP6_TABLE_MAIN,
			    &mn->bypass.prefix[i], mn->bypass_ifindex,
			    &mn->bypass_gateway, false, 0);
	for (i = 0; ifindex != 0 && i < want->count; i++)
		if (!same || !mn_host_bypasses(&mn->bypass, &want->prefix[i]))
			node_act_route(n, MIP6_TABLE_MAIN, &want->prefix[i],
			    ifindex, &mn->rule_gateway, true, 0);
	mn->bypass = *want;
	mn->bypass_ifindex = ifindex;
	mn->bypass_gateway = mn->rule_gateway;
}

/* Applications bound to the care-of address keep the host's own way out. */
void
mn_host_coa(struct mip6_node *n, const struct mn_position *at)
{
	const struct mip6_router *r = router_default(n, at->ifindex);
	struct mip6_mn *mn = n->mn;
	struct mip6_addr src = link_host_addr(n, at->ifindex, &at->coa);
	bool had = mn->rule_ifindex != 0;
	bool same;

	if (r == NULL)
		return;
	same = had && mn->rule_ifindex == at->ifindex &&
	    mip6_addr_equal(&mn->rule_gateway, &r->addr);
	if (same && mip6_addr_equal(&mn->rule_coa, &src))
		return;
	if (had && !same)
		node_act_route(n, MIP6_TABLE_COA, &mn_everything,
		    mn->rule_ifindex, &mn->rule_gateway, false, 0);
	if (!mip6_addr_is_any(&mn->rule_coa))
		node_act_rule(n, &mn->rule_coa, MIP6_TABLE_COA, false);
	if (!same)
		node_act_route(n, MIP6_TABLE_COA, &mn_everything, at->ifindex,
		    &r->addr, true, 0);
	/* None where the care-of address is ours and the host has no other. */
	if (!mip6_addr_is_any(&src))
		node_act_rule(n, &src, MIP6_TABLE_COA, true);
	mn->rule_coa = src;
	mn->rule_ifindex = at->ifindex;
	mn->rule_gateway = r->addr;
	mn_host_bypass(n);
}
