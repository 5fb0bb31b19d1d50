/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Neighbours: the states of RFC 4861 section 7.3, and the hops that the path
 * sends to.  A neighbour's place in the table is its hop number.
 *
 * Packets leave at the link layer on both systems, so the node resolves its
 * own next hops.  Nothing is probed that nobody uses: the path says when a
 * packet waits for a hop, and when one that has become stale is used.
 *
 * Invariants: an entry is free (NONE), or in the index; the path was told of
 * every change of link-layer address or usability.
 *
 * Implements: RFC 4861 sections 7.2 and 7.3.
 */
#include "core/node_int.h"

#include <string.h>

#define ND_RETRANS_TIMER          MIP6_SPAN_S(1)
#define ND_REACHABLE_TIME         MIP6_SPAN_S(30)
#define ND_DELAY_FIRST_PROBE_TIME MIP6_SPAN_S(5)
#define ND_MAX_MULTICAST_SOLICIT  3
#define ND_MAX_UNICAST_SOLICIT    3
#define ND_FAILED_TIME            MIP6_SPAN_S(3) /* before another attempt */
#define ND_NO_SOURCE              MIP6_SPAN_MS(50)
#define ND_PACKET_OCTETS          128

struct nd_key {
	struct mip6_addr addr;
	uint32_t ifindex;
};

const char *
nd_state_name(enum mip6_nud s)
{
	static const char *const name[] = {
		[MIP6_NUD_NONE] = "none",
		[MIP6_NUD_INCOMPLETE] = "incomplete",
		[MIP6_NUD_REACHABLE] = "reachable",
		[MIP6_NUD_STALE] = "stale",
		[MIP6_NUD_DELAY] = "delay",
		[MIP6_NUD_PROBE] = "probe",
		[MIP6_NUD_FAILED] = "failed",
	};

	return name[s];
}

static uint64_t
nd_hash(const struct mip6_node *n, uint32_t ifindex,
    const struct mip6_addr *addr)
{
	return mip6_hash_addr(&n->hash_key, addr) ^
	    ((uint64_t)ifindex * 0x9e3779b97f4a7c15u);
}

static bool
nd_eq(const void *table, uint32_t value, const void *key)
{
	const struct mip6_node *n = table;
	const struct nd_key *k = key;
	const struct mip6_neighbour *e = &n->neighbour[value];

	return e->ifindex == k->ifindex && mip6_addr_equal(&e->addr, &k->addr);
}

static uint64_t
nd_rehash(const void *table, uint32_t value)
{
	const struct mip6_node *n = table;
	const struct mip6_neighbour *e = &n->neighbour[value];

	return nd_hash(n, e->ifindex, &e->addr);
}

static struct mip6_neighbour *
nd_find(struct mip6_node *n, uint32_t ifindex, const struct mip6_addr *addr)
{
	struct nd_key k = { *addr, ifindex };
	uint32_t i = mip6_index_find(&n->neighbours, nd_hash(n, ifindex, addr),
	    n, &k, nd_eq);

	return i == MIP6_INDEX_NONE ? NULL : &n->neighbour[i];
}

static uint32_t
nd_hop(const struct mip6_node *n, const struct mip6_neighbour *e)
{
	return (uint32_t)(e - n->neighbour);
}

/* Tells the path what it may do with a hop. */
static void
nd_publish(struct mip6_node *n, const struct mip6_neighbour *e)
{
	struct mip6_fwd_hop *h = &node_act(n, MIP6_ACT_HOP_SET)->u.hop;
	const struct mip6_link *l = link_find(n, e->ifindex);

	h->hop = nd_hop(n, e);
	h->ifindex = e->ifindex;
	h->lladdr = e->lladdr;
	h->raw = l != NULL && l->ev.raw;
	h->dead = e->state == MIP6_NUD_FAILED;
	h->stale = e->state == MIP6_NUD_STALE;
	h->usable = h->raw ||
	    (e->state != MIP6_NUD_NONE && e->state != MIP6_NUD_INCOMPLETE &&
		e->state != MIP6_NUD_FAILED);
}

