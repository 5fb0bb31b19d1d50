/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Lines of the log: their form, what is left out and how that is said, and
 * what watchers get.
 *
 * Links: daemon
 */
#include "unit/support.h"

#include <stdio.h>

#include "daemon/logger.h"

static struct mip6_now clock_now;
static char text[65536];
static struct mip6_logger l;

static struct mip6_now
read_clock(void)
{
	return clock_now;
}

static void
advance(int64_t ms)
{
	clock_now.boot.us += ms * 1000;
	clock_now.wall_us += (uint64_t)ms * 1000;
}

/* A logger into text[], at 2023-11-14 22:13:20 UTC. */
static void
begin(bool terminal, enum mip6_log_level level)
{
	static FILE *out;

	if (out != NULL)
		assert_int_equal(fclose(out), 0);
	memset(text, 0, sizeof(text));
	out = fmemopen(text, sizeof(text), "w");
	assert_non_null(out);
	clock_now.boot.us = 5000000;
	clock_now.wall_us = UINT64_C(1700000000123456);
	mip6_logger_init(&l, out, terminal, level, read_clock);
}

static size_t
lines(void)
{
	const char *at = text;
	size_t n = 0;

	while ((at = strchr(at, '\n')) != NULL) {
		at++;
		n++;
	}
	return n;
}

static void
test_lines(void **state)
{
	(void)state;
	begin(false, MIP6_LOG_INFO);
	MIP6_LOG(&l.log, WARNING, "bul.state", MIP6_KS("to", "BOUND"),
	    MIP6_KU("seq", 7));
	MIP6_LOG(&l.log, DEBUG, "nd.state", MIP6_KU("n", 1));
	assert_string_equal(text,
	    "2023-11-14T22:13:20.123Z warning ev=bul.state to=BOUND seq=7\n");
	mip6_logger_set_level(&l, MIP6_LOG_ERROR);
	MIP6_LOG(&l.log, WARNING, "bul.state", MIP6_KU("seq", 8));
	assert_int_equal(lines(), 1);
	mip6_logger_set_level(&l, MIP6_LOG_DEBUG);
	MIP6_LOG(&l.log, DEBUG, "nd.state", MIP6_KU("n", 2));
	assert_non_null(strstr(text, "Z debug   ev=nd.state n=2\n"));
}

static void
test_terminal(void **state)
{
	(void)state;
	begin(true, MIP6_LOG_INFO);
	MIP6_LOG(&l.log, ERROR, "x", MIP6_KS("name", "\033[2J"));
	/* The time has no date, the level a colour; a name has no power. */
	assert_non_null(strstr(text, ".123 \033[1;31merror  \033[0m ev=x "));
	assert_null(strstr(text, "2023"));
	assert_null(strstr(text, "\033[2J"));
}

static void
test_limit(void **state)
{
	int i;

	(void)state;
	begin(false, MIP6_LOG_INFO);
	for (i = 0; i < 100; i++)
		MIP6_LOG(&l.log, INFO, "drop", MIP6_KI("i", i));
	assert_int_equal(lines(), MIP6_LOGGER_BURST);
	/* Another name is not concerned. */
	MIP6_LOG(&l.log, INFO, "other", MIP6_KI("i", 0));
	assert_int_equal(lines(), MIP6_LOGGER_BURST + 1);
	/* After 100 ms one more, and how many were left out. */
	advance(99);
	MIP6_LOG(&l.log, INFO, "drop", MIP6_KI("i", 100));
	assert_int_equal(lines(), MIP6_LOGGER_BURST + 1);
	advance(1);
	MIP6_LOG(&l.log, INFO, "drop", MIP6_KI("i", 101));
	assert_int_equal(lines(), MIP6_LOGGER_BURST + 2);
	assert_non_null(strstr(text, "ev=drop i=101 suppressed=81\n"));
	MIP6_LOG(&l.log, INFO, "drop", MIP6_KI("i", 102));
	assert_int_equal(lines(), MIP6_LOGGER_BURST + 2);
	/* When it has become quiet it is said, too, and once. */
	mip6_logger_flush(&l);
	assert_non_null(
	    strstr(text, "info    ev=log.suppressed event=drop count=1\n"));
	mip6_logger_flush(&l);
	assert_int_equal(lines(), MIP6_LOGGER_BURST + 3);
	/* A long time later the whole burst is there, and no more. */
	advance(3600000);
	for (i = 0; i < 100; i++)
		MIP6_LOG(&l.log, INFO, "drop", MIP6_KI("i", i));
	assert_int_equal(lines(), 2 * MIP6_LOGGER_BURST + 3);
}

