/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Inside the correspondent node: what cn.c and its parts share.
 */
#ifndef MIP6_CORE_CN_INT_H
#define MIP6_CORE_CN_INT_H

#include "core/bcache.h"
#include "core/pairs.h"
#include "core/rr_int.h"
#include "core/tally.h"

#define CN_BINDINGS_MAX 4096 /* when the configuration says nothing */
#define CN_PER_HOA      16   /* addresses of ours that one may be bound to */
#define CN_PENDING_MAX  256
/*
 * A nonce is given out for 30 s and good for MAX_NONCE_LIFE: so tokens are
 * good for MAX_TOKEN_LIFE at least.  As many as can be good at once, and one.
 */
#define CN_NONCE_FRESH MIP6_SPAN_S(30)
#define CN_NONCES      9

/* Where the ends of our actions go: bits of the index of MIP6_WAIT_CN. */
#define CN_WAIT_ROUTE  0x80000000u /* the host route of a binding */
#define CN_WAIT_WALK   0x40000000u /* a way, asked for by the walk */
#define CN_WAIT_BEYOND 0x20000000u /* the way to strangers */
#define CN_WAIT_INDEX  0x1fffffffu

/* Timers of the kind MIP6_TIMER_CN. */
enum cn_timer { CN_TIMER_WALK, CN_TIMER_TAKE };

/*
 * A nonce with a Kcn of its own (R5.2.7-03): the index selects both.  An entry
 * is good until MAX_NONCE_LIFE after `since`.
 */
struct cn_nonce {
	bool used;
	uint16_t index;
	struct mip6_time since; /* of its first use */
	uint8_t nonce[MIP6_NONCE_OCTETS];
	uint8_t kcn[MIP6_KCN_OCTETS];
};

#define CN_ASKERS       256
#define CN_TESTS_PER_S  64 /* answers, to those who share a place */
#define CN_TESTS_OCTETS 128

/* Answers to HoTI and CoTI: no memory for each, and a bounded number. */
struct cn_rr {
	struct cn_nonce nonce[CN_NONCES];
	uint32_t current;
	uint16_t next_index;
	uint8_t asked[CN_ASKERS]; /* in this second, by hash of the source */
	struct mip6_time asked_at;
};

/* A Binding Update that was authentic and in sequence. */
struct cn_update {
	struct mip6_addr hoa, coa;
	struct mip6_addr src, dst; /* on the wire */
	bool has_hao;
	bool ack;
	bool deletes;
	bool tunnelled; /* it came out of a tunnel of ours */
	uint32_t ifindex;
	struct mip6_lladdr ll_src;
	uint16_t seq;
	struct mip6_span lifetime;
	struct mip6_time replayable; /* until when its nonces are good */
	struct mh_kbm kbm;
};

enum cn_wait { CN_WAITS_WAY = 1, CN_WAITS_HOST = 2 };

struct cn_pending {
	struct cn_update bu;
	uint32_t hop;  /* held */
	uint8_t waits; /* enum cn_wait */
	int way_error, host_error;
	uint16_t next; /* free ones */
};

enum cn_flag {
	CN_USED = 0x01,   /* packets took a row since the last update */
	CN_WANTED = 0x02, /* a refresh is asked for at the next use */
	CN_HOSTED = 0x04, /* the host's route is asked for */
	CN_ASKS = 0x08,   /* timer: a first refresh request, */
	CN_ASKED = 0x10   /* or a second one, then the end */
};

/*
 * A binding of a home address (pair.other) with one address of ours: each of
 * these has, as R9.1-01 asks for, a Binding Cache of its own.
 */
struct cn_binding {
	struct mip6_pair pair;
	struct mip6_addr coa;
	struct mip6_ntimer timer;
	struct mip6_time replayable; /* until when an accepted update is */
	struct mip6_time since;      /* of the last update that took effect */
	struct mip6_time unreachable_at;
	uint32_t hop;        /* held; towards coa */
	uint32_t gen;        /* of the last time the host was asked */
	uint32_t route_gen;  /* of the last ROUTE_GET */
	uint16_t pending;    /* MIP6_PENDING_NONE: nothing */
	uint16_t seq;        /* last accepted */
	uint16_t granted;    /* lifetime, in units of 4 s */
	uint8_t state;       /* enum mip6_binding_state */
	uint8_t flags;       /* enum cn_flag */
	uint8_t unreachable; /* Destination Unreachables in a row */
};

