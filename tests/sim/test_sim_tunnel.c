/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The tunnel as the packets in it see it: sizes, pieces, hops, classes.
 *
 * Implements (as a test of): RFC 2473 sections 4.1.2, 6.3, 6.4, 7.1, 8.1; RFC
 * 6275 sections 10.4.2, 11.3.1; RFC 8200 section 4.5.
 */
#include "base/rw.h"
#include "sim/ladder.h"

/* What a ping's packet has besides its data. */
#define PING_HEADERS (MIP6_IP6_OCTETS + MIP6_ICMP6_OCTETS + SIM_TRAILER_OCTETS)

/* One ping whose packet has so many octets; was it answered? */
static bool
pinged(struct ladder *l, size_t octets)
{
	uint32_t answered = l->ping.answered;

	l->ping.octets = octets - PING_HEADERS;
	/* One tick of a second falls in here. */
	sim_run(&l->w.sim, SIM_S);
	return l->ping.answered > answered;
}

static void
ping_from_mn(struct ladder *l)
{
	sim_ping_start(&l->w.transport, &l->ping, &l->w.mn[0].host, &l->w.cn,
	    &l->w.cn_addr, &l->w.mn[0].hoa, SIM_S);
	sim_run(&l->w.sim, SIM_S / 2);
}

static void
ping_from_cn(struct ladder *l)
{
	sim_ping_start(&l->w.transport, &l->ping, &l->w.cn, &l->w.mn[0].host,
	    &l->w.mn[0].hoa, &mip6_addr_any, SIM_S);
	sim_run(&l->w.sim, SIM_S / 2);
}

/*
 *	mn's host    mn            ra (1400 behind it)
 *	 |-- 1452 -->|== 1492 =====>|
 *	 |           |<- too big ---|  1400, about the outer packet
 *	 |-- 1452 -->|
 *	 |<- too big-|                 1360, about the inner one
 *	 |-- 1360 -->|== 1400 =====>|  and through
 */
static void
too_big_for_mn(void **state)
{
	struct sim_world_conf c = { .core_mtu = 1400 };
	struct ladder *l = ladder_registered(&c, "a");
	const struct mip6_addr *hoa = &l->w.mn[0].hoa;
	struct sim_host *h = &l->w.mn[0].host;
	struct mip6_show_registration r = ladder_registration(l);
	const struct sim_sight *s;

	(void)state;
	ping_from_mn(l);
	assert_int_equal(sim_host_mtu(h, hoa, &l->w.cn_addr), 1452);
	sim_look_away(&l->x);
	assert_false(pinged(l, 1452));
	s = see(l, SIM_ERROR, "ra", 0);
	assert_int_equal(s->icmp.type, MIP6_ICMP6_TOO_BIG);
	assert_int_equal(s->icmp.word, 1400);
	assert_addr(s->v.ip.dst, r.coa);
	(void)pinged(l, 1452);
	assert_int_equal(sim_host_mtu(h, hoa, &l->w.cn_addr), 1360);
	sim_look_away(&l->x);
	(void)pinged(l, 1360);
	s = see_on(l, SIM_PING, "mn", "a", 0);
	assert_int_equal(s->v.octets, 1400);
	s = see_on(l, SIM_PING, "rc", "c", 0);
	assert_int_equal(s->v.octets, 1360);
	/* The way back takes what the home agent's own TUN takes. */
	s = see_on(l, SIM_ERROR, "rc", "c", 0);
	assert_int_equal(s->icmp.type, MIP6_ICMP6_TOO_BIG);
	assert_true(pinged(l, s->icmp.word));
	assert_int_equal(sim_seen(&l->x, SIM_FRAGMENT, NULL, 0), 0);
	assert_int_equal(h->counters.stray, 0);
	ladder_end(l);
}

/*
 *	cn             ha             rh (1400 behind it)
 *	 |--- 1400 --->|== 1440 =====>|
 *	 |             |<- too big ---|  1400, about the outer packet
 *	 |--- 1400 --->|
 *	 |<- too big --|                 1360, about the inner one
 *	 |--- 1360 --->|== 1400 =====>|  and through
 */
static void
too_big_for_cn(void **state)
{
	struct sim_world_conf c = { .core_mtu = 1400,
		.ha_beside_router = true };
	struct ladder *l = ladder_registered(&c, "a");
	const struct sim_sight *s;

	(void)state;
	ping_from_cn(l);
	sim_look_away(&l->x);
	assert_false(pinged(l, 1400));
	s = see(l, SIM_ERROR, "rh", 0);
	assert_int_equal(s->icmp.type, MIP6_ICMP6_TOO_BIG);
	assert_int_equal(s->icmp.word, 1400);
	assert_addr(s->v.ip.dst, l->w.ha_addr);
	(void)pinged(l, 1400);
	assert_int_equal(sim_host_mtu(&l->w.cn, &l->w.cn_addr, &l->w.mn[0].hoa),
	    1360);
	s = see(l, SIM_ERROR, "ha", 0);
	assert_int_equal(s->icmp.type, MIP6_ICMP6_TOO_BIG);
	assert_int_equal(s->icmp.word, 1360);
	assert_addr(s->v.ip.dst, l->w.cn_addr);
	assert_true(pinged(l, 1360));
	assert_int_equal(sim_seen(&l->x, SIM_FRAGMENT, NULL, 0), 0);
	ladder_end(l);
}

