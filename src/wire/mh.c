/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Mobility Header messages: the fixed parts; options are in mhopt.c.
 *
 * Invariant: a message is read only when it is as long as its type needs, so
 * that the fixed part is read without further checks.
 *
 * Implements: RFC 6275 sections 6.1 and 9.2.
 */
#include "wire/mh.h"

#include <string.h>

#include "wire/cksum.h"
#include "wire/ip6.h"

#define MH_FIXED_OCTETS 6 /* up to the message data */
#define MH_UNIT_US      (INT64_C(4) * 1000000)

/* Flags of a Binding Update and a Binding Acknowledgement. */
#define MH_BU_A 0x8000
#define MH_BU_H 0x4000
#define MH_BU_L 0x2000
#define MH_BU_K 0x1000
#define MH_BA_K 0x80

const char *
mip6_mh_type_name(uint8_t type)
{
	static const char *const names[MIP6_MH_TYPES] = { "BRR", "HoTI", "CoTI",
		"HoT", "CoT", "BU", "BA", "BE" };

	return type < MIP6_MH_TYPES ? names[type] : "MH?";
}

const char *
mip6_ba_status_name(uint8_t status)
{
	static const struct {
		uint8_t status;
		const char *name;
	} rows[] = {
#define MH_STATUS_ROW(c, v, n) { (v), (n) },
		MIP6_BA_STATUSES(MH_STATUS_ROW)
#undef MH_STATUS_ROW
	};
	size_t i;

	for (i = 0; i < MIP6_COUNT(rows); i++)
		if (rows[i].status == status)
			return rows[i].name;
	return "unknown";
}

bool
mip6_ba_is_accepted(uint8_t status)
{
	/* R6.1.8-05: below 128 it was accepted.  Test: test_mh */
	return status < 128;
}

uint16_t
mip6_mh_lifetime_units(struct mip6_span s)
{
	if (s.us <= 0)
		return 0;
	/* R6.1.7-06: 0 would delete the binding.  Test: test_mh */
	if (s.us < MH_UNIT_US)
		return 1;
	/* R6.1.7-06: 16 bits, never wrapped.  Test: test_mh */
	if (s.us / MH_UNIT_US > UINT16_MAX)
		return UINT16_MAX;
	return (uint16_t)(s.us / MH_UNIT_US);
}

struct mip6_span
mip6_mh_lifetime_span(uint16_t units)
{
	return MIP6_SPAN_US(units * MH_UNIT_US);
}

/* The whole length that a type has at least (R9.2-05), in octets. */
static size_t
mh_octets_min(enum mip6_mh_type type)
{
	switch (type) {
	case MIP6_MH_BRR:
		return 8;
	case MIP6_MH_HOTI:
	case MIP6_MH_COTI:
	case MIP6_MH_BU:
	case MIP6_MH_BA:
		return 16;
	case MIP6_MH_HOT:
	case MIP6_MH_COT:
	case MIP6_MH_BE:
		return 24;
	}
	mip6_base_abort("MH type", __FILE__, __LINE__);
}

static void
mh_bu_read(struct mip6_rd *r, struct mip6_mh_bu *bu)
{
	uint16_t flags;

	bu->seq = mip6_rd_u16(r);
	flags = mip6_rd_u16(r);
	bu->ack = (flags & MH_BU_A) != 0;
	bu->home = (flags & MH_BU_H) != 0;
	bu->link_local = (flags & MH_BU_L) != 0;
	bu->key = (flags & MH_BU_K) != 0;
	bu->lifetime = mip6_mh_lifetime_span(mip6_rd_u16(r));
}

static void
mh_ba_read(struct mip6_rd *r, struct mip6_mh_ba *ba)
{
	ba->status = mip6_rd_u8(r);
	ba->key = (mip6_rd_u8(r) & MH_BA_K) != 0;
	ba->seq = mip6_rd_u16(r);
	ba->lifetime = mip6_mh_lifetime_span(mip6_rd_u16(r));
}

