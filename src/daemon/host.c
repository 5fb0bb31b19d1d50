/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The engine on a real host; see host.h.
 *
 * Invariants: `busy` is true exactly while the engine or the platform works
 * for us; ports are opened and closed by host_settle alone; a packet that is
 * handed to us is sent, or back in the pool, when host_settle returns.
 */
#include "daemon/host.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include <event2/event.h>

#include "base/fmt.h"
#include "crypto/crypto.h"
#include "daemon/leave.h"
#include "daemon/ports.h"
#include "daemon/resolve.h"
#include "daemon/records.h"

#define HOST_PORTS_MAX     64
#define HOST_LINKS_MAX     256
#define HOST_BURSTS        4    /* of one port before others have their turn */
#define HOST_LATER_MAX     4096 /* actions before the start */
#define HOST_CAPTURES_MAX  512
#define HOST_SETTLE_ROUNDS 1024
/*
 * The timers of the loop stand still while the host sleeps, deadlines do not:
 * so no wait is longer than this.
 */
#define HOST_WAIT_MAX MIP6_SPAN_S(10)

/* A port to be opened or closed. */
struct host_capture {
	uint32_t ifindex;
	uint64_t id;
	bool on;
};

struct mip6_host {
	struct event_base *base;
	struct mip6_logger *logger;
	const struct mip6_config *config;
	struct mip6_plat *plat;
	struct mip6_engine *engine; /* NULL: not any more */
	struct event *timer;
	struct event *plat_fd[MIP6_PLAT_FDS];
	struct mip6_plat_fd plat_ready[MIP6_PLAT_FDS];
	struct mip6_ports ports;
	struct mip6_records *records; /* NULL: nothing is stored */
	struct mip6_resolver *resolver;
	struct mip6_ev_link link[HOST_LINKS_MAX];
	size_t links;
	struct host_capture capture[HOST_CAPTURES_MAX];
	size_t captures;
	struct mip6_action *later; /* what was asked for before the start */
	size_t laters;
	bool started;
	bool busy;
	bool leaving;
	void (*left)(void *arg);
	void *left_arg;
};

static void *
host_alloc(void *arg, size_t octets)
{
	(void)arg;
	return calloc(1, octets);
}

static void
host_release(void *arg, void *mem, size_t octets)
{
	(void)arg;
	(void)octets;
	free(mem);
}

/* ---- packets ---- */

static const struct mip6_ev_link *
host_find_link(const struct mip6_host *h, uint32_t ifindex)
{
	size_t i;

	for (i = 0; i < h->links; i++)
		if (h->link[i].ifindex == ifindex)
			return &h->link[i];
	return NULL;
}

static void
host_decode(struct mip6_host *h, const char *way, uint32_t ifindex,
    const struct mip6_pkt *pkt)
{
	const struct mip6_ev_link *link = host_find_link(h, ifindex);
	bool frame = strcmp(way, "out") == 0 && link != NULL && !link->raw;

	mip6_logger_packet(h->logger, way, mip6_host_link_name(h, ifindex),
	    frame, mip6_pkt_octets(pkt), pkt->count);
}

/* The engine has a packet for a link, or for the TUN. */
static void
host_transmit(void *arg, uint32_t ifindex, struct mip6_pkt *pkt)
{
	struct mip6_host *h = arg;

	if (h->logger->packets)
		host_decode(h, "out", ifindex, pkt);
	if (!mip6_ports_send(&h->ports, ifindex, pkt))
		MIP6_LOG(&h->logger->log, DEBUG, "host.no-port",
		    MIP6_KS("link", mip6_host_link_name(h, ifindex)));
}

static void host_settle(struct mip6_host *h);

static void
host_received(void *arg, uint32_t ifindex, struct mip6_pkt *const *pkt,
    size_t n)
{
	struct mip6_host *h = arg;
	struct mip6_now now = mip6_plat_now();
	size_t i;

	for (i = 0; h->logger->packets && i < n; i++)
		host_decode(h, "in", ifindex, pkt[i]);
	h->busy = true;
	mip6_engine_packets(h->engine, &now, ifindex, pkt, n);
	h->busy = false;
}

