/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Home agents that nobody configured: discovery, names, and the home link's
 * own routers.
 *
 * Links: core
 */
#include "mn_fix.h"

#define AGENT2  "2001:db8:1::2"
#define AGENT3  "2001:db8:1::3"
#define ANYCAST "2001:db8:1:0:fdff:ffff:ffff:fffe"

static void
seek(struct fix *x, bool automatic, const char *name)
{
	struct mip6_conf_home *h = &x->conf.mn.home[0];

	fix_mn(x);
	x->conf.mn.homes = 0;
	fix_configure(x);
	x->conf.mn.homes = 1;
	memset(h->agent, 0, sizeof(h->agent));
	h->agents = 0;
	h->agent_auto = automatic;
	if (name != NULL) {
		memcpy(h->agent[0].name, name, strlen(name) + 1);
		h->agents = 1;
	}
	fix_configure(x);
}

static void
away(struct fix *x)
{
	fix_link(x, true);
	fix_ra(x, "2001:db8:a::", 1800);
}

static void
alive(struct fix *x, int64_t ms)
{
	for (; ms > 0; ms -= 60000) {
		fix_ra(x, "2001:db8:a::", 1800);
		fix_wait(x, MIP6_SPAN_MS(ms < 60000 ? ms : 60000));
	}
}

/* The next discovery request. */
static const struct fix_sent *
request(struct fix *x, struct mip6_dhaad *d)
{
	const struct fix_sent *s;

	while ((s = fix_next(x)) != NULL) {
		if (s->ip.upper != MIP6_NH_ICMPV6 ||
		    s->octets[s->ip.upper_at] != MIP6_ICMP6_DHAAD_REQUEST)
			continue;
		assert_int_equal(mip6_dhaad_read(s->octets + s->ip.upper_at,
				     s->ip.upper_octets, d, NULL),
		    MIP6_PARSE_OK);
		return s;
	}
	return NULL;
}

struct reply {
	uint16_t id;
	struct mip6_addr dst;
	const char *addr[4];
	bool tunnelled, is_request, short_list;
};

static void
reply(struct fix *x, const struct reply *r)
{
	uint8_t buf[1280];
	struct mip6_wr w = mip6_wr_make(buf, sizeof(buf));
	struct mip6_ip6_out ip;
	struct mip6_event ev;
	struct mip6_dhaad d;
	size_t start, at;

	memset(&ip, 0, sizeof(ip));
	memset(&d, 0, sizeof(d));
	ip.ip.src = fix_addr(AGENT2);
	ip.ip.dst = r->dst;
	ip.ip.hop_limit = 60;
	ip.upper = MIP6_NH_ICMPV6;
	d.type =
	    r->is_request ? MIP6_ICMP6_DHAAD_REQUEST : MIP6_ICMP6_DHAAD_REPLY;
	d.id = r->id;
	while (d.addr_count < 4 && r->addr[d.addr_count] != NULL) {
		d.addr[d.addr_count] = fix_addr(r->addr[d.addr_count]);
		d.addr_count++;
	}
	start = mip6_ip6_begin(&w, &ip);
	at = w.pos;
	mip6_dhaad_write(&w, &d);
	if (r->short_list)
		mip6_wr_u8(&w, 0x20);
	mip6_ip6_end(&w, start);
	assert_false(w.failed);
	buf[at + 6] = 0xff; /* R6.6-02: reserved, of no meaning */
	mip6_icmp6_finish(buf + at, w.pos - at, &ip.ip.src, &ip.ip.dst);
	memset(&ev, 0, sizeof(ev));
	ev.kind = MIP6_EV_HINT;
	ev.u.hint.kind = MIP6_HINT_PACKET;
	ev.u.hint.ifindex = FIX_IFINDEX;
	ev.u.hint.ll_src = fix_router_ll;
	ev.u.hint.octets = buf;
	ev.u.hint.count = w.pos;
	if (r->tunnelled)
		ev.u.hint.tunnel_peer = fix_addr(FIX_AGENT);
	fix_give(x, &ev);
}

static const struct fix_sent *
update_to(struct fix *x, const char *to, struct mip6_mh *m)
{
	const struct fix_sent *s = fix_next_mh(x, m);
	struct mip6_addr dst = fix_addr(to);

	assert_non_null(s);
	assert_true(mip6_addr_equal(&s->ip.ip.dst, &dst));
	return s;
}

