/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The home agent in the mobile node's place on the home link, and the tunnel.
 *
 * Implements (as a test of): RFC 6275 sections 10.4.1, 10.4.2, 10.4.5, 11.3.3.
 */
#include "sim/ladder.h"

static void
defend_away(struct ladder **l, bool beside)
{
	const struct sim_world_conf c = { .ha_beside_router = beside };

	*l = ladder_registered(&c, "a");
}

/*
 *	ha                               home link
 *	 |---- NA  HoA, override, not solicited, not router --> all nodes
 *	    three times, a second apart at least
 */
static void
announces(void **state)
{
	struct ladder *l = ladder_begin(NULL);
	const struct sim_sight *s;
	int64_t last_us = -SIM_S;
	int k;

	(void)state;
	sim_world_start(&l->w);
	sim_world_move(&l->w, 0, "a", 0);
	(void)see(l, SIM_BU, "mn", SIM_S);
	for (k = 0; k < 3; k++) {
		s = see_on(l, SIM_NA, "ha", "home", 3 * SIM_S);
		assert_addr(s->nd.u.na.target, l->w.mn[0].hoa);
		assert_addr(s->v.ip.dst, mip6_addr_all_nodes);
		assert_addr(s->v.ip.src, l->w.ha_addr);
		assert_true(s->nd.u.na.override);
		assert_false(s->nd.u.na.solicited);
		assert_false(s->nd.u.na.router);
		assert_true(s->nd.opt.has_tlla);
		assert_memory_equal(&s->nd.opt.tlla, &l->w.ha_home->lladdr, 6);
		assert_true(s->at_us - last_us >= SIM_S || k == 0);
		last_us = s->at_us;
	}
	ladder_end(l);
}

/* R10.4.1-06, -07: an answer to who asks, and to who would take the address. */
static void
answers(void **state)
{
	struct ladder *l;
	const struct sim_sight *s;
	struct mip6_addr hoa, group;
	struct mip6_nd ns;

	(void)state;
	defend_away(&l, false);
	hoa = l->w.mn[0].hoa;
	group = mip6_addr_solicited_node(&hoa);
	memset(&ns, 0, sizeof(ns));
	ns.type = MIP6_ND_NS;
	ns.u.ns.target = hoa;
	sim_run(&l->w.sim, 5 * SIM_S);
	sim_look_away(&l->x);
	/* A probe of duplicate address detection. */
	sim_host_nd_emit(&l->w.nb, &l->w.nb.iface[0], &mip6_addr_any, &group,
	    NULL, &ns);
	s = see_on(l, SIM_NA, "ha", "home", SIM_MS);
	assert_addr(s->v.ip.dst, mip6_addr_all_nodes);
	assert_false(s->nd.u.na.solicited);
	assert_addr(s->nd.u.na.target, hoa);
	/* A neighbour that looks for it. */
	ns.opt.has_slla = true;
	ns.opt.slla = l->w.nb.iface[0].lladdr;
	sim_host_nd_emit(&l->w.nb, &l->w.nb.iface[0], &l->w.nb_addr, &group,
	    NULL, &ns);
	s = see_on(l, SIM_NA, "ha", "home", SIM_MS);
	assert_addr(s->v.ip.dst, l->w.nb_addr);
	assert_true(s->nd.u.na.solicited);
	assert_false(s->nd.u.na.router);
	assert_memory_equal(&s->nd.opt.tlla, &l->w.ha_home->lladdr, 6);
	/* Nor to a source that is many (RFC 4291 section 2.7). */
	ns.opt.has_slla = false;
	sim_host_nd_emit(&l->w.nb, &l->w.nb.iface[0], &group, &group, NULL,
	    &ns);
	see_no(l, SIM_NA, "ha", SIM_MS);
	assert_int_equal(sim_daemon_drops(&l->w.had, MIP6_DROP_MARTIAN), 1);
	ns.opt.has_slla = true;
	/* And not for an address that nobody has registered. */
	ns.u.ns.target.b[15]++;
	group = mip6_addr_solicited_node(&ns.u.ns.target);
	sim_host_nd_emit(&l->w.nb, &l->w.nb.iface[0], &l->w.nb_addr, &group,
	    NULL, &ns);
	see_no(l, SIM_NA, "ha", SIM_MS);
	ladder_end(l);
}

