/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Pairs that are direct, for tests of the packet path: a mobile node away with
 * PEER, which stays where it is, and with HOME2, a mobile node that is at
 * COA2; and PEER itself, a correspondent of HOME.
 */
#ifndef UNIT_PATH_DIRECT_H
#define UNIT_PATH_DIRECT_H

#include "unit/path_support.h"

static inline struct mip6_fwd_row
pd_row(const char *home, const char *other, const char *local, const char *peer)
{
	struct mip6_fwd_row row = pf_row(MIP6_FWD_DIRECT, home, local, peer);

	row.other = addr(other);
	return row;
}

static inline struct pf *
pd_open_mn(void)
{
	struct pf *f = pf_open_mn();

	pf_set(f, pd_row(HOME, PEER, COA, PEER));
	pf_set(f, pd_row(HOME, HOME2, COA, COA2));
	return f;
}

static inline struct pf *
pd_open_cn(void)
{
	struct pf *f = pf_open();
	struct mip6_addr peer = addr(PEER);

	pf_hop(f, 0, LINK_AWAY, true);
	assert_true(mip6_path_local_set(f->path, &peer, true));
	pf_set(f, pd_row(PEER, HOME, PEER, COA));
	return f;
}

/* The same packet between other addresses, behind other headers. */
static inline struct octets
pd_wire(struct octets o, const char *src, const char *dst, uint8_t next,
    struct octets headers)
{
	struct octets payload = part(o, MIP6_IP6_OCTETS, o.n - MIP6_IP6_OCTETS);
	struct octets w = ip6(src, dst, next, o.v[MIP6_IP6_AT_HOP_LIMIT],
	    join(headers, payload));

	return w;
}

/* `o` with a Home Address option, a routing header, both. */
static inline struct octets
pd_hao(struct octets o, const char *src, const char *dst, const char *hoa)
{
	return pd_wire(o, src, dst, MIP6_NH_DSTOPTS, hao(o.v[6], hoa));
}

static inline struct octets
pd_rh2(struct octets o, const char *src, const char *dst, const char *hoa)
{
	return pd_wire(o, src, dst, MIP6_NH_ROUTING, rh2(o.v[6], hoa));
}

static inline struct octets
pd_both(struct octets o, const char *src, const char *dst, const char *from,
    const char *to)
{
	return pd_wire(o, src, dst, MIP6_NH_ROUTING,
	    join(rh2(MIP6_NH_DSTOPTS, to), hao(o.v[6], from)));
}

static inline uint64_t
pd_octets(const struct pf *f, const char *home, const char *other, bool in)
{
	struct mip6_addr h = addr(home), o = addr(other);
	uint64_t octets_in, octets_out;

	assert_true(
	    mip6_path_row_octets(f->path, &h, &o, &octets_in, &octets_out));
	return in ? octets_in : octets_out;
}

/* Hint number `i` names two addresses. */
static inline void
pd_is_hint(const struct pf *f, size_t i, enum mip6_hint_kind kind,
    const char *src, const char *dst)
{
	struct mip6_addr from = addr(src), to = addr(dst);

	assert_true(i < f->hints);
	assert_int_equal(f->hint[i].hint.kind, kind);
	assert_memory_equal(f->hint[i].hint.src.b, from.b, 16);
	assert_memory_equal(f->hint[i].hint.dst.b, to.b, 16);
}

#endif
