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
#define LIFE_OCTETS  128

/* A refresh is asked for so long before the end. */
static struct mip6_span
life_ask(const struct cn_binding *b)
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
cn_expires(const struct cn_binding *b)
{
	struct mip6_time t = b->timer.t.deadline;

	if ((b->flags & CN_ASKS) != 0)
		return mip6_time_add(t, life_ask(b));
	if ((b->flags & CN_ASKED) != 0)
		return mip6_time_add(t, life_half(life_ask(b)));
	return t;
}

void
cn_live_until(struct mip6_node *n, struct cn_binding *b, struct mip6_time end)
{
	struct mip6_span ask = life_ask(b);

	/* A former request is over (R9.5.5-02). */
	b->flags &= (uint8_t) ~(CN_ASKS | CN_ASKED);
	if (n->cn->c->refresh_requests && ask.us >= LIFE_ASK_MIN.us) {
		b->flags |= CN_ASKS;
		end = mip6_time_add(end, MIP6_SPAN_US(-ask.us));
	}
	node_timer_arm(n, &b->timer, end);
}

void
cn_remember(struct cn_binding *b, const struct cn_update *bu)
{
	b->seq = bu->seq;
	b->replayable = mip6_time_max(b->replayable, bu->replayable);
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
life_is_replayable(const struct mip6_node *n, const struct cn_binding *b)
{
	return mip6_time_before(n->now.boot, b->replayable);
}

static void
life_forget(struct mip6_node *n, uint32_t i)
{
	struct cn_binding *b = cn_get(n->cn, i);

	node_timer_stop(n, &b->timer);
	(void)mip6_tally_del(&n->cn->prefixes, life_prefix(&b->pair.other));
	mip6_pairs_del(&n->cn->bindings, i);
}

void
cn_end(struct mip6_node *n, uint32_t i)
{
	struct cn_binding *b = cn_get(n->cn, i);

	cn_pending_put(n, b);
	b->state = MIP6_BINDING_INVALID;
	direct_update_all(n, &b->pair.other);
	if ((b->flags & CN_HOSTED) != 0)
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
	node_timer_arm(n, &b->timer, b->replayable);
}

/* R9.6-02, R9.1-04: makes room, when somebody does not need his. */
static void
life_evict(struct mip6_node *n)
{
	struct mip6_cn *cn = n->cn;
	struct cn_binding *b;
	uint32_t looks;

	for (looks = 0; looks < LIFE_LOOKS && looks < cn->bindings.top;
	     looks++) {
		cn->hand = (cn->hand + 1) % cn->bindings.top;
		b = cn_get(cn, cn->hand);
		/* R9.6-02: nobody who talks, none to replay. Test: test_cn_full */
		if (b->state != MIP6_BINDING_REGISTERED ||
		    b->pending != MIP6_PENDING_NONE ||
		    (b->flags & CN_USED) != 0 || life_is_replayable(n, b))
			continue;
		MIP6_LOG(n->log, INFO, "cn.binding-evicted",
		    MIP6_KA("hoa", &b->pair.other));
		cn_end(n, cn->hand);
		return;
	}
}

uint32_t
cn_entry_new(struct mip6_node *n, const struct mip6_addr *our,
    const struct mip6_addr *hoa)
{
	struct mip6_cn *cn = n->cn;
	uint64_t prefix = life_prefix(hoa);
	uint32_t i, most = cn->bindings.max / 8 > 0 ? cn->bindings.max / 8 : 1;
	struct cn_binding *b;

	/* P-CN-SHARE: an eighth, of one prefix. Test: test_cn_full */
	if (cn->bindings.count >= (cn->bindings.max + 1) / 2 &&
	    mip6_tally_count(&cn->prefixes, prefix) >= most)
		return MIP6_PAIR_NONE;
	if (cn->bindings.count == cn->bindings.max)
		life_evict(n);
	if (!mip6_tally_add(&cn->prefixes, prefix))
		return MIP6_PAIR_NONE;
	i = mip6_pairs_add(&cn->bindings, our, hoa);
	if (i == MIP6_PAIR_NONE) {
		(void)mip6_tally_del(&cn->prefixes, prefix);
		return i;
	}
	b = cn_get(cn, i);
	b->hop = MIP6_HOP_NONE;
	b->pending = MIP6_PENDING_NONE;
	b->state = MIP6_BINDING_PENDING;
	node_timer_init(&b->timer, MIP6_TIMER_CN_BINDING, i);
	return i;
}

void
cn_binding_timer(struct mip6_node *n, uint32_t i)
{
	struct cn_binding *b = cn_get(n->cn, i);
	struct mip6_span half = life_half(life_ask(b));

	if (b->state == MIP6_BINDING_INVALID) {
		life_forget(n, i);
		return;
	}
	if ((b->flags & (CN_ASKS | CN_ASKED)) == 0) {
		MIP6_LOG(n->log, INFO, "cn.binding-expired",
		    MIP6_KA("hoa", &b->pair.other));
		/* P-CN-LATE: a move under way goes on. Test: test_cn_way */
		if (b->pending != MIP6_PENDING_NONE) {
			b->state = MIP6_BINDING_PENDING;
			direct_update_all(n, &b->pair.other);
		} else {
			cn_end(n, i); /* R9.5.2-03, R9.6-01 */
		}
		return;
	}
	/* R9.6-01: from when it was due: a host that slept adds nothing. */
	node_timer_arm(n, &b->timer, mip6_time_add(b->timer.t.deadline, half));
	if ((b->flags & CN_ASKS) != 0) {
		b->flags &= (uint8_t)~CN_ASKS;
		b->flags |= CN_ASKED;
	} else {
		b->flags &= (uint8_t)~CN_ASKED;
	}
	b->flags |= CN_WANTED;
	direct_update_all(n, &b->pair.other); /* says when a packet uses it */
}

/*
 * From the address that it is bound to, to its home address, by the home
 * agent: section 6.1 forbids the routing header.
 */
static void
life_request(struct mip6_node *n, const struct cn_binding *b)
{
	uint8_t buf[LIFE_OCTETS];
	struct mip6_mh_to to;
	struct cn_back back;
	struct mip6_mh m;
	size_t count;

	memset(&m, 0, sizeof(m));
	memset(&to, 0, sizeof(to));
	memset(&back, 0, sizeof(back));
	m.type = MIP6_MH_BRR;
	to.src = b->pair.our;
	to.dst = b->pair.other;
	count = mh_build(n, buf, sizeof(buf), &to, &m, NULL, NULL, NULL);
	if (count == 0)
		return;
	MIP6_LOG(n->log, INFO, "cn.brr-sent", MIP6_KA("hoa", &to.dst));
	back.home = cn_tunnel_of(n, &to.src, &to.dst);
	back.tunnelled = !mip6_addr_is_any(&back.home);
	/* Where the routers of that link are, the one to the care-of address
	 * is good enough: the host's own route to the home address is ours. */
	if (b->hop != MIP6_HOP_NONE)
		back.ifindex = n->neighbour[b->hop].ifindex;
	back.hop = b->hop;
	cn_send_back(n, &back, buf, count);
}

void
cn_row_used(struct mip6_node *n, const struct mip6_hint *h)
{
	uint32_t i = cn_way(n, &h->src, &h->dst);
	struct cn_binding *b;

	if (i == MIP6_PAIR_NONE)
		return;
	b = cn_get(n->cn, i);
	b->flags |= CN_USED;
	/* R9.5.5-01: soon over, and in use. Test: test_cn_life */
	if ((b->flags & CN_WANTED) == 0)
		return;
	b->flags &= (uint8_t)~CN_WANTED;
	life_request(n, b);
}

void
cn_flush(struct mip6_node *n, const struct mip6_addr *hoa)
{
	struct mip6_addr key = *hoa;
	struct cn_binding *b;
	uint32_t i, next;

	for (i = mip6_pairs_first(&n->cn->bindings, &key); i != MIP6_PAIR_NONE;
	     i = next) {
		b = cn_get(n->cn, i);
		next = b->pair.next;
		if (b->state == MIP6_BINDING_INVALID)
			continue;
		MIP6_LOG(n->log, WARNING, "cn.binding-flushed",
		    MIP6_KA("hoa", &key));
		cn_end(n, i);
	}
}
