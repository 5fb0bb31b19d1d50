/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Addresses are compared and built octet by octet, so that nothing here
 * depends on the alignment or the byte order of the host.
 *
 * The parser takes the groups before `::` from the front and those after it
 * to the back; the gap between is what `::` stands for.  It is strict: at
 * most 4 digits a group, `::` once and for one group at least, a dotted quad
 * only at the end and without leading zeros, nothing after.  The text is the
 * canonical one, so that equal addresses are equal strings in every log.
 *
 * Implements: RFC 4291 sections 2.2, 2.7 and Appendix A, RFC 2464 section 7,
 * RFC 5952, RFC 2526.
 */
#include "base/addr.h"

#include <string.h>

#include "base/fmt.h"

#define ADDR_OCTETS 16
#define ADDR_BITS   128
#define ADDR_GROUPS 8

const struct mip6_addr mip6_addr_any = { { 0 } };
const struct mip6_addr mip6_addr_loopback = { { [15] = 1 } };
const struct mip6_addr mip6_addr_all_nodes = { { 0xff, 0x02, [15] = 1 } };
const struct mip6_addr mip6_addr_all_routers = { { 0xff, 0x02, [15] = 2 } };

bool
mip6_addr_equal(const struct mip6_addr *a, const struct mip6_addr *b)
{
	return memcmp(a->b, b->b, ADDR_OCTETS) == 0;
}

bool
mip6_addr_is_any(const struct mip6_addr *a)
{
	return mip6_addr_equal(a, &mip6_addr_any);
}

bool
mip6_addr_is_loopback(const struct mip6_addr *a)
{
	return mip6_addr_equal(a, &mip6_addr_loopback);
}

bool
mip6_addr_is_multicast(const struct mip6_addr *a)
{
	return a->b[0] == 0xff;
}

bool
mip6_addr_is_linklocal(const struct mip6_addr *a)
{
	return a->b[0] == 0xfe && (a->b[1] & 0xc0) == 0x80;
}

bool
mip6_addr_is_unique_local(const struct mip6_addr *a)
{
	return (a->b[0] & 0xfe) == 0xfc;
}

bool
mip6_addr_is_v4mapped(const struct mip6_addr *a)
{
	static const uint8_t mapped[12] = { [10] = 0xff, [11] = 0xff };

	return memcmp(a->b, mapped, sizeof(mapped)) == 0;
}

bool
mip6_addr_is_routable(const struct mip6_addr *a)
{
	return !mip6_addr_is_any(a) && !mip6_addr_is_loopback(a) &&
	    !mip6_addr_is_linklocal(a) && !mip6_addr_is_multicast(a) &&
	    !mip6_addr_is_v4mapped(a);
}

uint8_t
mip6_addr_mc_scope(const struct mip6_addr *a)
{
	return a->b[1] & 0x0f;
}

struct mip6_addr
mip6_addr_solicited_node(const struct mip6_addr *a)
{
	struct mip6_addr group = { { 0xff, 0x02, [11] = 1, [12] = 0xff } };

	memcpy(&group.b[13], &a->b[13], 3);
	return group;
}

struct mip6_lladdr
mip6_addr_mc_lladdr(const struct mip6_addr *a)
{
	struct mip6_lladdr ll = { { 0x33, 0x33 } };

	memcpy(&ll.b[2], &a->b[12], 4);
	return ll;
}

/* The bits of octet `i` that lie in the first `bits` of an address. */
static uint8_t
addr_octet_mask(uint8_t bits, size_t i)
{
	if (bits >= (i + 1) * 8)
		return 0xff;
	if (bits <= i * 8)
		return 0;
	return (uint8_t)(0xffU << (8 - bits % 8));
}

struct mip6_prefix
mip6_prefix_make(const struct mip6_addr *a, uint8_t bits)
{
	struct mip6_prefix p = { .bits = bits };
	size_t i;

	MIP6_ASSERT(bits <= ADDR_BITS);
	for (i = 0; i < ADDR_OCTETS; i++)
		p.addr.b[i] = a->b[i] & addr_octet_mask(bits, i);
	return p;
}

bool
mip6_prefix_has(const struct mip6_prefix *p, const struct mip6_addr *a)
{
	size_t whole = p->bits / 8U;

	MIP6_ASSERT(p->bits <= ADDR_BITS);
	if (memcmp(p->addr.b, a->b, whole) != 0)
		return false;
	if (whole == ADDR_OCTETS)
		return true;
	return ((p->addr.b[whole] ^ a->b[whole]) &
		   addr_octet_mask(p->bits, whole)) == 0;
}

