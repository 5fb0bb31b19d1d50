/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The home link is renumbered while mobile nodes are away: they are told,
 * take an address in the new prefix, and keep the old one while it lives.
 *
 * Implements (as a test of): RFC 6275 sections 6.7, 6.8, 10.6, 11.4.2, 11.4.3.
 */
#include "sim/ladder.h"

#define MIN_US (10 * SIM_S)
#define MAX_US (60 * SIM_S)
/* Of the old prefix, when the new one comes. */
#define OLD_VALID_S 10800

static const char new_prefix[] = "2001:db8:2::";
static const char new_agent[] = "2001:db8:2::1";
static const char new_hoa[] = "2001:db8:2::80";

/* The home agent tells unasked, after 10 to 60 s. */
static void
tells(struct ladder *l)
{
	l->w.had.conf.ha.delivery.min_interval = MIP6_SPAN_US(MIN_US);
	l->w.had.conf.ha.delivery.max_interval = MIP6_SPAN_US(MAX_US);
	l->w.had.conf.ha.delivery.unsolicited = true;
}

static struct ladder *
begin(void)
{
	struct ladder *l = ladder_begin(NULL);

	tells(l);
	sim_world_start(&l->w);
	sim_world_move(&l->w, 0, "a", 0);
	assert_true(sim_world_registered(&l->w, 0, "a", 20 * SIM_S));
	return l;
}

static struct mip6_prefix
prefix_new(void)
{
	struct mip6_prefix p = { sim_addr_of(new_prefix), 64 };

	return p;
}

/* The new prefix leads to the home link, and the home agent is in it. */
static void
plumb(struct ladder *l)
{
	struct sim_host *from[] = { &l->w.ra, &l->w.rb, &l->w.rc };
	struct mip6_addr agent = sim_addr_of(new_agent);
	struct sim_route r = { .used = true,
		.table = MIP6_TABLE_MAIN,
		.dst = prefix_new(),
		.ifindex = 1,
		.owner = SIM_BY_ADMIN,
		.expires_us = INT64_MAX };
	size_t i;

	r.gateway = sim_addr_of("2001:db8:ffff::1");
	for (i = 0; i < MIP6_COUNT(from); i++)
		(void)sim_host_route_set(from[i], &r, true);
	(void)sim_host_addr_add(&l->w.ha, l->w.ha_home->ifindex, &agent, 64,
	    false, false, SIM_BY_ADMIN);
}

/* The home agent's configuration: the old prefix is on its way out. */
static void
renumber(struct ladder *l)
{
	struct sim_daemon *d = &l->w.had;
	struct mip6_conf_home_prefix *p = d->conf.ha.prefix;

	p[0].valid = MIP6_SPAN_S(OLD_VALID_S);
	p[0].preferred = MIP6_SPAN_S(0);
	p[0].decrement = true;
	p[1].prefix = prefix_new();
	p[1].valid = MIP6_SPAN_S(2592000);
	p[1].preferred = MIP6_SPAN_S(604800);
	d->conf.ha.prefixes = 2;
	d->mobile[1] = d->mobile[0];
	d->mobile[1].hoa = sim_addr_of(new_hoa);
	d->conf.ha.mobiles = 2;
	sim_daemon_reload(d);
}

/* The registration of the mobile node's home address `hoa`. */
struct found {
	struct ladder *l;
	struct mip6_addr hoa;
	bool there, deprecated, formed;
	char state[32];
};

static void
found_row(void *arg, const struct mip6_show_registration *r)
{
	struct found *f = arg;

	if (!mip6_addr_equal(&r->hoa, &f->hoa))
		return;
	f->there = true;
	f->deprecated = r->deprecated;
	f->formed = r->formed;
	(void)snprintf(f->state, sizeof(f->state), "%s", r->state);
}

static struct found
find(struct ladder *l, const char *hoa)
{
	struct sim_daemon *d = &l->w.mn[0].daemon;
	struct mip6_now now = sim_daemon_now(d);
	struct found f;

	memset(&f, 0, sizeof(f));
	f.l = l;
	f.hoa = sim_addr_of(hoa);
	(void)mip6_show_registrations(mip6_engine_node(d->engine), &now, 0, 99,
	    found_row, &f);
	return f;
}

