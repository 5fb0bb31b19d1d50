/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Text to values, without the C library's conversions: those accept signs,
 * spaces, other bases and half a word, and follow the locale.
 */
#include "config/value.h"

#include <string.h>

#include "core/event.h"

static bool
value_is_digit(char c)
{
	return c >= '0' && c <= '9';
}

bool
mip6_value_bool(const char *text, bool *value)
{
	static const struct {
		const char *word;
		bool value;
	} words[] = { { "true", true }, { "yes", true }, { "on", true },
		{ "false", false }, { "no", false }, { "off", false } };
	size_t i;

	for (i = 0; i < MIP6_COUNT(words); i++) {
		if (strcmp(text, words[i].word) == 0) {
			*value = words[i].value;
			return true;
		}
	}
	return false;
}

/* Reads digits from *text on; at least one, and no more than `max` in value. */
static bool
value_digits(const char **text, uint64_t max, uint64_t *value)
{
	const char *at = *text;
	uint64_t v = 0;

	if (!value_is_digit(*at))
		return false;
	for (; value_is_digit(*at); at++) {
		v = v * 10 + (uint64_t)(*at - '0');
		if (v > max)
			return false;
	}
	*text = at;
	*value = v;
	return true;
}

bool
mip6_value_u32(const char *text, uint32_t min, uint32_t max, uint32_t *value)
{
	uint64_t v;

	if (!value_digits(&text, max, &v) || *text != '\0' || v < min)
		return false;
	*value = (uint32_t)v;
	return true;
}

bool
mip6_value_span(const char *text, struct mip6_span *value)
{
	static const struct {
		const char *unit;
		uint64_t us;
	} units[] = { { "", 1000000 }, { "ms", 1000 }, { "s", 1000000 },
		{ "m", 60000000 }, { "h", 3600000000 }, { "d", 86400000000 } };
	uint64_t whole, parts = 0, scale = 1;
	size_t i;

	/* 10^8 days are 8.64e18 us: no product here overflows 63 bits. */
	if (!value_digits(&text, 100000000, &whole))
		return false;
	if (*text == '.') {
		text++;
		if (!value_is_digit(*text))
			return false;
		for (; value_is_digit(*text); text++) {
			if (scale == 1000000)
				return false;
			parts = parts * 10 + (uint64_t)(*text - '0');
			scale *= 10;
		}
	}
	for (i = 0; i < MIP6_COUNT(units); i++) {
		if (strcmp(text, units[i].unit) != 0)
			continue;
		*value = MIP6_SPAN_US(
		    whole * units[i].us + parts * units[i].us / scale);
		return true;
	}
	return false;
}

bool
mip6_value_addr_bits(const char *text, struct mip6_addr *addr, uint8_t *bits)
{
	const char *slash = strchr(text, '/');
	char part[MIP6_ADDR_TEXT];
	struct mip6_addr a;
	uint32_t n;

	if (slash == NULL || (size_t)(slash - text) >= sizeof(part))
		return false;
	memcpy(part, text, (size_t)(slash - text));
	part[slash - text] = '\0';
	if (!mip6_addr_parse(part, &a) ||
	    !mip6_value_u32(slash + 1, 0, 128, &n))
		return false;
	*addr = a;
	*bits = (uint8_t)n;
	return true;
}

bool
mip6_value_ifname(const char *text, bool pattern)
{
	size_t octets = strlen(text);
	size_t i;

	if (octets == 0 || octets >= MIP6_IFNAME_OCTETS)
		return false;
	for (i = 0; i < octets; i++) {
		char c = text[i];

		if (pattern && c == '*' && i + 1 == octets)
			return true;
		if (c <= ' ' || c > '~' || strchr("*/\"'\\", c) != NULL)
			return false;
	}
	return strcmp(text, ".") != 0 && strcmp(text, "..") != 0;
}

/* One label of a name: 1-63 letters, digits and hyphens inside. */
static bool
value_label(const char *text, size_t octets)
{
	size_t i;

	if (octets == 0 || octets > 63 || text[0] == '-' ||
	    text[octets - 1] == '-')
		return false;
	for (i = 0; i < octets; i++)
		if (!value_is_digit(text[i]) && text[i] != '-' &&
		    !(text[i] >= 'a' && text[i] <= 'z') &&
		    !(text[i] >= 'A' && text[i] <= 'Z'))
			return false;
	return true;
}

bool
mip6_value_host(const char *text, size_t max)
{
	const char *last;
	size_t octets;

	if (strlen(text) > max)
		return false;
	do {
		octets = strcspn(text, ".");
		if (!value_label(text, octets))
			return false;
		last = text;
		text += octets;
		if (*text == '.') /* also at the end */
			text++;
	} while (*text != '\0');
	/* RFC 3696 section 2: the last label of a name is not all digits. */
	return strspn(last, "0123456789") < strcspn(last, ".");
}

bool
mip6_value_word(const char *text, size_t max)
{
	size_t octets = strlen(text);
	size_t i;

	if (octets == 0 || octets > max)
		return false;
	for (i = 0; i < octets; i++)
		if (text[i] <= ' ' || text[i] > '~')
			return false;
	return true;
}

static int
value_nibble(char c)
{
	if (value_is_digit(c))
		return c - '0';
	if (c >= 'a' && c <= 'f')
		return c - 'a' + 10;
	if (c >= 'A' && c <= 'F')
		return c - 'A' + 10;
	return -1;
}

bool
mip6_value_hex(const char *text, uint8_t *to, size_t max, size_t *octets)
{
	size_t digits = strlen(text);
	size_t i;

	if (digits == 0 || digits % 2 != 0 || digits / 2 > max)
		return false;
	for (i = 0; i < digits; i++)
		if (value_nibble(text[i]) < 0)
			return false;
	for (i = 0; i < digits / 2; i++)
		to[i] = (uint8_t)(value_nibble(text[2 * i]) << 4 |
		    value_nibble(text[2 * i + 1]));
	*octets = digits / 2;
	return true;
}
