/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The mobile node registers: what its Binding Updates look like, when they go,
 * and what each answer does.
 *
 * Links: core
 */
#include "mn_fix.h"

static void
test_update(void **state)
{
	struct fix *x = test_malloc(sizeof(*x));
	struct mip6_addr hoa = fix_addr(FIX_HOA), agent = fix_addr(FIX_AGENT);
	struct mip6_prefix a;
	const struct fix_sent *s;
	struct mip6_mh m;

	(void)state;
	s = begin(x, &m);
	assert_int_equal(m.type, MIP6_MH_BU);
	assert_true(m.u.bu.home && m.u.bu.ack);
	assert_false(m.u.bu.key || m.u.bu.link_local);
	assert_int_equal(m.u.bu.lifetime.us, MIP6_SPAN_S(600).us);
	assert_true(m.opt.has_alt_coa && m.opt.has_mn_ha && m.opt.has_replay);
	assert_true(s->ip.has_hao);
	assert_true(mip6_addr_equal(&s->ip.hao, &hoa));
	assert_true(mip6_addr_equal(&s->ip.ip.dst, &agent));
	assert_true(mip6_addr_equal(&s->ip.ip.src, &m.opt.alt_coa));
	assert_true(mip6_prefix_parse("2001:db8:a::/64", &a));
	assert_true(mip6_prefix_has(&a, &m.opt.alt_coa));
	/* In the turn in which the address became usable. */
	assert_int_equal(s->at.us, x->now.boot.us);
	/* Our stamp is our time, to a few units of its fraction. */
	assert_in_range(m.opt.replay - mip6_time_to_ntp(x->now.wall_us), 0,
	    4096);
	fix_fini(x);
	test_free(x);
}

static void
test_retransmission(void **state)
{
	static const int64_t gap_ms[] = { 1500, 3000, 6000, 12000, 24000, 32000,
		32000, 32000 };
	struct fix *x = test_malloc(sizeof(*x));
	const struct fix_sent *s;
	struct mip6_time last;
	uint64_t stamp;
	struct mip6_mh m;
	uint16_t seq;
	size_t i;

	(void)state;
	last = begin(x, &m)->at;
	seq = m.u.bu.seq;
	stamp = m.opt.replay;
	for (i = 0; i < MIP6_COUNT(gap_ms); i++) {
		fix_ra(x, "2001:db8:a::", 1800); /* the router is alive */
		fix_wait(x, MIP6_SPAN_MS(gap_ms[i]));
		s = fix_next_mh(x, &m);
		assert_non_null(s);
		assert_int_equal(s->at.us - last.us, gap_ms[i] * 1000);
		last = s->at;
		/* R11.8-06, RFC 4285: newer in both. */
		assert_int_equal(m.u.bu.seq, (uint16_t)(seq + 1));
		assert_true(m.opt.replay > stamp);
		seq = m.u.bu.seq;
		stamp = m.opt.replay;
		assert_null(fix_next_mh(x, &m));
	}
	fix_fini(x);
	test_free(x);
}

static void
test_accepted(void **state)
{
	struct fix *x = test_malloc(sizeof(*x));
	struct mip6_conf_sa sa = fix_sa();
	const struct mip6_action *row;
	const struct fix_sent *s;
	struct mip6_time sent;
	struct fix_ba ba;
	struct mip6_mh m;

	(void)state;
	s = begin(x, &m);
	sent = s->at;
	ba = fix_accept(&m, &sa);
	ba.lifetime = MIP6_SPAN_S(400);
	fix_wait(x, MIP6_SPAN_MS(40));
	fix_answer(x, s, NULL, &ba);
	assert_int_equal(home(x)->state, MN_REGISTERED);
	row = fix_last(x, MIP6_ACT_ROW_SET);
	assert_int_equal(row->u.row.kind, MIP6_FWD_MN_TUNNEL);
	assert_true(mip6_addr_equal(&row->u.row.local, &s->ip.ip.src));
	assert_int_not_equal(row->u.row.hop, MIP6_HOP_NONE);
	/* R11.7.3-03: counted from sending, not from the answer. */
	assert_int_equal(home(x)->ha->bul.expires.us, sent.us + 400000000);
	/* R11.7.3-02: nothing is sent again; -04: but in time. */
	fix_wait(x, MIP6_SPAN_US(300000000 - 40000 - 1));
	assert_null(fix_next_mh(x, &m));
	fix_wait(x, MIP6_SPAN_US(1));
	s = fix_next_mh(x, &m);
	assert_non_null(s);
	assert_int_equal(home(x)->state, MN_UPDATING);
	/* R11.8-01: 1 s when a binding is alive. */
	fix_wait(x, MIP6_SPAN_MS(999));
	assert_null(fix_next_mh(x, &m));
	fix_wait(x, MIP6_SPAN_MS(1));
	assert_non_null(fix_next_mh(x, &m));
	fix_fini(x);
	test_free(x);
}

