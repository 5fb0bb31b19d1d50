/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Two mobile nodes, each the other's correspondent: they optimize towards each
 * other at the same moment, and again after both have moved.
 *
 * Implements (as a test of): RFC 6275 sections 5.2.9, 9.3, 11.3.1.
 */
#include "sim/ladder.h"

static void
see_row(void *arg, const struct mip6_show_registration *r)
{
	bool *direct = arg;

	if (r->correspondent && strcmp(r->state, "direct") == 0)
		*direct = true;
}

static bool
both_direct(void *arg)
{
	struct ladder *l = arg;
	uint32_t i, count = 0;

	for (i = 0; i < 2; i++) {
		struct sim_daemon *d = &l->w.mn[i].daemon;
		struct mip6_now now = sim_daemon_now(d);
		bool direct = false;

		(void)mip6_show_registrations(mip6_engine_node(d->engine), &now,
		    0, SIZE_MAX, see_row, &direct);
		count += direct;
	}
	return count == 2;
}

static void
towards_each_other(void **state)
{
	const struct sim_world_conf conf = { .mobiles = 2 };
	struct ladder *l = ladder_begin(&conf);
	struct mip6_conf *c;
	size_t i, before;
	int64_t since;

	(void)state;
	for (i = 0; i < 2; i++) {
		c = &l->w.mn[i].daemon.conf;
		c->mn.optimize = MIP6_OPTIMIZE_ALL;
		c->cn.on = true;
		c->cn.bindings_max = 16;
		c->cn.lifetime_max = MIP6_SPAN_S(420);
	}
	sim_world_start(&l->w);
	sim_world_move(&l->w, 0, "a", 0);
	sim_world_move(&l->w, 1, "b", 0);
	assert_true(sim_world_registered(&l->w, 0, "a", 20 * SIM_S));
	assert_true(sim_world_registered(&l->w, 1, "b", 20 * SIM_S));
	sim_run(&l->w.sim, 2 * SIM_S);
	since = l->w.sim.now_us;
	sim_ping_start(&l->w.transport, &l->ping, &l->w.mn[0].host,
	    &l->w.mn[1].host, &l->w.mn[1].hoa, &l->w.mn[0].hoa, 20 * SIM_MS);
	assert_true(sim_world_until(&l->w, both_direct, l, SIM_S));
	print_message("both direct after %lld us\n",
	    (long long)(l->w.sim.now_us - since));
	sim_run(&l->w.sim, SIM_S);
	before = sim_seen(&l->x, SIM_TUNNEL, NULL, since);
	sim_run(&l->w.sim, 5 * SIM_S);
	assert_int_equal(sim_seen(&l->x, SIM_TUNNEL, NULL, since), before);
	/* Both at once. */
	sim_world_move(&l->w, 0, "c", 0);
	sim_world_move(&l->w, 1, "a", 0);
	assert_true(sim_world_registered(&l->w, 0, "c", 20 * SIM_S));
	assert_true(sim_world_registered(&l->w, 1, "a", 20 * SIM_S));
	assert_true(sim_world_until(&l->w, both_direct, l, 3 * SIM_S));
	sim_ping_mark(&l->ping);
	sim_run(&l->w.sim, SIM_S);
	assert_true(l->ping.first_answer_us != 0);
	before = sim_seen(&l->x, SIM_TUNNEL, NULL, since);
	sim_run(&l->w.sim, 5 * SIM_S);
	assert_int_equal(sim_seen(&l->x, SIM_TUNNEL, NULL, since), before);
	ladder_end(l);
}

static bool
first_direct(void *arg)
{
	struct ladder *l = arg;
	struct sim_daemon *d = &l->w.mn[0].daemon;
	struct mip6_now now = sim_daemon_now(d);
	bool direct = false;

	(void)mip6_show_registrations(mip6_engine_node(d->engine), &now, 0,
	    SIZE_MAX, see_row, &direct);
	return direct;
}

/*
 * One stays at home.  The other one, a neighbour there, goes away, is bound
 * with it and comes back: a neighbour again, in both directions.
 */
static void
neighbours_at_home(void **state)
{
	const struct sim_world_conf conf = { .mobiles = 2 };
	struct ladder *l = ladder_begin(&conf);
	struct sim_mobile *m = l->w.mn;
	struct sim_ping back;
	int i;

	(void)state;
	m[0].daemon.conf.mn.optimize = MIP6_OPTIMIZE_ALL;
	m[1].daemon.conf.cn.on = true;
	sim_world_start(&l->w);
	sim_world_move(&l->w, 0, "home", 0);
	sim_world_move(&l->w, 1, "home", 0);
	assert_true(sim_world_at_home(&l->w, 0, 20 * SIM_S));
	assert_true(sim_world_at_home(&l->w, 1, 20 * SIM_S));
	sim_ping_start(&l->w.transport, &l->ping, &m[0].host, &m[1].host,
	    &m[1].hoa, &m[0].hoa, 100 * SIM_MS);
	sim_ping_start(&l->w.transport, &back, &m[1].host, &m[0].host,
	    &m[0].hoa, &m[1].hoa, 100 * SIM_MS);
	sim_run(&l->w.sim, 2 * SIM_S);
	for (i = 0; i < 3; i++) {
		sim_world_move(&l->w, 0, "a", 0);
		assert_true(
		    sim_world_until(&l->w, first_direct, l, 20 * SIM_S));
		sim_run(&l->w.sim, 2 * SIM_S);
		sim_world_move(&l->w, 0, "home", 0);
		assert_true(sim_world_at_home(&l->w, 0, 20 * SIM_S));
		sim_run(&l->w.sim, SIM_S);
		sim_ping_mark(&l->ping);
		sim_ping_mark(&back);
		sim_run(&l->w.sim, SIM_S);
		assert_int_not_equal(l->ping.first_answer_us, 0);
		assert_int_not_equal(back.first_answer_us, 0);
	}
	ladder_end(l);
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(towards_each_other),
		cmocka_unit_test(neighbours_at_home),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
