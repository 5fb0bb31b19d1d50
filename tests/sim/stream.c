/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A reliable stream: a window of segments, cumulative acknowledgements,
 * retransmission of the first missing segment after three acknowledgements
 * that say the same, and of everything, with back-off, after a timeout.
 * Octet n of a stream is a function of n, so that the receiver sees a change.
 * It is reset when SIM_STREAM_RETRIES timeouts in a row bring no answer.
 */
#include <string.h>

#include "base/rw.h"
#include "sim/transport.h"

#define STREAM_UDP_OCTETS  8
#define STREAM_HEAD_OCTETS 20
#define STREAM_RTO_US      (1 * SIM_S)
#define STREAM_RTO_MAX_US  (8 * SIM_S)
#define STREAM_TICK_US     (20 * SIM_MS)
#define STREAM_SLOW        500 /* octets a second: written every 3 s */
#define STREAM_SLOW_US     (3 * SIM_S)
#define STREAM_SAME_ACKS   3

static uint8_t
stream_octet(uint64_t at)
{
	uint64_t x = (at >> 3) * UINT64_C(0x9e3779b97f4a7c15);

	return (uint8_t)((x ^ (x >> 29)) >> (8 * (at & 7)));
}

static struct sim_host *
stream_sender(const struct sim_stream *s)
{
	return s->download ? s->flow.server : s->flow.client;
}

/* Sends DATA (from the sender) or ACK (from the receiver). */
static enum sim_sent
stream_emit(struct sim_stream *s, uint8_t type, uint64_t at, uint16_t data)
{
	uint8_t m[SIM_PACKET_OCTETS_MAX];
	struct mip6_wr w = mip6_wr_make(m, sizeof(m));
	bool from_client = (type == SIM_DATA) != s->download;
	struct sim_flow *f = &s->flow;
	uint16_t k;

	mip6_wr_u16(&w, 49152);
	mip6_wr_u16(&w, f->id);
	mip6_wr_u16(&w, 0);
	mip6_wr_u16(&w, 0);
	mip6_wr_u8(&w, type);
	mip6_wr_zero(&w, 9);
	mip6_wr_u64(&w, at);
	mip6_wr_u16(&w, data);
	for (k = 0; k < data; k++)
		mip6_wr_u8(&w, stream_octet(at + k));
	mip6_wr_zero(&w, SIM_TRAILER_OCTETS);
	mip6_wr_patch_u16(&w, 4, (uint16_t)w.pos);
	sim_copy_mark(f->transport, m, w.pos);
	return sim_host_send(from_client ? f->client : f->server,
	    from_client ? &f->client_addr : &f->server_addr,
	    from_client ? &f->server_addr : &f->client_addr, MIP6_NH_UDP, 0, m,
	    w.pos);
}

static uint16_t
stream_segment(const struct sim_stream *s)
{
	const struct sim_flow *f = &s->flow;
	uint16_t mtu = sim_host_mtu(stream_sender(s),
	    s->download ? &f->server_addr : &f->client_addr,
	    s->download ? &f->client_addr : &f->server_addr);

	return (uint16_t)(mtu - MIP6_IP6_OCTETS - STREAM_UDP_OCTETS -
	    STREAM_HEAD_OCTETS - SIM_TRAILER_OCTETS);
}

/* What the application has written so far. */
static uint64_t
stream_written(const struct sim_stream *s)
{
	int64_t now_us =
	    s->paused ? s->paused_us : s->flow.transport->sim->now_us;
	int64_t us = now_us - s->started_us;
	uint64_t n;

	if (s->octets_per_s == 0)
		return s->octets;
	if (s->octets_per_s < STREAM_SLOW)
		us -= us % STREAM_SLOW_US;
	n = (uint64_t)us * s->octets_per_s / (uint64_t)SIM_S;
	return n < s->octets ? n : s->octets;
}

static void stream_timeout(void *arg, uint64_t tag);

static void
stream_arm(struct sim_stream *s)
{
	s->timer++;
	if (s->una < s->nxt)
		sim_in(s->flow.transport->sim, s->rto_us, stream_timeout, s,
		    s->timer);
}

static void
stream_push(struct sim_stream *s)
{
	uint64_t end = stream_written(s), left, start = s->nxt;
	uint16_t data;

	if (!sim_flow_open(&s->flow))
		return;
	while (s->running && s->nxt < end) {
		data = stream_segment(s);
		if (s->nxt + data > s->una + (uint64_t)data * SIM_STREAM_WINDOW)
			break;
		left = end - s->nxt;
		if (data > left) {
			/* A small segment waits for what is under way. */
			if (s->nxt > s->una)
				break;
			data = (uint16_t)left;
		}
		if (stream_emit(s, SIM_DATA, s->nxt, data) == SIM_TOO_BIG)
			break; /* the next is smaller */
		s->nxt += data;
	}
	if (start == s->una && s->nxt > start)
		stream_arm(s);
}

/* The first segment that is missing, once more. */
static void
stream_resend(struct sim_stream *s)
{
	uint64_t left = s->nxt - s->una;
	uint16_t data = stream_segment(s);

	if (data > left)
		data = (uint16_t)left;
	(void)stream_emit(s, SIM_DATA, s->una, data);
}

