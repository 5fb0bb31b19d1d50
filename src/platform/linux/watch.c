/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What the kernel reports: links, addresses, routes, and what others do to
 * what is ours.
 *
 * Dumps and events come over one socket, so that they are read in the order in
 * which they happened.  The tables here hold the links that are wanted and
 * their addresses, to report differences alone and to find, when events were
 * lost, what went meanwhile: everything is marked stale, dumped again, and
 * what is still stale is gone.
 */
#include <errno.h>
#include <net/if.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <linux/if_addr.h>
#include <linux/if_arp.h>
#include <linux/netlink.h>
#include <linux/rtnetlink.h>

#include "platform/linux/linux.h"

#define WATCH_LINKS_MAX     1024
#define WATCH_ADDRS_MAX     16384
#define WATCH_DATAGRAMS_MAX 256 /* read in one go */
#define WATCH_START_TIMEOUT MIP6_SPAN_S(5)
#define WATCH_START_ROUNDS  4096
#ifndef ARPHRD_RAWIP
#define ARPHRD_RAWIP 519
#endif

static uint32_t
watch_find_link(const struct mip6_watch *w, uint32_t ifindex)
{
	uint32_t i;

	for (i = 0; i < w->links; i++) {
		if (w->link[i].ev.ifindex == ifindex)
			break;
	}
	return i;
}

const struct mip6_ev_link *
mip6_watch_link(const struct mip6_plat *p, uint32_t ifindex)
{
	uint32_t i = watch_find_link(&p->watch, ifindex);

	return i < p->watch.links ? &p->watch.link[i].ev : NULL;
}

/* false: this link is not for us. */
static bool
watch_event(struct mip6_plat *p, const struct mip6_rt_link *l,
    struct mip6_ev_link *ev)
{
	const uint32_t up = IFF_UP | IFF_RUNNING;

	memset(ev, 0, sizeof(*ev));
	switch (l->type) {
	case ARPHRD_ETHER:
		if (!l->has_lladdr)
			return false;
		ev->lladdr = l->lladdr;
		break;
	case ARPHRD_NONE:
	case ARPHRD_PPP:
	case ARPHRD_RAWIP:
		ev->raw = true;
		break;
	default:
		return false;
	}
	ev->ifindex = l->ifindex;
	memcpy(ev->name, l->name, sizeof(ev->name));
	ev->mtu = (uint16_t)(l->mtu > UINT16_MAX ? UINT16_MAX : l->mtu);
	/* RUNNING: carrier, and no 802.1X or the like under way. */
	ev->up = (l->flags & up) == up;
	return p->env.wants_link == NULL ||
	    p->env.wants_link(p->env.arg, ev->name);
}

static bool
watch_same_link(const struct mip6_ev_link *a, const struct mip6_ev_link *b)
{
	return strcmp(a->name, b->name) == 0 && a->mtu == b->mtu &&
	    a->raw == b->raw && a->up == b->up &&
	    memcmp(&a->lladdr, &b->lladdr, sizeof(a->lladdr)) == 0;
}

static void
watch_addr_gone(struct mip6_plat *p, uint32_t i)
{
	struct mip6_ev_addr ev = p->watch.addr[i].ev;

	p->watch.addr[i] = p->watch.addr[--p->watch.addrs];
	ev.gone = true;
	p->env.addr(p->env.arg, &ev);
}

static void
watch_link_gone(struct mip6_plat *p, uint32_t i)
{
	struct mip6_ev_link ev = p->watch.link[i].ev;
	uint32_t k;

	for (k = p->watch.addrs; k > 0; k--) {
		if (k <= p->watch.addrs &&
		    p->watch.addr[k - 1].ev.ifindex == ev.ifindex)
			watch_addr_gone(p, k - 1);
	}
	p->watch.link[i] = p->watch.link[--p->watch.links];
	ev.gone = true;
	ev.up = false;
	p->env.link(p->env.arg, &ev);
}

static void
watch_new_link(struct mip6_plat *p, const struct mip6_ev_link *ev)
{
	struct mip6_watch *w = &p->watch;
	struct mip6_seen_link *link;
	uint32_t cap;

	if (w->links == w->links_cap) {
		cap = w->links_cap + 16;
		link = cap > WATCH_LINKS_MAX ?
		    NULL :
		    realloc(w->link, cap * sizeof(*link));
		if (link == NULL) {
			MIP6_LOG(p->env.log, WARNING, "plat.links-full",
			    MIP6_KS("link", ev->name));
			return;
		}
		w->link = link;
		w->links_cap = cap;
	}
	w->link[w->links].ev = *ev;
	w->link[w->links].stale = false;
	w->links++;
	/* Its addresses were passed over until now. */
	if (w->dump != MIP6_DUMP_LINKS)
		w->addrs_again = true;
	p->env.link(p->env.arg, ev);
}

