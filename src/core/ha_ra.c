/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The home agent as router of its home link: its own Router Advertisements.
 *
 * The home link is an advertising interface from the moment when it is up and
 * has a link-local address and one of ours in a home prefix, until one of
 * these, or the configuration, ends it.  One timer serves the multicast that
 * comes next and the few neighbours that are answered alone: those that
 * solicit while another multicast may not go yet.  Everything fits into one
 * advertisement: eight prefixes at the most.
 *
 * Implements: RFC 6275 sections 7.1 to 7.5, RFC 4861 section 6.2.
 */
#include "core/ha_int.h"

#include <string.h>

/* RFC 4861 section 10. */
#define RA_MAX_INITIAL_INTERVAL       MIP6_SPAN_S(16)
#define RA_MAX_INITIAL_ADVERTISEMENTS 3
#define RA_MAX_DELAY_TIME             MIP6_SPAN_MS(500)
/* RFC 6275 section 7.5. */
#define RA_MIN_INTERVAL   MIP6_SPAN_MS(30)
#define RA_MAX_INTERVAL   MIP6_SPAN_MS(70)
#define RA_SHORT_INTERVAL MIP6_SPAN_MS(200)
#define RA_SHORT_ADDED    MIP6_SPAN_MS(20)

#define RA_HOP_LIMIT    64
#define RA_LIFETIME_MAX 65535
#define RA_PACKET_OCTETS                                                       \
	(MIP6_IP6_OCTETS + 16 + 4 * 8 + MIP6_HOME_PREFIXES_MAX * 32)
/* Lifetimes of other routers may differ by this much (section 6.2.7). */
#define RA_SKEW MIP6_SPAN_S(10)

_Static_assert(RA_PACKET_OCTETS <= MIP6_IP6_MTU_MIN, "one is enough");

void
ha_ra_init(struct mip6_node *n)
{
	node_timer_init(&n->ha->ra.timer, MIP6_TIMER_HA_RA, 0);
}

static const struct mip6_conf_adverts *
ra_conf(const struct mip6_node *n)
{
	return &n->ha->c->adverts;
}

/* ---- what they say ---- */

/* Whole seconds, at least one: a small lifetime does not become none. */
static struct mip6_span
ra_lifetime(struct mip6_span s)
{
	int64_t whole = s.us / 1000000;

	/* R7.5-08, R7.4-04: one second at the least. Test: test_ha_ra */
	if (whole < 1)
		whole = 1;
	return MIP6_SPAN_S(whole < RA_LIFETIME_MAX ? whole : RA_LIFETIME_MAX);
}

static void
ra_fill_agent(const struct mip6_node *n, struct mip6_nd *m)
{
	const struct mip6_conf_adverts *c = ra_conf(n);
	struct mip6_span life = ra_lifetime(c->agent_lifetime);

	m->u.ra.home_agent = true; /* R7.1-01 */
	/* R7.4-09: not when it says what everybody assumes. Test: test_ha_ra */
	if (c->agent_preference == 0 && life.us == m->u.ra.router_lifetime.us)
		return;
	m->opt.has_ha_info = true;
	m->opt.ha_preference = c->agent_preference;
	m->opt.ha_lifetime = life;
}

static void
ra_fill_interval(const struct mip6_node *n, struct mip6_nd *m)
{
	const struct mip6_conf_adverts *c = ra_conf(n);

	if (!c->interval_option || c->solicited_only)
		return;
	m->opt.has_adv_interval = true;
	m->opt.adv_interval = mip6_span_max(c->max_interval, RA_MAX_INTERVAL);
	/* R7.5-05: both ends keep time in ticks. Test: test_ha_ra */
	if (m->opt.adv_interval.us < RA_SHORT_INTERVAL.us)
		m->opt.adv_interval.us += RA_SHORT_ADDED.us;
}

