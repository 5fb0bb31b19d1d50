/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The simulator's clock: events in order of time and, at equal times, of
 * asking.  Nothing here or above reads a real clock or draws real randomness:
 * a run is its seed, and its trace (one line for each packet and event) is the
 * same whenever the seed is.
 */
#ifndef MIP6_SIM_SIM_H
#define MIP6_SIM_SIM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#define SIM_US  INT64_C(1)
#define SIM_MS  INT64_C(1000)
#define SIM_S   INT64_C(1000000)
#define SIM_PPM UINT32_C(1000000)

/* xoshiro256**: quick, good, and nobody's secret. */
struct sim_rng {
	uint64_t s[4];
};
struct sim_rng sim_rng_make(uint64_t seed);
uint64_t sim_rng_u64(struct sim_rng *r);
/* Uniform in 0..below-1; 0 when `below` is 0. */
uint64_t sim_rng_below(struct sim_rng *r, uint64_t below);
/* Uniform in low..high, both included. */
int64_t sim_rng_range(struct sim_rng *r, int64_t low, int64_t high);
/* True in `ppm` of a million cases. */
bool sim_rng_chance(struct sim_rng *r, uint32_t ppm);

/* `tag` is what was handed to sim_at: often a generation, to tell late calls. */
typedef void (*sim_fn)(void *arg, uint64_t tag);

struct sim_event {
	int64_t at_us;
	uint64_t order;
	sim_fn fn;
	void *arg;
	uint64_t tag;
	bool owned; /* `arg` is freed when the event never comes */
};

struct sim {
	int64_t now_us;
	uint64_t seed;
	struct sim_rng rng; /* the network's dice; others make their own */
	struct sim_event *heap;
	size_t count, cap;
	uint64_t order;
	uint64_t events;     /* run so far */
	FILE *trace;         /* NULL: the trace is only hashed */
	uint64_t trace_hash; /* of all events and packets so far */
	/* Called after every event; NULL: nothing to check. */
	void (*check)(void *arg);
	void *check_arg;
	/* Said when a run fails: how to see it again. */
	const char *replay;
};

void sim_init(struct sim *s, uint64_t seed);
void sim_fini(struct sim *s);

/* Calls fn(arg, tag) at `at_us` (now, when that has passed). */
void sim_at(struct sim *s, int64_t at_us, sim_fn fn, void *arg, uint64_t tag);
void sim_in(struct sim *s, int64_t in_us, sim_fn fn, void *arg, uint64_t tag);
/* The same; `arg`, of sim_alloc, belongs to the event, and fn frees it. */
void sim_at_owned(struct sim *s, int64_t at_us, sim_fn fn, void *arg);

/* Runs the next event if it is due by `until_us`; false: there is none. */
bool sim_step(struct sim *s, int64_t until_us);
/* Runs all events due by `until_us` and sets the clock to it. */
void sim_run_until(struct sim *s, int64_t until_us);
void sim_run(struct sim *s, int64_t for_us);

/* Octets that count for the trace's hash, and their words, which do not. */
void sim_trace_octets(struct sim *s, const void *octets, size_t count);
void sim_trace_words(struct sim *s, const char *words);
/* One line of the trace; the time is put before it. */
void sim_trace(struct sim *s, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/* Something that must not be has happened: says so, and how to replay. */
_Noreturn void sim_fail(struct sim *s, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/* calloc that cannot fail (a simulation without memory is over). */
void *sim_alloc(size_t octets);
void sim_free(void *mem);

#endif
