/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * ICMPv6 errors about packets that left here with a Home Address option or a
 * type 2 routing header.
 *
 * An error is believed when the packet it quotes is one that a pair would have
 * sent: the addresses of the wire and those in the headers are all of that
 * pair.  The core is told, with the error as it came; the application gets one
 * that quotes the packet it sent.  What is about our headers, and not about
 * the application's packet, is for the core alone.
 *
 * The quoted packet is short and hostile.  It is looked at once, within what
 * is there, copied into a buffer of its own, and the places found are used for
 * that copy alone.
 *
 * Implements: RFC 4443, RFC 6275 sections 9.3.4 and 11.3.5.
 */
#include "path/inside.h"

#define DIRECT_HOP_LIMIT 64

struct mip6_path_row *
mip6_path_direct_quoted(const struct mip6_path *p,
    const struct mip6_ip6_view *q)
{
	const struct mip6_addr *local;
	struct mip6_path_row *row;

	if ((!q->has_hao && !q->has_rh2) ||
	    q->header_fault != MIP6_IP6_FAULT_NONE)
		return NULL;
	row = mip6_path_direct_row(p, &q->eff_src, &q->eff_dst);
	if (row == NULL)
		return NULL;
	local = mip6_path_row_local(&p->rows, row);
	/* P-DIRECT-QUOTE: as it was sent. Test: test_path_direct_error */
	if (!mip6_addr_equal(local, &q->ip.src) ||
	    !mip6_addr_equal(&row->peer, &q->ip.dst))
		return NULL;
	return row;
}

struct mip6_pkt *
mip6_path_direct_plain(struct mip6_path *p, const uint8_t *quoted,
    size_t octets, const struct mip6_ip6_view *q, uint32_t *removed)
{
	struct mip6_pkt *plain;

	if (octets > q->octets)
		octets = q->octets;
	if (octets > MIP6_PKT_OCTETS)
		octets = MIP6_PKT_OCTETS;
	/* P-DIRECT-COPY: all headers. Test: test_path_direct_quote */
	if (q->upper_at > octets)
		return NULL;
	plain = mip6_path_copy(p, quoted, octets);
	if (plain != NULL)
		*removed = mip6_path_direct_strip(plain, q);
	return plain;
}

/*
 * A pointer into the packet as it was sent, moved to where that octet is in
 * the application's; false: it is in our headers, or names them.
 */
static bool
direct_error_pointer(const struct mip6_ip6_view *q, uint32_t removed,
    uint32_t *pointer)
{
	size_t first = q->has_rh2 ? q->rh2_at : q->hao_header_at;
	size_t last = q->has_hao ? q->hao_header_at : q->rh2_at;
	size_t field = first == MIP6_IP6_OCTETS ? MIP6_IP6_AT_NEXT_HEADER :
						  MIP6_IP6_OCTETS;

	/* What the last of ours names, the one before it names now. */
	if (*pointer == last)
		*pointer = (uint32_t)field;
	else if (*pointer >= first + removed)
		*pointer -= removed;
	else if (*pointer >= first || *pointer == field)
		return false;
	return true;
}

/* What the application is to hear; false: nothing. */
static bool
direct_error_translate(const struct mip6_icmp6 *m,
    const struct mip6_ip6_view *q, uint32_t removed, struct mip6_icmp6_error *e)
{
	e->type = m->type;
	e->code = m->code;
	e->word = 0;
	switch (m->type) {
	case MIP6_ICMP6_UNREACHABLE:
	case MIP6_ICMP6_TIME_EXCEEDED:
		return true;
	case MIP6_ICMP6_PARAM_PROBLEM:
		e->word = m->word;
		/* P-DIRECT-POINTER: of its own. Test: test_path_direct_error */
		if (!direct_error_pointer(q, removed, &e->word))
			return false;
		return true;
	case MIP6_ICMP6_TOO_BIG:
		break;
	default:
		/* RFC 4443 section 2.4 (a): to be passed on all the same. */
		e->word = m->word;
		return true;
	}
	/* P-DIRECT-SMALL: cut on its way. Test: test_path_direct_error */
	if (q->octets - removed <= MIP6_IP6_MTU_MIN)
		return false;
	e->word = MIP6_IP6_MTU_MIN;
	/* P-DIRECT-LESS: by our headers. Test: test_path_direct_error */
	if (m->word > MIP6_IP6_MTU_MIN + removed)
		e->word = m->word - removed;
	return true;
}

/* Tells the application whose packet it was. */
static void
direct_error_relay(struct mip6_path *p, struct mip6_path_row *row,
    const struct mip6_addr *src, const struct mip6_icmp6 *m,
    const struct mip6_ip6_view *q)
{
	struct mip6_icmp6_error e = { .hop_limit = DIRECT_HOP_LIMIT };
	struct mip6_ip6_view v;
	struct mip6_pkt *plain;
	uint32_t removed;

	plain = mip6_path_direct_plain(p, m->body, m->body_octets, q, &removed);
	if (plain == NULL)
		return;
	e.src = mip6_addr_is_routable(src) ? *src : row->home;
	e.dst = row->home;
	e.quoted = mip6_pkt_octets(plain);
	e.quoted_octets = plain->count;
	if (direct_error_translate(m, q, removed, &e) &&
	    mip6_ip6_view_quoted(e.quoted, e.quoted_octets, &v, NULL) ==
		MIP6_PARSE_OK)
		mip6_path_error_give(p, row, &e, &v);
	mip6_pool_put(p->env.pool, plain);
}

bool
mip6_path_direct_error(struct mip6_path *p, struct mip6_pkt *pkt,
    const struct mip6_icmp6 *m, const struct mip6_ip6_view *q)
{
	struct mip6_addr src = mip6_path_src(pkt);
	struct mip6_path_row *row = mip6_path_direct_quoted(p, q);

	if (row == NULL)
		return false;
	/* P-DIRECT-BOGUS: it was not larger. Test: test_path_direct_error */
	if (m->type == MIP6_ICMP6_TOO_BIG && m->word >= q->octets) {
		mip6_path_drop(p, MIP6_DROP_ICMP_IGNORED, pkt);
		return true;
	}
	direct_error_relay(p, row, &src, m, q);
	mip6_path_hint_error(p, row, pkt);
	return true;
}

bool
mip6_path_direct_error_home(struct mip6_path *p, struct mip6_pkt *pkt,
    size_t at)
{
	const uint8_t *octets = mip6_pkt_octets(pkt);
	struct mip6_addr src = mip6_path_src(pkt);
	struct mip6_addr dst = mip6_path_dst(pkt);
	struct mip6_ip6_view q;
	struct mip6_icmp6 m;

	if (p->rows.kind[MIP6_FWD_DIRECT] == 0 || pkt->count <= at ||
	    !mip6_icmp6_is_error(octets[at]))
		return false;
	if (mip6_icmp6_receive(octets + at, pkt->count - at, &src, &dst, &m,
		NULL) != MIP6_PARSE_OK ||
	    mip6_ip6_view_quoted(m.body, m.body_octets, &q, NULL) !=
		MIP6_PARSE_OK)
		return false;
	/* P-DIRECT-FROM: sent from there. Test: test_path_direct_error */
	if (!mip6_addr_equal(&q.ip.src, &dst) || q.upper == MIP6_NH_MH)
		return false;
	return mip6_path_direct_error(p, pkt, &m, &q);
}
