/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Registrations per second in the core, on one thread, without packet I/O: a
 * home agent with one binding, and with a million, each of its own mobile node
 * with its own key.  Timed is mip6_node_input alone, for signed refreshes in a
 * random order: parsing, checks, HMAC both ways, timers and the signed answer.
 * Building the updates is not timed.  Prints lines `name value unit`, the
 * median of several rounds.
 */
#include "bench.h"

#include "core/ha_int.h"
#include "core/roster.h"

#define BENCH_ROUNDS  15
#define BENCH_BATCH   20000U
#define BENCH_MANY    1000000U
#define BENCH_OCTETS  256
#define BENCH_IFINDEX 2

struct bench_packet {
	uint8_t octets[BENCH_OCTETS];
	size_t count;
};

struct bench {
	struct mip6_node *node;
	struct mip6_now now;
	struct mip6_conf conf;
	struct mip6_roster *roster;
	struct mip6_conf_mobile *mobile; /* what the updates are made of */
	uint32_t mobiles;
	uint16_t *seq; /* of each mobile node */
	uint64_t stamp;
	uint64_t random;
	struct mip6_actions out;
	struct bench_packet *packet;
};

static struct mip6_addr
bench_addr(const char *text, uint32_t low)
{
	struct mip6_addr a;

	bench_need(mip6_addr_parse(text, &a), "address");
	a.b[11] = (uint8_t)(low >> 24);
	a.b[12] = (uint8_t)(low >> 16);
	a.b[13] = (uint8_t)(low >> 8);
	a.b[14] = (uint8_t)low;
	return a;
}

static void
bench_input(struct bench *b, const struct mip6_event *ev)
{
	mip6_actions_clear(&b->out);
	mip6_node_input(b->node, &b->now, ev, &b->out);
}

/* Gives an event and ends well every action that waits for its end. */
static void
bench_settle(struct bench *b, const struct mip6_event *ev)
{
	uint64_t due[4096];
	size_t dues = 0, i, k;
	struct mip6_event done;

	bench_input(b, ev);
	for (k = 0;; k++) {
		for (i = 0; i < b->out.count; i++)
			if (b->out.v[i].id != 0 && dues < MIP6_COUNT(due))
				due[dues++] = b->out.v[i].id;
		if (k == dues)
			return;
		memset(&done, 0, sizeof(done));
		done.kind = MIP6_EV_DONE;
		done.u.done.action = due[k];
		done.u.done.route.ifindex = BENCH_IFINDEX;
		done.u.done.route.nexthop = bench_addr("fe80::fe", 0);
		bench_input(b, &done);
	}
}

static void
bench_build(struct bench *b, uint32_t mobile, bool bad_key,
    struct bench_packet *p)
{
	const struct mip6_conf_mobile *c = &b->mobile[mobile];
	struct mip6_conf_sa sa = c->sa;
	struct mip6_mh_to to;
	struct mip6_mh m;

	memset(&to, 0, sizeof(to));
	memset(&m, 0, sizeof(m));
	to.src = bench_addr("2001:db8:a::5", mobile);
	to.dst = bench_addr("2001:db8:1::1", 0);
	to.hao = &c->hoa;
	sa.key[0] ^= bad_key;
	m.type = MIP6_MH_BU;
	m.u.bu.seq = (uint16_t)(b->seq[mobile] += !bad_key);
	m.u.bu.ack = m.u.bu.home = true;
	m.u.bu.lifetime = MIP6_SPAN_S(600);
	m.opt.has_alt_coa = true;
	m.opt.alt_coa = to.src;
	m.opt.has_replay = true;
	m.opt.replay = ++b->stamp;
	p->count = mh_build(b->node, p->octets, sizeof(p->octets), &to, &m, &sa,
	    &to.src, &c->hoa);
	bench_need(p->count > 0, "update");
}

static struct mip6_event
bench_event(const struct bench_packet *p)
{
	struct mip6_event ev;

	memset(&ev, 0, sizeof(ev));
	ev.kind = MIP6_EV_HINT;
	ev.u.hint.kind = MIP6_HINT_PACKET;
	ev.u.hint.ifindex = BENCH_IFINDEX;
	ev.u.hint.octets = p->octets;
	ev.u.hint.count = p->count;
	return ev;
}

