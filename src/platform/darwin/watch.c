/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What the kernel reports: links, addresses, routes, and what others do to
 * what is ours.
 *
 * Messages and network events only say that something has changed; what there
 * is, is listed anew, and the differences to the tables here are reported.  So
 * a lost message costs nothing, and the order of two sources does not matter.
 * Routes alone are told by their message, for nobody keeps a list of them.
 *
 * IFF_RUNNING stays on without a cable: the carrier is asked for.  Nothing is
 * said when the detection of duplicates ends: while an address is tentative it
 * is looked at again.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "platform/darwin/abi_watch.h"
#include "platform/darwin/darwin.h"

#define WATCH_LINKS_MAX    1024
#define WATCH_ADDRS_MAX    16384
#define WATCH_MESSAGES_MAX 256 /* read in one go */
#define WATCH_OCTETS       2048
#define WATCH_DOUBT        4096 /* octets read in one go: half a buffer */
#define WATCH_LISTS_MAX    5    /* tries to list while the list grows */
#define WATCH_LIST_OCTETS  (64u << 20)
#define WATCH_AGAIN        MIP6_SPAN_MS(500)

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

static void
watch_again(struct mip6_plat *p)
{
	struct mip6_time at = mip6_time_add(mip6_plat_now().mono, WATCH_AGAIN);

	p->watch.look_at = mip6_time_min(p->watch.look_at, at);
	mip6_work_arm(p);
}

/* No answer: a link that has no carrier to speak of. */
static bool
watch_carrier(struct mip6_plat *p, const char *name)
{
	uint8_t media[DARWIN_IFMR_OCTETS];
	uint32_t status;

	memset(media, 0, sizeof(media));
	(void)snprintf((char *)media, MIP6_IFNAME_OCTETS, "%s", name);
	if (p->os->ioctl(p->watch.ask_fd, DARWIN_SIOCGIFMEDIA, media) != 0)
		return true;
	memcpy(&status, media + DARWIN_IFMR_STATUS, sizeof(status));
	return (status & DARWIN_IFM_AVALID) == 0 ||
	    (status & DARWIN_IFM_ACTIVE) != 0;
}

static bool
watch_has_frames(uint8_t type)
{
	return type == DARWIN_IFT_ETHER || type == DARWIN_IFT_L2VLAN ||
	    type == DARWIN_IFT_BOND || type == DARWIN_IFT_BRIDGE;
}

/*
 * What AirDrop and the like use of the Wi-Fi radio: no router is ever there,
 * and whatever is sent keeps the radio from the network.
 */
static bool
watch_is_for_neighbours(const char *name)
{
	return strncmp(name, "awdl", 4) == 0 || strncmp(name, "llw", 3) == 0;
}

/* false: this link is not for us. */
static bool
watch_event(struct mip6_plat *p, const struct mip6_watch_link *l,
    struct mip6_ev_link *ev)
{
	const uint32_t up = DARWIN_IFF_UP | DARWIN_IFF_RUNNING;

	memset(ev, 0, sizeof(*ev));
	if (!l->has_name || !l->has_lladdr || !watch_has_frames(l->type) ||
	    watch_is_for_neighbours(l->name))
		return false;
	ev->ifindex = l->ifindex;
	memcpy(ev->name, l->name, sizeof(ev->name));
	if (p->env.wants_link != NULL &&
	    !p->env.wants_link(p->env.arg, ev->name))
		return false;
	ev->lladdr = l->lladdr;
	ev->mtu = (uint16_t)(l->mtu > UINT16_MAX ? UINT16_MAX : l->mtu);
	ev->up = (l->flags & up) == up && watch_carrier(p, ev->name);
	return true;
}

static bool
watch_same_link(const struct mip6_ev_link *a, const struct mip6_ev_link *b)
{
	return strcmp(a->name, b->name) == 0 && a->mtu == b->mtu &&
	    a->up == b->up &&
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
	p->env.link(p->env.arg, ev);
}

