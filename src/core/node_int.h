/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Inside the core: the node itself and what its modules offer each other.
 *
 * One module owns each table; others ask it.  During mip6_node_input `now` and
 * `out` are set, so that no module carries them through its calls.  A module
 * that has much to do arms a timer for now instead of looping: an event asks
 * for a bounded number of actions.
 */
#ifndef MIP6_CORE_NODE_INT_H
#define MIP6_CORE_NODE_INT_H

#include "base/fmt.h"
#include "base/hash.h"
#include "base/wheel.h"
#include "core/bul.h"
#include "core/link_int.h"
#include "core/node.h"
#include "core/show.h"
#include "wire/icmp6.h"
#include "wire/ip6.h"
#include "wire/mh.h"
#include "wire/nd.h"

#define MIP6_LINKS_MAX      32
#define MIP6_LINK_ADDRS_MAX 16
#define MIP6_NEIGHBOURS_MAX 1024
#define MIP6_ROUTERS_MAX    32
#define MIP6_PREFIXES_MAX   64
#define MIP6_PENDING_MAX    4096
#define MIP6_HANDOVERS_MAX  64
#define MIP6_WISHES_MAX     256

/* Room that one timer or one step of a scan may use of the action list. */
#define MIP6_STEP_ACTIONS 24
#define MIP6_STEP_OCTETS  8192

/* What a timer belongs to; `index` is of that module's table. */
enum mip6_timer_kind {
	MIP6_TIMER_NEIGHBOUR,
	MIP6_TIMER_ROUTER,
	MIP6_TIMER_ROUTER_SILENT,
	MIP6_TIMER_PREFIX,
	MIP6_TIMER_SOLICIT,   /* a link's Router Solicitations */
	MIP6_TIMER_LINK_ADDR, /* an address that we formed goes */
	MIP6_TIMER_MN_EVALUATE,
	MIP6_TIMER_MN_SEND,
	MIP6_TIMER_MN_REFRESH,
	MIP6_TIMER_MN_EXPIRY,
	MIP6_TIMER_MN_ANNOUNCE,
	MIP6_TIMER_BINDING,
	MIP6_TIMER_HA_ANNOUNCE,
	MIP6_TIMER_HA_REROUTE,
	MIP6_TIMER_WISH,
	MIP6_TIMER_HA_DAD,
	MIP6_TIMER_HA_RA,
	MIP6_TIMER_HA_LIST,
	MIP6_TIMER_HA_MPD,
	MIP6_TIMER_HA_MCAST,
	MIP6_TIMER_MN_AGENT,
	MIP6_TIMER_MN_PREFIX,
	MIP6_TIMER_MN_HOME,
	MIP6_TIMER_MN_RO,      /* route optimization; index: see mn_ro.c */
	MIP6_TIMER_CN_BINDING, /* index: of its binding cache */
	MIP6_TIMER_CN,         /* index: see cn.c */
	MIP6_TIMER_DIRECT,     /* a walk through the rows of pairs */
	MIP6_TIMER_COA_OWN     /* Duplicate Address Detection by us */
};

#define MIP6_TIMER_INDEX_BITS 24

struct mip6_ntimer {
	struct mip6_timer t; /* its tag: kind and index */
};

static inline enum mip6_timer_kind
node_timer_kind(const struct mip6_ntimer *t)
{
	return (enum mip6_timer_kind)(t->t.tag >> MIP6_TIMER_INDEX_BITS);
}

static inline uint32_t
node_timer_index(const struct mip6_ntimer *t)
{
	return t->t.tag & ((1u << MIP6_TIMER_INDEX_BITS) - 1);
}

/* Who waits for the end of an action; see node_action_id. */
enum mip6_wait_kind {
	MIP6_WAIT_NOBODY = 1, /* a failure is logged, nothing else */
	MIP6_WAIT_CAPTURE,
	MIP6_WAIT_COA,
	MIP6_WAIT_BINDING,
	MIP6_WAIT_BINDING_ROUTE,
	MIP6_WAIT_BINDING_REROUTE, /* the same, of a walk (ha_way.c) */
	MIP6_WAIT_WISH,
	MIP6_WAIT_BINDING_STORE,
	MIP6_WAIT_MN_STORE,
	MIP6_WAIT_NAME,
	MIP6_WAIT_CN /* ROUTE_GET or a host route; index, gen: see cn.c */
};

