/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Route optimization, in: a packet with a Home Address option, a type 2
 * routing header or both becomes the packet that the applications of the two
 * home addresses know, and goes to the TUN.  It is never sent anywhere else.
 *
 * The option is believed when a pair says where that home address is now; the
 * routing header when it came to an address of ours and names a home address
 * of ours.  A binding is asked for whatever follows, ESP and AH too: who holds
 * the security associations, and whether, is not known here.  An option that
 * is not known is the host's to judge, which answers for what it is told.
 *
 * Fragments that the sender made of a packet with these headers have them all;
 * each is checked and rewritten by itself, and the host puts them together.
 *
 * Implements: RFC 6275 sections 6.3, 6.4, 9.3.1, 11.3.3.
 */
#include "path/inside.h"

#include "wire/dstopt.h"
#include "wire/rh.h"

struct mip6_path_row *
mip6_path_direct_row(const struct mip6_path *p, const struct mip6_addr *our,
    const struct mip6_addr *other)
{
	struct mip6_path_row *row;

	row = mip6_path_rows_find(&p->rows, our, other);
	return row != NULL && row->kind == MIP6_FWD_DIRECT ? row : NULL;
}

bool
mip6_path_direct_proven(const struct mip6_path_row *row,
    const struct mip6_ip6_view *v)
{
	return !v->has_hao ||
	    (row != NULL && mip6_addr_equal(&row->peer, &v->ip.src));
}

/* A home address of ours, which a routing header may name. */
static struct mip6_path_row *
direct_home(const struct mip6_path *p, const struct mip6_addr *a)
{
	struct mip6_path_row *row;

	row = mip6_path_rows_find(&p->rows, a, &mip6_addr_any);
	return row != NULL && row->kind != MIP6_FWD_HA_TUNNEL ? row : NULL;
}

/* Is there something wrong with it whoever sent it?  COUNT: no. */
static enum mip6_drop
direct_in_check(const struct mip6_path *p, const struct mip6_ip6_view *v,
    bool coa)
{
	if (v->header_fault != MIP6_IP6_FAULT_NONE)
		return mip6_ip6_fault_drop(v->header_fault);
	/* P-DIRECT-WIRE: between two nodes. Test: test_path_direct_in */
	if (!mip6_addr_is_routable(&v->ip.src) ||
	    !mip6_addr_is_routable(&v->ip.dst))
		return MIP6_DROP_MARTIAN;
	/* P-DIRECT-COA: to a care-of address. Test: test_path_direct_in */
	if (v->has_rh2 && !coa)
		return MIP6_DROP_RH2_NOT_HOME;
	/* R6.4-03, R6.4-01: a home address. Test: test_path_direct_in */
	if (v->has_rh2 &&
	    (!mip6_addr_is_routable(&v->rh2) ||
		direct_home(p, &v->rh2) == NULL))
		return MIP6_DROP_RH2_NOT_HOME;
	/* R9.3.1-01: of one node anywhere. Test: test_path_direct_in */
	if (v->has_hao && !mip6_addr_is_routable(&v->hao))
		return MIP6_DROP_HAO_NOT_UNICAST;
	/* P-DIRECT-SELF: not one of ours. Test: test_path_direct_in */
	if (mip6_path_is_local(p, &v->eff_src) ||
	    direct_home(p, &v->eff_src) != NULL)
		return MIP6_DROP_SELF_SENT;
	return MIP6_DROP_COUNT;
}

/* Is it what these headers must not be used for?  COUNT: no. */
static enum mip6_drop
direct_in_upper(const struct mip6_pkt *pkt, const struct mip6_ip6_view *v)
{
	uint8_t type;

	if (v->upper == MIP6_NH_ICMPV6 && !mip6_ip6_is_fragment(v) &&
	    v->upper_octets > 0) {
		type = mip6_pkt_octets(pkt)[v->upper_at];
		/* R11.3.1-05a: no discovery. Test: test_path_direct_in */
		if (type >= MIP6_ND_RS && type <= MIP6_ICMP6_REDIRECT)
			return MIP6_DROP_ND_INVALID;
	}
	return MIP6_DROP_COUNT;
}

/* The Next Header field that names the header at `at` of a chain walked. */
static size_t
direct_field(const uint8_t *octets, size_t at)
{
	size_t field = MIP6_IP6_AT_NEXT_HEADER, pos = MIP6_IP6_OCTETS, size;

	while (pos < at) {
		if (octets[field] == MIP6_NH_FRAGMENT)
			size = MIP6_FRAG_OCTETS;
		else if (octets[field] == MIP6_NH_AH)
			size = ((size_t)octets[pos + 1] + 2) * 4;
		else
			size = ((size_t)octets[pos + 1] + 1) * 8;
		field = pos;
		pos += size;
	}
	return field;
}

