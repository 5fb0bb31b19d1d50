/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Dynamic Home Agent Address Discovery, the home agent's side: the Mobile IPv6
 * Home-Agents anycast address of each home prefix, and answers to those who
 * ask there.
 *
 * The anycast address is nobody's interface address: packets to it are taken
 * by the path and kept from the host, and who looks for it on the home link is
 * told our link-layer address, after a while and without override, so that any
 * home agent may be the one (RFC 4861 section 7.2.7).  Anybody may ask, from
 * any address, and the answer is longer than the question: so answers are
 * limited in rate, and nothing is remembered of who asked.
 *
 * Implements: RFC 6275 sections 6.5, 6.6, 8.4 and 10.5.1, RFC 2526.
 */
#include "core/ha_int.h"

#include <string.h>

#define DHAAD_REPLIES_PER_S     50
#define DHAAD_REPLIES_BURST     50
#define DHAAD_HOP_LIMIT         64
#define DHAAD_ANYCAST_DELAY_MAX MIP6_SPAN_S(1) /* RFC 4861 section 10 */

/* ---- the anycast addresses ---- */

/* A home address may have the same group: it is left with the last of both. */
static void
anycast_group(struct mip6_node *n, struct ha_anycast *a, uint32_t ifindex)
{
	struct mip6_addr group = mip6_addr_solicited_node(&a->addr);
	bool shared = false;

	if (a->group == ifindex)
		return;
	if ((a->group == 0) != (ifindex == 0))
		shared = ha_group_shared(n, &a->addr, ifindex != 0);
	if (a->group != 0 && !shared && link_find(n, a->group) != NULL)
		node_act_set(n, MIP6_ACT_GROUP, a->group, &group, false);
	if (ifindex != 0)
		node_act_set(n, MIP6_ACT_GROUP, ifindex, &group, true);
	a->group = ifindex;
}

static void
anycast_give_up(struct mip6_node *n, struct ha_anycast *a)
{
	if (!a->taken)
		return;
	anycast_group(n, a, 0);
	node_act_set(n, MIP6_ACT_LOCAL, 0, &a->addr, false);
	node_act_set(n, MIP6_ACT_SHIELD, 0, &a->addr, false);
	a->taken = false;
}

static void
anycast_take(struct mip6_node *n, struct ha_anycast *a,
    const struct mip6_addr *addr)
{
	if (a->taken)
		return;
	a->taken = true;
	a->addr = *addr;
	a->group = 0;
	node_act_set(n, MIP6_ACT_LOCAL, 0, addr, true);
	node_act_set(n, MIP6_ACT_SHIELD, 0, addr, true);
}

/*
 * All prefixes that go are left before one that stays is taken under another
 * number: an address in both is ours throughout.
 */
void
ha_anycast_changed(struct mip6_node *n)
{
	const struct mip6_conf_ha *c = n->ha->c;
	struct ha_list *t = &n->ha->list;
	struct mip6_addr addr[MIP6_HOME_PREFIXES_MAX];
	bool wanted[MIP6_HOME_PREFIXES_MAX];
	struct ha_anycast *a;
	uint32_t k;

	for (k = 0; k < MIP6_HOME_PREFIXES_MAX; k++) {
		a = &t->anycast[k];
		wanted[k] = c->on && k < c->prefixes &&
		    mip6_prefix_home_agents(&c->prefix[k].prefix, &addr[k]);
		if (!wanted[k] || !mip6_addr_equal(&a->addr, &addr[k]))
			anycast_give_up(n, a);
	}
	for (k = 0; k < MIP6_HOME_PREFIXES_MAX; k++) {
		if (!wanted[k])
			continue;
		anycast_take(n, &t->anycast[k], &addr[k]);
		anycast_group(n, &t->anycast[k], t->ifindex);
	}
}

