/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * mip6-sim-journey [--json FILE] [--seed N] [--trace]
 *
 * home -> a -> b -> home on the simulator, under a ping and a reliable stream,
 * with the timeline, the verdict and the JSON of scripts/quickstart.  Core,
 * path and engine are the shipped ones; links, hosts and clock are simulated.
 */
#include <stdlib.h>
#include <string.h>

#include "sim/check.h"

#define JOURNEY_MOVES        3
#define JOURNEY_PING_US      (5 * SIM_MS)
#define JOURNEY_STREAM_RATE  250000
#define JOURNEY_STAY_US      (3 * SIM_S)
#define JOURNEY_OUTAGE_US    (100 * SIM_MS)
#define JOURNEY_SHORT_GAP_US SIM_S

struct journey_move {
	const char *to;
	int64_t up_us; /* carrier again */
	struct mip6_show_handover handover;
	int64_t gap_us;
	bool arrived;
};

struct journey {
	struct sim_world w;
	struct sim_check check;
	struct sim_ping ping;
	struct sim_stream stream;
	struct journey_move move[JOURNEY_MOVES];
};

static void
journey_last_handover(void *arg, const struct mip6_show_handover *h)
{
	/* Rows come in the table's order: the latest began last. */
	struct mip6_show_handover *to = arg;

	if (h->coa_usable.us >= to->coa_usable.us)
		*to = *h;
}

static void
journey_move(struct journey *j, struct journey_move *m)
{
	struct sim_daemon *d = &j->w.mn[0].daemon;
	struct mip6_now now;

	sim_ping_mark(&j->ping);
	sim_world_move(&j->w, 0, m->to, JOURNEY_OUTAGE_US);
	m->up_us = j->w.sim.now_us + JOURNEY_OUTAGE_US;
	m->arrived = strcmp(m->to, "home") == 0 ?
	    sim_world_at_home(&j->w, 0, 30 * SIM_S) :
	    sim_world_registered(&j->w, 0, m->to, 30 * SIM_S);
	sim_run(&j->w.sim, JOURNEY_STAY_US);
	m->gap_us = j->ping.gap_us;
	now = sim_daemon_now(d);
	(void)mip6_show_handovers(mip6_engine_node(d->engine), &now, 0, 64,
	    journey_last_handover, &m->handover);
}

static void
journey_cell(struct mip6_time at, int64_t up_us)
{
	/* The node's boot clock is a second ahead of the simulation's. */
	if (at.us == 0)
		(void)printf(" %10s", "-");
	else
		(void)printf(" %10.1f",
		    (double)(at.us - SIM_S - up_us) / (double)SIM_MS);
}

static void
journey_timeline(const struct journey *j)
{
	const char *before = "home";
	const struct journey_move *m;
	const struct mip6_show_handover *h;
	char name[32];
	size_t i;

	(void)printf("\nmilliseconds after the cable was plugged in, of the "
		     "virtual clock;\ngap: without an answer to ping\n\n");
	(void)printf("%-14s %9s %10s %10s %10s %10s %10s %10s\n", "move",
	    "link up", "RA", "address", "BU", "BA", "1st packet", "gap");
	for (i = 0; i < JOURNEY_MOVES; i++) {
		m = &j->move[i];
		h = &m->handover;
		(void)snprintf(name, sizeof(name), "%s -> %s", before, m->to);
		(void)printf("%-13s", name);
		journey_cell(h->link_up, m->up_us);
		journey_cell(h->router_advert, m->up_us);
		journey_cell(h->coa_usable, m->up_us);
		journey_cell(h->bu_sent, m->up_us);
		journey_cell(h->ba_received, m->up_us);
		journey_cell(h->first_packet, m->up_us);
		(void)printf(" %10.1f\n", (double)m->gap_us / (double)SIM_MS);
		before = m->to;
	}
	(void)printf("\n");
}

static int
journey_json(const struct journey *j, const char *path)
{
	FILE *f = fopen(path, "w");
	const struct journey_move *m;
	size_t i;

	if (f == NULL) {
		perror(path);
		return -1;
	}
	(void)fprintf(f, "{\"moves\": [");
	for (i = 0; i < JOURNEY_MOVES; i++) {
		m = &j->move[i];
		(void)fprintf(f,
		    "%s{\"to\": \"%s\", \"gap_ms\": %.3f, "
		    "\"address_to_ack_ms\": ",
		    i == 0 ? "" : ", ", m->to,
		    (double)m->gap_us / (double)SIM_MS);
		if (m->handover.ba_received.us == 0)
			(void)fprintf(f, "null}");
		else
			(void)fprintf(f, "%.3f}",
			    (double)(m->handover.ba_received.us -
				m->handover.coa_usable.us) /
				(double)SIM_MS);
	}
	(void)fprintf(f,
	    "], \"tcp_resets\": %u, \"tcp_bytes_lost\": %llu, "
	    "\"ping_lost\": %u, \"simulated\": true}\n",
	    (unsigned int)j->stream.resets,
	    (unsigned long long)(j->stream.octets - j->stream.received),
	    (unsigned int)(j->ping.sent - j->ping.answered));
	if (fclose(f) != 0) {
		perror(path);
		return -1;
	}
	return 0;
}

