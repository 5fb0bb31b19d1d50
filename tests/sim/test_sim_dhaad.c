/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Dynamic Home Agent Address Discovery with two home agents on the home link.
 *
 * Implements (as a test of): RFC 6275 sections 10.5.1, 6.5 and 6.6.
 */
#include "sim/ladder.h"

#define ANYCAST "2001:db8:1:0:fdff:ffff:ffff:fffe"

struct two {
	struct ladder *l;
	struct sim_host host;
	struct sim_daemon daemon;
	struct mip6_addr first, second;
	uint16_t id;
};

static void
two_advertise(struct sim_daemon *d, uint16_t preference, int64_t lifetime_s)
{
	struct mip6_conf_adverts *a = &d->conf.ha.adverts;

	a->on = true;
	a->min_interval = MIP6_SPAN_MS(30);
	a->max_interval = MIP6_SPAN_MS(70);
	a->agent_lifetime = MIP6_SPAN_S(lifetime_s);
	a->agent_preference = preference;
}

/* ha as in the world, and ha2 beside it; `beside`: rh routes. */
static struct two *
two_begin(bool beside, uint16_t first, uint16_t second)
{
	struct two *t = sim_alloc(sizeof(*t));
	const struct sim_world_conf c = { .ha_beside_router = beside };
	struct sim_route out = { .used = true,
		.table = MIP6_TABLE_MAIN,
		.owner = SIM_BY_ADMIN,
		.expires_us = INT64_MAX };
	struct sim_iface *i;
	struct mip6_conf_home *mn;
	struct mip6_conf_ha *h;
	size_t k;

	memset(t, 0, sizeof(*t));
	t->l = ladder_begin(&c);
	for (k = 0; k < SIM_HOST_IFACES; k++) {
		t->l->w.ha.ra[k].on = false;
		t->l->w.ha.ra[k].generation++;
	}
	t->first = t->l->w.ha_addr;
	t->second = sim_addr_of("2001:db8:1::2");
	sim_host_init(&t->host, &t->l->w.net, "ha2");
	i = sim_host_iface(&t->host, t->l->w.home);
	(void)sim_host_addr_add(&t->host, i->ifindex, &t->second, 64, false,
	    false, SIM_BY_ADMIN);
	out.ifindex = i->ifindex;
	out.gateway = sim_addr_of(beside ? "2001:db8:1::fe" : "2001:db8:1::1");
	(void)sim_host_route_set(&t->host, &out, true);
	sim_daemon_init(&t->daemon, &t->host, 77);
	h = &t->daemon.conf.ha;
	*h = t->l->w.had.conf.ha;
	memcpy(h->interface, i->name, sizeof(h->interface));
	h->prefix[0].address = t->second;
	memcpy(t->daemon.mobile, t->l->w.had.mobile, sizeof(t->daemon.mobile));
	h->mobile = t->daemon.mobile;
	two_advertise(&t->l->w.had, first, 20);
	two_advertise(&t->daemon, second, 20);
	mn = &t->l->w.mn[0].daemon.conf.mn.home[0];
	mn->agents = 0;
	mn->agent_auto = true;
	mn->lifetime = MIP6_SPAN_S(20);
	sim_world_start(&t->l->w);
	sim_daemon_start(&t->daemon);
	sim_run(&t->l->w.sim, 3 * SIM_S);
	return t;
}

static void
two_end(struct two *t)
{
	sim_daemon_fini(&t->daemon);
	sim_host_fini(&t->host);
	ladder_end(t->l);
	sim_free(t);
}

static void
ask(struct two *t, const char *to)
{
	uint8_t packet[128];
	struct mip6_wr w = mip6_wr_make(packet, sizeof(packet));
	struct mip6_ip6_out o = { .ip = { .src = t->l->w.peer_addr,
				      .dst = sim_addr_of(to),
				      .hop_limit = 64 },
		.upper = MIP6_NH_ICMPV6 };
	struct mip6_dhaad m = { .type = MIP6_ICMP6_DHAAD_REQUEST,
		.id = ++t->id };
	size_t start = mip6_ip6_begin(&w, &o), at = w.pos;

	mip6_dhaad_write(&w, &m);
	mip6_icmp6_finish(packet + at, w.pos - at, &o.ip.src, &o.ip.dst);
	mip6_ip6_end(&w, start);
	assert_false(w.failed);
	(void)sim_host_send_packet(&t->l->w.peer, packet, w.pos);
}

/* The reply that comes to link a within 3 s; false: none. */
static bool
answered(struct two *t, struct mip6_dhaad *m, struct mip6_addr *from)
{
	const struct sim_sight *s;
	int64_t until_us = t->l->w.sim.now_us + 3 * SIM_S;

	while (t->l->w.sim.now_us < until_us) {
		s = sim_see_on(&t->l->x, SIM_OTHER, NULL, "a",
		    until_us - t->l->w.sim.now_us);
		if (s == NULL)
			return false;
		if (s->v.upper != MIP6_NH_ICMPV6 ||
		    s->icmp.type != MIP6_ICMP6_DHAAD_REPLY)
			continue;
		assert_int_equal(mip6_dhaad_read(s->octets + MIP6_ETH_OCTETS +
					 s->v.upper_at,
				     s->v.upper_octets, m, NULL),
		    MIP6_PARSE_OK);
		assert_int_equal(m->id, t->id);
		assert_addr(s->v.ip.dst, t->l->w.peer_addr);
		*from = s->v.ip.src;
		return true;
	}
	return false;
}

