/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Inside the home agent: ha.c judges Binding Updates, ha_reg.c carries
 * registrations through, ha_host.c answers for the mobile nodes on the home
 * link.
 */
#ifndef MIP6_CORE_HA_INT_H
#define MIP6_CORE_HA_INT_H

#include "core/bcache.h"

#define HA_MAX_DELETE_BCE_TIMEOUT MIP6_SPAN_S(10) /* RFC 6275 section 12 */
#define HA_ANNOUNCE_MAX           256

/* A valid Binding Update, and what its answer needs. */
struct ha_update {
	struct mip6_addr hoa, coa;
	struct mip6_addr src, dst; /* on the wire */
	bool has_hao;
	uint32_t ifindex;
	struct mip6_lladdr ll_src;
	size_t octets; /* of the whole packet */
	uint16_t seq;
	struct mip6_span lifetime; /* asked for, then granted */
	bool has_stamp;
	uint64_t stamp;
	const struct mip6_conf_mobile *mobile; /* NULL: insecure */
};

/* A registration that waits for the host. */
struct ha_pending {
	bool used;
	bool deregister;
	uint32_t binding;
	uint32_t next;   /* free list */
	uint32_t hosts;  /* actions whose end is awaited */
	bool route;      /* the answer of ROUTE_GET is awaited */
	int host_error;  /* of route and group */
	int route_error; /* of the way to the care-of address */
	struct mip6_route way;
	struct ha_update bu;
};

struct ha_announce {
	uint32_t binding, gen;
	uint8_t left;
};

struct mip6_ha {
	const struct mip6_conf_ha *c;
	struct mip6_bcache bcache;
	uint64_t *last_stamp; /* one for each c->mobile, NTP */
	uint32_t mobiles;
	bool configured;          /* not for the first time */
	uint32_t ifindex;         /* home link; 0: not there */
	struct mip6_addr address; /* ours; ::: not known yet */
	bool address_taken;
	struct ha_pending *pending;
	uint32_t pending_free;
	uint32_t route_gen;
	struct ha_announce announce[HA_ANNOUNCE_MAX];
	uint32_t announcing; /* entries in use */
	struct mip6_ntimer announce_timer;
	struct mip6_ntimer reroute_timer;
	uint32_t reroute_next;
};

/* ---- ha.c ---- */

/* The mobile node with this home address, in the configuration, or NULL. */
const struct mip6_conf_mobile *ha_mobile_find(const struct mip6_ha *ha,
    const struct mip6_addr *hoa);

/*
 * Answers an update: by the binding's hop when `b` is there, else the way the
 * update came.  Signed when the mobile node has a key.
 */
void ha_answer(struct mip6_node *n, const struct ha_update *bu,
    const struct mip6_binding *b, uint8_t status, uint16_t seq,
    struct mip6_span lifetime);

/* ---- ha_reg.c ---- */

void ha_register(struct mip6_node *n, const struct ha_update *bu, uint32_t i);
void ha_deregister(struct mip6_node *n, const struct ha_update *bu, uint32_t i);
/* The binding ends now, for good. */
void ha_remove(struct mip6_node *n, uint32_t i);
bool ha_pending_init(struct mip6_node *n);
void ha_row(struct mip6_node *n, const struct mip6_binding *b);

/* ---- ha_host.c ---- */

/* Defends the home address of a new registration (section 10.4.1). */
void ha_defend(struct mip6_node *n, uint32_t i);

#endif
