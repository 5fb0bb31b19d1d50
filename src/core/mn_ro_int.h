/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Route optimization at the mobile node: one entry for each pair of a home
 * address and a correspondent, which is the Binding Update List's entry of
 * section 11.1.
 *
 * mn_ro.c keeps the table and decides what is wanted of each; mn_rr.c runs the
 * home and the care-of test; mn_ro_reg.c sends Binding Updates and reads what
 * correspondents answer; mn_ro_error.c reads ICMPv6 errors.
 */
#ifndef MIP6_CORE_MN_RO_INT_H
#define MIP6_CORE_MN_RO_INT_H

#include "core/mn_int.h"
#include "core/rr_int.h"

#define RO_PEERS_MAX      256
#define RO_MAX_RO_FAILURE 3 /* MAX_RO_FAILURE, section 12 */

enum ro_state {
	RO_IDLE,     /* nothing is wanted of it now */
	RO_TESTING,  /* keygen tokens are missing, or a registration */
	RO_UPDATING, /* Binding Update sent */
	RO_BOUND,    /* acknowledged */
	RO_DELETING, /* at home: its binding is to go */
	RO_DENIED,   /* not before `until` */
	RO_STATE_COUNT
};

/* Why a correspondent is left in peace. */
enum ro_denial {
	RO_DENIAL_NONE,
	RO_DENIAL_SILENT,      /* MAX_RO_FAILURE */
	RO_DENIAL_UNREACHABLE, /* ICMPv6 about a message of ours */
	RO_DENIAL_UNSUPPORTED, /* Parameter Problem, Binding Error 2 */
	RO_DENIAL_REFUSED      /* see last_status */
};

enum ro_timer {
	RO_TIMER_HOME, /* Home Test Init */
	RO_TIMER_COA,  /* Care-of Test Init */
	RO_TIMER_BU,
	RO_TIMER_LIFE, /* of what stands: binding, denial, entry */
	RO_TIMERS
};

/* Messages with a rate limit of their own (R11.8-05). */
enum ro_message { RO_HOTI, RO_COTI, RO_BU, RO_MESSAGES };

/* A home test or a care-of test, and what it brought. */
struct ro_test {
	bool waiting;   /* for the answer to `cookie` */
	bool postponed; /* the timer is the rate limit's */
	uint8_t cookie[MIP6_MH_COOKIE_OCTETS];
	struct mip6_addr src; /* of the message: home or care-of address */
	struct mip6_time sent_at;
	struct mip6_span timeout;
	uint32_t unanswered;

	bool has; /* a token, of `addr`, from a message sent at `at` */
	struct mip6_addr addr;
	struct mip6_time at;
	uint16_t index; /* of its nonce */
	uint8_t token[MIP6_KEYGEN_OCTETS];
};

struct ro_peer {
	bool used;
	struct mip6_addr hoa, peer;
	enum ro_state state;
	struct ro_test home, care_of;
	struct mip6_time sent_at[RO_MESSAGES][MIP6_MAX_UPDATE_RATE];

	struct mip6_bul_entry bul;
	struct mh_kbm kbm; /* of the last update; coa :: none was sent */
	bool bu_postponed;
	uint32_t corrections; /* by refusals, in a row */
	int last_status;      /* -1: no answer yet */

	/* Where the pair was when it last looked. */
	enum mn_place place;
	uint32_t ifindex;
	struct mip6_addr coa;
	uint32_t hop; /* held; towards the correspondent */

	/* The acknowledged binding's link; whether packets may use it. */
	uint32_t bound_ifindex;
	bool usable;
	bool failing; /* R5.2.9-02: MAX_RO_FAILURE was reached */
	struct mip6_time maybe_until; /* the correspondent may have one */
	bool took;                    /* it had, when it last said so */

	bool in_use; /* since it was last asked */
	bool asked;  /* whether it is, before the binding ends */
	struct mip6_time used_at;

