/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Darwin's routing messages as values (see watch_msg.h).
 *
 * A message is a header of its type's size and the socket addresses that a
 * mask names, in order, each padded to four octets; one of length 0 takes
 * four.  The last one of an event is not padded, and a netmask ends with its
 * last octet that is not zero.  Link-local addresses carry the index of their
 * link in octets 2 and 3, which no packet has: it is cleared.
 */
#include "platform/darwin/watch_msg.h"

#include <string.h>

#include "platform/darwin/abi_watch.h"

#define WATCH_DEFAULT_BITS 3 /* "all traffic": ::/0, ::/1, 2000::/3 */

/* One socket address of a message; count 0: it is not there, or empty. */
struct watch_slice {
	const uint8_t *octets;
	size_t count;
};

static uint32_t
watch_u16(const uint8_t *at)
{
	uint16_t v;

	memcpy(&v, at, sizeof(v)); /* in the host's order */
	return v;
}

static uint32_t
watch_u32(const uint8_t *at)
{
	uint32_t v;

	memcpy(&v, at, sizeof(v));
	return v;
}

/* false: a length in them does not hold. */
static bool
watch_slices(const uint8_t *octets, size_t count, uint32_t addrs,
    struct watch_slice slice[DARWIN_RTAX_MAX])
{
	size_t at = 0, length, step;
	uint32_t i;

	memset(slice, 0, DARWIN_RTAX_MAX * sizeof(*slice));
	for (i = 0; i < DARWIN_RTAX_MAX; i++) {
		if ((addrs & 1u << i) == 0)
			continue;
		if (at >= count)
			return false;
		length = octets[at];
		if (length == 1 || length > count - at)
			return false;
		slice[i].octets = octets + at;
		slice[i].count = length;
		step = length == 0 ? 4 : (length + 3) / 4 * 4;
		at += step < count - at ? step : count - at;
	}
	return true;
}

static void
watch_clear_scope(struct mip6_addr *a)
{
	bool multicast = mip6_addr_is_multicast(a);

	/* Interface-local and link-local groups are scoped as well. */
	if (mip6_addr_is_linklocal(a) ||
	    (multicast && mip6_addr_mc_scope(a) <= 2))
		a->b[2] = a->b[3] = 0;
}

static bool
watch_get_addr(const struct watch_slice *s, struct mip6_addr *a)
{
	if (s->count < DARWIN_SIN6_ADDR + sizeof(a->b) ||
	    s->octets[1] != DARWIN_AF_INET6)
		return false;
	memcpy(a->b, s->octets + DARWIN_SIN6_ADDR, sizeof(a->b));
	watch_clear_scope(a);
	return true;
}

/* false: the ones are not all in front. */
static bool
watch_get_bits(const struct watch_slice *s, uint8_t *bits)
{
	size_t i, n = 0;
	bool ended = false;

	for (i = 0; i < 128 && i / 8 + DARWIN_SIN6_ADDR < s->count; i++) {
		if ((s->octets[DARWIN_SIN6_ADDR + i / 8] & 0x80u >> i % 8) ==
		    0) {
			ended = true;
		} else if (ended) {
			return false;
		} else {
			n++;
		}
	}
	*bits = (uint8_t)n;
	return true;
}

static void
watch_get_name(const struct watch_slice *s, struct mip6_watch_link *l)
{
	size_t name, lladdr, i;

	if (s->count < DARWIN_SDL_DATA || s->octets[1] != DARWIN_AF_LINK)
		return;
	name = s->octets[DARWIN_SDL_NLEN];
	lladdr = s->octets[DARWIN_SDL_ALEN];
	if (DARWIN_SDL_DATA + name + lladdr > s->count || name == 0 ||
	    name >= sizeof(l->name))
		return;
	for (i = 0; i < name; i++) {
		/* It becomes part of commands and logs. */
		if (s->octets[DARWIN_SDL_DATA + i] <= ' ' ||
		    s->octets[DARWIN_SDL_DATA + i] > '~')
			return;
	}
	memcpy(l->name, s->octets + DARWIN_SDL_DATA, name);
	l->has_name = true;
	l->has_lladdr = lladdr == sizeof(l->lladdr.b);
	if (l->has_lladdr)
		memcpy(l->lladdr.b, s->octets + DARWIN_SDL_DATA + name,
		    sizeof(l->lladdr.b));
}

static bool
watch_read_link(const uint8_t *octets, size_t count, struct mip6_watch_link *l)
{
	struct watch_slice slice[DARWIN_RTAX_MAX];

	if (count < DARWIN_IFM_OCTETS)
		return false;
	memset(l, 0, sizeof(*l));
	l->ifindex = watch_u16(octets + DARWIN_IFM_INDEX);
	l->flags = watch_u32(octets + DARWIN_IFM_FLAGS);
	l->mtu = watch_u32(octets + DARWIN_IFM_MTU);
	l->type = octets[DARWIN_IFM_TYPE];
	if (l->ifindex == 0 ||
	    !watch_slices(octets + DARWIN_IFM_OCTETS, count - DARWIN_IFM_OCTETS,
		watch_u32(octets + DARWIN_IFM_ADDRS), slice))
		return false;
	watch_get_name(&slice[DARWIN_RTAX_IFP], l);
	return true;
}

static bool
watch_read_addr(const uint8_t *octets, size_t count, struct mip6_watch_addr *a)
{
	struct watch_slice slice[DARWIN_RTAX_MAX];

	if (count < DARWIN_IFAM_OCTETS)
		return false;
	memset(a, 0, sizeof(*a));
	a->ifindex = watch_u16(octets + DARWIN_IFAM_INDEX);
	return a->ifindex != 0 &&
	    watch_slices(octets + DARWIN_IFAM_OCTETS,
		count - DARWIN_IFAM_OCTETS,
		watch_u32(octets + DARWIN_IFAM_ADDRS), slice) &&
	    watch_get_addr(&slice[DARWIN_RTAX_IFA], &a->addr) &&
	    watch_get_bits(&slice[DARWIN_RTAX_NETMASK], &a->bits);
}

