/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A home agent with many bindings and what surrounds it, for benchmarks: node
 * and path with the daemon's limits, a virtual home link, a key for each mobile
 * node (from a master key, or listed), home and care-of addresses at random,
 * timers armed, and the store.  Only the sockets are missing: packets come in
 * bursts from memory, and the host answers every question at once.
 */
#ifndef BENCH_BENCH_AGENT_H
#define BENCH_BENCH_AGENT_H

#include "bench.h"

#include <poll.h>
#include <unistd.h>

#include "core/ha_int.h"
#include "core/roster.h"
#include "crypto/hkdf.h"
#include "engine/engine.h"
#include "store/store.h"

#define BENCH_BATCH    16384U
#define BENCH_MANY     1000000U
#define BENCH_OCTETS   256
#define BENCH_IFINDEX  2
#define BENCH_DUES_MAX 8192
#define BENCH_SPI      1000
#define BENCH_STRIDE   611953U /* a prime: from one to another anywhere */
#define BENCH_FRESH    10000U  /* that come into the storm */
/* Records under way before the bench waits for the store. */
#define BENCH_STORING 1024

struct bench_packet {
	uint8_t octets[BENCH_OCTETS];
	size_t count;
};

struct bench {
	struct mip6_engine *engine;
	struct mip6_node *hand; /* writes the mobile nodes' updates */
	struct mip6_conf conf;
	struct mip6_now now;
	struct mip6_roster *roster;
	struct mip6_store *store; /* NULL: none */
	char path[900];
	uint32_t mobiles;
	uint16_t *seq; /* of each mobile node */
	uint64_t stamp;
	uint32_t next; /* who refreshes next */
	struct bench_packet *packet;
	uint64_t due[BENCH_DUES_MAX];
	size_t dues;
	uint64_t accepted, refused, tunnelled;
	size_t octets; /* that the engine has allocated */
};

/* ---- what surrounds the engine ---- */

static inline void *
bench_count_alloc(void *arg, size_t octets)
{
	struct bench *b = arg;

	b->octets += octets;
	return calloc(1, octets);
}

static inline void
bench_count_release(void *arg, void *mem, size_t octets)
{
	struct bench *b = arg;

	if (mem != NULL)
		b->octets -= octets;
	free(mem);
}

/* A Binding Acknowledgement behind a routing header, or a tunnelled packet. */
static inline void
bench_transmit(void *arg, uint32_t ifindex, struct mip6_pkt *pkt)
{
	const uint8_t *ip = mip6_pkt_octets(pkt);
	struct bench *b = arg;

	(void)ifindex;
	if (ip[6] == MIP6_NH_IPV6)
		b->tunnelled++;
	else if (pkt->count > 71 && ip[40] == MIP6_NH_MH && ip[66] == 6) {
		b->accepted += ip[70] < 128;
		b->refused += ip[70] >= 128;
	}
	mip6_pool_put(mip6_engine_pool(b->engine), pkt);
}

static inline void
bench_act(void *arg, const struct mip6_action *a)
{
	struct bench *b = arg;

	if (a->kind == MIP6_ACT_STORE) {
		mip6_store_put(b->store, (uint8_t)a->u.store.table,
		    &a->u.store.key, a->u.store.octets, a->u.store.count,
		    a->id);
	} else if (a->id != 0) {
		bench_need(b->dues < BENCH_DUES_MAX, "too many actions");
		b->due[b->dues++] = a->id;
	}
}

static inline void
bench_done(void *arg, uint64_t id, int error)
{
	struct bench *b = arg;
	struct mip6_event ev;

	memset(&ev, 0, sizeof(ev));
	ev.kind = MIP6_EV_DONE;
	ev.u.done.action = id;
	ev.u.done.error = error;
	ev.u.done.route.ifindex = BENCH_IFINDEX;
	ev.u.done.route.nexthop.b[0] = 0xfe;
	ev.u.done.route.nexthop.b[1] = 0x80;
	ev.u.done.route.nexthop.b[15] = 0xfe;
	mip6_engine_event(b->engine, &b->now, &ev);
}

