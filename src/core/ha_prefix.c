/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The prefixes of the home link, as away mobile nodes are told of them: those
 * of our configuration and those that other home agents on the home link
 * advertise.
 *
 * A change is what does not come of time passing: a prefix that comes or
 * goes, its flags, our address in it, a lifetime that was set anew.  A router
 * may advertise a lifetime that stays or one that counts down; neither is a
 * change.
 *
 * Implements: RFC 6275 section 10.6.1; RFC 4861 section 6.2.7 (comparing).
 */
#include "core/ha_mpd_int.h"

#include <string.h>

/* Between what was heard and what is heard: networks have delays. */
#define HA_HEARD_SLACK INT64_C(5000000)

static bool
prefix_same(const struct mip6_conf_home_prefix *a,
    const struct mip6_conf_home_prefix *b)
{
	return mip6_prefix_equal(&a->prefix, &b->prefix) &&
	    a->valid.us == b->valid.us && a->preferred.us == b->preferred.us &&
	    a->decrement == b->decrement;
}

void
ha_prefix_adopt(struct mip6_node *n)
{
	const struct mip6_conf_ha *c = n->ha->c;
	struct ha_own_prefix old[MIP6_HOME_PREFIXES_MAX];
	struct ha_mpd *d = n->ha->mpd;
	uint32_t i, k, olds = d->owns;

	memcpy(old, d->own, sizeof(old));
	memset(d->own, 0, sizeof(d->own));
	d->owns = c->prefixes;
	d->changed |= olds != d->owns;
	for (i = 0; i < c->prefixes; i++) {
		for (k = 0; k < olds; k++)
			if (prefix_same(&old[k].c, &c->prefix[i]))
				break;
		if (k < olds) {
			d->own[i] = old[k];
			continue;
		}
		/* R10.6.2-01: a lifetime was set, or R10.6.2-02: a new one. */
		d->own[i].c = c->prefix[i];
		d->own[i].since = n->now.boot;
		d->changed = true;
	}
}

void
ha_prefix_places(struct mip6_node *n)
{
	const struct mip6_addr *a;
	struct ha_mpd *d = n->ha->mpd;
	uint32_t i;

	for (i = 0; i < d->owns; i++) {
		a = ha_address(n, i);
		if (a == NULL || mip6_addr_equal(a, &d->own[i].address))
			continue;
		d->own[i].address = *a;
		d->changed = true;
	}
}

struct mip6_time
ha_prefix_since(const struct mip6_node *n, uint32_t prefix)
{
	const struct ha_mpd *d = n->ha->mpd;

	return prefix < d->owns ? d->own[prefix].since : n->started;
}

/* ---- other home agents' ---- */

static struct mip6_time
prefix_until(const struct mip6_node *n, struct mip6_span s)
{
	return s.us == INT64_MAX ? MIP6_TIME_NEVER :
				   mip6_time_add(n->now.boot, s);
}

/* What is left of a lifetime; for ever stays so. */
static struct mip6_span
prefix_left(struct mip6_time now, struct mip6_time until)
{
	if (mip6_time_is_never(until))
		return MIP6_ND_INFINITE;
	return mip6_span_max(mip6_time_sub(until, now), MIP6_SPAN_US(0));
}

/* RFC 4861 section 6.2.7: neither the same lifetime nor the same end. */
static bool
prefix_life_differs(struct mip6_span old, struct mip6_time old_until,
    struct mip6_span new, struct mip6_time new_until)
{
	int64_t off;

	if (old.us == new.us)
		return false;
	if (mip6_time_is_never(old_until) || mip6_time_is_never(new_until))
		return true;
	off = mip6_time_sub(new_until, old_until).us;
	return off > HA_HEARD_SLACK || off < -HA_HEARD_SLACK;
}

static struct ha_heard_prefix *
prefix_heard_find(struct mip6_node *n, const struct mip6_prefix *p)
{
	struct ha_heard_prefix *e;
	struct mip6_prefix have;
	uint32_t i;

	for (i = 0; i < HA_HEARD_MAX; i++) {
		e = &n->ha->mpd->heard[i];
		if (!e->used)
			continue;
		have = mip6_prefix_make(&e->p.addr, e->p.bits);
		if (mip6_prefix_equal(&have, p))
			return e;
	}
	return NULL;
}

/* A free place, or that of a prefix that died. */
static struct ha_heard_prefix *
prefix_heard_room(struct mip6_node *n, const struct mip6_prefix *p)
{
	struct ha_heard_prefix *e;
	uint32_t i;

	for (i = 0; i < HA_HEARD_MAX; i++) {
		e = &n->ha->mpd->heard[i];
		if (e->used && !mip6_time_reached(e->valid, n->now.boot))
			continue;
		memset(e, 0, sizeof(*e));
		return e;
	}
	node_drop(n, MIP6_DROP_ND_FULL, &p->addr);
	return NULL;
}

static bool
prefix_is_own(const struct mip6_node *n, const struct mip6_prefix *p)
{
	uint32_t i;

	for (i = 0; i < n->ha->c->prefixes; i++)
		if (mip6_prefix_equal(&n->ha->c->prefix[i].prefix, p))
			return true;
	return false;
}

