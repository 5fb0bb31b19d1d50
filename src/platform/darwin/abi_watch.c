/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * abi_watch.h against the macOS headers; compiled for macOS alone.
 */
#include "platform/darwin/abi_watch.h"

#include <sys/types.h>
#include <sys/kern_event.h>
#include <sys/socket.h>
#include <sys/sockio.h>
#include <sys/sys_domain.h>
#include <sys/sysctl.h>

#include <net/bpf.h>
#include <net/if.h>
#include <net/if_dl.h>
#include <net/if_media.h>
#include <net/if_types.h>
#include <net/net_kev.h>
#include <net/route.h>
#include <netinet/in.h>
#include <stddef.h>

#define ABI_SAME(a, b) _Static_assert((a) == (b), #a)

ABI_SAME(DARWIN_AF_LINK, AF_LINK);
ABI_SAME(DARWIN_AF_INET6, AF_INET6);

ABI_SAME(DARWIN_SOCK_DGRAM, SOCK_DGRAM);
ABI_SAME(DARWIN_SOCK_RAW, SOCK_RAW);
ABI_SAME(DARWIN_PF_ROUTE, PF_ROUTE);
ABI_SAME(DARWIN_PF_SYSTEM, PF_SYSTEM);
ABI_SAME(DARWIN_SYSPROTO_EVENT, SYSPROTO_EVENT);
ABI_SAME(DARWIN_CTL_NET, CTL_NET);
ABI_SAME(DARWIN_NET_RT_DUMP, NET_RT_DUMP);
ABI_SAME(DARWIN_NET_RT_IFLIST, NET_RT_IFLIST);

ABI_SAME(DARWIN_RTM_HEAD, offsetof(struct rt_msghdr, rtm_type) + 1);
ABI_SAME(2, offsetof(struct rt_msghdr, rtm_version));
ABI_SAME(DARWIN_RTM_VERSION, RTM_VERSION);
ABI_SAME(DARWIN_RTM_ADD, RTM_ADD);
ABI_SAME(DARWIN_RTM_DELETE, RTM_DELETE);
ABI_SAME(DARWIN_RTM_CHANGE, RTM_CHANGE);
ABI_SAME(DARWIN_RTM_GET, RTM_GET);
ABI_SAME(DARWIN_RTM_NEWADDR, RTM_NEWADDR);
ABI_SAME(DARWIN_RTM_DELADDR, RTM_DELADDR);
ABI_SAME(DARWIN_RTM_IFINFO, RTM_IFINFO);

ABI_SAME(DARWIN_RT_INDEX, offsetof(struct rt_msghdr, rtm_index));
ABI_SAME(DARWIN_RT_FLAGS, offsetof(struct rt_msghdr, rtm_flags));
ABI_SAME(DARWIN_RT_ADDRS, offsetof(struct rt_msghdr, rtm_addrs));
ABI_SAME(DARWIN_RT_PID, offsetof(struct rt_msghdr, rtm_pid));
ABI_SAME(DARWIN_RT_SEQ, offsetof(struct rt_msghdr, rtm_seq));
ABI_SAME(DARWIN_RT_ERRNO, offsetof(struct rt_msghdr, rtm_errno));
ABI_SAME(DARWIN_RT_OCTETS, sizeof(struct rt_msghdr));

ABI_SAME(DARWIN_IFAM_ADDRS, offsetof(struct ifa_msghdr, ifam_addrs));
ABI_SAME(DARWIN_IFAM_INDEX, offsetof(struct ifa_msghdr, ifam_index));
ABI_SAME(DARWIN_IFAM_OCTETS, sizeof(struct ifa_msghdr));

ABI_SAME(DARWIN_IFM_ADDRS, offsetof(struct if_msghdr, ifm_addrs));
ABI_SAME(DARWIN_IFM_FLAGS, offsetof(struct if_msghdr, ifm_flags));
ABI_SAME(DARWIN_IFM_INDEX, offsetof(struct if_msghdr, ifm_index));
ABI_SAME(DARWIN_IFM_TYPE, offsetof(struct if_msghdr, ifm_data.ifi_type));
ABI_SAME(DARWIN_IFM_MTU, offsetof(struct if_msghdr, ifm_data.ifi_mtu));
ABI_SAME(DARWIN_IFM_OCTETS, sizeof(struct if_msghdr));

ABI_SAME(DARWIN_RTAX_DST, RTAX_DST);
ABI_SAME(DARWIN_RTAX_GATEWAY, RTAX_GATEWAY);
ABI_SAME(DARWIN_RTAX_NETMASK, RTAX_NETMASK);
ABI_SAME(DARWIN_RTAX_IFP, RTAX_IFP);
ABI_SAME(DARWIN_RTAX_IFA, RTAX_IFA);
ABI_SAME(DARWIN_RTAX_MAX, RTAX_MAX);

