/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * RFC 2473 tunnels between a home agent and its mobile nodes.
 *
 * Out: the traffic class and the flow label are those of the inner packet, so
 * that queues and paths inside the tunnel can tell flows apart as those
 * outside can (RFC 6438 section 3); the hop limit is the tunnel's own.  The
 * inner hop limit is not touched: at a home agent the kernel has decremented
 * it when it forwarded the packet to the TUN, at a mobile node the packet has
 * not been forwarded yet.  Only a packet that goes from one tunnel straight
 * into another is forwarded here.
 *
 * In: nothing of the inner packet is believed before its outer source is the
 * end of the tunnel that its addresses name.
 *
 * No encapsulation limit of our own is sent (RFC 2473 section 4.1.1 (e)): what
 * comes round to this node is seen and dropped, a ring through others is cut by
 * the limit that they send or by the size of the packet, and the option would
 * cost every packet 8 octets.  A limit that a packet brings is honoured.
 *
 * Implements: RFC 2473 sections 3, 4.1, 5, 6.3, 7.1; RFC 6040 sections 4.1
 * (normal mode) and 4.2; RFC 6275 sections 10.4.2, 10.4.5, 11.3.3.
 */
#include "path/inside.h"

#include "path/offload.h"
#include "wire/dstopt.h"

#define TUNNEL_ECN       0x30 /* in the second octet of the IPv6 header */
#define TUNNEL_ECN_ECT1  0x10
#define TUNNEL_MC_LINK   2
#define TUNNEL_MC_GLOBAL 14

/* The Tunnel Encapsulation Limit of a packet (RFC 2473 section 4.1.1). */
struct tunnel_limit {
	bool present;
	uint8_t limit;
	size_t at; /* the octet with the limit */
};

static bool
tunnel_limit_in(const uint8_t *octets, size_t at, size_t count,
    struct tunnel_limit *limit)
{
	struct mip6_opt opt;
	size_t pos = 2;

	while (pos < count) {
		if (mip6_opt_next(octets + at, count, &pos, &opt, NULL) !=
		    MIP6_PARSE_OK)
			return false;
		if (opt.type != MIP6_OPT_TUNNEL_LIMIT || opt.octets != 1)
			continue;
		limit->present = true;
		limit->limit = opt.value[0];
		limit->at = at + opt.at + 2;
		return true;
	}
	return false;
}

/* Looks for it up to the first header that is no extension header. */
static struct tunnel_limit
tunnel_limit_find(const struct mip6_pkt *pkt)
{
	const uint8_t *octets = mip6_pkt_octets(pkt);
	struct tunnel_limit limit = { false, 0, 0 };
	uint8_t next = octets[MIP6_IP6_AT_NEXT_HEADER];
	size_t at = MIP6_IP6_OCTETS, size;
	unsigned int n;

	for (n = 0; n < MIP6_IP6_HEADERS_MAX; n++) {
		if (next != MIP6_NH_HOPOPTS && next != MIP6_NH_ROUTING &&
		    next != MIP6_NH_DSTOPTS)
			break;
		if (pkt->count - at < 8)
			break;
		size = ((size_t)octets[at + 1] + 1) * 8;
		if (size > pkt->count - at)
			break;
		if (next == MIP6_NH_DSTOPTS &&
		    tunnel_limit_in(octets, at, size, &limit))
			break;
		next = octets[at];
		at += size;
	}
	return limit;
}

static bool
tunnel_is_martian(const struct mip6_addr *a)
{
	return a->b[0] == 0 &&
	    (mip6_addr_is_any(a) || mip6_addr_is_loopback(a) ||
		mip6_addr_is_v4mapped(a));
}

/*
 * Is it a packet that left here through a tunnel and has come back?  So it is
 * when a care-of address is the home address of another mobile node: its route
 * leads here, and two such bindings that name each other would wrap a packet
 * for ever.  Only tunnel packets of ours are looked into.
 */
