/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Manners of a Unix socket: look before unlink, a umask around bind so that
 * there is no moment in which others could connect, never follow what is not
 * a socket, never leave the path behind.
 */
#include "control/sock.h"

#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/types.h>
#include <sys/un.h>

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#define SOCK_BACKLOG 8

static bool
sock_address(const char *path, struct sockaddr_un *sun)
{
	memset(sun, 0, sizeof(*sun));
	sun->sun_family = AF_UNIX;
	if (strlen(path) >= sizeof(sun->sun_path)) {
		errno = ENAMETOOLONG;
		return false;
	}
	memcpy(sun->sun_path, path, strlen(path) + 1);
	return true;
}

static bool
sock_flags(int fd, bool nonblocking)
{
	int flags;

	if (fcntl(fd, F_SETFD, FD_CLOEXEC) != 0)
		return false;
	if (!nonblocking)
		return true;
	flags = fcntl(fd, F_GETFL);
	return flags >= 0 && fcntl(fd, F_SETFL, flags | O_NONBLOCK) == 0;
}

/* Closes `fd` and keeps errno. */
static int
sock_close(int fd)
{
	int saved = errno;

	(void)close(fd);
	errno = saved;
	return -1;
}

int
mip6_control_connect(const char *path)
{
	struct sockaddr_un sun;
	int fd;

	if (!sock_address(path, &sun))
		return -1;
	fd = socket(AF_UNIX, SOCK_STREAM, 0);
	if (fd < 0)
		return -1;
	if (!sock_flags(fd, false) ||
	    connect(fd, (const struct sockaddr *)&sun, sizeof(sun)) != 0)
		return sock_close(fd);
	return fd;
}

static bool
sock_fail(struct mip6_fmt *why, const char *path, const char *what)
{
	mip6_fmt_str(why, path);
	mip6_fmt_str(why, ": ");
	mip6_fmt_str(why, what);
	return false;
}

/* Makes sure that nothing is at `path`. */
static bool
sock_make_way(const char *path, struct mip6_fmt *why)
{
	struct stat st;
	int fd;

	if (lstat(path, &st) != 0)
		return errno == ENOENT || sock_fail(why, path, strerror(errno));
	if (!S_ISSOCK(st.st_mode))
		return sock_fail(why, path, "exists and is not a socket");
	fd = mip6_control_connect(path);
	if (fd >= 0) {
		(void)close(fd);
		return sock_fail(why, path, "somebody answers there already");
	}
	if (errno != ECONNREFUSED && errno != ENOENT)
		return sock_fail(why, path, strerror(errno));
	if (unlink(path) != 0 && errno != ENOENT)
		return sock_fail(why, path, strerror(errno));
	return true;
}

int
mip6_control_listen(const char *path, struct mip6_fmt *why)
{
	struct sockaddr_un sun;
	mode_t mask;
	int fd, bound;

	if (!sock_address(path, &sun)) {
		(void)sock_fail(why, path, strerror(errno));
		return -1;
	}
	if (!sock_make_way(path, why))
		return -1;
	fd = socket(AF_UNIX, SOCK_STREAM, 0);
	if (fd < 0) {
		(void)sock_fail(why, path, strerror(errno));
		return -1;
	}
	mask = umask(0177);
	bound = bind(fd, (const struct sockaddr *)&sun, sizeof(sun));
	(void)umask(mask);
	if (bound != 0) {
		(void)sock_fail(why, path, strerror(errno));
		return sock_close(fd);
	}
	if (!sock_flags(fd, true) || chmod(path, 0600) != 0 ||
	    listen(fd, SOCK_BACKLOG) != 0) {
		(void)sock_fail(why, path, strerror(errno));
		mip6_control_unlisten(fd, path);
		return -1;
	}
	return fd;
}

void
mip6_control_unlisten(int fd, const char *path)
{
	struct stat st;

	(void)close(fd);
	if (lstat(path, &st) == 0 && S_ISSOCK(st.st_mode))
		(void)unlink(path);
}

int
mip6_control_accept(int fd)
{
	int client = accept(fd, NULL, NULL);

	if (client < 0)
		return -1;
	if (!sock_flags(client, true))
		return sock_close(client);
	return client;
}
