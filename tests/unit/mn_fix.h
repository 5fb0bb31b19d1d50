/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A mobile node's tests begin in one of a few places: these.
 */
#ifndef UNIT_MN_FIX_H
#define UNIT_MN_FIX_H

#include "core_fix.h"

#include "core/mn_int.h"

static inline struct mn_home *
home(struct fix *x)
{
	return &x->node->mn->home[0];
}

/* Foreign link, first update sent; returns it. */
static inline const struct fix_sent *
begin(struct fix *x, struct mip6_mh *m)
{
	const struct fix_sent *s;

	fix_mn_foreign(x);
	s = fix_next_mh(x, m);
	assert_non_null(s);
	return s;
}

/* The same, accepted. */
static inline void
bound(struct fix *x)
{
	struct mip6_conf_sa sa = fix_sa();
	const struct fix_sent *s;
	struct fix_ba ba;
	struct mip6_mh m;

	s = begin(x, &m);
	ba = fix_accept(&m, &sa);
	fix_answer(x, s, NULL, &ba);
	assert_int_equal(home(x)->state, MN_REGISTERED);
}

#endif
