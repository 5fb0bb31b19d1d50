/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A packet path for tests: what it emits and hints is kept, packets are built
 * from pieces, and closing it asserts that no buffer and no memory is lost.
 */
#ifndef UNIT_PATH_SUPPORT_H
#define UNIT_PATH_SUPPORT_H

#include "path/path.h"
#include "wire/cksum.h"
#include "wire/icmp6.h"
#include "wire/ip6.h"

#include "unit/support.h"

#define HOME   "2001:db8:1::100"
#define HOME2  "2001:db8:1::101"
#define AGENT  "2001:db8:1::1"
#define COA    "2001:db8:a::5"
#define COA2   "2001:db8:b::6"
#define PEER   "2001:db8:c::9"
#define BESIDE "2001:db8:1::200" /* a neighbour of the home link */

#define LINK_HOME 1
#define LINK_AWAY 2

#define PF_OUT_MAX  512
#define PF_OCTETS   70000
#define PF_ORDINARY 600
#define PF_BIG      4

static const struct mip6_lladdr ll_home = { { 2, 0, 0, 0, 0, 1 } };
static const struct mip6_lladdr ll_away = { { 2, 0, 0, 0, 0, 2 } };
static const struct mip6_lladdr ll_router = { { 2, 0, 0, 0, 0, 0xfe } };
static const struct mip6_lladdr ll_other = { { 2, 0, 0, 0, 0, 0xdd } };

struct octets {
	size_t n;
	uint8_t v[3200];
};

struct pf_out {
	uint32_t ifindex;
	struct mip6_pkt *pkt;
};

struct pf_hint {
	struct mip6_hint hint;
	struct mip6_pkt *pkt;
};

struct pf {
	struct support_heap heap;
	struct mip6_pool *pool;
	struct mip6_path *path;
	struct mip6_now now;
	struct pf_out out[PF_OUT_MAX];
	size_t outs;
	struct pf_hint hint[PF_OUT_MAX];
	size_t hints;
	uint64_t total_out, total_hints;
};

static inline struct mip6_addr
addr(const char *text)
{
	struct mip6_addr a;

	assert_true(mip6_addr_parse(text, &a));
	return a;
}

/* Octets */

static inline struct octets
fill(size_t n, uint8_t first)
{
	struct octets o = { 0 };
	size_t i;

	assert_true(n <= sizeof(o.v));
	o.n = n;
	for (i = 0; i < n; i++)
		o.v[i] = (uint8_t)(first + i * 7);
	return o;
}

static inline struct octets
join(struct octets a, struct octets b)
{
	assert_true(a.n + b.n <= sizeof(a.v));
	memcpy(a.v + a.n, b.v, b.n);
	a.n += b.n;
	return a;
}

static inline struct octets
ip6(const char *src, const char *dst, uint8_t next, uint8_t hops,
    struct octets payload)
{
	struct octets o = { .n = MIP6_IP6_OCTETS };
	struct mip6_ip6 h = { .src = addr(src), .dst = addr(dst) };

	h.flow_label = 0x12345;
	h.traffic_class = 0xb8;
	h.payload_octets = (uint16_t)payload.n;
	h.next_header = next;
	h.hop_limit = hops;
	mip6_ip6_put(o.v, &h);
	return join(o, payload);
}

/* Sets the checksum of an upper layer directly behind the IPv6 header. */
static inline struct octets
checked(struct octets o)
{
	struct mip6_addr src, dst;

	memcpy(src.b, o.v + MIP6_IP6_AT_SRC, 16);
	memcpy(dst.b, o.v + MIP6_IP6_AT_DST, 16);
	assert_true(
	    mip6_cksum_upper_set(&src, &dst, o.v[MIP6_IP6_AT_NEXT_HEADER],
		o.v + MIP6_IP6_OCTETS, o.n - MIP6_IP6_OCTETS));
	return o;
}

/* A UDP packet of `n` octets in all (>= 48). */
static inline struct octets
udp(const char *src, const char *dst, size_t n)
{
	struct octets o = fill(n - MIP6_IP6_OCTETS, 3);

	o.v[4] = (uint8_t)(o.n >> 8);
	o.v[5] = (uint8_t)o.n;
	return checked(ip6(src, dst, MIP6_NH_UDP, 64, o));
}

