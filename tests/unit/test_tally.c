/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Counts by key against a plain array, their limit, and want of memory.
 *
 * Links: core
 */
#include "support.h"

#include "core/tally.h"

#define KEYS 200

static const struct mip6_hash_key key = { { 1, 2 } };

static void
test_model(void **state)
{
	struct support_heap heap;
	struct mip6_tally t;
	uint32_t count[KEYS] = { 0 }, used = 0, n, k;
	uint64_t draw = 9;

	(void)state;
	support_heap_init(&heap);
	assert_true(mip6_tally_init(&t, &heap.alloc, &key, KEYS / 2));
	for (n = 0; n < 50000; n++) {
		k = (uint32_t)(support_draw(&draw) % KEYS);
		assert_int_equal(mip6_tally_count(&t, k), count[k]);
		if (support_draw(&draw) % 2 == 0) {
			if (count[k] == 0 && used == KEYS / 2) {
				assert_false(mip6_tally_add(&t, k));
				continue;
			}
			assert_true(mip6_tally_add(&t, k));
			used += count[k]++ == 0;
		} else if (count[k] > 0) {
			assert_int_equal(mip6_tally_del(&t, k), --count[k]);
			used -= count[k] == 0;
		}
	}
	mip6_tally_clear(&t);
	for (k = 0; k < KEYS; k++)
		assert_int_equal(mip6_tally_count(&t, k), 0);
	assert_true(mip6_tally_add(&t, 5));
	assert_int_equal(mip6_tally_count(&t, 5), 1);
	mip6_tally_fini(&t);
	assert_int_equal(heap.live, 0);
}

static void
test_no_memory(void **state)
{
	struct support_heap heap;
	struct mip6_tally t;

	(void)state;
	support_heap_init(&heap);
	assert_true(mip6_tally_init(&t, &heap.alloc, &key, 100));
	heap.allowed = 0;
	assert_false(mip6_tally_add(&t, 5));
	assert_int_equal(mip6_tally_count(&t, 5), 0);
	heap.allowed = SIZE_MAX;
	assert_true(mip6_tally_add(&t, 5));
	mip6_tally_fini(&t);
	assert_int_equal(heap.live, 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_model),
		cmocka_unit_test(test_no_memory),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
