/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The store on a real file system: records come back, the queue is bounded,
 * and what the disk does not take is said.
 *
 * Links: store
 */
#include "store_fix.h"

static void
test_round_trip(void **state)
{
	struct mip6_addr key = key_of(1);
	struct mip6_store_status s;
	char path[128];
	struct stat st;
	struct box b;
	uint64_t i;

	(void)state;
	box_open(&b, "a.db", true);
	assert_true(box_load(&b));
	assert_int_equal(b.loaded, 0);
	for (i = 1; i <= KEYS; i++)
		box_put(&b, i, (uint32_t)(100 + i), i);
	mip6_store_put(b.store, 2, &key, key.b, 16, 0);
	mip6_store_put(b.store, 1, &key, key.b, 16, KEYS + 1);
	assert_int_equal(box_wait(&b, KEYS + 1), 0);
	assert_int_equal(b.ended, KEYS + 1);
	s = box_status(&b);
	assert_true(s.is_open);
	assert_int_equal(s.error, 0);
	assert_int_equal(s.records, KEYS + 2);
	assert_int_equal(s.groups, 1);
	assert_int_equal(s.waiting, 0);
	assert_string_equal(s.damage, "");
	path_of(path, sizeof(path), "a.db");
	assert_int_equal(stat(path, &st), 0);
	assert_int_equal(st.st_mode & 0777, 0600);
	box_close(&b);

	box_open(&b, "a.db", false);
	assert_true(box_load(&b));
	assert_int_equal(b.loaded, KEYS + 2);
	assert_false(b.disorder);
	for (i = 1; i <= KEYS; i++)
		assert_int_equal(b.value[i], i == 1 ? 101 : 100 + i);
	box_put(&b, 3, 999, 1);
	key = key_of(4);
	mip6_store_put(b.store, 0, &key, NULL, 0, 2);
	assert_int_equal(box_wait(&b, 2), 0);
	box_close(&b);

	box_open(&b, "a.db", true);
	assert_true(box_load(&b));
	assert_int_equal(b.loaded, KEYS + 1);
	assert_int_equal(b.value[3], 999);
	assert_int_equal(b.value[4], 0);
	box_close(&b);
}

/* The queue is bounded; records find room where removals do not. */
static void
test_queue_full(void **state)
{
	struct mip6_addr key = key_of(1);
	struct box b;
	uint64_t i, max = MIP6_STORE_QUEUE_MAX;

	(void)state;
	box_open(&b, "a.db", false);
	for (i = 1; i <= max + 10; i++)
		mip6_store_put(b.store, 0, &key, NULL, 0, 0);
	assert_int_equal(box_status(&b).refused, max / 2 + 10);
	for (i = 1; i <= max / 2; i++)
		box_put(&b, i % KEYS, 1, i);
	assert_int_equal(box_status(&b).refused, max / 2 + 10);
	for (; i <= max / 2 + 10; i++)
		box_put(&b, i % KEYS, 2, i);
	assert_int_equal(box_wait(&b, max / 2), 0);
	assert_int_equal(b.ended, max / 2 + 10);
	assert_int_equal(b.refused, 10);
	/* And there is room again. */
	box_put(&b, 7, 3, i);
	assert_int_equal(box_wait(&b, i), 0);
	assert_int_equal(b.refused, 10);
	box_close(&b);
}

static void
test_removed_while_loading(void **state)
{
	uint64_t i, n = MIP6_STORE_QUEUE_MAX * 3;
	struct box b;

	(void)state;
	box_open(&b, "a.db", false);
	for (i = 1; i <= n; i++) {
		box_put(&b, i, 1, i);
		if (i % 1000 == 0)
			assert_int_equal(box_wait(&b, i), 0);
	}
	assert_int_equal(box_wait(&b, n), 0);
	box_close(&b);
	box_open(&b, "a.db", false);
	b.delete_all = true;
	assert_true(box_load(&b));
	assert_int_equal(b.loaded, n);
	box_close(&b);
	box_open(&b, "a.db", false);
	assert_true(box_load(&b));
	assert_int_equal(b.loaded, 0);
	box_close(&b);
}