/* Ends `count` of what the host was asked for, and what is asked then. */
static inline void
bench_settle_some(struct bench *b, size_t count)
{
	while (b->dues > 0 && count-- > 0)
		bench_done(b, b->due[--b->dues], 0);
	if (b->store != NULL)
		mip6_store_flush(b->store);
}

/* The end of a turn. */
static inline void
bench_settle(struct bench *b)
{
	bench_settle_some(b, SIZE_MAX);
}

/* Hears what was stored; waits until no more than `left` are under way. */
static inline void
bench_store_wait(struct bench *b, uint32_t left)
{
	struct mip6_store_status s;
	struct pollfd p;

	if (b->store == NULL)
		return;
	for (;;) {
		mip6_store_status(b->store, &s);
		p = (struct pollfd){ mip6_store_fd(b->store), POLLIN, 0 };
		if (poll(&p, 1, s.waiting > left ? 10000 : 0) == 1)
			mip6_store_ended(b->store, bench_done, b);
		else if (s.waiting <= left)
			break;
		bench_settle(b);
	}
}

static inline void
bench_event(struct bench *b, const struct mip6_event *ev)
{
	mip6_engine_event(b->engine, &b->now, ev);
	bench_settle(b);
}

/* ---- mobile nodes ---- */

static inline struct mip6_addr
bench_addr(const char *text, uint64_t number)
{
	uint64_t state = number, low;
	struct mip6_addr a;

	bench_need(mip6_addr_parse(text, &a), "address");
	low = bench_draw(&state);
	memcpy(&a.b[8], &low, sizeof(low));
	return a;
}

static inline struct mip6_conf_mobile
bench_mobile(struct bench *b, uint32_t i)
{
	struct mip6_conf_mobile m;

	memset(&m, 0, sizeof(m));
	m.hoa = bench_addr("2001:db8:1::", i);
	m.sa.present = true;
	m.sa.spi = BENCH_SPI;
	m.sa.key_octets = b->roster != NULL ? 16 : MIP6_SHA256_OCTETS;
	bench_need(mip6_hkdf_mobile_key(b->hand->crypto, b->conf.ha.master,
		       &m.hoa, m.sa.key),
	    "key");
	return m;
}

/* An update of that mobile node, at its `place`-th care-of address. */
static inline void
bench_build(struct bench *b, uint32_t i, uint64_t place, bool bad_key,
    struct bench_packet *p)
{
	struct mip6_conf_mobile c = bench_mobile(b, i);
	struct mip6_mh_to to;
	struct mip6_mh m;

	memset(&to, 0, sizeof(to));
	memset(&m, 0, sizeof(m));
	c.sa.key[0] ^= bad_key;
	to.src = bench_addr("2001:db8:a::", i + place * UINT32_MAX + 7);
	bench_need(mip6_addr_parse("2001:db8:1::1", &to.dst), "address");
	to.hao = &c.hoa;
	m.type = MIP6_MH_BU;
	m.u.bu.seq = bad_key ? b->seq[i] : ++b->seq[i];
	m.u.bu.ack = m.u.bu.home = true;
	m.u.bu.lifetime = MIP6_SPAN_S(600);
	m.opt.has_alt_coa = true;
	m.opt.alt_coa = to.src;
	m.opt.has_replay = true;
	m.opt.replay = ++b->stamp;
	p->count = mh_build(b->hand, p->octets, sizeof(p->octets), &to, &m,
	    &c.sa, &to.src, &c.hoa);
	bench_need(p->count > 0, "update");
}

/* Bursts as they come off a link. */
static inline void
bench_receive(struct bench *b, uint32_t count)
{
	struct mip6_pkt *burst[MIP6_PKT_BURST];
	uint32_t i, n;

	for (i = 0; i < count; i += n) {
		for (n = 0; n < MIP6_PKT_BURST && i + n < count; n++) {
			burst[n] =
			    mip6_pool_get(mip6_engine_pool(b->engine), 1500);
			bench_need(burst[n] != NULL, "packets");
			burst[n]->count = (uint32_t)b->packet[i + n].count;
			burst[n]->ifindex = BENCH_IFINDEX;
			memcpy(mip6_pkt_octets(burst[n]),
			    b->packet[i + n].octets, b->packet[i + n].count);
		}
		mip6_engine_packets(b->engine, &b->now, BENCH_IFINDEX, burst,
		    n);
		bench_settle(b);
		bench_store_wait(b, BENCH_STORING);
	}
}

