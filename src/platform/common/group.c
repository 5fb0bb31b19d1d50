/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Memberships of multicast groups (see group.h).
 */
#include "platform/common/group.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#define GROUPS_PER_SOCKET   64
#define GROUPS_MAX          (1u << 20)
#define GROUPS_SCOPE_GLOBAL 14

void
mip6_groups_init(struct mip6_groups *g, const struct mip6_group_calls *calls,
    const void *arg)
{
	memset(g, 0, sizeof(*g));
	g->calls = calls;
	g->arg = arg;
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
	g->socket[unused].fd = g->calls->socket(g->arg);
	return g->socket[unused].fd >= 0 ? unused : UINT32_MAX;
}

static void
group_socket_put(struct mip6_groups *g, uint32_t i)
{
	if (g->socket[i].used > 0)
		return;
	g->calls->close(g->arg, g->socket[i].fd);
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
	error = g->calls->member(g->arg, g->socket[i].fd, ifindex, a, true);
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
	(void)g->calls->member(g->arg, g->socket[i].fd, group->ifindex,
	    &group->addr, false);
	g->socket[i].used--;
	*group = g->group[--g->count];
	group_socket_put(g, i);
}

int
mip6_groups_set(struct mip6_groups *g, uint32_t ifindex,
    const struct mip6_addr *a, bool on)
{
	uint32_t i;

	if (!mip6_addr_is_multicast(a))
		return EINVAL;
	if (ifindex == 0 || ifindex > INT32_MAX)
		return ENODEV;
	for (i = 0; i < g->count; i++) {
		if (g->group[i].ifindex != ifindex ||
		    !mip6_addr_equal(&g->group[i].addr, a))
			continue;
		if (!on)
			group_leave(g, i);
		return 0;
	}
	return on ? group_join(g, ifindex, a) : 0;
}

void
mip6_groups_link_gone(struct mip6_groups *g, uint32_t ifindex)
{
	uint32_t i;

	for (i = g->count; i > 0; i--) {
		if (g->group[i - 1].ifindex == ifindex)
			group_leave(g, i - 1);
	}
}

void
mip6_groups_fini(struct mip6_groups *g)
{
	while (g->count > 0)
		group_leave(g, g->count - 1);
	free(g->group);
	free(g->socket);
	mip6_groups_init(g, g->calls, g->arg);
}

bool
mip6_group_is_global(const struct mip6_addr *a)
{
	return mip6_addr_mc_scope(a) >= GROUPS_SCOPE_GLOBAL;
}

size_t
mip6_groups_global(const struct mip6_groups *g, uint32_t ifindex,
    struct mip6_addr *to, size_t max)
{
	size_t n = 0;
	uint32_t i;

	for (i = 0; i < g->count && n < max; i++) {
		if (g->group[i].ifindex == ifindex &&
		    mip6_group_is_global(&g->group[i].addr))
			to[n++] = g->group[i].addr;
	}
	return n;
}