static bool
tunnel_is_own(const struct mip6_path *p, const struct mip6_pkt *pkt,
    const struct mip6_addr *src, const struct mip6_addr *dst)
{
	const uint8_t *octets = mip6_pkt_octets(pkt);
	const struct mip6_path_row *row;
	size_t at = MIP6_IP6_OCTETS;
	struct mip6_ip6_view v;
	struct mip6_addr inner;

	if (octets[MIP6_IP6_AT_NEXT_HEADER] == MIP6_NH_DSTOPTS ||
	    octets[MIP6_IP6_AT_NEXT_HEADER] == MIP6_NH_FRAGMENT) {
		if (mip6_ip6_view(octets, pkt->count, &v, NULL) !=
			MIP6_PARSE_OK ||
		    v.upper != MIP6_NH_IPV6 || v.frag.offset != 0)
			return false;
		at = v.upper_at;
	} else if (octets[MIP6_IP6_AT_NEXT_HEADER] != MIP6_NH_IPV6) {
		return false;
	}
	if (pkt->count - at < MIP6_IP6_OCTETS)
		return false;
	memcpy(inner.b, octets + at + MIP6_IP6_AT_DST, sizeof(inner.b));
	row = mip6_path_rows_find(&p->rows, &inner, &mip6_addr_any);
	return row != NULL && row->kind == MIP6_FWD_HA_TUNNEL &&
	    mip6_addr_equal(&row->peer, dst) &&
	    mip6_addr_equal(mip6_path_row_local(&p->rows, row), src);
}

/* Why a packet may not enter the tunnel; MIP6_DROP_COUNT: it may. */
static enum mip6_drop
tunnel_out_scope(struct mip6_path *p, struct mip6_path_row *row,
    const struct mip6_pkt *pkt)
{
	struct mip6_addr src = mip6_path_src(pkt);
	struct mip6_addr dst = mip6_path_dst(pkt);
	bool ha = row->kind == MIP6_FWD_HA_TUNNEL;

	/* R10.4.2-03: link-local ones stay here. Test: test_path_tunnel */
	if (mip6_addr_is_linklocal(&dst)) {
		/* R10.4.2-04: and their source hears. Test: test_path_tunnel */
		if (ha)
			mip6_path_error(p, row, pkt, MIP6_ICMP6_UNREACHABLE,
			    MIP6_ICMP6_ADDRESS, 0);
		return MIP6_DROP_TUNNEL_SCOPE;
	}
	if (mip6_addr_is_linklocal(&src))
		return MIP6_DROP_TUNNEL_SCOPE;
	if (mip6_addr_is_multicast(&dst)) {
		/* R10.4.2-05: not of link scope. Test: test_path_tunnel */
		if (mip6_addr_mc_scope(&dst) <= TUNNEL_MC_LINK)
			return MIP6_DROP_TUNNEL_SCOPE;
		/* R10.4.2-06: nor short of global. Test: test_path_tunnel */
		if (ha && mip6_addr_mc_scope(&dst) < TUNNEL_MC_GLOBAL)
			return MIP6_DROP_TUNNEL_SCOPE;
	}
	if (tunnel_is_martian(&src) || tunnel_is_martian(&dst) ||
	    mip6_addr_is_multicast(&src))
		return MIP6_DROP_MARTIAN;
	/* RFC2473-4.1.2: not into itself. Test: test_path_tunnel */
	if (mip6_addr_equal(&dst, &row->peer) &&
	    mip6_addr_equal(&src, mip6_path_row_local(&p->rows, row)))
		return MIP6_DROP_TUNNEL_LOOP;
	/* RFC2473-4.1.3: nor round in a ring. Test: test_path_loop */
	if (tunnel_is_own(p, pkt, &src, &dst))
		return MIP6_DROP_TUNNEL_LOOP;
	return MIP6_DROP_COUNT;
}

/* Puts the outer header (and the limit) in front; there is room. */
static void
tunnel_wrap(const struct mip6_addr *local, const struct mip6_addr *peer,
    struct mip6_pkt *pkt, const struct tunnel_limit *limit)
{
	uint32_t header = MIP6_IP6_OCTETS;
	uint8_t *inner = mip6_pkt_octets(pkt);
	uint8_t *outer;

	if (limit->present)
		header += MIP6_DSTOPT_LIMIT_OCTETS;
	pkt->off -= header;
	pkt->count += header;
	outer = mip6_pkt_octets(pkt);
	/* Version, traffic class, flow label. */
	memcpy(outer, inner, 4);
	mip6_put16(outer + MIP6_IP6_AT_PAYLOAD_LENGTH,
	    (uint16_t)(pkt->count - MIP6_IP6_OCTETS));
	outer[MIP6_IP6_AT_NEXT_HEADER] = MIP6_NH_IPV6;
	outer[MIP6_IP6_AT_HOP_LIMIT] = MIP6_TUNNEL_HOP_LIMIT;
	memcpy(outer + MIP6_IP6_AT_SRC, local->b, sizeof(local->b));
	memcpy(outer + MIP6_IP6_AT_DST, peer->b, sizeof(peer->b));
	if (limit->present) {
		outer[MIP6_IP6_AT_NEXT_HEADER] = MIP6_NH_DSTOPTS;
		mip6_dstopt_limit_put(outer + MIP6_IP6_OCTETS, MIP6_NH_IPV6,
		    (uint8_t)(limit->limit - 1));
	}
}

