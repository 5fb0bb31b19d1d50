/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The control socket in a loop: clients, watchers that do not read, too many
 * of them.
 *
 * Links: daemon
 */
#include "unit/support.h"

#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>

#include <errno.h>
#include <stdio.h>
#include <unistd.h>

#include <event2/event.h>

#include "control/sock.h"
#include "daemon/server.h"
#include "platform/platform.h"

static char dir[] = "/tmp/mip6-test-server-XXXXXX";
static char path[64], log_text[8192];
static FILE *log_out;
static struct mip6_logger logger;
static struct event_base *base;
static struct mip6_server *server;

static json_t *
answer(void *arg, const struct mip6_control_request *request, char *error,
    size_t octets)
{
	(void)arg;
	if (request->command == MIP6_CONTROL_RELOAD) {
		/* What is logged meanwhile comes before the answer. */
		MIP6_LOG(&logger.log, ERROR, "config.refused", MIP6_KI("n", 1));
		(void)snprintf(error, octets, "no");
		return NULL;
	}
	return json_pack("{s:s}", "a", "b");
}

static int
setup(void **state)
{
	char said[256];
	struct mip6_fmt why = mip6_fmt_make(said, sizeof(said));
	struct mip6_server_env env = { .logger = &logger, .answer = answer };

	(void)state;
	memcpy(dir + sizeof(dir) - 7, "XXXXXX", 6);
	assert_non_null(mkdtemp(dir));
	(void)snprintf(path, sizeof(path), "%s/s", dir);
	memset(log_text, 0, sizeof(log_text));
	log_out = fmemopen(log_text, sizeof(log_text), "w");
	assert_non_null(log_out);
	mip6_logger_init(&logger, log_out, false, MIP6_LOG_ERROR,
	    mip6_plat_now);
	base = event_base_new();
	assert_non_null(base);
	env.base = base;
	env.path = path;
	server = mip6_server_new(&env, &why);
	if (server == NULL)
		fail_msg("%s", said);
	return 0;
}

static int
teardown(void **state)
{
	(void)state;
	mip6_server_free(server);
	assert_int_equal(access(path, F_OK), -1);
	event_base_free(base);
	assert_int_equal(fclose(log_out), 0);
	return rmdir(dir);
}

/* Lets the server do all that it can do now. */
static void
settle(void)
{
	int i;

	for (i = 0; i < 100; i++)
		assert_true(
		    event_base_loop(base, EVLOOP_ONCE | EVLOOP_NONBLOCK) >= 0);
}

static int
client(void)
{
	int fd = mip6_control_connect(path);

	assert_true(fd >= 0);
	settle();
	return fd;
}

/* Sends a line; what comes back, up to `cap`. */
static const char *
ask(int fd, const char *line)
{
	static char text[4096];
	ssize_t n;

	assert_int_equal(send(fd, line, strlen(line), 0), strlen(line));
	settle();
	n = recv(fd, text, sizeof(text) - 1, MSG_DONTWAIT);
	text[n > 0 ? n : 0] = '\0';
	return text;
}

#define STATUS "{\"v\":1,\"cmd\":\"status\"}\n"
#define WATCH  "{\"v\":1,\"cmd\":\"watch\",\"level\":\"debug\"}\n"

static void
test_ask(void **state)
{
	int fd = client(), other = client();

	(void)state;
	assert_string_equal(ask(fd, STATUS),
	    "{\"v\":1,\"ok\":true,\"a\":\"b\"}\n");
	assert_string_equal(ask(other, "nonsense\n"),
	    "{\"v\":1,\"ok\":false,\"error\":\"expected one JSON object a "
	    "line\"}\n");
	assert_string_equal(ask(fd, STATUS STATUS),
	    "{\"v\":1,\"ok\":true,\"a\":\"b\"}\n"
	    "{\"v\":1,\"ok\":true,\"a\":\"b\"}\n");
	(void)close(fd);
	settle();
	assert_string_equal(ask(other, STATUS),
	    "{\"v\":1,\"ok\":true,\"a\":\"b\"}\n");
	(void)close(other);
	settle();
}

static void
test_watch(void **state)
{
	int fd = client(), other = client();

	(void)state;
	assert_int_equal(logger.log.level, MIP6_LOG_ERROR);
	assert_string_equal(ask(fd, WATCH), "{\"v\":1,\"ok\":true}\n");
	/* From now on every step is wanted, but not in the log. */
	assert_int_equal(logger.log.level, MIP6_LOG_DEBUG);
	MIP6_LOG(&logger.log, DEBUG, "step", MIP6_KI("n", 7));
	assert_string_equal(log_text, "");
	settle();
	assert_non_null(
	    strstr(ask(fd, "\n"), "\"event\":\"step\",\"level\":\"debug\""));
	/* An event while a request is answered, also for who asked. */
	assert_non_null(strstr(ask(fd, "{\"v\":1,\"cmd\":\"reload\"}\n"),
	    "config.refused"));
	assert_string_equal(ask(other, STATUS),
	    "{\"v\":1,\"ok\":true,\"a\":\"b\"}\n");
	(void)close(fd);
	settle();
	assert_int_equal(logger.log.level, MIP6_LOG_ERROR);
	(void)close(other);
	settle();
}

