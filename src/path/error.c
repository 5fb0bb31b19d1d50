/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * ICMPv6 errors: those made here, and those that come back about the outer
 * packets of our tunnels.
 *
 * An error about an outer packet is believed only when the addresses it quotes
 * are those of a row, inside and outside.  Then the core is told, and the
 * source of the inner packet gets the error that RFC 2473 section 8.2 makes of
 * it.  The quoted packet is hostile and short: every header of it is looked
 * for within what is there, and nothing of it is kept but copies.
 *
 * Errors to a mobile node's own host have the home address as source: an
 * address of the interface the packet came from (RFC 2473 section 8.2), and
 * one that is there also while nothing is registered.  Those of a home agent
 * have its tunnel's source.
 *
 * Implements: RFC 4443 section 2.4 (e) and (f), RFC 2473 sections 7.1 (a) and
 * 8, RFC 6275 section 9.3.4.
 */
#include "path/inside.h"

#define ERROR_HOP_LIMIT 64
/* RFC 4443 section 2.4 (f): a token bucket; 32 a second for a row, ... */
#define ERROR_ROW_US    31250
#define ERROR_ROW_BURST 32
/* ... 1,000 a second in all. */
#define ERROR_ALL_US    1000
#define ERROR_ALL_BURST 200

/* May an error of this kind be sent about the octets, now? */
static bool
error_may(struct mip6_path *p, struct mip6_path_row *row,
    const struct mip6_ip6_view *v, const struct mip6_icmp6_error *e,
    bool ll_multicast)
{
	/* RFC4443-2.4e: neither errors nor groups. Test: test_path_error */
	if (!mip6_icmp6_error_allowed(v, e->quoted, ll_multicast, e->type,
		e->code))
		return false;
	/* RFC4443-2.4f: limited in rate. Test: test_path_error */
	if ((row != NULL &&
		!mip6_path_rate_take(&mip6_path_rates(p, row)->errors,
		    p->now.boot, ERROR_ROW_US, ERROR_ROW_BURST)) ||
	    !mip6_path_rate_take(&p->errors, p->now.boot, ERROR_ALL_US,
		ERROR_ALL_BURST)) {
		p->counters.drops.count[MIP6_DROP_ICMP_RATE]++;
		return false;
	}
	return true;
}

static struct mip6_pkt *
error_make(struct mip6_path *p, const struct mip6_icmp6_error *e)
{
	struct mip6_pkt *pkt;
	struct mip6_wr w;

	pkt = mip6_pool_get(p->env.pool, MIP6_IP6_MTU_MIN);
	if (pkt == NULL) {
		p->counters.drops.count[MIP6_DROP_NO_BUFFER]++;
		return NULL;
	}
	w = mip6_wr_make(mip6_pkt_octets(pkt), MIP6_IP6_MTU_MIN);
	mip6_icmp6_error_write(&w, e);
	MIP6_ASSERT(!w.failed);
	pkt->count = (uint32_t)w.pos;
	if (e->type == MIP6_ICMP6_TOO_BIG)
		p->counters.too_big_sent++;
	else if (e->type == MIP6_ICMP6_UNREACHABLE)
		p->counters.unreachable_sent++;
	return pkt;
}

void
mip6_path_error_give(struct mip6_path *p, struct mip6_path_row *row,
    const struct mip6_icmp6_error *e, const struct mip6_ip6_view *v)
{
	struct mip6_pkt *pkt;

	if (!error_may(p, row, v, e, false))
		return;
	pkt = error_make(p, e);
	if (pkt != NULL)
		mip6_path_reply(p, pkt);
}

static struct mip6_addr
error_source(const struct mip6_path *p, const struct mip6_path_row *row)
{
	return row->kind == MIP6_FWD_HA_TUNNEL ?
	    *mip6_path_row_local(&p->rows, row) :
	    row->home;
}

