/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * From home to a foreign link, while the home agent still asks whether another
 * node has the home address: what is sent meanwhile.
 *
 * Links: core
 */
#include "mn_fix.h"

static const struct mip6_fwd_row *
row(struct fix *x)
{
	const struct mip6_action *a = fix_last(x, MIP6_ACT_ROW_SET);

	assert_non_null(a);
	return &a->u.row;
}

/* At home, then on the foreign link a, the update sent. */
static struct fix *
arrive(void)
{
	struct fix *x = test_malloc(sizeof(*x));

	fix_mn(x);
	fix_link(x, true);
	fix_ra(x, "2001:db8:1::", 1800);
	fix_wait(x, MIP6_SPAN_S(20));
	assert_int_equal(row(x)->kind, MIP6_FWD_MN_HOME);
	fix_link(x, false);
	/* Nothing was asked for yet: in silence. */
	assert_int_equal(row(x)->kind, MIP6_FWD_MN_TUNNEL);
	assert_int_equal(row(x)->hop, MIP6_HOP_NONE);
	x->seen = x->sents;
	fix_link(x, true);
	fix_ra(x, "2001:db8:a::", 1800);
	return x;
}

static void
test_asked_for(void **state)
{
	struct fix *x = arrive();
	struct mip6_conf_sa sa = fix_sa();
	struct mip6_addr agent = fix_addr(FIX_AGENT);
	struct mip6_addr a = fix_addr("2001:db8:a::");
	const struct fix_sent *s;
	struct fix_ba ba;
	struct mip6_mh m;

	(void)state;
	/* With the update the tunnel, one way and the other. */
	s = fix_next_mh(x, &m);
	assert_non_null(s);
	assert_int_equal(row(x)->kind, MIP6_FWD_MN_TUNNEL);
	assert_memory_equal(&row(x)->local, &a, 8);
	assert_true(mip6_addr_equal(&row(x)->peer, &agent));
	assert_int_not_equal(row(x)->hop, MIP6_HOP_NONE);
	fix_wait(x, MIP6_SPAN_S(1));
	ba = fix_accept(&m, &sa);
	x->acts = 0;
	fix_answer(x, s, NULL, &ba);
	assert_int_equal(home(x)->state, MN_REGISTERED);
	/* Set anew though it is the same: the path tells of its first use. */
	assert_int_equal(row(x)->kind, MIP6_FWD_MN_TUNNEL);
	assert_false(home(x)->row_eager);
	fix_fini(x);
	test_free(x);
}

/* Nobody answers: after three seconds whoever sends is told. */
static void
test_not_for_long(void **state)
{
	struct fix *x = arrive();

	(void)state;
	assert_true(home(x)->row_eager);
	fix_wait(x, MIP6_SPAN_MS(2900));
	assert_int_equal(row(x)->kind, MIP6_FWD_MN_TUNNEL);
	fix_wait(x, MIP6_SPAN_MS(200));
	assert_int_equal(row(x)->kind, MIP6_FWD_MN_BLOCK);
	fix_wait(x, MIP6_SPAN_S(30));
	assert_int_equal(row(x)->kind, MIP6_FWD_MN_BLOCK);
	fix_fini(x);
	test_free(x);
}

/* A binding that ends because nobody answers is no arrival: nothing is sent. */
static void
test_not_after_expiry(void **state)
{
	struct fix *x = test_malloc(sizeof(*x));

	(void)state;
	bound(x);
	fix_ra(x, "2001:db8:a::", 9000);
	fix_wait(x, MIP6_SPAN_MS(600000));
	assert_int_equal(home(x)->state, MN_REGISTERING);
	assert_int_equal(row(x)->kind, MIP6_FWD_MN_TUNNEL);
	assert_int_equal(row(x)->hop, MIP6_HOP_NONE);
	assert_false(home(x)->row_eager);
	fix_fini(x);
	test_free(x);
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_asked_for),
		cmocka_unit_test(test_not_for_long),
		cmocka_unit_test(test_not_after_expiry),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
