/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Bindings that outlive the process: nothing is promised before it is stored,
 * and what was stored comes back, forwards, is defended and asked about.
 *
 * Links: core
 */
#include "core_fix.h"

#include "core/ha_int.h"

struct back {
	struct fix x;
	struct mip6_conf_mobile mobile;
	struct mip6_conf_sa sa;
};

static struct back *
back_new(void)
{
	struct back *t = test_malloc(sizeof(*t));

	fix_ha(&t->x, &t->mobile);
	t->x.conf.ha.home_dad = MIP6_HOME_DAD_RFC;
	t->sa = fix_sa();
	return t;
}

static void
back_delete(struct back *t)
{
	fix_fini(&t->x);
	test_free(t);
}

/* A binding of the life before, and what the host was asked for it. */
static void
restore(struct back *t)
{
	struct mip6_event ev;
	struct ha_restored r;

	memset(&r, 0, sizeof(r));
	r.hoa = fix_addr(FIX_HOA);
	r.coa = fix_addr("2001:db8:a::5");
	r.left = MIP6_SPAN_S(300);
	r.granted = MIP6_SPAN_S(600);
	r.seq = 40000;
	t->x.seen = t->x.sents;
	/* As in an event: what it asks for goes where the fixture sees it. */
	mip6_actions_clear(&t->x.out);
	t->x.node->now = t->x.now;
	t->x.node->out = &t->x.out;
	ha_reg_restore(t->x.node, &r);
	fix_collect(&t->x);
	memset(&ev, 0, sizeof(ev));
	ev.kind = MIP6_EV_TIMER;
	fix_give(&t->x, &ev);
}

static void
claim(struct back *t)
{
	struct mip6_nd m;

	memset(&m, 0, sizeof(m));
	m.type = MIP6_ND_NA;
	m.u.na.target = fix_addr(FIX_HOA);
	m.u.na.override = true;
	fix_nd(&t->x, "fe80::9", "ff02::1", 255, &m);
}

static void
test_comes_back(void **state)
{
	struct back *t = back_new();
	const struct fix_sent *s;
	struct fix_bu bu;
	struct mip6_nd nd;
	struct mip6_mh m;

	(void)state;
	restore(t);
	assert_non_null(fix_last(&t->x, MIP6_ACT_ROW_SET));
	assert_true(fix_last(&t->x, MIP6_ACT_ROUTE)->u.route.on);
	assert_true(fix_last(&t->x, MIP6_ACT_GROUP)->u.set.on);
	/* Others are asked; nobody answers; all nodes are told. */
	s = fix_next_nd(&t->x, MIP6_ND_NS, &nd);
	assert_non_null(s);
	assert_true(mip6_addr_is_any(&s->ip.ip.src));
	fix_wait(&t->x, MIP6_SPAN_MS(1200));
	assert_non_null(fix_next_nd(&t->x, MIP6_ND_NA, &nd));
	/* Its numbers are known. */
	bu = fix_update(39999, &t->sa);
	fix_send_bu(&t->x, &bu);
	assert_non_null(fix_next_mh(&t->x, &m));
	assert_int_equal(m.u.ba.status, 135);
	/* It lives as long as it would have. */
	t->x.acts = 0;
	fix_wait(&t->x, MIP6_SPAN_S(298));
	assert_null(fix_last(&t->x, MIP6_ACT_ROW_DEL));
	fix_wait(&t->x, MIP6_SPAN_S(1));
	assert_non_null(fix_last(&t->x, MIP6_ACT_ROW_DEL));
	back_delete(t);
}

/* P-PROBE: another host has taken the address meanwhile. */
static void
test_taken(void **state)
{
	struct back *t = back_new();

	(void)state;
	restore(t);
	claim(t);
	assert_non_null(strstr(t->x.events, "binding.conflict"));
	assert_non_null(fix_last(&t->x, MIP6_ACT_ROW_DEL));
	assert_int_equal(fix_drops(&t->x, MIP6_DROP_ND_CLAIM), 0);
	back_delete(t);
}

/* After the question a claim is a claim: the binding stays. */
static void
test_claimed_later(void **state)
{
	struct back *t = back_new();

	(void)state;
	restore(t);
	fix_wait(&t->x, MIP6_SPAN_MS(1200));
	claim(t);
	assert_null(strstr(t->x.events, "binding.conflict"));
	assert_null(fix_last(&t->x, MIP6_ACT_ROW_DEL));
	assert_int_equal(fix_drops(&t->x, MIP6_DROP_ND_CLAIM), 1);
	back_delete(t);
}

/* A refresh that comes before the host is ready waits for it. */
static void
test_refresh_meanwhile(void **state)
{
	struct back *t = back_new();
	struct fix_bu bu;
	struct mip6_mh m;

	(void)state;
	t->x.hold = true;
	restore(t);
	bu = fix_update(40001, &t->sa);
	fix_send_bu(&t->x, &bu);
	assert_null(fix_next_mh(&t->x, &m));
	t->x.hold = false;
	fix_settle(&t->x);
	assert_non_null(fix_next_mh(&t->x, &m));
	assert_int_equal(m.u.ba.status, 0);
	assert_non_null(fix_last(&t->x, MIP6_ACT_ROW_SET));
	back_delete(t);
}

/* The host refuses for a while: it is asked until it does it. */
static void
test_host_refuses(void **state)
{
	struct back *t = back_new();
	int asked = 0;
	size_t i;

	(void)state;
	t->x.refuse = 1u << MIP6_ACT_ROUTE;
	restore(t);
	fix_wait(&t->x, MIP6_SPAN_S(10));
	t->x.refuse = 0;
	t->x.acts = 0;
	fix_wait(&t->x, MIP6_SPAN_S(33));
	for (i = 0; i < t->x.acts; i++)
		asked += t->x.act[i].kind == MIP6_ACT_ROUTE &&
		    t->x.act[i].u.route.on;
	assert_int_equal(asked, 1);
	assert_int_equal(host_unfulfilled(t->x.node), 0);
	back_delete(t);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_comes_back),
		cmocka_unit_test(test_taken),
		cmocka_unit_test(test_claimed_later),
		cmocka_unit_test(test_refresh_meanwhile),
		cmocka_unit_test(test_host_refuses),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
