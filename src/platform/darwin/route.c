/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Routes that are ours, by messages of PF_ROUTE.
 *
 * Darwin has no tables and no rules by source: what is bound to an address
 * looks up its route within the scope of the link that has the address, where
 * an unscoped route by another link does not count.  So a route of the tables
 * of home and care-of addresses is one with the scope of its link, and a rule
 * that sends a source there asks for what the kernel does unasked.
 *
 * The kernel does what a message asks while it is written, and says by errno
 * how it went.  Of somebody else's route for a destination (EEXIST) nothing is
 * taken over, but for scoped ones: there is one default for a link, and where
 * the system has made it the action has its effect and its undo has none.
 *
 * What others delete is put back by mip6_wants_restore.  What others have put
 * into its place is theirs: a message to delete names a destination alone, and
 * would hit it.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "platform/darwin/call_msg.h"
#include "platform/darwin/darwin.h"
#include "platform/darwin/undo.h"

void
mip6_want_drop(struct mip6_plat *p, uint32_t i)
{
	mip6_journal_del(&p->journal, p->wants.want[i].journal);
	mip6_wants_del(&p->wants, i);
}

static bool
route_is_scoped(const struct mip6_want *w)
{
	return w->key.number != MIP6_TABLE_MAIN;
}

static bool
route_on_tun(const struct mip6_plat *p, const struct mip6_want *w)
{
	return w->ifindex == p->tun.ifindex;
}

static struct mip6_want_key
route_key(enum mip6_table table, const struct mip6_prefix *dst)
{
	struct mip6_want_key k;

	memset(&k, 0, sizeof(k));
	k.kind = MIP6_WANT_ROUTE;
	k.number = table;
	k.bits = dst->bits;
	k.addr = dst->addr;
	return k;
}

int
mip6_route_call(struct mip6_plat *p, struct mip6_call_route *r)
{
	uint8_t msg[MIP6_CALL_ROUTE_OCTETS];
	size_t count;

	r->seq = ++p->ask.seq;
	count = mip6_call_route(msg, r);
	return p->os->write(p->ask.fd, msg, count) == (ssize_t)count ? 0 :
								       errno;
}

static int
route_make(struct mip6_plat *p, const struct mip6_want *w, bool on)
{
	struct mip6_call_route r;
	int error;

	memset(&r, 0, sizeof(r));
	r.type = on ? DARWIN_RTM_ADD : DARWIN_RTM_DELETE;
	r.dst.addr = w->key.addr;
	r.dst.bits = (uint8_t)w->key.bits;
	r.ifindex = w->ifindex;
	r.gateway = w->gateway;
	r.scoped = route_is_scoped(w);
	error = mip6_route_call(p, &r);
	return !on && mip6_is_gone(error) ? 0 : error;
}

/* Notes the effect before it is made; 0 or an errno. */
static int
route_note(struct mip6_plat *p, struct mip6_want *w)
{
	const struct mip6_ev_link *l = mip6_watch_link(p, w->ifindex);
	struct mip6_undo u = { .kind = MIP6_UNDO_ROUTE };

	if (w->journal != 0 || route_on_tun(p, w))
		return 0;
	if (l == NULL)
		return ENODEV;
	if (route_is_scoped(w))
		u.kind = MIP6_UNDO_SCOPED;
	(void)snprintf(u.link, sizeof(u.link), "%s", l->name);
	u.prefix.addr = w->key.addr;
	u.prefix.bits = (uint8_t)w->key.bits;
	w->journal = mip6_undo_note(p, &u);
	return w->journal != 0 ? 0 : errno;
}

/* Makes what `w` says; 0 or an errno. */
static int
route_add(struct mip6_plat *p, struct mip6_want *w)
{
	int error = route_note(p, w);

	if (error == 0)
		error = route_make(p, w, true);
	w->borrowed = error == EEXIST;
	if (error != 0) {
		mip6_journal_del(&p->journal, w->journal);
		w->journal = 0;
	}
	return w->borrowed && route_is_scoped(w) ? 0 : error;
}

