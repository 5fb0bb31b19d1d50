/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Any text as an address and as a prefix.  What is taken must be written in
 * canonical form, read back to the same value, and be the address that the
 * host's own parser reads; what is refused must leave the result alone.
 */
#include "base/addr.h"

#include <arpa/inet.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *octets, size_t count);

/* Traps when `cond` does not hold, so that every build sees it. */
static void
fuzz_need(bool cond)
{
	if (!cond)
		abort();
}

static void
fuzz_addr(const char *text)
{
	struct mip6_addr a, again, before;
	struct mip6_addr_text canonical;
	struct in6_addr host;

	memset(&before, 0x5a, sizeof(before));
	a = before;
	if (!mip6_addr_parse(text, &a)) {
		fuzz_need(memcmp(&a, &before, sizeof(a)) == 0);
		return;
	}
	fuzz_need(inet_pton(AF_INET6, text, &host) == 1);
	fuzz_need(memcmp(&host, a.b, sizeof(a.b)) == 0);
	canonical = mip6_addr_text(&a);
	fuzz_need(mip6_addr_parse(canonical.s, &again));
	fuzz_need(mip6_addr_equal(&a, &again));
}

static void
fuzz_prefix(const char *text)
{
	struct mip6_prefix p, made, before;

	memset(&before, 0x5a, sizeof(before));
	p = before;
	if (!mip6_prefix_parse(text, &p)) {
		fuzz_need(memcmp(&p, &before, sizeof(p)) == 0);
		return;
	}
	made = mip6_prefix_make(&p.addr, p.bits);
	fuzz_need(mip6_prefix_equal(&p, &made));
	fuzz_need(mip6_prefix_has(&p, &p.addr));
}

int
LLVMFuzzerTestOneInput(const uint8_t *octets, size_t count)
{
	char *text = malloc(count + 1);

	if (text == NULL)
		return 0;
	if (count > 0)
		memcpy(text, octets, count);
	text[count] = '\0';
	fuzz_addr(text);
	fuzz_prefix(text);
	free(text);
	return 0;
}
