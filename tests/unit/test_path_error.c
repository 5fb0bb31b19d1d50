/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * ICMPv6 errors: when one is made, and what becomes of those that come back
 * about a tunnel's outer packets.  The quoted packet is cut at every length,
 * and every octet of it is turned.
 *
 * Links: path
 */
#include "unit/path_support.h"

#define ROUTER "2001:db8:a::1" /* on the way, it finds the faults */

/* An error about `outer` that a router sends to `to`. */
static struct octets
error_to(const char *to, uint8_t type, uint8_t code, uint32_t word,
    struct octets outer)
{
	if (outer.n > 1280 - 48)
		outer.n = 1280 - 48;
	return icmp(ROUTER, to, 64, type, code, word, outer);
}

static struct octets
outer_mn(struct octets inner)
{
	return wrapped(COA, AGENT, inner);
}

/* What each error about a packet of the tunnel becomes. */
static void
test_translated(void **state)
{
	struct octets small = udp(HOME, PEER, 1280);
	struct octets big = udp(HOME, PEER, 1400);
	struct {
		uint8_t type, code;
		uint32_t word;
		struct octets inner;
		int out_type, out_code; /* -1: nothing */
		uint32_t out_word;
	} rows[] = {
		{ 1, 0, 0, small, 1, 3, 0 },
		{ 1, 1, 0, small, 1, 3, 0 },
		{ 1, 3, 0, big, 1, 3, 0 },
		{ 3, 0, 0, small, 1, 3, 0 },
		{ 3, 1, 0, small, -1, 0, 0 },
		{ 4, 0, 6, small, -1, 0, 0 },
		{ 4, 1, 6, small, -1, 0, 0 },
		{ 100, 0, 0, small, -1, 0, 0 },
		{ 2, 0, 1400, big, 2, 0, 1360 },
		{ 2, 0, 1321, big, 2, 0, 1281 },
		{ 2, 0, 1320, big, 2, 0, 1280 },
		{ 2, 0, 1319, big, 2, 0, 1280 },
		{ 2, 0, 1280, big, 2, 0, 1280 },
		{ 2, 0, 0, big, 2, 0, 1280 },
		{ 2, 0, 1439, big, 2, 0, 1399 },
		{ 2, 0, 1300, small, -1, 0, 0 },
		{ 2, 0, 1300, udp(HOME, PEER, 1281), 2, 0, 1280 },
	};
	struct pf *f;
	size_t i;

	(void)state;
	for (i = 0; i < MIP6_COUNT(rows); i++) {
		struct octets e = error_to(COA, rows[i].type, rows[i].code,
		    rows[i].word, outer_mn(rows[i].inner));

		f = pf_open_mn();
		pf_link(f, LINK_AWAY, e);
		/* The core hears of each. */
		assert_int_equal(f->hints, 1);
		assert_int_equal(f->hint[0].hint.kind, MIP6_HINT_ICMP_ERROR);
		assert_int_equal(f->hint[0].hint.count, e.n);
		assert_memory_equal(f->hint[0].hint.octets, e.v, e.n);
		assert_int_equal(pf_dropped_all(f), 0);
		assert_int_equal(f->outs, rows[i].out_type != -1);
		if (rows[i].out_type != -1)
			pf_is_error(f, 0, HOME, HOME, (uint8_t)rows[i].out_type,
			    (uint8_t)rows[i].out_code, rows[i].out_word,
			    part(rows[i].inner, 0,
				rows[i].inner.n < 1280 - 48 - 40 ?
				    rows[i].inner.n :
				    1280 - 48 - 40));
		pf_close(f);
	}
}

/* The size it names was not exceeded by what it quotes. */
static void
test_bogus_size(void **state)
{
	struct octets big = udp(HOME, PEER, 1400);
	struct pf *f = pf_open_mn();

	(void)state;
	pf_link(f, LINK_AWAY, error_to(COA, 2, 0, 1440, outer_mn(big)));
	pf_dropped_only(f, MIP6_DROP_ICMP_IGNORED);
	pf_link(f, LINK_AWAY, error_to(COA, 2, 0, UINT32_MAX, outer_mn(big)));
	assert_int_equal(pf_dropped(f, MIP6_DROP_ICMP_IGNORED), 2);
	assert_int_equal(f->hints, 0);
	assert_int_equal(f->outs, 0);
	pf_close(f);
}

