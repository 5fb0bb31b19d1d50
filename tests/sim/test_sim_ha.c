/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The home agent's checks of a Binding Update, asked by a puppet: each thing
 * wrong is refused as the RFC says, counted by name, and changes nothing.
 *
 * Implements (as a test of): RFC 6275 sections 9.2, 9.5.1, 9.5.4, 10.3.1,
 * 10.3.2; RFC 4285 sections 5.1, 6 and 7.
 */
#include "sim/ladder.h"

#define SILENCE 0xff /* no answer at all */

struct scene {
	struct ladder *l;
	struct sim_puppet mn;
	struct mip6_addr hoa;
	uint16_t seq;
};

static void
scene_begin(struct scene *c, const struct sim_world_conf *conf)
{
	memset(c, 0, sizeof(*c));
	c->l = ladder_begin(conf);
	c->l->check.puppets = true;
	c->hoa = c->l->w.mn[0].hoa;
	sim_puppet_init(&c->mn, &c->l->w.peer, &c->l->w.peer_addr,
	    &c->l->w.had.mobile[0].sa);
	sim_daemon_start(&c->l->w.had);
	sim_run(&c->l->w.sim, SIM_S);
}

/* A good registration, sequence number `seq`. */
static struct sim_message
scene_bu(struct scene *c, uint16_t seq, int64_t lifetime_s)
{
	return sim_puppet_bu(&c->mn, &c->l->w, &c->hoa, seq, lifetime_s);
}

/* Sends it; returns the status of the answer, or SILENCE. */
static uint8_t
scene_ask(struct scene *c, const struct sim_message *m)
{
	uint64_t before = c->mn.received;

	sim_puppet_send(&c->mn, m);
	sim_run(&c->l->w.sim, LADDER_RTT_US);
	if (c->mn.received == before)
		return SILENCE;
	assert_int_equal(c->mn.received, before + 1);
	assert_int_equal(c->mn.last.kind, SIM_BA);
	return c->mn.last.mh.u.ba.status;
}

static void
scene_register(struct scene *c, uint16_t seq, int64_t lifetime_s)
{
	struct sim_message m = scene_bu(c, seq, lifetime_s);

	assert_int_equal(scene_ask(c, &m), MIP6_BA_ACCEPTED);
	sim_run(&c->l->w.sim, SIM_MS);
}

/* Refused with `status`, counted as `drop`, and there is no binding. */
static void
refuses(void (*spoil)(struct scene *c, struct sim_message *m), uint8_t status,
    enum mip6_drop drop)
{
	struct mip6_show_binding b;
	struct sim_message m;
	struct scene c;

	scene_begin(&c, NULL);
	m = scene_bu(&c, 1, 60);
	spoil(&c, &m);
	assert_int_equal(scene_ask(&c, &m), status);
	assert_int_equal(sim_daemon_drops(&c.l->w.had, drop), 1);
	assert_false(sim_daemon_binding(&c.l->w.had, &c.hoa, &b));
	/* The same, unspoiled, is accepted: nothing has changed. */
	sim_run(&c.l->w.sim, SIM_S);
	scene_register(&c, 2, 60);
	ladder_end(c.l);
}

static void
spoil_subnet(struct scene *c, struct sim_message *m)
{
	(void)c;
	m->hao = m->hoa = sim_addr_of("2001:db8:2::80");
}

static void
spoil_own_address(struct scene *c, struct sim_message *m)
{
	m->hao = m->hoa = c->l->w.ha_addr;
}

static void
spoil_unknown(struct scene *c, struct sim_message *m)
{
	(void)c;
	m->hao = m->hoa = sim_addr_of("2001:db8:1::99");
}

static void
spoil_no_hao(struct scene *c, struct sim_message *m)
{
	(void)c;
	m->hoa = m->src;
	m->hao = mip6_addr_any;
}

static void
spoil_nonces(struct scene *c, struct sim_message *m)
{
	(void)c;
	m->mh.opt.has_nonce_indices = true;
}

static void
spoil_no_auth(struct scene *c, struct sim_message *m)
{
	(void)c;
	m->mh.opt.has_mn_ha = false;
}

static void
spoil_key(struct scene *c, struct sim_message *m)
{
	(void)c;
	m->wrong_key = true;
}

/* Signed for another care-of address: redirected on the way. */
static void
spoil_redirected(struct scene *c, struct sim_message *m)
{
	(void)c;
	m->mh.opt.alt_coa = sim_addr_of("2001:db8:b::66");
}

