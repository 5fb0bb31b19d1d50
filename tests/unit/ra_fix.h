/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A home agent that advertises on its home link.
 */
#ifndef UNIT_RA_FIX_H
#define UNIT_RA_FIX_H

#include "core_fix.h"

#include <stdio.h>

#include "core/ha_int.h"

#define LOCAL "fe80::1"

struct ra {
	struct fix x;
	struct mip6_conf_mobile mobile;
};

/* A home agent that would advertise, had it a link-local address. */
static inline struct ra *
ra_new(void)
{
	struct ra *t = test_malloc(sizeof(*t));
	struct mip6_conf_adverts *c = &t->x.conf.ha.adverts;

	fix_ha(&t->x, &t->mobile);
	c->on = true;
	c->min_interval = MIP6_SPAN_S(200);
	c->max_interval = MIP6_SPAN_S(600);
	c->min_delay = MIP6_SPAN_S(3);
	c->router_lifetime = c->agent_lifetime = MIP6_SPAN_S(1800);
	fix_configure(&t->x);
	return t;
}

static inline void
ra_delete(struct ra *t)
{
	fix_fini(&t->x);
	test_free(t);
}

static inline void
local(struct ra *t)
{
	fix_host_addr(&t->x, LOCAL, 64, 0, false);
}

/* The next one to all nodes, which must be there. */
static inline struct mip6_nd
next(struct ra *t)
{
	const struct fix_sent *s;
	struct mip6_nd m;

	s = fix_next_nd(&t->x, MIP6_ND_RA, &m);
	assert_non_null(s);
	assert_int_equal(s->ip.ip.hop_limit, 255);
	assert_int_equal(s->act.ifindex, FIX_IFINDEX);
	assert_true(mip6_addr_equal(&s->ip.ip.dst, &mip6_addr_all_nodes));
	assert_false(s->act.has_lladdr);
	return m;
}

static inline void
none(struct ra *t)
{
	struct mip6_nd m;

	assert_null(fix_next_nd(&t->x, MIP6_ND_RA, &m));
}

static inline void
solicit(struct ra *t, const char *src, const struct mip6_lladdr *lladdr)
{
	struct mip6_nd m;

	memset(&m, 0, sizeof(m));
	m.type = MIP6_ND_RS;
	m.opt.has_slla = lladdr != NULL;
	if (lladdr != NULL)
		m.opt.slla = *lladdr;
	fix_nd(&t->x, src, "ff02::2", 255, &m);
}

#endif
