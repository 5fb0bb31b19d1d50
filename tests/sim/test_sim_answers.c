/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Every answer that a home agent can give, and some that it cannot: what the
 * mobile node does.  The home agent is a puppet that answers as it is told.
 *
 * Implements (as a test of): RFC 6275 sections 6.1.8, 11.3.6, 11.7.3, 11.7.4;
 * RFC 4285 sections 5.3 and 6.
 */
#include "base/fmt.h"
#include "sim/ladder.h"

/* A home agent made of one answer. */
struct agent {
	struct ladder *l;
	struct sim_puppet p, stranger;
	bool silent;
	uint8_t status;
	int64_t lifetime_s;
	uint16_t seq;     /* of a 135 */
	uint32_t updates; /* heard */
	/* Changes the answer; NULL: as a home agent would give it. */
	void (*bend)(struct sim_message *m);
	bool from_stranger;
};

static void
agent_heard(void *arg, struct sim_puppet *p, const struct sim_sight *bu)
{
	struct agent *a = arg;
	struct sim_message m;

	if (bu->kind != SIM_BU)
		return;
	a->updates++;
	if (a->silent)
		return;
	m = sim_puppet_ba(p, bu, a->status, a->lifetime_s);
	if (a->status == MIP6_BA_SEQ_OUT_OF_WINDOW)
		m.mh.u.ba.seq = a->seq;
	if (a->bend != NULL)
		a->bend(&m);
	if (a->from_stranger)
		m.src = a->stranger.addr;
	sim_puppet_send(a->from_stranger ? &a->stranger : p, &m);
}

/* The mobile node's daemon alone runs; it is on no link yet. */
static struct agent *
agent_begin(uint8_t status, int64_t lifetime_s)
{
	struct agent *a = sim_alloc(sizeof(*a));
	struct ladder *l = ladder_begin(NULL);

	a->l = l;
	a->status = status;
	a->lifetime_s = lifetime_s;
	l->check.puppets = true;
	sim_puppet_init(&a->p, &l->w.ha, &l->w.ha_addr, &l->w.had.mobile[0].sa);
	a->p.heard = agent_heard;
	a->p.arg = a;
	sim_puppet_init(&a->stranger, &l->w.cn, &l->w.cn_addr,
	    &l->w.had.mobile[0].sa);
	sim_daemon_start(&l->w.mn[0].daemon);
	sim_run(&l->w.sim, 3 * SIM_S);
	return a;
}

static void
agent_end(struct agent *a)
{
	ladder_end(a->l);
	sim_free(a);
}

/* The first update, on link a; it is answered one round trip later. */
static const struct sim_sight *
agent_asked(struct agent *a)
{
	const struct sim_sight *bu;

	sim_look_away(&a->l->x);
	sim_world_move(&a->l->w, 0, "a", 0);
	bu = see(a->l, SIM_BU, "mn", SIM_S);
	assert_int_equal(bu->at_us, a->l->w.sim.now_us);
	return bu;
}

static uint64_t
dropped(const struct agent *a, enum mip6_drop why)
{
	return sim_daemon_drops(&a->l->w.mn[0].daemon, why);
}

/* Does the node say why nothing flows? */
static bool
agent_why(const struct agent *a)
{
	const struct sim_daemon *d = &a->l->w.mn[0].daemon;
	struct mip6_now now = sim_daemon_now(d);
	char text[256] = "";
	struct mip6_fmt f = mip6_fmt_make(text, sizeof(text));

	mip6_show_why(mip6_engine_node(d->engine), &now, &f);
	return text[0] != '\0';
}

/* ---- one row for each status ---- */

enum then { THEN_BOUND, THEN_AT_ONCE, THEN_SLOWLY, THEN_LATER };

