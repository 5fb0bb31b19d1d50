/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The control protocol: requests, the life of a client, events for watchers.
 *
 * Links: control base
 */
#include "unit/support.h"

#include <stdio.h>

#include "control/client.h"
#include "control/event.h"

#define AT(us) ((struct mip6_time){ (us) })

static const struct {
	const char *line;
	const char *why;
} refused[] = {
	{ "", "expected one JSON object a line" },
	{ "x", "expected one JSON object a line" },
	{ "[1]", "expected one JSON object a line" },
	{ "{\"v\":1,\"cmd\":\"status\"", "expected one JSON object a line" },
	{ "{\"v\":1,\"cmd\":\"status\"} {}",
	    "expected one JSON object a line" },
	{ "{\"v\":1,\"v\":1,\"cmd\":\"status\"}",
	    "expected one JSON object a line" },
	{ "{\"cmd\":\"status\"}",
	    "v: this daemon speaks version 1 of the protocol" },
	{ "{\"v\":2,\"cmd\":\"status\"}",
	    "v: this daemon speaks version 1 of the protocol" },
	{ "{\"v\":\"1\",\"cmd\":\"status\"}",
	    "v: this daemon speaks version 1 of the protocol" },
	{ "{\"v\":1}",
	    "cmd: expected status, show, watch, flush, move, "
	    "reload or log" },
	{ "{\"v\":1,\"cmd\":\"stat\"}",
	    "cmd: expected status, show, watch, flush, move, reload or log" },
	{ "{\"v\":1,\"cmd\":7}",
	    "cmd: expected status, show, watch, flush, move, reload or log" },
	{ "{\"v\":1,\"cmd\":\"status\",\"table\":\"links\"}",
	    "a member that this cmd does not know" },
	{ "{\"v\":1,\"cmd\":\"show\"}",
	    "table: expected bindings, registrations, links, prefixes, "
	    "routers, home-agents, neighbours, timers, counters or "
	    "handovers" },
	{ "{\"v\":1,\"cmd\":\"show\",\"table\":null}",
	    "table: expected bindings, registrations, links, prefixes, "
	    "routers, home-agents, neighbours, timers, counters or "
	    "handovers" },
	{ "{\"v\":1,\"cmd\":\"show\",\"table\":\"links\",\"max\":0}",
	    "max: expected a number from 1 to 500" },
	{ "{\"v\":1,\"cmd\":\"show\",\"table\":\"links\",\"max\":501}",
	    "max: expected a number from 1 to 500" },
	{ "{\"v\":1,\"cmd\":\"show\",\"table\":\"links\",\"skip\":-1}",
	    "skip: expected a number" },
	{ "{\"v\":1,\"cmd\":\"show\",\"table\":\"links\",\"skip\":1.5}",
	    "skip: expected a number" },
	{ "{\"v\":1,\"cmd\":\"show\",\"table\":\"links\","
	  "\"skip\":9223372036854775808}",
	    "expected one JSON object a line" },
	{ "{\"v\":1,\"cmd\":\"watch\",\"level\":\"loud\"}",
	    "level: expected error, warning, info or debug" },
	{ "{\"v\":1,\"cmd\":\"log\"}",
	    "level: expected error, warning, info or debug" },
	{ "{\"v\":1,\"cmd\":\"flush\",\"what\":\"all\"}",
	    "what: expected binding, neighbours, routes or registration" },
	{ "{\"v\":1,\"cmd\":\"flush\",\"what\":\"binding\"}",
	    "addr: expected the home address of the binding" },
	{ "{\"v\":1,\"cmd\":\"flush\",\"what\":\"binding\",\"addr\":\"x\"}",
	    "addr: expected an IPv6 address" },
	{ "{\"v\":1,\"cmd\":\"flush\",\"what\":\"routes\",\"addr\":\"::1\"}",
	    "addr: only for a binding or a registration" },
	{ "{\"v\":1,\"cmd\":\"move\",\"interface\":\"\"}",
	    "interface: expected the name of an interface" },
	{ "{\"v\":1,\"cmd\":\"move\",\"interface\":\"1234567890123456\"}",
	    "interface: expected the name of an interface" },
	{ "{\"v\":1,\"cmd\":\"move\",\"interface\":1}",
	    "interface: expected the name of an interface" },
};

static void
test_refused(void **state)
{
	struct mip6_control_request r;
	const char *why;
	size_t i;

	(void)state;
	for (i = 0; i < MIP6_COUNT(refused); i++) {
		why = "";
		if (mip6_control_request_parse(refused[i].line,
			strlen(refused[i].line), &r, &why))
			fail_msg("accepted: %s", refused[i].line);
		assert_string_equal(why, refused[i].why);
	}
}

