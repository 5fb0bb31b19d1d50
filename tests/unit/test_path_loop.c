/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Rings of tunnels (RFC 2473 section 4.1.3): what left through a tunnel of ours
 * and comes back does not enter the next one, and nobody is the other end of
 * his own tunnel.
 *
 * Links: path
 */
#include "unit/path_support.h"

/* Two mobile nodes, each with the other's home address as care-of address. */
static struct pf *
open_ring(void)
{
	struct pf *f = pf_open_ha();

	pf_set(f, pf_row(MIP6_FWD_HA_TUNNEL, HOME, AGENT, HOME2));
	pf_set(f, pf_row(MIP6_FWD_HA_TUNNEL, HOME2, AGENT, HOME));
	return f;
}

static void
test_ring(void **state)
{
	struct octets limit = { .n = 6, .v = { 4, 1, 3, 1, 1, 0 } };
	struct octets rows[] = {
		udp(PEER, HOME, 200),
		udp(PEER, HOME, 1460),
		ip6(PEER, HOME, MIP6_NH_DSTOPTS, 64,
		    join(header(MIP6_NH_NONE, limit), fill(8, 0))),
	};
	struct octets out;
	struct pf *f;
	size_t i;

	(void)state;
	for (i = 0; i < MIP6_COUNT(rows); i++) {
		f = open_ring();
		pf_tun(f, rows[i]);
		assert_int_equal(f->outs, 1);
		out = pf_octets(f, 0);
		pf_clear(f);
		pf_tun(f, out);
		assert_int_equal(f->outs, 0);
		pf_dropped_only(f, MIP6_DROP_TUNNEL_LOOP);
		pf_close(f);
	}
}

/* In fragments the ring is cut where their headers are whole again. */
static void
test_ring_fragments(void **state)
{
	struct pf *f = open_ring();
	struct mip6_fwd_row row =
	    pf_row(MIP6_FWD_HA_TUNNEL, HOME, AGENT, HOME2);
	struct octets out[8];
	size_t i, n, rounds;

	(void)state;
	row.mtu = 1280;
	pf_set(f, row);
	pf_tun(f, udp(PEER, HOME, 1280));
	assert_int_equal(f->outs, 2);
	for (rounds = 0; f->outs > 0; rounds++) {
		assert_true(rounds < 4);
		n = f->outs;
		assert_true(n <= MIP6_COUNT(out));
		for (i = 0; i < n; i++)
			out[i] = pf_octets(f, i);
		pf_clear(f);
		for (i = 0; i < n; i++)
			pf_tun(f, out[i]);
	}
	assert_int_equal(pf_dropped(f, MIP6_DROP_TUNNEL_LOOP),
	    pf_dropped_all(f));
	pf_close(f);
}

/* Other tunnels to and through a mobile node are none of this. */
static void
test_no_ring(void **state)
{
	struct octets rows[] = {
		/* a tunnel of the host's own, and one of somebody's */
		tunnel(AGENT, HOME2, udp(PEER, BESIDE, 100)),
		tunnel(PEER, HOME2, udp(PEER, HOME, 100)),
		/* not the way that HOME's packets go */
		tunnel(AGENT, HOME, udp(PEER, HOME, 100)),
		/* too short to say */
		ip6(AGENT, HOME2, MIP6_NH_IPV6, 64, fill(39, 0x60)),
		ip6(AGENT, HOME2, MIP6_NH_DSTOPTS, 64, fill(8, 17)),
		ip6(AGENT, HOME2, MIP6_NH_DSTOPTS, 64,
		    join(options(MIP6_NH_NONE), udp(PEER, HOME, 100))),
		ip6(AGENT, HOME2, MIP6_NH_UDP, 64, udp(PEER, HOME, 100)),
	};
	struct pf *f;
	size_t i;

	(void)state;
	for (i = 0; i < MIP6_COUNT(rows); i++) {
		f = open_ring();
		pf_tun(f, rows[i]);
		assert_int_equal(f->outs, 1);
		assert_int_equal(pf_dropped_all(f), 0);
		pf_close(f);
	}
}

/* A care-of address that is an address of the home agent. */
static void
test_own_end(void **state)
{
	struct octets o = udp(HOME, HOME2, 100);
	struct mip6_addr beside = addr(BESIDE);
	struct pf *f = pf_open_ha();

	(void)state;
	pf_set(f, pf_row(MIP6_FWD_HA_TUNNEL, HOME, AGENT, BESIDE));
	pf_link(f, LINK_HOME, tunnel(BESIDE, AGENT, o));
	assert_int_equal(f->outs, 1);
	pf_clear(f);
	assert_true(mip6_path_local_set(f->path, &beside, true));
	pf_link(f, LINK_HOME, tunnel(BESIDE, AGENT, o));
	pf_dropped_only(f, MIP6_DROP_TUNNEL_LOOP);
	assert_int_equal(f->outs, 0);
	pf_close(f);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_ring),
		cmocka_unit_test(test_ring_fragments),
		cmocka_unit_test(test_no_ring),
		cmocka_unit_test(test_own_end),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
