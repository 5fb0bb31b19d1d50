/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Neighbours: each transition of RFC 4861 section 7.3, what the path is told
 * of it, and what may not be believed.
 *
 * Links: core
 */
#include "core_fix.h"

static const char peer[] = "2001:db8:1::77";
static const struct mip6_lladdr ll_a = { { 2, 0, 0, 0, 0, 0xa } };
static const struct mip6_lladdr ll_b = { { 2, 0, 0, 0, 0, 0xb } };

struct nd {
	struct fix x;
	struct mip6_conf_mobile mobile;
	uint32_t hop;
};

/* In place of an event: what a module does within one. */
static void
nd_enter(struct fix *x)
{
	mip6_actions_clear(&x->out);
	x->node->now = x->now;
	x->node->out = &x->out;
}

static void
nd_leave(struct fix *x)
{
	x->node->out = NULL;
	fix_collect(x);
}

static uint32_t
hold(struct fix *x, const char *addr)
{
	struct mip6_addr a = fix_addr(addr);
	uint32_t hop;

	nd_enter(x);
	hop = nd_hold(x->node, FIX_IFINDEX, &a);
	nd_leave(x);
	return hop;
}

static struct nd *
nd_new(void)
{
	struct nd *t = test_malloc(sizeof(*t));

	fix_ha(&t->x, &t->mobile);
	t->hop = hold(&t->x, peer);
	assert_true(t->hop != MIP6_HOP_NONE);
	return t;
}

static void
nd_delete(struct nd *t)
{
	fix_fini(&t->x);
	test_free(t);
}

static enum mip6_nud
nud(const struct nd *t)
{
	return t->x.node->neighbour[t->hop].state;
}

static void
ask(struct nd *t)
{
	struct mip6_event ev;

	memset(&ev, 0, sizeof(ev));
	ev.kind = MIP6_EV_HINT;
	ev.u.hint.kind = MIP6_HINT_HOP;
	ev.u.hint.hop = t->hop;
	fix_give(&t->x, &ev);
}

static void
advertise(struct nd *t, bool solicited, bool override,
    const struct mip6_lladdr *ll)
{
	struct mip6_nd m;

	memset(&m, 0, sizeof(m));
	m.type = MIP6_ND_NA;
	m.u.na.target = fix_addr(peer);
	m.u.na.solicited = solicited;
	m.u.na.override = override;
	m.opt.has_tlla = ll != NULL;
	if (ll != NULL)
		m.opt.tlla = *ll;
	fix_nd(&t->x, peer, solicited ? FIX_AGENT : "ff02::1", 255, &m);
}

/* What the path knows of the hop. */
static const struct mip6_fwd_hop *
told(struct nd *t)
{
	const struct mip6_action *a = fix_last(&t->x, MIP6_ACT_HOP_SET);

	assert_non_null(a);
	assert_int_equal(a->u.hop.hop, t->hop);
	assert_int_equal(a->u.hop.ifindex, FIX_IFINDEX);
	return &a->u.hop;
}

/* Brings the entry into a state, with address a. */
static void
bring(struct nd *t, enum mip6_nud s)
{
	if (s == MIP6_NUD_INCOMPLETE || s == MIP6_NUD_FAILED)
		ask(t);
	if (s == MIP6_NUD_FAILED)
		fix_wait(&t->x, MIP6_SPAN_S(3));
	if (s == MIP6_NUD_INCOMPLETE || s == MIP6_NUD_FAILED)
		return;
	advertise(t, s == MIP6_NUD_REACHABLE, true, &ll_a);
	if (s == MIP6_NUD_DELAY || s == MIP6_NUD_PROBE)
		ask(t);
	if (s == MIP6_NUD_PROBE)
		fix_wait(&t->x, MIP6_SPAN_S(5));
}