static bool
journey_verdict(const struct journey *j)
{
	const struct sim_stream *s = &j->stream;
	int64_t longest_us = 0;
	bool arrived = true;
	size_t i;

	for (i = 0; i < JOURNEY_MOVES; i++) {
		arrived = arrived && j->move[i].arrived;
		if (j->move[i].gap_us > longest_us)
			longest_us = j->move[i].gap_us;
	}
	if (s->resets > 0 || s->changed > 0 || !sim_stream_done(s) ||
	    !arrived || longest_us > JOURNEY_SHORT_GAP_US) {
		(void)printf("FAILED: %u resets, %llu octets lost, %llu "
			     "changed; longest gap %.1f ms\n",
		    (unsigned int)s->resets,
		    (unsigned long long)(s->octets - s->received),
		    (unsigned long long)s->changed,
		    (double)longest_us / (double)SIM_MS);
		return false;
	}
	(void)printf(
	    "GOOD, on the simulator: one reliable stream, %llu "
	    "octets, over %d moves:\nno reset, none lost; longest gap %.1f "
	    "ms, %u pings lost\n",
	    (unsigned long long)s->octets, JOURNEY_MOVES,
	    (double)longest_us / (double)SIM_MS,
	    (unsigned int)(j->ping.sent - j->ping.answered));
	return true;
}

static void
journey_travel(struct journey *j)
{
	static const char *const to[JOURNEY_MOVES] = { "a", "b", "home" };
	struct sim_mobile *m = &j->w.mn[0];
	size_t i;

	sim_world_start(&j->w);
	sim_world_move(&j->w, 0, "home", 0);
	if (!sim_world_at_home(&j->w, 0, 30 * SIM_S))
		sim_fail(&j->w.sim, "never at home");
	sim_ping_start(&j->w.transport, &j->ping, &m->host, &j->w.cn,
	    &j->w.cn_addr, &m->hoa, JOURNEY_PING_US);
	j->stream.octets = UINT64_MAX / 2;
	j->stream.octets_per_s = JOURNEY_STREAM_RATE;
	sim_stream_start(&j->w.transport, &j->stream, &m->host, &j->w.cn,
	    &j->w.cn_addr, &m->hoa);
	sim_run(&j->w.sim, SIM_S);
	for (i = 0; i < JOURNEY_MOVES; i++) {
		j->move[i].to = to[i];
		journey_move(j, &j->move[i]);
	}
	/* The application writes no more; what is written has to arrive. */
	sim_ping_stop(&j->ping);
	sim_stream_finish(&j->stream);
	sim_run(&j->w.sim, 5 * SIM_S);
}

int
main(int argc, char **argv)
{
	struct sim_world_conf c = { .seed = 1,
		.mobiles = 1,
		.core = { .delay_us = 5 * SIM_MS },
		.access = { .delay_us = SIM_MS / 2 },
		.act_us = SIM_MS / 5,
		.rs_delay_us = 0 };
	const char *json = NULL;
	struct journey *j = sim_alloc(sizeof(*j));
	bool good;
	int i;

	for (i = 1; i < argc; i++) {
		if (strcmp(argv[i], "--json") == 0 && i + 1 < argc) {
			json = argv[++i];
		} else if (strcmp(argv[i], "--seed") == 0 && i + 1 < argc) {
			c.seed = strtoull(argv[++i], NULL, 10);
		} else if (strcmp(argv[i], "--trace") == 0) {
			c.trace = stdout;
		} else {
			(void)fprintf(stderr,
			    "usage: mip6-sim-journey "
			    "[--json FILE] [--seed N] [--trace]\n");
			return 2;
		}
	}
	(void)printf("a simulated network: a stream and a ping from the "
		     "mobile node to its\ncorrespondent, while it moves: "
		     "home -> a -> b -> home\n");
	sim_world_init(&j->w, &c);
	sim_check_init(&j->check, &j->w);
	journey_travel(j);
	journey_timeline(j);
	good = journey_verdict(j);
	if (json != NULL && journey_json(j, json) != 0)
		good = false;
	sim_world_fini(&j->w);
	sim_free(j);
	return good ? EXIT_SUCCESS : EXIT_FAILURE;
}