static void
test_longer_than_asked(void **state)
{
	struct fix *x = test_malloc(sizeof(*x));
	struct mip6_conf_sa sa = fix_sa();
	const struct fix_sent *s;
	struct fix_ba ba;
	struct mip6_mh m;

	(void)state;
	s = begin(x, &m);
	ba = fix_accept(&m, &sa);
	ba.lifetime = MIP6_SPAN_S(100000);
	fix_answer(x, s, NULL, &ba);
	assert_int_equal(home(x)->ha->bul.granted.us, MIP6_SPAN_S(600).us);
	fix_fini(x);
	test_free(x);
}

static void
test_refresh_advice(void **state)
{
	struct fix *x = test_malloc(sizeof(*x));
	struct mip6_conf_sa sa = fix_sa();
	const struct fix_sent *s;
	struct fix_ba ba;
	struct mip6_mh m;

	(void)state;
	s = begin(x, &m);
	ba = fix_accept(&m, &sa);
	ba.refresh_advice = MIP6_SPAN_S(100);
	fix_answer(x, s, NULL, &ba);
	fix_wait(x, MIP6_SPAN_MS(99999));
	assert_null(fix_next_mh(x, &m));
	fix_wait(x, MIP6_SPAN_MS(1));
	assert_non_null(fix_next_mh(x, &m));
	fix_fini(x);
	test_free(x);
}

static void
test_expires(void **state)
{
	struct fix *x = test_malloc(sizeof(*x));

	(void)state;
	bound(x);
	/* Nobody answers the refreshes: the binding ends, registering goes on. */
	fix_ra(x, "2001:db8:a::", 9000);
	fix_wait(x, MIP6_SPAN_MS(599999));
	assert_int_equal(home(x)->state, MN_UPDATING);
	assert_int_not_equal(fix_last(x, MIP6_ACT_ROW_SET)->u.row.hop,
	    MIP6_HOP_NONE);
	fix_wait(x, MIP6_SPAN_MS(1));
	assert_int_equal(home(x)->state, MN_REGISTERING);
	assert_int_equal(fix_last(x, MIP6_ACT_ROW_SET)->u.row.hop,
	    MIP6_HOP_NONE);
	/* Held back for a moment, then refused. */
	fix_wait(x, MIP6_SPAN_S(3));
	assert_int_equal(fix_last(x, MIP6_ACT_ROW_SET)->u.row.kind,
	    MIP6_FWD_MN_BLOCK);
	fix_fini(x);
	test_free(x);
}

