/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What a node can be asked about; see show.h.  Reads every table, changes
 * none.  Why something does not work is said in show_why.c.
 */
#include "core/show.h"

#include "core/cn_int.h"
#include "core/ha_int.h"
#include "core/mn_int.h"
#include "core/mn_ro_int.h"
#include "core/show_int.h"

#include <string.h>

/* Counts entries, and says which of them the caller wants. */
struct show_page {
	size_t skip, max, seen, shown;
};

static bool
show_wanted(struct show_page *p)
{
	size_t i = p->seen++;

	if (i < p->skip || p->shown == p->max)
		return false;
	p->shown++;
	return true;
}

static struct mip6_span
show_left(const struct mip6_now *now, struct mip6_time until)
{
	return mip6_span_max(mip6_time_sub(until, now->boot), MIP6_SPAN_US(0));
}

/* A lifetime that may be without end. */
static struct mip6_span
show_life(const struct mip6_now *now, struct mip6_time until)
{
	return mip6_time_is_never(until) ? MIP6_ND_INFINITE :
					   show_left(now, until);
}

/* "LKR", or those of them that are set. */
static void
show_flags(const struct mip6_binding *b, char flags[4])
{
	size_t n = 0;

	if ((b->flags & MIP6_BINDING_L) != 0)
		flags[n++] = 'L';
	if ((b->flags & MIP6_BINDING_K) != 0)
		flags[n++] = 'K';
	if ((b->flags & MIP6_BINDING_R) != 0)
		flags[n++] = 'R';
	flags[n] = '\0';
}

static const char *const show_binding_state[] = {
	[MIP6_BINDING_FREE] = "",
	[MIP6_BINDING_PENDING] = "pending",
	[MIP6_BINDING_REGISTERED] = "registered",
	[MIP6_BINDING_INVALID] = "invalid",
};

/* Those of the correspondent, behind the home agent's. */
static void
show_correspondent(const struct mip6_node *n, const struct mip6_now *now,
    struct show_page *p, void (*row)(void *, const struct mip6_show_binding *),
    void *arg)
{
	const struct cn_binding *b;
	struct mip6_show_binding s;
	uint32_t i;

	for (i = 0; p->shown < p->max && i < n->cn->bindings.top; i++) {
		b = cn_get(n->cn, i);
		if (!b->pair.used || !show_wanted(p))
			continue;
		memset(&s, 0, sizeof(s));
		s.hoa = b->pair.other;
		s.coa = b->coa;
		s.local = b->pair.our;
		s.seq = b->seq;
		s.granted = mip6_mh_lifetime_span(b->granted);
		s.left = b->state == MIP6_BINDING_REGISTERED ?
		    show_left(now, cn_expires(b)) :
		    MIP6_SPAN_US(0);
		s.state = show_binding_state[b->state];
		row(arg, &s);
	}
}

size_t
mip6_show_bindings(const struct mip6_node *n, const struct mip6_now *now,
    size_t skip, size_t max,
    void (*row)(void *, const struct mip6_show_binding *), void *arg)
{
	struct show_page p = { skip, max, 0, 0 };
	const struct ha_pending *wait;
	const struct mip6_binding *b;
	struct mip6_show_binding s;
	uint32_t i;

	/* The cache knows its count: the walk ends with the page. */
	for (i = 0; p.shown < max && n->ha != NULL && i < n->ha->bcache.top;
	     i++) {
		b = mip6_bcache_get(&n->ha->bcache, i);
		if (b->state == MIP6_BINDING_FREE || !show_wanted(&p))
			continue;
		memset(&s, 0, sizeof(s));
		s.hoa = b->hoa;
		s.coa = b->coa;
		s.local = *ha_local(n, b);
		s.seq = b->seq;
		s.granted = mip6_mh_lifetime_span(b->granted);
		s.left = b->state == MIP6_BINDING_REGISTERED ?
		    show_left(now, ha_expires(b)) :
		    MIP6_SPAN_US(0);
		s.home_registration = true;
		s.state = show_binding_state[b->state];
		if (b->state == MIP6_BINDING_PENDING && b->hop != MIP6_HOP_NONE)
			s.state = "provisional";
		show_flags(b, s.flags);
		wait = ha_pending_of(n->ha, b);
		s.checking = wait != NULL && wait->dad_runs && !wait->dad_done;
		row(arg, &s);
	}
	p.seen = n->ha != NULL ? n->ha->bcache.count : 0;
	if (n->cn != NULL)
		show_correspondent(n, now, &p, row, arg);
	return (n->ha != NULL ? n->ha->bcache.count : 0) +
	    (n->cn != NULL ? n->cn->bindings.count : 0);
}

