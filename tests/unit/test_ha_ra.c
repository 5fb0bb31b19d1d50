/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The home agent's own Router Advertisements: what they say, when they go, and
 * when they do not.
 *
 * Links: core
 */
#include "core_fix.h"

#include <stdio.h>

#include "core/ha_int.h"

#define LOCAL "fe80::1"

struct ra {
	struct fix x;
	struct mip6_conf_mobile mobile;
};

/* A home agent that would advertise, had it a link-local address. */
static struct ra *
ra_new(void)
{
	struct ra *t = test_malloc(sizeof(*t));
	struct mip6_conf_adverts *c = &t->x.conf.ha.adverts;

	fix_ha(&t->x, &t->mobile);
	c->on = true;
	c->min_interval = MIP6_SPAN_S(200);
	c->max_interval = MIP6_SPAN_S(600);
	c->router_lifetime = c->agent_lifetime = MIP6_SPAN_S(1800);
	fix_configure(&t->x);
	return t;
}

static void
ra_delete(struct ra *t)
{
	fix_fini(&t->x);
	test_free(t);
}

static void
local(struct ra *t)
{
	fix_host_addr(&t->x, LOCAL, 64, 0, false);
}

/* The next one to all nodes, which must be there. */
static struct mip6_nd
next(struct ra *t)
{
	const struct fix_sent *s;
	struct mip6_nd m;

	s = fix_next_nd(&t->x, MIP6_ND_RA, &m);
	assert_non_null(s);
	assert_int_equal(s->ip.ip.hop_limit, 255);
	assert_int_equal(s->act.ifindex, FIX_IFINDEX);
	assert_true(mip6_addr_equal(&s->ip.ip.dst, &mip6_addr_all_nodes));
	assert_false(s->act.has_lladdr);
	return m;
}