static void
test_resolves(void **state)
{
	struct nd *t = nd_new();
	struct mip6_nd m;
	const struct fix_sent *s;
	struct mip6_addr a = fix_addr(peer), group;
	struct mip6_time start = t->x.now.boot;
	int i;

	(void)state;
	assert_int_equal(nud(t), MIP6_NUD_INCOMPLETE);
	assert_false(told(t)->usable);
	assert_null(fix_next_nd(&t->x, MIP6_ND_NS, &m));
	/* Three times, a second apart, to its group, from our address. */
	ask(t);
	ask(t);
	fix_wait(&t->x, MIP6_SPAN_US(2999999));
	group = mip6_addr_solicited_node(&a);
	for (i = 0; i < 3; i++) {
		s = fix_next_nd(&t->x, MIP6_ND_NS, &m);
		assert_non_null(s);
		assert_int_equal(mip6_time_sub(s->at, start).us, i * 1000000);
		assert_true(mip6_addr_equal(&s->ip.ip.dst, &group));
		assert_false(s->act.has_lladdr);
		assert_true(mip6_addr_equal(&m.u.ns.target, &a));
		a = fix_addr(FIX_AGENT);
		assert_true(mip6_addr_equal(&s->ip.ip.src, &a));
		a = fix_addr(peer);
		assert_memory_equal(&m.opt.slla, &fix_ll, 6);
	}
	assert_null(fix_next_nd(&t->x, MIP6_ND_NS, &m));
	assert_false(told(t)->dead);
	fix_wait(&t->x, MIP6_SPAN_US(1));
	assert_int_equal(nud(t), MIP6_NUD_FAILED);
	assert_true(told(t)->dead && !told(t)->usable);
	/* For 3 s nobody asks again; then the next packet may. */
	ask(t);
	assert_null(fix_next_nd(&t->x, MIP6_ND_NS, &m));
	fix_wait(&t->x, MIP6_SPAN_S(3));
	assert_int_equal(nud(t), MIP6_NUD_INCOMPLETE);
	assert_null(fix_next_nd(&t->x, MIP6_ND_NS, &m));
	ask(t);
	assert_non_null(fix_next_nd(&t->x, MIP6_ND_NS, &m));
	nd_delete(t);
}

static void
test_ages(void **state)
{
	struct nd *t = nd_new();
	const struct fix_sent *s;
	struct mip6_addr a = fix_addr(peer);
	struct mip6_nd m;
	int i;

	(void)state;
	bring(t, MIP6_NUD_REACHABLE);
	assert_true(told(t)->usable && !told(t)->stale && !told(t)->dead);
	assert_memory_equal(&told(t)->lladdr, &ll_a, 6);
	fix_wait(&t->x, MIP6_SPAN_US(29999999));
	assert_int_equal(nud(t), MIP6_NUD_REACHABLE);
	fix_wait(&t->x, MIP6_SPAN_US(1));
	assert_int_equal(nud(t), MIP6_NUD_STALE);
	assert_true(told(t)->usable && told(t)->stale);
	/* Unused it stays as it is, however long. */
	fix_wait(&t->x, MIP6_SPAN_S(5000));
	assert_int_equal(nud(t), MIP6_NUD_STALE);
	t->x.seen = t->x.sents;
	ask(t);
	assert_int_equal(nud(t), MIP6_NUD_DELAY);
	assert_true(told(t)->usable && !told(t)->stale);
	fix_wait(&t->x, MIP6_SPAN_US(4999999));
	assert_null(fix_next_nd(&t->x, MIP6_ND_NS, &m));
	fix_wait(&t->x, MIP6_SPAN_US(1));
	assert_int_equal(nud(t), MIP6_NUD_PROBE);
	/* Three to the neighbour itself, then as for an unknown one. */
	fix_wait(&t->x, MIP6_SPAN_US(2999999));
	for (i = 0; i < 3; i++) {
		s = fix_next_nd(&t->x, MIP6_ND_NS, &m);
		assert_non_null(s);
		assert_true(mip6_addr_equal(&s->ip.ip.dst, &a));
		assert_true(s->act.has_lladdr);
		assert_memory_equal(&s->act.lladdr, &ll_a, 6);
	}
	assert_null(fix_next_nd(&t->x, MIP6_ND_NS, &m));
	assert_int_equal(nud(t), MIP6_NUD_PROBE);
	fix_wait(&t->x, MIP6_SPAN_US(1));
	assert_int_equal(nud(t), MIP6_NUD_INCOMPLETE);
	assert_false(told(t)->usable);
	s = fix_next_nd(&t->x, MIP6_ND_NS, &m);
	assert_non_null(s);
	assert_true(mip6_addr_is_multicast(&s->ip.ip.dst));
	nd_delete(t);
}

