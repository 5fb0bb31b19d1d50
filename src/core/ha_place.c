/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Where the home agent stands: its home link, its prefixes, its own addresses.
 *
 * Implements: RFC 6275 sections 8.4 and 10.1 (the addresses a home agent is
 * reached by).
 */
#include "core/ha_int.h"

#include <string.h>

int
ha_prefix_index(const struct mip6_node *n, const struct mip6_addr *a)
{
	const struct mip6_conf_ha *c = n->ha->c;
	uint32_t i;

	for (i = 0; i < c->prefixes; i++)
		if (mip6_prefix_has(&c->prefix[i].prefix, a))
			return (int)i;
	return -1;
}

const struct mip6_addr *
ha_address(const struct mip6_node *n, uint32_t prefix)
{
	const struct ha_place *p = &n->ha->place[prefix];

	return p->taken ? &p->address : NULL;
}

int
ha_address_index(const struct mip6_node *n, const struct mip6_addr *a)
{
	uint32_t i;

	for (i = 0; i < n->ha->c->prefixes; i++)
		if (n->ha->place[i].taken &&
		    mip6_addr_equal(&n->ha->place[i].address, a))
			return (int)i;
	return -1;
}

struct mip6_link *
ha_home_link(struct mip6_node *n)
{
	struct mip6_link *l = link_find(n, n->ha->ifindex);

	return l != NULL && l->ev.up ? l : NULL;
}

void
ha_prefix_life_at(const struct mip6_node *n, struct mip6_time now,
    uint32_t prefix, struct mip6_span *valid, struct mip6_span *preferred)
{
	const struct mip6_conf_home_prefix *p = &n->ha->c->prefix[prefix];
	struct mip6_span age = mip6_time_sub(now, ha_prefix_since(n, prefix));

	*valid = p->valid;
	*preferred = p->preferred;
	if (!p->decrement)
		return;
	if (valid->us != INT64_MAX)
		valid->us = valid->us > age.us ? valid->us - age.us : 0;
	if (preferred->us != INT64_MAX)
		preferred->us =
		    preferred->us > age.us ? preferred->us - age.us : 0;
}

void
ha_prefix_life(const struct mip6_node *n, uint32_t prefix,
    struct mip6_span *valid, struct mip6_span *preferred)
{
	ha_prefix_life_at(n, n->now.boot, prefix, valid, preferred);
}

/* Our address: configured, or the interface's one in the home prefix. */
static bool
place_find_address(const struct mip6_link *l,
    const struct mip6_conf_home_prefix *c, struct mip6_addr *address)
{
	const struct mip6_link_addr *a;
	uint32_t k;

	for (k = 0; k < MIP6_LINK_ADDRS_MAX; k++) {
		a = &l->addr[k];
		if (!a->used || !a->reported ||
		    (a->flags & MIP6_ADDR_DUPLICATED) != 0)
			continue;
		if (mip6_addr_is_any(&c->address) ?
			mip6_prefix_has(&c->prefix, &a->addr) :
			mip6_addr_equal(&c->address, &a->addr)) {
			*address = a->addr;
			return true;
		}
	}
	return false;
}

static void
place_take(struct mip6_node *n, struct ha_place *p,
    const struct mip6_prefix *prefix, const struct mip6_addr *address)
{
	struct mip6_ha *ha = n->ha;

	if (p->taken && mip6_addr_equal(&p->address, address))
		return;
	if (p->taken) {
		node_act_set(n, MIP6_ACT_LOCAL, 0, &p->address, false);
		node_act_set(n, MIP6_ACT_SILENCE, 0, &p->address, false);
	}
	p->address = *address;
	p->taken = true;
	node_act_set(n, MIP6_ACT_LOCAL, ha->ifindex, address, true);
	node_act_set(n, MIP6_ACT_SILENCE, ha->ifindex, address, true);
	MIP6_LOG(n->log, INFO, "ha.serving", MIP6_KA("address", address),
	    MIP6_KA("prefix", &prefix->addr), MIP6_KU("bits", prefix->bits));
}

void
ha_changed(struct mip6_node *n)
{
	struct mip6_ha *ha = n->ha;
	struct mip6_addr address;
	struct mip6_link *l;
	uint32_t i, k;

	ha->ifindex = 0;
	for (i = 0; i < MIP6_LINKS_MAX; i++) {
		l = &n->link[i];
		if (!l->used || strcmp(l->ev.name, ha->c->interface) != 0)
			continue;
		ha->ifindex = l->ev.ifindex;
		for (k = 0; ha->c->on && k < ha->c->prefixes; k++)
			if (place_find_address(l, &ha->c->prefix[k], &address))
				place_take(n, &ha->place[k],
				    &ha->c->prefix[k].prefix, &address);
	}
	ha_ra_changed(n);
	ha_list_changed(n);
	ha_mpd_changed(n);
}