static void
host_rest(void *arg)
{
	host_settle(arg);
}

/* ---- captures ---- */

/* Opens the capture of a link; 0 or an errno. */
static int
host_capture_on(struct mip6_host *h, uint32_t ifindex)
{
	const struct mip6_ev_link *link = host_find_link(h, ifindex);
	char err[256] = "";
	struct mip6_port *port;
	int error;

	if (mip6_ports_has(&h->ports, ifindex))
		return 0;
	if (link == NULL)
		return ENODEV;
	port = mip6_plat_port_open(h->plat, link, err, sizeof(err));
	if (port == NULL) {
		MIP6_LOG(&h->logger->log, WARNING, "host.capture-failed",
		    MIP6_KS("link", link->name), MIP6_KS("error", err));
		return EIO;
	}
	error = mip6_ports_add(&h->ports, port);
	if (error != 0)
		mip6_plat_port_close(h->plat, port);
	return error;
}

static int
host_capture_off(struct mip6_host *h, uint32_t ifindex)
{
	struct mip6_port *port = mip6_ports_remove(&h->ports, ifindex);

	if (port != NULL)
		mip6_plat_port_close(h->plat, port);
	return 0;
}

/* ---- events ---- */

static void
host_event(struct mip6_host *h, const struct mip6_event *ev)
{
	struct mip6_now now = mip6_plat_now();
	bool busy = h->busy;

	/* What the platform still reports while it is closed. */
	if (h->engine == NULL)
		return;
	h->busy = true;
	mip6_engine_event(h->engine, &now, ev);
	h->busy = busy;
}

static void
host_done(struct mip6_host *h, uint64_t id, int error,
    const struct mip6_route *route)
{
	struct mip6_event ev;

	if (id == 0)
		return;
	memset(&ev, 0, sizeof(ev));
	ev.kind = MIP6_EV_DONE;
	ev.u.done.action = id;
	ev.u.done.error = error;
	if (route != NULL)
		ev.u.done.route = *route;
	host_event(h, &ev);
}

/* The engine wants something from the host. */
static void
host_act(void *arg, const struct mip6_action *act)
{
	struct mip6_host *h = arg;

	if (act->kind == MIP6_ACT_STORE) {
		if (h->records != NULL)
			mip6_records_act(h->records, act);
	} else if (act->kind == MIP6_ACT_RESOLVE) {
		mip6_resolver_ask(h->resolver, act);
	} else if (act->kind == MIP6_ACT_CAPTURE) {
		MIP6_ASSERT(h->captures < HOST_CAPTURES_MAX);
		h->capture[h->captures++] =
		    (struct host_capture){ act->u.set.ifindex, act->id,
			    act->u.set.on };
	} else if (h->started) {
		mip6_plat_do(h->plat, act);
	} else {
		MIP6_ASSERT(h->laters < HOST_LATER_MAX);
		h->later[h->laters++] = *act;
	}
}

/* Sets the one timer to the engine's deadline. */
static void
host_arm(struct mip6_host *h)
{
	struct mip6_span wait = mip6_time_sub(mip6_engine_deadline(h->engine),
	    mip6_plat_now().boot);
	struct timeval tv;

	wait = mip6_span_min(wait, HOST_WAIT_MAX);
	wait = mip6_span_max(wait, MIP6_SPAN_US(0));
	tv.tv_sec = (time_t)(wait.us / 1000000);
	tv.tv_usec = (suseconds_t)(wait.us % 1000000);
	if (evtimer_add(h->timer, &tv) != 0)
		MIP6_LOG(&h->logger->log, ERROR, "host.timer",
		    MIP6_KS("error", "cannot be set"));
}

/*
 * The port sees the packets; now the kernel must not.  The action ends when
 * the platform says so.
 */
static void
host_keep_kernel_out(struct mip6_host *h, const struct host_capture *c)
{
	struct mip6_action act;

	memset(&act, 0, sizeof(act));
	act.kind = MIP6_ACT_CAPTURE;
	act.id = c->id;
	act.u.set.ifindex = c->ifindex;
	act.u.set.on = c->on;
	mip6_plat_do(h->plat, &act);
}

