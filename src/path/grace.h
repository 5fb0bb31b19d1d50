/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Former care-of addresses, for the moment in which packets that left with one
 * are still under way.
 *
 * Few mobile nodes are moving in any moment, so that it is a small table of
 * its own and the rows do not grow: sets of 8 places, chosen by the row's keyed
 * hash, made when the first one is wanted.  It has no timer: a place whose
 * time is over is free.
 */
#ifndef MIP6_PATH_GRACE_H
#define MIP6_PATH_GRACE_H

#include "base/hash.h"
#include "base/time.h"

#define MIP6_PATH_GRACES 4096 /* power of two */

struct mip6_path_grace {
	struct mip6_addr home;
	struct mip6_addr peer; /* the former care-of address */
	struct mip6_time ends;
};

/* `hash` is that of the row of `home`; `now` and `ends` are of one clock. */

/* false: all places of the set are taken, or no memory. */
bool mip6_path_grace_set(struct mip6_path_grace **table,
    const struct mip6_alloc *a, uint32_t hash, struct mip6_time now,
    const struct mip6_path_grace *g);
void mip6_path_grace_end(struct mip6_path_grace *table, uint32_t hash,
    const struct mip6_addr *home);
/* May `home` still come from `peer`? */
bool mip6_path_grace_has(const struct mip6_path_grace *table, uint32_t hash,
    struct mip6_time now, const struct mip6_addr *home,
    const struct mip6_addr *peer);

#endif
