/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The correspondent's half of route optimization on one thread, without packet
 * I/O: tests answered, whole exchanges, Binding Updates accepted and refused a
 * second, and what a binding takes of memory.
 *
 * usage: bench_ro [BINDINGS]     (default: 65536, the most that is allowed)
 *
 * Timed is mip6_node_input alone.  What mobile nodes compute is not: they ask
 * in batches, and build their updates between two of them.  Each has a home
 * address, a care-of address and a home prefix of its own, at random.
 * Time passes from batch to batch, so that no limit of a second is met but
 * where that is what is measured.
 */
#include "bench.h"

#include "core/cn_int.h"
#include "path/path.h"

#define BENCH_ROUNDS  15
#define BENCH_BATCH   4096U
#define BENCH_MANY    65536U
#define BENCH_OCTETS  192
#define BENCH_IFINDEX 2
#define BENCH_EXPIRED 500000000 /* us: no binding lives so long */

struct bench_packet {
	uint8_t octets[BENCH_OCTETS];
	size_t count;
};

struct bench_mobile {
	struct mip6_addr hoa, coa;
	struct mip6_mh_test home, care_of; /* the last tokens */
	uint16_t seq;
};

struct bench {
	struct mip6_node *node;
	struct mip6_pool *pool;
	struct mip6_path *path;
	struct mip6_conf conf;
	struct mip6_now now;
	struct mip6_addr our;
	struct mip6_actions out;
	struct bench_mobile *mobile;
	struct bench_packet *packet; /* a batch */
	struct bench_packet *answer; /* the last one to each of the batch */
	uint64_t due[4096];
	size_t dues;
	uint64_t random;
	size_t node_octets, path_octets; /* allocated */
};

/* What is wrong with an update. */
enum bench_wrong {
	BENCH_RIGHT,
	BENCH_AUTHENTICATOR, /* made with another key */
	BENCH_STALE,         /* a nonce index that is no more */
	BENCH_UNKNOWN,       /* for a home address that nobody asked about */
	BENCH_REPLAYED,      /* of the past, authentic */
	BENCH_WRONGS
};

static const char *const bench_wrong_name[BENCH_WRONGS] = { "accepted",
	"wrong_authenticator", "stale_nonce", "unknown_home", "replayed" };

/* ---- memory that is counted ---- */

static void *
bench_count_alloc(void *arg, size_t octets)
{
	*(size_t *)arg += octets;
	return calloc(1, octets);
}

static void
bench_count_release(void *arg, void *mem, size_t octets)
{
	if (mem != NULL)
		*(size_t *)arg -= octets;
	free(mem);
}

static struct mip6_alloc
bench_counting(size_t *octets)
{
	return (struct mip6_alloc){ bench_count_alloc, bench_count_release,
		octets };
}

/* ---- the node and its path ---- */

static void
bench_emit(void *arg, uint32_t ifindex, struct mip6_pkt *pkt)
{
	struct bench *b = arg;

	(void)ifindex;
	mip6_pool_put(b->pool, pkt);
}

static void
bench_hint(void *arg, const struct mip6_hint *hint, struct mip6_pkt *pkt)
{
	struct bench *b = arg;

	(void)hint;
	if (pkt != NULL)
		mip6_pool_put(b->pool, pkt);
}

static void
bench_input(struct bench *b, const struct mip6_event *ev)
{
	mip6_actions_clear(&b->out);
	mip6_node_input(b->node, &b->now, ev, &b->out);
}

/* Rows of the direct traffic go to the path, as the engine has it. */
static void
bench_collect(struct bench *b)
{
	const struct mip6_action *a;
	size_t i;

	for (i = 0; i < b->out.count; i++) {
		a = &b->out.v[i];
		if (a->kind == MIP6_ACT_ROW_SET)
			bench_need(mip6_path_row_set(b->path, &a->u.row),
			    "row");
		else if (a->kind == MIP6_ACT_ROW_DEL)
			mip6_path_row_del(b->path, &a->u.row.home,
			    &a->u.row.other);
		if (a->id == 0)
			continue;
		bench_need(b->dues < MIP6_COUNT(b->due), "too many actions");
		b->due[b->dues++] = a->id;
	}
}