static void
stream_timeout(void *arg, uint64_t tag)
{
	struct sim_stream *s = arg;

	if (tag != s->timer || !s->running)
		return;
	if (++s->retries > SIM_STREAM_RETRIES) {
		s->resets++;
		s->running = false;
		sim_trace(s->flow.transport->sim, "       flow %u is reset",
		    s->flow.id);
		return;
	}
	s->rto_us *= 2;
	if (s->rto_us > STREAM_RTO_MAX_US)
		s->rto_us = STREAM_RTO_MAX_US;
	s->nxt = s->una;
	stream_push(s);
	if (s->nxt == s->una) {
		/* Not even sent: try again. */
		sim_in(s->flow.transport->sim, s->rto_us, stream_timeout, s,
		    ++s->timer);
	}
}

static void
stream_tick(void *arg, uint64_t tag)
{
	struct sim_stream *s = arg;

	(void)tag;
	if (!s->running)
		return;
	stream_push(s);
	if (!sim_stream_done(s))
		sim_in(s->flow.transport->sim,
		    s->paused ||
			    (s->octets_per_s > 0 &&
				s->octets_per_s < STREAM_SLOW) ?
			STREAM_SLOW_US :
			STREAM_TICK_US,
		    stream_tick, s, 0);
}

static void
stream_acked(struct sim_stream *s, uint64_t at)
{
	int64_t now_us = s->flow.transport->sim->now_us;

	if (at < s->una || at > s->octets)
		return;
	if (at == s->una) {
		if (s->una < s->nxt && ++s->same_acks == STREAM_SAME_ACKS)
			stream_resend(s);
		return;
	}
	if (now_us - s->progress_us > s->gap_us)
		s->gap_us = now_us - s->progress_us;
	s->progress_us = now_us;
	s->una = at;
	if (s->nxt < at)
		s->nxt = at;
	s->same_acks = 0;
	s->retries = 0;
	s->rto_us = STREAM_RTO_US;
	stream_arm(s);
	stream_push(s);
}

/* Keeps a piece that came before its turn; forgets it when there is no room. */
static void
stream_keep(struct sim_stream *s, uint64_t from, uint64_t to)
{
	size_t i;

	for (i = 0; i < SIM_STREAM_WINDOW; i++)
		if (s->ahead[i].to <= s->received || s->ahead[i].from == from) {
			s->ahead[i].from = from;
			s->ahead[i].to = to;
			return;
		}
}

/* Takes what fits on, as long as something does. */
static void
stream_join(struct sim_stream *s)
{
	size_t i;

	for (i = 0; i < SIM_STREAM_WINDOW; i++) {
		if (s->ahead[i].from > s->received ||
		    s->ahead[i].to <= s->received)
			continue;
		s->received = s->ahead[i].to;
		i = SIZE_MAX; /* from the start again */
	}
}

static void
stream_data(struct sim_stream *s, uint64_t at, const uint8_t *data,
    uint16_t count)
{
	uint16_t k;

	for (k = 0; k < count; k++)
		if (data[k] != stream_octet(at + k))
			s->changed++;
	if (at > s->received)
		stream_keep(s, at, at + count);
	else if (at + count > s->received)
		s->received = at + count;
	stream_join(s);
	(void)stream_emit(s, SIM_ACK, s->received, 0);
}

void
sim_stream_input(struct sim_flow *f, struct sim_host *h, const uint8_t *octets,
    size_t count)
{
	struct sim_stream *s = (struct sim_stream *)f;
	struct mip6_rd r = mip6_rd_make(octets, count);
	const uint8_t *view;
	uint64_t at;
	uint16_t data;
	uint8_t type;

	type = mip6_rd_u8(&r);
	mip6_rd_skip(&r, 9);
	at = mip6_rd_u64(&r);
	data = mip6_rd_u16(&r);
	view = mip6_rd_view(&r, data);
	if (r.failed)
		return;
	if (type == SIM_DATA && h != stream_sender(s))
		stream_data(s, at, view, data);
	else if (type == SIM_ACK && h == stream_sender(s) && s->running)
		stream_acked(s, at);
}

void
sim_stream_start(struct sim_transport *t, struct sim_stream *s,
    struct sim_host *client, struct sim_host *server,
    const struct mip6_addr *to, const struct mip6_addr *home)
{
	struct sim_stream empty = { .download = s->download,
		.octets = s->octets,
		.octets_per_s = s->octets_per_s };

	*s = empty;
	sim_flow_add(t, &s->flow, client, server, to, home);
	s->rto_us = STREAM_RTO_US;
	s->started_us = s->progress_us = t->sim->now_us;
	s->running = true;
	sim_in(t->sim, 0, stream_tick, s, 0);
}

void
sim_stream_stop(struct sim_stream *s)
{
	s->running = false;
}

void
sim_stream_pause(struct sim_stream *s, bool on)
{
	int64_t now_us = s->flow.transport->sim->now_us;

	if (s->paused == on)
		return;
	s->paused = on;
	if (on)
		s->paused_us = now_us;
	else /* as if it had not been */
		s->started_us += now_us - s->paused_us;
}

bool
sim_stream_idle(const struct sim_stream *s)
{
	return s->una == s->nxt && s->received == s->nxt;
}

void
sim_stream_finish(struct sim_stream *s)
{
	s->octets = s->nxt > s->received ? s->nxt : s->received;
}

bool
sim_stream_done(const struct sim_stream *s)
{
	return s->una == s->octets && s->received == s->octets;
}
