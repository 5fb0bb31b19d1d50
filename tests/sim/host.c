/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Packets into a simulated host.  The order is that of Linux: the tap of the
 * capture sees a frame first, then the filter on ingress may drop it, then it
 * is the host's own or forwarded.
 */
#include "sim/host.h"

#include <stdlib.h>
#include <string.h>

#include "wire/dstopt.h"
#include "wire/eth.h"
#include "wire/icmp6.h"
#include "wire/rh.h"

#define HOST_DAD_US (1 * SIM_S)

void
sim_host_init(struct sim_host *h, struct sim_net *net, const char *name)
{
	memset(h, 0, sizeof(*h));
	h->sim = net->sim;
	h->net = net;
	(void)snprintf(h->name, sizeof(h->name), "%s", name);
	h->dad_us = HOST_DAD_US;
	h->tun_mtu = 1500;
}

void
sim_host_fini(struct sim_host *h)
{
	size_t i, k;

	for (i = 0; i < SIM_HOST_NEIGHS; i++)
		for (k = 0; k < h->neigh[i].queued; k++)
			free(h->neigh[i].queue[k]);
	for (i = 0; i < h->ifaces; i++)
		sim_iface_attach(&h->iface[i], NULL);
	memset(h, 0, sizeof(*h));
}

bool
sim_host_filtered(const struct sim_host *h, enum mip6_action_kind kind,
    uint32_t ifindex, const struct mip6_addr *addr)
{
	const struct sim_filter *f;
	size_t i;

	for (i = 0; i < SIM_HOST_FILTERS; i++) {
		f = &h->filter[i];
		if (f->used && f->kind == kind &&
		    (f->ifindex == 0 || f->ifindex == ifindex) &&
		    mip6_addr_equal(&f->addr, addr))
			return true;
	}
	return false;
}

bool
sim_host_filter_set(struct sim_host *h, enum mip6_action_kind kind,
    uint32_t ifindex, const struct mip6_addr *addr, bool on)
{
	struct sim_filter *f, *free_one = NULL;
	size_t i;

	for (i = 0; i < SIM_HOST_FILTERS; i++) {
		f = &h->filter[i];
		if (!f->used) {
			free_one = f;
			continue;
		}
		if (f->kind != kind || f->ifindex != ifindex ||
		    !mip6_addr_equal(&f->addr, addr))
			continue;
		f->used = on;
		return true;
	}
	if (!on)
		return false;
	if (free_one == NULL)
		sim_fail(h->sim, "%s: too many filters", h->name);
	*free_one = (struct sim_filter){ true, kind, ifindex, *addr };
	return true;
}

/* Would the network card take a frame to this group? */
static bool
host_joined(const struct sim_host *h, uint32_t ifindex,
    const struct mip6_lladdr *to)
{
	struct mip6_lladdr ll;
	struct mip6_addr group;
	size_t i;

	ll = mip6_addr_mc_lladdr(&mip6_addr_all_nodes);
	if (memcmp(&ll, to, sizeof(ll)) == 0)
		return true;
	ll = mip6_addr_mc_lladdr(&mip6_addr_all_routers);
	if (h->forwarding && memcmp(&ll, to, sizeof(ll)) == 0)
		return true;
	for (i = 0; i < SIM_HOST_ADDRS; i++) {
		if (!h->addr[i].used || h->addr[i].ifindex != ifindex)
			continue;
		group = mip6_addr_solicited_node(&h->addr[i].addr);
		ll = mip6_addr_mc_lladdr(&group);
		if (memcmp(&ll, to, sizeof(ll)) == 0)
			return true;
	}
	for (i = 0; i < SIM_HOST_FILTERS; i++) {
		if (!h->filter[i].used || h->filter[i].ifindex != ifindex)
			continue;
		if (h->filter[i].kind == MIP6_ACT_ALLMULTI)
			return true;
		if (h->filter[i].kind != MIP6_ACT_GROUP)
			continue;
		ll = mip6_addr_mc_lladdr(&h->filter[i].addr);
		if (memcmp(&ll, to, sizeof(ll)) == 0)
			return true;
	}
	return false;
}

