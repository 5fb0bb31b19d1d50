/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Cutting a packet of our own into fragments.
 *
 * The first fragment stays in the buffer of the packet, its headers moved
 * into the headroom to make room for the Fragment header; the others are
 * copied.  Either all fragments come into being or none: half a packet helps
 * nobody.
 *
 * Implements: RFC 8200 section 4.5 (sending), RFC 2473 section 7.1 (b).
 */
#include "path/frag.h"

#include <string.h>

#include "path/octets.h"

/* What all fragments of one packet have in common. */
struct cut {
	struct mip6_pool *pool;
	const struct mip6_pkt *whole;
	size_t keep;
	size_t next_at;
	uint8_t next;
	uint32_t id;
};

/* Writes the headers of the fragment at `to`, whose `keep` octets are there. */
static void
cut_headers(const struct cut *c, uint8_t *to, size_t offset, size_t octets,
    bool more)
{
	to[c->next_at] = MIP6_NH_FRAGMENT;
	mip6_put16(to + MIP6_IP6_AT_PAYLOAD_LENGTH,
	    (uint16_t)(c->keep - MIP6_IP6_OCTETS + MIP6_FRAG_OCTETS + octets));
	mip6_frag_put(to + c->keep, c->next, (uint16_t)offset, more, c->id);
}

static struct mip6_pkt *
cut_copy(const struct cut *c, size_t offset, size_t octets, bool more)
{
	const uint8_t *from = mip6_pkt_octets(c->whole);
	struct mip6_pkt *pkt;
	uint8_t *to;

	pkt = mip6_pool_get(c->pool, c->keep + MIP6_FRAG_OCTETS + octets);
	if (pkt == NULL)
		return NULL;
	to = mip6_pkt_octets(pkt);
	memcpy(to, from, c->keep);
	memcpy(to + c->keep + MIP6_FRAG_OCTETS, from + c->keep + offset,
	    octets);
	cut_headers(c, to, offset, octets, more);
	pkt->count = (uint32_t)(c->keep + MIP6_FRAG_OCTETS + octets);
	pkt->ifindex = c->whole->ifindex;
	return pkt;
}

struct mip6_pkt *
mip6_frag_cut(struct mip6_pool *pool, struct mip6_pkt *pkt, size_t keep,
    size_t next_at, uint16_t mtu, uint32_t id)
{
	struct cut c = { pool, pkt, keep, next_at, 0, id };
	struct mip6_pkt *list = NULL, **tail = &list, *next;
	size_t room, data, offset, octets;
	uint8_t *head;

	if (pkt->off < MIP6_FRAG_OCTETS || keep < MIP6_IP6_OCTETS ||
	    keep >= pkt->count || next_at >= keep ||
	    mtu < keep + 2 * MIP6_FRAG_OCTETS)
		return NULL;
	c.next = mip6_pkt_octets(pkt)[next_at];
	data = pkt->count - keep;
	room = (mtu - keep - MIP6_FRAG_OCTETS) & ~(size_t)7;
	for (offset = room; offset < data; offset += octets) {
		octets = data - offset < room ? data - offset : room;
		*tail = cut_copy(&c, offset, octets, offset + octets < data);
		if (*tail == NULL)
			break;
		tail = &(*tail)->next;
	}
	if (offset < data) {
		for (; list != NULL; list = next) {
			next = list->next;
			mip6_pool_put(pool, list);
		}
		return NULL;
	}
	octets = data < room ? data : room;
	pkt->off -= MIP6_FRAG_OCTETS;
	head = mip6_pkt_octets(pkt);
	memmove(head, head + MIP6_FRAG_OCTETS, keep);
	cut_headers(&c, head, 0, octets, octets < data);
	pkt->count = (uint32_t)(keep + MIP6_FRAG_OCTETS + octets);
	pkt->next = list;
	return pkt;
}
