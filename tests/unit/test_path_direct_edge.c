/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Route optimization at its edges: ways that are blocked, headers that are
 * wrong in ways that are no matter of ours, the smallest and the largest
 * packets, and limits that one must not use up for the others.
 *
 * Links: path
 */
#include "unit/path_direct.h"

#define ROUTER "2001:db8:a::1"

/* A home address whose row has no way of its own while nothing is bound. */
static void
test_blocked(void **state)
{
	struct octets o = udp(HOME, HOME2, 200);
	struct mip6_fwd_row row = pd_row(HOME, HOME2, HOME, COA2);
	struct pf *f = pf_open();

	(void)state;
	row.hop = MIP6_HOP_NONE;
	pf_hop(f, 0, LINK_AWAY, true);
	pf_set(f, pf_row(MIP6_FWD_MN_BLOCK, HOME, "::", "::"));
	pf_set(f, row);
	pf_tun(f, o);
	/* What it hears is about what it sent. */
	pf_is_error(f, 0, HOME, HOME, 1, 0, 0, o);
	assert_int_equal(f->out[0].ifindex, 0);
	pf_dropped_only(f, MIP6_DROP_BLOCKED);
	assert_int_equal(f->hints, 0);
	assert_int_equal(mip6_path_counters(f->path)->direct_out, 0);
	assert_int_equal(pd_octets(f, HOME, HOME2, false), 0);
	/* The same where there is no row for the others at all. */
	pf_close(f);
	f = pf_open();
	row = pd_row(PEER, HOME, PEER, COA);
	row.hop = MIP6_HOP_NONE;
	pf_set(f, row);
	pf_tun(f, udp(PEER, HOME, 100));
	pf_dropped_only(f, MIP6_DROP_NO_ROUTE);
	assert_int_equal(mip6_path_counters(f->path)->direct_out, 0);
	pf_close(f);
}

/* A tunnel that the two hosts have with each other is theirs. */
static void
test_tunnels_inside(void **state)
{
	struct octets o =
	    ip6(HOME2, HOME, MIP6_NH_IPV6, 64, udp(COA2, COA, 90));
	struct octets from =
	    ip6(HOME, PEER, MIP6_NH_IPV6, 64, udp(COA, PEER, 90));
	struct pf *f = pd_open_mn();

	(void)state;
	pf_tun(f, from);
	pf_is_frame(f, 0, LINK_AWAY, &ll_router, pd_hao(from, COA, PEER, HOME));
	pf_link(f, LINK_AWAY, pd_both(o, COA2, COA, HOME2, HOME));
	pf_is_tun(f, 1, o);
	assert_int_equal(pf_dropped_all(f), 0);
	pf_close(f);
	f = pd_open_cn();
	pf_link(f, LINK_AWAY, pd_hao(from, COA, PEER, HOME));
	pf_is_tun(f, 0, from);
	pf_close(f);
}

/* An options header with one of a type that nobody knows. */
static struct octets
strange(uint8_t next, uint8_t type)
{
	struct octets o = { .n = 6, .v = { type, 4, 1, 2, 3, 4 } };

	return header(next, o);
}

/*
 * An option that is unknown is the host's to judge, which sends the error that
 * it asks for; with headers of ours in the wrong place nothing is better.
 */
