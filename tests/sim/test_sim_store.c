/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A home agent that dies and comes back: what it acknowledged is there, and
 * what was refused before is refused after.
 *
 * Implements (as a test of): RFC 6275 sections 10.3.1 and 10.4.1; RFC 4285
 * section 6.
 */
#include "sim/ladder.h"

#include <errno.h>

static struct ladder *
store_begin(void)
{
	struct ladder *l = ladder_begin(NULL);

	l->check.strays = true; /* while nobody is there to take them */
	l->w.had.conf.ha.durability = MIP6_DURABILITY_SYNC;
	sim_world_start(&l->w);
	return l;
}

static struct ladder *
store_registered(const char *link)
{
	struct ladder *l = store_begin();

	sim_world_move(&l->w, 0, link, 0);
	assert_true(sim_world_registered(&l->w, 0, link, 20 * SIM_S));
	sim_look_away(&l->x);
	return l;
}

static bool
store_bound(struct ladder *l, struct mip6_show_binding *b)
{
	return sim_daemon_binding(&l->w.had, &l->w.mn[0].hoa, b) &&
	    strcmp(b->state, "registered") == 0;
}

/* The home agent restarts; the mobile node hears and does nothing of it. */
static void
test_restart_under_traffic(void **state)
{
	struct ladder *l = store_registered("a");
	struct mip6_show_binding before, after;
	uint32_t answered;

	(void)state;
	assert_true(store_bound(l, &before));
	sim_ping_start(&l->w.transport, &l->ping, &l->w.mn[0].host, &l->w.cn,
	    &l->w.cn_addr, &l->w.mn[0].hoa, 10 * SIM_MS);
	sim_run(&l->w.sim, SIM_S);
	assert_true(l->ping.answered > 0);
	sim_daemon_kill(&l->w.had);
	sim_run(&l->w.sim, SIM_S);
	answered = l->ping.answered;
	sim_daemon_start(&l->w.had);
	sim_run(&l->w.sim, 500 * SIM_MS);
	assert_true(l->ping.answered > answered);
	answered = l->ping.answered;
	see_no(l, SIM_BU, NULL, SIM_S);
	assert_true(l->ping.answered >= answered + 90);
	assert_true(store_bound(l, &after));
	assert_addr(before.coa, after.coa);
	assert_int_equal(before.seq, after.seq);
	assert_true(after.left.us < before.left.us);
	sim_ping_stop(&l->ping);
	ladder_end(l);
}

/* How many updates were accepted, by the log of who accepts. */
static void
count_accepted(void *arg, struct sim_daemon *d, const char *event,
    const struct mip6_kv *kv, size_t count)
{
	unsigned int *accepted = arg;

	(void)d;
	(void)kv;
	(void)count;
	*accepted += strcmp(event, "binding.new") == 0;
}

/*
 * The home agent dies `after_us` of a move, and comes back.  Returns whether
 * it had accepted the registration; that one must be there.
 */
static bool
crash(int64_t after_us, bool ahead)
{
	struct sim_world_conf c = { .act_us = 2 * SIM_MS };
	struct ladder *l = ladder_begin(&c);
	struct mip6_show_binding b;
	unsigned int accepted = 0;

	l->w.had.conf.ha.durability = MIP6_DURABILITY_SYNC;
	l->w.had.store.ahead = ahead;
	l->check.strays = true; /* while nobody is there to take them */
	l->w.had.on_log = count_accepted;
	l->w.had.on_log_arg = &accepted;
	sim_world_start(&l->w);
	sim_run(&l->w.sim, 5 * SIM_S);
	sim_world_move(&l->w, 0, "a", 0);
	sim_run(&l->w.sim, after_us);
	sim_daemon_kill(&l->w.had);
	l->w.had.on_log = NULL;
	sim_daemon_start(&l->w.had);
	sim_run(&l->w.sim, SIM_MS);
	if (accepted > 0)
		assert_true(store_bound(l, &b));
	/* And all is well in the end, whatever happened. */
	assert_true(sim_world_registered(&l->w, 0, "a", 60 * SIM_S));
	ladder_end(l);
	return accepted > 0;
}

/* At any moment around the acknowledgement. */
static void
test_crash_at_any_point(void **state)
{
	int64_t low = 0, high = 20 * SIM_S, at;
	int ahead, accepted = 0, not_yet = 0;

	(void)state;
	/* When it is accepted, to the millisecond. */
	while (high - low > SIM_MS) {
		at = low + (high - low) / 2;
		if (crash(at, false))
			high = at;
		else
			low = at;
	}
	for (ahead = 0; ahead < 2; ahead++)
		for (at = high - 20 * SIM_MS; at < high + 20 * SIM_MS;
		     at += SIM_MS / 2)
			if (crash(at, ahead != 0))
				accepted++;
			else
				not_yet++;
	assert_true(accepted > 20 && not_yet > 20);
}

