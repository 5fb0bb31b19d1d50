/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Mobile nodes by the hundred thousand: home address, SPI, key, identifier,
 * packed (57 octets each at a million with keys of 16 octets, index and all)
 * and found in a time that does not depend on how many there are.  A roster is
 * filled once and read from then on.
 */
#ifndef MIP6_CORE_ROSTER_H
#define MIP6_CORE_ROSTER_H

#include "base/hash.h"
#include "core/conf.h"

#define MIP6_ROSTER_MAX 4194304

struct mip6_roster;

/* NULL: no memory. */
struct mip6_roster *mip6_roster_new(const struct mip6_alloc *a,
    const struct mip6_hash_key *key);
/* Wipes the keys. */
void mip6_roster_free(struct mip6_roster *r);

/*
 * Adds a mobile node that is not there yet (asserted), with its key; clock
 * slack and treatment of sequence numbers are the defaults for all.  false: no
 * memory, or MIP6_ROSTER_MAX reached.
 */
bool mip6_roster_add(struct mip6_roster *r, const struct mip6_conf_mobile *m);

uint32_t mip6_roster_count(const struct mip6_roster *r);

/* Copies the mobile node of a home address to *to; false: there is none. */
bool mip6_roster_find(const struct mip6_roster *r, const struct mip6_addr *hoa,
    struct mip6_conf_mobile *to);
/* The same without copying. */
bool mip6_roster_has(const struct mip6_roster *r, const struct mip6_addr *hoa);

/* Two steps ahead of a find: 0 and 1. */
void mip6_roster_prefetch(const struct mip6_roster *r,
    const struct mip6_addr *hoa, unsigned int step);

/*
 * Copies the next one, in the order they were added; *at is 0 at first.
 * false: that was the last.
 */
bool mip6_roster_next(const struct mip6_roster *r, uint32_t *at,
    struct mip6_conf_mobile *to);

/* Octets of memory in use. */
size_t mip6_roster_octets(const struct mip6_roster *r);

#endif