static void
ra_fill_prefixes(const struct mip6_node *n, struct mip6_nd *m)
{
	const struct mip6_conf_ha *c = n->ha->c;
	const struct mip6_addr *ours;
	struct mip6_nd_prefix *p;
	uint32_t k;

	for (k = 0; k < c->prefixes; k++) {
		p = &m->opt.prefix[m->opt.prefix_count++];
		p->addr = c->prefix[k].prefix.addr;
		p->bits = c->prefix[k].prefix.bits;
		p->on_link = true;
		p->autonomous = p->bits == 64;
		ours = ha_address(n, k);
		/* R7.2-01: R and our whole address. Test: test_ha_ra */
		if (ours != NULL) {
			p->addr = *ours;
			p->router = true;
		}
		ha_prefix_life(n, k, &p->valid, &p->preferred);
	}
}

/* A whole advertisement for link `l`. */
static void
ra_fill(const struct mip6_node *n, const struct mip6_link *l, struct mip6_nd *m)
{
	const struct mip6_conf_adverts *c = ra_conf(n);

	memset(m, 0, sizeof(*m));
	m->type = MIP6_ND_RA;
	m->u.ra.hop_limit = RA_HOP_LIMIT;
	m->u.ra.managed = c->managed;
	m->u.ra.other = c->other;
	/* RFC4861-6.2.3: 0 says: no default router. Test: test_ha_ra */
	if (c->router_lifetime.us != 0)
		m->u.ra.router_lifetime = ra_lifetime(c->router_lifetime);
	/* R7.5-07: who comes home needs it. Test: test_ha_ra */
	if (!l->ev.raw) {
		m->opt.has_slla = true;
		m->opt.slla = l->ev.lladdr;
	}
	m->opt.has_mtu = l->ev.mtu >= MIP6_IP6_MTU_MIN;
	m->opt.mtu = l->ev.mtu;
	ra_fill_agent(n, m);
	ra_fill_interval(n, m);
	ra_fill_prefixes(n, m);
}

/* The last one (RFC 4861 section 6.2.5): no router, no home agent. */
static void
ra_fill_final(const struct mip6_link *l, struct mip6_nd *m)
{
	memset(m, 0, sizeof(*m));
	m->type = MIP6_ND_RA;
	m->u.ra.hop_limit = RA_HOP_LIMIT;
	m->opt.has_slla = !l->ev.raw;
	m->opt.slla = l->ev.lladdr;
}

static void
ra_send(struct mip6_node *n, const struct mip6_link *l,
    const struct ha_ra_guest *to, const struct mip6_nd *m)
{
	uint8_t buf[RA_PACKET_OCTETS];
	struct mip6_wr w = mip6_wr_make(buf, sizeof(buf));
	struct mip6_ip6_out ip;
	size_t start, at;

	memset(&ip, 0, sizeof(ip));
	ip.ip.src = n->ha->ra.src;
	ip.ip.dst = to != NULL ? to->addr : mip6_addr_all_nodes;
	ip.ip.hop_limit = MIP6_ND_HOP_LIMIT;
	ip.upper = MIP6_NH_ICMPV6;
	start = mip6_ip6_begin(&w, &ip);
	at = w.pos;
	mip6_nd_write(&w, m);
	mip6_ip6_end(&w, start);
	MIP6_ASSERT(!w.failed);
	mip6_icmp6_finish(buf + at, w.pos - at, &ip.ip.src, &ip.ip.dst);
	node_send(n, l->ev.ifindex, MIP6_HOP_NONE,
	    to != NULL ? &to->lladdr : NULL, buf, w.pos);
}

/* ---- when they go ---- */

static struct mip6_span
ra_min_interval(const struct mip6_node *n)
{
	return mip6_span_max(ra_conf(n)->min_interval, RA_MIN_INTERVAL);
}

/* MinDelayBetweenRAs (RFC 6275 section 13). */
static struct mip6_span
ra_min_delay(const struct mip6_node *n)
{
	return mip6_span_max(ra_conf(n)->min_delay, RA_MIN_INTERVAL);
}

