/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The one file that knows SQLite is db.c; one thread at a time calls it.
 */
#ifndef MIP6_STORE_DB_H
#define MIP6_STORE_DB_H

#include "store/store.h"

struct sqlite3;
struct sqlite3_stmt;

struct store_db {
	struct sqlite3 *sqlite; /* NULL: not open */
	struct sqlite3_stmt *put, *del;
	char damage[128]; /* what is wrong, after EBADMSG */
};

/*
 * Opens the database, made when it is not there.  0 or an errno; EBADMSG: it
 * is not what we made, or not whole (`check` looks at all of it).
 */
int store_db_open(struct store_db *db, const char *path, bool sync, bool check);
void store_db_close(struct store_db *db);
/* Whether the file has gone from its path. */
bool store_db_is_gone(const struct store_db *db);

/* 0 or an errno; after an error: rollback. */
int store_db_begin(struct store_db *db);
int store_db_put(struct store_db *db, uint8_t table,
    const struct mip6_addr *key, const uint8_t *octets, size_t count);
int store_db_commit(struct store_db *db);
void store_db_rollback(struct store_db *db);

/* Where reading goes on. */
struct store_db_at {
	int table; /* 256: at the beginning */
	struct mip6_addr key;
	bool has_key;
};
/*
 * Reads records until `record` says false.  0: all were read; EAGAIN: it
 * said so, and *at is where it goes on; or another errno.
 */
int store_db_read(struct store_db *db, struct store_db_at *at,
    bool (*record)(void *arg, uint8_t table, const struct mip6_addr *key,
	const uint8_t *octets, size_t count),
    void *arg);

/*
 * Gives a closed database another name, *name[octets], and removes the oldest
 * of those before it.  0 or an errno.
 */
int store_db_set_aside(const char *path, char *name, size_t octets);

#endif
