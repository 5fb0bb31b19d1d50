/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Any octets as an ICMPv6 message: an error with the packet it quotes, home
 * agent address discovery, mobile prefix messages; and any octets as a packet
 * about which we send an error ourselves.
 * Links: wire
 */
#include "wire/icmp6.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *octets, size_t count);

static void
fuzz_need(bool cond)
{
	if (!cond)
		abort();
}

static void
fuzz_dhaad(const uint8_t *octets, size_t count)
{
	uint8_t first[2048];
	struct mip6_dhaad d, got;
	struct mip6_wr w;
	size_t at = SIZE_MAX;

	if (mip6_dhaad_read(octets, count, &d, &at) != MIP6_PARSE_OK) {
		fuzz_need(at <= count);
		return;
	}
	fuzz_need(d.addr_count <= MIP6_DHAAD_ADDRS_MAX);
	w = mip6_wr_make(first, sizeof(first));
	mip6_dhaad_write(&w, &d);
	fuzz_need(!w.failed);
	fuzz_need(mip6_dhaad_read(first, w.pos, &got, NULL) == MIP6_PARSE_OK);
	fuzz_need(memcmp(&d, &got, sizeof(d)) == 0);
}

static void
fuzz_mp(const uint8_t *octets, size_t count)
{
	uint8_t first[2048], second[2048];
	struct mip6_mp m, got;
	struct mip6_wr w;
	size_t at = SIZE_MAX;

	if (mip6_mp_read(octets, count, &m, &at) != MIP6_PARSE_OK) {
		fuzz_need(at <= count);
		return;
	}
	w = mip6_wr_make(first, sizeof(first));
	mip6_mp_write(&w, &m);
	fuzz_need(!w.failed);
	fuzz_need(mip6_mp_read(first, w.pos, &got, NULL) == MIP6_PARSE_OK);
	fuzz_need(got.opt.prefix_count == m.opt.prefix_count);
	at = w.pos;
	w = mip6_wr_make(second, sizeof(second));
	mip6_mp_write(&w, &got);
	fuzz_need(w.pos == at && memcmp(first, second, at) == 0);
}

/* An error about the octets, which the walk must read. */
static void
fuzz_error(const uint8_t *octets, size_t count)
{
	const struct mip6_icmp6_error e = { .src = { { 0x20, 1 } },
		.dst = { { 0x20, 2 } },
		.hop_limit = 64,
		.type = MIP6_ICMP6_PARAM_PROBLEM,
		.word = (uint32_t)count,
		.quoted = octets,
		.quoted_octets = count };
	struct mip6_ip6_view v, inner;
	struct mip6_icmp6 m;
	uint8_t packet[MIP6_IP6_MTU_MIN];
	struct mip6_wr w = mip6_wr_make(packet, sizeof(packet));

	mip6_icmp6_error_write(&w, &e);
	fuzz_need(!w.failed);
	fuzz_need(mip6_ip6_view(packet, w.pos, &v, NULL) == MIP6_PARSE_OK);
	fuzz_need(mip6_icmp6_receive(packet + v.upper_at, v.upper_octets,
		      &v.eff_src, &v.eff_dst, &m, NULL) == MIP6_PARSE_OK);
	fuzz_need(memcmp(m.body, octets, m.body_octets) == 0);
	fuzz_need(!mip6_icmp6_error_allowed(&v, packet, false, 1, 0));
	if (mip6_ip6_view_quoted(m.body, m.body_octets, &inner, NULL) ==
	    MIP6_PARSE_OK)
		fuzz_need(inner.upper_at <= m.body_octets);
}

int
LLVMFuzzerTestOneInput(const uint8_t *octets, size_t count)
{
	struct mip6_ip6_view v;
	struct mip6_icmp6 m;
	size_t at = SIZE_MAX;

	if (mip6_icmp6_read(octets, count, &m, &at) == MIP6_PARSE_OK) {
		fuzz_need(m.body_octets == count - MIP6_ICMP6_OCTETS);
		if (mip6_icmp6_is_error(m.type))
			(void)mip6_ip6_view_quoted(m.body, m.body_octets, &v,
			    NULL);
	} else {
		fuzz_need(at == count);
	}
	fuzz_dhaad(octets, count);
	fuzz_mp(octets, count);
	fuzz_error(octets, count);
	return 0;
}
