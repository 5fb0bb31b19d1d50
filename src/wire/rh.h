/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Routing headers, of which only type 2 is ever acted on.
 *
 * Implements: RFC 8200 section 4.4, RFC 6275 section 6.4, RFC 5095 (type 0 is
 * a type like any unknown one).
 */
#ifndef MIP6_WIRE_RH_H
#define MIP6_WIRE_RH_H

#include "base/addr.h"

#define MIP6_RH_TYPE2   2
#define MIP6_RH2_OCTETS 24
#define MIP6_RH2_LEN    2 /* its Hdr Ext Len */
/* Offsets in a routing header. */
#define MIP6_RH_AT_LEN           1
#define MIP6_RH_AT_TYPE          2
#define MIP6_RH_AT_SEGMENTS_LEFT 3
#define MIP6_RH2_AT_HOA          8

struct mip6_rh {
	uint8_t next_header;
	uint8_t len; /* Hdr Ext Len, units of 8 octets behind the first 8 */
	uint8_t type;
	uint8_t segments_left;
	bool is_rh2; /* type 2 and of the right length: `hoa` is set */
	struct mip6_addr hoa;
};

/*
 * Reads the routing header of `count` octets, its whole length, which is a
 * multiple of 8 and at least 8 (asserted).
 */
struct mip6_rh mip6_rh_read(const uint8_t *header, size_t count);

/*
 * Writes a type 2 routing header with Segments Left 1 to the 24 octets at
 * `to`.
 */
void mip6_rh2_put(uint8_t *to, uint8_t next_header,
    const struct mip6_addr *hoa);

#endif
