/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A step is one thing that happens, a stay, and the demand that sessions go
 * on.  What was broken in a step is mended in it, so that no two failures add
 * up to an outage that no transport would survive.
 */
#include "sim/commute.h"

#include <string.h>

#include "sim/counts.h"
#include "sim/pairs.h"

#define COMMUTE_PING_US   (4 * SIM_S)
#define COMMUTE_RATE      300 /* octets a second */
#define COMMUTE_SETTLE_US (300 * SIM_S)
#define COMMUTE_MOVES_MIN 100
#define COMMUTE_IDLE_US   (20 * SIM_S)
#define COMMUTE_LUCK_US   (60 * SIM_S)
#define COMMUTE_LOSS_PPM  300000 /* of a segment that is broken, or all */
/* Octets that tables may take once and keep: chunks, an index that grew. */
#define COMMUTE_OCTETS (256 << 10)

#define PICK(r, ...)                                                           \
	((const int64_t[]){ __VA_ARGS__ })[sim_rng_below((r),                  \
	    sizeof((const int64_t[]){ __VA_ARGS__ }) / sizeof(int64_t))]

enum commute_net { COMMUTE_GOOD, COMMUTE_DEAD, COMMUTE_CAPTIVE };

struct commute {
	struct sim_world w;
	struct sim_check check;
	struct sim_rng rng;
	struct sim_iface *second;
	bool direct; /* with the correspondent, past the home agent */
	struct sim_daemon cn;
	struct sim_ping ping[3];
	struct sim_stream stream[2];
	enum commute_net net[2]; /* of a, b */
	bool slept;              /* once for long */
	int64_t unlucky_us;      /* chance took an update or its answer */
	struct sim_storm_result *result;
};

/* ---- networks that are none ---- */

static struct sim_host *
commute_router(struct commute *c, size_t k)
{
	return k == 0 ? &c->w.ra : &c->w.rb;
}

/*
 * What would leave a network that is dead is lost; a captive one says that it
 * is prohibited.
 */
static struct sim_verdict
commute_filter(void *arg, const struct sim_segment *seg,
    const struct sim_iface *from, const uint8_t *octets, size_t count)
{
	struct sim_verdict pass = { false, 1, 0 }, drop = { true, 1, 0 };
	struct commute *c = arg;
	struct sim_sight s;
	size_t k;

	if (seg != c->w.core)
		return pass;
	for (k = 0; k < MIP6_COUNT(c->net); k++)
		if (from->host == commute_router(c, k))
			break;
	if (k == MIP6_COUNT(c->net) || c->net[k] == COMMUTE_GOOD)
		return pass;
	sim_sight_read(&s, octets, count);
	if (s.kind != SIM_BU && s.kind != SIM_MH && s.kind != SIM_TUNNEL &&
	    !s.v.has_hao)
		return pass;
	if (c->net[k] == COMMUTE_CAPTIVE)
		sim_host_icmp_error(from->host, &s.v, octets + MIP6_ETH_OCTETS,
		    MIP6_ICMP6_UNREACHABLE, 1, 0);
	return drop;
}

/*
 * The next update comes as late as MAX_BINDACK_TIMEOUT after one that is lost:
 * chance takes one of them, not several in a row.
 */
static bool
commute_spare(void *arg, const struct sim_segment *seg, const uint8_t *octets,
    size_t count)
{
	struct commute *c = arg;
	struct sim_sight s;

	sim_sight_read(&s, octets, count);
	if ((s.kind != SIM_BU && s.kind != SIM_BA) ||
	    seg->quality.loss_ppm >= COMMUTE_LOSS_PPM)
		return false;
	if (c->unlucky_us + COMMUTE_LUCK_US > c->w.sim.now_us)
		return true;
	c->unlucky_us = c->w.sim.now_us;
	return false;
}

static void
commute_mend_net(void *arg, uint64_t k)
{
	struct commute *c = arg;

	c->net[k] = COMMUTE_GOOD;
}

