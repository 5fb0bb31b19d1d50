/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Where the home agent stands: its home link, its prefixes, its own addresses,
 * and what the host is asked for so that packets for mobile nodes come here.
 *
 * On a home link our address of a prefix is one that the host has there, and
 * is used once the host's Duplicate Address Detection is done with it.  When
 * it goes, nothing is taken any more and the bindings wait, since a cable
 * pulled out for a moment takes the address along.  When another one comes
 * instead, the bindings of the former end, because their mobile nodes talk to
 * that one; only when the last has ended is the new address ours.
 *
 * A virtual home link is a prefix that is routed to this host.  The host
 * routes the whole prefix into the TUN, whatever mobile nodes there are; what
 * is for none of them is answered by the path (the row of ::).  Our address
 * may be any of the host's; one of the prefix that the host does not have is
 * put on the TUN.
 *
 * Invariants: what comes to a place's address is ours exactly while `taken`; a
 * binding's `local` is the number of a place whose address its mobile node
 * knows, or HA_PLACE_NOWHERE once its prefix is no more.
 *
 * Implements: RFC 6275 sections 8.4 and 10.1 (the addresses a home agent is
 * reached by), 10.4.1 (groups).
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

/* ---- what the host does for a home address ---- */

uint32_t
ha_place_host(struct mip6_node *n, const struct mip6_addr *hoa, bool on,
    bool shared, uint64_t id)
{
	const struct mip6_conf_ha *c = n->ha->c;
	struct mip6_addr group = mip6_addr_solicited_node(hoa);
	struct mip6_prefix p = { *hoa, 128 };

	if (c->is_virtual)
		return 0;
	node_act_route(n, MIP6_TABLE_MAIN, &p, 0, NULL, on, id);
	if (!c->join_groups)
		return 1;
	/* Asked for once more, it is no error: the group stays. */
	node_act_set(n, MIP6_ACT_GROUP, n->ha->ifindex, &group, on || shared);
	n->out->v[n->out->count - 1].id = id;
	return 2;
}

bool
ha_place_serves(const struct mip6_node *n, uint8_t local)
{
	return local < MIP6_HOME_PREFIXES_MAX && !n->ha->place[local].leaving;
}

/* ---- our addresses ---- */

/*
 * How good an address of the host is as ours in a prefix; 0: it is not.
 * `keep`: the one in use.
 */
static int
place_rank(const struct mip6_link_addr *a,
    const struct mip6_conf_home_prefix *c, const struct mip6_addr *keep)
{
	bool given = !mip6_addr_is_any(&c->address);

	/* P-TENTATIVE: not before DAD is done. Test: test_ha_place */
	if (!a->used || !a->reported ||
	    (a->flags & (MIP6_ADDR_DUPLICATED | MIP6_ADDR_TENTATIVE)) != 0)
		return 0;
	if (given)
		return mip6_addr_equal(&c->address, &a->addr) ? 4 : 0;
	if (!mip6_prefix_has(&c->prefix, &a->addr))
		return 0;
	if ((a->flags & (MIP6_ADDR_DEPRECATED | MIP6_ADDR_TEMPORARY)) != 0)
		return mip6_addr_equal(&a->addr, keep) ? 2 : 1;
	return mip6_addr_equal(&a->addr, keep) ? 4 : 3;
}

static int
place_find_on(const struct mip6_link *l, const struct mip6_conf_home_prefix *c,
    const struct mip6_addr *keep, struct mip6_addr *address)
{
	int rank, best = 0;
	uint32_t k;

	for (k = 0; k < MIP6_LINK_ADDRS_MAX; k++) {
		rank = place_rank(&l->addr[k], c, keep);
		if (rank > best) {
			best = rank;
			*address = l->addr[k].addr;
		}
	}
	return best;
}

/* Our address in a prefix of a virtual home link; `tun`: on the TUN. */
static bool
place_find_virtual(const struct mip6_node *n,
    const struct mip6_conf_home_prefix *c, struct mip6_addr *address, bool *tun)
{
	struct mip6_conf_home_prefix want = *c;
	uint32_t i;

	if (mip6_addr_is_any(&want.address)) {
		want.address = c->prefix.addr;
		want.address.b[15] |= 1;
	}
	*tun = false;
	for (i = 0; i < MIP6_LINKS_MAX; i++)
		if (n->link[i].used &&
		    place_find_on(&n->link[i], &want, &want.address, address) >
			0)
			return true;
	*tun = mip6_prefix_has(&c->prefix, &want.address);
	*address = want.address;
	return *tun;
}

static bool
place_find(struct mip6_node *n, const struct mip6_conf_home_prefix *c,
    const struct ha_place *p, struct mip6_addr *address, bool *tun)
{
	const struct mip6_link *l;

	if (n->ha->c->is_virtual)
		return place_find_virtual(n, c, address, tun);
	*tun = false;
	l = link_find(n, n->ha->ifindex);
	return l != NULL && place_find_on(l, c, &p->address, address) > 0;
}

