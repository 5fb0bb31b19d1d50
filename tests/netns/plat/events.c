/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What the platform learns from the host: reports of links, addresses and
 * routes, also when they come in a flood or from a stranger; what is ours and
 * was taken away; what others had made before; and which way the host sends.
 * Knows no system, as contract.c.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "fix.h"

static void
test_reports(void **state)
{
	struct fix *f = *state;
	uint32_t old;

	fix_start(f);
	assert_int_equal(f->links, 2);
	assert_true(fix_link(f, HOST_LINK)->up);
	assert_false(fix_link(f, HOST_LINK)->raw);
	assert_int_equal(fix_link(f, HOST_LINK)->mtu, 1500);
	assert_int_equal(fix_link(f, HOST_LINK)->lladdr.b[5], 0x0a);
	assert_int_equal(fix_link(f, HOST_PEER)->lladdr.b[5], 0x0b);
	assert_non_null(fix_addr(f, HOST_ADDR));
	assert_int_equal(fix_addr(f, HOST_ADDR)->bits, 64);
	assert_int_equal(fix_addr(f, HOST_ADDR)->flags, 0);
	assert_non_null(fix_addr(f, HOST_LOCAL));

	host_addr(HOST_LINK, "2001:db8:a::55/64", true);
	FIX_WAIT(f, fix_addr(f, "2001:db8:a::55") != NULL);
	host_addr(HOST_LINK, "2001:db8:a::55/64", false);
	FIX_WAIT(f, fix_addr(f, "2001:db8:a::55") == NULL);

	host_link_up(HOST_PEER, false);
	FIX_WAIT(f, !fix_link(f, HOST_LINK)->up);
	host_link_up(HOST_PEER, true);
	FIX_WAIT(f, fix_link(f, HOST_LINK)->up);

	host_link_add("wx");
	FIX_WAIT(f, fix_link(f, "wx") != NULL && fix_link(f, "wx")->up);
	host_addr("wx", "2001:db8:e::1/64", true);
	FIX_WAIT(f, fix_addr(f, "2001:db8:e::1") != NULL);
	assert_null(fix_link(f, "xwx"));
	/* Not wanted under its new name, and wanted again. */
	old = fix_link(f, "wx")->ifindex;
	host_link_rename("wx", "nx");
	FIX_WAIT(f, fix_link(f, "wx") == NULL);
	assert_null(fix_addr(f, "2001:db8:e::1"));
	host_addr("nx", "2001:db8:e::2/64", true);
	host_link_rename("nx", "wy");
	host_addr("wy", "2001:db8:e::3/64", true);
	FIX_WAIT(f, fix_link(f, "wy") != NULL);
	FIX_WAIT(f, fix_addr(f, "2001:db8:e::3") != NULL);
	assert_int_equal(fix_link(f, "wy")->ifindex, old);
	host_link_del("wy");
	FIX_WAIT(f, fix_link(f, "wy") == NULL);
	assert_null(fix_addr(f, "2001:db8:e::3"));

	f->routes = 0;
	host_default(true);
	FIX_WAIT(f, f->routes > 0);
	f->routes = 0;
	host_default(false);
	FIX_WAIT(f, f->routes > 0);

	/* What we do ourselves to routes is no news. */
	f->routes = 0;
	assert_int_equal(fix_do(f, fix_effect(3, true)), 0);
	assert_int_equal(fix_do(f, fix_effect(3, false)), 0);
	fix_pump(f, 100);
	assert_int_equal(f->routes, 0);
	assert_false(f->any_tun);
	assert_int_equal(f->early, 0);
	/* Nothing different: no report. */
	f->link_reports = f->addr_reports = 0;
	mip6_plat_rescan(f->plat);
	fix_pump(f, 200);
	fix_pump(f, 200);
	fix_pump(f, 200);
	assert_int_equal(f->link_reports + f->addr_reports, 0);
}

