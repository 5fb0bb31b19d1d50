/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Manual pages, samples and code say the same: every key, option, command and
 * table of the code is in its page, and the page names no other; every sample
 * is accepted.
 *
 * Links: daemon ctl config control core crypto base
 */
#include "unit/support.h"

#include <sys/stat.h>

#include <stdio.h>
#include <unistd.h>

#include "config/keys.h"
#include "ctl/cli.h"
#include "daemon/options.h"

#define PAGE_LINES_MAX 900

struct page {
	char text[65536];
	char *line[PAGE_LINES_MAX];
	size_t lines;
};

static void
read_page(struct page *p, const char *name)
{
	char path[512];
	FILE *f;
	size_t n;
	char *at;

	(void)snprintf(path, sizeof(path), "%s/../%s", MIP6_TEST_DIR, name);
	f = fopen(path, "r");
	assert_non_null(f);
	n = fread(p->text, 1, sizeof(p->text) - 1, f);
	assert_true(n < sizeof(p->text) - 1);
	p->text[n] = '\0';
	assert_int_equal(fclose(f), 0);
	p->lines = 0;
	for (at = strtok(p->text, "\n"); at != NULL; at = strtok(NULL, "\n")) {
		assert_true(p->lines < PAGE_LINES_MAX);
		p->line[p->lines++] = at;
	}
}

/* The word after `prefix` when the line begins with it, else false. */
static bool
word_after(const char *line, const char *prefix, char word[64])
{
	size_t n = strlen(prefix), i;

	if (strncmp(line, prefix, n) != 0)
		return false;
	for (i = 0; line[n + i] != '\0' && line[n + i] != ' ' && i < 63; i++)
		word[i] = line[n + i];
	word[i] = '\0';
	return true;
}

/* The section that ".Ss mn { ... }" begins; COUNT: none of the file's. */
static enum mip6_config_section
section_of(const char *line)
{
	static const enum mip6_config_section all[] = { MIP6_SECTION_MN,
		MIP6_SECTION_HOME, MIP6_SECTION_HA, MIP6_SECTION_HOME_PREFIX,
		MIP6_SECTION_MOBILE, MIP6_SECTION_CN };
	char word[64];
	size_t i;

	if (strcmp(line, ".Ss Global keys") == 0)
		return MIP6_SECTION_ROOT;
	if (!word_after(line, ".Ss ", word))
		return MIP6_SECTION_COUNT;
	for (i = 0; i < MIP6_COUNT(all); i++)
		if (strcmp(word, mip6_config_section_name(all[i])) == 0)
			return all[i];
	return MIP6_SECTION_COUNT;
}

static bool
is_block(enum mip6_config_section s, const char *name)
{
	return (s == MIP6_SECTION_MN && strcmp(name, "home") == 0) ||
	    (s == MIP6_SECTION_HA &&
		(strcmp(name, "mobile") == 0 ||
		    strcmp(name, "home-prefix") == 0));
}

/* mip6.conf(5): the keys of each section, in both directions. */
static void
test_keys(void **state)
{
	static struct page p;
	enum mip6_config_section s = MIP6_SECTION_COUNT, next;
	size_t seen[MIP6_SECTION_COUNT] = { 0 }, i, found = 0;
	const struct mip6_config_key *key;
	bool documented[MIP6_CONFIG_KEYS_MAX] = { false };
	char word[64];

	(void)state;
	read_page(&p, "man/mip6.conf.5");
	for (i = 0; i < p.lines; i++) {
		if (strncmp(p.line[i], ".Ss ", 4) == 0 ||
		    strncmp(p.line[i], ".Sh ", 4) == 0) {
			next = section_of(p.line[i]);
			s = next;
			if (s != MIP6_SECTION_COUNT)
				seen[s]++;
		}
		if (s == MIP6_SECTION_COUNT ||
		    !word_after(p.line[i], ".It Ic ", word) ||
		    is_block(s, word))
			continue;
		key = mip6_config_key_find(s, word);
		if (key == NULL)
			fail_msg("%s: no such key in %s", p.line[i],
			    mip6_config_section_name(s));
		documented[key - mip6_config_keys] = true;
		found++;
	}
	for (i = 0; i < MIP6_SECTION_COUNT; i++)
		if (seen[i] != 1)
			fail_msg("section \"%s\" is there %zu times",
			    mip6_config_section_name(
				(enum mip6_config_section)i),
			    seen[i]);
	for (i = 0; i < mip6_config_keys_count; i++)
		if (!documented[i])
			fail_msg("%s is not documented",
			    mip6_config_keys[i].name);
	assert_int_equal(found, mip6_config_keys_count);
}

