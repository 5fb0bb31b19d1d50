/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A binary heap of events ordered by (time, order of asking), a generator and
 * a hashed trace.  Events are never taken back: who asked compares the tag
 * with its own generation and ignores a call that came too late.
 */
#include "sim/sim.h"

#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "base/base.h"

#define FNV_OFFSET UINT64_C(0xcbf29ce484222325)
#define FNV_PRIME  UINT64_C(0x100000001b3)

static uint64_t
rng_splitmix(uint64_t *x)
{
	uint64_t z;

	z = (*x += UINT64_C(0x9e3779b97f4a7c15));
	z = (z ^ (z >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
	z = (z ^ (z >> 27)) * UINT64_C(0x94d049bb133111eb);
	return z ^ (z >> 31);
}

struct sim_rng
sim_rng_make(uint64_t seed)
{
	struct sim_rng r;
	size_t i;

	for (i = 0; i < 4; i++)
		r.s[i] = rng_splitmix(&seed);
	return r;
}

static uint64_t
rng_rotl(uint64_t x, int k)
{
	return (x << k) | (x >> (64 - k));
}

uint64_t
sim_rng_u64(struct sim_rng *r)
{
	uint64_t result = rng_rotl(r->s[1] * 5, 7) * 9;
	uint64_t t = r->s[1] << 17;

	r->s[2] ^= r->s[0];
	r->s[3] ^= r->s[1];
	r->s[1] ^= r->s[2];
	r->s[0] ^= r->s[3];
	r->s[2] ^= t;
	r->s[3] = rng_rotl(r->s[3], 45);
	return result;
}

uint64_t
sim_rng_below(struct sim_rng *r, uint64_t below)
{
	/* The bias of the remainder does not matter for dice of this size. */
	return below == 0 ? 0 : sim_rng_u64(r) % below;
}

int64_t
sim_rng_range(struct sim_rng *r, int64_t low, int64_t high)
{
	if (high <= low)
		return low;
	return low + (int64_t)sim_rng_below(r, (uint64_t)(high - low) + 1);
}

bool
sim_rng_chance(struct sim_rng *r, uint32_t ppm)
{
	/* Always one draw, so that a changed rate shifts nothing else. */
	return sim_rng_below(r, SIM_PPM) < ppm;
}

/* A broken invariant of the code under test ends the simulation, too. */
static struct sim *sim_running;

static void
sim_aborted(const char *what, const char *file, int line)
{
	sim_fail(sim_running, "%s:%d: assertion `%s' broken", file, line, what);
}

void
sim_init(struct sim *s, uint64_t seed)
{
	memset(s, 0, sizeof(*s));
	sim_running = s;
	mip6_base_set_abort(sim_aborted);
	s->seed = seed;
	s->rng = sim_rng_make(seed);
	s->trace_hash = FNV_OFFSET;
}

void
sim_fini(struct sim *s)
{
	size_t i;

	for (i = 0; i < s->count; i++)
		if (s->heap[i].owned)
			free(s->heap[i].arg);
	free(s->heap);
	memset(s, 0, sizeof(*s));
}

static bool
event_before(const struct sim_event *a, const struct sim_event *b)
{
	if (a->at_us != b->at_us)
		return a->at_us < b->at_us;
	return a->order < b->order;
}

static void
event_swap(struct sim_event *a, struct sim_event *b)
{
	struct sim_event t = *a;

	*a = *b;
	*b = t;
}

static void
event_add(struct sim *s, struct sim_event e)
{
	size_t i;

	if (s->count == s->cap) {
		s->cap = s->cap == 0 ? 256 : s->cap * 2;
		s->heap = realloc(s->heap, s->cap * sizeof(*s->heap));
		if (s->heap == NULL)
			abort();
	}
	i = s->count++;
	if (e.at_us < s->now_us)
		e.at_us = s->now_us;
	e.order = s->order++;
	s->heap[i] = e;
	while (i > 0 && event_before(&s->heap[i], &s->heap[(i - 1) / 2])) {
		event_swap(&s->heap[i], &s->heap[(i - 1) / 2]);
		i = (i - 1) / 2;
	}
}

void
sim_at(struct sim *s, int64_t at_us, sim_fn fn, void *arg, uint64_t tag)
{
	event_add(s,
	    (struct sim_event){ .at_us = at_us,
		.fn = fn,
		.arg = arg,
		.tag = tag });
}

void
sim_at_owned(struct sim *s, int64_t at_us, sim_fn fn, void *arg)
{
	event_add(s,
	    (struct sim_event){ .at_us = at_us,
		.fn = fn,
		.arg = arg,
		.owned = true });
}

void
sim_in(struct sim *s, int64_t in_us, sim_fn fn, void *arg, uint64_t tag)
{
	sim_at(s, s->now_us + in_us, fn, arg, tag);
}

static struct sim_event
event_take(struct sim *s)
{
	struct sim_event first = s->heap[0];
	size_t i = 0, child;

	s->heap[0] = s->heap[--s->count];
	for (;;) {
		child = 2 * i + 1;
		if (child >= s->count)
			break;
		if (child + 1 < s->count &&
		    event_before(&s->heap[child + 1], &s->heap[child]))
			child++;
		if (!event_before(&s->heap[child], &s->heap[i]))
			break;
		event_swap(&s->heap[i], &s->heap[child]);
		i = child;
	}
	return first;
}

bool
sim_step(struct sim *s, int64_t until_us)
{
	struct sim_event e;

	if (s->count == 0 || s->heap[0].at_us > until_us)
		return false;
	e = event_take(s);
	s->now_us = e.at_us;
	s->events++;
	e.fn(e.arg, e.tag);
	if (s->check != NULL)
		s->check(s->check_arg);
	return true;
}

void
sim_run_until(struct sim *s, int64_t until_us)
{
	while (sim_step(s, until_us))
		;
	if (s->now_us < until_us)
		s->now_us = until_us;
}

void
sim_run(struct sim *s, int64_t for_us)
{
	sim_run_until(s, s->now_us + for_us);
}

void
sim_trace_octets(struct sim *s, const void *octets, size_t count)
{
	const uint8_t *o = octets;
	uint64_t h = s->trace_hash ^ (uint64_t)s->now_us, word;

	/* Eight at a time: a frame is long, and only a difference matters. */
	for (; count >= sizeof(word); count -= sizeof(word)) {
		memcpy(&word, o, sizeof(word));
		h = (h ^ word) * FNV_PRIME;
		h ^= h >> 32;
		o += sizeof(word);
	}
	for (; count > 0; count--)
		h = (h ^ *o++) * FNV_PRIME;
	s->trace_hash = h;
}

void
sim_trace_words(struct sim *s, const char *words)
{
	if (s->trace != NULL)
		(void)fprintf(s->trace, "%5lld.%06lld  %s\n",
		    (long long)(s->now_us / SIM_S),
		    (long long)(s->now_us % SIM_S), words);
}

void
sim_trace(struct sim *s, const char *format, ...)
{
	char line[1024];
	va_list ap;

	va_start(ap, format);
	(void)vsnprintf(line, sizeof(line), format, ap);
	va_end(ap);
	sim_trace_octets(s, line, strlen(line));
	sim_trace_words(s, line);
}

void
sim_fail(struct sim *s, const char *format, ...)
{
	va_list ap;

	(void)fflush(stdout);
	(void)fprintf(stderr,
	    "FAILED seed %llu at %lld.%06lld s: ", (unsigned long long)s->seed,
	    (long long)(s->now_us / SIM_S), (long long)(s->now_us % SIM_S));
	va_start(ap, format);
	(void)vfprintf(stderr, format, ap);
	va_end(ap);
	(void)fprintf(stderr, "\n");
	if (s->replay != NULL)
		(void)fprintf(stderr, "replay: %s\n", s->replay);
	(void)fflush(stderr);
	abort();
}

void *
sim_alloc(size_t octets)
{
	void *mem = calloc(1, octets);

	if (mem == NULL)
		abort();
	return mem;
}

void
sim_free(void *mem)
{
	free(mem);
}
