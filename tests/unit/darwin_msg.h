/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Routing messages as Darwin's kernel makes them, for tests: any number in a
 * row, as in its lists.
 */
#ifndef UNIT_DARWIN_MSG_H
#define UNIT_DARWIN_MSG_H

#include <string.h>

#include "base/addr.h"
#include "platform/darwin/abi_watch.h"

#define DMSG_OCTETS 16384

struct dmsg {
	uint8_t octets[DMSG_OCTETS];
	size_t count;
	size_t head; /* of the message under way */
};

static inline void
dmsg_u16(struct dmsg *d, size_t at, uint32_t v)
{
	uint16_t u = (uint16_t)v;

	memcpy(d->octets + d->head + at, &u, sizeof(u));
}

static inline void
dmsg_u32(struct dmsg *d, size_t at, uint32_t v)
{
	memcpy(d->octets + d->head + at, &v, sizeof(v));
}

static inline void
dmsg_begin(struct dmsg *d, uint8_t type, size_t header)
{
	MIP6_ASSERT(d->count + header + 256 < DMSG_OCTETS);
	d->head = d->count;
	memset(d->octets + d->head, 0, header);
	d->octets[d->head + 2] = DARWIN_RTM_VERSION;
	d->octets[d->head + 3] = type;
	d->count += header;
	dmsg_u16(d, 0, (uint32_t)header);
}

/* Appends a socket address, padded, and its bit to the mask at `addrs`. */
static inline void
dmsg_sockaddr(struct dmsg *d, size_t addrs, uint32_t rtax, const void *octets,
    size_t count)
{
	size_t padded = count == 0 ? 4 : (count + 3) / 4 * 4;
	uint32_t mask;

	memset(d->octets + d->count, 0, padded);
	if (count > 0)
		memcpy(d->octets + d->count, octets, count);
	d->count += padded;
	memcpy(&mask, d->octets + d->head + addrs, sizeof(mask));
	dmsg_u32(d, addrs, mask | 1u << rtax);
	dmsg_u16(d, 0, (uint32_t)(d->count - d->head));
}

/* `scope`: what the kernel writes into octets 2 and 3; 0: nothing. */
static inline void
dmsg_in6(struct dmsg *d, size_t addrs, uint32_t rtax, const struct mip6_addr *a,
    uint32_t scope)
{
	uint8_t s[DARWIN_SIN6_OCTETS] = { DARWIN_SIN6_OCTETS, DARWIN_AF_INET6 };

	memcpy(s + DARWIN_SIN6_ADDR, a->b, sizeof(a->b));
	if (scope != 0) {
		s[DARWIN_SIN6_ADDR + 2] = (uint8_t)(scope >> 8);
		s[DARWIN_SIN6_ADDR + 3] = (uint8_t)scope;
	}
	dmsg_sockaddr(d, addrs, rtax, s, sizeof(s));
}

/* A netmask, cut behind its last octet that is not zero if `cut`. */
static inline void
dmsg_mask(struct dmsg *d, size_t addrs, uint8_t bits, bool cut)
{
	uint8_t s[DARWIN_SIN6_OCTETS] = { 0, DARWIN_AF_INET6 };
	size_t count = sizeof(s), i;

	for (i = 0; i < bits; i++)
		s[DARWIN_SIN6_ADDR + i / 8] |= (uint8_t)(0x80 >> i % 8);
	if (cut)
		count =
		    bits == 0 ? 0 : (size_t)DARWIN_SIN6_ADDR + (bits + 7u) / 8;
	s[0] = (uint8_t)count;
	dmsg_sockaddr(d, addrs, DARWIN_RTAX_NETMASK, s, count);
}

static inline void
dmsg_dl(struct dmsg *d, size_t addrs, uint32_t rtax, uint32_t ifindex,
    const char *name, const struct mip6_lladdr *ll)
{
	uint8_t s[64] = { 0 };
	size_t n = strlen(name);
	uint16_t index = (uint16_t)ifindex;

	s[1] = DARWIN_AF_LINK;
	memcpy(s + DARWIN_SDL_INDEX, &index, sizeof(index));
	s[DARWIN_SDL_TYPE] = DARWIN_IFT_ETHER;
	s[DARWIN_SDL_NLEN] = (uint8_t)n;
	memcpy(s + DARWIN_SDL_DATA, name, n);
	if (ll != NULL) {
		s[DARWIN_SDL_ALEN] = sizeof(ll->b);
		memcpy(s + DARWIN_SDL_DATA + n, ll->b, sizeof(ll->b));
		n += sizeof(ll->b);
	}
	s[0] = (uint8_t)(DARWIN_SDL_DATA + (n < 12 ? 12 : n));
	dmsg_sockaddr(d, addrs, rtax, s, s[0]);
}

/* name NULL: as in an event. */
static inline void
dmsg_link(struct dmsg *d, uint32_t ifindex, const char *name,
    const struct mip6_lladdr *ll, uint32_t mtu, uint32_t flags, uint8_t type)
{
	dmsg_begin(d, DARWIN_RTM_IFINFO, DARWIN_IFM_OCTETS);
	dmsg_u32(d, DARWIN_IFM_FLAGS, flags);
	dmsg_u16(d, DARWIN_IFM_INDEX, ifindex);
	dmsg_u32(d, DARWIN_IFM_MTU, mtu);
	d->octets[d->head + DARWIN_IFM_TYPE] = type;
	if (name != NULL)
		dmsg_dl(d, DARWIN_IFM_ADDRS, DARWIN_RTAX_IFP, ifindex, name,
		    ll);
}

static inline void
dmsg_addr(struct dmsg *d, uint8_t type, uint32_t ifindex,
    const struct mip6_addr *a, uint8_t bits, uint32_t scope)
{
	dmsg_begin(d, type, DARWIN_IFAM_OCTETS);
	dmsg_u16(d, DARWIN_IFAM_INDEX, ifindex);
	dmsg_mask(d, DARWIN_IFAM_ADDRS, bits, false);
	dmsg_in6(d, DARWIN_IFAM_ADDRS, DARWIN_RTAX_IFA, a, scope);
}

/* gateway NULL: on the link itself. */
static inline void
dmsg_route(struct dmsg *d, uint8_t type, uint32_t ifindex, uint32_t flags,
    const struct mip6_prefix *dst, const struct mip6_addr *gateway)
{
	dmsg_begin(d, type, DARWIN_RT_OCTETS);
	dmsg_u16(d, DARWIN_RT_INDEX, ifindex);
	dmsg_u32(d, DARWIN_RT_FLAGS, flags);
	dmsg_in6(d, DARWIN_RT_ADDRS, DARWIN_RTAX_DST, &dst->addr, 0);
	if (gateway != NULL)
		dmsg_in6(d, DARWIN_RT_ADDRS, DARWIN_RTAX_GATEWAY, gateway,
		    mip6_addr_is_linklocal(gateway) ? ifindex : 0);
	else
		dmsg_dl(d, DARWIN_RT_ADDRS, DARWIN_RTAX_GATEWAY, ifindex, "",
		    NULL);
	if ((flags & DARWIN_RTF_HOST) == 0)
		dmsg_mask(d, DARWIN_RT_ADDRS, dst->bits, true);
}

#endif
