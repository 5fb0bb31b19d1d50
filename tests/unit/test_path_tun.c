/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What the host sends, at home, away and held back; next hops, and packets
 * that wait for them or for a neighbour's row; packets of the core.
 *
 * Links: path
 */
#include "unit/path_support.h"

static void
pf_neighbour(struct pf *f, const char *other, uint32_t hop)
{
	struct mip6_fwd_row row;

	row = pf_row(MIP6_FWD_MN_NEIGHBOUR, HOME, "::", "::");
	row.other = addr(other);
	row.hop = hop;
	row.ifindex = LINK_HOME;
	pf_set(f, row);
}

static size_t
hints_of(const struct pf *f, enum mip6_hint_kind kind)
{
	size_t i, n = 0;

	for (i = 0; i < f->hints; i++)
		n += f->hint[i].hint.kind == kind;
	return n;
}

static void
test_refused(void **state)
{
	struct octets o = udp(HOME, PEER, 100);
	struct {
		struct octets o;
		enum mip6_drop why;
		size_t hints;
	} rows[] = {
		{ fill(39, 0x60), MIP6_DROP_TRUNCATED, 0 },
		{ fill(100, 0x40), MIP6_DROP_NOT_IP6, 0 },
		{ part(o, 0, 99), MIP6_DROP_TRUNCATED, 0 },
		{ udp(PEER, COA, 100), MIP6_DROP_NO_ROW, 1 },
		{ udp("fe80::5", "ff02::16", 100), MIP6_DROP_TUNNEL_SCOPE, 0 },
		{ udp("fe80::5", PEER, 100), MIP6_DROP_TUNNEL_SCOPE, 0 },
		{ udp(COA, "fe80::5", 100), MIP6_DROP_TUNNEL_SCOPE, 0 },
		{ udp(COA, "ff0e::5", 100), MIP6_DROP_TUNNEL_SCOPE, 0 },
	};
	struct pf *f;
	size_t i;

	(void)state;
	for (i = 0; i < MIP6_COUNT(rows); i++) {
		f = pf_open_mn();
		pf_tun(f, rows[i].o);
		assert_int_equal(f->outs, 0);
		assert_int_equal(f->hints, rows[i].hints);
		pf_dropped_only(f, rows[i].why);
		pf_close(f);
	}
	f = pf_open_ha();
	pf_tun(f, udp(HOME, PEER, 100));
	pf_dropped_only(f, MIP6_DROP_NO_ROW);
	pf_close(f);
}

/* "No row" is said once a second for a pair, and not without end. */
static void
test_no_row(void **state)
{
	struct octets o = udp(PEER, COA, 100);
	struct mip6_addr src = addr(PEER), dst = addr(COA);
	struct pf *f = pf_open_mn();
	size_t i;

	(void)state;
	for (i = 0; i < 5; i++)
		pf_tun(f, o);
	assert_int_equal(f->hints, 1);
	assert_int_equal(f->hint[0].hint.kind, MIP6_HINT_NO_ROW);
	assert_true(mip6_addr_equal(&f->hint[0].hint.src, &src));
	assert_true(mip6_addr_equal(&f->hint[0].hint.dst, &dst));
	pf_wait(f, 999999);
	pf_tun(f, o);
	assert_int_equal(f->hints, 1);
	pf_wait(f, 1);
	pf_tun(f, o);
	assert_int_equal(f->hints, 2);
	assert_int_equal(pf_dropped(f, MIP6_DROP_NO_ROW), 7);
	pf_clear(f);
	for (i = 0; i < 5000; i++) {
		o.v[9] = (uint8_t)i;
		o.v[10] = (uint8_t)(i >> 8);
		pf_tun(f, o);
	}
	assert_in_range(f->hints, 90, 110);
	pf_close(f);
}

/* For our own home address: back where it came from. */
static void
test_own(void **state)
{
	struct octets o = udp(HOME, HOME, 100);
	struct pf *f = pf_open_mn();

	(void)state;
	pf_tun(f, o);
	pf_is_tun(f, 0, o);
	o = udp(PEER, HOME, 100);
	pf_tun(f, o);
	pf_is_tun(f, 1, o);
	pf_set(f, pf_row(MIP6_FWD_MN_BLOCK, HOME, "::", "::"));
	pf_tun(f, o);
	pf_is_tun(f, 2, o);
	assert_int_equal(pf_dropped_all(f), 0);
	pf_close(f);
}

