/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * ICMPv6 errors about route-optimized packets: the application's socket gets
 * one about the packet it sent, the core the one that came; and whatever the
 * quoted packet claims to be, nothing else happens.
 *
 * Links: path
 */
#include "unit/path_direct.h"

#define ROUTER "2001:db8:a::1"

static struct octets
error_to(const char *to, uint8_t type, uint8_t code, uint32_t word,
    struct octets quoted)
{
	if (quoted.n > 1280 - 48)
		quoted.n = 1280 - 48;
	return icmp(ROUTER, to, 64, type, code, word, quoted);
}

/* As much of `o` as an error about it with `added` octets more quoted. */
static struct octets
quote(struct octets o, size_t added)
{
	return part(o, 0, o.n + added < 1232 ? o.n : 1232 - added);
}

static void
test_translated(void **state)
{
	struct octets small = udp(HOME, HOME2, 1280);
	struct octets big = udp(HOME, HOME2, 1400);
	struct {
		uint8_t type, code;
		uint32_t word;
		struct octets o;
		int out_type, out_code; /* -1: nothing */
		uint32_t out_word;
	} rows[] = {
		{ 1, 0, 0, small, 1, 0, 0 },
		{ 1, 3, 7, big, 1, 3, 0 },
		{ 1, 4, 0, small, 1, 4, 0 },
		{ 3, 0, 0, small, 3, 0, 0 },
		{ 3, 1, 0, small, 3, 1, 0 },
		/* pointers: before, at and behind the headers */
		{ 4, 0, 4, small, 4, 0, 4 },
		{ 4, 1, 6, small, -1, 0, 0 },
		{ 4, 0, 40, small, -1, 0, 0 },
		{ 4, 0, 42, small, -1, 0, 0 },
		{ 4, 1, 64, small, 4, 1, 6 },
		{ 4, 2, 70, small, -1, 0, 0 },
		{ 4, 0, 87, small, -1, 0, 0 },
		{ 4, 0, 88, small, 4, 0, 40 },
		/* of a type that is not known: passed on */
		{ 100, 5, 77, small, 100, 5, 77 },
		/* sizes */
		{ 2, 0, 1400, big, 2, 0, 1352 },
		{ 2, 0, 1329, big, 2, 0, 1281 },
		{ 2, 0, 1328, big, 2, 0, 1280 },
		{ 2, 0, 1280, big, 2, 0, 1280 },
		{ 2, 0, 0, big, 2, 0, 1280 },
		{ 2, 0, 1447, big, 2, 0, 1399 },
		{ 2, 0, 1300, small, -1, 0, 0 },
		{ 2, 0, 1300, udp(HOME, HOME2, 1281), 2, 0, 1280 },
	};
	struct pf *f;
	size_t i;

	(void)state;
	for (i = 0; i < MIP6_COUNT(rows); i++) {
		struct octets e = error_to(COA, rows[i].type, rows[i].code,
		    rows[i].word, pd_both(rows[i].o, COA, COA2, HOME, HOME2));

		f = pd_open_mn();
		pf_link(f, LINK_AWAY, e);
		assert_int_equal(f->hints, 1);
		pd_is_hint(f, 0, MIP6_HINT_ICMP_ERROR, ROUTER, COA);
		assert_memory_equal(f->hint[0].hint.octets, e.v, e.n);
		assert_int_equal(pf_dropped_all(f), 0);
		assert_int_equal(f->outs, rows[i].out_type != -1);
		if (rows[i].out_type != -1) {
			assert_int_equal(f->out[0].ifindex, 0);
			pf_is_error(f, 0, ROUTER, HOME,
			    (uint8_t)rows[i].out_type,
			    (uint8_t)rows[i].out_code, rows[i].out_word,
			    quote(rows[i].o, 48));
		}
		pf_close(f);
	}
}

