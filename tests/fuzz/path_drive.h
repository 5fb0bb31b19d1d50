/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Drives a packet path by a string of octets: settings, packets of every
 * sort, time.  Used by the fuzz target with octets of the fuzzer's choice and
 * by the swarm test with random ones.
 *
 * Whatever happens, what comes out must be whole packets of the right length
 * for their link, nothing with a home address may leave a link natively while
 * no row allows it, every buffer must go exactly one way, and at the end none
 * is missing.
 */
#ifndef FUZZ_PATH_DRIVE_H
#define FUZZ_PATH_DRIVE_H

#include "fuzz/path_packets.h"

/* A packet as it comes through a tunnel that was set, now and then. */
static inline size_t
drive_tunnelled(struct drive *d, struct drive_at to)
{
	struct drive_at inner = { to.v + 40, to.room - 40 };
	const struct mip6_fwd_row *row, *other;
	uint8_t what = drive_u8(d);
	size_t n;

	if (what < 120 || d->rows == 0)
		return drive_ip6(d, to, DRIVE_DEPTH);
	/* Those not set yet are zero, and just as good. */
	row = &d->row[what % d->rows];
	other = &d->row[(what >> 2) % d->rows];
	n = drive_ip6(d, inner, DRIVE_DEPTH - 1);
	if (row->kind == MIP6_FWD_MN_TUNNEL) {
		memcpy(inner.v + 24, row->home.b, 16);
	} else {
		memcpy(inner.v + 8, row->home.b, 16);
		if (what & 0x40)
			memcpy(inner.v + 24, other->home.b, 16);
	}
	drive_cksum(d, inner.v, n);
	if (n > 65535)
		n = 65535;
	memset(to.v, 0, 40);
	to.v[0] = 0x60;
	to.v[1] = (uint8_t)(drive_u8(d) & 0x30);
	to.v[4] = (uint8_t)(n >> 8);
	to.v[5] = (uint8_t)n;
	to.v[6] = MIP6_NH_IPV6;
	to.v[7] = 64;
	memcpy(to.v + 8, row->peer.b, 16);
	memcpy(to.v + 24, row->local.b, 16);
	return n + 40;
}

/* One of three fragments of the packet kept, or that packet anew. */
static inline size_t
drive_fragment(struct drive *d, struct drive_at to)
{
	uint8_t what = drive_u8(d);
	size_t n = drive_tunnelled(d, to), piece, at, size;

	if (what >= 60 || n < 100)
		return n;
	if (d->whole_n == 0 || what < 4) {
		if (n > sizeof(d->whole))
			return n;
		memcpy(d->whole, to.v, n);
		d->whole_n = n;
	}
	piece = ((d->whole_n - 40) / 3 + 7) & ~(size_t)7;
	at = piece * (what % 3);
	size = what % 3 == 2 ? d->whole_n - 40 - at : piece;
	memcpy(to.v, d->whole, 40);
	mip6_frag_put(to.v + 40, d->whole[6], (uint16_t)at, what % 3 != 2,
	    what >> 5);
	to.v[6] = MIP6_NH_FRAGMENT;
	to.v[4] = (uint8_t)((size + 8) >> 8);
	to.v[5] = (uint8_t)(size + 8);
	memcpy(to.v + 48, d->whole + 40 + at, size);
	return 48 + size;
}

/* A packet, possibly cut, padded or damaged, in a buffer; NULL: no buffer. */
static inline struct mip6_pkt *
drive_packet(struct drive *d)
{
	struct drive_at to = { d->packet, sizeof(d->packet) - 200 };
	struct mip6_pkt *pkt;
	size_t n = drive_fragment(d, to);
	uint8_t harm = drive_u8(d);

	if (harm < 10 && n > 0)
		n -= drive_u8(d) % n;
	else if (harm < 20)
		n += drive_u8(d) & 63;
	else if (harm < 40 && n > 0)
		d->packet[drive_u8(d) % n] = drive_u8(d);
	pkt = mip6_pool_get(d->pool, n);
	if (pkt == NULL)
		return NULL;
	if (d->tail)
		pkt->off = pkt->cap - (uint32_t)n;
	memcpy(mip6_pkt_octets(pkt), d->packet, n);
	pkt->count = (uint32_t)n;
	pkt->ll_src.b[0] = 2;
	pkt->ll_src.b[5] = drive_u8(d) == 1 ? 1 : 0xdd;
	pkt->ll_multicast = harm == 41;
	return pkt;
}