static void
watch_tun(struct mip6_plat *p, const struct mip6_rt_link *l)
{
	p->tun.mtu = l->mtu;
	p->tun.down = (l->flags & IFF_UP) == 0;
	if (p->tun.down)
		mip6_work_restore(p);
}

static void
watch_link(struct mip6_plat *p, struct mip6_nl_view body, bool gone)
{
	struct mip6_watch *w = &p->watch;
	struct mip6_rt_link l;
	struct mip6_ev_link ev;
	uint32_t i;

	if (!mip6_rtmsg_get_link(body, &l))
		return;
	mip6_nft_tunnel(p, l.ifindex, &l, l.has_ends && !gone);
	if (l.ifindex == p->tun.ifindex) {
		watch_tun(p, &l);
		return;
	}
	i = watch_find_link(w, l.ifindex);
	if (gone) {
		if (i < w->links)
			watch_link_gone(p, i);
		mip6_want_link_gone(p, l.ifindex);
		mip6_group_link_gone(p, l.ifindex);
		(void)mip6_nft_capture(p, l.ifindex, false);
		return;
	}
	if (!watch_event(p, &l, &ev)) {
		if (i < w->links)
			watch_link_gone(p, i);
		return;
	}
	if (i == w->links) {
		watch_new_link(p, &ev);
		return;
	}
	w->link[i].stale = false;
	if (watch_same_link(&w->link[i].ev, &ev))
		return;
	if (strcmp(w->link[i].ev.name, ev.name) != 0) {
		mip6_nft_rename(p, ev.ifindex, ev.name);
		mip6_ports_rename(p, ev.ifindex, ev.name);
	}
	/* Routes through it may be put back now. */
	if (ev.up && p->wants.missing)
		mip6_work_restore(p);
	w->link[i].ev = ev;
	p->env.link(p->env.arg, &ev);
}

static uint32_t
watch_find_addr(const struct mip6_watch *w, const struct mip6_rt_addr *a)
{
	uint32_t i;

	for (i = 0; i < w->addrs; i++) {
		if (w->addr[i].ev.ifindex == a->ifindex &&
		    mip6_addr_equal(&w->addr[i].ev.addr, &a->addr))
			break;
	}
	return i;
}

static void
watch_new_addr(struct mip6_plat *p, const struct mip6_rt_addr *a)
{
	struct mip6_watch *w = &p->watch;
	struct mip6_seen_addr *addr;
	uint32_t cap;

	if (w->addrs == w->addrs_cap) {
		cap = w->addrs_cap == 0 ? 32 : w->addrs_cap * 2;
		addr = cap > WATCH_ADDRS_MAX ?
		    NULL :
		    realloc(w->addr, cap * sizeof(*addr));
		if (addr == NULL) {
			MIP6_LOG(p->env.log, WARNING, "plat.addrs-full",
			    MIP6_KA("addr", &a->addr));
			return;
		}
		w->addr = addr;
		w->addrs_cap = cap;
	}
	addr = &w->addr[w->addrs++];
	memset(addr, 0, sizeof(*addr));
	addr->ev.ifindex = a->ifindex;
	addr->ev.addr = a->addr;
	addr->ev.bits = a->bits;
	addr->ev.flags = mip6_rtmsg_addr_flags(a->flags);
	p->env.addr(p->env.arg,
	    &(struct mip6_ev_addr){ .ifindex = a->ifindex,
		.addr = a->addr,
		.bits = a->bits,
		.flags = mip6_rtmsg_addr_flags(a->flags) });
}

