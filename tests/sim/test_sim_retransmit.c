/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Binding Updates that nobody answers, and bindings that grow old.
 *
 * Implements (as a test of): RFC 6275 sections 11.8, 11.7.1, 11.7.3, 10.3.1.
 */
#include "sim/ladder.h"

/* Nothing of one kind leaves one host, or it leaves late. */
struct hand {
	enum sim_kind kind;
	const struct sim_host *from;
	int64_t late_us; /* 0: lost */
	uint32_t count;  /* so many of them; 0: all */
};

static struct sim_verdict
hand_filter(void *arg, const struct sim_segment *seg,
    const struct sim_iface *from, const uint8_t *octets, size_t count)
{
	struct hand *x = arg;
	struct sim_verdict v = { false, 1, 0 };
	struct sim_sight s;

	(void)seg;
	sim_sight_read(&s, octets, count);
	if (from->host != x->from || s.kind != x->kind)
		return v;
	v.drop = x->late_us == 0;
	v.extra_us = x->late_us;
	if (x->count > 0 && --x->count == 0)
		x->from = NULL;
	return v;
}

static void
hand_on(struct ladder *l, struct hand *x)
{
	l->w.net.filter = hand_filter;
	l->w.net.filter_arg = x;
}

/* The next updates come after these seconds, each newer than the last. */
static int64_t
series(struct ladder *l, const struct sim_sight *bu, const int64_t *after_ms,
    size_t count)
{
	const struct sim_sight *next;
	size_t i;

	for (i = 0; i < count; i++) {
		next = see(l, SIM_BU, "mn", after_ms[i] * SIM_MS);
		assert_int_equal(next->at_us, bu->at_us + after_ms[i] * SIM_MS);
		/* R11.8-04: a sequence number of its own. */
		assert_int_equal(next->mh.u.bu.seq,
		    (uint16_t)(bu->mh.u.bu.seq + 1));
		assert_true(next->mh.opt.replay > bu->mh.opt.replay);
		assert_addr(next->v.ip.src, bu->v.ip.src);
		bu = next;
	}
	return bu->at_us;
}

/*
 *	mn                                          ha
 *	 |---- BU ------------------------------> X
 *	 |  1.5 s (InitialBindackTimeoutFirstReg)
 *	 |---- BU ------------------------------> X
 *	 |  3, 6, 12, 24 s, then 32 s (MAX_BINDACK_TIMEOUT) for ever
 *	 |---- BU ---------------------------------->|
 *	 |<--- BA 0 ---------------------------------|
 */
static void
first_registration(void **state)
{
	static const int64_t ms[] = { 1500, 3000, 6000, 12000, 24000, 32000,
		32000, 32000 };
	struct ladder *l = ladder_begin(NULL);
	struct hand x = { SIM_BU, &l->w.mn[0].host, 0, 0 };
	const struct sim_sight *bu, *ba;

	(void)state;
	hand_on(l, &x);
	sim_world_start(&l->w);
	sim_run(&l->w.sim, 3 * SIM_S);
	sim_world_move(&l->w, 0, "a", 0);
	bu = see(l, SIM_BU, "mn", SIM_S);
	assert_int_equal(bu->at_us, 3 * SIM_S);
	(void)series(l, bu, ms, MIP6_COUNT(ms));
	assert_int_equal(ladder_registration(l).unanswered, 9);

	x.from = NULL;
	bu = see(l, SIM_BU, "mn", 32 * SIM_S);
	ba = see(l, SIM_BA, "ha", SIM_S);
	assert_int_equal(ba->mh.u.ba.status, MIP6_BA_ACCEPTED);
	assert_int_equal(ba->mh.u.ba.seq, bu->mh.u.bu.seq);
	assert_true(sim_world_registered(&l->w, 0, "a", LADDER_RTT_US));
	assert_int_equal(ladder_registration(l).unanswered, 0);
	ladder_end(l);
}

