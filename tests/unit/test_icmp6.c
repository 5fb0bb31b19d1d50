/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * ICMPv6: errors fit 1,280 octets and quote as much as they can; when one may
 * be sent (RFC 4443 section 2.4); home agent address discovery and mobile
 * prefix messages, written and read, cut and of every length.
 * Links: wire
 */
#include "wire/icmp6.h"

#include "unit/support.h"
#include "unit/wire_gen.h"
#include "wire/cksum.h"
#include "wire/dstopt.h"

static const struct mip6_addr icmp6_src = { { 0x20, 1, 0xd, 0xb8, 0, 0xa, 0, 0,
    0, 0, 0, 0, 0, 0, 0, 5 } };
static const struct mip6_addr icmp6_dst = { { 0x20, 1, 0xd, 0xb8, 0, 1, 0, 0, 0,
    0, 0, 0, 0, 0, 0, 1 } };

static void
test_message(void **state)
{
	struct mip6_icmp6 m = { .type = 128,
		.code = 3,
		.word = 0x12345678,
		.body = (const uint8_t *)"hello",
		.body_octets = 5 };
	struct mip6_icmp6 got;
	uint8_t octets[16];
	struct mip6_wr w;
	size_t n, at, bit;

	(void)state;
	w = mip6_wr_make(octets, sizeof(octets));
	mip6_icmp6_write(&w, &m);
	assert_int_equal(w.pos, 13);
	mip6_icmp6_finish(octets, 13, &icmp6_src, &icmp6_dst);
	assert_int_equal(mip6_icmp6_receive(octets, 13, &icmp6_src, &icmp6_dst,
			     &got, NULL),
	    MIP6_PARSE_OK);
	assert_int_equal(got.type, 128);
	assert_int_equal(got.code, 3);
	assert_true(got.word == 0x12345678);
	assert_int_equal(got.body_octets, 5);
	assert_ptr_equal(got.body, octets + 8);
	for (n = 0; n < 8; n++) {
		assert_int_equal(mip6_icmp6_receive(octets, n, &icmp6_src,
				     &icmp6_dst, &got, &at),
		    MIP6_PARSE_TRUNCATED);
		assert_int_equal(at, n);
	}
	for (bit = 0; bit < 13 * 8; bit++) {
		octets[bit / 8] ^= (uint8_t)(1U << bit % 8);
		assert_int_equal(mip6_icmp6_receive(octets, 13, &icmp6_src,
				     &icmp6_dst, &got, &at),
		    MIP6_PARSE_BAD_CHECKSUM);
		assert_int_equal(at, 2);
		octets[bit / 8] ^= (uint8_t)(1U << bit % 8);
	}
	assert_int_equal(mip6_icmp6_read(octets, 8, &got, NULL), MIP6_PARSE_OK);
	assert_int_equal(got.body_octets, 0);
	SUPPORT_ABORTS(mip6_icmp6_finish(octets, 3, &icmp6_src, &icmp6_dst));
	assert_true(mip6_icmp6_is_error(127));
	assert_false(mip6_icmp6_is_error(128));
}

static void
test_error(void **state)
{
	uint8_t quoted[2000], octets[1500];
	struct mip6_icmp6_error e = { .src = icmp6_dst,
		.dst = icmp6_src,
		.hop_limit = 64,
		.type = MIP6_ICMP6_TOO_BIG,
		.word = 1400,
		.quoted = quoted };
	struct mip6_ip6_view v;
	struct mip6_icmp6 m;
	struct mip6_wr w;
	size_t n, want;

	(void)state;
	for (n = 0; n < sizeof(quoted); n++)
		quoted[n] = (uint8_t)(n * 7);
	for (n = 0; n <= sizeof(quoted); n++) {
		e.quoted_octets = n;
		w = mip6_wr_make(octets, sizeof(octets));
		mip6_wr_zero(&w, 14);
		mip6_icmp6_error_write(&w, &e);
		assert_false(w.failed);
		want = n < 1232 ? n : 1232;
		assert_int_equal(w.pos, 14 + 48 + want);
		assert_true(w.pos - 14 <= MIP6_IP6_MTU_MIN);
		assert_int_equal(mip6_ip6_view(octets + 14, w.pos - 14, &v,
				     NULL),
		    MIP6_PARSE_OK);
		assert_int_equal(v.upper, MIP6_NH_ICMPV6);
		assert_int_equal(v.ip.hop_limit, 64);
		assert_int_equal(v.octets, w.pos - 14);
		assert_int_equal(mip6_icmp6_receive(octets + 14 + v.upper_at,
				     v.upper_octets, &v.eff_src, &v.eff_dst, &m,
				     NULL),
		    MIP6_PARSE_OK);
		assert_int_equal(m.type, MIP6_ICMP6_TOO_BIG);
		assert_true(m.word == 1400);
		assert_int_equal(m.body_octets, want);
		assert_memory_equal(m.body, quoted, want);
	}
	w = mip6_wr_make(octets, 48);
	mip6_icmp6_error_write(&w, &e);
	assert_true(w.failed);
}