/* Whether a line of the options' list names `option` ("c", "-mn"). */
static bool
names_option(const char *line, const char *option)
{
	const char *at = line;
	size_t n = strlen(option);

	while ((at = strstr(at, option)) != NULL) {
		if ((at[-1] == ' ') &&
		    (at[n] == '\0' || at[n] == ' ' || at[n] == ','))
			return true;
		at += n;
	}
	return false;
}

/* mip6d(8): the options, in both directions. */
static void
test_mip6d(void **state)
{
	static struct page p;
	size_t i, k, items = 0, names = 0;
	char name[32];

	(void)state;
	read_page(&p, "man/mip6d.8");
	for (k = 0; k < mip6_option_rows_count; k++) {
		const struct mip6_option_row *row = &mip6_option_rows[k];
		size_t found = 0;

		for (i = 0; i < p.lines; i++) {
			if (strncmp(p.line[i], ".It Fl ", 7) != 0)
				continue;
			if (row->letter != 0) {
				(void)snprintf(name, sizeof(name), "%c",
				    row->letter);
				found += names_option(p.line[i] + 6, name);
			}
			if (row->name != NULL) {
				(void)snprintf(name, sizeof(name), "-%s",
				    row->name);
				found += names_option(p.line[i] + 6, name);
			}
		}
		if (found !=
		    (size_t)(row->letter != 0) + (size_t)(row->name != NULL))
			fail_msg("option %c %s: found %zu times", row->letter,
			    row->name != NULL ? row->name : "", found);
		names += found;
	}
	/* No other option is there: count the names in the list. */
	for (i = 0; i < p.lines; i++) {
		const char *at;

		if (strncmp(p.line[i], ".It Fl ", 7) != 0)
			continue;
		items++;
		for (at = strchr(p.line[i], ','); at != NULL;
		     at = strchr(at + 1, ','))
			items++;
	}
	assert_int_equal(items, names);
}

/* mip6ctl(8): commands, options and tables. */
static void
test_mip6ctl(void **state)
{
	static struct page p;
	size_t i, k, found, items = 0;
	char line[64], word[64];

	(void)state;
	read_page(&p, "man/mip6ctl.8");
	for (k = 0; k < mip6_cli_verbs_count; k++) {
		for (i = 0, found = 0; i < p.lines; i++)
			found += word_after(p.line[i], ".It Cm ", word) &&
			    strcmp(word, mip6_cli_verbs[k].name) == 0;
		if (found == 0)
			fail_msg("command %s", mip6_cli_verbs[k].name);
	}
	for (k = 0; k < mip6_cli_options_count; k++) {
		for (i = 0, found = 0; i < p.lines; i++)
			found += strncmp(p.line[i], ".It Fl ", 7) == 0 &&
			    names_option(p.line[i] + 6,
				mip6_cli_options[k].name + 1);
		if (found != 1)
			fail_msg("option %s: %zu times",
			    mip6_cli_options[k].name, found);
	}
	for (k = 0; mip6_control_table_name(k) != NULL; k++) {
		(void)snprintf(line, sizeof(line), ".It Cm %s",
		    mip6_control_table_name(k));
		for (i = 0, found = 0; i < p.lines; i++)
			found += strcmp(p.line[i], line) == 0;
		if (found != 1)
			fail_msg("table %s", mip6_control_table_name(k));
	}
	for (k = 0; mip6_control_flush_name(k) != NULL; k++) {
		(void)snprintf(line, sizeof(line), ".It Cm flush Cm %s",
		    mip6_control_flush_name(k));
		for (i = 0, found = 0; i < p.lines; i++)
			found += strncmp(p.line[i], line, strlen(line)) == 0;
		if (found != 1)
			fail_msg("flush %s", mip6_control_flush_name(k));
	}
	/* The page names nothing that there is not. */
	for (i = 0; i < p.lines; i++) {
		if (!word_after(p.line[i], ".It Cm ", word))
			continue;
		items++;
		for (k = 0; k < mip6_cli_verbs_count; k++)
			if (strcmp(word, mip6_cli_verbs[k].name) == 0)
				break;
		if (k == mip6_cli_verbs_count &&
		    mip6_control_table_find(word) < 0)
			fail_msg("%s", p.line[i]);
	}
	/* One for each command and table; flush has four. */
	assert_int_equal(items, mip6_cli_verbs_count + 3 + 10);
}

