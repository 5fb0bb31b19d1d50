/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A correspondent that is a mobile node itself: what comes out of the tunnel
 * is answered into it, the home address is the one that counts, at home there
 * is no tunnel, and no message of mobility has a routing header (section 6.1).
 *
 * The known answers are made as those of test_cn_known.c.
 *
 * Links: core
 */
#include "mn_ro_fix.h"

#include "cn_known.h"

static const struct cn_known known = {
	.hoa = "2001:db8:2::77",
	.coa = "2001:db8:d::5",
	.cn = FIX_HOA,
	.bu = { 0x95, 0xd3, 0x4f, 0x8c, 0xe2, 0xf6, 0xa1, 0x15, 0x14, 0xb3,
	    0x6f, 0x21 },
	.ba = { 0xf6, 0x7f, 0xe9, 0x3f, 0xe2, 0x10, 0x7e, 0x2a, 0x26, 0x91,
	    0x53, 0x0a },
	.bu_delete = { 0x76, 0x73, 0xcc, 0xd5, 0x9d, 0x9a, 0x4f, 0x20, 0x76,
	    0xcd, 0xb0, 0xcb },
	.ba_delete = { 0xfd, 0xb3, 0xc5, 0x18, 0x3c, 0xc7, 0x91, 0xe6, 0x97,
	    0x55, 0x64, 0xbf },
};

/* The last message given to a tunnel: the core's arena is gone after it. */
static struct {
	uint8_t octets[256];
	struct mip6_ip6_view ip;
	struct mip6_addr home;
	int count;
} tunnelled;

static void
tap(struct fix *x, const struct mip6_action *a)
{
	ro_tap(x, a);
	if (a->kind != MIP6_ACT_SEND_TUNNELLED)
		return;
	assert_true(a->u.send.count <= sizeof(tunnelled.octets));
	memcpy(tunnelled.octets, a->u.send.octets, a->u.send.count);
	assert_int_equal(mip6_ip6_view(tunnelled.octets, a->u.send.count,
			     &tunnelled.ip, NULL),
	    MIP6_PARSE_OK);
	tunnelled.home = a->u.send.home;
	tunnelled.count++;
}

/* Away and registered. */
static struct ro_fix *
mobile_new(void)
{
	struct ro_fix *f = ro_new();

	f->x.conf.mn.optimize = MIP6_OPTIMIZE_NONE; /* no tests of its own */
	f->x.conf.cn.on = true;
	f->x.conf.cn.bindings_max = 16;
	f->x.conf.cn.refresh_requests = true;
	fix_configure(&f->x);
	cn_known_nonces(f->x.node);
	memset(&tunnelled, 0, sizeof(tunnelled));
	f->x.tap = tap;
	f->x.seen = f->x.sents;
	return f;
}

static bool
leads(struct ro_fix *f, const char *coa)
{
	struct mip6_addr our = fix_addr(FIX_HOA), hoa = fix_addr(known.hoa), c;
	const struct mip6_fwd_row *r = direct_find(f->x.node, &our, &hoa);

	if (coa == NULL || r == NULL)
		return coa == NULL && r == NULL;
	c = fix_addr(coa);
	return mip6_addr_equal(&r->peer, &c);
}

/* The path met a packet from our home address. */
static void
hint(struct ro_fix *f, enum mip6_hint_kind kind, const struct mip6_addr *other)
{
	struct mip6_event ev;

	memset(&ev, 0, sizeof(ev));
	ev.kind = MIP6_EV_HINT;
	ev.u.hint.kind = kind;
	ev.u.hint.src = fix_addr(FIX_HOA);
	ev.u.hint.dst = *other;
	fix_give(&f->x, &ev);
}

static bool
answered(bool deletes)
{
	struct mip6_addr home = fix_addr(FIX_HOA);

	return tunnelled.count > 0 && mip6_addr_equal(&tunnelled.home, &home) &&
	    cn_known_is_ba(&known, deletes, tunnelled.octets, &tunnelled.ip);
}

/*
 * R6.2.7-02: the correspondent of the authenticator is the home address; the
 * answers go where the questions came from, and the host is not asked.
 */
