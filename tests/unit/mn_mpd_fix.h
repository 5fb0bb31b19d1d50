/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A mobile node that is away and registered, for the tests of mobile prefix
 * discovery.
 */
#ifndef UNIT_MN_MPD_FIX_H
#define UNIT_MN_MPD_FIX_H

#include "mn_fix.h"
#include "mp_fix.h"

#define HOME2    "2001:db8:2::"
#define HOA2     "2001:db8:2::100"
#define AGENT2   "2001:db8:2::1"
#define HOUR     3600
#define FOR_EVER INT64_C(-1)

static inline struct mip6_nd_prefix
told_prefix(const char *addr, int64_t valid_s, int64_t preferred_s)
{
	struct mip6_nd_prefix p;

	memset(&p, 0, sizeof(p));
	p.addr = fix_addr(addr);
	p.bits = 64;
	p.on_link = p.autonomous = true;
	p.router = p.addr.b[15] != 0;
	p.valid = valid_s == FOR_EVER ? MIP6_ND_INFINITE : MIP6_SPAN_S(valid_s);
	p.preferred = preferred_s == FOR_EVER ? MIP6_ND_INFINITE :
						MIP6_SPAN_S(preferred_s);
	return p;
}

/* The advertisement that answers `id`; prefixes are added by the test. */
static inline struct fix_mp
advertisement(const struct fix *x, uint16_t id)
{
	static char coa[MIP6_ADDR_TEXT];
	struct fix_mp f;

	memset(&f, 0, sizeof(f));
	memcpy(coa, mip6_addr_text(&x->node->mn->home[0].at.coa).s,
	    sizeof(coa));
	f.src = FIX_AGENT;
	f.dst = coa;
	f.rh2 = FIX_HOA;
	f.m.type = MIP6_ICMP6_MPA;
	f.m.id = id;
	return f;
}

static inline void
add(struct fix_mp *f, struct mip6_nd_prefix p)
{
	f->m.opt.prefix[f->m.opt.prefix_count++] = p;
}

/* The next solicitation, which must be there. */
static inline const struct fix_sent *
asked(struct fix *x, struct mip6_mp *m)
{
	const struct fix_sent *s = fix_next_mp(x, MIP6_ICMP6_MPS, m);

	assert_non_null(s);
	return s;
}

static inline void
not_asked(struct fix *x)
{
	struct mip6_mp m;

	assert_null(fix_next_mp(x, MIP6_ICMP6_MPS, &m));
}

/* Registered, and asked; returns the id. */
static inline uint16_t
away(struct fix *x)
{
	struct mip6_mp m;

	bound(x);
	(void)asked(x, &m);
	return m.id;
}

/* Answers `id` with these prefixes; bits of 0: not there. */
static inline void
answer(struct fix *x, uint16_t id, struct mip6_nd_prefix a,
    struct mip6_nd_prefix b)
{
	struct fix_mp f = advertisement(x, id);

	if (a.bits > 0)
		add(&f, a);
	if (b.bits > 0)
		add(&f, b);
	fix_send_mp(x, &f);
}

static inline struct mip6_nd_prefix
nothing(void)
{
	struct mip6_nd_prefix p;

	memset(&p, 0, sizeof(p));
	return p;
}

/* Away, and told of the home prefix. */
static inline void
informed(struct fix *x, int64_t valid_s, int64_t preferred_s)
{
	uint16_t id = away(x);

	answer(x, id, told_prefix(FIX_AGENT, valid_s, preferred_s), nothing());
}

static inline struct mn_prefix *
prefix(struct fix *x)
{
	return &home(x)->prefix;
}

static inline int64_t
left_s(const struct fix *x, struct mip6_time until)
{
	return mip6_time_is_never(until) ?
	    FOR_EVER :
	    mip6_time_sub(until, x->now.boot).us / 1000000;
}

/* The home with this address, or NULL. */
static inline struct mn_home *
find_home(struct fix *x, const char *hoa)
{
	struct mip6_addr a = fix_addr(hoa);
	uint32_t i;

	for (i = 0; i < MIP6_HOMES_MAX; i++)
		if (x->node->mn->home[i].used &&
		    mip6_addr_equal(&x->node->mn->home[i].hoa, &a))
			return &x->node->mn->home[i];
	return NULL;
}

static inline uint32_t
homes(const struct fix *x)
{
	uint32_t i, count = 0;

	for (i = 0; i < MIP6_HOMES_MAX; i++)
		count += x->node->mn->home[i].used;
	return count;
}

#endif