struct cn_walk {
	bool on, begun, again;
	struct mip6_time began;
	uint32_t next, asked;
};

struct mip6_cn {
	const struct mip6_conf_cn *c;
	struct mip6_pairs bindings;
	struct mip6_tally prefixes; /* bindings of each /64 of home addresses */
	struct cn_rr rr;
	struct cn_pending pending[CN_PENDING_MAX];
	uint16_t pending_free;
	uint32_t gen, route_gen;
	uint32_t hand;            /* of the clock that looks for one to evict */
	struct mip6_route beyond; /* towards strangers; ifindex 0: unknown */
	struct mip6_ntimer walk_timer;
	struct mip6_ntimer take_timer;
	struct cn_walk walk;
};

/* ---- cn.c ---- */

static inline struct cn_binding *
cn_get(const struct mip6_cn *cn, uint32_t i)
{
	return mip6_pairs_get(&cn->bindings, i);
}

/* Whether `a` is one of our addresses that a peer may talk to. */
bool cn_is_ours(const struct mip6_node *n, const struct mip6_addr *a);
/* A Mobility Header message, back the way the question came. */
struct cn_back {
	bool tunnelled;
	struct mip6_addr home; /* tunnelled: whose tunnel */
	uint32_t ifindex;      /* the link, when not */
	/* Where the link's routers are not known: one of these. */
	uint32_t hop;
	const struct mip6_lladdr *ll_src; /* NULL: it did not come from one */
};
void cn_send_back(struct mip6_node *n, const struct cn_back *to,
    const uint8_t *octets, size_t count);
/* Whose tunnel leads from `our` to `peer`. */
struct mip6_addr cn_tunnel_of(const struct mip6_node *n,
    const struct mip6_addr *our, const struct mip6_addr *peer);
/*
 * The binding that packets from `our` to `hoa` follow: their own, or, where
 * the host's route brings them here because another address of ours has one,
 * the newest of these; MIP6_PAIR_NONE: none.
 */
uint32_t cn_way(const struct mip6_node *n, const struct mip6_addr *our,
    const struct mip6_addr *hoa);

/* ---- cn_rr.c ---- */

void cn_rr_init(struct mip6_node *n);
/* The nonce of an index, while it is good; NULL: stale, or never ours. */
const struct cn_nonce *cn_nonce_find(const struct mip6_node *n, uint16_t index);
/* May one more answer go to `src` in this second? */
bool cn_allowed(struct mip6_node *n, const struct mip6_addr *src);
/* Until when it is good. */
struct mip6_time cn_nonce_ends(const struct cn_nonce *k);

/* ---- cn_bu.c ---- */

void cn_answer(struct mip6_node *n, const struct cn_update *bu,
    const struct cn_binding *b, uint8_t status, uint16_t seq,
    struct mip6_span lifetime);

/* ---- cn_reg.c ---- */

void cn_pending_init(struct mip6_cn *cn);
/* The update that waits; NULL: none. */
struct cn_pending *cn_pending_of(struct mip6_cn *cn,
    const struct cn_binding *b);
/* Nothing is waited for any more. */
void cn_pending_put(struct mip6_node *n, struct cn_binding *b);
/* `bu` is valid; `i` its entry, or MIP6_PAIR_NONE. */
void cn_register(struct mip6_node *n, const struct cn_update *bu, uint32_t i);
void cn_deregister(struct mip6_node *n, const struct cn_update *bu, uint32_t i);

void cn_walk_timer(struct mip6_node *n);
/* The host route of a home address, or its end. */
void cn_host_route(struct mip6_node *n, struct cn_binding *b, uint32_t i,
    bool on);

/* ---- cn_life.c ---- */

void cn_live_until(struct mip6_node *n, struct cn_binding *b,
    struct mip6_time end);
struct mip6_time cn_expires(const struct cn_binding *b);
/* R9.5.1-13: the number of a valid update, and how long to keep it. */
void cn_remember(struct cn_binding *b, const struct cn_update *bu);
/* The binding ends; its number is kept while it may be replayed. */
void cn_end(struct mip6_node *n, uint32_t i);
/* A new entry, perhaps instead of one that nobody uses; NONE: no room. */
uint32_t cn_entry_new(struct mip6_node *n, const struct mip6_addr *our,
    const struct mip6_addr *hoa);

#endif
