/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The home agent's own Router Advertisements: what they say, and when there are
 * none.
 *
 * Links: core
 */
#include "ra_fix.h"

/* What it says with the configuration as it is; it starts to say it now. */
static struct mip6_nd
says(struct ra *t)
{
	struct mip6_nd m;

	fix_configure(&t->x);
	fix_host_addr(&t->x, LOCAL, 64, 0, false);
	m = next(t);
	fix_host_addr(&t->x, LOCAL, 64, 0, true);
	t->x.seen = t->x.sents;
	return m;
}

static void
test_content(void **state)
{
	struct ra *t = ra_new();
	struct mip6_addr from = fix_addr(LOCAL), ours = fix_addr(FIX_AGENT);
	const struct fix_sent *s;
	struct mip6_nd m;

	(void)state;
	t->x.conf.ha.adverts.managed = true;
	m = says(t);
	s = &t->x.sent[0];
	assert_true(mip6_addr_equal(&s->ip.ip.src, &from));
	assert_true(m.u.ra.home_agent && m.u.ra.managed);
	assert_false(m.u.ra.other);
	assert_int_equal(m.u.ra.hop_limit, 64);
	assert_int_equal(m.u.ra.router_lifetime.us, 1800000000);
	assert_int_equal(m.u.ra.reachable.us + m.u.ra.retrans.us, 0);
	assert_true(m.opt.has_slla);
	assert_memory_equal(&m.opt.slla, &fix_ll, sizeof(fix_ll));
	assert_true(m.opt.has_mtu);
	assert_int_equal(m.opt.mtu, 1500);
	assert_false(m.opt.has_ha_info || m.opt.has_adv_interval);
	assert_int_equal(m.opt.prefix_count, 1);
	assert_true(mip6_addr_equal(&m.opt.prefix[0].addr, &ours));
	assert_true(m.opt.prefix[0].router && m.opt.prefix[0].on_link &&
	    m.opt.prefix[0].autonomous);
	assert_int_equal(m.opt.prefix[0].bits, 64);
	assert_int_equal(m.opt.prefix[0].valid.us, INT64_MAX);
	t->x.conf.ha.adverts.managed = false;
	t->x.conf.ha.adverts.other = true;
	m = says(t);
	assert_true(m.u.ra.other && !m.u.ra.managed);
	ra_delete(t);
}

/* R7.4-01, R7.4-09: when the Home Agent Information option is there. */
static void
test_agent(void **state)
{
	struct ra *t = ra_new();
	struct mip6_conf_adverts *c = &t->x.conf.ha.adverts;
	struct mip6_nd m;

	(void)state;
	assert_false(says(t).opt.has_ha_info);
	c->agent_preference = 65535;
	m = says(t);
	assert_true(m.opt.has_ha_info);
	assert_int_equal(m.opt.ha_preference, 65535);
	assert_int_equal(m.opt.ha_lifetime.us, 1800000000);
	c->agent_preference = 0;
	c->agent_lifetime = MIP6_SPAN_S(100);
	m = says(t);
	assert_true(m.opt.has_ha_info);
	assert_int_equal(m.opt.ha_preference, 0);
	assert_int_equal(m.opt.ha_lifetime.us, 100000000);
	/* Beside another router: a home agent for as long as it says. */
	c->router_lifetime = MIP6_SPAN_S(0);
	m = says(t);
	assert_int_equal(m.u.ra.router_lifetime.us, 0);
	assert_true(m.opt.has_ha_info);
	assert_int_equal(m.opt.ha_lifetime.us, 100000000);
	ra_delete(t);
}

/* R7.5-08, R7.4-04: seconds, one at the least, and what fits at the most. */
static void
test_lifetimes(void **state)
{
	struct ra *t = ra_new();
	struct mip6_conf_adverts *c = &t->x.conf.ha.adverts;
	struct mip6_nd m;

	(void)state;
	c->router_lifetime = MIP6_SPAN_MS(210);
	c->agent_lifetime = MIP6_SPAN_MS(20);
	c->agent_preference = 1;
	m = says(t);
	assert_int_equal(m.u.ra.router_lifetime.us, 1000000);
	assert_int_equal(m.opt.ha_lifetime.us, 1000000);
	c->agent_lifetime = MIP6_SPAN_MS(2900);
	m = says(t);
	assert_int_equal(m.opt.ha_lifetime.us, 2000000);
	c->agent_lifetime = MIP6_SPAN_S(100000);
	m = says(t);
	assert_int_equal(m.opt.ha_lifetime.us, 65535000000);
	ra_delete(t);
}

