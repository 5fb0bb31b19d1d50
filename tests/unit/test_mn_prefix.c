/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Mobile prefix discovery at the mobile node: when it asks, what it believes,
 * lifetimes.
 *
 * Links: core
 */
#include "mn_mpd_fix.h"

/* ---- section 11.4.2 ---- */

static void
test_asks(void **state)
{
	struct fix x;
	struct mip6_mp m;
	const struct fix_sent *s;

	(void)state;
	bound(&x);
	s = asked(&x, &m);
	/* R6.7-01: from the care-of address, directly. */
	assert_true(mip6_addr_equal(&s->ip.ip.src, &home(&x)->at.coa));
	assert_string_equal(mip6_addr_text(&s->ip.ip.dst).s, FIX_AGENT);
	assert_int_equal(s->octets[s->ip.upper_at], 146);
	assert_int_equal(s->octets[s->ip.upper_at + 1], 0);
	assert_true(s->ip.ip.hop_limit > 1 && s->ip.ip.hop_limit < 255);
	/* R11.4.2-02 */
	assert_true(s->ip.has_hao);
	assert_string_equal(mip6_addr_text(&s->ip.hao).s, FIX_HOA);
	/* R6.7-05 */
	assert_int_equal(s->octets[s->ip.upper_at + 6], 0);
	assert_int_equal(s->octets[s->ip.upper_at + 7], 0);
	not_asked(&x);
	fix_fini(&x);
}

/* 3 s, then twice that, and so on, with another identifier each time. */
static void
test_asks_again(void **state)
{
	struct mip6_time last;
	const struct fix_sent *s;
	struct mip6_mp m, before;
	int64_t wait = 3;
	struct fix x;
	int i;

	(void)state;
	bound(&x);
	last = asked(&x, &before)->at;
	for (i = 0; i < 7; i++) {
		fix_wait(&x, MIP6_SPAN_S(wait));
		s = asked(&x, &m);
		assert_int_equal(mip6_time_sub(s->at, last).us, wait * 1000000);
		assert_int_not_equal(m.id, before.id);
		last = s->at;
		before = m;
		wait *= 2;
		if (!mip6_bul_bound(&home(&x)->bound->bul, x.now.boot))
			break;
	}
	assert_true(i >= 5);
	fix_fini(&x);
}

static void
test_longest_wait(void **state)
{
	struct mip6_actions *out;
	struct fix x;

	(void)state;
	(void)away(&x);
	out = &x.out;
	mip6_actions_clear(out);
	x.node->now = x.now;
	x.node->out = out;
	prefix(&x)->timeout = MIP6_SPAN_S(80000);
	prefix(&x)->ask = x.now.boot;
	mn_prefix_timer(x.node, 0);
	x.node->out = NULL;
	assert_int_equal(left_s(&x, prefix(&x)->ask), 86400);
	fix_fini(&x);
}

/* Nothing is asked from where no binding is; then it is made up for. */
static void
test_where(void **state)
{
	struct mip6_conf_sa sa = fix_sa();
	const struct fix_sent *s;
	struct mip6_mh m;
	struct fix_ba ba;
	struct fix x;

	(void)state;
	(void)away(&x);
	fix_link(&x, false);
	fix_wait(&x, MIP6_SPAN_S(3));
	not_asked(&x);
	fix_link(&x, true);
	fix_ra(&x, "2001:db8:b::", 1800);
	fix_wait(&x, MIP6_SPAN_MS(100));
	s = fix_next_mh(&x, &m);
	assert_non_null(s);
	/* The old binding is alive, but the new place is not registered. */
	x.seen = x.sents;
	fix_wait(&x, MIP6_SPAN_MS(500));
	not_asked(&x);
	ba = fix_accept(&m, &sa);
	fix_answer(&x, s, NULL, &ba);
	{
		struct mip6_mp mp;

		s = asked(&x, &mp);
		assert_true(mip6_addr_equal(&s->ip.ip.src, &home(&x)->at.coa));
	}
	fix_fini(&x);
}

/* Known, it is asked for no more but when the home agent says so (status 1). */
static void
test_status_1(void **state)
{
	struct mip6_conf_sa sa = fix_sa();
	const struct fix_sent *s;
	struct mip6_mh m;
	struct fix_ba ba;
	struct mip6_mp mp;
	struct fix x;
	int status;

	(void)state;
	informed(&x, FOR_EVER, FOR_EVER);
	for (status = 0; status < 2; status++) {
		x.seen = x.sents;
		fix_wait(&x, MIP6_SPAN_S(451)); /* the refresh */
		s = fix_next_mh(&x, &m);
		assert_non_null(s);
		ba = fix_accept(&m, &sa);
		ba.status = (uint8_t)status;
		fix_answer(&x, s, NULL, &ba);
		if (status == 0)
			not_asked(&x);
		else
			(void)asked(&x, &mp); /* R11.7.3-06 */
	}
	fix_fini(&x);
}

