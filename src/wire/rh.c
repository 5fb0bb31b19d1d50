/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Routing headers: read as values, judged by the walk in ip6.c.
 *
 * Invariant: an address is read only from a type 2 header of exactly the
 * length that holds one.
 *
 * Implements: RFC 6275 section 6.4.1.
 */
#include "wire/rh.h"

#include <string.h>

struct mip6_rh
mip6_rh_read(const uint8_t *header, size_t count)
{
	struct mip6_rh rh;

	MIP6_ASSERT(count >= 8 && count % 8 == 0);
	memset(&rh, 0, sizeof(rh));
	rh.next_header = header[0];
	rh.len = header[MIP6_RH_AT_LEN];
	rh.type = header[MIP6_RH_AT_TYPE];
	rh.segments_left = header[MIP6_RH_AT_SEGMENTS_LEFT];
	if (rh.type == MIP6_RH_TYPE2 && count == MIP6_RH2_OCTETS) {
		rh.is_rh2 = true;
		memcpy(rh.hoa.b, header + MIP6_RH2_AT_HOA, sizeof(rh.hoa.b));
	}
	return rh;
}

void
mip6_rh2_put(uint8_t *to, uint8_t next_header, const struct mip6_addr *hoa)
{
	memset(to, 0, MIP6_RH2_OCTETS);
	to[0] = next_header;
	to[MIP6_RH_AT_LEN] = MIP6_RH2_LEN;
	to[MIP6_RH_AT_TYPE] = MIP6_RH_TYPE2;
	to[MIP6_RH_AT_SEGMENTS_LEFT] = 1;
	memcpy(to + MIP6_RH2_AT_HOA, hoa->b, sizeof(hoa->b));
}
