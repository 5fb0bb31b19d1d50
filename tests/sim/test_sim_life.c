/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Networks that let updates through and no traffic: what their routers say
 * about it is a hint, and another network is tried.
 *
 * Implements (as a test of): RFC 6275 sections 11.3.5, 11.5.1.
 */
#include "sim/ladder.h"

struct life {
	struct ladder *l;
	struct sim_iface *second;
	bool barred; /* link a: prohibits tunnels */
};

/* The router of link a answers for what it does not let through. */
static struct sim_verdict
life_filter(void *arg, const struct sim_segment *seg,
    const struct sim_iface *from, const uint8_t *octets, size_t count)
{
	struct sim_verdict pass = { false, 1, 0 }, drop = { true, 1, 0 };
	struct life *x = arg;
	struct sim_sight s;

	if (!x->barred || seg != x->l->w.core || from->host != &x->l->w.ra)
		return pass;
	sim_sight_read(&s, octets, count);
	if (s.kind != SIM_TUNNEL)
		return pass;
	sim_host_icmp_error(from->host, &s.v, octets + MIP6_ETH_OCTETS,
	    MIP6_ICMP6_UNREACHABLE, 1, 0);
	return drop;
}

static void
begin(struct life *x, bool two, int64_t ping_us)
{
	struct mip6_conf_mn *c;
	struct ladder *l = x->l = ladder_begin(NULL);

	c = &l->w.mn[0].daemon.conf.mn;
	x->barred = false;
	x->second = sim_host_iface(&l->w.mn[0].host, NULL);
	(void)snprintf(c->interface[0], sizeof(c->interface[0]), "%s",
	    l->w.mn[0].iface->name);
	(void)snprintf(c->interface[1], sizeof(c->interface[1]), "*");
	c->interfaces = 2;
	l->w.net.filter = life_filter;
	l->w.net.filter_arg = x;
	sim_world_start(&l->w);
	sim_world_move(&l->w, 0, "a", 0);
	assert_true(sim_world_registered(&l->w, 0, "a", 20 * SIM_S));
	if (two)
		sim_host_attach(&l->w.mn[0].host, x->second, l->w.b);
	sim_run(&l->w.sim, 5 * SIM_S);
	assert_true(sim_world_registered(&l->w, 0, "a", SIM_S));
	sim_ping_start(&l->w.transport, &l->ping, &l->w.mn[0].host, &l->w.cn,
	    &l->w.cn_addr, &l->w.mn[0].hoa, ping_us);
	sim_run(&l->w.sim, SIM_S);
}

static void
end(struct life *x)
{
	sim_ping_stop(&x->l->ping);
	ladder_end(x->l);
}

/* Tunnels are prohibited from now on: the other link within a moment. */
static void
barred_tunnel(void **state)
{
	struct life x;
	int64_t began_us;

	(void)state;
	begin(&x, true, 20 * SIM_MS);
	sim_ping_mark(&x.l->ping);
	x.barred = true;
	began_us = x.l->w.sim.now_us;
	assert_true(sim_world_registered(&x.l->w, 0, "b", SIM_S));
	assert_in_range(x.l->w.sim.now_us - began_us, 0,
	    3 * 20 * SIM_MS + 4 * LADDER_RTT_US);
	sim_run(&x.l->w.sim, SIM_S);
	assert_in_range(x.l->ping.gap_us, 0,
	    5 * 20 * SIM_MS + 5 * LADDER_RTT_US);
	end(&x);
}

/* It is tried again, each time after longer; updates alone do not praise it. */
static void
barred_again_and_again(void **state)
{
	struct life x;
	int64_t on_a_us = 0, step_us = SIM_S;
	int i;

	(void)state;
	begin(&x, true, SIM_S);
	x.barred = true;
	/* Half an hour, a packet a second; three tell. */
	for (i = 0; i < 1800; i++) {
		sim_run(&x.l->w.sim, step_us);
		if (!sim_world_registered(&x.l->w, 0, "b", 0))
			on_a_us += step_us;
	}
	assert_in_range(on_a_us, SIM_S, 40 * SIM_S);
	/* It lets through again, and is used, within its patience. */
	x.barred = false;
	assert_true(sim_world_registered(&x.l->w, 0, "a", 1000 * SIM_S));
	end(&x);
}

/* No other link: the binding stays, status says why, and it flows again. */
static void
barred_and_alone(void **state)
{
	struct life x;
	struct mip6_show_registration r;
	struct mip6_addr coa;

	(void)state;
	begin(&x, false, 20 * SIM_MS);
	coa = ladder_registration(x.l).coa;
	x.barred = true;
	sim_run(&x.l->w.sim, 5 * SIM_S);
	r = ladder_registration(x.l);
	assert_addr(r.coa, coa);
	assert_string_equal(r.state, "registered");
	x.barred = false;
	sim_run(&x.l->w.sim, SIM_S);
	sim_ping_mark(&x.l->ping);
	sim_run(&x.l->w.sim, 2 * SIM_S);
	assert_in_range(x.l->ping.gap_us, 0, 20 * SIM_MS + 2 * LADDER_RTT_US);
	end(&x);
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(barred_tunnel),
		cmocka_unit_test(barred_again_and_again),
		cmocka_unit_test(barred_and_alone),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
