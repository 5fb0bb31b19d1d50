/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A node and its path, joined: what the daemon runs on a real host and the
 * simulator on a simulated one, the same code in both.
 *
 * Packets and events go in; actions on the path are carried out here, actions
 * on the host go to `act`, frames to `transmit`.  Hints of the path are kept in
 * a bounded queue and given to the node after each burst, so that neither
 * calls into the other.
 */
#ifndef MIP6_ENGINE_ENGINE_H
#define MIP6_ENGINE_ENGINE_H

#include "core/node.h"
#include "path/path.h"

struct mip6_engine;

struct mip6_engine_limits {
	uint32_t rows, hops, waiting, reassembly;
	uint32_t packets, big_packets; /* buffers in the pool */
};
/*
 * What suits one host: 4,096 rows of tunnels and all of direct traffic, 1,024
 * hops, 64 waiting, 64 reassembled.
 */
extern const struct mip6_engine_limits mip6_engine_limits_default;

struct mip6_engine_env {
	struct mip6_alloc alloc;
	const struct mip6_log *log;
	uint8_t seed[MIP6_SEED_OCTETS];
	uint8_t stable_secret[MIP6_SEED_OCTETS];
	enum mip6_coa_owner coa_owner; /* see mip6_node_env */
	struct mip6_engine_limits limits;
	/* A frame for link `ifindex` (0: a packet for the TUN); owns pkt. */
	void (*transmit)(void *arg, uint32_t ifindex, struct mip6_pkt *pkt);
	/*
	 * An action on the host.  Its end, when act->id is not 0, is told by
	 * mip6_engine_event(MIP6_EV_DONE), never from within this call.
	 */
	void (*act)(void *arg, const struct mip6_action *act);
	/* Every event before the node sees it, for recording; may be NULL. */
	void (*record)(void *arg, const struct mip6_now *now,
	    const struct mip6_event *ev);
	void *arg;
};

struct mip6_engine *mip6_engine_new(const struct mip6_engine_env *env,
    const struct mip6_now *now);
void mip6_engine_free(struct mip6_engine *e);

/* Buffers for those who receive; what they get they pass to the engine. */
struct mip6_pool *mip6_engine_pool(struct mip6_engine *e);

/* A burst of n <= MIP6_PKT_BURST packets from link `ifindex`, or the TUN (0). */
void mip6_engine_packets(struct mip6_engine *e, const struct mip6_now *now,
    uint32_t ifindex, struct mip6_pkt *const *pkt, size_t n);

/* One event.  A LINK event also tells the path of the link. */
void mip6_engine_event(struct mip6_engine *e, const struct mip6_now *now,
    const struct mip6_event *ev);

/* Does what is due at `now`. */
void mip6_engine_timer(struct mip6_engine *e, const struct mip6_now *now);
struct mip6_time mip6_engine_deadline(const struct mip6_engine *e);

const struct mip6_node *mip6_engine_node(const struct mip6_engine *e);
const struct mip6_path *mip6_engine_path(const struct mip6_engine *e);

/* Drops of node and path in one list. */
struct mip6_drops mip6_engine_drops(const struct mip6_engine *e);

#endif
