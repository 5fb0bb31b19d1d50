/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Packets too large, hop limits and traffic classes in the tunnel.
 *
 * Implements (as a test of): RFC 2473 sections 6.3, 7.1, 7.2, 8.
 */
#include "sim/ladder.h"

static void
size_ping(struct ladder *l, struct sim_host *client, struct sim_host *server,
    const struct mip6_addr *to, const struct mip6_addr *home, size_t octets)
{
	sim_ping_start(&l->w.transport, &l->ping, client, server, to, home,
	    100 * SIM_MS);
	l->ping.octets = octets;
}

/* What fits the TUN is tunnelled whole; a little more is told to the sender. */
static void
fits(void **state)
{
	struct ladder *l = ladder_registered(NULL, "a");
	uint16_t mtu = l->w.mn[0].host.tun_mtu;

	(void)state;
	assert_int_equal(mtu, 1500 - 48);
	size_ping(l, &l->w.mn[0].host, &l->w.cn, &l->w.cn_addr, &l->w.mn[0].hoa,
	    mtu - 40u - 8u - SIM_TRAILER_OCTETS);
	sim_run(&l->w.sim, SIM_S);
	sim_ping_stop(&l->ping);
	sim_run(&l->w.sim, SIM_S);
	assert_int_equal(l->ping.unreachable, 0);
	assert_int_equal(l->ping.sent - l->ping.answered, 0);
	assert_int_equal(sim_seen(&l->x, SIM_FRAGMENT, NULL, 0), 0);
	ladder_end(l);
}

/*
 * The way in between takes 1,280 octets: packets of 1,280 from outside go in
 * two fragments, and are one packet again at the other end.
 *
 *	cn                     ha                         mn
 *	 |-- 1,280 octets ----->|== fragment, fragment ===>|
 */
static void
fragments(void **state)
{
	const struct sim_world_conf c = { .core_mtu = 1280 };
	struct ladder *l = ladder_registered(&c, "a");

	(void)state;
	size_ping(l, &l->w.cn, &l->w.mn[0].host, &l->w.mn[0].hoa,
	    &mip6_addr_any, 1280 - 40 - 8 - SIM_TRAILER_OCTETS);
	sim_run(&l->w.sim, 2 * SIM_S);
	sim_ping_stop(&l->ping);
	sim_run(&l->w.sim, SIM_S);
	/* The first may tell a sender what the path is like. */
	assert_in_range(l->ping.sent - l->ping.answered, 0, 2);
	assert_true(sim_seen(&l->x, SIM_FRAGMENT, "ha", 0) >= 20);
	assert_true(sim_seen(&l->x, SIM_FRAGMENT, "mn", 0) >= 20);
	assert_int_equal(sim_daemon_drops(&l->w.mn[0].daemon,
			     MIP6_DROP_FRAGMENT_BAD),
	    0);
	ladder_end(l);
}

/* A fragment that is lost: the rest is forgotten in time, nothing is held. */
static struct sim_verdict
size_lose_second(void *arg, const struct sim_segment *seg,
    const struct sim_iface *from, const uint8_t *octets, size_t count)
{
	struct sim_sight s;

	(void)arg;
	(void)seg;
	sim_sight_read(&s, octets, count);
	return (struct sim_verdict){ from->host->forwarding &&
		    s.kind == SIM_FRAGMENT && s.v.frag.offset > 0,
		1, 0 };
}

static void
fragment_lost(void **state)
{
	const struct sim_world_conf c = { .core_mtu = 1280 };
	struct ladder *l = ladder_registered(&c, "a");

	(void)state;
	l->w.net.filter = size_lose_second;
	size_ping(l, &l->w.cn, &l->w.mn[0].host, &l->w.mn[0].hoa,
	    &mip6_addr_any, 1280 - 40 - 8 - SIM_TRAILER_OCTETS);
	sim_run(&l->w.sim, 5 * SIM_S);
	assert_int_equal(l->ping.answered, 0);
	l->w.net.filter = NULL;
	sim_run(&l->w.sim, 61 * SIM_S);
	assert_true(sim_daemon_drops(&l->w.mn[0].daemon,
			MIP6_DROP_FRAGMENT_TIMEOUT) > 0);
	sim_ping_mark(&l->ping);
	sim_run(&l->w.sim, SIM_S);
	assert_true(l->ping.first_answer_us > 0);
	ladder_end(l);
}

/*
 *	cn              ha               core (1,400)       mn
 *	 |-- 1,452 ----->|== 1,492 ======>|
 *	 |               |<-- too big ----|
 *	 |<- too big ----|   1,400 - 40, about the inner packet
 *	 |-- 1,360 ----->|== 1,400 ========================>|
 *
 * A stream goes on with what fits; nobody has to be told twice.
 */
static void
relays_too_big(void **state)
{
	struct ladder *l = ladder_registered(NULL, "a");
	const struct sim_sight *s;
	uint16_t inner;

	(void)state;
	/* Narrow behind the home agent's link: the routers see it first. */
	l->w.ra.iface[1].mtu = l->w.a->mtu = 1400;
	l->stream.download = true;
	l->stream.octets = 500000;
	sim_stream_start(&l->w.transport, &l->stream, &l->w.mn[0].host,
	    &l->w.cn, &l->w.cn_addr, &l->w.mn[0].hoa);
	s = see(l, SIM_ERROR, "ra", 5 * SIM_S);
	assert_int_equal(s->icmp.type, MIP6_ICMP6_TOO_BIG);
	assert_int_equal(s->icmp.word, 1400);
	s = see(l, SIM_ERROR, "ha", 5 * SIM_S);
	assert_int_equal(s->icmp.type, MIP6_ICMP6_TOO_BIG);
	assert_int_equal(s->icmp.word, 1400 - 40);
	assert_addr(s->v.ip.dst, l->w.cn_addr);
	sim_run(&l->w.sim, 60 * SIM_S);
	assert_true(sim_stream_done(&l->stream));
	assert_int_equal(l->stream.changed, 0);
	inner = sim_host_mtu(&l->w.cn, &l->w.cn_addr, &l->w.mn[0].hoa);
	assert_int_equal(inner, 1400 - 40);
	assert_int_equal(sim_seen(&l->x, SIM_FRAGMENT, NULL, 0), 0);
	ladder_end(l);
}

/* RFC 2473 section 6.3 and 3.1: the inner hop limit counts the tunnel once. */
static void
hop_limits(void **state)
{
	struct ladder *l = ladder_registered(NULL, "a");
	const struct sim_sight *s;
	uint8_t before;

	(void)state;
	size_ping(l, &l->w.cn, &l->w.mn[0].host, &l->w.mn[0].hoa,
	    &mip6_addr_any, 56);
	s = see_on(l, SIM_PING, "rc", "core", SIM_S);
	before = s->v.ip.hop_limit;
	s = see(l, SIM_TUNNEL, "ha", SIM_S);
	assert_int_equal(s->inner.ip.hop_limit, before - 1);
	assert_true(s->v.ip.hop_limit >= 64);
	ladder_end(l);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(fits),
		cmocka_unit_test(fragments),
		cmocka_unit_test(fragment_lost),
		cmocka_unit_test(relays_too_big),
		cmocka_unit_test(hop_limits),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
