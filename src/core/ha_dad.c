/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Duplicate Address Detection for mobile nodes (RFC 6275 section 10.3.1).
 */
#include "core/ha_int.h"

bool
ha_input_na(struct mip6_node *n, const struct mip6_hint *h,
    const struct mip6_ip6_view *ip, const struct mip6_nd *m)
{
	(void)n;
	(void)h;
	(void)ip;
	(void)m;
	return false;
}

void
ha_dad_timer(struct mip6_node *n, uint32_t index)
{
	(void)n;
	(void)index;
}
