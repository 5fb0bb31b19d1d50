/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Tunnels: what goes in comes out wrapped as RFC 2473 says and nothing else
 * goes in; what comes out was sent by the end of the tunnel.
 *
 * Links: path
 */
#include "unit/path_support.h"

/* Out */

static void
test_mn_out(void **state)
{
	struct pf *f = pf_open_mn();
	struct octets o = udp(HOME, PEER, 200);

	(void)state;
	pf_tun(f, o);
	assert_int_equal(f->outs, 1);
	pf_is_frame(f, 0, LINK_AWAY, &ll_router, wrapped(COA, AGENT, o));
	assert_int_equal(pf_dropped_all(f), 0);
	/* The row was used for the first time, which is told once. */
	assert_int_equal(f->hints, 1);
	assert_int_equal(f->hint[0].hint.kind, MIP6_HINT_ROW_USED);
	pf_tun(f, o);
	assert_int_equal(f->outs, 2);
	assert_int_equal(f->hints, 1);
	pf_close(f);
}

static void
test_ha_out(void **state)
{
	struct pf *f = pf_open_ha();
	struct octets o = udp(PEER, HOME2, 60);
	struct mip6_addr home2 = addr(HOME2), any = addr("::");
	uint64_t in, out;

	(void)state;
	/* Padding behind the packet is not carried. */
	pf_tun(f, join(o, fill(7, 0)));
	assert_int_equal(f->outs, 1);
	pf_is_frame(f, 0, LINK_HOME, &ll_router, wrapped(AGENT, COA2, o));
	assert_true(mip6_path_row_octets(f->path, &home2, &any, &in, &out));
	assert_int_equal(in, 0);
	assert_int_equal(out, 60);
	assert_int_equal(mip6_path_counters(f->path)->encapsulated, 1);
	pf_close(f);
}

/* Addresses that must not enter, and why. */
static void
test_out_scope(void **state)
{
	static const struct {
		const char *home, *src, *dst;
		enum mip6_drop why;
		bool unreachable;
	} ha[] = {
		{ "fe80::7", PEER, "fe80::7", MIP6_DROP_TUNNEL_SCOPE, true },
		{ HOME, "fe80::9", HOME, MIP6_DROP_TUNNEL_SCOPE, false },
		{ HOME, "::1", HOME, MIP6_DROP_MARTIAN, false },
		{ HOME, "::", HOME, MIP6_DROP_MARTIAN, false },
		{ HOME, "::ffff:1.2.3.4", HOME, MIP6_DROP_MARTIAN, false },
		{ HOME, "ff0e::1", HOME, MIP6_DROP_MARTIAN, false },
		{ "ff02::5", PEER, "ff02::5", MIP6_DROP_TUNNEL_SCOPE, false },
		{ "ff05::5", PEER, "ff05::5", MIP6_DROP_TUNNEL_SCOPE, false },
		{ "ff0d::5", PEER, "ff0d::5", MIP6_DROP_TUNNEL_SCOPE, false },
		{ "ff0e::5", PEER, "ff0e::5", MIP6_DROP_COUNT, false },
		{ HOME, AGENT, COA, MIP6_DROP_NO_ROW, false },
		{ COA, AGENT, COA, MIP6_DROP_TUNNEL_LOOP, false },
		{ COA, PEER, COA, MIP6_DROP_COUNT, false },
	};
	static const struct {
		const char *dst;
		enum mip6_drop why;
	} mn[] = {
		{ "fe80::7", MIP6_DROP_TUNNEL_SCOPE },
		{ "ff02::1", MIP6_DROP_TUNNEL_SCOPE },
		{ "ff01::1", MIP6_DROP_TUNNEL_SCOPE },
		{ "ff05::1", MIP6_DROP_COUNT },
		{ "::1", MIP6_DROP_MARTIAN },
		{ "::", MIP6_DROP_MARTIAN },
		{ "::ffff:1.2.3.4", MIP6_DROP_MARTIAN },
		{ AGENT, MIP6_DROP_COUNT },
	};
	struct octets o;
	struct pf *f;
	size_t i;

	(void)state;
	for (i = 0; i < MIP6_COUNT(ha); i++) {
		f = pf_open();
		pf_hop(f, 0, LINK_HOME, true);
		pf_set(f, pf_row(MIP6_FWD_HA_TUNNEL, ha[i].home, AGENT, COA));
		o = udp(ha[i].src, ha[i].dst, 100);
		pf_tun(f, o);
		if (ha[i].why == MIP6_DROP_COUNT) {
			assert_int_equal(f->outs, 1);
			assert_int_equal(pf_dropped_all(f), 0);
		} else {
			pf_dropped_only(f, ha[i].why);
			assert_int_equal(f->outs, ha[i].unreachable);
		}
		if (ha[i].unreachable)
			pf_is_error(f, 0, AGENT, PEER, 1, 3, 0, o);
		pf_close(f);
	}
	for (i = 0; i < MIP6_COUNT(mn); i++) {
		f = pf_open_mn();
		pf_tun(f, udp(HOME, mn[i].dst, 100));
		assert_int_equal(f->outs, mn[i].why == MIP6_DROP_COUNT);
		if (f->outs == 0)
			pf_dropped_only(f, mn[i].why);
		pf_close(f);
	}
}

