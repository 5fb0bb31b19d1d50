/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Rows of the core as JSON.  Each callback turns one row into one object; an
 * object that could not be made leaves `failed` behind, and the whole answer
 * is given up.
 */
#include "daemon/tables.h"

#include <string.h>

#include "base/fmt.h"
#include "control/event.h"
#include "core/show.h"

struct tables_page {
	const struct mip6_tables_source *source;
	json_t *rows;
	bool failed;
};

static void
tables_add(struct tables_page *p, json_t *row)
{
	if (row == NULL || json_array_append_new(p->rows, row) != 0)
		p->failed = true;
}

static const char *
tables_link(const struct tables_page *p, uint32_t ifindex)
{
	return p->source->link_name(p->source->arg, ifindex);
}

static json_t *
tables_prefix(const struct mip6_prefix *prefix)
{
	char text[MIP6_ADDR_TEXT + 8];
	struct mip6_fmt f = mip6_fmt_make(text, sizeof(text));

	mip6_fmt_addr(&f, &prefix->addr);
	mip6_fmt_char(&f, '/');
	mip6_fmt_u64(&f, prefix->bits);
	return json_string(text);
}

static json_int_t
tables_us(struct mip6_span span)
{
	return span.us;
}

static void
tables_binding(void *arg, const struct mip6_show_binding *b)
{
	tables_add(arg,
	    json_pack("{s:o,s:o,s:o,s:i,s:I,s:I,s:b,s:s,s:s,s:b}", "hoa",
		mip6_control_addr(&b->hoa), "coa", mip6_control_addr(&b->coa),
		"local", mip6_control_addr(&b->local), "seq", (int)b->seq,
		"left_us", tables_us(b->left), "granted_us",
		tables_us(b->granted), "home_registration",
		(int)b->home_registration, "state", b->state, "flags", b->flags,
		"checking", (int)b->checking));
}

static void
tables_registration(void *arg, const struct mip6_show_registration *r)
{
	const struct tables_page *page = arg;
	uint64_t direct = 0;
	json_t *row;
	json_t *more;

	if (r->correspondent && page->source->direct_octets != NULL)
		direct = page->source->direct_octets(page->source->arg, &r->hoa,
		    &r->agent);
	row = json_pack("{s:s,s:I,s:I,s:I,s:o,s:o,s:o,s:o,s:s,s:o}", "with",
	    r->correspondent ? "correspondent" : "home-agent", "direct_octets",
	    (json_int_t)direct, "home_token_us", tables_us(r->home_token),
	    "care_of_token_us", tables_us(r->care_of_token), "hoa",
	    mip6_control_addr(&r->hoa), "coa", mip6_control_addr(&r->coa),
	    "agent", mip6_control_addr(&r->agent), "coa_wanted",
	    mip6_control_addr(&r->coa_wanted), "state", r->state, "why",
	    mip6_control_text(r->why));
	more = json_pack("{s:i,s:I,s:I,s:I,s:I,s:i,s:b,s:I,s:b,s:b,s:I,s:s}",
	    "seq", (int)r->seq, "left_us", tables_us(r->left), "granted_us",
	    tables_us(r->granted), "silent_us", tables_us(r->silent),
	    "unanswered", (json_int_t)r->unanswered, "last_status",
	    r->last_status, "last_status_authentic",
	    (int)r->last_status_authentic, "clock_offset_ms",
	    (json_int_t)r->clock_offset_ms, "formed", (int)r->formed,
	    "deprecated", (int)r->deprecated, "prefix_left_us",
	    tables_us(r->prefix_left), "agents",
	    r->agents != NULL ? r->agents : "");

	if (row == NULL || more == NULL || json_object_update(row, more) != 0) {
		json_decref(row);
		row = NULL;
	}
	json_decref(more);
	tables_add(arg, row);
}

