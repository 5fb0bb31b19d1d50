/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What a daemon owes the system it runs on.
 *
 * The lock is on the state directory, since its journal is what two daemons
 * must not share; the pid file is for people and scripts, and locked too, so
 * that a number in it that nobody locks is known to be stale.  The secret is
 * written beside and renamed, so that it is whole or not there.
 */
#include "daemon/proc.h"

#include <sys/file.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <sys/wait.h>

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "crypto/crypto.h"

#define PROC_PID_TRIES  8
#define PROC_SECRET     "secret"
#define PROC_SECRET_NEW "secret.new"

static int
proc_fail(struct mip6_fmt *why, const char *path, const char *what)
{
	mip6_fmt_str(why, path);
	mip6_fmt_str(why, ": ");
	mip6_fmt_str(why, what);
	return -1;
}

/* The parent's part: waits for the child's word, and ends with it. */
static _Noreturn void
proc_wait(int fd, pid_t child)
{
	unsigned char code = EXIT_FAILURE;
	ssize_t n;
	int status;

	do
		n = read(fd, &code, 1);
	while (n < 0 && errno == EINTR);
	if (n == 1)
		_exit(code);
	if (waitpid(child, &status, 0) == child && WIFEXITED(status))
		_exit(WEXITSTATUS(status));
	_exit(EXIT_FAILURE);
}

int
mip6_proc_background(void)
{
	int fd[2];
	pid_t child;

	if (pipe(fd) != 0)
		return -1;
	child = fork();
	if (child < 0) {
		(void)close(fd[0]);
		(void)close(fd[1]);
		return -1;
	}
	if (child > 0) {
		(void)close(fd[1]);
		proc_wait(fd[0], child);
	}
	(void)close(fd[0]);
	(void)fcntl(fd[1], F_SETFD, FD_CLOEXEC);
	(void)setsid();
	return fd[1];
}

void
mip6_proc_ready(int fd, int code)
{
	unsigned char octet = (unsigned char)code;
	ssize_t n;
	int null;

	if (fd < 0)
		return;
	if (code == 0) {
		null = open("/dev/null", O_RDWR);
		if (null >= 0) {
			(void)dup2(null, STDIN_FILENO);
			(void)dup2(null, STDOUT_FILENO);
			(void)dup2(null, STDERR_FILENO);
			if (null > STDERR_FILENO)
				(void)close(null);
		}
		/* Where it stays does not matter, but that it is not in the way. */
		if (chdir("/") != 0)
			errno = 0;
	}
	do
		n = write(fd, &octet, 1);
	while (n < 0 && errno == EINTR);
	(void)close(fd);
}

