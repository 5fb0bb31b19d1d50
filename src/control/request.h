/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What may be asked on the control socket: one JSON object a line.
 *
 *	{"v":1,"cmd":"status"}
 *	{"v":1,"cmd":"show","table":"bindings","skip":0,"max":100}
 *	{"v":1,"cmd":"watch","level":"info"}
 *	{"v":1,"cmd":"flush","what":"binding","addr":"2001:db8:1::100"}
 *	{"v":1,"cmd":"flush","what":"neighbours"}	(or routes, registration)
 *	{"v":1,"cmd":"move","interface":"eth0"}
 *	{"v":1,"cmd":"reload"}
 *	{"v":1,"cmd":"log","level":"debug"}
 *
 * Each is answered by one line, {"v":1,"ok":true,...} or {"v":1,"ok":false,
 * "error":"..."}, in order.  After `watch`, events come between answers:
 * {"v":1,"event":"ha.binding","level":"info",
 * "wall_us":1700000000123456,"data":{...}}.
 */
#ifndef MIP6_CONTROL_REQUEST_H
#define MIP6_CONTROL_REQUEST_H

#include "base/addr.h"
#include "base/log.h"

#define MIP6_CONTROL_VERSION       1
#define MIP6_CONTROL_LINE_OCTETS   4096 /* of a request, its LF included */
#define MIP6_CONTROL_ROWS_MAX      500  /* of a table, in one answer */
#define MIP6_CONTROL_IFNAME_OCTETS 16

enum mip6_control_command {
	MIP6_CONTROL_STATUS,
	MIP6_CONTROL_SHOW,
	MIP6_CONTROL_WATCH,
	MIP6_CONTROL_FLUSH,
	MIP6_CONTROL_MOVE,
	MIP6_CONTROL_RELOAD,
	MIP6_CONTROL_LOG
};

enum mip6_control_table {
	MIP6_SHOW_BINDINGS,
	MIP6_SHOW_REGISTRATIONS,
	MIP6_SHOW_LINKS,
	MIP6_SHOW_PREFIXES,
	MIP6_SHOW_ROUTERS,
	MIP6_SHOW_HOME_AGENTS,
	MIP6_SHOW_NEIGHBOURS,
	MIP6_SHOW_TIMERS,
	MIP6_SHOW_COUNTERS,
	MIP6_SHOW_HANDOVERS
};

enum mip6_control_flush {
	MIP6_FLUSH_BINDING,
	MIP6_FLUSH_NEIGHBOURS,
	MIP6_FLUSH_ROUTES,
	MIP6_FLUSH_REGISTRATION
};

struct mip6_control_request {
	enum mip6_control_command command;
	enum mip6_control_table table; /* SHOW */
	uint64_t skip;                 /* SHOW: rows left out, default 0 */
	uint32_t max;                  /* SHOW: 1..ROWS_MAX, default 100 */
	enum mip6_control_flush flush; /* FLUSH */
	struct mip6_addr addr;         /* FLUSH; :: when not given */
	/* MOVE; "" when not given */
	char interface[MIP6_CONTROL_IFNAME_OCTETS];
	enum mip6_log_level level; /* LOG; WATCH: default info */
};

/*
 * Reads one line (without its LF).  false: *why is the reason, a string
 * constant.
 */
bool mip6_control_request_parse(const char *line, size_t octets,
    struct mip6_control_request *request, const char **why);

/* Words of the protocol, also those of mip6ctl; NULL past the last. */
const char *mip6_control_table_name(size_t table);
const char *mip6_control_flush_name(size_t what);
const char *mip6_control_level_name(size_t level);

/* The number of a word, or -1. */
int mip6_control_table_find(const char *name);
int mip6_control_flush_find(const char *name);
int mip6_control_level_find(const char *name);

#endif
