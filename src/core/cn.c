/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The correspondent node: which addresses are ours, and what the path says.
 *
 * Each of our addresses has a binding cache of its own: bindings are of pairs
 * of one of them and a home address.  What leads to a care-of address is a row
 * of such a pair, made when an update came or the path met a packet.  The
 * host's route for a bound home address brings the packets of all our
 * addresses, but for home addresses, to the path; so those without a binding
 * follow that of another one.
 * Nothing outlives the process: tokens of a former life are void, because
 * their nonces are (section 5.2.8).
 *
 * Implements: RFC 6275 sections 9.1, 9.3.
 */
#include "core/ha_int.h"

#include <string.h>

#include "core/cn_int.h"

/* "Persistent": so many, one second apart and no more than a minute. */
#define CN_UNREACHABLE_MAX   3
#define CN_UNREACHABLE_BURST MIP6_SPAN_S(1)
#define CN_UNREACHABLE_ROW   MIP6_SPAN_S(60)

bool
cn_is_ours(const struct mip6_node *n, const struct mip6_addr *a)
{
	const struct mip6_link *l;
	uint32_t i, k;

	for (i = 0; i < MIP6_LINKS_MAX; i++) {
		l = &n->link[i];
		for (k = 0; l->used && k < MIP6_LINK_ADDRS_MAX; k++)
			if (l->addr[k].used &&
			    mip6_addr_equal(&l->addr[k].addr, a) &&
			    link_addr_usable(&l->addr[k]))
				return true;
	}
	return mn_is_home_addr(n, a) ||
	    (n->ha != NULL && ha_address_index(n, a) >= 0);
}

struct mip6_addr
cn_tunnel_of(const struct mip6_node *n, const struct mip6_addr *our,
    const struct mip6_addr *peer)
{
	if (mn_is_home_addr(n, our))
		return *our;
	return ha_has_binding(n, peer) ? *peer : mip6_addr_any;
}

/* Has the link a prefix of one of our addresses that `a` is in? */
static bool
cn_on_link(const struct mip6_link *l, const struct mip6_addr *a)
{
	struct mip6_prefix p;
	uint32_t k;

	for (k = 0; k < MIP6_LINK_ADDRS_MAX; k++) {
		if (!l->addr[k].reported || !link_addr_usable(&l->addr[k]) ||
		    l->addr[k].bits == 0 || l->addr[k].bits >= 128)
			continue;
		p = mip6_prefix_make(&l->addr[k].addr, l->addr[k].bits);
		if (mip6_prefix_has(&p, a))
			return true;
	}
	return false;
}

/* The neighbour by which `dst` is reached on a link; false: not known. */
static bool
cn_nexthop(struct mip6_node *n, const struct mip6_link *l,
    const struct mip6_addr *dst, struct mip6_addr *nexthop)
{
	const struct mip6_route *beyond = &n->cn->beyond;

	*nexthop = *dst;
	/*
	 * Where we follow the advertisements, they say what is on the link: an
	 * address may be of a network that was left (test_cn_mobile).
	 */
	if ((!l->is_mn && cn_on_link(l, dst)) ||
	    router_nexthop(n, l->ev.ifindex, dst, nexthop))
		return true;
	*nexthop = beyond->nexthop;
	return beyond->ifindex == l->ev.ifindex;
}

/*
 * R9.4.3-01, R9.4.4-01: to the neighbour that has the address, or to a router.
 * Who sent the question from the link is asked only where no router is known:
 * otherwise any host on it would get the tokens of any address.
 */
