/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * How long a correspondent's binding lives, what is remembered after its end,
 * and who makes room for whom.
 *
 * An update can be replayed while its nonces are good.  So an entry whose
 * binding ended stays, invalid, with the last sequence number until then
 * (section 5.2.8), and one that could be replayed is never evicted.  Who is
 * new takes the place of a binding that no packet used since its last update;
 * when there is none, it is refused.  So nobody, however many addresses he
 * has, takes the place of those who talk.  When the cache is half full, the
 * home addresses of one /64 get no more than an eighth of it.
 *
 * A refresh is asked for only while packets use the binding: a row that is set
 * again says when it is used.
 *
 * Implements: RFC 6275 sections 5.2.8, 9.5.5, 9.6.
 */
#include "core/cn_int.h"

#include <string.h>

#define LIFE_ASK_MAX MIP6_SPAN_S(40)
#define LIFE_ASK_MIN MIP6_SPAN_S(4)
#define LIFE_LOOKS   64 /* at entries, to find one to evict */
#define LIFE_UNIT_US INT64_C(4000000)

/* A refresh is asked for so long before the end. */
static struct mip6_span
life_ask(const struct mip6_binding *b)
{
	return mip6_span_min(MIP6_SPAN_US(b->granted * LIFE_UNIT_US / 4),
	    LIFE_ASK_MAX);
}

static struct mip6_span
life_half(struct mip6_span s)
{
	return MIP6_SPAN_US(s.us / 2);
}

struct mip6_time
cn_expires(const struct mip6_binding *b)
{
	struct mip6_time t = b->timer.t.deadline;

	if ((b->flags & MIP6_BINDING_ASKS) != 0)
		return mip6_time_add(t, life_ask(b));
	if ((b->flags & MIP6_BINDING_ASKED) != 0)
		return mip6_time_add(t, life_half(life_ask(b)));
	return t;
}

void
cn_live_until(struct mip6_node *n, struct mip6_binding *b, struct mip6_time end)
{
	struct mip6_span ask = life_ask(b);

	/* A former request is over (R9.5.5-02). */
	b->flags &= (uint8_t) ~(MIP6_BINDING_ASKS | MIP6_BINDING_ASKED);
	if (n->cn->c->refresh_requests && ask.us >= LIFE_ASK_MIN.us) {
		b->flags |= MIP6_BINDING_ASKS;
		end = mip6_time_add(end, MIP6_SPAN_US(-ask.us));
	}
	node_timer_arm(n, &b->timer, end);
}

void
cn_remember(struct mip6_binding *b, const struct cn_update *bu)
{
	b->seq = bu->seq;
	if (b->stamp < (uint64_t)bu->replayable.us)
		b->stamp = (uint64_t)bu->replayable.us;
}

/* The home prefix that an entry counts for. */
static uint64_t
life_prefix(const struct mip6_addr *hoa)
{
	uint64_t key;

	memcpy(&key, hoa->b, sizeof(key));
	return key;
}

static bool
life_is_replayable(const struct mip6_node *n, const struct mip6_binding *b)
{
	return (uint64_t)n->now.boot.us < b->stamp;
}

static void
life_forget(struct mip6_node *n, uint32_t i)
{
	struct mip6_binding *b = mip6_bcache_get(&n->cn->bcache, i);

	node_timer_stop(n, &b->timer);
	(void)mip6_tally_del(&n->cn->prefixes, life_prefix(&b->hoa));
	mip6_bcache_del(&n->cn->bcache, i);
}

void
cn_end(struct mip6_node *n, uint32_t i)
{
	struct mip6_binding *b = mip6_bcache_get(&n->cn->bcache, i);
	struct mip6_time until;

	cn_pending_put(n, b);
	b->state = MIP6_BINDING_INVALID;
	direct_update_all(n, &b->hoa);
	if ((b->flags & MIP6_BINDING_HOSTED) != 0)
		cn_host_route(n, b, i, false);
	b->flags = 0;
	nd_release(n, b->hop);
	b->hop = MIP6_HOP_NONE;
	b->route_gen = ++n->cn->route_gen;
	/* Remembered while it could be replayed (R5.2.8-01). */
	if (!life_is_replayable(n, b)) {
		life_forget(n, i);
		return;
	}
	until.us = (int64_t)b->stamp;
	node_timer_arm(n, &b->timer, until);
}

/* R9.6-02, R9.1-04: makes room, when somebody does not need his. */
static void
life_evict(struct mip6_node *n)
{
	struct mip6_cn *cn = n->cn;
	struct mip6_binding *b;
	uint32_t looks;

	for (looks = 0; looks < LIFE_LOOKS && looks < cn->bcache.top; looks++) {
		cn->hand = (cn->hand + 1) % cn->bcache.top;
		b = mip6_bcache_get(&cn->bcache, cn->hand);
		/* R9.6-02: nobody who talks, none to replay. Test: test_cn_full */
		if (b->state != MIP6_BINDING_REGISTERED ||
		    b->pending != MIP6_PENDING_NONE ||
		    (b->flags & CN_USED) != 0 || life_is_replayable(n, b))
			continue;
		MIP6_LOG(n->log, INFO, "cn.binding-evicted",
		    MIP6_KA("hoa", &b->hoa));
		cn_end(n, cn->hand);
		return;
	}
}

