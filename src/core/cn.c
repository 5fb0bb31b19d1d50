/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The correspondent node: which addresses are ours, and what the path says.
 *
 * The binding cache is keyed by home address; what leads to a care-of address
 * is a row for each pair of one of our addresses and a home address, made when
 * an update came to that address or the path met a packet of the pair.
 * Nothing outlives the process: tokens of a former life are void, because
 * their nonces are (section 5.2.8).
 *
 * Implements: RFC 6275 sections 9.1, 9.3.
 */
#include "core/ha_int.h"

#include <string.h>

#include "core/cn_int.h"

#define CN_UNREACHABLE_MAX 3 /* in as many seconds: "persistent" */

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

void
cn_send_back(struct mip6_node *n, const struct cn_back *to,
    const uint8_t *octets, size_t count)
{
	struct mip6_action *a;
	uint8_t *copy;

	if (!to->tunnelled) {
		node_send(n, to->ifindex, MIP6_HOP_NONE, to->ll_src, octets,
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

bool
cn_theirs(const struct mip6_node *n, const struct mip6_addr *other,
    struct direct_theirs *to)
{
	const struct mip6_binding *b;
	uint32_t i;

	if (n->cn == NULL)
		return false;
	i = mip6_bcache_find(&n->cn->bcache, other);
	if (i == MIP6_BCACHE_NONE)
		return false;
	b = mip6_bcache_get(&n->cn->bcache, i);
	if (b->state != MIP6_BINDING_REGISTERED)
		return false;
	to->coa = b->coa;
	to->hop = b->hop;
	return true;
}

bool
cn_has_binding(const struct mip6_node *n, const struct mip6_addr *hoa)
{
	struct direct_theirs t;

	return cn_theirs(n, hoa, &t);
}

/* Whether `coa` is where `hoa` is, or says that it will be. */
static bool
cn_is_at(const struct mip6_node *n, const struct mip6_addr *hoa,
    const struct mip6_addr *coa)
{
	uint32_t i = mip6_bcache_find(&n->cn->bcache, hoa);
	const struct mip6_binding *b;
	const struct cn_pending *p;

	if (i == MIP6_BCACHE_NONE)
		return false;
	b = mip6_bcache_get(&n->cn->bcache, i);
	p = cn_pending_of(n->cn, b);
	return (b->state == MIP6_BINDING_REGISTERED &&
		   mip6_addr_equal(&b->coa, coa)) ||
	    (p != NULL && mip6_addr_equal(&p->bu.coa, coa));
}

void
cn_hao(struct mip6_node *n, const struct mip6_hint *h)
{
	struct mip6_ip6_view ip;

	if (mip6_ip6_view(h->octets, h->count, &ip, NULL) != MIP6_PARSE_OK ||
	    !ip.has_hao)
		return;
	/* R9.3.1-04: not bound, and told so: status 1. Test: test_cn_hao */
	if (n->cn == NULL || !cn_is_at(n, &ip.hao, &ip.ip.src)) {
		mh_send_error(n, h, &ip, MIP6_BE_UNKNOWN_BINDING);
		return;
	}
	/* Bound, but not yet with this address of ours. */
	if (cn_is_ours(n, &ip.eff_dst))
		(void)direct_update(n, &ip.eff_dst, &ip.hao);
}

void
cn_no_row(struct mip6_node *n, const struct mip6_hint *h)
{
	if (cn_has_binding(n, &h->dst) && cn_is_ours(n, &h->src))
		(void)direct_update(n, &h->src, &h->dst);
}

/* R9.3.4-02: the care-of address is not reached, again and again. */
void
cn_icmp_error(struct mip6_node *n, const struct mip6_hint *h)
{
	uint8_t second = (uint8_t)(n->now.boot.us / 1000000 % 255 + 1);
	struct mip6_ip6_view ip, quoted;
	struct mip6_binding *b;
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
	if (!direct_sends(n, &quoted.rh2, &quoted.ip.src, &quoted.ip.dst))
		return;
	i = mip6_bcache_find(&n->cn->bcache, &quoted.rh2);
	if (i == MIP6_BCACHE_NONE)
		return;
	b = mip6_bcache_get(&n->cn->bcache, i);
	if (b->state != MIP6_BINDING_REGISTERED || b->mtu_minute == second)
		return;
	b->mtu_minute = second;
	/* R9.3.4-02: one alone may pass. Test: test_cn_icmp */
	if (++b->local < CN_UNREACHABLE_MAX)
		return;
	MIP6_LOG(n->log, INFO, "cn.binding-unreachable",
	    MIP6_KA("hoa", &b->hoa), MIP6_KA("coa", &b->coa));
	cn_end(n, i);
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
	return mip6_bcache_init(&cn->bcache, &n->env.alloc, &n->hash_key, max,
		   MIP6_TIMER_CN_BINDING) &&
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
	mip6_bcache_fini(&cn->bcache);
	mip6_tally_fini(&cn->prefixes);
	mip6_crypto_wipe(&cn->rr, sizeof(cn->rr));
	n->env.alloc.release(n->env.alloc.arg, cn, sizeof(*cn));
	n->cn = NULL;
}
