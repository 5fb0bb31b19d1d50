/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Tables for people: a heading, aligned columns, one row an entry.  What a
 * column shows is in a table of its own; nothing here depends on the order of
 * the members.  Whatever the daemon says is printed without control
 * characters.
 */
#include "ctl/print.h"

#include <string.h>
#include <time.h>

enum print_kind {
	PRINT_TEXT,
	PRINT_ADDR, /* "-" for :: */
	PRINT_CARE, /* a care-of address: "home" for :: */
	PRINT_LINK, /* "tun" for ifindex 0 */
	PRINT_INT,
	PRINT_YES,
	PRINT_SPAN,
	PRINT_LIFE,   /* a span: "for ever" */
	PRINT_STATUS, /* "-" for -1 */
	PRINT_AGE,    /* a span; "-" when negative */
	PRINT_WALL,
	PRINT_STEP /* milliseconds since the first step; "-" for 0 */
};

struct print_column {
	const char *heading;
	const char *member;
	enum print_kind kind;
};

/* Up to the row without a heading. */
static const struct print_column print_columns[][MIP6_PRINT_COLUMNS + 1] = {
	[MIP6_SHOW_BINDINGS] = { { "HOME ADDRESS", "hoa", PRINT_ADDR },
	    { "CARE-OF ADDRESS", "coa", PRINT_ADDR },
	    { "STATE", "state", PRINT_TEXT }, { "FLAGS", "flags", PRINT_TEXT },
	    { "LEFT", "left_us", PRINT_SPAN },
	    { "GRANTED", "granted_us", PRINT_SPAN },
	    { "SEQ", "seq", PRINT_INT } },
	[MIP6_SHOW_REGISTRATIONS] = { { "HOME ADDRESS", "hoa", PRINT_ADDR },
	    { "STATE", "state", PRINT_TEXT },
	    { "CARE-OF ADDRESS", "coa", PRINT_ADDR },
	    { "WITH", "agent", PRINT_ADDR }, { "LEFT", "left_us", PRINT_SPAN },
	    { "GRANTED", "granted_us", PRINT_SPAN },
	    { "SEQ", "seq", PRINT_INT },
	    { "UNANSWERED", "unanswered", PRINT_INT },
	    { "STATUS", "last_status", PRINT_STATUS },
	    { "HOME TOKEN", "home_token_us", PRINT_AGE },
	    { "CARE-OF TOKEN", "care_of_token_us", PRINT_AGE },
	    { "DIRECT", "direct_octets", PRINT_INT },
	    { "WHY", "why", PRINT_TEXT } },
	[MIP6_SHOW_LINKS] = { { "LINK", "name", PRINT_TEXT },
	    { "ROLE", "role", PRINT_TEXT }, { "UP", "up", PRINT_YES },
	    { "CAPTURED", "captured", PRINT_YES },
	    { "CARE-OF ADDRESS", "coa", PRINT_ADDR },
	    { "WHY", "why", PRINT_TEXT } },
	[MIP6_SHOW_PREFIXES] = { { "PREFIX", "prefix", PRINT_TEXT },
	    { "LINK", "interface", PRINT_LINK },
	    { "VALID", "valid_us", PRINT_LIFE },
	    { "PREFERRED", "preferred_us", PRINT_LIFE },
	    { "ON-LINK", "onlink", PRINT_YES },
	    { "AUTONOMOUS", "autonomous", PRINT_YES },
	    { "ROUTER", "router", PRINT_ADDR },
	    { "ORIGIN", "origin", PRINT_TEXT } },
	[MIP6_SHOW_ROUTERS] = { { "ROUTER", "addr", PRINT_ADDR },
	    { "LINK", "interface", PRINT_LINK },
	    { "ETHERNET", "lladdr", PRINT_TEXT },
	    { "LEFT", "left_us", PRINT_LIFE },
	    { "HOME AGENT", "home_agent", PRINT_YES },
	    { "REACHABLE", "reachable", PRINT_TEXT } },
	[MIP6_SHOW_HOME_AGENTS] = { { "HOME AGENT", "global", PRINT_ADDR },
	    { "LINK-LOCAL", "addr", PRINT_ADDR },
	    { "LINK", "interface", PRINT_LINK },
	    { "PREFERENCE", "preference", PRINT_INT },
	    { "LEFT", "left_us", PRINT_LIFE }, { "SELF", "self", PRINT_YES } },
	[MIP6_SHOW_NEIGHBOURS] = { { "NEIGHBOUR", "addr", PRINT_ADDR },
	    { "LINK", "interface", PRINT_LINK },
	    { "ETHERNET", "lladdr", PRINT_TEXT },
	    { "STATE", "state", PRINT_TEXT }, { "HOP", "hop", PRINT_INT } },
	[MIP6_SHOW_TIMERS] = { { "TIMER", "what", PRINT_TEXT },
	    { "WHOSE", "whose", PRINT_ADDR },
	    { "LEFT", "left_us", PRINT_SPAN } },
	[MIP6_SHOW_COUNTERS] = { { "GROUP", "group", PRINT_TEXT },
	    { "NAME", "name", PRINT_TEXT }, { "COUNT", "count", PRINT_INT },
	    { "MEANING", "meaning", PRINT_TEXT } },
	[MIP6_SHOW_HANDOVERS] = { { "AT", "wall_us", PRINT_WALL },
	    { "FROM", "from", PRINT_CARE }, { "TO", "to", PRINT_CARE },
	    { "LINK", "interface", PRINT_LINK },
	    { "RA ms", "router_advert_us", PRINT_STEP },
	    { "ADDRESS", "coa_usable_us", PRINT_STEP },
	    { "UPDATE", "bu_sent_us", PRINT_STEP },
	    { "ANSWER", "ba_received_us", PRINT_STEP },
	    { "TRAFFIC", "first_packet_us", PRINT_STEP },
	    { "UPDATES", "updates", PRINT_INT } },
};

