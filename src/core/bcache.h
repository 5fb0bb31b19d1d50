/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The Binding Cache: a table from home address to binding.
 *
 * Entries live in chunks that never move, since timers point into them, and
 * are named by a number; the keyed index finds one by home address.  Nothing
 * here knows a packet or a rule of the protocol.
 *
 * Implements: RFC 6275 section 9.1 (the data).
 */
#ifndef MIP6_CORE_BCACHE_H
#define MIP6_CORE_BCACHE_H

#include "core/node_int.h"

#define MIP6_BCACHE_NONE UINT32_MAX

enum mip6_binding_state {
	MIP6_BINDING_FREE,
	MIP6_BINDING_PENDING, /* new; the host is not ready yet */
	MIP6_BINDING_REGISTERED,
	MIP6_BINDING_INVALID /* de-registered, its number remembered */
};

/* What the Binding Update said, and what came of it. */
enum mip6_binding_flag {
	MIP6_BINDING_L = 0x01,      /* link-local address compatibility */
	MIP6_BINDING_K = 0x02,      /* key management mobility */
	MIP6_BINDING_R = 0x04,      /* mobile router (RFC 3963) */
	MIP6_BINDING_SAID = 0x07,   /* those of the update */
	MIP6_BINDING_HOSTED = 0x08, /* route and group are asked for */
	MIP6_BINDING_NAMED = 0x10,  /* counts for its mobile's identifier */
	MIP6_BINDING_UNSURE = 0x20, /* may another node have the address? */
	MIP6_BINDING_ANEW = 0x20,   /* of an INVALID one: any number is new */
	MIP6_BINDING_ASKS = 0x40,   /* timer: a first refresh request, */
	MIP6_BINDING_ASKED = 0x80   /* or a second one, then the end */
};

#define MIP6_PENDING_NONE UINT16_MAX

/*
 * A million of them: 96 octets each.  When it expires says its timer, see
 * ha_expires.
 */
struct mip6_binding {
	struct mip6_addr hoa; /* key */
	struct mip6_addr coa;
	uint64_t stamp; /* the newest NTP timestamp accepted; 0: none */
	struct mip6_ntimer timer;
	uint32_t hop;       /* held; towards coa.  FREE: the next free one */
	uint32_t gen;       /* of this use of the entry */
	uint32_t route_gen; /* of the last ROUTE_GET */
	uint16_t pending;   /* of the owner; MIP6_PENDING_NONE: nothing */
	uint16_t seq;       /* last accepted */
	uint16_t mtu;       /* towards coa, octets */
	uint16_t granted;   /* lifetime, in units of 4 s */
	uint8_t mtu_minute; /* when `mtu` was learnt; 0: it was not */
	uint8_t state;      /* enum mip6_binding_state */
	uint8_t flags;      /* enum mip6_binding_flag */
	uint8_t local;      /* home prefix of our address; ha_local */
};

#define MIP6_BCACHE_CHUNK 1024

struct mip6_bcache {
	struct mip6_alloc alloc;
	struct mip6_hash_key key;
	struct mip6_index index;
	struct mip6_binding **chunk;
	uint32_t chunks; /* allocated */
	uint32_t chunks_max;
	uint32_t max;   /* entries allowed */
	uint32_t count; /* entries in use */
	uint32_t top;   /* entries ever used */
	uint32_t free;  /* first free one, chained by `hop` */
	enum mip6_timer_kind timer;
	uint32_t gen;
};

/* false: no memory.  `max` bindings; their timers have the kind `timer`. */
bool mip6_bcache_init(struct mip6_bcache *c, const struct mip6_alloc *a,
    const struct mip6_hash_key *key, uint32_t max, enum mip6_timer_kind timer);
void mip6_bcache_fini(struct mip6_bcache *c);

/* The binding of a home address, or MIP6_BCACHE_NONE. */
uint32_t mip6_bcache_find(const struct mip6_bcache *c,
    const struct mip6_addr *hoa);
/*
 * Three steps ahead of a find and a move of the timer, from 0 on: the slot of
 * the index, the binding, the timers beside its own.
 */
#define MIP6_BCACHE_STEPS 3
void mip6_bcache_prefetch(const struct mip6_bcache *c,
    const struct mip6_addr *hoa, unsigned int step);
/* i < top (asserted); its state may be FREE. */
struct mip6_binding *mip6_bcache_get(const struct mip6_bcache *c, uint32_t i);
/*
 * A new PENDING entry for a home address that has none (asserted);
 * MIP6_BCACHE_NONE: the limit, or no memory.
 */
uint32_t mip6_bcache_add(struct mip6_bcache *c, const struct mip6_addr *hoa);
/* Frees an entry; its timer has been stopped (asserted). */
void mip6_bcache_del(struct mip6_bcache *c, uint32_t i);

#endif