static bool
watch_read_route(const uint8_t *octets, size_t count,
    struct mip6_watch_route *r)
{
	struct watch_slice slice[DARWIN_RTAX_MAX];
	struct mip6_addr dst;
	uint8_t bits = 128;

	if (count < DARWIN_RT_OCTETS)
		return false;
	memset(r, 0, sizeof(*r));
	r->ifindex = watch_u16(octets + DARWIN_RT_INDEX);
	r->flags = watch_u32(octets + DARWIN_RT_FLAGS);
	r->pid = watch_u32(octets + DARWIN_RT_PID);
	r->seq = watch_u32(octets + DARWIN_RT_SEQ);
	r->error = (int)watch_u32(octets + DARWIN_RT_ERRNO);
	if (!watch_slices(octets + DARWIN_RT_OCTETS, count - DARWIN_RT_OCTETS,
		watch_u32(octets + DARWIN_RT_ADDRS), slice) ||
	    !watch_get_addr(&slice[DARWIN_RTAX_DST], &dst))
		return false;
	/* A host route has no netmask, or one that says nothing. */
	if ((r->flags & DARWIN_RTF_HOST) == 0 &&
	    !watch_get_bits(&slice[DARWIN_RTAX_NETMASK], &bits))
		return false;
	r->dst = mip6_prefix_make(&dst, bits);
	(void)watch_get_addr(&slice[DARWIN_RTAX_GATEWAY], &r->gateway);
	return true;
}

bool
mip6_watch_next(const uint8_t *octets, size_t count, size_t *at,
    struct mip6_watch_msg *m)
{
	const uint8_t *here = octets + *at;
	size_t length;
	bool good = false;

	m->kind = MIP6_WATCH_OTHER;
	m->type = 0;
	if (*at > count || count - *at < DARWIN_RTM_HEAD)
		return false;
	length = watch_u16(here);
	if (length < DARWIN_RTM_HEAD || length > count - *at)
		return false;
	*at += length;
	if (here[2] != DARWIN_RTM_VERSION)
		return true;
	m->type = here[3];
	switch (m->type) {
	case DARWIN_RTM_IFINFO:
		good = watch_read_link(here, length, &m->u.link);
		m->kind = MIP6_WATCH_LINK;
		break;
	case DARWIN_RTM_NEWADDR:
	case DARWIN_RTM_DELADDR:
		good = watch_read_addr(here, length, &m->u.addr);
		m->kind = MIP6_WATCH_ADDR;
		break;
	case DARWIN_RTM_ADD:
	case DARWIN_RTM_DELETE:
	case DARWIN_RTM_CHANGE:
	case DARWIN_RTM_GET:
		good = watch_read_route(here, length, &m->u.route);
		m->kind = MIP6_WATCH_ROUTE;
		break;
	default:
		break;
	}
	if (!good)
		m->kind = MIP6_WATCH_OTHER;
	return true;
}

bool
mip6_watch_is_cloned(const struct mip6_watch_route *r)
{
	return (r->flags &
		   (DARWIN_RTF_WASCLONED | DARWIN_RTF_LLINFO |
		       DARWIN_RTF_LOCAL | DARWIN_RTF_BROADCAST |
		       DARWIN_RTF_MULTICAST)) != 0;
}

/* Does it take all traffic, or so much of it as is the Internet's? */
static bool
watch_is_default(const struct mip6_watch_route *r)
{
	/* The default of one link alone has its scope, and takes nothing. */
	return r->dst.bits <= WATCH_DEFAULT_BITS &&
	    (r->flags & (DARWIN_RTF_IFSCOPE | DARWIN_RTF_REJECT)) == 0 &&
	    (r->flags & DARWIN_RTF_UP) != 0 && r->dst.addr.b[0] <= 0x80;
}

uint32_t
mip6_watch_other_tunnel(const uint8_t *octets, size_t count, uint32_t tun,
    bool (*is_ordinary)(const void *arg, uint32_t ifindex), const void *arg)
{
	struct mip6_watch_msg m;
	size_t at = 0;

	while (mip6_watch_next(octets, count, &at, &m)) {
		if (m.kind == MIP6_WATCH_ROUTE &&
		    watch_is_default(&m.u.route) && m.u.route.ifindex != tun &&
		    m.u.route.ifindex != 0 &&
		    !is_ordinary(arg, m.u.route.ifindex))
			return m.u.route.ifindex;
	}
	return 0;
}

bool
mip6_watch_event(const uint8_t *octets, size_t count)
{
	uint32_t subclass, code;

	if (count < DARWIN_KEV_OCTETS ||
	    watch_u32(octets + DARWIN_KEV_SIZE) > count ||
	    watch_u32(octets + DARWIN_KEV_VENDOR) != DARWIN_KEV_APPLE ||
	    watch_u32(octets + DARWIN_KEV_CLASS) != DARWIN_KEV_NETWORK)
		return false;
	subclass = watch_u32(octets + DARWIN_KEV_SUBCLASS);
	code = watch_u32(octets + DARWIN_KEV_CODE);
	return subclass == DARWIN_KEV_INET6 ||
	    (subclass == DARWIN_KEV_DL && code != DARWIN_KEV_DL_ADDMULTI &&
		code != DARWIN_KEV_DL_DELMULTI);
}