/* What comes out */

static inline void
drive_emit(void *arg, uint32_t ifindex, struct mip6_pkt *pkt)
{
	struct drive *d = arg;
	const uint8_t *v = mip6_pkt_octets(pkt);
	size_t n = pkt->count;

	drive_need(ifindex < 4 && pkt->ifindex == ifindex);
	drive_need(pkt->next == NULL);
	drive_need(pkt->off + pkt->count <= pkt->cap);
	if (ifindex != 0) {
		drive_need(d->has_link[ifindex]);
		if (!d->link[ifindex].raw) {
			drive_need(n > 14 && v[12] == 0x86 && v[13] == 0xdd);
			drive_need(
			    memcmp(v + 6, d->link[ifindex].lladdr.b, 6) == 0);
			v += 14;
			n -= 14;
		}
		drive_need(n <= d->link[ifindex].mtu);
	}
	drive_need(n >= 40 && v[0] >> 4 == 6);
	drive_need(n == 40U + (size_t)(v[4] << 8 | v[5]));
	/* Away, the home address does not show outside. */
	if (ifindex != 0 && !d->native)
		drive_need(!drive_is_home(v + 8));
	/* So that a later look at it is seen. */
	memset(pkt->mem, 0xdd, pkt->cap);
	mip6_pool_put(d->pool, pkt);
}

static inline void
drive_hint(void *arg, const struct mip6_hint *hint, struct mip6_pkt *pkt)
{
	struct drive *d = arg;
	uint8_t sum = 0;
	size_t i;

	drive_need((unsigned int)hint->kind <= MIP6_HINT_PACKET);
	if (d->seen != NULL)
		d->seen->hints[hint->kind]++;
	drive_need((hint->octets != NULL) == (pkt != NULL));
	if (pkt == NULL)
		return;
	drive_need(hint->octets == mip6_pkt_octets(pkt));
	drive_need(hint->count <= pkt->count && hint->count >= 40);
	for (i = 0; i < hint->count; i++)
		sum ^= hint->octets[i];
	memset(pkt->mem, sum, pkt->cap);
	mip6_pool_put(d->pool, pkt);
}

/* Operations */

static inline void
drive_row(struct drive *d, bool on)
{
	struct mip6_fwd_row row;
	uint8_t what = drive_u8(d);

	memset(&row, 0, sizeof(row));
	row.home = drive_addr(d);
	if (what & 0x80)
		row.other = drive_addr(d);
	if (!on) {
		mip6_path_row_del(d->path, &row.home, &row.other);
		return;
	}
	row.kind = (enum mip6_fwd_kind)(what % 6);
	row.tell = what & 0x10;
	row.local = drive_addr(d);
	row.peer = drive_addr(d);
	/* An outer packet that begins with a home address is no tunnel's. */
	if (drive_is_home(row.local.b))
		row.local.b[5] = 0xa;
	row.hop = what & 0x40 ? drive_u8(d) % 9 : 0;
	if (row.kind == MIP6_FWD_DIRECT && row.hop == 8)
		row.hop = MIP6_HOP_NONE;
	row.ifindex = drive_u8(d) & 3;
	row.mtu = (uint16_t)(1200 + drive_u8(d) * 2);
	row.onlink_bits = what & 0x20 ? 64 : drive_u8(d);
	if (row.kind == MIP6_FWD_MN_HOME)
		d->native = true;
	if (!mip6_path_row_set(d->path, &row))
		return;
	if (row.kind != MIP6_FWD_MN_TUNNEL && row.kind != MIP6_FWD_HA_TUNNEL)
		return;
	(void)mip6_path_local_set(d->path, &row.local, true);
	d->row[what >> 3 & 3] = row;
	d->rows = 4;
}

