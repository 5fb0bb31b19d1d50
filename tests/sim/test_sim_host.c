/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Hosts that refuse, or take their time; daemons that die.
 *
 * Implements (as a test of): the rule that a reply that promises something
 * waits for the action that makes it true, and that what a host refused is
 * asked for again.
 */
#include <errno.h>

#include "sim/ladder.h"

/*
 *	mn                          ha          its host
 *	 |---- BU ------------------>|-- route -->|
 *	 |                           |<- ENOBUFS -|
 *	 |<--- BA 128 ---------------|
 *	 |---- BU  (in 32 s) ------->|-- route -->|
 *	 |<--- BA 0 -----------------|<- done ----|
 */
static void
agent_refused(enum mip6_action_kind kind)
{
	struct ladder *l = ladder_begin(NULL);
	const struct sim_sight *s;

	sim_world_start(&l->w);
	sim_run(&l->w.sim, SIM_S);
	l->w.had.fail_next[kind] = ENOBUFS;
	sim_world_move(&l->w, 0, "a", 0);
	s = see(l, SIM_BA, "ha", SIM_S);
	assert_int_equal(s->mh.u.ba.status, MIP6_BA_REASON_UNSPECIFIED);
	assert_false(ladder_bound(l, &l->w.mn[0].hoa));
	assert_int_equal(sim_seen(&l->x, SIM_NA, "ha", s->at_us), 0);
	assert_true(sim_world_registered(&l->w, 0, "a", 40 * SIM_S));
	ladder_end(l);
}

static void
agent_host_refuses(void **state)
{
	(void)state;
	agent_refused(MIP6_ACT_ROUTE);
	agent_refused(MIP6_ACT_GROUP);
	agent_refused(MIP6_ACT_ROUTE_GET);
}

/* The acknowledgement waits for the slowest of its actions. */
static void
agent_late(enum mip6_action_kind kind)
{
	struct ladder *l = ladder_begin(NULL);
	const struct sim_sight *s;
	int64_t bu_us;

	sim_world_start(&l->w);
	sim_run(&l->w.sim, SIM_S);
	l->w.had.late_next_us[kind] = 700 * SIM_MS;
	sim_world_move(&l->w, 0, "a", 0);
	bu_us = see(l, SIM_BU, "mn", SIM_S)->at_us;
	s = see(l, SIM_BA, "ha", SIM_S);
	assert_int_equal(s->at_us, bu_us + LADDER_DELAY_US + 700 * SIM_MS);
	assert_int_equal(s->mh.u.ba.status, MIP6_BA_ACCEPTED);
	ladder_end(l);
}

static void
agent_host_is_late(void **state)
{
	(void)state;
	agent_late(MIP6_ACT_ROUTE);
	agent_late(MIP6_ACT_GROUP);
	agent_late(MIP6_ACT_ROUTE_GET);
}

/*
 * It says no when the mobile node comes home: the answer is given, and the
 * route goes as soon as the host allows it.
 */
static void
agent_undo_refused(void **state)
{
	struct ladder *l = ladder_registered(NULL, "a");
	struct mip6_prefix p = { l->w.mn[0].hoa, 128 };
	const struct sim_route *r;

	(void)state;
	l->w.had.fail_next[MIP6_ACT_ROUTE] = EBUSY;
	sim_world_move(&l->w, 0, "home", 0);
	assert_true(sim_world_at_home(&l->w, 0, SIM_S));
	r = sim_host_route(&l->w.ha, &mip6_addr_any, &p.addr);
	assert_int_equal(r->dst.bits, 128);
	sim_run(&l->w.sim, 2 * SIM_S);
	r = sim_host_route(&l->w.ha, &mip6_addr_any, &p.addr);
	assert_int_equal(r->dst.bits, 64);
	ladder_end(l);
}