static inline struct octets
icmp(const char *src, const char *dst, uint8_t hops, uint8_t type, uint8_t code,
    uint32_t word, struct octets body)
{
	struct octets o = { .n = 8,
		.v = { type, code, 0, 0, (uint8_t)(word >> 24),
		    (uint8_t)(word >> 16), (uint8_t)(word >> 8),
		    (uint8_t)word } };

	return checked(ip6(src, dst, MIP6_NH_ICMPV6, hops, join(o, body)));
}

/* A Mobility Header message of 16 octets. */
static inline struct octets
mobility(void)
{
	struct octets o = { .n = 16, .v = { MIP6_NH_NONE, 1, 5 } };

	return o;
}

/* An options or routing header of 8 * n octets that holds `inside`. */
static inline struct octets
header(uint8_t next, struct octets inside)
{
	struct octets o = { .n = 2, .v = { next } };

	o = join(o, inside);
	assert_true(o.n % 8 == 0);
	o.v[1] = (uint8_t)(o.n / 8 - 1);
	return o;
}

static inline struct octets
options(uint8_t next)
{
	struct octets pad = { .n = 6, .v = { 1, 4 } };

	return header(next, pad);
}

static inline struct octets
hao(uint8_t next, const char *hoa)
{
	struct octets o = { .n = 22, .v = { 1, 2, 0, 0, 0xc9, 16 } };
	struct mip6_addr a = addr(hoa);

	memcpy(o.v + 6, a.b, 16);
	return header(next, o);
}

static inline struct octets
rh2(uint8_t next, const char *hoa)
{
	struct octets o = { .n = 22, .v = { 2, 1 } };
	struct mip6_addr a = addr(hoa);

	memcpy(o.v + 6, a.b, 16);
	return header(next, o);
}

static inline struct octets
frag(uint8_t next, size_t offset, bool more, uint32_t id, struct octets data)
{
	struct octets o = { .n = 8 };

	mip6_frag_put(o.v, next, (uint16_t)offset, more, id);
	return join(o, data);
}

static inline struct octets
part(struct octets o, size_t from, size_t n)
{
	struct octets p = { .n = n };

	assert_true(from + n <= o.n);
	memcpy(p.v, o.v + from, n);
	return p;
}

static inline struct octets
tunnel(const char *src, const char *dst, struct octets inner)
{
	return ip6(src, dst, MIP6_NH_IPV6, 60, inner);
}

/* The path */

static inline void
pf_emit(void *arg, uint32_t ifindex, struct mip6_pkt *pkt)
{
	struct pf *f = arg;

	assert_true(f->outs < PF_OUT_MAX);
	assert_int_equal(pkt->ifindex, ifindex);
	assert_null(pkt->next);
	f->total_out++;
	f->out[f->outs++] = (struct pf_out){ ifindex, pkt };
}

static inline void
pf_hint(void *arg, const struct mip6_hint *hint, struct mip6_pkt *pkt)
{
	struct pf *f = arg;

	assert_true(f->hints < PF_OUT_MAX);
	if (pkt != NULL) {
		assert_ptr_equal(hint->octets, mip6_pkt_octets(pkt));
		assert_true(hint->count <= pkt->count);
	}
	f->total_hints++;
	f->hint[f->hints++] = (struct pf_hint){ *hint, pkt };
}

/* Forgets what came out. */
static inline void
pf_clear(struct pf *f)
{
	size_t i;

	for (i = 0; i < f->outs; i++)
		mip6_pool_put(f->pool, f->out[i].pkt);
	for (i = 0; i < f->hints; i++)
		if (f->hint[i].pkt != NULL)
			mip6_pool_put(f->pool, f->hint[i].pkt);
	f->outs = f->hints = 0;
}

static inline struct mip6_path_env
pf_env(struct pf *f)
{
	return (struct mip6_path_env){ .alloc = f->heap.alloc,
		.hash_key = { { 0x0123456789abcdef, 0xfedcba9876543210,
		    0x0f1e2d3c4b5a6978, 0x1122334455667788 } },
		.pool = f->pool,
		.rows_max = 64,
		.hops_max = 8,
		.waiting_max = 16,
		.reassembly_max = 8,
		.emit = pf_emit,
		.hint = pf_hint,
		.arg = f };
}