/* How old a token is that can be used still. */
static struct mip6_span
show_token_age(const struct mip6_now *now, const struct ro_test *t)
{
	struct mip6_span age = mip6_time_sub(now->boot, t->at);

	return t->has && age.us < MIP6_MAX_TOKEN_LIFE.us ? age :
							   MIP6_SPAN_US(-1);
}

/* Why packets to it do not travel directly. */
static void
show_why_tunnel(const struct mip6_now *now, const struct ro_peer *p,
    struct mip6_fmt *f)
{
	if (p->state == RO_DENIED) {
		mip6_fmt_str(f, ro_denial_name(p->denial));
		if (p->denial == RO_DENIAL_REFUSED && p->last_status >= 0) {
			mip6_fmt_str(f, ": ");
			mip6_fmt_str(f,
			    mip6_ba_status_name((uint8_t)p->last_status));
		}
		mip6_fmt_str(f, "; again in ");
		mip6_fmt_u64(f,
		    (uint64_t)show_left(now, p->until).us / 1000000);
		mip6_fmt_str(f, " s");
	} else if (p->failing) {
		mip6_fmt_str(f, "does not answer");
	} else if (p->state == RO_TESTING && !p->usable) {
		mip6_fmt_str(f,
		    p->home.waiting        ? "waiting for the home test" :
			p->care_of.waiting ? "waiting for the care-of test" :
					     "waiting for the home agent");
	}
}

static void
show_correspondents(struct show_page *page, const struct mip6_node *n,
    const struct mip6_now *now,
    void (*row)(void *, const struct mip6_show_registration *), void *arg)
{
	struct mip6_show_registration s;
	const struct ro_peer *p;
	struct mip6_fmt f;
	char why[128];
	uint32_t i;

	for (i = 0; i < RO_PEERS_MAX; i++) {
		p = &n->mn->ro->peer[i];
		if (!p->used || !show_wanted(page))
			continue;
		memset(&s, 0, sizeof(s));
		f = mip6_fmt_make(why, sizeof(why));
		show_why_tunnel(now, p, &f);
		s.correspondent = true;
		s.hoa = p->hoa;
		s.agent = p->peer;
		s.coa_wanted = p->coa;
		s.state = ro_state_name(p->state);
		s.why = why;
		s.seq = p->bul.seq;
		if (mip6_bul_bound(&p->bul, now->boot)) {
			s.coa = p->bul.coa;
			s.left = show_left(now, p->bul.expires);
			s.granted = p->bul.granted;
		}
		s.unanswered = p->home.unanswered + p->care_of.unanswered +
		    p->bul.unanswered;
		s.last_status = p->last_status;
		s.last_status_authentic = true;
		s.agents = "";
		s.prefix_left.us = INT64_MAX;
		s.home_token = show_token_age(now, &p->home);
		s.care_of_token = show_token_age(now, &p->care_of);
		row(arg, &s);
	}
}