/* Ends what the host was asked for; leaves the last actions in `out`. */
static void
bench_settle(struct bench *b)
{
	struct mip6_event done;

	bench_collect(b);
	while (b->dues > 0) {
		memset(&done, 0, sizeof(done));
		done.kind = MIP6_EV_DONE;
		done.u.done.action = b->due[--b->dues];
		done.u.done.route.ifindex = BENCH_IFINDEX;
		bench_need(mip6_addr_parse("fe80::fe",
			       &done.u.done.route.nexthop),
		    "address");
		bench_input(b, &done);
		bench_collect(b);
	}
}

static void
bench_give(struct bench *b, const struct mip6_event *ev)
{
	bench_input(b, ev);
	bench_settle(b);
}

/* Lets time pass; what becomes due is done at its moment. */
static void
bench_pass(struct bench *b, int64_t us)
{
	struct mip6_time end = { b->now.boot.us + us }, next;
	struct mip6_event ev;

	memset(&ev, 0, sizeof(ev));
	ev.kind = MIP6_EV_TIMER;
	b->now.wall_us += (uint64_t)us;
	for (;;) {
		next = mip6_node_deadline(b->node);
		if (mip6_time_before(end, next))
			break;
		b->now.boot = b->now.mono = mip6_time_max(next, b->now.boot);
		bench_give(b, &ev);
	}
	b->now.boot = b->now.mono = end;
}

/* Unicast and a stranger's; `net` tells homes from places. */
static struct mip6_addr
bench_addr(struct bench *b, uint8_t net)
{
	struct mip6_addr a;
	uint64_t v;

	bench_need(mip6_addr_parse("2001:db8::", &a), "address");
	v = bench_draw(&b->random);
	memcpy(&a.b[5], &v, 3);
	v = bench_draw(&b->random);
	memcpy(&a.b[8], &v, sizeof(v));
	a.b[4] = net;
	return a;
}

static void
bench_open_path(struct bench *b, uint32_t rows)
{
	struct mip6_path_env env;

	memset(&env, 0, sizeof(env));
	b->pool = mip6_pool_new(&bench_heap, 64, 4);
	env.alloc = bench_counting(&b->path_octets);
	env.pool = b->pool;
	env.rows_max = rows;
	env.hops_max = 8;
	env.waiting_max = 16;
	env.reassembly_max = 16;
	env.emit = bench_emit;
	env.hint = bench_hint;
	env.arg = b;
	b->path = mip6_path_new(&env);
	bench_need(b->pool != NULL && b->path != NULL, "path");
}

static void
bench_open(struct bench *b, uint32_t bindings)
{
	struct mip6_node_env env;
	struct mip6_event ev;

	memset(&b->conf, 0, sizeof(b->conf));
	memset(&env, 0, sizeof(env));
	env.alloc = bench_counting(&b->node_octets);
	b->dues = 0;
	b->now.boot.us = b->now.mono.us = 1000000;
	b->now.wall_us = UINT64_C(1700000000000000);
	bench_open_path(b, bindings);
	b->node = mip6_node_new(&env, &b->now);
	bench_need(b->node != NULL, "node");
	b->conf.cn.on = b->conf.cn.refresh_requests = true;
	b->conf.cn.bindings_max = bindings;
	memset(&ev, 0, sizeof(ev));
	ev.kind = MIP6_EV_CONFIG;
	ev.u.conf = &b->conf;
	bench_give(b, &ev);
	memset(&ev, 0, sizeof(ev));
	ev.kind = MIP6_EV_LINK;
	ev.u.link.ifindex = BENCH_IFINDEX;
	memcpy(ev.u.link.name, "eth0", 5);
	ev.u.link.mtu = 1500;
	ev.u.link.up = true;
	bench_give(b, &ev);
	memset(&ev, 0, sizeof(ev));
	ev.kind = MIP6_EV_ADDR;
	ev.u.addr.ifindex = BENCH_IFINDEX;
	ev.u.addr.addr = b->our;
	ev.u.addr.bits = 64;
	bench_give(b, &ev);
}

