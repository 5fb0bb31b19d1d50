/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The Home Agents List: who gets in, with what, and for how long.
 *
 * Links: core
 */
#include "core_fix.h"

#include <stdio.h>

#include "core/ha_int.h"

#define OTHER "fe80::fe"

struct list {
	struct fix x;
	struct mip6_conf_mobile mobile;
	struct mip6_show_home_agent row[600];
	size_t rows;
};

static struct list *
list_new(void)
{
	struct list *t = test_malloc(sizeof(*t));

	fix_ha(&t->x, &t->mobile);
	fix_host_addr(&t->x, "fe80::1", 64, 0, false);
	return t;
}

static void
list_delete(struct list *t)
{
	fix_fini(&t->x);
	test_free(t);
}

static void
see_row(void *arg, const struct mip6_show_home_agent *s)
{
	struct list *t = arg;

	assert_true(t->rows < MIP6_COUNT(t->row));
	t->row[t->rows++] = *s;
}

/* How many rows there are beside our own. */
static size_t
others(struct list *t)
{
	struct mip6_addr ours = fix_addr(FIX_AGENT);
	struct mip6_addr local = fix_addr("fe80::1");
	size_t total;

	t->rows = 0;
	total = mip6_show_home_agents(t->x.node, &t->x.now, 0, 600, see_row, t);
	assert_int_equal(total, t->rows);
	assert_true(t->rows > 0 && t->row[0].self);
	assert_true(mip6_addr_equal(&t->row[0].global, &ours));
	assert_true(mip6_addr_equal(&t->row[0].addr, &local));
	return t->rows - 1;
}

/* An advertisement of a home agent with one global address. */
static struct mip6_nd
agent(const char *global, int64_t lifetime_s)
{
	struct mip6_nd m;

	memset(&m, 0, sizeof(m));
	m.type = MIP6_ND_RA;
	m.u.ra.home_agent = true;
	m.u.ra.router_lifetime = MIP6_SPAN_S(lifetime_s);
	m.opt.prefix_count = 1;
	m.opt.prefix[0].addr = fix_addr(global);
	m.opt.prefix[0].bits = 64;
	m.opt.prefix[0].router = true;
	m.opt.prefix[0].valid = m.opt.prefix[0].preferred = MIP6_ND_INFINITE;
	return m;
}

static void
hear(struct list *t, const char *from, const struct mip6_nd *m)
{
	fix_nd(&t->x, from, "ff02::1", 255, m);
}

/* R10.5.1-02, -03, -04, R7.4-02, R7.4-05. */
static void
test_learns(void **state)
{
	struct mip6_addr global = fix_addr("2001:db8:1::2");
	struct mip6_addr local = fix_addr(OTHER);
	struct mip6_nd m = agent("2001:db8:1::2", 100);
	struct list *t = list_new();

	(void)state;
	assert_int_equal(others(t), 0);
	assert_int_equal(t->row[0].left.us, INT64_MAX);
	hear(t, OTHER, &m);
	assert_int_equal(others(t), 1);
	assert_false(t->row[1].self);
	assert_int_equal(t->row[1].ifindex, FIX_IFINDEX);
	assert_true(mip6_addr_equal(&t->row[1].addr, &local));
	assert_true(mip6_addr_equal(&t->row[1].global, &global));
	assert_int_equal(t->row[1].preference, 0);
	assert_int_equal(t->row[1].left.us, 100000000);
	m.opt.has_ha_info = true;
	m.opt.ha_preference = 9;
	m.opt.ha_lifetime = MIP6_SPAN_S(30);
	hear(t, OTHER, &m);
	assert_int_equal(others(t), 1);
	assert_int_equal(t->row[1].preference, 9);
	assert_int_equal(t->row[1].left.us, 30000000);
	/* Beside another router. */
	m.u.ra.router_lifetime = MIP6_SPAN_S(0);
	m.opt.ha_lifetime = MIP6_SPAN_S(40);
	hear(t, OTHER, &m);
	assert_int_equal(others(t), 1);
	assert_int_equal(t->row[1].left.us, 40000000);
	/* And what it says no more is what everybody assumes again. */
	m = agent("2001:db8:1::2", 50);
	hear(t, OTHER, &m);
	assert_int_equal(others(t), 1);
	assert_int_equal(t->row[1].preference, 0);
	assert_int_equal(t->row[1].left.us, 50000000);
	list_delete(t);
}

