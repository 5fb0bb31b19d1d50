/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The store: records a second by size of the group, and how long a full one
 * takes to load.
 *
 * usage: bench_store [FOLDER [RECORDS]]     (default: . and 1,000,000)
 *
 * One JSON object a line.  The file is made in FOLDER, whose disk is what is
 * measured, and removed.
 */
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "store/store.h"

#define BENCH_OCTETS 65 /* of the record of a binding */

struct bench {
	struct mip6_store *store;
	uint64_t ended, failed, loaded;
};

static double
bench_now(void)
{
	struct timespec t;

	(void)clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

/* Home addresses are at random places, as hashes of names are. */
static struct mip6_addr
bench_key(uint64_t i)
{
	struct mip6_addr a = { { 0x20, 0x01, 0x0d, 0xb8, 0, 1 } };
	uint64_t z = i * UINT64_C(0x9e3779b97f4a7c15);
	size_t k;

	z = (z ^ z >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
	z ^= z >> 27;
	for (k = 0; k < 8; k++)
		a.b[8 + k] = (uint8_t)(z >> 8 * k);
	return a;
}

static void
bench_ended(void *arg, uint64_t id, int error)
{
	struct bench *b = arg;

	(void)id;
	b->ended++;
	b->failed += error != 0;
}

static void
bench_wait(struct bench *b)
{
	struct pollfd p = { mip6_store_fd(b->store), POLLIN, 0 };

	if (poll(&p, 1, 10000) == 1)
		mip6_store_ended(b->store, bench_ended, b);
}

/*
 * Records `from` to `from + count` (modulo `modulus`), at most `group` not
 * ended at a time: what a loop turn hands over.
 */
static void
bench_write(struct bench *b, uint64_t from, uint64_t count, uint64_t modulus,
    uint64_t group)
{
	uint8_t octets[BENCH_OCTETS];
	struct mip6_addr key;
	uint64_t put = 0;

	b->ended = b->failed = 0;
	memset(octets, 0xa5, sizeof(octets));
	while (b->ended < count) {
		while (put < count && put - b->ended < group) {
			key = bench_key((from + put) % modulus);
			octets[5] = (uint8_t)put++;
			mip6_store_put(b->store, 0, &key, octets,
			    sizeof(octets), put);
		}
		mip6_store_flush(b->store);
		bench_wait(b);
	}
}

static void
bench_loaded(void *arg, uint8_t table, const struct mip6_addr *key,
    const uint8_t *octets, size_t count)
{
	struct bench *b = arg;

	(void)table;
	(void)key;
	(void)octets;
	b->loaded += count == BENCH_OCTETS;
}

static void
bench_rates(const char *path, bool sync, uint64_t records)
{
	static const uint64_t groups[] = { 1, 16, 256, 4096 };
	struct bench b = { .store = mip6_store_open(path, sync) };
	uint64_t count;
	double start, took;
	size_t i;

	if (b.store == NULL || !mip6_store_load(b.store, bench_loaded, &b))
		exit(1);
	for (i = 0; i < MIP6_COUNT(groups); i++) {
		count = groups[i] * (groups[i] < 256 ? 500 : 40);
		start = bench_now();
		bench_write(&b, i * 7919, count, records, groups[i]);
		took = bench_now() - start;
		printf("{\"bench\":\"store-refresh\",\"durability\":\"%s\","
		       "\"group\":%llu,\"records_s\":%.0f,"
		       "\"latency_ms\":%.3f,\"failed\":%llu}\n",
		    sync ? "sync" : "async", (unsigned long long)groups[i],
		    (double)count / took,
		    took * 1e3 * (double)groups[i] / (double)count,
		    (unsigned long long)b.failed);
		(void)fflush(stdout);
	}
	mip6_store_close(b.store);
}

static void
bench_fill(const char *path, uint64_t records)
{
	struct bench b = { .store = mip6_store_open(path, false) };
	double start = bench_now(), took;
	struct stat st;

	if (b.store == NULL || !mip6_store_load(b.store, bench_loaded, &b))
		exit(1);
	bench_write(&b, 0, records, records, MIP6_STORE_QUEUE_MAX / 2);
	took = bench_now() - start;
	mip6_store_close(b.store);
	printf("{\"bench\":\"store-fill\",\"records\":%llu,\"records_s\":%.0f,"
	       "\"octets_each\":%.0f,\"failed\":%llu}\n",
	    (unsigned long long)records, (double)records / took,
	    stat(path, &st) == 0 ? (double)st.st_size / (double)records : 0,
	    (unsigned long long)b.failed);
	(void)fflush(stdout);
}

static void
bench_load(const char *path, uint64_t records)
{
	double start = bench_now(), opened, loaded;
	struct bench b = { .store = mip6_store_open(path, true) };

	opened = bench_now();
	if (b.store == NULL || !mip6_store_load(b.store, bench_loaded, &b))
		exit(1);
	loaded = bench_now();
	printf("{\"bench\":\"store-load\",\"records\":%llu,\"loaded\":%llu,"
	       "\"check_s\":%.3f,\"load_s\":%.3f}\n",
	    (unsigned long long)records, (unsigned long long)b.loaded,
	    opened - start, loaded - opened);
	mip6_store_close(b.store);
	if (b.loaded != records)
		exit(1);
}

int
main(int argc, char **argv)
{
	const char *folder = argc > 1 ? argv[1] : ".";
	uint64_t records = argc > 2 ? strtoull(argv[2], NULL, 10) : 1000000;
	char path[900], wal[910];

	(void)snprintf(path, sizeof(path), "%s/bench-store.db", folder);
	(void)snprintf(wal, sizeof(wal), "%s-wal", path);
	(void)unlink(path);
	(void)unlink(wal);
	bench_fill(path, records);
	bench_load(path, records);
	bench_rates(path, true, records);
	bench_rates(path, false, records);
	(void)unlink(path);
	(void)unlink(wal);
	return 0;
}