/* R7.3-01, R7.5-05. */
static void
test_interval_option(void **state)
{
	static const struct {
		int64_t max_ms, said_ms;
	} row[] = { { 600000, 600000 }, { 200, 200 }, { 199, 219 }, { 70, 90 },
		{ 1, 90 } };
	struct ra *t = ra_new();
	struct mip6_conf_adverts *c = &t->x.conf.ha.adverts;
	struct mip6_nd m;
	size_t i;

	(void)state;
	c->interval_option = true;
	for (i = 0; i < MIP6_COUNT(row); i++) {
		c->max_interval = MIP6_SPAN_MS(row[i].max_ms);
		m = says(t);
		assert_true(m.opt.has_adv_interval);
		assert_int_equal(m.opt.adv_interval.us, row[i].said_ms * 1000);
	}
	ra_delete(t);
}

/* R7.2-01, -02, -03: eight prefixes, of which one has no address of ours. */
static void
test_prefixes(void **state)
{
	struct ra *t = ra_new();
	struct mip6_conf_ha *c = &t->x.conf.ha;
	struct mip6_addr a;
	struct mip6_nd m;
	char text[32];
	uint8_t k;

	(void)state;
	for (k = 1; k < 8; k++) {
		(void)snprintf(text, sizeof(text), "2001:db8:1%u::", k);
		c->prefix[k].prefix.addr = fix_addr(text);
		c->prefix[k].prefix.bits = k == 2 ? 48 : 64;
		c->prefix[k].valid = MIP6_SPAN_S(100);
		c->prefix[k].preferred = MIP6_SPAN_S(50);
		c->prefix[k].decrement = k == 3;
		(void)snprintf(text, sizeof(text), "2001:db8:1%u::1", k);
		if (k != 1)
			fix_host_addr(&t->x, text, 64, 0, false);
	}
	c->prefixes = 8;
	fix_configure(&t->x);
	fix_wait(&t->x, MIP6_SPAN_S(10));
	m = says(t);
	assert_int_equal(m.opt.prefix_count, 8);
	for (k = 0; k < 8; k++) {
		assert_int_equal(m.opt.prefix[k].router, k != 1);
		assert_int_equal(m.opt.prefix[k].bits, k == 2 ? 48 : 64);
		assert_int_equal(m.opt.prefix[k].autonomous, k != 2);
	}
	a = fix_addr("2001:db8:11::");
	assert_true(mip6_addr_equal(&m.opt.prefix[1].addr, &a));
	a = fix_addr("2001:db8:12::1");
	assert_true(mip6_addr_equal(&m.opt.prefix[2].addr, &a));
	/* What counts down has counted since it was configured. */
	assert_int_equal(m.opt.prefix[2].valid.us, 100000000);
	assert_int_equal(m.opt.prefix[2].preferred.us, 50000000);
	assert_int_equal(m.opt.prefix[3].valid.us, 90000000);
	assert_int_equal(m.opt.prefix[3].preferred.us, 40000000);
	fix_wait(&t->x, MIP6_SPAN_S(60));
	m = says(t);
	assert_int_equal(m.opt.prefix[3].valid.us, 30000000);
	assert_int_equal(m.opt.prefix[3].preferred.us, 0);
	ra_delete(t);
}

/* R7.5-07: a link without link-layer addresses has none to tell. */
static void
test_raw(void **state)
{
	struct ra *t = ra_new();
	struct mip6_event ev;

	(void)state;
	memset(&ev, 0, sizeof(ev));
	ev.kind = MIP6_EV_LINK;
	ev.u.link.ifindex = FIX_IFINDEX;
	memcpy(ev.u.link.name, "eth0", 5);
	ev.u.link.mtu = 1400;
	ev.u.link.up = ev.u.link.raw = true;
	fix_give(&t->x, &ev);
	assert_false(says(t).opt.has_slla);
	fix_link(&t->x, true);
	assert_true(says(t).opt.has_slla);
	ra_delete(t);
}

