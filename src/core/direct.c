/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The rows of route-optimized traffic: one for each pair of an address of ours
 * and one of another node, made of what the mobile node's end (mn_ro.c) and
 * the correspondent's (cn.c) know of it.
 *
 * A row is what mn_ro_mine and cn_theirs say at that moment and nothing else:
 * whoever changes something asks for it to be made again.  One other node has
 * DIRECT_PER_OTHER at the most, so that its move costs a bounded number of
 * actions.
 *
 * Implements: RFC 6275 sections 9.3.2 and 11.3.1 (which way a packet takes).
 */
#include "core/node_int.h"
#include "core/pairs.h"

#include <string.h>

#define DIRECT_PER_OTHER 16
/* RFC 8201 section 4: what was learnt is tried again. */
#define DIRECT_MTU_LIFE MIP6_SPAN_S(600)

struct direct_row {
	struct mip6_pair pair;
	struct mip6_fwd_row row; /* hop: held */
	uint16_t learnt;         /* path MTU; 0: none */
	struct mip6_time learnt_at;
};

struct mip6_direct {
	struct mip6_pairs rows;
	uint32_t walk; /* the next row to look at; MIP6_PAIR_NONE: no walk */
	struct mip6_ntimer timer;
};

static struct direct_row *
direct_get(const struct mip6_direct *d, uint32_t i)
{
	return mip6_pairs_get(&d->rows, i);
}

static bool
direct_init(struct mip6_node *n)
{
	struct mip6_direct *d;

	if (n->direct != NULL)
		return true;
	d = n->env.alloc.alloc(n->env.alloc.arg, sizeof(*d));
	if (d == NULL)
		return false;
	n->direct = d;
	d->walk = MIP6_PAIR_NONE;
	node_timer_init(&d->timer, MIP6_TIMER_DIRECT, 0);
	if (mip6_pairs_init(&d->rows, &n->env.alloc, &n->hash_key,
		sizeof(struct direct_row), MIP6_DIRECT_MAX, DIRECT_PER_OTHER))
		return true;
	direct_free(n);
	return false;
}

void
direct_free(struct mip6_node *n)
{
	struct mip6_direct *d = n->direct;

	if (d == NULL)
		return;
	mip6_pairs_fini(&d->rows);
	n->env.alloc.release(n->env.alloc.arg, d, sizeof(*d));
	n->direct = NULL;
}

/* ---- rows ---- */

static uint32_t
direct_add(struct mip6_direct *d, const struct mip6_addr *our,
    const struct mip6_addr *other)
{
	uint32_t i = mip6_pairs_add(&d->rows, our, other);

	if (i != MIP6_PAIR_NONE)
		direct_get(d, i)->row.hop = MIP6_HOP_NONE;
	return i;
}

static void
direct_del(struct mip6_node *n, uint32_t i)
{
	struct direct_row *r = direct_get(n->direct, i);

	node_act_row_del(n, &r->pair.our, &r->pair.other);
	nd_release(n, r->row.hop);
	mip6_pairs_del(&n->direct->rows, i);
}

static uint16_t
direct_link_mtu(struct mip6_node *n, uint32_t ifindex)
{
	const struct mip6_link *l = link_find(n, ifindex);

	return l != NULL && l->ev.mtu >= MIP6_IP6_MTU_MIN ? l->ev.mtu :
							    MIP6_IP6_MTU_MIN;
}

/* What both ends say now; its hop is held.  false: no row. */
static bool
direct_compose(struct mip6_node *n, const struct mip6_addr *our,
    const struct mip6_addr *other, struct mip6_fwd_row *r)
{
	struct direct_theirs theirs;
	struct direct_mine mine;
	bool away = mn_ro_mine(n, our, other, &mine);
	bool bound = cn_theirs(n, our, other, &theirs);
	struct mip6_addr nexthop;

	memset(r, 0, sizeof(*r));
	r->kind = MIP6_FWD_DIRECT;
	r->home = *our;
	r->other = *other;
	r->local = away ? mine.coa : *our;
	r->peer = bound ? theirs.coa : *other;
	r->hop = MIP6_HOP_NONE;
	if (away) {
		if (!router_nexthop(n, mine.ifindex, &r->peer, &nexthop))
			return false;
		r->hop = nd_hold(n, mine.ifindex, &nexthop);
		r->mtu = direct_link_mtu(n, mine.ifindex);
		return r->hop != MIP6_HOP_NONE;
	}
	if (!bound)
		return false;
	if (mn_is_home_addr(n, our)) {
		r->mtu = n->tun_mtu; /* by the way of its own row */
		return true;
	}
	if (theirs.hop == MIP6_HOP_NONE || !link_has_addr(n, our))
		return false;
	r->hop = theirs.hop;
	nd_hold_again(n, r->hop);
	r->mtu = direct_link_mtu(n, n->neighbour[r->hop].ifindex);
	return true;
}