/* `added`: octets that its source knows nothing of. */
static void
tunnel_out(struct mip6_path *p, struct mip6_path_row *row, struct mip6_pkt *pkt,
    bool ours, uint32_t added)
{
	struct tunnel_limit limit = { false, 0, 0 };
	uint32_t header = MIP6_IP6_OCTETS, inner_mtu;
	uint16_t mtu = row->mtu;
	enum mip6_drop why;

	if (!ours) {
		why = tunnel_out_scope(p, row, pkt);
		if (why != MIP6_DROP_COUNT) {
			mip6_path_drop(p, why, pkt);
			return;
		}
		limit = tunnel_limit_find(pkt);
	}
	if (limit.present) {
		header += MIP6_DSTOPT_LIMIT_OCTETS;
		/* RFC2473-4.1.1b: no further. Test: test_path_tunnel */
		if (limit.limit == 0) {
			mip6_path_error(p, row, pkt, MIP6_ICMP6_PARAM_PROBLEM,
			    MIP6_ICMP6_HEADER_FIELD, (uint32_t)limit.at);
			mip6_path_drop(p, MIP6_DROP_TUNNEL_NESTED, pkt);
			return;
		}
	}
	if (mtu < MIP6_IP6_MTU_MIN)
		mtu = MIP6_IP6_MTU_MIN;
	inner_mtu = mtu - header;
	if (inner_mtu < MIP6_IP6_MTU_MIN + added)
		inner_mtu = MIP6_IP6_MTU_MIN + added;
	/* RFC2473-7.1a: the source must send less. Test: test_path_tunnel */
	if (pkt->count > inner_mtu) {
		mip6_path_error(p, row, pkt, MIP6_ICMP6_TOO_BIG, 0, inner_mtu);
		mip6_path_drop(p, MIP6_DROP_TUNNEL_TOO_BIG, pkt);
		return;
	}
	if (!mip6_path_room(p, pkt, header))
		return;
	row->octets_out += pkt->count;
	tunnel_wrap(mip6_path_row_local(&p->rows, row), &row->peer, pkt,
	    &limit);
	p->counters.encapsulated++;
	mip6_path_hint_row_used(p, row);
	/* RFC2473-7.1b: cut outside when too big for it. */
	mip6_path_hop_send(p, row->hop, pkt, mtu);
}

void
mip6_path_tunnel_out(struct mip6_path *p, struct mip6_path_row *row,
    struct mip6_pkt *pkt, bool ours)
{
	tunnel_out(p, row, pkt, ours, 0);
}

void
mip6_path_tunnel_out_direct(struct mip6_path *p, struct mip6_path_row *row,
    struct mip6_pkt *pkt, uint32_t added)
{
	tunnel_out(p, row, pkt, false, added);
}

struct mip6_pkt *
mip6_path_whole(struct mip6_path *p, struct mip6_pkt *pkt, uint32_t mtu,
    bool merged)
{
	struct mip6_offload o = mip6_offload_look(pkt);
	struct mip6_pkt *list;
	enum mip6_drop why;

	if (merged && pkt->count > mtu) {
		list = mip6_offload_cut(p->env.pool, pkt, &o, mtu, &why);
		if (list == NULL)
			mip6_path_drop(p, why, pkt);
		else
			p->counters.merged_cut++;
		return list;
	}
	if (o.unfinished) {
		mip6_offload_finish(pkt, &o);
		p->counters.checksums_finished++;
	}
	pkt->next = NULL;
	return pkt;
}

void
mip6_path_to_tun(struct mip6_path *p, struct mip6_pkt *pkt, bool merged)
{
	struct mip6_pkt *next;

	for (pkt = mip6_path_whole(p, pkt, p->tun_mtu, merged); pkt != NULL;
	     pkt = next) {
		next = pkt->next;
		pkt->next = NULL;
		mip6_path_tun_emit(p, pkt);
	}
}

/* From one tunnel into another: this node forwards. */
static void
tunnel_shortcut(struct mip6_path *p, struct mip6_path_row *from,
    struct mip6_path_row *to, struct mip6_pkt *pkt, bool merged)
{
	uint8_t *octets = mip6_pkt_octets(pkt);
	struct mip6_pkt *next;
	uint32_t mtu = to->mtu;

