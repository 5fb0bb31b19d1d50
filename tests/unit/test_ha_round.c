/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * When away mobile nodes are told of a change of the home prefixes.
 *
 * Links: core
 */
#include "ha_mpd_fix.h"

/* ---- section 10.6.2 ---- */

/* The round of the start is over and acknowledged. */
static void
settle(struct ha *t)
{
	struct mip6_mp m;

	(void)comes(t, 86400 - 3600, &m);
	while (next(t, &m) != NULL)
		;
	solicit(t, 1);
	fix_wait(&t->x, MIP6_SPAN_S(3));
	while (next(t, &m) != NULL)
		;
	registers(t, 2, COA, 262140);
	t->x.seen = t->x.sents;
}

static void
test_new_prefix(void **state)
{
	struct ha *t = begin_telling();
	const struct fix_sent *s;
	struct mip6_mp m;

	(void)state;
	settle(t);
	add_prefix(t, 10800, 3600);
	fix_wait(&t->x, MIP6_SPAN_S(600));
	none(t); /* MinMobPfxAdvInterval at the least */
	fix_wait(&t->x, MIP6_SPAN_S(86400 - 600));
	s = next(t, &m);
	assert_non_null(s);
	/* R10.6.2-03: the list in its entirety, to the care-of address. */
	assert_same(s->ip.ip.dst, COA);
	assert_same(s->ip.rh2, FIX_HOA);
	assert_int_equal(m.opt.prefix_count, 2);
	assert_same(m.opt.prefix[1].addr, HOME2);
	assert_false(m.opt.prefix[1].router); /* no address there */
	end(t);
}

/* What is no change is not told; the same again is none. */
static void
test_no_change(void **state)
{
	struct ha *t = begin_telling();

	(void)state;
	settle(t);
	fix_configure(&t->x);
	fix_host_addr(&t->x, FIX_AGENT, 64, 0, false);
	fix_wait(&t->x, MIP6_SPAN_S(3000));
	none(t);
	end(t);
}

/* R10.6.2-01: lifetimes set anew; the window is the shorter one. */
static void
test_deprecated(void **state)
{
	struct ha *t = begin_telling();
	struct mip6_conf_home_prefix *p = &t->x.conf.ha.prefix[0];
	struct mip6_mp m;
	int64_t at;

	(void)state;
	settle(t);
	p->valid = MIP6_SPAN_S(86400);
	p->preferred = MIP6_SPAN_S(0);
	p->decrement = true;
	fix_configure(&t->x);
	/* Preferred for 0 s: 600 s and up to 600 s more. */
	at = comes(t, 1200, &m);
	assert_in_range(at, 600, 1200);
	assert_int_equal(m.opt.prefix[0].preferred.us, 0);
	/* Counted down from the change, not from the start. */
	assert_in_range(m.opt.prefix[0].valid.us / 1000000, 85200, 85800);
	end(t);
}

/* P-RENUMBER: what dies soon is told of in time, however long the delays. */
static void
test_in_time(void **state)
{
	struct ha *t = begin_telling();
	struct mip6_conf_home_prefix *p = &t->x.conf.ha.prefix[0];
	struct mip6_mp m;

	(void)state;
	settle(t);
	p->valid = MIP6_SPAN_S(300);
	p->preferred = MIP6_SPAN_S(0);
	fix_configure(&t->x);
	assert_in_range(comes(t, 150, &m), 75, 150);
	end(t);
}

/* Several changes before the first is due: one advertisement, with all. */
static void
test_together(void **state)
{
	struct ha *t = begin_telling();
	struct mip6_time begun;
	struct mip6_mp m;
	int64_t at;

	(void)state;
	settle(t);
	add_prefix(t, 10800, 3600);
	begun = t->x.node->ha->mpd->round[0].begun;
	fix_wait(&t->x, MIP6_SPAN_S(500));
	hear(t, "2001:db8:3::7", 7200, 3600);
	assert_true(t->x.node->ha->mpd->round[0].begun.us == begun.us);
	at = comes(t, 86400, &m);
	assert_in_range(at, 100, 85900);
	assert_int_equal(m.opt.prefix_count, 2 + (at < 7200));
	solicit(t, 9);
	fix_wait(&t->x, MIP6_SPAN_S(1));
	t->x.seen = t->x.sents;
	/* After the first was due, another round begins. */
	add_prefix(t, 20000, 3600);
	assert_false(t->x.node->ha->mpd->round[0].begun.us == begun.us);
	end(t);
}

/* The moment of this round is `delay_s` after its beginning. */
static void
set_moment(struct ha *t, int64_t delay_s)
{
	struct ha_mpd *d = t->x.node->ha->mpd;

	d->round[0].low[0] = MIP6_SPAN_S(delay_s);
	d->round[0].width[0] = MIP6_SPAN_S(0);
	node_timer_arm(t->x.node, &d->walk, t->x.now.boot);
	fix_wait(&t->x, MIP6_SPAN_S(0));
}

/* R10.6.2-03: one that is scheduled keeps its moment in the next round. */
static void
test_keeps_moment(void **state)
{
	struct ha *t = begin_telling();
	struct ha_mpd *d = t->x.node->ha->mpd;
	struct mip6_time due;
	struct mip6_mp m;
	const struct fix_sent *s;

	(void)state;
	settle(t);
	add_prefix(t, 86400, 86400);
	fix_wait(&t->x, MIP6_SPAN_S(601));
	none(t);
	due = d->next;
	assert_true(mip6_time_before(t->x.now.boot, due));
	assert_false(mip6_time_is_never(due));
	/* Another change; the moment of the new round is made a late one. */
	add_prefix(t, 80000, 80000);
	set_moment(t, 86000);
	fix_wait(&t->x, mip6_time_sub(due, t->x.now.boot));
	fix_wait(&t->x, MIP6_SPAN_S(2));
	s = next(t, &m);
	assert_non_null(s);
	assert_in_range(mip6_time_sub(s->at, due).us, 0, 1000000);
	assert_int_equal(m.opt.prefix[1].preferred.us / 1000000, 80000);
	end(t);
}

