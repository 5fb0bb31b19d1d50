/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Multicast between the home link and mobile nodes that are away.
 *
 * A member is a mobile node that listens to a group, or to one source of it;
 * a packet for the group that the home link brings goes into the tunnel of
 * each.  What a mobile node sends to a group through its tunnel goes to the
 * home link and to the other members.  This node forwards both ways, so that
 * hops count down; and nobody gets back what is his.
 *
 * The table is taken when the first member is set, never when a packet
 * passes, and bounds how many copies one packet makes.
 *
 * Implements: RFC 6275 sections 10.4.2 and 10.4.3, as far as packets are
 * concerned.
 */
#include "path/inside.h"

#define MCAST_GLOBAL 14 /* the scope (RFC 4291 section 2.7) */

struct mip6_path_member {
	struct mip6_fwd_member m;
	uint32_t next; /* of its bucket, or of the free list */
};

static uint32_t *
mcast_bucket(struct mip6_path *p, const struct mip6_addr *group)
{
	uint64_t hash = mip6_hash_addr(&p->env.hash_key, group);

	return &p->mcast.bucket[(hash >> 32) & (MIP6_PATH_GROUPS - 1)];
}

/* The place that names a member, or where its bucket ends. */
static uint32_t *
mcast_find(struct mip6_path *p, const struct mip6_fwd_member *m)
{
	uint32_t *at = mcast_bucket(p, &m->group);

	while (*at != MIP6_INDEX_NONE &&
	    memcmp(&p->mcast.member[*at].m, m, sizeof(*m)) != 0)
		at = &p->mcast.member[*at].next;
	return at;
}

static bool
mcast_new(struct mip6_path *p)
{
	struct mip6_path_mcast *t = &p->mcast;
	uint32_t i;

	t->member = p->env.alloc.alloc(p->env.alloc.arg,
	    MIP6_PATH_MEMBERS * sizeof(*t->member));
	if (t->member == NULL)
		return false;
	for (i = 0; i < MIP6_PATH_GROUPS; i++)
		t->bucket[i] = MIP6_INDEX_NONE;
	for (i = 0; i < MIP6_PATH_MEMBERS; i++)
		t->member[i].next = i + 1;
	t->member[MIP6_PATH_MEMBERS - 1].next = MIP6_INDEX_NONE;
	t->free = 0;
	return true;
}

void
mip6_path_mcast_fini(struct mip6_path *p)
{
	p->env.alloc.release(p->env.alloc.arg, p->mcast.member,
	    MIP6_PATH_MEMBERS * sizeof(*p->mcast.member));
}

bool
mip6_path_member_set(struct mip6_path *p, const struct mip6_fwd_member *m,
    bool on)
{
	struct mip6_path_mcast *t = &p->mcast;
	uint32_t *at, i;

	if (t->member == NULL && (!on || !mcast_new(p)))
		return !on;
	at = mcast_find(p, m);
	if (on == (*at != MIP6_INDEX_NONE))
		return true;
	if (!on) {
		i = *at;
		*at = t->member[i].next;
		t->member[i].next = t->free;
		t->free = i;
		t->members--;
		return true;
	}
	i = t->free;
	if (i == MIP6_INDEX_NONE)
		return false;
	t->free = t->member[i].next;
	t->member[i].m = *m;
	t->member[i].next = MIP6_INDEX_NONE;
	*at = i;
	t->members++;
	return true;
}

void
mip6_path_mcast_link(struct mip6_path *p, uint32_t ifindex)
{
	p->mcast.ifindex = ifindex;
}

bool
mip6_path_is_mld(const struct mip6_pkt *pkt)
{
	const uint8_t *octets = mip6_pkt_octets(pkt);
	struct mip6_ip6_view v;

	if (octets[MIP6_IP6_AT_HOP_LIMIT] != 1 ||
	    octets[MIP6_IP6_AT_DST] != 0xff)
		return false;
	return mip6_ip6_view(octets, pkt->count, &v, NULL) == MIP6_PARSE_OK &&
	    v.fault == MIP6_IP6_FAULT_NONE && !v.frag.present &&
	    v.upper == MIP6_NH_ICMPV6 && v.upper_octets > 0 &&
	    mip6_icmp6_is_mld(octets[v.upper_at]);
}

