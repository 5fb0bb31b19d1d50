/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Routers and prefixes: what a Router Advertisement may make us believe, for
 * how long, and when we ask.
 *
 * Links: core
 */
#include "core_fix.h"

static struct fix *
router_new(void)
{
	struct fix *x = test_malloc(sizeof(*x));

	fix_mn(x);
	fix_link(x, true);
	return x;
}

static void
router_delete(struct fix *x)
{
	fix_fini(x);
	test_free(x);
}

static struct mip6_nd
advertisement(const char *prefix)
{
	struct mip6_nd m;

	memset(&m, 0, sizeof(m));
	m.type = MIP6_ND_RA;
	m.u.ra.router_lifetime = MIP6_SPAN_S(1800);
	m.opt.has_slla = true;
	m.opt.slla = fix_router_ll;
	m.opt.prefix_count = 1;
	m.opt.prefix[0].addr = fix_addr(prefix);
	m.opt.prefix[0].bits = 64;
	m.opt.prefix[0].on_link = m.opt.prefix[0].autonomous = true;
	m.opt.prefix[0].valid = MIP6_SPAN_S(300);
	m.opt.prefix[0].preferred = MIP6_SPAN_S(200);
	return m;
}

static void
hear(struct fix *x, const struct mip6_nd *m)
{
	fix_nd(x, "fe80::fe", "ff02::1", 255, m);
}

static bool
default_router(struct fix *x)
{
	x->node->now = x->now;
	return router_default(x->node, FIX_IFINDEX) != NULL;
}

static bool
onlink(struct fix *x, const char *addr)
{
	struct mip6_addr a = fix_addr(addr);

	return router_onlink(x->node, FIX_IFINDEX, &a) != NULL;
}

static void
test_lifetime(void **state)
{
	struct fix *x = router_new();
	struct mip6_nd m = advertisement("2001:db8:a::");

	(void)state;
	hear(x, &m);
	assert_true(default_router(x));
	/* 0 ends it as a router; the prefix stays. */
	m.u.ra.router_lifetime = MIP6_SPAN_S(0);
	hear(x, &m);
	assert_false(default_router(x));
	assert_true(onlink(x, "2001:db8:a::7"));
	/* Another second of life, and not more. */
	m.u.ra.router_lifetime = MIP6_SPAN_S(1);
	hear(x, &m);
	fix_wait(x, MIP6_SPAN_US(999999));
	assert_true(default_router(x));
	fix_wait(x, MIP6_SPAN_US(1));
	assert_false(default_router(x));
	router_delete(x);
}

static void
test_prefixes(void **state)
{
	static const struct {
		const char *prefix;
		int64_t valid_s, preferred_s;
		bool onlink, believed;
	} t[] = {
		{ "2001:db8:b::", 300, 300, true, true },
		{ "2001:db8:b::", 300, 301, true, false },
		{ "2001:db8:b::", 300, 300, false, false },
		{ "2001:db8:b::", 0, 0, true, false },
		{ "fe80::", 300, 300, true, false },
		{ "ff05::", 300, 300, true, false },
	};
	size_t i;

	(void)state;
	for (i = 0; i < MIP6_COUNT(t); i++) {
		struct fix *x = router_new();
		struct mip6_nd m = advertisement(t[i].prefix);
		struct mip6_addr a = fix_addr(t[i].prefix);

		m.opt.prefix[0].valid = MIP6_SPAN_S(t[i].valid_s);
		m.opt.prefix[0].preferred = MIP6_SPAN_S(t[i].preferred_s);
		m.opt.prefix[0].on_link = t[i].onlink;
		hear(x, &m);
		assert_int_equal(router_onlink(x->node, FIX_IFINDEX, &a) !=
			NULL,
		    t[i].believed);
		/* What is not believed is not even there for a moment. */
		assert_null(strstr(x->events, "prefix-expired"));
		router_delete(x);
	}
}

