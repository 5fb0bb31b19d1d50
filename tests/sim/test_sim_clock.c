/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Clocks that differ: RFC 4285's timestamps, status 144.
 *
 * Implements (as a test of): RFC 4285 sections 6 and 7.
 */
#include "sim/ladder.h"

static const int64_t year_us = INT64_C(365) * 86400 * SIM_S;

static struct ladder *
clock_begin(int64_t offset_us)
{
	struct ladder *l = ladder_begin(NULL);

	l->w.mn[0].daemon.wall_offset_us = offset_us;
	sim_world_start(&l->w);
	sim_world_move(&l->w, 0, "a", 0);
	return l;
}

/*
 *	mn (ten years ahead)                        ha
 *	 |---- BU  timestamp of the future --------->|
 *	 |<--- BA 144, low half ours, high half its -|
 *	 |---- BU  timestamp of the home agent ----->|
 *	 |<--- BA 0 ---------------------------------|
 */
static void
learns(int64_t offset_us)
{
	struct ladder *l = clock_begin(offset_us);
	const struct sim_sight *bu, *ba;
	struct mip6_show_registration r;
	uint64_t sent;

	bu = see(l, SIM_BU, "mn", SIM_S);
	sent = bu->mh.opt.replay;
	ba = see(l, SIM_BA, "ha", SIM_S);
	assert_int_equal(ba->mh.u.ba.status, MIP6_BA_ID_MISMATCH);
	assert_int_equal((uint32_t)ba->mh.opt.replay, (uint32_t)sent);
	assert_int_not_equal(ba->mh.opt.replay >> 32, sent >> 32);

	bu = see(l, SIM_BU, "mn", SIM_S);
	assert_true(bu->at_us <= ba->at_us + LADDER_DELAY_US);
	ba = see(l, SIM_BA, "ha", SIM_S);
	assert_int_equal(ba->mh.u.ba.status, MIP6_BA_ACCEPTED);
	assert_int_equal(ba->mh.opt.replay, bu->mh.opt.replay);
	assert_true(sim_world_registered(&l->w, 0, "a", SIM_S));

	/* It is shown, to the second that a timestamp's half can tell. */
	r = ladder_registration(l);
	assert_in_range(r.clock_offset_ms + offset_us / SIM_MS + 2000, 0, 4000);
	ladder_end(l);
}

static void
learns_from_the_future(void **state)
{
	(void)state;
	learns(10 * year_us);
}

static void
learns_from_the_past(void **state)
{
	(void)state;
	learns(-10 * year_us);
}

static void
learns_a_minute(void **state)
{
	(void)state;
	learns(60 * SIM_S);
	learns(-60 * SIM_S);
}

/* "Close enough" is 7 s: nothing to learn. */
static void
close_enough(void **state)
{
	struct ladder *l = clock_begin(6 * SIM_S);
	const struct sim_sight *ba = see(l, SIM_BA, "ha", SIM_S);

	(void)state;
	assert_int_equal(ba->mh.u.ba.status, MIP6_BA_ACCEPTED);
	ladder_end(l);
}

/*
 * A clock that nobody can agree with (each 144 is about another time): the
 * node does not ask three times a second for ever.
 */
static struct sim_verdict
clock_jumps(void *arg, const struct sim_segment *seg,
    const struct sim_iface *from, const uint8_t *octets, size_t count)
{
	struct ladder *l = arg;
	struct sim_sight s;

	(void)seg;
	sim_sight_read(&s, octets, count);
	if (from->host == &l->w.ha && s.kind == SIM_BA)
		l->w.had.wall_offset_us += 1000 * SIM_S;
	return (struct sim_verdict){ false, 1, 0 };
}

static void
slows_down(void **state)
{
	struct ladder *l = ladder_begin(NULL);

	(void)state;
	l->w.net.filter = clock_jumps;
	l->w.net.filter_arg = l;
	sim_world_start(&l->w);
	sim_world_move(&l->w, 0, "a", 0);
	l->w.had.wall_offset_us = 1000 * SIM_S;
	sim_run(&l->w.sim, 120 * SIM_S);
	assert_in_range(sim_seen(&l->x, SIM_BU, "mn", 0), 4, 20);
	ladder_end(l);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(learns_from_the_future),
		cmocka_unit_test(learns_from_the_past),
		cmocka_unit_test(learns_a_minute),
		cmocka_unit_test(close_enough),
		cmocka_unit_test(slows_down),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