static void
test_away(void **state)
{
	struct ro_fix *f = mobile_new();
	size_t acts = f->x.acts, i;

	(void)state;
	cn_known_send(&f->x, &known, false, FIX_AGENT);
	assert_true(answered(false));
	assert_true(leads(f, known.coa));
	cn_known_send(&f->x, &known, true, FIX_AGENT);
	assert_true(answered(true));
	assert_int_equal(tunnelled.count, 2);
	assert_true(leads(f, NULL));
	assert_null(fix_next(&f->x));
	for (i = acts; i < f->x.acts; i++) {
		assert_int_not_equal(f->x.act[i].kind, MIP6_ACT_ROUTE_GET);
		assert_int_not_equal(f->x.act[i].kind, MIP6_ACT_ROUTE);
	}
	ro_end(f);
}

/* A binding with an address of the link: its own row, and no other's. */
static void
test_link_address(void **state)
{
	struct mip6_addr hoa = fix_addr(known.hoa), coa = fix_addr(known.coa);
	const struct cn_nonce *nonce;
	struct ro_fix *f = mobile_new();
	uint8_t home[MIP6_KEYGEN_OCTETS], care_of[MIP6_KEYGEN_OCTETS];
	struct mip6_addr our;
	struct mip6_mh_to to;
	struct mh_kbm kbm;
	struct mip6_mh m;
	uint8_t buf[256];
	size_t count;

	(void)state;
	our = fix_addr("2001:db8:a::77");
	fix_host_addr(&f->x, "2001:db8:a::77", 64, 0, false);
	memset(&m, 0, sizeof(m));
	memset(&to, 0, sizeof(to));
	memset(&kbm, 0, sizeof(kbm));
	m.type = MIP6_MH_BU;
	m.u.bu.seq = 1;
	m.u.bu.lifetime = MIP6_SPAN_S(400);
	m.opt.has_nonce_indices = true;
	m.opt.home_nonce_index = 3;
	m.opt.coa_nonce_index = 4;
	to.src = kbm.coa = coa;
	to.dst = kbm.correspondent = our;
	to.hao = &hoa;
	to.kbm = &kbm;
	nonce = cn_nonce_find(f->x.node, 3);
	assert_non_null(nonce);
	assert_true(
	    rr_token(f->x.node, nonce->kcn, &hoa, nonce->nonce, false, home));
	assert_true(
	    rr_token(f->x.node, nonce->kcn, &coa, nonce->nonce, true, care_of));
	assert_true(rr_kbm(f->x.node, home, care_of, kbm.key));
	count =
	    mh_build(f->x.node, buf, sizeof(buf), &to, &m, NULL, NULL, NULL);
	fix_packet(&f->x, buf, count);
	assert_true(cn_has_binding(f->x.node, &hoa));
	assert_non_null(direct_find(f->x.node, &our, &hoa));
	hint(f, MIP6_HINT_NO_ROW, &hoa);
	assert_true(leads(f, NULL));
	ro_end(f);
}

/* HoTI, CoTI or BU for the home address, with a routing header or without. */
static void
ask(struct ro_fix *f, enum mip6_mh_type type, bool rh2, const char *tunnel)
{
	struct mip6_addr home = fix_addr(FIX_HOA);
	struct mip6_event ev;
	struct mip6_mh_to to;
	struct mip6_mh m;
	uint8_t buf[256];

	memset(&m, 0, sizeof(m));
	memset(&to, 0, sizeof(to));
	memset(&ev, 0, sizeof(ev));
	m.type = type;
	m.opt.has_nonce_indices = type == MIP6_MH_BU;
	to.src = fix_addr(known.hoa);
	to.dst = home;
	if (rh2) {
		to.dst = f->x.node->mn->home[0].at.coa;
		to.rh2 = &home;
	}
	ev.kind = MIP6_EV_HINT;
	ev.u.hint.kind = MIP6_HINT_PACKET;
	ev.u.hint.ifindex = f->x.ifindex;
	ev.u.hint.ll_src = fix_router_ll;
	if (tunnel != NULL)
		ev.u.hint.tunnel_peer = fix_addr(tunnel);
	ev.u.hint.octets = buf;
	ev.u.hint.count =
	    mh_build(f->x.node, buf, sizeof(buf), &to, &m, NULL, NULL, NULL);
	f->x.seen = f->x.sents;
	fix_give(&f->x, &ev);
}

