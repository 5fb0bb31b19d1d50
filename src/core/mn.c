/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The mobile node: where am I, and what does that mean for each home address?
 *
 * Whatever changes about links, routers or addresses arms one evaluation for
 * now; it finds the place the node is at and gives each home address's machine
 * one event (mn_state.c).
 *
 * Implements: RFC 6275 sections 11.1, 11.5.1 to 11.5.5, 11.7.1.
 */
#include "core/mn_int.h"

#include <string.h>

/* ---- where am I ---- */

bool
mn_is_home_addr(const struct mip6_node *n, const struct mip6_addr *a)
{
	uint32_t i;

	if (n->mn == NULL)
		return false;
	for (i = 0; i < MIP6_HOMES_MAX; i++)
		if (n->mn->home[i].used &&
		    mip6_addr_equal(&n->mn->home[i].hoa, a))
			return true;
	return false;
}

bool
mn_needs_coa(const struct mip6_node *n, const struct mip6_addr *coa)
{
	const struct mn_home *h;
	uint32_t i;

	for (i = 0; n->mn != NULL && i < MIP6_HOMES_MAX; i++) {
		h = &n->mn->home[i];
		if (h->used &&
		    (mip6_addr_equal(&h->at.coa, coa) ||
			(h->bound != NULL &&
			    mip6_addr_equal(&h->bound->bul.coa, coa))))
			return true;
	}
	return false;
}

bool
mn_is_away_in(const struct mip6_node *n, const struct mip6_prefix *p)
{
	const struct mn_home *h;
	uint32_t i;

	if (n->mn == NULL)
		return false;
	for (i = 0; i < MIP6_HOMES_MAX; i++) {
		h = &n->mn->home[i];
		if (h->used &&
		    (h->bits != p->bits || !mip6_prefix_has(p, &h->hoa)))
			return true;
	}
	return false;
}

/* R11.5.2-01: at home where the home prefix is advertised on-link. */
static bool
mn_find_home(struct mip6_node *n, const struct mn_home *h,
    struct mn_position *at)
{
	struct mip6_prefix p = mip6_prefix_make(&h->hoa, h->c->bits);
	const struct mip6_prefix_entry *e;
	struct mip6_link *l;
	uint32_t i;

	for (i = 0; i < MIP6_LINKS_MAX; i++) {
		l = &n->link[i];
		if (!l->used || !l->is_mn || !l->ev.up || !l->captured)
			continue;
		e = router_prefix(n, l->ev.ifindex, &p);
		if (e == NULL || !e->onlink)
			continue;
		at->place = MN_PLACE_HOME;
		at->ifindex = l->ev.ifindex;
		at->generation = l->generation;
		at->coa = h->hoa;
		(void)router_nexthop(n, l->ev.ifindex, &h->ha->addr,
		    &at->nexthop);
		return true;
	}
	return false;
}

static bool
mn_find_foreign(struct mip6_node *n, const struct mn_home *h,
    struct mn_position *at)
{
	uint32_t on = h->at.place == MN_PLACE_FOREIGN ? h->at.ifindex : 0;
	struct mip6_ntimer *evaluate = &n->mn->evaluate;
	struct mip6_time again;
	struct mip6_link *l;

	l = link_choose(n, on, &h->at.coa, &at->coa, &again);
	if (!mip6_timer_is_armed(&evaluate->t) ||
	    mip6_time_before(again, evaluate->t.deadline))
		node_timer_arm(n, evaluate, again);
	if (l == NULL)
		return false;
	at->place = MN_PLACE_FOREIGN;
	at->ifindex = l->ev.ifindex;
	at->generation = l->generation;
	return router_nexthop(n, at->ifindex, &h->ha->addr, &at->nexthop);
}

static struct mip6_show_handover *
mn_handover_begin(struct mip6_node *n, const struct mn_home *h,
    const struct mn_position *to)
{
	struct mip6_mn *mn = n->mn;
	struct mip6_show_handover *o =
	    &mn->handover[mn->handovers++ % MIP6_HANDOVERS_MAX];
	const struct mip6_link *l = link_find(n, to->ifindex);
	struct mip6_time first;
	uint32_t i;

	for (i = 0; i < MIP6_HOMES_MAX; i++)
		if (mn->home[i].handover == o)
			mn->home[i].handover = NULL;
	memset(o, 0, sizeof(*o));
	o->hoa = h->hoa;
	if (h->bound != NULL)
		o->from = h->bound->bul.coa;
	o->to = to->coa;
	o->ifindex = to->ifindex;
	o->link_up = l->up_at;
	o->router_advert = l->ra_at;
	o->coa_usable = n->now.boot;
	first = l->up_at.us != 0 ? l->up_at : n->now.boot;
	o->wall_us =
	    n->now.wall_us - (uint64_t)mip6_time_sub(n->now.boot, first).us;
	return o;
}