static void
watch_addr(struct mip6_plat *p, struct mip6_nl_view body, bool gone)
{
	struct mip6_watch *w = &p->watch;
	struct mip6_want_key key;
	struct mip6_rt_addr a;
	struct mip6_ev_addr ev;
	uint32_t i;

	if (!mip6_rtmsg_get_addr(body, &a))
		return;
	memset(&key, 0, sizeof(key));
	key.kind = MIP6_WANT_ADDR;
	key.number = a.ifindex;
	key.bits = a.bits;
	key.addr = a.addr;
	mip6_want_seen(p, &key, !gone);
	if (watch_find_link(w, a.ifindex) == w->links)
		return;
	i = watch_find_addr(w, &a);
	if (gone) {
		if (i < w->addrs)
			watch_addr_gone(p, i);
		return;
	}
	if (i == w->addrs) {
		watch_new_addr(p, &a);
		return;
	}
	w->addr[i].stale = false;
	ev = w->addr[i].ev;
	ev.bits = a.bits;
	ev.flags = mip6_rtmsg_addr_flags(a.flags);
	if (ev.bits != w->addr[i].ev.bits || ev.flags != w->addr[i].ev.flags) {
		w->addr[i].ev = ev;
		p->env.addr(p->env.arg, &ev);
	}
}

static void
watch_route(struct mip6_plat *p, struct mip6_nl_view body, bool gone, bool own)
{
	struct mip6_want_key key;
	struct mip6_rt_route r;

	if (own || !mip6_rtmsg_get_route(body, &r) || r.cloned ||
	    r.table == RT_TABLE_LOCAL)
		return;
	p->watch.routes = true;
	if (r.protocol != MIP6_RT_PROTOCOL)
		return;
	memset(&key, 0, sizeof(key));
	key.kind = MIP6_WANT_ROUTE;
	key.number = r.table;
	key.bits = r.dst.bits;
	key.addr = r.dst.addr;
	mip6_want_seen(p, &key, !gone);
}

static void
watch_rule(struct mip6_plat *p, struct mip6_nl_view body, bool gone, bool own)
{
	struct mip6_want_key key;
	struct mip6_rt_rule r;

	if (own || !mip6_rtmsg_get_rule(body, &r))
		return;
	p->watch.routes = true;
	if (r.protocol != MIP6_RT_PROTOCOL)
		return;
	memset(&key, 0, sizeof(key));
	key.kind = MIP6_WANT_RULE;
	key.number = r.table;
	key.bits = r.src.bits;
	key.addr = r.src.addr;
	mip6_want_seen(p, &key, !gone);
}

static void
watch_send_dump(struct mip6_plat *p, enum mip6_dump dump)
{
	struct mip6_watch *w = &p->watch;
	struct mip6_nlmsg m;

	w->dump = dump;
	mip6_rtmsg_dump(&m,
	    dump == MIP6_DUMP_LINKS ? RTM_GETLINK : RTM_GETADDR);
	if (mip6_nl_send(&p->mon, &m) != 0) {
		w->dump = MIP6_DUMP_IDLE;
		w->dump_again = true;
		mip6_work_restore(p);
	}
	w->dump_seq = p->mon.seq;
}

void
mip6_watch_dump(struct mip6_plat *p)
{
	struct mip6_watch *w = &p->watch;
	uint32_t i;

	if (w->dump != MIP6_DUMP_IDLE) {
		w->dump_again = true;
		return;
	}
	w->dump_again = w->addrs_again = false;
	for (i = 0; i < w->links; i++)
		w->link[i].stale = true;
	for (i = 0; i < w->addrs; i++)
		w->addr[i].stale = true;
	watch_send_dump(p, MIP6_DUMP_LINKS);
}

/* What no dump has shown is gone. */
static void
watch_sweep(struct mip6_plat *p)
{
	struct mip6_watch *w = &p->watch;
	uint32_t i, ifindex;

	for (i = w->addrs; i > 0; i--) {
		if (i <= w->addrs && w->addr[i - 1].stale)
			watch_addr_gone(p, i - 1);
	}
	for (i = w->links; i > 0; i--) {
		if (i > w->links || !w->link[i - 1].stale)
			continue;
		ifindex = w->link[i - 1].ev.ifindex;
		watch_link_gone(p, i - 1);
		mip6_want_link_gone(p, ifindex);
		mip6_group_link_gone(p, ifindex);
		(void)mip6_nft_capture(p, ifindex, false);
	}
}

/*
 * A dump that failed, or that changed under way, says nothing about what is
 * gone: it is made again, a little later.
 */
