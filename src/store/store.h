/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Records on the disk: table, key, octets.  What is in them is not our matter.
 *
 * One thread asks, and never waits for the disk: records are queued, handed
 * over with mip6_store_flush, and written by a thread of the store's own, all
 * that were handed over as one group that is on the disk whole or not at all.
 * How each ended is told in the order of the queue, by mip6_store_ended, which
 * is to be called when mip6_store_fd can be read.
 *
 * A store that is not what it should be is set aside under another name and a
 * new one begun.  The queue is bounded; what does not fit ends with ENOBUFS.
 */
#ifndef MIP6_STORE_STORE_H
#define MIP6_STORE_STORE_H

#include "base/addr.h"

#define MIP6_STORE_RECORD_MAX 256  /* octets of one record */
#define MIP6_STORE_QUEUE_MAX  8192 /* records that have not ended */
#define MIP6_STORE_PATH_MAX   1024
#define MIP6_STORE_ASIDE_MAX  3 /* damaged ones that are kept */

struct mip6_store;

struct mip6_store_status {
	bool is_open;
	int error;          /* errno of the last group, or why it is not open */
	uint32_t waiting;   /* records that have not ended */
	uint64_t records;   /* written or deleted */
	uint64_t groups;    /* written */
	uint64_t failed;    /* records that the disk did not take */
	uint64_t refused;   /* records that found the queue full */
	uint64_t set_aside; /* stores that were not whole */
	char damage[256];   /* of the last of these, and its name; or "" */
};

/*
 * Opens the store at `path`, in a folder that is ours alone.  `sync`: a group
 * has ended when it is on the disk, otherwise when the system has it.  A store
 * that cannot be opened is tried again later: see the status.  NULL: no memory,
 * no descriptor, no thread, or the path is too long.
 */
struct mip6_store *mip6_store_open(const char *path, bool sync);
/* Writes what was handed over, and closes; NULL is ignored. */
void mip6_store_close(struct mip6_store *s);

typedef void (*mip6_store_record)(void *arg, uint8_t table,
    const struct mip6_addr *key, const uint8_t *octets, size_t count);

/*
 * Gives every record to `record`, higher tables first.  Once, before anything
 * is handed over; the callback may put.  false: some could not be read.
 */
bool mip6_store_load(struct mip6_store *s, mip6_store_record record, void *arg);

/*
 * Queues the record (count 1..MIP6_STORE_RECORD_MAX), or with count 0 its
 * removal.  With an id other than 0 its end is told.  Removals take only half
 * of the queue, so that records find room.
 */
void mip6_store_put(struct mip6_store *s, uint8_t table,
    const struct mip6_addr *key, const uint8_t *octets, size_t count,
    uint64_t id);
/* Hands over what was queued; costs nothing when there is nothing. */
void mip6_store_flush(struct mip6_store *s);

/* Readable when something has ended. */
int mip6_store_fd(const struct mip6_store *s);
/* Tells what has ended: error 0, or an errno.  The callback may put. */
void mip6_store_ended(struct mip6_store *s,
    void (*ended)(void *arg, uint64_t id, int error), void *arg);

void mip6_store_status(struct mip6_store *s, struct mip6_store_status *to);

#endif