static void
tables_link_row(void *arg, const struct mip6_show_link *l)
{
	tables_add(arg,
	    json_pack("{s:I,s:o,s:b,s:b,s:s,s:o,s:o}", "ifindex",
		(json_int_t)l->ifindex, "name", mip6_control_text(l->name),
		"up", (int)l->up, "captured", (int)l->captured, "role", l->role,
		"coa", mip6_control_addr(&l->coa), "why",
		mip6_control_text(l->why)));
}

static void
tables_router(void *arg, const struct mip6_show_router *r)
{
	tables_add(arg,
	    json_pack("{s:I,s:o,s:o,s:o,s:I,s:b,s:s}", "ifindex",
		(json_int_t)r->ifindex, "interface",
		mip6_control_text(tables_link(arg, r->ifindex)), "addr",
		mip6_control_addr(&r->addr), "lladdr",
		mip6_control_lladdr(&r->lladdr), "left_us", tables_us(r->left),
		"home_agent", (int)r->home_agent, "reachable", r->reachable));
}

static void
tables_prefix_row(void *arg, const struct mip6_show_prefix *p)
{
	tables_add(arg,
	    json_pack("{s:I,s:o,s:o,s:o,s:I,s:I,s:b,s:b,s:s}", "ifindex",
		(json_int_t)p->ifindex, "interface",
		mip6_control_text(tables_link(arg, p->ifindex)), "prefix",
		tables_prefix(&p->prefix), "router",
		mip6_control_addr(&p->router), "valid_us", tables_us(p->valid),
		"preferred_us", tables_us(p->preferred), "onlink",
		(int)p->onlink, "autonomous", (int)p->autonomous, "origin",
		p->origin));
}

static void
tables_home_agent(void *arg, const struct mip6_show_home_agent *a)
{
	tables_add(arg,
	    json_pack("{s:I,s:o,s:o,s:o,s:i,s:I,s:b}", "ifindex",
		(json_int_t)a->ifindex, "interface",
		mip6_control_text(tables_link(arg, a->ifindex)), "addr",
		mip6_control_addr(&a->addr), "global",
		mip6_control_addr(&a->global), "preference", (int)a->preference,
		"left_us", tables_us(a->left), "self", (int)a->self));
}

static void
tables_neighbour(void *arg, const struct mip6_show_neighbour *n)
{
	tables_add(arg,
	    json_pack("{s:I,s:o,s:I,s:o,s:o,s:s}", "ifindex",
		(json_int_t)n->ifindex, "interface",
		mip6_control_text(tables_link(arg, n->ifindex)), "hop",
		(json_int_t)n->hop, "addr", mip6_control_addr(&n->addr),
		"lladdr", mip6_control_lladdr(&n->lladdr), "state", n->state));
}

static void
tables_timer(void *arg, const struct mip6_show_timer *t)
{
	tables_add(arg,
	    json_pack("{s:s,s:o,s:I}", "what", t->what, "whose",
		mip6_control_addr(&t->whose), "left_us", tables_us(t->left)));
}

static void
tables_handover(void *arg, const struct mip6_show_handover *h)
{
	json_t *row = json_pack("{s:o,s:o,s:o,s:I,s:o,s:I,s:I}", "hoa",
	    mip6_control_addr(&h->hoa), "from", mip6_control_addr(&h->from),
	    "to", mip6_control_addr(&h->to), "ifindex", (json_int_t)h->ifindex,
	    "interface", mip6_control_text(tables_link(arg, h->ifindex)),
	    "wall_us", (json_int_t)h->wall_us, "updates",
	    (json_int_t)h->updates);
	json_t *steps = json_pack("{s:I,s:I,s:I,s:I,s:I,s:I}", "link_up_us",
	    (json_int_t)h->link_up.us, "router_advert_us",
	    (json_int_t)h->router_advert.us, "coa_usable_us",
	    (json_int_t)h->coa_usable.us, "bu_sent_us",
	    (json_int_t)h->bu_sent.us, "ba_received_us",
	    (json_int_t)h->ba_received.us, "first_packet_us",
	    (json_int_t)h->first_packet.us);

	if (row == NULL || steps == NULL ||
	    json_object_update(row, steps) != 0) {
		json_decref(row);
		row = NULL;
	}
	json_decref(steps);
	tables_add(arg, row);
}

