/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A host that says no, that takes its time, or that ends things in another
 * order than they were begun: nothing is promised before it is true, and
 * nothing of former times counts.
 *
 * Implements (as a test of): RFC 6275 sections 9.5.4, 10.3.1, 11.5.4, 11.7.1.
 */
#include <errno.h>

#include "sim/ladder.h"

static struct ladder *
host_begin(void)
{
	struct ladder *l = ladder_begin(NULL);

	sim_world_start(&l->w);
	sim_run(&l->w.sim, 3 * SIM_S);
	sim_look_away(&l->x);
	return l;
}

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
refused(enum mip6_action_kind kind)
{
	struct ladder *l = host_begin();
	struct mip6_show_binding b;
	const struct sim_sight *s;
	int64_t at_us;

	l->w.had.fail_next[kind] = ENOBUFS;
	sim_world_move(&l->w, 0, "a", 0);
	s = see(l, SIM_BU, "mn", SIM_S);
	at_us = s->at_us;
	s = see(l, SIM_BA, "ha", SIM_S);
	assert_int_equal(s->at_us, at_us + LADDER_DELAY_US);
	assert_int_equal(s->mh.u.ba.status, MIP6_BA_REASON_UNSPECIFIED);
	assert_int_equal(s->mh.u.ba.lifetime.us, 0);
	/* Nothing is half there. */
	sim_run(&l->w.sim, SIM_S);
	assert_false(sim_daemon_binding(&l->w.had, &l->w.mn[0].hoa, &b));
	assert_false(has_route(l));
	assert_false(defended_before(l, INT64_MAX));
	assert_string_equal(ladder_registration(l).state, "registering");

	s = see(l, SIM_BU, "mn", 40 * SIM_S);
	assert_int_equal(s->at_us, at_us + LADDER_RTT_US + 32 * SIM_S);
	s = see(l, SIM_BA, "ha", SIM_S);
	assert_int_equal(s->mh.u.ba.status, MIP6_BA_ACCEPTED);
	assert_true(sim_world_registered(&l->w, 0, "a", SIM_S));
	assert_true(has_route(l));
	ladder_end(l);
}

static void
agent_route_refused(void **state)
{
	(void)state;
	refused(MIP6_ACT_ROUTE);
}

static void
agent_group_refused(void **state)
{
	(void)state;
	refused(MIP6_ACT_GROUP);
}

static void
agent_way_refused(void **state)
{
	(void)state;
	refused(MIP6_ACT_ROUTE_GET);
}

/*
 * Route, group and way end in any order: the acknowledgement comes with the
 * last of them, and the home link hears no advertisement before it.
 */
