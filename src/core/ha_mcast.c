/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Multicast group membership of mobile nodes (RFC 6275 section 10.4.3).
 *
 * Each mobile node is asked through its tunnel which groups it listens to,
 * when it registers and then every Query Interval, all of them in one round of
 * small steps.  What it answers has a link-local source that says nothing: it
 * is whose tunnel it came by, so that care-of addresses are in an index while
 * this is done at all.  A tunnel has one listener, so that what it says last
 * is how things are: a leave needs no second question (RFC 3810 section 7.4.2
 * asks because others may listen on the link).
 *
 * INCLUDE lists are kept up to HA_SOURCES_MAX sources, beyond that the group
 * is forwarded from everybody; EXCLUDE lists are taken for empty ones.  Both
 * forward more than was asked for, never less, and the mobile node's own host
 * filters what it gets.
 *
 * Only groups of global scope count (R10.4.2-05, R10.4.2-06).  The table is
 * bounded, in all and for each mobile node, and taken when the first report
 * comes.  A membership that ends is taken back by the timer, one a step.
 *
 * Implements: RFC 6275 section 10.4.3, RFC 3810 sections 6.2, 7 and 9 as a
 * querier on links with one listener.
 */
#include "core/ha_int.h"

#include <string.h>

#include "wire/mld.h"

/* RFC 3810 section 9. */
#define MCAST_ROBUSTNESS     2
#define MCAST_QUERY_INTERVAL MIP6_SPAN_S(125)
#define MCAST_STARTUP_US     31250000 /* a quarter of it */
/* Nobody else answers in the tunnel: there is nothing to spread. */
#define MCAST_RESPONSE_MS 1000
#define MCAST_LISTENER    MIP6_SPAN_S(MCAST_ROBUSTNESS * 125 + 1)
#define MCAST_STEP        8 /* mobile nodes asked in one step */
#define MCAST_GLOBAL      14
#define MCAST_ROOM        (2 * HA_SOURCES_MAX + 2) /* actions of a change */

enum { MCAST_TIMER_ASK, MCAST_TIMER_EXPIRE };

void
ha_mcast_init(struct mip6_node *n)
{
	struct ha_mcast *t = &n->ha->mcast;
	uint32_t i;

	node_timer_init(&t->ask, MIP6_TIMER_HA_MCAST, MCAST_TIMER_ASK);
	node_timer_init(&t->expire, MIP6_TIMER_HA_MCAST, MCAST_TIMER_EXPIRE);
	for (i = 0; i < HA_MEMBER_BUCKETS; i++)
		t->bucket[i] = MIP6_INDEX_NONE;
	t->free = MIP6_INDEX_NONE;
}

void
ha_mcast_fini(struct mip6_node *n)
{
	struct ha_mcast *t = &n->ha->mcast;

	mip6_index_fini(&t->coas);
	n->env.alloc.release(n->env.alloc.arg, t->member,
	    HA_MEMBERS_MAX * sizeof(*t->member));
}

/* ---- care-of addresses ---- */

static uint64_t
mcast_rehash(const void *table, uint32_t value)
{
	const struct mip6_node *n = table;

	return mip6_hash_addr(&n->hash_key,
	    &mip6_bcache_get(&n->ha->bcache, value)->coa);
}

static bool
mcast_is_coa(const void *table, uint32_t value, const void *key)
{
	const struct mip6_node *n = table;

	return mip6_addr_equal(&mip6_bcache_get(&n->ha->bcache, value)->coa,
	    key);
}

static uint32_t
mcast_by_coa(const struct mip6_node *n, const struct mip6_addr *coa)
{
	if (n->ha->mcast.coas.slot == NULL)
		return MIP6_INDEX_NONE;
	return mip6_index_find(&n->ha->mcast.coas,
	    mip6_hash_addr(&n->hash_key, coa), n, coa, mcast_is_coa);
}

/*
 * Several home addresses may have one care-of address: they are one mobile
 * node, and the first that registered speaks for it.
 */
