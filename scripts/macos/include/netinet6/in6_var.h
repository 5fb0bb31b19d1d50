/* SPDX-License-Identifier: BSD-2-Clause */
/* Hand-written ABI shim: address ioctls of the Darwin IPv6 stack. */
#ifndef SHIM_IN6_VAR_H
#define SHIM_IN6_VAR_H
#include <sys/types.h>
#include <sys/ioctl.h>
#include <net/if.h>
#include <netinet/in.h>
struct in6_addrlifetime { time_t ia6t_expire, ia6t_preferred; u_int32_t ia6t_vltime, ia6t_pltime; };
struct in6_ifreq {
	char ifr_name[IFNAMSIZ];
	union { struct sockaddr_in6 ifru_addr; int ifru_flags6; struct in6_addrlifetime ifru_lifetime; u_int64_t ifru_pad[34]; } ifr_ifru;
};
struct in6_aliasreq {
	char ifra_name[IFNAMSIZ];
	struct sockaddr_in6 ifra_addr, ifra_dstaddr, ifra_prefixmask;
	int ifra_flags;
	struct in6_addrlifetime ifra_lifetime;
};
#ifndef ifr_addr
#define ifr_addr ifr_ifru.ifru_addr
#endif
#define IN6_IFF_TENTATIVE 0x0002
#define IN6_IFF_DUPLICATED 0x0004
#define IN6_IFF_DETACHED 0x0008
#define IN6_IFF_DEPRECATED 0x0010
#define IN6_IFF_NODAD 0x0020
#define IN6_IFF_AUTOCONF 0x0040
#define IN6_IFF_TEMPORARY 0x0080
#define IN6_IFF_OPTIMISTIC 0x0200
#define SIOCDIFADDR_IN6 _IOW('i', 25, struct in6_ifreq)
#define SIOCAIFADDR_IN6 _IOW('i', 26, struct in6_aliasreq)
#define SIOCGIFAFLAG_IN6 _IOWR('i', 73, struct in6_ifreq)
#endif