static void
watch_tun(struct mip6_plat *p, const struct mip6_watch_link *l)
{
	p->tun.mtu = l->mtu;
	p->tun.down = (l->flags & DARWIN_IFF_UP) == 0;
	if (p->tun.down)
		mip6_work_restore(p);
}

static void
watch_link(struct mip6_plat *p, const struct mip6_watch_link *l)
{
	struct mip6_watch *w = &p->watch;
	uint32_t i = watch_find_link(w, l->ifindex);
	struct mip6_ev_link ev;

	if (l->ifindex == p->tun.ifindex) {
		watch_tun(p, l);
		return;
	}
	if (!watch_event(p, l, &ev)) {
		if (i < w->links)
			watch_link_gone(p, i);
		return;
	}
	/* A number that was given again, to another link. */
	if (i < w->links && strcmp(w->link[i].ev.name, ev.name) != 0) {
		watch_link_gone(p, i);
		i = w->links;
	}
	if (i == w->links) {
		watch_new_link(p, &ev);
		return;
	}
	w->link[i].stale = false;
	if (watch_same_link(&w->link[i].ev, &ev))
		return;
	w->link[i].ev = ev;
	p->env.link(p->env.arg, &ev);
}

/* Room for one more; NULL: none. */
static struct mip6_seen_addr *
watch_new_addr(struct mip6_plat *p)
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
			    MIP6_KU("addrs", w->addrs));
			return NULL;
		}
		w->addr = addr;
		w->addrs_cap = cap;
	}
	addr = &w->addr[w->addrs++];
	memset(addr, 0, sizeof(*addr));
	return addr;
}

static void
watch_addr(struct mip6_plat *p, const struct mip6_watch_addr *a)
{
	struct mip6_watch *w = &p->watch;
	const struct mip6_ev_link *link = mip6_watch_link(p, a->ifindex);
	struct mip6_ev_addr ev;
	struct mip6_seen_addr *seen = NULL;
	uint32_t i;

	mip6_addr_seen(p, a->ifindex, &a->addr);
	memset(&ev, 0, sizeof(ev));
	ev.ifindex = a->ifindex;
	ev.addr = a->addr;
	ev.bits = a->bits;
	/* One that went between the list and the question is not there. */
	if (link == NULL ||
	    mip6_addr_flags(p, link->name, &a->addr, &ev.flags) != 0)
		return;
	if ((ev.flags & MIP6_ADDR_TENTATIVE) != 0)
		watch_again(p);
	for (i = 0; i < w->addrs && seen == NULL; i++) {
		if (w->addr[i].ev.ifindex == ev.ifindex &&
		    mip6_addr_equal(&w->addr[i].ev.addr, &ev.addr))
			seen = &w->addr[i];
	}
	if (seen != NULL) {
		seen->stale = false;
		if (seen->ev.bits == ev.bits && seen->ev.flags == ev.flags)
			return;
	} else {
		seen = watch_new_addr(p);
		if (seen == NULL)
			return;
	}
	seen->ev = ev;
	p->env.addr(p->env.arg, &ev);
}

/* What the list has not shown is gone. */
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
		mip6_route_link_gone(p, ifindex);
		mip6_groups_link_gone(&p->groups, ifindex);
		mip6_pf_link_gone(p, ifindex);
	}
}

int
mip6_watch_list(struct mip6_plat *p, int list, uint8_t **octets, size_t *count)
{
	const int name[] = { DARWIN_CTL_NET, DARWIN_PF_ROUTE, 0,
		DARWIN_AF_INET6, list, 0 };
	uint8_t *room = NULL, *more;
	size_t cap;
	int tries;

	for (tries = 0; tries < WATCH_LISTS_MAX; tries++) {
		if (p->os->sysctl(name, MIP6_COUNT(name), NULL, &cap) != 0)
			break;
		if (cap > WATCH_LIST_OCTETS) {
			errno = EMSGSIZE;
			break;
		}
		cap += cap / 8 + 1024;
		more = realloc(room, cap);
		if (more == NULL)
			break;
		room = more;
		if (p->os->sysctl(name, MIP6_COUNT(name), room, &cap) == 0) {
			*octets = room;
			*count = cap;
			return 0;
		}
		/* It has grown meanwhile. */
		if (errno != ENOMEM)
			break;
	}
	tries = errno != 0 ? errno : ENOMEM;
	free(room);
	return tries;
}