static void
place_on_tun(struct mip6_node *n, struct ha_place *p, bool on)
{
	struct mip6_action *a;

	if (p->on_tun == on)
		return;
	p->on_tun = on;
	a = node_act(n, MIP6_ACT_ADDR);
	a->u.addr.addr = p->address;
	a->u.addr.bits = 128;
	a->u.addr.valid.us = INT64_MAX;
	a->u.addr.preferred.us = INT64_MAX;
	a->u.addr.on = on;
}

static void
place_give_up(struct mip6_node *n, struct ha_place *p)
{
	if (!p->taken)
		return;
	p->taken = false;
	node_act_set(n, MIP6_ACT_LOCAL, 0, &p->address, false);
	node_act_set(n, MIP6_ACT_SILENCE, 0, &p->address, false);
	place_on_tun(n, p, false);
	MIP6_LOG(n->log, WARNING, "ha.address-lost",
	    MIP6_KA("address", &p->address));
}

static void
place_take(struct mip6_node *n, struct ha_place *p,
    const struct mip6_prefix *prefix, const struct mip6_addr *address, bool tun)
{
	p->address = *address;
	p->taken = true;
	node_act_set(n, MIP6_ACT_LOCAL, n->ha->ifindex, address, true);
	node_act_set(n, MIP6_ACT_SILENCE, n->ha->ifindex, address, true);
	place_on_tun(n, p, tun);
	/* Restored bindings wait for it. */
	ha_routes_changed(n);
	MIP6_LOG(n->log, INFO, "ha.serving", MIP6_KA("address", address),
	    MIP6_KA("prefix", &prefix->addr), MIP6_KU("bits", prefix->bits));
}

/* The bindings made with its address end; then it is free for another. */
static void
place_leave(struct mip6_node *n, struct ha_place *p)
{
	place_give_up(n, p);
	if (mip6_addr_is_any(&p->address))
		return;
	p->leaving = true;
	ha_way_walk(n);
}

static void
place_update(struct mip6_node *n, uint32_t k)
{
	const struct mip6_conf_home_prefix *c = &n->ha->c->prefix[k];
	struct ha_place *p = &n->ha->place[k];
	struct mip6_addr address;
	bool tun;

	if (!place_find(n, c, p, &address, &tun)) {
		place_give_up(n, p);
		return;
	}
	if (!mip6_addr_equal(&p->address, &address) &&
	    !mip6_addr_is_any(&p->address) && !p->leaving)
		place_leave(n, p);
	/* P-PLACE: bindings of the former one first. Test: test_ha_place */
	if (p->leaving)
		return;
	if (!p->taken)
		place_take(n, p, &c->prefix, &address, tun);
	else
		place_on_tun(n, p, tun);
}

void
ha_place_walked(struct mip6_node *n)
{
	struct mip6_ha *ha = n->ha;
	bool left = false;
	uint32_t k;

	for (k = 0; k < MIP6_HOME_PREFIXES_MAX; k++) {
		if (!ha->place[k].leaving)
			continue;
		memset(&ha->place[k].address, 0, sizeof(struct mip6_addr));
		ha->place[k].leaving = false;
		left = true;
	}
	if (left)
		ha_changed(n);
}

/* ---- a virtual home link ---- */

static void
place_route(struct mip6_node *n, const struct mip6_prefix *p, bool on)
{
	node_act_route(n, MIP6_TABLE_MAIN, p, 0, NULL, on, 0);
}

/* What comes for no mobile node is answered with our address. */
static void
place_nobody(struct mip6_node *n)
{
	struct mip6_ha *ha = n->ha;
	struct mip6_fwd_row r;
	uint32_t k;

	memset(&r, 0, sizeof(r));
	for (k = 0; ha->c->is_virtual && k < ha->c->prefixes; k++)
		if (ha->place[k].taken) {
			r.local = ha->place[k].address;
			break;
		}
	if (mip6_addr_equal(&r.local, &ha->nobody))
		return;
	ha->nobody = r.local;
	if (mip6_addr_is_any(&r.local)) {
		node_act_row_del(n, &mip6_addr_any, &mip6_addr_any);
		return;
	}
	r.kind = MIP6_FWD_HA_TUNNEL;
	r.hop = MIP6_HOP_NONE;
	r.mtu = MIP6_IP6_MTU_MIN;
	node_act_row(n, &r);
}

/* ---- changes ---- */

/* The number of the same prefix in `c`, or HA_PLACE_NOWHERE. */
static uint8_t
place_number(const struct mip6_conf_ha *c, const struct mip6_prefix *p)
{
	uint8_t k;

	for (k = 0; k < c->prefixes; k++)
		if (mip6_prefix_equal(&c->prefix[k].prefix, p))
			return k;
	return HA_PLACE_NOWHERE;
}

/* Bindings name places by number: each gets the new one. */
static void
place_renumber(struct mip6_ha *ha, const uint8_t *to)
{
	struct mip6_binding *b;
	uint32_t i;

	for (i = 0; i < ha->bcache.top; i++) {
		b = mip6_bcache_get(&ha->bcache, i);
		if (b->state == MIP6_BINDING_FREE)
			continue;
		if (b->local < MIP6_HOME_PREFIXES_MAX)
			b->local = to[b->local];
		if (b->pending != MIP6_PENDING_NONE &&
		    ha->pending[b->pending].bu.local < MIP6_HOME_PREFIXES_MAX)
			ha->pending[b->pending].bu.local =
			    to[ha->pending[b->pending].bu.local];
	}
}

