/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What the host refused is asked for again.
 *
 * Every action on the host that nobody decides by gets a place in a bounded
 * table until it has ended.  One that failed stays there and is asked for
 * again, after 1 s and then less and less often, until it succeeds or until
 * something newer is asked about the same object: then the newer one counts.
 * A registration's own actions are not here (the acknowledgement says that
 * they failed, and the mobile node asks again), but their undo is.
 *
 * Invariants: at most one wish for an object that is not superseded; an id
 * that comes back with another generation is of a wish that is no more.
 */
#include "core/node_int.h"

#include <string.h>

#define HOST_RETRY     MIP6_SPAN_S(1)
#define HOST_RETRY_MAX MIP6_SPAN_S(32)

/* Is it on, or its undo?  TUN_MTU has none. */
static bool
host_is_on(const struct mip6_action *a)
{
	switch (a->kind) {
	case MIP6_ACT_ADDR:
		return a->u.addr.on;
	case MIP6_ACT_ROUTE:
		return a->u.route.on;
	case MIP6_ACT_RULE:
		return a->u.rule.on;
	case MIP6_ACT_GROUP:
	case MIP6_ACT_CAPTURE:
	case MIP6_ACT_SILENCE:
	case MIP6_ACT_SHIELD:
	case MIP6_ACT_FORWARDING:
	case MIP6_ACT_ALLMULTI:
		return a->u.set.on;
	case MIP6_ACT_TUN_MTU:
	case MIP6_ACT_ROUTE_GET:
	case MIP6_ACT_STORE:
	case MIP6_ACT_RESOLVE:
	case MIP6_ACT_SEND:
	case MIP6_ACT_SEND_TUNNELLED:
	case MIP6_ACT_ROW_SET:
	case MIP6_ACT_ROW_DEL:
	case MIP6_ACT_HOP_SET:
	case MIP6_ACT_LOCAL:
	case MIP6_ACT_MEMBER:
	case MIP6_ACT_MCAST:
		break;
	}
	return true;
}

static bool
host_same_object(const struct mip6_action *a, const struct mip6_action *b)
{
	if (a->kind != b->kind)
		return false;
	switch (a->kind) {
	case MIP6_ACT_ADDR:
		return a->u.addr.ifindex == b->u.addr.ifindex &&
		    mip6_addr_equal(&a->u.addr.addr, &b->u.addr.addr);
	case MIP6_ACT_ROUTE:
		return a->u.route.table == b->u.route.table &&
		    a->u.route.ifindex == b->u.route.ifindex &&
		    mip6_prefix_equal(&a->u.route.dst, &b->u.route.dst) &&
		    mip6_addr_equal(&a->u.route.gateway, &b->u.route.gateway);
	case MIP6_ACT_RULE:
		return a->u.rule.table == b->u.rule.table &&
		    mip6_addr_equal(&a->u.rule.src, &b->u.rule.src);
	case MIP6_ACT_GROUP:
	case MIP6_ACT_CAPTURE:
	case MIP6_ACT_ALLMULTI:
		return a->u.set.ifindex == b->u.set.ifindex &&
		    mip6_addr_equal(&a->u.set.addr, &b->u.set.addr);
	case MIP6_ACT_SILENCE:
	case MIP6_ACT_SHIELD:
		return mip6_addr_equal(&a->u.set.addr, &b->u.set.addr);
	case MIP6_ACT_TUN_MTU:
	case MIP6_ACT_FORWARDING:
		return true;
	case MIP6_ACT_ROUTE_GET:
	case MIP6_ACT_STORE:
	case MIP6_ACT_RESOLVE:
	case MIP6_ACT_SEND:
	case MIP6_ACT_SEND_TUNNELLED:
	case MIP6_ACT_ROW_SET:
	case MIP6_ACT_ROW_DEL:
	case MIP6_ACT_HOP_SET:
	case MIP6_ACT_LOCAL:
	case MIP6_ACT_MEMBER:
	case MIP6_ACT_MCAST:
		break;
	}
	return false;
}

static enum mip6_wait_kind
host_waits(const struct mip6_action *a)
{
	return (enum mip6_wait_kind)(a->id >> 56);
}

