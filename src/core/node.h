/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A Mobile IPv6 node: events in, actions out.
 *
 * The node holds every protocol state: links, neighbours, routers, the
 * Binding Update List, the Binding Cache, timers.  It makes no system call,
 * reads no clock and draws randomness only from its seed: the same
 * configuration, seed and events give the same actions.
 *
 * Implements: RFC 6275; RFC 4285; the host parts of RFC 4861 and RFC 4862
 * that mobility needs.  See doc/architecture.md for what is there.
 */
#ifndef MIP6_CORE_NODE_H
#define MIP6_CORE_NODE_H

#include "base/log.h"
#include "core/action.h"
#include "core/conf.h"
#include "core/event.h"
#include "crypto/crypto.h"

struct mip6_node;

/* Rows of pairs that talk directly, at the most; a binding has one or more. */
#define MIP6_DIRECT_MAX 65536

struct mip6_node_env {
	struct mip6_alloc alloc;
	const struct mip6_log *log; /* outlives the node */
	uint8_t seed[MIP6_SEED_OCTETS];
	/*
	 * Secret that survives restarts (RFC 7217 section 5): the same link
	 * gives the same interface identifier.
	 */
	uint8_t stable_secret[MIP6_SEED_OCTETS];
	/* Where the configuration leaves it open; AUTO: the kernel. */
	enum mip6_coa_owner coa_owner;
};

/* NULL: no memory, or no cryptography. */
struct mip6_node *mip6_node_new(const struct mip6_node_env *env,
    const struct mip6_now *now);
void mip6_node_free(struct mip6_node *n);

/*
 * Handles one event and adds what it asks for to `out`, which the caller has
 * cleared.  Never fails: what cannot be done is counted, logged and shown.
 */
void mip6_node_input(struct mip6_node *n, const struct mip6_now *now,
    const struct mip6_event *ev, struct mip6_actions *out);

/*
 * A packet that will be given soon, as a hint: what it needs of a large table
 * is on its way from memory then.  In MIP6_NODE_AHEAD_STEPS calls from step 0
 * on, with other work between them; nothing changes and nothing is believed.
 */
#define MIP6_NODE_AHEAD_STEPS 3
void mip6_node_ahead(const struct mip6_node *n, const struct mip6_hint *h,
    unsigned int step);

/* When MIP6_EV_TIMER is due; MIP6_TIME_NEVER: no deadline. */
struct mip6_time mip6_node_deadline(const struct mip6_node *n);

/* What was discarded or refused, by reason. */
const struct mip6_drops *mip6_node_drops(const struct mip6_node *n);

#endif
