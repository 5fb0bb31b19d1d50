/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Tables and status for people.
 *
 * Links: ctl control
 */
#include "unit/support.h"

#include <stdio.h>

#include "ctl/print.h"

static char text[8192];
static FILE *out;

static void
begin(void)
{
	memset(text, 0, sizeof(text));
	out = fmemopen(text, sizeof(text), "w");
	assert_non_null(out);
	(void)setenv("TZ", "UTC", 1);
}

static void
expect(const char *expected)
{
	assert_int_equal(fclose(out), 0);
	assert_string_equal(text, expected);
}

static json_t *
json(const char *s)
{
	json_error_t e;
	json_t *value = json_loads(s, 0, &e);

	if (value == NULL)
		fail_msg("%s: %s", s, e.text);
	return value;
}

static void
print(enum mip6_control_table table, const char *rows, const char *expected)
{
	struct mip6_print p;
	json_t *page = json(rows);

	begin();
	mip6_print_begin(&p, out, false, table);
	mip6_print_page(&p, page);
	mip6_print_end(&p);
	json_decref(page);
	expect(expected);
}

static void
test_span(void **state)
{
	static const struct {
		int64_t us;
		const char *text;
	} rows[] = { { 0, "0.00 s" }, { 1500000, "1.50 s" },
		{ 10000000, "10 s" }, { 599999999, "599 s" },
		{ 600000000, "10 min 00 s" }, { 3599000000, "59 min 59 s" },
		{ 3600000000, "1 h 00 min" }, { 172799000000, "47 h 59 min" },
		{ 172800000000, "2 days" }, { -1, "-" } };
	char cell[MIP6_PRINT_CELL];
	size_t i;

	(void)state;
	for (i = 0; i < MIP6_COUNT(rows); i++) {
		mip6_print_span(cell, rows[i].us);
		assert_string_equal(cell, rows[i].text);
	}
}

static void
test_tables(void **state)
{
	(void)state;
	print(MIP6_SHOW_BINDINGS, "[]", "no bindings\n");
	print(MIP6_SHOW_BINDINGS,
	    "[{\"hoa\":\"2001:db8:1::100\",\"coa\":\"2001:db8:a::1\","
	    "\"state\":\"registered\",\"left_us\":12000000,"
	    "\"granted_us\":600000000,\"seq\":7,\"flags\":\"LK\"}]",
	    "HOME ADDRESS     CARE-OF ADDRESS  STATE       FLAGS  LEFT  "
	    "GRANTED      SEQ\n"
	    "2001:db8:1::100  2001:db8:a::1    registered  LK     12 s  "
	    "10 min 00 s    7\n");
	print(MIP6_SHOW_LINKS,
	    "[{\"name\":\"eth0\",\"role\":\"home\",\"up\":true,"
	    "\"captured\":false,\"coa\":\"::\",\"why\":\"a\\u001bb\"}]",
	    "LINK  ROLE  UP   CAPTURED  CARE-OF ADDRESS  WHY\n"
	    "eth0  home  yes  no        -                a?b\n");
	/* Zeros are left out, but not forgotten. */
	print(MIP6_SHOW_COUNTERS,
	    "[{\"group\":\"drop\",\"name\":\"x\",\"count\":0,\"meaning\":\"m\"},"
	    "{\"group\":\"drop\",\"name\":\"y\",\"count\":12,"
	    "\"meaning\":\"why\"}]",
	    "GROUP  NAME  COUNT  MEANING\n"
	    "drop   y        12  why\n"
	    "and 1 counters are zero\n");
	/* Steps count from the first one that is known. */
	print(MIP6_SHOW_HANDOVERS,
	    "[{\"wall_us\":1700000000000000,\"from\":\"::\","
	    "\"to\":\"2001:db8:a::1\",\"interface\":\"eth0\","
	    "\"link_up_us\":5000,\"router_advert_us\":6500,"
	    "\"coa_usable_us\":0,\"bu_sent_us\":7000,\"ba_received_us\":0,"
	    "\"first_packet_us\":0,\"updates\":2}]",
	    "AT                   FROM  TO             LINK  RA ms  ADDRESS  "
	    "UPDATE  ANSWER  TRAFFIC  UPDATES\n"
	    "2023-11-14 22:13:20  home  2001:db8:a::1  eth0    1.5        -  "
	    "   2.0       -        -        2\n");
	/* A row that lacks everything does no harm. */
	print(MIP6_SHOW_TIMERS, "[{}]",
	    "TIMER  WHOSE  LEFT\n"
	    "              0.00 s\n");
}

