/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The octets of Darwin's routing messages, interface lists and network events
 * that are read here: offsets and numbers, so that they are read the same way
 * on every system.  abi_check.c compares them with the macOS headers.
 */
#ifndef MIP6_PLATFORM_DARWIN_ABI_WATCH_H
#define MIP6_PLATFORM_DARWIN_ABI_WATCH_H

/* Numbers of address families. */
#define DARWIN_AF_LINK  18
#define DARWIN_AF_INET6 30

/* Sockets. */
#define DARWIN_SOCK_DGRAM     2
#define DARWIN_SOCK_RAW       3
#define DARWIN_PF_ROUTE       17
#define DARWIN_PF_SYSTEM      32
#define DARWIN_SYSPROTO_EVENT 1

/* Lists of sysctl. */
#define DARWIN_CTL_NET       4
#define DARWIN_NET_RT_DUMP   1
#define DARWIN_NET_RT_IFLIST 3

/* Every message of PF_ROUTE: u16 octets, u8 version, u8 type. */
#define DARWIN_RTM_HEAD    4
#define DARWIN_RTM_VERSION 5
#define DARWIN_RTM_ADD     1
#define DARWIN_RTM_DELETE  2
#define DARWIN_RTM_CHANGE  3
#define DARWIN_RTM_GET     4
#define DARWIN_RTM_NEWADDR 12
#define DARWIN_RTM_DELADDR 13
#define DARWIN_RTM_IFINFO  14

/* struct rt_msghdr */
#define DARWIN_RT_INDEX  4 /* u16 */
#define DARWIN_RT_FLAGS  8 /* u32, as all that follow */
#define DARWIN_RT_ADDRS  12
#define DARWIN_RT_PID    16
#define DARWIN_RT_SEQ    20
#define DARWIN_RT_ERRNO  24
#define DARWIN_RT_OCTETS 92

/* struct ifa_msghdr */
#define DARWIN_IFAM_ADDRS  4
#define DARWIN_IFAM_INDEX  12 /* u16 */
#define DARWIN_IFAM_OCTETS 20

/* struct if_msghdr, with its struct if_data */
#define DARWIN_IFM_ADDRS  4
#define DARWIN_IFM_FLAGS  8
#define DARWIN_IFM_INDEX  12 /* u16 */
#define DARWIN_IFM_TYPE   16 /* u8 */
#define DARWIN_IFM_MTU    24
#define DARWIN_IFM_OCTETS 112

/* Which addresses follow a header, in this order; each bit one. */
#define DARWIN_RTAX_DST     0
#define DARWIN_RTAX_GATEWAY 1
#define DARWIN_RTAX_NETMASK 2
#define DARWIN_RTAX_IFP     4
#define DARWIN_RTAX_IFA     5
#define DARWIN_RTAX_MAX     8

#define DARWIN_RTF_UP        0x1u
#define DARWIN_RTF_GATEWAY   0x2u
#define DARWIN_RTF_HOST      0x4u
#define DARWIN_RTF_REJECT    0x8u
#define DARWIN_RTF_LLINFO    0x400u
#define DARWIN_RTF_WASCLONED 0x20000u
#define DARWIN_RTF_LOCAL     0x200000u
#define DARWIN_RTF_BROADCAST 0x400000u
#define DARWIN_RTF_MULTICAST 0x800000u
#define DARWIN_RTF_IFSCOPE   0x1000000u

#define DARWIN_IFF_UP      0x1u
#define DARWIN_IFF_RUNNING 0x40u

/* Types of links whose frames are Ethernet's. */
#define DARWIN_IFT_ETHER  0x06
#define DARWIN_IFT_LOOP   0x18 /* though it has none */
#define DARWIN_IFT_L2VLAN 0x87
#define DARWIN_IFT_BOND   0x88
#define DARWIN_IFT_BRIDGE 0xd1

/* struct sockaddr_in6; every sockaddr begins with u8 octets, u8 family */
#define DARWIN_SIN6_ADDR   8
#define DARWIN_SIN6_OCTETS 28

/* struct sockaddr_dl */
#define DARWIN_SDL_INDEX 2 /* u16 */
#define DARWIN_SDL_TYPE  4
#define DARWIN_SDL_NLEN  5
#define DARWIN_SDL_ALEN  6
#define DARWIN_SDL_DATA  8

/* struct kern_event_msg: u32 each */
#define DARWIN_KEV_SIZE     0
#define DARWIN_KEV_VENDOR   4
#define DARWIN_KEV_CLASS    8
#define DARWIN_KEV_SUBCLASS 12
#define DARWIN_KEV_CODE     20
#define DARWIN_KEV_OCTETS   24

#define DARWIN_KEV_APPLE       1 /* vendor */
#define DARWIN_KEV_NETWORK     1 /* class */
#define DARWIN_KEV_DL          2 /* subclass: links */
#define DARWIN_KEV_INET6       6 /* subclass: addresses */
#define DARWIN_KEV_DL_ADDMULTI 7 /* codes of links that tell us nothing */
#define DARWIN_KEV_DL_DELMULTI 8

/* struct kev_request: vendor, class, subclass (0: any) */
#define DARWIN_KEV_REQUEST_OCTETS 12
#define DARWIN_SIOCSKEVFILT       0x800c6502ul

/* struct ifmediareq: the name in front */
#define DARWIN_IFMR_OCTETS  44
#define DARWIN_IFMR_STATUS  24
#define DARWIN_IFM_AVALID   0x1u
#define DARWIN_IFM_ACTIVE   0x2u
#define DARWIN_SIOCGIFMEDIA 0xc02c6938ul

/* Of a BPF descriptor: frames leave with the source address they have. */
#define DARWIN_BIOCSHDRCMPLT 0x80044275ul

#endif
