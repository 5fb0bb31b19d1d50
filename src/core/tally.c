/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Counts by key; see tally.h.  The entries are an array that doubles up to the
 * limit; free ones are chained.
 */
#include "core/tally.h"

#include <string.h>

#define TALLY_ROOM 16

bool
mip6_tally_init(struct mip6_tally *t, const struct mip6_alloc *a,
    const struct mip6_hash_key *key, uint32_t max)
{
	memset(t, 0, sizeof(*t));
	t->alloc = *a;
	t->hash_key = *key;
	t->max = max;
	t->free = MIP6_INDEX_NONE;
	return mip6_index_init(&t->index, a, max);
}

void
mip6_tally_fini(struct mip6_tally *t)
{
	if (t->entry != NULL)
		t->alloc.release(t->alloc.arg, t->entry,
		    t->room * sizeof(*t->entry));
	t->entry = NULL;
	t->room = 0;
	if (t->alloc.release != NULL)
		mip6_index_fini(&t->index);
}

static uint64_t
tally_hash(const struct mip6_tally *t, uint64_t key)
{
	return mip6_hash_octets(&t->hash_key, &key, sizeof(key));
}

static bool
tally_eq(const void *table, uint32_t value, const void *key)
{
	const struct mip6_tally *t = table;
	const uint64_t *k = key;

	return t->entry[value].key == *k;
}

static uint64_t
tally_rehash(const void *table, uint32_t value)
{
	const struct mip6_tally *t = table;

	return tally_hash(t, t->entry[value].key);
}

static uint32_t
tally_find(const struct mip6_tally *t, uint64_t key)
{
	return mip6_index_find(&t->index, tally_hash(t, key), t, &key,
	    tally_eq);
}

static void
tally_free(struct mip6_tally *t, uint32_t i)
{
	mip6_index_del(&t->index, tally_hash(t, t->entry[i].key), i, t,
	    tally_rehash);
	t->entry[i].count = 0;
	t->entry[i].next = t->free;
	t->free = i;
}

void
mip6_tally_clear(struct mip6_tally *t)
{
	uint32_t i;

	for (i = 0; i < t->top; i++)
		if (t->entry[i].count > 0)
			tally_free(t, i);
}

uint32_t
mip6_tally_count(const struct mip6_tally *t, uint64_t key)
{
	uint32_t i = tally_find(t, key);

	return i == MIP6_INDEX_NONE ? 0 : t->entry[i].count;
}

/* Twice the room, within the limit. */
static bool
tally_grow(struct mip6_tally *t)
{
	uint32_t room = t->room == 0 ? TALLY_ROOM : t->room * 2;
	struct mip6_tally_entry *e;

	if (room > t->max)
		room = t->max;
	if (room <= t->room)
		return false;
	e = t->alloc.alloc(t->alloc.arg, room * sizeof(*e));
	if (e == NULL)
		return false;
	if (t->room > 0) {
		memcpy(e, t->entry, t->room * sizeof(*e));
		t->alloc.release(t->alloc.arg, t->entry, t->room * sizeof(*e));
	}
	t->entry = e;
	t->room = room;
	return true;
}

bool
mip6_tally_add(struct mip6_tally *t, uint64_t key)
{
	uint32_t i = tally_find(t, key), next;

	if (i != MIP6_INDEX_NONE) {
		t->entry[i].count++;
		return true;
	}
	i = t->free;
	if (i == MIP6_INDEX_NONE) {
		if (t->top == t->room && !tally_grow(t))
			return false;
		i = t->top;
	}
	next = t->entry[i].next;
	t->entry[i].key = key;
	t->entry[i].count = 1;
	if (!mip6_index_add(&t->index, tally_hash(t, key), i, t,
		tally_rehash)) {
		t->entry[i].count = 0;
		return false;
	}
	if (i == t->top)
		t->top++;
	else
		t->free = next;
	return true;
}

uint32_t
mip6_tally_del(struct mip6_tally *t, uint64_t key)
{
	uint32_t i = tally_find(t, key);

	MIP6_ASSERT(i != MIP6_INDEX_NONE);
	if (--t->entry[i].count > 0)
		return t->entry[i].count;
	tally_free(t, i);
	return 0;
}
