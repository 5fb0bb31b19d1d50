/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The walk through the extension headers.
 *
 * The idea: one state (`upper`, `upper_at`, `upper_next_at`: what comes next,
 * where, and who said so), one step for each kind of header.  A step first
 * makes sure that its whole header is there, then reads it.  A fault is noted
 * (the first one counts) and the walk goes on, for it must end in any case.
 *
 * Invariants: upper_at <= octets; each step moves upper_at by at least 8
 * octets, each option by at least one; both are counted against a limit.
 *
 * Implements: RFC 8200 sections 3, 4 and 4.1 to 4.6; RFC 6946 (a Fragment
 * header of a whole packet); RFC 6275 sections 6.1.1, 6.3, 6.4.
 */
#include "wire/ip6.h"

#include <string.h>

#include "wire/dstopt.h"
#include "wire/rh.h"

struct ip6_walk {
	const uint8_t *packet;
	struct mip6_ip6_view *v;
	size_t end;    /* octets that are there */
	size_t bad_at; /* set with an error */
	unsigned int headers;
	unsigned int options;
	bool chain_cut; /* the error is the packet's end */
};

const char *
mip6_ip6_fault_name(enum mip6_ip6_fault f)
{
	static const char *const names[] = {
#define IP6_FAULT_NAME(c, n, d) n,
		MIP6_IP6_FAULTS(IP6_FAULT_NAME)
#undef IP6_FAULT_NAME
	};

	MIP6_ASSERT((size_t)f < MIP6_COUNT(names));
	return names[f];
}

enum mip6_drop
mip6_ip6_fault_drop(enum mip6_ip6_fault f)
{
	static const enum mip6_drop drops[] = {
#define IP6_FAULT_DROP(c, n, d) MIP6_DROP_##d,
		MIP6_IP6_FAULTS(IP6_FAULT_DROP)
#undef IP6_FAULT_DROP
	};

	MIP6_ASSERT((size_t)f < MIP6_COUNT(drops));
	return drops[f];
}

static enum mip6_parse
ip6_bad(enum mip6_parse why, size_t at, size_t *bad_at)
{
	if (bad_at != NULL)
		*bad_at = at;
	return why;
}

/* For every packet, so without a reader; the one length is checked. */
enum mip6_parse
mip6_ip6_read(const uint8_t *octets, size_t count, struct mip6_ip6 *h,
    size_t *bad_at)
{
	if (count < MIP6_IP6_OCTETS)
		return ip6_bad(MIP6_PARSE_TRUNCATED, count, bad_at);
	if (octets[0] >> 4 != 6)
		return ip6_bad(MIP6_PARSE_BAD_VERSION, 0, bad_at);
	h->traffic_class = (uint8_t)(octets[0] << 4 | octets[1] >> 4);
	h->flow_label = (uint32_t)(octets[1] & 0xf) << 16 |
	    (uint32_t)octets[2] << 8 | octets[3];
	h->payload_octets = (uint16_t)(octets[4] << 8 | octets[5]);
	h->next_header = octets[MIP6_IP6_AT_NEXT_HEADER];
	h->hop_limit = octets[MIP6_IP6_AT_HOP_LIMIT];
	memcpy(h->src.b, octets + MIP6_IP6_AT_SRC, sizeof(h->src.b));
	memcpy(h->dst.b, octets + MIP6_IP6_AT_DST, sizeof(h->dst.b));
	return MIP6_PARSE_OK;
}

void
mip6_ip6_put(uint8_t *to, const struct mip6_ip6 *h)
{
	to[0] = (uint8_t)(0x60 | h->traffic_class >> 4);
	to[1] = (uint8_t)((unsigned int)h->traffic_class << 4 |
	    (h->flow_label >> 16 & 0xf));
	to[2] = (uint8_t)(h->flow_label >> 8);
	to[3] = (uint8_t)h->flow_label;
	to[4] = (uint8_t)(h->payload_octets >> 8);
	to[5] = (uint8_t)h->payload_octets;
	to[MIP6_IP6_AT_NEXT_HEADER] = h->next_header;
	to[MIP6_IP6_AT_HOP_LIMIT] = h->hop_limit;
	memcpy(to + MIP6_IP6_AT_SRC, h->src.b, sizeof(h->src.b));
	memcpy(to + MIP6_IP6_AT_DST, h->dst.b, sizeof(h->dst.b));
}

