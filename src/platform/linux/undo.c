/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Effects as text, and their undoing (see undo.h).
 *
 * The same code undoes what this process did and what a killed one left: both
 * are lines of the journal.  A link is named by its index, which a namespace
 * does not give twice; a value somebody else has changed since is left alone,
 * and what somebody else has removed is no error.
 */
#include "platform/linux/undo.h"

#include <errno.h>
#include <inttypes.h>
#include <net/if.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "platform/linux/linux.h"

#define UNDO_WORDS 6

static const char *const undo_names[] = {
	[MIP6_UNDO_ADDR] = "addr",
	[MIP6_UNDO_ROUTE] = "route",
	[MIP6_UNDO_RULE] = "rule",
	[MIP6_UNDO_SYSCTL] = "sysctl",
	[MIP6_UNDO_OFFLOAD] = "offload",
	[MIP6_UNDO_NFT] = "nft",
};

bool
mip6_undo_format(const struct mip6_undo *u, char *text, size_t cap)
{
	const char *name = undo_names[u->kind];
	struct mip6_addr_text a = mip6_addr_text(&u->prefix.addr);
	int n = 0;

	switch (u->kind) {
	case MIP6_UNDO_ADDR:
		n = snprintf(text, cap, "%s %" PRIu32 " %s/%u", name,
		    u->ifindex, a.s, u->prefix.bits);
		break;
	case MIP6_UNDO_ROUTE:
	case MIP6_UNDO_RULE:
		n = snprintf(text, cap, "%s %" PRIu32 " %s/%u", name, u->table,
		    a.s, u->prefix.bits);
		break;
	case MIP6_UNDO_SYSCTL:
		if (u->where[0] != '\0')
			n = snprintf(text, cap, "%s %s %s %s %s", name,
			    u->where, u->leaf, u->was, u->now);
		else
			n = snprintf(text, cap, "%s %" PRIu32 " %s %s %s", name,
			    u->ifindex, u->leaf, u->was, u->now);
		break;
	case MIP6_UNDO_OFFLOAD:
		n = snprintf(text, cap, "%s %" PRIu32 " %s", name, u->ifindex,
		    u->leaf);
		break;
	case MIP6_UNDO_NFT:
		n = snprintf(text, cap, "%s", name);
		break;
	}
	return n > 0 && (size_t)n < cap;
}

static bool
undo_number(const char *s, uint32_t *to)
{
	unsigned long long v;
	char *end;

	if (*s < '0' || *s > '9')
		return false;
	errno = 0;
	v = strtoull(s, &end, 10);
	if (errno != 0 || *end != '\0' || v > UINT32_MAX)
		return false;
	*to = (uint32_t)v;
	return true;
}

/* "ADDR/BITS"; an address may have bits past BITS here. */
static bool
undo_prefix(char *s, struct mip6_prefix *to)
{
	char *slash = strchr(s, '/');
	uint32_t bits;

	if (slash == NULL || !undo_number(slash + 1, &bits) || bits > 128)
		return false;
	*slash = '\0';
	to->bits = (uint8_t)bits;
	return mip6_addr_parse(s, &to->addr);
}

static bool
undo_word(const char *s, char *to, size_t cap)
{
	/* Becomes part of a path: no way out of the folder. */
	if (*s == '\0' || strlen(s) >= cap || strchr(s, '/') != NULL ||
	    s[0] == '.')
		return false;
	(void)snprintf(to, cap, "%s", s);
	return true;
}

static bool
undo_parse_sysctl(char *const word[], struct mip6_undo *u)
{
	if (strcmp(word[1], "all") == 0 || strcmp(word[1], "default") == 0)
		(void)undo_word(word[1], u->where, sizeof(u->where));
	else if (!undo_number(word[1], &u->ifindex) || u->ifindex == 0)
		return false;
	return undo_word(word[2], u->leaf, sizeof(u->leaf)) &&
	    undo_word(word[3], u->was, sizeof(u->was)) &&
	    undo_word(word[4], u->now, sizeof(u->now));
}