static void
test_unknown_options(void **state)
{
	static const uint8_t types[] = { 0x1e, 0x5e, 0x9e, 0xde };
	struct octets up = part(udp(HOME2, HOME, 100), 40, 60), o, head;
	struct octets twice =
	    join(hao(MIP6_NH_DSTOPTS, HOME2), hao(MIP6_NH_UDP, HOME2));
	struct pf *f;
	size_t i;

	(void)state;
	for (i = 0; i < MIP6_COUNT(types); i++) {
		f = pd_open_mn();
		/* behind our headers */
		o = ip6(HOME2, HOME, MIP6_NH_DSTOPTS, 64,
		    join(strange(MIP6_NH_UDP, types[i]), up));
		pf_link(f, LINK_AWAY, pd_both(o, COA2, COA, HOME2, HOME));
		pf_is_tun(f, 0, o);
		/* in front of them */
		o = ip6(HOME2, HOME, MIP6_NH_HOPOPTS, 64,
		    join(strange(MIP6_NH_UDP, types[i]), up));
		head = join(strange(MIP6_NH_ROUTING, types[i]),
		    join(rh2(MIP6_NH_DSTOPTS, HOME), hao(MIP6_NH_UDP, HOME2)));
		pf_link(f, LINK_AWAY,
		    ip6(COA2, COA, MIP6_NH_HOPOPTS, 64, join(head, up)));
		pf_is_tun(f, 1, o);
		assert_int_equal(pf_dropped_all(f), 0);
		/* not proven: not given to it */
		pf_link(f, LINK_AWAY,
		    ip6(PEER, COA, MIP6_NH_HOPOPTS, 64, join(head, up)));
		pf_dropped_only(f, MIP6_DROP_HAO_NO_BINDING);
		assert_int_equal(f->outs, 2);
		pf_close(f);
		/* a fault behind it is one all the same */
		f = pd_open_mn();
		head = join(strange(MIP6_NH_ROUTING, types[i]),
		    join(rh2(MIP6_NH_DSTOPTS, HOME), twice));
		pf_link(f, LINK_AWAY,
		    ip6(COA2, COA, MIP6_NH_HOPOPTS, 64, join(head, up)));
		pf_dropped_only(f, MIP6_DROP_HAO_TWICE);
		pf_close(f);
		f = pd_open_mn();
		head = join(strange(MIP6_NH_DSTOPTS, types[i]),
		    join(hao(MIP6_NH_ROUTING, HOME2), rh2(MIP6_NH_UDP, HOME)));
		pf_link(f, LINK_AWAY,
		    ip6(COA2, COA, MIP6_NH_HOPOPTS, 64, join(head, up)));
		pf_dropped_only(f, MIP6_DROP_HAO_ORDER);
		assert_int_equal(f->outs, 0);
		pf_close(f);
	}
}

/* What is wrong before it has our headers is not better with them. */
static void
test_wrong_already(void **state)
{
	struct octets up = part(udp(HOME, PEER, 100), 40, 60);
	struct octets four = { .n = 6, .v = { 0xc9, 4 } };
	struct octets rows[] = {
		/* a Home Address option that is too short */
		ip6(HOME, PEER, MIP6_NH_DSTOPTS, 64,
		    join(header(MIP6_NH_UDP, four), up)),
		/* hop-by-hop options that are not the first */
		ip6(HOME, PEER, MIP6_NH_DSTOPTS, 64,
		    join(options(MIP6_NH_HOPOPTS),
			join(options(MIP6_NH_UDP), up))),
		/* behind an option that nobody knows */
		ip6(HOME, PEER, MIP6_NH_HOPOPTS, 64,
		    join(strange(MIP6_NH_DSTOPTS, 0x9e),
			join(header(MIP6_NH_UDP, four), up))),
	};
	struct octets o;
	struct pf *f;
	size_t i;

	(void)state;
	for (i = 0; i < MIP6_COUNT(rows); i++) {
		f = pd_open_mn();
		pf_tun(f, rows[i]);
		pf_is_frame(f, 0, LINK_AWAY, &ll_router,
		    wrapped(COA, AGENT, rows[i]));
		assert_int_equal(mip6_path_counters(f->path)->direct_out, 0);
		pf_close(f);
	}
	/* An option that nobody knows is no fault of this kind. */
	f = pd_open_mn();
	o = ip6(HOME, PEER, MIP6_NH_DSTOPTS, 64,
	    join(strange(MIP6_NH_UDP, 0x9e), up));
	pf_tun(f, o);
	pf_is_frame(f, 0, LINK_AWAY, &ll_router, pd_hao(o, COA, PEER, HOME));
	pf_close(f);
}