size_t
mip6_show_registrations(const struct mip6_node *n, const struct mip6_now *now,
    size_t skip, size_t max,
    void (*row)(void *, const struct mip6_show_registration *), void *arg)
{
	struct show_page p = { skip, max, 0, 0 };
	struct mip6_show_registration s;
	const struct mn_home *h;
	struct mip6_fmt f, g;
	char why[512], agents[512];
	uint32_t i;

	for (i = 0; n->mn != NULL && i < MIP6_HOMES_MAX; i++) {
		h = &n->mn->home[i];
		if (!h->used || !show_wanted(&p))
			continue;
		memset(&s, 0, sizeof(s));
		f = mip6_fmt_make(why, sizeof(why));
		show_why_home(n, now, h, &f);
		s.hoa = h->hoa;
		s.agent = h->ha->addr;
		s.coa_wanted = h->at.coa;
		s.state = mn_state_name(h->state);
		s.why = why;
		s.seq = h->ha->bul.seq;
		if (h->bound != NULL &&
		    mip6_bul_bound(&h->bound->bul, now->boot)) {
			s.coa = h->bound->bul.coa;
			s.left = show_left(now, h->bound->bul.expires);
			s.granted = h->bound->bul.granted;
		}
		s.unanswered = h->ha->bul.unanswered;
		if (h->ha->bul.unanswered > 0)
			s.silent = mip6_time_sub(now->boot,
			    h->ha->bul.first_unanswered);
		s.last_status = h->ha->last_status;
		s.last_status_authentic = h->ha->last_status_authentic;
		s.clock_offset_ms = h->ha->clock_offset_us / 1000;
		s.formed = h->prefix.derived;
		s.deprecated = h->prefix.avoided;
		s.prefix_left = show_life(now, h->prefix.valid);
		g = mip6_fmt_make(agents, sizeof(agents));
		(void)show_agents_left(h, &g);
		s.agents = agents;
		s.home_token = s.care_of_token = MIP6_SPAN_US(-1);
		row(arg, &s);
	}
	if (n->mn != NULL && n->mn->ro != NULL)
		show_correspondents(&p, n, now, row, arg);
	return p.seen;
}

void
mip6_show_counts(const struct mip6_node *n, struct mip6_show_counts *c)
{
	const struct ro_peer *p;
	uint32_t i;

	memset(c, 0, sizeof(*c));
	c->home_bindings = n->ha != NULL ? n->ha->bcache.count : 0;
	c->bindings = n->cn != NULL ? n->cn->bindings.count : 0;
	if (n->mn == NULL || n->mn->ro == NULL)
		return;
	for (i = 0; i < RO_PEERS_MAX; i++) {
		p = &n->mn->ro->peer[i];
		c->correspondents += p->used;
		c->direct += p->used && p->usable;
	}
}

static const char *
show_link_role(const struct mip6_node *n, const struct mip6_link *l)
{
	uint32_t i;

	if (n->ha != NULL && n->ha->ifindex == l->ev.ifindex)
		return "home-agent";
	if (!l->is_mn)
		return !l->captured ? "unused" :
		    n->ha != NULL   ? "uplink" :
				      "correspondent";
	for (i = 0; n->mn != NULL && i < MIP6_HOMES_MAX; i++)
		if (n->mn->home[i].used &&
		    n->mn->home[i].at.place == MN_PLACE_HOME &&
		    n->mn->home[i].at.ifindex == l->ev.ifindex)
			return "home";
	return "foreign";
}

size_t
mip6_show_links(const struct mip6_node *n, const struct mip6_now *now,
    size_t skip, size_t max, void (*row)(void *, const struct mip6_show_link *),
    void *arg)
{
	struct show_page p = { skip, max, 0, 0 };
	const struct mip6_link *l;
	struct mip6_show_link s;
	uint32_t i, k;

	(void)now;
	for (i = 0; i < MIP6_LINKS_MAX; i++) {
		l = &n->link[i];
		if (!l->used || !show_wanted(&p))
			continue;
		memset(&s, 0, sizeof(s));
		s.ifindex = l->ev.ifindex;
		memcpy(s.name, l->ev.name, sizeof(s.name));
		s.up = l->ev.up;
		s.captured = l->captured;
		s.role = show_link_role(n, l);
		for (k = 0; n->mn != NULL && k < MIP6_HOMES_MAX; k++)
			if (n->mn->home[k].used &&
			    n->mn->home[k].at.place == MN_PLACE_FOREIGN &&
			    n->mn->home[k].at.ifindex == l->ev.ifindex)
				s.coa = n->mn->home[k].at.coa;
		s.why = !l->ev.up                ? "down" :
		    l->is_mn && l->ra_at.us == 0 ? "no Router Advertisement" :
						   "";
		row(arg, &s);
	}
	return p.seen;
}

