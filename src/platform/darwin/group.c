/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Darwin's part of multicast groups.  A link that brings every multicast
 * packet cannot be had: that flag is the kernel's alone.
 */
#include <errno.h>
#include <string.h>

#include "platform/darwin/abi_call.h"
#include "platform/darwin/darwin.h"

static int
group_socket(const void *arg)
{
	const struct mip6_os *os = arg;

	return os->socket(DARWIN_AF_INET6, DARWIN_SOCK_DGRAM, 0);
}

static int
group_set_member(const void *arg, int fd, uint32_t ifindex,
    const struct mip6_addr *a, bool join)
{
	const struct mip6_os *os = arg;
	uint8_t mreq[DARWIN_MREQ_OCTETS];

	memcpy(mreq, a->b, sizeof(a->b));
	memcpy(mreq + DARWIN_MREQ_LINK, &ifindex, sizeof(ifindex));
	return os->setsockopt(fd, DARWIN_IPPROTO_IPV6,
		   join ? DARWIN_IPV6_JOIN_GROUP : DARWIN_IPV6_LEAVE_GROUP,
		   mreq, sizeof(mreq)) == 0 ?
	    0 :
	    errno;
}

static void
group_close(const void *arg, int fd)
{
	const struct mip6_os *os = arg;

	(void)os->close(fd);
}

void
mip6_group_init(struct mip6_plat *p)
{
	static const struct mip6_group_calls calls = {
		group_socket,
		group_set_member,
		group_close,
	};

	mip6_groups_init(&p->groups, &calls, p->os);
}

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
