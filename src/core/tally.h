/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Counts by key: how many bindings use a multicast group, or belong to a name.
 * A key is there while its count is not 0.  Finding one costs the same with
 * ten keys and with a million.
 */
#ifndef MIP6_CORE_TALLY_H
#define MIP6_CORE_TALLY_H

#include "base/hash.h"

struct mip6_tally_entry {
	uint64_t key;
	uint32_t count; /* 0: free, and `next` counts */
	uint32_t next;
};

struct mip6_tally {
	struct mip6_alloc alloc;
	struct mip6_hash_key hash_key;
	struct mip6_index index;
	struct mip6_tally_entry *entry;
	uint32_t room; /* allocated */
	uint32_t top;  /* ever used */
	uint32_t free;
	uint32_t max;
};

/* false: no memory.  At the most `max` keys. */
bool mip6_tally_init(struct mip6_tally *t, const struct mip6_alloc *a,
    const struct mip6_hash_key *key, uint32_t max);
void mip6_tally_fini(struct mip6_tally *t);
/* Forgets every key. */
void mip6_tally_clear(struct mip6_tally *t);
uint32_t mip6_tally_count(const struct mip6_tally *t, uint64_t key);
/* false: no room for another key, or no memory; nothing changed. */
bool mip6_tally_add(struct mip6_tally *t, uint64_t key);
/* One less of a key that is there; how many are left. */
uint32_t mip6_tally_del(struct mip6_tally *t, uint64_t key);

#endif
