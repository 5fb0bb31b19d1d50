/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A mobile node with two interfaces, and routers that fall silent without the
 * link going down.
 *
 * Implements (as a test of): RFC 6275 sections 7.3, 11.5.1, 11.5.3, 11.5.4.
 */
#include "sim/ladder.h"

/*
 * The mobile node on a by its first interface and, by a second one that it
 * likes less, on b.
 */
static struct ladder *
begin(struct sim_iface **second)
{
	struct ladder *l = ladder_begin(NULL);
	struct mip6_conf_mn *c = &l->w.mn[0].daemon.conf.mn;

	*second = sim_host_iface(&l->w.mn[0].host, NULL);
	(void)snprintf(c->interface[0], sizeof(c->interface[0]), "%s",
	    l->w.mn[0].iface->name);
	(void)snprintf(c->interface[1], sizeof(c->interface[1]), "*");
	c->interfaces = 2;
	sim_world_start(&l->w);
	sim_world_move(&l->w, 0, "a", 0);
	assert_true(sim_world_registered(&l->w, 0, "a", 20 * SIM_S));
	sim_host_attach(&l->w.mn[0].host, *second, l->w.b);
	sim_run(&l->w.sim, 5 * SIM_S);
	assert_true(sim_world_registered(&l->w, 0, "a", SIM_S));
	sim_look_away(&l->x);
	return l;
}

static void
ping_cn(struct ladder *l)
{
	sim_ping_start(&l->w.transport, &l->ping, &l->w.mn[0].host, &l->w.cn,
	    &l->w.cn_addr, &l->w.mn[0].hoa, 5 * SIM_MS);
}

/* The cable is pulled: the other one in the instant that is noticed. */
static void
cable_pulled(void **state)
{
	struct sim_iface *second;
	struct ladder *l = begin(&second);
	const struct sim_sight *s;
	int64_t began_us = l->w.sim.now_us;

	(void)state;
	ping_cn(l);
	sim_world_move(&l->w, 0, NULL, 0);
	s = see(l, SIM_BU, "mn", SIM_S);
	assert_int_equal(s->at_us, began_us);
	assert_true(sim_world_registered(&l->w, 0, "b", SIM_S));
	assert_int_equal(l->w.sim.now_us, began_us + LADDER_RTT_US);
	/* It comes back: taken when it has lasted, and nothing lost by that. */
	sim_run(&l->w.sim, SIM_S);
	sim_world_move(&l->w, 0, "a", 0);
	sim_ping_mark(&l->ping);
	assert_true(sim_world_registered(&l->w, 0, "a", 3 * SIM_S));
	sim_run(&l->w.sim, SIM_S);
	sim_ping_stop(&l->ping);
	assert_in_range(l->ping.gap_us, 0, 2 * LADDER_RTT_US);
	ladder_end(l);
}

/* The router is dead, the link is not. */
static void
router_dies(void **state)
{
	struct sim_iface *second;
	struct ladder *l = begin(&second);
	struct sim_iface *ra = sim_host_iface_by(&l->w.ra, 2);

	(void)state;
	ping_cn(l);
	sim_run(&l->w.sim, SIM_S);
	sim_host_attach(&l->w.ra, ra, NULL);
	/*
	 * Its neighbour entry may have been confirmed a moment ago: 30 s, then
	 * 5 s of delay, three probes, a round trip.
	 */
	assert_true(sim_world_registered(&l->w, 0, "b", 40 * SIM_S));
	sim_run(&l->w.sim, SIM_S);
	sim_ping_mark(&l->ping);
	sim_run(&l->w.sim, 5 * SIM_S);
	assert_in_range(l->ping.gap_us, 0, LADDER_RTT_US);
	/* It is back: heard, asked, and used again. */
	sim_host_attach(&l->w.ra, ra, l->w.a);
	assert_true(sim_world_registered(&l->w, 0, "a", 40 * SIM_S));
	sim_run(&l->w.sim, SIM_S);
	sim_ping_stop(&l->ping);
	ladder_end(l);
}

/* The router answers and advertises, and lets nothing through. */
static void
no_way_through(void **state)
{
	struct sim_iface *second;
	struct ladder *l = begin(&second);
	struct mip6_addr coa = ladder_registration(l).coa;

	(void)state;
	sim_world_move(&l->w, 0, NULL, 0);
	assert_true(sim_world_registered(&l->w, 0, "b", SIM_S));
	ping_cn(l);
	sim_run(&l->w.sim, SIM_S);
	l->w.ra.forwarding = false;
	sim_world_move(&l->w, 0, "a", 0);
	sim_ping_mark(&l->ping);
	/* Tried, given up, the binding of b all the time. */
	sim_run(&l->w.sim, 25 * SIM_S);
	assert_true(sim_world_registered(&l->w, 0, "b", SIM_S));
	sim_run(&l->w.sim, SIM_S);
	assert_in_range(l->ping.gap_us, 0, 2 * LADDER_RTT_US);
	/* It is tried again from time to time. */
	l->w.ra.forwarding = true;
	assert_true(sim_world_registered(&l->w, 0, "a", 120 * SIM_S));
	assert_addr(ladder_registration(l).coa, coa);
	sim_ping_stop(&l->ping);
	ladder_end(l);
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(cable_pulled),
		cmocka_unit_test(router_dies),
		cmocka_unit_test(no_way_through),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
