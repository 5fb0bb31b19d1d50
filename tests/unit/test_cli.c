/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The command line of mip6ctl, and that what it sends is what the daemon
 * reads: each good line is turned into a request, into JSON, and back.
 *
 * Links: ctl control
 */
#include "unit/support.h"

#include <stdio.h>

#include "ctl/ask.h"
#include "ctl/cli.h"

#define WORDS_MAX 8

struct words {
	char *argv[WORDS_MAX + 2];
	int argc;
	char text[256];
};

/* Splits at spaces. */
static void
split(struct words *w, const char *line)
{
	static char name[] = "mip6ctl";
	char *at;

	memset(w, 0, sizeof(*w));
	(void)snprintf(w->text, sizeof(w->text), "%s", line);
	w->argv[w->argc++] = name;
	for (at = strtok(w->text, " "); at != NULL; at = strtok(NULL, " "))
		w->argv[w->argc++] = at;
}

static const struct {
	const char *line;
	const char *sent; /* NULL: nothing is */
} good[] = {
	{ "status", "{\"v\":1,\"cmd\":\"status\"}\n" },
	{ "--json status", "{\"v\":1,\"cmd\":\"status\"}\n" },
	{ "status --json -s /x", "{\"v\":1,\"cmd\":\"status\"}\n" },
	{ "show bindings",
	    "{\"v\":1,\"cmd\":\"show\",\"table\":\"bindings\",\"skip\":0,"
	    "\"max\":500}\n" },
	{ "show handovers",
	    "{\"v\":1,\"cmd\":\"show\",\"table\":\"handovers\",\"skip\":0,"
	    "\"max\":500}\n" },
	{ "watch", "{\"v\":1,\"cmd\":\"watch\",\"level\":\"info\"}\n" },
	{ "watch debug", "{\"v\":1,\"cmd\":\"watch\",\"level\":\"debug\"}\n" },
	{ "flush binding 2001:db8::1",
	    "{\"v\":1,\"cmd\":\"flush\",\"what\":\"binding\",\"addr\":"
	    "\"2001:db8::1\"}\n" },
	{ "flush neighbours",
	    "{\"v\":1,\"cmd\":\"flush\",\"what\":\"neighbours\"}\n" },
	{ "flush routes", "{\"v\":1,\"cmd\":\"flush\",\"what\":\"routes\"}\n" },
	{ "flush registration",
	    "{\"v\":1,\"cmd\":\"flush\",\"what\":\"registration\"}\n" },
	{ "flush registration 2001:db8::1",
	    "{\"v\":1,\"cmd\":\"flush\",\"what\":\"registration\",\"addr\":"
	    "\"2001:db8::1\"}\n" },
	{ "move", "{\"v\":1,\"cmd\":\"move\"}\n" },
	{ "move eth0", "{\"v\":1,\"cmd\":\"move\",\"interface\":\"eth0\"}\n" },
	{ "reload", "{\"v\":1,\"cmd\":\"reload\"}\n" },
	{ "log warning", "{\"v\":1,\"cmd\":\"log\",\"level\":\"warning\"}\n" },
	{ "genkey", NULL },
	{ "genkey -o f --spi 256", NULL },
	{ "genkey --master -o f", NULL },
	{ "genkey --from-master=m 2001:db8::1", NULL },
	{ "--spi=4294967295 -o=f genkey", NULL },
};

static void
test_good(void **state)
{
	struct mip6_control_request back;
	struct mip6_cli cli;
	struct words w;
	char err[256], *line;
	const char *why;
	size_t i;

	(void)state;
	for (i = 0; i < MIP6_COUNT(good); i++) {
		split(&w, good[i].line);
		if (!mip6_cli_parse(&cli, w.argc, w.argv, err, sizeof(err)))
			fail_msg("%s: %s", good[i].line, err);
		if (good[i].sent == NULL) {
			assert_int_equal(cli.verb, MIP6_CLI_GENKEY);
			continue;
		}
		line = mip6_ask_line(&cli.request);
		assert_non_null(line);
		assert_string_equal(line, good[i].sent);
		assert_true(mip6_control_request_parse(line, strlen(line) - 1,
		    &back, &why));
		assert_memory_equal(&back, &cli.request, sizeof(back));
		free(line);
	}
}