/* Rows of one home agent; s says everything but the global address. */
static void
show_agent(struct show_page *p, struct mip6_show_home_agent *s,
    const struct mip6_addr *global, uint32_t globals,
    void (*row)(void *, const struct mip6_show_home_agent *), void *arg)
{
	uint32_t i;

	for (i = 0; i < globals || i == 0; i++) {
		if (!show_wanted(p))
			continue;
		s->global = globals > 0 ? global[i] : mip6_addr_any;
		row(arg, s);
	}
}

static void
show_agent_self(const struct mip6_node *n, struct show_page *p,
    void (*row)(void *, const struct mip6_show_home_agent *), void *arg)
{
	struct mip6_addr global[MIP6_HOME_PREFIXES_MAX];
	const struct mip6_addr *ours;
	struct mip6_show_home_agent s;
	uint32_t i, k, globals = 0;

	memset(&s, 0, sizeof(s));
	s.ifindex = n->ha->list.ifindex;
	s.preference = n->ha->c->adverts.agent_preference;
	s.left.us = INT64_MAX;
	s.self = true;
	for (i = 0; s.ifindex != 0 && i < MIP6_LINKS_MAX; i++)
		if (n->link[i].used && n->link[i].ev.ifindex == s.ifindex &&
		    link_local_addr(&n->link[i]) != NULL)
			s.addr = *link_local_addr(&n->link[i]);
	for (k = 0; k < n->ha->c->prefixes; k++) {
		ours = ha_address(n, k);
		if (ours != NULL)
			global[globals++] = *ours;
	}
	show_agent(p, &s, global, globals, row, arg);
}

size_t
mip6_show_home_agents(const struct mip6_node *n, const struct mip6_now *now,
    size_t skip, size_t max,
    void (*row)(void *, const struct mip6_show_home_agent *), void *arg)
{
	struct show_page p = { skip, max, 0, 0 };
	struct mip6_addr global[HA_AGENT_ADDRS_MAX];
	struct mip6_show_home_agent s;
	const struct ha_agent *a;
	uint32_t i, k;

	if (n->ha == NULL || !n->ha->c->on)
		return 0;
	show_agent_self(n, &p, row, arg);
	for (i = 0; i < HA_AGENTS_MAX; i++) {
		a = &n->ha->list.agent[i];
		if (!a->used)
			continue;
		memset(&s, 0, sizeof(s));
		s.ifindex = n->ha->list.ifindex;
		s.addr = a->addr;
		s.preference = a->preference;
		s.left = show_left(now, a->expires);
		for (k = 0; k < a->globals; k++)
			global[k] = a->global[k].addr;
		show_agent(&p, &s, global, a->globals, row, arg);
	}
	return p.seen;
}

size_t
mip6_show_routers(const struct mip6_node *n, const struct mip6_now *now,
    size_t skip, size_t max,
    void (*row)(void *, const struct mip6_show_router *), void *arg)
{
	struct show_page p = { skip, max, 0, 0 };
	const struct mip6_neighbour *e;
	struct mip6_show_router s;
	uint32_t i, k;

	for (i = 0; i < MIP6_ROUTERS_MAX; i++) {
		if (!n->router[i].used || !show_wanted(&p))
			continue;
		memset(&s, 0, sizeof(s));
		s.ifindex = n->router[i].ifindex;
		s.addr = n->router[i].addr;
		s.lladdr = n->router[i].lladdr;
		s.left = show_left(now, n->router[i].expires);
		s.home_agent = n->router[i].home_agent;
		s.reachable = nd_state_name(MIP6_NUD_NONE);
		for (k = 0; k < MIP6_NEIGHBOURS_MAX; k++) {
			e = &n->neighbour[k];
			if (e->state != MIP6_NUD_NONE &&
			    e->ifindex == s.ifindex &&
			    mip6_addr_equal(&e->addr, &s.addr))
				s.reachable = nd_state_name(e->state);
		}
		row(arg, &s);
	}
	return p.seen;
}

