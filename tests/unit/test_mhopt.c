/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Mobility options: each alone with every length, twice, cut, misplaced,
 * unknown; what may follow what; alignment and the padding before the last
 * one; the limit.
 * Links: wire
 */
#include "wire/mhopt.h"

#include "unit/support.h"
#include "unit/wire_gen.h"
#include "wire/mh.h"

/* A Mobility Header that grows option by option. */
struct list {
	uint8_t octets[1024];
	size_t count;
	uint8_t type;
};

static void
list_begin(struct list *l, uint8_t type)
{
	memset(l, 0, sizeof(*l));
	l->type = type;
	l->count = 12;
}

/* Appends an option of `len` octets of data; returns where its type is. */
static size_t
list_add(struct list *l, uint8_t type, size_t len, const void *data)
{
	size_t at = l->count;

	assert_true(at + 2 + len <= sizeof(l->octets));
	l->octets[at] = type;
	l->octets[at + 1] = (uint8_t)len;
	if (data != NULL)
		memcpy(l->octets + at + 2, data, len);
	l->count += 2 + len;
	return at;
}

static size_t
list_add_auth(struct list *l, uint8_t subtype, size_t count)
{
	size_t at = list_add(l, MIP6_MHOPT_MESSAGE_AUTH, 5 + count, NULL);

	l->octets[at + 2] = subtype;
	return at;
}

static enum mip6_parse
list_read(const struct list *l, struct mip6_mhopts *o, size_t *at)
{
	uint8_t *copy = malloc(l->count);
	enum mip6_parse p;

	assert_non_null(copy);
	memcpy(copy, l->octets, l->count);
	p = mip6_mhopts_read(copy, l->count, 12, l->type, o, at);
	free(copy);
	return p;
}

static struct mip6_mhopts
list_ok(const struct list *l)
{
	struct mip6_mhopts o;

	assert_string_equal(mip6_parse_name(list_read(l, &o, NULL)), "ok");
	return o;
}

static void
list_is_bad(const struct list *l, enum mip6_parse why, size_t where)
{
	struct mip6_mhopts o;
	size_t at = SIZE_MAX;

	assert_string_equal(mip6_parse_name(list_read(l, &o, &at)),
	    mip6_parse_name(why));
	assert_int_equal(at, where);
}

/* How many of the known options were found. */
static unsigned int
list_found(const struct mip6_mhopts *o)
{
	unsigned int found = 0;
	size_t i;

	for (i = 0; i < mip6_mhopt_row_count; i++)
		found += mip6_mhopt_rows[i].has(o);
	return found;
}

/* One row in one message with one length. */
static void
lengths_try(const struct mip6_mhopt_row *row, uint8_t type, unsigned int len)
{
	bool valid = (row->messages >> type & 1) != 0;
	struct mip6_mhopts o;
	struct list l;
	size_t at;

	list_begin(&l, type);
	at = list_add(&l, row->type, len, NULL);
	if (len > 0)
		l.octets[at + 2] = row->subtype;
	/* Without a subtype it may be any of its type. */
	if (len == 0 && row->has_subtype)
		valid = type == MIP6_MH_BU || type == MIP6_MH_BA;
	if (valid && (len < row->len_min || len > row->len_max)) {
		list_is_bad(&l, MIP6_PARSE_OPTION_LENGTH, at + 1);
		return;
	}
	o = list_ok(&l);
	assert_int_equal(list_found(&o), valid);
	assert_int_equal(o.unknown, !valid);
}

static void
test_lengths(void **state)
{
	unsigned int len;
	uint8_t type;
	size_t i;

	(void)state;
	for (i = 0; i < mip6_mhopt_row_count; i++)
		for (type = 0; type < MIP6_MH_TYPES; type++)
			for (len = 0; len < 256; len++)
				lengths_try(&mip6_mhopt_rows[i], type, len);
}

/* Every option cut at every octet of it. */
static void
test_cut(void **state)
{
	struct list l;
	size_t i, at, end;

	(void)state;
	for (i = 0; i < mip6_mhopt_row_count; i++) {
		list_begin(&l, MIP6_MH_BU);
		list_add(&l, MIP6_MHOPT_PADN, 3, "\1\2\3");
		at = list_add(&l, mip6_mhopt_rows[i].type,
		    mip6_mhopt_rows[i].len_max, NULL);
		end = l.count;
		for (l.count = at + 1; l.count < end; l.count++)
			list_is_bad(&l, MIP6_PARSE_OPTION_LENGTH, at + 1);
	}
	/* PadN and an unknown one as well. */
	for (i = 1; i < 256; i += 199) {
		list_begin(&l, MIP6_MH_BU);
		at = list_add(&l, (uint8_t)i, 255, NULL);
		end = l.count;
		for (l.count = at + 1; l.count < end; l.count++)
			list_is_bad(&l, MIP6_PARSE_OPTION_LENGTH, at + 1);
	}
}