/* The path by way of the home agent has an MTU of its own. */
static void
test_native_mtu(void **state)
{
	struct octets ah = { .n = 24, .v = { MIP6_NH_UDP, 4 } };
	struct octets o =
	    ip6(PEER, HOME, MIP6_NH_AH, 64, join(ah, fill(1386, 0)));
	struct mip6_fwd_row row = pd_row(PEER, HOME, PEER, COA);
	struct pf *f = pd_open_cn();

	(void)state;
	row.mtu = 1300;
	pf_set(f, row);
	pf_tun(f, o);
	pf_is_frame(f, 0, LINK_AWAY, &ll_router, o);
	assert_int_equal(f->outs, 1);
	/* A fragment of the host's is not cut into fragments. */
	o = ip6(PEER, HOME, MIP6_NH_FRAGMENT, 64,
	    frag(MIP6_NH_AH, 0, true, 1, fill(1400, 0)));
	pf_tun(f, o);
	pf_is_frame(f, 1, LINK_AWAY, &ll_router, o);
	assert_int_equal(f->outs, 2);
	pf_close(f);
}

/* A link that became narrower, before its rows are set again. */
static void
test_link_mtu(void **state)
{
	static const struct mip6_path_link narrow = { LINK_AWAY,
		{ { 2, 0, 0, 0, 0, 2 } }, 1400, false };
	struct octets o = udp(HOME, PEER, 1377);
	struct pf *f = pd_open_mn();

	(void)state;
	assert_true(mip6_path_link_set(f->path, &narrow));
	pf_tun(f, o);
	pf_is_error(f, 0, HOME, HOME, 2, 0, 1376, o);
	o = udp(HOME, PEER, 1376);
	pf_tun(f, o);
	pf_is_frame(f, 1, LINK_AWAY, &ll_router, pd_hao(o, COA, PEER, HOME));
	/* Without the link there is no way at all. */
	mip6_path_link_del(f->path, LINK_AWAY);
	pf_tun(f, o);
	assert_int_equal(pf_dropped(f, MIP6_DROP_NO_ROUTE), 1);
	assert_int_equal(f->outs, 2);
	pf_close(f);
}

/* The smallest packets there are, in and out. */
static void
test_empty(void **state)
{
	static const uint8_t next[] = { MIP6_NH_NONE, MIP6_NH_UDP, MIP6_NH_TCP,
		MIP6_NH_ICMPV6, MIP6_NH_ESP };
	struct octets jumbo = { .n = 6, .v = { 0xc2, 4, 0, 1, 0, 0 } };
	struct octets o;
	struct pf *f;
	size_t i;

	(void)state;
	for (i = 0; i < MIP6_COUNT(next); i++) {
		f = pd_open_mn();
		o = ip6(HOME, HOME2, next[i], 64, fill(0, 0));
		pf_tun(f, o);
		pf_is_frame(f, 0, LINK_AWAY, &ll_router,
		    pd_both(o, COA, COA2, HOME, HOME2));
		o = ip6(HOME2, HOME, next[i], 64, fill(0, 0));
		pf_link(f, LINK_AWAY, pd_both(o, COA2, COA, HOME2, HOME));
		pf_is_tun(f, 1, o);
		pf_close(f);
	}
	/* A jumbogram says that its payload is none: its chain has no end. */
	f = pd_open_mn();
	o = ip6(HOME, PEER, MIP6_NH_HOPOPTS, 64,
	    join(header(MIP6_NH_UDP, jumbo), fill(60, 0)));
	o.v[4] = o.v[5] = 0;
	pf_tun(f, o);
	assert_int_equal(mip6_path_counters(f->path)->direct_out, 0);
	memcpy(o.v + 8, addr(PEER).b, 16);
	memcpy(o.v + 24, addr(COA).b, 16);
	pf_link(f, LINK_AWAY, o);
	assert_int_equal(f->outs, 1);
	assert_int_equal(pf_dropped(f, MIP6_DROP_TRUNCATED), 1);
	pf_close(f);
}