/* Reads the message data up to the options. */
static void
mh_data_read(struct mip6_rd *r, struct mip6_mh *m)
{
	switch (m->type) {
	case MIP6_MH_BRR:
		mip6_rd_skip(r, 2);
		break;
	case MIP6_MH_HOTI:
	case MIP6_MH_COTI:
		mip6_rd_skip(r, 2);
		mip6_rd_octets(r, m->u.init.cookie, MIP6_MH_COOKIE_OCTETS);
		break;
	case MIP6_MH_HOT:
	case MIP6_MH_COT:
		m->u.test.nonce_index = mip6_rd_u16(r);
		mip6_rd_octets(r, m->u.test.cookie, MIP6_MH_COOKIE_OCTETS);
		mip6_rd_octets(r, m->u.test.token, MIP6_MH_COOKIE_OCTETS);
		break;
	case MIP6_MH_BU:
		mh_bu_read(r, &m->u.bu);
		break;
	case MIP6_MH_BA:
		mh_ba_read(r, &m->u.ba);
		break;
	case MIP6_MH_BE:
		m->u.be.status = mip6_rd_u8(r);
		mip6_rd_skip(r, 1);
		m->u.be.hoa = mip6_rd_addr(r);
		break;
	}
}

static enum mip6_parse
mh_bad(enum mip6_parse why, size_t at, size_t *bad_at)
{
	if (bad_at != NULL)
		*bad_at = at;
	return why;
}

/* The length on the wire, which must be there. */
static enum mip6_parse
mh_length(const uint8_t *octets, size_t count, size_t *whole, size_t *bad_at)
{
	if (count < MIP6_MH_AT_TYPE)
		return mh_bad(MIP6_PARSE_TRUNCATED, count, bad_at);
	*whole = (octets[MIP6_MH_AT_LEN] + 1U) * 8U;
	if (*whole > count)
		return mh_bad(MIP6_PARSE_TRUNCATED, MIP6_MH_AT_LEN, bad_at);
	return MIP6_PARSE_OK;
}

/* All but the checksum; `whole` octets are there. */
static enum mip6_parse
mh_read(const uint8_t *octets, size_t whole, struct mip6_mh *m, size_t *bad_at)
{
	struct mip6_rd r = mip6_rd_make(octets, whole);

	/* R9.2-02: of a known type.  Test: test_mh */
	if (octets[MIP6_MH_AT_TYPE] >= MIP6_MH_TYPES)
		return mh_bad(MIP6_PARSE_UNKNOWN_TYPE, MIP6_MH_AT_TYPE, bad_at);
	/* R9.2-03: with nothing behind it.  Test: test_mh */
	if (octets[MIP6_MH_AT_PROTO] != MIP6_NH_NONE)
		return mh_bad(MIP6_PARSE_BAD_PROTO, MIP6_MH_AT_PROTO, bad_at);
	memset(m, 0, sizeof(*m));
	m->type = (enum mip6_mh_type)octets[MIP6_MH_AT_TYPE];
	/* R9.2-05: not shorter than that type is.  Test: test_mh */
	if (whole < mh_octets_min(m->type))
		return mh_bad(MIP6_PARSE_BAD_LENGTH, MIP6_MH_AT_LEN, bad_at);
	m->octets = whole;
	mip6_rd_skip(&r, MH_FIXED_OCTETS);
	mh_data_read(&r, m);
	return mip6_mhopts_read(octets, whole, r.pos, (uint8_t)m->type, &m->opt,
	    bad_at);
}

enum mip6_parse
mip6_mh_read(const uint8_t *octets, size_t count, struct mip6_mh *m,
    size_t *bad_at)
{
	enum mip6_parse p;
	size_t whole;

	p = mh_length(octets, count, &whole, bad_at);
	if (p != MIP6_PARSE_OK)
		return p;
	return mh_read(octets, whole, m, bad_at);
}

enum mip6_parse
mip6_mh_receive(const uint8_t *octets, size_t count,
    const struct mip6_addr *src, const struct mip6_addr *dst, struct mip6_mh *m,
    size_t *bad_at)
{
	enum mip6_parse p;
	size_t whole;

	p = mh_length(octets, count, &whole, bad_at);
	if (p != MIP6_PARSE_OK)
		return p;
	/* R9.2-01: over the whole header, first of all.  Test: test_mh */
	if (!mip6_cksum_upper_ok(src, dst, MIP6_NH_MH, octets, whole))
		return mh_bad(MIP6_PARSE_BAD_CHECKSUM, MIP6_MH_AT_CHECKSUM,
		    bad_at);
	return mh_read(octets, whole, m, bad_at);
}

