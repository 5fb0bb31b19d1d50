/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The three clocks, for the daemon alone: nobody below it reads one.
 *
 * Systems name them differently.  Where CLOCK_BOOTTIME exists, it counts while
 * the host sleeps and CLOCK_MONOTONIC stands still; elsewhere (Darwin)
 * CLOCK_MONOTONIC counts on and CLOCK_UPTIME_RAW stands still.
 */
#include <time.h>

#include "platform/platform.h"

#ifdef CLOCK_BOOTTIME
#define CLOCK_BOOT  CLOCK_BOOTTIME
#define CLOCK_AWAKE CLOCK_MONOTONIC
#else
#define CLOCK_BOOT  CLOCK_MONOTONIC
#define CLOCK_AWAKE CLOCK_UPTIME_RAW
#endif

static int64_t
clock_us(clockid_t id)
{
	struct timespec t;

	MIP6_ASSERT(clock_gettime(id, &t) == 0);
	return (int64_t)t.tv_sec * 1000000 + (int64_t)t.tv_nsec / 1000;
}

struct mip6_now
mip6_plat_now(void)
{
	struct mip6_now now;

	now.boot.us = clock_us(CLOCK_BOOT);
	now.mono.us = clock_us(CLOCK_AWAKE);
	now.wall_us = (uint64_t)clock_us(CLOCK_REALTIME);
	return now;
}
