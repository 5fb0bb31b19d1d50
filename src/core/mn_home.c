/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A home address on its home link: whose is it, and who answers for it?
 *
 * As long as a home agent has a binding nobody else can have the address, and
 * an acknowledged de-registration makes it ours at once.  Else it is asked for
 * as Duplicate Address Detection does: after a start, after the binding's end,
 * and when the home agent does not answer.  Nobody answers: the address is
 * ours.  Somebody does: it is not answered for nor used, what is wrong is said,
 * and it is asked for again now and then.
 *
 * Implements: RFC 6275 section 11.5.5, RFC 4862 section 5.4.
 */
#include "core/mn_int.h"

#include <string.h>

#define HOME_RETRANS_TIMER MIP6_SPAN_S(1)  /* RetransTimer, one transmission */
#define HOME_AGAIN         MIP6_SPAN_S(10) /* after a conflict */

static struct mip6_addr
home_link_local(const struct mn_home *h)
{
	static const struct mip6_prefix p = { { { 0xfe, 0x80 } }, 64 };

	return mip6_prefix_join(&p, &h->hoa);
}

bool
mn_home_is_compatible(const struct mip6_node *n, const struct mn_home *h)
{
	struct mip6_addr ll = home_link_local(h);

	/* R11.7.1-04: the identifiers are the same. Test: test_mn_dad */
	return link_has_addr(n, &ll);
}

/* ---- whose is it? ---- */

enum mn_event
mn_home_event(const struct mip6_node *n, const struct mn_home *h)
{
	uint32_t i;

	for (i = 0; i < MN_AGENTS_MAX; i++)
		/*
		 * R11.5.5-06: not while there is a binding, or one that we do not know
		 * of: that is ended first.  Test: test_mn_dad
		 */
		if (h->agent[i].used &&
		    mip6_time_before(n->now.boot, h->agent[i].maybe_until))
			return MN_EV_HOME;
	return MN_EV_HOME_FREE;
}

void
mn_home_probe(struct mip6_node *n, struct mn_home *h)
{
	struct mip6_link *l = link_find(n, h->at.ifindex);
	struct mip6_addr ll = home_link_local(h);

	if (h->released)
		node_timer_stop(n, &h->send);
	if (!mn_is_bound(n, h))
		h->link_local = mn_home_is_compatible(n, h);
	node_timer_in(n, &h->dad, HOME_RETRANS_TIMER);
	if (l == NULL)
		return;
	nd_send_ns(n, l, &h->hoa, &mip6_addr_any, NULL);
	if (h->link_local)
		nd_send_ns(n, l, &ll, &mip6_addr_any, NULL);
}

void
mn_home_defer(struct mip6_node *n, struct mn_home *h)
{
	node_timer_in(n, &h->dad, HOME_AGAIN);
	/* A home agent may defend it for us, of a former life. */
	if (!h->released && !mip6_timer_is_armed(&h->send.t))
		mn_start_update(n, h);
}

void
mn_home_timer(struct mip6_node *n, struct mn_home *h)
{
	mn_step(n, h, h->state == MN_CHECKING ? MN_EV_UNIQUE : MN_EV_PROBE);
}

static void
home_conflict(struct mip6_node *n, struct mn_home *h,
    const struct mip6_lladdr *who)
{
	MIP6_LOG(n->log, WARNING, "mn.address-in-use", MIP6_KA("hoa", &h->hoa),
	    MIP6_KL("by", who));
	h->conflict = true;
	h->other = *who;
	mn_step(n, h, MN_EV_DUPLICATE);
}

/* Does a detection that runs on this link ask about `target`? */
static bool
home_asks(const struct mn_home *h, uint32_t ifindex,
    const struct mip6_addr *target)
{
	struct mip6_addr ll = home_link_local(h);

	return h->used && h->state == MN_CHECKING && h->at.ifindex == ifindex &&
	    (mip6_addr_equal(target, &h->hoa) ||
		(h->link_local && mip6_addr_equal(target, &ll)));
}

/*
 * Somebody says something of `target`: those of our home addresses that are
 * being asked for have an owner.
 */
static void
home_heard(struct mip6_node *n, const struct mip6_hint *hint,
    const struct mip6_addr *target)
{
	const struct mip6_link *l = link_find(n, hint->ifindex);
	uint32_t i;

	/* P-OWN: what we said ourselves is nobody else's. Test: test_mn_dad */
	if (l == NULL ||
	    memcmp(&hint->ll_src, &l->ev.lladdr, sizeof(l->ev.lladdr)) == 0)
		return;
	for (i = 0; i < MIP6_HOMES_MAX; i++)
		if (home_asks(&n->mn->home[i], hint->ifindex, target))
			home_conflict(n, &n->mn->home[i], &hint->ll_src);
}

/* ---- who answers? ---- */

