/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What others tell the mobile node unasked: Binding Errors, Binding Refresh
 * Requests and ICMPv6 errors, and from whom it believes them.
 *
 * Links: core
 */
#include "mn_fix.h"

static void
test_binding_error(void **state)
{
	struct fix *x = test_malloc(sizeof(*x));
	struct mip6_addr agent = fix_addr(FIX_AGENT);
	uint8_t buf[256];
	struct mip6_mh_to to;
	struct mip6_mh m;
	size_t count;

	(void)state;
	bound(x);
	fix_wait(x, MIP6_SPAN_S(10));
	memset(&m, 0, sizeof(m));
	memset(&to, 0, sizeof(to));
	m.type = MIP6_MH_BE;
	m.u.be.status = MIP6_BE_UNKNOWN_BINDING;
	m.u.be.hoa = fix_addr(FIX_HOA);
	to.src = fix_addr("2001:db8:c::9");
	to.dst = home(x)->ha->bul.coa;
	count = mh_build(x->node, buf, sizeof(buf), &to, &m, NULL, NULL, NULL);
	fix_packet(x, buf, count);
	assert_int_equal(fix_drops(x, MIP6_DROP_BE_UNEXPECTED), 1);
	assert_null(fix_next_mh(x, &m));
	to.src = agent;
	m.type = MIP6_MH_BE;
	m.u.be.status = MIP6_BE_UNKNOWN_BINDING;
	m.u.be.hoa = fix_addr(FIX_HOA);
	count = mh_build(x->node, buf, sizeof(buf), &to, &m, NULL, NULL, NULL);
	fix_packet(x, buf, count);
	assert_non_null(fix_next_mh(x, &m));
	assert_int_equal(m.type, MIP6_MH_BU);
	fix_fini(x);
	test_free(x);
}

static void
test_refresh_request(void **state)
{
	struct fix *x = test_malloc(sizeof(*x));
	struct mip6_addr hoa = fix_addr(FIX_HOA);
	uint8_t buf[256];
	struct mip6_mh_to to;
	struct mip6_mh m;
	size_t count;
	int i;

	(void)state;
	bound(x);
	fix_wait(x, MIP6_SPAN_S(10));
	for (i = 0; i < 2; i++) {
		memset(&m, 0, sizeof(m));
		memset(&to, 0, sizeof(to));
		m.type = MIP6_MH_BRR;
		to.src = fix_addr(i == 0 ? "2001:db8:c::9" : FIX_AGENT);
		to.dst = home(x)->ha->bul.coa;
		to.rh2 = &hoa;
		count = mh_build(x->node, buf, sizeof(buf), &to, &m, NULL, NULL,
		    NULL);
		fix_packet(x, buf, count);
		if (i == 0)
			assert_null(fix_next_mh(x, &m));
		else
			assert_non_null(fix_next_mh(x, &m));
	}
	/* R11.7.4-02: one of the list's, as any other. */
	assert_int_equal(m.u.bu.seq, home(x)->ha->bul.seq);
	assert_non_null(mip6_bul_match(&home(x)->ha->bul, m.u.bu.seq));
	assert_int_equal(home(x)->ha->bul.unanswered, 1);
	assert_int_equal(home(x)->state, MN_UPDATING);
	assert_int_equal(fix_drops(x, MIP6_DROP_MH_WRONG_ROLE), 1);
	fix_fini(x);
	test_free(x);
}