bool
mip6_prefix_equal(const struct mip6_prefix *a, const struct mip6_prefix *b)
{
	return a->bits == b->bits && mip6_addr_equal(&a->addr, &b->addr);
}

struct mip6_addr
mip6_prefix_join(const struct mip6_prefix *p, const struct mip6_addr *iid)
{
	struct mip6_addr a;
	size_t i;

	MIP6_ASSERT(p->bits <= ADDR_BITS);
	for (i = 0; i < ADDR_OCTETS; i++) {
		uint8_t mask = addr_octet_mask(p->bits, i);

		a.b[i] = (uint8_t)((p->addr.b[i] & mask) | (iid->b[i] & ~mask));
	}
	return a;
}

bool
mip6_prefix_home_agents(const struct mip6_prefix *p, struct mip6_addr *a)
{
	struct mip6_addr iid;

	/* RFC2526-2a: 8 bits at least. Test: test_addr */
	if (p->bits > 120)
		return false;
	memset(iid.b, 0xff, sizeof(iid.b));
	iid.b[15] = 0xfe;
	/* RFC2526-2b: EUI-64 identifiers are not universal. Test: test_addr */
	if (p->bits == 64 && (p->addr.b[0] & 0xe0) != 0)
		iid.b[8] = 0xfd;
	*a = mip6_prefix_join(p, &iid);
	return true;
}

struct mip6_addr
mip6_addr_linklocal_eui64(const struct mip6_lladdr *ll)
{
	struct mip6_addr a = { { 0xfe, 0x80, [11] = 0xff, [12] = 0xfe } };

	memcpy(&a.b[8], &ll->b[0], 3);
	memcpy(&a.b[13], &ll->b[3], 3);
	a.b[8] ^= 0x02;
	return a;
}

static int
addr_hex_digit(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	if (c >= 'a' && c <= 'f')
		return c - 'a' + 10;
	if (c >= 'A' && c <= 'F')
		return c - 'A' + 10;
	return -1;
}

/*
 * Reads a decimal of 1..3 digits without leading zeros that is at most `max`.
 * Returns what follows it, or NULL.
 */
static const char *
addr_parse_decimal(const char *s, unsigned int max, uint8_t *value)
{
	unsigned int v = 0;
	size_t i;

	for (i = 0; i < 3 && s[i] >= '0' && s[i] <= '9'; i++)
		v = v * 10 + (unsigned int)(s[i] - '0');
	if (i == 0 || v > max || (i > 1 && s[0] == '0'))
		return NULL;
	*value = (uint8_t)v;
	return s + i;
}

/* "a.b.c.d" and the end of the text, as the last 4 octets. */
static bool
addr_parse_quad(const char *s, uint8_t octets[4])
{
	size_t i;

	for (i = 0; i < 4; i++) {
		if (i > 0 && *s++ != '.')
			return false;
		s = addr_parse_decimal(s, 255, &octets[i]);
		if (s == NULL)
			return false;
	}
	return *s == '\0';
}

/* A group of 1..4 hexadecimal digits.  Returns what follows it, or NULL. */
static const char *
addr_parse_group(const char *s, uint8_t octets[2])
{
	unsigned int v = 0;
	size_t i;

	for (i = 0; i < 4 && addr_hex_digit(s[i]) >= 0; i++)
		v = v << 4 | (unsigned int)addr_hex_digit(s[i]);
	if (i == 0)
		return NULL;
	octets[0] = (uint8_t)(v >> 8);
	octets[1] = (uint8_t)(v & 0xff);
	return s + i;
}

/*
 * Reads groups into octets[] up to the end of the text.  `count` is the
 * octets read, `gap` the offset of `::` in them, or ADDR_OCTETS + 1 without.
 */
