/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Actions under way.
 *
 * Each action has a slot from mip6_plat_do until its `done` was called, which
 * happens from the work descriptor alone: so never before mip6_plat_do has
 * returned, in the order in which actions ended, and once.  A slot is in one
 * of four lists: unused, waiting (for an acknowledgement; the kernel answers
 * in order, so the first is the one looked for), settling, ended.
 *
 * Settling: the kernel acknowledges an address before it has made the route by
 * which it accepts packets for it, and reports it after.  So an address that
 * is to be usable at once ends with that report.
 *
 * The kernel carries a request out while it is sent, and its acknowledgement
 * is there at once.  So when many are under way they are read on the spot,
 * and our socket never overflows.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/timerfd.h>
#include <unistd.h>

#include <linux/netlink.h>
#include <linux/rtnetlink.h>

#include "platform/linux/linux.h"

#define ACT_WAITING_MAX   128
#define ACT_DATAGRAMS_MAX 512 /* read in one go */
#define ACT_LINKS_MAX     64  /* asked for one route */
#define ACT_SETTLE        MIP6_SPAN_MS(50)
#define ACT_RESTORE_EVERY MIP6_SPAN_S(1)
#define ACT_SETTLING_MAX  MIP6_SPAN_MS(500)

static void
act_push(struct mip6_acts *a, struct mip6_slot_list *l, uint32_t slot)
{
	a->slot[slot].next = MIP6_SLOT_NONE;
	if (l->count == 0)
		l->head = slot;
	else
		a->slot[l->tail].next = slot;
	l->tail = slot;
	l->count++;
}

static uint32_t
act_pop(struct mip6_acts *a, struct mip6_slot_list *l)
{
	uint32_t slot = l->head;

	MIP6_ASSERT(l->count > 0);
	l->head = a->slot[slot].next;
	l->count--;
	return slot;
}

void
mip6_acts_init(struct mip6_acts *a)
{
	memset(a, 0, sizeof(*a));
}

void
mip6_acts_fini(struct mip6_acts *a)
{
	free(a->slot);
	memset(a, 0, sizeof(*a));
}

uint32_t
mip6_acts_new(struct mip6_plat *p, uint64_t id)
{
	struct mip6_acts *a = &p->acts;
	struct mip6_slot *s;
	uint32_t cap, slot;

	if (a->unused.count == 0) {
		cap = a->cap == 0 ? 256 : a->cap * 2;
		s = realloc(a->slot, cap * sizeof(*s));
		/* An action that could never end would be a broken promise. */
		MIP6_ASSERT(s != NULL);
		a->slot = s;
		for (slot = a->cap; slot < cap; slot++)
			act_push(a, &a->unused, slot);
		a->cap = cap;
	}
	slot = act_pop(a, &a->unused);
	memset(&a->slot[slot], 0, sizeof(a->slot[slot]));
	a->slot[slot].id = id;
	return slot;
}

/* Sets the timer to what is to be done next. */
static void
act_arm(struct mip6_plat *p)
{
	const struct mip6_acts *a = &p->acts;
	struct mip6_time at = p->restore_at;
	struct itimerspec t;

	memset(&t, 0, sizeof(t));
	if (a->settling.count > 0)
		at = mip6_time_min(at, a->slot[a->settling.head].deadline);
	if (a->ended.count > 0) {
		t.it_value.tv_nsec = 1; /* long ago */
	} else if (!mip6_time_is_never(at)) {
		t.it_value.tv_sec = (time_t)(at.us / 1000000);
		t.it_value.tv_nsec = (long)(at.us % 1000000) * 1000;
	}
	MIP6_ASSERT(
	    timerfd_settime(p->work_fd, TFD_TIMER_ABSTIME, &t, NULL) == 0);
}

void
mip6_acts_end(struct mip6_plat *p, uint32_t slot, int error)
{
	struct mip6_acts *a = &p->acts;

	a->slot[slot].error = error;
	if (a->slot[slot].quiet) {
		act_push(a, &a->unused, slot);
		return;
	}
	act_push(a, &a->ended, slot);
	if (a->ended.count == 1)
		act_arm(p);
}