/* RFC4861-6.2.2: a home agent that may not, cannot, or need not. */
static void
test_not(void **state)
{
	struct ra *t = ra_new();
	struct mip6_conf_ha *c = &t->x.conf.ha;

	(void)state;
	solicit(t, "::", NULL);
	none(t); /* no link-local address */
	fix_host_addr(&t->x, LOCAL, 64, MIP6_ADDR_TENTATIVE, false);
	none(t);
	c->adverts.on = false;
	fix_configure(&t->x);
	local(t);
	solicit(t, "::", NULL);
	fix_wait(&t->x, MIP6_SPAN_S(2000));
	none(t);
	c->adverts.on = c->is_virtual = true;
	fix_configure(&t->x);
	none(t);
	c->is_virtual = false;
	fix_link(&t->x, false);
	fix_configure(&t->x);
	none(t);
	fix_link(&t->x, true);
	(void)next(t);
	ra_delete(t);
}

/* R7.2-01: without an address of ours there is nothing to tell. */
static void
test_no_address(void **state)
{
	struct ra *t = test_malloc(sizeof(*t));

	(void)state;
	fix_init(&t->x);
	t->x.conf.ha.on = t->x.conf.ha.adverts.on = true;
	memcpy(t->x.conf.ha.interface, "eth0", 5);
	fix_home_prefix(&t->x);
	t->x.conf.ha.bindings_max = 16;
	fix_configure(&t->x);
	fix_link(&t->x, true);
	local(t);
	fix_wait(&t->x, MIP6_SPAN_S(1));
	none(t);
	fix_host_addr(&t->x, FIX_AGENT, 64, 0, false);
	assert_true(next(t).opt.prefix[0].router);
	ra_delete(t);
}

static void
expect_final(struct ra *t, const char *from)
{
	struct mip6_addr src = fix_addr(from);
	struct mip6_nd m = next(t);

	assert_true(mip6_addr_equal(&t->x.sent[t->x.seen - 1].ip.ip.src, &src));
	assert_false(m.u.ra.home_agent);
	assert_int_equal(m.u.ra.router_lifetime.us, 0);
	assert_false(m.opt.has_ha_info); /* R7.4-06 */
	assert_true(m.opt.has_slla);     /* R7.5-07 */
}

/* RFC 4861 section 6.2.5. */
static void
test_final(void **state)
{
	struct ra *t = ra_new();
	struct mip6_conf_adverts *c = &t->x.conf.ha.adverts;
	const struct mip6_action *a;
	struct mip6_event ev;

	(void)state;
	c->agent_preference = 5;
	fix_configure(&t->x);
	local(t);
	a = fix_last(&t->x, MIP6_ACT_GROUP);
	assert_true(a != NULL && a->u.set.on);
	assert_true(mip6_addr_equal(&a->u.set.addr, &mip6_addr_all_routers));
	assert_int_equal(a->u.set.ifindex, FIX_IFINDEX);
	assert_true(next(t).opt.has_ha_info);
	c->on = false;
	fix_configure(&t->x);
	expect_final(t, LOCAL);
	a = fix_last(&t->x, MIP6_ACT_GROUP);
	assert_true(!a->u.set.on);
	assert_true(mip6_addr_equal(&a->u.set.addr, &mip6_addr_all_routers));
	fix_wait(&t->x, MIP6_SPAN_S(1000));
	none(t);
	/* It begins anew. */
	c->on = true;
	fix_configure(&t->x);
	assert_true(next(t).u.ra.home_agent);
	/* Another link-local address: as if it were another router (6.2.8). */
	fix_host_addr(&t->x, LOCAL, 64, 0, true);
	expect_final(t, LOCAL);
	fix_host_addr(&t->x, "fe80::2", 64, 0, false);
	assert_true(next(t).u.ra.home_agent);
	/* Nothing can be said on a link that is down. */
	fix_link(&t->x, false);
	none(t);
	fix_link(&t->x, true);
	assert_true(next(t).u.ra.home_agent);
	memset(&ev, 0, sizeof(ev));
	ev.kind = MIP6_EV_STOP;
	fix_give(&t->x, &ev);
	expect_final(t, "fe80::2");
	fix_host_addr(&t->x, LOCAL, 64, 0, false);
	fix_wait(&t->x, MIP6_SPAN_S(1000));
	none(t);
	ra_delete(t);
}

