/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Route optimization at the mobile node.
 *
 * Implements: RFC 6275 sections 5.2, 11.6, 11.7.2, 11.8.
 */
#include "core/mn_int.h"
#include "core/rr_int.h"

bool
mn_ro_configure(struct mip6_node *n)
{
	(void)n;
	return true;
}

void
mn_ro_free(struct mip6_node *n)
{
	(void)n;
}

void
mn_ro_stop(struct mip6_node *n)
{
	(void)n;
}

void
mn_ro_no_row(struct mip6_node *n, const struct mip6_hint *h)
{
	(void)n;
	(void)h;
}

void
mn_ro_row_used(struct mip6_node *n, const struct mip6_hint *h)
{
	(void)n;
	(void)h;
}

void
mn_ro_input_test(struct mip6_node *n, const struct mip6_hint *h,
    const struct mip6_ip6_view *ip, const struct mip6_mh *m)
{
	(void)n;
	(void)h;
	(void)ip;
	(void)m;
}

bool
mn_ro_input_ba(struct mip6_node *n, const struct mip6_hint *h,
    const struct mip6_ip6_view *ip, const struct mip6_mh *m)
{
	(void)n;
	(void)h;
	(void)ip;
	(void)m;
	return false;
}

bool
mn_ro_input_be(struct mip6_node *n, const struct mip6_ip6_view *ip,
    const struct mip6_mh *m)
{
	(void)n;
	(void)ip;
	(void)m;
	return false;
}

bool
mn_ro_input_brr(struct mip6_node *n, const struct mip6_ip6_view *ip,
    const struct mip6_mh *m)
{
	(void)n;
	(void)ip;
	(void)m;
	return false;
}

bool
mn_ro_icmp_error(struct mip6_node *n, const struct mip6_hint *h)
{
	(void)n;
	(void)h;
	return false;
}

void
mn_ro_timer(struct mip6_node *n, uint32_t index)
{
	(void)n;
	(void)index;
}

bool
mn_ro_mine(const struct mip6_node *n, const struct mip6_addr *our,
    const struct mip6_addr *other, struct direct_mine *to)
{
	(void)n;
	(void)our;
	(void)other;
	(void)to;
	return false;
}
