/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Several home agents: which one is asked, when another one is, and what
 * becomes of the one that was left.
 *
 * Links: core
 */
#include "mn_fix.h"

#define AGENT2 "2001:db8:1::2"
#define AGENT3 "2001:db8:1::3"

/* A mobile node with `count` home agents, on a foreign link. */
static void
agents(struct fix *x, uint32_t count)
{
	static const char *const addr[] = { FIX_AGENT, AGENT2, AGENT3 };
	uint32_t i;

	fix_mn(x);
	for (i = 0; i < count; i++)
		x->conf.mn.home[0].agent[i].addr = fix_addr(addr[i]);
	x->conf.mn.home[0].agents = count;
	fix_configure(x);
	fix_link(x, true);
	fix_ra(x, "2001:db8:a::", 1800);
}

/* The next update, which goes to `to`, `after` the moment of *last. */
static const struct fix_sent *
next(struct fix *x, const char *to, struct mip6_mh *m)
{
	const struct fix_sent *s = fix_next_mh(x, m);
	struct mip6_addr dst = fix_addr(to);

	assert_non_null(s);
	assert_int_equal(m->type, MIP6_MH_BU);
	assert_true(mip6_addr_equal(&s->ip.ip.dst, &dst));
	return s;
}

static void
answer(struct fix *x, const struct fix_sent *s, const struct mip6_mh *m,
    const char *from, uint8_t status)
{
	struct mip6_conf_sa sa = fix_sa();
	struct fix_ba ba = fix_accept(m, &sa);

	ba.status = status;
	if (status >= 128)
		ba.lifetime.us = 0;
	fix_answer(x, s, from, &ba);
}

/* Registered with the first of `count`. */
static void
agents_bound(struct fix *x, uint32_t count)
{
	const struct fix_sent *s;
	struct mip6_mh m;

	agents(x, count);
	s = next(x, FIX_AGENT, &m);
	answer(x, s, &m, FIX_AGENT, 0);
	assert_int_equal(home(x)->state, MN_REGISTERED);
	fix_wait(x, MIP6_SPAN_S(2));
}

static void
wait_alive(struct fix *x, int64_t s)
{
	for (; s > 0; s -= 60) {
		fix_ra(x, "2001:db8:a::", 1800); /* the router is there */
		fix_wait(x, MIP6_SPAN_S(s < 60 ? s : 60));
	}
}

/* R11.4.1-02: three updates to each, in order, then slower. */
static void
test_silent(void **state)
{
	static const struct {
		int64_t at_ms;
		const char *to;
	} row[] = { { 0, FIX_AGENT }, { 1500, FIX_AGENT }, { 4500, FIX_AGENT },
		{ 10500, AGENT2 }, { 12000, AGENT2 }, { 15000, AGENT2 },
		{ 21000, AGENT3 }, { 22500, AGENT3 }, { 25500, AGENT3 },
		{ 31500, FIX_AGENT }, { 39500, AGENT2 }, { 47500, AGENT3 },
		{ 55500, FIX_AGENT }, { 71500, AGENT2 } };
	struct fix *x = test_malloc(sizeof(*x));
	const struct fix_sent *s;
	struct mip6_time begin;
	struct mip6_mh m;
	size_t i;

	(void)state;
	agents(x, 3);
	begin = x->now.boot;
	wait_alive(x, 80);
	for (i = 0; i < MIP6_COUNT(row); i++) {
		s = next(x, row[i].to, &m);
		assert_int_equal(s->at.us - begin.us, row[i].at_ms * 1000);
	}
	fix_fini(x);
	test_free(x);
}

static void
said(struct fix *x, const char *expected)
{
	char why[512];
	struct mip6_fmt f = mip6_fmt_make(why, sizeof(why));

	mip6_show_why(x->node, &x->now, &f);
	assert_string_equal(why, expected);
}

/* Why one was left is said, as long as the next has not accepted. */
static void
test_said(void **state)
{
	struct fix *x = test_malloc(sizeof(*x));
	const struct fix_sent *s;
	struct mip6_mh m;

	(void)state;
	agents(x, 3);
	fix_wait(x, MIP6_SPAN_MS(10500));
	said(x,
	    "home agent 2001:db8:1::1 does not answer (3 sent); trying "
	    "2001:db8:1::2");
	x->seen = x->sents - 1;
	s = next(x, AGENT2, &m);
	answer(x, s, &m, AGENT2, MIP6_BA_INSUFFICIENT_RESOURCES);
	fix_wait(x, MIP6_SPAN_MS(1500));
	said(x,
	    "home agent 2001:db8:1::1 does not answer (3 sent); home agent "
	    "2001:db8:1::2 refuses: insufficient-resources; trying "
	    "2001:db8:1::3");
	s = next(x, AGENT3, &m);
	answer(x, s, &m, AGENT3, 0);
	said(x, "");
	fix_fini(x);
	test_free(x);
}