static void
bench_close(struct bench *b)
{
	mip6_node_free(b->node);
	mip6_path_free(b->path);
	bench_need(b->node_octets == 0 && b->path_octets == 0,
	    "memory was not given back");
	mip6_pool_free(b->pool);
}

static size_t
bench_bindings(struct bench *b)
{
	return mip6_show_bindings(b->node, &b->now, 0, 0, NULL, NULL);
}

/* ---- messages ---- */

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

/* HoTI or CoTI. */
static void
bench_build_init(struct bench *b, enum mip6_mh_type type,
    const struct mip6_addr *src, struct bench_packet *p)
{
	struct mip6_mh_to to;
	struct mip6_mh m;

	memset(&to, 0, sizeof(to));
	memset(&m, 0, sizeof(m));
	to.src = *src;
	to.dst = b->our;
	m.type = type;
	memset(m.u.init.cookie, 0x5a, sizeof(m.u.init.cookie));
	p->count = mh_build(b->node, p->octets, sizeof(p->octets), &to, &m,
	    NULL, NULL, NULL);
	bench_need(p->count > 0, "test init");
}

static void
bench_build_update(struct bench *b, struct bench_mobile *c,
    enum bench_wrong wrong, struct bench_packet *p)
{
	struct mip6_addr hoa = c->hoa;
	struct mip6_mh_to to;
	struct mh_kbm kbm;
	struct mip6_mh m;

	if (wrong == BENCH_UNKNOWN)
		hoa = bench_addr(b, 0x20);
	memset(&to, 0, sizeof(to));
	memset(&m, 0, sizeof(m));
	memset(&kbm, 0, sizeof(kbm));
	to.src = kbm.coa = c->coa;
	to.dst = kbm.correspondent = b->our;
	to.hao = &hoa;
	to.kbm = &kbm;
	bench_need(rr_kbm(b->node, c->home.token, c->care_of.token, kbm.key),
	    "key");
	kbm.key[0] ^= wrong == BENCH_AUTHENTICATOR;
	m.type = MIP6_MH_BU;
	m.u.bu.seq = (uint16_t)(c->seq + (wrong != BENCH_REPLAYED));
	if (wrong == BENCH_RIGHT)
		c->seq++;
	m.u.bu.ack = true;
	m.u.bu.lifetime = MIP6_SPAN_S(420);
	m.opt.has_nonce_indices = true;
	m.opt.home_nonce_index = c->home.nonce_index;
	m.opt.coa_nonce_index = c->care_of.nonce_index;
	if (wrong == BENCH_STALE)
		m.opt.home_nonce_index ^= 0x8000;
	p->count = mh_build(b->node, p->octets, sizeof(p->octets), &to, &m,
	    NULL, NULL, NULL);
	bench_need(p->count > 0, "update");
}

/* The message of that type among what is sent; NULL: none. */
static const struct mip6_act_send *
bench_sent(const struct bench *b, enum mip6_mh_type type)
{
	const struct mip6_action *a;
	size_t i, at;

	for (i = b->out.count; i-- > 0;) {
		a = &b->out.v[i];
		if (a->kind != MIP6_ACT_SEND)
			continue;
		at = a->u.send.octets[6] == MIP6_NH_MH ? 40 : 64;
		if (a->u.send.count > at + 8 &&
		    (at == 40 || a->u.send.octets[40] == MIP6_NH_MH) &&
		    a->u.send.octets[at + 2] == type)
			return &a->u.send;
	}
	return NULL;
}

/* ---- batches; each returns the ns of one ---- */

/* Gives a batch and keeps its answers. */
static double
bench_ask(struct bench *b, enum mip6_mh_type answer)
{
	double start = bench_cpu_ns();
	const struct mip6_act_send *s;
	struct mip6_event ev;
	uint32_t i;

	for (i = 0; i < BENCH_BATCH; i++) {
		ev = bench_event(&b->packet[i]);
		bench_input(b, &ev);
		s = bench_sent(b, answer);
		bench_need(s != NULL && s->count <= BENCH_OCTETS,
		    "a test init was not answered");
		memcpy(b->answer[i].octets, s->octets, s->count);
	}
	return (bench_cpu_ns() - start) / BENCH_BATCH;
}

