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

#define BENCH_ROUNDS  7
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
bench_build(struct bench *b, uint32_t mobile, struct bench_packet *p)
{
	const struct mip6_conf_mobile *c = &b->conf.ha.mobile[mobile];
	struct mip6_mh_to to;
	struct mip6_mh m;

	memset(&to, 0, sizeof(to));
	memset(&m, 0, sizeof(m));
	to.src = bench_addr("2001:db8:a::5", mobile);
	to.dst = bench_addr("2001:db8:1::1", 0);
	to.hao = &c->hoa;
	m.type = MIP6_MH_BU;
	m.u.bu.seq = ++b->seq[mobile];
	m.u.bu.ack = m.u.bu.home = true;
	m.u.bu.lifetime = MIP6_SPAN_S(600);
	m.opt.has_alt_coa = true;
	m.opt.alt_coa = to.src;
	m.opt.has_replay = true;
	m.opt.replay = ++b->stamp;
	p->count = mh_build(b->node, p->octets, sizeof(p->octets), &to, &m,
	    &c->sa, &to.src, &c->hoa);
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
	struct mip6_conf_mobile *c;
	struct mip6_node_env env;
	struct mip6_event ev;
	uint32_t i, k;

	b->mobiles = mobiles;
	b->seq = calloc(mobiles, sizeof(*b->seq));
	c = calloc(mobiles, sizeof(*c));
	b->packet = calloc(BENCH_BATCH, sizeof(*b->packet));
	bench_need(b->seq != NULL && c != NULL && b->packet != NULL, "memory");
	for (i = 0; i < mobiles; i++) {
		c[i].hoa = bench_addr("2001:db8:1::", i);
		c[i].hoa.b[15] = 0x64;
		c[i].sa.present = true;
		c[i].sa.spi = 1000;
		c[i].sa.key_octets = 20;
		c[i].sa.clock_slack = MIP6_SPAN_S(7);
		for (k = 0; k < c[i].sa.key_octets; k++)
			c[i].sa.key[k] = (uint8_t)bench_draw(&b->random);
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
	b->conf.ha.mobile = c;
	b->conf.ha.mobiles = b->conf.ha.bindings_max = mobiles;
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
		bench_build(b, i, &p);
		ev = bench_event(&p);
		bench_settle(b, &ev);
	}
	bench_need(mip6_show_bindings(b->node, &b->now, 0, 0, NULL, NULL) ==
		b->mobiles,
	    "not everybody is registered");
}

/* Refreshes per second. */
static void
bench_refresh(struct bench *b, const char *name)
{
	double rate[BENCH_ROUNDS], start;
	struct mip6_event ev;
	uint32_t i, r;

	for (r = 0; r < BENCH_ROUNDS; r++) {
		for (i = 0; i < BENCH_BATCH; i++)
			bench_build(b,
			    (uint32_t)(bench_draw(&b->random) % b->mobiles),
			    &b->packet[i]);
		start = bench_cpu_ns();
		for (i = 0; i < BENCH_BATCH; i++) {
			ev = bench_event(&b->packet[i]);
			bench_input(b, &ev);
			bench_need(b->out.count == 1 &&
				b->out.v[0].kind == MIP6_ACT_SEND,
			    "an update was not acknowledged");
		}
		rate[r] = BENCH_BATCH * 1e9 / (bench_cpu_ns() - start);
	}
	bench_report(name, rate, BENCH_ROUNDS, "per_second");
}

static void
bench_run(uint32_t mobiles, const char *name)
{
	struct bench *b = calloc(1, sizeof(*b));
	char figure[64];

	bench_need(b != NULL, "memory");
	bench_start(b, mobiles);
	bench_register(b);
	(void)snprintf(figure, sizeof(figure), "registrations_%s", name);
	bench_refresh(b, figure);
	mip6_node_free(b->node);
	free(b->conf.ha.mobile);
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
