/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The IPv6 header and the chain of extension headers behind it.
 *
 * mip6_ip6_view walks the chain once, within limits, and says where
 * everything is.  What makes the packet unreadable is an error; what is
 * readable but forbidden (a second Home Address option, a routing header that
 * must not be) is the value `fault`, so that a forwarder can ignore it and a
 * receiver counts it under its own name.
 *
 * Implements: RFC 8200 sections 3 and 4, RFC 6275 sections 6.3 and 6.4 (as
 * far as formats go), RFC 2473 section 4.1.1 (the option read).
 */
#ifndef MIP6_WIRE_IP6_H
#define MIP6_WIRE_IP6_H

#include "base/rw.h"
#include "mip6/drop.h"
#include "wire/parse.h"

/* Next Header values. */
#define MIP6_NH_HOPOPTS  0
#define MIP6_NH_TCP      6
#define MIP6_NH_UDP      17
#define MIP6_NH_IPV6     41
#define MIP6_NH_ROUTING  43
#define MIP6_NH_FRAGMENT 44
#define MIP6_NH_ESP      50
#define MIP6_NH_AH       51
#define MIP6_NH_ICMPV6   58
#define MIP6_NH_NONE     59
#define MIP6_NH_DSTOPTS  60
#define MIP6_NH_MH       135

#define MIP6_IP6_OCTETS      40   /* the fixed header */
#define MIP6_IP6_MTU_MIN     1280 /* RFC 8200 section 5 */
#define MIP6_IP6_HEADERS_MAX 16   /* extension headers walked */
#define MIP6_IP6_OPTIONS_MAX 64   /* options walked, padding included */
#define MIP6_FRAG_OCTETS     8

/* Offsets into the fixed header, for Parameter Problems and patches. */
#define MIP6_IP6_AT_PAYLOAD_LENGTH 4
#define MIP6_IP6_AT_NEXT_HEADER    6
#define MIP6_IP6_AT_HOP_LIMIT      7
#define MIP6_IP6_AT_SRC            8
#define MIP6_IP6_AT_DST            24

struct mip6_ip6 {
	struct mip6_addr src;
	struct mip6_addr dst;
	uint32_t flow_label;     /* 20 bits */
	uint16_t payload_octets; /* as on the wire */
	uint8_t traffic_class;
	uint8_t next_header;
	uint8_t hop_limit;
};

/*
 * Reads the fixed header alone, and nothing behind it.  TRUNCATED (at
 * `count`), BAD_VERSION (at 0).
 */
enum mip6_parse mip6_ip6_read(const uint8_t *octets, size_t count,
    struct mip6_ip6 *h, size_t *bad_at);

/* Writes the fixed header to the 40 octets at `to` (headroom). */
void mip6_ip6_put(uint8_t *to, const struct mip6_ip6 *h);

/*
 * What is wrong with the chain; the offset that goes with it (fault_at), and
 * what a receiver answers:
 *
 * HOPOPTS_ORDER   hop-by-hop options not directly behind the IPv6 header; at
 *                 the Next Header field that names them: Parameter Problem
 *                 code 1
 * HAO_TWICE       R6.3-06; at the type of the second Home Address option
 * HAO_ORDER       R6.3-05: before a routing header, or behind Fragment or AH;
 *                 at its type
 * HAO_LENGTH      not 16; at the length
 * RH2_LENGTH      type 2 routing header: Hdr Ext Len is not 2; at it
 * RH2_SEGMENTS    Segments Left is not 1; at it
 * RH2_ORDER       a second one, or another routing header behind it; at the
 *                 second header
 * RH_OTHER        another type (0 is one of them) with Segments Left > 0; at
 *                 the type: Parameter Problem code 0
 * OPTION_*        an unknown option, by its two high bits, at its type: 01
 *                 discard; 10 Parameter Problem code 2; 11 the same, unless
 *                 the destination is multicast
 */
#define MIP6_IP6_FAULTS(X)                                                     \
	X(NONE, "none", BAD_CHAIN)                                             \
	X(HOPOPTS_ORDER, "hop-by-hop-order", BAD_CHAIN)                        \
	X(HAO_TWICE, "hao-twice", HAO_TWICE)                                   \
	X(HAO_ORDER, "hao-order", HAO_ORDER)                                   \
	X(HAO_LENGTH, "hao-length", BAD_CHAIN)                                 \
	X(RH2_LENGTH, "rh2-length", RH2_BAD)                                   \
	X(RH2_SEGMENTS, "rh2-segments", RH2_BAD)                               \
	X(RH2_ORDER, "rh2-order", RH2_BAD)                                     \
	X(RH_OTHER, "rh-other", RH_OTHER)                                      \
	X(OPTION_DISCARD, "option-discard", BAD_CHAIN)                         \
	X(OPTION_PROBLEM, "option-problem", BAD_CHAIN)                         \
	X(OPTION_PROBLEM_UNICAST, "option-problem-unicast", BAD_CHAIN)

enum mip6_ip6_fault {
#define MIP6_IP6_FAULT_ENUM(c, n, d) MIP6_IP6_FAULT_##c,
	MIP6_IP6_FAULTS(MIP6_IP6_FAULT_ENUM)
#undef MIP6_IP6_FAULT_ENUM
	    MIP6_IP6_FAULT_COUNT
};

