/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * mip6ctl: asks the daemon, or makes a key.
 */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "ctl/ask.h"
#include "ctl/cli.h"
#include "ctl/genkey.h"
#include "ctl/print.h"

static int
ctl_unreachable(const struct mip6_ask *a)
{
	(void)fprintf(stderr, "mip6ctl: %s\n",
	    a->error[0] != '\0' ? a->error : "the daemon has hung up");
	return MIP6_CTL_UNREACHABLE;
}

/* Ends with a daemon's refusal. */
static int
ctl_refused(const struct mip6_cli *cli, const json_t *answer)
{
	const char *why = json_string_value(json_object_get(answer, "error"));

	if (cli->json) {
		(void)json_dumpf(answer, stdout, JSON_COMPACT);
		(void)putchar('\n');
	}
	(void)fprintf(stderr, "mip6ctl: %s\n",
	    why != NULL ? why : "refused without a reason");
	return MIP6_CTL_REFUSED;
}

/* Asks; the answer, or NULL with *code. */
static json_t *
ctl_ask(const struct mip6_cli *cli, struct mip6_ask *a,
    const struct mip6_control_request *request, int *code)
{
	json_t *answer;

	if (!mip6_ask_send(a, request)) {
		*code = ctl_unreachable(a);
		return NULL;
	}
	answer = mip6_ask_next(a);
	if (answer == NULL) {
		*code = ctl_unreachable(a);
	} else if (!json_is_true(json_object_get(answer, "ok"))) {
		*code = ctl_refused(cli, answer);
		json_decref(answer);
		answer = NULL;
	}
	return answer;
}

static bool
ctl_colour(void)
{
	const char *term = getenv("TERM");

	return isatty(STDOUT_FILENO) == 1 && getenv("NO_COLOR") == NULL &&
	    term != NULL && strcmp(term, "dumb") != 0;
}

static void
ctl_dump_row(const json_t *row, bool first)
{
	(void)fputs(first ? "" : ",", stdout);
	(void)json_dumpf(row, stdout, JSON_COMPACT);
}

/* One page of a table; how many rows it had. */
static size_t
ctl_page(const struct mip6_cli *cli, struct mip6_print *print,
    const json_t *answer, size_t before)
{
	const json_t *rows = json_object_get(answer, "rows"), *row;
	size_t i;

	if (!cli->json) {
		mip6_print_page(print, rows);
		return json_array_size(rows);
	}
	if (before == 0)
		(void)
		    printf("{\"v\":%d,\"ok\":true,\"table\":\"%s\",\"rows\":[",
			MIP6_CONTROL_VERSION,
			mip6_control_table_name(cli->request.table));
	json_array_foreach(rows, i, row) ctl_dump_row(row, before + i == 0);
	return json_array_size(rows);
}

static int
ctl_show(const struct mip6_cli *cli, struct mip6_ask *a)
{
	struct mip6_control_request request = cli->request;
	struct mip6_print print;
	size_t rows, total;
	json_t *answer;
	int code = MIP6_CTL_OK;

	mip6_print_begin(&print, stdout, ctl_colour(), request.table);
	do {
		answer = ctl_ask(cli, a, &request, &code);
		if (answer == NULL)
			return code;
		total = (size_t)json_integer_value(
		    json_object_get(answer, "total"));
		rows = ctl_page(cli, &print, answer, (size_t)request.skip);
		request.skip += rows;
		json_decref(answer);
	} while (rows > 0 && request.skip < total);
	if (cli->json)
		(void)printf("],\"total\":%zu}\n", total);
	else
		mip6_print_end(&print);
	return code;
}

static int
ctl_watch(const struct mip6_cli *cli, struct mip6_ask *a)
{
	bool colour = ctl_colour();
	json_t *line;
	int code = MIP6_CTL_OK;

	line = ctl_ask(cli, a, &cli->request, &code);
	if (line == NULL)
		return code;
	json_decref(line);
	while ((line = mip6_ask_next(a)) != NULL) {
		if (cli->json) {
			(void)json_dumpf(line, stdout, JSON_COMPACT);
			(void)putchar('\n');
		} else {
			mip6_print_event(stdout, colour, line);
		}
		json_decref(line);
		if (fflush(stdout) != 0)
			return MIP6_CTL_REFUSED;
	}
	return ctl_unreachable(a);
}

static int
ctl_simple(const struct mip6_cli *cli, struct mip6_ask *a)
{
	int code = MIP6_CTL_OK;
	json_t *answer = ctl_ask(cli, a, &cli->request, &code);

	if (answer == NULL)
		return code;
	if (cli->json) {
		(void)json_dumpf(answer, stdout, JSON_COMPACT);
		(void)putchar('\n');
	} else if (cli->verb == MIP6_CLI_STATUS) {
		mip6_print_status(stdout, ctl_colour(), answer);
	} else if (cli->verb == MIP6_CLI_RELOAD) {
		mip6_print_reload(stdout, answer);
	}
	json_decref(answer);
	return code;
}

static int
ctl_genkey(const struct mip6_cli *cli)
{
	char err[512];

	if (!(cli->from_master != NULL ?
		    mip6_genkey_derive(cli->from_master, &cli->hoa, cli->out,
			stdout, err, sizeof(err)) :
		    mip6_genkey(cli->master, cli->out, cli->spi, stdout, err,
			sizeof(err)))) {
		(void)fprintf(stderr, "mip6ctl: %s\n", err);
		return MIP6_CTL_REFUSED;
	}
	if (cli->out != NULL && !cli->json)
		(void)printf("%s: %s\n", cli->out,
		    cli->from_master != NULL ?
			"the mobile node's key; it alone needs it" :
			cli->master ?
			"a new master key; for home agents alone" :
			"a new key; the other side needs a copy");
	return MIP6_CTL_OK;
}

static int
ctl_run(const struct mip6_cli *cli)
{
	struct mip6_ask a;
	int code;

	if (cli->verb == MIP6_CLI_GENKEY)
		return ctl_genkey(cli);
	(void)signal(SIGPIPE, SIG_IGN);
	if (!mip6_ask_open(&a, cli->socket))
		return ctl_unreachable(&a);
	if (cli->verb == MIP6_CLI_SHOW)
		code = ctl_show(cli, &a);
	else if (cli->verb == MIP6_CLI_WATCH)
		code = ctl_watch(cli, &a);
	else
		code = ctl_simple(cli, &a);
	mip6_ask_close(&a);
	return code;
}

int
main(int argc, char **argv)
{
	struct mip6_cli cli;
	char err[256];

	if (!mip6_cli_parse(&cli, argc, argv, err, sizeof(err))) {
		(void)fprintf(stderr, "mip6ctl: %s (mip6ctl --help)\n", err);
		return MIP6_CTL_USAGE;
	}
	if (cli.help) {
		mip6_cli_help(stdout);
		return MIP6_CTL_OK;
	}
	if (cli.version) {
		(void)printf("mip6ctl %s\n", MIP6_VERSION);
		return MIP6_CTL_OK;
	}
	return ctl_run(&cli);
}
