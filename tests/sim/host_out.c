/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Packets out of a simulated host: rules, longest prefix, source address,
 * path MTU, forwarding and the errors that go with it.
 *
 * Implements, simply: RFC 6724 (scope, not deprecated, the outgoing interface,
 * longest match), RFC 4443 as far as a router and a host send errors.
 */
#include "sim/host.h"

#include <string.h>

#include "wire/cksum.h"
#include "wire/icmp6.h"

#define HOST_HOP_LIMIT 64

static bool
route_alive(const struct sim_host *h, const struct sim_route *r)
{
	return r->used && r->expires_us > h->sim->now_us;
}

static const struct sim_route *
route_in(const struct sim_host *h, enum mip6_table table,
    const struct mip6_addr *dst)
{
	const struct sim_route *r, *best = NULL;
	size_t i;

	for (i = 0; i < SIM_HOST_ROUTES; i++) {
		r = &h->route[i];
		if (!route_alive(h, r) || r->table != table ||
		    !mip6_prefix_has(&r->dst, dst))
			continue;
		/* A link without carrier is passed over. */
		if (r->ifindex != 0 && !h->up[r->ifindex - 1])
			continue;
		if (best == NULL || r->dst.bits > best->dst.bits ||
		    (r->dst.bits == best->dst.bits &&
			r->expires_us > best->expires_us))
			best = r;
	}
	return best;
}

const struct sim_route *
sim_host_route(const struct sim_host *h, const struct mip6_addr *src,
    const struct mip6_addr *dst)
{
	const struct sim_route *r;
	size_t i;

	for (i = 0; i < SIM_HOST_RULES; i++) {
		if (!h->rule[i].used || !mip6_addr_equal(&h->rule[i].src, src))
			continue;
		r = route_in(h, h->rule[i].table, dst);
		if (r != NULL)
			return r;
	}
	return route_in(h, MIP6_TABLE_MAIN, dst);
}

static bool
route_same(const struct sim_route *a, const struct sim_route *b)
{
	return a->table == b->table && a->ifindex == b->ifindex &&
	    mip6_prefix_equal(&a->dst, &b->dst) &&
	    mip6_addr_equal(&a->gateway, &b->gateway);
}

bool
sim_host_route_set(struct sim_host *h, const struct sim_route *r, bool on)
{
	struct sim_route *free_one = NULL;
	size_t i;

	for (i = 0; i < SIM_HOST_ROUTES; i++) {
		if (!h->route[i].used) {
			free_one = &h->route[i];
			continue;
		}
		if (!route_same(&h->route[i], r))
			continue;
		if (on)
			h->route[i] = *r;
		h->route[i].used = on;
		return true;
	}
	if (!on)
		return false;
	if (free_one == NULL)
		sim_fail(h->sim, "%s: too many routes", h->name);
	*free_one = *r;
	free_one->used = true;
	return true;
}

bool
sim_host_rule_set(struct sim_host *h, const struct sim_rule *r, bool on)
{
	struct sim_rule *free_one = NULL;
	size_t i;

	for (i = 0; i < SIM_HOST_RULES; i++) {
		if (!h->rule[i].used) {
			free_one = &h->rule[i];
			continue;
		}
		if (h->rule[i].table != r->table ||
		    !mip6_addr_equal(&h->rule[i].src, &r->src))
			continue;
		h->rule[i].used = on;
		return true;
	}
	if (!on)
		return false;
	if (free_one == NULL)
		sim_fail(h->sim, "%s: too many rules", h->name);
	*free_one = *r;
	free_one->used = true;
	return true;
}

static unsigned int
source_common_bits(const struct mip6_addr *a, const struct mip6_addr *b)
{
	unsigned int bits = 0;

	while (bits < 128 &&
	    ((a->b[bits / 8] ^ b->b[bits / 8]) & (0x80u >> (bits % 8))) == 0)
		bits++;
	return bits;
}

/* Larger is better (RFC 6724 section 5, rules 2, 3, 5 and 8). */
static unsigned int
source_score(const struct sim_addr *a, uint32_t ifindex,
    const struct mip6_addr *dst)
{
	bool local = mip6_addr_is_linklocal(&a->addr);
	bool want = mip6_addr_is_linklocal(dst) ||
	    (mip6_addr_is_multicast(dst) && mip6_addr_mc_scope(dst) == 2);
	unsigned int score = 0;

	if (local == want)
		score += 8192;
	if ((a->flags & (MIP6_ADDR_DEPRECATED | MIP6_ADDR_OPTIMISTIC)) == 0)
		score += 4096;
	if (a->ifindex == ifindex)
		score += 2048;
	return score + source_common_bits(&a->addr, dst);
}