uint32_t
cn_entry_new(struct mip6_node *n, const struct mip6_addr *hoa)
{
	struct mip6_cn *cn = n->cn;
	uint64_t prefix = life_prefix(hoa);
	uint32_t i, most = cn->bcache.max / 8 > 0 ? cn->bcache.max / 8 : 1;

	/* P-CN-SHARE: an eighth, of one prefix. Test: test_cn_full */
	if (cn->bcache.count >= (cn->bcache.max + 1) / 2 &&
	    mip6_tally_count(&cn->prefixes, prefix) >= most)
		return MIP6_BCACHE_NONE;
	if (cn->bcache.count == cn->bcache.max)
		life_evict(n);
	if (!mip6_tally_add(&cn->prefixes, prefix))
		return MIP6_BCACHE_NONE;
	i = mip6_bcache_add(&cn->bcache, hoa);
	if (i == MIP6_BCACHE_NONE)
		(void)mip6_tally_del(&cn->prefixes, prefix);
	return i;
}

void
cn_binding_timer(struct mip6_node *n, uint32_t i)
{
	struct mip6_binding *b = mip6_bcache_get(&n->cn->bcache, i);
	struct mip6_span half = life_half(life_ask(b));

	if (b->state == MIP6_BINDING_INVALID) {
		life_forget(n, i);
		return;
	}
	if ((b->flags & (MIP6_BINDING_ASKS | MIP6_BINDING_ASKED)) == 0) {
		MIP6_LOG(n->log, INFO, "cn.binding-expired",
		    MIP6_KA("hoa", &b->hoa));
		cn_end(n, i); /* R9.5.2-03, R9.6-01 */
		return;
	}
	node_timer_in(n, &b->timer, half);
	if ((b->flags & MIP6_BINDING_ASKS) != 0) {
		b->flags &= (uint8_t)~MIP6_BINDING_ASKS;
		b->flags |= MIP6_BINDING_ASKED;
	} else {
		b->flags &= (uint8_t)~MIP6_BINDING_ASKED;
	}
	b->flags |= CN_WANTED;
	direct_update_all(n, &b->hoa); /* says when a packet uses it */
}

/*
 * To the home address, by the home agent: section 6.1 forbids the routing
 * header.  The host's own route to it is ours, so the router is asked.
 */
static void
life_request(struct mip6_node *n, const struct mip6_binding *b,
    const struct mip6_addr *our)
{
	struct mip6_addr nexthop, home = cn_tunnel_of(n, our, &b->hoa);
	uint8_t buf[128];
	struct mip6_mh_to to;
	struct cn_back back;
	struct mip6_mh m;
	uint32_t hop = MIP6_HOP_NONE, ifindex;
	size_t count;

	memset(&m, 0, sizeof(m));
	memset(&to, 0, sizeof(to));
	memset(&back, 0, sizeof(back));
	m.type = MIP6_MH_BRR;
	to.src = *our;
	to.dst = b->hoa;
	count = mh_build(n, buf, sizeof(buf), &to, &m, NULL, NULL, NULL);
	if (count == 0)
		return;
	MIP6_LOG(n->log, INFO, "cn.brr-sent", MIP6_KA("hoa", &b->hoa));
	if (!mip6_addr_is_any(&home)) {
		back.tunnelled = true;
		back.home = home;
		cn_send_back(n, &back, buf, count);
		return;
	}
	if (b->hop == MIP6_HOP_NONE)
		return;
	ifindex = n->neighbour[b->hop].ifindex;
	if (router_nexthop(n, ifindex, &b->hoa, &nexthop))
		hop = nd_hold(n, ifindex, &nexthop);
	node_send(n, ifindex, hop != MIP6_HOP_NONE ? hop : b->hop, NULL, buf,
	    count);
	nd_release(n, hop);
}

void
cn_row_used(struct mip6_node *n, const struct mip6_hint *h)
{
	uint32_t i = mip6_bcache_find(&n->cn->bcache, &h->dst);
	struct mip6_binding *b;

	if (i == MIP6_BCACHE_NONE)
		return;
	b = mip6_bcache_get(&n->cn->bcache, i);
	if (b->state != MIP6_BINDING_REGISTERED)
		return;
	b->flags |= CN_USED;
	/* R9.5.5-01: soon over, and in use. Test: test_cn_life */
	if ((b->flags & CN_WANTED) == 0)
		return;
	b->flags &= (uint8_t)~CN_WANTED;
	life_request(n, b, &h->src);
}

void
cn_flush(struct mip6_node *n, const struct mip6_addr *hoa)
{
	uint32_t i = mip6_bcache_find(&n->cn->bcache, hoa);

	if (i == MIP6_BCACHE_NONE ||
	    mip6_bcache_get(&n->cn->bcache, i)->state == MIP6_BINDING_INVALID)
		return;
	MIP6_LOG(n->log, WARNING, "cn.binding-flushed", MIP6_KA("hoa", hoa));
	cn_end(n, i);
}
