/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What has ended is there after a process that was killed, after a log that
 * was cut or torn at any octet, and after a database half copied; what is not
 * a store of ours is set aside.
 *
 * Links: store
 */
#include "store_fix.h"

/* A child that writes until it is killed, and says what has ended. */
static _Noreturn void
writer_child(int fd, bool sync, uint32_t from)
{
	uint32_t value = from;
	struct box b;
	uint64_t id = 0;
	int k;

	box_open(&b, "a.db", sync);
	for (;;) {
		for (k = 0; k < 5; k++, value++)
			box_put(&b, value % KEYS, value, ++id);
		if (box_wait(&b, id) != 0)
			_exit(1);
		if (write(fd, &value, sizeof(value)) != sizeof(value))
			_exit(2);
	}
}

static void
test_killed(void **state)
{
	uint32_t said = 0, got = 1, want, i;
	uint64_t draw = 1;
	int fd[2], round, status;
	pid_t child;
	struct box b;

	(void)state;
	for (round = 0; round < 25; round++) {
		assert_int_equal(pipe(fd), 0);
		child = fork();
		assert_true(child >= 0);
		if (child == 0)
			writer_child(fd[1], round % 2 == 0, got);
		(void)close(fd[1]);
		/* Some way into its work, whatever it does then. */
		for (i = 0; i <= support_draw(&draw) % 16; i++)
			assert_int_equal(read(fd[0], &said, sizeof(said)),
			    sizeof(said));
		assert_int_equal(kill(child, SIGKILL), 0);
		assert_int_equal(waitpid(child, &status, 0), child);
		assert_true(WIFSIGNALED(status));
		while (read(fd[0], &got, sizeof(got)) == sizeof(got))
			said = got;
		(void)close(fd[0]);
		box_open(&b, "a.db", true);
		assert_int_equal(box_status(&b).set_aside, 0);
		assert_true(box_load(&b));
		/* Of each key the last value said, or a later one. */
		for (i = 0; i < KEYS; i++) {
			want = said - 1 - (said - 1 - i) % KEYS;
			if (said > KEYS)
				assert_true(b.value[i] >= want);
		}
		for (i = 0; i < KEYS; i++)
			got = b.value[i] >= got ? b.value[i] + 1 : got;
		box_close(&b);
	}
	assert_true(said > 25);
}

/*
 * GROUPS groups of one more key each, the last one on its own from *before
 * octets of the log; the process ends as if killed.
 */
static void
crashed(off_t *before)
{
	int status, fd[2];
	struct box b;
	uint64_t id = 0;
	pid_t child;
	uint32_t g, k;

	assert_int_equal(pipe(fd), 0);
	child = fork();
	assert_true(child >= 0);
	if (child == 0) {
		box_open(&b, "a.db", true);
		for (g = 1; g <= GROUPS; g++) {
			*before = file_size("a.db-wal");
			for (k = 1; k <= g; k++)
				box_put(&b, k, g, ++id);
			if (box_wait(&b, id) != 0)
				_exit(1);
		}
		_exit(write(fd[1], before, sizeof(*before)) == sizeof(*before) ?
			0 :
			2);
	}
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_int_equal(status, 0);
	assert_int_equal(read(fd[0], before, sizeof(*before)), sizeof(*before));
	(void)close(fd[0]);
	(void)close(fd[1]);
	assert_true(*before > 0 && file_size("a.db-wal") > *before);
}

/* The groups but the last are whole, and the last one or nothing of it. */
static bool
whole(const char *name)
{
	struct box b;
	uint32_t k;
	bool last;

	box_open(&b, name, false);
	assert_int_equal(box_status(&b).set_aside, 0);
	assert_int_equal(box_status(&b).error, 0);
	assert_true(box_load(&b));
	last = b.value[GROUPS] != 0;
	for (k = 1; k < GROUPS; k++)
		assert_int_equal(b.value[k], last ? GROUPS : GROUPS - 1);
	assert_int_equal(b.loaded, last ? GROUPS : GROUPS - 1);
	/* And it goes on from there. */
	box_put(&b, 1, 7, 1);
	assert_int_equal(box_wait(&b, 1), 0);
	box_close(&b);
	return last;
}

#define FILE_MAX 262144

static void
test_log_cut(void **state)
{
	uint8_t *db = test_malloc(FILE_MAX), *wal = test_malloc(FILE_MAX);
	size_t dbs, wals, cut, step, lasts = 0;
	off_t before;

	(void)state;
	crashed(&before);
	dbs = file_read("a.db", db, FILE_MAX);
	wals = file_read("a.db-wal", wal, FILE_MAX);
	/* Each octet near the ends of frames; elsewhere every seventh. */
	for (cut = (size_t)before; cut <= wals; cut += step) {
		step = wals - cut <= 64 || cut - (size_t)before < 64 ? 1 : 7;
		file_write("b.db", db, dbs);
		file_write("b.db-wal", wal, cut);
		if (whole("b.db")) {
			assert_int_equal(cut, wals);
			lasts++;
		}
	}
	assert_int_equal(lasts, 1);
	test_free(db);
	test_free(wal);
}

