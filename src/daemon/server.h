/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The control socket in the event loop.
 */
#ifndef MIP6_DAEMON_SERVER_H
#define MIP6_DAEMON_SERVER_H

#include "base/fmt.h"
#include "control/client.h"
#include "daemon/logger.h"

struct event_base;
struct mip6_server;

struct mip6_server_env {
	struct event_base *base;
	struct mip6_logger *logger; /* gets this server as its watcher */
	const char *path;           /* outlives the server */
	mip6_control_answer answer;
	void *arg;
};

/* Listens.  NULL with *why. */
struct mip6_server *mip6_server_new(const struct mip6_server_env *env,
    struct mip6_fmt *why);
/* Ends all connections and removes the socket; NULL is ignored. */
void mip6_server_free(struct mip6_server *s);

#endif
