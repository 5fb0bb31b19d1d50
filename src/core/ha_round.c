/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * When which mobile node is told of the home prefixes.
 *
 * A change begins a round.  In it every mobile node has one moment,
 * RAND_ADV_DELAY after the beginning, where rand() is a keyed hash of its home
 * address: so nothing is kept for a binding, and nothing is done for one while
 * nothing changes.  A walk over the bindings, a chunk at a time, finds those
 * whose moment came since their chunk was looked at last.
 *
 * Who was still to be told in the round before keeps that moment when it is
 * the earlier one: then it is told what counts by then.
 *
 * Implements: RFC 6275 section 10.6.2 (scheduling).
 */
#include "core/ha_mpd_int.h"

#include <string.h>

#define ROUND_STEP_MIN MIP6_SPAN_MS(10)
#define ROUND_STEP_MAX MIP6_SPAN_S(1)
/* Passes over all bindings in the width of a round. */
#define ROUND_PASSES 16
/* The walk waits that long for room. */
#define ROUND_FULL MIP6_SPAN_S(1)

static bool
round_wanted(const struct mip6_node *n)
{
	const struct mip6_conf_ha *c = n->ha->c;

	return c->on && c->delivery.unsolicited &&
	    c->delivery.max_interval.us > 0;
}

/* The delays of one prefix: section 10.6.2, and never too late. */
static void
round_delays(const struct mip6_node *n, struct ha_round *r, uint32_t i)
{
	const struct mip6_conf_delivery *c = &n->ha->c->delivery;
	struct mip6_span valid, preferred, max;
	int64_t width;

	ha_prefix_life(n, i, &valid, &preferred);
	max = mip6_span_min(c->max_interval, preferred);
	width = max.us - c->min_interval.us;
	r->low[i] = c->min_interval;
	r->width[i] = MIP6_SPAN_US(width < 0 ? -width : width);
	/*
	 * P-RENUMBER: told before half of what is left of the prefix is over.
	 * Test: test_ha_round
	 */
	if (valid.us / 2 < r->low[i].us + r->width[i].us) {
		r->low[i] =
		    mip6_span_min(r->low[i], MIP6_SPAN_US(valid.us / 4));
		r->width[i] = MIP6_SPAN_US(valid.us / 2 - r->low[i].us);
	}
}

/* When the mobile node of `b` has its turn. */
static struct mip6_time
round_moment(const struct mip6_node *n, const struct ha_round *r,
    const struct mip6_binding *b, uint32_t prefix)
{
	uint64_t dice;
	int64_t delay;

	if (!r->on)
		return MIP6_TIME_NEVER;
	dice = mip6_hash_pair(&n->hash_key, &b->hoa, &r->salt);
	delay = r->low[prefix].us;
	if (r->width[prefix].us > 0)
		delay += (int64_t)(dice % (uint64_t)r->width[prefix].us);
	/* Never in the instant at which its chunk may have been looked at. */
	return mip6_time_add(r->begun, MIP6_SPAN_US(delay + 1));
}

static struct mip6_time
round_due(const struct mip6_node *n, const struct mip6_binding *b)
{
	const struct ha_mpd *d = n->ha->mpd;
	int prefix = ha_prefix_index(n, &b->hoa);
	struct mip6_time due, before;

	if (prefix < 0)
		return MIP6_TIME_NEVER;
	due = round_moment(n, &d->round[0], b, (uint32_t)prefix);
	before = round_moment(n, &d->round[1], b, (uint32_t)prefix);
	/* R10.6.2-03: still scheduled: at that moment. Test: test_ha_round */
	if (d->round[1].on && mip6_time_before(d->round[0].begun, before))
		due = mip6_time_min(due, before);
	return due;
}

/* R10.6.2-03: nobody goes without for longer than that. */
static struct mip6_time
round_next(const struct mip6_node *n)
{
	return mip6_time_add(n->ha->mpd->round[0].begun,
	    n->ha->c->delivery.max_interval);
}

