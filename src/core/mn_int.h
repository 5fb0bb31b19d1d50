/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Inside the mobile node: one machine for each home address.
 *
 * mn.c decides where the node is, mn_state.c steps the machines; mn_reg.c sends
 * Binding Updates and reads acknowledgements; mn_host.c makes rows and routes
 * follow, mn_home.c is about the home link.
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
	MN_CHECKING,    /* there: is the home address free? */
	MN_CONFLICT,    /* there: it is another node's */
	MN_AT_HOME,
	MN_STATE_COUNT
};

/* What can happen to it; guards are events, so that no cell has a condition. */
enum mn_event {
	MN_EV_COA,       /* a care-of address to be registered */
	MN_EV_NONE,      /* no care-of address any more */
	MN_EV_HOME,      /* the home link, and a binding may be alive */
	MN_EV_HOME_FREE, /* the home link, and there is none */
	MN_EV_ACK,       /* the update under way was accepted */
	MN_EV_GONE,      /* the de-registration was accepted */
	MN_EV_UNSURE,    /* there was no binding, not for long */
	MN_EV_REFUSED,   /* refused for good, or for long */
	MN_EV_AGAIN,     /* refused for a reason that is mended now */
	MN_EV_TIMEOUT,   /* no answer in time */
	MN_EV_SILENT,    /* no answer to several de-registrations */
	MN_EV_REFRESH,   /* the binding wants to be renewed */
	MN_EV_EXPIRED,   /* the binding's lifetime is over */
	MN_EV_UNIQUE,    /* nobody answers for the home address */
	MN_EV_DUPLICATE, /* somebody does */
	MN_EV_PROBE,     /* time to ask again */
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
#define MN_AGENTS_MAX     16
/* Unanswered updates after which the home agent is silent. */
#define MN_SILENT_UPDATES 3

/* Why a home agent was left for another one. */
enum mn_left {
	MN_LEFT_NOT,
	MN_LEFT_SILENT,  /* no answer */
	MN_LEFT_REFUSED, /* see last_status */
	MN_LEFT_ERROR    /* an ICMPv6 error, or a Binding Error */
};

/*
 * A home agent that may serve a home address, with what we and it know of each
 * other: the Binding Update List's entry, and the times of RFC 4285.
 */
struct mn_agent {
	bool used;
	bool listed;    /* in the configuration, the DNS or a reply now */
	bool tried;     /* in vain, in this round */
	bool probing;   /* asked whether it is back */
	uint16_t rank;  /* less is preferred */
	uint16_t sends; /* updates of this try */
	uint32_t hop;   /* held while it is asked beside another */
	struct mip6_addr addr; /* ::: none known yet */
	struct mip6_bul_entry bul;
	/* R11.4.1: it may have a binding, and defend the address, until then. */
	struct mip6_time maybe_until;
	struct mip6_time barred_until; /* R11.7.3-07 */
	enum mn_left left;
	uint32_t left_sent; /* updates that it did not answer */
	int last_status;    /* -1: no answer yet */
	bool last_status_authentic;

