/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Inside mobile prefix discovery at the home agent: ha_prefix.c keeps the
 * list of home prefixes and notices changes, ha_round.c says when which
 * mobile node is told of one, ha_mpd.c sends and counts.
 */
#ifndef MIP6_CORE_HA_MPD_INT_H
#define MIP6_CORE_HA_MPD_INT_H

#include "core/ha_int.h"

#define HA_PREFIX_ADV_RETRIES 3              /* RFC 6275 section 12 */
#define HA_PREFIX_ADV_TIMEOUT MIP6_SPAN_S(3) /* RFC 6275 section 12 */
/* R6.8-07: between two to one mobile node. */
#define HA_MPA_INTERVAL MIP6_SPAN_S(1)

#define HA_HEARD_MAX (MIP6_ND_PREFIXES_MAX - MIP6_HOME_PREFIXES_MAX)
/* Advertisements under way: not acknowledged, or put off. */
#define HA_DELIVERIES_MAX 1024
/* Mobile nodes that were sent one within the last second. */
#define HA_RECENT_MAX 4096
/* Bindings looked at in one step of a round. */
#define HA_ROUND_CHUNK 1024

/* A home prefix of our configuration, as it was told last. */
struct ha_own_prefix {
	struct mip6_conf_home_prefix c;
	struct mip6_time since;   /* configured like this */
	struct mip6_addr address; /* ours; ::: none there */
};

/* A prefix of the home link that another home agent advertises. */
struct ha_heard_prefix {
	bool used;
	struct mip6_nd_prefix p; /* as heard last */
	struct mip6_time valid, preferred;
};

/*
 * Every mobile node is told once in a round, each at its own moment: that is
 * a function of its home address, and kept nowhere.
 */
struct ha_round {
	bool on;
	struct mip6_time begun;
	struct mip6_span first; /* nobody's delay is shorter */
	struct mip6_addr salt;
	/* Of each home prefix: RAND_ADV_DELAY is in low .. low + width. */
	struct mip6_span low[MIP6_HOME_PREFIXES_MAX];
	struct mip6_span width[MIP6_HOME_PREFIXES_MAX];
};

struct ha_delivery {
	bool used;
	bool answer;  /* a solicitation `id` is to be answered */
	bool dormant; /* all was tried; the next registration wakes it */
	uint8_t sent; /* unsolicited ones */
	uint16_t id;
	uint32_t binding;
	uint32_t next; /* free list */
	struct mip6_addr hoa;
	struct mip6_ntimer timer;
};

struct ha_recent {
	uint32_t binding;
	struct mip6_time until;
};

struct ha_mpd {
	struct ha_own_prefix own[MIP6_HOME_PREFIXES_MAX];
	uint32_t owns;
	struct ha_heard_prefix heard[HA_HEARD_MAX];
	bool changed; /* since everybody was last told */

	struct ha_round round[2]; /* of now, and the one before */
	struct mip6_ntimer walk;
	uint32_t cursor;              /* the next binding to be looked at */
	struct mip6_time looked;      /* when its chunk was begun */
	struct mip6_time next;        /* the next moment found in this pass */
	struct mip6_time *chunk_done; /* when each chunk was looked at */
	uint32_t chunks;

	struct ha_delivery delivery[HA_DELIVERIES_MAX];
	uint32_t delivery_free;
	uint32_t victim; /* where a dormant one is looked for */
	struct mip6_index index;
	struct ha_recent recent[HA_RECENT_MAX];
};

/* ---- ha_prefix.c ---- */

/* Notes whether our addresses in the home prefixes are others. */
void ha_prefix_places(struct mip6_node *n);
/* The whole list (R10.6.2-03), as it is now; at most MIP6_ND_PREFIXES_MAX. */
uint8_t ha_prefix_list(const struct mip6_node *n, struct mip6_time now,
    struct mip6_nd_prefix *p);

/* ---- ha_round.c ---- */

/* What is advertised changed: everybody is told, in due time. */
void ha_round_begin(struct mip6_node *n);
/* A binding came that the walk may have passed. */
void ha_round_join(struct mip6_node *n, uint32_t i);
void ha_round_step(struct mip6_node *n);

/* ---- ha_mpd.c ---- */

/* Tells the mobile node of binding `i`; false: no room now. */
bool ha_mpd_deliver(struct mip6_node *n, uint32_t i);

#endif
