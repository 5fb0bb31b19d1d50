/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * ICMPv6 messages but Neighbour Discovery.
 *
 * Invariants: an error that is written never exceeds 1,280 octets; a quoted
 * packet that was received is a view of untrusted octets and nothing more.
 *
 * Implements: RFC 4443 sections 2.1, 2.4, 3 and 4; RFC 6275 sections 6.5 to
 * 6.8.
 */
#include "wire/icmp6.h"

#include <string.h>

#include "wire/cksum.h"

#define ICMP6_MPA_M 0x80
#define ICMP6_MPA_O 0x40

static enum mip6_parse
icmp6_bad(enum mip6_parse why, size_t at, size_t *bad_at)
{
	if (bad_at != NULL)
		*bad_at = at;
	return why;
}

enum mip6_parse
mip6_icmp6_read(const uint8_t *octets, size_t count, struct mip6_icmp6 *m,
    size_t *bad_at)
{
	struct mip6_rd r = mip6_rd_make(octets, count);

	if (count < MIP6_ICMP6_OCTETS)
		return icmp6_bad(MIP6_PARSE_TRUNCATED, count, bad_at);
	m->type = mip6_rd_u8(&r);
	m->code = mip6_rd_u8(&r);
	mip6_rd_skip(&r, 2);
	m->word = mip6_rd_u32(&r);
	m->body_octets = mip6_rd_left(&r);
	m->body = mip6_rd_view(&r, m->body_octets);
	return MIP6_PARSE_OK;
}

enum mip6_parse
mip6_icmp6_receive(const uint8_t *octets, size_t count,
    const struct mip6_addr *src, const struct mip6_addr *dst,
    struct mip6_icmp6 *m, size_t *bad_at)
{
	enum mip6_parse p;

	p = mip6_icmp6_read(octets, count, m, bad_at);
	if (p != MIP6_PARSE_OK)
		return p;
	/* RFC4443-2.3: a checksum that fits.  Test: test_icmp6 */
	if (!mip6_cksum_upper_ok(src, dst, MIP6_NH_ICMPV6, octets, count))
		return icmp6_bad(MIP6_PARSE_BAD_CHECKSUM, 2, bad_at);
	return MIP6_PARSE_OK;
}

bool
mip6_icmp6_is_error(uint8_t type)
{
	return type < 128;
}

bool
mip6_icmp6_is_mld(uint8_t type)
{
	return (type >= MIP6_ICMP6_MLD_QUERY && type <= MIP6_ICMP6_MLD_DONE) ||
	    type == MIP6_ICMP6_MLD2_REPORT;
}

void
mip6_icmp6_write(struct mip6_wr *w, const struct mip6_icmp6 *m)
{
	mip6_wr_u8(w, m->type);
	mip6_wr_u8(w, m->code);
	mip6_wr_u16(w, 0);
	mip6_wr_u32(w, m->word);
	if (m->body_octets > 0)
		mip6_wr_octets(w, m->body, m->body_octets);
}

void
mip6_icmp6_finish(uint8_t *octets, size_t count, const struct mip6_addr *src,
    const struct mip6_addr *dst)
{
	bool done;

	done = mip6_cksum_upper_set(src, dst, MIP6_NH_ICMPV6, octets, count);
	MIP6_ASSERT(done);
}

void
mip6_icmp6_error_write(struct mip6_wr *w, const struct mip6_icmp6_error *e)
{
	size_t quoted_octets = e->quoted_octets;
	struct mip6_ip6_out out;
	struct mip6_icmp6 m;
	size_t start, at;

	/* RFC4443-2.4c: 1,280 octets in all.  Test: test_icmp6 */
	if (quoted_octets > MIP6_ICMP6_QUOTE_MAX)
		quoted_octets = MIP6_ICMP6_QUOTE_MAX;
	memset(&out, 0, sizeof(out));
	out.ip.src = e->src;
	out.ip.dst = e->dst;
	out.ip.hop_limit = e->hop_limit;
	out.upper = MIP6_NH_ICMPV6;
	m.type = e->type;
	m.code = e->code;
	m.word = e->word;
	m.body = e->quoted;
	m.body_octets = quoted_octets;
	start = mip6_ip6_begin(w, &out);
	at = start + MIP6_IP6_OCTETS;
	mip6_icmp6_write(w, &m);
	mip6_ip6_end(w, start);
	if (w->failed)
		return;
	mip6_icmp6_finish(w->octets + at, w->pos - at, &e->src, &e->dst);
}

/* Is the packet an ICMPv6 error or a Redirect, or may it be part of one? */
static bool
icmp6_about_error(const struct mip6_ip6_view *v, const uint8_t *octets)
{
	uint8_t type;

	if (v->upper != MIP6_NH_ICMPV6)
		return false;
	if (v->upper_octets == 0 || v->frag.offset != 0)
		return true;
	type = octets[v->upper_at];
	return mip6_icmp6_is_error(type) || type == MIP6_ICMP6_REDIRECT;
}

