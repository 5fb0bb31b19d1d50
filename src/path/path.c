/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The path as an object: what it is given, what it counts, when it wants to
 * be called.
 *
 * All tables have their size from the beginning but the rows, which grow up
 * to their limit when one is set, never when a packet passes.  Links and
 * addresses of ours are few and lie in arrays.
 */
#include "path/path.h"

#include "path/inside.h"

struct mip6_path *
mip6_path_new(const struct mip6_path_env *env)
{
	const struct mip6_alloc *a = &env->alloc;
	struct mip6_path *p;

	p = a->alloc(a->arg, sizeof(*p));
	if (p == NULL)
		return NULL;
	p->env = *env;
	p->wait_due = MIP6_TIME_NEVER;
	p->tun_mtu = MIP6_IP6_MTU_MIN;
	p->frag_id = (uint32_t)env->hash_key.k[1];
	p->hop = a->alloc(a->arg, (env->hops_max + 1) * sizeof(*p->hop));
	p->key = a->alloc(a->arg, MIP6_PATH_KEYS * sizeof(*p->key));
	p->reasm = mip6_reasm_new(a, &env->hash_key, env->pool,
	    env->reassembly_max, &p->counters.drops);
	if (!mip6_path_rows_init(&p->rows, a, &env->hash_key, env->rows_max) ||
	    p->hop == NULL || p->key == NULL || p->reasm == NULL) {
		mip6_path_free(p);
		return NULL;
	}
	return p;
}

void
mip6_path_free(struct mip6_path *p)
{
	struct mip6_alloc a;
	uint32_t i;

	if (p == NULL)
		return;
	a = p->env.alloc;
	if (p->hop != NULL)
		for (i = 0; i < p->env.hops_max; i++)
			mip6_path_queue_drop(p, &p->hop[i].queue,
			    MIP6_DROP_UNRESOLVED);
	if (p->key != NULL)
		for (i = 0; i < MIP6_PATH_KEYS; i++)
			mip6_path_queue_drop(p, &p->key[i].queue,
			    MIP6_DROP_UNRESOLVED);
	mip6_reasm_free(p->reasm);
	mip6_path_rows_fini(&p->rows);
	mip6_path_mcast_fini(p);
	if (p->grace != NULL)
		a.release(a.arg, p->grace,
		    MIP6_PATH_GRACES * sizeof(*p->grace));
	a.release(a.arg, p->key, MIP6_PATH_KEYS * sizeof(*p->key));
	a.release(a.arg, p->hop, (p->env.hops_max + 1) * sizeof(*p->hop));
	a.release(a.arg, p, sizeof(*p));
}

void
mip6_path_drop(struct mip6_path *p, enum mip6_drop why, struct mip6_pkt *pkt)
{
	p->counters.drops.count[why]++;
	mip6_pool_put(p->env.pool, pkt);
}

static uint32_t
path_local(const struct mip6_path *p, const struct mip6_addr *a)
{
	uint32_t i;

	for (i = 0; i < p->locals; i++)
		if (memcmp(p->local[i].b, a->b, sizeof(a->b)) == 0)
			break;
	return i;
}

bool
mip6_path_is_local(const struct mip6_path *p, const struct mip6_addr *a)
{
	return path_local(p, a) < p->locals;
}

bool
mip6_path_local_set(struct mip6_path *p, const struct mip6_addr *addr, bool on)
{
	uint32_t i = path_local(p, addr);

	if (on == (i < p->locals))
		return true;
	if (!on) {
		p->local[i] = p->local[--p->locals];
		return true;
	}
	if (p->locals == MIP6_PATH_LOCALS)
		return false;
	p->local[p->locals++] = *addr;
	return true;
}

const struct mip6_path_link *
mip6_path_link_find(const struct mip6_path *p, uint32_t ifindex)
{
	uint32_t i;

	for (i = 0; i < p->links; i++)
		if (p->link[i].ifindex == ifindex)
			return &p->link[i];
	return NULL;
}

bool
mip6_path_link_set(struct mip6_path *p, const struct mip6_path_link *l)
{
	uint32_t i;

	for (i = 0; i < p->links; i++)
		if (p->link[i].ifindex == l->ifindex)
			break;
	if (i == MIP6_PATH_LINKS)
		return false;
	if (i == p->links)
		p->links++;
	p->link[i] = *l;
	if (p->link[i].mtu < MIP6_IP6_MTU_MIN)
		p->link[i].mtu = MIP6_IP6_MTU_MIN;
	return true;
}

void
mip6_path_link_del(struct mip6_path *p, uint32_t ifindex)
{
	uint32_t i;

	for (i = 0; i < p->links; i++)
		if (p->link[i].ifindex == ifindex) {
			p->link[i] = p->link[--p->links];
			return;
		}
}

void
mip6_path_tun_mtu(struct mip6_path *p, uint16_t mtu)
{
	p->tun_mtu = mtu < MIP6_IP6_MTU_MIN ? MIP6_IP6_MTU_MIN : mtu;
}

