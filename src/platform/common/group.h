/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Multicast groups: the kernel's own memberships, so that the network card's
 * filter and Multicast Listener Discovery follow.  A socket carries a limited
 * number of them; a home agent needs one group for each mobile node.  They end
 * with their sockets and are not in the journal.
 */
#ifndef MIP6_PLATFORM_COMMON_GROUP_H
#define MIP6_PLATFORM_COMMON_GROUP_H

#include "base/addr.h"

/* The system's part. */
struct mip6_group_calls {
	int (*socket)(const void *arg); /* -1 with errno */
	/* 0 or an errno. */
	int (*member)(const void *arg, int fd, uint32_t ifindex,
	    const struct mip6_addr *a, bool join);
	void (*close)(const void *arg, int fd);
};

struct mip6_group {
	uint32_t ifindex;
	uint32_t socket; /* index */
	struct mip6_addr addr;
};

struct mip6_group_socket {
	int fd; /* -1: free */
	uint32_t used;
};

struct mip6_groups {
	const struct mip6_group_calls *calls;
	const void *arg; /* of the calls */
	struct mip6_group *group;
	uint32_t count, cap;
	struct mip6_group_socket *socket;
	uint32_t sockets;
};

void mip6_groups_init(struct mip6_groups *g,
    const struct mip6_group_calls *calls, const void *arg);
void mip6_groups_fini(struct mip6_groups *g);
/* 0 or an errno; to ask twice is no error. */
int mip6_groups_set(struct mip6_groups *g, uint32_t ifindex,
    const struct mip6_addr *a, bool on);
void mip6_groups_link_gone(struct mip6_groups *g, uint32_t ifindex);
/* Groups of global scope joined on a link: at most `max`, how many. */
size_t mip6_groups_global(const struct mip6_groups *g, uint32_t ifindex,
    struct mip6_addr *to, size_t max);
bool mip6_group_is_global(const struct mip6_addr *a);

#endif