void
ha_round_begin(struct mip6_node *n)
{
	const struct mip6_conf_ha *c = n->ha->c;
	struct ha_mpd *d = n->ha->mpd;
	struct ha_round *r = &d->round[0];
	uint32_t i;

	if (!round_wanted(n)) {
		node_timer_stop(n, &d->walk);
		r->on = false;
		return;
	}
	/*
	 * P-TOGETHER: until the first is due, changes are told together.
	 * Test: test_ha_round
	 */
	if (!r->on ||
	    mip6_time_reached(mip6_time_add(r->begun, r->first), n->now.boot)) {
		d->round[1] = *r;
		memset(r, 0, sizeof(*r));
		r->on = true;
		r->begun = n->now.boot;
		mip6_rng_octets(n->rng, r->salt.b, sizeof(r->salt.b));
	}
	r->first = MIP6_ND_INFINITE;
	for (i = 0; i < c->prefixes; i++) {
		round_delays(n, r, i);
		r->first = mip6_span_min(r->first, r->low[i]);
	}
	MIP6_LOG(n->log, INFO, "mpd.round", MIP6_KU("prefixes", c->prefixes));
	d->cursor = 0;
	node_timer_arm(n, &d->walk, n->now.boot);
}

void
ha_round_join(struct mip6_node *n, uint32_t i)
{
	const struct mip6_binding *b = mip6_bcache_get(&n->ha->bcache, i);
	struct ha_mpd *d = n->ha->mpd;
	struct mip6_time due;

	if (!d->round[0].on || !mip6_timer_is_armed(&d->walk.t))
		return;
	due = round_due(n, b);
	if (mip6_time_before(n->now.boot, due) &&
	    mip6_time_before(due, d->walk.t.deadline))
		node_timer_arm(n, &d->walk, due);
}

/* Between two steps, such that a pass is a small part of a round. */
static struct mip6_span
round_pace(const struct mip6_node *n)
{
	const struct ha_mpd *d = n->ha->mpd;
	uint32_t chunks = n->ha->bcache.top / HA_ROUND_CHUNK + 1;
	int64_t width = 0;
	uint32_t i;

	for (i = 0; i < n->ha->c->prefixes; i++)
		if (d->round[0].width[i].us > width)
			width = d->round[0].width[i].us;
	return mip6_span_max(ROUND_STEP_MIN,
	    mip6_span_min(ROUND_STEP_MAX,
		MIP6_SPAN_US(width / ROUND_PASSES / chunks)));
}

/* Bindings of one chunk; false: there is no room, go on here later. */
static bool
round_chunk(struct mip6_node *n, uint32_t end, struct mip6_time since)
{
	struct ha_mpd *d = n->ha->mpd;
	const struct mip6_binding *b;
	struct mip6_time due;

	for (; d->cursor < end; d->cursor++) {
		b = mip6_bcache_get(&n->ha->bcache, d->cursor);
		if (b->state != MIP6_BINDING_REGISTERED)
			continue;
		due = round_due(n, b);
		if (mip6_time_before(d->looked, due))
			d->next = mip6_time_min(d->next, due);
		else if (mip6_time_before(since, due) &&
		    !ha_mpd_deliver(n, d->cursor))
			return false;
	}
	return true;
}

void
ha_round_step(struct mip6_node *n)
{
	struct ha_mpd *d = n->ha->mpd;
	uint32_t top = n->ha->bcache.top, chunk, end;
	struct mip6_time at;

	if (!round_wanted(n))
		return;
	if (d->cursor == 0) {
		d->next = MIP6_TIME_NEVER;
		if (mip6_time_reached(round_next(n), n->now.boot))
			ha_round_begin(n);
	}
	chunk = d->cursor / HA_ROUND_CHUNK;
	end = (chunk + 1) * HA_ROUND_CHUNK;
	if (end > top)
		end = top;
	if (d->cursor % HA_ROUND_CHUNK == 0)
		d->looked = n->now.boot;
	if (chunk < d->chunks && d->cursor < end) {
		if (!round_chunk(n, end, d->chunk_done[chunk])) {
			node_timer_in(n, &d->walk, ROUND_FULL);
			return;
		}
		d->chunk_done[chunk] = d->looked;
	}
	at = mip6_time_add(n->now.boot, round_pace(n));
	if (end == top) {
		d->cursor = 0;
		at = mip6_time_max(at, mip6_time_min(d->next, round_next(n)));
	}
	node_timer_arm(n, &d->walk, at);
}
