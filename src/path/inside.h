/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The inside of the packet path, shared by its files:
 *
 *	link.c -> tunnel.c -> tun.c	what links bring, sorted and unwrapped
 *	tun.c  -> tunnel.c -> hop.c	what the TUN gives, wrapped and sent
 *	direct_*.c			route optimization, out, in and its errors
 *	error.c				ICMPv6 errors, made and relayed
 *
 * A packet has one owner.  A function here that takes a `struct mip6_pkt *`
 * that is not const owns it from then on, whatever becomes of it.
 */
#ifndef MIP6_PATH_INSIDE_H
#define MIP6_PATH_INSIDE_H

#include <string.h>

#include "path/frag.h"
#include "path/grace.h"
#include "path/octets.h"
#include "path/path.h"
#include "path/rows.h"
#include "wire/icmp6.h"

#define MIP6_PATH_LINKS    64
#define MIP6_PATH_LOCALS   256
#define MIP6_PATH_WAIT_MAX 3    /* packets for one hop or destination */
#define MIP6_PATH_KEYS     64   /* destinations that wait for a row */
#define MIP6_PATH_RECENT   256  /* pairs remembered as told; power of two */
#define MIP6_PATH_MEMBERS  4096 /* of groups; bounds the copies of a packet */
#define MIP6_PATH_GROUPS   256  /* buckets for them; power of two */
#define MIP6_PATH_RATES    1024 /* limits of errors; power of two */
/* Three probes of RFC 4861, a second each, and some. */
#define MIP6_PATH_WAIT MIP6_SPAN_S(4)

/* A packet that waits, and the largest piece it may be sent in. */
struct mip6_path_wait {
	struct mip6_pkt *pkt;
	uint16_t mtu;
};

struct mip6_path_queue {
	struct mip6_path_wait wait[MIP6_PATH_WAIT_MAX];
	uint32_t count;
	struct mip6_time since; /* the oldest came */
};

struct mip6_path_hop {
	struct mip6_fwd_hop fwd;
	bool set;
	bool told; /* MIP6_HINT_HOP, since it became stale */
	struct mip6_path_rate hints;
	struct mip6_path_queue queue;
};

/* Packets for a neighbour of the home link that has no row yet. */
struct mip6_path_key {
	struct mip6_addr src;
	struct mip6_addr dst;
	struct mip6_path_queue queue;
};

/*
 * Limits of ICMPv6 errors, by home address and with whom: one correspondent's
 * are not at the cost of others.  Kept apart from the rows, which are many and
 * seldom need them: two may share one place.
 */
struct mip6_path_rates {
	struct mip6_path_rate errors; /* sent about its traffic */
	struct mip6_path_rate hints;  /* told to the core */
};

/* Who listens to which group; see mcast.c. */
struct mip6_path_member;
struct mip6_path_mcast {
	uint32_t ifindex; /* the home link; 0: none */
	uint32_t members;
	uint32_t free;                   /* the first unused one */
	struct mip6_path_member *member; /* [MIP6_PATH_MEMBERS], or NULL */
	uint32_t bucket[MIP6_PATH_GROUPS];
};

struct mip6_path_recent {
	uint64_t hash;
	int64_t until_us;
};

struct mip6_path {
	struct mip6_path_env env;
	struct mip6_path_counters counters;
	struct mip6_now now; /* of the call in progress */
	struct mip6_path_rows rows;
	struct mip6_path_grace *grace; /* [MIP6_PATH_GRACES], or NULL */
	struct mip6_path_hop *hop;     /* [env.hops_max] */
	struct mip6_path_key *key;     /* [MIP6_PATH_KEYS] */
	struct mip6_reasm *reasm;
	struct mip6_path_link link[MIP6_PATH_LINKS];
	struct mip6_addr local[MIP6_PATH_LOCALS];
	uint32_t links;
	uint32_t locals;
	uint32_t waiting;          /* packets, in all queues */
	struct mip6_time wait_due; /* not later than the first to time out */
	struct mip6_path_rate errors;
	struct mip6_path_rate hints_no_row;
	struct mip6_path_rate hints_hao;
	struct mip6_path_rate hints_came;
	struct mip6_path_rate hints_error;
	struct mip6_path_recent recent[MIP6_PATH_RECENT];
	struct mip6_path_rates rates[MIP6_PATH_RATES];
	struct mip6_path_mcast mcast;
	uint32_t frag_id;
	uint16_t tun_mtu;
};

/* path.c */
void mip6_path_drop(struct mip6_path *p, enum mip6_drop why,
    struct mip6_pkt *pkt);
bool mip6_path_is_local(const struct mip6_path *p, const struct mip6_addr *a);
const struct mip6_path_link *mip6_path_link_find(const struct mip6_path *p,
    uint32_t ifindex);
struct mip6_path_rates *mip6_path_rates(struct mip6_path *p,
    const struct mip6_path_row *row);
