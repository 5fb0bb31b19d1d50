/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What a mobile node knows of its home agents outlives the process.
 */
#include "core/mn_int.h"

void
mn_keep(struct mip6_node *n, const struct mn_home *h)
{
	(void)n;
	(void)h;
}