bool
mip6_ip6_is_fragment(const struct mip6_ip6_view *v)
{
	return v->frag.present && (v->frag.offset != 0 || v->frag.more);
}

static enum mip6_parse
ip6_fail(struct ip6_walk *k, enum mip6_parse why, size_t at)
{
	k->bad_at = at;
	return why;
}

static void
ip6_fault(struct ip6_walk *k, enum mip6_ip6_fault fault, size_t at)
{
	if (k->v->header_fault == MIP6_IP6_FAULT_NONE &&
	    fault < MIP6_IP6_FAULT_OPTION_DISCARD)
		k->v->header_fault = fault;
	if (k->v->fault != MIP6_IP6_FAULT_NONE)
		return;
	k->v->fault = fault;
	k->v->fault_at = at;
}

/* Makes sure that the header's `octets` are there; `len_at` says so. */
static enum mip6_parse
ip6_need(struct ip6_walk *k, size_t octets, size_t len_at)
{
	if (k->end - k->v->upper_at >= octets)
		return MIP6_PARSE_OK;
	k->chain_cut = true;
	return ip6_fail(k, MIP6_PARSE_TRUNCATED,
	    len_at < k->end ? len_at : k->end);
}

/* The same for a header with a length in its second octet. */
static enum mip6_parse
ip6_need_len(struct ip6_walk *k, size_t unit, size_t plus, size_t *octets)
{
	enum mip6_parse p;

	p = ip6_need(k, 2, k->end);
	if (p != MIP6_PARSE_OK)
		return p;
	*octets = (k->packet[k->v->upper_at + 1] + plus) * unit;
	return ip6_need(k, *octets, k->v->upper_at + 1);
}

/* Goes on behind the header of `octets` octets that begins at upper_at. */
static void
ip6_advance(struct ip6_walk *k, size_t octets)
{
	struct mip6_ip6_view *v = k->v;

	v->upper = k->packet[v->upper_at];
	v->upper_next_at = v->upper_at;
	v->upper_at += octets;
}

/* What an unknown option asks for, in its two high bits. */
static void
ip6_unknown_option(struct ip6_walk *k, uint8_t type, size_t at)
{
	static const enum mip6_ip6_fault actions[] = {
		MIP6_IP6_FAULT_NONE, /* 00: skip */
		MIP6_IP6_FAULT_OPTION_DISCARD,
		MIP6_IP6_FAULT_OPTION_PROBLEM,
		MIP6_IP6_FAULT_OPTION_PROBLEM_UNICAST,
	};

	/* R6.3-03, RFC8200-4.2: one that is not skipped.  Test: test_ip6 */
	if (actions[type >> 6] != MIP6_IP6_FAULT_NONE)
		ip6_fault(k, actions[type >> 6], at);
}

/* A Home Address option in the destination options header at upper_at. */
static void
ip6_hao(struct ip6_walk *k, const struct mip6_opt *o, size_t at)
{
	struct mip6_ip6_view *v = k->v;

	/* R6.3-01: its length is 16.  Test: test_ip6 */
	if (o->octets != MIP6_HAO_OCTETS) {
		ip6_fault(k, MIP6_IP6_FAULT_HAO_LENGTH, at + 1);
		return;
	}
	/* R6.3-06: one of them for each IPv6 header.  Test: test_ip6 */
	if (v->has_hao) {
		ip6_fault(k, MIP6_IP6_FAULT_HAO_TWICE, at);
		return;
	}
	/* R6.3-05: before Fragment and AH.  Test: test_ip6 */
	if (v->frag.present || v->has_ah)
		ip6_fault(k, MIP6_IP6_FAULT_HAO_ORDER, at);
	v->has_hao = true;
	memcpy(v->hao.b, o->value, sizeof(v->hao.b));
	v->hao_at = at;
	v->hao_header_at = v->upper_at;
	v->hao_next_header = k->packet[v->upper_at];
}