void
mip6_path_error(struct mip6_path *p, struct mip6_path_row *row,
    const struct mip6_pkt *about, uint8_t type, uint8_t code, uint32_t word)
{
	struct mip6_icmp6_error e;
	struct mip6_ip6_view v;
	struct mip6_pkt *pkt;

	if (mip6_ip6_view(mip6_pkt_octets(about), about->count, &v, NULL) !=
	    MIP6_PARSE_OK)
		return;
	e = (struct mip6_icmp6_error){ error_source(p, row), v.ip.src,
		ERROR_HOP_LIMIT, type, code, word, mip6_pkt_octets(about),
		about->count };
	if (!error_may(p, row, &v, &e, about->ll_multicast))
		return;
	pkt = error_make(p, &e);
	if (pkt != NULL)
		mip6_path_reply(p, pkt);
}

/* Is it a home address of ours, and we are not at home on that link? */
static bool
error_from_away(const struct mip6_path *p, const struct mip6_addr *src,
    uint32_t ifindex)
{
	const struct mip6_path_row *row;

	row = mip6_path_rows_find(&p->rows, src, &mip6_addr_any);
	if (row == NULL || row->kind == MIP6_FWD_HA_TUNNEL)
		return false;
	return row->kind != MIP6_FWD_MN_HOME ||
	    mip6_path_row_mn(row)->ifindex != ifindex;
}

void
mip6_path_error_link(struct mip6_path *p, const struct mip6_addr *src,
    const struct mip6_pkt *about, uint8_t type, uint8_t code, uint32_t word)
{
	const struct mip6_path_row *row;
	const struct mip6_path_link *l;
	struct mip6_icmp6_error e;
	struct mip6_ip6_view v;
	struct mip6_pkt *pkt;

	l = mip6_path_link_find(p, about->ifindex);
	if (l == NULL || error_from_away(p, src, l->ifindex) ||
	    mip6_ip6_view(mip6_pkt_octets(about), about->count, &v, NULL) !=
		MIP6_PARSE_OK)
		return;
	row = mip6_path_direct_row(p, &v.eff_dst, &v.eff_src);
	/* P-DIRECT-REFLECT: it would be larger. Test: test_path_direct_edge */
	if (!mip6_path_direct_proven(row, &v))
		return;
	e = (struct mip6_icmp6_error){ *src, v.ip.src, ERROR_HOP_LIMIT, type,
		code, word, mip6_pkt_octets(about), about->count };
	if (!error_may(p, NULL, &v, &e, about->ll_multicast))
		return;
	pkt = error_make(p, &e);
	if (pkt != NULL)
		mip6_path_link_send(p, l, &about->ll_src, pkt, l->mtu);
}

/* An error that came in, and what it quotes. */
struct error_in {
	struct mip6_icmp6 m;
	struct mip6_ip6_view outer; /* quoted */
	const uint8_t *inner;       /* in the quoted packet */
	size_t inner_octets;        /* there */
	struct mip6_path_row *row;
};

/* The row whose tunnel sent the quoted packet; NULL: none. */
static struct mip6_path_row *
error_row(const struct mip6_path *p, const struct error_in *x)
{
	struct mip6_path_row *row;
	struct mip6_addr src, dst;

	memcpy(src.b, x->inner + MIP6_IP6_AT_SRC, sizeof(src.b));
	memcpy(dst.b, x->inner + MIP6_IP6_AT_DST, sizeof(dst.b));
	row = mip6_path_rows_find(&p->rows, &src, &mip6_addr_any);
	if (row == NULL || row->kind != MIP6_FWD_MN_TUNNEL) {
		row = mip6_path_rows_find(&p->rows, &dst, &mip6_addr_any);
		if (row == NULL || row->kind != MIP6_FWD_HA_TUNNEL)
			return NULL;
	}
	/* RFC2473-8a: a packet that we sent. Test: test_path_error */
	if (!mip6_addr_equal(mip6_path_row_local(&p->rows, row),
		&x->outer.ip.src) ||
	    !mip6_addr_equal(&row->peer, &x->outer.ip.dst))
		return NULL;
	return row;
}

