/* SPDX-License-Identifier: BSD-2-Clause */
/* Hand-written from the IANA ifType registry. */
#ifndef SHIM_IF_TYPES_H
#define SHIM_IF_TYPES_H
#define IFT_OTHER 0x1
#define IFT_ETHER 0x6
#define IFT_LOOP 0x18
#define IFT_L2VLAN 0x87
#define IFT_IEEE8023ADLAG 0x88
#define IFT_BRIDGE 0xd1
#endif
