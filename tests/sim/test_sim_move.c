/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Moves under traffic: what the transport sees, and what the wire.
 *
 * Implements (as a test of): RFC 6275 sections 10.4.2, 10.4.5, 11.3.1, 11.3.3,
 * 11.5.4.
 */
#include "sim/ladder.h"

static struct sim_verdict
move_delay_ba(void *arg, const struct sim_segment *seg,
    const struct sim_iface *from, const uint8_t *octets, size_t count)
{
	struct ladder *l = arg;
	struct sim_sight s;

	(void)seg;
	sim_sight_read(&s, octets, count);
	return (struct sim_verdict){ false, 1,
		from->host == &l->w.ha && s.kind == SIM_BA ? SIM_S : 0 };
}

/*
 * The care-of address is deprecated, another takes its place: until the
 * acknowledgement comes (here a second late) the home agent and the node use
 * what was acknowledged.
 *
 *	mn                                      ha          cn
 *	 |==== tunnel, old care-of address =====>|-- ping -->|
 *	 |---- BU  new care-of address --------->|
 *	 |==== tunnel, old care-of address =====>|
 *	 |<--- BA  (late) -----------------------|
 *	 |==== tunnel, new care-of address =====>|
 */
static void
old_binding_until_acknowledged(void **state)
{
	struct ladder *l = ladder_registered(NULL, "a");
	struct mip6_addr old = ladder_registration(l).coa;
	struct mip6_addr new = sim_addr_of("2001:db8:a::777");
	struct sim_host *h = &l->w.mn[0].host;
	const struct sim_sight *s;
	struct sim_addr *a;
	int64_t ba_us;

	(void)state;
	sim_ping_start(&l->w.transport, &l->ping, h, &l->w.cn, &l->w.cn_addr,
	    &l->w.mn[0].hoa, 50 * SIM_MS);
	sim_run(&l->w.sim, 2 * SIM_S);
	l->w.net.filter = move_delay_ba;
	l->w.net.filter_arg = l;
	sim_look_away(&l->x);
	(void)sim_host_addr_add(h, 1, &new, 64, false, false, SIM_BY_ADMIN);
	a = sim_host_addr(h, 1, &old);
	a->flags |= MIP6_ADDR_DEPRECATED;
	h->on_addr(h->daemon, a, false);
	s = see(l, SIM_BU, "mn", SIM_S);
	assert_addr(s->v.ip.src, new);
	s = see(l, SIM_BA, "ha", SIM_S);
	assert_int_equal(s->mh.u.ba.status, MIP6_BA_ACCEPTED);
	ba_us = s->at_us + SIM_S + LADDER_DELAY_US;
	while (l->w.sim.now_us < ba_us - 100 * SIM_MS) {
		s = see(l, SIM_TUNNEL, "mn", 60 * SIM_MS);
		assert_addr(s->v.ip.src, old);
		assert_addr(ladder_registration(l).coa, old);
		assert_true(ladder_registration(l).left.us > 0);
	}
	sim_run_until(&l->w.sim, ba_us);
	assert_addr(ladder_registration(l).coa, new);
	sim_look_away(&l->x);
	s = see(l, SIM_TUNNEL, "mn", SIM_S);
	assert_addr(s->v.ip.src, new);
	ladder_end(l);
}

/* The gap of a move is the round trip of its registration, and no more. */
static void
gap_is_one_round_trip(void **state)
{
	struct ladder *l = ladder_registered(NULL, "a");

	(void)state;
	sim_ping_start(&l->w.transport, &l->ping, &l->w.mn[0].host, &l->w.cn,
	    &l->w.cn_addr, &l->w.mn[0].hoa, SIM_MS);
	sim_run(&l->w.sim, SIM_S);
	sim_ping_mark(&l->ping);
	sim_world_move(&l->w, 0, "b", 0);
	sim_run(&l->w.sim, SIM_S);
	/*
	 * A ping and its answer go mn > ha > cn > ha > mn: 40 ms.  What was
	 * under way is lost, the next leaves with the acknowledgement.
	 */
	assert_true(
	    l->ping.gap_us <= LADDER_RTT_US + 2 * LADDER_RTT_US + SIM_MS);
	ladder_end(l);
}

static const char *const link_name[] = { "home", "a", "b", "c" };

/* Twenty random moves, with outages: no reset, no octet lost or changed. */
static void
twenty_moves(struct sim_host *client, struct sim_host *server,
    const struct mip6_addr *to, struct ladder *l, bool download)
{
	struct sim_rng r = sim_rng_make(20);
	int k;

	l->stream.download = download;
	l->stream.octets = UINT64_MAX / 2;
	l->stream.octets_per_s = 50000;
	sim_stream_start(&l->w.transport, &l->stream, client, server, to,
	    client == &l->w.mn[0].host ? &l->w.mn[0].hoa : &mip6_addr_any);
	sim_run(&l->w.sim, 2 * SIM_S);
	assert_true(l->stream.flow.open);
	for (k = 0; k < 20; k++) {
		sim_world_move(&l->w, 0, link_name[sim_rng_below(&r, 4)],
		    sim_rng_range(&r, 0, SIM_S));
		sim_run(&l->w.sim, sim_rng_range(&r, SIM_S, 6 * SIM_S));
	}
	sim_run(&l->w.sim, 10 * SIM_S);
	sim_stream_finish(&l->stream);
	sim_run(&l->w.sim, 20 * SIM_S);
	assert_int_equal(l->stream.resets, 0);
	assert_int_equal(l->stream.changed, 0);
	assert_true(sim_stream_done(&l->stream));
	assert_true(l->stream.received > 1000000);
	ladder_end(l);
}

