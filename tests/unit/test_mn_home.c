/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The mobile node on its home link: returning, neighbour discovery for the
 * home address, neighbours, and leaving again.
 *
 * Links: core
 */
#include "mn_fix.h"

/* Registered on link a, then moved to the home link. */
static void
return_home(struct fix *x)
{
	struct mip6_conf_sa sa = fix_sa();
	const struct fix_sent *s;
	struct fix_ba ba;
	struct mip6_mh m;

	fix_mn_foreign(x);
	s = fix_next_mh(x, &m);
	ba = fix_accept(&m, &sa);
	fix_answer(x, s, NULL, &ba);
	fix_wait(x, MIP6_SPAN_S(10));
	fix_link(x, false);
	fix_link(x, true);
	x->seen = x->sents;
	fix_ra(x, "2001:db8:1::", 1800);
}

/* An advertisement whose R bit tells the home agent's own address. */
static void
agent_ra(struct fix *x)
{
	struct mip6_nd m;

	memset(&m, 0, sizeof(m));
	m.type = MIP6_ND_RA;
	m.u.ra.home_agent = true;
	m.u.ra.router_lifetime = MIP6_SPAN_S(1800);
	m.opt.has_slla = true;
	m.opt.slla = fix_router_ll;
	m.opt.prefix_count = 1;
	m.opt.prefix[0].addr = fix_addr(FIX_AGENT);
	m.opt.prefix[0].bits = 64;
	m.opt.prefix[0].on_link = m.opt.prefix[0].autonomous = true;
	m.opt.prefix[0].router = true;
	m.opt.prefix[0].valid = MIP6_SPAN_S(86400);
	m.opt.prefix[0].preferred = MIP6_SPAN_S(14400);
	fix_nd(x, "fe80::fe", "ff02::1", 255, &m);
}

static void
solicit(struct fix *x, const char *src)
{
	struct mip6_addr hoa = fix_addr(FIX_HOA), group;
	struct mip6_addr_text dst;
	struct mip6_nd m;

	group = mip6_addr_solicited_node(&hoa);
	dst = mip6_addr_text(&group);
	memset(&m, 0, sizeof(m));
	m.type = MIP6_ND_NS;
	m.u.ns.target = hoa;
	m.opt.has_slla = strcmp(src, "::") != 0;
	m.opt.slla = fix_router_ll;
	fix_nd(x, src, dst.s, 255, &m);
}

static void
test_returns(void **state)
{
	struct fix *x = test_malloc(sizeof(*x));
	struct mip6_conf_sa sa = fix_sa();
	struct mip6_addr hoa = fix_addr(FIX_HOA);
	const struct fix_sent *s;
	struct fix_ba ba;
	struct mip6_nd nd;
	struct mip6_mh m;
	size_t mark;
	int i;

	(void)state;
	return_home(x);
	mark = x->seen;
	/* R11.5.5-04: who has our address? From the unspecified address. */
	s = fix_next_nd(x, MIP6_ND_NS, &nd);
	assert_non_null(s);
	assert_true(mip6_addr_is_any(&s->ip.ip.src));
	assert_true(mip6_addr_equal(&nd.u.ns.target, &hoa));
	assert_false(nd.opt.has_slla);
	/* R11.5.5-03: from the home address, lifetime 0, A and H. */
	x->seen = mark;
	s = fix_next_mh(x, &m);
	assert_non_null(s);
	assert_int_equal(m.u.bu.lifetime.us, 0);
	assert_true(m.u.bu.home && m.u.bu.ack);
	assert_true(mip6_addr_equal(&s->ip.ip.src, &hoa));
	assert_false(s->ip.has_hao || m.opt.has_alt_coa);
	assert_int_equal(home(x)->state, MN_RETURNING);
	ba = fix_accept(&m, &sa);
	fix_answer(x, s, NULL, &ba);
	assert_int_equal(home(x)->state, MN_AT_HOME);
	assert_int_equal(fix_last(x, MIP6_ACT_ROW_SET)->u.row.kind,
	    MIP6_FWD_MN_HOME);
	/* R11.5.5-08: three times to all nodes, S=0, O=1. */
	for (i = 0; i < 3; i++) {
		s = fix_next_nd(x, MIP6_ND_NA, &nd);
		assert_non_null(s);
		assert_true(
		    mip6_addr_equal(&s->ip.ip.dst, &mip6_addr_all_nodes));
		assert_true(mip6_addr_equal(&nd.u.na.target, &hoa));
		assert_true(nd.u.na.override && !nd.u.na.solicited);
		assert_false(nd.u.na.router);
		assert_memory_equal(&nd.opt.tlla, &fix_ll, 6);
		fix_wait(x, MIP6_SPAN_S(1));
	}
	assert_null(fix_next_nd(x, MIP6_ND_NA, &nd));
	/* Nothing is left of the binding. */
	fix_wait(x, MIP6_SPAN_S(1000));
	assert_null(fix_next_mh(x, &m));
	fix_fini(x);
	test_free(x);
}

