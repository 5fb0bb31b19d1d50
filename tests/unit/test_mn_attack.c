/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What somebody who recorded or forges acknowledgements can do to a mobile
 * node: nothing but make it patient.
 *
 * Links: core
 */
#include <stdio.h>

#include "mn_fix.h"

/* A 135 of an earlier time, well signed, does not turn the number back. */
static void
test_old_sequence_refusal(void **state)
{
	struct mip6_conf_sa sa = fix_sa();
	struct fix *x = test_malloc(sizeof(*x));
	const struct fix_sent *s;
	struct fix_ba ba;
	struct mip6_mh m;

	(void)state;
	s = begin(x, &m);
	ba = fix_accept(&m, &sa);
	ba.status = MIP6_BA_SEQ_OUT_OF_WINDOW;
	ba.lifetime = MIP6_SPAN_S(0);
	ba.seq = (uint16_t)(m.u.bu.seq - 100);
	ba.stamp = m.opt.replay - ((uint64_t)3600 << 32);
	fix_answer(x, s, NULL, &ba);
	assert_null(fix_next_mh(x, &m));
	assert_int_equal(fix_drops(x, MIP6_DROP_BA_ID), 1);
	ba.has_stamp = false;
	fix_answer(x, s, NULL, &ba);
	assert_null(fix_next_mh(x, &m));
	assert_int_equal(fix_drops(x, MIP6_DROP_BA_ID), 2);
	fix_fini(x);
	test_free(x);
}

/*
 * Refused for good by its home agent; then a forged "duplicate address" must
 * not keep it silent on the next link.
 */
static void
test_forged_duplicate(void **state)
{
	struct mip6_conf_sa sa = fix_sa();
	struct fix *x = test_malloc(sizeof(*x));
	const struct fix_sent *s;
	struct fix_ba ba;
	struct mip6_mh m;

	(void)state;
	s = begin(x, &m);
	ba = fix_accept(&m, &sa);
	ba.status = MIP6_BA_ADMIN_PROHIBITED;
	ba.lifetime = MIP6_SPAN_S(0);
	fix_answer(x, s, NULL, &ba);
	assert_true(home(x)->do_not_send);
	ba.status = MIP6_BA_DAD_FAILED;
	ba.sa = NULL;
	fix_answer(x, s, NULL, &ba);
	assert_int_equal(home(x)->ha->last_status, MIP6_BA_ADMIN_PROHIBITED);
	fix_link(x, false);
	fix_link(x, true);
	fix_ra(x, "2001:db8:b::", 1800);
	assert_non_null(fix_next_mh(x, &m));
	fix_fini(x);
	test_free(x);
}

/* One that answers nothing under way says nothing in `status` either. */
static void
test_forged_refusal_shown(void **state)
{
	struct fix *x = test_malloc(sizeof(*x));
	const struct fix_sent *s;
	struct fix_ba ba;
	struct mip6_mh m;

	(void)state;
	s = begin(x, &m);
	ba = fix_accept(&m, NULL);
	ba.status = MIP6_BA_AUTH_FAIL;
	ba.lifetime = MIP6_SPAN_S(0);
	ba.seq++;
	fix_answer(x, s, NULL, &ba);
	assert_int_equal(home(x)->ha->last_status, -1);
	ba.seq--;
	fix_answer(x, s, NULL, &ba);
	assert_int_equal(home(x)->ha->last_status, MIP6_BA_AUTH_FAIL);
	assert_false(home(x)->ha->last_status_authentic);
	fix_fini(x);
	test_free(x);
}

/* A Router Advertisement of another router than fix_ra's. */
static void
other_ra(struct fix *x, const char *src, int64_t lifetime_s)
{
	struct mip6_nd m;

	memset(&m, 0, sizeof(m));
	m.type = MIP6_ND_RA;
	m.u.ra.router_lifetime = MIP6_SPAN_S(lifetime_s);
	m.opt.has_slla = true;
	m.opt.slla = fix_router_ll;
	m.opt.slla.b[4] = 0xaa;
	fix_nd(x, src, "ff02::1", 255, &m);
}

