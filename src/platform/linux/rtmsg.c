/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * rtnetlink's messages (see rtmsg.h).  Nothing here has an effect: values to
 * octets and back, so that a unit test can cut every message at every octet.
 */
#include "platform/linux/rtmsg.h"

#include <string.h>
#include <sys/socket.h>

#include <linux/fib_rules.h>
#include <linux/if_addr.h>
#include <linux/if_arp.h>
#include <linux/if_link.h>
#include <linux/rtnetlink.h>

static void
rtmsg_link_attr(struct mip6_rt_link *l, uint16_t type,
    const struct mip6_nl_view *v)
{
	switch (type) {
	case IFLA_IFNAME:
		if (v->count > 1 && v->count <= sizeof(l->name) &&
		    v->octets[v->count - 1] == '\0')
			memcpy(l->name, v->octets, v->count);
		break;
	case IFLA_MTU:
		(void)mip6_nl_get_u32(v, &l->mtu);
		break;
	case IFLA_ADDRESS:
		if (v->count == sizeof(l->lladdr.b)) {
			memcpy(l->lladdr.b, v->octets, sizeof(l->lladdr.b));
			l->has_lladdr = true;
		}
		(void)mip6_nl_get_addr(v, &l->local);
		break;
	case IFLA_BROADCAST:
		(void)mip6_nl_get_addr(v, &l->remote);
		break;
	default:
		break;
	}
}

bool
mip6_rtmsg_get_link(struct mip6_nl_view body, struct mip6_rt_link *l)
{
	struct ifinfomsg h;
	struct mip6_nl_view v;
	uint16_t type;

	memset(l, 0, sizeof(*l));
	/* The bridge's own notices (AF_BRIDGE) are not about the link. */
	if (!mip6_nl_fixed(&body, &h, sizeof(h)) || h.ifi_index <= 0 ||
	    h.ifi_family != AF_UNSPEC)
		return false;
	l->ifindex = (uint32_t)h.ifi_index;
	l->type = h.ifi_type;
	l->flags = h.ifi_flags;
	while (mip6_nl_attr(&body, &type, &v))
		rtmsg_link_attr(l, type, &v);
	l->has_ends = l->type == ARPHRD_TUNNEL6 &&
	    !mip6_addr_is_any(&l->local) && !mip6_addr_is_any(&l->remote);
	return l->name[0] != '\0';
}

bool
mip6_rtmsg_get_addr(struct mip6_nl_view body, struct mip6_rt_addr *a)
{
	struct ifaddrmsg h;
	struct ifa_cacheinfo life;
	struct mip6_nl_view v;
	uint16_t type;
	bool local = false, any = false;

	memset(a, 0, sizeof(*a));
	if (!mip6_nl_fixed(&body, &h, sizeof(h)) || h.ifa_family != AF_INET6 ||
	    h.ifa_index == 0 || h.ifa_prefixlen > 128)
		return false;
	a->ifindex = h.ifa_index;
	a->bits = h.ifa_prefixlen;
	a->flags = h.ifa_flags;
	a->valid_s = a->preferred_s = UINT32_MAX;
	while (mip6_nl_attr(&body, &type, &v)) {
		/* On a point-to-point link ADDRESS is the other end. */
		if (type == IFA_LOCAL)
			local = mip6_nl_get_addr(&v, &a->addr) || local;
		else if (type == IFA_ADDRESS && !local)
			any = mip6_nl_get_addr(&v, &a->addr) || any;
		else if (type == IFA_FLAGS)
			(void)mip6_nl_get_u32(&v, &a->flags);
		else if (type == IFA_CACHEINFO &&
		    mip6_nl_fixed(&v, &life, sizeof(life))) {
			a->valid_s = life.ifa_valid;
			a->preferred_s = life.ifa_prefered;
		}
	}
	return local || any;
}

static void
rtmsg_route_attr(struct mip6_rt_route *r, uint16_t type, uint8_t bits,
    const struct mip6_nl_view *v)
{
	struct mip6_addr dst;

	switch (type) {
	case RTA_DST:
		if (mip6_nl_get_addr(v, &dst))
			r->dst = mip6_prefix_make(&dst, bits);
		break;
	case RTA_OIF:
		(void)mip6_nl_get_u32(v, &r->ifindex);
		break;
	case RTA_GATEWAY:
		(void)mip6_nl_get_addr(v, &r->gateway);
		break;
	case RTA_TABLE:
		(void)mip6_nl_get_u32(v, &r->table);
		break;
	default:
		break;
	}
}