/* R10.5.1-01, -04, -05, R10.1-03. */
static void
test_goes(void **state)
{
	struct mip6_nd m = agent("2001:db8:1::2", 100), bad;
	struct list *t = list_new();

	(void)state;
	/* Who is not one: never in. */
	bad = m;
	bad.u.ra.home_agent = false;
	hear(t, OTHER, &bad);
	assert_int_equal(others(t), 0);
	bad = m;
	bad.u.ra.router_lifetime = MIP6_SPAN_S(0);
	hear(t, OTHER, &bad);
	assert_int_equal(others(t), 0);
	/* Not even for a moment. */
	assert_null(strstr(t->x.events, "ha-list.new"));
	/* No H any more. */
	hear(t, OTHER, &m);
	assert_int_equal(others(t), 1);
	bad = m;
	bad.u.ra.home_agent = false;
	hear(t, "fe80::ff", &bad); /* somebody else */
	assert_int_equal(others(t), 1);
	hear(t, OTHER, &bad);
	assert_int_equal(others(t), 0);
	/* Lifetime 0, of the router or of the home agent. */
	hear(t, OTHER, &m);
	bad = m;
	bad.u.ra.router_lifetime = MIP6_SPAN_S(0);
	hear(t, OTHER, &bad);
	assert_int_equal(others(t), 0);
	hear(t, OTHER, &m);
	bad = m;
	bad.opt.has_ha_info = true;
	hear(t, OTHER, &bad);
	assert_int_equal(others(t), 0);
	/* Its time runs out, counted from what it said last. */
	hear(t, OTHER, &m);
	fix_wait(&t->x, MIP6_SPAN_S(60));
	hear(t, OTHER, &m);
	fix_wait(&t->x, MIP6_SPAN_US(99999999));
	assert_int_equal(others(t), 1);
	fix_wait(&t->x, MIP6_SPAN_US(1));
	assert_int_equal(others(t), 0);
	list_delete(t);
}

/* R10.5.1-04, R10.1-02: global addresses come, stay, and go. */
static void
test_globals(void **state)
{
	struct mip6_nd m = agent("2001:db8:1::2", 1000), more;
	struct mip6_addr first = fix_addr("2001:db8:1::2");
	struct mip6_addr second = fix_addr("2001:db8:2::2");
	struct list *t = list_new();
	char text[32];
	uint8_t k;

	(void)state;
	hear(t, OTHER, &m);
	/* What is not in this advertisement is still true. */
	more = agent("2001:db8:2::2", 1000);
	more.opt.prefix[0].valid = MIP6_SPAN_S(100);
	hear(t, OTHER, &more);
	assert_int_equal(others(t), 2);
	assert_true(mip6_addr_equal(&t->row[2].global, &second));
	hear(t, OTHER, &more);
	assert_int_equal(others(t), 2);
	/* Not R, or no routable address: nothing to list. */
	more.opt.prefix[0].addr = fix_addr("2001:db8:3::");
	more.opt.prefix[0].router = false;
	hear(t, OTHER, &more);
	more.opt.prefix[0].addr = fix_addr("fe80::9");
	more.opt.prefix[0].router = true;
	hear(t, OTHER, &more);
	more.opt.prefix[0].addr = fix_addr("ff02::9");
	hear(t, OTHER, &more);
	assert_int_equal(others(t), 2);
	/* The prefix of one ends. */
	fix_wait(&t->x, MIP6_SPAN_US(99999999));
	assert_int_equal(others(t), 2);
	fix_wait(&t->x, MIP6_SPAN_US(1));
	assert_int_equal(others(t), 1);
	assert_true(mip6_addr_equal(&t->row[1].global, &first));
	/* At once, when its valid lifetime is 0; unknown ones do not matter. */
	m.opt.prefix[0].valid = MIP6_SPAN_S(0);
	hear(t, OTHER, &m);
	hear(t, OTHER, &m);
	assert_int_equal(others(t), 1);
	assert_true(mip6_addr_is_any(&t->row[1].global));
	/* No more than eight. */
	for (k = 1; k < 20; k++) {
		(void)snprintf(text, sizeof(text), "2001:db8:1%02u::2", k);
		m = agent(text, 1000);
		hear(t, OTHER, &m);
	}
	assert_int_equal(others(t), HA_AGENT_ADDRS_MAX);
	list_delete(t);
}

