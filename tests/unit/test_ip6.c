/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The header chain: every header where it may and may not be, each cut at
 * every octet, each limit, each fault at its offset.
 * Links: wire
 */
#include "wire/ip6.h"

#include "unit/support.h"
#include "wire/dstopt.h"
#include "wire/rh.h"

static const struct mip6_addr ip6_src = { { 0x20, 1, 0xd, 0xb8, 0, 0xa, 0, 0, 0,
    0, 0, 0, 0, 0, 0, 5 } };
static const struct mip6_addr ip6_dst = { { 0x20, 1, 0xd, 0xb8, 0, 1, 0, 0, 0,
    0, 0, 0, 0, 0, 0, 1 } };
static const struct mip6_addr ip6_hoa = { { 0x20, 1, 0xd, 0xb8, 0, 1, 0, 0, 0,
    0, 0, 0, 0, 0, 1, 0 } };
static const struct mip6_addr ip6_other = { { 0x20, 1, 0xd, 0xb8, 0, 9, 0, 0, 0,
    0, 0, 0, 0, 0, 1, 0 } };

/* A packet that grows header by header. */
struct chain {
	uint8_t octets[2048];
	size_t count;
	size_t next_at; /* Next Header field to be set by the next one */
};

static void
chain_begin(struct chain *c)
{
	struct mip6_ip6 ip = { .src = ip6_src,
		.dst = ip6_dst,
		.hop_limit = 64,
		.next_header = MIP6_NH_NONE };

	memset(c, 0, sizeof(*c));
	mip6_ip6_put(c->octets, &ip);
	c->count = MIP6_IP6_OCTETS;
	c->next_at = MIP6_IP6_AT_NEXT_HEADER;
}

static void
chain_length(struct chain *c)
{
	size_t payload = c->count - MIP6_IP6_OCTETS;

	c->octets[4] = (uint8_t)(payload >> 8);
	c->octets[5] = (uint8_t)payload;
}

/* Appends a header; its own Next Header is 59 for now.  Its offset. */
static size_t
chain_add(struct chain *c, uint8_t type, const uint8_t *header, size_t count)
{
	size_t at = c->count;

	assert_true(count <= sizeof(c->octets) - at);
	c->octets[c->next_at] = type;
	memcpy(c->octets + at, header, count);
	c->octets[at] = MIP6_NH_NONE;
	c->next_at = at;
	c->count += count;
	chain_length(c);
	return at;
}

/* The upper layer, which is no header. */
static size_t
chain_upper(struct chain *c, uint8_t type, size_t count)
{
	size_t at = c->count;

	c->octets[c->next_at] = type;
	memset(c->octets + at, 0x77, count);
	c->count += count;
	chain_length(c);
	return at;
}

static size_t
chain_hao(struct chain *c, const struct mip6_addr *hoa)
{
	uint8_t header[MIP6_DSTOPT_HAO_OCTETS];

	mip6_dstopt_hao_put(header, 0, hoa);
	return chain_add(c, MIP6_NH_DSTOPTS, header, sizeof(header));
}

static size_t
chain_rh2(struct chain *c, const struct mip6_addr *hoa)
{
	uint8_t header[MIP6_RH2_OCTETS];

	mip6_rh2_put(header, 0, hoa);
	return chain_add(c, MIP6_NH_ROUTING, header, sizeof(header));
}

static size_t
chain_frag(struct chain *c, uint16_t offset, bool more)
{
	uint8_t header[MIP6_FRAG_OCTETS];

	mip6_frag_put(header, 0, offset, more, 0xdeadbeef);
	return chain_add(c, MIP6_NH_FRAGMENT, header, sizeof(header));
}

/* Of the octets alone, so that a sanitizer sees one too many. */
static enum mip6_parse
chain_view(const struct chain *c, size_t count, struct mip6_ip6_view *v,
    size_t *at)
{
	uint8_t *copy = malloc(count > 0 ? count : 1);
	enum mip6_parse p;

	assert_non_null(copy);
	memcpy(copy, c->octets, count);
	p = mip6_ip6_view(copy, count, v, at);
	free(copy);
	return p;
}

static struct mip6_ip6_view
chain_ok(const struct chain *c)
{
	struct mip6_ip6_view v;

	assert_int_equal(chain_view(c, c->count, &v, NULL), MIP6_PARSE_OK);
	return v;
}

