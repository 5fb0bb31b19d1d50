/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The Binding Cache's table; see bcache.h.
 */
#include "core/bcache.h"

#include <string.h>

bool
mip6_bcache_init(struct mip6_bcache *c, const struct mip6_alloc *a,
    const struct mip6_hash_key *key, uint32_t max, enum mip6_timer_kind timer)
{
	memset(c, 0, sizeof(*c));
	c->alloc = *a;
	c->key = *key;
	c->max = max;
	c->free = MIP6_BCACHE_NONE;
	c->timer = timer;
	c->chunks_max = (max + MIP6_BCACHE_CHUNK - 1) / MIP6_BCACHE_CHUNK;
	c->chunk = a->alloc(a->arg, (size_t)c->chunks_max * sizeof(*c->chunk));
	if (c->chunk == NULL)
		return false;
	return mip6_index_init(&c->index, a, max);
}

void
mip6_bcache_fini(struct mip6_bcache *c)
{
	uint32_t i;

	if (c->chunk == NULL)
		return;
	for (i = 0; i < c->chunks; i++)
		c->alloc.release(c->alloc.arg, c->chunk[i],
		    MIP6_BCACHE_CHUNK * sizeof(struct mip6_binding));
	c->alloc.release(c->alloc.arg, c->chunk,
	    (size_t)c->chunks_max * sizeof(*c->chunk));
	mip6_index_fini(&c->index);
	c->chunk = NULL;
}

struct mip6_binding *
mip6_bcache_get(const struct mip6_bcache *c, uint32_t i)
{
	MIP6_ASSERT(i < c->top);
	return &c->chunk[i / MIP6_BCACHE_CHUNK][i % MIP6_BCACHE_CHUNK];
}

static bool
bcache_eq(const void *table, uint32_t value, const void *key)
{
	return mip6_addr_equal(&mip6_bcache_get(table, value)->hoa, key);
}

static uint64_t
bcache_rehash(const void *table, uint32_t value)
{
	const struct mip6_bcache *c = table;

	return mip6_hash_addr(&c->key, &mip6_bcache_get(c, value)->hoa);
}

uint32_t
mip6_bcache_find(const struct mip6_bcache *c, const struct mip6_addr *hoa)
{
	uint32_t i = mip6_index_find(&c->index, mip6_hash_addr(&c->key, hoa), c,
	    hoa, bcache_eq);

	return i == MIP6_INDEX_NONE ? MIP6_BCACHE_NONE : i;
}

void
mip6_bcache_prefetch(const struct mip6_bcache *c, const struct mip6_addr *hoa,
    unsigned int step)
{
	uint64_t hash = mip6_hash_addr(&c->key, hoa);
	const struct mip6_binding *b;
	uint32_t i;

	if (step == 0) {
		mip6_index_prefetch(&c->index, hash);
		return;
	}
	i = mip6_index_guess(&c->index, hash);
	if (i == MIP6_INDEX_NONE)
		return;
	b = mip6_bcache_get(c, i);
	if (step == 1) {
		__builtin_prefetch(b, 1);
		__builtin_prefetch(&b->local, 1);
		return;
	}
	__builtin_prefetch(b->timer.t.next, 1);
	__builtin_prefetch(b->timer.t.link, 1);
}

/* A free entry: one used before, or the next of the last chunk. */
static uint32_t
bcache_room(struct mip6_bcache *c)
{
	struct mip6_binding *chunk;
	uint32_t i = c->free;

	if (i != MIP6_BCACHE_NONE) {
		c->free = mip6_bcache_get(c, i)->hop;
		return i;
	}
	if (c->top == c->max)
		return MIP6_BCACHE_NONE;
	if (c->top == c->chunks * MIP6_BCACHE_CHUNK) {
		chunk = c->alloc.alloc(c->alloc.arg,
		    MIP6_BCACHE_CHUNK * sizeof(*chunk));
		if (chunk == NULL)
			return MIP6_BCACHE_NONE;
		c->chunk[c->chunks++] = chunk;
	}
	return c->top++;
}

uint32_t
mip6_bcache_add(struct mip6_bcache *c, const struct mip6_addr *hoa)
{
	struct mip6_binding *b;
	uint32_t i;

	MIP6_ASSERT(mip6_bcache_find(c, hoa) == MIP6_BCACHE_NONE);
	i = bcache_room(c);
	if (i == MIP6_BCACHE_NONE)
		return i;
	b = mip6_bcache_get(c, i);
	memset(b, 0, sizeof(*b));
	b->hoa = *hoa;
	b->hop = MIP6_HOP_NONE;
	b->pending = MIP6_PENDING_NONE;
	b->gen = ++c->gen;
	node_timer_init(&b->timer, c->timer, i);
	if (!mip6_index_add(&c->index, mip6_hash_addr(&c->key, hoa), i, c,
		bcache_rehash)) {
		b->hop = c->free;
		c->free = i;
		return MIP6_BCACHE_NONE;
	}
	b->state = MIP6_BINDING_PENDING;
	c->count++;
	return i;
}

void
mip6_bcache_del(struct mip6_bcache *c, uint32_t i)
{
	struct mip6_binding *b = mip6_bcache_get(c, i);

	MIP6_ASSERT(b->state != MIP6_BINDING_FREE);
	MIP6_ASSERT(!mip6_timer_is_armed(&b->timer.t));
	mip6_index_del(&c->index, mip6_hash_addr(&c->key, &b->hoa), i, c,
	    bcache_rehash);
	b->state = MIP6_BINDING_FREE;
	b->hop = c->free;
	c->free = i;
	c->count--;
}
