/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Requests to Darwin's kernel as octets (see call_msg.h).
 *
 * A host route has the flag HOST and no netmask: one with a netmask is
 * shadowed by those that the kernel clones.  A link-local address carries the
 * index of its link in octets 2 and 3, most significant first.
 */
#include "platform/darwin/call_msg.h"

#include <string.h>

#include "core/event.h"

static void
call_u16(uint8_t *at, uint32_t v)
{
	uint16_t u = (uint16_t)v;

	memcpy(at, &u, sizeof(u)); /* in the host's order */
}

static void
call_u32(uint8_t *at, uint32_t v)
{
	memcpy(at, &v, sizeof(v));
}

static void
call_name(uint8_t *at, const char *link)
{
	size_t n = strlen(link);

	MIP6_ASSERT(n < MIP6_IFNAME_OCTETS);
	memcpy(at, link, n);
}

/* `link`: the one that a link-local address is of; 0: not told. */
static size_t
call_in6(uint8_t *at, const struct mip6_addr *a, uint32_t link)
{
	memset(at, 0, DARWIN_SIN6_OCTETS);
	at[0] = DARWIN_SIN6_OCTETS;
	at[1] = DARWIN_AF_INET6;
	memcpy(at + DARWIN_SIN6_ADDR, a->b, sizeof(a->b));
	if (link != 0 && mip6_addr_is_linklocal(a)) {
		at[DARWIN_SIN6_ADDR + 2] = (uint8_t)(link >> 8);
		at[DARWIN_SIN6_ADDR + 3] = (uint8_t)link;
	}
	return DARWIN_SIN6_OCTETS;
}

static size_t
call_mask(uint8_t *at, uint8_t bits)
{
	struct mip6_addr ones;
	struct mip6_prefix p;

	memset(&ones, 0xff, sizeof(ones));
	p = mip6_prefix_make(&ones, bits);
	return call_in6(at, &p.addr, 0);
}

void
mip6_call_control(uint8_t info[DARWIN_CTL_INFO_OCTETS])
{
	memset(info, 0, DARWIN_CTL_INFO_OCTETS);
	memcpy(info + DARWIN_CTL_INFO_NAME, DARWIN_UTUN_CONTROL,
	    sizeof(DARWIN_UTUN_CONTROL));
}

void
mip6_call_utun(uint8_t to[DARWIN_SC_OCTETS], uint32_t id)
{
	memset(to, 0, DARWIN_SC_OCTETS);
	to[0] = DARWIN_SC_OCTETS;
	to[1] = DARWIN_PF_SYSTEM;
	call_u16(to + DARWIN_SC_SYSADDR, DARWIN_AF_SYS_CONTROL);
	call_u32(to + DARWIN_SC_ID, id);
}

void
mip6_call_link(uint8_t request[DARWIN_IFR_OCTETS], const char *link)
{
	memset(request, 0, DARWIN_IFR_OCTETS);
	call_name(request, link);
}

void
mip6_call_alias(uint8_t request[DARWIN_IFRA_OCTETS], const char *link,
    const struct mip6_addr *a, uint32_t flags, uint32_t valid_s,
    uint32_t preferred_s)
{
	memset(request, 0, DARWIN_IFRA_OCTETS);
	call_name(request, link);
	(void)call_in6(request + DARWIN_IFRA_ADDR, a, 0);
	(void)call_mask(request + DARWIN_IFRA_MASK, 128);
	call_u32(request + DARWIN_IFRA_FLAGS, flags);
	call_u32(request + DARWIN_IFRA_VALID, valid_s);
	call_u32(request + DARWIN_IFRA_PREFERRED, preferred_s);
}

void
mip6_call_addr(uint8_t request[DARWIN_IN6_IFR_OCTETS], const char *link,
    const struct mip6_addr *a)
{
	memset(request, 0, DARWIN_IN6_IFR_OCTETS);
	call_name(request, link);
	(void)call_in6(request + DARWIN_IN6_IFR_ADDR, a, 0);
}

uint8_t
mip6_call_addr_flags(const uint8_t request[DARWIN_IN6_IFR_OCTETS])
{
	/* Detached: its router is gone, so that nothing can be begun with it. */
	static const struct {
		uint32_t theirs;
		uint8_t ours;
	} flag[] = {
		{ DARWIN_IN6_IFF_TENTATIVE, MIP6_ADDR_TENTATIVE },
		{ DARWIN_IN6_IFF_DUPLICATED, MIP6_ADDR_DUPLICATED },
		{ DARWIN_IN6_IFF_DETACHED, MIP6_ADDR_DEPRECATED },
		{ DARWIN_IN6_IFF_DEPRECATED, MIP6_ADDR_DEPRECATED },
		{ DARWIN_IN6_IFF_TEMPORARY, MIP6_ADDR_TEMPORARY },
		{ DARWIN_IN6_IFF_OPTIMISTIC, MIP6_ADDR_OPTIMISTIC },
	};
	uint32_t theirs;
	uint8_t ours = 0;
	size_t i;

	memcpy(&theirs, request + DARWIN_IN6_IFR_FLAGS, sizeof(theirs));
	for (i = 0; i < MIP6_COUNT(flag); i++) {
		if ((theirs & flag[i].theirs) != 0)
			ours |= flag[i].ours;
	}
	return ours;
}

static size_t
call_gateway(uint8_t *at, const struct mip6_call_route *r)
{
	if (!mip6_addr_is_any(&r->gateway))
		return call_in6(at, &r->gateway, r->ifindex);
	memset(at, 0, DARWIN_SDL_OCTETS);
	at[0] = DARWIN_SDL_OCTETS;
	at[1] = DARWIN_AF_LINK;
	call_u16(at + DARWIN_SDL_INDEX, r->ifindex);
	return DARWIN_SDL_OCTETS;
}

size_t
mip6_call_route(uint8_t msg[MIP6_CALL_ROUTE_OCTETS],
    const struct mip6_call_route *r)
{
	bool host = r->dst.bits == 128;
	uint32_t addrs = 1u << DARWIN_RTAX_DST;
	uint32_t flags = host ? DARWIN_RTF_HOST : 0;
	size_t count = DARWIN_RT_OCTETS;

	memset(msg, 0, MIP6_CALL_ROUTE_OCTETS);
	count += call_in6(msg + count, &r->dst.addr, r->ifindex);
	if (r->type == DARWIN_RTM_ADD) {
		flags |= DARWIN_RTF_UP | DARWIN_RTF_STATIC;
		if (!mip6_addr_is_any(&r->gateway))
			flags |= DARWIN_RTF_GATEWAY;
		addrs |= 1u << DARWIN_RTAX_GATEWAY;
		count += call_gateway(msg + count, r);
	}
	if (!host) {
		addrs |= 1u << DARWIN_RTAX_NETMASK;
		count += call_mask(msg + count, r->dst.bits);
	}
	if (r->scoped)
		flags |= DARWIN_RTF_IFSCOPE;
	call_u16(msg, (uint32_t)count);
	msg[2] = DARWIN_RTM_VERSION;
	msg[3] = r->type;
	call_u16(msg + DARWIN_RT_INDEX, r->ifindex);
	call_u32(msg + DARWIN_RT_FLAGS, flags);
	call_u32(msg + DARWIN_RT_ADDRS, addrs);
	call_u32(msg + DARWIN_RT_SEQ, r->seq);
	return count;
}