static void
host_receive(struct sim_iface *i, const uint8_t *octets, size_t count)
{
	struct sim_host *h = i->host;
	struct mip6_eth eth;
	bool group;

	if (mip6_eth_read(octets, count, &eth, NULL) != MIP6_PARSE_OK ||
	    eth.ethertype != MIP6_ETHERTYPE_IPV6)
		return;
	group = mip6_lladdr_is_multicast(&eth.dst);
	if (group ? !host_joined(h, i->ifindex, &eth.dst) :
		    memcmp(&eth.dst, &i->lladdr, sizeof(eth.dst)) != 0)
		return;
	octets += MIP6_ETH_OCTETS;
	count -= MIP6_ETH_OCTETS;
	if (h->on_capture != NULL &&
	    sim_host_filtered(h, MIP6_ACT_CAPTURE, i->ifindex, &mip6_addr_any))
		h->on_capture(h->daemon, i, &eth.src, group, octets, count);
	sim_host_input(h, i->ifindex, octets, count);
}

struct sim_iface *
sim_host_iface(struct sim_host *h, struct sim_segment *seg)
{
	struct sim_iface *i;

	if (h->ifaces == SIM_HOST_IFACES)
		sim_fail(h->sim, "%s: too many interfaces", h->name);
	i = &h->iface[h->ifaces++];
	i->host = h;
	i->ifindex = (uint32_t)h->ifaces;
	i->mtu = 1500;
	i->receive = host_receive;
	i->lladdr = sim_net_lladdr(h->net);
	(void)snprintf(i->name, sizeof(i->name), "%.8s%u", h->name,
	    (unsigned int)(h->ifaces - 1));
	sim_host_attach(h, i, seg);
	return i;
}

struct sim_iface *
sim_host_iface_by(struct sim_host *h, uint32_t ifindex)
{
	if (ifindex == 0 || ifindex > h->ifaces)
		return NULL;
	return &h->iface[ifindex - 1];
}

void
sim_host_attach(struct sim_host *h, struct sim_iface *i,
    struct sim_segment *seg)
{
	bool was = h->up[i->ifindex - 1];

	if (was) {
		sim_iface_attach(i, NULL);
		h->up[i->ifindex - 1] = false;
		sim_host_nd_flush(h, i->ifindex);
		sim_trace(h->sim, "       %-8s carrier lost", i->name);
		if (h->on_link != NULL)
			h->on_link(h->daemon, i);
	}
	if (seg == NULL)
		return;
	sim_iface_attach(i, seg);
	i->mtu = seg->mtu;
	h->up[i->ifindex - 1] = true;
	sim_trace(h->sim, "       %-8s carrier on %s", i->name, seg->name);
	sim_host_addr_linklocal(h, i);
	if (h->on_link != NULL)
		h->on_link(h->daemon, i);
}

void
sim_host_upper(struct sim_host *h, uint8_t proto, sim_upper_fn fn, void *arg)
{
	if (h->uppers == SIM_HOST_UPPERS)
		sim_fail(h->sim, "%s: too many protocols", h->name);
	h->upper[h->uppers].proto = proto;
	h->upper[h->uppers].fn = fn;
	h->upper[h->uppers++].arg = arg;
}

/* What the rule on ingress drops when it goes to an address of ours. */
static bool
host_is_mobility(const struct mip6_ip6_view *v)
{
	if (mip6_ip6_is_fragment(v))
		return false;
	return v->upper == MIP6_NH_MH || v->upper == MIP6_NH_IPV6 ||
	    v->has_hao || v->has_rh2;
}

