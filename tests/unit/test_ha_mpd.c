/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Mobile Prefix Advertisements: who is answered, what is said, how often.
 *
 * Links: core
 */
#include "ha_mpd_fix.h"

/* ---- section 10.6.3 ---- */

static void
test_answer(void **state)
{
	struct ha *t = begin(true);
	const struct fix_sent *s;
	struct mip6_mp m;

	(void)state;
	solicit(t, 4711);
	s = next(t, &m);
	assert_non_null(s);
	assert_same(s->ip.ip.src, FIX_AGENT); /* R10.6.3-01 */
	assert_same(s->ip.ip.dst, COA);       /* R10.6.3-02 */
	assert_true(s->ip.has_rh2);           /* R6.8-02 */
	assert_same(s->ip.rh2, FIX_HOA);
	assert_int_equal(s->ip.rh2_segments_left, 1);
	assert_true(s->ip.ip.hop_limit > 1 && s->ip.ip.hop_limit < 255);
	assert_int_equal(m.id, 4711); /* R6.8-06 */
	assert_int_equal(m.opt.prefix_count, 1);
	assert_true(m.opt.prefix[0].router); /* R6.8-05 */
	assert_same(m.opt.prefix[0].addr, FIX_AGENT);
	assert_int_equal(m.opt.prefix[0].bits, 64);
	assert_true(m.opt.prefix[0].valid.us == INT64_MAX);
	none(t);
	end(t);
}

static void
test_refused(void **state)
{
	struct ha *t = begin(true);
	struct fix_mp f;

	(void)state;
	f = solicitation(1);
	f.dst = "2001:db8:1::77"; /* not ours */
	fix_send_mp(&t->x, &f);
	f = solicitation(2);
	f.tunnel_peer = COA;
	fix_send_mp(&t->x, &f);
	f = solicitation(3);
	f.hao = NULL;
	fix_send_mp(&t->x, &f);
	assert_int_equal(fix_drops(&t->x, MIP6_DROP_MPS_UNEXPECTED), 3);
	f = solicitation(4);
	f.hao = "2001:db8:1::101"; /* nobody's */
	fix_send_mp(&t->x, &f);
	f = solicitation(5);
	f.src = "2001:db8:a::6"; /* another's care-of address */
	fix_send_mp(&t->x, &f);
	assert_int_equal(fix_drops(&t->x, MIP6_DROP_MPS_NO_BINDING), 2);
	f = solicitation(6);
	f.code = 1;
	fix_send_mp(&t->x, &f);
	assert_int_equal(fix_drops(&t->x, MIP6_DROP_MP_INVALID), 1);
	none(t);
	/* R10.6.2-06: gone. */
	registers(t, 2, COA, 0);
	solicit(t, 7);
	assert_int_equal(fix_drops(&t->x, MIP6_DROP_MPS_NO_BINDING), 3);
	none(t);
	end(t);
}

static void
test_one_a_second(void **state)
{
	struct ha *t = begin(true);
	struct mip6_mp m;
	uint16_t i;

	(void)state;
	for (i = 0; i < 100; i++)
		solicit(t, (uint16_t)(100 + i));
	assert_non_null(next(t, &m));
	assert_int_equal(m.id, 100);
	none(t);
	/* R6.8-07: the next a second later, and for the newest question. */
	fix_wait(&t->x, MIP6_SPAN_MS(999));
	none(t);
	fix_wait(&t->x, MIP6_SPAN_MS(1));
	assert_non_null(next(t, &m));
	assert_int_equal(m.id, 199);
	fix_wait(&t->x, MIP6_SPAN_S(60));
	none(t);
	solicit(t, 7);
	assert_non_null(next(t, &m));
	/* Put off, and then without a binding: not answered. */
	solicit(t, 8);
	registers(t, 2, COA, 0);
	fix_wait(&t->x, MIP6_SPAN_S(5));
	none(t);
	end(t);
}

/* More put off than there is room for: refused, and nothing is lost. */
static void
test_full(void **state)
{
	struct ha *t = begin(true);
	struct ha_mpd *d = t->x.node->ha->mpd;
	uint32_t left = d->delivery_free;
	struct mip6_mp m;

	(void)state;
	solicit(t, 1);
	assert_non_null(next(t, &m));
	d->delivery_free = HA_DELIVERIES_MAX;
	solicit(t, 2);
	assert_int_equal(fix_drops(&t->x, MIP6_DROP_MPS_RATE), 1);
	d->delivery_free = left;
	solicit(t, 3);
	assert_int_equal(fix_drops(&t->x, MIP6_DROP_MPS_RATE), 1);
	fix_wait(&t->x, MIP6_SPAN_S(1));
	assert_non_null(next(t, &m));
	assert_int_equal(m.id, 3);
	end(t);
}

/* ---- until it is acknowledged ---- */

/* A change that is told at once; returns the moment. */
static struct mip6_time
tell_now(struct ha *t)
{
	struct mip6_mp m;
	const struct fix_sent *s;

	assert_true(ha_mpd_deliver(t->x.node, 0));
	fix_wait(&t->x, MIP6_SPAN_MS(1));
	s = next(t, &m);
	assert_non_null(s);
	return s->at;
}

