/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Fragments: a bounded reassembly, and the cutting of a packet.
 *
 * Implements: RFC 8200 section 4.5, RFC 5722.
 */
#ifndef MIP6_PATH_FRAG_H
#define MIP6_PATH_FRAG_H

#include "base/hash.h"
#include "base/time.h"
#include "mip6/drop.h"
#include "mip6/pkt.h"
#include "wire/ip6.h"

#define MIP6_REASM_PIECES  64 /* fragments of one packet */
#define MIP6_REASM_TIMEOUT MIP6_SPAN_S(60)

enum mip6_reasm_verdict {
	MIP6_REASM_TAKEN,   /* kept, or dropped and counted */
	MIP6_REASM_WHOLE,   /* *whole is a packet without Fragment header */
	MIP6_REASM_LENGTH,  /* refused: length no multiple of 8 */
	MIP6_REASM_OFFSET,  /* refused: the packet would be too long */
	MIP6_REASM_HEADERS, /* refused: header chain not in the first one */
	MIP6_REASM_BAD      /* refused, nothing to be answered */
};

struct mip6_reasm;

/*
 * At most `max` packets at once, of at most 4 * max (and 64) fragments in
 * all; at a limit the oldest one gives way.  What is discarded is counted in
 * *drops.  NULL: no memory.
 */
struct mip6_reasm *mip6_reasm_new(const struct mip6_alloc *a,
    const struct mip6_hash_key *key, struct mip6_pool *pool, uint32_t max,
    struct mip6_drops *drops);
void mip6_reasm_free(struct mip6_reasm *r);

/*
 * Takes the fragment `pkt`, whose view is `v` (mip6_ip6_is_fragment holds).
 * WHOLE: *keep octets of it stood in front of the first one's Fragment header.
 * When refused it stays with the caller, who answers and counts it.
 */
enum mip6_reasm_verdict mip6_reasm_add(struct mip6_reasm *r,
    struct mip6_time now, struct mip6_pkt *pkt, const struct mip6_ip6_view *v,
    struct mip6_pkt **whole, size_t *keep);

/*
 * Gives up one packet whose time is over; false: there is none.  Its first
 * fragment, when it came, is left in *first to be answered and counted by the
 * caller; the others are counted here.
 */
bool mip6_reasm_expire(struct mip6_reasm *r, struct mip6_time now,
    struct mip6_pkt **first);
struct mip6_time mip6_reasm_deadline(const struct mip6_reasm *r);

/*
 * Cuts `pkt` into packets of at most `mtu` (>= 1280) octets, in order along
 * `next`; `keep` octets at its start (the IPv6 header and what must stand in
 * every fragment) are repeated, the Next Header field at `next_at` is changed.
 * NULL: no buffer; pkt stays whole with the caller.
 */
struct mip6_pkt *mip6_frag_cut(struct mip6_pool *pool, struct mip6_pkt *pkt,
    size_t keep, size_t next_at, uint16_t mtu, uint32_t id);

#endif
