/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Every status of a Binding Acknowledgement, and what the mobile node does.
 * The home agent is a puppet.
 *
 * Implements (as a test of): RFC 6275 sections 6.1.8, 11.7.3; RFC 4285
 * sections 5.3, 6 and 7.
 */
#include "sim/ladder.h"

struct scene {
	struct ladder *l;
	struct sim_puppet ha;
	/* What the puppet answers with. */
	uint8_t status;
	int64_t lifetime_s;
	bool unauthenticated, wrong_key, silent;
	uint16_t seq_off; /* added to the sequence number */
	bool seq_fixed;
	uint16_t seq;
	uint64_t replay_off;
	uint64_t updates;
};

static void
scene_heard(void *arg, struct sim_puppet *p, const struct sim_sight *s)
{
	struct scene *c = arg;
	struct sim_message m;

	if (s->kind != SIM_BU)
		return;
	c->updates++;
	if (c->silent)
		return;
	m = sim_puppet_ba(p, s, c->status, c->lifetime_s);
	m.mh.u.ba.seq =
	    c->seq_fixed ? c->seq : (uint16_t)(m.mh.u.ba.seq + c->seq_off);
	m.mh.opt.replay += c->replay_off;
	m.wrong_key = c->wrong_key;
	if (c->unauthenticated)
		m.mh.opt.has_mn_ha = m.mh.opt.has_replay = false;
	sim_puppet_send(p, &m);
}

/* The mobile node arrives on link a; the puppet is ready. */
static void
scene_begin(struct scene *c, uint8_t status, int64_t lifetime_s)
{
	memset(c, 0, sizeof(*c));
	c->l = ladder_begin(NULL);
	c->l->check.puppets = c->l->check.strays = true;
	c->status = status;
	c->lifetime_s = lifetime_s;
	sim_puppet_init(&c->ha, &c->l->w.ha, &c->l->w.ha_addr,
	    &c->l->w.had.mobile[0].sa);
	c->ha.heard = scene_heard;
	c->ha.arg = c;
	sim_daemon_start(&c->l->w.mn[0].daemon);
	sim_world_move(&c->l->w, 0, "a", 0);
}

static void
scene_end(struct scene *c)
{
	ladder_end(c->l);
}

static void
accepted(void **state)
{
	static const uint8_t status[] = { MIP6_BA_ACCEPTED,
		MIP6_BA_ACCEPTED_PREFIX_DISCOVERY };
	struct mip6_show_registration r;
	struct scene c;
	size_t i;

	(void)state;
	for (i = 0; i < MIP6_COUNT(status); i++) {
		scene_begin(&c, status[i], 100);
		assert_true(sim_world_registered(&c.l->w, 0, "a", SIM_S));
		r = ladder_registration(c.l);
		assert_int_equal(r.last_status, status[i]);
		assert_true(r.last_status_authentic);
		/* Asked for 420 s, got 100 s: less the way of the update. */
		assert_int_equal(r.left.us, 100 * SIM_S - LADDER_RTT_US);
		scene_end(&c);
	}
}

/* Refused: no binding is believed in, and it is asked for slowly, if at all. */
static void
refused(uint8_t status, bool again)
{
	struct mip6_show_registration r;
	struct scene c;

	scene_begin(&c, status, 0);
	sim_run(&c.l->w.sim, 30 * SIM_S);
	assert_int_equal(c.updates, 1);
	r = ladder_registration(c.l);
	assert_int_equal(r.last_status, status);
	assert_true(r.last_status_authentic);
	assert_int_equal(r.left.us, 0);
	assert_string_not_equal(r.why, "");
	sim_run(&c.l->w.sim, 70 * SIM_S);
	assert_int_equal(c.updates, again ? 4 : 1);

	/* A move is a new reason to ask, and then it may be accepted. */
	c.status = MIP6_BA_ACCEPTED;
	c.lifetime_s = 100;
	sim_world_move(&c.l->w, 0, "b", 0);
	assert_int_equal(sim_world_registered(&c.l->w, 0, "b", 2 * SIM_S),
	    status != MIP6_BA_DAD_FAILED);
	scene_end(&c);
}

static void
refused_for_now(void **state)
{
	(void)state;
	refused(MIP6_BA_REASON_UNSPECIFIED, true);
	refused(MIP6_BA_INSUFFICIENT_RESOURCES, true);
	refused(MIP6_BA_MESG_ID_REQD, true);
	refused(MIP6_BA_AUTH_FAIL, true);
}

static void
refused_for_good(void **state)
{
	(void)state;
	refused(MIP6_BA_ADMIN_PROHIBITED, false);
	refused(MIP6_BA_HOME_REG_NOT_SUPPORTED, false);
	refused(MIP6_BA_NOT_HOME_SUBNET, false);
	refused(MIP6_BA_NOT_HOME_AGENT, false);
	refused(MIP6_BA_REG_TYPE_CHANGE, false);
	refused(MIP6_BA_INVALID_COA, false);
	/* R11.7.1-12: an address that is somebody else's is not used again. */
	refused(MIP6_BA_DAD_FAILED, false);
	/* One that no list has. */
	refused(200, false);
}

/* 136 to 138 are a correspondent's; from a home agent: not now. */
static void
refused_with_nonces(void **state)
{
	(void)state;
	refused(MIP6_BA_EXPIRED_HOME_NONCE, true);
	refused(MIP6_BA_EXPIRED_COA_NONCE, true);
	refused(MIP6_BA_EXPIRED_NONCES, true);
}