static void
test_blocked(void **state)
{
	struct pf *f = pf_open_mn();
	struct octets o = udp(HOME, PEER, 100);
	size_t i;

	(void)state;
	pf_set(f, pf_row(MIP6_FWD_MN_BLOCK, HOME, "::", "::"));
	pf_tun(f, o);
	pf_dropped_only(f, MIP6_DROP_BLOCKED);
	pf_is_error(f, 0, HOME, HOME, 1, 0, 0, o);
	assert_int_equal(f->out[0].ifindex, 0);
	assert_int_equal(mip6_path_counters(f->path)->unreachable_sent, 1);
	/* Not about groups, nor about errors. */
	pf_clear(f);
	pf_tun(f, udp(HOME, "ff0e::1", 100));
	pf_tun(f, icmp(HOME, PEER, 64, 1, 0, 0, fill(60, 1)));
	assert_int_equal(f->outs, 0);
	/* Limited in rate. */
	for (i = 0; i < 100; i++)
		pf_tun(f, o);
	assert_int_equal(f->outs, 31);
	assert_int_equal(pf_dropped(f, MIP6_DROP_BLOCKED), 103);
	assert_int_equal(pf_dropped(f, MIP6_DROP_ICMP_RATE), 69);
	pf_wait(f, 1000000);
	pf_clear(f);
	for (i = 0; i < 100; i++)
		pf_tun(f, o);
	assert_int_equal(f->outs, 32);
	pf_close(f);
}

static void
test_home_native(void **state)
{
	static const struct mip6_lladdr group = { { 0x33, 0x33, 0, 0, 0,
	    0xfb } };
	struct octets o = udp(HOME, PEER, 200);
	struct pf *f = pf_open_home();
	struct mip6_addr home = addr(HOME), any = addr("::");
	struct mip6_fwd_row row;
	uint64_t in, out;

	(void)state;
	o.v[7] = 1;
	/* Off the link: to the router, hop limit untouched. */
	pf_tun(f, o);
	pf_is_frame(f, 0, LINK_HOME, &ll_router, o);
	/* A group. */
	o = udp(HOME, "ff05::fb", 200);
	pf_tun(f, o);
	pf_is_frame(f, 1, LINK_HOME, &group, o);
	o = udp(HOME, "ff02::fb", 200);
	pf_tun(f, o);
	pf_is_frame(f, 2, LINK_HOME, &group, o);
	assert_true(mip6_path_row_octets(f->path, &home, &any, &in, &out));
	assert_int_equal(out, 600);
	assert_false(mip6_path_row_octets(f->path, &any, &any, &in, &out));
	/* Larger than the link. */
	o = udp(HOME, PEER, 1501);
	pf_tun(f, o);
	pf_dropped_only(f, MIP6_DROP_TUNNEL_TOO_BIG);
	pf_is_error(f, 3, HOME, HOME, 2, 0, 1500, o);
	o = udp(HOME, PEER, 1500);
	pf_tun(f, o);
	pf_is_frame(f, 4, LINK_HOME, &ll_router, o);
	/* Everything is off the link when the prefix is not known. */
	row = pf_row(MIP6_FWD_MN_HOME, HOME, "::", "::");
	row.ifindex = LINK_HOME;
	row.onlink_bits = 0;
	pf_set(f, row);
	o = udp(HOME, BESIDE, 200);
	pf_tun(f, o);
	pf_is_frame(f, 5, LINK_HOME, &ll_router, o);
	/* The link has gone. */
	mip6_path_link_del(f->path, LINK_HOME);
	pf_tun(f, o);
	assert_int_equal(pf_dropped(f, MIP6_DROP_NO_ROUTE), 1);
	pf_close(f);
}