/* One of the two tests, of the mobile nodes from `first` on. */
static double
bench_test(struct bench *b, uint32_t first, bool care_of)
{
	struct mip6_mh_test *t;
	struct bench_mobile *c;
	const uint8_t *mh;
	double took;
	uint32_t i;

	for (i = 0; i < BENCH_BATCH; i++) {
		c = &b->mobile[first + i];
		bench_build_init(b, care_of ? MIP6_MH_COTI : MIP6_MH_HOTI,
		    care_of ? &c->coa : &c->hoa, &b->packet[i]);
	}
	bench_pass(b, 1000000);
	took = bench_ask(b, care_of ? MIP6_MH_COT : MIP6_MH_HOT);
	for (i = 0; i < BENCH_BATCH; i++) {
		c = &b->mobile[first + i];
		t = care_of ? &c->care_of : &c->home;
		mh = b->answer[i].octets + 40;
		t->nonce_index = (uint16_t)(mh[6] << 8 | mh[7]);
		memcpy(t->token, mh + 16, sizeof(t->token));
	}
	return took;
}

/* Their updates, to the end of what the host is asked for. */
static double
bench_update(struct bench *b, uint32_t first, enum bench_wrong wrong)
{
	const struct mip6_act_send *s;
	uint32_t i, accepted = 0;
	struct mip6_event ev;
	double start;

	for (i = 0; i < BENCH_BATCH; i++)
		bench_build_update(b, &b->mobile[first + i], wrong,
		    &b->packet[i]);
	start = bench_cpu_ns();
	for (i = 0; i < BENCH_BATCH; i++) {
		ev = bench_event(&b->packet[i]);
		bench_give(b, &ev);
		s = bench_sent(b, MIP6_MH_BA);
		accepted += s != NULL && s->octets[70] < 128;
	}
	start = (bench_cpu_ns() - start) / BENCH_BATCH;
	bench_need(accepted == (wrong == BENCH_RIGHT ? BENCH_BATCH : 0),
	    wrong == BENCH_RIGHT ? "an update was not accepted" :
				   "a wrong update was accepted");
	return start;
}

/* A batch from one address, of which the second's share is used up. */
static double
bench_one_source(struct bench *b)
{
	struct mip6_event ev;
	double start;
	uint32_t i;

	bench_build_init(b, MIP6_MH_HOTI, &b->mobile[0].hoa, &b->packet[0]);
	ev = bench_event(&b->packet[0]);
	for (i = 0; i < CN_TESTS_PER_S; i++)
		bench_input(b, &ev);
	start = bench_cpu_ns();
	for (i = 0; i < BENCH_BATCH; i++)
		bench_input(b, &ev);
	start = (bench_cpu_ns() - start) / BENCH_BATCH;
	bench_need(b->out.count == 0, "a flood was answered");
	return start;
}

/* ---- figures ---- */

static void
bench_per_second(const char *name, const double *ns)
{
	double rate[BENCH_ROUNDS];
	uint32_t r;

	for (r = 0; r < BENCH_ROUNDS; r++)
		rate[r] = 1e9 / ns[r];
	bench_report(name, rate, BENCH_ROUNDS, "per_second");
}

/* Nobody is bound; each round begins with strangers. */
static void
bench_exchanges(struct bench *b)
{
	double home[BENCH_ROUNDS], care_of[BENCH_ROUNDS], all[BENCH_ROUNDS],
	    first[BENCH_ROUNDS], flood[BENCH_ROUNDS];
	uint32_t r;

	bench_open(b, BENCH_BATCH);
	for (r = 0; r < BENCH_ROUNDS; r++) {
		home[r] = bench_test(b, 0, false);
		care_of[r] = bench_test(b, 0, true);
		first[r] = bench_update(b, 0, BENCH_RIGHT);
		all[r] = home[r] + care_of[r] + first[r];
		flood[r] = bench_one_source(b);
		bench_need(bench_bindings(b) == BENCH_BATCH,
		    "not everybody is bound");
		bench_pass(b, BENCH_EXPIRED);
		bench_need(bench_bindings(b) == 0, "a binding lives too long");
	}
	bench_close(b);
	bench_per_second("ro_home_tests", home);
	bench_per_second("ro_care_of_tests", care_of);
	bench_per_second("ro_exchanges", all);
	bench_per_second("ro_first_updates", first);
	bench_report("ro_test_answered", home, BENCH_ROUNDS, "ns");
	bench_report("ro_test_over_limit", flood, BENCH_ROUNDS, "ns");
}

