/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * How long bindings live: what is granted and said of it, requests to refresh,
 * quotas, and what is remembered after the end.
 *
 * Links: core
 */
#include "core_fix.h"

#include "core/ha_int.h"

struct life {
	struct fix x;
	struct mip6_conf_mobile mobile, more[3];
	struct mip6_conf_sa sa;
};

static struct life *
life_new(void)
{
	struct life *t = test_malloc(sizeof(*t));

	fix_ha(&t->x, &t->mobile);
	t->sa = fix_sa();
	return t;
}

static void
life_delete(struct life *t)
{
	fix_fini(&t->x);
	test_free(t);
}

static int
update(struct life *t, uint16_t seq, int64_t lifetime_s, struct mip6_mh *m)
{
	struct fix_bu bu = fix_update(seq, &t->sa);

	bu.lifetime = MIP6_SPAN_S(lifetime_s);
	t->x.seen = t->x.sents;
	fix_send_bu(&t->x, &bu);
	return fix_next_mh(&t->x, m) == NULL ? -1 : m->u.ba.status;
}

/* R10.3.1-15, R10.3.1-20: prefix lifetimes in seconds (-1: for ever). */
static void
test_granted(void **state)
{
	static const struct {
		int64_t valid_s, preferred_s, asked_s, granted_s;
		int status;
	} row[] = {
		{ -1, -1, 600, 600, 0 },
		{ 700, 604, 600, 600, 0 },
		{ 700, 600, 600, 600, 0 },
		{ 700, 599, 600, 600, 1 },
		{ 700, 0, 600, 600, 1 },
		{ 604, 604, 600, 600, 0 },
		{ 603, 603, 600, 600, 1 },
		{ 600, 600, 600, 600, 1 },
		{ 599, 599, 600, 596, 1 },
		{ 4, 4, 600, 4, 1 },
		{ 3, 3, 600, 0, 132 },
		{ 0, 0, 600, 0, 132 },
	};
	struct mip6_conf_home_prefix *p;
	struct mip6_mh m;
	struct life *t;
	size_t i;

	(void)state;
	for (i = 0; i < MIP6_COUNT(row); i++) {
		t = life_new();
		p = &t->x.conf.ha.prefix[0];
		if (row[i].valid_s >= 0) {
			p->valid = MIP6_SPAN_S(row[i].valid_s);
			p->preferred = MIP6_SPAN_S(row[i].preferred_s);
		}
		if (update(t, 1, row[i].asked_s, &m) != row[i].status ||
		    m.u.ba.lifetime.us != MIP6_SPAN_S(row[i].granted_s).us)
			fail_msg("row %zu: %u", i, m.u.ba.status);
		/* Of what is refused the host hears nothing. */
		assert_int_equal(fix_last(&t->x, MIP6_ACT_ROUTE) == NULL,
		    row[i].status == 132);
		life_delete(t);
	}
}

/* The prefix's lifetime is cut while there is a binding: both end. */
static void
test_prefix_ends(void **state)
{
	struct life *t = life_new();
	struct mip6_mh m;

	(void)state;
	assert_int_equal(update(t, 1, 600, &m), 0);
	t->x.conf.ha.prefix[0].valid = MIP6_SPAN_S(100);
	fix_configure(&t->x);
	fix_wait(&t->x, MIP6_SPAN_S(99));
	assert_non_null(fix_last(&t->x, MIP6_ACT_ROW_SET));
	assert_null(fix_last(&t->x, MIP6_ACT_ROW_DEL));
	fix_wait(&t->x, MIP6_SPAN_S(2));
	assert_non_null(fix_last(&t->x, MIP6_ACT_ROW_DEL));
	/* A prefix that lives longer lets no binding live longer. */
	t->x.conf.ha.prefix[0].valid = MIP6_ND_INFINITE;
	fix_wait(&t->x, MIP6_SPAN_S(30));
	assert_int_equal(update(t, 2, 600, &m), 0);
	t->x.acts = 0;
	fix_configure(&t->x);
	fix_wait(&t->x, MIP6_SPAN_S(601));
	assert_non_null(fix_last(&t->x, MIP6_ACT_ROW_DEL));
	life_delete(t);
}

/* The prefix ended while the host was made ready: 132, no 0 s granted. */
static void
test_prefix_ends_early(void **state)
{
	struct life *t = life_new();
	struct mip6_mh m;

	(void)state;
	t->x.hold = true;
	assert_int_equal(update(t, 1, 600, &m), -1);
	t->x.conf.ha.prefix[0].valid = MIP6_SPAN_S(0);
	t->x.hold = false;
	fix_settle(&t->x);
	assert_non_null(fix_next_mh(&t->x, &m));
	assert_int_equal(m.u.ba.status, 132);
	life_delete(t);
}

