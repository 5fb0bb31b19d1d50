/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Coming home: de-registration, and who answers for the home address when.
 *
 * Implements (as a test of): RFC 6275 sections 10.3.2, 10.4.1, 11.5.5.
 */
#include "sim/ladder.h"

/* Lets nothing of the home agent's acknowledgements through. */
static struct sim_verdict
home_no_ba(void *arg, const struct sim_segment *seg,
    const struct sim_iface *from, const uint8_t *octets, size_t count)
{
	struct ladder *l = arg;
	struct sim_sight s;

	(void)seg;
	sim_sight_read(&s, octets, count);
	return (struct sim_verdict){ from->host == &l->w.ha && s.kind == SIM_BA,
		1, 0 };
}

/* Whoever answers for the home address on its link now, by MAC. */
static const struct sim_iface *
home_defender(struct ladder *l)
{
	struct sim_host *nb = &l->w.nb;
	struct mip6_lladdr ll;

	sim_host_nd_flush(nb, 1);
	sim_ping_mark(&l->ping);
	sim_run(&l->w.sim, 2 * SIM_S);
	assert_true(sim_host_nd_lookup(nb, 1, &l->w.mn[0].hoa, &ll));
	return memcmp(&ll, &l->w.mn[0].iface->lladdr, sizeof(ll)) == 0 ?
	    l->w.mn[0].iface :
	    l->w.ha_home;
}

/*
 *	mn (home link)                              ha
 *	 |---- RS, RA ------------------------------>|
 *	 |---- BU  lifetime 0, from the home address>|
 *	 |<--- BA  0, lifetime 0 --------------------|
 *	 |---- NA  override, to all nodes ---------->|
 */
static void
comes_home(void **state)
{
	struct ladder *l = ladder_registered(NULL, "a");
	const struct sim_sight *s;
	struct mip6_show_binding b;
	int64_t began_us;

	(void)state;
	sim_ping_start(&l->w.transport, &l->ping, &l->w.nb, &l->w.mn[0].host,
	    &l->w.mn[0].hoa, &mip6_addr_any, 200 * SIM_MS);
	assert_ptr_equal(home_defender(l), l->w.ha_home);
	sim_look_away(&l->x);
	began_us = l->w.sim.now_us;
	sim_world_move(&l->w, 0, "home", 0);

	s = see(l, SIM_BU, "mn", SIM_S);
	assert_int_equal(s->at_us, began_us);
	assert_addr(s->v.ip.src, l->w.mn[0].hoa);
	assert_false(s->v.has_hao);
	assert_int_equal(s->mh.u.bu.lifetime.us, 0);
	assert_true(s->mh.u.bu.ack);
	assert_true(s->mh.u.bu.home);
	assert_false(s->mh.opt.has_alt_coa);

	s = see(l, SIM_BA, "ha", SIM_S);
	assert_int_equal(s->at_us, began_us);
	assert_int_equal(s->mh.u.ba.status, MIP6_BA_ACCEPTED);
	assert_int_equal(s->mh.u.ba.lifetime.us, 0);
	assert_false(s->v.has_rh2);
	assert_memory_equal(&s->eth.dst, &l->w.mn[0].iface->lladdr, 6);

	s = see(l, SIM_NA, "mn", SIM_S);
	assert_addr(s->nd.u.na.target, l->w.mn[0].hoa);
	assert_addr(s->v.ip.dst, mip6_addr_all_nodes);
	assert_true(s->nd.u.na.override);
	assert_false(s->nd.u.na.solicited);

	assert_true(sim_world_at_home(&l->w, 0, SIM_S));
	assert_true(!sim_daemon_binding(&l->w.had, &l->w.mn[0].hoa, &b) ||
	    strcmp(b.state, "invalid") == 0);
	assert_ptr_equal(home_defender(l), l->w.mn[0].iface);
	assert_true(l->ping.answered > 0);
	ladder_end(l);
}

/*
 * The home agent keeps the entry, invalid, for 10 s: an older Binding Update
 * that was on its way is answered 135.  Then it is gone.
 */
static void
older_update_after_return(void **state)
{
	struct ladder *l = ladder_registered(NULL, "a");
	struct mip6_show_binding b;
	struct sim_puppet p;
	struct sim_message m;
	uint16_t seq;

	(void)state;
	sim_world_move(&l->w, 0, "home", 0);
	assert_true(sim_world_at_home(&l->w, 0, SIM_S));
	assert_true(sim_daemon_binding(&l->w.had, &l->w.mn[0].hoa, &b));
	assert_string_equal(b.state, "invalid");
	seq = b.seq;

	sim_puppet_init(&p, &l->w.peer, &l->w.peer_addr,
	    &l->w.had.mobile[0].sa);
	sim_run(&l->w.sim, 9 * SIM_S);
	m = sim_puppet_bu(&p, &l->w, &l->w.mn[0].hoa, (uint16_t)(seq - 1), 60);
	sim_puppet_send(&p, &m);
	sim_run(&l->w.sim, LADDER_RTT_US);
	assert_int_equal(p.received, 1);
	assert_int_equal(p.last.kind, SIM_BA);
	assert_int_equal(p.last.mh.u.ba.status, MIP6_BA_SEQ_OUT_OF_WINDOW);
	assert_int_equal(p.last.mh.u.ba.seq, seq);

	sim_run(&l->w.sim, 14 * SIM_S);
	assert_false(sim_daemon_binding(&l->w.had, &l->w.mn[0].hoa, &b));
	ladder_end(l);
}

