/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Duplicate Address Detection for mobile nodes: RFC 6275 section 10.3.1.
 *
 * Links: core
 */
#include "core_fix.h"

#include "core/ha_int.h"

#define FIX_LOCAL "fe80::100"

struct dad {
	struct fix x;
	struct mip6_conf_mobile mobile;
	struct mip6_conf_sa sa;
};

static struct dad *
dad_new(enum mip6_home_dad how)
{
	struct dad *t = test_malloc(sizeof(*t));

	fix_ha(&t->x, &t->mobile);
	t->x.conf.ha.home_dad = how;
	t->sa = fix_sa();
	t->x.seen = t->x.sents;
	return t;
}

static void
dad_delete(struct dad *t)
{
	fix_fini(&t->x);
	test_free(t);
}

static void
update(struct dad *t, uint16_t seq, bool link_local)
{
	struct fix_bu bu = fix_update(seq, &t->sa);

	bu.link_local = link_local;
	fix_send_bu(&t->x, &bu);
}

/* The status of the answer; -1: none yet. */
static int
answer(struct dad *t)
{
	struct mip6_mh m;

	return fix_next_mh(&t->x, &m) == NULL ? -1 : m.u.ba.status;
}

/* Another node says, or asks from `src`, that it has the address. */
static void
other(struct dad *t, uint8_t type, const char *src, const char *target)
{
	struct mip6_addr a = fix_addr(target);
	struct mip6_addr group = mip6_addr_solicited_node(&a);
	struct mip6_nd m;

	memset(&m, 0, sizeof(m));
	m.type = type;
	if (type == MIP6_ND_NA)
		m.u.na.target = a;
	else
		m.u.ns.target = a;
	fix_nd(&t->x, src,
	    type == MIP6_ND_NA ? "ff02::1" : mip6_addr_text(&group).s, 255, &m);
}

static void
test_waits(void **state)
{
	struct dad *t = dad_new(MIP6_HOME_DAD_RFC);
	struct mip6_addr hoa = fix_addr(FIX_HOA);
	const struct fix_sent *s;
	struct mip6_nd m;

	(void)state;
	update(t, 1, false);
	s = fix_next_nd(&t->x, MIP6_ND_NS, &m);
	assert_non_null(s);
	assert_true(mip6_addr_is_any(&s->ip.ip.src));
	assert_true(mip6_addr_equal(&m.u.ns.target, &hoa));
	assert_false(m.opt.has_slla);
	assert_null(fix_next_nd(&t->x, MIP6_ND_NS, &m));
	fix_wait(&t->x, MIP6_SPAN_MS(999));
	assert_int_equal(answer(t), -1);
	assert_null(fix_last(&t->x, MIP6_ACT_ROW_SET));
	fix_wait(&t->x, MIP6_SPAN_MS(1));
	assert_int_equal(answer(t), 0);
	/* R10.3.1-11: there is a binding now: a move does not wait. */
	t->x.acts = 0;
	update(t, 2, false);
	assert_int_equal(answer(t), 0);
	/* What another says from now on is a claim, and no conflict. */
	other(t, MIP6_ND_NA, "fe80::9", FIX_HOA);
	assert_null(fix_last(&t->x, MIP6_ACT_ROW_DEL));
	dad_delete(t);
}