static void
test_too_big(void **state)
{
	static const struct {
		uint16_t mtu;
		size_t octets;
		uint32_t told; /* 0: sent */
		size_t frames;
	} rows[] = {
		{ 1500, 1460, 0, 1 }, { 1500, 1461, 1460, 1 },
		{ 1400, 1361, 1360, 1 }, { 1321, 1282, 1281, 1 },
		{ 1319, 1281, 1280, 1 }, { 1280, 1281, 1280, 1 },
		{ 1280, 1280, 0, 2 }, { 1319, 1280, 0, 2 },
		{ 1320, 1280, 0, 1 }, { 1280, 1240, 0, 1 },
		{ 1280, 1241, 0, 2 },
		{ 0, 1280, 0, 2 }, /* an MTU below the smallest is none */
	};
	struct mip6_fwd_row row;
	struct octets o;
	struct pf *f;
	size_t i, n;

	(void)state;
	for (i = 0; i < MIP6_COUNT(rows); i++) {
		f = pf_open_mn();
		row = pf_row(MIP6_FWD_MN_TUNNEL, HOME, COA, AGENT);
		row.mtu = rows[i].mtu;
		pf_set(f, row);
		o = udp(HOME, PEER, rows[i].octets);
		pf_tun(f, o);
		assert_int_equal(f->outs, rows[i].frames);
		if (rows[i].told != 0) {
			pf_dropped_only(f, MIP6_DROP_TUNNEL_TOO_BIG);
			assert_int_equal(f->out[0].ifindex, 0);
			pf_is_error(f, 0, HOME, HOME, 2, 0, rows[i].told, o);
			assert_int_equal(mip6_path_counters(f->path)
					     ->too_big_sent,
			    1);
			pf_close(f);
			continue;
		}
		assert_int_equal(pf_dropped_all(f), 0);
		for (n = 0; n < f->outs; n++)
			assert_true(f->out[n].pkt->count - 14 <=
			    (rows[i].mtu < 1280 ? 1280U : rows[i].mtu));
		assert_int_equal(mip6_path_counters(f->path)->fragments_out,
		    f->outs == 1 ? 0 : f->outs);
		pf_close(f);
	}
	/* At the home agent it goes to the source by way of the host. */
	f = pf_open_ha();
	o = udp(PEER, HOME, 1461);
	pf_tun(f, o);
	pf_is_error(f, 0, AGENT, PEER, 2, 0, 1460, o);
	pf_close(f);
}

/* What the path cuts, another path takes as one. */
static void
test_fragments_between(void **state)
{
	struct pf *mn = pf_open_mn(), *ha = pf_open_ha();
	struct octets o = udp(HOME, PEER, 1280);
	struct mip6_fwd_row row;
	size_t i;

	(void)state;
	row = pf_row(MIP6_FWD_MN_TUNNEL, HOME, COA, AGENT);
	row.mtu = 1280;
	pf_set(mn, row);
	pf_tun(mn, o);
	pf_tun(mn, o);
	assert_int_equal(mn->outs, 4);
	/* The identifications differ. */
	assert_int_not_equal(pf_octets(mn, 0).v[47], pf_octets(mn, 2).v[47]);
	for (i = 4; i > 0; i--)
		pf_link(ha, LINK_HOME, pf_octets(mn, i - 1));
	assert_int_equal(ha->outs, 2);
	pf_is_tun(ha, 0, o);
	pf_is_tun(ha, 1, o);
	assert_int_equal(mip6_path_counters(ha->path)->reassembled, 2);
	assert_int_equal(mip6_path_counters(ha->path)->fragments_in, 4);
	pf_close(mn);
	pf_close(ha);
}

