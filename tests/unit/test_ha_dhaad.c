/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The Home-Agents anycast addresses and Home Agent Address Discovery.
 *
 * Links: core
 */
#include "core_fix.h"

#include <stdio.h>

#include "core/ha_int.h"

#define ANYCAST "2001:db8:1:0:fdff:ffff:ffff:fffe"
#define ASKER   "2001:db8:a::5"
/* A home address whose solicited-node group is that of the anycast one. */
#define HOA_GROUP "2001:db8:1::12ff:fffe"

struct dhaad {
	struct fix x;
	struct mip6_conf_mobile mobile;
};

static struct dhaad *
dhaad_new(void)
{
	struct dhaad *t = test_malloc(sizeof(*t));

	fix_ha(&t->x, &t->mobile);
	fix_host_addr(&t->x, "fe80::1", 64, 0, false);
	return t;
}

static void
dhaad_delete(struct dhaad *t)
{
	fix_fini(&t->x);
	test_free(t);
}

/* Another home agent says that it is there. */
static void
hear(struct dhaad *t, uint32_t number, uint16_t preference, uint32_t globals)
{
	struct mip6_nd m;
	char text[40];
	uint32_t k;

	memset(&m, 0, sizeof(m));
	m.type = MIP6_ND_RA;
	m.u.ra.home_agent = true;
	m.opt.has_ha_info = true;
	m.opt.ha_preference = preference;
	m.opt.ha_lifetime = MIP6_SPAN_S(1000);
	for (k = 0; k < globals; k++) {
		(void)snprintf(text, sizeof(text), "2001:db8:1:%x::%x", k,
		    number);
		m.opt.prefix[k].addr = fix_addr(text);
		m.opt.prefix[k].bits = 64;
		m.opt.prefix[k].router = true;
		m.opt.prefix[k].valid = MIP6_ND_INFINITE;
	}
	m.opt.prefix_count = (uint8_t)globals;
	(void)snprintf(text, sizeof(text), "fe80::%x", number);
	fix_nd(&t->x, text, "ff02::1", 255, &m);
}

static size_t
request(uint8_t *buf, size_t cap, const char *src, const char *dst,
    uint8_t code)
{
	struct mip6_wr w = mip6_wr_make(buf, cap);
	struct mip6_dhaad ask;
	struct mip6_ip6_out ip;
	size_t start, at;

	memset(&ip, 0, sizeof(ip));
	memset(&ask, 0, sizeof(ask));
	ip.ip.src = fix_addr(src);
	ip.ip.dst = fix_addr(dst);
	ip.ip.hop_limit = 60;
	ip.upper = MIP6_NH_ICMPV6;
	ask.type = MIP6_ICMP6_DHAAD_REQUEST;
	ask.id = 0xbeef;
	start = mip6_ip6_begin(&w, &ip);
	at = w.pos;
	mip6_dhaad_write(&w, &ask);
	mip6_ip6_end(&w, start);
	buf[at + 1] = code;
	buf[at + 6] = 0x77; /* Reserved: ignored (R6.5-02) */
	mip6_icmp6_finish(buf + at, w.pos - at, &ip.ip.src, &ip.ip.dst);
	return w.pos;
}

static void
ask(struct dhaad *t, const char *src, const char *dst)
{
	uint8_t buf[128];

	fix_packet(&t->x, buf, request(buf, sizeof(buf), src, dst, 0));
}

/* The next reply; NULL: none. */
static const struct fix_sent *
reply(struct dhaad *t, struct mip6_dhaad *m)
{
	const struct fix_sent *s;

	while ((s = fix_next(&t->x)) != NULL) {
		struct mip6_icmp6 icmp;

		if (s->ip.upper != MIP6_NH_ICMPV6 ||
		    s->octets[s->ip.upper_at] != MIP6_ICMP6_DHAAD_REPLY)
			continue;
		assert_int_equal(mip6_icmp6_receive(s->octets + s->ip.upper_at,
				     s->ip.upper_octets, &s->ip.ip.src,
				     &s->ip.ip.dst, &icmp, NULL),
		    MIP6_PARSE_OK);
		assert_int_equal(mip6_dhaad_read(s->octets + s->ip.upper_at,
				     s->ip.upper_octets, m, NULL),
		    MIP6_PARSE_OK);
		return s;
	}
	return NULL;
}

