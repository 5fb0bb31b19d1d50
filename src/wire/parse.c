/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The words of the parse results, from the one list in parse.h.
 *
 * Invariant: a word for each result, so that logs, tests and fuzzers name the
 * same thing.
 *
 * Implements: nothing of an RFC.
 */
#include "wire/parse.h"

const char *
mip6_parse_name(enum mip6_parse p)
{
	static const char *const names[] = {
#define PARSE_NAME(c, n) n,
		MIP6_PARSES(PARSE_NAME)
#undef PARSE_NAME
	};

	MIP6_ASSERT((size_t)p < MIP6_COUNT(names));
	return names[p];
}
