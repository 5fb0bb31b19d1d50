/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What the host gives through the TUN.
 *
 * In this order: a home address of ours as destination goes straight back
 * (some systems send out what is for themselves); a home address of ours as
 * source decides by its row; a pair that is direct is (direct_out.c); a
 * registered mobile node as destination is tunnelled.  A neighbour's row counts only while its home address is at home:
 * away, nothing with the home address leaves but through the tunnel.
 *
 * With many rows a burst is looked at three times: once to ask for the slots
 * of its packets, once for the rows, and then to do the work.
 *
 * Implements: RFC 6275 sections 10.4.2, 11.3.1; RFC 4861 section 7.2.2.
 */
#include "path/inside.h"

/* A table larger than what a second cache holds is worth prefetching. */
#define TUN_PREFETCH_ROWS 1024

/* Waits for the row of a neighbour, and asks the core for it. */
static void
tun_wait(struct mip6_path *p, const struct mip6_addr *src,
    const struct mip6_addr *dst, struct mip6_pkt *pkt)
{
	struct mip6_path_key *key, *free = NULL;
	uint32_t i;

	for (i = 0; i < MIP6_PATH_KEYS; i++) {
		key = &p->key[i];
		if (key->queue.count == 0) {
			if (free == NULL)
				free = key;
		} else if (mip6_addr_equal(&key->dst, dst) &&
		    mip6_addr_equal(&key->src, src)) {
			break;
		}
	}
	if (i == MIP6_PATH_KEYS) {
		if (free == NULL) {
			mip6_path_drop(p, MIP6_DROP_WAITING_FULL, pkt);
			return;
		}
		key = free;
		key->src = *src;
		key->dst = *dst;
	}
	if (mip6_path_queue_add(p, &key->queue, pkt, 0))
		mip6_path_hint_no_row(p, src, dst);
}

void
mip6_path_retry(struct mip6_path *p, const struct mip6_addr *home,
    const struct mip6_addr *other)
{
	struct mip6_path_queue queue;
	struct mip6_path_key *key;
	uint32_t i, n;

	if (p->waiting == 0)
		return;
	for (i = 0; i < MIP6_PATH_KEYS; i++) {
		key = &p->key[i];
		if (key->queue.count == 0 ||
		    !mip6_addr_equal(&key->src, home) ||
		    (!mip6_addr_is_any(other) &&
			!mip6_addr_equal(&key->dst, other)))
			continue;
		/*
		 * Emptied first: those that must wait again take this place or
		 * one before it, so that each is tried once.
		 */
		queue = key->queue;
		key->queue.count = 0;
		p->waiting -= queue.count;
		for (n = 0; n < queue.count; n++)
			mip6_path_out(p, queue.wait[n].pkt);
	}
}

/* Sends natively, from home, what `added` octets have been added to. */
static void
tun_native(struct mip6_path *p, struct mip6_path_row *base,
    struct mip6_path_row *row, struct mip6_pkt *pkt, uint32_t added)
{
	const struct mip6_path_link *l;
	struct mip6_addr dst = mip6_path_dst(pkt);
	struct mip6_lladdr to;

	l = mip6_path_link_find(p, mip6_path_row_mn(base)->ifindex);
	if (l == NULL) {
		mip6_path_drop(p, MIP6_DROP_NO_ROUTE, pkt);
		return;
	}
	/* What was added made it so large: cut on its way. */
	if (added == 0 && pkt->count > l->mtu) {
		mip6_path_error(p, base, pkt, MIP6_ICMP6_TOO_BIG, 0, l->mtu);
		mip6_path_drop(p, MIP6_DROP_TUNNEL_TOO_BIG, pkt);
		return;
	}
	row->octets_out += pkt->count;
	mip6_path_hint_row_used(p, row);
	if (mip6_addr_is_multicast(&dst)) {
		to = mip6_addr_mc_lladdr(&dst);
		mip6_path_link_send(p, l, &to, pkt, l->mtu);
		return;
	}
	mip6_path_hop_send(p, row->hop, pkt, l->mtu);
}

/* Is the destination on the home link? */
static bool
tun_on_link(const struct mip6_path_row *home, const struct mip6_addr *dst)
{
	uint8_t bits = mip6_path_row_mn(home)->onlink_bits;
	struct mip6_prefix prefix;

	if (mip6_addr_is_linklocal(dst))
		return true;
	if (bits == 0 || bits > 128)
		return false;
	prefix = mip6_prefix_make(&home->home, bits);
	return mip6_prefix_has(&prefix, dst);
}

