/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Records of bindings: what is written comes back, and nothing else does.
 *
 * Links: core
 */
#include "core_fix.h"

#include "core/ha_int.h"

#define COA "2001:db8:a::5"

/* A record as the store keeps it. */
struct record {
	enum mip6_store_table table;
	struct mip6_addr key;
	uint8_t octets[MIP6_STORE_OCTETS_MAX];
	size_t count;
};

static struct fix *
agent(struct mip6_conf_mobile *mobile)
{
	struct fix *x = test_malloc(sizeof(*x));

	fix_ha(x, mobile);
	x->conf.ha.durability = MIP6_DURABILITY_SYNC;
	return x;
}

static void
done(struct fix *x)
{
	fix_fini(x);
	test_free(x);
}

/* The functions of the core that are called between events here. */
static void
enter(struct fix *x)
{
	mip6_actions_clear(&x->out);
	x->node->now = x->now;
	x->node->out = &x->out;
}

/* The first action on the store of the last event that is of `table`. */
static const struct mip6_act_store *
stored(const struct fix *x, enum mip6_store_table table)
{
	size_t i;

	for (i = 0; i < x->out.count; i++)
		if (x->out.v[i].kind == MIP6_ACT_STORE &&
		    x->out.v[i].u.store.table == table)
			return &x->out.v[i].u.store;
	return NULL;
}

static struct record
keep(const struct mip6_act_store *a)
{
	struct record r;

	assert_non_null(a);
	memset(&r, 0, sizeof(r));
	r.table = a->table;
	r.key = a->key;
	r.count = a->count;
	assert_true(a->count <= sizeof(r.octets));
	if (a->count > 0)
		memcpy(r.octets, a->octets, a->count);
	return r;
}

/* The record of a binding of `lifetime` (0: de-registered). */
static struct record
put(struct fix *x, struct mip6_span lifetime)
{
	struct mip6_addr hoa = fix_addr(FIX_HOA);
	struct ha_update bu;
	uint32_t i;

	memset(&bu, 0, sizeof(bu));
	bu.hoa = hoa;
	bu.coa = bu.src = fix_addr(COA);
	bu.dst = fix_addr(FIX_AGENT);
	bu.seq = 0x1234;
	bu.lifetime = lifetime;
	bu.has_stamp = true;
	bu.stamp = mip6_time_to_ntp(x->now.wall_us);
	enter(x);
	i = mip6_bcache_add(&x->node->ha->bcache, &hoa);
	mip6_bcache_get(&x->node->ha->bcache, i)->pending = 0;
	assert_true(ha_store_put(x->node, i, &bu));
	mip6_bcache_del(&x->node->ha->bcache, i);
	return keep(stored(x, MIP6_STORE_BINDING));
}

static void
give(struct fix *x, const struct record *r)
{
	struct mip6_event ev;

	memset(&ev, 0, sizeof(ev));
	ev.kind = MIP6_EV_RESTORE;
	ev.u.restore.table = r->table;
	ev.u.restore.key = r->key;
	ev.u.restore.octets = r->octets;
	ev.u.restore.count = r->count;
	fix_event(x, &ev);
}

static void
give_end(struct fix *x, bool damaged)
{
	struct mip6_event ev;

	memset(&ev, 0, sizeof(ev));
	ev.kind = MIP6_EV_RESTORE;
	ev.u.restore.end = true;
	ev.u.restore.damaged = damaged;
	fix_event(x, &ev);
}

/* Is it taken, or refused and deleted? */
static bool
taken(struct fix *x, const struct record *r)
{
	const struct mip6_node_store *s = &x->node->store;
	uint64_t refused = s->refused, restored = s->restored;
	const struct mip6_act_store *a;

	give(x, r);
	if (s->restored == restored + 1)
		return true;
	assert_int_equal(s->refused, refused + 1);
	a = stored(x, r->table);
	assert_non_null(a);
	assert_int_equal(a->count, 0);
	assert_memory_equal(&a->key, &r->key, sizeof(r->key));
	return false;
}

