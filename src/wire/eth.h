/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The Ethernet header (and an 802.1Q tag, which is only reported).
 */
#ifndef MIP6_WIRE_ETH_H
#define MIP6_WIRE_ETH_H

#include "base/base.h"
#include "wire/parse.h"

#define MIP6_ETH_OCTETS      14
#define MIP6_ETH_VLAN_OCTETS 4
#define MIP6_ETHERTYPE_IPV6  0x86dd
#define MIP6_ETHERTYPE_VLAN  0x8100

struct mip6_eth {
	struct mip6_lladdr dst;
	struct mip6_lladdr src;
	uint16_t ethertype; /* of the payload, behind the tag if there is one */
	bool tagged;        /* 802.1Q; read only */
	uint16_t vlan;      /* 12 bits */
	size_t payload_at;  /* 14, or 18 behind a tag */
};

/* TRUNCATED at `count`. */
enum mip6_parse mip6_eth_read(const uint8_t *octets, size_t count,
    struct mip6_eth *e, size_t *bad_at);

/* Writes an untagged header to the 14 octets at `to`. */
void mip6_eth_put(uint8_t *to, const struct mip6_lladdr *dst,
    const struct mip6_lladdr *src, uint16_t ethertype);

bool mip6_lladdr_is_multicast(const struct mip6_lladdr *a);

#endif
