/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Mobility options.  The table has one row for each: where it is valid, how
 * long it is, how it is aligned, what may follow it, how it is read and
 * written.  Adding an option is adding a row, its four functions and a member
 * of struct mip6_mhopts.
 *
 * Invariants: reading moves on by at least one octet for each option and
 * counts them against a limit; a row's read function sees a length that the
 * row allows, so it cannot fail; what was read is written back to the same
 * values.
 *
 * Implements: RFC 6275 section 6.2, RFC 4283 section 3, RFC 4285 sections 5
 * and 6.
 */
#include "wire/mhopt.h"

#include <string.h>

#include "wire/mh.h"

/* The rows by number, in the order in which they are written. */
enum mhopt_row {
	MHOPT_REFRESH_ADVICE,
	MHOPT_NONCE_INDICES,
	MHOPT_ALT_COA,
	MHOPT_MN_ID,
	MHOPT_REPLAY,
	MHOPT_AUTH_DATA,
	MHOPT_MN_HA,
	MHOPT_MN_AAA,
	MHOPT_ROWS
};

#define MHOPT_BIT(n)     ((uint16_t)(1U << (n)))
#define MHOPT_ANYTHING   UINT16_MAX
#define MHOPT_MESSAGE(t) ((uint8_t)(1U << (t)))
#define MHOPT_BU         MHOPT_MESSAGE(MIP6_MH_BU)
#define MHOPT_BA         MHOPT_MESSAGE(MIP6_MH_BA)

static bool
refresh_advice_has(const struct mip6_mhopts *o)
{
	return o->has_refresh_advice;
}

static size_t
refresh_advice_len(const struct mip6_mhopts *o)
{
	(void)o;
	return 2;
}

static void
refresh_advice_read(struct mip6_rd *r, struct mip6_mhopts *o)
{
	o->has_refresh_advice = true;
	o->refresh_advice = mip6_mh_lifetime_span(mip6_rd_u16(r));
}

static void
refresh_advice_write(struct mip6_wr *w, size_t start,
    const struct mip6_mhopts *o, struct mip6_mh_marks *marks)
{
	(void)start;
	(void)marks;
	mip6_wr_u16(w, mip6_mh_lifetime_units(o->refresh_advice));
}

static bool
nonce_indices_has(const struct mip6_mhopts *o)
{
	return o->has_nonce_indices;
}

static size_t
nonce_indices_len(const struct mip6_mhopts *o)
{
	(void)o;
	return 4;
}

static void
nonce_indices_read(struct mip6_rd *r, struct mip6_mhopts *o)
{
	o->has_nonce_indices = true;
	o->home_nonce_index = mip6_rd_u16(r);
	o->coa_nonce_index = mip6_rd_u16(r);
}

static void
nonce_indices_write(struct mip6_wr *w, size_t start,
    const struct mip6_mhopts *o, struct mip6_mh_marks *marks)
{
	(void)start;
	(void)marks;
	mip6_wr_u16(w, o->home_nonce_index);
	mip6_wr_u16(w, o->coa_nonce_index);
}

static bool
alt_coa_has(const struct mip6_mhopts *o)
{
	return o->has_alt_coa;
}

static size_t
alt_coa_len(const struct mip6_mhopts *o)
{
	(void)o;
	return 16;
}

static void
alt_coa_read(struct mip6_rd *r, struct mip6_mhopts *o)
{
	o->has_alt_coa = true;
	o->alt_coa = mip6_rd_addr(r);
}

static void
alt_coa_write(struct mip6_wr *w, size_t start, const struct mip6_mhopts *o,
    struct mip6_mh_marks *marks)
{
	(void)start;
	(void)marks;
	mip6_wr_addr(w, &o->alt_coa);
}

static bool
mn_id_has(const struct mip6_mhopts *o)
{
	return o->has_mn_id;
}

static size_t
mn_id_len(const struct mip6_mhopts *o)
{
	return 1U + o->mn_id_octets;
}

