/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The virtual home interface, a utun, and its port: one packet a read, one a
 * write, each behind four octets that name its address family.  It has no
 * link-local address, takes no router advertisement, and vanishes with its
 * descriptor.
 *
 * The kernel sends what is for an address of the utun out of the utun: such
 * packets are written back, and nobody above sees them.
 */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "platform/darwin/call_msg.h"
#include "platform/darwin/darwin.h"

#define TUN_MTU    1452 /* until the core says: 1500 less what a tunnel adds */
#define TUN_FAMILY 4    /* octets, in network order */

#define TUN_IP6_HEADER 40
#define TUN_IP6_DST    24

static const uint8_t tun_inet6[TUN_FAMILY] = { 0, 0, 0, DARWIN_AF_INET6 };

static bool
tun_write(struct mip6_tun *t, const struct mip6_pkt *pkt)
{
	uint8_t family[TUN_FAMILY];
	const struct iovec v[] = {
		{ family, sizeof(family) },
		{ mip6_pkt_octets(pkt), pkt->count },
	};

	memcpy(family, tun_inet6, sizeof(family));
	return t->os->writev(t->port.fd, v, MIP6_COUNT(v)) ==
	    (ssize_t)(sizeof(family) + pkt->count);
}

static bool
tun_is_own(const struct mip6_tun *t, const struct mip6_pkt *pkt)
{
	struct mip6_addr dst;

	memcpy(dst.b, mip6_pkt_octets(pkt) + TUN_IP6_DST, sizeof(dst.b));
	return t->is_own(t->arg, &dst);
}

/* What was read is a packet for the path, or has been dealt with. */
static bool
tun_take(struct mip6_tun *t, struct mip6_pkt *pkt, const uint8_t *family)
{
	/* IPv4 and the like are not ours. */
	if (memcmp(family, tun_inet6, TUN_FAMILY) != 0)
		return false;
	if (pkt->count < TUN_IP6_HEADER || !tun_is_own(t, pkt))
		return true;
	if (!tun_write(t, pkt))
		t->port.failed++;
	return false;
}

static size_t
tun_recv(struct mip6_port *port, struct mip6_pool *pool, struct mip6_pkt **pkt,
    size_t n)
{
	struct mip6_tun *t = (struct mip6_tun *)(void *)port;
	size_t room =
	    t->mtu < MIP6_PKT_OCTETS ? MIP6_PKT_OCTETS : MIP6_PKT_BIG_OCTETS;
	uint8_t family[TUN_FAMILY];
	struct mip6_pkt *got;
	struct iovec v[2];
	size_t count = 0, reads;
	ssize_t octets;

	for (reads = 0; reads < 2 * n && count < n; reads++) {
		got = mip6_pool_get(pool, room);
		if (got == NULL) {
			port->overflowed++;
			break;
		}
		v[0] = (struct iovec){ family, sizeof(family) };
		v[1] = (struct iovec){ mip6_pkt_octets(got), room };
		octets = t->os->readv(port->fd, v, MIP6_COUNT(v));
		if (octets <= 0) {
			if (octets < 0 && errno != EAGAIN && errno != EINTR)
				port->failed++;
			mip6_pool_put(pool, got);
			break;
		}
		got->count =
		    (uint32_t)(octets > TUN_FAMILY ? octets - TUN_FAMILY : 0);
		got->ifindex = 0;
		/* What does not fit is cut without a word. */
		if (got->count == room)
			port->overflowed++;
		if (got->count != 0 && got->count < room &&
		    tun_take(t, got, family))
			pkt[count++] = got;
		else
			mip6_pool_put(pool, got);
	}
	port->received += count;
	return count;
}

static size_t
tun_send(struct mip6_port *port, struct mip6_pool *pool,
    struct mip6_pkt *const *pkt, size_t n)
{
	struct mip6_tun *t = (struct mip6_tun *)(void *)port;
	size_t i, sent = 0;

