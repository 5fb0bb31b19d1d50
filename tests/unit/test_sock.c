/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The control socket's manners: its mode, and what it may replace.
 *
 * Links: control base
 */
#include "unit/support.h"

#include <sys/socket.h>
#include <sys/stat.h>

#include <errno.h>
#include <stdio.h>
#include <unistd.h>

#include "control/sock.h"

static char dir[] = "/tmp/mip6-test-sock-XXXXXX";
static char path[64];

static int
setup(void **state)
{
	(void)state;
	if (mkdtemp(dir) == NULL)
		return -1;
	(void)snprintf(path, sizeof(path), "%s/s", dir);
	return 0;
}

static int
teardown(void **state)
{
	(void)state;
	(void)unlink(path);
	return rmdir(dir);
}

/* Listens, or returns -1 after comparing what is said after the path. */
static int
try(const char *expected)
{
	char said[256];
	struct mip6_fmt why = mip6_fmt_make(said, sizeof(said));
	int fd = mip6_control_listen(path, &why);

	if (fd >= 0) {
		assert_string_equal(expected, "");
		assert_string_equal(said, "");
	} else {
		assert_memory_equal(said, path, strlen(path));
		assert_string_equal(said + strlen(path), expected);
	}
	return fd;
}

static void
test_listen(void **state)
{
	struct stat st;
	mode_t mask = umask(0);
	char octet = 0;
	int fd, client, mine;

	(void)state;
	fd = try("");
	assert_true(fd >= 0);
	/* The mask of the process is as it was. */
	assert_int_equal(umask(mask), 0);
	assert_int_equal(lstat(path, &st), 0);
	assert_true(S_ISSOCK(st.st_mode));
	assert_int_equal(st.st_mode & 0777, 0600);
	/* Nobody there: no waiting. */
	assert_int_equal(mip6_control_accept(fd), -1);
	assert_true(errno == EAGAIN || errno == EWOULDBLOCK);
	mine = mip6_control_connect(path);
	assert_true(mine >= 0);
	client = mip6_control_accept(fd);
	assert_true(client >= 0);
	assert_int_equal(recv(client, &octet, 1, 0), -1);
	assert_true(errno == EAGAIN || errno == EWOULDBLOCK);
	assert_int_equal(send(mine, "x", 1, 0), 1);
	assert_int_equal(recv(client, &octet, 1, 0), 1);
	assert_int_equal(octet, 'x');
	(void)close(client);
	(void)close(mine);

	/* Somebody answers: not taken away. */
	assert_int_equal(try(": somebody answers there already"), -1);
	/* Left behind: taken. */
	(void)close(fd);
	fd = try("");
	assert_true(fd >= 0);
	mip6_control_unlisten(fd, path);
	assert_int_equal(lstat(path, &st), -1);
	assert_int_equal(errno, ENOENT);
}

static void
test_not_a_socket(void **state)
{
	struct stat st;
	FILE *f;
	int fd;

	(void)state;
	f = fopen(path, "w");
	assert_non_null(f);
	assert_int_equal(fclose(f), 0);
	assert_int_equal(try(": exists and is not a socket"), -1);
	assert_int_equal(lstat(path, &st), 0);
	assert_int_equal(unlink(path), 0);

	/* A link is not followed. */
	assert_int_equal(symlink("/nonexistent/s", path), 0);
	assert_int_equal(try(": exists and is not a socket"), -1);
	assert_int_equal(unlink(path), 0);

	/* What somebody put in its place stays. */
	fd = try("");
	assert_true(fd >= 0);
	assert_int_equal(unlink(path), 0);
	f = fopen(path, "w");
	assert_non_null(f);
	assert_int_equal(fclose(f), 0);
	mip6_control_unlisten(fd, path);
	assert_int_equal(lstat(path, &st), 0);
	assert_int_equal(unlink(path), 0);
}

static void
test_bad_path(void **state)
{
	static char longest[200];
	char said[256];
	struct mip6_fmt why = mip6_fmt_make(said, sizeof(said));

	(void)state;
	assert_int_equal(mip6_control_listen("/nonexistent/s", &why), -1);
	assert_string_equal(said, "/nonexistent/s: No such file or directory");
	memset(longest, 'a', sizeof(longest) - 1);
	assert_int_equal(mip6_control_listen(longest, &why), -1);
	assert_int_equal(mip6_control_connect(longest), -1);
	assert_int_equal(errno, ENAMETOOLONG);
	assert_int_equal(mip6_control_connect("/nonexistent/s"), -1);
	assert_int_equal(errno, ENOENT);
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_listen),
		cmocka_unit_test(test_not_a_socket),
		cmocka_unit_test(test_bad_path),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
