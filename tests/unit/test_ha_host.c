/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The home agent on its home link: its address, answers for mobile nodes that
 * are away, and what a Packet Too Big may change.
 *
 * Links: core
 */
#include "core_fix.h"

#include "core/ha_int.h"

struct ha {
	struct fix x;
	struct mip6_conf_mobile mobile;
};

static const char coa[] = "2001:db8:a::5";

static struct ha *
ha_new_fix(bool registered)
{
	struct ha *t = test_malloc(sizeof(*t));
	struct mip6_conf_sa sa = fix_sa();
	struct fix_bu bu = fix_update(1, &sa);

	fix_ha(&t->x, &t->mobile);
	if (registered)
		fix_send_bu(&t->x, &bu);
	return t;
}

static void
ha_delete_fix(struct ha *t)
{
	fix_fini(&t->x);
	test_free(t);
}

static void
update(struct ha *t, uint16_t seq, int64_t lifetime_s)
{
	struct mip6_conf_sa sa = fix_sa();
	struct fix_bu bu = fix_update(seq, &sa);

	bu.lifetime = MIP6_SPAN_S(lifetime_s);
	fix_send_bu(&t->x, &bu);
}

static void
test_announces(void **state)
{
	struct ha *t = ha_new_fix(true);
	struct mip6_addr hoa = fix_addr(FIX_HOA), ours = fix_addr(FIX_AGENT);
	struct mip6_time start = t->x.now.boot;
	const struct fix_sent *s;
	struct mip6_nd m;
	int i;

	(void)state;
	fix_wait(&t->x, MIP6_SPAN_S(10));
	for (i = 0; i < 3; i++) {
		s = fix_next_nd(&t->x, MIP6_ND_NA, &m);
		assert_non_null(s);
		assert_int_equal(mip6_time_sub(s->at, start).us, i * 1000000);
		assert_true(mip6_addr_equal(&m.u.na.target, &hoa));
		assert_true(m.u.na.override);
		assert_false(m.u.na.solicited || m.u.na.router);
		assert_true(mip6_addr_equal(&s->ip.ip.src, &ours));
		assert_true(
		    mip6_addr_equal(&s->ip.ip.dst, &mip6_addr_all_nodes));
		assert_true(m.opt.has_tlla);
		assert_memory_equal(&m.opt.tlla, &fix_ll, 6);
	}
	assert_null(fix_next_nd(&t->x, MIP6_ND_NA, &m));
	/* A refresh, a move: it is ours already. */
	update(t, 2, 600);
	fix_wait(&t->x, MIP6_SPAN_S(10));
	assert_null(fix_next_nd(&t->x, MIP6_ND_NA, &m));
	ha_delete_fix(t);
}

/* Who de-registers is not announced for any more. */
static void
test_announces_no_more(void **state)
{
	struct ha *t = ha_new_fix(true);
	struct mip6_nd m;

	(void)state;
	assert_non_null(fix_next_nd(&t->x, MIP6_ND_NA, &m));
	/* The host takes its time to undo what was done. */
	t->x.hold = true;
	update(t, 2, 0);
	fix_wait(&t->x, MIP6_SPAN_S(5));
	assert_null(fix_next_nd(&t->x, MIP6_ND_NA, &m));
	t->x.hold = false;
	fix_settle(&t->x);
	fix_wait(&t->x, MIP6_SPAN_S(5));
	assert_null(fix_next_nd(&t->x, MIP6_ND_NA, &m));
	ha_delete_fix(t);
}

/* Registered again before the host ended the undoing: the row is there. */
static void
test_back_before_gone(void **state)
{
	struct ha *t = ha_new_fix(true);
	struct mip6_mh m;

	(void)state;
	assert_non_null(fix_next_mh(&t->x, &m));
	t->x.hold = true;
	update(t, 2, 0);
	assert_int_equal(fix_last(&t->x, MIP6_ACT_ROW_DEL)->kind,
	    MIP6_ACT_ROW_DEL);
	update(t, 3, 600);
	t->x.acts = 0;
	t->x.hold = false;
	fix_settle(&t->x);
	assert_non_null(fix_next_mh(&t->x, &m));
	assert_int_equal(m.u.ba.status, MIP6_BA_ACCEPTED);
	assert_int_equal(m.u.ba.seq, 3);
	assert_non_null(fix_last(&t->x, MIP6_ACT_ROW_SET));
	assert_true(
	    fix_last(&t->x, MIP6_ACT_ROW_SET)->u.row.hop != MIP6_HOP_NONE);
	ha_delete_fix(t);
}

