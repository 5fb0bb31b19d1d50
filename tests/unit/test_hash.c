/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Hashes: known values on every host and compiler (SipHash's own vectors),
 * dependence on every bit.  The index: against a plain table under hashes
 * that are forced to collide, wrap round the end or share a slot; limits;
 * memory that runs out.
 */
#include "base/hash.h"

#include "unit/support.h"

#define HASH_RECORDS 300
#define HASH_MANY    200000

static const struct mip6_hash_key hash_key = { { UINT64_C(0x0123456789abcdef),
    UINT64_C(0xfedcba9876543210), UINT64_C(0x0f1e2d3c4b5a6978),
    UINT64_C(0x8796a5b4c3d2e1f0) } };

static void
test_siphash_vectors(void **state)
{
	static const struct {
		size_t count;
		uint64_t hash;
	} vector[] = {
		{ 0, UINT64_C(0x726fdb47dd0e0e31) },
		{ 1, UINT64_C(0x74f839c593dc67fd) },
		{ 7, UINT64_C(0xab0200f58b01d137) },
		{ 8, UINT64_C(0x93f5f5799a932462) },
		{ 9, UINT64_C(0x9e0082df0ba9e4b0) },
		{ 15, UINT64_C(0xa129ca6149be45e5) },
		{ 16, UINT64_C(0x3f2acc7f57c29bdb) },
		{ 63, UINT64_C(0x958a324ceb064572) },
	};
	struct mip6_hash_key k = { { UINT64_C(0x0706050403020100),
	    UINT64_C(0x0f0e0d0c0b0a0908), 1, 2 } };
	uint8_t octets[64];
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(octets); i++)
		octets[i] = (uint8_t)i;
	for (i = 0; i < MIP6_COUNT(vector); i++)
		assert_true(mip6_hash_octets(&k, octets, vector[i].count) ==
		    vector[i].hash);
}

static void
test_addr_known(void **state)
{
	struct mip6_addr a, b;

	(void)state;
	assert_true(mip6_addr_parse("2001:db8:1::1", &a));
	assert_true(mip6_addr_parse("2001:db8:2::2", &b));
	assert_true(
	    mip6_hash_addr(&hash_key, &a) == UINT64_C(0x3e443faeb8a15a9b));
	assert_true(
	    mip6_hash_pair(&hash_key, &a, &b) == UINT64_C(0xd870cd152d9d78df));
	assert_true(
	    mip6_hash_pair(&hash_key, &b, &a) == UINT64_C(0xb0dd60cb2cf4e5ab));
}

/*
 * Every bit of an address changes each bit of the hash in about half of the
 * cases; so does the high half, which is all that the index uses.
 */
static void
test_addr_avalanche(void **state)
{
	unsigned int flips[64] = { 0 };
	struct mip6_addr a, b, peer;
	uint64_t seed = 5;
	unsigned int n, bit, i;
	uint64_t d, e;

	(void)state;
	memset(&peer, 0x42, sizeof(peer));
	for (n = 0; n < 200; n++) {
		for (i = 0; i < 16; i++)
			a.b[i] = (uint8_t)support_draw(&seed);
		for (bit = 0; bit < 128; bit++) {
			b = a;
			b.b[bit / 8] ^= (uint8_t)(1 << bit % 8);
			d = mip6_hash_addr(&hash_key, &a) ^
			    mip6_hash_addr(&hash_key, &b);
			e = mip6_hash_pair(&hash_key, &a, &peer) ^
			    mip6_hash_pair(&hash_key, &b, &peer);
			assert_true(d >> 32 != 0 && e >> 32 != 0);
			assert_true(mip6_hash_pair(&hash_key, &peer, &a) !=
			    mip6_hash_pair(&hash_key, &peer, &b));
			for (i = 0; i < 64; i++)
				flips[i] +=
				    (unsigned int)((d >> i & 1) + (e >> i & 1));
		}
	}
	for (i = 0; i < 64; i++)
		assert_in_range(flips[i], 51200 * 45 / 100, 51200 * 55 / 100);
}

