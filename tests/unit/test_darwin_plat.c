/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The Darwin platform on a Mac made of memory: what it asks for and in which
 * order, that all is undone, also after a kill and also when any one call
 * fails, and what it does about the hands of others.
 *
 * Links: darwin path
 */
#include "darwin_fake.h"

#include <sys/stat.h>

#include "platform/darwin/darwin.h"

#define IDS 64

static char dir[64];
static struct {
	uint32_t ended[IDS];
	int error[IDS];
	struct mip6_route route[IDS];
	uint32_t links, addrs, routes, undo_failed;
} seen;

static const struct mip6_addr hoa = { { 0x20, 1, 0xd, 0xb8, 1, [15] = 1 } };
static const struct mip6_addr coa = { { 0x20, 1, 0xd, 0xb8, 2, [15] = 2 } };
static const struct mip6_addr peer = { { 0x20, 1, 0xd, 0xb8, 3, [15] = 3 } };
static const struct mip6_addr host = { { 0x20, 1, 0xd, 0xb8, [15] = 4 } };
static const struct mip6_addr group = { { 0xff,
    2, [11] = 1, [12] = 0xff, [15] = 1 } };
static const struct mip6_addr router = { { 0xfe, 0x80, [15] = 1 } };

static void
on_link(void *arg, const struct mip6_ev_link *l)
{
	(void)arg;
	(void)l;
	seen.links++;
}

static void
on_addr(void *arg, const struct mip6_ev_addr *a)
{
	(void)arg;
	(void)a;
	seen.addrs++;
}

static void
on_routes(void *arg)
{
	(void)arg;
	seen.routes++;
}

static void
on_done(void *arg, uint64_t id, int error, const struct mip6_route *route)
{
	(void)arg;
	assert_true(id < IDS);
	seen.ended[id]++;
	seen.error[id] = error;
	if (route != NULL)
		seen.route[id] = *route;
}

static void
on_log(void *arg, enum mip6_log_level level, const char *event,
    const struct mip6_kv *kv, size_t count)
{
	(void)arg;
	(void)level;
	(void)kv;
	(void)count;
	seen.undo_failed += strcmp(event, "plat.undo-failed") == 0;
}

static const struct mip6_log log_to = { on_log, NULL, MIP6_LOG_DEBUG };

static struct mip6_plat *
plat_new(char *err, size_t err_octets)
{
	const struct mip6_plat_env env = { .log = &log_to,
		.state_dir = dir,
		.tun_name = "mip0",
		.link = on_link,
		.addr = on_addr,
		.routes = on_routes,
		.done = on_done };

	return mip6_plat_new(&env, err, err_octets);
}

static int
setup(void **state)
{
	(void)state;
	memset(&seen, 0, sizeof(seen));
	(void)snprintf(dir, sizeof(dir), "/tmp/mip6-darwin-XXXXXX");
	fake_init();
	return mkdtemp(dir) != NULL ? 0 : -1;
}

static int
teardown(void **state)
{
	static const char *const file[] = { "journal", "journal.new", "lock" };
	char name[128];
	size_t i;

	(void)state;
	for (i = 0; i < MIP6_COUNT(file); i++) {
		(void)snprintf(name, sizeof(name), "%s/%s", dir, file[i]);
		(void)unlink(name);
	}
	return rmdir(dir);
}

/* All that is ready, until nothing is. */
static void
drain(struct mip6_plat *p)
{
	struct mip6_plat_fd fd[MIP6_PLAT_FDS];
	size_t n = mip6_plat_fds(p, fd), i;
	int round;

	for (round = 0; round < 4; round++) {
		for (i = 1; i < n; i++)
			fd[i].ready(p);
		if (fake.timer_us >= 0)
			fd[0].ready(p);
	}
}

static struct mip6_plat *
start(void)
{
	char err[256] = "";
	struct mip6_plat *p = plat_new(err, sizeof(err));

	assert_non_null(p);
	assert_int_equal(mip6_plat_start(p, err, sizeof(err)), 0);
	return p;
}