static void
host_icmp(struct sim_host *h, uint32_t ifindex, const struct mip6_ip6_view *v,
    const uint8_t *octets)
{
	struct sim_iface *i = sim_host_iface_by(h, ifindex);
	struct mip6_ip6_view q;
	struct mip6_icmp6 m;

	if (mip6_icmp6_receive(octets + v->upper_at, v->upper_octets,
		&v->eff_src, &v->eff_dst, &m, NULL) != MIP6_PARSE_OK) {
		sim_trace(h->sim, "       %-8s bad ICMPv6 checksum", h->name);
		return;
	}
	if (mip6_nd_is_nd(m.type)) {
		if (i != NULL)
			sim_host_nd_input(h, i, v, octets);
		return;
	}
	if (m.type == MIP6_ICMP6_TOO_BIG && m.word >= MIP6_IP6_MTU_MIN &&
	    m.word <= UINT16_MAX &&
	    mip6_ip6_view_quoted(m.body, m.body_octets, &q, NULL) ==
		MIP6_PARSE_OK &&
	    sim_host_is_local(h, &q.ip.src))
		sim_host_pmtu(h, &q.ip.dst, (uint16_t)m.word);
}

/* A packet to an address, or group, of the host. */
static void
host_deliver(struct sim_host *h, uint32_t ifindex,
    const struct mip6_ip6_view *v, const uint8_t *octets)
{
	size_t i, taken = 0;

	if (mip6_ip6_is_fragment(v))
		return; /* nobody here sends fragments to a kernel */
	h->counters.delivered++;
	/* Linux without Mobile IPv6: an unknown option, an unknown routing. */
	if (v->has_hao && !h->mobility && !mip6_addr_is_multicast(&v->ip.dst)) {
		h->counters.stray++;
		sim_host_icmp_error(h, v, octets, MIP6_ICMP6_PARAM_PROBLEM,
		    MIP6_ICMP6_OPTION, (uint32_t)v->hao_at);
		return;
	}
	if (v->has_rh2 && !h->mobility) {
		h->counters.stray++;
		sim_host_icmp_error(h, v, octets, MIP6_ICMP6_PARAM_PROBLEM,
		    MIP6_ICMP6_HEADER_FIELD,
		    (uint32_t)v->rh2_at + MIP6_RH_AT_TYPE);
		return;
	}
	if (v->upper == MIP6_NH_ICMPV6)
		host_icmp(h, ifindex, v, octets);
	for (i = 0; i < h->uppers; i++) {
		if (h->upper[i].proto != v->upper)
			continue;
		h->upper[i].fn(h->upper[i].arg, h, v, octets);
		taken++;
	}
	if (taken > 0 || v->upper == MIP6_NH_ICMPV6 ||
	    v->upper == MIP6_NH_NONE || v->upper == MIP6_NH_UDP)
		return;
	if (v->upper == MIP6_NH_MH || v->upper == MIP6_NH_IPV6)
		h->counters.stray++;
	sim_host_icmp_error(h, v, octets, MIP6_ICMP6_PARAM_PROBLEM,
	    MIP6_ICMP6_NEXT_HEADER, (uint32_t)v->upper_next_at);
}

void
sim_host_input(struct sim_host *h, uint32_t ifindex, const uint8_t *octets,
    size_t count)
{
	struct mip6_ip6_view v;

	if (mip6_ip6_view(octets, count, &v, NULL) != MIP6_PARSE_OK)
		return;
	if (ifindex != 0) {
		if (host_is_mobility(&v) &&
		    sim_host_filtered(h, MIP6_ACT_CAPTURE, ifindex,
			&mip6_addr_any) &&
		    sim_host_filtered(h, MIP6_ACT_SILENCE, ifindex, &v.ip.dst))
			return;
		if (sim_host_filtered(h, MIP6_ACT_SHIELD, ifindex, &v.ip.dst))
			return;
	}
	if (mip6_addr_is_multicast(&v.ip.dst)) {
		host_deliver(h, ifindex, &v, octets);
		return;
	}
	if (sim_host_is_local(h, &v.ip.dst)) {
		host_deliver(h, ifindex, &v, octets);
		return;
	}
	/* A tentative address is heard by duplicate detection alone. */
	if (sim_host_addr(h, UINT32_MAX, &v.ip.dst) != NULL)
		return;
	if (h->forwarding)
		sim_host_forward(h, ifindex, &v, octets);
}

void
sim_host_from_tun(struct sim_host *h, const uint8_t *octets, size_t count)
{
	sim_host_input(h, 0, octets, count);
}
