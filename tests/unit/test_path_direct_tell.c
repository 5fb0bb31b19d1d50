/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Whom a mobile node talks with through its tunnel is told to the core, when
 * it wants that, once in a while each; and no one that cannot be a
 * correspondent.
 *
 * Links: path
 */
#include "unit/path_direct.h"

static struct pf *
open_tell(void)
{
	struct pf *f = pf_open_mn();
	struct mip6_fwd_row row = pf_row(MIP6_FWD_MN_TUNNEL, HOME, COA, AGENT);

	row.tell = true;
	pf_set(f, row);
	/* The row's first use is told as well: not looked at here. */
	pf_tun(f, udp(HOME, AGENT, 100));
	assert_int_equal(f->hints, 1);
	pf_clear(f);
	return f;
}

static void
test_told(void **state)
{
	struct pf *f = open_tell();
	size_t i;

	(void)state;
	for (i = 0; i < 20; i++)
		pf_tun(f, udp(HOME, PEER, 100));
	assert_int_equal(f->hints, 1);
	pd_is_hint(f, 0, MIP6_HINT_NO_ROW, HOME, PEER);
	assert_int_equal(f->outs, 20);
	/* In, it is the same pair. */
	pf_link(f, LINK_AWAY, tunnel(AGENT, COA, udp(PEER, HOME, 100)));
	assert_int_equal(f->hints, 1);
	pf_link(f, LINK_AWAY, tunnel(AGENT, COA, udp(BESIDE, HOME, 100)));
	assert_int_equal(f->hints, 2);
	pd_is_hint(f, 1, MIP6_HINT_NO_ROW, HOME, BESIDE);
	/* After a while again. */
	pf_wait(f, 1000000);
	pf_tun(f, udp(HOME, PEER, 100));
	assert_int_equal(f->hints, 3);
	/* Not while the pair is direct, whichever way it comes. */
	pf_set(f, pd_row(HOME, PEER, COA, PEER));
	pf_wait(f, 1000000);
	pf_link(f, LINK_AWAY, tunnel(AGENT, COA, udp(PEER, HOME, 100)));
	assert_int_equal(f->hints, 3);
	pf_close(f);
}

static void
test_not_told(void **state)
{
	static const char *const out[] = { AGENT, "ff05::1", "fe80::1", "::1" };
	struct pf *f = open_tell();
	size_t i;

	(void)state;
	for (i = 0; i < MIP6_COUNT(out); i++)
		pf_tun(f, udp(HOME, out[i], 100));
	pf_link(f, LINK_AWAY, tunnel(AGENT, COA, udp(AGENT, HOME, 100)));
	/* A router on the way that has something to say. */
	pf_link(f, LINK_AWAY,
	    tunnel(AGENT, COA,
		icmp(PEER, HOME, 64, 1, 0, 0, udp(HOME, BESIDE, 100))));
	/* From whoever pretends to be the tunnel's end. */
	pf_link(f, LINK_AWAY, tunnel(BESIDE, COA, udp(PEER, HOME, 100)));
	assert_int_equal(f->hints, 0);
	pf_close(f);
	/* When the core does not want to know. */
	f = pf_open_mn();
	pf_tun(f, udp(HOME, PEER, 100));
	assert_int_equal(f->hints, 1);
	assert_int_equal(f->hint[0].hint.kind, MIP6_HINT_ROW_USED);
	pf_close(f);
}

/* However many there are, the core is not flooded. */
static void
test_many(void **state)
{
	struct pf *f = open_tell();
	struct octets o = udp(PEER, HOME, 100);
	uint32_t i;

	(void)state;
	for (i = 0; i < 400; i++) {
		o.v[8 + 14] = (uint8_t)(i >> 8);
		o.v[8 + 15] = (uint8_t)i;
		pf_link(f, LINK_AWAY, tunnel(AGENT, COA, o));
	}
	assert_int_equal(f->outs, 400);
	assert_int_equal(f->hints, 100);
	/* Whom the host sends to is told all the same. */
	pf_tun(f, udp(HOME, BESIDE, 100));
	assert_int_equal(f->hints, 101);
	pd_is_hint(f, 100, MIP6_HINT_NO_ROW, HOME, BESIDE);
	pf_close(f);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_told),
		cmocka_unit_test(test_not_told),
		cmocka_unit_test(test_many),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