static const struct {
	uint8_t status;
	enum then then;
} answer[] = {
	{ MIP6_BA_ACCEPTED, THEN_BOUND },
	{ MIP6_BA_ACCEPTED_PREFIX_DISCOVERY, THEN_BOUND },
	{ 2, THEN_BOUND }, /* R6.1.8-05: below 128, whatever it is */
	{ 127, THEN_BOUND }, { MIP6_BA_REASON_UNSPECIFIED, THEN_SLOWLY },
	{ 129, THEN_LATER }, /* administratively prohibited */
	{ MIP6_BA_INSUFFICIENT_RESOURCES, THEN_SLOWLY },
	{ MIP6_BA_HOME_REG_NOT_SUPPORTED, THEN_LATER },
	{ MIP6_BA_NOT_HOME_SUBNET, THEN_LATER },
	{ MIP6_BA_NOT_HOME_AGENT, THEN_LATER },
	{ MIP6_BA_DAD_FAILED, THEN_LATER },
	{ MIP6_BA_SEQ_OUT_OF_WINDOW, THEN_AT_ONCE },
	{ MIP6_BA_EXPIRED_HOME_NONCE, THEN_SLOWLY },
	{ MIP6_BA_EXPIRED_COA_NONCE, THEN_SLOWLY },
	{ MIP6_BA_EXPIRED_NONCES, THEN_SLOWLY },
	{ MIP6_BA_REG_TYPE_CHANGE, THEN_LATER }, { 140, THEN_LATER },
	{ 141, THEN_LATER }, { 142, THEN_LATER }, { 143, THEN_LATER },
	{ MIP6_BA_ID_MISMATCH, THEN_AT_ONCE },
	{ MIP6_BA_MESG_ID_REQD, THEN_SLOWLY },
	{ MIP6_BA_AUTH_FAIL, THEN_SLOWLY }, { MIP6_BA_INVALID_COA, THEN_LATER },
	{ 200, THEN_LATER }, /* nobody knows what it means */
};

static void
then_next(struct agent *a, enum then then, int64_t ba_us)
{
	struct ladder *l = a->l;
	const struct sim_sight *bu;

	static const int64_t after_us[] = { [THEN_AT_ONCE] = 0,
		[THEN_SLOWLY] = 32 * SIM_S,
		[THEN_LATER] = 600 * SIM_S };

	bu = see(l, SIM_BU, "mn", 700 * SIM_S);
	assert_int_equal(bu->at_us, ba_us + after_us[then]);
}

static void
status_of(uint8_t status, enum then then)
{
	struct agent *a = agent_begin(status, status < 128 ? 420 : 0);
	const struct sim_sight *bu = agent_asked(a);
	int64_t ba_us = bu->at_us + LADDER_RTT_US;
	struct mip6_show_registration r;

	sim_run_until(&a->l->w.sim, ba_us);
	sim_run(&a->l->w.sim, 0);
	r = ladder_registration(a->l);
	if (then == THEN_AT_ONCE) {
		/* The node has asked anew: that is what is under way. */
		then_next(a, then, ba_us);
		agent_end(a);
		return;
	}
	assert_int_equal(r.last_status, status);
	assert_true(r.last_status_authentic);
	if (then == THEN_BOUND) {
		assert_string_equal(r.state, "registered");
		assert_addr(r.coa, bu->v.ip.src);
		assert_int_equal(r.left.us, 420 * SIM_S - LADDER_RTT_US);
		see_no(a->l, SIM_BU, "mn", 300 * SIM_S);
	} else {
		assert_string_equal(r.state, "registering");
		assert_addr(r.coa, mip6_addr_any);
		assert_true(agent_why(a));
		then_next(a, then, ba_us);
	}
	agent_end(a);
}

static void
every_status(void **state)
{
	size_t i;

	(void)state;
	for (i = 0; i < MIP6_COUNT(answer); i++)
		status_of(answer[i].status, answer[i].then);
}

/* What was refused for good is asked for again at another place. */
static void
refused_until_it_moves(void **state)
{
	struct agent *a = agent_begin(MIP6_BA_NOT_HOME_SUBNET, 0);

	(void)state;
	(void)agent_asked(a);
	see_no(a->l, SIM_BU, "mn", 100 * SIM_S);
	a->status = MIP6_BA_ACCEPTED;
	a->lifetime_s = 420;
	sim_world_move(&a->l->w, 0, "b", 0);
	assert_true(sim_world_registered(&a->l->w, 0, "b", SIM_S));
	agent_end(a);
}

/* ---- 135 ---- */

/*
 *	mn                                          agent
 *	 |---- BU  seq n --------------------------->|
 *	 |<--- BA  135, seq 40000 -------------------|
 *	 |---- BU  seq 40001 ----------------------->|
 *	 |<--- BA  0 --------------------------------|
 */