/* The other two kinds of pair, and a router that has no such address. */
static void
test_kinds(void **state)
{
	struct octets o = udp(HOME, PEER, 200), e;
	struct pf *f = pd_open_mn();

	(void)state;
	pf_link(f, LINK_AWAY,
	    error_to(COA, 1, 0, 0, pd_hao(o, COA, PEER, HOME)));
	pf_is_error(f, 0, ROUTER, HOME, 1, 0, 0, o);
	e = icmp("fe80::1", COA, 64, 3, 0, 0, pd_hao(o, COA, PEER, HOME));
	pf_link(f, LINK_AWAY, e);
	pf_is_error(f, 1, HOME, HOME, 3, 0, 0, o);
	pf_close(f);
	f = pd_open_cn();
	o = udp(PEER, HOME, 1400);
	pf_link(f, LINK_AWAY,
	    error_to(PEER, 2, 0, 1300, pd_rh2(o, PEER, COA, HOME)));
	pf_is_error(f, 0, ROUTER, PEER, 2, 0, 1280, quote(o, 24));
	/* Behind hop-by-hop options the same headers name others. */
	o = ip6(PEER, HOME, MIP6_NH_HOPOPTS, 64,
	    join(options(MIP6_NH_UDP), part(o, 40, 100)));
	e = ip6(PEER, COA, MIP6_NH_HOPOPTS, 64,
	    join(options(MIP6_NH_ROUTING),
		join(rh2(MIP6_NH_UDP, HOME), part(o, 48, 100))));
	pf_link(f, LINK_AWAY, error_to(PEER, 4, 1, 48, e));
	pf_is_error(f, 1, ROUTER, PEER, 4, 1, 40, o);
	pf_link(f, LINK_AWAY, error_to(PEER, 4, 1, 40, e));
	assert_int_equal(f->outs, 2);
	pf_link(f, LINK_AWAY, error_to(PEER, 4, 1, 6, e));
	pf_is_error(f, 2, ROUTER, PEER, 4, 1, 6, o);
	pf_close(f);
}

/* Sent through the tunnel or at home, with a routing header inside. */
static void
test_inside(void **state)
{
	struct octets o = udp(HOME, HOME2, 1400), e;
	struct mip6_fwd_row row = pd_row(HOME, HOME2, HOME, COA2);
	struct octets w = pd_rh2(o, HOME, COA2, HOME2);
	struct pf *f = pf_open_mn();

	(void)state;
	row.hop = MIP6_HOP_NONE;
	pf_set(f, row);
	/* About the packet of the tunnel. */
	pf_link(f, LINK_AWAY,
	    error_to(COA, 2, 0, 1400, wrapped(COA, AGENT, w)));
	pf_is_error(f, 0, HOME, HOME, 2, 0, 1400 - 40 - 24, quote(o, 64));
	pf_link(f, LINK_AWAY,
	    error_to(COA, 2, 0, 1330, wrapped(COA, AGENT, w)));
	pf_is_error(f, 1, HOME, HOME, 2, 0, 1280, quote(o, 64));
	pf_link(f, LINK_AWAY, error_to(COA, 1, 0, 0, wrapped(COA, AGENT, w)));
	pf_is_error(f, 2, HOME, HOME, 1, 3, 0, quote(o, 64));
	/* Small without that header: it is cut on its way. */
	pf_link(f, LINK_AWAY,
	    error_to(COA, 2, 0, 1300,
		wrapped(COA, AGENT,
		    pd_rh2(udp(HOME, HOME2, 1270), HOME, COA2, HOME2))));
	assert_int_equal(f->outs, 3);
	pf_clear(f);
	pf_wait(f, 1000000);
	/* From behind the home agent, through the tunnel. */
	e = error_to(HOME, 2, 0, 1400, w);
	pf_link(f, LINK_AWAY, tunnel(AGENT, COA, e));
	pf_is_error(f, 0, ROUTER, HOME, 2, 0, 1376, quote(o, 24));
	assert_int_equal(f->hints, 2);
	pd_is_hint(f, 1, MIP6_HINT_ICMP_ERROR, ROUTER, HOME);
	assert_memory_equal(f->hint[1].hint.octets, e.v, e.n);
	/* One about something else is the host's, as it came. */
	e = error_to(HOME, 1, 0, 0, udp(HOME, PEER, 100));
	pf_link(f, LINK_AWAY, tunnel(AGENT, COA, e));
	pf_is_tun(f, 1, e);
	e = error_to(HOME, 1, 0, 0, pd_rh2(o, BESIDE, COA2, HOME2));
	pf_link(f, LINK_AWAY, tunnel(AGENT, COA, e));
	pf_is_tun(f, 2, e);
	pf_close(f);
	f = pf_open_home();
	pf_set(f, row);
	pf_link(f, LINK_HOME, error_to(HOME, 1, 3, 0, w));
	pf_is_error(f, 0, ROUTER, HOME, 1, 3, 0, quote(o, 24));
	e = error_to(HOME, 1, 3, 0, o);
	pf_link(f, LINK_HOME, e);
	pf_is_tun(f, 1, e);
	/* From an address that is not where it was sent from. */
	e = error_to(HOME, 1, 3, 0, pd_both(o, COA, COA2, HOME, HOME2));
	pf_set(f, pd_row(HOME, HOME2, COA, COA2));
	pf_link(f, LINK_HOME, e);
	pf_is_tun(f, 2, e);
	pf_close(f);
}