/* Everybody is bound; what is accepted and what is not, in turns. */
static void
bench_updates(struct bench *b)
{
	double ns[BENCH_WRONGS][BENCH_ROUNDS];
	char figure[64];
	uint32_t r, w;

	bench_open(b, BENCH_BATCH);
	(void)bench_test(b, 0, false);
	(void)bench_test(b, 0, true);
	(void)bench_update(b, 0, BENCH_RIGHT);
	for (r = 0; r < BENCH_ROUNDS; r++)
		for (w = 0; w < BENCH_WRONGS; w++)
			ns[w][r] = bench_update(b, 0, (enum bench_wrong)w);
	bench_need(bench_bindings(b) == BENCH_BATCH, "bindings");
	bench_close(b);
	bench_per_second("ro_updates", ns[BENCH_RIGHT]);
	for (w = 0; w < BENCH_WRONGS; w++) {
		(void)snprintf(figure, sizeof(figure), "ro_update_%s",
		    bench_wrong_name[w]);
		bench_report(figure, ns[w], BENCH_ROUNDS, "ns");
	}
}

static void
bench_octets(const char *what, uint32_t count, double octets)
{
	char figure[64];

	(void)snprintf(figure, sizeof(figure), "ro_memory_of_%s_%u", what,
	    count);
	bench_report(figure, &octets, 1, "octets");
}

/* What `count` bindings take, each with its row, of at most `max`. */
static void
bench_memory(struct bench *b, uint32_t count, uint32_t max)
{
	size_t node, path;
	struct mip6_event ev;
	uint32_t i, k;

	bench_open(b, max);
	node = b->node_octets;
	path = b->path_octets;
	for (i = 0; i < count; i += BENCH_BATCH) {
		(void)bench_test(b, i, false);
		(void)bench_test(b, i, true);
		for (k = i; k < i + BENCH_BATCH && k < count; k++) {
			bench_build_update(b, &b->mobile[k], BENCH_RIGHT,
			    &b->packet[0]);
			ev = bench_event(&b->packet[0]);
			bench_give(b, &ev);
		}
	}
	bench_need(bench_bindings(b) == count &&
		mip6_path_counters(b->path)->rows == count,
	    "not everybody is bound");
	node = b->node_octets - node;
	path = b->path_octets - path;
	bench_close(b);
	bench_octets("binding", count, (double)(node + path) / count);
	bench_octets("its_row", count, (double)path / count);
}

int
main(int argc, char **argv)
{
	uint32_t many =
	    argc > 1 ? (uint32_t)strtoul(argv[1], NULL, 10) : BENCH_MANY;
	struct bench *b = calloc(1, sizeof(*b));
	uint32_t i;

	bench_need(b != NULL && many >= BENCH_BATCH && many % BENCH_BATCH == 0,
	    "bindings: a multiple of 4096");
	bench_need(mip6_addr_parse("2001:db8:c::100", &b->our), "address");
	b->mobile = calloc(many, sizeof(*b->mobile));
	b->packet = calloc(BENCH_BATCH, sizeof(*b->packet));
	b->answer = calloc(BENCH_BATCH, sizeof(*b->answer));
	bench_need(b->mobile != NULL && b->packet != NULL && b->answer != NULL,
	    "memory");
	for (i = 0; i < many; i++) {
		b->mobile[i].hoa = bench_addr(b, 0x80);
		b->mobile[i].coa = bench_addr(b, 0x40);
	}
	bench_exchanges(b);
	bench_updates(b);
	bench_memory(b, 1000, CN_BINDINGS_MAX);
	bench_memory(b, CN_BINDINGS_MAX, CN_BINDINGS_MAX);
	bench_memory(b, many, many);
	free(b->mobile);
	free(b->packet);
	free(b->answer);
	free(b);
	return EXIT_SUCCESS;
}