static void
number_is_adopted(void **state)
{
	struct agent *a = agent_begin(MIP6_BA_SEQ_OUT_OF_WINDOW, 0);
	const struct sim_sight *bu;
	int64_t at_us;

	(void)state;
	a->seq = 40000;
	at_us = agent_asked(a)->at_us;
	sim_run(&a->l->w.sim, LADDER_DELAY_US + 1);
	a->status = MIP6_BA_ACCEPTED;
	a->lifetime_s = 420;
	bu = see(a->l, SIM_BU, "mn", SIM_S);
	assert_int_equal(bu->at_us, at_us + LADDER_RTT_US);
	assert_int_equal(bu->mh.u.bu.seq, 40001);
	assert_true(sim_world_registered(&a->l->w, 0, "a", LADDER_RTT_US));
	agent_end(a);
}

/* Two who take turns at a number: three times at once, then slowly. */
static void
number_that_runs_away(void **state)
{
	struct agent *a = agent_begin(MIP6_BA_SEQ_OUT_OF_WINDOW, 0);
	const struct sim_sight *bu = agent_asked(a);
	int64_t last_us = bu->at_us;
	int i;

	(void)state;
	for (i = 0; i < 3; i++) {
		a->seq = (uint16_t)(1000 * (i + 1));
		bu = see(a->l, SIM_BU, "mn", SIM_S);
		assert_int_equal(bu->mh.u.bu.seq, 1000 * (i + 1) + 1);
		/* Never more than three in a second (R11.8-05). */
		assert_int_equal(bu->at_us,
		    i < 2 ? last_us + LADDER_RTT_US :
			    last_us + SIM_S - 2 * LADDER_RTT_US);
		last_us = bu->at_us;
	}
	bu = see(a->l, SIM_BU, "mn", 40 * SIM_S);
	assert_int_equal(bu->at_us, last_us + LADDER_RTT_US + 32 * SIM_S);
	agent_end(a);
}

/* ---- answers that are none ---- */

static void
bend_key(struct sim_message *m)
{
	m->wrong_key = true;
}

static void
bend_no_auth(struct sim_message *m)
{
	m->mh.opt.has_mn_ha = false;
}

static void
bend_spi(struct sim_message *m)
{
	m->mh.opt.mn_ha.spi++;
}

static void
bend_seq(struct sim_message *m)
{
	m->mh.u.ba.seq++;
}

static void
bend_seq_older(struct sim_message *m)
{
	m->mh.u.ba.seq--;
}

static void
bend_stamp(struct sim_message *m)
{
	m->mh.opt.replay++;
}

static void
bend_stamp_high(struct sim_message *m)
{
	m->mh.opt.replay += UINT64_C(1) << 32;
}

static void
bend_no_stamp(struct sim_message *m)
{
	m->mh.opt.has_replay = false;
}

static void
bend_no_rh2(struct sim_message *m)
{
	m->rh2 = mip6_addr_any;
}

static void
bend_lifetime(struct sim_message *m)
{
	m->mh.u.ba.lifetime.us = 0;
}

static void
bend_checksum(struct sim_message *m)
{
	m->wrong_checksum = true;
}

static void
bend_cut(struct sim_message *m)
{
	m->cut = 8;
}