static void
chain_is_bad(const struct chain *c, enum mip6_parse why, size_t where)
{
	struct mip6_ip6_view v;
	size_t at = SIZE_MAX;

	assert_int_equal(chain_view(c, c->count, &v, &at), why);
	assert_int_equal(at, where);
}

static void
chain_is_faulty(const struct chain *c, enum mip6_ip6_fault fault, size_t where)
{
	struct mip6_ip6_view v = chain_ok(c);

	assert_string_equal(mip6_ip6_fault_name(v.fault),
	    mip6_ip6_fault_name(fault));
	assert_int_equal(v.fault_at, where);
}

static void
test_plain(void **state)
{
	struct mip6_ip6_view v;
	struct chain c;

	(void)state;
	chain_begin(&c);
	chain_upper(&c, MIP6_NH_UDP, 12);
	v = chain_ok(&c);
	assert_int_equal(v.octets, 52);
	assert_int_equal(v.upper, MIP6_NH_UDP);
	assert_int_equal(v.upper_at, 40);
	assert_int_equal(v.upper_octets, 12);
	assert_int_equal(v.upper_next_at, 6);
	assert_memory_equal(&v.eff_src, &ip6_src, 16);
	assert_memory_equal(&v.eff_dst, &ip6_dst, 16);
	assert_false(v.has_hao || v.has_rh2 || v.has_ah || v.frag.present);
	assert_false(mip6_ip6_is_fragment(&v));
	assert_int_equal(v.fault, MIP6_IP6_FAULT_NONE);
	/* Padding of the link behind it. */
	c.count += 6;
	v = chain_ok(&c);
	assert_int_equal(v.octets, 52);
	assert_int_equal(v.upper_octets, 12);
}

/* All headers in the order of RFC 8200 section 4.1 and RFC 6275. */
static void
chain_everything(struct chain *c)
{
	static const uint8_t hbh[8] = { 0, 0, 5, 2, 0, 0, 1, 0 };
	static const uint8_t rh0[8] = { 0, 0, 0, 0 };
	static const uint8_t ah[24] = { 0, 4 };
	uint8_t limit[MIP6_DSTOPT_LIMIT_OCTETS];

	chain_begin(c);
	chain_add(c, MIP6_NH_HOPOPTS, hbh, sizeof(hbh)); /* 40 */
	mip6_dstopt_limit_put(limit, 0, 3);
	chain_add(c, MIP6_NH_DSTOPTS, limit, sizeof(limit)); /* 48 */
	chain_add(c, MIP6_NH_ROUTING, rh0, sizeof(rh0));     /* 56 */
	chain_rh2(c, &ip6_other);                            /* 64 */
	chain_hao(c, &ip6_hoa);                              /* 88 */
	chain_frag(c, 0, false);                             /* 112 */
	chain_add(c, MIP6_NH_AH, ah, sizeof(ah));            /* 120 */
	chain_upper(c, MIP6_NH_MH, 16);                      /* 144 */
}

static void
test_everything(void **state)
{
	struct mip6_ip6_view v;
	struct chain c;

	(void)state;
	chain_everything(&c);
	v = chain_ok(&c);
	assert_string_equal(mip6_ip6_fault_name(v.fault), "none");
	assert_true(v.has_tunnel_limit);
	assert_int_equal(v.tunnel_limit, 3);
	assert_true(v.has_rh_other);
	assert_int_equal(v.rh_other_type, 0);
	assert_true(v.has_rh2);
	assert_int_equal(v.rh2_at, 64);
	assert_int_equal(v.rh2_segments_left, 1);
	assert_memory_equal(&v.rh2, &ip6_other, 16);
	assert_memory_equal(&v.eff_dst, &ip6_other, 16);
	assert_true(v.has_hao);
	assert_int_equal(v.hao_at, 94);
	assert_int_equal(v.hao_header_at, 88);
	assert_int_equal(v.hao_next_header, MIP6_NH_FRAGMENT);
	assert_memory_equal(&v.hao, &ip6_hoa, 16);
	assert_memory_equal(&v.eff_src, &ip6_hoa, 16);
	assert_memory_equal(&v.ip.src, &ip6_src, 16);
	assert_memory_equal(&v.ip.dst, &ip6_dst, 16);
	assert_true(v.frag.present);
	assert_int_equal(v.frag.at, 112);
	assert_int_equal(v.frag.prev_next_at, 88);
	assert_int_equal(v.frag.next_header, MIP6_NH_AH);
	assert_true(v.frag.id == 0xdeadbeef);
	assert_true(v.has_ah);
	assert_int_equal(v.upper, MIP6_NH_MH);
	assert_int_equal(v.upper_at, 144);
	assert_int_equal(v.upper_octets, 16);
	assert_int_equal(v.upper_next_at, 120);
}

