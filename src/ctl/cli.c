/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The command line of mip6ctl: options anywhere, then one verb and its words.
 * The tables are the help text and what the manual page is compared with.
 */
#include "ctl/cli.h"

#include <string.h>

const struct mip6_cli_verb_row mip6_cli_verbs[] = {
	{ MIP6_CLI_STATUS, "status", "", "what works, and why what does not" },
	{ MIP6_CLI_SHOW, "show", "TABLE", "one of the tables below" },
	{ MIP6_CLI_WATCH, "watch", "[LEVEL]", "events as they happen" },
	{ MIP6_CLI_FLUSH, "flush", "WHAT [ADDRESS]",
	    "forget something and learn it again" },
	{ MIP6_CLI_MOVE, "move", "[INTERFACE]",
	    "look at once whether the link changed" },
	{ MIP6_CLI_RELOAD, "reload", "", "read the configuration again" },
	{ MIP6_CLI_LOG, "log", "LEVEL", "change what is logged" },
	{ MIP6_CLI_GENKEY, "genkey", "[-o FILE] [HOME-ADDRESS]",
	    "make a key for a mobile node and its home agent" },
};
const size_t mip6_cli_verbs_count = MIP6_COUNT(mip6_cli_verbs);

const struct mip6_cli_option_row mip6_cli_options[] = {
	{ "-s", "SOCKET", "the daemon's control socket (" MIP6_CTL_SOCKET ")",
	    false },
	{ "--json", NULL, "for machines", false },
	{ "--version", NULL, "print the version", false },
	{ "--help", NULL, "print this", false },
	{ "-o", "FILE", "write the key there, mode 0600, and do not show it",
	    true },
	{ "--spi", "NUMBER", "its Security Parameter Index, 256 or more",
	    true },
	{ "--master", NULL, "make a master key for a home agent", true },
	{ "--from-master", "FILE",
	    "the key of HOME-ADDRESS from the master key in FILE", true },
};
const size_t mip6_cli_options_count = MIP6_COUNT(mip6_cli_options);

#define CLI_WORDS_MAX 3

struct cli_words {
	const char *word[CLI_WORDS_MAX];
	size_t count;
};

static bool
cli_number(const char *text, uint32_t *value)
{
	uint64_t v = 0;

	if (*text == '\0')
		return false;
	for (; *text != '\0'; text++) {
		if (*text < '0' || *text > '9')
			return false;
		v = v * 10 + (uint64_t)(*text - '0');
		if (v > UINT32_MAX)
			return false;
	}
	*value = (uint32_t)v;
	return v >= 256;
}

static bool
cli_fail(char *err, size_t octets, const char *what, const char *word)
{
	(void)snprintf(err, octets, "%s%s", what, word);
	return false;
}

/* One option, at argv[*at]; the argument may follow after "=". */
static bool
cli_option(struct mip6_cli *cli, char *const *argv, int *at, char *err,
    size_t octets)
{
	const char *word = argv[*at], *value = NULL;
	const struct mip6_cli_option_row *row = NULL;
	size_t i, name;

	for (i = 0; i < mip6_cli_options_count && row == NULL; i++) {
		name = strlen(mip6_cli_options[i].name);
		if (strncmp(word, mip6_cli_options[i].name, name) != 0 ||
		    (word[name] != '\0' && word[name] != '='))
			continue;
		row = &mip6_cli_options[i];
		value = word[name] == '=' ? word + name + 1 : NULL;
	}
	if (strcmp(word, "-h") == 0) {
		cli->help = true;
		return true;
	}
	if (row == NULL || (row->argument == NULL && value != NULL))
		return cli_fail(err, octets, "no such option: ", word);
	if (row->argument != NULL && value == NULL)
		value = argv[++*at];
	if (row->argument != NULL && value == NULL)
		return cli_fail(err, octets, row->name, " needs an argument");
	if (strcmp(row->name, "-s") == 0)
		cli->socket = value;
	else if (strcmp(row->name, "--json") == 0)
		cli->json = true;
	else if (strcmp(row->name, "--version") == 0)
		cli->version = true;
	else if (strcmp(row->name, "--help") == 0)
		cli->help = true;
	else if (strcmp(row->name, "-o") == 0)
		cli->out = value;
	else if (strcmp(row->name, "--master") == 0)
		cli->master = true;
	else if (strcmp(row->name, "--from-master") == 0)
		cli->from_master = value;
	else if (!cli_number(value, &cli->spi))
		return cli_fail(err, octets,
		    "--spi: expected a number from 256 to 4294967295, found ",
		    value);
	return true;
}