/* A neighbour without a row is asked for, its packets wait. */
static void
test_neighbour(void **state)
{
	struct octets o[5];
	struct mip6_addr src = addr(HOME), dst = addr(BESIDE);
	struct pf *f = pf_open_home();
	struct mip6_fwd_hop hop = { .hop = 1,
		.ifindex = LINK_HOME,
		.lladdr = { { 2, 0, 0, 0, 2, 0 } },
		.usable = true };
	size_t i;

	(void)state;
	for (i = 0; i < 5; i++) {
		o[i] = udp(HOME, BESIDE, 100 + i);
		pf_tun(f, o[i]);
	}
	assert_int_equal(f->outs, 0);
	assert_int_equal(f->hints, 1);
	assert_int_equal(f->hint[0].hint.kind, MIP6_HINT_NO_ROW);
	assert_true(mip6_addr_equal(&f->hint[0].hint.src, &src));
	assert_true(mip6_addr_equal(&f->hint[0].hint.dst, &dst));
	assert_int_equal(pf_dropped(f, MIP6_DROP_WAITING_FULL), 2);
	/* The row comes, its hop is not resolved yet: they go on waiting. */
	pf_neighbour(f, BESIDE, 1);
	assert_int_equal(f->outs, 0);
	assert_int_equal(hints_of(f, MIP6_HINT_HOP), 1);
	assert_true(mip6_path_hop_set(f->path, &f->now, &hop));
	assert_int_equal(f->outs, 3);
	for (i = 0; i < 3; i++)
		pf_is_frame(f, i, LINK_HOME, &hop.lladdr, o[i + 2]);
	pf_tun(f, o[0]);
	pf_is_frame(f, 3, LINK_HOME, &hop.lladdr, o[0]);
	/* Its row taken away: it waits again. */
	mip6_path_row_del(f->path, &src, &dst);
	mip6_path_row_del(f->path, &src, &dst);
	pf_tun(f, o[0]);
	assert_int_equal(f->outs, 4);
	pf_close(f);
}

/* Away, a neighbour's row is none: all goes through the tunnel. */
static void
test_neighbour_away(void **state)
{
	struct octets o = udp(HOME, BESIDE, 100);
	struct mip6_addr coa = addr(COA);
	struct pf *f = pf_open_home();

	(void)state;
	pf_hop(f, 1, LINK_HOME, true);
	pf_hop(f, 2, LINK_AWAY, true);
	assert_true(mip6_path_local_set(f->path, &coa, true));
	pf_neighbour(f, BESIDE, 1);
	pf_tun(f, udp(HOME, HOME2, 100)); /* waits */
	{
		struct mip6_fwd_row row =
		    pf_row(MIP6_FWD_MN_TUNNEL, HOME, COA, AGENT);

		row.hop = 2;
		pf_set(f, row);
	}
	/* What waited at home goes, too. */
	assert_int_equal(f->outs, 1);
	pf_is_frame(f, 0, LINK_AWAY, &ll_router,
	    wrapped(COA, AGENT, udp(HOME, HOME2, 100)));
	pf_tun(f, o);
	pf_is_frame(f, 1, LINK_AWAY, &ll_router, wrapped(COA, AGENT, o));
	/* Held back, too. */
	pf_set(f, pf_row(MIP6_FWD_MN_BLOCK, HOME, "::", "::"));
	pf_tun(f, o);
	assert_int_equal(pf_dropped(f, MIP6_DROP_BLOCKED), 1);
	/* Without the home address's own row it is no row at all. */
	{
		struct mip6_addr home = addr(HOME), any = addr("::");

		mip6_path_row_del(f->path, &home, &any);
	}
	pf_tun(f, o);
	assert_int_equal(pf_dropped(f, MIP6_DROP_NO_ROW), 1);
	/* Nor is a neighbour's row one for everybody. */
	pf_neighbour(f, "::", 1);
	pf_tun(f, o);
	assert_int_equal(pf_dropped(f, MIP6_DROP_NO_ROW), 2);
	pf_close(f);
}

