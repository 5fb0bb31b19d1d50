/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The forwarding rows, found by (home, other).
 *
 * An open-addressing index of {hash, number} points into rows kept in chunks,
 * so that a row never moves and growing touches the index alone.  A lookup
 * costs two cache misses at worst; a burst hides both by prefetching.
 */
#ifndef MIP6_PATH_ROWS_H
#define MIP6_PATH_ROWS_H

#include "base/hash.h"
#include "base/time.h"
#include "mip6/fwd.h"

#define MIP6_PATH_KINDS (MIP6_FWD_HA_TUNNEL + 1)

/* A limit on rate: when the next one would be on time (GCRA). */
struct mip6_path_rate {
	int64_t next_us;
};

/*
 * May one more go at `now`, at `interval_us` microseconds each on average and
 * `burst` (> 0) at once?  Counts it when it may.
 */
bool mip6_path_rate_take(struct mip6_path_rate *r, struct mip6_time now,
    int64_t interval_us, uint32_t burst);

struct mip6_path_row {
	struct mip6_fwd_row fwd;
	uint64_t octets_in;
	uint64_t octets_out;
	struct mip6_path_rate errors; /* ICMPv6 errors sent about its traffic */
	struct mip6_path_rate hints;  /* ICMPv6 errors told to the core */
	uint32_t hash;
	uint32_t next; /* free list */
	bool told;     /* MIP6_HINT_ROW_USED since it was set */
};

struct mip6_path_slot {
	uint32_t hash;
	uint32_t row; /* MIP6_INDEX_NONE: empty */
};

struct mip6_path_chunk {
	void *mem;
	struct mip6_path_row *row; /* in mem, aligned */
};

struct mip6_path_rows {
	struct mip6_alloc alloc;
	struct mip6_hash_key key;
	struct mip6_path_slot *slot; /* [mask + 1] */
	uint32_t mask;
	struct mip6_path_chunk *chunk; /* [chunks] */
	uint32_t chunks;
	uint32_t max;
	uint32_t top;   /* rows ever made */
	uint32_t first; /* of the free list, or MIP6_INDEX_NONE */
	uint32_t used;
	uint32_t pairs;                 /* rows whose `other` is not :: */
	uint32_t kind[MIP6_PATH_KINDS]; /* rows of each kind */
};

/* false: no memory (fini all the same). */
bool mip6_path_rows_init(struct mip6_path_rows *t, const struct mip6_alloc *a,
    const struct mip6_hash_key *key, uint32_t max);
void mip6_path_rows_fini(struct mip6_path_rows *t);

uint32_t mip6_path_rows_hash(const struct mip6_path_rows *t,
    const struct mip6_addr *home, const struct mip6_addr *other);
/* NULL: there is none. */
struct mip6_path_row *mip6_path_rows_find(const struct mip6_path_rows *t,
    const struct mip6_addr *home, const struct mip6_addr *other);
/* The row of (fwd->home, fwd->other), set to *fwd.  NULL: limit, memory. */
struct mip6_path_row *mip6_path_rows_set(struct mip6_path_rows *t,
    const struct mip6_fwd_row *fwd);
void mip6_path_rows_del(struct mip6_path_rows *t, struct mip6_path_row *row);

/* Two steps ahead of a lookup: the slot of a hash, then the row in it. */
void mip6_path_rows_prefetch_slot(const struct mip6_path_rows *t,
    uint32_t hash);
void mip6_path_rows_prefetch_row(const struct mip6_path_rows *t, uint32_t hash);

/* Rows of the kinds of a mobile node. */
static inline uint32_t
mip6_path_rows_mn(const struct mip6_path_rows *t)
{
	return t->used - t->kind[MIP6_FWD_HA_TUNNEL];
}

#endif