/* "one of a, b, c" of names() up to its NULL. */
static bool
cli_expected(char *err, size_t octets, const char *what, const char *found,
    const char *(*names)(size_t))
{
	size_t used, i;

	used = (size_t)snprintf(err, octets, "%s: expected", what);
	for (i = 0; names(i) != NULL && used < octets; i++)
		used += (size_t)snprintf(err + used, octets - used, "%s %s",
		    i > 0 ? "," : "", names(i));
	if (found != NULL && used < octets)
		(void)snprintf(err + used, octets - used, ", found %s", found);
	return false;
}

static bool
cli_flush(struct mip6_cli *cli, const struct cli_words *w, char *err,
    size_t octets)
{
	struct mip6_control_request *r = &cli->request;
	int what = w->count > 1 ? mip6_control_flush_find(w->word[1]) : -1;
	bool takes;

	r->command = MIP6_CONTROL_FLUSH;
	if (what < 0)
		return cli_expected(err, octets, "flush",
		    w->count > 1 ? w->word[1] : NULL, mip6_control_flush_name);
	r->flush = (enum mip6_control_flush)what;
	takes = r->flush == MIP6_FLUSH_BINDING ||
	    r->flush == MIP6_FLUSH_REGISTRATION;
	if (w->count > 2 && !takes)
		return cli_fail(err, octets,
		    "flush: too many words: ", w->word[2]);
	if (w->count < 3 && r->flush == MIP6_FLUSH_BINDING)
		return cli_fail(err, octets,
		    "flush binding: expected its home address", "");
	if (w->count > 2 && !mip6_addr_parse(w->word[2], &r->addr))
		return cli_fail(err, octets,
		    "flush: expected an IPv6 address, found ", w->word[2]);
	return true;
}

static bool
cli_level(struct mip6_cli *cli, const struct cli_words *w, char *err,
    size_t octets)
{
	int level = w->count > 1 ? mip6_control_level_find(w->word[1]) :
				   (int)MIP6_LOG_INFO;

	if (level < 0 || (w->count < 2 && cli->verb == MIP6_CLI_LOG))
		return cli_expected(err, octets, w->word[0],
		    w->count > 1 ? w->word[1] : NULL, mip6_control_level_name);
	cli->request.level = (enum mip6_log_level)level;
	return true;
}

/* A home address goes with a master key to derive from, and with nothing. */
static bool
cli_genkey(struct mip6_cli *cli, const struct cli_words *w, char *err,
    size_t octets)
{
	const char *hoa = w->count > 1 ? w->word[1] : NULL;

	if (cli->from_master == NULL)
		return hoa == NULL ||
		    cli_fail(err, octets, "too many words: ", hoa);
	if (cli->master || cli->spi != 0)
		return cli_fail(err, octets,
		    "--from-master: the master key decides, without --spi or "
		    "--master",
		    "");
	if (hoa == NULL || !mip6_addr_parse(hoa, &cli->hoa) ||
	    !mip6_addr_is_routable(&cli->hoa))
		return cli_fail(err, octets,
		    "--from-master: expected a global home address, found ",
		    hoa != NULL ? hoa : "none");
	return true;
}

static bool
cli_verb(struct mip6_cli *cli, const struct cli_words *w, char *err,
    size_t octets)
{
	struct mip6_control_request *r = &cli->request;
	int table;

	switch (cli->verb) {
	case MIP6_CLI_STATUS:
		r->command = MIP6_CONTROL_STATUS;
		break;
	case MIP6_CLI_SHOW:
		r->command = MIP6_CONTROL_SHOW;
		r->max = MIP6_CONTROL_ROWS_MAX;
		table = w->count > 1 ? mip6_control_table_find(w->word[1]) : -1;
		if (table < 0)
			return cli_expected(err, octets, "show",
			    w->count > 1 ? w->word[1] : NULL,
			    mip6_control_table_name);
		r->table = (enum mip6_control_table)table;
		break;
	case MIP6_CLI_WATCH:
		r->command = MIP6_CONTROL_WATCH;
		return cli_level(cli, w, err, octets);
	case MIP6_CLI_FLUSH:
		return cli_flush(cli, w, err, octets);
	case MIP6_CLI_MOVE:
		r->command = MIP6_CONTROL_MOVE;
		if (w->count > 1 &&
		    (strlen(w->word[1]) >= sizeof(r->interface) ||
			w->word[1][0] == '\0'))
			return cli_fail(err, octets,
			    "move: not the name of an interface: ", w->word[1]);
		if (w->count > 1)
			memcpy(r->interface, w->word[1],
			    strlen(w->word[1]) + 1);
		break;
	case MIP6_CLI_RELOAD:
		r->command = MIP6_CONTROL_RELOAD;
		break;
	case MIP6_CLI_LOG:
		r->command = MIP6_CONTROL_LOG;
		return cli_level(cli, w, err, octets);
	case MIP6_CLI_GENKEY:
		return cli_genkey(cli, w, err, octets);
	}
	return true;
}