/* A packet of upper protocol and first octet, and what may be said of it. */
static bool
icmp6_allowed(const struct mip6_addr *src, const struct mip6_addr *dst,
    uint8_t upper, uint8_t first, bool ll_multicast, uint8_t type, uint8_t code)
{
	const struct mip6_ip6_out o = { .ip = { .src = *src, .dst = *dst },
		.upper = upper };
	struct mip6_ip6_view v;
	uint8_t octets[64];
	struct mip6_wr w = mip6_wr_make(octets, sizeof(octets));

	(void)mip6_ip6_begin(&w, &o);
	mip6_wr_u8(&w, first);
	mip6_wr_zero(&w, 7);
	mip6_ip6_end(&w, 0);
	assert_int_equal(mip6_ip6_view(octets, w.pos, &v, NULL), MIP6_PARSE_OK);
	return mip6_icmp6_error_allowed(&v, octets, ll_multicast, type, code);
}

static void
test_allowed(void **state)
{
	const struct mip6_addr *src = &icmp6_src, *dst = &icmp6_dst;
	const struct mip6_addr *group = &mip6_addr_all_nodes;
	unsigned int type;

	(void)state;
	assert_true(icmp6_allowed(src, dst, 17, 0, false, 1, 0));
	/* (e.1), (e.2) */
	for (type = 0; type < 256; type++)
		assert_int_equal(icmp6_allowed(src, dst, 58, (uint8_t)type,
				     false, 1, 0),
		    type >= 128 && type != 137);
	/* An error is one of ICMPv6, not of any protocol. */
	assert_true(icmp6_allowed(src, dst, 17, 1, false, 1, 0));
	/* (e.3), (e.4) and their exceptions */
	assert_false(icmp6_allowed(src, group, 17, 0, false, 1, 0));
	assert_false(icmp6_allowed(src, dst, 17, 0, true, 1, 0));
	assert_true(icmp6_allowed(src, group, 17, 0, false, 2, 0));
	assert_true(icmp6_allowed(src, dst, 17, 0, true, 2, 0));
	assert_true(icmp6_allowed(src, group, 17, 0, false, 4, 2));
	assert_false(icmp6_allowed(src, group, 17, 0, false, 4, 1));
	assert_false(icmp6_allowed(src, group, 17, 0, true, 3, 2));
	/* (e.6) */
	assert_false(icmp6_allowed(&mip6_addr_any, dst, 17, 0, false, 2, 0));
	assert_false(icmp6_allowed(group, dst, 17, 0, false, 2, 0));
	assert_false(
	    icmp6_allowed(&mip6_addr_loopback, dst, 17, 0, false, 2, 0));
}

/* A later fragment of an ICMPv6 message may belong to an error. */
static void
test_allowed_fragments(void **state)
{
	const struct mip6_ip6_out o = { .ip = { .src = icmp6_src,
					    .dst = icmp6_dst },
		.upper = MIP6_NH_FRAGMENT };
	static const uint8_t uppers[] = { MIP6_NH_ICMPV6, MIP6_NH_UDP };
	struct mip6_ip6_view v;
	uint8_t octets[64];
	struct mip6_wr w;
	size_t i, offset;

	(void)state;
	for (i = 0; i < 2; i++)
		for (offset = 0; offset <= 8; offset += 8) {
			w = mip6_wr_make(octets, sizeof(octets));
			(void)mip6_ip6_begin(&w, &o);
			mip6_wr_zero(&w, 16);
			mip6_frag_put(octets + 40, uppers[i], (uint16_t)offset,
			    true, 1);
			octets[48] = 128;
			mip6_ip6_end(&w, 0);
			assert_int_equal(mip6_ip6_view(octets, w.pos, &v, NULL),
			    MIP6_PARSE_OK);
			assert_int_equal(mip6_icmp6_error_allowed(&v, octets,
					     false, 1, 0),
			    uppers[i] == MIP6_NH_UDP || offset == 0);
		}
	/* An ICMPv6 packet with nothing in it. */
	w = mip6_wr_make(octets, sizeof(octets));
	(void)mip6_ip6_begin(&w,
	    &(struct mip6_ip6_out){ .ip = o.ip, .upper = MIP6_NH_ICMPV6 });
	mip6_ip6_end(&w, 0);
	assert_int_equal(mip6_ip6_view(octets, 40, &v, NULL), MIP6_PARSE_OK);
	assert_false(mip6_icmp6_error_allowed(&v, octets, false, 1, 0));
}

