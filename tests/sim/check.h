/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What must hold at every step, whatever the network, the hosts and the tests
 * do:
 *
 * - every packet that is sent is one that our own parsers take, of right
 *   length and checksum, within the MTU, from the sender's own MAC;
 * - a mobile node sends nothing with its home address outside the tunnel,
 *   but on its home link;
 * - a mobile node makes at most 3 Binding Updates a second for each of those
 *   it has bindings with, and what waited for the router's address (3 packets)
 *   may come on top once;
 * - the home agent accepts no sequence number that is not newer than the last;
 * - a mobile node believes in no binding that its home agent has not, nor for
 *   longer;
 * - no kernel answers a mobility packet (where faults allow to ask for it).
 *
 * Transport's own rules are in transport.h, the timers' in daemon.c.
 */
#ifndef MIP6_SIM_CHECK_H
#define MIP6_SIM_CHECK_H

#include "sim/sight.h"

#define SIM_UPDATE_RATE 3 /* MAX_UPDATE_RATE, RFC 6275 section 12 */
#define SIM_PEERS_MAX   8

struct sim_rate {
	struct mip6_addr to;
	int64_t at_us[2 * SIM_UPDATE_RATE]; /* the latest, newest first */
	uint64_t count;
};

struct sim_check_mobile {
	/* Binding Updates, by whom they are for. */
	struct sim_rate made[SIM_PEERS_MAX], sent[SIM_PEERS_MAX];
	int64_t started_us; /* by the daemon that runs since then */
	/* The sequence number accepted last by the agent that runs now. */
	bool has_seq;
	uint16_t seq;
	uint64_t acks; /* accepting acknowledgements seen */
};

struct sim_check {
	struct sim_world *world;
	struct sim_check_mobile mobile[SIM_MN_MAX];
	int64_t ha_started_us;
	bool ha_running;
	bool puppets; /* somebody sends bad packets on purpose */
	bool strays;  /* a kernel may see mobility packets */
	bool leaks;   /* a host may have refused the routes of a home address */
	uint64_t frames;
};

/* Watches the world from now on; a breach ends the simulation. */
void sim_check_init(struct sim_check *c, struct sim_world *w);

#endif