/* An action on the host that has not ended, or that it refused. */
struct mip6_wish {
	bool used;
	bool superseded; /* something newer was asked for */
	uint32_t gen;
	uint64_t owner; /* the id that the action had */
	struct mip6_action act;
	struct mip6_span wait; /* before the next attempt */
	struct mip6_ntimer retry;
};

struct mip6_link_addr {
	struct mip6_addr addr;
	uint8_t bits;
	uint8_t flags;
	bool used;
	bool reported; /* the host says that it is there */
	bool formed;   /* we asked for it (RFC 7217) */
	bool refused;  /* the host or DAD said no */
	bool taken;    /* packets to it are ours: see link_take */
	bool owned;    /* ours alone: the host does not have it (coa_own.c) */
	bool lost;     /* formed, but the host says that it is gone */
	uint32_t gen;  /* of what the host was asked for */
	struct mip6_ntimer dad; /* owned */
	struct mip6_ntimer retire;
};

struct mip6_link {
	bool used;
	bool is_mn;          /* the mobile node may use it */
	uint32_t preference; /* is_mn: the smaller, the better */
	bool captured;
	struct mip6_ev_link ev;
	struct mip6_link_addr addr[MIP6_LINK_ADDRS_MAX];
	struct mip6_time up_at;
	struct mip6_time ra_at; /* 0: no Router Advertisement since up */
	struct mip6_ntimer solicit;
	struct mip6_time coa_at; /* its care-of address is usable; 0: none */
	struct mip6_time blamed_until;
	uint32_t blamed; /* in a row */
	bool barred;     /* it lets updates pass, and no traffic */
	struct mip6_time barred_at;
	uint32_t solicited;  /* Router Solicitations since up */
	uint32_t generation; /* of coming up */
	uint32_t asked;      /* addresses that the host was asked for */
	uint8_t dad_counter; /* RFC 7217 section 6 */
};

enum mip6_nud {
	MIP6_NUD_NONE, /* the entry is free */
	MIP6_NUD_INCOMPLETE,
	MIP6_NUD_REACHABLE,
	MIP6_NUD_STALE,
	MIP6_NUD_DELAY,
	MIP6_NUD_PROBE,
	MIP6_NUD_FAILED
};

struct mip6_neighbour {
	enum mip6_nud state;
	struct mip6_addr addr;
	uint32_t ifindex;
	struct mip6_lladdr lladdr;
	uint8_t probes;
	bool forget;   /* its link went away; the timer is due */
	uint32_t refs; /* rows and others that hold the hop number */
	struct mip6_time used_at;
	struct mip6_ntimer timer;
};

struct mip6_router {
	bool used;
	bool home_agent; /* H bit */
	uint32_t ifindex;
	struct mip6_addr addr;
	struct mip6_lladdr lladdr;
	bool has_lladdr;
	bool unreachable;          /* probed in vain (RFC 4861 section 7.3) */
	struct mip6_span interval; /* it advertises this often; 0: not told */
	struct mip6_time expires;  /* of the default router */
	struct mip6_ntimer timer;
	struct mip6_ntimer silence;
};

struct mip6_prefix_entry {
	bool used, onlink, autonomous;
	uint32_t ifindex;
	struct mip6_prefix prefix;
	struct mip6_addr router_addr; /* R bit; else :: */
	struct mip6_addr from;        /* the router that said so */
	struct mip6_time valid, preferred;
	struct mip6_ntimer timer;
};

/* Who asked: those whom we know are not shut out by a flood of others. */
enum mip6_asked {
	MIP6_ASKED_ANYBODY,
	MIP6_ASKED_AUTHENTIC, /* perhaps a replay */
	MIP6_ASKED_KINDS
};

/* What the store says of former lives; see store.c. */
struct mip6_node_store {
	struct mip6_hash_key key;   /* of the seals */
	uint64_t seen_us;           /* wall clock beyond ours; 0: none */
	struct mip6_time seen_at;   /* when we learnt of it */
	uint64_t restored, refused; /* records */
};