/* One action; its end, which must come once, and not before it returned. */
static int
ask(struct mip6_plat *p, struct mip6_action a)
{
	static const uint64_t id = IDS - 1;

	a.id = id;
	seen.ended[id] = 0;
	mip6_plat_do(p, &a);
	assert_int_equal(seen.ended[id], 0);
	drain(p);
	assert_int_equal(seen.ended[id], 1);
	return seen.error[id];
}

static struct mip6_action
act_addr(uint32_t ifindex, const struct mip6_addr *a, bool on)
{
	struct mip6_action act = { .kind = MIP6_ACT_ADDR };

	act.u.addr.ifindex = ifindex;
	act.u.addr.addr = *a;
	act.u.addr.bits = 64;
	act.u.addr.valid.us = act.u.addr.preferred.us = INT64_MAX;
	act.u.addr.on = on;
	return act;
}

static struct mip6_action
act_route(enum mip6_table table, const struct mip6_addr *dst, uint8_t bits,
    uint32_t ifindex, const struct mip6_addr *gateway, bool on)
{
	struct mip6_action act = { .kind = MIP6_ACT_ROUTE };

	act.u.route.table = table;
	if (dst != NULL)
		act.u.route.dst.addr = *dst;
	act.u.route.dst.bits = bits;
	act.u.route.ifindex = ifindex;
	if (gateway != NULL)
		act.u.route.gateway = *gateway;
	act.u.route.on = on;
	return act;
}

static struct mip6_action
act_set(enum mip6_action_kind kind, uint32_t ifindex, const struct mip6_addr *a,
    bool on)
{
	struct mip6_action act = { .kind = kind };

	act.u.set.ifindex = ifindex;
	if (a != NULL)
		act.u.set.addr = *a;
	act.u.set.mtu = 1400;
	act.u.set.on = on;
	return act;
}

static struct mip6_action
act_get(const struct mip6_addr *dst)
{
	struct mip6_action act = { .kind = MIP6_ACT_ROUTE_GET };

	act.u.dst = *dst;
	return act;
}

/* Everything a node of any role asks for. */
static size_t
script(struct mip6_action act[IDS], bool on)
{
	static const struct mip6_addr high = { { 0x80 } };
	const enum mip6_table coa_table = MIP6_TABLE_COA;
	struct mip6_action rule = { .kind = MIP6_ACT_RULE };
	size_t n = 0;

	rule.u.rule.src = hoa;
	rule.u.rule.table = MIP6_TABLE_HOME;
	rule.u.rule.on = on;
	act[n++] = act_addr(0, &hoa, on);
	act[n++] = act_route(MIP6_TABLE_MAIN, NULL, 1, 0, NULL, on);
	act[n++] = act_route(MIP6_TABLE_MAIN, &high, 1, 0, NULL, on);
	act[n++] = act_route(MIP6_TABLE_HOME, NULL, 0, 0, NULL, on);
	act[n++] = rule;
	act[n++] = act_route(coa_table, NULL, 0, FAKE_EN0, &router, on);
	act[n++] = act_addr(FAKE_EN0, &coa, on);
	act[n++] = act_set(MIP6_ACT_GROUP, FAKE_EN0, &group, on);
	act[n++] = act_set(MIP6_ACT_CAPTURE, FAKE_EN0, NULL, on);
	act[n++] = act_set(MIP6_ACT_SILENCE, 0, &coa, on);
	act[n++] = act_set(MIP6_ACT_SHIELD, 0, &hoa, on);
	act[n++] = act_set(MIP6_ACT_FORWARDING, 0, NULL, on);
	act[n++] = act_route(MIP6_TABLE_MAIN, &peer, 128, 0, NULL, on);
	if (on)
		act[n++] = act_set(MIP6_ACT_TUN_MTU, 0, NULL, true);
	return n;
}

static void
play(struct mip6_plat *p, bool on)
{
	struct mip6_action act[IDS];
	size_t n = script(act, on), i;

	for (i = 0; i < n; i++) {
		act[i].id = on ? i + 1 : i + 31;
		mip6_plat_do(p, &act[i]);
	}
	drain(p);
	for (i = 0; i < n; i++)
		assert_int_equal(seen.ended[act[i].id], 1);
}

