/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Any octets as a Neighbour Discovery message.  What is read is written, and
 * from then on reading and writing change nothing; a received message kept
 * every rule.  The first octet chooses addresses and hop limit.
 * Links: wire
 */
#include "wire/nd.h"

#include <stdlib.h>
#include <string.h>

#include "wire/icmp6.h"

int LLVMFuzzerTestOneInput(const uint8_t *octets, size_t count);

static void
fuzz_need(bool cond)
{
	if (!cond)
		abort();
}

static void
fuzz_again(const struct mip6_nd *n)
{
	uint8_t first[2048], second[2048];
	struct mip6_wr w = mip6_wr_make(first, sizeof(first));
	struct mip6_nd got;
	size_t count;

	mip6_nd_write(&w, n);
	fuzz_need(!w.failed);
	count = w.pos;
	fuzz_need(mip6_nd_read(first, count, &got, NULL) == MIP6_PARSE_OK);
	fuzz_need(got.opt.prefix_count == n->opt.prefix_count);
	fuzz_need(got.opt.unknown == 0);
	fuzz_need(memcmp(&got.u, &n->u, sizeof(got.u)) == 0);
	fuzz_need(
	    memcmp(got.opt.prefix, n->opt.prefix, sizeof(got.opt.prefix)) == 0);
	w = mip6_wr_make(second, sizeof(second));
	mip6_nd_write(&w, &got);
	fuzz_need(w.pos == count && memcmp(first, second, count) == 0);
}

/* A message that has passed every check. */
static void
fuzz_valid(const struct mip6_nd *n, const struct mip6_addr *src,
    const struct mip6_addr *dst, uint8_t hop_limit)
{
	fuzz_need(hop_limit == 255);
	if (n->type == MIP6_ND_RA)
		fuzz_need(mip6_addr_is_linklocal(src));
	if (mip6_addr_is_any(src))
		fuzz_need(!n->opt.has_slla);
	if (n->type == MIP6_ND_NA && mip6_addr_is_multicast(dst))
		fuzz_need(!n->u.na.solicited);
}

static void
fuzz_receive(uint8_t choice, const uint8_t *octets, size_t count)
{
	static const struct mip6_addr addrs[] = { { { 0 } },
		{ { 0xfe, 0x80, [15] = 1 } }, { { 0x20, 1, [15] = 1 } },
		{ { 0xff, 2, [11] = 1, [12] = 0xff, [15] = 1 } } };
	const struct mip6_addr *src = &addrs[choice & 3];
	const struct mip6_addr *dst = &addrs[choice >> 2 & 3];
	uint8_t hop_limit = (choice & 16) != 0 ? 254 : 255;
	uint8_t *copy = malloc(count);
	struct mip6_nd n;
	size_t at = SIZE_MAX;

	if (copy == NULL)
		return;
	memcpy(copy, octets, count);
	mip6_icmp6_finish(copy, count, src, dst);
	if (mip6_nd_receive(copy, count, src, dst, hop_limit, &n, &at) ==
	    MIP6_PARSE_OK)
		fuzz_valid(&n, src, dst, hop_limit);
	else
		fuzz_need(at <= count);
	free(copy);
}

int
LLVMFuzzerTestOneInput(const uint8_t *octets, size_t count)
{
	struct mip6_nd n;
	size_t at = SIZE_MAX;

	if (count < 1)
		return 0;
	if (mip6_nd_read(octets + 1, count - 1, &n, &at) == MIP6_PARSE_OK)
		fuzz_again(&n);
	else
		fuzz_need(at <= count - 1);
	if (count - 1 >= 4)
		fuzz_receive(octets[0], octets + 1, count - 1);
	return 0;
}
