/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Mobile prefix discovery, the home agent's side (RFC 6275 section 10.6).
 */
#include "core/ha_int.h"

void
ha_mpd_changed(struct mip6_node *n)
{
	(void)n;
}

void
ha_mpd_registered(struct mip6_node *n, uint32_t i)
{
	(void)n;
	(void)i;
}

void
ha_mpd_gone(struct mip6_node *n, uint32_t i)
{
	(void)n;
	(void)i;
}

void
ha_input_mps(struct mip6_node *n, const struct mip6_hint *h,
    const struct mip6_ip6_view *ip)
{
	(void)n;
	(void)h;
	(void)ip;
}

void
ha_mpd_timer(struct mip6_node *n, uint32_t index)
{
	(void)n;
	(void)index;
}
