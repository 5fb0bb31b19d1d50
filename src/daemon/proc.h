/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The daemon as a process: background, pid file, state directory, secrets.
 */
#ifndef MIP6_DAEMON_PROC_H
#define MIP6_DAEMON_PROC_H

#include "base/fmt.h"

/*
 * Goes on in a child without a terminal, and returns there.  The parent waits
 * until the child has called mip6_proc_ready and exits with its code, or with
 * 1 when it died before.  Returns the descriptor for mip6_proc_ready, or -1
 * with errno when no child could be made.
 */
int mip6_proc_background(void);

/*
 * Tells the waiting parent how the start went; after code 0 standard input,
 * output and error lead nowhere.  Nothing when `fd` is -1.
 */
void mip6_proc_ready(int fd, int code);

/*
 * Opens the state directory, made with mode 0700 if it is not there, and locks
 * it against a second daemon.  Returns its descriptor, or -1 with *why.
 */
int mip6_proc_state_dir(const char *path, struct mip6_fmt *why);

/* Makes the directory of `path`, mode 0755, if it is not there. */
void mip6_proc_make_parent(const char *path);

/*
 * Writes our number into the file at `path`, and locks it.  Returns the
 * descriptor, to be kept, or -1 with *why.
 */
int mip6_proc_pid_file(const char *path, struct mip6_fmt *why);
/* Removes it. */
void mip6_proc_pid_remove(int fd, const char *path);

/* Removes a directory of plain files: links are removed, not followed. */
void mip6_proc_remove_dir(const char *path);

/* Fills `to` with `octets` (<= 256) random octets from the system. */
bool mip6_proc_random(void *to, size_t octets);

/*
 * Reads the secret of this host, octets[count], from the state directory; it
 * is made at the first start.  false with *why.
 */
bool mip6_proc_secret(int state_dir, uint8_t *octets, size_t count,
    struct mip6_fmt *why);

#endif