	bool takes_part; /* it has answered a test, or is bound here itself */
	enum ro_denial denial;
	uint32_t denials; /* in a row */
	struct mip6_time until;

	struct mip6_ntimer timer[RO_TIMERS];
};

struct mn_ro {
	struct ro_peer peer[RO_PEERS_MAX];
	struct mip6_ntimer walk;
	uint32_t walked; /* the next entry to be looked at */
	/* New correspondents, limited in rate. */
	struct mip6_time starts_at;
	uint32_t starts;
};

/* ---- mn_ro_table.c ---- */

const char *ro_state_name(enum ro_state s);
const char *ro_denial_name(enum ro_denial d);
struct mn_home *ro_home(struct mip6_node *n, const struct ro_peer *p);
struct mn_home *ro_home_of(struct mip6_node *n, const struct mip6_addr *hoa);
struct ro_peer *ro_find(const struct mip6_node *n, const struct mip6_addr *hoa,
    const struct mip6_addr *peer);
void ro_set_state(struct mip6_node *n, struct ro_peer *p, enum ro_state to);
/* A new entry, perhaps in place of one that rests; NULL: all are at work. */
struct ro_peer *ro_add(struct mip6_node *n, const struct mip6_addr *hoa,
    const struct mip6_addr *peer);
void ro_del(struct mip6_node *n, struct ro_peer *p);
/*
 * R11.8-05: the earliest moment at which such a message may go to its
 * correspondent, and noting that it goes now.
 */
struct mip6_time ro_may_send(const struct mip6_node *n, const struct ro_peer *p,
    enum ro_message m);
void ro_note_sent(struct mip6_node *n, struct ro_peer *p, enum ro_message m);

/* ---- mn_ro.c ---- */

/* A new series of tests and updates. */
void ro_begin(struct mip6_node *n, struct ro_peer *p);
/* Takes the next step towards what its state wants. */
void ro_step(struct mip6_node *n, struct ro_peer *p);
/* Nothing is waited for any more. */
void ro_quiet(struct mip6_node *n, struct ro_peer *p);
/* Whether packets may go directly is to be found out anew. */
void ro_look(struct mip6_node *n, struct ro_peer *p);
/* No use asking: quiet for a while. */
void ro_deny(struct mip6_node *n, struct ro_peer *p, enum ro_denial why);
/* MAX_RO_FAILURE messages had no answer. */
void ro_failed(struct mip6_node *n, struct ro_peer *p);
/* From the home address, as its other traffic goes: tunnel or home link. */
void ro_send_home(struct mip6_node *n, struct ro_peer *p, const uint8_t *octets,
    size_t count);
/* Can a home test be made from here, now? */
bool ro_home_test_possible(struct mip6_node *n, const struct ro_peer *p);

static inline bool
ro_maybe_bound(const struct mip6_node *n, const struct ro_peer *p)
{
	return mip6_time_before(n->now.boot, p->maybe_until);
}

/* ---- mn_rr.c ---- */

/* A token that is not too old; `addr`: the one it must be of. */
bool rr_fresh(const struct mip6_node *n, const struct ro_test *t,
    const struct mip6_addr *addr);
void rr_forget(struct ro_test *t);
/* Asks for a token, now or as soon as the rate allows. */
void rr_start(struct mip6_node *n, struct ro_peer *p, bool care_of);
void rr_stop(struct mip6_node *n, struct ro_peer *p, bool care_of);
void rr_timer(struct mip6_node *n, struct ro_peer *p, bool care_of);

/* ---- mn_ro_reg.c ---- */

/* Sends a Binding Update with the tokens there are; `ack`: wait for it. */
void ro_update(struct mip6_node *n, struct ro_peer *p);
void ro_update_timer(struct mip6_node *n, struct ro_peer *p);
/* Asks without waiting that the binding be deleted, if that can be proven. */
void ro_leave(struct mip6_node *n, struct ro_peer *p);
/* The correspondent does not know us: the tunnel has the packets. */
void ro_unknown(struct mip6_node *n, struct ro_peer *p);

#endif