/* Does what the engine asked for while it worked, until nothing is left. */
static void
host_settle(struct mip6_host *h)
{
	struct host_capture c;
	int round, error;

	/* A report within a report: the outer one settles. */
	if (h->busy || h->engine == NULL)
		return;
	for (round = 0; round < HOST_SETTLE_ROUNDS; round++) {
		mip6_ports_flush(&h->ports);
		if (h->captures == 0 || !h->started)
			break;
		c = h->capture[0];
		h->captures--;
		memmove(h->capture, h->capture + 1,
		    h->captures * sizeof(h->capture[0]));
		error = c.on ? host_capture_on(h, c.ifindex) :
			       host_capture_off(h, c.ifindex);
		if (error != 0)
			host_done(h, c.id, error, NULL);
		else
			host_keep_kernel_out(h, &c);
	}
	if (h->records != NULL)
		mip6_records_flush(h->records);
	host_arm(h);
	if (h->leaving && h->left != NULL && !mip6_host_leaving(h))
		h->left(h->left_arg);
}

static void
host_timer(evutil_socket_t fd, short what, void *arg)
{
	struct mip6_host *h = arg;
	struct mip6_now now = mip6_plat_now();

	(void)fd;
	(void)what;
	h->busy = true;
	mip6_engine_timer(h->engine, &now);
	h->busy = false;
	host_settle(h);
}

/* ---- reports of the platform ---- */

static void
host_plat_readable(evutil_socket_t fd, short what, void *arg)
{
	struct mip6_host *h = arg;
	size_t i;

	(void)what;
	for (i = 0; i < MIP6_PLAT_FDS; i++) {
		if (h->plat_fd[i] == NULL || h->plat_ready[i].fd != fd)
			continue;
		h->busy = true;
		h->plat_ready[i].ready(h->plat);
		h->busy = false;
	}
	host_settle(h);
}

static bool
host_wants_link(void *arg, const char *name)
{
	struct mip6_host *h = arg;
	const struct mip6_conf *conf = &h->config->conf;

	/* A home agent and a correspondent send wherever the host would. */
	return conf->ha.on || conf->cn.on ||
	    mip6_conf_interface_match(&conf->mn, name);
}

static void
host_note_link(struct mip6_host *h, const struct mip6_ev_link *l)
{
	size_t i;

	for (i = 0; i < h->links; i++)
		if (h->link[i].ifindex == l->ifindex)
			break;
	if (l->gone) {
		if (i < h->links)
			h->link[i] = h->link[--h->links];
		return;
	}
	if (i == HOST_LINKS_MAX) {
		MIP6_LOG(&h->logger->log, WARNING, "host.too-many-links",
		    MIP6_KS("link", l->name));
		return;
	}
	h->link[i] = *l;
	if (i == h->links)
		h->links++;
}

static void
host_link(void *arg, const struct mip6_ev_link *l)
{
	struct mip6_host *h = arg;
	struct mip6_event ev;

	host_note_link(h, l);
	memset(&ev, 0, sizeof(ev));
	ev.kind = MIP6_EV_LINK;
	ev.u.link = *l;
	host_event(h, &ev);
	host_settle(h);
}

static void
host_addr(void *arg, const struct mip6_ev_addr *a)
{
	struct mip6_host *h = arg;
	struct mip6_event ev;

	memset(&ev, 0, sizeof(ev));
	ev.kind = MIP6_EV_ADDR;
	ev.u.addr = *a;
	host_event(h, &ev);
	host_settle(h);
}

static void
host_routes(void *arg)
{
	struct mip6_host *h = arg;
	struct mip6_event ev;

	memset(&ev, 0, sizeof(ev));
	ev.kind = MIP6_EV_ROUTES;
	host_event(h, &ev);
	host_settle(h);
}

static void
host_plat_done(void *arg, uint64_t id, int error,
    const struct mip6_route *route)
{
	struct mip6_host *h = arg;

	host_done(h, id, error, route);
	host_settle(h);
}

/* ---- life ---- */

