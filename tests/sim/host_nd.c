/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Neighbours and routers of a simulated host.
 *
 * Implements, simply: RFC 4861 sections 7.2 (resolution, answers), 7.3
 * (unreachability: reachable 30 s, delay 5 s, three unicast probes) and 6.2
 * (what a router sends, and how it answers a solicitation).
 */
#include "sim/host.h"

#include <stdlib.h>
#include <string.h>

#include "wire/eth.h"
#include "wire/icmp6.h"

#define ND_RETRANS_US   (1 * SIM_S)
#define ND_REACHABLE_US (30 * SIM_S)
#define ND_DELAY_US     (5 * SIM_S)
#define ND_PROBES_MAX   3

void
sim_host_frame(struct sim_iface *i, const struct mip6_lladdr *dst,
    const uint8_t *octets, size_t count)
{
	uint8_t frame[MIP6_ETH_OCTETS + SIM_PACKET_OCTETS_MAX];

	if (count > SIM_PACKET_OCTETS_MAX)
		return;
	mip6_eth_put(frame, dst, &i->lladdr, MIP6_ETHERTYPE_IPV6);
	memcpy(frame + MIP6_ETH_OCTETS, octets, count);
	sim_iface_send(i, frame, MIP6_ETH_OCTETS + count);
}

void
sim_host_nd_emit(struct sim_host *h, struct sim_iface *i,
    const struct mip6_addr *src, const struct mip6_addr *dst,
    const struct mip6_lladdr *lladdr, const struct mip6_nd *m)
{
	uint8_t packet[MIP6_IP6_MTU_MIN];
	struct mip6_wr w = mip6_wr_make(packet, sizeof(packet));
	struct mip6_ip6_out o = { .ip = { .src = *src,
				      .dst = *dst,
				      .hop_limit = MIP6_ND_HOP_LIMIT },
		.upper = MIP6_NH_ICMPV6 };
	struct mip6_lladdr group;
	size_t start, at;

	start = mip6_ip6_begin(&w, &o);
	at = w.pos;
	mip6_nd_write(&w, m);
	if (w.failed)
		sim_fail(h->sim, "%s: an ND message too long", h->name);
	mip6_icmp6_finish(packet + at, w.pos - at, src, dst);
	mip6_ip6_end(&w, start);
	if (mip6_addr_is_multicast(dst)) {
		group = mip6_addr_mc_lladdr(dst);
		sim_host_frame(i, &group, packet, w.pos);
	} else if (lladdr != NULL) {
		sim_host_frame(i, lladdr, packet, w.pos);
	} else {
		sim_host_nd_send(h, i, dst, packet, w.pos);
	}
}

/* ---- the neighbour cache ---- */

static struct sim_neigh *
nd_find(struct sim_host *h, uint32_t ifindex, const struct mip6_addr *a)
{
	size_t i;

	for (i = 0; i < SIM_HOST_NEIGHS; i++)
		if (h->neigh[i].used && h->neigh[i].ifindex == ifindex &&
		    mip6_addr_equal(&h->neigh[i].addr, a))
			return &h->neigh[i];
	return NULL;
}

static void
nd_clear(struct sim_neigh *e)
{
	size_t k;

	for (k = 0; k < e->queued; k++)
		free(e->queue[k]);
	memset(e, 0, sizeof(*e));
}

static struct sim_neigh *
nd_make(struct sim_host *h, uint32_t ifindex, const struct mip6_addr *a)
{
	struct sim_neigh *e = NULL;
	size_t i;

	for (i = 0; i < SIM_HOST_NEIGHS && e == NULL; i++)
		if (!h->neigh[i].used)
			e = &h->neigh[i];
	if (e == NULL) {
		/* Full: the oldest goes. */
		e = &h->neigh[0];
		for (i = 1; i < SIM_HOST_NEIGHS; i++)
			if (h->neigh[i].confirmed_us < e->confirmed_us)
				e = &h->neigh[i];
		nd_clear(e);
	}
	e->used = true;
	e->ifindex = ifindex;
	e->addr = *a;
	e->confirmed_us = h->sim->now_us;
	return e;
}