static void
test_values(void **state)
{
	static const uint8_t coa[16] = { 0x20, 1, 0xd, 0xb8, 0, 0xa, 15 };
	struct mip6_mhopts o;
	struct list l;
	size_t auth;

	(void)state;
	list_begin(&l, MIP6_MH_BU);
	list_add(&l, MIP6_MHOPT_MN_ID, 4, "\1a@b");
	list_add(&l, MIP6_MHOPT_REPLAY, 8, "\1\2\3\4\5\6\7\x8");
	list_add(&l, MIP6_MHOPT_ALT_COA, 16, coa);
	list_add(&l, MIP6_MHOPT_NONCE_INDICES, 4, "\x12\x34\x56\x78");
	auth = list_add(&l, MIP6_MHOPT_MESSAGE_AUTH, 17,
	    "\1\0\0\1\2"
	    "ABCDEFGHIJKL");
	assert_int_equal(mip6_mhopts_read(l.octets, l.count, 12, l.type, &o,
			     NULL),
	    MIP6_PARSE_OK);
	assert_int_equal(list_found(&o), 5);
	assert_int_equal(o.mn_id_subtype, MIP6_MN_ID_NAI);
	assert_int_equal(o.mn_id_octets, 3);
	assert_memory_equal(o.mn_id, "a@b", 3);
	assert_true(o.replay == UINT64_C(0x0102030405060708));
	assert_memory_equal(o.alt_coa.b, coa, 16);
	assert_int_equal(o.home_nonce_index, 0x1234);
	assert_int_equal(o.coa_nonce_index, 0x5678);
	assert_true(o.mn_ha.spi == 258);
	assert_int_equal(o.mn_ha.at, auth + 7);
	assert_int_equal(o.mn_ha.count, 12);
	assert_memory_equal(o.mn_ha.octets, "ABCDEFGHIJKL", 12);
	list_begin(&l, MIP6_MH_BA);
	list_add(&l, MIP6_MHOPT_REFRESH_ADVICE, 2, "\x01\x00");
	o = list_ok(&l);
	assert_true(o.refresh_advice.us == INT64_C(1024000000));
}

/* R6.2.1-01: every type that has no row is skipped, of any length. */
static void
test_unknown(void **state)
{
	struct mip6_mhopts o;
	unsigned int type;
	struct list l;
	size_t i;

	(void)state;
	for (type = 2; type < 256; type++) {
		for (i = 0; i < mip6_mhopt_row_count; i++)
			if (mip6_mhopt_rows[i].type == type)
				break;
		if (i < mip6_mhopt_row_count)
			continue;
		list_begin(&l, MIP6_MH_BU);
		list_add(&l, (uint8_t)type, 0, NULL);
		list_add(&l, (uint8_t)type, 77, NULL);
		list_add(&l, MIP6_MHOPT_NONCE_INDICES, 4, "\0\1\0\2");
		o = list_ok(&l);
		assert_int_equal(o.unknown, 2);
		assert_int_equal(o.coa_nonce_index, 2);
	}
	/* An authentication option of unknown subtype is one. */
	list_begin(&l, MIP6_MH_BU);
	list_add_auth(&l, 3, 12);
	o = list_ok(&l);
	assert_int_equal(o.unknown, 1);
	assert_int_equal(list_found(&o), 0);
}

static void
test_twice(void **state)
{
	const struct mip6_mhopt_row *row;
	struct list l;
	size_t i, at, turn;

	(void)state;
	for (i = 0; i < mip6_mhopt_row_count; i++) {
		row = &mip6_mhopt_rows[i];
		list_begin(&l,
		    (row->messages >> MIP6_MH_BU & 1) != 0 ? MIP6_MH_BU :
							     MIP6_MH_BA);
		for (turn = 0, at = 0; turn < 2; turn++) {
			at = list_add(&l, row->type, row->len_min, NULL);
			l.octets[at + 2] = row->subtype;
		}
		/* What must be last is out of place before it is too many. */
		list_is_bad(&l,
		    (row->followed_by >> i & 1) == 0 ? MIP6_PARSE_OPTION_ORDER :
						       MIP6_PARSE_OPTION_TWICE,
		    at);
	}
}