static void
spoil_spi(struct scene *c, struct sim_message *m)
{
	(void)c;
	m->mh.opt.mn_ha.spi = 300;
}

static void
spoil_no_stamp(struct scene *c, struct sim_message *m)
{
	(void)c;
	m->mh.opt.has_replay = false;
}

static void
spoil_stamp_old(struct scene *c, struct sim_message *m)
{
	(void)c;
	m->mh.opt.replay -= (uint64_t)8 << 32;
}

static void
spoil_stamp_ahead(struct scene *c, struct sim_message *m)
{
	(void)c;
	m->mh.opt.replay += (uint64_t)8 << 32;
}

/* Close enough, but of before the home agent's start a second ago. */
static void
spoil_stamp_before_start(struct scene *c, struct sim_message *m)
{
	(void)c;
	m->mh.opt.replay -= (uint64_t)2 << 32;
}

static void
spoil_coa_multicast(struct scene *c, struct sim_message *m)
{
	(void)c;
	m->coa = m->mh.opt.alt_coa = sim_addr_of("ff0e::1");
}

static void
spoil_coa_loopback(struct scene *c, struct sim_message *m)
{
	(void)c;
	m->coa = m->mh.opt.alt_coa = mip6_addr_loopback;
}

static void
spoil_coa_linklocal(struct scene *c, struct sim_message *m)
{
	(void)c;
	m->coa = m->mh.opt.alt_coa = sim_addr_of("fe80::1");
}

static void
spoil_coa_agent(struct scene *c, struct sim_message *m)
{
	m->coa = m->mh.opt.alt_coa = c->l->w.ha_addr;
}

static void
spoil_coa_is_hoa(struct scene *c, struct sim_message *m)
{
	m->coa = m->mh.opt.alt_coa = c->hoa;
}

static void
spoil_hoa_multicast(struct scene *c, struct sim_message *m)
{
	(void)c;
	m->hao = m->hoa = sim_addr_of("ff0e::1");
}

static void
spoil_hoa_loopback(struct scene *c, struct sim_message *m)
{
	(void)c;
	m->hao = m->hoa = mip6_addr_loopback;
}

static void
spoil_checksum(struct scene *c, struct sim_message *m)
{
	(void)c;
	m->wrong_checksum = true;
}

static void
bad_updates(void **state)
{
	(void)state;
	/* R10.3.1-03 */
	refuses(spoil_subnet, MIP6_BA_NOT_HOME_SUBNET,
	    MIP6_DROP_BU_NOT_HOME_SUBNET);
	refuses(spoil_own_address, MIP6_BA_NOT_HOME_SUBNET,
	    MIP6_DROP_BU_NOT_HOME_SUBNET);
	/* R5.1-04 */
	refuses(spoil_unknown, SILENCE, MIP6_DROP_BU_UNKNOWN_MOBILE);
	/* R10.3.1-06 */
	refuses(spoil_no_hao, SILENCE, MIP6_DROP_BU_NO_HAO);
	/* R9.5.1-08 */
	refuses(spoil_nonces, SILENCE, MIP6_DROP_BU_NONCE_PRESENT);
	/* RFC 4285 sections 5.1.1 and 6 */
	refuses(spoil_no_auth, SILENCE, MIP6_DROP_BU_AUTH_MISSING);
	refuses(spoil_key, MIP6_BA_AUTH_FAIL, MIP6_DROP_BU_AUTH_FAIL);
	refuses(spoil_redirected, MIP6_BA_AUTH_FAIL, MIP6_DROP_BU_AUTH_FAIL);
	refuses(spoil_spi, SILENCE, MIP6_DROP_BU_AUTH_SPI);
	refuses(spoil_no_stamp, MIP6_BA_MESG_ID_REQD, MIP6_DROP_BU_ID_MISSING);
	refuses(spoil_stamp_old, MIP6_BA_ID_MISMATCH, MIP6_DROP_BU_ID_MISMATCH);
	refuses(spoil_stamp_ahead, MIP6_BA_ID_MISMATCH,
	    MIP6_DROP_BU_ID_MISMATCH);
	refuses(spoil_stamp_before_start, MIP6_BA_ID_MISMATCH,
	    MIP6_DROP_BU_ID_REPLAY);
	/* R6.1.7-10, R9.5.1-01 */
	refuses(spoil_coa_multicast, SILENCE, MIP6_DROP_BU_COA_INVALID);
	refuses(spoil_coa_loopback, SILENCE, MIP6_DROP_BU_COA_INVALID);
	refuses(spoil_coa_linklocal, SILENCE, MIP6_DROP_BU_COA_INVALID);
	refuses(spoil_coa_agent, SILENCE, MIP6_DROP_BU_COA_INVALID);
	refuses(spoil_coa_is_hoa, SILENCE, MIP6_DROP_BU_COA_INVALID);
	refuses(spoil_hoa_multicast, SILENCE, MIP6_DROP_HAO_NOT_UNICAST);
	refuses(spoil_hoa_loopback, SILENCE, MIP6_DROP_HAO_NOT_UNICAST);
	/* R9.2-01 */
	refuses(spoil_checksum, SILENCE, MIP6_DROP_BAD_CHECKSUM);
}

