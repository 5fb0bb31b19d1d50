/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What the daemon says at its control socket.  Questions are answered from
 * plain values; a command becomes one event of the node.
 */
#include <sys/utsname.h>

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/fmt.h"
#include "control/event.h"
#include "core/show.h"
#include "daemon/daemon.h"
#include "daemon/tables.h"

#define ANSWER_COUNTERS_MAX 288 /* of path and ports */
#define ANSWER_LINKS_MAX    64

struct answer_counters {
	struct mip6_tables_counter counter[ANSWER_COUNTERS_MAX];
	size_t count;
};

static void
answer_count(struct answer_counters *a, const char *group, const char *link,
    const char *name, const char *meaning, uint64_t count)
{
	struct mip6_tables_counter *c;

	if (a->count == ANSWER_COUNTERS_MAX)
		return;
	c = &a->counter[a->count++];
	(void)snprintf(c->group, sizeof(c->group), "%s%s", group, link);
	c->name = name;
	c->meaning = meaning;
	c->count = count;
}

static void
answer_count_path(struct answer_counters *a, const struct mip6_path *path)
{
	const struct mip6_path_counters *p = mip6_path_counters(path);
	const struct {
		const char *name, *meaning;
		uint64_t count;
	} rows[] = {
		{ "from-tun", "packets from applications", p->from_tun },
		{ "from-link", "packets captured", p->from_link },
		{ "to-tun", "packets to applications", p->to_tun },
		{ "to-link", "packets sent", p->to_link },
		{ "encapsulated", "packets put into a tunnel",
		    p->encapsulated },
		{ "decapsulated", "packets taken out of a tunnel",
		    p->decapsulated },
		{ "direct-out", "packets sent directly, not by a home agent",
		    p->direct_out },
		{ "direct-in", "packets that came directly", p->direct_in },
		{ "shortcut", "packets from one tunnel into another",
		    p->shortcut },
		{ "fragments-out", "fragments sent", p->fragments_out },
		{ "fragments-in", "fragments received", p->fragments_in },
		{ "reassembled", "packets made of fragments", p->reassembled },
		{ "too-big-sent", "Packet Too Big sent", p->too_big_sent },
		{ "unreachable-sent", "Destination Unreachable sent",
		    p->unreachable_sent },
		{ "checksums-finished", "checksums the card had left out",
		    p->checksums_finished },
		{ "merged-cut", "merged packets cut again", p->merged_cut },
		{ "former", "packets from a former care-of address",
		    p->former },
		{ "former-full",
		    "former care-of addresses there was no room for",
		    p->former_full },
		{ "rows", "forwarding rows now", p->rows },
		{ "hops", "next hops now", p->hops },
	};
	size_t i;

	for (i = 0; i < MIP6_COUNT(rows); i++)
		answer_count(a, "path", "", rows[i].name, rows[i].meaning,
		    rows[i].count);
}

static void
answer_count_ports(struct answer_counters *a, const struct mip6_host *h)
{
	const struct mip6_port *port;
	const char *link;
	size_t i;

	for (i = 0; (port = mip6_host_port(h, i)) != NULL; i++) {
		link = mip6_host_link_name(h, port->ifindex);
		answer_count(a, "", link, "received", "packets received",
		    port->received);
		answer_count(a, "", link, "sent", "packets sent", port->sent);
		answer_count(a, "", link, "overflowed",
		    "packets lost for want of a buffer", port->overflowed);
		answer_count(a, "", link, "failed",
		    "packets the link did not take", port->failed);
	}
}

static const char *
answer_link_name(void *arg, uint32_t ifindex)
{
	return mip6_host_link_name(arg, ifindex);
}

/* What went by the direct path, and so not by the home agent. */
static uint64_t
answer_direct_octets(void *arg, const struct mip6_addr *our,
    const struct mip6_addr *other)
{
	const struct mip6_path *p = mip6_engine_path(mip6_host_engine(arg));
	uint64_t in, out;

	return mip6_path_row_octets(p, our, other, &in, &out) ? in + out : 0;
}