static void
test_dhaad(void **state)
{
	struct gen g = gen_make(65);
	uint8_t octets[2048], again[2048];
	struct mip6_dhaad d, got;
	struct mip6_wr w;
	size_t turn, i, n, at;

	(void)state;
	for (turn = 0; turn < 500; turn++) {
		memset(&d, 0, sizeof(d));
		d.type = turn % 2 == 0 ? MIP6_ICMP6_DHAAD_REQUEST :
					 MIP6_ICMP6_DHAAD_REPLY;
		d.id = (uint16_t)gen_edge(&g, UINT16_MAX);
		if (turn % 2 == 1)
			d.addr_count =
			    (uint8_t)gen_edge(&g, MIP6_DHAAD_ADDRS_MAX);
		for (i = 0; i < d.addr_count; i++)
			d.addr[i] = gen_addr(&g);
		w = mip6_wr_make(octets, sizeof(octets));
		mip6_dhaad_write(&w, &d);
		assert_int_equal(w.pos, 8 + 16 * d.addr_count);
		assert_int_equal(mip6_dhaad_read(octets, w.pos, &got, NULL),
		    MIP6_PARSE_OK);
		assert_int_equal(got.type, d.type);
		assert_int_equal(got.id, d.id);
		assert_int_equal(got.addr_count, d.addr_count);
		assert_memory_equal(got.addr, d.addr, sizeof(d.addr));
		n = w.pos;
		w = mip6_wr_make(again, sizeof(again));
		mip6_dhaad_write(&w, &got);
		assert_memory_equal(octets, again, n);
	}
	/* The whole list fits the least MTU of IPv6 with all its headers. */
	assert_true(40 + 8 + 16 * MIP6_DHAAD_ADDRS_MAX <= 1280);
	/* Every length. */
	memset(octets, 0, sizeof(octets));
	octets[0] = MIP6_ICMP6_DHAAD_REPLY;
	for (n = 0; n < 1500; n++) {
		at = SIZE_MAX;
		if (n < 8)
			assert_int_equal(mip6_dhaad_read(octets, n, &got, &at),
			    MIP6_PARSE_TRUNCATED);
		else if (n % 16 != 8)
			assert_int_equal(mip6_dhaad_read(octets, n, &got, &at),
			    MIP6_PARSE_BAD_LENGTH);
		else if (n > 8 + 16 * MIP6_DHAAD_ADDRS_MAX)
			assert_int_equal(mip6_dhaad_read(octets, n, &got, &at),
			    MIP6_PARSE_TOO_MANY);
		else
			assert_int_equal(mip6_dhaad_read(octets, n, &got, &at),
			    MIP6_PARSE_OK);
		if (n < 8)
			assert_int_equal(at, n);
		else if (n % 16 != 8)
			assert_int_equal(at, n - (n - 8) % 16);
		else if (n > 8 + 16 * MIP6_DHAAD_ADDRS_MAX)
			assert_int_equal(at, 8 + 16 * MIP6_DHAAD_ADDRS_MAX);
	}
	/* R6.5-02: what is behind a request, and reserved, is ignored. */
	octets[0] = MIP6_ICMP6_DHAAD_REQUEST;
	octets[6] = octets[7] = 0xff;
	assert_int_equal(mip6_dhaad_read(octets, 13, &got, NULL),
	    MIP6_PARSE_OK);
	octets[1] = 1;
	assert_int_equal(mip6_dhaad_read(octets, 8, &got, &at),
	    MIP6_PARSE_BAD_CODE);
	assert_int_equal(at, 1);
	octets[0] = MIP6_ICMP6_MPS;
	assert_int_equal(mip6_dhaad_read(octets, 8, &got, &at),
	    MIP6_PARSE_UNKNOWN_TYPE);
	assert_int_equal(at, 0);
	d.addr_count = MIP6_DHAAD_ADDRS_MAX + 1;
	SUPPORT_ABORTS(mip6_dhaad_write(&w, &d));
}