static void
nd_set_state(struct mip6_node *n, struct mip6_neighbour *e, enum mip6_nud to)
{
	if (e->state != to)
		MIP6_LOG(n->log, DEBUG, "nd.state", MIP6_KA("addr", &e->addr),
		    MIP6_KS("from", nd_state_name(e->state)),
		    MIP6_KS("to", nd_state_name(to)));
	e->state = to;
	e->probes = 0;
	e->forget = false;
	switch (to) {
	case MIP6_NUD_REACHABLE:
		node_timer_in(n, &e->timer, ND_REACHABLE_TIME);
		if (n->mn != NULL)
			router_reached(n, e->ifindex, &e->addr);
		break;
	case MIP6_NUD_DELAY:
		node_timer_in(n, &e->timer, ND_DELAY_FIRST_PROBE_TIME);
		break;
	case MIP6_NUD_FAILED:
		node_timer_in(n, &e->timer, ND_FAILED_TIME);
		break;
	case MIP6_NUD_NONE:
	case MIP6_NUD_INCOMPLETE:
	case MIP6_NUD_STALE:
	case MIP6_NUD_PROBE:
		node_timer_stop(n, &e->timer);
		break;
	}
	nd_publish(n, e);
}

/*
 * What waits for a hop was meant for the neighbour that it is no longer: the
 * number may soon be another's.
 */
static void
nd_drop_waiting(struct mip6_node *n, const struct mip6_neighbour *e)
{
	struct mip6_fwd_hop *h = &node_act(n, MIP6_ACT_HOP_SET)->u.hop;

	h->hop = nd_hop(n, e);
	h->ifindex = e->ifindex;
	h->dead = true;
}

static void
nd_remove(struct mip6_node *n, struct mip6_neighbour *e)
{
	nd_drop_waiting(n, e);
	node_timer_stop(n, &e->timer);
	mip6_index_del(&n->neighbours, nd_hash(n, e->ifindex, &e->addr),
	    nd_hop(n, e), n, nd_rehash);
	e->state = MIP6_NUD_NONE;
	e->refs = 0;
}

static void
nd_forget(struct mip6_node *n, struct mip6_neighbour *e)
{
	e->forget = false;
	if (e->refs == 0) {
		nd_remove(n, e);
		return;
	}
	nd_drop_waiting(n, e);
	nd_set_state(n, e, MIP6_NUD_INCOMPLETE);
}

/* A free entry, or the one unused for longest that nobody holds. */
static struct mip6_neighbour *
nd_room(struct mip6_node *n)
{
	struct mip6_neighbour *e, *oldest = NULL;
	uint32_t i;

	for (i = 0; i < MIP6_NEIGHBOURS_MAX; i++) {
		e = &n->neighbour[i];
		if (e->state == MIP6_NUD_NONE)
			return e;
		if (e->refs == 0 &&
		    (oldest == NULL ||
			mip6_time_before(e->used_at, oldest->used_at)))
			oldest = e;
	}
	if (oldest != NULL)
		nd_remove(n, oldest);
	return oldest;
}

static struct mip6_neighbour *
nd_make(struct mip6_node *n, uint32_t ifindex, const struct mip6_addr *addr)
{
	struct mip6_neighbour *e = nd_find(n, ifindex, addr);

	if (e != NULL && e->forget)
		nd_forget(n, e);
	if (e != NULL && e->state != MIP6_NUD_NONE)
		return e;
	e = nd_room(n);
	if (e == NULL) {
		node_drop(n, MIP6_DROP_ND_FULL, addr);
		return NULL;
	}
	memset(e, 0, sizeof(*e));
	e->state = MIP6_NUD_INCOMPLETE;
	e->addr = *addr;
	e->ifindex = ifindex;
	e->used_at = n->now.boot;
	node_timer_init(&e->timer, MIP6_TIMER_NEIGHBOUR, nd_hop(n, e));
	if (!mip6_index_add(&n->neighbours, nd_hash(n, ifindex, addr),
		nd_hop(n, e), n, nd_rehash)) {
		e->state = MIP6_NUD_NONE;
		return NULL;
	}
	return e;
}

uint32_t
nd_hold(struct mip6_node *n, uint32_t ifindex, const struct mip6_addr *addr)
{
	struct mip6_neighbour *e = nd_make(n, ifindex, addr);

	if (e == NULL)
		return MIP6_HOP_NONE;
	if (e->refs++ == 0)
		nd_publish(n, e);
	return nd_hop(n, e);
}

void
nd_hold_again(struct mip6_node *n, uint32_t hop)
{
	if (hop != MIP6_HOP_NONE)
		n->neighbour[hop].refs++;
}

