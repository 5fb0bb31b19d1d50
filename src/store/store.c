/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The queue, and the thread that writes it; see store.h.
 *
 * The queue is one ring, cut by four numbers that only grow:
 *
 *	told <= written <= handed <= queued <= told + MIP6_STORE_QUEUE_MAX
 *
 * Slots from `handed` on are the asking thread's, those up to `handed` the
 * writer's, and once written they hold how they ended and are the asking
 * thread's again.  `handed` and `written` are changed under the lock, the
 * others are known to the asking thread alone.  The writer takes all there is:
 * while one group goes to the disk the next one gathers.
 */
#include "store/store.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "store/db.h"

#define STORE_GROUP_MAX 2048
#define STORE_AGAIN_S   1 /* before a store is opened again */

struct store_slot {
	uint64_t id;
	struct mip6_addr key;
	int error;
	uint16_t count;
	uint8_t table;
	uint8_t octets[MIP6_STORE_RECORD_MAX];
};

struct mip6_store {
	/* the writer's; before it runs, the asking thread's */
	struct store_db db;
	char path[MIP6_STORE_PATH_MAX];
	bool sync;
	int open_error;
	time_t open_at; /* when it was tried last */

	struct store_slot *slot;
	uint64_t told, queued; /* the asking thread's */
	uint64_t *refused;     /* ids that found no room; the same */
	size_t refuseds;

	pthread_mutex_t lock;
	pthread_cond_t work;
	uint64_t written, handed;
	bool stop, signalled;
	struct mip6_store_status status;

	pthread_t writer;
	bool running;
	int fd[2]; /* written to when something has ended */
};

/* ---- the writer's side ---- */

static time_t
store_clock(void)
{
	struct timespec t = { 0, 0 };

	(void)clock_gettime(CLOCK_MONOTONIC, &t);
	return t.tv_sec;
}

/* It is not what it should be: its name goes to the status. */
static int
store_set_aside(struct mip6_store *s)
{
	char name[MIP6_STORE_PATH_MAX + 64];
	char damage[sizeof(s->db.damage)];
	const char *base;
	int error;

	(void)snprintf(damage, sizeof(damage), "%s", s->db.damage);
	store_db_close(&s->db);
	error = store_db_set_aside(s->path, name, sizeof(name));
	base = strrchr(name, '/');
	base = base != NULL ? base + 1 : name;
	(void)pthread_mutex_lock(&s->lock);
	if (error == 0)
		s->status.set_aside++;
	(void)snprintf(s->status.damage, sizeof(s->status.damage),
	    "%s%.64s: %.100s",
	    error == 0 ? "set aside as " : "cannot be set aside as ", base,
	    damage);
	(void)pthread_mutex_unlock(&s->lock);
	return error;
}

static int
store_open(struct mip6_store *s, bool check)
{
	int error = store_db_open(&s->db, s->path, s->sync, check);

	if (error == EBADMSG) {
		error = store_set_aside(s);
		if (error == 0)
			error = store_db_open(&s->db, s->path, s->sync, check);
	}
	s->open_error = error;
	s->open_at = store_clock();
	return error;
}

/* Open, now or again; 0, or why not. */
static int
store_ready(struct mip6_store *s)
{
	/* Somebody took the file away: what is written would be lost. */
	if (s->db.sqlite != NULL && store_db_is_gone(&s->db))
		store_db_close(&s->db);
	else if (s->db.sqlite != NULL)
		return 0;
	else if (s->open_error != 0 &&
	    store_clock() - s->open_at < STORE_AGAIN_S)
		return s->open_error;
	return store_open(s, false);
}

static struct store_slot *
store_slot(const struct mip6_store *s, uint64_t number)
{
	return &s->slot[number % MIP6_STORE_QUEUE_MAX];
}

static int
store_write_once(struct mip6_store *s, uint64_t first, uint64_t end)
{
	const struct store_slot *slot;
	uint64_t i;
	int error;

	error = store_ready(s);
	if (error != 0)
		return error;
	error = store_db_begin(&s->db);
	for (i = first; error == 0 && i < end; i++) {
		slot = store_slot(s, i);
		error = store_db_put(&s->db, slot->table, &slot->key,
		    slot->octets, slot->count);
	}
	if (error == 0)
		error = store_db_commit(&s->db);
	if (error == 0)
		return 0;
	store_db_rollback(&s->db);
	if (error == EBADMSG)
		(void)store_set_aside(s);
	else if (error != ENOSPC && error != EDQUOT && error != EFBIG)
		store_db_close(&s->db); /* begins afresh with the next group */
	return error;
}

