/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The world of the tests: the same one that scripts/lab builds.
 *
 *	     home 2001:db8:1::/64           a 2001:db8:a::/64
 *	    [ha] (or [rh] beside [ha])     [ra]        b, c the same
 *	       \                            |         /   /
 *	        +------------- core --------+--------+---+
 *
 *	mn, mn2, mn3   mobile nodes, begin where the test says
 *	ha             home agent 2001:db8:1::1
 *	cn             correspondent on c, 2001:db8:c::100
 *	nb             a neighbour on the home link, 2001:db8:1::20
 *	peer           a host on a, 2001:db8:a::20
 *
 * Only `core` has delay unless the test says otherwise, so that a round trip
 * between two sites is twice that delay, exactly.
 */
#ifndef MIP6_SIM_WORLD_H
#define MIP6_SIM_WORLD_H

#include "sim/daemon.h"
#include "sim/transport.h"

#define SIM_MN_MAX 3

struct sim_world_conf {
	uint64_t seed;
	FILE *trace;
	const char *replay;
	unsigned int mobiles;  /* 1 .. SIM_MN_MAX; 0: one */
	bool ha_beside_router; /* the home agent is a host, `rh` routes */
	bool autoconf;         /* the mobile nodes' kernels make addresses */
	struct sim_quality core, access; /* access: home, a, b, c */
	uint16_t core_mtu;               /* 0: 1500 */
	int64_t ra_interval_us;          /* 0: 10 s */
	int64_t rs_delay_us;    /* before an answer to a solicitation */
	int64_t act_us;         /* what an action on a host takes */
	int64_t lifetime_s;     /* asked for by the mobile nodes; 0: 420 */
	int64_t lifetime_max_s; /* granted at the most; 0: 3600 */
	bool insecure;          /* no keys */
	int64_t dad_us;         /* 0: 1 s */
};

struct sim_mobile {
	struct sim_host host;
	struct sim_daemon daemon;
	struct mip6_addr hoa;
	struct sim_iface *iface;
	uint64_t moves;
};

struct sim_world {
	struct sim sim;
	struct sim_net net;
	struct sim_transport transport;
	struct sim_world_conf conf;
	struct sim_segment *home, *a, *b, *c, *core;
	struct sim_host ra, rb, rc, rh, ha, cn, nb, peer;
	struct sim_daemon had;
	struct sim_iface *ha_home; /* the home agent's on the home link */
	struct mip6_addr ha_addr, cn_addr, nb_addr, peer_addr;
	struct sim_mobile mn[SIM_MN_MAX];
	size_t mobiles;
};

/* Builds everything; no daemon runs yet, no mobile node has carrier. */
void sim_world_init(struct sim_world *w, const struct sim_world_conf *c);
void sim_world_fini(struct sim_world *w);

/* The home agent's daemon, then each mobile node's. */
void sim_world_start(struct sim_world *w);

/*
 * Takes mobile node `k` off its link now and puts it on `link` ("home", "a",
 * "b", "c") after `outage_us`; NULL: nowhere.
 */
void sim_world_move(struct sim_world *w, size_t k, const char *link,
    int64_t outage_us);

/* Runs until cond(arg), at most `within_us`; false: it did not come true. */
bool sim_world_until(struct sim_world *w, bool (*cond)(void *arg), void *arg,
    int64_t within_us);
/* Runs until mobile node `k` is registered with an address on `link`. */
bool sim_world_registered(struct sim_world *w, size_t k, const char *link,
    int64_t within_us);
/* Runs until it is at home with nothing under way. */
bool sim_world_at_home(struct sim_world *w, size_t k, int64_t within_us);

struct mip6_addr sim_addr_of(const char *text);
/* The /64 of a link by name. */
struct mip6_prefix sim_world_prefix(const char *link);
/* Gives a mobile node its key again, at both ends, from `seed`. */
void sim_world_key(struct sim_world *w, size_t k, uint64_t seed);

#endif
