/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What every receiver of a Mobility Header checks (RFC 6275 section 9.2) and
 * what it answers, if anything; the headers before it; writing one.
 *
 * Links: core
 */
#include "core_fix.h"

static const char stranger[] = "2001:db8:f::9";
static const char ours[] = FIX_HOA;

/* A packet of `m_octets` octets of Mobility Header, its checksum right. */
static void
send_raw(struct fix *x, const char *src, const char *dst, const uint8_t *mh,
    size_t count, bool checksum)
{
	uint8_t buf[256];

	memset(buf, 0, sizeof(buf));
	buf[0] = 0x60;
	buf[5] = (uint8_t)count;
	buf[6] = MIP6_NH_MH;
	buf[7] = 64;
	memcpy(buf + 8, fix_addr(src).b, 16);
	memcpy(buf + 24, fix_addr(dst).b, 16);
	memcpy(buf + 40, mh, count);
	if (checksum) {
		struct mip6_addr s = fix_addr(src), d = fix_addr(dst);

		mip6_mh_finish(buf + 40, count, &s, &d);
	}
	fix_packet(x, buf, 40 + count);
}

static struct fix *
mh_new(void)
{
	struct fix *x = test_malloc(sizeof(*x));

	fix_mn(x);
	fix_link(x, true);
	x->seen = x->sents;
	return x;
}

static void
mh_delete(struct fix *x)
{
	fix_fini(x);
	test_free(x);
}

enum answer { NOTHING, ERROR, PROBLEM };

static void
test_section_9_2(void **state)
{
	static const struct {
		uint8_t mh[24];
		size_t count;
		bool checksum;
		enum mip6_drop drop;
		enum answer answer;
		uint32_t pointer;
	} t[] = {
		/* Payload Proto, Header Len, type */
		{ { 59, 1, 7, 0, 0, 0, 1 }, 16, false, MIP6_DROP_BAD_CHECKSUM,
		    NOTHING, 0 },
		{ { 59, 0, 8 }, 8, true, MIP6_DROP_MH_TYPE, ERROR, 0 },
		{ { 59, 0, 255 }, 8, true, MIP6_DROP_MH_TYPE, ERROR, 0 },
		{ { 58, 0, 0 }, 8, true, MIP6_DROP_MH_PROTO, PROBLEM, 40 },
		{ { 59, 0, 7 }, 8, true, MIP6_DROP_MH_LENGTH, PROBLEM, 41 },
		{ { 59, 0, 6 }, 8, true, MIP6_DROP_MH_LENGTH, PROBLEM, 41 },
		{ { 59, 2, 0 }, 8, true, MIP6_DROP_TRUNCATED, NOTHING, 0 },
		{ { 59, 1, 5, 0, 0, 0, 0, 1, 0, 0, 0, 1, 3, 2 }, 16, true,
		    MIP6_DROP_MH_OPTION, NOTHING, 0 },
	};
	struct mip6_addr from;
	struct mip6_mh m;
	size_t i;

	(void)state;
	for (i = 0; i < MIP6_COUNT(t); i++) {
		struct fix *x = mh_new();
		const struct fix_sent *s;

		send_raw(x, stranger, ours, t[i].mh, t[i].count, t[i].checksum);
		if (fix_drops(x, t[i].drop) != 1)
			fail_msg("row %zu", i);
		if (t[i].answer == NOTHING) {
			assert_null(fix_next(x));
		} else if (t[i].answer == ERROR) {
			s = fix_next_mh(x, &m);
			assert_non_null(s);
			assert_int_equal(m.type, MIP6_MH_BE);
			assert_int_equal(m.u.be.status,
			    MIP6_BE_UNKNOWN_MH_TYPE);
			assert_true(mip6_addr_is_any(&m.u.be.hoa));
			from = fix_addr(stranger);
			assert_true(mip6_addr_equal(&s->ip.ip.dst, &from));
			from = fix_addr(ours);
			assert_true(mip6_addr_equal(&s->ip.ip.src, &from));
			assert_memory_equal(&s->act.lladdr, &fix_router_ll, 6);
		} else {
			s = fix_next(x);
			assert_non_null(s);
			assert_int_equal(s->ip.upper, MIP6_NH_ICMPV6);
			assert_int_equal(s->octets[40],
			    MIP6_ICMP6_PARAM_PROBLEM);
			assert_int_equal(s->octets[41], 0);
			assert_int_equal(s->octets[47], t[i].pointer);
			/* It quotes the packet. */
			assert_int_equal(s->octets[48], 0x60);
		}
		assert_null(fix_next(x));
		mh_delete(x);
	}
}