/* The second accepts: its tunnel, and the first is told that we left. */
static void
test_next_accepts(void **state)
{
	struct fix *x = test_malloc(sizeof(*x));
	struct mip6_addr second = fix_addr(AGENT2);
	const struct fix_sent *s;
	struct mip6_mh m;
	int i;

	(void)state;
	agents(x, 2);
	fix_wait(x, MIP6_SPAN_MS(10500));
	for (i = 0; i < 3; i++)
		(void)next(x, FIX_AGENT, &m);
	s = next(x, AGENT2, &m);
	fix_wait(x, MIP6_SPAN_MS(40));
	answer(x, s, &m, AGENT2, 0);
	assert_int_equal(home(x)->state, MN_REGISTERED);
	assert_true(mip6_addr_equal(&fix_last(x, MIP6_ACT_ROW_SET)->u.row.peer,
	    &second));
	s = next(x, FIX_AGENT, &m);
	assert_int_equal(m.u.bu.lifetime.us, 0);
	fix_wait(x, MIP6_SPAN_MS(1500));
	s = next(x, FIX_AGENT, &m);
	assert_int_equal(m.u.bu.lifetime.us, 0);
	/* It answers: it need not be told again. */
	answer(x, s, &m, FIX_AGENT, 0);
	assert_int_equal(home(x)->state, MN_REGISTERED);
	wait_alive(x, 200);
	assert_null(fix_next_mh(x, &m));
	fix_fini(x);
	test_free(x);
}

/* R11.4.1-01: after a refusal the next one waits until 1.5 s have passed. */
static void
test_refused(void **state)
{
	static const uint8_t status[] = { MIP6_BA_REASON_UNSPECIFIED,
		MIP6_BA_ADMIN_PROHIBITED, MIP6_BA_INSUFFICIENT_RESOURCES,
		MIP6_BA_HOME_REG_NOT_SUPPORTED, MIP6_BA_NOT_HOME_SUBNET,
		MIP6_BA_NOT_HOME_AGENT, 139, 174 };
	struct fix *x = test_malloc(sizeof(*x));
	const struct fix_sent *s;
	struct mip6_time first;
	struct mip6_mh m;
	size_t i;

	(void)state;
	for (i = 0; i < MIP6_COUNT(status); i++) {
		agents(x, 2);
		s = next(x, FIX_AGENT, &m);
		first = s->at;
		fix_wait(x, MIP6_SPAN_MS(40));
		answer(x, s, &m, FIX_AGENT, status[i]);
		fix_wait(x, MIP6_SPAN_MS(1459));
		assert_null(fix_next_mh(x, &m));
		fix_wait(x, MIP6_SPAN_MS(1));
		s = next(x, AGENT2, &m);
		assert_int_equal(s->at.us - first.us, 1500000);
		answer(x, s, &m, AGENT2, 0);
		assert_int_equal(home(x)->state, MN_REGISTERED);
		fix_fini(x);
	}
	test_free(x);
}

/* R11.7.3-07: who refused for good is left alone, who may recover is not. */
static void
test_barred(void **state)
{
	struct fix *x = test_malloc(sizeof(*x));
	const struct fix_sent *s;
	struct mip6_mh m;
	int pass;

	(void)state;
	for (pass = 0; pass < 2; pass++) {
		agents(x, 2);
		s = next(x, FIX_AGENT, &m);
		answer(x, s, &m, FIX_AGENT,
		    pass == 0 ? MIP6_BA_HOME_REG_NOT_SUPPORTED :
				MIP6_BA_INSUFFICIENT_RESOURCES);
		fix_wait(x, MIP6_SPAN_S(11));
		for (s = next(x, AGENT2, &m); s != NULL; s = fix_next_mh(x, &m))
			;
		wait_alive(x, 120);
		if (pass == 0)
			(void)next(x, AGENT2, &m);
		else
			(void)next(x, FIX_AGENT, &m);
		if (pass == 0) {
			wait_alive(x, 600);
			for (s = fix_next_mh(x, &m);
			     s != NULL && s->ip.ip.dst.b[15] != 1;
			     s = fix_next_mh(x, &m))
				;
			assert_non_null(s);
		}
		fix_fini(x);
	}
	test_free(x);
}

