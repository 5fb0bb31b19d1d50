/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Addresses, routes and rules that are ours: a table of records, found by what
 * they are for.
 */
#ifndef MIP6_PLATFORM_COMMON_WANT_TABLE_H
#define MIP6_PLATFORM_COMMON_WANT_TABLE_H

#include "base/hash.h"
#include "core/action.h"

#define MIP6_WANT_NONE UINT32_MAX

enum mip6_want_kind { MIP6_WANT_ADDR, MIP6_WANT_ROUTE, MIP6_WANT_RULE };

struct mip6_want_key {
	uint32_t kind;
	uint32_t number; /* ADDR: link; ROUTE, RULE: table */
	uint32_t bits;
	struct mip6_addr addr;
};

struct mip6_want {
	struct mip6_want_key key;
	bool used, wanted;
	bool missing;  /* somebody deleted it */
	bool borrowed; /* was there before: not ours to remove */
	bool optimistic;
	bool seen;         /* ADDR: reported since it was asked for */
	uint32_t settling; /* ADDR: the slot that waits for that, or NONE */
	uint16_t inflight; /* requests not acknowledged */
	uint32_t ifindex;  /* ROUTE */
	struct mip6_addr gateway;      /* ROUTE */
	uint32_t valid_s, preferred_s; /* ADDR */
	uint64_t journal;              /* 0: not in it */
};

struct mip6_wants {
	struct mip6_want *want;
	uint32_t cap, used;
	uint32_t unused; /* head of a list through key.number */
	struct mip6_index index;
	struct mip6_hash_key hash_key;
	bool missing; /* some are to be put back */
	bool gone;    /* some are to be forgotten */
};

bool mip6_wants_init(struct mip6_wants *w);
void mip6_wants_fini(struct mip6_wants *w);
/* An index, or MIP6_WANT_NONE. */
uint32_t mip6_wants_find(const struct mip6_wants *w,
    const struct mip6_want_key *k);
/* The key is new.  MIP6_WANT_NONE: no room. */
uint32_t mip6_wants_new(struct mip6_wants *w, const struct mip6_want_key *k);
void mip6_wants_del(struct mip6_wants *w, uint32_t i);

/* Can there ever be such an address, or such a route? */
bool mip6_want_addr_valid(const struct mip6_act_addr *a);
bool mip6_want_route_valid(const struct mip6_act_route *a);

#define MIP6_WANT_FOREVER UINT32_MAX

/* Microseconds to whole seconds, up; MIP6_WANT_FOREVER from the largest. */
uint32_t mip6_want_seconds(struct mip6_span s);

/* Does this errno say that what was to be removed is not there? */
bool mip6_is_gone(int error);

#endif
