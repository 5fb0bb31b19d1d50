/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What a link brings, as a tap sees it: most of it is the kernel's and is
 * passed over as soon as that is certain.
 *
 * Taken are tunnelled packets to an address of ours, messages of mobility and
 * Neighbour Discovery, ICMPv6 errors about what we sent, fragments that may be
 * one of these, and, at home, everything for the home address.  A packet
 * without extension headers is sorted by its fixed header alone; only one that
 * is ours has its chain walked.
 *
 * A message of the Mobility Header goes to the core whole and with whatever is
 * wrong with its headers: the answer is protocol.
 *
 * Implements: RFC 6275 sections 6.3, 6.4, 10.4.2, 11.3.3; RFC 8200 section
 * 4.5; RFC 6980 section 5.
 */
#include "path/inside.h"

#define LINK_PREFETCH_ROWS 1024

/* One packet of a link on its way. */
struct link_in {
	struct mip6_pkt *pkt;
	const struct mip6_path_link *link;
	struct mip6_addr dst;
	struct mip6_path_row *home; /* of a home address of ours, or NULL */
	bool local;                 /* dst is another address of ours */
	bool merged;                /* larger than the link */
	bool reassembled;
	size_t front; /* octets in front of its fragments; 0: it had none */
};

/* Is it for this node itself? */
static bool
link_is_ours(const struct link_in *in)
{
	return in->local || in->home != NULL;
}

/* Is it for a home address of ours on the link where that is at home? */
static bool
link_at_home(const struct link_in *in)
{
	return in->home != NULL && in->home->kind == MIP6_FWD_MN_HOME &&
	    mip6_path_row_mn(in->home)->ifindex == in->link->ifindex;
}

/* What is no matter of tunnels or of mobility. */
static void
link_native(struct mip6_path *p, const struct link_in *in)
{
	struct mip6_path_row *row = in->home;
	struct mip6_addr src;

	if (link_at_home(in)) {
		src = mip6_path_src(in->pkt);
		if (mip6_addr_is_any(&src) || mip6_addr_is_loopback(&src)) {
			mip6_path_drop(p, MIP6_DROP_MARTIAN, in->pkt);
			return;
		}
		if (mip6_addr_equal(&src, &in->dst)) {
			mip6_path_drop(p, MIP6_DROP_SELF_SENT, in->pkt);
			return;
		}
		row->octets_in += in->pkt->count;
		mip6_path_hint_row_used(p, row);
		mip6_path_to_tun(p, in->pkt, in->merged);
		return;
	}
	if (p->rows.kind[MIP6_FWD_HA_TUNNEL] > 0 &&
	    mip6_addr_is_linklocal(&in->dst)) {
		row = mip6_path_rows_find(&p->rows, &in->dst, &mip6_addr_any);
		/* R10.4.2-04: it cannot follow. Test: test_path_link */
		if (row != NULL && row->kind == MIP6_FWD_HA_TUNNEL) {
			mip6_path_error_link(p,
			    mip6_path_row_local(&p->rows, row), in->pkt,
			    MIP6_ICMP6_UNREACHABLE, MIP6_ICMP6_ADDRESS, 0);
			mip6_path_drop(p, MIP6_DROP_TUNNEL_SCOPE, in->pkt);
			return;
		}
	}
	mip6_path_drop(p, MIP6_DROP_NOT_OURS, in->pkt);
}