static void
test_link_goes_with_effects(void **state)
{
	struct fix *f = *state;
	char *before = host_snapshot();
	struct mip6_action act;
	char err[256] = "";
	char *after;
	size_t i;
	static const size_t on_link[] = { 1, 2, 6, 9, 10 };

	fix_start(f);
	host_link_add("wx");
	FIX_WAIT(f, fix_link(f, "wx") != NULL && fix_link(f, "wx")->up);
	assert_non_null(
	    mip6_plat_port_open(f->plat, fix_link(f, "wx"), err, sizeof(err)));
	for (i = 0; i < MIP6_COUNT(on_link); i++) {
		act = fix_effect(on_link[i], true);
		if (act.kind == MIP6_ACT_ADDR)
			act.u.addr.ifindex = host_ifindex("wx");
		else if (act.kind == MIP6_ACT_ROUTE)
			act.u.route.ifindex = host_ifindex("wx");
		else
			act.u.set.ifindex = host_ifindex("wx");
		assert_int_equal(fix_do(f, act), 0);
	}
	host_link_del("wx");
	FIX_WAIT(f, fix_link(f, "wx") == NULL);
	fix_stop(f);
	after = host_snapshot();
	fix_same(before, after, "link gone");
	free(before);
	free(after);
}

static void
test_stranger_is_not_believed(void **state)
{
	struct fix *f = *state;
	size_t links, addrs;

	fix_start(f);
	assert_int_equal(fix_do(f, fix_effect(1, true)), 0);
	FIX_WAIT(f, fix_addr(f, "2001:db8:a::100") != NULL);
	links = f->links;
	addrs = f->addrs;
	f->link_reports = f->addr_reports = 0;
	host_forge();
	fix_pump(f, 200);
	/* A true event behind it, so that all before it was read. */
	host_addr(HOST_PEER, "2001:db8:b::1/64", true);
	FIX_WAIT(f, fix_addr(f, "2001:db8:b::1") != NULL);
	assert_int_equal(f->links, links);
	assert_int_equal(f->addrs, addrs + 1);
	assert_int_equal(f->link_reports, 0);
	assert_int_equal(f->addr_reports, 1);
}

static void
test_lost_events(void **state)
{
	struct fix *f = *state;
	uint64_t restored;

	fix_start(f);
	host_link_add("wx");
	FIX_WAIT(f, fix_link(f, "wx") != NULL);
	assert_int_equal(fix_do(f, fix_effect(0, true)), 0);
	assert_int_equal(fix_do(f, fix_effect(3, true)), 0);
	restored = mip6_plat_restored(f->plat);
	/* More than any buffer takes; what follows is lost for sure. */
	host_flood(20000);
	host_addr(HOST_LINK, "2001:db8:a::66/64", true);
	host_addr(HOST_LINK, HOST_ADDR "/64", false);
	host_link_del("wx");
	host_link_add("wz");
	host_steal(HOST_THEFT_ROUTE);
	FIX_WAIT(f, fix_link(f, "wx") == NULL);
	FIX_WAIT(f, fix_link(f, "wz") != NULL);
	FIX_WAIT(f, fix_addr(f, "2001:db8:a::66") != NULL);
	FIX_WAIT(f, fix_addr(f, HOST_ADDR) == NULL);
	FIX_WAIT(f, host_has(HOST_THEFT_ROUTE));
	/* What was there all the time was not put back. */
	FIX_WAIT(f, mip6_plat_restored(f->plat) > restored);
	fix_pump(f, 100);
	assert_int_equal(mip6_plat_restored(f->plat), restored + 1);
	assert_null(fix_addr(f, "fd00::77"));
}

/* Waits until it is back; returns a moment that is not after that. */
static struct mip6_time
wait_back(struct fix *f, enum host_theft what)
{
	int64_t until = mip6_plat_now().mono.us + 5000000;
	struct mip6_time last;

	do {
		last = mip6_plat_now().mono;
		fix_pump(f, 20);
	} while (!host_has(what) && last.us < until);
	assert_true(host_has(what));
	return last;
}