bool
sim_host_source(const struct sim_host *h, const struct mip6_addr *dst,
    struct mip6_addr *src)
{
	const struct sim_route *r;
	const struct sim_addr *a;
	unsigned int score, best = 0;
	bool usable;
	size_t i;

	if (sim_host_is_local(h, dst)) {
		*src = *dst;
		return true;
	}
	r = sim_host_route(h, &mip6_addr_any, dst);
	if (r == NULL)
		return false;
	for (i = 0; i < SIM_HOST_ADDRS; i++) {
		a = &h->addr[i];
		usable = a->used && (a->flags & MIP6_ADDR_DUPLICATED) == 0 &&
		    ((a->flags & MIP6_ADDR_TENTATIVE) == 0 ||
			(a->flags & MIP6_ADDR_OPTIMISTIC) != 0);
		if (!usable ||
		    (mip6_addr_is_linklocal(&a->addr) &&
			a->ifindex != r->ifindex))
			continue;
		score = source_score(a, r->ifindex, dst);
		if (score > best) {
			best = score;
			*src = a->addr;
		}
	}
	return best >= 8192;
}

void
sim_host_pmtu(struct sim_host *h, const struct mip6_addr *dst, uint16_t mtu)
{
	size_t i;

	for (i = 0; i < h->pmtus; i++)
		if (mip6_addr_equal(&h->pmtu[i].dst, dst)) {
			if (mtu < h->pmtu[i].mtu)
				h->pmtu[i].mtu = mtu;
			return;
		}
	if (h->pmtus == SIM_HOST_PMTUS)
		h->pmtus = 0;
	h->pmtu[h->pmtus].dst = *dst;
	h->pmtu[h->pmtus++].mtu = mtu;
}

static uint16_t
route_mtu(const struct sim_host *h, const struct sim_route *r)
{
	return r->ifindex == 0 ? h->tun_mtu : h->iface[r->ifindex - 1].mtu;
}

uint16_t
sim_host_mtu(const struct sim_host *h, const struct mip6_addr *src,
    const struct mip6_addr *dst)
{
	const struct sim_route *r = sim_host_route(h, src, dst);
	uint16_t mtu;
	size_t i;

	if (r == NULL)
		return MIP6_IP6_MTU_MIN;
	mtu = route_mtu(h, r);
	for (i = 0; i < h->pmtus; i++)
		if (mip6_addr_equal(&h->pmtu[i].dst, dst) &&
		    h->pmtu[i].mtu < mtu)
			mtu = h->pmtu[i].mtu;
	return mtu;
}

/* Out of an interface, or into the TUN. */
static void
host_emit(struct sim_host *h, const struct sim_route *r,
    const struct mip6_addr *dst, const uint8_t *octets, size_t count)
{
	const struct mip6_addr *nexthop;

	if (r->ifindex == 0) {
		if (h->on_tun != NULL)
			h->on_tun(h->daemon, octets, count);
		return;
	}
	nexthop = mip6_addr_is_any(&r->gateway) ? dst : &r->gateway;
	sim_host_nd_send(h, &h->iface[r->ifindex - 1], nexthop, octets, count);
}

struct host_loop {
	struct sim_host *host;
	size_t count;
	uint8_t octets[];
};

static void
host_looped(void *arg, uint64_t tag)
{
	struct host_loop *l = arg;

	(void)tag;
	sim_host_input(l->host, 0, l->octets, l->count);
	sim_free(l);
}

enum sim_sent
sim_host_send_packet(struct sim_host *h, const uint8_t *octets, size_t count)
{
	const struct sim_route *r;
	struct host_loop *l;
	struct mip6_ip6 ip;

	if (mip6_ip6_read(octets, count, &ip, NULL) != MIP6_PARSE_OK)
		sim_fail(h->sim, "%s sends no IPv6 packet", h->name);
	if (sim_host_is_local(h, &ip.dst)) {
		l = sim_alloc(sizeof(*l) + count);
		l->host = h;
		l->count = count;
		memcpy(l->octets, octets, count);
		sim_at_owned(h->sim, h->sim->now_us, host_looped, l);
		return SIM_SENT;
	}
	r = sim_host_route(h, &ip.src, &ip.dst);
	if (r == NULL) {
		h->counters.no_route++;
		return SIM_NO_ROUTE;
	}
	if (count > sim_host_mtu(h, &ip.src, &ip.dst))
		return SIM_TOO_BIG;
	host_emit(h, r, &ip.dst, octets, count);
	return SIM_SENT;
}