static const struct mip6_neighbour *
home_gateway(struct fix *x)
{
	assert_int_equal(home(x)->row.kind, MIP6_FWD_MN_HOME);
	assert_true(home(x)->row.hop < MIP6_NEIGHBOURS_MAX);
	return &x->node->neighbour[home(x)->row.hop];
}

static void
settle_at_home(struct fix *x)
{
	struct mip6_conf_sa sa = fix_sa();
	const struct fix_sent *s;
	struct fix_ba ba;
	struct mip6_mh m;

	fix_mn(x);
	fix_link(x, true);
	fix_ra(x, "2001:db8:1::", 1800);
	fix_wait(x, MIP6_SPAN_S(1));
	s = fix_next_mh(x, &m);
	assert_non_null(s);
	ba = fix_accept(&m, &sa);
	fix_answer(x, s, NULL, &ba);
	assert_int_equal(home(x)->state, MN_AT_HOME);
}

/* At home the router changes, and what is sent follows. */
static void
test_router_at_home(void **state)
{
	struct fix *x = test_malloc(sizeof(*x));
	struct mip6_addr first = fix_addr("fe80::fe");
	struct mip6_addr second = fix_addr("fe80::ff");

	(void)state;
	settle_at_home(x);
	assert_true(mip6_addr_equal(&home_gateway(x)->addr, &first));
	other_ra(x, "fe80::ff", 1800);
	fix_ra(x, "2001:db8:1::", 0);
	assert_true(mip6_addr_equal(&home_gateway(x)->addr, &second));
	fix_fini(x);
	test_free(x);
}

/* However many claim to be on the link, the way out stays whose it was. */
static void
test_many_at_home(void **state)
{
	struct fix *x = test_malloc(sizeof(*x));
	struct mip6_addr first = fix_addr("fe80::fe");
	char src[32];
	unsigned int i;

	(void)state;
	settle_at_home(x);
	for (i = 0; i < 2 * MIP6_NEIGHBOURS_MAX; i++) {
		x->acts = x->sents = x->seen = 0;
		(void)snprintf(src, sizeof(src), "fe80::1:%x", i);
		other_ra(x, src, 0);
		fix_wait(x, MIP6_SPAN_MS(1));
	}
	assert_int_equal(home_gateway(x)->state, MIP6_NUD_STALE);
	assert_true(mip6_addr_equal(&home_gateway(x)->addr, &first));
	fix_fini(x);
	test_free(x);
}

/* A home address that is configured no more leaves nothing behind. */
static void
test_removed_at_home(void **state)
{
	struct fix *x = test_malloc(sizeof(*x));
	struct mip6_event ev;
	uint32_t hop;
	int i;

	(void)state;
	settle_at_home(x);
	memset(&ev, 0, sizeof(ev));
	ev.kind = MIP6_EV_HINT;
	ev.u.hint.kind = MIP6_HINT_NO_ROW;
	ev.u.hint.src = fix_addr(FIX_HOA);
	for (i = 0; i < MN_NEIGHBOURS_MAX; i++) {
		ev.u.hint.dst = fix_addr("2001:db8:1::5000");
		ev.u.hint.dst.b[15] = (uint8_t)i;
		fix_give(x, &ev);
	}
	hop = fix_last(x, MIP6_ACT_ROW_SET)->u.row.hop;
	assert_int_equal(x->node->neighbour[hop].refs, 1);
	x->acts = 0;
	x->conf.mn.home[0].hoa = fix_addr("2001:db8:1::200");
	fix_configure(x);
	assert_int_equal(x->node->neighbour[hop].refs, 0);
	for (i = 0, hop = 0; hop < x->acts; hop++)
		i += x->act[hop].kind == MIP6_ACT_ROW_DEL;
	assert_int_equal(i, 1 + MN_NEIGHBOURS_MAX);
	fix_fini(x);
	test_free(x);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_old_sequence_refusal),
		cmocka_unit_test(test_forged_duplicate),
		cmocka_unit_test(test_forged_refusal_shown),
		cmocka_unit_test(test_router_at_home),
		cmocka_unit_test(test_many_at_home),
		cmocka_unit_test(test_removed_at_home),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
