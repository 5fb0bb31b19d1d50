/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The packet filter as text (see pf_text.h).
 *
 * pf sees neither options nor the type of a routing header, only the protocol
 * behind them.  So the kernel's answers are stopped instead of the packets it
 * would answer: every Parameter Problem from an address of ours.  What the
 * daemon sends itself is injected below.
 *
 * A socket bound to an address of a link ignores a route by another link, so
 * packets to a mobile node that is away are taken to the TUN on their way out,
 * by a rule.  It is not to be confused with a state: each packet is looked at.
 */
#include "platform/darwin/pf_text.h"

#include <string.h>

static bool
pf_is_alnum(char c)
{
	return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') ||
	    (c >= 'A' && c <= 'Z');
}

bool
mip6_pf_name_is_plain(const char *name)
{
	const char *c;

	for (c = name; *c != '\0'; c++) {
		if (!pf_is_alnum(*c))
			return false;
	}
	return c != name;
}

static void
pf_table(FILE *f, const char *name, const struct mip6_pf_list *l)
{
	uint32_t i;

	(void)fprintf(f, "table <mip6d_%s> persist {", name);
	for (i = 0; i < l->count; i++)
		(void)fprintf(f, " %s", mip6_addr_text(&l->addr[i]).s);
	(void)fprintf(f, " }\n");
}

uint32_t
mip6_pf_text(FILE *f, const struct mip6_pf_rules *r)
{
	bool silence = r->silence.count > 0 && r->links > 0;
	bool shield = r->shield.count > 0 && r->weak;
	bool divert = r->divert.count > 0;
	uint32_t rules = 0, i;

	/* Tables first: a rule may only name what is there. */
	if (silence)
		pf_table(f, "silence", &r->silence);
	if (shield)
		pf_table(f, "shield", &r->shield);
	if (divert)
		pf_table(f, "divert", &r->divert);
	if (silence) {
		(void)fprintf(f,
		    "block drop out quick inet6 proto ipv6-icmp "
		    "from <mip6d_silence> to any icmp6-type paramprob\n");
		rules++;
	}
	for (i = 0; i < r->links; i++) {
		if (!mip6_pf_name_is_plain(r->link[i].name))
			continue;
		if (shield) {
			(void)fprintf(f,
			    "block drop in quick on %s inet6 "
			    "from any to <mip6d_shield>\n",
			    r->link[i].name);
			rules++;
		}
		if (divert) {
			(void)fprintf(f,
			    "pass out quick on %s route-to %s inet6 "
			    "from any to <mip6d_divert> no state\n",
			    r->link[i].name, r->tun);
			rules++;
		}
	}
	return rules;
}

/* The next line, without its end; false: none. */
static bool
pf_line(const char **at, const char *end, const char **line, size_t *count)
{
	const char *stop;

	if (*at >= end)
		return false;
	*line = *at;
	stop = memchr(*at, '\n', (size_t)(end - *at));
	*count = (size_t)((stop != NULL ? stop : end) - *line);
	*at = stop != NULL ? stop + 1 : end;
	return true;
}

static bool
pf_begins(const char *line, size_t count, const char *with)
{
	size_t n = strlen(with);

	return count >= n && memcmp(line, with, n) == 0;
}

/* "Token : 1234", and nothing behind it. */
static bool
pf_line_token(const char *line, size_t count, uint64_t *token)
{
	size_t at = sizeof("Token") - 1;
	uint64_t v = 0, digit;

	if (!pf_begins(line, count, "Token"))
		return false;
	while (at < count && line[at] == ' ')
		at++;
	if (at == count || line[at++] != ':')
		return false;
	while (at < count && line[at] == ' ')
		at++;
	if (at == count)
		return false;
	for (; at < count && line[at] >= '0' && line[at] <= '9'; at++) {
		digit = (uint64_t)(line[at] - '0');
		if (v > (UINT64_MAX - digit) / 10)
			return false;
		v = v * 10 + digit;
	}
	*token = v;
	return at == count && v != 0;
}

bool
mip6_pf_read_token(const char *text, size_t count, uint64_t *token)
{
	const char *at = text, *line;
	uint64_t v, found = 0;
	size_t n;

	while (pf_line(&at, text + count, &line, &n)) {
		if (!pf_line_token(line, n, &v))
			continue;
		if (found != 0)
			return false;
		found = v;
	}
	if (found != 0)
		*token = found;
	return found != 0;
}

bool
mip6_pf_read_reference(const char *text, size_t count, uint64_t token)
{
	uint64_t v = 0, digit;
	bool number = false;
	size_t i;

	for (i = 0; i < count; i++) {
		if (text[i] >= '0' && text[i] <= '9') {
			digit = (uint64_t)(text[i] - '0');
			number = number || i == 0 || !pf_is_alnum(text[i - 1]);
			v = v * 10 + digit;
			continue;
		}
		if (number && v == token && !pf_is_alnum(text[i]))
			return true;
		number = false;
		v = 0;
	}
	return number && v == token;
}

bool
mip6_pf_read_enabled(const char *text, size_t count)
{
	const char *at = text, *line;
	size_t n;

	while (pf_line(&at, text + count, &line, &n)) {
		if (pf_begins(line, n, "Status: Enabled"))
			return true;
	}
	return false;
}

uint32_t
mip6_pf_read_rules(const char *text, size_t count)
{
	const char *at = text, *line;
	uint32_t rules = 0;
	size_t n;

	while (pf_line(&at, text + count, &line, &n)) {
		if (pf_begins(line, n, "block ") || pf_begins(line, n, "pass "))
			rules++;
	}
	return rules;
}

bool
mip6_pf_read_anchor(const char *text, size_t count)
{
	const char *at = text, *line;
	size_t n;

	while (pf_line(&at, text + count, &line, &n)) {
		if (pf_begins(line, n, "anchor \"com.apple/*\"") ||
		    pf_begins(line, n, "anchor \"" MIP6_PF_ANCHOR "\""))
			return true;
	}
	return false;
}

/* What pfctl says of itself whenever it is called. */
static bool
pf_line_is_talk(const char *line, size_t count)
{
	static const char *const talk[] = {
		"No ALTQ support in kernel",
		"ALTQ related functions disabled",
		"pfctl: Use of -f option, could result in flushing of rules",
		"present in the main ruleset added by the system at startup",
		"See /etc/pf.conf for further details",
		"pf enabled",
		"Token",
	};
	size_t i;

	for (i = 0; i < MIP6_COUNT(talk); i++) {
		if (pf_begins(line, count, talk[i]))
			return true;
	}
	return count == 0;
}

void
mip6_pf_read_complaint(const char *text, size_t count, char *to, size_t cap)
{
	const char *at = text, *line;
	size_t n, i = 0;

	MIP6_ASSERT(cap > 0);
	while (pf_line(&at, text + count, &line, &n)) {
		if (pf_line_is_talk(line, n))
			continue;
		for (; i < n && i < cap - 1; i++)
			to[i] =
			    line[i] >= ' ' && line[i] <= '~' ? line[i] : '?';
		break;
	}
	to[i] = '\0';
}
