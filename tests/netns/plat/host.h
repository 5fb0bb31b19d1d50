/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The host under the platform's contract test: what a test does behind the
 * platform's back, and the whole of what it must leave as it was.  One file
 * for each system; the test itself knows none.
 *
 * The host is made for one test and gone after it.  It has a wire whose two
 * ends are both here, HOST_LINK and HOST_PEER; HOST_LINK has the addresses
 * HOST_ADDR/64 and HOST_LOCAL/64, and merges what it receives; HOST_NEIGHBOUR
 * is a known neighbour on it, with the link-layer address of HOST_PEER.  ICMPv6
 * errors are not limited in rate, and a reassembly ends after a second.
 */
#ifndef NETNS_PLAT_HOST_H
#define NETNS_PLAT_HOST_H

#include "platform/platform.h"

#define HOST_LINK      "wa"
#define HOST_PEER      "wb"
#define HOST_TUN       "mip9"
#define HOST_ADDR      "2001:db8:a::1"
#define HOST_LOCAL     "fe80::a"
#define HOST_NEIGHBOUR "2001:db8:a::2"
#define HOST_ROUTER    "fe80::b"

/* false: not possible here (no privilege). */
bool host_enter(void);
/* What a system has no notion of: less is asked of it then. */
enum host_lack {
	HOST_LACK_RULES,      /* by source; nothing is to be done for them */
	HOST_LACK_ALLMULTI,   /* refused */
	HOST_LACK_OPTIMISTIC, /* an address is usable only after its detection */
	HOST_LACK_LEFTOVERS,  /* a mark on what is ours */
	HOST_LACK_INGRESS /* a filter on each captured link, and its offloads */
};
bool host_lacks(enum host_lack l);
/* Called while a test waits. */
void host_tick(void);

/* Addresses, routes, rules, filters, settings, offloads, groups: as text. */
char *host_snapshot(void);
uint32_t host_ifindex(const char *link);

void host_link_add(const char *link); /* and a peer to it, "x" + link */
void host_link_del(const char *link);
void host_link_up(const char *link, bool up);
/* HOST_LINK keeps what it has. */
void host_link_rename(const char *link, const char *to);
void host_addr(const char *link, const char *addr, bool on);
/* The default route, by HOST_ROUTER on HOST_LINK. */
void host_default(bool on);

void host_mtu(const char *link, unsigned mtu);
/* A link without an Ethernet header; what it sends comes out of the fd. */
int host_raw_link(const char *link);
/* Somebody else's tunnel takes all traffic, and goes. */
void host_other_tunnel(const char *link, bool on);

/* Takes away what is the platform's. */
enum host_theft {
	HOST_THEFT_ADDR,  /* of the TUN */
	HOST_THEFT_ROUTE, /* ::/1 */
	HOST_THEFT_RULE,
	HOST_THEFT_FILTER,
	HOST_THEFT_TUN_DOWN,
	HOST_THEFTS
};
void host_steal(enum host_theft what);
/* Is it there? */
bool host_has(enum host_theft what);

/* A route of the care-of table and a home rule that no journal knows of. */
void host_leftovers(void);

/* The TUN has no address but ours, and so sends nothing by itself. */
bool host_tun_is_plain(void);

/* Somebody changes a setting that an optimistic address had changed; is it so? */
void host_setting_change(void);
bool host_setting_is_theirs(void);

/* A stranger tells our sockets that HOST_LINK is gone and has an address. */
void host_forge(void);
/* `n` address changes on HOST_LINK, faster than anybody reads. */
void host_flood(unsigned n);

/* A fresh folder of ours, mode 0700; removed by host_folder_del. */
char *host_folder(void);
void host_folder_del(char *folder);

#endif