static void
test_advice(void **state)
{
	struct life *t = life_new();
	struct mip6_mh m;

	(void)state;
	/* R10.3.1-25, R10.3.1-26: less than the lifetime. */
	assert_int_equal(update(t, 1, 600, &m), 0);
	assert_true(m.opt.has_refresh_advice);
	assert_true(m.opt.refresh_advice.us > 0 &&
	    m.opt.refresh_advice.us < m.u.ba.lifetime.us);
	assert_int_equal(update(t, 2, 20, &m), 0);
	assert_true(m.opt.has_refresh_advice &&
	    m.opt.refresh_advice.us < m.u.ba.lifetime.us);
	/* R10.3.2-03: none for a de-registration. */
	assert_int_equal(update(t, 3, 0, &m), 0);
	assert_false(m.opt.has_refresh_advice);
	/* What is stored needs none. */
	t->x.conf.ha.durability = MIP6_DURABILITY_SYNC;
	assert_int_equal(update(t, 4, 600, &m), 0);
	assert_false(m.opt.has_refresh_advice);
	life_delete(t);
}

static uint32_t
requests(struct life *t)
{
	const struct fix_sent *s;
	uint32_t count = 0;
	struct mip6_mh m;

	while ((s = fix_next_mh(&t->x, &m)) != NULL) {
		if (m.type != MIP6_MH_BRR)
			continue;
		/* Section 9.5.5: to the home address, by a routing header. */
		assert_true(s->ip.has_rh2);
		count++;
	}
	return count;
}

static void
test_refresh_requests(void **state)
{
	struct life *t = life_new();
	struct mip6_mh m;

	(void)state;
	t->x.conf.ha.refresh_requests = true;
	assert_int_equal(update(t, 1, 600, &m), 0);
	fix_wait(&t->x, MIP6_SPAN_S(559));
	assert_int_equal(requests(t), 0);
	fix_wait(&t->x, MIP6_SPAN_S(1));
	assert_int_equal(requests(t), 1);
	fix_wait(&t->x, MIP6_SPAN_S(19));
	assert_int_equal(requests(t), 0);
	fix_wait(&t->x, MIP6_SPAN_S(1));
	assert_int_equal(requests(t), 1);
	assert_null(fix_last(&t->x, MIP6_ACT_ROW_DEL));
	fix_wait(&t->x, MIP6_SPAN_MS(19999));
	assert_null(fix_last(&t->x, MIP6_ACT_ROW_DEL));
	fix_wait(&t->x, MIP6_SPAN_MS(1));
	assert_non_null(fix_last(&t->x, MIP6_ACT_ROW_DEL));
	assert_int_equal(requests(t), 0);
	life_delete(t);
}

/* None once an update has come, though it waits for the host. */
static void
test_no_request_while_updated(void **state)
{
	struct life *t = life_new();
	struct fix_bu bu;
	struct mip6_mh m;

	(void)state;
	t->x.conf.ha.refresh_requests = true;
	assert_int_equal(update(t, 1, 600, &m), 0);
	fix_wait(&t->x, MIP6_SPAN_S(550));
	t->x.hold = true;
	bu = fix_update(2, &t->sa);
	bu.src = bu.alt_coa = "2001:db8:b::5";
	fix_send_bu(&t->x, &bu);
	fix_wait(&t->x, MIP6_SPAN_S(40));
	assert_int_equal(requests(t), 0);
	life_delete(t);
}

static void
test_quota(void **state)
{
	static const char *const hoa[3] = { "2001:db8:1::100",
		"2001:db8:1::101", "2001:db8:1::102" };
	static const char *const nai[3] = { "alice@x", "alice@x", "bob@x" };
	struct life *t = life_new();
	struct fix_bu bu;
	struct mip6_mh m;
	int i;

	(void)state;
	memset(t->more, 0, sizeof(t->more));
	for (i = 0; i < 3; i++) {
		t->more[i].hoa = fix_addr(hoa[i]);
		t->more[i].sa = t->sa;
		memcpy(t->more[i].nai, nai[i], strlen(nai[i]));
	}
	t->x.conf.ha.mobile = t->more;
	t->x.conf.ha.mobiles = 3;
	t->x.conf.ha.bindings_per_mobile_max = 1;
	fix_configure(&t->x);
	for (i = 0; i < 5; i++) {
		bu = fix_update((uint16_t)(i + 1), &t->sa);
		bu.hoa = hoa[i == 3 ? 0 : i == 4 ? 1 : i];
		bu.nai = nai[i == 3 ? 0 : i == 4 ? 1 : i];
		/* The first one of alice goes: there is room again. */
		bu.lifetime = MIP6_SPAN_S(i == 3 ? 0 : 600);
		fix_send_bu(&t->x, &bu);
		assert_non_null(fix_next_mh(&t->x, &m));
		assert_int_equal(m.u.ba.status, i == 1 ? 130 : 0);
		if (i == 2)
			fix_configure(&t->x); /* a reload counts alike */
	}
	life_delete(t);
}