static void
test_options(void **state)
{
	struct mip6_cli cli;
	struct words w;
	char err[256];

	(void)state;
	split(&w, "status");
	assert_true(mip6_cli_parse(&cli, w.argc, w.argv, err, sizeof(err)));
	assert_string_equal(cli.socket, MIP6_RUN_DIR "/mip6d.sock");
	assert_false(cli.json);
	split(&w, "-s /x status --json");
	assert_true(mip6_cli_parse(&cli, w.argc, w.argv, err, sizeof(err)));
	assert_string_equal(cli.socket, "/x");
	assert_true(cli.json);
	split(&w, "genkey --spi 300 -o key");
	assert_true(mip6_cli_parse(&cli, w.argc, w.argv, err, sizeof(err)));
	assert_string_equal(cli.out, "key");
	assert_int_equal(cli.spi, 300);
	/* Help needs no command. */
	split(&w, "--help");
	assert_true(mip6_cli_parse(&cli, w.argc, w.argv, err, sizeof(err)));
	assert_true(cli.help);
	split(&w, "--version");
	assert_true(mip6_cli_parse(&cli, w.argc, w.argv, err, sizeof(err)));
	assert_true(cli.version);
}

static void
test_bad(void **state)
{
	static const struct {
		const char *line, *said;
	} bad[] = {
		{ "", "expected a command" },
		{ "stat", "no such command: stat" },
		{ "status now", "too many words: now" },
		{ "status now then again", "too many words: again" },
		{ "--jsonx status", "no such option: --jsonx" },
		{ "--json=yes status", "no such option: --json=yes" },
		{ "-x status", "no such option: -x" },
		{ "status -s", "-s needs an argument" },
		{ "show",
		    "show: expected bindings, registrations, links, prefixes, "
		    "routers, home-agents, neighbours, timers, counters, "
		    "handovers" },
		{ "show all",
		    "show: expected bindings, registrations, links, prefixes, "
		    "routers, home-agents, neighbours, timers, counters, "
		    "handovers, found all" },
		{ "watch loud",
		    "watch: expected error, warning, info, debug, found "
		    "loud" },
		{ "log", "log: expected error, warning, info, debug" },
		{ "flush",
		    "flush: expected binding, neighbours, routes, "
		    "registration" },
		{ "flush all",
		    "flush: expected binding, neighbours, routes, "
		    "registration, found all" },
		{ "flush binding", "flush binding: expected its home address" },
		{ "flush binding x",
		    "flush: expected an IPv6 address, found x" },
		{ "flush routes ::1", "flush: too many words: ::1" },
		{ "move 1234567890123456",
		    "move: not the name of an interface: 1234567890123456" },
		{ "genkey --spi 255",
		    "--spi: expected a number from 256 to 4294967295, found "
		    "255" },
		{ "genkey --spi 4294967296",
		    "--spi: expected a number from 256 to 4294967295, found "
		    "4294967296" },
		{ "genkey --spi 0x100",
		    "--spi: expected a number from 256 to 4294967295, found "
		    "0x100" },
		{ "genkey 2001:db8::1", "too many words: 2001:db8::1" },
		{ "genkey --from-master m",
		    "--from-master: expected a global home address, found "
		    "none" },
		{ "genkey --from-master m fe80::1",
		    "--from-master: expected a global home address, found "
		    "fe80::1" },
		{ "genkey --from-master m --spi 300 2001:db8::1",
		    "--from-master: the master key decides, without --spi or "
		    "--master" },
		{ "status --master",
		    "-o, --spi, --master and --from-master are for genkey" },
		{ "status -o f",
		    "-o, --spi, --master and --from-master are for genkey" },
	};
	struct mip6_cli cli;
	struct words w;
	char err[256];
	size_t i;

	(void)state;
	for (i = 0; i < MIP6_COUNT(bad); i++) {
		split(&w, bad[i].line);
		if (mip6_cli_parse(&cli, w.argc, w.argv, err, sizeof(err)))
			fail_msg("accepted: %s", bad[i].line);
		assert_string_equal(err, bad[i].said);
	}
}

static void
test_help(void **state)
{
	char text[4096];
	FILE *out = fmemopen(text, sizeof(text), "w");
	size_t i;

	(void)state;
	assert_non_null(out);
	mip6_cli_help(out);
	assert_int_equal(fclose(out), 0);
	for (i = 0; i < mip6_cli_verbs_count; i++) {
		assert_non_null(strstr(text, mip6_cli_verbs[i].name));
		assert_non_null(strstr(text, mip6_cli_verbs[i].help));
	}
	for (i = 0; i < mip6_cli_options_count; i++)
		assert_non_null(strstr(text, mip6_cli_options[i].help));
	for (i = 0; mip6_control_table_name(i) != NULL; i++)
		assert_non_null(strstr(text, mip6_control_table_name(i)));
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_good),
		cmocka_unit_test(test_options),
		cmocka_unit_test(test_bad),
		cmocka_unit_test(test_help),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