static void
solicit(struct ha *t, uint32_t ifindex, const char *src, const char *target,
    bool slla)
{
	struct mip6_addr a = fix_addr(target), group, s = fix_addr(src);
	uint8_t buf[128];
	struct mip6_wr w = mip6_wr_make(buf, sizeof(buf));
	struct mip6_ip6_out ip;
	struct mip6_event ev;
	struct mip6_nd m;
	size_t start, at;

	group = mip6_addr_solicited_node(&a);
	memset(&m, 0, sizeof(m));
	memset(&ip, 0, sizeof(ip));
	memset(&ev, 0, sizeof(ev));
	m.type = MIP6_ND_NS;
	m.u.ns.target = a;
	m.opt.has_slla = slla;
	m.opt.slla.b[5] = 0x77;
	ip.ip.src = s;
	ip.ip.dst = group;
	ip.ip.hop_limit = 255;
	ip.upper = MIP6_NH_ICMPV6;
	start = mip6_ip6_begin(&w, &ip);
	at = w.pos;
	mip6_nd_write(&w, &m);
	mip6_ip6_end(&w, start);
	mip6_icmp6_finish(buf + at, w.pos - at, &s, &group);
	ev.kind = MIP6_EV_HINT;
	ev.u.hint.kind = MIP6_HINT_PACKET;
	ev.u.hint.ifindex = ifindex;
	ev.u.hint.ll_src = fix_router_ll;
	ev.u.hint.octets = buf;
	ev.u.hint.count = w.pos;
	fix_give(&t->x, &ev);
}

static void
test_answers_by_proxy(void **state)
{
	struct ha *t = ha_new_fix(true);
	struct mip6_addr hoa = fix_addr(FIX_HOA), ours = fix_addr(FIX_AGENT);
	struct mip6_addr asker = fix_addr("2001:db8:1::9");
	const struct fix_sent *s;
	struct mip6_nd m;

	(void)state;
	t->x.seen = t->x.sents;
	solicit(t, FIX_IFINDEX, "2001:db8:1::9", FIX_HOA, true);
	s = fix_next_nd(&t->x, MIP6_ND_NA, &m);
	assert_non_null(s);
	assert_true(m.u.na.solicited && m.u.na.override);
	assert_false(m.u.na.router);
	assert_true(mip6_addr_equal(&m.u.na.target, &hoa));
	assert_true(mip6_addr_equal(&s->ip.ip.src, &ours));
	assert_true(mip6_addr_equal(&s->ip.ip.dst, &asker));
	assert_int_equal(s->act.lladdr.b[5], 0x77);
	assert_memory_equal(&m.opt.tlla, &fix_ll, 6);
	/* Without the option: where the frame came from. */
	solicit(t, FIX_IFINDEX, "2001:db8:1::9", FIX_HOA, false);
	s = fix_next_nd(&t->x, MIP6_ND_NA, &m);
	assert_memory_equal(&s->act.lladdr, &fix_router_ll, 6);
	/* A DAD probe: to all nodes, not solicited. */
	solicit(t, FIX_IFINDEX, "::", FIX_HOA, false);
	s = fix_next_nd(&t->x, MIP6_ND_NA, &m);
	assert_non_null(s);
	assert_false(m.u.na.solicited || s->act.has_lladdr);
	assert_true(mip6_addr_equal(&s->ip.ip.dst, &mip6_addr_all_nodes));
	/* Not for others, not on other links. */
	solicit(t, FIX_IFINDEX, "2001:db8:1::9", "2001:db8:1::101", true);
	solicit(t, FIX_IFINDEX, "2001:db8:1::9", FIX_AGENT, true);
	solicit(t, FIX_IFINDEX + 1, "2001:db8:1::9", FIX_HOA, true);
	assert_null(fix_next_nd(&t->x, MIP6_ND_NA, &m));
	/* And not for who de-registered, or was never acknowledged. */
	update(t, 2, 0);
	solicit(t, FIX_IFINDEX, "2001:db8:1::9", FIX_HOA, true);
	t->x.hold = true;
	update(t, 3, 600);
	solicit(t, FIX_IFINDEX, "2001:db8:1::9", FIX_HOA, true);
	assert_null(fix_next_nd(&t->x, MIP6_ND_NA, &m));
	ha_delete_fix(t);
}