static void
accepts(struct fix *x, const struct fix_sent *s, const struct mip6_mh *m,
    const char *from)
{
	struct mip6_conf_sa sa = fix_sa();
	struct fix_ba ba = fix_accept(m, &sa);

	fix_answer(x, s, from, &ba);
	assert_int_equal(home(x)->state, MN_REGISTERED);
}

/* R6.5-01, R11.4.1-04: to whom, from where, and how often. */
static void
test_request(void **state)
{
	static const int64_t at_s[] = { 0, 3, 9, 21, 45, 125 };
	struct fix *x = test_malloc(sizeof(*x));
	struct mip6_addr anycast = fix_addr(ANYCAST);
	const struct fix_sent *s;
	struct mip6_time begin;
	struct mip6_dhaad d;
	uint16_t id = 0;
	size_t i;

	(void)state;
	seek(x, true, NULL);
	away(x);
	begin = x->now.boot;
	alive(x, 125000);
	for (i = 0; i < MIP6_COUNT(at_s); i++) {
		s = request(x, &d);
		assert_non_null(s);
		assert_true(mip6_addr_equal(&s->ip.ip.dst, &anycast));
		assert_true(mip6_addr_equal(&s->ip.ip.src, &home(x)->at.coa));
		assert_false(s->ip.has_hao);
		assert_int_equal(s->octets[s->ip.upper_at + 1], 0);
		assert_int_equal(s->octets[s->ip.upper_at + 6], 0);
		assert_int_equal(s->octets[s->ip.upper_at + 7], 0);
		/* The last is of the next series, after a pause. */
		assert_int_equal(s->at.us - begin.us, at_s[i] * 1000000);
		if (i > 0)
			assert_true((d.id == id) == (i < 5));
		id = d.id;
	}
	assert_null(request(x, &d));
	assert_int_equal(home(x)->state, MN_REGISTERING);
	fix_fini(x);
	test_free(x);
}

/* R11.4.1-02: the addresses of the answer, in their order. */
static void
test_answered(void **state)
{
	struct fix *x = test_malloc(sizeof(*x));
	struct reply r = { 0 };
	const struct fix_sent *s;
	struct mip6_dhaad d;
	struct mip6_mh m;
	int i;

	(void)state;
	seek(x, true, NULL);
	away(x);
	r.dst = request(x, &d)->ip.ip.src;
	r.id = d.id;
	r.addr[0] = AGENT3;
	r.addr[1] = FIX_AGENT;
	r.addr[2] = AGENT2;
	fix_wait(x, MIP6_SPAN_MS(40));
	reply(x, &r);
	for (i = 0; i < 3; i++) {
		s = update_to(x, AGENT3, &m);
		fix_wait(x, MIP6_SPAN_MS(1500 << i));
	}
	s = update_to(x, FIX_AGENT, &m);
	accepts(x, s, &m, FIX_AGENT);
	/* Answered once: what comes later is nobody's. */
	reply(x, &r);
	assert_int_equal(fix_drops(x, MIP6_DROP_DHAAD_UNEXPECTED), 1);
	/* It is not asked again at the next place: R11.4.1-03. */
	x->seen = x->sents;
	fix_link(x, false);
	fix_link(x, true);
	fix_ra(x, "2001:db8:b::", 1800);
	fix_wait(x, MIP6_SPAN_S(1));
	assert_null(request(x, &d));
	fix_fini(x);
	test_free(x);
}