/* R6.2-01: nothing behind Binding Authorization Data. */
static void
test_behind_auth_data(void **state)
{
	static const uint8_t types[] = { MIP6_MHOPT_PAD1, MIP6_MHOPT_PADN,
		MIP6_MHOPT_NONCE_INDICES, MIP6_MHOPT_MN_ID, MIP6_MHOPT_REPLAY,
		200 };
	struct list l;
	size_t i, at;

	(void)state;
	for (i = 0; i < sizeof(types); i++) {
		list_begin(&l, MIP6_MH_BU);
		list_add(&l, MIP6_MHOPT_NONCE_INDICES, 4, NULL);
		list_add(&l, MIP6_MHOPT_AUTH_DATA, 12, NULL);
		assert_true(list_ok(&l).has_auth_data);
		at = l.count;
		if (types[i] == MIP6_MHOPT_PAD1)
			l.count++;
		else
			list_add(&l, types[i], 4, NULL);
		list_is_bad(&l, MIP6_PARSE_OPTION_ORDER, at);
	}
	list_begin(&l, MIP6_MH_BU);
	list_add(&l, MIP6_MHOPT_AUTH_DATA, 12, NULL);
	at = list_add_auth(&l, MIP6_MH_AUTH_MN_HA, 12);
	list_is_bad(&l, MIP6_PARSE_OPTION_ORDER, at);
}

/* RFC 4285 sections 5, 5.1, 5.2; RFC 4283 section 3.2. */
static void
test_behind_message_auth(void **state)
{
	static const uint8_t subtypes[] = { MIP6_MH_AUTH_MN_HA,
		MIP6_MH_AUTH_MN_AAA };
	static const uint8_t types[] = { MIP6_MHOPT_ALT_COA,
		MIP6_MHOPT_NONCE_INDICES, MIP6_MHOPT_MN_ID, MIP6_MHOPT_REPLAY,
		MIP6_MHOPT_AUTH_DATA, 200 };
	struct mip6_mhopts o;
	struct list l;
	size_t i, j, at;

	(void)state;
	for (j = 0; j < 2; j++)
		for (i = 0; i < sizeof(types); i++) {
			list_begin(&l, MIP6_MH_BU);
			list_add_auth(&l, subtypes[j], 12);
			/* Padding may be there. */
			l.count++;
			list_add(&l, MIP6_MHOPT_PADN, 2, NULL);
			(void)list_ok(&l);
			at = list_add(&l, types[i], 16, NULL);
			list_is_bad(&l, MIP6_PARSE_OPTION_ORDER, at);
		}
	/* Both, in this order and not in the other. */
	list_begin(&l, MIP6_MH_BU);
	list_add_auth(&l, MIP6_MH_AUTH_MN_HA, 12);
	list_add_auth(&l, MIP6_MH_AUTH_MN_AAA, 20);
	o = list_ok(&l);
	assert_true(o.has_mn_ha && o.has_mn_aaa);
	assert_int_equal(o.mn_aaa.count, 20);
	list_begin(&l, MIP6_MH_BU);
	list_add_auth(&l, MIP6_MH_AUTH_MN_AAA, 20);
	at = list_add_auth(&l, MIP6_MH_AUTH_MN_HA, 12);
	list_is_bad(&l, MIP6_PARSE_OPTION_ORDER, at);
	/* In an acknowledgement MN-AAA means nothing (RFC 4285 5.2). */
	list_begin(&l, MIP6_MH_BA);
	list_add_auth(&l, MIP6_MH_AUTH_MN_AAA, 20);
	assert_int_equal(list_ok(&l).unknown, 1);
}

/* R6.2.2-01, R6.2.3-01: padding of any length and content. */
static void
test_padding(void **state)
{
	struct mip6_mhopts o;
	unsigned int len;
	struct list l;

	(void)state;
	for (len = 0; len < 256; len++) {
		list_begin(&l, MIP6_MH_BU);
		l.count += len % 8;
		list_add(&l, MIP6_MHOPT_PADN, len, NULL);
		memset(l.octets + l.count - len, 0xaa, len);
		list_add(&l, MIP6_MHOPT_NONCE_INDICES, 4, "\0\1\0\2");
		o = list_ok(&l);
		assert_int_equal(o.coa_nonce_index, 2);
		assert_int_equal(o.unknown, 0);
	}
	/* A message may end in a single Pad1. */
	list_begin(&l, MIP6_MH_BU);
	l.count++;
	(void)list_ok(&l);
	/* PadN without its length. */
	l.octets[12] = MIP6_MHOPT_PADN;
	list_is_bad(&l, MIP6_PARSE_OPTION_LENGTH, 13);
}

