/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * From one foreign link to another.
 *
 * Implements (as a test of): RFC 6275 sections 11.5.1, 11.5.4, 11.7.1, 11.8,
 * 10.3.1.
 */
#include "sim/ladder.h"

static void
ping_cn(struct ladder *l, int64_t interval_us)
{
	sim_ping_start(&l->w.transport, &l->ping, &l->w.mn[0].host, &l->w.cn,
	    &l->w.cn_addr, &l->w.mn[0].hoa, interval_us);
}

/* The care-of address that the mobile node believes to be bound. */
static void
assert_bound(struct ladder *l, const struct mip6_addr *coa)
{
	struct mip6_show_registration r = ladder_registration(l);

	assert_memory_equal(&r.coa, coa, sizeof(*coa));
}

/*
 *	mn          rb                              ha
 *	 |---- RS -->|                               |
 *	 |<--- RA ---|                               |
 *	 |---- BU  b's care-of address ------------->|
 *	 |                            row: to b from here on
 *	 |<--- BA  0 --------------------------------|
 *
 * The update goes in the instant of the new link, the answer comes one round
 * trip later; the home link hears nothing, for nothing changes there.
 */
static void
to_b(void **state)
{
	struct ladder *l = ladder_registered(NULL, "a");
	struct mip6_addr was = ladder_registration(l).coa;
	struct mip6_prefix b = sim_world_prefix("b");
	const struct sim_sight *s;
	struct mip6_show_binding e;
	struct mip6_addr coa;
	int64_t began_us;
	size_t i;

	(void)state;
	sim_run(&l->w.sim, 10 * SIM_S);
	sim_look_away(&l->x);
	began_us = l->w.sim.now_us;
	sim_world_move(&l->w, 0, "b", 0);
	s = see(l, SIM_RS, "mn", SIM_S);
	assert_int_equal(s->at_us, began_us);
	s = see(l, SIM_BU, "mn", SIM_S);
	assert_int_equal(s->at_us, began_us);
	coa = s->v.ip.src;
	assert_true(mip6_prefix_has(&b, &coa));
	assert_addr(s->mh.opt.alt_coa, coa);
	/* Until the home agent has it, the old one is the binding. */
	assert_true(sim_daemon_binding(&l->w.had, &l->w.mn[0].hoa, &e));
	assert_addr(e.coa, was);
	assert_bound(l, &was);
	s = see(l, SIM_BA, "ha", SIM_S);
	assert_int_equal(s->at_us, began_us + LADDER_DELAY_US);
	assert_addr(s->v.ip.dst, coa);
	assert_true(sim_daemon_binding(&l->w.had, &l->w.mn[0].hoa, &e));
	assert_addr(e.coa, coa);
	assert_true(sim_world_registered(&l->w, 0, "b", SIM_S));
	assert_int_equal(l->w.sim.now_us, began_us + LADDER_RTT_US);
	sim_run(&l->w.sim, 10 * SIM_S);
	for (i = 0; i < l->x.count; i++)
		if (l->x.sight[i]->kind == SIM_NA &&
		    l->x.sight[i]->at_us >= began_us)
			assert_memory_not_equal(&l->x.sight[i]->nd.u.na.target,
			    &l->w.mn[0].hoa, 16);
	ladder_end(l);
}

/* What an application sees of it: one round trip and what was in flight. */
static void
silence(void **state)
{
	struct ladder *l = ladder_registered(NULL, "a");

	(void)state;
	ping_cn(l, 5 * SIM_MS);
	sim_run(&l->w.sim, SIM_S);
	sim_ping_mark(&l->ping);
	sim_world_move(&l->w, 0, "b", 0);
	sim_run(&l->w.sim, 2 * SIM_S);
	sim_ping_stop(&l->ping);
	sim_run(&l->w.sim, SIM_S);
	/* The round trip of the update, then the ping's own, of two legs. */
	assert_in_range(l->ping.gap_us, LADDER_RTT_US,
	    LADDER_RTT_US + 2 * LADDER_RTT_US + 5 * SIM_MS);
	ladder_end(l);
}

