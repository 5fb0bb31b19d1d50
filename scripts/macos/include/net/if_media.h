/* SPDX-License-Identifier: BSD-2-Clause */
/* Hand-written ABI shim for libpcap. */
#ifndef SHIM_IF_MEDIA_H
#define SHIM_IF_MEDIA_H
#define IFM_NMASK 0x000000e0
#define IFM_ETHER 0x00000020
#define IFM_IEEE80211 0x00000080
#define IFM_TYPE(x) ((x) & IFM_NMASK)
#define IFM_SUBTYPE(x) ((x) & 0x000f001f)
#define IFM_AVALID 0x00000001
#define IFM_ACTIVE 0x00000002
#define IFM_AUTO 0
#define IFM_MODE(x) ((x) & 0x00000e00)
#define IFM_IEEE80211_MONITOR 0x00000800
#define IFM_GMASK 0x0ff00000
#define IFM_ULIST_MAX 128
#endif