/* ICMPv6, its message at `at`. */
static void
link_icmp(struct mip6_path *p, const struct link_in *in, size_t at)
{
	const uint8_t *octets = mip6_pkt_octets(in->pkt);
	uint8_t type;

	if (in->pkt->count <= at) {
		link_native(p, in);
		return;
	}
	type = octets[at];
	if (type >= MIP6_ND_RS && type <= MIP6_ICMP6_REDIRECT) {
		/* RFC6980-5a: never in fragments. Test: test_path_link */
		if (in->reassembled)
			mip6_path_drop(p, MIP6_DROP_ND_INVALID, in->pkt);
		else if (link_is_ours(in) || mip6_addr_is_multicast(&in->dst) ||
		    octets[MIP6_IP6_AT_HOP_LIMIT] == MIP6_ND_HOP_LIMIT)
			mip6_path_hint_packet(p, in->pkt, NULL);
		else
			mip6_path_drop(p, MIP6_DROP_NOT_OURS, in->pkt);
		return;
	}
	if (type >= MIP6_ICMP6_DHAAD_REQUEST && type <= MIP6_ICMP6_MPA &&
	    link_is_ours(in))
		mip6_path_hint_packet(p, in->pkt, NULL);
	else if (mip6_icmp6_is_error(type) && in->local)
		mip6_path_error_in(p, in->pkt, at);
	else if (!link_at_home(in) ||
	    !mip6_path_direct_error_home(p, in->pkt, at))
		link_native(p, in);
}

/* Route-optimized traffic. */
static void
link_optimized(struct mip6_path *p, const struct link_in *in,
    const struct mip6_ip6_view *v)
{
	/* R6.3-05a: in front of its fragments. Test: test_path_direct_in */
	if (in->front != 0 && v->has_hao && v->hao_at >= in->front)
		mip6_path_drop(p, MIP6_DROP_HAO_ORDER, in->pkt);
	else if (in->front != 0 && v->has_rh2 && v->rh2_at >= in->front)
		mip6_path_drop(p, MIP6_DROP_RH2_BAD, in->pkt);
	else if (in->local || link_at_home(in))
		mip6_path_direct_in(p, in->pkt, v, in->local, in->merged);
	else
		mip6_path_drop(p, MIP6_DROP_NOT_OURS, in->pkt);
}

/* A packet of ours whose chain has been walked; it is whole. */
static void
link_whole(struct mip6_path *p, const struct link_in *in,
    const struct mip6_ip6_view *v)
{
	uint8_t type = 0;

	if (v->upper == MIP6_NH_MH) {
		mip6_path_hint_packet(p, in->pkt, NULL);
		return;
	}
	if (v->upper == MIP6_NH_ICMPV6 && v->upper_octets > 0)
		type = mip6_pkt_octets(in->pkt)[v->upper_at];
	if (type >= MIP6_ICMP6_DHAAD_REQUEST && type <= MIP6_ICMP6_MPA) {
		/* R6.3-06: no message with such headers. Test: test_path_link */
		if (v->fault != MIP6_IP6_FAULT_NONE)
			mip6_path_drop(p, mip6_ip6_fault_drop(v->fault),
			    in->pkt);
		else
			mip6_path_hint_packet(p, in->pkt, NULL);
		return;
	}
	if (v->has_hao || v->has_rh2) {
		link_optimized(p, in, v);
		return;
	}
	if (v->upper == MIP6_NH_ICMPV6) {
		link_icmp(p, in, v->upper_at);
		return;
	}
	if (v->upper != MIP6_NH_IPV6 || !in->local) {
		link_native(p, in);
		return;
	}
	if (v->fault != MIP6_IP6_FAULT_NONE)
		mip6_path_drop(p, mip6_ip6_fault_drop(v->fault), in->pkt);
	else
		mip6_path_tunnel_in(p, in->pkt, v->upper_at, in->merged);
}

/* May a packet whose fragments name this protocol be of interest? */
static bool
link_wants(const struct link_in *in, uint8_t next)
{
	switch (next) {
	case MIP6_NH_MH:
		return true;
	case MIP6_NH_ROUTING:
	case MIP6_NH_DSTOPTS:
		return in->local || link_at_home(in);
	case MIP6_NH_IPV6:
	case MIP6_NH_ICMPV6:
		return in->local;
	default:
		return false;
	}
}

static void link_chain(struct mip6_path *p, struct link_in *in);

