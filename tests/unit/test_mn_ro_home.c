/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Route optimization on the way home, and at the end: bindings are deleted
 * with the home token alone.
 *
 * Links: core
 */
#include "mn_ro_fix.h"

/* On the home link, the de-registration acknowledged. */
static void
go_home(struct ro_fix *f)
{
	ro_move(f, "2001:db8:1::");
	assert_int_equal(home(&f->x)->state, MN_RETURNING);
	ro_register(f);
	assert_int_equal(home(&f->x)->state, MN_AT_HOME);
}

/* R11.7.2-01, -06, -07, R11.6.1-03, R5.2.5-03. */
static void
test_return(void **state)
{
	struct ro_fix *f = ro_direct();
	struct mip6_addr hoa = fix_addr(FIX_HOA);
	struct direct_mine to;

	(void)state;
	assert_int_equal(f->bu.opt.coa_nonce_index, 8);
	go_home(f);
	assert_false(ro_mine(f, &to));
	assert_int_equal(f->hotis, 1);
	assert_int_equal(f->cotis, 1);
	assert_int_equal(f->bus, 2);
	assert_int_equal(f->bu.u.bu.lifetime.us, 0);
	assert_true(mip6_addr_equal(&f->bu_ip.ip.src, &hoa));
	assert_false(f->bu_ip.has_hao);
	assert_int_equal(f->bu.opt.home_nonce_index, 7);
	assert_int_equal(f->bu.opt.coa_nonce_index, 0);
	assert_true(ro_bu_right(f));
	assert_int_equal(ro_entry(f)->state, RO_DELETING);
	ro_ba(f, MIP6_BA_ACCEPTED, true, 0);
	assert_int_equal(ro_entry(f)->state, RO_IDLE);
	fix_wait(&f->x, MIP6_SPAN_S(60));
	assert_int_equal(f->bus, 2);
	/* At home nobody is asked for anything. */
	ro_hint(f, MIP6_HINT_NO_ROW);
	assert_int_equal(f->hotis, 1);
	ro_end(f);
}

/* The token is too old: the home test alone, by the home link. */
static void
test_old_token(void **state)
{
	struct ro_fix *f = ro_direct();
	const struct ro_from tunnelled = { .tunnel = FIX_AGENT };
	struct mip6_mh m;

	(void)state;
	fix_wait(&f->x, MIP6_SPAN_S(215));
	go_home(f);
	assert_int_equal(f->bus, 1);
	assert_int_equal(f->hotis, 2);
	assert_int_equal(f->cotis, 1);
	assert_false(f->hoti_tunnelled);
	/* Out of a tunnel it does not come to one who is at home. */
	m = ro_test_of(f, false);
	ro_give(f, &m, &tunnelled, &f->hoti_src, NULL);
	assert_int_equal(f->bus, 1);
	ro_hot(f);
	assert_int_equal(f->bus, 2);
	assert_true(ro_bu_right(f));
	/* 136 again, then it is gone. */
	ro_ba(f, MIP6_BA_EXPIRED_HOME_NONCE, false, 0);
	assert_int_equal(f->hotis, 3);
	ro_hot(f);
	assert_int_equal(f->bus, 3);
	ro_ba(f, MIP6_BA_ACCEPTED, true, 0);
	assert_int_equal(ro_entry(f)->state, RO_IDLE);
	ro_end(f);
}

/* Told again until it answers or its binding is over. */
static void
test_silent(void **state)
{
	struct ro_fix *f = ro_direct();

	(void)state;
	go_home(f);
	fix_wait(&f->x, MIP6_SPAN_S(200));
	assert_in_range(f->bus, 8, 12);
	assert_int_equal(ro_entry(f)->state, RO_DELETING);
	fix_wait(&f->x, MIP6_SPAN_S(300));
	assert_int_not_equal(ro_entry(f)->state, RO_DELETING);
	f->bus = f->hotis = 0;
	fix_wait(&f->x, MIP6_SPAN_S(100));
	assert_int_equal(f->bus + f->hotis, 0);
	ro_end(f);
}

/* And away again before it has answered: a registration like any other. */
static void
test_away_again(void **state)
{
	struct ro_fix *f = ro_direct();
	struct direct_mine to;

	(void)state;
	go_home(f);
	assert_int_equal(f->bus, 2);
	ro_move(f, "2001:db8:b::");
	ro_register(f);
	ro_cot(f);
	assert_int_equal(f->bus, 3);
	assert_true(ro_bu_right(f));
	assert_true(f->bu.u.bu.lifetime.us > 0);
	ro_ba(f, MIP6_BA_ACCEPTED, true, 0);
	assert_true(ro_mine(f, &to));
	ro_end(f);
}

/* At the end each correspondent is told, once, from where we are. */
static void
test_stop(void **state)
{
	struct ro_fix *f = ro_direct();
	struct mip6_addr hoa = fix_addr(FIX_HOA);
	struct mip6_event ev;

	(void)state;
	memset(&ev, 0, sizeof(ev));
	ev.kind = MIP6_EV_STOP;
	fix_give(&f->x, &ev);
	assert_int_equal(f->bus, 2);
	assert_int_equal(f->bu.u.bu.lifetime.us, 0);
	assert_false(f->bu.u.bu.ack);
	assert_int_equal(f->bu.opt.coa_nonce_index, 0);
	assert_true(mip6_addr_equal(&f->bu_ip.ip.src, &home(&f->x)->at.coa));
	assert_true(mip6_addr_equal(&f->bu_ip.hao, &hoa));
	assert_true(ro_bu_right(f));
	ro_hint(f, MIP6_HINT_NO_ROW);
	fix_wait(&f->x, MIP6_SPAN_S(100));
	assert_int_equal(f->bus, 2);
	ro_end(f);

	/* R11.7.2-06: not without a home test that still counts. */
	f = ro_direct();
	fix_wait(&f->x, MIP6_SPAN_S(211));
	fix_give(&f->x, &ev);
	assert_int_equal(f->bus, 1);
	ro_end(f);

	/* Nor who has no binding. */
	f = ro_new();
	ro_hint(f, MIP6_HINT_NO_ROW);
	ro_hot(f);
	fix_give(&f->x, &ev);
	assert_int_equal(f->bus, 0);
	ro_end(f);
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_return),
		cmocka_unit_test(test_old_token),
		cmocka_unit_test(test_silent),
		cmocka_unit_test(test_away_again),
		cmocka_unit_test(test_stop),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
