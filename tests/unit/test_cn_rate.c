/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Refusals are answered to whoever needs them, and so often: many mobile nodes
 * at once after a restart, one that is replayed for ever.
 *
 * Links: core
 */
#include <stdio.h>

#include "cn_fix.h"

static struct cn_fix *
rate_new(void)
{
	struct cn_fix *t = test_malloc(sizeof(*t));

	cn_fix_init(t);
	cn_fix_tokens_of(t, CN_HOA, CN_COA);
	return t;
}

static void
rate_delete(struct cn_fix *t)
{
	cn_fix_fini(t);
	test_free(t);
}

/* How many of `tries` such updates are answered with `status`. */
static uint32_t
answers(struct cn_fix *t, const struct cn_fix_bu *bu, uint32_t tries,
    int status)
{
	uint32_t i, count = 0;
	int got;

	for (i = 0; i < tries; i++) {
		t->x.sents = t->x.acts = 0;
		got = cn_fix_bu(t, bu);
		assert_true(got == status || got == -1);
		count += got == status;
	}
	return count;
}

/* R9.5.4-03: each of a hundred is told in the same second. */
static void
test_many(void **state)
{
	struct cn_fix *t = rate_new();
	struct cn_fix_bu bu = cn_fix_update(1);
	uint32_t i, count = 0;
	char coa[40];

	(void)state;
	t->home.nonce_index ^= 0x4000;
	for (i = 0; i < 100; i++) {
		(void)snprintf(coa, sizeof(coa), "2001:db8:%x::5", 0xa00 + i);
		bu.src = coa;
		count += answers(t, &bu, 1, MIP6_BA_EXPIRED_HOME_NONCE);
	}
	assert_int_equal(count, 100);
	rate_delete(t);
}

/* One alone is told so often, and others still are. */
static void
test_one(void **state)
{
	struct cn_fix *t = rate_new();
	struct cn_fix_bu bu = cn_fix_update(1), other = cn_fix_update(1);

	(void)state;
	fix_wait(&t->x, MIP6_SPAN_S(1));
	t->home.nonce_index ^= 0x4000;
	other.src = CN_COA2;
	assert_int_equal(answers(t, &bu, 3 * CN_TESTS_PER_S,
			     MIP6_BA_EXPIRED_HOME_NONCE),
	    CN_TESTS_PER_S);
	assert_int_equal(answers(t, &other, 1, MIP6_BA_EXPIRED_HOME_NONCE), 1);
	assert_int_equal(fix_drops(&t->x, MIP6_DROP_MH_RATE),
	    2 * CN_TESTS_PER_S);
	rate_delete(t);
}

/* A true update, again and again: no reflector of what is signed. */
static void
test_replay(void **state)
{
	struct cn_fix *t = rate_new();
	struct cn_fix_bu bu = cn_fix_update(1);

	(void)state;
	fix_wait(&t->x, MIP6_SPAN_S(1));
	assert_int_equal(cn_fix_bu(t, &bu), MIP6_BA_ACCEPTED);
	assert_int_equal(answers(t, &bu, 3 * CN_TESTS_PER_S,
			     MIP6_BA_SEQ_OUT_OF_WINDOW),
	    CN_TESTS_PER_S);
	/* What is newer is heard nevertheless. */
	bu.seq = 2;
	assert_int_equal(cn_fix_bu(t, &bu), MIP6_BA_ACCEPTED);
	rate_delete(t);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_many),
		cmocka_unit_test(test_one),
		cmocka_unit_test(test_replay),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
