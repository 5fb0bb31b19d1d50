/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Everything that a node can ask for.
 *
 * Actions on the path (those before TUN_MTU) are carried out at once and in
 * order.  Actions on the host may end later: one with an id other than 0 comes
 * back as MIP6_EV_DONE exactly once, with an errno when the kernel said no.  A
 * reply that promises something is sent after the end of what makes it true.
 *
 * The list is the caller's and bounded.  The core never asks for more than
 * MIP6_ACTIONS_MAX per event: what is left it does at once at the next
 * MIP6_EV_TIMER, for which its deadline is then already reached.
 */
#ifndef MIP6_CORE_ACTION_H
#define MIP6_CORE_ACTION_H

#include "core/event.h"

enum mip6_action_kind {
	/* on the path */
	MIP6_ACT_SEND,
	MIP6_ACT_SEND_TUNNELLED,
	MIP6_ACT_ROW_SET,
	MIP6_ACT_ROW_DEL,
	MIP6_ACT_HOP_SET,
	MIP6_ACT_LOCAL,  /* tunnelled and mobility packets to it are ours */
	MIP6_ACT_MEMBER, /* a mobile node listens to a group */
	MIP6_ACT_MCAST,  /* the link to exchange multicast with; 0: none */
	/* on the host: each one effect and one undo */
	MIP6_ACT_TUN_MTU, /* of the virtual home interface */
	MIP6_ACT_ADDR,    /* an address, on the TUN (ifindex 0) or a link */
	MIP6_ACT_ROUTE,   /* a route in a table of ours or the main one */
	MIP6_ACT_RULE,    /* packets from an address use a table of ours */
	MIP6_ACT_GROUP,   /* membership of a multicast group on a link */
	MIP6_ACT_CAPTURE, /* the path sees the packets of a link */
	MIP6_ACT_SILENCE, /* the kernel does not see mobility packets to it */
	MIP6_ACT_SHIELD,  /* nor any packet to this home address on links */
	MIP6_ACT_FORWARDING, /* the host forwards IPv6 */
	MIP6_ACT_ROUTE_GET,  /* which way does the host send to `dst`? */
	MIP6_ACT_ALLMULTI,   /* a link brings every multicast packet */
	/* by the daemon */
	MIP6_ACT_STORE,  /* a record of the store is written or deleted */
	MIP6_ACT_RESOLVE /* a name; its end is MIP6_EV_NAME */
};

enum mip6_table {
	MIP6_TABLE_MAIN, /* the host's own */
	MIP6_TABLE_HOME, /* what has a home address as source */
	MIP6_TABLE_COA   /* what has a care-of address as source */
};

struct mip6_act_send {
	uint32_t ifindex;
	uint32_t hop;    /* MIP6_HOP_NONE: see lladdr */
	bool has_lladdr; /* send to this neighbour, unasked */
	struct mip6_lladdr lladdr;
	struct mip6_addr home; /* SEND_TUNNELLED: whose tunnel */
	const uint8_t *octets; /* from the IPv6 header; in the list's arena */
	size_t count;
};

struct mip6_act_addr {
	uint32_t ifindex; /* 0: the TUN */
	struct mip6_addr addr;
	uint8_t bits;
	bool optimistic; /* usable at once, DAD by the kernel (RFC 4429) */
	struct mip6_span valid, preferred; /* INT64_MAX us: for ever */
	bool on;
};

struct mip6_act_route {
	enum mip6_table table;
	struct mip6_prefix dst;
	uint32_t ifindex;         /* 0: the TUN */
	struct mip6_addr gateway; /* ::: on-link */
	bool on;
};

struct mip6_act_rule {
	struct mip6_addr src;
	enum mip6_table table;
	bool on;
};

/*
 * Ends (MIP6_EV_DONE) when the record is as durable as the configuration asks
 * for; records are written in the order of the actions.
 */
struct mip6_act_store {
	enum mip6_store_table table;
	struct mip6_addr key;
	const uint8_t *octets; /* in the list's arena */
	size_t count;          /* 0: the record is deleted */
};

struct mip6_act_resolve {
	const char *name;     /* NUL terminated, in the list's arena */
	struct mip6_addr src; /* ask from this address; ::: any */
	uint32_t ifindex;     /* by this link; 0: any */
};

struct mip6_act_member {
	struct mip6_fwd_member member;
	bool on;
};

/* GROUP, CAPTURE, SILENCE, SHIELD, LOCAL, MCAST, FORWARDING, TUN_MTU,
 * ALLMULTI. */
struct mip6_act_set {
	uint32_t ifindex;
	struct mip6_addr addr;
	uint16_t mtu;
	bool on;
};

struct mip6_action {
	enum mip6_action_kind kind;
	uint64_t id; /* 0: nobody waits for its end */
	union {
		struct mip6_act_send send;
		struct mip6_fwd_row row; /* ROW_SET; ROW_DEL: home, other */
		struct mip6_fwd_hop hop;
		struct mip6_act_member member;
		struct mip6_act_addr addr;
		struct mip6_act_route route;
		struct mip6_act_rule rule;
		struct mip6_act_set set;
		struct mip6_addr dst; /* ROUTE_GET */
		struct mip6_act_store store;
		struct mip6_act_resolve resolve;
	} u;
};

#define MIP6_ACTIONS_MAX   512
#define MIP6_ACTIONS_ARENA 65536

struct mip6_actions {
	struct mip6_action v[MIP6_ACTIONS_MAX];
	size_t count;
	uint8_t arena[MIP6_ACTIONS_ARENA];
	size_t used;
};

void mip6_actions_clear(struct mip6_actions *l);

/*
 * The next action, zeroed but for `kind`.  The caller has asked for room
 * before (asserted here).
 */
struct mip6_action *mip6_actions_add(struct mip6_actions *l,
    enum mip6_action_kind kind);

/* Whether `n` actions with `octets` octets of packets in all still fit. */
bool mip6_actions_room(const struct mip6_actions *l, size_t n, size_t octets);

/* Octets of the arena for one packet; room asked for before (asserted). */
uint8_t *mip6_actions_octets(struct mip6_actions *l, size_t octets);

/* "row-set": for logs and traces. */
const char *mip6_action_name(enum mip6_action_kind k);

#endif
