/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Neighbour Discovery: messages written are read back, each is cut at every
 * octet, each option gets every length (0 must not loop), and each validity
 * rule of RFC 4861 sections 6.1 and 7.1 is broken alone.
 * Links: wire
 */
#include "wire/nd.h"

#include "unit/support.h"
#include "unit/wire_gen.h"

static const struct mip6_addr nd_ll = { { 0xfe, 0x80, 0, 0, 0, 0, 0, 0, 0, 0, 0,
    0xff, 0xfe, 0, 0, 1 } };
static const struct mip6_addr nd_global = { { 0x20, 1, 0xd, 0xb8, 0, 1, 0, 0, 0,
    0, 0, 0, 0, 0, 0x12, 0x34 } };
static const struct mip6_addr nd_group = { { 0xff, 2, 0, 0, 0, 0, 0, 0, 0, 0, 0,
    1, 0xff, 0, 0x12, 0x34 } };

struct nd_msg {
	uint8_t octets[2048];
	size_t count;
	struct mip6_addr src;
	struct mip6_addr dst;
	uint8_t hop_limit;
};

static enum mip6_parse
nd_receive(const struct nd_msg *m, size_t count, struct mip6_nd *n, size_t *at)
{
	uint8_t *copy = malloc(count > 0 ? count : 1);
	enum mip6_parse p;

	assert_non_null(copy);
	memcpy(copy, m->octets, count);
	p = mip6_nd_receive(copy, count, &m->src, &m->dst, m->hop_limit, n, at);
	free(copy);
	return p;
}

static void
nd_finish(struct nd_msg *m)
{
	mip6_icmp6_finish(m->octets, m->count, &m->src, &m->dst);
}

static void
nd_make(struct nd_msg *m, const struct mip6_nd *n)
{
	struct mip6_wr w = mip6_wr_make(m->octets, sizeof(m->octets));

	m->src = nd_ll;
	m->dst = nd_global;
	m->hop_limit = 255;
	mip6_nd_write(&w, n);
	assert_false(w.failed);
	m->count = w.pos;
	nd_finish(m);
}

static struct mip6_nd
nd_ok(const struct nd_msg *m)
{
	struct mip6_nd n;

	assert_string_equal(mip6_parse_name(nd_receive(m, m->count, &n, NULL)),
	    "ok");
	return n;
}

/* The message as it is, its checksum set right before. */
static void
nd_is_bad(struct nd_msg *m, enum mip6_parse why, size_t where)
{
	struct mip6_nd n;
	size_t at = SIZE_MAX;

	nd_finish(m);
	assert_string_equal(mip6_parse_name(nd_receive(m, m->count, &n, &at)),
	    mip6_parse_name(why));
	assert_int_equal(at, where);
}

static uint8_t
nd_type(size_t turn)
{
	return (uint8_t)(MIP6_ND_RS + turn % 4);
}

static size_t
nd_fixed(uint8_t type)
{
	return type == MIP6_ND_RS ? 8 : type == MIP6_ND_RA ? 16 : 24;
}

static void
test_inverse(void **state)
{
	struct gen g = gen_make(4861);
	uint8_t again[2048];
	struct mip6_nd n, got;
	struct mip6_wr w;
	struct nd_msg m;
	size_t turn;

	(void)state;
	for (turn = 0; turn < 8000; turn++) {
		n = gen_nd(&g, nd_type(turn));
		nd_make(&m, &n);
		got = nd_ok(&m);
		gen_same_nd(&n, &got);
		w = mip6_wr_make(again, sizeof(again));
		mip6_nd_write(&w, &got);
		mip6_icmp6_finish(again, w.pos, &m.src, &m.dst);
		assert_int_equal(w.pos, m.count);
		assert_memory_equal(again, m.octets, m.count);
	}
}