static struct mip6_span
ra_random(struct mip6_node *n, struct mip6_span low, struct mip6_span high)
{
	if (high.us <= low.us)
		return low;
	return MIP6_SPAN_US(low.us +
	    (int64_t)mip6_rng_below(n->rng, (uint64_t)(high.us - low.us) + 1));
}

static void
ra_arm(struct mip6_node *n)
{
	struct ha_ra *ra = &n->ha->ra;
	struct mip6_time due = ra->next;
	uint32_t i;

	for (i = 0; i < HA_RA_GUESTS_MAX; i++)
		if (ra->guest[i].used)
			due = mip6_time_min(due, ra->guest[i].due);
	if (mip6_time_is_never(due))
		node_timer_stop(n, &ra->timer);
	else
		node_timer_arm(n, &ra->timer, due);
}

/* RFC 4861 section 6.2.4: the time of the next unsolicited one. */
static void
ra_schedule(struct mip6_node *n)
{
	const struct mip6_conf_adverts *c = ra_conf(n);
	struct ha_ra *ra = &n->ha->ra;
	struct mip6_span wait, low;

	ra->next = MIP6_TIME_NEVER;
	/* R7.5-06: not where multicast is dear. Test: test_ha_ra_when */
	if (c->solicited_only)
		return;
	low = mip6_span_max(ra_min_interval(n), ra_min_delay(n));
	wait =
	    ra_random(n, low, mip6_span_max(c->max_interval, RA_MAX_INTERVAL));
	/* RFC4861-6.2.4: the first few come sooner. Test: test_ha_ra_when */
	if (ra->initial > 0) {
		ra->initial--;
		wait = mip6_span_min(wait, RA_MAX_INITIAL_INTERVAL);
	}
	ra->next = mip6_time_add(n->now.boot, wait);
}

static void
ra_multicast(struct mip6_node *n, const struct mip6_link *l)
{
	struct ha_ra *ra = &n->ha->ra;
	struct mip6_nd m;

	ra_fill(n, l, &m);
	ra_send(n, l, NULL, &m);
	ra->sent = true;
	ra->sent_at = n->now.boot;
	/* It was for everybody who asked, too. */
	memset(ra->guest, 0, sizeof(ra->guest));
	ra_schedule(n);
}

static void
ra_unicast(struct mip6_node *n, const struct mip6_link *l,
    struct ha_ra_guest *g)
{
	struct mip6_nd m;

	ra_fill(n, l, &m);
	ra_send(n, l, g, &m);
	g->used = false;
}

void
ha_ra_timer(struct mip6_node *n, uint32_t index)
{
	struct ha_ra *ra = &n->ha->ra;
	const struct mip6_link *l = link_find(n, ra->ifindex);
	uint32_t i;

	(void)index;
	if (!ra->on || l == NULL)
		return;
	if (mip6_time_reached(ra->next, n->now.boot))
		ra_multicast(n, l);
	for (i = 0; i < HA_RA_GUESTS_MAX; i++)
		if (ra->guest[i].used &&
		    mip6_time_reached(ra->guest[i].due, n->now.boot))
			ra_unicast(n, l, &ra->guest[i]);
	ra_arm(n);
}

/* Answers `addr` alone, at `due`; false: too many wait already. */
static bool
ra_invite(struct ha_ra *ra, const struct mip6_addr *addr,
    const struct mip6_lladdr *lladdr, struct mip6_time due)
{
	struct ha_ra_guest *g, *room = NULL;
	uint32_t i;

	for (i = 0; i < HA_RA_GUESTS_MAX; i++) {
		g = &ra->guest[i];
		if (g->used && mip6_addr_equal(&g->addr, addr))
			return true; /* the delay counts from the first */
		if (!g->used && room == NULL)
			room = g;
	}
	if (room == NULL)
		return false;
	room->used = true;
	room->addr = *addr;
	room->lladdr = *lladdr;
	room->due = due;
	return true;
}

/*
 * RFC 4861 section 6.2.6.  The delay is drawn from 0 to 0.5 s, or to the
 * smallest interval where that is less: a mobile node waits.
 */
