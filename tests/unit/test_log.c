/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Log events: what the level lets through, the text of every kind of value,
 * and names from outside that try to end the line or to add a key.
 */
#include "base/log.h"

#include <stdio.h>

#include "base/fmt.h"
#include "unit/support.h"

struct log_seen {
	size_t events;
	enum mip6_log_level level;
	char text[256];
};

static void
log_sink(void *arg, enum mip6_log_level level, const char *event,
    const struct mip6_kv *kv, size_t count)
{
	struct log_seen *seen = arg;
	struct mip6_fmt f = mip6_fmt_make(seen->text, sizeof(seen->text));

	seen->events++;
	seen->level = level;
	mip6_log_format(&f, event, kv, count);
}

static void
test_levels(void **state)
{
	struct log_seen seen = { 0 };
	struct mip6_log lg = { log_sink, &seen, MIP6_LOG_WARNING };

	(void)state;
	MIP6_LOG(&lg, ERROR, "a.b", MIP6_KU("n", 1));
	assert_int_equal(seen.events, 1);
	assert_int_equal(seen.level, MIP6_LOG_ERROR);
	MIP6_LOG(&lg, WARNING, "a.b", MIP6_KU("n", 2));
	assert_int_equal(seen.events, 2);
	assert_int_equal(seen.level, MIP6_LOG_WARNING);
	MIP6_LOG(&lg, INFO, "a.b", MIP6_KU("n", 3));
	MIP6_LOG(&lg, DEBUG, "a.b", MIP6_KU("n", 4));
	assert_int_equal(seen.events, 2);
	assert_string_equal(seen.text, "ev=a.b n=2");
	lg.level = MIP6_LOG_DEBUG;
	MIP6_LOG(&lg, DEBUG, "a.b", MIP6_KU("n", 5));
	assert_int_equal(seen.events, 3);
	lg.sink = NULL;
	MIP6_LOG(&lg, ERROR, "a.b", MIP6_KU("n", 6));
	MIP6_LOG(NULL, ERROR, "a.b", MIP6_KU("n", 7));
	assert_int_equal(seen.events, 3);
}

static void
test_values(void **state)
{
	struct mip6_lladdr ll = { { 2, 0, 0, 0, 0, 0x1a } };
	struct log_seen seen = { 0 };
	struct mip6_log lg = { log_sink, &seen, MIP6_LOG_INFO };

	(void)state;
	MIP6_LOG(&lg, INFO, "bul.state", MIP6_KA("hoa", &mip6_addr_loopback),
	    MIP6_KS("from", "WAIT_BA"), MIP6_KU("seq", UINT64_MAX),
	    MIP6_KI("d", -3), MIP6_KL("ll", &ll),
	    MIP6_KT("left", MIP6_SPAN_S(2)));
	assert_string_equal(seen.text,
	    "ev=bul.state hoa=::1 from=WAIT_BA seq=18446744073709551615 d=-3 "
	    "ll=02:00:00:00:00:1a left=2000ms");
	MIP6_LOG(&lg, INFO, "t", MIP6_KT("a", MIP6_SPAN_US(1999)),
	    MIP6_KT("b", MIP6_SPAN_US(-1999)),
	    MIP6_KT("c", MIP6_SPAN_US(INT64_MAX)),
	    MIP6_KT("d", MIP6_SPAN_US(INT64_MIN)));
	assert_string_equal(seen.text,
	    "ev=t a=1ms b=-1ms c=inf d=-9223372036854775ms");
	mip6_log_event(&lg, MIP6_LOG_INFO, "bare", NULL, 0);
	assert_string_equal(seen.text, "ev=bare");
}

struct log_string {
	const char *value;
	const char *text;
};

static const struct log_string log_strings[] = {
	{ "plain-Text_0.1/x:y~!", "plain-Text_0.1/x:y~!" },
	{ "", "\"\"" },
	{ NULL, "-" },
	{ "two words", "\"two words\"" },
	{ "a b=c", "\"a b=c\"" },
	{ "k=v", "\"k=v\"" },
	{ "end\nev=fake", "\"end\\x0aev=fake\"" },
	{ "say \"x\"", "\"say \\\"x\\\"\"" },
	{ "back\\slash", "\"back\\\\slash\"" },
	{ "\x1b[2J", "\"\\x1b[2J\"" },
	{ "\x7f\xff", "\"\\x7f\\xff\"" },
	{ "tab\there", "\"tab\\x09here\"" },
};

static void
test_strings(void **state)
{
	char expected[128];
	struct log_seen seen = { 0 };
	struct mip6_log lg = { log_sink, &seen, MIP6_LOG_INFO };
	size_t i;

	(void)state;
	for (i = 0; i < MIP6_COUNT(log_strings); i++) {
		MIP6_LOG(&lg, INFO, "s", MIP6_KS("v", log_strings[i].value),
		    MIP6_KU("n", 1));
		(void)snprintf(expected, sizeof(expected), "ev=s v=%s n=1",
		    log_strings[i].text);
		assert_string_equal(seen.text, expected);
	}
}

static void
test_cut(void **state)
{
	char text[12];
	struct mip6_fmt f = mip6_fmt_make(text, sizeof(text));
	struct mip6_kv kv[2] = { MIP6_KS("value", "a b"), MIP6_KU("n", 1) };

	(void)state;
	mip6_log_format(&f, "x", kv, 2);
	assert_true(f.cut);
	assert_string_equal(text, "ev=x value=");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_levels),
		cmocka_unit_test(test_values),
		cmocka_unit_test(test_strings),
		cmocka_unit_test(test_cut),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