static void
bench_start(struct bench *b, uint32_t mobiles)
{
	const struct mip6_hash_key key = { { 1, 2, 3, 4 } };
	struct mip6_conf_mobile *c;
	struct mip6_node_env env;
	struct mip6_event ev;
	uint32_t i, k;

	b->mobiles = mobiles;
	b->roster = mip6_roster_new(&bench_heap, &key);
	b->seq = calloc(mobiles, sizeof(*b->seq));
	c = calloc(mobiles, sizeof(*c));
	b->packet = calloc(BENCH_BATCH, sizeof(*b->packet));
	bench_need(b->roster != NULL && b->seq != NULL && c != NULL &&
		b->packet != NULL,
	    "memory");
	b->mobile = c;
	for (i = 0; i < mobiles; i++) {
		c[i].hoa = bench_addr("2001:db8:1::", i);
		c[i].hoa.b[15] = 0x64;
		c[i].sa.present = true;
		c[i].sa.spi = 1000;
		c[i].sa.key_octets = 20;
		c[i].sa.clock_slack = MIP6_SPAN_S(7);
		for (k = 0; k < c[i].sa.key_octets; k++)
			c[i].sa.key[k] = (uint8_t)bench_draw(&b->random);
		bench_need(mip6_roster_add(b->roster, &c[i]), "roster");
	}
	b->now.boot.us = b->now.mono.us = 1000000;
	b->now.wall_us = UINT64_C(1700000000000000);
	b->stamp = mip6_time_to_ntp(b->now.wall_us);
	memset(&env, 0, sizeof(env));
	env.alloc = bench_heap;
	b->node = mip6_node_new(&env, &b->now);
	bench_need(b->node != NULL, "node");
	b->conf.ha.on = true;
	memcpy(b->conf.ha.interface, "eth0", 5);
	b->conf.ha.prefix[0].prefix.addr = bench_addr("2001:db8:1::", 0);
	b->conf.ha.prefix[0].prefix.bits = 64;
	b->conf.ha.prefix[0].valid = b->conf.ha.prefix[0].preferred =
	    MIP6_ND_INFINITE;
	b->conf.ha.prefixes = 1;
	b->conf.ha.home_dad = MIP6_HOME_DAD_OFF;
	b->conf.ha.join_groups = true;
	b->conf.ha.lifetime_max = MIP6_SPAN_S(3600);
	b->conf.ha.roster = b->roster;
	b->conf.ha.bindings_max = mobiles;
	memset(&ev, 0, sizeof(ev));
	ev.kind = MIP6_EV_CONFIG;
	ev.u.conf = &b->conf;
	bench_settle(b, &ev);
	memset(&ev, 0, sizeof(ev));
	ev.kind = MIP6_EV_LINK;
	ev.u.link.ifindex = BENCH_IFINDEX;
	memcpy(ev.u.link.name, "eth0", 5);
	ev.u.link.mtu = 1500;
	ev.u.link.up = true;
	bench_settle(b, &ev);
	memset(&ev, 0, sizeof(ev));
	ev.kind = MIP6_EV_ADDR;
	ev.u.addr.ifindex = BENCH_IFINDEX;
	ev.u.addr.addr = bench_addr("2001:db8:1::1", 0);
	ev.u.addr.bits = 64;
	bench_settle(b, &ev);
}

/* Everybody registers for the first time. */
static void
bench_register(struct bench *b)
{
	struct bench_packet p;
	struct mip6_event ev;
	uint32_t i;

	for (i = 0; i < b->mobiles; i++) {
		bench_build(b, i, false, &p);
		ev = bench_event(&p);
		bench_settle(b, &ev);
	}
	bench_need(mip6_show_bindings(b->node, &b->now, 0, 0, NULL, NULL) ==
		b->mobiles,
	    "not everybody is registered");
}

/* What the engine does with the packets of a burst, 3 apart. */
static void
bench_ahead(struct bench *b, uint32_t i)
{
	struct mip6_hint h;
	unsigned int step;
	uint32_t at;

	h.kind = MIP6_HINT_PACKET;
	for (step = 0; step < MIP6_NODE_AHEAD_STEPS; step++) {
		at = i + (MIP6_NODE_AHEAD_STEPS - step) * 3;
		if (at >= BENCH_BATCH)
			continue;
		h.octets = b->packet[at].octets;
		h.count = b->packet[at].count;
		mip6_node_ahead(b->node, &h, step);
	}
}

