/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * One client of the control socket, as octets in and octets out.
 *
 * Nothing here touches a socket or reads a clock.  A client holds at most one
 * line of input and a bounded output: the next request is handled only when
 * the answer before it has left, and not faster than the rate allows.  A
 * watcher that does not read its events is dropped, never waited for.
 */
#ifndef MIP6_CONTROL_CLIENT_H
#define MIP6_CONTROL_CLIENT_H

#include <jansson.h>

#include "base/time.h"
#include "control/request.h"

#define MIP6_CONTROL_CLIENTS_MAX    16
#define MIP6_CONTROL_OUTPUT_OCTETS  (1024 * 1024)
#define MIP6_CONTROL_WATCH_OCTETS   (256 * 1024) /* events not read yet */
#define MIP6_CONTROL_REQUESTS_PER_S 200
#define MIP6_CONTROL_REQUESTS_BURST 200

struct mip6_control_client;

/*
 * Answers one request: members for the answer (the callee's reference passes
 * to the caller), or NULL and a reason in error[octets].
 */
typedef json_t *(*mip6_control_answer)(void *arg,
    const struct mip6_control_request *request, char *error, size_t octets);

/* NULL: no memory. */
struct mip6_control_client *mip6_control_client_new(mip6_control_answer answer,
    void *arg, struct mip6_time now);
void mip6_control_client_free(struct mip6_control_client *c);

/* How many octets of input it takes now; 0: it must be run first. */
size_t mip6_control_client_room(const struct mip6_control_client *c);
/* Takes `count` octets, at most what there is room for (asserted). */
void mip6_control_client_input(struct mip6_control_client *c,
    const void *octets, size_t count);
/* The peer sends no more. */
void mip6_control_client_eof(struct mip6_control_client *c);

/* Handles what can be handled at `now`. */
void mip6_control_client_run(struct mip6_control_client *c,
    struct mip6_time now);
/* Whether running it again at once would handle something. */
bool mip6_control_client_pending(const struct mip6_control_client *c);
/* When it wants to be run again, though nothing happened; or never. */
struct mip6_time mip6_control_client_deadline(
    const struct mip6_control_client *c);

/* What waits to be sent; 0: nothing. */
size_t mip6_control_client_output(const struct mip6_control_client *c,
    const uint8_t **octets);
/* `count` octets of it were sent. */
void mip6_control_client_sent(struct mip6_control_client *c, size_t count);

/* To be closed: all is said, or it was dropped. */
bool mip6_control_client_done(const struct mip6_control_client *c);

/* The least important level it watches; -1: it does not watch. */
int mip6_control_client_watches(const struct mip6_control_client *c);

/* Sends `line` (its LF included), an event of `level`, when it is watched. */
void mip6_control_client_event(struct mip6_control_client *c,
    enum mip6_log_level level, const char *line, size_t octets);

#endif