static void
test_advertisements(void **state)
{
	/* RFC 4861 section 7.2.5; ll: - none, a the known one, b another. */
	static const struct {
		enum mip6_nud from;
		bool solicited, override;
		char ll;
		enum mip6_nud to;
		char known;
	} t[] = {
		{ MIP6_NUD_INCOMPLETE, true, true, '-', MIP6_NUD_INCOMPLETE,
		    '-' },
		{ MIP6_NUD_INCOMPLETE, true, false, 'b', MIP6_NUD_REACHABLE,
		    'b' },
		{ MIP6_NUD_INCOMPLETE, false, false, 'b', MIP6_NUD_STALE, 'b' },
		{ MIP6_NUD_FAILED, true, false, '-', MIP6_NUD_FAILED, '-' },
		{ MIP6_NUD_FAILED, true, false, 'b', MIP6_NUD_REACHABLE, 'b' },
		{ MIP6_NUD_FAILED, false, true, 'b', MIP6_NUD_STALE, 'b' },
		{ MIP6_NUD_STALE, true, false, '-', MIP6_NUD_REACHABLE, 'a' },
		{ MIP6_NUD_STALE, false, true, '-', MIP6_NUD_STALE, 'a' },
		{ MIP6_NUD_STALE, true, false, 'a', MIP6_NUD_REACHABLE, 'a' },
		{ MIP6_NUD_STALE, false, false, 'a', MIP6_NUD_STALE, 'a' },
		{ MIP6_NUD_STALE, true, false, 'b', MIP6_NUD_STALE, 'a' },
		{ MIP6_NUD_STALE, true, true, 'b', MIP6_NUD_REACHABLE, 'b' },
		{ MIP6_NUD_STALE, false, true, 'b', MIP6_NUD_STALE, 'b' },
		{ MIP6_NUD_REACHABLE, false, false, 'b', MIP6_NUD_STALE, 'a' },
		{ MIP6_NUD_REACHABLE, true, false, 'b', MIP6_NUD_STALE, 'a' },
		{ MIP6_NUD_REACHABLE, false, true, 'b', MIP6_NUD_STALE, 'b' },
		{ MIP6_NUD_REACHABLE, true, true, 'b', MIP6_NUD_REACHABLE,
		    'b' },
		{ MIP6_NUD_REACHABLE, false, true, 'a', MIP6_NUD_REACHABLE,
		    'a' },
		{ MIP6_NUD_DELAY, true, true, 'a', MIP6_NUD_REACHABLE, 'a' },
		{ MIP6_NUD_DELAY, true, false, 'b', MIP6_NUD_DELAY, 'a' },
		{ MIP6_NUD_PROBE, true, false, '-', MIP6_NUD_REACHABLE, 'a' },
		{ MIP6_NUD_PROBE, false, true, 'b', MIP6_NUD_STALE, 'b' },
		{ MIP6_NUD_PROBE, true, false, 'b', MIP6_NUD_PROBE, 'a' },
	};
	size_t i;

	(void)state;
	for (i = 0; i < MIP6_COUNT(t); i++) {
		struct nd *c = nd_new();

		bring(c, t[i].from);
		assert_int_equal(nud(c), t[i].from);
		advertise(c, t[i].solicited, t[i].override,
		    t[i].ll == '-'     ? NULL :
			t[i].ll == 'a' ? &ll_a :
					 &ll_b);
		if (nud(c) != t[i].to)
			fail_msg("row %zu: %s", i, nd_state_name(nud(c)));
		if (t[i].known != '-')
			assert_memory_equal(&told(c)->lladdr,
			    t[i].known == 'a' ? &ll_a : &ll_b, 6);
		else
			assert_false(told(c)->usable);
		nd_delete(c);
	}
}