/* The header of chain_everything that octet `n` is in: {start, length at}. */
static const size_t chain_starts[] = { 40, 48, 56, 64, 88, 112, 120, 144 };

static size_t
chain_start(size_t n)
{
	size_t i;

	for (i = MIP6_COUNT(chain_starts); i > 0; i--)
		if (chain_starts[i - 1] <= n)
			return chain_starts[i - 1];
	return 0;
}

static void
test_truncation(void **state)
{
	struct mip6_ip6_view v;
	struct chain c;
	size_t n, at, start, want;

	(void)state;
	chain_everything(&c);
	/* The link gave fewer octets than the header says. */
	for (n = 0; n < c.count; n++) {
		assert_int_equal(chain_view(&c, n, &v, &at),
		    MIP6_PARSE_TRUNCATED);
		assert_int_equal(at, n < 40 ? n : MIP6_IP6_AT_PAYLOAD_LENGTH);
	}
	/* The header itself says fewer. */
	for (n = 40; n < 144; n++) {
		c.count = n;
		chain_length(&c);
		start = chain_start(n);
		/* No length field in a Fragment header, nor past the end. */
		want = start == 112 || n < start + 2 ? n : start + 1;
		at = SIZE_MAX;
		assert_int_equal(chain_view(&c, n, &v, &at),
		    MIP6_PARSE_TRUNCATED);
		assert_int_equal(at, want);
	}
	/* And each header a length too long. */
	for (n = 0; n + 1 < MIP6_COUNT(chain_starts); n++) {
		start = chain_starts[n];
		if (start == 112)
			continue;
		chain_everything(&c);
		c.octets[start + 1] = 255;
		chain_is_bad(&c, MIP6_PARSE_TRUNCATED, start + 1);
	}
}

static void
test_quoted(void **state)
{
	struct mip6_ip6_view v;
	struct chain c;
	size_t n, at;

	(void)state;
	chain_everything(&c);
	for (n = 0; n < 40; n++) {
		assert_int_equal(mip6_ip6_view_quoted(c.octets, n, &v, &at),
		    MIP6_PARSE_TRUNCATED);
		assert_int_equal(at, n);
	}
	for (n = 40; n <= c.count; n++) {
		assert_int_equal(mip6_ip6_view_quoted(c.octets, n, &v, NULL),
		    MIP6_PARSE_OK);
		assert_int_equal(v.cut, n < c.count);
		assert_int_equal(v.octets, c.count);
		assert_int_equal(v.upper, n < 144 ? MIP6_NH_NONE : MIP6_NH_MH);
		assert_int_equal(v.upper_octets, n < 144 ? 0 : n - 144);
		assert_int_equal(v.has_hao, n >= 112);
		assert_int_equal(v.has_rh2, n >= 88);
		assert_memory_equal(&v.eff_src, n < 112 ? &ip6_src : &ip6_hoa,
		    16);
	}
	/* A packet that says itself that its chain is cut. */
	c.count = 100;
	chain_length(&c);
	assert_int_equal(mip6_ip6_view_quoted(c.octets, 100, &v, NULL),
	    MIP6_PARSE_OK);
	assert_true(v.cut);
	/* What is wrong inside is wrong in a quoted packet, too. */
	chain_everything(&c);
	c.octets[43] = 9;
	assert_int_equal(mip6_ip6_view_quoted(c.octets, 60, &v, &at),
	    MIP6_PARSE_OPTION_LENGTH);
	assert_int_equal(at, 43);
}

static void
test_ends(void **state)
{
	static const uint8_t ends[] = { MIP6_NH_ESP, MIP6_NH_NONE, MIP6_NH_IPV6,
		MIP6_NH_TCP, MIP6_NH_ICMPV6, 139, 253 };
	struct mip6_ip6_view v;
	struct chain c;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(ends); i++) {
		chain_begin(&c);
		chain_hao(&c, &ip6_hoa);
		chain_upper(&c, ends[i], 0);
		v = chain_ok(&c);
		assert_int_equal(v.upper, ends[i]);
		assert_int_equal(v.upper_at, 64);
		assert_int_equal(v.upper_octets, 0);
		assert_int_equal(v.hao_next_header, ends[i]);
	}
}