/* An ICMPv6 error about `quoted`, from a router on the way. */
static void
icmp_error_from(struct fix *x, const char *from, uint8_t type, uint8_t code,
    uint32_t word, const uint8_t *quoted, size_t count)
{
	uint8_t buf[1280];
	struct mip6_wr w = mip6_wr_make(buf, sizeof(buf));
	struct mip6_icmp6_error e;
	struct mip6_event ev;

	memset(&e, 0, sizeof(e));
	e.src = fix_addr(from);
	e.dst = home(x)->at.coa;
	e.hop_limit = 64;
	e.type = type;
	e.code = code;
	e.word = word;
	e.quoted = quoted;
	e.quoted_octets = count;
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
icmp_error(struct fix *x, uint8_t type, uint8_t code, uint32_t word,
    const uint8_t *quoted, size_t count)
{
	icmp_error_from(x, "2001:db8:ffff::1", type, code, word, quoted, count);
}

static void
test_icmp_error(void **state)
{
	struct fix *x = test_malloc(sizeof(*x));
	const struct fix_sent *s;
	struct mip6_fmt f;
	struct mip6_mh m;
	char why[256];
	uint8_t other[1500];
	int i;

	(void)state;
	s = begin(x, &m);
	/* Quoting what went elsewhere: of no concern. */
	memcpy(other, s->octets, s->act.count);
	other[MIP6_IP6_AT_DST + 15] ^= 1;
	icmp_error(x, 1, 1, 0, other, s->act.count);
	assert_int_equal(fix_drops(x, MIP6_DROP_ICMP_IGNORED), 1);
	icmp_error(x, 1, 1, 0, s->octets, 30);
	assert_int_equal(fix_drops(x, MIP6_DROP_ICMP_QUOTE), 1);
	icmp_error(x, 1, 1, 0, s->octets, s->act.count);
	for (i = 0; i < 2; i++)
		fix_wait(x, MIP6_SPAN_S(5));
	f = mip6_fmt_make(why, sizeof(why));
	mip6_show_why(x->node, &x->now, &f);
	assert_string_equal(why,
	    "no Binding Acknowledgement from "
	    "2001:db8:1::1 for 10 s: 3 sent, administratively prohibited "
	    "from 2001:db8:ffff::1");
	fix_fini(x);
	test_free(x);
}

/* A packet of the home address, as a router quotes it: in our tunnel. */
static void
quote_tunnel(struct fix *x, uint8_t quoted[80])
{
	struct mip6_ip6 ip;

	memset(&ip, 0, sizeof(ip));
	memset(quoted, 0, 80);
	ip.src = home(x)->ha->bul.coa;
	ip.dst = fix_addr(FIX_AGENT);
	ip.next_header = MIP6_NH_IPV6;
	ip.payload_octets = 1460;
	mip6_ip6_put(quoted, &ip);
	ip.src = fix_addr(FIX_HOA);
	ip.dst = fix_addr("2001:db8:c::9");
	ip.next_header = MIP6_NH_UDP;
	ip.payload_octets = 1420;
	mip6_ip6_put(quoted + 40, &ip);
}

static const char *
why(struct fix *x, char *text, size_t size)
{
	struct mip6_fmt f = mip6_fmt_make(text, size);

	mip6_show_why(x->node, &x->now, &f);
	return f.count == 0 ? "" : text;
}

/* Updates are answered, and a router on the way prohibits what is tunnelled. */
static void
test_barred(void **state)
{
	struct fix *x = test_malloc(sizeof(*x));
	struct mip6_link *l;
	uint8_t quoted[80];
	struct mip6_mh m;
	char text[256];
	int i;

	(void)state;
	bound(x);
	l = link_find(x->node, FIX_IFINDEX);
	quote_tunnel(x, quoted);
	/* Another's tunnel, another home address: however often. */
	for (i = 0; i < 4; i++) {
		quoted[MIP6_IP6_AT_DST + 15] ^= 1;
		icmp_error(x, 1, 1, 0, quoted, sizeof(quoted));
		quoted[MIP6_IP6_AT_DST + 15] ^= 1;
		quoted[40 + MIP6_IP6_AT_SRC + 15] ^= 1;
		icmp_error(x, 1, 1, 0, quoted, sizeof(quoted));
		quoted[40 + MIP6_IP6_AT_SRC + 15] ^= 1;
		icmp_error(x, 1, 1, 0, quoted, 60);
	}
	assert_string_equal(why(x, text, sizeof(text)), "");
	/* Now and then one gets lost like that. */
	for (i = 0; i < 4; i++) {
		icmp_error(x, 1, 1, 0, quoted, sizeof(quoted));
		fix_wait(x, MIP6_SPAN_S(5));
	}
	assert_string_equal(why(x, text, sizeof(text)), "");
	assert_int_equal(l->blamed, 0);
	icmp_error(x, 1, 1, 0, quoted, sizeof(quoted));
	icmp_error(x, 1, 1, 0, quoted, sizeof(quoted));
	assert_int_equal(l->blamed, 0);
	icmp_error(x, 1, 1, 0, quoted, sizeof(quoted));
	assert_int_equal(l->blamed, 1);
	assert_string_equal(why(x, text, sizeof(text)),
	    "the tunnel to 2001:db8:1::1 does not get through: "
	    "administratively prohibited from 2001:db8:ffff::1");
	/* With no other link the binding stays, and nothing is sent. */
	assert_int_equal(home(x)->state, MN_REGISTERED);
	assert_null(fix_next_mh(x, &m));
	fix_wait(x, MIP6_SPAN_S(5));
	assert_string_equal(why(x, text, sizeof(text)), "");
	fix_fini(x);
	test_free(x);
}

/* The home agent's own host says so: no other network makes that better. */
static void
test_barred_by_the_agent(void **state)
{
	struct fix *x = test_malloc(sizeof(*x));
	uint8_t quoted[80];
	char text[256];
	int i;

	(void)state;
	bound(x);
	quote_tunnel(x, quoted);
	for (i = 0; i < 3; i++)
		icmp_error_from(x, FIX_AGENT, 1, 4, 0, quoted, sizeof(quoted));
	assert_int_equal(link_find(x->node, FIX_IFINDEX)->blamed, 0);
	assert_string_equal(why(x, text, sizeof(text)),
	    "the tunnel to 2001:db8:1::1 does not get through: "
	    "port unreachable from 2001:db8:1::1");
	fix_fini(x);
	test_free(x);
}

static void
test_too_big(void **state)
{
	struct fix *x = test_malloc(sizeof(*x));
	struct mip6_conf_sa sa = fix_sa();
	const struct fix_sent *s;
	uint8_t quoted[80];
	struct fix_ba ba;
	struct mip6_mh m;
	int i;

	(void)state;
	bound(x);
	quote_tunnel(x, quoted);
	/* Another tunnel's. */
	quoted[MIP6_IP6_AT_DST + 15] ^= 1;
	icmp_error(x, 2, 0, 1400, quoted, sizeof(quoted));
	assert_int_equal(fix_last(x, MIP6_ACT_ROW_SET)->u.row.mtu, 1500);
	quoted[MIP6_IP6_AT_DST + 15] ^= 1;
	icmp_error(x, 2, 0, 1400, quoted, sizeof(quoted));
	assert_int_equal(fix_last(x, MIP6_ACT_ROW_SET)->u.row.mtu, 1400);
	icmp_error(x, 2, 0, 20, quoted, sizeof(quoted));
	assert_int_equal(fix_last(x, MIP6_ACT_ROW_SET)->u.row.mtu, 1280);
	/* It only goes down, until it is old and the binding renewed. */
	icmp_error(x, 2, 0, 1450, quoted, sizeof(quoted));
	assert_int_equal(fix_last(x, MIP6_ACT_ROW_SET)->u.row.mtu, 1280);
	for (i = 0; i < 2; i++) {
		fix_wait(x, MIP6_SPAN_S(450));
		x->seen = x->sents - 1;
		s = fix_next_mh(x, &m);
		assert_non_null(s);
		ba = fix_accept(&m, &sa);
		fix_answer(x, s, NULL, &ba);
		assert_int_equal(fix_last(x, MIP6_ACT_ROW_SET)->u.row.mtu,
		    i == 0 ? 1280 : 1500);
	}
	fix_fini(x);
	test_free(x);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_binding_error),
		cmocka_unit_test(test_refresh_request),
		cmocka_unit_test(test_icmp_error),
		cmocka_unit_test(test_barred),
		cmocka_unit_test(test_barred_by_the_agent),
		cmocka_unit_test(test_too_big),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