	/* RFC8200-3a: a router counts hops down. Test: test_path_tunnel */
	if (octets[MIP6_IP6_AT_HOP_LIMIT] <= 1) {
		mip6_path_error(p, from, pkt, MIP6_ICMP6_TIME_EXCEEDED,
		    MIP6_ICMP6_HOP_LIMIT, 0);
		mip6_path_drop(p, MIP6_DROP_TUNNEL_HOPS, pkt);
		return;
	}
	octets[MIP6_IP6_AT_HOP_LIMIT]--;
	if (mtu < MIP6_IP6_MTU_MIN + MIP6_IP6_OCTETS)
		mtu = MIP6_IP6_MTU_MIN + MIP6_IP6_OCTETS;
	for (pkt = mip6_path_whole(p, pkt, mtu - MIP6_IP6_OCTETS, merged);
	     pkt != NULL; pkt = next) {
		next = pkt->next;
		pkt->next = NULL;
		p->counters.shortcut++;
		mip6_path_tunnel_out(p, to, pkt, false);
	}
}

/*
 * The congestion mark of the outer header, taken over as RFC 6040 section 4.2
 * says.  false: it marks a packet that cannot carry it.
 */
static bool
tunnel_ecn(struct mip6_pkt *pkt, uint8_t outer)
{
	uint8_t *octets = mip6_pkt_octets(pkt);
	uint8_t inner = octets[1] & TUNNEL_ECN;

	if (outer == TUNNEL_ECN) {
		/* RFC6040-4.2a: the mark is not lost. Test: test_path_tunnel */
		if (inner == 0)
			return false;
		octets[1] |= TUNNEL_ECN;
	} else if (outer == TUNNEL_ECN_ECT1 && inner != 0 &&
	    inner != TUNNEL_ECN) {
		octets[1] =
		    (uint8_t)((octets[1] & ~TUNNEL_ECN) | TUNNEL_ECN_ECT1);
	}
	return true;
}

/* The addresses of an outer header. */
struct tunnel_ends {
	struct mip6_addr peer, local;
};

/* The row of an inner packet: a mobile node's, or a home agent's. */
static struct mip6_path_row *
tunnel_in_row(const struct mip6_path *p, const struct tunnel_ends *ends,
    const struct mip6_addr *src, const struct mip6_addr *dst)
{
	struct mip6_path_row *row;

	if (p->rows.kind[MIP6_FWD_MN_TUNNEL] > 0) {
		/* R8.5-14: a group that we joined. Test: test_path_mcast */
		if (mip6_addr_is_multicast(dst))
			return mip6_path_rows_by_ends(&p->rows, &ends->peer,
			    &ends->local);
		row = mip6_path_rows_find(&p->rows, dst, &mip6_addr_any);
		if (row != NULL && row->kind == MIP6_FWD_MN_TUNNEL)
			return row;
	}
	if (p->rows.kind[MIP6_FWD_HA_TUNNEL] > 0) {
		row = mip6_path_rows_find(&p->rows, src, &mip6_addr_any);
		if (row != NULL && row->kind == MIP6_FWD_HA_TUNNEL)
			return row;
	}
	return NULL;
}

/*
 * Did a packet of a row's home address come from the former end of its tunnel?
 * That one was the mobile node's own a moment ago; what it sent before it heard
 * that the home agent had turned is not lost.
 */
static bool
tunnel_in_former(struct mip6_path *p, const struct mip6_path_row *row,
    const struct mip6_addr *peer)
{
	uint32_t hash;

	if (p->grace == NULL || row->kind != MIP6_FWD_HA_TUNNEL)
		return false;
	hash = mip6_path_rows_hash(&p->rows, &row->home, &mip6_addr_any);
	/* P-FORMER: for as long as it was said. Test: test_path_former */
	if (!mip6_path_grace_has(p->grace, hash, p->now.boot, &row->home, peer))
		return false;
	p->counters.former++;
	return true;
}

