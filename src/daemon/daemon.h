/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The daemon: a configuration, a host and a control socket around one loop.
 */
#ifndef MIP6_DAEMON_DAEMON_H
#define MIP6_DAEMON_DAEMON_H

#include "config/config.h"
#include "daemon/host.h"
#include "daemon/logger.h"
#include "daemon/options.h"
#include "daemon/server.h"

/* Exit codes of mip6d. */
#define MIP6_EXIT_STOPPED 0
#define MIP6_EXIT_FAILED  1 /* the system did not let it, or ended it */
#define MIP6_EXIT_USAGE   2
#define MIP6_EXIT_CONFIG  3

#define MIP6_DAEMON_SIGNALS 4

struct event;

struct mip6_daemon {
	struct mip6_options options;
	const char *version;
	char *config_path; /* absolute: the daemon goes elsewhere */
	struct mip6_config *config;
	struct mip6_logger logger;
	struct event_base *base;
	struct mip6_host *host;
	struct mip6_server *server;
	struct event *signal[MIP6_DAEMON_SIGNALS];
	struct event *tick, *leave;
	int state_dir, pid_file; /* descriptors, -1: none */
	char pid_path[MIP6_CONFIG_PATH_OCTETS];
	struct mip6_time started;
	bool stopping;
};

/*
 * Reads the configuration; NULL with *err.  A correspondent needs none: where
 * no file was named and the usual one is not there, all is as by default.
 */
struct mip6_config *mip6_daemon_config(const struct mip6_daemon *d,
    struct mip6_config_error *err);

/*
 * Runs with the configuration that d->config is, until it is told to stop.
 * `ready` (see mip6_proc_ready) hears how the start went.  Returns the exit
 * code; everything is undone and closed.
 */
int mip6_daemon_run(struct mip6_daemon *d, int ready);

/*
 * Reads the configuration again and applies what differs.  NULL with the
 * reason in error[octets]: nothing has changed.  Otherwise
 * {"changed":[..],"at_next_start":[..]}.
 */
json_t *mip6_daemon_reload(struct mip6_daemon *d, char *error, size_t octets);

/* Changes the level of the log. */
void mip6_daemon_log(struct mip6_daemon *d, enum mip6_log_level level);

/* Answers one request of the control socket; `arg` is the daemon. */
json_t *mip6_daemon_answer(void *arg,
    const struct mip6_control_request *request, char *error, size_t octets);

/* Logs every counter that is not zero. */
void mip6_daemon_log_counters(struct mip6_daemon *d);

#endif
