/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The calls of the Darwin platform on the Mac made of memory (see mac.h).
 * Descriptors are real ones, so that they can be waited on: one end of a pair,
 * into which the other end is told.
 */
#include "darwin/mac_os.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/timerfd.h>
#include <unistd.h>

#include "darwin/mac.h"
#include "platform/common/port_pcap.h"
#include "platform/darwin/abi_call.h"
#include "platform/darwin/os.h"
#include "platform/darwin/watch_msg.h"
#include "unit/darwin_msg.h"

#define FD_MAX      256
#define FD_BUFFER   65536
#define CONTROL_ID  7
#define CONTROL_TUN 3 /* utunN begins here: others have some */

enum fd_kind { FD_FREE, FD_PLAIN, FD_ROUTE, FD_EVENT, FD_TUN };

static struct {
	enum fd_kind kind;
	int peer;
	char link[MAC_NAME]; /* TUN */
	bool filtered;       /* EVENT */
} fds[FD_MAX];

/* Counts a call; true: it is the one that fails. */
static bool
os_fails(const char *name)
{
	if (++mac->calls != mac->fail_at)
		return false;
	(void)snprintf(mac->failed, sizeof(mac->failed), "%s", name);
	errno = mac->fail_errno;
	return true;
}

static int
os_errno(int error)
{
	errno = error;
	return error == 0 ? 0 : -1;
}

void
mac_os_tell(const uint8_t *octets, size_t count)
{
	size_t i;

	for (i = 0; i < FD_MAX; i++) {
		if (fds[i].kind == FD_ROUTE)
			(void)send(fds[i].peer, octets, count,
			    MSG_DONTWAIT | MSG_NOSIGNAL);
	}
}

void
mac_os_event(uint32_t subclass, uint32_t code)
{
	const uint32_t event[] = { DARWIN_KEV_OCTETS, DARWIN_KEV_APPLE,
		DARWIN_KEV_NETWORK, subclass, 1, code };
	size_t i;

	for (i = 0; i < FD_MAX; i++) {
		if (fds[i].kind == FD_EVENT && fds[i].filtered)
			(void)send(fds[i].peer, event, sizeof(event),
			    MSG_DONTWAIT | MSG_NOSIGNAL);
	}
}

static int
os_socket(int domain, int type, int protocol)
{
	const int size = FD_BUFFER;
	int fd[2];

	if (os_fails("socket"))
		return -1;
	if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_NONBLOCK | SOCK_CLOEXEC,
		0, fd) != 0)
		return -1;
	MIP6_ASSERT(fd[0] < FD_MAX);
	(void)setsockopt(fd[1], SOL_SOCKET, SO_SNDBUF, &size, sizeof(size));
	memset(&fds[fd[0]], 0, sizeof(fds[0]));
	fds[fd[0]].peer = fd[1];
	fds[fd[0]].kind = FD_PLAIN;
	if (domain == DARWIN_PF_ROUTE && type == DARWIN_SOCK_RAW)
		fds[fd[0]].kind = FD_ROUTE;
	if (domain == DARWIN_PF_SYSTEM && protocol == DARWIN_SYSPROTO_EVENT)
		fds[fd[0]].kind = FD_EVENT;
	if (domain == DARWIN_PF_SYSTEM && protocol == DARWIN_SYSPROTO_CONTROL)
		fds[fd[0]].kind = FD_TUN;
	return fd[0];
}

static int
os_close(int fd)
{
	size_t i;

	for (i = 0; i < MAC_MAX; i++) {
		if (mac->group[i].owner == getpid() && mac->group[i].fd == fd)
			mac->group[i].used = false;
	}
	if (fd < FD_MAX && fds[fd].kind != FD_FREE) {
		if (fds[fd].link[0] != '\0')
			mac_link_del(fds[fd].link);
		close(fds[fd].peer);
		memset(&fds[fd], 0, sizeof(fds[fd]));
	}
	return close(fd);
}

/* ---- utun ---- */

static int
os_connect(int fd, const void *addr, uint32_t octets)
{
	const uint8_t *to = addr;
	char name[MAC_NAME];
	struct mac_link *l;
	uint32_t id, unit;
	int n;

	if (os_fails("connect"))
		return -1;
	MIP6_ASSERT(octets == DARWIN_SC_OCTETS && to[0] == DARWIN_SC_OCTETS &&
	    to[1] == DARWIN_PF_SYSTEM && fds[fd].kind == FD_TUN);
	memcpy(&id, to + DARWIN_SC_ID, sizeof(id));
	memcpy(&unit, to + DARWIN_SC_UNIT, sizeof(unit));
	if (id != CONTROL_ID || unit != 0)
		return os_errno(ENOENT);
	for (n = CONTROL_TUN;; n++) {
		(void)snprintf(name, sizeof(name), "utun%d", n);
		if (mac_link(name) == NULL)
			break;
	}
	l = mac_link_add(name, NULL);
	l->owner = getpid();
	memcpy(fds[fd].link, name, sizeof(name));
	return 0;
}

