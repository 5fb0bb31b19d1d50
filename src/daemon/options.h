/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The command line of mip6d.
 */
#ifndef MIP6_DAEMON_OPTIONS_H
#define MIP6_DAEMON_OPTIONS_H

#include <stdio.h>

#include "base/base.h"

enum mip6_option {
	MIP6_OPTION_CONFIG,
	MIP6_OPTION_FOREGROUND,
	MIP6_OPTION_DEBUG,
	MIP6_OPTION_TEST,
	MIP6_OPTION_MN,
	MIP6_OPTION_HA,
	MIP6_OPTION_CN,
	MIP6_OPTION_SELFTEST,
	MIP6_OPTION_VERSION,
	MIP6_OPTION_HELP
};

struct mip6_option_row {
	enum mip6_option option;
	char letter;          /* 0: none */
	const char *name;     /* without "--"; NULL: none */
	const char *argument; /* NULL: it takes none */
	const char *help;
};

extern const struct mip6_option_row mip6_option_rows[];
extern const size_t mip6_option_rows_count;

struct mip6_options {
	const char *config; /* points into argv, or the default */
	bool config_given;
	bool foreground; /* -f, or -d */
	bool debug;
	bool test;
	bool selftest;
	bool version;
	bool help;
	unsigned int roles; /* enum mip6_config_role; 0: those of the file */
};

/*
 * Reads the command line.  false: it is wrong, and err[octets] says what in
 * one line.
 */
bool mip6_options_parse(struct mip6_options *o, int argc, char *const *argv,
    char *err, size_t octets);

/* Prints how to call it. */
void mip6_options_help(FILE *out);

#endif