/*
 * The home agent does not answer: after three de-registrations the node takes
 * its address all the same; and keeps it when a late answer comes.
 */
static void
silent_home_agent(void **state)
{
	struct ladder *l = ladder_registered(NULL, "a");
	const struct sim_sight *s;
	int64_t at_us;

	(void)state;
	sim_ping_start(&l->w.transport, &l->ping, &l->w.nb, &l->w.mn[0].host,
	    &l->w.mn[0].hoa, &mip6_addr_any, 200 * SIM_MS);
	l->w.net.filter = home_no_ba;
	l->w.net.filter_arg = l;
	sim_world_move(&l->w, 0, "home", 0);
	s = see(l, SIM_BU, "mn", SIM_S);
	at_us = s->at_us;
	s = see(l, SIM_BU, "mn", 2 * SIM_S);
	assert_int_equal(s->at_us, at_us + SIM_S);
	s = see(l, SIM_BU, "mn", 3 * SIM_S);
	assert_int_equal(s->at_us, at_us + 3 * SIM_S);
	assert_true(sim_world_at_home(&l->w, 0, 5 * SIM_S));
	assert_ptr_equal(home_defender(l), l->w.mn[0].iface);

	l->w.net.filter = NULL;
	sim_look_away(&l->x);
	(void)see(l, SIM_BA, "ha", 20 * SIM_S);
	sim_run(&l->w.sim, 20 * SIM_S);
	sim_look_away(&l->x);
	see_no(l, SIM_BU, "mn", 60 * SIM_S);
	assert_ptr_equal(home_defender(l), l->w.mn[0].iface);
	ladder_end(l);
}

/*
 * The neighbours are forgotten while somebody talks: the router of the home
 * link is found again, by whoever needs it.
 */
static void
neighbours_flushed(void **state)
{
	struct ladder *l = ladder_registered(NULL, "a");

	(void)state;
	sim_world_move(&l->w, 0, "home", 0);
	assert_true(sim_world_at_home(&l->w, 0, SIM_S));
	sim_ping_start(&l->w.transport, &l->ping, &l->w.mn[0].host, &l->w.cn,
	    &l->w.cn_addr, &l->w.mn[0].hoa, 100 * SIM_MS);
	sim_run(&l->w.sim, SIM_S);
	sim_daemon_command(&l->w.mn[0].daemon, MIP6_CMD_FLUSH_NEIGHBOURS, NULL);
	sim_run(&l->w.sim, 2 * SIM_S);
	sim_ping_stop(&l->ping);
	sim_run(&l->w.sim, SIM_S);
	assert_int_equal(l->ping.sent - l->ping.answered, 0);
	ladder_end(l);
}

/*
 *	mn (started at home)                        nb (has its home address)
 *	 |---- NS  from ::, for the home address --->|
 *	 |<--- NA  it is mine -----------------------|
 * Nothing is answered for or sent from it until the other gives it up.
 */
static void
taken_at_home(void **state)
{
	struct ladder *l = ladder_begin(NULL);
	uint32_t ifindex = l->w.nb.iface[0].ifindex;
	struct mip6_show_registration r;
	size_t i;

	(void)state;
	assert_true(sim_host_addr_add(&l->w.nb, ifindex, &l->w.mn[0].hoa, 64,
	    false, false, SIM_BY_ADMIN));
	sim_world_start(&l->w);
	sim_run(&l->w.sim, 2 * SIM_S);
	sim_look_away(&l->x);
	sim_world_move(&l->w, 0, "home", 0);
	sim_run(&l->w.sim, 60 * SIM_S);
	r = ladder_registration(l);
	assert_true(strcmp(r.state, "conflict") == 0 ||
	    strcmp(r.state, "checking") == 0);
	for (i = 0; i < l->x.count; i++)
		assert_false(l->x.sight[i]->kind == SIM_NA &&
		    l->x.sight[i]->from->host == &l->w.mn[0].host &&
		    mip6_addr_equal(&l->x.sight[i]->nd.u.na.target,
			&l->w.mn[0].hoa));
	sim_host_addr_del(&l->w.nb,
	    sim_host_addr(&l->w.nb, ifindex, &l->w.mn[0].hoa));
	assert_true(sim_world_at_home(&l->w, 0, 12 * SIM_S));
	ladder_end(l);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(comes_home),
		cmocka_unit_test(older_update_after_return),
		cmocka_unit_test(silent_home_agent),
		cmocka_unit_test(taken_at_home),
		cmocka_unit_test(neighbours_flushed),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