/* What an answer that must not count looks like. */
static void
test_not_believed(void **state)
{
	struct mip6_conf_sa sa = fix_sa(), wrong = fix_sa();
	struct fix *x = test_malloc(sizeof(*x));
	const struct fix_sent *s;
	struct fix_ba ba;
	struct mip6_mh m;

	(void)state;
	wrong.key[15] ^= 0x80;
	s = begin(x, &m);
	ba = fix_accept(&m, &sa);
	fix_answer(x, s, "2001:db8:1::2", &ba);
	assert_int_equal(fix_drops(x, MIP6_DROP_BA_UNEXPECTED), 1);
	ba.sa = NULL;
	fix_answer(x, s, NULL, &ba);
	assert_int_equal(fix_drops(x, MIP6_DROP_BA_AUTH_MISSING), 1);
	ba.sa = &wrong;
	fix_answer(x, s, NULL, &ba);
	assert_int_equal(fix_drops(x, MIP6_DROP_BA_AUTH_FAIL), 1);
	ba.sa = &sa;
	ba.seq++;
	fix_answer(x, s, NULL, &ba);
	assert_int_equal(fix_drops(x, MIP6_DROP_BA_SEQUENCE), 1);
	ba.seq--;
	ba.stamp++;
	fix_answer(x, s, NULL, &ba);
	assert_int_equal(fix_drops(x, MIP6_DROP_BA_ID), 1);
	ba.stamp--;
	ba.has_stamp = false;
	fix_answer(x, s, NULL, &ba);
	assert_int_equal(fix_drops(x, MIP6_DROP_BA_ID), 2);
	ba.has_stamp = true;
	ba.lifetime = MIP6_SPAN_S(0);
	fix_answer(x, s, NULL, &ba);
	assert_int_equal(fix_drops(x, MIP6_DROP_BA_LIFETIME), 1);
	assert_int_equal(home(x)->state, MN_REGISTERING);
	/* The right one still counts, and a second copy does not. */
	ba = fix_accept(&m, &sa);
	fix_answer(x, s, NULL, &ba);
	assert_int_equal(home(x)->state, MN_REGISTERED);
	fix_answer(x, s, NULL, &ba);
	assert_int_equal(fix_drops(x, MIP6_DROP_BA_SEQUENCE), 2);
	fix_fini(x);
	test_free(x);
}

static void
test_sequence_adopted(void **state)
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
	ba.seq = 4711;
	/* Unauthenticated: nothing happens. */
	ba.sa = NULL;
	fix_answer(x, s, NULL, &ba);
	assert_null(fix_next_mh(x, &m));
	assert_int_equal(fix_drops(x, MIP6_DROP_BA_UNAUTHENTICATED), 1);
	/* Of another time: neither. */
	ba.sa = &sa;
	ba.stamp ^= 1;
	fix_answer(x, s, NULL, &ba);
	assert_null(fix_next_mh(x, &m));
	assert_int_equal(fix_drops(x, MIP6_DROP_BA_ID), 1);
	ba.stamp ^= 1;
	/* Authenticated: adopted, and sent at once. */
	fix_answer(x, s, NULL, &ba);
	assert_non_null(fix_next_mh(x, &m));
	assert_int_equal(m.u.bu.seq, 4712);
	fix_fini(x);
	test_free(x);
}

static void
test_clock(void **state)
{
	struct mip6_conf_sa sa = fix_sa();
	struct fix *x = test_malloc(sizeof(*x));
	const struct fix_sent *s;
	uint64_t theirs;
	struct fix_ba ba;
	struct mip6_mh m;

	(void)state;
	s = begin(x, &m);
	theirs = mip6_time_to_ntp(x->now.wall_us + 3600000000u);
	ba = fix_accept(&m, &sa);
	ba.status = MIP6_BA_ID_MISMATCH;
	ba.lifetime = MIP6_SPAN_S(0);
	ba.stamp = (m.opt.replay & 0xffffffffu) | (theirs & ~0xffffffffull);
	/* Not from an answer that nobody vouches for ... */
	ba.sa = NULL;
	fix_answer(x, s, NULL, &ba);
	assert_int_equal(home(x)->ha->clock_offset_us, 0);
	/* ... nor from one to a stamp that is not ours. */
	ba.sa = &sa;
	ba.stamp ^= 1;
	fix_answer(x, s, NULL, &ba);
	assert_int_equal(home(x)->ha->clock_offset_us, 0);
	assert_int_equal(fix_drops(x, MIP6_DROP_BA_ID), 1);
	ba.stamp ^= 1;
	fix_answer(x, s, NULL, &ba);
	assert_in_range(home(x)->ha->clock_offset_us, 3599000000u, 3601000000u);
	assert_non_null(fix_next_mh(x, &m));
	assert_in_range(m.opt.replay >> 32, (theirs >> 32) - 1,
	    (theirs >> 32) + 1);
	fix_fini(x);
	test_free(x);
}

