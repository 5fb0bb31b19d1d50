/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The engine on a real host: packets between ports and engine, actions to the
 * platform, reports of the platform as events, one timer.
 *
 * The engine is never entered from within itself: what a call of it asks for
 * here (a port opened or closed) is done after it returned, and its end is
 * told then.  After every call mip6_host_settle sends what was collected.
 */
#ifndef MIP6_DAEMON_HOST_H
#define MIP6_DAEMON_HOST_H

#include "config/config.h"
#include "daemon/logger.h"
#include "engine/engine.h"
#include "platform/platform.h"
#include "store/store.h"

struct event_base;
struct mip6_host;

struct mip6_host_env {
	struct event_base *base;
	struct mip6_logger *logger;
	const char *state_dir;
	const struct mip6_config *config; /* the first */
	const uint8_t *stable_secret;     /* MIP6_SEED_OCTETS */
	const uint8_t *seed;              /* MIP6_SEED_OCTETS */
	/* After mip6_host_stop: nobody owes an answer to the leave any more. */
	void (*left)(void *arg); /* may be NULL */
	void *left_arg;
};

/*
 * Opens the platform, undoes what an earlier daemon left, makes the engine.
 * NULL with a message in err.
 */
struct mip6_host *mip6_host_new(const struct mip6_host_env *env, char *err,
    size_t err_octets);
/* Begins: the configuration to the node, reports, packets. */
bool mip6_host_start(struct mip6_host *h, char *err, size_t err_octets);
/* Closes all ports and undoes everything on the host. */
void mip6_host_free(struct mip6_host *h);

/* Gives the node a new configuration, which must outlive its use. */
void mip6_host_config(struct mip6_host *h, const struct mip6_config *config);
/* One command. */
void mip6_host_command(struct mip6_host *h,
    const struct mip6_ev_command *command);
/* Lets the node take its leave. */
void mip6_host_stop(struct mip6_host *h);
/* Whether peers still owe an answer to the leave. */
bool mip6_host_leaving(const struct mip6_host *h);

const struct mip6_engine *mip6_host_engine(const struct mip6_host *h);
/* How the store is; false: there is none. */
bool mip6_host_stored(const struct mip6_host *h,
    struct mip6_store_status *status);
/* For what it tells of itself. */
struct mip6_plat *mip6_host_plat(const struct mip6_host *h);

/* "eth0", the TUN's name for 0, "?" when unknown. */
const char *mip6_host_link_name(const struct mip6_host *h, uint32_t ifindex);
/* 0: no such link. */
uint32_t mip6_host_link_index(const struct mip6_host *h, const char *name);

/* The i-th open port, NULL past the last. */
const struct mip6_port *mip6_host_port(const struct mip6_host *h, size_t i);

#endif
