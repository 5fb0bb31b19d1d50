/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The packet filter of macOS as text: the whole anchor for each role, and
 * what pfctl prints, whole, cut and damaged.
 *
 * Links: darwin base
 */
#include "platform/darwin/pf_text.h"

#include <stdlib.h>
#include <string.h>

#include "unit/support.h"

static struct mip6_addr pf_addr[4];

static struct mip6_pf_list
list_of(size_t first, uint32_t count)
{
	struct mip6_pf_list l = { &pf_addr[first], count, count };

	return l;
}

static int
setup(void **state)
{
	(void)state;
	assert_true(mip6_addr_parse("2001:db8:a::1", &pf_addr[0]));
	assert_true(mip6_addr_parse("2001:db8:a::2", &pf_addr[1]));
	assert_true(mip6_addr_parse("2001:db8:1::100", &pf_addr[2]));
	assert_true(mip6_addr_parse("2001:db8:1::101", &pf_addr[3]));
	return 0;
}

static const struct mip6_pf_link pf_links[] = {
	{ 4, "en0" }, { 5, "en7" }, { 6, "e n\"8" }, /* never in a rule */
};

static void
check_text(const struct mip6_pf_rules *r, uint32_t rules, const char *want)
{
	char *text = NULL;
	size_t count = 0;
	FILE *f = open_memstream(&text, &count);
	uint32_t n;

	assert_non_null(f);
	n = mip6_pf_text(f, r);
	assert_int_equal(fclose(f), 0);
	assert_string_equal(text, want);
	assert_int_equal(n, rules);
	/* What pfctl would print of it has as many. */
	assert_int_equal(mip6_pf_read_rules(text, count), rules);
	free(text);
}

static void
test_rules(void **state)
{
	struct mip6_pf_rules r = { .link = pf_links,
		.links = 3,
		.tun = "utun4" };

	(void)state;
	/* A mobile node whose care-of address is the daemon's alone. */
	check_text(&r, 0, "");
	/* Its home address needs nothing either: the host is a strong one. */
	r.shield = list_of(2, 1);
	check_text(&r, 0, "");
	r.silence = list_of(0, 2);
	check_text(&r, 1,
	    "table <mip6d_silence> persist { 2001:db8:a::1 2001:db8:a::2 }\n"
	    "block drop out quick inet6 proto ipv6-icmp "
	    "from <mip6d_silence> to any icmp6-type paramprob\n");
	r.links = 0;
	check_text(&r, 0, "");
	/* A home agent, which forwards. */
	r.links = 3;
	r.weak = true;
	r.silence.count = 0;
	check_text(&r, 2,
	    "table <mip6d_shield> persist { 2001:db8:1::100 }\n"
	    "block drop in quick on en0 inet6 from any to <mip6d_shield>\n"
	    "block drop in quick on en7 inet6 from any to <mip6d_shield>\n");
	/* A correspondent. */
	r.shield.count = 0;
	r.links = 1;
	r.silence = list_of(0, 1);
	r.divert = list_of(2, 2);
	check_text(&r, 2,
	    "table <mip6d_silence> persist { 2001:db8:a::1 }\n"
	    "table <mip6d_divert> persist { 2001:db8:1::100 2001:db8:1::101 }\n"
	    "block drop out quick inet6 proto ipv6-icmp "
	    "from <mip6d_silence> to any icmp6-type paramprob\n"
	    "pass out quick on en0 route-to utun4 inet6 "
	    "from any to <mip6d_divert> no state\n");
}

static void
test_names(void **state)
{
	(void)state;
	assert_true(mip6_pf_name_is_plain("en0"));
	assert_true(mip6_pf_name_is_plain("utun12"));
	assert_false(mip6_pf_name_is_plain(""));
	assert_false(mip6_pf_name_is_plain("en0 "));
	assert_false(mip6_pf_name_is_plain("en0\npass"));
	assert_false(mip6_pf_name_is_plain("en0{"));
}

static const char pf_enabled_text[] = "No ALTQ support in kernel\n"
				      "ALTQ related functions disabled\n"
				      "pf enabled\n"
				      "Token : 17213484373862862773\n";

static void
test_token(void **state)
{
	static const char *const bad[] = {
		"",
		"Token",
		"Token :",
		"Token : ",
		"Token : x",
		"Token : 0",
		"Token : 12x",
		"Token : 12 3",
		"Token : -1",
		"Token : 18446744073709551616", /* 2^64 */
		" Token : 12",
		"Token 12",
		"Token : 12\nToken : 13\n",
		"pfctl: /dev/pf: Operation not permitted\n",
	};
	uint64_t token = 77;
	size_t i;

	(void)state;
	assert_true(mip6_pf_read_token(pf_enabled_text,
	    sizeof(pf_enabled_text) - 1, &token));
	assert_true(token == 17213484373862862773u);
	assert_true(mip6_pf_read_token("Token:5", 7, &token));
	assert_int_equal(token, 5);
	assert_true(
	    mip6_pf_read_token("Token : 18446744073709551615", 28, &token));
	assert_true(token == UINT64_MAX);
	token = 77;
	for (i = 0; i < MIP6_COUNT(bad); i++) {
		if (mip6_pf_read_token(bad[i], strlen(bad[i]), &token))
			fail_msg("taken: %s", bad[i]);
		assert_int_equal(token, 77);
	}
}

