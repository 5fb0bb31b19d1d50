/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The home agent's own Router Advertisements: when they go.
 *
 * Links: core
 */
#include "ra_fix.h"

/* The gaps between `count` advertisements, each within [low, high]. */
static void
gaps(struct ra *t, uint32_t count, int64_t low_us, int64_t high_us)
{
	struct mip6_time last = t->x.sent[t->x.seen - 1].at;
	int64_t gap, smallest = INT64_MAX, largest = 0;
	const struct fix_sent *s;
	struct mip6_nd m;
	uint32_t i;

	for (i = 0; i < count; i++) {
		s = fix_next_nd(&t->x, MIP6_ND_RA, &m);
		assert_non_null(s);
		gap = mip6_time_sub(s->at, last).us;
		last = s->at;
		assert_in_range(gap, low_us, high_us);
		smallest = gap < smallest ? gap : smallest;
		largest = gap > largest ? gap : largest;
	}
	/* Drawn, not fixed. */
	if (count > 10)
		assert_true(largest - smallest > (high_us - low_us) / 4);
}

/* RFC 4861 section 6.2.4. */
static void
test_intervals(void **state)
{
	struct ra *t = ra_new();
	struct mip6_conf_adverts *c = &t->x.conf.ha.adverts;

	(void)state;
	c->min_interval = MIP6_SPAN_S(30);
	c->max_interval = MIP6_SPAN_S(60);
	fix_configure(&t->x);
	local(t);
	(void)next(t); /* at once */
	fix_wait(&t->x, MIP6_SPAN_S(2000));
	gaps(t, 2, 16000000, 16000000);
	gaps(t, 20, 30000000, 60000000);
	ra_delete(t);
}

/* MinDelayBetweenRAs holds for those that nobody asked for, too. */
static void
test_delay_above_interval(void **state)
{
	struct ra *t = ra_new();
	struct mip6_conf_adverts *c = &t->x.conf.ha.adverts;

	(void)state;
	c->min_interval = MIP6_SPAN_MS(100);
	c->max_interval = MIP6_SPAN_MS(2000);
	c->min_delay = MIP6_SPAN_MS(1000);
	fix_configure(&t->x);
	local(t);
	(void)next(t);
	fix_wait(&t->x, MIP6_SPAN_S(100));
	gaps(t, 40, 1000000, 2000000);
	ra_delete(t);
}

/* R7.5-01, -02: 30 to 70 ms, and not faster whatever is asked for. */
static void
test_fast(void **state)
{
	static const int64_t row[][2] = { { 30, 70 }, { 1, 2 } };
	struct mip6_conf_adverts *c;
	struct ra *t;
	size_t i;

	(void)state;
	for (i = 0; i < MIP6_COUNT(row); i++) {
		t = ra_new();
		c = &t->x.conf.ha.adverts;
		c->min_interval = MIP6_SPAN_MS(row[i][0]);
		c->max_interval = MIP6_SPAN_MS(row[i][1]);
		c->min_delay = c->min_interval;
		fix_configure(&t->x);
		local(t);
		(void)next(t);
		fix_wait(&t->x, MIP6_SPAN_S(5));
		gaps(t, 70, 30000, 70000);
		/* 50 ms is the mean. */
		assert_in_range(t->x.sents, 90, 115);
		ra_delete(t);
	}
}

/* R7.5-06: nothing but answers. */
static void
test_solicited_only(void **state)
{
	struct ra *t = ra_new();
	struct mip6_conf_adverts *c = &t->x.conf.ha.adverts;

	(void)state;
	c->solicited_only = true;
	c->interval_option = true;
	fix_configure(&t->x);
	local(t);
	fix_wait(&t->x, MIP6_SPAN_S(10000));
	none(t);
	solicit(t, "::", NULL);
	fix_wait(&t->x, MIP6_SPAN_MS(500));
	assert_false(next(t).opt.has_adv_interval);
	fix_wait(&t->x, MIP6_SPAN_S(10000));
	none(t);
	c->agent_preference = 9;
	fix_configure(&t->x);
	fix_wait(&t->x, MIP6_SPAN_S(10000));
	none(t);
	ra_delete(t);
}

