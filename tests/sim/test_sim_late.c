/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A host that takes its time, and ends things in another order than they were
 * begun, or after they matter: nothing is promised before it is true, and
 * nothing of former times counts.
 *
 * Implements (as a test of): RFC 6275 sections 9.5.4, 10.3.1, 11.5.4, 11.7.1.
 */
#include <errno.h>

#include "sim/ladder.h"

static struct ladder *
late_begin(void)
{
	struct ladder *l = ladder_begin(NULL);

	sim_world_start(&l->w);
	sim_run(&l->w.sim, 3 * SIM_S);
	sim_look_away(&l->x);
	return l;
}

/* Does the home agent's host send what is for the home address to the TUN? */
static bool
has_route(struct ladder *l)
{
	const struct sim_route *r =
	    sim_host_route(&l->w.ha, &mip6_addr_any, &l->w.mn[0].hoa);

	return r != NULL && r->ifindex == 0;
}

/* Did anyone advertise the home address before `at_us`? */
static bool
defended_before(const struct ladder *l, int64_t at_us)
{
	const struct sim_sight *s;
	size_t i;

	for (i = 0; i < l->x.count; i++) {
		s = l->x.sight[i];
		if (s->kind == SIM_NA && s->at_us < at_us &&
		    mip6_addr_equal(&s->nd.u.na.target, &l->w.mn[0].hoa))
			return true;
	}
	return false;
}

/* ---- at the home agent ---- */

/*
 *	mn                                          ha           host of ha
 *	 |---- BU ---------------------------------->|-- do it --->|
 *	 |                                           |<-- no ------|
 *	 |<--- BA  128 ------------------------------|
 *	 |  32 s
 *	 |---- BU ---------------------------------->|-- do it --->|
 *	 |                                           |<-- done ----|
 *	 |<--- BA  0 --------------------------------|
 */
static void
agent_refused(void **state)
{
	static const enum mip6_action_kind kind[] = { MIP6_ACT_ROUTE,
		MIP6_ACT_GROUP, MIP6_ACT_ROUTE_GET };
	const struct sim_sight *s;
	struct ladder *l;
	int64_t at_us;
	size_t i;

	(void)state;
	for (i = 0; i < MIP6_COUNT(kind); i++) {
		l = late_begin();
		l->w.had.fail_next[kind[i]] = ENOBUFS;
		sim_world_move(&l->w, 0, "a", 0);
		at_us = see(l, SIM_BU, "mn", SIM_S)->at_us;
		s = see(l, SIM_BA, "ha", SIM_S);
		assert_int_equal(s->at_us, at_us + LADDER_DELAY_US);
		assert_int_equal(s->mh.u.ba.status, MIP6_BA_REASON_UNSPECIFIED);
		assert_int_equal(s->mh.u.ba.lifetime.us, 0);
		/* Nothing is half there. */
		sim_run(&l->w.sim, SIM_S);
		assert_false(ladder_bound(l, &l->w.mn[0].hoa));
		assert_false(has_route(l));
		assert_false(defended_before(l, INT64_MAX));

		s = see(l, SIM_BU, "mn", 40 * SIM_S);
		assert_int_equal(s->at_us, at_us + LADDER_RTT_US + 32 * SIM_S);
		s = see(l, SIM_BA, "ha", SIM_S);
		assert_int_equal(s->mh.u.ba.status, MIP6_BA_ACCEPTED);
		assert_true(sim_world_registered(&l->w, 0, "a", SIM_S));
		assert_true(has_route(l));
		ladder_end(l);
	}
}

/*
 * Route, group and way end in any of their six orders: the acknowledgement
 * comes with the last of them, and the home link hears nothing before it.
 */
