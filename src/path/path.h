/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The packet path: rows, tunnels, fragments, offload, on bursts.
 *
 * The path owns the rows and hops it was given, packets that wait for a next
 * hop (3 each), reassembly, and the rate of the ICMPv6 errors it sends.  It
 * never allocates per packet, never reads a clock and never decides: it looks
 * up a row and rewrites.  A packet it cannot place becomes a hint.
 *
 * What it emits is a whole link-layer frame (or a bare IPv6 packet for the TUN
 * and for links without an Ethernet header), through `emit`, in order.
 *
 * Implements: RFC 2473 (encapsulation, hop limit, traffic class, fragments,
 * Packet Too Big), RFC 8200 section 4.5 with RFC 5722, RFC 6275 sections 6.3,
 * 6.4, 9.3, 10.4.2, 10.4.5, 11.3.1 and 11.3.3 as far as packets are concerned.
 */
#ifndef MIP6_PATH_PATH_H
#define MIP6_PATH_PATH_H

#include "base/hash.h"
#include "base/log.h"
#include "base/time.h"
#include "mip6/fwd.h"
#include "mip6/pkt.h"

/* Of the outer header (RFC 2473 section 6.3). */
#define MIP6_TUNNEL_HOP_LIMIT 64

struct mip6_path;

struct mip6_path_env {
	struct mip6_alloc alloc;
	struct mip6_hash_key hash_key;
	struct mip6_pool *pool; /* outlives the path */
	uint32_t rows_max;
	uint32_t hops_max;
	uint32_t waiting_max;    /* packets waiting for next hops, in all */
	uint32_t reassembly_max; /* packets under reassembly at once */
	/*
	 * Takes the packet (ownership too) for link `ifindex`; 0: the TUN.
	 */
	void (*emit)(void *arg, uint32_t ifindex, struct mip6_pkt *pkt);
	/*
	 * Tells the core something.  `pkt` is NULL or holds hint->octets and
	 * passes to the callee, which gives it back to the pool.  The callee
	 * must not call into the path before the path function returned.
	 */
	void (*hint)(void *arg, const struct mip6_hint *hint,
	    struct mip6_pkt *pkt);
	void *arg;
};

/* A link whose packets the path sees. */
struct mip6_path_link {
	uint32_t ifindex;
	struct mip6_lladdr lladdr; /* ours */
	uint16_t mtu;
	bool raw; /* no Ethernet header */
};

/* NULL: no memory. */
struct mip6_path *mip6_path_new(const struct mip6_path_env *env);
void mip6_path_free(struct mip6_path *p);

/*
 * Bursts in.  `n` <= MIP6_PKT_BURST packets pass to the path.  From the TUN:
 * bare IPv6 packets; from a link: from the IPv6 header on, pkt->ll_src set.
 */
void mip6_path_from_tun(struct mip6_path *p, const struct mip6_now *now,
    struct mip6_pkt *const *pkt, size_t n);
void mip6_path_from_link(struct mip6_path *p, const struct mip6_now *now,
    uint32_t ifindex, struct mip6_pkt *const *pkt, size_t n);

/*
 * Sends a packet of the core: `count` octets from the IPv6 header on, to hop
 * `hop`, or, when `lladdr` is not NULL, to that link-layer address on
 * `ifindex`; multicast destinations need neither.  Packets larger than the
 * link are cut into fragments (RFC 8200 section 4.5).
 */
void mip6_path_send(struct mip6_path *p, const struct mip6_now *now,
    uint32_t ifindex, uint32_t hop, const struct mip6_lladdr *lladdr,
    const uint8_t *octets, size_t count);

/*
 * Encapsulates a packet of the core like traffic of `home` and sends it (the
 * row must exist; else it is counted as NO_ROW).
 */
void mip6_path_send_tunnelled(struct mip6_path *p, const struct mip6_now *now,
    const struct mip6_addr *home, const uint8_t *octets, size_t count);

/* Sets or replaces the row of (home, other). false: limit, or no memory. */
bool mip6_path_row_set(struct mip6_path *p, const struct mip6_fwd_row *row);
void mip6_path_row_del(struct mip6_path *p, const struct mip6_addr *home,
    const struct mip6_addr *other);
/* Sets or replaces a hop and sends what waited for it. */
bool mip6_path_hop_set(struct mip6_path *p, const struct mip6_now *now,
    const struct mip6_fwd_hop *hop);
/* An address of ours whose tunnelled and mobility packets are taken. */
bool mip6_path_local_set(struct mip6_path *p, const struct mip6_addr *addr,
    bool on);
bool mip6_path_link_set(struct mip6_path *p, const struct mip6_path_link *l);
void mip6_path_link_del(struct mip6_path *p, uint32_t ifindex);
void mip6_path_tun_mtu(struct mip6_path *p, uint16_t mtu);
/*
 * A member of a group comes or goes; a home address has one member for all
 * sources of a group, or one for each.  false: limit, or no memory.
 */
bool mip6_path_member_set(struct mip6_path *p, const struct mip6_fwd_member *m,
    bool on);
/* The home link, with which mobile nodes exchange multicast; 0: none. */
void mip6_path_mcast_link(struct mip6_path *p, uint32_t ifindex);

/* Drops reassembly and waiting packets that are too old. */
void mip6_path_timer(struct mip6_path *p, const struct mip6_now *now);
/* When mip6_path_timer has something to do. */
struct mip6_time mip6_path_deadline(const struct mip6_path *p);

struct mip6_path_counters {
	struct mip6_drops drops;
	uint64_t from_tun, from_link; /* packets */
	uint64_t to_tun, to_link;
	uint64_t encapsulated, decapsulated, shortcut;
	uint64_t direct_out, direct_in; /* route-optimized packets */
	uint64_t multicast;             /* copies into tunnels */
	uint64_t fragments_out, fragments_in, reassembled;
	uint64_t too_big_sent, unreachable_sent;
	uint64_t checksums_finished, merged_cut;
	uint64_t former;      /* taken from a former care-of address */
	uint64_t former_full; /* one that was not remembered: no room */
	uint32_t rows, hops;
};
const struct mip6_path_counters *mip6_path_counters(const struct mip6_path *p);

/* Octets a row has carried, both directions; false: no such row. */
bool mip6_path_row_octets(const struct mip6_path *p,
    const struct mip6_addr *home, const struct mip6_addr *other, uint64_t *in,
    uint64_t *out);

#endif
