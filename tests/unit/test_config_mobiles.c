/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Mobile nodes without a block: a table, a directory of key files, a master
 * key.  What is wrong is said with the file and the line it stands in.
 *
 * Links: config core crypto base
 */
#include "unit/config_text.h"

#include <time.h>

#include "core/roster.h"

#define KEY16 "000102030405060708090a0b0c0d0e0f"
#define MASTER                                                                 \
	"000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f"

/* Writes a file that is gone after the test. */
static void
put(const char *name, const char *text, mode_t mode)
{
	config_write(name, text, mode);
}

static void
drop(const char *name)
{
	char path[128];

	(void)snprintf(path, sizeof(path), "%s/%s", config_dir, name);
	assert_int_equal(remove(path), 0);
}

static void
make_dir(const char *name, mode_t mode)
{
	char path[128];

	(void)snprintf(path, sizeof(path), "%s/%s", config_dir, name);
	assert_int_equal(mkdir(path, 0700), 0);
	assert_int_equal(chmod(path, mode), 0);
}

static struct mip6_conf_mobile
need(const struct mip6_config *c, const char *hoa)
{
	struct mip6_conf_mobile m;
	struct mip6_addr a;

	assert_true(mip6_addr_parse(hoa, &a));
	if (!mip6_conf_mobile_find(&c->conf.ha, &a, &m))
		fail_msg("%s is not there", hoa);
	assert_true(mip6_addr_equal(&m.hoa, &a));
	return m;
}

static void
test_table(void **state)
{
	struct mip6_conf_mobile m;
	struct mip6_config *c;

	(void)state;
	put("tab",
	    "# a table\n\n2001:db8:1::2 256 " KEY16 "\n"
	    "\t2001:db8:1::3  4294967295\t" KEY16 KEY16 " alice@a\r\n"
	    "2001:db8:1::4 300 " KEY16, /* no newline at the end */
	    0600);
	c = config_good(HA("mobiles-file = tab\n"
			   "mobile \"2001:db8:1::9\" { key-file = k }"),
	    0);
	assert_int_equal(c->conf.ha.mobiles, 1);
	assert_int_equal(mip6_conf_mobiles(&c->conf.ha), 4);
	m = need(c, "2001:db8:1::2");
	assert_true(m.sa.present);
	assert_int_equal(m.sa.spi, 256);
	assert_int_equal(m.sa.key_octets, 16);
	assert_int_equal(m.sa.key[15], 15);
	assert_int_equal(m.sa.clock_slack.us, 7000000);
	assert_string_equal(m.nai, "");
	m = need(c, "2001:db8:1::3");
	assert_int_equal(m.sa.spi, UINT32_MAX);
	assert_int_equal(m.sa.key_octets, 32);
	assert_string_equal(m.nai, "alice@a");
	(void)need(c, "2001:db8:1::4");
	(void)need(c, "2001:db8:1::9");
	mip6_config_free(c);
	drop("tab");
}

static void
refused(const char *lines, const char *said)
{
	struct mip6_config_error err;
	char text[512], expected[512];

	(void)snprintf(text, sizeof(text),
	    "ha { interface = eth1\nprefix = \"2001:db8:1::/64\"\n%s}", lines);
	if (config_try(text, 0, &err) != NULL)
		fail_msg("accepted: %s", lines);
	(void)snprintf(expected, sizeof(expected), "%s:%s", config_path, "3: ");
	if (strncmp(err.text, expected, strlen(expected)) != 0 ||
	    strstr(err.text, said) == NULL)
		fail_msg("said: %s\nexpected: %s...%s", err.text, expected,
		    said);
	/* Whatever is wrong with it, a key is not shown. */
	assert_null(strstr(err.text, "0a0b0c"));
}