struct mip6_mn;
struct mip6_ha;
struct mip6_cn;
struct mip6_direct;

struct mip6_node {
	struct mip6_node_env env;
	const struct mip6_log *log;
	struct mip6_crypto *crypto;
	struct mip6_rng *rng;
	struct mip6_hash_key hash_key;
	struct mip6_wheel wheel;
	struct mip6_drops drops;
	const struct mip6_conf *conf;
	bool stopping;

	struct mip6_now now;      /* of the event under way */
	struct mip6_actions *out; /* of the event under way */
	struct mip6_time started;
	uint64_t started_wall_us;

	struct mip6_link link[MIP6_LINKS_MAX];
	struct mip6_neighbour neighbour[MIP6_NEIGHBOURS_MAX];
	struct mip6_index neighbours;
	struct mip6_router router[MIP6_ROUTERS_MAX];
	struct mip6_prefix_entry prefix[MIP6_PREFIXES_MAX];
	uint16_t tun_mtu;

	struct mip6_node_store store;
	struct mip6_mn *mn;         /* NULL: not a mobile node */
	struct mip6_ha *ha;         /* NULL: not a home agent */
	struct mip6_cn *cn;         /* NULL: not a correspondent node */
	struct mip6_direct *direct; /* rows of both ends; NULL: none yet */

	/* Answers that cost somebody something, of each kind. */
	struct mip6_time answers_at;
	uint32_t answers[MIP6_ASKED_KINDS];

	struct mip6_wish wish[MIP6_WISHES_MAX];
	uint32_t wishes;        /* places in use, and free ones below them */
	uint64_t host_refusals; /* actions that the host refused */
	int host_refusal_error; /* the last one's errno */
	enum mip6_action_kind host_refusal_kind;
};

/* ---- node.c: time, actions, counting ---- */

void node_timer_init(struct mip6_ntimer *t, enum mip6_timer_kind kind,
    uint32_t index);
void node_timer_arm(struct mip6_node *n, struct mip6_ntimer *t,
    struct mip6_time at);
void node_timer_in(struct mip6_node *n, struct mip6_ntimer *t,
    struct mip6_span in);
void node_timer_stop(struct mip6_node *n, struct mip6_ntimer *t);

/* The id of an action whose end goes to `who`, of generation `gen`. */
uint64_t node_action_id(enum mip6_wait_kind who, uint32_t index, uint32_t gen);
struct mip6_action *node_act(struct mip6_node *n, enum mip6_action_kind kind);
void node_act_set(struct mip6_node *n, enum mip6_action_kind kind,
    uint32_t ifindex, const struct mip6_addr *addr, bool on);
void node_act_route(struct mip6_node *n, enum mip6_table table,
    const struct mip6_prefix *dst, uint32_t ifindex,
    const struct mip6_addr *gateway, bool on, uint64_t id);
void node_act_rule(struct mip6_node *n, const struct mip6_addr *src,
    enum mip6_table table, bool on);
void node_act_row(struct mip6_node *n, const struct mip6_fwd_row *row);
void node_act_row_del(struct mip6_node *n, const struct mip6_addr *home,
    const struct mip6_addr *other);

/*
 * Sends a packet: by hop, or with lladdr to a link-layer address, or to a
 * multicast group.
 */
void node_send(struct mip6_node *n, uint32_t ifindex, uint32_t hop,
    const struct mip6_lladdr *lladdr, const uint8_t *octets, size_t count);

void node_drop(struct mip6_node *n, enum mip6_drop why,
    const struct mip6_addr *whose);
/* Whether one more answer may go (10/s to each kind of question). */
bool node_answer_allowed(struct mip6_node *n, enum mip6_asked by);

/* ---- host.c: what the host refused is asked for again ---- */

/* Remembers what this event asks of the host. */
void host_note(struct mip6_node *n);
/* Counts a refusal and says so. */
void host_refused(struct mip6_node *n, enum mip6_action_kind kind, int error);
/* The end of a wish; returns the id of who waits for it; 0: nobody now. */
uint64_t host_done(struct mip6_node *n, uint32_t i, uint32_t gen, int error);
void host_timer(struct mip6_node *n, uint32_t i);
/* How many are refused now and will be asked for again. */
uint32_t host_unfulfilled(const struct mip6_node *n);