void
mip6_print_span(char text[MIP6_PRINT_CELL], int64_t us)
{
	int64_t s = us / 1000000;

	if (us < 0)
		(void)snprintf(text, MIP6_PRINT_CELL, "-");
	else if (us < 10000000)
		(void)snprintf(text, MIP6_PRINT_CELL, "%.2f s",
		    (double)us / 1e6);
	else if (s < 600)
		(void)snprintf(text, MIP6_PRINT_CELL, "%lld s", (long long)s);
	else if (s < 3600)
		(void)snprintf(text, MIP6_PRINT_CELL, "%lld min %02lld s",
		    (long long)(s / 60), (long long)(s % 60));
	else if (s < 172800)
		(void)snprintf(text, MIP6_PRINT_CELL, "%lld h %02lld min",
		    (long long)(s / 3600), (long long)(s / 60 % 60));
	else
		(void)snprintf(text, MIP6_PRINT_CELL, "%lld days",
		    (long long)(s / 86400));
}

const char *
mip6_print_text(const json_t *object, const char *name,
    char text[MIP6_PRINT_CELL])
{
	const char *s = json_string_value(json_object_get(object, name));
	size_t i;

	for (i = 0; s != NULL && s[i] != '\0' && i + 1 < MIP6_PRINT_CELL; i++)
		text[i] = s[i] >= ' ' && s[i] <= '~' ? s[i] : '?';
	text[i] = '\0';
	return text;
}

static int64_t
print_int(const json_t *row, const char *member)
{
	return json_integer_value(json_object_get(row, member));
}

static void
print_wall(char cell[MIP6_PRINT_CELL], int64_t us)
{
	time_t s = (time_t)(us / 1000000);
	char stamp[32] = "-";
	struct tm tm;

	if (us > 0 && localtime_r(&s, &tm) != NULL)
		(void)strftime(stamp, sizeof(stamp), "%Y-%m-%d %H:%M:%S", &tm);
	(void)snprintf(cell, MIP6_PRINT_CELL, "%s", stamp);
}

/* The first step of a handover that is known. */
static int64_t
print_first_step(const json_t *row)
{
	static const char *const steps[] = { "link_up_us", "router_advert_us",
		"coa_usable_us", "bu_sent_us", "ba_received_us",
		"first_packet_us" };
	int64_t first = 0, at;
	size_t i;

	for (i = 0; i < MIP6_COUNT(steps); i++) {
		at = print_int(row, steps[i]);
		if (at != 0 && (first == 0 || at < first))
			first = at;
	}
	return first;
}

static void
print_step(char cell[MIP6_PRINT_CELL], const json_t *row, const char *member)
{
	int64_t at = print_int(row, member);

	if (at == 0)
		(void)snprintf(cell, MIP6_PRINT_CELL, "-");
	else
		(void)snprintf(cell, MIP6_PRINT_CELL, "%.1f",
		    (double)(at - print_first_step(row)) / 1000);
}