/* A copy into the tunnel of each member but the one that sent it. */
static void
mcast_members(struct mip6_path *p, const struct mip6_pkt *pkt)
{
	struct mip6_addr src = mip6_path_src(pkt);
	struct mip6_addr dst = mip6_path_dst(pkt);
	const struct mip6_fwd_member *m;
	struct mip6_path_row *row;
	struct mip6_pkt *copy;
	uint32_t i;

	/* R10.4.2-06: nothing short of global. Test: test_path_mcast */
	if (p->mcast.members == 0 || mip6_addr_mc_scope(&dst) < MCAST_GLOBAL)
		return;
	for (i = *mcast_bucket(p, &dst); i != MIP6_INDEX_NONE;
	     i = p->mcast.member[i].next) {
		m = &p->mcast.member[i].m;
		if (!mip6_addr_equal(&m->group, &dst))
			continue;
		/* RFC3810-6.2a: of these sources alone. Test: test_path_mcast */
		if (!mip6_addr_is_any(&m->source) &&
		    !mip6_addr_equal(&m->source, &src))
			continue;
		/* P-MCAST: nobody hears himself. Test: test_path_mcast */
		if (mip6_addr_equal(&m->home, &src))
			continue;
		row = mip6_path_rows_find(&p->rows, &m->home, &mip6_addr_any);
		if (row == NULL || row->kind != MIP6_FWD_HA_TUNNEL)
			continue;
		copy = mip6_path_copy(p, mip6_pkt_octets(pkt), pkt->count);
		if (copy == NULL)
			return;
		p->counters.multicast++;
		mip6_path_tunnel_out(p, row, copy, false);
	}
}

/*
 * Counts a hop down.  false: it was the last one, and the packet is gone; no
 * error is sent about a group (RFC 4443 section 2.4 (e.3)).
 */
static bool
mcast_hop(struct mip6_path *p, struct mip6_pkt *pkt)
{
	uint8_t *hops = mip6_pkt_octets(pkt) + MIP6_IP6_AT_HOP_LIMIT;

	/* RFC8200-3b: a router counts hops down. Test: test_path_mcast */
	if (*hops <= 1) {
		mip6_path_drop(p, MIP6_DROP_TUNNEL_HOPS, pkt);
		return false;
	}
	(*hops)--;
	return true;
}

bool
mip6_path_mcast_wants(const struct mip6_path *p, uint32_t ifindex,
    const struct mip6_pkt *pkt)
{
	struct mip6_addr src, dst;

	if (p->mcast.members == 0 || p->mcast.ifindex != ifindex)
		return false;
	dst = mip6_path_dst(pkt);
	if (!mip6_addr_is_multicast(&dst) ||
	    mip6_addr_mc_scope(&dst) < MCAST_GLOBAL)
		return false;
	src = mip6_path_src(pkt);
	return mip6_addr_is_routable(&src);
}

void
mip6_path_mcast_in(struct mip6_path *p, struct mip6_pkt *pkt, bool merged)
{
	struct mip6_pkt *next;

	if (!mcast_hop(p, pkt))
		return;
	for (pkt = mip6_path_whole(p, pkt, p->tun_mtu, merged); pkt != NULL;
	     pkt = next) {
		next = pkt->next;
		pkt->next = NULL;
		mcast_members(p, pkt);
		mip6_pool_put(p->env.pool, pkt);
	}
}

void
mip6_path_mcast_out(struct mip6_path *p, struct mip6_path_row *row,
    struct mip6_pkt *pkt, bool merged)
{
	const struct mip6_path_link *l;
	struct mip6_addr dst = mip6_path_dst(pkt);
	struct mip6_lladdr to = mip6_addr_mc_lladdr(&dst);
	struct mip6_pkt *next;

	l = mip6_path_link_find(p, p->mcast.ifindex);
	if (l == NULL) {
		mip6_path_drop(p, MIP6_DROP_NO_ROUTE, pkt);
		return;
	}
	if (!mcast_hop(p, pkt))
		return;
	for (pkt = mip6_path_whole(p, pkt, l->mtu, merged); pkt != NULL;
	     pkt = next) {
		next = pkt->next;
		pkt->next = NULL;
		mcast_members(p, pkt);
		if (pkt->count > l->mtu) {
			mip6_path_error(p, row, pkt, MIP6_ICMP6_TOO_BIG, 0,
			    l->mtu);
			mip6_path_drop(p, MIP6_DROP_TUNNEL_TOO_BIG, pkt);
			continue;
		}
		mip6_path_link_send(p, l, &to, pkt, l->mtu);
	}
}
