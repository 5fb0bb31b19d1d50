/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Whole bursts at a home agent with so many rows that they are fetched ahead:
 * each packet still finds its own row, and those cut short do no harm.
 *
 * Links: path
 */
#include "unit/path_support.h"

/* A burst with many rows, which is when rows are fetched ahead. */
static void
test_burst(void **state)
{
	struct mip6_addr agent = addr(AGENT);
	struct mip6_pkt *pkt[MIP6_PKT_BURST];
	struct mip6_path_env env;
	struct mip6_fwd_row row;
	struct octets o, t;
	struct pf *f = pf_open();
	uint32_t i;

	(void)state;
	mip6_path_free(f->path);
	env = pf_env(f);
	env.rows_max = 3000;
	f->path = mip6_path_new(&env);
	assert_non_null(f->path);
	assert_true(mip6_path_link_set(f->path,
	    &(struct mip6_path_link){ LINK_HOME, ll_home, 1500, false }));
	assert_true(mip6_path_local_set(f->path, &agent, true));
	pf_hop(f, 0, LINK_HOME, true);
	for (i = 0; i < 2000; i++) {
		row = pf_row(MIP6_FWD_HA_TUNNEL, HOME, AGENT, COA);
		row.home.b[13] = (uint8_t)(i >> 8);
		row.home.b[14] = (uint8_t)i;
		pf_set(f, row);
	}
	o = udp(PEER, HOME, 100);
	for (i = 0; i < MIP6_PKT_BURST; i++) {
		o.v[24 + 14] = (uint8_t)i;
		pkt[i] = pf_pkt(f, o.v, i == 7 ? 20 : o.n);
	}
	mip6_path_from_tun(f->path, &f->now, pkt, MIP6_PKT_BURST);
	assert_int_equal(f->outs, MIP6_PKT_BURST - 1);
	pf_dropped_only(f, MIP6_DROP_TRUNCATED);
	pf_clear(f);
	o = udp(HOME, PEER, 100);
	for (i = 0; i < MIP6_PKT_BURST; i++) {
		o.v[8 + 14] = (uint8_t)i;
		t = i == 9 ? udp(PEER, AGENT, 100) : tunnel(COA, AGENT, o);
		pkt[i] = pf_pkt(f, t.v, i == 7 ? 20 : t.n);
	}
	mip6_path_from_link(f->path, &f->now, LINK_HOME, pkt, MIP6_PKT_BURST);
	assert_int_equal(f->outs, MIP6_PKT_BURST - 2);
	o.v[8 + 14] = 0;
	pf_is_tun(f, 0, o);
	o.v[8 + 14] = MIP6_PKT_BURST - 1;
	pf_is_tun(f, MIP6_PKT_BURST - 3, o);
	pf_close(f);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_burst),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