/* Nobody waits for it: nothing is remembered and nobody is told. */
static void
test_unasked(void **state)
{
	struct nd *t = nd_new();
	struct mip6_nd m;
	size_t acts;

	(void)state;
	memset(&m, 0, sizeof(m));
	m.type = MIP6_ND_NA;
	m.u.na.target = fix_addr("2001:db8:1::78");
	m.u.na.override = m.opt.has_tlla = true;
	m.opt.tlla = ll_b;
	acts = t->x.acts;
	fix_nd(&t->x, "2001:db8:1::78", "ff02::1", 255, &m);
	assert_int_equal(t->x.acts, acts);
	/* Not even its solicitation makes an entry. */
	memset(&m, 0, sizeof(m));
	m.type = MIP6_ND_NS;
	m.u.ns.target = fix_addr(FIX_AGENT);
	m.opt.has_slla = true;
	m.opt.slla = ll_b;
	fix_nd(&t->x, "2001:db8:1::78", FIX_AGENT, 255, &m);
	assert_int_equal(t->x.acts, acts);
	/* But a known one's says where it is. */
	fix_nd(&t->x, peer, FIX_AGENT, 255, &m);
	assert_int_equal(nud(t), MIP6_NUD_STALE);
	assert_memory_equal(&told(t)->lladdr, &ll_b, 6);
	nd_delete(t);
}

static void
test_not_valid(void **state)
{
	struct nd *t = nd_new();
	uint8_t buf[256];
	struct mip6_nd m;
	size_t acts;

	(void)state;
	memset(&m, 0, sizeof(m));
	m.type = MIP6_ND_NA;
	m.u.na.target = fix_addr(peer);
	m.u.na.override = m.opt.has_tlla = true;
	m.opt.tlla = ll_b;
	acts = t->x.acts;
	fix_nd(&t->x, peer, "ff02::1", 254, &m);
	assert_int_equal(fix_drops(&t->x, MIP6_DROP_ND_HOP_LIMIT), 1);
	m.u.na.solicited = true; /* a multicast one cannot be */
	fix_nd(&t->x, peer, "ff02::1", 255, &m);
	assert_int_equal(fix_drops(&t->x, MIP6_DROP_ND_INVALID), 1);
	memset(&m, 0, sizeof(m));
	m.type = MIP6_ND_RA;
	fix_nd(&t->x, peer, "ff02::1", 255, &m);
	assert_int_equal(fix_drops(&t->x, MIP6_DROP_ND_SOURCE), 1);
	/* A checksum that is wrong. */
	memset(buf, 0, sizeof(buf));
	buf[0] = 0x60;
	buf[5] = 24;
	buf[6] = MIP6_NH_ICMPV6;
	buf[7] = 255;
	buf[8] = 0xfe;
	buf[9] = 0x80;
	buf[24] = 0xff;
	buf[25] = 2;
	buf[39] = 1;
	buf[40] = MIP6_ND_NA;
	fix_packet(&t->x, buf, 64);
	assert_int_equal(fix_drops(&t->x, MIP6_DROP_BAD_CHECKSUM), 1);
	assert_int_equal(t->x.acts, acts);
	/* Not a packet; a piece of one. */
	fix_packet(&t->x, buf, 30);
	buf[6] = 44;
	buf[40] = MIP6_NH_ICMPV6;
	buf[43] = 1;
	fix_packet(&t->x, buf, 64);
	assert_int_equal(fix_drops(&t->x, MIP6_DROP_BAD_CHAIN), 2);
	assert_int_equal(nud(t), MIP6_NUD_INCOMPLETE);
	nd_delete(t);
}

