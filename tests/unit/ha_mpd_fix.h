/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A home agent with one mobile node that is away, for the tests of mobile
 * prefix discovery.
 */
#ifndef UNIT_HA_MPD_FIX_H
#define UNIT_HA_MPD_FIX_H

#include "mp_fix.h"

#include "core/ha_mpd_int.h"

#define COA   "2001:db8:a::5"
#define HOME2 "2001:db8:2::"

struct ha {
	struct fix x;
	struct mip6_conf_mobile mobile;
};

static inline struct ha *
begin_with(const struct mip6_conf_delivery *delivery, bool registered)
{
	struct ha *t = test_malloc(sizeof(*t));
	struct mip6_conf_sa sa = fix_sa();
	struct fix_bu bu = fix_update(1, &sa);

	fix_ha(&t->x, &t->mobile);
	if (delivery != NULL) {
		t->x.conf.ha.delivery = *delivery;
		t->x.conf.ha.lifetime_max = MIP6_SPAN_S(262140);
		bu.lifetime = MIP6_SPAN_S(262140);
		fix_configure(&t->x);
	}
	if (registered)
		fix_send_bu(&t->x, &bu);
	t->x.seen = t->x.sents;
	return t;
}

/* No mobile node is told unasked. */
static inline struct ha *
begin(bool registered)
{
	return begin_with(NULL, registered);
}

/* Told unasked, as by default. */
static inline struct ha *
begin_telling(void)
{
	const struct mip6_conf_delivery c = { MIP6_SPAN_S(86400),
		MIP6_SPAN_S(600), true };

	return begin_with(&c, true);
}

static inline void
end(struct ha *t)
{
	fix_fini(&t->x);
	test_free(t);
}

static inline struct fix_mp
solicitation(uint16_t id)
{
	struct fix_mp f;

	memset(&f, 0, sizeof(f));
	f.src = COA;
	f.dst = FIX_AGENT;
	f.hao = FIX_HOA;
	f.m.type = MIP6_ICMP6_MPS;
	f.m.id = id;
	return f;
}

static inline void
solicit(struct ha *t, uint16_t id)
{
	struct fix_mp f = solicitation(id);

	fix_send_mp(&t->x, &f);
}

static inline const struct fix_sent *
next(struct ha *t, struct mip6_mp *m)
{
	return fix_next_mp(&t->x, MIP6_ICMP6_MPA, m);
}

static inline void
none(struct ha *t)
{
	struct mip6_mp m;

	assert_null(next(t, &m));
}

static inline void
assert_same(struct mip6_addr a, const char *b)
{
	assert_string_equal(mip6_addr_text(&a).s, b);
}

/* The mobile node's registration again, at `coa`. */
static inline void
registers(struct ha *t, uint16_t seq, const char *coa, int64_t lifetime_s)
{
	struct mip6_conf_sa sa = fix_sa();
	struct fix_bu bu = fix_update(seq, &sa);

	bu.src = bu.alt_coa = coa;
	bu.lifetime = MIP6_SPAN_S(lifetime_s);
	fix_send_bu(&t->x, &bu);
}

/* A second home prefix in the configuration. */
static inline void
add_prefix(struct ha *t, int64_t valid_s, int64_t preferred_s)
{
	struct mip6_conf_home_prefix *p = &t->x.conf.ha.prefix[1];

	p->prefix.addr = fix_addr(HOME2);
	p->prefix.bits = 64;
	p->valid = MIP6_SPAN_S(valid_s);
	p->preferred = MIP6_SPAN_S(preferred_s);
	t->x.conf.ha.prefixes = 2;
	fix_configure(&t->x);
}

/* The advertisement of `from` on the home link. */
static inline void
heard(struct ha *t, const char *from, bool home_agent,
    const struct mip6_nd_prefix *p)
{
	struct mip6_nd m;

	memset(&m, 0, sizeof(m));
	m.type = MIP6_ND_RA;
	m.u.ra.home_agent = home_agent;
	m.u.ra.managed = m.u.ra.other = true;
	m.u.ra.router_lifetime = MIP6_SPAN_S(1800);
	m.opt.prefix_count = 1;
	m.opt.prefix[0] = *p;
	fix_nd(&t->x, from, "ff02::1", 255, &m);
}

static inline struct mip6_nd_prefix
theirs(const char *addr, int64_t valid_s, int64_t preferred_s)
{
	struct mip6_nd_prefix p;

	memset(&p, 0, sizeof(p));
	p.addr = fix_addr(addr);
	p.bits = 64;
	p.on_link = p.autonomous = p.router = true;
	p.valid = MIP6_SPAN_S(valid_s);
	p.preferred = MIP6_SPAN_S(preferred_s);
	return p;
}

static inline void
hear(struct ha *t, const char *addr, int64_t valid_s, int64_t preferred_s)
{
	struct mip6_nd_prefix p = theirs(addr, valid_s, preferred_s);

	heard(t, "fe80::fe", true, &p);
}

/* How many prefixes are advertised, asked now. */
static inline uint32_t
told(struct ha *t)
{
	struct ha_prefix_told p[MIP6_ND_PREFIXES_MAX];

	return ha_prefix_told(t->x.node, t->x.now.boot, p);
}

/* The advertisement that comes within `s`, and when. */
static inline int64_t
comes(struct ha *t, int64_t s, struct mip6_mp *m)
{
	struct mip6_time from = t->x.now.boot;
	const struct fix_sent *sent;

	fix_wait(&t->x, MIP6_SPAN_S(s));
	sent = next(t, m);
	assert_non_null(sent);
	return mip6_time_sub(sent->at, from).us / 1000000;
}

#endif
