/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The platform's contract, on a host of the test's own.
 *
 * Every effect is undone to the last word of what the host says of itself: by
 * its undo, by the end of the platform, and by the next start after a kill.
 * Knows no system: the same program runs wherever there is a host.h.
 */
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "fix.h"

static void
test_each_effect_and_its_undo(void **state)
{
	struct fix *f = *state;
	char *before, *during, *after;
	size_t i;

	fix_start(f);
	for (i = 0; i < FIX_EFFECTS; i++) {
		before = host_snapshot();
		assert_int_equal(fix_do(f, fix_effect(i, true)),
		    fix_effect_end(i));
		during = host_snapshot();
		if (strcmp(before, during) == 0 && fix_effect_shows(i))
			fail_msg("no effect: %s", fix_effect_name[i]);
		/* A second time changes nothing. */
		assert_int_equal(fix_do(f, fix_effect(i, true)),
		    fix_effect_end(i));
		after = host_snapshot();
		fix_same(during, after, fix_effect_name[i]);
		free(after);
		assert_int_equal(fix_do(f, fix_effect(i, false)),
		    fix_effect_end(i));
		after = host_snapshot();
		fix_same(before, after, fix_effect_name[i]);
		free(after);
		/* Nor does undoing what is not there. */
		assert_int_equal(fix_do(f, fix_effect(i, false)),
		    fix_effect_end(i));
		after = host_snapshot();
		fix_same(before, after, fix_effect_name[i]);
		free(before);
		free(during);
		free(after);
	}
}

static void
test_port_and_its_undo(void **state)
{
	struct fix *f = *state;
	char *before, *during, *after;
	struct mip6_port *port;
	char err[256] = "";

	fix_start(f);
	before = host_snapshot();
	port = mip6_plat_port_open(f->plat, fix_link(f, HOST_LINK), err,
	    sizeof(err));
	if (port == NULL)
		fail_msg("%s", err);
	during = host_snapshot();
	if (!host_lacks(HOST_LACK_INGRESS))
		assert_string_not_equal(before, during);
	mip6_plat_port_close(f->plat, port);
	after = host_snapshot();
	fix_same(before, after, "port");
	free(before);
	free(during);
	free(after);
}

static void
test_free_undoes_everything(void **state)
{
	struct fix *f = *state;
	char *before = host_snapshot();
	char *after;
	int round;

	for (round = 0; round < 2; round++) {
		fix_start(f);
		fix_all_on(f);
		fix_stop(f);
		after = host_snapshot();
		fix_same(before, after, "all");
		free(after);
	}
	free(before);
}

/* Undone in another order than made, and half of it made again. */
static void
test_any_order(void **state)
{
	struct fix *f = *state;
	char *before = host_snapshot();
	char *after;
	size_t i;

	fix_start(f);
	fix_all_on(f);
	for (i = 0; i < FIX_EFFECTS; i += 2)
		assert_int_equal(fix_do(f, fix_effect(i, false)),
		    fix_effect_end(i));
	for (i = 0; i < FIX_EFFECTS; i += 4)
		assert_int_equal(fix_do(f, fix_effect(i, true)),
		    fix_effect_end(i));
	for (i = 0; i < FIX_EFFECTS; i += 3)
		assert_int_equal(fix_do(f, fix_effect(i, false)),
		    fix_effect_end(i));
	fix_stop(f);
	after = host_snapshot();
	fix_same(before, after, "some");
	free(before);
	free(after);
}

/* A child makes effect `i` (all: FIX_EFFECTS) and is killed while it is on. */
static void
kill_with_effect(struct fix *f, size_t i)
{
	int told[2], status;
	char word;
	pid_t child;

	assert_int_equal(pipe(told), 0);
	child = fork();
	assert_true(child >= 0);
	if (child == 0) {
		fix_start(f);
		if (i < FIX_EFFECTS)
			FIX_CHECK(fix_do(f, fix_effect(i, true)) ==
			    fix_effect_end(i));
		else
			fix_all_on(f);
		if (write(told[1], "x", 1) != 1)
			_exit(1);
		pause();
		_exit(1);
	}
	close(told[1]);
	assert_int_equal(read(told[0], &word, 1), 1);
	close(told[0]);
	assert_int_equal(kill(child, SIGKILL), 0);
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_true(WIFSIGNALED(status));
}

