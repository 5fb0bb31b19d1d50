/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Options headers (hop-by-hop, destination) and the Home Address option.
 *
 * Implements: RFC 8200 section 4.2, RFC 6275 section 6.3.
 */
#ifndef MIP6_WIRE_DSTOPT_H
#define MIP6_WIRE_DSTOPT_H

#include "base/addr.h"
#include "wire/parse.h"

#define MIP6_OPT_PAD1         0x00
#define MIP6_OPT_PADN         0x01
#define MIP6_OPT_TUNNEL_LIMIT 0x04
#define MIP6_OPT_ROUTER_ALERT 0x05
#define MIP6_OPT_HAO          0xc9

#define MIP6_HAO_OCTETS          16 /* Option Length of a Home Address option */
#define MIP6_DSTOPT_HAO_OCTETS   24 /* a whole header with that option */
#define MIP6_DSTOPT_HAO_AT       6 /* the option's type in that header (8n+6) */
#define MIP6_DSTOPT_LIMIT_OCTETS 8 /* one with a tunnel encapsulation limit */

/* One option of an options header. */
struct mip6_opt {
	uint8_t type;
	uint8_t octets; /* of `value`; 0 for Pad1 */
	const uint8_t *value;
	size_t at; /* its type, from the start of the header */
};

/*
 * Reads the option at `*pos` (2 for the first) of the options header of
 * `count` octets (its whole length, checked by the caller) and moves *pos
 * behind it.  The caller loops while *pos < count.  OPTION_LENGTH: the option
 * does not fit; *bad_at is the offset of its length field in the header.
 */
enum mip6_parse mip6_opt_next(const uint8_t *header, size_t count, size_t *pos,
    struct mip6_opt *o, size_t *bad_at);

/*
 * Writes a destination options header with a Home Address option to the 24
 * octets at `to`.
 */
void mip6_dstopt_hao_put(uint8_t *to, uint8_t next_header,
    const struct mip6_addr *hoa);

/*
 * Writes one with a Tunnel Encapsulation Limit (RFC 2473 section 4.1.1) to
 * the 8 octets at `to`.
 */
void mip6_dstopt_limit_put(uint8_t *to, uint8_t next_header, uint8_t limit);

#endif
