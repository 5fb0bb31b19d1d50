/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Segments of Ethernet and the interfaces on them.  A frame that is sent comes
 * to every other interface that is on the segment when it arrives; on the way
 * it may be late, lost, doubled or overtaken, by the dice of the simulation.
 */
#ifndef MIP6_SIM_NET_H
#define MIP6_SIM_NET_H

#include "base/addr.h"
#include "sim/sim.h"

#define SIM_SEGMENT_IFACES_MAX 24
#define SIM_SEGMENTS_MAX       24
#define SIM_NAME_OCTETS        16
#define SIM_TAPS_MAX           4

struct sim_host;
struct sim_net;
struct sim_segment;

struct sim_iface {
	struct sim_host *host;
	uint32_t ifindex;
	char name[SIM_NAME_OCTETS];
	struct mip6_lladdr lladdr;
	uint16_t mtu;
	struct sim_segment *segment; /* NULL: no carrier */
	int64_t last_arrival_us;     /* of what it sent: keeps the order */
	void (
	    *receive)(struct sim_iface *i, const uint8_t *octets, size_t count);
};

/* What a segment does to frames; all zero: delivers at once, always. */
struct sim_quality {
	int64_t delay_us;
	int64_t jitter_us; /* added, uniform from 0 */
	uint32_t loss_ppm;
	uint32_t dup_ppm;     /* delivered twice */
	uint32_t reorder_ppm; /* overtaken by what is sent after it */
};

struct sim_segment {
	struct sim_net *net;
	char name[SIM_NAME_OCTETS];
	struct sim_quality quality;
	uint16_t mtu;
	/*
	 * The delay is the way between sites, not of one wire: neighbour
	 * discovery on it takes no time.
	 */
	bool wan;
	struct sim_iface *iface[SIM_SEGMENT_IFACES_MAX];
	size_t ifaces;
};

/* What a filter wants done with a frame. */
struct sim_verdict {
	bool drop;
	uint32_t copies;  /* more than one */
	int64_t extra_us; /* delay on top of the segment's */
};

typedef void (*sim_tap_fn)(void *arg, const struct sim_segment *seg,
    const struct sim_iface *from, const uint8_t *octets, size_t count);

struct sim_net {
	struct sim *sim;
	struct sim_segment segment[SIM_SEGMENTS_MAX];
	size_t segments;
	uint32_t lladdrs; /* given out */
	/* Sees every frame that is sent, also those that are lost. */
	struct {
		sim_tap_fn fn;
		void *arg;
	} tap[SIM_TAPS_MAX];
	size_t taps;
	/* A test's hand on the wire; NULL: none. */
	struct sim_verdict (*filter)(void *arg, const struct sim_segment *seg,
	    const struct sim_iface *from, const uint8_t *octets, size_t count);
	void *filter_arg;
	/* Told of every copy that the network makes by itself. */
	void (*doubled)(void *arg, const uint8_t *octets, size_t count);
	void *doubled_arg;
	/* Whether chance must not take this frame; NULL: it takes any. */
	bool (*spare)(void *arg, const struct sim_segment *seg,
	    const uint8_t *octets, size_t count);
	void *spare_arg;
	bool perfect; /* no loss, no copies, no reordering: faults are gone */
	uint64_t sent, lost;
};

void sim_net_init(struct sim_net *n, struct sim *sim);
struct sim_segment *sim_net_segment(struct sim_net *n, const char *name,
    const struct sim_quality *q);
/* NULL: no segment of that name. */
struct sim_segment *sim_net_find(struct sim_net *n, const char *name);
void sim_net_tap(struct sim_net *n, sim_tap_fn fn, void *arg);
struct mip6_lladdr sim_net_lladdr(struct sim_net *n);

/* Takes the interface off its segment, if any, and puts it on `seg`. */
void sim_iface_attach(struct sim_iface *i, struct sim_segment *seg);
/* Sends a whole frame.  Without carrier nothing happens. */
void sim_iface_send(struct sim_iface *i, const uint8_t *octets, size_t count);

#endif