/* ---- store.c: records that outlive the process ---- */

#define NODE_STORE_OCTETS_MAX (MIP6_STORE_OCTETS_MAX - 8) /* and its seal */

bool store_init(struct mip6_node *n); /* false: no cryptography */
/* Writes octets[count] under `key`; its end goes to `id` (0: to nobody). */
void node_store_put(struct mip6_node *n, enum mip6_store_table table,
    const struct mip6_addr *key, const uint8_t *octets, size_t count,
    uint64_t id);
void node_store_del(struct mip6_node *n, enum mip6_store_table table,
    const struct mip6_addr *key);
/* MIP6_EV_RESTORE: to those whose record it is, when the seal fits. */
void node_restore(struct mip6_node *n, const struct mip6_ev_restore *r);
/* The wall clock, but never before what a former life has seen. */
uint64_t node_wall_us(const struct mip6_node *n);
/* A former life has seen this wall clock. */
void node_wall_seen(struct mip6_node *n, uint64_t wall_us);

/* ---- nd.c: neighbours ---- */

/*
 * The hop number of a neighbour, made when there is none (MIP6_HOP_NONE: the
 * table is full).  The caller holds it until nd_release.
 */
uint32_t nd_hold(struct mip6_node *n, uint32_t ifindex,
    const struct mip6_addr *addr);
/* Once more by somebody else; MIP6_HOP_NONE: nothing to hold. */
void nd_hold_again(struct mip6_node *n, uint32_t hop);
void nd_release(struct mip6_node *n, uint32_t hop);
bool nd_usable(const struct mip6_node *n, uint32_t hop);
/* What an RA, NS or the like says of a neighbour's link-layer address. */
void nd_learn(struct mip6_node *n, uint32_t ifindex,
    const struct mip6_addr *addr, const struct mip6_lladdr *lladdr);
/* The same, of a neighbour that we know already. */
void nd_heard(struct mip6_node *n, uint32_t ifindex,
    const struct mip6_addr *addr, const struct mip6_lladdr *lladdr);
/* Upper layers heard from it (RFC 4861 section 7.3.1). */
void nd_confirm(struct mip6_node *n, uint32_t hop);
/*
 * Is that neighbour still there?  Probed at once; the answer, or that there
 * is none, comes to router_reached or router_lost.
 */
void nd_check(struct mip6_node *n, uint32_t ifindex,
    const struct mip6_addr *addr);
void nd_asked(struct mip6_node *n, uint32_t hop); /* MIP6_HINT_HOP */
void nd_timer(struct mip6_node *n, uint32_t hop);
void nd_flush_link(struct mip6_node *n, uint32_t ifindex);
void nd_flush_all(struct mip6_node *n);
void nd_input_ns(struct mip6_node *n, const struct mip6_hint *h,
    const struct mip6_ip6_view *ip, const struct mip6_nd *m);
void nd_input_na(struct mip6_node *n, const struct mip6_hint *h,
    const struct mip6_ip6_view *ip, const struct mip6_nd *m);
/* Multicasts or unicasts an NA for `target` with our lladdr on the link. */
struct mip6_na_how {
	bool solicited, override, router;
	const struct mip6_addr *src;
	const struct mip6_addr *dst;          /* NULL: all nodes */
	const struct mip6_lladdr *dst_lladdr; /* NULL: multicast */
};
void nd_send_na(struct mip6_node *n, struct mip6_link *l,
    const struct mip6_addr *target, const struct mip6_na_how *how);
/* NS; src :: leaves out the link-layer address option. dst NULL: its group. */
void nd_send_ns(struct mip6_node *n, struct mip6_link *l,
    const struct mip6_addr *target, const struct mip6_addr *src,
    const struct mip6_lladdr *dst_lladdr);
const char *nd_state_name(enum mip6_nud s);

/* ---- router.c: routers and prefixes of links ---- */

