/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Route optimization at the mobile node: with whom, when packets go directly
 * and when not, what a move does, what the table holds.
 *
 * Links: core
 */
#include "mn_ro_fix.h"

#include <stdio.h>

static void
hint_of(struct ro_fix *f, const char *src, const char *dst)
{
	struct mip6_event ev;

	memset(&ev, 0, sizeof(ev));
	ev.kind = MIP6_EV_HINT;
	ev.u.hint.kind = MIP6_HINT_NO_ROW;
	ev.u.hint.src = fix_addr(src);
	ev.u.hint.dst = fix_addr(dst);
	fix_give(&f->x, &ev);
}

static uint32_t
entries(struct ro_fix *f)
{
	uint32_t i, count = 0;

	for (i = 0; i < RO_PEERS_MAX; i++)
		count += f->x.node->mn->ro->peer[i].used;
	return count;
}

/* Nobody, those listed, everybody. */
static void
test_policy(void **state)
{
	struct ro_fix *f = ro_new();
	struct mip6_conf conf = f->x.conf;
	struct mip6_event ev;

	(void)state;
	/* R11.3.1-05, and what is no correspondent at all. */
	hint_of(f, FIX_HOA, "fe80::1");
	hint_of(f, FIX_HOA, "ff0e::1");
	hint_of(f, FIX_HOA, "::");
	hint_of(f, FIX_HOA, FIX_HOA);
	hint_of(f, FIX_HOA, FIX_AGENT);
	hint_of(f, "2001:db8:1::101", FIX_PEER);
	assert_int_equal(entries(f), 0);
	hint_of(f, FIX_HOA, FIX_PEER);
	assert_int_equal(entries(f), 1);

	memset(&ev, 0, sizeof(ev));
	ev.kind = MIP6_EV_CONFIG;
	ev.u.conf = &conf;
	conf.mn.optimize = MIP6_OPTIMIZE_LISTED;
	assert_true(
	    mip6_prefix_parse("2001:db8:d::/48", &conf.mn.optimize_prefix[0]));
	conf.mn.optimize_prefixes = 1;
	fix_give(&f->x, &ev);
	/* Who is no longer listed is no longer there. */
	assert_int_equal(entries(f), 0);
	hint_of(f, FIX_HOA, FIX_PEER);
	assert_int_equal(entries(f), 0);
	hint_of(f, FIX_HOA, "2001:db8:d::9");
	assert_int_equal(entries(f), 1);

	f->x.conf.mn.optimize = MIP6_OPTIMIZE_NONE;
	ev.u.conf = &f->x.conf;
	fix_give(&f->x, &ev);
	assert_int_equal(entries(f), 0);
	assert_false(home(&f->x)->row.tell);
	hint_of(f, FIX_HOA, FIX_PEER);
	assert_int_equal(entries(f), 0);
	ro_end(f);
}

/* R5.2.7-05: one test after a move, before the home agent has answered. */
static void
test_move(void **state)
{
	struct ro_fix *f = ro_direct();
	struct mip6_addr old = f->coti_src;
	struct direct_mine to;

	(void)state;
	fix_link(&f->x, false);
	assert_false(ro_mine(f, &to));
	fix_link(&f->x, true);
	fix_ra(&f->x, "2001:db8:b::", 9000);
	assert_int_equal(f->hotis, 1);
	assert_int_equal(f->cotis, 2);
	assert_false(mip6_addr_equal(&f->coti_src, &old));
	assert_true(mip6_addr_equal(&f->coti_src, &home(&f->x)->at.coa));
	ro_cot(f);
	/* R11.7.2-11: the home registration comes first. */
	assert_int_equal(f->bus, 1);
	assert_int_equal(ro_entry(f)->state, RO_TESTING);
	ro_register(f);
	assert_int_equal(f->bus, 2);
	assert_true(ro_bu_right(f));
	assert_true(mip6_addr_equal(&f->bu_ip.ip.src, &f->coti_src));
	assert_false(ro_mine(f, &to));
	ro_ba(f, MIP6_BA_ACCEPTED, true, 0);
	assert_true(ro_mine(f, &to));
	assert_true(mip6_addr_equal(&to.coa, &f->coti_src));
	ro_end(f);
}

