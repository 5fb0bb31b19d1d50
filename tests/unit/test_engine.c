/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Node and path joined: hints are queued and bounded, actions are carried out
 * in order, no packet is lost sight of, nothing leaks when memory ends.
 *
 * Links: engine
 */
#include "support.h"

#include "engine/engine.h"
#include "wire/nd.h"

#define IFINDEX 2

struct eng {
	struct support_heap heap;
	struct mip6_engine_env env;
	struct mip6_engine *e;
	struct mip6_conf conf;
	struct mip6_now now;
	struct mip6_log log;
	uint32_t frames, acts, events, path_full;
	enum mip6_event_kind event[1024];
	uint64_t last_id;
	enum mip6_action_kind act[64];
};

static void
eng_transmit(void *arg, uint32_t ifindex, struct mip6_pkt *pkt)
{
	struct eng *t = arg;

	(void)ifindex;
	t->frames++;
	mip6_pool_put(mip6_engine_pool(t->e), pkt);
}

static void
eng_act(void *arg, const struct mip6_action *act)
{
	struct eng *t = arg;

	if (t->acts < MIP6_COUNT(t->act))
		t->act[t->acts] = act->kind;
	t->acts++;
	t->last_id = act->id;
}

static void
eng_record(void *arg, const struct mip6_now *now, const struct mip6_event *ev)
{
	struct eng *t = arg;

	(void)now;
	if (t->events < MIP6_COUNT(t->event))
		t->event[t->events] = ev->kind;
	t->events++;
}

static void
eng_log(void *arg, enum mip6_log_level level, const char *event,
    const struct mip6_kv *kv, size_t count)
{
	struct eng *t = arg;

	(void)level;
	(void)kv;
	(void)count;
	t->path_full += strcmp(event, "engine.path-full") == 0;
}

static struct eng *
eng_make(void)
{
	struct eng *t = test_malloc(sizeof(*t));

	memset(t, 0, sizeof(*t));
	support_heap_init(&t->heap);
	t->now.boot.us = t->now.mono.us = 1000000000;
	t->now.wall_us = 1700000000000000u;
	t->log.sink = eng_log;
	t->log.arg = t;
	t->log.level = MIP6_LOG_DEBUG;
	t->env.alloc = t->heap.alloc;
	t->env.log = &t->log;
	t->env.limits = mip6_engine_limits_default;
	t->env.transmit = eng_transmit;
	t->env.act = eng_act;
	t->env.record = eng_record;
	t->env.arg = t;
	t->conf.mn.on = true;
	memcpy(t->conf.mn.interface[0], "eth0", 5);
	t->conf.mn.interfaces = 1;
	return t;
}

static void
eng_start(struct eng *t)
{
	struct mip6_event ev;

	t->e = mip6_engine_new(&t->env, &t->now);
	assert_non_null(t->e);
	memset(&ev, 0, sizeof(ev));
	ev.kind = MIP6_EV_CONFIG;
	ev.u.conf = &t->conf;
	mip6_engine_event(t->e, &t->now, &ev);
}

static void
eng_delete(struct eng *t)
{
	assert_int_equal(mip6_pool_out(mip6_engine_pool(t->e)), 0);
	mip6_engine_free(t->e);
	assert_int_equal(t->heap.live, 0);
	test_free(t);
}

static void
eng_link(struct eng *t, bool up, bool gone)
{
	struct mip6_event ev;

	memset(&ev, 0, sizeof(ev));
	ev.kind = MIP6_EV_LINK;
	ev.u.link.ifindex = IFINDEX;
	memcpy(ev.u.link.name, "eth0", 5);
	ev.u.link.lladdr.b[5] = 1;
	ev.u.link.mtu = 1500;
	ev.u.link.up = up;
	ev.u.link.gone = gone;
	mip6_engine_event(t->e, &t->now, &ev);
}

static void
test_no_memory(void **state)
{
	struct eng *t = eng_make();
	size_t allowed, needed;

	(void)state;
	t->e = mip6_engine_new(&t->env, &t->now);
	assert_non_null(t->e);
	needed = SIZE_MAX - t->heap.allowed;
	mip6_engine_free(t->e);
	assert_int_equal(t->heap.live, 0);
	assert_true(needed > 5);
	for (allowed = 0; allowed < needed; allowed++) {
		t->heap.allowed = allowed;
		assert_null(mip6_engine_new(&t->env, &t->now));
		assert_int_equal(t->heap.live, 0);
	}
	mip6_engine_free(NULL);
	test_free(t);
}