/* R11.4.2-01: before its end. */
static void
test_about_to_end(void **state)
{
	struct mip6_mp m;
	struct fix x;

	(void)state;
	informed(&x, 400, 400);
	x.node->mn->home[0].prefix.valid =
	    mip6_time_add(x.now.boot, MIP6_SPAN_S(400));
	not_asked(&x);
	assert_int_equal(left_s(&x, prefix(&x)->ask), 300);
	fix_wait(&x, MIP6_SPAN_S(299));
	not_asked(&x);
	fix_wait(&x, MIP6_SPAN_S(1));
	(void)asked(&x, &m);
	/* Told of more, it waits again; an hour before at the most. */
	answer(&x, m.id, told_prefix(FIX_AGENT, 86400, 86400), nothing());
	assert_int_equal(left_s(&x, prefix(&x)->ask), 86400 - HOUR);
	fix_fini(&x);
}

/* No lifetime is asked for beyond the prefix's. */
static void
test_limit(void **state)
{
	struct fix x;

	(void)state;
	informed(&x, FOR_EVER, FOR_EVER);
	assert_int_equal(mn_prefix_limit(x.node, home(&x), MIP6_SPAN_S(600))
			     .us /
		1000000,
	    600);
	x.node->now = x.now;
	prefix(&x)->valid = mip6_time_add(x.now.boot, MIP6_SPAN_S(101));
	assert_int_equal(mn_prefix_limit(x.node, home(&x), MIP6_SPAN_S(600))
			     .us /
		1000000,
	    100);
	/* Never none at all: that would be a de-registration. */
	prefix(&x)->valid = mip6_time_add(x.now.boot, MIP6_SPAN_S(2));
	assert_int_equal(mn_prefix_limit(x.node, home(&x), MIP6_SPAN_S(600))
			     .us /
		1000000,
	    600);
	fix_fini(&x);
}

/* ---- section 11.4.3: what is believed ---- */

/* `f` is not obeyed, for the reason `why`. */
static void
refused(struct fix *x, const struct fix_mp *f, enum mip6_drop why)
{
	uint64_t before = fix_drops(x, why);
	bool waiting = prefix(x)->waiting;

	fix_send_mp(x, f);
	assert_int_equal(fix_drops(x, why), before + 1);
	assert_int_equal(prefix(x)->waiting, waiting);
	assert_true(mip6_time_is_never(prefix(x)->valid));
	assert_int_equal(homes(x), 1);
}

static void
test_refused(void **state)
{
	uint16_t id;
	struct fix_mp f;
	struct fix x;

	(void)state;
	id = away(&x);
	f = advertisement(&x, id);
	add(&f, told_prefix(FIX_AGENT, 86400, 86400));
	/* R11.4.3-02: no routing header, a home address not ours, a tunnel. */
	f.rh2 = NULL;
	refused(&x, &f, MIP6_DROP_MPA_UNEXPECTED);
	f.rh2 = FIX_HOA;
	f.tunnel_peer = FIX_AGENT;
	refused(&x, &f, MIP6_DROP_MPA_UNEXPECTED);
	f.tunnel_peer = NULL;
	/* R11.4.3-01: not from our home agent. */
	f.src = "2001:db8:1::2";
	refused(&x, &f, MIP6_DROP_MPA_UNEXPECTED);
	f.src = FIX_AGENT;
	/* R11.4.3-05 */
	f.code = 1;
	refused(&x, &f, MIP6_DROP_MP_INVALID);
	f.code = 0;
	/* R11.4.3-03 */
	f.m.id = (uint16_t)(id + 1);
	refused(&x, &f, MIP6_DROP_MPA_UNSOLICITED);
	/* All as it must be. */
	f.m.id = id;
	fix_send_mp(&x, &f);
	assert_false(prefix(&x)->waiting);
	assert_int_equal(left_s(&x, prefix(&x)->valid), 86400);
	/* The second answer is none. */
	f.m.opt.prefix[0] = told_prefix(FIX_AGENT, 90000, 90000);
	fix_send_mp(&x, &f);
	assert_int_equal(fix_drops(&x, MIP6_DROP_MPA_UNSOLICITED), 2);
	assert_int_equal(left_s(&x, prefix(&x)->valid), 86400);
	fix_fini(&x);
}

/* Without a binding nobody is our home agent. */
static void
test_unbound(void **state)
{
	struct fix_mp f;
	struct fix x;

	(void)state;
	fix_mn_foreign(&x);
	f = advertisement(&x, 0);
	fix_send_mp(&x, &f);
	assert_int_equal(fix_drops(&x, MIP6_DROP_MPA_UNEXPECTED), 1);
	fix_fini(&x);
}