/* Returns 0 or an errno: then nothing is known of what is gone. */
static int
watch_dump(struct mip6_plat *p)
{
	struct mip6_watch *w = &p->watch;
	struct mip6_watch_msg m;
	uint8_t *octets = NULL;
	size_t count = 0, at = 0;
	uint32_t i;
	int error = mip6_watch_list(p, DARWIN_NET_RT_IFLIST, &octets, &count);

	if (error != 0)
		return error;
	for (i = 0; i < w->links; i++)
		w->link[i].stale = true;
	for (i = 0; i < w->addrs; i++)
		w->addr[i].stale = true;
	mip6_addrs_doubt(p);
	while (mip6_watch_next(octets, count, &at, &m)) {
		if (m.kind == MIP6_WATCH_LINK)
			watch_link(p, &m.u.link);
		else if (m.kind == MIP6_WATCH_ADDR)
			watch_addr(p, &m.u.addr);
	}
	free(octets);
	if (at != count)
		return EPROTO;
	watch_sweep(p);
	mip6_addrs_settle(p);
	return 0;
}

void
mip6_watch_dump(struct mip6_plat *p)
{
	int error = watch_dump(p);

	if (error == 0)
		return;
	MIP6_LOG(p->env.log, WARNING, "plat.list",
	    MIP6_KS("error", strerror(error)));
	watch_again(p);
}

static void
watch_route_message(struct mip6_plat *p, const struct mip6_watch_msg *m,
    bool *links, bool *routes)
{
	const struct mip6_watch_route *r = &m->u.route;

	if (m->kind == MIP6_WATCH_LINK || m->kind == MIP6_WATCH_ADDR)
		*links = true;
	if (m->kind != MIP6_WATCH_ROUTE || m->type == DARWIN_RTM_GET ||
	    r->error != 0 || mip6_watch_is_cloned(r) ||
	    r->pid == (uint32_t)getpid())
		return;
	*routes = true;
	mip6_route_seen(p, r, m->type != DARWIN_RTM_DELETE);
}

/* Returns how many octets were read. */
static size_t
watch_read_routes(struct mip6_plat *p, bool *links, bool *routes)
{
	uint8_t octets[WATCH_OCTETS];
	struct mip6_watch_msg m;
	size_t total = 0, at;
	ssize_t n;
	int i;

	for (i = 0; i < WATCH_MESSAGES_MAX; i++) {
		n = p->os->read(p->watch.route_fd, octets, sizeof(octets));
		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return n < 0 && errno == ENOBUFS ? WATCH_DOUBT : total;
		for (at = 0; mip6_watch_next(octets, (size_t)n, &at, &m);)
			watch_route_message(p, &m, links, routes);
		total += (size_t)n;
	}
	return WATCH_DOUBT;
}

void
mip6_watch_route_ready(struct mip6_plat *p)
{
	bool links = false, routes = false;

	/* A full buffer loses what comes then without a word. */
	if (watch_read_routes(p, &links, &routes) >= WATCH_DOUBT) {
		links = routes = true;
		mip6_routes_doubt(p);
	}
	if (links)
		mip6_watch_dump(p);
	if (routes) {
		/* What changes routes may have changed the filter too. */
		mip6_pf_doubt(p);
		p->env.routes(p->env.arg);
	}
}

void
mip6_watch_event_ready(struct mip6_plat *p)
{
	uint8_t octets[WATCH_OCTETS];
	bool links = false;
	ssize_t n;
	int i;

	for (i = 0; i < WATCH_MESSAGES_MAX; i++) {
		n = p->os->read(p->watch.event_fd, octets, sizeof(octets));
		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0) {
			links |= n < 0 && errno == ENOBUFS;
			break;
		}
		links |= mip6_watch_event(octets, (size_t)n);
	}
	if (links)
		mip6_watch_dump(p);
}