static void
nd_solicit(struct sim_host *h, struct sim_neigh *e)
{
	struct sim_iface *i = sim_host_iface_by(h, e->ifindex);
	struct mip6_addr group = mip6_addr_solicited_node(&e->addr);
	struct mip6_addr src;
	struct mip6_nd ns;
	bool known = e->state != SIM_NUD_INCOMPLETE;

	/* A source of the interface: the packet's, were it kept; else any. */
	if (!sim_host_source(h, &e->addr, &src) ||
	    sim_host_addr(h, e->ifindex, &src) == NULL) {
		if (sim_host_linklocal(h, e->ifindex) == NULL)
			return;
		src = *sim_host_linklocal(h, e->ifindex);
	}
	memset(&ns, 0, sizeof(ns));
	ns.type = MIP6_ND_NS;
	ns.u.ns.target = e->addr;
	ns.opt.has_slla = true;
	ns.opt.slla = i->lladdr;
	sim_host_nd_emit(h, i, &src, known ? &e->addr : &group,
	    known ? &e->lladdr : NULL, &ns);
}

/* RFC 4861 section 7.2.2: who sent what waited is told, by a router. */
static void
nd_unreachable(struct sim_host *h, struct sim_neigh *e)
{
	struct sim_packet *p[SIM_NEIGH_QUEUE];
	struct mip6_ip6_view v;
	size_t k, count = e->queued;

	memcpy(p, e->queue, sizeof(p));
	e->queued = 0;
	nd_clear(e);
	h->counters.unresolved += count;
	for (k = 0; k < count; k++) {
		if (h->forwarding &&
		    mip6_ip6_view(p[k]->octets, p[k]->count, &v, NULL) ==
			MIP6_PARSE_OK)
			sim_host_icmp_error(h, &v, p[k]->octets,
			    MIP6_ICMP6_UNREACHABLE, MIP6_ICMP6_ADDRESS, 0);
		free(p[k]);
	}
}

static void
nd_timer(void *arg, uint64_t tag)
{
	struct sim_host *h = arg;
	struct sim_neigh *e = NULL;
	size_t i;

	for (i = 0; i < SIM_HOST_NEIGHS; i++)
		if (h->neigh[i].used && h->neigh[i].generation == tag)
			e = &h->neigh[i];
	if (e == NULL || e->state == SIM_NUD_REACHABLE ||
	    e->state == SIM_NUD_STALE)
		return;
	if (e->state == SIM_NUD_DELAY) {
		e->state = SIM_NUD_PROBE;
		e->probes = 0;
	}
	if (e->probes == ND_PROBES_MAX) {
		nd_unreachable(h, e);
		return;
	}
	e->probes++;
	nd_solicit(h, e);
	sim_in(h->sim, ND_RETRANS_US, nd_timer, h, tag);
}

static void
nd_arm(struct sim_host *h, struct sim_neigh *e, int64_t in_us)
{
	e->generation = ++h->generation;
	sim_in(h->sim, in_us, nd_timer, h, e->generation);
}

static void
nd_enqueue(struct sim_neigh *e, const uint8_t *octets, size_t count)
{
	struct sim_packet *p = sim_alloc(sizeof(*p) + count);

	p->count = count;
	memcpy(p->octets, octets, count);
	if (e->queued == SIM_NEIGH_QUEUE) {
		free(e->queue[0]);
		memmove(&e->queue[0], &e->queue[1],
		    (SIM_NEIGH_QUEUE - 1) * sizeof(e->queue[0]));
		e->queued--;
	}
	e->queue[e->queued++] = p;
}

void
sim_host_nd_send(struct sim_host *h, struct sim_iface *i,
    const struct mip6_addr *nexthop, const uint8_t *octets, size_t count)
{
	struct mip6_lladdr group;
	struct sim_neigh *e;

	if (mip6_addr_is_multicast(nexthop)) {
		group = mip6_addr_mc_lladdr(nexthop);
		sim_host_frame(i, &group, octets, count);
		return;
	}
	e = nd_find(h, i->ifindex, nexthop);
	if (e == NULL) {
		e = nd_make(h, i->ifindex, nexthop);
		e->state = SIM_NUD_INCOMPLETE;
		nd_enqueue(e, octets, count);
		e->probes = 1;
		nd_solicit(h, e);
		nd_arm(h, e, ND_RETRANS_US);
		return;
	}
	if (e->state == SIM_NUD_INCOMPLETE) {
		nd_enqueue(e, octets, count);
		return;
	}
	if (e->state == SIM_NUD_STALE ||
	    (e->state == SIM_NUD_REACHABLE &&
		h->sim->now_us - e->confirmed_us > ND_REACHABLE_US)) {
		e->state = SIM_NUD_DELAY;
		nd_arm(h, e, ND_DELAY_US);
	}
	sim_host_frame(i, &e->lladdr, octets, count);
}

