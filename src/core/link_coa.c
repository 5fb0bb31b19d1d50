/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Which care-of address: the best of each link, and the best link.
 *
 * What works is left only for what is better and lasts; a link through which
 * no answer comes is blamed and gives way to others for a while, longer each
 * time.
 *
 * Implements: RFC 6275 sections 11.5.3 and 11.5.4.
 */
#include "core/node_int.h"

/* How long a better link has been usable before one that works is left. */
#define LINK_SETTLE    MIP6_SPAN_S(1)
#define LINK_BLAME     MIP6_SPAN_S(30)
#define LINK_BLAME_MAX 5 /* doublings */
#define LINK_BARRED    MIP6_SPAN_S(7200)

/* How good a care-of address is. */
enum link_rank {
	LINK_RANK_NONE,
	LINK_RANK_LAST_RESORT, /* deprecated, temporary, its router is lost */
	LINK_RANK_LOCAL,       /* of a site: RFC 4193 */
	LINK_RANK_RETIRING,
	LINK_RANK_GOOD
};

/* How good an address can be in a prefix. */
static enum link_rank
link_prefix_rank(const struct mip6_node *n, const struct mip6_prefix_entry *p)
{
	/* P-LOST: rather of a router that is there. Test: test_move */
	if (!router_vouches(n, p))
		return LINK_RANK_LAST_RESORT;
	/* R4.6-02: it may end at the site's border. Test: test_coa_choice */
	if (mip6_addr_is_unique_local(&p->prefix.addr))
		return LINK_RANK_LOCAL;
	return LINK_RANK_GOOD;
}

static enum link_rank
link_coa_rank(struct mip6_node *n, struct mip6_link *l,
    const struct mip6_link_addr *a)
{
	const struct mip6_prefix_entry *p;
	enum link_rank rank;

	if (!link_addr_usable(a))
		return LINK_RANK_NONE;
	p = router_onlink(n, l->ev.ifindex, &a->addr);
	/*
	 * R11.5.4-01: in a prefix advertised on the link since it came up, and
	 * never a home address.  Test: test_link
	 */
	if (p == NULL || mn_is_home_addr(n, &a->addr))
		return LINK_RANK_NONE;
	if ((a->flags & (MIP6_ADDR_DEPRECATED | MIP6_ADDR_TEMPORARY)) != 0)
		return LINK_RANK_LAST_RESORT;
	/* RFC4862-5.5.4: the host tells of its own. Test: test_coa_choice */
	if (a->formed && !mip6_time_before(n->now.boot, p->preferred))
		return LINK_RANK_LAST_RESORT;
	rank = link_prefix_rank(n, p);
	return rank == LINK_RANK_GOOD && mip6_timer_is_armed(&a->retire.t) ?
	    LINK_RANK_RETIRING :
	    rank;
}

static enum link_rank
link_best(struct mip6_node *n, struct mip6_link *l,
    const struct mip6_addr *keep, const struct mip6_link_addr **best)
{
	enum link_rank rank, best_rank = LINK_RANK_NONE;
	bool kept;
	uint32_t k;

	*best = NULL;
	if (!l->used || !l->ev.up || !l->captured ||
	    router_default(n, l->ev.ifindex) == NULL)
		return LINK_RANK_NONE;
	for (k = 0; k < MIP6_LINK_ADDRS_MAX; k++) {
		rank = link_coa_rank(n, l, &l->addr[k]);
		kept = keep != NULL && rank != LINK_RANK_NONE &&
		    mip6_addr_equal(&l->addr[k].addr, keep);
		/* Among equals, the one in use. */
		if (rank > best_rank || (rank == best_rank && kept)) {
			*best = &l->addr[k];
			best_rank = rank;
		}
	}
	return best_rank;
}

const struct mip6_link_addr *
link_coa(struct mip6_node *n, struct mip6_link *l, const struct mip6_addr *keep)
{
	const struct mip6_link_addr *best;

	(void)link_best(n, l, keep, &best);
	return best;
}

/* One formed in `p` would be as good as this. */
static enum link_rank
link_form_rank(const struct mip6_node *n, const struct mip6_prefix_entry *p)
{
	if (!p->autonomous || !mn_is_away_in(n, &p->prefix))
		return LINK_RANK_NONE;
	/* A deprecated one from the start: better than nothing. */
	if (!mip6_time_before(n->now.boot, p->preferred))
		return LINK_RANK_LAST_RESORT;
	return link_prefix_rank(n, p);
}

void
link_form(struct mip6_node *n, struct mip6_link *l)
{
	const struct mip6_link_addr *best;
	enum link_rank has, rank;
	uint32_t i;

	if (!l->is_mn || !l->ev.up)
		return;
	has = link_best(n, l, NULL, &best);
	if (has >= LINK_RANK_RETIRING)
		return;
	for (rank = LINK_RANK_GOOD; rank > has; rank--)
		for (i = 0; i < MIP6_PREFIXES_MAX; i++)
			if (n->prefix[i].used &&
			    n->prefix[i].ifindex == l->ev.ifindex &&
			    link_form_rank(n, &n->prefix[i]) == rank &&
			    link_form_addr(n, l, &n->prefix[i]))
				return;
}