/* Names without end take no memory without end, and stay limited. */
static void
test_many_names(void **state)
{
	char name[32];
	int i;

	(void)state;
	begin(false, MIP6_LOG_INFO);
	for (i = 0; i < 1000; i++) {
		(void)snprintf(name, sizeof(name), "name.%d", i);
		MIP6_LOG(&l.log, INFO, name, MIP6_KI("i", i));
	}
	assert_int_equal(l.names, MIP6_LOGGER_NAMES);
	assert_int_equal(lines(), MIP6_LOGGER_NAMES - 1 + MIP6_LOGGER_BURST);
}

static void
watch(void *arg, uint64_t wall_us, enum mip6_log_level level, const char *event,
    const struct mip6_kv *kv, size_t count)
{
	unsigned int *seen = arg;

	assert_int_equal(wall_us, UINT64_C(1700000000123456));
	assert_int_equal(level, MIP6_LOG_DEBUG);
	assert_string_equal(event, "step");
	assert_int_equal(count, 1);
	assert_string_equal(kv->key, "i");
	++*seen;
}

static void
test_watch(void **state)
{
	unsigned int seen = 0;
	int i;

	(void)state;
	begin(false, MIP6_LOG_WARNING);
	/* Nobody watches. */
	mip6_logger_watch_level(&l, MIP6_LOG_DEBUG);
	MIP6_LOG(&l.log, DEBUG, "step", MIP6_KI("i", 0));
	l.watch = watch;
	l.watch_arg = &seen;
	mip6_logger_watch_level(&l, MIP6_LOG_DEBUG);
	for (i = 0; i < 5000; i++)
		MIP6_LOG(&l.log, DEBUG, "step", MIP6_KI("i", i));
	/* All of them to the watcher, none to the log. */
	assert_int_equal(seen, 5000);
	assert_int_equal(lines(), 0);
	mip6_logger_watch_level(&l, MIP6_LOG_INFO);
	MIP6_LOG(&l.log, DEBUG, "step", MIP6_KI("i", 0));
	mip6_logger_watch_level(&l, -1);
	MIP6_LOG(&l.log, DEBUG, "step", MIP6_KI("i", 0));
	assert_int_equal(seen, 5000);
}

static void
test_packets(void **state)
{
	/* A Router Solicitation, from :: to ff02::2. */
	uint8_t packet[48] = { 0x60, 0, 0, 0, 0, 8, 58, 255 };
	int i;

	(void)state;
	packet[24] = 0xff;
	packet[25] = 2;
	packet[39] = 2;
	packet[40] = 133;
	begin(false, MIP6_LOG_DEBUG);
	mip6_logger_packet(&l, "in", "eth0", false, packet, sizeof(packet));
	assert_int_equal(lines(), 0);
	l.packets = true;
	mip6_logger_packet(&l, "in", "eth0", false, packet, sizeof(packet));
	assert_int_equal(lines(), 1);
	assert_non_null(strstr(text, "packet in eth0: :: > ff02::2 RS"));
	/* Data does not drown them. */
	packet[6] = 6;
	for (i = 0; i < 1000; i++)
		mip6_logger_packet(&l, "out", "eth0", false, packet,
		    sizeof(packet));
	assert_int_equal(lines(), 1 + MIP6_LOGGER_BURST);
	packet[6] = 58;
	mip6_logger_packet(&l, "in", "eth0", false, packet, sizeof(packet));
	assert_int_equal(lines(), 2 + MIP6_LOGGER_BURST);
	/* No octet at all, and an Ethernet header alone. */
	mip6_logger_packet(&l, "in", "eth0", false, packet, 0);
	mip6_logger_packet(&l, "in", "eth0", true, packet, 14);
	mip6_logger_set_level(&l, MIP6_LOG_INFO);
	mip6_logger_packet(&l, "in", "eth0", false, packet, sizeof(packet));
	assert_int_equal(lines(), 2 + MIP6_LOGGER_BURST);
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_lines),
		cmocka_unit_test(test_terminal),
		cmocka_unit_test(test_limit),
		cmocka_unit_test(test_many_names),
		cmocka_unit_test(test_watch),
		cmocka_unit_test(test_packets),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
