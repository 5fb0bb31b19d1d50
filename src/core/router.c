/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Routers and prefixes of the links that a mobile node may use.
 *
 * Nothing is kept across a link going down: what a link is, its advertisements
 * say since it came up.  Solicitations go at once on link-up, from the
 * unspecified address when there is no link-local one yet, and are repeated
 * faster than RFC 4861's 4 s at first (0.25 s, doubling): the first one is
 * easily lost on a link that has just come up, and a mobile node is waiting.
 *
 * A router that falls silent, or beside which another one appears, is probed;
 * only when it does not answer is it left (RFC 6275 section 11.5.1), so that
 * neither a lost advertisement nor a new router makes the node move.
 *
 * Implements: RFC 4861 sections 6.3.4 to 6.3.7 (but for that interval), RFC
 * 6275 sections 7.2 and 11.5.1.
 */
#include "core/node_int.h"

#include <string.h>

#define ROUTER_SOLICIT_FIRST_MS 250
#define ROUTER_SOLICIT_MAX_MS   32000
#define ROUTER_PACKET_OCTETS    64
/* Advertisements of a router that may be lost before it is asked. */
#define ROUTER_SILENT_INTERVALS 3

/* RFC 4861 sections 6.3.4, 6.3.7: a valid lifetime is told in seconds. */
static struct mip6_time
router_until(struct mip6_node *n, struct mip6_span s)
{
	return mip6_time_add(n->now.boot, s);
}

void
router_solicit(struct mip6_node *n, struct mip6_link *l)
{
	uint8_t buf[ROUTER_PACKET_OCTETS];
	struct mip6_wr w = mip6_wr_make(buf, sizeof(buf));
	const struct mip6_addr *src = link_local_addr(l);
	struct mip6_ip6_out ip;
	struct mip6_nd m;
	size_t start, at;

	memset(&ip, 0, sizeof(ip));
	memset(&m, 0, sizeof(m));
	ip.ip.src = src != NULL ? *src : mip6_addr_any;
	ip.ip.dst = mip6_addr_all_routers;
	ip.ip.hop_limit = MIP6_ND_HOP_LIMIT;
	ip.upper = MIP6_NH_ICMPV6;
	m.type = MIP6_ND_RS;
	/* RFC4861-4.1: no link-layer address with the unspecified source. */
	m.opt.has_slla = src != NULL && !l->ev.raw;
	m.opt.slla = l->ev.lladdr;
	start = mip6_ip6_begin(&w, &ip);
	at = w.pos;
	mip6_nd_write(&w, &m);
	mip6_ip6_end(&w, start);
	MIP6_ASSERT(!w.failed);
	mip6_icmp6_finish(buf + at, w.pos - at, &ip.ip.src, &ip.ip.dst);
	node_send(n, l->ev.ifindex, MIP6_HOP_NONE, NULL, buf, w.pos);
	MIP6_LOG(n->log, DEBUG, "router.solicited", MIP6_KS("link", l->ev.name),
	    MIP6_KU("count", l->solicited + 1));
}

void
router_solicit_timer(struct mip6_node *n, uint32_t index)
{
	struct mip6_link *l = &n->link[index];
	int64_t ms = ROUTER_SOLICIT_MAX_MS;

	if (!l->used || !l->ev.up || !l->is_mn || l->ra_at.us != 0)
		return;
	if (l->captured)
		router_solicit(n, l);
	if (l->solicited < 7)
		ms = (int64_t)ROUTER_SOLICIT_FIRST_MS << l->solicited;
	l->solicited++;
	node_timer_in(n, &l->solicit, MIP6_SPAN_MS(ms));
}

void
router_link_up(struct mip6_node *n, struct mip6_link *l)
{
	l->solicited = 0;
	l->ra_at.us = 0;
	node_timer_arm(n, &l->solicit, n->now.boot);
}

static void
router_remove(struct mip6_node *n, struct mip6_router *r)
{
	node_timer_stop(n, &r->timer);
	node_timer_stop(n, &r->silence);
	r->used = false;
}

static void
router_prefix_remove(struct mip6_node *n, struct mip6_prefix_entry *p)
{
	node_timer_stop(n, &p->timer);
	p->used = false;
}

void
router_link_down(struct mip6_node *n, struct mip6_link *l)
{
	uint32_t i;

	for (i = 0; i < MIP6_ROUTERS_MAX; i++)
		if (n->router[i].used && n->router[i].ifindex == l->ev.ifindex)
			router_remove(n, &n->router[i]);
	for (i = 0; i < MIP6_PREFIXES_MAX; i++)
		if (n->prefix[i].used && n->prefix[i].ifindex == l->ev.ifindex)
			router_prefix_remove(n, &n->prefix[i]);
	node_timer_stop(n, &l->solicit);
	l->ra_at.us = 0;
}