/* R11.4.1-03: first with whom we are registered, and its tunnel meanwhile. */
static void
test_live_first(void **state)
{
	struct fix *x = test_malloc(sizeof(*x));
	struct mip6_addr first = fix_addr(FIX_AGENT), second = fix_addr(AGENT2);
	const struct mip6_fwd_row *row;
	const struct fix_sent *s;
	struct mip6_mh m;
	int i;

	(void)state;
	agents_bound(x, 2);
	fix_link(x, false);
	fix_link(x, true);
	fix_ra(x, "2001:db8:b::", 1800);
	(void)next(x, FIX_AGENT, &m);
	fix_wait(x, MIP6_SPAN_MS(6999));
	for (i = 0; i < 2; i++)
		(void)next(x, FIX_AGENT, &m);
	assert_null(fix_next_mh(x, &m));
	fix_wait(x, MIP6_SPAN_MS(1));
	s = next(x, AGENT2, &m);
	row = &fix_last(x, MIP6_ACT_ROW_SET)->u.row;
	assert_true(mip6_addr_equal(&row->peer, &first));
	assert_int_not_equal(row->hop, MIP6_HOP_NONE);
	assert_int_equal(home(x)->state, MN_UPDATING);
	answer(x, s, &m, AGENT2, 0);
	row = &fix_last(x, MIP6_ACT_ROW_SET)->u.row;
	assert_true(mip6_addr_equal(&row->peer, &second));
	fix_fini(x);
	test_free(x);
}

/* An answer that was slow is still worth something. */
static void
test_late(void **state)
{
	struct fix *x = test_malloc(sizeof(*x));
	const struct fix_sent *s;
	struct mip6_mh m;

	(void)state;
	agents(x, 2);
	s = next(x, FIX_AGENT, &m);
	fix_wait(x, MIP6_SPAN_MS(10600));
	answer(x, s, &m, FIX_AGENT, 0);
	assert_int_equal(home(x)->state, MN_REGISTERED);
	assert_ptr_equal(home(x)->ha, home(x)->bound);
	assert_int_equal(home(x)->bound->addr.b[15], 1);
	x->seen = x->sents - 1;
	s = next(x, AGENT2, &m); /* who may have taken our update */
	assert_int_equal(m.u.bu.lifetime.us, 0);
	/* 133: it never had. */
	answer(x, s, &m, AGENT2, MIP6_BA_NOT_HOME_AGENT);
	wait_alive(x, 100);
	assert_null(fix_next_mh(x, &m));
	fix_fini(x);
	test_free(x);
}

/* 134 while another one of ours may be the one that defends. */
static void
test_duplicate(void **state)
{
	struct fix *x = test_malloc(sizeof(*x));
	const struct fix_sent *s;
	struct mip6_mh m;

	(void)state;
	agents(x, 2);
	fix_wait(x, MIP6_SPAN_MS(10500));
	x->seen = x->sents - 1;
	s = next(x, AGENT2, &m);
	answer(x, s, &m, AGENT2, MIP6_BA_DAD_FAILED);
	assert_false(home(x)->do_not_send);
	fix_wait(x, MIP6_SPAN_MS(1500));
	s = next(x, FIX_AGENT, &m);
	assert_int_equal(m.u.bu.lifetime.us, 600000000);
	answer(x, s, &m, FIX_AGENT, 0);
	assert_int_equal(home(x)->state, MN_REGISTERED);
	fix_fini(x);
	/* R11.7.1-12: nobody of ours: the address is not used again. */
	agents(x, 1);
	s = next(x, FIX_AGENT, &m);
	answer(x, s, &m, FIX_AGENT, MIP6_BA_DAD_FAILED);
	assert_true(home(x)->do_not_send);
	wait_alive(x, 100);
	assert_null(fix_next_mh(x, &m));
	fix_link(x, false);
	fix_link(x, true);
	fix_ra(x, "2001:db8:b::", 1800);
	fix_wait(x, MIP6_SPAN_S(10));
	assert_null(fix_next_mh(x, &m));
	fix_fini(x);
	test_free(x);
}

