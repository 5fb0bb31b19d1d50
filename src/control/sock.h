/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The control socket: how it is made, so that nobody else reaches it, and how
 * it is found.
 */
#ifndef MIP6_CONTROL_SOCK_H
#define MIP6_CONTROL_SOCK_H

#include "base/fmt.h"

/*
 * Makes and listens on the socket `path`, mode 0600 from its first moment.
 * What is there is removed only if it is a socket and nobody answers; the
 * caller holds the lock that keeps a second daemon away.  Returns the
 * descriptor, non-blocking and closed on exec, or -1 with the reason in *why.
 */
int mip6_control_listen(const char *path, struct mip6_fmt *why);

/* Closes `fd` and removes `path` if it is still a socket. */
void mip6_control_unlisten(int fd, const char *path);

/* A blocking connection, or -1 with errno (ENAMETOOLONG: path too long). */
int mip6_control_connect(const char *path);

/* Takes the next client, non-blocking; -1 with errno. */
int mip6_control_accept(int fd);

#endif