static void
test_conflicts(void **state)
{
	static const struct {
		uint8_t type;
		const char *src, *target;
		bool link_local;
		int status;
	} row[] = {
		{ MIP6_ND_NA, "fe80::9", FIX_HOA, false, 134 },
		{ MIP6_ND_NS, "::", FIX_HOA, false, 134 },
		/* R10.3.1-12: of its link-local address with L alone. */
		{ MIP6_ND_NA, "fe80::9", FIX_LOCAL, true, 134 },
		{ MIP6_ND_NS, "::", FIX_LOCAL, true, 134 },
		{ MIP6_ND_NA, "fe80::9", FIX_LOCAL, false, 0 },
		/* Who resolves it has not got it. */
		{ MIP6_ND_NS, "fe80::9", FIX_HOA, false, 0 },
		{ MIP6_ND_NA, "fe80::9", "2001:db8:1::101", false, 0 },
	};
	struct dad *t;
	size_t i;

	(void)state;
	for (i = 0; i < MIP6_COUNT(row); i++) {
		t = dad_new(MIP6_HOME_DAD_RFC);
		update(t, 1, row[i].link_local);
		other(t, row[i].type, row[i].src, row[i].target);
		fix_wait(&t->x, MIP6_SPAN_S(1));
		if (answer(t) != row[i].status)
			fail_msg("row %zu", i);
		assert_int_equal(fix_drops(&t->x, MIP6_DROP_BU_DAD),
		    row[i].status == 134);
		if (row[i].status == 134) {
			assert_null(fix_last(&t->x, MIP6_ACT_ROW_SET));
			assert_false(fix_last(&t->x, MIP6_ACT_GROUP)->u.set.on);
			assert_non_null(
			    strstr(t->x.events, "binding.conflict"));
			/* The other has gone: it may come in. */
			update(t, 2, false);
			fix_wait(&t->x, MIP6_SPAN_S(1));
			assert_int_equal(answer(t), 0);
		}
		dad_delete(t);
	}
}

/* What we said ourselves comes back from the link: no conflict. */
static void
test_own_echo(void **state)
{
	struct dad *t = dad_new(MIP6_HOME_DAD_RFC);
	const struct fix_sent *s;
	struct mip6_event ev;
	struct mip6_nd m;
	uint8_t buf[256];

	(void)state;
	update(t, 1, false);
	s = fix_next_nd(&t->x, MIP6_ND_NS, &m);
	assert_non_null(s);
	memcpy(buf, s->octets, s->act.count);
	memset(&ev, 0, sizeof(ev));
	ev.kind = MIP6_EV_HINT;
	ev.u.hint.kind = MIP6_HINT_PACKET;
	ev.u.hint.ifindex = FIX_IFINDEX;
	ev.u.hint.ll_src = fix_ll;
	ev.u.hint.octets = buf;
	ev.u.hint.count = s->act.count;
	fix_give(&t->x, &ev);
	fix_wait(&t->x, MIP6_SPAN_S(1));
	assert_int_equal(answer(t), 0);
	/* Our own announcement is no claim of another either. */
	s = &t->x.sent[t->x.sents - 1];
	while (s->ip.upper != MIP6_NH_ICMPV6)
		s--;
	memcpy(buf, s->octets, s->act.count);
	ev.u.hint.count = s->act.count;
	fix_give(&t->x, &ev);
	assert_int_equal(fix_drops(&t->x, MIP6_DROP_ND_CLAIM), 0);
	dad_delete(t);
}

/* The link is down: nobody is asked, and it takes no longer. */
static void
test_link_down(void **state)
{
	struct dad *t = dad_new(MIP6_HOME_DAD_RFC);
	struct mip6_nd m;

	(void)state;
	update(t, 1, false);
	fix_wait(&t->x, MIP6_SPAN_MS(500));
	fix_link(&t->x, false);
	fix_wait(&t->x, MIP6_SPAN_MS(500));
	assert_int_equal(answer(t), 0);
	/* Back again, the question is made up for. */
	t->x.seen = t->x.sents;
	fix_link(&t->x, true);
	fix_wait(&t->x, MIP6_SPAN_MS(10));
	do
		assert_non_null(fix_next_nd(&t->x, MIP6_ND_NS, &m));
	while (m.u.ns.target.b[15] != 0 || m.u.ns.target.b[14] != 1);
	dad_delete(t);
}

