/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Text is a sequence of characters that either goes in whole or is cut at the
 * end of the buffer, once: after the cut nothing more is added, so that what
 * stands there is always a beginning of the full text.
 *
 * Invariants: count < cap, text[count] is NUL.
 */
#include "base/fmt.h"

/* Digits of UINT64_MAX. */
#define FMT_U64_DIGITS 20

static const char fmt_digit[] = "0123456789abcdef";

struct mip6_fmt
mip6_fmt_make(char *text, size_t cap)
{
	MIP6_ASSERT(text != NULL && cap > 0);
	text[0] = '\0';
	return (struct mip6_fmt){ .text = text, .cap = cap };
}

void
mip6_fmt_char(struct mip6_fmt *f, char c)
{
	if (f->count >= f->cap - 1) {
		f->cut = true;
		return;
	}
	f->text[f->count++] = c;
	f->text[f->count] = '\0';
}

void
mip6_fmt_str(struct mip6_fmt *f, const char *s)
{
	for (; *s != '\0' && !f->cut; s++)
		mip6_fmt_char(f, *s);
}

void
mip6_fmt_u64(struct mip6_fmt *f, uint64_t v)
{
	char text[FMT_U64_DIGITS + 1];
	size_t at = FMT_U64_DIGITS;

	text[at] = '\0';
	do {
		text[--at] = fmt_digit[v % 10];
		v /= 10;
	} while (v > 0);
	mip6_fmt_str(f, &text[at]);
}

void
mip6_fmt_i64(struct mip6_fmt *f, int64_t v)
{
	if (v < 0) {
		mip6_fmt_char(f, '-');
		mip6_fmt_u64(f, 0 - (uint64_t)v);
	} else
		mip6_fmt_u64(f, (uint64_t)v);
}

void
mip6_fmt_hex(struct mip6_fmt *f, const uint8_t *octets, size_t count)
{
	size_t i;

	for (i = 0; i < count && !f->cut; i++) {
		mip6_fmt_char(f, fmt_digit[octets[i] >> 4]);
		mip6_fmt_char(f, fmt_digit[octets[i] & 0xf]);
	}
}

void
mip6_fmt_addr(struct mip6_fmt *f, const struct mip6_addr *a)
{
	struct mip6_addr_text text = mip6_addr_text(a);

	mip6_fmt_str(f, text.s);
}

void
mip6_fmt_lladdr(struct mip6_fmt *f, const struct mip6_lladdr *a)
{
	size_t i;

	for (i = 0; i < MIP6_LLADDR_OCTETS; i++) {
		if (i > 0)
			mip6_fmt_char(f, ':');
		mip6_fmt_hex(f, &a->b[i], 1);
	}
}
