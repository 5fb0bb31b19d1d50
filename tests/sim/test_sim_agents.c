/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A mobile node and several home agents: one dies and comes back, one is found
 * by discovery, one by a name that does not resolve at first.  The second home
 * agent runs on the neighbour of the home link.
 *
 * Implements (as a test of): RFC 6275 sections 11.4.1 and 11.7.1.
 */
#include "sim/ladder.h"

#include <errno.h>

struct scene {
	struct ladder *l;
	struct sim_daemon second;
	struct mip6_addr one, two;
	struct sim_daemon *mn;
};

static void
scene_begin(struct scene *c, const struct sim_world_conf *conf)
{
	struct sim_world *w;

	memset(c, 0, sizeof(*c));
	c->l = ladder_begin(conf);
	c->l->check.puppets = c->l->check.strays = true;
	w = &c->l->w;
	c->one = w->ha_addr;
	c->two = w->nb_addr;
	c->mn = &w->mn[0].daemon;
	sim_daemon_init(&c->second, &w->nb, w->conf.seed ^ 0x6862);
	c->second.conf.ha = w->had.conf.ha;
	memcpy(c->second.conf.ha.interface, w->nb.iface[0].name,
	    sizeof(c->second.conf.ha.interface));
	c->second.conf.ha.prefix[0].address = c->two;
	c->second.conf.ha.mobile = c->second.mobile;
	c->second.mobile[0] = w->had.mobile[0];
}

/* Two of them in the configuration, registered with the first on link a. */
static void
scene_two(struct scene *c, bool known)
{
	const struct sim_world_conf conf = { .lifetime_s = 40 };

	scene_begin(c, &conf);
	c->mn->conf.mn.home[0].agent[1].addr = c->two;
	c->mn->conf.mn.home[0].agents = 2;
	if (!known)
		c->l->w.had.conf.ha.mobiles = 0;
	sim_daemon_start(&c->second);
	sim_world_start(&c->l->w);
	sim_world_move(&c->l->w, 0, "a", 0);
	assert_true(sim_world_registered(&c->l->w, 0, "a", 20 * SIM_S));
}

static void
scene_end(struct scene *c)
{
	sim_daemon_fini(&c->second);
	ladder_end(c->l);
}

static void
see_agent(struct scene *c, struct mip6_addr agent)
{
	struct mip6_show_registration r = ladder_registration(c->l);

	assert_addr(r.agent, agent);
	assert_string_equal(r.state, "registered");
}

static bool
binds(struct scene *c, struct sim_daemon *ha)
{
	struct mip6_show_binding b;

	return sim_daemon_binding(ha, &c->l->w.mn[0].hoa, &b) &&
	    strcmp(b.state, "registered") == 0;
}

/* 11.4.1, 11.7.1: the next one when it dies; back when it is back. */
static void
dies_and_comes_back(void **state)
{
	struct scene c;

	(void)state;
	scene_two(&c, true);
	see_agent(&c, c.one);
	sim_daemon_kill(&c.l->w.had);
	/* Its refresh after 30 s, three updates of 1, 2 and 4 s. */
	sim_run(&c.l->w.sim, 38 * SIM_S);
	see_agent(&c, c.two);
	assert_true(binds(&c, &c.second));
	sim_daemon_start(&c.l->w.had);
	/* It is asked after five minutes whether it is back. */
	sim_run(&c.l->w.sim, 290 * SIM_S);
	see_agent(&c, c.two);
	sim_run(&c.l->w.sim, 60 * SIM_S);
	see_agent(&c, c.one);
	assert_true(binds(&c, &c.l->w.had));
	/* And the other was told to let go. */
	assert_false(binds(&c, &c.second));
	scene_end(&c);
}

