/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Care-of addresses that the daemon forms, with either owner: when they are
 * usable, what happens when another node has one, and what is left of them.
 *
 * Implements (as a test of): RFC 6275 sections 11.5.3 and 11.5.4, RFC 4429
 * section 3, RFC 4862 section 5.4.
 */
#include "sim/ladder.h"

#define LINK_DELAY_US (4 * SIM_MS)
#define ACT_US        (5 * SIM_MS) /* what the host takes for an address */
#define USABLE_MAX_US (20 * SIM_MS)

static const enum mip6_coa_owner owners[] = { MIP6_COA_OWNER_KERNEL,
	MIP6_COA_OWNER_DAEMON };

static struct ladder *
care_of_begin(enum mip6_coa_owner owner, struct sim_world_conf c)
{
	struct ladder *l = ladder_begin(&c);
	size_t k;

	for (k = 0; k < l->w.mobiles; k++)
		l->w.mn[k].daemon.conf.mn.coa_owner = owner;
	sim_world_start(&l->w);
	return l;
}

static struct ladder *
care_of_registered(enum mip6_coa_owner owner, const char *link)
{
	struct ladder *l =
	    care_of_begin(owner, (struct sim_world_conf){ .mobiles = 1 });

	sim_world_move(&l->w, 0, link, 0);
	assert_true(sim_world_registered(&l->w, 0, link, 20 * SIM_S));
	sim_look_away(&l->x);
	return l;
}

/* The mobile node's first question about an address. */
static const struct sim_sight *
asked_for(struct ladder *l, const struct mip6_addr *coa)
{
	const struct sim_sight *s;
	size_t i;

	for (i = 0; i < l->x.count; i++) {
		s = l->x.sight[i];
		if (s->kind == SIM_NS && s->from->host == &l->w.mn[0].host &&
		    mip6_addr_equal(&s->nd.u.ns.target, coa))
			return s;
	}
	fail_msg("not asked for");
	return NULL;
}

/*
 *	mn            ra                       ha
 *	 |---- RS --->|                         |
 *	 |<--- RA ----|                         |
 *	 |---- NS :: (is it anybody's?)         |
 *	 |---- BU ----------------------------->|
 *
 * Section 11.5.3: from the link's coming up to a usable address one round trip
 * to the router, and what the host needs for an action; nothing where the
 * daemon keeps the address to itself.
 */
static void
usable_after_one_round_trip(void **state)
{
	struct sim_world_conf c = { .access.delay_us = LINK_DELAY_US,
		.act_us = ACT_US };
	const struct sim_sight *rs, *ns, *bu;
	struct ladder *l;
	int64_t began_us, rtt_us;
	size_t i;

	(void)state;
	for (i = 0; i < MIP6_COUNT(owners); i++) {
		l = care_of_begin(owners[i], c);
		sim_run(&l->w.sim, 3 * SIM_S);
		sim_look_away(&l->x);
		began_us = l->w.sim.now_us;
		sim_world_move(&l->w, 0, "a", 0);
		rs = see(l, SIM_RS, "mn", SIM_S);
		assert_int_equal(rs->at_us, began_us);
		rtt_us = 2 * LINK_DELAY_US;
		bu = see(l, SIM_BU, "mn", SIM_S);
		ns = asked_for(l, &bu->v.ip.src);
		assert_true(ns->at_us <= bu->at_us);
		assert_true(mip6_addr_is_any(&ns->v.ip.src));
		assert_false(ns->nd.opt.has_slla);
		assert_in_range(bu->at_us, began_us + rtt_us,
		    began_us + rtt_us + USABLE_MAX_US);
		if (owners[i] == MIP6_COA_OWNER_DAEMON) {
			assert_int_equal(bu->at_us, began_us + rtt_us);
			/* The host has no such address. */
			assert_null(sim_host_addr(&l->w.mn[0].host, UINT32_MAX,
			    &bu->v.ip.src));
		}
		ladder_end(l);
	}
}

static struct mip6_addr
coa_of(struct ladder *l)
{
	return ladder_registration(l).coa;
}

/* Registered on `link` with another address than `taken`. */
struct elsewhere {
	struct ladder *l;
	struct mip6_addr taken;
	struct mip6_prefix prefix;
};

