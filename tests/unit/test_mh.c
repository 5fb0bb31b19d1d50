/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Mobility Header messages: written ones are read back to the same values,
 * each is cut at every octet and given every length, the rules of RFC 6275
 * section 9.2 hold in their order, and messages of another implementation are
 * understood.
 * Links: wire
 */
#include "wire/mh.h"

#include "unit/support.h"
#include "unit/wire_gen.h"
#include "wire/cksum.h"

static const struct mip6_addr mh_src = { { 0x20, 1, 0xd, 0xb8, 0, 1, 0, 0, 0, 0,
    0, 0, 0, 0, 0x12, 0x34 } };
static const struct mip6_addr mh_dst = { { 0x20, 1, 0xd, 0xb8, 0, 0xc, 0, 0, 0,
    0, 0, 0, 0, 0, 0, 0x99 } };

static const size_t mh_octets_min[MIP6_MH_TYPES] = { 8, 16, 16, 24, 24, 16, 16,
	24 };

/* Exactly the octets, so that a sanitizer sees one too many. */
static enum mip6_parse
mh_receive(const uint8_t *octets, size_t count, struct mip6_mh *m, size_t *at)
{
	uint8_t *copy = malloc(count > 0 ? count : 1);
	enum mip6_parse p;

	assert_non_null(copy);
	memcpy(copy, octets, count);
	p = mip6_mh_receive(copy, count, &mh_src, &mh_dst, m, at);
	free(copy);
	return p;
}

static void
mh_is_bad(const uint8_t *octets, size_t count, enum mip6_parse why,
    size_t where)
{
	struct mip6_mh m;
	size_t at = SIZE_MAX;

	assert_string_equal(mip6_parse_name(mh_receive(octets, count, &m, &at)),
	    mip6_parse_name(why));
	assert_int_equal(at, where);
}

/* Writes a message with its checksum; returns its length. */
static size_t
mh_make(const struct mip6_mh *m, uint8_t *octets, size_t room)
{
	struct mip6_wr w = mip6_wr_make(octets, room);
	struct mip6_mh_marks marks;

	mip6_mh_write(&w, m, &marks);
	assert_false(w.failed);
	assert_int_equal(w.pos, marks.octets);
	mip6_mh_finish(octets, marks.octets, &mh_src, &mh_dst);
	return marks.octets;
}

static void
test_inverse(void **state)
{
	struct gen g = gen_make(62750);
	uint8_t octets[MIP6_MH_OCTETS_MAX], again[MIP6_MH_OCTETS_MAX];
	struct mip6_mh m, got;
	size_t turn, count;

	(void)state;
	for (turn = 0; turn < 20000; turn++) {
		m = gen_mh(&g, (enum mip6_mh_type)(turn % MIP6_MH_TYPES));
		count = mh_make(&m, octets, sizeof(octets));
		assert_int_equal(count % 8, 0);
		assert_int_equal(octets[1], count / 8 - 1);
		assert_true(count >= mh_octets_min[m.type]);
		assert_int_equal(mip6_mh_receive(octets, count, &mh_src,
				     &mh_dst, &got, NULL),
		    MIP6_PARSE_OK);
		assert_int_equal(got.octets, count);
		gen_same_mh(&m, &got);
		/* What was read, with views into it, writes the same. */
		assert_int_equal(mh_make(&got, again, sizeof(again)), count);
		assert_memory_equal(octets, again, count);
	}
}

/* Too little room fails, whatever it is, and writes nothing past it. */
static void
test_no_room(void **state)
{
	struct gen g = gen_make(7);
	uint8_t octets[MIP6_MH_OCTETS_MAX + 1], *copy;
	struct mip6_wr w;
	struct mip6_mh m;
	size_t turn, count, room;

	(void)state;
	for (turn = 0; turn < 2 * MIP6_MH_TYPES; turn++) {
		m = gen_mh(&g, (enum mip6_mh_type)(turn % MIP6_MH_TYPES));
		count = mh_make(&m, octets, sizeof(octets));
		for (room = 0; room < count; room++) {
			copy = malloc(room > 0 ? room : 1);
			assert_non_null(copy);
			w = mip6_wr_make(copy, room);
			mip6_mh_write(&w, &m, NULL);
			assert_true(w.failed);
			free(copy);
		}
	}
}