/* R11.7.1-11: each home address, and what befalls one does not the other. */
static void
test_two_homes(void **state)
{
	struct fix *x = test_malloc(sizeof(*x));
	struct mip6_addr other = fix_addr("2001:db8:1::101");
	const struct fix_sent *s;
	struct mip6_mh m;

	(void)state;
	fix_mn(x);
	x->conf.mn.home[1] = x->conf.mn.home[0];
	x->conf.mn.home[1].hoa = other;
	x->conf.mn.homes = 2;
	fix_configure(x);
	fix_link(x, true);
	fix_ra(x, "2001:db8:a::", 1800);
	s = next(x, FIX_AGENT, &m);
	answer(x, s, &m, FIX_AGENT, MIP6_BA_DAD_FAILED);
	s = next(x, FIX_AGENT, &m);
	assert_true(mip6_addr_equal(&s->ip.hao, &other));
	fix_wait(x, MIP6_SPAN_MS(1500));
	s = next(x, FIX_AGENT, &m);
	assert_true(mip6_addr_equal(&s->ip.hao, &other));
	assert_null(fix_next_mh(x, &m));
	fix_fini(x);
	test_free(x);
}

/* Registered with the second, since the first was silent. */
static void
second_bound(struct fix *x)
{
	const struct fix_sent *s;
	struct mip6_mh m;

	agents(x, 2);
	fix_wait(x, MIP6_SPAN_MS(10500));
	x->seen = x->sents - 1;
	s = next(x, AGENT2, &m);
	answer(x, s, &m, AGENT2, 0);
	s = next(x, FIX_AGENT, &m);
	answer(x, s, &m, FIX_AGENT, 0);
	wait_alive(x, 299);
	assert_null(fix_next_mh(x, &m));
	fix_wait(x, MIP6_SPAN_S(1));
}

/* The preferred one is back, and need not wait for the other. */
static void
test_return(void **state)
{
	struct fix *x = test_malloc(sizeof(*x));
	const struct fix_sent *s;
	struct mip6_mh m;

	(void)state;
	second_bound(x);
	s = next(x, FIX_AGENT, &m);
	assert_int_equal(m.u.bu.lifetime.us, 600000000);
	assert_int_equal(home(x)->state, MN_REGISTERED);
	answer(x, s, &m, FIX_AGENT, 0);
	assert_int_equal(home(x)->bound->addr.b[15], 1);
	s = next(x, AGENT2, &m);
	assert_int_equal(m.u.bu.lifetime.us, 0);
	fix_fini(x);
	test_free(x);
}

/* It is back, but the one in use defends the address. */
static void
test_take_over(void **state)
{
	struct fix *x = test_malloc(sizeof(*x));
	const struct fix_sent *s, *old;
	struct mip6_mh m, was;

	(void)state;
	second_bound(x);
	old = s = next(x, FIX_AGENT, &m);
	was = m;
	answer(x, s, &m, FIX_AGENT, MIP6_BA_DAD_FAILED);
	/* The traffic goes on by the other until it has let go. */
	assert_int_equal(home(x)->bound->addr.b[15], 2);
	s = next(x, AGENT2, &m);
	assert_int_equal(m.u.bu.lifetime.us, 0);
	assert_null(fix_next_mh(x, &m));
	answer(x, s, &m, AGENT2, 0);
	assert_null(home(x)->bound);
	s = next(x, FIX_AGENT, &m);
	assert_int_equal(m.u.bu.lifetime.us, 600000000);
	/* The refusal once more: it is of former times. */
	answer(x, old, &was, FIX_AGENT, MIP6_BA_DAD_FAILED);
	assert_false(home(x)->do_not_send);
	answer(x, s, &m, FIX_AGENT, 0);
	assert_int_equal(home(x)->state, MN_REGISTERED);
	assert_int_equal(home(x)->bound->addr.b[15], 1);
	fix_fini(x);
	test_free(x);
}

