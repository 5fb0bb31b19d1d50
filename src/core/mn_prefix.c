/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Mobile prefix discovery, the mobile node's side: asks the home agent which
 * prefixes the home link has, and follows when they change.
 *
 * Nothing is believed but the answer to the question asked last, from the home
 * agent that our binding is at, to our home address; an advertisement that
 * comes unasked makes us ask.  Without IPsec even that answer is not
 * authenticated: so, as RFC 4862 does at home, a valid lifetime never falls
 * below two hours at a stroke, an address in a new prefix is no source of new
 * sessions before its home agent has acknowledged it, and a configured home
 * address goes only when another one has taken its place.
 *
 * Implements: RFC 6275 sections 6.7, 11.4.2, 11.4.3; RFC 4862 section 5.5.3;
 * RFC 7217 (home addresses formed from a prefix alone).
 */
#include "core/mn_int.h"

#include <string.h>

#define MN_INITIAL_SOLICIT_TIMER MIP6_SPAN_S(3)     /* section 12 */
#define MN_SOLICIT_TIMER_MAX     MIP6_SPAN_S(86400) /* MaxMobPfxAdvInterval */
/* RFC 4862 section 5.5.3 (e). */
#define MN_TWO_HOURS MIP6_SPAN_S(7200)
/* How long before its end we ask about a home address, at the most. */
#define MN_ASK_EARLY     MIP6_SPAN_S(3600)
#define MN_ASK_EARLY_MIN MIP6_SPAN_S(10)

#define MN_SOLICIT_OCTETS 128

/* ---- addresses ---- */

struct mip6_addr
mn_prefix_form(struct mip6_node *n, const struct mip6_conf_home *c)
{
	struct mip6_prefix p = mip6_prefix_make(&c->hoa, c->bits);
	uint8_t out[MIP6_SHA1_OCTETS];
	const struct mip6_iovec v[] = {
		{ "home", 4 },
		{ p.addr.b, sizeof(p.addr.b) },
		{ &p.bits, 1 },
	};
	struct mip6_addr iid;

	/* P-FORM: the prefix stands for an address in it. Test: test_mn_form */
	if (!mip6_addr_equal(&p.addr, &c->hoa) || c->bits != 64)
		return c->hoa;
	if (!mip6_crypto_hmac_sha1(n->crypto, n->env.stable_secret,
		sizeof(n->env.stable_secret), v, MIP6_COUNT(v), out))
		return c->hoa;
	memcpy(iid.b, out, sizeof(iid.b));
	/* Not among the reserved identifiers of RFC 5453: first octet. */
	iid.b[8] = (uint8_t)((iid.b[8] & 0xfcu) | 0x04u);
	return mip6_prefix_join(&p, &iid);
}

/* Homes of one configured home address: itself and those formed after it. */
static bool
prefix_kin(const struct mn_home *a, const struct mn_home *b)
{
	return b->used && mip6_addr_equal(&a->root, &b->root);
}

static struct mip6_prefix
prefix_of(const struct mn_home *h)
{
	return mip6_prefix_make(&h->hoa, h->bits);
}

static struct mip6_span
prefix_left(const struct mip6_node *n, struct mip6_time until)
{
	if (mip6_time_is_never(until))
		return MIP6_ND_INFINITE;
	return mip6_span_max(mip6_time_sub(until, n->now.boot),
	    MIP6_SPAN_US(0));
}

static struct mip6_time
prefix_until(const struct mip6_node *n, struct mip6_span s)
{
	return s.us == INT64_MAX ? MIP6_TIME_NEVER :
				   mip6_time_add(n->now.boot, s);
}

/* Whether new sessions may have this home address. */
static void
prefix_prefer(struct mip6_node *n, struct mn_home *h)
{
	struct mn_prefix *p = &h->prefix;
	bool avoid =
	    p->unproven || mip6_time_reached(p->preferred, n->now.boot);

	if (p->avoided == avoid)
		return;
	p->avoided = avoid;
	mn_host_addr(n, h, true);
	MIP6_LOG(n->log, INFO, avoid ? "home.deprecated" : "home.preferred",
	    MIP6_KA("hoa", &h->hoa));
}

struct mip6_span
mn_prefix_limit(const struct mip6_node *n, const struct mn_home *h,
    struct mip6_span lifetime)
{
	struct mip6_span left = prefix_left(n, h->prefix.valid);

