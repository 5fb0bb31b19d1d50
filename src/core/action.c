/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The list of actions: a bounded array and one arena for the packets in it.
 * Nobody writes past either; a module that may need much asks for room first.
 */
#include "core/action.h"

#include <string.h>

void
mip6_actions_clear(struct mip6_actions *l)
{
	l->count = 0;
	l->used = 0;
}

bool
mip6_actions_room(const struct mip6_actions *l, size_t n, size_t octets)
{
	return n <= MIP6_ACTIONS_MAX - l->count &&
	    octets <= MIP6_ACTIONS_ARENA - l->used;
}

struct mip6_action *
mip6_actions_add(struct mip6_actions *l, enum mip6_action_kind kind)
{
	struct mip6_action *a;

	MIP6_ASSERT(l->count < MIP6_ACTIONS_MAX);
	a = &l->v[l->count++];
	memset(a, 0, sizeof(*a));
	a->kind = kind;
	return a;
}

uint8_t *
mip6_actions_octets(struct mip6_actions *l, size_t octets)
{
	uint8_t *p;

	MIP6_ASSERT(octets <= MIP6_ACTIONS_ARENA - l->used);
	p = l->arena + l->used;
	l->used += octets;
	return p;
}

const char *
mip6_action_name(enum mip6_action_kind k)
{
	static const char *const name[] = {
		[MIP6_ACT_SEND] = "send",
		[MIP6_ACT_SEND_TUNNELLED] = "send-tunnelled",
		[MIP6_ACT_ROW_SET] = "row-set",
		[MIP6_ACT_ROW_DEL] = "row-del",
		[MIP6_ACT_HOP_SET] = "hop-set",
		[MIP6_ACT_LOCAL] = "local",
		[MIP6_ACT_MEMBER] = "member",
		[MIP6_ACT_MCAST] = "mcast",
		[MIP6_ACT_TUN_MTU] = "tun-mtu",
		[MIP6_ACT_ADDR] = "addr",
		[MIP6_ACT_ROUTE] = "route",
		[MIP6_ACT_RULE] = "rule",
		[MIP6_ACT_GROUP] = "group",
		[MIP6_ACT_CAPTURE] = "capture",
		[MIP6_ACT_SILENCE] = "silence",
		[MIP6_ACT_SHIELD] = "shield",
		[MIP6_ACT_FORWARDING] = "forwarding",
		[MIP6_ACT_ROUTE_GET] = "route-get",
		[MIP6_ACT_ALLMULTI] = "allmulti",
		[MIP6_ACT_STORE] = "store",
		[MIP6_ACT_RESOLVE] = "resolve",
	};

	MIP6_ASSERT((size_t)k < MIP6_COUNT(name));
	return name[k];
}