static struct mip6_control_request
parse(const char *line)
{
	struct mip6_control_request r;
	const char *why = "";

	if (!mip6_control_request_parse(line, strlen(line), &r, &why))
		fail_msg("%s: %s", line, why);
	return r;
}

static void
test_accepted(void **state)
{
	struct mip6_control_request r;
	size_t i;

	(void)state;
	assert_int_equal(parse("{\"v\":1,\"cmd\":\"status\"}").command,
	    MIP6_CONTROL_STATUS);
	assert_int_equal(parse(" { \"cmd\":\"reload\", \"v\":1 } ").command,
	    MIP6_CONTROL_RELOAD);
	for (i = 0; mip6_control_table_name(i) != NULL; i++) {
		char line[80];

		(void)snprintf(line, sizeof(line),
		    "{\"v\":1,\"cmd\":\"show\",\"table\":\"%s\"}",
		    mip6_control_table_name(i));
		r = parse(line);
		assert_int_equal(r.command, MIP6_CONTROL_SHOW);
		assert_int_equal(r.table, i);
		assert_int_equal(r.skip, 0);
		assert_int_equal(r.max, 100);
	}
	assert_int_equal(i, MIP6_SHOW_HANDOVERS + 1);
	r = parse("{\"v\":1,\"cmd\":\"show\",\"table\":\"timers\",\"max\":500,"
		  "\"skip\":9223372036854775807}");
	assert_int_equal(r.skip, INT64_MAX);
	assert_int_equal(r.max, 500);
	assert_int_equal(parse("{\"v\":1,\"cmd\":\"watch\"}").level,
	    MIP6_LOG_INFO);
	assert_int_equal(parse("{\"v\":1,\"cmd\":\"log\",\"level\":\"debug\"}")
			     .level,
	    MIP6_LOG_DEBUG);
	r = parse("{\"v\":1,\"cmd\":\"flush\",\"what\":\"binding\","
		  "\"addr\":\"2001:db8::7\"}");
	assert_int_equal(r.flush, MIP6_FLUSH_BINDING);
	assert_int_equal(r.addr.b[15], 7);
	r = parse("{\"v\":1,\"cmd\":\"flush\",\"what\":\"registration\"}");
	assert_true(mip6_addr_is_any(&r.addr));
	r = parse("{\"v\":1,\"cmd\":\"move\",\"interface\":\"eth0\"}");
	assert_string_equal(r.interface, "eth0");
	assert_string_equal(parse("{\"v\":1,\"cmd\":\"move\"}").interface, "");
}

/* A daemon that answers "n": how often it was asked, or refuses a reload. */
struct daemon {
	unsigned int asked;
	size_t octets; /* of padding in an answer */
};

static json_t *
answer(void *arg, const struct mip6_control_request *request, char *error,
    size_t octets)
{
	struct daemon *d = arg;
	json_t *members;
	char *padding;

	d->asked++;
	if (request->command == MIP6_CONTROL_RELOAD) {
		(void)snprintf(error, octets, "mip6.conf:3: no \"such\" key");
		return NULL;
	}
	padding = calloc(1, d->octets + 1);
	assert_non_null(padding);
	memset(padding, 'x', d->octets);
	members =
	    json_pack("{s:i,s:s}", "n", (int)d->asked, "padding", padding);
	free(padding);
	return members;
}

static void
feed(struct mip6_control_client *c, const char *text)
{
	mip6_control_client_input(c, text, strlen(text));
}

/* Compares what waits to be sent, and sends it. */
static void
expect(struct mip6_control_client *c, const char *text)
{
	const uint8_t *octets = (const uint8_t *)"";
	size_t count = mip6_control_client_output(c, &octets);

	if (count != strlen(text) || memcmp(octets, text, count) != 0)
		fail_msg("expected %s, found %.*s", text, (int)count,
		    (const char *)octets);
	mip6_control_client_sent(c, count);
}

#define STATUS    "{\"v\":1,\"cmd\":\"status\"}\n"
#define RELOAD    "{\"v\":1,\"cmd\":\"reload\"}\n"
#define ANSWER(n) "{\"v\":1,\"ok\":true,\"n\":" #n ",\"padding\":\"\"}\n"

