/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * `status`: what works first, then why what does not, then the details; and
 * events of `watch`, and what a reload changed.
 */
#include "ctl/print.h"

#include <string.h>
#include <time.h>

#define GOOD  "\033[1;32m"
#define BAD   "\033[1;31m"
#define PLAIN "\033[0m"

static int64_t
status_int(const json_t *o, const char *member)
{
	return json_integer_value(json_object_get(o, member));
}

static bool
status_true(const json_t *o, const char *member)
{
	return json_is_true(json_object_get(o, member));
}

/* A text of any length, without control characters. */
static void
status_put(FILE *out, const json_t *text)
{
	const char *s = json_string_value(text);

	for (; s != NULL && *s != '\0'; s++)
		(void)fputc(*s >= ' ' && *s <= '~' ? *s : '?', out);
}

static void
status_roles(FILE *out, const json_t *roles)
{
	static const struct {
		const char *role, *name;
	} names[] = { { "mn", "mobile node" }, { "ha", "home agent" },
		{ "cn", "correspondent node" } };
	const json_t *role;
	size_t i, k;

	json_array_foreach(roles, i, role)
	{
		(void)fputs(i > 0 ? " and " : "", out);
		for (k = 0; k < MIP6_COUNT(names); k++)
			if (strcmp(json_string_value(role) != NULL ?
				    json_string_value(role) :
				    "",
				names[k].role) == 0)
				(void)fputs(names[k].name, out);
	}
}

static void
status_head(FILE *out, bool colour, const json_t *s)
{
	char text[MIP6_PRINT_CELL], up[MIP6_PRINT_CELL];
	bool works = status_true(s, "working");

	mip6_print_span(up, status_int(s, "uptime_us"));
	(void)fprintf(out, "mip6d %s, ", mip6_print_text(s, "version", text));
	status_roles(out, json_object_get(s, "roles"));
	(void)fprintf(out, ", up %s, process %lld\n", up,
	    (long long)status_int(s, "pid"));
	(void)fputs(colour ? (works ? GOOD : BAD) : "", out);
	(void)fputs(works ? "everything works" : "NOT WORKING: ", out);
	if (!works)
		status_put(out, json_object_get(s, "why"));
	(void)fprintf(out, "%s\n", colour ? PLAIN : "");
	if (status_true(s, "insecure"))
		(void)fprintf(out,
		    "%sINSECURE: registrations need no key (insecure = "
		    "true)%s\n",
		    colour ? BAD : "", colour ? PLAIN : "");
	if (status_true(s, "unprotected_optimization"))
		(void)fprintf(out,
		    "%swarning: return routability unprotected on the "
		    "tunnel%s\n",
		    colour ? BAD : "", colour ? PLAIN : "");
}

static void
status_registration(FILE *out, const json_t *r)
{
	char hoa[MIP6_PRINT_CELL], coa[MIP6_PRINT_CELL];
	char agent[MIP6_PRINT_CELL], state[MIP6_PRINT_CELL];
	char left[MIP6_PRINT_CELL], granted[MIP6_PRINT_CELL];
	char with[MIP6_PRINT_CELL];

	if (strcmp(mip6_print_text(r, "with", with), "correspondent") == 0)
		return;
	(void)fprintf(out, "home address %s: %s, home agent %s\n",
	    mip6_print_text(r, "hoa", hoa), mip6_print_text(r, "state", state),
	    mip6_print_text(r, "agent", agent));
	mip6_print_span(left, status_int(r, "left_us"));
	mip6_print_span(granted, status_int(r, "granted_us"));
	if (strcmp(mip6_print_text(r, "coa", coa), "::") != 0)
		(void)fprintf(out,
		    "    bound to %s, %s of %s left, sequence %lld\n", coa,
		    left, granted, (long long)status_int(r, "seq"));
	if (status_true(r, "formed"))
		(void)fputs("    formed in a new prefix of the home link\n",
		    out);
	mip6_print_span(left, status_int(r, "prefix_left_us"));
	if (status_true(r, "deprecated"))
		(void)fprintf(out, "    not for new sessions%s%s\n",
		    status_int(r, "prefix_left_us") == INT64_MAX ?
			"" :
			": its prefix goes in ",
		    status_int(r, "prefix_left_us") == INT64_MAX ? "" : left);
	if (json_string_length(json_object_get(r, "why")) > 0) {
		(void)fputs("    why: ", out);
		status_put(out, json_object_get(r, "why"));
		(void)fputs("\n", out);
	}
	if (json_string_length(json_object_get(r, "agents")) > 0) {
		(void)fputs("    ", out);
		status_put(out, json_object_get(r, "agents"));
		(void)fputs("\n", out);
	}
	if (status_int(r, "clock_offset_ms") != 0)
		(void)fprintf(out,
		    "    the home agent's clock is %lld ms ahead of ours\n",
		    (long long)status_int(r, "clock_offset_ms"));
}

