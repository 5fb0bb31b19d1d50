/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Nothing here calls into the engine while it is at work: what it sends and
 * asks for becomes an event of the simulation, at the same instant or later.
 */
#include "sim/daemon.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/fmt.h"
#include "sim/effect.h"

/* True time of the simulation's start: 2024-01-01, in microseconds. */
#define DAEMON_WALL_US UINT64_C(1704067200000000)
/* How often a deadline may be "now" before the clock has to go on. */
#define DAEMON_IN_PLACE_MAX 1000

struct daemon_act {
	struct sim_daemon *daemon;
	uint64_t generation;
	struct mip6_action act;
	int error;
	uint8_t octets[MIP6_STORE_OCTETS_MAX]; /* of a record */
};

struct daemon_tun {
	struct sim_daemon *daemon;
	size_t count;
	uint8_t octets[];
};

static void daemon_after(struct sim_daemon *d);

struct mip6_now
sim_daemon_now(const struct sim_daemon *d)
{
	struct mip6_now now;

	/* A boot clock that does not begin at 0. */
	now.boot.us = d->sim->now_us + SIM_S;
	now.mono = now.boot;
	now.wall_us = (uint64_t)((int64_t)DAEMON_WALL_US + d->sim->now_us +
	    d->wall_offset_us);
	return now;
}

static void *
daemon_alloc(void *arg, size_t octets)
{
	struct sim_daemon *d = arg;

	d->octets += octets;
	return calloc(1, octets);
}

static void
daemon_release(void *arg, void *mem, size_t octets)
{
	struct sim_daemon *d = arg;

	if (mem == NULL)
		return;
	if (octets > d->octets)
		sim_fail(d->sim, "%s gives back more than it took",
		    d->host->name);
	d->octets -= octets;
	free(mem);
}

static void *
daemon_twin_alloc(void *arg, size_t octets)
{
	(void)arg;
	return calloc(1, octets);
}

static void
daemon_twin_release(void *arg, void *mem, size_t octets)
{
	(void)arg;
	(void)octets;
	free(mem);
}

static void
daemon_log(void *arg, enum mip6_log_level level, const char *event,
    const struct mip6_kv *kv, size_t count)
{
	struct sim_daemon *d = arg;
	char text[512];
	struct mip6_fmt f = mip6_fmt_make(text, sizeof(text));

	(void)level;
	mip6_log_format(&f, event, kv, count);
	sim_trace(d->sim, "       %-8s . %s", d->host->name, text);
	if (d->on_log != NULL)
		d->on_log(d->on_log_arg, d, event, kv, count);
}

/* ---- into the engine ---- */

static void
daemon_enter(struct sim_daemon *d)
{
	if (d->inside)
		sim_fail(d->sim, "%s: the engine is entered twice",
		    d->host->name);
	d->inside = true;
}

static void
daemon_event(struct sim_daemon *d, const struct mip6_event *ev)
{
	struct mip6_now now = sim_daemon_now(d);

	if (d->engine == NULL)
		return;
	daemon_enter(d);
	mip6_engine_event(d->engine, &now, ev);
	daemon_after(d);
}

static void
daemon_packet(struct sim_daemon *d, uint32_t ifindex,
    const struct mip6_lladdr *ll_src, bool ll_multicast, const uint8_t *octets,
    size_t count)
{
	struct mip6_now now = sim_daemon_now(d);
	struct mip6_pkt *pkt;

	if (d->engine == NULL)
		return;
	pkt = mip6_pool_get(mip6_engine_pool(d->engine), count);
	if (pkt == NULL)
		sim_fail(d->sim, "%s: no packet buffer left", d->host->name);
	memcpy(mip6_pkt_octets(pkt), octets, count);
	pkt->count = (uint32_t)count;
	pkt->ifindex = ifindex;
	pkt->ll_multicast = ll_multicast;
	if (ll_src != NULL)
		pkt->ll_src = *ll_src;
	daemon_enter(d);
	mip6_engine_packets(d->engine, &now, ifindex, &pkt, 1);
	daemon_after(d);
}

static void
daemon_timer(void *arg, uint64_t tag)
{
	struct sim_daemon *d = arg;
	struct mip6_now now = sim_daemon_now(d);

	if (d->engine == NULL || tag != d->timer_tag || d->asleep)
		return;
	d->timer_us = INT64_MAX;
	daemon_enter(d);
	mip6_engine_timer(d->engine, &now);
	daemon_after(d);
}

