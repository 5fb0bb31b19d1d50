/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A node and its path, joined; see engine.h.
 *
 * Invariants: the node is never entered while the path works and the other
 * way round; every packet that comes in is emitted, waits in the path, or is
 * back in the pool when the call returns.
 */
#include "engine/engine.h"

#include <string.h>

#define ENGINE_HINTS_MAX 256
/* Hints from one step of mip6_node_ahead to the next. */
#define ENGINE_AHEAD 3

const struct mip6_engine_limits mip6_engine_limits_default = {
	.rows = 4096 + MIP6_DIRECT_MAX,
	.hops = 1024,
	.waiting = 64,
	.reassembly = 64,
	.packets = 2048,
	.big_packets = 32,
};

struct engine_hint {
	struct mip6_hint hint;
	struct mip6_pkt *pkt; /* holds hint.octets; may be NULL */
};

struct mip6_engine {
	struct mip6_engine_env env;
	struct mip6_node *node;
	struct mip6_path *path;
	struct mip6_pool *pool;
	struct engine_hint hint[ENGINE_HINTS_MAX]; /* a ring */
	uint32_t hint_first, hint_count;
	struct mip6_actions actions;
	uint64_t hints_lost;
	struct mip6_drops told; /* drops of the path that were logged */
};

static void
engine_emit(void *arg, uint32_t ifindex, struct mip6_pkt *pkt)
{
	struct mip6_engine *e = arg;

	e->env.transmit(e->env.arg, ifindex, pkt);
}

static void
engine_hint(void *arg, const struct mip6_hint *hint, struct mip6_pkt *pkt)
{
	struct mip6_engine *e = arg;
	struct engine_hint *h;

	if (e->hint_count == ENGINE_HINTS_MAX) {
		e->hints_lost++;
		if (pkt != NULL)
			mip6_pool_put(e->pool, pkt);
		return;
	}
	h = &e->hint[(e->hint_first + e->hint_count) % ENGINE_HINTS_MAX];
	h->hint = *hint;
	h->pkt = pkt;
	e->hint_count++;
}

struct mip6_engine *
mip6_engine_new(const struct mip6_engine_env *env, const struct mip6_now *now)
{
	struct mip6_engine *e;
	struct mip6_node_env ne;
	struct mip6_path_env pe;
	struct mip6_rng *rng;
	uint32_t i;

	e = env->alloc.alloc(env->alloc.arg, sizeof(*e));
	if (e == NULL)
		return NULL;
	e->env = *env;
	memset(&ne, 0, sizeof(ne));
	ne.alloc = env->alloc;
	ne.log = env->log;
	memcpy(ne.seed, env->seed, sizeof(ne.seed));
	memcpy(ne.stable_secret, env->stable_secret, sizeof(ne.stable_secret));
	ne.coa_owner = env->coa_owner;
	e->node = mip6_node_new(&ne, now);
	e->pool = mip6_pool_new(&env->alloc, env->limits.packets,
	    env->limits.big_packets);
	memset(&pe, 0, sizeof(pe));
	/* Another stream than the node's: the seed with one bit turned. */
	ne.seed[0] ^= 1;
	rng = mip6_rng_new(&env->alloc, ne.seed);
	for (i = 0; rng != NULL && i < MIP6_COUNT(pe.hash_key.k); i++)
		pe.hash_key.k[i] = mip6_rng_u64(rng);
	mip6_rng_free(rng);
	mip6_crypto_wipe(&ne, sizeof(ne));
	mip6_crypto_wipe(e->env.seed, sizeof(e->env.seed));
	mip6_crypto_wipe(e->env.stable_secret, sizeof(e->env.stable_secret));
	pe.alloc = env->alloc;
	pe.pool = e->pool;
	pe.rows_max = env->limits.rows;
	pe.hops_max = env->limits.hops;
	pe.waiting_max = env->limits.waiting;
	pe.reassembly_max = env->limits.reassembly;
	pe.emit = engine_emit;
	pe.hint = engine_hint;
	pe.arg = e;
	if (e->pool != NULL)
		e->path = mip6_path_new(&pe);
	if (e->node == NULL || e->path == NULL || rng == NULL) {
		mip6_engine_free(e);
		return NULL;
	}
	return e;
}

