/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The table by pair of addresses: what is found, chained, limited and used
 * again, against a list that is searched from end to end.
 *
 * Links: core
 */
#include "support.h"

#include "core/pairs.h"

#define MAX       600 /* more than a chunk */
#define PER_OTHER 5
#define OURS      12
#define OTHERS    100

struct record {
	struct mip6_pair pair; /* first */
	uint32_t mark;
};

static struct mip6_addr
addr(uint8_t kind, uint32_t i)
{
	struct mip6_addr a = { { 0x20, 0x01, kind } };

	a.b[14] = (uint8_t)(i >> 8);
	a.b[15] = (uint8_t)i;
	return a;
}

static void
pairs_new(struct mip6_pairs *p, struct support_heap *heap)
{
	const struct mip6_hash_key key = { { 1, 2, 3, 4 } };

	support_heap_init(heap);
	assert_true(mip6_pairs_init(p, &heap->alloc, &key,
	    sizeof(struct record), MAX, PER_OTHER));
}

static uint32_t
chained(const struct mip6_pairs *p, const struct mip6_addr *other)
{
	const struct mip6_pair *r;
	uint32_t i, count = 0;

	for (i = mip6_pairs_first(p, other); i != MIP6_PAIR_NONE; i = r->next) {
		r = mip6_pairs_get(p, i);
		assert_true(r->used);
		assert_true(mip6_addr_equal(&r->other, other));
		count++;
	}
	return count;
}

static void
test_model(void **state)
{
	static bool there[OURS][OTHERS];
	uint32_t random = 1, round, our, other, i, count = 0, of[OTHERS];
	struct support_heap heap;
	struct mip6_pairs p;
	struct mip6_addr a, b;
	struct record *r;

	(void)state;
	memset(there, 0, sizeof(there));
	memset(of, 0, sizeof(of));
	pairs_new(&p, &heap);
	for (round = 0; round < 20000; round++) {
		random = random * 1664525 + 1013904223;
		our = (random >> 8) % OURS;
		other = (random >> 16) % OTHERS;
		a = addr(1, our);
		b = addr(2, other);
		i = mip6_pairs_find(&p, &a, &b);
		assert_int_equal(i != MIP6_PAIR_NONE, there[our][other]);
		if (there[our][other]) {
			r = mip6_pairs_get(&p, i);
			assert_int_equal(r->mark, our * OTHERS + other);
			mip6_pairs_del(&p, i);
			there[our][other] = false;
			of[other]--;
			count--;
		} else {
			i = mip6_pairs_add(&p, &a, &b);
			assert_int_equal(i != MIP6_PAIR_NONE,
			    of[other] < PER_OTHER && count < MAX);
			if (i == MIP6_PAIR_NONE)
				continue;
			r = mip6_pairs_get(&p, i);
			assert_int_equal(r->mark, 0);
			r->mark = our * OTHERS + other;
			there[our][other] = true;
			of[other]++;
			count++;
		}
		assert_int_equal(p.count, count);
		assert_int_equal(chained(&p, &b), of[other]);
	}
	assert_true(p.top <= MAX);
	mip6_pairs_fini(&p);
	assert_int_equal(heap.live, 0);
}

/* Its limit is a limit, and what is given back is used again. */
static void
test_limit(void **state)
{
	struct support_heap heap;
	struct mip6_addr a, b;
	struct mip6_pairs p;
	uint32_t i;

	(void)state;
	pairs_new(&p, &heap);
	a = addr(1, 0);
	for (i = 0; i < MAX; i++) {
		b = addr(2, i);
		assert_int_equal(mip6_pairs_add(&p, &a, &b), i);
	}
	b = addr(2, MAX);
	assert_int_equal(mip6_pairs_add(&p, &a, &b), MIP6_PAIR_NONE);
	mip6_pairs_del(&p, 77);
	assert_int_equal(mip6_pairs_add(&p, &a, &b), 77);
	assert_int_equal(p.top, MAX);
	mip6_pairs_fini(&p);
	assert_int_equal(heap.live, 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_model),
		cmocka_unit_test(test_limit),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
