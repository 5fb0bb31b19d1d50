/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The home agent judges Binding Updates: each check of RFC 6275 sections 9.5.1
 * and 10.3.1 and of RFC 4285, what is counted, answered and changed.
 *
 * Links: core
 */
#include "core_fix.h"

struct check {
	const char *name;
	struct fix_bu bu;
	enum mip6_drop drop;
	int status; /* -1: no answer */
};

/* The answer to the last update, if any. */
static int
answer(struct fix *x, struct mip6_mh *m)
{
	return fix_next_mh(x, m) == NULL ? -1 : m->u.ba.status;
}

static void
count_binding(void *arg, const struct mip6_show_binding *b)
{
	size_t *count = arg;

	if (strcmp(b->state, "invalid") != 0)
		(*count)++;
}

/* Those that are more than a memory. */
static size_t
bindings(struct fix *x)
{
	size_t count = 0;

	(void)mip6_show_bindings(x->node, &x->now, 0, 100, count_binding,
	    &count);
	return count;
}

static void
test_refused(void **state)
{
	struct mip6_conf_sa sa = fix_sa(), wrong = fix_sa(), spi = fix_sa();
	struct fix_bu u = fix_update(1, &sa);
	struct check checks[16];
	struct mip6_conf_mobile mobile;
	struct mip6_mh m;
	struct fix *x;
	size_t i, n = 0;

	(void)state;
	x = test_malloc(sizeof(*x));
	wrong.key[3] ^= 1;
	spi.spi++;
#define CHECK(d, s, ...)                                                       \
	do {                                                                   \
		struct fix_bu b = u;                                           \
		__VA_ARGS__;                                                   \
		checks[n++] =                                                  \
		    (struct check){ #__VA_ARGS__, b, MIP6_DROP_##d, s };       \
	} while (0)
	CHECK(NOT_OURS, -1, b.dst = "2001:db8:1::2");
	CHECK(BU_NO_HAO, -1, b.hoa = NULL);
	CHECK(BU_COA_INVALID, -1, b.alt_coa = "ff02::1");
	CHECK(BU_COA_INVALID, -1, b.alt_coa = "::1");
	CHECK(BU_COA_INVALID, -1, b.alt_coa = FIX_HOA);
	CHECK(BU_COA_INVALID, -1, b.alt_coa = FIX_AGENT);
	CHECK(BU_NOT_HOME_SUBNET, 132, b.hoa = "2001:db8:2::100");
	CHECK(BU_NOT_HOME_SUBNET, 132, b.hoa = FIX_AGENT);
	CHECK(BU_UNKNOWN_MOBILE, -1, b.hoa = "2001:db8:1::101");
	CHECK(BU_AUTH_MISSING, -1, b.sa = NULL);
	CHECK(BU_AUTH_FAIL, 146, b.sa = &wrong);
	CHECK(BU_AUTH_SPI, -1, b.sa = &spi);
	CHECK(BU_ID_MISSING, 145, b.no_stamp = true);
	CHECK(BU_NONCE_PRESENT, -1, b.nonces = true);
	CHECK(BU_NO_BINDING, 133, b.lifetime = MIP6_SPAN_S(0));
#undef CHECK
	for (i = 0; i < n; i++) {
		fix_ha(x, &mobile);
		x->seen = x->sents;
		fix_send_bu(x, &checks[i].bu);
		if (fix_drops(x, checks[i].drop) != 1 ||
		    answer(x, &m) != checks[i].status || bindings(x) != 0)
			fail_msg("%s", checks[i].name);
		fix_fini(x);
	}
	test_free(x);
}

static void
test_hoa_not_routable(void **state)
{
	struct mip6_conf_sa sa = fix_sa();
	struct fix_bu bu = fix_update(1, &sa);
	struct mip6_conf_mobile mobile;
	struct fix *x = test_malloc(sizeof(*x));

	(void)state;
	/* A link-local source without a HAO is a home address, of a kind. */
	fix_ha(x, &mobile);
	bu.hoa = NULL;
	bu.src = "fe80::5";
	bu.lifetime = MIP6_SPAN_S(0);
	fix_send_bu(x, &bu);
	assert_int_equal(fix_drops(x, MIP6_DROP_BU_HOA_INVALID), 1);
	fix_fini(x);
	test_free(x);
}

static void
test_registers(void **state)
{
	struct mip6_conf_sa sa = fix_sa();
	struct fix_bu bu = fix_update(65535, &sa);
	struct mip6_conf_mobile mobile;
	const struct mip6_action *row;
	const struct fix_sent *s;
	struct mip6_mh m;
	struct fix *x = test_malloc(sizeof(*x));

	(void)state;
	fix_ha(x, &mobile);
	x->seen = x->sents;
	x->hold = true;
	fix_send_bu(x, &bu);
	/* Nothing is promised before the host is ready. */
	assert_null(fix_next_mh(x, &m));
	assert_null(fix_last(x, MIP6_ACT_ROW_SET));
	x->hold = false;
	fix_settle(x);
	s = fix_next_mh(x, &m);
	assert_non_null(s);
	assert_int_equal(m.u.ba.status, 0);
	assert_int_equal(m.u.ba.seq, 65535);
	assert_int_equal(m.u.ba.lifetime.us, bu.lifetime.us);
	assert_true(s->ip.has_rh2);
	assert_true(m.opt.has_mn_ha && m.opt.has_replay);
	row = fix_last(x, MIP6_ACT_ROW_SET);
	assert_non_null(row);
	assert_int_equal(row->u.row.kind, MIP6_FWD_HA_TUNNEL);
	assert_int_equal(bindings(x), 1);
	/* R9.1-03: 0 is newer than 65,535. */
	bu = fix_update(0, &sa);
	fix_send_bu(x, &bu);
	assert_int_equal(answer(x, &m), 0);
	/* ... and 65,535 is not newer than 0: 135 with the last one. */
	bu = fix_update(65535, &sa);
	fix_send_bu(x, &bu);
	assert_int_equal(answer(x, &m), 135);
	assert_int_equal(m.u.ba.seq, 0);
	assert_true(m.opt.has_mn_ha);
	assert_int_equal(fix_drops(x, MIP6_DROP_BU_SEQUENCE), 1);
	/* It ends with its lifetime. */
	fix_wait(x, MIP6_SPAN_S(599));
	assert_int_equal(bindings(x), 1);
	fix_wait(x, MIP6_SPAN_S(1));
	assert_int_equal(bindings(x), 0);
	assert_non_null(fix_last(x, MIP6_ACT_ROW_DEL));
	fix_fini(x);
	test_free(x);
}

static void
test_sequence_ignored(void **state)
{
	struct mip6_conf_sa sa = fix_sa();
	struct fix_bu bu = fix_update(10, &sa);
	struct mip6_conf_mobile mobile;
	struct mip6_mh m;
	struct fix *x = test_malloc(sizeof(*x));

	(void)state;
	fix_ha(x, &mobile);
	mobile.sa.sequence_ignore = true;
	fix_send_bu(x, &bu);
	assert_int_equal(answer(x, &m), 0);
	fix_wait(x, MIP6_SPAN_S(1));
	bu = fix_update(9, &sa);
	fix_send_bu(x, &bu);
	assert_int_equal(answer(x, &m), 0);
	fix_fini(x);
	test_free(x);
}

static void
test_lifetime_capped(void **state)
{
	struct mip6_conf_sa sa = fix_sa();
	struct fix_bu bu = fix_update(1, &sa);
	struct mip6_conf_mobile mobile;
	struct mip6_mh m;
	struct fix *x = test_malloc(sizeof(*x));

	(void)state;
	fix_ha(x, &mobile);
	bu.lifetime = MIP6_SPAN_S(65535 * 4);
	fix_send_bu(x, &bu);
	assert_int_equal(answer(x, &m), 0);
	assert_int_equal(m.u.ba.lifetime.us, MIP6_SPAN_S(3600).us);
	fix_fini(x);
	test_free(x);
}

static void
test_replay(void **state)
{
	struct mip6_conf_sa sa = fix_sa();
	struct fix_bu bu = fix_update(1, &sa);
	struct mip6_conf_mobile mobile;
	uint64_t ntp;
	struct mip6_mh m;
	struct fix *x = test_malloc(sizeof(*x));

	(void)state;
	fix_ha(x, &mobile);
	/* Before our own start, though within the slack. */
	bu.stamp = mip6_time_to_ntp(x->now.wall_us - 1000000);
	fix_send_bu(x, &bu);
	assert_int_equal(answer(x, &m), 144);
	assert_int_equal(fix_drops(x, MIP6_DROP_BU_ID_REPLAY), 1);
	fix_wait(x, MIP6_SPAN_S(60));
	/* Right at the limit, and a second beyond it. */
	bu.stamp = mip6_time_to_ntp(x->now.wall_us - 7000000);
	fix_send_bu(x, &bu);
	assert_int_equal(answer(x, &m), 0);
	bu.seq = 2;
	bu.stamp = mip6_time_to_ntp(x->now.wall_us + 8000000);
	fix_send_bu(x, &bu);
	assert_int_equal(answer(x, &m), 144);
	/* Its low half is ours, the high one the home agent's time. */
	ntp = mip6_time_to_ntp(x->now.wall_us);
	assert_int_equal((uint32_t)m.opt.replay, (uint32_t)bu.stamp);
	assert_int_equal(m.opt.replay >> 32, ntp >> 32);
	assert_true(m.opt.has_mn_ha);
	assert_int_equal(fix_drops(x, MIP6_DROP_BU_ID_MISMATCH), 1);
	/* The same message once more: caught, whatever its number. */
	bu.seq = 3;
	bu.stamp = mip6_time_to_ntp(x->now.wall_us);
	fix_send_bu(x, &bu);
	assert_int_equal(answer(x, &m), 0);
	bu.seq = 4;
	fix_send_bu(x, &bu);
	assert_int_equal(answer(x, &m), 144);
	assert_int_equal(fix_drops(x, MIP6_DROP_BU_ID_REPLAY), 2);
	fix_fini(x);
	test_free(x);
}

static void
test_deregisters(void **state)
{
	struct mip6_conf_sa sa = fix_sa();
	struct fix_bu bu = fix_update(1, &sa);
	struct mip6_conf_mobile mobile;
	const struct fix_sent *s;
	struct mip6_mh m;
	struct fix *x = test_malloc(sizeof(*x));

	(void)state;
	fix_ha(x, &mobile);
	fix_send_bu(x, &bu);
	assert_int_equal(answer(x, &m), 0);
	/* From home: without a HAO, answered to its link-layer address. */
	bu = fix_update(3, &sa);
	bu.src = FIX_HOA;
	bu.hoa = bu.alt_coa = NULL;
	bu.lifetime = MIP6_SPAN_S(0);
	fix_send_bu(x, &bu);
	s = fix_next_mh(x, &m);
	assert_non_null(s);
	assert_int_equal(m.u.ba.status, 0);
	assert_int_equal(m.u.ba.lifetime.us, 0);
	assert_false(s->ip.has_rh2);
	assert_true(s->act.has_lladdr);
	assert_memory_equal(&s->act.lladdr, &fix_router_ll, 6);
	assert_false(fix_last(x, MIP6_ACT_ROUTE)->u.route.on);
	assert_false(fix_last(x, MIP6_ACT_GROUP)->u.set.on);
	/* R10.3.2-08: a delayed older update is known as such for 10 s. */
	assert_int_equal(bindings(x), 0);
	fix_wait(x, MIP6_SPAN_MS(9900));
	bu = fix_update(2, &sa);
	fix_send_bu(x, &bu);
	assert_int_equal(answer(x, &m), 135);
	assert_int_equal(m.u.ba.seq, 3);
	fix_fini(x);
	test_free(x);
}

static void
test_type_change(void **state)
{
	struct mip6_conf_sa sa = fix_sa();
	struct fix_bu bu = fix_update(1, &sa);
	struct mip6_conf_mobile mobile;
	struct mip6_mh m;
	struct fix *x = test_malloc(sizeof(*x));

	(void)state;
	fix_ha(x, &mobile);
	bu.not_home = true;
	fix_send_bu(x, &bu);
	assert_int_equal(answer(x, &m), -1);
	assert_int_equal(fix_drops(x, MIP6_DROP_MH_WRONG_ROLE), 1);
	bu = fix_update(2, &sa);
	fix_send_bu(x, &bu);
	assert_int_equal(answer(x, &m), 0);
	bu = fix_update(3, &sa);
	bu.not_home = true;
	fix_send_bu(x, &bu);
	assert_int_equal(answer(x, &m), 139);
	assert_int_equal(bindings(x), 1);
	fix_fini(x);
	test_free(x);
}

static void
test_not_a_home_agent(void **state)
{
	struct mip6_conf_sa sa = fix_sa();
	struct fix_bu bu = fix_update(1, &sa);
	struct mip6_mh m;
	struct fix *x = test_malloc(sizeof(*x));

	(void)state;
	fix_init(x);
	x->conf.cn.on = true;
	fix_configure(x);
	fix_link(x, true);
	fix_send_bu(x, &bu);
	assert_int_equal(answer(x, &m), 131);
	assert_int_equal(fix_drops(x, MIP6_DROP_BU_NO_HOME_AGENT), 1);
	fix_fini(x);
	test_free(x);
}

static void
test_limit(void **state)
{
	struct mip6_conf_mobile mobile[3], unused;
	struct mip6_conf_sa sa = fix_sa();
	struct fix_bu bu;
	struct mip6_mh m;
	struct fix *x = test_malloc(sizeof(*x));
	static const char *const hoa[3] = { "2001:db8:1::100",
		"2001:db8:1::101", "2001:db8:1::102" };
	int i;

	(void)state;
	fix_ha(x, &unused);
	fix_fini(x);
	memset(mobile, 0, sizeof(mobile));
	for (i = 0; i < 3; i++) {
		mobile[i].hoa = fix_addr(hoa[i]);
		mobile[i].sa = sa;
	}
	fix_init(x);
	x->conf.ha.on = true;
	memcpy(x->conf.ha.interface, "eth0", 5);
	fix_home_prefix(x);
	x->conf.ha.lifetime_max = MIP6_SPAN_S(3600);
	x->conf.ha.mobile = mobile;
	x->conf.ha.mobiles = 3;
	x->conf.ha.bindings_max = 2;
	fix_configure(x);
	fix_link(x, true);
	fix_host_addr(x, FIX_AGENT, 64, 0, false);
	for (i = 0; i < 3; i++) {
		bu = fix_update(1, &sa);
		bu.hoa = hoa[i];
		fix_send_bu(x, &bu);
		assert_int_equal(answer(x, &m), i < 2 ? 0 : 130);
	}
	assert_int_equal(fix_drops(x, MIP6_DROP_BU_RESOURCES), 1);
	fix_fini(x);
	test_free(x);
}

static void
test_host_refuses(void **state)
{
	struct mip6_conf_sa sa = fix_sa();
	struct fix_bu bu = fix_update(1, &sa);
	struct mip6_conf_mobile mobile;
	struct mip6_mh m;
	struct fix *x = test_malloc(sizeof(*x));

	(void)state;
	fix_ha(x, &mobile);
	x->refuse = 1u << MIP6_ACT_ROUTE;
	fix_send_bu(x, &bu);
	assert_int_equal(answer(x, &m), 128);
	assert_int_equal(bindings(x), 0);
	assert_non_null(strstr(x->events, "binding.host-refused"));
	/* The host is well again: so is registration. */
	x->refuse = 0;
	bu = fix_update(2, &sa);
	fix_send_bu(x, &bu);
	assert_int_equal(answer(x, &m), 0);
	fix_fini(x);
	test_free(x);
}

static void
test_refusals_limited(void **state)
{
	struct mip6_conf_sa wrong = fix_sa();
	struct fix_bu bu = fix_update(1, &wrong);
	struct mip6_conf_mobile mobile;
	const struct fix_sent *s;
	uint8_t buf[640];
	struct mip6_mh m;
	struct fix *x = test_malloc(sizeof(*x));
	int i, answers = 0;
	size_t octets;

	(void)state;
	wrong.key[0] ^= 1;
	fix_ha(x, &mobile);
	octets = fix_bu_build(x, &bu, buf, sizeof(buf));
	for (i = 0; i < 100; i++) {
		fix_send_bu(x, &bu);
		s = fix_next_mh(x, &m);
		if (s == NULL)
			continue;
		answers++;
		assert_int_equal(m.u.ba.status, 146);
		/* P-146: never longer than the question. */
		assert_true(s->act.count <= octets);
	}
	assert_int_equal(answers, 10);
	assert_int_equal(fix_drops(x, MIP6_DROP_BU_AUTH_FAIL), 100);
	assert_int_equal(fix_drops(x, MIP6_DROP_MH_RATE), 90);
	fix_fini(x);
	test_free(x);
}

static void
test_reload(void **state)
{
	struct mip6_conf_sa sa = fix_sa();
	struct fix_bu bu = fix_update(1, &sa);
	struct mip6_conf_mobile mobile;
	struct mip6_conf other;
	struct mip6_event ev;
	struct mip6_mh m;
	struct fix *x = test_malloc(sizeof(*x));

	(void)state;
	fix_ha(x, &mobile);
	bu.stamp = mip6_time_to_ntp(x->now.wall_us);
	fix_send_bu(x, &bu);
	assert_int_equal(answer(x, &m), 0);
	other = x->conf;
	memset(&ev, 0, sizeof(ev));
	ev.kind = MIP6_EV_CONFIG;
	ev.u.conf = &other;
	fix_give(x, &ev);
	assert_int_equal(bindings(x), 1);
	/* The replay state stays: the same message is known. */
	fix_send_bu(x, &bu);
	assert_int_equal(answer(x, &m), 144);
	/* Without its mobile node the binding ends. */
	x->conf.ha.mobiles = 0;
	x->conf.ha.mobile = NULL;
	fix_configure(x);
	assert_int_equal(bindings(x), 0);
	fix_fini(x);
	test_free(x);
}

/* A refusal of the host counts though the care-of address changes meanwhile. */
static void
test_host_refuses_early(void **state)
{
	struct mip6_conf_sa sa = fix_sa();
	struct fix_bu bu = fix_update(1, &sa);
	struct mip6_conf_mobile mobile;
	struct mip6_event ev;
	struct mip6_mh m;
	struct fix *x = test_malloc(sizeof(*x));
	size_t i;

	(void)state;
	fix_ha(x, &mobile);
	x->hold = true;
	fix_send_bu(x, &bu);
	for (i = 0; x->due_kind[i] != MIP6_ACT_ROUTE; i++)
		assert_true(i + 1 < x->dues);
	memset(&ev, 0, sizeof(ev));
	ev.kind = MIP6_EV_DONE;
	ev.u.done.action = x->due[i];
	ev.u.done.error = 12;
	fix_event(x, &ev);
	bu = fix_update(2, &sa);
	bu.src = bu.alt_coa = "2001:db8:b::5";
	fix_send_bu(x, &bu);
	assert_int_equal(answer(x, &m), -1);
	x->hold = false;
	fix_settle(x);
	assert_int_equal(answer(x, &m), 128);
	assert_int_equal(bindings(x), 0);
	fix_fini(x);
	test_free(x);
}

/* Two mobile nodes with one solicited-node group: the last one closes it. */
static void
test_shared_group(void **state)
{
	static const char *const hoa[2] = { "2001:db8:1::100",
		"2001:db8:1::9:0:100" };
	struct mip6_conf_mobile mobile[2], unused;
	struct mip6_conf_sa sa = fix_sa();
	struct fix_bu bu;
	struct mip6_mh m;
	struct fix *x = test_malloc(sizeof(*x));
	int i;

	(void)state;
	fix_ha(x, &unused);
	memset(mobile, 0, sizeof(mobile));
	for (i = 0; i < 2; i++) {
		mobile[i].hoa = fix_addr(hoa[i]);
		mobile[i].sa = sa;
	}
	x->conf.ha.mobile = mobile;
	x->conf.ha.mobiles = 2;
	fix_configure(x);
	fix_wait(x, MIP6_SPAN_S(1));
	for (i = 0; i < 4; i++) {
		bu = fix_update((uint16_t)(i + 1), &sa);
		bu.hoa = hoa[i % 2];
		if (i >= 2)
			bu.lifetime = MIP6_SPAN_S(0);
		fix_send_bu(x, &bu);
		assert_int_equal(answer(x, &m), 0);
		assert_int_equal(fix_last(x, MIP6_ACT_GROUP)->u.set.on, i < 3);
	}
	fix_fini(x);
	test_free(x);
}

static void
test_identifier(void **state)
{
	static const char *const wrong[] = { NULL, "bob@example.org",
		"alice@example.or", "alice@example.orgx" };
	struct mip6_conf_sa sa = fix_sa();
	struct mip6_conf_mobile mobile;
	struct fix_bu bu;
	struct mip6_mh m;
	struct fix *x = test_malloc(sizeof(*x));
	size_t i;

	(void)state;
	fix_ha(x, &mobile);
	memcpy(mobile.nai, "alice@example.org", 18);
	for (i = 0; i < MIP6_COUNT(wrong); i++) {
		bu = fix_update((uint16_t)(i + 1), &sa);
		bu.nai = wrong[i];
		fix_send_bu(x, &bu);
		assert_int_equal(answer(x, &m), -1);
		assert_int_equal(fix_drops(x, MIP6_DROP_BU_UNKNOWN_MOBILE),
		    i + 1);
	}
	bu = fix_update(9, &sa);
	bu.nai = "alice@example.org";
	fix_send_bu(x, &bu);
	assert_int_equal(answer(x, &m), 0);
	fix_fini(x);
	test_free(x);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_refused),
		cmocka_unit_test(test_hoa_not_routable),
		cmocka_unit_test(test_registers),
		cmocka_unit_test(test_sequence_ignored),
		cmocka_unit_test(test_lifetime_capped),
		cmocka_unit_test(test_replay),
		cmocka_unit_test(test_deregisters),
		cmocka_unit_test(test_type_change),
		cmocka_unit_test(test_not_a_home_agent),
		cmocka_unit_test(test_limit),
		cmocka_unit_test(test_host_refuses),
		cmocka_unit_test(test_refusals_limited),
		cmocka_unit_test(test_reload),
		cmocka_unit_test(test_host_refuses_early),
		cmocka_unit_test(test_shared_group),
		cmocka_unit_test(test_identifier),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
