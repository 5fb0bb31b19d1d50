/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Each action has one effect and one undo, named by the same arguments.
 * Setting twice and undoing what is not there is no error, as in the
 * platform's contract; the undo of what is not there is counted.
 */
#include "sim/effect.h"

#include <errno.h>
#include <string.h>

#include "base/fmt.h"

static int
effect_addr(struct sim_daemon *d, const struct mip6_act_addr *a)
{
	struct sim_addr *e = sim_host_addr(d->host, a->ifindex, &a->addr);

	if (a->ifindex != 0 && sim_host_iface_by(d->host, a->ifindex) == NULL)
		return ENODEV;
	if (!a->on) {
		if (e == NULL || e->owner != SIM_BY_DAEMON) {
			d->undone++;
			return 0;
		}
		sim_host_addr_del(d->host, e);
		return 0;
	}
	if (e != NULL && e->owner != SIM_BY_DAEMON)
		return EEXIST;
	if (e == NULL) {
		(void)sim_host_addr_add(d->host, a->ifindex, &a->addr, a->bits,
		    true, a->optimistic, SIM_BY_DAEMON);
		e = sim_host_addr(d->host, a->ifindex, &a->addr);
	}
	/* No lifetime runs here: deprecated is what was given as such. */
	if (a->preferred.us == 0)
		e->flags |= MIP6_ADDR_DEPRECATED;
	else
		e->flags &= (uint8_t)~MIP6_ADDR_DEPRECATED;
	return 0;
}

static int
effect_route(struct sim_daemon *d, const struct mip6_act_route *a)
{
	struct sim_route r = { .used = true,
		.table = a->table,
		.dst = a->dst,
		.ifindex = a->ifindex,
		.gateway = a->gateway,
		.owner = SIM_BY_DAEMON,
		.expires_us = INT64_MAX };

	/* What is taken away goes without carrier, too. */
	if (a->on && a->ifindex != 0 &&
	    (sim_host_iface_by(d->host, a->ifindex) == NULL ||
		!d->host->up[a->ifindex - 1]))
		return ENETDOWN;
	if (!sim_host_route_set(d->host, &r, a->on))
		d->undone++;
	return 0;
}

static int
effect_rule(struct sim_daemon *d, const struct mip6_act_rule *a)
{
	struct sim_rule r = { true, a->src, a->table };

	if (!sim_host_rule_set(d->host, &r, a->on))
		d->undone++;
	return 0;
}

static int
effect_filter(struct sim_daemon *d, enum mip6_action_kind kind,
    const struct mip6_act_set *a)
{
	/* The filters are about an address on whatever link. */
	bool any = kind == MIP6_ACT_SILENCE || kind == MIP6_ACT_SHIELD;

	if (a->ifindex != 0 && sim_host_iface_by(d->host, a->ifindex) == NULL)
		return ENODEV;
	if (!sim_host_filter_set(d->host, kind, any ? 0 : a->ifindex, &a->addr,
		a->on))
		d->undone++;
	return 0;
}

static int
effect_route_get(struct sim_daemon *d, const struct mip6_addr *dst,
    struct mip6_route *route)
{
	const struct sim_route *r =
	    sim_host_route(d->host, &mip6_addr_any, dst);

	if (r == NULL)
		return ENETUNREACH;
	route->ifindex = r->ifindex;
	route->nexthop = mip6_addr_is_any(&r->gateway) ? *dst : r->gateway;
	return 0;
}