static bool
is_elsewhere(void *arg)
{
	struct elsewhere *e = arg;
	struct mip6_show_binding b;

	return sim_daemon_binding(&e->l->w.had, &e->l->w.mn[0].hoa, &b) &&
	    mip6_prefix_has(&e->prefix, &b.coa) &&
	    !mip6_addr_equal(&b.coa, &e->taken);
}

/*
 * Another node of the foreign link has the address.  It is given up for
 * another one within a round trip of that link, no advertisement of ours
 * overrides anybody's cache, and nothing more leaves with it.
 */
static void
duplicate_on_the_foreign_link(void **state)
{
	struct elsewhere e;
	struct mip6_nd *na;
	struct ladder *l;
	int64_t began_us;
	size_t i, k;

	(void)state;
	for (i = 0; i < MIP6_COUNT(owners); i++) {
		l = care_of_registered(owners[i], "a");
		e = (struct elsewhere){ l, coa_of(l), sim_world_prefix("a") };
		sim_world_move(&l->w, 0, "b", 0);
		assert_true(sim_world_registered(&l->w, 0, "b", 20 * SIM_S));
		assert_true(sim_host_addr_add(&l->w.peer, 1, &e.taken, 64,
		    false, false, SIM_BY_ADMIN));
		sim_run(&l->w.sim, 5 * SIM_S);
		sim_look_away(&l->x);
		began_us = l->w.sim.now_us;
		sim_world_move(&l->w, 0, "a", 0);
		assert_true(
		    sim_world_until(&l->w, is_elsewhere, &e, 2 * SIM_S));
		if (owners[i] == MIP6_COA_OWNER_DAEMON)
			assert_in_range(l->w.sim.now_us - began_us, 0,
			    LADDER_RTT_US);
		sim_run(&l->w.sim, 20 * SIM_S);
		for (k = 0; k < l->x.count; k++) {
			const struct sim_sight *s = l->x.sight[k];

			if (s->from->host != &l->w.mn[0].host)
				continue;
			na = &l->x.sight[k]->nd;
			if (s->kind == SIM_NA &&
			    mip6_addr_equal(&na->u.na.target, &e.taken))
				assert_false(na->u.na.override);
			if (s->at_us > began_us + LADDER_RTT_US)
				assert_memory_not_equal(&s->v.ip.src, &e.taken,
				    16);
		}
		/* The other node has lost nothing. */
		assert_true(sim_host_is_local(&l->w.peer, &e.taken));
		ladder_end(l);
	}
}

/* Two ask for the same address in the same moment: neither takes it. */
static void
two_ask_at_once(void **state)
{
	struct elsewhere e;
	struct sim_addr *a;
	struct ladder *l;

	(void)state;
	l = care_of_registered(MIP6_COA_OWNER_DAEMON, "a");
	e = (struct elsewhere){ l, coa_of(l), sim_world_prefix("a") };
	sim_world_move(&l->w, 0, "b", 0);
	assert_true(sim_world_registered(&l->w, 0, "b", 20 * SIM_S));
	l->w.peer.dad_us = SIM_S;
	sim_world_move(&l->w, 0, "a", 0);
	assert_true(sim_world_registered(&l->w, 0, "a", SIM_S));
	assert_true(sim_host_addr_add(&l->w.peer, 1, &e.taken, 64, true, false,
	    SIM_BY_ADMIN));
	assert_true(sim_world_until(&l->w, is_elsewhere, &e, 2 * SIM_S));
	a = sim_host_addr(&l->w.peer, 1, &e.taken);
	assert_non_null(a);
	/* The other one heard us ask before it began: it may have it. */
	sim_run(&l->w.sim, 5 * SIM_S);
	assert_int_equal(a->flags & MIP6_ADDR_TENTATIVE, 0);
	ladder_end(l);
}

static bool
both_registered(void *arg)
{
	struct ladder *l = arg;
	struct mip6_prefix a = sim_world_prefix("a");
	struct mip6_show_binding b[2];

	return sim_daemon_binding(&l->w.had, &l->w.mn[0].hoa, &b[0]) &&
	    sim_daemon_binding(&l->w.had, &l->w.mn[1].hoa, &b[1]) &&
	    mip6_prefix_has(&a, &b[0].coa) && mip6_prefix_has(&a, &b[1].coa) &&
	    !mip6_addr_equal(&b[0].coa, &b[1].coa);
}