static void
test_retransmission(void **state)
{
	static const int64_t after_s[] = { 3, 9, 21 };
	struct ha *t = begin(true);
	struct mip6_time first = tell_now(t);
	const struct fix_sent *s;
	struct mip6_mp m;
	size_t i;

	(void)state;
	fix_wait(&t->x, MIP6_SPAN_S(300));
	for (i = 0; i < MIP6_COUNT(after_s); i++) {
		s = next(t, &m);
		assert_non_null(s);
		assert_int_equal(mip6_time_sub(s->at, first).us,
		    after_s[i] * 1000000);
	}
	none(t);
	/* R10.6.2-07: it registers again: again, from the beginning. */
	registers(t, 2, COA, 600);
	fix_wait(&t->x, MIP6_SPAN_S(1));
	assert_non_null(next(t, &m));
	none(t);
	/* A registration meanwhile changes nothing. */
	registers(t, 3, COA, 600);
	fix_wait(&t->x, MIP6_SPAN_S(1));
	none(t);
	end(t);
}

/* R6.8-07: unasked, too, not within a second of the one before. */
static void
test_unasked_waits(void **state)
{
	struct ha *t = begin(true);
	const struct fix_sent *s;
	struct mip6_time at;
	struct mip6_mp m;

	(void)state;
	solicit(t, 1);
	at = next(t, &m)->at;
	assert_true(ha_mpd_deliver(t->x.node, 0));
	fix_wait(&t->x, MIP6_SPAN_S(2));
	s = next(t, &m);
	assert_non_null(s);
	assert_int_equal(mip6_time_sub(s->at, at).us, 1000000);
	end(t);
}

static void
test_acknowledged(void **state)
{
	struct ha *t = begin(true);
	struct mip6_mp m;

	(void)state;
	(void)tell_now(t);
	fix_wait(&t->x, MIP6_SPAN_S(1));
	solicit(t, 77); /* R10.6.2-04 */
	assert_non_null(next(t, &m));
	assert_int_equal(m.id, 77);
	fix_wait(&t->x, MIP6_SPAN_S(300));
	none(t);
	end(t);
}

static void
test_binding_ends(void **state)
{
	struct ha *t = begin(true);

	(void)state;
	/* R10.6.2-06: the binding expires, or is de-registered. */
	(void)tell_now(t);
	registers(t, 2, COA, 0);
	fix_wait(&t->x, MIP6_SPAN_S(9));
	none(t);
	registers(t, 3, COA, 8);
	t->x.seen = t->x.sents;
	(void)tell_now(t);
	t->x.node->ha->mpd->delivery[0].sent = 3; /* 12 s to the next */
	fix_wait(&t->x, MIP6_SPAN_S(7));
	t->x.seen = t->x.sents;
	fix_wait(&t->x, MIP6_SPAN_S(100));
	none(t);
	end(t);
}

/* An entry that outlived its binding tells nobody. */
static void
test_stale_entry(void **state)
{
	struct ha *t = begin(true);
	struct mip6_binding *b;

	(void)state;
	(void)tell_now(t);
	b = mip6_bcache_get(&t->x.node->ha->bcache, 0);
	b->state = MIP6_BINDING_PENDING;
	fix_wait(&t->x, MIP6_SPAN_S(4));
	none(t);
	assert_int_equal(t->x.node->ha->mpd->index.used, 0);
	b->state = MIP6_BINDING_REGISTERED;
	end(t);
}

/* Those that nobody answers make room for new ones. */
static void
test_dormant_gives_way(void **state)
{
	struct ha *t = begin(true);
	struct ha_mpd *d = t->x.node->ha->mpd;
	uint32_t left;

	(void)state;
	(void)tell_now(t);
	fix_wait(&t->x, MIP6_SPAN_S(60));
	assert_true(d->delivery[0].dormant);
	left = d->delivery_free;
	d->delivery_free = HA_DELIVERIES_MAX;
	/* Another mobile node's, as if: the entry is of another address. */
	mip6_index_del(&d->index,
	    mip6_hash_addr(&t->x.node->hash_key, &d->delivery[0].hoa), 0, d,
	    NULL);
	d->delivery[0].hoa = fix_addr("2001:db8:1::999");
	assert_true(mip6_index_add(&d->index,
	    mip6_hash_addr(&t->x.node->hash_key, &d->delivery[0].hoa), 0, d,
	    NULL));
	assert_true(ha_mpd_deliver(t->x.node, 0));
	assert_string_equal(mip6_addr_text(&d->delivery[0].hoa).s, FIX_HOA);
	/* One that is under way does not. */
	d->delivery[0].hoa = fix_addr("2001:db8:1::999");
	assert_false(ha_mpd_deliver(t->x.node, 0));
	d->delivery[0].hoa = fix_addr(FIX_HOA);
	d->delivery_free = left;
	end(t);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_answer),
		cmocka_unit_test(test_refused),
		cmocka_unit_test(test_one_a_second),
		cmocka_unit_test(test_full),
		cmocka_unit_test(test_retransmission),
		cmocka_unit_test(test_unasked_waits),
		cmocka_unit_test(test_acknowledged),
		cmocka_unit_test(test_binding_ends),
		cmocka_unit_test(test_stale_entry),
		cmocka_unit_test(test_dormant_gives_way),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
