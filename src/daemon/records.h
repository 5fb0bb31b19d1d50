/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The store in the event loop: records of the node go there, those of former
 * lives come back at the start, and the loop never waits for the disk.
 */
#ifndef MIP6_DAEMON_RECORDS_H
#define MIP6_DAEMON_RECORDS_H

#include "core/action.h"
#include "daemon/logger.h"
#include "store/store.h"

struct event_base;
struct mip6_records;

struct mip6_records_env {
	struct event_base *base;
	struct mip6_logger *logger;
	const char *state_dir;
	bool sync;
	/* One event of the node: RESTORE, or DONE. */
	void (*event)(void *arg, const struct mip6_event *ev);
	/* After such events. */
	void (*rest)(void *arg);
	void *arg;
};

/* NULL: no memory.  A store that is not usable is said, and tried again. */
struct mip6_records *mip6_records_open(const struct mip6_records_env *env);
/* Everything that was asked for is written; NULL is ignored. */
void mip6_records_close(struct mip6_records *r);

/* Gives the node what was stored, and says that this was all. */
void mip6_records_restore(struct mip6_records *r);
/* MIP6_ACT_STORE; its end is an event, later. */
void mip6_records_act(struct mip6_records *r, const struct mip6_action *act);
/* The turn of the loop is over. */
void mip6_records_flush(struct mip6_records *r);

struct mip6_store_status mip6_records_status(const struct mip6_records *r);

#endif