ABI_SAME(DARWIN_RTF_UP, RTF_UP);
ABI_SAME(DARWIN_RTF_GATEWAY, RTF_GATEWAY);
ABI_SAME(DARWIN_RTF_HOST, RTF_HOST);
ABI_SAME(DARWIN_RTF_REJECT, RTF_REJECT);
ABI_SAME(DARWIN_RTF_LLINFO, RTF_LLINFO);
ABI_SAME(DARWIN_RTF_WASCLONED, RTF_WASCLONED);
ABI_SAME(DARWIN_RTF_LOCAL, RTF_LOCAL);
ABI_SAME(DARWIN_RTF_BROADCAST, RTF_BROADCAST);
ABI_SAME(DARWIN_RTF_MULTICAST, RTF_MULTICAST);
ABI_SAME(DARWIN_RTF_IFSCOPE, RTF_IFSCOPE);

ABI_SAME(DARWIN_IFF_UP, IFF_UP);
ABI_SAME(DARWIN_IFF_RUNNING, IFF_RUNNING);
ABI_SAME(DARWIN_IFT_ETHER, IFT_ETHER);
ABI_SAME(DARWIN_IFT_LOOP, IFT_LOOP);
ABI_SAME(DARWIN_IFT_L2VLAN, IFT_L2VLAN);
ABI_SAME(DARWIN_IFT_BOND, IFT_IEEE8023ADLAG);
ABI_SAME(DARWIN_IFT_BRIDGE, IFT_BRIDGE);

ABI_SAME(DARWIN_SIN6_ADDR, offsetof(struct sockaddr_in6, sin6_addr));
ABI_SAME(DARWIN_SIN6_OCTETS, sizeof(struct sockaddr_in6));
ABI_SAME(DARWIN_SDL_INDEX, offsetof(struct sockaddr_dl, sdl_index));
ABI_SAME(DARWIN_SDL_TYPE, offsetof(struct sockaddr_dl, sdl_type));
ABI_SAME(DARWIN_SDL_NLEN, offsetof(struct sockaddr_dl, sdl_nlen));
ABI_SAME(DARWIN_SDL_ALEN, offsetof(struct sockaddr_dl, sdl_alen));
ABI_SAME(DARWIN_SDL_DATA, offsetof(struct sockaddr_dl, sdl_data));

ABI_SAME(DARWIN_KEV_SIZE, offsetof(struct kern_event_msg, total_size));
ABI_SAME(DARWIN_KEV_VENDOR, offsetof(struct kern_event_msg, vendor_code));
ABI_SAME(DARWIN_KEV_CLASS, offsetof(struct kern_event_msg, kev_class));
ABI_SAME(DARWIN_KEV_SUBCLASS, offsetof(struct kern_event_msg, kev_subclass));
ABI_SAME(DARWIN_KEV_CODE, offsetof(struct kern_event_msg, event_code));
ABI_SAME(DARWIN_KEV_OCTETS, offsetof(struct kern_event_msg, event_data));
ABI_SAME(DARWIN_KEV_APPLE, KEV_VENDOR_APPLE);
ABI_SAME(DARWIN_KEV_NETWORK, KEV_NETWORK_CLASS);
ABI_SAME(DARWIN_KEV_DL, KEV_DL_SUBCLASS);
ABI_SAME(DARWIN_KEV_INET6, KEV_INET6_SUBCLASS);
ABI_SAME(DARWIN_KEV_DL_ADDMULTI, KEV_DL_ADDMULTI);
ABI_SAME(DARWIN_KEV_DL_DELMULTI, KEV_DL_DELMULTI);
ABI_SAME(DARWIN_KEV_REQUEST_OCTETS, sizeof(struct kev_request));
ABI_SAME(DARWIN_SIOCSKEVFILT, SIOCSKEVFILT);

ABI_SAME(DARWIN_IFMR_OCTETS, sizeof(struct ifmediareq));
ABI_SAME(DARWIN_IFMR_STATUS, offsetof(struct ifmediareq, ifm_status));
ABI_SAME(DARWIN_IFM_AVALID, IFM_AVALID);
ABI_SAME(DARWIN_IFM_ACTIVE, IFM_ACTIVE);
ABI_SAME(DARWIN_SIOCGIFMEDIA, SIOCGIFMEDIA);
ABI_SAME(DARWIN_BIOCSHDRCMPLT, BIOCSHDRCMPLT);
