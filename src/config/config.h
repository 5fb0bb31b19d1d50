/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * mip6.conf: from the text of a file to values that were checked.
 *
 * A configuration is whole or it is not there: the first thing that is wrong
 * ends the loading with one line that names file, line, key and what was
 * expected.  Keys come from key files of their own and are wiped when the
 * configuration is freed.
 */
#ifndef MIP6_CONFIG_CONFIG_H
#define MIP6_CONFIG_CONFIG_H

#include <stdio.h>

#include "base/log.h"
#include "core/conf.h"

#define MIP6_CONFIG_PATH            MIP6_SYSCONF_DIR "/mip6d/mip6.conf"
#define MIP6_CONTROL_SOCKET         MIP6_RUN_DIR "/mip6d.sock"
#define MIP6_PID_FILE               MIP6_RUN_DIR "/mip6d.pid"
#define MIP6_CONFIG_TEXT_OCTETS_MAX (1024 * 1024)
#define MIP6_CONFIG_PATH_OCTETS     1024
/* What fits sockaddr_un on every system, the NUL included. */
#define MIP6_CONFIG_SOCKET_OCTETS 104

enum mip6_config_role {
	MIP6_CONFIG_MN = 1,
	MIP6_CONFIG_HA = 2,
	MIP6_CONFIG_CN = 4
};

struct mip6_config {
	struct mip6_conf conf; /* for the node */
	char control_socket[MIP6_CONFIG_SOCKET_OCTETS];
	char pid_file[MIP6_CONFIG_PATH_OCTETS];
	char state_dir[MIP6_CONFIG_PATH_OCTETS];
	enum mip6_log_level log_level;
	const char *syslog_facility; /* "daemon", "local0" ... */
	struct mip6_addr ha_address; /* of ha {}; its prefix has it, too */
	/* Where mobile nodes without a block come from; "": nowhere. */
	char mobiles_dir[MIP6_CONFIG_PATH_OCTETS];
	char mobiles_file[MIP6_CONFIG_PATH_OCTETS];
	char master_key_file[MIP6_CONFIG_PATH_OCTETS];
	struct mip6_roster *roster; /* ours; conf.ha.roster */
};

struct mip6_config_error {
	char text[1024]; /* "mip6.conf:7: lifetime: expected ..., found ..." */
};

/*
 * Reads and checks the file at `path`.  `roles` (enum mip6_config_role) are
 * the only ones played; 0: those whose blocks are in the file.  Returns NULL
 * with the reason in *err; the caller frees what it returns.
 */
struct mip6_config *mip6_config_load(const char *path, unsigned int roles,
    struct mip6_config_error *err);

/*
 * The same for `octets` octets of text, which need no NUL.  `path` is for
 * messages, and key files are looked for beside it.
 */
struct mip6_config *mip6_config_parse(const char *path, const char *text,
    size_t octets, unsigned int roles, struct mip6_config_error *err);

/* Wipes the keys and frees; NULL is ignored. */
void mip6_config_free(struct mip6_config *c);

/*
 * What is kept of a master key, and with `hoa` the key of that mobile node.
 * false: there is no cryptography.
 */
bool mip6_config_master(const uint8_t master[MIP6_MASTER_OCTETS],
    const struct mip6_addr *hoa, uint8_t prk[MIP6_MASTER_OCTETS],
    uint8_t key[MIP6_MASTER_OCTETS]);

/* Says in plain words what a daemon with `c` would do (mip6d -t). */
void mip6_config_explain(const struct mip6_config *c, FILE *out);

/*
 * Calls `row` for each difference from `was` to `is`: its place ("mn", "home
 * 2001:db8::1"), what it is ("lifetime"), and whether it takes effect only at
 * the next start.  Returns how many there are.  No value is told.
 */
typedef void (*mip6_config_diff_row)(void *arg, const char *place,
    const char *what, bool needs_restart);
size_t mip6_config_diff(const struct mip6_config *was,
    const struct mip6_config *is, mip6_config_diff_row row, void *arg);

/*
 * Lets `is` keep of `was` what takes effect only at the next start; the roles
 * are the same in both.
 */
void mip6_config_keep(struct mip6_config *is, const struct mip6_config *was);

#endif