static void
test_prefix_ends(void **state)
{
	struct fix *x = router_new();
	struct mip6_nd m = advertisement("2001:db8:a::");

	(void)state;
	hear(x, &m);
	fix_wait(x, MIP6_SPAN_US(299999999));
	assert_true(onlink(x, "2001:db8:a::7"));
	fix_wait(x, MIP6_SPAN_US(1));
	assert_false(onlink(x, "2001:db8:a::7"));
	assert_true(default_router(x));
	/* Valid 0 ends it at once. */
	hear(x, &m);
	m.opt.prefix[0].valid = m.opt.prefix[0].preferred = MIP6_SPAN_S(0);
	hear(x, &m);
	assert_false(onlink(x, "2001:db8:a::7"));
	/* For ever is for ever. */
	m.opt.prefix[0].valid = m.opt.prefix[0].preferred = MIP6_ND_INFINITE;
	m.u.ra.router_lifetime = MIP6_SPAN_S(0);
	hear(x, &m);
	fix_wait(x, MIP6_SPAN_S(400000000));
	assert_true(onlink(x, "2001:db8:a::7"));
	/* What was learnt is of this link and of this time. */
	fix_link(x, false);
	assert_false(onlink(x, "2001:db8:a::7"));
	router_delete(x);
}

static void
test_r_bit(void **state)
{
	struct fix *x = router_new();
	struct mip6_nd m = advertisement("2001:db8:a::1");
	struct mip6_addr a = fix_addr("2001:db8:a::1");

	(void)state;
	hear(x, &m);
	assert_null(router_by_global(x->node, FIX_IFINDEX, &a));
	m.opt.prefix[0].router = true;
	hear(x, &m);
	assert_non_null(router_by_global(x->node, FIX_IFINDEX, &a));
	assert_null(router_by_global(x->node, FIX_IFINDEX + 1, &a));
	/* Without its link-layer address nobody can use it. */
	router_delete(x);
	x = router_new();
	m.opt.has_slla = false;
	hear(x, &m);
	assert_null(router_by_global(x->node, FIX_IFINDEX, &a));
	router_delete(x);
}

static void
test_tables_full(void **state)
{
	struct fix *x = router_new();
	struct mip6_nd m = advertisement("2001:db8:a::");
	struct mip6_addr a;
	struct mip6_addr_text from;
	uint32_t i;

	(void)state;
	m.u.ra.router_lifetime = MIP6_SPAN_S(9000);
	for (i = 0; i <= MIP6_ROUTERS_MAX; i++) {
		a = fix_addr("fe80::");
		a.b[14] = 1;
		a.b[15] = (uint8_t)i;
		from = mip6_addr_text(&a);
		assert_int_equal(fix_drops(x, MIP6_DROP_ND_FULL), 0);
		fix_nd(x, from.s, "ff02::1", 255, &m);
	}
	assert_int_equal(fix_drops(x, MIP6_DROP_ND_FULL), 1);
	/* One that is known is still heard. */
	fix_nd(x, "fe80::100", "ff02::1", 255, &m);
	assert_int_equal(fix_drops(x, MIP6_DROP_ND_FULL), 1);
	/* One prefix is there. */
	for (i = 1; i <= MIP6_PREFIXES_MAX; i++) {
		m.opt.prefix[0].addr.b[7] = (uint8_t)i;
		fix_nd(x, "fe80::100", "ff02::1", 255, &m);
	}
	assert_int_equal(fix_drops(x, MIP6_DROP_ND_FULL), 2);
	assert_false(onlink(x, "2001:db8:a:40::1"));
	assert_true(onlink(x, "2001:db8:a:3f::1"));
	router_delete(x);
}

/* Routers that are none any more give way to one that is. */
static void
test_dead_routers_give_way(void **state)
{
	struct fix *x = router_new();
	struct mip6_nd m = advertisement("2001:db8:a::");
	struct mip6_addr a;
	struct mip6_addr_text from;
	uint32_t i;

	(void)state;
	m.u.ra.router_lifetime = MIP6_SPAN_S(0);
	for (i = 0; i < MIP6_ROUTERS_MAX; i++) {
		a = fix_addr("fe80::");
		a.b[14] = 1;
		a.b[15] = (uint8_t)i;
		from = mip6_addr_text(&a);
		fix_nd(x, from.s, "ff02::1", 255, &m);
	}
	assert_false(default_router(x));
	fix_ra(x, "2001:db8:a::", 1800);
	assert_true(default_router(x));
	assert_int_equal(fix_drops(x, MIP6_DROP_ND_FULL), 0);
	router_delete(x);
}