static bool
host_open_plat(struct mip6_host *h, const struct mip6_host_env *env, char *err,
    size_t err_octets)
{
	const struct mip6_plat_env pe = { .log = &env->logger->log,
		.state_dir = env->state_dir,
		.tun_name = MIP6_PLAT_TUN_NAME,
		.wants_link = host_wants_link,
		.link = host_link,
		.addr = host_addr,
		.routes = host_routes,
		.done = host_plat_done,
		.arg = h };
	int undone;

	h->plat = mip6_plat_new(&pe, err, err_octets);
	if (h->plat == NULL)
		return false;
	undone = mip6_plat_recover(h->plat);
	if (undone > 0)
		MIP6_LOG(&h->logger->log, INFO, "host.recovered",
		    MIP6_KI("undone", undone));
	return true;
}

static bool
host_open_engine(struct mip6_host *h, const struct mip6_host_env *env)
{
	struct mip6_engine_env ee = { .alloc = { host_alloc, host_release,
					  NULL },
		.log = &env->logger->log,
		.limits = mip6_engine_limits_default,
		.transmit = host_transmit,
		.act = host_act,
		.arg = h };
	struct mip6_now now = mip6_plat_now();

	if (env->config->conf.ha.on) /* a row each */
		ee.limits.rows += env->config->conf.ha.bindings_max;
	memcpy(ee.seed, env->seed, sizeof(ee.seed));
	memcpy(ee.stable_secret, env->stable_secret, sizeof(ee.stable_secret));
	ee.coa_owner = mip6_plat_coa_owner();
	h->engine = mip6_engine_new(&ee, &now);
	mip6_crypto_wipe(&ee, sizeof(ee));
	return h->engine != NULL;
}

static void
host_record_event(void *arg, const struct mip6_event *ev)
{
	host_event(arg, ev);
}

/* What a node has to remember beyond its life. */
static bool
host_open_records(struct mip6_host *h, const struct mip6_host_env *env)
{
	const struct mip6_conf *conf = &env->config->conf;
	const struct mip6_records_env re = { .base = env->base,
		.logger = env->logger,
		.state_dir = env->state_dir,
		.sync =
		    conf->ha.on && conf->ha.durability == MIP6_DURABILITY_SYNC,
		.event = host_record_event,
		.rest = host_rest,
		.arg = h };

	if (!conf->mn.on &&
	    (!conf->ha.on || conf->ha.durability == MIP6_DURABILITY_NONE))
		return true;
	h->records = mip6_records_open(&re);
	return h->records != NULL;
}

struct mip6_host *
mip6_host_new(const struct mip6_host_env *env, char *err, size_t err_octets)
{
	struct mip6_host *h = calloc(1, sizeof(*h));
	const struct mip6_resolver_env re = { .base = env->base,
		.logger = env->logger,
		.resolv_conf = MIP6_RESOLV_CONF,
		.event = host_record_event,
		.rest = host_rest,
		.arg = h };

	(void)snprintf(err, err_octets, "out of memory");
	if (h == NULL)
		return NULL;
	h->base = env->base;
	h->logger = env->logger;
	h->config = env->config;
	h->left = env->left;
	h->left_arg = env->left_arg;
	h->later = calloc(HOST_LATER_MAX, sizeof(*h->later));
	h->timer = evtimer_new(h->base, host_timer, h);
	h->resolver = mip6_resolver_new(&re);
	if (h->later == NULL || h->timer == NULL || h->resolver == NULL ||
	    !host_open_plat(h, env, err, err_octets)) {
		mip6_host_free(h);
		return NULL;
	}
	if (!host_open_engine(h, env) || !host_open_records(h, env)) {
		(void)snprintf(err, err_octets,
		    "out of memory, or OpenSSL without HMAC-SHA1");
		mip6_host_free(h);
		return NULL;
	}
	h->ports.base = h->base;
	h->ports.pool = mip6_engine_pool(h->engine);
	h->ports.received = host_received;
	h->ports.rest = host_rest;
	h->ports.arg = h;
	return h;
}

static bool
host_watch_plat(struct mip6_host *h)
{
	size_t n = mip6_plat_fds(h->plat, h->plat_ready);
	size_t i;

	for (i = 0; i < n; i++) {
		h->plat_fd[i] = event_new(h->base, h->plat_ready[i].fd,
		    EV_READ | EV_PERSIST, host_plat_readable, h);
		if (h->plat_fd[i] == NULL ||
		    event_add(h->plat_fd[i], NULL) != 0)
			return false;
	}
	return true;
}

