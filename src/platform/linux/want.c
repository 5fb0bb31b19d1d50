/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Addresses, routes and rules that are ours.
 *
 * A want is there from the first action that asks for it until the last
 * request about it was acknowledged and nobody asks for it any more.  Requests
 * about one want are sent and acknowledged in order, so the last one decides.
 * The TUN's own die with it; the others are in the journal before they are
 * made and until they are gone.
 *
 * Each carries our routing protocol number and our metric, and a new one is
 * made with NLM_F_EXCL: what somebody else has made is neither taken over nor
 * removed.  An address that is there already (the kernel formed the same) is
 * borrowed: the action has its effect, and its undo has none.
 *
 * What others delete is marked `missing` and put back by mip6_wants_restore,
 * but for addresses on links: there the core learns it and decides.
 */
#include <errno.h>
#include <string.h>

#include <linux/if_addr.h>
#include <linux/netlink.h>
#include <linux/rtnetlink.h>

#include "platform/linux/linux.h"
#include "platform/linux/undo.h"

static void
want_settled(struct mip6_plat *p, struct mip6_want *w)
{
	uint32_t slot = w->settling;

	w->settling = MIP6_SLOT_NONE;
	if (slot != MIP6_SLOT_NONE)
		mip6_acts_settled(p, slot);
}

static void
want_drop(struct mip6_plat *p, uint32_t i)
{
	struct mip6_wants *w = &p->wants;
	struct mip6_want *want = &w->want[i];

	want_settled(p, want);
	mip6_journal_del(&p->journal, want->journal);
	if (want->optimistic)
		(void)mip6_sysctl_optimistic(p, want->key.number, false);
	mip6_wants_del(w, i);
}

static bool
want_on_tun(const struct mip6_plat *p, const struct mip6_want *w)
{
	switch ((enum mip6_want_kind)w->key.kind) {
	case MIP6_WANT_ADDR:
		return w->key.number == p->tun.ifindex;
	case MIP6_WANT_ROUTE:
		return w->ifindex == p->tun.ifindex;
	case MIP6_WANT_RULE:
		break;
	}
	return false;
}

/* Notes the effect before it is made; 0 or an errno. */
static int
want_note(struct mip6_plat *p, struct mip6_want *w)
{
	struct mip6_undo u;

	if (w->journal != 0 || want_on_tun(p, w))
		return 0;
	memset(&u, 0, sizeof(u));
	u.prefix.addr = w->key.addr;
	u.prefix.bits = (uint8_t)w->key.bits;
	switch ((enum mip6_want_kind)w->key.kind) {
	case MIP6_WANT_ADDR:
		u.kind = MIP6_UNDO_ADDR;
		u.ifindex = w->key.number;
		break;
	case MIP6_WANT_ROUTE:
		u.kind = MIP6_UNDO_ROUTE;
		u.table = w->key.number;
		break;
	case MIP6_WANT_RULE:
		u.kind = MIP6_UNDO_RULE;
		u.table = w->key.number;
		break;
	}
	w->journal = mip6_undo_note(p, &u);
	return w->journal != 0 ? 0 : errno;
}

static void
want_message(const struct mip6_plat *p, const struct mip6_want *w, bool on,
    uint16_t flags, struct mip6_nlmsg *m)
{
	struct mip6_rt_addr a;
	struct mip6_rt_route r;
	struct mip6_rt_rule l;

	memset(&a, 0, sizeof(a));
	memset(&r, 0, sizeof(r));
	memset(&l, 0, sizeof(l));
	switch ((enum mip6_want_kind)w->key.kind) {
	case MIP6_WANT_ADDR:
		a.ifindex = w->key.number;
		a.addr = w->key.addr;
		a.bits = (uint8_t)w->key.bits;
		/* One effect: a route is another action. */
		a.flags = IFA_F_NOPREFIXROUTE;
		if (w->key.number == p->tun.ifindex)
			a.flags |= IFA_F_NODAD;
		else if (w->optimistic)
			a.flags |= IFA_F_OPTIMISTIC;
		a.valid_s = w->valid_s;
		a.preferred_s = w->preferred_s;
		mip6_rtmsg_addr(m, on, flags, &a);
		break;
	case MIP6_WANT_ROUTE:
		r.table = w->key.number;
		r.dst.addr = w->key.addr;
		r.dst.bits = (uint8_t)w->key.bits;
		r.ifindex = w->ifindex;
		r.gateway = w->gateway;
		mip6_rtmsg_route(m, on, flags, &r);
		break;
	case MIP6_WANT_RULE:
		l.table = w->key.number;
		l.priority = MIP6_RT_PRIORITY(l.table);
		l.src.addr = w->key.addr;
		l.src.bits = (uint8_t)w->key.bits;
		mip6_rtmsg_rule(m, on, flags, &l);
		break;
	}
}

