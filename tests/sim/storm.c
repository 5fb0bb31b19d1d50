/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The dice lean to the boundaries: lifetimes of 4 s and of 65,535 units, a
 * sequence number shortly before it wraps, clocks that differ by 7 s and by
 * years, deadlines that fall together (delays of 0), the smallest MTU.
 */
#include "sim/storm.h"

#include <errno.h>
#include <string.h>

#include "sim/pairs.h"
#include "sim/puppet.h"

#define STORM_PINGS_MAX   16
#define STORM_STREAMS_MAX 4
#define STORM_PING_US     (500 * SIM_MS)
#define STORM_US_MIN      (30 * SIM_S)
#define STORM_US_MAX      (120 * SIM_S)
/* A neighbour that missed the advertisement finds out (RFC 4861: 30+5+3 s). */
#define STORM_ANSWER_US (45 * SIM_S)
#define STORM_FINISH_US (60 * SIM_S)

#define PICK(r, ...)                                                           \
	((const int64_t[]){ __VA_ARGS__ })[sim_rng_below((r),                  \
	    sizeof((const int64_t[]){ __VA_ARGS__ }) / sizeof(int64_t))]

struct storm {
	struct sim_world w;
	struct sim_check check;
	struct sim_rng rng;
	struct sim_puppet ghost; /* a former life of the mobile node */
	struct sim_ping ping[STORM_PINGS_MAX];
	size_t pings;
	struct sim_stream stream[STORM_STREAMS_MAX];
	size_t streams;
	bool restarts; /* daemons die in this storm */
	bool direct;   /* the correspondent takes part */
	struct sim_daemon cn;
	struct sim_storm_result *result;
};

static struct sim_world_conf
storm_conf(struct sim_rng *r, uint64_t seed)
{
	struct sim_world_conf c = { .seed = seed };

	c.mobiles = (unsigned int)PICK(r, 1, 1, 2, 3);
	c.ha_beside_router = sim_rng_below(r, 2) == 0;
	c.autoconf = sim_rng_below(r, 2) == 0;
	c.core.delay_us = PICK(r, 0, 1, 5 * SIM_MS, 20 * SIM_MS, 300 * SIM_MS);
	c.core.jitter_us = PICK(r, 0, 0, 5 * SIM_MS, 50 * SIM_MS);
	c.core.loss_ppm = (uint32_t)PICK(r, 0, 0, 10000, 100000, 300000);
	c.core.dup_ppm = (uint32_t)PICK(r, 0, 0, 10000, 200000);
	c.core.reorder_ppm = (uint32_t)PICK(r, 0, 0, 10000, 200000);
	c.access.delay_us = PICK(r, 0, 0, SIM_MS, 10 * SIM_MS);
	c.access.loss_ppm = (uint32_t)PICK(r, 0, 0, 10000, 100000, 300000);
	c.access.dup_ppm = (uint32_t)PICK(r, 0, 0, 10000, 200000);
	c.access.reorder_ppm = (uint32_t)PICK(r, 0, 0, 10000, 200000);
	c.core_mtu = (uint16_t)PICK(r, 1280, 1400, 1500, 1500);
	c.ra_interval_us = PICK(r, 500 * SIM_MS, 3 * SIM_S, 10 * SIM_S);
	c.rs_delay_us = PICK(r, 0, 20 * SIM_MS, 500 * SIM_MS);
	c.act_us = PICK(r, 0, 200, 5 * SIM_MS);
	c.lifetime_s = PICK(r, 4, 8, 20, 60, 420, 65534 * 4, 65535 * 4);
	c.lifetime_max_s = PICK(r, 4, 20, 3600, 65535 * 4);
	c.dad_us = PICK(r, 1, 300 * SIM_MS, SIM_S);
	return c;
}

static void
storm_faults(struct storm *s, struct sim_daemon *d)
{
	struct sim_rng *r = &s->rng;

	d->wall_offset_us = PICK(r, 0, 0, 3 * SIM_S, -3 * SIM_S, 7 * SIM_S,
	    -7 * SIM_S, 3600 * SIM_S, -3600 * SIM_S, 315360000 * SIM_S);
	d->faults.fail_ppm = (uint32_t)PICK(r, 0, 0, 0, 10000, 100000);
	d->faults.late_ppm = (uint32_t)PICK(r, 0, 0, 0, 50000, 500000);
	d->faults.late_us = PICK(r, SIM_MS, 100 * SIM_MS, 2 * SIM_S);
	if (d->faults.fail_ppm > 0 || d->faults.late_ppm > 0)
		s->check.strays = s->check.leaks = s->w.transport.unshielded =
		    true;
}