static int
route_remove(struct mip6_plat *p, struct mip6_want *w)
{
	int error = w->borrowed || w->missing ? 0 : route_make(p, w, false);

	if (error == 0) {
		mip6_journal_del(&p->journal, w->journal);
		w->journal = 0;
	}
	return error;
}

/* Puts `to` into the place of what is there; if that fails it stays. */
static int
route_replace(struct mip6_plat *p, struct mip6_want *w,
    const struct mip6_want *to)
{
	struct mip6_want was = *w;
	int error = route_remove(p, w);

	if (error != 0)
		return error;
	w->ifindex = to->ifindex;
	w->gateway = to->gateway;
	w->missing = false;
	error = route_add(p, w);
	if (error == 0)
		return 0;
	w->ifindex = was.ifindex;
	w->gateway = was.gateway;
	if (route_add(p, w) != 0) {
		w->missing = p->wants.missing = true;
		mip6_work_restore(p);
	}
	return error;
}

static bool
route_same(const struct mip6_want *a, const struct mip6_want *b)
{
	return a->ifindex == b->ifindex &&
	    mip6_addr_equal(&a->gateway, &b->gateway);
}

static int
route_on(struct mip6_plat *p, const struct mip6_want *to)
{
	uint32_t i = mip6_wants_find(&p->wants, &to->key);
	struct mip6_want *w;
	int error;

	if (i != MIP6_WANT_NONE) {
		w = &p->wants.want[i];
		return route_same(w, to) && !w->missing ?
		    0 :
		    route_replace(p, w, to);
	}
	i = mip6_wants_new(&p->wants, &to->key);
	if (i == MIP6_WANT_NONE)
		return ENOBUFS;
	w = &p->wants.want[i];
	w->ifindex = to->ifindex;
	w->gateway = to->gateway;
	w->wanted = w->seen = true;
	error = route_add(p, w);
	if (error != 0)
		mip6_want_drop(p, i);
	return error;
}

static int
route_off(struct mip6_plat *p, const struct mip6_want *to)
{
	uint32_t i = mip6_wants_find(&p->wants, &to->key);
	int error;

	/* Another one may have taken its place since. */
	if (i == MIP6_WANT_NONE || !route_same(&p->wants.want[i], to))
		return 0;
	error = route_remove(p, &p->wants.want[i]);
	/* What could not be removed is tried again at the end. */
	if (error == 0)
		mip6_want_drop(p, i);
	return error;
}

void
mip6_route_set(struct mip6_plat *p, uint64_t id, const struct mip6_act_route *a)
{
	struct mip6_want to;
	int error = 0;

	memset(&to, 0, sizeof(to));
	to.key = route_key(a->table, &a->dst);
	to.ifindex = a->ifindex != 0 ? a->ifindex : p->tun.ifindex;
	to.gateway = a->gateway;
	if ((unsigned)a->table > MIP6_TABLE_COA || !mip6_want_route_valid(a))
		error = EINVAL;
	else if (a->on && !route_on_tun(p, &to) &&
	    mip6_watch_link(p, to.ifindex) == NULL)
		error = ENODEV;
	else
		error = a->on ? route_on(p, &to) : route_off(p, &to);
	/* The traffic of a node that is away goes through the TUN. */
	if (error == 0 && a->table == MIP6_TABLE_MAIN && a->dst.bits == 128 &&
	    route_on_tun(p, &to) && mip6_addr_is_any(&a->gateway))
		mip6_pf_divert(p, id, &a->dst.addr, a->on);
	else
		mip6_acts_end(p, id, error, NULL);
}

