/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Where the home agent stands: addresses that come, change and go, a virtual
 * home link, every group, and the walk that follows the host's routes.
 *
 * Links: core
 */
#include "core_fix.h"

#include "core/ha_int.h"

#define PREFIX "2001:db8:1::"
#define OTHER  "2001:db8:1::7"

struct ha {
	struct fix x;
	struct mip6_conf_mobile mobile;
};

static struct ha *
ha_new_fix(void)
{
	struct ha *t = test_malloc(sizeof(*t));

	fix_ha(&t->x, &t->mobile);
	return t;
}

static void
ha_delete_fix(struct ha *t)
{
	fix_fini(&t->x);
	test_free(t);
}

static void
update(struct ha *t, uint16_t seq, const char *dst)
{
	struct mip6_conf_sa sa = fix_sa();
	struct fix_bu bu = fix_update(seq, &sa);

	bu.dst = dst;
	fix_send_bu(&t->x, &bu);
}

static bool
bound(const struct ha *t)
{
	struct mip6_addr hoa = fix_addr(FIX_HOA);
	uint32_t i = mip6_bcache_find(&t->x.node->ha->bcache, &hoa);

	return i != MIP6_BCACHE_NONE &&
	    mip6_bcache_get(&t->x.node->ha->bcache, i)->state ==
	    MIP6_BINDING_REGISTERED;
}

static bool
serves(const struct ha *t, const char *address)
{
	const struct mip6_addr *a = ha_address(t->x.node, 0);
	struct mip6_addr want;

	if (address == NULL)
		return a == NULL;
	want = fix_addr(address);
	return a != NULL && mip6_addr_equal(a, &want);
}

/* The last action of a kind; NULL: none since the list was cleared. */
static const struct mip6_action *
last(const struct ha *t, enum mip6_action_kind kind)
{
	size_t i;

	for (i = t->x.acts; i > 0; i--)
		if (t->x.act[i - 1].kind == kind)
			return &t->x.act[i - 1];
	return NULL;
}

static size_t
count(const struct ha *t, enum mip6_action_kind kind)
{
	size_t i, n = 0;

	for (i = 0; i < t->x.acts; i++)
		n += t->x.act[i].kind == kind;
	return n;
}

static void
why_is(const struct ha *t, const char *text)
{
	char buf[256] = "";
	struct mip6_fmt f = mip6_fmt_make(buf, sizeof(buf));

	mip6_show_why(t->x.node, &t->x.now, &f);
	assert_string_equal(buf, text);
}

/* It goes: bindings wait.  It comes back: they were never gone. */
static void
test_goes_and_comes(void **state)
{
	struct ha *t = ha_new_fix();

	(void)state;
	update(t, 1, FIX_AGENT);
	assert_true(bound(t));
	t->x.acts = 0;
	fix_host_addr(&t->x, FIX_AGENT, 64, 0, true);
	fix_wait(&t->x, MIP6_SPAN_S(5));
	assert_true(serves(t, NULL) && bound(t));
	assert_false(last(t, MIP6_ACT_LOCAL)->u.set.on);
	assert_false(last(t, MIP6_ACT_SILENCE)->u.set.on);
	why_is(t,
	    "home agent: no address in the home prefix 2001:db8:1::/64 on "
	    "eth0: 2001:db8:1::1 went, its bindings wait");
	/* Nothing is accepted meanwhile. */
	update(t, 2, FIX_AGENT);
	assert_int_equal(t->x.node->drops.count[MIP6_DROP_NOT_OURS], 1);
	fix_host_addr(&t->x, FIX_AGENT, 64, 0, false);
	assert_true(serves(t, FIX_AGENT) && bound(t));
	assert_true(last(t, MIP6_ACT_LOCAL)->u.set.on);
	why_is(t, "");
	ha_delete_fix(t);
}

/* Another one: the bindings of the former end first. */
static void
test_changes(void **state)
{
	struct ha *t = ha_new_fix();

	(void)state;
	update(t, 1, FIX_AGENT);
	/* A second address changes nothing while the first is there. */
	fix_host_addr(&t->x, OTHER, 64, 0, false);
	assert_true(serves(t, FIX_AGENT) && bound(t));
	t->x.hold = true;
	fix_host_addr(&t->x, FIX_AGENT, 64, 0, true);
	assert_false(bound(t));
	t->x.hold = false;
	fix_settle(&t->x);
	fix_wait(&t->x, MIP6_SPAN_S(1));
	assert_true(serves(t, OTHER));
	update(t, 2, OTHER);
	assert_true(bound(t));
	ha_delete_fix(t);
}