/* What does not answer our request changes nothing. */
static void
test_forged(void **state)
{
	static const struct {
		const char *what;
		enum mip6_drop drop;
	} row[] = { { "id", MIP6_DROP_DHAAD_UNEXPECTED },
		{ "address", MIP6_DROP_DHAAD_UNEXPECTED },
		{ "tunnel", MIP6_DROP_DHAAD_UNEXPECTED },
		{ "no agents", MIP6_DROP_DHAAD_UNEXPECTED },
		{ "unusable agents", MIP6_DROP_DHAAD_UNEXPECTED },
		{ "short", MIP6_DROP_DHAAD_INVALID } };
	struct fix *x = test_malloc(sizeof(*x));
	struct mip6_dhaad d;
	struct reply good = { 0 }, r;
	struct mip6_mh m;
	size_t i;

	(void)state;
	seek(x, true, NULL);
	away(x);
	good.dst = request(x, &d)->ip.ip.src;
	good.id = d.id;
	good.addr[0] = AGENT2;
	for (i = 0; i < MIP6_COUNT(row); i++) {
		memset(&x->node->drops, 0, sizeof(x->node->drops));
		r = good;
		if (i == 0)
			r.id ^= 1;
		else if (i == 1)
			r.dst = fix_addr("2001:db8:a::77");
		else if (i == 2)
			r.tunnelled = true;
		else if (i == 3)
			r.addr[0] = NULL;
		else if (i == 5)
			r.short_list = true;
		if (i == 4) {
			r.addr[0] = "fe80::1";
			r.addr[1] = "ff02::1";
			r.addr[2] = FIX_HOA;
			r.addr[3] = "::1";
		}
		reply(x, &r);
		assert_int_equal(fix_drops(x, row[i].drop), 1);
		assert_null(fix_next_mh(x, &m));
	}
	reply(x, &good);
	(void)update_to(x, AGENT2, &m);
	fix_fini(x);
	test_free(x);
}

/* Lies cost a few updates; then it is asked again. */
static void
test_lies(void **state)
{
	struct fix *x = test_malloc(sizeof(*x));
	const struct fix_sent *s;
	struct mip6_dhaad d;
	struct reply r = { 0 };
	struct mip6_mh m;
	int i;

	(void)state;
	seek(x, true, NULL);
	away(x);
	r.dst = request(x, &d)->ip.ip.src;
	r.id = d.id;
	r.addr[0] = "2001:db8:bad::1";
	r.addr[1] = "2001:db8:bad::2";
	reply(x, &r);
	for (i = 0; i < 6; i++) {
		s = fix_next_mh(x, &m);
		if (s == NULL) {
			alive(x, 6000);
			s = fix_next_mh(x, &m);
		}
		assert_non_null(s);
		assert_int_equal(s->ip.ip.dst.b[15], i < 3 ? 1 : 2);
	}
	x->seen = 0;
	(void)request(x, &d);
	alive(x, 60000);
	assert_non_null(request(x, &d));
	r.id = d.id;
	r.addr[0] = AGENT2;
	r.addr[1] = NULL;
	reply(x, &r);
	alive(x, 60000);
	for (s = fix_next_mh(x, &m); s != NULL && s->ip.ip.dst.b[4] == 0x0b;
	     s = fix_next_mh(x, &m))
		;
	assert_non_null(s);
	accepts(x, s, &m, AGENT2);
	fix_fini(x);
	test_free(x);
}

/* ---- names ---- */

/* The last name asked for; its action. */
static const struct mip6_action *
asked(struct fix *x)
{
	return fix_last(x, MIP6_ACT_RESOLVE);
}

static size_t
asks(const struct fix *x)
{
	size_t i, count = 0;

	for (i = 0; i < x->acts; i++)
		count += x->act[i].kind == MIP6_ACT_RESOLVE;
	return count;
}

static void
named(struct fix *x, uint64_t action, int error, const char *one,
    const char *two)
{
	struct mip6_event ev;

	memset(&ev, 0, sizeof(ev));
	ev.kind = MIP6_EV_NAME;
	ev.u.name.action = action;
	ev.u.name.error = error;
	if (one != NULL)
		ev.u.name.addr[ev.u.name.addrs++] = fix_addr(one);
	if (two != NULL)
		ev.u.name.addr[ev.u.name.addrs++] = fix_addr(two);
	fix_give(x, &ev);
}

