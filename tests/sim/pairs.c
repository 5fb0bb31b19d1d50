/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The tables of both ends of a pair, side by side.
 */
#include "sim/pairs.h"

#include "core/cn_int.h"
#include "core/mn_ro_int.h"
#include "path/inside.h"

#define PAIRS_ADDRS (SIM_MN_MAX + 4)

/* Addresses that talk to each other here. */
static size_t
pairs_addrs(const struct sim_world *w, struct mip6_addr *a)
{
	size_t k, count = 0;

	for (k = 0; k < w->mobiles; k++)
		a[count++] = w->mn[k].hoa;
	a[count++] = w->cn_addr;
	a[count++] = w->nb_addr;
	a[count++] = w->peer_addr;
	a[count++] = w->ha_addr;
	return count;
}

static void
pairs_rows(struct sim_world *w, const struct sim_daemon *d)
{
	const struct mip6_node *n = mip6_engine_node(d->engine);
	const struct mip6_path *p = mip6_engine_path(d->engine);
	struct mip6_addr a[PAIRS_ADDRS];
	struct direct_theirs theirs;
	struct direct_mine mine;
	size_t i, k, rows = 0, count = pairs_addrs(w, a);

	for (i = 0; i < count; i++)
		for (k = 0; k < count; k++) {
			if (n->direct == NULL ||
			    direct_find(n, &a[i], &a[k]) == NULL)
				continue;
			rows++;
			if (!mn_ro_mine(n, &a[i], &a[k], &mine) &&
			    !cn_theirs(n, &a[i], &a[k], &theirs))
				sim_fail(&w->sim,
				    "%s: a direct row of %s and %s that nothing "
				    "justifies",
				    d->host->name, mip6_addr_text(&a[i]).s,
				    mip6_addr_text(&a[k]).s);
		}
	if (p->rows.kind[MIP6_FWD_DIRECT] < rows)
		sim_fail(&w->sim, "%s: %zu direct rows, %u in the path",
		    d->host->name, rows, p->rows.kind[MIP6_FWD_DIRECT]);
}

/* Has the correspondent asked for a route to it? */
static bool
pairs_is_hosted(const struct mip6_cn *cn, const struct mip6_addr *hoa)
{
	const struct cn_binding *b;
	uint32_t i;

	for (i = 0; i < cn->bindings.top; i++) {
		b = cn_get(cn, i);
		if (b->pair.used && (b->flags & CN_HOSTED) != 0 &&
		    mip6_addr_equal(&b->pair.other, hoa))
			return true;
	}
	return false;
}

static void
pairs_routes(struct sim_world *w, const struct sim_daemon *d)
{
	const struct mip6_node *n = mip6_engine_node(d->engine);
	const struct mip6_addr *hoa;
	const struct sim_route *r;
	size_t i, k;
	bool there;

	for (k = 0; k < w->mobiles; k++) {
		hoa = &w->mn[k].hoa;
		there = false;
		for (i = 0; i < SIM_HOST_ROUTES; i++) {
			r = &d->host->route[i];
			there |= r->used && r->owner == SIM_BY_DAEMON &&
			    r->dst.bits == 128 &&
			    mip6_addr_equal(&r->dst.addr, hoa);
		}
		if (there != pairs_is_hosted(n->cn, hoa))
			sim_fail(&w->sim, "%s: %s host route to %s",
			    d->host->name, there ? "a needless" : "no",
			    mip6_addr_text(hoa).s);
	}
}

/* Who has `a`, and takes part; NULL: nobody. */
static const struct sim_daemon *
pairs_peer(const struct sim_world *w, const struct sim_daemon *cn,
    const struct mip6_addr *a)
{
	size_t k;

	if (cn != NULL && cn->engine != NULL && mip6_addr_equal(a, &w->cn_addr))
		return cn;
	for (k = 0; k < w->mobiles; k++)
		if (mip6_addr_equal(a, &w->mn[k].hoa) &&
		    w->mn[k].daemon.engine != NULL)
			return &w->mn[k].daemon;
	return NULL;
}

static void
pairs_agree(struct sim_world *w, const struct sim_daemon *d,
    const struct sim_daemon *cn)
{
	const struct mip6_node *n = mip6_engine_node(d->engine);
	const struct sim_daemon *other;
	struct direct_theirs theirs;
	const struct ro_peer *p;
	size_t i;

	for (i = 0; n->mn != NULL && n->mn->ro != NULL && i < RO_PEERS_MAX;
	     i++) {
		p = &n->mn->ro->peer[i];
		other =
		    p->used && p->usable ? pairs_peer(w, cn, &p->peer) : NULL;
		if (other == NULL)
			continue;
		if (!cn_theirs(mip6_engine_node(other->engine), &p->peer,
			&p->hoa, &theirs) ||
		    !mip6_addr_equal(&theirs.coa, &p->bul.coa))
			sim_fail(&w->sim,
			    "%s sends directly to %s, which does not know of "
			    "it",
			    d->host->name, other->host->name);
	}
}

static void
pairs_check_one(struct sim_world *w, const struct sim_daemon *d,
    const struct sim_daemon *cn)
{
	if (d == NULL || d->engine == NULL)
		return;
	pairs_rows(w, d);
	/* A home agent has routes of its own to the same addresses. */
	if (mip6_engine_node(d->engine)->cn != NULL && d != &w->had)
		pairs_routes(w, d);
	pairs_agree(w, d, cn);
}

void
sim_pairs_check(struct sim_world *w, struct sim_daemon *cn)
{
	size_t k;

	pairs_check_one(w, cn, cn);
	pairs_check_one(w, &w->had, cn);
	for (k = 0; k < w->mobiles; k++)
		pairs_check_one(w, &w->mn[k].daemon, cn);
}
