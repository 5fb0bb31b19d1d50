/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The octets of what Darwin's kernel is asked by ioctl, by socket option and
 * by routing message: offsets and numbers.  abi_call.c compares them with the
 * macOS headers.
 */
#ifndef MIP6_PLATFORM_DARWIN_ABI_CALL_H
#define MIP6_PLATFORM_DARWIN_ABI_CALL_H

#include "platform/darwin/abi_watch.h"

#define DARWIN_SYSPROTO_CONTROL 2

/* struct ctl_info: u32 id, and a name; of a socket of SYSPROTO_CONTROL */
#define DARWIN_CTL_INFO_ID     0
#define DARWIN_CTL_INFO_NAME   4
#define DARWIN_CTL_INFO_OCTETS 100
#define DARWIN_CTLIOCGINFO     0xc0644e03ul

#define DARWIN_UTUN_CONTROL    "com.apple.net.utun_control"
#define DARWIN_UTUN_OPT_IFNAME 2

/* struct sockaddr_ctl */
#define DARWIN_SC_SYSADDR     2 /* u16 */
#define DARWIN_SC_ID          4 /* u32, as the next */
#define DARWIN_SC_UNIT        8 /* 0: the first that is free */
#define DARWIN_SC_OCTETS      32
#define DARWIN_AF_SYS_CONTROL 2

/* struct ifreq: the name in front, and one value */
#define DARWIN_IFR_VALUE    16
#define DARWIN_IFR_OCTETS   32
#define DARWIN_SIOCSIFFLAGS 0x80206910ul /* value: u16 */
#define DARWIN_SIOCGIFFLAGS 0xc0206911ul
#define DARWIN_SIOCSIFMTU   0x80206934ul /* value: u32 */

/* struct in6_aliasreq: the name in front */
#define DARWIN_IFRA_ADDR       16
#define DARWIN_IFRA_MASK       72
#define DARWIN_IFRA_FLAGS      100
#define DARWIN_IFRA_VALID      120
#define DARWIN_IFRA_PREFERRED  124
#define DARWIN_IFRA_OCTETS     128
#define DARWIN_SIOCAIFADDR_IN6 0x8080691aul

/* struct in6_ifreq: the name in front, and an address or flags */
#define DARWIN_IN6_IFR_ADDR     16
#define DARWIN_IN6_IFR_FLAGS    16
#define DARWIN_IN6_IFR_OCTETS   288
#define DARWIN_SIOCDIFADDR_IN6  0x81206919ul
#define DARWIN_SIOCGIFAFLAG_IN6 0xc1206949ul

#define DARWIN_IN6_IFF_TENTATIVE  0x002u
#define DARWIN_IN6_IFF_DUPLICATED 0x004u
#define DARWIN_IN6_IFF_DETACHED   0x008u
#define DARWIN_IN6_IFF_DEPRECATED 0x010u
#define DARWIN_IN6_IFF_NODAD      0x020u
#define DARWIN_IN6_IFF_TEMPORARY  0x080u
#define DARWIN_IN6_IFF_OPTIMISTIC 0x200u

/* Lifetimes that do not end. */
#define DARWIN_ND6_INFINITE 0xffffffffu

/* Groups: struct ipv6_mreq */
#define DARWIN_IPPROTO_IPV6     41
#define DARWIN_IPV6_JOIN_GROUP  12
#define DARWIN_IPV6_LEAVE_GROUP 13
#define DARWIN_MREQ_LINK        16 /* u32 */
#define DARWIN_MREQ_OCTETS      20

#define DARWIN_RTF_STATIC    0x800u
#define DARWIN_RTF_BLACKHOLE 0x1000u
#define DARWIN_SDL_OCTETS    20

#endif