/* Waiting ends: for a neighbour, for a hop. */
static void
test_wait_ends(void **state)
{
	struct octets o = udp(HOME, BESIDE, 100);
	struct pf *f = pf_open_home();

	(void)state;
	assert_true(mip6_time_is_never(mip6_path_deadline(f->path)));
	pf_tun(f, o);
	assert_int_equal(mip6_path_deadline(f->path).us,
	    f->now.boot.us + 4000000);
	pf_hop(f, 0, LINK_HOME, false);
	pf_wait(f, 1000000);
	pf_tun(f, udp(HOME, PEER, 100));
	pf_wait(f, 2999999);
	mip6_path_timer(f->path, &f->now);
	assert_int_equal(pf_dropped_all(f), 0);
	pf_wait(f, 1);
	mip6_path_timer(f->path, &f->now);
	pf_dropped_only(f, MIP6_DROP_UNRESOLVED);
	assert_int_equal(mip6_path_deadline(f->path).us,
	    f->now.boot.us + 1000000);
	pf_wait(f, 1000000);
	mip6_path_timer(f->path, &f->now);
	assert_int_equal(pf_dropped(f, MIP6_DROP_UNRESOLVED), 2);
	assert_true(mip6_time_is_never(mip6_path_deadline(f->path)));
	assert_int_equal(mip6_pool_out(f->pool), f->outs);
	pf_close(f);
}

/* So many destinations and packets wait, and no more. */
static void
test_wait_limits(void **state)
{
	struct octets o = udp(HOME, BESIDE, 100);
	struct pf *f = pf_open_home();
	struct mip6_path_env env;
	struct mip6_fwd_row row;
	uint32_t i;

	(void)state;
	/* 16 packets in all. */
	for (i = 0; i < 20; i++) {
		o.v[37] = (uint8_t)i;
		pf_tun(f, o);
	}
	assert_int_equal(pf_dropped(f, MIP6_DROP_WAITING_FULL), 4);
	assert_int_equal(mip6_pool_out(f->pool), 16);
	/* A queue that is full makes room in itself. */
	o.v[37] = 0;
	pf_tun(f, o);
	assert_int_equal(pf_dropped(f, MIP6_DROP_WAITING_FULL), 5);
	/* 64 destinations. */
	mip6_path_free(f->path);
	env = pf_env(f);
	env.waiting_max = 1000;
	f->path = mip6_path_new(&env);
	assert_true(mip6_path_link_set(f->path,
	    &(struct mip6_path_link){ LINK_HOME, ll_home, 1500, false }));
	row = pf_row(MIP6_FWD_MN_HOME, HOME, "::", "::");
	row.ifindex = LINK_HOME;
	pf_set(f, row);
	for (i = 0; i < 70; i++) {
		o.v[37] = (uint8_t)i;
		pf_tun(f, o);
	}
	assert_int_equal(pf_dropped(f, MIP6_DROP_WAITING_FULL), 6);
	/* All that wait are tried again, once, and wait again. */
	pf_clear(f);
	pf_set(f, row);
	assert_int_equal(mip6_pool_out(f->pool), 64);
	pf_close(f);
}

