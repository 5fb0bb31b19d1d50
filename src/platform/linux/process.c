/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Linux: RLIMIT_CORE alone does not stop a dump into a pipe (core(5)), which
 * is what most systems have; a process that is not dumpable has none.
 */
#include "platform/process.h"

#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>

bool
mip6_process_seal(void)
{
	const struct rlimit none = { 0, 0 };

	return setrlimit(RLIMIT_CORE, &none) == 0 &&
	    prctl(PR_SET_DUMPABLE, 0, 0, 0, 0) == 0;
}

bool
mip6_process_peer(int fd, uid_t *uid)
{
	struct ucred who;
	socklen_t octets = sizeof(who);

	if (getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &who, &octets) != 0)
		return false;
	*uid = who.uid;
	return true;
}
