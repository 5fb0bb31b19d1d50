/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The names of the reasons.  Both tables are made from the one list in
 * mip6/drop.h, so that a reason cannot lack a name; a number past the list is
 * a bug of the caller.
 */
#include "mip6/drop.h"

const char *
mip6_drop_name(enum mip6_drop d)
{
	static const char *const names[] = {
#define DROP_NAME(c, n, m) n,
		MIP6_DROPS(DROP_NAME)
#undef DROP_NAME
	};

	MIP6_ASSERT((unsigned int)d < MIP6_COUNT(names));
	return names[d];
}

const char *
mip6_drop_meaning(enum mip6_drop d)
{
	static const char *const meanings[] = {
#define DROP_MEANING(c, n, m) m,
		MIP6_DROPS(DROP_MEANING)
#undef DROP_MEANING
	};

	MIP6_ASSERT((unsigned int)d < MIP6_COUNT(meanings));
	return meanings[d];
}
