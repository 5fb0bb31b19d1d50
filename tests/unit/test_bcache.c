/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The Binding Cache's table against a plain array, and its limits.
 *
 * Links: core
 */
#include "support.h"

#include "core/bcache.h"

#define HOMES 64

static const struct mip6_hash_key key = { { 1, 2 } };

static struct mip6_addr
home(uint32_t i)
{
	struct mip6_addr a = { { 0x20, 1, 0xd, 0xb8 } };

	a.b[12] = (uint8_t)(i >> 24);
	a.b[13] = (uint8_t)(i >> 16);
	a.b[14] = (uint8_t)(i >> 8);
	a.b[15] = (uint8_t)i;
	return a;
}

static void
test_model(void **state)
{
	struct support_heap heap;
	struct mip6_bcache c;
	uint32_t at[HOMES], gen[HOMES], count = 0, last_gen = 0, i, n;
	struct mip6_binding *b;
	struct mip6_addr hoa;
	uint64_t draw = 5;

	(void)state;
	support_heap_init(&heap);
	assert_true(mip6_bcache_init(&c, &heap.alloc, &key, HOMES / 2,
	    MIP6_TIMER_BINDING));
	for (i = 0; i < HOMES; i++)
		at[i] = MIP6_BCACHE_NONE;
	for (n = 0; n < 20000; n++) {
		i = (uint32_t)(support_draw(&draw) % HOMES);
		hoa = home(i);
		assert_int_equal(mip6_bcache_find(&c, &hoa), at[i]);
		if (at[i] != MIP6_BCACHE_NONE) {
			b = mip6_bcache_get(&c, at[i]);
			assert_memory_equal(&b->hoa, &hoa, 16);
			assert_int_equal(b->gen, gen[i]);
			mip6_bcache_del(&c, at[i]);
			at[i] = MIP6_BCACHE_NONE;
			count--;
			continue;
		}
		at[i] = mip6_bcache_add(&c, &hoa);
		if (count == HOMES / 2) {
			assert_int_equal(at[i], MIP6_BCACHE_NONE);
			continue;
		}
		count++;
		b = mip6_bcache_get(&c, at[i]);
		assert_int_equal(b->state, MIP6_BINDING_PENDING);
		assert_int_equal(b->hop, MIP6_HOP_NONE);
		assert_int_equal(b->pending, MIP6_PENDING_NONE);
		assert_int_equal(node_timer_kind(&b->timer),
		    MIP6_TIMER_BINDING);
		assert_int_equal(node_timer_index(&b->timer), at[i]);
		assert_int_equal(b->flags, 0);
		/* A use of an entry is never taken for another. */
		assert_true(b->gen > last_gen);
		gen[i] = last_gen = b->gen;
		/* What is left behind must not be seen by the next use. */
		b->seq = 77;
		b->flags = MIP6_BINDING_HOSTED;
		assert_int_equal(c.count, count);
	}
	assert_true(c.top <= HOMES / 2);
	mip6_bcache_fini(&c);
	assert_int_equal(heap.live, 0);
}

static void
test_chunks(void **state)
{
	struct support_heap heap;
	struct mip6_bcache c;
	struct mip6_binding *first;
	struct mip6_addr hoa;
	uint32_t i;

	(void)state;
	support_heap_init(&heap);
	assert_true(mip6_bcache_init(&c, &heap.alloc, &key,
	    2 * MIP6_BCACHE_CHUNK + 1, MIP6_TIMER_BINDING));
	for (i = 0; i < 2 * MIP6_BCACHE_CHUNK + 1; i++) {
		hoa = home(i);
		assert_int_equal(mip6_bcache_add(&c, &hoa), i);
	}
	assert_int_equal(c.chunks, 3);
	first = mip6_bcache_get(&c, 0);
	hoa = home(i);
	assert_int_equal(mip6_bcache_add(&c, &hoa), MIP6_BCACHE_NONE);
	hoa = home(MIP6_BCACHE_CHUNK);
	assert_int_equal(mip6_bcache_find(&c, &hoa), MIP6_BCACHE_CHUNK);
	mip6_bcache_del(&c, MIP6_BCACHE_CHUNK);
	hoa = home(i);
	assert_int_equal(mip6_bcache_add(&c, &hoa), MIP6_BCACHE_CHUNK);
	assert_ptr_equal(mip6_bcache_get(&c, 0), first);
	mip6_bcache_fini(&c);
	assert_int_equal(heap.live, 0);
}

static void
test_no_memory(void **state)
{
	struct mip6_addr hoa = home(0), other = home(MIP6_BCACHE_CHUNK);
	struct support_heap heap;
	struct mip6_bcache c;
	size_t allowed;
	uint32_t i;
	bool ok = false;

	(void)state;
	for (allowed = 0; !ok; allowed++) {
		support_heap_init(&heap);
		heap.allowed = allowed;
		assert_true(allowed < 10);
		ok = mip6_bcache_init(&c, &heap.alloc, &key, 2000,
		    MIP6_TIMER_BINDING);
		if (!ok)
			mip6_bcache_fini(&c);
		if (!ok)
			assert_int_equal(heap.live, 0);
	}
	/* No chunk: refused, nothing is half there; later it goes. */
	heap.allowed = 0;
	assert_int_equal(mip6_bcache_add(&c, &hoa), MIP6_BCACHE_NONE);
	assert_int_equal(c.count, 0);
	heap.allowed = SIZE_MAX;
	assert_int_equal(mip6_bcache_add(&c, &hoa), 0);
	for (i = 1; i < MIP6_BCACHE_CHUNK; i++) {
		hoa = home(i);
		assert_int_equal(mip6_bcache_add(&c, &hoa), i);
	}
	heap.allowed = 0;
	assert_int_equal(mip6_bcache_add(&c, &other), MIP6_BCACHE_NONE);
	assert_int_equal(mip6_bcache_find(&c, &other), MIP6_BCACHE_NONE);
	assert_int_equal(c.count, MIP6_BCACHE_CHUNK);
	mip6_bcache_fini(&c);
	assert_int_equal(heap.live, 0);
}

static void
test_contract(void **state)
{
	struct support_heap heap;
	struct mip6_addr hoa = home(3);
	struct mip6_bcache c;
	uint32_t i;

	(void)state;
	support_heap_init(&heap);
	assert_true(
	    mip6_bcache_init(&c, &heap.alloc, &key, 4, MIP6_TIMER_BINDING));
	SUPPORT_ABORTS(mip6_bcache_get(&c, 0));
	i = mip6_bcache_add(&c, &hoa);
	SUPPORT_ABORTS(mip6_bcache_add(&c, &hoa));
	mip6_bcache_del(&c, i);
	SUPPORT_ABORTS(mip6_bcache_del(&c, i));
	mip6_bcache_fini(&c);
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_model),
		cmocka_unit_test(test_chunks),
		cmocka_unit_test(test_no_memory),
		cmocka_unit_test(test_contract),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