	/* R11.4.2-04: within what is left. Test: test_mn_prefix */
	if (left.us >= MIP6_SPAN_S(4).us && left.us < lifetime.us)
		return MIP6_SPAN_S(left.us / 4000000 * 4);
	return lifetime;
}

/* ---- asking ---- */

/* Away, and where the home agent believes us to be. */
static bool
prefix_can_ask(const struct mip6_node *n, const struct mn_home *h)
{
	return h->at.place == MN_PLACE_FOREIGN && mn_is_bound(n, h) &&
	    h->bound == h->ha &&
	    mip6_addr_equal(&h->at.coa, &h->bound->bul.coa) && !n->stopping;
}

/* The next moment at which something is to be done. */
static void
prefix_arm(struct mip6_node *n, struct mn_home *h)
{
	struct mn_prefix *p = &h->prefix;
	struct mip6_time at = mip6_time_min(p->valid, p->ask);

	if (!p->avoided)
		at = mip6_time_min(at, p->preferred);
	if (mip6_time_is_never(at))
		node_timer_stop(n, &p->timer);
	else
		node_timer_arm(n, &p->timer, at);
}

static void
prefix_solicit(struct mip6_node *n, struct mn_home *h)
{
	struct mn_prefix *p = &h->prefix;
	uint8_t buf[MN_SOLICIT_OCTETS];
	struct mip6_wr w = mip6_wr_make(buf, sizeof(buf));
	struct mip6_ip6_out ip;
	struct mip6_mp m;
	size_t start, at;

	memset(&ip, 0, sizeof(ip));
	memset(&m, 0, sizeof(m));
	ip.ip.src = h->at.coa; /* R6.7-01 */
	ip.ip.dst = h->bound->addr;
	ip.ip.hop_limit = 64;
	ip.upper = MIP6_NH_ICMPV6;
	ip.has_hao = true; /* R6.7-02, R11.4.2-02 */
	ip.hao = h->hoa;
	m.type = MIP6_ICMP6_MPS;
	m.id = (uint16_t)mip6_rng_below(n->rng, 65536); /* R11.4.2-02 */
	start = mip6_ip6_begin(&w, &ip);
	at = w.pos;
	mip6_mp_write(&w, &m);
	mip6_ip6_end(&w, start);
	MIP6_ASSERT(!w.failed);
	mip6_icmp6_finish(buf + at, w.pos - at, &h->hoa, &h->bound->addr);
	p->waiting = true;
	p->id = m.id;
	p->asked_at = n->now.boot;
	node_send(n, h->at.ifindex, h->at_hop, NULL, buf, w.pos);
	MIP6_LOG(n->log, INFO, "mps.sent", MIP6_KA("hoa", &h->hoa),
	    MIP6_KA("agent", &h->bound->addr), MIP6_KU("id", m.id));
}

/* A series begins: at once, then 3 s later, and less and less often. */
static void
prefix_ask(struct mip6_node *n, struct mn_home *h)
{
	struct mn_prefix *p = &h->prefix;

	p->wanted = true;
	p->timeout = MN_INITIAL_SOLICIT_TIMER;
	p->ask = MIP6_TIME_NEVER;
	/* P-ASK: only from where our binding is. Test: test_mn_prefix */
	if (prefix_can_ask(n, h)) {
		prefix_solicit(n, h);
		p->ask = mip6_time_add(n->now.boot, p->timeout);
	}
	prefix_arm(n, h);
}

/* No answer, or the time has come to ask once more. */
static void
prefix_ask_due(struct mip6_node *n, struct mn_home *h)
{
	struct mn_prefix *p = &h->prefix;

	if (!p->waiting || !prefix_can_ask(n, h)) {
		prefix_ask(n, h);
		return;
	}
	p->timeout = mip6_span_min(MIP6_SPAN_US(p->timeout.us * 2),
	    MN_SOLICIT_TIMER_MAX);
	prefix_solicit(n, h);
	p->ask = mip6_time_add(n->now.boot, p->timeout);
	prefix_arm(n, h);
}