/* Of the last write some sectors came to the disk and others did not. */
static void
test_log_torn(void **state)
{
	uint8_t *db = test_malloc(FILE_MAX), *wal = test_malloc(FILE_MAX);
	uint8_t *torn = test_malloc(FILE_MAX);
	size_t dbs, wals, at, end, i, changed;
	uint64_t draw = 9;
	off_t before;
	int round;

	(void)state;
	crashed(&before);
	dbs = file_read("a.db", db, FILE_MAX);
	wals = file_read("a.db-wal", wal, FILE_MAX);
	for (round = 0; round < 200; round++) {
		memcpy(torn, wal, wals);
		changed = 0;
		for (at = (size_t)before; at < wals; at = end) {
			end = (at / 512 + 1) * 512;
			end = end < wals ? end : wals;
			if (support_draw(&draw) % 2 == 0)
				continue;
			for (i = at; i < end; i++)
				torn[i] = round % 2 == 0 ?
				    0 :
				    (uint8_t)support_draw(&draw);
			changed += memcmp(torn + at, wal + at, end - at) != 0;
		}
		file_write("b.db", db, dbs);
		file_write("b.db-wal", torn, wals);
		assert_true(whole("b.db") == (changed == 0));
	}
	test_free(db);
	test_free(wal);
	test_free(torn);
}

/* The log was being copied back, and some sectors of it came to the disk. */
static void
test_copy_torn(void **state)
{
	uint8_t *db = test_malloc(FILE_MAX), *wal = test_malloc(FILE_MAX);
	uint8_t *copied = test_malloc(FILE_MAX);
	size_t dbs, wals, now, at, count;
	uint64_t draw = 4;
	struct box b;
	off_t before;
	int round;

	(void)state;
	crashed(&before);
	dbs = file_read("a.db", db, FILE_MAX);
	wals = file_read("a.db-wal", wal, FILE_MAX);
	box_open(&b, "a.db", true);
	box_close(&b);
	assert_int_equal(file_size("a.db-wal"), 0);
	now = file_read("a.db", copied, FILE_MAX);
	assert_true(now >= dbs);
	for (round = 0; round < 100; round++) {
		memset(db + dbs, 0, now - dbs);
		file_write("b.db", db, now);
		for (at = 0; at < now; at += 512) {
			char path[128];
			int fd;

			if (support_draw(&draw) % 2 == 0)
				continue;
			path_of(path, sizeof(path), "b.db");
			fd = open(path, O_WRONLY);
			count = now - at < 512 ? now - at : 512;
			assert_int_equal(pwrite(fd, copied + at, count,
					     (off_t)at),
			    count);
			(void)close(fd);
		}
		file_write("b.db-wal", wal, wals);
		assert_true(whole("b.db"));
	}
	test_free(db);
	test_free(wal);
	test_free(copied);
}

/* A whole database of some pages, closed. */
static size_t
closed(uint8_t *to)
{
	struct box b;
	uint64_t i;

	box_open(&b, "a.db", false);
	for (i = 1; i <= 200; i++)
		box_put(&b, i, (uint32_t)i, i);
	assert_int_equal(box_wait(&b, 200), 0);
	box_close(&b);
	return file_read("a.db", to, FILE_MAX);
}

/* Opens what is there, and writes; returns how many were set aside. */
static uint64_t
survives(const char *name, size_t *loaded)
{
	uint64_t aside;
	struct box b;

	box_open(&b, name, false);
	(void)box_load(&b);
	*loaded = b.loaded;
	box_put(&b, 1, 4711, 1);
	assert_int_equal(box_wait(&b, 1), 0);
	aside = box_status(&b).set_aside;
	assert_true((aside > 0) == (box_status(&b).damage[0] != '\0'));
	box_close(&b);
	box_open(&b, name, false);
	assert_true(box_load(&b));
	assert_int_equal(b.value[1], 4711);
	box_close(&b);
	return aside;
}

static void
test_database_cut(void **state)
{
	uint8_t *db = test_malloc(FILE_MAX);
	size_t dbs, cut, loaded;

	(void)state;
	dbs = closed(db);
	for (cut = 0; cut < dbs; cut += cut < 128 || dbs - cut < 64 ? 1 : 97) {
		file_remove("b.db");
		file_write("b.db", db, cut);
		/* In the last page it is zeros of a record, which has a seal. */
		if (survives("b.db", &loaded) == 0)
			assert_true(loaded == 200 && dbs - cut < 1024);
		else
			assert_int_equal(loaded, 0);
		assert_true(files_aside() <= MIP6_STORE_ASIDE_MAX);
	}
	assert_int_equal(files_aside(), MIP6_STORE_ASIDE_MAX);
	test_free(db);
}