static void
test_kill_and_recover(void **state)
{
	struct fix *f = *state;
	char *before = host_snapshot();
	char *after;
	char err[256] = "";
	size_t i;
	int undone;

	for (i = 0; i <= FIX_EFFECTS; i++) {
		kill_with_effect(f, i);
		f->plat = fix_new(f, err, sizeof(err));
		assert_non_null(f->plat);
		undone = mip6_plat_recover(f->plat);
		after = host_snapshot();
		fix_same(before, after,
		    i < FIX_EFFECTS ? fix_effect_name[i] : "all");
		free(after);
		assert_true(i < FIX_EFFECTS || undone > 0);
		assert_int_equal(mip6_plat_recover(f->plat), 0);
		fix_stop(f);
	}
	/* Also when nobody asks: a start begins with it. */
	kill_with_effect(f, FIX_EFFECTS);
	fix_start(f);
	fix_stop(f);
	after = host_snapshot();
	fix_same(before, after, "start");
	free(before);
	free(after);
}

/* Makes and undoes effects until it is killed; a word for each one begun. */
_Noreturn static void
kill_busy_child(struct fix *f, int tell, uint64_t seed)
{
	const uint64_t round = seed;
	size_t i;

	fix_start(f);
	for (;;) {
		if (write(tell, "x", 1) != 1)
			_exit(1);
		seed = seed * 6364136223846793005u + 1442695040888963407u;
		i = (size_t)(seed >> 33) % FIX_EFFECTS;
		/*
		 * A home agent forwards, a mobile node has optimistic
		 * addresses.  With both, Linux counts its subnet-router
		 * anycast address twice and never lets go of it.
		 */
		if (i == (round % 2 == 0 ? 2 : 13))
			continue;
		(void)fix_do_async(f, fix_effect(i, (seed >> 60) % 4 != 0));
		f->next = 1 + f->next % 4000;
		f->done[f->next] = 0;
		fix_pump(f, 0);
	}
}

static void
test_kill_at_any_moment(void **state)
{
	struct fix *f = *state;
	char *before = host_snapshot();
	char *after;
	char word[64];
	uint64_t round;
	size_t left;
	ssize_t n;
	int told[2];
	pid_t child;

	for (round = 1; round <= 24; round++) {
		assert_int_equal(pipe(told), 0);
		child = fork();
		assert_true(child >= 0);
		if (child == 0)
			kill_busy_child(f, told[1], round);
		close(told[1]);
		/* While it is busy with its next one. */
		for (left = 1 + (size_t)round * 3; left > 0;
		     left -= (size_t)n) {
			n = read(told[0], word,
			    left < sizeof(word) ? left : sizeof(word));
			assert_true(n > 0);
		}
		assert_int_equal(kill(child, SIGKILL), 0);
		assert_int_equal(waitpid(child, NULL, 0), child);
		close(told[0]);
		fix_start(f);
		fix_stop(f);
		after = host_snapshot();
		fix_same(before, after, "killed");
		free(after);
	}
	free(before);
}

static void
test_one_at_a_time(void **state)
{
	struct fix *f = *state;
	char err[256] = "";

	fix_start(f);
	assert_null(fix_new(f, err, sizeof(err)));
	assert_non_null(strstr(err, "another mip6d"));
	assert_non_null(strstr(err, f->folder));
	/* And the one that runs is none the worse. */
	assert_int_equal(fix_do(f, fix_effect(0, true)), 0);
}

static struct mip6_action
bad_action(size_t i)
{
	struct mip6_action a;

	memset(&a, 0, sizeof(a));
	switch (i) {
	case 0: /* a kind of the path's */
		a.kind = MIP6_ACT_SEND;
		return a;
	case 1:
		a.kind = MIP6_ACT_LOCAL;
		return a;
	case 2: /* TUN_MTU below what IPv6 needs */
		a.kind = MIP6_ACT_TUN_MTU;
		a.u.set.mtu = 1279;
		return a;
	case 3:
		a = fix_effect(0, true);
		a.u.addr.addr = mip6_addr_any;
		return a;
	case 4:
		a = fix_effect(1, true);
		a.u.addr.addr = fix_a("ff02::1");
		return a;
	case 5:
		a = fix_effect(1, true);
		a.u.addr.bits = 129;
		return a;
	case 6:
		a = fix_effect(1, true);
		a.u.addr.ifindex = 9999;
		return a;
	case 7:
		a = fix_effect(1, true);
		a.u.addr.valid.us = -1;
		return a;
	case 8:
		a = fix_effect(1, true);
		a.u.addr.valid = MIP6_SPAN_S(10);
		return a;
	case 9:
		a = fix_effect(3, true);
		a.u.route.dst.addr.b[15] = 1;
		return a;
	case 10:
		a = fix_effect(3, true);
		a.u.route.dst.bits = 200;
		return a;
	case 11:
		a = fix_effect(3, true);
		a.u.route.ifindex = 9999;
		return a;
	case 12:
		a = fix_effect(6, true);
		a.u.route.gateway = fix_a("ff02::2");
		return a;
	case 13:
		a = fix_effect(3, true);
		a.u.route.table = (enum mip6_table)77;
		return a;
	case 14:
		a = fix_effect(7, true);
		a.u.rule.src = mip6_addr_any;
		return a;
	case 15:
		a = fix_effect(7, true);
		a.u.rule.table = (enum mip6_table)77;
		return a;
	case 16:
		a = fix_effect(9, true);
		a.u.set.addr = fix_a("2001:db8::1");
		return a;
	case 17:
		a = fix_effect(9, true);
		a.u.set.ifindex = 9999;
		return a;
	case 18:
		a = fix_effect(10, true);
		a.u.set.ifindex = 9999;
		return a;
	case 19:
		a = fix_effect(10, true);
		a.u.set.ifindex = 0;
		return a;
	case 20:
		a = fix_effect(11, true);
		a.u.set.addr = mip6_addr_any;
		return a;
	case 21:
		a = fix_effect(12, true);
		a.u.set.addr = fix_a("ff02::1");
		return a;
	case 22:
		a.kind = MIP6_ACT_ROUTE_GET;
		return a;
	case 23:
		a.kind = MIP6_ACT_ROUTE_GET;
		a.u.dst = fix_a("ff02::1");
		return a;
	case 24:
		a.kind = (enum mip6_action_kind)99;
		return a;
	case 25: /* nothing leads there */
		a.kind = MIP6_ACT_ROUTE_GET;
		a.u.dst = fix_a("2001:db8:ffff::1");
		return a;
	default:
		break;
	}
	fail();
	return a;
}