static bool
undo_parse_words(char *const word[], size_t n, struct mip6_undo *u)
{
	switch (u->kind) {
	case MIP6_UNDO_ADDR:
		return n == 3 && undo_number(word[1], &u->ifindex) &&
		    undo_prefix(word[2], &u->prefix);
	case MIP6_UNDO_ROUTE:
	case MIP6_UNDO_RULE:
		return n == 3 && undo_number(word[1], &u->table) &&
		    undo_prefix(word[2], &u->prefix);
	case MIP6_UNDO_SYSCTL:
		return n == 5 && undo_parse_sysctl(word, u);
	case MIP6_UNDO_OFFLOAD:
		return n == 3 && undo_number(word[1], &u->ifindex) &&
		    undo_word(word[2], u->leaf, sizeof(u->leaf));
	case MIP6_UNDO_NFT:
		return n == 1;
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
undo_route(struct mip6_plat *p, const struct mip6_undo *u)
{
	struct mip6_rt_addr a;
	struct mip6_rt_route r;
	struct mip6_rt_rule l;
	struct mip6_nlmsg m;

	memset(&a, 0, sizeof(a));
	memset(&r, 0, sizeof(r));
	memset(&l, 0, sizeof(l));
	if (u->kind == MIP6_UNDO_ADDR) {
		a.ifindex = u->ifindex;
		a.addr = u->prefix.addr;
		a.bits = u->prefix.bits;
		mip6_rtmsg_addr(&m, false, 0, &a);
	} else if (u->kind == MIP6_UNDO_ROUTE) {
		r.table = u->table;
		r.dst = u->prefix;
		mip6_rtmsg_route(&m, false, 0, &r);
	} else {
		l.table = u->table;
		l.priority = MIP6_RT_PRIORITY(u->table);
		l.src = u->prefix;
		mip6_rtmsg_rule(&m, false, 0, &l);
	}
	return mip6_nl_call(&p->call, &m);
}

static int
undo_sysctl(const struct mip6_undo *u)
{
	char name[IF_NAMESIZE] = "";
	char value[MIP6_UNDO_WORD];
	const char *where = u->where;
	int error;

	if (where[0] == '\0')
		where = if_indextoname(u->ifindex, name);
	if (where == NULL)
		return ENODEV;
	error = mip6_sysctl_get(where, u->leaf, value, sizeof(value));
	if (error != 0)
		return error;
	if (strcmp(u->now, "*") != 0 && strcmp(u->now, value) != 0)
		return 0;
	return mip6_sysctl_set(where, u->leaf, u->was);
}

static int
undo_run(struct mip6_plat *p, const struct mip6_undo *u)
{
	char name[IF_NAMESIZE];
	int error = 0;

	switch (u->kind) {
	case MIP6_UNDO_ADDR:
	case MIP6_UNDO_ROUTE:
	case MIP6_UNDO_RULE:
		error = undo_route(p, u);
		break;
	case MIP6_UNDO_SYSCTL:
		error = undo_sysctl(u);
		break;
	case MIP6_UNDO_OFFLOAD:
		error = if_indextoname(u->ifindex, name) == NULL ?
		    ENODEV :
		    mip6_offload_set(name, u->leaf, true);
		break;
	case MIP6_UNDO_NFT:
		error = mip6_nft_remove(p);
		break;
	}
	return mip6_is_gone(error) ? 0 : error;
}

static int
undo_text(struct mip6_plat *p, const char *text)
{
	struct mip6_undo u;
	int error = mip6_undo_parse(text, &u) ? undo_run(p, &u) : EINVAL;

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
	mip6_journal_del(&p->journal, id);
	return error;
}

int
mip6_undo_all(struct mip6_plat *p)
{
	int undone = 0;

	while (p->journal.count > 0) {
		if (mip6_undo_line(p,
			p->journal.live[p->journal.count - 1].id) == 0)
			undone++;
	}
	return undone;
}
