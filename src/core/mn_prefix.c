/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Mobile prefix discovery, the mobile node's side (RFC 6275 sections 11.4.2
 * and 11.4.3).
 */
#include "core/mn_int.h"

void
mn_input_mpa(struct mip6_node *n, const struct mip6_hint *h,
    const struct mip6_ip6_view *ip)
{
	(void)n;
	(void)h;
	(void)ip;
}

void
mn_prefix_timer(struct mip6_node *n, uint32_t index)
{
	(void)n;
	(void)index;
}
