/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * One line about a packet: what it says of each kind, that secrets and octets
 * that could harm a terminal stay out of it, and that it survives any packet
 * cut anywhere and any size of its buffer.
 * Links: wire
 */
#include "wire/describe.h"

#include "unit/support.h"
#include "unit/wire_gen.h"
#include "wire/cksum.h"
#include "wire/dstopt.h"
#include "wire/eth.h"

static char describe_text[4096];

static const char *
describe(const uint8_t *octets, size_t count)
{
	struct mip6_fmt f = mip6_fmt_make(describe_text, sizeof(describe_text));

	mip6_describe_packet(&f, octets, count);
	assert_false(f.cut);
	return describe_text;
}

static struct mip6_addr
describe_addr(const char *text)
{
	struct mip6_addr a;

	assert_true(mip6_addr_parse(text, &a));
	return a;
}

/* From 2001:db8:a::5 to 2001:db8:1::1. */
static struct mip6_ip6_out
describe_out(uint8_t upper)
{
	return (
	    struct mip6_ip6_out){ .ip = { .src = describe_addr("2001:db8:a::5"),
				      .dst = describe_addr("2001:db8:1::1"),
				      .hop_limit = 64 },
		.upper = upper };
}

/* A packet of an upper layer, with its right checksum. */
static size_t
describe_make(uint8_t *octets, size_t room, const struct mip6_ip6_out *o,
    const uint8_t *upper, size_t count)
{
	struct mip6_wr w = mip6_wr_make(octets, room);
	size_t at;

	(void)mip6_ip6_begin(&w, o);
	at = w.pos;
	mip6_wr_octets(&w, upper, count);
	mip6_ip6_end(&w, 0);
	assert_false(w.failed);
	(void)mip6_cksum_upper_set(o->has_hao ? &o->hao : &o->ip.src,
	    o->has_rh2 ? &o->rh2 : &o->ip.dst, o->upper, octets + at, count);
	return w.pos;
}

static void
describe_mh_is(const struct mip6_ip6_out *o, const struct mip6_mh *m,
    const char *want)
{
	uint8_t mh[512], octets[1024];
	struct mip6_wr w = mip6_wr_make(mh, sizeof(mh));
	size_t count;

	mip6_mh_write(&w, m, NULL);
	assert_false(w.failed);
	count = describe_make(octets, sizeof(octets), o, mh, w.pos);
	assert_string_equal(describe(octets, count), want);
}

#define FROM_TO "2001:db8:a::5 > 2001:db8:1::1 "

