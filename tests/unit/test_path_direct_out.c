/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Route optimization, out: which headers a packet gets, where they stand, what
 * gets none, and how large a packet may be.  Judged by comparing octets with
 * packets built from their parts.
 *
 * Links: path
 */
#include "unit/path_direct.h"

/* From a mobile node to a host, to another mobile node, and back. */
static void
test_headers(void **state)
{
	struct octets o = udp(HOME, PEER, 200);
	struct pf *f = pd_open_mn();

	(void)state;
	pf_tun(f, o);
	pf_is_frame(f, 0, LINK_AWAY, &ll_router, pd_hao(o, COA, PEER, HOME));
	pd_is_hint(f, 0, MIP6_HINT_ROW_USED, HOME, PEER);
	assert_int_equal(pd_octets(f, HOME, PEER, false), 200);
	pf_tun(f, o);
	assert_int_equal(f->hints, 1);
	o = udp(HOME, HOME2, 300);
	pf_tun(f, o);
	pf_is_frame(f, 2, LINK_AWAY, &ll_router,
	    pd_both(o, COA, COA2, HOME, HOME2));
	assert_int_equal(mip6_path_counters(f->path)->direct_out, 3);
	/* Others go through the tunnel. */
	o = udp(HOME, BESIDE, 100);
	pf_tun(f, o);
	pf_is_frame(f, 3, LINK_AWAY, &ll_router, wrapped(COA, AGENT, o));
	assert_int_equal(pf_dropped_all(f), 0);
	pf_close(f);

	f = pd_open_cn();
	o = udp(PEER, HOME, 100);
	pf_tun(f, o);
	pf_is_frame(f, 0, LINK_AWAY, &ll_router, pd_rh2(o, PEER, COA, HOME));
	assert_int_equal(pd_octets(f, PEER, HOME, false), 100);
	/* The row is of a pair: not of what others of ours send. */
	pf_tun(f, udp(BESIDE, HOME, 100));
	assert_int_equal(f->outs, 1);
	pf_dropped_only(f, MIP6_DROP_NO_ROW);
	pf_close(f);
}

/* Behind hop-by-hop options, in front of everything else. */
static void
test_order(void **state)
{
	struct octets u = udp(HOME, HOME2, 100);
	struct octets up = part(u, 40, 60), none = fill(0, 0);
	struct {
		uint8_t next, first;
		struct octets lead, rest;
	} rows[] = {
		{ MIP6_NH_HOPOPTS, MIP6_NH_UDP, options(MIP6_NH_UDP), up },
		{ MIP6_NH_HOPOPTS, MIP6_NH_DSTOPTS, options(MIP6_NH_DSTOPTS),
		    join(options(MIP6_NH_UDP), up) },
		{ MIP6_NH_DSTOPTS, MIP6_NH_DSTOPTS, none,
		    join(options(MIP6_NH_UDP), up) },
		{ MIP6_NH_FRAGMENT, MIP6_NH_FRAGMENT, none,
		    frag(MIP6_NH_UDP, 0, true, 9, up) },
		{ MIP6_NH_FRAGMENT, MIP6_NH_FRAGMENT, none,
		    frag(MIP6_NH_UDP, 64, false, 9, up) },
		/* Data, and no type of a message, in all but the first. */
		{ MIP6_NH_FRAGMENT, MIP6_NH_FRAGMENT, none,
		    frag(MIP6_NH_ICMPV6, 64, false, 9, fill(40, 136)) },
		{ MIP6_NH_ESP, MIP6_NH_ESP, none, up },
		{ MIP6_NH_DSTOPTS, MIP6_NH_DSTOPTS, none,
		    join(options(MIP6_NH_ESP), up) },
		{ 132, 132, none, up },
		{ MIP6_NH_ICMPV6, MIP6_NH_ICMPV6, none, fill(8, 128) },
	};
	struct octets want;
	struct pf *f;
	size_t i;

	(void)state;
	for (i = 0; i < MIP6_COUNT(rows); i++) {
		f = pd_open_mn();
		want = join(rh2(MIP6_NH_DSTOPTS, HOME2),
		    join(hao(rows[i].first, HOME), rows[i].rest));
		if (rows[i].lead.n > 0) {
			want = join(rows[i].lead, want);
			want.v[0] = MIP6_NH_ROUTING;
		}
		want = ip6(COA, COA2,
		    rows[i].lead.n > 0 ? rows[i].next : MIP6_NH_ROUTING, 64,
		    want);
		pf_tun(f,
		    ip6(HOME, HOME2, rows[i].next, 64,
			join(rows[i].lead, rows[i].rest)));
		pf_is_frame(f, 0, LINK_AWAY, &ll_router, want);
		assert_int_equal(pf_dropped_all(f), 0);
		pf_close(f);
	}
}

