/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A table of what there is between an address of ours and one of another node:
 * bindings of a correspondent, rows of direct traffic.
 *
 * Records live in chunks that never move, since timers point into them, and
 * are named by a number; a keyed index finds one by pair.  Those of one other
 * node are chained, so many at the most, so that what concerns the other node
 * costs a bounded amount of work.
 */
#ifndef MIP6_CORE_PAIRS_H
#define MIP6_CORE_PAIRS_H

#include "base/hash.h"

#define MIP6_PAIR_NONE UINT32_MAX

/* The first member of a record. */
struct mip6_pair {
	struct mip6_addr our, other; /* key */
	bool used;
	uint32_t next; /* of the same other node, or of the free ones */
};

struct mip6_pairs {
	struct mip6_alloc alloc;
	struct mip6_hash_key key;
	struct mip6_index pairs;
	struct mip6_index others; /* the first record of each other node */
	uint8_t **chunk;
	size_t octets; /* of a record */
	uint32_t chunks, chunks_max;
	uint32_t max, per_other; /* records allowed */
	uint32_t count;          /* records in use */
	uint32_t top;            /* records ever used */
	uint32_t free;
};

/*
 * false: no memory.  Records of `octets` each, `max` in all and `per_other`
 * (> 0) with one other node.
 */
bool mip6_pairs_init(struct mip6_pairs *p, const struct mip6_alloc *a,
    const struct mip6_hash_key *key, size_t octets, uint32_t max,
    uint32_t per_other);
/* Also of one that was zeroed, or that could not be initialised. */
void mip6_pairs_fini(struct mip6_pairs *p);
/* The record; i < top (asserted), and it may be a free one. */
void *mip6_pairs_get(const struct mip6_pairs *p, uint32_t i);
uint32_t mip6_pairs_find(const struct mip6_pairs *p,
    const struct mip6_addr *our, const struct mip6_addr *other);
/* The first record with `other`; the next one is in its `next`. */
uint32_t mip6_pairs_first(const struct mip6_pairs *p,
    const struct mip6_addr *other);
/*
 * A new record, zeroed but for its pair, which has none (asserted);
 * MIP6_PAIR_NONE: a limit, or no memory.
 */
uint32_t mip6_pairs_add(struct mip6_pairs *p, const struct mip6_addr *our,
    const struct mip6_addr *other);
/* Frees a record in use (asserted). */
void mip6_pairs_del(struct mip6_pairs *p, uint32_t i);

#endif
