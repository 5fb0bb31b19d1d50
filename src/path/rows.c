/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The table of forwarding rows.
 *
 * Linear probing over slots of 4 octets, at most three quarters of them used:
 * 8 bits of the hash, two that say which store, and the number of the record
 * there.  Of 256 other keys in the way of a lookup one costs a look at its
 * record.  Growing and closing the gap of a deleted row compute hashes again
 * from the records.  The hash is keyed: who sends packets cannot choose
 * collisions.  Records live in chunks that are never moved or given back,
 * deleted ones in a free list.
 */
#include "path/rows.h"

#include <string.h>

#define ROWS_CHUNK_BITS 8
#define ROWS_CHUNK      (1U << ROWS_CHUNK_BITS)
#define ROWS_SLOTS_MIN  64U
#define ROWS_LINE       64U /* of a cache, on most machines */
#define ROWS_MAX        (1U << 22)

#define ROWS_KIND_FREE 0x7fU

/* A slot. */
#define ROWS_EMPTY  UINT32_MAX
#define ROWS_TAG    0xff000000U /* as in the hash */
#define ROWS_MN     0x00800000U /* of t->mn, else of t->ha */
#define ROWS_DIRECT 0x00400000U /* of t->direct; never with ROWS_MN */
#define ROWS_NUMBER 0x003fffffU /* < ROWS_MAX */

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

/* Memory */

static void *
rows_alloc(struct mip6_path_rows *t, size_t octets)
{
	void *mem = t->alloc.alloc(t->alloc.arg, octets);

	if (mem != NULL)
		t->octets += octets;
	return mem;
}

static void
rows_release(struct mip6_path_rows *t, void *mem, size_t octets)
{
	if (mem == NULL)
		return;
	t->alloc.release(t->alloc.arg, mem, octets);
	t->octets -= octets;
}

static bool
rows_slots_new(struct mip6_path_rows *t, uint32_t slots)
{
	uint32_t *slot = rows_alloc(t, slots * sizeof(*slot));

	if (slot == NULL)
		return false;
	memset(slot, 0xff, slots * sizeof(*slot));
	t->slot = slot;
	t->mask = slots - 1;
	return true;
}

static bool
rows_store_init(struct mip6_path_rows *t, struct mip6_path_store *s,
    size_t octets)
{
	s->octets = (uint32_t)octets;
	s->first = MIP6_INDEX_NONE;
	s->chunks = (t->max + ROWS_CHUNK - 1) >> ROWS_CHUNK_BITS;
	if (s->chunks == 0)
		s->chunks = 1;
	s->chunk = rows_alloc(t, s->chunks * sizeof(*s->chunk));
	return s->chunk != NULL;
}

static void
rows_store_fini(struct mip6_path_rows *t, struct mip6_path_store *s)
{
	uint32_t i;

	if (s->chunk != NULL)
		for (i = 0; i < s->chunks; i++)
			rows_release(t, s->chunk[i],
			    (size_t)ROWS_CHUNK * s->octets);
	rows_release(t, s->chunk, s->chunks * sizeof(*s->chunk));
}

bool
mip6_path_rows_init(struct mip6_path_rows *t, const struct mip6_alloc *a,
    const struct mip6_hash_key *key, uint32_t max)
{
	memset(t, 0, sizeof(*t));
	t->alloc = *a;
	t->key = *key;
	t->max = max < ROWS_MAX ? max : ROWS_MAX;
	return rows_store_init(t, &t->ha, sizeof(struct mip6_path_row)) &&
	    rows_store_init(t, &t->mn, sizeof(struct mip6_path_row_mn)) &&
	    rows_store_init(t, &t->direct, sizeof(struct mip6_path_row_pair)) &&
	    rows_slots_new(t, ROWS_SLOTS_MIN);
}

void
mip6_path_rows_fini(struct mip6_path_rows *t)
{
	rows_store_fini(t, &t->ha);
	rows_store_fini(t, &t->mn);
	rows_store_fini(t, &t->direct);
	rows_release(t, t->slot, ((size_t)t->mask + 1) * sizeof(*t->slot));
	memset(t, 0, sizeof(*t));
}

