/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The home agent: what it refuses, and how it stands in for who is away.
 *
 * Implements (as a test of): RFC 6275 sections 9.5.1, 10.3.1, 10.3.2, 10.4.1,
 * 10.4.2; RFC 4285 sections 5.1 and 6.
 */
#include "base/rw.h"
#include "sim/ladder.h"

#define NO_ANSWER (-1)

/* A mobile node made of one update: `peer` on link a, with the key of mn. */
struct rogue {
	struct ladder *l;
	struct sim_puppet p;
	uint16_t seq;
};

static struct rogue *
rogue_begin(const struct sim_world_conf *c)
{
	struct rogue *r = sim_alloc(sizeof(*r));
	struct ladder *l = ladder_begin(c);

	r->l = l;
	r->seq = 100;
	l->check.puppets = true;
	sim_puppet_init(&r->p, &l->w.peer, &l->w.peer_addr,
	    &l->w.had.mobile[0].sa);
	sim_daemon_start(&l->w.had);
	sim_run(&l->w.sim, 3 * SIM_S);
	return r;
}

static void
rogue_end(struct rogue *r)
{
	ladder_end(r->l);
	sim_free(r);
}

static struct sim_message
rogue_bu(struct rogue *r, int64_t lifetime_s)
{
	return sim_puppet_bu(&r->p, &r->l->w, &r->l->w.mn[0].hoa, ++r->seq,
	    lifetime_s);
}

/* Sends it; the status of the answer one round trip later, or NO_ANSWER. */
static int
rogue_send(struct rogue *r, const struct sim_message *m)
{
	uint64_t received = r->p.received;

	sim_puppet_send(&r->p, m);
	sim_run(&r->l->w.sim, LADDER_RTT_US);
	if (r->p.received == received)
		return NO_ANSWER;
	assert_int_equal(r->p.received, received + 1);
	assert_int_equal(r->p.last.kind, SIM_BA);
	return r->p.last.mh.u.ba.status;
}

static bool
is_bound(const struct rogue *r, struct mip6_show_binding *b)
{
	return sim_daemon_binding(&r->l->w.had, &r->l->w.mn[0].hoa, b) &&
	    strcmp(b->state, "registered") == 0;
}

/* ---- 10.3.1: each check, with and without a binding that lives ---- */

static void
bend_subnet(struct sim_message *m)
{
	m->hao = m->hoa = sim_addr_of("2001:db8:2::80");
}

static void
bend_agents_own(struct sim_message *m)
{
	m->hao = m->hoa = m->dst;
}

static void
bend_unknown(struct sim_message *m)
{
	m->hao = m->hoa = sim_addr_of("2001:db8:1::99");
}

static void
bend_no_hao(struct sim_message *m)
{
	m->hao = mip6_addr_any;
	m->hoa = m->src;
}

static void
bend_nonces(struct sim_message *m)
{
	m->mh.opt.has_nonce_indices = true;
}

static void
bend_coa_multicast(struct sim_message *m)
{
	m->coa = m->mh.opt.alt_coa = sim_addr_of("ff02::1");
}

static void
bend_coa_linklocal(struct sim_message *m)
{
	m->coa = m->mh.opt.alt_coa = sim_addr_of("fe80::1");
}

static void
bend_coa_none(struct sim_message *m)
{
	m->coa = m->mh.opt.alt_coa = mip6_addr_any;
}

static void
bend_coa_home(struct sim_message *m)
{
	m->coa = m->mh.opt.alt_coa = m->hoa;
}

static void
bend_coa_agent(struct sim_message *m)
{
	m->coa = m->mh.opt.alt_coa = m->dst;
}

static void
bend_no_auth(struct sim_message *m)
{
	m->mh.opt.has_mn_ha = false;
}

static void
bend_key(struct sim_message *m)
{
	m->wrong_key = true;
}

static void
bend_spi(struct sim_message *m)
{
	m->mh.opt.mn_ha.spi++;
}

static void
bend_no_stamp(struct sim_message *m)
{
	m->mh.opt.has_replay = false;
}

static void
bend_stamp_future(struct sim_message *m)
{
	m->mh.opt.replay += UINT64_C(8) << 32;
}

static void
bend_stamp_past(struct sim_message *m)
{
	m->mh.opt.replay -= UINT64_C(8) << 32;
}

static void
bend_foreign(struct sim_message *m)
{
	m->mh.u.bu.home = false;
}