static void
test_thefts_come_back(void **state)
{
	struct fix *f = *state;
	char *before, *after;
	struct mip6_time first;
	uint64_t stolen = 0;
	int i;

	fix_start(f);
	for (i = 0; i < FIX_EFFECTS; i++) {
		if (i != 2)
			assert_int_equal(fix_do(f, fix_effect((size_t)i, true)),
			    fix_effect_end((size_t)i));
	}
	FIX_WAIT(f,
	    fix_addr(f, "2001:db8:a::100") != NULL &&
		fix_addr(f, "2001:db8:a::100")->flags == 0);
	before = host_snapshot();
	for (i = 0; i < HOST_THEFTS; i++) {
		if (i == HOST_THEFT_RULE && host_lacks(HOST_LACK_RULES))
			continue;
		stolen++;
		assert_true(host_has((enum host_theft)i));
		host_steal((enum host_theft)i);
		assert_false(host_has((enum host_theft)i));
		first = wait_back(f, (enum host_theft)i);
		/* Again at once: not before a second has passed. */
		host_steal((enum host_theft)i);
		FIX_WAIT(f, host_has((enum host_theft)i));
		assert_true(
		    mip6_time_sub(mip6_plat_now().mono, first).us > 700000);
	}
	FIX_WAIT(f, host_has(HOST_THEFT_ADDR) && host_has(HOST_THEFT_ROUTE));
	assert_true(mip6_plat_restored(f->plat) >= 2 * stolen);
	after = host_snapshot();
	fix_same(before, after, "put back");
	free(before);
	free(after);
	/* What is undone stays away. */
	for (i = 0; i < FIX_EFFECTS; i++)
		assert_int_equal(fix_do(f, fix_effect((size_t)i, false)),
		    fix_effect_end((size_t)i));
	for (i = 0; i < 12; i++)
		fix_pump(f, 100);
	assert_false(host_has(HOST_THEFT_ADDR));
	assert_false(host_has(HOST_THEFT_ROUTE));
	assert_false(host_has(HOST_THEFT_RULE));
	assert_false(host_has(HOST_THEFT_FILTER));
}

/* Stolen and not put back yet: its undo is no error and nothing comes back. */
static void
test_undo_after_theft(void **state)
{
	struct fix *f = *state;
	char *before = host_snapshot();
	char *after;
	size_t i;

	fix_start(f);
	fix_all_on(f);
	for (i = 0; i < HOST_THEFTS; i++)
		host_steal((enum host_theft)i);
	for (i = 0; i < FIX_EFFECTS; i++)
		assert_int_equal(fix_do(f, fix_effect(i, false)),
		    fix_effect_end(i));
	fix_stop(f);
	after = host_snapshot();
	fix_same(before, after, "stolen");
	free(before);
	free(after);
}

/* What was there before is neither taken over nor removed. */
static void
test_what_others_made_stays(void **state)
{
	struct fix *f = *state;
	struct mip6_action act;
	char *before, *after;

	host_addr(HOST_LINK, "2001:db8:a::100/64", true);
	before = host_snapshot();
	fix_start(f);
	act = fix_effect(1, true);
	assert_int_equal(fix_do(f, act), 0);
	assert_int_equal(fix_do(f, act), 0);
	act.u.addr.on = false;
	assert_int_equal(fix_do(f, act), 0);
	assert_non_null(fix_addr(f, "2001:db8:a::100"));
	act.u.addr.on = true;
	assert_int_equal(fix_do(f, act), 0);
	fix_stop(f);
	after = host_snapshot();
	fix_same(before, after, "somebody else's");
	free(before);
	free(after);
}

/* What one of us left behind without a journal is taken over. */
static void
test_leftovers_are_ours(void **state)
{
	struct fix *f = *state;
	char *before, *after;

	if (host_lacks(HOST_LACK_LEFTOVERS))
		skip();
	before = host_snapshot();
	host_leftovers();
	fix_start(f);
	assert_int_equal(fix_do(f, fix_effect(6, true)), 0);
	assert_int_equal(fix_do(f, fix_effect(7, true)), 0);
	fix_stop(f);
	after = host_snapshot();
	fix_same(before, after, "left behind");
	free(before);
	free(after);
}