/* No room on the disk: an error that ends when there is room again. */
static void
test_disk_full(void **state)
{
	struct rlimit l = { 65536, RLIM_INFINITY };
	struct box b;
	uint64_t id = 0, failed_at = 0;
	int status;
	pid_t child;

	(void)state;
	child = fork();
	assert_true(child >= 0);
	if (child == 0) {
		(void)signal(SIGXFSZ, SIG_IGN);
		box_open(&b, "a.db", true);
		if (setrlimit(RLIMIT_FSIZE, &l) != 0)
			_exit(1);
		while (failed_at == 0 && id < 5000) {
			box_put(&b, id, 1, id + 1);
			if (box_wait(&b, ++id) != 0)
				failed_at = id;
		}
		if (failed_at == 0 || b.error == 0 ||
		    box_status(&b).failed != 1 || box_status(&b).error == 0)
			_exit(2);
		l.rlim_cur = RLIM_INFINITY;
		if (setrlimit(RLIMIT_FSIZE, &l) != 0)
			_exit(3);
		box_put(&b, id, 2, id + 1);
		if (box_wait(&b, id + 1) != 0 || box_status(&b).error != 0)
			_exit(4);
		_exit(0); /* as if killed */
	}
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_int_equal(status, 0);
	box_open(&b, "a.db", true);
	assert_int_equal(box_status(&b).set_aside, 0);
	assert_true(box_load(&b));
	assert_true(b.loaded > 5);
	box_close(&b);
}

static void
test_used_by_another(void **state)
{
	struct box b, other;
	int status;
	pid_t child;

	(void)state;
	box_open(&b, "a.db", true);
	box_put(&b, 1, 1, 1);
	assert_int_equal(box_wait(&b, 1), 0);
	child = fork();
	assert_true(child >= 0);
	if (child == 0) {
		box_open(&other, "a.db", true);
		if (box_status(&other).is_open ||
		    box_status(&other).error != EBUSY ||
		    box_status(&other).set_aside != 0 || box_load(&other))
			_exit(1);
		box_put(&other, 2, 2, 1);
		_exit(box_wait(&other, 1) == EBUSY ? 0 : 2);
	}
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_int_equal(status, 0);
	box_put(&b, 3, 3, 2);
	assert_int_equal(box_wait(&b, 2), 0);
	box_close(&b);
	assert_int_equal(files_aside(), 0);
}

/* What is written into a file that nobody finds again is lost. */
static void
test_taken_away(void **state)
{
	struct box b;

	(void)state;
	box_open(&b, "a.db", true);
	box_put(&b, 1, 1, 1);
	assert_int_equal(box_wait(&b, 1), 0);
	file_remove("a.db");
	file_remove("a.db-wal");
	box_put(&b, 2, 2, 2);
	assert_int_equal(box_wait(&b, 2), 0);
	box_close(&b);
	box_open(&b, "a.db", true);
	assert_true(box_load(&b));
	assert_int_equal(b.value[2], 2);
	box_close(&b);
}

/* No folder: it says so, and works once there is one. */
static void
test_cannot_open(void **state)
{
	struct box b;
	char path[128];

	(void)state;
	box_open(&b, "none/a.db", true);
	assert_false(box_status(&b).is_open);
	assert_int_equal(box_status(&b).error, ENOENT);
	assert_false(box_load(&b));
	box_put(&b, 1, 1, 1);
	assert_int_equal(box_wait(&b, 1), ENOENT);
	path_of(path, sizeof(path), "none");
	assert_int_equal(mkdir(path, 0700), 0);
	while (box_put(&b, 1, 1, b.last + 1), box_wait(&b, b.last + 1) != 0)
		assert_true(b.last < 100000000);
	assert_true(box_status(&b).is_open);
	box_close(&b);
	file_remove("none/a.db");
	file_remove("none/a.db-wal");
	assert_int_equal(rmdir(path), 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		STORE_TEST(test_round_trip),
		STORE_TEST(test_queue_full),
		STORE_TEST(test_removed_while_loading),
		STORE_TEST(test_disk_full),
		STORE_TEST(test_used_by_another),
		STORE_TEST(test_taken_away),
		STORE_TEST(test_cannot_open),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