static void
agent_in_any_order(void **state)
{
	static const enum mip6_action_kind kind[] = { MIP6_ACT_ROUTE,
		MIP6_ACT_GROUP, MIP6_ACT_ROUTE_GET };
	const struct sim_sight *s;
	struct ladder *l;
	int64_t at_us;
	size_t k;

	(void)state;
	for (k = 0; k < 6; k++) {
		l = late_begin();
		l->w.had.late_next_us[kind[k % 3]] = 20 * SIM_MS;
		l->w.had.late_next_us[kind[(k + 1 + k / 3) % 3]] = 200 * SIM_MS;
		l->w.had.late_next_us[kind[(k + 2 - k / 3) % 3]] = 400 * SIM_MS;
		sim_world_move(&l->w, 0, "a", 0);
		s = see(l, SIM_BU, "mn", SIM_S);
		at_us = s->at_us + LADDER_DELAY_US + 400 * SIM_MS;
		s = see(l, SIM_BA, "ha", SIM_S);
		assert_int_equal(s->at_us, at_us);
		assert_int_equal(s->mh.u.ba.status, MIP6_BA_ACCEPTED);
		assert_false(defended_before(l, at_us));
		ladder_end(l);
	}
}

/*
 *	mn                                          ha           host of ha
 *	 |---- BU  a ------------------------------->|-- way? ---->|
 *	 |---- BU  b ------------------------------->|-- way? ---->|
 *	 |                                           |<-- a's -----|   forgotten
 *	 |                                           |<-- b's -----|
 *	 |<--- BA  of the second --------------------|
 */
static void
agent_moved_on(void **state)
{
	struct ladder *l = late_begin();
	struct mip6_show_binding b;
	const struct sim_sight *s, *second;

	(void)state;
	l->w.had.late_next_us[MIP6_ACT_ROUTE_GET] = 500 * SIM_MS;
	sim_world_move(&l->w, 0, "a", 0);
	(void)see(l, SIM_BU, "mn", SIM_S);
	sim_run(&l->w.sim, 100 * SIM_MS);
	l->w.had.late_next_us[MIP6_ACT_ROUTE_GET] = 900 * SIM_MS;
	sim_world_move(&l->w, 0, "b", 0);
	second = see(l, SIM_BU, "mn", SIM_S);
	s = see(l, SIM_BA, "ha", SIM_S);
	assert_true(mip6_addr_equal(&s->v.ip.dst, &second->v.ip.src));
	assert_int_equal(s->mh.u.ba.seq, second->mh.u.bu.seq);
	assert_int_equal(s->at_us,
	    second->at_us + LADDER_DELAY_US + 900 * SIM_MS);
	assert_memory_equal(&s->eth.dst, &l->w.rb.iface[0].lladdr, 6);
	assert_true(sim_world_registered(&l->w, 0, "b", SIM_S));
	assert_true(sim_daemon_binding(&l->w.had, &l->w.mn[0].hoa, &b));
	assert_true(mip6_addr_equal(&b.coa, &second->v.ip.src));
	/* One acknowledgement: the first update's is nobody's any more. */
	sim_run(&l->w.sim, 500 * SIM_MS);
	assert_int_equal(sim_seen(&l->x, SIM_BA, "ha", 0), 1);
	ladder_end(l);
}

/* Home again while the host still sets up the registration. */
static void
agent_home_before_done(void **state)
{
	struct ladder *l = late_begin();
	struct mip6_show_binding b;

	(void)state;
	l->w.had.late_next_us[MIP6_ACT_ROUTE] = 500 * SIM_MS;
	sim_world_move(&l->w, 0, "a", 0);
	(void)see(l, SIM_BU, "mn", SIM_S);
	sim_run(&l->w.sim, 100 * SIM_MS);
	sim_world_move(&l->w, 0, "home", 0);
	assert_true(sim_world_at_home(&l->w, 0, 20 * SIM_S));
	sim_run(&l->w.sim, SIM_S);
	assert_true(!sim_daemon_binding(&l->w.had, &l->w.mn[0].hoa, &b) ||
	    strcmp(b.state, "invalid") == 0);
	assert_false(has_route(l));
	sim_run(&l->w.sim, 20 * SIM_S);
	assert_false(sim_daemon_binding(&l->w.had, &l->w.mn[0].hoa, &b));
	assert_false(has_route(l));
	/* And it answers for itself. */
	sim_ping_start(&l->w.transport, &l->ping, &l->w.nb, &l->w.mn[0].host,
	    &l->w.mn[0].hoa, &mip6_addr_any, 100 * SIM_MS);
	sim_run(&l->w.sim, 2 * SIM_S);
	sim_ping_stop(&l->ping);
	sim_run(&l->w.sim, SIM_S);
	assert_true(l->ping.sent > 0);
	assert_int_equal(l->ping.sent - l->ping.answered, 0);
	ladder_end(l);
}

