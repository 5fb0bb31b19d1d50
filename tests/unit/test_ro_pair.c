/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A mobile node and a correspondent, both real, on one bench: what one says the
 * other understands, and both have the rows of the pair.
 *
 * Links: core
 */
#include "mn_ro_fix.h"

#define PAIR_PACKETS 64

struct pair {
	struct ro_fix *mn;
	struct fix cn;
	struct {
		uint8_t octets[256];
		size_t count;
		bool tunnelled; /* by the mobile node */
		bool to_cn;
	} wire[PAIR_PACKETS];
	size_t packets, carried;
};

static struct pair *the_pair; /* the correspondent's tap has no other way */

static void
pair_put(const struct mip6_action *a, bool to_cn)
{
	struct pair *t = the_pair;

	assert_true(t->packets < PAIR_PACKETS);
	assert_true(a->u.send.count <= sizeof(t->wire[0].octets));
	memcpy(t->wire[t->packets].octets, a->u.send.octets, a->u.send.count);
	t->wire[t->packets].count = a->u.send.count;
	t->wire[t->packets].tunnelled = a->kind == MIP6_ACT_SEND_TUNNELLED;
	t->wire[t->packets].to_cn = to_cn;
	t->packets++;
}

static void
pair_tap_mn(struct fix *x, const struct mip6_action *a)
{
	struct mip6_ip6_view ip;
	struct mip6_mh m;

	ro_tap(x, a);
	if ((a->kind == MIP6_ACT_SEND || a->kind == MIP6_ACT_SEND_TUNNELLED) &&
	    ro_message(the_pair->mn, &a->u.send, &m, &ip))
		pair_put(a, true);
}

static void
pair_tap_cn(struct fix *x, const struct mip6_action *a)
{
	struct mip6_ip6_view ip;

	(void)x;
	if (a->kind != MIP6_ACT_SEND ||
	    mip6_ip6_view(a->u.send.octets, a->u.send.count, &ip, NULL) !=
		MIP6_PARSE_OK ||
	    ip.upper != MIP6_NH_MH)
		return;
	pair_put(a, false);
}

/* Carries packets until there are none. */
static void
pair_run(struct pair *t)
{
	struct mip6_addr hoa = fix_addr(FIX_HOA), dst;
	struct mip6_event ev;
	size_t i;

	for (i = t->carried; i < t->packets; i++) {
		t->cn.now = t->mn->x.now;
		memset(&ev, 0, sizeof(ev));
		ev.kind = MIP6_EV_HINT;
		ev.u.hint.kind = MIP6_HINT_PACKET;
		ev.u.hint.ifindex = FIX_IFINDEX;
		ev.u.hint.ll_src = fix_router_ll;
		ev.u.hint.octets = t->wire[i].octets;
		ev.u.hint.count = t->wire[i].count;
		memcpy(dst.b, t->wire[i].octets + MIP6_IP6_AT_DST,
		    sizeof(dst.b));
		/* What is for the home address comes by the home agent. */
		if (!t->wire[i].to_cn && mip6_addr_equal(&dst, &hoa) &&
		    home(&t->mn->x)->state != MN_AT_HOME)
			ev.u.hint.tunnel_peer = fix_addr(FIX_AGENT);
		fix_give(t->wire[i].to_cn ? &t->cn : &t->mn->x, &ev);
	}
	t->carried = t->packets = 0;
}

/* Registered with the home agent, and the correspondent is there. */
static struct pair *
pair_new(void)
{
	struct pair *t = test_malloc(sizeof(*t));

	memset(t, 0, sizeof(*t));
	the_pair = t;
	t->mn = ro_new();
	t->mn->x.tap = pair_tap_mn;
	fix_init(&t->cn);
	t->cn.tap = pair_tap_cn;
	t->cn.conf.cn.on = true;
	t->cn.conf.cn.bindings_max = 16;
	fix_configure(&t->cn);
	fix_link(&t->cn, true);
	fix_host_addr(&t->cn, FIX_PEER, 64, 0, false);
	return t;
}

static void
pair_end(struct pair *t)
{
	fix_fini(&t->cn);
	ro_end(t->mn);
	test_free(t);
}