static void
test_hops(void **state)
{
	struct octets o[5];
	struct pf *f = pf_open_mn();
	struct mip6_fwd_hop hop = { .hop = 0,
		.ifindex = LINK_AWAY,
		.lladdr = ll_router };
	size_t i;

	(void)state;
	assert_true(mip6_path_hop_set(f->path, &f->now, &hop));
	for (i = 0; i < 5; i++) {
		o[i] = udp(HOME, PEER, 100 + i);
		pf_tun(f, o[i]);
	}
	assert_int_equal(f->outs, 0);
	assert_int_equal(hints_of(f, MIP6_HINT_HOP), 1);
	assert_int_equal(f->hint[1].hint.hop, 0);
	assert_int_equal(f->hint[1].hint.ifindex, LINK_AWAY);
	assert_int_equal(pf_dropped(f, MIP6_DROP_WAITING_FULL), 2);
	pf_wait(f, 1000000);
	pf_tun(f, o[4]);
	assert_int_equal(hints_of(f, MIP6_HINT_HOP), 2);
	/* In order. */
	hop.usable = true;
	assert_true(mip6_path_hop_set(f->path, &f->now, &hop));
	assert_int_equal(f->outs, 3);
	for (i = 0; i < 3; i++)
		pf_is_frame(f, i, LINK_AWAY, &ll_router,
		    wrapped(COA, AGENT, o[i < 2 ? i + 3 : 4]));
	/* Stale: it is used, and the core hears of that once. */
	hop.stale = true;
	assert_true(mip6_path_hop_set(f->path, &f->now, &hop));
	pf_clear(f);
	pf_tun(f, o[0]);
	pf_tun(f, o[0]);
	assert_int_equal(f->outs, 2);
	assert_int_equal(hints_of(f, MIP6_HINT_HOP), 1);
	assert_true(mip6_path_hop_set(f->path, &f->now, &hop));
	pf_tun(f, o[0]);
	assert_int_equal(hints_of(f, MIP6_HINT_HOP), 2);
	/* Dead: what waits is dropped, what comes, too; the core is asked. */
	hop = (struct mip6_fwd_hop){ .hop = 0, .ifindex = LINK_AWAY };
	assert_true(mip6_path_hop_set(f->path, &f->now, &hop));
	pf_wait(f, 2000000);
	pf_tun(f, o[0]);
	hop.dead = true;
	assert_true(mip6_path_hop_set(f->path, &f->now, &hop));
	assert_int_equal(pf_dropped(f, MIP6_DROP_UNRESOLVED), 1);
	pf_clear(f);
	pf_tun(f, o[0]);
	assert_int_equal(hints_of(f, MIP6_HINT_HOP), 0);
	pf_wait(f, 1000000);
	pf_tun(f, o[0]);
	assert_int_equal(hints_of(f, MIP6_HINT_HOP), 1);
	assert_int_equal(f->outs, 0);
	assert_int_equal(pf_dropped(f, MIP6_DROP_UNRESOLVED), 3);
	/* Past the last number. */
	hop.hop = 8;
	assert_false(mip6_path_hop_set(f->path, &f->now, &hop));
	assert_int_equal(mip6_path_counters(f->path)->hops, 1);
	pf_close(f);
}

/* A packet that waits in pieces would lose some of them. */
static void
test_waits_whole(void **state)
{
	struct octets o = udp(HOME, PEER, 1280);
	struct pf *f = pf_open_mn();
	struct mip6_fwd_row row;

	(void)state;
	row = pf_row(MIP6_FWD_MN_TUNNEL, HOME, COA, AGENT);
	row.mtu = 1280;
	pf_set(f, row);
	pf_hop(f, 0, LINK_AWAY, false);
	pf_tun(f, o);
	pf_tun(f, o);
	pf_tun(f, o);
	assert_int_equal(pf_dropped_all(f), 0);
	pf_hop(f, 0, LINK_AWAY, true);
	assert_int_equal(f->outs, 6);
	pf_close(f);
}