struct mip6_router *
router_default(struct mip6_node *n, uint32_t ifindex)
{
	struct mip6_router *r, *lost = NULL;
	uint32_t i;

	for (i = 0; i < MIP6_ROUTERS_MAX; i++) {
		r = &n->router[i];
		if (!r->used || r->ifindex != ifindex ||
		    !mip6_time_before(n->now.boot, r->expires))
			continue;
		/* RFC4861-6.3.6a: rather a reachable one. Test: test_move */
		if (!r->unreachable)
			return r;
		lost = r;
	}
	return lost;
}

static struct mip6_router *
router_find(struct mip6_node *n, uint32_t ifindex, const struct mip6_addr *addr)
{
	uint32_t i;

	for (i = 0; i < MIP6_ROUTERS_MAX; i++)
		if (n->router[i].used && n->router[i].ifindex == ifindex &&
		    mip6_addr_equal(&n->router[i].addr, addr))
			return &n->router[i];
	return NULL;
}

bool
router_vouches(const struct mip6_node *n, const struct mip6_prefix_entry *p)
{
	uint32_t i;

	for (i = 0; i < MIP6_ROUTERS_MAX; i++)
		if (n->router[i].used && n->router[i].ifindex == p->ifindex &&
		    mip6_addr_equal(&n->router[i].addr, &p->from))
			return !n->router[i].unreachable;
	return true;
}

struct mip6_router *
router_by_global(struct mip6_node *n, uint32_t ifindex,
    const struct mip6_addr *global)
{
	const struct mip6_prefix_entry *p;
	uint32_t i, k;

	for (i = 0; i < MIP6_PREFIXES_MAX; i++) {
		p = &n->prefix[i];
		if (!p->used || p->ifindex != ifindex ||
		    !mip6_addr_equal(&p->router_addr, global))
			continue;
		for (k = 0; k < MIP6_ROUTERS_MAX; k++)
			if (n->router[k].used && n->router[k].has_lladdr &&
			    n->router[k].ifindex == ifindex &&
			    mip6_addr_equal(&n->router[k].addr, &p->from))
				return &n->router[k];
	}
	return NULL;
}

struct mip6_prefix_entry *
router_onlink(struct mip6_node *n, uint32_t ifindex, const struct mip6_addr *a)
{
	struct mip6_prefix_entry *p;
	uint32_t i;

	for (i = 0; i < MIP6_PREFIXES_MAX; i++) {
		p = &n->prefix[i];
		if (p->used && p->ifindex == ifindex && p->onlink &&
		    mip6_prefix_has(&p->prefix, a))
			return p;
	}
	return NULL;
}

struct mip6_prefix_entry *
router_prefix(struct mip6_node *n, uint32_t ifindex,
    const struct mip6_prefix *want)
{
	struct mip6_prefix_entry *p;
	uint32_t i;

	for (i = 0; i < MIP6_PREFIXES_MAX; i++) {
		p = &n->prefix[i];
		if (p->used && p->ifindex == ifindex &&
		    mip6_prefix_equal(&p->prefix, want))
			return p;
	}
	return NULL;
}

bool
router_nexthop(struct mip6_node *n, uint32_t ifindex,
    const struct mip6_addr *dst, struct mip6_addr *nexthop)
{
	const struct mip6_router *r;

	if (mip6_addr_is_linklocal(dst) ||
	    router_onlink(n, ifindex, dst) != NULL) {
		*nexthop = *dst;
		return true;
	}
	r = router_default(n, ifindex);
	if (r == NULL)
		return false;
	*nexthop = r->addr;
	return true;
}

static struct mip6_router *
router_make(struct mip6_node *n, uint32_t ifindex, const struct mip6_addr *addr)
{
	struct mip6_router *r, *room = NULL, *dead = NULL;
	uint32_t i;

	for (i = 0; i < MIP6_ROUTERS_MAX; i++) {
		r = &n->router[i];
		if (!r->used) {
			if (room == NULL)
				room = r;
			continue;
		}
		if (r->ifindex == ifindex && mip6_addr_equal(&r->addr, addr))
			return r;
		/* One that is no default router gives way to the next. */
		if (dead == NULL && !mip6_time_before(n->now.boot, r->expires))
			dead = r;
	}
	if (room == NULL)
		room = dead;
	if (room == NULL) {
		node_drop(n, MIP6_DROP_ND_FULL, addr);
		return NULL;
	}
	node_timer_stop(n, &room->timer);
	node_timer_stop(n, &room->silence);
	memset(room, 0, sizeof(*room));
	room->used = true;
	room->ifindex = ifindex;
	room->addr = *addr;
	node_timer_init(&room->timer, MIP6_TIMER_ROUTER,
	    (uint32_t)(room - n->router));
	node_timer_init(&room->silence, MIP6_TIMER_ROUTER_SILENT,
	    (uint32_t)(room - n->router));
	return room;
}

