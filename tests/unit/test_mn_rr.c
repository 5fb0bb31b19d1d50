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

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_both_at_once),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
