/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Route optimization with somebody who knows nothing of it: nothing breaks, a
 * few questions, then quiet.
 *
 * Implements (as a test of): RFC 6275 sections 5.2.9, 11.3.5, 11.6.2.
 */
#include "sim/ladder.h"

static void
optimize(struct ladder *l)
{
	l->w.mn[0].daemon.conf.mn.optimize = MIP6_OPTIMIZE_ALL;
	sim_daemon_reload(&l->w.mn[0].daemon);
}

/*
 * The correspondent answers with Parameter Problem, code 1: one question of
 * each kind, and the traffic stays in the tunnel.
 */
static void
told_so(void **state)
{
	struct ladder *l = ladder_registered(NULL, "a");
	const struct sim_sight *s;
	int64_t since;

	(void)state;
	optimize(l);
	since = l->w.sim.now_us;
	sim_ping_start(&l->w.transport, &l->ping, &l->w.mn[0].host, &l->w.cn,
	    &l->w.cn_addr, &l->w.mn[0].hoa, 100 * SIM_MS);
	s = see(l, SIM_MH, "mn", SIM_S);
	assert_true(s->mh.type == MIP6_MH_HOTI || s->mh.type == MIP6_MH_COTI);
	sim_run(&l->w.sim, 120 * SIM_S);
	/* Seen on two segments or more each. */
	assert_in_range(sim_seen(&l->x, SIM_MH, "mn", since), 2, 2);
	assert_true(l->ping.sent > 1000);
	assert_in_range(l->ping.sent - l->ping.answered, 0, 1);
	ladder_end(l);
}

static struct sim_verdict
drop_errors(void *arg, const struct sim_segment *seg,
    const struct sim_iface *from, const uint8_t *octets, size_t count)
{
	struct ladder *l = arg;
	struct sim_sight s;

	(void)seg;
	sim_sight_read(&s, octets, count);
	return (
	    struct sim_verdict){ from->host == &l->w.cn && s.kind == SIM_ERROR,
		1, 0 };
}

/* It says nothing: three questions of each kind, then quiet. */
static void
silent(void **state)
{
	struct ladder *l = ladder_registered(NULL, "a");
	int64_t since;

	(void)state;
	optimize(l);
	l->w.net.filter = drop_errors;
	l->w.net.filter_arg = l;
	since = l->w.sim.now_us;
	sim_ping_start(&l->w.transport, &l->ping, &l->w.mn[0].host, &l->w.cn,
	    &l->w.cn_addr, &l->w.mn[0].hoa, 100 * SIM_MS);
	sim_run(&l->w.sim, 30 * SIM_S);
	assert_int_equal(sim_seen(&l->x, SIM_MH, "mn", since), 6);
	assert_in_range(l->ping.sent - l->ping.answered, 0, 1);
	/* After half a minute it is asked again, and after twice that. */
	sim_run(&l->w.sim, 20 * SIM_S);
	assert_int_equal(sim_seen(&l->x, SIM_MH, "mn", since), 12);
	sim_run(&l->w.sim, 40 * SIM_S);
	assert_int_equal(sim_seen(&l->x, SIM_MH, "mn", since), 12);
	sim_run(&l->w.sim, 40 * SIM_S);
	assert_int_equal(sim_seen(&l->x, SIM_MH, "mn", since), 18);
	ladder_end(l);
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(told_so),
		cmocka_unit_test(silent),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