/* Another care-of address begins the series anew. */
static void
move_begins_anew(void **state)
{
	static const int64_t on_a[] = { 1500, 3000, 6000 };
	static const int64_t on_b[] = { 1500, 3000, 6000, 12000 };
	struct ladder *l = ladder_begin(NULL);
	struct hand x = { SIM_BU, &l->w.mn[0].host, 0, 0 };
	struct mip6_prefix b = sim_world_prefix("b");
	const struct sim_sight *bu;
	int64_t at_us;

	(void)state;
	hand_on(l, &x);
	sim_world_start(&l->w);
	sim_world_move(&l->w, 0, "a", 0);
	bu = see(l, SIM_BU, "mn", SIM_S);
	at_us = series(l, bu, on_a, MIP6_COUNT(on_a));
	sim_run(&l->w.sim, SIM_S);
	sim_world_move(&l->w, 0, "b", 0);
	bu = see(l, SIM_BU, "mn", SIM_S);
	assert_int_equal(bu->at_us, at_us + SIM_S);
	assert_true(mip6_prefix_has(&b, &bu->v.ip.src));
	(void)series(l, bu, on_b, MIP6_COUNT(on_b));
	ladder_end(l);
}

/*
 *	mn                                          ha
 *	 |---- BU  seq n --------------------------->|
 *	 |                          <--- BA n, slow -|
 *	 |  1.5 s
 *	 |---- BU  seq n + 1 ----------------------->|
 *	 |<--- BA n ------- (late)                   |
 *
 * The answer to an update of the series ends it.
 */
static void
late_answer(void **state)
{
	struct ladder *l = ladder_begin(NULL);
	struct hand x = { SIM_BA, &l->w.ha, 1600 * SIM_MS, 0 };
	const struct sim_sight *bu;
	struct mip6_show_registration r;

	(void)state;
	hand_on(l, &x);
	sim_world_start(&l->w);
	sim_world_move(&l->w, 0, "a", 0);
	bu = see(l, SIM_BU, "mn", SIM_S);
	(void)see(l, SIM_BU, "mn", 1500 * SIM_MS);
	assert_true(sim_world_registered(&l->w, 0, "a", 10 * SIM_S));
	assert_int_equal(l->w.sim.now_us,
	    bu->at_us + 1600 * SIM_MS + LADDER_RTT_US);
	/* The lifetime counts from the update that was answered. */
	r = ladder_registration(l);
	assert_int_equal(r.left.us,
	    420 * SIM_S - 1600 * SIM_MS - LADDER_RTT_US);
	sim_look_away(&l->x);
	see_no(l, SIM_BU, "mn", 300 * SIM_S);
	ladder_end(l);
}

/*
 * Three quarters of the lifetime later it is renewed: one update, one answer,
 * and the home link hears nothing new.
 */
static void
refresh(void **state)
{
	struct ladder *l = ladder_registered(NULL, "a");
	int64_t began_us = l->w.sim.now_us - LADDER_RTT_US;
	const struct sim_sight *s;
	uint16_t seq = ladder_registration(l).seq;
	int round;
	size_t i;

	(void)state;
	/* The advertisements of the first registration are over. */
	sim_run(&l->w.sim, 10 * SIM_S);
	sim_look_away(&l->x);
	for (round = 0; round < 3; round++) {
		s = see(l, SIM_BU, "mn", 320 * SIM_S);
		began_us += 315 * SIM_S;
		assert_int_equal(s->at_us, began_us);
		assert_int_equal(s->mh.u.bu.seq, (uint16_t)++seq);
		assert_int_equal(s->mh.u.bu.lifetime.us, 420 * SIM_S);
		s = see(l, SIM_BA, "ha", SIM_S);
		assert_int_equal(s->at_us, began_us + LADDER_DELAY_US);
		assert_int_equal(s->mh.u.ba.status, MIP6_BA_ACCEPTED);
		assert_true(sim_world_registered(&l->w, 0, "a", SIM_S));
		assert_int_equal(ladder_registration(l).left.us,
		    420 * SIM_S - LADDER_RTT_US);
	}
	for (i = 0; i < l->x.count; i++)
		if (l->x.sight[i]->kind == SIM_NA &&
		    l->x.sight[i]->at_us > 10 * SIM_S)
			assert_memory_not_equal(&l->x.sight[i]->nd.u.na.target,
			    &l->w.mn[0].hoa, 16);
	ladder_end(l);
}