static const struct {
	const char *what;
	void (*bend)(struct sim_message *m);
	enum mip6_drop why, live_why;
	int status, live_status;
} check[] = {
#define ROW(w, b, d, s)                                                        \
	{                                                                      \
		w, b, MIP6_DROP_##d, MIP6_DROP_##d, s, s                       \
	}
	ROW("another subnet (R10.3.1-03)", bend_subnet, BU_NOT_HOME_SUBNET,
	    MIP6_BA_NOT_HOME_SUBNET),
	ROW("the agent's own address", bend_agents_own, BU_NOT_HOME_SUBNET,
	    MIP6_BA_NOT_HOME_SUBNET),
	ROW("nobody we know (R5.1-04)", bend_unknown, BU_UNKNOWN_MOBILE,
	    NO_ANSWER),
	ROW("no Home Address option (R10.3.1-06)", bend_no_hao, BU_NO_HAO,
	    NO_ANSWER),
	ROW("Nonce Indices (R9.5.1-08)", bend_nonces, BU_NONCE_PRESENT,
	    NO_ANSWER),
	ROW("multicast", bend_coa_multicast, BU_COA_INVALID, NO_ANSWER),
	ROW("link-local", bend_coa_linklocal, BU_COA_INVALID, NO_ANSWER),
	ROW("unspecified", bend_coa_none, BU_COA_INVALID, NO_ANSWER),
	ROW("the home address", bend_coa_home, BU_COA_INVALID, NO_ANSWER),
	ROW("the agent's", bend_coa_agent, BU_COA_INVALID, NO_ANSWER),
	ROW("not authenticated (R10.3.1-01)", bend_no_auth, BU_AUTH_MISSING,
	    NO_ANSWER),
	ROW("wrong key", bend_key, BU_AUTH_FAIL, MIP6_BA_AUTH_FAIL),
	ROW("another SPI", bend_spi, BU_AUTH_SPI, NO_ANSWER),
	ROW("no stamp", bend_no_stamp, BU_ID_MISSING, MIP6_BA_MESG_ID_REQD),
	ROW("8 s ahead", bend_stamp_future, BU_ID_MISMATCH,
	    MIP6_BA_ID_MISMATCH),
	ROW("8 s behind", bend_stamp_past, BU_ID_MISMATCH, MIP6_BA_ID_MISMATCH),
	/* R9.5.1-10: only a binding that lives has an H bit to differ from. */
	{ "without H", bend_foreign, MIP6_DROP_MH_WRONG_ROLE,
	    MIP6_DROP_BU_TYPE_CHANGE, NO_ANSWER, MIP6_BA_REG_TYPE_CHANGE },
#undef ROW
};

static void
checks(bool live)
{
	struct mip6_show_binding b;
	struct sim_message m;
	struct rogue *r;
	enum mip6_drop why;
	int status, want;
	size_t i;

	for (i = 0; i < MIP6_COUNT(check); i++) {
		r = rogue_begin(NULL);
		if (live) {
			m = rogue_bu(r, 60);
			assert_int_equal(rogue_send(r, &m), 0);
		}
		m = rogue_bu(r, 120);
		check[i].bend(&m);
		why = live ? check[i].live_why : check[i].why;
		want = live ? check[i].live_status : check[i].status;
		status = rogue_send(r, &m);
		if (status != want || sim_daemon_drops(&r->l->w.had, why) != 1)
			print_error("%s\n", check[i].what);
		assert_int_equal(status, want);
		assert_int_equal(sim_daemon_drops(&r->l->w.had, why), 1);
		/* What was there stays, what was not does not come. */
		assert_int_equal(is_bound(r, &b), live);
		if (live)
			assert_int_equal(b.granted.us, 60 * SIM_S);
		rogue_end(r);
	}
}

static void
checks_without_binding(void **state)
{
	(void)state;
	checks(false);
}

static void
checks_with_binding(void **state)
{
	(void)state;
	checks(true);
}

/* ---- sequence numbers and lifetimes ---- */