/* R6.5-02, -03, R6.6-01, -02, R10.5.1-06: who alone is a home agent. */
static void
test_reply(void **state)
{
	static const char *const to[] = { ANYCAST, FIX_AGENT };
	struct mip6_addr ours = fix_addr(FIX_AGENT), asker = fix_addr(ASKER);
	struct dhaad *t = dhaad_new();
	const struct fix_sent *s;
	struct mip6_dhaad m;
	size_t i;

	(void)state;
	for (i = 0; i < MIP6_COUNT(to); i++) {
		ask(t, ASKER, to[i]);
		s = reply(t, &m);
		assert_non_null(s);
		assert_true(mip6_addr_equal(&s->ip.ip.src, &ours));
		assert_true(mip6_addr_equal(&s->ip.ip.dst, &asker));
		assert_int_equal(s->ip.ip.hop_limit, 64);
		assert_true(s->act.has_lladdr);
		assert_memory_equal(&s->act.lladdr, &fix_router_ll, 6);
		assert_int_equal(s->act.ifindex, FIX_IFINDEX);
		assert_int_equal(m.id, 0xbeef);
		/* Reserved is 0. */
		assert_int_equal(s->octets[s->ip.upper_at + 6] |
			s->octets[s->ip.upper_at + 7],
		    0);
		assert_int_equal(m.addr_count, 1);
		assert_true(mip6_addr_equal(&m.addr[0], &ours));
	}
	dhaad_delete(t);
}

/* Who may not be answered, and what is no request. */
static void
test_refused(void **state)
{
	static const struct {
		const char *src, *dst;
		uint8_t code;
		enum mip6_drop why;
	} row[] = {
		{ "fe80::5", ANYCAST, 0, MIP6_DROP_DHAAD_INVALID },
		{ "::", ANYCAST, 0, MIP6_DROP_DHAAD_INVALID },
		{ "ff02::1", ANYCAST, 0, MIP6_DROP_DHAAD_INVALID },
		{ ASKER, ANYCAST, 1, MIP6_DROP_DHAAD_INVALID },
		{ ASKER, "2001:db8:2:0:fdff:ffff:ffff:fffe", 0,
		    MIP6_DROP_NOT_OURS },
		{ ASKER, "2001:db8:1::7", 0, MIP6_DROP_NOT_OURS },
	};
	struct dhaad *t = dhaad_new();
	struct mip6_dhaad m;
	uint8_t buf[128];
	uint64_t before;
	size_t i, count;

	(void)state;
	for (i = 0; i < MIP6_COUNT(row); i++) {
		before = fix_drops(&t->x, row[i].why);
		count = request(buf, sizeof(buf), row[i].src, row[i].dst,
		    row[i].code);
		fix_packet(&t->x, buf, count);
		assert_null(reply(t, &m));
		assert_int_equal(fix_drops(&t->x, row[i].why), before + 1);
	}
	/* A wrong checksum. */
	count = request(buf, sizeof(buf), ASKER, ANYCAST, 0);
	buf[count - 1] ^= 1;
	fix_packet(&t->x, buf, count);
	assert_null(reply(t, &m));
	/* Of whom is a home agent no more. */
	t->x.conf.ha.on = false;
	fix_configure(&t->x);
	ask(t, ASKER, ANYCAST);
	ask(t, ASKER, FIX_AGENT);
	assert_null(reply(t, &m));
	t->x.conf.ha.on = true;
	fix_configure(&t->x);
	ask(t, ASKER, ANYCAST);
	assert_non_null(reply(t, &m));
	dhaad_delete(t);
}

static uint32_t
number_of(const struct mip6_addr *a)
{
	return (uint32_t)a->b[14] << 8 | a->b[15];
}