	for (i = 0; i < n; i++) {
		if (tun_write(t, pkt[i]))
			sent++;
		mip6_pool_put(pool, pkt[i]);
	}
	port->sent += sent;
	port->failed += n - sent;
	return sent;
}

static void
tun_close(struct mip6_port *port)
{
	struct mip6_tun *t = (struct mip6_tun *)(void *)port;

	if (port->fd >= 0)
		(void)t->os->close(port->fd);
	port->fd = -1;
}

static const struct mip6_port_ops tun_ops = { tun_recv, tun_send, tun_close };

/* Returns what could not be done, with errno; NULL: it stands. */
static const char *
tun_make(struct mip6_plat *p)
{
	uint8_t info[DARWIN_CTL_INFO_OCTETS], to[DARWIN_SC_OCTETS];
	struct mip6_tun *t = &p->tun;
	uint32_t id, octets = sizeof(t->name) - 1;

	t->port.fd = p->os->socket(DARWIN_PF_SYSTEM, DARWIN_SOCK_DGRAM,
	    DARWIN_SYSPROTO_CONTROL);
	if (t->port.fd < 0)
		return "socket";
	mip6_call_control(info);
	if (p->os->ioctl(t->port.fd, DARWIN_CTLIOCGINFO, info) != 0)
		return DARWIN_UTUN_CONTROL;
	memcpy(&id, info + DARWIN_CTL_INFO_ID, sizeof(id));
	mip6_call_utun(to, id);
	if (p->os->connect(t->port.fd, to, sizeof(to)) != 0)
		return "connect";
	memset(t->name, 0, sizeof(t->name));
	if (p->os->getsockopt(t->port.fd, DARWIN_SYSPROTO_CONTROL,
		DARWIN_UTUN_OPT_IFNAME, t->name, &octets) != 0)
		return "name";
	t->ifindex = p->os->if_nametoindex(t->name);
	return t->ifindex != 0 ? NULL : t->name;
}

int
mip6_tun_set_mtu(struct mip6_plat *p, uint32_t mtu)
{
	uint8_t request[DARWIN_IFR_OCTETS];

	mip6_call_link(request, p->tun.name);
	memcpy(request + DARWIN_IFR_VALUE, &mtu, sizeof(mtu));
	if (p->os->ioctl(p->ask.ioctl_fd, DARWIN_SIOCSIFMTU, request) != 0)
		return errno;
	p->tun.mtu = mtu;
	return 0;
}

int
mip6_tun_up(struct mip6_plat *p)
{
	uint8_t request[DARWIN_IFR_OCTETS];
	uint16_t flags;

	mip6_call_link(request, p->tun.name);
	if (p->os->ioctl(p->ask.ioctl_fd, DARWIN_SIOCGIFFLAGS, request) != 0)
		return errno;
	memcpy(&flags, request + DARWIN_IFR_VALUE, sizeof(flags));
	flags |= DARWIN_IFF_UP;
	memcpy(request + DARWIN_IFR_VALUE, &flags, sizeof(flags));
	return p->os->ioctl(p->ask.ioctl_fd, DARWIN_SIOCSIFFLAGS, request) ==
		0 ?
	    0 :
	    errno;
}

int
mip6_tun_open(struct mip6_plat *p, char *err, size_t err_octets)
{
	const char *what;

	p->tun.port.ops = &tun_ops;
	p->tun.os = p->os;
	p->tun.is_own = mip6_addr_is_own;
	p->tun.arg = p;
	what = tun_make(p);
	if (what == NULL) {
		errno = mip6_tun_set_mtu(p, TUN_MTU);
		what = errno != 0 ? "MTU" : NULL;
	}
	if (what == NULL)
		return 0;
	(void)snprintf(err, err_octets, "utun: %s: %s", what, strerror(errno));
	mip6_tun_close(p);
	return -1;
}

void
mip6_tun_close(struct mip6_plat *p)
{
	if (p->tun.port.fd >= 0)
		tun_close(&p->tun.port);
	p->tun.ifindex = 0;
}