static void
status_link(FILE *out, const json_t *l)
{
	char name[MIP6_PRINT_CELL], role[MIP6_PRINT_CELL];
	char coa[MIP6_PRINT_CELL];

	(void)fprintf(out, "link %s: %s, %s%s",
	    mip6_print_text(l, "name", name), mip6_print_text(l, "role", role),
	    status_true(l, "up") ? "up" : "down",
	    status_true(l, "captured") ? "" : ", not captured");
	if (strcmp(mip6_print_text(l, "coa", coa), "::") != 0)
		(void)fprintf(out, ", care-of address %s", coa);
	if (json_string_length(json_object_get(l, "why")) > 0) {
		(void)fputs("; ", out);
		status_put(out, json_object_get(l, "why"));
	}
	(void)fputs("\n", out);
}

static void
status_bindings(FILE *out, const json_t *b)
{
	char link[MIP6_PRINT_CELL], prefix[MIP6_PRINT_CELL];

	if (!json_is_object(b))
		return;
	(void)fprintf(out,
	    "bindings: %lld of at most %lld, for %lld mobile nodes of %s on "
	    "%s\n",
	    (long long)status_int(b, "count"), (long long)status_int(b, "max"),
	    (long long)status_int(b, "mobile_nodes"),
	    mip6_print_text(b, "prefix", prefix),
	    mip6_print_text(b, "interface", link));
}

static void
status_direct(FILE *out, const json_t *d)
{
	if (status_int(d, "correspondents") > 0)
		(void)fprintf(out, "correspondents: %lld, directly with %lld\n",
		    (long long)status_int(d, "correspondents"),
		    (long long)status_int(d, "direct"));
	if (json_is_integer(json_object_get(d, "bindings")))
		(void)fprintf(out,
		    "bindings of mobile nodes to talk to directly: %lld\n",
		    (long long)status_int(d, "bindings"));
}

static void
status_store(FILE *out, const json_t *s)
{
	if (!json_is_object(s))
		return;
	(void)fprintf(out, "store: %lld records in %lld groups",
	    (long long)status_int(s, "records"),
	    (long long)status_int(s, "groups"));
	if (status_int(s, "errno") != 0) {
		(void)fputs("; it fails now: ", out);
		status_put(out, json_object_get(s, "error"));
	}
	if (status_int(s, "failed") + status_int(s, "refused") > 0)
		(void)fprintf(out, "; %lld failed, %lld found no room",
		    (long long)status_int(s, "failed"),
		    (long long)status_int(s, "refused"));
	if (json_string_length(json_object_get(s, "damage")) > 0) {
		(void)fputs("; damaged, ", out);
		status_put(out, json_object_get(s, "damage"));
	}
	(void)fputs("\n", out);
}

