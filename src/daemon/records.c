/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What the disk refuses is told to the node, action by action, and once to the
 * log; so is that it works again.
 */
#include "daemon/records.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <event2/event.h>

struct mip6_records {
	struct mip6_records_env env;
	struct mip6_store *store;
	struct event *ended;
	int error;          /* said last */
	uint64_t set_aside; /* said */
};

/* Says what has changed about the store. */
static void
records_tell(struct mip6_records *r)
{
	struct mip6_store_status s = mip6_records_status(r);
	const struct mip6_log *log = &r->env.logger->log;

	if (s.set_aside != r->set_aside)
		MIP6_LOG(log, ERROR, "store.damaged",
		    MIP6_KS("what", s.damage));
	if (s.error != r->error && s.error != 0)
		MIP6_LOG(log, ERROR, "store.failed", MIP6_KI("errno", s.error),
		    MIP6_KS("error", strerror(s.error)));
	else if (s.error != r->error)
		MIP6_LOG(log, WARNING, "store.works-again",
		    MIP6_KU("failed", s.failed));
	r->set_aside = s.set_aside;
	r->error = s.error;
}

static void
records_done(void *arg, uint64_t id, int error)
{
	struct mip6_records *r = arg;
	struct mip6_event ev;

	memset(&ev, 0, sizeof(ev));
	ev.kind = MIP6_EV_DONE;
	ev.u.done.action = id;
	ev.u.done.error = error;
	r->env.event(r->env.arg, &ev);
}

static void
records_readable(evutil_socket_t fd, short what, void *arg)
{
	struct mip6_records *r = arg;

	(void)fd;
	(void)what;
	records_tell(r);
	mip6_store_ended(r->store, records_done, r);
	r->env.rest(r->env.arg);
}

struct mip6_records *
mip6_records_open(const struct mip6_records_env *env)
{
	struct mip6_records *r = calloc(1, sizeof(*r));
	char path[MIP6_STORE_PATH_MAX];

	if (r == NULL)
		return NULL;
	r->env = *env;
	(void)snprintf(path, sizeof(path), "%s/store.db", env->state_dir);
	r->store = mip6_store_open(path, env->sync);
	if (r->store != NULL)
		r->ended = event_new(env->base, mip6_store_fd(r->store),
		    EV_READ | EV_PERSIST, records_readable, r);
	if (r->ended == NULL || event_add(r->ended, NULL) != 0) {
		mip6_records_close(r);
		return NULL;
	}
	records_tell(r);
	return r;
}

void
mip6_records_close(struct mip6_records *r)
{
	if (r == NULL)
		return;
	if (r->ended != NULL)
		event_free(r->ended);
	mip6_store_close(r->store);
	free(r);
}

static void
records_restore(void *arg, uint8_t table, const struct mip6_addr *key,
    const uint8_t *octets, size_t count)
{
	struct mip6_records *r = arg;
	struct mip6_event ev;

	memset(&ev, 0, sizeof(ev));
	ev.kind = MIP6_EV_RESTORE;
	ev.u.restore.table = (enum mip6_store_table)table;
	ev.u.restore.key = *key;
	ev.u.restore.octets = octets;
	ev.u.restore.count = count;
	if (table <= MIP6_STORE_HOME)
		r->env.event(r->env.arg, &ev);
}

void
mip6_records_restore(struct mip6_records *r)
{
	struct mip6_event ev;

	memset(&ev, 0, sizeof(ev));
	ev.kind = MIP6_EV_RESTORE;
	ev.u.restore.end = true;
	ev.u.restore.damaged = !mip6_store_load(r->store, records_restore, r) ||
	    mip6_records_status(r).set_aside > 0;
	records_tell(r);
	r->env.event(r->env.arg, &ev);
}

void
mip6_records_act(struct mip6_records *r, const struct mip6_action *act)
{
	const struct mip6_act_store *a = &act->u.store;

	mip6_store_put(r->store, (uint8_t)a->table, &a->key, a->octets,
	    a->count, act->id);
}

void
mip6_records_flush(struct mip6_records *r)
{
	mip6_store_flush(r->store);
}

struct mip6_store_status
mip6_records_status(const struct mip6_records *r)
{
	struct mip6_store_status s;

	mip6_store_status(r->store, &s);
	return s;
}