/* Quoted packets that no pair has sent. */
static void
test_not_ours(void **state)
{
	struct octets o = udp(HOME, HOME2, 100);
	struct octets rows[] = {
		pd_both(o, COA, PEER, HOME, HOME2),
		pd_both(o, COA, COA2, BESIDE, HOME2),
		pd_both(o, COA, COA2, HOME, BESIDE),
		pd_hao(o, COA, COA2, HOME),
		pd_rh2(o, COA, COA2, HOME2),
		pd_both(o, COA2, COA2, HOME, HOME2),
		/* a routing header that is used up */
		pd_both(o, COA, COA2, HOME, HOME2),
		pd_wire(o, COA, COA2, MIP6_NH_ROUTING,
		    join(rh2(MIP6_NH_DSTOPTS, HOME2),
			join(hao(MIP6_NH_DSTOPTS, HOME),
			    hao(MIP6_NH_UDP, HOME)))),
	};
	struct octets whole, e;
	struct pf *f;
	size_t i, n;

	(void)state;
	rows[6].v[43] = 0;
	for (i = 0; i < MIP6_COUNT(rows); i++) {
		f = pd_open_mn();
		pf_link(f, LINK_AWAY, error_to(COA, 1, 0, 0, rows[i]));
		pf_dropped_only(f, MIP6_DROP_ICMP_QUOTE);
		assert_int_equal(f->outs, 0);
		assert_int_equal(f->hints, 0);
		pf_close(f);
	}
	/* The size it names was not exceeded. */
	f = pd_open_mn();
	whole = pd_both(udp(HOME, HOME2, 1400), COA, COA2, HOME, HOME2);
	pf_link(f, LINK_AWAY, error_to(COA, 2, 0, 1448, whole));
	pf_dropped_only(f, MIP6_DROP_ICMP_IGNORED);
	assert_int_equal(f->hints, 0);
	pf_close(f);
	/* Cut anywhere: with both headers it is known, else it is not. */
	whole = pd_both(o, COA, COA2, HOME, HOME2);
	for (n = 0; n <= whole.n; n++) {
		f = pd_open_mn();
		e = error_to(COA, 1, 0, 0, part(whole, 0, n));
		pf_link(f, LINK_AWAY, e);
		assert_int_equal(f->hints, n >= 88);
		assert_int_equal(f->outs, n >= 88);
		if (n >= 88)
			pf_is_error(f, 0, ROUTER, HOME, 1, 0, 0,
			    part(o, 0, n - 48));
		pf_close(f);
	}
	/* Every octet of it turned: no harm, and nothing on a link. */
	for (n = 0; n < 96; n++) {
		for (i = 0; i < 8; i++) {
			e = whole;
			e.v[n] ^= (uint8_t)(1U << i);
			f = pd_open_mn();
			pf_link(f, LINK_AWAY, error_to(COA, 1, 0, 0, e));
			assert_true(f->outs <= 1);
			if (f->outs == 1)
				assert_int_equal(f->out[0].ifindex, 0);
			pf_close(f);
		}
	}
}

/* Neither about errors, nor more of them than there may be. */
static void
test_limits(void **state)
{
	struct octets about = icmp(HOME, HOME2, 64, 1, 0, 0, fill(60, 0));
	struct octets o = udp(HOME, HOME2, 100);
	struct pf *f = pd_open_mn();
	size_t i;

	(void)state;
	pf_link(f, LINK_AWAY,
	    error_to(COA, 1, 0, 0, pd_both(about, COA, COA2, HOME, HOME2)));
	assert_int_equal(f->outs, 0);
	for (i = 0; i < 200; i++)
		pf_link(f, LINK_AWAY,
		    error_to(COA, 1, 0, 0, pd_both(o, COA, COA2, HOME, HOME2)));
	assert_int_equal(f->outs, 32);
	assert_true(f->hints <= 4);
	/* Messages of mobility are the core's alone. */
	pf_clear(f);
	pf_wait(f, 10000000);
	pf_link(f, LINK_AWAY,
	    error_to(COA, 1, 0, 0,
		pd_both(ip6(HOME, HOME2, MIP6_NH_MH, 64, mobility()), COA, COA2,
		    HOME, HOME2)));
	assert_int_equal(f->outs, 0);
	assert_int_equal(f->hints, 1);
	pf_close(f);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_translated),
		cmocka_unit_test(test_kinds),
		cmocka_unit_test(test_inside),
		cmocka_unit_test(test_not_ours),
		cmocka_unit_test(test_limits),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
