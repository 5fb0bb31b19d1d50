/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Home addresses that are formed: in a new prefix of the home link, or where
 * the configuration has a prefix alone; and how they come and go.
 *
 * Links: core
 */
#include "mn_mpd_fix.h"

/* Told of the home prefix and of `p`, asked or not. */
static void
tell(struct fix *x, struct mip6_nd_prefix home_prefix, struct mip6_nd_prefix p)
{
	prefix(x)->waiting = true;
	prefix(x)->id = 7;
	answer(x, 7, home_prefix, p);
}

/* Renumbered: the old prefix is deprecated and ends in a day. */
static void
renumber(struct fix *x)
{
	tell(x, told_prefix(FIX_AGENT, 86400, 0),
	    told_prefix(AGENT2, 864000, 172800));
}

/* The update of the home address `hoa`, and its acceptance. */
static void
accept_update(struct fix *x, const char *hoa, const char *agent)
{
	struct mip6_conf_sa sa = fix_sa();
	const struct fix_sent *s;
	struct mip6_mh_to to;
	struct mip6_addr a = fix_addr(hoa);
	uint8_t buf[640];
	struct mip6_mh m, ba;
	size_t count;

	do {
		s = fix_next_mh(x, &m);
		assert_non_null(s);
	} while (!mip6_addr_equal(&s->ip.hao, &a));
	assert_string_equal(mip6_addr_text(&s->ip.ip.dst).s, agent);
	memset(&ba, 0, sizeof(ba));
	memset(&to, 0, sizeof(to));
	ba.type = MIP6_MH_BA;
	ba.u.ba.seq = m.u.bu.seq;
	ba.u.ba.lifetime = m.u.bu.lifetime;
	ba.opt.has_replay = m.opt.has_replay;
	ba.opt.replay = m.opt.replay;
	to.src = s->ip.ip.dst;
	to.dst = s->ip.ip.src;
	to.rh2 = &a;
	count = mh_build(x->node, buf, sizeof(buf), &to, &ba, &sa,
	    &s->ip.ip.src, &a);
	assert_true(count > 0);
	fix_packet(x, buf, count);
}

/* The last action about the address `addr` of the TUN. */
static const struct mip6_action *
host_addr(const struct fix *x, const char *addr)
{
	struct mip6_addr want = fix_addr(addr);
	size_t i;

	for (i = x->acts; i > 0; i--)
		if (x->act[i - 1].kind == MIP6_ACT_ADDR &&
		    mip6_addr_equal(&x->act[i - 1].u.addr.addr, &want))
			return &x->act[i - 1];
	return NULL;
}

static void
test_new_home(void **state)
{
	struct mn_home *h;
	struct fix x;
	struct mip6_mp m;

	(void)state;
	(void)away(&x);
	renumber(&x);
	h = find_home(&x, HOA2);
	assert_non_null(h);
	assert_int_equal(homes(&x), 2);
	/* On the host, but not for new sessions until it is registered. */
	assert_true(host_addr(&x, HOA2)->u.addr.on);
	assert_int_equal(host_addr(&x, HOA2)->u.addr.preferred.us, 0);
	/* With the home agent's address in that prefix, and the same key. */
	accept_update(&x, HOA2, AGENT2);
	assert_int_equal(h->state, MN_REGISTERED);
	assert_true(host_addr(&x, HOA2)->u.addr.preferred.us == INT64_MAX);
	assert_int_equal(host_addr(&x, FIX_HOA)->u.addr.preferred.us, 0);
	assert_true(host_addr(&x, FIX_HOA)->u.addr.on);
	/* It was told of by the old one: no need to ask; nor in a refresh. */
	assert_null(fix_next_mp(&x, MIP6_ICMP6_MPS, &m));
	/* Told again, it stays one. */
	renumber(&x);
	assert_int_equal(homes(&x), 2);
	fix_fini(&x);
}

/* The prefix has no home agent of its own: the one that told of it. */
static void
test_no_router_address(void **state)
{
	struct fix x;

	(void)state;
	(void)away(&x);
	tell(&x, told_prefix(FIX_AGENT, 86400, 0),
	    told_prefix(HOME2, 864000, 172800));
	accept_update(&x, HOA2, FIX_AGENT);
	fix_fini(&x);
}