/* Every truncation of a good update: nothing is registered, nobody crashes. */
static void
truncated(void **state)
{
	struct mip6_show_binding b;
	struct sim_message m;
	struct scene c;
	size_t cut;

	(void)state;
	scene_begin(&c, NULL);
	/* The Mobility Header has 64 octets. */
	for (cut = 1; cut < 64; cut++) {
		m = scene_bu(&c, (uint16_t)cut, 60);
		m.cut = cut;
		sim_puppet_send(&c.mn, &m);
		sim_run(&c.l->w.sim, LADDER_RTT_US);
		assert_false(sim_daemon_binding(&c.l->w.had, &c.hoa, &b));
	}
	ladder_end(c.l);
}

/* R9.5.1-09: 135 with the number accepted last, which stays. */
static void
sequence_numbers(void **state)
{
	static const struct {
		uint16_t first, second;
		bool newer;
	} row[] = { { 1, 2, true }, { 1, 1, false }, { 1, 0, false },
		{ 1, 65535, false }, { 65535, 0, true },
		{ 65535, 65534, false }, { 0, 32767, true },
		{ 0, 32768, false }, { 32768, 0, false },
		{ 32768, 65535, true }, { 32769, 0, true } };
	struct mip6_show_binding b;
	struct sim_message m;
	struct scene c;
	size_t i;

	(void)state;
	for (i = 0; i < MIP6_COUNT(row); i++) {
		scene_begin(&c, NULL);
		scene_register(&c, row[i].first, 60);
		m = scene_bu(&c, row[i].second, 60);
		assert_int_equal(scene_ask(&c, &m),
		    row[i].newer ? MIP6_BA_ACCEPTED :
				   MIP6_BA_SEQ_OUT_OF_WINDOW);
		assert_int_equal(c.mn.last.mh.u.ba.seq,
		    row[i].newer ? row[i].second : row[i].first);
		assert_true(sim_daemon_binding(&c.l->w.had, &c.hoa, &b));
		assert_int_equal(b.seq,
		    row[i].newer ? row[i].second : row[i].first);
		ladder_end(c.l);
	}
}

/* `sequence = ignore`: a peer that follows RFC 4285 section 6 to the letter. */
static void
sequence_ignored(void **state)
{
	struct mip6_show_binding b;
	struct sim_message m;
	struct scene c;

	(void)state;
	scene_begin(&c, NULL);
	c.l->w.had.mobile[0].sa.sequence_ignore = true;
	sim_daemon_reload(&c.l->w.had);
	scene_register(&c, 100, 60);
	sim_run(&c.l->w.sim, SIM_S);
	c.l->check.mobile[0].has_seq = false;
	m = scene_bu(&c, 7, 60);
	assert_int_equal(scene_ask(&c, &m), MIP6_BA_ACCEPTED);
	assert_true(sim_daemon_binding(&c.l->w.had, &c.hoa, &b));
	assert_int_equal(b.seq, 7);
	/* The timestamp protects: the same packet is refused. */
	assert_int_equal(scene_ask(&c, &m), MIP6_BA_ID_MISMATCH);
	ladder_end(c.l);
}

/* The whole packet once more: the timestamp is not newer. */
static void
replayed(void **state)
{
	struct sim_message m;
	struct scene c;

	(void)state;
	scene_begin(&c, NULL);
	m = scene_bu(&c, 1, 60);
	assert_int_equal(scene_ask(&c, &m), MIP6_BA_ACCEPTED);
	assert_int_equal(scene_ask(&c, &m), MIP6_BA_ID_MISMATCH);
	assert_int_equal(sim_daemon_drops(&c.l->w.had, MIP6_DROP_BU_ID_REPLAY),
	    1);
	ladder_end(c.l);
}