static void
link_fragment(struct mip6_path *p, struct link_in *in,
    const struct mip6_ip6_view *v)
{
	struct mip6_addr dst = in->dst;
	struct mip6_pkt *whole;
	size_t front;

	p->counters.fragments_in++;
	switch (
	    mip6_reasm_add(p->reasm, p->now.boot, in->pkt, v, &whole, &front)) {
	case MIP6_REASM_TAKEN:
		return;
	case MIP6_REASM_WHOLE:
		p->counters.reassembled++;
		in->pkt = whole;
		in->reassembled = true;
		in->front = front;
		in->merged = false;
		link_chain(p, in);
		return;
	case MIP6_REASM_LENGTH:
		mip6_path_error_link(p, &dst, in->pkt, MIP6_ICMP6_PARAM_PROBLEM,
		    MIP6_ICMP6_HEADER_FIELD, MIP6_IP6_AT_PAYLOAD_LENGTH);
		break;
	case MIP6_REASM_OFFSET:
		mip6_path_error_link(p, &dst, in->pkt, MIP6_ICMP6_PARAM_PROBLEM,
		    MIP6_ICMP6_HEADER_FIELD, (uint32_t)v->frag.at + 2);
		break;
	case MIP6_REASM_HEADERS:
		/* Code 3 of RFC 7112: headers not in the first fragment. */
		mip6_path_error_link(p, &dst, in->pkt, MIP6_ICMP6_PARAM_PROBLEM,
		    3, 0);
		break;
	case MIP6_REASM_BAD:
		break;
	}
	mip6_path_drop(p, MIP6_DROP_FRAGMENT_BAD, in->pkt);
}

/* A packet with extension headers, or one put together. */
static void
link_chain(struct mip6_path *p, struct link_in *in)
{
	struct mip6_ip6_view v;
	enum mip6_parse parse;
	enum mip6_drop why = MIP6_DROP_BAD_CHAIN;

	if (!link_is_ours(in)) {
		link_native(p, in);
		return;
	}
	parse =
	    mip6_ip6_view(mip6_pkt_octets(in->pkt), in->pkt->count, &v, NULL);
	if (parse != MIP6_PARSE_OK) {
		if (parse == MIP6_PARSE_TRUNCATED)
			why = MIP6_DROP_TRUNCATED;
		else if (parse == MIP6_PARSE_TOO_MANY)
			why = MIP6_DROP_TOO_MANY_HEADERS;
		mip6_path_drop(p, why, in->pkt);
		return;
	}
	if (!mip6_ip6_is_fragment(&v)) {
		/* RFC 6946: a Fragment header, and yet a whole packet. */
		if (v.frag.present)
			in->reassembled = true;
		link_whole(p, in, &v);
		return;
	}
	if (!link_wants(in, v.frag.next_header)) {
		if (v.has_hao || v.has_rh2)
			link_optimized(p, in, &v);
		else
			link_native(p, in);
	} else if (in->reassembled)
		/* Fragments within fragments: nobody sends these. */
		mip6_path_drop(p, MIP6_DROP_FRAGMENT_BAD, in->pkt);
	else
		link_fragment(p, in, &v);
}

/* Is the destination a home address of ours? */
static struct mip6_path_row *
link_home(const struct mip6_path *p, const struct mip6_addr *dst)
{
	struct mip6_path_row *row;

	if (mip6_path_rows_mn(&p->rows) == 0)
		return NULL;
	row = mip6_path_rows_find(&p->rows, dst, &mip6_addr_any);
	if (row == NULL || row->kind == MIP6_FWD_HA_TUNNEL)
		return NULL;
	return row;
}

static void
link_one(struct mip6_path *p, const struct mip6_path_link *l,
    struct mip6_pkt *pkt)
{
	struct link_in in = { .pkt = pkt, .link = l };
	const uint8_t *octets = mip6_pkt_octets(pkt);