/* What must not have these headers goes through the tunnel as it is. */
static void
test_not_direct(void **state)
{
	struct octets up = fill(40, 0);
	struct octets ah = { .n = 24, .v = { MIP6_NH_UDP, 4 } };
	struct octets rh0 = rh2(MIP6_NH_UDP, PEER);
	struct octets rows[] = {
		ip6(HOME, PEER, MIP6_NH_DSTOPTS, 64,
		    join(hao(MIP6_NH_UDP, HOME2), up)),
		ip6(HOME, PEER, MIP6_NH_ROUTING, 64,
		    join(rh2(MIP6_NH_UDP, BESIDE), up)),
		ip6(HOME, PEER, MIP6_NH_ROUTING, 64, fill(0, 0)),
		ip6(HOME, PEER, MIP6_NH_AH, 64, join(ah, up)),
		ip6(HOME, PEER, MIP6_NH_FRAGMENT, 64,
		    frag(MIP6_NH_AH, 0, true, 1, join(ah, up))),
		ip6(HOME, PEER, MIP6_NH_MH, 64, mobility()),
		ip6(HOME, PEER, MIP6_NH_DSTOPTS, 64,
		    join(options(MIP6_NH_MH), mobility())),
		icmp(HOME, PEER, 255, 133, 0, 0, fill(16, 0)),
		icmp(HOME, PEER, 255, 137, 0, 0, fill(32, 0)),
		ip6(HOME, PEER, MIP6_NH_DSTOPTS, 255,
		    join(options(MIP6_NH_ICMPV6), fill(24, 135))),
		/* too short to be read to its end */
		ip6(HOME, PEER, MIP6_NH_DSTOPTS, 64, fill(4, 0)),
	};
	struct octets cn;
	struct pf *f;
	size_t i;

	(void)state;
	rh0.v[2] = 0;
	rows[2] = ip6(HOME, PEER, MIP6_NH_ROUTING, 64, join(rh0, up));
	for (i = 0; i < MIP6_COUNT(rows); i++) {
		f = pd_open_mn();
		pf_tun(f, rows[i]);
		pf_is_frame(f, 0, LINK_AWAY, &ll_router,
		    wrapped(COA, AGENT, rows[i]));
		assert_int_equal(mip6_path_counters(f->path)->direct_out, 0);
		pf_close(f);
		/* A correspondent has no tunnel, and a way all the same. */
		cn = rows[i];
		memcpy(cn.v + 8, rows[i].v + 24, 16);
		memcpy(cn.v + 24, rows[i].v + 8, 16);
		f = pd_open_cn();
		pf_tun(f, cn);
		pf_is_frame(f, 0, LINK_AWAY, &ll_router, cn);
		pf_close(f);
	}
	/* Those next to them are not meant. */
	for (i = 132; i <= 138; i += 6) {
		f = pd_open_mn();
		pf_tun(f, icmp(HOME, PEER, 255, (uint8_t)i, 0, 0, fill(16, 0)));
		assert_int_equal(mip6_path_counters(f->path)->direct_out, 1);
		pf_close(f);
	}
	/* Somebody on a link, should there be such a row. */
	f = pf_open_mn();
	pf_set(f, pd_row(HOME, "fe80::9", COA, "fe80::9"));
	pf_tun(f, udp(HOME, "fe80::9", 100));
	pf_dropped_only(f, MIP6_DROP_TUNNEL_SCOPE);
	assert_int_equal(f->outs, 0);
	pf_close(f);
	/* A home address shows itself nowhere but in its tunnel. */
	f = pf_open();
	pf_hop(f, 0, LINK_AWAY, true);
	pf_set(f, pd_row(HOME, PEER, COA, PEER));
	pf_tun(f, rows[5]);
	pf_dropped_only(f, MIP6_DROP_NO_ROW);
	pf_close(f);
}

