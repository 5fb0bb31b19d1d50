/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Addresses of a simulated host: duplicate detection (one probe, then `dad_us`
 * of waiting), connected routes, and what a Router Advertisement makes.
 *
 * Implements, simply: RFC 4862, RFC 4429 (optimistic addresses), RFC 4861
 * section 6.3.4.
 */
#include "sim/host.h"

#include <string.h>

struct sim_addr *
sim_host_addr(struct sim_host *h, uint32_t ifindex, const struct mip6_addr *a)
{
	size_t i;

	for (i = 0; i < SIM_HOST_ADDRS; i++)
		if (h->addr[i].used &&
		    (ifindex == UINT32_MAX || h->addr[i].ifindex == ifindex) &&
		    mip6_addr_equal(&h->addr[i].addr, a))
			return &h->addr[i];
	return NULL;
}

bool
sim_host_is_local(const struct sim_host *h, const struct mip6_addr *a)
{
	const struct sim_addr *e;
	size_t i;

	for (i = 0; i < SIM_HOST_ADDRS; i++) {
		e = &h->addr[i];
		if (!e->used || !mip6_addr_equal(&e->addr, a))
			continue;
		if ((e->flags & MIP6_ADDR_DUPLICATED) != 0)
			continue;
		if ((e->flags & MIP6_ADDR_TENTATIVE) == 0 ||
		    (e->flags & MIP6_ADDR_OPTIMISTIC) != 0)
			return true;
	}
	return false;
}

static void
addr_report(struct sim_host *h, const struct sim_addr *a, bool gone)
{
	struct mip6_addr_text t = mip6_addr_text(&a->addr);

	sim_trace(h->sim, "       %-8s %s %s%s%s%s%s", h->name,
	    gone ? "loses" : "has", t.s, a->ifindex == 0 ? " (tun)" : "",
	    (a->flags & MIP6_ADDR_TENTATIVE) != 0 ? " tentative" : "",
	    (a->flags & MIP6_ADDR_OPTIMISTIC) != 0 ? " optimistic" : "",
	    (a->flags & MIP6_ADDR_DUPLICATED) != 0 ? " duplicated" : "");
	if (h->on_addr != NULL && a->ifindex != 0)
		h->on_addr(h->daemon, a, gone);
}

static void
addr_connected(struct sim_host *h, const struct sim_addr *a, bool on)
{
	struct sim_route r = { .used = true,
		.table = MIP6_TABLE_MAIN,
		.dst = mip6_prefix_make(&a->addr, a->bits),
		.ifindex = a->ifindex,
		.owner = SIM_BY_KERNEL,
		.expires_us = INT64_MAX };
	size_t i;

	if (a->bits == 128 || mip6_addr_is_linklocal(&a->addr))
		return;
	/* It stays while another address wants it. */
	for (i = 0; !on && i < SIM_HOST_ADDRS; i++)
		if (h->addr[i].used && &h->addr[i] != a &&
		    h->addr[i].ifindex == a->ifindex &&
		    h->addr[i].bits == a->bits &&
		    mip6_prefix_has(&r.dst, &h->addr[i].addr))
			return;
	(void)sim_host_route_set(h, &r, on);
}

static void
addr_dad_ended(void *arg, uint64_t tag)
{
	struct sim_host *h = arg;
	size_t i;

	for (i = 0; i < SIM_HOST_ADDRS; i++) {
		if (!h->addr[i].used || h->addr[i].generation != tag ||
		    (h->addr[i].flags & MIP6_ADDR_TENTATIVE) == 0 ||
		    (h->addr[i].flags & MIP6_ADDR_DUPLICATED) != 0)
			continue;
		if (!mip6_addr_is_linklocal(&h->addr[i].addr) &&
		    sim_rng_chance(&h->sim->rng, h->dad_fail_ppm)) {
			sim_host_addr_duplicate(h, &h->addr[i]);
			continue;
		}
		h->addr[i].flags &=
		    (uint8_t) ~(MIP6_ADDR_TENTATIVE | MIP6_ADDR_OPTIMISTIC);
		addr_report(h, &h->addr[i], false);
	}
}

static void
addr_probe(struct sim_host *h, struct sim_iface *i, const struct sim_addr *a)
{
	struct mip6_addr group = mip6_addr_solicited_node(&a->addr);
	struct mip6_nd ns;

	memset(&ns, 0, sizeof(ns));
	ns.type = MIP6_ND_NS;
	ns.u.ns.target = a->addr;
	sim_host_nd_emit(h, i, &mip6_addr_any, &group, NULL, &ns);
}

