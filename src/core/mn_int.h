/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Inside the mobile node: one machine for each home address.
 *
 * mn.c decides where the node is and steps the machines; mn_reg.c sends
 * Binding Updates and reads acknowledgements; mn_host.c makes rows, routes and
 * neighbour discovery on the home link follow.
 */
#ifndef MIP6_CORE_MN_INT_H
#define MIP6_CORE_MN_INT_H

#include "core/node_int.h"

/* Where a home address stands with its home agent. */
enum mn_state {
	MN_NOWHERE,     /* no usable care-of address */
	MN_REGISTERING, /* update sent, no binding alive */
	MN_REGISTERED,  /* binding acknowledged, nothing under way */
	MN_UPDATING,    /* binding alive, update sent */
	MN_RETURNING,   /* on the home link, de-registration sent */
	MN_AT_HOME,
	MN_STATE_COUNT
};

/* What can happen to it; guards are events, so that no cell has a condition. */
enum mn_event {
	MN_EV_COA,     /* a care-of address to be registered */
	MN_EV_NONE,    /* no care-of address any more */
	MN_EV_HOME,    /* the home link */
	MN_EV_ACK,     /* the update under way was accepted */
	MN_EV_GONE,    /* the de-registration was accepted */
	MN_EV_REFUSED, /* refused for good, or for long */
	MN_EV_AGAIN,   /* refused for a reason that is mended now */
	MN_EV_TIMEOUT, /* no answer in time */
	MN_EV_SILENT,  /* no answer to several de-registrations */
	MN_EV_REFRESH, /* the binding wants to be renewed */
	MN_EV_EXPIRED, /* the binding's lifetime is over */
	MN_EVENT_COUNT
};

enum mn_place { MN_PLACE_NONE, MN_PLACE_FOREIGN, MN_PLACE_HOME };

/* Where the node is, as far as one home address is concerned. */
struct mn_position {
	enum mn_place place;
	uint32_t ifindex;
	uint32_t generation; /* of the link coming up */
	struct mip6_addr coa;
	struct mip6_addr nexthop; /* towards the home agent */
};

#define MN_NEIGHBOURS_MAX 64

struct mn_neighbour {
	struct mip6_addr addr;
	uint32_t hop;
};

struct mn_home {
	bool used;
	uint32_t index;
	const struct mip6_conf_home *c;
	struct mip6_addr agent; /* the home agent of now; ::: none known */
	struct mip6_addr hoa;
	uint8_t bits; /* of the home prefix */
	enum mn_state state;
	struct mip6_bul_entry bul;

	struct mn_position at;
	uint32_t at_hop; /* held; towards at.nexthop */

	/* The acknowledged tunnel. */
	uint32_t tunnel_ifindex;
	uint32_t tunnel_hop; /* held */
	uint16_t path_mtu;   /* learnt from Packet Too Big; 0: none */
	struct mip6_time path_mtu_at;
	uint32_t gateway_hop;    /* held; the home link's router */
	struct mip6_fwd_row row; /* the row the path has now */
	bool row_set;
	struct mip6_time lost_at; /* since when traffic has no way */
	bool routes_on;           /* the halves of the default route */

	/* On the home link. */
	bool listening; /* joined its group, answers for it */
	uint32_t home_ifindex;
	uint32_t announcements; /* still to be made */
	struct mn_neighbour neighbour[MN_NEIGHBOURS_MAX];
	uint32_t neighbours; /* slots used so far, then round robin */
	uint32_t neighbour_next;

	/* RFC 4285. */
	uint64_t last_stamp;     /* sent */
	uint64_t accepted_stamp; /* in an update that was accepted */
	int64_t clock_offset_us;

	uint32_t corrections; /* by refusals (135, 144) in a row */

	int last_status;
	bool last_status_authentic;
	bool do_not_send; /* R11.7.3-07 */
	bool postponed;   /* the send timer is the rate limit's */
	bool icmp_seen;   /* an ICMPv6 error about an unanswered update */
	struct mip6_addr icmp_from;
	uint8_t icmp_type, icmp_code;

	struct mip6_ntimer send, refresh, expiry, announce;
	struct mip6_show_handover *handover; /* under way */
};

struct mip6_mn {
	struct mn_home home[MIP6_HOMES_MAX];
	struct mip6_ntimer evaluate;
	uint32_t evaluated; /* the next home to be looked at */
	struct mip6_show_handover handover[MIP6_HANDOVERS_MAX];
	uint32_t handovers; /* since the start */
	/* The care-of address that has its own table, and its router. */
	struct mip6_addr rule_coa;
	uint32_t rule_ifindex;
	struct mip6_addr rule_gateway;
};

const char *mn_state_name(enum mn_state s);
/* The one door through which the state changes. */
void mn_step(struct mip6_node *n, struct mn_home *h, enum mn_event ev);

/* ---- mn_reg.c ---- */

/* Sends a Binding Update for the place the node is at, or arms it. */
void mn_send_update(struct mip6_node *n, struct mn_home *h);
/* The first of a series: time-outs start anew. */
void mn_start_update(struct mip6_node *n, struct mn_home *h);
void mn_send_timer(struct mip6_node *n, struct mn_home *h);

/* ---- mn_host.c ---- */

void mn_host_add(struct mip6_node *n, struct mn_home *h);
void mn_host_del(struct mip6_node *n, struct mn_home *h);
/* Makes the path's row what the state asks for. */
void mn_host_row(struct mip6_node *n, struct mn_home *h);
/* The binding of the last acknowledgement becomes the tunnel. */
void mn_host_bind(struct mip6_node *n, struct mn_home *h);
void mn_host_unbind(struct mip6_node *n, struct mn_home *h);
/* At the home link: listen for the home address; and leave it. */
void mn_host_home(struct mip6_node *n, struct mn_home *h, bool on);
void mn_host_announce(struct mip6_node *n, struct mn_home *h);
/* Rules and routes of applications bound to the care-of address. */
void mn_host_coa(struct mip6_node *n, const struct mn_position *at);

#endif