static void
test_mtu(void **state)
{
	static const struct {
		const char *to;
		uint16_t mtu;
		size_t octets;
		uint32_t told; /* 0: sent */
		size_t frames;
	} rows[] = {
		{ PEER, 1500, 1452, 0, 1 },
		{ PEER, 1400, 1376, 0, 1 },
		{ PEER, 1400, 1377, 1376, 1 },
		{ HOME2, 1400, 1352, 0, 1 },
		{ HOME2, 1400, 1353, 1352, 1 },
		{ PEER, 1305, 1282, 1281, 1 },
		{ PEER, 1304, 1281, 1280, 1 },
		{ PEER, 1304, 1280, 0, 1 },
		{ PEER, 1303, 1280, 0, 2 },
		{ HOME2, 1280, 1280, 0, 2 },
		{ HOME2, 0, 1232, 0, 1 },
		{ HOME2, 0, 1233, 0, 2 },
		{ HOME2, 0, 1281, 1280, 1 },
	};
	struct mip6_fwd_row row;
	struct octets o, out;
	struct pf *f;
	size_t i;

	(void)state;
	for (i = 0; i < MIP6_COUNT(rows); i++) {
		f = pd_open_mn();
		row = strcmp(rows[i].to, PEER) == 0 ?
		    pd_row(HOME, PEER, COA, PEER) :
		    pd_row(HOME, HOME2, COA, COA2);
		row.mtu = rows[i].mtu;
		pf_set(f, row);
		o = udp(HOME, rows[i].to, rows[i].octets);
		pf_tun(f, o);
		assert_int_equal(f->outs, rows[i].frames);
		if (rows[i].told != 0) {
			pf_is_error(f, 0, HOME, HOME, 2, 0, rows[i].told, o);
			assert_int_equal(f->out[0].ifindex, 0);
			pf_dropped_only(f, MIP6_DROP_TUNNEL_TOO_BIG);
		}
		if (rows[i].frames == 2) {
			/* Both pieces have the headers, in front. */
			out = pf_octets(f, 1);
			assert_int_equal(out.v[strcmp(rows[i].to, PEER) == 0 ?
						 40 :
						 64],
			    MIP6_NH_FRAGMENT);
		}
		pf_close(f);
	}
	/* A fragment of the host's is not cut again: it has another way. */
	f = pd_open_mn();
	row = pd_row(HOME, PEER, COA, PEER);
	row.mtu = 1280;
	pf_set(f, row);
	o = ip6(HOME, PEER, MIP6_NH_FRAGMENT, 64,
	    frag(MIP6_NH_UDP, 0, true, 1, fill(1208, 0)));
	pf_tun(f, o);
	pf_is_frame(f, 0, LINK_AWAY, &ll_router,
	    pd_wire(o, COA, PEER, MIP6_NH_DSTOPTS,
		hao(MIP6_NH_FRAGMENT, HOME)));
	o = ip6(HOME, PEER, MIP6_NH_FRAGMENT, 64,
	    frag(MIP6_NH_UDP, 0, true, 1, fill(1216, 0)));
	pf_tun(f, o);
	pf_is_frame(f, 1, LINK_AWAY, &ll_router, wrapped(COA, AGENT, o));
	pf_close(f);
}

