/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The home agent's end of the tunnels: what it takes out of one, and from one
 * mobile node's into another's.
 *
 * Implements (as a test of): RFC 6275 section 10.4.5.
 */
#include "base/rw.h"
#include "sim/ladder.h"

static void
tunnel_to_agent(struct ladder *l, struct sim_host *from,
    const struct mip6_addr *outer, const struct mip6_addr *inner)
{
	uint8_t packet[256];
	struct mip6_wr w = mip6_wr_make(packet, sizeof(packet));
	struct mip6_ip6_out o = { .ip = { .hop_limit = 64 } };
	struct mip6_icmp6 echo = { .type = MIP6_ICMP6_ECHO_REQUEST };
	size_t outer_at, inner_at, at;

	o.ip.src = *outer;
	o.ip.dst = l->w.ha_addr;
	o.upper = MIP6_NH_IPV6;
	outer_at = mip6_ip6_begin(&w, &o);
	o.ip.src = *inner;
	o.ip.dst = l->w.cn_addr;
	o.upper = MIP6_NH_ICMPV6;
	inner_at = mip6_ip6_begin(&w, &o);
	at = w.pos;
	mip6_icmp6_write(&w, &echo);
	mip6_wr_zero(&w, 16);
	mip6_icmp6_finish(packet + at, w.pos - at, inner, &l->w.cn_addr);
	mip6_ip6_end(&w, inner_at);
	mip6_ip6_end(&w, outer_at);
	assert_false(w.failed);
	assert_int_equal(sim_host_send_packet(from, packet, w.pos), SIM_SENT);
	sim_run(&l->w.sim, SIM_S);
}

/* R10.4.5-02: only from the care-of address of who speaks inside. */
static void
reverse_tunnel(void **state)
{
	struct ladder *l = ladder_registered(NULL, "a");
	struct mip6_show_registration r = ladder_registration(l);
	struct mip6_addr nobody = sim_addr_of("2001:db8:1::99");

	(void)state;
	l->check.puppets = true;
	sim_run(&l->w.sim, 5 * SIM_S);
	sim_look_away(&l->x);
	tunnel_to_agent(l, &l->w.peer, &l->w.peer_addr, &l->w.mn[0].hoa);
	assert_int_equal(sim_daemon_drops(&l->w.had, MIP6_DROP_TUNNEL_PEER), 1);
	/* Somebody without a binding. */
	tunnel_to_agent(l, &l->w.peer, &l->w.peer_addr, &nobody);
	assert_int_equal(sim_daemon_drops(&l->w.had, MIP6_DROP_TUNNEL_UNKNOWN),
	    1);
	assert_null(sim_see_on(&l->x, SIM_PING, "rc", "c", 0));
	/* The same from where it is: it goes on, to the correspondent. */
	tunnel_to_agent(l, &l->w.mn[0].host, &r.coa, &l->w.mn[0].hoa);
	sim_look_away(&l->x);
	assert_int_equal(sim_daemon_drops(&l->w.had, MIP6_DROP_TUNNEL_PEER), 1);
	assert_int_equal(sim_seen(&l->x, SIM_PING, "rc", 0), 1);
	assert_int_equal(l->w.ha.counters.stray, 0);
	ladder_end(l);
}

/*
 *	mn (a)               ha               mn2 (b)
 *	 |=== ping ==========>|                 |
 *	 |                    |=== ping =======>|
 *
 * From one tunnel into the other, one hop; never in clear.
 */
static void
two_mobiles(void **state)
{
	struct sim_world_conf c = { .mobiles = 2 };
	struct ladder *l = ladder_begin(&c);
	const struct sim_sight *s, *in;
	size_t i;

	(void)state;
	sim_world_start(&l->w);
	sim_world_move(&l->w, 0, "a", 0);
	sim_world_move(&l->w, 1, "b", 0);
	assert_true(sim_world_registered(&l->w, 0, "a", 10 * SIM_S));
	assert_true(sim_world_registered(&l->w, 1, "b", 10 * SIM_S));
	sim_run(&l->w.sim, 5 * SIM_S);
	sim_look_away(&l->x);
	sim_ping_start(&l->w.transport, &l->ping, &l->w.mn[0].host,
	    &l->w.mn[1].host, &l->w.mn[1].hoa, &l->w.mn[0].hoa, SIM_S);
	in = see_on(l, SIM_PING, "mn", "a", SIM_S);
	s = see_on(l, SIM_PING, "ha", "core", SIM_S);
	assert_int_equal(s->at_us, in->at_us + LADDER_DELAY_US);
	assert_int_equal(s->kind, SIM_TUNNEL);
	assert_addr(s->inner.ip.src, l->w.mn[0].hoa);
	assert_addr(s->inner.ip.dst, l->w.mn[1].hoa);
	assert_int_equal(s->inner.ip.hop_limit, in->inner.ip.hop_limit - 1);
	s = see_on(l, SIM_PONG, "mn2", "b", SIM_S);
	assert_int_equal(s->at_us, in->at_us + LADDER_RTT_US);
	sim_run(&l->w.sim, 5 * SIM_S);
	sim_ping_stop(&l->ping);
	sim_run(&l->w.sim, SIM_S);
	assert_int_equal(l->ping.sent - l->ping.answered, 0);
	for (i = 0; i < l->x.count; i++)
		assert_true(l->x.sight[i]->kind != SIM_PING &&
		    l->x.sight[i]->kind != SIM_PONG);
	ladder_end(l);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(reverse_tunnel),
		cmocka_unit_test(two_mobiles),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