/* After each call: the next deadline, which time must be able to reach. */
static void
daemon_after(struct sim_daemon *d)
{
	struct mip6_time at = mip6_engine_deadline(d->engine);
	int64_t at_us;

	d->inside = false;
	sim_twin_ended(d->twin, mip6_engine_node(d->engine));
	if (mip6_time_is_never(at)) {
		d->timer_tag = 0;
		d->timer_us = INT64_MAX;
		return;
	}
	at_us = at.us - SIM_S;
	if (at_us > d->sim->now_us)
		d->timers_in_place = 0;
	else if (++d->timers_in_place > DAEMON_IN_PLACE_MAX)
		sim_fail(d->sim, "%s: its timer does not move forward",
		    d->host->name);
	if (at_us == d->timer_us && d->timer_tag != 0)
		return;
	d->timer_us = at_us;
	d->timer_tag = ++d->generation;
	sim_at(d->sim, at_us, daemon_timer, d, d->timer_tag);
}

/* ---- out of the engine ---- */

static void
daemon_to_tun(void *arg, uint64_t tag)
{
	struct daemon_tun *t = arg;

	(void)tag;
	sim_host_from_tun(t->daemon->host, t->octets, t->count);
	sim_free(t);
}

static void
daemon_transmit(void *arg, uint32_t ifindex, struct mip6_pkt *pkt)
{
	struct sim_daemon *d = arg;
	struct sim_iface *i = sim_host_iface_by(d->host, ifindex);
	struct daemon_tun *t;

	if (ifindex == 0) {
		t = sim_alloc(sizeof(*t) + pkt->count);
		t->daemon = d;
		t->count = pkt->count;
		memcpy(t->octets, mip6_pkt_octets(pkt), pkt->count);
		sim_at_owned(d->sim, d->sim->now_us, daemon_to_tun, t);
	} else if (i == NULL) {
		sim_fail(d->sim, "%s sends on link %u", d->host->name,
		    (unsigned int)ifindex);
	} else {
		sim_iface_send(i, mip6_pkt_octets(pkt), pkt->count);
	}
	mip6_pool_put(mip6_engine_pool(d->engine), pkt);
}

static void
daemon_ended(void *arg, uint64_t tag)
{
	struct daemon_act *a = arg;
	struct sim_daemon *d = a->daemon;
	struct mip6_event ev = { .kind = MIP6_EV_DONE };

	(void)tag;
	if (d->engine == NULL || a->generation != d->generation_engine) {
		sim_free(a);
		return;
	}
	if (a->error == 0 && (a->act.kind != MIP6_ACT_STORE || !d->store.ahead))
		a->error = sim_effect_apply(d, &a->act, &ev.u.done.route);
	sim_effect_trace(d, &a->act, a->error);
	d->acted++;
	if (a->error != 0)
		d->failed++;
	ev.u.done.action = a->act.id;
	ev.u.done.error = a->error;
	if (a->act.id != 0)
		daemon_event(d, &ev);
	sim_free(a);
}

static void
daemon_record(void *arg, const struct mip6_now *now,
    const struct mip6_event *ev)
{
	struct sim_daemon *d = arg;

	sim_twin_event(d->twin, now, ev);
}

struct daemon_name {
	struct sim_daemon *daemon;
	uint64_t generation;
	struct mip6_event ev;
};

static void
daemon_named(void *arg, uint64_t tag)
{
	struct daemon_name *a = arg;

	(void)tag;
	if (a->generation == a->daemon->generation_engine)
		daemon_event(a->daemon, &a->ev);
	sim_free(a);
}