static struct mip6_tables_source
answer_source(struct mip6_daemon *d, struct answer_counters *a)
{
	const struct mip6_engine *e = mip6_host_engine(d->host);

	a->count = 0;
	answer_count_path(a, mip6_engine_path(e));
	answer_count_ports(a, d->host);
	return (struct mip6_tables_source){ .node = mip6_engine_node(e),
		.now = mip6_plat_now(),
		.drops = mip6_engine_drops(e),
		.counter = a->counter,
		.counters = a->count,
		.link_name = answer_link_name,
		.direct_octets = answer_direct_octets,
		.arg = d->host };
}

/* ---- status ---- */

static json_t *
answer_roles(const struct mip6_conf *conf)
{
	json_t *roles = json_array();

	if (conf->mn.on)
		(void)json_array_append_new(roles, json_string("mn"));
	if (conf->ha.on)
		(void)json_array_append_new(roles, json_string("ha"));
	if (conf->cn.on)
		(void)json_array_append_new(roles, json_string("cn"));
	return roles;
}

/* What travels past the tunnel, so that nobody believes it does not. */
static json_t *
answer_outside(const struct mip6_conf *conf)
{
	json_t *outside = json_array();

	if (!conf->mn.on)
		return outside;
	(void)json_array_append_new(outside,
	    json_string("IPv4: it leaves by the host's own routes"));
	(void)json_array_append_new(outside,
	    json_string("IPv6 sent from a care-of address"));
	if (conf->mn.without_binding == MIP6_WITHOUT_BINDING_DIRECT)
		(void)json_array_append_new(outside,
		    json_string("everything while nothing is registered "
				"(without-binding = direct)"));
	return outside;
}

static json_t *
answer_bindings(const struct mip6_tables_source *source,
    const struct mip6_conf_ha *ha)
{
	char prefix[MIP6_ADDR_TEXT + 4];
	struct mip6_show_counts counts;

	mip6_show_counts(source->node, &counts);
	(void)snprintf(prefix, sizeof(prefix), "%s/%u",
	    mip6_addr_text(&ha->prefix[0].prefix.addr).s,
	    (unsigned int)ha->prefix[0].prefix.bits);
	return json_pack("{s:I,s:I,s:I,s:s,s:s}", "count",
	    (json_int_t)counts.home_bindings, "max",
	    (json_int_t)ha->bindings_max, "mobile_nodes",
	    (json_int_t)mip6_conf_mobiles(ha), "interface", ha->interface,
	    "prefix", prefix);
}

/* Route optimization, where a role knows it. */
static json_t *
answer_direct(const struct mip6_tables_source *source,
    const struct mip6_conf *conf)
{
	struct mip6_show_counts c;

	mip6_show_counts(source->node, &c);
	return json_pack("{s:o,s:I,s:o}", "correspondents",
	    conf->mn.on ? json_integer((json_int_t)c.correspondents) :
			  json_null(),
	    "direct", (json_int_t)c.direct, "bindings",
	    conf->cn.on ? json_integer((json_int_t)c.bindings) : json_null());
}

/* The platform, in words: what carries packets, and where. */
static json_t *
answer_platform(struct mip6_plat *plat)
{
	const char *warning = mip6_plat_warning(plat);
	struct utsname u;

	if (uname(&u) != 0)
		memset(&u, 0, sizeof(u));
	return json_pack("{s:o,s:o,s:s,s:s,s:s,s:I}", "system",
	    mip6_control_text(u.sysname), "release",
	    mip6_control_text(u.release), "packets",
	    "portable (libpcap in, libnet out)", "tun",
	    mip6_plat_tun_name(plat), "warning", warning != NULL ? warning : "",
	    "restored", (json_int_t)mip6_plat_restored(plat));
}