static void
test_truncation(void **state)
{
	struct gen g = gen_make(3);
	uint8_t octets[MIP6_MH_OCTETS_MAX];
	struct mip6_mh m;
	size_t turn, count, n;

	(void)state;
	for (turn = 0; turn < 10 * MIP6_MH_TYPES; turn++) {
		m = gen_mh(&g, (enum mip6_mh_type)(turn % MIP6_MH_TYPES));
		count = mh_make(&m, octets, sizeof(octets));
		for (n = 0; n < count; n++)
			mh_is_bad(octets, n, MIP6_PARSE_TRUNCATED,
			    n < 2 ? n : 1);
	}
}

/*
 * Where the options of a message of `whole` octets are cut: the length field
 * of the option that leaves it, or 0.
 */
static size_t
mh_cut_at(const uint8_t *octets, size_t from, size_t whole)
{
	size_t at = from;

	while (at < whole) {
		if (octets[at] == 0) {
			at++;
			continue;
		}
		if (whole - at < 2 || at + 2 + octets[at + 1] > whole)
			return at + 1;
		at += 2U + octets[at + 1];
	}
	return 0;
}

static void
test_header_len(void **state)
{
	static const size_t fixed[MIP6_MH_TYPES] = { 8, 16, 16, 24, 24, 12, 12,
		24 };
	struct gen g = gen_make(11);
	uint8_t octets[MIP6_MH_OCTETS_MAX + 8];
	struct mip6_mh m, got;
	size_t turn, count, whole, cut;
	unsigned int len;

	(void)state;
	memset(octets, 0, sizeof(octets));
	for (turn = 0; turn < 10 * MIP6_MH_TYPES; turn++) {
		m = gen_mh(&g, (enum mip6_mh_type)(turn % MIP6_MH_TYPES));
		count = mh_make(&m, octets, sizeof(octets));
		for (len = 0; len < 256; len++) {
			octets[1] = (uint8_t)len;
			whole = (len + 1) * 8;
			if (whole > count) {
				mh_is_bad(octets, count, MIP6_PARSE_TRUNCATED,
				    1);
				continue;
			}
			mip6_mh_finish(octets, whole, &mh_src, &mh_dst);
			cut = mh_cut_at(octets, fixed[m.type], whole);
			if (whole < mh_octets_min[m.type])
				mh_is_bad(octets, count, MIP6_PARSE_BAD_LENGTH,
				    1);
			else if (cut != 0)
				mh_is_bad(octets, count,
				    MIP6_PARSE_OPTION_LENGTH, cut);
			else
				assert_int_equal(mh_receive(octets, count, &got,
						     NULL),
				    MIP6_PARSE_OK);
		}
	}
}

/* The order of RFC 6275 section 9.2, each rule above the next one. */
static void
test_rules(void **state)
{
	uint8_t octets[24] = { 58, 0, 8 };
	unsigned int value;

	(void)state;
	/* A bad checksum hides all the rest. */
	mh_is_bad(octets, 8, MIP6_PARSE_BAD_CHECKSUM, 4);
	/* An unknown type is told although Payload Proto is wrong, too. */
	for (value = 8; value < 256; value++) {
		octets[2] = (uint8_t)value;
		mip6_mh_finish(octets, 8, &mh_src, &mh_dst);
		mh_is_bad(octets, 8, MIP6_PARSE_UNKNOWN_TYPE, 2);
	}
	/* Payload Proto is told although the message is too short. */
	octets[2] = MIP6_MH_BE;
	for (value = 0; value < 256; value++) {
		octets[0] = (uint8_t)value;
		mip6_mh_finish(octets, 8, &mh_src, &mh_dst);
		if (value != 59)
			mh_is_bad(octets, 8, MIP6_PARSE_BAD_PROTO, 0);
		else
			mh_is_bad(octets, 8, MIP6_PARSE_BAD_LENGTH, 1);
	}
}

