/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The generator: the key stream of RFC 8439 Appendix A.1, the same stream
 * however it is cut into draws, an even distribution, no bias by remainders.
 * Seeds are fixed, so a result here never changes from run to run.
 *
 * Links: crypto
 */
#include "crypto/crypto.h"

#include "unit/support.h"

#define RNG_STREAM_OCTETS 5000

static const uint8_t rng_seed[MIP6_SEED_OCTETS] = { 0 };

/* RFC 8439 Appendix A.1, vectors 1 and 2: key 0, nonce 0, blocks 0 and 1. */
static const uint8_t rng_blocks[128] = { 0x76, 0xb8, 0xe0, 0xad, 0xa0, 0xf1,
	0x3d, 0x90, 0x40, 0x5d, 0x6a, 0xe5, 0x53, 0x86, 0xbd, 0x28, 0xbd, 0xd2,
	0x19, 0xb8, 0xa0, 0x8d, 0xed, 0x1a, 0xa8, 0x36, 0xef, 0xcc, 0x8b, 0x77,
	0x0d, 0xc7, 0xda, 0x41, 0x59, 0x7c, 0x51, 0x57, 0x48, 0x8d, 0x77, 0x24,
	0xe0, 0x3f, 0xb8, 0xd8, 0x4a, 0x37, 0x6a, 0x43, 0xb8, 0xf4, 0x15, 0x18,
	0xa1, 0x1c, 0xc3, 0x87, 0xb6, 0x69, 0xb2, 0xee, 0x65, 0x86, 0x9f, 0x07,
	0xe7, 0xbe, 0x55, 0x51, 0x38, 0x7a, 0x98, 0xba, 0x97, 0x7c, 0x73, 0x2d,
	0x08, 0x0d, 0xcb, 0x0f, 0x29, 0xa0, 0x48, 0xe3, 0x65, 0x69, 0x12, 0xc6,
	0x53, 0x3e, 0x32, 0xee, 0x7a, 0xed, 0x29, 0xb7, 0x21, 0x76, 0x9c, 0xe6,
	0x4e, 0x43, 0xd5, 0x71, 0x33, 0xb0, 0x74, 0xd8, 0x39, 0xd5, 0x31, 0xed,
	0x1f, 0x28, 0x51, 0x0a, 0xfb, 0x45, 0xac, 0xe1, 0x0a, 0x1f, 0x4b, 0x79,
	0x4d, 0x6f };

static struct support_heap rng_heap;

static int
rng_setup(void **state)
{
	support_heap_init(&rng_heap);
	*state = mip6_rng_new(&rng_heap.alloc, rng_seed);
	assert_non_null(*state);
	return 0;
}

static int
rng_teardown(void **state)
{
	mip6_rng_free(*state);
	assert_int_equal(rng_heap.live, 0);
	return 0;
}

static void
test_known(void **state)
{
	uint8_t out[sizeof(rng_blocks)];

	mip6_rng_octets(*state, out, sizeof(out));
	assert_memory_equal(out, rng_blocks, sizeof(out));
}

static void
test_u64(void **state)
{
	assert_true(mip6_rng_u64(*state) == UINT64_C(0x76b8e0ada0f13d90));
	assert_true(mip6_rng_u64(*state) == UINT64_C(0x405d6ae55386bd28));
}

static void
test_cuts(void **state)
{
	uint8_t whole[RNG_STREAM_OCTETS], cut[RNG_STREAM_OCTETS];
	struct mip6_rng *again;
	uint64_t draws = 3;
	size_t at, part;
	unsigned int round;

	mip6_rng_octets(*state, whole, sizeof(whole));
	for (round = 0; round < 50; round++) {
		again = mip6_rng_new(&rng_heap.alloc, rng_seed);
		assert_non_null(again);
		for (at = 0; at < sizeof(cut); at += part) {
			part = (size_t)(support_draw(&draws) % 700);
			if (part > sizeof(cut) - at)
				part = sizeof(cut) - at;
			mip6_rng_octets(again, &cut[at], part);
		}
		assert_memory_equal(whole, cut, sizeof(cut));
		mip6_rng_free(again);
	}
}

static void
test_seeds(void **state)
{
	uint8_t seed[MIP6_SEED_OCTETS] = { 0 };
	struct mip6_rng *other;
	uint64_t first = mip6_rng_u64(*state);
	size_t i;

	for (i = 0; i < sizeof(seed); i++) {
		seed[i] = 1;
		other = mip6_rng_new(&rng_heap.alloc, seed);
		assert_non_null(other);
		assert_true(mip6_rng_u64(other) != first);
		mip6_rng_free(other);
		seed[i] = 0;
	}
}

/* 2^20 octets: 4,096 of each value, within five standard deviations. */
static void
test_even(void **state)
{
	static uint8_t octets[1 << 20];
	size_t count[256] = { 0 };
	size_t i;

	mip6_rng_octets(*state, octets, sizeof(octets));
	for (i = 0; i < sizeof(octets); i++)
		count[octets[i]]++;
	for (i = 0; i < MIP6_COUNT(count); i++)
		assert_in_range(count[i], 4096 - 320, 4096 + 320);
}

static void
test_below(void **state)
{
	size_t count[7] = { 0 };
	size_t i;

	for (i = 0; i < 70000; i++) {
		uint64_t v = mip6_rng_below(*state, 7);

		assert_true(v < 7);
		count[v]++;
	}
	for (i = 0; i < 7; i++)
		assert_in_range(count[i], 9500, 10500);
	for (i = 0; i < 100; i++)
		assert_true(mip6_rng_below(*state, 1) == 0);
	SUPPORT_ABORTS((void)mip6_rng_below(*state, 0));
}

/*
 * Of the numbers below 3 * 2^62 a remainder alone would give the first third
 * twice as often (1/2 of the draws) as it may (1/3).
 */
static void
test_below_unbiased(void **state)
{
	uint64_t third = UINT64_C(1) << 62;
	size_t count[3] = { 0 };
	size_t i;

	for (i = 0; i < 30000; i++)
		count[mip6_rng_below(*state, 3 * third) / third]++;
	for (i = 0; i < 3; i++)
		assert_in_range(count[i], 9600, 10400);
}

static void
test_no_memory(void **state)
{
	struct support_heap heap;

	(void)state;
	support_heap_init(&heap);
	heap.allowed = 0;
	assert_null(mip6_rng_new(&heap.alloc, rng_seed));
	mip6_rng_free(NULL);
}

#define RNG_TEST(f) cmocka_unit_test_setup_teardown(f, rng_setup, rng_teardown)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		RNG_TEST(test_known),
		RNG_TEST(test_u64),
		RNG_TEST(test_cuts),
		RNG_TEST(test_seeds),
		RNG_TEST(test_even),
		RNG_TEST(test_below),
		RNG_TEST(test_below_unbiased),
		RNG_TEST(test_no_memory),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