/* Records */

static struct mip6_path_row *
rows_store_at(const struct mip6_path_store *s, uint32_t number)
{
	return (void *)(s->chunk[number >> ROWS_CHUNK_BITS] +
	    (size_t)(number & (ROWS_CHUNK - 1)) * s->octets);
}

/* The bits of a slot that say in which store the rows of a kind are. */
static uint32_t
rows_store_bits(enum mip6_fwd_kind kind)
{
	if (kind == MIP6_FWD_HA_TUNNEL)
		return 0;
	return kind == MIP6_FWD_DIRECT ? ROWS_DIRECT : ROWS_MN;
}

static const struct mip6_path_store *
rows_store_of(const struct mip6_path_rows *t, uint32_t slot)
{
	if ((slot & ROWS_MN) != 0)
		return &t->mn;
	return (slot & ROWS_DIRECT) != 0 ? &t->direct : &t->ha;
}

static struct mip6_path_store *
rows_store(struct mip6_path_rows *t, uint32_t slot)
{
	if ((slot & ROWS_MN) != 0)
		return &t->mn;
	return (slot & ROWS_DIRECT) != 0 ? &t->direct : &t->ha;
}

/* The record a slot points at. */
static struct mip6_path_row *
rows_at(const struct mip6_path_rows *t, uint32_t slot)
{
	return rows_store_at(rows_store_of(t, slot), slot & ROWS_NUMBER);
}

/* The number of a record nobody uses, or MIP6_INDEX_NONE. */
static uint32_t
rows_store_take(struct mip6_path_rows *t, struct mip6_path_store *s)
{
	uint8_t **chunk;
	uint32_t number = s->first;

	if (number != MIP6_INDEX_NONE) {
		s->first = rows_store_at(s, number)->hop;
		return number;
	}
	if (s->top >= s->chunks << ROWS_CHUNK_BITS)
		return MIP6_INDEX_NONE;
	chunk = &s->chunk[s->top >> ROWS_CHUNK_BITS];
	if (*chunk == NULL)
		*chunk = rows_alloc(t, (size_t)ROWS_CHUNK * s->octets);
	return *chunk != NULL ? s->top++ : MIP6_INDEX_NONE;
}

/* The number of an outer source, counted once more; -1: too many. */
static int
rows_source_take(struct mip6_path_rows *t, const struct mip6_addr *a)
{
	uint32_t i, free = MIP6_PATH_SOURCES;

	for (i = 0; i < MIP6_PATH_SOURCES; i++) {
		if (t->source[i].rows == 0) {
			if (free == MIP6_PATH_SOURCES)
				free = i;
		} else if (mip6_addr_equal(&t->source[i].addr, a)) {
			t->source[i].rows++;
			return (int)i;
		}
	}
	if (free == MIP6_PATH_SOURCES)
		return -1;
	t->source[free] = (struct mip6_path_source){ *a, 1 };
	return (int)free;
}

/* Slots */

uint32_t
mip6_path_rows_hash(const struct mip6_path_rows *t,
    const struct mip6_addr *home, const struct mip6_addr *other)
{
	return (uint32_t)(mip6_hash_pair(&t->key, home, other) >> 32);
}

static uint32_t
rows_hash_of(const struct mip6_path_rows *t, const struct mip6_path_row *row)
{
	struct mip6_addr other = mip6_path_row_other(row);

	return mip6_path_rows_hash(t, &row->home, &other);
}

static bool
rows_is(const struct mip6_path_rows *t, uint32_t slot,
    const struct mip6_addr *home, const struct mip6_addr *other)
{
	const struct mip6_path_row *row = rows_at(t, slot);
	struct mip6_addr to;

	if (!mip6_addr_equal(&row->home, home))
		return false;
	to = mip6_path_row_other(row);
	return mip6_addr_equal(&to, other);
}

