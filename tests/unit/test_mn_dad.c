/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The mobile node asks on its home link whether its home address is free, and
 * what it says and does when it is not; the link-local address with L.
 *
 * Links: core
 */
#include "mn_fix.h"

#define HOME_LL "fe80::100"

/* On the home link, after whatever was before. */
static void
come_home(struct fix *x)
{
	fix_link(x, false);
	fix_link(x, true);
	x->seen = x->sents;
	fix_ra(x, "2001:db8:1::", 1800);
}

static void
na(struct fix *x, const char *target, const struct mip6_lladdr *ll)
{
	struct mip6_nd m;

	memset(&m, 0, sizeof(m));
	m.type = MIP6_ND_NA;
	m.u.na.target = fix_addr(target);
	m.u.na.override = true;
	m.opt.has_tlla = true;
	m.opt.tlla = *ll;
	fix_nd(x, target, "ff02::1", 255, &m);
}

static void
ns(struct fix *x, const char *src, const char *target)
{
	struct mip6_addr t = fix_addr(target), group;
	struct mip6_addr_text dst;
	struct mip6_nd m;

	group = mip6_addr_solicited_node(&t);
	dst = mip6_addr_text(&group);
	memset(&m, 0, sizeof(m));
	m.type = MIP6_ND_NS;
	m.u.ns.target = t;
	fix_nd(x, src, dst.s, 255, &m);
}

static void
why_has(struct fix *x, const char *want)
{
	char buf[512];
	struct mip6_fmt f = mip6_fmt_make(buf, sizeof(buf));

	mip6_show_why(x->node, &x->now, &f);
	if (strstr(buf, want) == NULL)
		print_error("\"%s\" is not in \"%s\"\n", want, buf);
	assert_non_null(strstr(buf, want));
}

static int
sent_of(struct fix *x, uint8_t type, const char *target)
{
	struct mip6_addr t = fix_addr(target);
	struct mip6_nd m;
	int count = 0;

	while (fix_next_nd(x, type, &m) != NULL)
		count += mip6_addr_equal(type == MIP6_ND_NS ? &m.u.ns.target :
							      &m.u.na.target,
		    &t);
	return count;
}

/* A cold start at home: nothing is said or used before a second has passed. */
static void
test_cold_start(void **state)
{
	struct fix *x = test_malloc(sizeof(*x));
	const struct fix_sent *s;
	struct mip6_nd nd;
	struct mip6_mh m;

	(void)state;
	fix_mn(x);
	come_home(x);
	assert_int_equal(home(x)->state, MN_CHECKING);
	why_has(x, "checking whether 2001:db8:1::100 is free");
	s = fix_next_nd(x, MIP6_ND_NS, &nd);
	assert_non_null(s);
	assert_true(mip6_addr_is_any(&s->ip.ip.src));
	assert_true(mip6_addr_equal(&nd.u.ns.target, &home(x)->hoa));
	assert_int_equal(sent_of(x, MIP6_ND_NS, HOME_LL), 0);
	/* Who asks is not answered: it is not ours yet. */
	ns(x, "fe80::fe", FIX_HOA);
	fix_wait(x, MIP6_SPAN_MS(999));
	x->seen = 0;
	assert_null(fix_next_mh(x, &m));
	x->seen = 0;
	assert_null(fix_next_nd(x, MIP6_ND_NA, &nd));
	assert_int_not_equal(home(x)->row.kind, MIP6_FWD_MN_HOME);
	fix_wait(x, MIP6_SPAN_MS(1));
	assert_int_equal(home(x)->state, MN_AT_HOME);
	assert_int_equal(home(x)->row.kind, MIP6_FWD_MN_HOME);
	x->seen = 0;
	assert_int_equal(sent_of(x, MIP6_ND_NA, FIX_HOA), 1);
	/* The home agent may know of a former life: told. */
	x->seen = 0;
	assert_non_null(fix_next_mh(x, &m));
	assert_int_equal(m.u.bu.lifetime.us, 0);
	assert_non_null(strstr(x->events, "mn.state"));
	assert_null(strstr(x->events, "mn.home-agent-silent"));
	/* Ours: who asks is answered. */
	x->seen = x->sents;
	ns(x, "fe80::fe", FIX_HOA);
	assert_int_equal(sent_of(x, MIP6_ND_NA, FIX_HOA), 1);
	fix_fini(x);
	test_free(x);
}