/* An answer to the update of the former place binds nothing. */
static void
test_move_in_between(void **state)
{
	struct ro_fix *f = ro_new();
	const struct ro_from from = { .rh2 = true };
	struct direct_mine to;
	struct mh_kbm k;
	struct mip6_mh m;

	(void)state;
	ro_hint(f, MIP6_HINT_NO_ROW);
	ro_hot(f);
	ro_cot(f);
	k = ro_kbm(f);
	ro_move(f, "2001:db8:b::");
	memset(&m, 0, sizeof(m));
	m.type = MIP6_MH_BA;
	m.u.ba.seq = f->bu.u.bu.seq;
	m.u.ba.lifetime = MIP6_SPAN_S(420);
	ro_give(f, &m, &from, &f->bu_ip.ip.src, &k);
	assert_int_equal(fix_drops(&f->x, MIP6_DROP_BA_SEQUENCE), 1);
	assert_false(ro_mine(f, &to));
	assert_int_equal(ro_entry(f)->state, RO_TESTING);
	ro_end(f);
}

/*
 * With both links up, too, the tunnel has the packets until the correspondent
 * knows the new care-of address: what came from the former one would be lost
 * there.
 */
static void
test_two_links(void **state)
{
	struct ro_fix *f = ro_direct();
	struct direct_mine to;

	(void)state;
	/* eth1 is preferred and comes. */
	memcpy(f->x.conf.mn.interface[0], "eth1", 5);
	memcpy(f->x.conf.mn.interface[1], "eth0", 5);
	f->x.conf.mn.interfaces = 2;
	fix_configure(&f->x);
	f->x.ifindex = FIX_IFINDEX + 1;
	fix_link(&f->x, true);
	assert_true(ro_mine(f, &to));
	fix_ra(&f->x, "2001:db8:b::", 9000);
	fix_wait(&f->x, MIP6_SPAN_S(2));
	assert_int_equal(home(&f->x)->at.ifindex, FIX_IFINDEX + 1);
	assert_false(ro_mine(f, &to));
	ro_register(f);
	ro_cot(f);
	assert_false(ro_mine(f, &to));
	ro_ba(f, MIP6_BA_ACCEPTED, true, 0);
	assert_true(ro_mine(f, &to));
	assert_true(mip6_addr_equal(&to.coa, &f->coti_src));
	assert_int_equal(to.ifindex, FIX_IFINDEX + 1);
	ro_end(f);
}

/* R11.7.3-04: renewed when it is used, at three quarters of its life. */
static void
test_refresh(void **state)
{
	struct ro_fix *f = ro_direct();
	struct direct_mine to;

	(void)state;
	fix_wait(&f->x, MIP6_SPAN_S(209));
	ro_hint(f, MIP6_HINT_ROW_USED);
	assert_int_equal(f->hotis + f->cotis + f->bus, 3);
	/* What was used in the first half does not count. */
	fix_wait(&f->x, MIP6_SPAN_S(2));
	assert_true(ro_entry(f)->asked);
	assert_false(ro_entry(f)->in_use);
	ro_hint(f, MIP6_HINT_ROW_USED);
	fix_wait(&f->x, MIP6_SPAN_S(103));
	assert_int_equal(f->hotis + f->cotis + f->bus, 3);
	fix_wait(&f->x, MIP6_SPAN_S(1));
	assert_int_equal(f->hotis, 2);
	assert_int_equal(f->cotis, 2);
	assert_true(ro_mine(f, &to)); /* R5.2.9: meanwhile it goes on */
	ro_hot(f);
	ro_cot(f);
	assert_int_equal(f->bus, 2);
	assert_true(ro_mine(f, &to));
	ro_end(f);
}