static struct mip6_addr
numbered(uint32_t i)
{
	struct mip6_addr a = fix_addr("2001:db8:1::");

	a.b[8] = 1;
	a.b[14] = (uint8_t)(i >> 8);
	a.b[15] = (uint8_t)i;
	return a;
}

static void
test_full(void **state)
{
	struct nd *t = nd_new();
	struct fix *x = &t->x;
	struct mip6_addr a, peer_addr = fix_addr(peer);
	uint32_t hop[MIP6_NEIGHBOURS_MAX], i;

	(void)state;
	for (i = 0; i < MIP6_NEIGHBOURS_MAX - 1; i++) {
		a = numbered(i);
		x->now.boot.us += 10;
		nd_enter(x);
		hop[i] = nd_hold(x->node, FIX_IFINDEX, &a);
		assert_true(hop[i] != MIP6_HOP_NONE);
	}
	a = numbered(5000);
	nd_enter(x);
	assert_int_equal(nd_hold(x->node, FIX_IFINDEX, &a), MIP6_HOP_NONE);
	assert_int_equal(fix_drops(x, MIP6_DROP_ND_FULL), 1);
	/* Of those that nobody holds the one unused for longest goes. */
	nd_release(x->node, hop[9]);
	nd_release(x->node, hop[5]);
	nd_enter(x);
	assert_int_equal(nd_hold(x->node, FIX_IFINDEX, &a), hop[5]);
	/* First what waited for the old one is dropped. */
	assert_int_equal(x->out.v[0].kind, MIP6_ACT_HOP_SET);
	assert_int_equal(x->out.v[0].u.hop.hop, hop[5]);
	assert_true(x->out.v[0].u.hop.dead);
	assert_false(x->out.v[1].u.hop.dead || x->out.v[1].u.hop.usable);
	nd_enter(x);
	a = numbered(5);
	assert_int_equal(nd_hold(x->node, FIX_IFINDEX, &a), hop[9]);
	/* The same neighbour is the same hop. */
	nd_enter(x);
	assert_int_equal(nd_hold(x->node, FIX_IFINDEX, &peer_addr), t->hop);
	assert_int_equal(x->out.count, 0);
	SUPPORT_ABORTS(nd_release(x->node, MIP6_NEIGHBOURS_MAX));
	nd_release(x->node, MIP6_HOP_NONE);
	x->node->out = NULL;
	nd_delete(t);
}

/* A thousand neighbours are forgotten in as many events as it takes. */
static void
test_flush_by_steps(void **state)
{
	struct nd *t = nd_new();
	struct fix *x = &t->x;
	struct mip6_event ev;
	struct mip6_addr a;
	uint32_t i, left, rounds = 0;

	(void)state;
	bring(t, MIP6_NUD_REACHABLE);
	for (i = 0; i < MIP6_NEIGHBOURS_MAX - 1; i++) {
		a = numbered(i);
		nd_enter(x);
		(void)nd_hold(x->node, FIX_IFINDEX, &a);
		nd_learn(x->node, FIX_IFINDEX, &a, &ll_b);
		if (i % 2 == 0)
			nd_release(x->node, i + 1);
	}
	memset(&ev, 0, sizeof(ev));
	ev.kind = MIP6_EV_COMMAND;
	ev.u.command.kind = MIP6_CMD_FLUSH_NEIGHBOURS;
	do {
		mip6_actions_clear(&x->out);
		mip6_node_input(x->node, &x->now, &ev, &x->out);
		ev.kind = MIP6_EV_TIMER;
		assert_true(x->out.count > 0);
		left = 0;
		for (i = 0; i < MIP6_NEIGHBOURS_MAX; i++)
			left += x->node->neighbour[i].state == MIP6_NUD_STALE;
		assert_true(rounds++ < 20);
		/* What is left is due now. */
		if (left > 0)
			assert_int_equal(mip6_node_deadline(x->node).us,
			    x->now.boot.us);
	} while (left > 0);
	assert_true(rounds > 2);
	assert_int_equal(nud(t), MIP6_NUD_INCOMPLETE);
	nd_delete(t);
}