static void
test_not_asked(void **state)
{
	struct dad *t = dad_new(MIP6_HOME_DAD_OFF);

	(void)state;
	update(t, 1, false);
	assert_int_equal(answer(t), 0);
	dad_delete(t);
}

/* R10.3.1-13: with L both addresses are asked for. */
static void
test_link_local(void **state)
{
	struct dad *t = dad_new(MIP6_HOME_DAD_RFC);
	struct mip6_addr local = fix_addr(FIX_LOCAL);
	struct mip6_nd m;

	(void)state;
	update(t, 1, false);
	/* L comes with a newer update: the question is put anew. */
	fix_wait(&t->x, MIP6_SPAN_MS(900));
	update(t, 2, true);
	assert_non_null(fix_next_nd(&t->x, MIP6_ND_NS, &m));
	assert_non_null(fix_next_nd(&t->x, MIP6_ND_NS, &m));
	assert_non_null(fix_next_nd(&t->x, MIP6_ND_NS, &m));
	assert_true(mip6_addr_equal(&m.u.ns.target, &local));
	fix_wait(&t->x, MIP6_SPAN_MS(999));
	assert_int_equal(answer(t), -1);
	fix_wait(&t->x, MIP6_SPAN_MS(1));
	assert_int_equal(answer(t), 0);
	dad_delete(t);
}

/* An update during the detection takes the place of the one that waits. */
static void
test_update_meanwhile(void **state)
{
	struct dad *t = dad_new(MIP6_HOME_DAD_RFC);
	struct mip6_mh m;

	(void)state;
	update(t, 1, false);
	fix_wait(&t->x, MIP6_SPAN_MS(500));
	update(t, 2, false);
	assert_int_equal(answer(t), -1);
	fix_wait(&t->x, MIP6_SPAN_MS(500));
	assert_non_null(fix_next_mh(&t->x, &m));
	assert_int_equal(m.u.ba.status, 0);
	assert_int_equal(m.u.ba.seq, 2);
	assert_null(fix_next_mh(&t->x, &m));
	dad_delete(t);
}

static void
see_state(void *arg, const struct mip6_show_binding *b)
{
	const char **s = arg;

	*s = b->state;
}

static void
expect_state(struct dad *t, const char *want)
{
	const char *s = "";

	assert_int_equal(mip6_show_bindings(t->x.node, &t->x.now, 0, 1,
			     see_state, &s),
	    1);
	assert_string_equal(s, want);
	s = "none";
	assert_int_equal(mip6_show_bindings(t->x.node, &t->x.now, 0, 0,
			     see_state, &s),
	    1);
	assert_string_equal(s, "none");
	assert_int_equal(mip6_show_bindings(t->x.node, &t->x.now, 1, 9,
			     see_state, &s),
	    1);
	assert_string_equal(s, "none");
}

static void
test_provisional(void **state)
{
	struct dad *t = dad_new(MIP6_HOME_DAD_PROVISIONAL);

	(void)state;
	update(t, 1, false);
	assert_non_null(fix_last(&t->x, MIP6_ACT_ROW_SET));
	assert_int_equal(answer(t), -1);
	expect_state(t, "provisional");
	other(t, MIP6_ND_NA, "fe80::9", FIX_HOA);
	assert_int_equal(answer(t), 134);
	assert_non_null(fix_last(&t->x, MIP6_ACT_ROW_DEL));
	update(t, 2, false);
	assert_int_equal(answer(t), -1);
	fix_wait(&t->x, MIP6_SPAN_S(1));
	assert_int_equal(answer(t), 0);
	expect_state(t, "registered");
	dad_delete(t);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_waits),
		cmocka_unit_test(test_conflicts),
		cmocka_unit_test(test_own_echo),
		cmocka_unit_test(test_link_down),
		cmocka_unit_test(test_not_asked),
		cmocka_unit_test(test_link_local),
		cmocka_unit_test(test_update_meanwhile),
		cmocka_unit_test(test_provisional),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