static void
test_native_row(void **state)
{
	struct fix *x = test_malloc(sizeof(*x));

	(void)state;
	/* R11.5.5-02: native only once the update went. */
	return_home(x);
	assert_int_equal(home(x)->state, MN_RETURNING);
	assert_int_equal(fix_last(x, MIP6_ACT_ROW_SET)->u.row.kind,
	    MIP6_FWD_MN_HOME);
	assert_int_equal(fix_last(x, MIP6_ACT_ROW_SET)->u.row.onlink_bits, 64);
	fix_fini(x);
	fix_mn_foreign(x);
	home(x)->do_not_send = true;
	home(x)->refused_until = MIP6_TIME_NEVER;
	x->node->mn->home[0].ha->last_status = MIP6_BA_DAD_FAILED;
	fix_link(x, false);
	fix_link(x, true);
	fix_ra(x, "2001:db8:1::", 1800);
	assert_int_equal(home(x)->state, MN_RETURNING);
	assert_int_not_equal(fix_last(x, MIP6_ACT_ROW_SET)->u.row.kind,
	    MIP6_FWD_MN_HOME);
	fix_fini(x);
	test_free(x);
}

static void
test_agent_lladdr(void **state)
{
	struct fix *x = test_malloc(sizeof(*x));
	struct mip6_nd nd;
	struct mip6_mh m;
	size_t mark;

	(void)state;
	/* Told by the advertisement: nobody has to be asked. */
	fix_mn_foreign(x);
	fix_link(x, false);
	fix_link(x, true);
	x->seen = x->sents;
	agent_ra(x);
	mark = x->seen;
	assert_non_null(fix_next_mh(x, &m));
	x->seen = mark;
	assert_null(fix_next_nd(x, MIP6_ND_NS, &nd));
	assert_true(nd_usable(x->node, home(x)->at_hop));
	fix_fini(x);
	/* Told by the home agent's defence of our address (R11.5.5-05). */
	return_home(x);
	assert_false(nd_usable(x->node, home(x)->at_hop));
	memset(&nd, 0, sizeof(nd));
	nd.type = MIP6_ND_NA;
	nd.u.na.target = fix_addr(FIX_HOA);
	nd.u.na.override = true;
	nd.opt.has_tlla = true;
	nd.opt.tlla = fix_router_ll;
	fix_nd(x, FIX_AGENT, "ff02::1", 255, &nd);
	assert_true(nd_usable(x->node, home(x)->at_hop));
	assert_int_equal(x->node->neighbour[home(x)->at_hop].state,
	    MIP6_NUD_REACHABLE);
	fix_fini(x);
	test_free(x);
}

