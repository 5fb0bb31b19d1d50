/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The life of a client: collect a line, parse it, have it answered, send the
 * answer, then the next.  Every error of the client is answered; only a line
 * that does not end, and a watcher that does not read, end the connection.
 */
#include "control/client.h"

#include <stdlib.h>
#include <string.h>

#define CLIENT_TOKEN_US     (1000000 / MIP6_CONTROL_REQUESTS_PER_S)
#define CLIENT_ERROR_OCTETS 512

struct mip6_control_client {
	mip6_control_answer answer;
	void *arg;
	char line[MIP6_CONTROL_LINE_OCTETS];
	size_t used; /* octets in line[] */
	uint8_t *out;
	size_t out_room;
	size_t out_from; /* first octet not sent */
	size_t out_to;   /* past the last */
	unsigned int tokens;
	struct mip6_time token_at; /* when the next token is due */
	int watch;                 /* level, or -1 */
	bool eof;                  /* no more input */
	bool closing;              /* done when the output is sent */
	bool dropped;              /* done now */
};

struct mip6_control_client *
mip6_control_client_new(mip6_control_answer answer, void *arg,
    struct mip6_time now)
{
	struct mip6_control_client *c = calloc(1, sizeof(*c));

	if (c == NULL)
		return NULL;
	c->answer = answer;
	c->arg = arg;
	c->tokens = MIP6_CONTROL_REQUESTS_BURST;
	c->token_at = mip6_time_add(now, MIP6_SPAN_US(CLIENT_TOKEN_US));
	c->watch = -1;
	return c;
}

void
mip6_control_client_free(struct mip6_control_client *c)
{
	if (c == NULL)
		return;
	free(c->out);
	free(c);
}

size_t
mip6_control_client_room(const struct mip6_control_client *c)
{
	if (c->eof || c->closing || c->dropped)
		return 0;
	return sizeof(c->line) - c->used;
}

void
mip6_control_client_input(struct mip6_control_client *c, const void *octets,
    size_t count)
{
	MIP6_ASSERT(count <= mip6_control_client_room(c));
	memcpy(c->line + c->used, octets, count);
	c->used += count;
}

void
mip6_control_client_eof(struct mip6_control_client *c)
{
	c->eof = true;
}

/* Appends to the output; false: `max` would be exceeded, or no memory. */
static bool
client_append(struct mip6_control_client *c, const void *octets, size_t count,
    size_t max)
{
	size_t held = c->out_to - c->out_from;
	size_t room;
	uint8_t *out;

	if (count > max || held > max - count)
		return false;
	if (c->out_from > 0) {
		memmove(c->out, c->out + c->out_from, held);
		c->out_from = 0;
		c->out_to = held;
	}
	if (c->out_room - c->out_to < count) {
		room = c->out_room == 0 ? 1024 : c->out_room;
		while (room < held + count)
			room *= 2;
		out = realloc(c->out, room);
		if (out == NULL)
			return false;
		c->out = out;
		c->out_room = room;
	}
	memcpy(c->out + c->out_to, octets, count);
	c->out_to += count;
	return true;
}

static int
client_dump(const char *octets, size_t count, void *arg)
{
	return client_append(arg, octets, count, MIP6_CONTROL_OUTPUT_OCTETS) ?
	    0 :
	    -1;
}

/* Sends `reply` (its reference is taken) as one line. */
static void
client_reply(struct mip6_control_client *c, json_t *reply)
{
	/* All of it or nothing: half a line would spoil the next. */
	if (reply == NULL ||
	    json_dump_callback(reply, client_dump, c, JSON_COMPACT) != 0 ||
	    !client_append(c, "\n", 1, MIP6_CONTROL_OUTPUT_OCTETS))
		c->dropped = true;
	json_decref(reply);
}

static void
client_reply_error(struct mip6_control_client *c, const char *why)
{
	client_reply(c,
	    json_pack("{s:i,s:b,s:s}", "v", MIP6_CONTROL_VERSION, "ok", 0,
		"error", why));
}