/* A packet of before its restart means nothing to a home agent. */
static void
replayed_after_restart(void **state)
{
	struct mip6_show_binding b;
	struct sim_message m;
	struct scene c;

	(void)state;
	scene_begin(&c, NULL);
	m = scene_bu(&c, 1, 60);
	assert_int_equal(scene_ask(&c, &m), MIP6_BA_ACCEPTED);
	sim_daemon_kill(&c.l->w.had);
	c.l->check.strays = true;
	sim_daemon_start(&c.l->w.had);
	sim_run(&c.l->w.sim, SIM_MS);
	assert_int_equal(scene_ask(&c, &m), MIP6_BA_ID_MISMATCH);
	assert_false(sim_daemon_binding(&c.l->w.had, &c.hoa, &b));
	scene_register(&c, 2, 60);
	ladder_end(c.l);
}

/* R10.3.2: 133 for what is not there; else 0, and the number copied. */
static void
deregistration(void **state)
{
	struct sim_message m;
	struct scene c;

	(void)state;
	scene_begin(&c, NULL);
	m = scene_bu(&c, 1, 0);
	assert_int_equal(scene_ask(&c, &m), MIP6_BA_NOT_HOME_AGENT);
	scene_register(&c, 2, 60);
	m = scene_bu(&c, 3, 0);
	assert_int_equal(scene_ask(&c, &m), MIP6_BA_ACCEPTED);
	assert_int_equal(c.mn.last.mh.u.ba.lifetime.us, 0);
	assert_int_equal(c.mn.last.mh.u.ba.seq, 3);
	assert_false(c.mn.last.mh.opt.has_refresh_advice);
	ladder_end(c.l);
}

/* R9.5.1-10: what is a home registration stays one. */
static void
type_changed(void **state)
{
	struct mip6_show_binding b;
	struct sim_message m;
	struct scene c;

	(void)state;
	scene_begin(&c, NULL);
	scene_register(&c, 1, 60);
	m = scene_bu(&c, 2, 60);
	m.mh.u.bu.home = false;
	assert_int_equal(scene_ask(&c, &m), MIP6_BA_REG_TYPE_CHANGE);
	assert_true(sim_daemon_binding(&c.l->w.had, &c.hoa, &b));
	assert_true(b.home_registration);
	assert_int_equal(b.seq, 1);
	ladder_end(c.l);
}

/* R10.3.1-02: whoever is no home agent says so. */
static void
not_a_home_agent(void **state)
{
	struct ladder *l = ladder_registered(NULL, "b");
	struct sim_puppet p;
	struct sim_message m;

	(void)state;
	l->check.puppets = true;
	sim_puppet_init(&p, &l->w.peer, &l->w.peer_addr,
	    &l->w.had.mobile[0].sa);
	m = sim_puppet_bu(&p, &l->w, &l->w.nb_addr, 1, 60);
	m.dst = ladder_registration(l).coa;
	sim_puppet_send(&p, &m);
	sim_run(&l->w.sim, LADDER_RTT_US);
	assert_int_equal(p.received, 1);
	assert_int_equal(p.last.kind, SIM_BA);
	assert_int_equal(p.last.mh.u.ba.status, MIP6_BA_HOME_REG_NOT_SUPPORTED);
	ladder_end(l);
}

/* Full is full: 130, and who is there stays. */
static void
no_room(void **state)
{
	const struct sim_world_conf conf = { .mobiles = 2 };
	struct mip6_show_binding b;
	struct sim_puppet other;
	struct sim_message m;
	struct scene c;

	(void)state;
	memset(&c, 0, sizeof(c));
	c.l = ladder_begin(&conf);
	c.l->check.puppets = true;
	c.hoa = c.l->w.mn[0].hoa;
	c.l->w.had.conf.ha.bindings_max = 1;
	sim_puppet_init(&c.mn, &c.l->w.peer, &c.l->w.peer_addr,
	    &c.l->w.had.mobile[0].sa);
	sim_puppet_init(&other, &c.l->w.cn, &c.l->w.cn_addr,
	    &c.l->w.had.mobile[1].sa);
	sim_daemon_start(&c.l->w.had);
	sim_run(&c.l->w.sim, SIM_S);
	scene_register(&c, 1, 60);
	m = sim_puppet_bu(&other, &c.l->w, &c.l->w.mn[1].hoa, 1, 60);
	sim_puppet_send(&other, &m);
	sim_run(&c.l->w.sim, LADDER_RTT_US);
	assert_int_equal(other.last.mh.u.ba.status,
	    MIP6_BA_INSUFFICIENT_RESOURCES);
	assert_true(sim_daemon_binding(&c.l->w.had, &c.hoa, &b));
	assert_false(sim_daemon_binding(&c.l->w.had, &c.l->w.mn[1].hoa, &b));
	ladder_end(c.l);
}