/* Each word of the key counts. */
static void
test_addr_keyed(void **state)
{
	struct mip6_hash_key k;
	struct mip6_addr a, b;
	size_t i;

	(void)state;
	assert_true(mip6_addr_parse("2001:db8:1::1", &a));
	assert_true(mip6_addr_parse("2001:db8:2::2", &b));
	for (i = 0; i < MIP6_COUNT(k.k); i++) {
		k = hash_key;
		k.k[i] ^= 0x100;
		assert_true(
		    mip6_hash_addr(&k, &a) != mip6_hash_addr(&hash_key, &a));
		assert_true(mip6_hash_pair(&k, &a, &b) !=
		    mip6_hash_pair(&hash_key, &a, &b));
	}
}

/* The owner's table of the index tests: a record is its key. */
struct hash_record {
	uint32_t key;
	bool present;
};

struct hash_model {
	uint64_t (*hash)(uint32_t key);
	struct hash_record record[HASH_RECORDS];
};

static bool
hash_eq(const void *table, uint32_t value, const void *key)
{
	const struct hash_model *m = table;

	assert_true(value < HASH_RECORDS);
	return m->record[value].key == *(const uint32_t *)key;
}

static uint64_t
hash_of_record(const void *table, uint32_t value)
{
	const struct hash_model *m = table;

	return m->hash(m->record[value].key);
}

static uint64_t
hash_constant(uint32_t key)
{
	(void)key;
	return UINT64_C(0x7777777777777777);
}

static uint64_t
hash_zero(uint32_t key)
{
	return key; /* high half 0 */
}

static uint64_t
hash_few(uint32_t key)
{
	return (uint64_t)(key % 5) << 32;
}

/* Wished slots next to the end of the table, whatever its size. */
static uint64_t
hash_at_end(uint32_t key)
{
	return (uint64_t)(UINT32_MAX - key % 7) << 32;
}

/* The same slot at any size, but different tags. */
static uint64_t
hash_same_slot(uint32_t key)
{
	return (uint64_t)(key << 20 | 0xffffd) << 32;
}

static uint64_t
hash_spread(uint32_t key)
{
	return mip6_hash_octets(&hash_key, &key, sizeof(key));
}

/* All that is present is found under its value; all else is not. */
static void
model_check(const struct hash_model *m, const struct mip6_index *x)
{
	uint32_t i, used = 0;

	for (i = 0; i < HASH_RECORDS; i++) {
		uint32_t key = m->record[i].key;

		assert_int_equal(mip6_index_find(x, m->hash(key), m, &key,
				     hash_eq),
		    m->record[i].present ? i : MIP6_INDEX_NONE);
		used += m->record[i].present;
	}
	assert_int_equal(x->used, used);
	assert_true(used * 4 <= (x->mask + 1) * 3);
}

static void
model_run(uint64_t (*hash)(uint32_t key), uint32_t most)
{
	struct hash_model m = { .hash = hash };
	struct support_heap heap;
	struct mip6_index x;
	uint64_t seed = most;
	uint32_t i, n;

	support_heap_init(&heap);
	for (i = 0; i < HASH_RECORDS; i++)
		m.record[i].key = i * 3;
	assert_true(mip6_index_init(&x, &heap.alloc, most));
	for (n = 0; n < 60000; n++) {
		i = (uint32_t)(support_draw(&seed) % HASH_RECORDS);
		/* Long phases of filling and of emptying. */
		if (m.record[i].present && n / 2000 % 2 == 1) {
			m.record[i].present = false;
			mip6_index_del(&x, hash(m.record[i].key), i, &m,
			    hash_of_record);
		} else if (!m.record[i].present && n / 2000 % 2 == 0) {
			bool room = x.used < most;

			assert_int_equal(mip6_index_add(&x,
					     hash(m.record[i].key), i, &m,
					     hash_of_record),
			    room);
			m.record[i].present = room;
		}
		if (n % 97 == 0 || n % 2000 > 1990)
			model_check(&m, &x);
	}
	mip6_index_fini(&x);
	assert_int_equal(heap.live, 0);
}

static void
test_index_model(void **state)
{
	uint64_t (*const hash[])(uint32_t) = { hash_constant, hash_zero,
		hash_few, hash_at_end, hash_same_slot, hash_spread };
	size_t i;

	(void)state;
	for (i = 0; i < MIP6_COUNT(hash); i++) {
		model_run(hash[i], HASH_RECORDS);
		model_run(hash[i], 100);
	}
}

