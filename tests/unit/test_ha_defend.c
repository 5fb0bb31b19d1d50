/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Defence of home addresses on the home link: RFC 6275 section 10.4.1 with the
 * link-local address, and others that claim what is defended.
 *
 * Links: core
 */
#include "core_fix.h"

#include "core/ha_int.h"

#define FIX_LOCAL "fe80::100"

struct defend {
	struct fix x;
	struct mip6_conf_mobile mobile;
};

static struct defend *
defend_new(bool link_local)
{
	struct defend *t = test_malloc(sizeof(*t));
	struct mip6_conf_sa sa = fix_sa();
	struct fix_bu bu = fix_update(1, &sa);

	fix_ha(&t->x, &t->mobile);
	bu.link_local = link_local;
	t->x.seen = t->x.sents;
	fix_send_bu(&t->x, &bu);
	return t;
}

static void
defend_delete(struct defend *t)
{
	fix_fini(&t->x);
	test_free(t);
}

static void
claim(struct defend *t, const char *target)
{
	struct mip6_nd m;

	memset(&m, 0, sizeof(m));
	m.type = MIP6_ND_NA;
	m.u.na.target = fix_addr(target);
	m.u.na.override = true;
	m.opt.has_tlla = true;
	m.opt.tlla = fix_router_ll;
	fix_nd(&t->x, "fe80::9", "ff02::1", 255, &m);
}

/* How many advertisements for `target` have gone to all nodes. */
static uint32_t
announced(struct defend *t, const char *target)
{
	struct mip6_addr a = fix_addr(target);
	struct mip6_addr hoa = fix_addr(FIX_HOA);
	struct mip6_addr local = fix_addr(FIX_LOCAL);
	const struct fix_sent *s;
	uint32_t count = 0;
	struct mip6_nd m;

	while ((s = fix_next_nd(&t->x, MIP6_ND_NA, &m)) != NULL) {
		assert_true(m.u.na.override);
		assert_false(m.u.na.solicited || m.u.na.router);
		assert_true(
		    mip6_addr_equal(&s->ip.ip.dst, &mip6_addr_all_nodes));
		/* Nothing else is announced. */
		assert_true(mip6_addr_equal(&m.u.na.target, &hoa) ||
		    mip6_addr_equal(&m.u.na.target, &local));
		count += mip6_addr_equal(&m.u.na.target, &a);
	}
	return count;
}

static void
solicit(struct defend *t, const char *src, const char *target)
{
	struct mip6_addr a = fix_addr(target);
	struct mip6_addr group = mip6_addr_solicited_node(&a);
	struct mip6_nd m;

	memset(&m, 0, sizeof(m));
	m.type = MIP6_ND_NS;
	m.u.ns.target = a;
	fix_nd(&t->x, src, mip6_addr_text(&group).s, 255, &m);
}

/* R10.4.1-03: with L the link-local address as well, without L not. */
static void
test_link_local(void **state)
{
	struct mip6_addr local = fix_addr(FIX_LOCAL);
	struct defend *t;
	struct mip6_nd m;
	int with;

	(void)state;
	for (with = 0; with < 2; with++) {
		t = defend_new(with != 0);
		assert_int_equal(announced(t, FIX_LOCAL), with);
		solicit(t, "fe80::9", FIX_LOCAL);
		assert_int_equal(fix_next_nd(&t->x, MIP6_ND_NA, &m) != NULL,
		    with);
		if (with != 0) {
			assert_true(m.u.na.solicited);
			assert_true(mip6_addr_equal(&m.u.na.target, &local));
		}
		solicit(t, "::", FIX_LOCAL);
		assert_int_equal(announced(t, FIX_LOCAL), with);
		claim(t, FIX_LOCAL);
		assert_int_equal(fix_drops(&t->x, MIP6_DROP_ND_CLAIM), with);
		defend_delete(t);
	}
}

/* L comes with a refresh: announced from then on. */
static void
test_link_local_later(void **state)
{
	struct defend *t = defend_new(false);
	struct mip6_conf_sa sa = fix_sa();
	struct fix_bu bu = fix_update(2, &sa);

	(void)state;
	fix_wait(&t->x, MIP6_SPAN_S(5));
	assert_int_equal(announced(t, FIX_LOCAL), 0);
	bu.link_local = true;
	fix_send_bu(&t->x, &bu);
	assert_int_equal(announced(t, FIX_LOCAL), 1);
	defend_delete(t);
}

/* P-CLAIM: counted each time, answered ten times in a second. */
static void
test_claims(void **state)
{
	struct defend *t = defend_new(false);
	int i;

	(void)state;
	fix_wait(&t->x, MIP6_SPAN_S(5));
	(void)announced(t, FIX_HOA);
	for (i = 0; i < 50; i++)
		claim(t, FIX_HOA);
	assert_int_equal(announced(t, FIX_HOA), 10);
	assert_int_equal(fix_drops(&t->x, MIP6_DROP_ND_CLAIM), 50);
	/* Of addresses that are nobody's here it is no concern. */
	claim(t, "2001:db8:1::101");
	assert_int_equal(fix_drops(&t->x, MIP6_DROP_ND_CLAIM), 50);
	fix_wait(&t->x, MIP6_SPAN_S(1));
	claim(t, FIX_HOA);
	assert_int_equal(announced(t, FIX_HOA), 1);
	defend_delete(t);
}

/* The mobile node at home says that it is there: handed back before. */
static void
test_handed_back(void **state)
{
	struct defend *t = defend_new(false);
	struct mip6_conf_sa sa = fix_sa();
	struct fix_bu bu = fix_update(2, &sa);

	(void)state;
	fix_wait(&t->x, MIP6_SPAN_S(5));
	(void)announced(t, FIX_HOA);
	bu.lifetime = MIP6_SPAN_S(0);
	fix_send_bu(&t->x, &bu);
	claim(t, FIX_HOA);
	solicit(t, "::", FIX_HOA);
	assert_int_equal(announced(t, FIX_HOA), 0);
	assert_int_equal(fix_drops(&t->x, MIP6_DROP_ND_CLAIM), 0);
	defend_delete(t);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_link_local),
		cmocka_unit_test(test_link_local_later),
		cmocka_unit_test(test_claims),
		cmocka_unit_test(test_handed_back),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
