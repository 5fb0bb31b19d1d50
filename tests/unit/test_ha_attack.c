/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Registrations whose ground moves while the host is still being asked: a
 * reload, a change of mind, an answer that comes too late; and what a replay
 * gains by a reload.
 *
 * Links: core
 */
#include "core_fix.h"

#include "core/ha_int.h"

#define COA_A "2001:db8:a::5"
#define COA_B "2001:db8:b::5"

static void
update(struct fix *x, uint16_t seq, const char *coa, int64_t lifetime_s)
{
	struct mip6_conf_sa sa = fix_sa();
	struct fix_bu bu = fix_update(seq, &sa);

	bu.src = bu.alt_coa = coa;
	bu.lifetime = MIP6_SPAN_S(lifetime_s);
	fix_send_bu(x, &bu);
}

static int
answer(struct fix *x, struct mip6_mh *m)
{
	return fix_next_mh(x, m) == NULL ? -1 : m->u.ba.status;
}

static size_t
bindings(struct fix *x)
{
	return mip6_show_bindings(x->node, &x->now, 0, 0, NULL, NULL);
}

static void
release(struct fix *x)
{
	x->hold = false;
	fix_settle(x);
}

static struct mip6_binding *
binding(struct fix *x)
{
	struct mip6_bcache *c = &x->node->ha->bcache;
	struct mip6_addr hoa = fix_addr(FIX_HOA);
	uint32_t i = mip6_bcache_find(c, &hoa);

	assert_int_not_equal(i, MIP6_BCACHE_NONE);
	return mip6_bcache_get(c, i);
}

/* The neighbour to which the row of the home address leads. */
static const struct mip6_addr *
row_leads_to(struct fix *x)
{
	const struct mip6_action *a = fix_last(x, MIP6_ACT_ROW_SET);

	assert_non_null(a);
	assert_true(a->u.row.hop < MIP6_NEIGHBOURS_MAX);
	return &x->node->neighbour[a->u.row.hop].addr;
}

/* Whether the path has a row: its last word about it was not ROW_DEL. */
static bool
has_row(const struct fix *x)
{
	size_t i;

	for (i = x->acts; i > 0; i--)
		if (x->act[i - 1].kind == MIP6_ACT_ROW_SET ||
		    x->act[i - 1].kind == MIP6_ACT_ROW_DEL)
			return x->act[i - 1].kind == MIP6_ACT_ROW_SET;
	return false;
}

/* The old configuration is gone when the acknowledgement is signed. */
static void
test_reload_while_pending(void **state)
{
	struct mip6_conf_mobile first, second;
	struct fix *x = test_malloc(sizeof(*x));
	struct mip6_conf old;
	struct mip6_mh m;

	(void)state;
	fix_ha(x, &first);
	x->hold = true;
	update(x, 1, COA_A, 600);
	old = x->conf;
	second = first;
	x->conf.ha.mobile = &second;
	fix_configure(x);
	memset(&first, 0, sizeof(first));
	memset(&old, 0, sizeof(old));
	release(x);
	assert_int_equal(answer(x, &m), 0);
	assert_true(m.opt.has_mn_ha);
	assert_int_equal(m.opt.mn_ha.spi, second.sa.spi);
	fix_fini(x);
	test_free(x);
}

/* Away, on the way home, and away again to the same care-of address. */
static void
test_same_address_again(void **state)
{
	struct mip6_conf_mobile mobile;
	struct fix *x = test_malloc(sizeof(*x));
	struct mip6_mh m;

	(void)state;
	fix_ha(x, &mobile);
	update(x, 1, COA_A, 600);
	assert_int_equal(answer(x, &m), 0);
	assert_true(has_row(x));
	x->hold = true;
	update(x, 2, COA_A, 0);
	assert_false(has_row(x));
	update(x, 3, COA_A, 600);
	release(x);
	assert_int_equal(answer(x, &m), 0);
	assert_int_equal(m.u.ba.seq, 3);
	assert_true(has_row(x));
	fix_fini(x);
	test_free(x);
}

/* The same, but the host refuses: no binding may stay without an end. */
static void
test_refused_after_leaving(void **state)
{
	struct mip6_conf_mobile mobile;
	struct fix *x = test_malloc(sizeof(*x));
	struct mip6_mh m;

	(void)state;
	fix_ha(x, &mobile);
	update(x, 1, COA_A, 600);
	assert_int_equal(answer(x, &m), 0);
	x->hold = true;
	update(x, 2, COA_A, 0);
	update(x, 3, COA_B, 600);
	x->refuse = 1u << MIP6_ACT_ROUTE_GET;
	release(x);
	assert_int_equal(answer(x, &m), MIP6_BA_REASON_UNSPECIFIED);
	fix_wait(x, MIP6_SPAN_S(700));
	assert_int_equal(bindings(x), 0);
	fix_fini(x);
	test_free(x);
}