/* ---- at the mobile node ---- */

/*
 *	mn                       ra
 *	 |---- RS --------------->|
 *	 |            X <--- RA --|   nothing is seen of the link yet
 *	 |  the capture begins
 *	 |---- RS --------------->|   in that instant
 *	 |<--- RA ----------------|
 *	 |---- BU ------------------------>
 */
static void
capture_late(void **state)
{
	struct ladder *l = ladder_begin(NULL);
	const struct sim_sight *s;

	(void)state;
	l->w.mn[0].daemon.late_next_us[MIP6_ACT_CAPTURE] = 4 * SIM_S;
	sim_world_start(&l->w);
	sim_run(&l->w.sim, SIM_S);
	sim_look_away(&l->x);
	sim_world_move(&l->w, 0, "a", 0);
	s = see(l, SIM_RS, "mn", SIM_S);
	assert_int_equal(s->at_us, SIM_S);
	sim_run_until(&l->w.sim, 4 * SIM_S - 1);
	assert_int_equal(sim_seen(&l->x, SIM_BU, "mn", 0), 0);
	sim_look_away(&l->x);
	s = see(l, SIM_RS, "mn", 1);
	assert_int_equal(s->at_us, 4 * SIM_S);
	s = see(l, SIM_BU, "mn", SIM_S);
	assert_int_equal(s->at_us, 4 * SIM_S);
	assert_true(sim_world_registered(&l->w, 0, "a", SIM_S));
	assert_int_equal(l->w.mn[0].host.counters.stray, 0);
	ladder_end(l);
}

/*
 * The address of a becomes ready when the node is on b: nobody is told of it,
 * and b's is registered at once.
 */
static void
address_of_former_link(void **state)
{
	struct ladder *l = late_begin();
	struct mip6_prefix b = sim_world_prefix("b");
	const struct sim_sight *s;
	int64_t at_us;

	(void)state;
	l->w.mn[0].daemon.late_next_us[MIP6_ACT_ADDR] = 300 * SIM_MS;
	sim_world_move(&l->w, 0, "a", 0);
	sim_run(&l->w.sim, 100 * SIM_MS);
	assert_int_equal(sim_seen(&l->x, SIM_BU, "mn", 0), 0);
	sim_world_move(&l->w, 0, "b", 0);
	/* The host takes addresses in order: b's after a's. */
	at_us = 3 * SIM_S + 300 * SIM_MS;
	s = see(l, SIM_BU, "mn", SIM_S);
	assert_true(mip6_prefix_has(&b, &s->v.ip.src));
	assert_int_equal(s->at_us, at_us);
	assert_true(sim_world_registered(&l->w, 0, "b", SIM_S));
	assert_int_equal(l->w.sim.now_us, at_us + LADDER_RTT_US);
	sim_run(&l->w.sim, 5 * SIM_S);
	assert_int_equal(sim_seen(&l->x, SIM_BU, "mn", at_us + 1), 0);
	ladder_end(l);
}

