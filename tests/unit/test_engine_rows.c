/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What the node may promise the path has room for: a correspondent with more
 * bindings than the default, as the configuration allows, and a row for each.
 *
 * Links: engine
 */
#include "support.h"

#include "core/rr_int.h"
#include "core/show.h"
#include "engine/engine.h"

#define IFINDEX  2
#define BINDINGS 8192
#define BOUND    5000
#define STEP     1000 /* of them; then a second passes */

struct full {
	struct support_heap heap;
	struct mip6_engine *e;
	struct mip6_node *hand; /* writes the messages */
	struct mip6_conf conf;
	struct mip6_now now;
	struct mip6_log log;
	uint32_t path_full;
	uint64_t due[256];
	bool refused[256]; /* the host knows no way to strangers */
	size_t dues;
	uint8_t answer[256]; /* the last Mobility Header that was sent */
};

static void
full_transmit(void *arg, uint32_t ifindex, struct mip6_pkt *pkt)
{
	const uint8_t *ip = mip6_pkt_octets(pkt);
	struct full *t = arg;
	size_t at;

	(void)ifindex;
	/* Whole frames: Ethernet, IPv6, perhaps a routing header. */
	at = 14 + (ip[20] == MIP6_NH_MH ? 40u : 64u);
	if ((ip[20] == MIP6_NH_MH || ip[54] == MIP6_NH_MH) && pkt->count > at)
		memcpy(t->answer, ip + at, pkt->count - at);
	mip6_pool_put(mip6_engine_pool(t->e), pkt);
}

static void
full_act(void *arg, const struct mip6_action *act)
{
	const struct mip6_addr strangers = { { 0x20 } };
	struct full *t = arg;

	if (act->id == 0)
		return;
	assert_true(t->dues < MIP6_COUNT(t->due));
	t->refused[t->dues] = act->kind == MIP6_ACT_ROUTE_GET &&
	    mip6_addr_equal(&act->u.dst, &strangers);
	t->due[t->dues++] = act->id;
}

static void
full_log(void *arg, enum mip6_log_level level, const char *event,
    const struct mip6_kv *kv, size_t count)
{
	struct full *t = arg;

	(void)level;
	(void)kv;
	(void)count;
	t->path_full += strcmp(event, "engine.path-full") == 0;
}

static struct mip6_addr
full_addr(const char *text, uint32_t number)
{
	struct mip6_addr a;

	assert_true(mip6_addr_parse(text, &a));
	a.b[6] = (uint8_t)(number >> 8); /* a prefix of its own */
	a.b[7] = (uint8_t)number;
	return a;
}

static void
full_settle(struct full *t)
{
	struct mip6_event ev;

	while (t->dues > 0) {
		memset(&ev, 0, sizeof(ev));
		ev.kind = MIP6_EV_DONE;
		ev.u.done.action = t->due[--t->dues];
		ev.u.done.error = t->refused[t->dues] ? 101 : 0;
		ev.u.done.route.ifindex = IFINDEX;
		ev.u.done.route.nexthop = full_addr("fe80::fe", 0);
		mip6_engine_event(t->e, &t->now, &ev);
	}
}

static void
full_event(struct full *t, const struct mip6_event *ev)
{
	mip6_engine_event(t->e, &t->now, ev);
	full_settle(t);
}

static struct full *
full_make(void)
{
	struct full *t = test_malloc(sizeof(*t));
	struct mip6_engine_env env;
	struct mip6_node_env hand;
	struct mip6_event ev;

	memset(t, 0, sizeof(*t));
	memset(&env, 0, sizeof(env));
	memset(&hand, 0, sizeof(hand));
	support_heap_init(&t->heap);
	t->now.boot.us = t->now.mono.us = 1000000000;
	t->now.wall_us = 1700000000000000u;
	t->log.sink = full_log;
	t->log.arg = t;
	t->log.level = MIP6_LOG_ERROR;
	env.alloc = hand.alloc = t->heap.alloc;
	env.log = &t->log;
	env.limits = mip6_engine_limits_default;
	env.transmit = full_transmit;
	env.act = full_act;
	env.arg = t;
	t->hand = mip6_node_new(&hand, &t->now);
	t->e = mip6_engine_new(&env, &t->now);
	assert_true(t->hand != NULL && t->e != NULL);
	t->conf.cn.on = true;
	t->conf.cn.bindings_max = BINDINGS;
	memset(&ev, 0, sizeof(ev));
	ev.kind = MIP6_EV_CONFIG;
	ev.u.conf = &t->conf;
	full_event(t, &ev);
	memset(&ev, 0, sizeof(ev));
	ev.kind = MIP6_EV_LINK;
	ev.u.link.ifindex = IFINDEX;
	memcpy(ev.u.link.name, "eth0", 5);
	ev.u.link.lladdr.b[5] = 1;
	ev.u.link.mtu = 1500;
	ev.u.link.up = true;
	full_event(t, &ev);
	memset(&ev, 0, sizeof(ev));
	ev.kind = MIP6_EV_ADDR;
	ev.u.addr.ifindex = IFINDEX;
	ev.u.addr.addr = full_addr("2001:db8:c::100", 0);
	ev.u.addr.bits = 64;
	full_event(t, &ev);
	return t;
}