/* R11.4.3-06: the old one lives until its prefix dies, and no longer. */
static void
test_old_retires(void **state)
{
	struct fix x;
	int i;

	(void)state;
	(void)away(&x);
	renumber(&x);
	accept_update(&x, HOA2, AGENT2);
	/* Nobody answers any more; lifetimes are not told anew. */
	for (i = 0; i < 86399; i += 3600) {
		assert_non_null(find_home(&x, FIX_HOA));
		x.sents = x.seen = x.acts = 0;
		fix_wait(&x, MIP6_SPAN_S(i + 3600 < 86399 ? 3600 : 86399 - i));
	}
	assert_non_null(find_home(&x, FIX_HOA));
	x.acts = 0;
	fix_wait(&x, MIP6_SPAN_S(1));
	assert_null(find_home(&x, FIX_HOA));
	assert_non_null(find_home(&x, HOA2));
	assert_false(host_addr(&x, FIX_HOA)->u.addr.on);
	fix_fini(&x);
}

/* P-LAST: without another one a configured address stays. */
static void
test_last_stays(void **state)
{
	struct fix x;

	(void)state;
	(void)away(&x);
	/* A new one that no home agent has acknowledged does not count. */
	tell(&x, told_prefix(FIX_AGENT, 7200, 0),
	    told_prefix(AGENT2, 864000, 172800));
	x.sents = x.seen = 0;
	fix_wait(&x, MIP6_SPAN_S(3000));
	x.sents = x.seen = x.acts = 0;
	fix_wait(&x, MIP6_SPAN_S(4201));
	assert_non_null(find_home(&x, FIX_HOA));
	assert_non_null(strstr(x.events, "home.prefix-expired"));
	fix_fini(&x);
}

/* What is no prefix for a home address. */
static void
test_not_formed(void **state)
{
	struct mip6_nd_prefix p, mine = told_prefix(FIX_AGENT, 86400, 86400);
	struct fix x;
	uint32_t i = 0;

	(void)state;
	(void)away(&x);
	p = told_prefix(AGENT2, 86400, 86400);
	p.autonomous = false;
	tell(&x, mine, p);
	assert_int_equal(fix_drops(&x, MIP6_DROP_MPA_PREFIX), ++i);
	p = told_prefix(AGENT2, 86400, 86400);
	p.bits = 63;
	tell(&x, mine, p);
	assert_int_equal(fix_drops(&x, MIP6_DROP_MPA_PREFIX), ++i);
	p = told_prefix(AGENT2, 86400, 0);
	tell(&x, mine, p);
	assert_int_equal(fix_drops(&x, MIP6_DROP_MPA_PREFIX), ++i);
	/* Not routable; that of the link we are on. */
	p = told_prefix("ff05::", 86400, 86400);
	tell(&x, mine, p);
	assert_int_equal(fix_drops(&x, MIP6_DROP_MPA_PREFIX), ++i);
	p = told_prefix("2001:db8:a::1", 86400, 86400);
	tell(&x, mine, p);
	assert_int_equal(fix_drops(&x, MIP6_DROP_MPA_PREFIX), ++i);
	/* The home agent's own address would be ours. */
	p = told_prefix(HOA2, 86400, 86400);
	tell(&x, mine, p);
	assert_int_equal(fix_drops(&x, MIP6_DROP_MPA_PREFIX), ++i);
	assert_int_equal(homes(&x), 1);
	p = told_prefix(AGENT2, 86400, 86400);
	tell(&x, mine, p);
	assert_int_equal(homes(&x), 2);
	assert_int_equal(fix_drops(&x, MIP6_DROP_MPA_PREFIX), i);
	fix_fini(&x);
}

/* P-ROOM: as many as there is room for, and a configured one finds its place. */
static void
test_many(void **state)
{
	struct mip6_nd_prefix mine = told_prefix(FIX_AGENT, 86400, 86400);
	struct fix x;
	char addr[32] = "2001:db8:10::1";
	int i;

	(void)state;
	(void)away(&x);
	for (i = 0; i < MIP6_HOMES_MAX + 2; i++) {
		addr[10] = (char)('0' + i % 10);
		addr[9] = (char)('1' + i / 10);
		tell(&x, mine, told_prefix(addr, 86400, 86400));
		x.sents = x.seen = 0;
	}
	assert_int_equal(homes(&x), MIP6_HOMES_MAX);
	assert_int_equal(fix_drops(&x, MIP6_DROP_MPA_PREFIX), 3);
	x.conf.mn.home[1] = x.conf.mn.home[0];
	x.conf.mn.home[1].hoa = fix_addr("2001:db8:77::100");
	x.conf.mn.homes = 2;
	fix_configure(&x);
	assert_int_equal(homes(&x), MIP6_HOMES_MAX);
	assert_non_null(find_home(&x, "2001:db8:77::100"));
	assert_non_null(find_home(&x, FIX_HOA));
	fix_fini(&x);
}