/* No hop of its own: away through the tunnel, at home by the link. */
static void
test_as_others(void **state)
{
	struct octets o = udp(HOME, HOME2, 200);
	struct mip6_fwd_row row = pd_row(HOME, HOME2, HOME, COA2);
	struct pf *f = pf_open_mn();

	(void)state;
	row.hop = MIP6_HOP_NONE;
	pf_set(f, row);
	pf_tun(f, o);
	pf_is_frame(f, 0, LINK_AWAY, &ll_router,
	    wrapped(COA, AGENT, pd_rh2(o, HOME, COA2, HOME2)));
	/* Both headers count, those of the tunnel and ours. */
	o = udp(HOME, HOME2, 1436);
	pf_tun(f, o);
	assert_int_equal(f->outs, 2);
	o = udp(HOME, HOME2, 1437);
	pf_tun(f, o);
	pf_is_error(f, 2, HOME, HOME, 2, 0, 1436, o);
	pf_close(f);
	/* The tunnel is narrow: it is cut outside, and nobody is told. */
	f = pf_open_mn();
	{
		struct mip6_fwd_row narrow =
		    pf_row(MIP6_FWD_MN_TUNNEL, HOME, COA, AGENT);

		narrow.mtu = 1280;
		pf_set(f, narrow);
	}
	pf_set(f, row);
	pf_tun(f, udp(HOME, HOME2, 1280));
	assert_int_equal(f->outs, 2);
	assert_int_equal(f->out[0].ifindex, LINK_AWAY);
	assert_int_equal(pf_octets(f, 0).v[6], MIP6_NH_FRAGMENT);
	assert_int_equal(pf_dropped_all(f), 0);
	pf_close(f);

	/* At home, and the care-of address is elsewhere. */
	f = pf_open_home();
	pf_set(f, row);
	o = udp(HOME, HOME2, 200);
	pf_tun(f, o);
	pf_is_frame(f, 0, LINK_HOME, &ll_router, pd_rh2(o, HOME, COA2, HOME2));
	o = udp(HOME, HOME2, 1476);
	pf_tun(f, o);
	assert_int_equal(f->outs, 2);
	o = udp(HOME, HOME2, 1477);
	pf_tun(f, o);
	pf_is_error(f, 2, HOME, HOME, 2, 0, 1476, o);
	pf_clear(f);
	/* It is on the home link: the core is asked for its row. */
	row.peer = addr(BESIDE);
	pf_set(f, row);
	o = udp(HOME, HOME2, 200);
	pf_tun(f, o);
	assert_int_equal(f->outs, 0);
	pd_is_hint(f, f->hints - 1, MIP6_HINT_NO_ROW, HOME, BESIDE);
	{
		struct mip6_fwd_row beside =
		    pf_row(MIP6_FWD_MN_NEIGHBOUR, HOME, "::", "::");

		beside.other = addr(BESIDE);
		pf_set(f, beside);
	}
	pf_is_frame(f, 0, LINK_HOME, &ll_router,
	    pd_rh2(o, HOME, BESIDE, HOME2));
	pf_close(f);
}

/* Rows come, change and go; the one of the tunnel stays. */
static void
test_changes(void **state)
{
	struct mip6_addr home = addr(HOME), peer = addr(PEER);
	struct octets o = udp(HOME, PEER, 100);
	struct pf *f = pd_open_mn();

	(void)state;
	/* A move: another care-of address. */
	pf_set(f, pd_row(HOME, PEER, COA2, PEER));
	pf_tun(f, o);
	pf_is_frame(f, 0, LINK_AWAY, &ll_router, pd_hao(o, COA2, PEER, HOME));
	mip6_path_row_del(f->path, &home, &peer);
	pf_tun(f, o);
	pf_is_frame(f, 1, LINK_AWAY, &ll_router, wrapped(COA, AGENT, o));
	/* The row for everybody is no pair's. */
	{
		struct mip6_fwd_row row = pd_row(HOME, "::", COA, PEER);

		assert_false(mip6_path_row_set(f->path, &row));
	}
	pf_close(f);
}

/* More care-of addresses in a life than there is room for at once. */
static void
test_many_moves(void **state)
{
	struct pf *f = pd_open_mn();
	struct mip6_fwd_row row = pd_row(HOME, PEER, COA, PEER);
	uint32_t i;

	(void)state;
	for (i = 0; i < 2000; i++) {
		row.local.b[14] = (uint8_t)(i >> 8);
		row.local.b[13] = (uint8_t)i;
		pf_set(f, row);
	}
	pf_close(f);
}

/* What a link could not take waits, with its headers. */
static void
test_waits(void **state)
{
	struct octets o = udp(HOME, PEER, 100);
	struct pf *f = pd_open_mn();

	(void)state;
	pf_hop(f, 0, LINK_AWAY, false);
	pf_tun(f, o);
	assert_int_equal(f->outs, 0);
	pf_hop(f, 0, LINK_AWAY, true);
	pf_is_frame(f, 0, LINK_AWAY, &ll_router, pd_hao(o, COA, PEER, HOME));
	pf_close(f);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_headers),
		cmocka_unit_test(test_order),
		cmocka_unit_test(test_not_direct),
		cmocka_unit_test(test_mtu),
		cmocka_unit_test(test_as_others),
		cmocka_unit_test(test_changes),
		cmocka_unit_test(test_many_moves),
		cmocka_unit_test(test_waits),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