static void
test_tests(void **state)
{
	static const enum mip6_mh_type type[] = { MIP6_MH_HOTI, MIP6_MH_COTI };
	struct ro_fix *f = mobile_new();
	struct mip6_addr hoa = fix_addr(known.hoa), home = fix_addr(FIX_HOA);
	size_t i;

	(void)state;
	for (i = 0; i < MIP6_COUNT(type); i++) {
		ask(f, type[i], false, FIX_AGENT);
		assert_int_equal(tunnelled.count, i + 1);
		assert_int_equal(tunnelled.octets[tunnelled.ip.upper_at +
				     MIP6_MH_AT_TYPE],
		    type[i] == MIP6_MH_HOTI ? MIP6_MH_HOT : MIP6_MH_COT);
		assert_true(mip6_addr_equal(&tunnelled.ip.ip.dst, &hoa));
		assert_true(mip6_addr_equal(&tunnelled.ip.ip.src, &home));
		assert_true(mip6_addr_equal(&tunnelled.home, &home));
	}
	assert_null(fix_next(&f->x));
	ro_end(f);
}

/* Section 6.1: sent with a routing header, none of them is heard. */
static void
test_routing_header(void **state)
{
	struct ro_fix *f = mobile_new();

	(void)state;
	ask(f, MIP6_MH_HOTI, true, NULL);
	assert_int_equal(fix_drops(&f->x, MIP6_DROP_RR_HEADERS), 1);
	ask(f, MIP6_MH_COTI, true, NULL);
	assert_int_equal(fix_drops(&f->x, MIP6_DROP_RR_HEADERS), 2);
	ask(f, MIP6_MH_BU, true, NULL);
	assert_int_equal(fix_drops(&f->x, MIP6_DROP_RR_HEADERS), 3);
	assert_null(fix_next(&f->x));
	assert_int_equal(tunnelled.count, 0);
	ro_end(f);
}

/*
 * At home, with an address of a network that was left: what is in that one's
 * prefix is behind the router all the same.
 */
static void
test_network_left(void **state)
{
	struct ro_fix *f = mobile_new();
	const struct fix_sent *s = NULL;
	struct mip6_addr router = fix_addr("fe80::fe");
	struct mip6_mh m;
	int round;

	(void)state;
	fix_host_addr(&f->x, "2001:db8:2::5", 64, 0, false);
	ro_move(f, "2001:db8:1::");
	ro_register(f);
	assert_int_equal(home(&f->x)->state, MN_AT_HOME);
	ask(f, MIP6_MH_HOTI, false, NULL);
	for (round = 0; round < 8 && s == NULL; round++) {
		s = fix_next_mh(&f->x, &m);
		if (s != NULL && m.type != MIP6_MH_HOT)
			s = NULL;
	}
	assert_non_null(s);
	assert_int_not_equal(s->act.hop, MIP6_HOP_NONE);
	assert_true(
	    mip6_addr_equal(&f->x.node->neighbour[s->act.hop].addr, &router));
	ro_end(f);
}

/* A refresh request: into the tunnel, or natively from the home link. */
static void
test_refresh(void **state)
{
	struct mip6_addr hoa = fix_addr(known.hoa), home_addr;
	struct ro_fix *f = mobile_new();
	const struct fix_sent *s = NULL;
	struct mip6_mh m;
	int round;

	(void)state;
	home_addr = fix_addr(FIX_HOA);
	cn_known_send(&f->x, &known, false, FIX_AGENT);
	assert_true(answered(false));
	fix_wait(&f->x, MIP6_SPAN_S(361));
	hint(f, MIP6_HINT_ROW_USED, &hoa);
	assert_int_equal(tunnelled.count, 2);
	assert_int_equal(tunnelled
			     .octets[tunnelled.ip.upper_at + MIP6_MH_AT_TYPE],
	    MIP6_MH_BRR);
	ro_move(f, "2001:db8:1::");
	ro_register(f);
	assert_int_equal(home(&f->x)->state, MN_AT_HOME);
	fix_wait(&f->x, MIP6_SPAN_S(20));
	f->x.seen = f->x.sents;
	hint(f, MIP6_HINT_ROW_USED, &hoa);
	for (round = 0; round < 8 && s == NULL; round++) {
		s = fix_next_mh(&f->x, &m);
		if (s != NULL && m.type != MIP6_MH_BRR)
			s = NULL;
	}
	assert_non_null(s);
	assert_true(mip6_addr_equal(&s->ip.ip.dst, &hoa));
	assert_true(mip6_addr_equal(&s->ip.ip.src, &home_addr));
	assert_int_equal(s->act.ifindex, home(&f->x)->home_ifindex);
	assert_int_not_equal(s->act.hop, MIP6_HOP_NONE);
	assert_int_equal(tunnelled.count, 2);
	ro_end(f);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_away),
		cmocka_unit_test(test_link_address),
		cmocka_unit_test(test_tests),
		cmocka_unit_test(test_routing_header),
		cmocka_unit_test(test_network_left),
		cmocka_unit_test(test_refresh),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