static const struct {
	const char *what;
	uint8_t status;
	void (*bend)(struct sim_message *m);
	bool from_stranger;
	enum mip6_drop why;
} none[] = {
	{ "wrong key", 0, bend_key, false, MIP6_DROP_BA_AUTH_FAIL },
	{ "no key", 0, bend_no_auth, false, MIP6_DROP_BA_AUTH_MISSING },
	{ "another SPI", 0, bend_spi, false, MIP6_DROP_BA_AUTH_FAIL },
	{ "a number not sent", 0, bend_seq, false, MIP6_DROP_BA_SEQUENCE },
	{ "a number of before", 0, bend_seq_older, false,
	    MIP6_DROP_BA_SEQUENCE },
	{ "another stamp", 0, bend_stamp, false, MIP6_DROP_BA_ID },
	{ "another second", 0, bend_stamp_high, false, MIP6_DROP_BA_ID },
	{ "no stamp", 0, bend_no_stamp, false, MIP6_DROP_BA_ID },
	{ "a stranger", 0, NULL, true, MIP6_DROP_BA_UNEXPECTED },
	{ "to the care-of address", 0, bend_no_rh2, false,
	    MIP6_DROP_BA_UNEXPECTED },
	{ "no lifetime", 0, bend_lifetime, false, MIP6_DROP_BA_LIFETIME },
	{ "wrong checksum", 0, bend_checksum, false, MIP6_DROP_BAD_CHECKSUM },
	{ "cut", 0, bend_cut, false, MIP6_DROP_TRUNCATED },
	/* Refusals in somebody else's name. */
	{ "132, wrong key", MIP6_BA_NOT_HOME_SUBNET, bend_key, false,
	    MIP6_DROP_BA_UNAUTHENTICATED },
	{ "133, no key", MIP6_BA_NOT_HOME_AGENT, bend_no_auth, false,
	    MIP6_DROP_BA_UNAUTHENTICATED },
	{ "134, another SPI", MIP6_BA_DAD_FAILED, bend_spi, false,
	    MIP6_DROP_BA_UNAUTHENTICATED },
	{ "135, wrong key", MIP6_BA_SEQ_OUT_OF_WINDOW, bend_key, false,
	    MIP6_DROP_BA_UNAUTHENTICATED },
	{ "135, another stamp", MIP6_BA_SEQ_OUT_OF_WINDOW, bend_stamp, false,
	    MIP6_DROP_BA_ID },
	{ "144, wrong key", MIP6_BA_ID_MISMATCH, bend_key, false,
	    MIP6_DROP_BA_UNAUTHENTICATED },
	{ "144, not our stamp", MIP6_BA_ID_MISMATCH, bend_stamp, false,
	    MIP6_DROP_BA_ID },
	{ "146, a number not sent", MIP6_BA_AUTH_FAIL, bend_seq, false,
	    MIP6_DROP_BA_SEQUENCE },
	{ "174, a stranger", MIP6_BA_INVALID_COA, NULL, true,
	    MIP6_DROP_BA_UNEXPECTED },
};

/*
 * R11.7.3-01: ignored, as if it had never come: the next update follows after
 * 1.5 s with the next number, and the right answer to it is believed.
 */
static void
ignored(void **state)
{
	const struct sim_sight *bu, *next;
	struct agent *a;
	size_t i;

	(void)state;
	for (i = 0; i < MIP6_COUNT(none); i++) {
		a = agent_begin(none[i].status, none[i].status == 0 ? 420 : 0);
		a->seq = 40000;
		a->bend = none[i].bend;
		a->from_stranger = none[i].from_stranger;
		bu = agent_asked(a);
		next = see(a->l, SIM_BU, "mn", 2 * SIM_S);
		if (next->at_us != bu->at_us + 1500 * SIM_MS ||
		    dropped(a, none[i].why) != 1)
			print_error("%s\n", none[i].what);
		assert_int_equal(next->at_us, bu->at_us + 1500 * SIM_MS);
		assert_int_equal(next->mh.u.bu.seq,
		    (uint16_t)(bu->mh.u.bu.seq + 1));
		assert_int_equal(dropped(a, none[i].why), 1);
		a->bend = NULL;
		a->from_stranger = false;
		a->status = MIP6_BA_ACCEPTED;
		a->lifetime_s = 420;
		assert_true(
		    sim_world_registered(&a->l->w, 0, "a", LADDER_RTT_US));
		agent_end(a);
	}
}

/*
 *	mn                                          agent
 *	 |---- BU ---------------------------------->|
 *	 |<--- BA  146, not authenticated -----------|
 *	 |  32 s, not 1.5 (RFC 4285 section 5.3)
 *	 |---- BU ---------------------------------->|
 *	 |<--- BA  0 --------------------------------|
 */