/* More bindings than one step ends: the new address waits for the last. */
static void
test_changes_in_order(void **state)
{
	struct ha *t = ha_new_fix();
	struct mip6_event ev;

	(void)state;
	update(t, 1, FIX_AGENT);
	memset(&ev, 0, sizeof(ev));
	/* A walk under way, of which answers are outstanding. */
	t->x.hold = true;
	ev.kind = MIP6_EV_ROUTES;
	fix_give(&t->x, &ev);
	fix_host_addr(&t->x, OTHER, 64, 0, false);
	fix_host_addr(&t->x, FIX_AGENT, 64, 0, true);
	assert_true(serves(t, NULL));
	assert_true(t->x.node->ha->place[0].leaving);
	t->x.hold = false;
	fix_settle(&t->x);
	fix_wait(&t->x, MIP6_SPAN_S(1));
	assert_true(serves(t, OTHER));
	assert_false(bound(t));
	ha_delete_fix(t);
}

static void
test_tentative(void **state)
{
	static const uint8_t not_yet[] = { MIP6_ADDR_TENTATIVE,
		MIP6_ADDR_TENTATIVE | MIP6_ADDR_OPTIMISTIC,
		MIP6_ADDR_DUPLICATED };
	struct ha *t;
	size_t i;

	(void)state;
	for (i = 0; i < MIP6_COUNT(not_yet); i++) {
		t = ha_new_fix();
		fix_host_addr(&t->x, FIX_AGENT, 64, 0, true);
		fix_host_addr(&t->x, FIX_AGENT, 64, not_yet[i], false);
		assert_true(serves(t, NULL));
		fix_host_addr(&t->x, FIX_AGENT, 64, 0, false);
		assert_true(serves(t, FIX_AGENT));
		ha_delete_fix(t);
	}
}

/* Of several, the one in use stays; a deprecated one is the last choice. */
static void
test_choice(void **state)
{
	struct ha *t = ha_new_fix();

	(void)state;
	fix_host_addr(&t->x, FIX_AGENT, 64, 0, true);
	fix_wait(&t->x, MIP6_SPAN_S(1));
	fix_host_addr(&t->x, OTHER, 64, MIP6_ADDR_DEPRECATED, false);
	fix_wait(&t->x, MIP6_SPAN_S(1));
	assert_true(serves(t, OTHER));
	fix_host_addr(&t->x, "2001:db8:1::8", 64, 0, false);
	fix_wait(&t->x, MIP6_SPAN_S(1));
	assert_true(serves(t, "2001:db8:1::8"));
	fix_host_addr(&t->x, FIX_AGENT, 64, 0, false);
	fix_wait(&t->x, MIP6_SPAN_S(1));
	assert_true(serves(t, "2001:db8:1::8"));
	ha_delete_fix(t);
}

/* ---- a virtual home link ---- */

static struct ha *
virtual_fix(const char *address)
{
	struct ha *t = test_malloc(sizeof(*t));
	struct mip6_conf_ha *c = &t->x.conf.ha;

	fix_init(&t->x);
	memset(&t->mobile, 0, sizeof(t->mobile));
	t->mobile.hoa = fix_addr(FIX_HOA);
	t->mobile.sa = fix_sa();
	c->on = c->is_virtual = true;
	fix_home_prefix(&t->x);
	if (address != NULL)
		c->prefix[0].address = fix_addr(address);
	c->lifetime_max = MIP6_SPAN_S(3600);
	c->mobile = &t->mobile;
	c->mobiles = 1;
	c->bindings_max = 16;
	fix_link(&t->x, true);
	fix_configure(&t->x);
	fix_host_addr(&t->x, "2001:db8:f:1::2", 64, 0, false);
	return t;
}

static void
test_virtual(void **state)
{
	struct ha *t = virtual_fix(NULL);
	struct mip6_addr first = fix_addr(FIX_AGENT);
	const struct mip6_action *a;

	(void)state;
	/* One route for all, and our address on the TUN. */
	a = last(t, MIP6_ACT_ROUTE);
	assert_true(a->u.route.on && a->u.route.ifindex == 0);
	assert_int_equal(a->u.route.dst.bits, 64);
	assert_int_equal(count(t, MIP6_ACT_ROUTE), 1);
	a = last(t, MIP6_ACT_ADDR);
	assert_true(a->u.addr.on && a->u.addr.ifindex == 0);
	assert_true(mip6_addr_equal(&a->u.addr.addr, &first));
	a = last(t, MIP6_ACT_ROW_SET);
	assert_true(mip6_addr_is_any(&a->u.row.home));
	assert_true(mip6_addr_equal(&a->u.row.local, &first));
	assert_null(ha_home_link(t->x.node));
	t->x.acts = 0;
	update(t, 1, FIX_AGENT);
	assert_true(bound(t));
	assert_int_equal(count(t, MIP6_ACT_ROUTE), 0);
	assert_int_equal(count(t, MIP6_ACT_GROUP), 0);
	/* Nobody is told, and nobody's neighbour is defended. */
	fix_wait(&t->x, MIP6_SPAN_S(10));
	assert_int_equal(t->x.sents, 1);
	why_is(t, "");
	ha_delete_fix(t);
}