static void
cn_send_on(struct mip6_node *n, uint32_t ifindex, const struct cn_back *to,
    const uint8_t *octets, size_t count)
{
	const struct mip6_link *l = link_find(n, ifindex);
	uint32_t hop = MIP6_HOP_NONE;
	struct mip6_addr dst, nexthop;
	bool known;

	if (l == NULL)
		return;
	memcpy(dst.b, octets + MIP6_IP6_AT_DST, sizeof(dst.b));
	known = cn_nexthop(n, l, &dst, &nexthop);
	/* P-CN-BACK: its way, not who brought it. Test: test_cn_back */
	if (known)
		hop = nd_hold(n, ifindex, &nexthop);
	if (hop != MIP6_HOP_NONE || to->hop != MIP6_HOP_NONE)
		node_send(n, ifindex, hop != MIP6_HOP_NONE ? hop : to->hop,
		    NULL, octets, count);
	else if (!known && to->ll_src != NULL)
		node_send(n, ifindex, MIP6_HOP_NONE, to->ll_src, octets, count);
	nd_release(n, hop);
}

void
cn_send_back(struct mip6_node *n, const struct cn_back *to,
    const uint8_t *octets, size_t count)
{
	uint32_t home = to->tunnelled ? mn_home_link(n, &to->home) : 0;
	struct mip6_action *a;
	uint8_t *copy;

	/* P-CN-HOME: at home there is no tunnel. Test: test_cn_mobile */
	if (!to->tunnelled || home != 0) {
		cn_send_on(n, home != 0 ? home : to->ifindex, to, octets,
		    count);
		return;
	}
	if (mip6_addr_is_any(&to->home))
		return;
	a = node_act(n, MIP6_ACT_SEND_TUNNELLED);
	copy = mip6_actions_octets(n->out, count);
	memcpy(copy, octets, count);
	a->u.send.home = to->home;
	a->u.send.octets = copy;
	a->u.send.count = count;
}

/* ---- what the path says ---- */

uint32_t
cn_way(const struct mip6_node *n, const struct mip6_addr *our,
    const struct mip6_addr *hoa)
{
	const struct mip6_pairs *t = &n->cn->bindings;
	uint32_t i = mip6_pairs_find(t, our, hoa), best = MIP6_PAIR_NONE;
	const struct cn_binding *b;

	if (i != MIP6_PAIR_NONE &&
	    cn_get(n->cn, i)->state == MIP6_BINDING_REGISTERED)
		return i;
	if (mn_is_home_addr(n, our))
		return MIP6_PAIR_NONE;
	for (i = mip6_pairs_first(t, hoa); i != MIP6_PAIR_NONE;
	     i = b->pair.next) {
		b = cn_get(n->cn, i);
		if (b->state == MIP6_BINDING_REGISTERED &&
		    b->hop != MIP6_HOP_NONE &&
		    (best == MIP6_PAIR_NONE ||
			mip6_time_before(cn_get(n->cn, best)->since, b->since)))
			best = i;
	}
	return best;
}

bool
cn_theirs(const struct mip6_node *n, const struct mip6_addr *our,
    const struct mip6_addr *other, struct direct_theirs *to)
{
	const struct cn_binding *b;
	uint32_t i;

	if (n->cn == NULL)
		return false;
	i = cn_way(n, our, other);
	if (i == MIP6_PAIR_NONE)
		return false;
	b = cn_get(n->cn, i);
	to->coa = b->coa;
	to->hop = b->hop;
	return true;
}

bool
cn_has_binding(const struct mip6_node *n, const struct mip6_addr *hoa)
{
	const struct cn_binding *b;
	uint32_t i;

	if (n->cn == NULL)
		return false;
	for (i = mip6_pairs_first(&n->cn->bindings, hoa); i != MIP6_PAIR_NONE;
	     i = b->pair.next) {
		b = cn_get(n->cn, i);
		if (b->state == MIP6_BINDING_REGISTERED)
			return true;
	}
	return false;
}

/* Does `hoa` say to `our` that it will be at `coa`? */
static bool
cn_will_be_at(const struct mip6_node *n, const struct mip6_addr *our,
    const struct mip6_addr *hoa, const struct mip6_addr *coa)
{
	uint32_t i = mip6_pairs_find(&n->cn->bindings, our, hoa);
	const struct cn_pending *p;

	if (i == MIP6_PAIR_NONE)
		return false;
	p = cn_pending_of(n->cn, cn_get(n->cn, i));
	return p != NULL && mip6_addr_equal(&p->bu.coa, coa);
}