/* Every kind of action of a mobile node's start, refused once. */
static void
mobile_host_refuses(void **state)
{
	static const enum mip6_action_kind kind[] = { MIP6_ACT_TUN_MTU,
		MIP6_ACT_ADDR, MIP6_ACT_ROUTE, MIP6_ACT_RULE, MIP6_ACT_CAPTURE,
		MIP6_ACT_SILENCE, MIP6_ACT_SHIELD };
	struct ladder *l;
	size_t i;

	(void)state;
	for (i = 0; i < MIP6_COUNT(kind); i++) {
		l = ladder_begin(NULL);
		l->check.strays = l->check.leaks = true;
		l->w.mn[0].daemon.fail_next[kind[i]] = ENOBUFS;
		sim_world_start(&l->w);
		sim_run(&l->w.sim, SIM_MS);
		assert_int_equal(l->w.mn[0].daemon.failed,
		    kind[i] == MIP6_ACT_SILENCE ? 0 : 1);
		sim_world_move(&l->w, 0, "a", 0);
		assert_true(sim_world_registered(&l->w, 0, "a", 20 * SIM_S));
		sim_run(&l->w.sim, 3 * SIM_S);
		assert_int_equal(l->w.mn[0].daemon.failed, 1);
		sim_ping_start(&l->w.transport, &l->ping, &l->w.mn[0].host,
		    &l->w.cn, &l->w.cn_addr, &l->w.mn[0].hoa, 100 * SIM_MS);
		sim_run(&l->w.sim, SIM_S);
		assert_true(l->ping.answered > 5);
		assert_string_equal(ladder_registration(l).why, "");
		ladder_end(l);
	}
}

/* The kernel does not give the care-of address, or it is somebody else's. */
static void
care_of_address_refused(void **state)
{
	struct ladder *l = ladder_begin(NULL);

	(void)state;
	sim_world_start(&l->w);
	sim_run(&l->w.sim, SIM_S);
	l->w.mn[0].daemon.fail_next[MIP6_ACT_ADDR] = EACCES;
	sim_world_move(&l->w, 0, "a", 0);
	assert_true(sim_world_registered(&l->w, 0, "a", 30 * SIM_S));
	ladder_end(l);
}

static void
care_of_address_duplicated(void **state)
{
	struct ladder *l = ladder_registered(NULL, "a");
	struct mip6_addr first = ladder_registration(l).coa;
	struct sim_addr *a = sim_host_addr(&l->w.mn[0].host, 1, &first);
	struct mip6_prefix p = sim_world_prefix("a");
	struct mip6_addr second;

	(void)state;
	assert_non_null(a);
	sim_host_addr_duplicate(&l->w.mn[0].host, a);
	sim_run(&l->w.sim, 20 * SIM_S);
	assert_true(sim_world_registered(&l->w, 0, "a", SIM_S));
	second = ladder_registration(l).coa;
	assert_true(mip6_prefix_has(&p, &second));
	assert_memory_not_equal(&first, &second, 16);
	ladder_end(l);
}

/* A care-of address is used only when the host says that it may be. */
static void
care_of_address_late(void **state)
{
	struct ladder *l = ladder_begin(NULL);
	int64_t began_us;

	(void)state;
	sim_world_start(&l->w);
	sim_run(&l->w.sim, SIM_S);
	began_us = l->w.sim.now_us;
	l->w.mn[0].daemon.late_next_us[MIP6_ACT_ADDR] = 300 * SIM_MS;
	sim_world_move(&l->w, 0, "a", 0);
	assert_int_equal(see(l, SIM_BU, "mn", SIM_S)->at_us,
	    began_us + 300 * SIM_MS);
	ladder_end(l);
}

/* An address that is there first is used: one owner for each. */
static void
kernel_has_address(void **state)
{
	const struct sim_world_conf c = { .autoconf = true };
	struct ladder *l = ladder_begin(&c);
	struct mip6_addr kernel;
	const struct sim_sight *s;

	(void)state;
	sim_daemon_start(&l->w.had);
	sim_world_move(&l->w, 0, "a", 0);
	sim_run(&l->w.sim, 12 * SIM_S);
	kernel = mip6_addr_linklocal_eui64(&l->w.mn[0].iface->lladdr);
	memcpy(kernel.b, sim_world_prefix("a").addr.b, 8);
	assert_true(sim_host_is_local(&l->w.mn[0].host, &kernel));
	sim_daemon_start(&l->w.mn[0].daemon);
	s = see(l, SIM_BU, "mn", 2 * SIM_S);
	assert_addr(s->v.ip.src, kernel);
	ladder_end(l);
}

/* The host as it was: addresses, routes, rules, filters, forwarding. */
struct picture {
	struct sim_addr addr[SIM_HOST_ADDRS];
	struct sim_route route[SIM_HOST_ROUTES];
	size_t rules, filters;
	bool forwarding;
};