static void
test_client(void **state)
{
	struct daemon d = { 0 };
	struct mip6_control_client *c =
	    mip6_control_client_new(answer, &d, AT(0));

	(void)state;
	assert_non_null(c);
	assert_int_equal(mip6_control_client_room(c), 4096);
	feed(c, "{\"v\":1,\"cmd\":");
	mip6_control_client_run(c, AT(0));
	expect(c, "");
	feed(c, "\"status\"}\r\n\n" STATUS);
	mip6_control_client_run(c, AT(0));
	/* The second request waits until the first answer has left. */
	assert_int_equal(d.asked, 1);
	mip6_control_client_run(c, AT(0));
	assert_int_equal(d.asked, 1);
	expect(c, ANSWER(1));
	mip6_control_client_run(c, AT(0));
	expect(c, ANSWER(2));
	feed(c, RELOAD);
	mip6_control_client_run(c, AT(0));
	expect(c,
	    "{\"v\":1,\"ok\":false,\"error\":\"mip6.conf:3: no "
	    "\\\"such\\\" key\"}\n");
	feed(c, "nonsense\n");
	mip6_control_client_run(c, AT(0));
	expect(c,
	    "{\"v\":1,\"ok\":false,\"error\":\"expected one JSON object "
	    "a line\"}\n");
	assert_false(mip6_control_client_done(c));
	/* What came before the end of input is answered. */
	feed(c, STATUS "{\"v\":1");
	mip6_control_client_eof(c);
	assert_int_equal(mip6_control_client_room(c), 0);
	mip6_control_client_run(c, AT(0));
	assert_false(mip6_control_client_done(c));
	expect(c, ANSWER(4));
	mip6_control_client_run(c, AT(0));
	expect(c, "");
	assert_true(mip6_control_client_done(c));
	mip6_control_client_free(c);
}

static void
test_long_line(void **state)
{
	char line[MIP6_CONTROL_LINE_OCTETS];
	struct daemon d = { 0 };
	struct mip6_control_client *c =
	    mip6_control_client_new(answer, &d, AT(0));

	(void)state;
	memset(line, ' ', sizeof(line));
	/* As long as a line may be. */
	memcpy(line, "{\"v\":1,\"cmd\":\"status\"}", 22);
	line[sizeof(line) - 1] = '\n';
	mip6_control_client_input(c, line, sizeof(line));
	assert_int_equal(mip6_control_client_room(c), 0);
	mip6_control_client_run(c, AT(0));
	expect(c, ANSWER(1));
	assert_false(mip6_control_client_done(c));
	/* One octet more. */
	line[sizeof(line) - 1] = ' ';
	mip6_control_client_input(c, line, sizeof(line));
	mip6_control_client_run(c, AT(0));
	expect(c, "{\"v\":1,\"ok\":false,\"error\":\"line too long\"}\n");
	assert_true(mip6_control_client_done(c));
	assert_int_equal(mip6_control_client_room(c), 0);
	assert_int_equal(d.asked, 1);
	mip6_control_client_free(c);
}

static void
test_rate(void **state)
{
	struct daemon d = { 0 };
	struct mip6_control_client *c =
	    mip6_control_client_new(answer, &d, AT(0));
	const uint8_t *octets;
	unsigned int i;

	(void)state;
	for (i = 1; i <= MIP6_CONTROL_REQUESTS_BURST; i++) {
		feed(c, STATUS);
		mip6_control_client_run(c, AT(1));
		assert_int_equal(d.asked, i);
		mip6_control_client_sent(c,
		    mip6_control_client_output(c, &octets));
	}
	assert_true(mip6_time_is_never(mip6_control_client_deadline(c)));
	feed(c, STATUS STATUS);
	mip6_control_client_run(c, AT(4999));
	assert_int_equal(d.asked, MIP6_CONTROL_REQUESTS_BURST);
	/* One more every 5 ms. */
	assert_int_equal(mip6_control_client_deadline(c).us, 5000);
	mip6_control_client_run(c, AT(5000));
	assert_int_equal(d.asked, MIP6_CONTROL_REQUESTS_BURST + 1);
	mip6_control_client_sent(c, mip6_control_client_output(c, &octets));
	mip6_control_client_run(c, AT(9999));
	assert_int_equal(d.asked, MIP6_CONTROL_REQUESTS_BURST + 1);
	assert_int_equal(mip6_control_client_deadline(c).us, 10000);
	/* After a long time all of the burst is there again, and no more. */
	for (i = 0; i < MIP6_CONTROL_REQUESTS_BURST; i++) {
		mip6_control_client_run(c, AT(3600000000));
		mip6_control_client_sent(c,
		    mip6_control_client_output(c, &octets));
		feed(c, STATUS);
	}
	assert_int_equal(d.asked, 2 * MIP6_CONTROL_REQUESTS_BURST + 1);
	mip6_control_client_run(c, AT(3600000000));
	assert_int_equal(d.asked, 2 * MIP6_CONTROL_REQUESTS_BURST + 1);
	mip6_control_client_free(c);
}