/* A train arrives: two mobile nodes form theirs in the same instant. */
static void
two_mobile_nodes_at_once(void **state)
{
	struct ladder *l;
	size_t i;

	(void)state;
	for (i = 0; i < MIP6_COUNT(owners); i++) {
		l = care_of_begin(owners[i],
		    (struct sim_world_conf){ .mobiles = 2 });
		sim_run(&l->w.sim, 3 * SIM_S);
		sim_world_move(&l->w, 0, "a", 0);
		sim_world_move(&l->w, 1, "a", 0);
		assert_true(
		    sim_world_until(&l->w, both_registered, l, 3 * SIM_S));
		sim_run(&l->w.sim, 5 * SIM_S);
		assert_true(both_registered(l));
		ladder_end(l);
	}
}

/* How many effects of a kind are on. */
static size_t
filters(const struct sim_host *h, enum mip6_action_kind kind)
{
	size_t i, count = 0;

	for (i = 0; i < SIM_HOST_FILTERS; i++)
		count += h->filter[i].used && h->filter[i].kind == kind;
	return count;
}

/* The link comes and goes, from one network to the other, faster and faster. */
static void
link_flaps(void **state)
{
	static const char *const link[] = { "a", "b", "a", "c" };
	size_t i, k, shields, groups;
	struct ladder *l;

	(void)state;
	for (i = 0; i < MIP6_COUNT(owners); i++) {
		l = care_of_registered(owners[i], "a");
		sim_run(&l->w.sim, 10 * SIM_S);
		shields = filters(&l->w.mn[0].host, MIP6_ACT_SHIELD);
		groups = filters(&l->w.mn[0].host, MIP6_ACT_GROUP);
		assert_int_equal(shields,
		    owners[i] == MIP6_COA_OWNER_DAEMON ? 2 : 1);
		for (k = 0; k < 60; k++) {
			sim_world_move(&l->w, 0, link[k % 4], 10 * SIM_MS);
			sim_run(&l->w.sim, (70 - (int64_t)k) * 10 * SIM_MS);
		}
		sim_world_move(&l->w, 0, "b", 0);
		assert_true(sim_world_registered(&l->w, 0, "b", 20 * SIM_S));
		sim_run(&l->w.sim, 10 * SIM_S);
		/* Nothing of all that is left but the one in use. */
		assert_int_equal(filters(&l->w.mn[0].host, MIP6_ACT_SHIELD),
		    shields);
		assert_int_equal(filters(&l->w.mn[0].host, MIP6_ACT_GROUP),
		    groups);
		assert_int_equal(l->w.mn[0].host.counters.stray, 0);
		ladder_end(l);
	}
}

/*
 * Section 11.5.4: two links; the router of the one in use goes out of service.
 * The old address works on until the answer and for what is in flight.
 */
static void
nothing_lost_between_two_links(void **state)
{
	struct sim_iface *second;
	struct mip6_prefix b = sim_world_prefix("b");
	const struct sim_sight *bu;
	struct mip6_addr was, now;
	struct ladder *l;
	size_t i;

	(void)state;
	for (i = 0; i < MIP6_COUNT(owners); i++) {
		l = care_of_registered(owners[i], "a");
		was = coa_of(l);
		second = sim_host_iface(&l->w.mn[0].host, NULL);
		sim_host_attach(&l->w.mn[0].host, second, l->w.b);
		sim_run(&l->w.sim, 5 * SIM_S);
		sim_ping_start(&l->w.transport, &l->ping, &l->w.mn[0].host,
		    &l->w.cn, &l->w.cn_addr, &l->w.mn[0].hoa, SIM_MS);
		sim_run(&l->w.sim, SIM_S);
		sim_look_away(&l->x);
		l->w.ra.ra[1].lifetime_s = 0;
		bu = see(l, SIM_BU, "mn", 20 * SIM_S);
		assert_true(mip6_prefix_has(&b, &bu->v.ip.src));
		now = coa_of(l);
		assert_memory_equal(&was, &now, sizeof(was));
		assert_true(sim_world_registered(&l->w, 0, "b", SIM_S));
		assert_int_equal(l->w.sim.now_us, bu->at_us + LADDER_RTT_US);
		sim_run(&l->w.sim, 5 * SIM_S);
		sim_ping_stop(&l->ping);
		sim_run(&l->w.sim, SIM_S);
		assert_true(l->ping.sent > 1000);
		assert_int_equal(l->ping.answered, l->ping.sent);
		assert_int_equal(sim_daemon_drops(&l->w.mn[0].daemon,
				     MIP6_DROP_TUNNEL_PEER),
		    0);
		ladder_end(l);
	}
}