/* A message comes in; its answer, when there is one, is kept. */
static void
full_send(struct full *t, const struct mip6_mh_to *to, struct mip6_mh *m)
{
	struct mip6_pkt *pkt = mip6_pool_get(mip6_engine_pool(t->e), 1500);

	assert_non_null(pkt);
	pkt->count = (uint32_t)mh_build(t->hand, mip6_pkt_octets(pkt), 1500, to,
	    m, NULL, NULL, NULL);
	assert_true(pkt->count > 0);
	pkt->ifindex = IFINDEX;
	pkt->ll_src.b[5] = 0xfe;
	memset(t->answer, 0, sizeof(t->answer));
	mip6_engine_packets(t->e, &t->now, IFINDEX, &pkt, 1);
	full_settle(t);
}

static struct mip6_mh_test
full_test(struct full *t, enum mip6_mh_type type, const struct mip6_addr *src)
{
	struct mip6_mh_test test;
	struct mip6_mh_to to;
	struct mip6_mh m;

	memset(&to, 0, sizeof(to));
	memset(&m, 0, sizeof(m));
	memset(&test, 0, sizeof(test));
	to.src = *src;
	to.dst = full_addr("2001:db8:c::100", 0);
	m.type = type;
	full_send(t, &to, &m);
	assert_int_equal(t->answer[2],
	    type == MIP6_MH_HOTI ? MIP6_MH_HOT : MIP6_MH_COT);
	test.nonce_index = (uint16_t)(t->answer[6] << 8 | t->answer[7]);
	memcpy(test.token, t->answer + 16, sizeof(test.token));
	return test;
}

static void
full_bind(struct full *t, uint32_t number)
{
	struct mip6_addr hoa = full_addr("2001:db8:1::1", number),
			 coa = full_addr("2001:db8:a::1", number);
	struct mip6_mh_test home = full_test(t, MIP6_MH_HOTI, &hoa),
			    care_of = full_test(t, MIP6_MH_COTI, &coa);
	struct mip6_mh_to to;
	struct mh_kbm kbm;
	struct mip6_mh m;

	memset(&to, 0, sizeof(to));
	memset(&kbm, 0, sizeof(kbm));
	memset(&m, 0, sizeof(m));
	to.src = kbm.coa = coa;
	to.dst = kbm.correspondent = full_addr("2001:db8:c::100", 0);
	to.hao = &hoa;
	to.kbm = &kbm;
	assert_true(rr_kbm(t->hand, home.token, care_of.token, kbm.key));
	m.type = MIP6_MH_BU;
	m.u.bu.seq = 1;
	m.u.bu.ack = true;
	m.u.bu.lifetime = MIP6_SPAN_S(420);
	m.opt.has_nonce_indices = true;
	m.opt.home_nonce_index = home.nonce_index;
	m.opt.coa_nonce_index = care_of.nonce_index;
	/* The acknowledgement waits for the router's link-layer address. */
	full_send(t, &to, &m);
}

static void
full_count(void *arg, const struct mip6_show_binding *b)
{
	*(uint32_t *)arg += strcmp(b->state, "registered") == 0;
}

/* What is bound has its row, and so its packets a way. */
static void
every_binding_has_its_row(void **state)
{
	struct full *t = full_make();
	struct mip6_event ev;
	uint32_t i, bound = 0;

	(void)state;
	memset(&ev, 0, sizeof(ev));
	ev.kind = MIP6_EV_TIMER;
	for (i = 0; i < BOUND; i++) {
		full_bind(t, i);
		if (i % STEP != STEP - 1)
			continue;
		t->now.boot.us += 1000000;
		t->now.mono.us += 1000000;
		full_event(t, &ev);
	}
	(void)mip6_show_bindings(mip6_engine_node(t->e), &t->now, 0, BOUND,
	    full_count, &bound);
	assert_int_equal(bound, BOUND);
	assert_int_equal(mip6_path_counters(mip6_engine_path(t->e))->rows,
	    BOUND);
	assert_int_equal(t->path_full, 0);
	assert_int_equal(mip6_pool_out(mip6_engine_pool(t->e)), 0);
	mip6_engine_free(t->e);
	mip6_node_free(t->hand);
	assert_int_equal(t->heap.live, 0);
	test_free(t);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_binding_has_its_row),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
