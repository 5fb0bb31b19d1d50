/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Multicast groups: the kernel's own memberships, so that the network card's
 * filter and Multicast Listener Discovery follow.  A socket carries a limited
 * number of them; a home agent needs one group for each mobile node.  The way
 * without them is a link that brings every multicast packet.  Both end with
 * their sockets and are not in the journal.
 */
#include <errno.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include <linux/if_packet.h>

#include "platform/linux/linux.h"

#define GROUPS_PER_SOCKET   64
#define GROUPS_MAX          (1u << 20)
#define GROUPS_SCOPE_GLOBAL 14

static int
group_option(int fd, int option, uint32_t ifindex, const struct mip6_addr *a)
{
	struct ipv6_mreq m;

	memset(&m, 0, sizeof(m));
	memcpy(&m.ipv6mr_multiaddr, a->b, sizeof(a->b));
	m.ipv6mr_interface = ifindex;
	return setsockopt(fd, IPPROTO_IPV6, option, &m, sizeof(m)) == 0 ? 0 :
									  errno;
}

/* A socket with room, by index; UINT32_MAX with errno set when there is none. */
static uint32_t
group_socket(struct mip6_groups *g)
{
	struct mip6_group_socket *s;
	uint32_t i, unused = UINT32_MAX;

	for (i = g->sockets; i > 0; i--) {
		if (g->socket[i - 1].fd < 0)
			unused = i - 1;
		else if (g->socket[i - 1].used < GROUPS_PER_SOCKET)
			return i - 1;
	}
	if (unused == UINT32_MAX) {
		s = realloc(g->socket, (g->sockets + 1) * sizeof(*s));
		if (s == NULL)
			return UINT32_MAX;
		g->socket = s;
		unused = g->sockets++;
		s[unused].fd = -1;
	}
	g->socket[unused].used = 0;
	g->socket[unused].fd = socket(AF_INET6, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	return g->socket[unused].fd >= 0 ? unused : UINT32_MAX;
}

static void
group_socket_put(struct mip6_groups *g, uint32_t i)
{
	if (g->socket[i].used > 0)
		return;
	close(g->socket[i].fd);
	g->socket[i].fd = -1;
}

static int
group_join(struct mip6_groups *g, uint32_t ifindex, const struct mip6_addr *a)
{
	struct mip6_group *group;
	uint32_t cap, i;
	int error;

	if (g->count == g->cap) {
		cap = g->cap == 0 ? 16 : g->cap * 2;
		group = cap > GROUPS_MAX ?
		    NULL :
		    realloc(g->group, cap * sizeof(*group));
		if (group == NULL)
			return ENOBUFS;
		g->group = group;
		g->cap = cap;
	}
	i = group_socket(g);
	if (i == UINT32_MAX)
		return errno;
	error = group_option(g->socket[i].fd, IPV6_JOIN_GROUP, ifindex, a);
	if (error != 0) {
		group_socket_put(g, i);
		return error;
	}
	g->socket[i].used++;
	g->group[g->count].ifindex = ifindex;
	g->group[g->count].socket = i;
	g->group[g->count].addr = *a;
	g->count++;
	return 0;
}

static void
group_leave(struct mip6_groups *g, uint32_t at)
{
	struct mip6_group *group = &g->group[at];
	uint32_t i = group->socket;

	/* Fails when the link is gone, and the membership with it. */
	(void)group_option(g->socket[i].fd, IPV6_LEAVE_GROUP, group->ifindex,
	    &group->addr);
	g->socket[i].used--;
	*group = g->group[--g->count];
	group_socket_put(g, i);
}

/* Data for groups of wider scope is captured too. */
static void
group_filter(struct mip6_plat *p, const struct mip6_addr *a)
{
	if (mip6_addr_mc_scope(a) >= GROUPS_SCOPE_GLOBAL)
		mip6_ports_homes(p);
}

int
mip6_group_set(struct mip6_plat *p, uint32_t ifindex, const struct mip6_addr *a,
    bool on)
{
	struct mip6_groups *g = &p->groups;
	uint32_t i;
	int error;

	if (ifindex == 0)
		ifindex = p->tun.ifindex;
	if (!mip6_addr_is_multicast(a))
		return EINVAL;
	if (ifindex == 0 || ifindex > INT32_MAX)
		return ENODEV;
	for (i = 0; i < g->count; i++) {
		if (g->group[i].ifindex != ifindex ||
		    !mip6_addr_equal(&g->group[i].addr, a))
			continue;
		if (!on) {
			group_leave(g, i);
			group_filter(p, a);
		}
		return 0;
	}
	error = on ? group_join(g, ifindex, a) : 0;
	if (on && error == 0)
		group_filter(p, a);
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
allmulti_open(struct mip6_groups *g)
{
	if (g->all_fd < 0)
		g->all_fd = socket(AF_PACKET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	return g->all_fd >= 0 ? 0 : errno;
}

static void
allmulti_off(struct mip6_groups *g, uint32_t at)
{
	/* Fails when the link is gone, and the membership with it. */
	(void)allmulti_option(g->all_fd, PACKET_DROP_MEMBERSHIP, g->all[at]);
	g->all[at] = g->all[--g->alls];
}

int
mip6_allmulti_set(struct mip6_plat *p, uint32_t ifindex, bool on)
{
	struct mip6_groups *g = &p->groups;
	uint32_t i;
	int error;

	if (ifindex == 0 || ifindex > INT32_MAX)
		return ENODEV;
	for (i = 0; i < g->alls && g->all[i] != ifindex; i++)
		;
	if (on == (i < g->alls))
		return 0;
	if (!on) {
		allmulti_off(g, i);
		return 0;
	}
	if (g->alls == MIP6_ALLMULTI_MAX)
		return ENOBUFS;
	error = allmulti_open(g);
	if (error == 0)
		error =
		    allmulti_option(g->all_fd, PACKET_ADD_MEMBERSHIP, ifindex);
	if (error == 0)
		g->all[g->alls++] = ifindex;
	return error;
}

void
mip6_group_link_gone(struct mip6_plat *p, uint32_t ifindex)
{
	struct mip6_groups *g = &p->groups;
	uint32_t i;

	for (i = g->count; i > 0; i--) {
		if (g->group[i - 1].ifindex == ifindex)
			group_leave(g, i - 1);
	}
	(void)mip6_allmulti_set(p, ifindex, false);
}

void
mip6_groups_fini(struct mip6_groups *g)
{
	while (g->count > 0)
		group_leave(g, g->count - 1);
	if (g->all_fd >= 0)
		close(g->all_fd);
	free(g->group);
	free(g->socket);
	memset(g, 0, sizeof(*g));
	g->all_fd = -1;
}