static void
test_refused(void **state)
{
	static const struct {
		uint8_t status;
		bool again; /* tried again, slowly */
	} row[] = { { 128, true }, { 129, false }, { 130, true },
		{ 131, false }, { 132, false }, { 133, false }, { 134, false },
		{ 136, true }, { 139, false }, { 140, false }, { 145, true },
		{ 146, true }, { 174, false }, { 200, false } };
	struct mip6_conf_sa sa = fix_sa();
	struct fix *x = test_malloc(sizeof(*x));
	const struct fix_sent *s;
	struct fix_ba ba;
	struct mip6_mh m;
	char why[256];
	struct mip6_fmt f;
	size_t i;

	(void)state;
	for (i = 0; i < MIP6_COUNT(row); i++) {
		s = begin(x, &m);
		ba = fix_accept(&m, &sa);
		ba.status = row[i].status;
		ba.lifetime = MIP6_SPAN_S(0);
		fix_answer(x, s, NULL, &ba);
		assert_int_equal(home(x)->state, MN_REGISTERING);
		f = mip6_fmt_make(why, sizeof(why));
		mip6_show_why(x->node, &x->now, &f);
		assert_non_null(
		    strstr(why, mip6_ba_status_name(row[i].status)));
		fix_wait(x, MIP6_SPAN_MS(31999));
		assert_null(fix_next_mh(x, &m));
		fix_wait(x, MIP6_SPAN_MS(1));
		if (row[i].again)
			assert_non_null(fix_next_mh(x, &m));
		else
			assert_null(fix_next_mh(x, &m));
		fix_fini(x);
	}
	test_free(x);
}

static void
test_unauthenticated_refusal(void **state)
{
	struct fix *x = test_malloc(sizeof(*x));
	struct mip6_conf_sa sa = fix_sa();
	const struct fix_sent *s;
	struct fix_ba ba;
	struct mip6_fmt f;
	struct mip6_mh m;
	char why[256];

	(void)state;
	s = begin(x, &m);
	ba = fix_accept(&m, NULL);
	ba.status = MIP6_BA_AUTH_FAIL;
	fix_answer(x, s, NULL, &ba);
	/* It only slows retransmission, and shows. */
	assert_int_equal(home(x)->state, MN_REGISTERING);
	f = mip6_fmt_make(why, sizeof(why));
	mip6_show_why(x->node, &x->now, &f);
	assert_non_null(strstr(why, "not authenticated"));
	fix_wait(x, MIP6_SPAN_MS(31999));
	assert_null(fix_next_mh(x, &m));
	/* The true answer is believed even now. */
	ba = fix_accept(&m, &sa);
	fix_wait(x, MIP6_SPAN_MS(1));
	s = fix_next_mh(x, &m);
	assert_non_null(s);
	ba = fix_accept(&m, &sa);
	fix_answer(x, s, NULL, &ba);
	assert_int_equal(home(x)->state, MN_REGISTERED);
	fix_fini(x);
	test_free(x);
}

static void
test_rate(void **state)
{
	struct fix *x = test_malloc(sizeof(*x));
	struct mip6_event ev;
	struct mip6_mh m;
	int i, sent = 0;

	(void)state;
	bound(x);
	memset(&ev, 0, sizeof(ev));
	ev.kind = MIP6_EV_COMMAND;
	ev.u.command.kind = MIP6_CMD_FLUSH_REGISTRATION;
	fix_wait(x, MIP6_SPAN_S(2));
	for (i = 0; i < 20; i++) {
		fix_give(x, &ev);
		fix_wait(x, MIP6_SPAN_MS(10));
	}
	while (fix_next_mh(x, &m) != NULL)
		sent++;
	/* R11.8-05: three within the second, the next when it is over. */
	assert_int_equal(sent, 3);
	fix_wait(x, MIP6_SPAN_MS(800));
	assert_non_null(fix_next_mh(x, &m));
	fix_fini(x);
	test_free(x);
}