/* A name that the test says nothing of does not exist. */
static void
daemon_resolve(struct sim_daemon *d, const struct mip6_action *act)
{
	struct daemon_name *a = sim_alloc(sizeof(*a));
	int64_t after_us = 20 * SIM_MS;
	struct sim_name *k;
	size_t i;

	a->daemon = d;
	a->generation = d->generation_engine;
	a->ev.kind = MIP6_EV_NAME;
	a->ev.u.name.action = act->id;
	a->ev.u.name.error = ENOENT;
	for (i = 0; i < SIM_NAMES_MAX; i++) {
		k = &d->name[i];
		if (k->name == NULL ||
		    strcmp(k->name, act->u.resolve.name) != 0)
			continue;
		a->ev.u.name.error = k->error;
		a->ev.u.name.addrs = k->addrs;
		memcpy(a->ev.u.name.addr, k->addr, sizeof(k->addr));
		if (k->after_us != 0)
			after_us = k->after_us;
		k->asked++;
		k->src = act->u.resolve.src;
	}
	sim_trace(d->sim, "       %-8s asks for %s", d->host->name,
	    act->u.resolve.name);
	sim_at_owned(d->sim, d->sim->now_us + after_us, daemon_named, a);
}

static void
daemon_act(void *arg, const struct mip6_action *act)
{
	struct sim_daemon *d = arg;
	struct daemon_act *a = sim_alloc(sizeof(*a));
	enum mip6_action_kind k = act->kind;
	/* A filter is there when the call returns, as the platform makes it. */
	bool at_once = k == MIP6_ACT_SILENCE || k == MIP6_ACT_SHIELD;
	int64_t at_us =
	    d->sim->now_us + d->late_next_us[k] + (at_once ? 0 : d->act_us);

	if (k < MIP6_ACT_TUN_MTU)
		sim_fail(d->sim, "%s: %s is not for the host", d->host->name,
		    mip6_action_name(k));
	sim_twin_compare(d->twin, act);
	if (k == MIP6_ACT_RESOLVE) {
		sim_free(a);
		daemon_resolve(d, act);
		return;
	}
	a->daemon = d;
	a->generation = d->generation_engine;
	a->act = *act;
	if (sim_rng_chance(&d->rng, d->faults.late_ppm))
		at_us += sim_rng_range(&d->rng, 0, d->faults.late_us);
	if (sim_rng_chance(&d->rng, d->faults.fail_ppm))
		a->error = ENOBUFS;
	if (d->fail_next[k] != 0)
		a->error = d->fail_next[k];
	d->fail_next[k] = 0;
	d->late_next_us[k] = 0;
	if (k == MIP6_ACT_STORE && act->u.store.count > 0) {
		memcpy(a->octets, act->u.store.octets, act->u.store.count);
		a->act.u.store.octets = a->octets;
	}
	if (k == MIP6_ACT_STORE && a->error == 0 && d->store.ahead)
		a->error = sim_effect_apply(d, &a->act, NULL);
	if (at_us < d->last_us[k])
		at_us = d->last_us[k];
	d->last_us[k] = at_us;
	sim_at_owned(d->sim, at_us, daemon_ended, a);
}

/* ---- what the host reports ---- */

static void
daemon_report_link(void *arg, struct sim_iface *i)
{
	struct sim_daemon *d = arg;
	struct mip6_event ev = { .kind = MIP6_EV_LINK };

	ev.u.link.ifindex = i->ifindex;
	memcpy(ev.u.link.name, i->name, sizeof(ev.u.link.name));
	ev.u.link.lladdr = i->lladdr;
	ev.u.link.mtu = i->mtu;
	ev.u.link.up = d->host->up[i->ifindex - 1];
	daemon_event(d, &ev);
}

static void
daemon_report_addr(void *arg, const struct sim_addr *a, bool gone)
{
	struct sim_daemon *d = arg;
	struct mip6_event ev = { .kind = MIP6_EV_ADDR };

	ev.u.addr.ifindex = a->ifindex;
	ev.u.addr.addr = a->addr;
	ev.u.addr.bits = a->bits;
	ev.u.addr.flags = a->flags;
	ev.u.addr.gone = gone;
	daemon_event(d, &ev);
}

static void
daemon_report_routes(void *arg)
{
	struct mip6_event ev = { .kind = MIP6_EV_ROUTES };

	daemon_event(arg, &ev);
}

static void
daemon_from_tun(void *arg, const uint8_t *octets, size_t count)
{
	daemon_packet(arg, 0, NULL, false, octets, count);
}

static void
daemon_captured(void *arg, struct sim_iface *i,
    const struct mip6_lladdr *ll_src, bool ll_multicast, const uint8_t *octets,
    size_t count)
{
	daemon_packet(arg, i->ifindex, ll_src, ll_multicast, octets, count);
}

/* ---- its life ---- */