static void
none(struct ra *t)
{
	struct mip6_nd m;

	assert_null(fix_next_nd(&t->x, MIP6_ND_RA, &m));
}

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
solicit(struct ra *t, const char *src, const struct mip6_lladdr *lladdr)
{
	struct mip6_nd m;

	memset(&m, 0, sizeof(m));
	m.type = MIP6_ND_RS;
	m.opt.has_slla = lladdr != NULL;
	if (lladdr != NULL)
		m.opt.slla = *lladdr;
	fix_nd(&t->x, src, "ff02::2", 255, &m);
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
	/* What counts down has counted from the start. */
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

/* The gaps between `count` advertisements, each within [low, high]. */
static void
gaps(struct ra *t, uint32_t count, int64_t low_us, int64_t high_us)
{
	struct mip6_time last = t->x.sent[t->x.seen - 1].at;
	int64_t gap, smallest = INT64_MAX, largest = 0;
	const struct fix_sent *s;
	struct mip6_nd m;
	uint32_t i;

	for (i = 0; i < count; i++) {
		s = fix_next_nd(&t->x, MIP6_ND_RA, &m);
		assert_non_null(s);
		gap = mip6_time_sub(s->at, last).us;
		last = s->at;
		assert_in_range(gap, low_us, high_us);
		smallest = gap < smallest ? gap : smallest;
		largest = gap > largest ? gap : largest;
	}
	/* Drawn, not fixed. */
	if (count > 10)
		assert_true(largest - smallest > (high_us - low_us) / 4);
}

/* RFC 4861 section 6.2.4. */
static void
test_intervals(void **state)
{
	struct ra *t = ra_new();
	struct mip6_conf_adverts *c = &t->x.conf.ha.adverts;

	(void)state;
	c->min_interval = MIP6_SPAN_S(30);
	c->max_interval = MIP6_SPAN_S(60);
	fix_configure(&t->x);
	local(t);
	(void)next(t); /* at once */
	fix_wait(&t->x, MIP6_SPAN_S(2000));
	gaps(t, 2, 16000000, 16000000);
	gaps(t, 20, 30000000, 60000000);
	ra_delete(t);
}

/* R7.5-01, -02: 30 to 70 ms, and not faster whatever is asked for. */
static void
test_fast(void **state)
{
	static const int64_t row[][2] = { { 30, 70 }, { 1, 2 } };
	struct mip6_conf_adverts *c;
	struct ra *t;
	size_t i;

	(void)state;
	for (i = 0; i < MIP6_COUNT(row); i++) {
		t = ra_new();
		c = &t->x.conf.ha.adverts;
		c->min_interval = MIP6_SPAN_MS(row[i][0]);
		c->max_interval = MIP6_SPAN_MS(row[i][1]);
		fix_configure(&t->x);
		local(t);
		(void)next(t);
		fix_wait(&t->x, MIP6_SPAN_S(5));
		gaps(t, 70, 30000, 70000);
		/* 50 ms is the mean. */
		assert_in_range(t->x.sents, 90, 115);
		ra_delete(t);
	}
}

/* R7.5-06: nothing but answers. */
static void
test_solicited_only(void **state)
{
	struct ra *t = ra_new();
	struct mip6_conf_adverts *c = &t->x.conf.ha.adverts;

	(void)state;
	c->max_interval.us = INT64_MAX;
	c->interval_option = true;
	fix_configure(&t->x);
	local(t);
	fix_wait(&t->x, MIP6_SPAN_S(10000));
	none(t);
	solicit(t, "::", NULL);
	fix_wait(&t->x, MIP6_SPAN_MS(500));
	assert_false(next(t).opt.has_adv_interval);
	c->agent_preference = 9;
	fix_configure(&t->x);
	fix_wait(&t->x, MIP6_SPAN_S(10000));
	none(t);
	ra_delete(t);
}

/* RFC 4861 section 6.2.6: when, and that the timer begins anew. */
static void
test_solicited(void **state)
{
	struct ra *t = ra_new();
	struct mip6_time asked;

	(void)state;
	local(t);
	fix_wait(&t->x, MIP6_SPAN_S(100));
	t->x.seen = t->x.sents;
	asked = t->x.now.boot;
	solicit(t, "::", NULL);
	solicit(t, "fe80::77", NULL);
	solicit(t, "::", NULL);
	none(t);
	fix_wait(&t->x, MIP6_SPAN_MS(500));
	(void)next(t);
	assert_true(mip6_time_before(asked, t->x.sent[t->x.seen - 1].at));
	none(t);
	fix_wait(&t->x, MIP6_SPAN_S(199));
	none(t);
	fix_wait(&t->x, MIP6_SPAN_S(402));
	(void)next(t);
	ra_delete(t);
}

/* R13-03: a smaller interval makes for a smaller delay between them. */
static void
test_min_delay(void **state)
{
	static const struct {
		int64_t min_ms, low_us, high_us;
	} row[] = { { 200000, 3000000, 3500000 }, { 3000, 3000000, 3500000 },
		{ 1000, 1000000, 1500000 }, { 100, 100000, 200000 } };
	const struct fix_sent *s;
	struct mip6_time last;
	struct mip6_nd m;
	struct ra *t;
	size_t i;

	(void)state;
	for (i = 0; i < MIP6_COUNT(row); i++) {
		t = ra_new();
		t->x.conf.ha.adverts.min_interval = MIP6_SPAN_MS(row[i].min_ms);
		t->x.conf.ha.adverts.max_interval = MIP6_SPAN_S(10000);
		fix_configure(&t->x);
		local(t);
		(void)next(t);
		last = t->x.sent[t->x.seen - 1].at;
		solicit(t, "::", NULL);
		fix_wait(&t->x, MIP6_SPAN_S(4));
		s = fix_next_nd(&t->x, MIP6_ND_RA, &m);
		assert_non_null(s);
		assert_in_range(mip6_time_sub(s->at, last).us, row[i].low_us,
		    row[i].high_us);
		none(t);
		ra_delete(t);
	}
}

/* Who asks when no multicast may go is answered alone, and soon. */
static void
test_unicast(void **state)
{
	static const struct mip6_lladdr ll = { { 2, 0, 0, 0, 0, 0x77 } };
	struct mip6_addr a = fix_addr("fe80::77"), b = fix_addr("fe80::78");
	struct ra *t = ra_new();
	uint32_t to_a = 0, to_b = 0;
	const struct fix_sent *s;
	struct mip6_nd m;

	(void)state;
	local(t);
	(void)next(t);
	solicit(t, "fe80::77", &ll);
	solicit(t, "fe80::77", &ll);
	solicit(t, "fe80::78", NULL);
	fix_wait(&t->x, MIP6_SPAN_MS(500));
	while ((s = fix_next_nd(&t->x, MIP6_ND_RA, &m)) != NULL) {
		assert_true(s->act.has_lladdr);
		assert_true(m.u.ra.home_agent);
		assert_int_equal(m.opt.prefix_count, 1);
		if (mip6_addr_equal(&s->ip.ip.dst, &a)) {
			to_a++;
			assert_memory_equal(&s->act.lladdr, &ll, 6);
		} else {
			assert_true(mip6_addr_equal(&s->ip.ip.dst, &b));
			to_b++;
			assert_memory_equal(&s->act.lladdr, &fix_router_ll, 6);
		}
	}
	assert_int_equal(to_a, 1);
	assert_int_equal(to_b, 1);
	fix_wait(&t->x, MIP6_SPAN_S(3));
	none(t);
	ra_delete(t);
}

/* A flood of solicitations: sixteen alone, the others by one for all. */
static void
test_flood(void **state)
{
	struct ra *t = ra_new();
	struct mip6_time last;
	const struct fix_sent *s;
	uint32_t i, alone = 0, all = 0;
	struct mip6_nd m;
	char text[32];

	(void)state;
	local(t);
	(void)next(t);
	last = t->x.now.boot;
	for (i = 0; i < 1000; i++) {
		(void)snprintf(text, sizeof(text), "fe80::%x", i + 16);
		solicit(t, text, NULL);
	}
	fix_wait(&t->x, MIP6_SPAN_S(5));
	while ((s = fix_next_nd(&t->x, MIP6_ND_RA, &m)) != NULL) {
		if (s->act.has_lladdr) {
			alone++;
			continue;
		}
		all++;
		assert_in_range(mip6_time_sub(s->at, last).us, 3000000,
		    3500000);
	}
	assert_int_equal(alone, HA_RA_GUESTS_MAX);
	assert_int_equal(all, 1);
	ra_delete(t);
}

/* RFC4861-6.2.6a: solicitations of other links are others' to answer. */
static void
test_other_link(void **state)
{
	struct ra *t = ra_new();
	struct mip6_event ev;
	struct mip6_nd m;
	uint8_t buf[128];
	struct mip6_wr w = mip6_wr_make(buf, sizeof(buf));
	struct mip6_ip6_out ip;
	size_t start, at;

	(void)state;
	local(t);
	fix_wait(&t->x, MIP6_SPAN_S(100));
	t->x.seen = t->x.sents;
	memset(&ip, 0, sizeof(ip));
	memset(&m, 0, sizeof(m));
	m.type = MIP6_ND_RS;
	ip.ip.dst = mip6_addr_all_routers;
	ip.ip.hop_limit = 255;
	ip.upper = MIP6_NH_ICMPV6;
	start = mip6_ip6_begin(&w, &ip);
	at = w.pos;
	mip6_nd_write(&w, &m);
	mip6_ip6_end(&w, start);
	mip6_icmp6_finish(buf + at, w.pos - at, &ip.ip.src, &ip.ip.dst);
	memset(&ev, 0, sizeof(ev));
	ev.kind = MIP6_EV_LINK;
	ev.u.link.ifindex = 7;
	memcpy(ev.u.link.name, "eth1", 5);
	ev.u.link.up = true;
	fix_give(&t->x, &ev);
	memset(&ev, 0, sizeof(ev));
	ev.kind = MIP6_EV_HINT;
	ev.u.hint.kind = MIP6_HINT_PACKET;
	ev.u.hint.ifindex = 7;
	ev.u.hint.octets = buf;
	ev.u.hint.count = w.pos;
	fix_give(&t->x, &ev);
	fix_wait(&t->x, MIP6_SPAN_S(5));
	none(t);
	/* The very same on the home link. */
	fix_packet(&t->x, buf, w.pos);
	fix_wait(&t->x, MIP6_SPAN_S(5));
	(void)next(t);
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

/* A solicitation tells of its sender, if it is somebody we know. */
static void
test_neighbour(void **state)
{
	static const struct mip6_lladdr ll = { { 2, 0, 0, 0, 0, 0x77 } };
	struct mip6_addr a = fix_addr("fe80::77");
	struct ra *t = ra_new();
	const struct mip6_action *act;
	uint32_t hop;

	(void)state;
	local(t);
	t->x.acts = 0;
	solicit(t, "fe80::77", &ll);
	assert_null(fix_last(&t->x, MIP6_ACT_HOP_SET));
	t->x.node->out = &t->x.out;
	mip6_actions_clear(&t->x.out);
	hop = nd_hold(t->x.node, FIX_IFINDEX, &a);
	t->x.node->out = NULL;
	assert_false(nd_usable(t->x.node, hop));
	solicit(t, "fe80::77", &ll);
	assert_true(nd_usable(t->x.node, hop));
	act = fix_last(&t->x, MIP6_ACT_HOP_SET);
	assert_non_null(act);
	assert_memory_equal(&act->u.hop.lladdr, &ll, 6);
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
		cmocka_unit_test(test_intervals),
		cmocka_unit_test(test_fast),
		cmocka_unit_test(test_solicited_only),
		cmocka_unit_test(test_solicited),
		cmocka_unit_test(test_min_delay),
		cmocka_unit_test(test_unicast),
		cmocka_unit_test(test_flood),
		cmocka_unit_test(test_other_link),
		cmocka_unit_test(test_not),
		cmocka_unit_test(test_no_address),
		cmocka_unit_test(test_final),
		cmocka_unit_test(test_renew),
		cmocka_unit_test(test_neighbour),
		cmocka_unit_test(test_consistency),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
