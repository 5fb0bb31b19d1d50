/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Every access goes through one gate (rd_take, wr_take) that checks what is
 * left before it moves, without a sum that could wrap.  Once the gate has
 * refused, it refuses for ever: `pos` stays at the field that did not fit.
 *
 * Invariants: pos <= count (pos <= cap), octets is never NULL.
 */
#include "base/rw.h"

#include <string.h>

/* Stands for an empty buffer, so that no pointer is NULL. */
static const uint8_t rd_nothing[1];

struct mip6_rd
mip6_rd_make(const void *octets, size_t count)
{
	MIP6_ASSERT(octets != NULL || count == 0);
	return (struct mip6_rd){
		.octets = octets != NULL ? octets : rd_nothing,
		.count = count,
	};
}

/* The next `count` octets, which are skipped; NULL and failed without. */
static const uint8_t *
rd_take(struct mip6_rd *r, size_t count)
{
	const uint8_t *at;

	if (r->failed || count > r->count - r->pos) {
		r->failed = true;
		return NULL;
	}
	at = &r->octets[r->pos];
	r->pos += count;
	return at;
}

/* `count` (1..8) octets as an integer. */
static uint64_t
rd_integer(struct mip6_rd *r, size_t count)
{
	const uint8_t *at = rd_take(r, count);
	uint64_t v = 0;
	size_t i;

	if (at == NULL)
		return 0;
	for (i = 0; i < count; i++)
		v = v << 8 | at[i];
	return v;
}

uint8_t
mip6_rd_u8(struct mip6_rd *r)
{
	return (uint8_t)rd_integer(r, 1);
}

uint16_t
mip6_rd_u16(struct mip6_rd *r)
{
	return (uint16_t)rd_integer(r, 2);
}

uint32_t
mip6_rd_u32(struct mip6_rd *r)
{
	return (uint32_t)rd_integer(r, 4);
}

uint64_t
mip6_rd_u64(struct mip6_rd *r)
{
	return rd_integer(r, 8);
}

struct mip6_addr
mip6_rd_addr(struct mip6_rd *r)
{
	struct mip6_addr a;

	mip6_rd_octets(r, a.b, sizeof(a.b));
	return a;
}

void
mip6_rd_octets(struct mip6_rd *r, void *to, size_t count)
{
	const uint8_t *at = rd_take(r, count);

	if (count == 0)
		return;
	if (at == NULL)
		memset(to, 0, count);
	else
		memcpy(to, at, count);
}

const uint8_t *
mip6_rd_view(struct mip6_rd *r, size_t count)
{
	return rd_take(r, count);
}

void
mip6_rd_skip(struct mip6_rd *r, size_t count)
{
	(void)rd_take(r, count);
}

size_t
mip6_rd_left(const struct mip6_rd *r)
{
	return r->failed ? 0 : r->count - r->pos;
}

struct mip6_rd
mip6_rd_sub(struct mip6_rd *r, size_t count)
{
	const uint8_t *at = rd_take(r, count);
	struct mip6_rd sub = mip6_rd_make(at, at != NULL ? count : 0);

	sub.failed = at == NULL;
	return sub;
}

struct mip6_wr
mip6_wr_make(void *octets, size_t cap)
{
	MIP6_ASSERT(octets != NULL || cap == 0);
	return (struct mip6_wr){ .octets = octets, .cap = cap };
}

/* Room for the next `count` octets; NULL and failed without. */
static uint8_t *
wr_take(struct mip6_wr *w, size_t count)
{
	uint8_t *at;

	if (w->failed || count > w->cap - w->pos) {
		w->failed = true;
		return NULL;
	}
	if (count == 0)
		return NULL;
	at = &w->octets[w->pos];
	w->pos += count;
	return at;
}

static void
wr_integer(struct mip6_wr *w, uint64_t v, size_t count)
{
	uint8_t *at = wr_take(w, count);
	size_t i;

	if (at == NULL)
		return;
	for (i = count; i > 0; i--) {
		at[i - 1] = (uint8_t)(v & 0xff);
		v >>= 8;
	}
}

void
mip6_wr_u8(struct mip6_wr *w, uint8_t v)
{
	wr_integer(w, v, 1);
}

void
mip6_wr_u16(struct mip6_wr *w, uint16_t v)
{
	wr_integer(w, v, 2);
}

void
mip6_wr_u32(struct mip6_wr *w, uint32_t v)
{
	wr_integer(w, v, 4);
}

void
mip6_wr_u64(struct mip6_wr *w, uint64_t v)
{
	wr_integer(w, v, 8);
}

void
mip6_wr_addr(struct mip6_wr *w, const struct mip6_addr *a)
{
	mip6_wr_octets(w, a->b, sizeof(a->b));
}

void
mip6_wr_octets(struct mip6_wr *w, const void *from, size_t count)
{
	uint8_t *at = wr_take(w, count);

	if (at != NULL)
		memcpy(at, from, count);
}

void
mip6_wr_zero(struct mip6_wr *w, size_t count)
{
	uint8_t *at = wr_take(w, count);

	if (at != NULL)
		memset(at, 0, count);
}

void
mip6_wr_patch_u16(struct mip6_wr *w, size_t at, uint16_t v)
{
	if (w->failed)
		return;
	MIP6_ASSERT(w->pos >= 2 && at <= w->pos - 2);
	w->octets[at] = (uint8_t)(v >> 8);
	w->octets[at + 1] = (uint8_t)(v & 0xff);
}

void
mip6_wr_patch_u8(struct mip6_wr *w, size_t at, uint8_t v)
{
	if (w->failed)
		return;
	MIP6_ASSERT(at < w->pos);
	w->octets[at] = v;
}