/* RFC 2473 section 4.1.1. */
static void
test_nesting_limit(void **state)
{
	struct octets limit = { .n = 6, .v = { 4, 1, 3, 1, 1, 0 } };
	struct octets o, want;
	struct pf *f = pf_open_mn();

	(void)state;
	o = ip6(HOME, PEER, MIP6_NH_DSTOPTS, 64,
	    join(header(MIP6_NH_NONE, limit), fill(8, 0)));
	pf_tun(f, o);
	limit.v[2] = 2;
	want = ip6(COA, AGENT, MIP6_NH_DSTOPTS, MIP6_TUNNEL_HOP_LIMIT,
	    join(header(MIP6_NH_IPV6, limit), o));
	pf_is_frame(f, 0, LINK_AWAY, &ll_router, want);
	pf_clear(f);
	/* Behind another header; at its end. */
	limit.v[2] = 0;
	o = ip6(HOME, PEER, MIP6_NH_HOPOPTS, 64,
	    join(join(options(MIP6_NH_DSTOPTS), header(MIP6_NH_NONE, limit)),
		fill(8, 0)));
	pf_tun(f, o);
	pf_dropped_only(f, MIP6_DROP_TUNNEL_NESTED);
	pf_is_error(f, 0, HOME, HOME, 4, 0, 40 + 8 + 4, o);
	pf_clear(f);
	/* Not looked for behind another IPv6 header. */
	pf_tun(f, ip6(HOME, PEER, MIP6_NH_IPV6, 64, o));
	assert_int_equal(f->outs, 1);
	assert_int_equal(pf_dropped_all(f), 1);
	/* The largest packet is smaller by that header. */
	limit.v[2] = 1;
	o = ip6(HOME, PEER, MIP6_NH_DSTOPTS, 64,
	    join(header(MIP6_NH_NONE, limit), fill(1460 - 40 - 8 - 7, 0)));
	pf_clear(f);
	pf_tun(f, o);
	assert_int_equal(pf_dropped(f, MIP6_DROP_TUNNEL_TOO_BIG), 1);
	pf_is_error(f, 0, HOME, HOME, 2, 0, 1452, o);
	pf_close(f);
}

/* Hostile chains in front of the limit: the packet goes as it is. */
static void
test_nesting_limit_hostile(void **state)
{
	struct octets bad[4];
	struct pf *f = pf_open_mn();
	size_t i;

	(void)state;
	bad[0] = fill(4, 0); /* shorter than a header */
	bad[1] = options(MIP6_NH_NONE);
	bad[1].v[1] = 9; /* longer than the packet */
	bad[2] = options(MIP6_NH_NONE);
	bad[2].v[3] = 200; /* an option longer than its header */
	bad[3] = fill(0, 0);
	for (i = 0; i < MIP6_COUNT(bad); i++) {
		struct octets o = ip6(HOME, PEER, MIP6_NH_DSTOPTS, 64, bad[i]);

		pf_tun(f, o);
		assert_int_equal(f->outs, 1);
		pf_is_frame(f, 0, LINK_AWAY, &ll_router,
		    wrapped(COA, AGENT, o));
		pf_clear(f);
	}
	assert_int_equal(pf_dropped_all(f), 0);
	pf_close(f);
}

static void
test_no_hop(void **state)
{
	struct pf *f = pf_open_mn();
	struct mip6_fwd_row row;

	(void)state;
	row = pf_row(MIP6_FWD_MN_TUNNEL, HOME, COA, AGENT);
	row.hop = MIP6_HOP_NONE;
	pf_set(f, row);
	pf_tun(f, udp(HOME, PEER, 100));
	pf_dropped_only(f, MIP6_DROP_NO_ROUTE);
	pf_close(f);
	/* A hop on a link that has gone. */
	f = pf_open_mn();
	mip6_path_link_del(f->path, LINK_AWAY);
	pf_tun(f, udp(HOME, PEER, 100));
	pf_dropped_only(f, MIP6_DROP_NO_ROUTE);
	pf_close(f);
}

