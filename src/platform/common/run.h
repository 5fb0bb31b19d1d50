/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A program run to its end, without a shell.
 */
#ifndef MIP6_PLATFORM_COMMON_RUN_H
#define MIP6_PLATFORM_COMMON_RUN_H

#include <stddef.h>

/* How long a program may take. */
#define MIP6_RUN_MS 2000

struct mip6_os_run {
	const char *const *argv; /* argv[0] is a whole path; NULL at the end */
	const char *in;          /* its standard input; NULL: nothing */
	size_t in_octets;
	char *out; /* what it printed, complaints too; more than fits is lost */
	size_t out_cap, out_octets;
	int status; /* what it ended with; 0: well */
};

/*
 * Runs it with an empty environment.  Returns 0 when it ran to its end by
 * itself; -1 with errno otherwise: ETIMEDOUT after MIP6_RUN_MS (it is killed),
 * EINTR when a signal ended it, ENOENT when there is no such program.
 */
int mip6_run(struct mip6_os_run *r);

#endif
