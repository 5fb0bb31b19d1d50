/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The home agent as router of its home link (RFC 6275 section 7).
 */
#include "core/ha_int.h"

void
ha_ra_changed(struct mip6_node *n)
{
	(void)n;
}

void
ha_ra_stop(struct mip6_node *n)
{
	(void)n;
}

void
ha_input_rs(struct mip6_node *n, const struct mip6_hint *h,
    const struct mip6_ip6_view *ip, const struct mip6_nd *m)
{
	(void)n;
	(void)h;
	(void)ip;
	(void)m;
}

void
ha_ra_timer(struct mip6_node *n, uint32_t index)
{
	(void)n;
	(void)index;
}