static void
unauthenticated_146_slows(void **state)
{
	struct agent *a = agent_begin(MIP6_BA_AUTH_FAIL, 0);
	const struct sim_sight *bu, *next;
	struct mip6_show_registration r;

	(void)state;
	a->bend = bend_no_auth;
	bu = agent_asked(a);
	sim_run(&a->l->w.sim, SIM_S);
	r = ladder_registration(a->l);
	assert_int_equal(r.last_status, MIP6_BA_AUTH_FAIL);
	assert_false(r.last_status_authentic);
	next = see(a->l, SIM_BU, "mn", 40 * SIM_S);
	assert_int_equal(next->at_us, bu->at_us + LADDER_RTT_US + 32 * SIM_S);
	a->bend = NULL;
	a->status = MIP6_BA_ACCEPTED;
	a->lifetime_s = 420;
	assert_true(sim_world_registered(&a->l->w, 0, "a", LADDER_RTT_US));
	agent_end(a);
}

/* It slows, nothing else: the true answer that comes after it counts. */
static void
true_answer_after_146(void **state)
{
	struct agent *a = agent_begin(MIP6_BA_AUTH_FAIL, 0);
	const struct sim_sight *bu;
	struct sim_message m;

	(void)state;
	a->bend = bend_no_auth;
	bu = agent_asked(a);
	sim_run(&a->l->w.sim, SIM_S);
	m = sim_puppet_ba(&a->p, bu, MIP6_BA_ACCEPTED, 420);
	sim_puppet_send(&a->p, &m);
	assert_true(sim_world_registered(&a->l->w, 0, "a", LADDER_RTT_US));
	agent_end(a);
}

/* A binding that lives is not given up for a refusal of its renewal. */
static void
refused_renewal(void **state)
{
	struct agent *a = agent_begin(MIP6_BA_ACCEPTED, 420);
	int64_t at_us = agent_asked(a)->at_us;
	struct mip6_show_registration r;

	(void)state;
	assert_true(sim_world_registered(&a->l->w, 0, "a", SIM_S));
	a->status = MIP6_BA_INSUFFICIENT_RESOURCES;
	a->lifetime_s = 0;
	sim_run_until(&a->l->w.sim, at_us + 316 * SIM_S);
	r = ladder_registration(a->l);
	assert_int_equal(r.last_status, MIP6_BA_INSUFFICIENT_RESOURCES);
	assert_string_equal(r.state, "updating");
	assert_int_equal(r.left.us, 104 * SIM_S);
	sim_run_until(&a->l->w.sim, at_us + 420 * SIM_S);
	r = ladder_registration(a->l);
	assert_string_equal(r.state, "registering");
	assert_int_equal(r.left.us, 0);
	agent_end(a);
}

/* ---- lifetimes, and who asks for a renewal ---- */

static void
bend_advice(struct sim_message *m)
{
	m->mh.opt.has_refresh_advice = true;
	m->mh.opt.refresh_advice = MIP6_SPAN_S(100);
}

static void
bend_late_advice(struct sim_message *m)
{
	m->mh.opt.has_refresh_advice = true;
	m->mh.opt.refresh_advice = MIP6_SPAN_S(400);
}

static void
lifetimes(void **state)
{
	static const struct {
		int64_t granted_s, believed_s, renewed_s;
		void (*bend)(struct sim_message *m);
	} row[] = {
		{ 420, 420, 315, NULL }, { 4, 4, 3, NULL },
		{ 4000, 420, 315, NULL },            /* more than asked */
		{ 420, 420, 100, bend_advice },      /* R6.2.4-02 */
		{ 420, 420, 315, bend_late_advice }, /* no later than ours */
	};
	const struct sim_sight *bu, *next;
	struct agent *a;
	size_t i;

	(void)state;
	for (i = 0; i < MIP6_COUNT(row); i++) {
		a = agent_begin(MIP6_BA_ACCEPTED, row[i].granted_s);
		a->bend = row[i].bend;
		bu = agent_asked(a);
		assert_true(sim_world_registered(&a->l->w, 0, "a", SIM_S));
		assert_int_equal(ladder_registration(a->l).left.us,
		    row[i].believed_s * SIM_S - LADDER_RTT_US);
		next = see(a->l, SIM_BU, "mn", 420 * SIM_S);
		assert_int_equal(next->at_us,
		    bu->at_us + row[i].renewed_s * SIM_S);
		agent_end(a);
	}
}