static void
print_cell(char cell[MIP6_PRINT_CELL], const json_t *row,
    const struct print_column *c)
{
	int64_t n = print_int(row, c->member);

	switch (c->kind) {
	case PRINT_TEXT:
		(void)mip6_print_text(row, c->member, cell);
		break;
	case PRINT_ADDR:
	case PRINT_CARE:
		if (strcmp(mip6_print_text(row, c->member, cell), "::") == 0)
			(void)snprintf(cell, MIP6_PRINT_CELL, "%s",
			    c->kind == PRINT_CARE ? "home" : "-");
		break;
	case PRINT_LINK:
		(void)mip6_print_text(row, c->member, cell);
		break;
	case PRINT_INT:
		(void)snprintf(cell, MIP6_PRINT_CELL, "%lld", (long long)n);
		break;
	case PRINT_YES:
		(void)snprintf(cell, MIP6_PRINT_CELL, "%s",
		    json_is_true(json_object_get(row, c->member)) ? "yes" :
								    "no");
		break;
	case PRINT_LIFE:
	case PRINT_SPAN:
		/* A hundred years and more are for ever. */
		if (c->kind == PRINT_LIFE && n / 1000000 > 3153600000)
			(void)snprintf(cell, MIP6_PRINT_CELL, "for ever");
		else
			mip6_print_span(cell, n);
		break;
	case PRINT_AGE:
		mip6_print_span(cell, n);
		if (n < 0)
			(void)snprintf(cell, MIP6_PRINT_CELL, "-");
		break;
	case PRINT_STATUS:
		(void)snprintf(cell, MIP6_PRINT_CELL, "%lld", (long long)n);
		if (n < 0)
			(void)snprintf(cell, MIP6_PRINT_CELL, "-");
		break;
	case PRINT_WALL:
		print_wall(cell, n);
		break;
	case PRINT_STEP:
		print_step(cell, row, c->member);
		break;
	}
}

static bool
print_to_the_right(enum print_kind kind)
{
	return kind == PRINT_INT || kind == PRINT_STEP || kind == PRINT_STATUS;
}

static bool
print_hides(const struct mip6_print *p, const json_t *row)
{
	return p->table == MIP6_SHOW_COUNTERS && print_int(row, "count") == 0;
}

void
mip6_print_begin(struct mip6_print *p, FILE *out, bool colour,
    enum mip6_control_table table)
{
	memset(p, 0, sizeof(*p));
	p->out = out;
	p->colour = colour;
	p->table = table;
}

static void
print_widen(struct mip6_print *p, const json_t *rows)
{
	const struct print_column *c = print_columns[p->table];
	char cell[MIP6_PRINT_CELL];
	const json_t *row;
	size_t i, k;

	for (k = 0; c[k].heading != NULL; k++)
		p->width[k] = strlen(c[k].heading);
	json_array_foreach(rows, i, row)
	{
		if (print_hides(p, row))
			continue;
		for (k = 0; c[k].heading != NULL; k++) {
			print_cell(cell, row, &c[k]);
			if (strlen(cell) > p->width[k])
				p->width[k] = strlen(cell);
		}
	}
}

/* A cell in its column; the last one ends the line. */
static void
print_put(struct mip6_print *p, size_t k, const char *text)
{
	const struct print_column *c = &print_columns[p->table][k];
	int width = (int)p->width[k];

	if (k > 0)
		(void)fputs("  ", p->out);
	if (c[1].heading == NULL && !print_to_the_right(c->kind))
		(void)fputs(text, p->out);
	else
		(void)fprintf(p->out, "%*s",
		    print_to_the_right(c->kind) ? width : -width, text);
	if (c[1].heading == NULL)
		(void)fputs("\n", p->out);
}

void
mip6_print_page(struct mip6_print *p, const json_t *rows)
{
	const struct print_column *c = print_columns[p->table];
	char cell[MIP6_PRINT_CELL];
	const json_t *row;
	size_t i, k;

	if (!p->begun)
		print_widen(p, rows);
	p->begun = true;
	json_array_foreach(rows, i, row)
	{
		if (print_hides(p, row)) {
			p->hidden++;
			continue;
		}
		if (p->rows == 0) {
			(void)fputs(p->colour ? "\033[1m" : "", p->out);
			for (k = 0; c[k].heading != NULL; k++)
				print_put(p, k, c[k].heading);
			(void)fputs(p->colour ? "\033[0m" : "", p->out);
		}
		p->rows++;
		for (k = 0; c[k].heading != NULL; k++) {
			print_cell(cell, row, &c[k]);
			print_put(p, k, cell);
		}
	}
}

void
mip6_print_end(struct mip6_print *p)
{
	if (p->hidden > 0)
		(void)fprintf(p->out, "%s%zu counters are zero\n",
		    p->rows > 0 ? "and " : "", p->hidden);
	else if (p->rows == 0)
		(void)fprintf(p->out, "no %s\n",
		    mip6_control_table_name(p->table));
}
