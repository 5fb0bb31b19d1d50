/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Mobile prefix discovery, the home agent's side: Mobile Prefix Advertisements
 * to mobile nodes that are away, asked for or not.
 *
 * A solicitation has no authentication of its own without IPsec.  So it is
 * obeyed only when its Home Address option and source are a binding as it
 * stands, which was authenticated: the answer goes where the mobile node's
 * traffic goes anyway, and at most once a second.  An unsolicited advertisement
 * is repeated until a solicitation acknowledges it, a few times, and again
 * when the mobile node registers next.
 *
 * Implements: RFC 6275 sections 6.7, 6.8, 10.6.2 (retransmission), 10.6.3.
 */
#include "core/ha_mpd_int.h"

#include <string.h>

#define MPD_HOP_LIMIT 64
/* Entries looked at for room: what a solicitation may cost is bounded. */
#define MPD_VICTIMS 32

/* ---- who is to be told, and how often he was ---- */

static bool
mpd_eq(const void *table, uint32_t value, const void *key)
{
	const struct ha_mpd *d = table;

	return mip6_addr_equal(&d->delivery[value].hoa, key);
}

static struct ha_delivery *
mpd_find(struct mip6_node *n, const struct mip6_addr *hoa)
{
	struct ha_mpd *d = n->ha->mpd;
	uint32_t k;

	if (d->index.used == 0)
		return NULL;
	k = mip6_index_find(&d->index, mip6_hash_addr(&n->hash_key, hoa), d,
	    hoa, mpd_eq);
	return k == MIP6_INDEX_NONE ? NULL : &d->delivery[k];
}

static void
mpd_free(struct mip6_node *n, struct ha_delivery *e)
{
	struct ha_mpd *d = n->ha->mpd;
	uint32_t k = (uint32_t)(e - d->delivery);

	node_timer_stop(n, &e->timer);
	mip6_index_del(&d->index, mip6_hash_addr(&n->hash_key, &e->hoa), k, d,
	    NULL);
	e->used = false;
	e->next = d->delivery_free;
	d->delivery_free = k;
}

/* Room is made by those that nobody waits for any more. */
static bool
mpd_make_room(struct mip6_node *n)
{
	struct ha_mpd *d = n->ha->mpd;
	struct ha_delivery *e;
	uint32_t i;

	for (i = 0; i < MPD_VICTIMS; i++) {
		e = &d->delivery[d->victim];
		d->victim = (d->victim + 1) % HA_DELIVERIES_MAX;
		if (e->used && e->dormant) {
			mpd_free(n, e);
			return true;
		}
	}
	return false;
}

/* The entry of binding `i`, made when there is none; NULL: no room. */
static struct ha_delivery *
mpd_get(struct mip6_node *n, uint32_t i)
{
	const struct mip6_binding *b = mip6_bcache_get(&n->ha->bcache, i);
	struct ha_delivery *e = mpd_find(n, &b->hoa);
	struct ha_mpd *d = n->ha->mpd;
	uint32_t k = d->delivery_free;

	if (e != NULL)
		return e;
	if (k == HA_DELIVERIES_MAX && !mpd_make_room(n))
		return NULL;
	k = d->delivery_free;
	if (!mip6_index_add(&d->index, mip6_hash_addr(&n->hash_key, &b->hoa), k,
		d, NULL))
		return NULL;
	e = &d->delivery[k];
	d->delivery_free = e->next;
	memset(e, 0, sizeof(*e));
	e->used = true;
	e->binding = i;
	e->hoa = b->hoa;
	node_timer_init(&e->timer, MIP6_TIMER_HA_MPD, k + 1);
	return e;
}

/* R6.8-07: when the mobile node of binding `i` may be sent the next one. */
static struct mip6_time
mpd_may_send(const struct mip6_node *n, uint32_t i)
{
	return n->ha->mpd->recent[i % HA_RECENT_MAX].until;
}

/* ---- sending ---- */