static void
test_name(void **state)
{
	struct fix *x = test_malloc(sizeof(*x));
	const struct fix_sent *s;
	uint64_t first;
	struct mip6_mh m;
	int i;

	(void)state;
	seek(x, false, "ha.example.org");
	assert_null(asked(x));
	away(x);
	assert_non_null(asked(x));
	assert_true(
	    mip6_addr_equal(&asked(x)->u.resolve.src, &home(x)->at.coa));
	assert_int_equal(asked(x)->u.resolve.ifindex, FIX_IFINDEX);
	assert_null(fix_next_mh(x, &m));
	/* It fails: again after 2 s, then 4 s. */
	first = asked(x)->id;
	named(x, first, 110, NULL, NULL);
	fix_wait(x, MIP6_SPAN_MS(1999));
	assert_int_equal(asks(x), 1);
	fix_wait(x, MIP6_SPAN_MS(1));
	assert_int_equal(asks(x), 2);
	/* P-NAME: the former answer once more is none to the new question. */
	named(x, first, 0, AGENT3, NULL);
	assert_null(fix_next_mh(x, &m));
	named(x, asked(x)->id, 0, NULL, NULL); /* no address */
	fix_wait(x, MIP6_SPAN_MS(3999));
	assert_int_equal(asks(x), 2);
	fix_wait(x, MIP6_SPAN_MS(1));
	assert_int_equal(asks(x), 3);
	named(x, asked(x)->id, 0, AGENT2, FIX_AGENT);
	for (i = 0; i < 3; i++) {
		s = update_to(x, AGENT2, &m);
		fix_wait(x, MIP6_SPAN_MS(1500 << i));
	}
	s = update_to(x, FIX_AGENT, &m);
	/* It failed: the name may mean something else by now. */
	assert_int_equal(asks(x), 4);
	accepts(x, s, &m, FIX_AGENT);
	fix_fini(x);
	test_free(x);
}

/* A name that is answered otherwise while we are registered. */
static void
test_name_changes(void **state)
{
	struct fix *x = test_malloc(sizeof(*x));
	const struct fix_sent *s;
	struct mip6_mh m;
	int i;

	(void)state;
	seek(x, false, "ha.example.org");
	away(x);
	named(x, asked(x)->id, 0, FIX_AGENT, NULL);
	s = update_to(x, FIX_AGENT, &m);
	accepts(x, s, &m, FIX_AGENT);
	fix_link(x, false);
	fix_link(x, true);
	fix_ra(x, "2001:db8:b::", 1800);
	assert_int_equal(asks(x), 1); /* it is known */
	for (i = 0; i < 3; i++) {
		(void)update_to(x, FIX_AGENT, &m);
		fix_wait(x, MIP6_SPAN_S(1 << i));
	}
	assert_int_equal(asks(x), 2);
	named(x, asked(x)->id, 0, AGENT2, NULL);
	alive(x, 10000);
	(void)update_to(x, FIX_AGENT, &m);
	(void)update_to(x, AGENT2, &m);
	fix_fini(x);
	test_free(x);
}

/* At home with nobody known: the router that says that it is one. */
static void
test_home(void **state)
{
	struct fix *x = test_malloc(sizeof(*x));
	struct mip6_nd nd;
	struct mip6_mh m;
	int pass;

	(void)state;
	for (pass = 0; pass < 2; pass++) {
		seek(x, true, NULL);
		fix_link(x, true);
		memset(&nd, 0, sizeof(nd));
		nd.type = MIP6_ND_RA;
		nd.u.ra.router_lifetime = MIP6_SPAN_S(1800);
		nd.u.ra.home_agent = pass == 1;
		nd.opt.has_slla = true;
		nd.opt.slla = fix_router_ll;
		nd.opt.prefix_count = 1;
		nd.opt.prefix[0].addr = fix_addr(AGENT2);
		nd.opt.prefix[0].bits = 64;
		nd.opt.prefix[0].router = true;
		nd.opt.prefix[0].on_link = nd.opt.prefix[0].autonomous = true;
		nd.opt.prefix[0].valid = MIP6_SPAN_S(86400);
		nd.opt.prefix[0].preferred = MIP6_SPAN_S(14400);
		fix_nd(x, "fe80::fe", "ff02::1", 255, &nd);
		if (pass == 0) {
			/* Nobody to ask: the address is ours. */
			fix_wait(x, MIP6_SPAN_S(1));
			assert_int_equal(home(x)->state, MN_AT_HOME);
			assert_null(fix_next_mh(x, &m));
		} else {
			fix_wait(x, MIP6_SPAN_S(1));
			assert_int_equal(home(x)->state, MN_AT_HOME);
			(void)update_to(x, AGENT2, &m);
			assert_int_equal(m.u.bu.lifetime.us, 0);
		}
		fix_fini(x);
	}
	test_free(x);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_request),
		cmocka_unit_test(test_answered),
		cmocka_unit_test(test_forged),
		cmocka_unit_test(test_lies),
		cmocka_unit_test(test_name),
		cmocka_unit_test(test_name_changes),
		cmocka_unit_test(test_home),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