static void
storm_ping(struct storm *s, struct sim_host *client, struct sim_host *server,
    const struct mip6_addr *to, const struct mip6_addr *home, size_t octets)
{
	struct sim_ping *p = &s->ping[s->pings++];

	sim_ping_start(&s->w.transport, p, client, server, to, home,
	    STORM_PING_US);
	p->octets = octets;
}

static void
storm_traffic(struct storm *s)
{
	struct sim_world *w = &s->w;
	struct sim_mobile *m;
	struct sim_stream *t;
	size_t k;

	for (k = 0; k < w->mobiles; k++) {
		m = &w->mn[k];
		storm_ping(s, &m->host, &w->cn, &w->cn_addr, &m->hoa,
		    (size_t)PICK(&s->rng, 0, 56, 1000));
		storm_ping(s, &w->cn, &m->host, &m->hoa, &mip6_addr_any, 56);
		storm_ping(s, &m->host, &w->nb, &w->nb_addr, &m->hoa, 56);
	}
	if (w->mobiles > 1)
		storm_ping(s, &w->mn[0].host, &w->mn[1].host, &w->mn[1].hoa,
		    &w->mn[0].hoa, 56);
	storm_ping(s, &w->mn[0].host, &w->peer, &w->peer_addr, &w->mn[0].hoa,
	    56);
	for (k = 0; k < 2; k++) {
		t = &s->stream[s->streams++];
		t->download = k == 1;
		t->octets = UINT64_MAX / 2;
		t->octets_per_s = (uint64_t)PICK(&s->rng, 500, 4000);
		sim_stream_start(&w->transport, t, &w->mn[0].host, &w->cn,
		    &w->cn_addr, &w->mn[0].hoa);
	}
}

/*
 * Somebody with the node's key has registered it before, with a sequence
 * number shortly before the end.
 */
static void
storm_ghost(struct storm *s)
{
	struct sim_world *w = &s->w;
	struct sim_message m;
	uint16_t seq = (uint16_t)PICK(&s->rng, 65533, 65534, 65535, 0, 32767);

	sim_puppet_init(&s->ghost, &w->peer, &w->peer_addr,
	    &w->had.mobile[0].sa);
	if (sim_rng_below(&s->rng, 2) == 0)
		return;
	m = sim_puppet_bu(&s->ghost, w, &w->mn[0].hoa, seq,
	    PICK(&s->rng, 4, 60, 420));
	sim_puppet_send(&s->ghost, &m);
}

static struct sim_daemon *
storm_daemon(struct storm *s)
{
	size_t k = sim_rng_below(&s->rng, s->w.mobiles + 1 + s->direct);

	if (k > s->w.mobiles)
		return &s->cn;
	return k == s->w.mobiles ? &s->w.had : &s->w.mn[k].daemon;
}

static void
storm_start(void *arg, uint64_t tag)
{
	struct sim_daemon *d = arg;

	(void)tag;
	if (d->engine == NULL)
		sim_daemon_start(d);
}

static void
storm_restart(struct storm *s)
{
	struct sim_daemon *d = storm_daemon(s);

	if (!s->restarts || d->engine == NULL)
		return;
	s->check.strays = true;
	s->result->restarts++;
	if (sim_rng_below(&s->rng, 2) == 0)
		sim_daemon_kill(d);
	else
		sim_daemon_stop(d);
	sim_in(&s->w.sim, PICK(&s->rng, 0, SIM_MS, SIM_S, 5 * SIM_S),
	    storm_start, d, 0);
}

static void
storm_command(struct storm *s)
{
	static const enum mip6_command_kind kind[] = {
		MIP6_CMD_FLUSH_NEIGHBOURS, MIP6_CMD_FLUSH_ROUTES,
		MIP6_CMD_FLUSH_REGISTRATION, MIP6_CMD_MOVE
	};
	struct sim_daemon *d = storm_daemon(s);

	sim_daemon_command(d, kind[sim_rng_below(&s->rng, MIP6_COUNT(kind))],
	    &mip6_addr_any);
}

static void
storm_move(struct storm *s)
{
	static const char *const link[] = { "home", "a", "b", "c" };
	size_t k = sim_rng_below(&s->rng, s->w.mobiles);

	s->result->moves++;
	sim_world_move(&s->w, k, link[sim_rng_below(&s->rng, MIP6_COUNT(link))],
	    PICK(&s->rng, 0, 0, 50 * SIM_MS, SIM_S, 5 * SIM_S));
}