static void
sequence(void **state)
{
	/* After 1000 was accepted (modulo 2^16, R9.5.1-02). */
	static const struct {
		uint16_t seq;
		bool newer;
	} row[] = { { 1000, false }, { 999, false }, { 1001, true },
		{ 1000 + 32767, true }, { 1000 + 32768, false },
		{ 65535, false }, { 0, false } };
	struct mip6_show_binding b;
	struct sim_message m;
	struct rogue *r;
	size_t i;

	(void)state;
	for (i = 0; i < MIP6_COUNT(row); i++) {
		r = rogue_begin(NULL);
		r->seq = 999;
		m = rogue_bu(r, 60);
		assert_int_equal(rogue_send(r, &m), 0);
		sim_run(&r->l->w.sim, SIM_S);
		r->seq = (uint16_t)(row[i].seq - 1);
		m = rogue_bu(r, 60);
		assert_int_equal(rogue_send(r, &m),
		    row[i].newer ? 0 : MIP6_BA_SEQ_OUT_OF_WINDOW);
		/* R9.5.1-09: a refusal tells the last one accepted. */
		assert_int_equal(r->p.last.mh.u.ba.seq,
		    row[i].newer ? row[i].seq : 1000);
		assert_true(is_bound(r, &b));
		assert_int_equal(b.seq, row[i].newer ? row[i].seq : 1000);
		rogue_end(r);
	}
}

/* R10.3.1-14: no more than asked, no more than the agent grants. */
static void
lifetime(void **state)
{
	static const struct {
		int64_t asked_s, granted_s;
	} row[] = { { 4, 4 }, { 420, 420 }, { 600, 600 }, { 604, 600 },
		{ 262140, 600 } };
	struct sim_world_conf c = { .lifetime_max_s = 600 };
	struct mip6_show_binding b;
	struct sim_message m;
	struct rogue *r;
	size_t i;

	(void)state;
	for (i = 0; i < MIP6_COUNT(row); i++) {
		r = rogue_begin(&c);
		m = rogue_bu(r, row[i].asked_s);
		assert_int_equal(rogue_send(r, &m), 0);
		assert_int_equal(r->p.last.mh.u.ba.lifetime.us,
		    row[i].granted_s * SIM_S);
		/* It runs from the moment of the answer, and then is over. */
		sim_run(&r->l->w.sim,
		    row[i].granted_s * SIM_S - LADDER_DELAY_US - 1);
		assert_true(is_bound(r, &b));
		sim_run(&r->l->w.sim, 1);
		assert_false(is_bound(r, &b));
		rogue_end(r);
	}
}

/*
 *	mn                                          ha
 *	 |---- BU  lifetime 0 ---------------------->|
 *	 |<--- BA  133 ------------------------------|   nothing was there
 *	 |---- BU ---------------------------------->|
 *	 |<--- BA  0 --------------------------------|
 *	 |---- BU  lifetime 0 ---------------------->|
 *	 |<--- BA  0, lifetime 0 --------------------|   kept, invalid, 10 s
 *	 |---- BU  an older one -------------------->|
 *	 |<--- BA  135 ------------------------------|
 *	 |  10 s after the de-registration
 *	 |---- BU  the same number, new stamp ------>|
 *	 |<--- BA  0 --------------------------------|
 */
static void
deregistration(void **state)
{
	struct rogue *r = rogue_begin(NULL);
	struct mip6_show_binding b;
	struct sim_message m;

	(void)state;
	m = rogue_bu(r, 0);
	assert_int_equal(rogue_send(r, &m), MIP6_BA_NOT_HOME_AGENT);
	m = rogue_bu(r, 60);
	assert_int_equal(rogue_send(r, &m), 0);
	m = rogue_bu(r, 0);
	assert_int_equal(rogue_send(r, &m), 0);
	assert_int_equal(r->p.last.mh.u.ba.lifetime.us, 0);
	assert_true(sim_daemon_binding(&r->l->w.had, &r->l->w.mn[0].hoa, &b));
	assert_string_equal(b.state, "invalid");

	sim_run(&r->l->w.sim, 9 * SIM_S);
	r->seq -= 2;
	m = rogue_bu(r, 60);
	assert_int_equal(rogue_send(r, &m), MIP6_BA_SEQ_OUT_OF_WINDOW);
	/* Until nothing that it said can pass for fresh: 7 s, twice. */
	sim_run(&r->l->w.sim, 13 * SIM_S);
	assert_true(sim_daemon_binding(&r->l->w.had, &r->l->w.mn[0].hoa, &b));
	sim_run(&r->l->w.sim, SIM_S);
	assert_false(sim_daemon_binding(&r->l->w.had, &r->l->w.mn[0].hoa, &b));
	r->seq--;
	m = rogue_bu(r, 60);
	assert_int_equal(rogue_send(r, &m), 0);
	rogue_end(r);
}

