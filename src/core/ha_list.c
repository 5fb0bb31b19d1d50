/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The Home Agents List and its discovery (RFC 6275 section 10.5).
 */
#include "core/ha_int.h"

void
ha_list_changed(struct mip6_node *n)
{
	(void)n;
}

void
ha_input_ra(struct mip6_node *n, const struct mip6_hint *h,
    const struct mip6_ip6_view *ip, const struct mip6_nd *m)
{
	(void)n;
	(void)h;
	(void)ip;
	(void)m;
}

void
ha_input_dhaad(struct mip6_node *n, const struct mip6_hint *h,
    const struct mip6_ip6_view *ip)
{
	(void)n;
	(void)h;
	(void)ip;
}

void
ha_list_timer(struct mip6_node *n, uint32_t index)
{
	(void)n;
	(void)index;
}