/* The home agent's own prefixes, and those heard of others. */
static void
show_home_prefixes(struct show_page *p, const struct mip6_node *n,
    const struct mip6_now *now,
    void (*row)(void *, const struct mip6_show_prefix *), void *arg)
{
	struct ha_prefix_told told[MIP6_ND_PREFIXES_MAX];
	uint32_t i, count = ha_prefix_told(n, now->boot, told);
	struct mip6_show_prefix s;

	for (i = 0; i < count; i++) {
		if (!show_wanted(p))
			continue;
		memset(&s, 0, sizeof(s));
		s.ifindex = n->ha->ifindex;
		s.prefix = told[i].prefix;
		s.router = told[i].router;
		s.valid = told[i].valid;
		s.preferred = told[i].preferred;
		s.onlink = told[i].on_link;
		s.autonomous = told[i].autonomous;
		s.origin = told[i].own ? "configured" : "home-agent";
		row(arg, &s);
	}
}

/* What the mobile node was told of the prefixes of its home addresses. */
static void
show_told_prefixes(struct show_page *p, const struct mip6_node *n,
    const struct mip6_now *now,
    void (*row)(void *, const struct mip6_show_prefix *), void *arg)
{
	struct mip6_show_prefix s;
	const struct mn_home *h;
	uint32_t i;

	for (i = 0; i < MIP6_HOMES_MAX; i++) {
		h = &n->mn->home[i];
		if (!h->used || !h->prefix.told || !show_wanted(p))
			continue;
		memset(&s, 0, sizeof(s));
		s.prefix = mip6_prefix_make(&h->hoa, h->bits);
		s.router = h->ha->addr;
		s.valid = show_life(now, h->prefix.valid);
		s.preferred = show_life(now, h->prefix.preferred);
		s.origin = "home";
		row(arg, &s);
	}
}

size_t
mip6_show_prefixes(const struct mip6_node *n, const struct mip6_now *now,
    size_t skip, size_t max,
    void (*row)(void *, const struct mip6_show_prefix *), void *arg)
{
	struct show_page p = { skip, max, 0, 0 };
	const struct mip6_prefix_entry *e;
	struct mip6_show_prefix s;
	uint32_t i;

	for (i = 0; i < MIP6_PREFIXES_MAX; i++) {
		e = &n->prefix[i];
		if (!e->used || !show_wanted(&p))
			continue;
		memset(&s, 0, sizeof(s));
		s.ifindex = e->ifindex;
		s.prefix = e->prefix;
		s.router = e->router_addr;
		s.valid = show_left(now, e->valid);
		s.preferred = show_left(now, e->preferred);
		s.onlink = e->onlink;
		s.autonomous = e->autonomous;
		s.origin = "router";
		row(arg, &s);
	}
	if (n->ha != NULL)
		show_home_prefixes(&p, n, now, row, arg);
	if (n->mn != NULL)
		show_told_prefixes(&p, n, now, row, arg);
	return p.seen;
}

size_t
mip6_show_neighbours(const struct mip6_node *n, const struct mip6_now *now,
    size_t skip, size_t max,
    void (*row)(void *, const struct mip6_show_neighbour *), void *arg)
{
	struct show_page p = { skip, max, 0, 0 };
	const struct mip6_neighbour *e;
	struct mip6_show_neighbour s;
	uint32_t i;

	(void)now;
	for (i = 0; i < MIP6_NEIGHBOURS_MAX; i++) {
		e = &n->neighbour[i];
		if (e->state == MIP6_NUD_NONE || !show_wanted(&p))
			continue;
		memset(&s, 0, sizeof(s));
		s.ifindex = e->ifindex;
		s.hop = i;
		s.addr = e->addr;
		s.lladdr = e->lladdr;
		s.state = nd_state_name(e->state);
		row(arg, &s);
	}
	return p.seen;
}

