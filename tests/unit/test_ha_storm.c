/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * 20,000 mobile nodes refresh at once while the store is slow, as after a
 * restart, and others come for the first time or from another place: of these
 * none is lost, what waits is bounded, and in the end everybody is served.
 *
 * Links: core
 */
#include "support.h"

#include "core/ha_int.h"

#define STORM_MANY  20000U
#define STORM_FRESH 500U                   /* new ones in each round */
#define STORM_WAITS (MIP6_PENDING_MAX / 2) /* refreshes */
#define STORM_SPARE (MIP6_PENDING_MAX / 4) /* for new ones alone */
#define STORM_DUES  MIP6_PENDING_MAX

struct storm {
	struct support_heap heap;
	struct mip6_node *node;
	struct mip6_conf conf;
	struct mip6_now now;
	struct mip6_actions out;
	uint64_t stored[STORM_DUES]; /* ends of the store, held */
	size_t storing;
	uint16_t seq[2 * STORM_MANY];
	bool accepted[2 * STORM_MANY]; /* since it was cleared */
	uint32_t acceptances, refusals;
};

static struct mip6_addr
storm_addr(const char *prefix, uint32_t i)
{
	struct mip6_addr a;

	assert_true(mip6_addr_parse(prefix, &a));
	a.b[12] = 1;
	a.b[13] = (uint8_t)(i >> 16);
	a.b[14] = (uint8_t)(i >> 8);
	a.b[15] = (uint8_t)i;
	return a;
}

static void storm_give(struct storm *s, const struct mip6_event *ev);

static void
storm_done(struct storm *s, uint64_t id)
{
	struct mip6_event ev;

	memset(&ev, 0, sizeof(ev));
	ev.kind = MIP6_EV_DONE;
	ev.u.done.action = id;
	ev.u.done.route.ifindex = 2;
	ev.u.done.route.nexthop = storm_addr("fe80::", 0);
	storm_give(s, &ev);
}

static void
storm_sent(struct storm *s, const struct mip6_act_send *a)
{
	struct mip6_ip6_view ip;
	struct mip6_mh m;
	uint32_t i;

	assert_int_equal(mip6_ip6_view(a->octets, a->count, &ip, NULL),
	    MIP6_PARSE_OK);
	if (ip.upper != MIP6_NH_MH)
		return;
	assert_int_equal(mip6_mh_receive(a->octets + ip.upper_at,
			     ip.upper_octets, &ip.eff_src, &ip.eff_dst, &m,
			     NULL),
	    MIP6_PARSE_OK);
	assert_int_equal(m.type, MIP6_MH_BA);
	i = (uint32_t)(ip.eff_dst.b[13] << 16 | ip.eff_dst.b[14] << 8 |
	    ip.eff_dst.b[15]);
	s->acceptances += m.u.ba.status == MIP6_BA_ACCEPTED;
	s->refusals += m.u.ba.status >= 128;
	s->accepted[i] |= m.u.ba.status == MIP6_BA_ACCEPTED;
}

/* The host answers at once, the store when it is let. */
static void
storm_give(struct storm *s, const struct mip6_event *ev)
{
	uint64_t due[8];
	size_t dues = 0, i;

	mip6_actions_clear(&s->out);
	mip6_node_input(s->node, &s->now, ev, &s->out);
	for (i = 0; i < s->out.count; i++) {
		const struct mip6_action *a = &s->out.v[i];

		if (a->kind == MIP6_ACT_SEND)
			storm_sent(s, &a->u.send);
		if (a->id == 0)
			continue;
		if (a->kind == MIP6_ACT_STORE) {
			assert_true(s->storing < STORM_DUES);
			s->stored[s->storing++] = a->id;
		} else {
			assert_true(dues < MIP6_COUNT(due));
			due[dues++] = a->id;
		}
	}
	for (i = 0; i < dues; i++)
		storm_done(s, due[i]);
}

static void
storm_store_ends(struct storm *s)
{
	size_t i, n = s->storing;

	for (i = 0; i < n; i++)
		storm_done(s, s->stored[i]);
	assert_int_equal(s->storing, n);
	s->storing = 0;
}

static void
storm_update(struct storm *s, uint32_t i, uint32_t place)
{
	struct mip6_addr hoa = storm_addr("2001:db8:1::", i);
	uint8_t buf[256];
	struct mip6_event ev;
	struct mip6_mh_to to;
	struct mip6_mh m;

	memset(&to, 0, sizeof(to));
	memset(&m, 0, sizeof(m));
	memset(&ev, 0, sizeof(ev));
	to.src = storm_addr(place == 0 ? "2001:db8:a::" : "2001:db8:b::", i);
	assert_true(mip6_addr_parse("2001:db8:1::1", &to.dst));
	to.hao = &hoa;
	m.type = MIP6_MH_BU;
	m.u.bu.seq = ++s->seq[i];
	m.u.bu.ack = m.u.bu.home = true;
	m.u.bu.lifetime = MIP6_SPAN_S(600);
	ev.u.hint.octets = buf;
	ev.u.hint.count =
	    mh_build(s->node, buf, sizeof(buf), &to, &m, NULL, NULL, NULL);
	assert_true(ev.u.hint.count > 0);
	ev.kind = MIP6_EV_HINT;
	ev.u.hint.kind = MIP6_HINT_PACKET;
	ev.u.hint.ifindex = 2;
	storm_give(s, &ev);
}

