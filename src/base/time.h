/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Points in time and spans, as types that do not mix.
 *
 * A point counts microseconds of the boot clock (it goes on while the host
 * sleeps, so that lifetimes do too); the wall clock is only ever read for the
 * RFC 4285 timestamp and for people.  Nobody below the daemon reads a clock:
 * time is an argument.
 */
#ifndef MIP6_BASE_TIME_H
#define MIP6_BASE_TIME_H

#include "base/base.h"

struct mip6_time {
	int64_t us; /* since boot, suspended time included */
};

struct mip6_span {
	int64_t us;
};

/* What the caller knows of time at one instant. */
struct mip6_now {
	struct mip6_time boot; /* the time line of every deadline */
	struct mip6_time mono; /* stands still while the host is suspended */
	uint64_t wall_us;      /* microseconds since 1970-01-01 UTC */
};

#define MIP6_TIME_NEVER ((struct mip6_time){ INT64_MAX })
#define MIP6_SPAN_US(n) ((struct mip6_span){ (int64_t)(n) })
#define MIP6_SPAN_MS(n) ((struct mip6_span){ (int64_t)(n)*1000 })
#define MIP6_SPAN_S(n)  ((struct mip6_span){ (int64_t)(n)*1000000 })

/* t + s, saturating at MIP6_TIME_NEVER; s may be negative. */
struct mip6_time mip6_time_add(struct mip6_time t, struct mip6_span s);
/* a - b, saturating. */
struct mip6_span mip6_time_sub(struct mip6_time a, struct mip6_time b);
/* a <= b */
bool mip6_time_reached(struct mip6_time a, struct mip6_time b);
bool mip6_time_before(struct mip6_time a, struct mip6_time b); /* a < b */
bool mip6_time_is_never(struct mip6_time t);
struct mip6_time mip6_time_max(struct mip6_time a, struct mip6_time b);
struct mip6_time mip6_time_min(struct mip6_time a, struct mip6_time b);
struct mip6_span mip6_span_min(struct mip6_span a, struct mip6_span b);
struct mip6_span mip6_span_max(struct mip6_span a, struct mip6_span b);

/*
 * NTP timestamp (RFC 1305: 32 bits of seconds since 1900, 32 of fraction) of
 * a wall clock value, and back; the era is chosen nearest to `near_us`.
 */
uint64_t mip6_time_to_ntp(uint64_t wall_us);
uint64_t mip6_time_from_ntp(uint64_t ntp, uint64_t near_us);

#endif
