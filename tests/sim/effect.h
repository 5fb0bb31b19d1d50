/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What each host action does to a simulated host, and how all of it is undone.
 */
#ifndef MIP6_SIM_EFFECT_H
#define MIP6_SIM_EFFECT_H

#include "sim/daemon.h"

/* Carries out an action; returns 0 or an errno.  *route: of ROUTE_GET. */
int sim_effect_apply(struct sim_daemon *d, const struct mip6_action *act,
    struct mip6_route *route);
/* Takes back everything that a daemon ever did on this host. */
void sim_effect_undo_all(struct sim_daemon *d);
/* A TUN goes with its descriptor: its addresses and routes go, too. */
void sim_effect_tun_gone(struct sim_daemon *d);
void sim_effect_trace(struct sim_daemon *d, const struct mip6_action *act,
    int error);

#endif