/*
 * A router that was not heard before may mean another link; the node stays
 * with the one it has while that one answers.
 */
static void
router_doubt_others(struct mip6_node *n, const struct mip6_router *fresh)
{
	const struct mip6_router *r;
	uint32_t i;

	for (i = 0; i < MIP6_ROUTERS_MAX; i++) {
		r = &n->router[i];
		/* R11.5.1-02: asked, not left. Test: test_move */
		if (r != fresh && r->used && r->ifindex == fresh->ifindex &&
		    !r->unreachable &&
		    mip6_time_before(n->now.boot, r->expires))
			nd_check(n, r->ifindex, &r->addr);
	}
}

/* When it will have been silent for too long. */
static void
router_expect(struct mip6_node *n, struct mip6_router *r,
    const struct mip6_nd_opts *o)
{
	r->interval = o->has_adv_interval ? o->adv_interval : MIP6_SPAN_S(0);
	/* R7.3-02: where it says how often it speaks. Test: test_move */
	if (r->interval.us == 0)
		node_timer_stop(n, &r->silence);
	else
		node_timer_in(n, &r->silence,
		    (struct mip6_span){
			r->interval.us * ROUTER_SILENT_INTERVALS });
}

static void
router_learn(struct mip6_node *n, const struct mip6_hint *h,
    const struct mip6_ip6_view *ip, const struct mip6_nd *m)
{
	const struct mip6_nd_ra *ra = &m->u.ra;
	bool fresh = router_find(n, h->ifindex, &ip->ip.src) == NULL;
	struct mip6_router *r = router_make(n, h->ifindex, &ip->ip.src);

	if (r == NULL)
		return;
	router_expect(n, r, &m->opt);
	/* That we hear it does not say that it hears us. */
	if (r->unreachable)
		nd_check(n, h->ifindex, &r->addr);
	r->home_agent = ra->home_agent;
	if (m->opt.has_slla) {
		r->lladdr = m->opt.slla;
		r->has_lladdr = true;
		nd_learn(n, h->ifindex, &ip->ip.src, &m->opt.slla);
	}
	/* RFC4861-6.3.4a: lifetime 0 ends a default router. Test: test_router */
	if (ra->router_lifetime.us == 0) {
		r->expires = n->now.boot;
		node_timer_stop(n, &r->timer);
		return;
	}
	if (fresh)
		router_doubt_others(n, r);
	r->expires = router_until(n, ra->router_lifetime);
	node_timer_arm(n, &r->timer, r->expires);
}

static struct mip6_prefix_entry *
router_prefix_make(struct mip6_node *n, uint32_t ifindex,
    const struct mip6_prefix *prefix)
{
	struct mip6_prefix_entry *p = router_prefix(n, ifindex, prefix);
	uint32_t i;

	if (p != NULL)
		return p;
	for (i = 0; i < MIP6_PREFIXES_MAX; i++) {
		p = &n->prefix[i];
		if (p->used)
			continue;
		memset(p, 0, sizeof(*p));
		p->used = true;
		p->ifindex = ifindex;
		p->prefix = *prefix;
		node_timer_init(&p->timer, MIP6_TIMER_PREFIX, i);
		return p;
	}
	node_drop(n, MIP6_DROP_ND_FULL, &prefix->addr);
	return NULL;
}

/* The end of its preferred lifetime, then that of the other. */
static void
router_prefix_await(struct mip6_node *n, struct mip6_prefix_entry *p)
{
	node_timer_arm(n, &p->timer,
	    mip6_time_before(n->now.boot, p->preferred) ? p->preferred :
							  p->valid);
}