/* Never an answer to what is not unicast, and ten a second in all. */
static void
test_answers(void **state)
{
	static const struct {
		const char *src, *dst;
		bool answered;
	} t[] = {
		{ "2001:db8:f::9", FIX_HOA, true },
		{ "ff02::1", FIX_HOA, false },
		{ "::", FIX_HOA, false },
		{ "::1", FIX_HOA, false },
		{ "fe80::9", FIX_HOA, false },
		{ "2001:db8:f::9", "ff02::1", false },
	};
	static const uint8_t unknown[8] = { 59, 0, 77 };
	struct fix *x;
	size_t i;

	(void)state;
	for (i = 0; i < MIP6_COUNT(t); i++) {
		x = mh_new();
		send_raw(x, t[i].src, t[i].dst, unknown, 8, true);
		if ((fix_next(x) != NULL) != t[i].answered)
			fail_msg("row %zu", i);
		mh_delete(x);
	}
	x = mh_new();
	fix_wait(x, MIP6_SPAN_S(2));
	x->seen = x->sents;
	for (i = 0; i < 15; i++) {
		send_raw(x, stranger, ours, unknown, 8, true);
		assert_int_equal(fix_next(x) != NULL, i < 10);
	}
	assert_int_equal(fix_drops(x, MIP6_DROP_MH_RATE), 5);
	x->now.boot.us += 999999;
	send_raw(x, stranger, ours, unknown, 8, true);
	assert_null(fix_next(x));
	x->now.boot.us += 1;
	send_raw(x, stranger, ours, unknown, 8, true);
	assert_non_null(fix_next(x));
	mh_delete(x);
}

/* A Binding Update to who is no home agent; one that comes from nowhere. */
static void
test_update_to_stranger(void **state)
{
	static const struct {
		const char *src, *dst;
		enum mip6_drop drop;
		bool answered;
	} t[] = {
		{ "2001:db8:f::9", FIX_HOA, MIP6_DROP_BU_NO_HOME_AGENT, true },
		{ "ff02::1", FIX_HOA, MIP6_DROP_BU_SRC_INVALID, false },
		{ "::", FIX_HOA, MIP6_DROP_BU_SRC_INVALID, false },
		{ "::1", FIX_HOA, MIP6_DROP_BU_SRC_INVALID, false },
		{ "2001:db8:f::9", "ff02::1", MIP6_DROP_MARTIAN, false },
	};
	struct mip6_mh m;
	struct fix_bu bu;
	size_t i;

	(void)state;
	for (i = 0; i < MIP6_COUNT(t); i++) {
		struct fix *x = mh_new();

		bu = fix_update(1, NULL);
		bu.src = t[i].src;
		bu.dst = t[i].dst;
		bu.hoa = NULL;
		bu.alt_coa = NULL;
		fix_send_bu(x, &bu);
		if (fix_drops(x, t[i].drop) != 1)
			fail_msg("row %zu", i);
		if (t[i].answered) {
			assert_non_null(fix_next_mh(x, &m));
			assert_int_equal(m.u.ba.status,
			    MIP6_BA_HOME_REG_NOT_SUPPORTED);
		}
		assert_null(fix_next_mh(x, &m));
		mh_delete(x);
	}
	{
		struct fix *x = mh_new();

		/* Without H it is for a correspondent, which we are not. */
		bu = fix_update(1, NULL);
		bu.dst = ours;
		bu.not_home = true;
		fix_send_bu(x, &bu);
		assert_int_equal(fix_drops(x, MIP6_DROP_MH_WRONG_ROLE), 1);
		assert_null(fix_next_mh(x, &m));
		mh_delete(x);
	}
}

/* Headers before it: a packet with two options, and the like. */
static void
test_headers(void **state)
{
	static const struct {
		const char *hao, *rh2; /* NULL: none */
		uint8_t segments;
		bool twice;
		enum mip6_drop drop;
	} t[] = {
		{ "2001:db8:1::200", NULL, 1, true, MIP6_DROP_HAO_TWICE },
		{ "ff02::1", NULL, 1, false, MIP6_DROP_HAO_NOT_UNICAST },
		{ "fe80::1", NULL, 1, false, MIP6_DROP_HAO_NOT_UNICAST },
		{ "::", NULL, 1, false, MIP6_DROP_HAO_NOT_UNICAST },
		{ NULL, "2001:db8:1::200", 1, false, MIP6_DROP_RH2_NOT_HOME },
		{ NULL, FIX_HOA, 0, false, MIP6_DROP_RH2_BAD },
		{ NULL, FIX_HOA, 2, false, MIP6_DROP_RH2_BAD },
		{ NULL, FIX_HOA, 1, false, MIP6_DROP_MH_WRONG_ROLE },
		{ "2001:db8:1::200", NULL, 1, false, MIP6_DROP_MH_WRONG_ROLE },
	};
	size_t i;

	(void)state;
	for (i = 0; i < MIP6_COUNT(t); i++) {
		struct fix *x = mh_new();
		uint8_t buf[256];
		struct mip6_wr w = mip6_wr_make(buf, sizeof(buf));
		struct mip6_ip6_out ip;
		struct mip6_mh m;
		struct mip6_mh_marks marks;
		size_t start, at;

		memset(&ip, 0, sizeof(ip));
		memset(&m, 0, sizeof(m));
		ip.ip.src = fix_addr(stranger);
		ip.ip.dst = fix_addr("2001:db8:a::5");
		ip.ip.hop_limit = 64;
		ip.upper = MIP6_NH_MH;
		ip.has_hao = t[i].hao != NULL;
		ip.hao = fix_addr(ip.has_hao ? t[i].hao : "::");
		ip.has_rh2 = t[i].rh2 != NULL;
		ip.rh2 = fix_addr(ip.has_rh2 ? t[i].rh2 : "::");
		m.type = MIP6_MH_HOTI;
		start = mip6_ip6_begin(&w, &ip);
		at = w.pos;
		mip6_mh_write(&w, &m, &marks);
		mip6_ip6_end(&w, start);
		mip6_mh_finish(buf + at, marks.octets,
		    ip.has_hao ? &ip.hao : &ip.ip.src,
		    ip.has_rh2 ? &ip.rh2 : &ip.ip.dst);
		if (ip.has_rh2)
			buf[43] = t[i].segments;
		if (t[i].twice) {
			/* The same options header once more before it. */
			memmove(buf + 64, buf + 40, w.pos - 40);
			buf[40] = 60;
			buf[5] = (uint8_t)(buf[5] + 24);
			w.pos += 24;
		}
		fix_packet(x, buf, w.pos);
		if (fix_drops(x, t[i].drop) != 1)
			fail_msg("row %zu", i);
		assert_null(fix_next(x));
		mh_delete(x);
	}
}

