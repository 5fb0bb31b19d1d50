/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The journal of effects (see journal.h).
 *
 * Invariants: live[] is what the file says, in the order of the file.  A line
 * that could not be written whole is cut off again, so that the next one does
 * not grow out of its rest.  The file is rewritten (to a new name, then
 * renamed) when most of its lines are dead, and is a bare header when nothing
 * is live.  It is at most a few hundred lines: what dies with the process by
 * itself (the TUN and what is on it, group memberships) is not written here.
 */
#include "platform/common/journal.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#define JOURNAL_FILE       "journal"
#define JOURNAL_NEW        "journal.new"
#define JOURNAL_LOCK       "lock"
#define JOURNAL_MAGIC      "mip6d-journal 1 "
#define JOURNAL_LINE       (MIP6_JOURNAL_TEXT + 32)
#define JOURNAL_OCTETS_MAX (4 * 1024 * 1024) /* of a file that is read */
#define JOURNAL_DEAD_MAX   1024

static int
journal_write(int fd, const char *line, size_t count)
{
	off_t end = lseek(fd, 0, SEEK_END);
	ssize_t n = write(fd, line, count);
	int error;

	if (n == (ssize_t)count)
		return 0;
	error = n < 0 ? errno : ENOSPC;
	if (end >= 0 && ftruncate(fd, end) != 0)
		error = errno;
	return error;
}

static int
journal_write_add(int fd, uint64_t id, const char *text)
{
	char line[JOURNAL_LINE];
	int n = snprintf(line, sizeof(line), "+ %llu %s\n",
	    (unsigned long long)id, text);

	if (n < 0 || (size_t)n >= sizeof(line))
		return EMSGSIZE;
	return journal_write(fd, line, (size_t)n);
}

static int
journal_live_add(struct mip6_journal *j, uint64_t id, const char *text)
{
	struct mip6_journal_line *live;
	size_t cap;
	char *copy;

	if (j->count == j->cap) {
		cap = j->cap == 0 ? 32 : j->cap * 2;
		live = realloc(j->live, cap * sizeof(*live));
		if (live == NULL)
			return ENOMEM;
		j->live = live;
		j->cap = cap;
	}
	copy = strdup(text);
	if (copy == NULL)
		return ENOMEM;
	j->live[j->count].id = id;
	j->live[j->count].text = copy;
	j->count++;
	return 0;
}

static bool
journal_live_del(struct mip6_journal *j, uint64_t id)
{
	size_t i;

	/* From the end: what came last mostly goes first. */
	for (i = j->count; i > 0; i--) {
		if (j->live[i - 1].id != id)
			continue;
		free(j->live[i - 1].text);
		memmove(&j->live[i - 1], &j->live[i],
		    (j->count - i) * sizeof(j->live[0]));
		j->count--;
		return true;
	}
	return false;
}

static bool
journal_printable(const char *s)
{
	for (; *s != '\0'; s++) {
		if (*s < 0x20 || *s > 0x7e)
			return false;
	}
	return true;
}

/* One line of an old journal, NUL terminated; what is odd is left out. */
static void
journal_read_line(struct mip6_journal *j, char *line)
{
	unsigned long long id;
	char *end;
	char sign = line[0];

	if ((sign != '+' && sign != '-') || line[1] != ' ' || line[2] < '0' ||
	    line[2] > '9')
		return;
	errno = 0;
	id = strtoull(line + 2, &end, 10);
	if (errno != 0 || id == 0 || id >= UINT64_MAX - 1)
		return;
	if (sign == '-' && *end == '\0') {
		(void)journal_live_del(j, id);
	} else if (sign == '+' && *end == ' ' &&
	    strlen(end + 1) < MIP6_JOURNAL_TEXT && journal_printable(end + 1)) {
		(void)journal_live_del(j, id);
		(void)journal_live_add(j, id, end + 1);
	}
	if (id >= j->next_id)
		j->next_id = id + 1;
}

static void
journal_parse(struct mip6_journal *j, char *text)
{
	const size_t magic = sizeof(JOURNAL_MAGIC) - 1;
	char *line = text;
	char *end;

	for (; (end = strchr(line, '\n')) != NULL; line = end + 1) {
		*end = '\0';
		if (line != text) {
			journal_read_line(j, line);
			continue;
		}
		if (strncmp(line, JOURNAL_MAGIC, magic) != 0 ||
		    strlen(line + magic) >= sizeof(j->owner) ||
		    !journal_printable(line + magic))
			return;
		(void)snprintf(j->owner, sizeof(j->owner), "%s", line + magic);
	}
}