/* Is there a row of the pair that takes what comes from `coa`? */
static bool
cn_row_is_of(const struct mip6_node *n, const struct mip6_addr *our,
    const struct mip6_addr *hoa, const struct mip6_addr *coa)
{
	const struct mip6_fwd_row *row = direct_find(n, our, hoa);

	return row != NULL && mip6_addr_equal(&row->peer, coa);
}

void
cn_hao(struct mip6_node *n, const struct mip6_hint *h)
{
	struct mip6_ip6_view ip;
	struct direct_theirs t;
	bool bound;

	if (mip6_ip6_view(h->octets, h->count, &ip, NULL) != MIP6_PARSE_OK ||
	    !ip.has_hao)
		return;
	bound = cn_theirs(n, &ip.eff_dst, &ip.hao, &t) &&
	    mip6_addr_equal(&t.coa, &ip.ip.src);
	/* Bound, but not yet with this address, which must be ours. */
	if (bound && !cn_is_ours(n, &ip.eff_dst))
		return;
	if (bound)
		(void)direct_update(n, &ip.eff_dst, &ip.hao);
	else if (n->cn != NULL &&
	    cn_will_be_at(n, &ip.eff_dst, &ip.hao, &ip.ip.src))
		return;
	/* R9.3.1-04: what no row takes is told: status 1. Test: test_cn_hao */
	if (!cn_row_is_of(n, &ip.eff_dst, &ip.hao, &ip.ip.src))
		mh_send_error(n, h, &ip, MIP6_BE_UNKNOWN_BINDING);
}

void
cn_no_row(struct mip6_node *n, const struct mip6_hint *h)
{
	struct direct_theirs t;

	if (cn_theirs(n, &h->src, &h->dst, &t) && cn_is_ours(n, &h->src))
		(void)direct_update(n, &h->src, &h->dst);
}

/* R9.3.4-02: the care-of address is not reached, again and again. */
static void
cn_unreachable(struct mip6_node *n, uint32_t i)
{
	struct cn_binding *b = cn_get(n->cn, i);
	int64_t since = mip6_time_sub(n->now.boot, b->unreachable_at).us;

	/* P-CN-BURST: one packet's errors are one. Test: test_cn_icmp */
	if (b->unreachable > 0 && since < CN_UNREACHABLE_BURST.us)
		return;
	/* P-CN-SPORADIC: long ago does not count. Test: test_cn_icmp */
	if (since > CN_UNREACHABLE_ROW.us)
		b->unreachable = 0;
	b->unreachable_at = n->now.boot;
	/* R9.3.4-02: one alone may pass. Test: test_cn_icmp */
	if (++b->unreachable < CN_UNREACHABLE_MAX)
		return;
	MIP6_LOG(n->log, INFO, "cn.binding-unreachable",
	    MIP6_KA("hoa", &b->pair.other), MIP6_KA("coa", &b->coa));
	cn_end(n, i);
}

/*
 * On a link of ours no router would say so.  Of many that are said to be there
 * some wait for the next time.
 */
void
cn_neighbour_lost(struct mip6_node *n, const struct mip6_addr *addr)
{
	const struct cn_binding *b;
	uint32_t i;

	for (i = 0; i < n->cn->bindings.top; i++) {
		b = cn_get(n->cn, i);
		if (!b->pair.used || b->state != MIP6_BINDING_REGISTERED ||
		    !mip6_addr_equal(&b->coa, addr))
			continue;
		if (!mip6_actions_room(n->out, MIP6_STEP_ACTIONS,
			MIP6_STEP_OCTETS))
			return;
		cn_unreachable(n, i);
	}
}