static void
prefix_heard(struct mip6_node *n, const struct mip6_nd_prefix *o)
{
	struct mip6_prefix p = mip6_prefix_make(&o->addr, o->bits);
	struct mip6_time valid, preferred;
	struct ha_heard_prefix *e;

	/* P-OURS: ours are as configured. Test: test_ha_prefix */
	if (prefix_is_own(n, &p))
		return;
	/* RFC4861-6.3.4d: not link-local ones, nor groups. Test: test_ha_prefix */
	if (mip6_addr_is_linklocal(&o->addr) ||
	    mip6_addr_is_multicast(&o->addr))
		return;
	/* RFC4862-5.5.3f: preferred beyond valid: no. Test: test_ha_prefix */
	if (o->preferred.us > o->valid.us)
		return;
	e = prefix_heard_find(n, &p);
	if (o->valid.us == 0) {
		if (e != NULL) {
			e->used = false;
			n->ha->mpd->changed = true;
		}
		return;
	}
	valid = prefix_until(n, o->valid);
	preferred = prefix_until(n, o->preferred);
	if (e == NULL) {
		e = prefix_heard_room(n, &p);
		if (e == NULL)
			return;
		n->ha->mpd->changed = true;
	} else if (e->p.on_link != o->on_link ||
	    e->p.autonomous != o->autonomous || e->p.router != o->router ||
	    !mip6_addr_equal(&e->p.addr, &o->addr) ||
	    prefix_life_differs(e->p.valid, e->valid, o->valid, valid) ||
	    prefix_life_differs(e->p.preferred, e->preferred, o->preferred,
		preferred)) {
		n->ha->mpd->changed = true;
	}
	e->used = true;
	e->p = *o;
	e->valid = valid;
	e->preferred = preferred;
}

void
ha_mpd_heard(struct mip6_node *n, const struct mip6_hint *h,
    const struct mip6_nd *m)
{
	const struct mip6_link *l = ha_home_link(n);
	uint32_t i;

	/* P-HEARD: on the home link, by others. Test: test_ha_prefix */
	if (l == NULL || h->ifindex != l->ev.ifindex ||
	    memcmp(&h->ll_src, &l->ev.lladdr, sizeof(h->ll_src)) == 0)
		return;
	/* P-AGENTS: of home agents alone. Test: test_ha_prefix */
	if (!m->u.ra.home_agent)
		return;
	for (i = 0; i < m->opt.prefix_count; i++)
		prefix_heard(n, &m->opt.prefix[i]);
	ha_mpd_changed(n);
}

/* ---- the list ---- */

static struct mip6_nd_prefix
prefix_own(const struct mip6_node *n, struct mip6_time now, uint32_t i)
{
	const struct mip6_conf_home_prefix *c = &n->ha->c->prefix[i];
	const struct mip6_addr *ours = ha_address(n, i);
	struct mip6_nd_prefix p;

	/* Of a virtual home link ours may be an address outside the prefix. */
	if (ours != NULL && !mip6_prefix_has(&c->prefix, ours))
		ours = NULL;
	memset(&p, 0, sizeof(p));
	p.addr = ours != NULL ? *ours : c->prefix.addr;
	p.router = ours != NULL;
	p.bits = c->prefix.bits;
	p.on_link = p.autonomous = true;
	ha_prefix_life_at(n, now, i, &p.valid, &p.preferred);
	return p;
}

uint8_t
ha_prefix_list(const struct mip6_node *n, struct mip6_time now,
    struct mip6_nd_prefix *p)
{
	const struct ha_heard_prefix *e;
	uint8_t count = 0;
	uint32_t i;

	for (i = 0; i < n->ha->c->prefixes; i++)
		p[count++] = prefix_own(n, now, i);
	for (i = 0; i < HA_HEARD_MAX; i++) {
		e = &n->ha->mpd->heard[i];
		if (!e->used || mip6_time_reached(e->valid, now))
			continue;
		p[count] = e->p;
		p[count].valid = prefix_left(now, e->valid);
		p[count].preferred = prefix_left(now, e->preferred);
		count++;
	}
	return count;
}

uint32_t
ha_prefix_told(const struct mip6_node *n, struct mip6_time now,
    struct ha_prefix_told *told)
{
	struct mip6_nd_prefix p[MIP6_ND_PREFIXES_MAX];
	uint32_t i, count = ha_prefix_list(n, now, p);

	memset(told, 0, count * sizeof(*told));
	for (i = 0; i < count; i++) {
		told[i].prefix = mip6_prefix_make(&p[i].addr, p[i].bits);
		told[i].router = p[i].router ? p[i].addr : mip6_addr_any;
		told[i].valid = p[i].valid;
		told[i].preferred = p[i].preferred;
		told[i].own = i < n->ha->c->prefixes;
		told[i].on_link = p[i].on_link;
		told[i].autonomous = p[i].autonomous;
	}
	return count;
}