/* A buffer with a copy of the octets; NULL: none (counted). */
struct mip6_pkt *mip6_path_copy(struct mip6_path *p, const uint8_t *octets,
    size_t count);
/*
 * Room for `octets` octets in front of the packet, which is moved in its
 * buffer when need be.  false: there is none; dropped and counted.
 */
bool mip6_path_room(struct mip6_path *p, struct mip6_pkt *pkt, size_t octets);
/*
 * Checks the fixed header and the length, and cuts off padding behind the
 * packet.  false: it was dropped.
 */
bool mip6_path_trim(struct mip6_path *p, struct mip6_pkt *pkt);

/* hop.c */
/* Sends to a hop, now or when it becomes usable, in pieces up to `mtu`. */
void mip6_path_hop_send(struct mip6_path *p, uint32_t hop, struct mip6_pkt *pkt,
    uint16_t mtu);
/* Sends on a link to a link-layer address (not used where there is none). */
void mip6_path_link_send(struct mip6_path *p, const struct mip6_path_link *l,
    const struct mip6_lladdr *to, struct mip6_pkt *pkt, uint16_t mtu);
/* false: no more may wait; the packet was dropped. */
bool mip6_path_queue_add(struct mip6_path *p, struct mip6_path_queue *q,
    struct mip6_pkt *pkt, uint16_t mtu);
void mip6_path_queue_drop(struct mip6_path *p, struct mip6_path_queue *q,
    enum mip6_drop why);
void mip6_path_queues_expire(struct mip6_path *p);
void mip6_path_tun_emit(struct mip6_path *p, struct mip6_pkt *pkt);

/* hint.c */
void mip6_path_hint_row_used(struct mip6_path *p, struct mip6_path_row *row);
void mip6_path_hint_no_row(struct mip6_path *p, const struct mip6_addr *src,
    const struct mip6_addr *dst);
/*
 * A packet of (row->home, peer) went through the tunnel, or `came` out of it;
 * told when the row wants it and the pair has no direct row.
 */
void mip6_path_hint_peer(struct mip6_path *p, const struct mip6_path_row *row,
    const struct mip6_addr *peer, bool came);
void mip6_path_hint_hop(struct mip6_path *p, struct mip6_path_hop *hop);
/* A mobility or ND packet; `peer` NULL: not out of a tunnel. */
void mip6_path_hint_packet(struct mip6_path *p, struct mip6_pkt *pkt,
    const struct mip6_addr *peer);
/* An ICMPv6 error; `row` NULL: about a packet of the core. */
void mip6_path_hint_error(struct mip6_path *p, struct mip6_path_row *row,
    struct mip6_pkt *pkt);
void mip6_path_hint_hao(struct mip6_path *p, struct mip6_pkt *pkt,
    const struct mip6_ip6_view *v);

/* error.c */
/*
 * Answers `about` with an ICMPv6 error, through the TUN or the tunnel to its
 * source; `row`, whose traffic it is, limits the rate and gives the source
 * address.
 */
void mip6_path_error(struct mip6_path *p, struct mip6_path_row *row,
    const struct mip6_pkt *about, uint8_t type, uint8_t code, uint32_t word);
/* The same on the link it came from, to the neighbour that sent it. */
void mip6_path_error_link(struct mip6_path *p, const struct mip6_addr *src,
    const struct mip6_pkt *about, uint8_t type, uint8_t code, uint32_t word);
/* An ICMPv6 error to an address of ours, its message at `at`. */
void mip6_path_error_in(struct mip6_path *p, struct mip6_pkt *pkt, size_t at);

/* An error that was made ready, about a packet `v` of the row's traffic. */
void mip6_path_error_give(struct mip6_path *p, struct mip6_path_row *row,
    const struct mip6_icmp6_error *e, const struct mip6_ip6_view *v);

/* direct_out.c */
enum mip6_path_direct {
	MIP6_DIRECT_DONE,      /* sent or dropped */
	MIP6_DIRECT_REWRITTEN, /* to be sent as other traffic of its home is */
	MIP6_DIRECT_NOT        /* as it was: to be sent as without the row */
};
/*
 * Out: the packet of a direct row; `base` is the row of (home, ::), or NULL.
 * The packet passes only with MIP6_DIRECT_DONE.
 */
enum mip6_path_direct mip6_path_direct_out(struct mip6_path *p,
    struct mip6_path_row *row, const struct mip6_path_row *base,
    struct mip6_pkt *pkt);

/* direct_in.c */
/* The row of a pair that is direct, or NULL. */
struct mip6_path_row *mip6_path_direct_row(const struct mip6_path *p,
    const struct mip6_addr *our, const struct mip6_addr *other);
/*
 * Is a Home Address option in the packet, if there is one, of a binding with
 * the source it comes from?  `row`: of its pair, or NULL.
 */