/* Takes out a header of `size` octets. */
static void
direct_cut(struct mip6_pkt *pkt, size_t at, size_t size)
{
	uint8_t *octets = mip6_pkt_octets(pkt);

	octets[direct_field(octets, at)] = octets[at];
	memmove(octets + size, octets, at);
	pkt->off += (uint32_t)size;
	pkt->count -= (uint32_t)size;
}

/* The octets of an options header that an option and padding around it fill. */
struct direct_gap {
	size_t from, to;
};

static struct direct_gap
direct_gap_find(const uint8_t *header, size_t size, size_t at)
{
	struct direct_gap gap = { 2, size };
	struct mip6_opt opt;
	size_t pos = 2;

	while (pos < size) {
		if (mip6_opt_next(header, size, &pos, &opt, NULL) !=
		    MIP6_PARSE_OK)
			break;
		if (opt.type == MIP6_OPT_PAD1 || opt.type == MIP6_OPT_PADN ||
		    opt.at == at)
			continue;
		if (opt.at > at) {
			gap.to = opt.at;
			break;
		}
		gap.from = pos;
	}
	return gap;
}

/*
 * Takes the Home Address option out.  Of a header that holds others as much
 * goes as leaves each of them where it was, modulo 8: no more padding is left
 * than a receiver takes, which is 7 octets on some systems.
 */
static void
direct_cut_hao(struct mip6_pkt *pkt, const struct mip6_ip6_view *v)
{
	uint8_t *header = mip6_pkt_octets(pkt) + v->hao_header_at;
	size_t size = ((size_t)header[1] + 1) * 8, octets, pad;
	struct direct_gap gap;

	gap = direct_gap_find(header, size, v->hao_at - v->hao_header_at);
	/* P-DIRECT-KEEP: others stay. Test: test_path_direct_in */
	if (gap.from == 2 && gap.to == size) {
		direct_cut(pkt, v->hao_header_at, size);
		return;
	}
	pad = (gap.to - gap.from) % 8;
	octets = gap.to - gap.from - pad;
	header[1] = (uint8_t)(header[1] - octets / 8);
	if (pad > 0)
		memset(header + gap.to - pad, 0, pad);
	if (pad > 1) {
		header[gap.to - pad] = MIP6_OPT_PADN;
		header[gap.to - pad + 1] = (uint8_t)(pad - 2);
	}
	memmove(mip6_pkt_octets(pkt) + octets, mip6_pkt_octets(pkt),
	    v->hao_header_at + gap.from);
	pkt->off += (uint32_t)octets;
	pkt->count -= (uint32_t)octets;
}

uint32_t
mip6_path_direct_strip(struct mip6_pkt *pkt, const struct mip6_ip6_view *v)
{
	uint32_t before = pkt->count, removed;
	uint8_t *octets;

	/* The one that is further behind first: the other stays in place. */
	if (v->has_hao)
		direct_cut_hao(pkt, v);
	if (v->has_rh2)
		direct_cut(pkt, v->rh2_at, MIP6_RH2_OCTETS);
	octets = mip6_pkt_octets(pkt);
	removed = before - pkt->count;
	mip6_put16(octets + MIP6_IP6_AT_PAYLOAD_LENGTH,
	    (uint16_t)(v->ip.payload_octets - removed));
	memcpy(octets + MIP6_IP6_AT_SRC, v->eff_src.b, sizeof(v->eff_src.b));
	memcpy(octets + MIP6_IP6_AT_DST, v->eff_dst.b, sizeof(v->eff_dst.b));
	return removed;
}

void
mip6_path_direct_in(struct mip6_path *p, struct mip6_pkt *pkt,
    const struct mip6_ip6_view *v, bool coa, bool merged)
{
	struct mip6_path_row *row;
	enum mip6_drop why;

	why = direct_in_check(p, v, coa);
	if (why != MIP6_DROP_COUNT) {
		mip6_path_drop(p, why, pkt);
		return;
	}
	row = mip6_path_direct_row(p, &v->eff_dst, &v->eff_src);
	/* R9.3.1-03: it is where it says. Test: test_path_direct_in */
	if (!mip6_path_direct_proven(row, v)) {
		mip6_path_hint_hao(p, pkt, v);
		return;
	}
	why = direct_in_upper(pkt, v);
	if (why != MIP6_DROP_COUNT) {
		mip6_path_drop(p, why, pkt);
		return;
	}
	/* A correspondent may know of us what we have forgotten of it. */
	if (row == NULL)
		row = direct_home(p, &v->eff_dst);
	(void)mip6_path_direct_strip(pkt, v);
	p->counters.direct_in++;
	if (row != NULL) {
		row->octets_in += pkt->count;
		mip6_path_hint_row_used(p, row);
	}
	mip6_path_to_tun(p, pkt, merged);
}
