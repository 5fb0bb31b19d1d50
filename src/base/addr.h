/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * IPv6 addresses and prefixes as values, with the predicates the RFCs use.
 * An address is 16 octets in network order and has no alignment needs.
 */
#ifndef MIP6_BASE_ADDR_H
#define MIP6_BASE_ADDR_H

#include "base/base.h"

struct mip6_addr {
	uint8_t b[16];
};

struct mip6_prefix {
	struct mip6_addr addr; /* bits past `bits` are zero */
	uint8_t bits;          /* 0..128 */
};

extern const struct mip6_addr mip6_addr_any;         /* :: */
extern const struct mip6_addr mip6_addr_loopback;    /* ::1 */
extern const struct mip6_addr mip6_addr_all_nodes;   /* ff02::1 */
extern const struct mip6_addr mip6_addr_all_routers; /* ff02::2 */

bool mip6_addr_equal(const struct mip6_addr *a, const struct mip6_addr *b);
bool mip6_addr_is_any(const struct mip6_addr *a);
bool mip6_addr_is_loopback(const struct mip6_addr *a);
bool mip6_addr_is_multicast(const struct mip6_addr *a);
bool mip6_addr_is_linklocal(const struct mip6_addr *a); /* fe80::/10 */
/* fc00::/7 (RFC 4193) */
bool mip6_addr_is_unique_local(const struct mip6_addr *a);
bool mip6_addr_is_v4mapped(const struct mip6_addr *a); /* ::ffff:0:0/96 */

/*
 * "Unicast routable address" of RFC 6275 section 3.1: neither unspecified,
 * loopback, link-local, multicast nor IPv4-mapped.
 */
bool mip6_addr_is_routable(const struct mip6_addr *a);

/* Multicast scope field (RFC 4291 section 2.7) of a multicast address. */
uint8_t mip6_addr_mc_scope(const struct mip6_addr *a);

/* Solicited-node multicast address (RFC 4291 section 2.7.1). */
struct mip6_addr mip6_addr_solicited_node(const struct mip6_addr *a);

/* Ethernet group address of an IPv6 multicast address (RFC 2464 section 7). */
struct mip6_lladdr mip6_addr_mc_lladdr(const struct mip6_addr *a);

/* Zeroes the bits past `bits` (0..128, asserted). */
struct mip6_prefix mip6_prefix_make(const struct mip6_addr *a, uint8_t bits);
bool mip6_prefix_has(const struct mip6_prefix *p, const struct mip6_addr *a);
bool mip6_prefix_equal(const struct mip6_prefix *a,
    const struct mip6_prefix *b);

/* `p`'s first bits followed by the low 128 - bits bits of `iid`. */
struct mip6_addr mip6_prefix_join(const struct mip6_prefix *p,
    const struct mip6_addr *iid);

/*
 * The Mobile IPv6 Home-Agents anycast address of a subnet (RFC 2526): the
 * identifier is all ones but the last bit, and the universal/local bit is 0
 * where identifiers are EUI-64 (64 bits, not in ::/3).  false: the prefix is
 * longer than 120 bits and leaves no room for one.
 */
bool mip6_prefix_home_agents(const struct mip6_prefix *p, struct mip6_addr *a);

/* Link-local address with the modified EUI-64 of `ll` (RFC 4291 App. A). */
struct mip6_addr mip6_addr_linklocal_eui64(const struct mip6_lladdr *ll);

/*
 * Reads a textual IPv6 address (RFC 4291 section 2.2, no zone) from the NUL
 * terminated `s`.  Returns false, and leaves *a alone, when it is not one.
 */
bool mip6_addr_parse(const char *s, struct mip6_addr *a);

/* "ADDR/BITS"; false also when a bit past BITS is set or BITS > 128. */
bool mip6_prefix_parse(const char *s, struct mip6_prefix *p);

/* Text of RFC 5952. `MIP6_ADDR_TEXT` octets are enough, NUL included. */
#define MIP6_ADDR_TEXT 46
struct mip6_addr_text {
	char s[MIP6_ADDR_TEXT];
};
struct mip6_addr_text mip6_addr_text(const struct mip6_addr *a);

#endif
