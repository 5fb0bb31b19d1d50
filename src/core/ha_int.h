/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Inside the home agent: ha.c judges Binding Updates, ha_reg.c carries
 * registrations through, ha_life.c lets bindings live and end, ha_dad.c asks
 * whether another node has their address, ha_host.c answers for them on the
 * home link.
 */
#ifndef MIP6_CORE_HA_INT_H
#define MIP6_CORE_HA_INT_H

#include "core/bcache.h"
#include "core/tally.h"

#define HA_MAX_DELETE_BCE_TIMEOUT MIP6_SPAN_S(10) /* RFC 6275 section 12 */
#define HA_ANNOUNCE_MAX           256
#define HA_PROBES_MAX             256 /* at a time, for a second */
#define HA_CLAIMS_PER_S           10  /* claims of others, answered */

/* A valid Binding Update, and what its answer needs. */
struct ha_update {
	struct mip6_addr hoa, coa;
	struct mip6_addr src, dst; /* on the wire */
	bool has_hao;
	uint32_t ifindex;
	struct mip6_lladdr ll_src;
	size_t octets; /* of the whole packet */
	uint16_t seq;
	uint8_t local;             /* number of the prefix of dst */
	uint8_t flags;             /* enum mip6_binding_flag */
	struct mip6_span lifetime; /* asked for, then granted */
	bool has_stamp;
	uint64_t stamp;
	/* NULL: insecure.  Of this event alone: see ha_mobile_find. */
	const struct mip6_conf_mobile *mobile;
};

/* What a registration waits for before it is acknowledged. */
enum ha_wait {
	HA_WAIT_HOST = 1,  /* host route and group */
	HA_WAIT_ROUTE = 2, /* the way to the care-of address */
	HA_WAIT_DAD = 4,   /* nobody else has the address */
	HA_WAIT_STORE = 8  /* last: it outlives the process */
};

struct ha_pending {
	bool deregister;
	uint8_t waits; /* enum ha_wait */
	bool dad_runs, dad_done;
	bool refresh;  /* when it came, nothing but that */
	uint16_t next; /* free list */
	uint32_t binding;
	uint32_t gen;    /* of what the store was asked for */
	uint32_t hosts;  /* ends of actions that HA_WAIT_HOST waits for */
	uint32_t hop;    /* held; towards the new care-of address */
	int host_error;  /* of route and group */
	int route_error; /* of the way to the care-of address */
	struct mip6_ntimer dad_timer;
	struct ha_update bu;
};

/* A solicitation for the address of a binding that is unsure. */
struct ha_probe {
	struct mip6_time at;
	uint32_t binding, gen;
};

/* Our address in one of the home prefixes. */
struct ha_place {
	struct mip6_addr address; /* also when it went; ::: none yet */
	bool taken;   /* it is known, and what comes to it is ours */
	bool leaving; /* bindings made with it are being ended */
	bool on_tun;  /* we put it there */
};
#define HA_PLACE_NOWHERE MIP6_HOME_PREFIXES_MAX

/* A look at every binding, some at a time (ha_way.c). */
struct ha_walk {
	bool on;
	bool again;     /* routes changed meanwhile */
	uint32_t next;  /* binding to look at */
	uint32_t asked; /* ROUTE_GETs without an answer */
	struct mip6_time began;
};

struct ha_announce {
	uint32_t binding, gen;
	uint8_t left;
};

#define HA_RA_GUESTS_MAX    16
#define HA_AGENTS_MAX       64 /* other home agents on the home link */
#define HA_AGENT_ADDRS_MAX  8  /* global addresses of one */
#define HA_ANYCAST_ASKS_MAX 16

/* Who solicits and is answered alone. */
struct ha_ra_guest {
	bool used;
	struct mip6_addr addr;
	struct mip6_lladdr lladdr;
	struct mip6_time due;
};

/* Our Router Advertisements; see ha_ra.c. */
struct ha_ra {
	bool on;              /* the home link is an advertising interface */
	uint32_t ifindex;     /* of the link they go out on */
	struct mip6_addr src; /* link-local */
	uint8_t initial;      /* unsolicited ones to come at short intervals */
	bool sent;
	struct mip6_time sent_at; /* the last one to all nodes */
	struct mip6_time next;    /* the next one to all nodes */
	struct mip6_nd said;      /* but for what counts down */
	struct ha_ra_guest guest[HA_RA_GUESTS_MAX];
	struct mip6_ntimer timer;
};

