/* SPDX-License-Identifier: BSD-2-Clause */
/* Hand-written from RFC 3542 / RFC 4443 / RFC 4861. */
#ifndef SHIM_NETINET_ICMP6_H
#define SHIM_NETINET_ICMP6_H
#include <sys/types.h>
#include <netinet/in.h>
struct icmp6_hdr {
	u_int8_t icmp6_type, icmp6_code; u_int16_t icmp6_cksum;
	union { u_int32_t icmp6_un_data32[1]; u_int16_t icmp6_un_data16[2]; u_int8_t icmp6_un_data8[4]; } icmp6_dataun;
} __attribute__((packed));
#define icmp6_data32 icmp6_dataun.icmp6_un_data32
#define icmp6_data16 icmp6_dataun.icmp6_un_data16
#define icmp6_data8 icmp6_dataun.icmp6_un_data8
#define ICMP6_FILTER 18
struct icmp6_filter { u_int32_t icmp6_filt[8]; };
#define ICMP6_FILTER_SETPASSALL(f) memset((f), 0xff, sizeof(struct icmp6_filter))
#define ICMP6_FILTER_SETBLOCKALL(f) memset((f), 0, sizeof(struct icmp6_filter))
#define ICMP6_FILTER_SETPASS(t, f) ((f)->icmp6_filt[(t) >> 5] |= (1u << ((t) & 31)))
#define ICMP6_DST_UNREACH 1
#define ICMP6_PACKET_TOO_BIG 2
#define ICMP6_TIME_EXCEEDED 3
#define ICMP6_PARAM_PROB 4
#define ICMP6_ECHO_REQUEST 128
#define ICMP6_ECHO_REPLY 129
#define ND_ROUTER_SOLICIT 133
#define ND_ROUTER_ADVERT 134
#define ND_NEIGHBOR_SOLICIT 135
#define ND_NEIGHBOR_ADVERT 136
#define ND_REDIRECT 137
struct nd_neighbor_solicit { struct icmp6_hdr nd_ns_hdr; struct in6_addr nd_ns_target; } __attribute__((packed));
struct nd_neighbor_advert { struct icmp6_hdr nd_na_hdr; struct in6_addr nd_na_target; } __attribute__((packed));
struct nd_opt_hdr { u_int8_t nd_opt_type, nd_opt_len; } __attribute__((packed));
#endif