static void
nd_flush_queue(struct sim_host *h, struct sim_neigh *e)
{
	struct sim_iface *i = sim_host_iface_by(h, e->ifindex);
	struct sim_packet *p[SIM_NEIGH_QUEUE];
	size_t k, n = e->queued;

	memcpy(p, e->queue, sizeof(p));
	e->queued = 0;
	for (k = 0; k < n; k++) {
		sim_host_frame(i, &e->lladdr, p[k]->octets, p[k]->count);
		free(p[k]);
	}
}

void
sim_host_nd_flush(struct sim_host *h, uint32_t ifindex)
{
	size_t i;

	for (i = 0; i < SIM_HOST_NEIGHS; i++)
		if (h->neigh[i].used && h->neigh[i].ifindex == ifindex)
			nd_clear(&h->neigh[i]);
}

bool
sim_host_nd_lookup(const struct sim_host *h, uint32_t ifindex,
    const struct mip6_addr *a, struct mip6_lladdr *to)
{
	size_t i;

	for (i = 0; i < SIM_HOST_NEIGHS; i++) {
		if (!h->neigh[i].used || h->neigh[i].ifindex != ifindex ||
		    h->neigh[i].state == SIM_NUD_INCOMPLETE ||
		    !mip6_addr_equal(&h->neigh[i].addr, a))
			continue;
		*to = h->neigh[i].lladdr;
		return true;
	}
	return false;
}

/* A message names a neighbour's link-layer address, unasked. */
static void
nd_heard(struct sim_host *h, struct sim_iface *i, const struct mip6_addr *a,
    const struct mip6_lladdr *lladdr, bool make)
{
	struct sim_neigh *e = nd_find(h, i->ifindex, a);

	if (e == NULL) {
		if (!make)
			return;
		e = nd_make(h, i->ifindex, a);
	} else if (e->state != SIM_NUD_INCOMPLETE &&
	    memcmp(&e->lladdr, lladdr, sizeof(*lladdr)) == 0) {
		return;
	}
	e->lladdr = *lladdr;
	e->state = SIM_NUD_STALE;
	nd_flush_queue(h, e);
}

/* ---- messages ---- */

static void
nd_input_ns(struct sim_host *h, struct sim_iface *i, const struct mip6_ip6 *ip,
    const struct mip6_nd *m)
{
	struct sim_addr *a = sim_host_addr(h, i->ifindex, &m->u.ns.target);
	bool probe = mip6_addr_is_any(&ip->src);
	bool optimistic;
	struct mip6_nd na;

	if (a == NULL || (a->flags & MIP6_ADDR_DUPLICATED) != 0)
		return;
	optimistic = (a->flags & MIP6_ADDR_OPTIMISTIC) != 0;
	if ((a->flags & MIP6_ADDR_TENTATIVE) != 0 && (probe || !optimistic)) {
		/* Two who want it at once: neither gets it. */
		if (probe)
			sim_host_addr_duplicate(h, a);
		return;
	}
	if (!probe && m->opt.has_slla)
		nd_heard(h, i, &ip->src, &m->opt.slla, true);
	memset(&na, 0, sizeof(na));
	na.type = MIP6_ND_NA;
	na.u.na.router = h->forwarding;
	na.u.na.solicited = !probe;
	na.u.na.override = !optimistic; /* RFC 4429 section 3.3 */
	na.u.na.target = a->addr;
	na.opt.has_tlla = true;
	na.opt.tlla = i->lladdr;
	sim_host_nd_emit(h, i, &a->addr,
	    probe ? &mip6_addr_all_nodes : &ip->src, NULL, &na);
}

static void
nd_input_na(struct sim_host *h, struct sim_iface *i, const struct mip6_nd *m)
{
	struct sim_addr *a = sim_host_addr(h, i->ifindex, &m->u.na.target);
	struct sim_neigh *e;
	bool differs;

	if (a != NULL && (a->flags & MIP6_ADDR_TENTATIVE) != 0) {
		sim_host_addr_duplicate(h, a);
		return;
	}
	e = nd_find(h, i->ifindex, &m->u.na.target);
	if (e == NULL || (e->state == SIM_NUD_INCOMPLETE && !m->opt.has_tlla))
		return;
	differs = m->opt.has_tlla &&
	    (e->state == SIM_NUD_INCOMPLETE ||
		memcmp(&e->lladdr, &m->opt.tlla, sizeof(e->lladdr)) != 0);
	if (!m->u.na.override && differs && e->state != SIM_NUD_INCOMPLETE) {
		if (e->state == SIM_NUD_REACHABLE)
			e->state = SIM_NUD_STALE;
		return;
	}
	if (m->opt.has_tlla)
		e->lladdr = m->opt.tlla;
	if (m->u.na.solicited) {
		e->state = SIM_NUD_REACHABLE;
		e->confirmed_us = h->sim->now_us;
	} else if (differs) {
		e->state = SIM_NUD_STALE;
	}
	if (e->state == SIM_NUD_REACHABLE || e->state == SIM_NUD_STALE)
		nd_flush_queue(h, e);
}