/* One Prefix Information option (RFC 4861 section 6.3.4). */
static void
router_learn_prefix(struct mip6_node *n, struct mip6_link *l,
    const struct mip6_addr *from, const struct mip6_nd_prefix *o)
{
	struct mip6_prefix prefix = mip6_prefix_make(&o->addr, o->bits);
	struct mip6_prefix_entry *p;

	/* RFC4861-6.3.4b: link-local prefixes are ignored. Test: test_router */
	if (mip6_addr_is_linklocal(&o->addr) ||
	    mip6_addr_is_multicast(&o->addr))
		return;
	/* RFC4862-5.5.3c: preferred beyond valid: ignored. Test: test_router */
	if (o->preferred.us > o->valid.us)
		return;
	/* RFC4861-6.3.4c: valid lifetime 0 times it out. Test: test_router */
	if (o->valid.us == 0) {
		p = router_prefix(n, l->ev.ifindex, &prefix);
		if (p != NULL)
			router_prefix_remove(n, p);
		return;
	}
	p = router_prefix_make(n, l->ev.ifindex, &prefix);
	if (p == NULL)
		return;
	p->onlink = o->on_link;
	p->autonomous = o->autonomous;
	p->from = *from;
	if (o->router)
		p->router_addr = o->addr;
	p->valid = router_until(n, o->valid);
	p->preferred = router_until(n, o->preferred);
	router_prefix_await(n, p);
}

void
router_input_ra(struct mip6_node *n, const struct mip6_hint *h,
    const struct mip6_ip6_view *ip, const struct mip6_nd *m)
{
	struct mip6_link *l = link_find(n, h->ifindex);
	uint32_t i;

	if (l == NULL || !l->is_mn || !l->ev.up)
		return;
	if (l->ra_at.us == 0)
		MIP6_LOG(n->log, INFO, "router.found",
		    MIP6_KA("router", &ip->ip.src),
		    MIP6_KS("link", l->ev.name));
	l->ra_at = n->now.boot;
	node_timer_stop(n, &l->solicit);
	router_learn(n, h, ip, m);
	for (i = 0; i < m->opt.prefix_count; i++)
		router_learn_prefix(n, l, &ip->ip.src, &m->opt.prefix[i]);
	link_prune(n, l);
	link_form(n, l);
	if (n->mn != NULL)
		mn_changed(n);
}

void
router_timer(struct mip6_node *n, uint32_t index)
{
	struct mip6_router *r = &n->router[index];
	struct mip6_link *l = link_find(n, r->ifindex);

	MIP6_LOG(n->log, INFO, "router.expired", MIP6_KA("router", &r->addr));
	router_remove(n, r);
	if (l != NULL && l->is_mn && l->ev.up &&
	    router_default(n, l->ev.ifindex) == NULL)
		router_link_up(n, l); /* ask whether anybody is there */
	if (n->mn != NULL)
		mn_changed(n);
}

void
router_silent_timer(struct mip6_node *n, uint32_t index)
{
	struct mip6_router *r = &n->router[index];

	MIP6_LOG(n->log, DEBUG, "router.silent", MIP6_KA("router", &r->addr),
	    MIP6_KT("interval", r->interval));
	nd_check(n, r->ifindex, &r->addr);
}

void
router_lost(struct mip6_node *n, uint32_t ifindex, const struct mip6_addr *addr)
{
	struct mip6_router *r = router_find(n, ifindex, addr);
	struct mip6_link *l = link_find(n, ifindex);

	if (r == NULL || r->unreachable || l == NULL || !l->is_mn)
		return;
	r->unreachable = true;
	MIP6_LOG(n->log, WARNING, "router.unreachable", MIP6_KA("router", addr),
	    MIP6_KS("link", l->ev.name));
	/* Of the others on the link, if there are any; and who else is there? */
	link_form(n, l);
	router_link_up(n, l);
	mn_changed(n);
}

void
router_reached(struct mip6_node *n, uint32_t ifindex,
    const struct mip6_addr *addr)
{
	struct mip6_router *r = router_find(n, ifindex, addr);

	if (r == NULL || !r->unreachable)
		return;
	r->unreachable = false;
	MIP6_LOG(n->log, INFO, "router.reachable", MIP6_KA("router", addr));
	mn_changed(n);
}

void
router_prefix_timer(struct mip6_node *n, uint32_t index)
{
	struct mip6_prefix_entry *p = &n->prefix[index];
	struct mip6_link *l = link_find(n, p->ifindex);

	/* RFC4862-5.5.4a: deprecated before it is over. Test: test_coa_choice */
	if (mip6_time_before(n->now.boot, p->valid)) {
		router_prefix_await(n, p);
	} else {
		MIP6_LOG(n->log, INFO, "router.prefix-expired",
		    MIP6_KA("prefix", &p->prefix.addr));
		router_prefix_remove(n, p);
	}
	if (l != NULL)
		link_form(n, l);
	if (n->mn != NULL)
		mn_changed(n);
}
