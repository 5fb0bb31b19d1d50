/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The tables of `show`, as JSON.
 *
 * A row has the fields of its structure in core/show.h by their names: an
 * address is its text ("::" for none), a span or a time is microseconds and
 * ends in _us.  Beside an ifindex stands the name of the interface.
 */
#ifndef MIP6_DAEMON_TABLES_H
#define MIP6_DAEMON_TABLES_H

#include <jansson.h>

#include "control/request.h"
#include "core/node.h"
#include "mip6/drop.h"

/* One named number beside the core's counters. */
struct mip6_tables_counter {
	char group[16]; /* "path", "port eth0" */
	const char *name;
	const char *meaning;
	uint64_t count;
};

/* What the tables are made of; the caller's. */
struct mip6_tables_source {
	const struct mip6_node *node;
	struct mip6_now now;
	struct mip6_drops drops;
	const struct mip6_tables_counter *counter; /* shown after the drops */
	size_t counters;
	const char *(*link_name)(void *arg, uint32_t ifindex);
	/* Of the row of a pair, both ways; NULL: nobody knows. */
	uint64_t (*direct_octets)(void *arg, const struct mip6_addr *our,
	    const struct mip6_addr *other);
	void *arg;
};

/*
 * {"table":..,"total":..,"skip":..,"rows":[..]} of what is asked for.  NULL: no
 * memory.
 */
json_t *mip6_tables_show(const struct mip6_tables_source *source,
    const struct mip6_control_request *request);

/* All rows of a table (at most `max`), or NULL. */
json_t *mip6_tables_rows(const struct mip6_tables_source *source,
    enum mip6_control_table table, size_t skip, size_t max, size_t *total);

#endif
