/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The correspondent node.
 *
 * Implements: RFC 6275 sections 5.2, 9.
 */
#include "core/rr_int.h"

void
cn_hao(struct mip6_node *n, const struct mip6_hint *h)
{
	(void)n;
	(void)h;
}

bool
cn_configure(struct mip6_node *n, const struct mip6_conf *conf)
{
	(void)n;
	(void)conf;
	return true;
}

void
cn_stop(struct mip6_node *n)
{
	(void)n;
}

void
cn_free(struct mip6_node *n)
{
	(void)n;
}

void
cn_changed(struct mip6_node *n)
{
	(void)n;
}

void
cn_routes_changed(struct mip6_node *n)
{
	(void)n;
}

void
cn_input_bu(struct mip6_node *n, const struct mip6_hint *h,
    const struct mip6_ip6_view *ip, const struct mip6_mh *m)
{
	(void)n;
	(void)h;
	(void)ip;
	(void)m;
}

void
cn_input_init(struct mip6_node *n, const struct mip6_hint *h,
    const struct mip6_ip6_view *ip, const struct mip6_mh *m)
{
	(void)n;
	(void)h;
	(void)ip;
	(void)m;
}

void
cn_icmp_error(struct mip6_node *n, const struct mip6_hint *h)
{
	(void)n;
	(void)h;
}

void
cn_no_row(struct mip6_node *n, const struct mip6_hint *h)
{
	(void)n;
	(void)h;
}

void
cn_row_used(struct mip6_node *n, const struct mip6_hint *h)
{
	(void)n;
	(void)h;
}

void
cn_done(struct mip6_node *n, uint32_t index, uint32_t gen,
    const struct mip6_ev_done *d)
{
	(void)n;
	(void)index;
	(void)gen;
	(void)d;
}

void
cn_binding_timer(struct mip6_node *n, uint32_t index)
{
	(void)n;
	(void)index;
}

void
cn_timer(struct mip6_node *n, uint32_t index)
{
	(void)n;
	(void)index;
}

void
cn_flush(struct mip6_node *n, const struct mip6_addr *hoa)
{
	(void)n;
	(void)hoa;
}

bool
cn_has_binding(const struct mip6_node *n, const struct mip6_addr *hoa)
{
	(void)n;
	(void)hoa;
	return false;
}

bool
cn_theirs(const struct mip6_node *n, const struct mip6_addr *other,
    struct direct_theirs *to)
{
	(void)n;
	(void)other;
	(void)to;
	return false;
}