static void
mn_id_read(struct mip6_rd *r, struct mip6_mhopts *o)
{
	o->has_mn_id = true;
	o->mn_id_subtype = mip6_rd_u8(r);
	o->mn_id_octets = (uint8_t)mip6_rd_left(r);
	o->mn_id = mip6_rd_view(r, o->mn_id_octets);
}

static void
mn_id_write(struct mip6_wr *w, size_t start, const struct mip6_mhopts *o,
    struct mip6_mh_marks *marks)
{
	(void)start;
	(void)marks;
	mip6_wr_u8(w, o->mn_id_subtype);
	mip6_wr_octets(w, o->mn_id, o->mn_id_octets);
}

static bool
replay_has(const struct mip6_mhopts *o)
{
	return o->has_replay;
}

static size_t
replay_len(const struct mip6_mhopts *o)
{
	(void)o;
	return 8;
}

static void
replay_read(struct mip6_rd *r, struct mip6_mhopts *o)
{
	o->has_replay = true;
	o->replay = mip6_rd_u64(r);
}

static void
replay_write(struct mip6_wr *w, size_t start, const struct mip6_mhopts *o,
    struct mip6_mh_marks *marks)
{
	(void)start;
	(void)marks;
	mip6_wr_u64(w, o->replay);
}

/* What three options end in: the authenticator, up to the option's end. */
static void
auth_read(struct mip6_rd *r, struct mip6_mh_auth *a)
{
	a->at = (uint16_t)r->pos;
	a->count = (uint8_t)mip6_rd_left(r);
	a->octets = mip6_rd_view(r, a->count);
}

/* Writes it; returns its offset in the header. */
static size_t
auth_write(struct mip6_wr *w, size_t start, const struct mip6_mh_auth *a)
{
	size_t at = w->pos - start;

	if (a->octets != NULL)
		mip6_wr_octets(w, a->octets, a->count);
	else
		mip6_wr_zero(w, a->count);
	return at;
}

static bool
auth_data_has(const struct mip6_mhopts *o)
{
	return o->has_auth_data;
}

static size_t
auth_data_len(const struct mip6_mhopts *o)
{
	return o->auth_data.count;
}

static void
auth_data_read(struct mip6_rd *r, struct mip6_mhopts *o)
{
	o->has_auth_data = true;
	auth_read(r, &o->auth_data);
}

static void
auth_data_write(struct mip6_wr *w, size_t start, const struct mip6_mhopts *o,
    struct mip6_mh_marks *marks)
{
	marks->auth_data_at = auth_write(w, start, &o->auth_data);
}

static bool
mn_ha_has(const struct mip6_mhopts *o)
{
	return o->has_mn_ha;
}

static size_t
mn_ha_len(const struct mip6_mhopts *o)
{
	return 5U + o->mn_ha.count;
}

static void
mn_ha_read(struct mip6_rd *r, struct mip6_mhopts *o)
{
	o->has_mn_ha = true;
	mip6_rd_skip(r, 1);
	o->mn_ha.spi = mip6_rd_u32(r);
	auth_read(r, &o->mn_ha);
}

static void
mn_ha_write(struct mip6_wr *w, size_t start, const struct mip6_mhopts *o,
    struct mip6_mh_marks *marks)
{
	mip6_wr_u8(w, MIP6_MH_AUTH_MN_HA);
	mip6_wr_u32(w, o->mn_ha.spi);
	marks->mn_ha_at = auth_write(w, start, &o->mn_ha);
}

static bool
mn_aaa_has(const struct mip6_mhopts *o)
{
	return o->has_mn_aaa;
}

static size_t
mn_aaa_len(const struct mip6_mhopts *o)
{
	return 5U + o->mn_aaa.count;
}

static void
mn_aaa_read(struct mip6_rd *r, struct mip6_mhopts *o)
{
	o->has_mn_aaa = true;
	mip6_rd_skip(r, 1);
	o->mn_aaa.spi = mip6_rd_u32(r);
	auth_read(r, &o->mn_aaa);
}

