/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What Darwin says of links, addresses and routes, read from octets: messages
 * of PF_ROUTE, the lists of sysctl (the same messages in a row) and network
 * events.  Every length in them is checked before it is believed.
 */
#ifndef MIP6_PLATFORM_DARWIN_WATCH_MSG_H
#define MIP6_PLATFORM_DARWIN_WATCH_MSG_H

#include "base/addr.h"
#include "core/event.h"

enum mip6_watch_kind {
	MIP6_WATCH_OTHER, /* of no interest, or damaged */
	MIP6_WATCH_LINK,
	MIP6_WATCH_ADDR, /* IPv6 alone */
	MIP6_WATCH_ROUTE /* IPv6 alone */
};

struct mip6_watch_link {
	uint32_t ifindex;
	uint32_t flags; /* DARWIN_IFF_ */
	uint32_t mtu;
	uint8_t type;  /* DARWIN_IFT_ */
	bool has_name; /* lists have it, events do not */
	bool has_lladdr;
	char name[MIP6_IFNAME_OCTETS];
	struct mip6_lladdr lladdr;
};

struct mip6_watch_addr {
	uint32_t ifindex;
	struct mip6_addr addr;
	uint8_t bits;
};

struct mip6_watch_route {
	uint32_t ifindex;
	uint32_t flags; /* DARWIN_RTF_ */
	struct mip6_prefix dst;
	struct mip6_addr gateway; /* ::: on-link */
	uint32_t pid, seq;        /* of who asked for it */
	int error;                /* of what was asked for */
};

struct mip6_watch_msg {
	enum mip6_watch_kind kind;
	uint8_t type; /* DARWIN_RTM_ */
	union {
		struct mip6_watch_link link;
		struct mip6_watch_addr addr;
		struct mip6_watch_route route;
	} u;
};

/*
 * Reads the message at octets[*at] and moves *at behind it.  false: there is
 * none any more, or what is left is no message.
 */
bool mip6_watch_next(const uint8_t *octets, size_t count, size_t *at,
    struct mip6_watch_msg *m);

/* A route that the kernel made for itself: a neighbour, a group, an address. */
bool mip6_watch_is_cloned(const struct mip6_watch_route *r);

/*
 * The link of a tunnel other than `tun` that takes all IPv6 traffic, or half
 * of it, in a list of routes; 0: none.  `is_ours` says of a link that it is an
 * ordinary one.
 */
uint32_t mip6_watch_other_tunnel(const uint8_t *octets, size_t count,
    uint32_t tun, bool (*is_ordinary)(const void *arg, uint32_t ifindex),
    const void *arg);

/* Does this network event say that links or addresses may have changed? */
bool mip6_watch_event(const uint8_t *octets, size_t count);

#endif
