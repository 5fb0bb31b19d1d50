/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The command line of mip6d.
 *
 * Links: daemon
 */
#include "unit/support.h"

#include <stdio.h>

#include "config/config.h"
#include "daemon/options.h"

#define WORDS_MAX 6

static const struct {
	const char *word[WORDS_MAX];
	struct mip6_options o;
} good[] = {
	{ { NULL }, { .config = MIP6_CONFIG_PATH } },
	{ { "-f" }, { .config = MIP6_CONFIG_PATH, .foreground = true } },
	{ { "-d" },
	    { .config = MIP6_CONFIG_PATH, .foreground = true, .debug = true } },
	{ { "-tfc", "x" },
	    { .config = "x", .foreground = true, .test = true } },
	{ { "-cx" }, { .config = "x" } },
	{ { "-c", "-f" }, { .config = "-f" } },
	{ { "--mn", "--cn" },
	    { .config = MIP6_CONFIG_PATH,
		.roles = MIP6_CONFIG_MN | MIP6_CONFIG_CN } },
	{ { "--ha" }, { .config = MIP6_CONFIG_PATH, .roles = MIP6_CONFIG_HA } },
	{ { "--version" }, { .config = MIP6_CONFIG_PATH, .version = true } },
	{ { "--help" }, { .config = MIP6_CONFIG_PATH, .help = true } },
	{ { "-h" }, { .config = MIP6_CONFIG_PATH, .help = true } },
};

static const struct {
	const char *word[WORDS_MAX];
	const char *said;
} bad[] = {
	{ { "x" }, "not an option: x" },
	{ { "-" }, "not an option: -" },
	{ { "-x" }, "no such option: -x" },
	{ { "-fx" }, "no such option: -x" },
	{ { "-c" }, "-c needs a FILE" },
	{ { "-fc" }, "-c needs a FILE" },
	{ { "--" }, "no such option: --" },
	{ { "--mnx" }, "no such option: --mnx" },
	{ { "--config" }, "no such option: --config" },
};

static bool
parse(struct mip6_options *o, const char *const *word, char *err, size_t octets)
{
	static char name[] = "mip6d";
	char text[WORDS_MAX][32];
	char *argv[WORDS_MAX + 2] = { name };
	int argc = 1;
	size_t i;
	bool parsed;

	for (i = 0; i < WORDS_MAX && word[i] != NULL; i++) {
		(void)snprintf(text[i], sizeof(text[i]), "%s", word[i]);
		argv[argc++] = text[i];
	}
	parsed = mip6_options_parse(o, argc, argv, err, octets);
	/* `config` points into the words, which end here. */
	if (parsed)
		for (i = 0; i < WORDS_MAX && word[i] != NULL; i++)
			if (o->config >= text[i] &&
			    o->config < text[i] + sizeof(text[i]))
				o->config = word[i] + (o->config - text[i]);
	return parsed;
}

static void
test_good(void **state)
{
	struct mip6_options o;
	char err[128] = "";
	size_t i;

	(void)state;
	for (i = 0; i < MIP6_COUNT(good); i++) {
		assert_true(parse(&o, good[i].word, err, sizeof(err)));
		assert_string_equal(o.config, good[i].o.config);
		assert_int_equal(o.foreground, good[i].o.foreground);
		assert_int_equal(o.debug, good[i].o.debug);
		assert_int_equal(o.test, good[i].o.test);
		assert_int_equal(o.version, good[i].o.version);
		assert_int_equal(o.help, good[i].o.help);
		assert_int_equal(o.roles, good[i].o.roles);
	}
}

static void
test_bad(void **state)
{
	struct mip6_options o;
	char err[128];
	size_t i;

	(void)state;
	for (i = 0; i < MIP6_COUNT(bad); i++) {
		err[0] = '\0';
		assert_false(parse(&o, bad[i].word, err, sizeof(err)));
		assert_string_equal(err, bad[i].said);
	}
}

/* Each option is in the help text. */
static void
test_help(void **state)
{
	char text[4096], option[32];
	FILE *out = fmemopen(text, sizeof(text), "w");
	size_t i;

	(void)state;
	assert_non_null(out);
	mip6_options_help(out);
	assert_int_equal(fclose(out), 0);
	for (i = 0; i < mip6_option_rows_count; i++) {
		const struct mip6_option_row *row = &mip6_option_rows[i];

		assert_non_null(strstr(text, row->help));
		if (row->letter != 0) {
			(void)snprintf(option, sizeof(option), " -%c",
			    row->letter);
			assert_non_null(strstr(text, option));
		}
		if (row->name != NULL) {
			(void)snprintf(option, sizeof(option), " --%s",
			    row->name);
			assert_non_null(strstr(text, option));
		}
	}
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_good),
		cmocka_unit_test(test_bad),
		cmocka_unit_test(test_help),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
