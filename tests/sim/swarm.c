/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * mip6-sim-swarm [--commute] --seeds N [--long M] [--first S | --fresh]
 *	[--jobs J]
 * mip6-sim-swarm [--commute] --seed X [--trace]
 *
 * Runs storms (storm.h), or commutes (commute.h).  Each seed runs in a process of its own, so that one
 * failure does not hide the next; one in sixteen runs twice and must leave the
 * same trace.  A failing seed is printed with the command that shows it again.
 * With MIP6_LONG in the environment M seeds are run instead of N.
 */
#include <sys/types.h>
#include <sys/wait.h>

#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "sim/commute.h"

#define SWARM_TWICE    16
#define SWARM_JOBS_MAX 64

/* What one seed is. */
struct swarm_kind {
	const char *option; /* as in a command */
	void (*run)(uint64_t seed, FILE *trace, const char *replay,
	    struct sim_storm_result *result);
};
static const struct swarm_kind swarm_storm = { "", sim_storm_run };
static const struct swarm_kind swarm_commute = { " --commute",
	sim_commute_run };

static int
swarm_one(const struct swarm_kind *kind, uint64_t seed, bool trace, bool twice,
    FILE *to)
{
	struct sim_storm_result r, again;
	char replay[96];

	(void)snprintf(replay, sizeof(replay),
	    "mip6-sim-swarm%s --seed %llu --trace", kind->option,
	    (unsigned long long)seed);
	kind->run(seed, trace ? stdout : NULL, replay, &r);
	if (to != NULL)
		(void)fprintf(to,
		    "seed %llu: %lld s, %llu events, %llu "
		    "frames, %llu delivered, %llu moves, %llu restarts, %llu "
		    "refused actions, reachable in %.1f s, trace %016llx\n",
		    (unsigned long long)seed, (long long)(r.virtual_us / SIM_S),
		    (unsigned long long)r.events, (unsigned long long)r.frames,
		    (unsigned long long)r.delivered,
		    (unsigned long long)r.moves, (unsigned long long)r.restarts,
		    (unsigned long long)r.failed_actions,
		    (double)r.reachable_us / (double)SIM_S,
		    (unsigned long long)r.trace_hash);
	if (!twice)
		return EXIT_SUCCESS;
	kind->run(seed, NULL, replay, &again);
	if (memcmp(&r, &again, sizeof(r)) == 0)
		return EXIT_SUCCESS;
	(void)fprintf(stderr,
	    "FAILED seed %llu: two runs, two traces\n"
	    "replay: %s\n",
	    (unsigned long long)seed, replay);
	return EXIT_FAILURE;
}

static pid_t
swarm_fork(const struct swarm_kind *kind, uint64_t seed, bool twice)
{
	pid_t pid;

	(void)fflush(NULL);
	pid = fork();
	if (pid == 0)
		exit(swarm_one(kind, seed, false, twice, NULL));
	return pid;
}

/* Waits for one child; 1 when it failed. */
static uint64_t
swarm_wait(const struct swarm_kind *kind, const uint64_t *seed_of, pid_t *pid,
    size_t jobs)
{
	int status = 0;
	pid_t ended = wait(&status);
	size_t i;

	for (i = 0; i < jobs; i++) {
		if (ended < 0 || pid[i] != ended)
			continue;
		pid[i] = 0;
		if (WIFEXITED(status) && WEXITSTATUS(status) == EXIT_SUCCESS)
			return 0;
		(void)printf("seed %llu failed: mip6-sim-swarm%s --seed %llu "
			     "--trace\n",
		    (unsigned long long)seed_of[i], kind->option,
		    (unsigned long long)seed_of[i]);
		return 1;
	}
	return 0;
}

static int
swarm_many(const struct swarm_kind *kind, uint64_t first, uint64_t seeds,
    size_t jobs)
{
	uint64_t seed_of[SWARM_JOBS_MAX] = { 0 }, k, failed = 0;
	pid_t pid[SWARM_JOBS_MAX] = { 0 };
	size_t i, running = 0;

	for (k = 0; k < seeds; k++) {
		if (running == jobs) {
			failed += swarm_wait(kind, seed_of, pid, jobs);
			running--;
		}
		for (i = 0; pid[i] != 0; i++)
			;
		seed_of[i] = first + k;
		pid[i] = swarm_fork(kind, first + k, k % SWARM_TWICE == 0);
		if (pid[i] < 0) {
			perror("fork");
			return EXIT_FAILURE;
		}
		running++;
	}
	for (; running > 0; running--)
		failed += swarm_wait(kind, seed_of, pid, jobs);
	(void)printf("%llu seeds from %llu: %llu failed\n",
	    (unsigned long long)seeds, (unsigned long long)first,
	    (unsigned long long)failed);
	return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}

static int
swarm_usage(void)
{
	(void)fprintf(stderr,
	    "usage: mip6-sim-swarm [--commute] --seeds N [--long M] "
	    "[--first S | --fresh] [--jobs J]\n"
	    "       mip6-sim-swarm [--commute] --seed X [--trace]\n");
	return 2;
}

int
main(int argc, char **argv)
{
	const struct swarm_kind *kind = &swarm_storm;
	uint64_t first = 1, seeds = 0, many = 0, seed = 0;
	bool one = false, trace = false;
	size_t jobs = 1;
	int i;

	for (i = 1; i < argc; i++) {
		bool more = i + 1 < argc;

		if (strcmp(argv[i], "--seeds") == 0 && more)
			seeds = strtoull(argv[++i], NULL, 10);
		else if (strcmp(argv[i], "--long") == 0 && more)
			many = strtoull(argv[++i], NULL, 10);
		else if (strcmp(argv[i], "--first") == 0 && more)
			first = strtoull(argv[++i], NULL, 10);
		else if (strcmp(argv[i], "--fresh") == 0)
			first = (uint64_t)time(NULL) * 100000;
		else if (strcmp(argv[i], "--jobs") == 0 && more)
			jobs = strtoull(argv[++i], NULL, 10);
		else if (strcmp(argv[i], "--commute") == 0)
			kind = &swarm_commute;
		else if (strcmp(argv[i], "--trace") == 0)
			trace = true;
		else if (strcmp(argv[i], "--seed") == 0 && more)
			one = (seed = strtoull(argv[++i], NULL, 10), true);
		else
			return swarm_usage();
	}
	if (one)
		return swarm_one(kind, seed, trace, false, stdout);
	if (many > 0 && getenv("MIP6_LONG") != NULL)
		seeds = many;
	if (seeds == 0 || jobs == 0 || jobs > SWARM_JOBS_MAX)
		return swarm_usage();
	return swarm_many(kind, first, seeds, jobs);
}