static bool
cli_words(struct mip6_cli *cli, const struct cli_words *w, char *err,
    size_t octets)
{
	static const size_t most[] = {
		[MIP6_CLI_STATUS] = 1,
		[MIP6_CLI_SHOW] = 2,
		[MIP6_CLI_WATCH] = 2,
		[MIP6_CLI_FLUSH] = 3,
		[MIP6_CLI_MOVE] = 2,
		[MIP6_CLI_RELOAD] = 1,
		[MIP6_CLI_LOG] = 2,
		[MIP6_CLI_GENKEY] = 2,
	};
	size_t i;

	for (i = 0; i < mip6_cli_verbs_count; i++)
		if (strcmp(w->word[0], mip6_cli_verbs[i].name) == 0)
			break;
	if (i == mip6_cli_verbs_count)
		return cli_fail(err, octets, "no such command: ", w->word[0]);
	cli->verb = mip6_cli_verbs[i].verb;
	if (w->count > most[cli->verb])
		return cli_fail(err, octets,
		    "too many words: ", w->word[most[cli->verb]]);
	if (cli->verb != MIP6_CLI_GENKEY &&
	    (cli->out != NULL || cli->spi != 0 || cli->master ||
		cli->from_master != NULL))
		return cli_fail(err, octets,
		    "-o, --spi, --master and --from-master are for genkey", "");
	return cli_verb(cli, w, err, octets);
}

bool
mip6_cli_parse(struct mip6_cli *cli, int argc, char *const *argv, char *err,
    size_t octets)
{
	struct cli_words w = { .count = 0 };
	int at;

	memset(cli, 0, sizeof(*cli));
	cli->socket = MIP6_CTL_SOCKET;
	for (at = 1; at < argc && argv[at] != NULL; at++) {
		if (argv[at][0] == '-') {
			if (!cli_option(cli, argv, &at, err, octets))
				return false;
		} else if (w.count == CLI_WORDS_MAX) {
			return cli_fail(err, octets,
			    "too many words: ", argv[at]);
		} else {
			w.word[w.count++] = argv[at];
		}
	}
	if (cli->help || cli->version)
		return true;
	if (w.count == 0)
		return cli_fail(err, octets, "expected a command", "");
	return cli_words(cli, &w, err, octets);
}

void
mip6_cli_help(FILE *out)
{
	char text[64];
	size_t i;

	(void)fprintf(out,
	    "usage: mip6ctl [-s SOCKET] [--json] COMMAND\n\ncommands:\n");
	for (i = 0; i < mip6_cli_verbs_count; i++) {
		(void)snprintf(text, sizeof(text), "%s %s",
		    mip6_cli_verbs[i].name, mip6_cli_verbs[i].arguments);
		(void)fprintf(out, "  %-31s %s\n", text,
		    mip6_cli_verbs[i].help);
	}
	(void)fprintf(out, "\noptions:\n");
	for (i = 0; i < mip6_cli_options_count; i++) {
		(void)snprintf(text, sizeof(text), "%s %s",
		    mip6_cli_options[i].name,
		    mip6_cli_options[i].argument != NULL ?
			mip6_cli_options[i].argument :
			"");
		(void)fprintf(out, "  %-31s %s%s\n", text,
		    mip6_cli_options[i].genkey ? "genkey: " : "",
		    mip6_cli_options[i].help);
	}
	(void)fprintf(out, "\ntables:");
	for (i = 0; mip6_control_table_name(i) != NULL; i++)
		(void)fprintf(out, " %s", mip6_control_table_name(i));
	(void)fprintf(out,
	    "\nflush:  binding ADDRESS, neighbours, routes, "
	    "registration [ADDRESS]\nlevels:");
	for (i = 0; mip6_control_level_name(i) != NULL; i++)
		(void)fprintf(out, " %s", mip6_control_level_name(i));
	(void)fprintf(out, "\n");
}