static bool
addr_parse_groups(const char *s, uint8_t octets[ADDR_OCTETS], size_t *count,
    size_t *gap)
{
	const char *after;
	size_t n = 0;

	*gap = ADDR_OCTETS + 1;
	if (s[0] == ':' && s[1] != ':')
		return false;
	if (s[0] == ':')
		s++; /* the second colon is read below as a separator */
	while (n <= ADDR_OCTETS) {
		if (*s == ':' && *gap > ADDR_OCTETS) {
			*gap = n;
			s++;
			if (*s == '\0')
				break;
		}
		if (n == ADDR_OCTETS)
			return false;
		after = addr_parse_group(s, &octets[n]);
		if (after != NULL && *after == '.') {
			if (n + 4 > ADDR_OCTETS ||
			    !addr_parse_quad(s, &octets[n]))
				return false;
			n += 4;
			break;
		}
		if (after == NULL)
			return false;
		n += 2;
		if (*after == '\0')
			break;
		if (*after != ':')
			return false;
		s = after + 1;
	}
	*count = n;
	return true;
}

bool
mip6_addr_parse(const char *s, struct mip6_addr *a)
{
	uint8_t octets[ADDR_OCTETS];
	struct mip6_addr parsed = { { 0 } };
	size_t count, gap;

	if (!addr_parse_groups(s, octets, &count, &gap))
		return false;
	if (gap > ADDR_OCTETS) {
		if (count != ADDR_OCTETS)
			return false;
		gap = count;
	} else if (count > ADDR_OCTETS - 2)
		return false; /* `::` stands for one group at least */
	memcpy(parsed.b, octets, gap);
	memcpy(&parsed.b[ADDR_OCTETS - (count - gap)], &octets[gap],
	    count - gap);
	*a = parsed;
	return true;
}

bool
mip6_prefix_parse(const char *s, struct mip6_prefix *p)
{
	char text[MIP6_ADDR_TEXT];
	struct mip6_prefix parsed;
	struct mip6_addr a;
	const char *end;
	uint8_t bits;
	size_t i;

	for (i = 0; s[i] != '\0' && s[i] != '/'; i++) {
		if (i == sizeof(text) - 1)
			return false;
		text[i] = s[i];
	}
	text[i] = '\0';
	if (s[i] != '/' || !mip6_addr_parse(text, &a))
		return false;
	end = addr_parse_decimal(&s[i + 1], ADDR_BITS, &bits);
	if (end == NULL || *end != '\0')
		return false;
	parsed = mip6_prefix_make(&a, bits);
	if (!mip6_addr_equal(&parsed.addr, &a))
		return false;
	*p = parsed;
	return true;
}

/*
 * The run of groups that `::` replaces (RFC 5952 section 4.2): the longest of
 * two groups or more, the first of equal ones; *run is 0 when there is none.
 */
static void
addr_longest_run(const struct mip6_addr *a, size_t *start, size_t *run)
{
	size_t length = 0;
	size_t i;

	*start = ADDR_GROUPS;
	*run = 0;
	for (i = 0; i < ADDR_GROUPS; i++) {
		if (a->b[2 * i] != 0 || a->b[2 * i + 1] != 0) {
			length = 0;
			continue;
		}
		length++;
		if (length >= 2 && length > *run) {
			*run = length;
			*start = i + 1 - length;
		}
	}
}

static void
addr_fmt_group(struct mip6_fmt *f, const uint8_t octets[2])
{
	static const char digit[] = "0123456789abcdef";
	unsigned int v = (unsigned int)octets[0] << 8 | octets[1];
	int shift = 12;

	while (shift > 0 && v >> shift == 0)
		shift -= 4;
	for (; shift >= 0; shift -= 4)
		mip6_fmt_char(f, digit[v >> shift & 0xf]);
}

struct mip6_addr_text
mip6_addr_text(const struct mip6_addr *a)
{
	struct mip6_addr_text text;
	struct mip6_fmt f = mip6_fmt_make(text.s, sizeof(text.s));
	size_t start, run, i;

	if (mip6_addr_is_v4mapped(a)) {
		mip6_fmt_str(&f, "::ffff");
		for (i = 12; i < ADDR_OCTETS; i++) {
			mip6_fmt_char(&f, i == 12 ? ':' : '.');
			mip6_fmt_u64(&f, a->b[i]);
		}
		return text;
	}
	addr_longest_run(a, &start, &run);
	for (i = 0; i < ADDR_GROUPS;) {
		if (i == start) {
			mip6_fmt_str(&f, "::");
			i += run;
			continue;
		}
		if (i > 0 && i != start + run)
			mip6_fmt_char(&f, ':');
		addr_fmt_group(&f, &a->b[2 * i]);
		i++;
	}
	return text;
}
