/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The other end of the control protocol: blocking, one question at a time.
 */
#include "ctl/ask.h"

#include <sys/socket.h>

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "control/sock.h"

#define ASK_LINE_OCTETS_MAX (8 * 1024 * 1024)
#define ASK_READ_OCTETS     65536

static bool
ask_fail(struct mip6_ask *a, const char *what)
{
	(void)snprintf(a->error, sizeof(a->error), "%s", what);
	return false;
}

bool
mip6_ask_open(struct mip6_ask *a, const char *socket)
{
	memset(a, 0, sizeof(*a));
	a->fd = mip6_control_connect(socket);
	if (a->fd >= 0)
		return true;
	(void)snprintf(a->error, sizeof(a->error), "%s: %s%s", socket,
	    strerror(errno),
	    errno == ENOENT || errno == ECONNREFUSED ? " (is mip6d running?)" :
		errno == EACCES ? " (for root and mip6d's own user)" :
				  "");
	return false;
}

void
mip6_ask_close(struct mip6_ask *a)
{
	if (a->fd >= 0)
		(void)close(a->fd);
	free(a->text);
	a->fd = -1;
	a->text = NULL;
}

static int
ask_set(json_t *o, const char *name, json_t *value)
{
	return json_object_set_new(o, name, value);
}

/* The members of a command, beside "v" and "cmd". */
static int
ask_members(json_t *o, const struct mip6_control_request *r)
{
	int bad = 0;

	switch (r->command) {
	case MIP6_CONTROL_STATUS:
	case MIP6_CONTROL_RELOAD:
		break;
	case MIP6_CONTROL_SHOW:
		bad |= ask_set(o, "table",
		    json_string(mip6_control_table_name(r->table)));
		bad |= ask_set(o, "skip", json_integer((json_int_t)r->skip));
		bad |= ask_set(o, "max", json_integer(r->max));
		break;
	case MIP6_CONTROL_FLUSH:
		bad |= ask_set(o, "what",
		    json_string(mip6_control_flush_name(r->flush)));
		if (!mip6_addr_is_any(&r->addr))
			bad |= ask_set(o, "addr",
			    json_string(mip6_addr_text(&r->addr).s));
		break;
	case MIP6_CONTROL_MOVE:
		if (r->interface[0] != '\0')
			bad |=
			    ask_set(o, "interface", json_string(r->interface));
		break;
	case MIP6_CONTROL_WATCH:
	case MIP6_CONTROL_LOG:
		bad |= ask_set(o, "level",
		    json_string(mip6_control_level_name(r->level)));
		break;
	}
	return bad;
}

char *
mip6_ask_line(const struct mip6_control_request *r)
{
	static const char *const commands[] = {
		[MIP6_CONTROL_STATUS] = "status",
		[MIP6_CONTROL_SHOW] = "show",
		[MIP6_CONTROL_WATCH] = "watch",
		[MIP6_CONTROL_FLUSH] = "flush",
		[MIP6_CONTROL_MOVE] = "move",
		[MIP6_CONTROL_RELOAD] = "reload",
		[MIP6_CONTROL_LOG] = "log",
	};
	json_t *o = json_pack("{s:i,s:s}", "v", MIP6_CONTROL_VERSION, "cmd",
	    commands[r->command]);
	char *text = NULL, *line = NULL;
	size_t octets;

	if (o != NULL && ask_members(o, r) == 0)
		text = json_dumps(o, JSON_COMPACT);
	json_decref(o);
	if (text == NULL)
		return NULL;
	octets = strlen(text);
	line = realloc(text, octets + 2);
	if (line == NULL) {
		free(text);
		return NULL;
	}
	memcpy(line + octets, "\n", 2);
	return line;
}

bool
mip6_ask_send(struct mip6_ask *a, const struct mip6_control_request *request)
{
	char *line = mip6_ask_line(request);
	size_t octets, done = 0;
	ssize_t n = 0;

	if (line == NULL)
		return ask_fail(a, "out of memory");
	octets = strlen(line);
	while (done < octets) {
		n = send(a->fd, line + done, octets - done, 0);
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			break;
		done += (size_t)n;
	}
	free(line);
	if (done < octets)
		return ask_fail(a, strerror(errno));
	return true;
}

/* Reads more; false with a->error, which is "" at the end. */
static bool
ask_read(struct mip6_ask *a)
{
	char *longer;
	ssize_t n;

	if (a->used > ASK_LINE_OCTETS_MAX)
		return ask_fail(a, "an answer that does not end");
	if (a->room - a->used < ASK_READ_OCTETS) {
		longer = realloc(a->text, a->used + 2 * ASK_READ_OCTETS);
		if (longer == NULL)
			return ask_fail(a, "out of memory");
		a->text = longer;
		a->room = a->used + 2 * ASK_READ_OCTETS;
	}
	do
		n = recv(a->fd, a->text + a->used, ASK_READ_OCTETS, 0);
	while (n < 0 && errno == EINTR);
	if (n < 0)
		return ask_fail(a, strerror(errno));
	if (n == 0)
		return ask_fail(a, "");
	a->used += (size_t)n;
	return true;
}

json_t *
mip6_ask_next(struct mip6_ask *a)
{
	size_t octets, seen = 0;
	json_t *answer;
	char *end;

	for (;;) {
		end = a->used > seen ?
		    memchr(a->text + seen, '\n', a->used - seen) :
		    NULL;
		if (end != NULL)
			break;
		seen = a->used;
		if (!ask_read(a))
			return NULL;
	}
	octets = (size_t)(end - a->text);
	answer = json_loadb(a->text, octets, 0, NULL);
	a->used -= octets + 1;
	memmove(a->text, end + 1, a->used);
	if (!json_is_object(answer)) {
		json_decref(answer);
		(void)ask_fail(a, "the daemon does not speak this protocol");
		return NULL;
	}
	return answer;
}