/* Is the inner packet one that came rightly?  false: dropped. */
static bool
tunnel_in_check(struct mip6_path *p, const struct mip6_path_row *row,
    const struct mip6_addr *peer, struct mip6_pkt *pkt)
{
	struct mip6_addr src = mip6_path_src(pkt);
	struct mip6_addr dst = mip6_path_dst(pkt);

	if (row == NULL) {
		mip6_path_drop(p, MIP6_DROP_TUNNEL_UNKNOWN, pkt);
		return false;
	}
	/* R10.4.5-02, R11.3.3-01: from its end. Test: test_path_tunnel */
	if (!mip6_addr_equal(peer, &row->peer) &&
	    !tunnel_in_former(p, row, peer)) {
		mip6_path_drop(p, MIP6_DROP_TUNNEL_PEER, pkt);
		return false;
	}
	if (mip6_addr_is_multicast(&src) || tunnel_is_martian(&src) ||
	    tunnel_is_martian(&dst)) {
		mip6_path_drop(p, MIP6_DROP_MARTIAN, pkt);
		return false;
	}
	if (mip6_addr_is_linklocal(&src) || mip6_addr_is_linklocal(&dst) ||
	    (mip6_addr_is_multicast(&dst) &&
		mip6_addr_mc_scope(&dst) <= TUNNEL_MC_LINK)) {
		mip6_path_drop(p, MIP6_DROP_TUNNEL_SCOPE, pkt);
		return false;
	}
	if (mip6_path_is_local(p, &src) ||
	    (row->kind == MIP6_FWD_MN_TUNNEL &&
		mip6_addr_equal(&src, &row->home))) {
		mip6_path_drop(p, MIP6_DROP_SELF_SENT, pkt);
		return false;
	}
	return true;
}

enum tunnel_use {
	TUNNEL_DATA,
	TUNNEL_CORE,   /* a message the core takes */
	TUNNEL_DIRECT, /* for this node, with headers of route optimization */
	TUNNEL_ERROR,  /* for this node: an ICMPv6 error */
	TUNNEL_NESTED, /* another tunnel to an address of ours */
	TUNNEL_BAD
};

/*
 * What an inner packet is; `ours`: its destination is this node.  *at: where
 * its upper layer is.
 */
static enum tunnel_use
tunnel_in_use(const struct mip6_pkt *pkt, bool ours, struct mip6_ip6_view *v,
    size_t *at)
{
	const uint8_t *octets = mip6_pkt_octets(pkt);
	uint8_t upper = octets[MIP6_IP6_AT_NEXT_HEADER];
	enum tunnel_use use = TUNNEL_DATA;

	*at = MIP6_IP6_OCTETS;
	if (upper == MIP6_NH_TCP || upper == MIP6_NH_UDP)
		return TUNNEL_DATA;
	if (upper == MIP6_NH_HOPOPTS || upper == MIP6_NH_ROUTING ||
	    upper == MIP6_NH_DSTOPTS || upper == MIP6_NH_FRAGMENT) {
		if (mip6_ip6_view(octets, pkt->count, v, NULL) != MIP6_PARSE_OK)
			return TUNNEL_BAD;
		if (ours && (v->has_hao || v->has_rh2))
			use = TUNNEL_DIRECT;
		if (mip6_ip6_is_fragment(v))
			return use;
		upper = v->upper;
		*at = v->upper_at;
	}
	if (upper == MIP6_NH_MH)
		return ours ? TUNNEL_CORE : TUNNEL_DATA;
	if (upper == MIP6_NH_IPV6)
		return ours ? TUNNEL_NESTED : TUNNEL_DATA;
	if (upper != MIP6_NH_ICMPV6 || pkt->count <= *at)
		return use;
	/* Never to the kernel: its hop limit may still be 255. */
	if (octets[*at] >= MIP6_ND_RS && octets[*at] <= MIP6_ICMP6_REDIRECT)
		return TUNNEL_CORE;
	if (octets[*at] >= MIP6_ICMP6_DHAAD_REQUEST &&
	    octets[*at] <= MIP6_ICMP6_MPA && ours)
		return TUNNEL_CORE;
	if (use == TUNNEL_DATA && ours && mip6_icmp6_is_error(octets[*at]))
		return TUNNEL_ERROR;
	return use;
}

