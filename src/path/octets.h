/* SPDX-License-Identifier: BSD-2-Clause */
/* Big-endian fields at a place whose length has been checked. */
#ifndef MIP6_PATH_OCTETS_H
#define MIP6_PATH_OCTETS_H

#include <stdint.h>

static inline uint16_t
mip6_get16(const uint8_t *at)
{
	return (uint16_t)(at[0] << 8 | at[1]);
}

static inline uint32_t
mip6_get32(const uint8_t *at)
{
	return (uint32_t)mip6_get16(at) << 16 | mip6_get16(at + 2);
}

static inline void
mip6_put16(uint8_t *at, uint16_t v)
{
	at[0] = (uint8_t)(v >> 8);
	at[1] = (uint8_t)v;
}

static inline void
mip6_put32(uint8_t *at, uint32_t v)
{
	mip6_put16(at, (uint16_t)(v >> 16));
	mip6_put16(at + 2, (uint16_t)v);
}

#endif
