/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Time: sums saturate, never is infinite, NTP timestamps go there and back in
 * the right era.
 */
#include "base/time.h"

#include "unit/support.h"

#define TIME_NEVER INT64_MAX
#define TIME_FIRST INT64_MIN

struct time_case {
	int64_t a;
	int64_t b;
	int64_t expected;
};

static const struct time_case time_adds[] = {
	{ 5, 7, 12 },
	{ 5, -7, -2 },
	{ 0, TIME_NEVER, TIME_NEVER },
	{ 1, TIME_NEVER, TIME_NEVER },
	{ TIME_NEVER - 1, 1, TIME_NEVER },
	{ TIME_NEVER - 1, 2, TIME_NEVER },
	{ TIME_NEVER - 2, 1, TIME_NEVER - 1 },
	{ TIME_NEVER, -1, TIME_NEVER },
	{ TIME_NEVER, TIME_FIRST, TIME_NEVER },
	{ TIME_FIRST, -1, TIME_FIRST },
	{ -5, TIME_FIRST, TIME_FIRST },
	{ 0, TIME_FIRST, TIME_FIRST },
	{ 5, TIME_FIRST, TIME_FIRST + 5 },
};

static const struct time_case time_subs[] = {
	{ 12, 7, 5 },
	{ 5, 7, -2 },
	{ TIME_NEVER, 7, TIME_NEVER },
	{ TIME_NEVER, TIME_NEVER, TIME_NEVER },
	{ 7, TIME_NEVER, TIME_FIRST },
	{ TIME_NEVER - 1, -1, TIME_NEVER },
	{ TIME_NEVER - 1, -2, TIME_NEVER },
	{ TIME_FIRST, 1, TIME_FIRST },
	{ TIME_FIRST, TIME_FIRST, 0 },
	{ -1, TIME_FIRST, TIME_NEVER },
	{ 0, TIME_FIRST, TIME_NEVER },
	{ -5, TIME_FIRST, TIME_NEVER - 4 },
};

static struct mip6_time
at(int64_t us)
{
	return (struct mip6_time){ us };
}

static void
test_add_sub(void **state)
{
	size_t i;

	(void)state;
	for (i = 0; i < MIP6_COUNT(time_adds); i++)
		assert_true(mip6_time_add(at(time_adds[i].a),
				(struct mip6_span){ time_adds[i].b })
				.us == time_adds[i].expected);
	for (i = 0; i < MIP6_COUNT(time_subs); i++)
		assert_true(
		    mip6_time_sub(at(time_subs[i].a), at(time_subs[i].b)).us ==
		    time_subs[i].expected);
}

static void
test_order(void **state)
{
	(void)state;
	assert_true(mip6_time_reached(at(4), at(5)));
	assert_true(mip6_time_reached(at(5), at(5)));
	assert_false(mip6_time_reached(at(6), at(5)));
	assert_true(mip6_time_before(at(4), at(5)));
	assert_false(mip6_time_before(at(5), at(5)));
	assert_false(mip6_time_before(at(6), at(5)));
	assert_true(mip6_time_is_never(MIP6_TIME_NEVER));
	assert_false(mip6_time_is_never(at(INT64_MAX - 1)));
	assert_true(mip6_time_min(at(-3), at(2)).us == -3);
	assert_true(mip6_time_min(at(2), at(-3)).us == -3);
	assert_true(mip6_time_max(at(-3), at(2)).us == 2);
	assert_true(mip6_time_max(at(2), at(-3)).us == 2);
	assert_true(mip6_time_min(MIP6_TIME_NEVER, at(2)).us == 2);
	assert_true(
	    mip6_span_min(MIP6_SPAN_S(2), MIP6_SPAN_MS(1500)).us == 1500000);
	assert_true(
	    mip6_span_max(MIP6_SPAN_S(2), MIP6_SPAN_MS(1500)).us == 2000000);
	assert_true(mip6_span_max(MIP6_SPAN_US(-3), MIP6_SPAN_US(-2)).us == -2);
}

/* Microseconds since 1970 of a number of seconds since 1900. */
static uint64_t
ntp_us(uint64_t seconds)
{
	return (seconds - UINT64_C(2208988800)) * 1000000;
}

static void
test_ntp_known(void **state)
{
	(void)state;
	/* 1970-01-01 is 2,208,988,800 s after 1900-01-01. */
	assert_true(mip6_time_to_ntp(0) == UINT64_C(2208988800) << 32);
	assert_true(mip6_time_to_ntp(500000) ==
	    (UINT64_C(2208988800) << 32 | 0x80000000U));
	assert_true(mip6_time_to_ntp(250000) ==
	    (UINT64_C(2208988800) << 32 | 0x40000000U));
	/* Era 1 begins on 2036-02-07 06:28:16 UTC. */
	assert_true(mip6_time_to_ntp(UINT64_C(2085978496) * 1000000) == 0);
	assert_true(mip6_time_to_ntp(UINT64_C(2085978497) * 1000000) ==
	    UINT64_C(1) << 32);
}

static void
test_ntp_round_trip(void **state)
{
	uint64_t seed = 7;
	size_t n;

	(void)state;
	for (n = 0; n < 100000; n++) {
		/* The years 1970 to 2400, and a clock up to 60 years off. */
		uint64_t us = support_draw(&seed) % UINT64_C(13569465600000000);
		uint64_t off = support_draw(&seed) % UINT64_C(1893456000000000);
		uint64_t ntp = mip6_time_to_ntp(us);

		assert_true(mip6_time_from_ntp(ntp, us) == us);
		assert_true(mip6_time_from_ntp(ntp, us + off) == us);
		if (off <= us)
			assert_true(mip6_time_from_ntp(ntp, us - off) == us);
	}
}

static void
test_ntp_era(void **state)
{
	uint64_t turn = ntp_us(UINT64_C(1) << 32);
	uint64_t half = UINT64_C(1000000) << 31;
	uint64_t next = turn + 2 * half;

	(void)state;
	/* One second after the turn, seen one second before it. */
	assert_true(mip6_time_from_ntp(UINT64_C(1) << 32, turn - 1000000) ==
	    turn + 1000000);
	assert_true(mip6_time_from_ntp(UINT64_C(0xffffffff) << 32,
			turn + 1000000) == turn - 1000000);
	/* Nearest: just less than half an era ahead, just more is behind. */
	assert_true(mip6_time_from_ntp(mip6_time_to_ntp(next + half - 1),
			next) == next + half - 1);
	assert_true(mip6_time_from_ntp(mip6_time_to_ntp(next + half + 1),
			next) == next - half + 1);
	/* What lies before 1970 or after the end has no number: the edge. */
	assert_true(mip6_time_from_ntp(UINT64_C(2208988799) << 32, 0) == 0);
	assert_true(mip6_time_from_ntp(mip6_time_to_ntp(UINT64_MAX) +
			    (UINT64_C(9) << 32),
			UINT64_MAX) == UINT64_MAX);
	/* The fraction rounds up to a whole second. */
	assert_true(mip6_time_from_ntp(UINT64_C(2208988800) << 32 | UINT32_MAX,
			0) == 1000000);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_add_sub),
		cmocka_unit_test(test_order),
		cmocka_unit_test(test_ntp_known),
		cmocka_unit_test(test_ntp_round_trip),
		cmocka_unit_test(test_ntp_era),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
