/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Everything that can happen to a node.  One event goes in, actions come out;
 * a run is its configuration, its seed and its events, and nothing else.
 * Pointers in an event are good until mip6_node_input returns.
 */
#ifndef MIP6_CORE_EVENT_H
#define MIP6_CORE_EVENT_H

#include "base/time.h"
#include "mip6/fwd.h"

struct mip6_conf;

enum mip6_event_kind {
	MIP6_EV_CONFIG,  /* a configuration, the first or a new one */
	MIP6_EV_LINK,    /* a link came, changed or went */
	MIP6_EV_ADDR,    /* an address of the host came, changed or went */
	MIP6_EV_ROUTES,  /* the host's routes changed: cached ones are void */
	MIP6_EV_HINT,    /* the path says something, packets included */
	MIP6_EV_TIMER,   /* the node's deadline is reached */
	MIP6_EV_DONE,    /* an action ended */
	MIP6_EV_COMMAND, /* somebody at the control socket */
	MIP6_EV_RESTORE, /* a record of the store, at the start */
	MIP6_EV_NAME,    /* the answer of MIP6_ACT_RESOLVE */
	MIP6_EV_STOP     /* leave: undo at peers what can be undone at once */
};

#define MIP6_IFNAME_OCTETS 16

struct mip6_ev_link {
	uint32_t ifindex;              /* > 0 */
	char name[MIP6_IFNAME_OCTETS]; /* NUL terminated */
	struct mip6_lladdr lladdr;
	uint16_t mtu;
	bool raw;  /* no Ethernet header */
	bool up;   /* administratively up, and carrier */
	bool gone; /* the interface does not exist any more */
};

enum mip6_addr_flag {
	MIP6_ADDR_TENTATIVE = 1,
	MIP6_ADDR_OPTIMISTIC = 2, /* usable while DAD runs (RFC 4429) */
	MIP6_ADDR_DUPLICATED = 4,
	MIP6_ADDR_DEPRECATED = 8,
	MIP6_ADDR_TEMPORARY = 16
};

struct mip6_ev_addr {
	uint32_t ifindex;
	struct mip6_addr addr;
	uint8_t bits;
	uint8_t flags; /* enum mip6_addr_flag */
	bool gone;
};

/* The answer of MIP6_ACT_ROUTE_GET. */
struct mip6_route {
	uint32_t ifindex;
	struct mip6_addr nexthop; /* the destination itself when on-link */
};

struct mip6_ev_done {
	uint64_t action;         /* the id it was given */
	int error;               /* 0, or an errno of the host */
	struct mip6_route route; /* ROUTE_GET without error */
};

enum mip6_command_kind {
	MIP6_CMD_FLUSH_BINDING, /* HA: forget the binding of addr */
	MIP6_CMD_FLUSH_NEIGHBOURS,
	MIP6_CMD_FLUSH_ROUTES,       /* cached routes of the host */
	MIP6_CMD_FLUSH_REGISTRATION, /* MN: register addr (:: all) again */
	MIP6_CMD_MOVE                /* MN: a hint that the link changed */
};

struct mip6_ev_command {
	enum mip6_command_kind kind;
	struct mip6_addr addr;
	uint32_t ifindex;
};

/* Tables of the store; the core writes and reads what is in them. */
enum mip6_store_table {
	MIP6_STORE_BINDING, /* home agent: key is the home address */
	MIP6_STORE_NODE,    /* one record, key :: */
	MIP6_STORE_HOME     /* mobile node: key is the home address */
};

#define MIP6_STORE_OCTETS_MAX 256 /* of one record */

/* What was stored; the last one of the start has `end` and nothing else. */
struct mip6_ev_restore {
	bool end;
	bool damaged; /* end: the store was not whole, and is set aside */
	enum mip6_store_table table;
	struct mip6_addr key;
	const uint8_t *octets;
	size_t count;
};

#define MIP6_NAME_ADDRS_MAX 8

struct mip6_ev_name {
	uint64_t action; /* the id of MIP6_ACT_RESOLVE */
	int error;       /* 0, or an errno: no such name, no answer */
	struct mip6_addr addr[MIP6_NAME_ADDRS_MAX];
	uint32_t addrs;
};

struct mip6_event {
	enum mip6_event_kind kind;
	union {
		const struct mip6_conf *conf; /* alive until the next one */
		struct mip6_ev_link link;
		struct mip6_ev_addr addr;
		struct mip6_hint hint;
		struct mip6_ev_done done;
		struct mip6_ev_command command;
		struct mip6_ev_restore restore;
		struct mip6_ev_name name;
	} u;
};

#endif