/* A segment loses everything for a while. */
static void
storm_mend(void *arg, uint64_t tag)
{
	struct sim_segment *seg = arg;

	seg->quality.loss_ppm = (uint32_t)tag;
}

static void
storm_break(struct storm *s)
{
	struct sim_net *n = &s->w.net;
	struct sim_segment *seg =
	    &n->segment[sim_rng_below(&s->rng, n->segments)];

	if (seg->quality.loss_ppm == SIM_PPM)
		return;
	sim_in(&s->w.sim, PICK(&s->rng, 100 * SIM_MS, 2 * SIM_S, 10 * SIM_S),
	    storm_mend, seg, seg->quality.loss_ppm);
	seg->quality.loss_ppm = SIM_PPM;
}

static void
storm_blow(struct storm *s)
{
	int64_t end_us = s->w.sim.now_us +
	    sim_rng_range(&s->rng, STORM_US_MIN, STORM_US_MAX);

	while (s->w.sim.now_us < end_us) {
		sim_run(&s->w.sim,
		    PICK(&s->rng, 0, 10 * SIM_MS, SIM_S, 3 * SIM_S,
			10 * SIM_S));
		switch (sim_rng_below(&s->rng, 10)) {
		case 0:
			storm_restart(s);
			break;
		case 1:
			storm_break(s);
			break;
		case 2:
			storm_command(s);
			break;
		default:
			storm_move(s);
			break;
		}
	}
}

static void
storm_calm(struct storm *s)
{
	struct sim_world *w = &s->w;
	static const char *const link[] = { "home", "a", "b", "c" };
	int64_t began_us, until_us;
	const char *to[SIM_MN_MAX];
	size_t k;

	w->net.perfect = true;
	/* Let what is broken mend, and who is dead be started. */
	sim_run(&w->sim, 10 * SIM_S);
	memset(&w->had.faults, 0, sizeof(w->had.faults));
	storm_start(&w->had, 0);
	if (s->direct) {
		memset(&s->cn.faults, 0, sizeof(s->cn.faults));
		storm_start(&s->cn, 0);
	}
	for (k = 0; k < w->mobiles; k++) {
		memset(&w->mn[k].daemon.faults, 0,
		    sizeof(w->mn[k].daemon.faults));
		storm_start(&w->mn[k].daemon, 0);
		to[k] = link[sim_rng_below(&s->rng, MIP6_COUNT(link))];
		if (w->mn[k].iface->segment != NULL &&
		    sim_rng_below(&s->rng, 2) == 0)
			to[k] = w->mn[k].iface->segment->name;
		else
			sim_world_move(w, k, to[k], 0);
	}
	/*
	 * A home agent that was restarted knows no bindings; a mobile node
	 * would find out at its next refresh, which may be days away.
	 */
	for (k = 0; s->restarts && k < w->mobiles; k++)
		sim_daemon_command(&w->mn[k].daemon,
		    MIP6_CMD_FLUSH_REGISTRATION, &mip6_addr_any);
	began_us = w->sim.now_us;
	until_us = began_us + SIM_STORM_CALM_US;
	for (k = 0; k < w->mobiles; k++)
		if (!(strcmp(to[k], "home") == 0 ?
			    sim_world_at_home(w, k, until_us - w->sim.now_us) :
			    sim_world_registered(w, k, to[k],
				until_us - w->sim.now_us)))
			sim_fail(&w->sim,
			    "%s is not reachable on %s %lld s "
			    "after the storm",
			    w->mn[k].host.name, to[k],
			    (long long)(SIM_STORM_CALM_US / SIM_S));
	s->result->reachable_us = w->sim.now_us - began_us;
}

/* Everybody is there: every ping is answered, every stream goes on. */
static void
storm_reach(struct storm *s)
{
	struct sim *sim = &s->w.sim;
	size_t k;

	for (k = 0; k < s->pings; k++)
		sim_ping_mark(&s->ping[k]);
	sim_run(sim, STORM_ANSWER_US);
	for (k = 0; k < s->pings; k++) {
		/*
		 * Not open: the server is on the link that the client visits,
		 * and an unbound socket has the care-of address there.
		 */
		if (s->ping[k].flow.open && s->ping[k].first_answer_us == 0)
			sim_fail(sim, "ping %zu, %s to %s, has no answer", k,
			    s->ping[k].flow.client->name,
			    s->ping[k].flow.server->name);
		sim_ping_stop(&s->ping[k]);
	}
	for (k = 0; k < s->streams; k++)
		sim_stream_finish(&s->stream[k]);
	sim_run(sim, STORM_FINISH_US);
	for (k = 0; k < s->streams; k++) {
		if (s->stream[k].changed > 0)
			sim_fail(sim, "stream %zu: octets are changed", k);
		if (s->stream[k].resets == 0 && !sim_stream_done(&s->stream[k]))
			sim_fail(sim, "stream %zu does not go on", k);
	}
}

