/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A store in a folder of its own, what became of the records that were put,
 * and its files.
 */
#ifndef UNIT_STORE_FIX_H
#define UNIT_STORE_FIX_H

#include "support.h"

#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <unistd.h>

#include "store/store.h"

#define KEYS    64
#define GROUPS  20
#define WAIT_MS 20000

static char folder[64];

static inline void
path_of(char *to, size_t octets, const char *name)
{
	(void)snprintf(to, octets, "%s/%s", folder, name);
}

static inline int
setup(void **state)
{
	(void)state;
	(void)snprintf(folder, sizeof(folder), "%s/mip6-store-XXXXXX",
	    access("/dev/shm", W_OK) == 0 ? "/dev/shm" : "/tmp");
	return mkdtemp(folder) == NULL ? -1 : 0;
}

static inline int
teardown(void **state)
{
	struct dirent *e;
	DIR *dir = opendir(folder);

	(void)state;
	if (dir == NULL)
		return -1;
	while ((e = readdir(dir)) != NULL)
		(void)unlinkat(dirfd(dir), e->d_name, 0);
	(void)closedir(dir);
	return rmdir(folder);
}

/* ---- a store and what became of what was put ---- */

struct box {
	struct mip6_store *store;
	uint64_t last;  /* id that ended last */
	uint64_t ended; /* how many did */
	uint64_t refused;
	int error;                /* of the last */
	uint32_t value[KEYS + 1]; /* loaded; 0: none */
	size_t loaded;
	bool delete_all;
	bool disorder;
	uint8_t last_table;
};

static inline struct mip6_addr
key_of(uint64_t k)
{
	struct mip6_addr a = { { 0x20, 0x01, 0x0d, 0xb8 } };

	a.b[4] = (uint8_t)(k * 37);
	a.b[14] = (uint8_t)(k >> 8);
	a.b[15] = (uint8_t)k;
	return a;
}

static inline void
box_open(struct box *b, const char *name, bool sync)
{
	char path[128];

	memset(b, 0, sizeof(*b));
	path_of(path, sizeof(path), name);
	b->store = mip6_store_open(path, sync);
	assert_non_null(b->store);
	b->last_table = 255;
}

static inline void
box_record(void *arg, uint8_t table, const struct mip6_addr *key,
    const uint8_t *octets, size_t count)
{
	struct box *b = arg;
	uint32_t value;
	size_t k;

	if (table > b->last_table)
		b->disorder = true;
	b->last_table = table;
	k = (size_t)key->b[14] << 8 | key->b[15];
	if (b->delete_all)
		mip6_store_put(b->store, table, key, NULL, 0, 0);
	b->loaded++;
	if (k > KEYS || count < sizeof(value))
		return;
	memcpy(&value, octets, sizeof(value));
	b->value[k] = value;
}

static inline bool
box_load(struct box *b)
{
	return mip6_store_load(b->store, box_record, b);
}

static inline void
box_ended(void *arg, uint64_t id, int error)
{
	struct box *b = arg;

	b->ended++;
	if (error == ENOBUFS) {
		b->refused++; /* told as soon as can be */
		return;
	}
	assert_true(id > b->last); /* in order */
	b->last = id;
	b->error = error;
}

static inline void
box_put(struct box *b, uint64_t k, uint32_t value, uint64_t id)
{
	struct mip6_addr key = key_of(k);
	uint8_t octets[40];

	memset(octets, 0x5a, sizeof(octets));
	memcpy(octets, &value, sizeof(value));
	mip6_store_put(b->store, 0, &key, octets, sizeof(octets), id);
}

/* Until record `id` has ended; how. */
static inline int
box_wait(struct box *b, uint64_t id)
{
	struct pollfd p = { mip6_store_fd(b->store), POLLIN, 0 };

	mip6_store_flush(b->store);
	while (b->last < id) {
		assert_int_equal(poll(&p, 1, WAIT_MS), 1);
		mip6_store_ended(b->store, box_ended, b);
	}
	return b->error;
}

static inline struct mip6_store_status
box_status(struct box *b)
{
	struct mip6_store_status s;

	mip6_store_status(b->store, &s);
	return s;
}

static inline void
box_close(struct box *b)
{
	mip6_store_close(b->store);
}

/* ---- files ---- */

static inline size_t
file_read(const char *name, uint8_t *to, size_t cap)
{
	char path[128];
	ssize_t n;
	int fd;

	path_of(path, sizeof(path), name);
	fd = open(path, O_RDONLY);
	if (fd < 0)
		return 0;
	n = read(fd, to, cap);
	assert_true(n >= 0 && (size_t)n < cap);
	(void)close(fd);
	return (size_t)n;
}

static inline void
file_write(const char *name, const uint8_t *octets, size_t count)
{
	char path[128];
	int fd;

	path_of(path, sizeof(path), name);
	fd = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0600);
	assert_true(fd >= 0);
	assert_int_equal(write(fd, octets, count), count);
	(void)close(fd);
}

static inline void
file_remove(const char *name)
{
	char path[128];

	path_of(path, sizeof(path), name);
	(void)unlink(path);
}

static inline off_t
file_size(const char *name)
{
	char path[128];
	struct stat st;

	path_of(path, sizeof(path), name);
	return stat(path, &st) == 0 ? st.st_size : 0;
}

static inline size_t
files_aside(void)
{
	struct dirent *e;
	DIR *dir = opendir(folder);
	size_t n = 0;

	assert_non_null(dir);
	while ((e = readdir(dir)) != NULL)
		if (strstr(e->d_name, ".damaged-") != NULL &&
		    strstr(e->d_name, "-wal") == NULL)
			n++;
	(void)closedir(dir);
	return n;
}

#define STORE_TEST(t) cmocka_unit_test_setup_teardown(t, setup, teardown)

#endif