void
nd_release(struct mip6_node *n, uint32_t hop)
{
	struct mip6_neighbour *e;

	if (hop == MIP6_HOP_NONE)
		return;
	MIP6_ASSERT(hop < MIP6_NEIGHBOURS_MAX);
	e = &n->neighbour[hop];
	if (e->refs > 0)
		e->refs--;
	if (e->refs > 0 || e->state != MIP6_NUD_INCOMPLETE ||
	    mip6_timer_is_armed(&e->timer.t))
		return;
	/*
	 * Nothing is known of it and nobody wants it: it goes, but what was
	 * just sent to it may still make it ask.
	 */
	e->forget = true;
	node_timer_in(n, &e->timer, ND_FAILED_TIME);
}

bool
nd_usable(const struct mip6_node *n, uint32_t hop)
{
	enum mip6_nud s;

	if (hop == MIP6_HOP_NONE)
		return false;
	s = n->neighbour[hop].state;
	return s != MIP6_NUD_NONE && s != MIP6_NUD_INCOMPLETE &&
	    s != MIP6_NUD_FAILED;
}

void
nd_learn(struct mip6_node *n, uint32_t ifindex, const struct mip6_addr *addr,
    const struct mip6_lladdr *lladdr)
{
	struct mip6_neighbour *e;

	if (mip6_addr_is_any(addr) || mip6_addr_is_multicast(addr))
		return;
	e = nd_make(n, ifindex, addr);
	if (e == NULL)
		return;
	e->used_at = n->now.boot;
	if (e->state != MIP6_NUD_INCOMPLETE && e->state != MIP6_NUD_FAILED &&
	    memcmp(&e->lladdr, lladdr, sizeof(*lladdr)) == 0)
		return;
	e->lladdr = *lladdr;
	nd_set_state(n, e, MIP6_NUD_STALE);
}

void
nd_heard(struct mip6_node *n, uint32_t ifindex, const struct mip6_addr *addr,
    const struct mip6_lladdr *lladdr)
{
	if (nd_find(n, ifindex, addr) != NULL)
		nd_learn(n, ifindex, addr, lladdr);
}

void
nd_confirm(struct mip6_node *n, uint32_t hop)
{
	struct mip6_neighbour *e;

	if (hop == MIP6_HOP_NONE)
		return;
	e = &n->neighbour[hop];
	if (e->state == MIP6_NUD_STALE || e->state == MIP6_NUD_DELAY ||
	    e->state == MIP6_NUD_PROBE)
		nd_set_state(n, e, MIP6_NUD_REACHABLE);
	else if (e->state == MIP6_NUD_REACHABLE)
		node_timer_in(n, &e->timer, ND_REACHABLE_TIME);
}

/*
 * The source of a solicitation: a home address that is at home on the link for
 * its neighbours, a link-local one, or any usable address of the link.
 */
static const struct mip6_addr *
nd_source(struct mip6_node *n, struct mip6_link *l,
    const struct mip6_addr *target)
{
	const struct mip6_addr *local = link_local_addr(l);
	uint32_t k;

	if (local != NULL)
		return local;
	for (k = 0; k < MIP6_LINK_ADDRS_MAX; k++)
		/* RFC4429-3.2a: no optimistic one. Test: test_coa_own */
		if (link_addr_usable(&l->addr[k]) &&
		    (l->addr[k].flags & MIP6_ADDR_OPTIMISTIC) == 0)
			return &l->addr[k].addr;
	return mn_home_source(n, l, target);
}

/* Sends the solicitation that the state asks for and arms the next one. */
static void
nd_probe(struct mip6_node *n, struct mip6_neighbour *e)
{
	bool unicast = e->state == MIP6_NUD_PROBE;
	struct mip6_link *l = link_find(n, e->ifindex);
	const struct mip6_addr *src;

	if (l == NULL || !l->ev.up)
		return;
	e->forget = false;
	src = nd_source(n, l, &e->addr);
	if (src == NULL) {
		/* The link is young: no address may ask yet.  Look again. */
		node_timer_in(n, &e->timer, ND_NO_SOURCE);
		return;
	}
	e->probes++;
	node_timer_in(n, &e->timer, ND_RETRANS_TIMER);
	nd_send_ns(n, l, &e->addr, src, unicast ? &e->lladdr : NULL);
}

void
nd_check(struct mip6_node *n, uint32_t ifindex, const struct mip6_addr *addr)
{
	struct mip6_neighbour *e = nd_make(n, ifindex, addr);

	if (e == NULL)
		return;
	switch (e->state) {
	case MIP6_NUD_REACHABLE:
	case MIP6_NUD_STALE:
	case MIP6_NUD_DELAY:
		nd_set_state(n, e, MIP6_NUD_PROBE);
		nd_probe(n, e);
		break;
	case MIP6_NUD_INCOMPLETE:
	case MIP6_NUD_FAILED:
		nd_asked(n, nd_hop(n, e));
		break;
	case MIP6_NUD_NONE:
	case MIP6_NUD_PROBE: /* under way */
		break;
	}
}