static void
test_formats(void **state)
{
	static const uint8_t ra[] = { 134, 0, 0, 0, 64, 0xe0, 0x07, 0x08, 0, 0,
		0x75, 0x30, 0, 0, 0x03, 0xe8, 1, 1, 2, 3, 4, 5, 6, 7, 5, 1, 0,
		0, 0, 0, 0x05, 0xdc, 3, 4, 64, 0xe0, 0xff, 0xff, 0xff, 0xff, 0,
		0, 0x38, 0x40, 0, 0, 0, 0, 0x20, 1, 0xd, 0xb8, 0, 1, 0, 0, 0, 0,
		0, 0, 0, 0, 0x12, 0x34, 7, 1, 0, 0, 0, 0, 0x0b, 0xb8, 8, 1, 0,
		0, 0, 20, 0x03, 0x84 };
	struct mip6_nd n = { .type = MIP6_ND_RA,
		.u.ra = { .hop_limit = 64,
		    .managed = true,
		    .other = true,
		    .home_agent = true,
		    .router_lifetime = { 1800 * 1000000LL },
		    .reachable = { 30000 * 1000 },
		    .retrans = { 1000 * 1000 } },
		.opt = { .has_slla = true,
		    .slla = { { 2, 3, 4, 5, 6, 7 } },
		    .has_mtu = true,
		    .mtu = 1500,
		    .prefix_count = 1,
		    .prefix = { { .addr = nd_global,
			.bits = 64,
			.on_link = true,
			.autonomous = true,
			.router = true,
			.valid = MIP6_ND_INFINITE,
			.preferred = { 14400 * 1000000LL } } },
		    .has_adv_interval = true,
		    .adv_interval = { 3000 * 1000 },
		    .has_ha_info = true,
		    .ha_preference = 20,
		    .ha_lifetime = { 900 * 1000000LL } } };
	static const uint8_t na[] = { 136, 0, 0, 0, 0xa0, 0, 0, 0, 0x20, 1, 0xd,
		0xb8, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0x12, 0x34, 2, 1, 9, 8, 7,
		6, 5, 4 };
	struct mip6_wr w;
	uint8_t octets[128];

	(void)state;
	w = mip6_wr_make(octets, sizeof(octets));
	mip6_nd_write(&w, &n);
	assert_int_equal(w.pos, sizeof(ra));
	assert_memory_equal(octets, ra, sizeof(ra));
	memset(&n, 0, sizeof(n));
	n.type = MIP6_ND_NA;
	n.u.na.router = true;
	n.u.na.override = true;
	n.u.na.target = nd_global;
	n.opt.has_tlla = true;
	n.opt.tlla = (struct mip6_lladdr){ { 9, 8, 7, 6, 5, 4 } };
	/* Means nothing here, so it is not written. */
	n.opt.has_mtu = true;
	w = mip6_wr_make(octets, sizeof(octets));
	mip6_nd_write(&w, &n);
	assert_int_equal(w.pos, sizeof(na));
	assert_memory_equal(octets, na, sizeof(na));
	n.u.na.router = false;
	n.u.na.solicited = true;
	n.u.na.override = false;
	w = mip6_wr_make(octets, sizeof(octets));
	mip6_nd_write(&w, &n);
	assert_int_equal(octets[4], 0x40);
	/* R7.1-01: without the flag there is no bit. */
	memset(&n, 0, sizeof(n));
	n.type = MIP6_ND_RA;
	w = mip6_wr_make(octets, sizeof(octets));
	mip6_nd_write(&w, &n);
	assert_int_equal(octets[5], 0);
	n.type = 137;
	SUPPORT_ABORTS(mip6_nd_write(&w, &n));
}

static void
test_truncation(void **state)
{
	struct gen g = gen_make(31);
	struct mip6_nd n;
	struct nd_msg m;
	size_t turn, count, at;

	(void)state;
	for (turn = 0; turn < 40; turn++) {
		n = gen_nd(&g, nd_type(turn));
		nd_make(&m, &n);
		/* Cut on the way: the checksum says so. */
		for (count = 0; count < m.count; count++) {
			assert_int_equal(nd_receive(&m, count, &n, &at),
			    count < 8 ? MIP6_PARSE_TRUNCATED :
					MIP6_PARSE_BAD_CHECKSUM);
			assert_int_equal(at, count < 8 ? count : 2);
		}
		/* Sent too short. */
		count = m.count;
		for (m.count = 8; m.count < nd_fixed(n.type); m.count++)
			nd_is_bad(&m, MIP6_PARSE_TRUNCATED, m.count);
		/* Cut in an option, but not between two. */
		for (m.count = nd_fixed(n.type), at = m.count; m.count < count;
		     m.count++) {
			if (m.count == at + 8U * m.octets[at + 1])
				at = m.count;
			if (m.count == at) {
				nd_finish(&m);
				(void)nd_ok(&m);
			} else {
				nd_is_bad(&m, MIP6_PARSE_OPTION_LENGTH, at + 1);
			}
		}
	}
}

