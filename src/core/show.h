/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What a node can be asked about: every table as plain values.
 *
 * Each mip6_show_* calls `row` once for each entry, at the most `max` times,
 * starting after the first `skip` (in the table's own order), and returns how
 * many entries there are in all.  Rows are good until the callback returns.
 * No key and no token is ever in one.
 */
#ifndef MIP6_CORE_SHOW_H
#define MIP6_CORE_SHOW_H

#include "core/node.h"

/* The Binding Cache: the home agent's, then the correspondent's. */
struct mip6_show_binding {
	struct mip6_addr hoa, coa, local;
	uint16_t seq;
	struct mip6_span left; /* lifetime remaining */
	struct mip6_span granted;
	bool home_registration;
	/* "pending", "provisional" (packets flow already), "registered", */
	const char *state; /* "invalid" */
	char flags[4];     /* of "LKR" those of the Binding Update */
	bool checking;     /* Duplicate Address Detection is under way */
};

/* The Binding Update List (MN): home registrations, then correspondents. */
struct mip6_show_registration {
	bool correspondent;               /* `agent` is its address */
	struct mip6_addr hoa, coa, agent; /* coa ::: none registered */
	struct mip6_addr coa_wanted;      /* of the update under way */
	const char *state; /* "at-home", "registering", "registered", ... */
	const char *why;   /* why traffic does not flow; "" when it does */
	uint16_t seq;
	struct mip6_span left, granted; /* 0: no binding */
	struct mip6_span silent;        /* since the first unanswered update */
	uint32_t unanswered;            /* updates sent since the last answer */
	int last_status;                /* -1: no acknowledgement yet */
	bool last_status_authentic;
	int64_t clock_offset_ms; /* learnt from the home agent (144) */
	bool formed;             /* in a prefix that the home agent told of */
	bool deprecated; /* no new sessions: its prefix is, or it is new */
	struct mip6_span prefix_left; /* INT64_MAX us: for ever */
	const char *agents; /* why others were left; "" when none was */
	/* Of a correspondent: how old its tokens are; < 0: there is none. */
	struct mip6_span home_token, care_of_token;
};

struct mip6_show_link {
	uint32_t ifindex;
	char name[MIP6_IFNAME_OCTETS];
	bool up, captured;
	const char *role; /* "foreign", "home", "home-agent", "uplink", ... */
	struct mip6_addr coa; /* ::: none */
	const char *why;      /* "" or e.g. "no Router Advertisement" */
};

struct mip6_show_router {
	uint32_t ifindex;
	struct mip6_addr addr; /* link-local */
	struct mip6_lladdr lladdr;
	struct mip6_span left;
	bool home_agent;       /* H bit */
	const char *reachable; /* neighbour state */
};

struct mip6_show_prefix {
	uint32_t ifindex;
	struct mip6_prefix prefix;
	struct mip6_addr router; /* global address of the R bit, or :: */
	struct mip6_span valid, preferred;
	bool onlink, autonomous;
	/*
	 * "router": advertised on the link; of the home link: "configured",
	 * "home-agent": advertised by another one, "home": what the mobile
	 * node knows of the prefix of a home address.
	 */
	const char *origin;
};

/* The Home Agents List: a row for each global address; the home agent's. */
struct mip6_show_home_agent {
	uint32_t ifindex;
	struct mip6_addr addr;   /* link-local; ::: none (a virtual link) */
	struct mip6_addr global; /* ::: none known */
	uint16_t preference;
	struct mip6_span left; /* INT64_MAX us: this home agent */
	bool self;
};

struct mip6_show_neighbour {
	uint32_t ifindex, hop;
	struct mip6_addr addr;
	struct mip6_lladdr lladdr;
	const char *state;
};

struct mip6_show_timer {
	const char *what;
	struct mip6_addr whose;
	struct mip6_span left;
};

/* One movement of the mobile node, with the time of each step (0: not yet). */
struct mip6_show_handover {
	struct mip6_addr hoa, from, to; /* care-of addresses; hoa: home */
	uint32_t ifindex;
	struct mip6_time link_up, router_advert, coa_usable, bu_sent,
	    ba_received, first_packet;
	uint64_t wall_us; /* of link_up or of the first step known */
	uint32_t updates; /* Binding Updates it took */
};

/* How many there are. */
struct mip6_show_counts {
	size_t home_bindings;  /* of a home agent */
	size_t bindings;       /* of a correspondent */
	size_t correspondents; /* of a mobile node */
	size_t direct;         /* ... with which it talks directly */
};

void mip6_show_counts(const struct mip6_node *n, struct mip6_show_counts *c);
size_t mip6_show_bindings(const struct mip6_node *n, const struct mip6_now *now,
    size_t skip, size_t max,
    void (*row)(void *, const struct mip6_show_binding *), void *arg);
size_t mip6_show_registrations(const struct mip6_node *n,
    const struct mip6_now *now, size_t skip, size_t max,
    void (*row)(void *, const struct mip6_show_registration *), void *arg);
size_t mip6_show_links(const struct mip6_node *n, const struct mip6_now *now,
    size_t skip, size_t max, void (*row)(void *, const struct mip6_show_link *),
    void *arg);
size_t mip6_show_routers(const struct mip6_node *n, const struct mip6_now *now,
    size_t skip, size_t max,
    void (*row)(void *, const struct mip6_show_router *), void *arg);
size_t mip6_show_prefixes(const struct mip6_node *n, const struct mip6_now *now,
    size_t skip, size_t max,
    void (*row)(void *, const struct mip6_show_prefix *), void *arg);
size_t mip6_show_home_agents(const struct mip6_node *n,
    const struct mip6_now *now, size_t skip, size_t max,
    void (*row)(void *, const struct mip6_show_home_agent *), void *arg);
size_t mip6_show_neighbours(const struct mip6_node *n,
    const struct mip6_now *now, size_t skip, size_t max,
    void (*row)(void *, const struct mip6_show_neighbour *), void *arg);
size_t mip6_show_timers(const struct mip6_node *n, const struct mip6_now *now,
    size_t skip, size_t max,
    void (*row)(void *, const struct mip6_show_timer *), void *arg);
size_t mip6_show_handovers(const struct mip6_node *n,
    const struct mip6_now *now, size_t skip, size_t max,
    void (*row)(void *, const struct mip6_show_handover *), void *arg);

/*
 * The node in one sentence for `status`: "" when all is well, else the first
 * thing that is wrong, in words ("no Binding Acknowledgement from
 * 2001:db8:1::1 for 12 s: 4 sent").  `text` has `cap` octets.
 */
struct mip6_fmt;
void mip6_show_why(const struct mip6_node *n, const struct mip6_now *now,
    struct mip6_fmt *text);

#endif
