/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What every scenario begins and ends with, and the words that it is written
 * in.  MIP6_SIM_TRACE=1 in the environment shows what happens.
 */
#ifndef MIP6_SIM_LADDER_H
#define MIP6_SIM_LADDER_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "sim/check.h"
#include "sim/puppet.h"

#define LADDER_DELAY_US (10 * SIM_MS) /* of the core, one way */
#define LADDER_RTT_US   (2 * LADDER_DELAY_US)

struct ladder {
	struct sim_world w;
	struct sim_check check;
	struct sim_watch x;
	struct sim_ping ping;
	struct sim_stream stream;
};

/* *c with 10 ms in the core, unless it says otherwise. */
static inline struct ladder *
ladder_begin(const struct sim_world_conf *c)
{
	struct ladder *l = sim_alloc(sizeof(*l));
	struct sim_world_conf conf = { 0 };

	if (c != NULL)
		conf = *c;
	if (conf.seed == 0)
		conf.seed = 1;
	if (conf.core.delay_us == 0)
		conf.core.delay_us = LADDER_DELAY_US;
	if (getenv("MIP6_SIM_TRACE") != NULL)
		conf.trace = stderr;
	sim_world_init(&l->w, &conf);
	sim_check_init(&l->check, &l->w);
	sim_watch_init(&l->x, &l->w);
	return l;
}

static inline void
ladder_end(struct ladder *l)
{
	sim_world_fini(&l->w);
	sim_watch_fini(&l->x);
	sim_free(l);
}

static inline struct mip6_show_registration
ladder_registration(struct ladder *l)
{
	struct mip6_show_registration r;

	assert_true(sim_daemon_registration(&l->w.mn[0].daemon, &r));
	return r;
}

/* Starts everything and moves the first mobile node to `link`. */
static inline struct ladder *
ladder_registered(const struct sim_world_conf *c, const char *link)
{
	struct ladder *l = ladder_begin(c);

	sim_world_start(&l->w);
	sim_world_move(&l->w, 0, link, 0);
	assert_true(sim_world_registered(&l->w, 0, link, 20 * SIM_S));
	sim_look_away(&l->x);
	return l;
}

/* The next of a kind, which must come; `within` from now. */
static inline const struct sim_sight *
see(struct ladder *l, enum sim_kind kind, const char *from, int64_t within_us)
{
	const struct sim_sight *s = sim_see(&l->x, kind, from, within_us);

	if (s == NULL)
		print_error("no %s from %s within %lld us\n",
		    sim_kind_name(kind), from == NULL ? "anyone" : from,
		    (long long)within_us);
	assert_non_null(s);
	return s;
}

/* The same on one segment. */
static inline const struct sim_sight *
see_on(struct ladder *l, enum sim_kind kind, const char *from,
    const char *segment, int64_t within_us)
{
	const struct sim_sight *s =
	    sim_see_on(&l->x, kind, from, segment, within_us);

	if (s == NULL)
		print_error("no %s from %s on %s within %lld us\n",
		    sim_kind_name(kind), from == NULL ? "anyone" : from,
		    segment, (long long)within_us);
	assert_non_null(s);
	return s;
}

/* None of a kind comes. */
static inline void
see_no(struct ladder *l, enum sim_kind kind, const char *from, int64_t for_us)
{
	const struct sim_sight *s = sim_see(&l->x, kind, from, for_us);

	if (s != NULL)
		print_error("an unexpected %s from %s\n", sim_kind_name(kind),
		    s->from->name);
	assert_null(s);
}

/* Has the home agent a binding, not only the memory of one? */
static inline bool
ladder_bound(struct ladder *l, const struct mip6_addr *hoa)
{
	struct mip6_show_binding b;

	return sim_daemon_binding(&l->w.had, hoa, &b) &&
	    strcmp(b.state, "invalid") != 0;
}

static inline bool
ladder_same(struct mip6_addr a, struct mip6_addr b)
{
	if (mip6_addr_equal(&a, &b))
		return true;
	print_error("%s, not %s\n", mip6_addr_text(&a).s, mip6_addr_text(&b).s);
	return false;
}

#define assert_addr(a, b) assert_true(ladder_same((a), (b)))

#endif