static void
test_order(void **state)
{
	struct mip6_plat *p = start();
	struct fake_host before = fake.host;
	const struct fake_addr *a;
	size_t i;

	(void)state;
	assert_string_equal(mip6_plat_tun_name(p), "utun4");
	assert_int_equal(seen.links, 2);
	assert_int_equal(seen.addrs, 1);
	fake.log[0] = '\0';
	play(p, true);
	for (i = 1; i < IDS; i++)
		assert_int_equal(seen.error[i], 0);
	assert_int_equal(fake.tun_mtu, 1400);
	a = fake_find_addr(FAKE_UTUN, &hoa);
	assert_non_null(a);
	assert_int_equal(a->flags, DARWIN_IN6_IFF_NODAD);
	assert_int_equal(a->valid_s, DARWIN_ND6_INFINITE);
	a = fake_find_addr(FAKE_EN0, &coa);
	assert_non_null(a);
	assert_int_equal(a->flags, 0);
	assert_non_null(strstr(fake.log,
	    "addr-add 2001:db8:100::1\n"
	    "route-add ::/1 9\n"
	    "route-add 8000::/1 9\n"
	    "route-add ::/0 9 scoped\n"
	    "route-add ::/0 4 scoped\n"
	    "addr-add 2001:db8:200::2\n"
	    "join\n"
	    "net.inet6.ip6.redirect 0\n"
	    "net.inet6.ip6.forwarding 1\n"
	    "route-add 2001:db8:300::3/128 9\n"));
	/* One loading for all that pf has to know. */
	assert_non_null(strstr(fake.log, "pfctl -a com.apple/mip6d -f -\n"));
	assert_null(strstr(strstr(fake.log, "-f -") + 1, "-f -"));
	assert_int_equal(fake.host.pf_tokens, 1);
	play(p, false);
	for (i = 1; i < IDS; i++)
		assert_int_equal(seen.error[i], 0);
	assert_memory_equal(&fake.host, &before, sizeof(before));
	assert_int_equal(fake.groups, 0);
	mip6_plat_free(p);
	assert_int_equal(fake_fds(), 0);
}

/* Twice on is once on; twice off is off; off what never was is nothing. */
static void
test_twice(void **state)
{
	struct mip6_plat *p = start();
	struct fake_host before = fake.host, on;
	struct mip6_action act[IDS];
	size_t n, i;

	(void)state;
	n = script(act, false);
	for (i = 0; i < n; i++)
		assert_int_equal(ask(p, act[i]), 0);
	assert_memory_equal(&fake.host, &before, sizeof(before));
	n = script(act, true);
	for (i = 0; i < n; i++)
		assert_int_equal(ask(p, act[i]), 0);
	on = fake.host;
	for (i = 0; i < n; i++)
		assert_int_equal(ask(p, act[i]), 0);
	assert_memory_equal(&fake.host, &on, sizeof(on));
	assert_int_equal(fake.groups, 1);
	n = script(act, false);
	for (i = 0; i < 2 * n; i++)
		assert_int_equal(ask(p, act[i % n]), 0);
	assert_memory_equal(&fake.host, &before, sizeof(before));
	mip6_plat_free(p);
}