/* Whose failure is made good here? */
static bool
host_is_wish(const struct mip6_action *a)
{
	switch (host_waits(a)) {
	case MIP6_WAIT_NOBODY:
	case MIP6_WAIT_CAPTURE:
		return true;
	case MIP6_WAIT_BINDING:
		return !host_is_on(a);
	case MIP6_WAIT_WISH: /* asked again: it has its place */
	case MIP6_WAIT_COA:
	case MIP6_WAIT_BINDING_ROUTE:
	case MIP6_WAIT_BINDING_REROUTE:
	case MIP6_WAIT_BINDING_STORE:
	case MIP6_WAIT_MN_STORE:
	case MIP6_WAIT_NAME:
	case MIP6_WAIT_CN:
		break;
	}
	return false;
}

static void
host_forget(struct mip6_node *n, uint32_t i)
{
	struct mip6_wish *w = &n->wish[i];

	node_timer_stop(n, &w->retry);
	w->used = false;
	w->gen++;
	while (n->wishes > 0 && !n->wish[n->wishes - 1].used)
		n->wishes--;
}

static bool
host_has_owner(const struct mip6_wish *w)
{
	return (enum mip6_wait_kind)(w->owner >> 56) == MIP6_WAIT_BINDING;
}

/*
 * What was asked for before about the same object does not count any more; a
 * registration that counts the ends of its actions is still told of its end.
 */
static void
host_supersede(struct mip6_node *n, const struct mip6_action *a)
{
	struct mip6_wish *w;
	uint32_t i;

	for (i = n->wishes; i-- > 0;) {
		if (i >= n->wishes)
			continue;
		w = &n->wish[i];
		if (!w->used || w->superseded || !host_same_object(&w->act, a))
			continue;
		if (host_has_owner(w))
			w->superseded = true;
		else
			host_forget(n, i);
	}
}

static uint64_t
host_id(const struct mip6_node *n, uint32_t i)
{
	return node_action_id(MIP6_WAIT_WISH, i, n->wish[i].gen);
}

void
host_note(struct mip6_node *n)
{
	struct mip6_action *a;
	struct mip6_wish *w;
	uint32_t i;
	size_t k;

	for (k = 0; k < n->out->count; k++) {
		a = &n->out->v[k];
		if (a->kind < MIP6_ACT_TUN_MTU ||
		    a->kind == MIP6_ACT_ROUTE_GET ||
		    host_waits(a) == MIP6_WAIT_WISH)
			continue;
		host_supersede(n, a);
		if (!host_is_wish(a))
			continue;
		for (i = 0; i < n->wishes && n->wish[i].used; i++)
			;
		if (i == MIP6_WISHES_MAX)
			continue; /* not remembered: asked for once */
		if (i == n->wishes)
			n->wishes++;
		w = &n->wish[i];
		w->used = true;
		w->superseded = false;
		w->owner = a->id;
		w->wait = HOST_RETRY;
		node_timer_init(&w->retry, MIP6_TIMER_WISH, i);
		a->id = host_id(n, i);
		w->act = *a;
	}
}

void
host_refused(struct mip6_node *n, enum mip6_action_kind kind, int error)
{
	n->host_refusals++;
	n->host_refusal_error = error;
	n->host_refusal_kind = kind;
	MIP6_LOG(n->log, WARNING, "host.refused",
	    MIP6_KS("action", mip6_action_name(kind)), MIP6_KI("errno", error));
}

uint64_t
host_done(struct mip6_node *n, uint32_t i, uint32_t gen, int error)
{
	struct mip6_wish *w;
	uint64_t owner;

	if (i >= n->wishes || !n->wish[i].used ||
	    (n->wish[i].gen & 0xffffffu) != gen)
		return 0;
	w = &n->wish[i];
	owner = w->owner;
	if (error == 0 || w->superseded) {
		host_forget(n, i);
		return owner;
	}
	host_refused(n, w->act.kind, error);
	node_timer_in(n, &w->retry, w->wait);
	w->wait = mip6_span_min(MIP6_SPAN_US(w->wait.us * 2), HOST_RETRY_MAX);
	/* Who waits to go on is told, once; who needs it waits for success. */
	if (host_has_owner(w)) {
		w->owner = node_action_id(MIP6_WAIT_NOBODY, 0, 0);
		return owner;
	}
	return 0;
}

void
host_timer(struct mip6_node *n, uint32_t i)
{
	struct mip6_wish *w = &n->wish[i];
	struct mip6_action *a;

	if (!w->used)
		return;
	a = mip6_actions_add(n->out, w->act.kind);
	*a = w->act;
	a->id = host_id(n, i);
}

uint32_t
host_unfulfilled(const struct mip6_node *n)
{
	uint32_t i, count = 0;

	for (i = 0; i < n->wishes; i++)
		count += n->wish[i].used && n->wish[i].wait.us != HOST_RETRY.us;
	return count;
}