static int
os_getsockopt(int fd, int level, int option, void *value, uint32_t *octets)
{
	if (os_fails("getsockopt"))
		return -1;
	MIP6_ASSERT(level == DARWIN_SYSPROTO_CONTROL &&
	    option == DARWIN_UTUN_OPT_IFNAME && fds[fd].link[0] != '\0');
	*octets = (uint32_t)snprintf(value, *octets, "%s", fds[fd].link) + 1;
	return 0;
}

/* ---- groups ---- */

static int
os_setsockopt(int fd, int level, int option, const void *value, uint32_t octets)
{
	const uint8_t *mreq = value;
	struct mac_group g = { true, getpid(), fd, 0, { { 0 } } };
	size_t i, room = MAC_MAX;

	if (os_fails("setsockopt"))
		return -1;
	MIP6_ASSERT(
	    level == DARWIN_IPPROTO_IPV6 && octets == DARWIN_MREQ_OCTETS);
	memcpy(g.addr.b, mreq, sizeof(g.addr.b));
	memcpy(&g.ifindex, mreq + DARWIN_MREQ_LINK, sizeof(g.ifindex));
	for (i = 0; i < MAC_MAX && mac->link[i].ifindex != g.ifindex; i++)
		;
	if (i == MAC_MAX || !mac->link[i].used)
		return os_errno(ENXIO);
	for (i = 0; i < MAC_MAX; i++) {
		if (!mac->group[i].used)
			room = i;
		else if (mac->group[i].fd == fd &&
		    mac->group[i].owner == g.owner &&
		    mac->group[i].ifindex == g.ifindex &&
		    mip6_addr_equal(&mac->group[i].addr, &g.addr))
			break;
	}
	if (option == DARWIN_IPV6_LEAVE_GROUP) {
		if (i == MAC_MAX)
			return os_errno(EADDRNOTAVAIL);
		mac->group[i].used = false;
		return 0;
	}
	MIP6_ASSERT(option == DARWIN_IPV6_JOIN_GROUP && room < MAC_MAX);
	if (i < MAC_MAX)
		return os_errno(EADDRINUSE);
	mac->group[room] = g;
	return 0;
}

/* ---- ioctl ---- */

static int
os_alias(const uint8_t *request, uint32_t ifindex)
{
	struct mip6_addr a;
	uint32_t flags, valid, preferred;

	memcpy(a.b, request + DARWIN_IFRA_ADDR + DARWIN_SIN6_ADDR, sizeof(a.b));
	memcpy(&flags, request + DARWIN_IFRA_FLAGS, sizeof(flags));
	memcpy(&valid, request + DARWIN_IFRA_VALID, sizeof(valid));
	memcpy(&preferred, request + DARWIN_IFRA_PREFERRED, sizeof(preferred));
	if (request[DARWIN_IFRA_ADDR + 1] != DARWIN_AF_INET6 ||
	    request[DARWIN_IFRA_MASK] != DARWIN_SIN6_OCTETS ||
	    preferred > valid)
		return EINVAL;
	if (preferred == 0)
		flags |= DARWIN_IN6_IFF_DEPRECATED;
	return mac_addr_set(ifindex, &a, 128, flags, valid, true);
}

static int
os_addr_ioctl(unsigned long request, uint8_t *value, uint32_t ifindex)
{
	struct mip6_addr a;
	size_t i;

	memcpy(a.b, value + DARWIN_IN6_IFR_ADDR + DARWIN_SIN6_ADDR,
	    sizeof(a.b));
	if (request == DARWIN_SIOCDIFADDR_IN6)
		return mac_addr_set(ifindex, &a, 0, 0, 0, false);
	for (i = 0; i < MAC_MAX; i++) {
		if (!mac->addr[i].used || mac->addr[i].ifindex != ifindex ||
		    !mip6_addr_equal(&mac->addr[i].addr, &a))
			continue;
		memcpy(value + DARWIN_IN6_IFR_FLAGS, &mac->addr[i].flags,
		    sizeof(mac->addr[i].flags));
		return 0;
	}
	return EADDRNOTAVAIL;
}

