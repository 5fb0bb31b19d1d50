/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * mip6ctl genkey: what it writes is what the daemon reads, nobody else can,
 * and a key that is there stays.
 *
 * Links: ctl config core crypto base
 */
#include "unit/support.h"

#include <sys/stat.h>

#include <dirent.h>
#include <stdio.h>
#include <unistd.h>

#include "config/keyfile.h"
#include "ctl/genkey.h"

static char dir[] = "/tmp/mip6-test-genkey-XXXXXX";
static char path[64];

static int
setup(void **state)
{
	(void)state;
	if (mkdtemp(dir) == NULL)
		return -1;
	(void)snprintf(path, sizeof(path), "%s/key", dir);
	return 0;
}

static int
teardown(void **state)
{
	(void)state;
	(void)unlink(path);
	return rmdir(dir);
}

static struct mip6_keyfile
read_key(void)
{
	char said[256];
	struct mip6_fmt why = mip6_fmt_make(said, sizeof(said));
	struct mip6_keyfile key;

	if (!mip6_keyfile_read(path, &key, &why))
		fail_msg("%s", said);
	return key;
}

/* Files in the directory: no half of a key is left beside. */
static int
files(void)
{
	DIR *d = opendir(dir);
	struct dirent *e;
	int n = 0;

	assert_non_null(d);
	while ((e = readdir(d)) != NULL)
		n += e->d_name[0] != '.';
	assert_int_equal(closedir(d), 0);
	return n;
}

static void
test_file(void **state)
{
	struct mip6_keyfile first, second;
	mode_t mask = umask(0);
	struct stat st;
	char err[256] = "";

	(void)state;
	assert_true(mip6_genkey(false, path, 0, NULL, err, sizeof(err)));
	(void)umask(mask);
	assert_int_equal(stat(path, &st), 0);
	assert_int_equal(st.st_mode & 07777, 0600);
	assert_int_equal(files(), 1);
	first = read_key();
	assert_int_equal(first.key_octets, 16);
	assert_true(first.spi >= 256);
	/* Not replaced. */
	assert_false(mip6_genkey(false, path, 0, NULL, err, sizeof(err)));
	assert_memory_equal(err, path, strlen(path));
	assert_string_equal(err + strlen(path),
	    ": exists already; a key is not replaced");
	assert_int_equal(files(), 1);
	second = read_key();
	assert_memory_equal(&first, &second, sizeof(first));
	/* Another one, with an index of our choice. */
	assert_int_equal(unlink(path), 0);
	assert_true(mip6_genkey(false, path, 4660, NULL, err, sizeof(err)));
	second = read_key();
	assert_int_equal(second.spi, 4660);
	assert_memory_not_equal(first.key, second.key, 16);
	assert_int_equal(unlink(path), 0);
	/* Nowhere to write. */
	assert_false(
	    mip6_genkey(false, "/nonexistent/key", 0, NULL, err, sizeof(err)));
	assert_string_equal(err, "/nonexistent/key: No such file or directory");
}

static void
test_print(void **state)
{
	char text[512], err[256], said[256];
	struct mip6_fmt why = mip6_fmt_make(said, sizeof(said));
	FILE *out = fmemopen(text, sizeof(text), "w");
	struct mip6_keyfile key;

	(void)state;
	assert_non_null(out);
	assert_true(mip6_genkey(false, NULL, 256, out, err, sizeof(err)));
	assert_int_equal(fclose(out), 0);
	assert_true(mip6_keyfile_parse(text, strlen(text), &key, &why));
	assert_int_equal(key.spi, 256);
	assert_int_equal(key.key_octets, 16);
}

/* The key of test_hkdf, which Python made. */
static void
test_master(void **state)
{
	struct mip6_keyfile key;
	char err[256] = "", master[128], said[256];
	struct mip6_fmt why = mip6_fmt_make(said, sizeof(said));
	struct mip6_addr hoa;
	FILE *f;
	int i;

	(void)state;
	(void)snprintf(master, sizeof(master), "%s.master", path);
	assert_true(mip6_genkey(true, master, 300, NULL, err, sizeof(err)));
	assert_true(mip6_masterfile_read(master, &key, &why));
	assert_int_equal(key.spi, 300);
	assert_int_equal(key.key_octets, 32);
	f = fopen(master, "w");
	assert_non_null(f);
	(void)fprintf(f, "spi = 4660\nmaster = ");
	for (i = 0; i < 32; i++)
		(void)fprintf(f, "%02x", (unsigned int)i);
	(void)fputc('\n', f);
	assert_int_equal(fclose(f), 0);
	assert_true(mip6_addr_parse("2001:db8:1::100", &hoa));
	(void)unlink(path);
	assert_true(
	    mip6_genkey_derive(master, &hoa, path, NULL, err, sizeof(err)));
	key = read_key();
	assert_int_equal(key.spi, 4660);
	assert_int_equal(key.key_octets, 32);
	assert_int_equal(key.key[0], 0xc7);
	assert_int_equal(key.key[31], 0xe0);
	/* Neither replaced, nor made from another kind of file. */
	assert_false(
	    mip6_genkey_derive(master, &hoa, path, NULL, err, sizeof(err)));
	assert_non_null(strstr(err, "exists already"));
	assert_false(
	    mip6_genkey_derive(path, &hoa, NULL, stdout, err, sizeof(err)));
	assert_non_null(strstr(err, "master = HEX"));
	assert_int_equal(unlink(master), 0);
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_file),
		cmocka_unit_test(test_master),
		cmocka_unit_test(test_print),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
