/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Each address of ours has its own bindings (section 9.1), and settings that
 * change while they live.
 *
 * Links: core
 */
#include <stdio.h>

#include "cn_fix.h"

static struct cn_fix *
each_new(void)
{
	struct cn_fix *t = test_malloc(sizeof(*t));

	cn_fix_init(t);
	cn_fix_tokens_of(t, CN_HOA, CN_COA);
	return t;
}

static void
each_delete(struct cn_fix *t)
{
	cn_fix_fini(t);
	test_free(t);
}

static int
update(struct cn_fix *t, const char *our, uint16_t seq, int64_t lifetime_s)
{
	struct cn_fix_bu bu = cn_fix_update(seq);

	bu.dst = our;
	bu.lifetime_s = lifetime_s;
	return cn_fix_bu(t, &bu);
}

/* How often the host's route was asked for, and taken back. */
static int
routes(struct cn_fix *t, bool on)
{
	size_t i;
	int count = 0;

	for (i = 0; i < t->x.acts; i++)
		count += t->x.act[i].kind == MIP6_ACT_ROUTE &&
		    t->x.act[i].u.route.on == on;
	return count;
}

/* R9.1-01: numbers and ends of their own; one route of the host for all. */
static void
test_numbers(void **state)
{
	struct cn_fix *t = each_new();

	(void)state;
	assert_int_equal(update(t, CN_OUR, 1000, 400), MIP6_BA_ACCEPTED);
	assert_int_equal(update(t, CN_OUR2, 7, 400), MIP6_BA_ACCEPTED);
	assert_int_equal(update(t, CN_OUR, 1001, 400), MIP6_BA_ACCEPTED);
	assert_int_equal(update(t, CN_OUR2, 7, 400), MIP6_BA_SEQ_OUT_OF_WINDOW);
	assert_int_equal(update(t, CN_OUR2, 8, 400), MIP6_BA_ACCEPTED);
	assert_int_equal(t->x.node->cn->bindings.count, 2);
	assert_int_equal(update(t, CN_OUR, 1002, 0), MIP6_BA_ACCEPTED);
	assert_true(cn_fix_leads(t, CN_OUR2, CN_HOA, CN_COA));
	assert_int_equal(routes(t, false), 0);
	assert_int_equal(update(t, CN_OUR2, 9, 0), MIP6_BA_ACCEPTED);
	assert_int_equal(routes(t, false), 1);
	assert_true(cn_fix_leads(t, CN_OUR, CN_HOA, NULL));
	assert_true(cn_fix_leads(t, CN_OUR2, CN_HOA, NULL));
	each_delete(t);
}

/* A move that one of them has heard of, and the other not yet. */
static void
test_places(void **state)
{
	struct cn_fix *t = each_new();
	struct cn_fix_bu bu = cn_fix_update(2);

	(void)state;
	assert_int_equal(update(t, CN_OUR, 1, 400), MIP6_BA_ACCEPTED);
	assert_int_equal(update(t, CN_OUR2, 1, 400), MIP6_BA_ACCEPTED);
	fix_wait(&t->x, MIP6_SPAN_S(1));
	cn_fix_tokens_of(t, CN_HOA, CN_COA2);
	bu.src = CN_COA2;
	assert_int_equal(cn_fix_bu(t, &bu), MIP6_BA_ACCEPTED);
	assert_true(cn_fix_leads(t, CN_OUR, CN_HOA, CN_COA2));
	assert_true(cn_fix_leads(t, CN_OUR2, CN_HOA, CN_COA));
	/* Its own ends; what the host brings follows the other one's. */
	cn_fix_tokens_of(t, CN_HOA, CN_COA);
	assert_int_equal(update(t, CN_OUR2, 2, 0), MIP6_BA_ACCEPTED);
	assert_true(cn_fix_leads(t, CN_OUR2, CN_HOA, CN_COA2));
	each_delete(t);
}

/* Who is asked to refresh a binding is asked by the address it is with. */
static void
test_refresh(void **state)
{
	struct mip6_addr our = fix_addr(CN_OUR);
	struct cn_fix *t = each_new();
	const struct fix_sent *s;
	struct mip6_event ev;
	struct mip6_mh m;

	(void)state;
	assert_int_equal(update(t, CN_OUR, 1, 400), MIP6_BA_ACCEPTED);
	memset(&ev, 0, sizeof(ev));
	ev.kind = MIP6_EV_HINT;
	ev.u.hint.src = fix_addr(CN_OUR2);
	ev.u.hint.dst = fix_addr(CN_HOA);
	ev.u.hint.kind = MIP6_HINT_NO_ROW;
	fix_give(&t->x, &ev);
	fix_wait(&t->x, MIP6_SPAN_S(361));
	ev.u.hint.kind = MIP6_HINT_ROW_USED;
	fix_give(&t->x, &ev);
	s = fix_next_mh(&t->x, &m);
	assert_non_null(s);
	assert_int_equal(m.type, MIP6_MH_BRR);
	assert_true(mip6_addr_equal(&s->ip.ip.src, &our));
	each_delete(t);
}

