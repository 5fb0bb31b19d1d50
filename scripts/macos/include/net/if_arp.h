/* SPDX-License-Identifier: BSD-2-Clause */
/* Hand-written from RFC 826. */
#ifndef SHIM_NET_IF_ARP_H
#define SHIM_NET_IF_ARP_H
#include <sys/types.h>
#include <sys/socket.h>
#define ARPHRD_ETHER 1
struct arphdr { u_short ar_hrd, ar_pro; u_char ar_hln, ar_pln; u_short ar_op; };
#endif