static void
test_inverse(void **state)
{
	struct ha_stored s, back;
	uint8_t octets[128];
	uint64_t draw = 3;
	size_t count, i, n;

	(void)state;
	for (n = 0; n < 2000; n++) {
		memset(&s, 0, sizeof(s));
		s.held = support_draw(&draw) % 2 == 0;
		s.flags = (uint8_t)(support_draw(&draw) & 7);
		s.seq = (uint16_t)support_draw(&draw);
		s.coa = fix_addr(COA);
		s.coa.b[15] = (uint8_t)support_draw(&draw);
		s.local = fix_addr(FIX_AGENT);
		s.stamp = support_draw(&draw);
		s.at_us = support_draw(&draw) >> 1;
		s.span_s = 1 + (uint32_t)(support_draw(&draw) % 262140);
		count = ha_store_encode(&s, octets, sizeof(octets));
		assert_true(count > 0);
		assert_true(ha_store_decode(&back, octets, count));
		assert_int_equal(back.held, s.held);
		assert_int_equal(back.flags, s.flags);
		assert_int_equal(back.seq, s.seq);
		assert_memory_equal(&back.coa, &s.coa, 16);
		assert_memory_equal(&back.local, &s.local, 16);
		assert_int_equal(back.stamp, s.stamp);
		assert_int_equal(back.at_us, s.at_us);
		assert_int_equal(back.span_s, s.span_s);
	}
	for (i = 0; i < count; i++)
		assert_false(ha_store_decode(&back, octets, i));
	octets[count] = 0;
	assert_false(ha_store_decode(&back, octets, count + 1));
	assert_int_equal(ha_store_encode(&s, octets, count - 1), 0);
}

static void
test_not_sensible(void **state)
{
	struct ha_stored good, s;
	uint8_t octets[128];
	size_t count;

	(void)state;
	memset(&good, 0, sizeof(good));
	good.coa = fix_addr(COA);
	good.local = fix_addr(FIX_AGENT);
	good.at_us = 5;
	good.span_s = 4 * 65535;
#define REFUSED(...)                                                           \
	do {                                                                   \
		s = good;                                                      \
		__VA_ARGS__;                                                   \
		count = ha_store_encode(&s, octets, sizeof(octets));           \
		assert_false(ha_store_decode(&s, octets, count));              \
	} while (0)
	count = ha_store_encode(&good, octets, sizeof(octets));
	assert_true(ha_store_decode(&s, octets, count));
	octets[0]++; /* another version */
	assert_false(ha_store_decode(&s, octets, count));
	octets[0]--;
	octets[1] = 2;
	assert_false(ha_store_decode(&s, octets, count));
	REFUSED(s.flags = 8);
	REFUSED(s.span_s = 0);
	REFUSED(s.span_s++);
	REFUSED(s.at_us = UINT64_MAX / 2 + 1);
	REFUSED(s.coa = fix_addr("ff02::1"));
	REFUSED(s.local = fix_addr("fe80::1"));
#undef REFUSED
	s = good;
	s.held = true;
	s.coa = mip6_addr_any;
	count = ha_store_encode(&s, octets, sizeof(octets));
	assert_true(ha_store_decode(&s, octets, count));
}

/* Not one bit, not one octet, no other place, no other host. */
static void
test_seal(void **state)
{
	struct mip6_conf_mobile mobile;
	struct fix *x = agent(&mobile);
	struct record good, r;
	size_t i;

	(void)state;
	good = put(x, MIP6_SPAN_S(600));
	assert_true(taken(x, &good));
	for (i = 0; i < good.count * 8; i++) {
		r = good;
		r.octets[i / 8] ^= (uint8_t)(1 << i % 8);
		assert_false(taken(x, &r));
	}
	for (i = 0; i < good.count; i++) {
		r = good;
		r.count = i;
		assert_false(taken(x, &r));
	}
	r = good;
	r.count++;
	assert_false(taken(x, &r));
	r.count = MIP6_STORE_OCTETS_MAX;
	assert_false(taken(x, &r));
	for (i = 0; i < 128; i++) {
		r = good;
		r.key.b[i / 8] ^= (uint8_t)(1 << i % 8);
		assert_false(taken(x, &r));
	}
	r = good;
	r.table = MIP6_STORE_HOME;
	assert_false(taken(x, &r));
	x->node->env.stable_secret[9] ^= 1;
	assert_true(store_init(x->node));
	assert_false(taken(x, &good));
	give_end(x, false);
	assert_non_null(strstr(x->events, "store.damaged"));
	done(x);
}