/* Is there such a route, by this link and made by hand?  0 or an errno. */
static int
route_listed(struct mip6_plat *p, const struct mip6_call_route *like)
{
	const uint32_t scope = like->scoped ? DARWIN_RTF_IFSCOPE : 0;
	const uint32_t mask = DARWIN_RTF_IFSCOPE | DARWIN_RTF_STATIC;
	const struct mip6_watch_route *r;
	struct mip6_watch_msg m;
	uint8_t *octets = NULL;
	size_t count = 0, at = 0;
	int error = mip6_watch_list(p, DARWIN_NET_RT_DUMP, &octets, &count);
	bool found = false;

	while (
	    error == 0 && !found && mip6_watch_next(octets, count, &at, &m)) {
		r = &m.u.route;
		found = m.kind == MIP6_WATCH_ROUTE &&
		    mip6_prefix_equal(&r->dst, &like->dst) &&
		    r->ifindex == like->ifindex &&
		    (r->flags & mask) == (scope | DARWIN_RTF_STATIC);
	}
	free(octets);
	return error == 0 && !found ? ENOENT : error;
}

int
mip6_route_undo(struct mip6_plat *p, const struct mip6_undo *u)
{
	struct mip6_call_route r;
	int error;

	memset(&r, 0, sizeof(r));
	r.type = DARWIN_RTM_DELETE;
	r.dst = u->prefix;
	r.scoped = u->kind == MIP6_UNDO_SCOPED;
	r.ifindex = p->os->if_nametoindex(u->link);
	if (r.ifindex == 0)
		return ENODEV;
	/* Somebody else's may have come since. */
	error = route_listed(p, &r);
	return error == 0 ? mip6_route_call(p, &r) : error;
}

/* Ours for what is told of, if it is in this table; NULL: none. */
static struct mip6_want *
route_of(struct mip6_plat *p, const struct mip6_watch_route *r,
    enum mip6_table table)
{
	const struct mip6_want_key key = route_key(table, &r->dst);
	bool in_scope = (r->flags & DARWIN_RTF_IFSCOPE) != 0;
	uint32_t i = mip6_wants_find(&p->wants, &key);
	struct mip6_want *w;

	if (i == MIP6_WANT_NONE || in_scope != (table != MIP6_TABLE_MAIN))
		return NULL;
	w = &p->wants.want[i];
	return in_scope && w->ifindex != r->ifindex ? NULL : w;
}

/* What is there instead of ours is somebody else's, and stays. */
static void
route_is_theirs(struct mip6_plat *p, struct mip6_want *w)
{
	w->missing = false;
	if (w->borrowed)
		return;
	w->borrowed = true;
	mip6_journal_del(&p->journal, w->journal);
	w->journal = 0;
	MIP6_LOG(p->env.log, WARNING, "plat.route-taken",
	    MIP6_KA("addr", &w->key.addr), MIP6_KU("bits", w->key.bits));
}

void
mip6_route_seen(struct mip6_plat *p, const struct mip6_watch_route *r,
    bool there)
{
	enum mip6_table table;
	struct mip6_want *w;

	for (table = MIP6_TABLE_MAIN; table <= MIP6_TABLE_COA; table++) {
		w = route_of(p, r, table);
		if (w == NULL)
			continue;
		if (there) {
			route_is_theirs(p, w);
			continue;
		}
		w->missing = p->wants.missing = true;
		mip6_work_restore(p);
	}
}

void
mip6_routes_doubt(struct mip6_plat *p)
{
	p->routes_doubted = true;
	mip6_work_restore(p);
}

/* One of the list: ours, or what came in its place. */
static void
route_settle_one(struct mip6_plat *p, const struct mip6_watch_route *r)
{
	enum mip6_table table;
	struct mip6_want *w;

	for (table = MIP6_TABLE_MAIN; table <= MIP6_TABLE_COA; table++) {
		w = route_of(p, r, table);
		if (w == NULL)
			continue;
		w->seen = true;
		w->missing = false;
		if (r->ifindex != w->ifindex ||
		    (r->flags & DARWIN_RTF_STATIC) == 0 ||
		    !mip6_addr_equal(&r->gateway, &w->gateway))
			route_is_theirs(p, w);
	}
}

