/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Multicast Listener Discovery: reports and leaves read, general queries
 * written.  Lengths of all records are checked before the first is given.
 *
 * Implements: RFC 3810 sections 5.1 and 5.2, RFC 2710 section 3.
 */
#ifndef MIP6_WIRE_MLD_H
#define MIP6_WIRE_MLD_H

#include "wire/icmp6.h"

/* Record types (RFC 3810 section 5.2.12). */
enum mip6_mld_mode {
	MIP6_MLD_IS_INCLUDE = 1,
	MIP6_MLD_IS_EXCLUDE,
	MIP6_MLD_TO_INCLUDE,
	MIP6_MLD_TO_EXCLUDE,
	MIP6_MLD_ALLOW,
	MIP6_MLD_BLOCK
};

struct mip6_mld_record {
	uint8_t mode; /* enum mip6_mld_mode, or one unknown */
	struct mip6_addr group;
	const uint8_t *source; /* 16 octets each */
	uint16_t sources;
};

/* A report or a leave of either version; records in turn. */
struct mip6_mld {
	uint8_t type;
	const uint8_t *octets; /* the ICMPv6 message */
	size_t count;
	uint16_t records; /* that mip6_mld_next gives */
	uint16_t given;
	size_t at;
};

/*
 * Reads types 131, 132 and 143, whose checksum has been verified.  TRUNCATED
 * at `count`; BAD_VALUE at 0: another type.
 */
enum mip6_parse mip6_mld_read(const uint8_t *octets, size_t count,
    struct mip6_mld *m);
/*
 * The next record; of version 1 there is one, in the words of version 2 (a
 * report excludes nothing, a leave includes nothing).  false: no more.
 */
bool mip6_mld_next(struct mip6_mld *m, struct mip6_mld_record *r);

/* Does a packet have the Router Alert option for MLD (RFC 2711), in place? */
bool mip6_mld_is_alerted(const uint8_t *packet, size_t count);

#define MIP6_MLD_QUERY_OCTETS (MIP6_IP6_OCTETS + 8 + 28)

/* A general query to all nodes, the whole packet.  `max_response_ms` < 32768.
 */
void mip6_mld_query_write(struct mip6_wr *w, const struct mip6_addr *src,
    uint16_t max_response_ms, uint8_t robustness, uint8_t interval_s);

#endif
