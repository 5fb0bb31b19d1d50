/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * One table in SQLite, with a write-ahead log.
 *
 * Each frame of the log has a checksum, and a group counts from its last frame
 * on: so a torn or cut end of the log takes the last group away and nothing
 * else.  The database is locked for us alone, and therefore needs no shared
 * memory; nothing is mapped, so that a file that somebody cut is an error and
 * not a signal.
 */
#include "store/db.h"

#include <sys/stat.h>

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include <sqlite3.h>

#define DB_APPLICATION "1835626550" /* "mip6" */
#define DB_VERSION     "1"
#define DB_ASIDE       ".damaged-"
#define DB_TABLE_TOP   256
#define DB_SCHEMA                                                              \
	"CREATE TABLE record (tab INTEGER NOT NULL, key BLOB NOT NULL, "       \
	"octets BLOB NOT NULL, PRIMARY KEY (tab, key)) WITHOUT ROWID"

/*
 * Small pages: records are written at random places, and a page is what is
 * written for each.  The log is copied back at 16 MiB.
 */
#define DB_SETTINGS                                                            \
	"PRAGMA page_size=1024;"                                               \
	"PRAGMA locking_mode=EXCLUSIVE;"                                       \
	"PRAGMA mmap_size=0;"                                                  \
	"PRAGMA cache_size=-4096;"                                             \
	"PRAGMA temp_store=MEMORY;"                                            \
	"PRAGMA trusted_schema=OFF;"                                           \
	"PRAGMA fullfsync=ON;"                                                 \
	"PRAGMA checkpoint_fullfsync=ON;"                                      \
	"PRAGMA wal_autocheckpoint=16384;"                                     \
	"PRAGMA journal_size_limit=33554432;"

/* What an error of SQLite means here. */
static int
db_errno(struct store_db *db, int code)
{
	int error = db->sqlite != NULL ? sqlite3_system_errno(db->sqlite) : 0;

	switch (code & 0xff) {
	case SQLITE_OK:
	case SQLITE_DONE:
	case SQLITE_ROW:
		return 0;
	case SQLITE_FULL:
		return ENOSPC;
	case SQLITE_NOMEM:
		return ENOMEM;
	case SQLITE_READONLY:
		return EROFS;
	case SQLITE_BUSY:
	case SQLITE_LOCKED:
		return EBUSY;
	case SQLITE_CORRUPT:
	case SQLITE_NOTADB:
	case SQLITE_FORMAT:
		(void)snprintf(db->damage, sizeof(db->damage), "%s",
		    sqlite3_errstr(code));
		return EBADMSG;
	case SQLITE_CANTOPEN:
		return error != 0 ? error : EACCES;
	default:
		return error == ENOSPC || error == EDQUOT || error == EROFS ||
			error == EFBIG ?
		    error :
		    EIO;
	}
}

static int
db_damaged(struct store_db *db, const char *what)
{
	(void)snprintf(db->damage, sizeof(db->damage), "%s", what);
	return EBADMSG;
}

static int
db_run(struct store_db *db, const char *sql)
{
	return db_errno(db, sqlite3_exec(db->sqlite, sql, NULL, NULL, NULL));
}

/* The first column of the first row, as text; "" when there is none. */
static int
db_ask(struct store_db *db, const char *sql, char *to, size_t octets)
{
	sqlite3_stmt *st = NULL;
	const unsigned char *text = NULL;
	int code;

	to[0] = '\0';
	code = sqlite3_prepare_v2(db->sqlite, sql, -1, &st, NULL);
	if (code == SQLITE_OK)
		code = sqlite3_step(st);
	if (code == SQLITE_ROW)
		text = sqlite3_column_text(st, 0);
	if (text != NULL)
		(void)snprintf(to, octets, "%s", (const char *)text);
	(void)sqlite3_finalize(st);
	return db_errno(db, code);
}

/* Is the answer to `sql` what it should be? */
static int
db_expect(struct store_db *db, const char *sql, const char *value,
    const char *what)
{
	char text[256];
	int error = db_ask(db, sql, text, sizeof(text));

	if (error == 0 && strcmp(text, value) != 0)
		error = db_damaged(db, what);
	return error;
}

/* A file that was never there before is made; 0, or an errno. */
static int
db_make_file(struct store_db *db, const char *path, bool *fresh)
{
	struct stat st;
	int fd;

	*fresh = false;
	fd = open(path, O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC,
	    0600);
	if (fd >= 0) {
		*fresh = true;
		(void)close(fd);
		return 0;
	}
	if (errno != EEXIST)
		return errno;
	if (lstat(path, &st) != 0)
		return errno;
	if (!S_ISREG(st.st_mode))
		return db_damaged(db, "not a regular file");
	if (st.st_size == 0)
		return db_damaged(db, "empty");
	return (st.st_mode & (S_IRWXG | S_IRWXO)) != 0 &&
		chmod(path, 0600) != 0 ?
	    errno :
	    0;
}

