/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The command line of mip6ctl.
 */
#ifndef MIP6_CTL_CLI_H
#define MIP6_CTL_CLI_H

#include <stdio.h>

#include "control/request.h"

#define MIP6_CTL_SOCKET MIP6_RUN_DIR "/mip6d.sock"

/* Exit codes of mip6ctl. */
#define MIP6_CTL_OK          0
#define MIP6_CTL_REFUSED     1 /* by the daemon, or by the system */
#define MIP6_CTL_USAGE       2
#define MIP6_CTL_UNREACHABLE 3 /* no daemon answers */

enum mip6_cli_verb {
	MIP6_CLI_STATUS,
	MIP6_CLI_SHOW,
	MIP6_CLI_WATCH,
	MIP6_CLI_FLUSH,
	MIP6_CLI_MOVE,
	MIP6_CLI_RELOAD,
	MIP6_CLI_LOG,
	MIP6_CLI_GENKEY
};

struct mip6_cli_verb_row {
	enum mip6_cli_verb verb;
	const char *name;
	const char *arguments;
	const char *help;
};
extern const struct mip6_cli_verb_row mip6_cli_verbs[];
extern const size_t mip6_cli_verbs_count;

struct mip6_cli_option_row {
	const char *name;     /* with its dashes */
	const char *argument; /* NULL: none */
	const char *help;
	bool genkey; /* of genkey alone */
};
extern const struct mip6_cli_option_row mip6_cli_options[];
extern const size_t mip6_cli_options_count;

struct mip6_cli {
	const char *socket;
	bool json, version, help;
	enum mip6_cli_verb verb;
	/* What the verb says to the daemon. */
	struct mip6_control_request request;
	/* genkey */
	const char *out;         /* NULL: standard output */
	uint32_t spi;            /* 0: a random one */
	bool master;             /* a master key */
	const char *from_master; /* derived from it, for `hoa`; NULL: not */
	struct mip6_addr hoa;
};

/* Reads the command line; false with one line in err[octets]. */
bool mip6_cli_parse(struct mip6_cli *cli, int argc, char *const *argv,
    char *err, size_t octets);

void mip6_cli_help(FILE *out);

#endif