/* Messages were lost: what is there is listed.  false: that failed. */
static bool
route_settle(struct mip6_plat *p)
{
	struct mip6_watch_msg m;
	struct mip6_want *w;
	uint8_t *octets = NULL;
	size_t count = 0, at = 0;
	uint32_t i;

	if (mip6_watch_list(p, DARWIN_NET_RT_DUMP, &octets, &count) != 0)
		return false;
	for (i = 0; i < p->wants.cap; i++) {
		if (p->wants.want[i].key.kind == MIP6_WANT_ROUTE)
			p->wants.want[i].seen = false;
	}
	while (mip6_watch_next(octets, count, &at, &m)) {
		if (m.kind == MIP6_WATCH_ROUTE &&
		    (m.u.route.flags & DARWIN_RTF_WASCLONED) == 0)
			route_settle_one(p, &m.u.route);
	}
	free(octets);
	if (at != count)
		return false;
	p->routes_doubted = false;
	for (i = 0; i < p->wants.cap; i++) {
		w = &p->wants.want[i];
		if (w->used && w->key.kind == MIP6_WANT_ROUTE && !w->seen)
			w->missing = p->wants.missing = true;
	}
	return true;
}

void
mip6_route_link_gone(struct mip6_plat *p, uint32_t ifindex)
{
	const struct mip6_want *w;
	uint32_t i;

	for (i = 0; i < p->wants.cap; i++) {
		w = &p->wants.want[i];
		if (w->used &&
		    ifindex ==
			(w->key.kind == MIP6_WANT_ADDR ? w->key.number :
							 w->ifindex))
			mip6_want_drop(p, i);
	}
}

static void
route_restored(struct mip6_plat *p, const char *kind, const struct mip6_want *w)
{
	p->restored++;
	MIP6_LOG(p->env.log, INFO, "plat.restored", MIP6_KS("kind", kind),
	    MIP6_KA("addr", &w->key.addr), MIP6_KU("bits", w->key.bits));
}

/* A route needs its link; when that comes up, there is another try. */
static bool
route_must_wait(const struct mip6_plat *p, const struct mip6_want *w)
{
	const struct mip6_ev_link *l = mip6_watch_link(p, w->ifindex);

	return !route_on_tun(p, w) && l != NULL && !l->up;
}

static void
route_restore_one(struct mip6_plat *p, struct mip6_want *w)
{
	static const char *const kind[] = { "addr", "route" };
	bool addr = w->key.kind == MIP6_WANT_ADDR;
	int error;

	if (!addr && route_must_wait(p, w)) {
		p->wants.missing = true;
		return;
	}
	w->missing = false;
	error = addr ? mip6_addr_restore(p, w) : route_add(p, w);
	if (error == 0 && !w->borrowed) {
		route_restored(p, kind[w->key.kind], w);
	} else if (error != 0 && error != EEXIST) {
		w->missing = p->wants.missing = true;
		mip6_work_restore(p);
	}
}

static void
route_restore_tun(struct mip6_plat *p)
{
	if (!p->tun.down || mip6_tun_up(p) != 0)
		return;
	p->tun.down = false;
	p->restored++;
	MIP6_LOG(p->env.log, INFO, "plat.restored", MIP6_KS("kind", "link"),
	    MIP6_KS("link", p->tun.name));
}

void
mip6_wants_restore(struct mip6_plat *p)
{
	struct mip6_want *w;
	uint32_t kind, i;

	route_restore_tun(p);
	if (p->routes_doubted && !route_settle(p)) {
		mip6_work_restore(p);
		return;
	}
	if (!p->wants.missing)
		return;
	p->wants.missing = false;
	for (kind = MIP6_WANT_ADDR; kind <= MIP6_WANT_ROUTE; kind++) {
		for (i = 0; i < p->wants.cap; i++) {
			w = &p->wants.want[i];
			if (w->used && w->key.kind == kind && w->missing)
				route_restore_one(p, w);
		}
	}
}