/* Nor is a setting that somebody else has changed since. */
static void
test_what_others_set_stays(void **state)
{
	struct fix *f = *state;

	if (host_lacks(HOST_LACK_OPTIMISTIC))
		skip();
	fix_start(f);
	assert_int_equal(fix_do(f, fix_effect(2, true)), 0);
	host_setting_change();
	assert_int_equal(fix_do(f, fix_effect(2, false)), 0);
	assert_true(host_setting_is_theirs());
	fix_stop(f);
	assert_true(host_setting_is_theirs());
}

/* Whoever names a gateway knows that it is a neighbour, prefix or not. */
static void
test_gateway_without_prefix(void **state)
{
	struct fix *f = *state;
	struct mip6_action a = fix_effect(6, true);

	a.u.route.gateway = fix_a("2001:db8:99::1");
	fix_start(f);
	assert_int_equal(fix_do(f, a), 0);
	a.u.route.on = false;
	assert_int_equal(fix_do(f, a), 0);
}

/* A route moves to another next hop; undoing the old one does nothing. */
static void
test_route_replaced(void **state)
{
	struct fix *f = *state;
	char *before = host_snapshot();
	char *after, *during;
	struct mip6_action a = fix_effect(6, true), b = a;

	b.u.route.gateway = fix_a("fe80::99");
	fix_start(f);
	assert_int_equal(fix_do(f, a), 0);
	assert_int_equal(fix_do(f, b), 0);
	during = host_snapshot();
	assert_non_null(strstr(during, "fe80::99"));
	free(during);
	a.u.route.on = false;
	assert_int_equal(fix_do(f, a), 0);
	during = host_snapshot();
	assert_non_null(strstr(during, "fe80::99"));
	free(during);
	/* One that cannot be leaves what there is. */
	a.u.route.on = true;
	a.u.route.ifindex = 9999;
	assert_int_not_equal(fix_do(f, a), 0);
	during = host_snapshot();
	assert_non_null(strstr(during, "fe80::99"));
	free(during);
	b.u.route.on = false;
	assert_int_equal(fix_do(f, b), 0);
	during = host_snapshot();
	assert_null(strstr(during, "fe80::99"));
	free(during);
	b.u.route.on = true;
	assert_int_equal(fix_do(f, b), 0);
	fix_stop(f);
	after = host_snapshot();
	fix_same(before, after, "route");
	free(before);
	free(after);
}

static void
test_address_lifetimes(void **state)
{
	struct fix *f = *state;
	struct mip6_action act = fix_effect(1, true);

	fix_start(f);
	act.u.addr.valid = MIP6_SPAN_S(100);
	act.u.addr.preferred = MIP6_SPAN_S(0);
	assert_int_equal(fix_do(f, act), 0);
	FIX_WAIT(f, fix_addr(f, "2001:db8:a::100") != NULL);
	assert_true((fix_addr(f, "2001:db8:a::100")->flags &
			MIP6_ADDR_DEPRECATED) != 0);
	/* An update of what is there. */
	act.u.addr.preferred = MIP6_SPAN_S(50);
	assert_int_equal(fix_do(f, act), 0);
	FIX_WAIT(f,
	    (fix_addr(f, "2001:db8:a::100")->flags & MIP6_ADDR_DEPRECATED) ==
		0);
	/* It ends by itself, and then is not ours any more. */
	act.u.addr.valid = MIP6_SPAN_S(1);
	act.u.addr.preferred = MIP6_SPAN_S(1);
	assert_int_equal(fix_do(f, act), 0);
	FIX_WAIT(f, fix_addr(f, "2001:db8:a::100") == NULL);
	act.u.addr.on = false;
	assert_int_equal(fix_do(f, act), 0);
}

