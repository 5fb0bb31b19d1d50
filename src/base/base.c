/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Where a broken invariant ends.  The hook is the one mutable variable at file
 * scope of the pure layers: an assertion has no context to carry it in, and a
 * program sets it once before it starts anything.  A hook that returns does
 * not resume the program either: the trap below it stands.
 */
#include "base/base.h"

static mip6_abort_fn base_abort_hook;

void
mip6_base_set_abort(mip6_abort_fn fn)
{
	base_abort_hook = fn;
}

_Noreturn void
mip6_base_abort(const char *what, const char *file, int line)
{
	if (base_abort_hook != NULL)
		base_abort_hook(what, file, line);
	__builtin_trap();
}