/* A link goes: its hops are void. */
static void
test_link_down(void **state)
{
	struct nd *t = nd_new();
	struct mip6_nd m;

	(void)state;
	bring(t, MIP6_NUD_REACHABLE);
	fix_link(&t->x, false);
	assert_int_equal(nud(t), MIP6_NUD_INCOMPLETE);
	assert_false(told(t)->usable);
	/* Nothing is asked while it is down. */
	t->x.seen = t->x.sents;
	ask(t);
	assert_null(fix_next_nd(&t->x, MIP6_ND_NS, &m));
	fix_link(&t->x, true);
	ask(t);
	assert_non_null(fix_next_nd(&t->x, MIP6_ND_NS, &m));
	nd_delete(t);
}

/* Nobody holds it and nothing is known of it: no place is kept for that. */
static void
test_let_go(void **state)
{
	struct nd *t = nd_new();
	struct mip6_nd m;

	(void)state;
	nd_enter(&t->x);
	nd_release(t->x.node, t->hop);
	nd_leave(&t->x);
	/* But a packet that waits for it may still ask. */
	assert_int_equal(nud(t), MIP6_NUD_INCOMPLETE);
	ask(t);
	assert_non_null(fix_next_nd(&t->x, MIP6_ND_NS, &m));
	fix_wait(&t->x, MIP6_SPAN_US(5999999));
	assert_int_equal(nud(t), MIP6_NUD_FAILED);
	fix_wait(&t->x, MIP6_SPAN_US(1));
	assert_int_equal(nud(t), MIP6_NUD_NONE);
	nd_delete(t);

	t = nd_new();
	nd_enter(&t->x);
	nd_release(t->x.node, t->hop);
	nd_leave(&t->x);
	fix_wait(&t->x, MIP6_SPAN_S(3));
	assert_int_equal(nud(t), MIP6_NUD_NONE);
	nd_delete(t);
}

/* An upper layer that hears from it spares the questions. */
static void
test_confirm(void **state)
{
	static const enum mip6_nud from[] = { MIP6_NUD_STALE, MIP6_NUD_DELAY,
		MIP6_NUD_PROBE, MIP6_NUD_REACHABLE };
	size_t i;

	(void)state;
	for (i = 0; i < MIP6_COUNT(from); i++) {
		struct nd *t = nd_new();

		bring(t, from[i]);
		assert_true(nd_usable(t->x.node, t->hop));
		fix_wait(&t->x, MIP6_SPAN_MS(100));
		nd_enter(&t->x);
		nd_confirm(t->x.node, t->hop);
		nd_confirm(t->x.node, MIP6_HOP_NONE);
		nd_leave(&t->x);
		assert_int_equal(nud(t), MIP6_NUD_REACHABLE);
		fix_wait(&t->x, MIP6_SPAN_US(29999999));
		assert_int_equal(nud(t), MIP6_NUD_REACHABLE);
		nd_delete(t);
	}
	{
		struct nd *t = nd_new();

		nd_enter(&t->x);
		nd_confirm(t->x.node, t->hop);
		nd_leave(&t->x);
		assert_int_equal(nud(t), MIP6_NUD_INCOMPLETE);
		assert_false(nd_usable(t->x.node, t->hop));
		assert_false(nd_usable(t->x.node, MIP6_HOP_NONE));
		nd_delete(t);
	}
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_resolves),
		cmocka_unit_test(test_ages),
		cmocka_unit_test(test_advertisements),
		cmocka_unit_test(test_unasked),
		cmocka_unit_test(test_not_valid),
		cmocka_unit_test(test_full),
		cmocka_unit_test(test_flush_by_steps),
		cmocka_unit_test(test_link_down),
		cmocka_unit_test(test_let_go),
		cmocka_unit_test(test_confirm),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