static int
os_link_ioctl(unsigned long request, uint8_t *value, struct mac_link *l)
{
	const uint32_t status =
	    DARWIN_IFM_AVALID | (l->carrier ? DARWIN_IFM_ACTIVE : 0);
	uint16_t flags = (uint16_t)l->flags;

	switch (request) {
	case DARWIN_SIOCGIFMEDIA:
		if (l->type != DARWIN_IFT_ETHER)
			return EOPNOTSUPP;
		memcpy(value + DARWIN_IFMR_STATUS, &status, sizeof(status));
		return 0;
	case DARWIN_SIOCGIFFLAGS:
		memcpy(value + DARWIN_IFR_VALUE, &flags, sizeof(flags));
		return 0;
	case DARWIN_SIOCSIFFLAGS:
		memcpy(&flags, value + DARWIN_IFR_VALUE, sizeof(flags));
		l->flags = flags;
		mac_link_changed(l, false);
		return 0;
	case DARWIN_SIOCSIFMTU:
		memcpy(&l->mtu, value + DARWIN_IFR_VALUE, sizeof(l->mtu));
		return 0;
	default:
		return EOPNOTSUPP;
	}
}

static int
os_ioctl(int fd, unsigned long request, void *value)
{
	const uint32_t want[] = { DARWIN_KEV_APPLE, DARWIN_KEV_NETWORK, 0 };
	const uint32_t id = CONTROL_ID;
	struct mac_link *l;

	if (os_fails("ioctl"))
		return -1;
	switch (request) {
	case DARWIN_BIOCSHDRCMPLT:
		return 0;
	case DARWIN_SIOCSKEVFILT:
		MIP6_ASSERT(memcmp(value, want, sizeof(want)) == 0);
		fds[fd].filtered = true;
		return 0;
	case DARWIN_CTLIOCGINFO:
		if (strcmp((char *)value + DARWIN_CTL_INFO_NAME,
			DARWIN_UTUN_CONTROL) != 0)
			return os_errno(ENOENT);
		memcpy((uint8_t *)value + DARWIN_CTL_INFO_ID, &id, sizeof(id));
		return 0;
	default:
		break;
	}
	l = mac_link(value);
	if (l == NULL)
		return os_errno(ENXIO);
	if (request == DARWIN_SIOCAIFADDR_IN6)
		return os_errno(os_alias(value, l->ifindex));
	if (request == DARWIN_SIOCDIFADDR_IN6 ||
	    request == DARWIN_SIOCGIFAFLAG_IN6)
		return os_errno(os_addr_ioctl(request, value, l->ifindex));
	return os_errno(os_link_ioctl(request, value, l));
}

/* ---- routing messages ---- */

static void
route_better(struct mac_route *best, const struct mac_route *r,
    const struct mip6_addr *dst)
{
	if (r->used && mip6_prefix_has(&r->dst, dst) &&
	    (!best->used || r->dst.bits > best->dst.bits))
		*best = *r;
}

/* The way of `dst`, by a link's scope when `scope` is not 0. */
static bool
route_find(const struct mip6_addr *dst, uint32_t scope, struct mac_route *best)
{
	struct mac_route r;
	size_t i;

	memset(best, 0, sizeof(*best));
	for (i = 0; i < MAC_MAX; i++) {
		r = mac->route[i];
		if (scope == 0 ? (r.flags & DARWIN_RTF_IFSCOPE) == 0 :
				 r.ifindex == scope)
			route_better(best, &r, dst);
		/* A link's own prefix, and its address. */
		memset(&r, 0, sizeof(r));
		r.used = mac->addr[i].used &&
		    (scope == 0 || scope == mac->addr[i].ifindex);
		r.ifindex = mac->addr[i].ifindex;
		r.dst = mip6_prefix_make(&mac->addr[i].addr, mac->addr[i].bits);
		r.flags = DARWIN_RTF_UP;
		route_better(best, &r, dst);
		r.dst = mip6_prefix_make(&mac->addr[i].addr, 128);
		r.flags |= DARWIN_RTF_HOST | DARWIN_RTF_LOCAL;
		if (mip6_addr_equal(&mac->addr[i].addr, dst))
			*best = r;
		if (best->used && (best->flags & DARWIN_RTF_LOCAL) != 0)
			break;
	}
	return best->used;
}

