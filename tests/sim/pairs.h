/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What must hold of route optimization in every daemon, and between two, when
 * nothing is under way.
 */
#ifndef MIP6_SIM_PAIRS_H
#define MIP6_SIM_PAIRS_H

#include "sim/world.h"

/*
 * Ends the simulation unless
 * - each direct row is one that a binding justifies, and the path has as many
 *   as there are;
 * - each host route of the correspondent belongs to a binding;
 * - a mobile node sends directly only from the care-of address that its
 *   correspondent has in its binding.
 * `cn`: the daemon of the world's correspondent; NULL: it has none.
 */
void sim_pairs_check(struct sim_world *w, struct sim_daemon *cn);

#endif