static void
test_hop_by_hop_order(void **state)
{
	static const uint8_t hbh[8] = { 0, 0, 1, 4 };
	struct chain c;
	size_t at;

	(void)state;
	chain_begin(&c);
	chain_add(&c, MIP6_NH_HOPOPTS, hbh, sizeof(hbh));
	chain_is_faulty(&c, MIP6_IP6_FAULT_NONE, 0);
	at = chain_add(&c, MIP6_NH_HOPOPTS, hbh, sizeof(hbh));
	assert_int_equal(at, 48);
	chain_is_faulty(&c, MIP6_IP6_FAULT_HOPOPTS_ORDER, 40);
	chain_begin(&c);
	at = chain_hao(&c, &ip6_hoa);
	chain_add(&c, MIP6_NH_HOPOPTS, hbh, sizeof(hbh));
	chain_is_faulty(&c, MIP6_IP6_FAULT_HOPOPTS_ORDER, at);
}

static void
test_hao_faults(void **state)
{
	static const uint8_t ah[12] = { 0, 1 };
	struct mip6_ip6_view v;
	struct chain c;
	unsigned int len;
	size_t at;

	(void)state;
	/* R6.3-06: twice, in one header and in two. */
	chain_begin(&c);
	chain_hao(&c, &ip6_hoa);
	at = chain_hao(&c, &ip6_other);
	chain_is_faulty(&c, MIP6_IP6_FAULT_HAO_TWICE, at + 6);
	v = chain_ok(&c);
	assert_memory_equal(&v.hao, &ip6_hoa, 16);
	/* R6.3-05: behind AH, behind Fragment, before a routing header. */
	chain_begin(&c);
	chain_add(&c, MIP6_NH_AH, ah, sizeof(ah));
	at = chain_hao(&c, &ip6_hoa);
	chain_is_faulty(&c, MIP6_IP6_FAULT_HAO_ORDER, at + 6);
	chain_begin(&c);
	chain_frag(&c, 0, false);
	at = chain_hao(&c, &ip6_hoa);
	chain_is_faulty(&c, MIP6_IP6_FAULT_HAO_ORDER, at + 6);
	chain_begin(&c);
	at = chain_hao(&c, &ip6_hoa);
	chain_rh2(&c, &ip6_other);
	chain_is_faulty(&c, MIP6_IP6_FAULT_HAO_ORDER, at + 6);
	/* R6.3-01: every length. */
	for (len = 0; len < 256; len++) {
		chain_begin(&c);
		at = chain_hao(&c, &ip6_hoa);
		c.octets[at + 7] = (uint8_t)len;
		if (len == 16) {
			chain_is_faulty(&c, MIP6_IP6_FAULT_NONE, 0);
		} else if (len > 16) {
			chain_is_bad(&c, MIP6_PARSE_OPTION_LENGTH, at + 7);
		} else {
			memset(c.octets + at + 8, 0, 16);
			chain_is_faulty(&c, MIP6_IP6_FAULT_HAO_LENGTH, at + 7);
			assert_false(chain_ok(&c).has_hao);
		}
	}
}