void router_link_up(struct mip6_node *n, struct mip6_link *l);
void router_link_down(struct mip6_node *n, struct mip6_link *l);
void router_solicit(struct mip6_node *n, struct mip6_link *l);
void router_solicit_timer(struct mip6_node *n, uint32_t index);
void router_timer(struct mip6_node *n, uint32_t index);
void router_silent_timer(struct mip6_node *n, uint32_t index);
void router_prefix_timer(struct mip6_node *n, uint32_t index);
/* What Neighbour Unreachability Detection found out about `addr`. */
void router_lost(struct mip6_node *n, uint32_t ifindex,
    const struct mip6_addr *addr);
void router_reached(struct mip6_node *n, uint32_t ifindex,
    const struct mip6_addr *addr);
/* Whether the prefix was advertised by a router that is not unreachable. */
bool router_vouches(const struct mip6_node *n,
    const struct mip6_prefix_entry *p);
void router_input_ra(struct mip6_node *n, const struct mip6_hint *h,
    const struct mip6_ip6_view *ip, const struct mip6_nd *m);
struct mip6_router *router_default(struct mip6_node *n, uint32_t ifindex);
/* The prefix entry of a link that has `a` on-link, or NULL. */
struct mip6_prefix_entry *router_onlink(struct mip6_node *n, uint32_t ifindex,
    const struct mip6_addr *a);
struct mip6_prefix_entry *router_prefix(struct mip6_node *n, uint32_t ifindex,
    const struct mip6_prefix *p);
/* Next hop on a link towards `dst`: itself or the default router. */
bool router_nexthop(struct mip6_node *n, uint32_t ifindex,
    const struct mip6_addr *dst, struct mip6_addr *nexthop);
/* The router on `ifindex` whose R-bit address is `global`, or NULL. */
struct mip6_router *router_by_global(struct mip6_node *n, uint32_t ifindex,
    const struct mip6_addr *global);

/* ---- mh.c: Mobility Header messages, both ways ---- */

void mh_input(struct mip6_node *n, const struct mip6_hint *h,
    const struct mip6_ip6_view *ip);

/* Section 6.2.7: the key, and the addresses that go before the MH data. */
struct mh_kbm {
	uint8_t key[MIP6_SHA1_OCTETS];
	struct mip6_addr coa, correspondent;
};

/* How a Mobility Header message is addressed. */
struct mip6_mh_to {
	struct mip6_addr src, dst;   /* on the wire */
	const struct mip6_addr *hao; /* put in a Home Address option */
	const struct mip6_addr *rh2; /* put in a type 2 routing header */
	/* NULL, or what the Binding Authorization Data are made with. */
	const struct mh_kbm *kbm;
};
/*
 * Writes the whole packet into buf, signing it when `sa` is there (the
 * care-of and home address of RFC 4285 section 5.1 in coa, hoa).  Returns its
 * octets; 0: it does not fit or the cryptography failed (logged).
 */
size_t mh_build(struct mip6_node *n, uint8_t *buf, size_t cap,
    const struct mip6_mh_to *to, struct mip6_mh *m,
    const struct mip6_conf_sa *sa, const struct mip6_addr *coa,
    const struct mip6_addr *hoa);
void mh_send_error(struct mip6_node *n, const struct mip6_hint *h,
    const struct mip6_ip6_view *ip, uint8_t status);

/* ---- auth.c: RFC 4285 ---- */

enum mip6_auth {
	MIP6_AUTH_OK,
	MIP6_AUTH_MISSING, /* no MN-HA option, and one is needed */
	MIP6_AUTH_SPI,
	MIP6_AUTH_FAIL
};
/* `mh`: the Mobility Header that `m` was read from. */
enum mip6_auth auth_verify(struct mip6_node *n, const struct mip6_conf_sa *sa,
    const struct mip6_addr *coa, const struct mip6_addr *hoa, const uint8_t *mh,
    const struct mip6_mh *m);
/* Fills in the authenticator at mh + at.  false: the cryptography failed. */
bool auth_sign(struct mip6_node *n, const struct mip6_conf_sa *sa,
    const struct mip6_addr *coa, const struct mip6_addr *hoa, uint8_t *mh,
    size_t at);

/* ---- mn.c and its parts ---- */