static void
test_table_errors(void **state)
{
	static const struct {
		const char *text, *said;
	} rows[] = {
		{ "2001:db8:1::2 256\n",
		    "/tab:1: expected HOME-ADDRESS SPI KEY [IDENTIFIER]" },
		{ "\n\n2001:db8:1::2 256 " KEY16 " a b\n",
		    "/tab:3: expected HOME-ADDRESS SPI KEY [IDENTIFIER]" },
		{ KEY16 "\n",
		    "/tab:1: expected HOME-ADDRESS SPI KEY [IDENTIFIER]" },
		{ "2001:db8:1::2 255 " KEY16,
		    "/tab:1: SPI: expected a number from 256 to 4294967295" },
		{ "2001:db8:1::2 256 000102030405060708090a0b0c0d0e\n",
		    "/tab:1: key: expected 16 to 64 octets as hexadecimal" },
		{ "2001:db8:1::2 256 " KEY16 KEY16 KEY16 KEY16 "00\n",
		    "/tab:1: key: expected 16 to 64 octets as hexadecimal" },
		{ "#\n2001:db8:2::2 256 " KEY16 "\n",
		    "/tab:2: not in the prefix of the home link" },
		{ "2001:db8:1:: 256 " KEY16 "\n",
		    "/tab:1: the prefix itself, not an address in it" },
		{ "2001:db8:1:0:fdff:ffff:ffff:fffe 256 " KEY16 "\n",
		    "/tab:1: the home agents' anycast address" },
		{ "fe80::1 256 " KEY16 "\n",
		    "/tab:1: not a global home address" },
		{ "2001:db8:1::2 256 " KEY16 "\n2001:db8:1:0::2 300 " KEY16,
		    "/tab:2: there already" },
	};
	static char line[2048];
	size_t i;

	(void)state;
	for (i = 0; i < MIP6_COUNT(rows); i++) {
		put("tab", rows[i].text, 0600);
		refused("mobiles-file = tab", rows[i].said);
	}
	put("tab", "2001:db8:1::2 256 " KEY16 "\n", 0600);
	refused("mobiles-file = tab mobile \"2001:db8:1::2\" {key-file = k}",
	    "/tab:1: there already");
	put("tab", "", 0640);
	refused("mobiles-file = tab", "others can reach it (mode 0640)");
	refused("mobiles-file = none", "none: No such file or directory");
	refused("mobiles-file = \".\"", "/.: not a regular file");
	memset(line, 'x', sizeof(line) - 2);
	line[sizeof(line) - 2] = '\n';
	put("tab", line, 0600);
	refused("mobiles-file = tab", "/tab:1: line too long");
	drop("tab");
}

static void
test_dir(void **state)
{
	struct mip6_config *c;

	(void)state;
	make_dir("d", 0755);
	put("d/2001-db8-1--2.key", config_key_text, 0600);
	put("d/2001:db8:1::3", config_key_text, 0600);
	put("d/.swp", "what an editor leaves", 0644);
	c = config_good(HA("mobiles-dir = \"d/\""), 0);
	assert_int_equal(mip6_conf_mobiles(&c->conf.ha), 2);
	assert_int_equal(need(c, "2001:db8:1::2").sa.spi, 4660);
	assert_int_equal(need(c, "2001:db8:1::3").sa.key[15], 15);
	mip6_config_free(c);
	drop("d/.swp");

	put("d/alice.key", config_key_text, 0600);
	refused("mobiles-dir = d",
	    "alice.key: its name is not a home address, like "
	    "2001-db8-1--100.key");
	drop("d/alice.key");
	put("d/2001:db8:1::2", config_key_text, 0600);
	refused("mobiles-dir = d", ": there already");
	put("d/2001:db8:1::2", config_key_text, 0644);
	refused("mobiles-dir = d", "others can reach it (mode 0644)");
	put("d/2001:db8:1::2", "key = " KEY16 "\n", 0600);
	drop("d/2001-db8-1--2.key");
	refused("mobiles-dir = d", "2001:db8:1::2: no spi in it");
	drop("d/2001:db8:1::2");
	drop("d/2001:db8:1::3");
	drop("d");
	make_dir("d", 0770);
	refused("mobiles-dir = d", "others can write it: chmod go-w it");
	drop("d");
	refused("mobiles-dir = d", "d: No such file or directory");
	refused("mobiles-dir = k", "k: Not a directory");
}

static void
test_master(void **state)
{
	struct mip6_config *c;

	(void)state;
	put("m", "spi = 300\nmaster = " MASTER "\n", 0600);
	c = config_good(HA("master-key-file = m"), 0);
	assert_true(c->conf.ha.has_master);
	assert_int_equal(c->conf.ha.master_spi, 300);
	/* What HKDF-Extract gives (test_hkdf). */
	assert_int_equal(c->conf.ha.master[0], 0x46);
	assert_int_equal(c->conf.ha.master[31], 0x07);
	mip6_config_free(c);
	put("m", "spi = 300\nmaster = " KEY16 "\n", 0600);
	refused("master-key-file = m",
	    "m: line 2: master: expected 32 octets as hexadecimal digits");
	put("m", "master = " MASTER "\n", 0600);
	refused("master-key-file = m", "expected \"spi = NUMBER\"");
	refused("master-key-file = k",
	    "k: line 3: expected \"spi = NUMBER\" or \"master = HEX\"");
	put("m", "spi = 300\nmaster = " MASTER "\n", 0600);
	refused("mobile \"2001:db8:1::2\" { key-file = m }",
	    "m: line 2: expected \"spi = NUMBER\" or \"key = HEX\"");
	put("m", "spi = 300\nmaster = " MASTER "\n", 0604);
	refused("master-key-file = m", "others can reach it");
	drop("m");
}

