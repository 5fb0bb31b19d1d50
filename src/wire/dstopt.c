/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Options headers.
 *
 * Invariant: mip6_opt_next moves on by at least one octet or fails, so that a
 * loop over it ends.
 *
 * Implements: RFC 8200 section 4.2, RFC 6275 section 6.3, RFC 2473 section
 * 4.1.1.
 */
#include "wire/dstopt.h"

#include <string.h>

enum mip6_parse
mip6_opt_next(const uint8_t *header, size_t count, size_t *pos,
    struct mip6_opt *o, size_t *bad_at)
{
	size_t at = *pos;

	MIP6_ASSERT(at < count);
	o->at = at;
	o->type = header[at];
	o->octets = 0;
	o->value = NULL;
	if (o->type == MIP6_OPT_PAD1) {
		*pos = at + 1;
		return MIP6_PARSE_OK;
	}
	if (count - at < 2 || count - at - 2 < header[at + 1]) {
		if (bad_at != NULL)
			*bad_at = at + 1;
		return MIP6_PARSE_OPTION_LENGTH;
	}
	o->octets = header[at + 1];
	o->value = header + at + 2;
	*pos = at + 2 + o->octets;
	return MIP6_PARSE_OK;
}

void
mip6_dstopt_hao_put(uint8_t *to, uint8_t next_header,
    const struct mip6_addr *hoa)
{
	memset(to, 0, MIP6_DSTOPT_HAO_OCTETS);
	to[0] = next_header;
	to[1] = MIP6_DSTOPT_HAO_OCTETS / 8 - 1;
	to[2] = MIP6_OPT_PADN;
	to[3] = 2;
	to[MIP6_DSTOPT_HAO_AT] = MIP6_OPT_HAO;
	to[MIP6_DSTOPT_HAO_AT + 1] = MIP6_HAO_OCTETS;
	memcpy(to + MIP6_DSTOPT_HAO_AT + 2, hoa->b, sizeof(hoa->b));
}

void
mip6_dstopt_limit_put(uint8_t *to, uint8_t next_header, uint8_t limit)
{
	memset(to, 0, MIP6_DSTOPT_LIMIT_OCTETS);
	to[0] = next_header;
	to[2] = MIP6_OPT_TUNNEL_LIMIT;
	to[3] = 1;
	to[4] = limit;
	to[5] = MIP6_OPT_PADN;
	to[6] = 1;
}