void
ha_place_configure(struct mip6_node *n, const struct mip6_conf_ha *c)
{
	struct mip6_ha *ha = n->ha;
	const struct mip6_conf_ha *old = ha->c;
	struct ha_place was[MIP6_HOME_PREFIXES_MAX];
	uint8_t to[MIP6_HOME_PREFIXES_MAX];
	bool moved = false;
	uint32_t k;

	memset(to, HA_PLACE_NOWHERE, sizeof(to));
	if (ha->configured) {
		for (k = 0; k < old->prefixes; k++) {
			to[k] = place_number(c, &old->prefix[k].prefix);
			moved = moved || to[k] != k;
			if (to[k] == HA_PLACE_NOWHERE)
				place_give_up(n, &ha->place[k]);
			if (old->is_virtual &&
			    (to[k] == HA_PLACE_NOWHERE || !c->is_virtual))
				place_route(n, &old->prefix[k].prefix, false);
		}
		memcpy(was, ha->place, sizeof(was));
		memset(ha->place, 0, sizeof(was));
		for (k = 0; k < old->prefixes; k++)
			if (to[k] != HA_PLACE_NOWHERE)
				ha->place[to[k]] = was[k];
		if (moved)
			place_renumber(ha, to);
	}
	for (k = 0; c->is_virtual && k < c->prefixes; k++)
		if (!ha->configured || !old->is_virtual ||
		    place_number(old, &c->prefix[k].prefix) == HA_PLACE_NOWHERE)
			place_route(n, &c->prefix[k].prefix, true);
}

/* The home link brings all groups where they are not joined one by one. */
static void
place_allmulti(struct mip6_node *n)
{
	struct mip6_ha *ha = n->ha;
	uint32_t want = ha->c->join_groups ? 0 : ha->ifindex;

	if (ha->allmulti == want)
		return;
	if (ha->allmulti != 0 && link_find(n, ha->allmulti) != NULL)
		node_act_set(n, MIP6_ACT_ALLMULTI, ha->allmulti, NULL, false);
	if (want != 0)
		node_act_set(n, MIP6_ACT_ALLMULTI, want, NULL, true);
	ha->allmulti = want;
}

void
ha_changed(struct mip6_node *n)
{
	struct mip6_ha *ha = n->ha;
	const struct mip6_link *l;
	uint32_t i, before = ha->ifindex;

	ha->ifindex = 0;
	for (i = 0; i < MIP6_LINKS_MAX && !ha->c->is_virtual; i++) {
		l = &n->link[i];
		if (l->used && strcmp(l->ev.name, ha->c->interface) == 0)
			ha->ifindex = l->ev.ifindex;
	}
	/* Another interface with the old one's name has none of its groups. */
	if (ha->ifindex != 0 && ha->ifindex != before) {
		ha->regroup = true;
		ha_way_walk(n);
	}
	place_allmulti(n);
	for (i = 0; ha->c->on && i < ha->c->prefixes; i++)
		place_update(n, i);
	place_nobody(n);
	ha_reg_changed(n);
	ha_ra_changed(n);
	ha_list_changed(n);
	ha_mpd_changed(n);
	ha_mcast_changed(n);
}

void
ha_place_why(const struct mip6_node *n, struct mip6_fmt *f)
{
	const struct mip6_ha *ha = n->ha;
	const struct mip6_link *l;
	uint32_t k;

	if (!ha->c->is_virtual && ha->ifindex == 0) {
		mip6_fmt_str(f, "home agent: no interface ");
		mip6_fmt_str(f, ha->c->interface);
		return;
	}
	for (k = 0; k < ha->c->prefixes; k++)
		if (!ha->place[k].taken)
			break;
	if (k < ha->c->prefixes) {
		mip6_fmt_str(f, "home agent: no address in the home prefix ");
		mip6_fmt_addr(f, &ha->c->prefix[k].prefix.addr);
		mip6_fmt_str(f, "/");
		mip6_fmt_u64(f, ha->c->prefix[k].prefix.bits);
		mip6_fmt_str(f, ha->c->is_virtual ? "" : " on ");
		mip6_fmt_str(f, ha->c->is_virtual ? "" : ha->c->interface);
		if (!mip6_addr_is_any(&ha->place[k].address)) {
			mip6_fmt_str(f, ": ");
			mip6_fmt_addr(f, &ha->place[k].address);
			mip6_fmt_str(f, " went, its bindings wait");
		}
		return;
	}
	for (k = 0; k < MIP6_LINKS_MAX; k++) {
		l = &n->link[k];
		if (l->used && l->ev.ifindex == ha->ifindex && !l->ev.up) {
			mip6_fmt_str(f, "home agent: the home link is down: ");
			mip6_fmt_str(f, l->ev.name);
			return;
		}
	}
}