/* R10.5.1-07, R8.4-10: by preference, ours among them. */
static void
test_order(void **state)
{
	struct dhaad *t = dhaad_new();
	struct mip6_dhaad m;

	(void)state;
	hear(t, 0x10, 5, 1);
	hear(t, 0x11, 65535, 1);
	hear(t, 0x12, 0, 1);
	hear(t, 0x13, 300, 1);
	t->x.conf.ha.adverts.agent_preference = 7;
	fix_configure(&t->x);
	ask(t, ASKER, ANYCAST);
	assert_non_null(reply(t, &m));
	assert_int_equal(m.addr_count, 5);
	assert_int_equal(number_of(&m.addr[0]), 0x11);
	assert_int_equal(number_of(&m.addr[1]), 0x13);
	assert_int_equal(number_of(&m.addr[2]), 1);
	assert_int_equal(number_of(&m.addr[3]), 0x10);
	assert_int_equal(number_of(&m.addr[4]), 0x12);
	dhaad_delete(t);
}

/* R10.5.1-08: equals in any order, and the addresses of each. */
static void
test_random(void **state)
{
	struct dhaad *t = dhaad_new();
	uint32_t first[3] = { 0, 0, 0 }, swapped = 0, i, n;
	struct mip6_dhaad m;

	(void)state;
	hear(t, 2, 0, 1);
	hear(t, 3, 0, 1);
	hear(t, 4, 9, 2);
	for (i = 0; i < 300; i++) {
		fix_wait(&t->x, MIP6_SPAN_MS(100));
		ask(t, ASKER, ANYCAST);
		assert_non_null(reply(t, &m));
		t->x.sents = t->x.seen = t->x.acts = 0;
		assert_int_equal(m.addr_count, 5);
		/* The most preferred one's two, then the three equals. */
		assert_int_equal(number_of(&m.addr[0]), 4);
		assert_int_equal(number_of(&m.addr[1]), 4);
		swapped += m.addr[0].b[7] != 0;
		n = number_of(&m.addr[2]);
		assert_in_range(n, 1, 3);
		first[n - 1]++;
	}
	assert_in_range(swapped, 100, 200);
	for (i = 0; i < 3; i++)
		assert_in_range(first[i], 60, 140);
	dhaad_delete(t);
}

/* R10.5.1-09: what fits into 1,280 octets, the most preferred of all. */
static void
test_size(void **state)
{
	struct dhaad *t = dhaad_new();
	const struct fix_sent *s;
	struct mip6_dhaad m;
	uint32_t i;

	(void)state;
	for (i = 0; i < HA_AGENTS_MAX; i++)
		hear(t, 0x100 + i, (uint16_t)(i + 1), 2);
	ask(t, ASKER, ANYCAST);
	s = reply(t, &m);
	assert_non_null(s);
	assert_true(s->act.count <= 1280);
	assert_int_equal(m.addr_count, MIP6_DHAAD_ADDRS_MAX);
	for (i = 0; i < m.addr_count; i++)
		assert_int_equal(number_of(&m.addr[i]),
		    0x100 + HA_AGENTS_MAX - 1 - i / 2);
	dhaad_delete(t);
}

/* A flood: bounded answers, and a registration goes through meanwhile. */
static void
test_rate(void **state)
{
	struct dhaad *t = dhaad_new();
	struct mip6_conf_sa sa = fix_sa();
	struct fix_bu bu = fix_update(1, &sa);
	uint32_t i, answers = 0;
	struct mip6_dhaad m;
	struct mip6_mh mh;
	char text[40];

	(void)state;
	for (i = 0; i < 5000; i++) {
		(void)snprintf(text, sizeof(text), "2001:db8:a::%x", i + 1);
		ask(t, text, ANYCAST);
		answers += reply(t, &m) != NULL;
	}
	assert_in_range(answers, 50, 50);
	assert_int_equal(fix_drops(&t->x, MIP6_DROP_DHAAD_RATE), 4950);
	fix_send_bu(&t->x, &bu);
	assert_non_null(fix_next_mh(&t->x, &mh));
	assert_int_equal(mh.type, MIP6_MH_BA);
	assert_int_equal(mh.u.ba.status, 0);
	/* Half a second later, half as many; never more than the burst. */
	fix_wait(&t->x, MIP6_SPAN_MS(500));
	for (i = 0, answers = 0; i < 100; i++) {
		ask(t, ASKER, ANYCAST);
		answers += reply(t, &m) != NULL;
	}
	assert_int_equal(answers, 25);
	fix_wait(&t->x, MIP6_SPAN_S(3600));
	t->x.sents = t->x.seen = t->x.acts = 0;
	for (i = 0, answers = 0; i < 100; i++) {
		ask(t, ASKER, ANYCAST);
		answers += reply(t, &m) != NULL;
	}
	assert_int_equal(answers, 50);
	dhaad_delete(t);
}