/* The nesting limit of the outer header. */
static void
test_limit(void **state)
{
	struct octets limit = { .n = 6, .v = { 4, 1, 0, 1, 1, 0 } };
	struct octets inner = udp(HOME, PEER, 100);
	struct octets outer;
	struct pf *f = pf_open_mn();

	(void)state;
	outer = ip6(COA, AGENT, MIP6_NH_DSTOPTS, 64,
	    join(header(MIP6_NH_IPV6, limit), inner));
	pf_link(f, LINK_AWAY, error_to(COA, 4, 0, 44, outer));
	pf_is_error(f, 0, HOME, HOME, 1, 3, 0, inner);
	/* It points at something else. */
	pf_link(f, LINK_AWAY, error_to(COA, 4, 0, 43, outer));
	assert_int_equal(f->outs, 1);
	limit.v[2] = 1;
	outer = ip6(COA, AGENT, MIP6_NH_DSTOPTS, 64,
	    join(header(MIP6_NH_IPV6, limit), inner));
	pf_link(f, LINK_AWAY, error_to(COA, 4, 0, 44, outer));
	assert_int_equal(f->outs, 1);
	/* The tunnel's headers are longer by that one. */
	inner = udp(HOME, PEER, 1400);
	outer = ip6(COA, AGENT, MIP6_NH_DSTOPTS, 64,
	    join(header(MIP6_NH_IPV6, limit), inner));
	pf_link(f, LINK_AWAY, error_to(COA, 2, 0, 1400, outer));
	pf_is_error(f, 1, HOME, HOME, 2, 0, 1352,
	    part(inner, 0, 1280 - 48 - 48));
	pf_close(f);
}

/* At the home agent: to the source, or back into its tunnel. */
static void
test_home_agent(void **state)
{
	struct octets inner = udp(PEER, HOME, 100);
	struct pf *f = pf_open_ha();
	struct octets o;

	(void)state;
	pf_link(f, LINK_HOME,
	    error_to(AGENT, 1, 0, 0, wrapped(AGENT, COA, inner)));
	assert_int_equal(f->out[0].ifindex, 0);
	pf_is_error(f, 0, AGENT, PEER, 1, 3, 0, inner);
	inner = udp(HOME2, HOME, 100);
	pf_link(f, LINK_HOME,
	    error_to(AGENT, 1, 0, 0, wrapped(AGENT, COA, inner)));
	assert_int_equal(f->outs, 2);
	o = pf_octets(f, 1);
	assert_int_equal(o.v[6], MIP6_NH_IPV6);
	assert_memory_equal(o.v + 8, wrapped(AGENT, COA2, fill(0, 0)).v + 8,
	    32);
	assert_int_equal(f->hints, 3);
	assert_int_equal(pf_dropped_all(f), 0);
	pf_close(f);
}

/* Quoted packets that nobody here sent. */
static void
test_not_ours(void **state)
{
	struct octets inner = udp(HOME, PEER, 100);
	struct octets first = ip6(COA, AGENT, MIP6_NH_FRAGMENT, 64,
	    frag(MIP6_NH_IPV6, 0, true, 1, part(inner, 0, 80)));
	struct octets later = ip6(COA, AGENT, MIP6_NH_FRAGMENT, 64,
	    frag(MIP6_NH_IPV6, 80, false, 1, inner));
	struct octets version = inner;
	struct {
		struct octets o;
		enum mip6_drop why; /* COUNT: taken */
	} rows[] = {
		{ wrapped(COA, AGENT, inner), MIP6_DROP_COUNT },
		{ wrapped(COA2, AGENT, inner), MIP6_DROP_ICMP_QUOTE },
		{ wrapped(COA, PEER, inner), MIP6_DROP_ICMP_QUOTE },
		{ wrapped(COA, AGENT, udp(HOME2, PEER, 100)),
		    MIP6_DROP_ICMP_QUOTE },
		{ wrapped(COA, AGENT, udp(PEER, HOME, 100)),
		    MIP6_DROP_ICMP_QUOTE },
		{ wrapped(COA, AGENT, version), MIP6_DROP_ICMP_QUOTE },
		{ first, MIP6_DROP_COUNT },
		{ later, MIP6_DROP_ICMP_QUOTE },
		{ udp(COA, PEER, 100), MIP6_DROP_NOT_OURS },
		{ icmp(COA, PEER, 64, 128, 0, 0, fill(8, 0)),
		    MIP6_DROP_NOT_OURS },
		{ fill(0, 0), MIP6_DROP_ICMP_QUOTE },
		{ fill(100, 0), MIP6_DROP_ICMP_QUOTE },
	};
	struct pf *f;
	size_t i;

	(void)state;
	rows[5].o.v[40] = 0x45;
	for (i = 0; i < MIP6_COUNT(rows); i++) {
		f = pf_open_mn();
		pf_link(f, LINK_AWAY, error_to(COA, 1, 0, 0, rows[i].o));
		if (rows[i].why == MIP6_DROP_COUNT) {
			assert_int_equal(f->outs, 1);
			assert_int_equal(pf_dropped_all(f), 0);
		} else {
			assert_int_equal(f->outs, 0);
			pf_dropped_only(f, rows[i].why);
		}
		pf_close(f);
	}
}