/* RFC 4861 section 6.2.6: when, and that the timer begins anew. */
static void
test_solicited(void **state)
{
	struct ra *t = ra_new();
	struct mip6_time asked;

	(void)state;
	local(t);
	fix_wait(&t->x, MIP6_SPAN_S(100));
	t->x.seen = t->x.sents;
	asked = t->x.now.boot;
	solicit(t, "::", NULL);
	solicit(t, "fe80::77", NULL);
	solicit(t, "::", NULL);
	none(t);
	fix_wait(&t->x, MIP6_SPAN_MS(500));
	(void)next(t);
	assert_true(mip6_time_before(asked, t->x.sent[t->x.seen - 1].at));
	none(t);
	fix_wait(&t->x, MIP6_SPAN_S(199));
	none(t);
	fix_wait(&t->x, MIP6_SPAN_S(402));
	(void)next(t);
	/* To all nodes, whoever asks, when that may be. */
	fix_wait(&t->x, MIP6_SPAN_S(100));
	solicit(t, "fe80::77", NULL);
	fix_wait(&t->x, MIP6_SPAN_MS(500));
	(void)next(t);
	ra_delete(t);
}

/* RFC 6275 section 13: the delay between them, as configured. */
static void
test_min_delay(void **state)
{
	static const struct {
		int64_t min_ms, delay_ms, low_us, high_us;
	} row[] = { { 200000, 3000, 3000000, 3500000 },
		{ 200000, 1000, 1000000, 1500000 },
		{ 200000, 1, 30000, 530000 }, { 3000, 3000, 3000000, 3500000 },
		{ 1000, 1000, 1000000, 1500000 },
		{ 100, 100, 100000, 200000 } };
	const struct fix_sent *s;
	struct mip6_time last;
	struct mip6_nd m;
	struct ra *t;
	size_t i;

	(void)state;
	for (i = 0; i < MIP6_COUNT(row); i++) {
		t = ra_new();
		t->x.conf.ha.adverts.min_interval = MIP6_SPAN_MS(row[i].min_ms);
		t->x.conf.ha.adverts.min_delay = MIP6_SPAN_MS(row[i].delay_ms);
		t->x.conf.ha.adverts.max_interval = MIP6_SPAN_S(10000);
		fix_configure(&t->x);
		local(t);
		(void)next(t);
		last = t->x.sent[t->x.seen - 1].at;
		solicit(t, "::", NULL);
		fix_wait(&t->x, MIP6_SPAN_S(4));
		s = fix_next_nd(&t->x, MIP6_ND_RA, &m);
		assert_non_null(s);
		assert_in_range(mip6_time_sub(s->at, last).us, row[i].low_us,
		    row[i].high_us);
		none(t);
		ra_delete(t);
	}
}

/* Who asks when no multicast may go is answered alone, and soon. */
static void
test_unicast(void **state)
{
	static const struct mip6_lladdr ll = { { 2, 0, 0, 0, 0, 0x77 } };
	struct mip6_addr a = fix_addr("fe80::77"), b = fix_addr("fe80::78");
	struct ra *t = ra_new();
	uint32_t to_a = 0, to_b = 0;
	const struct fix_sent *s;
	struct mip6_nd m;

	(void)state;
	local(t);
	(void)next(t);
	solicit(t, "fe80::77", &ll);
	solicit(t, "fe80::77", &ll);
	solicit(t, "fe80::78", NULL);
	fix_wait(&t->x, MIP6_SPAN_MS(500));
	while ((s = fix_next_nd(&t->x, MIP6_ND_RA, &m)) != NULL) {
		assert_true(s->act.has_lladdr);
		assert_true(m.u.ra.home_agent);
		assert_int_equal(m.opt.prefix_count, 1);
		if (mip6_addr_equal(&s->ip.ip.dst, &a)) {
			to_a++;
			assert_memory_equal(&s->act.lladdr, &ll, 6);
		} else {
			assert_true(mip6_addr_equal(&s->ip.ip.dst, &b));
			to_b++;
			assert_memory_equal(&s->act.lladdr, &fix_router_ll, 6);
		}
	}
	assert_int_equal(to_a, 1);
	assert_int_equal(to_b, 1);
	fix_wait(&t->x, MIP6_SPAN_S(3));
	none(t);
	ra_delete(t);
}

