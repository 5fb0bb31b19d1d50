/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Mobile prefix messages, written and found on the bench of core_fix.h.
 */
#ifndef UNIT_MP_FIX_H
#define UNIT_MP_FIX_H

#include "core_fix.h"

#include "wire/cksum.h"

/* How a mobile prefix message is addressed; hao, rh2 NULL: none. */
struct fix_mp {
	const char *src, *dst, *hao, *rh2;
	struct mip6_mp m;
	const char *tunnel_peer; /* it came through this one's tunnel */
	uint8_t code;
};

static inline void
fix_send_mp(struct fix *x, const struct fix_mp *f)
{
	struct mip6_event ev;
	uint8_t buf[1280];
	struct mip6_wr w = mip6_wr_make(buf, sizeof(buf));
	struct mip6_ip6_out ip;
	size_t start, at;

	memset(&ip, 0, sizeof(ip));
	ip.ip.src = fix_addr(f->src);
	ip.ip.dst = fix_addr(f->dst);
	ip.ip.hop_limit = 64;
	ip.upper = MIP6_NH_ICMPV6;
	ip.has_hao = f->hao != NULL;
	if (f->hao != NULL)
		ip.hao = fix_addr(f->hao);
	ip.has_rh2 = f->rh2 != NULL;
	if (f->rh2 != NULL)
		ip.rh2 = fix_addr(f->rh2);
	start = mip6_ip6_begin(&w, &ip);
	at = w.pos;
	mip6_mp_write(&w, &f->m);
	buf[at + 1] = f->code;
	mip6_ip6_end(&w, start);
	assert_false(w.failed);
	mip6_icmp6_finish(buf + at, w.pos - at,
	    f->hao != NULL ? &ip.hao : &ip.ip.src,
	    f->rh2 != NULL ? &ip.rh2 : &ip.ip.dst);
	memset(&ev, 0, sizeof(ev));
	ev.kind = MIP6_EV_HINT;
	ev.u.hint.kind = MIP6_HINT_PACKET;
	ev.u.hint.ifindex = FIX_IFINDEX;
	ev.u.hint.ll_src = fix_router_ll;
	if (f->tunnel_peer != NULL)
		ev.u.hint.tunnel_peer = fix_addr(f->tunnel_peer);
	ev.u.hint.octets = buf;
	ev.u.hint.count = w.pos;
	fix_give(x, &ev);
}

/* The next mobile prefix message of a type that was sent; NULL: none. */
static inline const struct fix_sent *
fix_next_mp(struct fix *x, uint8_t type, struct mip6_mp *m)
{
	const struct fix_sent *s;

	while ((s = fix_next(x)) != NULL) {
		if (s->ip.upper != MIP6_NH_ICMPV6 ||
		    s->octets[s->ip.upper_at] != type)
			continue;
		assert_true(mip6_cksum_upper_ok(&s->ip.eff_src, &s->ip.eff_dst,
		    MIP6_NH_ICMPV6, s->octets + s->ip.upper_at,
		    s->ip.upper_octets));
		assert_int_equal(mip6_mp_read(s->octets + s->ip.upper_at,
				     s->ip.upper_octets, m, NULL),
		    MIP6_PARSE_OK);
		return s;
	}
	return NULL;
}

#endif
