/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Has the node moved?  Routers that fall silent, that do not answer, that
 * appear beside others; and which of several links is used.
 *
 * Implements (as a test of): RFC 6275 sections 7.3, 11.5.1, 11.5.3; RFC 4861
 * sections 6.3.6 and 7.3.
 *
 * Links: core
 */
#include "core/mn_int.h"

#include "core_fix.h"

#define ETH0 FIX_IFINDEX
#define ETH1 (FIX_IFINDEX + 1)

/* An advertisement of `router` for one /64, said every `interval_ms`. */
static void
advertise(struct fix *x, const char *router, const char *prefix,
    int64_t interval_ms)
{
	struct mip6_nd m;

	memset(&m, 0, sizeof(m));
	m.type = MIP6_ND_RA;
	m.u.ra.router_lifetime = MIP6_SPAN_S(1800);
	m.opt.has_slla = true;
	m.opt.slla = fix_router_ll;
	m.opt.slla.b[4] = fix_addr(router).b[15];
	m.opt.has_adv_interval = interval_ms > 0;
	m.opt.adv_interval = MIP6_SPAN_MS(interval_ms);
	m.opt.prefix_count = 1;
	m.opt.prefix[0].addr = fix_addr(prefix);
	m.opt.prefix[0].bits = 64;
	m.opt.prefix[0].on_link = m.opt.prefix[0].autonomous = true;
	m.opt.prefix[0].valid = MIP6_SPAN_S(86400);
	m.opt.prefix[0].preferred = MIP6_SPAN_S(14400);
	fix_nd(x, router, "ff02::1", 255, &m);
}

/* How often `target` was asked for since the last look. */
static int
asked(struct fix *x, const char *target)
{
	struct mip6_addr a = fix_addr(target);
	struct mip6_nd m;
	int count = 0;

	while (fix_next_nd(x, MIP6_ND_NS, &m) != NULL)
		if (mip6_addr_equal(&m.u.ns.target, &a))
			count++;
	return count;
}

static void
answer(struct fix *x, const char *router)
{
	struct mip6_nd m;

	memset(&m, 0, sizeof(m));
	m.type = MIP6_ND_NA;
	m.u.na.target = fix_addr(router);
	m.u.na.solicited = m.u.na.router = m.u.na.override = true;
	m.opt.has_tlla = true;
	m.opt.tlla = fix_router_ll;
	m.opt.tlla.b[4] = m.u.na.target.b[15];
	fix_nd(x, router, "fe80::1", 255, &m);
}

/* Somebody doubts that `router` is still there. */
static void
doubt(struct fix *x, const struct mip6_addr *router)
{
	mip6_actions_clear(&x->out);
	x->node->now = x->now;
	x->node->out = &x->out;
	nd_check(x->node, ETH0, router);
	x->node->out = NULL;
	fix_collect(x);
}

/* The first half of the prefix of the care-of address, and its link. */
static bool
is_at(struct fix *x, uint32_t ifindex, const char *prefix)
{
	const struct mn_home *h = &x->node->mn->home[0];
	struct mip6_addr p = fix_addr(prefix);

	return h->at.place == MN_PLACE_FOREIGN && h->at.ifindex == ifindex &&
	    memcmp(h->at.coa.b, p.b, 8) == 0;
}

static void
begin(struct fix *x)
{
	fix_mn(x);
	fix_link(x, true);
	fix_host_addr(x, "fe80::1", 64, 0, false);
}

/* R7.3-02: silent for three of its intervals, it is asked. */
static void
test_silent_router(void **state)
{
	struct fix *x = test_malloc(sizeof(*x));
	int i;

	(void)state;
	begin(x);
	advertise(x, "fe80::a", "2001:db8:a::", 1000);
	assert_true(is_at(x, ETH0, "2001:db8:a::"));
	/* One and two lost advertisements are nothing. */
	for (i = 0; i < 3; i++) {
		fix_wait(x, MIP6_SPAN_MS(2900));
		assert_int_equal(asked(x, "fe80::a"), 0);
		advertise(x, "fe80::a", "2001:db8:a::", 1000);
	}
	fix_wait(x, MIP6_SPAN_MS(3001));
	assert_int_equal(asked(x, "fe80::a"), 1);
	/* It answers: nothing happened. */
	answer(x, "fe80::a");
	fix_wait(x, MIP6_SPAN_S(20));
	assert_int_equal(asked(x, "fe80::a"), 0);
	assert_true(is_at(x, ETH0, "2001:db8:a::"));
	assert_null(strstr(x->events, "router.unreachable"));
	/* It does not say how often it speaks: never asked for that. */
	advertise(x, "fe80::a", "2001:db8:a::", 1000);
	advertise(x, "fe80::a", "2001:db8:a::", 0);
	fix_wait(x, MIP6_SPAN_S(20));
	assert_int_equal(asked(x, "fe80::a"), 0);
	fix_fini(x);
	test_free(x);
}

