/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Packet buffers with headroom, from a pool that does not grow.
 *
 * A packet is moved, not copied: whoever holds the pointer owns it and passes
 * it on or gives it back.  Headers are added by lowering `off`.  Two sizes:
 * one packet of a link, and a merged one (GRO) of up to 64 KB.
 */
#ifndef MIP6_PKT_H
#define MIP6_PKT_H

#include "base/addr.h"

#define MIP6_PKT_HEADROOM   128   /* Ethernet + IPv6 + options to spare */
#define MIP6_PKT_OCTETS     2048  /* room of an ordinary packet */
#define MIP6_PKT_BIG_OCTETS 65600 /* room of a merged one */
#define MIP6_PKT_BURST      64    /* packets handled in one go */

struct mip6_pkt {
	uint8_t *mem;     /* MIP6_PKT_HEADROOM + room */
	uint32_t cap;     /* octets at mem */
	uint32_t off;     /* first octet of the packet */
	uint32_t count;   /* octets of the packet */
	uint32_t ifindex; /* link it came from or goes to; 0: the TUN */
	struct mip6_lladdr ll_src; /* received: link-layer source */
	bool ll_multicast;         /* received as link-layer multicast */
	struct mip6_pkt *next;     /* for whoever owns it */
};

struct mip6_pool;

/* NULL: no memory.  `ordinary` and `big` packets, allocated at once. */
struct mip6_pool *mip6_pool_new(const struct mip6_alloc *a, uint32_t ordinary,
    uint32_t big);
void mip6_pool_free(struct mip6_pool *p);
/*
 * A packet with `off` = MIP6_PKT_HEADROOM, count 0 and room for `octets`;
 * NULL: none left (the caller counts NO_BUFFER) or octets too many.
 */
struct mip6_pkt *mip6_pool_get(struct mip6_pool *p, size_t octets);
void mip6_pool_put(struct mip6_pool *p, struct mip6_pkt *pkt);
/* Packets out of the pool now; a test wants 0 at the end. */
uint32_t mip6_pool_out(const struct mip6_pool *p);

static inline uint8_t *
mip6_pkt_octets(const struct mip6_pkt *p)
{
	return p->mem + p->off;
}

#endif
