/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Actions on the path are skipped: what they carry comes back to the first
 * node as hints, and a difference shows there.
 */
#include "sim/twin.h"

#include <string.h>

struct sim_twin *
sim_twin_new(struct sim *s, const char *name, const struct mip6_node_env *env,
    const struct mip6_now *now)
{
	struct sim_twin *t = sim_alloc(sizeof(*t));

	t->sim = s;
	t->name = name;
	t->node = mip6_node_new(env, now);
	if (t->node == NULL)
		sim_fail(s, "%s: no twin", name);
	return t;
}

void
sim_twin_free(struct sim_twin *t)
{
	if (t == NULL)
		return;
	mip6_node_free(t->node);
	sim_free(t);
}

/* To the next action on the host. */
static void
twin_skip(struct sim_twin *t)
{
	while (
	    t->next < t->out.count && t->out.v[t->next].kind < MIP6_ACT_TUN_MTU)
		t->next++;
}

static void
twin_nothing_left(struct sim_twin *t)
{
	twin_skip(t);
	if (t->next < t->out.count)
		sim_fail(t->sim, "%s: its recording asks for %s, it does not",
		    t->name, mip6_action_name(t->out.v[t->next].kind));
}

void
sim_twin_event(struct sim_twin *t, const struct mip6_now *now,
    const struct mip6_event *ev)
{
	twin_nothing_left(t);
	mip6_actions_clear(&t->out);
	t->next = 0;
	mip6_node_input(t->node, now, ev, &t->out);
}

/* What an action points at is in another list's arena. */
static bool
twin_same(const struct mip6_action *a, const struct mip6_action *b)
{
	struct mip6_action x = *a, y = *b;

	if (a->kind == MIP6_ACT_STORE) {
		if (a->u.store.count != b->u.store.count ||
		    (a->u.store.count > 0 &&
			memcmp(a->u.store.octets, b->u.store.octets,
			    a->u.store.count) != 0))
			return false;
		x.u.store.octets = y.u.store.octets = NULL;
	} else if (a->kind == MIP6_ACT_RESOLVE) {
		if (strcmp(a->u.resolve.name, b->u.resolve.name) != 0)
			return false;
		x.u.resolve.name = y.u.resolve.name = NULL;
	}
	return memcmp(&x, &y, sizeof(x)) == 0;
}

void
sim_twin_compare(struct sim_twin *t, const struct mip6_action *act)
{
	twin_skip(t);
	if (t->next == t->out.count || t->out.v[t->next].kind != act->kind ||
	    !twin_same(&t->out.v[t->next], act))
		sim_fail(t->sim, "%s: it asks for %s, its recording does not",
		    t->name, mip6_action_name(act->kind));
	t->next++;
}

void
sim_twin_ended(struct sim_twin *t, const struct mip6_node *first)
{
	twin_nothing_left(t);
	if (mip6_node_deadline(t->node).us != mip6_node_deadline(first).us)
		sim_fail(t->sim, "%s: its recording has another deadline",
		    t->name);
}
