/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The table of rows against a plain array: random sets, replacements and
 * deletions with few keys, so that they collide and come back; then many, so
 * that it grows; then without memory.  And the limit on rates.
 *
 * Links: path
 */
#include "path/rows.h"

#include "unit/support.h"

#define ROWS_KEYS 300
#define ROWS_OPS  200000
#define ROWS_MANY 50000

static const struct mip6_hash_key key = { { 0x9e3779b97f4a7c15, 0x1234567,
    0xdeadbeefcafef00d, 0x55aa55aa55aa55aa } };

struct rows_model {
	bool there;
	struct mip6_fwd_row row;
};

static struct mip6_addr
numbered(uint32_t n)
{
	struct mip6_addr a = { { 0x20, 1, 0x0d, 0xb8 } };

	a.b[12] = (uint8_t)(n >> 24);
	a.b[13] = (uint8_t)(n >> 16);
	a.b[14] = (uint8_t)(n >> 8);
	a.b[15] = (uint8_t)n;
	return a;
}

/* Key `n`: (home, ::) for even ones, (home, other) for odd ones. */
static struct mip6_fwd_row
row_of(uint32_t n)
{
	struct mip6_fwd_row row = { .home = numbered(n / 2) };

	if (n % 2 == 1)
		row.other = numbered(1000000);
	return row;
}

static void
compare(const struct mip6_path_rows *t, const struct rows_model *m)
{
	uint32_t kind[MIP6_PATH_KINDS] = { 0 };
	uint32_t used = 0, pairs = 0, i;

	for (i = 0; i < ROWS_KEYS; i++) {
		struct mip6_fwd_row k = row_of(i);
		const struct mip6_path_row *row =
		    mip6_path_rows_find(t, &k.home, &k.other);

		assert_int_equal(row != NULL, m[i].there);
		if (row == NULL)
			continue;
		assert_int_equal(row->hop, m[i].row.hop);
		assert_int_equal(row->octets_in, i);
		assert_int_equal(row->kind, m[i].row.kind);
		assert_true(mip6_addr_equal(mip6_path_row_local(t, row),
		    &m[i].row.local));
		used++;
		pairs += i % 2;
		kind[m[i].row.kind]++;
	}
	assert_int_equal(t->used, used);
	assert_int_equal(t->pairs, pairs);
	assert_memory_equal(t->kind, kind, sizeof(kind));
	assert_int_equal(mip6_path_rows_mn(t),
	    used - kind[MIP6_FWD_HA_TUNNEL] - kind[MIP6_FWD_DIRECT]);
}

static void
test_model(void **state)
{
	struct rows_model *m = calloc(ROWS_KEYS, sizeof(*m));
	struct support_heap heap;
	struct mip6_path_rows t;
	struct mip6_path_row *row;
	uint64_t seed = 42;
	uint32_t used = 0, n, i;

	(void)state;
	support_heap_init(&heap);
	assert_true(mip6_path_rows_init(&t, &heap.alloc, &key, 200));
	for (i = 0; i < ROWS_OPS; i++) {
		struct mip6_fwd_row k;

		n = (uint32_t)(support_draw(&seed) % ROWS_KEYS);
		k = row_of(n);
		if (support_draw(&seed) % 2 == 0) {
			k.hop = i;
			k.local = numbered((uint32_t)support_draw(&seed) % 5);
			k.kind = (enum mip6_fwd_kind)(
			    support_draw(&seed) % MIP6_PATH_KINDS);
			/* One has no `other`, the other nothing but. */
			if ((n % 2 == 1 && k.kind == MIP6_FWD_HA_TUNNEL) ||
			    (n % 2 == 0 && k.kind == MIP6_FWD_DIRECT)) {
				assert_null(mip6_path_rows_set(&t, &k));
				continue;
			}
			row = mip6_path_rows_set(&t, &k);
			if (!m[n].there && used == 200) {
				assert_null(row);
				continue;
			}
			assert_non_null(row);
			if (!m[n].there) {
				assert_int_equal(row->octets_in, 0);
				row->octets_in = n;
				used++;
			}
			assert_false(row->told);
			row->told = true;
			m[n] = (struct rows_model){ true, k };
		} else if (m[n].there) {
			row = mip6_path_rows_find(&t, &k.home, &k.other);
			assert_non_null(row);
			mip6_path_rows_del(&t, row);
			m[n].there = false;
			used--;
		}
		if (i % 97 == 0)
			compare(&t, m);
	}
	compare(&t, m);
	mip6_path_rows_fini(&t);
	assert_int_equal(heap.live, 0);
	free(m);
}

