/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * One effect as the journal has it: enough to undo it without anything else.
 */
#ifndef MIP6_PLATFORM_DARWIN_UNDO_H
#define MIP6_PLATFORM_DARWIN_UNDO_H

#include "base/addr.h"
#include "core/event.h"

struct mip6_plat;

enum mip6_undo_kind {
	MIP6_UNDO_ADDR,
	MIP6_UNDO_ROUTE,
	MIP6_UNDO_SCOPED, /* a route for what is bound to its link */
	MIP6_UNDO_SYSCTL,
	MIP6_UNDO_PF,      /* our anchor */
	MIP6_UNDO_PF_TOKEN /* our wish that pf be on */
};

#define MIP6_UNDO_WORD 48

struct mip6_undo {
	enum mip6_undo_kind kind;
	char link[MIP6_IFNAME_OCTETS]; /* ADDR, ROUTE, SCOPED */
	struct mip6_prefix prefix;     /* ADDR, ROUTE, SCOPED */
	char name[MIP6_UNDO_WORD];     /* SYSCTL */
	/* SYSCTL: somebody else's later value is left alone. */
	int32_t was, now;
	uint64_t token; /* PF_TOKEN */
};

/* false: too long. */
bool mip6_undo_format(const struct mip6_undo *u, char *text, size_t cap);
/* false: not the text of an effect. */
bool mip6_undo_parse(const char *text, struct mip6_undo *u);

/* Notes the effect in the journal.  Its id, or 0 with errno set. */
uint64_t mip6_undo_note(struct mip6_plat *p, const struct mip6_undo *u);
/*
 * Undoes the line `id` of the journal and takes it out, unless that fails; 0
 * and unknown ones are nothing.  What is gone already is no error.
 */
int mip6_undo_line(struct mip6_plat *p, uint64_t id);
/* Undoes all lines, newest first; returns how many were undone. */
int mip6_undo_all(struct mip6_plat *p);

#endif
