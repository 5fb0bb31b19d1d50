/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The journal of effects: what is live survives a death at any octet of the
 * file, garbage is not believed, and one holds it at a time.
 *
 * Links: platform path
 */
#include "support.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include "platform/common/journal.h"

static char dir[64];
static char path[96];

static int
setup(void **state)
{
	(void)state;
	(void)snprintf(dir, sizeof(dir), "/tmp/mip6-journal-XXXXXX");
	if (mkdtemp(dir) == NULL)
		return -1;
	(void)snprintf(path, sizeof(path), "%s/journal", dir);
	return 0;
}

static int
teardown(void **state)
{
	static const char *const file[] = { "journal", "journal.new", "lock" };
	char name[128];
	size_t i;

	(void)state;
	for (i = 0; i < MIP6_COUNT(file); i++) {
		(void)snprintf(name, sizeof(name), "%s/%s", dir, file[i]);
		(void)unlink(name);
	}
	return rmdir(dir);
}

static void
file_write(const void *octets, size_t count)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0600);

	assert_true(fd >= 0);
	assert_int_equal(write(fd, octets, count), count);
	close(fd);
}

static size_t
file_read(char *to, size_t cap)
{
	int fd = open(path, O_RDONLY);
	ssize_t n;

	assert_true(fd >= 0);
	n = read(fd, to, cap - 1);
	assert_true(n >= 0);
	close(fd);
	to[n] = '\0';
	return (size_t)n;
}

static void
test_lines(void **state)
{
	struct mip6_journal j;
	char text[512];
	struct stat st;
	uint64_t a, b, c;

	(void)state;
	assert_int_equal(mip6_journal_open(&j, dir), 0);
	assert_int_equal(j.count, 0);
	assert_string_equal(j.owner, "");
	assert_int_equal(mip6_journal_own(&j, "1 2 me"), 0);
	a = mip6_journal_add(&j, "first");
	b = mip6_journal_add(&j, "second thing");
	c = mip6_journal_add(&j, "third");
	assert_true(a != 0 && b > a && c > b);
	mip6_journal_del(&j, b);
	mip6_journal_del(&j, b);
	mip6_journal_del(&j, 0);
	mip6_journal_del(&j, 999);
	(void)file_read(text, sizeof(text));
	assert_string_equal(text,
	    "mip6d-journal 1 1 2 me\n+ 1 first\n"
	    "+ 2 second thing\n+ 3 third\n- 2\n");
	assert_int_equal(stat(path, &st), 0);
	assert_int_equal(st.st_mode & 0777, 0600);
	/* Dies here; the next one finds what is live, in its order. */
	mip6_journal_close(&j);
	assert_int_equal(mip6_journal_open(&j, dir), 0);
	assert_string_equal(j.owner, "1 2 me");
	assert_int_equal(j.count, 2);
	assert_string_equal(j.live[0].text, "first");
	assert_string_equal(j.live[1].text, "third");
	/* Its own ids are new ones. */
	assert_int_equal(mip6_journal_own(&j, "other"), 0);
	assert_true(mip6_journal_add(&j, "fourth") > c);
	mip6_journal_del(&j, a);
	mip6_journal_del(&j, c);
	mip6_journal_del(&j, c + 1);
	assert_int_equal(j.count, 0);
	(void)file_read(text, sizeof(text));
	assert_string_equal(text, "mip6d-journal 1 other\n");
	mip6_journal_close(&j);
}

/* A kill leaves any beginning of the file: each is read for what it says. */
static void
test_cut_anywhere(void **state)
{
	static const char whole[] = "mip6d-journal 1 owner\n+ 1 one\n+ 2 two\n"
				    "- 1\n+ 3 three\n";
	struct mip6_journal j;
	size_t n, lines;

	(void)state;
	for (n = 0; n < sizeof(whole); n++) {
		file_write(whole, n);
		assert_int_equal(mip6_journal_open(&j, dir), 0);
		assert_int_equal(j.owner[0] != '\0', n >= 22);
		assert_int_equal(j.count,
		    n < 30     ? 0 :
			n < 38 ? 1 :
			n < 42 ? 2 :
			n < 52 ? 1 :
				 2);
		/* And what is added after it is not lost in its rest. */
		assert_int_equal(mip6_journal_own(&j, "next"), 0);
		assert_true(mip6_journal_add(&j, "more") > 0);
		lines = j.count;
		mip6_journal_close(&j);
		assert_int_equal(mip6_journal_open(&j, dir), 0);
		assert_int_equal(j.count, lines);
		assert_string_equal(j.live[lines - 1].text, "more");
		mip6_journal_close(&j);
	}
}