/* Both have the row, with the care-of address of now. */
static void
expect_direct(struct pair *t)
{
	struct mip6_addr hoa = fix_addr(FIX_HOA), peer = fix_addr(FIX_PEER);
	const struct mip6_addr *coa = &home(&t->mn->x)->at.coa;
	const struct mip6_fwd_row *r;

	assert_int_equal(ro_entry(t->mn)->state, RO_BOUND);
	r = direct_find(t->mn->x.node, &hoa, &peer);
	assert_non_null(r);
	assert_true(mip6_addr_equal(&r->local, coa));
	assert_true(mip6_addr_equal(&r->peer, &peer));
	assert_int_not_equal(r->hop, MIP6_HOP_NONE);
	assert_true(cn_has_binding(t->cn.node, &hoa));
	r = direct_find(t->cn.node, &peer, &hoa);
	assert_non_null(r);
	assert_true(mip6_addr_equal(&r->local, &peer));
	assert_true(mip6_addr_equal(&r->peer, coa));
}

/* Its first packet from there, and so the row. */
static void
cn_traffic(struct pair *t)
{
	struct mip6_event ev;

	memset(&ev, 0, sizeof(ev));
	ev.kind = MIP6_EV_HINT;
	ev.u.hint.kind = MIP6_HINT_NO_ROW;
	ev.u.hint.src = fix_addr(FIX_PEER);
	ev.u.hint.dst = fix_addr(FIX_HOA);
	fix_give(&t->cn, &ev);
}

/* From the first packet in the tunnel on, four moves, and home. */
static void
test_journey(void **state)
{
	static const char *const place[] = { "2001:db8:b::", "2001:db8:c1::",
		"2001:db8:a::", "2001:db8:b::" };
	struct mip6_addr hoa = fix_addr(FIX_HOA), peer = fix_addr(FIX_PEER);
	struct pair *t = pair_new();
	size_t i;

	(void)state;
	ro_hint(t->mn, MIP6_HINT_NO_ROW);
	pair_run(t);
	cn_traffic(t);
	expect_direct(t);
	for (i = 0; i < MIP6_COUNT(place); i++) {
		fix_wait(&t->mn->x, MIP6_SPAN_S(100));
		t->cn.now = t->mn->x.now;
		ro_hint(t->mn, MIP6_HINT_ROW_USED);
		pair_run(t);
		ro_move(t->mn, place[i]);
		assert_null(direct_find(t->mn->x.node, &hoa, &peer));
		pair_run(t);
		ro_register(t->mn);
		pair_run(t);
		expect_direct(t);
	}
	ro_move(t->mn, "2001:db8:1::");
	ro_register(t->mn);
	pair_run(t);
	assert_int_equal(ro_entry(t->mn)->state, RO_IDLE);
	assert_false(cn_has_binding(t->cn.node, &hoa));
	assert_null(direct_find(t->cn.node, &peer, &hoa));
	assert_null(direct_find(t->mn->x.node, &hoa, &peer));
	pair_end(t);
}

/* The end of the mobile node's daemon is the end of its bindings. */
static void
test_stop(void **state)
{
	struct mip6_addr hoa = fix_addr(FIX_HOA);
	struct pair *t = pair_new();
	struct mip6_event ev;

	(void)state;
	ro_hint(t->mn, MIP6_HINT_NO_ROW);
	pair_run(t);
	assert_true(cn_has_binding(t->cn.node, &hoa));
	memset(&ev, 0, sizeof(ev));
	ev.kind = MIP6_EV_STOP;
	fix_give(&t->mn->x, &ev);
	pair_run(t);
	assert_false(cn_has_binding(t->cn.node, &hoa));
	pair_end(t);
}

/* It was started anew: its nonces are others, and it knows nobody. */
static void
test_restarted(void **state)
{
	struct mip6_addr hoa = fix_addr(FIX_HOA);
	struct pair *t = pair_new();

	(void)state;
	ro_hint(t->mn, MIP6_HINT_NO_ROW);
	pair_run(t);
	fix_fini(&t->cn);
	fix_init(&t->cn);
	t->cn.tap = pair_tap_cn;
	t->cn.now = t->mn->x.now;
	t->cn.conf.cn.on = true;
	t->cn.conf.cn.bindings_max = 16;
	fix_configure(&t->cn);
	fix_link(&t->cn, true);
	fix_host_addr(&t->cn, FIX_PEER, 64, 0, false);
	/* A move within the life of the home token: 136 or 138, then right. */
	fix_wait(&t->mn->x, MIP6_SPAN_S(10));
	ro_move(t->mn, "2001:db8:b::");
	pair_run(t);
	ro_register(t->mn);
	pair_run(t);
	assert_int_equal(ro_entry(t->mn)->state, RO_BOUND);
	assert_true(cn_has_binding(t->cn.node, &hoa));
	pair_end(t);
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_journey),
		cmocka_unit_test(test_stop),
		cmocka_unit_test(test_restarted),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
