/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Neighbour Discovery: RS, RA, NS, NA and their options, one row each.
 *
 * mip6_nd_receive makes every check of RFC 4861 sections 6.1 and 7.1 before
 * anything is believed.  An option of length 0 makes the message invalid; an
 * unknown one, or one that means nothing in this message, is skipped; of a
 * kind that should be there once, the first counts; a known one of wrong
 * length makes the message invalid.
 *
 * Implements: RFC 4861 sections 4, 6.1, 7.1; RFC 6275 sections 7.1 to 7.4.
 */
#ifndef MIP6_WIRE_ND_H
#define MIP6_WIRE_ND_H

#include "base/rw.h"
#include "base/time.h"
#include "wire/parse.h"

/* ICMPv6 types. */
#define MIP6_ND_RS 133
#define MIP6_ND_RA 134
#define MIP6_ND_NS 135
#define MIP6_ND_NA 136

#define MIP6_ND_HOP_LIMIT    255
#define MIP6_ND_OPTIONS_MAX  64
#define MIP6_ND_PREFIXES_MAX 16
/* A lifetime of 0xffffffff. */
#define MIP6_ND_INFINITE ((struct mip6_span){ INT64_MAX })

#define MIP6_NDOPT_SLLA         1
#define MIP6_NDOPT_TLLA         2
#define MIP6_NDOPT_PREFIX       3
#define MIP6_NDOPT_MTU          5
#define MIP6_NDOPT_ADV_INTERVAL 7
#define MIP6_NDOPT_HA_INFO      8

struct mip6_nd_prefix {
	struct mip6_addr addr;  /* as sent; with `router` a whole address */
	uint8_t bits;           /* 0..128 */
	bool on_link;           /* L */
	bool autonomous;        /* A */
	bool router;            /* R: `addr` is the router's address */
	struct mip6_span valid; /* s on the wire, or MIP6_ND_INFINITE */
	struct mip6_span preferred;
};

struct mip6_nd_opts {
	bool has_slla;         /* RS, RA, NS */
	bool has_tlla;         /* NA */
	bool has_mtu;          /* RA */
	bool has_adv_interval; /* RA */
	bool has_ha_info;      /* RA */
	struct mip6_lladdr slla;
	struct mip6_lladdr tlla;
	uint32_t mtu;
	struct mip6_span adv_interval; /* ms on the wire */
	uint16_t ha_preference;
	struct mip6_span ha_lifetime; /* s on the wire */
	uint8_t prefix_count;         /* RA, MPA */
	struct mip6_nd_prefix prefix[MIP6_ND_PREFIXES_MAX];
	uint8_t prefixes_over; /* not kept, for want of room */
	uint8_t unknown;       /* options skipped */
};

struct mip6_nd_ra {
	uint8_t hop_limit;                /* 0: unspecified */
	bool managed;                     /* M */
	bool other;                       /* O */
	bool home_agent;                  /* H */
	struct mip6_span router_lifetime; /* s on the wire; 0: no default */
	struct mip6_span reachable;       /* ms on the wire; 0: unspecified */
	struct mip6_span retrans;         /* ms on the wire; 0: unspecified */
};

struct mip6_nd_ns {
	struct mip6_addr target;
};

struct mip6_nd_na {
	bool router;    /* R */
	bool solicited; /* S */
	bool override;  /* O */
	struct mip6_addr target;
};

struct mip6_nd {
	uint8_t type; /* MIP6_ND_RS .. MIP6_ND_NA */
	union {
		struct mip6_nd_ra ra;
		struct mip6_nd_ns ns;
		struct mip6_nd_na na;
	} u;
	struct mip6_nd_opts opt;
};

/* Is an ICMPv6 type one of RS, RA, NS, NA? */
bool mip6_nd_is_nd(uint8_t icmp_type);

/*
 * Reads and validates a received message.  `octets`, `count`: the ICMPv6
 * message; `src`, `dst`, `hop_limit`: of the IPv6 header.
 *
 * BAD_HOP_LIMIT, BAD_CHECKSUM, BAD_CODE, TRUNCATED (at count), UNKNOWN_TYPE
 * (none of the four), OPTION_LENGTH (0, past the end, or wrong), TOO_MANY,
 * BAD_VALUE (a prefix of more than 128 bits, a multicast target, S set
 * towards multicast), BAD_SOURCE (RA not from a link-local address; SLLA from
 * the unspecified one), BAD_DESTINATION (NS from the unspecified address not
 * to a solicited-node address).  Offsets count from the ICMPv6 header; 0 for
 * what is wrong with the IPv6 header.
 */
enum mip6_parse mip6_nd_receive(const uint8_t *octets, size_t count,
    const struct mip6_addr *src, const struct mip6_addr *dst, uint8_t hop_limit,
    struct mip6_nd *n, size_t *bad_at);

/* The format alone, nothing validated: for quoted messages and people. */
enum mip6_parse mip6_nd_read(const uint8_t *octets, size_t count,
    struct mip6_nd *n, size_t *bad_at);

/*
 * The validity rules of a message that was read (RFC 4861 sections 6.1.1,
 * 6.1.2, 7.1.1, 7.1.2); mip6_nd_receive applies them.  n->type is the one of
 * the name (asserted).
 */
enum mip6_parse mip6_nd_rs_valid(const struct mip6_nd *n,
    const struct mip6_addr *src, size_t *bad_at);
enum mip6_parse mip6_nd_ra_valid(const struct mip6_nd *n,
    const struct mip6_addr *src, size_t *bad_at);
enum mip6_parse mip6_nd_ns_valid(const struct mip6_nd *n,
    const struct mip6_addr *src, const struct mip6_addr *dst, size_t *bad_at);
enum mip6_parse mip6_nd_na_valid(const struct mip6_nd *n,
    const struct mip6_addr *dst, size_t *bad_at);

/*
 * Writes a message with checksum 0 from w->pos on; mip6_icmp6_finish sets
 * the checksum.  Options that mean nothing in it are not written.
 */
void mip6_nd_write(struct mip6_wr *w, const struct mip6_nd *n);

/*
 * The options alone (Mobile Prefix Advertisements have them, too).
 * `icmp_type` says which of them mean something.
 */
enum mip6_parse mip6_nd_opts_read(const uint8_t *octets, size_t count,
    size_t from, uint8_t icmp_type, struct mip6_nd_opts *o, size_t *bad_at);
void mip6_nd_opts_write(struct mip6_wr *w, uint8_t icmp_type,
    const struct mip6_nd_opts *o);

#endif