/* What came through a tunnel goes back through it. */
static void
test_tunnelled(void **state)
{
	struct dhaad *t = dhaad_new();
	const struct mip6_action *a;
	struct mip6_addr hoa = fix_addr(FIX_HOA);
	struct mip6_event ev;
	struct mip6_dhaad m;
	uint8_t buf[128];

	(void)state;
	memset(&ev, 0, sizeof(ev));
	ev.kind = MIP6_EV_HINT;
	ev.u.hint.kind = MIP6_HINT_PACKET;
	ev.u.hint.ifindex = FIX_IFINDEX;
	ev.u.hint.tunnel_peer = fix_addr(ASKER);
	ev.u.hint.octets = buf;
	ev.u.hint.count = request(buf, sizeof(buf), FIX_HOA, ANYCAST, 0);
	fix_give(&t->x, &ev);
	a = fix_last(&t->x, MIP6_ACT_SEND_TUNNELLED);
	assert_non_null(a);
	assert_true(mip6_addr_equal(&a->u.send.home, &hoa));
	assert_int_equal(a->u.send.count, 40 + 8 + 16);
	assert_null(reply(t, &m));
	dhaad_delete(t);
}

/* The last action of a kind about an address; NULL: none. */
static const struct mip6_action *
about(struct dhaad *t, enum mip6_action_kind kind, const char *text)
{
	struct mip6_addr a = fix_addr(text);
	size_t i;

	for (i = t->x.acts; i > 0; i--)
		if (t->x.act[i - 1].kind == kind &&
		    mip6_addr_equal(&t->x.act[i - 1].u.set.addr, &a))
			return &t->x.act[i - 1];
	return NULL;
}

static void
expect_taken(struct dhaad *t, const char *anycast, const char *group, bool on)
{
	assert_int_equal(about(t, MIP6_ACT_LOCAL, anycast)->u.set.on, on);
	assert_int_equal(about(t, MIP6_ACT_SHIELD, anycast)->u.set.on, on);
	assert_int_equal(about(t, MIP6_ACT_GROUP, group)->u.set.on, on);
	assert_int_equal(about(t, MIP6_ACT_GROUP, group)->u.set.ifindex,
	    FIX_IFINDEX);
}

/* The last who needs a group leaves it: two prefixes, and a home address. */
static void
test_anycast_group(void **state)
{
	struct dhaad *t = dhaad_new();
	struct mip6_conf_ha *c = &t->x.conf.ha;
	struct mip6_conf_sa sa = fix_sa();
	struct fix_bu bu = fix_update(1, &sa);
	const struct mip6_action *a;

	(void)state;
	c->join_groups = true;
	c->prefix[1] = c->prefix[0];
	c->prefix[1].prefix.addr = fix_addr("2001:db8:4000::");
	c->prefixes = 2;
	fix_configure(&t->x);
	c->prefixes = 1;
	t->x.acts = 0;
	fix_configure(&t->x);
	assert_null(about(t, MIP6_ACT_GROUP, "ff02::1:ffff:fffe"));
	/* A mobile node whose address has the same group comes and goes. */
	t->mobile.hoa = fix_addr(HOA_GROUP);
	fix_configure(&t->x);
	bu.hoa = HOA_GROUP;
	fix_send_bu(&t->x, &bu);
	a = about(t, MIP6_ACT_GROUP, "ff02::1:ffff:fffe");
	assert_non_null(a);
	assert_true(a->u.set.on);
	bu.seq = 2;
	bu.lifetime = MIP6_SPAN_S(0);
	fix_send_bu(&t->x, &bu);
	fix_wait(&t->x, MIP6_SPAN_S(20));
	a = about(t, MIP6_ACT_GROUP, "ff02::1:ffff:fffe");
	assert_true(a->u.set.on);
	/* Without a user it goes. */
	c->on = false;
	t->x.acts = 0;
	fix_configure(&t->x);
	a = about(t, MIP6_ACT_GROUP, "ff02::1:ffff:fffe");
	assert_non_null(a);
	assert_false(a->u.set.on);
	dhaad_delete(t);
}

