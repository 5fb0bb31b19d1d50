/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Multicast membership of this mobile node, by way of its home agent.
 *
 * Applications join groups on the virtual home interface, and the host says so
 * on it as on any link.  Those messages go through the tunnel, once the home
 * agent has asked (R11.3.4-02); what it asks goes to the host, which answers
 * it with all that is joined.  Their source is a link-local address made of the
 * home address: the host may have none on that interface, and none is needed
 * to be unique (RFC 6275 section 10.4.3).
 *
 * Implements: RFC 6275 section 11.3.4 (by the tunnel).
 */
#include "core/mn_int.h"

#include <string.h>

#include "wire/mld.h"

static bool
mcast_is_away(const struct mn_home *h)
{
	return h->used && h->row_set && h->row.kind == MIP6_FWD_MN_TUNNEL;
}

/* A question of a home agent. */
static void
mcast_asked(struct mip6_node *n, const struct mip6_hint *hint,
    const struct mip6_ip6_view *ip)
{
	bool ours = false;
	struct mn_home *h;
	uint32_t i;

	/* RFC3810-5.1.14: of the link, and alerting. Test: test_mn_mcast */
	if (!mip6_addr_is_linklocal(&ip->ip.src) || ip->ip.hop_limit != 1 ||
	    !mip6_mld_is_alerted(hint->octets, hint->count)) {
		node_drop(n, MIP6_DROP_MLD_INVALID, &hint->tunnel_peer);
		return;
	}
	for (i = 0; i < MIP6_HOMES_MAX; i++) {
		h = &n->mn->home[i];
		if (!mcast_is_away(h) ||
		    !mip6_addr_equal(&h->row.peer, &hint->tunnel_peer))
			continue;
		h->mcast_peer = hint->tunnel_peer;
		ours = true;
	}
	/* R11.3.3-01a: of a home agent of ours. Test: test_mn_mcast */
	if (!ours) {
		node_drop(n, MIP6_DROP_TUNNEL_PEER, &hint->tunnel_peer);
		return;
	}
	node_send(n, 0, MIP6_HOP_NONE, NULL, hint->octets, hint->count);
}

/* Has a home address before this one the same tunnel? */
static bool
mcast_is_same(const struct mip6_mn *mn, uint32_t i)
{
	uint32_t k;

	for (k = 0; k < i; k++)
		if (mcast_is_away(&mn->home[k]) &&
		    mip6_addr_equal(&mn->home[k].row.peer,
			&mn->home[i].row.peer))
			return true;
	return false;
}

/* What the host says on the virtual home interface, through one tunnel. */
static void
mcast_tell(struct mip6_node *n, const struct mn_home *h,
    const struct mip6_hint *hint, const struct mip6_ip6_view *ip)
{
	struct mip6_addr src = { { 0xfe, 0x80 } };
	struct mip6_action *a;
	uint8_t *octets;

	memcpy(src.b + 8, h->hoa.b + 8, 8);
	a = node_act(n, MIP6_ACT_SEND_TUNNELLED);
	octets = mip6_actions_octets(n->out, hint->count);
	memcpy(octets, hint->octets, hint->count);
	memcpy(octets + MIP6_IP6_AT_SRC, src.b, sizeof(src.b));
	mip6_icmp6_finish(octets + ip->upper_at, ip->upper_octets, &src,
	    &ip->ip.dst);
	a->u.send.home = h->hoa;
	a->u.send.octets = octets;
	a->u.send.count = hint->count;
}

void
mn_input_mld(struct mip6_node *n, const struct mip6_hint *hint,
    const struct mip6_ip6_view *ip)
{
	bool query = hint->octets[ip->upper_at] == MIP6_ICMP6_MLD_QUERY;
	const struct mn_home *h;
	uint32_t i;

	if (!mip6_addr_is_any(&hint->tunnel_peer)) {
		if (query)
			mcast_asked(n, hint, ip);
		return;
	}
	if (query || hint->ifindex != 0)
		return;
	for (i = 0; i < MIP6_HOMES_MAX; i++) {
		h = &n->mn->home[i];
		/* R11.3.4-02: bound, and asked. Test: test_mn_mcast */
		if (!mcast_is_away(h) ||
		    !mip6_addr_equal(&h->mcast_peer, &h->row.peer))
			continue;
		if (!mcast_is_same(n->mn, i) &&
		    mip6_actions_room(n->out, 1, hint->count))
			mcast_tell(n, h, hint, ip);
	}
}