void
mn_prefix_accepted(struct mip6_node *n, struct mn_home *h, uint8_t status)
{
	struct mn_prefix *p = &h->prefix;

	p->unproven = false; /* now new sessions may have it */
	prefix_prefer(n, h);
	/* R11.7.3-06: asked for by the home agent, or nothing is known.
	 * Test: test_mn_prefix */
	if (status == MIP6_BA_ACCEPTED_PREFIX_DISCOVERY || !p->told ||
	    p->wanted)
		prefix_ask(n, h);
}

/* ---- what is said about our prefix ---- */

/* R11.4.2-01: well before the end. */
static void
prefix_plan(struct mip6_node *n, struct mn_home *h)
{
	struct mn_prefix *p = &h->prefix;
	struct mip6_time end = p->valid;
	int64_t left, early;

	if (mip6_time_before(n->now.boot, p->preferred))
		end = mip6_time_min(end, p->preferred);
	p->ask = MIP6_TIME_NEVER;
	if (!mip6_time_is_never(end)) {
		left = mip6_time_sub(end, n->now.boot).us;
		early = mip6_span_max(MN_ASK_EARLY_MIN,
		    mip6_span_min(MN_ASK_EARLY, MIP6_SPAN_US(left / 4)))
			    .us;
		if (left > early)
			p->ask = mip6_time_add(end, MIP6_SPAN_US(-early));
	}
	prefix_arm(n, h);
}

/* RFC 4862 section 5.5.3 (e), for an advertisement nobody vouches for. */
static void
prefix_update(struct mip6_node *n, struct mn_home *h,
    const struct mip6_nd_prefix *o)
{
	struct mn_prefix *p = &h->prefix;
	struct mip6_span left = prefix_left(n, p->valid);

	/* RFC4862-5.5.3e1: longer is believed. Test: test_mn_prefix */
	if (o->valid.us > MN_TWO_HOURS.us || o->valid.us > left.us)
		p->valid = prefix_until(n, o->valid);
	/* RFC4862-5.5.3e3: shorter, but not at a stroke. Test: test_mn_prefix */
	else if (left.us > MN_TWO_HOURS.us)
		p->valid = prefix_until(n, MN_TWO_HOURS);
	p->preferred = mip6_time_min(prefix_until(n, o->preferred), p->valid);
	p->told = true;
	prefix_prefer(n, h);
}

/* ---- a new prefix: a new home address ---- */

/* Is the prefix one of a link that we are on? */
static bool
prefix_is_near(const struct mip6_node *n, const struct mip6_prefix *p)
{
	uint32_t i;

	for (i = 0; i < MIP6_PREFIXES_MAX; i++)
		if (n->prefix[i].used &&
		    mip6_prefix_equal(&n->prefix[i].prefix, p))
			return true;
	return false;
}

static bool
prefix_usable(const struct mip6_node *n, const struct mn_home *h,
    const struct mip6_nd_prefix *o, const struct mip6_addr *hoa)
{
	struct mip6_prefix p = mip6_prefix_make(&o->addr, o->bits);
	uint32_t i;

	/* RFC4862-5.5.3d: A, and identifiers of our size. Test: test_mn_form */
	if (!o->autonomous || o->bits != h->bits || o->bits != 64)
		return false;
	/* RFC4862-5.5.4a: not one that is deprecated. Test: test_mn_form */
	if (o->preferred.us == 0)
		return false;
	/* P-MPA: nor one that is no home's. Test: test_mn_form */
	if (!mip6_addr_is_routable(hoa) || prefix_is_near(n, &p))
		return false;
	/* P-MPA: nor the home agent's own address. Test: test_mn_form */
	if (mip6_addr_equal(hoa, &h->bound->addr) ||
	    mip6_addr_equal(hoa, &o->addr))
		return false;
	for (i = 0; i < MIP6_HOMES_MAX; i++)
		if (n->mn->home[i].used &&
		    mip6_addr_equal(&n->mn->home[i].hoa, hoa))
			return false;
	return true;
}

static bool
prefix_room(const struct mip6_mn *mn)
{
	uint32_t i;

	for (i = 0; i < MIP6_HOMES_MAX; i++)
		if (!mn->home[i].used)
			return true;
	return false;
}

/*
 * The same identifier in the new prefix: so whoever runs the home agent knows
 * the address beforehand.  Key and name are those of the address it follows;
 * the home agent is the one that the prefix names.
 */