/* A global address of a home agent, as its advertisements say. */
struct ha_agent_addr {
	struct mip6_addr addr;
	struct mip6_time valid;
};

/* Another home agent on the home link (section 10.1). */
struct ha_agent {
	bool used;
	struct mip6_addr addr; /* link-local */
	uint16_t preference;
	struct mip6_time expires;
	struct ha_agent_addr global[HA_AGENT_ADDRS_MAX];
	uint32_t globals;
	struct mip6_ntimer timer;
};

/* The Home-Agents anycast address of a home prefix. */
struct ha_anycast {
	bool taken;
	struct mip6_addr addr;
	uint32_t group; /* link on which its solicited-node group is joined */
};

/* A neighbour that asks for an anycast address; it is answered at `due`. */
struct ha_anycast_ask {
	bool used;
	struct mip6_addr target, from;
	struct mip6_lladdr lladdr;
	struct mip6_time due;
};

/* The Home Agents List, and its discovery; see ha_list.c, ha_dhaad.c. */
struct ha_list {
	uint32_t ifindex; /* of the link that it is about */
	struct ha_agent agent[HA_AGENTS_MAX];
	struct ha_anycast anycast[MIP6_HOME_PREFIXES_MAX];
	struct ha_anycast_ask ask[HA_ANYCAST_ASKS_MAX];
	struct mip6_ntimer ask_timer;
	uint32_t replies; /* Address Discovery Replies that may still go */
	struct mip6_time replies_at;
};

#define HA_MEMBERS_MAX       2048
#define HA_MEMBER_BUCKETS    256
#define HA_GROUPS_MAX        256
#define HA_GROUPS_PER_MOBILE 16
#define HA_SOURCES_MAX       8

/* A mobile node that listens to a group. */
struct ha_member {
	struct mip6_addr group;
	struct mip6_addr home;
	struct mip6_time expires;
	struct mip6_addr source[HA_SOURCES_MAX]; /* :: alone: everybody */
	uint32_t binding;
	uint32_t next; /* of its bucket, or of the free list */
	uint8_t sources;
	bool used;
	bool ended; /* the timer takes it back */
};

/* A group that the home link is asked for; see ha_mcast.c. */
struct ha_group {
	struct mip6_addr addr;
	uint32_t ifindex;
	uint32_t members; /* 0: free */
};

struct ha_mcast {
	uint32_t ifindex;         /* the home link; 0: not done */
	struct ha_member *member; /* [HA_MEMBERS_MAX], or NULL */
	uint32_t free;
	uint32_t bucket[HA_MEMBER_BUCKETS]; /* by binding */
	struct ha_group group[HA_GROUPS_MAX];
	struct mip6_index coas; /* bindings by care-of address */
	struct mip6_ntimer ask, expire;
	uint32_t asked;  /* the next one of the round */
	uint32_t rounds; /* the quick ones */
};

struct mip6_ha {
	const struct mip6_conf_ha *c;
	struct mip6_bcache bcache;
	struct mip6_tally groups; /* bindings of each solicited-node group */
	struct mip6_tally names;  /* bindings of each identifier */
	uint64_t stamp_floor;     /* the newest NTP timestamp forgotten */
	struct mip6_conf_mobile mobile; /* the last one looked for */
	bool mobile_known;              /* and found */
	bool configured;                /* not for the first time */
	uint32_t ifindex;               /* home link; 0: not there */
	/* As in c->prefix; the last one is nowhere. */
	struct ha_place place[MIP6_HOME_PREFIXES_MAX + 1];
	struct mip6_addr nobody; /* `local` of the row of ::; ::: none */
	uint32_t allmulti;       /* link that brings all groups; 0: none */
	bool regroup;            /* the walk joins groups anew */
	struct ha_pending *pending;
	uint16_t pending_free;
	uint32_t pendings;  /* in use */
	uint32_t refreshes; /* mere ones of these */
	uint32_t route_gen;
	uint32_t store_gen;
	struct ha_announce announce[HA_ANNOUNCE_MAX];
	uint32_t announcing; /* entries in use */
	struct mip6_ntimer announce_timer;
	struct mip6_ntimer reroute_timer;
	struct ha_walk walk;
	bool link_up; /* the home link, when last looked at */
	struct ha_probe probe[HA_PROBES_MAX];
	uint32_t probes; /* under way */
	uint32_t probe_next;
	bool probe_all; /* not only those marked */
	struct mip6_ntimer probe_timer;
	struct mip6_time claims_at;
	uint32_t claims; /* answered since */
	struct ha_ra ra;
	struct ha_list list;
	uint64_t stored_wall_us;          /* seen, by the record of the node */
	uint32_t restored, restored_gone; /* bindings of the store */
	struct ha_mpd *mpd;               /* mobile prefix discovery */
	struct ha_mcast mcast;
};

