/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * One random life of a world: a storm of moves, losses, restarts and refused
 * actions, with the invariants of check.h at every step, and then calm, in
 * which everybody must become reachable within a stated time.
 */
#ifndef MIP6_SIM_STORM_H
#define MIP6_SIM_STORM_H

#include "sim/check.h"

/*
 * From the end of all faults to "registered, or at home": the longest time
 * between two Binding Updates (MAX_BINDACK_TIMEOUT, 32 s), a Router
 * Advertisement, and a second series for what the first one taught (a
 * sequence number, a clock).
 */
#define SIM_STORM_CALM_US (90 * SIM_S)

struct sim_storm_result {
	uint64_t trace_hash;
	uint64_t events, frames, delivered, twice;
	uint64_t moves, restarts, failed_actions, acks;
	int64_t reachable_us; /* it took so long, after the storm */
	int64_t virtual_us;
};

/* Ends the process by sim_fail when something is wrong. */
void sim_storm_run(uint64_t seed, FILE *trace, const char *replay,
    struct sim_storm_result *result);

#endif
