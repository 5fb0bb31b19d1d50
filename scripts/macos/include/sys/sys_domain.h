/* SPDX-License-Identifier: BSD-2-Clause */
/* Hand-written ABI shim. */
#ifndef SHIM_SYS_DOMAIN_H
#define SHIM_SYS_DOMAIN_H
#include <sys/types.h>
#include <sys/socket.h>
#define SYSPROTO_EVENT 1
#define SYSPROTO_CONTROL 2
#define AF_SYS_CONTROL 2
#endif
