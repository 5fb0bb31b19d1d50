/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The last step: next hops, packets that wait for them, frames.
 *
 * A packet waits as a whole and is cut into fragments when it is sent, so that
 * a full queue never holds half a packet.  When a fourth packet comes for one
 * hop, the oldest gives way (RFC 4861 section 7.2.2); when the limit on all
 * queues is reached, the new one.
 *
 * Implements: RFC 4861 section 7.2.2 (queue), RFC 2464 sections 3 and 7, RFC
 * 8200 section 4.5 (what stands in every fragment).
 */
#include "path/inside.h"

#include "wire/dstopt.h"
#include "wire/eth.h"

void
mip6_path_tun_emit(struct mip6_path *p, struct mip6_pkt *pkt)
{
	pkt->ifindex = 0;
	p->counters.to_tun++;
	p->env.emit(p->env.arg, 0, pkt);
}

/* Does an options header hold a Home Address option? */
static bool
hop_has_hao(const uint8_t *header, size_t count)
{
	struct mip6_opt opt;
	size_t pos = 2;

	while (pos < count) {
		if (mip6_opt_next(header, count, &pos, &opt, NULL) !=
		    MIP6_PARSE_OK)
			return false;
		if (opt.type == MIP6_OPT_HAO)
			return true;
	}
	return false;
}

/*
 * Octets of the headers that every fragment repeats: up to a routing header,
 * and the Home Address option, which stands before the Fragment header
 * (R6.3-05).  *next_at: the field that will name the Fragment header.
 */
static size_t
hop_keep(const struct mip6_pkt *pkt, size_t *next_at)
{
	const uint8_t *octets = mip6_pkt_octets(pkt);
	size_t at = MIP6_IP6_OCTETS, keep = MIP6_IP6_OCTETS, size;
	size_t field = MIP6_IP6_AT_NEXT_HEADER;
	uint8_t next = octets[field];
	unsigned int n;

	*next_at = field;
	for (n = 0; n < MIP6_IP6_HEADERS_MAX; n++) {
		if (next != MIP6_NH_HOPOPTS && next != MIP6_NH_ROUTING &&
		    next != MIP6_NH_DSTOPTS)
			break;
		if (pkt->count - at < 8)
			break;
		size = ((size_t)octets[at + 1] + 1) * 8;
		if (size > pkt->count - at)
			break;
		field = at;
		if (next != MIP6_NH_DSTOPTS || hop_has_hao(octets + at, size)) {
			keep = at + size;
			*next_at = field;
		}
		next = octets[at];
		at += size;
	}
	return keep;
}

/* One frame, small enough for the link. */
static void
hop_frame(struct mip6_path *p, const struct mip6_path_link *l,
    const struct mip6_lladdr *to, struct mip6_pkt *pkt)
{
	if (!l->raw) {
		if (!mip6_path_room(p, pkt, MIP6_ETH_OCTETS))
			return;
		pkt->off -= MIP6_ETH_OCTETS;
		pkt->count += MIP6_ETH_OCTETS;
		mip6_eth_put(mip6_pkt_octets(pkt), to, &l->lladdr,
		    MIP6_ETHERTYPE_IPV6);
	}
	pkt->ifindex = l->ifindex;
	p->counters.to_link++;
	p->env.emit(p->env.arg, l->ifindex, pkt);
}

/* An identification that others cannot guess from those they see. */
static uint32_t
hop_frag_id(struct mip6_path *p, const struct mip6_pkt *pkt)
{
	struct mip6_addr src = mip6_path_src(pkt);
	struct mip6_addr dst = mip6_path_dst(pkt);

	return p->frag_id++ +
	    (uint32_t)mip6_hash_pair(&p->env.hash_key, &dst, &src);
}

void
mip6_path_link_send(struct mip6_path *p, const struct mip6_path_link *l,
    const struct mip6_lladdr *to, struct mip6_pkt *pkt, uint16_t mtu)
{
	struct mip6_pkt *list, *next;
	size_t keep, next_at;

	if (mtu > l->mtu)
		mtu = l->mtu;
	if (pkt->count <= mtu) {
		hop_frame(p, l, to, pkt);
		return;
	}
	if (!mip6_path_room(p, pkt, MIP6_FRAG_OCTETS))
		return;
	keep = hop_keep(pkt, &next_at);
	list = mip6_frag_cut(p->env.pool, pkt, keep, next_at, mtu,
	    hop_frag_id(p, pkt));
	if (list == NULL) {
		mip6_path_drop(p, MIP6_DROP_NO_BUFFER, pkt);
		return;
	}
	for (; list != NULL; list = next) {
		next = list->next;
		list->next = NULL;
		p->counters.fragments_out++;
		hop_frame(p, l, to, list);
	}
}

bool
mip6_path_queue_add(struct mip6_path *p, struct mip6_path_queue *q,
    struct mip6_pkt *pkt, uint16_t mtu)
{
	struct mip6_time due;

	if (q->count == MIP6_PATH_WAIT_MAX) {
		mip6_path_drop(p, MIP6_DROP_WAITING_FULL, q->wait[0].pkt);
		memmove(&q->wait[0], &q->wait[1],
		    (MIP6_PATH_WAIT_MAX - 1) * sizeof(q->wait[0]));
		q->count--;
		p->waiting--;
	}
	if (p->waiting >= p->env.waiting_max) {
		mip6_path_drop(p, MIP6_DROP_WAITING_FULL, pkt);
		return false;
	}
	if (q->count == 0) {
		q->since = p->now.boot;
		due = mip6_time_add(q->since, MIP6_PATH_WAIT);
		p->wait_due = mip6_time_min(p->wait_due, due);
	}
	q->wait[q->count++] = (struct mip6_path_wait){ pkt, mtu };
	p->waiting++;
	return true;
}