static void
agent_in_any_order(void **state)
{
	static const enum mip6_action_kind kind[] = { MIP6_ACT_ROUTE,
		MIP6_ACT_GROUP, MIP6_ACT_ROUTE_GET };
	const struct sim_sight *s;
	struct ladder *l;
	int64_t at_us;
	size_t first;

	(void)state;
	for (first = 0; first < 6; first++) {
		l = host_begin();
		/* Each of the six orders of 20, 200 and 400 ms. */
		l->w.had.late_next_us[kind[first % 3]] = 20 * SIM_MS;
		l->w.had.late_next_us[kind[(first + 1 + first / 3) % 3]] =
		    200 * SIM_MS;
		l->w.had.late_next_us[kind[(first + 2 - first / 3) % 3]] =
		    400 * SIM_MS;
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
	struct ladder *l = host_begin();
	struct mip6_show_binding b;
	const struct sim_sight *s, *second;

	(void)state;
	l->w.had.late_next_us[MIP6_ACT_ROUTE_GET] = 500 * SIM_MS;
	sim_world_move(&l->w, 0, "a", 0);
	(void)see(l, SIM_BU, "mn", SIM_S);
	sim_run(&l->w.sim, 100 * SIM_MS);
	sim_world_move(&l->w, 0, "b", 0);
	second = see(l, SIM_BU, "mn", SIM_S);
	s = see(l, SIM_BA, "ha", SIM_S);
	assert_addr(s->v.ip.dst, second->v.ip.src);
	assert_int_equal(s->mh.u.ba.seq, second->mh.u.bu.seq);
	assert_true(sim_world_registered(&l->w, 0, "b", SIM_S));
	assert_true(sim_daemon_binding(&l->w.had, &l->w.mn[0].hoa, &b));
	assert_addr(b.coa, second->v.ip.src);
	/* One acknowledgement: the first update's is nobody's any more. */
	sim_run(&l->w.sim, 500 * SIM_MS);
	assert_int_equal(sim_seen(&l->x, SIM_BA, "ha", 0), 1);
	ladder_end(l);
}

/* Home again while the host still sets up the registration. */
static void
agent_home_before_done(void **state)
{
	struct ladder *l = host_begin();
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
	assert_int_equal(l->ping.sent - l->ping.answered, 0);
	ladder_end(l);
}

/* ---- at the mobile node ---- */

/* The care-of address is refused: another one, in the same instant. */
static void
address_refused(void **state)
{
	static const int error[] = { EEXIST, ENOBUFS };
	struct mip6_prefix a = sim_world_prefix("a");
	struct mip6_show_registration usual, r;
	const struct sim_sight *s;
	struct ladder *l;
	size_t i;

	(void)state;
	l = ladder_registered(NULL, "a");
	usual = ladder_registration(l);
	ladder_end(l);
	for (i = 0; i < MIP6_COUNT(error); i++) {
		l = host_begin();
		l->w.mn[0].daemon.fail_next[MIP6_ACT_ADDR] = error[i];
		sim_world_move(&l->w, 0, "a", 0);
		s = see(l, SIM_BU, "mn", SIM_S);
		assert_int_equal(s->at_us, 3 * SIM_S);
		assert_true(mip6_prefix_has(&a, &s->v.ip.src));
		assert_memory_not_equal(&s->v.ip.src, &usual.coa, 16);
		assert_true(sim_world_registered(&l->w, 0, "a", SIM_S));
		r = ladder_registration(l);
		assert_addr(r.coa, s->v.ip.src);
		ladder_end(l);
	}
}

/* Somebody else has it, as is found out a second later: the same. */
static void
address_is_duplicate(void **state)
{
	struct ladder *l = ladder_registered(NULL, "a");
	struct mip6_show_registration was = ladder_registration(l), r;
	struct sim_addr *e = sim_host_addr(&l->w.mn[0].host, 1, &was.coa);
	const struct sim_sight *s;
	int64_t at_us;

	(void)state;
	sim_run(&l->w.sim, 500 * SIM_MS);
	sim_look_away(&l->x);
	at_us = l->w.sim.now_us;
	assert_non_null(e);
	sim_host_addr_duplicate(&l->w.mn[0].host, e);
	s = see(l, SIM_BU, "mn", SIM_S);
	assert_int_equal(s->at_us, at_us);
	assert_memory_not_equal(&s->v.ip.src, &was.coa, 16);
	assert_true(sim_world_registered(&l->w, 0, "a", SIM_S));
	r = ladder_registration(l);
	assert_addr(r.coa, s->v.ip.src);
	ladder_end(l);
}

/*
 *	mn                       ra
 *	 |---- RS --------------->|
 *	 |            X <--- RA --|   nothing is seen of the link yet
 *	 |  the capture begins
 *	 |---- RS --------------->|   not 4 s (RTR_SOLICITATION_INTERVAL) later
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
	s = see(l, SIM_RS, "mn", 5 * SIM_S);
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
	struct ladder *l = host_begin();
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
	assert_int_equal(sim_seen(&l->x, SIM_BU, "mn", 0), 1);
	ladder_end(l);
}

/* Away and back while it is not ready yet: it counts for the new stay. */
static void
address_there_and_back(void **state)
{
	struct ladder *l = host_begin();
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

/* Everything takes long and in any order: it still comes to the same. */
static void
slow_host(void **state)
{
	struct sim_world_conf c = { .act_us = 50 * SIM_MS };
	static const char *const link[] = { "a", "b", "home", "c", "home" };
	struct ladder *l = ladder_begin(&c);
	size_t i;

	(void)state;
	l->w.had.faults.late_ppm = l->w.mn[0].daemon.faults.late_ppm = SIM_PPM;
	l->w.had.faults.late_us = l->w.mn[0].daemon.faults.late_us =
	    200 * SIM_MS;
	sim_world_start(&l->w);
	sim_run(&l->w.sim, 2 * SIM_S);
	for (i = 0; i < MIP6_COUNT(link); i++) {
		sim_world_move(&l->w, 0, link[i], 0);
		assert_true(strcmp(link[i], "home") == 0 ?
			sim_world_at_home(&l->w, 0, 5 * SIM_S) :
			sim_world_registered(&l->w, 0, link[i], 5 * SIM_S));
		sim_run(&l->w.sim, 2 * SIM_S);
		assert_int_equal(has_route(l), strcmp(link[i], "home") != 0);
	}
	ladder_end(l);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(agent_route_refused),
		cmocka_unit_test(agent_group_refused),
		cmocka_unit_test(agent_way_refused),
		cmocka_unit_test(agent_in_any_order),
		cmocka_unit_test(agent_moved_on),
		cmocka_unit_test(agent_home_before_done),
		cmocka_unit_test(address_refused),
		cmocka_unit_test(address_is_duplicate),
		cmocka_unit_test(capture_late),
		cmocka_unit_test(address_of_former_link),
		cmocka_unit_test(address_there_and_back),
		cmocka_unit_test(slow_host),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
