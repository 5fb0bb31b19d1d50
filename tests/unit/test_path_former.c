/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A binding moved: what the mobile node sent from its former care-of address is
 * taken for a moment, from no other address, for no other home address.
 *
 * Links: path
 */
#include "unit/path_support.h"

#include "path/grace.h"

#define ELSEWHERE "2001:db8:e::7"
#define THIRD     "2001:db8:d::8"
#define GRACE_US  2000000

/* HOME's row, at `peer`, until now at `before`. */
static void
former_move(struct pf *f, const char *peer, const char *before)
{
	struct mip6_fwd_row row = pf_row(MIP6_FWD_HA_TUNNEL, HOME, AGENT, peer);

	row.peer_before = addr(before);
	row.before_ends.us = f->now.boot.us + GRACE_US;
	pf_set(f, row);
}

/* Does a packet with that inner source come through from `outer`? */
static bool
former_comes(struct pf *f, const char *outer, const char *inner)
{
	uint64_t refused = pf_dropped(f, MIP6_DROP_TUNNEL_PEER);
	bool came;

	pf_clear(f);
	pf_link(f, LINK_HOME, tunnel(outer, AGENT, udp(inner, PEER, 100)));
	came = f->outs == 1 && f->out[0].ifindex == 0;
	assert_int_equal(pf_dropped(f, MIP6_DROP_TUNNEL_PEER),
	    refused + (came ? 0 : 1));
	return came;
}

static void
test_for_a_moment(void **state)
{
	struct pf *f = pf_open_ha();

	(void)state;
	assert_false(former_comes(f, ELSEWHERE, HOME));
	former_move(f, ELSEWHERE, COA);
	assert_true(former_comes(f, ELSEWHERE, HOME));
	assert_true(former_comes(f, COA, HOME));
	/* Nobody else's, and from nowhere else. */
	assert_false(former_comes(f, COA, HOME2));
	assert_false(former_comes(f, THIRD, HOME));
	assert_int_equal(mip6_path_counters(f->path)->former, 1);
	/* What is for it goes to the new one alone. */
	pf_clear(f);
	pf_tun(f, udp(PEER, HOME, 60));
	pf_is_frame(f, 0, LINK_HOME, &ll_router,
	    wrapped(AGENT, ELSEWHERE, udp(PEER, HOME, 60)));
	pf_wait(f, GRACE_US - 1);
	assert_true(former_comes(f, COA, HOME));
	pf_wait(f, 1);
	assert_false(former_comes(f, COA, HOME));
	assert_true(former_comes(f, ELSEWHERE, HOME));
	pf_close(f);
}

/* A row set for another reason: it goes on; moved again: one, the last. */
static void
test_set_again(void **state)
{
	struct pf *f = pf_open_ha();

	(void)state;
	former_move(f, ELSEWHERE, COA);
	pf_set(f, pf_row(MIP6_FWD_HA_TUNNEL, HOME, AGENT, ELSEWHERE));
	assert_true(former_comes(f, COA, HOME));
	pf_wait(f, GRACE_US / 2);
	former_move(f, THIRD, ELSEWHERE);
	assert_false(former_comes(f, COA, HOME));
	assert_true(former_comes(f, ELSEWHERE, HOME));
	pf_wait(f, GRACE_US - 1);
	assert_true(former_comes(f, ELSEWHERE, HOME));
	/* Another end without a word of the former one. */
	pf_set(f, pf_row(MIP6_FWD_HA_TUNNEL, HOME, AGENT, COA));
	assert_false(former_comes(f, ELSEWHERE, HOME));
	pf_close(f);
}

/* The binding ends, and that at once; a new one knows nothing of it. */
static void
test_ends_with_the_row(void **state)
{
	struct pf *f = pf_open_ha();
	struct mip6_addr home = addr(HOME), any = addr("::");

	(void)state;
	former_move(f, ELSEWHERE, COA);
	mip6_path_row_del(f->path, &home, &any);
	pf_clear(f);
	pf_link(f, LINK_HOME, tunnel(COA, AGENT, udp(HOME, PEER, 100)));
	assert_int_equal(f->outs, 0);
	assert_int_equal(pf_dropped(f, MIP6_DROP_TUNNEL_UNKNOWN), 1);
	pf_set(f, pf_row(MIP6_FWD_HA_TUNNEL, HOME, AGENT, ELSEWHERE));
	assert_false(former_comes(f, COA, HOME));
	/* Nor has a row of a mobile node's own one. */
	former_move(f, THIRD, ELSEWHERE);
	pf_set(f, pf_row(MIP6_FWD_MN_HOME, HOME, "::", "::"));
	pf_set(f, pf_row(MIP6_FWD_HA_TUNNEL, HOME, AGENT, THIRD));
	assert_false(former_comes(f, ELSEWHERE, HOME));
	pf_close(f);
}

/* There is room for so many; the others do without. */
static void
test_bounded(void **state)
{
	struct support_heap heap;
	struct mip6_path_grace *table = NULL;
	struct mip6_path_grace g = { .home = addr(HOME), .peer = addr(COA) };
	struct mip6_time now = { 1000 };
	uint32_t i, j, taken = 0;

	(void)state;
	support_heap_init(&heap);
	g.ends.us = 2000;
	for (i = 0; i < MIP6_PATH_GRACES; i++)
		for (j = 0; j < 2; j++) {
			g.home.b[13] = (uint8_t)j;
			g.home.b[14] = (uint8_t)(i >> 8);
			g.home.b[15] = (uint8_t)i;
			taken += mip6_path_grace_set(&table, &heap.alloc, i,
			    now, &g);
		}
	assert_int_equal(taken, MIP6_PATH_GRACES);
	/* Who has a place keeps it, also for another address. */
	memset(g.home.b + 13, 0, 3);
	g.peer = addr(COA2);
	assert_true(mip6_path_grace_set(&table, &heap.alloc, 0, now, &g));
	assert_true(mip6_path_grace_has(table, 0, now, &g.home, &g.peer));
	g.home.b[13] = 9;
	assert_false(mip6_path_grace_set(&table, &heap.alloc, 0, now, &g));
	assert_false(mip6_path_grace_has(table, 0, now, &g.home, &g.peer));
	/* What is over makes room. */
	now.us = 2000;
	g.ends.us = 3000;
	assert_true(mip6_path_grace_set(&table, &heap.alloc, 0, now, &g));
	assert_true(mip6_path_grace_has(table, 0, now, &g.home, &g.peer));
	heap.alloc.release(heap.alloc.arg, table,
	    MIP6_PATH_GRACES * sizeof(*table));
	assert_int_equal(heap.live, 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_for_a_moment),
		cmocka_unit_test(test_set_again),
		cmocka_unit_test(test_ends_with_the_row),
		cmocka_unit_test(test_bounded),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