void
mip6_path_queue_drop(struct mip6_path *p, struct mip6_path_queue *q,
    enum mip6_drop why)
{
	uint32_t i;

	for (i = 0; i < q->count; i++)
		mip6_path_drop(p, why, q->wait[i].pkt);
	p->waiting -= q->count;
	q->count = 0;
}

/* Drops a queue that is too old; *due: when the earliest other one is. */
static void
hop_queue_expire(struct mip6_path *p, struct mip6_path_queue *q,
    struct mip6_time *due)
{
	struct mip6_time end;

	if (q->count == 0)
		return;
	end = mip6_time_add(q->since, MIP6_PATH_WAIT);
	if (mip6_time_reached(end, p->now.boot))
		mip6_path_queue_drop(p, q, MIP6_DROP_UNRESOLVED);
	else
		*due = mip6_time_min(*due, end);
}

void
mip6_path_queues_expire(struct mip6_path *p)
{
	struct mip6_time due = MIP6_TIME_NEVER;
	uint32_t i;

	for (i = 0; i < p->env.hops_max; i++)
		hop_queue_expire(p, &p->hop[i].queue, &due);
	for (i = 0; i < MIP6_PATH_KEYS; i++)
		hop_queue_expire(p, &p->key[i].queue, &due);
	p->wait_due = due;
}

/* Sends to a hop that is usable. */
static void
hop_send_now(struct mip6_path *p, const struct mip6_path_hop *hop,
    struct mip6_pkt *pkt, uint16_t mtu)
{
	const struct mip6_path_link *l;

	l = mip6_path_link_find(p, hop->fwd.ifindex);
	if (l == NULL) {
		mip6_path_drop(p, MIP6_DROP_NO_ROUTE, pkt);
		return;
	}
	mip6_path_link_send(p, l, &hop->fwd.lladdr, pkt, mtu);
}

void
mip6_path_hop_send(struct mip6_path *p, uint32_t number, struct mip6_pkt *pkt,
    uint16_t mtu)
{
	struct mip6_path_hop *hop;

	if (number >= p->env.hops_max) {
		mip6_path_drop(p, MIP6_DROP_NO_ROUTE, pkt);
		return;
	}
	hop = &p->hop[number];
	hop->fwd.hop = number;
	if (hop->fwd.usable) {
		hop_send_now(p, hop, pkt, mtu);
		if (hop->fwd.stale)
			mip6_path_hint_hop(p, hop);
		return;
	}
	if (hop->fwd.dead)
		mip6_path_drop(p, MIP6_DROP_UNRESOLVED, pkt);
	else if (!mip6_path_queue_add(p, &hop->queue, pkt, mtu))
		return;
	/* The dead may rise: the core is asked again. */
	mip6_path_hint_hop(p, hop);
}

bool
mip6_path_hop_set(struct mip6_path *p, const struct mip6_now *now,
    const struct mip6_fwd_hop *fwd)
{
	struct mip6_path_queue queue;
	struct mip6_path_hop *hop;
	uint32_t i;

	if (fwd->hop >= p->env.hops_max)
		return false;
	p->now = *now;
	hop = &p->hop[fwd->hop];
	if (!hop->set) {
		hop->set = true;
		p->counters.hops++;
	}
	hop->fwd = *fwd;
	hop->told = false;
	if (fwd->dead && !fwd->usable) {
		mip6_path_queue_drop(p, &hop->queue, MIP6_DROP_UNRESOLVED);
		return true;
	}
	if (!fwd->usable)
		return true;
	queue = hop->queue;
	hop->queue.count = 0;
	p->waiting -= queue.count;
	for (i = 0; i < queue.count; i++)
		hop_send_now(p, hop, queue.wait[i].pkt, queue.wait[i].mtu);
	return true;
}

/* A packet of the core whose next step is given, not looked up. */
static void
hop_send_given(struct mip6_path *p, uint32_t ifindex,
    const struct mip6_lladdr *lladdr, struct mip6_pkt *pkt)
{
	const struct mip6_path_link *l = mip6_path_link_find(p, ifindex);
	struct mip6_addr dst = mip6_path_dst(pkt);
	struct mip6_lladdr to = { { 0 } };

	if (l == NULL) {
		mip6_path_drop(p, MIP6_DROP_NO_ROUTE, pkt);
		return;
	}
	if (lladdr != NULL)
		to = *lladdr;
	else if (mip6_addr_is_multicast(&dst))
		to = mip6_addr_mc_lladdr(&dst);
	else if (!l->raw) {
		mip6_path_drop(p, MIP6_DROP_NO_ROUTE, pkt);
		return;
	}
	mip6_path_link_send(p, l, &to, pkt, l->mtu);
}

void
mip6_path_send(struct mip6_path *p, const struct mip6_now *now,
    uint32_t ifindex, uint32_t hop, const struct mip6_lladdr *lladdr,
    const uint8_t *octets, size_t count)
{
	struct mip6_pkt *pkt;

	p->now = *now;
	pkt = mip6_path_copy(p, octets, count);
	if (pkt == NULL || !mip6_path_trim(p, pkt))
		return;
	if (lladdr == NULL && hop != MIP6_HOP_NONE)
		mip6_path_hop_send(p, hop, pkt, UINT16_MAX);
	else if (ifindex == 0 && lladdr == NULL)
		mip6_path_tun_emit(p, pkt);
	else
		hop_send_given(p, ifindex, lladdr, pkt);
}