/* Writes a group, in a new store when the old one turned out damaged. */
static int
store_write(struct mip6_store *s, uint64_t first, uint64_t end)
{
	int error = store_write_once(s, first, end);

	return error == EBADMSG ? store_write_once(s, first, end) : error;
}

/* Writes what was handed over, a group at a time.  Called locked. */
static void
store_write_handed(struct mip6_store *s)
{
	uint64_t first = s->written, end, i;
	int error;

	end = s->handed - first > STORE_GROUP_MAX ? first + STORE_GROUP_MAX :
						    s->handed;
	(void)pthread_mutex_unlock(&s->lock);
	error = store_write(s, first, end);
	for (i = first; i < end; i++)
		store_slot(s, i)->error = error;
	(void)pthread_mutex_lock(&s->lock);
	s->written = end;
	s->status.is_open = s->db.sqlite != NULL;
	s->status.error = error;
	s->status.groups += error == 0;
	if (error == 0)
		s->status.records += end - first;
	else
		s->status.failed += end - first;
	if (!s->signalled && write(s->fd[1], "", 1) == 1)
		s->signalled = true;
}

static void *
store_writer(void *arg)
{
	struct mip6_store *s = arg;

	(void)pthread_mutex_lock(&s->lock);
	for (;;) {
		if (s->written < s->handed)
			store_write_handed(s);
		else if (s->stop)
			break;
		else
			(void)pthread_cond_wait(&s->work, &s->lock);
	}
	(void)pthread_mutex_unlock(&s->lock);
	return NULL;
}

/* ---- the asking side ---- */

static bool
store_make_fds(struct mip6_store *s)
{
	int i;

	if (pipe(s->fd) != 0) {
		s->fd[0] = s->fd[1] = -1;
		return false;
	}
	for (i = 0; i < 2; i++)
		if (fcntl(s->fd[i], F_SETFL, O_NONBLOCK) != 0 ||
		    fcntl(s->fd[i], F_SETFD, FD_CLOEXEC) != 0)
			return false;
	return true;
}

/* Absolute: the process may go to another folder. */
static bool
store_make_path(struct mip6_store *s, const char *path)
{
	const char *name = strrchr(path, '/');
	char folder[MIP6_STORE_PATH_MAX];
	char *real;
	int n;

	n = snprintf(folder, sizeof(folder), "%.*s",
	    name == NULL ? 1 : (int)(name - path + 1),
	    name == NULL ? "." : path);
	if (n < 0 || (size_t)n >= sizeof(folder))
		return false;
	real = realpath(folder, NULL);
	n = snprintf(s->path, sizeof(s->path), "%s/%s",
	    real != NULL ? real : folder, name == NULL ? path : name + 1);
	free(real);
	/* Room for what is put behind it. */
	return n > 0 && (size_t)n + 64 < sizeof(s->path);
}

/* Signals are for the asking thread. */
static bool
store_run(struct mip6_store *s)
{
	sigset_t all, old;

	if (s->running)
		return true;
	(void)sigfillset(&all);
	(void)pthread_sigmask(SIG_SETMASK, &all, &old);
	s->running = pthread_create(&s->writer, NULL, store_writer, s) == 0;
	(void)pthread_sigmask(SIG_SETMASK, &old, NULL);
	return s->running;
}

struct mip6_store *
mip6_store_open(const char *path, bool sync)
{
	struct mip6_store *s = calloc(1, sizeof(*s));

	if (s == NULL)
		return NULL;
	(void)pthread_mutex_init(&s->lock, NULL);
	(void)pthread_cond_init(&s->work, NULL);
	s->fd[0] = s->fd[1] = -1;
	s->sync = sync;
	s->slot = calloc(MIP6_STORE_QUEUE_MAX, sizeof(*s->slot));
	s->refused = calloc(MIP6_STORE_QUEUE_MAX, sizeof(*s->refused));
	if (s->slot == NULL || s->refused == NULL || !store_make_fds(s) ||
	    !store_make_path(s, path)) {
		mip6_store_close(s);
		return NULL;
	}
	s->status.error = store_open(s, true);
	s->status.is_open = s->db.sqlite != NULL;
	return s;
}

void
mip6_store_close(struct mip6_store *s)
{
	if (s == NULL)
		return;
	if (s->slot != NULL)
		mip6_store_flush(s);
	if (s->running) {
		(void)pthread_mutex_lock(&s->lock);
		s->stop = true;
		(void)pthread_cond_signal(&s->work);
		(void)pthread_mutex_unlock(&s->lock);
		(void)pthread_join(s->writer, NULL);
	}
	store_db_close(&s->db);
	if (s->fd[0] >= 0) {
		(void)close(s->fd[0]);
		(void)close(s->fd[1]);
	}
	(void)pthread_cond_destroy(&s->work);
	(void)pthread_mutex_destroy(&s->lock);
	free(s->slot);
	free(s->refused);
	free(s);
}