/* ---- lives of the home agent ---- */

static inline void
bench_conf(struct bench *b, enum mip6_durability durability)
{
	struct mip6_conf_ha *c = &b->conf.ha;

	c->on = c->is_virtual = true;
	c->durability = durability;
	c->prefix[0].prefix.addr = bench_addr("2001:db8:1::", 0);
	memset(&c->prefix[0].prefix.addr.b[8], 0, 8);
	c->prefix[0].prefix.bits = 64;
	bench_need(mip6_addr_parse("2001:db8:1::1", &c->prefix[0].address),
	    "address");
	c->prefix[0].valid = c->prefix[0].preferred = MIP6_ND_INFINITE;
	c->prefixes = 1;
	c->lifetime_max = MIP6_SPAN_S(3600);
	c->has_master = true;
	c->master_spi = BENCH_SPI;
	c->refresh_requests = true;
	c->roster = b->roster;
	c->bindings_max = b->mobiles + BENCH_FRESH;
}

static inline void
bench_engine(struct bench *b)
{
	struct mip6_engine_env env;

	memset(&env, 0, sizeof(env));
	env.alloc.alloc = bench_count_alloc;
	env.alloc.release = bench_count_release;
	env.alloc.arg = b;
	env.limits = mip6_engine_limits_default;
	env.limits.rows += b->conf.ha.bindings_max;
	env.transmit = bench_transmit;
	env.act = bench_act;
	env.arg = b;
	b->engine = mip6_engine_new(&env, &b->now);
	bench_need(b->engine != NULL, "engine");
}

/* What the host has to say at the start. */
static inline void
bench_configure(struct bench *b)
{
	struct mip6_event ev;

	memset(&ev, 0, sizeof(ev));
	ev.kind = MIP6_EV_LINK;
	ev.u.link.ifindex = BENCH_IFINDEX;
	memcpy(ev.u.link.name, "eth0", 5);
	ev.u.link.mtu = 1500;
	ev.u.link.up = ev.u.link.raw = true;
	bench_event(b, &ev);
	memset(&ev, 0, sizeof(ev));
	ev.kind = MIP6_EV_CONFIG;
	ev.u.conf = &b->conf;
	bench_event(b, &ev);
}

static inline void
bench_store_open(struct bench *b, bool sync)
{
	b->store = mip6_store_open(b->path, sync);
	bench_need(b->store != NULL, "store");
}

/* The process dies; a new life begins a second later. */
static inline void
bench_end(struct bench *b)
{
	bench_store_wait(b, 0);
	mip6_store_close(b->store);
	b->store = NULL;
	mip6_engine_free(b->engine);
	b->engine = NULL;
	b->dues = 0;
	b->now.boot.us += 1000000;
	b->now.wall_us += 1000000;
	b->stamp = mip6_time_to_ntp(b->now.wall_us);
}

static inline void
bench_open(struct bench *b, enum mip6_durability durability)
{
	bench_conf(b, durability);
	if (durability != MIP6_DURABILITY_NONE)
		bench_store_open(b, durability == MIP6_DURABILITY_SYNC);
	bench_engine(b);
	bench_configure(b);
}

/* Everybody registers for the first time. */
static inline void
bench_register(struct bench *b)
{
	uint64_t before = b->accepted;
	uint32_t i, n;

	for (i = 0; i < b->mobiles; i += n) {
		for (n = 0; n < BENCH_BATCH && i + n < b->mobiles; n++)
			bench_build(b, i + n, 0, false, &b->packet[n]);
		bench_receive(b, n);
	}
	bench_store_wait(b, 0);
	bench_need(b->accepted - before == b->mobiles,
	    "not everybody is registered");
}

#endif