static void
show_timer(struct show_page *p, const struct mip6_now *now,
    const struct mip6_ntimer *t, const char *what,
    const struct mip6_addr *whose,
    void (*row)(void *, const struct mip6_show_timer *), void *arg)
{
	struct mip6_show_timer s;

	if (!mip6_timer_is_armed(&t->t) || !show_wanted(p))
		return;
	s.what = what;
	s.whose = *whose;
	s.left = show_left(now, t->t.deadline);
	row(arg, &s);
}

/* Of care-of addresses that were formed here. */
static void
show_link_timers(struct show_page *p, const struct mip6_now *now,
    const struct mip6_link *l,
    void (*row)(void *, const struct mip6_show_timer *), void *arg)
{
	const struct mip6_link_addr *a;
	uint32_t k;

	for (k = 0; k < MIP6_LINK_ADDRS_MAX; k++) {
		a = &l->addr[k];
		if (!a->used)
			continue;
		show_timer(p, now, &a->dad, "duplicate-address", &a->addr, row,
		    arg);
		show_timer(p, now, &a->retire, "retire", &a->addr, row, arg);
	}
}

size_t
mip6_show_timers(const struct mip6_node *n, const struct mip6_now *now,
    size_t skip, size_t max,
    void (*row)(void *, const struct mip6_show_timer *), void *arg)
{
	struct show_page p = { skip, max, 0, 0 };
	const struct mip6_binding *b;
	const struct mn_home *h;
	uint32_t i;

	for (i = 0; n->mn != NULL && i < MIP6_HOMES_MAX; i++) {
		h = &n->mn->home[i];
		if (!h->used)
			continue;
		show_timer(&p, now, &h->send, "binding-update", &h->hoa, row,
		    arg);
		show_timer(&p, now, &h->refresh, "refresh", &h->hoa, row, arg);
		show_timer(&p, now, &h->expiry, "expiry", &h->hoa, row, arg);
		show_timer(&p, now, &h->announce, "announce", &h->hoa, row,
		    arg);
		show_timer(&p, now, &h->dad, "duplicate-address", &h->hoa, row,
		    arg);
	}
	for (i = 0; i < MIP6_LINKS_MAX; i++)
		if (n->link[i].used)
			show_link_timers(&p, now, &n->link[i], row, arg);
	for (i = 0; i < MIP6_ROUTERS_MAX; i++)
		if (n->router[i].used)
			show_timer(&p, now, &n->router[i].timer, "router",
			    &n->router[i].addr, row, arg);
	for (i = 0; i < MIP6_PREFIXES_MAX; i++)
		if (n->prefix[i].used)
			show_timer(&p, now, &n->prefix[i].timer, "prefix",
			    &n->prefix[i].prefix.addr, row, arg);
	for (i = 0; i < MIP6_NEIGHBOURS_MAX; i++)
		if (n->neighbour[i].state != MIP6_NUD_NONE)
			show_timer(&p, now, &n->neighbour[i].timer, "neighbour",
			    &n->neighbour[i].addr, row, arg);
	for (i = 0; n->ha != NULL && i < n->ha->bcache.top; i++) {
		b = mip6_bcache_get(&n->ha->bcache, i);
		if (b->state != MIP6_BINDING_FREE)
			show_timer(&p, now, &b->timer, "binding", &b->hoa, row,
			    arg);
	}
	return p.seen;
}

size_t
mip6_show_handovers(const struct mip6_node *n, const struct mip6_now *now,
    size_t skip, size_t max,
    void (*row)(void *, const struct mip6_show_handover *), void *arg)
{
	struct show_page p = { skip, max, 0, 0 };
	uint32_t i, first;

	(void)now;
	if (n->mn == NULL)
		return 0;
	first = n->mn->handovers > MIP6_HANDOVERS_MAX ?
	    n->mn->handovers - MIP6_HANDOVERS_MAX :
	    0;
	for (i = first; i < n->mn->handovers; i++)
		if (show_wanted(&p))
			row(arg, &n->mn->handover[i % MIP6_HANDOVERS_MAX]);
	return p.seen;
}
