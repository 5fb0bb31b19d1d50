/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A log event as the JSON line that watchers get.
 */
#ifndef MIP6_CONTROL_EVENT_H
#define MIP6_CONTROL_EVENT_H

#include <jansson.h>

#include "base/log.h"

/*
 * The line with its LF, malloc'ed; NULL: no memory.  `wall_us` is the time of
 * the event, since 1970.  A span is in microseconds, and its key ends in _us.
 */
char *mip6_control_event_line(uint64_t wall_us, enum mip6_log_level level,
    const char *event, const struct mip6_kv *kv, size_t count);

/*
 * A JSON string of `text`; what is not ASCII becomes "?", since names of
 * interfaces and the like may hold any octet.  NULL: no memory.
 */
json_t *mip6_control_text(const char *text);
/* "2001:db8::1", "02:00:00:00:00:01" */
json_t *mip6_control_addr(const struct mip6_addr *addr);
json_t *mip6_control_lladdr(const struct mip6_lladdr *addr);

#endif