/* Before `row` is set: from where else its packets may come. */
static void
path_former(struct mip6_path *p, const struct mip6_fwd_row *row)
{
	uint32_t hash = mip6_path_rows_hash(&p->rows, &row->home, &row->other);
	const struct mip6_path_grace g = { row->home, row->peer_before,
		row->before_ends };
	const struct mip6_path_row *old;

	if (row->kind == MIP6_FWD_HA_TUNNEL &&
	    !mip6_addr_is_any(&row->peer_before)) {
		if (!mip6_path_grace_set(&p->grace, &p->env.alloc, hash,
			p->now.boot, &g))
			p->counters.former_full++;
		return;
	}
	old = mip6_path_rows_find(&p->rows, &row->home, &row->other);
	if (old == NULL || row->kind != MIP6_FWD_HA_TUNNEL ||
	    !mip6_addr_equal(&old->peer, &row->peer))
		mip6_path_grace_end(p->grace, hash, &row->home);
}

bool
mip6_path_row_set(struct mip6_path *p, const struct mip6_fwd_row *row)
{
	path_former(p, row);
	if (mip6_path_rows_set(&p->rows, row) == NULL)
		return false;
	p->counters.rows = p->rows.used;
	mip6_path_retry(p, &row->home, &row->other);
	return true;
}

void
mip6_path_row_del(struct mip6_path *p, const struct mip6_addr *home,
    const struct mip6_addr *other)
{
	struct mip6_path_row *row;

	row = mip6_path_rows_find(&p->rows, home, other);
	if (row == NULL)
		return;
	mip6_path_grace_end(p->grace,
	    mip6_path_rows_hash(&p->rows, home, other), home);
	mip6_path_rows_del(&p->rows, row);
	p->counters.rows = p->rows.used;
}

bool
mip6_path_row_octets(const struct mip6_path *p, const struct mip6_addr *home,
    const struct mip6_addr *other, uint64_t *in, uint64_t *out)
{
	const struct mip6_path_row *row;

	row = mip6_path_rows_find(&p->rows, home, other);
	if (row == NULL)
		return false;
	*in = row->octets_in;
	*out = row->octets_out;
	return true;
}

struct mip6_path_rates *
mip6_path_rates(struct mip6_path *p, const struct mip6_path_row *row)
{
	struct mip6_addr other = mip6_path_row_other(row);
	uint64_t hash = mip6_hash_pair(&p->env.hash_key, &row->home, &other);

	return &p->rates[(hash >> 32) & (MIP6_PATH_RATES - 1)];
}

struct mip6_pkt *
mip6_path_copy(struct mip6_path *p, const uint8_t *octets, size_t count)
{
	struct mip6_pkt *pkt;

	pkt = mip6_pool_get(p->env.pool, count);
	if (pkt == NULL) {
		p->counters.drops.count[MIP6_DROP_NO_BUFFER]++;
		return NULL;
	}
	memcpy(mip6_pkt_octets(pkt), octets, count);
	pkt->count = (uint32_t)count;
	return pkt;
}

bool
mip6_path_room(struct mip6_path *p, struct mip6_pkt *pkt, size_t octets)
{
	uint32_t off = MIP6_PKT_HEADROOM;

	if (pkt->off >= octets)
		return true;
	if (octets > off || pkt->cap - pkt->count < off) {
		mip6_path_drop(p, MIP6_DROP_NO_BUFFER, pkt);
		return false;
	}
	memmove(pkt->mem + off, mip6_pkt_octets(pkt), pkt->count);
	pkt->off = off;
	return true;
}

bool
mip6_path_trim(struct mip6_path *p, struct mip6_pkt *pkt)
{
	const uint8_t *octets = mip6_pkt_octets(pkt);
	uint32_t count;

	if (pkt->count < MIP6_IP6_OCTETS) {
		mip6_path_drop(p, MIP6_DROP_TRUNCATED, pkt);
		return false;
	}
	if (octets[0] >> 4 != 6) {
		mip6_path_drop(p, MIP6_DROP_NOT_IP6, pkt);
		return false;
	}
	count = (uint32_t)MIP6_IP6_OCTETS +
	    mip6_get16(octets + MIP6_IP6_AT_PAYLOAD_LENGTH);
	if (count > pkt->count) {
		mip6_path_drop(p, MIP6_DROP_TRUNCATED, pkt);
		return false;
	}
	pkt->count = count;
	return true;
}

void
mip6_path_timer(struct mip6_path *p, const struct mip6_now *now)
{
	struct mip6_addr src;
	struct mip6_pkt *first;

	p->now = *now;
	/* Ends: each round takes one of at most reassembly_max entries. */
	while (mip6_reasm_expire(p->reasm, now->boot, &first)) {
		if (first == NULL)
			continue;
		src = mip6_path_dst(first);
		mip6_path_error_link(p, &src, first, MIP6_ICMP6_TIME_EXCEEDED,
		    MIP6_ICMP6_REASSEMBLY, 0);
		mip6_path_drop(p, MIP6_DROP_FRAGMENT_TIMEOUT, first);
	}
	if (mip6_time_reached(p->wait_due, now->boot))
		mip6_path_queues_expire(p);
}

struct mip6_time
mip6_path_deadline(const struct mip6_path *p)
{
	return mip6_time_min(p->wait_due, mip6_reasm_deadline(p->reasm));
}

const struct mip6_path_counters *
mip6_path_counters(const struct mip6_path *p)
{
	return &p->counters;
}