static struct storm *
storm_new(void)
{
	struct storm *s = test_malloc(sizeof(*s));
	struct mip6_conf_ha *c = &s->conf.ha;
	struct mip6_node_env env;
	struct mip6_event ev;
	uint32_t i;

	memset(s, 0, sizeof(*s));
	support_heap_init(&s->heap);
	s->now.boot.us = s->now.mono.us = 1000000000;
	s->now.wall_us = 1700000000000000u;
	memset(&env, 0, sizeof(env));
	env.alloc = s->heap.alloc;
	s->node = mip6_node_new(&env, &s->now);
	assert_non_null(s->node);
	s->conf.insecure = true;
	c->on = c->is_virtual = true;
	c->durability = MIP6_DURABILITY_SYNC;
	c->prefixes = 1;
	assert_true(mip6_addr_parse("2001:db8:1::", &c->prefix[0].prefix.addr));
	c->prefix[0].prefix.bits = 64;
	assert_true(mip6_addr_parse("2001:db8:1::1", &c->prefix[0].address));
	c->prefix[0].valid = c->prefix[0].preferred = MIP6_ND_INFINITE;
	c->lifetime_max = MIP6_SPAN_S(3600);
	c->bindings_max = 2 * STORM_MANY;
	memset(&ev, 0, sizeof(ev));
	ev.kind = MIP6_EV_CONFIG;
	ev.u.conf = &s->conf;
	storm_give(s, &ev);
	for (i = 0; i < STORM_MANY; i++) {
		storm_update(s, i, 0);
		storm_store_ends(s);
	}
	assert_int_equal(s->acceptances, STORM_MANY);
	s->acceptances = 0;
	memset(s->accepted, 0, sizeof(s->accepted));
	return s;
}

static void
storm_delete(struct storm *s)
{
	mip6_node_free(s->node);
	assert_int_equal(s->heap.live, 0);
	test_free(s);
}

static uint64_t
storm_busy(const struct storm *s)
{
	return mip6_node_drops(s->node)->count[MIP6_DROP_BU_BUSY];
}

/* Refreshes leave half of what may wait to others. */
static void
test_spare(void **state)
{
	struct storm *s = storm_new();
	uint32_t i;

	(void)state;
	for (i = 0; i < STORM_MANY; i++)
		storm_update(s, i, 0);
	assert_int_equal(s->storing, STORM_WAITS);
	assert_int_equal(storm_busy(s), STORM_MANY - STORM_WAITS);
	/* One that waits already takes its own place again. */
	storm_update(s, 0, 0);
	assert_int_equal(storm_busy(s), STORM_MANY - STORM_WAITS);
	/* From another care-of address: not a mere refresh. */
	storm_update(s, STORM_WAITS, 1);
	/* New. */
	for (i = 1; i < STORM_SPARE - 1; i++)
		storm_update(s, STORM_MANY + i, 0);
	assert_int_equal(storm_busy(s), STORM_MANY - STORM_WAITS);
	assert_int_equal(s->refusals, 0);
	assert_int_equal(s->acceptances, 0);
	storm_store_ends(s);
	assert_int_equal(s->refusals, 0);
	assert_true(s->accepted[0] && s->accepted[STORM_WAITS]);
	for (i = 1; i < STORM_SPARE - 1; i++)
		assert_true(s->accepted[STORM_MANY + i]);
	assert_int_equal(s->node->ha->pendings, 0);
	assert_int_equal(s->node->ha->refreshes, 0);
	storm_delete(s);
}

/* Nor do those who are new shut out who refreshes. */
static void
test_new(void **state)
{
	struct storm *s = storm_new();
	uint32_t i;

	(void)state;
	for (i = 0; i < MIP6_PENDING_MAX; i++)
		storm_update(s, STORM_MANY + i, 0);
	assert_int_equal(s->refusals, STORM_SPARE); /* 130: no room */
	for (i = 0; i < STORM_SPARE; i++)
		storm_update(s, i, 0);
	assert_int_equal(storm_busy(s), 0);
	storm_store_ends(s);
	for (i = 0; i < STORM_SPARE; i++)
		assert_true(s->accepted[i]);
	storm_delete(s);
}

/* They come again and again, with new ones among them. */
static void
test_served(void **state)
{
	struct storm *s = storm_new();
	uint32_t fresh = 0, left = STORM_MANY, rounds, i;

	(void)state;
	for (rounds = 0; left > 0; rounds++) {
		assert_true(
		    rounds < STORM_MANY / (STORM_WAITS - STORM_FRESH) + 2);
		for (i = 0; i < STORM_MANY; i++) {
			if (!s->accepted[i])
				storm_update(s, i, 0);
			/* In the midst of it. */
			if (i % (STORM_MANY / STORM_FRESH) == 0)
				storm_update(s, STORM_MANY + fresh++, 0);
		}
		assert_true(s->storing <= MIP6_PENDING_MAX);
		storm_store_ends(s);
		for (left = 0, i = 0; i < STORM_MANY; i++)
			left += !s->accepted[i];
		for (i = 0; i < fresh; i++)
			assert_true(s->accepted[STORM_MANY + i]);
	}
	assert_int_equal(s->refusals, 0);
	assert_int_equal(s->acceptances, STORM_MANY + fresh);
	assert_int_equal(s->node->ha->bcache.count, STORM_MANY + fresh);
	storm_delete(s);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_spare),
		cmocka_unit_test(test_new),
		cmocka_unit_test(test_served),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
