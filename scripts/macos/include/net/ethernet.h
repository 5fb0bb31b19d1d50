/* SPDX-License-Identifier: BSD-2-Clause */
/* Hand-written: Ethernet framing. */
#ifndef SHIM_NET_ETHERNET_H
#define SHIM_NET_ETHERNET_H
#include <sys/types.h>
#define ETHER_ADDR_LEN 6
#define ETHER_HDR_LEN 14
#define ETHERTYPE_IPV6 0x86dd
struct ether_header { u_char ether_dhost[6], ether_shost[6]; u_short ether_type; };
struct ether_addr { u_char octet[6]; };
struct ether_addr *ether_aton(const char *);
char *ether_ntoa(const struct ether_addr *);
int ether_hostton(const char *, struct ether_addr *);
#endif