static void
route_answer(struct fix *x, uint64_t id, const char *nexthop)
{
	struct mip6_event ev;

	memset(&ev, 0, sizeof(ev));
	ev.kind = MIP6_EV_DONE;
	ev.u.done.action = id;
	ev.u.done.route.ifindex = FIX_IFINDEX;
	ev.u.done.route.nexthop = fix_addr(nexthop);
	fix_event(x, &ev);
}

/* The way to a former care-of address is told after the move. */
static void
test_late_route(void **state)
{
	struct mip6_addr b = fix_addr("fe80::b");
	struct mip6_conf_mobile mobile;
	struct fix *x = test_malloc(sizeof(*x));
	struct mip6_event ev;
	struct mip6_mh m;
	uint64_t late;

	(void)state;
	fix_ha(x, &mobile);
	update(x, 1, COA_A, 600);
	assert_int_equal(answer(x, &m), 0);
	x->hold = true;
	memset(&ev, 0, sizeof(ev));
	ev.kind = MIP6_EV_ROUTES;
	fix_give(x, &ev);
	assert_int_equal(x->dues, 1);
	late = x->due[0];
	update(x, 2, COA_B, 600);
	assert_int_equal(x->dues, 2);
	route_answer(x, x->due[1], "fe80::b");
	assert_int_equal(answer(x, &m), 0);
	assert_true(mip6_addr_equal(row_leads_to(x), &b));
	route_answer(x, late, "fe80::a");
	assert_true(mip6_addr_equal(row_leads_to(x), &b));
	fix_fini(x);
	test_free(x);
}

/* Off to another address and back before the host said a word. */
static void
test_other_way_same_address(void **state)
{
	struct mip6_conf_mobile mobile;
	struct fix *x = test_malloc(sizeof(*x));
	struct mip6_addr b = fix_addr("fe80::b");
	struct mip6_mh m;

	(void)state;
	fix_ha(x, &mobile);
	update(x, 1, COA_A, 600);
	assert_int_equal(answer(x, &m), 0);
	x->hold = true;
	update(x, 2, COA_B, 600);
	update(x, 3, COA_A, 600);
	x->route.nexthop = b;
	release(x);
	assert_int_equal(answer(x, &m), 0);
	assert_true(
	    mip6_addr_equal(&x->node->neighbour[binding(x)->hop].addr, &b));
	assert_true(mip6_addr_equal(row_leads_to(x), &b));
	fix_fini(x);
	test_free(x);
}

/* Taken out of the configuration and put back: what was said stays said. */
static void
test_replay_after_removal(void **state)
{
	struct mip6_conf_sa sa = fix_sa();
	struct fix_bu bu = fix_update(1, &sa);
	struct mip6_conf_mobile mobile;
	struct fix *x = test_malloc(sizeof(*x));
	struct mip6_mh m;

	(void)state;
	fix_ha(x, &mobile);
	fix_wait(x, MIP6_SPAN_S(5));
	bu.stamp = mip6_time_to_ntp(x->now.wall_us);
	fix_send_bu(x, &bu);
	assert_int_equal(answer(x, &m), 0);
	fix_wait(x, MIP6_SPAN_S(1));
	x->conf.ha.mobiles = 0;
	fix_configure(x);
	assert_int_equal(bindings(x), 0);
	x->conf.ha.mobiles = 1;
	fix_configure(x);
	fix_send_bu(x, &bu);
	assert_int_equal(answer(x, &m), MIP6_BA_ID_MISMATCH);
	assert_int_equal(bindings(x), 0);
	/* A new one is welcome. */
	update(x, 2, COA_A, 600);
	assert_int_equal(answer(x, &m), 0);
	fix_fini(x);
	test_free(x);
}

/* A flood of forged updates, and one mobile node whose clock is wrong. */
static void
test_flood_leaves_room(void **state)
{
	struct mip6_conf_sa sa = fix_sa(), wrong = fix_sa();
	struct fix_bu bu = fix_update(1, &wrong);
	struct mip6_conf_mobile mobile;
	struct fix *x = test_malloc(sizeof(*x));
	struct mip6_mh m;
	int i;

	(void)state;
	fix_ha(x, &mobile);
	wrong.key[0] ^= 1;
	for (i = 0; i < 20; i++)
		fix_send_bu(x, &bu);
	assert_int_equal(fix_drops(x, MIP6_DROP_MH_RATE), 10);
	x->seen = x->sents;
	bu.sa = &sa;
	bu.stamp = mip6_time_to_ntp(x->now.wall_us + 60000000u);
	for (i = 0; i < 20; i++)
		fix_send_bu(x, &bu);
	for (i = 0; i < 10; i++)
		assert_int_equal(answer(x, &m), MIP6_BA_ID_MISMATCH);
	assert_int_equal(answer(x, &m), -1);
	fix_fini(x);
	test_free(x);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_reload_while_pending),
		cmocka_unit_test(test_same_address_again),
		cmocka_unit_test(test_refused_after_leaving),
		cmocka_unit_test(test_late_route),
		cmocka_unit_test(test_other_way_same_address),
		cmocka_unit_test(test_replay_after_removal),
		cmocka_unit_test(test_flood_leaves_room),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