static void
test_mobility(void **state)
{
	static const uint8_t secret[12] = "secret-12345";
	struct mip6_ip6_out o = describe_out(MIP6_NH_MH);
	struct mip6_mh m = { .type = MIP6_MH_BU,
		.u.bu = { .seq = 5,
		    .ack = true,
		    .home = true,
		    .key = true,
		    .lifetime = MIP6_SPAN_S(40) } };

	(void)state;
	m.opt.has_alt_coa = true;
	m.opt.alt_coa = describe_addr("2001:db8:a::5");
	m.opt.has_mn_id = true;
	m.opt.mn_id_subtype = MIP6_MN_ID_NAI;
	m.opt.mn_id = (const uint8_t *)"a@\033[m b";
	m.opt.mn_id_octets = 7;
	m.opt.has_replay = true;
	m.opt.replay = UINT64_C(10) << 32;
	m.opt.has_mn_ha = true;
	m.opt.mn_ha = (struct mip6_mh_auth){ 256, secret, 12, 0 };
	m.opt.has_mn_aaa = true;
	m.opt.mn_aaa = (struct mip6_mh_auth){ 3, secret, 12, 0 };
	o.has_hao = true;
	o.hao = describe_addr("2001:db8:1::100");
	describe_mh_is(&o, &m,
	    FROM_TO "hao=2001:db8:1::100 BU seq=5 AHK lifetime=40s "
		    "alt-coa=2001:db8:a::5 mn-id=a@?[m?b timestamp=10 "
		    "mn-ha spi=256 mn-aaa spi=3");
	memset(&m, 0, sizeof(m));
	m.type = MIP6_MH_BA;
	m.u.ba.status = 135;
	m.u.ba.seq = 7;
	m.u.ba.key = true;
	m.opt.has_refresh_advice = true;
	m.opt.refresh_advice = MIP6_SPAN_S(8);
	m.opt.has_auth_data = true;
	m.opt.auth_data = (struct mip6_mh_auth){ 0, secret, 12, 0 };
	o.has_hao = false;
	o.has_rh2 = true;
	o.rh2 = describe_addr("2001:db8:1::100");
	describe_mh_is(&o, &m,
	    FROM_TO "rh2=2001:db8:1::100 BA "
		    "status=135(sequence-number-out-of-window) seq=7 K "
		    "lifetime=0s refresh=8s auth");
	o.has_rh2 = false;
	memset(&m, 0, sizeof(m));
	m.type = MIP6_MH_HOT;
	memcpy(m.u.test.token, "secret", 6);
	m.u.test.nonce_index = 3;
	describe_mh_is(&o, &m, FROM_TO "HoT nonce=3");
	m.type = MIP6_MH_COT;
	m.opt.has_mn_id = true;
	m.opt.mn_id_subtype = 2;
	m.opt.mn_id = (const uint8_t *)"\1\2";
	m.opt.mn_id_octets = 2;
	describe_mh_is(&o, &m, FROM_TO "CoT nonce=3 mn-id=0x0102");
	memset(&m, 0, sizeof(m));
	describe_mh_is(&o, &m, FROM_TO "BRR");
	m.type = MIP6_MH_HOTI;
	describe_mh_is(&o, &m, FROM_TO "HoTI");
	m.type = MIP6_MH_COTI;
	describe_mh_is(&o, &m, FROM_TO "CoTI");
	m.type = MIP6_MH_BE;
	m.u.be.status = 1;
	m.u.be.hoa = describe_addr("2001:db8:1::100");
	describe_mh_is(&o, &m, FROM_TO "BE status=1 hoa=2001:db8:1::100");
	memset(&m, 0, sizeof(m));
	m.type = MIP6_MH_BU;
	m.u.bu.link_local = true;
	m.opt.has_nonce_indices = true;
	m.opt.home_nonce_index = 1;
	m.opt.coa_nonce_index = 2;
	describe_mh_is(&o, &m, FROM_TO "BU seq=0 L lifetime=0s nonces=1,2");
}

static void
describe_icmp6_is(const uint8_t *upper, size_t count, const char *want)
{
	struct mip6_ip6_out o = describe_out(MIP6_NH_ICMPV6);
	uint8_t octets[1500];

	count = describe_make(octets, sizeof(octets), &o, upper, count);
	assert_string_equal(describe(octets, count), want);
}

static void
test_neighbours(void **state)
{
	struct mip6_nd n = { .type = MIP6_ND_RA,
		.u.ra = { .home_agent = true,
		    .router_lifetime = MIP6_SPAN_S(60) },
		.opt = { .prefix_count = 1,
		    .has_mtu = true,
		    .mtu = 1500,
		    .has_adv_interval = true,
		    .adv_interval = MIP6_SPAN_MS(600),
		    .has_ha_info = true,
		    .ha_preference = 9,
		    .ha_lifetime = MIP6_SPAN_S(30),
		    .has_slla = true,
		    .slla = { { 2, 0, 0, 0, 0, 1 } } } };
	uint8_t octets[256];
	struct mip6_wr w;

	(void)state;
	n.opt.prefix[0] =
	    (struct mip6_nd_prefix){ .addr = describe_addr("2001:db8:1::1"),
		    .bits = 64,
		    .on_link = true,
		    .autonomous = true,
		    .router = true,
		    .valid = MIP6_ND_INFINITE,
		    .preferred = MIP6_SPAN_S(5) };
	w = mip6_wr_make(octets, sizeof(octets));
	mip6_nd_write(&w, &n);
	describe_icmp6_is(octets, w.pos,
	    FROM_TO "RA H router-lifetime=60s prefix=2001:db8:1::1/64 LAR "
		    "valid=infinite preferred=5s mtu=1500 interval=600ms "
		    "ha-preference=9 ha-lifetime=30s slla=02:00:00:00:00:01");
	memset(&n, 0, sizeof(n));
	n.type = MIP6_ND_RS;
	w = mip6_wr_make(octets, sizeof(octets));
	mip6_nd_write(&w, &n);
	describe_icmp6_is(octets, w.pos, FROM_TO "RS");
	describe_icmp6_is((const uint8_t *)"\x85\1\0\0\0\0\0\0", 8,
	    FROM_TO "RS [bad-code at 1]");
	n.type = MIP6_ND_NS;
	n.u.ns.target = describe_addr("fe80::1");
	w = mip6_wr_make(octets, sizeof(octets));
	mip6_nd_write(&w, &n);
	mip6_wr_u16(&w, 0xc801);
	mip6_wr_zero(&w, 6);
	describe_icmp6_is(octets, w.pos,
	    FROM_TO "NS target=fe80::1 unknown-options=1");
	memset(&n, 0, sizeof(n));
	n.type = MIP6_ND_NA;
	n.u.na.solicited = true;
	n.u.na.override = true;
	n.u.na.target = describe_addr("fe80::1");
	n.opt.has_tlla = true;
	w = mip6_wr_make(octets, sizeof(octets));
	mip6_nd_write(&w, &n);
	describe_icmp6_is(octets, w.pos,
	    FROM_TO "NA target=fe80::1 SO tlla=00:00:00:00:00:00");
}

