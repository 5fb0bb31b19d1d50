/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The table of wants: records in a dense array, found by a keyed hash.  What
 * is free is a list through key.number.
 */
#include "platform/common/want_table.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <unistd.h>

#define WANTS_MAX (1u << 21)

static void *
want_alloc(void *arg, size_t octets)
{
	(void)arg;
	return calloc(1, octets);
}

static void
want_release(void *arg, void *mem, size_t octets)
{
	(void)arg;
	(void)octets;
	free(mem);
}

bool
mip6_wants_init(struct mip6_wants *w)
{
	static const struct mip6_alloc alloc = { want_alloc, want_release,
		NULL };

	memset(w, 0, sizeof(*w));
	w->unused = MIP6_WANT_NONE;
	return getentropy(&w->hash_key, sizeof(w->hash_key)) == 0 &&
	    mip6_index_init(&w->index, &alloc, WANTS_MAX);
}

void
mip6_wants_fini(struct mip6_wants *w)
{
	free(w->want);
	w->want = NULL;
	mip6_index_fini(&w->index);
}

static uint64_t
want_hash(const struct mip6_wants *w, const struct mip6_want_key *k)
{
	return mip6_hash_octets(&w->hash_key, k, sizeof(*k));
}

static bool
want_eq(const void *table, uint32_t value, const void *key)
{
	const struct mip6_wants *w = table;

	return memcmp(&w->want[value].key, key, sizeof(w->want[0].key)) == 0;
}

static uint64_t
want_rehash(const void *table, uint32_t value)
{
	const struct mip6_wants *w = table;

	return want_hash(w, &w->want[value].key);
}

uint32_t
mip6_wants_find(const struct mip6_wants *w, const struct mip6_want_key *k)
{
	return mip6_index_find(&w->index, want_hash(w, k), w, k, want_eq);
}

uint32_t
mip6_wants_new(struct mip6_wants *w, const struct mip6_want_key *k)
{
	struct mip6_want *want;
	uint32_t cap, i;

	if (w->unused == MIP6_WANT_NONE) {
		cap = w->cap == 0 ? 32 : w->cap * 2;
		want = cap > WANTS_MAX ? NULL :
					 realloc(w->want, cap * sizeof(*want));
		if (want == NULL)
			return MIP6_WANT_NONE;
		w->want = want;
		for (i = w->cap; i < cap; i++) {
			w->want[i].used = false;
			w->want[i].key.number = w->unused;
			w->unused = i;
		}
		w->cap = cap;
	}
	i = w->unused;
	w->unused = w->want[i].key.number;
	memset(&w->want[i], 0, sizeof(w->want[i]));
	w->want[i].key = *k;
	if (!mip6_index_add(&w->index, want_hash(w, k), i, w, want_rehash)) {
		w->want[i].key.number = w->unused;
		w->unused = i;
		return MIP6_WANT_NONE;
	}
	w->want[i].used = true;
	w->want[i].settling = MIP6_WANT_NONE;
	w->used++;
	return i;
}

void
mip6_wants_del(struct mip6_wants *w, uint32_t i)
{
	struct mip6_want *want = &w->want[i];

	mip6_index_del(&w->index, want_hash(w, &want->key), i, w, want_rehash);
	want->used = false;
	want->key.number = w->unused;
	w->unused = i;
	w->used--;
}

uint32_t
mip6_want_seconds(struct mip6_span s)
{
	if (s.us <= 0)
		return 0;
	if (s.us / 1000000 >= (int64_t)MIP6_WANT_FOREVER - 1)
		return MIP6_WANT_FOREVER;
	return (uint32_t)((s.us + 999999) / 1000000);
}

bool
mip6_want_addr_valid(const struct mip6_act_addr *a)
{
	if (a->bits > 128 || mip6_addr_is_any(&a->addr) ||
	    mip6_addr_is_multicast(&a->addr) ||
	    mip6_addr_is_loopback(&a->addr) || mip6_addr_is_v4mapped(&a->addr))
		return false;
	return !a->on ||
	    (a->valid.us > 0 && a->preferred.us >= 0 &&
		a->preferred.us <= a->valid.us);
}

bool
mip6_want_route_valid(const struct mip6_act_route *a)
{
	struct mip6_prefix p;

	if (a->dst.bits > 128 || mip6_addr_is_multicast(&a->gateway) ||
	    mip6_addr_is_loopback(&a->gateway))
		return false;
	p = mip6_prefix_make(&a->dst.addr, a->dst.bits);
	return mip6_addr_equal(&p.addr, &a->dst.addr) &&
	    (p.bits < 8 || !mip6_addr_is_multicast(&p.addr));
}

bool
mip6_is_gone(int error)
{
	return error == ENOENT || error == ESRCH || error == ENODEV ||
	    error == EADDRNOTAVAIL || error == ENXIO;
}