/* What changes is said soon; what does not is not said again. */
static void
test_renew(void **state)
{
	struct ra *t = ra_new();

	(void)state;
	local(t);
	fix_wait(&t->x, MIP6_SPAN_S(40));
	t->x.seen = t->x.sents;
	fix_configure(&t->x);
	fix_host_addr(&t->x, "2001:db8:9::9", 64, 0, false);
	fix_wait(&t->x, MIP6_SPAN_S(100));
	none(t);
	t->x.conf.ha.adverts.agent_preference = 3;
	fix_configure(&t->x);
	assert_int_equal(next(t).opt.ha_preference, 3);
	fix_wait(&t->x, MIP6_SPAN_S(16));
	assert_int_equal(next(t).opt.ha_preference, 3);
	t->x.conf.ha.adverts.agent_preference = 4;
	fix_configure(&t->x);
	none(t); /* not so soon after the last one */
	fix_wait(&t->x, MIP6_SPAN_S(16));
	assert_int_equal(next(t).opt.ha_preference, 4);
	ra_delete(t);
}

static uint32_t
complaints(struct ra *t)
{
	const char *p = t->x.events;
	uint32_t count = 0;

	while ((p = strstr(p, "ra.inconsistent")) != NULL) {
		count++;
		p++;
	}
	return count;
}

/* RFC 4861 section 6.2.7. */
static void
test_consistency(void **state)
{
	struct ra *t = ra_new();
	struct mip6_conf_home_prefix *c = &t->x.conf.ha.prefix[0];
	struct mip6_nd good, m;
	uint32_t seen = 0;

	(void)state;
	c->valid = MIP6_SPAN_S(1000);
	c->preferred = MIP6_SPAN_S(500);
	fix_configure(&t->x);
	memset(&good, 0, sizeof(good));
	good.type = MIP6_ND_RA;
	good.u.ra.hop_limit = 1;
	good.opt.prefix_count = 1;
	good.opt.prefix[0].addr = c->prefix.addr;
	good.opt.prefix[0].bits = 64;
	good.opt.prefix[0].valid = c->valid;
	good.opt.prefix[0].preferred = c->preferred;
	/* Who does not advertise has nothing to compare with. */
	fix_nd(&t->x, "fe80::fe", "ff02::1", 255, &good);
	assert_int_equal(complaints(t), 0);
	local(t);
	good.u.ra.hop_limit = 0;
	fix_nd(&t->x, "fe80::fe", "ff02::1", 255, &good);
	good.u.ra.hop_limit = 64;
	good.opt.has_mtu = true;
	good.opt.mtu = 1500;
	good.opt.prefix[0].valid.us += 9000000;
	fix_nd(&t->x, "fe80::fe", "ff02::1", 255, &good);
	assert_int_equal(complaints(t), seen);
	m = good;
	m.u.ra.hop_limit = 63;
	fix_nd(&t->x, "fe80::fe", "ff02::1", 255, &m);
	assert_int_equal(complaints(t), ++seen);
	m = good;
	m.u.ra.managed = true;
	fix_nd(&t->x, "fe80::fe", "ff02::1", 255, &m);
	assert_int_equal(complaints(t), ++seen);
	m = good;
	m.u.ra.other = true;
	fix_nd(&t->x, "fe80::fe", "ff02::1", 255, &m);
	assert_int_equal(complaints(t), ++seen);
	m = good;
	m.opt.mtu = 1280;
	fix_nd(&t->x, "fe80::fe", "ff02::1", 255, &m);
	assert_int_equal(complaints(t), ++seen);
	m = good;
	m.opt.prefix[0].valid = MIP6_SPAN_S(900);
	fix_nd(&t->x, "fe80::fe", "ff02::1", 255, &m);
	assert_int_equal(complaints(t), ++seen);
	m = good;
	m.opt.prefix[0].preferred = MIP6_SPAN_S(600);
	fix_nd(&t->x, "fe80::fe", "ff02::1", 255, &m);
	assert_int_equal(complaints(t), ++seen);
	m = good;
	m.opt.prefix[0].valid = MIP6_ND_INFINITE;
	fix_nd(&t->x, "fe80::fe", "ff02::1", 255, &m);
	assert_int_equal(complaints(t), ++seen);
	/* Another prefix is no contradiction. */
	m.opt.prefix[0].addr = fix_addr("2001:db8:7::");
	fix_nd(&t->x, "fe80::fe", "ff02::1", 255, &m);
	assert_int_equal(complaints(t), seen);
	ra_delete(t);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_content),
		cmocka_unit_test(test_agent),
		cmocka_unit_test(test_lifetimes),
		cmocka_unit_test(test_interval_option),
		cmocka_unit_test(test_prefixes),
		cmocka_unit_test(test_raw),
		cmocka_unit_test(test_not),
		cmocka_unit_test(test_no_address),
		cmocka_unit_test(test_final),
		cmocka_unit_test(test_renew),
		cmocka_unit_test(test_consistency),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