static void
ip6_option(struct ip6_walk *k, const struct mip6_opt *o, bool hopopts)
{
	size_t at = k->v->upper_at + o->at;

	switch (o->type) {
	case MIP6_OPT_PAD1:
	case MIP6_OPT_PADN:
		return;
	case MIP6_OPT_HAO:
		if (hopopts)
			break;
		ip6_hao(k, o, at);
		return;
	case MIP6_OPT_TUNNEL_LIMIT:
		if (hopopts || o->octets != 1)
			break;
		k->v->has_tunnel_limit = true;
		k->v->tunnel_limit = o->value[0];
		k->v->tunnel_limit_at = at + 2;
		return;
	default:
		break;
	}
	ip6_unknown_option(k, o->type, at);
}

static enum mip6_parse
ip6_options(struct ip6_walk *k)
{
	const struct mip6_ip6_view *v = k->v;
	bool hopopts = v->upper == MIP6_NH_HOPOPTS;
	size_t octets, bad_at, pos = 2;
	struct mip6_opt o;
	enum mip6_parse p;

	/* RFC8200-4.1: directly behind the IPv6 header.  Test: test_ip6 */
	if (hopopts && v->upper_at != MIP6_IP6_OCTETS)
		ip6_fault(k, MIP6_IP6_FAULT_HOPOPTS_ORDER, v->upper_next_at);
	p = ip6_need_len(k, 8, 1, &octets);
	if (p != MIP6_PARSE_OK)
		return p;
	while (pos < octets) {
		if (k->options++ == MIP6_IP6_OPTIONS_MAX)
			return ip6_fail(k, MIP6_PARSE_TOO_MANY,
			    v->upper_at + pos);
		p = mip6_opt_next(k->packet + v->upper_at, octets, &pos, &o,
		    &bad_at);
		if (p != MIP6_PARSE_OK)
			return ip6_fail(k, p, v->upper_at + bad_at);
		ip6_option(k, &o, hopopts);
	}
	ip6_advance(k, octets);
	return MIP6_PARSE_OK;
}

static void
ip6_rh2(struct ip6_walk *k, const struct mip6_rh *rh, size_t at)
{
	struct mip6_ip6_view *v = k->v;

	/* R6.4.1-02: it is the last routing header.  Test: test_ip6 */
	if (v->has_rh2) {
		ip6_fault(k, MIP6_IP6_FAULT_RH2_ORDER, at);
		return;
	}
	v->has_rh2 = true;
	v->rh2 = rh->hoa;
	v->rh2_at = at;
	v->rh2_segments_left = rh->segments_left;
	/* R11.3.3-03: of length 2.  Test: test_ip6 */
	if (!rh->is_rh2)
		ip6_fault(k, MIP6_IP6_FAULT_RH2_LENGTH, at + MIP6_RH_AT_LEN);
	/* R6.4.1-01: one segment left.  Test: test_ip6 */
	if (rh->segments_left != 1)
		ip6_fault(k, MIP6_IP6_FAULT_RH2_SEGMENTS,
		    at + MIP6_RH_AT_SEGMENTS_LEFT);
}

static void
ip6_rh_other(struct ip6_walk *k, const struct mip6_rh *rh, size_t at)
{
	struct mip6_ip6_view *v = k->v;

	v->has_rh_other = true;
	v->rh_other_type = rh->type;
	/* R6.4.1-02: nor any other behind it.  Test: test_ip6 */
	if (v->has_rh2)
		ip6_fault(k, MIP6_IP6_FAULT_RH2_ORDER, at);
	/* RFC8200-4.4: it has to be understood.  Test: test_ip6 */
	if (rh->segments_left != 0)
		ip6_fault(k, MIP6_IP6_FAULT_RH_OTHER, at + MIP6_RH_AT_TYPE);
}