static void
mcast_learn(struct mip6_node *n, uint32_t i)
{
	struct ha_mcast *t = &n->ha->mcast;
	const struct mip6_addr *coa = &mip6_bcache_get(&n->ha->bcache, i)->coa;

	if (t->coas.slot == NULL &&
	    !mip6_index_init(&t->coas, &n->env.alloc, n->ha->bcache.max))
		return;
	if (mcast_by_coa(n, coa) == MIP6_INDEX_NONE)
		(void)mip6_index_add(&t->coas,
		    mip6_hash_addr(&n->hash_key, coa), i, n, mcast_rehash);
}

void
ha_mcast_moving(struct mip6_node *n, uint32_t i)
{
	const struct mip6_addr *coa = &mip6_bcache_get(&n->ha->bcache, i)->coa;

	if (mcast_by_coa(n, coa) == i)
		mip6_index_del(&n->ha->mcast.coas,
		    mip6_hash_addr(&n->hash_key, coa), i, n, mcast_rehash);
}

/* ---- groups of the home link ---- */

static struct ha_group *
mcast_group(struct ha_mcast *t, const struct mip6_addr *group)
{
	struct ha_group *free = NULL;
	uint32_t i;

	for (i = 0; i < HA_GROUPS_MAX; i++) {
		if (t->group[i].members == 0)
			free = free == NULL ? &t->group[i] : free;
		else if (mip6_addr_equal(&t->group[i].addr, group))
			return &t->group[i];
	}
	return free;
}

/* One member more; false: too many groups. */
static bool
mcast_join(struct mip6_node *n, const struct mip6_addr *group)
{
	struct ha_group *g = mcast_group(&n->ha->mcast, group);

	if (g == NULL)
		return false;
	if (g->members++ > 0)
		return true;
	g->addr = *group;
	g->ifindex = n->ha->mcast.ifindex;
	node_act_set(n, MIP6_ACT_GROUP, g->ifindex, group, true);
	return true;
}

static void
mcast_leave(struct mip6_node *n, const struct mip6_addr *group)
{
	struct ha_group *g = mcast_group(&n->ha->mcast, group);

	MIP6_ASSERT(g != NULL && g->members > 0);
	if (--g->members == 0)
		node_act_set(n, MIP6_ACT_GROUP, g->ifindex, group, false);
}

/* ---- members ---- */

static bool
mcast_has(const struct mip6_addr *source, uint32_t sources,
    const struct mip6_addr *a)
{
	uint32_t i;

	for (i = 0; i < sources; i++)
		if (mip6_addr_equal(&source[i], a))
			return true;
	return false;
}

static void
mcast_act(struct mip6_node *n, const struct ha_member *m,
    const struct mip6_addr *source, bool on)
{
	struct mip6_action *a = node_act(n, MIP6_ACT_MEMBER);

	a->u.member.member.group = m->group;
	a->u.member.member.home = m->home;
	a->u.member.member.source = *source;
	a->u.member.on = on;
}

/* What the path has becomes what the member wants (:: is everybody). */
static void
mcast_sources(struct mip6_node *n, struct ha_member *m,
    const struct mip6_addr *source, uint32_t sources)
{
	uint32_t i;

	for (i = 0; i < m->sources; i++)
		if (!mcast_has(source, sources, &m->source[i]))
			mcast_act(n, m, &m->source[i], false);
	for (i = 0; i < sources; i++)
		if (!mcast_has(m->source, m->sources, &source[i]))
			mcast_act(n, m, &source[i], true);
	for (i = 0; i < sources; i++)
		m->source[i] = source[i];
	m->sources = (uint8_t)sources;
}

static bool
mcast_table(struct mip6_node *n)
{
	struct ha_mcast *t = &n->ha->mcast;
	uint32_t i;

	if (t->member != NULL)
		return true;
	t->member = n->env.alloc.alloc(n->env.alloc.arg,
	    HA_MEMBERS_MAX * sizeof(*t->member));
	if (t->member == NULL)
		return false;
	for (i = HA_MEMBERS_MAX; i > 0; i--) {
		t->member[i - 1].next = t->free;
		t->free = i - 1;
	}
	return true;
}

static uint32_t *
mcast_bucket(struct ha_mcast *t, uint32_t binding)
{
	return &t->bucket[binding % HA_MEMBER_BUCKETS];
}