/* The same update twice: the number, or the stamp, is not newer. */
static void
replayed(void **state)
{
	struct rogue *r = rogue_begin(NULL);
	struct sim_message m = rogue_bu(r, 60);

	(void)state;
	assert_int_equal(rogue_send(r, &m), 0);
	assert_int_equal(rogue_send(r, &m), MIP6_BA_ID_MISMATCH);
	assert_int_equal(sim_daemon_drops(&r->l->w.had, MIP6_DROP_BU_ID_REPLAY),
	    1);
	rogue_end(r);
}

/*
 * P-START: an agent that has just started knows no number and no stamp; what
 * was said before it started is not believed.
 */
static void
replayed_after_restart(void **state)
{
	struct rogue *r = rogue_begin(NULL);
	struct sim_message was = rogue_bu(r, 60), m;
	struct mip6_show_binding b;

	(void)state;
	assert_int_equal(rogue_send(r, &was), 0);
	sim_daemon_kill(&r->l->w.had);
	sim_run(&r->l->w.sim, SIM_S);
	sim_daemon_start(&r->l->w.had);
	sim_run(&r->l->w.sim, SIM_S);
	assert_int_equal(rogue_send(r, &was), MIP6_BA_ID_MISMATCH);
	assert_false(is_bound(r, &b));
	m = rogue_bu(r, 60);
	assert_int_equal(rogue_send(r, &m), 0);
	assert_true(is_bound(r, &b));
	rogue_end(r);
}

/* R10.3.1-02: a node that is no home agent says 131. */
static void
no_home_agent(void **state)
{
	struct ladder *l = ladder_registered(NULL, "a");
	struct mip6_show_registration reg = ladder_registration(l);
	struct sim_puppet p;
	struct sim_message m;

	(void)state;
	l->check.puppets = true;
	sim_puppet_init(&p, &l->w.peer, &l->w.peer_addr,
	    &l->w.had.mobile[0].sa);
	m = sim_puppet_bu(&p, &l->w, &l->w.mn[0].hoa, 1, 60);
	m.dst = reg.coa;
	sim_puppet_send(&p, &m);
	sim_run(&l->w.sim, SIM_S);
	assert_int_equal(p.received, 1);
	assert_int_equal(p.last.kind, SIM_BA);
	assert_int_equal(p.last.mh.u.ba.status, MIP6_BA_HOME_REG_NOT_SUPPORTED);
	assert_int_equal(sim_daemon_drops(&l->w.mn[0].daemon,
			     MIP6_DROP_BU_NO_HOME_AGENT),
	    1);
	ladder_end(l);
}

/* ---- 10.4.1 ---- */

static const struct sim_sight *
see_na(struct ladder *l, int64_t within_us)
{
	const struct sim_sight *s;

	do
		s = see_on(l, SIM_NA, "ha", "home", within_us);
	while (!mip6_addr_equal(&s->nd.u.na.target, &l->w.mn[0].hoa));
	return s;
}

/*
 * R10.4.1-02, -04, -05: to all nodes, three times a second apart, from the
 * agent's address with its link-layer address; R and S clear, O set.
 */
static void
announces(void **state)
{
	struct ladder *l = ladder_begin(NULL);
	const struct sim_sight *s;
	int64_t at_us;
	int i;

	(void)state;
	sim_world_start(&l->w);
	sim_run(&l->w.sim, 3 * SIM_S);
	sim_look_away(&l->x);
	sim_world_move(&l->w, 0, "a", 0);
	at_us = l->w.sim.now_us + LADDER_DELAY_US;
	for (i = 0; i < 3; i++) {
		s = see_na(l, 2 * SIM_S);
		assert_int_equal(s->at_us, at_us + i * SIM_S);
		assert_addr(s->v.ip.src, l->w.ha_addr);
		assert_addr(s->v.ip.dst, mip6_addr_all_nodes);
		assert_int_equal(s->v.ip.hop_limit, 255);
		assert_false(s->nd.u.na.router);
		assert_false(s->nd.u.na.solicited);
		assert_true(s->nd.u.na.override);
		assert_true(s->nd.opt.has_tlla);
		assert_memory_equal(&s->nd.opt.tlla, &l->w.ha_home->lladdr, 6);
	}
	sim_run(&l->w.sim, 20 * SIM_S);
	for (; l->x.next < l->x.count; l->x.next++)
		if (l->x.sight[l->x.next]->kind == SIM_NA)
			assert_memory_not_equal(&l->x.sight[l->x.next]
						     ->nd.u.na.target,
			    &l->w.mn[0].hoa, 16);
	ladder_end(l);
}

