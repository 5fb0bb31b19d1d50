/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Return routability at the mobile node: when tests go, which answers count,
 * how long a token is good for.
 *
 * Links: core
 */
#include "mn_ro_fix.h"

static void
test_both_at_once(void **state)
{
	struct ro_fix *f = ro_new();
	struct mip6_addr hoa = fix_addr(FIX_HOA);
	struct direct_mine to;

	(void)state;
	assert_true(home(&f->x)->row.tell);
	ro_hint(f, MIP6_HINT_NO_ROW);
	/* R11.6.1-01: in one turn, one by each way. */
	assert_int_equal(f->hotis, 1);
	assert_int_equal(f->cotis, 1);
	assert_true(f->hoti_tunnelled);
	assert_true(mip6_addr_equal(&f->hoti_src, &hoa));
	assert_true(mip6_addr_equal(&f->coti_src, &home(&f->x)->at.coa));
	assert_memory_not_equal(f->hoti.u.init.cookie, f->coti.u.init.cookie,
	    MIP6_MH_COOKIE_OCTETS);
	assert_int_equal(f->hoti.octets, 16);
	assert_int_equal(f->coti.octets, 16);
	/* R11.6.2-04: the update waits for the other one. */
	ro_cot(f);
	assert_int_equal(f->bus, 0);
	ro_hot(f);
	assert_int_equal(f->bus, 1);
	assert_true(ro_bu_right(f));
	/* R11.6.2-03, R5.2.6-03. */
	assert_int_equal(f->bu.opt.home_nonce_index, 7);
	assert_int_equal(f->bu.opt.coa_nonce_index, 8);
	assert_false(ro_mine(f, &to));
	ro_ba(f, MIP6_BA_ACCEPTED, true, 0);
	assert_true(ro_mine(f, &to));
	assert_true(mip6_addr_equal(&to.coa, &home(&f->x)->at.coa));
	assert_int_equal(to.ifindex, FIX_IFINDEX);
	/* More traffic asks for nothing more. */
	ro_hint(f, MIP6_HINT_NO_ROW);
	assert_int_equal(f->hotis + f->cotis + f->bus, 3);
	ro_end(f);
}

/* R5.2.9-02, -03, R11.8-07: three of each, doubled, then quiet. */
static void
test_silence(void **state)
{
	static const int64_t gap_ms[] = { 1000, 2000 };
	uint8_t before[MIP6_MH_COOKIE_OCTETS];
	struct ro_fix *f = ro_new();
	struct mip6_time last;
	size_t i;

	(void)state;
	ro_hint(f, MIP6_HINT_NO_ROW);
	for (i = 0; i < MIP6_COUNT(gap_ms); i++) {
		last = f->hoti_at;
		memcpy(before, f->hoti.u.init.cookie, sizeof(before));
		fix_wait(&f->x, MIP6_SPAN_MS(gap_ms[i]));
		assert_int_equal(f->hotis, i + 2);
		assert_int_equal(f->cotis, i + 2);
		assert_int_equal(f->hoti_at.us - last.us, gap_ms[i] * 1000);
		assert_memory_not_equal(f->hoti.u.init.cookie, before,
		    sizeof(before));
	}
	assert_int_equal(ro_entry(f)->state, RO_TESTING);
	fix_wait(&f->x, MIP6_SPAN_MS(4000));
	assert_int_equal(ro_entry(f)->state, RO_DENIED);
	assert_int_equal(ro_entry(f)->denial, RO_DENIAL_SILENT);
	/* Remembered for a while, whatever the traffic. */
	ro_hint(f, MIP6_HINT_NO_ROW);
	fix_wait(&f->x, MIP6_SPAN_S(29));
	ro_hint(f, MIP6_HINT_NO_ROW);
	assert_int_equal(f->hotis + f->cotis, 6);
	/* Then tried again, and left alone for twice as long. */
	fix_wait(&f->x, MIP6_SPAN_S(2));
	assert_int_equal(ro_entry(f)->state, RO_IDLE);
	ro_hint(f, MIP6_HINT_NO_ROW);
	assert_int_equal(f->hotis + f->cotis, 8);
	fix_wait(&f->x, MIP6_SPAN_S(20));
	assert_int_equal(f->hotis + f->cotis, 12);
	fix_wait(&f->x, MIP6_SPAN_S(40));
	ro_hint(f, MIP6_HINT_NO_ROW);
	assert_int_equal(f->hotis + f->cotis, 12);
	ro_end(f);
}