static void
test_off(void **state)
{
	struct mip6_conf_mobile mobile;
	struct fix *x = agent(&mobile);
	struct record r = put(x, MIP6_SPAN_S(600));
	struct ha_update bu;

	(void)state;
	x->conf.ha.durability = MIP6_DURABILITY_NONE;
	memset(&bu, 0, sizeof(bu));
	bu.hoa = fix_addr(FIX_HOA);
	enter(x);
	assert_false(ha_store_put(x->node,
	    mip6_bcache_add(&x->node->ha->bcache, &bu.hoa), &bu));
	ha_store_del(x->node, &bu.hoa);
	assert_int_equal(x->out.count, 0);
	give(x, &r);
	assert_int_equal(x->node->ha->restored, 0);
	done(x);
}

/* A lifetime goes on where it was, and ends where it would have. */
static void
test_expiry(void **state)
{
	struct mip6_conf_mobile mobile;
	struct fix *x = agent(&mobile);
	struct record live = put(x, MIP6_SPAN_S(600));
	struct record held;

	(void)state;
	held = put(x, MIP6_SPAN_S(0));
	x->now.wall_us += 9999999;
	give(x, &held);
	assert_int_equal(x->node->ha->restored, 1);
	x->now.wall_us++;
	give(x, &held);
	assert_int_equal(x->node->ha->restored_gone, 1);
	x->now.wall_us += 589999999;
	give(x, &live);
	assert_int_equal(x->node->ha->restored, 2);
	x->now.wall_us++;
	give(x, &live);
	assert_int_equal(x->node->ha->restored, 2);
	assert_int_equal(x->node->ha->restored_gone, 2);
	assert_int_equal(stored(x, MIP6_STORE_BINDING)->count, 0);
	give_end(x, false);
	assert_null(strstr(x->events, "store.damaged"));
	done(x);
}

/* Who is not served any more is not restored. */
static void
test_not_served(void **state)
{
	struct mip6_conf_mobile mobile;
	struct fix *x = agent(&mobile);
	struct record r = put(x, MIP6_SPAN_S(600));

	(void)state;
	mobile.hoa = fix_addr("2001:db8:1::101");
	give(x, &r);
	assert_int_equal(x->node->ha->restored_gone, 1);
	x->conf.insecure = true;
	give(x, &r);
	assert_int_equal(x->node->ha->restored, 1);
	x->conf.ha.prefix[0].prefix.addr = fix_addr("2001:db8:2::");
	give(x, &r);
	assert_int_equal(x->node->ha->restored_gone, 2);
	done(x);
}