struct store_loading {
	struct mip6_store *store;
	mip6_store_record record;
	void *arg;
};

static bool
store_load_record(void *arg, uint8_t table, const struct mip6_addr *key,
    const uint8_t *octets, size_t count)
{
	const struct store_loading *l = arg;
	const struct mip6_store *s = l->store;

	l->record(l->arg, table, key, octets, count);
	/* What the callback put is written before it is too much. */
	return s->queued - s->told < MIP6_STORE_QUEUE_MAX / 4;
}

/* Writes what is queued; nobody else works yet.  Ends are told later. */
static void
store_write_here(struct mip6_store *s)
{
	(void)pthread_mutex_lock(&s->lock);
	s->handed = s->queued;
	while (s->written < s->handed)
		store_write_handed(s);
	(void)pthread_mutex_unlock(&s->lock);
	/* Those whose end nobody waits for make room at once. */
	while (s->told < s->written && store_slot(s, s->told)->id == 0)
		s->told++;
}

bool
mip6_store_load(struct mip6_store *s, mip6_store_record record, void *arg)
{
	struct store_db_at at = { .table = 256 };
	struct store_loading l = { s, record, arg };
	int error;

	MIP6_ASSERT(!s->running && s->handed == 0);
	if (s->db.sqlite == NULL)
		return false;
	do {
		error = store_db_read(&s->db, &at, store_load_record, &l);
		if (error == EAGAIN)
			store_write_here(s);
	} while (error == EAGAIN && s->db.sqlite != NULL);
	if (error == EBADMSG) {
		(void)store_set_aside(s);
		(void)store_open(s, true);
	}
	return error == 0;
}

void
mip6_store_put(struct mip6_store *s, uint8_t table, const struct mip6_addr *key,
    const uint8_t *octets, size_t count, uint64_t id)
{
	uint64_t room = MIP6_STORE_QUEUE_MAX - (s->queued - s->told);
	struct store_slot *slot;

	MIP6_ASSERT(count <= MIP6_STORE_RECORD_MAX);
	if (room <= (count == 0 ? MIP6_STORE_QUEUE_MAX / 2 : 0)) {
		(void)pthread_mutex_lock(&s->lock);
		s->status.refused++;
		(void)pthread_mutex_unlock(&s->lock);
		if (id != 0 && s->refuseds < MIP6_STORE_QUEUE_MAX)
			s->refused[s->refuseds++] = id;
		return;
	}
	slot = store_slot(s, s->queued++);
	slot->id = id;
	slot->key = *key;
	slot->table = table;
	slot->count = (uint16_t)count;
	if (count > 0)
		memcpy(slot->octets, octets, count);
}

void
mip6_store_flush(struct mip6_store *s)
{
	if (s->queued == s->handed && s->refuseds == 0)
		return;
	(void)pthread_mutex_lock(&s->lock);
	s->handed = s->queued;
	(void)pthread_cond_signal(&s->work);
	if (s->refuseds > 0 && !s->signalled && write(s->fd[1], "", 1) == 1)
		s->signalled = true;
	(void)pthread_mutex_unlock(&s->lock);
	/* Without a thread, better late than never. */
	if (!store_run(s))
		store_write_here(s);
}

int
mip6_store_fd(const struct mip6_store *s)
{
	return s->fd[0];
}

void
mip6_store_ended(struct mip6_store *s,
    void (*ended)(void *arg, uint64_t id, int error), void *arg)
{
	size_t refused = s->refuseds, i;
	const struct store_slot *slot;
	uint64_t written, id;
	char octets[8];
	int error;

	(void)pthread_mutex_lock(&s->lock);
	while (read(s->fd[0], octets, sizeof(octets)) > 0)
		;
	s->signalled = false;
	written = s->written;
	(void)pthread_mutex_unlock(&s->lock);
	while (s->told < written) {
		slot = store_slot(s, s->told);
		id = slot->id;
		error = slot->error;
		s->told++; /* first: the callback may put */
		if (id != 0)
			ended(arg, id, error);
	}
	for (i = 0; i < refused; i++)
		ended(arg, s->refused[i], ENOBUFS);
	s->refuseds -= refused;
	memmove(s->refused, s->refused + refused,
	    s->refuseds * sizeof(*s->refused));
}

void
mip6_store_status(struct mip6_store *s, struct mip6_store_status *to)
{
	(void)pthread_mutex_lock(&s->lock);
	*to = s->status;
	to->waiting = (uint32_t)(s->queued - s->written);
	(void)pthread_mutex_unlock(&s->lock);
}