static void
test_moves(void **state)
{
	struct fix *x = test_malloc(sizeof(*x));
	struct mip6_conf_sa sa = fix_sa();
	struct mip6_prefix b;
	const struct fix_sent *s;
	struct mip6_addr old;
	struct fix_ba ba;
	struct mip6_mh m;

	(void)state;
	bound(x);
	old = home(x)->ha->bul.coa;
	fix_wait(x, MIP6_SPAN_S(10));
	fix_link(x, false);
	fix_link(x, true);
	/* The address of the last link is not one of this link. */
	assert_null(fix_next_mh(x, &m));
	fix_ra(x, "2001:db8:b::", 1800);
	s = fix_next_mh(x, &m);
	assert_non_null(s);
	assert_true(mip6_prefix_parse("2001:db8:b::/64", &b));
	assert_true(mip6_prefix_has(&b, &m.opt.alt_coa));
	assert_int_equal(home(x)->state, MN_UPDATING);
	/* The old binding carries packets until the new one stands. */
	assert_true(
	    mip6_addr_equal(&fix_last(x, MIP6_ACT_ROW_SET)->u.row.local, &old));
	ba = fix_accept(&m, &sa);
	fix_answer(x, s, NULL, &ba);
	assert_true(mip6_addr_equal(&fix_last(x, MIP6_ACT_ROW_SET)->u.row.local,
	    &s->ip.ip.src));
	/* The address that we formed for the old link goes after a while. */
	fix_wait(x, MIP6_SPAN_S(4));
	assert_false(fix_last(x, MIP6_ACT_ADDR)->u.addr.on);
	assert_true(
	    mip6_addr_equal(&fix_last(x, MIP6_ACT_ADDR)->u.addr.addr, &old));
	fix_fini(x);
	test_free(x);
}

/* Back on a link before the address formed there is gone: it stays. */
static void
test_moves_back(void **state)
{
	struct fix *x = test_malloc(sizeof(*x));
	struct mip6_conf_sa sa = fix_sa();
	const struct fix_sent *s;
	struct mip6_addr coa;
	struct fix_ba ba;
	struct mip6_mh m;
	int i;

	(void)state;
	bound(x);
	coa = home(x)->ha->bul.coa;
	for (i = 0; i < 2; i++) {
		fix_wait(x, MIP6_SPAN_S(1));
		fix_link(x, false);
		fix_link(x, true);
		fix_ra(x, i == 0 ? "2001:db8:b::" : "2001:db8:a::", 1800);
		s = fix_next_mh(x, &m);
		assert_non_null(s);
		ba = fix_accept(&m, &sa);
		fix_answer(x, s, NULL, &ba);
	}
	assert_true(mip6_addr_equal(&home(x)->ha->bul.coa, &coa));
	fix_wait(x, MIP6_SPAN_S(10));
	assert_true(mip6_addr_equal(&home(x)->at.coa, &coa));
	assert_null(fix_next_mh(x, &m));
	fix_fini(x);
	test_free(x);
}

/* A reload that names another home agent: the old one's tunnel is not used. */
static void
test_other_agent(void **state)
{
	struct fix *x = test_malloc(sizeof(*x));
	struct mip6_addr other = fix_addr("2001:db8:1::2");
	const struct fix_sent *s;
	struct mip6_conf conf;
	struct mip6_event ev;
	struct mip6_mh m;

	(void)state;
	bound(x);
	fix_wait(x, MIP6_SPAN_S(10));
	conf = x->conf;
	conf.mn.home[0].agent[0].addr = other;
	memset(&ev, 0, sizeof(ev));
	ev.kind = MIP6_EV_CONFIG;
	ev.u.conf = &conf;
	fix_give(x, &ev);
	s = fix_next_mh(x, &m);
	assert_non_null(s);
	assert_true(mip6_addr_equal(&s->ip.ip.dst, &other));
	assert_int_equal(home(x)->state, MN_REGISTERING);
	assert_int_equal(fix_last(x, MIP6_ACT_ROW_SET)->u.row.hop,
	    MIP6_HOP_NONE);
	fix_fini(x);
	test_free(x);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_update),
		cmocka_unit_test(test_retransmission),
		cmocka_unit_test(test_accepted),
		cmocka_unit_test(test_longer_than_asked),
		cmocka_unit_test(test_refresh_advice),
		cmocka_unit_test(test_expires),
		cmocka_unit_test(test_not_believed),
		cmocka_unit_test(test_sequence_adopted),
		cmocka_unit_test(test_clock),
		cmocka_unit_test(test_refused),
		cmocka_unit_test(test_unauthenticated_refusal),
		cmocka_unit_test(test_rate),
		cmocka_unit_test(test_moves),
		cmocka_unit_test(test_moves_back),
		cmocka_unit_test(test_other_agent),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