/* Who watches and does not read is dropped; the others notice nothing. */
static void
test_slow_watcher(void **state)
{
	static char line[512];
	int slow = client(), fd = client(), i;

	(void)state;
	memset(line, 'x', sizeof(line) - 1);
	assert_string_equal(ask(slow, WATCH), "{\"v\":1,\"ok\":true}\n");
	for (i = 0; i < 20000 && logger.log.level == MIP6_LOG_DEBUG; i++) {
		MIP6_LOG(&logger.log, DEBUG, "step", MIP6_KS("s", line));
		if (i % 16 == 0)
			settle();
	}
	assert_in_range(i, 100, 19999);
	assert_string_equal(ask(fd, STATUS),
	    "{\"v\":1,\"ok\":true,\"a\":\"b\"}\n");
	(void)close(slow);
	(void)close(fd);
	settle();
}

static void
test_too_many(void **state)
{
	int fd[MIP6_CONTROL_CLIENTS_MAX], one_more, i;

	(void)state;
	for (i = 0; i < MIP6_CONTROL_CLIENTS_MAX; i++) {
		fd[i] = client();
		assert_string_equal(ask(fd[i], STATUS),
		    "{\"v\":1,\"ok\":true,\"a\":\"b\"}\n");
	}
	one_more = client();
	assert_string_equal(ask(fd[0], STATUS),
	    "{\"v\":1,\"ok\":true,\"a\":\"b\"}\n");
	{
		char text[256];
		ssize_t n = recv(one_more, text, sizeof(text) - 1, 0);

		assert_true(n > 0);
		text[n] = '\0';
		assert_string_equal(text,
		    "{\"v\":1,\"ok\":false,\"error\":\"too many clients\"}\n");
		assert_int_equal(recv(one_more, text, sizeof(text), 0), 0);
	}
	(void)close(one_more);
	/* A place that is left can be taken. */
	(void)close(fd[3]);
	settle();
	fd[3] = client();
	assert_string_equal(ask(fd[3], STATUS),
	    "{\"v\":1,\"ok\":true,\"a\":\"b\"}\n");
	for (i = 0; i < MIP6_CONTROL_CLIENTS_MAX; i++)
		(void)close(fd[i]);
	settle();
}

/* A second daemon does not take the socket of the first. */
static void
test_second(void **state)
{
	char said[256];
	struct mip6_fmt why = mip6_fmt_make(said, sizeof(said));
	struct mip6_server_env env = { .base = base,
		.logger = &logger,
		.path = path,
		.answer = answer };

	(void)state;
	assert_null(mip6_server_new(&env, &why));
	assert_non_null(strstr(said, "somebody answers there already"));
}

/* Without descriptors it waits instead of spinning, and then goes on. */
static void
test_no_descriptors(void **state)
{
	static const char line[] = STATUS;
	struct rlimit was, now;
	int fd = mip6_control_connect(path), next = dup(fd), i;
	char text[256];
	ssize_t n = -1;

	(void)state;
	assert_true(fd >= 0);
	assert_true(next >= 0);
	(void)close(next);
	mip6_logger_set_level(&logger, MIP6_LOG_WARNING);
	assert_int_equal(getrlimit(RLIMIT_NOFILE, &was), 0);
	now = was;
	now.rlim_cur = (rlim_t)next;
	assert_int_equal(setrlimit(RLIMIT_NOFILE, &now), 0);
	settle();
	assert_int_equal(setrlimit(RLIMIT_NOFILE, &was), 0);
	/* Said once: it was asked once, in a hundred turns. */
	assert_non_null(strstr(log_text, "ev=control.no-descriptors"));
	assert_null(strstr(strstr(log_text, "ev=") + 1, "ev="));
	assert_int_equal(send(fd, line, strlen(line), 0), strlen(line));
	for (i = 0; i < 10 && n < 0; i++) {
		assert_int_equal(event_base_loop(base, EVLOOP_ONCE), 0);
		n = recv(fd, text, sizeof(text), MSG_DONTWAIT);
	}
	assert_true(n > 0);
	assert_memory_equal(text, "{\"v\":1,\"ok\":true", 16);
	(void)close(fd);
	settle();
}

/* Somebody else's process, in its own: its exit code says what it got. */
static _Noreturn void
stranger(void)
{
	static const char refused[] =
	    "{\"v\":1,\"ok\":false,\"error\":\"not allowed for this "
	    "user\"}\n";
	char text[256];
	int fd;

	if (setgid(12345) != 0 || setuid(12345) != 0)
		_exit(1);
	fd = mip6_control_connect(path);
	if (fd < 0)
		_exit(2);
	if (recv(fd, text, sizeof(text), MSG_WAITALL) !=
		(ssize_t)strlen(refused) ||
	    memcmp(text, refused, strlen(refused)) != 0)
		_exit(3);
	_exit(0);
}

/* Even where the mode of the socket would let them in. */
static void
test_stranger(void **state)
{
	int status = -1, i;
	pid_t pid;

	(void)state;
	if (geteuid() != 0)
		skip();
	assert_int_equal(chmod(dir, 0755), 0);
	assert_int_equal(chmod(path, 0666), 0);
	pid = fork();
	assert_true(pid >= 0);
	if (pid == 0)
		stranger();
	/* One turn: it is there. */
	assert_int_equal(event_base_loop(base, EVLOOP_ONCE), 0);
	for (i = 0; i < 2; i++)
		settle();
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_true(WIFEXITED(status));
	assert_int_equal(WEXITSTATUS(status), 0);
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_ask, setup, teardown),
		cmocka_unit_test_setup_teardown(test_watch, setup, teardown),
		cmocka_unit_test_setup_teardown(test_slow_watcher, setup,
		    teardown),
		cmocka_unit_test_setup_teardown(test_too_many, setup, teardown),
		cmocka_unit_test_setup_teardown(test_second, setup, teardown),
		cmocka_unit_test_setup_teardown(test_no_descriptors, setup,
		    teardown),
		cmocka_unit_test_setup_teardown(test_stranger, setup, teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
