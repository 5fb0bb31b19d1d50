/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The packet filter as text: rules for pfctl(8), and what it prints.
 */
#ifndef MIP6_PLATFORM_DARWIN_PF_TEXT_H
#define MIP6_PLATFORM_DARWIN_PF_TEXT_H

#include <stdio.h>

#include "base/addr.h"
#include "core/event.h"

/* The stock pf.conf evaluates every anchor below com.apple. */
#define MIP6_PF_ANCHOR "com.apple/mip6d"

struct mip6_pf_list {
	struct mip6_addr *addr;
	uint32_t count, cap;
};

struct mip6_pf_link {
	uint32_t ifindex;
	char name[MIP6_IFNAME_OCTETS];
};

/* What is to be in the anchor. */
struct mip6_pf_rules {
	const struct mip6_pf_link *link; /* captured */
	uint32_t links;
	const char *tun;
	struct mip6_pf_list silence; /* no Parameter Problem from these */
	struct mip6_pf_list shield;  /* no packet to these from a link */
	struct mip6_pf_list divert;  /* packets to these leave by the TUN */
	/*
	 * The host forwards, and so takes packets to an address of the TUN
	 * by any link: only then a shield needs rules.
	 */
	bool weak;
};

/* A name that may stand in pf's text. */
bool mip6_pf_name_is_plain(const char *name);

/* Writes the whole anchor; returns how many rules it has, 0: none needed. */
uint32_t mip6_pf_text(FILE *f, const struct mip6_pf_rules *r);

/* Readers of what pfctl printed; hostile octets, no NUL needed. */

/* "Token : 1234" of `pfctl -E`.  false: there is none, or more than one. */
bool mip6_pf_read_token(const char *text, size_t count, uint64_t *token);
/* Is the token anywhere in what `pfctl -s References` lists? */
bool mip6_pf_read_reference(const char *text, size_t count, uint64_t token);
/* "Status: Enabled ..." of `pfctl -s info`. */
bool mip6_pf_read_enabled(const char *text, size_t count);
/* The rules of `pfctl -a ANCHOR -s rules`. */
uint32_t mip6_pf_read_rules(const char *text, size_t count);
/* Does a ruleset (`pfctl -s rules`) evaluate the anchors below com.apple? */
bool mip6_pf_read_anchor(const char *text, size_t count);
/*
 * The first line that is a complaint and not pfctl's usual talk, printable
 * and cut to fit; "" when there is none.
 */
void mip6_pf_read_complaint(const char *text, size_t count, char *to,
    size_t cap);

#endif