static void
test_send(void **state)
{
	static const struct mip6_lladdr routers = { { 0x33, 0x33, 0, 0, 0,
	    2 } };
	struct mip6_path_link raw = { 7, ll_other, 1400, true };
	struct octets o = udp(COA, AGENT, 200);
	struct pf *f = pf_open_mn();

	(void)state;
	/* To a hop, to a link-layer address, to a group, to the host. */
	mip6_path_send(f->path, &f->now, LINK_AWAY, 0, NULL, o.v, o.n);
	pf_is_frame(f, 0, LINK_AWAY, &ll_router, o);
	mip6_path_send(f->path, &f->now, LINK_HOME, MIP6_HOP_NONE, &ll_other,
	    o.v, o.n);
	pf_is_frame(f, 1, LINK_HOME, &ll_other, o);
	mip6_path_send(f->path, &f->now, LINK_HOME, 0, &ll_other, o.v, o.n);
	pf_is_frame(f, 2, LINK_HOME, &ll_other, o);
	o = udp(COA, "ff02::2", 200);
	mip6_path_send(f->path, &f->now, LINK_HOME, MIP6_HOP_NONE, NULL, o.v,
	    o.n);
	pf_is_frame(f, 3, LINK_HOME, &routers, o);
	mip6_path_send(f->path, &f->now, 0, MIP6_HOP_NONE, NULL, o.v, o.n);
	pf_is_tun(f, 4, o);
	/* A link without addresses. */
	assert_true(mip6_path_link_set(f->path, &raw));
	o = udp(COA, AGENT, 200);
	mip6_path_send(f->path, &f->now, 7, MIP6_HOP_NONE, NULL, o.v, o.n);
	assert_int_equal(f->outs, 6);
	assert_int_equal(f->out[5].ifindex, 7);
	assert_int_equal(f->out[5].pkt->count, o.n);
	assert_memory_equal(mip6_pkt_octets(f->out[5].pkt), o.v, o.n);
	assert_int_equal(pf_dropped_all(f), 0);
	/* Nowhere. */
	mip6_path_send(f->path, &f->now, LINK_HOME, MIP6_HOP_NONE, NULL, o.v,
	    o.n);
	mip6_path_send(f->path, &f->now, 9, MIP6_HOP_NONE, &ll_other, o.v, o.n);
	mip6_path_send(f->path, &f->now, LINK_HOME, 8, NULL, o.v, o.n);
	assert_int_equal(pf_dropped(f, MIP6_DROP_NO_ROUTE), 3);
	mip6_path_send(f->path, &f->now, LINK_HOME, 0, NULL, o.v, o.n - 1);
	assert_int_equal(pf_dropped(f, MIP6_DROP_TRUNCATED), 1);
	assert_int_equal(f->outs, 6);
	pf_close(f);
}

/* Larger packets of the core are cut behind what each piece must carry. */
static void
test_send_fragments(void **state)
{
	struct octets body = join(mobility(), fill(1600, 1));
	struct octets o, hdr = fill(0, 0);
	struct {
		struct octets headers;
		uint8_t first;
		size_t keep;
	} rows[] = {
		{ hdr, MIP6_NH_MH, 0 },
		{ hao(MIP6_NH_MH, HOME), MIP6_NH_DSTOPTS, 24 },
		{ rh2(MIP6_NH_MH, HOME), MIP6_NH_ROUTING, 24 },
		{ join(rh2(MIP6_NH_DSTOPTS, HOME), hao(MIP6_NH_MH, HOME)),
		    MIP6_NH_ROUTING, 48 },
		{ options(MIP6_NH_MH), MIP6_NH_HOPOPTS, 8 },
		{ options(MIP6_NH_MH), MIP6_NH_DSTOPTS, 0 },
		{ join(options(MIP6_NH_ROUTING), rh2(MIP6_NH_MH, HOME)),
		    MIP6_NH_DSTOPTS, 32 },
	};
	struct mip6_ip6_view v;
	struct pf *f;
	size_t i, n;

	(void)state;
	for (i = 0; i < MIP6_COUNT(rows); i++) {
		f = pf_open_mn();
		o = ip6(COA, AGENT, rows[i].first, 64,
		    join(rows[i].headers, body));
		mip6_path_send(f->path, &f->now, LINK_AWAY, 0, NULL, o.v, o.n);
		assert_int_equal(f->outs, 2);
		for (n = 0; n < 2; n++) {
			struct octets p = pf_octets(f, n);

			assert_true(p.n <= 1500);
			assert_int_equal(mip6_ip6_view(p.v, p.n, &v, NULL),
			    MIP6_PARSE_OK);
			assert_true(v.frag.present);
			assert_int_equal(v.frag.at, 40 + rows[i].keep);
			assert_int_equal(v.frag.more, n == 0);
		}
		assert_int_equal(mip6_path_counters(f->path)->fragments_out, 2);
		/* The other side makes one of it. */
		{
			struct pf *g = pf_open();
			struct mip6_addr agent = addr(AGENT);

			assert_true(mip6_path_local_set(g->path, &agent, true));
			pf_link(g, LINK_AWAY, pf_octets(f, 0));
			pf_link(g, LINK_AWAY, pf_octets(f, 1));
			assert_int_equal(g->hints, 1);
			assert_int_equal(g->hint[0].hint.count, o.n);
			assert_memory_equal(g->hint[0].hint.octets, o.v, o.n);
			pf_close(g);
		}
		pf_close(f);
	}
}