/* "hao-twice"; f < MIP6_IP6_FAULT_COUNT (asserted). */
const char *mip6_ip6_fault_name(enum mip6_ip6_fault f);
/* The reason under which a receiver discards a packet with this fault. */
enum mip6_drop mip6_ip6_fault_drop(enum mip6_ip6_fault f);

struct mip6_ip6_frag {
	bool present;
	bool more;
	uint16_t offset; /* octets */
	uint32_t id;
	size_t at;           /* the Fragment header */
	size_t prev_next_at; /* the Next Header field that says 44 */
	uint8_t next_header; /* of the fragmentable part */
};

/* All offsets count from the start of the IPv6 packet. */
struct mip6_ip6_view {
	struct mip6_ip6 ip; /* on the wire */
	size_t octets;      /* of the packet: 40 + payload length */

	/*
	 * For upper-layer checksums and upper layers: `src`, or the home
	 * address of the Home Address option; `dst`, or the address of a type
	 * 2 routing header with Segments Left 1.
	 */
	struct mip6_addr eff_src;
	struct mip6_addr eff_dst;

	bool has_hao; /* the first one, well-formed */
	struct mip6_addr hao;
	size_t hao_at;        /* its Option Type */
	size_t hao_header_at; /* the destination options header it is in */
	/*
	 * The Next Header field of that header: what R9.3.1-02 asks for.
	 */
	uint8_t hao_next_header;

	/*
	 * A routing header of type 2, whatever its fields; `rh2` is :: when
	 * its length is wrong.
	 */
	bool has_rh2;
	struct mip6_addr rh2;
	size_t rh2_at; /* the routing header */
	uint8_t rh2_segments_left;
	bool has_rh_other; /* another type; Segments Left may be 0 */
	uint8_t rh_other_type;

	struct mip6_ip6_frag frag;
	bool has_ah;
	bool has_tunnel_limit; /* RFC 2473 section 4.1.1 */
	uint8_t tunnel_limit;
	size_t tunnel_limit_at; /* the octet with the limit */

	enum mip6_ip6_fault fault; /* the first one */
	size_t fault_at;
	/* The first one that is of the headers, not of an unknown option. */
	enum mip6_ip6_fault header_fault;

	/*
	 * What the chain ends in: a protocol, MIP6_NH_ESP, MIP6_NH_NONE, or,
	 * for a fragment that is not a whole packet, what the Fragment header
	 * names.  `upper_octets` are there to the end of the packet.
	 */
	uint8_t upper;
	size_t upper_at;
	size_t upper_octets;
	size_t upper_next_at; /* the Next Header field that names it */

	/* mip6_ip6_view_quoted: the chain or the packet is cut off. */
	bool cut;
};

/* Is it a piece of a packet that has to be reassembled first? */
bool mip6_ip6_is_fragment(const struct mip6_ip6_view *v);

/*
 * Walks a packet.  `count` may exceed the packet (link-layer padding).
 * TRUNCATED: at Payload Length when the packet is longer than `count`, at an
 * extension header's length field (or the packet's end, when not even that is
 * there) when a header is longer than the packet.  BAD_VERSION at 0.  OPTION_LENGTH
 * at an option's length that leaves its header.  BAD_LENGTH at the length of
 * an AH shorter than 12 octets.  TOO_MANY headers (at the Next Header field)
 * or options (at the option).
 */
enum mip6_parse mip6_ip6_view(const uint8_t *octets, size_t count,
    struct mip6_ip6_view *v, size_t *bad_at);

/*
 * The same for a packet quoted in an ICMPv6 error, which may end anywhere
 * behind its fixed header.  `cut` says that it did; where the chain itself is
 * cut, `upper` is MIP6_NH_NONE and upper_octets 0.  Nothing of it is to be
 * trusted.
 */
enum mip6_parse mip6_ip6_view_quoted(const uint8_t *octets, size_t count,
    struct mip6_ip6_view *v, size_t *bad_at);

/* A packet to be written: header, type 2 routing header, HAO. */
struct mip6_ip6_out {
	struct mip6_ip6 ip; /* payload_octets and next_header are ignored */
	uint8_t upper;      /* protocol of what follows */
	bool has_rh2;
	struct mip6_addr rh2; /* the home address; ip.dst the care-of one */
	bool has_hao;
	struct mip6_addr hao; /* the home address; ip.src the care-of one */
};

/* Octets that mip6_ip6_begin writes. */
size_t mip6_ip6_out_octets(const struct mip6_ip6_out *o);

/*
 * Writes the headers, in the order routing header, destination options
 * (R6.3-05).  The upper layer follows; then mip6_ip6_end, with the `start`
 * returned here, sets the payload length.  At most 65,535 octets follow the
 * fixed header (else the writer fails).
 */
size_t mip6_ip6_begin(struct mip6_wr *w, const struct mip6_ip6_out *o);
void mip6_ip6_end(struct mip6_wr *w, size_t start);

/*
 * Writes a Fragment header to the 8 octets at `to`.  `offset` in octets, a
 * multiple of 8 (asserted).
 */
void mip6_frag_put(uint8_t *to, uint8_t next_header, uint16_t offset, bool more,
    uint32_t id);

#endif