/* The number of the home prefix whose anycast address it is; -1: none. */
static int
anycast_index(const struct mip6_node *n, const struct mip6_addr *a)
{
	uint32_t k;

	for (k = 0; k < MIP6_HOME_PREFIXES_MAX; k++)
		if (n->ha->list.anycast[k].taken &&
		    mip6_addr_equal(&n->ha->list.anycast[k].addr, a))
			return (int)k;
	return -1;
}

static void
anycast_arm(struct mip6_node *n)
{
	struct mip6_time due = MIP6_TIME_NEVER;
	struct ha_list *t = &n->ha->list;
	uint32_t i;

	for (i = 0; i < HA_ANYCAST_ASKS_MAX; i++)
		if (t->ask[i].used)
			due = mip6_time_min(due, t->ask[i].due);
	if (!mip6_time_is_never(due))
		node_timer_arm(n, &t->ask_timer, due);
}

bool
ha_anycast_ns(struct mip6_node *n, const struct mip6_hint *h,
    const struct mip6_ip6_view *ip, const struct mip6_nd *m)
{
	struct ha_list *t = &n->ha->list;
	struct ha_anycast_ask *q, *room = NULL;
	uint32_t i;

	if (anycast_index(n, &m->u.ns.target) < 0)
		return false;
	/* R8.4-09: on the home link, to who can be told. Test: test_ha_dhaad */
	if (h->ifindex != t->ifindex || mip6_addr_is_any(&ip->ip.src))
		return true;
	for (i = 0; i < HA_ANYCAST_ASKS_MAX; i++) {
		q = &t->ask[i];
		if (q->used && mip6_addr_equal(&q->from, &ip->ip.src) &&
		    mip6_addr_equal(&q->target, &m->u.ns.target))
			return true; /* the delay counts from the first */
		if (!q->used)
			room = q;
	}
	if (room == NULL) {
		node_drop(n, MIP6_DROP_DHAAD_RATE, &ip->ip.src);
		return true;
	}
	room->used = true;
	room->target = m->u.ns.target;
	room->from = ip->ip.src;
	room->lladdr = m->opt.has_slla ? m->opt.slla : h->ll_src;
	room->due = mip6_time_add(n->now.boot,
	    MIP6_SPAN_US(
		mip6_rng_below(n->rng, (uint64_t)DHAAD_ANYCAST_DELAY_MAX.us)));
	anycast_arm(n);
	return true;
}

static void
anycast_answer(struct mip6_node *n, struct mip6_link *l,
    const struct ha_anycast_ask *q)
{
	int k = anycast_index(n, &q->target);
	const struct mip6_addr *src = link_local_addr(l);
	struct mip6_na_how how;

	if (k < 0)
		return;
	if (src == NULL)
		src = ha_address(n, (uint32_t)k);
	if (src == NULL)
		return;
	memset(&how, 0, sizeof(how));
	how.src = src;
	how.router = true; /* it forwards */
	how.solicited = true;
	how.override = false; /* RFC 4861 section 7.2.7 */
	how.dst = &q->from;
	how.dst_lladdr = &q->lladdr;
	nd_send_na(n, l, &q->target, &how);
}

void
ha_anycast_timer(struct mip6_node *n)
{
	struct ha_list *t = &n->ha->list;
	struct mip6_link *l = ha_home_link(n);
	struct ha_anycast_ask *q;
	uint32_t i;

	for (i = 0; i < HA_ANYCAST_ASKS_MAX; i++) {
		q = &t->ask[i];
		if (!q->used || !mip6_time_reached(q->due, n->now.boot))
			continue;
		q->used = false;
		if (l != NULL)
			anycast_answer(n, l, q);
	}
	anycast_arm(n);
}

/* ---- the answer ---- */

/* One home agent in the answer: `agent` NULL is this one. */
struct dhaad_place {
	const struct ha_agent *agent;
	uint16_t preference;
	uint64_t draw; /* the order among equals, anew for each answer */
};

