/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What the path tells the core: the closed list of mip6/fwd.h and its limits.
 *
 *	row used	once after each time the row was set
 *	no row		once a second for a pair, 1,000 a second in all; a
 *			correspondent in the tunnel as well, and those who send
 *			by it have a limit of their own
 *	next hop	once a second for a hop; once after each time it became
 *			stale
 *	home address	as `no row`, with a limit of its own
 *	ICMPv6 error	10 a second for a row, the same for those about packets
 *			of the core
 *	packet		every one: losing a Binding Update for the number of
 *			others would be an attack that works; the queue behind
 *			the hints is bounded
 */
#include "path/inside.h"

#define HINT_SECOND_US    1000000
#define HINT_NO_ROW_US    1000
#define HINT_NO_ROW_BURST 100
#define HINT_ERROR_US     100000
#define HINT_ERROR_BURST  4

/* Has this pair not been told within the last second, and may it be? */
static bool
hint_is_new(struct mip6_path *p, struct mip6_path_rate *rate,
    const struct mip6_addr *a, const struct mip6_addr *b)
{
	struct mip6_path_recent *r;
	uint64_t hash;

	hash = mip6_hash_pair(&p->env.hash_key, a, b);
	r = &p->recent[(hash >> 32) & (MIP6_PATH_RECENT - 1)];
	if (r->hash == hash && p->now.boot.us < r->until_us)
		return false;
	if (!mip6_path_rate_take(rate, p->now.boot, HINT_NO_ROW_US,
		HINT_NO_ROW_BURST))
		return false;
	r->hash = hash;
	r->until_us =
	    mip6_time_add(p->now.boot, MIP6_SPAN_US(HINT_SECOND_US)).us;
	return true;
}

static void
hint_give(struct mip6_path *p, const struct mip6_hint *hint,
    struct mip6_pkt *pkt)
{
	p->env.hint(p->env.arg, hint, pkt);
}

void
mip6_path_hint_row_used(struct mip6_path *p, struct mip6_path_row *row)
{
	struct mip6_hint hint = { .kind = MIP6_HINT_ROW_USED };

	if (row->told)
		return;
	row->told = true;
	hint.src = row->home;
	hint.dst = mip6_path_row_other(row);
	hint.hop = row->hop;
	hint_give(p, &hint, NULL);
}

static void
hint_no_row(struct mip6_path *p, struct mip6_path_rate *rate,
    const struct mip6_addr *src, const struct mip6_addr *dst)
{
	struct mip6_hint hint = { .kind = MIP6_HINT_NO_ROW };

	if (!hint_is_new(p, rate, src, dst))
		return;
	hint.hop = MIP6_HOP_NONE;
	hint.src = *src;
	hint.dst = *dst;
	hint_give(p, &hint, NULL);
}

void
mip6_path_hint_no_row(struct mip6_path *p, const struct mip6_addr *src,
    const struct mip6_addr *dst)
{
	hint_no_row(p, &p->hints_no_row, src, dst);
}

void
mip6_path_hint_peer(struct mip6_path *p, const struct mip6_path_row *row,
    const struct mip6_addr *peer, bool came)
{
	/* P-TELL: those whom the core wants. Test: test_path_direct_tell */
	if (!mip6_path_row_mn(row)->tell || !mip6_addr_is_routable(peer) ||
	    mip6_addr_equal(peer, &row->peer))
		return;
	if (p->rows.kind[MIP6_FWD_DIRECT] > 0 &&
	    mip6_path_direct_row(p, &row->home, peer) != NULL)
		return;
	/* Anybody can send; whom the host sends to is not at their cost. */
	hint_no_row(p, came ? &p->hints_came : &p->hints_no_row, &row->home,
	    peer);
}

void
mip6_path_hint_hop(struct mip6_path *p, struct mip6_path_hop *hop)
{
	struct mip6_hint hint = { .kind = MIP6_HINT_HOP };

	if (hop->fwd.usable && hop->told)
		return;
	if (!hop->fwd.usable &&
	    !mip6_path_rate_take(&hop->hints, p->now.boot, HINT_SECOND_US, 1))
		return;
	hop->told = true;
	hint.hop = hop->fwd.hop;
	hint.ifindex = hop->fwd.ifindex;
	hint_give(p, &hint, NULL);
}

/* A hint with the packet, which goes to the core. */
static void
hint_give_packet(struct mip6_path *p, struct mip6_hint *hint,
    struct mip6_pkt *pkt)
{
	hint->hop = MIP6_HOP_NONE;
	hint->ifindex = pkt->ifindex;
	hint->ll_src = pkt->ll_src;
	hint->octets = mip6_pkt_octets(pkt);
	hint->count = pkt->count;
	if (hint->kind == MIP6_HINT_ICMP_ERROR &&
	    hint->count > MIP6_IP6_MTU_MIN)
		hint->count = MIP6_IP6_MTU_MIN;
	hint_give(p, hint, pkt);
}

void
mip6_path_hint_packet(struct mip6_path *p, struct mip6_pkt *pkt,
    const struct mip6_addr *peer)
{
	struct mip6_hint hint = { .kind = MIP6_HINT_PACKET };

	hint.src = mip6_path_src(pkt);
	hint.dst = mip6_path_dst(pkt);
	if (peer != NULL)
		hint.tunnel_peer = *peer;
	hint_give_packet(p, &hint, pkt);
}

void
mip6_path_hint_error(struct mip6_path *p, struct mip6_path_row *row,
    struct mip6_pkt *pkt)
{
	struct mip6_hint hint = { .kind = MIP6_HINT_ICMP_ERROR };
	struct mip6_path_rate *rate;

	rate = row != NULL ? &mip6_path_rates(p, row)->hints : &p->hints_error;
	if (!mip6_path_rate_take(rate, p->now.boot, HINT_ERROR_US,
		HINT_ERROR_BURST)) {
		mip6_path_drop(p, MIP6_DROP_ICMP_RATE, pkt);
		return;
	}
	hint.src = mip6_path_src(pkt);
	hint.dst = mip6_path_dst(pkt);
	if (row != NULL)
		hint.tunnel_peer = row->peer;
	hint_give_packet(p, &hint, pkt);
}

void
mip6_path_hint_hao(struct mip6_path *p, struct mip6_pkt *pkt,
    const struct mip6_ip6_view *v)
{
	struct mip6_hint hint = { .kind = MIP6_HINT_HAO };

	p->counters.drops.count[MIP6_DROP_HAO_NO_BINDING]++;
	if (!hint_is_new(p, &p->hints_hao, &v->ip.src, &v->hao)) {
		mip6_pool_put(p->env.pool, pkt);
		return;
	}
	hint.src = v->ip.src;
	hint.dst = v->hao;
	hint_give_packet(p, &hint, pkt);
}