static void
mpd_send(struct mip6_node *n, uint32_t i, uint16_t id)
{
	const struct mip6_binding *b = mip6_bcache_get(&n->ha->bcache, i);
	uint8_t buf[MIP6_IP6_MTU_MIN];
	struct mip6_wr w = mip6_wr_make(buf, sizeof(buf));
	struct mip6_ip6_out ip;
	struct mip6_mp m;
	size_t start, at;

	if (b->hop == MIP6_HOP_NONE)
		return;
	memset(&ip, 0, sizeof(ip));
	ip.ip.src = *ha_local(n, b); /* R10.6.3-01 */
	ip.ip.dst = b->coa;          /* R10.6.3-02, R6.8-01 */
	ip.ip.hop_limit = MPD_HOP_LIMIT;
	ip.upper = MIP6_NH_ICMPV6;
	ip.has_rh2 = true; /* R6.8-02 */
	ip.rh2 = b->hoa;
	/* R6.8-08: no DHCPv6 for who is away: neither M nor O. */
	memset(&m, 0, sizeof(m));
	m.type = MIP6_ICMP6_MPA;
	m.id = id; /* R6.8-06 */
	m.opt.prefix_count = ha_prefix_list(n, n->now.boot, m.opt.prefix);
	start = mip6_ip6_begin(&w, &ip);
	at = w.pos;
	mip6_mp_write(&w, &m);
	mip6_ip6_end(&w, start);
	MIP6_ASSERT(!w.failed);
	mip6_icmp6_finish(buf + at, w.pos - at, &ip.ip.src, &b->hoa);
	n->ha->mpd->recent[i % HA_RECENT_MAX].until =
	    mip6_time_add(n->now.boot, HA_MPA_INTERVAL);
	node_send(n, n->neighbour[b->hop].ifindex, b->hop, NULL, buf, w.pos);
	MIP6_LOG(n->log, INFO, "mpa.sent", MIP6_KA("hoa", &b->hoa),
	    MIP6_KA("coa", &b->coa), MIP6_KU("id", id),
	    MIP6_KU("prefixes", m.opt.prefix_count));
}

bool
ha_mpd_deliver(struct mip6_node *n, uint32_t i)
{
	struct ha_delivery *e = mpd_get(n, i);

	if (e == NULL)
		return false;
	/* R10.6.2-08: whatever was not acknowledged is in the new one. */
	e->sent = 0;
	e->dormant = false;
	node_timer_arm(n, &e->timer, n->now.boot);
	return true;
}

/* One was sent: when is the next, if any? */
static void
mpd_again(struct mip6_node *n, struct ha_delivery *e)
{
	/* R10.6.2-05: at most PREFIX_ADV_RETRIES more. Test: test_ha_mpd */
	if (e->sent > HA_PREFIX_ADV_RETRIES) {
		e->dormant = true; /* R10.6.2-07 */
		MIP6_LOG(n->log, WARNING, "mpd.no-answer",
		    MIP6_KA("hoa", &e->hoa));
		return;
	}
	/* R10.6.2-05: 3 s, then twice that, and so on. */
	node_timer_in(n, &e->timer,
	    MIP6_SPAN_US(HA_PREFIX_ADV_TIMEOUT.us << (e->sent - 1)));
}

static void
mpd_due(struct mip6_node *n, struct ha_delivery *e)
{
	const struct mip6_binding *b =
	    mip6_bcache_get(&n->ha->bcache, e->binding);
	struct mip6_time at = mpd_may_send(n, e->binding);

	/* R10.6.2-06: nothing without a binding. Test: test_ha_mpd */
	if (b->state != MIP6_BINDING_REGISTERED ||
	    !mip6_addr_equal(&b->hoa, &e->hoa)) {
		mpd_free(n, e);
		return;
	}
	/* R6.8-07: one a second at the most. Test: test_ha_mpd */
	if (mip6_time_before(n->now.boot, at)) {
		node_timer_arm(n, &e->timer, at);
		return;
	}
	if (e->answer) {
		mpd_send(n, e->binding, e->id);
		mpd_free(n, e); /* who asks has acknowledged */
		return;
	}
	mpd_send(n, e->binding, (uint16_t)mip6_rng_below(n->rng, 65536));
	e->sent++;
	mpd_again(n, e);
}

void
ha_mpd_timer(struct mip6_node *n, uint32_t index)
{
	struct ha_delivery *e;

	if (n->ha == NULL)
		return;
	if (index == 0) {
		ha_round_step(n);
		return;
	}
	e = &n->ha->mpd->delivery[index - 1];
	if (e->used)
		mpd_due(n, e);
}

/* ---- solicitations ---- */

/* The binding that the solicitation may be answered for. */
static uint32_t
mpd_check(struct mip6_node *n, const struct mip6_hint *h,
    const struct mip6_ip6_view *ip)
{
	const struct mip6_binding *b;
	uint32_t i;

	/* R6.7-01: to an address of ours, in no tunnel. Test: test_ha_mpd */
	if (!n->ha->c->on || ha_address_index(n, &ip->ip.dst) < 0 ||
	    !mip6_addr_is_any(&h->tunnel_peer)) {
		node_drop(n, MIP6_DROP_MPS_UNEXPECTED, &ip->ip.src);
		return MIP6_BCACHE_NONE;
	}
	/* R6.7-02: with a Home Address option. Test: test_ha_mpd */
	if (ip->fault != MIP6_IP6_FAULT_NONE || !ip->has_hao) {
		node_drop(n, MIP6_DROP_MPS_UNEXPECTED, &ip->ip.src);
		return MIP6_BCACHE_NONE;
	}
	i = mip6_bcache_find(&n->ha->bcache, &ip->hao);
	b = i != MIP6_BCACHE_NONE ? mip6_bcache_get(&n->ha->bcache, i) : NULL;
	/* P-MPS: from a binding's care-of address alone. Test: test_ha_mpd */
	if (b == NULL || b->state != MIP6_BINDING_REGISTERED ||
	    !mip6_addr_equal(&b->coa, &ip->ip.src)) {
		node_drop(n, MIP6_DROP_MPS_NO_BINDING, &ip->ip.src);
		return MIP6_BCACHE_NONE;
	}
	return i;
}

