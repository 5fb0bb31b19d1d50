/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The Home Agents List: the other home agents on the home link, as their
 * Router Advertisements say.  This one is not an entry: its address, its
 * preference and its lifetime are the configuration's.
 *
 * Invariants: an entry's timer is due at the first moment when it, or one of
 * its global addresses, is no longer valid.  A table that is full takes nobody
 * new, so that a flood of strangers does not push out who is known.
 *
 * Implements: RFC 6275 sections 10.1 and 10.5.1 (receiving).
 */
#include "core/ha_int.h"

#include <string.h>

void
ha_list_init(struct mip6_node *n)
{
	struct ha_list *t = &n->ha->list;
	uint32_t i;

	for (i = 0; i < HA_AGENTS_MAX; i++)
		node_timer_init(&t->agent[i].timer, MIP6_TIMER_HA_LIST, i);
	node_timer_init(&t->ask_timer, MIP6_TIMER_HA_LIST, HA_AGENTS_MAX);
}

static struct ha_agent *
list_find(struct ha_list *t, const struct mip6_addr *addr)
{
	uint32_t i;

	for (i = 0; i < HA_AGENTS_MAX; i++)
		if (t->agent[i].used &&
		    mip6_addr_equal(&t->agent[i].addr, addr))
			return &t->agent[i];
	return NULL;
}

static void
list_remove(struct mip6_node *n, struct ha_agent *a)
{
	node_timer_stop(n, &a->timer);
	a->used = false;
	MIP6_LOG(n->log, INFO, "ha-list.gone", MIP6_KA("agent", &a->addr));
}

static struct ha_agent *
list_add(struct mip6_node *n, const struct mip6_addr *addr)
{
	struct ha_list *t = &n->ha->list;
	struct ha_agent *a;
	uint32_t i;

	for (i = 0; i < HA_AGENTS_MAX; i++) {
		a = &t->agent[i];
		if (a->used)
			continue;
		a->used = true;
		a->addr = *addr;
		a->globals = 0;
		MIP6_LOG(n->log, INFO, "ha-list.new", MIP6_KA("agent", addr));
		return a;
	}
	node_drop(n, MIP6_DROP_HA_LIST_FULL, addr);
	return NULL;
}

static void
list_arm(struct mip6_node *n, struct ha_agent *a)
{
	struct mip6_time due = a->expires;
	uint32_t i;

	for (i = 0; i < a->globals; i++)
		due = mip6_time_min(due, a->global[i].valid);
	node_timer_arm(n, &a->timer, due);
}

/* One Prefix Information option with the R bit. */
static void
list_add_global(struct mip6_node *n, struct ha_agent *a,
    const struct mip6_nd_prefix *p)
{
	struct ha_agent_addr *g;
	uint32_t i;

	for (i = 0; i < a->globals; i++)
		if (mip6_addr_equal(&a->global[i].addr, &p->addr))
			break;
	if (i == HA_AGENT_ADDRS_MAX)
		return;
	g = &a->global[i];
	if (i == a->globals)
		a->globals++;
	g->addr = p->addr;
	/* A valid lifetime of 0: the timer is due now, and takes it out. */
	g->valid = mip6_time_add(n->now.boot, p->valid);
}

/* A valid advertisement of a home agent on the home link. */
static void
list_learn(struct mip6_node *n, const struct mip6_addr *from,
    const struct mip6_nd *m)
{
	struct ha_agent *a = list_find(&n->ha->list, from);
	struct mip6_span life = m->u.ra.router_lifetime; /* R7.4-05 */
	uint16_t preference = 0;                         /* R7.4-02 */
	uint32_t i;

	/*
	 * R10.5.1-02, R10.5.1-03: the option, else what everybody assumes.
	 * Test: test_ha_list
	 */
	if (m->opt.has_ha_info) {
		preference = m->opt.ha_preference;
		life = m->opt.ha_lifetime;
	}
	/* R10.5.1-04: lifetime 0 is the end of it. Test: test_ha_list */
	if (life.us == 0) {
		if (a != NULL)
			list_remove(n, a);
		return;
	}
	if (a == NULL)
		a = list_add(n, from);
	if (a == NULL)
		return;
	a->preference = preference;
	a->expires = mip6_time_add(n->now.boot, life);
	for (i = 0; i < m->opt.prefix_count; i++)
		/* R10.5.1-04: whole addresses of its own. Test: test_ha_list */
		if (m->opt.prefix[i].router &&
		    mip6_addr_is_routable(&m->opt.prefix[i].addr))
			list_add_global(n, a, &m->opt.prefix[i]);
	list_arm(n, a);
}

void
ha_input_ra(struct mip6_node *n, const struct mip6_hint *h,
    const struct mip6_ip6_view *ip, const struct mip6_nd *m)
{
	const struct mip6_link *l = ha_home_link(n);
	const struct mip6_link_addr *own;
	struct ha_agent *a;
	uint32_t k;

	/* R8.4-08: a list for the home link, of that link. Test: test_ha_list */
	if (l == NULL || h->ifindex != n->ha->list.ifindex)
		return;
	for (k = 0; k < MIP6_LINK_ADDRS_MAX; k++) {
		own = &l->addr[k];
		if (own->used && own->reported &&
		    mip6_addr_equal(&own->addr, &ip->ip.src)) {
			node_drop(n, MIP6_DROP_SELF_SENT, &ip->ip.src);
			return;
		}
	}
	ha_ra_compare(n, &ip->ip.src, m);
	/* R10.5.1-01: a home agent no more. Test: test_ha_list */
	if (!m->u.ra.home_agent) {
		a = list_find(&n->ha->list, &ip->ip.src);
		if (a != NULL)
			list_remove(n, a);
		return;
	}
	list_learn(n, &ip->ip.src, m);
}

void
ha_list_timer(struct mip6_node *n, uint32_t index)
{
	struct ha_agent *a;
	uint32_t i = 0;

	if (index == HA_AGENTS_MAX) {
		ha_anycast_timer(n);
		return;
	}
	a = &n->ha->list.agent[index];
	if (!a->used)
		return;
	/* R10.5.1-05, R10.1-03: its time is over. Test: test_ha_list */
	if (mip6_time_reached(a->expires, n->now.boot)) {
		list_remove(n, a);
		return;
	}
	while (i < a->globals) {
		/* R10.1-02: the prefix's is over. Test: test_ha_list */
		if (mip6_time_reached(a->global[i].valid, n->now.boot))
			a->global[i] = a->global[--a->globals];
		else
			i++;
	}
	list_arm(n, a);
}

/* The list is about one link: with another one it begins anew. */
void
ha_list_changed(struct mip6_node *n)
{
	const struct mip6_conf_ha *c = n->ha->c;
	struct ha_list *t = &n->ha->list;
	uint32_t i, ifindex;

	ifindex = c->on && !c->is_virtual ? n->ha->ifindex : 0;
	if (ifindex != t->ifindex)
		for (i = 0; i < HA_AGENTS_MAX; i++)
			if (t->agent[i].used)
				list_remove(n, &t->agent[i]);
	t->ifindex = ifindex;
	ha_anycast_changed(n);
}