/* What was accepted is not accepted again after the binding's end. */
static void
test_replay_after_end(void **state)
{
	struct life *t = life_new();
	struct fix_bu old = fix_update(1, &t->sa), bu;
	uint32_t count;
	struct mip6_mh m;

	(void)state;
	old.stamp = mip6_time_to_ntp(t->x.now.wall_us);
	fix_send_bu(&t->x, &old);
	assert_int_equal(update(t, 2, 0, &m), 0);
	/* Memory of it lasts as long as the message would be fresh. */
	fix_wait(&t->x, MIP6_SPAN_S(6));
	old.seq = 100;
	fix_send_bu(&t->x, &old);
	assert_int_equal(fix_drops(&t->x, MIP6_DROP_BU_ID_REPLAY), 1);
	fix_wait(&t->x, MIP6_SPAN_S(7));
	count = t->x.node->ha->bcache.count;
	assert_int_equal(count, 1);
	fix_wait(&t->x, MIP6_SPAN_S(2));
	assert_int_equal(t->x.node->ha->bcache.count, 0);
	/* The clock is set back: the message is fresh, and refused still. */
	t->x.now.wall_us -= 12000000;
	fix_send_bu(&t->x, &old);
	assert_true(fix_drops(&t->x, MIP6_DROP_BU_ID_REPLAY) +
		fix_drops(&t->x, MIP6_DROP_BU_ID_MISMATCH) ==
	    2);
	assert_int_equal(t->x.node->ha->bcache.count, 0);
	/* A new one is welcome. */
	t->x.now.wall_us += 20000000;
	bu = fix_update(101, &t->sa);
	t->x.seen = t->x.sents;
	fix_send_bu(&t->x, &bu);
	assert_non_null(fix_next_mh(&t->x, &m));
	assert_int_equal(m.u.ba.status, 0);
	life_delete(t);
}

/* A refused de-registration is remembered, too. */
static void
test_refused_is_remembered(void **state)
{
	struct life *t = life_new();
	struct fix_bu old = fix_update(1, &t->sa);
	struct mip6_mh m;

	(void)state;
	old.stamp = mip6_time_to_ntp(t->x.now.wall_us) + 5;
	fix_wait(&t->x, MIP6_SPAN_S(1));
	assert_int_equal(update(t, 40000, 0, &m), 133);
	fix_send_bu(&t->x, &old);
	assert_int_equal(fix_drops(&t->x, MIP6_DROP_BU_ID_REPLAY), 1);
	assert_int_equal(update(t, 40001, 600, &m), 0);
	/* `flush binding` forgets its number, not what was recorded. */
	old.seq = 1;
	old.stamp = mip6_time_to_ntp(t->x.now.wall_us) + t->x.stamps;
	struct mip6_event ev = { .kind = MIP6_EV_COMMAND };
	ev.u.command.kind = MIP6_CMD_FLUSH_BINDING;
	ev.u.command.addr = fix_addr(FIX_HOA);
	fix_give(&t->x, &ev);
	assert_int_equal(t->x.node->ha->stamp_floor, 0);
	fix_send_bu(&t->x, &old);
	assert_int_equal(fix_drops(&t->x, MIP6_DROP_BU_ID_REPLAY), 2);
	assert_int_equal(update(t, 1, 600, &m), 0);
	/* It is numbered again, and nobody is asked about. */
	assert_int_equal(update(t, 1, 600, &m), 135);
	assert_int_equal(mip6_bcache_get(&t->x.node->ha->bcache, 0)->flags &
		MIP6_BINDING_UNSURE,
	    0);
	life_delete(t);
}

static void
test_size(void **state)
{
	(void)state;
	assert_true(sizeof(struct mip6_binding) <= 96);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_granted),
		cmocka_unit_test(test_prefix_ends),
		cmocka_unit_test(test_prefix_ends_early),
		cmocka_unit_test(test_advice),
		cmocka_unit_test(test_refresh_requests),
		cmocka_unit_test(test_no_request_while_updated),
		cmocka_unit_test(test_quota),
		cmocka_unit_test(test_replay_after_end),
		cmocka_unit_test(test_refused_is_remembered),
		cmocka_unit_test(test_size),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
