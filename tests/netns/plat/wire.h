/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A wire with both ends here: the platform's port at HOST_LINK, where the host
 * has its address, and a plain portable port at HOST_PEER that plays the rest
 * of the world.  An echo request of the peer, which the kernel answers, stands
 * behind what was sent: its reply says that all before it was handled.
 */
#ifndef NETNS_PLAT_WIRE_H
#define NETNS_PLAT_WIRE_H

#include "base/rw.h"
#include "fix.h"

#define IO_HOME "2001:db8:1::100"

struct io {
	struct fix *f;
	struct mip6_pool *pool;
	struct mip6_port *port;    /* at HOST_LINK */
	struct mip6_port *peer;    /* at HOST_PEER */
	struct mip6_pkt *got[512]; /* by the port */
	size_t count;
	struct mip6_pkt *back[512]; /* by the peer */
	size_t backs;
	uint16_t echo;
	uint32_t fragments; /* identification of the last packet cut */
};

struct io_packet {
	uint8_t octets[2048];
	struct mip6_wr w;
};

#define IO_WAIT(io, cond)                                                      \
	do {                                                                   \
		int64_t io_until = mip6_plat_now().mono.us + 5000000;          \
		while (!(cond) && mip6_plat_now().mono.us < io_until)          \
			io_take((io), 20);                                     \
		assert_true(cond);                                             \
	} while (0)

/* Gives back all that was taken. */
void io_clear(struct io *io);
/* A started platform with CAPTURE on, and both ports. */
struct io *io_start(struct fix *f);
/* Nothing is left; a packet not given back fails. */
void io_stop(struct io *io);
/* Takes what both ports have, waiting for `ms` at the most. */
void io_take(struct io *io, int ms);
/* Sends a frame from the peer, as given. */
void io_frame(struct io *io, const void *octets, size_t count);
/* The headers of a packet from HOST_NEIGHBOUR; one at a time. */
struct io_packet *io_begin(const char *to, uint8_t next_header);
/* Sends it, its length filled in. */
void io_send(struct io *io, struct io_packet *p);
/* Internet checksum of the upper layer, from octet 54 on. */
uint16_t io_checksum(const struct io_packet *p, uint8_t proto);
/* ICMPv6 of `type` in what came back; `seq`: of an echo, or -1. */
size_t io_back(const struct io *io, uint8_t type, int seq);
/* ICMPv6 errors in what came back. */
size_t io_errors(const struct io *io);
/* All that was sent before has been handled when this returns. */
void io_barrier(struct io *io);
/* Packets that the port has taken, without ICMPv6. */
size_t io_seen(const struct io *io);

#endif
