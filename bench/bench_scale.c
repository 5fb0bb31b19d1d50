/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * One home agent with a million bindings: memory, registrations with and
 * without the store, updates with bad keys, a restart and the storm after it.
 *
 * usage: bench_scale [FOLDER [BINDINGS]]     (default: . and 1,000,000)
 *
 * Prints lines `name value unit`.  The store is made in FOLDER and removed.
 */
#include "bench_agent.h"

#include <sys/wait.h>

#define BENCH_ROUNDS 9

/* ---- figures ---- */

static double
bench_wall_ns(void)
{
	struct timespec ts;

	(void)clock_gettime(CLOCK_MONOTONIC, &ts);
	return (double)ts.tv_sec * 1e9 + (double)ts.tv_nsec;
}

/* Processor time of this thread: the store's own one does not count. */
static double
bench_thread_ns(void)
{
	struct timespec ts;

	(void)clock_gettime(CLOCK_THREAD_CPUTIME_ID, &ts);
	return (double)ts.tv_sec * 1e9 + (double)ts.tv_nsec;
}

/* RSS and locked memory of this process, in octets. */
static double
bench_rss(void)
{
	FILE *f = fopen("/proc/self/status", "r");
	double octets = 0;
	char line[256];

	bench_need(f != NULL, "/proc/self/status");
	while (fgets(line, sizeof(line), f) != NULL)
		if (strncmp(line, "VmRSS:", 6) == 0 ||
		    strncmp(line, "VmLck:", 6) == 0 ||
		    strncmp(line, "VmPin:", 6) == 0)
			octets += strtod(line + 6, NULL) * 1024;
	(void)fclose(f);
	return octets;
}

static void
bench_say(const char *name, double value, const char *unit)
{
	bench_report(name, &value, 1, unit);
	(void)fflush(stdout);
}

static void
bench_memory(struct bench *b, const char *name)
{
	double before = bench_rss(), each = b->mobiles;
	size_t octets = b->octets;
	const struct mip6_ha *ha = mip6_engine_node(b->engine)->ha;
	char figure[64];
	double index;

	bench_register(b);
	(void)snprintf(figure, sizeof(figure), "memory_%s", name);
	bench_say(figure, (bench_rss() - before) / each, "octets");
	if (b->roster != NULL || b->store != NULL)
		return;
	index = ((double)ha->bcache.index.mask + 1) *
	    sizeof(struct mip6_index_slot) / each;
	bench_say("memory_of_binding", sizeof(struct mip6_binding), "octets");
	bench_say("memory_of_timer_in_it", sizeof(struct mip6_ntimer),
	    "octets");
	bench_say("memory_of_index", index, "octets");
	bench_say("memory_of_row",
	    (double)(b->octets - octets) / each - index -
		sizeof(struct mip6_binding),
	    "octets");
}

/* Keys that are listed: the list and the bindings. */
static void
bench_listed(struct bench *b)
{
	const struct mip6_hash_key key = { { 1, 2, 3, 4 } };
	double before = bench_rss();
	struct mip6_conf_mobile m;
	uint32_t i;

	b->roster = mip6_roster_new(&bench_heap, &key);
	bench_need(b->roster != NULL, "memory");
	for (i = 0; i < b->mobiles; i++) {
		m = bench_mobile(b, i);
		bench_need(mip6_roster_add(b->roster, &m), "memory");
	}
	bench_say("memory_of_listed_key", (bench_rss() - before) / b->mobiles,
	    "octets");
	bench_open(b, MIP6_DURABILITY_NONE);
	bench_memory(b, "but_listed_key");
}

/* Refreshes of random mobile nodes; in ns each, on the wall and of the core. */
static void
bench_refreshes(struct bench *b, bool bad_key, double *wall, double *cpu)
{
	uint64_t before = b->accepted;
	uint32_t i;

	/* No two of one: the newer would take the place of the older. */
	for (i = 0; i < BENCH_BATCH; i++) {
		b->next = (b->next + BENCH_STRIDE) % b->mobiles;
		bench_build(b, b->next, 0, bad_key, &b->packet[i]);
	}
	*wall = bench_wall_ns();
	*cpu = bench_thread_ns();
	bench_receive(b, BENCH_BATCH);
	bench_store_wait(b, 0);
	*wall = (bench_wall_ns() - *wall) / BENCH_BATCH;
	*cpu = (bench_thread_ns() - *cpu) / BENCH_BATCH;
	bench_need(b->accepted - before == (bad_key ? 0 : BENCH_BATCH),
	    bad_key ? "a bad key was accepted" : "a refresh was lost");
}