void
mip6_print_status(FILE *out, bool colour, const json_t *s)
{
	const json_t *platform = json_object_get(s, "platform"), *row;
	char system[MIP6_PRINT_CELL], release[MIP6_PRINT_CELL];
	char packets[MIP6_PRINT_CELL], tun[MIP6_PRINT_CELL];
	char level[MIP6_PRINT_CELL];
	size_t i;

	status_head(out, colour, s);
	json_array_foreach(json_object_get(s, "registrations"), i, row)
	    status_registration(out, row);
	json_array_foreach(json_object_get(s, "links"), i, row)
	    status_link(out, row);
	status_bindings(out, json_object_get(s, "bindings"));
	status_direct(out, json_object_get(s, "direct"));
	status_store(out, json_object_get(s, "store"));
	json_array_foreach(json_object_get(s, "outside_tunnel"), i, row)
	{
		(void)fputs(i == 0 ? "outside the tunnel: " :
				     "                    ",
		    out);
		status_put(out, row);
		(void)fputs("\n", out);
	}
	(void)fprintf(out,
	    "platform: %s %s, virtual interface %s, packets %s\n",
	    mip6_print_text(platform, "system", system),
	    mip6_print_text(platform, "release", release),
	    mip6_print_text(platform, "tun", tun),
	    mip6_print_text(platform, "packets", packets));
	if (status_int(platform, "restored") > 0)
		(void)fprintf(out,
		    "put back %lld times: something else on this host removes "
		    "our addresses, routes or rules\n",
		    (long long)status_int(platform, "restored"));
	if (json_string_length(json_object_get(platform, "warning")) > 0) {
		(void)fprintf(out, "%swarning: ", colour ? BAD : "");
		status_put(out, json_object_get(platform, "warning"));
		(void)fprintf(out, "%s\n", colour ? PLAIN : "");
	}
	(void)fputs("configuration: ", out);
	status_put(out, json_object_get(s, "config"));
	(void)fprintf(out, ", log level %s\n",
	    mip6_print_text(s, "log_level", level));
}

static void
status_event_value(FILE *out, const json_t *value)
{
	if (json_is_string(value))
		status_put(out, value);
	else if (json_is_integer(value))
		(void)fprintf(out, "%lld",
		    (long long)json_integer_value(value));
	else
		(void)fputs("-", out);
}

void
mip6_print_event(FILE *out, bool colour, const json_t *event)
{
	int64_t us = status_int(event, "wall_us");
	time_t s = (time_t)(us / 1000000);
	char level[MIP6_PRINT_CELL], name[MIP6_PRINT_CELL], stamp[16] = "";
	const json_t *value;
	const char *key;
	struct tm tm;

	if (localtime_r(&s, &tm) != NULL)
		(void)strftime(stamp, sizeof(stamp), "%H:%M:%S", &tm);
	(void)fprintf(out, "%s.%03d %-7s %s%s%s", stamp,
	    (int)(us / 1000 % 1000), mip6_print_text(event, "level", level),
	    colour ? "\033[1m" : "", mip6_print_text(event, "event", name),
	    colour ? PLAIN : "");
	/* jansson hands no constant object to its iterator. */
	json_object_foreach(json_object_get(event, "data"), key, value)
	{
		(void)fprintf(out, " %s=", key);
		status_event_value(out, value);
	}
	(void)fputs("\n", out);
	(void)fflush(out);
}

void
mip6_print_reload(FILE *out, const json_t *answer)
{
	const json_t *now = json_object_get(answer, "changed");
	const json_t *later = json_object_get(answer, "at_next_start");
	const json_t *row;
	size_t i;

	if (json_array_size(now) + json_array_size(later) == 0)
		(void)fputs("nothing has changed\n", out);
	json_array_foreach(now, i, row)
	{
		(void)fputs("changed: ", out);
		status_put(out, row);
		(void)fputs("\n", out);
	}
	json_array_foreach(later, i, row)
	{
		(void)fputs("at the next start: ", out);
		status_put(out, row);
		(void)fputs("\n", out);
	}
}