static bool
is_renumbered(void *arg)
{
	struct found f = find(arg, new_hoa);

	return f.there && strcmp(f.state, "registered") == 0;
}

static bool
is_old_gone(void *arg)
{
	return !find(arg, "2001:db8:1::80").there;
}

/* Section 6.7, 6.8: asked after the first registration, and answered. */
static void
test_first_question(void **state)
{
	const struct sim_sight *mps, *mpa;
	struct ladder *l = begin();

	(void)state;
	mps = see_on(l, SIM_MPS, "mn", "a", 5 * SIM_S);
	assert_addr(mps->v.ip.dst, l->w.ha_addr);
	assert_addr(mps->v.hao, l->w.mn[0].hoa);
	mpa = see_on(l, SIM_MPA, "ra", "a", LADDER_RTT_US + SIM_MS);
	assert_addr(mpa->v.ip.src, l->w.ha_addr);
	assert_addr(mpa->v.ip.dst, mps->v.ip.src);
	assert_addr(mpa->v.rh2, l->w.mn[0].hoa);
	assert_int_equal(mpa->mp.id, mps->mp.id);
	assert_int_equal(mpa->mp.opt.prefix_count, 1);
	assert_addr(mpa->mp.opt.prefix[0].addr, l->w.ha_addr);
	/* And no more of it. */
	see_no(l, SIM_MPS, "mn", 5 * SIM_S);
	ladder_end(l);
}

/*
 * Section 10.6: told within MaxMobPfxAdvInterval, a new home address is
 * registered; sessions of the old one go on until its prefix dies.
 */
static void
test_renumbering(void **state)
{
	struct sim_ping after;
	struct ladder *l = begin();
	struct mip6_addr hoa2 = sim_addr_of(new_hoa);
	const struct sim_sight *s;
	int64_t at;

	(void)state;
	memset(&after, 0, sizeof(after));
	sim_ping_start(&l->w.transport, &l->ping, &l->w.mn[0].host, &l->w.cn,
	    &l->w.cn_addr, &l->w.mn[0].hoa, 10 * SIM_S);
	/* The round of the start is over. */
	sim_run(&l->w.sim, 100 * SIM_S);
	sim_look_away(&l->x);
	plumb(l);
	renumber(l);
	at = l->w.sim.now_us;
	assert_true(sim_world_until(&l->w, is_renumbered, l,
	    MAX_US + MIN_US + 5 * SIM_S));
	/* Unasked; then asked for and told, with both prefixes. */
	s = see(l, SIM_MPA, "ha", 0);
	assert_true(s->at_us - at >= MIN_US);
	assert_int_equal(s->mp.opt.prefix_count, 2);
	(void)see(l, SIM_MPS, "mn", 0);
	(void)see(l, SIM_MPA, "ha", 0);
	s = see(l, SIM_BU, "mn", 0);
	assert_addr(s->v.hao, hoa2);
	assert_addr(s->v.ip.dst, sim_addr_of(new_agent));
	assert_true(find(l, new_hoa).formed);
	assert_false(find(l, new_hoa).deprecated);
	assert_true(find(l, "2001:db8:1::80").deprecated);
	/* New sessions have the new address; old ones lose nothing. */
	sim_ping_start(&l->w.transport, &after, &l->w.mn[0].host, &l->w.cn,
	    &l->w.cn_addr, &hoa2, 10 * SIM_S);
	sim_run(&l->w.sim, 5000 * SIM_S);
	/* To another network, both of them. */
	sim_world_move(&l->w, 0, "b", 0);
	sim_run(&l->w.sim, 5000 * SIM_S);
	assert_true(l->ping.gap_us < 30 * SIM_S);
	assert_true(after.gap_us < 30 * SIM_S);
	assert_int_equal(l->ping.flow.server_addr.b[15], l->w.cn_addr.b[15]);
	sim_ping_stop(&l->ping);
	assert_false(is_old_gone(l));
	/* The end of the old one, at both ends. */
	assert_true(sim_world_until(&l->w, is_old_gone, l, 900 * SIM_S));
	assert_true(l->w.sim.now_us - at >= (OLD_VALID_S - 2) * SIM_S);
	sim_ping_mark(&after);
	sim_run(&l->w.sim, 1000 * SIM_S);
	assert_true(after.gap_us < 11 * SIM_S);
	assert_string_equal(find(l, new_hoa).state, "registered");
	sim_ping_stop(&after);
	sim_run(&l->w.sim, SIM_S);
	ladder_end(l);
}

