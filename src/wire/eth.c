/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The Ethernet header.
 *
 * Invariant: one tag at the most is looked through; what is behind a second
 * one has an ethertype that nobody here takes.
 *
 * Implements: RFC 2464 section 3 (the header alone).
 */
#include "wire/eth.h"

#include <string.h>

static uint16_t
eth_u16(const uint8_t *octets)
{
	return (uint16_t)(octets[0] << 8 | octets[1]);
}

static enum mip6_parse
eth_short(size_t count, size_t *bad_at)
{
	if (bad_at != NULL)
		*bad_at = count;
	return MIP6_PARSE_TRUNCATED;
}

enum mip6_parse
mip6_eth_read(const uint8_t *octets, size_t count, struct mip6_eth *e,
    size_t *bad_at)
{
	if (count < MIP6_ETH_OCTETS)
		return eth_short(count, bad_at);
	memset(e, 0, sizeof(*e));
	memcpy(e->dst.b, octets, sizeof(e->dst.b));
	memcpy(e->src.b, octets + 6, sizeof(e->src.b));
	e->ethertype = eth_u16(octets + 12);
	e->payload_at = MIP6_ETH_OCTETS;
	if (e->ethertype != MIP6_ETHERTYPE_VLAN)
		return MIP6_PARSE_OK;
	if (count < MIP6_ETH_OCTETS + MIP6_ETH_VLAN_OCTETS)
		return eth_short(count, bad_at);
	e->tagged = true;
	e->vlan = eth_u16(octets + MIP6_ETH_OCTETS) & 0x0fff;
	e->ethertype = eth_u16(octets + MIP6_ETH_OCTETS + 2);
	e->payload_at += MIP6_ETH_VLAN_OCTETS;
	return MIP6_PARSE_OK;
}

void
mip6_eth_put(uint8_t *to, const struct mip6_lladdr *dst,
    const struct mip6_lladdr *src, uint16_t ethertype)
{
	memcpy(to, dst->b, sizeof(dst->b));
	memcpy(to + 6, src->b, sizeof(src->b));
	to[12] = (uint8_t)(ethertype >> 8);
	to[13] = (uint8_t)ethertype;
}

bool
mip6_lladdr_is_multicast(const struct mip6_lladdr *a)
{
	return (a->b[0] & 1) != 0;
}