/* A packet without room in front is moved; without any room it is not. */
static void
test_headroom(void **state)
{
	struct pf *f = pf_open_mn();
	struct octets o = udp(HOME, PEER, 1000);
	struct mip6_pkt *pkt = pf_pkt(f, o.v, o.n);

	(void)state;
	memmove(pkt->mem, mip6_pkt_octets(pkt), o.n);
	pkt->off = 0;
	mip6_path_from_tun(f->path, &f->now, &pkt, 1);
	pf_is_frame(f, 0, LINK_AWAY, &ll_router, wrapped(COA, AGENT, o));
	pf_clear(f);
	pkt = pf_pkt(f, o.v, o.n);
	memmove(pkt->mem, mip6_pkt_octets(pkt), o.n);
	pkt->off = 0;
	pkt->cap = (uint32_t)o.n + 127;
	mip6_path_from_tun(f->path, &f->now, &pkt, 1);
	assert_int_equal(f->outs, 0);
	pf_dropped_only(f, MIP6_DROP_NO_BUFFER);
	pf_close(f);
}

static void
test_send_tunnelled(void **state)
{
	struct pf *f = pf_open_ha();
	struct mip6_addr home = addr(HOME), peer = addr(PEER);
	/* The core may: it knows what it does. */
	struct octets o = udp("fe80::1", "ff02::1", 100);

	(void)state;
	mip6_path_send_tunnelled(f->path, &f->now, &home, o.v, o.n);
	pf_is_frame(f, 0, LINK_HOME, &ll_router, wrapped(AGENT, COA, o));
	mip6_path_send_tunnelled(f->path, &f->now, &peer, o.v, o.n);
	pf_dropped_only(f, MIP6_DROP_NO_ROW);
	mip6_path_send_tunnelled(f->path, &f->now, &home, o.v, o.n - 1);
	assert_int_equal(pf_dropped(f, MIP6_DROP_TRUNCATED), 1);
	assert_int_equal(f->outs, 1);
	pf_close(f);
	f = pf_open_home();
	o = udp(HOME, PEER, 100);
	mip6_path_send_tunnelled(f->path, &f->now, &home, o.v, o.n);
	pf_dropped_only(f, MIP6_DROP_NO_ROW);
	pf_close(f);
}

/* In */

static void
test_mn_in(void **state)
{
	struct pf *f = pf_open_mn();
	struct octets o = udp(PEER, HOME, 300);
	struct mip6_addr home = addr(HOME), any = addr("::");
	uint64_t in, out;

	(void)state;
	o.v[7] = 1; /* the hop limit is not ours to count */
	pf_link(f, LINK_AWAY, tunnel(AGENT, COA, o));
	assert_int_equal(f->outs, 1);
	pf_is_tun(f, 0, o);
	assert_int_equal(pf_dropped_all(f), 0);
	assert_true(mip6_path_row_octets(f->path, &home, &any, &in, &out));
	assert_int_equal(in, 300);
	/* Behind destination options; inner padding goes. */
	pf_link(f, LINK_AWAY,
	    ip6(AGENT, COA, MIP6_NH_DSTOPTS, 9,
		join(join(options(MIP6_NH_IPV6), o), fill(5, 0))));
	pf_is_tun(f, 1, o);
	assert_int_equal(mip6_path_counters(f->path)->decapsulated, 2);
	pf_close(f);
}

static void
test_ha_in(void **state)
{
	struct pf *f = pf_open_ha();
	struct octets o = udp(HOME, PEER, 300);

	(void)state;
	pf_link(f, LINK_HOME, tunnel(COA, AGENT, o));
	pf_is_tun(f, 0, o);
	/* To the home agent itself, and to a group. */
	o = udp(HOME, AGENT, 300);
	pf_link(f, LINK_HOME, tunnel(COA, AGENT, o));
	pf_is_tun(f, 1, o);
	o = udp(HOME, "ff0e::1", 300);
	pf_link(f, LINK_HOME, tunnel(COA, AGENT, o));
	pf_is_tun(f, 2, o);
	assert_int_equal(pf_dropped_all(f), 0);
	pf_close(f);
}

