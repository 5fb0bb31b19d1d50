/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The rtnetlink messages this daemon makes and reads, as plain values.
 */
#ifndef MIP6_PLATFORM_LINUX_RTMSG_H
#define MIP6_PLATFORM_LINUX_RTMSG_H

#include "core/event.h"
#include "platform/linux/nl.h"

/* What makes a route or a rule ours; nothing else is ever deleted. */
#define MIP6_RT_PROTOCOL   62
#define MIP6_RT_METRIC     627
#define MIP6_RT_TABLE_MAIN 254u
#define MIP6_RT_TABLE_HOME 6275u
#define MIP6_RT_TABLE_COA  6276u
/* Of the rule that sends to a table: before main's 32766. */
#define MIP6_RT_PRIORITY(table) ((table) < 256 ? 6274u : (table))

struct mip6_rt_link {
	uint32_t ifindex;
	uint16_t type;  /* ARPHRD_ */
	uint32_t flags; /* IFF_ */
	uint32_t mtu;
	char name[MIP6_IFNAME_OCTETS];
	bool has_lladdr; /* six octets */
	struct mip6_lladdr lladdr;
	bool has_ends; /* a tunnel over IPv6, between these two */
	struct mip6_addr local, remote;
};

struct mip6_rt_addr {
	uint32_t ifindex;
	struct mip6_addr addr;
	uint8_t bits;
	uint32_t flags;                /* IFA_F_ */
	uint32_t valid_s, preferred_s; /* UINT32_MAX: for ever */
};

struct mip6_rt_route {
	uint32_t table;
	struct mip6_prefix dst;
	uint32_t ifindex;
	struct mip6_addr gateway; /* ::: on-link */
	uint8_t protocol, type;
	bool cloned; /* a cache entry, not a route */
};

struct mip6_rt_rule {
	uint32_t table, priority;
	struct mip6_prefix src;
	uint8_t protocol;
};

/* Readers of a message's body: false when it is not about IPv6, or short. */
bool mip6_rtmsg_get_link(struct mip6_nl_view body, struct mip6_rt_link *l);
bool mip6_rtmsg_get_addr(struct mip6_nl_view body, struct mip6_rt_addr *a);
bool mip6_rtmsg_get_route(struct mip6_nl_view body, struct mip6_rt_route *r);
bool mip6_rtmsg_get_rule(struct mip6_nl_view body, struct mip6_rt_rule *r);

/* MIP6_ADDR_ flags of IFA_F_ ones. */
uint8_t mip6_rtmsg_addr_flags(uint32_t flags);

/* Writers.  `flags`: NLM_F_CREATE and so on. */
void mip6_rtmsg_addr(struct mip6_nlmsg *m, bool add, uint16_t flags,
    const struct mip6_rt_addr *a);
/* Protocol and metric are ours; to delete, table and dst say it all. */
void mip6_rtmsg_route(struct mip6_nlmsg *m, bool add, uint16_t flags,
    const struct mip6_rt_route *r);
void mip6_rtmsg_rule(struct mip6_nlmsg *m, bool add, uint16_t flags,
    const struct mip6_rt_rule *r);
/* Which way to `dst`, out of `ifindex` (0: any)? */
void mip6_rtmsg_route_get(struct mip6_nlmsg *m, const struct mip6_addr *dst,
    uint32_t ifindex);
/* A dump of links or addresses: RTM_GETLINK, RTM_GETADDR. */
void mip6_rtmsg_dump(struct mip6_nlmsg *m, uint16_t type);
/* Changes a link: mtu (0: leave), queue of packets (0: leave), up. */
void mip6_rtmsg_link_set(struct mip6_nlmsg *m, uint32_t ifindex, uint32_t mtu,
    uint32_t queue, bool up);
/* No link-local address of the kernel's making on `ifindex`. */
void mip6_rtmsg_link_plain(struct mip6_nlmsg *m, uint32_t ifindex);

#endif