/* An inner packet that was accepted goes its way. */
static void
tunnel_in_deliver(struct mip6_path *p, struct mip6_path_row *row,
    const struct mip6_addr *peer, struct mip6_pkt *pkt, bool merged)
{
	struct mip6_addr src = mip6_path_src(pkt), dst = mip6_path_dst(pkt);
	bool mn = row->kind == MIP6_FWD_MN_TUNNEL;
	struct mip6_path_row *to = NULL;
	struct mip6_ip6_view v;
	size_t at;

	switch (
	    tunnel_in_use(pkt, mn || mip6_path_is_local(p, &dst), &v, &at)) {
	case TUNNEL_CORE:
		mip6_path_hint_packet(p, pkt, peer);
		return;
	case TUNNEL_NESTED:
		mip6_path_drop(p, MIP6_DROP_TUNNEL_NESTED, pkt);
		return;
	case TUNNEL_BAD:
		mip6_path_drop(p, MIP6_DROP_BAD_CHAIN, pkt);
		return;
	case TUNNEL_DIRECT:
		mip6_path_direct_in(p, pkt, &v, false, merged);
		return;
	case TUNNEL_ERROR:
		if (mip6_path_direct_error_home(p, pkt, at))
			return;
		break;
	case TUNNEL_DATA:
		if (mn)
			mip6_path_hint_peer(p, row, &src, true);
		break;
	}
	if (!mn && p->mcast.ifindex != 0 && mip6_addr_is_multicast(&dst)) {
		mip6_path_mcast_out(p, row, pkt, merged);
		return;
	}
	if (!mn)
		to = mip6_path_rows_find(&p->rows, &dst, &mip6_addr_any);
	if (to != NULL && to->kind == MIP6_FWD_HA_TUNNEL)
		tunnel_shortcut(p, row, to, pkt, merged);
	else
		mip6_path_to_tun(p, pkt, merged);
}

/*
 * Multicast Listener Discovery between the ends of a tunnel: the source is a
 * link-local address that others may have as well, so that nothing but the
 * outer source says whose it is (R10.4.3-01); the core knows them.
 */
static bool
tunnel_in_is_mld(const struct mip6_path *p, const struct mip6_pkt *pkt)
{
	struct mip6_addr src = mip6_path_src(pkt);

	return mip6_addr_is_linklocal(&src) &&
	    p->rows.kind[MIP6_FWD_MN_TUNNEL] +
		p->rows.kind[MIP6_FWD_HA_TUNNEL] >
	    0 &&
	    mip6_path_is_mld(pkt);
}

void
mip6_path_tunnel_in(struct mip6_path *p, struct mip6_pkt *pkt, size_t at,
    bool merged)
{
	/* Copies: what is in the buffer moves out of sight. */
	struct tunnel_ends ends = { mip6_path_src(pkt), mip6_path_dst(pkt) };
	uint8_t ecn = mip6_pkt_octets(pkt)[1] & TUNNEL_ECN;
	struct mip6_addr src, dst;
	struct mip6_path_row *row;

	MIP6_ASSERT(at <= pkt->count);
	pkt->off += (uint32_t)at;
	pkt->count -= (uint32_t)at;
	/* RFC2473-4.1.2a: both ends are not ours. Test: test_path_loop */
	if (mip6_path_is_local(p, &ends.peer)) {
		mip6_path_drop(p, MIP6_DROP_TUNNEL_LOOP, pkt);
		return;
	}
	if (!mip6_path_trim(p, pkt))
		return;
	if (tunnel_in_is_mld(p, pkt)) {
		mip6_path_hint_packet(p, pkt, &ends.peer);
		return;
	}
	src = mip6_path_src(pkt);
	dst = mip6_path_dst(pkt);
	row = tunnel_in_row(p, &ends, &src, &dst);
	if (!tunnel_in_check(p, row, &ends.peer, pkt))
		return;
	if (!tunnel_ecn(pkt, ecn)) {
		mip6_path_drop(p, MIP6_DROP_TUNNEL_ECN, pkt);
		return;
	}
	row->octets_in += pkt->count;
	p->counters.decapsulated++;
	mip6_path_hint_row_used(p, row);
	tunnel_in_deliver(p, row, &ends.peer, pkt, merged);
}

void
mip6_path_send_tunnelled(struct mip6_path *p, const struct mip6_now *now,
    const struct mip6_addr *home, const uint8_t *octets, size_t count)
{
	struct mip6_path_row *row;
	struct mip6_pkt *pkt;

	p->now = *now;
	pkt = mip6_path_copy(p, octets, count);
	if (pkt == NULL || !mip6_path_trim(p, pkt))
		return;
	row = mip6_path_rows_find(&p->rows, home, &mip6_addr_any);
	if (row == NULL ||
	    (row->kind != MIP6_FWD_MN_TUNNEL &&
		row->kind != MIP6_FWD_HA_TUNNEL)) {
		mip6_path_drop(p, MIP6_DROP_NO_ROW, pkt);
		return;
	}
	mip6_path_tunnel_out(p, row, pkt, true);
}
