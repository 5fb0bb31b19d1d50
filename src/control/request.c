/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Requests, from JSON to plain values.  Strict: a member that the command does
 * not know, or one twice, is an error, so that a misspelt word is not taken
 * for a wish without it.
 */
#include "control/request.h"

#include <string.h>

#include <jansson.h>

static const char *const request_commands[] = { "status", "show", "watch",
	"flush", "move", "reload", "log" };
static const char *const request_tables[] = { "bindings", "registrations",
	"links", "prefixes", "routers", "home-agents", "neighbours", "timers",
	"counters", "handovers" };
static const char *const request_flushes[] = { "binding", "neighbours",
	"routes", "registration" };
static const char *const request_levels[] = { "error", "warning", "info",
	"debug" };

/* Members beside "v" and "cmd", by command. */
static const char *const request_members[][4] = {
	[MIP6_CONTROL_STATUS] = { NULL },
	[MIP6_CONTROL_SHOW] = { "table", "skip", "max", NULL },
	[MIP6_CONTROL_WATCH] = { "level", NULL },
	[MIP6_CONTROL_FLUSH] = { "what", "addr", NULL },
	[MIP6_CONTROL_MOVE] = { "interface", NULL },
	[MIP6_CONTROL_RELOAD] = { NULL },
	[MIP6_CONTROL_LOG] = { "level", NULL },
};

static int
request_word(const char *word, const char *const *words, size_t n)
{
	size_t i;

	for (i = 0; i < n; i++)
		if (word != NULL && strcmp(word, words[i]) == 0)
			return (int)i;
	return -1;
}

const char *
mip6_control_table_name(size_t table)
{
	return table < MIP6_COUNT(request_tables) ? request_tables[table] :
						    NULL;
}

const char *
mip6_control_flush_name(size_t what)
{
	return what < MIP6_COUNT(request_flushes) ? request_flushes[what] :
						    NULL;
}

const char *
mip6_control_level_name(size_t level)
{
	return level < MIP6_COUNT(request_levels) ? request_levels[level] :
						    NULL;
}

int
mip6_control_table_find(const char *name)
{
	return request_word(name, request_tables, MIP6_COUNT(request_tables));
}

int
mip6_control_flush_find(const char *name)
{
	return request_word(name, request_flushes, MIP6_COUNT(request_flushes));
}

int
mip6_control_level_find(const char *name)
{
	return request_word(name, request_levels, MIP6_COUNT(request_levels));
}

static bool
request_fail(const char **why, const char *what)
{
	*why = what;
	return false;
}

static bool
request_known_members(json_t *object, enum mip6_control_command command)
{
	const char *const *members = request_members[command];
	const char *name;
	json_t *value;
	size_t i;

	json_object_foreach(object, name, value)
	{
		if (strcmp(name, "v") == 0 || strcmp(name, "cmd") == 0)
			continue;
		for (i = 0; members[i] != NULL; i++)
			if (strcmp(name, members[i]) == 0)
				break;
		if (members[i] == NULL)
			return false;
	}
	return true;
}

/* An unsigned number of at most `max`; absent: *value stays. */
static bool
request_number(const json_t *value, uint64_t max, uint64_t *number)
{
	json_int_t n;

	if (value == NULL)
		return true;
	if (!json_is_integer(value))
		return false;
	n = json_integer_value(value);
	if (n < 0 || (uint64_t)n > max)
		return false;
	*number = (uint64_t)n;
	return true;
}

static bool
request_show(json_t *object, struct mip6_control_request *r, const char **why)
{
	uint64_t max = 100;
	int table = mip6_control_table_find(
	    json_string_value(json_object_get(object, "table")));

	if (table < 0)
		return request_fail(why,
		    "table: expected bindings, registrations, links, "
		    "prefixes, routers, home-agents, neighbours, timers, "
		    "counters or handovers");
	r->table = (enum mip6_control_table)table;
	if (!request_number(json_object_get(object, "skip"), INT64_MAX,
		&r->skip))
		return request_fail(why, "skip: expected a number");
	if (!request_number(json_object_get(object, "max"),
		MIP6_CONTROL_ROWS_MAX, &max) ||
	    max == 0)
		return request_fail(why,
		    "max: expected a number from 1 to 500");
	r->max = (uint32_t)max;
	return true;
}