/* The way to the home agent, held so that updates need no look-up. */
static void
mn_hold_hop(struct mip6_node *n, struct mn_home *h)
{
	uint32_t old = h->at_hop;

	h->at_hop = h->at.place != MN_PLACE_NONE ?
	    nd_hold(n, h->at.ifindex, &h->at.nexthop) :
	    MIP6_HOP_NONE;
	nd_release(n, old);
}

void
mn_rehop(struct mip6_node *n, struct mn_home *h)
{
	if (h->at.place == MN_PLACE_NONE)
		return;
	(void)router_nexthop(n, h->at.ifindex, &h->ha->addr, &h->at.nexthop);
	mn_hold_hop(n, h);
}

static bool
mn_same_place(const struct mn_position *a, const struct mn_position *b)
{
	return a->place == b->place && a->ifindex == b->ifindex &&
	    a->generation == b->generation && mip6_addr_equal(&a->coa, &b->coa);
}

static void
mn_moved(struct mip6_node *n, struct mn_home *h, const struct mn_position *to)
{
	h->at = *to;
	mn_hold_hop(n, h);
	if (to->place != MN_PLACE_FOREIGN)
		mn_host_bypass(n);
	if (to->place == MN_PLACE_NONE) {
		mn_step(n, h, MN_EV_NONE);
		return;
	}
	h->handover = mn_handover_begin(n, h, to);
	MIP6_LOG(n->log, INFO, "mn.moved", MIP6_KA("hoa", &h->hoa),
	    MIP6_KS("place", to->place == MN_PLACE_HOME ? "home" : "foreign"),
	    MIP6_KA("coa", &to->coa));
	if (to->place == MN_PLACE_FOREIGN) {
		link_take(n, link_find(n, to->ifindex), &to->coa);
		mn_host_coa(n, to);
		mn_step(n, h, MN_EV_COA);
	} else {
		mn_step(n, h, mn_home_event(n, h));
	}
}

static void
mn_evaluate(struct mip6_node *n, struct mn_home *h)
{
	struct mn_position to;

	memset(&to, 0, sizeof(to));
	if (!mn_find_home(n, h, &to))
		(void)mn_find_foreign(n, h, &to);
	if (!mn_same_place(&h->at, &to)) {
		mn_moved(n, h, &to);
		return;
	}
	if (mip6_addr_equal(&h->at.nexthop, &to.nexthop)) {
		/* At home the agent is a neighbour: its router may change. */
		if (to.place == MN_PLACE_HOME)
			mn_host_row(n, h);
		else if (to.place == MN_PLACE_FOREIGN)
			mn_host_coa(n, &to);
		return;
	}
	/* The same place, another router. */
	h->at = to;
	mn_hold_hop(n, h);
	if (to.place == MN_PLACE_FOREIGN)
		mn_host_coa(n, &to);
	mn_host_row(n, h);
}

/* As many home addresses as there is room for; at least one. */
static void
mn_evaluate_some(struct mip6_node *n)
{
	struct mip6_mn *mn = n->mn;

	do {
		if (mn->home[mn->evaluated].used)
			mn_evaluate(n, &mn->home[mn->evaluated]);
		mn->evaluated++;
	} while (mn->evaluated < MIP6_HOMES_MAX &&
	    mip6_actions_room(n->out, MIP6_STEP_ACTIONS, MIP6_STEP_OCTETS));
	if (mn->evaluated < MIP6_HOMES_MAX) {
		node_timer_arm(n, &mn->evaluate, n->now.boot);
		return;
	}
	mn->evaluated = 0;
	mn_ro_changed(n);
}

void
mn_changed(struct mip6_node *n)
{
	n->mn->evaluated = 0;
	node_timer_arm(n, &n->mn->evaluate, n->now.boot);
}

/* ---- configuration ---- */

static struct mn_home *
mn_home_find(struct mip6_mn *mn, const struct mip6_addr *hoa)
{
	uint32_t i;

	for (i = 0; i < MIP6_HOMES_MAX; i++)
		if (mn->home[i].used && mip6_addr_equal(&mn->home[i].hoa, hoa))
			return &mn->home[i];
	return NULL;
}

struct mn_home *
mn_home_add(struct mip6_node *n, const struct mip6_conf_home *c, bool derived)
{
	struct mn_home *h;
	uint32_t i;

	if (!derived)
		mn_prefix_make_room(n);
	for (i = 0; i < MIP6_HOMES_MAX && n->mn->home[i].used; i++)
		;
	MIP6_ASSERT(i < MIP6_HOMES_MAX);
	h = &n->mn->home[i];
	memset(h, 0, sizeof(*h));
	h->used = true;
	h->index = i;
	h->c = c;
	h->hoa = derived ? c->hoa : mn_prefix_form(n, c);
	h->bits = c->bits;
	mn_prefix_init(h, derived);
	h->at_hop = h->tunnel_hop = h->gateway_hop = MIP6_HOP_NONE;
	h->lost_at.us = INT64_MIN;
	mn_agent_init(n, h);
	node_timer_init(&h->send, MIP6_TIMER_MN_SEND, i);
	node_timer_init(&h->refresh, MIP6_TIMER_MN_REFRESH, i);
	node_timer_init(&h->expiry, MIP6_TIMER_MN_EXPIRY, i);
	node_timer_init(&h->announce, MIP6_TIMER_MN_ANNOUNCE, i);
	node_timer_init(&h->dad, MIP6_TIMER_MN_HOME, i);
	mn_host_add(n, h);
	mn_host_row(n, h);
	return h;
}