struct said {
	char text[4096];
};

static void
note(void *arg, const char *place, const char *what, bool needs_restart)
{
	struct said *s = arg;
	size_t used = strlen(s->text);

	assert_false(needs_restart);
	(void)snprintf(s->text + used, sizeof(s->text) - used, "%s/%s\n", place,
	    what);
}

/* Writes a table of `count` mobile nodes; every one has a key of its own. */
static void
put_many(const char *name, uint32_t count, uint32_t salt)
{
	char path[128];
	uint32_t i;
	FILE *f;

	config_write(name, "", 0600);
	(void)snprintf(path, sizeof(path), "%s/%s", config_dir, name);
	f = fopen(path, "w");
	assert_non_null(f);
	for (i = 1; i <= count; i++)
		(void)fprintf(f,
		    "2001:db8:1::%x:%x 256 00112233445566778899aabb%08x\n",
		    (unsigned int)(i >> 16), (unsigned int)(i & 0xffff),
		    (unsigned int)(i ^ salt));
	assert_int_equal(fclose(f), 0);
}

static void
test_diff(void **state)
{
	struct mip6_config *a, *b;
	struct said said = { "" };

	(void)state;
	put_many("tab", 30, 0);
	a = config_good(HA("mobiles-file = tab"), 0);
	b = config_good(HA("mobiles-file = tab"), 0);
	assert_int_equal(mip6_config_diff(a, b, note, &said), 0);
	mip6_config_free(b);
	/* The same mobile node, wherever it stands. */
	put_many("tab", 1, 0);
	put("one", "spi = 256\nkey = 00112233445566778899aabb00000001\n", 0600);
	put("none", "", 0600);
	b = config_good(HA("mobiles-file = none\n"
			   "mobile \"2001:db8:1::1\" { key-file = one }"),
	    0);
	assert_int_equal(mip6_config_diff(a, b, note, &said), 22);
	assert_non_null(strstr(said.text, "ha/mobiles-file\n"));
	assert_null(strstr(said.text, "mobile 2001:db8:1::1/"));
	assert_non_null(strstr(said.text, "mobile 2001:db8:1::15/removed\n"));
	assert_non_null(strstr(said.text, "mobiles/9 more removed\n"));
	mip6_config_free(b);
	/* Every key another one. */
	put_many("tab", 30, 0x80000000);
	b = config_good(HA("mobiles-file = tab"), 0);
	said.text[0] = '\0';
	assert_int_equal(mip6_config_diff(a, b, note, &said), 21);
	assert_non_null(strstr(said.text, "mobile 2001:db8:1::14/key\n"));
	assert_non_null(strstr(said.text, "mobiles/10 more changed\n"));
	mip6_config_free(b);
	mip6_config_free(a);
	drop("tab");
	drop("one");
	drop("none");
}

/* A table of 100,000 lines is no matter of seconds, nor is its difference. */
static void
test_large(void **state)
{
	enum { MANY = 100000 };
	struct mip6_config *a, *b;
	clock_t from;
	double took;

	(void)state;
	put_many("tab", MANY, 0);
	from = clock();
	a = config_good(HA("mobiles-file = tab"), 0);
	took = (double)(clock() - from) / CLOCKS_PER_SEC;
	assert_int_equal(mip6_conf_mobiles(&a->conf.ha), MANY);
	b = config_good(HA("mobiles-file = tab"), 0);
	from = clock();
	assert_int_equal(mip6_config_diff(a, b, NULL, NULL), 0);
	print_message("%d lines: loaded in %.0f ms, compared in %.0f ms, %zu "
		      "octets each\n",
	    MANY, took * 1e3, (double)(clock() - from) / CLOCKS_PER_SEC * 1e3,
	    mip6_roster_octets(a->roster) / MANY);
	assert_true(took < 5); /* also under a sanitizer */
	mip6_config_free(a);
	mip6_config_free(b);
	drop("tab");
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_table),
		cmocka_unit_test(test_table_errors),
		cmocka_unit_test(test_dir),
		cmocka_unit_test(test_master),
		cmocka_unit_test(test_diff),
		cmocka_unit_test(test_large),
	};

	return cmocka_run_group_tests(tests, config_setup, config_teardown);
}