/* Later pages keep the columns of the first. */
static void
test_pages(void **state)
{
	json_t *first = json("[{\"what\":\"refresh\",\"whose\":\"2001:db8::1\","
			     "\"left_us\":1}]");
	json_t *second = json("[{\"what\":\"a\",\"whose\":\"::\","
			      "\"left_us\":20000000}]");
	struct mip6_print p;

	(void)state;
	begin();
	mip6_print_begin(&p, out, false, MIP6_SHOW_TIMERS);
	mip6_print_page(&p, first);
	mip6_print_page(&p, second);
	mip6_print_end(&p);
	json_decref(first);
	json_decref(second);
	expect("TIMER    WHOSE        LEFT\n"
	       "refresh  2001:db8::1  0.00 s\n"
	       "a        -            20 s\n");
}

static void
test_status(void **state)
{
	json_t *s = json(
	    "{\"version\":\"1.2\",\"pid\":42,\"uptime_us\":61000000,"
	    "\"roles\":[\"mn\",\"cn\"],\"config\":\"/etc/x\","
	    "\"log_level\":\"info\",\"working\":false,\"why\":\"no link\","
	    "\"insecure\":true,\"unprotected_optimization\":true,"
	    "\"platform\":{\"system\":\"Linux\","
	    "\"release\":\"6\",\"packets\":\"portable\",\"tun\":\"mip0\","
	    "\"restored\":3,\"warning\":\"a tunnel\"},"
	    "\"outside_tunnel\":[\"IPv4\",\"more\"],\"registrations\":["
	    "{\"hoa\":\"2001:db8::1\",\"state\":\"nowhere\","
	    "\"agent\":\"2001:db8::2\",\"coa\":\"::\",\"why\":\"no link\"},"
	    "{\"hoa\":\"2001:db8::3\",\"state\":\"registered\","
	    "\"agent\":\"2001:db8::2\",\"coa\":\"2001:db8:a::3\","
	    "\"left_us\":5000000,\"granted_us\":20000000,\"seq\":9,"
	    "\"why\":\"\"},{\"with\":\"correspondent\","
	    "\"hoa\":\"2001:db8::3\",\"state\":\"direct\","
	    "\"agent\":\"2001:db8:c::1\"}],\"links\":[{\"name\":\"eth0\","
	    "\"role\":\"foreign\",\"up\":false,\"captured\":true,"
	    "\"coa\":\"::\",\"why\":\"no Router Advertisement\"}],"
	    "\"bindings\":null,\"direct\":{\"correspondents\":3,\"direct\":2,"
	    "\"bindings\":4},\"store\":{\"open\":true,\"errno\":28,"
	    "\"error\":\"No space left\",\"records\":7,\"groups\":3,"
	    "\"failed\":2,\"refused\":1,\"damage\":\"set aside as x\"}}");

	(void)state;
	begin();
	mip6_print_status(out, false, s);
	json_decref(s);
	expect("mip6d 1.2, mobile node and correspondent node, up 61 s, "
	       "process 42\n"
	       "NOT WORKING: no link\n"
	       "INSECURE: registrations need no key (insecure = true)\n"
	       "warning: return routability unprotected on the tunnel\n"
	       "home address 2001:db8::1: nowhere, home agent 2001:db8::2\n"
	       "    why: no link\n"
	       "home address 2001:db8::3: registered, home agent "
	       "2001:db8::2\n"
	       "    bound to 2001:db8:a::3, 5.00 s of 20 s left, sequence 9\n"
	       "link eth0: foreign, down; no Router Advertisement\n"
	       "correspondents: 3, directly with 2\n"
	       "bindings of mobile nodes to talk to directly: 4\n"
	       "store: 7 records in 3 groups; it fails now: No space left; "
	       "2 failed, 1 found no room; damaged, set aside as x\n"
	       "outside the tunnel: IPv4\n"
	       "                    more\n"
	       "platform: Linux 6, virtual interface mip0, packets portable\n"
	       "put back 3 times: something else on this host removes our "
	       "addresses, routes or rules\n"
	       "warning: a tunnel\n"
	       "configuration: /etc/x, log level info\n");
}

static void
test_event(void **state)
{
	json_t *e = json("{\"v\":1,\"event\":\"bul.state\",\"level\":\"info\","
			 "\"wall_us\":1700000000123456,\"data\":{\"to\":"
			 "\"BOUND\\u0007\",\"n\":-3,\"x\":null}}");

	(void)state;
	begin();
	mip6_print_event(out, false, e);
	json_decref(e);
	expect("22:13:20.123 info    bul.state to=BOUND? n=-3 x=-\n");
}

static void
test_reload(void **state)
{
	json_t *a = json("{\"changed\":[],\"at_next_start\":[]}");
	json_t *b = json("{\"changed\":[\"mn: x\"],\"at_next_start\":[\"y\"]}");

	(void)state;
	begin();
	mip6_print_reload(out, a);
	mip6_print_reload(out, b);
	json_decref(a);
	json_decref(b);
	expect("nothing has changed\nchanged: mn: x\nat the next start: y\n");
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_span),
		cmocka_unit_test(test_tables),
		cmocka_unit_test(test_pages),
		cmocka_unit_test(test_status),
		cmocka_unit_test(test_event),
		cmocka_unit_test(test_reload),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
