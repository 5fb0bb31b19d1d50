/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Bindings that outlive the process.
 */
#include "core/ha_int.h"

bool
ha_store_put(struct mip6_node *n, uint32_t i, const struct ha_update *bu)
{
	(void)n;
	(void)i;
	(void)bu;
	return false;
}

void
ha_store_del(struct mip6_node *n, const struct mip6_addr *hoa)
{
	(void)n;
	(void)hoa;
}

void
ha_restore(struct mip6_node *n, const struct mip6_ev_restore *r)
{
	(void)n;
	(void)r;
}