static void
test_icmp6(void **state)
{
	static const uint8_t quoted[40] = { 0x60, 0, 0, 0, 0, 9, 17, 64 };
	struct mip6_dhaad d = { .type = MIP6_ICMP6_DHAAD_REPLY,
		.id = 3,
		.addr_count = 1 };
	struct mip6_mp m = { .type = MIP6_ICMP6_MPS, .id = 4 };
	struct mip6_icmp6 e = { .type = MIP6_ICMP6_TOO_BIG,
		.word = 1280,
		.body = quoted,
		.body_octets = 40 };
	uint8_t octets[256];
	struct mip6_wr w;

	(void)state;
	w = mip6_wr_make(octets, sizeof(octets));
	mip6_icmp6_write(&w, &e);
	describe_icmp6_is(octets, w.pos,
	    FROM_TO "ICMPv6 packet-too-big code=0 mtu=1280 about "
		    "{:: > :: UDP}");
	e.type = MIP6_ICMP6_PARAM_PROBLEM;
	e.word = 40;
	e.body_octets = 5;
	w = mip6_wr_make(octets, sizeof(octets));
	mip6_icmp6_write(&w, &e);
	describe_icmp6_is(octets, w.pos,
	    FROM_TO "ICMPv6 parameter-problem code=0 pointer=40 about "
		    "{IPv6 [truncated at 5]}");
	describe_icmp6_is((const uint8_t *)"\x7f\0\0\0\0\0\0\0", 8,
	    FROM_TO "ICMPv6 error type=127 code=0 about "
		    "{IPv6 [truncated at 0]}");
	describe_icmp6_is((const uint8_t *)"\x80\0\0\0\0\1\0\2", 8,
	    FROM_TO "echo-request id=1 seq=2");
	describe_icmp6_is((const uint8_t *)"\x81\0\0\0\0\1\0\2", 8,
	    FROM_TO "echo-reply id=1 seq=2");
	describe_icmp6_is((const uint8_t *)"\x8f\0\0\0\0\0\0\0", 8,
	    FROM_TO "ICMPv6 type=143");
	describe_icmp6_is((const uint8_t *)"\x8f\0\0\0", 4,
	    FROM_TO "ICMPv6 [truncated at 4]");
	describe_icmp6_is((const uint8_t *)"\x90\0\0\0\0\7\0\0", 8,
	    FROM_TO "DHAAD-request id=7");
	describe_icmp6_is((const uint8_t *)"\x90\1\0\0\0\7\0\0", 8,
	    FROM_TO "DHAAD-request [bad-code at 1]");
	d.addr[0] = describe_addr("2001:db8:1::1");
	w = mip6_wr_make(octets, sizeof(octets));
	mip6_dhaad_write(&w, &d);
	describe_icmp6_is(octets, w.pos,
	    FROM_TO "DHAAD-reply id=3 agent=2001:db8:1::1");
	w = mip6_wr_make(octets, sizeof(octets));
	mip6_mp_write(&w, &m);
	describe_icmp6_is(octets, w.pos, FROM_TO "MPS id=4");
	describe_icmp6_is((const uint8_t *)"\x93\1\0\0\0\7\0\0", 8,
	    FROM_TO "MPA [bad-code at 1]");
}

