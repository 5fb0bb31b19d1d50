/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The lid is closed and opened: everything that was known has expired, and one
 * look at the new link puts it right.  And a clock that was set meanwhile.
 *
 * Implements (as a test of): RFC 6275 sections 11.5.1, 11.5.5, 11.7.1; RFC 4285
 * section 6.
 */
#include "sim/ladder.h"

/*
 *	mn (on a)                                   ha
 *	 |  suspended; binding, routers, prefixes expire
 *	 |---- RS ----->  on link `to`
 *	 |---- BU, or NS for the home address ------>|
 */
static struct ladder *
slept(int64_t for_us, const char *to)
{
	struct ladder *l = ladder_registered(NULL, "a");
	int64_t from_us;

	sim_world_move(&l->w, 0, NULL, 0);
	sim_daemon_sleep(&l->w.mn[0].daemon, true);
	sim_look_away(&l->x);
	from_us = l->w.sim.now_us;
	sim_run(&l->w.sim, for_us);
	assert_int_equal(sim_seen(&l->x, SIM_BU, "mn", from_us + 1), 0);
	assert_false(ladder_bound(l, &l->w.mn[0].hoa));
	sim_daemon_sleep(&l->w.mn[0].daemon, false);
	sim_look_away(&l->x);
	sim_world_move(&l->w, 0, to, 0);
	return l;
}

/* The address that sockets kept is the correspondent's to talk to again. */
static void
goes_on(struct ladder *l)
{
	sim_ping_start(&l->w.transport, &l->ping, &l->w.mn[0].host, &l->w.cn,
	    &l->w.cn_addr, &l->w.mn[0].hoa, 100 * SIM_MS);
	sim_run(&l->w.sim, 5 * SIM_S);
	sim_ping_stop(&l->ping);
	sim_run(&l->w.sim, SIM_S);
	assert_in_range(l->ping.sent, 45, 55);
	assert_int_equal(l->ping.sent - l->ping.answered, 0);
	ladder_end(l);
}

static void
wakes_away(int64_t for_us, const char *to)
{
	struct ladder *l = slept(for_us, to);
	const struct sim_sight *s;
	int64_t woken_us = l->w.sim.now_us;

	(void)see(l, SIM_RS, "mn", SIM_S);
	s = see(l, SIM_BU, "mn", SIM_S);
	assert_in_range(s->at_us - woken_us, 0, 100 * SIM_MS);
	assert_true(s->mh.u.bu.lifetime.us > 0);
	assert_true(sim_world_registered(&l->w, 0, to, 3 * SIM_S));
	assert_in_range(sim_seen(&l->x, SIM_BU, "mn", woken_us), 1, 2);
	goes_on(l);
}

static void
half_an_hour(void **state)
{
	(void)state;
	wakes_away(1800 * SIM_S, "a");
	wakes_away(1800 * SIM_S, "b");
}

static void
eight_hours(void **state)
{
	(void)state;
	wakes_away(28800 * SIM_S, "a");
	wakes_away(28800 * SIM_S, "b");
}

/* Closed away, opened at home: no binding is left, so the address is asked
 * for. */
static void
wakes_at_home(void **state)
{
	struct ladder *l = slept(28800 * SIM_S, "home");
	int64_t woken_us = l->w.sim.now_us;
	const struct sim_sight *s;

	(void)state;
	do
		s = see_on(l, SIM_NS, "mn", "home", SIM_S);
	while (!mip6_addr_equal(&s->nd.u.ns.target, &l->w.mn[0].hoa));
	assert_addr(s->v.ip.src, mip6_addr_any);
	assert_in_range(s->at_us - woken_us, 0, 100 * SIM_MS);
	assert_true(sim_world_at_home(&l->w, 0, 2 * SIM_S));
	assert_true(l->w.sim.now_us >= s->at_us + SIM_S);
	goes_on(l);
}