	pkt->ifindex = l->ifindex;
	if (!mip6_path_trim(p, pkt))
		return;
	if (!l->raw &&
	    memcmp(pkt->ll_src.b, l->lladdr.b, sizeof(l->lladdr.b)) == 0) {
		mip6_path_drop(p, MIP6_DROP_SELF_SENT, pkt);
		return;
	}
	if (octets[MIP6_IP6_AT_SRC] == 0xff) {
		mip6_path_drop(p, MIP6_DROP_MARTIAN, pkt);
		return;
	}
	in.merged = pkt->count > l->mtu;
	/* R10.4.2-07: to those who joined the group. Test: test_path_mcast */
	if (mip6_path_mcast_wants(p, l->ifindex, pkt)) {
		mip6_path_mcast_in(p, pkt, in.merged);
		return;
	}
	in.dst = mip6_path_dst(pkt);
	in.home = link_home(p, &in.dst);
	/* A home address is its host's: it ends no tunnel. */
	in.local = in.home == NULL && mip6_path_is_local(p, &in.dst);
	switch (octets[MIP6_IP6_AT_NEXT_HEADER]) {
	case MIP6_NH_IPV6:
		if (in.local)
			mip6_path_tunnel_in(p, pkt, MIP6_IP6_OCTETS, in.merged);
		else
			link_native(p, &in);
		break;
	case MIP6_NH_ICMPV6:
		link_icmp(p, &in, MIP6_IP6_OCTETS);
		break;
	case MIP6_NH_MH:
		if (link_is_ours(&in))
			mip6_path_hint_packet(p, pkt, NULL);
		else
			link_native(p, &in);
		break;
	case MIP6_NH_HOPOPTS:
	case MIP6_NH_ROUTING:
	case MIP6_NH_FRAGMENT:
	case MIP6_NH_DSTOPTS:
		link_chain(p, &in);
		break;
	default:
		link_native(p, &in);
		break;
	}
}

/*
 * A home agent will look for the source of the inner packet, and then for its
 * destination, which may be a mobile node as well.
 */
static void
link_prefetch(const struct mip6_path *p, struct mip6_pkt *const *pkt, size_t n)
{
	uint32_t hash[2 * MIP6_PKT_BURST];
	const uint8_t *octets;
	struct mip6_addr a;
	size_t i, hashes = 0;

	for (i = 0; i < n; i++) {
		octets = mip6_pkt_octets(pkt[i]);
		if (pkt[i]->count < 2 * MIP6_IP6_OCTETS ||
		    octets[MIP6_IP6_AT_NEXT_HEADER] != MIP6_NH_IPV6)
			continue;
		octets += MIP6_IP6_OCTETS;
		memcpy(a.b, octets + MIP6_IP6_AT_SRC, sizeof(a.b));
		hash[hashes++] =
		    mip6_path_rows_hash(&p->rows, &a, &mip6_addr_any);
		memcpy(a.b, octets + MIP6_IP6_AT_DST, sizeof(a.b));
		hash[hashes++] =
		    mip6_path_rows_hash(&p->rows, &a, &mip6_addr_any);
		mip6_path_rows_prefetch_slot(&p->rows, hash[hashes - 2]);
		mip6_path_rows_prefetch_slot(&p->rows, hash[hashes - 1]);
	}
	for (i = 0; i < hashes; i++)
		mip6_path_rows_prefetch_row(&p->rows, hash[i]);
}

void
mip6_path_from_link(struct mip6_path *p, const struct mip6_now *now,
    uint32_t ifindex, struct mip6_pkt *const *pkt, size_t n)
{
	const struct mip6_path_link *l = mip6_path_link_find(p, ifindex);
	size_t i;

	MIP6_ASSERT(n <= MIP6_PKT_BURST);
	p->now = *now;
	p->counters.from_link += n;
	if (l != NULL && p->rows.kind[MIP6_FWD_HA_TUNNEL] > LINK_PREFETCH_ROWS)
		link_prefetch(p, pkt, n);
	for (i = 0; i < n; i++) {
		if (l == NULL)
			mip6_path_drop(p, MIP6_DROP_NOT_OURS, pkt[i]);
		else
			link_one(p, l, pkt[i]);
	}
}
