/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The Binding Update List's entry: numbers, matching, lifetimes, rates.
 *
 * Links: core
 */
#include "support.h"

#include "core/bul.h"

static const struct mip6_time t0 = { 5000000 };
static const struct mip6_addr coa = { { 0x20, 1 } };

static void
test_newer(void **state)
{
	static const struct {
		uint16_t a, b;
		bool newer;
	} row[] = { { 1, 0, true }, { 0, 0, false }, { 0, 1, false },
		{ 0, 65535, true }, { 65535, 0, false }, { 32767, 0, true },
		{ 32768, 0, false }, { 0, 32768, false }, { 0, 32769, true },
		{ 100, 65000, true }, { 65000, 100, false } };
	size_t i;

	(void)state;
	for (i = 0; i < MIP6_COUNT(row); i++)
		if (mip6_seq_newer(row[i].a, row[i].b) != row[i].newer)
			fail_msg("%u newer than %u?", row[i].a, row[i].b);
}

static void
test_rate(void **state)
{
	struct mip6_bul_entry e;
	struct mip6_time at;

	(void)state;
	mip6_bul_init(&e, 0);
	at = t0;
	assert_int_equal(mip6_bul_may_send(&e, at).us, at.us);
	mip6_bul_note_sent(&e, at, &coa, MIP6_SPAN_S(4), 0);
	at = mip6_time_add(t0, MIP6_SPAN_MS(100));
	mip6_bul_note_sent(&e, at, &coa, MIP6_SPAN_S(4), 0);
	assert_int_equal(mip6_bul_may_send(&e, at).us, at.us);
	at = mip6_time_add(t0, MIP6_SPAN_MS(200));
	mip6_bul_note_sent(&e, at, &coa, MIP6_SPAN_S(4), 0);
	assert_int_equal(mip6_bul_may_send(&e, at).us, t0.us + 1000000);
	at = mip6_time_add(t0, MIP6_SPAN_S(1));
	assert_int_equal(mip6_bul_may_send(&e, at).us, at.us);
	mip6_bul_note_sent(&e, at, &coa, MIP6_SPAN_S(4), 0);
	assert_int_equal(mip6_bul_may_send(&e, at).us, t0.us + 1100000);
	/* Long after: now, not when it could have gone. */
	at = mip6_time_add(t0, MIP6_SPAN_S(60));
	assert_int_equal(mip6_bul_may_send(&e, at).us, at.us);
}

static void
test_wraps(void **state)
{
	struct mip6_bul_entry e;

	(void)state;
	mip6_bul_init(&e, 65534);
	assert_int_equal(mip6_bul_note_sent(&e, t0, &coa, MIP6_SPAN_S(4), 0),
	    65535);
	assert_int_equal(mip6_bul_note_sent(&e, t0, &coa, MIP6_SPAN_S(4), 0),
	    0);
	assert_non_null(mip6_bul_match(&e, 65535));
	mip6_bul_acknowledge(&e, mip6_bul_match(&e, 0), MIP6_SPAN_S(4));
	/* What is older than the one acknowledged is not awaited. */
	assert_null(mip6_bul_match(&e, 65535));
	assert_null(mip6_bul_match(&e, 0));
}

static void
test_lifetime(void **state)
{
	struct mip6_bul_entry e;
	struct mip6_time later = mip6_time_add(t0, MIP6_SPAN_S(2));
	uint16_t first;

	(void)state;
	mip6_bul_init(&e, 9);
	first = mip6_bul_note_sent(&e, t0, &coa, MIP6_SPAN_S(40), 0);
	mip6_bul_note_sent(&e, later, &coa, MIP6_SPAN_S(40), 0);
	/* The answer is to the first: it counts from the first. */
	mip6_bul_acknowledge(&e, mip6_bul_match(&e, first), MIP6_SPAN_S(20));
	assert_int_equal(e.expires.us, t0.us + 20000000);
	assert_true(
	    mip6_bul_bound(&e, mip6_time_add(t0, MIP6_SPAN_US(19999999))));
	assert_false(mip6_bul_bound(&e, mip6_time_add(t0, MIP6_SPAN_S(20))));
	/* Never more than was asked. */
	mip6_bul_acknowledge(&e, mip6_bul_match(&e, (uint16_t)(first + 1)),
	    MIP6_SPAN_S(400));
	assert_int_equal(e.expires.us, later.us + 40000000);
	mip6_bul_unbind(&e);
	assert_false(mip6_bul_bound(&e, t0));
}

static void
test_outstanding(void **state)
{
	struct mip6_bul_entry e;
	uint16_t first = 0, seq;
	int i;

	(void)state;
	mip6_bul_init(&e, 0);
	for (i = 0; i <= MIP6_BUL_OUTSTANDING_MAX; i++) {
		seq = mip6_bul_note_sent(&e, mip6_time_add(t0, MIP6_SPAN_S(i)),
		    &coa, MIP6_SPAN_S(4), 0);
		if (i == 0)
			first = seq;
	}
	/* The oldest is forgotten, the others are not. */
	assert_null(mip6_bul_match(&e, first));
	assert_non_null(mip6_bul_match(&e, (uint16_t)(first + 1)));
	assert_int_equal(e.unanswered, MIP6_BUL_OUTSTANDING_MAX + 1);
	assert_int_equal(e.first_unanswered.us, t0.us);
	mip6_bul_forget_sent(&e);
	assert_null(mip6_bul_match(&e, (uint16_t)(first + 1)));
	assert_int_equal(e.unanswered, 0);
}

static void
test_back_off(void **state)
{
	static const int64_t ms[] = { 3000, 6000, 12000, 24000, 32000, 32000 };
	struct mip6_bul_entry e;
	size_t i;

	(void)state;
	mip6_bul_init(&e, 0);
	e.timeout = MIP6_SPAN_MS(1500);
	for (i = 0; i < MIP6_COUNT(ms); i++) {
		mip6_bul_back_off(&e);
		assert_int_equal(e.timeout.us, ms[i] * 1000);
	}
	mip6_bul_adopt(&e, 77);
	assert_int_equal(mip6_bul_note_sent(&e, t0, &coa, MIP6_SPAN_S(4), 0),
	    78);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_newer),
		cmocka_unit_test(test_rate),
		cmocka_unit_test(test_wraps),
		cmocka_unit_test(test_lifetime),
		cmocka_unit_test(test_outstanding),
		cmocka_unit_test(test_back_off),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
