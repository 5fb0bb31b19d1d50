/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What a mobile node knows of its home agents outlives the process: which of
 * them it was registered with, the sequence number and time of each, and the
 * addresses that were found, so that it begins where it left off also when
 * neither a name server nor the anycast address answers.
 *
 * A record is written when a registration is accepted and now and then between,
 * so that a number that was sent is never far beyond the one that was written;
 * the first after a restart is farther.
 *
 * Implements: RFC 6275 sections 11.4.1 (the list survives), 11.7.1 (sequence
 * numbers).
 */
#include "core/mn_int.h"

#define KEEP_VERSION    1
#define KEEP_AGENTS_MAX 6
/* More than go between two records. */
#define KEEP_SEQ_AHEAD 256

static void
keep_agent(const struct mip6_node *n, struct mip6_wr *w,
    const struct mn_agent *a)
{
	struct mip6_span left = mip6_time_sub(a->maybe_until, n->now.boot);

	mip6_wr_addr(w, &a->addr);
	mip6_wr_u16(w, a->bul.seq);
	mip6_wr_u64(w, a->accepted_stamp);
	mip6_wr_u64(w, (uint64_t)a->clock_offset_us);
	mip6_wr_u32(w, left.us > 0 ? (uint32_t)(left.us / 1000000) : 0);
}

void
mn_keep(struct mip6_node *n, const struct mn_home *h)
{
	uint8_t buf[NODE_STORE_OCTETS_MAX];
	struct mip6_wr w = mip6_wr_make(buf, sizeof(buf));
	const struct mn_agent *a;
	uint32_t i, count = 0;

	mip6_wr_u8(&w, KEEP_VERSION);
	mip6_wr_u64(&w, node_wall_us(n));
	/* The one in use first: it is asked first. */
	if (h->ha->used) {
		keep_agent(n, &w, h->ha);
		count++;
	}
	for (i = 0; i < MN_AGENTS_MAX && count < KEEP_AGENTS_MAX; i++) {
		a = &h->agent[i];
		if (!a->used || a == h->ha ||
		    (!a->listed && a->maybe_until.us == 0))
			continue;
		keep_agent(n, &w, a);
		count++;
	}
	if (count == 0)
		return;
	MIP6_ASSERT(!w.failed);
	node_store_put(n, MIP6_STORE_HOME, &h->hoa, buf, w.pos,
	    node_action_id(MIP6_WAIT_MN_STORE, h->index, 0));
}

/* One that discovery or a name found; what is configured is there already. */
static struct mn_agent *
keep_find(struct mip6_node *n, struct mn_home *h, const struct mip6_addr *addr,
    uint32_t i)
{
	struct mn_agent *a = mn_agent_find(h, addr);
	bool found = h->c->agent_auto;
	uint32_t k;

	for (k = 0; k < h->c->agents; k++)
		found |= mip6_addr_is_any(&h->c->agent[k].addr);
	if (a == NULL && found)
		a = mn_agent_list(n, h, addr, (uint16_t)(MN_RANK_KEPT + i));
	return a;
}

static void
keep_restore(struct mip6_node *n, struct mn_home *h,
    const struct mip6_ev_restore *r)
{
	struct mip6_rd rd = mip6_rd_make(r->octets, r->count);
	uint64_t now = node_wall_us(n), then, stamp, offset;
	struct mn_agent *a, *bound = NULL;
	struct mip6_addr addr;
	int64_t left;
	uint16_t seq;
	uint32_t i;

	/* P-KEEP: a record of ours, of now. Test: test_mn_keep */
	if (mip6_rd_u8(&rd) != KEEP_VERSION)
		return;
	then = mip6_rd_u64(&rd);
	node_wall_seen(n, then);
	for (i = 0; i < KEEP_AGENTS_MAX && mip6_rd_left(&rd) > 0; i++) {
		addr = mip6_rd_addr(&rd);
		seq = mip6_rd_u16(&rd);
		stamp = mip6_rd_u64(&rd);
		offset = mip6_rd_u64(&rd);
		left = (int64_t)mip6_rd_u32(&rd) * 1000000;
		if (rd.failed)
			return;
		a = keep_find(n, h, &addr, i);
		if (a == NULL || a->bul.unanswered > 0)
			continue;
		a->bul.seq = (uint16_t)(seq + KEEP_SEQ_AHEAD);
		a->accepted_stamp = a->last_stamp = stamp;
		a->clock_offset_us = (int64_t)offset;
		left -= now > then ? (int64_t)(now - then) : 0;
		if (left <= 0)
			continue;
		a->maybe_until = mip6_time_add(n->now.boot, MIP6_SPAN_US(left));
		if (bound == NULL)
			bound = a;
	}
	/* R11.4.1-03: first with whom we are registered. Test: test_mn_keep */
	if (bound != NULL)
		mn_agent_prefer(n, h, bound);
	mn_agent_found(n, h);
}

void
mn_restore(struct mip6_node *n, const struct mip6_ev_restore *r)
{
	uint32_t i;

	if (r->end || r->table != MIP6_STORE_HOME)
		return;
	for (i = 0; i < MIP6_HOMES_MAX; i++)
		if (n->mn->home[i].used &&
		    mip6_addr_equal(&n->mn->home[i].hoa, &r->key)) {
			keep_restore(n, &n->mn->home[i], r);
			return;
		}
	/* A home address that is ours no more. */
	node_store_del(n, r->table, &r->key);
}
