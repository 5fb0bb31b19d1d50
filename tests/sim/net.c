/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A frame under way is a copy that belongs to its event.  Frames of one sender
 * keep their order, jitter or not, unless the dice say "overtaken".
 */
#include "sim/net.h"

#include <stdlib.h>
#include <string.h>

#include "wire/describe.h"
#include "wire/eth.h"
#include "wire/ip6.h"
#include "wire/nd.h"

/* How much later a frame comes that is overtaken, at the most. */
#define NET_OVERTAKEN_US (20 * SIM_MS)

struct net_transit {
	struct sim_segment *segment;
	const struct sim_iface *from;
	size_t count;
	uint8_t octets[];
};

void
sim_net_init(struct sim_net *n, struct sim *sim)
{
	memset(n, 0, sizeof(*n));
	n->sim = sim;
}

struct sim_segment *
sim_net_segment(struct sim_net *n, const char *name,
    const struct sim_quality *q)
{
	struct sim_segment *seg;

	if (n->segments == SIM_SEGMENTS_MAX)
		sim_fail(n->sim, "more than %d segments", SIM_SEGMENTS_MAX);
	seg = &n->segment[n->segments++];
	seg->net = n;
	seg->mtu = 1500;
	(void)snprintf(seg->name, sizeof(seg->name), "%s", name);
	if (q != NULL)
		seg->quality = *q;
	return seg;
}

struct sim_segment *
sim_net_find(struct sim_net *n, const char *name)
{
	size_t i;

	for (i = 0; i < n->segments; i++)
		if (strcmp(n->segment[i].name, name) == 0)
			return &n->segment[i];
	return NULL;
}

void
sim_net_tap(struct sim_net *n, sim_tap_fn fn, void *arg)
{
	if (n->taps == SIM_TAPS_MAX)
		sim_fail(n->sim, "more than %d taps", SIM_TAPS_MAX);
	n->tap[n->taps].fn = fn;
	n->tap[n->taps++].arg = arg;
}

struct mip6_lladdr
sim_net_lladdr(struct sim_net *n)
{
	uint32_t k = ++n->lladdrs;

	return (struct mip6_lladdr){ { 0x02, 0, 0, 0, (uint8_t)(k >> 8),
	    (uint8_t)k } };
}

void
sim_iface_attach(struct sim_iface *i, struct sim_segment *seg)
{
	struct sim_segment *old = i->segment;
	size_t k;

	if (old != NULL) {
		for (k = 0; old->iface[k] != i; k++)
			;
		memmove(&old->iface[k], &old->iface[k + 1],
		    (old->ifaces - k - 1) * sizeof(old->iface[0]));
		old->ifaces--;
	}
	i->segment = seg;
	if (seg == NULL)
		return;
	if (seg->ifaces == SIM_SEGMENT_IFACES_MAX)
		sim_fail(seg->net->sim, "segment %s is full", seg->name);
	seg->iface[seg->ifaces++] = i;
}

static void
net_arrive(void *arg, uint64_t tag)
{
	struct net_transit *t = arg;
	struct sim_iface *to[SIM_SEGMENT_IFACES_MAX];
	size_t i, n = 0;

	(void)tag;
	/* A receiver may move interfaces: the list is fixed first. */
	for (i = 0; i < t->segment->ifaces; i++)
		if (t->segment->iface[i] != t->from)
			to[n++] = t->segment->iface[i];
	for (i = 0; i < n; i++)
		if (to[i]->segment == t->segment)
			to[i]->receive(to[i], t->octets, t->count);
	free(t);
}

static void
net_trace(struct sim_segment *seg, const struct sim_iface *i,
    const uint8_t *octets, size_t count, const char *fate)
{
	struct sim *s = seg->net->sim;
	char text[512], words[600];
	struct mip6_fmt f = mip6_fmt_make(text, sizeof(text));

	sim_trace_octets(s, octets, count);
	sim_trace_octets(s, fate, strlen(fate));
	if (s->trace == NULL)
		return;
	if (count > MIP6_ETH_OCTETS)
		mip6_describe_packet(&f, octets + MIP6_ETH_OCTETS,
		    count - MIP6_ETH_OCTETS);
	(void)snprintf(words, sizeof(words), "%-6s %-8s %s%s", seg->name,
	    i->name, text, fate);
	sim_trace_words(s, words);
}

static void
net_launch(struct sim_segment *seg, struct sim_iface *i, const uint8_t *octets,
    size_t count, int64_t delay_us, bool out_of_order)
{
	struct sim *s = seg->net->sim;
	struct net_transit *t = sim_alloc(sizeof(*t) + count);
	int64_t at_us = s->now_us + delay_us;

	t->segment = seg;
	t->from = i;
	t->count = count;
	memcpy(t->octets, octets, count);
	if (!out_of_order) {
		if (at_us < i->last_arrival_us)
			at_us = i->last_arrival_us;
		i->last_arrival_us = at_us;
	}
	sim_at_owned(s, at_us, net_arrive, t);
}

static bool
net_is_nd(const uint8_t *octets, size_t count)
{
	const uint8_t *p = octets + MIP6_ETH_OCTETS;

	return count > MIP6_ETH_OCTETS + MIP6_IP6_OCTETS &&
	    p[MIP6_IP6_AT_NEXT_HEADER] == MIP6_NH_ICMPV6 &&
	    mip6_nd_is_nd(p[MIP6_IP6_OCTETS]);
}

void
sim_iface_send(struct sim_iface *i, const uint8_t *octets, size_t count)
{
	struct sim_segment *seg = i->segment;
	struct sim_verdict v = { false, 1, 0 };
	struct sim_quality q;
	struct sim_net *n;
	bool overtaken, lost, at_once;
	int64_t delay_us;
	size_t k;

	if (seg == NULL)
		return;
	n = seg->net;
	q = seg->quality;
	if (n->perfect)
		q.loss_ppm = q.dup_ppm = q.reorder_ppm = 0;
	n->sent++;
	if (n->filter != NULL)
		v = n->filter(n->filter_arg, seg, i, octets, count);
	lost = sim_rng_chance(&n->sim->rng, q.loss_ppm);
	if (lost && n->spare != NULL &&
	    n->spare(n->spare_arg, seg, octets, count))
		lost = false;
	lost |= v.drop;
	if (sim_rng_chance(&n->sim->rng, q.dup_ppm))
		v.copies++;
	overtaken = sim_rng_chance(&n->sim->rng, q.reorder_ppm);
	delay_us = q.delay_us + v.extra_us +
	    sim_rng_range(&n->sim->rng, 0, q.jitter_us);
	at_once = seg->wan && net_is_nd(octets, count);
	if (at_once)
		delay_us = v.extra_us;
	if (overtaken)
		delay_us +=
		    1 + sim_rng_range(&n->sim->rng, 0, NET_OVERTAKEN_US);
	net_trace(seg, i, octets, count,
	    lost             ? " LOST" :
		v.copies > 1 ? " TWICE" :
		overtaken    ? " OVERTAKEN" :
			       "");
	for (k = 0; k < n->taps; k++)
		n->tap[k].fn(n->tap[k].arg, seg, i, octets, count);
	if (lost) {
		n->lost++;
		return;
	}
	for (k = 0; k < v.copies; k++) {
		if (k > 0 && n->doubled != NULL)
			n->doubled(n->doubled_arg, octets, count);
		net_launch(seg, i, octets, count, delay_us,
		    overtaken || v.extra_us > 0 || at_once);
	}
}