/* The slot that holds (home, other), or the empty one where it would be. */
static uint32_t
rows_slot(const struct mip6_path_rows *t, uint32_t hash,
    const struct mip6_addr *home, const struct mip6_addr *other)
{
	uint32_t at, slot;

	/* Ends: a quarter of the slots are empty. */
	for (at = hash & t->mask;; at = (at + 1) & t->mask) {
		slot = t->slot[at];
		if (slot == ROWS_EMPTY)
			return at;
		if (((slot ^ hash) & ROWS_TAG) == 0 &&
		    rows_is(t, slot, home, other))
			return at;
	}
}

struct mip6_path_row *
mip6_path_rows_find(const struct mip6_path_rows *t,
    const struct mip6_addr *home, const struct mip6_addr *other)
{
	uint32_t slot;

	slot = t->slot[rows_slot(t, mip6_path_rows_hash(t, home, other), home,
	    other)];
	return slot == ROWS_EMPTY ? NULL : rows_at(t, slot);
}

struct mip6_path_row *
mip6_path_rows_by_ends(const struct mip6_path_rows *t,
    const struct mip6_addr *peer, const struct mip6_addr *local)
{
	struct mip6_path_row *row;
	uint32_t i;

	for (i = 0; i < t->mn.top; i++) {
		row = rows_store_at(&t->mn, i);
		if (row->kind == MIP6_FWD_MN_TUNNEL &&
		    mip6_addr_equal(&row->peer, peer) &&
		    mip6_addr_equal(mip6_path_row_local(t, row), local))
			return row;
	}
	return NULL;
}

/* Puts a slot where its hash belongs; there is room. */
static void
rows_place(struct mip6_path_rows *t, uint32_t hash, uint32_t slot)
{
	uint32_t at = hash & t->mask;

	while (t->slot[at] != ROWS_EMPTY)
		at = (at + 1) & t->mask;
	t->slot[at] = slot;
}

static bool
rows_grow(struct mip6_path_rows *t)
{
	uint32_t *old = t->slot;
	uint32_t slots = t->mask + 1;
	uint32_t i;

	if (t->used < slots / 4 * 3)
		return true;
	if (!rows_slots_new(t, slots * 2))
		return false;
	for (i = 0; i < slots; i++)
		if (old[i] != ROWS_EMPTY)
			rows_place(t, rows_hash_of(t, rows_at(t, old[i])),
			    old[i]);
	rows_release(t, old, slots * sizeof(*old));
	return true;
}

/* Empties a slot and closes the gap behind it. */
static void
rows_unplace(struct mip6_path_rows *t, uint32_t gap)
{
	uint32_t at = gap;
	uint32_t home;

	for (;;) {
		at = (at + 1) & t->mask;
		if (t->slot[at] == ROWS_EMPTY)
			break;
		home = rows_hash_of(t, rows_at(t, t->slot[at])) & t->mask;
		/* Stays when the gap is not on its way from home to here. */
		if (((at - home) & t->mask) < ((at - gap) & t->mask))
			continue;
		t->slot[gap] = t->slot[at];
		gap = at;
	}
	t->slot[gap] = ROWS_EMPTY;
}

/* Rows */

static void
rows_count(struct mip6_path_rows *t, const struct mip6_path_row *row,
    uint32_t one)
{
	struct mip6_addr other = mip6_path_row_other(row);

	t->used += one;
	t->kind[row->kind] += one;
	if (!mip6_addr_is_any(&other))
		t->pairs += one;
}

/* A record for (home, other) in its store and its slot; NULL: no room. */
static struct mip6_path_row *
rows_make(struct mip6_path_rows *t, const struct mip6_fwd_row *fwd)
{
	uint32_t slot = rows_store_bits(fwd->kind);
	struct mip6_path_store *s = rows_store(t, slot);
	struct mip6_path_row *row;
	uint32_t hash, number;

	if (t->used == t->max || !rows_grow(t))
		return NULL;
	number = rows_store_take(t, s);
	if (number == MIP6_INDEX_NONE)
		return NULL;
	hash = mip6_path_rows_hash(t, &fwd->home, &fwd->other);
	rows_place(t, hash, (hash & ROWS_TAG) | slot | number);
	row = rows_store_at(s, number);
	memset(row, 0, s->octets);
	return row;
}

