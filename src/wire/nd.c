/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Neighbour Discovery messages and their options.
 *
 * The options are a table, one row each: where one means something, how long
 * it is, how it is read and written.
 *
 * Invariants: an option of length 0 ends the reading (it must not loop), the
 * options are counted against a limit, and a row's read function sees exactly
 * the length that the row names.
 *
 * Implements: RFC 4861 sections 4.1 to 4.4, 4.6, 6.1, 7.1; RFC 6275 sections
 * 7.1 to 7.4; RFC 6275 section 6.8 (the options of mobile prefix messages).
 */
#include "wire/nd.h"

#include <string.h>

#include "wire/cksum.h"
#include "wire/icmp6.h"
#include "wire/ip6.h"

#define ND_RA_M     0x80
#define ND_RA_O     0x40
#define ND_RA_H     0x20
#define ND_PREFIX_L 0x80
#define ND_PREFIX_A 0x40
#define ND_PREFIX_R 0x20
#define ND_NA_R     0x80
#define ND_NA_S     0x40
#define ND_NA_O     0x20

#define ND_UNIT 8 /* octets of a unit of an option's length */

/* Where an option means something: a bit for each message. */
#define ND_IN_RS  0x01
#define ND_IN_RA  0x02
#define ND_IN_NS  0x04
#define ND_IN_NA  0x08
#define ND_IN_MPA 0x10

struct nd_row {
	uint8_t type;
	uint8_t units; /* of its length; no other is valid */
	uint8_t messages;
	bool (*has)(const struct mip6_nd_opts *o);
	/* `r` is behind type and length, the option's end is its end. */
	enum mip6_parse (*read)(struct mip6_rd *r, struct mip6_nd_opts *o);
	/* Writes all of its kind, type and length included. */
	void (*write)(struct mip6_wr *w, const struct mip6_nd_opts *o);
};

/* Spans as wire values, and back: 0 for negative ones, then saturating. */
static uint32_t
nd_units(struct mip6_span s, int64_t unit_us, uint32_t most)
{
	if (s.us <= 0)
		return 0;
	if (s.us / unit_us > (int64_t)most)
		return most;
	return (uint32_t)(s.us / unit_us);
}

static uint32_t
nd_lifetime(struct mip6_span s)
{
	if (s.us == MIP6_ND_INFINITE.us)
		return UINT32_MAX;
	return nd_units(s, 1000000, UINT32_MAX - 1);
}

static struct mip6_span
nd_lifetime_span(uint32_t s)
{
	return s == UINT32_MAX ? MIP6_ND_INFINITE : MIP6_SPAN_S(s);
}

static void
nd_lladdr_write(struct mip6_wr *w, uint8_t type, const struct mip6_lladdr *a)
{
	mip6_wr_u8(w, type);
	mip6_wr_u8(w, 1);
	mip6_wr_octets(w, a->b, sizeof(a->b));
}

static bool
slla_has(const struct mip6_nd_opts *o)
{
	return o->has_slla;
}

static enum mip6_parse
slla_read(struct mip6_rd *r, struct mip6_nd_opts *o)
{
	if (o->has_slla)
		return MIP6_PARSE_OK;
	o->has_slla = true;
	mip6_rd_octets(r, o->slla.b, sizeof(o->slla.b));
	return MIP6_PARSE_OK;
}

static void
slla_write(struct mip6_wr *w, const struct mip6_nd_opts *o)
{
	nd_lladdr_write(w, MIP6_NDOPT_SLLA, &o->slla);
}

static bool
tlla_has(const struct mip6_nd_opts *o)
{
	return o->has_tlla;
}

static enum mip6_parse
tlla_read(struct mip6_rd *r, struct mip6_nd_opts *o)
{
	if (o->has_tlla)
		return MIP6_PARSE_OK;
	o->has_tlla = true;
	mip6_rd_octets(r, o->tlla.b, sizeof(o->tlla.b));
	return MIP6_PARSE_OK;
}

