/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Key files: what is one, and that a file which others can reach is none.
 */
#include <sys/stat.h>
#include <sys/types.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "config/keyfile.h"

#define KEY16 "000102030405060708090a0b0c0d0e0f"
#define KEY64 KEY16 KEY16 KEY16 KEY16

static void
test_parse(void **state)
{
	static const struct {
		const char *text;
		const char *why; /* "": good */
		uint32_t spi;
		uint8_t octets;
	} rows[] = {
		{ "key = " KEY16, "", 0, 16 },
		{ "spi=300\nkey=" KEY16 "\n", "", 300, 16 },
		{ "# c\n\n \t\n  spi = 4294967295 \r\n key = " KEY64 "\r\n", "",
		    UINT32_MAX, 64 },
		{ "", "line 1: expected \"key = HEX\"", 0, 0 },
		{ "spi = 300\n", "line 2: expected \"key = HEX\"", 0, 0 },
		{ "key = " KEY16 "\nkey = " KEY16, "line 2: key given twice", 0,
		    0 },
		{ "spi = 300\nspi = 300\n", "line 2: spi given twice", 0, 0 },
		{ "spi = 255\nkey = " KEY16,
		    "line 1: spi: expected a number from 256 to 4294967295", 0,
		    0 },
		{ "key = " KEY16 KEY64,
		    "line 1: key: expected 16 to 64 octets as hexadecimal "
		    "digits",
		    0, 0 },
		{ "key = 000102030405060708090a0b0c0d0e",
		    "line 1: key: expected 16 to 64 octets as hexadecimal "
		    "digits",
		    0, 0 },
		{ "key = 0" KEY16,
		    "line 1: key: expected 16 to 64 octets as hexadecimal "
		    "digits",
		    0, 0 },
		{ "key =",
		    "line 1: key: expected 16 to 64 octets as "
		    "hexadecimal digits",
		    0, 0 },
		{ KEY16, "line 1: expected \"spi = NUMBER\" or \"key = HEX\"",
		    0, 0 },
		{ KEY16 " = key",
		    "line 1: expected \"spi = NUMBER\" or \"key = HEX\"", 0,
		    0 },
	};
	struct mip6_keyfile key;
	char text[256];
	size_t i;

	(void)state;
	for (i = 0; i < MIP6_COUNT(rows); i++) {
		struct mip6_fmt why = mip6_fmt_make(text, sizeof(text));
		bool good = rows[i].why[0] == '\0';

		assert_int_equal(mip6_keyfile_parse(rows[i].text,
				     strlen(rows[i].text), &key, &why),
		    good);
		assert_string_equal(text, rows[i].why);
		assert_int_equal(key.spi, rows[i].spi);
		assert_int_equal(key.key_octets, rows[i].octets);
		/* Nothing of a key that was refused stays. */
		assert_int_equal(key.key[15], good ? 15 : 0);
		/* Nothing of a key is ever said. */
		assert_null(strstr(text, "0001"));
	}
}

static void
test_parse_bounds(void **state)
{
	static char text[MIP6_KEYFILE_OCTETS_MAX + 1];
	char said[256];
	struct mip6_fmt why = mip6_fmt_make(said, sizeof(said));
	struct mip6_keyfile key;

	(void)state;
	memset(text, '\n', sizeof(text));
	memcpy(text, "key = " KEY16, 38);
	assert_true(mip6_keyfile_parse(text, sizeof(text) - 1, &key, &why));
	assert_false(mip6_keyfile_parse(text, sizeof(text), &key, &why));
	text[100] = '\0';
	assert_false(mip6_keyfile_parse(text, 200, &key, &why));
	memset(text, ' ', sizeof(text));
	why = mip6_fmt_make(said, sizeof(said));
	assert_false(mip6_keyfile_parse(text, 512, &key, &why));
	assert_string_equal(said, "line 1: line too long");
}

static void
write_key(const char *path, mode_t mode)
{
	FILE *f = fopen(path, "w");

	assert_non_null(f);
	assert_true(fputs("key = " KEY16 "\n", f) >= 0);
	assert_int_equal(fclose(f), 0);
	assert_int_equal(chmod(path, mode), 0);
}

/* Reads `path` and checks what is said ("" when it is good). */
static void
check_read(const char *path, const char *expected)
{
	char said[256];
	struct mip6_fmt why = mip6_fmt_make(said, sizeof(said));
	struct mip6_keyfile key;

	assert_int_equal(mip6_keyfile_read(path, &key, &why),
	    expected[0] == '\0');
	assert_string_equal(said, expected);
}

static void
test_read(void **state)
{
	char dir[] = "/tmp/mip6-test-keyfile-XXXXXX";
	char path[64], link_path[64];

	(void)state;
	assert_non_null(mkdtemp(dir));
	(void)snprintf(path, sizeof(path), "%s/k", dir);
	(void)snprintf(link_path, sizeof(link_path), "%s/l", dir);
	assert_int_equal(symlink("k", link_path), 0);

	check_read(path, "No such file or directory");
	write_key(path, 0600);
	check_read(path, "");
	check_read(link_path, "");
	assert_int_equal(chmod(path, 0400), 0);
	check_read(path, "");
	assert_int_equal(chmod(path, 0640), 0);
	check_read(path, "others can reach it (mode 0640): chmod 600 it");
	check_read(link_path, "others can reach it (mode 0640): chmod 600 it");
	assert_int_equal(chmod(path, 0602), 0);
	check_read(path, "others can reach it (mode 0602): chmod 600 it");
	if (geteuid() == 0) {
		assert_int_equal(chmod(path, 0600), 0);
		assert_int_equal(chown(path, 12345, 0), 0);
		check_read(path,
		    "belongs to user 12345, not to root or to who runs this");
	}
	assert_int_equal(unlink(path), 0);

	assert_int_equal(mkdir(path, 0700), 0);
	check_read(path, "not a regular file");
	assert_int_equal(rmdir(path), 0);
	/* Nobody writes to it: reading must not wait for that. */
	assert_int_equal(mkfifo(path, 0600), 0);
	check_read(path, "not a regular file");
	assert_int_equal(unlink(path), 0);

	write_key(path, 0600);
	assert_int_equal(truncate(path, MIP6_KEYFILE_OCTETS_MAX + 1), 0);
	check_read(path, "too long to be a key file");
	assert_int_equal(unlink(path), 0);
	assert_int_equal(unlink(link_path), 0);
	assert_int_equal(rmdir(dir), 0);
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_parse),
		cmocka_unit_test(test_parse_bounds),
		cmocka_unit_test(test_read),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
