/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Care-of addresses that belong to the daemon alone.
 *
 * The host never gets such an address, so nothing of the host has to be waited
 * for and nothing of it answers: its solicited-node group is joined, its
 * packets are kept from the kernel, and what a host does for an address is done
 * here.  It is optimistic (RFC 4429) while Duplicate Address Detection runs:
 * used at once, but never in a way that changes a neighbour's cache.  Where
 * another node turns out to have it, it is given up in the same moment.
 *
 * Invariants: `owned` and a group joined and a shield up come and go together;
 * TENTATIVE as long as `dad` is armed; what is given up is not reported as an
 * address of the host and stays only so that it is not formed again.
 *
 * What is sent to such an address and is neither mobility nor Neighbour
 * Discovery (an echo request) has no answer: no application has the address.
 *
 * Implements: RFC 4862 section 5.4 with RetransTimer and DupAddrDetectTransmits
 * as they are by default, RFC 4429 section 3, RFC 4861 section 7.2.4.
 */
#include "core/node_int.h"

#include <string.h>

#define OWN_RETRANS_TIMER MIP6_SPAN_S(1)

bool
coa_own_is_wanted(const struct mip6_node *n)
{
	enum mip6_coa_owner who = n->conf->mn.coa_owner;

	if (who == MIP6_COA_OWNER_AUTO)
		who = n->env.coa_owner;
	return who == MIP6_COA_OWNER_DAEMON;
}

/* The group may be that of another one of the link. */
static void
own_listen(struct mip6_node *n, struct mip6_link *l,
    const struct mip6_link_addr *a, bool on)
{
	struct mip6_addr group = mip6_addr_solicited_node(&a->addr), other;
	uint32_t k;

	for (k = 0; !on && k < MIP6_LINK_ADDRS_MAX; k++) {
		if (!l->addr[k].used || !l->addr[k].owned || &l->addr[k] == a)
			continue;
		other = mip6_addr_solicited_node(&l->addr[k].addr);
		if (mip6_addr_equal(&other, &group))
			return;
	}
	node_act_set(n, MIP6_ACT_GROUP, l->ev.ifindex, &group, on);
}

/* Can packets go to the router without asking for it from `a`? */
static bool
own_knows_router(struct mip6_node *n, const struct mip6_link *l)
{
	const struct mip6_router *r = router_default(n, l->ev.ifindex);

	return l->ev.raw || (r != NULL && r->has_lladdr) ||
	    link_local_addr(l) != NULL;
}

void
coa_own_start(struct mip6_node *n, struct mip6_link *l,
    struct mip6_link_addr *a)
{
	a->owned = a->reported = true;
	a->flags = MIP6_ADDR_TENTATIVE;
	/* RFC4429-3.2: else not before it is ours. Test: test_coa_own */
	if (own_knows_router(n, l))
		a->flags |= MIP6_ADDR_OPTIMISTIC;
	own_listen(n, l, a, true);
	node_act_set(n, MIP6_ACT_SHIELD, l->ev.ifindex, &a->addr, true);
	/* R11.5.3-04: without the random delay. */
	nd_send_ns(n, l, &a->addr, &mip6_addr_any, NULL);
	node_timer_in(n, &a->dad, OWN_RETRANS_TIMER);
}

void
coa_own_stop(struct mip6_node *n, struct mip6_link *l, struct mip6_link_addr *a)
{
	if (!a->owned)
		return;
	node_timer_stop(n, &a->dad);
	link_untake(n, a);
	node_act_set(n, MIP6_ACT_SHIELD, l->ev.ifindex, &a->addr, false);
	own_listen(n, l, a, false);
	a->owned = a->reported = false;
}

void
coa_own_link_down(struct mip6_node *n, struct mip6_link *l)
{
	struct mip6_link_addr *a;
	uint32_t k;

	for (k = 0; k < MIP6_LINK_ADDRS_MAX; k++) {
		a = &l->addr[k];
		if (!a->used || !a->formed)
			continue;
		/* Given up before, or now: nothing of it is left. */
		if (a->owned ||
		    (!a->reported && (a->flags & MIP6_ADDR_DUPLICATED) != 0)) {
			node_timer_stop(n, &a->retire);
			coa_own_stop(n, l, a);
			a->used = false;
		}
	}
}