/* R8.4-09: of every prefix, of any length, as the configuration goes. */
static void
test_anycast(void **state)
{
	struct dhaad *t = dhaad_new();
	struct mip6_conf_ha *c = &t->x.conf.ha;
	struct mip6_dhaad m;

	(void)state;
	expect_taken(t, ANYCAST, "ff02::1:ffff:fffe", true);
	c->prefix[1] = c->prefix[2] = c->prefix[0];
	c->prefix[1].prefix.addr = fix_addr("2001:db8:4000::");
	c->prefix[1].prefix.bits = 34;
	c->prefix[2].prefix.addr = fix_addr("2001:db8:5::a000");
	c->prefix[2].prefix.bits = 121;
	c->prefixes = 3;
	t->x.acts = 0;
	fix_configure(&t->x);
	expect_taken(t, "2001:db8:7fff:ffff:ffff:ffff:ffff:fffe",
	    "ff02::1:ffff:fffe", true);
	/* No room for one in the third; the first is as it was. */
	assert_null(about(t, MIP6_ACT_SHIELD, ANYCAST));
	ask(t, ASKER, "2001:db8:7fff:ffff:ffff:ffff:ffff:fffe");
	assert_non_null(reply(t, &m));
	assert_int_equal(m.addr_count, 1);
	/* One goes, the other takes its place in the list. */
	c->prefix[0] = c->prefix[1];
	c->prefixes = 1;
	t->x.acts = 0;
	fix_configure(&t->x);
	assert_false(about(t, MIP6_ACT_SHIELD, ANYCAST)->u.set.on);
	assert_true(
	    about(t, MIP6_ACT_SHIELD, "2001:db8:7fff:ffff:ffff:ffff:ffff:fffe")
		->u.set.on);
	c->on = false;
	t->x.acts = 0;
	fix_configure(&t->x);
	expect_taken(t, "2001:db8:7fff:ffff:ffff:ffff:ffff:fffe",
	    "ff02::1:ffff:fffe", false);
	dhaad_delete(t);
}

/* A virtual home link: nobody to tell on it, and yet it answers. */
static void
test_virtual(void **state)
{
	struct dhaad *t = dhaad_new();
	struct mip6_dhaad m;

	(void)state;
	t->x.conf.ha.is_virtual = true;
	t->x.acts = 0;
	fix_configure(&t->x);
	assert_false(about(t, MIP6_ACT_GROUP, "ff02::1:ffff:fffe")->u.set.on);
	ask(t, ASKER, ANYCAST);
	assert_non_null(reply(t, &m));
	dhaad_delete(t);
}

static void
look_for(struct dhaad *t, const char *src, const char *target,
    const struct mip6_lladdr *lladdr)
{
	struct mip6_addr a = fix_addr(target);
	struct mip6_addr group = mip6_addr_solicited_node(&a);
	struct mip6_nd m;

	memset(&m, 0, sizeof(m));
	m.type = MIP6_ND_NS;
	m.u.ns.target = a;
	m.opt.has_slla = lladdr != NULL;
	if (lladdr != NULL)
		m.opt.slla = *lladdr;
	fix_nd(&t->x, src, mip6_addr_text(&group).s, 255, &m);
}

