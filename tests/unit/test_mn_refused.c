/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A home agent that refuses for good, and when it is asked again.
 *
 * Links: core
 */
#include "mn_fix.h"

static void
answer(struct fix *x, const struct fix_sent *s, const struct mip6_mh *m,
    uint8_t status)
{
	struct mip6_conf_sa sa = fix_sa();
	struct fix_ba ba = fix_accept(m, &sa);

	ba.status = status;
	if (status >= 128)
		ba.lifetime.us = 0;
	fix_answer(x, s, NULL, &ba);
}

static void
wait_alive(struct fix *x, int64_t s)
{
	for (; s > 0; s -= 60) {
		fix_ra(x, "2001:db8:a::", 1800); /* the router is there */
		fix_wait(x, MIP6_SPAN_S(s < 60 ? s : 60));
	}
}

/*
 * P-REFUSED: who refused for good is asked again after 10 min, then after
 * twice as long, at most an hour; not sooner at another place when it was for
 * a duplicate; and at once when somebody says so.
 */
static void
test_refused_for_good(void **state)
{
	static const int wait_s[] = { 600, 1200, 2400, 3600, 3600 };
	struct fix *x = test_malloc(sizeof(*x));
	const struct fix_sent *s;
	struct mip6_event ev;
	struct mip6_mh m;
	size_t i;

	(void)state;
	s = begin(x, &m);
	for (i = 0; i < MIP6_COUNT(wait_s); i++) {
		answer(x, s, &m,
		    i % 2 == 0 ? MIP6_BA_DAD_FAILED : MIP6_BA_NOT_HOME_SUBNET);
		wait_alive(x, wait_s[i] - 1);
		assert_null(fix_next_mh(x, &m));
		wait_alive(x, 1);
		s = fix_next_mh(x, &m);
		assert_non_null(s);
	}
	/* No carrier when it would have been time: then when there is one. */
	answer(x, s, &m, MIP6_BA_DAD_FAILED);
	fix_link(x, false);
	wait_alive(x, 3590);
	fix_link(x, true);
	fix_ra(x, "2001:db8:b::", 1800);
	assert_null(fix_next_mh(x, &m));
	wait_alive(x, 10);
	s = fix_next_mh(x, &m);
	assert_non_null(s);
	answer(x, s, &m, MIP6_BA_DAD_FAILED);
	memset(&ev, 0, sizeof(ev));
	ev.kind = MIP6_EV_COMMAND;
	ev.u.command.kind = MIP6_CMD_FLUSH_REGISTRATION;
	fix_give(x, &ev);
	s = fix_next_mh(x, &m);
	assert_non_null(s);
	answer(x, s, &m, 0);
	assert_int_equal(home(x)->state, MN_REGISTERED);
	assert_int_equal(home(x)->refused_wait.us, 0);
	fix_fini(x);
	test_free(x);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_refused_for_good),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
