/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * ICMPv6: errors with the packet they quote, echo, home agent address
 * discovery and mobile prefix messages.  Neighbour Discovery is in nd.h.
 *
 * Implements: RFC 4443, RFC 6275 sections 6.5 to 6.8.
 */
#ifndef MIP6_WIRE_ICMP6_H
#define MIP6_WIRE_ICMP6_H

#include "wire/ip6.h"
#include "wire/nd.h"

#define MIP6_ICMP6_UNREACHABLE   1
#define MIP6_ICMP6_TOO_BIG       2
#define MIP6_ICMP6_TIME_EXCEEDED 3
#define MIP6_ICMP6_PARAM_PROBLEM 4
#define MIP6_ICMP6_ECHO_REQUEST  128
#define MIP6_ICMP6_ECHO_REPLY    129
#define MIP6_ICMP6_MLD_QUERY     130
#define MIP6_ICMP6_MLD_REPORT    131
#define MIP6_ICMP6_MLD_DONE      132
#define MIP6_ICMP6_REDIRECT      137
#define MIP6_ICMP6_MLD2_REPORT   143
#define MIP6_ICMP6_DHAAD_REQUEST 144
#define MIP6_ICMP6_DHAAD_REPLY   145
#define MIP6_ICMP6_MPS           146 /* Mobile Prefix Solicitation */
#define MIP6_ICMP6_MPA           147 /* Mobile Prefix Advertisement */

/* Codes of Destination Unreachable. */
#define MIP6_ICMP6_NO_ROUTE     0
#define MIP6_ICMP6_ADMIN        1
#define MIP6_ICMP6_BEYOND_SCOPE 2
#define MIP6_ICMP6_ADDRESS      3
#define MIP6_ICMP6_PORT         4
/* Codes of Time Exceeded. */
#define MIP6_ICMP6_HOP_LIMIT  0
#define MIP6_ICMP6_REASSEMBLY 1
/* Codes of Parameter Problem. */
#define MIP6_ICMP6_HEADER_FIELD 0
#define MIP6_ICMP6_NEXT_HEADER  1
#define MIP6_ICMP6_OPTION       2

#define MIP6_ICMP6_OCTETS 8 /* type, code, checksum, 32-bit word */
#define MIP6_ICMP6_QUOTE_MAX                                                   \
	(MIP6_IP6_MTU_MIN - MIP6_IP6_OCTETS - MIP6_ICMP6_OCTETS)
#define MIP6_DHAAD_ADDRS_MAX 76 /* fit into 1280 octets with all headers */

/* Any ICMPv6 message: its first 8 octets and what is behind them. */
struct mip6_icmp6 {
	uint8_t type;
	uint8_t code;
	/*
	 * The second word: MTU (Too Big), pointer (Parameter Problem), both
	 * halves of echo (identifier, sequence), reserved otherwise.
	 */
	uint32_t word;
	const uint8_t *body; /* errors: the quoted packet */
	size_t body_octets;
};

/*
 * Reads a received message with its checksum (effective addresses, as in
 * mip6_ip6_view).  TRUNCATED at `count` (under 8 octets), BAD_CHECKSUM at 2.
 */
enum mip6_parse mip6_icmp6_receive(const uint8_t *octets, size_t count,
    const struct mip6_addr *src, const struct mip6_addr *dst,
    struct mip6_icmp6 *m, size_t *bad_at);
/* Without the checksum. */
enum mip6_parse mip6_icmp6_read(const uint8_t *octets, size_t count,
    struct mip6_icmp6 *m, size_t *bad_at);

/* Types below 128 are errors (RFC 4443 section 2.1). */
bool mip6_icmp6_is_error(uint8_t type);
/* Multicast Listener Discovery (RFC 2710 section 3, RFC 3810 section 5). */
bool mip6_icmp6_is_mld(uint8_t type);

/* Writes the 8 octets (checksum 0) and the body, which may be NULL/0. */
void mip6_icmp6_write(struct mip6_wr *w, const struct mip6_icmp6 *m);

/*
 * Sets the checksum of the ICMPv6 message of `count` octets (>= 4, asserted);
 * `src`, `dst` are effective addresses.
 */
void mip6_icmp6_finish(uint8_t *octets, size_t count,
    const struct mip6_addr *src, const struct mip6_addr *dst);

/* An error about `quoted`, a packet from its IPv6 header on. */
struct mip6_icmp6_error {
	struct mip6_addr src; /* ours */
	struct mip6_addr dst;
	uint8_t hop_limit;
	uint8_t type;
	uint8_t code;
	uint32_t word; /* MTU or pointer */
	const uint8_t *quoted;
	size_t quoted_octets; /* as much as fits 1,280 in all is quoted */
};

/* Writes the whole packet, IPv6 header and checksum included. */
void mip6_icmp6_error_write(struct mip6_wr *w,
    const struct mip6_icmp6_error *e);

/*
 * May an error of `type`, `code` be sent about the packet `v` (RFC 4443
 * section 2.4 (e))?  Not about an ICMPv6 error or a Redirect, nor (Too Big and
 * Parameter Problem code 2 excepted) about a packet sent to a multicast
 * address or as link-layer multicast, nor to a source that names no single
 * node, nor about a fragment that is not the first.  `octets`: the packet.
 */
bool mip6_icmp6_error_allowed(const struct mip6_ip6_view *v,
    const uint8_t *octets, bool ll_multicast, uint8_t type, uint8_t code);

/* Home agent address discovery, RFC 6275 sections 6.5 and 6.6. */
struct mip6_dhaad {
	uint8_t type; /* MIP6_ICMP6_DHAAD_REQUEST or _REPLY */
	uint16_t id;
	uint8_t addr_count; /* reply; at most MIP6_DHAAD_ADDRS_MAX are read */
	struct mip6_addr addr[MIP6_DHAAD_ADDRS_MAX];
};

/* Mobile prefix messages, RFC 6275 sections 6.7 and 6.8. */
struct mip6_mp {
	uint8_t type; /* MIP6_ICMP6_MPS or _MPA */
	uint16_t id;
	bool managed;            /* MPA: M */
	bool other;              /* MPA: O */
	struct mip6_nd_opts opt; /* MPA: prefixes */
};

/*
 * Both read the ICMPv6 message whose checksum has been verified.
 * UNKNOWN_TYPE at 0, BAD_CODE at 1, TRUNCATED at `count`; a reply whose list
 * is not whole addresses or longer than the limit: BAD_LENGTH at the first
 * address not whole, or TOO_MANY; options as in nd.h.
 */
enum mip6_parse mip6_dhaad_read(const uint8_t *octets, size_t count,
    struct mip6_dhaad *d, size_t *bad_at);
enum mip6_parse mip6_mp_read(const uint8_t *octets, size_t count,
    struct mip6_mp *m, size_t *bad_at);

/* Checksum 0; mip6_icmp6_finish sets it. */
void mip6_dhaad_write(struct mip6_wr *w, const struct mip6_dhaad *d);
void mip6_mp_write(struct mip6_wr *w, const struct mip6_mp *m);

#endif