/*
 * The host's kernel needs its time for the address: the update waits for its
 * end, and goes in that instant.
 */
static void
address_takes_its_time(void **state)
{
	struct ladder *l = ladder_begin(NULL);
	const struct sim_sight *s;
	int64_t began_us;

	(void)state;
	sim_world_start(&l->w);
	sim_run(&l->w.sim, 3 * SIM_S);
	sim_look_away(&l->x);
	l->w.mn[0].daemon.late_next_us[MIP6_ACT_ADDR] = 70 * SIM_MS;
	began_us = l->w.sim.now_us;
	sim_world_move(&l->w, 0, "a", 0);
	s = see(l, SIM_BU, "mn", SIM_S);
	assert_int_equal(s->at_us, began_us + 70 * SIM_MS);
	s = see(l, SIM_BA, "ha", SIM_S);
	assert_int_equal(s->at_us, began_us + 70 * SIM_MS + LADDER_DELAY_US);
	assert_true(sim_world_registered(&l->w, 0, "a", SIM_S));
	assert_int_equal(l->w.sim.now_us,
	    began_us + 70 * SIM_MS + LADDER_RTT_US);
	ladder_end(l);
}

/* Make-before-break at 1,000 packets/s: nothing is lost, either way. */
static void
nothing_lost(struct ladder *l)
{
	assert_int_equal(l->ping.interval_us, SIM_MS);
	assert_true(l->ping.sent > 1000);
	assert_int_equal(l->ping.answered, l->ping.sent);
	assert_int_equal(sim_daemon_drops(&l->w.had, MIP6_DROP_TUNNEL_PEER), 0);
}

/* A second interface of the mobile node, on `link`. */
static struct sim_iface *
second_iface(struct ladder *l, const char *link)
{
	struct sim_host *h = &l->w.mn[0].host;
	struct sim_iface *i = sim_host_iface(h, NULL);

	sim_world_start(&l->w);
	sim_host_attach(h, i, sim_net_find(&l->w.net, link));
	return i;
}

/*
 *	mn (a and b)           ra                   ha
 *	 |<--- RA lifetime 0 --|                     |
 *	 |---- BU  b ------------------------------->|
 *	 |<=== through the tunnel of a ============= |
 *	 |<--- BA  0 --------------------------------|
 *	 |<=== through the tunnel of b ============= |
 *
 * Two links are up; the router of the one in use goes out of service.  The old
 * binding carries packets until the new one is acknowledged, and what is in
 * flight to the old care-of address is taken.
 */
static void
two_links(void **state)
{
	struct ladder *l = ladder_begin(NULL);
	struct mip6_prefix b = sim_world_prefix("b"), a = sim_world_prefix("a");
	const struct sim_sight *s, *bu, *ba;
	size_t i, old = 0, late = 0;
	uint32_t before;

	(void)state;
	sim_world_move(&l->w, 0, "a", 0);
	(void)second_iface(l, "b");
	assert_true(sim_world_registered(&l->w, 0, "a", 10 * SIM_S));
	ping_cn(l, SIM_MS);
	sim_run(&l->w.sim, SIM_S);
	before = l->ping.answered;
	assert_true(before > 900);
	sim_look_away(&l->x);

	l->w.ra.ra[1].lifetime_s = 0;
	bu = see(l, SIM_BU, "mn", 20 * SIM_S);
	assert_true(mip6_prefix_has(&b, &bu->v.ip.src));
	ba = see(l, SIM_BA, "ha", SIM_S);
	assert_int_equal(ba->at_us, bu->at_us + LADDER_DELAY_US);
	assert_true(sim_world_registered(&l->w, 0, "b", SIM_S));
	assert_int_equal(l->w.sim.now_us, bu->at_us + LADDER_RTT_US);
	sim_run(&l->w.sim, SIM_S);
	sim_ping_stop(&l->ping);
	sim_run(&l->w.sim, SIM_S);
	nothing_lost(l);

	for (i = 0; i < l->x.count; i++) {
		s = l->x.sight[i];
		if (s->kind != SIM_TUNNEL || s->at_us <= bu->at_us)
			continue;
		if (s->from->host == &l->w.mn[0].host &&
		    s->at_us < bu->at_us + LADDER_RTT_US) {
			assert_true(mip6_prefix_has(&a, &s->v.ip.src));
			old++;
		}
		if (s->from->host == &l->w.ra &&
		    mip6_prefix_has(&a, &s->v.ip.dst) && s->at_us > ba->at_us)
			late++;
	}
	/* Sent through a while b waits, and in flight when the agent turned. */
	assert_true(old >= (size_t)(LADDER_RTT_US / SIM_MS - 1));
	assert_true(late >= (size_t)(LADDER_DELAY_US / SIM_MS / 2));
	ladder_end(l);
}