/* What an error about a tunnelled packet says. */
struct too_big {
	const char *outer_src, *outer_dst, *inner_dst;
	uint32_t mtu;
	uint8_t type;
	uint8_t outer_next;
	size_t quoted;
	bool changes;
	uint16_t to;
};

static void
send_too_big(struct fix *x, const struct too_big *b)
{
	uint8_t quote[96], buf[256];
	struct mip6_wr w = mip6_wr_make(buf, sizeof(buf));
	struct mip6_icmp6_error e;
	struct mip6_ip6 h;
	struct mip6_event ev;

	memset(quote, 0, sizeof(quote));
	memset(&h, 0, sizeof(h));
	h.src = fix_addr(b->outer_src);
	h.dst = fix_addr(b->outer_dst);
	h.payload_octets = 1460;
	h.next_header = b->outer_next;
	h.hop_limit = 64;
	mip6_ip6_put(quote, &h);
	h.src = fix_addr("2001:db8:c::1");
	h.dst = fix_addr(b->inner_dst);
	h.payload_octets = 1420;
	h.next_header = 17;
	mip6_ip6_put(quote + 40, &h);
	memset(&e, 0, sizeof(e));
	e.src = fix_addr("2001:db8:e::1");
	e.dst = fix_addr(FIX_AGENT);
	e.hop_limit = 64;
	e.type = b->type;
	e.word = b->mtu;
	e.quoted = quote;
	e.quoted_octets = b->quoted;
	mip6_icmp6_error_write(&w, &e);
	assert_false(w.failed);
	memset(&ev, 0, sizeof(ev));
	ev.kind = MIP6_EV_HINT;
	ev.u.hint.kind = MIP6_HINT_ICMP_ERROR;
	ev.u.hint.ifindex = FIX_IFINDEX;
	ev.u.hint.octets = buf;
	ev.u.hint.count = w.pos;
	fix_give(x, &ev);
}

static void
test_too_big(void **state)
{
	static const struct too_big t[] = {
		{ FIX_AGENT, coa, FIX_HOA, 1400, 2, 41, 96, true, 1400 },
		{ FIX_AGENT, coa, FIX_HOA, 1499, 2, 41, 96, true, 1499 },
		{ FIX_AGENT, coa, FIX_HOA, 1500, 2, 41, 96, false, 0 },
		{ FIX_AGENT, coa, FIX_HOA, 0, 2, 41, 96, true, 1280 },
		{ FIX_AGENT, coa, FIX_HOA, 1279, 2, 41, 96, true, 1280 },
		{ FIX_AGENT, coa, FIX_HOA, 0xffffffff, 2, 41, 96, false, 0 },
		{ FIX_AGENT, coa, FIX_HOA, 1400, 1, 41, 96, false, 0 },
		{ FIX_AGENT, coa, FIX_HOA, 1400, 2, 17, 96, false, 0 },
		{ FIX_AGENT, coa, FIX_HOA, 1400, 2, 41, 79, false, 0 },
		{ FIX_AGENT, coa, "2001:db8:1::101", 1400, 2, 41, 96, false,
		    0 },
		{ FIX_AGENT, "2001:db8:a::6", FIX_HOA, 1400, 2, 41, 96, false,
		    0 },
		{ "2001:db8:1::2", coa, FIX_HOA, 1400, 2, 41, 96, false, 0 },
	};
	size_t i;

	(void)state;
	for (i = 0; i < MIP6_COUNT(t); i++) {
		struct ha *c = ha_new_fix(true);
		const struct mip6_action *a;

		c->x.acts = 0;
		send_too_big(&c->x, &t[i]);
		a = fix_last(&c->x, MIP6_ACT_ROW_SET);
		if ((a != NULL) != t[i].changes)
			fail_msg("row %zu", i);
		if (a != NULL)
			assert_int_equal(a->u.row.mtu, t[i].to);
		ha_delete_fix(c);
	}
}