/* Builds a batch of refreshes of random mobile nodes, and times them. */
static double
bench_refresh_round(struct bench *b, bool ahead)
{
	struct mip6_event ev;
	double start;
	uint32_t i;

	for (i = 0; i < BENCH_BATCH; i++)
		bench_build(b, (uint32_t)(bench_draw(&b->random) % b->mobiles),
		    false, &b->packet[i]);
	start = bench_cpu_ns();
	for (i = 0; i < BENCH_BATCH; i++) {
		if (ahead)
			bench_ahead(b, i);
		ev = bench_event(&b->packet[i]);
		bench_input(b, &ev);
		bench_need(b->out.count == 1 &&
			b->out.v[0].kind == MIP6_ACT_SEND,
		    "an update was not acknowledged");
	}
	return BENCH_BATCH * 1e9 / (bench_cpu_ns() - start);
}

/* Refreshes per second, one by one and as packets of bursts, in turns. */
static void
bench_refresh(struct bench *b, const char *name)
{
	double alone[BENCH_ROUNDS], ahead[BENCH_ROUNDS];
	char figure[64];
	uint32_t r;

	for (r = 0; r < BENCH_ROUNDS; r++) {
		alone[r] = bench_refresh_round(b, false);
		ahead[r] = bench_refresh_round(b, true);
	}
	(void)snprintf(figure, sizeof(figure), "registrations_%s", name);
	bench_report(figure, alone, BENCH_ROUNDS, "per_second");
	(void)snprintf(figure, sizeof(figure), "registrations_%s_ahead", name);
	bench_report(figure, ahead, BENCH_ROUNDS, "per_second");
}

/* The ns of an update with a bad key. */
static double
bench_bad_round(struct bench *b)
{
	struct mip6_event ev;
	double start;
	uint32_t i;

	for (i = 0; i < BENCH_BATCH; i++)
		bench_build(b, (uint32_t)(bench_draw(&b->random) % b->mobiles),
		    true, &b->packet[i]);
	start = bench_cpu_ns();
	for (i = 0; i < BENCH_BATCH; i++) {
		bench_ahead(b, i);
		ev = bench_event(&b->packet[i]);
		bench_input(b, &ev);
	}
	start = (bench_cpu_ns() - start) / BENCH_BATCH;
	bench_need(b->out.count == 0, "a bad key was answered");
	return start;
}

/* The ns of an HMAC as long as that of an update, each with its key. */
static double
bench_hmac_round(struct bench *b)
{
	uint8_t out[MIP6_SHA1_OCTETS];
	double start = bench_cpu_ns();
	struct mip6_iovec v;
	uint32_t i;

	for (i = 0; i < BENCH_BATCH; i++) {
		v = (struct mip6_iovec){ b->packet[i].octets, 100 };
		bench_need(mip6_crypto_hmac_sha1(b->node->crypto,
			       b->mobile[i % b->mobiles].sa.key, 20, &v, 1,
			       out),
		    "HMAC");
	}
	return (bench_cpu_ns() - start) / BENCH_BATCH;
}

/* What a flood of updates with bad keys costs, in turns with the others. */
static void
bench_flood(struct bench *b)
{
	double good[BENCH_ROUNDS], bad[BENCH_ROUNDS], hmac[BENCH_ROUNDS];
	uint32_t r;

	for (r = 0; r < BENCH_ROUNDS; r++) {
		good[r] = 1e9 / bench_refresh_round(b, true);
		bad[r] = bench_bad_round(b);
		hmac[r] = bench_hmac_round(b);
	}
	bench_report("core_update_accepted", good, BENCH_ROUNDS, "ns");
	bench_report("core_update_with_bad_key", bad, BENCH_ROUNDS, "ns");
	bench_report("core_hmac_100_octets", hmac, BENCH_ROUNDS, "ns");
}

static void
bench_run(uint32_t mobiles, const char *name)
{
	struct bench *b = calloc(1, sizeof(*b));

	bench_need(b != NULL, "memory");
	bench_start(b, mobiles);
	bench_register(b);
	bench_refresh(b, name);
	if (mobiles > 1)
		bench_flood(b);
	mip6_node_free(b->node);
	mip6_roster_free(b->roster);
	free(b->mobile);
	free(b->packet);
	free(b->seq);
	free(b);
}

int
main(int argc, char **argv)
{
	uint32_t many =
	    argc > 1 ? (uint32_t)strtoul(argv[1], NULL, 10) : BENCH_MANY;

	bench_run(1, "1");
	bench_run(many, argc > 1 ? argv[1] : "1000000");
	return EXIT_SUCCESS;
}
