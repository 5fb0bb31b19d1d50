/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The rows of route-optimized traffic: one for each pair of an address of ours
 * and one of another node, made of what the mobile node's end (mn_ro.c) and
 * the correspondent's (cn.c) know of it.
 *
 * A row is what mn_ro_mine and cn_theirs say at that moment and nothing else:
 * whoever changes something asks for it to be made again.  Rows live in chunks
 * that never move and are found by pair; those of one other node are chained,
 * DIRECT_PER_OTHER at the most, so that a move costs a bounded number of
 * actions.
 *
 * Implements: RFC 6275 sections 9.3.2 and 11.3.1 (which way a packet takes).
 */
#include "core/node_int.h"

#include <string.h>

#define DIRECT_CHUNK     256
#define DIRECT_PER_OTHER 16
#define DIRECT_NONE      UINT32_MAX
/* RFC 8201 section 4: what was learnt is tried again. */
#define DIRECT_MTU_LIFE MIP6_SPAN_S(600)

struct direct_row {
	struct mip6_fwd_row row; /* hop: held */
	bool used;
	uint16_t learnt; /* path MTU; 0: none */
	struct mip6_time learnt_at;
	uint32_t next; /* of the same other node, or of the free ones */
};

struct mip6_direct {
	struct mip6_alloc alloc;
	struct mip6_hash_key key;
	struct mip6_index pairs;
	struct mip6_index others; /* the first row of each other node */
	struct direct_row *chunk[MIP6_DIRECT_MAX / DIRECT_CHUNK];
	uint32_t top;
	uint32_t free;
	uint32_t walk; /* the next row to look at; DIRECT_NONE: no walk */
	struct mip6_ntimer timer;
};

struct direct_pair {
	const struct mip6_addr *our, *other;
};

static struct direct_row *
direct_get(const struct mip6_direct *d, uint32_t i)
{
	return &d->chunk[i / DIRECT_CHUNK][i % DIRECT_CHUNK];
}

static bool
direct_pair_eq(const void *table, uint32_t value, const void *key)
{
	const struct direct_row *r = direct_get(table, value);
	const struct direct_pair *p = key;

	return mip6_addr_equal(&r->row.home, p->our) &&
	    mip6_addr_equal(&r->row.other, p->other);
}

static uint64_t
direct_pair_hash(const void *table, uint32_t value)
{
	const struct direct_row *r = direct_get(table, value);

	return mip6_hash_pair(&((const struct mip6_direct *)table)->key,
	    &r->row.home, &r->row.other);
}

static bool
direct_other_eq(const void *table, uint32_t value, const void *key)
{
	return mip6_addr_equal(&direct_get(table, value)->row.other, key);
}

static uint64_t
direct_other_hash(const void *table, uint32_t value)
{
	return mip6_hash_addr(&((const struct mip6_direct *)table)->key,
	    &direct_get(table, value)->row.other);
}

static uint32_t
direct_pair_find(const struct mip6_direct *d, const struct mip6_addr *our,
    const struct mip6_addr *other)
{
	struct direct_pair p = { our, other };

	return mip6_index_find(&d->pairs, mip6_hash_pair(&d->key, our, other),
	    d, &p, direct_pair_eq);
}

/* The first row with `other`. */
static uint32_t
direct_first(const struct mip6_direct *d, const struct mip6_addr *other)
{
	return mip6_index_find(&d->others, mip6_hash_addr(&d->key, other), d,
	    other, direct_other_eq);
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
	d->alloc = n->env.alloc;
	d->key = n->hash_key;
	d->free = DIRECT_NONE;
	d->walk = DIRECT_NONE;
	node_timer_init(&d->timer, MIP6_TIMER_DIRECT, 0);
	if (mip6_index_init(&d->pairs, &d->alloc, MIP6_DIRECT_MAX) &&
	    mip6_index_init(&d->others, &d->alloc, MIP6_DIRECT_MAX))
		return true;
	direct_free(n);
	return false;
}