/* The wall clock was set while the lid was closed, forth or back. */
static void
clock_was_set(void **state)
{
	static const int64_t by_us[] = { 3600 * SIM_S, -3600 * SIM_S };
	const struct sim_sight *s;
	struct ladder *l;
	size_t i;

	(void)state;
	for (i = 0; i < 2; i++) {
		l = slept(1800 * SIM_S, NULL);
		l->w.mn[0].daemon.wall_offset_us += by_us[i];
		sim_world_move(&l->w, 0, "a", 0);
		s = see(l, SIM_BA, "ha", SIM_S);
		assert_int_equal(s->mh.u.ba.status, MIP6_BA_ID_MISMATCH);
		assert_true(sim_world_registered(&l->w, 0, "a", 3 * SIM_S));
		goes_on(l);
	}
}

/* Everything that was sent, once more, by somebody on link a. */
static void
replay(struct ladder *l, const uint8_t *octets, size_t count,
    const struct mip6_addr *coa)
{
	struct mip6_show_binding b;

	assert_int_equal(sim_host_send_packet(&l->w.peer, octets, count),
	    SIM_SENT);
	sim_run(&l->w.sim, SIM_S);
	assert_true(sim_daemon_binding(&l->w.had, &l->w.mn[0].hoa, &b));
	assert_addr(b.coa, *coa);
	assert_addr(ladder_registration(l).coa, *coa);
}

/*
 * The clock was set an hour ahead while the lid was closed.  What was signed
 * by it is refused; it must not be accepted an hour later, when its time has
 * come, nor may what was accepted before the clock was put right, or back.
 */
static void
no_replay_hole(void **state)
{
	static const int64_t by_us[] = { 3600 * SIM_S, -3600 * SIM_S };
	uint8_t refused[512], accepted[512];
	size_t refused_count, accepted_count, i;
	const struct sim_sight *s;
	struct mip6_addr coa;
	struct ladder *l;
	int64_t sent_us;

	(void)state;
	for (i = 0; i < MIP6_COUNT(by_us); i++) {
		l = slept(1800 * SIM_S, NULL);
		l->w.mn[0].daemon.wall_offset_us += by_us[i];
		sim_world_move(&l->w, 0, "a", 0);
		s = see(l, SIM_BU, "mn", SIM_S);
		sent_us = s->at_us;
		refused_count = s->count - MIP6_ETH_OCTETS;
		assert_true(refused_count <= sizeof(refused));
		memcpy(refused, s->octets + MIP6_ETH_OCTETS, refused_count);
		assert_int_equal(see(l, SIM_BA, "ha", SIM_S)->mh.u.ba.status,
		    MIP6_BA_ID_MISMATCH);
		s = see(l, SIM_BU, "mn", SIM_S);
		accepted_count = s->count - MIP6_ETH_OCTETS;
		assert_true(accepted_count <= sizeof(accepted));
		memcpy(accepted, s->octets + MIP6_ETH_OCTETS, accepted_count);
		assert_true(sim_world_registered(&l->w, 0, "a", 3 * SIM_S));
		sim_world_move(&l->w, 0, "b", 0);
		assert_true(sim_world_registered(&l->w, 0, "b", 3 * SIM_S));
		coa = ladder_registration(l).coa;
		replay(l, refused, refused_count, &coa);
		replay(l, accepted, accepted_count, &coa);
		/* Its owner puts the clock right. */
		l->w.mn[0].daemon.wall_offset_us = 0;
		sim_run_until(&l->w.sim, sent_us + 3600 * SIM_S - 2 * SIM_S);
		replay(l, accepted, accepted_count, &coa);
		replay(l, refused, refused_count, &coa);
		ladder_end(l);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(half_an_hour),
		cmocka_unit_test(eight_hours),
		cmocka_unit_test(wakes_at_home),
		cmocka_unit_test(clock_was_set),
		cmocka_unit_test(no_replay_hole),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