static void
test_virtual_address(void **state)
{
	struct ha *t = virtual_fix("2001:db8:f:1::2");

	(void)state;
	assert_true(serves(t, "2001:db8:f:1::2"));
	assert_int_equal(count(t, MIP6_ACT_ADDR), 0);
	update(t, 1, "2001:db8:f:1::2");
	assert_true(bound(t));
	fix_host_addr(&t->x, "2001:db8:f:1::2", 64, 0, true);
	assert_true(serves(t, NULL));
	assert_true(mip6_addr_is_any(&last(t, MIP6_ACT_ROW_DEL)->u.row.home));
	why_is(t,
	    "home agent: no address in the home prefix 2001:db8:1::/64: "
	    "2001:db8:f:1::2 went, its bindings wait");
	ha_delete_fix(t);
}

/* ---- every group ---- */

static void
test_every_group(void **state)
{
	struct ha *t = test_malloc(sizeof(*t));
	const struct mip6_action *a;

	(void)state;
	fix_ha(&t->x, &t->mobile);
	t->x.conf.ha.join_groups = false;
	t->x.acts = 0;
	fix_configure(&t->x);
	a = last(t, MIP6_ACT_ALLMULTI);
	assert_true(a->u.set.on && a->u.set.ifindex == FIX_IFINDEX);
	t->x.acts = 0;
	update(t, 1, FIX_AGENT);
	assert_true(bound(t));
	assert_int_equal(count(t, MIP6_ACT_GROUP), 0);
	assert_int_equal(count(t, MIP6_ACT_ROUTE), 1);
	ha_delete_fix(t);
}

/* ---- prefixes by another number ---- */

static void
test_renumbered(void **state)
{
	struct ha *t = ha_new_fix();
	struct mip6_conf_ha *c = &t->x.conf.ha;
	struct mip6_conf next = t->x.conf;
	struct mip6_event ev;

	(void)state;
	update(t, 1, FIX_AGENT);
	next.ha.prefix[1] = c->prefix[0];
	next.ha.prefix[0].prefix.addr = fix_addr("2001:db8:2::");
	next.ha.prefixes = 2;
	memset(&ev, 0, sizeof(ev));
	ev.kind = MIP6_EV_CONFIG;
	ev.u.conf = &next;
	fix_give(&t->x, &ev);
	fix_wait(&t->x, MIP6_SPAN_S(1));
	assert_true(bound(t));
	assert_null(ha_address(t->x.node, 0));
	assert_non_null(ha_address(t->x.node, 1));
	assert_int_equal(mip6_bcache_get(&t->x.node->ha->bcache, 0)->local, 1);
	/* Its prefix goes: so does the binding. */
	next.ha.prefixes = 1;
	fix_give(&t->x, &ev);
	fix_wait(&t->x, MIP6_SPAN_S(1));
	assert_false(bound(t));
	ha_delete_fix(t);
}

/* ---- the walk ---- */

/* Changes during a walk are one more walk, not as many as there were. */
static void
test_walks(void **state)
{
	struct ha *t = ha_new_fix();
	struct mip6_event ev;
	int i;

	(void)state;
	update(t, 1, FIX_AGENT);
	fix_wait(&t->x, MIP6_SPAN_S(5));
	memset(&ev, 0, sizeof(ev));
	ev.kind = MIP6_EV_ROUTES;
	t->x.acts = 0;
	t->x.hold = true;
	for (i = 0; i < 100; i++)
		fix_give(&t->x, &ev);
	assert_int_equal(count(t, MIP6_ACT_ROUTE_GET), 1);
	t->x.now.boot.us += 3000000; /* the host takes its time */
	t->x.hold = false;
	t->x.route.nexthop = fix_addr("fe80::77");
	fix_settle(&t->x);
	assert_int_equal(count(t, MIP6_ACT_ROUTE_GET), 1);
	/* As long as the walk took. */
	fix_wait(&t->x, MIP6_SPAN_MS(2900));
	assert_int_equal(count(t, MIP6_ACT_ROUTE_GET), 1);
	fix_wait(&t->x, MIP6_SPAN_MS(200));
	assert_int_equal(count(t, MIP6_ACT_ROUTE_GET), 2);
	fix_wait(&t->x, MIP6_SPAN_S(20));
	assert_int_equal(count(t, MIP6_ACT_ROUTE_GET), 2);
	assert_false(t->x.node->ha->walk.on);
	ha_delete_fix(t);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_goes_and_comes),
		cmocka_unit_test(test_changes),
		cmocka_unit_test(test_changes_in_order),
		cmocka_unit_test(test_tentative),
		cmocka_unit_test(test_choice),
		cmocka_unit_test(test_virtual),
		cmocka_unit_test(test_virtual_address),
		cmocka_unit_test(test_every_group),
		cmocka_unit_test(test_renumbered),
		cmocka_unit_test(test_walks),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