/* No row comes back for who is about to be gone. */
static void
test_too_big_when_gone(void **state)
{
	static const struct too_big b = { FIX_AGENT, coa, FIX_HOA, 1400, 2, 41,
		96, false, 0 };
	struct ha *t = ha_new_fix(true);

	(void)state;
	t->x.hold = true;
	update(t, 2, 0);
	t->x.acts = 0;
	send_too_big(&t->x, &b);
	assert_null(fix_last(&t->x, MIP6_ACT_ROW_SET));
	t->x.hold = false;
	fix_settle(&t->x);
	send_too_big(&t->x, &b);
	assert_null(fix_last(&t->x, MIP6_ACT_ROW_SET));
	ha_delete_fix(t);
}

static void
test_address(void **state)
{
	struct ha *t = test_malloc(sizeof(*t));
	struct mip6_addr second = fix_addr("2001:db8:1::2");
	struct mip6_addr first = fix_addr(FIX_AGENT);
	const struct mip6_action *a;

	(void)state;
	fix_ha(&t->x, &t->mobile);
	assert_non_null(fix_last(&t->x, MIP6_ACT_FORWARDING));
	assert_true(fix_last(&t->x, MIP6_ACT_FORWARDING)->u.set.on);
	a = fix_last(&t->x, MIP6_ACT_LOCAL);
	assert_true(a->u.set.on);
	assert_true(mip6_addr_equal(&a->u.set.addr, &first));
	a = fix_last(&t->x, MIP6_ACT_SILENCE);
	assert_true(a->u.set.on);
	assert_true(mip6_addr_equal(&a->u.set.addr, &first));
	/* It stays while it is there, whatever else comes. */
	t->x.acts = 0;
	fix_host_addr(&t->x, "2001:db8:1::2", 64, 0, false);
	fix_host_addr(&t->x, "2001:db8:9::2", 64, 0, false);
	assert_null(fix_last(&t->x, MIP6_ACT_LOCAL));
	/* It goes: the other one is ours, the old one no more. */
	fix_host_addr(&t->x, FIX_AGENT, 64, 0, true);
	a = fix_last(&t->x, MIP6_ACT_LOCAL);
	assert_non_null(a);
	assert_true(a->u.set.on);
	assert_true(mip6_addr_equal(&a->u.set.addr, &second));
	assert_false(t->x.act[0].u.set.on);
	assert_true(mip6_addr_equal(&t->x.act[0].u.set.addr, &first));
	/* A duplicate is nobody's. */
	fix_host_addr(&t->x, "2001:db8:1::2", 64, MIP6_ADDR_DUPLICATED, false);
	fix_host_addr(&t->x, "2001:db8:1::3", 64, 0, false);
	second = fix_addr("2001:db8:1::3");
	a = fix_last(&t->x, MIP6_ACT_LOCAL);
	assert_true(mip6_addr_equal(&a->u.set.addr, &second));
	/* A configured address is the one and only. */
	t->x.conf.ha.prefix[0].address = fix_addr("2001:db8:1::44");
	fix_configure(&t->x);
	t->x.acts = 0;
	fix_host_addr(&t->x, "2001:db8:1::4", 64, 0, false);
	assert_null(fix_last(&t->x, MIP6_ACT_LOCAL));
	fix_host_addr(&t->x, "2001:db8:1::44", 64, 0, false);
	a = fix_last(&t->x, MIP6_ACT_LOCAL);
	assert_true(
	    mip6_addr_equal(&a->u.set.addr, &t->x.conf.ha.prefix[0].address));
	ha_delete_fix(t);
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_announces),
		cmocka_unit_test(test_announces_no_more),
		cmocka_unit_test(test_back_before_gone),
		cmocka_unit_test(test_answers_by_proxy),
		cmocka_unit_test(test_too_big),
		cmocka_unit_test(test_too_big_when_gone),
		cmocka_unit_test(test_address),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
