/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A table by pair of addresses; see pairs.h.
 */
#include "core/pairs.h"

#include <string.h>

#define PAIRS_CHUNK 256

struct pairs_key {
	const struct mip6_addr *our, *other;
};

void *
mip6_pairs_get(const struct mip6_pairs *p, uint32_t i)
{
	MIP6_ASSERT(i < p->top);
	return p->chunk[i / PAIRS_CHUNK] + i % PAIRS_CHUNK * p->octets;
}

static struct mip6_pair *
pairs_get(const struct mip6_pairs *p, uint32_t i)
{
	return mip6_pairs_get(p, i);
}

static bool
pairs_eq(const void *table, uint32_t value, const void *key)
{
	const struct mip6_pair *r = pairs_get(table, value);
	const struct pairs_key *k = key;

	return mip6_addr_equal(&r->our, k->our) &&
	    mip6_addr_equal(&r->other, k->other);
}

static uint64_t
pairs_hash(const void *table, uint32_t value)
{
	const struct mip6_pairs *p = table;
	const struct mip6_pair *r = pairs_get(p, value);

	return mip6_hash_pair(&p->key, &r->our, &r->other);
}

static bool
pairs_other_eq(const void *table, uint32_t value, const void *key)
{
	return mip6_addr_equal(&pairs_get(table, value)->other, key);
}

static uint64_t
pairs_other_hash(const void *table, uint32_t value)
{
	const struct mip6_pairs *p = table;

	return mip6_hash_addr(&p->key, &pairs_get(p, value)->other);
}

bool
mip6_pairs_init(struct mip6_pairs *p, const struct mip6_alloc *a,
    const struct mip6_hash_key *key, size_t octets, uint32_t max,
    uint32_t per_other)
{
	memset(p, 0, sizeof(*p));
	p->alloc = *a;
	p->key = *key;
	p->octets = octets;
	p->max = max;
	p->per_other = per_other;
	p->free = MIP6_PAIR_NONE;
	p->chunks_max = (max + PAIRS_CHUNK - 1) / PAIRS_CHUNK;
	p->chunk = a->alloc(a->arg, p->chunks_max * sizeof(*p->chunk));
	if (p->chunk == NULL)
		return false;
	return mip6_index_init(&p->pairs, a, max) &&
	    mip6_index_init(&p->others, a, max);
}

void
mip6_pairs_fini(struct mip6_pairs *p)
{
	uint32_t i;

	if (p->chunk == NULL)
		return;
	for (i = 0; i < p->chunks; i++)
		p->alloc.release(p->alloc.arg, p->chunk[i],
		    PAIRS_CHUNK * p->octets);
	p->alloc.release(p->alloc.arg, p->chunk,
	    p->chunks_max * sizeof(*p->chunk));
	p->chunk = NULL;
	mip6_index_fini(&p->pairs);
	mip6_index_fini(&p->others);
}

uint32_t
mip6_pairs_find(const struct mip6_pairs *p, const struct mip6_addr *our,
    const struct mip6_addr *other)
{
	struct pairs_key k = { our, other };

	return mip6_index_find(&p->pairs, mip6_hash_pair(&p->key, our, other),
	    p, &k, pairs_eq);
}

uint32_t
mip6_pairs_first(const struct mip6_pairs *p, const struct mip6_addr *other)
{
	return mip6_index_find(&p->others, mip6_hash_addr(&p->key, other), p,
	    other, pairs_other_eq);
}

static uint32_t
pairs_room(struct mip6_pairs *p)
{
	uint32_t i = p->free;

	if (i != MIP6_PAIR_NONE) {
		p->free = pairs_get(p, i)->next;
		return i;
	}
	if (p->top == p->max)
		return MIP6_PAIR_NONE;
	if (p->top == p->chunks * PAIRS_CHUNK) {
		p->chunk[p->chunks] =
		    p->alloc.alloc(p->alloc.arg, PAIRS_CHUNK * p->octets);
		if (p->chunk[p->chunks] == NULL)
			return MIP6_PAIR_NONE;
		p->chunks++;
	}
	return p->top++;
}

static void
pairs_give_back(struct mip6_pairs *p, uint32_t i)
{
	struct mip6_pair *r = pairs_get(p, i);

	r->used = false;
	r->next = p->free;
	p->free = i;
}

/* Behind the first one of its other node; false: there are enough. */
static bool
pairs_chain(struct mip6_pairs *p, uint32_t i)
{
	struct mip6_pair *r = pairs_get(p, i), *first;
	uint32_t at = mip6_pairs_first(p, &r->other), records;

	r->next = MIP6_PAIR_NONE;
	if (at == MIP6_PAIR_NONE)
		return mip6_index_add(&p->others, pairs_other_hash(p, i), i, p,
		    pairs_other_hash);
	first = pairs_get(p, at);
	for (records = 1; pairs_get(p, at)->next != MIP6_PAIR_NONE; records++)
		at = pairs_get(p, at)->next;
	if (records >= p->per_other)
		return false;
	r->next = first->next;
	first->next = i;
	return true;
}

static void
pairs_unchain(struct mip6_pairs *p, uint32_t i)
{
	struct mip6_pair *r = pairs_get(p, i);
	uint32_t at = mip6_pairs_first(p, &r->other);

	if (at == i) {
		mip6_index_del(&p->others, pairs_other_hash(p, i), i, p,
		    pairs_other_hash);
		/* There is room: one went. */
		if (r->next != MIP6_PAIR_NONE)
			(void)mip6_index_add(&p->others,
			    pairs_other_hash(p, r->next), r->next, p,
			    pairs_other_hash);
		return;
	}
	while (pairs_get(p, at)->next != i)
		at = pairs_get(p, at)->next;
	pairs_get(p, at)->next = r->next;
}

uint32_t
mip6_pairs_add(struct mip6_pairs *p, const struct mip6_addr *our,
    const struct mip6_addr *other)
{
	struct mip6_pair *r;
	uint32_t i;

	MIP6_ASSERT(mip6_pairs_find(p, our, other) == MIP6_PAIR_NONE);
	i = pairs_room(p);
	if (i == MIP6_PAIR_NONE)
		return i;
	r = pairs_get(p, i);
	memset(r, 0, p->octets);
	r->our = *our;
	r->other = *other;
	r->used = true;
	if (!pairs_chain(p, i)) {
		pairs_give_back(p, i);
		return MIP6_PAIR_NONE;
	}
	if (!mip6_index_add(&p->pairs, pairs_hash(p, i), i, p, pairs_hash)) {
		pairs_unchain(p, i);
		pairs_give_back(p, i);
		return MIP6_PAIR_NONE;
	}
	p->count++;
	return i;
}

void
mip6_pairs_del(struct mip6_pairs *p, uint32_t i)
{
	MIP6_ASSERT(pairs_get(p, i)->used);
	pairs_unchain(p, i);
	mip6_index_del(&p->pairs, pairs_hash(p, i), i, p, pairs_hash);
	pairs_give_back(p, i);
	p->count--;
}