/* Nobody answers there: a mobile node may have to look for another router. */
static void
nd_lost(struct mip6_node *n, const struct mip6_neighbour *e)
{
	struct mip6_addr addr = e->addr; /* it may be released meanwhile */

	if (n->mn != NULL)
		router_lost(n, e->ifindex, &addr);
	if (n->cn != NULL)
		cn_neighbour_lost(n, &addr);
}

void
nd_asked(struct mip6_node *n, uint32_t hop)
{
	struct mip6_neighbour *e;

	if (hop >= MIP6_NEIGHBOURS_MAX)
		return;
	e = &n->neighbour[hop];
	e->used_at = n->now.boot;
	switch (e->state) {
	case MIP6_NUD_INCOMPLETE:
		if (!mip6_timer_is_armed(&e->timer.t) || e->forget)
			nd_probe(n, e);
		break;
	case MIP6_NUD_STALE:
		nd_set_state(n, e, MIP6_NUD_DELAY);
		break;
	case MIP6_NUD_FAILED:
		if (!mip6_timer_is_armed(&e->timer.t)) {
			nd_set_state(n, e, MIP6_NUD_INCOMPLETE);
			nd_probe(n, e);
		}
		break;
	case MIP6_NUD_NONE:
	case MIP6_NUD_REACHABLE:
	case MIP6_NUD_DELAY:
	case MIP6_NUD_PROBE:
		break;
	}
}

void
nd_timer(struct mip6_node *n, uint32_t hop)
{
	struct mip6_neighbour *e = &n->neighbour[hop];

	if (e->forget) {
		nd_forget(n, e);
		return;
	}
	switch (e->state) {
	case MIP6_NUD_INCOMPLETE:
		if (e->probes >= ND_MAX_MULTICAST_SOLICIT) {
			MIP6_LOG(n->log, INFO, "nd.unresolved",
			    MIP6_KA("addr", &e->addr));
			nd_set_state(n, e, MIP6_NUD_FAILED);
			nd_lost(n, e);
		} else {
			nd_probe(n, e);
		}
		break;
	case MIP6_NUD_REACHABLE:
		nd_set_state(n, e, MIP6_NUD_STALE);
		break;
	case MIP6_NUD_DELAY:
		nd_set_state(n, e, MIP6_NUD_PROBE);
		nd_probe(n, e);
		break;
	case MIP6_NUD_PROBE:
		if (e->probes >= ND_MAX_UNICAST_SOLICIT) {
			nd_set_state(n, e, MIP6_NUD_INCOMPLETE);
			nd_probe(n, e);
			nd_lost(n, e);
		} else {
			nd_probe(n, e);
		}
		break;
	case MIP6_NUD_FAILED:
		/* The next packet may ask again. */
		if (e->refs == 0)
			nd_remove(n, e);
		else
			nd_set_state(n, e, MIP6_NUD_INCOMPLETE);
		break;
	case MIP6_NUD_NONE:
	case MIP6_NUD_STALE:
		break;
	}
}

/* There may be many: each is forgotten at its own timer, due now. */
static void
nd_flush(struct mip6_node *n, uint32_t ifindex)
{
	struct mip6_neighbour *e;
	uint32_t i;

	for (i = 0; i < MIP6_NEIGHBOURS_MAX; i++) {
		e = &n->neighbour[i];
		if (e->state == MIP6_NUD_NONE ||
		    (ifindex != 0 && e->ifindex != ifindex))
			continue;
		e->forget = true;
		node_timer_arm(n, &e->timer, n->now.boot);
	}
}

void
nd_flush_link(struct mip6_node *n, uint32_t ifindex)
{
	nd_flush(n, ifindex);
}

void
nd_flush_all(struct mip6_node *n)
{
	nd_flush(n, 0);
}