static void
commute_break_net(struct commute *c, int64_t for_us)
{
	uint64_t k = sim_rng_below(&c->rng, MIP6_COUNT(c->net));

	if (c->net[k] != COMMUTE_GOOD)
		return;
	c->net[k] =
	    sim_rng_below(&c->rng, 2) == 0 ? COMMUTE_DEAD : COMMUTE_CAPTIVE;
	sim_trace(&c->w.sim, "       %s lets nothing through", k ? "b" : "a");
	sim_in(&c->w.sim, for_us, commute_mend_net, c, k);
}

static void
commute_mend_segment(void *arg, uint64_t tag)
{
	struct sim_segment *seg = arg;

	seg->quality.loss_ppm = (uint32_t)tag;
}

/* It loses much, or everything, and so its router falls silent. */
static void
commute_lose(struct commute *c, int64_t for_us)
{
	struct sim_net *n = &c->w.net;
	struct sim_segment *seg =
	    &n->segment[sim_rng_below(&c->rng, n->segments)];

	if (seg->quality.loss_ppm >= COMMUTE_LOSS_PPM)
		return;
	sim_trace(&c->w.sim, "       %s breaks", seg->name);
	sim_in(&c->w.sim, for_us, commute_mend_segment, seg,
	    seg->quality.loss_ppm);
	seg->quality.loss_ppm =
	    (uint32_t)PICK(&c->rng, COMMUTE_LOSS_PPM, SIM_PPM);
}

/* ---- the laptop ---- */

static struct sim_mobile *
commute_mn(struct commute *c)
{
	return &c->w.mn[0];
}

static bool
commute_is_nowhere(const struct commute *c)
{
	return c->w.mn[0].iface->segment == NULL && c->second->segment == NULL;
}

static const char *
commute_link(struct commute *c)
{
	static const char *const link[] = { "home", "a", "b", "c" };

	return link[sim_rng_below(&c->rng, MIP6_COUNT(link))];
}

static void
commute_move_first(struct commute *c)
{
	const char *to = commute_link(c);
	struct sim_segment *there = c->second->segment;

	if (there != NULL && strcmp(there->name, to) == 0)
		sim_host_attach(&commute_mn(c)->host, c->second, NULL);
	sim_world_move(&c->w, 0, to,
	    PICK(&c->rng, 0, 0, 50 * SIM_MS, SIM_S, 5 * SIM_S));
	c->result->moves++;
}

/* The second one is unplugged, or goes to a foreign link. */
static void
commute_move_second(struct commute *c)
{
	struct sim_host *h = &commute_mn(c)->host;
	struct sim_segment *first = commute_mn(c)->iface->segment;
	const char *to = commute_link(c);

	if (c->second->segment != NULL)
		sim_host_attach(h, c->second, NULL);
	if (first == NULL || strcmp(to, "home") == 0 ||
	    strcmp(first->name, to) == 0)
		return;
	sim_host_attach(h, c->second, sim_net_find(&c->w.net, to));
	c->result->moves++;
}

/* The first one loses its carrier while the second one is there. */
static void
commute_pull(struct commute *c)
{
	if (c->second->segment == NULL)
		return;
	sim_world_move(&c->w, 0, NULL, 0);
	c->result->moves++;
}

static void
commute_pause(struct commute *c, bool on)
{
	size_t k;

	for (k = 0; k < MIP6_COUNT(c->ping); k++)
		sim_ping_pause(&c->ping[k], on);
	for (k = 0; k < MIP6_COUNT(c->stream); k++)
		sim_stream_pause(&c->stream[k], on);
}

static bool
commute_idle(void *arg)
{
	const struct commute *c = arg;

	return sim_stream_idle(&c->stream[0]) && sim_stream_idle(&c->stream[1]);
}

/*
 * The lid is closed and opened, elsewhere perhaps.  For long only when nothing
 * is under way: no transport waits half an hour for an acknowledgement.
 */