/* Each option in each message with each length. */
static void
test_option_lengths(void **state)
{
	static const struct {
		uint8_t type, units, messages; /* RS 1, RA 2, NS 4, NA 8 */
	} rows[] = { { MIP6_NDOPT_SLLA, 1, 7 }, { MIP6_NDOPT_TLLA, 1, 8 },
		{ MIP6_NDOPT_PREFIX, 4, 2 }, { MIP6_NDOPT_MTU, 1, 2 },
		{ MIP6_NDOPT_ADV_INTERVAL, 1, 2 }, { MIP6_NDOPT_HA_INFO, 1, 2 },
		{ 4, 0, 0 }, { 14, 0, 0 }, { 253, 0, 0 } };
	struct mip6_nd n, got;
	struct nd_msg m;
	unsigned int len;
	size_t i, turn, at;
	bool valid;

	(void)state;
	for (turn = 0; turn < 4; turn++)
		for (i = 0; i < MIP6_COUNT(rows); i++)
			for (len = 0; len < 200; len++) {
				memset(&n, 0, sizeof(n));
				n.type = nd_type(turn);
				nd_make(&m, &n);
				at = m.count;
				m.octets[at] = rows[i].type;
				m.octets[at + 1] = (uint8_t)len;
				m.count += len == 0 ? 8 : len * 8;
				memset(m.octets + at + 2, 0, m.count - at - 2);
				valid = (rows[i].messages >> turn & 1) != 0;
				if (len == 0 ||
				    (valid && len != rows[i].units)) {
					nd_is_bad(&m, MIP6_PARSE_OPTION_LENGTH,
					    at + 1);
					continue;
				}
				nd_finish(&m);
				got = nd_ok(&m);
				assert_int_equal(got.opt.unknown, !valid);
				/* One octet less than it says. */
				m.count--;
				nd_is_bad(&m, MIP6_PARSE_OPTION_LENGTH, at + 1);
			}
	/* An octet that is only a type. */
	memset(&n, 0, sizeof(n));
	n.type = MIP6_ND_RS;
	nd_make(&m, &n);
	m.octets[m.count++] = MIP6_NDOPT_SLLA;
	nd_is_bad(&m, MIP6_PARSE_OPTION_LENGTH, 9);
}

/* Of what should be there once, the first counts. */
static void
test_twice(void **state)
{
	static const uint8_t two[] = { 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 2, 2, 2, 2,
		2, 2, 5, 1, 0, 0, 0, 0, 5, 0, 5, 1, 0, 0, 0, 0, 6, 0, 7, 1, 0,
		0, 0, 0, 0, 1, 7, 1, 0, 0, 0, 0, 0, 2, 8, 1, 0, 0, 0, 1, 0, 1,
		8, 1, 0, 0, 0, 2, 0, 2 };
	static const uint8_t tlla[] = { 2, 1, 1, 1, 1, 1, 1, 1, 2, 1, 2, 2, 2,
		2, 2, 2 };
	struct mip6_nd n = { .type = MIP6_ND_RA };
	struct nd_msg m;

	(void)state;
	nd_make(&m, &n);
	memcpy(m.octets + m.count, two, sizeof(two));
	m.count += sizeof(two);
	nd_finish(&m);
	n = nd_ok(&m);
	assert_int_equal(n.opt.slla.b[0], 1);
	assert_int_equal(n.opt.mtu, 0x500);
	assert_true(n.opt.adv_interval.us == 1000);
	assert_int_equal(n.opt.ha_preference, 1);
	assert_true(n.opt.ha_lifetime.us == 1000000);
	memset(&n, 0, sizeof(n));
	n.type = MIP6_ND_NA;
	nd_make(&m, &n);
	memcpy(m.octets + m.count, tlla, sizeof(tlla));
	m.count += sizeof(tlla);
	nd_finish(&m);
	n = nd_ok(&m);
	assert_int_equal(n.opt.tlla.b[0], 1);
}