void
ha_input_mps(struct mip6_node *n, const struct mip6_hint *h,
    const struct mip6_ip6_view *ip)
{
	struct ha_delivery *e;
	struct mip6_mp m;
	uint32_t i;

	/* R6.7-01: code 0, and options that are some. Test: test_ha_mpd */
	if (mip6_mp_read(h->octets + ip->upper_at, ip->upper_octets, &m,
		NULL) != MIP6_PARSE_OK) {
		node_drop(n, MIP6_DROP_MP_INVALID, &ip->ip.src);
		return;
	}
	i = mpd_check(n, h, ip);
	if (i == MIP6_BCACHE_NONE)
		return;
	e = mpd_find(n, &ip->hao);
	/* R10.6.2-03: answered right away, R6.8-07: unless one just went. */
	if (mip6_time_reached(mpd_may_send(n, i), n->now.boot)) {
		if (e != NULL)
			mpd_free(n, e); /* R10.6.2-04: acknowledged */
		mpd_send(n, i, m.id);
		return;
	}
	e = mpd_get(n, i);
	/* P-MPS: no more at once than there is room for. Test: test_ha_mpd */
	if (e == NULL) {
		node_drop(n, MIP6_DROP_MPS_RATE, &ip->ip.src);
		return;
	}
	e->answer = true;
	e->dormant = false;
	e->id = m.id;
	node_timer_arm(n, &e->timer, mpd_may_send(n, i));
}

/* ---- what the rest of the home agent says ---- */

void
ha_mpd_changed(struct mip6_node *n)
{
	ha_prefix_places(n);
	if (n->ha->mpd->changed || !n->ha->mpd->round[0].on)
		ha_round_begin(n);
	n->ha->mpd->changed = false;
}

void
ha_mpd_registered(struct mip6_node *n, uint32_t i)
{
	const struct mip6_binding *b = mip6_bcache_get(&n->ha->bcache, i);
	struct ha_delivery *e = mpd_find(n, &b->hoa);

	/* R10.6.2-07: it is there again: once more. Test: test_ha_mpd */
	if (e != NULL && e->dormant)
		(void)ha_mpd_deliver(n, i);
	ha_round_join(n, i);
}

void
ha_mpd_gone(struct mip6_node *n, uint32_t i)
{
	const struct mip6_binding *b = mip6_bcache_get(&n->ha->bcache, i);
	struct ha_delivery *e = mpd_find(n, &b->hoa);

	if (e != NULL)
		mpd_free(n, e);
}

bool
ha_mpd_init(struct mip6_node *n)
{
	const struct mip6_alloc *a = &n->env.alloc;
	struct ha_mpd *d;
	uint32_t k;

	d = a->alloc(a->arg, sizeof(*d));
	if (d == NULL)
		return false;
	n->ha->mpd = d;
	d->chunks = n->ha->bcache.max / HA_ROUND_CHUNK + 1;
	d->chunk_done = a->alloc(a->arg, d->chunks * sizeof(*d->chunk_done));
	if (d->chunk_done == NULL ||
	    !mip6_index_init(&d->index, a, HA_DELIVERIES_MAX))
		return false;
	for (k = 0; k < d->chunks; k++)
		d->chunk_done[k] = n->now.boot;
	for (k = 0; k < HA_DELIVERIES_MAX; k++)
		d->delivery[k].next = k + 1;
	node_timer_init(&d->walk, MIP6_TIMER_HA_MPD, 0);
	return true;
}

void
ha_mpd_fini(struct mip6_node *n)
{
	const struct mip6_alloc *a = &n->env.alloc;
	struct ha_mpd *d = n->ha->mpd;

	if (d == NULL)
		return;
	mip6_index_fini(&d->index);
	if (d->chunk_done != NULL)
		a->release(a->arg, d->chunk_done,
		    d->chunks * sizeof(*d->chunk_done));
	a->release(a->arg, d, sizeof(*d));
	n->ha->mpd = NULL;
}