/* It is not back: asked again later, and nothing else happens. */
static void
test_not_back(void **state)
{
	struct fix *x = test_malloc(sizeof(*x));
	const struct fix_sent *s;
	struct mip6_mh m;
	int probes = 0;

	(void)state;
	second_bound(x);
	(void)next(x, FIX_AGENT, &m);
	wait_alive(x, 140);
	assert_null(fix_next_mh(x, &m));
	wait_alive(x, 15); /* a refresh of the second is due */
	s = next(x, AGENT2, &m);
	answer(x, s, &m, AGENT2, 0);
	wait_alive(x, 430); /* 600 s after the first time */
	while ((s = fix_next_mh(x, &m)) != NULL)
		probes += m.u.bu.lifetime.us > 0 && s->ip.ip.dst.b[15] == 1;
	assert_int_equal(probes, 0);
	wait_alive(x, 15);
	while ((s = fix_next_mh(x, &m)) != NULL)
		probes += m.u.bu.lifetime.us > 0 && s->ip.ip.dst.b[15] == 1;
	assert_int_equal(probes, 1);
	fix_fini(x);
	test_free(x);
}

/* An ICMPv6 error about the update `s`. */
static void
icmp_error(struct fix *x, const struct fix_sent *s, uint8_t type, uint8_t code,
    int bend)
{
	uint8_t buf[1280], quoted[1280];
	struct mip6_wr w = mip6_wr_make(buf, sizeof(buf));
	struct mip6_icmp6_error e;
	struct mip6_event ev;

	memcpy(quoted, s->octets, s->act.count);
	if (bend == 1)
		quoted[s->ip.upper_at + 7] ^= 1; /* the sequence number */
	else if (bend == 2)
		quoted[s->ip.upper_at + 2] = MIP6_MH_BA;
	memset(&e, 0, sizeof(e));
	e.src = fix_addr("2001:db8:ffff::1");
	e.dst = home(x)->at.coa;
	e.hop_limit = 64;
	e.type = type;
	e.code = code;
	e.quoted = quoted;
	e.quoted_octets = s->act.count;
	mip6_icmp6_error_write(&w, &e);
	memset(&ev, 0, sizeof(ev));
	ev.kind = MIP6_EV_HINT;
	ev.u.hint.kind = MIP6_HINT_ICMP_ERROR;
	ev.u.hint.ifindex = FIX_IFINDEX;
	ev.u.hint.octets = buf;
	ev.u.hint.count = w.pos;
	fix_give(x, &ev);
}

static void
test_icmp_error(void **state)
{
	static const struct {
		uint8_t type, code;
		int bend;
		bool moves;
	} row[] = { { 1, 0, 0, true }, { 1, 1, 0, true }, { 1, 3, 0, true },
		{ 4, 1, 0, true }, { 4, 2, 0, false }, { 4, 0, 0, false },
		{ 3, 0, 0, false }, { 1, 0, 1, false }, { 1, 0, 2, false } };
	struct fix *x = test_malloc(sizeof(*x));
	const struct fix_sent *s;
	struct mip6_mh m;
	size_t i;

	(void)state;
	for (i = 0; i < MIP6_COUNT(row); i++) {
		agents(x, 2);
		s = next(x, FIX_AGENT, &m);
		icmp_error(x, s, row[i].type, row[i].code, row[i].bend);
		assert_true(home(x)->icmp_seen != row[i].moves);
		fix_wait(x, MIP6_SPAN_MS(1500));
		(void)next(x, row[i].moves ? AGENT2 : FIX_AGENT, &m);
		fix_fini(x);
	}
	/* Answered: an error that comes late moves nobody. */
	agents(x, 2);
	s = next(x, FIX_AGENT, &m);
	answer(x, s, &m, FIX_AGENT, 0);
	icmp_error(x, s, 1, 0, 0);
	fix_wait(x, MIP6_SPAN_S(2));
	assert_null(fix_next_mh(x, &m));
	fix_fini(x);
	test_free(x);
}

/* R11.3.6-04: "unrecognized MH type" to an update. */
static void
test_binding_error(void **state)
{
	struct fix *x = test_malloc(sizeof(*x));
	uint8_t buf[256];
	struct mip6_mh_to to;
	struct mip6_mh m;
	size_t count;
	int pass;

	(void)state;
	for (pass = 0; pass < 3; pass++) {
		if (pass == 0)
			agents_bound(x, 2);
		else
			agents(x, 2);
		x->seen = x->sents;
		memset(&m, 0, sizeof(m));
		memset(&to, 0, sizeof(to));
		m.type = MIP6_MH_BE;
		m.u.be.status = pass == 2 ? MIP6_BE_UNKNOWN_BINDING :
					    MIP6_BE_UNKNOWN_MH_TYPE;
		m.u.be.hoa = fix_addr(FIX_HOA);
		to.src = fix_addr(FIX_AGENT);
		to.dst = home(x)->at.coa;
		count = mh_build(x->node, buf, sizeof(buf), &to, &m, NULL, NULL,
		    NULL);
		fix_packet(x, buf, count);
		fix_wait(x, MIP6_SPAN_MS(1500));
		if (pass == 0)
			assert_null(fix_next_mh(x, &m));
		else
			(void)next(x, pass == 1 ? AGENT2 : FIX_AGENT, &m);
		fix_fini(x);
	}
	test_free(x);
}