static void
test_garbage(void **state)
{
	static const char *const bad[] = {
		"+ 1 no header\n",
		"mip6d-journal 2 later\n+ 1 one\n",
		"mip6d-journal 1 o\n+ x one\n+ -1 one\n+ 0 one\n+1 one\n",
		"mip6d-journal 1 o\n+ 99999999999999999999999 one\n",
		"mip6d-journal 1 o\n+ 18446744073709551615 one\n",
		"mip6d-journal 1 o\n+ 1\n+ 1one\n* 1 one\n\n+\n",
		"mip6d-journal 1 o\n+ 1 tab\there\n+ 2 \x80\n",
	};
	struct mip6_journal j;
	char text[2048];
	uint64_t seed = 1;
	size_t i, k;

	(void)state;
	for (i = 0; i < MIP6_COUNT(bad); i++) {
		file_write(bad[i], strlen(bad[i]));
		assert_int_equal(mip6_journal_open(&j, dir), 0);
		assert_int_equal(j.count, 0);
		mip6_journal_close(&j);
	}
	/* A line longer than any. */
	k = (size_t)snprintf(text, sizeof(text), "mip6d-journal 1 o\n+ 1 ");
	memset(text + k, 'a', 300);
	text[k + 300] = '\n';
	file_write(text, k + 301);
	assert_int_equal(mip6_journal_open(&j, dir), 0);
	assert_int_equal(j.count, 0);
	mip6_journal_close(&j);
	for (i = 0; i < 200; i++) {
		for (k = 0; k < sizeof(text); k++)
			text[k] = (char)support_draw(&seed);
		memcpy(text, "mip6d-journal 1 o\n", i % 2 == 0 ? 18 : 0);
		file_write(text, sizeof(text));
		assert_int_equal(mip6_journal_open(&j, dir), 0);
		mip6_journal_close(&j);
	}
}

static void
test_one_at_a_time(void **state)
{
	struct mip6_journal j, other;

	(void)state;
	assert_int_equal(mip6_journal_open(&j, dir), 0);
	assert_int_equal(mip6_journal_open(&other, dir), EWOULDBLOCK);
	mip6_journal_close(&j);
	assert_int_equal(mip6_journal_open(&other, dir), 0);
	mip6_journal_close(&other);
	assert_int_not_equal(mip6_journal_open(&j, "/nonexistent"), 0);
	/* Not through a link to somewhere else. */
	assert_int_equal(unlink(path), 0);
	assert_int_equal(symlink("/etc/passwd", path), 0);
	assert_int_not_equal(mip6_journal_open(&j, dir), 0);
}

static void
test_refused(void **state)
{
	struct mip6_journal j;
	char text[MIP6_JOURNAL_TEXT + 1];

	(void)state;
	assert_int_equal(mip6_journal_open(&j, dir), 0);
	assert_int_equal(mip6_journal_own(&j, "me"), 0);
	assert_int_equal(mip6_journal_add(&j, "two\nlines"), 0);
	memset(text, 'a', sizeof(text) - 1);
	text[sizeof(text) - 1] = '\0';
	assert_int_equal(mip6_journal_add(&j, text), 0);
	text[sizeof(text) - 2] = '\0';
	assert_true(mip6_journal_add(&j, text) > 0);
	assert_int_equal(mip6_journal_own(&j, "me\n"), EINVAL);
	mip6_journal_close(&j);
}

/* What comes and goes does not make the file grow without end. */
static void
test_stays_small(void **state)
{
	struct mip6_journal j;
	struct stat st;
	uint64_t id;
	size_t i;

	(void)state;
	assert_int_equal(mip6_journal_open(&j, dir), 0);
	assert_int_equal(mip6_journal_own(&j, "me"), 0);
	assert_true(mip6_journal_add(&j, "stays") > 0);
	for (i = 0; i < 5000; i++) {
		id = mip6_journal_add(&j, "comes and goes");
		assert_true(id > 0);
		mip6_journal_del(&j, id);
	}
	assert_int_equal(stat(path, &st), 0);
	assert_true(st.st_size < 64 * 1024);
	mip6_journal_close(&j);
	assert_int_equal(mip6_journal_open(&j, dir), 0);
	assert_int_equal(j.count, 1);
	assert_string_equal(j.live[0].text, "stays");
	mip6_journal_close(&j);
}

int
main(void)
{
#define CASE(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
	const struct CMUnitTest tests[] = {
		CASE(test_lines),
		CASE(test_cut_anywhere),
		CASE(test_garbage),
		CASE(test_one_at_a_time),
		CASE(test_refused),
		CASE(test_stays_small),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