static void
test_many(void **state)
{
	struct mip6_path_row *row, *first = NULL;
	struct support_heap heap;
	struct mip6_path_rows t;
	struct mip6_fwd_row k;
	uint32_t i;

	(void)state;
	support_heap_init(&heap);
	assert_true(mip6_path_rows_init(&t, &heap.alloc, &key, ROWS_MANY));
	for (i = 0; i < ROWS_MANY; i++) {
		k = row_of(i * 2);
		k.kind = MIP6_FWD_HA_TUNNEL;
		k.hop = i;
		row = mip6_path_rows_set(&t, &k);
		assert_non_null(row);
		if (i == 0)
			first = row;
	}
	k = row_of(ROWS_MANY * 2);
	k.kind = MIP6_FWD_HA_TUNNEL;
	assert_null(mip6_path_rows_set(&t, &k));
	for (i = 0; i < ROWS_MANY; i++) {
		k = row_of(i * 2);
		mip6_path_rows_prefetch_slot(&t,
		    mip6_path_rows_hash(&t, &k.home, &k.other));
		mip6_path_rows_prefetch_row(&t,
		    mip6_path_rows_hash(&t, &k.home, &k.other));
		row = mip6_path_rows_find(&t, &k.home, &k.other);
		assert_non_null(row);
		assert_int_equal(row->hop, i);
		/* Rows do not move. */
		if (i == 0)
			assert_ptr_equal(row, first);
	}
	assert_true(t.used <= (t.mask + 1) / 4 * 3);
	/* A row and its share of the index. */
	assert_true(t.octets / ROWS_MANY <= sizeof(*row) + 12);
	mip6_path_rows_fini(&t);
	assert_int_equal(heap.live, 0);
}

static void
test_no_memory(void **state)
{
	struct support_heap heap;
	struct mip6_path_rows t;
	struct mip6_fwd_row k;
	size_t allowed;
	uint32_t i, set;

	(void)state;
	for (allowed = 0; allowed < 14; allowed++) {
		support_heap_init(&heap);
		heap.allowed = allowed;
		set = 0;
		if (mip6_path_rows_init(&t, &heap.alloc, &key, 1000)) {
			for (i = 0; i < 1000; i++) {
				k = row_of(i * 2);
				k.kind = MIP6_FWD_HA_TUNNEL;
				set += mip6_path_rows_set(&t, &k) != NULL;
			}
			assert_int_equal(t.used, set);
			for (i = 0; i < set; i++) {
				k = row_of(i * 2);
				assert_non_null(
				    mip6_path_rows_find(&t, &k.home, &k.other));
			}
		}
		assert_true(allowed > 3 || set == 0);
		assert_true(allowed < 13 || set == 1000);
		mip6_path_rows_fini(&t);
		assert_int_equal(heap.live, 0);
	}
}

/* Outer sources are few; those in use are not taken from their rows. */
static void
test_sources(void **state)
{
	struct support_heap heap;
	struct mip6_path_row *row;
	struct mip6_path_rows t;
	struct mip6_fwd_row k;
	uint32_t i;

	(void)state;
	support_heap_init(&heap);
	assert_true(mip6_path_rows_init(&t, &heap.alloc, &key, 1000));
	for (i = 0; i <= MIP6_PATH_SOURCES; i++) {
		k = row_of(i * 2);
		k.kind = MIP6_FWD_HA_TUNNEL;
		k.local = numbered(7000 + i);
		row = mip6_path_rows_set(&t, &k);
		assert_int_equal(row != NULL, i < MIP6_PATH_SOURCES);
	}
	assert_int_equal(t.used, MIP6_PATH_SOURCES);
	/* One that is nobody's any more makes room. */
	k = row_of(0);
	mip6_path_rows_del(&t, mip6_path_rows_find(&t, &k.home, &k.other));
	k = row_of(i * 2);
	k.local = numbered(9000);
	row = mip6_path_rows_set(&t, &k);
	assert_non_null(row);
	assert_true(mip6_addr_equal(mip6_path_row_local(&t, row), &k.local));
	k = row_of(2);
	row = mip6_path_rows_find(&t, &k.home, &k.other);
	k.local = numbered(7001);
	assert_true(mip6_addr_equal(mip6_path_row_local(&t, row), &k.local));
	mip6_path_rows_fini(&t);
	assert_int_equal(heap.live, 0);
}

static void
test_rate(void **state)
{
	struct mip6_path_rate r = { 0 };
	struct mip6_time now = { 5000000 };
	int i;

	(void)state;
	for (i = 0; i < 4; i++)
		assert_true(mip6_path_rate_take(&r, now, 1000, 4));
	assert_false(mip6_path_rate_take(&r, now, 1000, 4));
	now.us += 999;
	assert_false(mip6_path_rate_take(&r, now, 1000, 4));
	now.us += 1;
	assert_true(mip6_path_rate_take(&r, now, 1000, 4));
	assert_false(mip6_path_rate_take(&r, now, 1000, 4));
	/* After a pause the burst is back, and no more than that. */
	now.us += 1000000;
	for (i = 0; i < 4; i++)
		assert_true(mip6_path_rate_take(&r, now, 1000, 4));
	assert_false(mip6_path_rate_take(&r, now, 1000, 4));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_model),
		cmocka_unit_test(test_many),
		cmocka_unit_test(test_no_memory),
		cmocka_unit_test(test_sources),
		cmocka_unit_test(test_rate),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