/* The router does not answer: others are asked for, the address kept. */
static void
test_lost_router(void **state)
{
	struct fix *x = test_malloc(sizeof(*x));
	struct mip6_nd m;

	(void)state;
	begin(x);
	advertise(x, "fe80::a", "2001:db8:a::", 1000);
	while (fix_next(x) != NULL)
		;
	fix_wait(x, MIP6_SPAN_MS(6100));
	assert_non_null(strstr(x->events, "router.unreachable"));
	assert_non_null(fix_next_nd(x, MIP6_ND_RS, &m));
	/* There is nothing better. */
	assert_true(is_at(x, ETH0, "2001:db8:a::"));
	/* It is heard but does not hear us: asked, not believed. */
	x->seen = x->sents;
	advertise(x, "fe80::a", "2001:db8:a::", 1000);
	assert_true(x->node->router[0].unreachable);
	answer(x, "fe80::a");
	assert_false(x->node->router[0].unreachable);
	assert_non_null(strstr(x->events, "router.reachable"));
	fix_fini(x);
	test_free(x);
}

/*
 * R11.5.1-02: a new router beside one that answers is no move; beside one that
 * does not, it is.
 */
static void
test_new_router(void **state)
{
	struct fix *x = test_malloc(sizeof(*x));

	(void)state;
	begin(x);
	advertise(x, "fe80::a", "2001:db8:a::", 0);
	assert_int_equal(asked(x, "fe80::a"), 0);
	advertise(x, "fe80::b", "2001:db8:b::", 0);
	assert_int_equal(asked(x, "fe80::a"), 1);
	answer(x, "fe80::a");
	fix_wait(x, MIP6_SPAN_S(10));
	assert_true(is_at(x, ETH0, "2001:db8:a::"));
	/* Heard again, it is not new any more. */
	advertise(x, "fe80::b", "2001:db8:b::", 0);
	assert_int_equal(asked(x, "fe80::a"), 0);
	/* The first one is gone, and a third one is there. */
	advertise(x, "fe80::c", "2001:db8:c::", 0);
	answer(x, "fe80::b");
	fix_wait(x, MIP6_SPAN_S(4));
	assert_non_null(strstr(x->events, "router.unreachable"));
	assert_false(is_at(x, ETH0, "2001:db8:a::"));
	assert_int_equal(x->node->mn->home[0].at.place, MN_PLACE_FOREIGN);
	fix_fini(x);
	test_free(x);
}

/* RFC4861-6.3.6a, P-LOST: a router that answers, and an address of its own. */
static void
test_reachable_first(void **state)
{
	struct fix *x = test_malloc(sizeof(*x));
	struct mip6_addr a, b;

	(void)state;
	begin(x);
	a = fix_addr("fe80::a");
	b = fix_addr("fe80::b");
	advertise(x, "fe80::a", "2001:db8:a::", 0);
	advertise(x, "fe80::b", "2001:db8:b::", 0);
	answer(x, "fe80::a");
	assert_true(mip6_addr_equal(&router_default(x->node, ETH0)->addr, &a));
	router_lost(x->node, ETH1, &a);
	assert_true(mip6_addr_equal(&router_default(x->node, ETH0)->addr, &a));
	doubt(x, &a);
	fix_wait(x, MIP6_SPAN_S(4));
	assert_true(mip6_addr_equal(&router_default(x->node, ETH0)->addr, &b));
	assert_true(is_at(x, ETH0, "2001:db8:b::"));
	/* Neither answers: the one that is there is better than none. */
	doubt(x, &b);
	fix_wait(x, MIP6_SPAN_S(4));
	assert_non_null(router_default(x->node, ETH0));
	assert_int_equal(x->node->mn->home[0].at.place, MN_PLACE_FOREIGN);
	fix_fini(x);
	test_free(x);
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_silent_router),
		cmocka_unit_test(test_lost_router),
		cmocka_unit_test(test_new_router),
		cmocka_unit_test(test_reachable_first),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
