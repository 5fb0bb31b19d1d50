/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A second node that lives the life of the first from its recording alone:
 * the same configuration, seed and events, and nothing else.  It must ask for
 * the same, in the same order, and want to be woken at the same time.
 */
#ifndef MIP6_SIM_TWIN_H
#define MIP6_SIM_TWIN_H

#include "core/node.h"
#include "sim/sim.h"

struct sim_twin {
	struct sim *sim;
	const char *name; /* of the host, for people */
	struct mip6_node *node;
	struct mip6_actions out;
	size_t next; /* the action of `out` that the first node asks for next */
};

/* NULL: no memory. */
struct sim_twin *sim_twin_new(struct sim *s, const char *name,
    const struct mip6_node_env *env, const struct mip6_now *now);
void sim_twin_free(struct sim_twin *t);
/* The recording: an event that the first node is about to see. */
void sim_twin_event(struct sim_twin *t, const struct mip6_now *now,
    const struct mip6_event *ev);
/* The first node asks for this on the host: so must its twin. */
void sim_twin_compare(struct sim_twin *t, const struct mip6_action *act);
/* A call has ended: nothing is left over, and the deadlines are the same. */
void sim_twin_ended(struct sim_twin *t, const struct mip6_node *first);

#endif