/* Messages for a role that is not played. */
static void
test_roles(void **state)
{
	static const enum mip6_mh_type type[] = { MIP6_MH_BRR, MIP6_MH_BA,
		MIP6_MH_BE, MIP6_MH_HOTI, MIP6_MH_COTI, MIP6_MH_HOT,
		MIP6_MH_COT };
	struct mip6_conf_mobile mobile;
	struct fix *x = test_malloc(sizeof(*x));
	uint8_t buf[256];
	struct mip6_mh_to to;
	struct mip6_mh m;
	size_t i, count;

	(void)state;
	fix_ha(x, &mobile);
	for (i = 0; i < MIP6_COUNT(type); i++) {
		memset(&m, 0, sizeof(m));
		memset(&to, 0, sizeof(to));
		m.type = type[i];
		to.src = fix_addr(stranger);
		to.dst = fix_addr(FIX_AGENT);
		count = mh_build(x->node, buf, sizeof(buf), &to, &m, NULL, NULL,
		    NULL);
		fix_packet(x, buf, count);
		assert_int_equal(fix_drops(x, MIP6_DROP_MH_WRONG_ROLE), i + 1);
	}
	assert_null(fix_next(x));
	fix_fini(x);
	test_free(x);
}

/* The address of the option goes into the error, the packet to its source. */
static void
test_error_names_option(void **state)
{
	struct fix *x = mh_new();
	struct mip6_addr hoa = fix_addr("2001:db8:1::200"), a;
	const struct fix_sent *s;
	struct mip6_ip6_view ip;
	struct mip6_hint h;
	struct mip6_mh m;

	(void)state;
	memset(&ip, 0, sizeof(ip));
	memset(&h, 0, sizeof(h));
	ip.ip.src = fix_addr(stranger);
	ip.ip.dst = fix_addr(ours);
	ip.has_hao = true;
	ip.hao = ip.eff_src = hoa;
	h.ifindex = FIX_IFINDEX;
	mip6_actions_clear(&x->out);
	x->node->out = &x->out;
	mh_send_error(x->node, &h, &ip, MIP6_BE_UNKNOWN_BINDING);
	x->node->out = NULL;
	fix_collect(x);
	s = fix_next_mh(x, &m);
	assert_non_null(s);
	assert_int_equal(m.u.be.status, MIP6_BE_UNKNOWN_BINDING);
	assert_true(mip6_addr_equal(&m.u.be.hoa, &hoa));
	a = fix_addr(stranger);
	assert_true(mip6_addr_equal(&s->ip.ip.dst, &a));
	assert_false(s->ip.has_rh2);
	mh_delete(x);
}

static void
test_build_too_long(void **state)
{
	struct fix *x = mh_new();
	struct mip6_mh_to to;
	struct mip6_mh m;
	uint8_t buf[55];

	(void)state;
	memset(&to, 0, sizeof(to));
	memset(&m, 0, sizeof(m));
	m.type = MIP6_MH_BA;
	assert_int_equal(mh_build(x->node, buf, sizeof(buf), &to, &m, NULL,
			     NULL, NULL),
	    0);
	assert_non_null(strstr(x->events, "mh.too-long"));
	mh_delete(x);
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_section_9_2),
		cmocka_unit_test(test_answers),
		cmocka_unit_test(test_update_to_stranger),
		cmocka_unit_test(test_headers),
		cmocka_unit_test(test_roles),
		cmocka_unit_test(test_error_names_option),
		cmocka_unit_test(test_build_too_long),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