/* Section 10.6.2: lost advertisements are sent again, 3, 6 and 12 s later. */
static void
test_lost(void **state)
{
	static const int64_t after_us[] = { 3 * SIM_S, 6 * SIM_S, 12 * SIM_S };
	struct ladder *l = begin();
	const struct sim_sight *s;
	int64_t at;
	size_t i;

	(void)state;
	sim_run(&l->w.sim, 100 * SIM_S);
	plumb(l);
	/* The next round, for want of changes, is far. */
	l->w.had.conf.ha.delivery.max_interval = MIP6_SPAN_S(3600);
	renumber(l);
	sim_look_away(&l->x);
	l->w.a->quality.loss_ppm = SIM_PPM;
	s = see_on(l, SIM_MPA, "ha", "core", MAX_US + MIN_US);
	at = s->at_us;
	for (i = 0; i < MIP6_COUNT(after_us); i++) {
		s = see_on(l, SIM_MPA, "ha", "core", 13 * SIM_S);
		assert_int_equal(s->at_us - at, after_us[i]);
		at = s->at_us;
		if (i < 1)
			continue;
		sim_run(&l->w.sim, 5 * SIM_S); /* it is lost, too */
		l->w.a->quality.loss_ppm = 0;
	}
	(void)see_on(l, SIM_MPS, "mn", "a", SIM_S);
	assert_true(sim_world_until(&l->w, is_renumbered, l, 5 * SIM_S));
	ladder_end(l);
}

/* Section 10.6.2: several changes, one advertisement with all of them. */
static void
test_together(void **state)
{
	struct mip6_conf_home_prefix *p;
	struct ladder *l = begin();
	const struct sim_sight *s;

	(void)state;
	sim_run(&l->w.sim, 100 * SIM_S);
	plumb(l);
	renumber(l);
	sim_look_away(&l->x);
	sim_run(&l->w.sim, 5 * SIM_S);
	p = l->w.had.conf.ha.prefix;
	p[1].preferred = MIP6_SPAN_S(86400);
	p[2] = p[1];
	p[2].prefix.addr = sim_addr_of("2001:db8:3::");
	l->w.had.conf.ha.prefixes = 3;
	sim_daemon_reload(&l->w.had);
	s = see_on(l, SIM_MPA, "ha", "core", MAX_US + MIN_US);
	assert_int_equal(s->mp.opt.prefix_count, 3);
	assert_int_equal(s->mp.opt.prefix[1].preferred.us, 86400 * SIM_S);
	(void)see_on(l, SIM_MPS, "mn", "a", SIM_S);
	(void)see_on(l, SIM_MPA, "ha", "core", 2 * SIM_S);
	see_no(l, SIM_MPA, "ha", 20 * SIM_S);
	ladder_end(l);
}

/* Section 10.6.2: the mobile node went home: nothing is sent any more. */
static void
test_went_home(void **state)
{
	struct ladder *l = begin();

	(void)state;
	sim_run(&l->w.sim, 100 * SIM_S);
	renumber(l);
	sim_world_move(&l->w, 0, "home", 0);
	assert_true(sim_world_at_home(&l->w, 0, 9 * SIM_S));
	sim_look_away(&l->x);
	see_no(l, SIM_MPA, "ha", 100 * SIM_S);
	ladder_end(l);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_first_question),
		cmocka_unit_test(test_renumbering),
		cmocka_unit_test(test_lost),
		cmocka_unit_test(test_together),
		cmocka_unit_test(test_went_home),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