/* Where records go that outlive the process; null: nowhere. */
static json_t *
answer_store(const struct mip6_host *h)
{
	struct mip6_store_status s;

	if (!mip6_host_stored(h, &s))
		return json_null();
	return json_pack("{s:b,s:i,s:s,s:I,s:I,s:I,s:I,s:I,s:o}", "open",
	    (int)s.is_open, "errno", s.error, "error",
	    s.error != 0 ? strerror(s.error) : "", "waiting",
	    (json_int_t)s.waiting, "records", (json_int_t)s.records, "groups",
	    (json_int_t)s.groups, "failed", (json_int_t)s.failed, "refused",
	    (json_int_t)s.refused, "damage", mip6_control_text(s.damage));
}

static json_t *
answer_status(struct mip6_daemon *d, char *error, size_t octets)
{
	const struct mip6_conf *conf = &d->config->conf;
	struct answer_counters counters;
	struct mip6_tables_source source = answer_source(d, &counters);
	char text[512];
	struct mip6_fmt why = mip6_fmt_make(text, sizeof(text));
	size_t total;
	json_t *status, *more;

	mip6_show_why(source.node, &source.now, &why);
	status = json_pack("{s:s,s:i,s:I,s:o,s:s,s:s,s:b,s:o,s:b}", "version",
	    d->version, "pid", (int)getpid(), "uptime_us",
	    (json_int_t)mip6_time_sub(source.now.boot, d->started).us, "roles",
	    answer_roles(conf), "config", d->config_path, "log_level",
	    mip6_control_level_name(d->logger.level), "working",
	    text[0] == '\0', "why", mip6_control_text(text), "insecure",
	    (int)conf->insecure);
	more = json_pack("{s:b,s:o,s:o,s:o,s:o,s:o,s:o,s:o}",
	    "unprotected_optimization",
	    (int)(conf->mn.on && conf->mn.optimize != MIP6_OPTIMIZE_NONE),
	    "store", answer_store(d->host), "platform",
	    answer_platform(mip6_host_plat(d->host)), "outside_tunnel",
	    answer_outside(conf), "registrations",
	    mip6_tables_rows(&source, MIP6_SHOW_REGISTRATIONS, 0,
		MIP6_HOMES_MAX, &total),
	    "links",
	    mip6_tables_rows(&source, MIP6_SHOW_LINKS, 0, ANSWER_LINKS_MAX,
		&total),
	    "direct", answer_direct(&source, conf), "bindings",
	    conf->ha.on ? answer_bindings(&source, &conf->ha) : json_null());
	if (status == NULL || more == NULL ||
	    json_object_update(status, more) != 0) {
		json_decref(status);
		status = NULL;
		(void)snprintf(error, octets, "out of memory");
	}
	json_decref(more);
	return status;
}

static json_t *
answer_show(struct mip6_daemon *d, const struct mip6_control_request *request,
    char *error, size_t octets)
{
	struct answer_counters counters;
	struct mip6_tables_source source = answer_source(d, &counters);
	json_t *answer = mip6_tables_show(&source, request);

	if (answer == NULL)
		(void)snprintf(error, octets, "out of memory");
	return answer;
}

/* ---- commands ---- */

struct answer_search {
	const struct mip6_addr *hoa;
	bool found;
};

static void
answer_search_binding(void *arg, const struct mip6_show_binding *b)
{
	struct answer_search *s = arg;

	s->found |= mip6_addr_equal(&b->hoa, s->hoa);
}

static void
answer_search_home(void *arg, const struct mip6_show_registration *r)
{
	struct answer_search *s = arg;

	s->found |= mip6_addr_equal(&r->hoa, s->hoa) ||
	    (r->correspondent && mip6_addr_equal(&r->agent, s->hoa));
}

/* Why this flush makes no sense here, or NULL. */
static const char *
answer_flush_refused(struct mip6_daemon *d,
    const struct mip6_control_request *r)
{
	const struct mip6_node *node =
	    mip6_engine_node(mip6_host_engine(d->host));
	const struct mip6_conf *conf = &d->config->conf;
	struct mip6_now now = mip6_plat_now();
	struct answer_search s = { .hoa = &r->addr };

	switch (r->flush) {
	case MIP6_FLUSH_BINDING:
		if (!conf->ha.on)
			return "not a home agent";
		(void)mip6_show_bindings(node, &now, 0, SIZE_MAX,
		    answer_search_binding, &s);
		return s.found ? NULL : "no binding for this home address";
	case MIP6_FLUSH_REGISTRATION:
		if (!conf->mn.on)
			return "not a mobile node";
		if (mip6_addr_is_any(&r->addr))
			return NULL;
		(void)mip6_show_registrations(node, &now, 0, SIZE_MAX,
		    answer_search_home, &s);
		return s.found ?
		    NULL :
		    "neither a home address nor a correspondent of this node";
	case MIP6_FLUSH_NEIGHBOURS:
	case MIP6_FLUSH_ROUTES:
		break;
	}
	return NULL;
}