static inline void
drive_hop(struct drive *d)
{
	struct mip6_fwd_hop hop;
	uint8_t what = drive_u8(d);

	memset(&hop, 0, sizeof(hop));
	hop.hop = what & 7;
	hop.ifindex = 1 + (what >> 3) % 3;
	hop.usable = what & 0x40;
	hop.dead = what & 0x20;
	hop.stale = what & 0x80;
	(void)mip6_path_hop_set(d->path, &d->now, &hop);
}

static inline void
drive_link(struct drive *d)
{
	uint8_t what = drive_u8(d);
	uint32_t ifindex = 1 + what % 3;
	struct mip6_path_link *l = &d->link[ifindex];

	if (what >= 0xf0) {
		mip6_path_link_del(d->path, ifindex);
		d->has_link[ifindex] = false;
		return;
	}
	memset(l, 0, sizeof(*l));
	l->ifindex = ifindex;
	l->lladdr.b[0] = 2;
	l->lladdr.b[5] = (uint8_t)ifindex;
	l->mtu = what & 0x10 ? 1280 : 1500;
	l->raw = what & 0x20;
	d->has_link[ifindex] = mip6_path_link_set(d->path, l);
	drive_need(d->has_link[ifindex]);
}

static inline void
drive_core(struct drive *d)
{
	struct drive_at to = { d->packet, sizeof(d->packet) - 200 };
	struct mip6_addr a = drive_addr(d);
	struct mip6_lladdr ll = { { 2, 9 } };
	uint8_t what = drive_u8(d);
	size_t n = drive_ip6(d, to, 1);
	bool native = d->native;

	if (what & 1) {
		mip6_path_send_tunnelled(d->path, &d->now, &a, d->packet, n);
		return;
	}
	/* The core may; but only now. */
	d->native = true;
	mip6_path_send(d->path, &d->now, what >> 6,
	    what & 2 ? MIP6_HOP_NONE : what >> 4 & 7, what & 4 ? &ll : NULL,
	    d->packet, n);
	/* What it sent may wait for a hop. */
	d->native = native || !(what & 4);
}

/* A member of the one group that packets are sent to, or the link for it. */
static inline void
drive_mcast(struct drive *d, bool link)
{
	struct mip6_fwd_member m;
	uint8_t what = drive_u8(d);

	if (link) {
		mip6_path_mcast_link(d->path, what & 3);
		/* To a group a mobile node's packet goes as it is. */
		d->native = true;
		return;
	}
	drive_need(mip6_addr_parse("ff0e::5", &m.group));
	m.source = what & 1 ? drive_addr(d) : mip6_addr_any;
	m.home = drive_addr(d);
	(void)mip6_path_member_set(d->path, &m, what & 0xe);
}

static inline void
drive_burst(struct drive *d, uint32_t ifindex)
{
	struct mip6_pkt *pkt[4];
	size_t n, want = 1 + (drive_u8(d) & 3);

	for (n = 0; n < want; n++) {
		pkt[n] = drive_packet(d);
		if (pkt[n] == NULL)
			break;
	}
	if (ifindex == 0)
		mip6_path_from_tun(d->path, &d->now, pkt, n);
	else
		mip6_path_from_link(d->path, &d->now, ifindex, pkt, n);
}

static inline void
drive_op(struct drive *d)
{
	struct mip6_addr a;
	uint8_t op = drive_u8(d);

	switch (op % 16) {
	case 0:
		drive_row(d, true);
		break;
	case 1:
		drive_row(d, op < 200);
		break;
	case 2:
		drive_hop(d);
		break;
	case 3:
		if (op >= 0xe0) {
			drive_mcast(d, op >= 0xf0);
			break;
		}
		a = drive_addr(d);
		/* A home address is told by its row. */
		if (drive_is_home(a.b))
			a.b[5] = 0xa;
		(void)mip6_path_local_set(d->path, &a, op < 200);
		break;
	case 4:
		drive_link(d);
		break;
	case 5:
		d->now.boot.us += (int64_t)drive_u16(d) * 1000;
		mip6_path_timer(d->path, &d->now);
		drive_need(
		    mip6_time_before(d->now.boot, mip6_path_deadline(d->path)));
		break;
	case 6:
		drive_core(d);
		break;
	case 7:
		mip6_path_tun_mtu(d->path, (uint16_t)(1200 + drive_u8(d)));
		break;
	case 8:
	case 9:
	case 10:
		drive_burst(d, 0);
		break;
	default:
		drive_burst(d, 1 + op / 16 % 3);
		break;
	}
}