/* ---- routers ---- */

static void
ra_send(struct sim_host *h, struct sim_iface *i)
{
	const struct sim_ra *c = &h->ra[i->ifindex - 1];
	const struct mip6_addr *src = sim_host_linklocal(h, i->ifindex);
	struct mip6_nd m;
	size_t k;

	if (src == NULL || !c->on)
		return;
	memset(&m, 0, sizeof(m));
	m.type = MIP6_ND_RA;
	m.u.ra.hop_limit = 64;
	m.u.ra.home_agent = c->home_agent;
	m.u.ra.router_lifetime.us = c->lifetime_s * SIM_S;
	m.opt.has_slla = true;
	m.opt.slla = i->lladdr;
	m.opt.has_mtu = c->mtu != 0;
	m.opt.mtu = c->mtu;
	m.opt.prefix_count = (uint8_t)c->prefixes;
	for (k = 0; k < c->prefixes; k++)
		m.opt.prefix[k] = c->prefix[k];
	sim_host_nd_emit(h, i, src, &mip6_addr_all_nodes, NULL, &m);
}

/* tag: (generation << 8) | ifindex << 1 | unsolicited. */
static void
ra_timer(void *arg, uint64_t tag)
{
	struct sim_host *h = arg;
	struct sim_iface *i = sim_host_iface_by(h, (uint32_t)(tag >> 1) & 127);
	struct sim_ra *c = &h->ra[i->ifindex - 1];

	if (c->generation != tag >> 8)
		return;
	ra_send(h, i);
	if ((tag & 1) != 0)
		sim_in(h->sim, c->interval_us, ra_timer, h, tag);
}

static uint64_t
ra_tag(const struct sim_ra *c, const struct sim_iface *i, bool unsolicited)
{
	return c->generation << 8 | (uint64_t)i->ifindex << 1 |
	    (unsolicited ? 1 : 0);
}

void
sim_host_ra_start(struct sim_host *h, struct sim_iface *i,
    const struct sim_ra *ra)
{
	struct sim_ra *c = &h->ra[i->ifindex - 1];

	*c = *ra;
	c->on = true;
	c->generation = ++h->generation;
	sim_in(h->sim, 0, ra_timer, h, ra_tag(c, i, true));
}

static void
nd_input_rs(struct sim_host *h, struct sim_iface *i)
{
	struct sim_ra *c = &h->ra[i->ifindex - 1];
	int64_t in_us;

	if (!c->on)
		return;
	in_us = sim_rng_range(&h->sim->rng, 0, c->rs_delay_us);
	sim_in(h->sim, in_us, ra_timer, h, ra_tag(c, i, false));
}

void
sim_host_nd_input(struct sim_host *h, struct sim_iface *i,
    const struct mip6_ip6_view *v, const uint8_t *octets)
{
	struct mip6_nd m;

	if (mip6_nd_receive(octets + v->upper_at, v->upper_octets, &v->ip.src,
		&v->ip.dst, v->ip.hop_limit, &m, NULL) != MIP6_PARSE_OK)
		return;
	switch (m.type) {
	case MIP6_ND_NS:
		nd_input_ns(h, i, &v->ip, &m);
		break;
	case MIP6_ND_NA:
		nd_input_na(h, i, &m);
		break;
	case MIP6_ND_RS:
		if (!mip6_addr_is_any(&v->ip.src) && m.opt.has_slla)
			nd_heard(h, i, &v->ip.src, &m.opt.slla, true);
		nd_input_rs(h, i);
		break;
	case MIP6_ND_RA:
		if (m.opt.has_slla)
			nd_heard(h, i, &v->ip.src, &m.opt.slla, h->accept_ra);
		sim_host_addr_ra(h, i, &v->ip.src, &m);
		break;
	}
}