/*
 *	nb            ha                    mn (on a)
 *	 |-- ping ---->|== tunnel ==========>|
 *	 |<------------|<========= tunnel ===|
 */
static void
intercepts(void **state)
{
	struct ladder *l;
	const struct sim_sight *s;
	struct mip6_addr coa;
	int k;

	(void)state;
	for (k = 0; k < 2; k++) {
		defend_away(&l, k == 1);
		coa = ladder_registration(l).coa;
		sim_ping_start(&l->w.transport, &l->ping, &l->w.nb,
		    &l->w.mn[0].host, &l->w.mn[0].hoa, &mip6_addr_any, SIM_S);
		sim_run(&l->w.sim, 500 * SIM_MS);
		sim_look_away(&l->x);
		s = see(l, SIM_TUNNEL, "ha", SIM_S);
		assert_addr(s->v.ip.src, l->w.ha_addr);
		assert_addr(s->v.ip.dst, coa);
		assert_addr(s->inner.ip.src, l->w.nb_addr);
		assert_addr(s->inner.ip.dst, l->w.mn[0].hoa);
		assert_int_equal(s->inner_kind, SIM_PING);
		s = see(l, SIM_TUNNEL, "mn", SIM_S);
		assert_addr(s->v.ip.src, coa);
		assert_addr(s->v.ip.dst, l->w.ha_addr);
		assert_addr(s->inner.ip.src, l->w.mn[0].hoa);
		assert_int_equal(s->inner_kind, SIM_PONG);
		s = see_on(l, SIM_PONG, "ha", "home", SIM_S);
		assert_memory_equal(&s->eth.dst, &l->w.nb.iface[0].lladdr, 6);
		sim_run(&l->w.sim, 10 * SIM_S);
		assert_int_equal(l->ping.sent - l->ping.answered, 0);
		ladder_end(l);
	}
}

/* Sends a ping of `src` to `dst` in a tunnel from `outer` to `end`. */
static void
tunnel_ping(struct sim_host *from, const struct mip6_addr *outer,
    const struct mip6_addr *end, const struct mip6_addr *src,
    const struct mip6_addr *dst)
{
	uint8_t packet[256];
	struct mip6_wr w = mip6_wr_make(packet, sizeof(packet));
	struct mip6_ip6_out o = {
		.ip = { .src = *outer, .dst = *end, .hop_limit = 64 },
		.upper = MIP6_NH_IPV6
	};
	struct mip6_ip6_out i = {
		.ip = { .src = *src, .dst = *dst, .hop_limit = 64 },
		.upper = MIP6_NH_ICMPV6
	};
	struct mip6_icmp6 echo = { .type = MIP6_ICMP6_ECHO_REQUEST };
	size_t start = mip6_ip6_begin(&w, &o), inner, at;

	inner = mip6_ip6_begin(&w, &i);
	at = w.pos;
	mip6_icmp6_write(&w, &echo);
	mip6_icmp6_finish(packet + at, w.pos - at, src, dst);
	mip6_ip6_end(&w, inner);
	mip6_ip6_end(&w, start);
	assert_false(w.failed);
	(void)sim_host_send_packet(from, packet, w.pos);
}

/* R10.4.5-02: only from the care-of address of the inner source's binding. */
static void
reverse_tunnel_checked(void **state)
{
	struct ladder *l;
	struct mip6_addr stranger = sim_addr_of("2001:db8:1::99");
	const struct sim_daemon *d;

	(void)state;
	defend_away(&l, false);
	d = &l->w.had;
	l->check.strays = true;
	sim_look_away(&l->x);
	/* A stranger with the mobile node's address inside. */
	tunnel_ping(&l->w.peer, &l->w.peer_addr, &l->w.ha_addr, &l->w.mn[0].hoa,
	    &l->w.nb_addr);
	/* A stranger with an address that has no binding. */
	tunnel_ping(&l->w.peer, &l->w.peer_addr, &l->w.ha_addr, &stranger,
	    &l->w.nb_addr);
	see_no(l, SIM_PONG, "nb", SIM_S);
	assert_int_equal(sim_daemon_drops(d, MIP6_DROP_TUNNEL_PEER), 1);
	assert_int_equal(sim_daemon_drops(d, MIP6_DROP_TUNNEL_UNKNOWN), 1);
	ladder_end(l);
}