	/* RFC 4285. */
	uint64_t last_stamp;     /* sent */
	uint64_t accepted_stamp; /* in an update that was accepted */
	int64_t clock_offset_us;
};

/* A name of the configuration on its way to addresses. */
struct mn_name {
	bool asked;
	struct mip6_time asked_at;
	int error; /* of the last answer; -1: none yet */
	uint32_t gen;
};

/* What the timers of mn_agent.c are for; index = home * KINDS + this. */
enum mn_agent_timer_kind {
	MN_AGENT_TIMER_DHAAD,
	MN_AGENT_TIMER_NAMES,
	MN_AGENT_TIMER_RELEASE, /* former agents are told */
	MN_AGENT_TIMER_RETURN,  /* is a preferred one back? */
	MN_AGENT_TIMER_KINDS
};

/*
 * Ranks: MN_RANKS for each line of the configuration, an address or those of a
 * name; then what discovery found, then what was known before a restart.
 */
#define MN_RANKS      16
#define MN_RANK_FOUND (MIP6_AGENTS_MAX * MN_RANKS)
#define MN_RANK_KEPT  (MN_RANK_FOUND + MN_RANKS)

/* Looking for home agents (section 11.4.1). */
struct mn_seek {
	bool dhaad;           /* a request is under way */
	uint16_t id;          /* R6.5-01 */
	uint32_t sent;        /* requests of this series */
	struct mip6_addr src; /* of the requests */
	struct mip6_span wait;
	struct mip6_time next; /* series not before */
	struct mip6_span pause;
	struct mn_name name[MIP6_AGENTS_MAX];
	struct mip6_span name_pause;
};

/* ICMPv6 errors about the tunnel in use, each soon after the other. */
struct mn_barred {
	uint32_t count;
	struct mip6_time at; /* the last one */
	struct mip6_addr from;
	uint8_t code;
};

struct mn_neighbour {
	struct mip6_addr addr;
	uint32_t hop;
};

/* What is known of a home prefix (sections 11.4.2, 11.4.3). */
struct mn_prefix {
	bool told;     /* by the home agent */
	bool derived;  /* not in the configuration: its address was formed */
	bool unproven; /* no home agent has acknowledged that address yet */
	bool avoided;  /* the host was told so: no source of new sessions */
	bool wanted;   /* it is to be asked for */
	bool waiting;  /* solicitation `id` is not answered yet */
	uint16_t id;
	struct mip6_time asked_at, ask; /* the last one, and the next */
	struct mip6_span timeout;
	struct mip6_time valid, preferred; /* until */
	struct mip6_ntimer timer;
};

struct mn_home {
	bool used;
	uint32_t index;
	const struct mip6_conf_home *c;
	struct mip6_addr hoa;
	uint8_t bits; /* of the home prefix */
	enum mn_state state;

	struct mn_agent agent[MN_AGENTS_MAX];
	struct mn_agent nobody;      /* as long as none is known */
	struct mn_agent *ha;         /* the home agent of now, never NULL */
	struct mn_agent *bound;      /* whose binding is the tunnel; or NULL */
	uint32_t round;              /* of trying all of them in vain */
	struct mip6_time not_before; /* R11.4.1-01 */
	bool waits_release;          /* 134, and a former one may defend it */
	struct mip6_span release_wait, return_wait;
	struct mn_seek seek;
	struct mip6_ntimer agent_timer[MN_AGENT_TIMER_KINDS];

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
	bool left_home; /* the last way that there was */
	bool row_eager; /* through a tunnel that is only asked for yet */
	struct mip6_time lost_at; /* since when traffic has no way */
	bool routes_on;           /* the halves of the default route */

	bool link_local; /* L: its link-local address is defended as well */
	struct mip6_addr mcast_peer; /* the home agent that asked for groups */

	/* On the home link. */
	bool listening; /* joined its group */
	bool proven;    /* a binding was alive: it can be nobody else's */
	bool released;  /* the home agent says that it has none */
	bool conflict;  /* another node answered for it */
	struct mip6_lladdr other; /* that one */
	struct mip6_ntimer dad;
	uint32_t home_ifindex;
	uint32_t announcements; /* still to be made */
	struct mn_neighbour neighbour[MN_NEIGHBOURS_MAX];
	uint32_t neighbours; /* slots used so far, then round robin */
	uint32_t neighbour_next;

	uint32_t corrections; /* by refusals (135, 144) in a row */

	bool do_not_send; /* R11.7.3-07: not before refused_until */
	struct mip6_time refused_until;
	struct mip6_span refused_wait; /* 0: not refused for good since */
	bool postponed;                /* the send timer is the rate limit's */
	bool icmp_seen; /* an ICMPv6 error about an unanswered update */
	struct mip6_addr icmp_from;
	uint8_t icmp_type, icmp_code;
	struct mn_barred barred;

	struct mip6_addr root; /* the configured one that it is, or follows */
	struct mn_prefix prefix;