static void
bench_rate(struct bench *b, const char *name)
{
	double rate[BENCH_ROUNDS], cpu[BENCH_ROUNDS], groups[BENCH_ROUNDS];
	struct mip6_store_status s;
	double wall, each;
	char figure[64];
	uint64_t before;
	uint32_t r;

	memset(&s, 0, sizeof(s));
	for (r = 0; r < BENCH_ROUNDS; r++) {
		before = s.groups;
		bench_refreshes(b, false, &wall, &each);
		rate[r] = 1e9 / (b->store != NULL ? wall : each);
		cpu[r] = each;
		if (b->store != NULL)
			mip6_store_status(b->store, &s);
		groups[r] =
		    (double)(s.groups - before) * 1e9 / (wall * BENCH_BATCH);
	}
	(void)snprintf(figure, sizeof(figure), "registrations_%s", name);
	bench_report(figure, rate, BENCH_ROUNDS, "per_second");
	(void)snprintf(figure, sizeof(figure), "registration_cpu_%s", name);
	bench_report(figure, cpu, BENCH_ROUNDS, "ns");
	(void)snprintf(figure, sizeof(figure), "store_groups_%s", name);
	if (b->store != NULL)
		bench_report(figure, &groups[1], BENCH_ROUNDS - 1,
		    "per_second");
	(void)fflush(stdout);
}

/* What an update with a bad key costs beside one that is accepted. */
static void
bench_flood(struct bench *b)
{
	double good[BENCH_ROUNDS], bad[BENCH_ROUNDS], wall;
	uint32_t r;

	for (r = 0; r < BENCH_ROUNDS; r++) {
		bench_refreshes(b, false, &wall, &good[r]);
		bench_refreshes(b, true, &wall, &bad[r]);
	}
	bench_report("update_accepted", good, BENCH_ROUNDS, "ns");
	bench_report("update_with_bad_key", bad, BENCH_ROUNDS, "ns");
}

/* A packet for a mobile node; has it gone into the tunnel? */
static bool
bench_forwards(struct bench *b, uint32_t mobile)
{
	struct mip6_pkt *pkt = mip6_pool_get(mip6_engine_pool(b->engine), 1500);
	struct mip6_addr src, dst = bench_addr("2001:db8:1::", mobile);
	uint64_t before = b->tunnelled;
	uint8_t *ip;

	bench_need(pkt != NULL && mip6_addr_parse("2001:db8:c::1", &src),
	    "packet");
	ip = mip6_pkt_octets(pkt);
	pkt->count = 100;
	memset(ip, 0, pkt->count);
	ip[0] = 0x60;
	ip[5] = 60;
	ip[6] = 17;
	ip[7] = 64;
	memcpy(ip + 8, src.b, 16);
	memcpy(ip + 24, dst.b, 16);
	mip6_engine_packets(b->engine, &b->now, 0, &pkt, 1);
	return b->tunnelled > before;
}

static void
bench_restore(void *arg, uint8_t table, const struct mip6_addr *key,
    const uint8_t *octets, size_t count)
{
	struct bench *b = arg;
	struct mip6_event ev;

	memset(&ev, 0, sizeof(ev));
	ev.kind = MIP6_EV_RESTORE;
	ev.u.restore.table = (enum mip6_store_table)table;
	ev.u.restore.key = *key;
	ev.u.restore.octets = octets;
	ev.u.restore.count = count;
	mip6_engine_event(b->engine, &b->now, &ev);
}

/* From nothing: the store's check, every record, and the first packet. */
static void
bench_restart(struct bench *b, enum mip6_durability durability)
{
	double start = bench_wall_ns(), loaded, first = 0, rows;
	const struct mip6_path_counters *c;
	struct mip6_event ev;

	bench_open(b, durability);
	bench_need(mip6_store_load(b->store, bench_restore, b), "load");
	memset(&ev, 0, sizeof(ev));
	ev.kind = MIP6_EV_RESTORE;
	ev.u.restore.end = true;
	mip6_engine_event(b->engine, &b->now, &ev);
	loaded = bench_wall_ns();
	c = mip6_path_counters(mip6_engine_path(b->engine));
	while (c->rows < b->mobiles) {
		if (first == 0 && bench_forwards(b, 0))
			first = bench_wall_ns();
		mip6_engine_timer(b->engine, &b->now);
		bench_settle_some(b, 64);
	}
	bench_need(bench_forwards(b, b->mobiles - 1), "no packet passes");
	rows = bench_wall_ns();
	if (durability == MIP6_DURABILITY_SYNC)
		return; /* said already */
	bench_say("restart_loaded", (loaded - start) / 1e9, "s");
	bench_say("restart_first_packet", (first - start) / 1e9, "s");
	bench_say("restart_all_rows", (rows - start) / 1e9, "s");
}