void
mip6_engine_free(struct mip6_engine *e)
{
	struct engine_hint *h;

	if (e == NULL)
		return;
	while (e->hint_count > 0) {
		h = &e->hint[e->hint_first];
		if (h->pkt != NULL)
			mip6_pool_put(e->pool, h->pkt);
		e->hint_first = (e->hint_first + 1) % ENGINE_HINTS_MAX;
		e->hint_count--;
	}
	if (e->path != NULL)
		mip6_path_free(e->path);
	if (e->pool != NULL)
		mip6_pool_free(e->pool);
	mip6_node_free(e->node);
	e->env.alloc.release(e->env.alloc.arg, e, sizeof(*e));
}

/* A row that the path cannot take: its limit, or no memory. */
static void
engine_refused(struct mip6_engine *e, const char *what)
{
	MIP6_LOG(e->env.log, ERROR, "engine.path-full", MIP6_KS("what", what));
}

static void
engine_act(struct mip6_engine *e, const struct mip6_now *now,
    const struct mip6_action *a)
{
	const struct mip6_act_send *s = &a->u.send;

	switch (a->kind) {
	case MIP6_ACT_SEND:
		mip6_path_send(e->path, now, s->ifindex, s->hop,
		    s->has_lladdr ? &s->lladdr : NULL, s->octets, s->count);
		break;
	case MIP6_ACT_SEND_TUNNELLED:
		mip6_path_send_tunnelled(e->path, now, &s->home, s->octets,
		    s->count);
		break;
	case MIP6_ACT_ROW_SET:
		if (!mip6_path_row_set(e->path, &a->u.row))
			engine_refused(e, "row");
		break;
	case MIP6_ACT_ROW_DEL:
		mip6_path_row_del(e->path, &a->u.row.home, &a->u.row.other);
		break;
	case MIP6_ACT_HOP_SET:
		if (!mip6_path_hop_set(e->path, now, &a->u.hop))
			engine_refused(e, "hop");
		break;
	case MIP6_ACT_LOCAL:
		if (!mip6_path_local_set(e->path, &a->u.set.addr, a->u.set.on))
			engine_refused(e, "local address");
		break;
	case MIP6_ACT_MEMBER:
		if (!mip6_path_member_set(e->path, &a->u.member.member,
			a->u.member.on))
			engine_refused(e, "member of a group");
		break;
	case MIP6_ACT_MCAST:
		mip6_path_mcast_link(e->path, a->u.set.ifindex);
		break;
	case MIP6_ACT_TUN_MTU:
		mip6_path_tun_mtu(e->path, a->u.set.mtu);
		e->env.act(e->env.arg, a);
		break;
	case MIP6_ACT_ADDR:
	case MIP6_ACT_ROUTE:
	case MIP6_ACT_RULE:
	case MIP6_ACT_GROUP:
	case MIP6_ACT_CAPTURE:
	case MIP6_ACT_SILENCE:
	case MIP6_ACT_SHIELD:
	case MIP6_ACT_FORWARDING:
	case MIP6_ACT_ROUTE_GET:
	case MIP6_ACT_ALLMULTI:
	case MIP6_ACT_STORE:
	case MIP6_ACT_RESOLVE:
		e->env.act(e->env.arg, a);
		break;
	}
}

/* One event to the node, and what it asks for done. */
static void
engine_input(struct mip6_engine *e, const struct mip6_now *now,
    const struct mip6_event *ev)
{
	size_t i;

	if (e->env.record != NULL)
		e->env.record(e->env.arg, now, ev);
	mip6_actions_clear(&e->actions);
	mip6_node_input(e->node, now, ev, &e->actions);
	for (i = 0; i < e->actions.count; i++)
		engine_act(e, now, &e->actions.v[i]);
}

/* The next hints' records come from memory while this one is dealt with. */
static void
engine_ahead(const struct mip6_engine *e)
{
	const struct engine_hint *h;
	unsigned int step;
	uint32_t at;

	for (step = 0; step < MIP6_NODE_AHEAD_STEPS; step++) {
		at = (MIP6_NODE_AHEAD_STEPS - step) * ENGINE_AHEAD;
		if (at >= e->hint_count)
			continue;
		h = &e->hint[(e->hint_first + at) % ENGINE_HINTS_MAX];
		mip6_node_ahead(e->node, &h->hint, step);
	}
}