/* Each way in that is none. */
static void
test_in_refused(void **state)
{
	struct octets good = udp(PEER, HOME, 100), o;
	struct {
		bool ha;
		struct octets packet;
		enum mip6_drop why;
	} rows[] = {
		/* not from the end of the tunnel */
		{ false, tunnel(PEER, COA, good), MIP6_DROP_TUNNEL_PEER },
		{ false, tunnel(HOME, COA, good), MIP6_DROP_TUNNEL_PEER },
		{ true, tunnel(COA2, AGENT, udp(HOME, PEER, 100)),
		    MIP6_DROP_TUNNEL_PEER },
		{ true, tunnel(COA, AGENT, udp(HOME2, PEER, 100)),
		    MIP6_DROP_TUNNEL_PEER },
		/* no such mobile node */
		{ false, tunnel(AGENT, COA, udp(PEER, HOME2, 100)),
		    MIP6_DROP_TUNNEL_UNKNOWN },
		{ true, tunnel(COA, AGENT, udp(BESIDE, PEER, 100)),
		    MIP6_DROP_TUNNEL_UNKNOWN },
		{ true, tunnel(COA, AGENT, udp(COA, HOME, 100)),
		    MIP6_DROP_TUNNEL_UNKNOWN },
		/* not for us */
		{ false, tunnel(AGENT, COA2, good), MIP6_DROP_NOT_OURS },
		{ false, tunnel(AGENT, HOME, good), MIP6_DROP_NOT_OURS },
		/* addresses */
		{ false, tunnel(AGENT, COA, udp("ff0e::1", HOME, 100)),
		    MIP6_DROP_MARTIAN },
		{ false, tunnel(AGENT, COA, udp("::1", HOME, 100)),
		    MIP6_DROP_MARTIAN },
		{ false, tunnel(AGENT, COA, udp("::", HOME, 100)),
		    MIP6_DROP_MARTIAN },
		{ true, tunnel(COA, AGENT, udp(HOME, "::1", 100)),
		    MIP6_DROP_MARTIAN },
		{ false, tunnel(AGENT, COA, udp("fe80::1", HOME, 100)),
		    MIP6_DROP_TUNNEL_SCOPE },
		{ true, tunnel(COA, AGENT, udp(HOME, "fe80::1", 100)),
		    MIP6_DROP_TUNNEL_SCOPE },
		{ true, tunnel(COA, AGENT, udp(HOME, "ff02::1", 100)),
		    MIP6_DROP_TUNNEL_SCOPE },
		{ false, tunnel(AGENT, COA, udp(COA, HOME, 100)),
		    MIP6_DROP_SELF_SENT },
		{ false, tunnel(AGENT, COA, udp(HOME, HOME, 100)),
		    MIP6_DROP_SELF_SENT },
		/* a tunnel in the tunnel, to us */
		{ true, tunnel(COA, AGENT, tunnel(HOME, AGENT, good)),
		    MIP6_DROP_TUNNEL_NESTED },
		{ false, tunnel(AGENT, COA, tunnel(PEER, HOME, good)),
		    MIP6_DROP_TUNNEL_NESTED },
		{ false,
		    tunnel(AGENT, COA,
			ip6(PEER, HOME, MIP6_NH_DSTOPTS, 64,
			    join(options(MIP6_NH_IPV6), good))),
		    MIP6_DROP_TUNNEL_NESTED },
		/* not a packet */
		{ false, tunnel(AGENT, COA, fill(39, 0x60)),
		    MIP6_DROP_TRUNCATED },
		{ false, tunnel(AGENT, COA, fill(0, 0)), MIP6_DROP_TRUNCATED },
		{ false, tunnel(AGENT, COA, fill(60, 0x40)),
		    MIP6_DROP_NOT_IP6 },
		{ false, tunnel(AGENT, COA, part(good, 0, 99)),
		    MIP6_DROP_TRUNCATED },
		{ false,
		    tunnel(AGENT, COA,
			ip6(PEER, HOME, MIP6_NH_DSTOPTS, 64, fill(8, 17))),
		    MIP6_DROP_BAD_CHAIN },
	};
	struct pf *f;
	size_t i;

	(void)state;
	for (i = 0; i < MIP6_COUNT(rows); i++) {
		f = rows[i].ha ? pf_open_ha() : pf_open_mn();
		pf_link(f, rows[i].ha ? LINK_HOME : LINK_AWAY, rows[i].packet);
		assert_int_equal(f->outs, 0);
		pf_dropped_only(f, rows[i].why);
		pf_close(f);
	}
	/* Nothing registered, or at home: no tunnel at all. */
	f = pf_open_mn();
	pf_set(f, pf_row(MIP6_FWD_MN_BLOCK, HOME, "::", "::"));
	o = tunnel(AGENT, COA, good);
	pf_link(f, LINK_AWAY, o);
	pf_dropped_only(f, MIP6_DROP_TUNNEL_UNKNOWN);
	pf_close(f);
}