bool
sim_host_addr_add(struct sim_host *h, uint32_t ifindex,
    const struct mip6_addr *addr, uint8_t bits, bool dad, bool optimistic,
    enum sim_owner owner)
{
	struct sim_addr *a = NULL;
	size_t i;

	if (sim_host_addr(h, ifindex, addr) != NULL)
		return false;
	for (i = 0; i < SIM_HOST_ADDRS && a == NULL; i++)
		if (!h->addr[i].used)
			a = &h->addr[i];
	if (a == NULL)
		sim_fail(h->sim, "%s: too many addresses", h->name);
	*a = (struct sim_addr){ true, ifindex, *addr, bits, 0, owner,
		++h->generation };
	if (dad && h->dad_us > 0 && ifindex != 0) {
		a->flags = MIP6_ADDR_TENTATIVE;
		if (optimistic)
			a->flags |= MIP6_ADDR_OPTIMISTIC;
		sim_in(h->sim, h->dad_us, addr_dad_ended, h, a->generation);
	}
	addr_connected(h, a, true);
	addr_report(h, a, false);
	if ((a->flags & MIP6_ADDR_TENTATIVE) != 0)
		addr_probe(h, sim_host_iface_by(h, ifindex), a);
	return true;
}

void
sim_host_addr_del(struct sim_host *h, struct sim_addr *a)
{
	addr_connected(h, a, false);
	a->used = false;
	addr_report(h, a, true);
}

void
sim_host_addr_duplicate(struct sim_host *h, struct sim_addr *a)
{
	a->flags |= MIP6_ADDR_DUPLICATED;
	addr_report(h, a, false);
}

void
sim_host_addr_linklocal(struct sim_host *h, struct sim_iface *i)
{
	struct mip6_addr a = mip6_addr_linklocal_eui64(&i->lladdr);

	if (sim_host_addr(h, i->ifindex, &a) == NULL)
		(void)sim_host_addr_add(h, i->ifindex, &a, 64, !h->forwarding,
		    false, SIM_BY_KERNEL);
}

const struct mip6_addr *
sim_host_linklocal(const struct sim_host *h, uint32_t ifindex)
{
	size_t i;

	for (i = 0; i < SIM_HOST_ADDRS; i++)
		if (h->addr[i].used && h->addr[i].ifindex == ifindex &&
		    (h->addr[i].flags &
			(MIP6_ADDR_TENTATIVE | MIP6_ADDR_DUPLICATED)) == 0 &&
		    mip6_addr_is_linklocal(&h->addr[i].addr))
			return &h->addr[i].addr;
	return NULL;
}

static int64_t
addr_until(const struct sim_host *h, struct mip6_span s)
{
	return s.us == INT64_MAX ? INT64_MAX : h->sim->now_us + s.us;
}

static void
addr_autoconf(struct sim_host *h, struct sim_iface *i,
    const struct mip6_nd_prefix *p)
{
	struct mip6_addr iid = mip6_addr_linklocal_eui64(&i->lladdr);
	struct mip6_prefix prefix = mip6_prefix_make(&p->addr, p->bits);
	struct mip6_addr a;

	if (!h->autoconf || !p->autonomous || p->bits != 64 || p->valid.us == 0)
		return;
	a = mip6_prefix_join(&prefix, &iid);
	(void)sim_host_addr_add(h, i->ifindex, &a, 64, true, false, SIM_BY_RA);
}

void
sim_host_addr_ra(struct sim_host *h, struct sim_iface *i,
    const struct mip6_addr *router, const struct mip6_nd *ra)
{
	struct sim_route r;
	size_t k;

	if (!h->accept_ra)
		return;
	memset(&r, 0, sizeof(r));
	r.table = MIP6_TABLE_MAIN;
	r.ifindex = i->ifindex;
	r.owner = SIM_BY_RA;
	r.gateway = *router;
	r.expires_us = addr_until(h, ra->u.ra.router_lifetime);
	(void)sim_host_route_set(h, &r, ra->u.ra.router_lifetime.us > 0);
	r.gateway = mip6_addr_any;
	for (k = 0; k < ra->opt.prefix_count; k++) {
		addr_autoconf(h, i, &ra->opt.prefix[k]);
		if (!ra->opt.prefix[k].on_link)
			continue;
		r.dst = mip6_prefix_make(&ra->opt.prefix[k].addr,
		    ra->opt.prefix[k].bits);
		r.expires_us = addr_until(h, ra->opt.prefix[k].valid);
		(void)sim_host_route_set(h, &r, ra->opt.prefix[k].valid.us > 0);
	}
	if (h->on_routes != NULL)
		h->on_routes(h->daemon);
}
