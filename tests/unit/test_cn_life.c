/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * How long a correspondent's binding lives, who is asked to refresh it, what
 * is remembered of it, and replays in every window.
 *
 * Links: core
 */
#include "cn_fix.h"

static struct cn_fix *
life_new(void)
{
	struct cn_fix *t = test_malloc(sizeof(*t));

	cn_fix_init(t);
	cn_fix_tokens_of(t, CN_HOA, CN_COA);
	return t;
}

static void
life_delete(struct cn_fix *t)
{
	cn_fix_fini(t);
	test_free(t);
}

static int
update(struct cn_fix *t, uint16_t seq, int64_t lifetime_s)
{
	struct cn_fix_bu bu = cn_fix_update(seq);

	bu.lifetime_s = lifetime_s;
	return cn_fix_bu(t, &bu);
}

/* The path says that the row of the pair is used. */
static void
used(struct cn_fix *t)
{
	struct mip6_event ev;

	memset(&ev, 0, sizeof(ev));
	ev.kind = MIP6_EV_HINT;
	ev.u.hint.kind = MIP6_HINT_ROW_USED;
	ev.u.hint.src = fix_addr(CN_OUR);
	ev.u.hint.dst = fix_addr(CN_HOA);
	fix_give(&t->x, &ev);
}

/* Binding Refresh Requests sent since the last look. */
static int
requests(struct cn_fix *t)
{
	struct mip6_addr hoa = fix_addr(CN_HOA), our = fix_addr(CN_OUR);
	const struct fix_sent *s;
	struct mip6_mh m;
	int count = 0;

	while ((s = fix_next_mh(&t->x, &m)) != NULL) {
		if (m.type != MIP6_MH_BRR)
			continue;
		/* By the home agent, and without a routing header. */
		assert_true(mip6_addr_equal(&s->ip.ip.dst, &hoa));
		assert_true(mip6_addr_equal(&s->ip.ip.src, &our));
		assert_false(s->ip.has_rh2);
		count++;
	}
	return count;
}

/* R9.5.2-03, R9.6-01: it ends at its moment, with its row and its route. */
static void
test_expiry(void **state)
{
	struct cn_fix *t = life_new();

	(void)state;
	assert_int_equal(update(t, 1, 40), MIP6_BA_ACCEPTED);
	fix_wait(&t->x, MIP6_SPAN_MS(39999));
	assert_true(cn_fix_leads(t, CN_OUR, CN_HOA, CN_COA));
	fix_wait(&t->x, MIP6_SPAN_MS(1));
	assert_true(cn_fix_leads(t, CN_OUR, CN_HOA, NULL));
	assert_false(fix_last(&t->x, MIP6_ACT_ROUTE)->u.route.on);
	life_delete(t);
}

/* R9.6-01: a host that slept meanwhile: over is over, at once. */
static void
test_slept(void **state)
{
	struct cn_fix *t = life_new();
	struct mip6_event ev;

	(void)state;
	assert_int_equal(update(t, 1, 400), MIP6_BA_ACCEPTED);
	t->x.now.boot = mip6_time_add(t->x.now.boot, MIP6_SPAN_S(401));
	memset(&ev, 0, sizeof(ev));
	ev.kind = MIP6_EV_TIMER;
	fix_give(&t->x, &ev);
	assert_true(cn_fix_leads(t, CN_OUR, CN_HOA, NULL));
	assert_false(fix_last(&t->x, MIP6_ACT_ROUTE)->u.route.on);
	life_delete(t);
}

/* R5.2.8-01: after expiry, as long as its nonces are good, and no longer. */
static void
test_replay(void **state)
{
	struct cn_fix *t = life_new();

	(void)state;
	assert_int_equal(update(t, 9, 40), MIP6_BA_ACCEPTED);
	fix_wait(&t->x, MIP6_SPAN_S(41));
	assert_int_equal(update(t, 9, 40), MIP6_BA_SEQ_OUT_OF_WINDOW);
	assert_int_equal(update(t, 9 + 32768, 40), MIP6_BA_SEQ_OUT_OF_WINDOW);
	fix_wait(&t->x, MIP6_SPAN_MS(198999));
	assert_int_equal(t->x.node->cn->bindings.count, 1);
	assert_int_equal(update(t, 9, 40), MIP6_BA_SEQ_OUT_OF_WINDOW);
	fix_wait(&t->x, MIP6_SPAN_MS(1));
	assert_int_equal(t->x.node->cn->bindings.count, 0);
	assert_int_equal(update(t, 9, 40), MIP6_BA_EXPIRED_NONCES);
	assert_int_equal(t->x.node->cn->bindings.count, 0);
	life_delete(t);
}

/* After a restart nothing that was valid before is. */
static void
test_restart(void **state)
{
	struct cn_fix *t = life_new(), *u = test_malloc(sizeof(*u));

	(void)state;
	cn_fix_init(u);
	u->home = t->home;
	u->care_of = t->care_of;
	assert_true(update(u, 1, 40) != MIP6_BA_ACCEPTED);
	/* Though an index may be as it was, the key is not. */
	cn_fix_tokens_of(u, CN_HOA, CN_COA);
	memcpy(u->home.token, t->home.token, sizeof(u->home.token));
	u->home.token[0] ^= 1;
	assert_int_equal(update(u, 1, 40), -1);
	life_delete(t);
	life_delete(u);
}

/* R9.5.5-01: twice, while it is in use; R9.5.5-02: not after an update. */
static void
test_refresh(void **state)
{
	struct cn_fix *t = life_new();

	(void)state;
	assert_int_equal(update(t, 1, 400), MIP6_BA_ACCEPTED);
	used(t);
	assert_int_equal(requests(t), 0);
	fix_wait(&t->x, MIP6_SPAN_S(361));
	assert_int_equal(requests(t), 0); /* nobody uses it */
	used(t);
	assert_int_equal(requests(t), 1);
	used(t);
	assert_int_equal(requests(t), 0);
	fix_wait(&t->x, MIP6_SPAN_S(20));
	used(t);
	assert_int_equal(requests(t), 1);
	cn_fix_tokens_of(t, CN_HOA, CN_COA);
	assert_int_equal(update(t, 2, 400), MIP6_BA_ACCEPTED);
	used(t);
	fix_wait(&t->x, MIP6_SPAN_S(300));
	used(t);
	assert_int_equal(requests(t), 0);
	assert_true(cn_fix_leads(t, CN_OUR, CN_HOA, CN_COA));
	life_delete(t);
}

/* An operator ends it; its number is remembered. */
static void
test_flush(void **state)
{
	struct cn_fix *t = life_new();
	struct mip6_event ev;

	(void)state;
	assert_int_equal(update(t, 5, 400), MIP6_BA_ACCEPTED);
	memset(&ev, 0, sizeof(ev));
	ev.kind = MIP6_EV_COMMAND;
	ev.u.command.kind = MIP6_CMD_FLUSH_BINDING;
	ev.u.command.addr = fix_addr(CN_HOA);
	fix_give(&t->x, &ev);
	assert_true(cn_fix_leads(t, CN_OUR, CN_HOA, NULL));
	assert_int_equal(update(t, 5, 400), MIP6_BA_SEQ_OUT_OF_WINDOW);
	assert_int_equal(update(t, 6, 400), MIP6_BA_ACCEPTED);
	life_delete(t);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_expiry),
		cmocka_unit_test(test_slept),
		cmocka_unit_test(test_replay),
		cmocka_unit_test(test_restart),
		cmocka_unit_test(test_refresh),
		cmocka_unit_test(test_flush),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
