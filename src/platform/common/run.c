/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A program run to its end (see run.h).  Its input is written and its output
 * read as it comes, so that neither side waits for the other for ever.
 */
#include "platform/common/run.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <stdbool.h>
#include <stdint.h>
#include <sys/socket.h>
#include <sys/types.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static int64_t
run_ms(void)
{
	struct timespec t;

	(void)clock_gettime(CLOCK_MONOTONIC, &t);
	return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

static void
run_close(int *fd)
{
	if (*fd >= 0)
		close(*fd);
	*fd = -1;
}

/* One conversation: fd[0] ours, fd[1] the program's; both ways. */
static int
run_spawn(struct mip6_os_run *r, int fd[2], pid_t *child)
{
	static char *const environment[] = { NULL };
	posix_spawn_file_actions_t actions;
	posix_spawnattr_t attr;
	sigset_t none, all;
	char **argv = (char **)(uintptr_t)r->argv;
	int error = posix_spawn_file_actions_init(&actions), i;

	if (error != 0)
		return error;
	error = posix_spawnattr_init(&attr);
	if (error != 0) {
		posix_spawn_file_actions_destroy(&actions);
		return error;
	}
	for (i = 0; i < 3 && error == 0; i++)
		error = posix_spawn_file_actions_adddup2(&actions, fd[1], i);
	/* What this process ignores or blocks is not the program's matter. */
	(void)sigemptyset(&none);
	(void)sigfillset(&all);
	(void)sigdelset(&all, SIGKILL);
	(void)sigdelset(&all, SIGSTOP);
	(void)posix_spawnattr_setsigmask(&attr, &none);
	(void)posix_spawnattr_setsigdefault(&attr, &all);
	(void)posix_spawnattr_setflags(&attr,
	    POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF);
	if (error == 0)
		error = posix_spawn(child, r->argv[0], &actions, &attr, argv,
		    environment);
	posix_spawnattr_destroy(&attr);
	posix_spawn_file_actions_destroy(&actions);
	return error;
}

/* false: nothing more comes. */
static bool
run_read(struct mip6_os_run *r, int fd)
{
	char lost[512];
	bool room = r->out_octets < r->out_cap;
	ssize_t n = recv(fd, room ? r->out + r->out_octets : lost,
	    room ? r->out_cap - r->out_octets : sizeof(lost), 0);

	if (n < 0)
		return errno == EAGAIN || errno == EINTR;
	if (room)
		r->out_octets += (size_t)n;
	return n > 0;
}

/* Until the program closes its side, or time is up. */
static int
run_talk(struct mip6_os_run *r, int fd, int64_t until)
{
	size_t sent = 0;
	struct pollfd wait = { fd, 0, 0 };
	int64_t left;
	ssize_t n;

	if (r->in_octets == 0)
		(void)shutdown(fd, SHUT_WR);
	for (;;) {
		left = until - run_ms();
		wait.events = sent < r->in_octets ? POLLIN | POLLOUT : POLLIN;
		if (left <= 0)
			return ETIMEDOUT;
		if (poll(&wait, 1, (int)left) <= 0)
			continue;
		if ((wait.revents & (POLLIN | POLLHUP | POLLERR)) != 0 &&
		    !run_read(r, fd))
			return 0;
		if ((wait.revents & POLLOUT) == 0 || sent == r->in_octets)
			continue;
		n = send(fd, r->in + sent, r->in_octets - sent, 0);
		if (n < 0 && errno != EAGAIN && errno != EINTR)
			sent = r->in_octets; /* it does not want it */
		if (n > 0)
			sent += (size_t)n;
		if (sent == r->in_octets)
			(void)shutdown(fd, SHUT_WR);
	}
}

/*
 * All three of its descriptors are closed, which happens when it ends; or it
 * is killed.
 */
static int
run_wait(struct mip6_os_run *r, pid_t child, int error)
{
	int status = 0;
	pid_t ended;

	if (error != 0)
		(void)kill(child, SIGKILL);
	do
		ended = waitpid(child, &status, 0);
	while (ended < 0 && errno == EINTR);
	if (error != 0)
		return error;
	if (ended < 0)
		return errno;
	if (!WIFEXITED(status))
		return EINTR;
	r->status = WEXITSTATUS(status);
	return 0;
}

int
mip6_run(struct mip6_os_run *r)
{
	int64_t until = run_ms() + MIP6_RUN_MS;
	int fd[2] = { -1, -1 }, error = 0;
	struct sigaction ignore = { .sa_handler = SIG_IGN }, before;
	pid_t child = 0;

	r->out_octets = 0;
	r->status = 0;
	if (socketpair(AF_UNIX, SOCK_STREAM, 0, fd) != 0)
		return -1;
	(void)sigaction(SIGPIPE, &ignore, &before);
	if (fcntl(fd[0], F_SETFD, FD_CLOEXEC) != 0 ||
	    fcntl(fd[1], F_SETFD, FD_CLOEXEC) != 0 ||
	    fcntl(fd[0], F_SETFL, O_NONBLOCK) != 0)
		error = errno;
	if (error == 0)
		error = run_spawn(r, fd, &child);
	run_close(&fd[1]);
	if (error == 0) {
		error = run_talk(r, fd[0], until);
		error = run_wait(r, child, error);
	}
	run_close(&fd[0]);
	(void)sigaction(SIGPIPE, &before, NULL);
	errno = error;
	return error == 0 ? 0 : -1;
}
