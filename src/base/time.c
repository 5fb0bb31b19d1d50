/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Arithmetic on time that cannot wrap.  A lifetime from the network ends up
 * here, so every sum saturates; MIP6_TIME_NEVER behaves as infinity: whatever
 * is added to it, it stays, and the span up to it is the longest one.
 *
 * NTP timestamps are compared in their own units modulo 2^64: the era of one
 * is the era that puts it nearest to a moment that is known.
 *
 * Implements: the timestamp of RFC 4285 section 6 (RFC 1305 format).
 */
#include "base/time.h"

#define TIME_US_PER_S 1000000U
/* Seconds from 1900-01-01 to 1970-01-01. */
#define TIME_NTP_UNIX_S 2208988800U

static int64_t
time_add_saturating(int64_t a, int64_t b)
{
	if (b > 0 && a > INT64_MAX - b)
		return INT64_MAX;
	if (b < 0 && a < INT64_MIN - b)
		return INT64_MIN;
	return a + b;
}

struct mip6_time
mip6_time_add(struct mip6_time t, struct mip6_span s)
{
	if (mip6_time_is_never(t))
		return t;
	return (struct mip6_time){ time_add_saturating(t.us, s.us) };
}

struct mip6_span
mip6_time_sub(struct mip6_time a, struct mip6_time b)
{
	if (mip6_time_is_never(a))
		return (struct mip6_span){ INT64_MAX };
	if (mip6_time_is_never(b))
		return (struct mip6_span){ INT64_MIN };
	if (b.us == INT64_MIN)
		return (
		    struct mip6_span){ a.us >= 0 ? INT64_MAX : a.us - b.us };
	return (struct mip6_span){ time_add_saturating(a.us, -b.us) };
}

bool
mip6_time_reached(struct mip6_time a, struct mip6_time b)
{
	return a.us <= b.us;
}

bool
mip6_time_before(struct mip6_time a, struct mip6_time b)
{
	return a.us < b.us;
}

bool
mip6_time_is_never(struct mip6_time t)
{
	return t.us == INT64_MAX;
}

struct mip6_time
mip6_time_max(struct mip6_time a, struct mip6_time b)
{
	return a.us > b.us ? a : b;
}

struct mip6_time
mip6_time_min(struct mip6_time a, struct mip6_time b)
{
	return a.us <= b.us ? a : b;
}

struct mip6_span
mip6_span_min(struct mip6_span a, struct mip6_span b)
{
	return a.us <= b.us ? a : b;
}

struct mip6_span
mip6_span_max(struct mip6_span a, struct mip6_span b)
{
	return a.us >= b.us ? a : b;
}

uint64_t
mip6_time_to_ntp(uint64_t wall_us)
{
	uint64_t seconds = wall_us / TIME_US_PER_S + TIME_NTP_UNIX_S;
	uint64_t fraction = ((wall_us % TIME_US_PER_S) << 32) / TIME_US_PER_S;

	return seconds << 32 | fraction;
}

/* A span in NTP units (2^-32 s, at most 2^63 of them), to the nearest us. */
static uint64_t
time_ntp_span_us(uint64_t units)
{
	uint64_t fraction = (units & UINT32_MAX) * TIME_US_PER_S;

	return (units >> 32) * TIME_US_PER_S +
	    ((fraction + (UINT64_C(1) << 31)) >> 32);
}

uint64_t
mip6_time_from_ntp(uint64_t ntp, uint64_t near_us)
{
	uint64_t ahead = ntp - mip6_time_to_ntp(near_us);
	uint64_t us;

	if (ahead >> 63 == 0) {
		us = time_ntp_span_us(ahead);
		return us > UINT64_MAX - near_us ? UINT64_MAX : near_us + us;
	}
	us = time_ntp_span_us(0 - ahead);
	return us > near_us ? 0 : near_us - us;
}