/*
 * The same on one link: a care-of address grows old while another is there.
 * The old one is given up some seconds after the new one is bound.
 */
static void
another_address(void **state)
{
	struct ladder *l = ladder_registered(NULL, "a");
	struct sim_host *h = &l->w.mn[0].host;
	struct mip6_addr other = sim_addr_of("2001:db8:a::77");
	struct mip6_addr was = ladder_registration(l).coa;
	const struct sim_sight *bu;
	struct sim_addr *e;

	(void)state;
	(void)sim_host_addr_add(h, 1, &other, 64, false, false, SIM_BY_ADMIN);
	ping_cn(l, SIM_MS);
	sim_run(&l->w.sim, SIM_S);
	/* What is in use stays in use while it is as good. */
	assert_bound(l, &was);
	sim_look_away(&l->x);

	e = sim_host_addr(h, 1, &was);
	assert_non_null(e);
	e->flags |= MIP6_ADDR_DEPRECATED;
	h->on_addr(h->daemon, e, false);
	bu = see(l, SIM_BU, "mn", SIM_S);
	assert_addr(bu->v.ip.src, other);
	assert_bound(l, &was);
	sim_run_until(&l->w.sim, bu->at_us + LADDER_RTT_US + 1);
	assert_bound(l, &other);
	sim_run(&l->w.sim, 2900 * SIM_MS);
	assert_non_null(sim_host_addr(h, 1, &was));
	sim_run(&l->w.sim, SIM_S);
	assert_null(sim_host_addr(h, 1, &was));
	sim_ping_stop(&l->ping);
	sim_run(&l->w.sim, SIM_S);
	nothing_lost(l);
	ladder_end(l);
}

/*
 *	mn                                          ha
 *	 |---- BU  b ------------------------------->|
 *	 |---- BU  c (5 ms later) ------------------>|
 *	                <--- BA  b (to where it was) |
 *	 |<--- BA  c --------------------------------|
 */
static void
quick_double_move(void **state)
{
	struct ladder *l = ladder_registered(NULL, "a");
	struct mip6_show_binding e;
	const struct sim_sight *first, *second;
	int64_t began_us;

	(void)state;
	sim_run(&l->w.sim, 2 * SIM_S);
	sim_look_away(&l->x);
	began_us = l->w.sim.now_us;
	sim_world_move(&l->w, 0, "b", 0);
	first = see(l, SIM_BU, "mn", SIM_S);
	sim_run(&l->w.sim, 5 * SIM_MS);
	sim_world_move(&l->w, 0, "c", 0);
	second = see(l, SIM_BU, "mn", SIM_S);
	assert_int_equal(first->at_us, began_us);
	assert_int_equal(second->at_us, began_us + 5 * SIM_MS);
	assert_int_equal(second->mh.u.bu.seq,
	    (uint16_t)(first->mh.u.bu.seq + 1));
	assert_true(sim_world_registered(&l->w, 0, "c", SIM_S));
	assert_int_equal(l->w.sim.now_us,
	    began_us + 5 * SIM_MS + LADDER_RTT_US);
	assert_true(sim_daemon_binding(&l->w.had, &l->w.mn[0].hoa, &e));
	assert_addr(e.coa, second->v.ip.src);
	ladder_end(l);
}

