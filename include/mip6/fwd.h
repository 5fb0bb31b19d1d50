/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What the core tells the path and what the path may tell the core: the whole
 * interface between them.  Both include this file, never each other.
 *
 * A row says what happens to the traffic of one home address.  It serves both
 * directions, so that a home agent holds one row for each binding.  A hop is a
 * neighbour on a link; rows point at hops by number, so that one router behind
 * a million bindings is one hop.  The path looks up and rewrites; it decides
 * nothing and has no timer but reassembly, rate limits and `before_ends`.
 */
#ifndef MIP6_FWD_H
#define MIP6_FWD_H

#include "base/addr.h"
#include "base/time.h"
#include "mip6/drop.h"

enum mip6_fwd_kind {
	/*
	 * The home address is ours and we are away.  Out: what the TUN gives
	 * with source `home` is encapsulated from `local` to `peer` and sent
	 * to `hop`.  In: a tunnelled packet for `home` is taken when its outer
	 * source is `peer` (R11.3.3-01) and goes to the TUN.
	 */
	MIP6_FWD_MN_TUNNEL,
	/*
	 * The home address is ours and we are at home.  Out: native to `hop`
	 * (the router of the home link), or, for a destination on-link (the
	 * first `onlink_bits` of `home`), to that destination's own row.  In:
	 * what the link `ifindex` brings for `home` goes to the TUN.
	 */
	MIP6_FWD_MN_HOME,
	/* At home: (home, other) is a neighbour; native to `hop`. */
	MIP6_FWD_MN_NEIGHBOUR,
	/*
	 * The home address is ours and nothing is registered: what the TUN
	 * gives is answered with Destination Unreachable.
	 */
	MIP6_FWD_MN_BLOCK,
	/*
	 * Route optimization between `home`, an address of ours, and `other`,
	 * as the applications of both ends know them; on the wire they are
	 * `local` and `peer`.  Out: where `local` differs from `home` a Home
	 * Address option is added, where `peer` differs from `other` a type 2
	 * routing header, and it is sent to `hop`; MIP6_HOP_NONE: as the other
	 * traffic of `home` is, which is away (tunnel) or at home.  In: a Home
	 * Address option with `other` is taken when the source is `peer`
	 * (R9.3.1-03); so is what brings none and comes from `other`.
	 */
	MIP6_FWD_DIRECT,
	/*
	 * The home address is a mobile node's that is registered here.  Out:
	 * what the TUN gives for `home` is encapsulated from `local` to `peer`
	 * (the primary care-of address).  In: a tunnelled packet from `home`
	 * is taken when its outer source is `peer` (R10.4.5-02), or, until
	 * `before_ends`, the former one, `peer_before`; it goes to the TUN, or
	 * straight into the tunnel of another mobile node.
	 * The row of :: is nobody's: what the TUN gives for no other row is
	 * answered with Destination Unreachable from `local`.
	 */
	MIP6_FWD_HA_TUNNEL
};

#define MIP6_HOP_NONE UINT32_MAX

struct mip6_fwd_row {
	struct mip6_addr home;  /* key */
	struct mip6_addr other; /* key; :: stands for everybody */
	struct mip6_addr local; /* outer source */
	struct mip6_addr peer;  /* outer destination */
	enum mip6_fwd_kind kind;
	uint32_t hop;     /* MIP6_HOP_NONE: not known (packets are dropped) */
	uint32_t ifindex; /* MN_HOME: the home link */
	uint16_t mtu;     /* largest outer packet towards `peer`, octets */
	uint8_t onlink_bits; /* MN_HOME: length of the home prefix */
	/*
	 * MN_TUNNEL: each correspondent is told of once in a while, when a
	 * packet for it or from it has no row of its own (MIP6_HINT_NO_ROW
	 * with src `home` and dst the correspondent).
	 */
	bool tell;
	/*
	 * HA_TUNNEL: what the mobile node sent from here before it knew that
	 * the binding moved is under way still.  ::: there is none; one that
	 * was set before goes on while `peer` stays what it is.
	 */
	struct mip6_addr peer_before;
	struct mip6_time before_ends; /* of the time line of deadlines */
};

/*
 * A neighbour as the path needs it.  Until `usable`, packets for it wait (3 at
 * the most) and the path asks once with MIP6_HINT_HOP.
 */
struct mip6_fwd_hop {
	uint32_t hop;     /* the number rows use; small, dense */
	uint32_t ifindex; /* the link it is on */
	struct mip6_lladdr lladdr;
	bool usable;
	bool stale; /* usable, but MIP6_HINT_HOP is wanted at its next use */
	bool raw;   /* the link has no Ethernet header */
	bool dead;  /* waiting packets are dropped and counted (UNRESOLVED) */
};

/*
 * The mobile node `home` listens to `source` (::: everybody) in `group`, which
 * is of global scope: what the home link brings for it is tunnelled.
 */
struct mip6_fwd_member {
	struct mip6_addr group;
	struct mip6_addr source;
	struct mip6_addr home;
};

/*
 * What the path may say, the whole list; adding to it is a design change.
 * Each is limited per row (or hop) and per second by the path.
 */
enum mip6_hint_kind {
	MIP6_HINT_NO_ROW,   /* (src, dst) has no row, or needs one of its own */
	MIP6_HINT_ROW_USED, /* first use of a row since it was set or asked */
	MIP6_HINT_HOP,      /* a packet waits for hop `hop` to become usable */
	MIP6_HINT_HAO,      /* unknown Home Address option: (src, home) */
	MIP6_HINT_ICMP_ERROR, /* octets: the ICMPv6 error, at most 1,280 */
	MIP6_HINT_PACKET      /* octets: a mobility or ND packet, whole */
};

struct mip6_hint {
	enum mip6_hint_kind kind;
	uint32_t hop;
	uint32_t ifindex; /* the link it came from; 0: the TUN */
	struct mip6_addr src;
	struct mip6_addr dst;
	struct mip6_lladdr ll_src; /* PACKET, ICMP_ERROR: link-layer source */
	/*
	 * PACKET: it came through the tunnel with the home agent or mobile
	 * node `tunnel_peer` (:: when not).
	 */
	struct mip6_addr tunnel_peer;
	/* From the IPv6 header; good until the call returns. */
	const uint8_t *octets;
	size_t count;
};

#endif
