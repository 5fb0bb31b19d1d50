/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A ping: an echo request every interval, answered by the other host.
 */
#include <string.h>

#include "base/rw.h"
#include "sim/transport.h"
#include "wire/icmp6.h"

#define PING_OCTETS_MAX 8192

static void
ping_send(struct sim_flow *f, struct sim_host *from, bool reply, uint16_t seq,
    size_t octets)
{
	uint8_t m[PING_OCTETS_MAX];
	struct mip6_wr w = mip6_wr_make(m, sizeof(m));
	struct mip6_icmp6 echo = { .type = MIP6_ICMP6_ECHO_REQUEST,
		.word = (uint32_t)f->id << 16 | seq };
	struct sim_ping *p = (struct sim_ping *)f;
	size_t count;

	if (reply)
		echo.type = MIP6_ICMP6_ECHO_REPLY;
	mip6_icmp6_write(&w, &echo);
	mip6_wr_zero(&w, octets + SIM_TRAILER_OCTETS);
	if (w.failed)
		return;
	count = w.pos;
	sim_copy_mark(f->transport, m, count);
	if (sim_host_send(from, reply ? &f->server_addr : &f->client_addr,
		reply ? &f->client_addr : &f->server_addr, MIP6_NH_ICMPV6, 0, m,
		count) != SIM_SENT &&
	    !reply)
		p->unreachable++;
}

static void
ping_tick(void *arg, uint64_t tag)
{
	struct sim_ping *p = arg;
	struct sim *s = p->flow.transport->sim;

	(void)tag;
	if (!p->running)
		return;
	sim_in(s, p->interval_us, ping_tick, p, 0);
	if (p->paused)
		return;
	if (!sim_flow_open(&p->flow)) {
		p->unreachable++;
		return;
	}
	if (p->sent == SIM_PING_SEQS_MAX)
		sim_fail(s, "more than %d pings", SIM_PING_SEQS_MAX);
	ping_send(&p->flow, p->flow.client, false, (uint16_t)p->sent++,
	    p->octets);
}

void
sim_ping_input(struct sim_flow *f, struct sim_host *h, bool reply,
    const uint8_t *body, size_t count)
{
	struct sim_ping *p = (struct sim_ping *)f;
	int64_t now_us = f->transport->sim->now_us;
	struct mip6_icmp6 m;
	uint16_t seq;

	if (mip6_icmp6_read(body, count, &m, NULL) != MIP6_PARSE_OK ||
	    m.body_octets < SIM_TRAILER_OCTETS)
		return;
	seq = (uint16_t)m.word;
	if (!reply) {
		ping_send(f, h, true, seq, m.body_octets - SIM_TRAILER_OCTETS);
		return;
	}
	if (seq >= p->sent || p->seen[seq])
		return;
	p->seen[seq] = true;
	p->answered++;
	if (now_us - p->last_answer_us > p->gap_us)
		p->gap_us = now_us - p->last_answer_us;
	p->last_answer_us = now_us;
	if (p->first_answer_us == 0)
		p->first_answer_us = now_us;
}

void
sim_ping_start(struct sim_transport *t, struct sim_ping *p,
    struct sim_host *client, struct sim_host *server,
    const struct mip6_addr *to, const struct mip6_addr *home,
    int64_t interval_us)
{
	memset(p, 0, sizeof(*p));
	sim_flow_add(t, &p->flow, client, server, to, home);
	p->interval_us = interval_us;
	p->octets = 56;
	p->last_answer_us = t->sim->now_us;
	p->running = true;
	sim_in(t->sim, 0, ping_tick, p, 0);
}

void
sim_ping_stop(struct sim_ping *p)
{
	p->running = false;
}

void
sim_ping_pause(struct sim_ping *p, bool on)
{
	p->paused = on;
}

void
sim_ping_mark(struct sim_ping *p)
{
	p->gap_us = 0;
	p->first_answer_us = 0;
}