static json_t *
answer_flush(struct mip6_daemon *d, const struct mip6_control_request *r,
    char *error, size_t octets)
{
	static const enum mip6_command_kind kinds[] = {
		[MIP6_FLUSH_BINDING] = MIP6_CMD_FLUSH_BINDING,
		[MIP6_FLUSH_NEIGHBOURS] = MIP6_CMD_FLUSH_NEIGHBOURS,
		[MIP6_FLUSH_ROUTES] = MIP6_CMD_FLUSH_ROUTES,
		[MIP6_FLUSH_REGISTRATION] = MIP6_CMD_FLUSH_REGISTRATION,
	};
	struct mip6_ev_command command = { .kind = kinds[r->flush],
		.addr = r->addr };
	const char *why = answer_flush_refused(d, r);

	if (why != NULL) {
		(void)snprintf(error, octets, "%s", why);
		return NULL;
	}
	mip6_host_command(d->host, &command);
	return json_object();
}

static json_t *
answer_move(struct mip6_daemon *d, const struct mip6_control_request *r,
    char *error, size_t octets)
{
	struct mip6_ev_command command = { .kind = MIP6_CMD_MOVE };

	if (!d->config->conf.mn.on) {
		(void)snprintf(error, octets, "not a mobile node");
		return NULL;
	}
	if (r->interface[0] != '\0') {
		command.ifindex = mip6_host_link_index(d->host, r->interface);
		if (command.ifindex == 0) {
			(void)snprintf(error, octets,
			    "no such interface in use");
			return NULL;
		}
	}
	mip6_host_command(d->host, &command);
	return json_object();
}

json_t *
mip6_daemon_answer(void *arg, const struct mip6_control_request *request,
    char *error, size_t octets)
{
	struct mip6_daemon *d = arg;

	switch (request->command) {
	case MIP6_CONTROL_STATUS:
		return answer_status(d, error, octets);
	case MIP6_CONTROL_SHOW:
		return answer_show(d, request, error, octets);
	case MIP6_CONTROL_FLUSH:
		return answer_flush(d, request, error, octets);
	case MIP6_CONTROL_MOVE:
		return answer_move(d, request, error, octets);
	case MIP6_CONTROL_RELOAD:
		return mip6_daemon_reload(d, error, octets);
	case MIP6_CONTROL_LOG:
		mip6_daemon_log(d, request->level);
		return json_object();
	case MIP6_CONTROL_WATCH:
		break; /* the protocol's own */
	}
	(void)snprintf(error, octets, "not known here");
	return NULL;
}

void
mip6_daemon_log_counters(struct mip6_daemon *d)
{
	struct answer_counters counters;
	struct mip6_tables_source source = answer_source(d, &counters);
	size_t i;

	for (i = 0; i < MIP6_DROP_COUNT; i++)
		if (source.drops.count[i] > 0)
			MIP6_LOG(&d->logger.log, INFO, "daemon.counters",
			    MIP6_KS("group", "drop"),
			    MIP6_KS("name", mip6_drop_name((enum mip6_drop)i)),
			    MIP6_KU("count", source.drops.count[i]));
	for (i = 0; i < counters.count; i++)
		if (counters.counter[i].count > 0)
			MIP6_LOG(&d->logger.log, INFO, "daemon.counters",
			    MIP6_KS("group", counters.counter[i].group),
			    MIP6_KS("name", counters.counter[i].name),
			    MIP6_KU("count", counters.counter[i].count));
}