static void
watch_dump_done(struct mip6_plat *p, int error)
{
	struct mip6_watch *w = &p->watch;

	if (error != 0 || w->dump_again) {
		w->dump = MIP6_DUMP_IDLE;
		w->dump_again = true;
		mip6_work_restore(p);
	} else if (w->dump == MIP6_DUMP_LINKS) {
		watch_send_dump(p, MIP6_DUMP_ADDRS);
	} else {
		w->dump = MIP6_DUMP_IDLE;
		watch_sweep(p);
	}
}

static void
watch_message(struct mip6_plat *p, const struct mip6_nl_head *h,
    struct mip6_nl_view body)
{
	bool own = h->port == p->req.port && h->seq != 0;
	bool dump = h->port == p->mon.port && h->seq == p->watch.dump_seq &&
	    p->watch.dump != MIP6_DUMP_IDLE;

	/* The kernel says that what it dumps changed meanwhile. */
	if (dump && (h->flags & NLM_F_DUMP_INTR) != 0)
		p->watch.dump_again = true;
	switch (h->type) {
	case NLMSG_DONE:
	case NLMSG_ERROR:
		if (dump)
			watch_dump_done(p, mip6_nl_error(&body));
		break;
	case RTM_NEWLINK:
	case RTM_DELLINK:
		watch_link(p, body, h->type == RTM_DELLINK);
		break;
	case RTM_NEWADDR:
	case RTM_DELADDR:
		watch_addr(p, body, h->type == RTM_DELADDR);
		break;
	case RTM_NEWROUTE:
	case RTM_DELROUTE:
		watch_route(p, body, h->type == RTM_DELROUTE, own);
		break;
	case RTM_NEWRULE:
	case RTM_DELRULE:
		watch_rule(p, body, h->type == RTM_DELRULE, own);
		break;
	default:
		break;
	}
}

/* Events were lost: ask for all again, and look after what is ours. */
static void
watch_lost(struct mip6_plat *p)
{
	MIP6_LOG(p->env.log, INFO, "plat.events-lost",
	    MIP6_KU("links", p->watch.links));
	/* The answer of a dump under way may be among them. */
	p->watch.dump = MIP6_DUMP_IDLE;
	p->watch.routes = true;
	mip6_watch_dump(p);
	mip6_wants_doubt(p);
}

/* Reads what there is; false when the kernel has more to say. */
static bool
watch_read(struct mip6_plat *p)
{
	enum mip6_nl_got got = MIP6_NL_DATAGRAM;
	struct mip6_nl_view v, body;
	struct mip6_nl_head h;
	int i;

	for (i = 0; i < WATCH_DATAGRAMS_MAX && got == MIP6_NL_DATAGRAM; i++) {
		got = mip6_nl_recv(&p->mon, &v);
		if (got == MIP6_NL_LOST)
			watch_lost(p);
		if (got != MIP6_NL_DATAGRAM)
			continue;
		while (mip6_nl_message(&v, &h, &body))
			watch_message(p, &h, body);
	}
	return got == MIP6_NL_NOTHING;
}

void
mip6_watch_ready(struct mip6_plat *p)
{
	struct mip6_watch *w = &p->watch;
	bool empty = watch_read(p);

	if (empty)
		mip6_wants_settle(p);
	if (w->dump == MIP6_DUMP_IDLE && w->addrs_again && !w->dump_again) {
		w->addrs_again = false;
		watch_send_dump(p, MIP6_DUMP_ADDRS);
	}
	if (empty && w->routes) {
		w->routes = false;
		p->env.routes(p->env.arg);
	}
}

int
mip6_watch_start(struct mip6_plat *p)
{
	static const uint32_t groups[] = { RTNLGRP_LINK, RTNLGRP_IPV6_IFADDR,
		RTNLGRP_IPV6_ROUTE, RTNLGRP_IPV6_RULE };
	size_t i;
	int error;

	for (i = 0; i < MIP6_COUNT(groups); i++) {
		error = mip6_nl_join(&p->mon, groups[i]);
		if (error != 0)
			return error;
	}
	mip6_watch_dump(p);
	for (i = 0; i < WATCH_START_ROUNDS; i++) {
		if (p->watch.dump == MIP6_DUMP_IDLE)
			return 0;
		if (!mip6_nl_wait(&p->mon, WATCH_START_TIMEOUT))
			return ETIMEDOUT;
		mip6_watch_ready(p);
	}
	return ETIMEDOUT;
}

void
mip6_watch_fini(struct mip6_watch *w)
{
	free(w->link);
	free(w->addr);
	memset(w, 0, sizeof(*w));
}