/* Usable while the kernel still looks for duplicates. */
static void
test_optimistic(void **state)
{
	struct fix *f = *state;

	if (host_lacks(HOST_LACK_OPTIMISTIC))
		skip();
	fix_start(f);
	assert_int_equal(fix_do(f, fix_effect(2, true)), 0);
	FIX_WAIT(f, fix_addr(f, "2001:db8:a::101") != NULL);
	assert_true((fix_addr(f, "2001:db8:a::101")->flags &
			MIP6_ADDR_OPTIMISTIC) != 0);
	FIX_WAIT(f, fix_addr(f, "2001:db8:a::101")->flags == 0);
}

static void
test_route_get(void **state)
{
	struct fix *f = *state;
	struct mip6_action get = { .kind = MIP6_ACT_ROUTE_GET };
	struct mip6_addr router = fix_a(HOST_ROUTER);
	struct mip6_action half = fix_effect(3, true);

	fix_start(f);
	get.u.dst = fix_a(HOST_NEIGHBOUR);
	assert_int_equal(fix_do(f, get), 0);
	assert_int_equal(f->route.ifindex, host_ifindex(HOST_LINK));
	assert_memory_equal(&f->route.nexthop, &get.u.dst, 16);
	/* Ours: no way out. */
	get.u.dst = fix_a(HOST_ADDR);
	assert_int_not_equal(fix_do(f, get), 0);
	get.u.dst = fix_a("2001:db8:c::1");
	assert_int_not_equal(fix_do(f, get), 0);
	host_default(true);
	FIX_WAIT(f, f->routes > 0);
	assert_int_equal(fix_do(f, get), 0);
	assert_int_equal(f->route.ifindex, host_ifindex(HOST_LINK));
	assert_memory_equal(&f->route.nexthop, &router, 16);
	/* Our own halves are not a way. */
	assert_int_equal(fix_do(f, half), 0);
	memset(&f->route, 0, sizeof(f->route));
	assert_int_equal(fix_do(f, get), 0);
	assert_int_equal(f->route.ifindex, host_ifindex(HOST_LINK));
	assert_memory_equal(&f->route.nexthop, &router, 16);
	host_default(false);
	assert_int_not_equal(fix_do(f, get), 0);
}

/* Said of a stranger's tunnel alone. */
static void
test_other_tunnel(void **state)
{
	struct fix *f = *state;

	fix_start(f);
	assert_null(mip6_plat_warning(f->plat));
	if (!host_lacks(HOST_LACK_RULES)) {
		host_default(true);
		assert_null(mip6_plat_warning(f->plat));
	}
	host_other_tunnel("vpn0", true);
	assert_non_null(mip6_plat_warning(f->plat));
	assert_non_null(strstr(mip6_plat_warning(f->plat), " vpn0,"));
	host_other_tunnel("vpn0", false);
	assert_null(mip6_plat_warning(f->plat));
	/* Our own is none, whatever it takes. */
	assert_int_equal(fix_do(f, fix_effect(3, true)), 0);
	assert_null(mip6_plat_warning(f->plat));
}

int
main(void)
{
#define CASE(name)                                                             \
	cmocka_unit_test_setup_teardown(name, fix_setup, fix_teardown)
	const struct CMUnitTest tests[] = {
		CASE(test_reports),
		CASE(test_link_goes_with_effects),
		CASE(test_stranger_is_not_believed),
		CASE(test_lost_events),
		CASE(test_thefts_come_back),
		CASE(test_undo_after_theft),
		CASE(test_what_others_made_stays),
		CASE(test_leftovers_are_ours),
		CASE(test_what_others_set_stays),
		CASE(test_gateway_without_prefix),
		CASE(test_route_replaced),
		CASE(test_address_lifetimes),
		CASE(test_optimistic),
		CASE(test_route_get),
		CASE(test_other_tunnel),
	};

	/* 77: skipped, as the runner takes it. */
	if (!host_enter()) {
		printf("no host can be made here\n");
		return 77;
	}
	return cmocka_run_group_tests(tests, NULL, NULL);
}
