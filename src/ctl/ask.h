/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Questions to the daemon, one line each way.
 */
#ifndef MIP6_CTL_ASK_H
#define MIP6_CTL_ASK_H

#include <jansson.h>

#include "control/request.h"

struct mip6_ask {
	int fd;
	char *text; /* what came and is not used yet */
	size_t used, room;
	char error[256]; /* why the last call failed */
};

/* Connects.  false with a->error. */
bool mip6_ask_open(struct mip6_ask *a, const char *socket);
void mip6_ask_close(struct mip6_ask *a);

/* The request as a line; malloc'ed, NULL: no memory. */
char *mip6_ask_line(const struct mip6_control_request *request);

/* Sends one request.  false with a->error. */
bool mip6_ask_send(struct mip6_ask *a,
    const struct mip6_control_request *request);
/* The next line that came, as JSON; NULL with a->error ("" at the end). */
json_t *mip6_ask_next(struct mip6_ask *a);

#endif
