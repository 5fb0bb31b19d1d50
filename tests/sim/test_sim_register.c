/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Registration with the home agent from a foreign link.
 *
 * Implements (as a test of): RFC 6275 sections 11.5.1, 11.7.1, 11.7.3, 11.8,
 * 10.3.1, 10.4.1.
 */
#include "sim/ladder.h"

/*
 *	mn              ra             core             ha
 *	 |---- RS ------>|                               |
 *	 |<--- RA -------|                               |
 *	 |---- BU  A H, alternate care-of address ------>|
 *	 |                                   NA (proxy) -|-> home link
 *	 |<--- BA  0 ------------------------------------|
 *
 * From the care-of address to the acknowledgement: one round trip, exactly.
 */
static void
one_round_trip(void **state)
{
	struct ladder *l = ladder_begin(NULL);
	const struct sim_sight *s;
	struct mip6_show_registration r;
	struct mip6_prefix a = sim_world_prefix("a");
	struct mip6_addr coa;
	int64_t began_us, bu_us;

	(void)state;
	sim_world_start(&l->w);
	sim_run(&l->w.sim, 3 * SIM_S);
	sim_look_away(&l->x);
	began_us = l->w.sim.now_us;
	sim_world_move(&l->w, 0, "a", 0);

	s = see(l, SIM_RS, "mn", SIM_S);
	assert_int_equal(s->at_us, began_us);
	s = see(l, SIM_RA, "ra", SIM_S);
	assert_int_equal(s->at_us, began_us);

	s = see(l, SIM_BU, "mn", SIM_S);
	bu_us = s->at_us;
	assert_int_equal(bu_us, began_us);
	coa = s->v.ip.src;
	assert_true(mip6_prefix_has(&a, &coa));
	assert_addr(s->v.ip.dst, l->w.ha_addr);
	assert_true(s->v.has_hao);
	assert_addr(s->v.hao, l->w.mn[0].hoa);
	assert_true(s->mh.u.bu.home);
	assert_true(s->mh.u.bu.ack);
	assert_false(s->mh.u.bu.key);
	assert_true(s->mh.opt.has_alt_coa);
	assert_addr(s->mh.opt.alt_coa, coa);
	assert_true(s->mh.opt.has_replay);
	assert_true(sim_puppet_authentic(&l->w.had.mobile[0].sa, s, &coa,
	    &l->w.mn[0].hoa));

	s = see_on(l, SIM_NA, "ha", "home", SIM_S);
	assert_int_equal(s->at_us, bu_us + LADDER_DELAY_US);
	assert_addr(s->nd.u.na.target, l->w.mn[0].hoa);

	s = see(l, SIM_BA, "ha", SIM_S);
	assert_int_equal(s->at_us, bu_us + LADDER_DELAY_US);
	assert_addr(s->v.ip.src, l->w.ha_addr);
	assert_addr(s->v.ip.dst, coa);
	assert_true(s->v.has_rh2);
	assert_addr(s->v.rh2, l->w.mn[0].hoa);
	assert_int_equal(s->mh.u.ba.status, MIP6_BA_ACCEPTED);
	assert_true(s->mh.u.ba.lifetime.us <= 420 * SIM_S);
	assert_true(sim_puppet_authentic(&l->w.had.mobile[0].sa, s, &coa,
	    &l->w.mn[0].hoa));

	assert_true(sim_world_registered(&l->w, 0, "a", SIM_S));
	assert_int_equal(l->w.sim.now_us, bu_us + LADDER_RTT_US);
	r = ladder_registration(l);
	assert_string_equal(r.why, "");
	assert_addr(r.coa, coa);
	ladder_end(l);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(one_round_trip),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
