/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * One line about a packet, for people: `mip6d -d` and traces of simulations.
 *
 *	2001:db8:a::5 > 2001:db8:1::1 hao=2001:db8:1::100 BU seq=5 AH
 *	    lifetime=40s alt-coa=2001:db8:a::5 timestamp=3875536895
 *	    mn-ha spi=256
 *
 * It says what is wrong with what it cannot read, and never fails.  Keys and
 * tokens are not shown, nor user data.
 */
#ifndef MIP6_WIRE_DESCRIBE_H
#define MIP6_WIRE_DESCRIBE_H

#include "base/fmt.h"

/* From the IPv6 header on. */
void mip6_describe_packet(struct mip6_fmt *f, const uint8_t *octets,
    size_t count);
/* From the Ethernet header on. */
void mip6_describe_frame(struct mip6_fmt *f, const uint8_t *octets,
    size_t count);

#endif