static void
test_large_answer(void **state)
{
	struct daemon d = { .octets = MIP6_CONTROL_OUTPUT_OCTETS - 40 };
	struct mip6_control_client *c =
	    mip6_control_client_new(answer, &d, AT(0));
	const uint8_t *octets;
	size_t count;

	(void)state;
	feed(c, STATUS);
	mip6_control_client_run(c, AT(0));
	count = mip6_control_client_output(c, &octets);
	assert_int_equal(count, d.octets + strlen(ANSWER(1)));
	assert_int_equal(octets[count - 1], '\n');
	/* It may leave in pieces. */
	mip6_control_client_sent(c, 1);
	assert_int_equal(mip6_control_client_output(c, &octets), count - 1);
	mip6_control_client_sent(c, count - 1);
	d.octets = MIP6_CONTROL_OUTPUT_OCTETS;
	feed(c, STATUS);
	mip6_control_client_run(c, AT(0));
	/* Never a part of an answer. */
	assert_true(mip6_control_client_done(c));
	assert_int_equal(mip6_control_client_output(c, &octets), 0);
	mip6_control_client_free(c);
}

static void
test_watch(void **state)
{
	struct daemon d = { 0 };
	struct mip6_control_client *c =
	    mip6_control_client_new(answer, &d, AT(0));
	char line[1024];
	size_t sent = 0;

	(void)state;
	memset(line, 'x', sizeof(line));
	line[sizeof(line) - 1] = '\n';
	mip6_control_client_event(c, MIP6_LOG_ERROR, "a\n", 2);
	expect(c, "");
	assert_int_equal(mip6_control_client_watches(c), -1);
	feed(c, "{\"v\":1,\"cmd\":\"watch\",\"level\":\"warning\"}\n");
	mip6_control_client_run(c, AT(0));
	expect(c, "{\"v\":1,\"ok\":true}\n");
	assert_int_equal(mip6_control_client_watches(c), MIP6_LOG_WARNING);
	assert_int_equal(d.asked, 0);
	mip6_control_client_event(c, MIP6_LOG_ERROR, "a\n", 2);
	mip6_control_client_event(c, MIP6_LOG_INFO, "b\n", 2);
	mip6_control_client_event(c, MIP6_LOG_WARNING, "c\n", 2);
	/* A request waits for the events before it. */
	feed(c, STATUS);
	mip6_control_client_run(c, AT(0));
	expect(c, "a\nc\n");
	mip6_control_client_run(c, AT(0));
	expect(c, ANSWER(1));
	/* Who does not read is dropped at the limit, not before. */
	while (!mip6_control_client_done(c)) {
		assert_in_range(sent, 0, MIP6_CONTROL_WATCH_OCTETS);
		mip6_control_client_event(c, MIP6_LOG_ERROR, line,
		    sizeof(line));
		sent += sizeof(line);
	}
	assert_int_equal(sent, MIP6_CONTROL_WATCH_OCTETS + sizeof(line));
	assert_int_equal(mip6_control_client_watches(c), -1);
	mip6_control_client_event(c, MIP6_LOG_ERROR, "a\n", 2);
	mip6_control_client_free(c);
}

static void
test_event_line(void **state)
{
	static const struct mip6_addr hoa = { { 0x20, 1, 0xd,
	    0xb8, [15] = 1 } };
	static const struct mip6_lladdr ll = { { 2, 0, 0, 0, 0, 0xa } };
	const struct mip6_kv kv[] = { MIP6_KA("hoa", &hoa),
		MIP6_KA("coa", &mip6_addr_any), MIP6_KL("ll", &ll),
		MIP6_KS("to", "a\"b\n\xff"), MIP6_KU("seq", 65535),
		MIP6_KI("off", -3), MIP6_KT("left", MIP6_SPAN_US(1500)),
		MIP6_KT("granted", MIP6_SPAN_S(4)) };
	char *line = mip6_control_event_line(UINT64_C(1700000000123456),
	    MIP6_LOG_WARNING, "bul.state", kv, MIP6_COUNT(kv));

	(void)state;
	assert_non_null(line);
	assert_string_equal(line,
	    "{\"v\":1,\"event\":\"bul.state\",\"level\":\"warning\","
	    "\"wall_us\":1700000000123456,\"data\":{\"hoa\":\"2001:db8::1\","
	    "\"coa\":\"::\",\"ll\":\"02:00:00:00:00:0a\",\"to\":\"a\\\"b??\","
	    "\"seq\":65535,\"off\":-3,\"left_us\":1500,"
	    "\"granted_us\":4000000}}\n");
	free(line);
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_refused),
		cmocka_unit_test(test_accepted),
		cmocka_unit_test(test_client),
		cmocka_unit_test(test_long_line),
		cmocka_unit_test(test_rate),
		cmocka_unit_test(test_large_answer),
		cmocka_unit_test(test_watch),
		cmocka_unit_test(test_event_line),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