static void
test_checksum(void **state)
{
	struct gen g = gen_make(17);
	uint8_t octets[MIP6_MH_OCTETS_MAX];
	struct mip6_mh m, got;
	size_t bit, count;

	(void)state;
	m = gen_mh(&g, MIP6_MH_BU);
	count = mh_make(&m, octets, sizeof(octets));
	for (bit = 16; bit < 8 * count; bit++) {
		octets[bit / 8] ^= (uint8_t)(1U << bit % 8);
		mh_is_bad(octets, count, MIP6_PARSE_BAD_CHECKSUM, 4);
		octets[bit / 8] ^= (uint8_t)(1U << bit % 8);
	}
	/* It covers the header alone, not what may be behind it. */
	octets[count] = 0xff;
	assert_int_equal(mh_receive(octets, count + 1, &got, NULL),
	    MIP6_PARSE_OK);
	/* And the addresses. */
	assert_int_equal(mip6_mh_receive(octets, count, &mh_dst, &mh_dst, &got,
			     NULL),
	    MIP6_PARSE_BAD_CHECKSUM);
	/* Which mip6_mh_read does not look at. */
	octets[4] ^= 1;
	assert_int_equal(mip6_mh_read(octets, count, &got, NULL),
	    MIP6_PARSE_OK);
	gen_same_mh(&m, &got);
}

/* R6.1.1-04, R6.1.7-05, R6.1.8-02: reserved bits are ignored. */
static void
test_reserved(void **state)
{
	/* Octets that are reserved, or bits in them, by type. */
	static const struct {
		enum mip6_mh_type type;
		size_t at;
		uint8_t bits;
	} rows[] = { { MIP6_MH_BRR, 3, 0xff }, { MIP6_MH_BRR, 6, 0xff },
		{ MIP6_MH_BRR, 7, 0xff }, { MIP6_MH_HOTI, 6, 0xff },
		{ MIP6_MH_COTI, 7, 0xff }, { MIP6_MH_BU, 8, 0x0f },
		{ MIP6_MH_BU, 9, 0xff }, { MIP6_MH_BA, 7, 0x7f },
		{ MIP6_MH_BE, 7, 0xff } };
	struct gen g = gen_make(19);
	uint8_t octets[MIP6_MH_OCTETS_MAX];
	struct mip6_mh m, got;
	size_t i, count;

	(void)state;
	for (i = 0; i < MIP6_COUNT(rows); i++) {
		m = gen_mh(&g, rows[i].type);
		count = mh_make(&m, octets, sizeof(octets));
		assert_int_equal(octets[rows[i].at] & rows[i].bits, 0);
		octets[rows[i].at] |= rows[i].bits;
		mip6_mh_finish(octets, count, &mh_src, &mh_dst);
		assert_int_equal(mh_receive(octets, count, &got, NULL),
		    MIP6_PARSE_OK);
		assert_int_equal(mip6_mh_read(octets, count, &got, NULL),
		    MIP6_PARSE_OK);
		gen_same_mh(&m, &got);
	}
}

/* The messages of the RFC's figures, without options. */
static void
test_formats(void **state)
{
	static const struct {
		struct mip6_mh m;
		size_t count;
		uint8_t octets[24];
	} rows[] = {
		{ { .type = MIP6_MH_BRR }, 8, { 59, 0, 0 } },
		{ { .type = MIP6_MH_HOTI,
		      .u.init.cookie = { 1, 2, 3, 4, 5, 6, 7, 8 } },
		    16, { 59, 1, 1, 0, 0, 0, 0, 0, 1, 2, 3, 4, 5, 6, 7, 8 } },
		{ { .type = MIP6_MH_COTI,
		      .u.init.cookie = { 1, 2, 3, 4, 5, 6, 7, 8 } },
		    16, { 59, 1, 2, 0, 0, 0, 0, 0, 1, 2, 3, 4, 5, 6, 7, 8 } },
		{ { .type = MIP6_MH_HOT,
		      .u.test = { .nonce_index = 0x1234,
			  .cookie = { 1, 2, 3, 4, 5, 6, 7, 8 },
			  .token = { 9, 10, 11, 12, 13, 14, 15, 16 } } },
		    24,
		    { 59, 2, 3, 0, 0, 0, 0x12, 0x34, 1, 2, 3, 4, 5, 6, 7, 8, 9,
			10, 11, 12, 13, 14, 15, 16 } },
		{ { .type = MIP6_MH_BU,
		      .u.bu = { .seq = 0xfffe,
			  .ack = true,
			  .link_local = true,
			  .lifetime = { 262140LL * 1000000 } } },
		    16,
		    { 59, 1, 5, 0, 0, 0, 0xff, 0xfe, 0xa0, 0, 0xff, 0xff, 1, 2,
			0, 0 } },
		{ { .type = MIP6_MH_BU, .u.bu = { .home = true, .key = true } },
		    16, { 59, 1, 5, 0, 0, 0, 0, 0, 0x50, 0, 0, 0, 1, 2 } },
		{ { .type = MIP6_MH_BA,
		      .u.ba = { .status = 135,
			  .key = true,
			  .seq = 0x0102,
			  .lifetime = { 4000000 } } },
		    16, { 59, 1, 6, 0, 0, 0, 135, 0x80, 1, 2, 0, 1, 1, 2 } },
		{ { .type = MIP6_MH_BE,
		      .u.be = { .status = 2, .hoa = { { 1, 2, 3 } } } },
		    24, { 59, 2, 7, 0, 0, 0, 2, 0, 1, 2, 3 } },
	};
	uint8_t octets[24];
	struct mip6_mh_marks marks;
	struct mip6_wr w;
	size_t i;

	(void)state;
	for (i = 0; i < MIP6_COUNT(rows); i++) {
		w = mip6_wr_make(octets, sizeof(octets));
		mip6_mh_write(&w, &rows[i].m, &marks);
		assert_false(w.failed);
		assert_int_equal(marks.octets, rows[i].count);
		assert_memory_equal(octets, rows[i].octets, rows[i].count);
		assert_int_equal(marks.mn_ha_at, 0);
	}
}