/*
 *	peer (on a)                        ha, ha2
 *	 |-- request --> anycast ---------->|
 *	 |<-- reply: both, in order --------|
 */
static void
lists_both(void **state)
{
	struct mip6_dhaad m;
	struct mip6_addr from;
	struct two *t;
	int beside;

	(void)state;
	for (beside = 0; beside < 2; beside++) {
		t = two_begin(beside == 1, 1, 2);
		ask(t, ANYCAST);
		assert_true(answered(t, &m, &from));
		assert_int_equal(m.addr_count, 2);
		assert_addr(m.addr[0], t->second);
		assert_addr(m.addr[1], t->first);
		/* Each, asked itself, says the same. */
		ask(t, "2001:db8:1::2");
		assert_true(answered(t, &m, &from));
		assert_addr(from, t->second);
		assert_int_equal(m.addr_count, 2);
		assert_addr(m.addr[0], t->second);
		two_end(t);
	}
}

/* R10.5.1-05: one dies; its lifetime, and not less, keeps it in the list. */
static void
one_dies(void **state)
{
	struct two *t = two_begin(false, 1, 2);
	struct mip6_addr from;
	struct mip6_dhaad m;

	(void)state;
	sim_daemon_kill(&t->daemon);
	sim_run(&t->l->w.sim, 15 * SIM_S);
	ask(t, ANYCAST);
	assert_true(answered(t, &m, &from));
	assert_int_equal(m.addr_count, 2);
	sim_run(&t->l->w.sim, 6 * SIM_S);
	ask(t, ANYCAST);
	assert_true(answered(t, &m, &from));
	assert_int_equal(m.addr_count, 1);
	assert_addr(m.addr[0], t->first);
	/* It comes back, is stopped, and leaves at once. */
	sim_daemon_start(&t->daemon);
	sim_run(&t->l->w.sim, SIM_S);
	ask(t, ANYCAST);
	assert_true(answered(t, &m, &from));
	assert_int_equal(m.addr_count, 2);
	sim_daemon_stop(&t->daemon);
	ask(t, ANYCAST);
	assert_true(answered(t, &m, &from));
	assert_int_equal(m.addr_count, 1);
	two_end(t);
}

/* R10.5.1-01: a router that was a home agent and says that it is none. */
static void
one_retires(void **state)
{
	struct two *t = two_begin(false, 1, 2);
	struct mip6_addr from;
	struct mip6_dhaad m;

	(void)state;
	t->daemon.conf.ha.adverts.on = false;
	sim_daemon_reload(&t->daemon);
	ask(t, ANYCAST);
	assert_true(answered(t, &m, &from));
	assert_int_equal(m.addr_count, 1);
	assert_addr(m.addr[0], t->first);
	two_end(t);
}

/* A flood from everywhere: bounded answers, a registration goes through. */
static void
flood(void **state)
{
	struct two *t = two_begin(false, 1, 2);
	struct mip6_addr from;
	struct mip6_dhaad m;
	uint32_t replies;
	size_t i;

	(void)state;
	/* The way there is known, so that none is lost on it. */
	ask(t, ANYCAST);
	assert_true(answered(t, &m, &from));
	for (i = 0; i < 1000; i++)
		ask(t, ANYCAST);
	sim_world_move(&t->l->w, 0, "a", 0);
	assert_true(sim_world_registered(&t->l->w, 0, "a", 5 * SIM_S));
	replies = 1000 -
	    (uint32_t)sim_daemon_drops(&t->l->w.had, MIP6_DROP_DHAAD_RATE);
	assert_in_range(replies, 40, 60);
	two_end(t);
}

/* One that is killed in mid-flight: the mobile node goes over to the other. */
static void
moves_over(void **state)
{
	struct two *t = two_begin(true, 1, 2);
	struct mip6_show_binding b;

	(void)state;
	sim_world_move(&t->l->w, 0, "a", 0);
	assert_true(sim_world_registered(&t->l->w, 0, "a", 20 * SIM_S));
	assert_addr(ladder_registration(t->l).agent, t->second);
	assert_true(sim_daemon_binding(&t->daemon, &t->l->w.mn[0].hoa, &b));
	assert_false(sim_daemon_binding(&t->l->w.had, &t->l->w.mn[0].hoa, &b));
	sim_daemon_kill(&t->daemon);
	sim_run(&t->l->w.sim, 40 * SIM_S);
	assert_true(sim_world_registered(&t->l->w, 0, "a", SIM_S));
	assert_addr(ladder_registration(t->l).agent, t->first);
	assert_true(sim_daemon_binding(&t->l->w.had, &t->l->w.mn[0].hoa, &b));
	two_end(t);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(lists_both),
		cmocka_unit_test(one_dies),
		cmocka_unit_test(one_retires),
		cmocka_unit_test(flood),
		cmocka_unit_test(moves_over),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