/* R11.7.3-01: one answer to one update. */
static void
answered_twice(void **state)
{
	struct agent *a = agent_begin(MIP6_BA_ACCEPTED, 420);
	const struct sim_sight *bu = agent_asked(a);
	struct sim_message m;

	(void)state;
	assert_true(sim_world_registered(&a->l->w, 0, "a", SIM_S));
	m = sim_puppet_ba(&a->p, bu, MIP6_BA_REASON_UNSPECIFIED, 0);
	sim_puppet_send(&a->p, &m);
	sim_run(&a->l->w.sim, SIM_S);
	assert_int_equal(dropped(a, MIP6_DROP_BA_SEQUENCE), 1);
	assert_string_equal(ladder_registration(a->l).state, "registered");
	agent_end(a);
}

/* Binding Error 1 and Binding Refresh Request of the agent; of a stranger. */
static void
asked_to_renew(void **state)
{
	static const struct {
		enum mip6_mh_type type;
		bool from_stranger;
		enum mip6_drop why; /* MIP6_DROP_COUNT: it renews */
	} row[] = {
		{ MIP6_MH_BE, false, MIP6_DROP_COUNT },
		{ MIP6_MH_BRR, false, MIP6_DROP_COUNT },
		{ MIP6_MH_BE, true, MIP6_DROP_BE_UNEXPECTED },
		{ MIP6_MH_BRR, true, MIP6_DROP_MH_WRONG_ROLE },
	};
	const struct sim_sight *bu;
	struct sim_message m;
	struct agent *a;
	size_t i;

	(void)state;
	for (i = 0; i < MIP6_COUNT(row); i++) {
		a = agent_begin(MIP6_BA_ACCEPTED, 420);
		bu = agent_asked(a);
		assert_true(sim_world_registered(&a->l->w, 0, "a", SIM_S));
		sim_run(&a->l->w.sim, 10 * SIM_S);
		sim_look_away(&a->l->x);
		memset(&m, 0, sizeof(m));
		m.src = row[i].from_stranger ? a->stranger.addr : a->p.addr;
		m.dst = bu->v.ip.src;
		if (row[i].type == MIP6_MH_BRR)
			m.rh2 = a->l->w.mn[0].hoa;
		m.mh.type = row[i].type;
		if (row[i].type == MIP6_MH_BE) {
			m.mh.u.be.status = MIP6_BE_UNKNOWN_BINDING;
			m.mh.u.be.hoa = a->l->w.mn[0].hoa;
		}
		sim_puppet_send(row[i].from_stranger ? &a->stranger : &a->p,
		    &m);
		if (row[i].why == MIP6_DROP_COUNT) {
			int64_t at_us = a->l->w.sim.now_us;

			bu = see(a->l, SIM_BU, "mn", SIM_S);
			assert_int_equal(bu->at_us, at_us + LADDER_DELAY_US);
		} else {
			see_no(a->l, SIM_BU, "mn", 100 * SIM_S);
			assert_int_equal(dropped(a, row[i].why), 1);
		}
		agent_end(a);
	}
}

/* 133 at home: there is nothing to de-register, which is what was wanted. */
static void
nothing_to_deregister(void **state)
{
	struct agent *a = agent_begin(MIP6_BA_ACCEPTED, 420);
	int64_t at_us;

	(void)state;
	(void)agent_asked(a);
	assert_true(sim_world_registered(&a->l->w, 0, "a", SIM_S));
	a->status = MIP6_BA_NOT_HOME_AGENT;
	a->lifetime_s = 0;
	at_us = a->l->w.sim.now_us;
	sim_world_move(&a->l->w, 0, "home", 0);
	assert_true(sim_world_at_home(&a->l->w, 0, SIM_S));
	assert_int_equal(a->l->w.sim.now_us, at_us);
	sim_look_away(&a->l->x);
	see_no(a->l, SIM_BU, "mn", 100 * SIM_S);
	agent_end(a);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_status),
		cmocka_unit_test(refused_until_it_moves),
		cmocka_unit_test(number_is_adopted),
		cmocka_unit_test(number_that_runs_away),
		cmocka_unit_test(ignored),
		cmocka_unit_test(unauthenticated_146_slows),
		cmocka_unit_test(true_answer_after_146),
		cmocka_unit_test(refused_renewal),
		cmocka_unit_test(lifetimes),
		cmocka_unit_test(answered_twice),
		cmocka_unit_test(asked_to_renew),
		cmocka_unit_test(nothing_to_deregister),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