static void
client_answer(struct mip6_control_client *c,
    const struct mip6_control_request *request)
{
	char error[CLIENT_ERROR_OCTETS] = "failed";
	json_t *members, *reply;

	if (request->command == MIP6_CONTROL_WATCH) {
		c->watch = (int)request->level;
		client_reply(c,
		    json_pack("{s:i,s:b}", "v", MIP6_CONTROL_VERSION, "ok", 1));
		return;
	}
	members = c->answer(c->arg, request, error, sizeof(error));
	if (members == NULL) {
		client_reply_error(c, error);
		return;
	}
	reply = json_pack("{s:i,s:b}", "v", MIP6_CONTROL_VERSION, "ok", 1);
	if (reply != NULL && json_object_update(reply, members) != 0) {
		json_decref(reply);
		reply = NULL;
	}
	json_decref(members);
	client_reply(c, reply);
}

static void
client_line(struct mip6_control_client *c, const char *line, size_t octets)
{
	struct mip6_control_request request;
	const char *why;

	if (octets > 0 && line[octets - 1] == '\r')
		octets--;
	if (octets == 0)
		return;
	if (mip6_control_request_parse(line, octets, &request, &why))
		client_answer(c, &request);
	else
		client_reply_error(c, why);
}

static void
client_refill(struct mip6_control_client *c, struct mip6_time now)
{
	struct mip6_span token = MIP6_SPAN_US(CLIENT_TOKEN_US);
	int64_t due;

	if (!mip6_time_reached(c->token_at, now))
		return;
	due = mip6_time_sub(now, c->token_at).us / CLIENT_TOKEN_US + 1;
	if (due >= (int64_t)(MIP6_CONTROL_REQUESTS_BURST - c->tokens)) {
		c->tokens = MIP6_CONTROL_REQUESTS_BURST;
		c->token_at = mip6_time_add(now, token);
	} else {
		c->tokens += (unsigned int)due;
		c->token_at = mip6_time_add(c->token_at,
		    MIP6_SPAN_US(due * CLIENT_TOKEN_US));
	}
}

void
mip6_control_client_run(struct mip6_control_client *c, struct mip6_time now)
{
	const char *end;
	size_t octets;

	client_refill(c, now);
	while (!c->closing && !c->dropped && c->out_from == c->out_to) {
		end = memchr(c->line, '\n', c->used);
		if (end == NULL)
			break;
		if (c->tokens == 0)
			return;
		c->tokens--;
		octets = (size_t)(end - c->line);
		client_line(c, c->line, octets);
		c->used -= octets + 1;
		memmove(c->line, end + 1, c->used);
	}
	if (c->closing || c->dropped || c->out_from != c->out_to)
		return;
	if (c->used == sizeof(c->line)) {
		client_reply_error(c, "line too long");
		c->closing = true;
	} else if (c->eof) {
		/* A last line without its end is no request. */
		c->closing = true;
	}
}

bool
mip6_control_client_pending(const struct mip6_control_client *c)
{
	if (c->closing || c->dropped || c->out_from != c->out_to)
		return false;
	if (memchr(c->line, '\n', c->used) != NULL)
		return c->tokens > 0;
	return c->eof || c->used == sizeof(c->line);
}

struct mip6_time
mip6_control_client_deadline(const struct mip6_control_client *c)
{
	if (c->tokens == 0 && c->out_from == c->out_to && !c->dropped &&
	    memchr(c->line, '\n', c->used) != NULL)
		return c->token_at;
	return MIP6_TIME_NEVER;
}

size_t
mip6_control_client_output(const struct mip6_control_client *c,
    const uint8_t **octets)
{
	if (c->dropped || c->out_from == c->out_to)
		return 0;
	*octets = c->out + c->out_from;
	return c->out_to - c->out_from;
}

void
mip6_control_client_sent(struct mip6_control_client *c, size_t count)
{
	MIP6_ASSERT(count <= c->out_to - c->out_from);
	c->out_from += count;
	if (c->out_from == c->out_to) {
		c->out_from = 0;
		c->out_to = 0;
	}
}

bool
mip6_control_client_done(const struct mip6_control_client *c)
{
	return c->dropped || (c->closing && c->out_from == c->out_to);
}

int
mip6_control_client_watches(const struct mip6_control_client *c)
{
	return c->closing || c->dropped ? -1 : c->watch;
}

void
mip6_control_client_event(struct mip6_control_client *c,
    enum mip6_log_level level, const char *line, size_t octets)
{
	if (mip6_control_client_watches(c) < (int)level)
		return;
	if (!client_append(c, line, octets, MIP6_CONTROL_WATCH_OCTETS))
		c->dropped = true;
}