/* ---- ha_place.c ---- */

/* The number of the home prefix that has `a`; -1: none. */
int ha_prefix_index(const struct mip6_node *n, const struct mip6_addr *a);
/* Our address in that prefix; NULL: none yet. */
const struct mip6_addr *ha_address(const struct mip6_node *n, uint32_t prefix);
/* The number of the prefix in which `a` is our address; -1: it is not. */
int ha_address_index(const struct mip6_node *n, const struct mip6_addr *a);
/* The home link, when it is up; else NULL (always when it is virtual). */
struct mip6_link *ha_home_link(struct mip6_node *n);
/* What is left of a home prefix's lifetimes (INT64_MAX us: for ever). */
void ha_prefix_life(const struct mip6_node *n, uint32_t prefix,
    struct mip6_span *valid, struct mip6_span *preferred);
/* The same at another moment than that of the event. */
void ha_prefix_life_at(const struct mip6_node *n, struct mip6_time now,
    uint32_t prefix, struct mip6_span *valid, struct mip6_span *preferred);

/*
 * Asks the host for what brings the packets for a home address here, or (!on)
 * for its undo; `shared`: another one needs the same group.  Returns how many
 * actions with this id will end.
 */
uint32_t ha_place_host(struct mip6_node *n, const struct mip6_addr *hoa,
    bool on, bool shared, uint64_t id);
/* Whether bindings made with our address of that number go on. */
bool ha_place_serves(const struct mip6_node *n, uint8_t local);
/* Before `c` takes the place of n->ha->c. */
void ha_place_configure(struct mip6_node *n, const struct mip6_conf_ha *c);
/* No binding is left that is not served any more. */
void ha_place_walked(struct mip6_node *n);
/* Why it does not serve; nothing when it does. */
void ha_place_why(const struct mip6_node *n, struct mip6_fmt *f);

/* ---- ha_way.c: the next hops of all bindings ---- */

/* Looks at all bindings from the first on. */
void ha_way_walk(struct mip6_node *n);

/* The address of ours that the mobile node of `b` registered with. */
static inline const struct mip6_addr *
ha_local(const struct mip6_node *n, const struct mip6_binding *b)
{
	return &n->ha->place[b->local].address;
}

/* ---- ha_mobile.c ---- */

/*
 * The mobile node with this home address: in the configuration, or with a key
 * from the master key; else NULL.  Good until the next call.
 */
const struct mip6_conf_mobile *ha_mobile_find(struct mip6_node *n,
    const struct mip6_addr *hoa);

/* ---- ha.c ---- */

/*
 * Answers an update: by the binding's hop when `b` is there, else the way the
 * update came.  Signed when the mobile node has a key.
 */
void ha_answer(struct mip6_node *n, const struct ha_update *bu,
    const struct mip6_binding *b, uint8_t status, uint16_t seq,
    struct mip6_span lifetime);

/* ---- ha_reg.c ---- */

bool ha_pending_init(struct mip6_node *n);
/* The update of a binding that waits; NULL: none. */
struct ha_pending *ha_pending_of(const struct mip6_ha *ha,
    const struct mip6_binding *b);
/* It waits no more. */
void ha_pending_put(struct mip6_node *n, struct mip6_binding *b);
/* Something that binding `i` waited for ended. */
void ha_pending_step(struct mip6_node *n, uint32_t i);
/* What waits is refused; a binding that was there before stays. */
void ha_refuse_pending(struct mip6_node *n, uint32_t i, enum mip6_drop why,
    uint8_t status);
/* Of entry `i`, which the caller found or made. */
void ha_register(struct mip6_node *n, const struct ha_update *bu, uint32_t i);
void ha_deregister(struct mip6_node *n, const struct ha_update *bu, uint32_t i);
/* No room for what an update asks for: 130. */
void ha_no_room(struct mip6_node *n, const struct ha_update *bu);
/* The generation by which ha_binding_stored knows what ha_store_put wrote. */
uint32_t ha_store_gen(const struct mip6_node *n, uint32_t i);
void ha_row(struct mip6_node *n, const struct mip6_binding *b);
void ha_ask_route(struct mip6_node *n, uint32_t i, const struct mip6_addr *coa,
    enum mip6_wait_kind who);