struct mip6_addr
link_host_addr(struct mip6_node *n, uint32_t ifindex,
    const struct mip6_addr *coa)
{
	struct mip6_link *l = link_find(n, ifindex);
	enum link_rank rank, best_rank = LINK_RANK_NONE;
	struct mip6_addr best = mip6_addr_any;
	const struct mip6_link_addr *a;
	uint32_t k;

	if (l == NULL)
		return *coa;
	a = link_addr_find(l, coa);
	if (a == NULL || !a->owned)
		return *coa;
	for (k = 0; k < MIP6_LINK_ADDRS_MAX; k++) {
		rank = link_coa_rank(n, l, &l->addr[k]);
		if (!l->addr[k].owned && rank > best_rank) {
			best_rank = rank;
			best = l->addr[k].addr;
		}
	}
	return best;
}

/* Nothing comes through there, as far as is known. */
static bool
link_broken(struct mip6_node *n, const struct mip6_link *l)
{
	const struct mip6_router *r = router_default(n, l->ev.ifindex);

	return r == NULL || r->unreachable ||
	    mip6_time_before(n->now.boot, l->blamed_until);
}

bool
link_blame(struct mip6_node *n, struct mip6_link *l)
{
	uint32_t doublings =
	    l->blamed < LINK_BLAME_MAX ? l->blamed : LINK_BLAME_MAX;

	const struct mip6_link *other;
	bool others = false;
	uint32_t i;

	for (i = 0; i < MIP6_LINKS_MAX; i++) {
		other = &n->link[i];
		others |= other != l && other->used && other->is_mn &&
		    other->coa_at.us != 0 && !link_broken(n, other);
	}
	if (mip6_time_before(n->now.boot, l->blamed_until))
		return others;
	l->blamed++;
	l->blamed_until = mip6_time_add(n->now.boot,
	    (struct mip6_span){ LINK_BLAME.us << doublings });
	MIP6_LOG(n->log, WARNING, "link.no-way", MIP6_KS("link", l->ev.name),
	    MIP6_KU("times", l->blamed));
	mn_changed(n);
	return others;
}

void
link_bar(struct mip6_node *n, struct mip6_link *l)
{
	if (l == NULL)
		return;
	l->barred = true;
	l->barred_at = n->now.boot;
	(void)link_blame(n, l);
}

void
link_praise(struct mip6_node *n, struct mip6_link *l)
{
	l->blamed_until.us = 0;
	/* P-BARRED: nor less patience with it. Test: test_interfaces */
	if (l->barred &&
	    mip6_time_before(n->now.boot,
		mip6_time_add(l->barred_at, LINK_BARRED)))
		return;
	l->barred = false;
	l->blamed = 0;
}

static bool
link_better(struct mip6_node *n, const struct mip6_link *a,
    const struct mip6_link *b)
{
	bool broken = link_broken(n, a);

	if (broken != link_broken(n, b))
		return !broken;
	if (a->preference != b->preference)
		return a->preference < b->preference;
	return mip6_time_before(a->coa_at, b->coa_at);
}

/* Is `to` so much better that `from`, which is usable, is left for it now? */
static bool
link_leave(struct mip6_node *n, const struct mip6_link *from,
    const struct mip6_link *to, struct mip6_time *again)
{
	struct mip6_time settled = mip6_time_add(to->coa_at, LINK_SETTLE);

	if (link_broken(n, from))
		return !link_broken(n, to);
	/* P-SETTLE: equals are no reason to move. Test: test_interfaces */
	if (to->preference >= from->preference)
		return false;
	/* P-SETTLE: nor what may be gone at once. Test: test_interfaces */
	if (!mip6_time_reached(settled, n->now.boot)) {
		*again = settled;
		return false;
	}
	return true;
}

struct mip6_link *
link_choose(struct mip6_node *n, uint32_t on, const struct mip6_addr *keep,
    struct mip6_addr *coa, struct mip6_time *again)
{
	struct mip6_link *l, *best = NULL, *from = NULL;
	uint32_t i;

	*again = MIP6_TIME_NEVER;
	for (i = 0; i < MIP6_LINKS_MAX; i++) {
		l = &n->link[i];
		if (!l->used || !l->is_mn)
			continue;
		if (link_coa(n, l, keep) == NULL) {
			l->coa_at.us = 0;
			continue;
		}
		if (l->coa_at.us == 0)
			l->coa_at = n->now.boot;
		if (l->ev.ifindex == on)
			from = l;
		if (best == NULL || link_better(n, l, best))
			best = l;
		if (mip6_time_before(n->now.boot, l->blamed_until) &&
		    mip6_time_before(l->blamed_until, *again))
			*again = l->blamed_until;
	}
	if (from != NULL && best != from && !link_leave(n, from, best, again))
		best = from;
	if (best != NULL)
		*coa = link_coa(n, best, keep)->addr;
	return best;
}