static void
mn_aaa_write(struct mip6_wr *w, size_t start, const struct mip6_mhopts *o,
    struct mip6_mh_marks *marks)
{
	mip6_wr_u8(w, MIP6_MH_AUTH_MN_AAA);
	mip6_wr_u32(w, o->mn_aaa.spi);
	marks->mn_aaa_at = auth_write(w, start, &o->mn_aaa);
}

#define MHOPT_FUNCTIONS(f)                                                     \
	.name = #f, .has = f##_has, .len = f##_len, .read = f##_read,          \
	.write = f##_write

const struct mip6_mhopt_row mip6_mhopt_rows[] = {
	[MHOPT_REFRESH_ADVICE] = { .type = MIP6_MHOPT_REFRESH_ADVICE,
	    .messages = MHOPT_BA,
	    .len_min = 2,
	    .len_max = 2,
	    .align = 2,
	    .rest = 0,
	    .followed_by = MHOPT_ANYTHING,
	    MHOPT_FUNCTIONS(refresh_advice) },
	[MHOPT_NONCE_INDICES] = { .type = MIP6_MHOPT_NONCE_INDICES,
	    .messages = MHOPT_BU,
	    .len_min = 4,
	    .len_max = 4,
	    .align = 2,
	    .rest = 0,
	    .followed_by = MHOPT_ANYTHING,
	    MHOPT_FUNCTIONS(nonce_indices) },
	[MHOPT_ALT_COA] = { .type = MIP6_MHOPT_ALT_COA,
	    .messages = MHOPT_BU,
	    .len_min = 16,
	    .len_max = 16,
	    .align = 8,
	    .rest = 6,
	    .followed_by = MHOPT_ANYTHING,
	    MHOPT_FUNCTIONS(alt_coa) },
	[MHOPT_MN_ID] = { .type = MIP6_MHOPT_MN_ID,
	    .messages = UINT8_MAX,
	    .len_min = 1,
	    .len_max = UINT8_MAX,
	    .align = 1,
	    .rest = 0,
	    .followed_by = MHOPT_ANYTHING,
	    MHOPT_FUNCTIONS(mn_id) },
	[MHOPT_REPLAY] = { .type = MIP6_MHOPT_REPLAY,
	    .messages = MHOPT_BU | MHOPT_BA,
	    .len_min = 8,
	    .len_max = 8,
	    .align = 8,
	    .rest = 2,
	    .followed_by = MHOPT_ANYTHING,
	    MHOPT_FUNCTIONS(replay) },
	[MHOPT_AUTH_DATA] = { .type = MIP6_MHOPT_AUTH_DATA,
	    .messages = MHOPT_BU | MHOPT_BA,
	    .len_min = MIP6_MH_AUTH_OCTETS,
	    .len_max = MIP6_MH_AUTH_OCTETS,
	    .align = 1,
	    .rest = 0,
	    .followed_by = 0,
	    MHOPT_FUNCTIONS(auth_data) },
	[MHOPT_MN_HA] = { .type = MIP6_MHOPT_MESSAGE_AUTH,
	    .subtype = MIP6_MH_AUTH_MN_HA,
	    .has_subtype = true,
	    .messages = MHOPT_BU | MHOPT_BA,
	    .len_min = 5 + MIP6_MH_AUTH_OCTETS,
	    .len_max = 5 + MIP6_MH_AUTH_OCTETS,
	    .align = 4,
	    .rest = 1,
	    .followed_by =
		MHOPT_BIT(MHOPT_MN_AAA) | MHOPT_BIT(MIP6_MHOPT_BIT_PADDING),
	    MHOPT_FUNCTIONS(mn_ha) },
	[MHOPT_MN_AAA] = { .type = MIP6_MHOPT_MESSAGE_AUTH,
	    .subtype = MIP6_MH_AUTH_MN_AAA,
	    .has_subtype = true,
	    .messages = MHOPT_BU,
	    .len_min = 6,
	    .len_max = UINT8_MAX,
	    .align = 4,
	    .rest = 1,
	    .followed_by = MHOPT_BIT(MIP6_MHOPT_BIT_PADDING),
	    MHOPT_FUNCTIONS(mn_aaa) },
};