bool
mip6_icmp6_error_allowed(const struct mip6_ip6_view *v, const uint8_t *octets,
    bool ll_multicast, uint8_t type, uint8_t code)
{
	bool to_multicast = type == MIP6_ICMP6_TOO_BIG ||
	    (type == MIP6_ICMP6_PARAM_PROBLEM && code == MIP6_ICMP6_OPTION);

	/* RFC4443-2.4e1, RFC4443-2.4e2: not about one.  Test: test_icmp6 */
	if (icmp6_about_error(v, octets))
		return false;
	/* RFC4443-2.4e6: to a single node.  Test: test_icmp6 */
	if (mip6_addr_is_any(&v->ip.src) || mip6_addr_is_loopback(&v->ip.src) ||
	    mip6_addr_is_multicast(&v->ip.src))
		return false;
	/* RFC4443-2.4e3, RFC4443-2.4e4: nor to groups.  Test: test_icmp6 */
	if (ll_multicast || mip6_addr_is_multicast(&v->ip.dst))
		return to_multicast;
	return true;
}

enum mip6_parse
mip6_dhaad_read(const uint8_t *octets, size_t count, struct mip6_dhaad *d,
    size_t *bad_at)
{
	struct mip6_rd r = mip6_rd_make(octets, count);
	size_t i, left;

	if (count < MIP6_ICMP6_OCTETS)
		return icmp6_bad(MIP6_PARSE_TRUNCATED, count, bad_at);
	memset(d, 0, sizeof(*d));
	d->type = mip6_rd_u8(&r);
	if (d->type != MIP6_ICMP6_DHAAD_REQUEST &&
	    d->type != MIP6_ICMP6_DHAAD_REPLY)
		return icmp6_bad(MIP6_PARSE_UNKNOWN_TYPE, 0, bad_at);
	/* R6.5-01, R6.6-01: code 0 in both.  Test: test_icmp6 */
	if (mip6_rd_u8(&r) != 0)
		return icmp6_bad(MIP6_PARSE_BAD_CODE, 1, bad_at);
	mip6_rd_skip(&r, 2);
	d->id = mip6_rd_u16(&r);
	mip6_rd_skip(&r, 2);
	if (d->type == MIP6_ICMP6_DHAAD_REQUEST)
		return MIP6_PARSE_OK;
	left = mip6_rd_left(&r);
	/* R6.6-01: a list of whole addresses.  Test: test_icmp6 */
	if (left % sizeof(struct mip6_addr) != 0)
		return icmp6_bad(MIP6_PARSE_BAD_LENGTH,
		    count - left % sizeof(struct mip6_addr), bad_at);
	if (left / sizeof(struct mip6_addr) > MIP6_DHAAD_ADDRS_MAX)
		return icmp6_bad(MIP6_PARSE_TOO_MANY,
		    MIP6_ICMP6_OCTETS +
			MIP6_DHAAD_ADDRS_MAX * sizeof(struct mip6_addr),
		    bad_at);
	d->addr_count = (uint8_t)(left / sizeof(struct mip6_addr));
	for (i = 0; i < d->addr_count; i++)
		d->addr[i] = mip6_rd_addr(&r);
	return MIP6_PARSE_OK;
}

void
mip6_dhaad_write(struct mip6_wr *w, const struct mip6_dhaad *d)
{
	size_t i;

	MIP6_ASSERT(d->addr_count <= MIP6_DHAAD_ADDRS_MAX);
	mip6_wr_u8(w, d->type);
	mip6_wr_u8(w, 0);
	mip6_wr_u16(w, 0);
	mip6_wr_u16(w, d->id);
	mip6_wr_u16(w, 0);
	if (d->type != MIP6_ICMP6_DHAAD_REPLY)
		return;
	for (i = 0; i < d->addr_count; i++)
		mip6_wr_addr(w, &d->addr[i]);
}

enum mip6_parse
mip6_mp_read(const uint8_t *octets, size_t count, struct mip6_mp *m,
    size_t *bad_at)
{
	struct mip6_rd r = mip6_rd_make(octets, count);
	uint8_t flags;

	if (count < MIP6_ICMP6_OCTETS)
		return icmp6_bad(MIP6_PARSE_TRUNCATED, count, bad_at);
	memset(m, 0, sizeof(*m));
	m->type = mip6_rd_u8(&r);
	if (m->type != MIP6_ICMP6_MPS && m->type != MIP6_ICMP6_MPA)
		return icmp6_bad(MIP6_PARSE_UNKNOWN_TYPE, 0, bad_at);
	/* R6.7-01: code 0 in both.  Test: test_icmp6 */
	if (mip6_rd_u8(&r) != 0)
		return icmp6_bad(MIP6_PARSE_BAD_CODE, 1, bad_at);
	mip6_rd_skip(&r, 2);
	m->id = mip6_rd_u16(&r);
	flags = mip6_rd_u8(&r);
	if (m->type == MIP6_ICMP6_MPA) {
		m->managed = (flags & ICMP6_MPA_M) != 0;
		m->other = (flags & ICMP6_MPA_O) != 0;
	}
	return mip6_nd_opts_read(octets, count, MIP6_ICMP6_OCTETS, m->type,
	    &m->opt, bad_at);
}

void
mip6_mp_write(struct mip6_wr *w, const struct mip6_mp *m)
{
	bool mpa = m->type == MIP6_ICMP6_MPA;
	unsigned int flags = 0;

	flags |= mpa && m->managed ? ICMP6_MPA_M : 0U;
	flags |= mpa && m->other ? ICMP6_MPA_O : 0U;
	mip6_wr_u8(w, m->type);
	mip6_wr_u8(w, 0);
	mip6_wr_u16(w, 0);
	mip6_wr_u16(w, m->id);
	mip6_wr_u8(w, (uint8_t)flags);
	mip6_wr_u8(w, 0);
	mip6_nd_opts_write(w, m->type, &m->opt);
}
