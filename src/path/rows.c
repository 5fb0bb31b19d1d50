/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The table of forwarding rows.
 *
 * Linear probing over slots of 8 octets, at most half of them used.  A slot
 * keeps the 32 bits of the hash it was placed by, so that growing and closing
 * the gap of a deleted row need no look at the rows.  The hash is keyed: who
 * sends packets cannot choose collisions.  Rows live in chunks that are never
 * moved or given back, deleted ones in a free list.
 */
#include "path/rows.h"

#include <string.h>

#define ROWS_CHUNK_BITS 8
#define ROWS_CHUNK      (1U << ROWS_CHUNK_BITS)
#define ROWS_SLOTS_MIN  64U
#define ROWS_LINE       64U /* of a cache, on most machines */
#define ROWS_MAX        (1U << 30)
#define ROWS_CHUNK_OCTETS                                                      \
	(ROWS_CHUNK * sizeof(struct mip6_path_row) + ROWS_LINE)

bool
mip6_path_rate_take(struct mip6_path_rate *r, struct mip6_time now,
    int64_t interval_us, uint32_t burst)
{
	int64_t next_us = r->next_us > now.us ? r->next_us : now.us;

	if (next_us - now.us > interval_us * ((int64_t)burst - 1))
		return false;
	r->next_us = next_us + interval_us;
	return true;
}

static bool
rows_slots_new(struct mip6_path_rows *t, uint32_t slots)
{
	struct mip6_path_slot *slot;
	uint32_t i;

	slot = t->alloc.alloc(t->alloc.arg, slots * sizeof(*slot));
	if (slot == NULL)
		return false;
	for (i = 0; i < slots; i++)
		slot[i].row = MIP6_INDEX_NONE;
	t->slot = slot;
	t->mask = slots - 1;
	return true;
}

bool
mip6_path_rows_init(struct mip6_path_rows *t, const struct mip6_alloc *a,
    const struct mip6_hash_key *key, uint32_t max)
{
	memset(t, 0, sizeof(*t));
	t->alloc = *a;
	t->key = *key;
	t->max = max < ROWS_MAX ? max : ROWS_MAX;
	t->first = MIP6_INDEX_NONE;
	t->chunks = (t->max + ROWS_CHUNK - 1) >> ROWS_CHUNK_BITS;
	if (t->chunks == 0)
		t->chunks = 1;
	t->chunk = a->alloc(a->arg, t->chunks * sizeof(*t->chunk));
	if (t->chunk == NULL)
		return false;
	return rows_slots_new(t, ROWS_SLOTS_MIN);
}

void
mip6_path_rows_fini(struct mip6_path_rows *t)
{
	const struct mip6_alloc *a = &t->alloc;
	uint32_t i;

	if (t->chunk != NULL)
		for (i = 0; i < t->chunks; i++)
			a->release(a->arg, t->chunk[i].mem, ROWS_CHUNK_OCTETS);
	a->release(a->arg, t->chunk, t->chunks * sizeof(*t->chunk));
	if (t->slot != NULL)
		a->release(a->arg, t->slot,
		    ((size_t)t->mask + 1) * sizeof(*t->slot));
	memset(t, 0, sizeof(*t));
}

uint32_t
mip6_path_rows_hash(const struct mip6_path_rows *t,
    const struct mip6_addr *home, const struct mip6_addr *other)
{
	return (uint32_t)(mip6_hash_pair(&t->key, home, other) >> 32);
}

static struct mip6_path_row *
rows_at(const struct mip6_path_rows *t, uint32_t number)
{
	return t->chunk[number >> ROWS_CHUNK_BITS].row +
	    (number & (ROWS_CHUNK - 1));
}

/* The slot that holds (home, other), or the empty one where it would be. */
static uint32_t
rows_slot(const struct mip6_path_rows *t, uint32_t hash,
    const struct mip6_addr *home, const struct mip6_addr *other)
{
	const struct mip6_path_slot *s;
	const struct mip6_path_row *row;
	uint32_t at;

	/* Ends: at least half of the slots are empty. */
	for (at = hash & t->mask;; at = (at + 1) & t->mask) {
		s = &t->slot[at];
		if (s->row == MIP6_INDEX_NONE)
			return at;
		if (s->hash != hash)
			continue;
		row = rows_at(t, s->row);
		if (memcmp(&row->fwd.home, home, sizeof(*home)) == 0 &&
		    memcmp(&row->fwd.other, other, sizeof(*other)) == 0)
			return at;
	}
}

struct mip6_path_row *
mip6_path_rows_find(const struct mip6_path_rows *t,
    const struct mip6_addr *home, const struct mip6_addr *other)
{
	const struct mip6_path_slot *s;
	uint32_t hash;

	hash = mip6_path_rows_hash(t, home, other);
	s = &t->slot[rows_slot(t, hash, home, other)];
	return s->row == MIP6_INDEX_NONE ? NULL : rows_at(t, s->row);
}