static inline struct pf *
pf_open(void)
{
	static const struct mip6_path_link links[] = {
		{ LINK_HOME, { { 2, 0, 0, 0, 0, 1 } }, 1500, false },
		{ LINK_AWAY, { { 2, 0, 0, 0, 0, 2 } }, 1500, false },
	};
	struct mip6_path_env env;
	struct pf *f = calloc(1, sizeof(*f));

	assert_non_null(f);
	support_heap_init(&f->heap);
	f->pool = mip6_pool_new(&f->heap.alloc, PF_ORDINARY, PF_BIG);
	assert_non_null(f->pool);
	env = pf_env(f);
	f->path = mip6_path_new(&env);
	assert_non_null(f->path);
	assert_true(mip6_path_link_set(f->path, &links[0]));
	assert_true(mip6_path_link_set(f->path, &links[1]));
	mip6_path_tun_mtu(f->path, 1452);
	f->now.boot.us = 1000000;
	return f;
}

static inline void
pf_close(struct pf *f)
{
	pf_clear(f);
	mip6_path_free(f->path);
	assert_int_equal(mip6_pool_out(f->pool), 0);
	mip6_pool_free(f->pool);
	assert_int_equal(f->heap.live, 0);
	assert_int_equal(f->heap.octets, 0);
	free(f);
}

static inline void
pf_wait(struct pf *f, int64_t us)
{
	f->now.boot.us += us;
}

static inline void
pf_hop(struct pf *f, uint32_t hop, uint32_t ifindex, bool usable)
{
	struct mip6_fwd_hop h = { .hop = hop,
		.ifindex = ifindex,
		.lladdr = ll_router,
		.usable = usable };

	assert_true(mip6_path_hop_set(f->path, &f->now, &h));
}

static inline struct mip6_fwd_row
pf_row(enum mip6_fwd_kind kind, const char *home, const char *local,
    const char *peer)
{
	return (struct mip6_fwd_row){ .home = addr(home),
		.local = addr(local),
		.peer = addr(peer),
		.kind = kind,
		.hop = 0,
		.mtu = 1500,
		.onlink_bits = 64 };
}

static inline void
pf_set(struct pf *f, struct mip6_fwd_row row)
{
	assert_true(mip6_path_row_set(f->path, &row));
}

/* A mobile node away: its router is hop 0. */
static inline struct pf *
pf_open_mn(void)
{
	struct pf *f = pf_open();
	struct mip6_addr coa = addr(COA);

	pf_hop(f, 0, LINK_AWAY, true);
	assert_true(mip6_path_local_set(f->path, &coa, true));
	pf_set(f, pf_row(MIP6_FWD_MN_TUNNEL, HOME, COA, AGENT));
	return f;
}

/* A mobile node at home: the router is hop 0, BESIDE will be hop 1. */
static inline struct pf *
pf_open_home(void)
{
	struct pf *f = pf_open();
	struct mip6_fwd_row row;

	pf_hop(f, 0, LINK_HOME, true);
	row = pf_row(MIP6_FWD_MN_HOME, HOME, "::", "::");
	row.ifindex = LINK_HOME;
	pf_set(f, row);
	return f;
}

/* A home agent with two mobile nodes. */
static inline struct pf *
pf_open_ha(void)
{
	struct pf *f = pf_open();
	struct mip6_addr agent = addr(AGENT);

	pf_hop(f, 0, LINK_HOME, true);
	assert_true(mip6_path_local_set(f->path, &agent, true));
	pf_set(f, pf_row(MIP6_FWD_HA_TUNNEL, HOME, AGENT, COA));
	pf_set(f, pf_row(MIP6_FWD_HA_TUNNEL, HOME2, AGENT, COA2));
	return f;
}

static inline struct mip6_pkt *
pf_pkt(struct pf *f, const uint8_t *v, size_t n)
{
	struct mip6_pkt *pkt = mip6_pool_get(f->pool, n);

	assert_non_null(pkt);
	memcpy(mip6_pkt_octets(pkt), v, n);
	pkt->count = (uint32_t)n;
	pkt->ll_src = ll_other;
	return pkt;
}

static inline void
pf_tun(struct pf *f, struct octets o)
{
	struct mip6_pkt *pkt = pf_pkt(f, o.v, o.n);

	mip6_path_from_tun(f->path, &f->now, &pkt, 1);
}

static inline void
pf_link(struct pf *f, uint32_t ifindex, struct octets o)
{
	struct mip6_pkt *pkt = pf_pkt(f, o.v, o.n);

	mip6_path_from_link(f->path, &f->now, ifindex, &pkt, 1);
}

static inline uint64_t
pf_dropped(const struct pf *f, enum mip6_drop why)
{
	return mip6_path_counters(f->path)->drops.count[why];
}

