/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The tables of `show` as JSON: names, units, pages.  The node is one of this
 * test.
 *
 * Links: daemon
 */
#include "unit/support.h"

#include "core/show.h"
#include "daemon/tables.h"

static const struct mip6_addr hoa = { { 0x20, 1, 0xd, 0xb8, [15] = 1 } };
static const struct mip6_addr coa = { { 0x20, 1, 0xd, 0xb8, [15] = 2 } };
static const struct mip6_lladdr ll = { { 2, 0, 0, 0, 0, 9 } };

size_t
mip6_show_bindings(const struct mip6_node *n, const struct mip6_now *now,
    size_t skip, size_t max,
    void (*row)(void *, const struct mip6_show_binding *), void *arg)
{
	struct mip6_show_binding b = { .hoa = hoa,
		.coa = coa,
		.seq = 65535,
		.left = MIP6_SPAN_MS(1500),
		.granted = MIP6_SPAN_S(262140),
		.home_registration = true,
		.state = "registered",
		.flags = "LR",
		.checking = true };
	size_t i;

	(void)n;
	(void)now;
	for (i = skip; i < 3 && i - skip < max; i++) {
		b.hoa.b[15] = (uint8_t)(i + 1);
		row(arg, &b);
	}
	return 3;
}

size_t
mip6_show_registrations(const struct mip6_node *n, const struct mip6_now *now,
    size_t skip, size_t max,
    void (*row)(void *, const struct mip6_show_registration *), void *arg)
{
	const struct mip6_show_registration r = { .correspondent = true,
		.home_token = MIP6_SPAN_US(12),
		.care_of_token = MIP6_SPAN_US(-1),
		.hoa = hoa,
		.agent = coa,
		.state = "registering",
		.why = "no answer\xff",
		.seq = 7,
		.silent = MIP6_SPAN_US(3),
		.unanswered = 2,
		.last_status = -1,
		.clock_offset_ms = -5,
		.deprecated = true,
		.prefix_left = MIP6_SPAN_US(9) };

	(void)n;
	(void)now;
	(void)skip;
	(void)max;
	row(arg, &r);
	return 1;
}

size_t
mip6_show_links(const struct mip6_node *n, const struct mip6_now *now,
    size_t skip, size_t max, void (*row)(void *, const struct mip6_show_link *),
    void *arg)
{
	const struct mip6_show_link l = { .ifindex = 2,
		.name = "eth0",
		.up = true,
		.role = "foreign",
		.coa = coa,
		.why = "" };

	(void)n;
	(void)now;
	(void)skip;
	(void)max;
	row(arg, &l);
	return 1;
}

size_t
mip6_show_routers(const struct mip6_node *n, const struct mip6_now *now,
    size_t skip, size_t max,
    void (*row)(void *, const struct mip6_show_router *), void *arg)
{
	const struct mip6_show_router r = { .ifindex = 2,
		.addr = coa,
		.lladdr = ll,
		.left = MIP6_SPAN_S(1),
		.reachable = "stale" };

	(void)n;
	(void)now;
	(void)skip;
	(void)max;
	row(arg, &r);
	return 1;
}

size_t
mip6_show_prefixes(const struct mip6_node *n, const struct mip6_now *now,
    size_t skip, size_t max,
    void (*row)(void *, const struct mip6_show_prefix *), void *arg)
{
	const struct mip6_show_prefix p = { .ifindex = 3,
		.prefix = { hoa, 64 },
		.valid = { INT64_MAX },
		.onlink = true,
		.origin = "router" };

	(void)n;
	(void)now;
	(void)skip;
	(void)max;
	row(arg, &p);
	return 1;
}

size_t
mip6_show_home_agents(const struct mip6_node *n, const struct mip6_now *now,
    size_t skip, size_t max,
    void (*row)(void *, const struct mip6_show_home_agent *), void *arg)
{
	const struct mip6_show_home_agent a = { .ifindex = 2,
		.global = coa,
		.preference = 65535,
		.left = MIP6_SPAN_S(3),
		.self = true };

	(void)n;
	(void)now;
	(void)skip;
	(void)max;
	row(arg, &a);
	return 1;
}

size_t
mip6_show_neighbours(const struct mip6_node *n, const struct mip6_now *now,
    size_t skip, size_t max,
    void (*row)(void *, const struct mip6_show_neighbour *), void *arg)
{
	const struct mip6_show_neighbour b = { .ifindex = 2,
		.hop = 4,
		.addr = coa,
		.lladdr = ll,
		.state = "reachable" };

	(void)n;
	(void)now;
	(void)skip;
	(void)max;
	row(arg, &b);
	return 1;
}

