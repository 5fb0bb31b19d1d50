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

/* How good a care-of address is. */
enum link_rank {
	LINK_RANK_NONE,
	LINK_RANK_LAST_RESORT, /* deprecated, temporary, its router is lost */
	LINK_RANK_RETIRING,
	LINK_RANK_GOOD,
	LINK_RANK_KEPT
};

static enum link_rank
link_coa_rank(struct mip6_node *n, struct mip6_link *l,
    const struct mip6_link_addr *a, const struct mip6_addr *keep)
{
	const struct mip6_prefix_entry *p;

	if (!link_addr_usable(a))
		return LINK_RANK_NONE;
	p = router_onlink(n, l->ev.ifindex, &a->addr);
	/*
	 * R11.5.4-01: in a prefix advertised on the link since it came up, and
	 * never a home address.  Test: test_link
	 */
	if (p == NULL || mn_is_home_addr(n, &a->addr))
		return LINK_RANK_NONE;
	/* P-LOST: rather of a router that is there. Test: test_move */
	if (!router_vouches(n, p))
		return LINK_RANK_LAST_RESORT;
	if ((a->flags & (MIP6_ADDR_DEPRECATED | MIP6_ADDR_TEMPORARY)) != 0)
		return LINK_RANK_LAST_RESORT;
	if (mip6_timer_is_armed(&a->retire.t))
		return LINK_RANK_RETIRING;
	return keep != NULL && mip6_addr_equal(&a->addr, keep) ?
	    LINK_RANK_KEPT :
	    LINK_RANK_GOOD;
}

static enum link_rank
link_best(struct mip6_node *n, struct mip6_link *l,
    const struct mip6_addr *keep, const struct mip6_link_addr **best)
{
	enum link_rank rank, best_rank = LINK_RANK_NONE;
	uint32_t k;

	*best = NULL;
	if (!l->used || !l->ev.up || !l->captured ||
	    router_default(n, l->ev.ifindex) == NULL)
		return LINK_RANK_NONE;
	for (k = 0; k < MIP6_LINK_ADDRS_MAX; k++) {
		rank = link_coa_rank(n, l, &l->addr[k], keep);
		if (rank > best_rank) {
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

bool
link_coa_good(struct mip6_node *n, struct mip6_link *l)
{
	const struct mip6_link_addr *best;

	return link_best(n, l, NULL, &best) >= LINK_RANK_RETIRING;
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
link_praise(struct mip6_link *l)
{
	l->blamed = 0;
	l->blamed_until.us = 0;
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
