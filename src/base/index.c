/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Linear probing over 8-octet slots, 8 of them in a cache line.
 *
 * The tag, which is the high half of the hash, also says where its entry
 * would like to be: slot (tag & mask).  So growing and deleting read nothing
 * but slots, never the owner's records (a cache miss each), and a find asks
 * the owner only where all 32 bits agree.
 *
 * Invariants: tag 0 marks a free slot; between an entry's wished slot and the
 * slot it has, none is free (deleting moves entries back to keep that); at
 * least a quarter of the slots is free, so that every probe ends.
 */
#include "base/hash.h"

#include <string.h>

#define INDEX_SLOTS_MIN 16
#define INDEX_SLOTS_MAX (UINT32_C(1) << 28) /* 2 GiB, also on 32 bits */

static uint32_t
index_tag(uint64_t hash)
{
	uint32_t tag = (uint32_t)(hash >> 32);

	return tag != 0 ? tag : 1;
}

static size_t
index_octets(uint32_t slots)
{
	return (size_t)slots * sizeof(struct mip6_index_slot);
}

bool
mip6_index_init(struct mip6_index *x, const struct mip6_alloc *a, uint32_t max)
{
	*x = (struct mip6_index){
		.mask = INDEX_SLOTS_MIN - 1,
		.max = max,
		.alloc = *a,
	};
	x->slot = a->alloc(a->arg, index_octets(INDEX_SLOTS_MIN));
	return x->slot != NULL;
}

void
mip6_index_fini(struct mip6_index *x)
{
	if (x->slot != NULL)
		x->alloc.release(x->alloc.arg, x->slot,
		    index_octets(x->mask + 1));
	*x = (struct mip6_index){ 0 };
}

uint32_t
mip6_index_find(const struct mip6_index *x, uint64_t hash, const void *table,
    const void *key, mip6_index_eq eq)
{
	uint32_t tag = index_tag(hash);
	uint32_t at;

	for (at = tag & x->mask; x->slot[at].tag != 0; at = (at + 1) & x->mask)
		if (x->slot[at].tag == tag && eq(table, x->slot[at].value, key))
			return x->slot[at].value;
	return MIP6_INDEX_NONE;
}

void
mip6_index_prefetch(const struct mip6_index *x, uint64_t hash)
{
	__builtin_prefetch(&x->slot[index_tag(hash) & x->mask]);
}

uint32_t
mip6_index_guess(const struct mip6_index *x, uint64_t hash)
{
	uint32_t tag = index_tag(hash);
	uint32_t at;

	for (at = tag & x->mask; x->slot[at].tag != 0; at = (at + 1) & x->mask)
		if (x->slot[at].tag == tag)
			return x->slot[at].value;
	return MIP6_INDEX_NONE;
}

/* Puts an entry into the first free slot from its wished one. */
static void
index_put(struct mip6_index_slot *slot, uint32_t mask,
    struct mip6_index_slot entry)
{
	uint32_t at = entry.tag & mask;

	while (slot[at].tag != 0)
		at = (at + 1) & mask;
	slot[at] = entry;
}

static bool
index_grow(struct mip6_index *x)
{
	struct mip6_index_slot *slot;
	uint32_t slots = x->mask + 1;
	uint32_t i;

	if (slots >= INDEX_SLOTS_MAX)
		return false;
	slot = x->alloc.alloc(x->alloc.arg, index_octets(slots * 2));
	if (slot == NULL)
		return false;
	for (i = 0; i < slots; i++)
		if (x->slot[i].tag != 0)
			index_put(slot, slots * 2 - 1, x->slot[i]);
	x->alloc.release(x->alloc.arg, x->slot, index_octets(slots));
	x->slot = slot;
	x->mask = slots * 2 - 1;
	return true;
}

bool
mip6_index_add(struct mip6_index *x, uint64_t hash, uint32_t value,
    const void *table, mip6_index_rehash rehash)
{
	(void)table;
	(void)rehash;
	if (x->used >= x->max)
		return false;
	if (x->used >= (x->mask + 1) / 4 * 3 && !index_grow(x))
		return false;
	index_put(x->slot, x->mask,
	    (struct mip6_index_slot){ index_tag(hash), value });
	x->used++;
	return true;
}

void
mip6_index_del(struct mip6_index *x, uint64_t hash, uint32_t value,
    const void *table, mip6_index_rehash rehash)
{
	uint32_t tag = index_tag(hash);
	uint32_t at, hole, wished;

	(void)table;
	(void)rehash;
	for (at = tag & x->mask;
	     x->slot[at].tag != tag || x->slot[at].value != value;
	     at = (at + 1) & x->mask)
		MIP6_ASSERT(x->slot[at].tag != 0);
	hole = at;
	for (at = (at + 1) & x->mask; x->slot[at].tag != 0;
	     at = (at + 1) & x->mask) {
		wished = x->slot[at].tag & x->mask;
		/* Only what does not wish for a slot after the hole moves. */
		if (((at - wished) & x->mask) < ((at - hole) & x->mask))
			continue;
		x->slot[hole] = x->slot[at];
		hole = at;
	}
	x->slot[hole] = (struct mip6_index_slot){ 0 };
	x->used--;
}
