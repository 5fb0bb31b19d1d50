/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * An event is passed on or not; nothing is stored here.  The text form is one
 * line of `key=value`: a string that holds anything but plain visible
 * characters is quoted and escaped, so that no name from outside (a link, an
 * identifier, a file) can end the line, add a key or move a terminal.
 */
#include "base/log.h"

#include "base/fmt.h"

void
mip6_log_event(const struct mip6_log *lg, enum mip6_log_level level,
    const char *event, const struct mip6_kv *kv, size_t count)
{
	if (lg == NULL || lg->sink == NULL || level > lg->level)
		return;
	lg->sink(lg->arg, level, event, kv, count);
}

/* May stand in a value without quotes. */
static bool
log_is_plain(char c)
{
	return c > ' ' && c <= '~' && c != '"' && c != '\\' && c != '=';
}

static void
log_format_str(struct mip6_fmt *f, const char *s)
{
	const char *c = s;

	if (s == NULL) {
		mip6_fmt_char(f, '-');
		return;
	}
	while (log_is_plain(*c))
		c++;
	if (*c == '\0' && c != s) {
		mip6_fmt_str(f, s);
		return;
	}
	mip6_fmt_char(f, '"');
	for (c = s; *c != '\0' && !f->cut; c++) {
		uint8_t octet = (uint8_t)*c;

		if (log_is_plain(*c) || *c == ' ' || *c == '=')
			mip6_fmt_char(f, *c);
		else if (*c == '"' || *c == '\\') {
			mip6_fmt_char(f, '\\');
			mip6_fmt_char(f, *c);
		} else {
			mip6_fmt_str(f, "\\x");
			mip6_fmt_hex(f, &octet, 1);
		}
	}
	mip6_fmt_char(f, '"');
}

/* Whole milliseconds, towards zero; the longest span has no number. */
static void
log_format_span(struct mip6_fmt *f, struct mip6_span span)
{
	if (span.us == INT64_MAX) {
		mip6_fmt_str(f, "inf");
		return;
	}
	mip6_fmt_i64(f, span.us / 1000);
	mip6_fmt_str(f, "ms");
}

static void
log_format_value(struct mip6_fmt *f, const struct mip6_kv *kv)
{
	switch (kv->kind) {
	case MIP6_KV_STR:
		log_format_str(f, kv->v.str);
		break;
	case MIP6_KV_U64:
		mip6_fmt_u64(f, kv->v.u64);
		break;
	case MIP6_KV_I64:
		mip6_fmt_i64(f, kv->v.i64);
		break;
	case MIP6_KV_ADDR:
		mip6_fmt_addr(f, kv->v.addr);
		break;
	case MIP6_KV_LLADDR:
		mip6_fmt_lladdr(f, kv->v.lladdr);
		break;
	case MIP6_KV_SPAN:
		log_format_span(f, kv->v.span);
		break;
	}
}

void
mip6_log_format(struct mip6_fmt *f, const char *event, const struct mip6_kv *kv,
    size_t count)
{
	size_t i;

	mip6_fmt_str(f, "ev=");
	mip6_fmt_str(f, event);
	for (i = 0; i < count && !f->cut; i++) {
		mip6_fmt_char(f, ' ');
		mip6_fmt_str(f, kv[i].key);
		mip6_fmt_char(f, '=');
		log_format_value(f, &kv[i]);
	}
}
