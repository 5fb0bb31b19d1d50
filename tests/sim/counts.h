/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * How much there is of everything that a daemon and its host could leak.
 */
#ifndef MIP6_SIM_COUNTS_H
#define MIP6_SIM_COUNTS_H

#include "sim/daemon.h"

enum count_of {
	COUNT_TIMERS,
	COUNT_NEIGHBOURS,
	COUNT_REFERENCES,
	COUNT_ADDRESSES,
	COUNT_ROUTERS,
	COUNT_PREFIXES,
	COUNT_WISHES,
	COUNT_AGENTS,
	COUNT_CORRESPONDENTS,
	COUNT_BINDINGS,
	COUNT_ROWS,
	COUNT_WAITING,
	COUNT_BUFFERS,
	COUNT_HOST_ADDRESSES,
	COUNT_HOST_ROUTES,
	COUNT_HOST_RULES,
	COUNT_HOST_FILTERS,
	COUNT_KINDS
};

struct sim_counts {
	size_t of[COUNT_KINDS];
};

struct sim_counts sim_count(const struct sim_daemon *d);
/*
 * Ends the simulation unless it is exactly what it was, or, of what comes and
 * goes by itself (a neighbour that is asked just now, an address that the
 * kernel was first to have), a few more: what leaked once in ten moves would
 * be dozens.
 */
void sim_count_same(const struct sim_daemon *d, const struct sim_counts *was);

#endif