static void
test_refused(void **state)
{
	struct mip6_plat *p = start();
	struct mip6_action rule = { .kind = MIP6_ACT_RULE };
	struct mip6_action mtu = act_set(MIP6_ACT_TUN_MTU, 0, NULL, true);

	(void)state;
	mtu.u.set.mtu = 1279;
	assert_int_equal(ask(p, mtu), EINVAL);
	assert_int_equal(ask(p, rule), EINVAL);
	assert_int_equal(ask(p, act_addr(0, &group, true)), EINVAL);
	assert_int_equal(ask(p, act_addr(77, &coa, true)), ENODEV);
	assert_int_equal(ask(p,
			     act_route(MIP6_TABLE_MAIN, &hoa, 64, 0, NULL,
				 true)),
	    EINVAL);
	assert_int_equal(ask(p,
			     act_route(MIP6_TABLE_COA, NULL, 0, 77, &router,
				 true)),
	    ENODEV);
	/* Somebody else's default is not ours to take over. */
	assert_int_equal(ask(p,
			     act_route(MIP6_TABLE_MAIN, NULL, 0, 0, NULL,
				 true)),
	    EEXIST);
	assert_int_equal(ask(p, act_set(MIP6_ACT_GROUP, 0, &hoa, true)),
	    EINVAL);
	assert_int_equal(ask(p,
			     act_set(MIP6_ACT_ALLMULTI, FAKE_EN0, NULL, true)),
	    EOPNOTSUPP);
	assert_int_equal(ask(p, act_get(&group)), EINVAL);
	mip6_plat_free(p);
}

/* What is there already has its effect, and is left as it is. */
static void
test_borrowed(void **state)
{
	struct mip6_plat *p = start();
	struct mip6_action route =
	    act_route(MIP6_TABLE_COA, NULL, 0, FAKE_EN0, &router, true);
	struct fake_host before;

	(void)state;
	fake.host.route[1] = fake.host.route[0];
	fake.host.route[1].flags |= DARWIN_RTF_IFSCOPE;
	fake.host.routes = 2;
	before = fake.host;
	assert_int_equal(ask(p, act_addr(FAKE_EN0, &host, true)), 0);
	assert_int_equal(ask(p, route), 0);
	assert_memory_equal(&fake.host, &before, sizeof(before));
	route.u.route.on = false;
	assert_int_equal(ask(p, act_addr(FAKE_EN0, &host, false)), 0);
	assert_int_equal(ask(p, route), 0);
	assert_memory_equal(&fake.host, &before, sizeof(before));
	mip6_plat_free(p);
	assert_memory_equal(&fake.host, &before, sizeof(before));
}

static void
test_way(void **state)
{
	struct mip6_plat *p = start();

	(void)state;
	assert_int_equal(ask(p, act_get(&peer)), 0);
	assert_int_equal(seen.route[IDS - 1].ifindex, FAKE_EN0);
	assert_true(mip6_addr_equal(&seen.route[IDS - 1].nexthop, &router));
	/* Into our own tunnel: each link is asked for its own. */
	assert_int_equal(ask(p,
			     act_route(MIP6_TABLE_MAIN, NULL, 1, 0, NULL,
				 true)),
	    0);
	memset(&seen.route, 0, sizeof(seen.route));
	assert_int_equal(ask(p, act_get(&peer)), 0);
	assert_int_equal(seen.route[IDS - 1].ifindex, FAKE_EN0);
	assert_true(mip6_addr_equal(&seen.route[IDS - 1].nexthop, &router));
	fake.host.route[0].flags |= DARWIN_RTF_REJECT;
	assert_int_equal(ask(p, act_get(&peer)), ENETUNREACH);
	mip6_plat_free(p);
}

/* What others delete comes back; a link's address is then nobody's. */
static void
test_restored(void **state)
{
	struct mip6_plat *p = start();
	struct mip6_watch_route r;
	uint32_t i;

	(void)state;
	play(p, true);
	memset(&r, 0, sizeof(r));
	r.dst.bits = 1;
	for (i = 0; i < fake.host.routes; i++) {
		if (fake_same_route(&fake.host.route[i], &r))
			fake.host.route[i] =
			    fake.host.route[--fake.host.routes];
	}
	assert_null(fake_find_route(&r));
	mip6_route_seen(p, &r, false);
	*fake_find_addr(FAKE_UTUN, &hoa) = fake.host.addr[--fake.host.addrs];
	mip6_watch_dump(p);
	assert_true(fake.timer_us > 0);
	p->restore_at.us = 0;
	mip6_work_ready(p);
	assert_non_null(fake_find_route(&r));
	assert_non_null(fake_find_addr(FAKE_UTUN, &hoa));
	assert_int_equal(mip6_plat_restored(p), 2);
	mip6_plat_free(p);
}

