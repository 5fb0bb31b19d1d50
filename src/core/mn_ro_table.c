/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The Binding Update List's entries of correspondents: finding, making room
 * for and limiting what goes to them.
 *
 * Implements: RFC 6275 sections 11.1, 11.8.
 */
#include "core/mn_ro_int.h"

#include <string.h>

/* How long an entry that rests is kept. */
#define RO_IDLE_KEPT MIP6_SPAN_S(600)

const char *
ro_state_name(enum ro_state s)
{
	static const char *const name[RO_STATE_COUNT] = {
		[RO_IDLE] = "idle",
		[RO_TESTING] = "testing",
		[RO_UPDATING] = "updating",
		[RO_BOUND] = "direct",
		[RO_DELETING] = "deleting",
		[RO_DENIED] = "denied",
	};

	return name[s];
}

const char *
ro_denial_name(enum ro_denial d)
{
	static const char *const name[] = {
		[RO_DENIAL_NONE] = "",
		[RO_DENIAL_SILENT] = "does not answer",
		[RO_DENIAL_UNREACHABLE] = "cannot be reached",
		[RO_DENIAL_UNSUPPORTED] = "knows no Mobile IPv6",
		[RO_DENIAL_REFUSED] = "refuses",
	};

	return name[d];
}

/* ---- the table ---- */

struct ro_peer *
ro_find(const struct mip6_node *n, const struct mip6_addr *hoa,
    const struct mip6_addr *peer)
{
	struct ro_peer *p;
	uint32_t i;

	for (i = 0; n->mn->ro != NULL && i < RO_PEERS_MAX; i++) {
		p = &n->mn->ro->peer[i];
		if (p->used && mip6_addr_equal(&p->peer, peer) &&
		    mip6_addr_equal(&p->hoa, hoa))
			return p;
	}
	return NULL;
}

struct mn_home *
ro_home_of(struct mip6_node *n, const struct mip6_addr *hoa)
{
	uint32_t i;

	for (i = 0; i < MIP6_HOMES_MAX; i++)
		if (n->mn->home[i].used &&
		    mip6_addr_equal(&n->mn->home[i].hoa, hoa))
			return &n->mn->home[i];
	return NULL;
}

struct mn_home *
ro_home(struct mip6_node *n, const struct ro_peer *p)
{
	return ro_home_of(n, &p->hoa);
}

void
ro_set_state(struct mip6_node *n, struct ro_peer *p, enum ro_state to)
{
	if (p->state == to)
		return;
	MIP6_LOG(n->log, INFO, "ro.state", MIP6_KA("hoa", &p->hoa),
	    MIP6_KA("peer", &p->peer), MIP6_KS("from", ro_state_name(p->state)),
	    MIP6_KS("to", ro_state_name(to)));
	p->state = to;
	/* What rests is forgotten after a while. */
	if (to == RO_IDLE)
		node_timer_in(n, &p->timer[RO_TIMER_LIFE], RO_IDLE_KEPT);
}

void
ro_del(struct mip6_node *n, struct ro_peer *p)
{
	struct mip6_addr hoa = p->hoa, peer = p->peer;
	bool usable = p->usable;
	size_t i;

	for (i = 0; i < RO_TIMERS; i++)
		node_timer_stop(n, &p->timer[i]);
	nd_release(n, p->hop);
	mip6_crypto_wipe(p, sizeof(*p));
	if (usable)
		(void)direct_update(n, &hoa, &peer);
}

/*
 * How readily an entry gives way to a new one: what rests first, then what has
 * had no answer yet; a correspondent that has a binding of ours never does.
 */
static uint32_t
ro_spare(const struct mip6_node *n, const struct ro_peer *p)
{
	if (ro_maybe_bound(n, p))
		return 0;
	if (p->state == RO_IDLE || p->state == RO_DENIED)
		return 2;
	return p->home.unanswered > 1 || p->care_of.unanswered > 1 ? 1 : 0;
}

/* A free place, or one that is given up; NULL: all are at work. */
static struct ro_peer *
ro_place(struct mip6_node *n)
{
	struct ro_peer *p, *best = NULL;
	uint32_t i, spare, most = 0;

	for (i = 0; i < RO_PEERS_MAX; i++) {
		p = &n->mn->ro->peer[i];
		if (!p->used)
			return p;
		spare = ro_spare(n, p);
		if (spare == 0 || spare < most ||
		    (spare == most &&
			!mip6_time_before(p->used_at, best->used_at)))
			continue;
		best = p;
		most = spare;
	}
	if (best != NULL)
		ro_del(n, best);
	return best;
}

struct ro_peer *
ro_add(struct mip6_node *n, const struct mip6_addr *hoa,
    const struct mip6_addr *peer)
{
	struct ro_peer *p = ro_place(n);
	uint32_t i, k;

	if (p == NULL)
		return NULL;
	memset(p, 0, sizeof(*p));
	p->used = true;
	p->hoa = *hoa;
	p->peer = *peer;
	p->hop = MIP6_HOP_NONE;
	p->last_status = -1;
	p->used_at = n->now.boot;
	/* R11.7.2-09: at random where nothing is known. */
	mip6_bul_init(&p->bul, (uint16_t)mip6_rng_below(n->rng, 65536));
	for (i = 0; i < RO_MESSAGES; i++)
		for (k = 0; k < MIP6_MAX_UPDATE_RATE; k++)
			p->sent_at[i][k].us = INT64_MIN;
	i = (uint32_t)(p - n->mn->ro->peer);
	for (k = 0; k < RO_TIMERS; k++)
		node_timer_init(&p->timer[k], MIP6_TIMER_MN_RO,
		    i * RO_TIMERS + k);
	return p;
}

/* ---- rates ---- */

struct mip6_time
ro_may_send(const struct mip6_node *n, const struct ro_peer *p,
    enum ro_message m)
{
	struct mip6_time newest[MIP6_MAX_UPDATE_RATE], at, swap;
	const struct ro_peer *q;
	uint32_t i, k, j;

	/* The newest of all its entries: home addresses share one limit. */
	for (k = 0; k < MIP6_MAX_UPDATE_RATE; k++)
		newest[k].us = INT64_MIN;
	for (i = 0; i < RO_PEERS_MAX; i++) {
		q = &n->mn->ro->peer[i];
		if (!q->used || !mip6_addr_equal(&q->peer, &p->peer))
			continue;
		for (k = 0; k < MIP6_MAX_UPDATE_RATE; k++) {
			at = q->sent_at[m][k];
			for (j = 0; j < MIP6_MAX_UPDATE_RATE; j++) {
				if (!mip6_time_before(newest[j], at))
					continue;
				swap = newest[j];
				newest[j] = at;
				at = swap;
			}
		}
	}
	at = newest[MIP6_MAX_UPDATE_RATE - 1];
	if (at.us == INT64_MIN)
		return n->now.boot;
	return mip6_time_max(mip6_time_add(at, MIP6_SPAN_S(1)), n->now.boot);
}

void
ro_note_sent(struct mip6_node *n, struct ro_peer *p, enum ro_message m)
{
	memmove(&p->sent_at[m][1], &p->sent_at[m][0],
	    sizeof(p->sent_at[m]) - sizeof(p->sent_at[m][0]));
	p->sent_at[m][0] = n->now.boot;
}