bool
mip6_rtmsg_get_route(struct mip6_nl_view body, struct mip6_rt_route *r)
{
	struct rtmsg h;
	struct mip6_nl_view v;
	uint16_t type;

	memset(r, 0, sizeof(*r));
	if (!mip6_nl_fixed(&body, &h, sizeof(h)) || h.rtm_family != AF_INET6 ||
	    h.rtm_dst_len > 128)
		return false;
	r->dst.bits = h.rtm_dst_len;
	r->table = h.rtm_table;
	r->protocol = h.rtm_protocol;
	r->type = h.rtm_type;
	r->cloned = (h.rtm_flags & RTM_F_CLONED) != 0;
	while (mip6_nl_attr(&body, &type, &v))
		rtmsg_route_attr(r, type, h.rtm_dst_len, &v);
	return true;
}

bool
mip6_rtmsg_get_rule(struct mip6_nl_view body, struct mip6_rt_rule *r)
{
	struct fib_rule_hdr h;
	struct mip6_nl_view v;
	struct mip6_addr src;
	uint16_t type;

	memset(r, 0, sizeof(*r));
	if (!mip6_nl_fixed(&body, &h, sizeof(h)) || h.family != AF_INET6 ||
	    h.src_len > 128)
		return false;
	r->table = h.table;
	r->src.bits = h.src_len;
	while (mip6_nl_attr(&body, &type, &v)) {
		if (type == FRA_SRC && mip6_nl_get_addr(&v, &src))
			r->src = mip6_prefix_make(&src, h.src_len);
		else if (type == FRA_TABLE)
			(void)mip6_nl_get_u32(&v, &r->table);
		else if (type == FRA_PRIORITY)
			(void)mip6_nl_get_u32(&v, &r->priority);
		else if (type == FRA_PROTOCOL && v.count == 1)
			r->protocol = v.octets[0];
	}
	return true;
}

uint8_t
mip6_rtmsg_addr_flags(uint32_t flags)
{
	static const struct {
		uint32_t linux_flag;
		enum mip6_addr_flag flag;
	} map[] = {
		{ IFA_F_TENTATIVE, MIP6_ADDR_TENTATIVE },
		{ IFA_F_OPTIMISTIC, MIP6_ADDR_OPTIMISTIC },
		{ IFA_F_DADFAILED, MIP6_ADDR_DUPLICATED },
		{ IFA_F_DEPRECATED, MIP6_ADDR_DEPRECATED },
		{ IFA_F_TEMPORARY, MIP6_ADDR_TEMPORARY },
	};
	unsigned out = 0;
	size_t i;

	for (i = 0; i < MIP6_COUNT(map); i++) {
		if ((flags & map[i].linux_flag) != 0)
			out |= (unsigned)map[i].flag;
	}
	return (uint8_t)out;
}

void
mip6_rtmsg_addr(struct mip6_nlmsg *m, bool add, uint16_t flags,
    const struct mip6_rt_addr *a)
{
	struct ifaddrmsg h;
	struct ifa_cacheinfo life;

	memset(&h, 0, sizeof(h));
	h.ifa_family = AF_INET6;
	h.ifa_prefixlen = a->bits;
	h.ifa_index = a->ifindex;
	mip6_nlmsg_init(m, add ? RTM_NEWADDR : RTM_DELADDR, flags, &h,
	    sizeof(h));
	mip6_nlmsg_addr(m, IFA_LOCAL, &a->addr);
	mip6_nlmsg_addr(m, IFA_ADDRESS, &a->addr);
	if (!add)
		return;
	mip6_nlmsg_u32(m, IFA_FLAGS, a->flags);
	memset(&life, 0, sizeof(life));
	life.ifa_valid = a->valid_s;
	life.ifa_prefered = a->preferred_s;
	mip6_nlmsg_attr(m, IFA_CACHEINFO, &life, sizeof(life));
}