/* Finds the inner packet and its row; false: it is none of ours. */
static bool
error_read_inner(struct mip6_path *p, struct error_in *x)
{
	size_t at = x->outer.upper_at;

	/* Of later fragments the inner header is not there. */
	if (x->outer.frag.present && x->outer.frag.offset != 0)
		return false;
	if (x->m.body_octets < at + MIP6_IP6_OCTETS)
		return false;
	x->inner = x->m.body + at;
	x->inner_octets = x->m.body_octets - at;
	if (x->inner[0] >> 4 != 6)
		return false;
	x->row = error_row(p, x);
	return x->row != NULL;
}

/* What RFC 2473 section 8.2 makes of it; false: nothing. */
static bool
error_translate(const struct error_in *x, struct mip6_icmp6_error *e)
{
	uint32_t inner_octets, header_octets = (uint32_t)x->outer.upper_at;

	e->type = MIP6_ICMP6_UNREACHABLE;
	e->code = MIP6_ICMP6_ADDRESS;
	e->word = 0;
	switch (x->m.type) {
	case MIP6_ICMP6_UNREACHABLE:
		return true;
	case MIP6_ICMP6_TIME_EXCEEDED:
		return x->m.code == MIP6_ICMP6_HOP_LIMIT;
	case MIP6_ICMP6_PARAM_PROBLEM:
		/* RFC2473-8.1a: the nesting limit. Test: test_path_error */
		return x->m.code == MIP6_ICMP6_HEADER_FIELD &&
		    x->outer.has_tunnel_limit && x->outer.tunnel_limit == 0 &&
		    x->m.word == x->outer.tunnel_limit_at;
	case MIP6_ICMP6_TOO_BIG:
		break;
	default:
		return false;
	}
	inner_octets = (uint32_t)MIP6_IP6_OCTETS +
	    mip6_get16(x->inner + MIP6_IP6_AT_PAYLOAD_LENGTH);
	/* RFC2473-8.2a: smaller ones are cut outside. Test: test_path_error */
	if (inner_octets <= MIP6_IP6_MTU_MIN)
		return false;
	e->type = MIP6_ICMP6_TOO_BIG;
	e->code = 0;
	e->word = MIP6_IP6_MTU_MIN;
	/* RFC2473-8.2b: less the tunnel's headers. Test: test_path_error */
	if (x->m.word > MIP6_IP6_MTU_MIN + header_octets)
		e->word = x->m.word - header_octets;
	return true;
}

/*
 * The packet quoted had headers of route optimization inside the tunnel: makes
 * `e` quote it without them.  false: there is nothing to be told.
 */
static bool
error_plain(struct mip6_path *p, struct mip6_icmp6_error *e,
    struct mip6_ip6_view *v, struct mip6_pkt **plain)
{
	uint32_t removed;

	*plain =
	    mip6_path_direct_plain(p, e->quoted, e->quoted_octets, v, &removed);
	if (*plain == NULL)
		return false;
	e->quoted = mip6_pkt_octets(*plain);
	e->quoted_octets = (*plain)->count;
	if (mip6_ip6_view_quoted(e->quoted, e->quoted_octets, v, NULL) ==
		MIP6_PARSE_OK &&
	    (e->type != MIP6_ICMP6_TOO_BIG || v->octets > MIP6_IP6_MTU_MIN)) {
		if (e->type != MIP6_ICMP6_TOO_BIG)
			return true;
		e->word = e->word > MIP6_IP6_MTU_MIN + removed ?
		    e->word - removed :
		    MIP6_IP6_MTU_MIN;
		return true;
	}
	mip6_pool_put(p->env.pool, *plain);
	return false;
}