/* To b and back before anybody has answered. */
static void
there_and_back(void **state)
{
	struct ladder *l = ladder_registered(NULL, "a");
	struct mip6_addr was = ladder_registration(l).coa;
	const struct sim_sight *s;

	(void)state;
	sim_run(&l->w.sim, 2 * SIM_S);
	ping_cn(l, 10 * SIM_MS);
	sim_world_move(&l->w, 0, "b", 0);
	sim_run(&l->w.sim, 5 * SIM_MS);
	sim_look_away(&l->x);
	sim_world_move(&l->w, 0, "a", 0);
	s = see(l, SIM_BU, "mn", SIM_S);
	assert_addr(s->v.ip.src, was);
	assert_int_equal(s->at_us, 2025 * SIM_MS);
	assert_true(sim_world_registered(&l->w, 0, "a", SIM_S));
	assert_int_equal(l->w.sim.now_us, s->at_us + LADDER_RTT_US);
	sim_ping_mark(&l->ping);
	sim_run(&l->w.sim, SIM_S);
	assert_in_range(l->ping.gap_us, 0, 100 * SIM_MS);
	ladder_end(l);
}

/*
 * R11.8-05, R13-01: a link every 100 ms, for 5 s; never more than three updates
 * in a second, the last place is registered within one.
 */
static void
three_in_a_second(void **state)
{
	static const char *const link[] = { "b", "c", "a" };
	struct ladder *l = ladder_registered(NULL, "a");
	const struct sim_sight *bu[64];
	int64_t ended_us;
	size_t i, count = 0;

	(void)state;
	sim_run(&l->w.sim, 2 * SIM_S);
	sim_look_away(&l->x);
	for (i = 0; i < 50; i++) {
		sim_world_move(&l->w, 0, link[i % 3], 0);
		sim_run(&l->w.sim, 100 * SIM_MS);
	}
	ended_us = l->w.sim.now_us;
	assert_true(sim_world_registered(&l->w, 0, link[49 % 3], SIM_S));
	assert_true(l->w.sim.now_us < ended_us + SIM_S);
	for (i = 0; i < l->x.count && count < 64; i++)
		if (l->x.sight[i]->kind == SIM_BU &&
		    l->x.sight[i]->at_us >= 2 * SIM_S &&
		    l->x.sight[i]->from->host == &l->w.mn[0].host)
			bu[count++] = l->x.sight[i];
	/* As many as the limit allows, no fewer. */
	assert_in_range(count, 14, 19);
	for (i = 3; i < count; i++)
		assert_true(bu[i]->at_us - bu[i - 3]->at_us >= SIM_S);
	ladder_end(l);
}

/* Nowhere for a while: the binding lives, and is renewed at the next place. */
static void
nowhere_for_a_while(void **state)
{
	struct ladder *l = ladder_registered(NULL, "a");
	struct mip6_show_registration r;
	const struct sim_sight *s;
	int64_t began_us = l->w.sim.now_us;

	(void)state;
	sim_world_move(&l->w, 0, "b", 30 * SIM_S);
	sim_run(&l->w.sim, 29 * SIM_S);
	r = ladder_registration(l);
	assert_string_equal(r.state, "nowhere");
	assert_true(r.left.us > 0);
	s = see(l, SIM_BU, "mn", 2 * SIM_S);
	assert_int_equal(s->at_us, began_us + 30 * SIM_S);
	/* A binding lives: the first time-out is one second. */
	assert_true(sim_world_registered(&l->w, 0, "b", LADDER_RTT_US));
	ladder_end(l);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(to_b),
		cmocka_unit_test(silence),
		cmocka_unit_test(address_takes_its_time),
		cmocka_unit_test(two_links),
		cmocka_unit_test(another_address),
		cmocka_unit_test(quick_double_move),
		cmocka_unit_test(there_and_back),
		cmocka_unit_test(three_in_a_second),
		cmocka_unit_test(nowhere_for_a_while),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