void
sim_daemon_init(struct sim_daemon *d, struct sim_host *h, uint64_t seed)
{
	size_t i;

	memset(d, 0, sizeof(*d));
	d->sim = h->sim;
	d->host = h;
	d->rng = sim_rng_make(seed);
	d->limits = (struct mip6_engine_limits){ .rows = 64,
		.hops = 64,
		.waiting = 32,
		.reassembly = 16,
		.packets = 256,
		.big_packets = 8 };
	d->log.sink = daemon_log;
	d->log.arg = d;
	d->log.level = MIP6_LOG_DEBUG;
	for (i = 0; i < sizeof(d->stable_secret); i++)
		d->stable_secret[i] = (uint8_t)sim_rng_u64(&d->rng);
	d->was_forwarding = h->forwarding;
	h->daemon = d;
	h->on_link = daemon_report_link;
	h->on_addr = daemon_report_addr;
	h->on_routes = daemon_report_routes;
	h->on_tun = daemon_from_tun;
	h->on_capture = daemon_captured;
}

void
sim_daemon_fini(struct sim_daemon *d)
{
	if (d->engine != NULL)
		sim_daemon_kill(d);
}

void
sim_daemon_reload(struct sim_daemon *d)
{
	struct mip6_event ev = { .kind = MIP6_EV_CONFIG };

	/* The one before has to live until the engine has the next. */
	d->turn ^= 1;
	d->given[d->turn].conf = d->conf;
	memcpy(d->given[d->turn].mobile, d->mobile, sizeof(d->mobile));
	d->given[d->turn].conf.ha.mobile = d->given[d->turn].mobile;
	ev.u.conf = &d->given[d->turn].conf;
	daemon_event(d, &ev);
}

/* The twin says nothing and takes its memory elsewhere. */
static void
daemon_make_twin(struct sim_daemon *d, const struct mip6_engine_env *env,
    const struct mip6_now *now)
{
	struct mip6_node_env ne;

	memset(&ne, 0, sizeof(ne));
	ne.alloc =
	    (struct mip6_alloc){ daemon_twin_alloc, daemon_twin_release, d };
	memcpy(ne.seed, env->seed, sizeof(ne.seed));
	memcpy(ne.stable_secret, env->stable_secret, sizeof(ne.stable_secret));
	ne.coa_owner = env->coa_owner;
	d->twin = sim_twin_new(d->sim, d->host->name, &ne, now);
}

/* What the daemon before this one has stored, and that this was all. */
static void
daemon_restore(struct sim_daemon *d)
{
	struct mip6_event ev = { .kind = MIP6_EV_RESTORE };
	/* As it was: the engine writes into it while it is read. */
	const struct sim_store was = d->store;
	size_t i;

	if (d->store.damaged)
		d->store.records = 0;
	for (i = 0; i < was.records && !was.damaged; i++) {
		ev.u.restore.table = was.record[i].table;
		ev.u.restore.key = was.record[i].key;
		ev.u.restore.octets = was.record[i].octets;
		ev.u.restore.count = was.record[i].count;
		daemon_event(d, &ev);
	}
	memset(&ev.u, 0, sizeof(ev.u));
	ev.u.restore.end = true;
	ev.u.restore.damaged = was.damaged;
	d->store.damaged = false;
	daemon_event(d, &ev);
}

void
sim_daemon_start(struct sim_daemon *d)
{
	struct mip6_engine_env env;
	struct mip6_now now = sim_daemon_now(d);
	size_t i;

	if (d->engine != NULL)
		sim_fail(d->sim, "%s runs already", d->host->name);
	sim_effect_undo_all(d);
	memset(&env, 0, sizeof(env));
	env.alloc = (struct mip6_alloc){ daemon_alloc, daemon_release, d };
	env.log = &d->log;
	for (i = 0; i < sizeof(env.seed); i++)
		env.seed[i] = (uint8_t)sim_rng_u64(&d->rng);
	memcpy(env.stable_secret, d->stable_secret, sizeof(env.stable_secret));
	env.limits = d->limits;
	env.transmit = daemon_transmit;
	env.act = daemon_act;
	env.record = daemon_record;
	env.arg = d;
	daemon_make_twin(d, &env, &now);
	sim_trace(d->sim, "       %-8s daemon starts", d->host->name);
	d->engine = mip6_engine_new(&env, &now);
	if (d->engine == NULL)
		sim_fail(d->sim, "%s: no engine", d->host->name);
	d->generation_engine = ++d->generation;
	d->started_us = d->sim->now_us;
	d->timer_tag = 0;
	memset(d->last_us, 0, sizeof(d->last_us));
	sim_daemon_reload(d);
	daemon_restore(d);
	for (i = 0; i < d->host->ifaces; i++)
		daemon_report_link(d, &d->host->iface[i]);
	for (i = 0; i < SIM_HOST_ADDRS; i++)
		if (d->host->addr[i].used && d->host->addr[i].ifindex != 0)
			daemon_report_addr(d, &d->host->addr[i], false);
}