void
cn_icmp_error(struct mip6_node *n, const struct mip6_hint *h)
{
	struct mip6_ip6_view ip, quoted;
	struct mip6_icmp6 m;
	uint32_t i;

	if (mip6_ip6_view(h->octets, h->count, &ip, NULL) != MIP6_PARSE_OK ||
	    ip.upper != MIP6_NH_ICMPV6 ||
	    mip6_icmp6_receive(h->octets + ip.upper_at, ip.upper_octets,
		&ip.eff_src, &ip.eff_dst, &m, NULL) != MIP6_PARSE_OK ||
	    m.type != MIP6_ICMP6_UNREACHABLE || m.code == MIP6_ICMP6_PORT ||
	    mip6_ip6_view_quoted(m.body, m.body_octets, &quoted, NULL) !=
		MIP6_PARSE_OK ||
	    !quoted.has_rh2)
		return;
	/* P-CN-QUOTE: about what we sent. Test: test_cn_icmp */
	if (!direct_sent(n, &quoted))
		return;
	i = cn_way(n, &quoted.eff_src, &quoted.rh2);
	if (i == MIP6_PAIR_NONE)
		return;
	cn_unreachable(n, i);
}

/* ---- our addresses ---- */

static void
cn_take_all(struct mip6_node *n)
{
	struct mip6_link *l;
	uint32_t i, k;

	for (i = 0; i < MIP6_LINKS_MAX; i++) {
		l = &n->link[i];
		if (!l->used || !l->captured)
			continue;
		for (k = 0; k < MIP6_LINK_ADDRS_MAX; k++) {
			if (!link_addr_usable(&l->addr[k]) ||
			    l->addr[k].taken || l->addr[k].formed)
				continue;
			if (!mip6_actions_room(n->out, MIP6_STEP_ACTIONS,
				MIP6_STEP_OCTETS)) {
				node_timer_arm(n, &n->cn->take_timer,
				    n->now.boot);
				return;
			}
			link_take(n, l, &l->addr[k].addr);
		}
	}
}

void
cn_changed(struct mip6_node *n)
{
	cn_take_all(n);
	cn_routes_changed(n);
	if (n->direct != NULL)
		direct_walk(n);
}

void
cn_timer(struct mip6_node *n, uint32_t index)
{
	switch ((enum cn_timer)index) {
	case CN_TIMER_WALK:
		cn_walk_timer(n);
		break;
	case CN_TIMER_TAKE:
		cn_take_all(n);
		break;
	}
}

/* ---- configuration ---- */

static bool
cn_new(struct mip6_node *n, const struct mip6_conf_cn *c)
{
	uint32_t max = c->bindings_max > 0 ? c->bindings_max : CN_BINDINGS_MAX;
	struct mip6_cn *cn;

	cn = n->env.alloc.alloc(n->env.alloc.arg, sizeof(*cn));
	if (cn == NULL)
		return false;
	n->cn = cn;
	cn->c = c;
	node_timer_init(&cn->walk_timer, MIP6_TIMER_CN, CN_TIMER_WALK);
	node_timer_init(&cn->take_timer, MIP6_TIMER_CN, CN_TIMER_TAKE);
	cn_pending_init(cn);
	cn_rr_init(n);
	return mip6_pairs_init(&cn->bindings, &n->env.alloc, &n->hash_key,
		   sizeof(struct cn_binding), max, CN_PER_HOA) &&
	    mip6_tally_init(&cn->prefixes, &n->env.alloc, &n->hash_key, max);
}

bool
cn_configure(struct mip6_node *n, const struct mip6_conf *conf)
{
	if (n->cn == NULL && !cn_new(n, &conf->cn)) {
		cn_free(n);
		return false;
	}
	n->cn->c = &conf->cn;
	return true;
}

void
cn_stop(struct mip6_node *n)
{
	/* Bindings end with the process; the host's routes are undone. */
	(void)n;
}

void
cn_free(struct mip6_node *n)
{
	struct mip6_cn *cn = n->cn;

	if (cn == NULL)
		return;
	mip6_pairs_fini(&cn->bindings);
	mip6_tally_fini(&cn->prefixes);
	mip6_crypto_wipe(cn, sizeof(*cn)); /* nonces, and keys that waited */
	n->env.alloc.release(n->env.alloc.arg, cn, sizeof(*cn));
	n->cn = NULL;
}