/* Messages were lost: what still stands is asked for again, and stays ours. */
static void
test_doubted(void **state)
{
	struct fake_host before = fake.host;
	struct mip6_plat *p = start();
	uint32_t routes;

	(void)state;
	play(p, true);
	routes = fake.host.routes;
	mip6_routes_doubt(p);
	p->restore_at.us = 0;
	mip6_work_ready(p);
	assert_int_equal(fake.host.routes, routes);
	mip6_plat_free(p);
	assert_memory_equal(&fake.host, &before, sizeof(before));
}

/* Somebody else deletes the route to `dst` and makes one of his own. */
static struct mip6_watch_route
take_route(struct mip6_plat *p, const struct mip6_watch_route *like, bool told)
{
	struct mip6_watch_route *r = fake_find_route(like), theirs;
	struct dmsg d = { .count = 0 };

	assert_non_null(r);
	theirs = *r;
	theirs.flags &= ~DARWIN_RTF_GATEWAY;
	theirs.gateway = mip6_addr_any;
	if ((theirs.flags & DARWIN_RTF_IFSCOPE) == 0)
		theirs.ifindex = FAKE_EN1;
	if (told) {
		dmsg_route(&d, DARWIN_RTM_DELETE, r->ifindex, r->flags, &r->dst,
		    NULL);
		fake_queue(p->watch.route_fd, d.octets, d.count);
		d.count = 0;
		dmsg_route(&d, DARWIN_RTM_ADD, theirs.ifindex, theirs.flags,
		    &theirs.dst, NULL);
		fake_queue(p->watch.route_fd, d.octets, d.count);
	}
	*r = theirs;
	return theirs;
}

/*
 * A route that others have put into the place of ours is theirs, told or not:
 * neither our undo nor our end deletes it.
 */
static void
test_taken(void **state)
{
	const struct mip6_watch_route low = { .dst.bits = 1 };
	const struct mip6_watch_route scoped = { .ifindex = FAKE_EN0,
		.flags = DARWIN_RTF_IFSCOPE };
	const struct mip6_watch_route *const like[] = { &low, &scoped };
	struct mip6_watch_route theirs;
	struct mip6_plat *p;
	unsigned k;

	(void)state;
	for (k = 0; k < 8; k++) {
		fake_init();
		p = start();
		memset(&seen, 0, sizeof(seen));
		play(p, true);
		theirs = take_route(p, like[k & 1], (k & 2) != 0);
		if ((k & 2) == 0)
			mip6_routes_doubt(p);
		drain(p);
		p->restore_at.us = 0;
		mip6_work_ready(p);
		assert_non_null(fake_find_route(&theirs));
		if ((k & 4) != 0)
			play(p, false);
		mip6_plat_free(p);
		assert_non_null(fake_find_route(&theirs));
		assert_memory_equal(fake_find_route(&theirs), &theirs,
		    sizeof(theirs));
	}
}

/* Nor does a journal that knows nothing of it: no hand has made it. */
static void
test_taken_unseen(void **state)
{
	const struct mip6_watch_route scoped = { .ifindex = FAKE_EN0,
		.flags = DARWIN_RTF_IFSCOPE };
	struct mip6_plat *p = start();

	(void)state;
	play(p, true);
	fake_find_route(&scoped)->flags &= ~DARWIN_RTF_STATIC;
	mip6_plat_free(p);
	assert_non_null(fake_find_route(&scoped));
}

/* When they take theirs away, ours comes back, and goes at the end. */
static void
test_given_back(void **state)
{
	struct fake_host before = fake.host;
	const struct mip6_watch_route low = { .dst.bits = 1 };
	struct mip6_plat *p = start();
	struct mip6_watch_route *r;

	(void)state;
	play(p, true);
	(void)take_route(p, &low, true);
	drain(p);
	r = fake_find_route(&low);
	assert_non_null(r);
	*r = fake.host.route[--fake.host.routes];
	memset(&fake.host.route[fake.host.routes], 0, sizeof(*r));
	mip6_routes_doubt(p);
	p->restore_at.us = 0;
	mip6_work_ready(p);
	r = fake_find_route(&low);
	assert_non_null(r);
	assert_int_equal(r->ifindex, FAKE_UTUN);
	mip6_plat_free(p);
	assert_memory_equal(&fake.host, &before, sizeof(before));
}

