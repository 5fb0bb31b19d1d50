/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Counted in the tables themselves, not in what the daemon says of them.
 */
#include "sim/counts.h"

#include <string.h>

#include "core/cn_int.h"
#include "core/ha_int.h"
#include "core/mn_ro_int.h"
#include "path/inside.h"

static const char *const count_name[COUNT_KINDS] = {
	[COUNT_TIMERS] = "timers",
	[COUNT_NEIGHBOURS] = "neighbours",
	[COUNT_REFERENCES] = "references",
	[COUNT_ADDRESSES] = "addresses",
	[COUNT_ROUTERS] = "routers",
	[COUNT_PREFIXES] = "prefixes",
	[COUNT_WISHES] = "wishes",
	[COUNT_AGENTS] = "agents",
	[COUNT_CORRESPONDENTS] = "correspondents",
	[COUNT_BINDINGS] = "bindings",
	[COUNT_ROWS] = "rows",
	[COUNT_WAITING] = "waiting",
	[COUNT_BUFFERS] = "buffers",
	[COUNT_HOST_ADDRESSES] = "host's addresses",
	[COUNT_HOST_ROUTES] = "host's routes",
	[COUNT_HOST_RULES] = "host's rules",
	[COUNT_HOST_FILTERS] = "host's filters",
};

/* Those that are remembered hold a neighbour each. */
static void
count_peers(const struct mip6_node *n, struct sim_counts *k)
{
	const struct ro_peer *p;
	size_t i;

	for (i = 0; n->mn != NULL && n->mn->ro != NULL && i < RO_PEERS_MAX;
	     i++) {
		p = &n->mn->ro->peer[i];
		k->of[COUNT_CORRESPONDENTS] += p->used;
		k->of[COUNT_REFERENCES] -= p->used && p->hop != MIP6_HOP_NONE;
	}
}

static void
count_node(const struct mip6_node *n, struct sim_counts *k)
{
	size_t i, j;

	k->of[COUNT_TIMERS] = n->wheel.count;
	for (i = 0; i < MIP6_NEIGHBOURS_MAX; i++) {
		k->of[COUNT_NEIGHBOURS] +=
		    n->neighbour[i].state != MIP6_NUD_NONE;
		k->of[COUNT_REFERENCES] += n->neighbour[i].refs;
	}
	for (i = 0; i < MIP6_LINKS_MAX; i++)
		for (j = 0; j < MIP6_LINK_ADDRS_MAX; j++)
			k->of[COUNT_ADDRESSES] += n->link[i].used &&
			    n->link[i].addr[j].used &&
			    (n->link[i].addr[j].formed ||
				n->link[i].addr[j].taken);
	for (i = 0; i < MIP6_ROUTERS_MAX; i++)
		k->of[COUNT_ROUTERS] += n->router[i].used;
	for (i = 0; i < MIP6_PREFIXES_MAX; i++)
		k->of[COUNT_PREFIXES] += n->prefix[i].used;
	for (i = 0; i < MIP6_WISHES_MAX; i++)
		k->of[COUNT_WISHES] += n->wish[i].used;
	for (i = 0; n->mn != NULL && i < MIP6_HOMES_MAX; i++)
		for (j = 0; j < MN_AGENTS_MAX; j++)
			k->of[COUNT_AGENTS] +=
			    n->mn->home[i].used && n->mn->home[i].agent[j].used;
	count_peers(n, k);
	if (n->ha != NULL)
		k->of[COUNT_BINDINGS] += n->ha->bcache.count;
	if (n->cn != NULL)
		k->of[COUNT_BINDINGS] += n->cn->bindings.count;
}

struct sim_counts
sim_count(const struct sim_daemon *d)
{
	const struct mip6_path *p = mip6_engine_path(d->engine);
	const struct sim_host *h = d->host;
	struct sim_counts k;
	size_t i;

	memset(&k, 0, sizeof(k));
	count_node(mip6_engine_node(d->engine), &k);
	k.of[COUNT_ROWS] = p->rows.used;
	k.of[COUNT_WAITING] = p->waiting;
	k.of[COUNT_BUFFERS] = mip6_pool_out(mip6_engine_pool(d->engine));
	for (i = 0; i < SIM_HOST_ADDRS; i++)
		k.of[COUNT_HOST_ADDRESSES] +=
		    h->addr[i].used && h->addr[i].owner == SIM_BY_DAEMON;
	for (i = 0; i < SIM_HOST_ROUTES; i++)
		k.of[COUNT_HOST_ROUTES] +=
		    h->route[i].used && h->route[i].owner == SIM_BY_DAEMON;
	for (i = 0; i < SIM_HOST_RULES; i++)
		k.of[COUNT_HOST_RULES] += h->rule[i].used;
	for (i = 0; i < SIM_HOST_FILTERS; i++)
		k.of[COUNT_HOST_FILTERS] += h->filter[i].used;
	return k;
}

void
sim_count_same(const struct sim_daemon *d, const struct sim_counts *was)
{
	static const size_t few[COUNT_KINDS] = { [COUNT_TIMERS] = 4,
		[COUNT_NEIGHBOURS] = 4,
		[COUNT_ADDRESSES] = 2,
		[COUNT_CORRESPONDENTS] = 2,
		[COUNT_HOST_ADDRESSES] = 2,
		[COUNT_HOST_FILTERS] = 4 };
	struct sim_counts is = sim_count(d);
	size_t k;

	for (k = 0; k < COUNT_KINDS; k++)
		if (is.of[k] > was->of[k] + few[k] ||
		    (is.of[k] < was->of[k] && few[k] == 0))
			sim_fail(d->host->sim,
			    "%s: %zu %s at the end, %zu before", d->host->name,
			    is.of[k], count_name[k], was->of[k]);
}