/* Packets for nobody, from both sides: all come back. */
static void
test_no_packet_leaks(void **state)
{
	struct eng *t = eng_make();
	struct mip6_pkt *pkt[MIP6_PKT_BURST];
	uint64_t draw = 3;
	uint32_t round, i, k;

	(void)state;
	eng_start(t);
	eng_link(t, true, false);
	for (round = 0; round < 200; round++) {
		for (i = 0; i < MIP6_PKT_BURST; i++) {
			pkt[i] = mip6_pool_get(mip6_engine_pool(t->e), 200);
			assert_non_null(pkt[i]);
			pkt[i]->count = 60 + round % 80;
			for (k = 0; k < pkt[i]->count; k++)
				mip6_pkt_octets(pkt[i])[k] =
				    (uint8_t)support_draw(&draw);
			mip6_pkt_octets(pkt[i])[0] = 0x60;
			mip6_pkt_octets(pkt[i])[4] = 0;
			mip6_pkt_octets(pkt[i])[5] =
			    (uint8_t)(pkt[i]->count - 40);
			pkt[i]->ifindex = round % 2 != 0 ? IFINDEX : 0;
		}
		mip6_engine_packets(t->e, &t->now, round % 2 != 0 ? IFINDEX : 0,
		    pkt, MIP6_PKT_BURST);
		t->now.boot.us += 10000;
		t->now.mono = t->now.boot;
		mip6_engine_timer(t->e, &t->now);
	}
	/* Those that waited for something wait no longer. */
	t->now.boot.us += 100000000;
	t->now.mono = t->now.boot;
	mip6_engine_timer(t->e, &t->now);
	assert_true(t->frames > 0); /* solicitations */
	eng_delete(t);
}

/* What the node asks of the host goes to it, what of the path does not. */
static void
test_actions(void **state)
{
	struct eng *t = eng_make();
	struct mip6_event ev;
	uint32_t i;

	(void)state;
	eng_start(t);
	assert_true(t->event[0] == MIP6_EV_CONFIG);
	t->acts = 0;
	eng_link(t, true, false);
	assert_true(t->acts > 0);
	for (i = 0; i < t->acts; i++)
		assert_true(t->act[i] >= MIP6_ACT_TUN_MTU);
	assert_true(t->last_id != 0);
	/* The link's solicitations left as frames. */
	assert_true(t->frames > 0);
	memset(&ev, 0, sizeof(ev));
	ev.kind = MIP6_EV_DONE;
	ev.u.done.action = t->last_id;
	mip6_engine_event(t->e, &t->now, &ev);
	assert_true(mip6_engine_deadline(t->e).us > t->now.boot.us);
	/* The next is due in a quarter of a second, and not before. */
	i = t->events;
	t->now.boot.us += 200000;
	mip6_engine_timer(t->e, &t->now);
	assert_int_equal(t->events, i);
	t->now.boot.us += 50000;
	mip6_engine_timer(t->e, &t->now);
	assert_int_equal(t->events, i + 1);
	assert_int_equal(t->event[i], MIP6_EV_TIMER);
	eng_link(t, false, true);
	eng_delete(t);
}

/* A path that takes no more rows says so. */
static void
test_path_full(void **state)
{
	struct eng *t = eng_make();
	uint32_t i;

	(void)state;
	t->env.limits.rows = 1;
	t->conf.mn.homes = 3;
	for (i = 0; i < 3; i++) {
		t->conf.mn.home[i].hoa.b[0] = 0x20;
		t->conf.mn.home[i].hoa.b[15] = (uint8_t)(i + 1);
		t->conf.mn.home[i].agent[0].addr.b[0] = 0x20;
		t->conf.mn.home[i].agents = 1;
		t->conf.mn.home[i].bits = 64;
		t->conf.mn.home[i].lifetime = MIP6_SPAN_S(60);
	}
	eng_start(t);
	assert_true(t->path_full >= 2);
	assert_int_equal(mip6_path_counters(mip6_engine_path(t->e))->rows, 1);
	eng_delete(t);
}

/* One list of what was dropped, by whomever. */
static void
test_drops_joined(void **state)
{
	struct eng *t = eng_make();
	struct mip6_drops d, n;
	struct mip6_pkt *pkt;
	struct mip6_event ev;
	uint8_t bad[40] = { 0 };
	int i;

	(void)state;
	eng_start(t);
	eng_link(t, true, false);
	/* One of the path: not IPv6.  One of the node: no packet at all. */
	pkt = mip6_pool_get(mip6_engine_pool(t->e), 60);
	pkt->count = 60;
	memset(mip6_pkt_octets(pkt), 0x40, 60);
	pkt->ifindex = IFINDEX;
	mip6_engine_packets(t->e, &t->now, IFINDEX, &pkt, 1);
	memset(&ev, 0, sizeof(ev));
	ev.kind = MIP6_EV_HINT;
	ev.u.hint.kind = MIP6_HINT_PACKET;
	ev.u.hint.octets = bad;
	ev.u.hint.count = sizeof(bad);
	mip6_engine_event(t->e, &t->now, &ev);
	d = mip6_engine_drops(t->e);
	n = *mip6_node_drops(mip6_engine_node(t->e));
	assert_int_equal(n.count[MIP6_DROP_BAD_CHAIN], 1);
	for (i = 0; i < MIP6_DROP_COUNT; i++)
		assert_int_equal(d.count[i],
		    n.count[i] +
			mip6_path_counters(mip6_engine_path(t->e))
			    ->drops.count[i]);
	assert_int_equal(d.count[MIP6_DROP_NOT_IP6], 1);
	eng_delete(t);
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_no_memory),
		cmocka_unit_test(test_no_packet_leaks),
		cmocka_unit_test(test_actions),
		cmocka_unit_test(test_path_full),
		cmocka_unit_test(test_drops_joined),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
