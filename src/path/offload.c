/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Undoing offloads.
 *
 * A sender that leaves its checksum to the card (and a kernel that merged
 * segments) writes the folded sum of the pseudo-header into the field.  A
 * field with exactly that value is completed; every other is left as it is, so
 * that a packet damaged on its way is not made good.  When a finished packet
 * happens to have that value, completing it gives the value it has.
 *
 * Merged TCP carries one header for all: its segments get that header, their
 * own sequence numbers, FIN and PSH on the last alone and CWR on the first
 * alone.  The size of the original segments is not known, and any that fits
 * will do: TCP numbers octets.
 */
#include "path/offload.h"

#include <string.h>

#include "path/octets.h"
#include "wire/cksum.h"
#include "wire/ip6.h"

#define OFFLOAD_TCP_OCTETS 20
#define OFFLOAD_TCP_SEQ    4
#define OFFLOAD_TCP_OFFSET 12
#define OFFLOAD_TCP_FLAGS  13
#define OFFLOAD_FIN        0x01
#define OFFLOAD_SYN        0x02
#define OFFLOAD_RST        0x04
#define OFFLOAD_PSH        0x08
#define OFFLOAD_URG        0x20
#define OFFLOAD_CWR        0x80
/* Less payload a segment than this, and the headers are not worth it. */
#define OFFLOAD_SEGMENT_MIN 512

static void
offload_addrs(const uint8_t *octets, struct mip6_addr *src,
    struct mip6_addr *dst)
{
	memcpy(src->b, octets + MIP6_IP6_AT_SRC, sizeof(src->b));
	memcpy(dst->b, octets + MIP6_IP6_AT_DST, sizeof(dst->b));
}

static bool
offload_unfinished(const struct mip6_pkt *pkt, const struct mip6_offload *o)
{
	const uint8_t *octets = mip6_pkt_octets(pkt);
	size_t upper_octets = pkt->count - o->upper_at;
	size_t field = mip6_cksum_offset(o->upper);
	struct mip6_addr src, dst;
	uint64_t sum;

	if (field == MIP6_CKSUM_NONE || upper_octets < field + 2)
		return false;
	offload_addrs(octets, &src, &dst);
	sum = mip6_cksum_pseudo(&src, &dst, (uint32_t)upper_octets, o->upper);
	return mip6_get16(octets + o->upper_at + field) == mip6_cksum_fold(sum);
}

struct mip6_offload
mip6_offload_look(const struct mip6_pkt *pkt)
{
	const uint8_t *octets = mip6_pkt_octets(pkt);
	struct mip6_offload o = { MIP6_NH_NONE, MIP6_IP6_OCTETS, false };
	struct mip6_ip6_view v;

	switch (octets[MIP6_IP6_AT_NEXT_HEADER]) {
	case MIP6_NH_HOPOPTS:
	case MIP6_NH_ROUTING:
	case MIP6_NH_DSTOPTS:
		if (mip6_ip6_view(octets, pkt->count, &v, NULL) !=
			MIP6_PARSE_OK ||
		    mip6_ip6_is_fragment(&v) || v.has_hao || v.has_rh2)
			return o;
		o.upper = v.upper;
		o.upper_at = v.upper_at;
		break;
	case MIP6_NH_FRAGMENT:
		return o;
	default:
		o.upper = octets[MIP6_IP6_AT_NEXT_HEADER];
		break;
	}
	o.unfinished = offload_unfinished(pkt, &o);
	return o;
}

void
mip6_offload_finish(struct mip6_pkt *pkt, const struct mip6_offload *o)
{
	uint8_t *octets = mip6_pkt_octets(pkt);
	struct mip6_addr src, dst;

	offload_addrs(octets, &src, &dst);
	(void)mip6_cksum_upper_set(&src, &dst, o->upper, octets + o->upper_at,
	    pkt->count - o->upper_at);
}

/* Octets of the headers of a TCP packet that can be cut; 0: it cannot. */
static size_t
offload_tcp_headers(const struct mip6_pkt *pkt, const struct mip6_offload *o)
{
	const uint8_t *tcp = mip6_pkt_octets(pkt) + o->upper_at;
	size_t left = pkt->count - o->upper_at;
	size_t header;

	if (o->upper != MIP6_NH_TCP || left < OFFLOAD_TCP_OCTETS)
		return 0;
	header = (size_t)(tcp[OFFLOAD_TCP_OFFSET] >> 4) * 4;
	if (header < OFFLOAD_TCP_OCTETS || header >= left)
		return 0;
	if (tcp[OFFLOAD_TCP_FLAGS] & (OFFLOAD_SYN | OFFLOAD_RST | OFFLOAD_URG))
		return 0;
	return o->upper_at + header;
}