	struct mip6_ntimer send, refresh, expiry, announce;
	struct mip6_show_handover *handover; /* under way */
};

struct mn_ro;

struct mip6_mn {
	struct mn_home home[MIP6_HOMES_MAX];
	struct mip6_conf_home derived[MIP6_HOMES_MAX]; /* of those in home */
	struct mip6_ntimer evaluate;
	uint32_t evaluated; /* the next home to be looked at */
	struct mip6_show_handover handover[MIP6_HANDOVERS_MAX];
	uint32_t handovers; /* since the start */
	struct mn_ro *ro;   /* NULL: no route optimization so far */
	/*
	 * The address of the host that leaves by the care-of link (see
	 * link_host_addr), and the router there.
	 */
	struct mip6_addr rule_coa;
	uint32_t rule_ifindex;
	struct mip6_addr rule_gateway;
	/* Routes past the tunnel, and where they lead; ifindex 0: none. */
	struct mip6_prefix_list bypass;
	uint32_t bypass_ifindex;
	struct mip6_addr bypass_gateway;
};

const char *mn_state_name(enum mn_state s);
/* The one door through which the state changes. */
void mn_step(struct mip6_node *n, struct mn_home *h, enum mn_event ev);

/* A binding is alive, with the home agent of now or a former one. */
static inline bool
mn_is_bound(const struct mip6_node *n, const struct mn_home *h)
{
	return h->bound != NULL && mip6_bul_bound(&h->bound->bul, n->now.boot);
}

/* ---- mn.c ---- */

/* The next hop towards the home agent of now, after it changed. */
void mn_rehop(struct mip6_node *n, struct mn_home *h);

/* A home address comes; `derived`: formed in a prefix that was learnt. */
struct mn_home *mn_home_add(struct mip6_node *n, const struct mip6_conf_home *c,
    bool derived);
void mn_home_del(struct mip6_node *n, struct mn_home *h);

/* ---- mn_prefix.c: mobile prefix discovery ---- */

/* The home address that `c` asks for: its own, or one formed in its prefix. */
struct mip6_addr mn_prefix_form(struct mip6_node *n,
    const struct mip6_conf_home *c);
void mn_prefix_init(struct mn_home *h, bool derived);
void mn_prefix_fini(struct mip6_node *n, struct mn_home *h);
/* Is it formed after a home address of `conf`?  Takes over what changed. */
bool mn_prefix_keeps(struct mip6_node *n, const struct mip6_conf *conf,
    struct mn_home *h);
/* A configured home address needs the place of one that was formed. */
void mn_prefix_make_room(struct mip6_node *n);
/* A registration was accepted with `status`. */
void mn_prefix_accepted(struct mip6_node *n, struct mn_home *h, uint8_t status);
/* What may be asked for: `lifetime`, or what is left of the prefix. */
struct mip6_span mn_prefix_limit(const struct mip6_node *n,
    const struct mn_home *h, struct mip6_span lifetime);

/* ---- mn_agent.c: which home agent ---- */

void mn_agent_init(struct mip6_node *n, struct mn_home *h);
void mn_agent_fini(struct mip6_node *n, struct mn_home *h);
/* The configuration changed; true: the home agent of now, or its key. */
void mn_agent_configure(struct mip6_node *n, struct mn_home *h);
/* The entry with this address, or NULL. */
struct mn_agent *mn_agent_find(struct mn_home *h, const struct mip6_addr *a);
/*
 * Lists `addr` as candidate with this rank; NULL: not a usable address, or no
 * room.
 */
struct mn_agent *mn_agent_list(struct mip6_node *n, struct mn_home *h,
    const struct mip6_addr *addr, uint16_t rank);
/* The candidates of ranks [from, to) are no longer listed. */
void mn_agent_unlist(struct mn_home *h, uint16_t from, uint16_t to);
/* Candidates came: tries the best if none is being tried. */
void mn_agent_found(struct mip6_node *n, struct mn_home *h);
/*
 * The home agent of now failed: true when another one is tried instead.  With
 * `bar`, it is left alone for long.
 */
bool mn_agent_failed(struct mip6_node *n, struct mn_home *h, enum mn_left why,
    bool bar);
/* An update's time-out: has the home agent of now had its chance? */
bool mn_agent_timeout(struct mip6_node *n, struct mn_home *h);
/* The home agent of now accepted. */
void mn_agent_accepted(struct mip6_node *n, struct mn_home *h);
/* Begins with `a`, unless another one is being asked. */
void mn_agent_prefer(struct mip6_node *n, struct mn_home *h,
    struct mn_agent *a);
/* It is about to de-register at home, or to leave: whose binding? */
void mn_agent_use_bound(struct mip6_node *n, struct mn_home *h);
/* The authenticated answer to `s` of another than the home agent of now. */
void mn_agent_other(struct mip6_node *n, struct mn_home *h, struct mn_agent *a,
    const struct mip6_mh *m, const struct mip6_bul_sent *s);
/* 134: may a former home agent be the one that defends the address? */
bool mn_agent_blocked(struct mip6_node *n, struct mn_home *h);
/* Former home agents are told, now or soon, that we have left. */
void mn_agent_release(struct mip6_node *n, struct mn_home *h);
void mn_agent_flush(struct mn_home *h);

/* ---- mn_seek.c: discovery, names, routers of the home link ---- */

void mn_seek_init(struct mn_home *h);
/* A new place: looks for home agents when none is known that may answer. */
void mn_seek_start(struct mip6_node *n, struct mn_home *h);
/* One has failed: names are asked for again, and the anycast address. */
void mn_seek_again(struct mip6_node *n, struct mn_home *h);
void mn_seek_stop(struct mip6_node *n, struct mn_home *h);
void mn_seek_dhaad_timer(struct mip6_node *n, struct mn_home *h);
void mn_seek_names_timer(struct mip6_node *n, struct mn_home *h);
/* At home: the home agent that advertises itself on the link. */
void mn_seek_home(struct mip6_node *n, struct mn_home *h);

/* ---- mn_keep.c: what outlives the process ---- */

void mn_keep(struct mip6_node *n, const struct mn_home *h);

/* ---- mn_reg.c ---- */

/* Sends an update about the place we are at to `a`; lifetime 0: leaves it. */
void mn_transmit(struct mip6_node *n, struct mn_home *h, struct mn_agent *a,
    struct mip6_span lifetime);
/* The answer `m` of the home agent of now to `s`, authenticated. */
void mn_answered(struct mip6_node *n, struct mn_home *h,
    const struct mip6_mh *m, const struct mip6_bul_sent *s);
/* Sends a Binding Update for the place the node is at, or arms it. */
void mn_send_update(struct mip6_node *n, struct mn_home *h);
/* The first of a series: time-outs start anew. */
void mn_start_update(struct mip6_node *n, struct mn_home *h);
void mn_send_timer(struct mip6_node *n, struct mn_home *h);

/* ---- mn_host.c ---- */

void mn_host_add(struct mip6_node *n, struct mn_home *h);
void mn_host_del(struct mip6_node *n, struct mn_home *h);
/* The home address on the TUN; again when it becomes one to be avoided. */
void mn_host_addr(struct mip6_node *n, const struct mn_home *h, bool on);
/* Makes the path's row what the state asks for. */
void mn_host_row(struct mip6_node *n, struct mn_home *h);
/* The binding of the last acknowledgement becomes the tunnel. */
/* The home of that home address, or NULL. */
struct mn_home *mn_home_of(struct mip6_node *n, const struct mip6_addr *hoa);
/* Somebody on the way says that our tunnel does not get through. */
bool mn_is_barred(const struct mn_home *h, struct mip6_time now);
void mn_host_bind(struct mip6_node *n, struct mn_home *h);
void mn_host_unbind(struct mip6_node *n, struct mn_home *h);
/* Rules and routes of applications bound to the care-of address. */
void mn_host_coa(struct mip6_node *n, const struct mn_position *at);
/* The routes of `bypass` are those of the configuration, and lead there. */
void mn_host_bypass(struct mip6_node *n);

/* ---- mn_home.c: on the home link (section 11.5.5) ---- */

/* Which event the arrival on the home link is. */
enum mn_event mn_home_event(const struct mip6_node *n, const struct mn_home *h);
/* At the home link: listens for the home address; or leaves it. */
void mn_home_listen(struct mip6_node *n, struct mn_home *h, bool on);
/* Asks once whether the home address is another node's. */
void mn_home_probe(struct mip6_node *n, struct mn_home *h);
/* It is: waits. */
void mn_home_defer(struct mip6_node *n, struct mn_home *h);
void mn_home_timer(struct mip6_node *n, struct mn_home *h);
void mn_home_announce(struct mip6_node *n, struct mn_home *h);
/* Whether L is to be set (section 11.7.1). */
bool mn_home_is_compatible(const struct mip6_node *n, const struct mn_home *h);

#endif