static void
test_limits(void **state)
{
	struct mip6_nd n = { .type = MIP6_ND_RA };
	struct nd_msg m;
	unsigned int bits;
	size_t i, at;

	(void)state;
	/* More prefixes than are kept. */
	nd_make(&m, &n);
	for (i = 0; i < MIP6_ND_PREFIXES_MAX + 5; i++) {
		memset(m.octets + m.count, (int)i, 32);
		m.octets[m.count] = MIP6_NDOPT_PREFIX;
		m.octets[m.count + 1] = 4;
		m.count += 32;
	}
	nd_finish(&m);
	n = nd_ok(&m);
	assert_int_equal(n.opt.prefix_count, MIP6_ND_PREFIXES_MAX);
	assert_int_equal(n.opt.prefixes_over, 5);
	assert_int_equal(n.opt.prefix[15].addr.b[0], 15);
	/* Prefix lengths above 128, also past the limit. */
	for (bits = 0; bits < 256; bits++) {
		m.octets[16 + 2] = (uint8_t)bits;
		if (bits > 128) {
			nd_is_bad(&m, MIP6_PARSE_BAD_VALUE, 18);
			continue;
		}
		nd_finish(&m);
		n = nd_ok(&m);
		assert_int_equal(n.opt.prefix[0].bits, bits);
	}
	m.octets[16 + 2] = 64;
	m.octets[m.count - 30] = 129;
	nd_is_bad(&m, MIP6_PARSE_BAD_VALUE, m.count - 30);
	/* More options than are walked. */
	memset(&n, 0, sizeof(n));
	n.type = MIP6_ND_RS;
	nd_make(&m, &n);
	for (i = 0; i < MIP6_ND_OPTIONS_MAX; i++) {
		m.octets[m.count] = 200;
		m.octets[m.count + 1] = 1;
		m.count += 8;
	}
	nd_finish(&m);
	assert_int_equal(nd_ok(&m).opt.unknown, MIP6_ND_OPTIONS_MAX);
	at = m.count;
	m.octets[at] = 200;
	m.octets[at + 1] = 1;
	m.count += 8;
	nd_is_bad(&m, MIP6_PARSE_TOO_MANY, at);
}

/* What holds for all four (RFC 4861 6.1.1, 6.1.2, 7.1.1, 7.1.2). */
static void
test_common_rules(void **state)
{
	struct gen g = gen_make(37);
	struct mip6_nd n;
	struct nd_msg m;
	unsigned int value;
	size_t turn, bit, at;

	(void)state;
	for (turn = 0; turn < 4; turn++) {
		n = gen_nd(&g, nd_type(turn));
		nd_make(&m, &n);
		(void)nd_ok(&m);
		for (value = 0; value < 255; value++) {
			m.hop_limit = (uint8_t)value;
			nd_is_bad(&m, MIP6_PARSE_BAD_HOP_LIMIT, 0);
		}
		m.hop_limit = 255;
		for (value = 1; value < 256; value++) {
			m.octets[1] = (uint8_t)value;
			nd_is_bad(&m, MIP6_PARSE_BAD_CODE, 1);
		}
		m.octets[1] = 0;
		nd_finish(&m);
		for (bit = 0; bit < 8 * m.count; bit++) {
			m.octets[bit / 8] ^= (uint8_t)(1U << bit % 8);
			assert_int_equal(nd_receive(&m, m.count, &n, &at),
			    MIP6_PARSE_BAD_CHECKSUM);
			assert_int_equal(at, 2);
			m.octets[bit / 8] ^= (uint8_t)(1U << bit % 8);
		}
	}
	for (value = 0; value < 256; value++) {
		assert_int_equal(mip6_nd_is_nd((uint8_t)value),
		    value >= 133 && value <= 136);
		if (mip6_nd_is_nd((uint8_t)value))
			continue;
		m.octets[0] = (uint8_t)value;
		nd_is_bad(&m, MIP6_PARSE_UNKNOWN_TYPE, 0);
	}
	assert_int_equal(mip6_nd_read(m.octets, 7, &n, &at),
	    MIP6_PARSE_TRUNCATED);
	assert_int_equal(at, 7);
}

static void
test_router_rules(void **state)
{
	struct mip6_nd n = { .type = MIP6_ND_RS };
	struct nd_msg m;

	(void)state;
	/* RS from nobody: without a link-layer address. */
	nd_make(&m, &n);
	m.src = mip6_addr_any;
	nd_finish(&m);
	(void)nd_ok(&m);
	n.opt.has_slla = true;
	nd_make(&m, &n);
	(void)nd_ok(&m);
	m.src = mip6_addr_any;
	nd_is_bad(&m, MIP6_PARSE_BAD_SOURCE, 0);
	/* RA from a link-local address alone. */
	n.type = MIP6_ND_RA;
	nd_make(&m, &n);
	(void)nd_ok(&m);
	m.src = nd_global;
	nd_is_bad(&m, MIP6_PARSE_BAD_SOURCE, 0);
	m.src = mip6_addr_any;
	nd_is_bad(&m, MIP6_PARSE_BAD_SOURCE, 0);
	SUPPORT_ABORTS(mip6_nd_rs_valid(&n, &nd_ll, NULL));
	n.type = MIP6_ND_RS;
	SUPPORT_ABORTS(mip6_nd_ra_valid(&n, &nd_ll, NULL));
	SUPPORT_ABORTS(mip6_nd_ns_valid(&n, &nd_ll, &nd_ll, NULL));
	SUPPORT_ABORTS(mip6_nd_na_valid(&n, &nd_ll, NULL));
}