void
direct_free(struct mip6_node *n)
{
	struct mip6_direct *d = n->direct;
	uint32_t i;

	if (d == NULL)
		return;
	for (i = 0; i < MIP6_COUNT(d->chunk) && d->chunk[i] != NULL; i++)
		d->alloc.release(d->alloc.arg, d->chunk[i],
		    DIRECT_CHUNK * sizeof(struct direct_row));
	mip6_index_fini(&d->pairs);
	mip6_index_fini(&d->others);
	n->env.alloc.release(n->env.alloc.arg, d, sizeof(*d));
	n->direct = NULL;
}

/* ---- rows ---- */

static uint32_t
direct_room(struct mip6_direct *d)
{
	uint32_t i = d->free;

	if (i != DIRECT_NONE) {
		d->free = direct_get(d, i)->next;
		return i;
	}
	if (d->top == MIP6_DIRECT_MAX)
		return DIRECT_NONE;
	if (d->chunk[d->top / DIRECT_CHUNK] == NULL) {
		d->chunk[d->top / DIRECT_CHUNK] = d->alloc.alloc(d->alloc.arg,
		    DIRECT_CHUNK * sizeof(struct direct_row));
		if (d->chunk[d->top / DIRECT_CHUNK] == NULL)
			return DIRECT_NONE;
	}
	return d->top++;
}

static void
direct_give_back(struct mip6_direct *d, uint32_t i)
{
	struct direct_row *r = direct_get(d, i);

	r->used = false;
	r->next = d->free;
	d->free = i;
}

/* Behind the first one of its other node; false: there are enough. */
static bool
direct_chain(struct mip6_direct *d, uint32_t i)
{
	struct direct_row *r = direct_get(d, i), *first;
	uint32_t at = direct_first(d, &r->row.other), rows;

	r->next = DIRECT_NONE;
	if (at == MIP6_INDEX_NONE)
		return mip6_index_add(&d->others, direct_other_hash(d, i), i, d,
		    direct_other_hash);
	first = direct_get(d, at);
	for (rows = 1; direct_get(d, at)->next != DIRECT_NONE; rows++)
		at = direct_get(d, at)->next;
	if (rows >= DIRECT_PER_OTHER)
		return false;
	r->next = first->next;
	first->next = i;
	return true;
}

static void
direct_unchain(struct mip6_direct *d, uint32_t i)
{
	struct direct_row *r = direct_get(d, i);
	uint32_t at = direct_first(d, &r->row.other);

	if (at == i) {
		mip6_index_del(&d->others, direct_other_hash(d, i), i, d,
		    direct_other_hash);
		/* There is room: one went. */
		if (r->next != DIRECT_NONE)
			(void)mip6_index_add(&d->others,
			    direct_other_hash(d, r->next), r->next, d,
			    direct_other_hash);
		return;
	}
	while (direct_get(d, at)->next != i)
		at = direct_get(d, at)->next;
	direct_get(d, at)->next = r->next;
}

static uint32_t
direct_add(struct mip6_direct *d, const struct mip6_addr *our,
    const struct mip6_addr *other)
{
	uint32_t i = direct_room(d);
	struct direct_row *r;

	if (i == DIRECT_NONE)
		return i;
	r = direct_get(d, i);
	memset(r, 0, sizeof(*r));
	r->row.home = *our;
	r->row.other = *other;
	r->row.hop = MIP6_HOP_NONE;
	r->used = true;
	if (!direct_chain(d, i)) {
		direct_give_back(d, i);
		return DIRECT_NONE;
	}
	if (!mip6_index_add(&d->pairs, direct_pair_hash(d, i), i, d,
		direct_pair_hash)) {
		direct_unchain(d, i);
		direct_give_back(d, i);
		return DIRECT_NONE;
	}
	return i;
}