size_t
mip6_show_timers(const struct mip6_node *n, const struct mip6_now *now,
    size_t skip, size_t max,
    void (*row)(void *, const struct mip6_show_timer *), void *arg)
{
	const struct mip6_show_timer t = { .what = "refresh",
		.whose = hoa,
		.left = MIP6_SPAN_US(-2) };

	(void)n;
	(void)now;
	(void)skip;
	(void)max;
	row(arg, &t);
	return 1;
}

size_t
mip6_show_handovers(const struct mip6_node *n, const struct mip6_now *now,
    size_t skip, size_t max,
    void (*row)(void *, const struct mip6_show_handover *), void *arg)
{
	const struct mip6_show_handover h = { .hoa = hoa,
		.to = coa,
		.ifindex = 2,
		.link_up = { 10 },
		.router_advert = { 20 },
		.coa_usable = { 30 },
		.bu_sent = { 40 },
		.ba_received = { 50 },
		.wall_us = 1700000000123456,
		.updates = 1 };

	(void)n;
	(void)now;
	(void)skip;
	(void)max;
	row(arg, &h);
	return 1;
}

static const char *
link_name(void *arg, uint32_t ifindex)
{
	(void)arg;
	return ifindex == 2 ? "eth0" : "?";
}

static const struct mip6_tables_counter more[] = {
	{ "path", "to-tun", "packets", 5 },
	{ "eth0", "sent", "sent", UINT32_MAX },
};

static uint64_t
direct_octets(void *arg, const struct mip6_addr *our,
    const struct mip6_addr *other)
{
	(void)arg;
	assert_true(mip6_addr_equal(our, &hoa));
	assert_true(mip6_addr_equal(other, &coa));
	return 77;
}

static struct mip6_tables_source
source(void)
{
	return (struct mip6_tables_source){ .drops = { { 3 } },
		.counter = more,
		.counters = MIP6_COUNT(more),
		.link_name = link_name,
		.direct_octets = direct_octets };
}

static json_t *
show(enum mip6_control_table table, uint64_t skip, uint32_t max)
{
	const struct mip6_control_request request = { .command =
							  MIP6_CONTROL_SHOW,
		.table = table,
		.skip = skip,
		.max = max };
	struct mip6_tables_source s = source();
	json_t *answer = mip6_tables_show(&s, &request);

	assert_non_null(answer);
	assert_string_equal(json_string_value(json_object_get(answer, "table")),
	    mip6_control_table_name(table));
	assert_int_equal(json_integer_value(json_object_get(answer, "skip")),
	    skip);
	return answer;
}

/* Compares the first row of a table, members in any order. */
static void
expect_row(enum mip6_control_table table, const char *expected)
{
	json_t *answer = show(table, 0, 100), *row, *other;
	char *text;

	row = json_array_get(json_object_get(answer, "rows"), 0);
	other = json_loads(expected, 0, NULL);
	assert_non_null(other);
	if (!json_equal(row, other)) {
		text = json_dumps(row, JSON_COMPACT);
		fail_msg("%s\nexpected %s", text, expected);
	}
	json_decref(other);
	json_decref(answer);
}