static struct ladder *
at_home(bool beside)
{
	const struct sim_world_conf c = { .ha_beside_router = beside };
	struct ladder *l = ladder_begin(&c);

	sim_world_start(&l->w);
	sim_world_move(&l->w, 0, "home", 0);
	assert_true(sim_world_at_home(&l->w, 0, 20 * SIM_S));
	return l;
}

/* The client is started at home and bound to no address. */
static void
client_moves(void **state)
{
	struct ladder *l;
	int k;

	(void)state;
	for (k = 0; k < 4; k++) {
		l = at_home(k / 2);
		twenty_moves(&l->w.mn[0].host, &l->w.cn, &l->w.cn_addr, l,
		    k % 2);
	}
}

static void
server_moves(void **state)
{
	struct ladder *l;
	int k;

	(void)state;
	for (k = 0; k < 4; k++) {
		l = at_home(k / 2);
		twenty_moves(&l->w.cn, &l->w.mn[0].host, &l->w.mn[0].hoa, l,
		    k % 2);
	}
}

/* A peer on the home link: it never notices that its neighbour has left. */
static void
home_neighbour(void **state)
{
	struct ladder *l = at_home(false);

	(void)state;
	twenty_moves(&l->w.mn[0].host, &l->w.nb, &l->w.nb_addr, l, false);
	l = at_home(true);
	twenty_moves(&l->w.nb, &l->w.mn[0].host, &l->w.mn[0].hoa, l, true);
}

/*
 * A peer on link a, which the node visits later: no packet with the home
 * address outside the tunnel there (check.c looks at every frame).
 */
static void
peer_on_visited_link(void **state)
{
	struct ladder *l = at_home(false);

	(void)state;
	twenty_moves(&l->w.mn[0].host, &l->w.peer, &l->w.peer_addr, l, false);
	l = at_home(false);
	twenty_moves(&l->w.peer, &l->w.mn[0].host, &l->w.mn[0].hoa, l, true);
}

/* Two mobile nodes talk, each at home, away, or on the link of the other. */
static void
two_mobile_nodes(void **state)
{
	const struct sim_world_conf c = { .mobiles = 2 };
	struct ladder *l = ladder_begin(&c);
	size_t i, k;

	(void)state;
	sim_world_start(&l->w);
	sim_world_move(&l->w, 0, "home", 0);
	sim_world_move(&l->w, 1, "home", 0);
	assert_true(sim_world_at_home(&l->w, 0, 20 * SIM_S));
	assert_true(sim_world_at_home(&l->w, 1, 20 * SIM_S));
	sim_ping_start(&l->w.transport, &l->ping, &l->w.mn[0].host,
	    &l->w.mn[1].host, &l->w.mn[1].hoa, &l->w.mn[0].hoa, 100 * SIM_MS);
	for (i = 0; i < 4; i++)
		for (k = 0; k < 4; k++) {
			sim_world_move(&l->w, 0, link_name[i], 0);
			sim_world_move(&l->w, 1, link_name[k], 0);
			sim_run(&l->w.sim, 5 * SIM_S);
			sim_ping_mark(&l->ping);
			sim_run(&l->w.sim, SIM_S);
			if (l->ping.first_answer_us == 0)
				print_error("no answer: %s, %s\n", link_name[i],
				    link_name[k]);
			assert_true(l->ping.first_answer_us > 0);
			assert_true(l->ping.gap_us <= 200 * SIM_MS);
		}
	ladder_end(l);
}

/* A packet read from the TUN for our own address goes straight back. */
static void
to_itself(void **state)
{
	struct ladder *l = ladder_registered(NULL, "a");

	(void)state;
	sim_ping_start(&l->w.transport, &l->ping, &l->w.mn[0].host,
	    &l->w.mn[0].host, &l->w.mn[0].hoa, &l->w.mn[0].hoa, 100 * SIM_MS);
	sim_run(&l->w.sim, SIM_S);
	assert_true(l->ping.answered >= 10);
	ladder_end(l);
}

/* Nowhere: traffic is refused, so that applications look elsewhere. */
static void
nowhere(void **state)
{
	struct ladder *l = ladder_registered(NULL, "a");
	struct mip6_show_registration r;

	(void)state;
	sim_ping_start(&l->w.transport, &l->ping, &l->w.mn[0].host, &l->w.cn,
	    &l->w.cn_addr, &l->w.mn[0].hoa, 100 * SIM_MS);
	sim_run(&l->w.sim, SIM_S);
	sim_world_move(&l->w, 0, NULL, 0);
	sim_run(&l->w.sim, 500 * SIM_S);
	r = ladder_registration(l);
	assert_string_not_equal(r.why, "");
	assert_int_equal(r.left.us, 0);
	assert_true(
	    sim_daemon_drops(&l->w.mn[0].daemon, MIP6_DROP_BLOCKED) > 0);
	sim_world_move(&l->w, 0, "b", 0);
	assert_true(sim_world_registered(&l->w, 0, "b", SIM_S));
	sim_ping_mark(&l->ping);
	sim_run(&l->w.sim, SIM_S);
	assert_true(l->ping.first_answer_us > 0);
	ladder_end(l);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(old_binding_until_acknowledged),
		cmocka_unit_test(gap_is_one_round_trip),
		cmocka_unit_test(client_moves),
		cmocka_unit_test(server_moves),
		cmocka_unit_test(home_neighbour),
		cmocka_unit_test(peer_on_visited_link),
		cmocka_unit_test(two_mobile_nodes),
		cmocka_unit_test(to_itself),
		cmocka_unit_test(nowhere),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