void
sim_daemon_sleep(struct sim_daemon *d, bool on)
{
	sim_trace(d->sim, "       %-8s %s", d->host->name,
	    on ? "is suspended" : "wakes up");
	d->asleep = on;
	/* What became due meanwhile is due now. */
	if (!on && d->timer_tag != 0 && d->timer_us <= d->sim->now_us)
		daemon_timer(d, d->timer_tag);
}

void
sim_daemon_kill(struct sim_daemon *d)
{
	uint32_t out;

	if (d->engine == NULL)
		return;
	sim_trace(d->sim, "       %-8s daemon dies", d->host->name);
	out = mip6_pool_out(mip6_engine_pool(d->engine));
	mip6_engine_free(d->engine);
	d->engine = NULL;
	sim_twin_free(d->twin);
	d->twin = NULL;
	sim_effect_tun_gone(d);
	if (d->octets != 0)
		sim_fail(d->sim, "%s leaks %zu octets (%u packets out)",
		    d->host->name, d->octets, (unsigned int)out);
}

void
sim_daemon_stop(struct sim_daemon *d)
{
	struct mip6_event ev = { .kind = MIP6_EV_STOP };

	daemon_event(d, &ev);
	sim_daemon_kill(d);
	sim_effect_undo_all(d);
}

void
sim_daemon_command(struct sim_daemon *d, enum mip6_command_kind kind,
    const struct mip6_addr *addr)
{
	struct mip6_event ev = { .kind = MIP6_EV_COMMAND };

	ev.u.command.kind = kind;
	if (addr != NULL)
		ev.u.command.addr = *addr;
	daemon_event(d, &ev);
}

/* ---- what it shows ---- */

uint64_t
sim_daemon_drops(const struct sim_daemon *d, enum mip6_drop why)
{
	struct mip6_drops all;

	if (d->engine == NULL)
		return 0;
	all = mip6_engine_drops(d->engine);
	return all.count[why];
}

struct daemon_find {
	struct sim_daemon *daemon;
	const struct mip6_addr *hoa; /* NULL: the first */
	bool found;
	void *to;
};

static void
daemon_found_registration(void *arg, const struct mip6_show_registration *r)
{
	struct daemon_find *f = arg;

	struct mip6_show_registration *to = f->to;

	if (f->found)
		return;
	*to = *r;
	(void)snprintf(f->daemon->why, sizeof(f->daemon->why), "%s", r->why);
	to->why = f->daemon->why;
	f->found = true;
}

static void
daemon_found_binding(void *arg, const struct mip6_show_binding *b)
{
	struct daemon_find *f = arg;

	if (f->found || !mip6_addr_equal(&b->hoa, f->hoa))
		return;
	*(struct mip6_show_binding *)f->to = *b;
	f->found = true;
}

bool
sim_daemon_registration(struct sim_daemon *d, struct mip6_show_registration *r)
{
	struct daemon_find f = { d, NULL, false, r };
	struct mip6_now now = sim_daemon_now(d);

	if (d->engine == NULL)
		return false;
	(void)mip6_show_registrations(mip6_engine_node(d->engine), &now, 0, 1,
	    daemon_found_registration, &f);
	return f.found;
}

bool
sim_daemon_binding(const struct sim_daemon *d, const struct mip6_addr *hoa,
    struct mip6_show_binding *b)
{
	struct daemon_find f = { NULL, hoa, false, b };
	struct mip6_now now = sim_daemon_now(d);

	if (d->engine == NULL)
		return false;
	(void)mip6_show_bindings(mip6_engine_node(d->engine), &now, 0,
	    SIM_MOBILES_MAX * 2, daemon_found_binding, &f);
	return f.found;
}