/* Nobody said that it is theirs. */
void
coa_own_timer(struct mip6_node *n, uint32_t index)
{
	struct mip6_link *l = &n->link[index / MIP6_LINK_ADDRS_MAX];
	struct mip6_link_addr *a = &l->addr[index % MIP6_LINK_ADDRS_MAX];

	if (!l->used || !a->used || !a->owned)
		return;
	a->flags = 0;
	MIP6_LOG(n->log, DEBUG, "coa.unique", MIP6_KA("coa", &a->addr));
	mn_changed(n);
}

static void
own_conflict(struct mip6_node *n, struct mip6_link *l, struct mip6_link_addr *a,
    const struct mip6_lladdr *who)
{
	MIP6_LOG(n->log, WARNING, "coa.duplicate", MIP6_KA("coa", &a->addr),
	    MIP6_KS("link", l->ev.name), MIP6_KL("by", who));
	node_timer_stop(n, &a->retire);
	coa_own_stop(n, l, a);
	a->flags = MIP6_ADDR_DUPLICATED;
	link_addr_refused(n, l, a, 0);
	mn_changed(n);
}

static struct mip6_link_addr *
own_find(struct mip6_node *n, uint32_t ifindex, const struct mip6_addr *addr,
    struct mip6_link **link)
{
	struct mip6_link_addr *a;

	*link = link_find(n, ifindex);
	if (*link == NULL)
		return NULL;
	a = link_addr_find(*link, addr);
	return a != NULL && a->owned ? a : NULL;
}

bool
coa_own_input_ns(struct mip6_node *n, const struct mip6_hint *h,
    const struct mip6_ip6_view *ip, const struct mip6_nd *m)
{
	bool dad = mip6_addr_is_any(&ip->ip.src);
	struct mip6_link_addr *a;
	struct mip6_na_how how;
	struct mip6_link *l;

	a = own_find(n, h->ifindex, &m->u.ns.target, &l);
	if (a == NULL)
		return false;
	/*
	 * RFC4862-5.4.3a: another asks for it as we do: it is nobody's, and an
	 * optimistic one is not answered for.  Test: test_coa_own
	 */
	if (dad && (a->flags & MIP6_ADDR_TENTATIVE) != 0) {
		own_conflict(n, l, a, &h->ll_src);
		return true;
	}
	/* RFC4862-5.4.3b: not ours yet: no answer. Test: test_coa_own */
	if (!link_addr_usable(a))
		return true;
	memset(&how, 0, sizeof(how));
	how.src = &a->addr;
	/* RFC4429-3.3: it may be another's in its cache. Test: test_coa_own */
	if ((a->flags & MIP6_ADDR_OPTIMISTIC) == 0)
		how.override = true;
	/* RFC4861-7.2.4: who has no address hears it with all. Test:
	 * test_coa_own */
	if (!dad) {
		how.solicited = true;
		how.dst = &ip->ip.src;
		how.dst_lladdr = &h->ll_src;
	}
	nd_send_na(n, l, &a->addr, &how);
	return true;
}

void
coa_own_input_na(struct mip6_node *n, const struct mip6_hint *h,
    const struct mip6_nd *m)
{
	struct mip6_link_addr *a;
	struct mip6_link *l;

	a = own_find(n, h->ifindex, &m->u.na.target, &l);
	if (a == NULL)
		return;
	/*
	 * RFC4862-5.4.4: while we ask it is the answer; later anybody on the link
	 * could take the address away from us.  Test: test_coa_own
	 */
	if ((a->flags & MIP6_ADDR_TENTATIVE) != 0)
		own_conflict(n, l, a, &h->ll_src);
	else
		MIP6_LOG(n->log, WARNING, "coa.claimed",
		    MIP6_KA("coa", &a->addr), MIP6_KL("by", &h->ll_src));
}
