/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Two hours of a laptop with two interfaces: hundreds of moves among four
 * links, losses, networks that let nothing through (silently, or saying so),
 * links without a router, suspends of seconds and of half hours, a clock that
 * is set, commands, restarts of the home agent, returns home; with half of the
 * seeds a correspondent that takes part, and is restarted too.
 *
 * Never is every way barred for longer than a minute and a half while
 * applications are awake.  So, besides what check.h demands at every step:
 *
 * - after each step the sessions go on within SIM_COMMUTE_AGAIN_US;
 * - at the end none was reset, nothing was lost or changed;
 * - home again and settled, every table of the mobile node, the home agent
 *   and their hosts is what it was at home before the first move.
 */
#ifndef MIP6_SIM_COMMUTE_H
#define MIP6_SIM_COMMUTE_H

#include "sim/storm.h"

#define SIM_COMMUTE_US       (7200 * SIM_S)
#define SIM_COMMUTE_AGAIN_US (110 * SIM_S)

/* The same as sim_storm_run; reachable_us is the longest wait after a step. */
void sim_commute_run(uint64_t seed, FILE *trace, const char *replay,
    struct sim_storm_result *result);

#endif
