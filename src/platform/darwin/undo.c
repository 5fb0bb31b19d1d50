/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Effects as text, and their undoing (see undo.h).
 *
 * The same code undoes what this process did and what a killed one left: both
 * are lines of the journal.  A value somebody else has changed since is left
 * alone, and what somebody else has removed is no error.
 */
#include "platform/darwin/undo.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "platform/darwin/darwin.h"

#define UNDO_WORDS 5

static const char *const undo_names[] = {
	[MIP6_UNDO_ADDR] = "addr",
	[MIP6_UNDO_ROUTE] = "route",
	[MIP6_UNDO_SCOPED] = "scoped",
	[MIP6_UNDO_SYSCTL] = "sysctl",
	[MIP6_UNDO_PF] = "pf",
	[MIP6_UNDO_PF_TOKEN] = "pf-token",
};

bool
mip6_undo_format(const struct mip6_undo *u, char *text, size_t cap)
{
	const char *name = undo_names[u->kind];
	int n = 0;

	switch (u->kind) {
	case MIP6_UNDO_ADDR:
	case MIP6_UNDO_ROUTE:
	case MIP6_UNDO_SCOPED:
		n = snprintf(text, cap, "%s %s %s/%u", name, u->link,
		    mip6_addr_text(&u->prefix.addr).s, u->prefix.bits);
		break;
	case MIP6_UNDO_SYSCTL:
		n = snprintf(text, cap, "%s %s %" PRId32 " %" PRId32, name,
		    u->name, u->was, u->now);
		break;
	case MIP6_UNDO_PF:
		n = snprintf(text, cap, "%s", name);
		break;
	case MIP6_UNDO_PF_TOKEN:
		n = snprintf(text, cap, "%s %" PRIu64, name, u->token);
		break;
	}
	return n > 0 && (size_t)n < cap;
}

static bool
undo_number(const char *s, uint64_t max, uint64_t *to)
{
	unsigned long long v;
	char *end;

	if (*s < '0' || *s > '9')
		return false;
	errno = 0;
	v = strtoull(s, &end, 10);
	if (errno != 0 || *end != '\0' || v > max)
		return false;
	*to = v;
	return true;
}

static bool
undo_integer(const char *s, int32_t *to)
{
	bool minus = *s == '-';
	uint64_t v;

	if (!undo_number(s + minus, INT32_MAX, &v))
		return false;
	*to = minus ? -(int32_t)v : (int32_t)v;
	return true;
}

/* "ADDR/BITS"; an address may have bits past BITS here. */
static bool
undo_prefix(char *s, struct mip6_prefix *to)
{
	char *slash = strchr(s, '/');
	uint64_t bits;

	if (slash == NULL || !undo_number(slash + 1, 128, &bits))
		return false;
	*slash = '\0';
	to->bits = (uint8_t)bits;
	return mip6_addr_parse(s, &to->addr);
}

static bool
undo_word(const char *s, char *to, size_t cap)
{
	if (*s == '\0' || strlen(s) >= cap)
		return false;
	(void)snprintf(to, cap, "%s", s);
	return true;
}

static bool
undo_parse_words(char *const word[], size_t n, struct mip6_undo *u)
{
	switch (u->kind) {
	case MIP6_UNDO_ADDR:
	case MIP6_UNDO_ROUTE:
	case MIP6_UNDO_SCOPED:
		return n == 3 && undo_word(word[1], u->link, sizeof(u->link)) &&
		    undo_prefix(word[2], &u->prefix);
	case MIP6_UNDO_SYSCTL:
		return n == 4 && undo_word(word[1], u->name, sizeof(u->name)) &&
		    undo_integer(word[2], &u->was) &&
		    undo_integer(word[3], &u->now);
	case MIP6_UNDO_PF:
		return n == 1;
	case MIP6_UNDO_PF_TOKEN:
		return n == 2 && undo_number(word[1], UINT64_MAX, &u->token);
	}
	return false;
}

bool
mip6_undo_parse(const char *text, struct mip6_undo *u)
{
	char copy[MIP6_JOURNAL_TEXT];
	char *word[UNDO_WORDS];
	char *next = copy;
	size_t n, i;

	memset(u, 0, sizeof(*u));
	if (strlen(text) >= sizeof(copy))
		return false;
	(void)snprintf(copy, sizeof(copy), "%s", text);
	for (n = 0; next != NULL; n++) {
		if (n == UNDO_WORDS)
			return false;
		word[n] = next;
		next = strchr(next, ' ');
		if (next != NULL)
			*next++ = '\0';
	}
	for (i = 0; i < MIP6_COUNT(undo_names); i++) {
		if (strcmp(word[0], undo_names[i]) != 0)
			continue;
		u->kind = (enum mip6_undo_kind)i;
		return undo_parse_words(word, n, u);
	}
	return false;
}

uint64_t
mip6_undo_note(struct mip6_plat *p, const struct mip6_undo *u)
{
	char text[MIP6_JOURNAL_TEXT];

	if (!mip6_undo_format(u, text, sizeof(text))) {
		errno = EMSGSIZE;
		return 0;
	}
	return mip6_journal_add(&p->journal, text);
}

static int
undo_text(struct mip6_plat *p, const char *text)
{
	struct mip6_undo u;
	int error = EINVAL;

	if (mip6_undo_parse(text, &u)) {
		switch (u.kind) {
		case MIP6_UNDO_ADDR:
			error = mip6_addr_undo(p, &u);
			break;
		case MIP6_UNDO_ROUTE:
		case MIP6_UNDO_SCOPED:
			error = mip6_route_undo(p, &u);
			break;
		case MIP6_UNDO_SYSCTL:
			error = mip6_sysctl_undo(p, u.name, u.was, u.now);
			break;
		case MIP6_UNDO_PF:
			error = mip6_pf_undo_anchor(p);
			break;
		case MIP6_UNDO_PF_TOKEN:
			error = mip6_pf_undo_token(p, u.token);
			break;
		}
	}
	if (mip6_is_gone(error))
		error = 0;
	if (error != 0)
		MIP6_LOG(p->env.log, WARNING, "plat.undo-failed",
		    MIP6_KS("effect", text), MIP6_KS("error", strerror(error)));
	return error;
}

int
mip6_undo_line(struct mip6_plat *p, uint64_t id)
{
	size_t i;
	int error = 0;

	for (i = p->journal.count; i > 0; i--) {
		if (p->journal.live[i - 1].id != id)
			continue;
		error = undo_text(p, p->journal.live[i - 1].text);
		break;
	}
	/* What cannot be undone now stays noted, for the end or the next. */
	if (error == 0)
		mip6_journal_del(&p->journal, id);
	return error;
}

int
mip6_undo_all(struct mip6_plat *p)
{
	int undone = 0;
	size_t i;

	for (i = p->journal.count; i > 0; i--) {
		if (mip6_undo_line(p, p->journal.live[i - 1].id) == 0)
			undone++;
	}
	return undone;
}
