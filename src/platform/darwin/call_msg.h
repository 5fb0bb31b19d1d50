/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What the kernel is asked by ioctl and by routing message, as octets.
 */
#ifndef MIP6_PLATFORM_DARWIN_CALL_MSG_H
#define MIP6_PLATFORM_DARWIN_CALL_MSG_H

#include "base/addr.h"
#include "platform/darwin/abi_call.h"

/* The control that makes utuns, to learn its number. */
void mip6_call_control(uint8_t info[DARWIN_CTL_INFO_OCTETS]);
/* A utun of the kernel's choice; `id` from the above. */
void mip6_call_utun(uint8_t to[DARWIN_SC_OCTETS], uint32_t id);

/* A request about a link. */
void mip6_call_link(uint8_t request[DARWIN_IFR_OCTETS], const char *link);

/*
 * An address is given to a link.  Its mask is always whole, for a shorter one
 * would make a route too.  flags: DARWIN_IN6_IFF_.
 */
void mip6_call_alias(uint8_t request[DARWIN_IFRA_OCTETS], const char *link,
    const struct mip6_addr *a, uint32_t flags, uint32_t valid_s,
    uint32_t preferred_s);
/* Its flags are asked for, or it is taken away. */
void mip6_call_addr(uint8_t request[DARWIN_IN6_IFR_OCTETS], const char *link,
    const struct mip6_addr *a);
/* The answer, as MIP6_ADDR_ flags. */
uint8_t mip6_call_addr_flags(const uint8_t request[DARWIN_IN6_IFR_OCTETS]);

struct mip6_call_route {
	uint8_t type; /* DARWIN_RTM_ADD, DELETE, GET */
	uint32_t seq;
	struct mip6_prefix dst;
	uint32_t ifindex;         /* GET: with `scoped` alone */
	struct mip6_addr gateway; /* ADD; ::: on-link */
	bool scoped;              /* for what is bound to the link alone */
};

#define MIP6_CALL_ROUTE_OCTETS                                                 \
	(DARWIN_RT_OCTETS + 3 * DARWIN_SIN6_OCTETS) /* at most */

/* Returns how many octets the message has. */
size_t mip6_call_route(uint8_t msg[MIP6_CALL_ROUTE_OCTETS],
    const struct mip6_call_route *r);

#endif
