/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A home agent's row of ::, for a prefix that is routed to it whole: what is
 * for no mobile node is told so, from our address, and nothing else changes.
 *
 * Links: path
 */
#include "unit/path_support.h"

#define NOBODY "2001:db8:1::4711"

static void
pf_nobody(struct pf *f)
{
	struct mip6_fwd_row row = pf_row(MIP6_FWD_HA_TUNNEL, "::", AGENT, "::");

	row.hop = MIP6_HOP_NONE;
	pf_set(f, row);
}

static void
test_told(void **state)
{
	struct octets o = udp(PEER, NOBODY, 100);
	struct mip6_addr agent = addr(AGENT), peer = addr(PEER);
	struct pf *f = pf_open_ha();
	struct mip6_icmp6 m;
	struct mip6_ip6_view v;
	const uint8_t *at;

	(void)state;
	pf_tun(f, o);
	assert_int_equal(f->outs, 0);
	pf_dropped_only(f, MIP6_DROP_NO_ROW);
	pf_clear(f);
	pf_nobody(f);
	pf_tun(f, o);
	assert_int_equal(f->outs, 1);
	assert_int_equal(f->out[0].ifindex, 0);
	at = mip6_pkt_octets(f->out[0].pkt);
	assert_int_equal(mip6_ip6_view(at, f->out[0].pkt->count, &v, NULL),
	    MIP6_PARSE_OK);
	assert_true(mip6_addr_equal(&v.ip.src, &agent));
	assert_true(mip6_addr_equal(&v.ip.dst, &peer));
	assert_int_equal(mip6_icmp6_receive(at + v.upper_at, v.upper_octets,
			     &agent, &peer, &m, NULL),
	    MIP6_PARSE_OK);
	assert_int_equal(m.type, MIP6_ICMP6_UNREACHABLE);
	assert_int_equal(m.code, MIP6_ICMP6_ADDRESS);
	assert_int_equal(pf_dropped(f, MIP6_DROP_NO_ROW), 2);
	pf_close(f);
}

/* An address of ours is not nobody's, and mobile nodes have their rows. */
static void
test_somebody(void **state)
{
	struct pf *f = pf_open_ha();

	(void)state;
	pf_nobody(f);
	pf_tun(f, udp(PEER, AGENT, 100));
	assert_int_equal(f->outs, 0);
	pf_tun(f, udp(PEER, HOME, 100));
	assert_int_equal(f->outs, 1);
	assert_int_equal(f->out[0].ifindex, LINK_HOME);
	pf_close(f);
}

/* A tunnelled packet from or to :: is nobody's either. */
static void
test_unspecified(void **state)
{
	struct pf *f = pf_open_ha();

	(void)state;
	pf_nobody(f);
	pf_link(f, LINK_HOME, tunnel(COA, AGENT, udp("::", PEER, 100)));
	assert_int_equal(f->outs, 0);
	pf_link(f, LINK_HOME, tunnel(COA, AGENT, udp(HOME, "::", 100)));
	assert_int_equal(f->outs, 0);
	pf_close(f);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_told),
		cmocka_unit_test(test_somebody),
		cmocka_unit_test(test_unspecified),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
