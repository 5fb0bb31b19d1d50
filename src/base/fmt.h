/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A bounded text builder, for layers that have no printf.  It never writes
 * past its buffer, always leaves a NUL, and marks a cut with `cut`.
 */
#ifndef MIP6_BASE_FMT_H
#define MIP6_BASE_FMT_H

#include "base/addr.h"

struct mip6_fmt {
	char *text;
	size_t cap;   /* octets, the NUL included; > 0 */
	size_t count; /* octets written, the NUL not counted */
	bool cut;
};

struct mip6_fmt mip6_fmt_make(char *text, size_t cap);
void mip6_fmt_str(struct mip6_fmt *f, const char *s);
void mip6_fmt_char(struct mip6_fmt *f, char c);
void mip6_fmt_u64(struct mip6_fmt *f, uint64_t v);
void mip6_fmt_i64(struct mip6_fmt *f, int64_t v);
void mip6_fmt_hex(struct mip6_fmt *f, const uint8_t *octets, size_t count);
void mip6_fmt_addr(struct mip6_fmt *f, const struct mip6_addr *a);
void mip6_fmt_lladdr(struct mip6_fmt *f, const struct mip6_lladdr *a);

#endif