/* Paths that both programs and the page take for granted. */
static void
test_defaults(void **state)
{
	static struct page p;
	struct mip6_config_error err;
	struct mip6_config *c = mip6_config_parse("x", "cn {}", 5, 0, &err);
	const char *paths[3];
	size_t i, k, found;
	char word[64];

	(void)state;
	assert_non_null(c);
	assert_string_equal(c->control_socket, MIP6_CTL_SOCKET);
	/* Elsewhere they are put in when the pages are installed. */
	if (strcmp(MIP6_RUN_DIR, "/run/mip6d") != 0) {
		mip6_config_free(c);
		skip();
	}
	paths[0] = c->control_socket;
	paths[1] = c->pid_file;
	paths[2] = c->state_dir;
	read_page(&p, "man/mip6.conf.5");
	for (k = 0; k < MIP6_COUNT(paths); k++) {
		for (i = 0, found = 0; i < p.lines; i++)
			found += word_after(p.line[i], ".Pa ", word) &&
			    strcmp(word, paths[k]) == 0;
		if (found != 1)
			fail_msg("%s: %zu times", paths[k], found);
	}
	mip6_config_free(c);
}

#define SAMPLE_KEY "spi = 256\nkey = 000102030405060708090a0b0c0d0e0f\n"

static void
write_key(const char *path, const char *text)
{
	FILE *f = fopen(path, "w");

	assert_non_null(f);
	assert_true(fputs(text, f) >= 0);
	assert_int_equal(fclose(f), 0);
	assert_int_equal(chmod(path, 0600), 0);
}

/* Each sample is accepted as it is, with keys where it says. */
static void
test_samples(void **state)
{
	static const struct {
		const char *name;
		bool mn, ha, cn;
	} samples[] = { { "mn.conf", true, false, false },
		{ "ha-router.conf", false, true, false },
		{ "ha-host.conf", false, true, false },
		{ "ha-virtual.conf", false, true, false },
		{ "cn.conf", false, false, true } };
	static const struct {
		const char *name, *text;
	} keys[] = { { "alice.key", SAMPLE_KEY },
		{ "keys/alice.key", SAMPLE_KEY },
		{ "keys/bob.key", SAMPLE_KEY },
		{ "mobiles.tab",
		    "2001:db8:1::100 4660 000102030405060708090a0b0c0d0e0f "
		    "alice@example.net\n" },
		{ "master.key",
		    "spi = 4660\nmaster = 000102030405060708090a0b0c0d0e0f"
		    "101112131415161718191a1b1c1d1e1f\n" } };
	char dir[] = "/tmp/mip6-test-samples-XXXXXX";
	char path[512], text[8192];
	struct mip6_config_error err;
	struct mip6_config *c;
	size_t i, n;
	FILE *f;

	(void)state;
	assert_non_null(mkdtemp(dir));
	(void)snprintf(path, sizeof(path), "%s/keys", dir);
	assert_int_equal(mkdir(path, 0700), 0);
	for (i = 0; i < MIP6_COUNT(keys); i++) {
		(void)snprintf(path, sizeof(path), "%s/%s", dir, keys[i].name);
		write_key(path, keys[i].text);
	}
	for (i = 0; i < MIP6_COUNT(samples); i++) {
		(void)snprintf(path, sizeof(path), "%s/../conf/%s",
		    MIP6_TEST_DIR, samples[i].name);
		f = fopen(path, "r");
		assert_non_null(f);
		n = fread(text, 1, sizeof(text), f);
		assert_int_equal(fclose(f), 0);
		(void)snprintf(path, sizeof(path), "%s/%s", dir,
		    samples[i].name);
		c = mip6_config_parse(path, text, n, 0, &err);
		if (c == NULL)
			fail_msg("%s", err.text);
		assert_int_equal(c->conf.mn.on, samples[i].mn);
		assert_int_equal(c->conf.ha.on, samples[i].ha);
		assert_int_equal(c->conf.cn.on, samples[i].cn);
		assert_false(c->conf.insecure);
		mip6_config_free(c);
	}
	for (i = 0; i < MIP6_COUNT(keys); i++) {
		(void)snprintf(path, sizeof(path), "%s/%s", dir, keys[i].name);
		assert_int_equal(unlink(path), 0);
	}
	(void)snprintf(path, sizeof(path), "%s/keys", dir);
	assert_int_equal(rmdir(path), 0);
	assert_int_equal(rmdir(dir), 0);
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_keys),
		cmocka_unit_test(test_mip6d),
		cmocka_unit_test(test_mip6ctl),
		cmocka_unit_test(test_defaults),
		cmocka_unit_test(test_samples),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