static void
test_index_limits(void **state)
{
	struct hash_model m = { .hash = hash_spread };
	struct support_heap heap;
	struct mip6_index x;
	uint32_t i;

	(void)state;
	support_heap_init(&heap);
	for (i = 0; i < HASH_RECORDS; i++)
		m.record[i].key = i;
	assert_true(mip6_index_init(&x, &heap.alloc, 2));
	model_check(&m, &x);
	for (i = 0; i < 2; i++) {
		m.record[i].present = true;
		assert_true(
		    mip6_index_add(&x, hash_spread(i), i, &m, hash_of_record));
	}
	assert_false(mip6_index_add(&x, hash_spread(2), 2, &m, hash_of_record));
	model_check(&m, &x);
	SUPPORT_ABORTS(
	    mip6_index_del(&x, hash_spread(2), 2, &m, hash_of_record));
	SUPPORT_ABORTS(
	    mip6_index_del(&x, hash_spread(1), 0, &m, hash_of_record));
	model_check(&m, &x);
	mip6_index_del(&x, hash_spread(0), 0, &m, hash_of_record);
	m.record[0].present = false;
	assert_true(mip6_index_add(&x, hash_spread(2), 2, &m, hash_of_record));
	m.record[2].present = true;
	model_check(&m, &x);
	mip6_index_fini(&x);
	mip6_index_fini(&x); /* nothing is left to release */
	assert_true(mip6_index_init(&x, &heap.alloc, 0));
	assert_false(mip6_index_add(&x, hash_spread(0), 0, &m, hash_of_record));
	mip6_index_fini(&x);
	assert_int_equal(heap.live, 0);
}

static void
test_index_no_memory(void **state)
{
	struct hash_model m = { .hash = hash_spread };
	struct support_heap heap;
	struct mip6_index x;
	uint32_t i;

	(void)state;
	support_heap_init(&heap);
	for (i = 0; i < HASH_RECORDS; i++)
		m.record[i].key = i;
	heap.allowed = 0;
	assert_false(mip6_index_init(&x, &heap.alloc, HASH_RECORDS));
	mip6_index_fini(&x);
	heap.allowed = 1;
	assert_true(mip6_index_init(&x, &heap.alloc, HASH_RECORDS));
	for (i = 0; mip6_index_add(&x, hash_spread(i), i, &m, hash_of_record);
	     i++)
		m.record[i].present = true;
	assert_true(i > 0 && i < HASH_RECORDS);
	model_check(&m, &x);
	heap.allowed = SIZE_MAX;
	for (; i < HASH_RECORDS; i++) {
		assert_true(
		    mip6_index_add(&x, hash_spread(i), i, &m, hash_of_record));
		m.record[i].present = true;
	}
	model_check(&m, &x);
	mip6_index_fini(&x);
	assert_int_equal(heap.live, 0);
}

static bool
hash_eq_number(const void *table, uint32_t value, const void *key)
{
	(*(uint32_t *)(uintptr_t)table)++;
	return value == *(const uint32_t *)key;
}

/* Many: a find asks the owner about once, and not at all for what is absent. */
static void
test_index_many(void **state)
{
	struct support_heap heap;
	struct mip6_index x;
	uint32_t i, asked = 0;

	(void)state;
	support_heap_init(&heap);
	assert_true(mip6_index_init(&x, &heap.alloc, HASH_MANY));
	for (i = 0; i < HASH_MANY; i++)
		assert_true(mip6_index_add(&x, hash_spread(i), i, NULL, NULL));
	for (i = 0; i < 2 * HASH_MANY; i++)
		assert_int_equal(mip6_index_find(&x, hash_spread(i), &asked, &i,
				     hash_eq_number),
		    i < HASH_MANY ? i : MIP6_INDEX_NONE);
	assert_in_range(asked, HASH_MANY, HASH_MANY + 100);
	for (i = 0; i < HASH_MANY; i++)
		mip6_index_del(&x, hash_spread(i), i, NULL, NULL);
	assert_int_equal(x.used, 0);
	for (i = 0; i <= x.mask; i++)
		assert_int_equal(x.slot[i].tag, 0);
	mip6_index_fini(&x);
	assert_int_equal(heap.live, 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_siphash_vectors),
		cmocka_unit_test(test_addr_known),
		cmocka_unit_test(test_addr_avalanche),
		cmocka_unit_test(test_addr_keyed),
		cmocka_unit_test(test_index_model),
		cmocka_unit_test(test_index_limits),
		cmocka_unit_test(test_index_no_memory),
		cmocka_unit_test(test_index_many),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