/* Away and back while it is not ready yet: it serves the new stay. */
static void
address_there_and_back(void **state)
{
	struct ladder *l = late_begin();
	const struct sim_sight *s;

	(void)state;
	l->w.mn[0].daemon.late_next_us[MIP6_ACT_ADDR] = 300 * SIM_MS;
	sim_world_move(&l->w, 0, "a", 0);
	sim_run(&l->w.sim, 100 * SIM_MS);
	sim_world_move(&l->w, 0, "a", 100 * SIM_MS);
	s = see(l, SIM_BU, "mn", 2 * SIM_S);
	assert_int_equal(s->at_us, 3 * SIM_S + 300 * SIM_MS);
	assert_true(sim_world_registered(&l->w, 0, "a", SIM_S));
	ladder_end(l);
}

/*
 * The host refuses something once, at the start: it is asked for again a
 * second later, and when the node has moved everything works.
 */
static void
asked_again(void **state)
{
	static const enum mip6_action_kind kind[] = { MIP6_ACT_TUN_MTU,
		MIP6_ACT_ADDR, MIP6_ACT_ROUTE, MIP6_ACT_RULE, MIP6_ACT_CAPTURE,
		MIP6_ACT_SHIELD };
	struct ladder *l;
	size_t i;

	(void)state;
	for (i = 0; i < MIP6_COUNT(kind); i++) {
		l = ladder_begin(NULL);
		l->w.mn[0].daemon.fail_next[kind[i]] = ENOBUFS;
		sim_world_start(&l->w);
		sim_run(&l->w.sim, SIM_S - 1);
		assert_int_equal(l->w.mn[0].daemon.failed, 1);
		sim_run(&l->w.sim, 1);
		sim_world_move(&l->w, 0, "a", 0);
		assert_true(sim_world_registered(&l->w, 0, "a", SIM_S));
		assert_int_equal(l->w.mn[0].daemon.failed, 1);
		sim_ping_start(&l->w.transport, &l->ping, &l->w.mn[0].host,
		    &l->w.cn, &l->w.cn_addr, &l->w.mn[0].hoa, 100 * SIM_MS);
		sim_run(&l->w.sim, SIM_S);
		sim_world_move(&l->w, 0, "home", 0);
		assert_true(sim_world_at_home(&l->w, 0, SIM_S));
		sim_run(&l->w.sim, SIM_S);
		sim_ping_mark(&l->ping);
		sim_run(&l->w.sim, SIM_S);
		assert_in_range(l->ping.gap_us, 1, 101 * SIM_MS);
		assert_int_equal(l->ping.unreachable, 0);
		ladder_end(l);
	}
}

/* Everything takes long and in any order: it still comes to the same. */
static void
slow_host(void **state)
{
	static const char *const link[] = { "a", "b", "home", "c", "home" };
	struct sim_world_conf c = { .act_us = 50 * SIM_MS };
	struct ladder *l = ladder_begin(&c);
	bool away;
	size_t i;

	(void)state;
	l->w.had.faults.late_ppm = l->w.mn[0].daemon.faults.late_ppm = SIM_PPM;
	l->w.had.faults.late_us = l->w.mn[0].daemon.faults.late_us =
	    200 * SIM_MS;
	sim_world_start(&l->w);
	sim_run(&l->w.sim, 2 * SIM_S);
	for (i = 0; i < MIP6_COUNT(link); i++) {
		away = strcmp(link[i], "home") != 0;
		sim_world_move(&l->w, 0, link[i], 0);
		assert_true(sim_world_registered(&l->w, 0,
		    away ? link[i] : NULL, 5 * SIM_S));
		sim_run(&l->w.sim, 2 * SIM_S);
		assert_int_equal(has_route(l), away);
	}
	ladder_end(l);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(agent_refused),
		cmocka_unit_test(agent_in_any_order),
		cmocka_unit_test(agent_moved_on),
		cmocka_unit_test(agent_home_before_done),
		cmocka_unit_test(capture_late),
		cmocka_unit_test(address_of_former_link),
		cmocka_unit_test(address_there_and_back),
		cmocka_unit_test(asked_again),
		cmocka_unit_test(slow_host),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
