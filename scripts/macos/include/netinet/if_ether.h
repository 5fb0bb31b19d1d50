/* SPDX-License-Identifier: BSD-2-Clause */
/* Hand-written shim. */
#ifndef SHIM_NETINET_IF_ETHER_H
#define SHIM_NETINET_IF_ETHER_H
#include <net/ethernet.h>
#endif