/* The host's way to a care-of address; ends with ha_binding_rerouted. */
void ha_ask_way(struct mip6_node *n, uint32_t i);
bool ha_still_served(struct mip6_node *n, const struct mip6_binding *b);

/* ---- ha_life.c ---- */

/* What may be granted now of the lifetime asked for; 0: nothing. */
struct mip6_span ha_grant(const struct mip6_node *n,
    const struct mip6_addr *hoa, struct mip6_span asked);
/* The status of a success: 0, or 1 (prefix discovery necessary). */
uint8_t ha_grant_status(const struct mip6_node *n, const struct mip6_addr *hoa,
    struct mip6_span granted);
/* When a REGISTERED binding ends. */
struct mip6_time ha_expires(const struct mip6_binding *b);
void ha_live_until(struct mip6_node *n, struct mip6_binding *b,
    struct mip6_time end);
/*
 * Counts the binding for its mobile node's identifier; false: it has as many
 * as it may, when `limited`.
 */
bool ha_name_take(struct mip6_node *n, struct mip6_binding *b,
    const struct mip6_conf_mobile *mobile, bool limited);
void ha_names_recount(struct mip6_node *n);
/* Stops interception at once (R10.3.2-07); `ends` to wait for. */
void ha_unhost(struct mip6_node *n, uint32_t i, uint32_t *ends);
/* The binding ends; its numbers are remembered for `least` or longer. */
void ha_end(struct mip6_node *n, uint32_t i, struct mip6_span least);
/* The same for an entry for which nothing is done on the host. */
void ha_hold(struct mip6_node *n, uint32_t i, struct mip6_span least);
/* The binding ends now, for good. */
void ha_remove(struct mip6_node *n, uint32_t i);
/* Its prefix is no more, or it ends with it: the end is set. */
bool ha_life_is_over(struct mip6_node *n, struct mip6_binding *b);
/* The home link may have come or gone. */
void ha_reg_changed(struct mip6_node *n);
/* The minute of now, from 1 to 255 and round again. */
uint8_t ha_minute(const struct mip6_node *n);

/* ---- ha_dad.c ---- */

void ha_dad_init(struct mip6_node *n);
bool ha_dad_is_wanted(const struct mip6_node *n, const struct mip6_binding *b);
void ha_dad_start(struct mip6_node *n, struct ha_pending *p);
void ha_dad_stop(struct mip6_node *n, struct ha_pending *p);
/* Does a detection that runs ask about this address of binding `i`? */
bool ha_dad_asks(const struct mip6_node *n, uint32_t i,
    const struct mip6_addr *target);
/* Another node has the address of binding `i`. */
void ha_dad_heard(struct mip6_node *n, uint32_t i,
    const struct mip6_lladdr *who);
/* Asks about unsure bindings, or about all. */
void ha_probe_wake(struct mip6_node *n, bool all);

/* ---- ha_host.c ---- */

/*
 * Counts the users of a solicited-node group, home addresses and our own
 * anycast ones: two in 16 million share one, and it goes with the last.
 * true: others use it.
 */
bool ha_group_shared(struct mip6_node *n, const struct mip6_addr *addr,
    bool on);
/*
 * Asks for host route and group of a binding, or for their end; how many ends
 * come, with the binding's new `gen`.
 */
uint32_t ha_host(struct mip6_node *n, uint32_t i, bool on);
/* The link-local address of that home address (section 10.3.1). */
bool ha_link_local(const struct mip6_node *n, const struct mip6_addr *hoa,
    struct mip6_addr *ll);
/* The entry whose home or, with L, link-local address that is; or NONE. */
uint32_t ha_target(const struct mip6_node *n, const struct mip6_addr *target);
/* Says once to all nodes that the addresses are ours. */
void ha_announce(struct mip6_node *n, const struct mip6_binding *b);
/* Defends the home address of a new registration (section 10.4.1). */
void ha_defend(struct mip6_node *n, uint32_t i);

/* ---- ha_ra.c: Router Advertisements of our own ---- */

