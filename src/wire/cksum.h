/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The Internet checksum, in pieces and whole.
 *
 * A sum is a 64-bit one's complement accumulator over 16-bit words in memory
 * order; only the last piece added may have an odd number of octets.
 * Checksums themselves are host integers of the big-endian field.
 *
 * Implements: RFC 1071, RFC 1624, RFC 8200 section 8.1, RFC 6275 section
 * 6.1.1.
 */
#ifndef MIP6_WIRE_CKSUM_H
#define MIP6_WIRE_CKSUM_H

#include "base/addr.h"

/* Adds `count` octets to `sum`.  A sum starts at 0. */
uint64_t mip6_cksum_add(uint64_t sum, const void *octets, size_t count);

/*
 * The sum of the pseudo-header of RFC 8200 section 8.1.  `src` and `dst` are
 * the effective addresses (RFC 6275 section 6.1.1 and 11.3.1: the home address
 * instead of the care-of address where a Home Address option or a type 2
 * routing header is there): mip6_ip6_view.eff_src and .eff_dst.
 * `upper_octets`: upper-layer header and data; for a Mobility Header its whole
 * length.
 */
uint64_t mip6_cksum_pseudo(const struct mip6_addr *src,
    const struct mip6_addr *dst, uint32_t upper_octets, uint8_t next_header);

/* Folds a sum to 16 bits, not complemented (what an offload leaves). */
uint16_t mip6_cksum_fold(uint64_t sum);

/* The value for the checksum field: the fold, complemented. */
uint16_t mip6_cksum_finish(uint64_t sum);

/*
 * The checksum field after `count` octets (even, at an even offset of the
 * summed data) changed from `from` to `to`, without the rest (RFC 1624).
 */
uint16_t mip6_cksum_update(uint16_t cksum, const void *from, const void *to,
    size_t count);

#define MIP6_CKSUM_NONE SIZE_MAX

/*
 * Offset of the checksum field in the header of `next_header`: TCP, UDP,
 * ICMPv6 and Mobility Header; MIP6_CKSUM_NONE for every other.
 */
size_t mip6_cksum_offset(uint8_t next_header);

/*
 * The right checksum of a whole upper-layer packet of one of those protocols
 * (asserted), whatever its field holds now (it counts as 0).  `count` reaches
 * past the field (asserted).  For UDP 0 becomes 0xffff (RFC 8200 section 8.1).
 */
uint16_t mip6_cksum_upper(const struct mip6_addr *src,
    const struct mip6_addr *dst, uint8_t next_header, const uint8_t *octets,
    size_t count);

/*
 * Is the checksum of the upper-layer packet right?  false also when it is too
 * short to have one, and for UDP without (0); true for protocols without a
 * known one.
 */
bool mip6_cksum_upper_ok(const struct mip6_addr *src,
    const struct mip6_addr *dst, uint8_t next_header, const uint8_t *octets,
    size_t count);

/*
 * Writes the right checksum into the upper-layer packet.  false: it is too
 * short, or a protocol without; nothing changed.
 */
bool mip6_cksum_upper_set(const struct mip6_addr *src,
    const struct mip6_addr *dst, uint8_t next_header, uint8_t *octets,
    size_t count);

#endif
