/* SPDX-License-Identifier: BSD-2-Clause */
/* Hand-written from RFC 3542. */
#ifndef SHIM_NETINET_IP6_H
#define SHIM_NETINET_IP6_H
#include <sys/types.h>
#include <netinet/in.h>
struct ip6_hdr {
	union {
		struct ip6_hdrctl { u_int32_t ip6_un1_flow; u_int16_t ip6_un1_plen; u_int8_t ip6_un1_nxt, ip6_un1_hlim; } ip6_un1;
		u_int8_t ip6_un2_vfc;
	} ip6_ctlun;
	struct in6_addr ip6_src, ip6_dst;
} __attribute__((packed));
#define ip6_vfc ip6_ctlun.ip6_un2_vfc
#define ip6_flow ip6_ctlun.ip6_un1.ip6_un1_flow
#define ip6_plen ip6_ctlun.ip6_un1.ip6_un1_plen
#define ip6_nxt ip6_ctlun.ip6_un1.ip6_un1_nxt
#define ip6_hlim ip6_ctlun.ip6_un1.ip6_un1_hlim
#define ip6_hops ip6_ctlun.ip6_un1.ip6_un1_hlim
struct ip6_ext { u_int8_t ip6e_nxt, ip6e_len; } __attribute__((packed));
struct ip6_hbh { u_int8_t ip6h_nxt, ip6h_len; } __attribute__((packed));
struct ip6_dest { u_int8_t ip6d_nxt, ip6d_len; } __attribute__((packed));
struct ip6_opt { u_int8_t ip6o_type, ip6o_len; } __attribute__((packed));
struct ip6_rthdr { u_int8_t ip6r_nxt, ip6r_len, ip6r_type, ip6r_segleft; } __attribute__((packed));
struct ip6_frag { u_int8_t ip6f_nxt, ip6f_reserved; u_int16_t ip6f_offlg; u_int32_t ip6f_ident; } __attribute__((packed));
#endif