void
mn_home_del(struct mip6_node *n, struct mn_home *h)
{
	node_timer_stop(n, &h->send);
	node_timer_stop(n, &h->refresh);
	node_timer_stop(n, &h->expiry);
	node_timer_stop(n, &h->announce);
	mn_home_listen(n, h, false);
	mn_host_unbind(n, h);
	nd_release(n, h->at_hop);
	mn_agent_fini(n, h);
	mn_prefix_fini(n, h);
	mn_host_del(n, h);
	h->used = false;
}

/* Homes that are new come, those that are gone go, the others stay bound. */
bool
mn_configure(struct mip6_node *n, const struct mip6_conf *conf)
{
	const struct mip6_conf_home *c;
	struct mip6_addr hoa;
	struct mn_home *h;
	uint32_t i, k;
	bool keep;

	if (n->mn == NULL) {
		n->mn = n->env.alloc.alloc(n->env.alloc.arg, sizeof(*n->mn));
		if (n->mn == NULL)
			return false;
		node_timer_init(&n->mn->evaluate, MIP6_TIMER_MN_EVALUATE, 0);
	}
	for (i = 0; i < MIP6_HOMES_MAX; i++) {
		h = &n->mn->home[i];
		if (!h->used)
			continue;
		keep = mn_prefix_keeps(n, conf, h);
		for (k = 0; conf->mn.on && k < conf->mn.homes; k++) {
			hoa = mn_prefix_form(n, &conf->mn.home[k]);
			keep |= conf->mn.home[k].bits == h->bits &&
			    mip6_addr_equal(&hoa, &h->hoa);
		}
		if (!keep)
			mn_home_del(n, h);
	}
	for (k = 0; conf->mn.on && k < conf->mn.homes; k++) {
		c = &conf->mn.home[k];
		hoa = mn_prefix_form(n, c);
		h = mn_home_find(n->mn, &hoa);
		if (h == NULL) {
			(void)mn_home_add(n, c, false);
			continue;
		}
		h->c = c;
		h->root = h->hoa;
		h->prefix.derived = false;
		mn_agent_configure(n, h);
		h->do_not_send = false;
		h->refused_wait.us = 0;
		/* A new agent or key: tell it who we are. */
		if (h->state == MN_REGISTERING || h->state == MN_REGISTERED ||
		    h->state == MN_UPDATING)
			mn_step(n, h, MN_EV_COA);
	}
	mn_host_bypass(n);
	mn_changed(n);
	return mn_ro_configure(n);
}

void
mn_free(struct mip6_node *n)
{
	if (n->mn == NULL)
		return;
	mn_ro_free(n);
	n->env.alloc.release(n->env.alloc.arg, n->mn, sizeof(*n->mn));
}

void
mn_timer(struct mip6_node *n, const struct mip6_ntimer *t)
{
	struct mn_home *h = &n->mn->home[node_timer_index(t)];
	enum mip6_timer_kind kind = node_timer_kind(t);

	if (kind == MIP6_TIMER_MN_EVALUATE) {
		mn_evaluate_some(n);
		return;
	}
	if (!h->used)
		return;
	if (kind == MIP6_TIMER_MN_SEND) {
		mn_send_timer(n, h);
	} else if (kind == MIP6_TIMER_MN_REFRESH) {
		mn_step(n, h, MN_EV_REFRESH);
	} else if (kind == MIP6_TIMER_MN_HOME) {
		mn_home_timer(n, h);
	} else if (kind == MIP6_TIMER_MN_ANNOUNCE) {
		mn_home_announce(n, h);
		mn_host_row(n, h);
	} else {
		MIP6_LOG(n->log, WARNING, "mn.binding-expired",
		    MIP6_KA("hoa", &h->hoa));
		mn_step(n, h, MN_EV_EXPIRED);
	}
}

void
mn_flush(struct mip6_node *n, const struct mip6_addr *hoa)
{
	struct mn_home *h;
	uint32_t i;

	mn_ro_flush(n, hoa);
	for (i = 0; i < MIP6_HOMES_MAX; i++) {
		h = &n->mn->home[i];
		if (!h->used ||
		    (!mip6_addr_is_any(hoa) && !mip6_addr_equal(hoa, &h->hoa)))
			continue;
		h->do_not_send = false;
		h->refused_wait.us = 0;
		mn_agent_flush(h);
		if (h->at.place == MN_PLACE_FOREIGN)
			mn_step(n, h, MN_EV_COA);
		else if (h->at.place == MN_PLACE_HOME && h->state == MN_AT_HOME)
			mn_start_update(n, h); /* and keeps the address */
		else if (h->at.place == MN_PLACE_HOME)
			mn_step(n, h, mn_home_event(n, h));
	}
}