static void
commute_suspend(struct commute *c)
{
	struct sim_mobile *m = commute_mn(c);
	bool idle;

	commute_pause(c, true);
	idle = sim_world_until(&c->w, commute_idle, c, COMMUTE_IDLE_US) &&
	    !c->slept;
	c->slept |= idle;
	sim_world_move(&c->w, 0, NULL, 0);
	if (c->second->segment != NULL)
		sim_host_attach(&m->host, c->second, NULL);
	sim_daemon_sleep(&m->daemon, true);
	sim_run(&c->w.sim,
	    idle ? PICK(&c->rng, 60 * SIM_S, 600 * SIM_S, 1800 * SIM_S) :
		   PICK(&c->rng, SIM_S, 5 * SIM_S, 20 * SIM_S));
	/* What its owner, or nobody, did to the clock. */
	m->daemon.wall_offset_us =
	    PICK(&c->rng, 0, 0, 5 * SIM_S, 3600 * SIM_S, -3600 * SIM_S);
	sim_daemon_sleep(&m->daemon, false);
	sim_world_move(&c->w, 0, commute_link(c), 0);
	commute_pause(c, false);
	c->result->moves++;
}

static void
commute_start(void *arg, uint64_t tag)
{
	(void)tag;
	sim_daemon_start(arg);
}

/* The home agent, or the correspondent when it takes part. */
static void
commute_restart(struct commute *c)
{
	struct sim_daemon *d =
	    c->direct && sim_rng_below(&c->rng, 2) == 0 ? &c->cn : &c->w.had;

	if (d->engine == NULL)
		return;
	c->check.strays = true;
	c->result->restarts++;
	if (sim_rng_below(&c->rng, 2) == 0)
		sim_daemon_kill(d);
	else
		sim_daemon_stop(d);
	sim_in(&c->w.sim, PICK(&c->rng, 0, SIM_S, 10 * SIM_S), commute_start, d,
	    0);
}

static void
commute_command(struct commute *c)
{
	static const enum mip6_command_kind kind[] = {
		MIP6_CMD_FLUSH_NEIGHBOURS, MIP6_CMD_FLUSH_ROUTES,
		MIP6_CMD_FLUSH_REGISTRATION, MIP6_CMD_MOVE
	};

	sim_daemon_command(&commute_mn(c)->daemon,
	    kind[sim_rng_below(&c->rng, MIP6_COUNT(kind))], &mip6_addr_any);
}

/* ---- steps ---- */

static bool
commute_goes_on(void *arg)
{
	const struct commute *c = arg;
	size_t k;

	for (k = 0; k < MIP6_COUNT(c->ping); k++)
		if (c->ping[k].flow.open && c->ping[k].first_answer_us == 0)
			return false;
	return true;
}

/* Sessions go on, with what is still broken from now on. */
static void
commute_demand(struct commute *c)
{
	struct sim *s = &c->w.sim;
	uint64_t una[2] = { c->stream[0].una, c->stream[1].una };
	int64_t began_us = s->now_us;
	size_t k;

	for (k = 0; k < MIP6_COUNT(c->ping); k++)
		sim_ping_mark(&c->ping[k]);
	if (!sim_world_until(&c->w, commute_goes_on, c, SIM_COMMUTE_AGAIN_US))
		sim_fail(s, "nobody is reached within %lld s",
		    (long long)(SIM_COMMUTE_AGAIN_US / SIM_S));
	if (s->now_us - began_us > c->result->reachable_us)
		c->result->reachable_us = s->now_us - began_us;
	/* A sender that has backed off asks again after 8 s at the most. */
	while (s->now_us < began_us + SIM_COMMUTE_AGAIN_US &&
	    (c->stream[0].una == una[0] || c->stream[1].una == una[1]))
		sim_run(s, SIM_S);
	for (k = 0; k < MIP6_COUNT(c->stream); k++)
		if (c->stream[k].resets > 0 || c->stream[k].una == una[k])
			sim_fail(s, "session %zu is dead", k);
}

static void
commute_step(struct commute *c)
{
	if (commute_is_nowhere(c)) {
		commute_move_first(c);
		return;
	}
	switch (sim_rng_below(&c->rng, 32)) {
	case 0:
		commute_restart(c);
		break;
	case 1:
		commute_suspend(c);
		break;
	case 2:
	case 3:
	case 4:
		commute_break_net(c,
		    PICK(&c->rng, SIM_S, 10 * SIM_S, 20 * SIM_S));
		break;
	case 5:
	case 6:
	case 7:
		commute_lose(c,
		    PICK(&c->rng, 100 * SIM_MS, 3 * SIM_S, 12 * SIM_S));
		break;
	case 8:
		commute_command(c);
		break;
	case 9:
	case 10:
	case 11:
	case 12:
		commute_pull(c);
		break;
	case 13:
	case 14:
	case 15:
	case 16:
	case 17:
	case 18:
		commute_move_second(c);
		break;
	default:
		commute_move_first(c);
		break;
	}
}

