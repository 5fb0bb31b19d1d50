/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Route optimization, out: a packet of the host for a peer with which a pair
 * of addresses is direct gets a Home Address option, a type 2 routing header,
 * or both, and the addresses of the wire.
 *
 * The headers go directly behind the IPv6 header and its hop-by-hop options,
 * the routing header first: so they stand before everything that RFC 6275
 * section 6.3 wants behind them, a Fragment header among it, and each
 * fragment that the host made has them.  Checksums are of the home addresses
 * and stay as they are.
 *
 * What must not be sent so goes its way as if there was no pair: Neighbour
 * Discovery, messages of mobility, what has such a header already, and what an
 * Authentication Header covers, for it was computed without headers that it
 * would have to cover (sections 9.3.2 and 11.3.2).
 *
 * Implements: RFC 6275 sections 6.3, 6.4, 9.3.2, 11.3.1.
 */
#include "path/inside.h"

#include "wire/dstopt.h"
#include "wire/rh.h"

/* What is put into one packet. */
struct direct_out {
	bool hao;
	bool rh2;
	bool fragment;  /* the packet is one */
	uint32_t lead;  /* octets in front of them */
	uint32_t added; /* octets they are */
};

static bool
direct_is_nd(const struct mip6_pkt *pkt, size_t at)
{
	const uint8_t *octets = mip6_pkt_octets(pkt);

	return pkt->count > at && octets[at] >= MIP6_ND_RS &&
	    octets[at] <= MIP6_ICMP6_REDIRECT;
}

/* A packet with extension headers: may it be sent directly? */
static bool
direct_out_chain(const struct mip6_pkt *pkt, struct direct_out *d)
{
	const uint8_t *octets = mip6_pkt_octets(pkt);
	struct mip6_ip6_view v;

	if (mip6_ip6_view(octets, pkt->count, &v, NULL) != MIP6_PARSE_OK)
		return false;
	/* P-DIRECT-FAULT: nor what is wrong. Test: test_path_direct_edge */
	if (v.header_fault != MIP6_IP6_FAULT_NONE)
		return false;
	/* R6.3-06a: not a second option. Test: test_path_direct_out */
	if (v.has_hao)
		return false;
	/* R6.4.1-02a: nor a routing header. Test: test_path_direct_out */
	if (v.has_rh2 || v.has_rh_other)
		return false;
	/* R9.3.2-04a: nor what AH covers. Test: test_path_direct_out */
	if (v.has_ah || v.upper == MIP6_NH_AH)
		return false;
	/* R9.3.2-03a: nor one of mobility. Test: test_path_direct_out */
	if (v.upper == MIP6_NH_MH)
		return false;
	/* P-DIRECT-ND: in a fragment none is. Test: test_path_direct_out */
	if (v.upper == MIP6_NH_ICMPV6 && !mip6_ip6_is_fragment(&v) &&
	    direct_is_nd(pkt, v.upper_at))
		return false;
	if (octets[MIP6_IP6_AT_NEXT_HEADER] == MIP6_NH_HOPOPTS)
		d->lead += ((uint32_t)octets[MIP6_IP6_OCTETS + 1] + 1) * 8;
	d->fragment = v.frag.present;
	return true;
}

static bool
direct_out_may(const struct mip6_pkt *pkt, struct direct_out *d)
{
	struct mip6_addr dst = mip6_path_dst(pkt);

	/* R11.3.1-05: nobody on a link. Test: test_path_direct_out */
	if (mip6_addr_is_linklocal(&dst))
		return false;
	switch (mip6_pkt_octets(pkt)[MIP6_IP6_AT_NEXT_HEADER]) {
	case MIP6_NH_HOPOPTS:
	case MIP6_NH_ROUTING:
	case MIP6_NH_FRAGMENT:
	case MIP6_NH_DSTOPTS:
	case MIP6_NH_AH:
		return direct_out_chain(pkt, d);
	case MIP6_NH_MH:
		return false;
	case MIP6_NH_ICMPV6:
		/* R9.3.2-03: no discovery. Test: test_path_direct_out */
		if (direct_is_nd(pkt, MIP6_IP6_OCTETS))
			return false;
		return true;
	default:
		return true;
	}
}

/* Is there a way for it, its own or that of its home address? */
static bool
direct_out_way(const struct mip6_path_row *row,
    const struct mip6_path_row *base)
{
	/* P-DIRECT-WAY: else its source hears. Test: test_path_direct_edge */
	if (row->hop == MIP6_HOP_NONE &&
	    (base == NULL ||
		(base->kind != MIP6_FWD_MN_TUNNEL &&
		    base->kind != MIP6_FWD_MN_HOME)))
		return false;
	return true;
}