/* Puts {hash, row} where it belongs; there is room. */
static void
rows_place(struct mip6_path_rows *t, struct mip6_path_slot s)
{
	uint32_t at = s.hash & t->mask;

	while (t->slot[at].row != MIP6_INDEX_NONE)
		at = (at + 1) & t->mask;
	t->slot[at] = s;
}

static bool
rows_grow(struct mip6_path_rows *t)
{
	struct mip6_path_slot *old = t->slot;
	uint32_t slots = t->mask + 1;
	uint32_t i;

	if (t->used < slots / 2)
		return true;
	if (!rows_slots_new(t, slots * 2))
		return false;
	for (i = 0; i < slots; i++)
		if (old[i].row != MIP6_INDEX_NONE)
			rows_place(t, old[i]);
	t->alloc.release(t->alloc.arg, old, slots * sizeof(*old));
	return true;
}

/* The number of a row nobody uses, or MIP6_INDEX_NONE. */
static uint32_t
rows_take(struct mip6_path_rows *t)
{
	struct mip6_path_chunk *chunk;
	uint32_t number = t->first;

	if (number != MIP6_INDEX_NONE) {
		t->first = rows_at(t, number)->next;
		return number;
	}
	if (t->top == t->max)
		return MIP6_INDEX_NONE;
	chunk = &t->chunk[t->top >> ROWS_CHUNK_BITS];
	if (chunk->mem == NULL) {
		chunk->mem = t->alloc.alloc(t->alloc.arg, ROWS_CHUNK_OCTETS);
		if (chunk->mem == NULL)
			return MIP6_INDEX_NONE;
		/* A row begins a line of the cache and fills two. */
		chunk->row = (void *)((uint8_t *)chunk->mem +
		    (ROWS_LINE - (uintptr_t)chunk->mem % ROWS_LINE) %
			ROWS_LINE);
	}
	return t->top++;
}

static void
rows_count(struct mip6_path_rows *t, const struct mip6_path_row *row,
    uint32_t one)
{
	t->used += one;
	t->kind[row->fwd.kind] += one;
	if (!mip6_addr_is_any(&row->fwd.other))
		t->pairs += one;
}

struct mip6_path_row *
mip6_path_rows_set(struct mip6_path_rows *t, const struct mip6_fwd_row *fwd)
{
	struct mip6_path_row *row;
	uint32_t hash, number;

	MIP6_ASSERT((unsigned int)fwd->kind < MIP6_PATH_KINDS);
	row = mip6_path_rows_find(t, &fwd->home, &fwd->other);
	if (row != NULL) {
		rows_count(t, row, UINT32_MAX);
	} else {
		if (t->used == t->max || !rows_grow(t))
			return NULL;
		number = rows_take(t);
		if (number == MIP6_INDEX_NONE)
			return NULL;
		hash = mip6_path_rows_hash(t, &fwd->home, &fwd->other);
		rows_place(t, (struct mip6_path_slot){ hash, number });
		row = rows_at(t, number);
		memset(row, 0, sizeof(*row));
		row->hash = hash;
	}
	row->fwd = *fwd;
	row->told = false;
	rows_count(t, row, 1);
	return row;
}

/* Empties a slot and closes the gap behind it. */
static void
rows_unplace(struct mip6_path_rows *t, uint32_t gap)
{
	uint32_t at = gap;
	uint32_t home;

	for (;;) {
		at = (at + 1) & t->mask;
		if (t->slot[at].row == MIP6_INDEX_NONE)
			break;
		home = t->slot[at].hash & t->mask;
		/* Stays when the gap is not on its way from home to here. */
		if (((at - home) & t->mask) < ((at - gap) & t->mask))
			continue;
		t->slot[gap] = t->slot[at];
		gap = at;
	}
	t->slot[gap].row = MIP6_INDEX_NONE;
}

void
mip6_path_rows_del(struct mip6_path_rows *t, struct mip6_path_row *row)
{
	uint32_t at, number;

	at = rows_slot(t, row->hash, &row->fwd.home, &row->fwd.other);
	number = t->slot[at].row;
	MIP6_ASSERT(number != MIP6_INDEX_NONE && rows_at(t, number) == row);
	rows_unplace(t, at);
	rows_count(t, row, UINT32_MAX);
	row->next = t->first;
	t->first = number;
}

void
mip6_path_rows_prefetch_slot(const struct mip6_path_rows *t, uint32_t hash)
{
	__builtin_prefetch(&t->slot[hash & t->mask]);
}

void
mip6_path_rows_prefetch_row(const struct mip6_path_rows *t, uint32_t hash)
{
	const struct mip6_path_slot *s;
	const uint8_t *row;
	uint32_t at;

	/* Ends: at least half of the slots are empty. */
	for (at = hash & t->mask;; at = (at + 1) & t->mask) {
		s = &t->slot[at];
		if (s->row == MIP6_INDEX_NONE)
			return;
		if (s->hash == hash)
			break;
	}
	row = (const uint8_t *)rows_at(t, s->row);
	__builtin_prefetch(row);
	__builtin_prefetch(row + ROWS_LINE);
}
