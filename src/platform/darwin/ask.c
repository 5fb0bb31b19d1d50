/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Which way does the host send?  A message is written and its answer read from
 * the same descriptor.  The kernel puts it there while the message is written,
 * or loses it without a word when there is no room: what has no answer when
 * all is read will never have one.
 *
 * Where the host sends into our own TUN (the halves of the default route),
 * each link is asked for its own way instead, so that the daemon's packets
 * never follow its own tunnel.
 */
#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "platform/darwin/call_msg.h"
#include "platform/darwin/darwin.h"

#define ASK_OCTETS       2048
#define ASK_MESSAGES_MAX 256 /* read in one go */

static void
ask_end(struct mip6_plat *p, uint32_t i, int error,
    const struct mip6_route *route)
{
	struct mip6_asks *a = &p->ask;
	uint64_t id = a->ask[i].id;

	a->ask[i] = a->ask[--a->count];
	mip6_acts_end(p, id, error, route);
}

/* Asks for the way by `ifindex`; 0: any. */
static int
ask_send(struct mip6_plat *p, struct mip6_ask *a, uint32_t ifindex)
{
	struct mip6_call_route r;
	int error;

	memset(&r, 0, sizeof(r));
	r.type = DARWIN_RTM_GET;
	r.dst.addr = a->dst;
	r.dst.bits = 128;
	r.ifindex = ifindex;
	r.scoped = ifindex != 0;
	a->ifindex = ifindex;
	error = mip6_route_call(p, &r);
	a->seq = p->ask.seq;
	return error;
}

/* The next link is asked; ENETUNREACH: there is none. */
static int
ask_link(struct mip6_plat *p, struct mip6_ask *a)
{
	const struct mip6_ev_link *l;
	int error = ENETUNREACH;

	while (error != 0 && a->link < p->watch.links) {
		l = &p->watch.link[a->link++].ev;
		if (l->up)
			error = ask_send(p, a, l->ifindex);
	}
	return error != 0 ? ENETUNREACH : 0;
}

static bool
ask_is_way(const struct mip6_watch_route *r)
{
	return r->error == 0 && r->ifindex != 0 &&
	    (r->flags & DARWIN_RTF_UP) != 0 &&
	    (r->flags &
		(DARWIN_RTF_REJECT | DARWIN_RTF_BLACKHOLE |
		    DARWIN_RTF_LOCAL)) == 0;
}

/* The answer for ask `i`: its end, or the next question. */
static void
ask_answer(struct mip6_plat *p, uint32_t i, const struct mip6_watch_route *r)
{
	struct mip6_ask *a = &p->ask.ask[i];
	bool ours = ask_is_way(r) && r->ifindex == p->tun.ifindex;
	struct mip6_route route;

	if (ask_is_way(r) && !ours &&
	    (a->ifindex == 0 || a->ifindex == r->ifindex)) {
		route.ifindex = r->ifindex;
		route.nexthop =
		    mip6_addr_is_any(&r->gateway) ? a->dst : r->gateway;
		ask_end(p, i, 0, &route);
		return;
	}
	if ((!ours && a->ifindex == 0) || ask_link(p, a) != 0)
		ask_end(p, i, ENETUNREACH, NULL);
}

static void
ask_message(struct mip6_plat *p, const struct mip6_watch_msg *m)
{
	uint32_t i;

	if (m->kind != MIP6_WATCH_ROUTE || m->type != DARWIN_RTM_GET ||
	    m->u.route.pid != (uint32_t)getpid())
		return;
	for (i = 0; i < p->ask.count; i++) {
		if (p->ask.ask[i].seq != m->u.route.seq)
			continue;
		ask_answer(p, i, &m->u.route);
		return;
	}
}

void
mip6_ask_ready(struct mip6_plat *p)
{
	uint8_t octets[ASK_OCTETS];
	struct mip6_watch_msg m;
	size_t at;
	ssize_t n;
	int i;

	for (i = 0; i < ASK_MESSAGES_MAX; i++) {
		n = p->os->read(p->ask.fd, octets, sizeof(octets));
		if (n < 0 && errno == EINTR)
			continue;
		while (n <= 0 && p->ask.count > 0)
			ask_end(p, p->ask.count - 1, ENOBUFS, NULL);
		if (n <= 0)
			break;
		for (at = 0; mip6_watch_next(octets, (size_t)n, &at, &m);)
			ask_message(p, &m);
	}
}

void
mip6_route_get(struct mip6_plat *p, uint64_t id, const struct mip6_addr *dst)
{
	struct mip6_asks *asks = &p->ask;
	struct mip6_ask *a;
	int error;

	if (mip6_addr_is_any(dst) || mip6_addr_is_multicast(dst)) {
		mip6_acts_end(p, id, EINVAL, NULL);
		return;
	}
	/* What others have said meanwhile leaves no room for answers. */
	mip6_ask_ready(p);
	if (asks->count == MIP6_ASKS_MAX) {
		mip6_acts_end(p, id, ENOBUFS, NULL);
		return;
	}
	a = &asks->ask[asks->count++];
	memset(a, 0, sizeof(*a));
	a->id = id;
	a->dst = *dst;
	error = ask_send(p, a, 0);
	if (error != 0)
		ask_end(p, asks->count - 1,
		    mip6_is_gone(error) ? ENETUNREACH : error, NULL);
	else
		mip6_ask_ready(p);
}

int
mip6_ask_open(struct mip6_plat *p)
{
	p->ask.fd = p->os->socket(DARWIN_PF_ROUTE, DARWIN_SOCK_RAW, 0);
	if (p->ask.fd < 0)
		return errno;
	p->ask.ioctl_fd = p->os->socket(DARWIN_AF_INET6, DARWIN_SOCK_DGRAM, 0);
	return p->ask.ioctl_fd >= 0 ? 0 : errno;
}

void
mip6_ask_close(struct mip6_plat *p)
{
	if (p->ask.fd >= 0)
		(void)p->os->close(p->ask.fd);
	if (p->ask.ioctl_fd >= 0)
		(void)p->os->close(p->ask.ioctl_fd);
	p->ask.fd = p->ask.ioctl_fd = -1;
}