/* All mobile nodes refresh after a restart, and new ones come meanwhile. */
static void
bench_storm(struct bench *b)
{
	uint32_t all = b->mobiles + BENCH_FRESH, i, n, fresh = 0;
	uint64_t accepted = b->accepted, refused = b->refused;
	double took = 0, start;

	for (i = 0; i < all; i += n) {
		for (n = 0; n < BENCH_BATCH && i + n < all; n++) {
			/* A new one after each so many. */
			bool is_new = fresh < BENCH_FRESH &&
			    (i + n) % (all / BENCH_FRESH) == 0;

			bench_build(b,
			    is_new ? b->mobiles + fresh : i + n - fresh, 0,
			    false, &b->packet[n]);
			fresh += is_new;
		}
		start = bench_wall_ns();
		bench_receive(b, n);
		took += bench_wall_ns() - start;
	}
	start = bench_wall_ns();
	bench_store_wait(b, 0);
	took += bench_wall_ns() - start;
	bench_need(fresh == BENCH_FRESH, "not all new ones came");
	bench_say("storm", took / 1e9, "s");
	bench_say("storm_not_accepted",
	    (double)(all - (b->accepted - accepted)), "count");
	bench_say("storm_refused", (double)(b->refused - refused), "count");
}

static void
bench_unlink(const struct bench *b)
{
	char path[910];

	(void)unlink(b->path);
	(void)snprintf(path, sizeof(path), "%s-wal", b->path);
	(void)unlink(path);
}

static void
bench_init(struct bench *b, const char *folder, uint32_t mobiles)
{
	struct mip6_node_env env;

	b->mobiles = mobiles;
	(void)snprintf(b->path, sizeof(b->path), "%s/bench-scale.db", folder);
	bench_unlink(b);
	b->seq = calloc(mobiles + BENCH_FRESH, sizeof(*b->seq));
	b->packet = calloc(BENCH_BATCH, sizeof(*b->packet));
	bench_need(b->seq != NULL && b->packet != NULL, "memory");
	memset(b->seq, 1, (mobiles + BENCH_FRESH) * sizeof(*b->seq));
	memset(b->packet, 1, BENCH_BATCH * sizeof(*b->packet));
	b->now.boot.us = b->now.mono.us = 1000000;
	b->now.wall_us = UINT64_C(1700000000000000);
	b->stamp = mip6_time_to_ntp(b->now.wall_us);
	memset(&env, 0, sizeof(env));
	env.alloc = bench_heap;
	b->hand = mip6_node_new(&env, &b->now);
	bench_need(b->hand != NULL, "node");
}

/* ---- each life of the home agent in a process of its own ---- */

static void
bench_life_of_master(struct bench *b)
{
	bench_open(b, MIP6_DURABILITY_NONE);
	bench_memory(b, "with_master_key");
	bench_rate(b, "with_master_key");
}

static void
bench_life_of_listed(struct bench *b)
{
	bench_listed(b);
	bench_rate(b, "with_listed_keys");
	bench_flood(b);
}

static void
bench_life_stored(struct bench *b)
{
	bench_open(b, MIP6_DURABILITY_ASYNC);
	bench_memory(b, "with_store");
	bench_rate(b, "stored_async");
	bench_end(b);
	bench_restart(b, MIP6_DURABILITY_ASYNC);
	bench_storm(b);
	bench_end(b);
	bench_restart(b, MIP6_DURABILITY_SYNC);
	bench_rate(b, "stored_sync");
}

static void
bench_life(struct bench *b, void (*life)(struct bench *))
{
	pid_t child;
	int status = 0;

	bench_unlink(b);
	(void)fflush(stdout);
	child = fork();
	bench_need(child >= 0, "process");
	if (child == 0) {
		life(b);
		bench_end(b);
		exit(EXIT_SUCCESS);
	}
	bench_need(waitpid(child, &status, 0) == child && status == 0,
	    "a life ended badly");
	bench_unlink(b);
}

int
main(int argc, char **argv)
{
	uint32_t many =
	    argc > 2 ? (uint32_t)strtoul(argv[2], NULL, 10) : BENCH_MANY;
	struct bench *b = calloc(1, sizeof(*b));

	bench_need(b != NULL && many > BENCH_BATCH, "memory");
	bench_init(b, argc > 1 ? argv[1] : ".", many);
	bench_life(b, bench_life_of_master);
	bench_life(b, bench_life_of_listed);
	bench_life(b, bench_life_stored);
	mip6_node_free(b->hand);
	free(b->packet);
	free(b->seq);
	free(b);
	return EXIT_SUCCESS;
}
