/* SPDX-License-Identifier: BSD-2-Clause */
/* Packets of Multicast Listener Discovery for tests of the core. */
#ifndef UNIT_MLD_FIX_H
#define UNIT_MLD_FIX_H

#include "core_fix.h"

#include "wire/mld.h"

struct mld_packet {
	uint8_t v[1280];
	size_t n;
};

/* A report begun: records follow, mld_end closes it. */
static inline struct mld_packet
mld_begin(const char *src, const char *dst, uint8_t type)
{
	static const uint8_t alert[8] = { MIP6_NH_ICMPV6, 0, 5, 2, 0, 0, 1, 0 };
	struct mip6_ip6 h = { .src = fix_addr(src),
		.dst = fix_addr(dst),
		.next_header = MIP6_NH_HOPOPTS,
		.hop_limit = 1 };
	struct mld_packet p = { { 0 }, 56 };

	mip6_ip6_put(p.v, &h);
	memcpy(p.v + 40, alert, sizeof(alert));
	p.v[48] = type;
	return p;
}

/* A record; `sources` are addresses with a space between. */
static inline void
mld_record(struct mld_packet *p, uint8_t mode, const char *group,
    const char *const *source, size_t sources)
{
	struct mip6_addr a = fix_addr(group);
	size_t i;

	p->v[55]++;
	p->v[p->n] = mode;
	p->v[p->n + 3] = (uint8_t)sources;
	memcpy(p->v + p->n + 4, a.b, 16);
	p->n += 20;
	for (i = 0; i < sources; i++) {
		a = fix_addr(source[i]);
		memcpy(p->v + p->n, a.b, 16);
		p->n += 16;
	}
}

static inline void
mld_end(struct mld_packet *p)
{
	struct mip6_addr src, dst;

	p->v[4] = (uint8_t)((p->n - 40) >> 8);
	p->v[5] = (uint8_t)(p->n - 40);
	memcpy(src.b, p->v + 8, 16);
	memcpy(dst.b, p->v + 24, 16);
	mip6_icmp6_finish(p->v + 48, p->n - 48, &src, &dst);
}

/* It comes through the tunnel with `peer`; NULL: from the TUN. */
static inline void
mld_give(struct fix *x, const struct mld_packet *p, const char *peer)
{
	struct mip6_event ev;

	memset(&ev, 0, sizeof(ev));
	ev.kind = MIP6_EV_HINT;
	ev.u.hint.kind = MIP6_HINT_PACKET;
	if (peer != NULL) {
		ev.u.hint.ifindex = x->ifindex;
		ev.u.hint.tunnel_peer = fix_addr(peer);
	}
	ev.u.hint.octets = p->v;
	ev.u.hint.count = p->n;
	fix_give(x, &ev);
}

/* Actions of a kind since number `from`; `on`: those that set. */
static inline size_t
mld_count(const struct fix *x, size_t from, enum mip6_action_kind kind, bool on)
{
	size_t i, n = 0;

	for (i = from; i < x->acts; i++)
		if (x->act[i].kind == kind)
			n += kind == MIP6_ACT_MEMBER ?
			    x->act[i].u.member.on == on :
			    x->act[i].u.set.on == on;
	return n;
}

#endif