/* Router Solicitations from now on: when, and from whom. */
static void
test_solicits(void **state)
{
	static const int64_t at_ms[] = { 0, 0, 250, 750, 1750, 3750, 7750,
		15750, 31750, 63750, 95750 };
	struct fix *x = test_malloc(sizeof(*x));
	struct mip6_time start;
	const struct fix_sent *s;
	struct mip6_nd m;
	size_t i;

	(void)state;
	fix_mn(x);
	fix_link(x, true);
	start = x->now.boot;
	fix_wait(x, MIP6_SPAN_S(100));
	/* The first twice: at link-up, and when packets are seen. */
	for (i = 0; i < MIP6_COUNT(at_ms); i++) {
		s = fix_next_nd(x, MIP6_ND_RS, &m);
		assert_non_null(s);
		assert_int_equal(mip6_time_sub(s->at, start).us,
		    at_ms[i] * 1000);
		assert_true(mip6_addr_is_any(&s->ip.ip.src));
		assert_true(
		    mip6_addr_equal(&s->ip.ip.dst, &mip6_addr_all_routers));
		assert_false(m.opt.has_slla);
	}
	assert_null(fix_next_nd(x, MIP6_ND_RS, &m));
	/* With a link-local address: from it, with ours. */
	fix_host_addr(x, "fe80::1", 64, 0, false);
	fix_wait(x, MIP6_SPAN_S(32));
	s = fix_next_nd(x, MIP6_ND_RS, &m);
	assert_non_null(s);
	assert_true(mip6_addr_is_linklocal(&s->ip.ip.src));
	assert_true(m.opt.has_slla);
	assert_memory_equal(&m.opt.slla, &fix_ll, 6);
	/* An answer ends it, the end of the router begins it again. */
	fix_ra(x, "2001:db8:a::", 60);
	fix_wait(x, MIP6_SPAN_US(59999999));
	assert_null(fix_next_nd(x, MIP6_ND_RS, &m));
	fix_wait(x, MIP6_SPAN_MS(251));
	assert_non_null(fix_next_nd(x, MIP6_ND_RS, &m));
	assert_non_null(fix_next_nd(x, MIP6_ND_RS, &m));
	/* A link that is down is not asked. */
	fix_link(x, false);
	x->seen = x->sents;
	fix_wait(x, MIP6_SPAN_S(100));
	assert_null(fix_next_nd(x, MIP6_ND_RS, &m));
	fix_fini(x);
	test_free(x);
}

static void
test_nexthop(void **state)
{
	struct fix *x = router_new();
	struct mip6_addr local = fix_addr("fe80::77"), next;
	struct mip6_addr near = fix_addr("2001:db8:a::7");
	struct mip6_addr far = fix_addr("2001:db8:ffff::7");

	(void)state;
	x->node->now = x->now;
	assert_false(router_nexthop(x->node, FIX_IFINDEX, &far, &next));
	assert_true(router_nexthop(x->node, FIX_IFINDEX, &local, &next));
	assert_true(mip6_addr_equal(&next, &local));
	fix_ra(x, "2001:db8:a::", 1800);
	x->node->now = x->now;
	assert_true(router_nexthop(x->node, FIX_IFINDEX, &near, &next));
	assert_true(mip6_addr_equal(&next, &near));
	assert_true(router_nexthop(x->node, FIX_IFINDEX, &far, &next));
	next.b[15] ^= 0xfe;
	assert_true(mip6_addr_is_linklocal(&next) && next.b[15] == 0);
	router_delete(x);
}

/* Advertisements on links that are not the mobile node's say nothing. */
static void
test_other_links(void **state)
{
	struct fix *x = test_malloc(sizeof(*x));

	(void)state;
	fix_mn(x);
	fix_ra(x, "2001:db8:a::", 1800); /* no such link yet */
	assert_false(default_router(x));
	memcpy(x->conf.mn.interface[0], "wlan*", 6);
	fix_link(x, true);
	fix_link(x, false);
	fix_ra(x, "2001:db8:a::", 1800); /* down */
	assert_false(default_router(x));
	fix_configure(x);
	fix_link(x, true);
	fix_ra(x, "2001:db8:a::", 1800); /* not ours */
	assert_false(default_router(x));
	fix_fini(x);
	test_free(x);
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_lifetime),
		cmocka_unit_test(test_prefixes),
		cmocka_unit_test(test_prefix_ends),
		cmocka_unit_test(test_r_bit),
		cmocka_unit_test(test_tables_full),
		cmocka_unit_test(test_dead_routers_give_way),
		cmocka_unit_test(test_solicits),
		cmocka_unit_test(test_nexthop),
		cmocka_unit_test(test_other_links),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