const size_t mip6_mhopt_row_count = MHOPT_ROWS;

/* What reading knows besides what it has read. */
struct mhopt_reading {
	const uint8_t *mh;
	struct mip6_mhopts *o;
	size_t bad_at;
	uint16_t seen;    /* a bit for each row */
	uint16_t allowed; /* what may still come */
	uint8_t message;  /* the bit of the MH type */
};

static enum mip6_parse
mhopt_fail(struct mhopt_reading *k, enum mip6_parse why, size_t at)
{
	k->bad_at = at;
	return why;
}

/* NULL for what means nothing in this message. */
static const struct mip6_mhopt_row *
mhopt_row(const struct mhopt_reading *k, size_t at, size_t end)
{
	const struct mip6_mhopt_row *row;
	unsigned int n;

	for (n = 0; n < MHOPT_ROWS; n++) {
		row = &mip6_mhopt_rows[n];
		if (row->type != k->mh[at] || (row->messages & k->message) == 0)
			continue;
		/* Without a subtype its length is wrong, said by the caller. */
		if (!row->has_subtype || end - at <= 2 ||
		    row->subtype == k->mh[at + 2])
			return row;
	}
	return NULL;
}

/* The option from `at` to `end`, which is inside the header. */
static enum mip6_parse
mhopt_read_one(struct mhopt_reading *k, size_t at, size_t end)
{
	const struct mip6_mhopt_row *row = mhopt_row(k, at, end);
	size_t n = row != NULL ? (size_t)(row - mip6_mhopt_rows) :
				 MIP6_MHOPT_BIT_UNKNOWN;
	size_t len = end - at - 2;
	struct mip6_rd r;

	/* R6.2-01: nothing follows what is last.  Test: test_mhopt */
	if ((k->allowed & MHOPT_BIT(n)) == 0)
		return mhopt_fail(k, MIP6_PARSE_OPTION_ORDER, at);
	/*
	 * R6.2.1-01, R6.1.2-02, R6.1.3-02, R6.1.4-02, R6.1.5-02, R6.1.6-02,
	 * R6.1.7-07, R6.1.8-04, R6.1.9-02: skip what is not known.
	 * Test: test_mhopt
	 */
	if (row == NULL) {
		k->o->unknown++;
		return MIP6_PARSE_OK;
	}
	/*
	 * R6.2.4-01, R6.2.5-01, R6.2.6-01, R6.2.7-01: a length that its format
	 * has.  Test: test_mhopt
	 */
	if (len < row->len_min || len > row->len_max)
		return mhopt_fail(k, MIP6_PARSE_OPTION_LENGTH, at + 1);
	/* RFC4285-5: one of each kind.  Test: test_mhopt */
	if ((k->seen & MHOPT_BIT(n)) != 0)
		return mhopt_fail(k, MIP6_PARSE_OPTION_TWICE, at);
	k->seen |= MHOPT_BIT(n);
	k->allowed &= row->followed_by;
	r = mip6_rd_make(k->mh, end);
	mip6_rd_skip(&r, at + 2);
	row->read(&r, k->o);
	return MIP6_PARSE_OK;
}

/* One option or padding at *at, which is moved behind it. */
static enum mip6_parse
mhopt_next(struct mhopt_reading *k, size_t count, size_t *at)
{
	size_t left = count - *at, first = *at;
	uint8_t type = k->mh[first];

	/* R6.2-01: nor padding, behind some.  Test: test_mhopt */
	if ((type == MIP6_MHOPT_PAD1 || type == MIP6_MHOPT_PADN) &&
	    (k->allowed & MHOPT_BIT(MIP6_MHOPT_BIT_PADDING)) == 0)
		return mhopt_fail(k, MIP6_PARSE_OPTION_ORDER, first);
	/* R6.2.2-01: a single octet, without length.  Test: test_mhopt */
	if (type == MIP6_MHOPT_PAD1) {
		*at = first + 1;
		return MIP6_PARSE_OK;
	}
	/* R6.2.2-01: of what is there.  Test: test_mhopt */
	if (left < 2 || k->mh[first + 1] > left - 2)
		return mhopt_fail(k, MIP6_PARSE_OPTION_LENGTH, first + 1);
	*at = first + 2 + k->mh[first + 1];
	/* R6.2.3-01: whatever it contains.  Test: test_mhopt */
	if (type == MIP6_MHOPT_PADN)
		return MIP6_PARSE_OK;
	return mhopt_read_one(k, first, *at);
}