/* The kind, and what it alone has. */
static void
rows_fill(struct mip6_path_row *row, const struct mip6_fwd_row *fwd)
{
	struct mip6_path_row_mn *mn;

	row->kind = (uint8_t)fwd->kind & 0x7fU;
	if (fwd->kind == MIP6_FWD_HA_TUNNEL)
		return;
	((struct mip6_path_row_pair *)(void *)row)->other = fwd->other;
	if (fwd->kind == MIP6_FWD_DIRECT)
		return;
	mn = (struct mip6_path_row_mn *)(void *)row;
	mn->ifindex = fwd->ifindex;
	mn->onlink_bits = fwd->onlink_bits;
	mn->tell = fwd->tell;
}

struct mip6_path_row *
mip6_path_rows_set(struct mip6_path_rows *t, const struct mip6_fwd_row *fwd)
{
	bool any = mip6_addr_is_any(&fwd->other);
	struct mip6_path_row *row, old = { 0 };
	int local;

	MIP6_ASSERT((unsigned int)fwd->kind < MIP6_PATH_KINDS);
	if ((fwd->kind == MIP6_FWD_HA_TUNNEL && !any) ||
	    (fwd->kind == MIP6_FWD_DIRECT && any))
		return NULL;
	local = rows_source_take(t, &fwd->local);
	if (local < 0)
		return NULL;
	row = mip6_path_rows_find(t, &fwd->home, &fwd->other);
	if (row != NULL &&
	    rows_store_bits((enum mip6_fwd_kind)row->kind) !=
		rows_store_bits(fwd->kind)) {
		old = *row;
		mip6_path_rows_del(t, row);
		row = NULL;
	}
	if (row != NULL) {
		rows_count(t, row, UINT32_MAX);
		t->source[row->local].rows--;
	} else {
		row = rows_make(t, fwd);
		if (row == NULL) {
			t->source[local].rows--;
			return NULL;
		}
		row->octets_in = old.octets_in;
		row->octets_out = old.octets_out;
	}
	row->home = fwd->home;
	row->peer = fwd->peer;
	row->hop = fwd->hop;
	row->mtu = fwd->mtu;
	row->local = (uint8_t)local;
	row->told = 0;
	rows_fill(row, fwd);
	rows_count(t, row, 1);
	return row;
}

void
mip6_path_rows_del(struct mip6_path_rows *t, struct mip6_path_row *row)
{
	struct mip6_addr other = mip6_path_row_other(row);
	struct mip6_path_store *s;
	uint32_t at, slot;

	at = rows_slot(t, rows_hash_of(t, row), &row->home, &other);
	slot = t->slot[at];
	MIP6_ASSERT(slot != ROWS_EMPTY && rows_at(t, slot) == row);
	rows_unplace(t, at);
	rows_count(t, row, UINT32_MAX);
	t->source[row->local].rows--;
	s = rows_store(t, slot);
	row->kind = ROWS_KIND_FREE;
	row->hop = s->first;
	s->first = slot & ROWS_NUMBER;
}

void
mip6_path_rows_prefetch_slot(const struct mip6_path_rows *t, uint32_t hash)
{
	__builtin_prefetch(&t->slot[hash & t->mask]);
}

void
mip6_path_rows_prefetch_row(const struct mip6_path_rows *t, uint32_t hash)
{
	const uint8_t *row;
	uint32_t at, slot;

	/* Ends: a quarter of the slots are empty. */
	for (at = hash & t->mask;; at = (at + 1) & t->mask) {
		slot = t->slot[at];
		if (slot == ROWS_EMPTY)
			return;
		if (((slot ^ hash) & ROWS_TAG) == 0)
			break;
	}
	row = (const uint8_t *)rows_at(t, slot);
	__builtin_prefetch(row);
	__builtin_prefetch(row + sizeof(struct mip6_path_row) - 1);
}
