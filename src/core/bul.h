/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * One entry of the Binding Update List: what was sent to one node about one
 * home address, what of it was acknowledged, and when the next may go.
 *
 * Pure bookkeeping: no timers, no packets.  Several updates may be under way
 * at once (retransmissions, a move in between); an acknowledgement matches the
 * one whose sequence number it carries, and a lifetime counts from the moment
 * that very update was sent, so that we never believe in a binding longer than
 * its keeper does.
 *
 * Implements: RFC 6275 sections 11.1, 11.7.3 (matching and lifetime), 11.8.
 */
#ifndef MIP6_CORE_BUL_H
#define MIP6_CORE_BUL_H

#include "base/addr.h"
#include "base/time.h"

#define MIP6_MAX_UPDATE_RATE         3 /* per second; RFC 6275 section 12 */
#define MIP6_MAX_BINDACK_TIMEOUT     MIP6_SPAN_S(32)
#define MIP6_INITIAL_BINDACK_TIMEOUT MIP6_SPAN_S(1)
#define MIP6_BUL_OUTSTANDING_MAX     8

struct mip6_bul_sent {
	bool used;
	uint16_t seq;
	struct mip6_time at;
	struct mip6_span lifetime; /* asked for; 0: de-registration */
	struct mip6_addr coa;
	uint64_t stamp; /* RFC 4285 timestamp, NTP; 0: none */
};

struct mip6_bul_entry {
	uint16_t seq; /* of the last update sent */
	struct mip6_bul_sent sent[MIP6_BUL_OUTSTANDING_MAX];
	struct mip6_time sent_at[MIP6_MAX_UPDATE_RATE]; /* newest first */
	struct mip6_span timeout; /* before the next retransmission */
	uint32_t unanswered;      /* sent since the last answer */
	struct mip6_time first_unanswered;

	struct mip6_addr coa;     /* acknowledged; ::: none */
	struct mip6_time expires; /* of the acknowledged binding */
	struct mip6_span granted;
};

void mip6_bul_init(struct mip6_bul_entry *e, uint16_t seq);

/*
 * R11.8-05: the earliest moment at which another update may go, at most
 * MAX_UPDATE_RATE a second.
 */
struct mip6_time mip6_bul_may_send(const struct mip6_bul_entry *e,
    struct mip6_time now);

/*
 * Notes an update sent now and returns the sequence number it carries, newer
 * than all before (R11.8-06).  The oldest outstanding one is forgotten when
 * there are too many.
 */
uint16_t mip6_bul_note_sent(struct mip6_bul_entry *e, struct mip6_time now,
    const struct mip6_addr *coa, struct mip6_span lifetime, uint64_t stamp);

/* The outstanding update with this sequence number, or NULL. */
const struct mip6_bul_sent *mip6_bul_match(const struct mip6_bul_entry *e,
    uint16_t seq);
/* The outstanding update with this timestamp (not 0), or NULL. */
const struct mip6_bul_sent *mip6_bul_match_stamp(const struct mip6_bul_entry *e,
    uint64_t stamp);

/*
 * An acknowledgement of `s` granted `granted`.  Sets coa and expires (R11.7.3-
 * 03: never beyond what was asked, counted from sending) and forgets `s` and
 * everything older.
 */
void mip6_bul_acknowledge(struct mip6_bul_entry *e,
    const struct mip6_bul_sent *s, struct mip6_span granted);

/* An answer of any kind: nothing is outstanding any more. */
void mip6_bul_forget_sent(struct mip6_bul_entry *e);
/* The binding is gone. */
void mip6_bul_unbind(struct mip6_bul_entry *e);
/* Whether an acknowledged binding is alive. */
bool mip6_bul_bound(const struct mip6_bul_entry *e, struct mip6_time now);
/* R11.7.3-05: the next update is newer than `seq`. */
void mip6_bul_adopt(struct mip6_bul_entry *e, uint16_t seq);
/* Doubles the timeout up to MAX_BINDACK_TIMEOUT (R11.8-03). */
void mip6_bul_back_off(struct mip6_bul_entry *e);

/* R9.1-03, R9.5.1-02: is `a` newer than `b`, modulo 2^16? */
bool mip6_seq_newer(uint16_t a, uint16_t b);

#endif