/* The membership of a binding in a group, or NULL; *count: of all its own. */
static struct ha_member *
mcast_find(struct ha_mcast *t, uint32_t binding, const struct mip6_addr *group,
    uint32_t *count)
{
	struct ha_member *m, *found = NULL;
	uint32_t i;

	*count = 0;
	for (i = *mcast_bucket(t, binding); i != MIP6_INDEX_NONE; i = m->next) {
		m = &t->member[i];
		if (m->binding != binding || m->ended)
			continue;
		(*count)++;
		if (mip6_addr_equal(&m->group, group))
			found = m;
	}
	return found;
}

static struct ha_member *
mcast_add(struct mip6_node *n, uint32_t binding, const struct mip6_addr *group)
{
	struct ha_mcast *t = &n->ha->mcast;
	struct ha_member *m;
	uint32_t i = t->free;

	if (i == MIP6_INDEX_NONE || !mcast_join(n, group)) {
		node_drop(n, MIP6_DROP_MLD_FULL,
		    &mip6_bcache_get(&n->ha->bcache, binding)->hoa);
		return NULL;
	}
	m = &t->member[i];
	t->free = m->next;
	memset(m, 0, sizeof(*m));
	m->used = true;
	m->group = *group;
	m->binding = binding;
	m->home = mip6_bcache_get(&n->ha->bcache, binding)->hoa;
	m->next = *mcast_bucket(t, binding);
	*mcast_bucket(t, binding) = i;
	MIP6_LOG(n->log, INFO, "mcast.joined", MIP6_KA("hoa", &m->home),
	    MIP6_KA("group", group));
	return m;
}

/* Takes back everything of a member, and the member. */
static void
mcast_del(struct mip6_node *n, uint32_t i)
{
	struct ha_mcast *t = &n->ha->mcast;
	struct ha_member *m = &t->member[i];
	uint32_t *at = mcast_bucket(t, m->binding);

	mcast_sources(n, m, NULL, 0);
	mcast_leave(n, &m->group);
	MIP6_LOG(n->log, INFO, "mcast.left", MIP6_KA("hoa", &m->home),
	    MIP6_KA("group", &m->group));
	while (*at != i)
		at = &t->member[*at].next;
	*at = m->next;
	m->used = false;
	m->next = t->free;
	t->free = i;
}

/* The new list of sources of one record; false: none, the group is left. */
static bool
mcast_wanted(const struct ha_member *m, const struct mip6_mld_record *r,
    struct mip6_addr *source, uint32_t *sources)
{
	bool any = m != NULL && mip6_addr_is_any(&m->source[0]);
	bool keep = r->mode == MIP6_MLD_ALLOW || r->mode == MIP6_MLD_BLOCK;
	struct mip6_addr a;
	uint32_t i;

	*sources = 0;
	if (m != NULL && keep) {
		memcpy(source, m->source, m->sources * sizeof(*source));
		*sources = m->sources;
		if (any)
			return true;
	}
	if (r->mode == MIP6_MLD_IS_EXCLUDE || r->mode == MIP6_MLD_TO_EXCLUDE) {
		source[0] = mip6_addr_any;
		*sources = 1;
		return true;
	}
	for (i = 0; i < r->sources; i++) {
		memcpy(a.b, r->source + (size_t)i * 16, sizeof(a.b));
		if (r->mode == MIP6_MLD_BLOCK) {
			uint32_t k;

			for (k = 0; k < *sources; k++)
				if (mip6_addr_equal(&source[k], &a))
					source[k--] = source[--*sources];
			continue;
		}
		if (!mip6_addr_is_routable(&a) ||
		    mcast_has(source, *sources, &a))
			continue;
		if (*sources == HA_SOURCES_MAX) {
			source[0] = mip6_addr_any;
			*sources = 1;
			return true;
		}
		source[(*sources)++] = a;
	}
	return *sources > 0;
}