static void
tlla_write(struct mip6_wr *w, const struct mip6_nd_opts *o)
{
	nd_lladdr_write(w, MIP6_NDOPT_TLLA, &o->tlla);
}

static bool
mtu_has(const struct mip6_nd_opts *o)
{
	return o->has_mtu;
}

static enum mip6_parse
mtu_read(struct mip6_rd *r, struct mip6_nd_opts *o)
{
	if (o->has_mtu)
		return MIP6_PARSE_OK;
	o->has_mtu = true;
	mip6_rd_skip(r, 2);
	o->mtu = mip6_rd_u32(r);
	return MIP6_PARSE_OK;
}

static void
mtu_write(struct mip6_wr *w, const struct mip6_nd_opts *o)
{
	mip6_wr_u8(w, MIP6_NDOPT_MTU);
	mip6_wr_u8(w, 1);
	mip6_wr_u16(w, 0);
	mip6_wr_u32(w, o->mtu);
}

static bool
prefix_has(const struct mip6_nd_opts *o)
{
	return o->prefix_count > 0;
}

static enum mip6_parse
prefix_read(struct mip6_rd *r, struct mip6_nd_opts *o)
{
	struct mip6_nd_prefix *p = &o->prefix[o->prefix_count];
	uint8_t bits = mip6_rd_u8(r);
	uint8_t flags;

	/* RFC4861-4.6.2: from 0 to 128.  Test: test_nd */
	if (bits > 128) {
		r->pos--;
		return MIP6_PARSE_BAD_VALUE;
	}
	if (o->prefix_count == MIP6_ND_PREFIXES_MAX) {
		o->prefixes_over++;
		return MIP6_PARSE_OK;
	}
	o->prefix_count++;
	p->bits = bits;
	flags = mip6_rd_u8(r);
	p->on_link = (flags & ND_PREFIX_L) != 0;
	p->autonomous = (flags & ND_PREFIX_A) != 0;
	p->router = (flags & ND_PREFIX_R) != 0;
	p->valid = nd_lifetime_span(mip6_rd_u32(r));
	p->preferred = nd_lifetime_span(mip6_rd_u32(r));
	mip6_rd_skip(r, 4);
	p->addr = mip6_rd_addr(r);
	return MIP6_PARSE_OK;
}

static void
prefix_write_one(struct mip6_wr *w, const struct mip6_nd_prefix *p)
{
	unsigned int flags = 0;

	MIP6_ASSERT(p->bits <= 128);
	flags |= p->on_link ? ND_PREFIX_L : 0U;
	flags |= p->autonomous ? ND_PREFIX_A : 0U;
	flags |= p->router ? ND_PREFIX_R : 0U;
	mip6_wr_u8(w, MIP6_NDOPT_PREFIX);
	mip6_wr_u8(w, 4);
	mip6_wr_u8(w, p->bits);
	mip6_wr_u8(w, (uint8_t)flags);
	mip6_wr_u32(w, nd_lifetime(p->valid));
	mip6_wr_u32(w, nd_lifetime(p->preferred));
	mip6_wr_u32(w, 0);
	mip6_wr_addr(w, &p->addr);
}

static void
prefix_write(struct mip6_wr *w, const struct mip6_nd_opts *o)
{
	uint8_t i;

	MIP6_ASSERT(o->prefix_count <= MIP6_ND_PREFIXES_MAX);
	for (i = 0; i < o->prefix_count; i++)
		prefix_write_one(w, &o->prefix[i]);
}

static bool
adv_interval_has(const struct mip6_nd_opts *o)
{
	return o->has_adv_interval;
}

static enum mip6_parse
adv_interval_read(struct mip6_rd *r, struct mip6_nd_opts *o)
{
	if (o->has_adv_interval)
		return MIP6_PARSE_OK;
	o->has_adv_interval = true;
	mip6_rd_skip(r, 2);
	o->adv_interval = MIP6_SPAN_MS(mip6_rd_u32(r));
	return MIP6_PARSE_OK;
}