static void
test_answers(void **state)
{
	struct fix *x = test_malloc(sizeof(*x));
	struct mip6_conf_sa sa = fix_sa();
	const struct fix_sent *s, *bu;
	struct fix_ba ba;
	struct mip6_nd nd;
	struct mip6_mh m;

	(void)state;
	/* Away: not on a foreign link. */
	fix_mn_foreign(x);
	x->seen = x->sents;
	solicit(x, "fe80::fe");
	assert_null(fix_next_nd(x, MIP6_ND_NA, &nd));
	fix_fini(x);
	/* Returning: R11.5.5-07, by unicast to the sender. */
	return_home(x);
	bu = fix_next_mh(x, &m);
	x->seen = x->sents;
	solicit(x, "fe80::fe");
	s = fix_next_nd(x, MIP6_ND_NA, &nd);
	assert_non_null(s);
	assert_true(s->act.has_lladdr);
	assert_memory_equal(&s->act.lladdr, &fix_router_ll, 6);
	assert_true(nd.u.na.solicited);
	/* A probe is still the home agent's to answer ... */
	solicit(x, "::");
	assert_null(fix_next_nd(x, MIP6_ND_NA, &nd));
	/* ... and at home ours. */
	ba = fix_accept(&m, &sa);
	fix_answer(x, bu, NULL, &ba);
	x->seen = x->sents;
	solicit(x, "::");
	s = fix_next_nd(x, MIP6_ND_NA, &nd);
	assert_non_null(s);
	assert_false(nd.u.na.solicited);
	assert_true(mip6_addr_equal(&s->ip.ip.dst, &mip6_addr_all_nodes));
	fix_fini(x);
	test_free(x);
}

static void
test_silent_agent(void **state)
{
	struct fix *x = test_malloc(sizeof(*x));
	struct mip6_mh m;
	int sent = 0, i;

	(void)state;
	return_home(x);
	/* Three unanswered (1 + 2 + 4 s): who defends it? Nobody: claimed. */
	fix_wait(x, MIP6_SPAN_MS(6999));
	assert_int_equal(home(x)->state, MN_RETURNING);
	fix_wait(x, MIP6_SPAN_MS(1));
	assert_int_equal(home(x)->state, MN_CHECKING);
	fix_wait(x, MIP6_SPAN_MS(999));
	assert_int_equal(home(x)->state, MN_CHECKING);
	fix_wait(x, MIP6_SPAN_MS(1));
	assert_int_equal(home(x)->state, MN_AT_HOME);
	assert_non_null(strstr(x->events, "mn.home-agent-silent"));
	/*
	 * P-HOME: it goes on asking until the binding's 600 s are over, 10 of
	 * which had passed, then stops.
	 */
	for (i = 0; i < 50; i++) {
		while (fix_next_mh(x, &m) != NULL)
			sent++;
		x->sents = x->seen = x->acts = 0;
		fix_wait(x, MIP6_SPAN_S(20));
	}
	/* At 0, 1, 3, 15, 31 s, then every 32: at 7 the probe went. */
	assert_int_equal(sent, 5 + (590 - 31) / 32);
	fix_fini(x);
	test_free(x);
}

static void
test_nothing_to_deregister(void **state)
{
	struct fix *x = test_malloc(sizeof(*x));
	struct mip6_conf_sa sa = fix_sa();
	const struct fix_sent *s;
	struct fix_ba ba;
	struct mip6_mh m;

	(void)state;
	/* Started at home: 133 says that all is well. */
	fix_mn(x);
	fix_link(x, true);
	fix_ra(x, "2001:db8:1::", 1800);
	assert_null(fix_next_mh(x, &m));
	fix_wait(x, MIP6_SPAN_S(1));
	s = fix_next_mh(x, &m);
	assert_non_null(s);
	ba = fix_accept(&m, &sa);
	ba.status = MIP6_BA_NOT_HOME_AGENT;
	fix_answer(x, s, NULL, &ba);
	assert_int_equal(home(x)->state, MN_AT_HOME);
	fix_fini(x);
	test_free(x);
}