static void
test_mobile_prefix(void **state)
{
	struct gen g = gen_make(68);
	uint8_t octets[2048], again[2048];
	struct mip6_mp m, got;
	struct mip6_wr w;
	size_t turn, n;

	(void)state;
	for (turn = 0; turn < 2000; turn++) {
		memset(&m, 0, sizeof(m));
		m.type = turn % 2 == 0 ? MIP6_ICMP6_MPS : MIP6_ICMP6_MPA;
		m.id = (uint16_t)gen_edge(&g, UINT16_MAX);
		if (m.type == MIP6_ICMP6_MPA) {
			m.managed = gen_bool(&g);
			m.other = gen_bool(&g);
			gen_prefixes(&g, &m.opt);
		}
		w = mip6_wr_make(octets, sizeof(octets));
		mip6_mp_write(&w, &m);
		n = w.pos;
		assert_int_equal(n, 8 + 32 * m.opt.prefix_count);
		assert_int_equal(mip6_mp_read(octets, n, &got, NULL),
		    MIP6_PARSE_OK);
		assert_int_equal(got.type, m.type);
		assert_int_equal(got.id, m.id);
		assert_int_equal(got.managed, m.managed);
		assert_int_equal(got.other, m.other);
		gen_same_nd_opts(&m.opt, &got.opt);
		w = mip6_wr_make(again, sizeof(again));
		mip6_mp_write(&w, &got);
		assert_int_equal(w.pos, n);
		assert_memory_equal(octets, again, n);
	}
}

static void
test_mobile_prefix_bad(void **state)
{
	uint8_t octets[64] = { MIP6_ICMP6_MPS, 0, 0, 0, 0, 7, 0xff, 0xff };
	struct mip6_mp got;
	size_t n, at;

	(void)state;
	/* R6.7-05: reserved bits are ignored; in an MPA two mean something. */
	assert_int_equal(mip6_mp_read(octets, 8, &got, NULL), MIP6_PARSE_OK);
	assert_int_equal(got.id, 7);
	assert_false(got.managed || got.other);
	octets[0] = MIP6_ICMP6_MPA;
	assert_int_equal(mip6_mp_read(octets, 8, &got, NULL), MIP6_PARSE_OK);
	assert_true(got.managed && got.other);
	for (n = 0; n < 8; n++) {
		assert_int_equal(mip6_mp_read(octets, n, &got, &at),
		    MIP6_PARSE_TRUNCATED);
		assert_int_equal(at, n);
	}
	/* R6.8-09: an unknown option, then a prefix, cut at every octet. */
	octets[8] = 99;
	octets[9] = 1;
	octets[16] = MIP6_NDOPT_PREFIX;
	octets[17] = 4;
	assert_int_equal(mip6_mp_read(octets, 48, &got, NULL), MIP6_PARSE_OK);
	assert_int_equal(got.opt.unknown, 1);
	assert_int_equal(got.opt.prefix_count, 1);
	for (n = 17; n < 48; n++) {
		assert_int_equal(mip6_mp_read(octets, n, &got, &at),
		    MIP6_PARSE_OPTION_LENGTH);
		assert_int_equal(at, 17);
	}
	/* R6.7-06: in a solicitation no option means anything. */
	octets[0] = MIP6_ICMP6_MPS;
	assert_int_equal(mip6_mp_read(octets, 48, &got, NULL), MIP6_PARSE_OK);
	assert_int_equal(got.opt.unknown, 2);
	octets[1] = 1;
	assert_int_equal(mip6_mp_read(octets, 8, &got, &at),
	    MIP6_PARSE_BAD_CODE);
	assert_int_equal(at, 1);
	octets[0] = MIP6_ICMP6_DHAAD_REPLY;
	assert_int_equal(mip6_mp_read(octets, 8, &got, &at),
	    MIP6_PARSE_UNKNOWN_TYPE);
	assert_int_equal(at, 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_message),
		cmocka_unit_test(test_error),
		cmocka_unit_test(test_allowed),
		cmocka_unit_test(test_allowed_fragments),
		cmocka_unit_test(test_dhaad),
		cmocka_unit_test(test_mobile_prefix),
		cmocka_unit_test(test_mobile_prefix_bad),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
