/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The Internet checksum.  Octets are summed as they lie in memory, eight at a
 * time with end-around carry; the one's complement sum does not depend on the
 * width or the byte order of the words (RFC 1071 section 2), so only the fold
 * looks at single octets.
 *
 * Invariant: every piece but the last has an even number of octets.
 *
 * Implements: RFC 1071, RFC 1624 equation 3, RFC 8200 section 8.1.
 */
#include "wire/cksum.h"

#include <string.h>

#include "wire/ip6.h"

static uint64_t
cksum_add_word(uint64_t sum, uint64_t word)
{
	sum += word;
	return sum + (sum < word);
}

uint64_t
mip6_cksum_add(uint64_t sum, const void *octets, size_t count)
{
	const uint8_t *p = octets;
	uint8_t last[2] = { 0, 0 };
	uint64_t word;
	uint16_t half;

	while (count >= sizeof(word)) {
		memcpy(&word, p, sizeof(word));
		sum = cksum_add_word(sum, word);
		p += sizeof(word);
		count -= sizeof(word);
	}
	while (count >= sizeof(half)) {
		memcpy(&half, p, sizeof(half));
		sum = cksum_add_word(sum, half);
		p += sizeof(half);
		count -= sizeof(half);
	}
	if (count > 0) {
		last[0] = *p;
		memcpy(&half, last, sizeof(half));
		sum = cksum_add_word(sum, half);
	}
	return sum;
}

uint64_t
mip6_cksum_pseudo(const struct mip6_addr *src, const struct mip6_addr *dst,
    uint32_t upper_octets, uint8_t next_header)
{
	const uint8_t rest[8] = { (uint8_t)(upper_octets >> 24),
		(uint8_t)(upper_octets >> 16), (uint8_t)(upper_octets >> 8),
		(uint8_t)upper_octets, 0, 0, 0, next_header };
	uint64_t sum;

	sum = mip6_cksum_add(0, src->b, sizeof(src->b));
	sum = mip6_cksum_add(sum, dst->b, sizeof(dst->b));
	return mip6_cksum_add(sum, rest, sizeof(rest));
}

uint16_t
mip6_cksum_fold(uint64_t sum)
{
	uint8_t octets[2];
	uint16_t half;

	sum = (sum & 0xffffffffU) + (sum >> 32);
	sum = (sum & 0xffffffffU) + (sum >> 32);
	sum = (sum & 0xffffU) + (sum >> 16);
	sum = (sum & 0xffffU) + (sum >> 16);
	half = (uint16_t)((sum & 0xffffU) + (sum >> 16));
	memcpy(octets, &half, sizeof(octets));
	return (uint16_t)(octets[0] << 8 | octets[1]);
}

uint16_t
mip6_cksum_finish(uint64_t sum)
{
	return (uint16_t)~mip6_cksum_fold(sum);
}

static uint64_t
cksum_add_u16(uint64_t sum, uint16_t value)
{
	const uint8_t octets[2] = { (uint8_t)(value >> 8), (uint8_t)value };

	return mip6_cksum_add(sum, octets, sizeof(octets));
}

uint16_t
mip6_cksum_update(uint16_t cksum, const void *from, const void *to,
    size_t count)
{
	uint64_t sum;

	MIP6_ASSERT(count % 2 == 0);
	sum = cksum_add_u16(0, (uint16_t)~cksum);
	sum = cksum_add_u16(sum,
	    (uint16_t)~mip6_cksum_fold(mip6_cksum_add(0, from, count)));
	return mip6_cksum_finish(mip6_cksum_add(sum, to, count));
}

size_t
mip6_cksum_offset(uint8_t next_header)
{
	switch (next_header) {
	case MIP6_NH_TCP:
		return 16;
	case MIP6_NH_UDP:
		return 6;
	case MIP6_NH_ICMPV6:
		return 2;
	case MIP6_NH_MH:
		return 4;
	default:
		return MIP6_CKSUM_NONE;
	}
}

uint16_t
mip6_cksum_upper(const struct mip6_addr *src, const struct mip6_addr *dst,
    uint8_t next_header, const uint8_t *octets, size_t count)
{
	size_t at = mip6_cksum_offset(next_header);
	uint64_t sum;
	uint16_t cksum;

	MIP6_ASSERT(at != MIP6_CKSUM_NONE);
	MIP6_ASSERT(count >= at + 2 && count <= UINT32_MAX);
	sum = mip6_cksum_pseudo(src, dst, (uint32_t)count, next_header);
	sum = mip6_cksum_add(sum, octets, at);
	sum = mip6_cksum_add(sum, octets + at + 2, count - at - 2);
	cksum = mip6_cksum_finish(sum);
	/* RFC8200-8.1: zero would mean none.  Test: test_cksum */
	if (next_header == MIP6_NH_UDP && cksum == 0)
		return 0xffff;
	return cksum;
}

bool
mip6_cksum_upper_ok(const struct mip6_addr *src, const struct mip6_addr *dst,
    uint8_t next_header, const uint8_t *octets, size_t count)
{
	size_t at = mip6_cksum_offset(next_header);
	uint64_t sum;

	if (at == MIP6_CKSUM_NONE)
		return true;
	if (count < at + 2 || count > UINT32_MAX)
		return false;
	/* RFC8200-8.1: without one it is discarded.  Test: test_cksum */
	if (next_header == MIP6_NH_UDP && octets[at] == 0 &&
	    octets[at + 1] == 0)
		return false;
	sum = mip6_cksum_pseudo(src, dst, (uint32_t)count, next_header);
	return mip6_cksum_fold(mip6_cksum_add(sum, octets, count)) == 0xffff;
}

bool
mip6_cksum_upper_set(const struct mip6_addr *src, const struct mip6_addr *dst,
    uint8_t next_header, uint8_t *octets, size_t count)
{
	size_t at = mip6_cksum_offset(next_header);
	uint16_t cksum;

	if (at == MIP6_CKSUM_NONE || count < at + 2 || count > UINT32_MAX)
		return false;
	cksum = mip6_cksum_upper(src, dst, next_header, octets, count);
	octets[at] = (uint8_t)(cksum >> 8);
	octets[at + 1] = (uint8_t)cksum;
	return true;
}