/* A neighbour asks for the home address; `dad`: from no address. */
static const struct sim_sight *
asked(struct ladder *l, bool dad)
{
	struct mip6_addr group = mip6_addr_solicited_node(&l->w.mn[0].hoa);
	struct mip6_nd ns;

	memset(&ns, 0, sizeof(ns));
	ns.type = MIP6_ND_NS;
	ns.u.ns.target = l->w.mn[0].hoa;
	if (!dad) {
		ns.opt.has_slla = true;
		ns.opt.slla = l->w.nb.iface[0].lladdr;
	}
	sim_look_away(&l->x);
	sim_host_nd_emit(&l->w.nb, &l->w.nb.iface[0],
	    dad ? &mip6_addr_any : &l->w.nb_addr, &group, NULL, &ns);
	return see_na(l, 2 * SIM_S);
}

/* R10.4.1-06, -07 */
static void
answers_for_it(void **state)
{
	struct ladder *l = ladder_registered(NULL, "a");
	const struct sim_sight *s;
	int64_t at_us;

	(void)state;
	sim_run(&l->w.sim, 10 * SIM_S);
	at_us = l->w.sim.now_us;
	s = asked(l, false);
	assert_int_equal(s->at_us, at_us);
	assert_addr(s->v.ip.src, l->w.ha_addr);
	assert_addr(s->v.ip.dst, l->w.nb_addr);
	assert_true(s->nd.u.na.solicited);
	assert_false(s->nd.u.na.router);
	assert_memory_equal(&s->nd.opt.tlla, &l->w.ha_home->lladdr, 6);

	s = asked(l, true);
	assert_int_equal(s->at_us, at_us);
	assert_addr(s->v.ip.dst, mip6_addr_all_nodes);
	assert_false(s->nd.u.na.solicited);
	assert_false(s->nd.u.na.router);
	assert_true(s->nd.opt.has_tlla);
	ladder_end(l);
}

/*
 *	nb          ha                               mn
 *	 |-- ping -->|                               |
 *	 |           |==== ping in the tunnel ======>|
 *	 |           |<=== pong in the tunnel ======= |
 *	 |<-- pong --|                               |
 */
static void
intercepts(void **state)
{
	struct ladder *l = ladder_registered(NULL, "a");
	struct mip6_show_registration r = ladder_registration(l);
	const struct sim_sight *s;
	int64_t at_us;

	(void)state;
	sim_run(&l->w.sim, 10 * SIM_S);
	sim_look_away(&l->x);
	at_us = l->w.sim.now_us;
	sim_ping_start(&l->w.transport, &l->ping, &l->w.nb, &l->w.mn[0].host,
	    &l->w.mn[0].hoa, &mip6_addr_any, SIM_S);
	s = see_on(l, SIM_PING, "nb", "home", SIM_S);
	assert_memory_equal(&s->eth.dst, &l->w.ha_home->lladdr, 6);
	s = see_on(l, SIM_PING, "ha", "core", SIM_S);
	at_us = s->at_us;
	assert_int_equal(s->kind, SIM_TUNNEL);
	assert_addr(s->v.ip.src, l->w.ha_addr);
	assert_addr(s->v.ip.dst, r.coa);
	assert_addr(s->inner.ip.src, l->w.nb_addr);
	assert_addr(s->inner.ip.dst, l->w.mn[0].hoa);
	s = see_on(l, SIM_PONG, "mn", "a", SIM_S);
	assert_int_equal(s->kind, SIM_TUNNEL);
	assert_int_equal(s->at_us, at_us + LADDER_DELAY_US);
	assert_addr(s->v.ip.src, r.coa);
	assert_addr(s->v.ip.dst, l->w.ha_addr);
	s = see_on(l, SIM_PONG, "ha", "home", SIM_S);
	assert_int_equal(s->kind, SIM_PONG);
	assert_int_equal(s->at_us, at_us + LADDER_RTT_US);
	assert_addr(s->v.ip.src, l->w.mn[0].hoa);
	ladder_end(l);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(checks_without_binding),
		cmocka_unit_test(checks_with_binding),
		cmocka_unit_test(sequence),
		cmocka_unit_test(lifetime),
		cmocka_unit_test(deregistration),
		cmocka_unit_test(replayed),
		cmocka_unit_test(replayed_after_restart),
		cmocka_unit_test(no_home_agent),
		cmocka_unit_test(announces),
		cmocka_unit_test(answers_for_it),
		cmocka_unit_test(intercepts),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
