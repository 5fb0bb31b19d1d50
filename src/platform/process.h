/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Two things about processes that each system does in its own way.
 */
#ifndef MIP6_PLATFORM_PROCESS_H
#define MIP6_PLATFORM_PROCESS_H

#include <sys/types.h>

#include <stdbool.h>

/*
 * Keeps this process's memory, which holds keys, out of core dumps, also of
 * those that a program of the system collects.  false, with errno: the system
 * did not let us.
 */
bool mip6_process_seal(void);

/* The user at the other end of a connected Unix socket; false with errno. */
bool mip6_process_peer(int fd, uid_t *uid);

#endif