int
sim_effect_apply(struct sim_daemon *d, const struct mip6_action *act,
    struct mip6_route *route)
{
	switch (act->kind) {
	case MIP6_ACT_TUN_MTU:
		d->host->tun_mtu = act->u.set.mtu;
		return 0;
	case MIP6_ACT_ADDR:
		return effect_addr(d, &act->u.addr);
	case MIP6_ACT_ROUTE:
		return effect_route(d, &act->u.route);
	case MIP6_ACT_RULE:
		return effect_rule(d, &act->u.rule);
	case MIP6_ACT_GROUP:
	case MIP6_ACT_CAPTURE:
	case MIP6_ACT_SILENCE:
	case MIP6_ACT_SHIELD:
	case MIP6_ACT_ALLMULTI:
		return effect_filter(d, act->kind, &act->u.set);
	case MIP6_ACT_FORWARDING:
		d->host->forwarding = act->u.set.on || d->was_forwarding;
		return 0;
	case MIP6_ACT_ROUTE_GET:
		return effect_route_get(d, &act->u.dst, route);
	case MIP6_ACT_STORE:
		return sim_store_apply(&d->store, &act->u.store);
	case MIP6_ACT_RESOLVE:
	case MIP6_ACT_SEND:
	case MIP6_ACT_SEND_TUNNELLED:
	case MIP6_ACT_ROW_SET:
	case MIP6_ACT_ROW_DEL:
	case MIP6_ACT_HOP_SET:
	case MIP6_ACT_LOCAL:
	case MIP6_ACT_MEMBER:
	case MIP6_ACT_MCAST:
		break;
	}
	sim_fail(d->sim, "%s: no effect for %s", d->host->name,
	    mip6_action_name(act->kind));
}

static void
effect_undo(struct sim_daemon *d, bool tun_alone)
{
	struct sim_host *h = d->host;
	size_t i;

	for (i = 0; i < SIM_HOST_ADDRS; i++)
		if (h->addr[i].used && h->addr[i].owner == SIM_BY_DAEMON &&
		    (!tun_alone || h->addr[i].ifindex == 0))
			sim_host_addr_del(h, &h->addr[i]);
	for (i = 0; i < SIM_HOST_ROUTES; i++)
		if (h->route[i].used && h->route[i].owner == SIM_BY_DAEMON &&
		    (!tun_alone || h->route[i].ifindex == 0))
			h->route[i].used = false;
}

void
sim_effect_tun_gone(struct sim_daemon *d)
{
	effect_undo(d, true);
}

void
sim_effect_undo_all(struct sim_daemon *d)
{
	struct sim_host *h = d->host;

	effect_undo(d, false);
	memset(h->rule, 0, sizeof(h->rule));
	memset(h->filter, 0, sizeof(h->filter));
	h->forwarding = d->was_forwarding;
}

void
sim_effect_trace(struct sim_daemon *d, const struct mip6_action *act, int error)
{
	char text[256];
	struct mip6_fmt f = mip6_fmt_make(text, sizeof(text));
	bool on = true;

	mip6_fmt_str(&f, mip6_action_name(act->kind));
	mip6_fmt_char(&f, ' ');
	if (act->kind == MIP6_ACT_ADDR) {
		mip6_fmt_addr(&f, &act->u.addr.addr);
		on = act->u.addr.on;
	} else if (act->kind == MIP6_ACT_ROUTE) {
		mip6_fmt_addr(&f, &act->u.route.dst.addr);
		mip6_fmt_char(&f, '/');
		mip6_fmt_u64(&f, act->u.route.dst.bits);
		mip6_fmt_str(&f, " link ");
		mip6_fmt_u64(&f, act->u.route.ifindex);
		mip6_fmt_str(&f, " table ");
		mip6_fmt_u64(&f, (uint64_t)act->u.route.table);
		on = act->u.route.on;
	} else if (act->kind == MIP6_ACT_RULE) {
		mip6_fmt_addr(&f, &act->u.rule.src);
		on = act->u.rule.on;
	} else if (act->kind == MIP6_ACT_STORE) {
		mip6_fmt_addr(&f, &act->u.store.key);
		on = act->u.store.count > 0;
	} else if (act->kind == MIP6_ACT_ROUTE_GET) {
		mip6_fmt_addr(&f, &act->u.dst);
	} else {
		mip6_fmt_addr(&f, &act->u.set.addr);
		mip6_fmt_str(&f, " link ");
		mip6_fmt_u64(&f, act->u.set.ifindex);
		on = act->u.set.on;
	}
	sim_trace(d->sim, "       %-8s do %s%s%s", d->host->name, text,
	    on ? "" : " off", error == 0 ? "" : " FAILED");
}