/* RFC 6040 section 4.2, the whole table. */
static void
test_congestion(void **state)
{
	/* [inner][outer], 4: dropped */
	static const uint8_t want[4][4] = { { 0, 0, 0, 4 }, { 1, 1, 1, 3 },
		{ 2, 1, 2, 3 }, { 3, 3, 3, 3 } };
	struct octets o, t;
	struct pf *f;
	uint8_t inner, outer;

	(void)state;
	for (inner = 0; inner < 4; inner++)
		for (outer = 0; outer < 4; outer++) {
			f = pf_open_mn();
			o = udp(PEER, HOME, 100);
			o.v[1] = (uint8_t)((o.v[1] & 0xcf) | inner << 4);
			t = tunnel(AGENT, COA, o);
			t.v[1] = (uint8_t)((t.v[1] & 0xcf) | outer << 4);
			pf_link(f, LINK_AWAY, t);
			if (want[inner][outer] == 4) {
				pf_dropped_only(f, MIP6_DROP_TUNNEL_ECN);
			} else {
				o.v[1] = (uint8_t)((o.v[1] & 0xcf) |
				    want[inner][outer] << 4);
				pf_is_tun(f, 0, o);
			}
			pf_close(f);
		}
}

/* Messages for the core come out of the tunnel with their peer. */
static void
test_in_core(void **state)
{
	struct {
		bool ha;
		struct octets inner;
		bool hint; /* else to the TUN */
	} rows[] = {
		{ false, checked(ip6(PEER, HOME, MIP6_NH_MH, 64, mobility())),
		    true },
		{ false,
		    ip6(PEER, HOME, MIP6_NH_DSTOPTS, 64,
			join(options(MIP6_NH_MH), mobility())),
		    true },
		{ false, icmp(PEER, HOME, 255, 135, 0, 0, fill(16, 1)), true },
		{ false, icmp(PEER, HOME, 64, 147, 0, 0, fill(8, 1)), true },
		{ false, icmp(PEER, HOME, 64, 128, 0, 0, fill(8, 1)), false },
		{ false, icmp(PEER, HOME, 64, 1, 0, 0, fill(60, 1)), false },
		{ false, icmp(PEER, HOME, 64, 143, 0, 0, fill(8, 1)), false },
		{ false, icmp(PEER, HOME, 64, 148, 0, 0, fill(8, 1)), false },
		{ false,
		    ip6(PEER, HOME, MIP6_NH_FRAGMENT, 64,
			frag(MIP6_NH_UDP, 0, true, 4, fill(64, 1))),
		    false },
		{ false, ip6(PEER, HOME, MIP6_NH_ICMPV6, 64, fill(0, 1)),
		    false },
		{ false, ip6(PEER, HOME, MIP6_NH_NONE, 64, fill(0, 1)), false },
		{ true, checked(ip6(HOME, AGENT, MIP6_NH_MH, 64, mobility())),
		    true },
		{ true, checked(ip6(HOME, PEER, MIP6_NH_MH, 64, mobility())),
		    false },
		{ true, icmp(HOME, AGENT, 64, 146, 0, 0, fill(8, 1)), true },
		{ true, icmp(HOME, PEER, 64, 146, 0, 0, fill(8, 1)), false },
		{ true, icmp(HOME, PEER, 64, 136, 0, 0, fill(16, 1)), true },
		{ true, icmp(HOME, PEER, 64, 134, 0, 0, fill(16, 1)), true },
		{ true, icmp(HOME, PEER, 64, 137, 0, 0, fill(40, 1)), true },
		{ true, tunnel(HOME, PEER, udp(HOME, PEER, 100)), false },
	};
	struct mip6_addr peer;
	struct pf *f;
	size_t i;

	(void)state;
	for (i = 0; i < MIP6_COUNT(rows); i++) {
		f = rows[i].ha ? pf_open_ha() : pf_open_mn();
		peer = addr(rows[i].ha ? COA : AGENT);
		pf_link(f, rows[i].ha ? LINK_HOME : LINK_AWAY,
		    rows[i].ha ? tunnel(COA, AGENT, rows[i].inner) :
				 tunnel(AGENT, COA, rows[i].inner));
		assert_int_equal(pf_dropped_all(f), 0);
		assert_int_equal(f->outs, !rows[i].hint);
		assert_int_equal(f->hints, 1 + rows[i].hint);
		if (!rows[i].hint) {
			pf_is_tun(f, 0, rows[i].inner);
		} else {
			const struct mip6_hint *h = &f->hint[1].hint;

			assert_int_equal(h->kind, MIP6_HINT_PACKET);
			assert_int_equal(h->count, rows[i].inner.n);
			assert_memory_equal(h->octets, rows[i].inner.v,
			    h->count);
			assert_true(mip6_addr_equal(&h->tunnel_peer, &peer));
			assert_int_equal(h->ifindex,
			    rows[i].ha ? LINK_HOME : LINK_AWAY);
			assert_memory_equal(h->ll_src.b, ll_other.b, 6);
		}
		pf_close(f);
	}
}