/* Tells the source of the inner packet. */
static void
error_relay(struct mip6_path *p, const struct error_in *x)
{
	struct mip6_icmp6_error e = { .hop_limit = ERROR_HOP_LIMIT };
	struct mip6_pkt *plain = NULL;
	struct mip6_ip6_view v;

	/* R9.3.4-01: to be told, as RFC 2473. Test: test_path_error */
	if (!error_translate(x, &e))
		return;
	if (mip6_ip6_view_quoted(x->inner, x->inner_octets, &v, NULL) !=
	    MIP6_PARSE_OK)
		return;
	/* Cut before one can see whether it is an error itself. */
	if (v.cut && v.upper == MIP6_NH_NONE)
		return;
	e.quoted = x->inner;
	e.quoted_octets =
	    x->inner_octets < v.octets ? x->inner_octets : v.octets;
	/* P-DIRECT-INSIDE: as it was sent. Test: test_path_direct_error */
	if (mip6_path_direct_quoted(p, &v) != NULL &&
	    !error_plain(p, &e, &v, &plain))
		return;
	e.src = error_source(p, x->row);
	e.dst = v.ip.src;
	mip6_path_error_give(p, x->row, &e, &v);
	if (plain != NULL)
		mip6_pool_put(p->env.pool, plain);
}

/* Is it about something the core sent? */
static bool
error_is_for_core(const struct mip6_ip6_view *v, const uint8_t *quoted)
{
	if (v->upper == MIP6_NH_MH)
		return true;
	return v->upper == MIP6_NH_ICMPV6 && v->upper_octets > 0 &&
	    quoted[v->upper_at] >= MIP6_ICMP6_DHAAD_REQUEST &&
	    quoted[v->upper_at] <= MIP6_ICMP6_MPA;
}

/* About an outer packet: the core hears of it, and the source inside. */
static void
error_in_tunnel(struct mip6_path *p, struct mip6_pkt *pkt, struct error_in *x)
{
	if (!error_read_inner(p, x)) {
		mip6_path_drop(p, MIP6_DROP_ICMP_QUOTE, pkt);
		return;
	}
	/* It names a size that the packet did not exceed. */
	if (x->m.type == MIP6_ICMP6_TOO_BIG && x->m.word >= x->outer.octets) {
		mip6_path_drop(p, MIP6_DROP_ICMP_IGNORED, pkt);
		return;
	}
	error_relay(p, x);
	mip6_path_hint_error(p, x->row, pkt);
}

void
mip6_path_error_in(struct mip6_path *p, struct mip6_pkt *pkt, size_t at)
{
	const uint8_t *octets = mip6_pkt_octets(pkt);
	struct mip6_addr src = mip6_path_src(pkt);
	struct mip6_addr dst = mip6_path_dst(pkt);
	struct error_in x;
	enum mip6_parse parse;

	parse = mip6_icmp6_receive(octets + at, pkt->count - at, &src, &dst,
	    &x.m, NULL);
	if (parse != MIP6_PARSE_OK) {
		mip6_path_drop(p,
		    parse == MIP6_PARSE_BAD_CHECKSUM ? MIP6_DROP_BAD_CHECKSUM :
						       MIP6_DROP_TRUNCATED,
		    pkt);
		return;
	}
	/* RFC2473-8b: it quotes a packet of ours. Test: test_path_error */
	if (mip6_ip6_view_quoted(x.m.body, x.m.body_octets, &x.outer, NULL) !=
		MIP6_PARSE_OK ||
	    !mip6_addr_equal(&x.outer.ip.src, &dst)) {
		mip6_path_drop(p, MIP6_DROP_ICMP_QUOTE, pkt);
		return;
	}
	if (error_is_for_core(&x.outer, x.m.body))
		mip6_path_hint_error(p, NULL, pkt);
	else if (x.outer.has_hao || x.outer.has_rh2) {
		if (!mip6_path_direct_error(p, pkt, &x.m, &x.outer))
			mip6_path_drop(p, MIP6_DROP_ICMP_QUOTE, pkt);
	} else if (x.outer.upper == MIP6_NH_IPV6)
		error_in_tunnel(p, pkt, &x);
	else
		mip6_path_drop(p, MIP6_DROP_NOT_OURS, pkt);
}
