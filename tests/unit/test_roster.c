/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The roster: whatever went in is found and comes out in order, nothing else
 * is; memory that runs out refuses one and harms none; 64 octets for each.
 *
 * Links: core crypto base
 */
#include "core/roster.h"

#include "unit/support.h"

static const struct mip6_hash_key hash_key = { { 0x9e3779b97f4a7c15,
    0xbf58476d1ce4e5b9, 0x94d049bb133111eb, 0xd6e8feb86659fd93 } };

/* The mobile node number `i`: lengths of key and identifier vary with it. */
static struct mip6_conf_mobile
mobile(uint32_t i, bool vary)
{
	struct mip6_conf_mobile m;
	size_t k;

	memset(&m, 0, sizeof(m));
	m.hoa.b[0] = 0x20;
	m.hoa.b[12] = (uint8_t)(i >> 24);
	m.hoa.b[13] = (uint8_t)(i >> 16);
	m.hoa.b[14] = (uint8_t)(i >> 8);
	m.hoa.b[15] = (uint8_t)i;
	m.sa.present = true;
	m.sa.spi = 256 + i;
	m.sa.clock_slack = MIP6_CLOCK_SLACK;
	m.sa.key_octets = (uint8_t)(16 + (vary ? i % 49 : 0));
	for (k = 0; k < m.sa.key_octets; k++)
		m.sa.key[k] = (uint8_t)(i * 31 + k + 1);
	for (k = 0; vary && k < i % 255; k++)
		m.nai[k] = (char)('a' + (i + k) % 26);
	return m;
}

static void
same(const struct mip6_conf_mobile *a, const struct mip6_conf_mobile *b)
{
	assert_memory_equal(&a->hoa, &b->hoa, 16);
	assert_true(a->sa.present && b->sa.present);
	assert_int_equal(a->sa.spi, b->sa.spi);
	assert_int_equal(a->sa.key_octets, b->sa.key_octets);
	assert_memory_equal(a->sa.key, b->sa.key, sizeof(a->sa.key));
	assert_int_equal(a->sa.clock_slack.us, b->sa.clock_slack.us);
	assert_false(a->sa.sequence_ignore || b->sa.sequence_ignore);
	assert_string_equal(a->nai, b->nai);
}

static void
test_all(void **state)
{
	enum { MANY = 5000 };
	struct mip6_conf_mobile m, found;
	struct support_heap heap;
	struct mip6_roster *r;
	uint32_t i, at = 0;

	(void)state;
	support_heap_init(&heap);
	r = mip6_roster_new(&heap.alloc, &hash_key);
	assert_non_null(r);
	assert_false(mip6_roster_next(r, &at, &found));
	for (i = 0; i < MANY; i++) {
		m = mobile(i, true);
		assert_false(mip6_roster_has(r, &m.hoa));
		assert_true(mip6_roster_add(r, &m));
	}
	assert_int_equal(mip6_roster_count(r), MANY);
	for (i = 0; i < MANY; i++) {
		m = mobile(i, true);
		assert_true(mip6_roster_find(r, &m.hoa, &found));
		same(&m, &found);
		assert_true(mip6_roster_next(r, &at, &found));
		same(&m, &found);
	}
	assert_false(mip6_roster_next(r, &at, &found));
	m = mobile(MANY, true);
	assert_false(mip6_roster_find(r, &m.hoa, &found));
	mip6_roster_free(r);
	assert_int_equal(heap.live, 0);
	mip6_roster_free(NULL);
}

static void
test_memory(void **state)
{
	struct support_heap heap;
	struct mip6_conf_mobile m;
	struct mip6_roster *r;
	uint32_t i, refused = 0;

	(void)state;
	support_heap_init(&heap);
	heap.allowed = 0;
	assert_null(mip6_roster_new(&heap.alloc, &hash_key));
	heap.allowed = SIZE_MAX;
	r = mip6_roster_new(&heap.alloc, &hash_key);
	assert_non_null(r);
	for (i = 0; i < 4000; i++) {
		m = mobile(i, true);
		heap.allowed = 0;
		if (!mip6_roster_add(r, &m)) {
			refused++;
			assert_false(mip6_roster_has(r, &m.hoa));
			heap.allowed = SIZE_MAX;
			assert_true(mip6_roster_add(r, &m));
		}
		assert_true(mip6_roster_has(r, &m.hoa));
	}
	/* Chunks, pointers to them and the index all had to grow. */
	assert_true(refused > 10);
	mip6_roster_free(r);
	assert_int_equal(heap.live, 0);
}

/* A million with keys of 16 octets: 64 octets each, all told. */
static void
test_octets(void **state)
{
	enum { MANY = 1000000 };
	struct support_heap heap;
	struct mip6_conf_mobile m;
	struct mip6_roster *r;
	uint32_t i;

	(void)state;
	support_heap_init(&heap);
	r = mip6_roster_new(&heap.alloc, &hash_key);
	assert_non_null(r);
	for (i = 0; i < MANY; i++) {
		m = mobile(i, false);
		assert_true(mip6_roster_add(r, &m));
	}
	assert_true(mip6_roster_octets(r) <= (size_t)64 * MANY);
	mip6_roster_free(r);
	assert_int_equal(heap.live, 0);
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_all),
		cmocka_unit_test(test_memory),
		cmocka_unit_test(test_octets),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
