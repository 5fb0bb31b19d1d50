/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Former care-of addresses; see grace.h.
 *
 * A home address has one place at the most, which it keeps when it moves again:
 * the address before the former one is nobody's any more.
 *
 * Implements: RFC 6275 section 10.4.5 for what was sent before a move.
 */
#include "path/grace.h"

#include <string.h>

#define GRACE_SET 8U

static struct mip6_path_grace *
grace_set_of(struct mip6_path_grace *table, uint32_t hash)
{
	return table + (hash & (MIP6_PATH_GRACES / GRACE_SET - 1)) * GRACE_SET;
}

bool
mip6_path_grace_set(struct mip6_path_grace **table, const struct mip6_alloc *a,
    uint32_t hash, struct mip6_time now, const struct mip6_path_grace *g)
{
	struct mip6_path_grace *set, *place = NULL;
	uint32_t i;

	if (*table == NULL) {
		*table = a->alloc(a->arg, MIP6_PATH_GRACES * sizeof(**table));
		if (*table == NULL)
			return false;
		memset(*table, 0, MIP6_PATH_GRACES * sizeof(**table));
	}
	set = grace_set_of(*table, hash);
	for (i = 0; i < GRACE_SET; i++) {
		if (mip6_addr_equal(&set[i].home, &g->home)) {
			place = &set[i];
			break;
		}
		if (place == NULL && mip6_time_reached(set[i].ends, now))
			place = &set[i];
	}
	if (place == NULL)
		return false;
	*place = *g;
	return true;
}

void
mip6_path_grace_end(struct mip6_path_grace *table, uint32_t hash,
    const struct mip6_addr *home)
{
	struct mip6_path_grace *set;
	uint32_t i;

	if (table == NULL)
		return;
	set = grace_set_of(table, hash);
	for (i = 0; i < GRACE_SET; i++)
		if (mip6_addr_equal(&set[i].home, home))
			memset(&set[i], 0, sizeof(set[i]));
}

bool
mip6_path_grace_has(const struct mip6_path_grace *table, uint32_t hash,
    struct mip6_time now, const struct mip6_addr *home,
    const struct mip6_addr *peer)
{
	const struct mip6_path_grace *set;
	uint32_t i;

	if (table == NULL)
		return false;
	set = table + (hash & (MIP6_PATH_GRACES / GRACE_SET - 1)) * GRACE_SET;
	for (i = 0; i < GRACE_SET; i++)
		if (mip6_addr_equal(&set[i].home, home) &&
		    mip6_addr_equal(&set[i].peer, peer))
			return !mip6_time_reached(set[i].ends, now);
	return false;
}