static void
test_rh_faults(void **state)
{
	static const uint8_t short_rh2[8] = { 0, 0, 2, 1 };
	static const uint8_t long_rh2[40] = { 0, 4, 2, 1 };
	static const uint8_t done[8] = { 0, 0, 3, 0 };
	static const uint8_t rh0[24] = { 0, 2, 0, 1 };
	struct mip6_ip6_view v;
	struct chain c;
	unsigned int left;
	size_t at;

	(void)state;
	chain_begin(&c);
	at = chain_add(&c, MIP6_NH_ROUTING, short_rh2, sizeof(short_rh2));
	chain_is_faulty(&c, MIP6_IP6_FAULT_RH2_LENGTH, at + 1);
	chain_begin(&c);
	at = chain_add(&c, MIP6_NH_ROUTING, long_rh2, sizeof(long_rh2));
	chain_is_faulty(&c, MIP6_IP6_FAULT_RH2_LENGTH, at + 1);
	v = chain_ok(&c);
	assert_true(v.has_rh2);
	assert_true(mip6_addr_is_any(&v.rh2));
	assert_memory_equal(&v.eff_dst, &ip6_dst, 16);
	for (left = 0; left < 256; left++) {
		chain_begin(&c);
		at = chain_rh2(&c, &ip6_hoa);
		c.octets[at + 3] = (uint8_t)left;
		v = chain_ok(&c);
		assert_int_equal(v.rh2_segments_left, left);
		assert_memory_equal(&v.eff_dst, left == 1 ? &ip6_hoa : &ip6_dst,
		    16);
		if (left != 1)
			chain_is_faulty(&c, MIP6_IP6_FAULT_RH2_SEGMENTS,
			    at + 3);
	}
	chain_begin(&c);
	chain_rh2(&c, &ip6_hoa);
	at = chain_rh2(&c, &ip6_other);
	chain_is_faulty(&c, MIP6_IP6_FAULT_RH2_ORDER, at);
	v = chain_ok(&c);
	assert_memory_equal(&v.rh2, &ip6_hoa, 16);
	chain_begin(&c);
	chain_rh2(&c, &ip6_hoa);
	at = chain_add(&c, MIP6_NH_ROUTING, done, sizeof(done));
	chain_is_faulty(&c, MIP6_IP6_FAULT_RH2_ORDER, at);
	/* Types 0 and 3: nothing left to do, and something left. */
	chain_begin(&c);
	chain_add(&c, MIP6_NH_ROUTING, done, sizeof(done));
	chain_is_faulty(&c, MIP6_IP6_FAULT_NONE, 0);
	at = chain_add(&c, MIP6_NH_ROUTING, rh0, sizeof(rh0));
	chain_is_faulty(&c, MIP6_IP6_FAULT_RH_OTHER, at + 2);
	v = chain_ok(&c);
	assert_memory_equal(&v.eff_dst, &ip6_dst, 16);
}

/* R6.3-03: every unknown option, by its two high bits. */
static void
test_unknown_options(void **state)
{
	static const enum mip6_ip6_fault want[] = { MIP6_IP6_FAULT_NONE,
		MIP6_IP6_FAULT_OPTION_DISCARD, MIP6_IP6_FAULT_OPTION_PROBLEM,
		MIP6_IP6_FAULT_OPTION_PROBLEM_UNICAST };
	uint8_t header[8] = { 0, 0, 0, 3, 0, 0, 0, 0 };
	uint8_t kinds[] = { MIP6_NH_HOPOPTS, MIP6_NH_DSTOPTS };
	struct mip6_ip6_view v;
	enum mip6_ip6_fault fault;
	struct chain c;
	unsigned int type;
	size_t i;

	(void)state;
	for (i = 0; i < 2; i++)
		for (type = 2; type < 256; type++) {
			header[2] = (uint8_t)type;
			if (kinds[i] == MIP6_NH_DSTOPTS && type == MIP6_OPT_HAO)
				continue;
			chain_begin(&c);
			chain_add(&c, kinds[i], header, sizeof(header));
			fault = want[type >> 6];
			chain_is_faulty(&c, fault,
			    fault == MIP6_IP6_FAULT_NONE ? 0 : 42);
			assert_false(chain_ok(&c).has_tunnel_limit);
			assert_false(chain_ok(&c).has_hao);
		}
	/* A whole Home Address option among the hop-by-hop options. */
	chain_begin(&c);
	chain_hao(&c, &ip6_hoa);
	c.octets[6] = MIP6_NH_HOPOPTS;
	chain_is_faulty(&c, MIP6_IP6_FAULT_OPTION_PROBLEM_UNICAST, 46);
	v = chain_ok(&c);
	assert_memory_equal(&v.eff_src, &ip6_src, 16);
}

/* The first fault is the one that is told. */
static void
test_first_fault(void **state)
{
	static const uint8_t unknown[8] = { 0, 0, 0x40, 4 };
	struct chain c;

	(void)state;
	chain_begin(&c);
	chain_add(&c, MIP6_NH_DSTOPTS, unknown, sizeof(unknown));
	chain_hao(&c, &ip6_hoa);
	chain_hao(&c, &ip6_hoa);
	chain_is_faulty(&c, MIP6_IP6_FAULT_OPTION_DISCARD, 42);
	/* And the first one of the headers, which that option is not. */
	assert_int_equal(chain_ok(&c).header_fault, MIP6_IP6_FAULT_HAO_TWICE);
	chain_begin(&c);
	chain_add(&c, MIP6_NH_DSTOPTS, unknown, sizeof(unknown));
	assert_int_equal(chain_ok(&c).header_fault, MIP6_IP6_FAULT_NONE);
}