bool mn_configure(struct mip6_node *n, const struct mip6_conf *conf);
void mn_stop(struct mip6_node *n);
void mn_free(struct mip6_node *n);
/* Something about links, routers or addresses changed: look again soon. */
void mn_changed(struct mip6_node *n);
void mn_timer(struct mip6_node *n, const struct mip6_ntimer *t);
void mn_input_ba(struct mip6_node *n, const struct mip6_hint *h,
    const struct mip6_ip6_view *ip, const struct mip6_mh *m);
void mn_input_be(struct mip6_node *n, const struct mip6_ip6_view *ip,
    const struct mip6_mh *m);
void mn_input_brr(struct mip6_node *n, const struct mip6_ip6_view *ip,
    const struct mip6_mh *m);
void mn_no_row(struct mip6_node *n, const struct mip6_hint *h);
void mn_row_used(struct mip6_node *n, const struct mip6_hint *h);
void mn_icmp_error(struct mip6_node *n, const struct mip6_hint *h);
/* true: the NS was about a home address of ours and is dealt with. */
bool mn_input_ns(struct mip6_node *n, const struct mip6_hint *h,
    const struct mip6_ip6_view *ip, const struct mip6_nd *m);
void mn_input_na(struct mip6_node *n, const struct mip6_hint *h,
    const struct mip6_nd *m);
void mn_flush(struct mip6_node *n, const struct mip6_addr *hoa);
/* Is or will a binding be with this care-of address? */
bool mn_needs_coa(const struct mip6_node *n, const struct mip6_addr *coa);
bool mn_is_home_addr(const struct mip6_node *n, const struct mip6_addr *a);
/* Whether some home address is away on a link with this prefix. */
bool mn_is_away_in(const struct mip6_node *n, const struct mip6_prefix *p);
/* The link on which the home address `a` is at home; 0: on none. */
uint32_t mn_home_link(const struct mip6_node *n, const struct mip6_addr *a);
/* A home address that is at home on `l`, as source towards `target`; or NULL. */
const struct mip6_addr *mn_home_source(const struct mip6_node *n,
    const struct mip6_link *l, const struct mip6_addr *target);

/* ---- ha.c and its parts ---- */

bool ha_configure(struct mip6_node *n, const struct mip6_conf *conf);
void ha_stop(struct mip6_node *n);
void ha_free(struct mip6_node *n);
void ha_changed(struct mip6_node *n); /* links or addresses */
void ha_input_bu(struct mip6_node *n, const struct mip6_hint *h,
    const struct mip6_ip6_view *ip, const struct mip6_mh *m);
/* See mip6_node_ahead. */
void ha_ahead(const struct mip6_node *n, const struct mip6_hint *h,
    unsigned int step);
void ha_binding_done(struct mip6_node *n, uint32_t index, uint32_t gen,
    int error);
void ha_binding_route(struct mip6_node *n, uint32_t index, uint32_t gen,
    int error, const struct mip6_route *route);
void ha_binding_rerouted(struct mip6_node *n, uint32_t index, uint32_t gen,
    int error, const struct mip6_route *route);
void ha_binding_timer(struct mip6_node *n, uint32_t index);
void ha_announce_timer(struct mip6_node *n, uint32_t index);
void ha_reroute_timer(struct mip6_node *n);
void ha_routes_changed(struct mip6_node *n);
bool ha_input_ns(struct mip6_node *n, const struct mip6_hint *h,
    const struct mip6_ip6_view *ip, const struct mip6_nd *m);
void ha_icmp_error(struct mip6_node *n, const struct mip6_hint *h);
void ha_flush(struct mip6_node *n, const struct mip6_addr *hoa);
void ha_restore(struct mip6_node *n, const struct mip6_ev_restore *r);
void ha_binding_stored(struct mip6_node *n, uint32_t index, uint32_t gen,
    int error);
/* false: the NA is of no concern to the home agent. */
bool ha_input_na(struct mip6_node *n, const struct mip6_hint *h,
    const struct mip6_ip6_view *ip, const struct mip6_nd *m);
void ha_input_rs(struct mip6_node *n, const struct mip6_hint *h,
    const struct mip6_ip6_view *ip, const struct mip6_nd *m);