static void
adv_interval_write(struct mip6_wr *w, const struct mip6_nd_opts *o)
{
	mip6_wr_u8(w, MIP6_NDOPT_ADV_INTERVAL);
	mip6_wr_u8(w, 1);
	mip6_wr_u16(w, 0);
	mip6_wr_u32(w, nd_units(o->adv_interval, 1000, UINT32_MAX));
}

static bool
ha_info_has(const struct mip6_nd_opts *o)
{
	return o->has_ha_info;
}

static enum mip6_parse
ha_info_read(struct mip6_rd *r, struct mip6_nd_opts *o)
{
	if (o->has_ha_info)
		return MIP6_PARSE_OK;
	o->has_ha_info = true;
	mip6_rd_skip(r, 2);
	o->ha_preference = mip6_rd_u16(r);
	o->ha_lifetime = MIP6_SPAN_S(mip6_rd_u16(r));
	return MIP6_PARSE_OK;
}

static void
ha_info_write(struct mip6_wr *w, const struct mip6_nd_opts *o)
{
	mip6_wr_u8(w, MIP6_NDOPT_HA_INFO);
	mip6_wr_u8(w, 1);
	mip6_wr_u16(w, 0);
	mip6_wr_u16(w, o->ha_preference);
	mip6_wr_u16(w, (uint16_t)nd_units(o->ha_lifetime, 1000000, UINT16_MAX));
}

static const struct nd_row nd_rows[] = {
	{ MIP6_NDOPT_SLLA, 1, ND_IN_RS | ND_IN_RA | ND_IN_NS, slla_has,
	    slla_read, slla_write },
	{ MIP6_NDOPT_TLLA, 1, ND_IN_NA, tlla_has, tlla_read, tlla_write },
	{ MIP6_NDOPT_MTU, 1, ND_IN_RA, mtu_has, mtu_read, mtu_write },
	{ MIP6_NDOPT_PREFIX, 4, ND_IN_RA | ND_IN_MPA, prefix_has, prefix_read,
	    prefix_write },
	{ MIP6_NDOPT_ADV_INTERVAL, 1, ND_IN_RA, adv_interval_has,
	    adv_interval_read, adv_interval_write },
	{ MIP6_NDOPT_HA_INFO, 1, ND_IN_RA, ha_info_has, ha_info_read,
	    ha_info_write },
};

static uint8_t
nd_message_bit(uint8_t icmp_type)
{
	switch (icmp_type) {
	case MIP6_ND_RS:
		return ND_IN_RS;
	case MIP6_ND_RA:
		return ND_IN_RA;
	case MIP6_ND_NS:
		return ND_IN_NS;
	case MIP6_ND_NA:
		return ND_IN_NA;
	case MIP6_ICMP6_MPA:
		return ND_IN_MPA;
	default:
		return 0;
	}
}

static enum mip6_parse
nd_bad(enum mip6_parse why, size_t at, size_t *bad_at)
{
	if (bad_at != NULL)
		*bad_at = at;
	return why;
}

/* The option of `len` octets at `at`, which is inside the message. */
static enum mip6_parse
nd_opt_read(const uint8_t *octets, size_t at, size_t len, uint8_t message,
    struct mip6_nd_opts *o, size_t *bad_at)
{
	struct mip6_rd r = mip6_rd_make(octets, at + len);
	const struct nd_row *row = NULL;
	enum mip6_parse p;
	size_t i;

	for (i = 0; i < MIP6_COUNT(nd_rows); i++)
		if (nd_rows[i].type == octets[at])
			row = &nd_rows[i];
	/* R6.7-06, R6.8-09: skip what is not known.  Test: test_nd */
	if (row == NULL) {
		o->unknown++;
		return MIP6_PARSE_OK;
	}
	/* R7.3-03, R7.4-08: and what means nothing here.  Test: test_nd */
	if ((row->messages & message) == 0) {
		o->unknown++;
		return MIP6_PARSE_OK;
	}
	/* R7.3-01, R7.4-01: of the length of its format.  Test: test_nd */
	if (len != (size_t)row->units * ND_UNIT)
		return nd_bad(MIP6_PARSE_OPTION_LENGTH, at + 1, bad_at);
	mip6_rd_skip(&r, at + 2);
	p = row->read(&r, o);
	if (p != MIP6_PARSE_OK)
		return nd_bad(p, r.pos, bad_at);
	return MIP6_PARSE_OK;
}