static void
test_neighbours(void **state)
{
	struct fix *x = test_malloc(sizeof(*x));
	struct mip6_conf_sa sa = fix_sa();
	const struct mip6_action *row;
	const struct fix_sent *s;
	struct mip6_event ev;
	struct fix_ba ba;
	struct mip6_mh m;
	int i;

	(void)state;
	return_home(x);
	s = fix_next_mh(x, &m);
	ba = fix_accept(&m, &sa);
	fix_answer(x, s, NULL, &ba);
	memset(&ev, 0, sizeof(ev));
	ev.kind = MIP6_EV_HINT;
	ev.u.hint.kind = MIP6_HINT_NO_ROW;
	ev.u.hint.src = fix_addr(FIX_HOA);
	ev.u.hint.dst = fix_addr("2001:db8:1::50");
	fix_give(x, &ev);
	row = fix_last(x, MIP6_ACT_ROW_SET);
	assert_int_equal(row->u.row.kind, MIP6_FWD_MN_NEIGHBOUR);
	assert_true(mip6_addr_equal(&row->u.row.other, &ev.u.hint.dst));
	assert_int_not_equal(row->u.row.hop, MIP6_HOP_NONE);
	/* Many of them: the oldest make room. */
	for (i = 0; i < 2 * MN_NEIGHBOURS_MAX; i++) {
		ev.u.hint.dst.b[14] = 1;
		ev.u.hint.dst.b[15] = (uint8_t)i;
		fix_give(x, &ev);
	}
	assert_non_null(fix_last(x, MIP6_ACT_ROW_DEL));
	assert_int_equal(home(x)->neighbours, MN_NEIGHBOURS_MAX);
	/* Away again: their rows go. */
	x->acts = 0;
	fix_link(x, false);
	fix_link(x, true);
	fix_ra(x, "2001:db8:a::", 1800);
	assert_int_equal(home(x)->neighbours, 0);
	assert_int_equal(home(x)->state, MN_REGISTERING);
	assert_false(fix_last(x, MIP6_ACT_GROUP)->u.set.on);
	fix_fini(x);
	test_free(x);
}

static void
test_leaves_and_blocks(void **state)
{
	struct fix *x = test_malloc(sizeof(*x));
	struct mip6_conf_sa sa = fix_sa();
	const struct fix_sent *s;
	struct fix_ba ba;
	struct mip6_mh m;

	(void)state;
	/* At the start, with no link: refused at once. */
	fix_mn(x);
	assert_int_equal(fix_last(x, MIP6_ACT_ROW_SET)->u.row.kind,
	    MIP6_FWD_MN_BLOCK);
	fix_fini(x);
	return_home(x);
	s = fix_next_mh(x, &m);
	ba = fix_accept(&m, &sa);
	fix_answer(x, s, NULL, &ba);
	fix_link(x, false);
	assert_int_equal(home(x)->state, MN_NOWHERE);
	/* Held back for 3 s, then refused. */
	assert_int_equal(fix_last(x, MIP6_ACT_ROW_SET)->u.row.kind,
	    MIP6_FWD_MN_TUNNEL);
	fix_wait(x, MIP6_SPAN_MS(2999));
	assert_int_equal(fix_last(x, MIP6_ACT_ROW_SET)->u.row.kind,
	    MIP6_FWD_MN_TUNNEL);
	fix_wait(x, MIP6_SPAN_MS(1));
	assert_int_equal(fix_last(x, MIP6_ACT_ROW_SET)->u.row.kind,
	    MIP6_FWD_MN_BLOCK);
	fix_fini(x);
	test_free(x);
}