static void
test_limit(void **state)
{
	struct mip6_mhopts o;
	struct list l;

	(void)state;
	list_begin(&l, MIP6_MH_BU);
	l.count += MIP6_MHOPT_MAX;
	(void)list_ok(&l);
	l.count++;
	list_is_bad(&l, MIP6_PARSE_TOO_MANY, 12 + MIP6_MHOPT_MAX);
	SUPPORT_ABORTS(mip6_mhopts_read(l.octets, 8, 12, MIP6_MH_BU, &o, NULL));
	SUPPORT_ABORTS(mip6_mhopts_read(l.octets, 16, 12, 8, &o, NULL));
}

/* Where each option is written, alone and all together. */
static void
test_alignment(void **state)
{
	struct gen g = gen_make(5);
	uint8_t octets[MIP6_MH_OCTETS_MAX];
	const struct mip6_mhopt_row *row;
	struct mip6_mh_marks marks;
	struct mip6_wr w;
	struct mip6_mh m;
	size_t turn, at, i, last;

	(void)state;
	for (turn = 0; turn < 5000; turn++) {
		m = gen_mh(&g, turn % 2 == 0 ? MIP6_MH_BU : MIP6_MH_BA);
		w = mip6_wr_make(octets, sizeof(octets));
		mip6_mh_write(&w, &m, &marks);
		assert_int_equal(marks.octets % 8, 0);
		last = 12;
		for (at = 12; at < marks.octets;) {
			if (octets[at] == MIP6_MHOPT_PAD1) {
				at++;
				continue;
			}
			for (i = 0; i < mip6_mhopt_row_count; i++) {
				row = &mip6_mhopt_rows[i];
				if (row->type != octets[at])
					continue;
				assert_int_equal(at % row->align, row->rest);
				last = at + 2U + octets[at + 1];
				break;
			}
			at += 2U + octets[at + 1];
			assert_true(at <= marks.octets);
		}
		/* R6.2-01, R6.2.7-01: last, with nothing behind it. */
		if (m.opt.has_auth_data) {
			assert_int_equal(last, marks.octets);
			assert_int_equal(marks.auth_data_at + 12, marks.octets);
			assert_int_equal(marks.auth_data_at % 8, 4);
		}
		if (m.opt.has_mn_ha && !m.opt.has_mn_aaa) {
			assert_int_equal(marks.mn_ha_at + 12, marks.octets);
			assert_int_equal(marks.mn_aaa_at, 0);
		}
		if (m.opt.has_mn_aaa && m.opt.mn_aaa.count % 4 == 0)
			assert_int_equal(marks.mn_aaa_at + m.opt.mn_aaa.count,
			    marks.octets);
		assert_true(marks.octets - last < 8);
	}
}

/* Zeroes where the authenticator will be, and the bugs of a caller. */
static void
test_write(void **state)
{
	static const uint8_t zeroes[12];
	struct mip6_mh_marks marks;
	struct mip6_mhopts o = { .has_mn_ha = true,
		.mn_ha = { .spi = 1, .count = 12 } };
	uint8_t octets[128];
	struct mip6_wr w = mip6_wr_make(octets, sizeof(octets));

	(void)state;
	memset(octets, 0xaa, sizeof(octets));
	mip6_wr_zero(&w, 12);
	mip6_mhopts_write(&w, 0, MIP6_MH_BU, &o, &marks);
	assert_int_equal(marks.octets, 32);
	assert_int_equal(marks.mn_ha_at, 20);
	assert_memory_equal(octets + 20, zeroes, 12);
	assert_memory_equal(octets + 12, "\0\x09\x11\x01\0\0\0\1", 8);
	SUPPORT_ABORTS(mip6_mhopts_write(&w, 0, MIP6_MH_HOTI, &o, &marks));
	o.mn_ha.count = 13;
	SUPPORT_ABORTS(mip6_mhopts_write(&w, 0, MIP6_MH_BU, &o, &marks));
	o.mn_ha.count = 12;
	o.has_auth_data = true;
	o.auth_data.count = 12;
	SUPPORT_ABORTS(mip6_mhopts_write(&w, 0, MIP6_MH_BU, &o, &marks));
	SUPPORT_ABORTS(mip6_mhopts_write(&w, 0, 8, &o, &marks));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_lengths),
		cmocka_unit_test(test_cut),
		cmocka_unit_test(test_values),
		cmocka_unit_test(test_unknown),
		cmocka_unit_test(test_twice),
		cmocka_unit_test(test_behind_auth_data),
		cmocka_unit_test(test_behind_message_auth),
		cmocka_unit_test(test_padding),
		cmocka_unit_test(test_limit),
		cmocka_unit_test(test_alignment),
		cmocka_unit_test(test_write),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
