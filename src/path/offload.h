/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What network cards and kernels leave to others: merged TCP segments and
 * checksums that hold the pseudo-header alone.
 */
#ifndef MIP6_PATH_OFFLOAD_H
#define MIP6_PATH_OFFLOAD_H

#include "mip6/drop.h"
#include "mip6/pkt.h"

/* The header behind the extension headers of a whole packet. */
struct mip6_offload {
	uint8_t upper; /* MIP6_NH_NONE: a fragment, or not to be read */
	size_t upper_at;
	bool unfinished; /* its checksum is the sum of the pseudo-header */
};

/* Looks at the packet, whose length agrees with its IPv6 header. */
struct mip6_offload mip6_offload_look(const struct mip6_pkt *pkt);

/* Completes the checksum; o->unfinished holds. */
void mip6_offload_finish(struct mip6_pkt *pkt, const struct mip6_offload *o);

/*
 * Cuts merged TCP, larger than `mtu`, into segments of at most `mtu` octets,
 * in order along `next`, the first in the buffer of pkt.  NULL: *why it cannot be; pkt stays
 * with the caller.
 */
struct mip6_pkt *mip6_offload_cut(struct mip6_pool *pool, struct mip6_pkt *pkt,
    const struct mip6_offload *o, uint32_t mtu, enum mip6_drop *why);

#endif
