/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A keyed hash over one or two addresses, and an open-addressing index from
 * such keys to small integers.  The key is random per process, so that nobody
 * outside can choose colliding addresses.
 *
 * The index holds {tag, value} pairs only; the owner keeps the records in a
 * dense array and says by a callback whether record `value` has the key.
 * Deleting shifts back (no tombstones); it grows by doubling at 3/4 full up
 * to the limit given, and refuses beyond it.
 */
#ifndef MIP6_BASE_HASH_H
#define MIP6_BASE_HASH_H

#include "base/addr.h"

struct mip6_hash_key {
	uint64_t k[4];
};

uint64_t mip6_hash_addr(const struct mip6_hash_key *k,
    const struct mip6_addr *a);
uint64_t mip6_hash_pair(const struct mip6_hash_key *k,
    const struct mip6_addr *a, const struct mip6_addr *b);
/* SipHash-2-4 of `count` octets, for keys that are not addresses. */
uint64_t mip6_hash_octets(const struct mip6_hash_key *k, const void *octets,
    size_t count);

struct mip6_index_slot {
	uint32_t tag; /* high half of the hash, never 0 when used */
	uint32_t value;
};

struct mip6_index {
	struct mip6_index_slot *slot;
	uint32_t mask; /* slots - 1; slots is a power of two */
	uint32_t used;
	uint32_t max; /* entries allowed */
	struct mip6_alloc alloc;
};

#define MIP6_INDEX_NONE UINT32_MAX

/* Says whether the record `value` has the key `key`. */
typedef bool (
    *mip6_index_eq)(const void *table, uint32_t value, const void *key);
/* The full hash of the record `value` (for growing and deleting). */
typedef uint64_t (*mip6_index_rehash)(const void *table, uint32_t value);

/* false: no memory.  `max` entries at the most. */
bool mip6_index_init(struct mip6_index *x, const struct mip6_alloc *a,
    uint32_t max);
void mip6_index_fini(struct mip6_index *x);
/* The value, or MIP6_INDEX_NONE. */
uint32_t mip6_index_find(const struct mip6_index *x, uint64_t hash,
    const void *table, const void *key, mip6_index_eq eq);
/*
 * Ahead of a find: step 0 fetches the slot, step 1 gives the value that the
 * find will ask the owner about first, or MIP6_INDEX_NONE.
 */
void mip6_index_prefetch(const struct mip6_index *x, uint64_t hash);
uint32_t mip6_index_guess(const struct mip6_index *x, uint64_t hash);
/*
 * Adds `value` under `hash`; the caller has made sure that the key is new.
 * false: full, or no memory to grow; nothing changed.
 */
bool mip6_index_add(struct mip6_index *x, uint64_t hash, uint32_t value,
    const void *table, mip6_index_rehash rehash);
/* Removes `value`, which is there under `hash` (asserted). */
void mip6_index_del(struct mip6_index *x, uint64_t hash, uint32_t value,
    const void *table, mip6_index_rehash rehash);

#endif