enum mip6_parse
mip6_nd_opts_read(const uint8_t *octets, size_t count, size_t from,
    uint8_t icmp_type, struct mip6_nd_opts *o, size_t *bad_at)
{
	uint8_t message = nd_message_bit(icmp_type);
	unsigned int options = 0;
	enum mip6_parse p;
	size_t len, at = from;

	MIP6_ASSERT(from <= count);
	memset(o, 0, sizeof(*o));
	while (at < count) {
		if (options++ == MIP6_ND_OPTIONS_MAX)
			return nd_bad(MIP6_PARSE_TOO_MANY, at, bad_at);
		if (count - at < 2)
			return nd_bad(MIP6_PARSE_OPTION_LENGTH, at + 1, bad_at);
		len = (size_t)octets[at + 1] * ND_UNIT;
		/* RFC4861-4.6: not 0, and of what is there.  Test: test_nd */
		if (len == 0 || len > count - at)
			return nd_bad(MIP6_PARSE_OPTION_LENGTH, at + 1, bad_at);
		p = nd_opt_read(octets, at, len, message, o, bad_at);
		if (p != MIP6_PARSE_OK)
			return p;
		at += len;
	}
	return MIP6_PARSE_OK;
}

void
mip6_nd_opts_write(struct mip6_wr *w, uint8_t icmp_type,
    const struct mip6_nd_opts *o)
{
	uint8_t message = nd_message_bit(icmp_type);
	size_t i;

	for (i = 0; i < MIP6_COUNT(nd_rows); i++)
		if ((nd_rows[i].messages & message) != 0 && nd_rows[i].has(o))
			nd_rows[i].write(w, o);
}

bool
mip6_nd_is_nd(uint8_t icmp_type)
{
	return icmp_type >= MIP6_ND_RS && icmp_type <= MIP6_ND_NA;
}

/* Octets of the message without options. */
static size_t
nd_octets_min(uint8_t type)
{
	if (type == MIP6_ND_RS)
		return 8;
	return type == MIP6_ND_RA ? 16 : 24;
}

static void
nd_ra_read(struct mip6_rd *r, struct mip6_nd_ra *ra)
{
	uint8_t flags;

	ra->hop_limit = mip6_rd_u8(r);
	flags = mip6_rd_u8(r);
	ra->managed = (flags & ND_RA_M) != 0;
	ra->other = (flags & ND_RA_O) != 0;
	ra->home_agent = (flags & ND_RA_H) != 0;
	ra->router_lifetime = MIP6_SPAN_S(mip6_rd_u16(r));
	ra->reachable = MIP6_SPAN_MS(mip6_rd_u32(r));
	ra->retrans = MIP6_SPAN_MS(mip6_rd_u32(r));
}

static void
nd_na_read(struct mip6_rd *r, struct mip6_nd_na *na)
{
	uint8_t flags = mip6_rd_u8(r);

	na->router = (flags & ND_NA_R) != 0;
	na->solicited = (flags & ND_NA_S) != 0;
	na->override = (flags & ND_NA_O) != 0;
	mip6_rd_skip(r, 3);
	na->target = mip6_rd_addr(r);
}