/* A store that is not whole is no obstacle to new registrations. */
static void
test_damaged(void **state)
{
	struct ladder *l = store_registered("a");
	struct mip6_show_binding b;

	(void)state;
	l->w.had.store.damaged = true;
	sim_daemon_kill(&l->w.had);
	sim_daemon_start(&l->w.had);
	sim_run(&l->w.sim, SIM_S);
	assert_false(store_bound(l, &b));
	sim_daemon_command(&l->w.mn[0].daemon, MIP6_CMD_FLUSH_REGISTRATION,
	    NULL);
	sim_run(&l->w.sim, 5 * SIM_S);
	assert_true(store_bound(l, &b));
	assert_non_null(sim_store_find(&l->w.had.store, MIP6_STORE_BINDING,
	    &l->w.mn[0].hoa));
	ladder_end(l);
}

/* One turned bit: that record is not believed, and goes. */
static void
test_bit_turned(void **state)
{
	struct ladder *l = store_registered("a");
	struct sim_store_record *r;
	struct mip6_show_binding b;

	(void)state;
	r = sim_store_find(&l->w.had.store, MIP6_STORE_BINDING,
	    &l->w.mn[0].hoa);
	assert_non_null(r);
	sim_daemon_kill(&l->w.had);
	r->octets[8] ^= 1;
	sim_daemon_start(&l->w.had);
	sim_run(&l->w.sim, SIM_S);
	assert_false(store_bound(l, &b));
	assert_null(sim_store_find(&l->w.had.store, MIP6_STORE_BINDING,
	    &l->w.mn[0].hoa));
	ladder_end(l);
}

/* An update that was accepted once is not accepted by the next life. */
static void
test_replay_after_restart(void **state)
{
	static const int64_t clock_us[] = { 0, -60 * SIM_S };
	struct mip6_show_binding b;
	struct sim_message m;
	struct sim_puppet p;
	struct ladder *l;
	uint64_t drops;
	size_t i;

	(void)state;
	for (i = 0; i < 2; i++) {
		l = ladder_begin(NULL);
		l->check.puppets = true;
		l->w.had.conf.ha.durability = MIP6_DURABILITY_SYNC;
		sim_puppet_init(&p, &l->w.peer, &l->w.peer_addr,
		    &l->w.had.mobile[0].sa);
		sim_daemon_start(&l->w.had);
		sim_run(&l->w.sim, 3 * SIM_S);
		m = sim_puppet_bu(&p, &l->w, &l->w.mn[0].hoa, 7, 400);
		sim_puppet_send(&p, &m);
		sim_run(&l->w.sim, 5 * SIM_S);
		assert_true(store_bound(l, &b));
		/* Forgotten by an operator, and by the next life. */
		sim_daemon_command(&l->w.had, MIP6_CMD_FLUSH_BINDING,
		    &l->w.mn[0].hoa);
		sim_run(&l->w.sim, SIM_S);
		sim_daemon_kill(&l->w.had);
		l->w.had.wall_offset_us += clock_us[i];
		sim_daemon_start(&l->w.had);
		sim_run(&l->w.sim, 3 * SIM_S);
		drops = sim_daemon_drops(&l->w.had, MIP6_DROP_BU_ID_REPLAY) +
		    sim_daemon_drops(&l->w.had, MIP6_DROP_BU_ID_MISMATCH);
		sim_puppet_send(&p, &m);
		sim_run(&l->w.sim, SIM_S);
		assert_false(store_bound(l, &b));
		assert_true(
		    sim_daemon_drops(&l->w.had, MIP6_DROP_BU_ID_REPLAY) +
			sim_daemon_drops(&l->w.had, MIP6_DROP_BU_ID_MISMATCH) ==
		    drops + 1);
		ladder_end(l);
	}
}

/* The disk is full: no promise, and again one when there is room. */
static void
test_disk_full(void **state)
{
	struct ladder *l = store_begin();
	const struct sim_sight *s;

	(void)state;
	sim_run(&l->w.sim, 3 * SIM_S);
	l->w.had.fail_next[MIP6_ACT_STORE] = ENOSPC;
	sim_look_away(&l->x);
	sim_world_move(&l->w, 0, "a", 0);
	s = see(l, SIM_BA, "ha", 20 * SIM_S);
	assert_int_equal(s->mh.u.ba.status, MIP6_BA_INSUFFICIENT_RESOURCES);
	assert_true(sim_world_registered(&l->w, 0, "a", 120 * SIM_S));
	ladder_end(l);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_restart_under_traffic),
		cmocka_unit_test(test_crash_at_any_point),
		cmocka_unit_test(test_damaged),
		cmocka_unit_test(test_bit_turned),
		cmocka_unit_test(test_replay_after_restart),
		cmocka_unit_test(test_disk_full),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
