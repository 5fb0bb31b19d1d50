/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Linux's part of multicast groups; and the way without them, a link that
 * brings every multicast packet.  Both end with their sockets and are not in
 * the journal.
 */
#include <errno.h>
#include <netinet/in.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include <linux/if_packet.h>

#include "platform/linux/linux.h"

static int
group_socket(const void *arg)
{
	(void)arg;
	return socket(AF_INET6, SOCK_DGRAM | SOCK_CLOEXEC, 0);
}

static int
group_set_member(const void *arg, int fd, uint32_t ifindex,
    const struct mip6_addr *a, bool join)
{
	struct ipv6_mreq m;

	(void)arg;
	memset(&m, 0, sizeof(m));
	memcpy(&m.ipv6mr_multiaddr, a->b, sizeof(a->b));
	m.ipv6mr_interface = ifindex;
	return setsockopt(fd, IPPROTO_IPV6,
		   join ? IPV6_JOIN_GROUP : IPV6_LEAVE_GROUP, &m,
		   sizeof(m)) == 0 ?
	    0 :
	    errno;
}

static void
group_close(const void *arg, int fd)
{
	(void)arg;
	close(fd);
}

const struct mip6_group_calls mip6_group_calls = {
	group_socket,
	group_set_member,
	group_close,
};

int
mip6_group_set(struct mip6_plat *p, uint32_t ifindex, const struct mip6_addr *a,
    bool on)
{
	int error = mip6_groups_set(&p->groups,
	    ifindex != 0 ? ifindex : p->tun.ifindex, a, on);

	/* Data for groups of wider scope is captured too. */
	if (error == 0 && mip6_group_is_global(a))
		mip6_ports_homes(p);
	return error;
}

static int
allmulti_option(int fd, int option, uint32_t ifindex)
{
	struct packet_mreq m;

	memset(&m, 0, sizeof(m));
	m.mr_ifindex = (int)ifindex;
	m.mr_type = PACKET_MR_ALLMULTI;
	return setsockopt(fd, SOL_PACKET, option, &m, sizeof(m)) == 0 ? 0 :
									errno;
}

/* Protocol 0: it receives nothing, and its memberships hold all the same. */
static int
allmulti_open(struct mip6_allmulti *g)
{
	if (g->fd < 0)
		g->fd = socket(AF_PACKET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	return g->fd >= 0 ? 0 : errno;
}

static void
allmulti_off(struct mip6_allmulti *g, uint32_t at)
{
	/* Fails when the link is gone, and the membership with it. */
	(void)allmulti_option(g->fd, PACKET_DROP_MEMBERSHIP, g->link[at]);
	g->link[at] = g->link[--g->count];
}

int
mip6_allmulti_set(struct mip6_plat *p, uint32_t ifindex, bool on)
{
	struct mip6_allmulti *g = &p->allmulti;
	uint32_t i;
	int error;

	if (ifindex == 0 || ifindex > INT32_MAX)
		return ENODEV;
	for (i = 0; i < g->count && g->link[i] != ifindex; i++)
		;
	if (on == (i < g->count))
		return 0;
	if (!on) {
		allmulti_off(g, i);
		return 0;
	}
	if (g->count == MIP6_ALLMULTI_MAX)
		return ENOBUFS;
	error = allmulti_open(g);
	if (error == 0)
		error = allmulti_option(g->fd, PACKET_ADD_MEMBERSHIP, ifindex);
	if (error == 0)
		g->link[g->count++] = ifindex;
	return error;
}

void
mip6_group_link_gone(struct mip6_plat *p, uint32_t ifindex)
{
	mip6_groups_link_gone(&p->groups, ifindex);
	(void)mip6_allmulti_set(p, ifindex, false);
}
