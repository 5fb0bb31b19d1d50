/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The home agent as the only router of its home link: mobile nodes and their
 * kernels live by its own Router Advertisements.
 *
 * Implements (as a test of): RFC 6275 sections 7.1 to 7.5, RFC 4861 section
 * 6.2.
 */
#include "sim/ladder.h"

/* The home agent's daemon advertises, the host's kernel does not. */
static struct ladder *
advertises(const struct sim_world_conf *c, int64_t min_us, int64_t max_us)
{
	struct ladder *l = ladder_begin(c);
	struct mip6_conf_adverts *a = &l->w.had.conf.ha.adverts;
	size_t i;

	for (i = 0; i < SIM_HOST_IFACES; i++) {
		l->w.ha.ra[i].on = false;
		l->w.ha.ra[i].generation++;
	}
	a->on = true;
	a->min_interval.us = min_us;
	a->max_interval.us = max_us;
	a->min_delay = mip6_span_min(MIP6_SPAN_S(3), a->min_interval);
	a->router_lifetime = MIP6_SPAN_S(1800);
	a->agent_lifetime = MIP6_SPAN_S(1800);
	a->interval_option = true;
	sim_world_start(&l->w);
	return l;
}

/*
 *	mn                 ha (router of the home link)
 *	 |<---- RA, H, R, 2001:db8:1::1
 *	 away, home again: found by the same
 */
static void
away_and_home(void **state)
{
	const struct sim_world_conf c = { .autoconf = true };
	struct ladder *l = advertises(&c, 30 * SIM_MS, 70 * SIM_MS);
	const struct sim_sight *s;
	int64_t last_us;
	int k;

	(void)state;
	s = see_on(l, SIM_RA, "ha", "home", SIM_S);
	assert_true(s->nd.u.ra.home_agent);
	assert_int_equal(s->nd.opt.prefix_count, 1);
	assert_true(s->nd.opt.prefix[0].router);
	assert_addr(s->nd.opt.prefix[0].addr, l->w.ha_addr);
	assert_memory_equal(&s->nd.opt.slla, &l->w.ha_home->lladdr, 6);
	last_us = s->at_us;
	for (k = 0; k < 50; k++) {
		s = see_on(l, SIM_RA, "ha", "home", SIM_S);
		assert_in_range(s->at_us - last_us, 30 * SIM_MS, 70 * SIM_MS);
		last_us = s->at_us;
	}
	sim_world_move(&l->w, 0, "home", 0);
	assert_true(sim_world_at_home(&l->w, 0, 5 * SIM_S));
	for (k = 0; k < 3; k++) {
		sim_world_move(&l->w, 0, k == 1 ? "b" : "a", 0);
		assert_true(sim_world_registered(&l->w, 0, k == 1 ? "b" : "a",
		    20 * SIM_S));
		sim_world_move(&l->w, 0, "home", 0);
		assert_true(sim_world_at_home(&l->w, 0, 5 * SIM_S));
	}
	ladder_end(l);
}

/* With the RFC's own intervals a node that comes home is answered at once. */
static void
solicited(void **state)
{
	struct ladder *l = advertises(NULL, 200 * SIM_S, 600 * SIM_S);
	const struct sim_sight *s;
	int64_t asked_us;

	(void)state;
	sim_world_move(&l->w, 0, "a", 0);
	assert_true(sim_world_registered(&l->w, 0, "a", 20 * SIM_S));
	sim_run(&l->w.sim, 100 * SIM_S);
	sim_look_away(&l->x);
	sim_world_move(&l->w, 0, "home", 0);
	asked_us = see_on(l, SIM_RS, "mn", "home", SIM_S)->at_us;
	s = see_on(l, SIM_RA, "ha", "home", 500 * SIM_MS);
	assert_in_range(s->at_us - asked_us, 0, 500 * SIM_MS);
	assert_true(sim_world_at_home(&l->w, 0, 5 * SIM_S));
	ladder_end(l);
}

/* RFC 4861 section 6.2.5: it leaves, and says so; killed, it cannot. */
static void
leaves(void **state)
{
	struct ladder *l = advertises(NULL, 200 * SIM_S, 600 * SIM_S);
	const struct sim_sight *s;

	(void)state;
	sim_run(&l->w.sim, 50 * SIM_S);
	sim_look_away(&l->x);
	sim_daemon_stop(&l->w.had);
	s = see_on(l, SIM_RA, "ha", "home", SIM_S);
	assert_false(s->nd.u.ra.home_agent);
	assert_int_equal(s->nd.u.ra.router_lifetime.us, 0);
	assert_false(s->nd.opt.has_ha_info);
	assert_false(sim_host_filtered(&l->w.ha, MIP6_ACT_GROUP,
	    l->w.ha_home->ifindex, &mip6_addr_all_routers));
	see_no(l, SIM_RA, "ha", 1000 * SIM_S);
	sim_daemon_start(&l->w.had);
	s = see_on(l, SIM_RA, "ha", "home", SIM_S);
	assert_true(s->nd.u.ra.home_agent);
	sim_run(&l->w.sim, SIM_S);
	assert_true(sim_host_filtered(&l->w.ha, MIP6_ACT_GROUP,
	    l->w.ha_home->ifindex, &mip6_addr_all_routers));
	sim_look_away(&l->x);
	sim_daemon_kill(&l->w.had);
	see_no(l, SIM_RA, "ha", 100 * SIM_S);
	ladder_end(l);
}

/* A reload says what has changed, and a prefix that ends counts down. */
static void
renumbered(void **state)
{
	struct ladder *l = advertises(NULL, 200 * SIM_S, 600 * SIM_S);
	struct mip6_conf_home_prefix *p = &l->w.had.conf.ha.prefix[0];
	const struct sim_sight *s;
	int64_t said_us, left_us;

	(void)state;
	sim_run(&l->w.sim, 50 * SIM_S);
	sim_look_away(&l->x);
	p->valid = MIP6_SPAN_S(1000);
	p->preferred = MIP6_SPAN_S(0);
	p->decrement = true;
	sim_daemon_reload(&l->w.had);
	s = see_on(l, SIM_RA, "ha", "home", 16 * SIM_S);
	said_us = s->at_us;
	left_us = s->nd.opt.prefix[0].valid.us;
	assert_in_range(left_us, 1, 1000 * SIM_S);
	assert_int_equal(s->nd.opt.prefix[0].preferred.us, 0);
	s = see_on(l, SIM_RA, "ha", "home", 16 * SIM_S);
	/* Whole seconds on the wire. */
	assert_in_range(left_us - s->nd.opt.prefix[0].valid.us,
	    s->at_us - said_us - SIM_S, s->at_us - said_us + SIM_S);
	ladder_end(l);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(away_and_home),
		cmocka_unit_test(solicited),
		cmocka_unit_test(leaves),
		cmocka_unit_test(renumbered),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
