/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The list of actions: its limits, exactly, and the names.
 *
 * Links: core
 */
#include "support.h"

#include "core/action.h"

static void
test_limits(void **state)
{
	struct mip6_actions *l = test_malloc(sizeof(*l));
	struct mip6_action *a;
	size_t i;

	(void)state;
	mip6_actions_clear(l);
	assert_true(mip6_actions_room(l, MIP6_ACTIONS_MAX, MIP6_ACTIONS_ARENA));
	assert_false(mip6_actions_room(l, MIP6_ACTIONS_MAX + 1, 0));
	assert_false(mip6_actions_room(l, 0, MIP6_ACTIONS_ARENA + 1));
	memset(&l->v[0], 0xff, sizeof(l->v[0]));
	a = mip6_actions_add(l, MIP6_ACT_RULE);
	assert_ptr_equal(a, &l->v[0]);
	assert_int_equal(a->kind, MIP6_ACT_RULE);
	assert_int_equal(a->id, 0);
	assert_true(mip6_addr_is_any(&a->u.rule.src));
	for (i = 1; i < MIP6_ACTIONS_MAX; i++) {
		assert_true(mip6_actions_room(l, 1, 0));
		(void)mip6_actions_add(l, MIP6_ACT_SEND);
	}
	assert_false(mip6_actions_room(l, 1, 0));
	assert_true(mip6_actions_room(l, 0, 0));
	SUPPORT_ABORTS(mip6_actions_add(l, MIP6_ACT_SEND));
	test_free(l);
}

static void
test_arena(void **state)
{
	struct mip6_actions *l = test_malloc(sizeof(*l));
	uint8_t *p, *q;

	(void)state;
	mip6_actions_clear(l);
	p = mip6_actions_octets(l, 40);
	q = mip6_actions_octets(l, MIP6_ACTIONS_ARENA - 40);
	assert_ptr_equal(q, p + 40);
	assert_true(mip6_actions_room(l, 1, 0));
	assert_false(mip6_actions_room(l, 1, 1));
	SUPPORT_ABORTS(mip6_actions_octets(l, 1));
	mip6_actions_clear(l);
	assert_true(mip6_actions_room(l, 1, MIP6_ACTIONS_ARENA));
	test_free(l);
}

static void
test_names(void **state)
{
	int i, k;

	(void)state;
	for (i = 0; i <= MIP6_ACT_ROUTE_GET; i++) {
		assert_true(
		    strlen(mip6_action_name((enum mip6_action_kind)i)) > 2);
		for (k = 0; k < i; k++)
			assert_string_not_equal(mip6_action_name(
						    (enum mip6_action_kind)i),
			    mip6_action_name((enum mip6_action_kind)k));
	}
	assert_string_equal(mip6_action_name(MIP6_ACT_ROW_SET), "row-set");
	assert_string_equal(mip6_action_name(MIP6_ACT_TUN_MTU), "tun-mtu");
	SUPPORT_ABORTS(
	    mip6_action_name((enum mip6_action_kind)(MIP6_ACT_RESOLVE + 1)));
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_limits),
		cmocka_unit_test(test_arena),
		cmocka_unit_test(test_names),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
