/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Any octets as a Mobility Header.  What is read is written, and from then on
 * reading and writing change nothing; views lie in the message; the checksum
 * alone decides between reading and receiving.
 * Links: wire
 */
#include "wire/mh.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *octets, size_t count);

static void
fuzz_need(bool cond)
{
	if (!cond)
		abort();
}

/* A view of `count` octets that lies in the message. */
static void
fuzz_inside(const uint8_t *octets, size_t whole, const uint8_t *at,
    size_t count)
{
	fuzz_need(at >= octets && at + count <= octets + whole);
}

static void
fuzz_views(const uint8_t *octets, const struct mip6_mh *m)
{
	const struct mip6_mhopts *o = &m->opt;

	if (o->has_mn_id)
		fuzz_inside(octets, m->octets, o->mn_id, o->mn_id_octets);
	if (o->has_mn_ha) {
		fuzz_inside(octets, m->octets, o->mn_ha.octets, o->mn_ha.count);
		fuzz_need(o->mn_ha.octets == octets + o->mn_ha.at);
		(void)mip6_mh_auth_span(octets, o->mn_ha.at);
	}
	if (o->has_mn_aaa)
		fuzz_inside(octets, m->octets, o->mn_aaa.octets,
		    o->mn_aaa.count);
	if (o->has_auth_data)
		fuzz_need(o->auth_data.octets + 12 == octets + m->octets);
}

/* The message as we write it; its length. */
static size_t
fuzz_write(const struct mip6_mh *m, uint8_t *to, size_t room)
{
	struct mip6_wr w = mip6_wr_make(to, room);
	struct mip6_mh_marks marks;

	mip6_mh_write(&w, m, &marks);
	fuzz_need(!w.failed && marks.octets == w.pos);
	fuzz_need((marks.mn_ha_at != 0) == m->opt.has_mn_ha);
	fuzz_need((marks.auth_data_at != 0) == m->opt.has_auth_data);
	return w.pos;
}

static void
fuzz_again(const struct mip6_mh *m)
{
	static const struct mip6_addr src = { { 1 } }, dst = { { 2 } };
	uint8_t first[MIP6_MH_OCTETS_MAX], second[MIP6_MH_OCTETS_MAX];
	struct mip6_mh got;
	size_t count;

	count = fuzz_write(m, first, sizeof(first));
	fuzz_need(mip6_mh_read(first, count, &got, NULL) == MIP6_PARSE_OK);
	fuzz_need(got.octets == count && got.opt.unknown == 0);
	fuzz_need(memcmp(&got.u, &m->u, sizeof(got.u)) == 0);
	fuzz_need(fuzz_write(&got, second, sizeof(second)) == count);
	fuzz_need(memcmp(first, second, count) == 0);
	mip6_mh_finish(first, count, &src, &dst);
	fuzz_need(mip6_mh_receive(first, count, &src, &dst, &got, NULL) ==
	    MIP6_PARSE_OK);
}

int
LLVMFuzzerTestOneInput(const uint8_t *octets, size_t count)
{
	enum mip6_parse p;
	struct mip6_mh m;
	size_t at = SIZE_MAX;

	p = mip6_mh_read(octets, count, &m, &at);
	if (p != MIP6_PARSE_OK) {
		fuzz_need(at <= count);
		return 0;
	}
	fuzz_need(m.octets <= count);
	fuzz_views(octets, &m);
	fuzz_again(&m);
	return 0;
}