/* A 146 is never longer than what it answers, and few are sent. */
static void
auth_fail_is_no_amplifier(void **state)
{
	struct sim_message m;
	struct scene c;
	size_t asked, k, long_ones = 0, answers = 0;

	(void)state;
	scene_begin(&c, NULL);
	for (k = 0; k < 200; k++) {
		m = scene_bu(&c, (uint16_t)k, 60);
		m.wrong_key = true;
		sim_puppet_send(&c.mn, &m);
		sim_run(&c.l->w.sim, SIM_MS);
	}
	sim_run(&c.l->w.sim, SIM_S);
	asked = see_on(c.l, SIM_BU, "peer", "a", SIM_S)->count;
	for (k = 0; k < c.l->x.count; k++) {
		if (c.l->x.sight[k]->kind != SIM_BA ||
		    c.l->x.sight[k]->from->host != &c.l->w.ha)
			continue;
		answers++;
		if (c.l->x.sight[k]->count > asked)
			long_ones++;
	}
	assert_in_range(answers, 1, 20);
	assert_int_equal(long_ones, 0);
	ladder_end(c.l);
}

/* R10.3.1-14, -23, -24: granted is not more than asked for or allowed. */
static void
granted(void **state)
{
	static const struct {
		int64_t asked_s, max_s, granted_s;
	} row[] = { { 4, 3600, 4 }, { 60, 3600, 60 }, { 65535 * 4, 3600, 3600 },
		{ 65535 * 4, 65535 * 4, 65535 * 4 }, { 60, 4, 4 },
		{ 60, 30, 28 } };
	struct mip6_show_binding b;
	struct scene c;
	size_t i;

	(void)state;
	for (i = 0; i < MIP6_COUNT(row); i++) {
		const struct sim_world_conf conf = { .lifetime_max_s =
							 row[i].max_s };

		scene_begin(&c, &conf);
		scene_register(&c, 7, row[i].asked_s);
		assert_int_equal(c.mn.last.mh.u.ba.lifetime.us,
		    row[i].granted_s * SIM_S);
		assert_int_equal(c.mn.last.mh.u.ba.seq, 7);
		assert_false(c.mn.last.mh.u.ba.key);
		assert_true(sim_puppet_authentic(&c.mn.sa, &c.mn.last,
		    &c.mn.addr, &c.hoa));
		assert_true(sim_daemon_binding(&c.l->w.had, &c.hoa, &b));
		/* R10.3.1-18: and not longer than that. */
		sim_run(&c.l->w.sim, row[i].granted_s * SIM_S);
		assert_false(ladder_bound(c.l, &c.hoa));
		ladder_end(c.l);
	}
}

/* R10.3.1-19: an answer, whatever the A bit says. */
static void
answers_without_being_asked(void **state)
{
	struct sim_message m;
	struct scene c;

	(void)state;
	scene_begin(&c, NULL);
	m = scene_bu(&c, 1, 60);
	m.mh.u.bu.ack = false;
	assert_int_equal(scene_ask(&c, &m), MIP6_BA_ACCEPTED);
	ladder_end(c.l);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(bad_updates),
		cmocka_unit_test(truncated),
		cmocka_unit_test(sequence_numbers),
		cmocka_unit_test(sequence_ignored),
		cmocka_unit_test(replayed),
		cmocka_unit_test(replayed_after_restart),
		cmocka_unit_test(deregistration),
		cmocka_unit_test(type_changed),
		cmocka_unit_test(not_a_home_agent),
		cmocka_unit_test(no_room),
		cmocka_unit_test(auth_fail_is_no_amplifier),
		cmocka_unit_test(granted),
		cmocka_unit_test(answers_without_being_asked),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