void ha_input_ra(struct mip6_node *n, const struct mip6_hint *h,
    const struct mip6_ip6_view *ip, const struct mip6_nd *m);
/* What other home agents advertise (section 10.6.1). */
void ha_mpd_heard(struct mip6_node *n, const struct mip6_hint *h,
    const struct mip6_nd *m);
/* The ICMPv6 message is whole and its checksum right. */
void ha_input_dhaad(struct mip6_node *n, const struct mip6_hint *h,
    const struct mip6_ip6_view *ip);
void ha_input_mps(struct mip6_node *n, const struct mip6_hint *h,
    const struct mip6_ip6_view *ip);
/* Multicast Listener Discovery, out of a tunnel or on a link. */
void ha_input_mld(struct mip6_node *n, const struct mip6_hint *h,
    const struct mip6_ip6_view *ip);
void ha_dad_timer(struct mip6_node *n, uint32_t index);
void ha_ra_timer(struct mip6_node *n, uint32_t index);
void ha_list_timer(struct mip6_node *n, uint32_t index);
void ha_mpd_timer(struct mip6_node *n, uint32_t index);
void ha_mcast_timer(struct mip6_node *n, uint32_t index);

/* ---- mn_agent.c: which home agent (section 11.4.1) ---- */

void mn_input_dhaad(struct mip6_node *n, const struct mip6_hint *h,
    const struct mip6_ip6_view *ip);
void mn_name(struct mip6_node *n, const struct mip6_ev_name *ev);
void mn_agent_timer(struct mip6_node *n, uint32_t index);

/* ---- mn_mcast.c: groups by way of the home agent (11.3.4) ---- */

/* Out of a tunnel, or what the host says on the virtual home interface. */
void mn_input_mld(struct mip6_node *n, const struct mip6_hint *h,
    const struct mip6_ip6_view *ip);

/* ---- mn_prefix.c: mobile prefix discovery (11.4.2, 11.4.3) ---- */

void mn_input_mpa(struct mip6_node *n, const struct mip6_hint *h,
    const struct mip6_ip6_view *ip);
void mn_prefix_timer(struct mip6_node *n, uint32_t index);
void mn_restore(struct mip6_node *n, const struct mip6_ev_restore *r);

/* ---- mn_ro.c: route optimization, the mobile node's end (11.6, 11.7.2) ---- */

/* From mn_configure, also again; and before the mobile node is freed. */
bool mn_ro_configure(struct mip6_node *n);
void mn_ro_free(struct mip6_node *n);
void mn_ro_stop(struct mip6_node *n);
/* The path: our home address h->src and a correspondent h->dst. */
void mn_ro_no_row(struct mip6_node *n, const struct mip6_hint *h);
void mn_ro_row_used(struct mip6_node *n, const struct mip6_hint *h);
/* HoT and CoT; of section 9.2 all is checked, of 11.6.2 nothing. */
void mn_ro_input_test(struct mip6_node *n, const struct mip6_hint *h,
    const struct mip6_ip6_view *ip, const struct mip6_mh *m);
/* true: it is from a correspondent, and dealt with. */
bool mn_ro_input_ba(struct mip6_node *n, const struct mip6_hint *h,
    const struct mip6_ip6_view *ip, const struct mip6_mh *m);
bool mn_ro_input_be(struct mip6_node *n, const struct mip6_ip6_view *ip,
    const struct mip6_mh *m);
bool mn_ro_input_brr(struct mip6_node *n, const struct mip6_ip6_view *ip,
    const struct mip6_mh *m);
/* An ICMPv6 error about what was sent to a correspondent. */
bool mn_ro_icmp_error(struct mip6_node *n, const struct mip6_hint *h);
void mn_ro_timer(struct mip6_node *n, uint32_t index);
/* The correspondent `peer` is itself a mobile node, bound to `our` now. */
void mn_ro_bound_here(struct mip6_node *n, const struct mip6_addr *our,
    const struct mip6_addr *peer);
/* The place or the registration of a home address changed, or links did. */
void mn_ro_changed(struct mip6_node *n);
/* Tokens and denials of a home address or of a peer (::: all) are void. */
void mn_ro_flush(struct mip6_node *n, const struct mip6_addr *addr);