static void
commute_travel(struct commute *c)
{
	while (c->w.sim.now_us < SIM_COMMUTE_US) {
		commute_step(c);
		/* Sometimes two at once. */
		if (sim_rng_below(&c->rng, 4) == 0)
			commute_step(c);
		sim_run(&c->w.sim,
		    PICK(&c->rng, 0, SIM_S, 5 * SIM_S, 10 * SIM_S, 20 * SIM_S));
		/* It may be on its way; nobody stays away from all links. */
		if (commute_is_nowhere(c))
			sim_run(&c->w.sim, 5 * SIM_S);
		if (commute_is_nowhere(c))
			commute_move_first(c);
		commute_demand(c);
	}
	if (c->result->moves < COMMUTE_MOVES_MIN)
		sim_fail(&c->w.sim, "only %llu moves",
		    (unsigned long long)c->result->moves);
}

/* ---- a day ---- */

/* Where tables are compared: at home, and the second interface on a. */
static void
commute_settle(struct commute *c)
{
	if (c->second->segment != NULL)
		sim_host_attach(&commute_mn(c)->host, c->second, NULL);
	sim_host_attach(&commute_mn(c)->host, c->second, c->w.a);
	sim_world_move(&c->w, 0, "home", 0);
}

static void
commute_begin(struct commute *c, struct sim_world_conf *conf)
{
	struct sim_mobile *m = commute_mn(c);
	struct mip6_conf_mn *mn = &m->daemon.conf.mn;
	size_t k;

	sim_world_init(&c->w, conf);
	sim_check_init(&c->check, &c->w);
	c->w.net.filter = commute_filter;
	c->w.net.filter_arg = c;
	c->w.net.spare = commute_spare;
	c->w.net.spare_arg = c;
	c->w.had.conf.ha.durability = MIP6_DURABILITY_SYNC;
	c->second = sim_host_iface(&m->host, NULL);
	(void)snprintf(mn->interface[0], sizeof(mn->interface[0]), "%s",
	    m->iface->name);
	(void)snprintf(mn->interface[1], sizeof(mn->interface[1]), "*");
	mn->interfaces = 2;
	if (c->direct) {
		mn->optimize = MIP6_OPTIMIZE_ALL;
		sim_daemon_init(&c->cn, &c->w.cn, conf->seed ^ 0x636e);
		c->cn.conf.cn.on = true;
		c->cn.conf.cn.refresh_requests = true;
		sim_daemon_start(&c->cn);
	}
	sim_world_start(&c->w);
	/* The last way away leaves its routes: it has been away once. */
	sim_world_move(&c->w, 0, "b", 0);
	if (!sim_world_registered(&c->w, 0, "b", 60 * SIM_S))
		sim_fail(&c->w.sim, "never away");
	commute_settle(c);
	if (!sim_world_at_home(&c->w, 0, 30 * SIM_S))
		sim_fail(&c->w.sim, "never at home");
	sim_ping_start(&c->w.transport, &c->ping[0], &m->host, &c->w.cn,
	    &c->w.cn_addr, &m->hoa, COMMUTE_PING_US);
	sim_ping_start(&c->w.transport, &c->ping[1], &c->w.cn, &m->host,
	    &m->hoa, &mip6_addr_any, COMMUTE_PING_US);
	sim_ping_start(&c->w.transport, &c->ping[2], &m->host, &c->w.nb,
	    &c->w.nb_addr, &m->hoa, COMMUTE_PING_US);
	for (k = 0; k < MIP6_COUNT(c->stream); k++) {
		c->stream[k].download = k == 1;
		c->stream[k].octets = UINT64_MAX / 2;
		c->stream[k].octets_per_s = COMMUTE_RATE;
		sim_stream_start(&c->w.transport, &c->stream[k], &m->host,
		    &c->w.cn, &c->w.cn_addr, &m->hoa);
	}
}