static void
test_neighbour_rules(void **state)
{
	struct mip6_nd n = { .type = MIP6_ND_NS };
	struct nd_msg m;

	(void)state;
	n.u.ns.target = nd_group;
	nd_make(&m, &n);
	nd_is_bad(&m, MIP6_PARSE_BAD_VALUE, 8);
	/* From nobody (duplicate address detection): to a group, no SLLA. */
	n.u.ns.target = nd_global;
	nd_make(&m, &n);
	m.src = mip6_addr_any;
	nd_is_bad(&m, MIP6_PARSE_BAD_DESTINATION, 0);
	m.dst = mip6_addr_all_nodes;
	nd_is_bad(&m, MIP6_PARSE_BAD_DESTINATION, 0);
	m.dst = nd_group;
	nd_finish(&m);
	(void)nd_ok(&m);
	n.opt.has_slla = true;
	nd_make(&m, &n);
	m.dst = nd_group;
	nd_finish(&m);
	(void)nd_ok(&m);
	m.src = mip6_addr_any;
	nd_is_bad(&m, MIP6_PARSE_BAD_SOURCE, 0);
	/* NA: a target that is one; not solicited towards a group. */
	memset(&n, 0, sizeof(n));
	n.type = MIP6_ND_NA;
	n.u.na.target = nd_group;
	nd_make(&m, &n);
	nd_is_bad(&m, MIP6_PARSE_BAD_VALUE, 8);
	n.u.na.target = nd_global;
	n.u.na.solicited = true;
	nd_make(&m, &n);
	(void)nd_ok(&m);
	m.dst = mip6_addr_all_nodes;
	nd_is_bad(&m, MIP6_PARSE_BAD_VALUE, 4);
	n.u.na.solicited = false;
	nd_make(&m, &n);
	m.dst = mip6_addr_all_nodes;
	nd_finish(&m);
	(void)nd_ok(&m);
}

/* Values that do not fit saturate; they do not wrap. */
static void
test_saturation(void **state)
{
	static const struct mip6_span most = { INT64_MAX - 1 };
	static const struct mip6_span negative = { -1 };
	struct mip6_nd n = { .type = MIP6_ND_RA };
	struct nd_msg m;

	(void)state;
	n.u.ra.router_lifetime = most;
	n.u.ra.reachable = most;
	n.u.ra.retrans = negative;
	n.opt.prefix_count = 1;
	n.opt.prefix[0].valid = most;
	n.opt.prefix[0].preferred = negative;
	n.opt.has_adv_interval = true;
	n.opt.adv_interval = most;
	n.opt.has_ha_info = true;
	n.opt.ha_lifetime = most;
	nd_make(&m, &n);
	n = nd_ok(&m);
	assert_true(n.u.ra.router_lifetime.us == INT64_C(65535000000));
	assert_true(n.u.ra.reachable.us == INT64_C(4294967295000));
	assert_true(n.u.ra.retrans.us == 0);
	assert_true(n.opt.prefix[0].valid.us == INT64_C(4294967294000000));
	assert_true(n.opt.prefix[0].preferred.us == 0);
	assert_true(n.opt.adv_interval.us == INT64_C(4294967295000));
	assert_true(n.opt.ha_lifetime.us == INT64_C(65535000000));
	n.opt.prefix[0].bits = 129;
	SUPPORT_ABORTS(nd_make(&m, &n));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_inverse),
		cmocka_unit_test(test_formats),
		cmocka_unit_test(test_truncation),
		cmocka_unit_test(test_option_lengths),
		cmocka_unit_test(test_twice),
		cmocka_unit_test(test_limits),
		cmocka_unit_test(test_common_rules),
		cmocka_unit_test(test_router_rules),
		cmocka_unit_test(test_neighbour_rules),
		cmocka_unit_test(test_saturation),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
