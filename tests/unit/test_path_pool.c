/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Packet buffers: two sizes that do not lend to each other, a count of what
 * is out, and an end for whoever gives back twice or to the wrong pool.
 *
 * Links: path
 */
#include "mip6/pkt.h"

#include "unit/support.h"

static void
test_sizes(void **state)
{
	struct support_heap heap;
	struct mip6_pkt *a, *b, *big;
	struct mip6_pool *p;

	(void)state;
	support_heap_init(&heap);
	p = mip6_pool_new(&heap.alloc, 2, 1);
	assert_non_null(p);
	assert_null(mip6_pool_get(p, MIP6_PKT_BIG_OCTETS + 1));
	big = mip6_pool_get(p, MIP6_PKT_OCTETS + 1);
	assert_non_null(big);
	assert_true(big->cap - big->off >= MIP6_PKT_BIG_OCTETS);
	assert_null(mip6_pool_get(p, MIP6_PKT_BIG_OCTETS));
	a = mip6_pool_get(p, 0);
	b = mip6_pool_get(p, MIP6_PKT_OCTETS);
	assert_non_null(a);
	assert_non_null(b);
	assert_null(mip6_pool_get(p, 1));
	assert_int_equal(mip6_pool_out(p), 3);
	assert_int_equal(b->off, MIP6_PKT_HEADROOM);
	assert_true(b->cap - b->off >= MIP6_PKT_OCTETS);
	/* Every octet of the buffers can be written, and they are apart. */
	memset(a->mem, 1, a->cap);
	memset(b->mem, 2, b->cap);
	memset(big->mem, 3, big->cap);
	assert_int_equal(a->mem[0], 1);
	assert_int_equal(a->mem[a->cap - 1], 1);
	assert_int_equal(b->mem[b->cap - 1], 2);
	mip6_pool_put(p, a);
	mip6_pool_put(p, b);
	mip6_pool_put(p, big);
	assert_int_equal(mip6_pool_out(p), 0);
	mip6_pool_free(p);
	assert_int_equal(heap.live, 0);
}

static void
test_fresh(void **state)
{
	struct support_heap heap;
	struct mip6_pkt *a;
	struct mip6_pool *p;

	(void)state;
	support_heap_init(&heap);
	p = mip6_pool_new(&heap.alloc, 1, 0);
	assert_non_null(p);
	a = mip6_pool_get(p, 10);
	a->off = 3;
	a->count = 9;
	a->ifindex = 7;
	a->ll_multicast = true;
	a->ll_src.b[5] = 1;
	a->next = a;
	mip6_pool_put(p, a);
	a = mip6_pool_get(p, 10);
	assert_int_equal(a->off, MIP6_PKT_HEADROOM);
	assert_int_equal(a->count, 0);
	assert_int_equal(a->ifindex, 0);
	assert_int_equal(a->ll_src.b[5], 0);
	assert_false(a->ll_multicast);
	assert_null(a->next);
	mip6_pool_put(p, a);
	mip6_pool_free(p);
	assert_int_equal(heap.live, 0);
}

static void
test_misuse(void **state)
{
	struct support_heap heap;
	struct mip6_pool *p, *q;
	struct mip6_pkt *a;

	(void)state;
	support_heap_init(&heap);
	p = mip6_pool_new(&heap.alloc, 2, 1);
	q = mip6_pool_new(&heap.alloc, 2, 1);
	a = mip6_pool_get(p, 10);
	SUPPORT_ABORTS(mip6_pool_put(q, a));
	mip6_pool_put(p, a);
	SUPPORT_ABORTS(mip6_pool_put(p, a));
	mip6_pool_free(p);
	mip6_pool_free(q);
	mip6_pool_free(NULL);
	assert_int_equal(heap.live, 0);
}

static void
test_no_memory(void **state)
{
	struct support_heap heap;
	struct mip6_pool *p;
	size_t allowed;

	(void)state;
	for (allowed = 0;; allowed++) {
		support_heap_init(&heap);
		heap.allowed = allowed;
		p = mip6_pool_new(&heap.alloc, 4, 2);
		if (p != NULL)
			break;
		assert_int_equal(heap.live, 0);
	}
	assert_true(allowed >= 3);
	mip6_pool_free(p);
	assert_int_equal(heap.live, 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_sizes),
		cmocka_unit_test(test_fresh),
		cmocka_unit_test(test_misuse),
		cmocka_unit_test(test_no_memory),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