/* ... and one that was told in the round before waits for the new moment. */
static void
test_new_moment(void **state)
{
	struct ha *t = begin_telling();
	struct mip6_mp m;

	(void)state;
	settle(t);
	add_prefix(t, 86400, 86400);
	set_moment(t, 600);
	assert_in_range(comes(t, 610, &m), 600, 601);
	solicit(t, 9);
	fix_wait(&t->x, MIP6_SPAN_S(1));
	t->x.seen = t->x.sents;
	add_prefix(t, 80000, 80000);
	set_moment(t, 5000);
	fix_wait(&t->x, MIP6_SPAN_S(4999));
	none(t);
	fix_wait(&t->x, MIP6_SPAN_S(2));
	assert_non_null(next(t, &m));
	end(t);
}

/* R10.6.2-03: nobody goes without for longer than MaxMobPfxAdvInterval. */
static void
test_nothing_changes(void **state)
{
	struct ha *t = begin_telling();
	struct mip6_mp m;
	int day;

	(void)state;
	settle(t);
	for (day = 0; day < 2; day++) {
		assert_in_range(comes(t, 2 * 86400, &m), 0, 2 * 86400);
		solicit(t, 9);
		registers(t, (uint16_t)(3 + day), COA, 262140);
		fix_wait(&t->x, MIP6_SPAN_S(30));
		t->x.seen = t->x.sents;
	}
	end(t);
}

/* SendMobPfxAdvs off: asked alone. */
static void
test_off(void **state)
{
	struct ha *t = begin(true);
	struct mip6_mp m;

	(void)state;
	add_prefix(t, 10800, 3600);
	fix_wait(&t->x, MIP6_SPAN_S(500));
	none(t);
	solicit(t, 1);
	assert_non_null(next(t, &m));
	assert_int_equal(m.opt.prefix_count, 2);
	end(t);
}

/* ---- at a million, and at the edges ---- */

/* Nothing is kept for a binding, and each is told once, each in its time. */
static void
test_many(void **state)
{
	const struct mip6_conf_delivery c = { MIP6_SPAN_S(4000),
		MIP6_SPAN_S(40), true };
	struct ha *t = begin_with(&c, true);
	struct ha_mpd *d = t->x.node->ha->mpd;
	struct mip6_binding *first, *b;
	struct mip6_addr hoa;
	uint32_t i, sent = 0, early = 0;

	(void)state;
	/* As many bindings as the table has, registered as the first is. */
	first = mip6_bcache_get(&t->x.node->ha->bcache, 0);
	for (i = 1; i < t->x.conf.ha.bindings_max; i++) {
		hoa = fix_addr(FIX_HOA);
		hoa.b[15] = (uint8_t)(i + 1);
		assert_int_equal(mip6_bcache_add(&t->x.node->ha->bcache, &hoa),
		    i);
		b = mip6_bcache_get(&t->x.node->ha->bcache, i);
		b->state = MIP6_BINDING_REGISTERED;
		b->coa = first->coa;
		b->hop = first->hop;
	}
	assert_int_equal(d->index.used, 0);
	while (sent < t->x.conf.ha.bindings_max) {
		fix_wait(&t->x, MIP6_SPAN_S(1));
		for (; t->x.seen < t->x.sents; t->x.seen++)
			if (t->x.sent[t->x.seen].ip.has_rh2) {
				struct fix_mp f = solicitation(1);
				struct mip6_addr_text a = mip6_addr_text(
				    &t->x.sent[t->x.seen].ip.rh2);

				sent++;
				early += mip6_time_sub(t->x.now.boot,
					     d->round[0].begun)
					     .us < 2000000000;
				f.hao = a.s;
				t->x.seen = t->x.sents;
				fix_wait(&t->x, MIP6_SPAN_S(1));
				fix_send_mp(&t->x, &f);
				t->x.seen = t->x.sents;
				break;
			}
		assert_true(mip6_time_sub(t->x.now.boot, d->round[0].begun).us <
		    4100000000);
	}
	/* Spread over the time there is: not all in one half. */
	assert_in_range(early, 2, 14);
	/* No binding's timer is set: the fixture made them without. */
	for (i = 1; i < t->x.conf.ha.bindings_max; i++)
		mip6_bcache_get(&t->x.node->ha->bcache, i)->hop = MIP6_HOP_NONE;
	end(t);
}

/* A mobile node that comes after the walk has passed is found, too. */
static void
test_joins(void **state)
{
	const struct mip6_conf_delivery c = { MIP6_SPAN_S(4000),
		MIP6_SPAN_S(40), true };
	struct ha *t = begin_with(&c, false);
	struct mip6_mp m;

	(void)state;
	fix_wait(&t->x, MIP6_SPAN_S(20));
	registers(t, 1, COA, 262140);
	assert_in_range(comes(t, 4000, &m), 20, 4000);
	end(t);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_new_prefix),
		cmocka_unit_test(test_no_change),
		cmocka_unit_test(test_deprecated),
		cmocka_unit_test(test_in_time),
		cmocka_unit_test(test_together),
		cmocka_unit_test(test_keeps_moment),
		cmocka_unit_test(test_new_moment),
		cmocka_unit_test(test_nothing_changes),
		cmocka_unit_test(test_off),
		cmocka_unit_test(test_many),
		cmocka_unit_test(test_joins),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