void ha_ra_init(struct mip6_node *n);
void ha_ra_changed(struct mip6_node *n); /* link, address, configuration */
void ha_ra_stop(struct mip6_node *n);
/* Whether another router says what we say (RFC 4861 section 6.2.7). */
void ha_ra_compare(struct mip6_node *n, const struct mip6_addr *router,
    const struct mip6_nd *m);

/* ---- ha_list.c: the home agents on the home link (section 10.5.1) ---- */

void ha_list_init(struct mip6_node *n);
void ha_list_changed(struct mip6_node *n);

/* ---- ha_dhaad.c: the anycast addresses and Home Agent Address Discovery ---- */

void ha_anycast_changed(struct mip6_node *n);
/* true: it asks for an anycast address of ours and is dealt with. */
bool ha_anycast_ns(struct mip6_node *n, const struct mip6_hint *h,
    const struct mip6_ip6_view *ip, const struct mip6_nd *m);
void ha_anycast_timer(struct mip6_node *n);

/* ---- ha_mpd.c: mobile prefix discovery (section 10.6) ---- */

bool ha_mpd_init(struct mip6_node *n); /* false: no memory */
void ha_mpd_fini(struct mip6_node *n);
void ha_mpd_changed(struct mip6_node *n);
/* The configuration of now, before anything asks about its prefixes. */
void ha_prefix_adopt(struct mip6_node *n);
/* Since when home prefix `prefix` is configured with these lifetimes. */
struct mip6_time ha_prefix_since(const struct mip6_node *n, uint32_t prefix);
/* A home prefix as away mobile nodes are told of it. */
struct ha_prefix_told {
	struct mip6_prefix prefix;
	struct mip6_addr router;           /* of the R bit; ::: none */
	struct mip6_span valid, preferred; /* left */
	bool own, on_link, autonomous;
};
/* At most MIP6_ND_PREFIXES_MAX; returns how many. */
uint32_t ha_prefix_told(const struct mip6_node *n, struct mip6_time now,
    struct ha_prefix_told *p);
/* A mobile node registered or is gone: it is told of prefixes, or not. */
void ha_mpd_registered(struct mip6_node *n, uint32_t i);
void ha_mpd_gone(struct mip6_node *n, uint32_t i);

/* ---- ha_mcast.c: group membership of mobile nodes (section 10.4.3) ---- */

void ha_mcast_init(struct mip6_node *n);
void ha_mcast_fini(struct mip6_node *n);
void ha_mcast_changed(struct mip6_node *n); /* link, configuration */
/* An update was accepted; `fresh`: the binding is new. */
void ha_mcast_registered(struct mip6_node *n, uint32_t i, bool fresh);
/* The care-of address is about to be another one. */
void ha_mcast_moving(struct mip6_node *n, uint32_t i);
void ha_mcast_gone(struct mip6_node *n, uint32_t i);

/* ---- ha_store.c: bindings that outlive the process ---- */

/* What a record says; times are of the wall clock. */
struct ha_stored {
	bool held; /* de-registered, its numbers remembered */
	uint8_t flags;
	uint16_t seq;
	struct mip6_addr coa, local;
	uint64_t stamp;
	uint64_t at_us;  /* when it was written */
	uint32_t span_s; /* for which it is good then, > 0 */
};
/* The octets of a record; 0: they do not fit. */
size_t ha_store_encode(const struct ha_stored *s, uint8_t *octets, size_t cap);
/* false: not what ha_store_encode writes. */
bool ha_store_decode(struct ha_stored *s, const uint8_t *octets, size_t count);

/*
 * Writes down what binding `i` will be once `bu` is acknowledged (its lifetime
 * is the one granted; 0: it is de-registered).  true: ha_binding_stored comes
 * with ha_store_gen as generation, and the acknowledgement waits for it.
 */
bool ha_store_put(struct mip6_node *n, uint32_t i, const struct ha_update *bu);
void ha_store_del(struct mip6_node *n, const struct mip6_addr *hoa);

/* ---- ha_reg.c, for ha_store.c ---- */

/* A binding that the store kept; `left` of its lifetime, > 0. */
struct ha_restored {
	bool held; /* de-registered: its numbers are remembered, `left` */
	struct mip6_addr hoa, coa;
	struct mip6_span left, granted;
	uint64_t stamp; /* of the last update accepted, NTP; 0: none */
	uint16_t seq;
	uint8_t local; /* number of the home prefix of our address */
	uint8_t flags; /* enum mip6_binding_flag */
};
void ha_reg_restore(struct mip6_node *n, const struct ha_restored *r);

#endif