/* A configuration anew keeps it, with the new key; without its root it goes. */
static void
test_reload(void **state)
{
	struct mip6_conf other;
	struct mn_home *h;
	struct fix x;

	(void)state;
	(void)away(&x);
	renumber(&x);
	accept_update(&x, HOA2, AGENT2);
	other = x.conf;
	other.mn.home[0].sa.key[0] ^= 1;
	other.mn.home[0].lifetime = MIP6_SPAN_S(300);
	{
		struct mip6_event ev;

		memset(&ev, 0, sizeof(ev));
		ev.kind = MIP6_EV_CONFIG;
		ev.u.conf = &other;
		fix_give(&x, &ev);
	}
	h = find_home(&x, HOA2);
	assert_non_null(h);
	assert_memory_equal(h->c->sa.key, other.mn.home[0].sa.key, 16);
	assert_int_equal(h->c->lifetime.us, MIP6_SPAN_S(300).us);
	/* Named in the configuration, it is one of its own. */
	x.conf.mn.home[0].hoa = fix_addr(HOA2);
	x.conf.mn.home[0].agent[0].addr = fix_addr(AGENT2);
	fix_configure(&x);
	h = find_home(&x, HOA2);
	assert_non_null(h);
	assert_false(h->prefix.derived);
	assert_int_equal(homes(&x), 1);
	x.conf.mn.home[0].hoa = fix_addr("2001:db8:77::100");
	fix_configure(&x);
	assert_null(find_home(&x, HOA2));
	assert_int_equal(homes(&x), 1);
	fix_fini(&x);
}

/* What follows an address goes with it. */
static void
test_root_gone(void **state)
{
	struct fix x;

	(void)state;
	(void)away(&x);
	renumber(&x);
	x.conf.mn.home[0].hoa = fix_addr("2001:db8:77::100");
	fix_configure(&x);
	assert_null(find_home(&x, HOA2));
	assert_null(find_home(&x, FIX_HOA));
	assert_int_equal(homes(&x), 1);
	fix_fini(&x);
}

/* ---- an address formed from the home prefix ---- */

static struct mip6_addr
formed(const char *hoa, uint8_t bits)
{
	struct mip6_conf_home c;
	struct mip6_addr a;
	struct fix x;

	fix_mn(&x);
	memset(&c, 0, sizeof(c));
	c.hoa = fix_addr(hoa);
	c.bits = bits;
	a = mn_prefix_form(x.node, &c);
	fix_fini(&x);
	return a;
}

static void
test_formed(void **state)
{
	struct mip6_addr a = formed("2001:db8:1::", 64), b;
	struct mip6_prefix p = { fix_addr("2001:db8:1::"), 64 };
	struct fix x;

	(void)state;
	assert_true(mip6_prefix_has(&p, &a));
	assert_false(mip6_addr_equal(&p.addr, &a));
	/* The same each time; another one in another prefix. */
	b = formed("2001:db8:1::", 64);
	assert_true(mip6_addr_equal(&a, &b));
	b = formed("2001:db8:2::", 64);
	assert_memory_not_equal(a.b + 8, b.b + 8, 8);
	/* An address is itself; so is what has no 64 bits to spare. */
	b = formed("2001:db8:1::100", 64);
	assert_string_equal(mip6_addr_text(&b).s, "2001:db8:1::100");
	b = formed("2001:db8:1::", 48);
	assert_string_equal(mip6_addr_text(&b).s, "2001:db8:1::");
	/* It is the node's, and stays so when the configuration comes anew. */
	fix_mn(&x);
	x.conf.mn.home[0].hoa = fix_addr("2001:db8:1::");
	fix_configure(&x);
	fix_configure(&x);
	assert_int_equal(homes(&x), 1);
	assert_true(mip6_addr_equal(&home(&x)->hoa, &a));
	assert_true(mn_is_home_addr(x.node, &a));
	fix_fini(&x);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_new_home),
		cmocka_unit_test(test_no_router_address),
		cmocka_unit_test(test_old_retires),
		cmocka_unit_test(test_last_stays),
		cmocka_unit_test(test_not_formed),
		cmocka_unit_test(test_many),
		cmocka_unit_test(test_reload),
		cmocka_unit_test(test_root_gone),
		cmocka_unit_test(test_formed),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