/* Errors about what the core sends are its own. */
static void
test_for_core(void **state)
{
	struct octets rows[] = {
		ip6(COA, AGENT, MIP6_NH_MH, 64, mobility()),
		ip6(COA, AGENT, MIP6_NH_DSTOPTS, 64,
		    join(hao(MIP6_NH_MH, HOME), mobility())),
		ip6(COA, AGENT, MIP6_NH_ROUTING, 64,
		    join(rh2(MIP6_NH_MH, HOME), mobility())),
		icmp(COA, AGENT, 64, 144, 0, 0, fill(8, 0)),
		icmp(COA, AGENT, 64, 146, 0, 0, fill(8, 0)),
	};
	struct octets e;
	struct pf *f;
	size_t i;

	(void)state;
	for (i = 0; i < MIP6_COUNT(rows); i++) {
		f = pf_open_mn();
		e = error_to(COA, 4, 1, 6, rows[i]);
		pf_link(f, LINK_AWAY, e);
		assert_int_equal(f->hints, 1);
		assert_int_equal(f->hint[0].hint.kind, MIP6_HINT_ICMP_ERROR);
		assert_memory_equal(f->hint[0].hint.octets, e.v, e.n);
		assert_int_equal(f->outs, 0);
		assert_int_equal(pf_dropped_all(f), 0);
		pf_close(f);
	}
	/* So many at once, and ten a second. */
	f = pf_open_mn();
	for (i = 0; i < 20; i++)
		pf_link(f, LINK_AWAY, e);
	assert_int_equal(f->hints, 4);
	assert_int_equal(pf_dropped(f, MIP6_DROP_ICMP_RATE), 16);
	pf_wait(f, 100000);
	pf_link(f, LINK_AWAY, e);
	pf_link(f, LINK_AWAY, e);
	assert_int_equal(f->hints, 5);
	pf_close(f);
}

static void
test_malformed(void **state)
{
	struct octets e =
	    error_to(COA, 1, 0, 0, outer_mn(udp(HOME, PEER, 100)));
	struct pf *f = pf_open_mn();

	(void)state;
	e.v[60] ^= 1;
	pf_link(f, LINK_AWAY, e);
	pf_dropped_only(f, MIP6_DROP_BAD_CHECKSUM);
	pf_link(f, LINK_AWAY, ip6(ROUTER, COA, MIP6_NH_ICMPV6, 64, fill(7, 1)));
	assert_int_equal(pf_dropped(f, MIP6_DROP_TRUNCATED), 1);
	/* One to somebody else. */
	pf_link(f, LINK_AWAY,
	    error_to(PEER, 1, 0, 0, outer_mn(udp(HOME, PEER, 100))));
	assert_int_equal(pf_dropped(f, MIP6_DROP_NOT_OURS), 1);
	assert_int_equal(f->outs, 0);
	pf_close(f);
}

