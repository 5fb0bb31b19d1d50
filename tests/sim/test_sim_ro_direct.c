/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Route optimization with a correspondent that takes part: how soon packets
 * travel directly, and that none is lost on the way there.
 *
 * Implements (as a test of): RFC 6275 sections 5.2, 11.3.1, 11.6, 11.7.2.
 */
#include "sim/ladder.h"

#define PING_US (5 * SIM_MS)

struct direct {
	struct ladder *l;
	struct sim_daemon cn;
};

static struct direct *
begin(void)
{
	struct direct *t = sim_alloc(sizeof(*t));

	t->l = ladder_registered(NULL, "a");
	sim_daemon_init(&t->cn, &t->l->w.cn, 77);
	t->cn.conf.cn.on = true;
	t->cn.conf.cn.bindings_max = 16;
	t->cn.conf.cn.lifetime_max = MIP6_SPAN_S(420);
	sim_daemon_start(&t->cn);
	t->l->w.mn[0].daemon.conf.mn.optimize = MIP6_OPTIMIZE_ALL;
	sim_daemon_reload(&t->l->w.mn[0].daemon);
	sim_run(&t->l->w.sim, 3 * SIM_S);
	return t;
}

static void
end(struct direct *t)
{
	sim_daemon_fini(&t->cn);
	ladder_end(t->l);
	sim_free(t);
}

static void
see_row(void *arg, const struct mip6_show_registration *r)
{
	bool *direct = arg;

	if (r->correspondent && strcmp(r->state, "direct") == 0)
		*direct = true;
}

static bool
is_direct(void *arg)
{
	struct direct *t = arg;
	struct sim_daemon *d = &t->l->w.mn[0].daemon;
	struct mip6_now now = sim_daemon_now(d);
	bool direct = false;

	(void)mip6_show_registrations(mip6_engine_node(d->engine), &now, 0,
	    SIZE_MAX, see_row, &direct);
	return direct;
}

static bool
is_not_direct(void *arg)
{
	return !is_direct(arg);
}

/*
 * The first packets go through the tunnel; two round trips later, that of the
 * home test and that of the registration, they go directly.
 */
static void
two_round_trips(void **state)
{
	struct direct *t = begin();
	struct ladder *l = t->l;
	/* The home test: there and back by way of the home agent. */
	int64_t home_us = 4 * LADDER_DELAY_US, direct_us = LADDER_RTT_US;
	int64_t since;
	size_t before;

	(void)state;
	since = l->w.sim.now_us;
	sim_ping_start(&l->w.transport, &l->ping, &l->w.mn[0].host, &l->w.cn,
	    &l->w.cn_addr, &l->w.mn[0].hoa, PING_US);
	assert_true(sim_world_until(&l->w, is_direct, t,
	    home_us + direct_us + 10 * SIM_MS));
	print_message("direct after %lld us\n",
	    (long long)(l->w.sim.now_us - since));
	/* From then on the home agent sees nothing of it. */
	sim_run(&l->w.sim, 200 * SIM_MS);
	before = sim_seen(&l->x, SIM_TUNNEL, NULL, since);
	sim_run(&l->w.sim, 5 * SIM_S);
	assert_int_equal(sim_seen(&l->x, SIM_TUNNEL, NULL, since), before);
	assert_in_range(l->ping.sent - l->ping.answered, 0, 10);
	end(t);
}

/* Again after each of several moves: one round trip after the registration. */
static void
after_each_move(void **state)
{
	static const char *const place[] = { "b", "a", "b", "a", "b" };
	struct direct *t = begin();
	struct ladder *l = t->l;
	size_t i;

	(void)state;
	sim_ping_start(&l->w.transport, &l->ping, &l->w.mn[0].host, &l->w.cn,
	    &l->w.cn_addr, &l->w.mn[0].hoa, PING_US);
	assert_true(sim_world_until(&l->w, is_direct, t, SIM_S));
	for (i = 0; i < MIP6_COUNT(place); i++) {
		sim_run(&l->w.sim, 4 * SIM_S);
		sim_world_move(&l->w, 0, place[i], 0);
		assert_true(sim_world_until(&l->w, is_not_direct, t, SIM_S));
		assert_true(
		    sim_world_registered(&l->w, 0, place[i], 20 * SIM_S));
		assert_true(sim_world_until(&l->w, is_direct, t,
		    2 * (LADDER_RTT_US + LADDER_RTT_US)));
	}
	/* Home: deleted there, and native. */
	sim_world_move(&l->w, 0, "home", 0);
	assert_true(sim_world_at_home(&l->w, 0, 20 * SIM_S));
	sim_run(&l->w.sim, 2 * SIM_S);
	assert_false(is_direct(t));
	sim_ping_mark(&l->ping);
	sim_run(&l->w.sim, SIM_S);
	assert_true(l->ping.first_answer_us != 0);
	end(t);
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(two_round_trips),
		cmocka_unit_test(after_each_move),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