/*
 *	mn                                      ha           cn
 *	 |== piece 1, piece 2 of 1320 ==========>|-- 1280 --->|
 *	 |<= piece 1, piece 2 of 1320 ========== |<-- 1280 ---|
 *
 * RFC 2473 section 7.1 (b): a packet of 1,280 octets goes through whatever
 * the path is, in pieces outside and whole inside.
 */
static void
in_pieces(void **state)
{
	struct sim_world_conf c = { .core_mtu = 1280 };
	struct ladder *l = ladder_registered(&c, "a");
	const struct sim_sight *s;
	int i;

	(void)state;
	ping_from_mn(l);
	/* The first one teaches the path's size. */
	(void)pinged(l, 1280);
	sim_look_away(&l->x);
	assert_true(pinged(l, 1280));
	for (i = 0; i < 2; i++) {
		s = see_on(l, SIM_FRAGMENT, "mn", "a", 0);
		assert_true(s->v.octets <= 1280);
		assert_int_equal(s->v.frag.next_header, MIP6_NH_IPV6);
		assert_int_equal(s->v.frag.offset == 0, i == 0);
		assert_int_equal(s->v.frag.more, i == 0);
	}
	s = see_on(l, SIM_PING, "rc", "c", 0);
	assert_int_equal(s->v.octets, 1280);
	for (i = 0; i < 2; i++) {
		s = see_on(l, SIM_FRAGMENT, "ra", "a", 0);
		assert_true(s->v.octets <= 1280);
		assert_addr(s->v.ip.src, l->w.ha_addr);
	}
	ladder_end(l);
}

struct piece {
	uint32_t lose;      /* this many second pieces from the mobile node */
	uint32_t overtaken; /* this many first pieces are late */
	const struct sim_host *from;
};

static struct sim_verdict
piece_filter(void *arg, const struct sim_segment *seg,
    const struct sim_iface *from, const uint8_t *octets, size_t count)
{
	struct piece *p = arg;
	struct sim_verdict v = { false, 1, 0 };
	struct sim_sight s;

	(void)seg;
	sim_sight_read(&s, octets, count);
	if (from->host != p->from || s.kind != SIM_FRAGMENT)
		return v;
	if (p->lose > 0 && s.v.frag.offset > 0) {
		p->lose--;
		v.drop = true;
	}
	if (p->overtaken > 0 && s.v.frag.offset == 0) {
		p->overtaken--;
		v.extra_us = 3 * SIM_MS;
	}
	return v;
}

/* A piece is lost: its packet is, after 60 s its other piece is forgotten. */
static void
lost_piece(void **state)
{
	struct sim_world_conf c = { .core_mtu = 1280 };
	struct ladder *l = ladder_registered(&c, "a");
	struct piece p = { 0, 0, &l->w.mn[0].host };

	(void)state;
	l->w.net.filter = piece_filter;
	l->w.net.filter_arg = &p;
	ping_from_mn(l);
	(void)pinged(l, 1280);
	assert_true(pinged(l, 1280));
	p.lose = 1;
	assert_false(pinged(l, 1280));
	assert_int_equal(p.lose, 0);
	p.overtaken = 1;
	assert_true(pinged(l, 1280));
	assert_int_equal(p.overtaken, 0);
	sim_run(&l->w.sim, 57 * SIM_S);
	assert_int_equal(sim_daemon_drops(&l->w.had,
			     MIP6_DROP_FRAGMENT_TIMEOUT),
	    0);
	sim_run(&l->w.sim, 4 * SIM_S);
	assert_int_equal(sim_daemon_drops(&l->w.had,
			     MIP6_DROP_FRAGMENT_TIMEOUT),
	    1);
	ladder_end(l);
}

/* A ping with a traffic class, a flow label and hops of its own. */
static void
special_ping(struct sim_host *h, const struct mip6_addr *src,
    const struct mip6_addr *dst, uint8_t class, uint8_t hops)
{
	uint8_t packet[128];
	struct mip6_wr w = mip6_wr_make(packet, sizeof(packet));
	struct mip6_ip6_out o = { .ip = { .hop_limit = hops,
				      .traffic_class = class,
				      .flow_label = 0x12345 },
		.upper = MIP6_NH_ICMPV6 };
	struct mip6_icmp6 echo = { .type = MIP6_ICMP6_ECHO_REQUEST };
	size_t start, at;

	o.ip.src = *src;
	o.ip.dst = *dst;
	start = mip6_ip6_begin(&w, &o);
	at = w.pos;
	mip6_icmp6_write(&w, &echo);
	mip6_wr_zero(&w, 32);
	mip6_icmp6_finish(packet + at, w.pos - at, src, dst);
	mip6_ip6_end(&w, start);
	assert_false(w.failed);
	assert_int_equal(sim_host_send_packet(h, packet, w.pos), SIM_SENT);
}

