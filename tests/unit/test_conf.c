/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Patterns of interface names.
 *
 * Links: core
 */
#include "support.h"

#include "core/conf.h"

static void
test_match(void **state)
{
	static const struct {
		const char *pattern, *name;
		bool match;
	} t[] = {
		{ "eth0", "eth0", true },
		{ "eth0", "eth01", false },
		{ "eth0", "eth", false },
		{ "eth*", "eth", true },
		{ "eth*", "eth10", true },
		{ "eth*", "et", false },
		{ "eth*", "xeth0", false },
		{ "*", "anything", true },
		{ "*", "", true },
		{ "", "", true },
		{ "", "eth0", false },
		{ "wlan*", "eth0", false },
		/* A whole name of 15 octets, the most there is. */
		{ "abcdefghijklmno", "abcdefghijklmno", true },
		{ "abcdefghijklmn*", "abcdefghijklmno", true },
	};
	struct mip6_conf_mn mn;
	size_t i;

	(void)state;
	memset(&mn, 0, sizeof(mn));
	mn.interfaces = 1;
	for (i = 0; i < MIP6_COUNT(t); i++) {
		memset(mn.interface[0], 0, sizeof(mn.interface[0]));
		memcpy(mn.interface[0], t[i].pattern, strlen(t[i].pattern));
		if (mip6_conf_interface_match(&mn, t[i].name) != t[i].match)
			fail_msg("%s, %s", t[i].pattern, t[i].name);
	}
}

static void
test_any_of_them(void **state)
{
	struct mip6_conf_mn mn;

	(void)state;
	memset(&mn, 0, sizeof(mn));
	memcpy(mn.interface[0], "eth0", 5);
	memcpy(mn.interface[1], "wl*", 4);
	memcpy(mn.interface[2], "usb0", 5);
	assert_false(mip6_conf_interface_match(&mn, "eth0"));
	mn.interfaces = 2;
	assert_true(mip6_conf_interface_match(&mn, "eth0"));
	assert_true(mip6_conf_interface_match(&mn, "wlan0"));
	assert_false(mip6_conf_interface_match(&mn, "usb0"));
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_match),
		cmocka_unit_test(test_any_of_them),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