/* The fields in which a segment differs, and its checksum. */
static void
offload_segment(struct mip6_pkt *pkt, const struct mip6_offload *o,
    uint32_t seq, uint8_t flags)
{
	uint8_t *octets = mip6_pkt_octets(pkt);
	uint8_t *tcp = octets + o->upper_at;

	mip6_put16(octets + MIP6_IP6_AT_PAYLOAD_LENGTH,
	    (uint16_t)(pkt->count - MIP6_IP6_OCTETS));
	mip6_put32(tcp + OFFLOAD_TCP_SEQ, seq);
	tcp[OFFLOAD_TCP_FLAGS] = flags;
	mip6_offload_finish(pkt, o);
}

static struct mip6_pkt *
offload_copy(struct mip6_pool *pool, const struct mip6_pkt *whole,
    size_t header, size_t at, size_t octets)
{
	const uint8_t *from = mip6_pkt_octets(whole);
	struct mip6_pkt *pkt;

	pkt = mip6_pool_get(pool, header + octets);
	if (pkt == NULL)
		return NULL;
	memcpy(mip6_pkt_octets(pkt), from, header);
	memcpy(mip6_pkt_octets(pkt) + header, from + at, octets);
	pkt->count = (uint32_t)(header + octets);
	pkt->ifindex = whole->ifindex;
	return pkt;
}

/* A cut in progress: the whole packet and what its segments share. */
struct offload_cut {
	struct mip6_pool *pool;
	const struct mip6_pkt *whole;
	const struct mip6_offload *o;
	size_t header; /* octets of all headers */
	size_t room;   /* octets of payload in a segment */
	uint32_t seq;
	uint8_t flags;
};

/* The segments behind the first, in order; NULL: no buffer. */
static struct mip6_pkt *
offload_rest(const struct offload_cut *c)
{
	struct mip6_pkt *list = NULL, **tail = &list, *next;
	size_t count = c->whole->count;
	size_t at, size;
	uint8_t flags;

	for (at = c->header + c->room; at < count; at += size) {
		size = count - at < c->room ? count - at : c->room;
		*tail = offload_copy(c->pool, c->whole, c->header, at, size);
		if (*tail == NULL)
			break;
		flags = c->flags & (uint8_t)~OFFLOAD_CWR;
		if (at + size < count)
			flags &= (uint8_t) ~(OFFLOAD_FIN | OFFLOAD_PSH);
		offload_segment(*tail, c->o,
		    c->seq + (uint32_t)(at - c->header), flags);
		tail = &(*tail)->next;
	}
	if (at >= count)
		return list;
	for (; list != NULL; list = next) {
		next = list->next;
		mip6_pool_put(c->pool, list);
	}
	return NULL;
}

struct mip6_pkt *
mip6_offload_cut(struct mip6_pool *pool, struct mip6_pkt *pkt,
    const struct mip6_offload *o, uint32_t mtu, enum mip6_drop *why)
{
	const uint8_t *octets = mip6_pkt_octets(pkt);
	struct offload_cut c = { .pool = pool, .whole = pkt, .o = o };
	struct mip6_addr src, dst;

	c.header = offload_tcp_headers(pkt, o);
	*why = MIP6_DROP_TOO_BIG;
	if (c.header == 0 || mtu < c.header + OFFLOAD_SEGMENT_MIN ||
	    pkt->count <= mtu)
		return NULL;
	offload_addrs(octets, &src, &dst);
	*why = MIP6_DROP_BAD_CHECKSUM;
	if (!o->unfinished &&
	    !mip6_cksum_upper_ok(&src, &dst, o->upper, octets + o->upper_at,
		pkt->count - o->upper_at))
		return NULL;
	*why = MIP6_DROP_NO_BUFFER;
	c.room = mtu - c.header;
	c.seq = mip6_get32(octets + o->upper_at + OFFLOAD_TCP_SEQ);
	c.flags = octets[o->upper_at + OFFLOAD_TCP_FLAGS];
	pkt->next = offload_rest(&c);
	if (pkt->next == NULL)
		return NULL;
	pkt->count = mtu;
	offload_segment(pkt, o, c.seq,
	    c.flags & (uint8_t) ~(OFFLOAD_FIN | OFFLOAD_PSH));
	return pkt;
}