/* R11.6.2-01: each of its tests alone. */
static void
test_hot_refused(void **state)
{
	static const struct {
		struct ro_from from;
		bool cookie;
		enum mip6_drop why;
	} bad[] = {
		{ { .src = "2001:db8:c::101", .tunnel = FIX_AGENT }, false,
		    MIP6_DROP_TEST_UNEXPECTED },
		{ { .dst = "2001:db8:1::101", .tunnel = FIX_AGENT }, false,
		    MIP6_DROP_TEST_UNEXPECTED },
		{ { .tunnel = FIX_AGENT }, true, MIP6_DROP_TEST_COOKIE },
		{ { .tunnel = NULL }, false, MIP6_DROP_TEST_WAY },
		{ { .tunnel = "2001:db8:1::2" }, false, MIP6_DROP_TEST_WAY },
		{ { .tunnel = FIX_AGENT, .rh2 = true }, false,
		    MIP6_DROP_TEST_UNEXPECTED },
		{ { .tunnel = FIX_AGENT, .hao = "2001:db8:c::102" }, false,
		    MIP6_DROP_TEST_UNEXPECTED },
	};
	struct ro_fix *f = ro_new();
	struct mip6_mh m;
	size_t i;

	(void)state;
	ro_hint(f, MIP6_HINT_NO_ROW);
	ro_cot(f);
	for (i = 0; i < MIP6_COUNT(bad); i++) {
		memset(&f->x.node->drops, 0, sizeof(f->x.node->drops));
		m = ro_test_of(f, false);
		m.u.test.cookie[7] ^= bad[i].cookie ? 1 : 0;
		ro_give(f, &m, &bad[i].from, &f->hoti_src, NULL);
		assert_int_equal(fix_drops(&f->x, bad[i].why), 1);
		assert_false(ro_entry(f)->home.has);
		assert_int_equal(f->bus, 0);
	}
	ro_hot(f);
	assert_int_equal(f->bus, 1);
	/* A second one comes too late to change the token. */
	f->nonce[0][0] ^= 1;
	memset(&f->x.node->drops, 0, sizeof(f->x.node->drops));
	ro_hot(f);
	assert_int_equal(fix_drops(&f->x, MIP6_DROP_TEST_UNEXPECTED), 1);
	f->nonce[0][0] ^= 1;
	m = ro_test_of(f, false);
	assert_memory_equal(ro_entry(f)->home.token, m.u.test.token, 8);
	ro_end(f);
}

/* R11.6.2-02: the same of the care-of test. */
static void
test_cot_refused(void **state)
{
	static const struct {
		struct ro_from from;
		bool cookie;
		enum mip6_drop why;
	} bad[] = {
		{ { .src = "2001:db8:c::101" }, false,
		    MIP6_DROP_TEST_UNEXPECTED },
		{ { .dst = FIX_HOA }, false, MIP6_DROP_TEST_UNEXPECTED },
		{ { .src = NULL }, true, MIP6_DROP_TEST_COOKIE },
		{ { .tunnel = FIX_AGENT }, false, MIP6_DROP_TEST_WAY },
		{ { .rh2 = true }, false, MIP6_DROP_TEST_UNEXPECTED },
	};
	struct ro_fix *f = ro_new();
	struct mip6_mh m;
	size_t i;

	(void)state;
	ro_hint(f, MIP6_HINT_NO_ROW);
	ro_hot(f);
	for (i = 0; i < MIP6_COUNT(bad); i++) {
		memset(&f->x.node->drops, 0, sizeof(f->x.node->drops));
		m = ro_test_of(f, true);
		m.u.test.cookie[0] ^= bad[i].cookie ? 0x80 : 0;
		ro_give(f, &m, &bad[i].from, &f->coti_src, NULL);
		assert_int_equal(fix_drops(&f->x, bad[i].why), 1);
		assert_false(ro_entry(f)->care_of.has);
		assert_int_equal(f->bus, 0);
	}
	ro_cot(f);
	assert_int_equal(f->bus, 1);
	ro_end(f);
}