/* A correspondent registration of another implementation, and its answer. */
static void
test_known_messages(void **state)
{
	static const uint8_t bu[] = { 0x3b, 0x03, 0x05, 0x00, 0x33, 0x64, 0xff,
		0xd4, 0x80, 0x00, 0x00, 0x69, 0x04, 0x04, 0x00, 0x01, 0x00,
		0x01, 0x05, 0x0c, 0x30, 0xb9, 0xe7, 0xd3, 0x00, 0x89, 0xf2,
		0x51, 0xc6, 0x50, 0xc2, 0x9b };
	static const uint8_t ba[] = { 0x3b, 0x03, 0x06, 0x00, 0x90, 0x5f, 0x00,
		0x00, 0xff, 0xd4, 0x00, 0x69, 0x01, 0x04, 0x00, 0x00, 0x00,
		0x00, 0x05, 0x0c, 0x27, 0xfe, 0x33, 0x7b, 0xbc, 0x1f, 0x60,
		0x1e, 0xe5, 0x24, 0x5c, 0x7f };
	struct mip6_mh m;
	uint8_t octets[32];

	(void)state;
	assert_int_equal(mip6_mh_receive(bu, sizeof(bu), &mh_src, &mh_dst, &m,
			     NULL),
	    MIP6_PARSE_OK);
	assert_int_equal(m.type, MIP6_MH_BU);
	assert_int_equal(m.u.bu.seq, 0xffd4);
	assert_true(m.u.bu.ack);
	assert_false(m.u.bu.home || m.u.bu.link_local || m.u.bu.key);
	assert_true(m.u.bu.lifetime.us == 420 * INT64_C(1000000));
	assert_int_equal(m.opt.home_nonce_index, 1);
	assert_int_equal(m.opt.coa_nonce_index, 1);
	assert_true(m.opt.has_auth_data);
	assert_int_equal(m.opt.auth_data.at, 20);
	assert_int_equal(m.opt.auth_data.count, 12);
	assert_ptr_equal(m.opt.auth_data.octets, bu + 20);
	/* We would have written the same octets. */
	assert_int_equal(mh_make(&m, octets, sizeof(octets)), 32);
	assert_memory_equal(octets, bu, 32);
	assert_int_equal(mip6_mh_receive(ba, sizeof(ba), &mh_dst, &mh_src, &m,
			     NULL),
	    MIP6_PARSE_OK);
	assert_int_equal(m.u.ba.status, 0);
	assert_int_equal(m.u.ba.seq, 0xffd4);
	assert_true(m.u.ba.lifetime.us == 420 * INT64_C(1000000));
	assert_true(m.opt.has_auth_data);
	assert_false(m.opt.has_nonce_indices);
}