/* Nobody uses it: it ends, and the entry some time later (R11.1-02). */
static void
test_unused(void **state)
{
	struct ro_fix *f = ro_direct();
	struct direct_mine to;

	(void)state;
	fix_wait(&f->x, MIP6_SPAN_S(419));
	assert_int_equal(f->hotis + f->cotis + f->bus, 3);
	assert_true(ro_mine(f, &to));
	fix_wait(&f->x, MIP6_SPAN_S(1));
	assert_false(ro_mine(f, &to));
	assert_int_equal(ro_entry(f)->state, RO_IDLE);
	fix_wait(&f->x, MIP6_SPAN_S(601));
	assert_null(ro_entry(f));
	ro_end(f);
}

/* Over is over, whether or not its timer has come already. */
static void
test_over(void **state)
{
	struct ro_fix *f = ro_direct();
	struct direct_mine to;

	(void)state;
	assert_true(ro_mine(f, &to));
	ro_entry(f)->bul.expires = f->x.now.boot;
	mn_ro_changed(f->x.node);
	fix_wait(&f->x, MIP6_SPAN_MS(0));
	assert_int_equal(ro_entry(f)->state, RO_BOUND);
	assert_false(ro_mine(f, &to));
	ro_end(f);
}

/* Late use of a binding that was about to end renews it at once. */
static void
test_used_late(void **state)
{
	struct ro_fix *f = ro_direct();

	(void)state;
	fix_wait(&f->x, MIP6_SPAN_S(350));
	ro_hint(f, MIP6_HINT_ROW_USED);
	assert_int_equal(f->hotis, 2);
	assert_int_equal(f->cotis, 2);
	ro_end(f);
}

/* A peer that is bound with us has a row: its use is what tells of it. */
static void
test_mobile_peer(void **state)
{
	struct ro_fix *f = ro_new();

	(void)state;
	ro_hint(f, MIP6_HINT_ROW_USED);
	assert_int_equal(f->hotis, 1);
	assert_int_equal(f->cotis, 1);
	ro_end(f);
}

static void
flood(struct ro_fix *f, uint32_t from, uint32_t count)
{
	char peer[32];
	uint32_t i;

	for (i = from; i < from + count; i++) {
		(void)snprintf(peer, sizeof(peer), "2001:db8:d::%x", i + 1);
		hint_of(f, FIX_HOA, peer);
	}
}

/* The table is bounded, and what works is not what gives way. */
static void
test_table(void **state)
{
	struct ro_fix *f = ro_direct();
	struct direct_mine to;
	uint32_t i;

	(void)state;
	/* So many new ones a second. */
	f->x.tap = NULL;
	flood(f, 0, 100);
	assert_int_equal(entries(f), 32);
	for (i = 1; i < 20; i++) {
		f->x.acts = f->x.sents = f->x.seen = 0;
		fix_wait(&f->x, MIP6_SPAN_S(1));
		flood(f, i * 100, 100);
	}
	assert_int_equal(entries(f), RO_PEERS_MAX);
	assert_true(ro_mine(f, &to));
	ro_end(f);
}

/* Home address or peer: what was learnt of it is void. */
static void
test_flush(void **state)
{
	struct ro_fix *f = ro_new();
	struct mip6_event ev;

	(void)state;
	ro_hint(f, MIP6_HINT_NO_ROW);
	fix_wait(&f->x, MIP6_SPAN_S(20));
	assert_int_equal(ro_entry(f)->state, RO_DENIED);
	memset(&ev, 0, sizeof(ev));
	ev.kind = MIP6_EV_COMMAND;
	ev.u.command.kind = MIP6_CMD_FLUSH_REGISTRATION;
	ev.u.command.addr = fix_addr("2001:db8:c::101");
	fix_give(&f->x, &ev);
	assert_int_equal(ro_entry(f)->state, RO_DENIED);
	ev.u.command.addr = fix_addr(FIX_PEER);
	fix_give(&f->x, &ev);
	assert_int_equal(ro_entry(f)->state, RO_TESTING);
	assert_int_equal(f->hotis, 4);
	ro_hot(f);
	ro_cot(f);
	ro_ba(f, MIP6_BA_ACCEPTED, true, 0);
	fix_wait(&f->x, MIP6_SPAN_S(2));
	fix_give(&f->x, &ev);
	assert_int_equal(f->hotis, 5);
	ro_end(f);
}