static void
test_fragments(void **state)
{
	struct mip6_ip6_view v;
	struct chain c;
	size_t at;

	(void)state;
	/* The first of several: what is behind it is not looked at. */
	chain_begin(&c);
	at = chain_frag(&c, 0, true);
	chain_hao(&c, &ip6_hoa);
	v = chain_ok(&c);
	assert_true(mip6_ip6_is_fragment(&v));
	assert_true(v.frag.more);
	assert_int_equal(v.upper, MIP6_NH_DSTOPTS);
	assert_int_equal(v.upper_at, at + 8);
	assert_int_equal(v.upper_octets, 24);
	assert_false(v.has_hao);
	/* A later one. */
	chain_begin(&c);
	chain_frag(&c, 0xfff8, false);
	chain_upper(&c, MIP6_NH_ROUTING, 5);
	v = chain_ok(&c);
	assert_true(mip6_ip6_is_fragment(&v));
	assert_int_equal(v.frag.offset, 0xfff8);
	assert_false(v.frag.more);
	assert_int_equal(v.upper_octets, 5);
	/* Reserved bits are ignored. */
	chain_begin(&c);
	at = chain_frag(&c, 8, true);
	c.octets[at + 1] = 0xff;
	c.octets[at + 3] |= 6;
	v = chain_ok(&c);
	assert_int_equal(v.frag.offset, 8);
	assert_true(v.frag.more);
	SUPPORT_ABORTS(mip6_frag_put(c.octets, 0, 7, false, 0));
}

static void
test_ah_lengths(void **state)
{
	uint8_t ah[16] = { 0 };
	struct chain c;
	size_t at;

	(void)state;
	chain_begin(&c);
	at = chain_add(&c, MIP6_NH_AH, ah, sizeof(ah));
	chain_is_bad(&c, MIP6_PARSE_BAD_LENGTH, at + 1);
	ah[1] = 1;
	chain_begin(&c);
	at = chain_add(&c, MIP6_NH_AH, ah, 12);
	assert_true(chain_ok(&c).has_ah);
	assert_int_equal(chain_ok(&c).upper_at, at + 12);
}

static void
test_limits(void **state)
{
	uint8_t pads[72] = { 0, 8 };
	static const uint8_t empty[8] = { 0, 0, 1, 4 };
	struct chain c;
	size_t i, at = 0;

	(void)state;
	chain_begin(&c);
	for (i = 0; i < MIP6_IP6_HEADERS_MAX; i++)
		at = chain_add(&c, MIP6_NH_DSTOPTS, empty, sizeof(empty));
	(void)chain_ok(&c);
	chain_add(&c, MIP6_NH_DSTOPTS, empty, sizeof(empty));
	chain_is_bad(&c, MIP6_PARSE_TOO_MANY, at);
	/* 64 options are read; the header holds 70 octets of Pad1. */
	chain_begin(&c);
	at = chain_add(&c, MIP6_NH_DSTOPTS, pads, sizeof(pads));
	chain_is_bad(&c, MIP6_PARSE_TOO_MANY, at + 2 + MIP6_IP6_OPTIONS_MAX);
	pads[2 + 63] = 1;
	pads[2 + 64] = 5;
	chain_begin(&c);
	chain_add(&c, MIP6_NH_DSTOPTS, pads, sizeof(pads));
	(void)chain_ok(&c);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_plain),
		cmocka_unit_test(test_everything),
		cmocka_unit_test(test_truncation),
		cmocka_unit_test(test_quoted),
		cmocka_unit_test(test_ends),
		cmocka_unit_test(test_hop_by_hop_order),
		cmocka_unit_test(test_hao_faults),
		cmocka_unit_test(test_rh_faults),
		cmocka_unit_test(test_unknown_options),
		cmocka_unit_test(test_first_fault),
		cmocka_unit_test(test_fragments),
		cmocka_unit_test(test_ah_lengths),
		cmocka_unit_test(test_limits),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
