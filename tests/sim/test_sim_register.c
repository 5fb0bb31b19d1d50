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

/* Lets the home agent hear nothing, or everything. */
static struct sim_verdict
register_deaf(void *arg, const struct sim_segment *seg,
    const struct sim_iface *from, const uint8_t *octets, size_t count)
{
	struct sim_sight s;

	(void)arg;
	(void)seg;
	sim_sight_read(&s, octets, count);
	return (struct sim_verdict){ s.kind == SIM_BU && from->host->forwarding,
		1, 0 };
}

static void
expect_updates(struct ladder *l, int64_t last_us, const int64_t *after_us,
    size_t count)
{
	const struct sim_sight *s;
	size_t i;

	for (i = 0; i < count; i++) {
		s = see(l, SIM_BU, "mn", 40 * SIM_S);
		assert_int_equal(s->at_us - last_us, after_us[i]);
		last_us = s->at_us;
	}
}

/*
 *	mn                              ha (hears nothing)
 *	 |---- BU ------------------ x
 *	 |   1.5 s, then doubling to 32 s
 *	 |---- BU ------------------ x
 */
static void
first_registration_retransmitted(void **state)
{
	static const int64_t after_us[] = { 1500 * SIM_MS, 3 * SIM_S, 6 * SIM_S,
		12 * SIM_S, 24 * SIM_S, 32 * SIM_S, 32 * SIM_S };
	struct ladder *l = ladder_begin(NULL);
	const struct sim_sight *s;
	uint16_t seq;

	(void)state;
	l->w.net.filter = register_deaf;
	sim_world_start(&l->w);
	sim_world_move(&l->w, 0, "a", 0);
	s = see(l, SIM_BU, "mn", SIM_S);
	seq = s->mh.u.bu.seq;
	expect_updates(l, s->at_us, after_us, MIP6_COUNT(after_us));
	/* R11.8-04: a retransmission has a number of its own. */
	s = l->x.sight[l->x.next - 1];
	assert_int_equal((uint16_t)(s->mh.u.bu.seq - seq),
	    MIP6_COUNT(after_us));
	ladder_end(l);
}

/*
 * A binding of 60 s is renewed when three quarters of it are over; unanswered,
 * after 1 s, 2 s, ...; it ends at both ends, at the mobile node not later.
 */
static void
refreshed_then_expired(void **state)
{
	static const int64_t after_us[] = { 1 * SIM_S, 2 * SIM_S, 4 * SIM_S };
	const struct sim_world_conf c = { .lifetime_s = 60 };
	struct ladder *l = ladder_registered(&c, "a");
	struct mip6_show_registration r;
	struct mip6_show_binding b;
	const struct sim_sight *s;
	int64_t bu_us;

	(void)state;
	bu_us = l->w.sim.now_us - LADDER_RTT_US;
	s = see(l, SIM_BU, "mn", 50 * SIM_S);
	assert_int_equal(s->at_us, bu_us + 45 * SIM_S);
	bu_us = s->at_us;
	(void)see(l, SIM_BA, "ha", SIM_S);

	l->w.net.filter = register_deaf;
	s = see(l, SIM_BU, "mn", 50 * SIM_S);
	assert_int_equal(s->at_us, bu_us + 45 * SIM_S);
	expect_updates(l, s->at_us, after_us, MIP6_COUNT(after_us));
	sim_run_until(&l->w.sim, bu_us + 60 * SIM_S - 1);
	r = ladder_registration(l);
	assert_int_equal(r.left.us, 1);
	sim_run_until(&l->w.sim, bu_us + 60 * SIM_S);
	r = ladder_registration(l);
	assert_int_equal(r.left.us, 0);
	assert_string_not_equal(r.why, "");
	assert_true(sim_daemon_binding(&l->w.had, &l->w.mn[0].hoa, &b));
	assert_int_equal(b.left.us, LADDER_DELAY_US);
	sim_run(&l->w.sim, LADDER_DELAY_US);
	assert_false(sim_daemon_binding(&l->w.had, &l->w.mn[0].hoa, &b));

	/* It goes on asking, and comes back. */
	l->w.net.filter = NULL;
	assert_true(sim_world_registered(&l->w, 0, "a", 40 * SIM_S));
	ladder_end(l);
}

/* What is granted counts, not what was asked for. */
static void
lifetime_granted(void **state)
{
	const struct sim_world_conf c = { .lifetime_s = 65535 * 4,
		.lifetime_max_s = 40 };
	struct ladder *l = ladder_registered(&c, "a");
	struct mip6_show_registration r = ladder_registration(l);
	int64_t bu_us = l->w.sim.now_us - LADDER_RTT_US;

	(void)state;
	assert_int_equal(r.left.us, 40 * SIM_S - LADDER_RTT_US);
	assert_int_equal(see(l, SIM_BU, "mn", 40 * SIM_S)->at_us,
	    bu_us + 30 * SIM_S);
	ladder_end(l);
}

/* A lifetime above 65,535 s is that many seconds, not less. */
static void
lifetime_long(void **state)
{
	const struct sim_world_conf c = { .lifetime_s = 65535 * 4,
		.lifetime_max_s = 65535 * 4 };
	struct ladder *l = ladder_registered(&c, "a");
	struct mip6_show_binding b;

	(void)state;
	assert_true(sim_daemon_binding(&l->w.had, &l->w.mn[0].hoa, &b));
	assert_int_equal(b.granted.us, INT64_C(262140) * SIM_S);
	see_no(l, SIM_BU, "mn", 100000 * SIM_S);
	ladder_end(l);
}

/* R11.8-05: not more than three updates a second, however often it moves. */
static void
rate_kept(void **state)
{
	struct ladder *l = ladder_registered(NULL, "a");
	int64_t since_us = l->w.sim.now_us;
	int k;

	(void)state;
	for (k = 0; k < 20; k++) {
		sim_world_move(&l->w, 0, k % 2 == 0 ? "b" : "a", 0);
		sim_run(&l->w.sim, 50 * SIM_MS);
	}
	assert_in_range(sim_seen(&l->x, SIM_BU, "mn", since_us), 2, 3);
	assert_true(sim_world_registered(&l->w, 0, "a", 3 * SIM_S));
	ladder_end(l);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(one_round_trip),
		cmocka_unit_test(first_registration_retransmitted),
		cmocka_unit_test(refreshed_then_expired),
		cmocka_unit_test(lifetime_granted),
		cmocka_unit_test(lifetime_long),
		cmocka_unit_test(rate_kept),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