/* Another node has it, and says so in each of the ways there are. */
static void
test_conflict(void **state)
{
	struct fix *x = test_malloc(sizeof(*x));
	int way;

	(void)state;
	for (way = 0; way < 2; way++) {
		fix_mn(x);
		come_home(x);
		if (way == 0)
			na(x, FIX_HOA, &fix_router_ll);
		else
			ns(x, "::", FIX_HOA);
		assert_int_equal(home(x)->state, MN_CONFLICT);
		why_has(x,
		    "2001:db8:1::100 is used by another node on the "
		    "home link");
		fix_wait(x, MIP6_SPAN_S(4));
		assert_int_equal(home(x)->row.kind, MIP6_FWD_MN_BLOCK);
		x->seen = x->sents;
		ns(x, "fe80::fe", FIX_HOA);
		ns(x, "::", FIX_HOA);
		assert_int_equal(sent_of(x, MIP6_ND_NA, FIX_HOA), 0);
		/* Asked again after ten seconds; the words stay meanwhile. */
		fix_wait(x, MIP6_SPAN_MS(5999));
		assert_int_equal(home(x)->state, MN_CONFLICT);
		fix_wait(x, MIP6_SPAN_MS(1));
		assert_int_equal(home(x)->state, MN_CHECKING);
		why_has(x, "is used by another node");
		fix_wait(x, MIP6_SPAN_S(1));
		assert_int_equal(home(x)->state, MN_AT_HOME);
		fix_fini(x);
	}
	/* Of another address, or what we said ourselves: of no concern. */
	fix_mn(x);
	come_home(x);
	na(x, "2001:db8:1::101", &fix_router_ll);
	na(x, HOME_LL, &fix_router_ll);
	ns(x, "fe80::fe", FIX_HOA);
	assert_int_equal(home(x)->state, MN_CHECKING);
	x->node->link[0].ev.lladdr = fix_router_ll;
	na(x, FIX_HOA, &fix_router_ll);
	assert_int_equal(home(x)->state, MN_CHECKING);
	fix_fini(x);
	test_free(x);
}

/* A binding was alive: no detection (R11.5.5-06). */
static void
test_bound(void **state)
{
	struct fix *x = test_malloc(sizeof(*x));
	struct mip6_conf_sa sa = fix_sa();
	const struct fix_sent *s;
	struct fix_ba ba;
	struct mip6_mh m;

	(void)state;
	bound(x);
	come_home(x);
	assert_int_equal(home(x)->state, MN_RETURNING);
	/* Somebody's advertisement is that of the home agent's defence. */
	na(x, FIX_HOA, &fix_router_ll);
	assert_int_equal(home(x)->state, MN_RETURNING);
	s = fix_next_mh(x, &m);
	ba = fix_accept(&m, &sa);
	ba.status = MIP6_BA_NOT_HOME_AGENT;
	fix_answer(x, s, NULL, &ba);
	assert_int_equal(home(x)->state, MN_AT_HOME);
	fix_fini(x);
	/* The update away was never answered: ended first, then asked. */
	fix_mn_foreign(x);
	come_home(x);
	assert_int_equal(home(x)->state, MN_RETURNING);
	s = fix_next_mh(x, &m);
	ba = fix_accept(&m, &sa);
	ba.status = MIP6_BA_NOT_HOME_AGENT;
	fix_answer(x, s, NULL, &ba);
	assert_int_equal(home(x)->state, MN_CHECKING);
	assert_int_not_equal(home(x)->row.kind, MIP6_FWD_MN_HOME);
	x->seen = x->sents;
	fix_wait(x, MIP6_SPAN_S(1));
	assert_int_equal(home(x)->state, MN_AT_HOME);
	/* It was told already. */
	assert_null(fix_next_mh(x, &m));
	fix_fini(x);
	/* The binding has ended: asked. */
	bound(x);
	fix_link(x, false);
	fix_wait(x, MIP6_SPAN_S(600));
	come_home(x);
	assert_int_equal(home(x)->state, MN_CHECKING);
	fix_fini(x);
	test_free(x);
}

