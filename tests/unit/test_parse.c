/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The words of the parse results and of the header chain's faults: each has
 * one, and no two share it.
 * Links: wire
 */
#include "wire/parse.h"

#include "unit/support.h"
#include "wire/ip6.h"

static void
test_names(void **state)
{
	unsigned int i, j;

	(void)state;
	assert_string_equal(mip6_parse_name(MIP6_PARSE_OK), "ok");
	assert_string_equal(mip6_parse_name(MIP6_PARSE_BAD_DESTINATION),
	    "bad-destination");
	for (i = 0; i < MIP6_PARSE_COUNT; i++)
		for (j = 0; j < i; j++)
			assert_string_not_equal(mip6_parse_name(
						    (enum mip6_parse)i),
			    mip6_parse_name((enum mip6_parse)j));
	SUPPORT_ABORTS(mip6_parse_name(MIP6_PARSE_COUNT));
}

static void
test_fault_names(void **state)
{
	unsigned int i, j;

	(void)state;
	assert_string_equal(mip6_ip6_fault_name(MIP6_IP6_FAULT_HAO_TWICE),
	    "hao-twice");
	for (i = 0; i < MIP6_IP6_FAULT_COUNT; i++)
		for (j = 0; j < i; j++)
			assert_string_not_equal(mip6_ip6_fault_name(
						    (enum mip6_ip6_fault)i),
			    mip6_ip6_fault_name((enum mip6_ip6_fault)j));
	SUPPORT_ABORTS(mip6_ip6_fault_name(MIP6_IP6_FAULT_COUNT));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_names),
		cmocka_unit_test(test_fault_names),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
