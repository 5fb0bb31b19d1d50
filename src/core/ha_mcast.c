/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Multicast group membership of mobile nodes (RFC 6275 section 10.4.3).
 */
#include "core/ha_int.h"

void
ha_mcast_gone(struct mip6_node *n, uint32_t i)
{
	(void)n;
	(void)i;
}

void
ha_input_mld(struct mip6_node *n, const struct mip6_hint *h,
    const struct mip6_ip6_view *ip)
{
	(void)n;
	(void)h;
	(void)ip;
}

void
ha_mcast_timer(struct mip6_node *n, uint32_t index)
{
	(void)n;
	(void)index;
}