/* What the path said meanwhile; actions may make it say more, boundedly. */
static void
engine_hints(struct mip6_engine *e, const struct mip6_now *now)
{
	uint32_t rounds = 4 * ENGINE_HINTS_MAX;
	struct engine_hint h;
	struct mip6_event ev;

	while (e->hint_count > 0 && rounds-- > 0) {
		engine_ahead(e);
		h = e->hint[e->hint_first];
		e->hint_first = (e->hint_first + 1) % ENGINE_HINTS_MAX;
		e->hint_count--;
		memset(&ev, 0, sizeof(ev));
		ev.kind = MIP6_EV_HINT;
		ev.u.hint = h.hint;
		engine_input(e, now, &ev);
		if (h.pkt != NULL)
			mip6_pool_put(e->pool, h.pkt);
	}
}

/*
 * The path counts what it drops and says nothing, since it works by the
 * packet; here each reason is logged once a burst.  What is for others comes
 * all the time and is not worth a line.
 */
static void
engine_tell_drops(struct mip6_engine *e)
{
	const struct mip6_drops *d = &mip6_path_counters(e->path)->drops;
	int i;

	if (memcmp(d, &e->told, sizeof(*d)) == 0)
		return;
	for (i = 0; i < MIP6_DROP_COUNT; i++)
		if (i != MIP6_DROP_NOT_OURS && d->count[i] != e->told.count[i])
			MIP6_LOG(e->env.log, INFO, "drop",
			    MIP6_KS("why", mip6_drop_name((enum mip6_drop)i)),
			    MIP6_KU("count", d->count[i] - e->told.count[i]));
	e->told = *d;
}

void
mip6_engine_packets(struct mip6_engine *e, const struct mip6_now *now,
    uint32_t ifindex, struct mip6_pkt *const *pkt, size_t n)
{
	if (ifindex == 0)
		mip6_path_from_tun(e->path, now, pkt, n);
	else
		mip6_path_from_link(e->path, now, ifindex, pkt, n);
	engine_hints(e, now);
	engine_tell_drops(e);
}

static void
engine_link(struct mip6_engine *e, const struct mip6_ev_link *l)
{
	struct mip6_path_link p;

	if (l->gone) {
		mip6_path_link_del(e->path, l->ifindex);
		return;
	}
	memset(&p, 0, sizeof(p));
	p.ifindex = l->ifindex;
	p.lladdr = l->lladdr;
	p.mtu = l->mtu;
	p.raw = l->raw;
	if (!mip6_path_link_set(e->path, &p))
		engine_refused(e, "link");
}

void
mip6_engine_event(struct mip6_engine *e, const struct mip6_now *now,
    const struct mip6_event *ev)
{
	if (ev->kind == MIP6_EV_LINK)
		engine_link(e, &ev->u.link);
	engine_input(e, now, ev);
	engine_hints(e, now);
}

void
mip6_engine_timer(struct mip6_engine *e, const struct mip6_now *now)
{
	struct mip6_event ev;

	mip6_path_timer(e->path, now);
	if (mip6_time_reached(mip6_node_deadline(e->node), now->boot)) {
		memset(&ev, 0, sizeof(ev));
		ev.kind = MIP6_EV_TIMER;
		engine_input(e, now, &ev);
	}
	engine_hints(e, now);
	engine_tell_drops(e);
}

struct mip6_time
mip6_engine_deadline(const struct mip6_engine *e)
{
	return mip6_time_min(mip6_node_deadline(e->node),
	    mip6_path_deadline(e->path));
}

struct mip6_pool *
mip6_engine_pool(struct mip6_engine *e)
{
	return e->pool;
}

const struct mip6_node *
mip6_engine_node(const struct mip6_engine *e)
{
	return e->node;
}

const struct mip6_path *
mip6_engine_path(const struct mip6_engine *e)
{
	return e->path;
}

struct mip6_drops
mip6_engine_drops(const struct mip6_engine *e)
{
	struct mip6_drops d = *mip6_node_drops(e->node);
	const struct mip6_drops *p = &mip6_path_counters(e->path)->drops;
	int i;

	for (i = 0; i < MIP6_DROP_COUNT; i++)
		d.count[i] += p->count[i];
	d.count[MIP6_DROP_NO_BUFFER] += e->hints_lost;
	return d;
}