/* The next link to ask for a way that is not our own TUN's. */
static bool
act_route_again(struct mip6_plat *p, struct mip6_slot *s, struct mip6_nlmsg *m)
{
	const struct mip6_seen_link *l;

	while (s->link < p->watch.links && s->link < ACT_LINKS_MAX) {
		l = &p->watch.link[s->link++];
		if (!l->ev.up)
			continue;
		mip6_rtmsg_route_get(m, &s->dst, l->ev.ifindex);
		return true;
	}
	return false;
}

/*
 * The answer of a route request.  Where the host sends into our own TUN (the
 * halves of the default route), each link is asked for its own way instead,
 * so that the daemon's packets never follow its own tunnel.  Returns true
 * when the request goes on.
 */
static bool
act_route_answer(struct mip6_plat *p, uint32_t slot, int *error,
    const struct mip6_rt_route *r)
{
	struct mip6_slot *s = &p->acts.slot[slot];
	struct mip6_nlmsg m;
	bool ours = *error == 0 && r->ifindex == p->tun.ifindex;

	if (*error == 0 && !ours && r->type == RTN_UNICAST && r->ifindex != 0) {
		s->has_route = true;
		s->route.ifindex = r->ifindex;
		s->route.nexthop =
		    mip6_addr_is_any(&r->gateway) ? s->dst : r->gateway;
		return false;
	}
	if ((ours || s->link > 0) && act_route_again(p, s, &m)) {
		mip6_acts_send(p, slot, &m);
		return true;
	}
	if (*error == 0)
		*error = ENETUNREACH;
	return false;
}

/* Takes `slot`, which is in the list, out of it. */
static void
act_remove(struct mip6_acts *a, struct mip6_slot_list *l, uint32_t slot)
{
	uint32_t at = l->head, before = MIP6_SLOT_NONE;

	for (; at != slot; before = at, at = a->slot[at].next)
		MIP6_ASSERT(at != MIP6_SLOT_NONE);
	if (before == MIP6_SLOT_NONE)
		l->head = a->slot[at].next;
	else
		a->slot[before].next = a->slot[at].next;
	if (l->tail == at)
		l->tail = before;
	l->count--;
}

/* Takes the slot that waits for `seq` out of its list. */
static uint32_t
act_take(struct mip6_acts *a, uint32_t seq)
{
	uint32_t at = a->waiting.head, i;

	for (i = 0; i < a->waiting.count; i++, at = a->slot[at].next) {
		if (a->slot[at].seq != seq)
			continue;
		act_remove(a, &a->waiting, at);
		return at;
	}
	return MIP6_SLOT_NONE;
}

static void
act_settle(struct mip6_plat *p, uint32_t slot)
{
	p->acts.slot[slot].deadline =
	    mip6_time_add(mip6_plat_now().mono, ACT_SETTLING_MAX);
	act_push(&p->acts, &p->acts.settling, slot);
	if (p->acts.settling.count == 1)
		act_arm(p);
}

void
mip6_acts_settled(struct mip6_plat *p, uint32_t slot)
{
	act_remove(&p->acts, &p->acts.settling, slot);
	mip6_acts_end(p, slot, 0);
}

/* What the kernel did not report in time ends all the same. */
static void
act_settle_timeouts(struct mip6_plat *p, struct mip6_time now)
{
	struct mip6_acts *a = &p->acts;
	uint32_t slot;

	while (a->settling.count > 0 &&
	    mip6_time_reached(a->slot[a->settling.head].deadline, now)) {
		slot = a->settling.head;
		mip6_want_settle_timeout(p, a->slot[slot].want);
		mip6_acts_settled(p, slot);
	}
}

static void
act_acked(struct mip6_plat *p, uint32_t slot, int error,
    const struct mip6_rt_route *r)
{
	switch (p->acts.slot[slot].kind) {
	case MIP6_SLOT_PLAIN:
		break;
	case MIP6_SLOT_WANT:
		error = mip6_want_acked(p, slot, error);
		if (error == MIP6_WANT_SETTLES) {
			act_settle(p, slot);
			return;
		}
		break;
	case MIP6_SLOT_ROUTE_GET:
		if (act_route_answer(p, slot, &error, r))
			return;
		break;
	}
	mip6_acts_end(p, slot, error);
}

