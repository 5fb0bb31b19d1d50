/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The reasons for discarding: each has a name of its own, in the form that
 * logs and tools want, and a meaning.
 *
 * Links: base
 */
#include "mip6/drop.h"

#include "unit/support.h"

static void
test_names(void **state)
{
	const char *name, *c;
	int i, j;

	(void)state;
	for (i = 0; i < MIP6_DROP_COUNT; i++) {
		name = mip6_drop_name((enum mip6_drop)i);
		assert_true(strlen(name) > 2);
		for (c = name; *c != '\0'; c++)
			assert_non_null(
			    strchr("abcdefghijklmnopqrstuvwxyz0123456789-",
				*c));
		assert_true(strlen(mip6_drop_meaning((enum mip6_drop)i)) > 5);
		for (j = 0; j < i; j++)
			assert_string_not_equal(name,
			    mip6_drop_name((enum mip6_drop)j));
	}
	assert_string_equal(mip6_drop_name(MIP6_DROP_NOT_IP6), "not-ip6");
	assert_string_equal(mip6_drop_name(MIP6_DROP_ICMP_IGNORED),
	    "icmp-ignored");
	assert_string_equal(mip6_drop_meaning(MIP6_DROP_BAD_CHECKSUM),
	    "upper-layer checksum wrong");
}

static void
test_past_the_end(void **state)
{
	(void)state;
	SUPPORT_ABORTS((void)mip6_drop_name(MIP6_DROP_COUNT));
	SUPPORT_ABORTS((void)mip6_drop_meaning(MIP6_DROP_COUNT));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_names),
		cmocka_unit_test(test_past_the_end),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