/* The memory of the driver */

static inline void *
drive_alloc(void *arg, size_t octets)
{
	size_t *live = arg;

	(*live)++;
	return calloc(1, octets);
}

static inline void
drive_release(void *arg, void *mem, size_t octets)
{
	size_t *live = arg;

	(void)octets;
	if (mem != NULL)
		(*live)--;
	free(mem);
}

static inline void
drive_settings(struct drive *d)
{
	uint32_t i;

	for (i = 1; i < 4; i++) {
		struct mip6_path_link *l = &d->link[i];

		l->ifindex = i;
		l->mtu = 1500;
		l->raw = i == 3;
		l->lladdr.b[0] = 2;
		l->lladdr.b[5] = (uint8_t)i;
		d->has_link[i] = mip6_path_link_set(d->path, l);
		drive_need(d->has_link[i]);
	}
	for (i = 0; i < 3; i++)
		(void)mip6_path_hop_set(d->path, &d->now,
		    &(struct mip6_fwd_hop){ .hop = i,
			.ifindex = i + 1,
			.usable = true });
}

/* Runs all of `in`; aborts when something does not hold. */
static inline void
drive_run(const uint8_t *in, size_t n, struct drive_seen *seen)
{
	struct drive *d = calloc(1, sizeof(*d));
	struct mip6_path_env env;
	size_t live = 0, ops;
	const uint64_t *counts;
	uint8_t setup;

	drive_need(d != NULL);
	d->in = in;
	d->n = n;
	d->seen = seen;
	memset(&env, 0, sizeof(env));
	env.alloc = (struct mip6_alloc){ drive_alloc, drive_release, &live };
	setup = drive_u8(d);
	d->tail = setup & 1;
	d->pool = mip6_pool_new(&env.alloc, d->tail ? 1 : DRIVE_ORDINARY, 1);
	env.hash_key = (struct mip6_hash_key){ { 1, 2, 3, 4 } };
	env.pool = d->pool;
	env.rows_max = 6;
	env.hops_max = 8;
	env.waiting_max = 6;
	env.reassembly_max = 3;
	env.emit = drive_emit;
	env.hint = drive_hint;
	env.arg = d;
	d->path = mip6_path_new(&env);
	drive_need(d->pool != NULL && d->path != NULL);
	d->now.boot.us = 1000000;
	drive_settings(d);
	for (ops = 0; ops < DRIVE_OPS && d->at < d->n; ops++)
		drive_op(d);
	if (seen != NULL) {
		counts = mip6_path_counters(d->path)->drops.count;
		for (ops = 0; ops < MIP6_DROP_COUNT; ops++)
			seen->counters.drops.count[ops] += counts[ops];
		seen->counters.direct_out +=
		    mip6_path_counters(d->path)->direct_out;
		seen->counters.direct_in +=
		    mip6_path_counters(d->path)->direct_in;
		seen->counters.shortcut +=
		    mip6_path_counters(d->path)->shortcut;
		seen->counters.reassembled +=
		    mip6_path_counters(d->path)->reassembled;
		seen->counters.merged_cut +=
		    mip6_path_counters(d->path)->merged_cut;
		seen->counters.encapsulated +=
		    mip6_path_counters(d->path)->encapsulated;
		seen->counters.decapsulated +=
		    mip6_path_counters(d->path)->decapsulated;
	}
	mip6_path_free(d->path);
	drive_need(mip6_pool_out(d->pool) == 0);
	mip6_pool_free(d->pool);
	drive_need(live == 0);
	free(d);
}

#endif