static struct picture
take_picture(const struct sim_host *h)
{
	struct picture p;
	size_t i;

	memset(&p, 0, sizeof(p));
	for (i = 0; i < SIM_HOST_ADDRS; i++)
		if (h->addr[i].used)
			p.addr[i] = h->addr[i];
	for (i = 0; i < SIM_HOST_ROUTES; i++)
		if (h->route[i].used)
			p.route[i] = h->route[i];
	for (i = 0; i < SIM_HOST_RULES; i++)
		p.rules += h->rule[i].used;
	for (i = 0; i < SIM_HOST_FILTERS; i++)
		p.filters += h->filter[i].used;
	p.forwarding = h->forwarding;
	return p;
}

/* All undone by the daemon itself: nothing is left for the next start. */
static void
everything_undone(void **state)
{
	const struct sim_world_conf c = { .ha_beside_router = true };
	struct ladder *l = ladder_begin(&c);
	struct picture before = take_picture(&l->w.ha), after;

	(void)state;
	sim_world_start(&l->w);
	sim_world_move(&l->w, 0, "a", 0);
	assert_true(sim_world_registered(&l->w, 0, "a", 20 * SIM_S));
	assert_true(l->w.ha.forwarding);
	sim_daemon_stop(&l->w.had);
	after = take_picture(&l->w.ha);
	assert_memory_equal(&after.route, &before.route, sizeof(after.route));
	assert_int_equal(after.rules, before.rules);
	assert_int_equal(after.filters, before.filters);
	assert_false(l->w.ha.forwarding);
	ladder_end(l);
}

/* Killed at any moment: the next one finds its way. */
static void
killed(void **state)
{
	struct ladder *l;
	int64_t at_us;
	size_t who;

	(void)state;
	for (who = 0; who < 2; who++)
		for (at_us = 0; at_us <= 40 * SIM_MS; at_us += 2 * SIM_MS) {
			const struct sim_world_conf c = { .act_us =
							      3 * SIM_MS };
			struct sim_daemon *d;

			l = ladder_registered(&c, "a");
			l->check.strays = true;
			d = who == 0 ? &l->w.had : &l->w.mn[0].daemon;
			sim_world_move(&l->w, 0, "b", 0);
			sim_run(&l->w.sim, at_us);
			sim_daemon_kill(d);
			sim_run(&l->w.sim, SIM_S);
			sim_daemon_start(d);
			sim_daemon_command(&l->w.mn[0].daemon,
			    MIP6_CMD_FLUSH_REGISTRATION, &mip6_addr_any);
			sim_run(&l->w.sim, SIM_MS);
			assert_true(
			    sim_world_registered(&l->w, 0, "b", 40 * SIM_S));
			sim_ping_start(&l->w.transport, &l->ping, &l->w.cn,
			    &l->w.mn[0].host, &l->w.mn[0].hoa, &mip6_addr_any,
			    100 * SIM_MS);
			sim_run(&l->w.sim, SIM_S);
			assert_true(l->ping.answered > 5);
			ladder_end(l);
		}
}

/* R11.7.3: a mobile node that starts again does not begin at an old number. */
static void
mobile_node_restarts(void **state)
{
	struct ladder *l = ladder_registered(NULL, "a");
	struct mip6_show_binding b;
	int k;

	(void)state;
	l->check.strays = true;
	for (k = 0; k < 20; k++) {
		sim_daemon_kill(&l->w.mn[0].daemon);
		sim_daemon_start(&l->w.mn[0].daemon);
		assert_true(sim_world_registered(&l->w, 0, "a", 20 * SIM_S));
		assert_true(sim_daemon_binding(&l->w.had, &l->w.mn[0].hoa, &b));
		assert_int_equal(b.seq, ladder_registration(l).seq);
	}
	ladder_end(l);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(agent_host_refuses),
		cmocka_unit_test(agent_host_is_late),
		cmocka_unit_test(agent_undo_refused),
		cmocka_unit_test(mobile_host_refuses),
		cmocka_unit_test(care_of_address_refused),
		cmocka_unit_test(care_of_address_duplicated),
		cmocka_unit_test(care_of_address_late),
		cmocka_unit_test(kernel_has_address),
		cmocka_unit_test(everything_undone),
		cmocka_unit_test(killed),
		cmocka_unit_test(mobile_node_restarts),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
