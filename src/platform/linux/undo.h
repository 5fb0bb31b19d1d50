/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * One effect as the journal has it: enough to undo it without anything else.
 */
#ifndef MIP6_PLATFORM_LINUX_UNDO_H
#define MIP6_PLATFORM_LINUX_UNDO_H

#include "base/addr.h"
#include "core/event.h"

struct mip6_plat;

enum mip6_undo_kind {
	MIP6_UNDO_ADDR,
	MIP6_UNDO_ROUTE,
	MIP6_UNDO_RULE,
	MIP6_UNDO_SYSCTL,
	MIP6_UNDO_OFFLOAD,
	MIP6_UNDO_NFT
};

#define MIP6_UNDO_WORD 40

struct mip6_undo {
	enum mip6_undo_kind kind;
	uint32_t ifindex;          /* ADDR, OFFLOAD; SYSCTL: 0 with `where` */
	uint32_t table;            /* ROUTE, RULE */
	struct mip6_prefix prefix; /* address, destination, source */
	char where[MIP6_IFNAME_OCTETS]; /* SYSCTL: "all", "default" or "" */
	char leaf[MIP6_UNDO_WORD];      /* SYSCTL, OFFLOAD */
	char was[MIP6_UNDO_WORD];       /* SYSCTL */
	/*
	 * SYSCTL: what it was set to; somebody else's later value is left
	 * alone.  "*": put back whatever is there.
	 */
	char now[MIP6_UNDO_WORD];
};

/* false: too long. */
bool mip6_undo_format(const struct mip6_undo *u, char *text, size_t cap);
/* false: not the text of an effect. */
bool mip6_undo_parse(const char *text, struct mip6_undo *u);

/* Notes the effect in the journal.  Its id, or 0 with errno set. */
uint64_t mip6_undo_note(struct mip6_plat *p, const struct mip6_undo *u);
/*
 * Undoes the line `id` of the journal, waiting for the kernel (opening and
 * closing only, but for SYSCTL, OFFLOAD and NFT, which wait for nobody), and
 * takes it out.  What is gone already is no error.
 */
int mip6_undo_line(struct mip6_plat *p, uint64_t id);
/* Undoes all lines, newest first; returns how many were undone. */
int mip6_undo_all(struct mip6_plat *p);

#endif
