/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Two links are up and packets travel directly: a move from one to the other
 * loses none, of 1,000 a second in each direction.
 *
 * Implements (as a test of): RFC 6275 sections 11.3.1, 11.5.4, 11.7.2.
 */
#include "sim/ladder.h"

#define PING_US SIM_MS

struct two {
	struct ladder *l;
	struct sim_daemon cn;
	struct sim_iface *second;
	struct mip6_prefix prefix; /* of the care-of address to be seen */
};

static void
see_row(void *arg, const struct mip6_show_registration *r)
{
	struct mip6_show_registration *to = arg;

	if (r->correspondent)
		*to = *r;
}

static bool
is_direct(void *arg)
{
	struct two *t = arg;
	struct sim_daemon *d = &t->l->w.mn[0].daemon;
	struct mip6_now now = sim_daemon_now(d);
	struct mip6_show_registration r;

	memset(&r, 0, sizeof(r));
	(void)mip6_show_registrations(mip6_engine_node(d->engine), &now, 0,
	    SIZE_MAX, see_row, &r);
	return r.correspondent && strcmp(r.state, "direct") == 0 &&
	    mip6_prefix_has(&t->prefix, &r.coa);
}

static struct two *
begin(const struct sim_world_conf *conf)
{
	struct two *t = sim_alloc(sizeof(*t));
	struct ladder *l = ladder_begin(conf);
	struct sim_host *h = &l->w.mn[0].host;

	t->l = l;
	sim_daemon_init(&t->cn, &l->w.cn, 78);
	t->cn.conf.cn.on = true;
	t->cn.conf.cn.bindings_max = 16;
	t->cn.conf.cn.lifetime_max = MIP6_SPAN_S(420);
	sim_daemon_start(&t->cn);
	l->w.mn[0].daemon.conf.mn.optimize = MIP6_OPTIMIZE_ALL;
	sim_world_move(&l->w, 0, "a", 0);
	t->second = sim_host_iface(h, NULL);
	sim_world_start(&l->w);
	sim_host_attach(h, t->second, sim_net_find(&l->w.net, "b"));
	assert_true(sim_world_registered(&l->w, 0, "a", 10 * SIM_S));
	sim_run(&l->w.sim, 3 * SIM_S);
	sim_ping_start(&l->w.transport, &l->ping, h, &l->w.cn, &l->w.cn_addr,
	    &l->w.mn[0].hoa, PING_US);
	t->prefix = sim_world_prefix("a");
	assert_true(sim_world_until(&l->w, is_direct, t, SIM_S));
	sim_run(&l->w.sim, SIM_S);
	sim_look_away(&l->x);
	return t;
}

/* Every packet was answered, and most of them went directly. */
static void
end(struct two *t, int64_t since_us)
{
	struct ladder *l = t->l;
	size_t tunnelled;

	sim_run(&l->w.sim, SIM_S);
	sim_ping_stop(&l->ping);
	sim_run(&l->w.sim, SIM_S);
	tunnelled = sim_seen(&l->x, SIM_TUNNEL, NULL, since_us);
	print_message("%u packets, %zu tunnelled in the move\n", l->ping.sent,
	    tunnelled);
	assert_true(l->ping.sent > 2000);
	assert_int_equal(l->ping.unreachable, 0);
	assert_int_equal(l->ping.answered, l->ping.sent);
	sim_daemon_fini(&t->cn);
	ladder_end(l);
	sim_free(t);
}

/* The router of the link in use goes out of service. */
static void
router_ends(void **state)
{
	static const struct sim_world_conf conf = { .ra_interval_us =
							3 * SIM_S };
	struct two *t = begin(&conf);
	struct ladder *l = t->l;
	int64_t since_us = l->w.sim.now_us;
	const struct sim_sight *s;

	(void)state;
	/* None of it goes by the home agent while nothing changes. */
	assert_null(sim_see(&l->x, SIM_TUNNEL, NULL, SIM_S));
	l->w.ra.ra[1].lifetime_s = 0;
	t->prefix = sim_world_prefix("b");
	s = see(l, SIM_BU, "mn", 5 * SIM_S);
	assert_true(mip6_prefix_has(&t->prefix, &s->v.ip.src));
	/* Home registration, then that of the correspondent: two round trips. */
	assert_true(sim_world_until(&l->w, is_direct, t,
	    s->at_us + 2 * LADDER_RTT_US - l->w.sim.now_us));
	end(t, since_us);
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(router_ends),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
