/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Names to IPv6 addresses, asked of the host's name servers without waiting.
 *
 * A question leaves from the address it is given (a care-of address), so that
 * the host's rules send it by the care-of link and never by the tunnel that
 * the answer is needed for.
 */
#ifndef MIP6_DAEMON_RESOLVE_H
#define MIP6_DAEMON_RESOLVE_H

#include "core/action.h"
#include "daemon/logger.h"

#define MIP6_RESOLV_CONF "/etc/resolv.conf"

struct event_base;
struct mip6_resolver;

struct mip6_resolver_env {
	struct event_base *base;
	struct mip6_logger *logger;
	const char *resolv_conf; /* where the name servers are listed */
	uint16_t port;           /* of the name servers; 0: 53 */
	uint32_t limit_ms;       /* for an answer; 0: ten seconds */
	/* One MIP6_EV_NAME for each question, never from within the asking. */
	void (*event)(void *arg, const struct mip6_event *ev);
	/* After such an event. */
	void (*rest)(void *arg);
	void *arg;
};

/* NULL: no memory. */
struct mip6_resolver *mip6_resolver_new(const struct mip6_resolver_env *env);
/* Questions that are not answered yet never will be. */
void mip6_resolver_free(struct mip6_resolver *r);
/* MIP6_ACT_RESOLVE; nothing of `act` is needed any more after the call. */
void mip6_resolver_ask(struct mip6_resolver *r, const struct mip6_action *act);

#endif
