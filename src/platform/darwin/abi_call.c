/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * abi_call.h against the macOS headers; compiled for macOS alone.
 */
#include "platform/darwin/abi_call.h"

#include <sys/types.h>
#include <sys/ioctl.h>
#include <sys/kern_control.h>
#include <sys/socket.h>
#include <sys/sockio.h>
#include <sys/sys_domain.h>

#include <net/if.h>
#include <net/if_dl.h>
#include <net/if_utun.h>
#include <net/route.h>
#include <netinet/in.h>
#include <netinet6/in6_var.h>
#include <stddef.h>

#define ABI_SAME(a, b) _Static_assert((a) == (b), #a)

ABI_SAME(DARWIN_SYSPROTO_CONTROL, SYSPROTO_CONTROL);
ABI_SAME(DARWIN_CTL_INFO_ID, offsetof(struct ctl_info, ctl_id));
ABI_SAME(DARWIN_CTL_INFO_NAME, offsetof(struct ctl_info, ctl_name));
ABI_SAME(DARWIN_CTL_INFO_OCTETS, sizeof(struct ctl_info));
ABI_SAME(DARWIN_CTLIOCGINFO, CTLIOCGINFO);
ABI_SAME(sizeof(DARWIN_UTUN_CONTROL), sizeof(UTUN_CONTROL_NAME));
ABI_SAME(DARWIN_UTUN_OPT_IFNAME, UTUN_OPT_IFNAME);

ABI_SAME(0, offsetof(struct sockaddr_ctl, sc_len));
ABI_SAME(1, offsetof(struct sockaddr_ctl, sc_family));
ABI_SAME(DARWIN_SC_SYSADDR, offsetof(struct sockaddr_ctl, ss_sysaddr));
ABI_SAME(DARWIN_SC_ID, offsetof(struct sockaddr_ctl, sc_id));
ABI_SAME(DARWIN_SC_UNIT, offsetof(struct sockaddr_ctl, sc_unit));
ABI_SAME(DARWIN_SC_OCTETS, sizeof(struct sockaddr_ctl));
ABI_SAME(DARWIN_PF_SYSTEM, AF_SYSTEM);
ABI_SAME(DARWIN_AF_SYS_CONTROL, AF_SYS_CONTROL);

ABI_SAME(16, IFNAMSIZ);
ABI_SAME(DARWIN_IFR_VALUE, offsetof(struct ifreq, ifr_flags));
ABI_SAME(DARWIN_IFR_VALUE, offsetof(struct ifreq, ifr_mtu));
ABI_SAME(2, sizeof(((struct ifreq *)0)->ifr_flags));
ABI_SAME(4, sizeof(((struct ifreq *)0)->ifr_mtu));
ABI_SAME(DARWIN_IFR_OCTETS, sizeof(struct ifreq));
ABI_SAME(DARWIN_SIOCSIFFLAGS, SIOCSIFFLAGS);
ABI_SAME(DARWIN_SIOCGIFFLAGS, SIOCGIFFLAGS);
ABI_SAME(DARWIN_SIOCSIFMTU, SIOCSIFMTU);

ABI_SAME(DARWIN_IFRA_ADDR, offsetof(struct in6_aliasreq, ifra_addr));
ABI_SAME(DARWIN_IFRA_MASK, offsetof(struct in6_aliasreq, ifra_prefixmask));
ABI_SAME(DARWIN_IFRA_FLAGS, offsetof(struct in6_aliasreq, ifra_flags));
ABI_SAME(DARWIN_IFRA_VALID,
    offsetof(struct in6_aliasreq, ifra_lifetime.ia6t_vltime));
ABI_SAME(DARWIN_IFRA_PREFERRED,
    offsetof(struct in6_aliasreq, ifra_lifetime.ia6t_pltime));
ABI_SAME(DARWIN_IFRA_OCTETS, sizeof(struct in6_aliasreq));
ABI_SAME(DARWIN_SIOCAIFADDR_IN6, SIOCAIFADDR_IN6);

ABI_SAME(DARWIN_IN6_IFR_ADDR, offsetof(struct in6_ifreq, ifr_ifru.ifru_addr));
ABI_SAME(DARWIN_IN6_IFR_FLAGS,
    offsetof(struct in6_ifreq, ifr_ifru.ifru_flags6));
ABI_SAME(DARWIN_IN6_IFR_OCTETS, sizeof(struct in6_ifreq));
ABI_SAME(DARWIN_SIOCDIFADDR_IN6, SIOCDIFADDR_IN6);
ABI_SAME(DARWIN_SIOCGIFAFLAG_IN6, SIOCGIFAFLAG_IN6);

ABI_SAME(DARWIN_IN6_IFF_TENTATIVE, IN6_IFF_TENTATIVE);
ABI_SAME(DARWIN_IN6_IFF_DUPLICATED, IN6_IFF_DUPLICATED);
ABI_SAME(DARWIN_IN6_IFF_DETACHED, IN6_IFF_DETACHED);
ABI_SAME(DARWIN_IN6_IFF_DEPRECATED, IN6_IFF_DEPRECATED);
ABI_SAME(DARWIN_IN6_IFF_NODAD, IN6_IFF_NODAD);
ABI_SAME(DARWIN_IN6_IFF_TEMPORARY, IN6_IFF_TEMPORARY);
ABI_SAME(DARWIN_IN6_IFF_OPTIMISTIC, IN6_IFF_OPTIMISTIC);

ABI_SAME(DARWIN_IPPROTO_IPV6, IPPROTO_IPV6);
ABI_SAME(DARWIN_IPV6_JOIN_GROUP, IPV6_JOIN_GROUP);
ABI_SAME(DARWIN_IPV6_LEAVE_GROUP, IPV6_LEAVE_GROUP);
ABI_SAME(DARWIN_MREQ_LINK, offsetof(struct ipv6_mreq, ipv6mr_interface));
ABI_SAME(DARWIN_MREQ_OCTETS, sizeof(struct ipv6_mreq));

ABI_SAME(DARWIN_RTF_STATIC, RTF_STATIC);
ABI_SAME(DARWIN_RTF_BLACKHOLE, RTF_BLACKHOLE);
ABI_SAME(DARWIN_SDL_OCTETS, sizeof(struct sockaddr_dl));