static enum mip6_parse
ip6_routing(struct ip6_walk *k)
{
	struct mip6_ip6_view *v = k->v;
	struct mip6_rh rh;
	enum mip6_parse p;
	size_t octets;

	p = ip6_need_len(k, 8, 1, &octets);
	if (p != MIP6_PARSE_OK)
		return p;
	/* R11.3.2-01: the option follows the routing header.  Test: test_ip6 */
	if (v->has_hao)
		ip6_fault(k, MIP6_IP6_FAULT_HAO_ORDER, v->hao_at);
	rh = mip6_rh_read(k->packet + v->upper_at, octets);
	if (rh.type == MIP6_RH_TYPE2)
		ip6_rh2(k, &rh, v->upper_at);
	else
		ip6_rh_other(k, &rh, v->upper_at);
	ip6_advance(k, octets);
	return MIP6_PARSE_OK;
}

static enum mip6_parse
ip6_fragment(struct ip6_walk *k)
{
	struct mip6_ip6_frag *frag = &k->v->frag;
	struct mip6_rd r;
	enum mip6_parse p;
	uint16_t word;

	p = ip6_need(k, MIP6_FRAG_OCTETS, k->end);
	if (p != MIP6_PARSE_OK)
		return p;
	r = mip6_rd_make(k->packet + k->v->upper_at, MIP6_FRAG_OCTETS);
	frag->present = true;
	frag->at = k->v->upper_at;
	frag->prev_next_at = k->v->upper_next_at;
	frag->next_header = mip6_rd_u8(&r);
	mip6_rd_skip(&r, 1);
	word = mip6_rd_u16(&r);
	frag->offset = word & 0xfff8;
	frag->more = (word & 1) != 0;
	frag->id = mip6_rd_u32(&r);
	ip6_advance(k, MIP6_FRAG_OCTETS);
	return MIP6_PARSE_OK;
}

static enum mip6_parse
ip6_ah(struct ip6_walk *k)
{
	enum mip6_parse p;
	size_t octets;

	p = ip6_need_len(k, 4, 2, &octets);
	if (p != MIP6_PARSE_OK)
		return p;
	/* RFC4302-2: 12 octets before the check value.  Test: test_ip6 */
	if (octets < 12)
		return ip6_fail(k, MIP6_PARSE_BAD_LENGTH, k->v->upper_at + 1);
	k->v->has_ah = true;
	ip6_advance(k, octets);
	return MIP6_PARSE_OK;
}

/* One header; *end when `upper` is none that is walked. */
static enum mip6_parse
ip6_step(struct ip6_walk *k, bool *end)
{
	uint8_t upper = k->v->upper;

	/* What a fragment begins with is known when it is whole. */
	*end = (upper != MIP6_NH_HOPOPTS && upper != MIP6_NH_DSTOPTS &&
		   upper != MIP6_NH_ROUTING && upper != MIP6_NH_FRAGMENT &&
		   upper != MIP6_NH_AH) ||
	    mip6_ip6_is_fragment(k->v);
	if (*end)
		return MIP6_PARSE_OK;
	if (k->headers++ == MIP6_IP6_HEADERS_MAX)
		return ip6_fail(k, MIP6_PARSE_TOO_MANY, k->v->upper_next_at);
	if (upper == MIP6_NH_ROUTING)
		return ip6_routing(k);
	if (upper == MIP6_NH_FRAGMENT)
		return ip6_fragment(k);
	if (upper == MIP6_NH_AH)
		return ip6_ah(k);
	return ip6_options(k);
}

static void
ip6_effective(struct mip6_ip6_view *v)
{
	v->eff_src = v->ip.src;
	v->eff_dst = v->ip.dst;
	/* R6.1.1-06: the home address stands for the source.  Test: test_ip6 */
	if (v->has_hao)
		v->eff_src = v->hao;
	/* R11.3.1-07: and for the destination.  Test: test_ip6 */
	if (v->has_rh2 && v->rh2_segments_left == 1 &&
	    !mip6_addr_is_any(&v->rh2))
		v->eff_dst = v->rh2;
}

static enum mip6_parse
ip6_walk(struct ip6_walk *k)
{
	struct mip6_ip6_view *v = k->v;
	enum mip6_parse p;
	bool end = false;

	v->upper = v->ip.next_header;
	v->upper_at = MIP6_IP6_OCTETS;
	v->upper_next_at = MIP6_IP6_AT_NEXT_HEADER;
	do {
		p = ip6_step(k, &end);
	} while (p == MIP6_PARSE_OK && !end);
	v->upper_octets = k->end - v->upper_at;
	ip6_effective(v);
	return p;
}