/* Drops by name, then the counters of the source. */
static size_t
tables_counters(struct tables_page *p, size_t skip, size_t max)
{
	const struct mip6_tables_source *s = p->source;
	size_t total = MIP6_DROP_COUNT + s->counters;
	size_t i;

	for (i = skip; i < total && i - skip < max; i++) {
		const struct mip6_tables_counter *c;
		enum mip6_drop d;

		if (i < MIP6_DROP_COUNT) {
			d = (enum mip6_drop)i;
			tables_add(p,
			    json_pack("{s:s,s:s,s:s,s:I}", "group", "drop",
				"name", mip6_drop_name(d), "meaning",
				mip6_drop_meaning(d), "count",
				(json_int_t)s->drops.count[d]));
			continue;
		}
		c = &s->counter[i - MIP6_DROP_COUNT];
		tables_add(p,
		    json_pack("{s:s,s:s,s:s,s:I}", "group", c->group, "name",
			c->name, "meaning", c->meaning, "count",
			(json_int_t)c->count));
	}
	return total;
}

static size_t
tables_fill(struct tables_page *p, enum mip6_control_table table, size_t skip,
    size_t max)
{
	const struct mip6_node *n = p->source->node;
	const struct mip6_now *now = &p->source->now;

	switch (table) {
	case MIP6_SHOW_BINDINGS:
		return mip6_show_bindings(n, now, skip, max, tables_binding, p);
	case MIP6_SHOW_REGISTRATIONS:
		return mip6_show_registrations(n, now, skip, max,
		    tables_registration, p);
	case MIP6_SHOW_LINKS:
		return mip6_show_links(n, now, skip, max, tables_link_row, p);
	case MIP6_SHOW_PREFIXES:
		return mip6_show_prefixes(n, now, skip, max, tables_prefix_row,
		    p);
	case MIP6_SHOW_ROUTERS:
		return mip6_show_routers(n, now, skip, max, tables_router, p);
	case MIP6_SHOW_HOME_AGENTS:
		return mip6_show_home_agents(n, now, skip, max,
		    tables_home_agent, p);
	case MIP6_SHOW_NEIGHBOURS:
		return mip6_show_neighbours(n, now, skip, max, tables_neighbour,
		    p);
	case MIP6_SHOW_TIMERS:
		return mip6_show_timers(n, now, skip, max, tables_timer, p);
	case MIP6_SHOW_COUNTERS:
		return tables_counters(p, skip, max);
	case MIP6_SHOW_HANDOVERS:
		return mip6_show_handovers(n, now, skip, max, tables_handover,
		    p);
	}
	return 0;
}

json_t *
mip6_tables_rows(const struct mip6_tables_source *source,
    enum mip6_control_table table, size_t skip, size_t max, size_t *total)
{
	struct tables_page p = { .source = source, .rows = json_array() };

	if (p.rows == NULL)
		return NULL;
	*total = tables_fill(&p, table, skip, max);
	if (p.failed) {
		json_decref(p.rows);
		return NULL;
	}
	return p.rows;
}

json_t *
mip6_tables_show(const struct mip6_tables_source *source,
    const struct mip6_control_request *request)
{
	size_t total = 0;
	json_t *rows = mip6_tables_rows(source, request->table,
	    (size_t)request->skip, request->max, &total);

	if (rows == NULL)
		return NULL;
	return json_pack("{s:s,s:I,s:I,s:o}", "table",
	    mip6_control_table_name(request->table), "total", (json_int_t)total,
	    "skip", (json_int_t)request->skip, "rows", rows);
}