/* Writes the IPv6 header and the message, and sends them. */
static void
nd_send(struct mip6_node *n, struct mip6_link *l, const struct mip6_addr *src,
    const struct mip6_addr *dst, const struct mip6_lladdr *lladdr,
    const struct mip6_nd *m)
{
	uint8_t buf[ND_PACKET_OCTETS];
	struct mip6_wr w = mip6_wr_make(buf, sizeof(buf));
	struct mip6_ip6_out ip;
	size_t start, at;

	memset(&ip, 0, sizeof(ip));
	ip.ip.src = *src;
	ip.ip.dst = *dst;
	ip.ip.hop_limit = MIP6_ND_HOP_LIMIT;
	ip.upper = MIP6_NH_ICMPV6;
	start = mip6_ip6_begin(&w, &ip);
	at = w.pos;
	mip6_nd_write(&w, m);
	mip6_ip6_end(&w, start);
	MIP6_ASSERT(!w.failed);
	mip6_icmp6_finish(buf + at, w.pos - at, src, dst);
	node_send(n, l->ev.ifindex, MIP6_HOP_NONE, lladdr, buf, w.pos);
}

void
nd_send_na(struct mip6_node *n, struct mip6_link *l,
    const struct mip6_addr *target, const struct mip6_na_how *how)
{
	struct mip6_nd m;

	memset(&m, 0, sizeof(m));
	m.type = MIP6_ND_NA;
	m.u.na.target = *target;
	m.u.na.router = how->router;
	m.u.na.solicited = how->solicited;
	m.u.na.override = how->override;
	m.opt.has_tlla = !l->ev.raw;
	m.opt.tlla = l->ev.lladdr;
	nd_send(n, l, how->src,
	    how->dst != NULL ? how->dst : &mip6_addr_all_nodes, how->dst_lladdr,
	    &m);
}

void
nd_send_ns(struct mip6_node *n, struct mip6_link *l,
    const struct mip6_addr *target, const struct mip6_addr *src,
    const struct mip6_lladdr *dst_lladdr)
{
	struct mip6_addr group = mip6_addr_solicited_node(target);
	struct mip6_nd m;

	memset(&m, 0, sizeof(m));
	m.type = MIP6_ND_NS;
	m.u.ns.target = *target;
	m.opt.has_slla = !l->ev.raw && !mip6_addr_is_any(src);
	m.opt.slla = l->ev.lladdr;
	nd_send(n, l, src, dst_lladdr != NULL ? target : &group, dst_lladdr,
	    &m);
}

void
nd_input_ns(struct mip6_node *n, const struct mip6_hint *h,
    const struct mip6_ip6_view *ip, const struct mip6_nd *m)
{
	/* The host answers for its own addresses; we for those of others. */
	if (m->opt.has_slla)
		nd_heard(n, h->ifindex, &ip->ip.src, &m->opt.slla);
	if (coa_own_input_ns(n, h, ip, m))
		return;
	if (n->mn != NULL && mn_input_ns(n, h, ip, m))
		return;
	if (n->ha != NULL)
		(void)ha_input_ns(n, h, ip, m);
}

void
nd_input_na(struct mip6_node *n, const struct mip6_hint *h,
    const struct mip6_ip6_view *ip, const struct mip6_nd *m)
{
	struct mip6_neighbour *e = nd_find(n, h->ifindex, &m->u.na.target);
	bool differs;

	coa_own_input_na(n, h, m);
	if (n->mn != NULL)
		mn_input_na(n, h, m);
	if (n->ha != NULL)
		(void)ha_input_na(n, h, ip, m);
	/* RFC4861-7.2.5a: nobody waits for it: ignored. Test: test_nd_core */
	if (e == NULL)
		return;
	if (!m->opt.has_tlla) {
		if (m->u.na.solicited && e->state != MIP6_NUD_INCOMPLETE &&
		    e->state != MIP6_NUD_FAILED)
			nd_set_state(n, e, MIP6_NUD_REACHABLE);
		return;
	}
	if (e->state == MIP6_NUD_INCOMPLETE || e->state == MIP6_NUD_FAILED) {
		e->lladdr = m->opt.tlla;
		nd_set_state(n, e,
		    m->u.na.solicited ? MIP6_NUD_REACHABLE : MIP6_NUD_STALE);
		return;
	}
	differs = memcmp(&e->lladdr, &m->opt.tlla, sizeof(e->lladdr)) != 0;
	/*
	 * RFC4861-7.2.5b: without Override another address is not taken over;
	 * a reachable entry becomes stale.  Test: test_nd_core
	 */
	if (differs && !m->u.na.override) {
		if (e->state == MIP6_NUD_REACHABLE)
			nd_set_state(n, e, MIP6_NUD_STALE);
		return;
	}
	e->lladdr = m->opt.tlla;
	if (m->u.na.solicited)
		nd_set_state(n, e, MIP6_NUD_REACHABLE);
	else if (differs)
		nd_set_state(n, e, MIP6_NUD_STALE);
}