static void
mh_bu_write(struct mip6_wr *w, const struct mip6_mh_bu *bu)
{
	unsigned int flags = 0;

	flags |= bu->ack ? MH_BU_A : 0U;
	flags |= bu->home ? MH_BU_H : 0U;
	flags |= bu->link_local ? MH_BU_L : 0U;
	flags |= bu->key ? MH_BU_K : 0U;
	mip6_wr_u16(w, bu->seq);
	mip6_wr_u16(w, (uint16_t)flags);
	mip6_wr_u16(w, mip6_mh_lifetime_units(bu->lifetime));
}

static void
mh_ba_write(struct mip6_wr *w, const struct mip6_mh_ba *ba)
{
	mip6_wr_u8(w, ba->status);
	mip6_wr_u8(w, ba->key ? MH_BA_K : 0);
	mip6_wr_u16(w, ba->seq);
	mip6_wr_u16(w, mip6_mh_lifetime_units(ba->lifetime));
}

static void
mh_data_write(struct mip6_wr *w, const struct mip6_mh *m)
{
	switch (m->type) {
	case MIP6_MH_BRR:
		mip6_wr_u16(w, 0);
		break;
	case MIP6_MH_HOTI:
	case MIP6_MH_COTI:
		mip6_wr_u16(w, 0);
		mip6_wr_octets(w, m->u.init.cookie, MIP6_MH_COOKIE_OCTETS);
		break;
	case MIP6_MH_HOT:
	case MIP6_MH_COT:
		mip6_wr_u16(w, m->u.test.nonce_index);
		mip6_wr_octets(w, m->u.test.cookie, MIP6_MH_COOKIE_OCTETS);
		mip6_wr_octets(w, m->u.test.token, MIP6_MH_COOKIE_OCTETS);
		break;
	case MIP6_MH_BU:
		mh_bu_write(w, &m->u.bu);
		break;
	case MIP6_MH_BA:
		mh_ba_write(w, &m->u.ba);
		break;
	case MIP6_MH_BE:
		mip6_wr_u8(w, m->u.be.status);
		mip6_wr_u8(w, 0);
		mip6_wr_addr(w, &m->u.be.hoa);
		break;
	}
}

void
mip6_mh_write(struct mip6_wr *w, const struct mip6_mh *m,
    struct mip6_mh_marks *marks)
{
	struct mip6_mh_marks unused;
	size_t start = w->pos;

	if (marks == NULL)
		marks = &unused;
	mip6_wr_u8(w, MIP6_NH_NONE);
	mip6_wr_u8(w, 0);
	mip6_wr_u8(w, (uint8_t)m->type);
	mip6_wr_u8(w, 0);
	mip6_wr_u16(w, 0);
	mh_data_write(w, m);
	mip6_mhopts_write(w, start, (uint8_t)m->type, &m->opt, marks);
	if (w->failed)
		return;
	MIP6_ASSERT(marks->octets % 8 == 0);
	MIP6_ASSERT(marks->octets <= MIP6_MH_OCTETS_MAX);
	mip6_wr_patch_u8(w, start + MIP6_MH_AT_LEN,
	    (uint8_t)(marks->octets / 8 - 1));
}

void
mip6_mh_finish(uint8_t *octets, size_t count, const struct mip6_addr *src,
    const struct mip6_addr *dst)
{
	bool done;

	done = mip6_cksum_upper_set(src, dst, MIP6_NH_MH, octets, count);
	MIP6_ASSERT(done);
}

struct mip6_mh_auth_span
mip6_mh_auth_span(const uint8_t *mh, size_t auth_at)
{
	static const uint8_t no_checksum[2];
	struct mip6_mh_auth_span s;

	MIP6_ASSERT(auth_at > MH_FIXED_OCTETS);
	s.piece[0].octets = mh;
	s.piece[0].count = MIP6_MH_AT_CHECKSUM;
	s.piece[1].octets = no_checksum;
	s.piece[1].count = sizeof(no_checksum);
	s.piece[2].octets = mh + MH_FIXED_OCTETS;
	s.piece[2].count = auth_at - MH_FIXED_OCTETS;
	return s;
}