static inline uint64_t
pf_dropped_all(const struct pf *f)
{
	uint64_t n = 0;
	size_t i;

	for (i = 0; i < MIP6_DROP_COUNT; i++)
		n += mip6_path_counters(f->path)->drops.count[i];
	return n;
}

/* `why` was counted once, and nothing else was. */
static inline void
pf_dropped_only(const struct pf *f, enum mip6_drop why)
{
	if (pf_dropped(f, why) != 1 || pf_dropped_all(f) != 1) {
		size_t i;

		for (i = 0; i < MIP6_DROP_COUNT; i++)
			if (pf_dropped(f, (enum mip6_drop)i) != 0)
				print_error("%s: %u\n",
				    mip6_drop_name((enum mip6_drop)i),
				    (unsigned int)pf_dropped(f,
					(enum mip6_drop)i));
		fail_msg("wanted %s once", mip6_drop_name(why));
	}
}

/* Output number `i` is `o` on the TUN. */
static inline void
pf_is_tun(const struct pf *f, size_t i, struct octets o)
{
	assert_true(i < f->outs);
	assert_int_equal(f->out[i].ifindex, 0);
	assert_int_equal(f->out[i].pkt->count, o.n);
	assert_memory_equal(mip6_pkt_octets(f->out[i].pkt), o.v, o.n);
}

/* Output number `i` is `o` in a frame on `ifindex` to `to`. */
static inline void
pf_is_frame(const struct pf *f, size_t i, uint32_t ifindex,
    const struct mip6_lladdr *to, struct octets o)
{
	const struct mip6_lladdr *from = ifindex == 1 ? &ll_home : &ll_away;
	const uint8_t *frame;

	assert_true(i < f->outs);
	assert_int_equal(f->out[i].ifindex, ifindex);
	assert_int_equal(f->out[i].pkt->count, o.n + 14);
	frame = mip6_pkt_octets(f->out[i].pkt);
	assert_memory_equal(frame, to->b, 6);
	assert_memory_equal(frame + 6, from->b, 6);
	assert_int_equal(frame[12], 0x86);
	assert_int_equal(frame[13], 0xdd);
	assert_memory_equal(frame + 14, o.v, o.n);
}

/* The IPv6 packet of output number `i`, without a frame. */
static inline struct octets
pf_octets(const struct pf *f, size_t i)
{
	const struct mip6_pkt *pkt;
	struct octets o;
	size_t skip;

	assert_true(i < f->outs);
	pkt = f->out[i].pkt;
	skip = f->out[i].ifindex == 0 ? 0 : 14;
	assert_true(pkt->count >= skip && pkt->count - skip <= sizeof(o.v));
	o.n = pkt->count - skip;
	memcpy(o.v, mip6_pkt_octets(pkt) + skip, o.n);
	return o;
}

/* What tunnel() makes of `inner` on its way out. */
static inline struct octets
wrapped(const char *src, const char *dst, struct octets inner)
{
	return ip6(src, dst, MIP6_NH_IPV6, MIP6_TUNNEL_HOP_LIMIT, inner);
}

/* Output number `i` is an ICMPv6 error with a right checksum. */
static inline void
pf_is_error(const struct pf *f, size_t i, const char *src, const char *dst,
    uint8_t type, uint8_t code, uint32_t word, struct octets about)
{
	struct mip6_addr from = addr(src), to = addr(dst);
	struct octets o = pf_octets(f, i);
	struct mip6_ip6_view v;
	struct mip6_icmp6 m;

	assert_int_equal(mip6_ip6_view(o.v, o.n, &v, NULL), MIP6_PARSE_OK);
	assert_int_equal(v.octets, o.n);
	assert_true(o.n <= 1280);
	assert_memory_equal(v.ip.src.b, from.b, 16);
	assert_memory_equal(v.ip.dst.b, to.b, 16);
	assert_int_equal(v.upper, MIP6_NH_ICMPV6);
	assert_int_equal(mip6_icmp6_receive(o.v + v.upper_at, v.upper_octets,
			     &v.ip.src, &v.ip.dst, &m, NULL),
	    MIP6_PARSE_OK);
	assert_int_equal(m.type, type);
	assert_int_equal(m.code, code);
	assert_int_equal(m.word, word);
	assert_int_equal(m.body_octets,
	    about.n < 1280 - 48 ? about.n : 1280 - 48);
	assert_memory_equal(m.body, about.v, m.body_octets);
}

#endif
