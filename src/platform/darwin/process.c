/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * macOS: no core file, and getpeereid(3).
 */
#include "platform/process.h"

#include <sys/resource.h>

#include <unistd.h>

bool
mip6_process_seal(void)
{
	const struct rlimit none = { 0, 0 };

	return setrlimit(RLIMIT_CORE, &none) == 0;
}

bool
mip6_process_peer(int fd, uid_t *uid)
{
	gid_t gid;

	return getpeereid(fd, uid, &gid) == 0;
}
