/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * One datagram, sent without waiting: a service manager that does not read is
 * not waited for.
 */
#include "daemon/notify.h"

#include <sys/socket.h>
#include <sys/un.h>

#include <fcntl.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

void
mip6_notify(const char *words)
{
	const char *path = getenv("NOTIFY_SOCKET");
	struct sockaddr_un to;
	size_t octets;
	int fd;

	if (path == NULL || (path[0] != '/' && path[0] != '@'))
		return;
	octets = strlen(path);
	if (octets < 2 || octets >= sizeof(to.sun_path))
		return;
	memset(&to, 0, sizeof(to));
	to.sun_family = AF_UNIX;
	memcpy(to.sun_path, path, octets);
	/* Of the abstract name space: its name begins with a NUL. */
	if (path[0] == '@')
		to.sun_path[0] = '\0';
	fd = socket(AF_UNIX, SOCK_DGRAM, 0);
	if (fd < 0)
		return;
	(void)fcntl(fd, F_SETFD, FD_CLOEXEC);
	(void)fcntl(fd, F_SETFL, O_NONBLOCK);
	(void)sendto(fd, words, strlen(words), 0, (struct sockaddr *)&to,
	    (socklen_t)(offsetof(struct sockaddr_un, sun_path) + octets));
	(void)close(fd);
}