static bool
dhaad_before(const struct dhaad_place *a, const struct dhaad_place *b)
{
	/* R10.5.1-07: the most preferred first. Test: test_ha_dhaad */
	if (a->preference != b->preference)
		return a->preference > b->preference;
	return a->draw < b->draw; /* R10.5.1-08 */
}

/* All home agents, in the order of the answer; returns how many. */
static uint32_t
dhaad_order(struct mip6_node *n, struct dhaad_place *v)
{
	const struct ha_list *t = &n->ha->list;
	struct dhaad_place p;
	uint32_t i, k, count = 0;

	for (i = 0; i <= HA_AGENTS_MAX; i++) {
		p.agent = i < HA_AGENTS_MAX ? &t->agent[i] : NULL;
		if (p.agent != NULL && !p.agent->used)
			continue;
		p.preference = p.agent != NULL ?
		    p.agent->preference :
		    n->ha->c->adverts.agent_preference;
		p.draw = mip6_rng_u64(n->rng);
		for (k = count++; k > 0 && dhaad_before(&p, &v[k - 1]); k--)
			v[k] = v[k - 1];
		v[k] = p;
	}
	return count;
}

static uint32_t
dhaad_addresses(const struct mip6_node *n, const struct ha_agent *a,
    struct mip6_addr *v)
{
	const struct mip6_addr *ours;
	uint32_t i, count = 0;

	for (i = 0; a != NULL && i < a->globals; i++)
		v[count++] = a->global[i].addr;
	for (i = 0; a == NULL && i < n->ha->c->prefixes; i++) {
		ours = ha_address(n, i);
		if (ours != NULL)
			v[count++] = *ours;
	}
	return count;
}

/* R10.5.1-08: the addresses of one home agent, in any order. */
static void
dhaad_shuffle(struct mip6_node *n, struct mip6_addr *v, uint32_t count)
{
	struct mip6_addr kept;
	uint32_t i, k;

	for (i = count; i > 1; i--) {
		k = (uint32_t)mip6_rng_below(n->rng, i);
		kept = v[i - 1];
		v[i - 1] = v[k];
		v[k] = kept;
	}
}

static void
dhaad_fill(struct mip6_node *n, struct mip6_dhaad *reply)
{
	struct dhaad_place place[HA_AGENTS_MAX + 1];
	struct mip6_addr addr[HA_AGENT_ADDRS_MAX];
	uint32_t i, k, addrs, count = dhaad_order(n, place);

	_Static_assert(HA_AGENT_ADDRS_MAX >= MIP6_HOME_PREFIXES_MAX, "ours");
	for (i = 0; i < count; i++) {
		addrs = dhaad_addresses(n, place[i].agent, addr);
		dhaad_shuffle(n, addr, addrs);
		for (k = 0; k < addrs; k++) {
			/* R10.5.1-09: 1,280 octets. Test: test_ha_dhaad */
			if (reply->addr_count == MIP6_DHAAD_ADDRS_MAX)
				return;
			reply->addr[reply->addr_count++] = addr[k];
		}
	}
}

static bool
dhaad_allowed(struct mip6_node *n)
{
	struct ha_list *t = &n->ha->list;
	struct mip6_span since = mip6_time_sub(n->now.boot, t->replies_at);
	int64_t more = mip6_span_min(since, MIP6_SPAN_S(1)).us *
	    DHAAD_REPLIES_PER_S / 1000000;

	if (more > 0) {
		t->replies += (uint32_t)more;
		if (t->replies > DHAAD_REPLIES_BURST)
			t->replies = DHAAD_REPLIES_BURST;
		t->replies_at = n->now.boot;
	}
	if (t->replies == 0)
		return false;
	t->replies--;
	return true;
}