/* From a home address of ours; `base` is the row of (home, ::). */
static void
tun_home(struct mip6_path *p, struct mip6_path_row *base, struct mip6_pkt *pkt)
{
	struct mip6_addr src = mip6_path_src(pkt);
	struct mip6_addr dst = mip6_path_dst(pkt);
	struct mip6_path_row *row = base, *pair = NULL;
	uint32_t octets = pkt->count;

	if (p->rows.pairs > 0)
		pair = mip6_path_rows_find(&p->rows, &src, &dst);
	if (pair != NULL && pair->kind == MIP6_FWD_DIRECT) {
		if (mip6_path_direct_out(p, pair, base, pkt) ==
		    MIP6_DIRECT_DONE)
			return;
		dst = mip6_path_dst(pkt);
		pair = mip6_path_rows_find(&p->rows, &src, &dst);
		if (pair != NULL && pair->kind == MIP6_FWD_DIRECT)
			pair = NULL;
	} else if (base->kind == MIP6_FWD_MN_TUNNEL) {
		mip6_path_hint_peer(p, base, &dst, false);
	}
	/* A neighbour is one at home alone. */
	if (pair != NULL &&
	    (pair->kind != MIP6_FWD_MN_NEIGHBOUR ||
		base->kind == MIP6_FWD_MN_HOME))
		row = pair;
	switch ((enum mip6_fwd_kind)row->kind) {
	case MIP6_FWD_MN_TUNNEL:
		mip6_path_tunnel_out_direct(p, row, pkt, pkt->count - octets);
		break;
	case MIP6_FWD_MN_HOME:
		if (!mip6_addr_is_multicast(&dst) && tun_on_link(row, &dst))
			tun_wait(p, &src, &dst, pkt);
		else
			tun_native(p, base, row, pkt, pkt->count - octets);
		break;
	case MIP6_FWD_MN_NEIGHBOUR:
		/* A neighbour that is everybody is none. */
		if (row == base)
			mip6_path_drop(p, MIP6_DROP_NO_ROW, pkt);
		else
			tun_native(p, base, row, pkt, pkt->count - octets);
		break;
	case MIP6_FWD_MN_BLOCK:
		/*
		 * "No route": a connection being made fails at once, one that
		 * stands is kept and tried again sooner (RFC 6069).
		 */
		mip6_path_error(p, row, pkt, MIP6_ICMP6_UNREACHABLE,
		    MIP6_ICMP6_NO_ROUTE, 0);
		mip6_path_drop(p, MIP6_DROP_BLOCKED, pkt);
		break;
	case MIP6_FWD_DIRECT:
	case MIP6_FWD_HA_TUNNEL:
		mip6_path_drop(p, MIP6_DROP_NO_ROW, pkt);
		break;
	}
}

/* From an address of ours to a mobile node that we talk with directly. */
static void
tun_correspondent(struct mip6_path *p, struct mip6_path_row *row,
    struct mip6_pkt *pkt)
{
	const struct mip6_addr *local = mip6_path_row_local(&p->rows, row);

	if (mip6_path_direct_out(p, row, NULL, pkt) == MIP6_DIRECT_DONE)
		return;
	/*
	 * What must not have these headers finds its way by the mobile node's
	 * home agent, of whose path MTU the row knows nothing; but no home
	 * address of ours shows itself outside.
	 */
	if (mip6_addr_equal(local, &row->home))
		mip6_path_hop_send(p, row->hop, pkt, UINT16_MAX);
	else
		mip6_path_drop(p, MIP6_DROP_NO_ROW, pkt);
}