static int
db_create(struct store_db *db)
{
	return db_run(db,
	    "PRAGMA synchronous=FULL; BEGIN EXCLUSIVE;"
	    "PRAGMA application_id=" DB_APPLICATION ";"
	    "PRAGMA user_version=" DB_VERSION ";" DB_SCHEMA "; COMMIT;");
}

/* Did we make it, and is it whole? */
static int
db_examine(struct store_db *db, bool check)
{
	int error;

	error = db_expect(db, "PRAGMA application_id", DB_APPLICATION,
	    "not a store of ours");
	if (error == 0)
		error = db_expect(db, "PRAGMA user_version", DB_VERSION,
		    "of another version");
	if (error == 0)
		error = db_expect(db,
		    "SELECT group_concat(sql, ';') FROM sqlite_schema",
		    DB_SCHEMA, "not the tables we made");
	if (error == 0 && check)
		error = db_expect(db, "PRAGMA quick_check(1)", "ok",
		    "pages that do not fit together");
	return error;
}

static int
db_prepare(struct store_db *db)
{
	int code;

	code = sqlite3_prepare_v3(db->sqlite,
	    "INSERT OR REPLACE INTO record VALUES (?1, ?2, ?3)", -1,
	    SQLITE_PREPARE_PERSISTENT, &db->put, NULL);
	if (code == SQLITE_OK)
		code = sqlite3_prepare_v3(db->sqlite,
		    "DELETE FROM record WHERE tab = ?1 AND key = ?2", -1,
		    SQLITE_PREPARE_PERSISTENT, &db->del, NULL);
	return db_errno(db, code);
}

int
store_db_open(struct store_db *db, const char *path, bool sync, bool check)
{
	bool fresh;
	int error;

	memset(db, 0, sizeof(*db));
	error = db_make_file(db, path, &fresh);
	if (error != 0)
		return error;
	error = db_errno(db,
	    sqlite3_open_v2(path, &db->sqlite,
		SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX |
		    SQLITE_OPEN_NOFOLLOW | SQLITE_OPEN_PRIVATECACHE,
		NULL));
	if (error == 0)
		error = db_run(db, DB_SETTINGS);
	if (error == 0 && fresh)
		error = db_create(db);
	if (error == 0)
		error = db_expect(db, "PRAGMA journal_mode=WAL", "wal",
		    "no write-ahead log");
	if (error == 0)
		error = db_run(db,
		    sync ? "PRAGMA synchronous=FULL" :
			   "PRAGMA synchronous=NORMAL");
	if (error == 0)
		error = db_examine(db, check);
	if (error == 0)
		error = db_prepare(db);
	if (error != 0) {
		store_db_close(db);
		/* Half made, and nothing in it. */
		if (fresh)
			(void)unlink(path);
	}
	return error;
}

void
store_db_close(struct store_db *db)
{
	(void)sqlite3_finalize(db->put);
	(void)sqlite3_finalize(db->del);
	(void)sqlite3_close(db->sqlite);
	db->put = db->del = NULL;
	db->sqlite = NULL;
}

bool
store_db_is_gone(const struct store_db *db)
{
	int moved = 0;

	return sqlite3_file_control(db->sqlite, "main", SQLITE_FCNTL_HAS_MOVED,
		   &moved) == SQLITE_OK &&
	    moved != 0;
}

int
store_db_begin(struct store_db *db)
{
	return db_run(db, "BEGIN IMMEDIATE");
}

int
store_db_commit(struct store_db *db)
{
	return db_run(db, "COMMIT");
}

void
store_db_rollback(struct store_db *db)
{
	if (db->sqlite != NULL && sqlite3_get_autocommit(db->sqlite) == 0)
		(void)sqlite3_exec(db->sqlite, "ROLLBACK", NULL, NULL, NULL);
}

int
store_db_put(struct store_db *db, uint8_t table, const struct mip6_addr *key,
    const uint8_t *octets, size_t count)
{
	sqlite3_stmt *st = count == 0 ? db->del : db->put;
	int code;

	(void)sqlite3_bind_int(st, 1, table);
	(void)sqlite3_bind_blob(st, 2, key->b, sizeof(key->b), SQLITE_STATIC);
	if (count > 0)
		(void)sqlite3_bind_blob(st, 3, octets, (int)count,
		    SQLITE_STATIC);
	code = sqlite3_step(st);
	(void)sqlite3_reset(st);
	return db_errno(db, code);
}

/* The next table below *table that has records; -1: none. */
static int
db_table_below(struct store_db *db, int *table)
{
	char sql[96], text[32];
	int error;

	(void)snprintf(sql, sizeof(sql),
	    "SELECT max(tab) FROM record WHERE tab < %d", *table);
	error = db_ask(db, sql, text, sizeof(text));
	*table = text[0] == '\0' ? -1 : (int)strtol(text, NULL, 10);
	return error;
}

