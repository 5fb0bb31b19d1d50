/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A mobile node has left when each binding it had is de-registered, or was
 * none; see leave.h.
 */
#include "daemon/leave.h"

#include "core/show.h"
#include "platform/platform.h"

static void
leave_row(void *arg, const struct mip6_show_registration *r)
{
	bool *waits = arg;

	/* Correspondents are told, and not waited for. */
	if (!r->correspondent && r->unanswered > 0 &&
	    !mip6_addr_is_any(&r->coa))
		*waits = true;
}

bool
mip6_leave_waits(const struct mip6_conf *conf, const struct mip6_engine *engine)
{
	struct mip6_now now = mip6_plat_now();
	bool waits = false;

	if (!conf->mn.on || !conf->mn.deregister_at_exit)
		return false;
	(void)mip6_show_registrations(mip6_engine_node(engine), &now, 0,
	    MIP6_HOMES_MAX, leave_row, &waits);
	return waits;
}
