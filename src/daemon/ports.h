/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The open ports in the event loop: bursts in, batches out.
 */
#ifndef MIP6_DAEMON_PORTS_H
#define MIP6_DAEMON_PORTS_H

#include "mip6/pkt.h"
#include "platform/platform.h"

#define MIP6_PORTS_MAX    64
#define MIP6_PORTS_BURSTS 4 /* of one port before others have their turn */

struct event;
struct event_base;
struct mip6_ports;

struct mip6_ports_slot {
	struct mip6_ports *ports;
	struct mip6_port *port; /* NULL: unused */
	struct event *readable;
	struct event *again; /* there may be more than `readable` tells */
	struct mip6_pkt *out[MIP6_PKT_BURST];
	size_t out_count;
};

struct mip6_ports {
	struct event_base *base;
	struct mip6_pool *pool;
	/* A burst came; the packets pass to the callee. */
	void (*received)(void *arg, uint32_t ifindex,
	    struct mip6_pkt *const *pkt, size_t n);
	/* Nothing more is read for now. */
	void (*rest)(void *arg);
	void *arg;
	struct mip6_ports_slot slot[MIP6_PORTS_MAX];
};

/* Waits for packets of `port`, which stays the caller's.  0, or an errno. */
int mip6_ports_add(struct mip6_ports *p, struct mip6_port *port);
/* Sends what is collected and forgets the port, which is returned, or NULL. */
struct mip6_port *mip6_ports_remove(struct mip6_ports *p, uint32_t ifindex);
bool mip6_ports_has(const struct mip6_ports *p, uint32_t ifindex);
/* The i-th port, NULL past the last. */
struct mip6_port *mip6_ports_get(const struct mip6_ports *p, size_t i);

/* Collects a packet for a link; without such a port it goes to the pool. */
bool mip6_ports_send(struct mip6_ports *p, uint32_t ifindex,
    struct mip6_pkt *pkt);
/* Sends what was collected. */
void mip6_ports_flush(struct mip6_ports *p);

#endif
