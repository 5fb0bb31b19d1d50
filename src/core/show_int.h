/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Between show.c, the tables, and show_why.c, the reasons.
 */
#ifndef MIP6_CORE_SHOW_INT_H
#define MIP6_CORE_SHOW_INT_H

#include "core/show.h"

struct mn_home;

/* Why home agents were left for the one of now; false: none was. */
bool show_agents_left(const struct mn_home *h, struct mip6_fmt *f);
/* Why a home address is not where it should be; nothing: all is well. */
void show_why_home(const struct mip6_node *n, const struct mip6_now *now,
    const struct mn_home *h, struct mip6_fmt *f);

#endif