/* Our address in that prefix, or in any. */
static const struct mip6_addr *
dhaad_source(const struct mip6_node *n, uint32_t prefix)
{
	const struct mip6_addr *a = ha_address(n, prefix);
	uint32_t k;

	for (k = 0; a == NULL && k < n->ha->c->prefixes; k++)
		a = ha_address(n, k);
	return a;
}

/* Back the way it came: through its tunnel, or to who brought it here. */
static void
dhaad_send(struct mip6_node *n, const struct mip6_hint *h,
    const uint8_t *octets, size_t count, const struct mip6_addr *to)
{
	struct mip6_action *a;
	uint8_t *copy;

	if (mip6_addr_is_any(&h->tunnel_peer)) {
		node_send(n, h->ifindex, MIP6_HOP_NONE, &h->ll_src, octets,
		    count);
		return;
	}
	a = node_act(n, MIP6_ACT_SEND_TUNNELLED);
	copy = mip6_actions_octets(n->out, count);
	memcpy(copy, octets, count);
	a->u.send.home = *to;
	a->u.send.octets = copy;
	a->u.send.count = count;
}

static void
dhaad_reply(struct mip6_node *n, const struct mip6_hint *h,
    const struct mip6_ip6_view *ip, const struct mip6_addr *src, uint16_t id)
{
	uint8_t buf[MIP6_IP6_MTU_MIN];
	struct mip6_wr w = mip6_wr_make(buf, sizeof(buf));
	struct mip6_dhaad reply;
	struct mip6_ip6_out out;
	size_t start, at;

	memset(&reply, 0, sizeof(reply));
	reply.type = MIP6_ICMP6_DHAAD_REPLY;
	reply.id = id; /* R6.6-01 */
	dhaad_fill(n, &reply);
	memset(&out, 0, sizeof(out));
	out.ip.src = *src;
	out.ip.dst = ip->ip.src; /* R6.5-03 */
	out.ip.hop_limit = DHAAD_HOP_LIMIT;
	out.upper = MIP6_NH_ICMPV6;
	start = mip6_ip6_begin(&w, &out);
	at = w.pos;
	mip6_dhaad_write(&w, &reply);
	mip6_ip6_end(&w, start);
	MIP6_ASSERT(!w.failed);
	mip6_icmp6_finish(buf + at, w.pos - at, src, &out.ip.dst);
	dhaad_send(n, h, buf, w.pos, &out.ip.dst);
	MIP6_LOG(n->log, INFO, "dhaad.replied", MIP6_KA("to", &out.ip.dst),
	    MIP6_KU("addresses", reply.addr_count));
}

void
ha_input_dhaad(struct mip6_node *n, const struct mip6_hint *h,
    const struct mip6_ip6_view *ip)
{
	const struct mip6_addr *src;
	struct mip6_dhaad ask;
	int k = anycast_index(n, &ip->ip.dst);

	if (k < 0)
		k = ha_address_index(n, &ip->ip.dst);
	/* R10.5.1-06: of a subnet that we serve. Test: test_ha_dhaad */
	if (!n->ha->c->on || k < 0) {
		node_drop(n, MIP6_DROP_NOT_OURS, &ip->ip.src);
		return;
	}
	/* R6.5-01: a request, and who asks can be told. Test: test_ha_dhaad */
	if (mip6_dhaad_read(h->octets + ip->upper_at, ip->upper_octets, &ask,
		NULL) != MIP6_PARSE_OK ||
	    !mip6_addr_is_routable(&ip->ip.src)) {
		node_drop(n, MIP6_DROP_DHAAD_INVALID, &ip->ip.src);
		return;
	}
	src = dhaad_source(n, (uint32_t)k);
	if (src == NULL)
		return;
	/* P-DHAAD: anybody may ask; not everybody at once. Test: test_ha_dhaad */
	if (!dhaad_allowed(n)) {
		node_drop(n, MIP6_DROP_DHAAD_RATE, &ip->ip.src);
		return;
	}
	dhaad_reply(n, h, ip, src, ask.id);
}
