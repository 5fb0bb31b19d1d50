/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The forwarding rows, found by (home, other).
 *
 * A home agent holds one row for each binding, perhaps a million, a
 * correspondent one for each mobile node that it talks with directly, perhaps a
 * hundred thousand, and a mobile node a few with more in them: so there are
 * three kinds of record, each with no more than it needs.  Addresses of ours,
 * of which there are few, are numbers.  An index of 4 octets a slot points into
 * records kept in chunks, so that a row never moves and growing touches the
 * index alone.  A lookup costs two cache misses; a burst hides both by
 * prefetching.
 */
#ifndef MIP6_PATH_ROWS_H
#define MIP6_PATH_ROWS_H

#include "base/hash.h"
#include "base/time.h"
#include "mip6/fwd.h"

#define MIP6_PATH_KINDS   (MIP6_FWD_HA_TUNNEL + 1)
#define MIP6_PATH_SOURCES 255 /* different `local` of all rows */

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

/* 56 octets, of which a million are kept; see the two below. */
struct mip6_path_row {
	struct mip6_addr home;
	struct mip6_addr peer;
	uint64_t octets_in;
	uint64_t octets_out;
	uint32_t hop; /* in the free list: the next one */
	uint16_t mtu;
	uint8_t local;    /* mip6_path_row_local says which address it is */
	uint8_t kind : 7; /* enum mip6_fwd_kind */
	uint8_t told : 1; /* MIP6_HINT_ROW_USED since it was set */
};

/* 72 octets: MIP6_FWD_DIRECT. */
struct mip6_path_row_pair {
	struct mip6_path_row row; /* first */
	struct mip6_addr other;
};

/* A row of a mobile node: any other kind but MIP6_FWD_HA_TUNNEL. */
struct mip6_path_row_mn {
	struct mip6_path_row_pair pair; /* first */
	uint32_t ifindex;
	uint8_t onlink_bits;
	bool tell;
};

/* Records of one size, in chunks; numbered from 0. */
struct mip6_path_store {
	uint8_t **chunk; /* [chunks] */
	uint32_t chunks;
	uint32_t octets; /* of a record */
	uint32_t top;    /* records ever made */
	uint32_t first;  /* of the free list, or MIP6_INDEX_NONE */
};

struct mip6_path_source {
	struct mip6_addr addr;
	uint32_t rows; /* that have it; 0: free */
};

struct mip6_path_rows {
	struct mip6_alloc alloc;
	struct mip6_hash_key key;
	uint32_t *slot; /* [mask + 1] */
	uint32_t mask;
	struct mip6_path_store ha, mn, direct;
	struct mip6_path_source source[MIP6_PATH_SOURCES];
	uint32_t max;
	uint32_t used;
	uint32_t pairs;                 /* rows whose `other` is not :: */
	uint32_t kind[MIP6_PATH_KINDS]; /* rows of each kind */
	size_t octets;                  /* of memory held */
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
/* A mobile node's tunnel with these ends; there are few to look through. */
struct mip6_path_row *mip6_path_rows_by_ends(const struct mip6_path_rows *t,
    const struct mip6_addr *peer, const struct mip6_addr *local);
/*
 * The row of (fwd->home, fwd->other), set to *fwd; NULL: limit, memory, a home
 * agent's row with an `other`, or a direct one without.
 */
struct mip6_path_row *mip6_path_rows_set(struct mip6_path_rows *t,
    const struct mip6_fwd_row *fwd);
void mip6_path_rows_del(struct mip6_path_rows *t, struct mip6_path_row *row);

/* Two steps ahead of a lookup: the slot of a hash, then the row in it. */
void mip6_path_rows_prefetch_slot(const struct mip6_path_rows *t,
    uint32_t hash);
void mip6_path_rows_prefetch_row(const struct mip6_path_rows *t, uint32_t hash);

/* Rows of the kinds of a mobile node alone. */
static inline uint32_t
mip6_path_rows_mn(const struct mip6_path_rows *t)
{
	return t->used - t->kind[MIP6_FWD_HA_TUNNEL] - t->kind[MIP6_FWD_DIRECT];
}

/* The outer source of a row. */
static inline const struct mip6_addr *
mip6_path_row_local(const struct mip6_path_rows *t,
    const struct mip6_path_row *row)
{
	return &t->source[row->local].addr;
}

/* What else a row of a mobile node holds. */
static inline const struct mip6_path_row_mn *
mip6_path_row_mn(const struct mip6_path_row *row)
{
	MIP6_ASSERT(
	    row->kind != MIP6_FWD_HA_TUNNEL && row->kind != MIP6_FWD_DIRECT);
	return (const struct mip6_path_row_mn *)(const void *)row;
}

/* Whose traffic it is towards whom: ::, a neighbour or a correspondent. */
static inline struct mip6_addr
mip6_path_row_other(const struct mip6_path_row *row)
{
	if (row->kind == MIP6_FWD_HA_TUNNEL)
		return mip6_addr_any;
	return ((const struct mip6_path_row_pair *)(const void *)row)->other;
}

#endif