enum mip6_parse
mip6_nd_read(const uint8_t *octets, size_t count, struct mip6_nd *n,
    size_t *bad_at)
{
	struct mip6_rd r = mip6_rd_make(octets, count);
	uint8_t type;

	if (count < MIP6_ICMP6_OCTETS)
		return nd_bad(MIP6_PARSE_TRUNCATED, count, bad_at);
	type = mip6_rd_u8(&r);
	if (!mip6_nd_is_nd(type))
		return nd_bad(MIP6_PARSE_UNKNOWN_TYPE, 0, bad_at);
	/* RFC4861-6.1.1c: code 0 in all of them.  Test: test_nd */
	if (mip6_rd_u8(&r) != 0)
		return nd_bad(MIP6_PARSE_BAD_CODE, 1, bad_at);
	/* RFC4861-6.1.1d: not shorter than its format.  Test: test_nd */
	if (count < nd_octets_min(type))
		return nd_bad(MIP6_PARSE_TRUNCATED, count, bad_at);
	memset(n, 0, sizeof(*n));
	n->type = type;
	mip6_rd_skip(&r, 2);
	switch (type) {
	case MIP6_ND_RA:
		nd_ra_read(&r, &n->u.ra);
		break;
	case MIP6_ND_NS:
		mip6_rd_skip(&r, 4);
		n->u.ns.target = mip6_rd_addr(&r);
		break;
	case MIP6_ND_NA:
		nd_na_read(&r, &n->u.na);
		break;
	default: /* RS */
		mip6_rd_skip(&r, 4);
		break;
	}
	return mip6_nd_opts_read(octets, count, r.pos, type, &n->opt, bad_at);
}

enum mip6_parse
mip6_nd_rs_valid(const struct mip6_nd *n, const struct mip6_addr *src,
    size_t *bad_at)
{
	MIP6_ASSERT(n->type == MIP6_ND_RS);
	/* RFC4861-6.1.1f: no SLLA from nobody.  Test: test_nd */
	if (mip6_addr_is_any(src) && n->opt.has_slla)
		return nd_bad(MIP6_PARSE_BAD_SOURCE, 0, bad_at);
	return MIP6_PARSE_OK;
}

enum mip6_parse
mip6_nd_ra_valid(const struct mip6_nd *n, const struct mip6_addr *src,
    size_t *bad_at)
{
	MIP6_ASSERT(n->type == MIP6_ND_RA);
	/* RFC4861-6.1.2a: from a link-local address.  Test: test_nd */
	if (!mip6_addr_is_linklocal(src))
		return nd_bad(MIP6_PARSE_BAD_SOURCE, 0, bad_at);
	return MIP6_PARSE_OK;
}

#define ND_AT_TARGET 8

enum mip6_parse
mip6_nd_ns_valid(const struct mip6_nd *n, const struct mip6_addr *src,
    const struct mip6_addr *dst, size_t *bad_at)
{
	struct mip6_addr group;

	MIP6_ASSERT(n->type == MIP6_ND_NS);
	/* RFC4861-7.1.1e: a target that is one.  Test: test_nd */
	if (mip6_addr_is_multicast(&n->u.ns.target))
		return nd_bad(MIP6_PARSE_BAD_VALUE, ND_AT_TARGET, bad_at);
	if (!mip6_addr_is_any(src))
		return MIP6_PARSE_OK;
	group = mip6_addr_solicited_node(dst);
	/* RFC4861-7.1.1g: from nobody to a group.  Test: test_nd */
	if (!mip6_addr_equal(&group, dst))
		return nd_bad(MIP6_PARSE_BAD_DESTINATION, 0, bad_at);
	/* RFC4861-7.1.1h: without a SLLA.  Test: test_nd */
	if (n->opt.has_slla)
		return nd_bad(MIP6_PARSE_BAD_SOURCE, 0, bad_at);
	return MIP6_PARSE_OK;
}

enum mip6_parse
mip6_nd_na_valid(const struct mip6_nd *n, const struct mip6_addr *dst,
    size_t *bad_at)
{
	MIP6_ASSERT(n->type == MIP6_ND_NA);
	/* RFC4861-7.1.2e: a target that is one.  Test: test_nd */
	if (mip6_addr_is_multicast(&n->u.na.target))
		return nd_bad(MIP6_PARSE_BAD_VALUE, ND_AT_TARGET, bad_at);
	/* RFC4861-7.1.2f: nobody solicited it for a group.  Test: test_nd */
	if (mip6_addr_is_multicast(dst) && n->u.na.solicited)
		return nd_bad(MIP6_PARSE_BAD_VALUE, 4, bad_at);
	return MIP6_PARSE_OK;
}