/* Silent, and the address is defended: it waits, says so, and is answered. */
static void
test_silent_defended(void **state)
{
	struct fix *x = test_malloc(sizeof(*x));
	struct mip6_conf_sa sa = fix_sa();
	const struct fix_sent *s, *last = NULL;
	struct mip6_mh m, l;
	struct fix_ba ba;

	(void)state;
	memset(&l, 0, sizeof(l));
	bound(x);
	come_home(x);
	fix_wait(x, MIP6_SPAN_S(7));
	assert_int_equal(home(x)->state, MN_CHECKING);
	na(x, FIX_HOA, &fix_router_ll);
	assert_int_equal(home(x)->state, MN_CONFLICT);
	why_has(x, "no Binding Acknowledgement from 2001:db8:1::1");
	assert_int_not_equal(home(x)->row.kind, MIP6_FWD_MN_HOME);
	fix_wait(x, MIP6_SPAN_S(5));
	while ((s = fix_next_mh(x, &m)) != NULL) {
		last = s;
		l = m;
	}
	assert_non_null(last);
	ba = fix_accept(&l, &sa);
	fix_answer(x, last, NULL, &ba);
	/* Somebody had it: asked once more. */
	assert_int_equal(home(x)->state, MN_CHECKING);
	fix_wait(x, MIP6_SPAN_S(1));
	assert_int_equal(home(x)->state, MN_AT_HOME);
	why_has(x, "");
	fix_fini(x);
	test_free(x);
}

/* It is the home agent that still defends: said in other words. */
static void
test_agent_defends(void **state)
{
	struct fix *x = test_malloc(sizeof(*x));

	(void)state;
	bound(x);
	come_home(x);
	na(x, FIX_AGENT, &fix_router_ll);
	fix_wait(x, MIP6_SPAN_S(7));
	na(x, FIX_HOA, &fix_router_ll);
	why_has(x, "2001:db8:1::100 is still defended by the home agent");
	fix_fini(x);
	test_free(x);
}

/* Away again, from every state on the home link. */
static void
test_away_again(void **state)
{
	struct fix *x = test_malloc(sizeof(*x));
	struct mip6_mh m;
	int was, how;

	(void)state;
	for (was = 0; was < 4; was++)
		for (how = 0; how < 2; how++) {
			if (was == 0)
				bound(x);
			else
				fix_mn(x);
			come_home(x);
			if (was == 2)
				na(x, FIX_HOA, &fix_router_ll);
			if (was == 3)
				fix_wait(x, MIP6_SPAN_S(1));
			assert_int_equal(home(x)->state,
			    was == 0     ? MN_RETURNING :
				was == 1 ? MN_CHECKING :
				was == 2 ? MN_CONFLICT :
					   MN_AT_HOME);
			x->seen = x->sents;
			fix_link(x, false);
			assert_int_equal(home(x)->state, MN_NOWHERE);
			assert_false(home(x)->listening);
			assert_false(mip6_timer_is_armed(&home(x)->dad.t));
			if (how == 0) {
				come_home(x);
				assert_int_equal(home(x)->state,
				    was == 0 ? MN_RETURNING : MN_CHECKING);
			} else {
				fix_link(x, true);
				fix_ra(x, "2001:db8:a::", 1800);
				assert_int_equal(home(x)->state,
				    was == 0 ? MN_UPDATING : MN_REGISTERING);
				x->seen = 0;
				while (fix_next_mh(x, &m) != NULL)
					;
				assert_true(m.u.bu.lifetime.us > 0);
			}
			fix_fini(x);
		}
	test_free(x);
}

