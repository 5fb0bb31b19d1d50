/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The list of home prefixes: ours, and those heard on the home link.
 *
 * Links: core
 */
#include "ha_mpd_fix.h"

#include <stdio.h>

/* ---- section 10.6.1: what is heard on the home link ---- */

static void
test_heard(void **state)
{
	struct ha *t = begin(true);
	struct mip6_nd_prefix p;
	struct mip6_mp m;

	(void)state;
	hear(t, "2001:db8:3::7", 7200, 3600);
	assert_int_equal(told(t), 2);
	fix_wait(&t->x, MIP6_SPAN_S(100));
	solicit(t, 1);
	assert_non_null(next(t, &m));
	assert_int_equal(m.opt.prefix_count, 2);
	assert_true(m.opt.prefix[1].router);
	assert_same(m.opt.prefix[1].addr, "2001:db8:3::7");
	assert_int_equal(m.opt.prefix[1].valid.us / 1000000, 7100);
	assert_int_equal(m.opt.prefix[1].preferred.us / 1000000, 3500);
	/* R6.8-08: the home agent has no DHCPv6 for who is away. */
	assert_false(m.managed);
	assert_false(m.other);
	/* Not ours, which are as configured; not what is no prefix. */
	hear(t, "2001:db8:1::7", 100, 50);
	hear(t, "fe80::", 7200, 3600);
	hear(t, "ff05::", 7200, 3600);
	hear(t, "2001:db8:4::7", 3600, 7200);
	assert_int_equal(told(t), 2);
	/* Not of routers that are no home agents, not our own. */
	p = theirs("2001:db8:5::7", 7200, 3600);
	heard(t, "fe80::fe", false, &p);
	assert_int_equal(told(t), 2);
	/* It dies, and one is withdrawn. */
	hear(t, "2001:db8:6::7", 60, 60);
	assert_int_equal(told(t), 3);
	fix_wait(&t->x, MIP6_SPAN_S(61));
	assert_int_equal(told(t), 2);
	hear(t, "2001:db8:3::7", 0, 0);
	assert_int_equal(told(t), 1);
	hear(t, "2001:db8:3::7", 0, 0);
	assert_int_equal(told(t), 1);
	end(t);
}

/* What comes from ourselves, or from another link, is not heard. */
static void
test_heard_elsewhere(void **state)
{
	struct ha *t = begin(true);
	struct mip6_nd_prefix p = theirs("2001:db8:3::7", 7200, 3600);
	struct mip6_hint h;
	struct mip6_nd m;

	(void)state;
	memset(&h, 0, sizeof(h));
	memset(&m, 0, sizeof(m));
	m.type = MIP6_ND_RA;
	m.u.ra.home_agent = true;
	m.opt.prefix_count = 1;
	m.opt.prefix[0] = p;
	h.ifindex = FIX_IFINDEX;
	h.ll_src = fix_ll;
	ha_mpd_heard(t->x.node, &h, &m);
	assert_int_equal(told(t), 1);
	h.ll_src = fix_router_ll;
	h.ifindex = FIX_IFINDEX + 1;
	ha_mpd_heard(t->x.node, &h, &m);
	assert_int_equal(told(t), 1);
	h.ifindex = FIX_IFINDEX;
	ha_mpd_heard(t->x.node, &h, &m);
	assert_int_equal(told(t), 2);
	end(t);
}

/* A table that is full stays as it is. */
static void
test_heard_many(void **state)
{
	struct ha *t = begin(true);
	char addr[32];
	int i;

	(void)state;
	for (i = 0; i < HA_HEARD_MAX + 20; i++) {
		(void)snprintf(addr, sizeof(addr), "2001:db8:%x::7", 0x100 + i);
		hear(t, addr, 7200, 3600);
	}
	assert_int_equal(told(t), 1 + HA_HEARD_MAX);
	assert_int_equal(fix_drops(&t->x, MIP6_DROP_ND_FULL), 20);
	end(t);
}

/* Time alone changes nothing: a lifetime that stays, one that counts down. */
static void
test_heard_change(void **state)
{
	struct ha *t = begin_telling();
	struct ha_mpd *d = t->x.node->ha->mpd;
	struct mip6_time begun;
	int i;

	(void)state;
	hear(t, "2001:db8:3::7", 7200, 3600);
	hear(t, "2001:db8:4::7", 7200, 3600);
	fix_wait(&t->x, MIP6_SPAN_S(700));
	begun = d->round[0].begun;
	for (i = 1; i < 20; i++) {
		fix_wait(&t->x, MIP6_SPAN_S(10));
		hear(t, "2001:db8:3::7", 7200, 3600);
		hear(t, "2001:db8:4::7", 7200 - 700 - i * 10,
		    3600 - 700 - i * 10);
	}
	assert_true(d->round[0].begun.us == begun.us);
	hear(t, "2001:db8:4::7", 3000, 2000);
	assert_true(mip6_time_before(begun, d->round[0].begun));
	end(t);
}

/* What `show prefixes` has: ours, and theirs, with the time that passed. */
struct shown {
	struct mip6_show_prefix row[4];
	uint32_t count;
};

static void
shown_row(void *arg, const struct mip6_show_prefix *p)
{
	struct shown *s = arg;

	assert_true(s->count < MIP6_COUNT(s->row));
	s->row[s->count++] = *p;
}

static void
test_shown(void **state)
{
	struct ha *t = begin(true);
	struct shown s;

	(void)state;
	hear(t, "2001:db8:3::7", 7200, 3600);
	/* No event comes meanwhile. */
	t->x.now.boot.us += 100000000;
	memset(&s, 0, sizeof(s));
	assert_int_equal(mip6_show_prefixes(t->x.node, &t->x.now, 0, 9,
			     shown_row, &s),
	    2);
	assert_int_equal(s.count, 2);
	assert_string_equal(s.row[0].origin, "configured");
	assert_same(s.row[0].router, FIX_AGENT);
	assert_same(s.row[0].prefix.addr, "2001:db8:1::");
	assert_true(s.row[0].valid.us == INT64_MAX);
	assert_string_equal(s.row[1].origin, "home-agent");
	assert_same(s.row[1].router, "2001:db8:3::7");
	assert_int_equal(s.row[1].valid.us, 7100000000);
	assert_int_equal(s.row[1].preferred.us, 3500000000);
	end(t);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_heard),
		cmocka_unit_test(test_heard_elsewhere),
		cmocka_unit_test(test_heard_many),
		cmocka_unit_test(test_heard_change),
		cmocka_unit_test(test_shown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