/* Our end of a pair: where `our` is away and `other` knows it. */
struct direct_mine {
	struct mip6_addr coa;
	uint32_t ifindex; /* the link it is on */
};
/* false: no Home Address option towards `other` now. */
bool mn_ro_mine(const struct mip6_node *n, const struct mip6_addr *our,
    const struct mip6_addr *other, struct direct_mine *to);

/* ---- cn.c and its parts: the correspondent node (section 9) ---- */

bool cn_configure(struct mip6_node *n, const struct mip6_conf *conf);
void cn_stop(struct mip6_node *n);
void cn_free(struct mip6_node *n);
void cn_changed(struct mip6_node *n);        /* links or addresses */
void cn_routes_changed(struct mip6_node *n); /* MIP6_EV_ROUTES */
/* A Binding Update without H, and HoTI and CoTI; section 9.2 is checked. */
void cn_input_bu(struct mip6_node *n, const struct mip6_hint *h,
    const struct mip6_ip6_view *ip, const struct mip6_mh *m);
void cn_input_init(struct mip6_node *n, const struct mip6_hint *h,
    const struct mip6_ip6_view *ip, const struct mip6_mh *m);
/* MIP6_HINT_HAO, _NO_ROW, _ROW_USED, _ICMP_ERROR. */
void cn_hao(struct mip6_node *n, const struct mip6_hint *h);
void cn_no_row(struct mip6_node *n, const struct mip6_hint *h);
void cn_row_used(struct mip6_node *n, const struct mip6_hint *h);
void cn_icmp_error(struct mip6_node *n, const struct mip6_hint *h);
/* A neighbour that does not answer. */
void cn_neighbour_lost(struct mip6_node *n, const struct mip6_addr *addr);
void cn_done(struct mip6_node *n, uint32_t index, uint32_t gen,
    const struct mip6_ev_done *d); /* MIP6_WAIT_CN */
void cn_binding_timer(struct mip6_node *n, uint32_t index);
void cn_timer(struct mip6_node *n, uint32_t index);
void cn_flush(struct mip6_node *n, const struct mip6_addr *hoa);
/* Has the correspondent a binding of it, with whichever address of ours? */
bool cn_has_binding(const struct mip6_node *n, const struct mip6_addr *hoa);
bool ha_has_binding(const struct mip6_node *n, const struct mip6_addr *hoa);

/* The other end of a pair: a mobile node that is bound here. */
struct direct_theirs {
	struct mip6_addr coa;
	uint32_t hop; /* towards it from an address that is no home address */
};
/* false: no binding that packets of `our` may use now. */
bool cn_theirs(const struct mip6_node *n, const struct mip6_addr *our,
    const struct mip6_addr *other, struct direct_theirs *to);

/* ---- direct.c: the rows that both ends' bindings make ---- */

/*
 * Something changed for (our, other): sets, replaces or takes back the row of
 * the pair (MIP6_FWD_DIRECT) as mn_ro_mine and cn_theirs say now.  Asking
 * again for a row that is as it was makes MIP6_HINT_ROW_USED come once more.
 * false: no room.
 */
bool direct_update(struct mip6_node *n, const struct mip6_addr *our,
    const struct mip6_addr *other);
/* The same for every pair with `other` that has a row. */
void direct_update_all(struct mip6_node *n, const struct mip6_addr *other);
/* Our addresses changed: looks at every row again, a few at a time. */
void direct_walk(struct mip6_node *n);
void direct_timer(struct mip6_node *n);
/* A Packet Too Big about what a row sent. */
void direct_icmp_error(struct mip6_node *n, const struct mip6_hint *h);
/* Whether the packet that an ICMPv6 error quotes is as a row sends it. */
bool direct_sent(const struct mip6_node *n, const struct mip6_ip6_view *quoted);
/* The row of the pair; NULL: there is none. */
const struct mip6_fwd_row *direct_find(const struct mip6_node *n,
    const struct mip6_addr *our, const struct mip6_addr *other);
void direct_free(struct mip6_node *n);

#endif
