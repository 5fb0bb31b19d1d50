/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The virtual home interface and its port: one packet a read, one a write, no
 * header of the driver's.  It is made with no link-local address and deaf to
 * router advertisements and redirects, so that what it gives is what
 * applications send.  It vanishes with its descriptor.
 */
#include <errno.h>
#include <fcntl.h>
#include <net/if.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <linux/if_tun.h>

#include "platform/linux/linux.h"

#define TUN_DEVICE "/dev/net/tun"
#define TUN_MTU    1452 /* until the core says: 1500 less what a tunnel adds */
#define TUN_QUEUE  1000

static size_t
tun_recv(struct mip6_port *port, struct mip6_pool *pool, struct mip6_pkt **pkt,
    size_t n)
{
	const struct mip6_tun *t = (const struct mip6_tun *)(void *)port;
	size_t room =
	    t->mtu < MIP6_PKT_OCTETS ? MIP6_PKT_OCTETS : MIP6_PKT_BIG_OCTETS;
	struct mip6_pkt *got;
	size_t count = 0;
	ssize_t octets;

	while (count < n) {
		got = mip6_pool_get(pool, room);
		if (got == NULL) {
			port->overflowed++;
			break;
		}
		octets = read(port->fd, mip6_pkt_octets(got), room);
		if (octets <= 0) {
			if (octets < 0 && errno != EAGAIN && errno != EINTR)
				port->failed++;
			mip6_pool_put(pool, got);
			break;
		}
		/* The driver cuts without a word what does not fit. */
		if ((size_t)octets == room) {
			port->overflowed++;
			mip6_pool_put(pool, got);
			continue;
		}
		got->count = (uint32_t)octets;
		got->ifindex = 0;
		pkt[count++] = got;
	}
	port->received += count;
	return count;
}

static size_t
tun_send(struct mip6_port *port, struct mip6_pool *pool,
    struct mip6_pkt *const *pkt, size_t n)
{
	size_t i, sent = 0;

	for (i = 0; i < n; i++) {
		if (write(port->fd, mip6_pkt_octets(pkt[i]), pkt[i]->count) ==
		    (ssize_t)pkt[i]->count)
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
	if (port->fd >= 0)
		close(port->fd);
	port->fd = -1;
}

static const struct mip6_port_ops tun_ops = { tun_recv, tun_send, tun_close };

static int
tun_make(struct mip6_tun *t, const char *name)
{
	struct ifreq r;

	t->port.ops = &tun_ops;
	t->port.fd = open(TUN_DEVICE, O_RDWR | O_NONBLOCK | O_CLOEXEC);
	if (t->port.fd < 0)
		return errno;
	memset(&r, 0, sizeof(r));
	(void)snprintf(r.ifr_name, sizeof(r.ifr_name), "%s", name);
	/* EXCL: somebody else's device of this name is not ours to use. */
	r.ifr_flags = (short)(IFF_TUN | IFF_NO_PI | (short)IFF_TUN_EXCL);
	if (ioctl(t->port.fd, TUNSETIFF, &r) != 0)
		return errno;
	(void)snprintf(t->name, sizeof(t->name), "%s", r.ifr_name);
	t->ifindex = if_nametoindex(t->name);
	return t->ifindex != 0 ? 0 : errno;
}

static int
tun_setup(struct mip6_plat *p)
{
	struct mip6_nlmsg m;

	/* Kernels that cannot do the first three are none the worse for it. */
	mip6_rtmsg_link_plain(&m, p->tun.ifindex);
	(void)mip6_nl_call(&p->call, &m);
	(void)mip6_sysctl_set(p->tun.name, "accept_ra", "0");
	(void)mip6_sysctl_set(p->tun.name, "accept_redirects", "0");
	p->tun.mtu = TUN_MTU;
	mip6_rtmsg_link_set(&m, p->tun.ifindex, TUN_MTU, TUN_QUEUE, true);
	return mip6_nl_call(&p->call, &m);
}

int
mip6_tun_open(struct mip6_plat *p, char *err, size_t err_octets)
{
	int error = tun_make(&p->tun, p->tun_name);

	if (error == 0)
		error = tun_setup(p);
	if (error == 0)
		return 0;
	(void)snprintf(err, err_octets, "%s through %s: %s", p->tun_name,
	    TUN_DEVICE,
	    error == EBUSY ? "there is one of this name" : strerror(error));
	mip6_tun_close(p);
	return -1;
}

void
mip6_tun_close(struct mip6_plat *p)
{
	tun_close(&p->tun.port);
	p->tun.ifindex = 0;
}