static void
test_packets(void **state)
{
	static const struct {
		uint8_t upper;
		const char *octets;
		size_t count;
		const char *want;
	} rows[] = {
		{ MIP6_NH_TCP, "\0\x50\1\2", 4,
		    FROM_TO "TCP 80>258 [bad-checksum]" },
		{ MIP6_NH_UDP, "\0\x50", 2, FROM_TO "UDP [bad-checksum]" },
		{ MIP6_NH_ESP, "secret", 6, FROM_TO "ESP" },
		{ MIP6_NH_NONE, "", 0, FROM_TO "nothing" },
		{ 253, "", 0, FROM_TO "protocol 253" },
		{ MIP6_NH_MH, "", 0,
		    FROM_TO "MH [truncated at 0] [bad-checksum]" },
		{ MIP6_NH_MH, "\x3b\0\x09\0\0\0\0\0", 8,
		    FROM_TO "MH? [unknown-type at 2]" },
		{ MIP6_NH_FRAGMENT, "\x11\0\0\x09\0\0\0\7", 8,
		    FROM_TO "frag=7@8+ fragment of 17" },
		{ MIP6_NH_FRAGMENT, "\x11\0\0\x08\0\0\0\7", 8,
		    FROM_TO "frag=7@8 fragment of 17" },
		{ MIP6_NH_ROUTING, "\x3b\0\0\1\0\0\0\0", 8,
		    FROM_TO "rh-type=0 [rh-other at 42] nothing" },
		{ MIP6_NH_DSTOPTS, "\x3b\1", 2, "IPv6 [truncated at 41]" },
		{ MIP6_NH_IPV6, "", 0,
		    FROM_TO "tunnel {IPv6 [truncated at 0]}" },
	};
	struct mip6_ip6_out o;
	uint8_t octets[128];
	size_t i, count;

	(void)state;
	for (i = 0; i < MIP6_COUNT(rows); i++) {
		o = describe_out(rows[i].upper);
		count = describe_make(octets, sizeof(octets), &o,
		    (const uint8_t *)rows[i].octets, rows[i].count);
		assert_string_equal(describe(octets, count), rows[i].want);
	}
	/* Tunnels in tunnels, to a depth. */
	count = 0;
	for (i = 0; i < 3; i++) {
		o = describe_out(MIP6_NH_IPV6);
		memmove(octets + 40, octets, count);
		mip6_ip6_put(octets,
		    &(struct mip6_ip6){ .payload_octets = (uint16_t)count,
			.next_header = MIP6_NH_IPV6 });
		count += 40;
	}
	assert_string_equal(describe(octets, count),
	    ":: > :: tunnel {:: > :: tunnel {:: > :: tunnel {...}}}");
}

static void
test_frames(void **state)
{
	uint8_t
	    octets[64] = { [12] = 0x81, [15] = 7, [16] = 0x86, [17] = 0xdd };
	struct mip6_fmt f;

	(void)state;
	f = mip6_fmt_make(describe_text, sizeof(describe_text));
	mip6_describe_frame(&f, octets, 5);
	assert_string_equal(describe_text, "frame [truncated at 5]");
	f = mip6_fmt_make(describe_text, sizeof(describe_text));
	mip6_describe_frame(&f, octets, 18);
	assert_string_equal(describe_text, "vlan=7 IPv6 [truncated at 0]");
	octets[12] = 8;
	f = mip6_fmt_make(describe_text, sizeof(describe_text));
	mip6_describe_frame(&f, octets, 18);
	assert_string_equal(describe_text, "ethertype=2048");
}

/* Any packet, cut anywhere, into a buffer of any size. */
static void
test_robust(void **state)
{
	struct gen g = gen_make(99);
	uint8_t mh[2048], octets[2300], *copy;
	char small[40];
	struct mip6_ip6_out o = describe_out(MIP6_NH_MH);
	struct mip6_mh m;
	struct mip6_wr w;
	struct mip6_fmt f;
	size_t turn, count, n;

	(void)state;
	for (turn = 0; turn < 200; turn++) {
		m = gen_mh(&g, (enum mip6_mh_type)(turn % MIP6_MH_TYPES));
		w = mip6_wr_make(mh, sizeof(mh));
		mip6_mh_write(&w, &m, NULL);
		count = describe_make(octets, sizeof(octets), &o, mh, w.pos);
		n = gen_below(&g, count + 1);
		copy = malloc(n > 0 ? n : 1);
		assert_non_null(copy);
		memcpy(copy, octets, n);
		(void)describe(copy, n);
		f = mip6_fmt_make(small, 1 + gen_below(&g, sizeof(small)));
		mip6_describe_packet(&f, copy, n);
		assert_true(strlen(small) < sizeof(small));
		free(copy);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_mobility),
		cmocka_unit_test(test_neighbours),
		cmocka_unit_test(test_icmp6),
		cmocka_unit_test(test_packets),
		cmocka_unit_test(test_frames),
		cmocka_unit_test(test_robust),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
