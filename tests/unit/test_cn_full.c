/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * More mobile nodes than there is room for: who talks stays, who is forgotten
 * could not be replayed, one prefix does not take it all.
 *
 * Links: core
 */
#include "cn_fix.h"

#include <stdio.h>

/* An update of the host `k` of the prefix number `prefix`. */
static int
bind_as(struct cn_fix *t, unsigned int prefix, unsigned int k)
{
	struct cn_fix_bu bu = cn_fix_update(1);
	char hoa[40];

	(void)snprintf(hoa, sizeof(hoa), "2001:db8:%x::%x", 0x100 + prefix,
	    k + 1);
	cn_fix_tokens_of(t, hoa, CN_COA);
	bu.hoa = hoa;
	return cn_fix_bu(t, &bu);
}

static void
use(struct cn_fix *t, unsigned int prefix, unsigned int k)
{
	struct mip6_event ev;
	char hoa[40];

	(void)snprintf(hoa, sizeof(hoa), "2001:db8:%x::%x", 0x100 + prefix,
	    k + 1);
	memset(&ev, 0, sizeof(ev));
	ev.kind = MIP6_EV_HINT;
	ev.u.hint.kind = MIP6_HINT_ROW_USED;
	ev.u.hint.src = fix_addr(CN_OUR);
	ev.u.hint.dst = fix_addr(hoa);
	fix_give(&t->x, &ev);
}

static void
test_eviction(void **state)
{
	struct cn_fix *t = test_malloc(sizeof(*t));
	unsigned int i;

	(void)state;
	cn_fix_init(t);
	for (i = 0; i < 16; i++) {
		assert_int_equal(bind_as(t, i, 0), MIP6_BA_ACCEPTED);
		if (i != 3)
			use(t, i, 0);
	}
	/* All could be replayed, so none goes. */
	assert_int_equal(bind_as(t, 20, 0), MIP6_BA_INSUFFICIENT_RESOURCES);
	fix_wait(&t->x, MIP6_SPAN_S(241));
	/* Number 3 made room for it, and no other does. */
	assert_int_equal(bind_as(t, 21, 0), MIP6_BA_ACCEPTED);
	assert_int_equal(bind_as(t, 22, 0), MIP6_BA_INSUFFICIENT_RESOURCES);
	for (i = 0; i < 16; i++) {
		char hoa[40];

		(void)snprintf(hoa, sizeof(hoa), "2001:db8:%x::1", 0x100 + i);
		assert_true(
		    cn_fix_leads(t, CN_OUR, hoa, i == 3 ? NULL : CN_COA));
	}
	cn_fix_fini(t);
	test_free(t);
}

/* One /64 gets an eighth when the cache is half full. */
static void
test_share(void **state)
{
	struct cn_fix *t = test_malloc(sizeof(*t));
	unsigned int i;

	(void)state;
	cn_fix_init(t);
	for (i = 0; i < 8; i++)
		assert_int_equal(bind_as(t, 0, i), MIP6_BA_ACCEPTED);
	assert_int_equal(bind_as(t, 0, 8), MIP6_BA_INSUFFICIENT_RESOURCES);
	assert_int_equal(bind_as(t, 1, 0), MIP6_BA_ACCEPTED);
	assert_int_equal(bind_as(t, 1, 1), MIP6_BA_ACCEPTED);
	assert_int_equal(bind_as(t, 1, 2), MIP6_BA_INSUFFICIENT_RESOURCES);
	cn_fix_fini(t);
	test_free(t);
}

/* Other addresses of ours get a row when packets ask for one. */
static void
test_rows(void **state)
{
	struct cn_fix *t = test_malloc(sizeof(*t));
	struct cn_fix_bu bu = cn_fix_update(1);
	struct mip6_event ev;
	char text[40];
	unsigned int i;

	(void)state;
	cn_fix_init(t);
	cn_fix_tokens_of(t, CN_HOA, CN_COA);
	assert_int_equal(cn_fix_bu(t, &bu), MIP6_BA_ACCEPTED);
	for (i = 0; i < 14; i++) {
		(void)snprintf(text, sizeof(text), "2001:db8:c::1:%x", i + 1);
		fix_host_addr(&t->x, text, 64, 0, false);
		memset(&ev, 0, sizeof(ev));
		ev.kind = MIP6_EV_HINT;
		ev.u.hint.kind = MIP6_HINT_NO_ROW;
		ev.u.hint.src = fix_addr(text);
		ev.u.hint.dst = fix_addr(CN_HOA);
		fix_give(&t->x, &ev);
		assert_true(cn_fix_leads(t, text, CN_HOA, CN_COA));
	}
	/* All go with the binding. */
	bu.seq = 2;
	bu.lifetime_s = 0;
	assert_int_equal(cn_fix_bu(t, &bu), MIP6_BA_ACCEPTED);
	assert_true(cn_fix_leads(t, text, CN_HOA, NULL));
	assert_true(cn_fix_leads(t, CN_OUR, CN_HOA, NULL));
	cn_fix_fini(t);
	test_free(t);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_eviction),
		cmocka_unit_test(test_share),
		cmocka_unit_test(test_rows),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
