/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What every layer stands on: the allocator, the assertion, small helpers.
 *
 * The pure layers (base, wire, crypto, core, path, engine) call nothing of
 * the system.  Memory comes from an allocator handed in at creation; a broken
 * invariant goes to a hook that the program sets once, before anything else,
 * and that never returns.
 */
#ifndef MIP6_BASE_BASE_H
#define MIP6_BASE_BASE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*
 * An allocator.  `alloc` returns zeroed memory of `octets` (> 0) octets, or
 * NULL.  `release` takes what alloc returned, with its size; NULL is ignored.
 */
struct mip6_alloc {
	void *(*alloc)(void *arg, size_t octets);
	void (*release)(void *arg, void *mem, size_t octets);
	void *arg;
};

/* Called when an invariant is broken.  Must not return. */
typedef void (*mip6_abort_fn)(const char *what, const char *file, int line);

/*
 * Sets the abort hook.  Called once by the program before it uses any other
 * function; without it a broken invariant traps.
 */
void mip6_base_set_abort(mip6_abort_fn fn);

/* Ends in the abort hook; the target of MIP6_ASSERT. */
_Noreturn void mip6_base_abort(const char *what, const char *file, int line);

/* An invariant of this program (never a check of input); always on. */
#define MIP6_ASSERT(cond)                                                      \
	((cond) ? (void)0 : mip6_base_abort(#cond, __FILE__, __LINE__))

#define MIP6_COUNT(a) (sizeof(a) / sizeof((a)[0]))

/* Octets of a link-layer (Ethernet) address. */
#define MIP6_LLADDR_OCTETS 6

struct mip6_lladdr {
	uint8_t b[MIP6_LLADDR_OCTETS];
};

#endif
