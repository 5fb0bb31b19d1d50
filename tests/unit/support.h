/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What several unit tests need: cmocka with what it wants included first, an
 * allocator that counts and can be told to fail, a check that an assertion of
 * the program ends in the abort hook, and a small generator for model tests.
 */
#ifndef UNIT_SUPPORT_H
#define UNIT_SUPPORT_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/base.h"

struct support_heap {
	size_t live;    /* blocks */
	size_t octets;  /* in them */
	size_t allowed; /* allocations that still succeed */
	struct mip6_alloc alloc;
};

static inline void *
support_alloc(void *arg, size_t octets)
{
	struct support_heap *heap = arg;
	void *mem;

	assert_true(octets > 0);
	if (heap->allowed == 0)
		return NULL;
	heap->allowed--;
	mem = calloc(1, octets);
	assert_non_null(mem);
	heap->live++;
	heap->octets += octets;
	return mem;
}

static inline void
support_release(void *arg, void *mem, size_t octets)
{
	struct support_heap *heap = arg;

	if (mem == NULL)
		return;
	assert_true(heap->live > 0 && heap->octets >= octets);
	heap->live--;
	heap->octets -= octets;
	free(mem);
}

static inline void
support_heap_init(struct support_heap *heap)
{
	*heap = (struct support_heap){ .allowed = SIZE_MAX };
	heap->alloc =
	    (struct mip6_alloc){ support_alloc, support_release, heap };
}

static jmp_buf support_abort_env;

static inline void
support_abort(const char *what, const char *file, int line)
{
	(void)what;
	(void)file;
	(void)line;
	longjmp(support_abort_env, 1);
}

/* The statement must break an assertion of the program. */
#define SUPPORT_ABORTS(statement)                                              \
	do {                                                                   \
		mip6_base_set_abort(support_abort);                            \
		if (setjmp(support_abort_env) == 0) {                          \
			statement;                                             \
			fail_msg("no assertion in: %s", #statement);           \
		}                                                              \
		mip6_base_set_abort(NULL);                                     \
	} while (0)

/* splitmix64: enough to draw operations from, the same on every host. */
static inline uint64_t
support_draw(uint64_t *state)
{
	uint64_t z = *state += UINT64_C(0x9e3779b97f4a7c15);

	z = (z ^ z >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
	z = (z ^ z >> 27) * UINT64_C(0x94d049bb133111eb);
	return z ^ z >> 31;
}

#endif