static bool
request_flush(json_t *object, struct mip6_control_request *r, const char **why)
{
	const json_t *addr = json_object_get(object, "addr");
	int what = mip6_control_flush_find(
	    json_string_value(json_object_get(object, "what")));

	if (what < 0)
		return request_fail(why,
		    "what: expected binding, neighbours, routes or "
		    "registration");
	r->flush = (enum mip6_control_flush)what;
	if (addr != NULL &&
	    (!json_is_string(addr) ||
		!mip6_addr_parse(json_string_value(addr), &r->addr)))
		return request_fail(why, "addr: expected an IPv6 address");
	if (addr == NULL && r->flush == MIP6_FLUSH_BINDING)
		return request_fail(why,
		    "addr: expected the home address of the binding");
	if (addr != NULL && r->flush != MIP6_FLUSH_BINDING &&
	    r->flush != MIP6_FLUSH_REGISTRATION)
		return request_fail(why,
		    "addr: only for a binding or a registration");
	return true;
}

static bool
request_move(json_t *object, struct mip6_control_request *r, const char **why)
{
	const json_t *name = json_object_get(object, "interface");
	size_t octets;

	if (name == NULL)
		return true;
	octets = json_is_string(name) ? json_string_length(name) : 0;
	if (octets == 0 || octets >= sizeof(r->interface) ||
	    memchr(json_string_value(name), '\0', octets) != NULL)
		return request_fail(why,
		    "interface: expected the name of an interface");
	memcpy(r->interface, json_string_value(name), octets + 1);
	return true;
}

static bool
request_level(json_t *object, struct mip6_control_request *r, const char **why)
{
	const json_t *word = json_object_get(object, "level");
	int level = MIP6_LOG_INFO;

	if (word != NULL || r->command == MIP6_CONTROL_LOG)
		level = mip6_control_level_find(json_string_value(word));
	if (level < 0)
		return request_fail(why,
		    "level: expected error, warning, info or debug");
	r->level = (enum mip6_log_level)level;
	return true;
}

static bool
request_object(json_t *object, struct mip6_control_request *r, const char **why)
{
	const json_t *version = json_object_get(object, "v");
	int command;

	if (!json_is_integer(version) ||
	    json_integer_value(version) != MIP6_CONTROL_VERSION)
		return request_fail(why,
		    "v: this daemon speaks version 1 of the protocol");
	command =
	    request_word(json_string_value(json_object_get(object, "cmd")),
		request_commands, MIP6_COUNT(request_commands));
	if (command < 0)
		return request_fail(why,
		    "cmd: expected status, show, watch, flush, move, reload "
		    "or log");
	r->command = (enum mip6_control_command)command;
	if (!request_known_members(object, r->command))
		return request_fail(why,
		    "a member that this cmd does not know");
	switch (r->command) {
	case MIP6_CONTROL_SHOW:
		return request_show(object, r, why);
	case MIP6_CONTROL_FLUSH:
		return request_flush(object, r, why);
	case MIP6_CONTROL_MOVE:
		return request_move(object, r, why);
	case MIP6_CONTROL_WATCH:
	case MIP6_CONTROL_LOG:
		return request_level(object, r, why);
	case MIP6_CONTROL_STATUS:
	case MIP6_CONTROL_RELOAD:
		break;
	}
	return true;
}

bool
mip6_control_request_parse(const char *line, size_t octets,
    struct mip6_control_request *request, const char **why)
{
	json_t *object;
	bool good;

	memset(request, 0, sizeof(*request));
	if (octets >= MIP6_CONTROL_LINE_OCTETS)
		return request_fail(why, "line too long");
	object = json_loadb(line, octets, JSON_REJECT_DUPLICATES, NULL);
	if (!json_is_object(object)) {
		json_decref(object);
		return request_fail(why, "expected one JSON object a line");
	}
	good = request_object(object, request, why);
	json_decref(object);
	return good;
}
