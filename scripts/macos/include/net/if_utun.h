/* SPDX-License-Identifier: BSD-2-Clause */
/* Hand-written ABI shim for cross-checking only: used when the SDK is absent. */
#ifndef SHIM_IF_UTUN_H
#define SHIM_IF_UTUN_H
#define UTUN_CONTROL_NAME "com.apple.net.utun_control"
#define UTUN_OPT_FLAGS 1
#define UTUN_OPT_IFNAME 2
#endif