/* An answer that is lost without a word ends the question all the same. */
static void
test_no_answer(void **state)
{
	struct mip6_plat *p = start();

	(void)state;
	fake.full = true;
	assert_int_equal(ask(p, act_get(&peer)), ENOBUFS);
	fake.full = false;
	assert_int_equal(ask(p, act_get(&peer)), 0);
	mip6_plat_free(p);
}

/* Killed anywhere: the next one undoes it, and nobody else's. */
static void
test_killed(void **state)
{
	/* A killed process frees nothing: its memory is let lie, in sight. */
	static struct mip6_plat *killed[IDS + 1];
	struct fake_host before = fake.host;
	struct mip6_action act[IDS];
	struct mip6_plat *p;
	char err[256];
	size_t n = script(act, true), k, i;

	(void)state;
	for (k = 0; k <= n; k++) {
		p = start();
		for (i = 0; i < k; i++)
			(void)ask(p, act[i]);
		fake_killed();
		/* The file as it is at this moment is what a kill leaves. */
		mip6_journal_close(&p->journal);
		killed[k] = p;
		assert_non_null(killed[k]);
		p = plat_new(err, sizeof(err));
		assert_non_null(p);
		(void)mip6_plat_recover(p);
		assert_memory_equal(&fake.host, &before, sizeof(before));
		mip6_plat_free(p);
		assert_int_equal(fake_fds(), 0);
	}
}

/* A run in which call `at` fails (0: none); returns how many there were. */
static uint32_t
run_failing(uint32_t at, int error)
{
	struct fake_host before;
	struct mip6_plat *p;
	char err[256] = "";
	uint32_t i, refused = 0;

	fake_init();
	memset(&seen, 0, sizeof(seen));
	before = fake.host;
	fake.fail_at = at;
	fake.fail_errno = error;
	p = plat_new(err, sizeof(err));
	if (p == NULL || mip6_plat_start(p, err, sizeof(err)) != 0) {
		assert_non_null(strstr(err, ": "));
		assert_non_null(strstr(err, strerror(error)));
	} else {
		play(p, true);
		play(p, false);
		for (i = 0; i < IDS; i++)
			refused += seen.error[i] != 0;
		assert_true(refused <= (at != 0 ? 12 : 0));
	}
	mip6_plat_free(p);
	assert_int_equal(fake_fds(), 0);
	at = fake.calls;
	/* What could not be undone was said, and is left to the next one. */
	fake.fail_at = 0;
	if (memcmp(&fake.host, &before, sizeof(before)) != 0) {
		if (seen.undo_failed == 0)
			fail_msg("%s failing, unsaid, left:\n%s", fake.failed,
			    fake.log);
		p = plat_new(err, sizeof(err));
		assert_non_null(p);
		(void)mip6_plat_recover(p);
		mip6_plat_free(p);
	}
	if (memcmp(&fake.host, &before, sizeof(before)) != 0)
		fail_msg("%s failing left:\n%s", fake.failed, fake.log);
	return at;
}

static void
test_each_call_fails(void **state)
{
	uint32_t calls = run_failing(0, EIO), at;

	(void)state;
	assert_true(calls > 60);
	for (at = 1; at <= calls; at++) {
		(void)run_failing(at, EIO);
		assert_non_null(fake.failed);
		(void)run_failing(at, ENOBUFS);
	}
}

int
main(void)
{
#define CASE(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
	const struct CMUnitTest tests[] = {
		CASE(test_order),
		CASE(test_twice),
		CASE(test_refused),
		CASE(test_borrowed),
		CASE(test_way),
		CASE(test_restored),
		CASE(test_doubted),
		CASE(test_taken),
		CASE(test_taken_unseen),
		CASE(test_given_back),
		CASE(test_no_answer),
		CASE(test_killed),
		CASE(test_each_call_fails),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