enum mip6_parse
mip6_mhopts_read(const uint8_t *mh, size_t count, size_t from, uint8_t mh_type,
    struct mip6_mhopts *o, size_t *bad_at)
{
	struct mhopt_reading k = { .mh = mh,
		.o = o,
		.allowed = MHOPT_ANYTHING,
		.message = MHOPT_MESSAGE(mh_type) };
	enum mip6_parse p = MIP6_PARSE_OK;
	unsigned int options;
	size_t at = from;

	MIP6_ASSERT(mh_type < MIP6_MH_TYPES && from <= count);
	memset(o, 0, sizeof(*o));
	for (options = 0; at < count && p == MIP6_PARSE_OK; options++) {
		if (options == MIP6_MHOPT_MAX)
			p = mhopt_fail(&k, MIP6_PARSE_TOO_MANY, at);
		else
			p = mhopt_next(&k, count, &at);
	}
	if (p != MIP6_PARSE_OK && bad_at != NULL)
		*bad_at = k.bad_at;
	return p;
}

static void
mhopt_pad(struct mip6_wr *w, size_t octets)
{
	if (octets == 1) {
		mip6_wr_u8(w, MIP6_MHOPT_PAD1);
	} else if (octets > 1) {
		mip6_wr_u8(w, MIP6_MHOPT_PADN);
		mip6_wr_u8(w, (uint8_t)(octets - 2));
		mip6_wr_zero(w, octets - 2);
	}
}

/* Octets of padding before `row` of `total` octets at offset `at`. */
static size_t
mhopt_padding(const struct mip6_mhopt_row *row, size_t at, size_t total,
    bool last)
{
	size_t align = row->align, rest = row->rest;
	size_t rest8 = (8 - total % 8) % 8;

	/* So that it ends the message, where that is aligned, too. */
	if (last && rest8 % align == rest % align) {
		align = 8;
		rest = rest8;
	}
	return (align + rest - at % align) % align;
}

void
mip6_mhopts_write(struct mip6_wr *w, size_t start, uint8_t mh_type,
    const struct mip6_mhopts *o, struct mip6_mh_marks *marks)
{
	const struct mip6_mhopt_row *row;
	unsigned int n, last = MHOPT_ROWS;
	size_t len;

	MIP6_ASSERT(mh_type < MIP6_MH_TYPES);
	MIP6_ASSERT(!o->has_auth_data || (!o->has_mn_ha && !o->has_mn_aaa));
	memset(marks, 0, sizeof(*marks));
	for (n = 0; n < MHOPT_ROWS; n++)
		if (mip6_mhopt_rows[n].has(o))
			last = n;
	for (n = 0; n < MHOPT_ROWS; n++) {
		row = &mip6_mhopt_rows[n];
		if (!row->has(o))
			continue;
		len = row->len(o);
		MIP6_ASSERT((row->messages & MHOPT_MESSAGE(mh_type)) != 0);
		MIP6_ASSERT(len >= row->len_min && len <= row->len_max);
		mhopt_pad(w,
		    mhopt_padding(row, w->pos - start, len + 2, n == last));
		mip6_wr_u8(w, row->type);
		mip6_wr_u8(w, (uint8_t)len);
		row->write(w, start, o, marks);
	}
	/* R6.1.1-03, R6.1.7-08, R6.1.8-06: a multiple of 8 octets. */
	mhopt_pad(w, (8 - (w->pos - start) % 8) % 8);
	marks->octets = w->pos - start;
}