static int
journal_load(struct mip6_journal *j)
{
	struct stat st;
	char *text;
	ssize_t n;

	if (fstat(j->fd, &st) != 0)
		return errno;
	if (!S_ISREG(st.st_mode) || st.st_size > JOURNAL_OCTETS_MAX)
		return EFBIG;
	text = malloc((size_t)st.st_size + 1);
	if (text == NULL)
		return ENOMEM;
	n = pread(j->fd, text, (size_t)st.st_size, 0);
	if (n < 0) {
		free(text);
		return errno;
	}
	text[n] = '\0';
	journal_parse(j, text);
	free(text);
	return 0;
}

int
mip6_journal_open(struct mip6_journal *j, const char *dir)
{
	int error;

	memset(j, 0, sizeof(*j));
	j->lock_fd = j->fd = -1;
	j->next_id = 1;
	j->dir_fd = open(dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (j->dir_fd < 0)
		return errno;
	j->lock_fd = openat(j->dir_fd, JOURNAL_LOCK,
	    O_RDWR | O_CREAT | O_NOFOLLOW | O_CLOEXEC, 0600);
	if (j->lock_fd < 0 || flock(j->lock_fd, LOCK_EX | LOCK_NB) != 0) {
		error = errno;
		mip6_journal_close(j);
		return error;
	}
	j->fd = openat(j->dir_fd, JOURNAL_FILE,
	    O_RDWR | O_CREAT | O_APPEND | O_NOFOLLOW | O_CLOEXEC, 0600);
	error = j->fd < 0 ? errno : journal_load(j);
	if (error != 0)
		mip6_journal_close(j);
	return error;
}

/* Writes a fresh file of the header and what is live. */
static int
journal_rewrite(struct mip6_journal *j)
{
	char line[MIP6_JOURNAL_OWNER + sizeof(JOURNAL_MAGIC) + 2];
	int n = snprintf(line, sizeof(line), "%s%s\n", JOURNAL_MAGIC, j->owner);
	int fd = openat(j->dir_fd, JOURNAL_NEW,
	    O_RDWR | O_CREAT | O_TRUNC | O_APPEND | O_NOFOLLOW | O_CLOEXEC,
	    0600);
	int error;
	size_t i;

	if (fd < 0)
		return errno;
	error = journal_write(fd, line, (size_t)n);
	for (i = 0; i < j->count && error == 0; i++)
		error = journal_write_add(fd, j->live[i].id, j->live[i].text);
	if (error == 0 &&
	    renameat(j->dir_fd, JOURNAL_NEW, j->dir_fd, JOURNAL_FILE) != 0)
		error = errno;
	if (error != 0) {
		close(fd);
		return error;
	}
	close(j->fd);
	j->fd = fd;
	j->dead = 0;
	return 0;
}

int
mip6_journal_own(struct mip6_journal *j, const char *owner)
{
	if (strlen(owner) >= sizeof(j->owner) || !journal_printable(owner))
		return EINVAL;
	(void)snprintf(j->owner, sizeof(j->owner), "%s", owner);
	return journal_rewrite(j);
}

void
mip6_journal_close(struct mip6_journal *j)
{
	while (j->count > 0)
		free(j->live[--j->count].text);
	free(j->live);
	j->live = NULL;
	j->cap = 0;
	if (j->fd >= 0)
		close(j->fd);
	if (j->lock_fd >= 0)
		close(j->lock_fd);
	if (j->dir_fd >= 0)
		close(j->dir_fd);
	j->fd = j->lock_fd = j->dir_fd = -1;
}

uint64_t
mip6_journal_add(struct mip6_journal *j, const char *text)
{
	uint64_t id = j->next_id;
	int error;

	if (strlen(text) >= MIP6_JOURNAL_TEXT || !journal_printable(text)) {
		errno = EINVAL;
		return 0;
	}
	error = journal_live_add(j, id, text);
	if (error == 0) {
		error = journal_write_add(j->fd, id, text);
		if (error != 0)
			(void)journal_live_del(j, id);
	}
	if (error != 0) {
		errno = error;
		return 0;
	}
	j->next_id++;
	return id;
}

void
mip6_journal_del(struct mip6_journal *j, uint64_t id)
{
	char line[32];
	int n;

	if (id == 0 || !journal_live_del(j, id))
		return;
	j->dead += 2;
	if ((j->count == 0 || j->dead > JOURNAL_DEAD_MAX) &&
	    journal_rewrite(j) == 0)
		return;
	n = snprintf(line, sizeof(line), "- %llu\n", (unsigned long long)id);
	/*
	 * A line that cannot be written leaves an effect to be undone twice,
	 * and undoing what is not there is no error.
	 */
	(void)journal_write(j->fd, line, (size_t)n);
}