static void
test_lifetimes(void **state)
{
	static const struct {
		int64_t us;
		uint16_t units;
	} rows[] = { { INT64_MIN, 0 }, { -1, 0 }, { 0, 0 }, { 1, 1 },
		{ 3999999, 1 }, { 4000000, 1 }, { 7999999, 1 }, { 8000000, 2 },
		{ 262139999999, 65534 }, { 262140000000, 65535 },
		{ 262144000000, 65535 }, { INT64_MAX, 65535 } };
	unsigned int units;
	size_t i;

	(void)state;
	for (i = 0; i < MIP6_COUNT(rows); i++)
		assert_int_equal(mip6_mh_lifetime_units(
				     MIP6_SPAN_US(rows[i].us)),
		    rows[i].units);
	for (units = 0; units < 65536; units++)
		assert_int_equal(mip6_mh_lifetime_units(
				     mip6_mh_lifetime_span((uint16_t)units)),
		    units);
	assert_true(
	    mip6_mh_lifetime_span(65535).us == INT64_C(262140) * 1000000);
}

static void
test_names(void **state)
{
	unsigned int status;

	(void)state;
	assert_string_equal(mip6_mh_type_name(MIP6_MH_BU), "BU");
	assert_string_equal(mip6_mh_type_name(MIP6_MH_BE), "BE");
	assert_string_equal(mip6_mh_type_name(8), "MH?");
	assert_string_equal(mip6_ba_status_name(0), "accepted");
	assert_string_equal(mip6_ba_status_name(MIP6_BA_SEQ_OUT_OF_WINDOW),
	    "sequence-number-out-of-window");
	assert_string_equal(mip6_ba_status_name(146), "mipv6-auth-fail");
	assert_string_equal(mip6_ba_status_name(174),
	    "invalid-care-of-address");
	assert_string_equal(mip6_ba_status_name(147), "unknown");
	for (status = 0; status < 256; status++)
		assert_int_equal(mip6_ba_is_accepted((uint8_t)status),
		    status < 128);
}

/* The checksum counts as 0, the authenticator not at all. */
static void
test_auth_span(void **state)
{
	struct gen g = gen_make(23);
	uint8_t octets[MIP6_MH_OCTETS_MAX], got[MIP6_MH_OCTETS_MAX];
	struct mip6_mh_auth_span s;
	struct mip6_mh_marks marks;
	struct mip6_wr w;
	struct mip6_mh m;
	size_t turn, i, n;

	(void)state;
	for (turn = 0; turn < 500; turn++) {
		m = gen_mh(&g, MIP6_MH_BU);
		m.opt.has_auth_data = false;
		m.opt.has_mn_ha = true;
		m.opt.mn_ha = gen_auth(&g, 1, MIP6_MH_AUTH_OCTETS);
		m.opt.mn_ha.spi = 0x12345678;
		w = mip6_wr_make(octets, sizeof(octets));
		mip6_mh_write(&w, &m, &marks);
		assert_memory_equal(octets + marks.mn_ha_at - 7,
		    "\x09\x11\x01\x12\x34\x56\x78", 7);
		assert_memory_equal(octets + marks.mn_ha_at, g.octets[1], 12);
		memcpy(got, octets, marks.octets);
		got[4] = 0x77;
		got[5] = 0x88;
		s = mip6_mh_auth_span(got, marks.mn_ha_at);
		for (i = 0, n = 0; i < MIP6_COUNT(s.piece); i++) {
			assert_memory_equal(octets + n, s.piece[i].octets,
			    s.piece[i].count);
			n += s.piece[i].count;
		}
		assert_int_equal(n, marks.mn_ha_at);
	}
	SUPPORT_ABORTS(mip6_mh_auth_span(octets, 6));
	SUPPORT_ABORTS(mip6_mh_finish(octets, 5, &mh_src, &mh_dst));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_inverse),
		cmocka_unit_test(test_no_room),
		cmocka_unit_test(test_truncation),
		cmocka_unit_test(test_header_len),
		cmocka_unit_test(test_rules),
		cmocka_unit_test(test_checksum),
		cmocka_unit_test(test_reserved),
		cmocka_unit_test(test_formats),
		cmocka_unit_test(test_known_messages),
		cmocka_unit_test(test_lifetimes),
		cmocka_unit_test(test_names),
		cmocka_unit_test(test_auth_span),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