int
mip6_proc_state_dir(const char *path, struct mip6_fmt *why)
{
	struct stat st;
	int fd;

	if (mkdir(path, 0700) != 0 && errno != EEXIST)
		return proc_fail(why, path, strerror(errno));
	fd = open(path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	if (fd < 0)
		return proc_fail(why, path, strerror(errno));
	if (fstat(fd, &st) != 0) {
		(void)proc_fail(why, path, strerror(errno));
	} else if (st.st_uid != geteuid()) {
		(void)proc_fail(why, path, "belongs to somebody else");
	} else if ((st.st_mode & (S_IRWXG | S_IRWXO)) != 0 &&
	    fchmod(fd, 0700) != 0) {
		(void)proc_fail(why, path, strerror(errno));
	} else if (flock(fd, LOCK_EX | LOCK_NB) != 0) {
		(void)proc_fail(why, path,
		    errno == EWOULDBLOCK ? "another mip6d uses it" :
					   strerror(errno));
	} else {
		return fd;
	}
	(void)close(fd);
	return -1;
}

/* The number in the file of somebody who holds its lock. */
static void
proc_pid_taken(int fd, const char *path, struct mip6_fmt *why)
{
	char text[16];
	ssize_t n = pread(fd, text, sizeof(text) - 1, 0);

	(void)proc_fail(why, path, "another mip6d runs");
	if (n <= 0)
		return;
	text[n] = '\0';
	text[strspn(text, "0123456789")] = '\0';
	mip6_fmt_str(why, " (process ");
	mip6_fmt_str(why, text);
	mip6_fmt_char(why, ')');
}

static void
proc_pid_write(int fd)
{
	char text[32];
	int n = snprintf(text, sizeof(text), "%ld\n", (long)getpid());

	/* Without a number the lock still does its work. */
	if (ftruncate(fd, 0) == 0 && pwrite(fd, text, (size_t)n, 0) != n &&
	    ftruncate(fd, 0) != 0)
		errno = 0;
}

void
mip6_proc_make_parent(const char *path)
{
	const char *slash = strrchr(path, '/');
	char *parent;

	if (slash == NULL || slash == path)
		return;
	parent = strndup(path, (size_t)(slash - path));
	/* Whoever opens a file in it says what is wrong with it. */
	if (parent != NULL)
		(void)mkdir(parent, 0755);
	free(parent);
}

int
mip6_proc_pid_file(const char *path, struct mip6_fmt *why)
{
	struct stat held, named;
	int fd, tries;

	for (tries = 0; tries < PROC_PID_TRIES; tries++) {
		fd =
		    open(path, O_RDWR | O_CREAT | O_NOFOLLOW | O_CLOEXEC, 0644);
		if (fd < 0)
			return proc_fail(why, path, strerror(errno));
		if (flock(fd, LOCK_EX | LOCK_NB) != 0) {
			if (errno == EWOULDBLOCK)
				proc_pid_taken(fd, path, why);
			else
				(void)proc_fail(why, path, strerror(errno));
			(void)close(fd);
			return -1;
		}
		/* Its last owner may have removed it meanwhile. */
		if (fstat(fd, &held) == 0 && stat(path, &named) == 0 &&
		    held.st_ino == named.st_ino &&
		    held.st_dev == named.st_dev) {
			if (!S_ISREG(held.st_mode)) {
				(void)close(fd);
				return proc_fail(why, path,
				    "not a regular file");
			}
			proc_pid_write(fd);
			return fd;
		}
		(void)close(fd);
	}
	return proc_fail(why, path, "somebody keeps replacing it");
}

void
mip6_proc_pid_remove(int fd, const char *path)
{
	(void)unlink(path);
	(void)close(fd);
}

void
mip6_proc_remove_dir(const char *path)
{
	DIR *dir = opendir(path);
	const struct dirent *entry;

	if (dir == NULL)
		return;
	while ((entry = readdir(dir)) != NULL)
		if (strcmp(entry->d_name, ".") != 0 &&
		    strcmp(entry->d_name, "..") != 0)
			(void)unlinkat(dirfd(dir), entry->d_name, 0);
	(void)closedir(dir);
	(void)rmdir(path);
}

bool
mip6_proc_random(void *to, size_t octets)
{
	return getentropy(to, octets) == 0;
}

/* Writes all octets, and to the disk. */
static bool
proc_write(int fd, const uint8_t *octets, size_t count)
{
	size_t done = 0;
	ssize_t n;

	while (done < count) {
		n = write(fd, octets + done, count - done);
		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return false;
		done += (size_t)n;
	}
	return fsync(fd) == 0;
}

static bool
proc_secret_make(int dir, uint8_t *octets, size_t count, struct mip6_fmt *why)
{
	bool good;
	int fd;

	if (!mip6_proc_random(octets, count)) {
		(void)proc_fail(why, PROC_SECRET, strerror(errno));
		return false;
	}
	(void)unlinkat(dir, PROC_SECRET_NEW, 0);
	fd = openat(dir, PROC_SECRET_NEW,
	    O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
	good = fd >= 0 && proc_write(fd, octets, count);
	if (fd >= 0 && close(fd) != 0)
		good = false;
	if (good)
		good = renameat(dir, PROC_SECRET_NEW, dir, PROC_SECRET) == 0;
	if (!good)
		(void)proc_fail(why, PROC_SECRET, strerror(errno));
	return good;
}

static bool
proc_secret_read(int fd, uint8_t *octets, size_t count, struct mip6_fmt *why)
{
	struct stat st;

	if (fstat(fd, &st) != 0) {
		(void)proc_fail(why, PROC_SECRET, strerror(errno));
		return false;
	}
	if (!S_ISREG(st.st_mode) || st.st_uid != geteuid() ||
	    (st.st_mode & (S_IRWXG | S_IRWXO)) != 0) {
		(void)proc_fail(why, PROC_SECRET,
		    "not a file that we alone can reach; remove it");
		return false;
	}
	if (st.st_size != (off_t)count ||
	    read(fd, octets, count) != (ssize_t)count) {
		(void)proc_fail(why, PROC_SECRET,
		    "not what was written; remove it");
		return false;
	}
	return true;
}

bool
mip6_proc_secret(int state_dir, uint8_t *octets, size_t count,
    struct mip6_fmt *why)
{
	bool good;
	int fd;

	fd = openat(state_dir, PROC_SECRET,
	    O_RDONLY | O_NOFOLLOW | O_CLOEXEC | O_NONBLOCK);
	if (fd < 0 && errno == ENOENT) {
		good = proc_secret_make(state_dir, octets, count, why);
	} else if (fd < 0) {
		(void)proc_fail(why, PROC_SECRET, strerror(errno));
		good = false;
	} else {
		good = proc_secret_read(fd, octets, count, why);
		(void)close(fd);
	}
	if (!good)
		mip6_crypto_wipe(octets, count);
	return good;
}
