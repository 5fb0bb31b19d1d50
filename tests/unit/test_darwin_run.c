/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A program run to its end: what it reads and prints, in any amount, how it
 * ends, and that it ends.
 *
 * Links: darwin base
 */
#include "platform/common/run.h"

#include <errno.h>
#include <signal.h>

#include "unit/support.h"

static char out[65536];

static int
run(const char *const *argv, const char *in, size_t in_octets,
    struct mip6_os_run *r)
{
	memset(r, 0, sizeof(*r));
	r->argv = argv;
	r->in = in;
	r->in_octets = in_octets;
	r->out = out;
	r->out_cap = sizeof(out);
	return mip6_run(r);
}

static void
test_echo(void **state)
{
	static const char *const cat[] = { "/bin/cat", NULL };
	struct mip6_os_run r;

	(void)state;
	assert_int_equal(run(cat, "a b\nc", 5, &r), 0);
	assert_int_equal(r.status, 0);
	assert_int_equal(r.out_octets, 5);
	assert_memory_equal(out, "a b\nc", 5);
	/* Without an input it does not wait for one. */
	assert_int_equal(run(cat, NULL, 0, &r), 0);
	assert_int_equal(r.out_octets, 0);
}

/* More than any buffer between holds, both ways at once. */
static void
test_much(void **state)
{
	static const char *const cat[] = { "/bin/cat", NULL };
	static char in[4 << 20];
	struct mip6_os_run r;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(in); i++)
		in[i] = (char)(i % 251);
	assert_int_equal(run(cat, in, sizeof(in), &r), 0);
	assert_int_equal(r.status, 0);
	assert_int_equal(r.out_octets, sizeof(out));
	assert_memory_equal(out, in, sizeof(out));
}

/* One that does not read its input; complaints; its status. */
static void
test_end(void **state)
{
	static const char *const bad[] = { "/bin/sh", "-c",
		"echo no >&2; exit 3", NULL };
	static const char *const lives[] = { "/bin/sh", "-c",
		"echo \"$HOME$PATH\"; kill -TERM $$", NULL };
	static const char *const none[] = { "/nowhere/at/all", NULL };
	static char in[1 << 20];
	struct mip6_os_run r;

	(void)state;
	assert_int_equal(run(bad, in, sizeof(in), &r), 0);
	assert_int_equal(r.status, 3);
	assert_int_equal(r.out_octets, 3);
	assert_memory_equal(out, "no\n", 3);
	/* Ended by a signal, though we ignore it: that is not inherited. */
	(void)signal(SIGTERM, SIG_IGN);
	assert_int_equal(run(lives, NULL, 0, &r), -1);
	assert_int_equal(errno, EINTR);
	(void)signal(SIGTERM, SIG_DFL);
	assert_int_equal(run(none, NULL, 0, &r), -1);
	assert_int_equal(errno, ENOENT);
}

static void
test_never_ends(void **state)
{
	static const char *const hangs[] = { "/bin/sh", "-c",
		"echo begun; exec sleep 60", NULL };
	struct mip6_os_run r;

	(void)state;
	assert_int_equal(run(hangs, NULL, 0, &r), -1);
	assert_int_equal(errno, ETIMEDOUT);
	assert_memory_equal(out, "begun\n", 6);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_echo),
		cmocka_unit_test(test_much),
		cmocka_unit_test(test_end),
		cmocka_unit_test(test_never_ends),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