/* R11.7.1-04, R11.5.5-08: the link-local address with L. */
static void
test_link_local(void **state)
{
	struct fix *x = test_malloc(sizeof(*x));
	struct mip6_conf_sa sa = fix_sa();
	const struct fix_sent *s;
	struct fix_ba ba;
	struct mip6_mh m;
	int same;

	(void)state;
	for (same = 0; same < 2; same++) {
		fix_mn(x);
		fix_link(x, true);
		fix_host_addr(x, same ? HOME_LL : "fe80::101", 64, 0, false);
		fix_ra(x, "2001:db8:a::", 1800);
		s = fix_next_mh(x, &m);
		assert_int_equal(m.u.bu.link_local, same);
		ba = fix_accept(&m, &sa);
		fix_answer(x, s, NULL, &ba);
		/* As long as the binding lives L stays what it was. */
		x->seen = x->sents;
		fix_host_addr(x, same ? HOME_LL : "fe80::101", 64, 0, true);
		fix_wait(x, MIP6_SPAN_S(460));
		assert_non_null(fix_next_mh(x, &m));
		assert_int_equal(m.u.bu.link_local, same);
		fix_fini(x);

		fix_mn(x);
		fix_link(x, true);
		fix_host_addr(x, same ? HOME_LL : "fe80::101", 64, 0, false);
		x->seen = x->sents;
		fix_ra(x, "2001:db8:1::", 1800);
		assert_int_equal(sent_of(x, MIP6_ND_NS, HOME_LL), same);
		na(x, HOME_LL, &fix_router_ll);
		assert_int_equal(home(x)->state,
		    same ? MN_CONFLICT : MN_CHECKING);
		x->seen = x->sents;
		fix_wait(x, MIP6_SPAN_S(13));
		assert_int_equal(home(x)->state, MN_AT_HOME);
		assert_int_equal(sent_of(x, MIP6_ND_NA,
				     same ? HOME_LL : "fe80::101"),
		    3);
		fix_fini(x);
	}
	test_free(x);
}

/* 134 away; at home nobody has it: used, and registered with again. */
static void
test_after_134(void **state)
{
	struct fix *x = test_malloc(sizeof(*x));
	struct mip6_conf_sa sa = fix_sa();
	const struct fix_sent *s;
	struct fix_ba ba;
	struct mip6_mh m;

	(void)state;
	s = begin(x, &m);
	ba = fix_accept(&m, &sa);
	ba.status = MIP6_BA_DAD_FAILED;
	ba.lifetime.us = 0;
	fix_answer(x, s, NULL, &ba);
	assert_true(home(x)->do_not_send);
	why_has(x, "duplicate");
	/* Once more after 10 min, then not for 20. */
	fix_wait(x, MIP6_SPAN_S(600));
	s = fix_next_mh(x, &m);
	assert_non_null(s);
	ba = fix_accept(&m, &sa);
	ba.status = MIP6_BA_DAD_FAILED;
	ba.lifetime.us = 0;
	fix_answer(x, s, NULL, &ba);
	fix_wait(x, MIP6_SPAN_S(1000));
	assert_null(fix_next_mh(x, &m));
	come_home(x);
	assert_int_equal(home(x)->state, MN_CHECKING);
	fix_wait(x, MIP6_SPAN_S(1));
	assert_int_equal(home(x)->state, MN_AT_HOME);
	assert_false(home(x)->do_not_send);
	fix_link(x, false);
	x->seen = x->sents;
	fix_link(x, true);
	fix_ra(x, "2001:db8:a::", 1800);
	assert_non_null(fix_next_mh(x, &m));
	fix_fini(x);
	test_free(x);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_cold_start),
		cmocka_unit_test(test_conflict),
		cmocka_unit_test(test_bound),
		cmocka_unit_test(test_silent_defended),
		cmocka_unit_test(test_agent_defends),
		cmocka_unit_test(test_away_again),
		cmocka_unit_test(test_link_local),
		cmocka_unit_test(test_after_134),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