static void
prefix_derive(struct mip6_node *n, struct mn_home *h,
    const struct mip6_nd_prefix *o)
{
	struct mip6_prefix p = mip6_prefix_make(&o->addr, o->bits);
	struct mip6_conf_home c = *h->c;
	struct mn_home *d;

	c.hoa = mip6_prefix_join(&p, &h->hoa);
	/* P-ROOM: as many as there is room for. Test: test_mn_form */
	if (!prefix_usable(n, h, o, &c.hoa) || !prefix_room(n->mn)) {
		node_drop(n, MIP6_DROP_MPA_PREFIX, &p.addr);
		return;
	}
	memset(&c.agent[0], 0, sizeof(c.agent[0]));
	c.agent[0].addr = o->router ? o->addr : h->bound->addr;
	c.agents = 1;
	d = mn_home_add(n, &c, true);
	n->mn->derived[d->index] = c;
	d->c = &n->mn->derived[d->index];
	d->root = h->root;
	d->prefix.told = true;
	d->prefix.valid = prefix_until(n, o->valid);
	d->prefix.preferred = prefix_until(n, o->preferred);
	prefix_plan(n, d);
	MIP6_LOG(n->log, WARNING, "home.formed", MIP6_KA("hoa", &d->hoa),
	    MIP6_KA("after", &h->hoa), MIP6_KA("agent", &c.agent[0].addr));
	mn_changed(n);
}

/* One Prefix Information option, as if of the home link (R11.4.3-06). */
static void
prefix_option(struct mip6_node *n, struct mn_home *h,
    const struct mip6_nd_prefix *o)
{
	struct mip6_prefix p = mip6_prefix_make(&o->addr, o->bits), have;
	struct mn_home *k;
	bool known = false;
	uint32_t i;

	/* RFC4862-5.5.3b: no link-local prefix. Test: test_mn_prefix */
	if (mip6_addr_is_linklocal(&o->addr))
		return;
	/* RFC4862-5.5.3c: preferred beyond valid: no. Test: test_mn_prefix */
	if (o->preferred.us > o->valid.us)
		return;
	for (i = 0; i < MIP6_HOMES_MAX; i++) {
		k = &n->mn->home[i];
		have = prefix_of(k);
		if (!prefix_kin(h, k) || !mip6_prefix_equal(&have, &p))
			continue;
		known = true;
		prefix_update(n, k, o);
		if (k != h)
			prefix_plan(n, k);
	}
	if (!known)
		prefix_derive(n, h, o);
}

/* ---- advertisements ---- */

static struct mn_home *
prefix_home(struct mip6_node *n, const struct mip6_addr *hoa)
{
	uint32_t i;

	for (i = 0; i < MIP6_HOMES_MAX; i++)
		if (n->mn->home[i].used &&
		    mip6_addr_equal(&n->mn->home[i].hoa, hoa))
			return &n->mn->home[i];
	return NULL;
}

void
mn_input_mpa(struct mip6_node *n, const struct mip6_hint *hint,
    const struct mip6_ip6_view *ip)
{
	struct mn_home *h = prefix_home(n, &ip->eff_dst);
	struct mn_prefix *p;
	struct mip6_mp m;
	uint32_t i;

	/* R11.4.3-02: with a type 2 routing header. Test: test_mn_prefix */
	if (h == NULL || !ip->has_rh2 || ip->fault != MIP6_IP6_FAULT_NONE ||
	    !mip6_addr_is_any(&hint->tunnel_peer)) {
		node_drop(n, MIP6_DROP_MPA_UNEXPECTED, &ip->ip.src);
		return;
	}
	/* R11.4.3-01: from the home agent we use. Test: test_mn_prefix */
	if (h->bound == NULL ||
	    !mip6_addr_equal(&ip->ip.src, &h->bound->addr)) {
		node_drop(n, MIP6_DROP_MPA_UNEXPECTED, &ip->ip.src);
		return;
	}
	/* R11.4.3-05: nor one that is malformed. Test: test_mn_prefix */
	if (mip6_mp_read(hint->octets + ip->upper_at, ip->upper_octets, &m,
		NULL) != MIP6_PARSE_OK) {
		node_drop(n, MIP6_DROP_MP_INVALID, &ip->ip.src);
		return;
	}
	p = &h->prefix;
	/* R11.4.3-03: the first answer to our last question. Test: test_mn_prefix */
	if (!p->waiting || m.id != p->id) {
		node_drop(n, MIP6_DROP_MPA_UNSOLICITED, &ip->ip.src);
		/* R11.4.3-04: so we ask, now and then. Test: test_mn_prefix */
		if (!p->waiting &&
		    mip6_time_reached(mip6_time_add(p->asked_at,
					  MN_INITIAL_SOLICIT_TIMER),
			n->now.boot))
			prefix_ask(n, h);
		return;
	}
	p->waiting = p->wanted = false;
	p->told = true;
	MIP6_LOG(n->log, INFO, "mpa.received", MIP6_KA("hoa", &h->hoa),
	    MIP6_KA("agent", &h->bound->addr), MIP6_KU("id", m.id),
	    MIP6_KU("prefixes", m.opt.prefix_count),
	    MIP6_KS("managed", m.managed ? "yes" : "no"),
	    MIP6_KS("other", m.other ? "yes" : "no"));
	for (i = 0; i < m.opt.prefix_count; i++)
		prefix_option(n, h, &m.opt.prefix[i]);
	prefix_plan(n, h);
}