bool mip6_path_direct_proven(const struct mip6_path_row *row,
    const struct mip6_ip6_view *v);
/*
 * In: a packet for this node, not of mobility, that has a Home Address option
 * or a type 2 routing header.  `coa`: it came natively to an address of ours
 * that is no home address.
 */
void mip6_path_direct_in(struct mip6_path *p, struct mip6_pkt *pkt,
    const struct mip6_ip6_view *v, bool coa, bool merged);
/*
 * Takes both headers out of a packet, or of the start of one, without fault
 * and whose view is `v`, and puts the home addresses in.  Returns by how many octets it is shorter.
 */
uint32_t mip6_path_direct_strip(struct mip6_pkt *pkt,
    const struct mip6_ip6_view *v);

/* direct_error.c */
/* The direct row that sent a quoted packet; NULL: none. */
struct mip6_path_row *mip6_path_direct_quoted(const struct mip6_path *p,
    const struct mip6_ip6_view *q);
/*
 * A copy of the quoted packet, of which `octets` are there, as the application
 * sent it; NULL: no buffer, or its headers do not end within the copy.
 */
struct mip6_pkt *mip6_path_direct_plain(struct mip6_path *p,
    const uint8_t *quoted, size_t octets, const struct mip6_ip6_view *q,
    uint32_t *removed);
/*
 * An error, its checksum verified, that quotes `q`.  false: that is no packet
 * of a direct row; pkt stays with the caller.
 */
bool mip6_path_direct_error(struct mip6_path *p, struct mip6_pkt *pkt,
    const struct mip6_icmp6 *m, const struct mip6_ip6_view *q);
/* The same for an ICMPv6 message at `at` to a home address of ours. */
bool mip6_path_direct_error_home(struct mip6_path *p, struct mip6_pkt *pkt,
    size_t at);

/* tunnel.c */
/*
 * Out: encapsulates and sends.  `ours`: a packet of the core or an error made
 * here, for which scope and nesting are not asked.
 */
void mip6_path_tunnel_out(struct mip6_path *p, struct mip6_path_row *row,
    struct mip6_pkt *pkt, bool ours);
/* One to which route optimization added `added` octets. */
void mip6_path_tunnel_out_direct(struct mip6_path *p, struct mip6_path_row *row,
    struct mip6_pkt *pkt, uint32_t added);
/* In: the inner packet starts at `at`; the outer destination is ours. */
void mip6_path_tunnel_in(struct mip6_path *p, struct mip6_pkt *pkt, size_t at,
    bool merged);
/*
 * To the TUN, checksum finished and merged segments cut.  `merged`: it came
 * larger than its link.
 */
void mip6_path_to_tun(struct mip6_path *p, struct mip6_pkt *pkt, bool merged);

/*
 * Finishes the checksum, and cuts merged segments to `mtu`.  A list along
 * `next`; NULL: dropped.  What a sender made larger than `mtu` stays whole.
 */
struct mip6_pkt *mip6_path_whole(struct mip6_path *p, struct mip6_pkt *pkt,
    uint32_t mtu, bool merged);

/* mcast.c */
void mip6_path_mcast_fini(struct mip6_path *p);
/* Is it a message of Multicast Listener Discovery, to a group of its link? */
bool mip6_path_is_mld(const struct mip6_pkt *pkt);
/* May a member want what that link brought? */
bool mip6_path_mcast_wants(const struct mip6_path *p, uint32_t ifindex,
    const struct mip6_pkt *pkt);
/* To the members: what the home link brought. */
void mip6_path_mcast_in(struct mip6_path *p, struct mip6_pkt *pkt, bool merged);
/* To the home link and the other members: what came through `row`'s tunnel. */
void mip6_path_mcast_out(struct mip6_path *p, struct mip6_path_row *row,
    struct mip6_pkt *pkt, bool merged);

/* tun.c */
/* What the host gives: a bare packet, trimmed. */
void mip6_path_out(struct mip6_path *p, struct mip6_pkt *pkt);
/* A packet made here for an address behind a tunnel or on the host. */
void mip6_path_reply(struct mip6_path *p, struct mip6_pkt *pkt);
/* Packets that waited for (home, other), or any of home, go out again. */
void mip6_path_retry(struct mip6_path *p, const struct mip6_addr *home,
    const struct mip6_addr *other);

static inline struct mip6_addr
mip6_path_src(const struct mip6_pkt *pkt)
{
	struct mip6_addr a;

	memcpy(a.b, mip6_pkt_octets(pkt) + MIP6_IP6_AT_SRC, sizeof(a.b));
	return a;
}

static inline struct mip6_addr
mip6_path_dst(const struct mip6_pkt *pkt)
{
	struct mip6_addr a;

	memcpy(a.b, mip6_pkt_octets(pkt) + MIP6_IP6_AT_DST, sizeof(a.b));
	return a;
}

#endif