/* And the largest: 65,535 octets of payload, on a link that can. */
static void
test_largest(void **state)
{
	static const struct mip6_path_link wide = { LINK_AWAY,
		{ { 2, 0, 0, 0, 0, 2 } }, 65535, false };
	struct mip6_fwd_row row = pd_row(HOME, HOME2, COA, COA2);
	size_t room = 65535 - 48, n;
	uint8_t *v = test_malloc(65600);
	const uint8_t *out;
	struct mip6_pkt *pkt;
	struct pf *f;

	(void)state;
	memset(v, 7, 65600);
	memcpy(v, udp(HOME, HOME2, 48).v, 48);
	for (n = room - 1; n <= room + 1; n++) {
		f = pd_open_mn();
		assert_true(mip6_path_link_set(f->path, &wide));
		row.mtu = 65535;
		pf_set(f, row);
		v[4] = (uint8_t)((n - 40) >> 8);
		v[5] = (uint8_t)(n - 40);
		pkt = pf_pkt(f, v, n);
		mip6_path_from_tun(f->path, &f->now, &pkt, 1);
		assert_int_equal(f->outs, 1);
		if (n <= room) {
			assert_int_equal(f->out[0].pkt->count, n + 48 + 14);
			out = mip6_pkt_octets(f->out[0].pkt) + 14;
			assert_int_equal(out[4] << 8 | out[5], n + 48 - 40);
			assert_memory_equal(out + 88, v + 40, n - 40);
		} else {
			assert_int_equal(f->out[0].ifindex, 0);
			assert_int_equal(mip6_pkt_octets(f->out[0].pkt)[40], 2);
		}
		pf_close(f);
	}
	test_free(v);
}

/* One row's errors and one sender's options are not at others' cost. */
static void
test_limits(void **state)
{
	struct octets a = udp(PEER, HOME, 100), b = udp(PEER, HOME2, 100);
	struct octets e =
	    icmp(ROUTER, PEER, 64, 1, 0, 0, pd_rh2(a, PEER, COA, HOME));
	struct octets u = udp(HOME2, HOME, 100);
	struct pf *f = pd_open_cn();
	size_t i;

	(void)state;
	pf_set(f, pd_row(PEER, HOME2, PEER, COA2));
	for (i = 0; i < 200; i++)
		pf_link(f, LINK_AWAY, e);
	assert_int_equal(f->outs, 32);
	assert_int_equal(f->hints, 4);
	e = icmp(ROUTER, PEER, 64, 1, 0, 0, pd_rh2(b, PEER, COA2, HOME2));
	pf_link(f, LINK_AWAY, e);
	pf_is_error(f, 32, ROUTER, PEER, 1, 0, 0, b);
	pd_is_hint(f, 4, MIP6_HINT_ICMP_ERROR, ROUTER, PEER);
	pf_close(f);

	/* Home addresses that nobody has, more than are told of. */
	f = pf_open_home();
	for (i = 0; i < 400; i++) {
		struct octets w = pd_hao(u, COA2, HOME, HOME2);

		w.v[40 + 8 + 14] = (uint8_t)(i >> 8);
		w.v[40 + 8 + 15] = (uint8_t)i;
		pf_link(f, LINK_HOME, w);
	}
	assert_int_equal(f->hints, 100);
	assert_int_equal(f->outs, 0);
	/* A neighbour is found all the same. */
	pf_tun(f, udp(HOME, BESIDE, 100));
	assert_int_equal(f->hints, 101);
	pd_is_hint(f, 100, MIP6_HINT_NO_ROW, HOME, BESIDE);
	pf_close(f);
}