/*
 *	mn                                          ha
 *	 |---- BU seq n ---------------------------->|
 *	 |<--- BA 135 seq 65535 ---------------------|
 *	 |---- BU seq 0 ---------------------------->|
 */
static void
sequence_adopted(void **state)
{
	const struct sim_sight *bu;
	struct scene c;

	(void)state;
	scene_begin(&c, MIP6_BA_SEQ_OUT_OF_WINDOW, 0);
	c.seq_fixed = true;
	c.seq = 65535;
	bu = see(c.l, SIM_BU, "mn", SIM_S);
	assert_int_not_equal(bu->mh.u.bu.seq, 0);
	sim_run(&c.l->w.sim, LADDER_RTT_US - 1);
	c.seq_fixed = false;
	c.status = MIP6_BA_ACCEPTED;
	c.lifetime_s = 60;
	bu = see(c.l, SIM_BU, "mn", SIM_S);
	assert_int_equal(bu->mh.u.bu.seq, 0);
	assert_true(sim_world_registered(&c.l->w, 0, "a", SIM_S));
	scene_end(&c);
}

/* What nobody vouches for changes nothing but, for 146, the pace. */
static void
unauthenticated_ignored(uint8_t status, int64_t lifetime_s, bool wrong_key)
{
	struct mip6_show_registration r;
	const struct sim_sight *bu;
	struct scene c;
	uint16_t seq;
	int64_t at_us;

	scene_begin(&c, status, lifetime_s);
	c.unauthenticated = !wrong_key;
	c.wrong_key = wrong_key;
	if (status == MIP6_BA_SEQ_OUT_OF_WINDOW)
		c.seq_off = 1000;
	bu = see(c.l, SIM_BU, "mn", SIM_S);
	seq = bu->mh.u.bu.seq;
	at_us = bu->at_us;
	bu = see(c.l, SIM_BU, "mn", 40 * SIM_S);
	assert_int_equal(bu->mh.u.bu.seq, (uint16_t)(seq + 1));
	assert_int_equal(bu->at_us - at_us,
	    status == MIP6_BA_AUTH_FAIL ? 32 * SIM_S + LADDER_RTT_US :
					  1500 * SIM_MS);
	r = ladder_registration(c.l);
	assert_int_equal(r.left.us, 0);
	assert_false(r.last_status_authentic);

	/* The real home agent is believed at once. */
	c.unauthenticated = c.wrong_key = false;
	c.status = MIP6_BA_ACCEPTED;
	c.lifetime_s = 60;
	c.seq_off = 0;
	assert_true(sim_world_registered(&c.l->w, 0, "a", 40 * SIM_S));
	scene_end(&c);
}

static void
unauthenticated(void **state)
{
	static const uint8_t status[] = { MIP6_BA_ACCEPTED,
		MIP6_BA_REASON_UNSPECIFIED, MIP6_BA_ADMIN_PROHIBITED,
		MIP6_BA_SEQ_OUT_OF_WINDOW, MIP6_BA_ID_MISMATCH,
		MIP6_BA_AUTH_FAIL, MIP6_BA_NOT_HOME_AGENT };
	size_t i;

	(void)state;
	for (i = 0; i < MIP6_COUNT(status); i++) {
		unauthenticated_ignored(status[i],
		    status[i] == MIP6_BA_ACCEPTED ? 60 : 0, false);
		unauthenticated_ignored(status[i],
		    status[i] == MIP6_BA_ACCEPTED ? 60 : 0, true);
	}
}

/* The answer to another update, or to nobody's timestamp, is no answer. */
static void
not_ours(void **state)
{
	struct scene c;

	(void)state;
	scene_begin(&c, MIP6_BA_ACCEPTED, 60);
	c.seq_off = 1;
	sim_run(&c.l->w.sim, SIM_S);
	assert_int_equal(ladder_registration(c.l).left.us, 0);
	assert_int_equal(sim_daemon_drops(&c.l->w.mn[0].daemon,
			     MIP6_DROP_BA_SEQUENCE),
	    1);
	c.seq_off = 0;
	c.replay_off = 1;
	sim_run(&c.l->w.sim, SIM_S);
	assert_int_equal(ladder_registration(c.l).left.us, 0);
	assert_int_equal(sim_daemon_drops(&c.l->w.mn[0].daemon,
			     MIP6_DROP_BA_ID),
	    1);
	c.replay_off = 0;
	assert_true(sim_world_registered(&c.l->w, 0, "a", 10 * SIM_S));
	scene_end(&c);
}

/* A de-registration's answer for a registration, and a lifetime too long. */
static void
lifetime_out_of_place(void **state)
{
	struct scene c;

	(void)state;
	scene_begin(&c, MIP6_BA_ACCEPTED, 0);
	sim_run(&c.l->w.sim, SIM_S);
	assert_int_equal(ladder_registration(c.l).left.us, 0);
	assert_int_equal(sim_daemon_drops(&c.l->w.mn[0].daemon,
			     MIP6_DROP_BA_LIFETIME),
	    1);
	/* R10.3.1-14: nobody grants more than was asked for. */
	c.lifetime_s = 65535 * 4;
	assert_true(sim_world_registered(&c.l->w, 0, "a", 10 * SIM_S));
	assert_true(ladder_registration(c.l).left.us <= 420 * SIM_S);
	scene_end(&c);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(accepted),
		cmocka_unit_test(refused_for_now),
		cmocka_unit_test(refused_for_good),
		cmocka_unit_test(refused_with_nonces),
		cmocka_unit_test(sequence_adopted),
		cmocka_unit_test(unauthenticated),
		cmocka_unit_test(not_ours),
		cmocka_unit_test(lifetime_out_of_place),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