/* An answer to the question before the last: its cookie is another. */
static void
test_former_cookie(void **state)
{
	struct ro_fix *f = ro_new();
	const struct ro_from from = { .tunnel = FIX_AGENT };
	struct mip6_mh m;

	(void)state;
	ro_hint(f, MIP6_HINT_NO_ROW);
	m = ro_test_of(f, false);
	fix_wait(&f->x, MIP6_SPAN_MS(1000));
	assert_int_equal(f->hotis, 2);
	ro_give(f, &m, &from, &f->hoti_src, NULL);
	assert_false(ro_entry(f)->home.has);
	assert_int_equal(fix_drops(&f->x, MIP6_DROP_TEST_COOKIE), 1);
	ro_end(f);
}

/* R5.2.7-04: 210 s from the question, and no moment more. */
static void
test_age(void **state)
{
	struct ro_fix *f = ro_direct();
	struct mip6_time asked = f->hoti_at;
	struct mip6_addr hoa = fix_addr(FIX_HOA);
	int64_t left;

	(void)state;
	left = asked.us + 210000000 - f->x.now.boot.us;
	fix_wait(&f->x, MIP6_SPAN_US(left - 1));
	assert_true(rr_fresh(f->x.node, &ro_entry(f)->home, &hoa));
	assert_false(rr_fresh(f->x.node, &ro_entry(f)->home, &f->coti_src));
	fix_wait(&f->x, MIP6_SPAN_US(1));
	assert_false(rr_fresh(f->x.node, &ro_entry(f)->home, &hoa));
	/* A move then needs both tests. */
	ro_move(f, "2001:db8:b::");
	assert_int_equal(f->hotis, 1);
	assert_int_equal(f->cotis, 2);
	ro_register(f);
	assert_int_equal(f->hotis, 2);
	ro_cot(f);
	ro_hot(f);
	assert_int_equal(f->bus, 2);
	assert_true(ro_bu_right(f));
	ro_end(f);
}

/* R11.8-05: three of a kind a second, however fast we move. */
static void
test_rate(void **state)
{
	struct ro_fix *f = ro_direct();
	char prefix[] = "2001:db8:b0::";
	struct mip6_time first = f->coti_at;
	uint32_t i;

	(void)state;
	for (i = 0; i < 5; i++) {
		prefix[10] = (char)('0' + i);
		ro_move(f, prefix);
	}
	assert_int_equal(f->cotis, 3);
	assert_true(ro_entry(f)->care_of.postponed);
	fix_wait(&f->x, MIP6_SPAN_MS(999));
	assert_int_equal(f->cotis, 3);
	fix_wait(&f->x, MIP6_SPAN_MS(1));
	assert_int_equal(f->cotis, 4);
	assert_int_equal(f->coti_at.us - first.us, 1000000);
	/* It is of the place of now. */
	assert_true(mip6_addr_equal(&f->coti_src, &home(&f->x)->at.coa));
	ro_end(f);
}

/* P-RO-SILENT: one that has a binding is told for as long as it may. */
static void
test_silence_of_a_bound_one(void **state)
{
	struct ro_fix *f = ro_direct();
	struct direct_mine to;
	uint32_t before;

	(void)state;
	ro_move(f, "2001:db8:b::");
	assert_false(ro_mine(f, &to));
	ro_register(f);
	fix_wait(&f->x, MIP6_SPAN_S(60));
	assert_int_equal(ro_entry(f)->state, RO_TESTING);
	assert_true(ro_entry(f)->failing);
	before = f->cotis;
	fix_wait(&f->x, MIP6_SPAN_S(64));
	assert_int_equal(f->cotis, before + 2);
	ro_cot(f);
	assert_true(ro_bu_right(f));
	assert_int_equal(f->bus, 2);
	ro_ba(f, MIP6_BA_ACCEPTED, true, 0);
	assert_true(ro_mine(f, &to));
	ro_end(f);
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_both_at_once),
		cmocka_unit_test(test_silence),
		cmocka_unit_test(test_hot_refused),
		cmocka_unit_test(test_cot_refused),
		cmocka_unit_test(test_former_cookie),
		cmocka_unit_test(test_age),
		cmocka_unit_test(test_rate),
		cmocka_unit_test(test_silence_of_a_bound_one),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
