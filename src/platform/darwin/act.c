/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Actions that have ended, and what is done a little later.
 *
 * `done` is called from the work descriptor alone: so never before mip6_plat_do
 * has returned, in the order in which actions ended, and once.  The packet
 * filter is changed there too, before: so that many changes cost one program.
 */
#include <stdlib.h>
#include <string.h>

#include "platform/darwin/darwin.h"

#define ACT_SETTLE        MIP6_SPAN_MS(50)
#define ACT_RESTORE_EVERY MIP6_SPAN_S(1)

void
mip6_work_arm(struct mip6_plat *p)
{
	struct mip6_time at = mip6_time_min(p->restore_at, p->watch.look_at);
	struct mip6_time now = mip6_plat_now().mono;
	int64_t us = -1;

	if (p->acts.count > 0 || p->pf.changes > 0 || p->pf.dirty)
		us = 0;
	else if (!mip6_time_is_never(at))
		us = mip6_time_reached(at, now) ? 0 : at.us - now.us;
	MIP6_ASSERT(p->os->timer_set(p->work_fd, us) == 0);
}

void
mip6_acts_end(struct mip6_plat *p, uint64_t id, int error,
    const struct mip6_route *route)
{
	struct mip6_acts *a = &p->acts;
	struct mip6_ended *e;
	size_t cap;

	if (a->count == a->cap) {
		cap = a->cap == 0 ? 64 : a->cap * 2;
		e = realloc(a->ended, cap * sizeof(*e));
		/* An action that could never end would be a broken promise. */
		MIP6_ASSERT(e != NULL);
		a->ended = e;
		a->cap = cap;
	}
	e = &a->ended[a->count++];
	memset(e, 0, sizeof(*e));
	e->id = id;
	e->error = error;
	e->has_route = error == 0 && route != NULL;
	if (e->has_route)
		e->route = *route;
	if (a->count == 1)
		mip6_work_arm(p);
}

void
mip6_work_restore(struct mip6_plat *p)
{
	struct mip6_time now = mip6_plat_now().mono;
	struct mip6_time at = mip6_time_add(now, ACT_SETTLE);
	struct mip6_time next =
	    mip6_time_add(p->restored_at, ACT_RESTORE_EVERY);

	if (!mip6_time_is_never(p->restore_at))
		return;
	p->restore_at = mip6_time_before(at, next) ? next : at;
	mip6_work_arm(p);
}

/* What has ended until now; `done` may ask for more. */
static void
act_done(struct mip6_plat *p)
{
	struct mip6_acts *a = &p->acts;
	size_t n = a->count, i;
	struct mip6_ended e;

	for (i = 0; i < n; i++) {
		e = a->ended[i];
		p->env.done(p->env.arg, e.id, e.error,
		    e.has_route ? &e.route : NULL);
	}
	a->count -= n;
	if (a->count > 0)
		memmove(a->ended, a->ended + n, a->count * sizeof(*a->ended));
}

void
mip6_work_ready(struct mip6_plat *p)
{
	struct mip6_time now;

	mip6_pf_work(p);
	act_done(p);
	now = mip6_plat_now().mono;
	if (mip6_time_reached(p->restore_at, now)) {
		p->restore_at = MIP6_TIME_NEVER;
		p->restored_at = now;
		mip6_pf_restore(p);
		mip6_wants_restore(p);
	}
	if (mip6_time_reached(p->watch.look_at, now)) {
		p->watch.look_at = MIP6_TIME_NEVER;
		mip6_watch_dump(p);
	}
	mip6_work_arm(p);
}
