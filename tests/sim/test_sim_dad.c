/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * RFC 6275 section 10.3.1 against a kernel's neighbour discovery: a host on
 * the home link that has the home address, and then gives it up.
 */
#include "sim/ladder.h"

static void
taken(void **state)
{
	struct ladder *l = ladder_begin(NULL);
	uint32_t ifindex = l->w.nb.iface[0].ifindex;
	const struct sim_sight *s;
	int64_t asked_us;

	(void)state;
	l->w.had.conf.ha.home_dad = MIP6_HOME_DAD_RFC;
	assert_true(sim_host_addr_add(&l->w.nb, ifindex, &l->w.mn[0].hoa, 64,
	    false, false, SIM_BY_ADMIN));
	sim_world_start(&l->w);
	sim_run(&l->w.sim, SIM_S);
	sim_look_away(&l->x);
	sim_world_move(&l->w, 0, "a", 0);
	s = see(l, SIM_BA, "ha", 5 * SIM_S);
	assert_int_equal(s->mh.u.ba.status, MIP6_BA_DAD_FAILED);
	assert_false(ladder_bound(l, &l->w.mn[0].hoa));
	/* It gives the address up; registered from the next link. */
	sim_host_addr_del(&l->w.nb,
	    sim_host_addr(&l->w.nb, ifindex, &l->w.mn[0].hoa));
	sim_world_move(&l->w, 0, "b", 0);
	s = see_on(l, SIM_NS, "ha", "home", 60 * SIM_S);
	assert_addr(s->nd.u.ns.target, l->w.mn[0].hoa);
	assert_addr(s->v.ip.src, mip6_addr_any);
	asked_us = s->at_us;
	s = see(l, SIM_BA, "ha", 5 * SIM_S);
	assert_int_equal(s->mh.u.ba.status, MIP6_BA_ACCEPTED);
	assert_true(s->at_us >= asked_us + SIM_S);
	ladder_end(l);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(taken),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