static void
want_send(struct mip6_plat *p, uint32_t slot, uint32_t i, bool on,
    uint16_t flags)
{
	struct mip6_slot *s = &p->acts.slot[slot];
	struct mip6_nlmsg m;

	s->kind = MIP6_SLOT_WANT;
	s->want = i;
	s->on = on;
	p->wants.want[i].inflight++;
	want_message(p, &p->wants.want[i], on, flags, &m);
	mip6_acts_send(p, slot, &m);
}

/* Nothing of the kind may be there; tables of our own have no other user. */
static bool
want_is_new(const struct mip6_want *w)
{
	if (w->key.kind == MIP6_WANT_ROUTE &&
	    w->key.number != MIP6_RT_TABLE_MAIN)
		return false;
	return !w->wanted || w->missing;
}

/*
 * Asks for what `to` describes (all but its bookkeeping); `update`: one of the
 * same key is changed to it, otherwise left as it is.
 */
static void
want_on(struct mip6_plat *p, uint32_t slot, const struct mip6_want *to,
    bool update)
{
	struct mip6_wants *w = &p->wants;
	uint32_t i = mip6_wants_find(w, &to->key);
	uint16_t flags = NLM_F_CREATE;
	struct mip6_want *want;
	bool fresh = i == MIP6_INDEX_NONE;
	int error;

	if (!fresh && w->want[i].wanted &&
	    (w->want[i].borrowed ||
		(!update && !w->want[i].missing && w->want[i].inflight == 0))) {
		mip6_acts_end(p, slot, 0);
		return;
	}
	if (fresh)
		i = mip6_wants_new(w, &to->key);
	if (i == MIP6_SLOT_NONE) {
		mip6_acts_end(p, slot, ENOBUFS);
		return;
	}
	want = &w->want[i];
	flags |= want_is_new(want) ? NLM_F_EXCL : NLM_F_REPLACE;
	p->acts.slot[slot].link = want->ifindex;
	p->acts.slot[slot].dst = want->gateway;
	want->ifindex = to->ifindex;
	want->gateway = to->gateway;
	want->valid_s = to->valid_s;
	want->preferred_s = to->preferred_s;
	error = want_note(p, want);
	if (error == 0 && to->optimistic && !want->optimistic)
		want->optimistic =
		    mip6_sysctl_optimistic(p, to->key.number, true) == 0;
	if (error != 0) {
		if (want->inflight == 0)
			want_drop(p, i);
		mip6_acts_end(p, slot, error);
		return;
	}
	p->acts.slot[slot].fresh = !want->wanted;
	want->seen = want->wanted;
	want->wanted = true;
	want->missing = false;
	want_send(p, slot, i, true, flags);
}

static void
want_off(struct mip6_plat *p, uint32_t slot, const struct mip6_want *to)
{
	struct mip6_wants *w = &p->wants;
	uint32_t i = mip6_wants_find(w, &to->key);
	struct mip6_want *want;

	if (i == MIP6_INDEX_NONE || !w->want[i].wanted) {
		mip6_acts_end(p, slot, 0);
		return;
	}
	want = &w->want[i];
	/* Another one has taken its place since. */
	if (want->key.kind == MIP6_WANT_ROUTE &&
	    (want->ifindex != to->ifindex ||
		!mip6_addr_equal(&want->gateway, &to->gateway))) {
		mip6_acts_end(p, slot, 0);
		return;
	}
	want->wanted = false;
	want_settled(p, want);
	if (want->borrowed || (want->missing && want->inflight == 0)) {
		want_drop(p, i);
		mip6_acts_end(p, slot, 0);
		return;
	}
	want_send(p, slot, i, false, 0);
}

/* Something put back: it is there, or it is tried again in a second. */
static int
want_restored(struct mip6_plat *p, struct mip6_want *w, int error)
{
	static const char *const kind[] = { "addr", "route", "rule" };

	if (!w->wanted || error == EEXIST)
		return 0;
	if (error != 0) {
		w->missing = true;
		p->wants.missing = true;
		mip6_work_restore(p);
		return error;
	}
	p->restored++;
	MIP6_LOG(p->env.log, INFO, "plat.restored",
	    MIP6_KS("kind", kind[w->key.kind]), MIP6_KA("addr", &w->key.addr),
	    MIP6_KU("bits", w->key.bits));
	return 0;
}