/*
 * Some mobile nodes optimize, some are correspondents as well, and the
 * correspondent has places for all of them or for one.
 */
static void
storm_direct(struct storm *s)
{
	struct mip6_conf *conf;
	size_t k;

	/*
	 * At the smallest MTU the direct path sends fragments to the host,
	 * which puts none together here.
	 */
	s->direct = sim_rng_below(&s->rng, 2) == 0 &&
	    s->w.conf.core_mtu != MIP6_IP6_MTU_MIN;
	if (!s->direct)
		return;
	for (k = 0; k < s->w.mobiles; k++) {
		conf = &s->w.mn[k].daemon.conf;
		conf->cn.on = sim_rng_below(&s->rng, 2) == 0;
		if (k == 0 || sim_rng_below(&s->rng, 2) == 0)
			conf->mn.optimize = MIP6_OPTIMIZE_ALL;
	}
	s->w.had.conf.cn.on = sim_rng_below(&s->rng, 4) == 0;
	sim_daemon_init(&s->cn, &s->w.cn, s->w.conf.seed ^ 0x636e);
	storm_faults(s, &s->cn);
	conf = &s->cn.conf;
	conf->cn.on = true;
	conf->cn.bindings_max = (uint32_t)PICK(&s->rng, 0, 0, 1);
	conf->cn.lifetime_max = MIP6_SPAN_S(PICK(&s->rng, 4, 60, 420));
	conf->cn.refresh_requests = sim_rng_below(&s->rng, 2) == 0;
	sim_daemon_start(&s->cn);
}

void
sim_storm_run(uint64_t seed, FILE *trace, const char *replay,
    struct sim_storm_result *result)
{
	struct storm *s = sim_alloc(sizeof(*s));
	struct sim_world_conf c;
	size_t k;

	memset(result, 0, sizeof(*result));
	s->result = result;
	s->rng = sim_rng_make(seed ^ UINT64_C(0x73746f726d));
	c = storm_conf(&s->rng, seed);
	c.trace = trace;
	c.replay = replay;
	sim_world_init(&s->w, &c);
	sim_check_init(&s->check, &s->w);
	s->restarts = sim_rng_below(&s->rng, 2) == 0;
	storm_faults(s, &s->w.had);
	for (k = 0; k < s->w.mobiles; k++) {
		storm_faults(s, &s->w.mn[k].daemon);
		s->w.mn[k].daemon.conf.mn.coa_owner =
		    (enum mip6_coa_owner)PICK(&s->rng, MIP6_COA_OWNER_KERNEL,
			MIP6_COA_OWNER_DAEMON);
		s->w.mn[k].host.dad_fail_ppm =
		    (uint32_t)PICK(&s->rng, 0, 0, 0, 50000);
	}
	/* Two of three with a store, of these one that is ahead of its word. */
	if (seed % 3 != 0)
		s->w.had.conf.ha.durability = MIP6_DURABILITY_SYNC;
	s->w.had.store.ahead = seed % 3 == 1;
	storm_direct(s);
	sim_world_start(&s->w);
	storm_traffic(s);
	sim_run(&s->w.sim, 100 * SIM_MS);
	storm_ghost(s);
	for (k = 0; k < s->w.mobiles; k++)
		sim_world_move(&s->w, k,
		    sim_rng_below(&s->rng, 2) == 0 ? "home" : "a", 0);
	storm_blow(s);
	for (k = 0; k < s->w.mobiles; k++)
		s->w.mn[k].host.dad_fail_ppm = 0;
	storm_calm(s);
	storm_reach(s);
	sim_pairs_check(&s->w, s->direct ? &s->cn : NULL);
	result->trace_hash = s->w.sim.trace_hash;
	result->events = s->w.sim.events;
	result->virtual_us = s->w.sim.now_us;
	result->frames = s->check.frames;
	result->delivered = s->w.transport.delivered;
	result->twice = s->w.transport.twice;
	for (k = 0; k < s->w.mobiles; k++) {
		result->acks += s->check.mobile[k].acks;
		result->failed_actions += s->w.mn[k].daemon.failed;
	}
	result->failed_actions += s->w.had.failed;
	if (s->direct)
		sim_daemon_fini(&s->cn);
	sim_world_fini(&s->w);
	sim_free(s);
}
