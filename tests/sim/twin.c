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

void
sim_twin_compare(struct sim_twin *t, const struct mip6_action *act)
{
	twin_skip(t);
	if (t->next == t->out.count ||
	    memcmp(&t->out.v[t->next], act, sizeof(*act)) != 0)
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
