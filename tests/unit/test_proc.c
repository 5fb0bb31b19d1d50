/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The daemon as a process: locks, the secret of the host, the background.
 *
 * Links: daemon
 */
#include "unit/support.h"

#include <sys/stat.h>
#include <sys/wait.h>

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <unistd.h>

#include "daemon/proc.h"

static char dir[] = "/tmp/mip6-test-proc-XXXXXX";
static char path[128];
static char said[512];
static struct mip6_fmt why;

static int
setup(void **state)
{
	(void)state;
	return mkdtemp(dir) == NULL ? -1 : 0;
}

static int
teardown(void **state)
{
	(void)state;
	return rmdir(dir);
}

static const char *
in_dir(const char *name)
{
	(void)snprintf(path, sizeof(path), "%s/%s", dir, name);
	return path;
}

static struct mip6_fmt *
fresh(void)
{
	why = mip6_fmt_make(said, sizeof(said));
	return &why;
}

/* What was said after the path of the last in_dir(). */
static void
expect_said(const char *text)
{
	assert_memory_equal(said, path, strlen(path));
	assert_string_equal(said + strlen(path), text);
}

static void
test_state_dir(void **state)
{
	struct stat st;
	int fd, second;

	(void)state;
	fd = mip6_proc_state_dir(in_dir("state"), fresh());
	assert_true(fd >= 0);
	assert_int_equal(stat(path, &st), 0);
	assert_int_equal(st.st_mode & 07777, 0700);
	/* Ours alone, while it is open. */
	assert_int_equal(mip6_proc_state_dir(path, fresh()), -1);
	expect_said(": another mip6d uses it");
	(void)close(fd);
	/* One that is there is made private. */
	assert_int_equal(chmod(path, 0755), 0);
	second = mip6_proc_state_dir(path, fresh());
	assert_true(second >= 0);
	assert_int_equal(stat(path, &st), 0);
	assert_int_equal(st.st_mode & 07777, 0700);
	(void)close(second);
	if (geteuid() == 0) {
		assert_int_equal(chown(path, 12345, 0), 0);
		assert_int_equal(mip6_proc_state_dir(path, fresh()), -1);
		expect_said(": belongs to somebody else");
	}
	assert_int_equal(rmdir(path), 0);
	assert_int_equal(symlink("/tmp", path), 0);
	assert_int_equal(mip6_proc_state_dir(path, fresh()), -1);
	assert_int_equal(unlink(path), 0);
	assert_int_equal(mip6_proc_state_dir(in_dir("no/where"), fresh()), -1);
	expect_said(": No such file or directory");
}

static void
read_file(const char *name, char *text, size_t cap)
{
	FILE *f = fopen(name, "r");
	size_t n;

	assert_non_null(f);
	n = fread(text, 1, cap - 1, f);
	text[n] = '\0';
	assert_int_equal(fclose(f), 0);
}

static void
test_pid_file(void **state)
{
	char text[64], expected[64];
	int fd;
	FILE *f;

	(void)state;
	/* A number that nobody locks is stale. */
	f = fopen(in_dir("pid"), "w");
	assert_non_null(f);
	assert_true(fputs("123456789\n", f) >= 0);
	assert_int_equal(fclose(f), 0);
	fd = mip6_proc_pid_file(path, fresh());
	assert_true(fd >= 0);
	read_file(path, text, sizeof(text));
	(void)snprintf(expected, sizeof(expected), "%ld\n", (long)getpid());
	assert_string_equal(text, expected);
	assert_int_equal(mip6_proc_pid_file(path, fresh()), -1);
	(void)snprintf(expected, sizeof(expected),
	    ": another mip6d runs (process %ld)", (long)getpid());
	expect_said(expected);
	mip6_proc_pid_remove(fd, path);
	assert_int_equal(access(path, F_OK), -1);
	/* A link is not followed. */
	assert_int_equal(symlink("/tmp/elsewhere", path), 0);
	assert_int_equal(mip6_proc_pid_file(path, fresh()), -1);
	assert_int_equal(unlink(path), 0);
}

static void
test_secret(void **state)
{
	uint8_t first[32] = { 0 }, again[32] = { 0 };
	static const uint8_t zero[32];
	struct stat st;
	int fd = open(dir, O_RDONLY | O_DIRECTORY);

	(void)state;
	assert_true(fd >= 0);
	assert_true(mip6_proc_secret(fd, first, sizeof(first), fresh()));
	assert_memory_not_equal(first, zero, sizeof(first));
	assert_int_equal(stat(in_dir("secret"), &st), 0);
	assert_int_equal(st.st_mode & 07777, 0600);
	assert_int_equal(access(in_dir("secret.new"), F_OK), -1);
	/* The next start finds the same one. */
	assert_true(mip6_proc_secret(fd, again, sizeof(again), fresh()));
	assert_memory_equal(first, again, sizeof(first));
	/* One that others can read is none. */
	assert_int_equal(chmod(in_dir("secret"), 0640), 0);
	assert_false(mip6_proc_secret(fd, again, sizeof(again), fresh()));
	assert_string_equal(said,
	    "secret: not a file that we alone can reach; remove it");
	assert_memory_equal(again, zero, sizeof(again));
	assert_int_equal(chmod(path, 0600), 0);
	assert_int_equal(truncate(path, 31), 0);
	assert_false(mip6_proc_secret(fd, again, sizeof(again), fresh()));
	assert_string_equal(said, "secret: not what was written; remove it");
	assert_int_equal(unlink(path), 0);
	/* Another host, another secret. */
	assert_true(mip6_proc_secret(fd, again, sizeof(again), fresh()));
	assert_memory_not_equal(first, again, sizeof(first));
	assert_int_equal(unlink(path), 0);
	(void)close(fd);
}

/* Starts `child` in the background; what the waiting parent exits with. */
static int
background(void (*child)(int ready))
{
	pid_t pid = fork();
	int status, ready;

	assert_true(pid >= 0);
	if (pid == 0) {
		ready = mip6_proc_background();
		/* Only the grandchild comes here. */
		child(ready);
		_exit(99);
	}
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_true(WIFEXITED(status));
	return WEXITSTATUS(status);
}

static void
child_works(int ready)
{
	struct stat null, out;

	mip6_proc_ready(ready, 0);
	/* Its output leads nowhere now. */
	if (stat("/dev/null", &null) != 0 || fstat(1, &out) != 0 ||
	    null.st_rdev != out.st_rdev)
		_exit(1);
	_exit(0);
}

static void
child_fails(int ready)
{
	mip6_proc_ready(ready, 3);
	_exit(0);
}

static void
child_dies(int ready)
{
	(void)ready;
	abort();
}

static void
child_leaves(int ready)
{
	(void)ready;
	_exit(7);
}

static void
test_background(void **state)
{
	(void)state;
	assert_int_equal(background(child_works), 0);
	assert_int_equal(background(child_fails), 3);
	assert_int_equal(background(child_leaves), 7);
	assert_int_equal(background(child_dies), 1);
	/* Not in the background: nothing to tell. */
	mip6_proc_ready(-1, 0);
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_state_dir),
		cmocka_unit_test(test_pid_file),
		cmocka_unit_test(test_secret),
		cmocka_unit_test(test_background),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