static enum mip6_parse
ip6_view(const uint8_t *octets, size_t count, bool quoted,
    struct mip6_ip6_view *v, size_t *bad_at)
{
	struct ip6_walk k;
	enum mip6_parse p;

	memset(v, 0, sizeof(*v));
	memset(&k, 0, sizeof(k));
	p = mip6_ip6_read(octets, count, &v->ip, bad_at);
	if (p != MIP6_PARSE_OK)
		return p;
	v->octets = MIP6_IP6_OCTETS + (size_t)v->ip.payload_octets;
	v->cut = v->octets > count;
	if (v->cut && !quoted)
		return ip6_bad(MIP6_PARSE_TRUNCATED, MIP6_IP6_AT_PAYLOAD_LENGTH,
		    bad_at);
	k.packet = octets;
	k.v = v;
	k.end = v->cut ? count : v->octets;
	p = ip6_walk(&k);
	if (quoted && k.chain_cut) {
		v->cut = true;
		v->upper = MIP6_NH_NONE;
		v->upper_octets = 0;
		return MIP6_PARSE_OK;
	}
	if (p != MIP6_PARSE_OK)
		return ip6_bad(p, k.bad_at, bad_at);
	return MIP6_PARSE_OK;
}

enum mip6_parse
mip6_ip6_view(const uint8_t *octets, size_t count, struct mip6_ip6_view *v,
    size_t *bad_at)
{
	return ip6_view(octets, count, false, v, bad_at);
}

enum mip6_parse
mip6_ip6_view_quoted(const uint8_t *octets, size_t count,
    struct mip6_ip6_view *v, size_t *bad_at)
{
	return ip6_view(octets, count, true, v, bad_at);
}

size_t
mip6_ip6_out_octets(const struct mip6_ip6_out *o)
{
	return MIP6_IP6_OCTETS + (o->has_rh2 ? MIP6_RH2_OCTETS : 0U) +
	    (o->has_hao ? MIP6_DSTOPT_HAO_OCTETS : 0U);
}

size_t
mip6_ip6_begin(struct mip6_wr *w, const struct mip6_ip6_out *o)
{
	uint8_t
	    octets[MIP6_IP6_OCTETS + MIP6_RH2_OCTETS + MIP6_DSTOPT_HAO_OCTETS];
	uint8_t after_rh = o->has_hao ? MIP6_NH_DSTOPTS : o->upper;
	struct mip6_ip6 ip = o->ip;
	size_t start = w->pos, count = MIP6_IP6_OCTETS;

	ip.payload_octets = 0;
	ip.next_header = o->has_rh2 ? MIP6_NH_ROUTING : after_rh;
	mip6_ip6_put(octets, &ip);
	if (o->has_rh2) {
		mip6_rh2_put(octets + count, after_rh, &o->rh2);
		count += MIP6_RH2_OCTETS;
	}
	if (o->has_hao) {
		mip6_dstopt_hao_put(octets + count, o->upper, &o->hao);
		count += MIP6_DSTOPT_HAO_OCTETS;
	}
	mip6_wr_octets(w, octets, count);
	return start;
}

void
mip6_ip6_end(struct mip6_wr *w, size_t start)
{
	size_t payload_octets;

	if (w->failed)
		return;
	payload_octets = w->pos - start - MIP6_IP6_OCTETS;
	if (payload_octets > UINT16_MAX) {
		w->failed = true;
		return;
	}
	mip6_wr_patch_u16(w, start + MIP6_IP6_AT_PAYLOAD_LENGTH,
	    (uint16_t)payload_octets);
}

void
mip6_frag_put(uint8_t *to, uint8_t next_header, uint16_t offset, bool more,
    uint32_t id)
{
	struct mip6_wr w = mip6_wr_make(to, MIP6_FRAG_OCTETS);

	MIP6_ASSERT(offset % 8 == 0);
	mip6_wr_u8(&w, next_header);
	mip6_wr_u8(&w, 0);
	mip6_wr_u16(&w, (uint16_t)(offset | (more ? 1U : 0U)));
	mip6_wr_u32(&w, id);
}