static void
direct_set(struct mip6_node *n, struct direct_row *r,
    const struct mip6_fwd_row *row)
{
	if (r->learnt != 0 &&
	    (!mip6_addr_equal(&r->row.peer, &row->peer) ||
		mip6_time_sub(n->now.boot, r->learnt_at).us >
		    DIRECT_MTU_LIFE.us))
		r->learnt = 0;
	nd_release(n, r->row.hop);
	r->row = *row;
	if (r->learnt != 0 && r->learnt < r->row.mtu)
		r->row.mtu = r->learnt;
	node_act_row(n, &r->row);
}

bool
direct_update(struct mip6_node *n, const struct mip6_addr *our,
    const struct mip6_addr *other)
{
	struct mip6_fwd_row row;
	uint32_t i;

	if (!direct_init(n))
		return false;
	i = mip6_pairs_find(&n->direct->rows, our, other);
	if (!direct_compose(n, our, other, &row)) {
		if (i != MIP6_PAIR_NONE)
			direct_del(n, i);
		return true;
	}
	if (i == MIP6_PAIR_NONE)
		i = direct_add(n->direct, our, other);
	if (i == MIP6_PAIR_NONE) {
		nd_release(n, row.hop);
		return false;
	}
	direct_set(n, direct_get(n->direct, i), &row);
	return true;
}

static void
direct_again(struct mip6_node *n, uint32_t i)
{
	struct mip6_pair pair = direct_get(n->direct, i)->pair;

	(void)direct_update(n, &pair.our, &pair.other);
}

void
direct_update_all(struct mip6_node *n, const struct mip6_addr *other)
{
	struct mip6_addr key = *other;
	uint32_t i, next;

	if (n->direct == NULL)
		return;
	for (i = mip6_pairs_first(&n->direct->rows, &key); i != MIP6_PAIR_NONE;
	     i = next) {
		next = direct_get(n->direct, i)->pair.next;
		direct_again(n, i);
	}
}

void
direct_walk(struct mip6_node *n)
{
	if (n->direct == NULL)
		return;
	n->direct->walk = 0;
	node_timer_arm(n, &n->direct->timer, n->now.boot);
}

void
direct_timer(struct mip6_node *n)
{
	struct mip6_direct *d = n->direct;

	while (d->walk < d->rows.top) {
		if (!mip6_actions_room(n->out, MIP6_STEP_ACTIONS,
			MIP6_STEP_OCTETS)) {
			node_timer_arm(n, &d->timer, n->now.boot);
			return;
		}
		if (direct_get(d, d->walk)->pair.used)
			direct_again(n, d->walk);
		d->walk++;
	}
	d->walk = MIP6_PAIR_NONE;
}

const struct mip6_fwd_row *
direct_find(const struct mip6_node *n, const struct mip6_addr *our,
    const struct mip6_addr *other)
{
	uint32_t i;

	if (n->direct == NULL)
		return NULL;
	i = mip6_pairs_find(&n->direct->rows, our, other);
	return i == MIP6_PAIR_NONE ? NULL : &direct_get(n->direct, i)->row;
}

bool
direct_sent(const struct mip6_node *n, const struct mip6_ip6_view *quoted)
{
	const struct mip6_fwd_row *row =
	    direct_find(n, &quoted->eff_src, &quoted->eff_dst);

	return row != NULL && mip6_addr_equal(&quoted->ip.src, &row->local) &&
	    mip6_addr_equal(&quoted->ip.dst, &row->peer);
}

void
direct_icmp_error(struct mip6_node *n, const struct mip6_hint *h)
{
	struct mip6_ip6_view ip, quoted;
	struct mip6_icmp6 m;
	struct direct_row *r;
	uint32_t i;

	if (mip6_ip6_view(h->octets, h->count, &ip, NULL) != MIP6_PARSE_OK ||
	    ip.upper != MIP6_NH_ICMPV6 ||
	    mip6_icmp6_receive(h->octets + ip.upper_at, ip.upper_octets,
		&ip.eff_src, &ip.eff_dst, &m, NULL) != MIP6_PARSE_OK ||
	    m.type != MIP6_ICMP6_TOO_BIG ||
	    mip6_ip6_view_quoted(m.body, m.body_octets, &quoted, NULL) !=
		MIP6_PARSE_OK)
		return;
	/* P-DIRECT-SENT: what a row sent. Test: test_direct */
	if (!direct_sent(n, &quoted))
		return;
	i = mip6_pairs_find(&n->direct->rows, &quoted.eff_src, &quoted.eff_dst);
	r = direct_get(n->direct, i);
	/* P-DIRECT-MTU: and smaller. Test: test_direct */
	if (m.word >= r->row.mtu)
		return;
	r->learnt =
	    m.word < MIP6_IP6_MTU_MIN ? MIP6_IP6_MTU_MIN : (uint16_t)m.word;
	r->learnt_at = n->now.boot;
	r->row.mtu = r->learnt;
	MIP6_LOG(n->log, INFO, "direct.path-mtu", MIP6_KA("our", &r->row.home),
	    MIP6_KA("other", &r->row.other), MIP6_KU("mtu", r->learnt));
	node_act_row(n, &r->row);
}