void
mip6_rtmsg_route(struct mip6_nlmsg *m, bool add, uint16_t flags,
    const struct mip6_rt_route *r)
{
	struct rtmsg h;
	bool gateway = !mip6_addr_is_any(&r->gateway);

	memset(&h, 0, sizeof(h));
	h.rtm_family = AF_INET6;
	h.rtm_dst_len = r->dst.bits;
	h.rtm_table = r->table < 256 ? (uint8_t)r->table : RT_TABLE_UNSPEC;
	h.rtm_protocol = MIP6_RT_PROTOCOL;
	h.rtm_scope = RT_SCOPE_UNIVERSE;
	h.rtm_type = RTN_UNICAST;
	/* Who asks for this gateway knows that it is a neighbour. */
	if (add && gateway)
		h.rtm_flags = RTNH_F_ONLINK;
	mip6_nlmsg_init(m, add ? RTM_NEWROUTE : RTM_DELROUTE, flags, &h,
	    sizeof(h));
	if (r->dst.bits > 0)
		mip6_nlmsg_addr(m, RTA_DST, &r->dst.addr);
	mip6_nlmsg_u32(m, RTA_TABLE, r->table);
	mip6_nlmsg_u32(m, RTA_PRIORITY, MIP6_RT_METRIC);
	/* Protocol, metric and table say which one is to go. */
	if (!add)
		return;
	mip6_nlmsg_u32(m, RTA_OIF, r->ifindex);
	if (gateway)
		mip6_nlmsg_addr(m, RTA_GATEWAY, &r->gateway);
}

void
mip6_rtmsg_rule(struct mip6_nlmsg *m, bool add, uint16_t flags,
    const struct mip6_rt_rule *r)
{
	struct fib_rule_hdr h;
	const uint8_t protocol = MIP6_RT_PROTOCOL;

	memset(&h, 0, sizeof(h));
	h.family = AF_INET6;
	h.src_len = r->src.bits;
	h.action = FR_ACT_TO_TBL;
	mip6_nlmsg_init(m, add ? RTM_NEWRULE : RTM_DELRULE, flags, &h,
	    sizeof(h));
	mip6_nlmsg_addr(m, FRA_SRC, &r->src.addr);
	mip6_nlmsg_u32(m, FRA_TABLE, r->table);
	mip6_nlmsg_u32(m, FRA_PRIORITY, r->priority);
	mip6_nlmsg_attr(m, FRA_PROTOCOL, &protocol, sizeof(protocol));
}

void
mip6_rtmsg_route_get(struct mip6_nlmsg *m, const struct mip6_addr *dst,
    uint32_t ifindex)
{
	struct rtmsg h;

	memset(&h, 0, sizeof(h));
	h.rtm_family = AF_INET6;
	h.rtm_dst_len = 128;
	mip6_nlmsg_init(m, RTM_GETROUTE, 0, &h, sizeof(h));
	mip6_nlmsg_addr(m, RTA_DST, dst);
	if (ifindex != 0)
		mip6_nlmsg_u32(m, RTA_OIF, ifindex);
}

void
mip6_rtmsg_dump(struct mip6_nlmsg *m, uint16_t type)
{
	union {
		struct ifinfomsg link;
		struct ifaddrmsg addr;
	} h;

	memset(&h, 0, sizeof(h));
	if (type == RTM_GETADDR)
		h.addr.ifa_family = AF_INET6;
	mip6_nlmsg_init(m, type, NLM_F_DUMP, &h,
	    type == RTM_GETADDR ? sizeof(h.addr) : sizeof(h.link));
}

void
mip6_rtmsg_link_set(struct mip6_nlmsg *m, uint32_t ifindex, uint32_t mtu,
    uint32_t queue, bool up)
{
	struct ifinfomsg h;

	memset(&h, 0, sizeof(h));
	h.ifi_index = (int)ifindex;
	if (up)
		h.ifi_flags = h.ifi_change = IFF_UP;
	mip6_nlmsg_init(m, RTM_NEWLINK, 0, &h, sizeof(h));
	if (mtu != 0)
		mip6_nlmsg_u32(m, IFLA_MTU, mtu);
	if (queue != 0)
		mip6_nlmsg_u32(m, IFLA_TXQLEN, queue);
}

void
mip6_rtmsg_link_plain(struct mip6_nlmsg *m, uint32_t ifindex)
{
	struct ifinfomsg h;
	const uint8_t mode = IN6_ADDR_GEN_MODE_NONE;
	size_t spec, family;

	memset(&h, 0, sizeof(h));
	h.ifi_index = (int)ifindex;
	mip6_nlmsg_init(m, RTM_NEWLINK, 0, &h, sizeof(h));
	spec = mip6_nlmsg_nest(m, IFLA_AF_SPEC);
	family = mip6_nlmsg_nest(m, AF_INET6);
	mip6_nlmsg_attr(m, IFLA_INET6_ADDR_GEN_MODE, &mode, sizeof(mode));
	mip6_nlmsg_nest_end(m, family);
	mip6_nlmsg_nest_end(m, spec);
}