static void
test_rows(void **state)
{
	(void)state;
	expect_row(MIP6_SHOW_BINDINGS,
	    "{\"hoa\":\"2001:db8::1\",\"coa\":\"2001:db8::2\",\"local\":\"::\","
	    "\"seq\":65535,\"left_us\":1500000,\"granted_us\":262140000000,"
	    "\"home_registration\":true,\"state\":\"registered\","
	    "\"flags\":\"LR\",\"checking\":true}");
	expect_row(MIP6_SHOW_REGISTRATIONS,
	    "{\"with\":\"correspondent\",\"direct_octets\":77,"
	    "\"home_token_us\":12,\"care_of_token_us\":-1,"
	    "\"hoa\":\"2001:db8::1\",\"coa\":\"::\",\"agent\":\"2001:db8::2\","
	    "\"coa_wanted\":\"::\",\"state\":\"registering\","
	    "\"why\":\"no answer?\",\"seq\":7,\"left_us\":0,\"granted_us\":0,"
	    "\"silent_us\":3,\"unanswered\":2,\"last_status\":-1,"
	    "\"last_status_authentic\":false,\"clock_offset_ms\":-5,"
	    "\"formed\":false,\"deprecated\":true,\"prefix_left_us\":9,"
	    "\"agents\":\"\"}");
	expect_row(MIP6_SHOW_LINKS,
	    "{\"ifindex\":2,\"name\":\"eth0\",\"up\":true,\"captured\":false,"
	    "\"role\":\"foreign\",\"coa\":\"2001:db8::2\",\"why\":\"\"}");
	expect_row(MIP6_SHOW_ROUTERS,
	    "{\"ifindex\":2,\"interface\":\"eth0\",\"addr\":\"2001:db8::2\","
	    "\"lladdr\":\"02:00:00:00:00:09\",\"left_us\":1000000,"
	    "\"home_agent\":false,\"reachable\":\"stale\"}");
	expect_row(MIP6_SHOW_HOME_AGENTS,
	    "{\"ifindex\":2,\"interface\":\"eth0\",\"addr\":\"::\","
	    "\"global\":\"2001:db8::2\",\"preference\":65535,"
	    "\"left_us\":3000000,\"self\":true}");
	expect_row(MIP6_SHOW_PREFIXES,
	    "{\"ifindex\":3,\"interface\":\"?\",\"prefix\":"
	    "\"2001:db8::1/64\",\"router\":\"::\","
	    "\"valid_us\":9223372036854775807,\"preferred_us\":0,"
	    "\"onlink\":true,\"autonomous\":false,\"origin\":\"router\"}");
	expect_row(MIP6_SHOW_NEIGHBOURS,
	    "{\"ifindex\":2,\"interface\":\"eth0\",\"hop\":4,"
	    "\"addr\":\"2001:db8::2\",\"lladdr\":\"02:00:00:00:00:09\","
	    "\"state\":\"reachable\"}");
	expect_row(MIP6_SHOW_TIMERS,
	    "{\"what\":\"refresh\",\"whose\":\"2001:db8::1\",\"left_us\":-2}");
	expect_row(MIP6_SHOW_HANDOVERS,
	    "{\"hoa\":\"2001:db8::1\",\"from\":\"::\",\"to\":\"2001:db8::2\","
	    "\"ifindex\":2,\"interface\":\"eth0\",\"wall_us\":1700000000123456,"
	    "\"updates\":1,\"link_up_us\":10,\"router_advert_us\":20,"
	    "\"coa_usable_us\":30,\"bu_sent_us\":40,\"ba_received_us\":50,"
	    "\"first_packet_us\":0}");
	expect_row(MIP6_SHOW_COUNTERS,
	    "{\"group\":\"drop\",\"name\":\"not-ip6\",\"meaning\":"
	    "\"not an IPv6 packet\",\"count\":3}");
}

static void
test_pages(void **state)
{
	json_t *answer = show(MIP6_SHOW_BINDINGS, 1, 1), *rows;

	(void)state;
	rows = json_object_get(answer, "rows");
	assert_int_equal(json_integer_value(json_object_get(answer, "total")),
	    3);
	assert_int_equal(json_array_size(rows), 1);
	assert_string_equal(json_string_value(
				json_object_get(json_array_get(rows, 0),
				    "hoa")),
	    "2001:db8::2");
	json_decref(answer);
	answer = show(MIP6_SHOW_BINDINGS, INT64_MAX, 500);
	assert_int_equal(json_array_size(json_object_get(answer, "rows")), 0);
	json_decref(answer);
}

/* Every drop reason is there by name, then the others. */
static void
test_counters(void **state)
{
	size_t total = MIP6_DROP_COUNT + MIP6_COUNT(more), i;
	json_t *answer = show(MIP6_SHOW_COUNTERS, 0, 500), *rows, *row;

	(void)state;
	rows = json_object_get(answer, "rows");
	assert_int_equal(json_integer_value(json_object_get(answer, "total")),
	    total);
	assert_int_equal(json_array_size(rows), total);
	for (i = 0; i < MIP6_DROP_COUNT; i++) {
		row = json_array_get(rows, i);
		assert_string_equal(json_string_value(
					json_object_get(row, "name")),
		    mip6_drop_name((enum mip6_drop)i));
		assert_int_equal(json_integer_value(
				     json_object_get(row, "count")),
		    i == 0 ? 3 : 0);
	}
	row = json_array_get(rows, total - 1);
	assert_string_equal(json_string_value(json_object_get(row, "group")),
	    "eth0");
	assert_int_equal(json_integer_value(json_object_get(row, "count")),
	    UINT32_MAX);
	json_decref(answer);
	/* A page across the seam. */
	answer = show(MIP6_SHOW_COUNTERS, MIP6_DROP_COUNT - 1, 2);
	rows = json_object_get(answer, "rows");
	assert_int_equal(json_array_size(rows), 2);
	assert_string_equal(json_string_value(
				json_object_get(json_array_get(rows, 1),
				    "name")),
	    "to-tun");
	json_decref(answer);
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_rows),
		cmocka_unit_test(test_pages),
		cmocka_unit_test(test_counters),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
