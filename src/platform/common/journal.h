/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What must be undone if this process dies now: a file of lines.
 *
 *	mip6d-journal 1 OWNER
 *	+ 1 sysctl all forwarding 0 1
 *	- 1
 *
 * A line "+" is written before its effect is made, a line "-" after it was
 * undone; each with one write, so that a kill leaves whole lines but for the
 * last, which is then not believed.  Whoever opens the journal holds a lock on
 * the directory until it is closed, or dead.
 */
#ifndef MIP6_PLATFORM_COMMON_JOURNAL_H
#define MIP6_PLATFORM_COMMON_JOURNAL_H

#include "base/base.h"

#define MIP6_JOURNAL_TEXT  240 /* octets of one effect's text, NUL included */
#define MIP6_JOURNAL_OWNER 128 /* of the owner's */

struct mip6_journal_line {
	uint64_t id; /* > 0 */
	char *text;
};

struct mip6_journal {
	int dir_fd, lock_fd, fd; /* -1: none */
	uint64_t next_id;
	struct mip6_journal_line *live; /* what is not undone, oldest first */
	size_t count, cap;
	size_t dead; /* lines in the file that no longer matter */
	char owner[MIP6_JOURNAL_OWNER]; /* who wrote the file; "": nobody */
};

/*
 * Takes the lock of directory `dir` and reads what an earlier owner left into
 * live[] and owner.  Returns 0, or an errno: EWOULDBLOCK when somebody else
 * holds the lock.  A file that is not a journal counts as empty.
 */
int mip6_journal_open(struct mip6_journal *j, const char *dir);
/* The journal is `owner`'s from now on; what is in live[] stays. */
int mip6_journal_own(struct mip6_journal *j, const char *owner);
void mip6_journal_close(struct mip6_journal *j);

/*
 * Notes one effect; `text` is one line of printable octets.  Returns its id, or
 * 0 with errno set: then the effect must not be made.
 */
uint64_t mip6_journal_add(struct mip6_journal *j, const char *text);
/* The effect `id` is undone; 0 and unknown ones are ignored. */
void mip6_journal_del(struct mip6_journal *j, uint64_t id);

#endif