struct seen {
	struct mip6_show_registration reg;
	char why[128];
};

static void
see(void *arg, const struct mip6_show_registration *row)
{
	struct seen *w = arg;

	if (!row->correspondent)
		return;
	w->reg = *row;
	(void)snprintf(w->why, sizeof(w->why), "%s", row->why);
}

/* What `show registrations` says of a correspondent. */
static void
test_show(void **state)
{
	struct ro_fix *f = ro_new();
	struct mip6_addr peer = fix_addr(FIX_PEER);
	struct mip6_show_counts c;
	struct seen w;

	(void)state;
	ro_hint(f, MIP6_HINT_NO_ROW);
	mip6_show_counts(f->x.node, &c);
	assert_int_equal(c.correspondents, 1);
	assert_int_equal(c.direct, 0);
	memset(&w, 0, sizeof(w));
	assert_int_equal(mip6_show_registrations(f->x.node, &f->x.now, 0, 9,
			     see, &w),
	    2);
	assert_true(mip6_addr_equal(&w.reg.agent, &peer));
	assert_string_equal(w.reg.state, "testing");
	assert_string_equal(w.why, "waiting for the home test");
	assert_int_equal(w.reg.home_token.us, -1);
	assert_int_equal(w.reg.unanswered, 2);
	ro_hot(f);
	ro_cot(f);
	ro_ba(f, MIP6_BA_ACCEPTED, true, 0);
	fix_wait(&f->x, MIP6_SPAN_S(12));
	(void)mip6_show_registrations(f->x.node, &f->x.now, 0, 9, see, &w);
	assert_string_equal(w.reg.state, "direct");
	mip6_show_counts(f->x.node, &c);
	assert_int_equal(c.correspondents, 1);
	assert_int_equal(c.direct, 1);
	assert_string_equal(w.why, "");
	assert_int_equal(w.reg.home_token.us, 12000000);
	assert_int_equal(w.reg.care_of_token.us, 12000000);
	assert_int_equal(w.reg.left.us, MIP6_SPAN_S(408).us);
	assert_true(mip6_addr_equal(&w.reg.coa, &f->coti_src));
	/* Too old is none. */
	fix_wait(&f->x, MIP6_SPAN_S(198));
	(void)mip6_show_registrations(f->x.node, &f->x.now, 0, 9, see, &w);
	assert_int_equal(w.reg.home_token.us, -1);
	ro_end(f);

	f = ro_new();
	ro_hint(f, MIP6_HINT_NO_ROW);
	fix_wait(&f->x, MIP6_SPAN_S(17));
	(void)mip6_show_registrations(f->x.node, &f->x.now, 0, 9, see, &w);
	assert_string_equal(w.reg.state, "denied");
	assert_string_equal(w.why, "does not answer; again in 20 s");
	ro_end(f);
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_policy),
		cmocka_unit_test(test_move),
		cmocka_unit_test(test_move_in_between),
		cmocka_unit_test(test_two_links),
		cmocka_unit_test(test_refresh),
		cmocka_unit_test(test_unused),
		cmocka_unit_test(test_over),
		cmocka_unit_test(test_used_late),
		cmocka_unit_test(test_mobile_peer),
		cmocka_unit_test(test_table),
		cmocka_unit_test(test_flush),
		cmocka_unit_test(test_show),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