/* Between two mobile nodes of one home agent. */
static void
test_shortcut(void **state)
{
	struct pf *f = pf_open_ha();
	struct octets o = udp(HOME, HOME2, 300);
	struct mip6_fwd_row row;

	(void)state;
	o.v[7] = 2;
	pf_link(f, LINK_HOME, tunnel(COA, AGENT, o));
	o.v[7] = 1;
	pf_is_frame(f, 0, LINK_HOME, &ll_router, wrapped(AGENT, COA2, o));
	assert_int_equal(mip6_path_counters(f->path)->shortcut, 1);
	assert_int_equal(pf_dropped_all(f), 0);
	pf_clear(f);
	/* The hops are used up: its source hears through its own tunnel. */
	pf_link(f, LINK_HOME, tunnel(COA, AGENT, o));
	pf_dropped_only(f, MIP6_DROP_TUNNEL_HOPS);
	assert_int_equal(f->outs, 1);
	assert_int_equal(f->out[0].ifindex, LINK_HOME);
	{
		struct octets e = pf_octets(f, 0);
		struct octets inner = part(e, 40, e.n - 40);

		assert_int_equal(e.v[6], MIP6_NH_IPV6);
		assert_memory_equal(e.v + 8, wrapped(AGENT, COA, inner).v + 8,
		    32);
		memcpy(mip6_pkt_octets(f->out[0].pkt) + 14, inner.v, inner.n);
		f->out[0].pkt->count = (uint32_t)inner.n + 14;
		pf_is_error(f, 0, AGENT, HOME, 3, 0, 0, o);
	}
	pf_clear(f);
	/* Too big for the second tunnel. */
	row = pf_row(MIP6_FWD_HA_TUNNEL, HOME2, AGENT, COA2);
	row.mtu = 1400;
	pf_set(f, row);
	o = udp(HOME, HOME2, 1361);
	pf_link(f, LINK_HOME, tunnel(COA, AGENT, o));
	assert_int_equal(f->outs, 1);
	assert_int_equal(pf_dropped(f, MIP6_DROP_TUNNEL_TOO_BIG), 1);
	pf_close(f);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_mn_out),
		cmocka_unit_test(test_ha_out),
		cmocka_unit_test(test_out_scope),
		cmocka_unit_test(test_too_big),
		cmocka_unit_test(test_fragments_between),
		cmocka_unit_test(test_nesting_limit),
		cmocka_unit_test(test_nesting_limit_hostile),
		cmocka_unit_test(test_no_hop),
		cmocka_unit_test(test_headroom),
		cmocka_unit_test(test_send_tunnelled),
		cmocka_unit_test(test_mn_in),
		cmocka_unit_test(test_ha_in),
		cmocka_unit_test(test_in_refused),
		cmocka_unit_test(test_congestion),
		cmocka_unit_test(test_in_core),
		cmocka_unit_test(test_shortcut),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