static int
want_made(struct mip6_plat *p, struct mip6_want *w, const struct mip6_slot *s,
    int error)
{
	if (error == EEXIST && w->key.kind == MIP6_WANT_ADDR && s->fresh) {
		w->borrowed = true;
		mip6_journal_del(&p->journal, w->journal);
		w->journal = 0;
		return 0;
	}
	/* A rule has our protocol, so it is one of ours, left behind. */
	if (error == EEXIST && w->key.kind == MIP6_WANT_RULE)
		return 0;
	if (error == 0 || w->inflight > 0)
		return error;
	if (s->fresh) {
		w->wanted = false;
	} else if (w->key.kind == MIP6_WANT_ROUTE) {
		w->ifindex = s->link;
		w->gateway = s->dst;
	}
	return error;
}

/* Is it made, and usable, once the kernel has reported it? */
static bool
want_settles(const struct mip6_plat *p, const struct mip6_want *w)
{
	return w->key.kind == MIP6_WANT_ADDR && w->wanted && !w->borrowed &&
	    !w->seen && w->settling == MIP6_SLOT_NONE &&
	    (w->optimistic || want_on_tun(p, w));
}

void
mip6_want_settle_timeout(struct mip6_plat *p, uint32_t want)
{
	p->wants.want[want].settling = MIP6_SLOT_NONE;
}

int
mip6_want_acked(struct mip6_plat *p, uint32_t slot, int error)
{
	const struct mip6_slot *s = &p->acts.slot[slot];
	struct mip6_want *w = &p->wants.want[s->want];

	MIP6_ASSERT(w->used && w->inflight > 0);
	w->inflight--;
	if (s->quiet)
		error = want_restored(p, w, error);
	else if (s->on)
		error = want_made(p, w, s, error);
	else if (mip6_is_gone(error))
		error = 0;
	if (error == 0 && s->on && s->fresh && !s->quiet &&
	    want_settles(p, w)) {
		w->settling = slot;
		return MIP6_WANT_SETTLES;
	}
	if (!w->wanted && w->inflight == 0)
		want_drop(p, s->want);
	return error;
}

void
mip6_want_addr(struct mip6_plat *p, uint32_t slot,
    const struct mip6_act_addr *a)
{
	struct mip6_want to;

	memset(&to, 0, sizeof(to));
	if (!mip6_want_addr_valid(a)) {
		mip6_acts_end(p, slot, EINVAL);
		return;
	}
	to.key.kind = MIP6_WANT_ADDR;
	to.key.number = a->ifindex != 0 ? a->ifindex : p->tun.ifindex;
	to.key.addr = a->addr;
	to.key.bits = a->bits;
	to.valid_s = mip6_want_seconds(a->valid);
	to.preferred_s = mip6_want_seconds(a->preferred);
	to.optimistic = a->optimistic && to.key.number != p->tun.ifindex;
	if (to.key.number == 0)
		mip6_acts_end(p, slot, ENODEV);
	else if (a->on)
		want_on(p, slot, &to, true);
	else
		want_off(p, slot, &to);
}

static uint32_t
want_table(enum mip6_table t)
{
	switch (t) {
	case MIP6_TABLE_MAIN:
		return MIP6_RT_TABLE_MAIN;
	case MIP6_TABLE_HOME:
		return MIP6_RT_TABLE_HOME;
	case MIP6_TABLE_COA:
		return MIP6_RT_TABLE_COA;
	}
	return 0;
}

void
mip6_want_route(struct mip6_plat *p, uint32_t slot,
    const struct mip6_act_route *a)
{
	struct mip6_want to;
	uint32_t i;

	memset(&to, 0, sizeof(to));
	if (want_table(a->table) == 0 || !mip6_want_route_valid(a)) {
		mip6_acts_end(p, slot, EINVAL);
		return;
	}
	to.key.kind = MIP6_WANT_ROUTE;
	to.key.number = want_table(a->table);
	to.key.bits = a->dst.bits;
	to.key.addr = a->dst.addr;
	to.ifindex = a->ifindex != 0 ? a->ifindex : p->tun.ifindex;
	to.gateway = a->gateway;
	i = mip6_wants_find(&p->wants, &to.key);
	if (to.ifindex == 0)
		mip6_acts_end(p, slot, ENODEV);
	else if (!a->on)
		want_off(p, slot, &to);
	else
		want_on(p, slot, &to,
		    i != MIP6_INDEX_NONE &&
			(p->wants.want[i].ifindex != to.ifindex ||
			    !mip6_addr_equal(&p->wants.want[i].gateway,
				&to.gateway)));
}

void
mip6_want_rule(struct mip6_plat *p, uint32_t slot,
    const struct mip6_act_rule *a)
{
	struct mip6_want to;

	memset(&to, 0, sizeof(to));
	to.key.kind = MIP6_WANT_RULE;
	to.key.number = want_table(a->table);
	to.key.bits = 128;
	to.key.addr = a->src;
	if (to.key.number == 0 || mip6_addr_is_any(&a->src) ||
	    mip6_addr_is_multicast(&a->src))
		mip6_acts_end(p, slot, EINVAL);
	else if (a->on)
		want_on(p, slot, &to, false);
	else
		want_off(p, slot, &to);
}