static int
route_request(const struct mip6_watch_msg *m)
{
	const struct mip6_watch_route *r = &m->u.route;
	struct mac_route to = { true, r->ifindex, r->flags, r->dst,
		r->gateway };
	struct mac_route best;
	int error = 0;
	size_t i;

	for (i = 0; i < MAC_MAX && mac->link[i].ifindex != r->ifindex; i++)
		;
	if (m->type == DARWIN_RTM_ADD && (i == MAC_MAX || !mac->link[i].used))
		error = ENETUNREACH;
	else if (m->type == DARWIN_RTM_GET)
		error =
		    route_find(&r->dst.addr,
			(r->flags & DARWIN_RTF_IFSCOPE) != 0 ? r->ifindex : 0,
			&best) ?
		    0 :
		    ESRCH;
	else
		error = mac_route_set(&to, m->type == DARWIN_RTM_ADD);
	if (error == 0)
		mac_tell_route(m->type, m->type == DARWIN_RTM_GET ? &best : &to,
		    getpid(), r->seq, 0);
	return error;
}

static ssize_t
os_write(int fd, const void *octets, size_t count)
{
	struct mip6_watch_msg m;
	size_t at = 0;

	if (os_fails("write"))
		return -1;
	if (fds[fd].kind != FD_ROUTE)
		return write(fd, octets, count);
	MIP6_ASSERT(mip6_watch_next(octets, count, &at, &m) && at == count &&
	    m.kind == MIP6_WATCH_ROUTE);
	if (os_errno(route_request(&m)) != 0)
		return -1;
	return (ssize_t)count;
}

static ssize_t
os_read(int fd, void *octets, size_t count)
{
	return os_fails("read") ? -1 : read(fd, octets, count);
}

static ssize_t
os_readv(int fd, const struct iovec *v, int count)
{
	return os_fails("readv") ? -1 : readv(fd, v, count);
}

static ssize_t
os_writev(int fd, const struct iovec *v, int count)
{
	return os_fails("writev") ? -1 : writev(fd, v, count);
}

/* ---- lists and values ---- */

static void
list_links(struct dmsg *d)
{
	const struct mac_link *l;
	const struct mac_addr *a;
	size_t i, k;

	for (i = 0; i < MAC_MAX; i++) {
		l = &mac->link[i];
		if (!l->used)
			continue;
		dmsg_link(d, l->ifindex, l->name,
		    l->type == DARWIN_IFT_ETHER ? &l->lladdr : NULL, l->mtu,
		    l->flags, l->type);
		for (k = 0; k < MAC_MAX; k++) {
			a = &mac->addr[k];
			if (a->used && a->ifindex == l->ifindex)
				dmsg_addr(d, DARWIN_RTM_NEWADDR, l->ifindex,
				    &a->addr, a->bits,
				    mip6_addr_is_linklocal(&a->addr) ?
					l->ifindex :
					0);
		}
	}
}

static int
os_sysctl(const int *name, uint32_t names, void *value, size_t *octets)
{
	static struct dmsg d;
	size_t i;

	if (os_fails("sysctl"))
		return -1;
	MIP6_ASSERT(names == 6 && name[0] == DARWIN_CTL_NET &&
	    name[1] == DARWIN_PF_ROUTE && name[3] == DARWIN_AF_INET6);
	d.count = 0;
	if (name[4] == DARWIN_NET_RT_IFLIST)
		list_links(&d);
	for (i = 0; name[4] == DARWIN_NET_RT_DUMP && i < MAC_MAX; i++) {
		if (mac->route[i].used)
			dmsg_route(&d, DARWIN_RTM_GET, mac->route[i].ifindex,
			    mac->route[i].flags, &mac->route[i].dst,
			    mip6_addr_is_any(&mac->route[i].gateway) ?
				NULL :
				&mac->route[i].gateway);
	}
	if (value != NULL && *octets < d.count)
		return os_errno(ENOMEM);
	if (value != NULL)
		memcpy(value, d.octets, d.count);
	*octets = d.count;
	return 0;
}

static int
os_sysctl_int(const char *name, int *value, const int *to)
{
	size_t i;

	if (os_fails("sysctlbyname"))
		return -1;
	for (i = 0; i < MIP6_COUNT(mac->sysctl); i++) {
		if (strcmp(mac->sysctl[i].name, name) != 0)
			continue;
		if (value != NULL)
			*value = mac->sysctl[i].value;
		if (to != NULL)
			mac->sysctl[i].value = *to;
		return 0;
	}
	return os_errno(ENOENT);
}

static uint32_t
os_if_nametoindex(const char *name)
{
	const struct mac_link *l =
	    os_fails("if_nametoindex") ? NULL : mac_link(name);

	return l != NULL ? l->ifindex : 0;
}