void
mn_home_listen(struct mip6_node *n, struct mn_home *h, bool on)
{
	struct mip6_addr group = mip6_addr_solicited_node(&h->hoa);

	if (h->listening && (!on || h->home_ifindex != h->at.ifindex)) {
		node_act_set(n, MIP6_ACT_GROUP, h->home_ifindex, &group, false);
		node_timer_stop(n, &h->dad);
		h->announcements = 0;
		h->listening = h->conflict = h->released = h->proven = false;
	}
	if (!on || h->listening)
		return;
	h->listening = true;
	h->announcements = 0;
	h->home_ifindex = h->at.ifindex;
	node_act_set(n, MIP6_ACT_GROUP, h->home_ifindex, &group, true);
}

void
mn_home_announce(struct mip6_node *n, struct mn_home *h)
{
	struct mip6_link *l = link_find(n, h->home_ifindex);
	const struct mip6_addr *ll;
	struct mip6_na_how how;

	if (h->announcements == 0 || l == NULL)
		return;
	h->announcements--;
	/* R11.5.5-08: to all nodes, S=0, O=1, with our link-layer address. */
	memset(&how, 0, sizeof(how));
	how.override = true;
	how.src = &h->hoa;
	nd_send_na(n, l, &h->hoa, &how);
	ll = link_local_addr(l);
	/* R11.5.5-08: and of the link-local address. Test: test_mn_dad */
	if (ll != NULL) {
		how.src = ll;
		nd_send_na(n, l, ll, &how);
	}
	if (h->announcements > 0)
		node_timer_in(n, &h->announce, MIP6_SPAN_S(1));
}

bool
mn_input_ns(struct mip6_node *n, const struct mip6_hint *hint,
    const struct mip6_ip6_view *ip, const struct mip6_nd *m)
{
	struct mip6_link *l = link_find(n, hint->ifindex);
	bool dad = mip6_addr_is_any(&ip->ip.src);
	struct mip6_na_how how;
	struct mn_home *h = NULL;
	uint32_t i;

	for (i = 0; i < MIP6_HOMES_MAX && h == NULL; i++)
		if (n->mn->home[i].used &&
		    mip6_addr_equal(&n->mn->home[i].hoa, &m->u.ns.target))
			h = &n->mn->home[i];
	/* Another asks for it as we do: it is that one's. */
	if (dad)
		home_heard(n, hint, &m->u.ns.target);
	if (h == NULL || l == NULL)
		return false;
	/*
	 * R11.5.5-07: answered on the home link, once an update was sent; not
	 * while it may be another's.  Test: test_mn_dad
	 */
	if (!h->listening || h->home_ifindex != hint->ifindex ||
	    (h->state != MN_AT_HOME &&
		(h->state != MN_RETURNING || h->ha->bul.unanswered == 0)))
		return true;
	/* Our own solicitation for the home agent comes back to nobody. */
	memset(&how, 0, sizeof(how));
	how.src = &h->hoa;
	how.override = true;
	how.solicited = !dad;
	if (!dad) {
		how.dst = &ip->ip.src;
		how.dst_lladdr = &hint->ll_src;
	} else if (h->state != MN_AT_HOME) {
		return true; /* the home agent still defends it */
	}
	nd_send_na(n, l, &h->hoa, &how);
	return true;
}

/* R11.5.5-05: the home agent's answer tells its link-layer address. */
void
mn_input_na(struct mip6_node *n, const struct mip6_hint *hint,
    const struct mip6_nd *m)
{
	struct mn_home *h;
	uint32_t i;

	home_heard(n, hint, &m->u.na.target);
	for (i = 0; i < MIP6_HOMES_MAX; i++) {
		h = &n->mn->home[i];
		if (!h->used || h->state != MN_RETURNING || !m->opt.has_tlla ||
		    h->at.ifindex != hint->ifindex ||
		    !mip6_addr_equal(&m->u.na.target, &h->hoa))
			continue;
		if (!nd_usable(n, h->at_hop)) {
			nd_learn(n, h->at.ifindex, &h->ha->addr, &m->opt.tlla);
			nd_confirm(n, h->at_hop);
		}
	}
}

uint32_t
mn_home_link(const struct mip6_node *n, const struct mip6_addr *a)
{
	const struct mn_home *h;
	uint32_t i;

	for (i = 0; n->mn != NULL && i < MIP6_HOMES_MAX; i++) {
		h = &n->mn->home[i];
		if (h->used && h->state == MN_AT_HOME &&
		    mip6_addr_equal(&h->hoa, a))
			return h->home_ifindex;
	}
	return 0;
}

const struct mip6_addr *
mn_home_source(const struct mip6_node *n, const struct mip6_link *l,
    const struct mip6_addr *target)
{
	const struct mn_home *h;
	uint32_t i;

	if (n->mn == NULL)
		return NULL;
	for (i = 0; i < MIP6_HOMES_MAX; i++) {
		h = &n->mn->home[i];
		if (h->used && h->state == MN_AT_HOME &&
		    h->home_ifindex == l->ev.ifindex &&
		    !mip6_addr_equal(&h->hoa, target))
			return &h->hoa;
	}
	return NULL;
}
