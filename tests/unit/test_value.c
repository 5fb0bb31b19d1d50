/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The words of mip6.conf: whole values and nothing else.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "config/value.h"

static void
test_span(void **state)
{
	static const struct {
		const char *text;
		int64_t us; /* -1: refused */
	} rows[] = { { "0", 0 }, { "7", 7000000 }, { "7s", 7000000 },
		{ "1.5s", 1500000 }, { "1.5", 1500000 }, { "10ms", 10000 },
		{ "0.5ms", 500 }, { "2m", 120000000 }, { "1.5h", 5400000000 },
		{ "1d", 86400000000 }, { "0.000001s", 1 },
		{ "100000000d", INT64_C(8640000000000000000) },
		{ "100000001d", -1 }, { "0.0000001s", -1 }, { "", -1 },
		{ "s", -1 }, { ".5", -1 }, { "1.", -1 }, { "1.s", -1 },
		{ "-1", -1 }, { "+1", -1 }, { " 1", -1 }, { "1 ", -1 },
		{ "1 s", -1 }, { "1S", -1 }, { "0x10", -1 }, { "1e3", -1 },
		{ "1us", -1 }, { "1mss", -1 },
		{ "99999999999999999999999999", -1 } };
	struct mip6_span span;
	size_t i;

	(void)state;
	for (i = 0; i < MIP6_COUNT(rows); i++) {
		span.us = 42;
		if (mip6_value_span(rows[i].text, &span) != (rows[i].us >= 0))
			fail_msg("%s", rows[i].text);
		assert_int_equal(span.us, rows[i].us >= 0 ? rows[i].us : 42);
	}
}

static void
test_u32(void **state)
{
	static const char *const bad[] = { "", "-1", "+1", " 1", "1 ", "0x1",
		"1.0", "4294967296", "99999999999999999999999", "9", "a" };
	uint32_t v = 42;
	size_t i;

	(void)state;
	for (i = 0; i < MIP6_COUNT(bad); i++)
		assert_false(mip6_value_u32(bad[i], 10, UINT32_MAX, &v));
	assert_int_equal(v, 42);
	assert_true(mip6_value_u32("4294967295", 10, UINT32_MAX, &v));
	assert_int_equal(v, UINT32_MAX);
	assert_true(mip6_value_u32("00010", 10, 10, &v));
	assert_int_equal(v, 10);
	assert_false(mip6_value_u32("11", 10, 10, &v));
}

static void
test_addr_bits(void **state)
{
	static const char *const bad[] = { "", "/64", "::", "::/", "::/129",
		"::/-1", "::/6 4", "x/64", "::/64/64",
		"1111:2222:3333:4444:5555:6666:7777:8888:9999:aaaa/64" };
	struct mip6_addr a = { { 9 } };
	uint8_t bits = 42;
	size_t i;

	(void)state;
	for (i = 0; i < MIP6_COUNT(bad); i++)
		assert_false(mip6_value_addr_bits(bad[i], &a, &bits));
	assert_int_equal(bits, 42);
	assert_int_equal(a.b[0], 9);
	assert_true(mip6_value_addr_bits("2001:db8::7/128", &a, &bits));
	assert_int_equal(bits, 128);
	assert_int_equal(a.b[15], 7);
}

static void
test_ifname(void **state)
{
	static const struct {
		const char *text;
		bool name, pattern;
	} rows[] = { { "eth0", true, true }, { "eth0.1", true, true },
		{ "en*", false, true }, { "*", false, true },
		{ "e*n", false, false }, { "**", false, false },
		{ "", false, false }, { ".", false, false },
		{ "..", false, false }, { "a/b", false, false },
		{ "a b", false, false }, { "a\"", false, false },
		{ "a\n", false, false }, { "\x80", false, false },
		{ "123456789012345", true, true },
		{ "1234567890123456", false, false } };
	size_t i;

	(void)state;
	for (i = 0; i < MIP6_COUNT(rows); i++) {
		assert_int_equal(mip6_value_ifname(rows[i].text, false),
		    rows[i].name);
		assert_int_equal(mip6_value_ifname(rows[i].text, true),
		    rows[i].pattern);
	}
}

static void
test_words(void **state)
{
	uint8_t octets[2] = { 7, 7 };
	size_t n = 42;
	bool b = true;

	(void)state;
	assert_true(mip6_value_host("a", 9));
	assert_true(mip6_value_host("ha-1.example.net.", 99));
	assert_true(mip6_value_host("1.2.3.a4", 99));
	assert_false(mip6_value_host("", 9));
	assert_false(mip6_value_host(".", 9));
	assert_false(mip6_value_host("a..b", 9));
	assert_false(mip6_value_host("-a", 9));
	assert_false(mip6_value_host("a-.b", 9));
	assert_false(mip6_value_host("a_b", 9));
	assert_false(mip6_value_host("192.0.2.1", 99));
	assert_false(mip6_value_host("abcd", 3));
	assert_true(mip6_value_word("a@b", 3));
	assert_false(mip6_value_word("a@b", 2));
	assert_false(mip6_value_word("", 2));
	assert_false(mip6_value_word("a b", 9));
	assert_false(mip6_value_word("\xff", 9));
	assert_true(mip6_value_bool("off", &b));
	assert_false(b);
	assert_false(mip6_value_bool("OFF", &b));
	assert_true(mip6_value_hex("0aFf", octets, 2, &n));
	assert_int_equal(n, 2);
	assert_int_equal(octets[0], 0x0a);
	assert_int_equal(octets[1], 0xff);
	assert_false(mip6_value_hex("", octets, 2, &n));
	assert_false(mip6_value_hex("0", octets, 2, &n));
	assert_false(mip6_value_hex("0g", octets, 2, &n));
	assert_false(mip6_value_hex("000000", octets, 2, &n));
	assert_int_equal(octets[0], 0x0a);
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_span),
		cmocka_unit_test(test_u32),
		cmocka_unit_test(test_addr_bits),
		cmocka_unit_test(test_ifname),
		cmocka_unit_test(test_words),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