static void
test_without_binding_direct(void **state)
{
	struct fix *x = test_malloc(sizeof(*x));
	struct mip6_conf_sa sa = fix_sa();
	const struct fix_sent *s;
	struct fix_ba ba;
	struct mip6_mh m;
	size_t i;

	(void)state;
	fix_mn(x);
	fix_fini(x);
	fix_init(x);
	x->conf.mn.on = true;
	memcpy(x->conf.mn.interface[0], "eth*", 5);
	x->conf.mn.interfaces = x->conf.mn.homes = 1;
	x->conf.mn.initial_bindack_timeout_first_reg = MIP6_SPAN_MS(1500);
	x->conf.mn.without_binding = MIP6_WITHOUT_BINDING_DIRECT;
	x->conf.mn.home[0].hoa = fix_addr(FIX_HOA);
	x->conf.mn.home[0].bits = 64;
	x->conf.mn.home[0].agent[0].addr = fix_addr(FIX_AGENT);
	x->conf.mn.home[0].agents = 1;
	x->conf.mn.home[0].sa = sa;
	x->conf.mn.home[0].lifetime = MIP6_SPAN_S(600);
	fix_configure(x);
	for (i = 0; i < x->acts; i++)
		assert_false(x->act[i].kind == MIP6_ACT_ROUTE &&
		    x->act[i].u.route.dst.bits == 1);
	fix_link(x, true);
	fix_ra(x, "2001:db8:a::", 1800);
	s = fix_next_mh(x, &m);
	ba = fix_accept(&m, &sa);
	fix_answer(x, s, NULL, &ba);
	assert_int_equal(fix_last(x, MIP6_ACT_ROUTE)->u.route.dst.bits, 1);
	assert_true(fix_last(x, MIP6_ACT_ROUTE)->u.route.on);
	fix_fini(x);
	test_free(x);
}

/* Only some of them went yet, and home again: the others are not lost. */
static void
test_neighbours_by_steps(void **state)
{
	struct fix *x = test_malloc(sizeof(*x));
	struct mip6_addr first;
	struct mip6_event ev;
	uint32_t left;
	int i;

	(void)state;
	return_home(x);
	memset(&ev, 0, sizeof(ev));
	ev.kind = MIP6_EV_HINT;
	ev.u.hint.kind = MIP6_HINT_NO_ROW;
	ev.u.hint.src = fix_addr(FIX_HOA);
	ev.u.hint.dst = fix_addr("2001:db8:1::50");
	for (i = 0; i < MN_NEIGHBOURS_MAX; i++) {
		ev.u.hint.dst.b[15] = (uint8_t)i;
		fix_give(x, &ev);
	}
	first = home(x)->neighbour[0].addr;
	mip6_actions_clear(&x->out);
	x->node->out = &x->out;
	x->out.count = MIP6_ACTIONS_MAX - MIP6_STEP_ACTIONS - 10;
	home(x)->state = MN_NOWHERE;
	mn_host_row(x->node, home(x));
	mip6_actions_clear(&x->out);
	home(x)->state = MN_AT_HOME;
	mn_host_row(x->node, home(x));
	left = home(x)->neighbours;
	assert_true(left > 0 && left < MN_NEIGHBOURS_MAX);
	ev.u.hint.dst.b[15] = 200;
	fix_give(x, &ev);
	assert_int_equal(home(x)->neighbours, left + 1);
	assert_true(mip6_addr_equal(&home(x)->neighbour[0].addr, &first));
	assert_true(
	    mip6_addr_equal(&home(x)->neighbour[left].addr, &ev.u.hint.dst));
	fix_fini(x);
	test_free(x);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_returns),
		cmocka_unit_test(test_native_row),
		cmocka_unit_test(test_agent_lladdr),
		cmocka_unit_test(test_answers),
		cmocka_unit_test(test_silent_agent),
		cmocka_unit_test(test_nothing_to_deregister),
		cmocka_unit_test(test_neighbours),
		cmocka_unit_test(test_neighbours_by_steps),
		cmocka_unit_test(test_leaves_and_blocks),
		cmocka_unit_test(test_without_binding_direct),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
