/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What somebody with a sniffer on every segment sees, so that a scenario
 * reads like a ladder diagram:
 *
 *	bu = sim_see(x, SIM_BU, "mn", SIM_S);
 *	ba = sim_see(x, SIM_BA, "ha", SIM_S);
 *
 * Each call runs the simulation until the next packet of that kind, sent by
 * that host on any segment, after the one seen last.
 */
#ifndef MIP6_SIM_SIGHT_H
#define MIP6_SIM_SIGHT_H

#include "sim/world.h"
#include "wire/eth.h"
#include "wire/icmp6.h"
#include "wire/mh.h"
#include "wire/nd.h"

enum sim_kind {
	SIM_OTHER,
	SIM_RS,
	SIM_RA,
	SIM_NS,
	SIM_NA,
	SIM_BRR,
	SIM_BU,
	SIM_BA,
	SIM_BE,
	SIM_MH,   /* another Mobility Header message */
	SIM_PING, /* echo request */
	SIM_PONG, /* echo reply */
	SIM_UDP,
	SIM_MPS,    /* Mobile Prefix Solicitation */
	SIM_MPA,    /* Mobile Prefix Advertisement */
	SIM_ERROR,  /* ICMPv6 error; see icmp.type */
	SIM_TUNNEL, /* IPv6 in IPv6; what is inside: inner_kind */
	SIM_FRAGMENT,
	SIM_BAD, /* refused by a parser of src/wire: see parse, why */
	SIM_ANY  /* for asking: whatever it is */
};

struct sim_sight {
	int64_t at_us;
	const struct sim_segment *segment;
	const struct sim_iface *from;
	enum sim_kind kind, inner_kind;
	enum mip6_parse parse; /* of what was refused */
	const char *why;       /* "": nothing was */
	struct mip6_eth eth;
	struct mip6_ip6_view v, inner; /* inner: of a tunnelled packet */
	/* Of the packet, or of the tunnelled one. */
	struct mip6_mh mh;
	struct mip6_nd nd;
	struct mip6_icmp6 icmp;
	struct mip6_mp mp;
	size_t count;
	const uint8_t *octets; /* from the Ethernet header on */
};

/* Reads a frame; pointers of *s go into it. */
void sim_sight_read(struct sim_sight *s, const uint8_t *octets, size_t count);
const char *sim_kind_name(enum sim_kind k);

struct sim_watch {
	struct sim_world *world;
	struct sim_sight **sight;
	size_t count, cap;
	size_t next; /* the first not looked at yet */
};

void sim_watch_init(struct sim_watch *x, struct sim_world *w);
void sim_watch_fini(struct sim_watch *x);

/*
 * The next packet of `kind` (inside a tunnel, too, for all but SIM_TUNNEL)
 * that host `from` (NULL: any) sends within `within_us`; NULL: none.
 */
const struct sim_sight *sim_see(struct sim_watch *x, enum sim_kind kind,
    const char *from, int64_t within_us);
/* The same on one segment. */
const struct sim_sight *sim_see_on(struct sim_watch *x, enum sim_kind kind,
    const char *from, const char *segment, int64_t within_us);
/* How many of that kind there were from `since_us` on, till now. */
size_t sim_seen(const struct sim_watch *x, enum sim_kind kind, const char *from,
    int64_t since_us);
/* What was not looked at yet is not looked at any more. */
void sim_look_away(struct sim_watch *x);

#endif
