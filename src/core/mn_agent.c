/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Which home agent a mobile node uses (RFC 6275 section 11.4.1).
 */
#include "core/mn_int.h"

void
mn_input_dhaad(struct mip6_node *n, const struct mip6_hint *h,
    const struct mip6_ip6_view *ip)
{
	(void)n;
	(void)h;
	(void)ip;
}

void
mn_name(struct mip6_node *n, const struct mip6_ev_name *ev)
{
	(void)n;
	(void)ev;
}

void
mn_agent_timer(struct mip6_node *n, uint32_t index)
{
	(void)n;
	(void)index;
}