void
ha_input_rs(struct mip6_node *n, const struct mip6_hint *h,
    const struct mip6_ip6_view *ip, const struct mip6_nd *m)
{
	struct ha_ra *ra = &n->ha->ra;
	struct mip6_time at, allowed = n->now.boot;
	struct mip6_span delay;

	if (m->opt.has_slla)
		nd_heard(n, h->ifindex, &ip->ip.src, &m->opt.slla);
	/* RFC4861-6.2.6a: by advertising interfaces. Test: test_ha_ra_when */
	if (!ra->on || h->ifindex != ra->ifindex)
		return;
	delay = ra_random(n, MIP6_SPAN_S(0),
	    mip6_span_min(RA_MAX_DELAY_TIME, ra_min_interval(n)));
	at = mip6_time_add(n->now.boot, delay);
	if (mip6_time_reached(ra->next, at))
		return;
	if (ra->sent)
		allowed = mip6_time_add(ra->sent_at, ra_min_delay(n));
	/* RFC4861-6.2.6b: to all nodes not too often. Test: test_ha_ra_when */
	if (mip6_time_reached(allowed, at))
		ra->next = at;
	else if (mip6_addr_is_any(&ip->ip.src) ||
	    !ra_invite(ra, &ip->ip.src,
		m->opt.has_slla ? &m->opt.slla : &h->ll_src, at))
		ra->next = mip6_time_min(ra->next,
		    mip6_time_add(mip6_time_max(allowed, n->now.boot), delay));
	ra_arm(n);
}

/* ---- becoming and ceasing to be an advertising interface ---- */

/* The link and the address to advertise from; NULL: not now. */
static struct mip6_link *
ra_wanted(struct mip6_node *n, const struct mip6_addr **src)
{
	const struct mip6_conf_ha *c = n->ha->c;
	struct mip6_link *l = ha_home_link(n);
	uint32_t k;

	/* RFC4861-6.2.2: not unless configured. Test: test_ha_ra */
	if (!c->on || !c->adverts.on || c->is_virtual || n->stopping ||
	    l == NULL)
		return NULL;
	*src = link_local_addr(l);
	if (*src == NULL)
		return NULL;
	for (k = 0; k < c->prefixes; k++)
		if (ha_address(n, k) != NULL)
			return l;
	return NULL; /* R7.2-01: what would it have an R bit for? */
}

static void
ra_cease(struct mip6_node *n)
{
	struct ha_ra *ra = &n->ha->ra;
	const struct mip6_link *l = link_find(n, ra->ifindex);
	struct mip6_nd m;

	if (l != NULL && l->ev.up) {
		ra_fill_final(l, &m);
		ra_send(n, l, NULL, &m);
	}
	if (l != NULL)
		node_act_set(n, MIP6_ACT_GROUP, ra->ifindex,
		    &mip6_addr_all_routers, false);
	node_timer_stop(n, &ra->timer);
	memset(ra->guest, 0, sizeof(ra->guest));
	ra->on = false;
	MIP6_LOG(n->log, INFO, "ra.ceased", MIP6_KA("from", &ra->src));
}

static void
ra_become(struct mip6_node *n, const struct mip6_link *l,
    const struct mip6_addr *src)
{
	struct ha_ra *ra = &n->ha->ra;

	ra->on = true;
	ra->ifindex = l->ev.ifindex;
	ra->src = *src;
	ra->sent = false;
	memset(&ra->said, 0, sizeof(ra->said));
	node_act_set(n, MIP6_ACT_GROUP, ra->ifindex, &mip6_addr_all_routers,
	    true);
	MIP6_LOG(n->log, INFO, "ra.advertising", MIP6_KS("link", l->ev.name),
	    MIP6_KA("from", &ra->src));
}

