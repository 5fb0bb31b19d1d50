/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A platform in a test: what it reports is kept, and waiting is for events,
 * with a deadline.
 */
#ifndef NETNS_PLAT_FIX_H
#define NETNS_PLAT_FIX_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "host.h"

#define FIX_MAX 512

struct fix {
	struct mip6_plat *plat;
	char *folder;
	bool in_do;
	struct mip6_ev_link link[FIX_MAX]; /* known now */
	size_t links, link_reports;
	struct mip6_ev_addr addr[FIX_MAX]; /* known now */
	size_t addrs, addr_reports, early;
	size_t routes;
	bool any_tun;       /* the TUN was reported */
	uint8_t done[4096]; /* how often, by id */
	int error[4096];
	struct mip6_route route;
	uint64_t next;
};

/* cmocka: a host, a folder, no platform yet. */
int fix_setup(void **state);
int fix_teardown(void **state);

/* Makes and starts the platform. */
void fix_start(struct fix *f);
void fix_stop(struct fix *f);
/* NULL with the message in err. */
struct mip6_plat *fix_new(struct fix *f, char *err, size_t err_octets);

/* One round of events; waits at the most `ms` for the first. */
void fix_pump(struct fix *f, int ms);
/* A failed check ends a child, and a test otherwise. */
_Noreturn void fix_fail(const char *what, const char *file, int line);
#define FIX_CHECK(cond) ((cond) ? (void)0 : fix_fail(#cond, __FILE__, __LINE__))

/* Pumps until `cond` holds; fails after 5 s. */
#define FIX_WAIT(f, cond)                                                      \
	do {                                                                   \
		int64_t fix_until = mip6_plat_now().mono.us + 5000000;         \
		while (!(cond) && mip6_plat_now().mono.us < fix_until)         \
			fix_pump((f), 20);                                     \
		assert_true(cond);                                             \
	} while (0)

/* Carries it out and waits for its end: 0 or the errno. */
int fix_do(struct fix *f, struct mip6_action act);
/* Carries it out; its id. */
uint64_t fix_do_async(struct fix *f, struct mip6_action act);

const struct mip6_ev_link *fix_link(const struct fix *f, const char *name);
const struct mip6_ev_addr *fix_addr(const struct fix *f, const char *addr);

struct mip6_addr fix_a(const char *text);
struct mip6_prefix fix_p(const char *text);
void fix_same(const char *a, const char *b, const char *what);

/* Every action with an undo; `on` tells which. */
#define FIX_EFFECTS 15
struct mip6_action fix_effect(size_t i, bool on);
/* All of them, and a port on HOST_LINK. */
void fix_all_on(struct fix *f);
/* What it ends with here: 0 or an errno. */
int fix_effect_end(size_t i);
/* Is it seen in a snapshot, alone? */
bool fix_effect_shows(size_t i);
extern const char *const fix_effect_name[FIX_EFFECTS];

#endif