/* A flush is of the home address, with whichever of ours. */
static void
test_flush(void **state)
{
	struct cn_fix *t = each_new();
	struct mip6_event ev;

	(void)state;
	assert_int_equal(update(t, CN_OUR, 1, 400), MIP6_BA_ACCEPTED);
	assert_int_equal(update(t, CN_OUR2, 1, 400), MIP6_BA_ACCEPTED);
	memset(&ev, 0, sizeof(ev));
	ev.kind = MIP6_EV_COMMAND;
	ev.u.command.kind = MIP6_CMD_FLUSH_BINDING;
	ev.u.command.addr = fix_addr(CN_HOA);
	fix_give(&t->x, &ev);
	assert_true(cn_fix_leads(t, CN_OUR, CN_HOA, NULL));
	assert_true(cn_fix_leads(t, CN_OUR2, CN_HOA, NULL));
	assert_int_equal(routes(t, false), 1);
	each_delete(t);
}

static void
shown(void *arg, const struct mip6_show_binding *b)
{
	struct mip6_addr *local = arg;

	assert_false(b->home_registration);
	*local = b->local;
}

/* `show bindings` says which address of ours it is. */
static void
test_show(void **state)
{
	struct mip6_addr our = fix_addr(CN_OUR2), local = mip6_addr_any;
	struct cn_fix *t = each_new();

	(void)state;
	assert_int_equal(update(t, CN_OUR2, 1, 400), MIP6_BA_ACCEPTED);
	assert_int_equal(mip6_show_bindings(t->x.node, &t->x.now, 0, 10, shown,
			     &local),
	    1);
	assert_true(mip6_addr_equal(&local, &our));
	each_delete(t);
}

/* More addresses of ours than a home address may be bound to: 130. */
static void
test_most(void **state)
{
	struct cn_fix *t = each_new();
	char text[40];
	unsigned int i;

	(void)state;
	t->x.ifindex++;
	fix_link(&t->x, true);
	for (i = 0; i <= CN_PER_HOA; i++) {
		/* A link has room for 16. */
		t->x.ifindex = FIX_IFINDEX + i % 2;
		(void)snprintf(text, sizeof(text), "2001:db8:c::1:%x", i + 1);
		fix_host_addr(&t->x, text, 64, 0, false);
		t->x.ifindex = FIX_IFINDEX;
		/* So that one /64 does not count as too many. */
		t->x.node->cn->bindings.max = 4096;
		assert_int_equal(update(t, text, 1, 400),
		    i < CN_PER_HOA ? MIP6_BA_ACCEPTED :
				     MIP6_BA_INSUFFICIENT_RESOURCES);
	}
	assert_int_equal(t->x.node->cn->bindings.count, CN_PER_HOA);
	assert_true(cn_fix_leads(t, "2001:db8:c::1:1", CN_HOA, CN_COA));
	each_delete(t);
}

/* The lifetime of the next update is that of the new configuration. */
static void
test_reload(void **state)
{
	struct cn_fix *t = each_new();
	struct cn_fix_bu bu = cn_fix_update(1);
	struct mip6_event ev;
	struct mip6_mh m;
	int i, requests = 0;

	(void)state;
	cn_fix_send(t, &bu);
	assert_int_equal(cn_fix_status(t, &bu, &m), MIP6_BA_ACCEPTED);
	assert_int_equal(m.u.ba.lifetime.us, MIP6_SPAN_S(400).us);
	t->x.conf.cn.lifetime_max = MIP6_SPAN_S(100);
	t->x.conf.cn.refresh_requests = false;
	fix_configure(&t->x);
	/* What was granted is kept. */
	assert_true(cn_fix_leads(t, CN_OUR, CN_HOA, CN_COA));
	fix_wait(&t->x, MIP6_SPAN_S(110));
	assert_true(cn_fix_leads(t, CN_OUR, CN_HOA, CN_COA));
	bu.seq = 2;
	cn_fix_send(t, &bu);
	assert_int_equal(cn_fix_status(t, &bu, &m), MIP6_BA_ACCEPTED);
	assert_int_equal(m.u.ba.lifetime.us, MIP6_SPAN_S(100).us);
	memset(&ev, 0, sizeof(ev));
	ev.kind = MIP6_EV_HINT;
	ev.u.hint.kind = MIP6_HINT_ROW_USED;
	ev.u.hint.src = fix_addr(CN_OUR);
	ev.u.hint.dst = fix_addr(CN_HOA);
	for (i = 0; i < 9; i++) {
		fix_wait(&t->x, MIP6_SPAN_S(11));
		fix_give(&t->x, &ev);
	}
	while (fix_next_mh(&t->x, &m) != NULL)
		requests += m.type == MIP6_MH_BRR;
	assert_int_equal(requests, 0);
	assert_true(cn_fix_leads(t, CN_OUR, CN_HOA, CN_COA));
	fix_wait(&t->x, MIP6_SPAN_S(1));
	assert_true(cn_fix_leads(t, CN_OUR, CN_HOA, NULL));
	each_delete(t);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_numbers),
		cmocka_unit_test(test_places),
		cmocka_unit_test(test_refresh),
		cmocka_unit_test(test_flush),
		cmocka_unit_test(test_show),
		cmocka_unit_test(test_most),
		cmocka_unit_test(test_reload),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