/* R11.3.3-01: only the home agent tunnels to the mobile node. */
static void
forward_tunnel_checked(void **state)
{
	struct ladder *l;
	struct mip6_addr coa;

	(void)state;
	defend_away(&l, false);
	coa = ladder_registration(l).coa;
	sim_look_away(&l->x);
	tunnel_ping(&l->w.peer, &l->w.peer_addr, &coa, &l->w.cn_addr,
	    &l->w.mn[0].hoa);
	see_no(l, SIM_PONG, "mn", SIM_S);
	assert_int_equal(sim_daemon_drops(&l->w.mn[0].daemon,
			     MIP6_DROP_TUNNEL_PEER),
	    1);
	/* Nor to an address that is not its home address. */
	tunnel_ping(&l->w.ha, &l->w.ha_addr, &coa, &l->w.cn_addr, &coa);
	see_no(l, SIM_PONG, "mn", SIM_S);
	ladder_end(l);
}

/* R10.3.2-07, R10.3.1-18: nothing is intercepted for who is not registered. */
static void
stops(void **state)
{
	const struct sim_world_conf c = { .lifetime_s = 20 };
	struct ladder *l = ladder_registered(&c, "a");
	struct mip6_nd ns;
	struct mip6_addr group = mip6_addr_solicited_node(&l->w.mn[0].hoa);

	(void)state;
	/* The mobile node is gone for good: its binding runs out. */
	sim_daemon_kill(&l->w.mn[0].daemon);
	sim_world_move(&l->w, 0, NULL, 0);
	sim_run(&l->w.sim, 21 * SIM_S);
	memset(&ns, 0, sizeof(ns));
	ns.type = MIP6_ND_NS;
	ns.u.ns.target = l->w.mn[0].hoa;
	sim_look_away(&l->x);
	sim_host_nd_emit(&l->w.nb, &l->w.nb.iface[0], &mip6_addr_any, &group,
	    NULL, &ns);
	see_no(l, SIM_NA, "ha", SIM_S);
	assert_false(sim_host_filtered(&l->w.ha, MIP6_ACT_GROUP,
	    l->w.ha_home->ifindex, &group));
	sim_ping_start(&l->w.transport, &l->ping, &l->w.cn, &l->w.mn[0].host,
	    &l->w.mn[0].hoa, &mip6_addr_any, SIM_S);
	see_no(l, SIM_TUNNEL, "ha", 5 * SIM_S);
	ladder_end(l);
}

/* An operator takes a binding away. */
static void
flushed(void **state)
{
	struct ladder *l;
	struct mip6_show_binding b;

	(void)state;
	defend_away(&l, false);
	sim_daemon_command(&l->w.had, MIP6_CMD_FLUSH_BINDING, &l->w.mn[0].hoa);
	/* No binding any more; its time is remembered for a while. */
	assert_true(sim_daemon_binding(&l->w.had, &l->w.mn[0].hoa, &b));
	assert_string_not_equal(b.state, "registered");
	l->check.mobile[0].has_seq = false;
	sim_daemon_command(&l->w.mn[0].daemon, MIP6_CMD_FLUSH_REGISTRATION,
	    &mip6_addr_any);
	sim_run(&l->w.sim, SIM_S);
	assert_true(sim_daemon_binding(&l->w.had, &l->w.mn[0].hoa, &b));
	assert_true(sim_world_registered(&l->w, 0, "a", SIM_S));
	ladder_end(l);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(announces),
		cmocka_unit_test(answers),
		cmocka_unit_test(intercepts),
		cmocka_unit_test(reverse_tunnel_checked),
		cmocka_unit_test(forward_tunnel_checked),
		cmocka_unit_test(stops),
		cmocka_unit_test(flushed),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