/* A clock set back gives no second life, and accepts nothing old. */
static void
test_clock_set_back(void **state)
{
	struct mip6_conf_sa sa = fix_sa();
	struct fix_bu bu = fix_update(1, &sa);
	struct mip6_conf_mobile mobile;
	struct fix *x = agent(&mobile);
	struct record first = put(x, MIP6_SPAN_S(600)), node;
	struct mip6_addr hoa = fix_addr(FIX_HOA);
	uint64_t wall;
	struct mip6_mh m;

	(void)state;
	fix_wait(x, MIP6_SPAN_S(300));
	enter(x);
	ha_store_del(x->node, &hoa);
	node = keep(stored(x, MIP6_STORE_NODE));
	wall = x->now.wall_us;
	done(x);

	x = agent(&mobile);
	x->now.wall_us = wall - UINT64_C(86400000000);
	x->node->started_wall_us = x->now.wall_us;
	bu.stamp = mip6_time_to_ntp(wall - 1);
	give(x, &node);
	assert_non_null(strstr(x->events, "store.clock-set-back"));
	assert_int_equal(node_wall_us(x->node), wall);
	/* 300 s of the 600 are over. */
	fix_wait(x, MIP6_SPAN_US(299999999));
	enter(x);
	assert_int_equal(node_wall_us(x->node), wall + 299999999);
	give(x, &first);
	assert_int_equal(x->node->ha->restored, 1);
	fix_wait(x, MIP6_SPAN_US(1));
	give(x, &first);
	assert_int_equal(x->node->ha->restored_gone, 1);
	done(x);

	/* What that life had refused, or accepted, as too old stays so. */
	x = agent(&mobile);
	x->now.wall_us = wall - UINT64_C(3000000);
	x->node->started_wall_us = x->now.wall_us;
	give(x, &node);
	x->seen = x->sents;
	fix_send_bu(x, &bu);
	assert_int_equal(fix_drops(x, MIP6_DROP_BU_ID_REPLAY), 1);
	assert_non_null(fix_next_mh(x, &m));
	assert_int_equal(m.u.ba.status, MIP6_BA_ID_MISMATCH);
	/* The answer says what time it is here. */
	assert_true(
	    mip6_time_from_ntp(m.opt.replay, wall) / 1000000 == wall / 1000000);
	done(x);
}

/* Whose record goes leaves behind which moment it was. */
static void
test_delete_leaves_moment(void **state)
{
	struct mip6_conf_mobile mobile;
	struct fix *x = agent(&mobile);
	struct mip6_addr hoa = fix_addr(FIX_HOA);
	const struct mip6_act_store *a;

	(void)state;
	enter(x);
	ha_store_del(x->node, &hoa);
	assert_int_equal(x->out.count, 2);
	a = &x->out.v[0].u.store;
	assert_int_equal(a->table, MIP6_STORE_NODE);
	assert_true(a->count > 0);
	a = &x->out.v[1].u.store;
	assert_int_equal(a->table, MIP6_STORE_BINDING);
	assert_int_equal(a->count, 0);
	/* Nobody waits for it. */
	assert_int_equal(x->out.v[1].id, 0);
	/* Once is enough for one moment. */
	enter(x);
	ha_store_del(x->node, &hoa);
	assert_int_equal(x->out.count, 1);
	/* With bindings that come it is written now and then. */
	x->now.wall_us += 60000000;
	(void)put(x, MIP6_SPAN_S(600));
	assert_null(stored(x, MIP6_STORE_NODE));
	x->now.wall_us++;
	(void)put(x, MIP6_SPAN_S(600));
	assert_non_null(stored(x, MIP6_STORE_NODE));
	done(x);
}

static void
test_node_record(void **state)
{
	struct mip6_conf_mobile mobile;
	struct fix *x = agent(&mobile);
	struct record r;
	uint8_t body[16] = { 1 };
	size_t i;

	(void)state;
	/* Sealed by us, and yet of no known form. */
	for (i = 1; i <= 9; i++) {
		enter(x);
		body[0] = i == 9 ? 2 : 1;
		body[1] = 0x40;
		node_store_put(x->node, MIP6_STORE_NODE, &mip6_addr_any, body,
		    i, 0);
		r = keep(stored(x, MIP6_STORE_NODE));
		give(x, &r);
		assert_int_equal(node_wall_us(x->node), x->now.wall_us);
	}
	done(x);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_inverse),
		cmocka_unit_test(test_not_sensible),
		cmocka_unit_test(test_seal),
		cmocka_unit_test(test_off),
		cmocka_unit_test(test_expiry),
		cmocka_unit_test(test_not_served),
		cmocka_unit_test(test_clock_set_back),
		cmocka_unit_test(test_delete_leaves_moment),
		cmocka_unit_test(test_node_record),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
