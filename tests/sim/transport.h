/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Applications of the simulation: a ping and a reliable stream.
 *
 * Both choose their source address once, as an unbound socket does, and know
 * nothing of mobility.  Every packet that they send carries its flow and a
 * number of its own, the copy; what arrives must have exactly the flow's
 * addresses, and each copy arrives at most once (more often only if the
 * network doubled it).  Anything else ends the simulation.
 */
#ifndef MIP6_SIM_TRANSPORT_H
#define MIP6_SIM_TRANSPORT_H

#include "sim/host.h"

#define SIM_FLOWS_MAX      48
#define SIM_PING_SEQS_MAX  16384
#define SIM_STREAM_WINDOW  8
#define SIM_STREAM_RETRIES 15 /* timeouts in a row: then it is reset */

struct sim_transport;

struct sim_flow {
	struct sim_transport *transport;
	uint16_t id;
	bool used, open; /* open: addresses are chosen */
	struct sim_host *client, *server;
	struct mip6_addr client_addr, server_addr;
	/* Where the client is mobile: what its address has to be, or ::. */
	struct mip6_addr home;
};

struct sim_ping {
	struct sim_flow flow;
	int64_t interval_us;
	size_t octets; /* of data */
	uint32_t sent, answered;
	uint32_t unreachable;           /* could not even be sent */
	int64_t last_answer_us, gap_us; /* the longest silence */
	int64_t first_answer_us;        /* after the last sim_ping_mark */
	bool seen[SIM_PING_SEQS_MAX];
	bool running, paused;
};

struct sim_stream {
	struct sim_flow flow;
	bool download;         /* data goes from the server to the client */
	uint64_t octets;       /* to be sent in all */
	uint64_t octets_per_s; /* 0: as fast as the window allows */
	int64_t started_us;
	/* sender */
	uint64_t una, nxt;
	int64_t rto_us;
	uint32_t retries, same_acks;
	uint64_t timer;
	int64_t progress_us, gap_us; /* of acknowledgements */
	/* receiver */
	uint64_t received; /* all octets before it */
	struct {
		uint64_t from, to;
	} ahead[SIM_STREAM_WINDOW]; /* pieces behind a gap */
	/* what went wrong */
	uint32_t resets;
	uint64_t changed; /* octets that are not what was sent */
	bool running, paused;
	int64_t paused_us; /* since then the application writes nothing */
};

struct sim_transport {
	struct sim *sim;
	struct sim_flow *flow[SIM_FLOWS_MAX];
	uint32_t flows;
	uint64_t copies; /* given out */
	size_t cap;
	uint8_t *allowed; /* times copy [i] may arrive */
	uint8_t *arrived;
	uint64_t delivered, twice;
	/* A host may have refused the shield: link and TUN both deliver. */
	bool unshielded;
};

void sim_transport_init(struct sim_transport *t, struct sim_net *net);
void sim_transport_fini(struct sim_transport *t);
/* A host on which pings are answered and streams end. */
void sim_transport_attach(struct sim_transport *t, struct sim_host *h);

/*
 * Begins to ping `to` from `client`, bound to no address.  `server`: the host
 * that has it.  `home`: the address the client must be seen with, or ::.
 */
void sim_ping_start(struct sim_transport *t, struct sim_ping *p,
    struct sim_host *client, struct sim_host *server,
    const struct mip6_addr *to, const struct mip6_addr *home,
    int64_t interval_us);
void sim_ping_stop(struct sim_ping *p);
/* The application sleeps, or goes on; for streams, too. */
void sim_ping_pause(struct sim_ping *p, bool on);
/* From now on the longest gap and the first answer are counted anew. */
void sim_ping_mark(struct sim_ping *p);

void sim_stream_start(struct sim_transport *t, struct sim_stream *s,
    struct sim_host *client, struct sim_host *server,
    const struct mip6_addr *to, const struct mip6_addr *home);
void sim_stream_stop(struct sim_stream *s);
void sim_stream_pause(struct sim_stream *s, bool on);
/* All that was sent is acknowledged. */
bool sim_stream_idle(const struct sim_stream *s);
/* No octet is sent any more that was not sent before. */
void sim_stream_finish(struct sim_stream *s);
bool sim_stream_done(const struct sim_stream *s);

/* ---- between transport.c, ping.c and stream.c ---- */

#define SIM_TRAILER_OCTETS 16

enum sim_proto_type { SIM_ECHO, SIM_DATA, SIM_ACK };

/* Enters a flow; its addresses are chosen at the first send. */
void sim_flow_add(struct sim_transport *t, struct sim_flow *f,
    struct sim_host *client, struct sim_host *server,
    const struct mip6_addr *to, const struct mip6_addr *home);
/* Chooses the client's address when it has none yet; false: no way. */
bool sim_flow_open(struct sim_flow *f);
/* Writes the trailer of a new copy to the last octets of a packet. */
void sim_copy_mark(struct sim_transport *t, uint8_t *octets, size_t count);
/* The copy at the end of a packet; 0: none. */
uint64_t sim_copy_of(const uint8_t *octets, size_t count);

void sim_ping_input(struct sim_flow *f, struct sim_host *h, bool reply,
    const uint8_t *body, size_t count);
void sim_stream_input(struct sim_flow *f, struct sim_host *h,
    const uint8_t *octets, size_t count);

#endif