/* ---- the end of a home address ---- */

/* Another home address has taken its place. */
static bool
prefix_replaced(const struct mip6_node *n, const struct mn_home *h)
{
	const struct mn_home *k;
	uint32_t i;

	for (i = 0; i < MIP6_HOMES_MAX; i++) {
		k = &n->mn->home[i];
		if (k != h && prefix_kin(h, k) && !k->prefix.unproven)
			return true;
	}
	return false;
}

static void
prefix_expired(struct mip6_node *n, struct mn_home *h)
{
	MIP6_LOG(n->log, WARNING, "home.prefix-expired",
	    MIP6_KA("hoa", &h->hoa));
	h->prefix.valid = MIP6_TIME_NEVER;
	/* P-LAST: the last one stays; who configured it knows. Test: test_mn_form */
	if (prefix_replaced(n, h)) {
		mn_home_del(n, h);
		mn_changed(n);
		return;
	}
	prefix_arm(n, h);
}

void
mn_prefix_timer(struct mip6_node *n, uint32_t index)
{
	struct mn_home *h = n->mn != NULL ? &n->mn->home[index] : NULL;

	if (h == NULL || !h->used)
		return;
	if (mip6_time_reached(h->prefix.valid, n->now.boot)) {
		prefix_expired(n, h);
		return;
	}
	prefix_prefer(n, h);
	if (mip6_time_reached(h->prefix.ask, n->now.boot))
		prefix_ask_due(n, h);
	else
		prefix_arm(n, h);
}

/* ---- homes come and go ---- */

void
mn_prefix_init(struct mn_home *h, bool derived)
{
	struct mn_prefix *p = &h->prefix;

	h->root = h->hoa;
	p->valid = p->preferred = p->ask = MIP6_TIME_NEVER;
	p->derived = p->unproven = p->avoided = derived;
	p->asked_at.us = INT64_MIN / 2;
	node_timer_init(&p->timer, MIP6_TIMER_MN_PREFIX, h->index);
}

void
mn_prefix_fini(struct mip6_node *n, struct mn_home *h)
{
	node_timer_stop(n, &h->prefix.timer);
}

bool
mn_prefix_keeps(struct mip6_node *n, const struct mip6_conf *conf,
    struct mn_home *h)
{
	struct mip6_conf_home *d = &n->mn->derived[h->index];
	const struct mip6_conf_home *c;
	struct mip6_addr hoa;
	uint32_t i;

	if (!h->prefix.derived)
		return false;
	for (i = 0; conf->mn.on && i < conf->mn.homes; i++) {
		c = &conf->mn.home[i];
		hoa = mn_prefix_form(n, c);
		if (!mip6_addr_equal(&hoa, &h->root))
			continue;
		d->sa = c->sa;
		d->lifetime = c->lifetime;
		memcpy(d->nai, c->nai, sizeof(d->nai));
		return true;
	}
	return false;
}

void
mn_prefix_make_room(struct mip6_node *n)
{
	uint32_t i;

	if (prefix_room(n->mn))
		return;
	for (i = 0; i < MIP6_HOMES_MAX; i++)
		if (n->mn->home[i].prefix.derived) {
			mn_home_del(n, &n->mn->home[i]);
			return;
		}
}