/* Says anew what has changed, as soon and as often as at the beginning. */
static void
ra_renew(struct mip6_node *n, const struct mip6_link *l)
{
	struct ha_ra *ra = &n->ha->ra;
	struct mip6_nd m;
	uint32_t k;

	ra_fill(n, l, &m);
	for (k = 0; k < m.opt.prefix_count; k++)
		if (n->ha->c->prefix[k].decrement)
			m.opt.prefix[k].valid.us =
			    m.opt.prefix[k].preferred.us = 0;
	if (memcmp(&m, &ra->said, sizeof(m)) == 0)
		return;
	ra->said = m;
	ra->initial = RA_MAX_INITIAL_ADVERTISEMENTS - 1;
	ra->next = n->now.boot;
	/* R7.5-06: nobody has asked. Test: test_ha_ra_when */
	if (ra_conf(n)->solicited_only)
		ra->next = MIP6_TIME_NEVER;
	else if (ra->sent)
		ra->next = mip6_time_max(n->now.boot,
		    mip6_time_add(ra->sent_at,
			mip6_span_min(ra_min_interval(n),
			    RA_MAX_INITIAL_INTERVAL)));
	ra_arm(n);
}

void
ha_ra_changed(struct mip6_node *n)
{
	const struct mip6_addr *src = NULL;
	struct mip6_link *l = ra_wanted(n, &src);
	struct ha_ra *ra = &n->ha->ra;

	if (ra->on &&
	    (l == NULL || l->ev.ifindex != ra->ifindex ||
		!mip6_addr_equal(src, &ra->src)))
		ra_cease(n);
	if (l == NULL)
		return;
	if (!ra->on)
		ra_become(n, l, src);
	ra_renew(n, l);
}

void
ha_ra_stop(struct mip6_node *n)
{
	if (n->ha->ra.on)
		ra_cease(n);
}

/* ---- what other routers say ---- */

static bool
ra_differ(struct mip6_span a, struct mip6_span b)
{
	if (a.us == INT64_MAX || b.us == INT64_MAX)
		return a.us != b.us;
	return a.us > b.us + RA_SKEW.us || b.us > a.us + RA_SKEW.us;
}

static const char *
ra_compare_prefixes(const struct mip6_nd *ours, const struct mip6_nd *theirs)
{
	const struct mip6_nd_prefix *a, *b;
	struct mip6_prefix p, q;
	uint32_t i, k;

	for (i = 0; i < ours->opt.prefix_count; i++)
		for (k = 0; k < theirs->opt.prefix_count; k++) {
			a = &ours->opt.prefix[i];
			b = &theirs->opt.prefix[k];
			p = mip6_prefix_make(&a->addr, a->bits);
			q = mip6_prefix_make(&b->addr, b->bits);
			if (mip6_prefix_equal(&p, &q) &&
			    (ra_differ(a->valid, b->valid) ||
				ra_differ(a->preferred, b->preferred)))
				return "prefix lifetime";
		}
	return NULL;
}

void
ha_ra_compare(struct mip6_node *n, const struct mip6_addr *router,
    const struct mip6_nd *m)
{
	const struct mip6_link *l = link_find(n, n->ha->ra.ifindex);
	const char *what = NULL;
	struct mip6_nd ours;

	if (!n->ha->ra.on || l == NULL)
		return;
	ra_fill(n, l, &ours);
	if (m->u.ra.hop_limit != 0 && m->u.ra.hop_limit != ours.u.ra.hop_limit)
		what = "hop limit";
	else if (m->u.ra.managed != ours.u.ra.managed ||
	    m->u.ra.other != ours.u.ra.other)
		what = "M or O flag";
	else if (m->opt.has_mtu && ours.opt.has_mtu &&
	    m->opt.mtu != ours.opt.mtu)
		what = "MTU";
	else
		what = ra_compare_prefixes(&ours, m);
	/* RFC4861-6.2.7: somebody is misconfigured. Test: test_ha_ra */
	if (what != NULL)
		MIP6_LOG(n->log, WARNING, "ra.inconsistent",
		    MIP6_KA("router", router), MIP6_KS("what", what));
}