/* The first knows no such mobile node: no second binding is left behind. */
static void
refuses(void **state)
{
	struct scene c;

	(void)state;
	scene_two(&c, false);
	see_agent(&c, c.two);
	assert_true(binds(&c, &c.second));
	assert_false(binds(&c, &c.l->w.had));
	/* Without a key it cannot sign its refusal, so that is no answer. */
	assert_in_range(c.l->w.sim.now_us, 10500 * SIM_MS, 10700 * SIM_MS);
	scene_end(&c);
}

/* A move while the one in use is dead: the new care-of address as well. */
static void
dies_while_moving(void **state)
{
	struct scene c;

	(void)state;
	scene_two(&c, true);
	sim_daemon_kill(&c.l->w.had);
	sim_world_move(&c.l->w, 0, "b", SIM_S);
	assert_true(sim_world_registered(&c.l->w, 0, "b", 12 * SIM_S));
	see_agent(&c, c.two);
	/* Home again: the one that has the binding is told. */
	sim_world_move(&c.l->w, 0, "home", SIM_S);
	assert_true(sim_world_at_home(&c.l->w, 0, 10 * SIM_S));
	assert_false(binds(&c, &c.second));
	scene_end(&c);
}

/* Discovery: nobody answers, then the one that has come to life does. */
static void
discovery(void **state)
{
	struct scene c;
	int64_t begin_us;

	(void)state;
	scene_begin(&c, NULL);
	c.mn->conf.mn.home[0].agents = 0;
	c.mn->conf.mn.home[0].agent_auto = true;
	memset(c.mn->conf.mn.home[0].agent, 0,
	    sizeof(c.mn->conf.mn.home[0].agent));
	sim_daemon_start(c.mn);
	sim_world_move(&c.l->w, 0, "a", 0);
	sim_run(&c.l->w.sim, 5 * SIM_S);
	assert_string_equal(ladder_registration(c.l).state, "registering");
	begin_us = c.l->w.sim.now_us;
	sim_daemon_start(&c.l->w.had);
	/* The third request comes 9 s after the first. */
	assert_true(sim_world_registered(&c.l->w, 0, "a", 10 * SIM_S));
	assert_in_range(c.l->w.sim.now_us - begin_us, 3 * SIM_S, 5 * SIM_S);
	see_agent(&c, c.one);
	scene_end(&c);
}

/* A name: no answer, then none of use, then the home agent. */
static void
name(void **state)
{
	struct mip6_show_registration r;
	struct sim_name *k;
	struct scene c;

	(void)state;
	scene_begin(&c, NULL);
	memset(c.mn->conf.mn.home[0].agent, 0,
	    sizeof(c.mn->conf.mn.home[0].agent));
	(void)snprintf(c.mn->conf.mn.home[0].agent[0].name,
	    sizeof(c.mn->conf.mn.home[0].agent[0].name), "ha.example.org");
	k = &c.mn->name[0];
	k->name = "ha.example.org";
	k->error = ETIMEDOUT;
	k->after_us = 3 * SIM_S;
	sim_world_start(&c.l->w);
	sim_world_move(&c.l->w, 0, "a", 0);
	sim_run(&c.l->w.sim, 4 * SIM_S);
	r = ladder_registration(c.l);
	assert_string_equal(r.why, "cannot resolve ha.example.org: errno 110");
	assert_addr(k->src, r.coa_wanted);
	k->error = 0; /* an answer without an address */
	k->after_us = 0;
	sim_run(&c.l->w.sim, 4 * SIM_S);
	assert_string_equal(ladder_registration(c.l).state, "registering");
	k->addr[0] = c.one;
	k->addrs = 1;
	assert_true(sim_world_registered(&c.l->w, 0, "a", 5 * SIM_S));
	see_agent(&c, c.one);
	assert_int_equal(k->asked, 3);
	scene_end(&c);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(dies_and_comes_back),
		cmocka_unit_test(refuses),
		cmocka_unit_test(dies_while_moving),
		cmocka_unit_test(discovery),
		cmocka_unit_test(name),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
