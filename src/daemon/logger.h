/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Where log events go: standard error or the system log, and watchers.
 *
 * Each event is one line.  What comes too often is left out, by name, and how
 * much is said with the next line of that name or when it has become quiet.
 * Watchers are not limited here: their buffers are bounded.
 */
#ifndef MIP6_DAEMON_LOGGER_H
#define MIP6_DAEMON_LOGGER_H

#include <stdio.h>

#include "base/log.h"

#define MIP6_LOGGER_NAMES       96 /* the last is for all others together */
#define MIP6_LOGGER_BURST       20
#define MIP6_LOGGER_PER_S       10
#define MIP6_LOGGER_DEBUG_BURST 1000 /* level debug, and packets */
#define MIP6_LOGGER_DEBUG_PER_S 500

struct mip6_logger_name {
	char name[40];
	uint32_t tokens;
	struct mip6_time at; /* when tokens were last added */
	uint64_t suppressed;
	enum mip6_log_level level; /* of what was suppressed last */
};

typedef void (*mip6_logger_watch)(void *arg, uint64_t wall_us,
    enum mip6_log_level level, const char *event, const struct mip6_kv *kv,
    size_t count);

struct mip6_logger {
	struct mip6_log log; /* for everybody who logs */
	enum mip6_log_level level;
	FILE *out;     /* NULL: the system log */
	bool terminal; /* short times, and colours */
	bool packets;  /* decode packets */
	struct mip6_now (*now)(void);
	mip6_logger_watch watch;
	void *watch_arg;
	int watch_level; /* least important one watched, -1: none */
	struct mip6_logger_name name[MIP6_LOGGER_NAMES];
	size_t names;
};

/* Logs to `out` until told otherwise; `terminal` makes it colourful. */
void mip6_logger_init(struct mip6_logger *l, FILE *out, bool terminal,
    enum mip6_log_level level, struct mip6_now (*now)(void));
/* From now on to the system log. */
void mip6_logger_syslog(struct mip6_logger *l, const char *facility);
void mip6_logger_set_level(struct mip6_logger *l, enum mip6_log_level level);
/* Events up to `level` also go to `watch`; -1: none. */
void mip6_logger_watch_level(struct mip6_logger *l, int level);
/* Says what was left out and is not said yet. */
void mip6_logger_flush(struct mip6_logger *l);

/*
 * Decodes one packet, if packets are to be decoded: `way` is "in" or "out",
 * `frame` whether it begins with an Ethernet header.
 */
void mip6_logger_packet(struct mip6_logger *l, const char *way,
    const char *interface, bool frame, const uint8_t *octets, size_t count);

#endif
