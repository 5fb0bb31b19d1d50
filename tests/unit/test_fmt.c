/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The text builder: every kind of value, and every capacity from 1 up to what
 * the whole text needs, in blocks of exactly that size.
 */
#include "base/fmt.h"

#include "unit/support.h"

static void
fmt_all(struct mip6_fmt *f)
{
	static const uint8_t octets[] = { 0x00, 0x0f, 0xf0, 0xab };
	struct mip6_lladdr ll = { { 0x02, 0x00, 0x5e, 0x10, 0x00, 0xff } };

	mip6_fmt_str(f, "a=");
	mip6_fmt_u64(f, 0);
	mip6_fmt_char(f, ' ');
	mip6_fmt_u64(f, UINT64_MAX);
	mip6_fmt_char(f, ' ');
	mip6_fmt_i64(f, INT64_MIN);
	mip6_fmt_char(f, ' ');
	mip6_fmt_i64(f, INT64_MAX);
	mip6_fmt_char(f, ' ');
	mip6_fmt_i64(f, -10);
	mip6_fmt_char(f, ' ');
	mip6_fmt_hex(f, octets, sizeof(octets));
	mip6_fmt_hex(f, octets, 0);
	mip6_fmt_str(f, "");
	mip6_fmt_char(f, ' ');
	mip6_fmt_addr(f, &mip6_addr_all_routers);
	mip6_fmt_char(f, ' ');
	mip6_fmt_lladdr(f, &ll);
}

static const char fmt_whole[] =
    "a=0 18446744073709551615 -9223372036854775808 "
    "9223372036854775807 -10 000ff0ab ff02::2 02:00:5e:10:00:ff";

static void
test_whole(void **state)
{
	char text[sizeof(fmt_whole)];
	struct mip6_fmt f = mip6_fmt_make(text, sizeof(text));

	(void)state;
	assert_string_equal(text, "");
	fmt_all(&f);
	assert_string_equal(text, fmt_whole);
	assert_int_equal(f.count, sizeof(fmt_whole) - 1);
	assert_false(f.cut);
	mip6_fmt_str(&f, "");
	assert_false(f.cut);
	mip6_fmt_char(&f, 'x');
	assert_true(f.cut);
	assert_string_equal(text, fmt_whole);
}

static void
test_cut(void **state)
{
	struct mip6_fmt f;
	size_t cap;
	char *text;

	(void)state;
	for (cap = 1; cap < sizeof(fmt_whole); cap++) {
		text = malloc(cap);
		assert_non_null(text);
		f = mip6_fmt_make(text, cap);
		fmt_all(&f);
		assert_true(f.cut);
		assert_int_equal(f.count, cap - 1);
		assert_int_equal(strlen(text), cap - 1);
		assert_memory_equal(text, fmt_whole, cap - 1);
		free(text);
	}
	SUPPORT_ABORTS((void)mip6_fmt_make(NULL, 8));
}

static void
test_no_room(void **state)
{
	char text[1];

	(void)state;
	SUPPORT_ABORTS((void)mip6_fmt_make(text, 0));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_whole),
		cmocka_unit_test(test_cut),
		cmocka_unit_test(test_no_room),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
