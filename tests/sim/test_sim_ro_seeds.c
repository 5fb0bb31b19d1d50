/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Two mobile nodes that optimize towards each other and move at the same
 * moment, again and again, on a network that loses packets: always reachable,
 * and direct again afterwards.  128 seeds; 1,000 with MIP6_LONG.
 *
 * Implements (as a test of): RFC 6275 sections 9.3, 11.3.1, 11.6, 11.8.
 */
#include "sim/ladder.h"

#define SEEDS      128
#define SEEDS_LONG 1000
#define ROUNDS     4
/* A lost update is repeated after 1.5 s, 3 s, 6 s and so on, at either end. */
#define REACHED_US (90 * SIM_S)
#define DIRECT_US  (120 * SIM_S)

struct pair {
	struct ladder *l;
	bool away[2];
};

static void
see_row(void *arg, const struct mip6_show_registration *r)
{
	bool *direct = arg;

	if (r->correspondent && strcmp(r->state, "direct") == 0)
		*direct = true;
}

/* Whoever is away has told the other one where it is. */
static bool
is_direct(void *arg)
{
	struct pair *p = arg;
	struct sim_daemon *d;
	struct mip6_now now;
	bool direct;
	size_t i;

	for (i = 0; i < 2; i++) {
		if (!p->away[i])
			continue;
		d = &p->l->w.mn[i].daemon;
		now = sim_daemon_now(d);
		direct = false;
		(void)mip6_show_registrations(mip6_engine_node(d->engine), &now,
		    0, SIZE_MAX, see_row, &direct);
		if (!direct)
			return false;
	}
	return true;
}

static bool
is_answered(void *arg)
{
	struct pair *p = arg;

	return p->l->ping.first_answer_us != 0;
}

static void
move(struct pair *p, size_t k, struct sim_rng *rng)
{
	static const char *const place[] = { "home", "a", "b", "c" };
	const char *to = place[sim_rng_below(rng, MIP6_COUNT(place))];

	sim_world_move(&p->l->w, k, to, sim_rng_range(rng, 0, SIM_S));
	p->away[k] = strcmp(to, "home") != 0;
}

static void
run_seed(uint64_t seed)
{
	const struct sim_world_conf conf = { .seed = seed,
		.mobiles = 2,
		.core = { .delay_us = LADDER_DELAY_US,
		    .jitter_us = 2 * SIM_MS,
		    .loss_ppm = 50000,
		    .dup_ppm = 10000,
		    .reorder_ppm = 10000 } };
	struct pair p = { .l = ladder_begin(&conf) };
	struct sim_rng rng = sim_rng_make(seed ^ UINT64_C(0x726f));
	struct ladder *l = p.l;
	struct mip6_conf *c;
	int round;
	size_t i;

	for (i = 0; i < 2; i++) {
		c = &l->w.mn[i].daemon.conf;
		c->mn.optimize = MIP6_OPTIMIZE_ALL;
		c->cn.on = true;
		c->cn.bindings_max = 16;
		c->cn.lifetime_max = MIP6_SPAN_S(420);
	}
	sim_world_start(&l->w);
	move(&p, 0, &rng);
	move(&p, 1, &rng);
	sim_ping_start(&l->w.transport, &l->ping, &l->w.mn[0].host,
	    &l->w.mn[1].host, &l->w.mn[1].hoa, &l->w.mn[0].hoa, 100 * SIM_MS);
	for (round = 0; round < ROUNDS; round++) {
		sim_run(&l->w.sim, sim_rng_range(&rng, SIM_S, 20 * SIM_S));
		move(&p, 0, &rng);
		move(&p, 1, &rng);
		/* What was answered from the former place does not count. */
		sim_run(&l->w.sim, 2 * SIM_S);
		sim_ping_mark(&l->ping);
		if (!sim_world_until(&l->w, is_answered, &p, REACHED_US))
			fail_msg("seed %llu: not reached",
			    (unsigned long long)seed);
		if (!sim_world_until(&l->w, is_direct, &p, DIRECT_US))
			fail_msg("seed %llu: not direct again",
			    (unsigned long long)seed);
		sim_ping_mark(&l->ping);
		if (!sim_world_until(&l->w, is_answered, &p, 5 * SIM_S))
			fail_msg("seed %llu: direct, and not reached",
			    (unsigned long long)seed);
	}
	ladder_end(l);
}

static void
both_move_with_loss(void **state)
{
	uint64_t seeds = getenv("MIP6_LONG") != NULL ? SEEDS_LONG : SEEDS;
	uint64_t seed;

	(void)state;
	for (seed = 1; seed <= seeds; seed++)
		run_seed(seed);
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(both_move_with_loss),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