static void
mcast_record(struct mip6_node *n, uint32_t binding,
    const struct mip6_mld_record *r)
{
	struct ha_mcast *t = &n->ha->mcast;
	struct mip6_addr source[HA_SOURCES_MAX];
	struct ha_member *m;
	uint32_t sources, count;

	/* R10.4.2-05a: global groups alone. Test: test_ha_mcast */
	if (!mip6_addr_is_multicast(&r->group) ||
	    mip6_addr_mc_scope(&r->group) != MCAST_GLOBAL)
		return;
	if (r->mode < MIP6_MLD_IS_INCLUDE || r->mode > MIP6_MLD_BLOCK)
		return;
	m = mcast_find(t, binding, &r->group, &count);
	if (!mcast_wanted(m, r, source, &sources)) {
		if (m != NULL)
			mcast_del(n, (uint32_t)(m - t->member));
		return;
	}
	if (m == NULL) {
		/* P-MCAST-MAX: a bound for each. Test: test_ha_mcast */
		if (count >= HA_GROUPS_PER_MOBILE) {
			node_drop(n, MIP6_DROP_MLD_FULL,
			    &mip6_bcache_get(&n->ha->bcache, binding)->hoa);
			return;
		}
		m = mcast_add(n, binding, &r->group);
		if (m == NULL)
			return;
	}
	mcast_sources(n, m, source, sources);
	m->expires = mip6_time_add(n->now.boot, MCAST_LISTENER);
	if (!mip6_timer_is_armed(&t->expire.t))
		node_timer_arm(n, &t->expire, m->expires);
}

void
ha_input_mld(struct mip6_node *n, const struct mip6_hint *h,
    const struct mip6_ip6_view *ip)
{
	const uint8_t *message = h->octets + ip->upper_at;
	struct mip6_mld_record r;
	struct mip6_mld m;
	uint32_t i;

	/* P-MLD: not asked for, or asked by them. Test: test_ha_mcast */
	if (n->ha->mcast.ifindex == 0 || mip6_addr_is_any(&h->tunnel_peer) ||
	    message[0] == MIP6_ICMP6_MLD_QUERY)
		return;
	/* RFC3810-6.2: of the link, and alerting. Test: test_ha_mcast */
	if (!mip6_addr_is_linklocal(&ip->ip.src) || ip->ip.hop_limit != 1 ||
	    !mip6_mld_is_alerted(h->octets, h->count)) {
		node_drop(n, MIP6_DROP_MLD_INVALID, &h->tunnel_peer);
		return;
	}
	i = mcast_by_coa(n, &h->tunnel_peer);
	/* R10.4.3-01: by the tunnel it came by. Test: test_ha_mcast */
	if (i == MIP6_INDEX_NONE) {
		node_drop(n, MIP6_DROP_TUNNEL_PEER, &h->tunnel_peer);
		return;
	}
	if (mip6_mld_read(message, ip->upper_octets, &m) != MIP6_PARSE_OK) {
		node_drop(n, MIP6_DROP_MLD_INVALID, &h->tunnel_peer);
		return;
	}
	if (!mcast_table(n))
		return;
	/* What does not fit into this turn is said again when next asked. */
	while (
	    mip6_actions_room(n->out, MCAST_ROOM, 0) && mip6_mld_next(&m, &r))
		mcast_record(n, i, &r);
}

/* ---- questions ---- */

static void
mcast_ask(struct mip6_node *n, const struct mip6_binding *b)
{
	struct mip6_link *l = link_find(n, n->ha->mcast.ifindex);
	const struct mip6_addr *src = l != NULL ? link_local_addr(l) : NULL;
	struct mip6_action *a;
	struct mip6_wr w;

	if (src == NULL || b->state != MIP6_BINDING_REGISTERED)
		return;
	a = node_act(n, MIP6_ACT_SEND_TUNNELLED);
	a->u.send.home = b->hoa;
	a->u.send.count = MIP6_MLD_QUERY_OCTETS;
	a->u.send.octets = mip6_actions_octets(n->out, MIP6_MLD_QUERY_OCTETS);
	w = mip6_wr_make((uint8_t *)(uintptr_t)a->u.send.octets,
	    MIP6_MLD_QUERY_OCTETS);
	mip6_mld_query_write(&w, src, MCAST_RESPONSE_MS, MCAST_ROBUSTNESS,
	    (uint8_t)(MCAST_QUERY_INTERVAL.us / 1000000));
}

