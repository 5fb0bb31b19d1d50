/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Any octets as a list of macOS's routing messages, as a network event, and as
 * what pfctl printed.  What is taken must be what the rest relies on: names
 * that may stand in a rule's text, prefixes without bits behind their end,
 * no link's number in an address; and reading must come to its end.
 *
 * Links: darwin base
 */
#include <stdlib.h>
#include <string.h>

#include "platform/darwin/abi_watch.h"
#include "platform/darwin/pf_text.h"
#include "platform/darwin/watch_msg.h"

int LLVMFuzzerTestOneInput(const uint8_t *octets, size_t count);

/* Traps when `cond` does not hold, so that every build sees it. */
static void
fuzz_need(bool cond)
{
	if (!cond)
		abort();
}

static void
fuzz_no_scope(const struct mip6_addr *a)
{
	fuzz_need(!mip6_addr_is_linklocal(a) || (a->b[2] == 0 && a->b[3] == 0));
}

static void
fuzz_link(const struct mip6_watch_link *l)
{
	const char *c;

	fuzz_need(l->ifindex != 0);
	fuzz_need(memchr(l->name, '\0', sizeof(l->name)) != NULL);
	fuzz_need(l->has_name == (l->name[0] != '\0'));
	for (c = l->name; *c != '\0'; c++)
		fuzz_need(*c > ' ' && *c <= '~');
}

static void
fuzz_message(const struct mip6_watch_msg *m)
{
	struct mip6_prefix p;

	switch (m->kind) {
	case MIP6_WATCH_OTHER:
		break;
	case MIP6_WATCH_LINK:
		fuzz_link(&m->u.link);
		break;
	case MIP6_WATCH_ADDR:
		fuzz_need(m->u.addr.ifindex != 0 && m->u.addr.bits <= 128);
		fuzz_no_scope(&m->u.addr.addr);
		break;
	case MIP6_WATCH_ROUTE:
		fuzz_need(m->u.route.dst.bits <= 128);
		p = mip6_prefix_make(&m->u.route.dst.addr, m->u.route.dst.bits);
		fuzz_need(mip6_prefix_equal(&p, &m->u.route.dst));
		fuzz_no_scope(&m->u.route.gateway);
		(void)mip6_watch_is_cloned(&m->u.route);
		break;
	}
}

static bool
fuzz_ordinary(const void *arg, uint32_t ifindex)
{
	(void)arg;
	return ifindex % 2 == 0;
}

static void
fuzz_list(const uint8_t *octets, size_t count)
{
	struct mip6_watch_msg m;
	size_t at = 0, before = 0;
	uint32_t tunnel;

	while (mip6_watch_next(octets, count, &at, &m)) {
		fuzz_need(at >= before + 4 && at <= count);
		before = at;
		fuzz_message(&m);
	}
	tunnel = mip6_watch_other_tunnel(octets, count, 3, fuzz_ordinary, NULL);
	fuzz_need(tunnel == 0 || (tunnel % 2 == 1 && tunnel != 3));
	fuzz_need(
	    !mip6_watch_event(octets, count) || count >= DARWIN_KEV_OCTETS);
}

static void
fuzz_pfctl(const char *text, size_t count)
{
	uint64_t token = 0;
	char to[32];
	const char *c;

	fuzz_need(mip6_pf_read_token(text, count, &token) == (token != 0));
	(void)mip6_pf_read_reference(text, count, token);
	fuzz_need(mip6_pf_read_rules(text, count) <= count / 5);
	fuzz_need(!mip6_pf_read_enabled(text, count) || count >= 15);
	fuzz_need(!mip6_pf_read_anchor(text, count) || count >= 20);
	mip6_pf_read_complaint(text, count, to, sizeof(to));
	fuzz_need(memchr(to, '\0', sizeof(to)) != NULL);
	for (c = to; *c != '\0'; c++)
		fuzz_need(*c >= ' ' && *c <= '~');
}

int
LLVMFuzzerTestOneInput(const uint8_t *octets, size_t count)
{
	uint8_t *copy = malloc(count > 0 ? count : 1);

	if (copy == NULL)
		return 0;
	if (count > 0)
		memcpy(copy, octets, count);
	fuzz_list(copy, count);
	fuzz_pfctl((const char *)copy, count);
	free(copy);
	return 0;
}