void
mip6_want_seen(struct mip6_plat *p, const struct mip6_want_key *k, bool there)
{
	uint32_t i = mip6_wants_find(&p->wants, k);
	struct mip6_want *w;

	if (i == MIP6_INDEX_NONE)
		return;
	w = &p->wants.want[i];
	if (there) {
		w->seen = true;
		want_settled(p, w);
	}
	if (there || !w->wanted || w->inflight > 0) {
		w->missing = false;
		return;
	}
	w->missing = true;
	if (w->key.kind == MIP6_WANT_ADDR && !want_on_tun(p, w)) {
		p->wants.gone = true;
		return;
	}
	p->wants.missing = true;
	mip6_work_restore(p);
}

/*
 * An address that went from a link, and has not come again (we may have asked
 * for both in a row), is no longer ours.
 */
void
mip6_wants_settle(struct mip6_plat *p)
{
	struct mip6_want *w;
	uint32_t i;

	if (!p->wants.gone)
		return;
	p->wants.gone = false;
	for (i = 0; i < p->wants.cap; i++) {
		w = &p->wants.want[i];
		if (w->used && w->key.kind == MIP6_WANT_ADDR && w->missing &&
		    !want_on_tun(p, w) && w->inflight == 0)
			want_drop(p, i);
	}
}

void
mip6_want_link_gone(struct mip6_plat *p, uint32_t ifindex)
{
	struct mip6_want *w;
	uint32_t i, link;

	for (i = 0; i < p->wants.cap; i++) {
		w = &p->wants.want[i];
		if (!w->used || w->key.kind == MIP6_WANT_RULE)
			continue;
		link =
		    w->key.kind == MIP6_WANT_ADDR ? w->key.number : w->ifindex;
		if (link != ifindex)
			continue;
		w->wanted = false;
		if (w->inflight == 0)
			want_drop(p, i);
	}
}

void
mip6_wants_doubt(struct mip6_plat *p)
{
	struct mip6_want *w;
	uint32_t i;

	for (i = 0; i < p->wants.cap; i++) {
		w = &p->wants.want[i];
		if (w->used && w->wanted && !w->borrowed &&
		    (w->key.kind != MIP6_WANT_ADDR || want_on_tun(p, w))) {
			w->missing = true;
			p->wants.missing = true;
		}
	}
	if (p->wants.missing)
		mip6_work_restore(p);
}

/* Puts the TUN up again; what was on it follows. */
static void
want_restore_tun(struct mip6_plat *p)
{
	struct mip6_nlmsg m;
	uint32_t slot;

	if (!p->tun.down)
		return;
	p->tun.down = false;
	p->restored++;
	MIP6_LOG(p->env.log, INFO, "plat.restored", MIP6_KS("kind", "link"),
	    MIP6_KS("link", p->tun.name));
	slot = mip6_acts_new(p, 0);
	p->acts.slot[slot].quiet = true;
	mip6_rtmsg_link_set(&m, p->tun.ifindex, 0, 0, true);
	mip6_acts_send(p, slot, &m);
}

/* A route needs its link; when that comes up, there is another try. */
static bool
want_must_wait(const struct mip6_plat *p, const struct mip6_want *w)
{
	const struct mip6_ev_link *l;

	if (w->key.kind != MIP6_WANT_ROUTE || want_on_tun(p, w))
		return false;
	l = mip6_watch_link(p, w->ifindex);
	return l != NULL && !l->up;
}

void
mip6_wants_restore(struct mip6_plat *p)
{
	struct mip6_want *w;
	uint32_t kind, i, slot;

	want_restore_tun(p);
	if (!p->wants.missing)
		return;
	p->wants.missing = false;
	for (kind = MIP6_WANT_ADDR; kind <= MIP6_WANT_RULE; kind++) {
		for (i = 0; i < p->wants.cap; i++) {
			w = &p->wants.want[i];
			if (!w->used || w->key.kind != kind || !w->wanted ||
			    !w->missing || w->inflight > 0 ||
			    (kind == MIP6_WANT_ADDR && !want_on_tun(p, w)))
				continue;
			if (want_must_wait(p, w)) {
				p->wants.missing = true;
				continue;
			}
			w->missing = false;
			slot = mip6_acts_new(p, 0);
			p->acts.slot[slot].quiet = true;
			want_send(p, slot, i, true, NLM_F_CREATE | NLM_F_EXCL);
		}
	}
}