static int
os_timer_open(void)
{
	return os_fails("kqueue") ?
	    -1 :
	    timerfd_create(CLOCK_MONOTONIC, TFD_NONBLOCK | TFD_CLOEXEC);
}

static int
os_timer_set(int fd, int64_t us)
{
	struct itimerspec t;
	uint64_t times;

	memset(&t, 0, sizeof(t));
	(void)!read(fd, &times, sizeof(times));
	if (us == 0)
		t.it_value.tv_nsec = 1;
	if (us > 0) {
		t.it_value.tv_sec = (time_t)(us / 1000000);
		t.it_value.tv_nsec = (long)(us % 1000000) * 1000;
	}
	return timerfd_settime(fd, 0, &t, NULL);
}

static int
os_run(struct mip6_os_run *r)
{
	return os_fails("pfctl") ? -1 : mac_pfctl(r);
}

/* ---- ports ---- */

static size_t
port_none(struct mip6_port *p, struct mip6_pool *pool, struct mip6_pkt **pkt,
    size_t n)
{
	(void)p;
	(void)pool;
	(void)pkt;
	(void)n;
	return 0;
}

static void
port_close(struct mip6_port *p)
{
	close(p->fd);
	free(p);
}

static const struct mip6_port_ops port_ops = { .recv = port_none,
	.close = port_close };

static struct mip6_port *
os_port_open(const struct mip6_ev_link *link,
    const struct mip6_port_pcap_options *options, char *err, size_t err_octets)
{
	struct mip6_port *p;

	(void)options;
	if (os_fails("bpf") || mac_link(link->name) == NULL) {
		(void)snprintf(err, err_octets, "capture on %s", link->name);
		return NULL;
	}
	p = calloc(1, sizeof(*p));
	MIP6_ASSERT(p != NULL);
	p->ops = &port_ops;
	p->ifindex = link->ifindex;
	p->fd = dup(0);
	return p;
}

static int
os_port_tx_fd(const struct mip6_port *port)
{
	return port->fd;
}

static int
os_port_homes(struct mip6_port *port, const struct mip6_addr *home, size_t n)
{
	(void)port;
	(void)home;
	(void)n;
	return os_fails("filter") ? errno : 0;
}

static int
os_boot_id(char *to, size_t cap)
{
	(void)snprintf(to, cap, "1700000000.1");
	return os_fails("boot_id") ? -1 : 0;
}

/* ---- the table: each call that changes something happens or does not ---- */

#define WHOLE(type, name, params, args)                                        \
	static type whole_##name params                                        \
	{                                                                      \
		type result;                                                   \
		int error;                                                     \
                                                                               \
		mac_begin();                                                   \
		mac_reap();                                                    \
		result = os_##name args;                                       \
		error = errno;                                                 \
		mac_commit();                                                  \
		errno = error;                                                 \
		return result;                                                 \
	}

WHOLE(int, connect, (int fd, const void *addr, uint32_t octets),
    (fd, addr, octets))
WHOLE(int, setsockopt,
    (int fd, int level, int option, const void *value, uint32_t octets),
    (fd, level, option, value, octets))
WHOLE(int, ioctl, (int fd, unsigned long request, void *value),
    (fd, request, value))
WHOLE(int, close, (int fd), (fd))
WHOLE(ssize_t, write, (int fd, const void *octets, size_t count),
    (fd, octets, count))
WHOLE(int, sysctl, (const int *name, uint32_t n, void *value, size_t *octets),
    (name, n, value, octets))
WHOLE(int, sysctl_int, (const char *name, int *value, const int *to),
    (name, value, to))
WHOLE(int, run, (struct mip6_os_run * r), (r))

const struct mip6_os mip6_os_system = {
	.socket = os_socket,
	.connect = whole_connect,
	.getsockopt = os_getsockopt,
	.setsockopt = whole_setsockopt,
	.ioctl = whole_ioctl,
	.close = whole_close,
	.read = os_read,
	.write = whole_write,
	.readv = os_readv,
	.writev = os_writev,
	.sysctl = whole_sysctl,
	.sysctl_int = whole_sysctl_int,
	.if_nametoindex = os_if_nametoindex,
	.timer_open = os_timer_open,
	.timer_set = os_timer_set,
	.run = whole_run,
	.port_open = os_port_open,
	.port_tx_fd = os_port_tx_fd,
	.port_homes = os_port_homes,
	.boot_id = os_boot_id,
};