/* Thousands of home agents that nobody has: those known stay. */
static void
test_flood(void **state)
{
	struct mip6_addr known = fix_addr(OTHER);
	struct mip6_nd m = agent("2001:db8:1::2", 1000);
	struct list *t = list_new();
	bool there = false;
	char text[32];
	uint32_t i;

	(void)state;
	hear(t, OTHER, &m);
	for (i = 0; i < 3000; i++) {
		(void)snprintf(text, sizeof(text), "fe80::1:%x", i);
		hear(t, text, &m);
	}
	hear(t, OTHER, &m);
	assert_int_equal(others(t), HA_AGENTS_MAX);
	for (i = 1; i < t->rows; i++)
		there = there || mip6_addr_equal(&t->row[i].addr, &known);
	assert_true(there);
	assert_int_equal(fix_drops(&t->x, MIP6_DROP_HA_LIST_FULL),
	    3000 + 1 - HA_AGENTS_MAX);
	/* They run out as everybody does, and there is room again. */
	fix_wait(&t->x, MIP6_SPAN_S(1000));
	assert_int_equal(others(t), 0);
	hear(t, "fe80::2:1", &m);
	assert_int_equal(others(t), 1);
	list_delete(t);
}

/* RFC 4861 section 6.1.2 comes first, and nobody speaks for us. */
static void
test_invalid(void **state)
{
	struct mip6_nd m = agent("2001:db8:1::2", 1000);
	struct list *t = list_new();

	(void)state;
	fix_nd(&t->x, OTHER, "ff02::1", 254, &m);
	assert_int_equal(fix_drops(&t->x, MIP6_DROP_ND_HOP_LIMIT), 1);
	hear(t, "2001:db8:1::2", &m);
	assert_int_equal(fix_drops(&t->x, MIP6_DROP_ND_SOURCE), 1);
	hear(t, "fe80::1", &m);
	assert_int_equal(fix_drops(&t->x, MIP6_DROP_SELF_SENT), 1);
	assert_int_equal(others(t), 0);
	hear(t, OTHER, &m);
	assert_int_equal(others(t), 1);
	list_delete(t);
}

static void
move_home(struct list *t, uint32_t ifindex)
{
	struct mip6_event ev;

	memset(&ev, 0, sizeof(ev));
	ev.kind = MIP6_EV_LINK;
	ev.u.link.ifindex = ifindex;
	memcpy(ev.u.link.name, "eth1", 5);
	ev.u.link.mtu = 1500;
	ev.u.link.up = true;
	fix_give(&t->x, &ev);
	memcpy(t->x.conf.ha.interface, "eth1", 5);
	fix_configure(&t->x);
}

/* R8.4-08: the list is about the home link. */
static void
test_link(void **state)
{
	struct mip6_nd m = agent("2001:db8:1::2", 1000);
	struct list *t = list_new();

	(void)state;
	hear(t, OTHER, &m);
	assert_int_equal(others(t), 1);
	/* Another home link: another list. */
	move_home(t, 9);
	t->rows = 0;
	(void)mip6_show_home_agents(t->x.node, &t->x.now, 0, 9, see_row, t);
	assert_int_equal(t->rows, 1);
	assert_int_equal(t->row[0].ifindex, 9);
	/* What is heard on the former one does not matter now. */
	hear(t, OTHER, &m);
	t->rows = 0;
	(void)mip6_show_home_agents(t->x.node, &t->x.now, 0, 9, see_row, t);
	assert_int_equal(t->rows, 1);
	/* Nor is there one of a home link that is not there. */
	t->x.conf.ha.is_virtual = true;
	memcpy(t->x.conf.ha.interface, "eth0", 5);
	fix_configure(&t->x);
	hear(t, OTHER, &m);
	t->rows = 0;
	(void)mip6_show_home_agents(t->x.node, &t->x.now, 0, 9, see_row, t);
	assert_int_equal(t->rows, 1);
	assert_true(t->row[0].self && t->row[0].ifindex == 0);
	list_delete(t);
}

/* Pages of the table, and nothing to show for who is no home agent. */
static void
test_pages(void **state)
{
	struct mip6_nd m = agent("2001:db8:1::2", 1000);
	struct list *t = list_new();
	struct fix *mn;

	(void)state;
	hear(t, OTHER, &m);
	m = agent("2001:db8:2::2", 1000);
	hear(t, OTHER, &m);
	t->rows = 0;
	assert_int_equal(mip6_show_home_agents(t->x.node, &t->x.now, 1, 1,
			     see_row, t),
	    3);
	assert_int_equal(t->rows, 1);
	assert_false(t->row[0].self);
	list_delete(t);
	mn = test_malloc(sizeof(*mn));
	fix_mn(mn);
	assert_int_equal(mip6_show_home_agents(mn->node, &mn->now, 0, 9,
			     see_row, NULL),
	    0);
	fix_fini(mn);
	test_free(mn);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_learns),
		cmocka_unit_test(test_goes),
		cmocka_unit_test(test_globals),
		cmocka_unit_test(test_flood),
		cmocka_unit_test(test_invalid),
		cmocka_unit_test(test_link),
		cmocka_unit_test(test_pages),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