/*
 * The host does not know the address: an echo request to it has no answer and
 * no error, not even where the host forwards; a neighbour finds it all the
 * same.
 */
static void
host_says_nothing(void **state)
{
	uint8_t echo[] = { 128, 0, 0, 0, 0, 1, 0, 1 };
	struct mip6_addr coa, src;
	struct mip6_lladdr found;
	struct ladder *l;
	int forwards;

	(void)state;
	for (forwards = 0; forwards < 2; forwards++) {
		l = care_of_registered(MIP6_COA_OWNER_DAEMON, "a");
		coa = coa_of(l);
		l->w.mn[0].host.forwarding = forwards == 1;
		sim_run(&l->w.sim, 2 * SIM_S);
		sim_look_away(&l->x);
		src = mip6_addr_any;
		(void)sim_host_send(&l->w.peer, &src, &coa, MIP6_NH_ICMPV6, 64,
		    echo, sizeof(echo));
		assert_memory_equal(&see(l, SIM_NA, "mn", SIM_S)->v.ip.src,
		    &coa, sizeof(coa));
		see_no(l, SIM_PONG, NULL, 5 * SIM_S);
		assert_int_equal(sim_seen(&l->x, SIM_ERROR, "mn", 0), 0);
		assert_int_equal(sim_seen(&l->x, SIM_PING, "peer", 0), 1);
		assert_int_equal(sim_seen(&l->x, SIM_PING, "mn", 0), 0);
		assert_true(sim_host_nd_lookup(&l->w.peer, 1, &coa, &found));
		assert_memory_equal(&found, &l->w.mn[0].iface->lladdr, 6);
		assert_int_equal(l->w.mn[0].host.counters.stray, 0);
		ladder_end(l);
	}
}

/* The host's own address is there first: none is formed by anybody. */
static void
host_is_first(void **state)
{
	struct sim_world_conf c = { .autoconf = true, .dad_us = 1 };
	struct ladder *l;
	size_t i;

	(void)state;
	for (i = 0; i < MIP6_COUNT(owners); i++) {
		l = care_of_begin(owners[i], c);
		sim_run(&l->w.sim, 3 * SIM_S);
		sim_look_away(&l->x);
		sim_world_move(&l->w, 0, "a", 0);
		assert_true(sim_world_registered(&l->w, 0, "a", 20 * SIM_S));
		sim_run(&l->w.sim, 10 * SIM_S);
		assert_int_equal(l->w.mn[0].host.counters.stray, 0);
		ladder_end(l);
	}
}

/* Suspended with an address of ours, woken up on the same link. */
static void
sleeps(void **state)
{
	struct ladder *l = care_of_registered(MIP6_COA_OWNER_DAEMON, "a");
	struct mip6_addr coa = coa_of(l);
	const struct sim_sight *s;

	(void)state;
	sim_world_move(&l->w, 0, NULL, 0);
	sim_daemon_sleep(&l->w.mn[0].daemon, true);
	sim_run(&l->w.sim, 3600 * SIM_S);
	sim_look_away(&l->x);
	sim_daemon_sleep(&l->w.mn[0].daemon, false);
	sim_world_move(&l->w, 0, "a", 0);
	/* Whose it is now is asked anew. */
	do {
		s = see(l, SIM_NS, "mn", SIM_S);
	} while (!mip6_addr_equal(&s->nd.u.ns.target, &coa));
	assert_true(mip6_addr_is_any(&s->v.ip.src));
	assert_true(sim_world_registered(&l->w, 0, "a", 5 * SIM_S));
	ladder_end(l);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(usable_after_one_round_trip),
		cmocka_unit_test(duplicate_on_the_foreign_link),
		cmocka_unit_test(two_ask_at_once),
		cmocka_unit_test(two_mobile_nodes_at_once),
		cmocka_unit_test(link_flaps),
		cmocka_unit_test(nothing_lost_between_two_links),
		cmocka_unit_test(host_says_nothing),
		cmocka_unit_test(host_is_first),
		cmocka_unit_test(sleeps),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