/* What was granted counts, not what was asked for. */
static void
short_grant(void **state)
{
	struct sim_world_conf c = { .lifetime_max_s = 60 };
	struct ladder *l = ladder_registered(&c, "a");
	int64_t began_us = l->w.sim.now_us - LADDER_RTT_US;
	const struct sim_sight *bu;

	(void)state;
	assert_int_equal(ladder_registration(l).granted.us, 60 * SIM_S);
	bu = see(l, SIM_BU, "mn", 60 * SIM_S);
	assert_int_equal(bu->at_us, began_us + 45 * SIM_S);
	assert_int_equal(bu->mh.u.bu.lifetime.us, 420 * SIM_S);
	ladder_end(l);
}

/*
 *	mn                                          ha
 *	 |---- BU  refresh, 315 s old -----------> X
 *	 |  1 s (INITIAL_BINDACK_TIMEOUT: a binding lives), 2, 4, ... 32 s
 *	 |---- BU -------------------------------> X
 *	 |  420 s: the binding is over here          |
 *	 |                          one delay later: over there
 *	 |---- BU  as before ----------------------->|
 */
static void
expires_on_both_sides(void **state)
{
	static const int64_t ms[] = { 1000, 2000, 4000, 8000, 16000, 32000,
		32000 };
	struct ladder *l = ladder_registered(NULL, "a");
	int64_t began_us = l->w.sim.now_us - LADDER_RTT_US;
	struct hand x = { SIM_BU, &l->w.mn[0].host, 0, 0 };
	struct mip6_show_registration r;
	struct mip6_show_binding b;
	const struct sim_sight *bu;

	(void)state;
	hand_on(l, &x);
	bu = see(l, SIM_BU, "mn", 320 * SIM_S);
	assert_int_equal(bu->at_us, began_us + 315 * SIM_S);
	(void)series(l, bu, ms, MIP6_COUNT(ms));

	sim_run_until(&l->w.sim, began_us + 420 * SIM_S - 1);
	r = ladder_registration(l);
	assert_string_equal(r.state, "updating");
	assert_int_equal(r.left.us, 1);
	sim_run(&l->w.sim, 1);
	r = ladder_registration(l);
	assert_string_equal(r.state, "registering");
	assert_addr(r.coa, mip6_addr_any);
	assert_int_equal(r.left.us, 0);

	sim_run(&l->w.sim, LADDER_DELAY_US - 1);
	assert_true(sim_daemon_binding(&l->w.had, &l->w.mn[0].hoa, &b));
	assert_string_equal(b.state, "registered");
	sim_run(&l->w.sim, 1);
	assert_false(sim_daemon_binding(&l->w.had, &l->w.mn[0].hoa, &b));

	x.from = NULL;
	assert_true(sim_world_registered(&l->w, 0, "a", 32 * SIM_S));
	ladder_end(l);
}

/* The home agent's route and its defence go with the binding. */
static void
expired_is_not_defended(void **state)
{
	struct sim_world_conf c = { .lifetime_s = 60 };
	struct ladder *l = ladder_registered(&c, "a");
	struct mip6_lladdr ll;

	(void)state;
	sim_daemon_kill(&l->w.mn[0].daemon);
	sim_ping_start(&l->w.transport, &l->ping, &l->w.nb, &l->w.mn[0].host,
	    &l->w.mn[0].hoa, &mip6_addr_any, SIM_S);
	sim_run(&l->w.sim, 10 * SIM_S);
	assert_true(sim_host_nd_lookup(&l->w.nb, 1, &l->w.mn[0].hoa, &ll));
	assert_memory_equal(&ll, &l->w.ha_home->lladdr, sizeof(ll));
	sim_run(&l->w.sim, 60 * SIM_S);
	sim_host_nd_flush(&l->w.nb, 1);
	sim_run(&l->w.sim, 10 * SIM_S);
	assert_false(sim_host_nd_lookup(&l->w.nb, 1, &l->w.mn[0].hoa, &ll));
	assert_true(sim_host_route(&l->w.ha, &mip6_addr_any, &l->w.mn[0].hoa)
			->ifindex != 0);
	ladder_end(l);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(first_registration),
		cmocka_unit_test(move_begins_anew),
		cmocka_unit_test(late_answer),
		cmocka_unit_test(refresh),
		cmocka_unit_test(short_grant),
		cmocka_unit_test(expires_on_both_sides),
		cmocka_unit_test(expired_is_not_defended),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