enum sim_sent
sim_host_send(struct sim_host *h, struct mip6_addr *src,
    const struct mip6_addr *dst, uint8_t proto, uint8_t hop_limit,
    uint8_t *octets, size_t count)
{
	uint8_t packet[SIM_PACKET_OCTETS_MAX];
	struct mip6_ip6 ip = { .dst = *dst,
		.next_header = proto,
		.hop_limit = hop_limit == 0 ? HOST_HOP_LIMIT : hop_limit };

	if (mip6_addr_is_any(src) && !sim_host_source(h, dst, src))
		return SIM_NO_ROUTE;
	if (!sim_host_is_local(h, src))
		return SIM_NO_ROUTE; /* the socket's address is gone */
	if (count > sizeof(packet) - MIP6_IP6_OCTETS)
		return SIM_TOO_BIG;
	ip.src = *src;
	ip.payload_octets = (uint16_t)count;
	(void)mip6_cksum_upper_set(src, dst, proto, octets, count);
	mip6_ip6_put(packet, &ip);
	memcpy(packet + MIP6_IP6_OCTETS, octets, count);
	return sim_host_send_packet(h, packet, MIP6_IP6_OCTETS + count);
}

void
sim_host_icmp_error(struct sim_host *h, const struct mip6_ip6_view *v,
    const uint8_t *octets, uint8_t type, uint8_t code, uint32_t word)
{
	uint8_t packet[MIP6_IP6_MTU_MIN];
	struct mip6_wr w = mip6_wr_make(packet, sizeof(packet));
	struct mip6_icmp6_error e = { .dst = v->ip.src,
		.hop_limit = HOST_HOP_LIMIT,
		.type = type,
		.code = code,
		.word = word,
		.quoted = octets,
		.quoted_octets = v->octets };

	if (!mip6_icmp6_error_allowed(v, octets,
		mip6_addr_is_multicast(&v->ip.dst), type, code))
		return;
	/* About a packet to it, a host answers from that address. */
	if (sim_host_is_local(h, &v->ip.dst))
		e.src = v->ip.dst;
	else if (!sim_host_source(h, &e.dst, &e.src))
		return;
	mip6_icmp6_error_write(&w, &e);
	if (!w.failed)
		(void)sim_host_send_packet(h, packet, w.pos);
}

void
sim_host_forward(struct sim_host *h, uint32_t ifindex,
    const struct mip6_ip6_view *v, const uint8_t *octets)
{
	uint8_t packet[SIM_PACKET_OCTETS_MAX];
	const struct sim_route *r;

	if (mip6_addr_is_linklocal(&v->ip.src) ||
	    mip6_addr_is_linklocal(&v->ip.dst) ||
	    mip6_addr_is_any(&v->ip.src) || v->octets > sizeof(packet))
		return;
	if (v->ip.hop_limit <= 1) {
		sim_host_icmp_error(h, v, octets, MIP6_ICMP6_TIME_EXCEEDED,
		    MIP6_ICMP6_HOP_LIMIT, 0);
		return;
	}
	r = sim_host_route(h, &v->ip.src, &v->ip.dst);
	if (r == NULL) {
		h->counters.no_route++;
		sim_host_icmp_error(h, v, octets, MIP6_ICMP6_UNREACHABLE,
		    MIP6_ICMP6_NO_ROUTE, 0);
		return;
	}
	if (v->octets > route_mtu(h, r)) {
		h->counters.too_big++;
		sim_host_icmp_error(h, v, octets, MIP6_ICMP6_TOO_BIG, 0,
		    route_mtu(h, r));
		return;
	}
	(void)ifindex;
	h->counters.forwarded++;
	memcpy(packet, octets, v->octets);
	packet[MIP6_IP6_AT_HOP_LIMIT]--;
	host_emit(h, r, &v->ip.dst, packet, v->octets);
}