static void
act_datagram(struct mip6_plat *p, struct mip6_nl_view v)
{
	struct mip6_rt_route r;
	struct mip6_nl_view body;
	struct mip6_nl_head h;
	uint32_t slot;
	int error;

	while (mip6_nl_message(&v, &h, &body)) {
		memset(&r, 0, sizeof(r));
		if (h.type == NLMSG_ERROR)
			error = mip6_nl_error(&body);
		else if (h.type == RTM_NEWROUTE)
			error = mip6_rtmsg_get_route(body, &r) ? 0 : EPROTO;
		else
			continue;
		slot = act_take(&p->acts, h.seq);
		if (slot != MIP6_SLOT_NONE)
			act_acked(p, slot, error, &r);
	}
}

static void
act_drain(struct mip6_plat *p)
{
	static const struct mip6_rt_route none;
	struct mip6_nl_view v;
	enum mip6_nl_got got = MIP6_NL_DATAGRAM;
	uint32_t left;
	int i;

	/* What an answer asks for again is read by the loop under way. */
	if (p->acts.draining)
		return;
	p->acts.draining = true;
	for (i = 0; i < ACT_DATAGRAMS_MAX && got == MIP6_NL_DATAGRAM; i++) {
		got = mip6_nl_recv(&p->req, &v);
		if (got == MIP6_NL_DATAGRAM)
			act_datagram(p, v);
	}
	left = got == MIP6_NL_LOST ? p->acts.waiting.count : 0;
	for (; left > 0; left--)
		act_acked(p, act_pop(&p->acts, &p->acts.waiting), ENOBUFS,
		    &none);
	p->acts.draining = false;
}

void
mip6_acts_send(struct mip6_plat *p, uint32_t slot, struct mip6_nlmsg *m)
{
	static const struct mip6_rt_route none;
	struct mip6_acts *a = &p->acts;
	struct nlmsghdr h;
	int error;

	memcpy(&h, m->word, sizeof(h));
	if (h.nlmsg_type != RTM_GETROUTE)
		h.nlmsg_flags |= NLM_F_ACK;
	memcpy(m->word, &h, sizeof(h));
	error = mip6_nl_send(&p->req, m);
	if (error != 0) {
		act_acked(p, slot, error, &none);
		return;
	}
	a->slot[slot].seq = p->req.seq;
	act_push(a, &a->waiting, slot);
	if (a->waiting.count >= ACT_WAITING_MAX)
		act_drain(p);
}

void
mip6_acts_ready(struct mip6_plat *p)
{
	act_drain(p);
}

void
mip6_work_restore(struct mip6_plat *p)
{
	struct mip6_time now = mip6_plat_now().mono;
	struct mip6_time at = mip6_time_add(now, ACT_SETTLE);
	struct mip6_time next =
	    mip6_time_add(p->restored_at, ACT_RESTORE_EVERY);

	if (!mip6_time_is_never(p->restore_at))
		return;
	p->restore_at = mip6_time_before(at, next) ? next : at;
	act_arm(p);
}

void
mip6_work_ready(struct mip6_plat *p)
{
	struct mip6_acts *a = &p->acts;
	struct mip6_now now;
	struct mip6_slot s;
	uint64_t times;
	uint32_t left, slot;

	if (read(p->work_fd, &times, sizeof(times)) < 0 && errno != EAGAIN)
		return;
	for (left = a->ended.count; left > 0; left--) {
		slot = act_pop(a, &a->ended);
		s = a->slot[slot];
		act_push(a, &a->unused, slot);
		p->env.done(p->env.arg, s.id, s.error,
		    s.error == 0 && s.has_route ? &s.route : NULL);
	}
	now = mip6_plat_now();
	act_settle_timeouts(p, now.mono);
	if (mip6_time_reached(p->restore_at, now.mono)) {
		p->restore_at = MIP6_TIME_NEVER;
		p->restored_at = now.mono;
		mip6_nft_restore(p);
		mip6_wants_restore(p);
		if (p->watch.dump_again)
			mip6_watch_dump(p);
	}
	act_arm(p);
}