/* Some more of the round; the first two rounds are quick. */
static void
mcast_ask_some(struct mip6_node *n)
{
	struct ha_mcast *t = &n->ha->mcast;
	const struct mip6_bcache *c = &n->ha->bcache;
	uint32_t steps = c->top / MCAST_STEP + 1, k;
	int64_t round_us = t->rounds < MCAST_ROBUSTNESS ?
	    MCAST_STARTUP_US :
	    MCAST_QUERY_INTERVAL.us;

	for (k = 0; k < MCAST_STEP && t->asked < c->top; k++, t->asked++) {
		if (mip6_bcache_get(c, t->asked)->state ==
		    MIP6_BINDING_REGISTERED)
			mcast_learn(n, t->asked);
		mcast_ask(n, mip6_bcache_get(c, t->asked));
	}
	if (t->asked >= c->top) {
		t->asked = 0;
		t->rounds += t->rounds < MCAST_ROBUSTNESS;
	}
	node_timer_in(n, &t->ask, MIP6_SPAN_US(round_us / steps));
}

/* Takes back one that is over; looks again at once, or when the next is. */
static void
mcast_expire_one(struct mip6_node *n)
{
	struct ha_mcast *t = &n->ha->mcast;
	struct mip6_time due = MIP6_TIME_NEVER;
	struct ha_member *m;
	uint32_t i;

	for (i = 0; t->member != NULL && i < HA_MEMBERS_MAX; i++) {
		m = &t->member[i];
		if (!m->used)
			continue;
		if (m->ended || mip6_time_reached(m->expires, n->now.boot)) {
			mcast_del(n, i);
			node_timer_arm(n, &t->expire, n->now.boot);
			return;
		}
		due = mip6_time_min(due, m->expires);
	}
	if (due.us != MIP6_TIME_NEVER.us)
		node_timer_arm(n, &t->expire, due);
}

void
ha_mcast_timer(struct mip6_node *n, uint32_t index)
{
	if (n->ha == NULL)
		return;
	if (index == MCAST_TIMER_EXPIRE)
		mcast_expire_one(n);
	else if (n->ha->mcast.ifindex != 0)
		mcast_ask_some(n);
}

/* ---- bindings, link, configuration ---- */

void
ha_mcast_registered(struct mip6_node *n, uint32_t i, bool fresh)
{
	if (n->ha->mcast.ifindex == 0)
		return;
	mcast_learn(n, i);
	if (fresh)
		mcast_ask(n, mip6_bcache_get(&n->ha->bcache, i));
}

/* The members of a binding (NONE: all) end, step by step. */
static void
mcast_end(struct mip6_node *n, uint32_t binding)
{
	struct ha_mcast *t = &n->ha->mcast;
	bool any = false;
	uint32_t i, last = HA_MEMBER_BUCKETS - 1, k = 0;

	if (t->member == NULL)
		return;
	if (binding != MIP6_INDEX_NONE)
		k = last = binding % HA_MEMBER_BUCKETS;
	for (; k <= last; k++)
		for (i = t->bucket[k]; i != MIP6_INDEX_NONE;
		     i = t->member[i].next) {
			if (binding != MIP6_INDEX_NONE &&
			    t->member[i].binding != binding)
				continue;
			t->member[i].ended = true;
			any = true;
		}
	if (any)
		node_timer_arm(n, &t->expire, n->now.boot);
}

void
ha_mcast_gone(struct mip6_node *n, uint32_t i)
{
	ha_mcast_moving(n, i);
	mcast_end(n, i);
}

void
ha_mcast_changed(struct mip6_node *n)
{
	const struct mip6_conf_ha *c = n->ha->c;
	struct ha_mcast *t = &n->ha->mcast;
	uint32_t ifindex;

	ifindex = c->on && c->multicast && !c->is_virtual ? n->ha->ifindex : 0;
	if (ifindex == t->ifindex)
		return;
	/* Nothing of another link is worth keeping: they are asked anew. */
	mcast_end(n, MIP6_INDEX_NONE);
	t->ifindex = ifindex;
	node_act_set(n, MIP6_ACT_MCAST, ifindex, NULL, ifindex != 0);
	t->asked = t->rounds = 0;
	node_timer_stop(n, &t->ask);
	if (ifindex != 0)
		node_timer_arm(n, &t->ask, n->now.boot);
}