/*
 * RFC 2473 section 6.3, 6.4, RFC 6438: class and label of the inner packet
 * are the outer one's; the tunnel is one hop, and has its own limit.
 */
static void
class_and_hops(void **state)
{
	struct ladder *l = ladder_registered(NULL, "a");
	const struct sim_sight *s;

	(void)state;
	sim_look_away(&l->x);
	special_ping(&l->w.mn[0].host, &l->w.mn[0].hoa, &l->w.cn_addr, 0xb8,
	    10);
	s = see_on(l, SIM_PING, "mn", "a", SIM_S);
	assert_int_equal(s->kind, SIM_TUNNEL);
	assert_int_equal(s->v.ip.traffic_class, 0xb8);
	assert_int_equal(s->v.ip.flow_label, 0x12345);
	assert_int_equal(s->v.ip.hop_limit, 64);
	assert_int_equal(s->inner.ip.hop_limit, 10);
	s = see_on(l, SIM_PING, "rc", "c", SIM_S);
	assert_int_equal(s->kind, SIM_PING);
	assert_int_equal(s->v.ip.traffic_class, 0xb8);
	assert_int_equal(s->v.ip.flow_label, 0x12345);
	assert_int_equal(s->v.ip.hop_limit, 8); /* ha, rc */

	special_ping(&l->w.cn, &l->w.cn_addr, &l->w.mn[0].hoa, 0x20, 10);
	s = see_on(l, SIM_PING, "ha", "core", SIM_S);
	assert_int_equal(s->kind, SIM_TUNNEL);
	assert_int_equal(s->v.ip.traffic_class, 0x20);
	assert_int_equal(s->v.ip.hop_limit, 64);
	assert_int_equal(s->inner.ip.hop_limit, 8); /* rc, ha */
	ladder_end(l);
}

/* The last hop is used up before the tunnel: its source hears. */
static void
hops_used_up(void **state)
{
	struct ladder *l = ladder_registered(NULL, "a");
	const struct sim_sight *s;

	(void)state;
	sim_look_away(&l->x);
	special_ping(&l->w.cn, &l->w.cn_addr, &l->w.mn[0].hoa, 0, 2);
	s = see(l, SIM_ERROR, "ha", SIM_S);
	assert_int_equal(s->icmp.type, MIP6_ICMP6_TIME_EXCEEDED);
	assert_addr(s->v.ip.dst, l->w.cn_addr);
	see_no(l, SIM_TUNNEL, "ha", SIM_S);
	/* And with one more it arrives, in the tunnel, with its last. */
	special_ping(&l->w.cn, &l->w.cn_addr, &l->w.mn[0].hoa, 0, 3);
	s = see_on(l, SIM_PING, "ra", "a", SIM_S);
	assert_int_equal(s->inner.ip.hop_limit, 1);
	ladder_end(l);
}

/*
 * Two mobile nodes who each say to be at the other's home address: packets
 * for them would go from tunnel to tunnel for ever, longer each time.  They
 * do not, and the home agent lives.
 */
static void
tunnel_in_tunnel(void **state)
{
	struct sim_world_conf c = { .mobiles = 2 };
	struct ladder *l = ladder_begin(&c);
	struct sim_puppet p;
	struct sim_message m;
	size_t k;

	(void)state;
	l->check.puppets = true;
	sim_daemon_start(&l->w.had);
	sim_run(&l->w.sim, 3 * SIM_S);
	sim_puppet_init(&p, &l->w.peer, &l->w.peer_addr,
	    &l->w.had.mobile[0].sa);
	for (k = 0; k < 2; k++) {
		p.sa = l->w.had.mobile[k].sa;
		m = sim_puppet_bu(&p, &l->w, &l->w.mn[k].hoa, 1, 60);
		m.coa = m.mh.opt.alt_coa = l->w.mn[1 - k].hoa;
		sim_puppet_send(&p, &m);
		sim_run(&l->w.sim, SIM_S);
	}
	sim_look_away(&l->x);
	/* Both ways to the care-of addresses are now those into the TUN. */
	sim_daemon_command(&l->w.had, MIP6_CMD_FLUSH_ROUTES, NULL);
	sim_run(&l->w.sim, SIM_S);
	for (k = 0; k < 2; k++)
		special_ping(&l->w.nb, &l->w.nb_addr, &l->w.mn[k].hoa, 0, 64);
	sim_run(&l->w.sim, 5 * SIM_S);
	assert_int_equal(sim_seen(&l->x, SIM_TUNNEL, "ha", 0), 0);
	assert_int_equal(sim_daemon_drops(&l->w.had, MIP6_DROP_UNRESOLVED), 2);
	ladder_end(l);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(too_big_for_mn),
		cmocka_unit_test(too_big_for_cn),
		cmocka_unit_test(in_pieces),
		cmocka_unit_test(lost_piece),
		cmocka_unit_test(class_and_hops),
		cmocka_unit_test(hops_used_up),
		cmocka_unit_test(tunnel_in_tunnel),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