/* Who is not asked cannot answer, and who is asked must know the key. */
static void
test_strangers(void **state)
{
	struct fix *x = test_malloc(sizeof(*x));
	struct mip6_conf_sa sa = fix_sa();
	const struct fix_sent *s;
	struct fix_ba ba;
	struct mip6_mh m;

	(void)state;
	agents(x, 2);
	s = next(x, FIX_AGENT, &m);
	ba = fix_accept(&m, &sa);
	fix_answer(x, s, AGENT3, &ba);
	assert_int_equal(fix_drops(x, MIP6_DROP_BA_UNEXPECTED), 1);
	/* A candidate that was not asked yet. */
	fix_answer(x, s, AGENT2, &ba);
	assert_int_equal(fix_drops(x, MIP6_DROP_BA_SEQUENCE), 1);
	ba.status = MIP6_BA_HOME_REG_NOT_SUPPORTED;
	ba.sa = NULL;
	fix_answer(x, s, FIX_AGENT, &ba);
	assert_int_equal(fix_drops(x, MIP6_DROP_BA_UNAUTHENTICATED), 1);
	fix_wait(x, MIP6_SPAN_MS(1500));
	(void)next(x, FIX_AGENT, &m);
	fix_fini(x);
	test_free(x);
}

/* One that seems to have another key: slowly, and then the next one. */
static void
test_other_key(void **state)
{
	struct fix *x = test_malloc(sizeof(*x));
	struct mip6_conf_sa sa = fix_sa();
	const struct fix_sent *s;
	struct fix_ba ba;
	struct mip6_mh m;

	(void)state;
	agents(x, 2);
	s = next(x, FIX_AGENT, &m);
	ba = fix_accept(&m, &sa);
	ba.status = MIP6_BA_AUTH_FAIL;
	ba.sa = NULL;
	fix_answer(x, s, FIX_AGENT, &ba);
	fix_wait(x, MIP6_SPAN_MS(31999));
	assert_null(fix_next_mh(x, &m));
	fix_wait(x, MIP6_SPAN_MS(1));
	(void)next(x, AGENT2, &m);
	fix_fini(x);
	test_free(x);
}

/* At home: whose binding it was is told, not who was tried last. */
static void
test_home(void **state)
{
	struct fix *x = test_malloc(sizeof(*x));
	const struct fix_sent *s;
	struct mip6_mh m;

	(void)state;
	agents_bound(x, 2);
	fix_link(x, false);
	fix_link(x, true);
	fix_ra(x, "2001:db8:b::", 1800);
	fix_wait(x, MIP6_SPAN_S(7));
	x->seen = x->sents - 1;
	(void)next(x, AGENT2, &m);
	fix_link(x, false);
	fix_link(x, true);
	fix_ra(x, "2001:db8:1::", 1800);
	s = next(x, FIX_AGENT, &m);
	assert_int_equal(m.u.bu.lifetime.us, 0);
	answer(x, s, &m, FIX_AGENT, 0);
	assert_int_equal(home(x)->state, MN_AT_HOME);
	/* And then the other, which may have taken our update. */
	s = next(x, AGENT2, &m);
	assert_int_equal(m.u.bu.lifetime.us, 0);
	fix_fini(x);
	test_free(x);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_silent),
		cmocka_unit_test(test_said),
		cmocka_unit_test(test_next_accepts),
		cmocka_unit_test(test_refused),
		cmocka_unit_test(test_barred),
		cmocka_unit_test(test_live_first),
		cmocka_unit_test(test_late),
		cmocka_unit_test(test_duplicate),
		cmocka_unit_test(test_two_homes),
		cmocka_unit_test(test_return),
		cmocka_unit_test(test_take_over),
		cmocka_unit_test(test_not_back),
		cmocka_unit_test(test_icmp_error),
		cmocka_unit_test(test_binding_error),
		cmocka_unit_test(test_strangers),
		cmocka_unit_test(test_other_key),
		cmocka_unit_test(test_home),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