/* RFC 4861 section 7.2.7: without override, after up to a second. */
static void
test_neighbour(void **state)
{
	static const struct mip6_lladdr ll = { { 2, 0, 0, 0, 0, 0x77 } };
	struct mip6_addr asker = fix_addr("fe80::77");
	struct mip6_addr local = fix_addr("fe80::1");
	struct mip6_addr anycast = fix_addr(ANYCAST);
	struct dhaad *t = dhaad_new();
	const struct fix_sent *s;
	struct mip6_time asked;
	uint32_t i, late = 0;
	struct mip6_nd m;
	char text[40];

	(void)state;
	look_for(t, "fe80::77", ANYCAST, &ll);
	look_for(t, "fe80::77", ANYCAST, &ll);
	fix_wait(&t->x, MIP6_SPAN_S(1));
	s = fix_next_nd(&t->x, MIP6_ND_NA, &m);
	assert_non_null(s);
	assert_true(mip6_addr_equal(&s->ip.ip.src, &local));
	assert_true(mip6_addr_equal(&s->ip.ip.dst, &asker));
	assert_memory_equal(&s->act.lladdr, &ll, 6);
	assert_true(mip6_addr_equal(&m.u.na.target, &anycast));
	assert_true(m.u.na.solicited && m.u.na.router);
	assert_false(m.u.na.override);
	assert_true(m.opt.has_tlla);
	assert_memory_equal(&m.opt.tlla, &fix_ll, 6);
	assert_null(fix_next_nd(&t->x, MIP6_ND_NA, &m));
	/* Without the option: to who sent the frame. */
	look_for(t, "fe80::78", ANYCAST, NULL);
	fix_wait(&t->x, MIP6_SPAN_S(1));
	s = fix_next_nd(&t->x, MIP6_ND_NA, &m);
	assert_non_null(s);
	assert_memory_equal(&s->act.lladdr, &fix_router_ll, 6);
	/* The delay is drawn: not always at once. */
	for (i = 0; i < 40; i++) {
		asked = t->x.now.boot;
		look_for(t, "fe80::77", ANYCAST, &ll);
		fix_wait(&t->x, MIP6_SPAN_S(1));
		s = fix_next_nd(&t->x, MIP6_ND_NA, &m);
		assert_non_null(s);
		late += mip6_time_sub(s->at, asked).us > 500000;
	}
	assert_in_range(late, 8, 32);
	/* A probe for a duplicate is none of ours, nor another's address. */
	look_for(t, "::", ANYCAST, NULL);
	look_for(t, "fe80::77", "2001:db8:2:0:fdff:ffff:ffff:fffe", &ll);
	fix_wait(&t->x, MIP6_SPAN_S(2));
	assert_null(fix_next_nd(&t->x, MIP6_ND_NA, &m));
	/* A flood is answered in part. */
	for (i = 0; i < 1000; i++) {
		(void)snprintf(text, sizeof(text), "fe80::1:%x", i);
		look_for(t, text, ANYCAST, &ll);
	}
	fix_wait(&t->x, MIP6_SPAN_S(1));
	for (i = 0; fix_next_nd(&t->x, MIP6_ND_NA, &m) != NULL; i++)
		;
	assert_int_equal(i, HA_ANYCAST_ASKS_MAX);
	dhaad_delete(t);
}

/* R8.4-09: on the home link alone. */
static void
test_neighbour_elsewhere(void **state)
{
	static const struct mip6_lladdr ll = { { 2, 0, 0, 0, 0, 0x77 } };
	struct dhaad *t = dhaad_new();
	struct mip6_nd m;

	(void)state;
	t->x.conf.ha.is_virtual = true;
	fix_configure(&t->x);
	look_for(t, "fe80::77", ANYCAST, &ll);
	fix_wait(&t->x, MIP6_SPAN_S(2));
	assert_null(fix_next_nd(&t->x, MIP6_ND_NA, &m));
	/* The link goes down before the answer went. */
	t->x.conf.ha.is_virtual = false;
	fix_configure(&t->x);
	look_for(t, "fe80::77", ANYCAST, &ll);
	fix_link(&t->x, false);
	fix_wait(&t->x, MIP6_SPAN_S(2));
	assert_null(fix_next_nd(&t->x, MIP6_ND_NA, &m));
	dhaad_delete(t);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_reply),
		cmocka_unit_test(test_refused),
		cmocka_unit_test(test_order),
		cmocka_unit_test(test_random),
		cmocka_unit_test(test_size),
		cmocka_unit_test(test_rate),
		cmocka_unit_test(test_tunnelled),
		cmocka_unit_test(test_anycast),
		cmocka_unit_test(test_anycast_group),
		cmocka_unit_test(test_virtual),
		cmocka_unit_test(test_neighbour),
		cmocka_unit_test(test_neighbour_elsewhere),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
