/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Route optimization of who comes back to where it was: a binding is proven
 * only as long as nothing else was asked for.
 *
 * Links: core
 */
#include "mn_ro_fix.h"

#define FIRST "2001:db8:a::"
#define OTHER "2001:db8:b::"

/* To a place whose update nobody answers, and back. */
static void
test_there_and_back(void **state)
{
	struct ro_fix *f = ro_direct();
	struct mip6_addr first = f->coti_src;
	struct direct_mine to;

	(void)state;
	ro_move(f, OTHER);
	ro_cot(f);
	ro_register(f);
	assert_int_equal(f->bus, 2);
	/* It may have taken it: the former address is unknown there. */
	ro_move(f, FIRST);
	assert_true(mip6_addr_equal(&home(&f->x)->at.coa, &first));
	assert_false(ro_mine(f, &to));
	ro_register(f);
	assert_false(ro_mine(f, &to));
	ro_cot(f);
	assert_true(ro_bu_right(f));
	ro_ba(f, MIP6_BA_ACCEPTED, true, 0);
	assert_true(ro_mine(f, &to));
	ro_end(f);
}

/* Back before anything was sent from elsewhere: what it has still holds. */
static void
test_nothing_sent(void **state)
{
	struct ro_fix *f = ro_direct();
	struct direct_mine to;

	(void)state;
	ro_move(f, OTHER);
	assert_int_equal(f->bus, 1);
	assert_false(ro_mine(f, &to));
	ro_move(f, FIRST);
	assert_true(ro_mine(f, &to));
	ro_end(f);
}

/* A renewal from where we are takes nothing away. */
static void
test_renewal(void **state)
{
	struct ro_fix *f = ro_direct();
	struct direct_mine to;

	(void)state;
	fix_wait(&f->x, MIP6_SPAN_S(350));
	ro_hint(f, MIP6_HINT_ROW_USED);
	ro_hot(f);
	ro_cot(f);
	assert_int_equal(f->bus, 2);
	assert_true(mip6_bul_bound(&ro_entry(f)->bul, f->x.now.boot));
	assert_true(ro_mine(f, &to));
	ro_end(f);
}

static void
go_home(struct ro_fix *f)
{
	ro_move(f, "2001:db8:1::");
	ro_register(f);
	assert_int_equal(home(&f->x)->state, MN_AT_HOME);
	assert_int_equal(f->bus, 2);
	assert_int_equal(f->bu.u.bu.lifetime.us, 0);
}

/* The deletion was sent, its answer never came; then away to the same place. */
static void
test_home_and_back(void **state)
{
	struct ro_fix *f = ro_direct();
	struct mip6_addr first = f->coti_src;
	struct direct_mine to;

	(void)state;
	go_home(f);
	ro_move(f, FIRST);
	assert_true(mip6_addr_equal(&home(&f->x)->at.coa, &first));
	assert_false(ro_mine(f, &to));
	ro_register(f);
	assert_false(ro_mine(f, &to));
	ro_end(f);

	/* The same when it refused to delete. */
	f = ro_direct();
	go_home(f);
	ro_ba(f, MIP6_BA_ADMIN_PROHIBITED, true, 0);
	assert_int_equal(ro_entry(f)->state, RO_IDLE);
	assert_int_equal(f->bus, 2);
	ro_move(f, FIRST);
	ro_register(f);
	assert_false(ro_mine(f, &to));
	ro_end(f);
}

/* Refused at the new place: the binding of the former one is to go. */
static void
test_refused_elsewhere(void **state)
{
	struct ro_fix *f = ro_direct();

	(void)state;
	fix_wait(&f->x, MIP6_SPAN_S(10));
	ro_move(f, OTHER);
	ro_cot(f);
	ro_register(f);
	assert_int_equal(f->bus, 2);
	ro_ba(f, MIP6_BA_ADMIN_PROHIBITED, true, 0);
	assert_int_equal(ro_entry(f)->state, RO_DENIED);
	assert_int_equal(f->bus, 3);
	assert_int_equal(f->bu.u.bu.lifetime.us, 0);
	assert_false(f->bu.u.bu.ack);
	assert_true(ro_bu_right(f));
	/* Once, whatever it says to that. */
	ro_ba(f, MIP6_BA_ADMIN_PROHIBITED, true, 0);
	fix_wait(&f->x, MIP6_SPAN_S(20));
	assert_int_equal(f->bus, 3);
	ro_end(f);
}

/* R11.7.2-05: no unit of time is left of the home registration. */
static void
test_home_registration_ends(void **state)
{
	struct ro_fix *f = ro_new();

	(void)state;
	home(&f->x)->bound->bul.expires =
	    mip6_time_add(f->x.now.boot, MIP6_SPAN_MS(3999));
	ro_hint(f, MIP6_HINT_NO_ROW);
	ro_hot(f);
	ro_cot(f);
	assert_int_equal(f->bus, 0);
	assert_int_equal(ro_entry(f)->state, RO_TESTING);
	home(&f->x)->bound->bul.expires =
	    mip6_time_add(f->x.now.boot, MIP6_SPAN_S(4));
	mn_ro_changed(f->x.node);
	fix_wait(&f->x, MIP6_SPAN_MS(0));
	assert_int_equal(f->bus, 1);
	assert_int_equal(f->bu.u.bu.lifetime.us, MIP6_SPAN_S(4).us);
	ro_end(f);
}

/* What was flushed while it stood ends when it ends. */
static void
test_flushed(void **state)
{
	struct ro_fix *f = ro_direct();
	struct mip6_event ev;

	(void)state;
	memset(&ev, 0, sizeof(ev));
	ev.kind = MIP6_EV_COMMAND;
	ev.u.command.kind = MIP6_CMD_FLUSH_REGISTRATION;
	ev.u.command.addr = fix_addr(FIX_PEER);
	fix_wait(&f->x, MIP6_SPAN_S(2));
	fix_give(&f->x, &ev);
	assert_int_equal(ro_entry(f)->state, RO_TESTING);
	assert_true(mip6_timer_is_armed(&ro_entry(f)->timer[RO_TIMER_LIFE].t));
	ro_end(f);
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_there_and_back),
		cmocka_unit_test(test_nothing_sent),
		cmocka_unit_test(test_renewal),
		cmocka_unit_test(test_home_and_back),
		cmocka_unit_test(test_refused_elsewhere),
		cmocka_unit_test(test_home_registration_ends),
		cmocka_unit_test(test_flushed),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
