/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What the benchmark programs share: a heap for the pure layers, numbers drawn
 * from a seed, processor time, and one way to report: a line
 * `name median unit spread PERCENT rounds N worst VALUE` for bench/run.
 */
#ifndef BENCH_BENCH_H
#define BENCH_BENCH_H

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/base.h"

static inline void *
bench_alloc(void *arg, size_t octets)
{
	(void)arg;
	return calloc(1, octets);
}

static inline void
bench_release(void *arg, void *mem, size_t octets)
{
	(void)arg;
	(void)octets;
	free(mem);
}

static const struct mip6_alloc bench_heap = { bench_alloc, bench_release,
	NULL };

static inline void
bench_need(bool done, const char *what)
{
	if (done)
		return;
	(void)fprintf(stderr, "bench: %s\n", what);
	exit(EXIT_FAILURE);
}

/* The next number of a stream (SplitMix64). */
static inline uint64_t
bench_draw(uint64_t *state)
{
	uint64_t z = *state += UINT64_C(0x9e3779b97f4a7c15);

	z = (z ^ z >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
	z = (z ^ z >> 27) * UINT64_C(0x94d049bb133111eb);
	return z ^ z >> 31;
}

/* Processor time of this process, in ns. */
static inline double
bench_cpu_ns(void)
{
	struct timespec ts;

	(void)clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &ts);
	return (double)ts.tv_sec * 1e9 + (double)ts.tv_nsec;
}

static inline int
bench_order(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

/* Sorts v and returns its median; n > 0. */
static inline double
bench_median(double *v, size_t n)
{
	qsort(v, n, sizeof(*v), bench_order);
	return v[n / 2];
}

/* The line of one figure; sorts v.  Of a rate the lowest is the worst. */
static inline void
bench_report(const char *name, double *v, size_t n, const char *unit)
{
	double median = bench_median(v, n);
	bool rate = strcmp(unit, "per_second") == 0;

	(void)printf("%s %.1f %s spread %.0f rounds %zu worst %.1f\n", name,
	    median, unit, median > 0 ? 100 * (v[n - 1] - v[0]) / median : 0, n,
	    rate ? v[0] : v[n - 1]);
}

#endif
