/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The command line of mip6d, read from one table that is also the help text
 * and what the manual page is compared with.
 */
#include "daemon/options.h"

#include <string.h>

#include "config/config.h"

const struct mip6_option_row mip6_option_rows[] = {
	{ MIP6_OPTION_CONFIG, 'c', NULL, "FILE",
	    "read FILE instead of " MIP6_CONFIG_PATH },
	{ MIP6_OPTION_FOREGROUND, 'f', NULL, NULL,
	    "stay in the foreground and log to standard error" },
	{ MIP6_OPTION_DEBUG, 'd', NULL, NULL,
	    "as -f, log every step and decode packets" },
	{ MIP6_OPTION_TEST, 't', NULL, NULL,
	    "check the file, say what would be done, and end" },
	{ MIP6_OPTION_MN, 0, "mn", NULL, "be a mobile node" },
	{ MIP6_OPTION_HA, 0, "ha", NULL, "be a home agent" },
	{ MIP6_OPTION_CN, 0, "cn", NULL, "be a correspondent node" },
	{ MIP6_OPTION_SELFTEST, 0, "selftest", NULL,
	    "try what the daemon needs of the system, and end" },
	{ MIP6_OPTION_VERSION, 0, "version", NULL, "print the version" },
	{ MIP6_OPTION_HELP, 'h', "help", NULL, "print this" },
};
const size_t mip6_option_rows_count = MIP6_COUNT(mip6_option_rows);

static void
options_set(struct mip6_options *o, enum mip6_option option,
    const char *argument)
{
	switch (option) {
	case MIP6_OPTION_CONFIG:
		o->config = argument;
		o->config_given = true;
		break;
	case MIP6_OPTION_FOREGROUND:
		o->foreground = true;
		break;
	case MIP6_OPTION_DEBUG:
		o->debug = true;
		o->foreground = true;
		break;
	case MIP6_OPTION_TEST:
		o->test = true;
		break;
	case MIP6_OPTION_MN:
		o->roles |= MIP6_CONFIG_MN;
		break;
	case MIP6_OPTION_HA:
		o->roles |= MIP6_CONFIG_HA;
		break;
	case MIP6_OPTION_CN:
		o->roles |= MIP6_CONFIG_CN;
		break;
	case MIP6_OPTION_SELFTEST:
		o->selftest = true;
		break;
	case MIP6_OPTION_VERSION:
		o->version = true;
		break;
	case MIP6_OPTION_HELP:
		o->help = true;
		break;
	}
}

static const struct mip6_option_row *
options_find(char letter, const char *name)
{
	const struct mip6_option_row *row;
	size_t i;

	for (i = 0; i < mip6_option_rows_count; i++) {
		row = &mip6_option_rows[i];
		if (name == NULL ?
			row->letter == letter :
			row->name != NULL && strcmp(row->name, name) == 0)
			return row;
	}
	return NULL;
}

/* "-fd", "-cFILE", "-c FILE": the letters of one word of the command line. */
static bool
options_letters(struct mip6_options *o, const char *letters, char *const *argv,
    int *at, char *err, size_t octets)
{
	const struct mip6_option_row *row;
	const char *argument;

	for (; *letters != '\0'; letters++) {
		row = options_find(*letters, NULL);
		if (row == NULL) {
			(void)snprintf(err, octets, "no such option: -%c",
			    *letters);
			return false;
		}
		if (row->argument == NULL) {
			options_set(o, row->option, NULL);
			continue;
		}
		argument = letters[1] != '\0' ? letters + 1 : argv[++*at];
		if (argument == NULL) {
			(void)snprintf(err, octets, "-%c needs a %s", *letters,
			    row->argument);
			return false;
		}
		options_set(o, row->option, argument);
		return true;
	}
	return true;
}

bool
mip6_options_parse(struct mip6_options *o, int argc, char *const *argv,
    char *err, size_t octets)
{
	const struct mip6_option_row *row;
	int at;

	memset(o, 0, sizeof(*o));
	o->config = MIP6_CONFIG_PATH;
	for (at = 1; at < argc && argv[at] != NULL; at++) {
		const char *word = argv[at];

		if (word[0] != '-' || word[1] == '\0') {
			(void)snprintf(err, octets, "not an option: %s", word);
			return false;
		}
		if (word[1] != '-') {
			if (!options_letters(o, word + 1, argv, &at, err,
				octets))
				return false;
			continue;
		}
		row = options_find(0, word + 2);
		if (row == NULL) {
			(void)snprintf(err, octets, "no such option: %s", word);
			return false;
		}
		options_set(o, row->option, NULL);
	}
	return true;
}

void
mip6_options_help(FILE *out)
{
	const struct mip6_option_row *row;
	char names[32];
	size_t i;

	(void)fprintf(out,
	    "usage: mip6d [-dft] [-c FILE] [--mn] [--ha] [--cn]\n"
	    "Mobile IPv6 (RFC 6275): mobile node, home agent.\n\n");
	for (i = 0; i < mip6_option_rows_count; i++) {
		row = &mip6_option_rows[i];
		if (row->letter != 0)
			(void)snprintf(names, sizeof(names), "-%c%s%s%s%s",
			    row->letter, row->name != NULL ? ", --" : "",
			    row->name != NULL ? row->name : "",
			    row->argument != NULL ? " " : "",
			    row->argument != NULL ? row->argument : "");
		else
			(void)snprintf(names, sizeof(names), "    --%s",
			    row->name);
		(void)fprintf(out, "  %-14s %s\n", names, row->help);
	}
	(void)fprintf(out,
	    "\nWithout --mn, --ha or --cn: the roles whose blocks the file "
	    "has.\nSee mip6d(8), mip6.conf(5) and mip6ctl(8).\n");
}