/* Whatever bit turns: it goes on, with that store or with a new one. */
static void
test_bits_flipped(void **state)
{
	uint8_t *db = test_malloc(FILE_MAX);
	uint64_t draw = 2;
	size_t dbs, at, loaded, round, aside = 0;

	(void)state;
	dbs = closed(db);
	for (round = 0; round < 400; round++) {
		/* The header and the first page more often than others. */
		at = (size_t)(support_draw(&draw) %
		    (round % 2 == 0 ? 2048 : dbs));
		db[at] ^= (uint8_t)(1 << round % 8);
		file_remove("b.db-wal");
		file_write("b.db", db, dbs);
		db[at] ^= (uint8_t)(1 << round % 8);
		aside += survives("b.db", &loaded);
	}
	assert_true(aside > 20);
	test_free(db);
}

static void
test_not_ours(void **state)
{
	uint8_t *db = test_malloc(FILE_MAX), garbage[5000];
	uint64_t draw = 8;
	size_t dbs, i, loaded;

	(void)state;
	dbs = closed(db);
	for (i = 0; i < sizeof(garbage); i++)
		garbage[i] = (uint8_t)support_draw(&draw);
	file_write("b.db", garbage, sizeof(garbage));
	file_write("b.db-wal", garbage, sizeof(garbage));
	assert_int_equal(survives("b.db", &loaded), 1);
	db[63]++; /* its version */
	file_write("b.db", db, dbs);
	assert_int_equal(survives("b.db", &loaded), 1);
	assert_int_equal(loaded, 0);
	db[63]--;
	db[71]++; /* whose it is */
	file_write("b.db", db, dbs);
	assert_int_equal(survives("b.db", &loaded), 1);
	db[71]--;
	file_write("b.db", db, dbs);
	assert_int_equal(survives("b.db", &loaded), 0);
	assert_int_equal(loaded, 200);
	test_free(db);
}

/* A log of garbage beside a good database takes nothing away. */
static void
test_log_garbage(void **state)
{
	uint8_t *db = test_malloc(FILE_MAX), garbage[9000];
	uint64_t draw = 8;
	size_t dbs, i, loaded;

	(void)state;
	dbs = closed(db);
	for (i = 0; i < sizeof(garbage); i++)
		garbage[i] = (uint8_t)support_draw(&draw);
	file_write("b.db", db, dbs);
	file_write("b.db-wal", garbage, sizeof(garbage));
	assert_int_equal(survives("b.db", &loaded), 0);
	assert_int_equal(loaded, 200);
	test_free(db);
}

/* Scribbled over while it is open: set aside, and the group is written. */
static void
test_damaged_while_open(void **state)
{
	uint64_t i, n = 60000; /* more than is kept in memory */
	int status, fd;
	char path[128];
	uint8_t *mess;
	struct box b;
	pid_t child;

	(void)state;
	box_open(&b, "a.db", false);
	for (i = 1; i <= n; i++) {
		box_put(&b, i, 1, i);
		if (i % 4000 == 0)
			assert_int_equal(box_wait(&b, i), 0);
	}
	box_close(&b);
	/* A process of its own: closing a file here would lose the lock. */
	child = fork();
	assert_true(child >= 0);
	if (child == 0) {
		box_open(&b, "a.db", true);
		path_of(path, sizeof(path), "a.db");
		fd = open(path, O_WRONLY);
		mess = calloc(1, (size_t)file_size("a.db"));
		memset(mess, 0xff, (size_t)file_size("a.db"));
		if (pwrite(fd, mess, (size_t)file_size("a.db") - 1024, 1024) <
		    0)
			_exit(1);
		for (i = 1; i <= 4000; i++)
			box_put(&b, i * 13, 5, i);
		if (box_wait(&b, 4000) != 0 || box_status(&b).set_aside != 1)
			_exit(2);
		box_close(&b);
		_exit(0);
	}
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_int_equal(status, 0);
	assert_int_equal(files_aside(), 1);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		STORE_TEST(test_killed),
		STORE_TEST(test_log_cut),
		STORE_TEST(test_log_torn),
		STORE_TEST(test_copy_torn),
		STORE_TEST(test_database_cut),
		STORE_TEST(test_bits_flipped),
		STORE_TEST(test_not_ours),
		STORE_TEST(test_log_garbage),
		STORE_TEST(test_damaged_while_open),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