/* Cut anywhere: another token perhaps, never one made of what is behind. */
static void
test_token_cut(void **state)
{
	size_t whole = sizeof(pf_enabled_text) - 1, count;
	uint64_t token;
	char *copy;

	(void)state;
	for (count = 0; count < whole - 1; count++) {
		/* Exactly so large that a sanitizer sees a step too far. */
		copy = malloc(count > 0 ? count : 1);
		assert_non_null(copy);
		memcpy(copy, pf_enabled_text, count);
		token = 0;
		if (mip6_pf_read_token(copy, count, &token))
			assert_true(token < 17213484373862862773u);
		free(copy);
	}
}

static void
test_status(void **state)
{
	static const char on[] =
	    "No ALTQ support in kernel\n"
	    "Status: Enabled for 0 days 00:12:31           Debug: Urgent\n";
	static const char off[] =
	    "Status: Disabled for 0 days 00:00:02          Debug: Urgent\n";
	static const char stock[] =
	    "scrub-anchor \"com.apple/*\" all fragment reassemble\n"
	    "anchor \"com.apple/*\" all\n";
	static const char bare[] =
	    "pass all\nscrub-anchor \"com.apple/*\" all\n";

	(void)state;
	assert_true(mip6_pf_read_enabled(on, sizeof(on) - 1));
	assert_false(mip6_pf_read_enabled(off, sizeof(off) - 1));
	assert_false(mip6_pf_read_enabled("", 0));
	assert_false(mip6_pf_read_enabled("Status: Enable", 14));
	assert_true(mip6_pf_read_anchor(stock, sizeof(stock) - 1));
	assert_false(mip6_pf_read_anchor(bare, sizeof(bare) - 1));
	assert_int_equal(mip6_pf_read_rules(bare, sizeof(bare) - 1), 1);
	assert_int_equal(mip6_pf_read_rules("", 0), 0);
	assert_int_equal(mip6_pf_read_rules("block", 5), 0);
}

/* Wherever it stands in a line, and whole. */
static void
test_reference(void **state)
{
	static const char text[] = "TOKENS:\nPID  Process Name  TOKEN\n"
				   "1234 pfctl7 17213484373862862773  2 days";

	(void)state;
	assert_true(mip6_pf_read_reference(text, sizeof(text) - 1,
	    17213484373862862773u));
	assert_true(mip6_pf_read_reference(text, sizeof(text) - 1, 1234));
	assert_true(mip6_pf_read_reference("8", 1, 8));
	assert_false(mip6_pf_read_reference(text, sizeof(text) - 1, 123));
	assert_false(mip6_pf_read_reference(text, sizeof(text) - 1, 234));
	assert_false(mip6_pf_read_reference(text, sizeof(text) - 1, 7));
	assert_false(mip6_pf_read_reference(text, sizeof(text) - 1, 0));
	assert_false(mip6_pf_read_reference("", 0, 0));
	assert_false(mip6_pf_read_reference("12x", 3, 12));
}

static void
test_complaint(void **state)
{
	static const char bad[] =
	    "pfctl: Use of -f option, could result in flushing of rules\n"
	    "present in the main ruleset added by the system at startup.\n"
	    "See /etc/pf.conf for further details.\n\n"
	    "No ALTQ support in kernel\n"
	    "ALTQ related functions disabled\n"
	    "stdin:3: syntax \033[31merror\n"
	    "pfctl: Syntax error in config file: pf rules not loaded\n";
	char to[64], small[8];

	(void)state;
	mip6_pf_read_complaint(bad, sizeof(bad) - 1, to, sizeof(to));
	assert_string_equal(to, "stdin:3: syntax ?[31merror");
	mip6_pf_read_complaint(bad, sizeof(bad) - 1, small, sizeof(small));
	assert_string_equal(small, "stdin:3");
	mip6_pf_read_complaint(pf_enabled_text, sizeof(pf_enabled_text) - 1, to,
	    sizeof(to));
	assert_string_equal(to, "");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_rules),
		cmocka_unit_test(test_names),
		cmocka_unit_test(test_token),
		cmocka_unit_test(test_token_cut),
		cmocka_unit_test(test_status),
		cmocka_unit_test(test_reference),
		cmocka_unit_test(test_complaint),
	};

	return cmocka_run_group_tests(tests, setup, NULL);
}