/* Nothing covers it: the core is told, unless it cannot leave the link. */
static void
tun_no_row(struct mip6_path *p, const struct mip6_addr *src,
    const struct mip6_addr *dst, struct mip6_pkt *pkt)
{
	struct mip6_path_row *row;

	/* What our own applications want to hear of; the core may tell. */
	if (p->rows.kind[MIP6_FWD_MN_TUNNEL] > 0 && mip6_path_is_mld(pkt)) {
		mip6_path_hint_packet(p, pkt, NULL);
		return;
	}
	if (mip6_addr_is_linklocal(src) || mip6_addr_is_linklocal(dst) ||
	    mip6_addr_is_multicast(dst)) {
		mip6_path_drop(p, MIP6_DROP_TUNNEL_SCOPE, pkt);
		return;
	}
	row = p->rows.kind[MIP6_FWD_HA_TUNNEL] > 0 ?
	    mip6_path_rows_find(&p->rows, &mip6_addr_any, &mip6_addr_any) :
	    NULL;
	/* P-NOBODY: not registered, and told so. Test: test_path_nobody */
	if (row != NULL && !mip6_path_is_local(p, dst))
		mip6_path_error(p, row, pkt, MIP6_ICMP6_UNREACHABLE,
		    MIP6_ICMP6_ADDRESS, 0);
	mip6_path_hint_no_row(p, src, dst);
	mip6_path_drop(p, MIP6_DROP_NO_ROW, pkt);
}

void
mip6_path_out(struct mip6_path *p, struct mip6_pkt *pkt)
{
	struct mip6_addr src = mip6_path_src(pkt);
	struct mip6_addr dst = mip6_path_dst(pkt);
	struct mip6_path_row *row;

	if (mip6_path_rows_mn(&p->rows) > 0) {
		row = mip6_path_rows_find(&p->rows, &dst, &mip6_addr_any);
		if (row != NULL && row->kind != MIP6_FWD_HA_TUNNEL) {
			mip6_path_tun_emit(p, pkt);
			return;
		}
		row = mip6_path_rows_find(&p->rows, &src, &mip6_addr_any);
		if (row != NULL && row->kind != MIP6_FWD_HA_TUNNEL) {
			tun_home(p, row, pkt);
			return;
		}
	}
	row = NULL;
	if (p->rows.kind[MIP6_FWD_DIRECT] > 0)
		row = mip6_path_rows_find(&p->rows, &src, &dst);
	/* R9.3.2-01: each packet is asked about. Test: test_path_direct_out */
	if (row != NULL && row->kind == MIP6_FWD_DIRECT) {
		tun_correspondent(p, row, pkt);
		return;
	}
	row = NULL;
	if (p->rows.kind[MIP6_FWD_HA_TUNNEL] > 0)
		row = mip6_path_rows_find(&p->rows, &dst, &mip6_addr_any);
	if (row != NULL && row->kind == MIP6_FWD_HA_TUNNEL)
		mip6_path_tunnel_out(p, row, pkt, false);
	else
		tun_no_row(p, &src, &dst, pkt);
}

void
mip6_path_reply(struct mip6_path *p, struct mip6_pkt *pkt)
{
	struct mip6_addr dst = mip6_path_dst(pkt);
	struct mip6_path_row *row;

	row = mip6_path_rows_find(&p->rows, &dst, &mip6_addr_any);
	if (row != NULL && row->kind == MIP6_FWD_HA_TUNNEL)
		mip6_path_tunnel_out(p, row, pkt, true);
	else
		mip6_path_tun_emit(p, pkt);
}

static void
tun_prefetch(const struct mip6_path *p, struct mip6_pkt *const *pkt, size_t n)
{
	uint32_t hash[MIP6_PKT_BURST];
	struct mip6_addr dst;
	size_t i;

	for (i = 0; i < n; i++) {
		hash[i] = 0;
		if (pkt[i]->count < MIP6_IP6_OCTETS)
			continue;
		dst = mip6_path_dst(pkt[i]);
		hash[i] = mip6_path_rows_hash(&p->rows, &dst, &mip6_addr_any);
		mip6_path_rows_prefetch_slot(&p->rows, hash[i]);
	}
	for (i = 0; i < n; i++)
		mip6_path_rows_prefetch_row(&p->rows, hash[i]);
}

void
mip6_path_from_tun(struct mip6_path *p, const struct mip6_now *now,
    struct mip6_pkt *const *pkt, size_t n)
{
	size_t i;

	MIP6_ASSERT(n <= MIP6_PKT_BURST);
	p->now = *now;
	p->counters.from_tun += n;
	if (p->rows.kind[MIP6_FWD_HA_TUNNEL] > TUN_PREFETCH_ROWS)
		tun_prefetch(p, pkt, n);
	for (i = 0; i < n; i++) {
		pkt[i]->ifindex = 0;
		if (mip6_path_trim(p, pkt[i]))
			mip6_path_out(p, pkt[i]);
	}
}
