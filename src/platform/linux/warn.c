/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Somebody else's tunnel that takes the host's IPv6 traffic: the kernel is
 * asked which way it sends to the Internet now.  It answers while it is asked,
 * so nothing waits.
 */
#include <net/if.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

#include <linux/if_arp.h>
#include <linux/rtnetlink.h>

#include "platform/linux/linux.h"

#define WARN_MESSAGES_MAX 16

/* Anywhere in what is given out of addresses (2000::/3). */
static const struct mip6_addr warn_dst = { { 0x20, 0, 0xff, 0xff, [15] = 1 } };

/* The link by which the host sends now; 0: none. */
static uint32_t
warn_way_out(struct mip6_nl *s)
{
	struct mip6_nl_view v, body;
	struct mip6_nl_head h;
	struct mip6_rt_route r;
	struct mip6_nlmsg m;
	int i;

	mip6_rtmsg_route_get(&m, &warn_dst, 0);
	if (mip6_nl_send(s, &m) != 0)
		return 0;
	for (i = 0; i < WARN_MESSAGES_MAX; i++) {
		if (mip6_nl_recv(s, &v) != MIP6_NL_DATAGRAM)
			break;
		while (mip6_nl_message(&v, &h, &body)) {
			if (h.seq == s->seq && h.type == RTM_NEWROUTE &&
			    mip6_rtmsg_get_route(body, &r))
				return r.type == RTN_UNICAST ? r.ifindex : 0;
		}
	}
	return 0;
}

static bool
warn_is_ethernet(int fd, const char *name)
{
	struct ifreq r;

	memset(&r, 0, sizeof(r));
	(void)snprintf(r.ifr_name, sizeof(r.ifr_name), "%s", name);
	return ioctl(fd, SIOCGIFHWADDR, &r) == 0 &&
	    (r.ifr_hwaddr.sa_family == ARPHRD_ETHER ||
		r.ifr_hwaddr.sa_family == ARPHRD_LOOPBACK);
}

const char *
mip6_plat_warning(struct mip6_plat *p)
{
	uint32_t ifindex = p->started ? warn_way_out(&p->call) : 0;
	char name[IF_NAMESIZE];
	bool ordinary;
	int fd;

	/* A link of the configuration may be of any kind. */
	if (ifindex == 0 || ifindex == p->tun.ifindex ||
	    mip6_watch_link(p, ifindex) != NULL ||
	    if_indextoname(ifindex, name) == NULL)
		return NULL;
	fd = socket(AF_INET6, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	ordinary = fd < 0 || warn_is_ethernet(fd, name);
	if (fd >= 0)
		close(fd);
	if (ordinary)
		return NULL;
	(void)snprintf(p->warning, sizeof(p->warning), MIP6_PLAT_OTHER_TUNNEL,
	    name);
	return p->warning;
}