int
mip6_watch_start(struct mip6_plat *p)
{
	uint8_t filter[DARWIN_KEV_REQUEST_OCTETS];
	const uint32_t want[] = { DARWIN_KEV_APPLE, DARWIN_KEV_NETWORK, 0 };
	struct mip6_watch *w = &p->watch;

	_Static_assert(sizeof(want) == sizeof(filter), "struct kev_request");
	memcpy(filter, want, sizeof(filter));
	w->ask_fd = p->os->socket(DARWIN_AF_INET6, DARWIN_SOCK_DGRAM, 0);
	w->route_fd = p->os->socket(DARWIN_PF_ROUTE, DARWIN_SOCK_RAW, 0);
	w->event_fd = p->os->socket(DARWIN_PF_SYSTEM, DARWIN_SOCK_RAW,
	    DARWIN_SYSPROTO_EVENT);
	if (w->ask_fd < 0 || w->route_fd < 0 || w->event_fd < 0 ||
	    p->os->ioctl(w->event_fd, DARWIN_SIOCSKEVFILT, filter) != 0)
		return errno;
	/* Listened to before the first list, so that nothing is missed. */
	return watch_dump(p);
}

void
mip6_watch_fini(struct mip6_plat *p)
{
	struct mip6_watch *w = &p->watch;
	int *const fd[] = { &w->route_fd, &w->event_fd, &w->ask_fd };
	size_t i;

	for (i = 0; i < MIP6_COUNT(fd); i++) {
		if (*fd[i] >= 0)
			(void)p->os->close(*fd[i]);
		*fd[i] = -1;
	}
	free(w->link);
	free(w->addr);
	w->link = NULL;
	w->addr = NULL;
	w->links = w->addrs = 0;
}

/* The list of links, for a question about each. */
struct watch_list {
	const struct mip6_plat *p;
	uint8_t *octets;
	size_t count;
};

/* One with frames, or one that the configuration names, of any kind. */
static bool
watch_is_ordinary(const void *arg, uint32_t ifindex)
{
	const struct watch_list *l = arg;
	struct mip6_watch_msg m;
	size_t at = 0;

	if (mip6_watch_link(l->p, ifindex) != NULL)
		return true;
	while (mip6_watch_next(l->octets, l->count, &at, &m)) {
		if (m.kind == MIP6_WATCH_LINK && m.u.link.ifindex == ifindex)
			return m.u.link.type == DARWIN_IFT_LOOP ||
			    watch_has_frames(m.u.link.type);
	}
	return true; /* gone meanwhile */
}

static bool
watch_name(const struct watch_list *l, uint32_t ifindex, char *to, size_t cap)
{
	struct mip6_watch_msg m;
	size_t at = 0;

	while (mip6_watch_next(l->octets, l->count, &at, &m)) {
		if (m.kind != MIP6_WATCH_LINK || m.u.link.ifindex != ifindex ||
		    !m.u.link.has_name)
			continue;
		(void)snprintf(to, cap, MIP6_PLAT_OTHER_TUNNEL, m.u.link.name);
		return true;
	}
	return false;
}

const char *
mip6_plat_warning(struct mip6_plat *p)
{
	struct watch_list l = { p, NULL, 0 };
	uint8_t *routes = NULL;
	uint32_t ifindex = 0;
	size_t count = 0;

	if (!p->started ||
	    mip6_watch_list(p, DARWIN_NET_RT_IFLIST, &l.octets, &l.count) != 0)
		return NULL;
	if (mip6_watch_list(p, DARWIN_NET_RT_DUMP, &routes, &count) == 0)
		ifindex = mip6_watch_other_tunnel(routes, count, p->tun.ifindex,
		    watch_is_ordinary, &l);
	free(routes);
	if (ifindex != 0 &&
	    !watch_name(&l, ifindex, p->warning, sizeof(p->warning)))
		ifindex = 0;
	free(l.octets);
	return ifindex != 0 ? p->warning : NULL;
}
