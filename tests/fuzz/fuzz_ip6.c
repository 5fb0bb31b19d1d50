/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Any octets as a packet.  Every offset that the walk gives lies in the
 * packet, an error's offset too; the quoted form agrees with the plain one
 * where nothing is cut; the frame and the line for people survive.
 * Links: wire
 */
#include "wire/ip6.h"

#include <stdlib.h>
#include <string.h>

#include "wire/cksum.h"
#include "wire/describe.h"
#include "wire/dstopt.h"
#include "wire/icmp6.h"

int LLVMFuzzerTestOneInput(const uint8_t *octets, size_t count);

/* Traps when `cond` does not hold, so that every build sees it. */
static void
fuzz_need(bool cond)
{
	if (!cond)
		abort();
}

static void
fuzz_view(const struct mip6_ip6_view *v, const uint8_t *octets, size_t count)
{
	size_t end = v->octets < count ? v->octets : count;

	fuzz_need(v->upper_at >= MIP6_IP6_OCTETS && v->upper_at <= end);
	fuzz_need(v->upper_next_at < v->upper_at);
	if (!v->cut) {
		fuzz_need(octets[v->upper_next_at] == v->upper);
		fuzz_need(v->upper_at + v->upper_octets == v->octets);
	}
	if (v->has_hao) {
		fuzz_need(octets[v->hao_at] == MIP6_OPT_HAO);
		fuzz_need(v->hao_at + 18 <= end);
		fuzz_need(octets[v->hao_header_at] == v->hao_next_header);
		fuzz_need(memcmp(octets + v->hao_at + 2, v->hao.b, 16) == 0);
		fuzz_need(memcmp(&v->eff_src, &v->hao, 16) == 0);
	} else {
		fuzz_need(memcmp(&v->eff_src, &v->ip.src, 16) == 0);
	}
	if (v->has_rh2) {
		fuzz_need(v->rh2_at + 8 <= end);
		fuzz_need(octets[v->rh2_at + 2] == 2);
		fuzz_need(octets[v->rh2_at + 3] == v->rh2_segments_left);
	}
	if (v->frag.present) {
		fuzz_need(v->frag.at + 8 <= end);
		fuzz_need(octets[v->frag.prev_next_at] == 44);
		fuzz_need(v->frag.offset % 8 == 0);
	}
	fuzz_need(v->fault < MIP6_IP6_FAULT_COUNT);
	fuzz_need(v->fault == MIP6_IP6_FAULT_NONE || v->fault_at < end);
}

static void
fuzz_text(const uint8_t *octets, size_t count)
{
	char text[512];
	struct mip6_fmt f;
	size_t i;

	f = mip6_fmt_make(text, sizeof(text));
	mip6_describe_packet(&f, octets, count);
	for (i = 0; text[i] != '\0'; i++)
		fuzz_need(text[i] >= 0x20 && text[i] < 0x7f);
	f = mip6_fmt_make(text, sizeof(text));
	mip6_describe_frame(&f, octets, count);
	fuzz_need(strlen(text) < sizeof(text));
}

int
LLVMFuzzerTestOneInput(const uint8_t *octets, size_t count)
{
	struct mip6_ip6_view v, quoted;
	enum mip6_parse p, q;
	size_t at = SIZE_MAX;

	p = mip6_ip6_view(octets, count, &v, &at);
	if (p == MIP6_PARSE_OK) {
		fuzz_need(v.octets <= count && !v.cut);
		fuzz_view(&v, octets, count);
		(void)mip6_cksum_upper_ok(&v.eff_src, &v.eff_dst, v.upper,
		    octets + v.upper_at, v.upper_octets);
		(void)mip6_icmp6_error_allowed(&v, octets, false, 1, 0);
	} else {
		fuzz_need(at <= count);
	}
	q = mip6_ip6_view_quoted(octets, count, &quoted, &at);
	if (p == MIP6_PARSE_OK)
		fuzz_need(
		    q == MIP6_PARSE_OK && memcmp(&v, &quoted, sizeof(v)) == 0);
	else if (q == MIP6_PARSE_OK)
		fuzz_need(quoted.cut);
	if (q == MIP6_PARSE_OK)
		fuzz_view(&quoted, octets, count);
	fuzz_text(octets, count);
	return 0;
}