/* No error about an error, also when it cannot be seen whether it is one. */
static void
test_about_errors(void **state)
{
	struct octets inner = icmp(HOME, PEER, 64, 1, 0, 0, fill(60, 0));
	struct octets echo = icmp(HOME, PEER, 64, 128, 0, 0, fill(60, 0));
	struct octets chain = ip6(HOME, PEER, MIP6_NH_DSTOPTS, 64,
	    join(options(MIP6_NH_ICMPV6), fill(20, 1)));
	struct pf *f = pf_open_mn();

	(void)state;
	pf_link(f, LINK_AWAY, error_to(COA, 1, 0, 0, outer_mn(inner)));
	assert_int_equal(f->outs, 0);
	pf_link(f, LINK_AWAY, error_to(COA, 1, 0, 0, outer_mn(echo)));
	assert_int_equal(f->outs, 1);
	/* Cut behind the inner header; within its extension headers. */
	pf_link(f, LINK_AWAY,
	    error_to(COA, 1, 0, 0, part(outer_mn(echo), 0, 80)));
	assert_int_equal(f->outs, 1);
	pf_link(f, LINK_AWAY,
	    error_to(COA, 1, 0, 0, part(outer_mn(chain), 0, 84)));
	assert_int_equal(f->outs, 1);
	/* The error itself may be a group's, or nobody's. */
	pf_link(f, LINK_AWAY,
	    error_to(COA, 1, 0, 0, outer_mn(udp(HOME, "ff0e::1", 100))));
	assert_int_equal(f->outs, 1);
	pf_close(f);
}

/* The quoted packet cut at every length: nothing is read behind it. */
static void
test_every_cut(void **state)
{
	struct octets inner = udp(HOME, PEER, 100);
	struct octets outer = outer_mn(inner);
	struct pf *f;
	size_t n;

	(void)state;
	for (n = 0; n <= outer.n; n++) {
		f = pf_open_mn();
		pf_link(f, LINK_AWAY,
		    error_to(COA, 1, 0, 0, part(outer, 0, n)));
		if (n < 80) {
			assert_int_equal(f->outs, 0);
			assert_int_equal(f->hints, 0);
			pf_dropped_only(f, MIP6_DROP_ICMP_QUOTE);
		} else {
			pf_is_error(f, 0, HOME, HOME, 1, 3, 0,
			    part(inner, 0, n - 40));
		}
		pf_close(f);
	}
}

/* Every octet of the quoted headers turned: it holds, whatever it does. */
static void
test_every_octet(void **state)
{
	struct octets outer = ip6(COA, AGENT, MIP6_NH_DSTOPTS, 64,
	    join(options(MIP6_NH_IPV6), udp(HOME, PEER, 1400)));
	struct octets hostile;
	struct pf *f = pf_open_mn();
	size_t at;
	unsigned int bit, i;

	(void)state;
	for (at = 0; at < 100; at++)
		for (bit = 0; bit < 8; bit++) {
			hostile = outer;
			hostile.v[at] ^= (uint8_t)(1U << bit);
			pf_link(f, LINK_AWAY,
			    error_to(COA, 2, 0, 1300, hostile));
			pf_wait(f, 200000);
			for (i = 0; i < f->outs; i++)
				assert_true(f->out[i].pkt->count <= 1280);
			pf_clear(f);
		}
	pf_close(f);
}

/* All errors together are limited, too; not only those of one row. */
static void
test_rate_in_all(void **state)
{
	struct octets o = udp(PEER, HOME, 1461);
	struct pf *f = pf_open();
	struct mip6_fwd_row row;
	uint32_t i, n;

	(void)state;
	pf_hop(f, 0, LINK_HOME, true);
	for (i = 0; i < 20; i++) {
		row = pf_row(MIP6_FWD_HA_TUNNEL, HOME, AGENT, COA);
		row.home.b[14] = (uint8_t)i;
		pf_set(f, row);
	}
	for (i = 0; i < 20; i++)
		for (n = 0; n < 20; n++) {
			o.v[38] = (uint8_t)i;
			pf_tun(f, o);
		}
	assert_int_equal(f->outs, 200);
	assert_int_equal(pf_dropped(f, MIP6_DROP_ICMP_RATE), 200);
	assert_int_equal(pf_dropped(f, MIP6_DROP_TUNNEL_TOO_BIG), 400);
	pf_close(f);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_translated),
		cmocka_unit_test(test_bogus_size),
		cmocka_unit_test(test_limit),
		cmocka_unit_test(test_home_agent),
		cmocka_unit_test(test_not_ours),
		cmocka_unit_test(test_for_core),
		cmocka_unit_test(test_malformed),
		cmocka_unit_test(test_about_errors),
		cmocka_unit_test(test_every_cut),
		cmocka_unit_test(test_every_octet),
		cmocka_unit_test(test_rate_in_all),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
