/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What arrives at a host is checked here before ping or stream see it: the
 * flow is known, it is the right host, both addresses are the flow's, and the
 * copy has not been here more often than it may.
 */
#include "sim/transport.h"

#include <stdlib.h>
#include <string.h>

#include "base/rw.h"
#include "wire/cksum.h"
#include "wire/icmp6.h"

#define TRANSPORT_MAGIC      UINT64_C(0x6d697036636f7079)
#define TRANSPORT_UDP_OCTETS 8

uint64_t
sim_copy_of(const uint8_t *octets, size_t count)
{
	struct mip6_rd r;

	if (count < SIM_TRAILER_OCTETS)
		return 0;
	r = mip6_rd_make(octets + count - SIM_TRAILER_OCTETS,
	    SIM_TRAILER_OCTETS);
	if (mip6_rd_u64(&r) != TRANSPORT_MAGIC)
		return 0;
	return mip6_rd_u64(&r);
}

void
sim_copy_mark(struct sim_transport *t, uint8_t *octets, size_t count)
{
	struct mip6_wr w = mip6_wr_make(octets + count - SIM_TRAILER_OCTETS,
	    SIM_TRAILER_OCTETS);
	uint64_t copy = ++t->copies;

	if (copy >= t->cap) {
		t->cap = t->cap == 0 ? 1024 : t->cap * 2;
		t->allowed = realloc(t->allowed, t->cap);
		t->arrived = realloc(t->arrived, t->cap);
		if (t->allowed == NULL || t->arrived == NULL)
			abort();
	}
	t->allowed[copy] = t->unshielded ? 2 : 1;
	t->arrived[copy] = 0;
	mip6_wr_u64(&w, TRANSPORT_MAGIC);
	mip6_wr_u64(&w, copy);
}

static void
transport_doubled(void *arg, const uint8_t *octets, size_t count)
{
	struct sim_transport *t = arg;
	uint64_t copy = sim_copy_of(octets, count);

	uint8_t more = t->unshielded ? 2 : 1;

	if (copy != 0 && copy <= t->copies &&
	    t->allowed[copy] <= UINT8_MAX - more)
		t->allowed[copy] = (uint8_t)(t->allowed[copy] + more);
}

/* The flow of a packet that came to `h`, or the end of the simulation. */
static struct sim_flow *
transport_check(struct sim_transport *t, struct sim_host *h,
    const struct mip6_ip6_view *v, const uint8_t *octets, size_t count,
    uint16_t id)
{
	uint64_t copy = sim_copy_of(octets, count);
	struct sim_flow *f;
	bool up, down;

	if (copy == 0 || copy > t->copies || id >= t->flows)
		return NULL; /* not ours */
	f = t->flow[id];
	if (!f->used)
		return NULL;
	up = h == f->server && mip6_addr_equal(&v->ip.src, &f->client_addr) &&
	    mip6_addr_equal(&v->ip.dst, &f->server_addr);
	down = h == f->client && mip6_addr_equal(&v->ip.src, &f->server_addr) &&
	    mip6_addr_equal(&v->ip.dst, &f->client_addr);
	if (!up && !down)
		sim_fail(t->sim, "%s: flow %u sees %s > %s", h->name, id,
		    mip6_addr_text(&v->ip.src).s, mip6_addr_text(&v->ip.dst).s);
	if (++t->arrived[copy] > t->allowed[copy])
		sim_fail(t->sim, "%s: copy %llu of flow %u came %u times",
		    h->name, (unsigned long long)copy, id, t->arrived[copy]);
	if (t->arrived[copy] > 1)
		t->twice++;
	t->delivered++;
	return f;
}

static void
transport_icmp(void *arg, struct sim_host *h, const struct mip6_ip6_view *v,
    const uint8_t *octets)
{
	struct sim_transport *t = arg;
	struct sim_flow *f;
	struct mip6_icmp6 m;

	if (mip6_icmp6_receive(octets + v->upper_at, v->upper_octets,
		&v->eff_src, &v->eff_dst, &m, NULL) != MIP6_PARSE_OK)
		return;
	if (m.type != MIP6_ICMP6_ECHO_REQUEST &&
	    m.type != MIP6_ICMP6_ECHO_REPLY)
		return;
	f = transport_check(t, h, v, octets, v->octets,
	    (uint16_t)(m.word >> 16));
	if (f != NULL)
		sim_ping_input(f, h, m.type == MIP6_ICMP6_ECHO_REPLY,
		    octets + v->upper_at, v->upper_octets);
}

static void
transport_udp(void *arg, struct sim_host *h, const struct mip6_ip6_view *v,
    const uint8_t *octets)
{
	struct sim_transport *t = arg;
	struct sim_flow *f;
	struct mip6_rd r;

	if (!mip6_cksum_upper_ok(&v->eff_src, &v->eff_dst, MIP6_NH_UDP,
		octets + v->upper_at, v->upper_octets)) {
		sim_trace(t->sim, "       %-8s bad UDP checksum", h->name);
		return;
	}
	r = mip6_rd_make(octets + v->upper_at, v->upper_octets);
	(void)mip6_rd_u16(&r);
	f = transport_check(t, h, v, octets, v->octets, mip6_rd_u16(&r));
	if (f != NULL)
		sim_stream_input(f, h,
		    octets + v->upper_at + TRANSPORT_UDP_OCTETS,
		    v->upper_octets - TRANSPORT_UDP_OCTETS);
}

void
sim_transport_init(struct sim_transport *t, struct sim_net *net)
{
	memset(t, 0, sizeof(*t));
	t->sim = net->sim;
	net->doubled = transport_doubled;
	net->doubled_arg = t;
}

void
sim_transport_fini(struct sim_transport *t)
{
	free(t->allowed);
	free(t->arrived);
	memset(t, 0, sizeof(*t));
}

void
sim_transport_attach(struct sim_transport *t, struct sim_host *h)
{
	sim_host_upper(h, MIP6_NH_ICMPV6, transport_icmp, t);
	sim_host_upper(h, MIP6_NH_UDP, transport_udp, t);
}

void
sim_flow_add(struct sim_transport *t, struct sim_flow *f,
    struct sim_host *client, struct sim_host *server,
    const struct mip6_addr *to, const struct mip6_addr *home)
{
	if (t->flows == SIM_FLOWS_MAX)
		sim_fail(t->sim, "more than %d flows", SIM_FLOWS_MAX);
	memset(f, 0, sizeof(*f));
	f->transport = t;
	f->used = true;
	f->id = (uint16_t)t->flows;
	f->client = client;
	f->server = server;
	f->server_addr = *to;
	f->home = *home;
	t->flow[t->flows++] = f;
}

bool
sim_flow_open(struct sim_flow *f)
{
	if (f->open)
		return true;
	if (!sim_host_source(f->client, &f->server_addr, &f->client_addr))
		return false;
	/* An unbound socket of a mobile node gets the home address. */
	if (!mip6_addr_is_any(&f->home) &&
	    !mip6_addr_equal(&f->home, &f->client_addr))
		return false;
	f->open = true;
	return true;
}