bool
mip6_host_start(struct mip6_host *h, char *err, size_t err_octets)
{
	size_t i;

	mip6_host_config(h, h->config);
	h->busy = true;
	if (h->records != NULL)
		mip6_records_restore(h->records);
	if (mip6_plat_start(h->plat, err, err_octets) != 0) {
		h->busy = false;
		return false;
	}
	if (!host_watch_plat(h) ||
	    mip6_ports_add(&h->ports, mip6_plat_tun_port(h->plat)) != 0) {
		h->busy = false;
		(void)snprintf(err, err_octets, "out of memory");
		return false;
	}
	h->started = true;
	for (i = 0; i < h->laters; i++)
		mip6_plat_do(h->plat, &h->later[i]);
	free(h->later);
	h->later = NULL;
	h->laters = 0;
	h->busy = false;
	host_settle(h);
	return true;
}

void
mip6_host_free(struct mip6_host *h)
{
	struct mip6_port *port;
	size_t i;

	if (h == NULL)
		return;
	while ((port = mip6_ports_get(&h->ports, 0)) != NULL) {
		(void)mip6_ports_remove(&h->ports, port->ifindex);
		/* The TUN's port is the platform's own. */
		if (port->ifindex != 0)
			mip6_plat_port_close(h->plat, port);
	}
	for (i = 0; i < MIP6_PLAT_FDS; i++)
		if (h->plat_fd[i] != NULL)
			event_free(h->plat_fd[i]);
	if (h->timer != NULL)
		event_free(h->timer);
	mip6_engine_free(h->engine);
	h->engine = NULL;
	mip6_records_close(h->records);
	mip6_resolver_free(h->resolver);
	if (h->plat != NULL)
		mip6_plat_free(h->plat);
	free(h->later);
	free(h);
}

void
mip6_host_config(struct mip6_host *h, const struct mip6_config *config)
{
	struct mip6_event ev;

	h->config = config;
	memset(&ev, 0, sizeof(ev));
	ev.kind = MIP6_EV_CONFIG;
	ev.u.conf = &config->conf;
	host_event(h, &ev);
	host_settle(h);
}

void
mip6_host_command(struct mip6_host *h, const struct mip6_ev_command *command)
{
	struct mip6_event ev;

	memset(&ev, 0, sizeof(ev));
	ev.kind = MIP6_EV_COMMAND;
	ev.u.command = *command;
	host_event(h, &ev);
	host_settle(h);
}

void
mip6_host_stop(struct mip6_host *h)
{
	struct mip6_event ev;

	memset(&ev, 0, sizeof(ev));
	ev.kind = MIP6_EV_STOP;
	host_event(h, &ev);
	h->leaving = true;
	host_settle(h);
}

bool
mip6_host_leaving(const struct mip6_host *h)
{
	return h->leaving && mip6_leave_waits(&h->config->conf, h->engine);
}

const struct mip6_engine *
mip6_host_engine(const struct mip6_host *h)
{
	return h->engine;
}

bool
mip6_host_stored(const struct mip6_host *h, struct mip6_store_status *status)
{
	if (h->records != NULL)
		*status = mip6_records_status(h->records);
	return h->records != NULL;
}

struct mip6_plat *
mip6_host_plat(const struct mip6_host *h)
{
	return h->plat;
}

const char *
mip6_host_link_name(const struct mip6_host *h, uint32_t ifindex)
{
	const struct mip6_ev_link *link;

	if (ifindex == 0)
		return mip6_plat_tun_name(h->plat);
	link = host_find_link(h, ifindex);
	return link != NULL ? link->name : "?";
}

uint32_t
mip6_host_link_index(const struct mip6_host *h, const char *name)
{
	size_t i;

	for (i = 0; i < h->links; i++)
		if (strcmp(h->link[i].name, name) == 0)
			return h->link[i].ifindex;
	return 0;
}

const struct mip6_port *
mip6_host_port(const struct mip6_host *h, size_t i)
{
	return mip6_ports_get(&h->ports, i);
}