/* Without buffers: counted, nothing sent by halves. */
static void
test_no_buffers(void **state)
{
	struct octets o = udp(COA, AGENT, 1900);
	struct mip6_pkt *hold[PF_ORDINARY];
	struct pf *f = pf_open_mn();
	size_t n = 0;

	(void)state;
	while (mip6_pool_out(f->pool) < PF_ORDINARY - 1)
		hold[n++] = mip6_pool_get(f->pool, 100);
	/* One buffer is left, two fragments are needed. */
	mip6_path_send(f->path, &f->now, LINK_AWAY, 0, NULL, o.v, o.n);
	assert_int_equal(f->outs, 0);
	pf_dropped_only(f, MIP6_DROP_NO_BUFFER);
	hold[n++] = mip6_pool_get(f->pool, 100);
	mip6_path_send(f->path, &f->now, LINK_AWAY, 0, NULL, o.v, 100);
	assert_int_equal(pf_dropped(f, MIP6_DROP_NO_BUFFER), 2);
	/* Nor is there one for an error. */
	mip6_pool_put(f->pool, hold[--n]);
	pf_set(f, pf_row(MIP6_FWD_MN_BLOCK, HOME, "::", "::"));
	pf_tun(f, udp(HOME, PEER, 100));
	assert_int_equal(pf_dropped(f, MIP6_DROP_NO_BUFFER), 3);
	assert_int_equal(pf_dropped(f, MIP6_DROP_BLOCKED), 1);
	while (n > 0)
		mip6_pool_put(f->pool, hold[--n]);
	pf_close(f);
}

/* Settings within their limits; a path made without memory is none. */
static void
test_settings(void **state)
{
	struct pf *f = pf_open();
	struct mip6_path_link l = { 100, ll_other, 100, false };
	struct mip6_addr a = addr(HOME);
	struct mip6_path_env env;
	struct mip6_path *path = NULL;
	size_t allowed;
	uint32_t i;

	(void)state;
	for (i = 0; i < 62; i++) {
		l.ifindex = 100 + i;
		assert_true(mip6_path_link_set(f->path, &l));
	}
	l.ifindex = 99;
	assert_false(mip6_path_link_set(f->path, &l));
	mip6_path_link_del(f->path, 98);
	mip6_path_link_del(f->path, 110);
	assert_true(mip6_path_link_set(f->path, &l));
	for (i = 0; i < 256; i++) {
		a.b[14] = (uint8_t)i;
		assert_true(mip6_path_local_set(f->path, &a, true));
		assert_true(mip6_path_local_set(f->path, &a, true));
	}
	a.b[13] = 1;
	assert_false(mip6_path_local_set(f->path, &a, true));
	for (i = 0; i < 64; i++) {
		struct mip6_fwd_row row =
		    pf_row(MIP6_FWD_HA_TUNNEL, HOME, AGENT, COA);

		row.home.b[14] = (uint8_t)i;
		pf_set(f, row);
		row.home.b[13] = 1;
		if (i == 63)
			assert_false(mip6_path_row_set(f->path, &row));
	}
	assert_int_equal(mip6_path_counters(f->path)->rows, 64);
	env = pf_env(f);
	for (allowed = 0; path == NULL; allowed++) {
		f->heap.allowed = allowed;
		path = mip6_path_new(&env);
	}
	assert_true(allowed > 7);
	mip6_path_free(path);
	mip6_path_free(NULL);
	f->heap.allowed = SIZE_MAX;
	pf_close(f);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_refused),
		cmocka_unit_test(test_no_row),
		cmocka_unit_test(test_own),
		cmocka_unit_test(test_blocked),
		cmocka_unit_test(test_home_native),
		cmocka_unit_test(test_neighbour),
		cmocka_unit_test(test_neighbour_away),
		cmocka_unit_test(test_wait_ends),
		cmocka_unit_test(test_wait_limits),
		cmocka_unit_test(test_hops),
		cmocka_unit_test(test_waits_whole),
		cmocka_unit_test(test_send),
		cmocka_unit_test(test_send_fragments),
		cmocka_unit_test(test_no_buffers),
		cmocka_unit_test(test_settings),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
