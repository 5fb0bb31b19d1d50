/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A bounded reader and a bounded writer.
 *
 * Both carry a sticky error: after the first read or write past the end every
 * further call does nothing (reads give zero), so that a codec checks once at
 * its end.  `pos` of the first failure is kept: an ICMPv6 Parameter Problem
 * and a test want the offset of the bad field.  Integers are big endian.
 */
#ifndef MIP6_BASE_RW_H
#define MIP6_BASE_RW_H

#include "base/addr.h"

struct mip6_rd {
	const uint8_t *octets;
	size_t count; /* octets there are */
	size_t pos;   /* next to read; at the first failure, its offset */
	bool failed;
};

struct mip6_wr {
	uint8_t *octets;
	size_t cap;
	size_t pos;
	bool failed;
};

/* A reader over `count` octets that the caller keeps. */
struct mip6_rd mip6_rd_make(const void *octets, size_t count);
uint8_t mip6_rd_u8(struct mip6_rd *r);
uint16_t mip6_rd_u16(struct mip6_rd *r);
uint32_t mip6_rd_u32(struct mip6_rd *r);
uint64_t mip6_rd_u64(struct mip6_rd *r);
struct mip6_addr mip6_rd_addr(struct mip6_rd *r);
/* Copies `count` octets; zeroes `to` on failure. */
void mip6_rd_octets(struct mip6_rd *r, void *to, size_t count);
/* Points into the input at `count` octets and skips them; NULL on failure. */
const uint8_t *mip6_rd_view(struct mip6_rd *r, size_t count);
void mip6_rd_skip(struct mip6_rd *r, size_t count);
size_t mip6_rd_left(const struct mip6_rd *r);
/* A reader over the next `count` octets, which are skipped here. */
struct mip6_rd mip6_rd_sub(struct mip6_rd *r, size_t count);

/* A writer into `cap` octets that the caller keeps. */
struct mip6_wr mip6_wr_make(void *octets, size_t cap);
void mip6_wr_u8(struct mip6_wr *w, uint8_t v);
void mip6_wr_u16(struct mip6_wr *w, uint16_t v);
void mip6_wr_u32(struct mip6_wr *w, uint32_t v);
void mip6_wr_u64(struct mip6_wr *w, uint64_t v);
void mip6_wr_addr(struct mip6_wr *w, const struct mip6_addr *a);
void mip6_wr_octets(struct mip6_wr *w, const void *from, size_t count);
void mip6_wr_zero(struct mip6_wr *w, size_t count);
/* Overwrites 16 bits at `at`, which has been written already (asserted). */
void mip6_wr_patch_u16(struct mip6_wr *w, size_t at, uint16_t v);
void mip6_wr_patch_u8(struct mip6_wr *w, size_t at, uint8_t v);

#endif