/* The headers of a whole packet are those in front of its first fragment. */
static void
test_front(void **state)
{
	struct octets up = fill(60, 128);
	struct octets option = join(hao(MIP6_NH_ICMPV6, HOME2), up);
	struct octets plain = join(options(MIP6_NH_ICMPV6), up);
	struct octets routing = rh2(MIP6_NH_FRAGMENT, HOME);
	struct octets both =
	    join(rh2(MIP6_NH_DSTOPTS, HOME), hao(MIP6_NH_FRAGMENT, HOME2));
	struct octets first, last;
	struct pf *f;
	size_t i;

	(void)state;
	for (i = 0; i < 2; i++) {
		/* The option is hidden; the last fragment shows one. */
		first = ip6(COA2, COA, MIP6_NH_ROUTING, 64,
		    join(routing,
			frag(MIP6_NH_DSTOPTS, 0, true, 5,
			    part(option, 0, 40))));
		last = ip6(COA2, COA, MIP6_NH_ROUTING, 64,
		    join(both,
			frag(MIP6_NH_DSTOPTS, 40, false, 5,
			    part(option, 40, option.n - 40))));
		f = pd_open_mn();
		pf_link(f, LINK_AWAY, i == 0 ? first : last);
		pf_link(f, LINK_AWAY, i == 0 ? last : first);
		pf_dropped_only(f, MIP6_DROP_HAO_ORDER);
		assert_int_equal(f->outs, 0);
		pf_close(f);
		/* The first one shows it, and that is enough. */
		first = ip6(COA2, COA, MIP6_NH_ROUTING, 64,
		    join(both,
			frag(MIP6_NH_DSTOPTS, 0, true, 5, part(plain, 0, 40))));
		last = ip6(COA2, COA, MIP6_NH_FRAGMENT, 64,
		    frag(MIP6_NH_DSTOPTS, 40, false, 5,
			part(plain, 40, plain.n - 40)));
		f = pd_open_mn();
		pf_link(f, LINK_AWAY, i == 0 ? first : last);
		pf_link(f, LINK_AWAY, i == 0 ? last : first);
		pf_is_tun(f, 0, ip6(HOME2, HOME, MIP6_NH_DSTOPTS, 64, plain));
		pf_close(f);
	}
}

/* An error would be larger than what came: the unproven get none. */
static void
test_reflected(void **state)
{
	struct octets bad = frag(MIP6_NH_ICMPV6, 0, true, 5, fill(50, 128));
	struct octets good = frag(MIP6_NH_ICMPV6, 0, true, 6, fill(48, 128));
	struct octets head = hao(MIP6_NH_FRAGMENT, HOME);
	struct octets o;
	struct pf *f = pd_open_cn();

	(void)state;
	pf_link(f, LINK_AWAY,
	    ip6(COA2, PEER, MIP6_NH_DSTOPTS, 64, join(head, bad)));
	pf_link(f, LINK_AWAY,
	    ip6(COA2, PEER, MIP6_NH_DSTOPTS, 64, join(head, good)));
	pf_wait(f, 61000000);
	mip6_path_timer(f->path, &f->now);
	assert_int_equal(pf_dropped(f, MIP6_DROP_FRAGMENT_BAD), 1);
	assert_int_equal(pf_dropped(f, MIP6_DROP_FRAGMENT_TIMEOUT), 1);
	assert_int_equal(f->outs, 0);
	/* Of those who are where they say it is heard, of others too. */
	o = ip6(COA, PEER, MIP6_NH_DSTOPTS, 64, join(head, bad));
	pf_link(f, LINK_AWAY, o);
	pf_is_error(f, 0, PEER, COA, 4, 0, 4, o);
	o = ip6(COA2, PEER, MIP6_NH_FRAGMENT, 64, bad);
	pf_link(f, LINK_AWAY, o);
	pf_is_error(f, 1, PEER, COA2, 4, 0, 4, o);
	pf_close(f);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_blocked),
		cmocka_unit_test(test_tunnels_inside),
		cmocka_unit_test(test_unknown_options),
		cmocka_unit_test(test_wrong_already),
		cmocka_unit_test(test_native_mtu),
		cmocka_unit_test(test_link_mtu),
		cmocka_unit_test(test_empty),
		cmocka_unit_test(test_largest),
		cmocka_unit_test(test_limits),
		cmocka_unit_test(test_front),
		cmocka_unit_test(test_reflected),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