/* The largest packet that a link takes; no link: it will be seen. */
static uint32_t
direct_out_link(const struct mip6_path *p, uint32_t ifindex)
{
	const struct mip6_path_link *l = mip6_path_link_find(p, ifindex);

	return l != NULL ? l->mtu : UINT32_MAX;
}

/* The largest packet with its headers that may go that way. */
static uint32_t
direct_out_limit(const struct mip6_path *p, const struct mip6_path_row *row,
    const struct mip6_path_row *base)
{
	uint32_t limit = row->mtu, way;

	if (limit < MIP6_IP6_MTU_MIN)
		limit = MIP6_IP6_MTU_MIN;
	if (row->hop < p->env.hops_max)
		way = direct_out_link(p, p->hop[row->hop].fwd.ifindex);
	else if (row->hop != MIP6_HOP_NONE)
		return limit;
	else if (base->kind == MIP6_FWD_MN_HOME)
		way = direct_out_link(p, mip6_path_row_mn(base)->ifindex);
	else
		way = (base->mtu < MIP6_IP6_MTU_MIN ? MIP6_IP6_MTU_MIN :
						      base->mtu) -
		    MIP6_IP6_OCTETS;
	return way < limit ? way : limit;
}

/* Puts the headers in; there is room. */
static void
direct_out_put(const struct mip6_path *p, const struct mip6_path_row *row,
    const struct direct_out *d, struct mip6_pkt *pkt)
{
	struct mip6_addr other = mip6_path_row_other(row);
	uint8_t *octets, *at, *field, next;

	pkt->off -= d->added;
	pkt->count += d->added;
	octets = mip6_pkt_octets(pkt);
	memmove(octets, octets + d->added, d->lead);
	field = octets +
	    (d->lead == MIP6_IP6_OCTETS ? MIP6_IP6_AT_NEXT_HEADER :
					  MIP6_IP6_OCTETS);
	next = *field;
	at = octets + d->lead;
	/* R9.3.2-02: by its care-of address. Test: test_path_direct_out */
	if (d->rh2) {
		*field = MIP6_NH_ROUTING;
		mip6_rh2_put(at, next, &other);
		memcpy(octets + MIP6_IP6_AT_DST, row->peer.b,
		    sizeof(row->peer.b));
		field = at;
		at += MIP6_RH2_OCTETS;
	}
	/* R11.3.1-03: from ours. Test: test_path_direct_out */
	if (d->hao) {
		*field = MIP6_NH_DSTOPTS;
		mip6_dstopt_hao_put(at, next, &row->home);
		memcpy(octets + MIP6_IP6_AT_SRC,
		    mip6_path_row_local(&p->rows, row)->b, 16);
	}
	mip6_put16(octets + MIP6_IP6_AT_PAYLOAD_LENGTH,
	    (uint16_t)(pkt->count - MIP6_IP6_OCTETS));
}

enum mip6_path_direct
mip6_path_direct_out(struct mip6_path *p, struct mip6_path_row *row,
    const struct mip6_path_row *base, struct mip6_pkt *pkt)
{
	struct mip6_addr other = mip6_path_row_other(row);
	struct direct_out d = { .lead = MIP6_IP6_OCTETS };
	uint32_t limit, inner;

	if (!direct_out_way(row, base) || !direct_out_may(pkt, &d))
		return MIP6_DIRECT_NOT;
	d.hao =
	    !mip6_addr_equal(mip6_path_row_local(&p->rows, row), &row->home);
	d.rh2 = !mip6_addr_equal(&row->peer, &other);
	d.added = (d.hao ? MIP6_DSTOPT_HAO_OCTETS : 0U) +
	    (d.rh2 ? MIP6_RH2_OCTETS : 0U);
	limit = direct_out_limit(p, row, base);
	inner = limit - d.added;
	if (inner < MIP6_IP6_MTU_MIN)
		inner = MIP6_IP6_MTU_MIN;
	/* P-DIRECT-MTU: it must send less. Test: test_path_direct_out */
	if (pkt->count > inner) {
		mip6_path_error(p, row, pkt, MIP6_ICMP6_TOO_BIG, 0, inner);
		mip6_path_drop(p, MIP6_DROP_TUNNEL_TOO_BIG, pkt);
		return MIP6_DIRECT_DONE;
	}
	/* P-DIRECT-FRAG: not cut twice. Test: test_path_direct_out */
	if (d.fragment && pkt->count + d.added > limit)
		return MIP6_DIRECT_NOT;
	if (!mip6_path_room(p, pkt, d.added))
		return MIP6_DIRECT_DONE;
	row->octets_out += pkt->count;
	mip6_path_hint_row_used(p, row);
	direct_out_put(p, row, &d, pkt);
	p->counters.direct_out++;
	if (row->hop == MIP6_HOP_NONE)
		return MIP6_DIRECT_REWRITTEN;
	mip6_path_hop_send(p, row->hop, pkt, (uint16_t)limit);
	return MIP6_DIRECT_DONE;
}