/* R11.4.3-04: unasked, it makes us ask, however many there are. */
static void
test_unsolicited(void **state)
{
	struct fix_mp f;
	struct mip6_mp m;
	struct fix x;
	uint16_t i, count = 0;

	(void)state;
	informed(&x, FOR_EVER, FOR_EVER);
	fix_wait(&x, MIP6_SPAN_S(3));
	not_asked(&x);
	f = advertisement(&x, 0);
	add(&f, told_prefix(AGENT2, 86400, 86400));
	for (i = 0; i < 100; i++) {
		f.m.id = i;
		fix_send_mp(&x, &f);
	}
	(void)asked(&x, &m);
	not_asked(&x);
	assert_int_equal(homes(&x), 1);
	/* The answer, and then a flood again: not before 3 s are over. */
	answer(&x, m.id, told_prefix(FIX_AGENT, FOR_EVER, FOR_EVER), nothing());
	for (i = 0; i < 100; i++) {
		f.m.id = i;
		fix_send_mp(&x, &f);
		fix_wait(&x, MIP6_SPAN_MS(29));
	}
	not_asked(&x);
	fix_wait(&x, MIP6_SPAN_MS(200));
	fix_send_mp(&x, &f);
	for (; fix_next_mp(&x, MIP6_ICMP6_MPS, &m) != NULL; count++)
		;
	assert_int_equal(count, 1);
	fix_fini(&x);
}

/* ---- lifetimes, RFC 4862 section 5.5.3 ---- */

/* Tells the lifetimes in a new exchange. */
static void
tell(struct fix *x, struct mip6_nd_prefix p)
{
	prefix(x)->waiting = true;
	prefix(x)->id = 7;
	answer(x, 7, p, nothing());
}

static void
test_lifetimes(void **state)
{
	struct fix x;

	(void)state;
	/* What was for ever falls to two hours at the most. */
	informed(&x, 60, 60);
	assert_int_equal(left_s(&x, prefix(&x)->valid), 7200);
	assert_int_equal(left_s(&x, prefix(&x)->preferred), 60);
	/* Shorter again: no. */
	fix_wait(&x, MIP6_SPAN_S(10));
	tell(&x, told_prefix(FIX_AGENT, 61, 61));
	assert_int_equal(left_s(&x, prefix(&x)->valid), 7190);
	/* Longer than what is left, or than two hours: yes. */
	prefix(&x)->valid = mip6_time_add(x.now.boot, MIP6_SPAN_S(100));
	tell(&x, told_prefix(FIX_AGENT, 200, 200));
	assert_int_equal(left_s(&x, prefix(&x)->valid), 200);
	tell(&x, told_prefix(FIX_AGENT, 86400, 86400));
	tell(&x, told_prefix(FIX_AGENT, 7201, 7201));
	assert_int_equal(left_s(&x, prefix(&x)->valid), 7201);
	/* Preferred beyond valid: nothing of it. */
	tell(&x, told_prefix(FIX_AGENT, 86400, 86401));
	assert_int_equal(left_s(&x, prefix(&x)->valid), 7201);
	/* A link-local prefix is none. */
	tell(&x, told_prefix("fe80::", 86400, 86400));
	assert_int_equal(homes(&x), 1);
	assert_int_equal(fix_drops(&x, MIP6_DROP_MPA_PREFIX), 0);
	fix_fini(&x);
}

/* Deprecated, by word or by time: the host avoids it, and takes it back. */
static void
test_deprecated(void **state)
{
	const struct mip6_action *a;
	struct fix x;

	(void)state;
	informed(&x, 86400, 20000);
	assert_int_equal(fix_last(&x, MIP6_ACT_ADDR)->u.addr.preferred.us,
	    INT64_MAX);
	tell(&x, told_prefix(FIX_AGENT, 86400, 0));
	a = fix_last(&x, MIP6_ACT_ADDR);
	assert_string_equal(mip6_addr_text(&a->u.addr.addr).s, FIX_HOA);
	assert_true(a->u.addr.on);
	assert_int_equal(a->u.addr.preferred.us, 0);
	assert_true(a->u.addr.valid.us == INT64_MAX);
	tell(&x, told_prefix(FIX_AGENT, 86400, 100));
	assert_int_equal(fix_last(&x, MIP6_ACT_ADDR)->u.addr.preferred.us,
	    INT64_MAX);
	fix_wait(&x, MIP6_SPAN_S(101));
	assert_int_equal(fix_last(&x, MIP6_ACT_ADDR)->u.addr.preferred.us, 0);
	fix_fini(&x);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_asks),
		cmocka_unit_test(test_asks_again),
		cmocka_unit_test(test_longest_wait),
		cmocka_unit_test(test_where),
		cmocka_unit_test(test_status_1),
		cmocka_unit_test(test_about_to_end),
		cmocka_unit_test(test_limit),
		cmocka_unit_test(test_refused),
		cmocka_unit_test(test_unbound),
		cmocka_unit_test(test_unsolicited),
		cmocka_unit_test(test_lifetimes),
		cmocka_unit_test(test_deprecated),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