static enum mip6_parse
nd_valid(const struct mip6_nd *n, const struct mip6_addr *src,
    const struct mip6_addr *dst, size_t *bad_at)
{
	switch (n->type) {
	case MIP6_ND_RS:
		return mip6_nd_rs_valid(n, src, bad_at);
	case MIP6_ND_RA:
		return mip6_nd_ra_valid(n, src, bad_at);
	case MIP6_ND_NS:
		return mip6_nd_ns_valid(n, src, dst, bad_at);
	default:
		return mip6_nd_na_valid(n, dst, bad_at);
	}
}

enum mip6_parse
mip6_nd_receive(const uint8_t *octets, size_t count,
    const struct mip6_addr *src, const struct mip6_addr *dst, uint8_t hop_limit,
    struct mip6_nd *n, size_t *bad_at)
{
	enum mip6_parse p;

	/* RFC4861-6.1.1a: no router forwarded it.  Test: test_nd */
	if (hop_limit != MIP6_ND_HOP_LIMIT)
		return nd_bad(MIP6_PARSE_BAD_HOP_LIMIT, 0, bad_at);
	if (count < MIP6_ICMP6_OCTETS)
		return nd_bad(MIP6_PARSE_TRUNCATED, count, bad_at);
	/* RFC4861-6.1.1b: a checksum that fits.  Test: test_nd */
	if (!mip6_cksum_upper_ok(src, dst, MIP6_NH_ICMPV6, octets, count))
		return nd_bad(MIP6_PARSE_BAD_CHECKSUM, 2, bad_at);
	p = mip6_nd_read(octets, count, n, bad_at);
	if (p != MIP6_PARSE_OK)
		return p;
	return nd_valid(n, src, dst, bad_at);
}

static void
nd_ra_write(struct mip6_wr *w, const struct mip6_nd_ra *ra)
{
	unsigned int flags = 0;

	flags |= ra->managed ? ND_RA_M : 0U;
	flags |= ra->other ? ND_RA_O : 0U;
	/* R7.1-01: the home agent bit.  Test: test_nd */
	if (ra->home_agent)
		flags |= ND_RA_H;
	mip6_wr_u8(w, ra->hop_limit);
	mip6_wr_u8(w, (uint8_t)flags);
	mip6_wr_u16(w,
	    (uint16_t)nd_units(ra->router_lifetime, 1000000, UINT16_MAX));
	mip6_wr_u32(w, nd_units(ra->reachable, 1000, UINT32_MAX));
	mip6_wr_u32(w, nd_units(ra->retrans, 1000, UINT32_MAX));
}

static void
nd_na_write(struct mip6_wr *w, const struct mip6_nd_na *na)
{
	unsigned int flags = 0;

	flags |= na->router ? ND_NA_R : 0U;
	flags |= na->solicited ? ND_NA_S : 0U;
	flags |= na->override ? ND_NA_O : 0U;
	mip6_wr_u8(w, (uint8_t)flags);
	mip6_wr_zero(w, 3);
	mip6_wr_addr(w, &na->target);
}

void
mip6_nd_write(struct mip6_wr *w, const struct mip6_nd *n)
{
	MIP6_ASSERT(mip6_nd_is_nd(n->type));
	mip6_wr_u8(w, n->type);
	mip6_wr_u8(w, 0);
	mip6_wr_u16(w, 0);
	switch (n->type) {
	case MIP6_ND_RA:
		nd_ra_write(w, &n->u.ra);
		break;
	case MIP6_ND_NS:
		mip6_wr_u32(w, 0);
		mip6_wr_addr(w, &n->u.ns.target);
		break;
	case MIP6_ND_NA:
		nd_na_write(w, &n->u.na);
		break;
	default: /* RS */
		mip6_wr_u32(w, 0);
		break;
	}
	mip6_nd_opts_write(w, n->type, &n->opt);
}