#define BAD_ACTIONS 26

static void
test_invalid_is_refused(void **state)
{
	struct fix *f = *state;
	char *before, *after;
	size_t i;

	fix_start(f);
	before = host_snapshot();
	for (i = 0; i < BAD_ACTIONS; i++) {
		if (fix_do(f, bad_action(i)) == 0)
			fail_msg("not refused: %zu", i);
	}
	after = host_snapshot();
	fix_same(before, after, "refused");
	free(after);
	fix_stop(f);
	/* Nothing of it is left to be undone either. */
	fix_start(f);
	after = host_snapshot();
	for (i = 0; i < BAD_ACTIONS; i++)
		assert_int_equal(f->done[i + 1], 1);
	free(before);
	free(after);
}

/* Many at once: each ends once, and none before it was asked for. */
static void
test_done_once(void **state)
{
	struct fix *f = *state;
	uint64_t first = 0, last = 0, id;
	size_t round, i;

	fix_start(f);
	for (round = 0; round < 40; round++) {
		for (i = 0; i < FIX_EFFECTS; i++) {
			last = fix_do_async(f, fix_effect(i, round % 2 == 0));
			if (first == 0)
				first = last;
			(void)fix_do_async(f, bad_action(round % 24));
		}
	}
	last++;
	FIX_WAIT(f, f->done[last] > 0);
	fix_pump(f, 100);
	fix_pump(f, 100);
	for (id = first; id <= last; id++) {
		assert_int_equal(f->done[id], 1);
		if ((id - first) % 2 == 0)
			assert_int_equal(f->error[id],
			    fix_effect_end((id - first) / 2 % FIX_EFFECTS));
		else
			assert_int_not_equal(f->error[id], 0);
	}
	/* Also for whom no id waits. */
	f->done[0] = 0;
	mip6_plat_do(f->plat,
	    &(struct mip6_action){ .kind = MIP6_ACT_TUN_MTU,
		.u.set.mtu = 1400 });
	FIX_WAIT(f, f->done[0] == 1);
}

static void
test_not_started(void **state)
{
	struct fix *f = *state;
	char err[256] = "";

	f->plat = fix_new(f, err, sizeof(err));
	assert_non_null(f->plat);
	assert_null(mip6_plat_tun_port(f->plat));
	assert_int_not_equal(fix_do(f, fix_effect(0, true)), 0);
}

int
main(void)
{
#define CASE(name)                                                             \
	cmocka_unit_test_setup_teardown(name, fix_setup, fix_teardown)
	const struct CMUnitTest tests[] = {
		CASE(test_each_effect_and_its_undo),
		CASE(test_port_and_its_undo),
		CASE(test_free_undoes_everything),
		CASE(test_any_order),
		CASE(test_kill_and_recover),
		CASE(test_kill_at_any_moment),
		CASE(test_one_at_a_time),
		CASE(test_invalid_is_refused),
		CASE(test_done_once),
		CASE(test_not_started),
	};

	/* 77: skipped, as the runner takes it. */
	if (!host_enter()) {
		printf("no host can be made here\n");
		return 77;
	}
	return cmocka_run_group_tests(tests, NULL, NULL);
}