static void
direct_del(struct mip6_node *n, uint32_t i)
{
	struct mip6_direct *d = n->direct;
	struct direct_row *r = direct_get(d, i);

	node_act_row_del(n, &r->row.home, &r->row.other);
	nd_release(n, r->row.hop);
	direct_unchain(d, i);
	mip6_index_del(&d->pairs, direct_pair_hash(d, i), i, d,
	    direct_pair_hash);
	direct_give_back(d, i);
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
	bool bound = cn_theirs(n, other, &theirs);
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
	i = direct_pair_find(n->direct, our, other);
	if (!direct_compose(n, our, other, &row)) {
		if (i != MIP6_INDEX_NONE)
			direct_del(n, i);
		return true;
	}
	if (i == MIP6_INDEX_NONE)
		i = direct_add(n->direct, our, other);
	if (i == DIRECT_NONE) {
		nd_release(n, row.hop);
		return false;
	}
	direct_set(n, direct_get(n->direct, i), &row);
	return true;
}

static void
direct_again(struct mip6_node *n, uint32_t i)
{
	struct mip6_addr our = direct_get(n->direct, i)->row.home;
	struct mip6_addr other = direct_get(n->direct, i)->row.other;

	(void)direct_update(n, &our, &other);
}

void
direct_update_all(struct mip6_node *n, const struct mip6_addr *other)
{
	struct mip6_addr key = *other;
	uint32_t i, next;

	if (n->direct == NULL)
		return;
	for (i = direct_first(n->direct, &key); i != DIRECT_NONE; i = next) {
		next = direct_get(n->direct, i)->next;
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

	while (d->walk < d->top) {
		if (!mip6_actions_room(n->out, MIP6_STEP_ACTIONS,
			MIP6_STEP_OCTETS)) {
			node_timer_arm(n, &d->timer, n->now.boot);
			return;
		}
		if (direct_get(d, d->walk)->used)
			direct_again(n, d->walk);
		d->walk++;
	}
	d->walk = DIRECT_NONE;
}

const struct mip6_fwd_row *
direct_find(const struct mip6_node *n, const struct mip6_addr *our,
    const struct mip6_addr *other)
{
	uint32_t i;

	if (n->direct == NULL)
		return NULL;
	i = direct_pair_find(n->direct, our, other);
	return i == MIP6_INDEX_NONE ? NULL : &direct_get(n->direct, i)->row;
}

bool
direct_sends(const struct mip6_node *n, const struct mip6_addr *other,
    const struct mip6_addr *local, const struct mip6_addr *peer)
{
	const struct direct_row *r;
	uint32_t i;

	if (n->direct == NULL)
		return false;
	for (i = direct_first(n->direct, other); i != DIRECT_NONE;
	     i = r->next) {
		r = direct_get(n->direct, i);
		if (mip6_addr_equal(&r->row.local, local) &&
		    mip6_addr_equal(&r->row.peer, peer))
			return true;
	}
	return false;
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
	i = direct_pair_find(n->direct, &quoted.eff_src, &quoted.eff_dst);
	if (i == MIP6_INDEX_NONE)
		return;
	r = direct_get(n->direct, i);
	/* P-DIRECT-MTU: what the row sent, and smaller. Test: test_direct */
	if (!mip6_addr_equal(&quoted.ip.src, &r->row.local) ||
	    !mip6_addr_equal(&quoted.ip.dst, &r->row.peer) ||
	    m.word >= r->row.mtu)
		return;
	r->learnt =
	    m.word < MIP6_IP6_MTU_MIN ? MIP6_IP6_MTU_MIN : (uint16_t)m.word;
	r->learnt_at = n->now.boot;
	r->row.mtu = r->learnt;
	MIP6_LOG(n->log, INFO, "direct.path-mtu", MIP6_KA("our", &r->row.home),
	    MIP6_KA("other", &r->row.other), MIP6_KU("mtu", r->learnt));
	node_act_row(n, &r->row);
}
