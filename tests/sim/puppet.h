/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A peer that says what the test wants said: Binding Updates and Binding
 * Acknowledgements with any field, right or wrong.  The authenticator of RFC
 * 4285 is computed here a second time, from the RFC's words, not with the
 * core's code.
 */
#ifndef MIP6_SIM_PUPPET_H
#define MIP6_SIM_PUPPET_H

#include "sim/sight.h"

struct sim_puppet {
	struct sim_host *host;
	struct mip6_addr addr; /* of its own: a care-of or an agent's address */
	struct mip6_conf_sa sa;
	/* What came for it last. */
	struct sim_sight last;
	uint8_t octets[2048];
	uint64_t received;
	/* Called for each Mobility Header message; may be NULL. */
	void (
	    *heard)(void *arg, struct sim_puppet *p, const struct sim_sight *s);
	void *arg;
};

/* Every field of a message; what is zero is left out. */
struct sim_message {
	struct mip6_addr src, dst; /* on the wire */
	struct mip6_addr hao, rh2; /* ::: none */
	struct mip6_addr coa, hoa; /* what the authenticator covers */
	struct mip6_mh mh;
	bool wrong_key, wrong_checksum;
	const struct mip6_conf_sa *sa; /* NULL: not authenticated */
	size_t cut;                    /* octets left off at the end */
};

/* The host takes mobility packets itself from now on. */
void sim_puppet_init(struct sim_puppet *p, struct sim_host *h,
    const struct mip6_addr *addr, const struct mip6_conf_sa *sa);
/* A Binding Update as a mobile node would send it; change it, then send it. */
struct sim_message sim_puppet_bu(const struct sim_puppet *p,
    const struct sim_world *w, const struct mip6_addr *hoa, uint16_t seq,
    int64_t lifetime_s);
/* The acknowledgement that a home agent would give to the update `bu`. */
struct sim_message sim_puppet_ba(const struct sim_puppet *p,
    const struct sim_sight *bu, uint8_t status, int64_t lifetime_s);
void sim_puppet_send(struct sim_puppet *p, const struct sim_message *m);
/* Is the message authenticated with this key, by the RFC's words? */
bool sim_puppet_authentic(const struct mip6_conf_sa *sa,
    const struct sim_sight *s, const struct mip6_addr *coa,
    const struct mip6_addr *hoa);

#endif