/* Rows of one table beyond `at`; *more: it was told to pause. */
static int
db_read_table(struct store_db *db, struct store_db_at *at, bool *more,
    bool (*record)(void *arg, uint8_t table, const struct mip6_addr *key,
	const uint8_t *octets, size_t count),
    void *arg)
{
	static const uint8_t none[1];
	struct mip6_addr from = at->key;
	sqlite3_stmt *st = NULL;
	const void *octets;
	int code, count;

	*more = true;
	code = sqlite3_prepare_v2(db->sqlite,
	    "SELECT key, octets FROM record WHERE tab = ?1 AND key > ?2 "
	    "ORDER BY key",
	    -1, &st, NULL);
	if (code != SQLITE_OK)
		return db_errno(db, code);
	(void)sqlite3_bind_int(st, 1, at->table);
	(void)sqlite3_bind_blob(st, 2, at->has_key ? from.b : none,
	    at->has_key ? (int)sizeof(from.b) : 0, SQLITE_STATIC);
	while (*more && (code = sqlite3_step(st)) == SQLITE_ROW) {
		if (sqlite3_column_bytes(st, 0) != (int)sizeof(at->key)) {
			code = SQLITE_CORRUPT;
			break;
		}
		memcpy(at->key.b, sqlite3_column_blob(st, 0),
		    sizeof(at->key.b));
		at->has_key = true;
		octets = sqlite3_column_blob(st, 1);
		count = sqlite3_column_bytes(st, 1);
		*more = record(arg, (uint8_t)at->table, &at->key,
		    octets != NULL ? octets : none,
		    octets != NULL ? (size_t)count : 0);
	}
	(void)sqlite3_finalize(st);
	return db_errno(db, code);
}

int
store_db_read(struct store_db *db, struct store_db_at *at,
    bool (*record)(void *arg, uint8_t table, const struct mip6_addr *key,
	const uint8_t *octets, size_t count),
    void *arg)
{
	bool more;
	int error;

	for (;;) {
		if (at->table == DB_TABLE_TOP || !at->has_key) {
			error = db_table_below(db, &at->table);
			if (error != 0 || at->table < 0)
				return error;
		}
		error = db_read_table(db, at, &more, record, arg);
		if (error != 0)
			return error;
		if (!more)
			return EAGAIN;
		at->has_key = false;
	}
}

/* ---- setting aside ---- */

/* Of those kept, the oldest goes while there are too many. */
static void
db_forget_oldest(const char *path)
{
	char folder[MIP6_STORE_PATH_MAX], oldest[NAME_MAX + 1];
	char wal[NAME_MAX + 8];
	const char *name = strrchr(path, '/');
	size_t prefix, count;
	struct dirent *e;
	DIR *dir;

	(void)snprintf(folder, sizeof(folder), "%.*s",
	    name == NULL ? 1 : (int)(name - path), name == NULL ? "." : path);
	name = name == NULL ? path : name + 1;
	prefix = strlen(name);
	do {
		dir = opendir(folder);
		if (dir == NULL)
			return;
		count = 0;
		while ((e = readdir(dir)) != NULL) {
			if (strncmp(e->d_name, name, prefix) != 0 ||
			    strncmp(e->d_name + prefix, DB_ASIDE,
				strlen(DB_ASIDE)) != 0 ||
			    strstr(e->d_name, "-wal") != NULL)
				continue;
			if (count++ == 0 || strcmp(e->d_name, oldest) < 0)
				(void)snprintf(oldest, sizeof(oldest), "%s",
				    e->d_name);
		}
		if (count > MIP6_STORE_ASIDE_MAX) {
			(void)snprintf(wal, sizeof(wal), "%s-wal", oldest);
			(void)unlinkat(dirfd(dir), wal, 0);
			if (unlinkat(dirfd(dir), oldest, 0) != 0)
				count = 0;
		}
		(void)closedir(dir);
	} while (count > MIP6_STORE_ASIDE_MAX);
}

int
store_db_set_aside(const char *path, char *name, size_t octets)
{
	char from[MIP6_STORE_PATH_MAX + 8], to[MIP6_STORE_PATH_MAX + 64];
	unsigned long long stamp = (unsigned long long)time(NULL);
	struct stat st;
	int tries;

	/* Times of one length, so that names are in order; each its own. */
	for (tries = 0; tries < 1000; tries++) {
		(void)snprintf(name, octets, "%s" DB_ASIDE "%010llu.%03d", path,
		    stamp, tries);
		if (lstat(name, &st) != 0)
			break;
	}
	if (rename(path, name) != 0)
		return errno;
	(void)snprintf(from, sizeof(from), "%s-wal", path);
	(void)snprintf(to, sizeof(to), "%s-wal", name);
	/* A log without its database would be taken for the next one's. */
	if (rename(from, to) != 0 && errno != ENOENT && unlink(from) != 0)
		return errno;
	(void)snprintf(from, sizeof(from), "%s-journal", path);
	(void)unlink(from);
	(void)snprintf(from, sizeof(from), "%s-shm", path);
	(void)unlink(from);
	db_forget_oldest(path);
	return 0;
}