/* A flood of solicitations: sixteen alone, the others by one for all. */
static void
test_flood(void **state)
{
	struct ra *t = ra_new();
	struct mip6_time last;
	const struct fix_sent *s;
	uint32_t i, alone = 0, all = 0;
	struct mip6_nd m;
	char text[32];

	(void)state;
	local(t);
	(void)next(t);
	last = t->x.now.boot;
	for (i = 0; i < 1000; i++) {
		(void)snprintf(text, sizeof(text), "fe80::%x", i + 16);
		solicit(t, text, NULL);
	}
	fix_wait(&t->x, MIP6_SPAN_S(5));
	while ((s = fix_next_nd(&t->x, MIP6_ND_RA, &m)) != NULL) {
		if (s->act.has_lladdr) {
			alone++;
			continue;
		}
		all++;
		assert_in_range(mip6_time_sub(s->at, last).us, 3000000,
		    3500000);
	}
	assert_int_equal(alone, HA_RA_GUESTS_MAX);
	assert_int_equal(all, 1);
	ra_delete(t);
}

/* RFC4861-6.2.6a: solicitations of other links are others' to answer. */
static void
test_other_link(void **state)
{
	struct ra *t = ra_new();
	struct mip6_event ev;
	struct mip6_nd m;
	uint8_t buf[128];
	struct mip6_wr w = mip6_wr_make(buf, sizeof(buf));
	struct mip6_ip6_out ip;
	size_t start, at;

	(void)state;
	local(t);
	fix_wait(&t->x, MIP6_SPAN_S(100));
	t->x.seen = t->x.sents;
	memset(&ip, 0, sizeof(ip));
	memset(&m, 0, sizeof(m));
	m.type = MIP6_ND_RS;
	ip.ip.dst = mip6_addr_all_routers;
	ip.ip.hop_limit = 255;
	ip.upper = MIP6_NH_ICMPV6;
	start = mip6_ip6_begin(&w, &ip);
	at = w.pos;
	mip6_nd_write(&w, &m);
	mip6_ip6_end(&w, start);
	mip6_icmp6_finish(buf + at, w.pos - at, &ip.ip.src, &ip.ip.dst);
	memset(&ev, 0, sizeof(ev));
	ev.kind = MIP6_EV_LINK;
	ev.u.link.ifindex = 7;
	memcpy(ev.u.link.name, "eth1", 5);
	ev.u.link.up = true;
	fix_give(&t->x, &ev);
	memset(&ev, 0, sizeof(ev));
	ev.kind = MIP6_EV_HINT;
	ev.u.hint.kind = MIP6_HINT_PACKET;
	ev.u.hint.ifindex = 7;
	ev.u.hint.octets = buf;
	ev.u.hint.count = w.pos;
	fix_give(&t->x, &ev);
	fix_wait(&t->x, MIP6_SPAN_S(5));
	none(t);
	/* The very same on the home link. */
	fix_packet(&t->x, buf, w.pos);
	fix_wait(&t->x, MIP6_SPAN_S(5));
	(void)next(t);
	ra_delete(t);
}

/* A solicitation tells of its sender, if it is somebody we know. */
static void
test_neighbour(void **state)
{
	static const struct mip6_lladdr ll = { { 2, 0, 0, 0, 0, 0x77 } };
	struct mip6_addr a = fix_addr("fe80::77");
	struct ra *t = ra_new();
	const struct mip6_action *act;
	uint32_t hop;

	(void)state;
	local(t);
	t->x.acts = 0;
	solicit(t, "fe80::77", &ll);
	assert_null(fix_last(&t->x, MIP6_ACT_HOP_SET));
	t->x.node->out = &t->x.out;
	mip6_actions_clear(&t->x.out);
	hop = nd_hold(t->x.node, FIX_IFINDEX, &a);
	t->x.node->out = NULL;
	assert_false(nd_usable(t->x.node, hop));
	solicit(t, "fe80::77", &ll);
	assert_true(nd_usable(t->x.node, hop));
	act = fix_last(&t->x, MIP6_ACT_HOP_SET);
	assert_non_null(act);
	assert_memory_equal(&act->u.hop.lladdr, &ll, 6);
	ra_delete(t);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_intervals),
		cmocka_unit_test(test_delay_above_interval),
		cmocka_unit_test(test_fast),
		cmocka_unit_test(test_solicited_only),
		cmocka_unit_test(test_solicited),
		cmocka_unit_test(test_min_delay),
		cmocka_unit_test(test_unicast),
		cmocka_unit_test(test_flood),
		cmocka_unit_test(test_other_link),
		cmocka_unit_test(test_neighbour),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
