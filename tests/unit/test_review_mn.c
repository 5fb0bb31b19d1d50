/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What somebody who recorded or forges acknowledgements can do to a mobile
 * node: nothing but make it patient.
 *
 * Links: core
 */
#include "core_fix.h"

#include "core/mn_int.h"

static struct mn_home *
home(struct fix *x)
{
	return &x->node->mn->home[0];
}

static const struct fix_sent *
begin(struct fix *x, struct mip6_mh *m)
{
	const struct fix_sent *s;

	fix_mn_foreign(x);
	s = fix_next_mh(x, m);
	assert_non_null(s);
	return s;
}

/* A 135 of an earlier time, well signed, does not turn the number back. */
static void
test_old_sequence_refusal(void **state)
{
	struct mip6_conf_sa sa = fix_sa();
	struct fix *x = test_malloc(sizeof(*x));
	const struct fix_sent *s;
	struct fix_ba ba;
	struct mip6_mh m;

	(void)state;
	s = begin(x, &m);
	ba = fix_accept(&m, &sa);
	ba.status = MIP6_BA_SEQ_OUT_OF_WINDOW;
	ba.lifetime = MIP6_SPAN_S(0);
	ba.seq = (uint16_t)(m.u.bu.seq - 100);
	ba.stamp = m.opt.replay - ((uint64_t)3600 << 32);
	fix_answer(x, s, NULL, &ba);
	assert_null(fix_next_mh(x, &m));
	assert_int_equal(fix_drops(x, MIP6_DROP_BA_ID), 1);
	ba.has_stamp = false;
	fix_answer(x, s, NULL, &ba);
	assert_null(fix_next_mh(x, &m));
	assert_int_equal(fix_drops(x, MIP6_DROP_BA_ID), 2);
	fix_fini(x);
	test_free(x);
}

/*
 * Refused for good by its home agent; then a forged "duplicate address" must
 * not keep it silent on the next link.
 */
static void
test_forged_duplicate(void **state)
{
	struct mip6_conf_sa sa = fix_sa();
	struct fix *x = test_malloc(sizeof(*x));
	const struct fix_sent *s;
	struct fix_ba ba;
	struct mip6_mh m;

	(void)state;
	s = begin(x, &m);
	ba = fix_accept(&m, &sa);
	ba.status = MIP6_BA_ADMIN_PROHIBITED;
	ba.lifetime = MIP6_SPAN_S(0);
	fix_answer(x, s, NULL, &ba);
	assert_true(home(x)->do_not_send);
	ba.status = MIP6_BA_DAD_FAILED;
	ba.sa = NULL;
	fix_answer(x, s, NULL, &ba);
	assert_int_equal(home(x)->last_status, MIP6_BA_ADMIN_PROHIBITED);
	fix_link(x, false);
	fix_link(x, true);
	fix_ra(x, "2001:db8:b::", 1800);
	assert_non_null(fix_next_mh(x, &m));
	fix_fini(x);
	test_free(x);
}

/* One that answers nothing under way says nothing in `status` either. */
static void
test_forged_refusal_shown(void **state)
{
	struct fix *x = test_malloc(sizeof(*x));
	const struct fix_sent *s;
	struct fix_ba ba;
	struct mip6_mh m;

	(void)state;
	s = begin(x, &m);
	ba = fix_accept(&m, NULL);
	ba.status = MIP6_BA_AUTH_FAIL;
	ba.lifetime = MIP6_SPAN_S(0);
	ba.seq++;
	fix_answer(x, s, NULL, &ba);
	assert_int_equal(home(x)->last_status, -1);
	ba.seq--;
	fix_answer(x, s, NULL, &ba);
	assert_int_equal(home(x)->last_status, MIP6_BA_AUTH_FAIL);
	assert_false(home(x)->last_status_authentic);
	fix_fini(x);
	test_free(x);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_old_sequence_refusal),
		cmocka_unit_test(test_forged_duplicate),
		cmocka_unit_test(test_forged_refusal_shown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
