/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A mobile node that starts again knows its home agents.
 *
 * Links: core
 */
#include "mn_fix.h"

#define AGENT2 "2001:db8:1::2"

struct kept {
	uint8_t octets[MIP6_STORE_OCTETS_MAX];
	size_t count;
	uint16_t seq;
	uint64_t stamp;
};

/* The last record that `x` asked to be written. */
static void
keep(struct fix *x, struct kept *k)
{
	const struct mip6_action *a = fix_last(x, MIP6_ACT_STORE);

	assert_non_null(a);
	assert_int_equal(a->u.store.table, MIP6_STORE_HOME);
	/* The arena is that of the last event: ask for it anew. */
	mip6_actions_clear(&x->out);
	x->node->out = &x->out;
	mn_keep(x->node, home(x));
	assert_int_equal(x->out.count, 1);
	k->count = x->out.v[0].u.store.count;
	memcpy(k->octets, x->out.v[0].u.store.octets, k->count);
	k->seq = home(x)->ha->bul.seq;
	k->stamp = home(x)->ha->accepted_stamp;
}

static void
restore(struct fix *x, const struct kept *k)
{
	struct mip6_event ev;

	memset(&ev, 0, sizeof(ev));
	ev.kind = MIP6_EV_RESTORE;
	ev.u.restore.table = MIP6_STORE_HOME;
	ev.u.restore.key = fix_addr(FIX_HOA);
	ev.u.restore.octets = k->octets;
	ev.u.restore.count = k->count;
	fix_give(x, &ev);
	memset(&ev, 0, sizeof(ev));
	ev.kind = MIP6_EV_RESTORE;
	ev.u.restore.end = true;
	fix_give(x, &ev);
}

static void
two(struct fix *x)
{
	struct mip6_conf_home *h = &x->conf.mn.home[0];

	fix_mn(x);
	h->agent[1].addr = fix_addr(AGENT2);
	h->agents = 2;
	fix_configure(x);
}

static void
away(struct fix *x)
{
	fix_link(x, true);
	fix_ra(x, "2001:db8:a::", 1800);
}

/* Registered with the second; what is kept of that. */
static void
life(struct fix *x, struct kept *k)
{
	struct mip6_conf_sa sa = fix_sa();
	const struct fix_sent *s;
	struct fix_ba ba;
	struct mip6_mh m;

	two(x);
	away(x);
	fix_wait(x, MIP6_SPAN_MS(10500));
	x->seen = x->sents - 1;
	s = fix_next_mh(x, &m);
	ba = fix_accept(&m, &sa);
	fix_answer(x, s, AGENT2, &ba);
	assert_int_equal(home(x)->state, MN_REGISTERED);
	keep(x, k);
	fix_fini(x);
}

static void
test_again(void **state)
{
	struct fix *x = test_malloc(sizeof(*x));
	struct mip6_addr second = fix_addr(AGENT2);
	const struct fix_sent *s;
	struct kept k;
	struct mip6_mh m;

	(void)state;
	life(x, &k);
	two(x);
	x->now.wall_us += 20000000;
	restore(x, &k);
	away(x);
	/* R11.4.1-03: the one that has our binding. */
	s = fix_next_mh(x, &m);
	assert_non_null(s);
	assert_true(mip6_addr_equal(&s->ip.ip.dst, &second));
	/* Its number and time are newer than all before. */
	assert_true(mip6_seq_newer(m.u.bu.seq, k.seq));
	assert_true((int64_t)(m.opt.replay - k.stamp) > 0);
	fix_fini(x);
	/* The binding is over by now: the order counts. */
	two(x);
	x->now.wall_us += 700000000;
	restore(x, &k);
	away(x);
	s = fix_next_mh(x, &m);
	assert_int_equal(s->ip.ip.dst.b[15], 1);
	fix_fini(x);
	test_free(x);
}

/* An address that discovery found is of use when nobody answers. */
static void
test_found(void **state)
{
	struct fix *x = test_malloc(sizeof(*x));
	const struct fix_sent *s;
	struct kept k;
	struct mip6_mh m;
	int pass;

	(void)state;
	life(x, &k);
	for (pass = 0; pass < 3; pass++) {
		fix_mn(x);
		x->conf.mn.homes = 0;
		fix_configure(x);
		x->conf.mn.homes = 1;
		if (pass == 0) {
			x->conf.mn.home[0].agents = 0;
			x->conf.mn.home[0].agent_auto = true;
		} else if (pass == 1) {
			memset(&x->conf.mn.home[0].agent[0], 0,
			    sizeof(x->conf.mn.home[0].agent[0]));
			memcpy(x->conf.mn.home[0].agent[0].name, "ha", 3);
		}
		fix_configure(x);
		restore(x, &k);
		away(x);
		s = fix_next_mh(x, &m);
		assert_non_null(s);
		/* What is configured leaves no room for anything else. */
		assert_int_equal(s->ip.ip.dst.b[15], pass == 2 ? 1 : 2);
		fix_wait(x, MIP6_SPAN_S(60));
		if (pass == 2)
			while ((s = fix_next_mh(x, &m)) != NULL)
				assert_int_equal(s->ip.ip.dst.b[15], 1);
		fix_fini(x);
	}
	test_free(x);
}

/* What is not whole is not believed; nor is another version. */
static void
test_damaged(void **state)
{
	struct fix *x = test_malloc(sizeof(*x));
	const struct fix_sent *s;
	struct kept k, bad;
	struct mip6_mh m;
	size_t i;

	(void)state;
	life(x, &k);
	for (i = 0; i < k.count; i++) {
		two(x);
		bad = k;
		bad.octets[i] ^= 0x41;
		restore(x, &bad);
		away(x);
		s = fix_next_mh(x, &m);
		assert_int_equal(s->ip.ip.dst.b[15], 1);
		fix_fini(x);
	}
	for (i = 0; i < k.count; i++) {
		two(x);
		bad = k;
		bad.count = i;
		restore(x, &bad);
		away(x);
		s = fix_next_mh(x, &m);
		assert_int_equal(s->ip.ip.dst.b[15], 1);
		fix_fini(x);
	}
	test_free(x);
}

/* The same without the seal: as if another version had written it. */
static void
test_version(void **state)
{
	struct fix *x = test_malloc(sizeof(*x));
	struct mip6_ev_restore r;
	const struct fix_sent *s;
	struct kept k;
	struct mip6_mh m;
	int pass;

	(void)state;
	life(x, &k);
	for (pass = 0; pass < 3; pass++) {
		two(x);
		memset(&r, 0, sizeof(r));
		r.table = MIP6_STORE_HOME;
		r.key = fix_addr(FIX_HOA);
		r.octets = k.octets;
		r.count = k.count - 8;
		k.octets[0] = pass == 1 ? 2 : 1;
		if (pass == 2)
			r.count = 20; /* ends in an address */
		x->node->out = &x->out;
		mip6_actions_clear(&x->out);
		mn_restore(x->node, &r);
		away(x);
		s = fix_next_mh(x, &m);
		assert_int_equal(s->ip.ip.dst.b[15], pass == 0 ? 2 : 1);
		fix_fini(x);
	}
	test_free(x);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_again),
		cmocka_unit_test(test_found),
		cmocka_unit_test(test_damaged),
		cmocka_unit_test(test_version),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