static void
commute_home(struct commute *c)
{
	size_t k;

	c->w.net.perfect = true;
	/* What is broken mends. */
	sim_run(&c->w.sim, 30 * SIM_S);
	commute_mn(c)->daemon.wall_offset_us = 0;
	commute_settle(c);
	if (!sim_world_at_home(&c->w, 0, 90 * SIM_S))
		sim_fail(&c->w.sim, "not at home in the end");
	commute_demand(c);
	for (k = 0; k < MIP6_COUNT(c->stream); k++)
		sim_stream_finish(&c->stream[k]);
	sim_run(&c->w.sim, COMMUTE_SETTLE_US);
	for (k = 0; k < MIP6_COUNT(c->stream); k++) {
		if (c->stream[k].changed > 0)
			sim_fail(&c->w.sim, "session %zu: octets are changed",
			    k);
		if (!sim_stream_done(&c->stream[k]))
			sim_fail(&c->w.sim, "session %zu: octets are missing",
			    k);
	}
}

void
sim_commute_run(uint64_t seed, FILE *trace, const char *replay,
    struct sim_storm_result *result)
{
	struct sim_world_conf conf = { .seed = seed,
		.trace = trace,
		.replay = replay };
	struct commute *c = sim_alloc(sizeof(*c));
	struct sim_counts mn, ha, cn;
	size_t mn_octets, ha_octets;

	memset(result, 0, sizeof(*result));
	c->result = result;
	c->rng = sim_rng_make(seed ^ UINT64_C(0x636f6d6d757465));
	c->unlucky_us = -COMMUTE_LUCK_US;
	conf.autoconf = sim_rng_below(&c->rng, 2) == 0;
	conf.core.delay_us = PICK(&c->rng, SIM_MS, 20 * SIM_MS, 100 * SIM_MS);
	conf.core.loss_ppm = (uint32_t)PICK(&c->rng, 0, 1000, 20000);
	conf.access.delay_us = PICK(&c->rng, 0, SIM_MS, 5 * SIM_MS);
	conf.access.loss_ppm = (uint32_t)PICK(&c->rng, 0, 1000, 20000);
	conf.access.reorder_ppm = (uint32_t)PICK(&c->rng, 0, 0, 10000);
	conf.rs_delay_us = PICK(&c->rng, 0, 20 * SIM_MS, 500 * SIM_MS);
	conf.act_us = PICK(&c->rng, 0, 200, 5 * SIM_MS);
	conf.lifetime_s = PICK(&c->rng, 20, 60, 420, 3600);
	conf.lifetime_max_s = 420;
	c->direct = sim_rng_below(&c->rng, 2) == 0;
	commute_begin(c, &conf);
	sim_run(&c->w.sim, 120 * SIM_S);
	mn = sim_count(&commute_mn(c)->daemon);
	ha = sim_count(&c->w.had);
	if (c->direct)
		cn = sim_count(&c->cn);
	mn_octets = commute_mn(c)->daemon.octets;
	ha_octets = c->w.had.octets;
	commute_travel(c);
	commute_home(c);
	sim_pairs_check(&c->w, c->direct ? &c->cn : NULL);
	sim_count_same(&commute_mn(c)->daemon, &mn);
	sim_count_same(&c->w.had, &ha);
	if (c->direct)
		sim_count_same(&c->cn, &cn);
	if (commute_mn(c)->daemon.octets > mn_octets + COMMUTE_OCTETS ||
	    c->w.had.octets > ha_octets + COMMUTE_OCTETS)
		sim_fail(&c->w.sim, "memory grew: %zu -> %zu, %zu -> %zu",
		    mn_octets, commute_mn(c)->daemon.octets, ha_octets,
		    c->w.had.octets);
	result->trace_hash = c->w.sim.trace_hash;
	result->events = c->w.sim.events;
	result->virtual_us = c->w.sim.now_us;
	result->frames = c->check.frames;
	result->delivered = c->w.transport.delivered;
	result->acks = c->check.mobile[0].acks;
	if (c->direct)
		sim_daemon_fini(&c->cn);
	sim_world_fini(&c->w);
	sim_free(c);
}
