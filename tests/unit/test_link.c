/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Links and addresses: which may be a care-of address, which is the best, how
 * one is formed, refused, retired; what a link asks of the host.
 *
 * Links: core
 */
#include <stdio.h>

#include "core_fix.h"

static const char net[] = "2001:db8:a::";

static struct fix *
link_new(void)
{
	struct fix *x = test_malloc(sizeof(*x));

	fix_mn(x);
	fix_link(x, true);
	return x;
}

static void
link_delete(struct fix *x)
{
	fix_fini(x);
	test_free(x);
}

static const struct mip6_link_addr *
best(struct fix *x, const struct mip6_addr *keep)
{
	x->node->now = x->now;
	return link_coa(x->node, link_find(x->node, FIX_IFINDEX), keep);
}

static bool
best_is(struct fix *x, const char *addr)
{
	const struct mip6_link_addr *a = best(x, NULL);
	struct mip6_addr want = fix_addr(addr);

	return a != NULL && mip6_addr_equal(&a->addr, &want);
}

/* The host has it before the prefix is advertised: none is formed. */
static void
test_usable(void **state)
{
	static const struct {
		const char *addr;
		uint8_t flags;
		bool usable;
	} t[] = {
		{ "2001:db8:a::5", 0, true },
		{ "2001:db8:a::5", MIP6_ADDR_TENTATIVE, false },
		{ "2001:db8:a::5", MIP6_ADDR_TENTATIVE | MIP6_ADDR_OPTIMISTIC,
		    true },
		{ "2001:db8:a::5", MIP6_ADDR_DUPLICATED, false },
		{ "2001:db8:a::5", MIP6_ADDR_DUPLICATED | MIP6_ADDR_OPTIMISTIC,
		    false },
		{ "2001:db8:a::5", MIP6_ADDR_DEPRECATED, true },
		{ "2001:db8:a::5", MIP6_ADDR_TEMPORARY, true },
		/* Of no prefix of this link. */
		{ "2001:db8:b::5", 0, false },
		{ "fe80::5", 0, false },
		{ "::1", 0, false },
		{ "ff05::5", 0, false },
	};
	struct mip6_addr a;
	size_t i;

	(void)state;
	for (i = 0; i < MIP6_COUNT(t); i++) {
		struct fix *x = link_new();

		fix_host_addr(x, t[i].addr, 64, t[i].flags, false);
		x->refuse = 1u << MIP6_ACT_ADDR; /* none is formed */
		fix_ra(x, net, 1800);
		if (best_is(x, t[i].addr) != t[i].usable)
			fail_msg("row %zu", i);
		link_delete(x);
	}
	for (i = 0; i < MIP6_COUNT(t); i++) {
		struct mip6_link_addr l;

		memset(&l, 0, sizeof(l));
		l.used = l.reported = true;
		l.addr = a = fix_addr(t[i].addr);
		l.flags = t[i].flags;
		if (mip6_addr_is_routable(&a))
			continue;
		assert_false(link_addr_usable(&l));
	}
}

/* A prefix of everything on-link makes no link-local care-of address. */
static void
test_never_home_nor_elsewhere(void **state)
{
	struct fix *x = link_new();

	(void)state;
	x->refuse = 1u << MIP6_ACT_ADDR;
	/* The home address on a link is no care-of address. */
	fix_host_addr(x, FIX_HOA, 64, 0, false);
	fix_ra(x, "2001:db8:1::", 1800);
	assert_null(best(x, NULL));
	/* Nor one that the last network gave. */
	fix_host_addr(x, "2001:db8:a::5", 64, 0, false);
	fix_ra(x, net, 1800);
	assert_true(best_is(x, "2001:db8:a::5"));
	fix_link(x, false);
	assert_null(best(x, NULL));
	fix_link(x, true);
	assert_null(best(x, NULL));
	fix_ra(x, "2001:db8:c::", 1800);
	assert_null(best(x, NULL));
	/* No router, no way out. */
	fix_ra(x, net, 1800);
	assert_true(best_is(x, "2001:db8:a::5"));
	fix_ra(x, NULL, 0);
	assert_null(best(x, NULL));
	link_delete(x);
}

/* An advertisement in whose prefix nobody forms addresses. */
static void
ra_without_a(struct fix *x)
{
	struct mip6_nd m;

	memset(&m, 0, sizeof(m));
	m.type = MIP6_ND_RA;
	m.u.ra.router_lifetime = MIP6_SPAN_S(1800);
	m.opt.prefix_count = 1;
	m.opt.prefix[0].addr = fix_addr(net);
	m.opt.prefix[0].bits = 64;
	m.opt.prefix[0].on_link = true;
	m.opt.prefix[0].valid = m.opt.prefix[0].preferred = MIP6_SPAN_S(100);
	fix_nd(x, "fe80::fe", "ff02::1", 255, &m);
}

static void
test_ranks(void **state)
{
	struct fix *x = link_new();
	struct mip6_addr third = fix_addr("2001:db8:a::7");

	(void)state;
	fix_host_addr(x, "2001:db8:a::5", 64, MIP6_ADDR_DEPRECATED, false);
	ra_without_a(x);
	assert_true(best_is(x, "2001:db8:a::5"));
	fix_host_addr(x, "2001:db8:a::6", 64, 0, false);
	assert_true(best_is(x, "2001:db8:a::6"));
	fix_host_addr(x, "2001:db8:a::7", 64, 0, false);
	assert_true(best_is(x, "2001:db8:a::6"));
	/* One in use wins among equals, but not over better ones. */
	assert_true(mip6_addr_equal(&best(x, &third)->addr, &third));
	fix_host_addr(x, "2001:db8:a::7", 64, MIP6_ADDR_TEMPORARY, false);
	assert_false(mip6_addr_equal(&best(x, &third)->addr, &third));
	fix_host_addr(x, "2001:db8:a::6", 64, 0, true);
	fix_host_addr(x, "2001:db8:a::7", 64, 0, true);
	assert_true(best_is(x, "2001:db8:a::5"));
	link_delete(x);
}

/* The address that was formed; asserts what was asked of the host. */
static struct mip6_addr
formed(struct fix *x)
{
	const struct mip6_action *a = fix_last(x, MIP6_ACT_ADDR);
	struct mip6_addr prefix = fix_addr(net);

	assert_non_null(a);
	assert_true(a->u.addr.on && a->u.addr.optimistic);
	assert_int_equal(a->u.addr.ifindex, FIX_IFINDEX);
	assert_int_equal(a->u.addr.bits, 64);
	assert_memory_equal(&a->u.addr.addr, &prefix, 8);
	/* Not one of the reserved identifiers (RFC 5453). */
	assert_int_equal(a->u.addr.addr.b[8] & 3, 0);
	assert_true(a->u.addr.addr.b[8] != 0);
	return a->u.addr.addr;
}

static void
test_formed(void **state)
{
	struct fix *x = link_new(), *y;
	struct mip6_addr first, again;
	struct mip6_nd m;

	(void)state;
	fix_ra(x, net, 1800);
	first = formed(x);
	assert_true(mip6_addr_equal(&best(x, NULL)->addr, &first));
	/* RFC 7217: the same link and prefix give the same identifier... */
	y = link_new();
	fix_ra(y, net, 1800);
	again = formed(y);
	assert_true(mip6_addr_equal(&first, &again));
	link_delete(y);
	/* ...others another: the secret, the link, the prefix. */
	y = link_new();
	memset(y->node->env.stable_secret, 1, 4);
	fix_ra(y, net, 1800);
	again = formed(y);
	assert_false(mip6_addr_equal(&first, &again));
	link_delete(y);
	y = link_new();
	fix_ra(y, "2001:db8:b::", 1800);
	assert_memory_not_equal(fix_last(y, MIP6_ACT_ADDR)->u.addr.addr.b + 8,
	    first.b + 8, 8);
	link_delete(y);
	/* One is enough. */
	x->acts = 0;
	fix_ra(x, net, 1800);
	assert_null(fix_last(x, MIP6_ACT_ADDR));
	link_delete(x);
	/* None without A, none of another length than 64. */
	x = link_new();
	x->acts = 0;
	memset(&m, 0, sizeof(m));
	m.type = MIP6_ND_RA;
	m.u.ra.router_lifetime = MIP6_SPAN_S(1800);
	m.opt.prefix_count = 1;
	m.opt.prefix[0].addr = fix_addr(net);
	m.opt.prefix[0].bits = 64;
	m.opt.prefix[0].on_link = true;
	m.opt.prefix[0].valid = m.opt.prefix[0].preferred = MIP6_SPAN_S(100);
	fix_nd(x, "fe80::fe", "ff02::1", 255, &m);
	assert_null(fix_last(x, MIP6_ACT_ADDR));
	m.opt.prefix[0].autonomous = true;
	m.opt.prefix[0].bits = 63;
	fix_nd(x, "fe80::fe", "ff02::1", 255, &m);
	m.opt.prefix[0].bits = 65;
	fix_nd(x, "fe80::fe", "ff02::1", 255, &m);
	assert_null(fix_last(x, MIP6_ACT_ADDR));
	m.opt.prefix[0].bits = 64;
	fix_nd(x, "fe80::fe", "ff02::1", 255, &m);
	assert_non_null(fix_last(x, MIP6_ACT_ADDR));
	link_delete(x);
}

static void
duplicate(struct fix *x, const struct mip6_addr *a)
{
	struct mip6_addr_text text = mip6_addr_text(a);

	fix_host_addr(x, text.s, 64, MIP6_ADDR_TENTATIVE | MIP6_ADDR_DUPLICATED,
	    false);
}

static void
test_duplicates(void **state)
{
	struct fix *x = link_new();
	struct mip6_addr tried[5];
	int i, k;

	(void)state;
	fix_ra(x, net, 1800);
	/* Another three times, then never again on this link. */
	for (i = 0; i < 4; i++) {
		tried[i] = formed(x);
		for (k = 0; k < i; k++)
			assert_false(mip6_addr_equal(&tried[i], &tried[k]));
		x->acts = 0;
		duplicate(x, &tried[i]);
		/* Told again: the same. */
		duplicate(x, &tried[i]);
	}
	assert_null(fix_last(x, MIP6_ACT_ADDR));
	assert_null(best(x, NULL));
	link_delete(x);
}

/* What was refused here is not tried first when the link comes again. */
static void
test_duplicate_then_up(void **state)
{
	struct fix *x = link_new();
	struct mip6_addr first, second, third;

	(void)state;
	fix_ra(x, net, 1800);
	first = formed(x);
	x->hold = true;
	duplicate(x, &first);
	second = formed(x);
	x->hold = false;
	fix_settle(x);
	/* The host forgets the good one with the link, not the bad one. */
	fix_link(x, false);
	fix_host_addr(x, mip6_addr_text(&second).s, 64, 0, true);
	fix_link(x, true);
	x->acts = 0;
	fix_ra(x, net, 1800);
	third = formed(x);
	assert_false(mip6_addr_equal(&third, &first));
	assert_non_null(best(x, NULL));
	link_delete(x);
}

static void
test_host_refuses(void **state)
{
	struct fix *x = link_new();

	(void)state;
	x->refuse = 1u << MIP6_ACT_ADDR;
	fix_ra(x, net, 1800);
	assert_null(best(x, NULL));
	assert_non_null(strstr(x->events, "coa.refused"));
	/* An end that comes after the link went is of no concern. */
	link_delete(x);
	x = link_new();
	x->hold = true;
	fix_ra(x, net, 1800);
	assert_null(best(x, NULL));
	fix_link(x, false);
	fix_link(x, true);
	x->hold = false;
	fix_settle(x);
	assert_null(best(x, NULL));
	link_delete(x);
}

static void
test_retired(void **state)
{
	struct fix *x = link_new();
	struct mip6_link *l;
	struct mip6_addr a;

	(void)state;
	fix_ra(x, net, 1800);
	a = formed(x);
	l = link_find(x->node, FIX_IFINDEX);
	x->acts = 0;
	x->node->now = x->now;
	link_retire_addrs(x->node, l, NULL);
	/* Still there for what is under way, but second best. */
	assert_non_null(best(x, NULL));
	fix_host_addr(x, "2001:db8:a::5", 64, 0, false);
	assert_true(best_is(x, "2001:db8:a::5"));
	fix_wait(x, MIP6_SPAN_US(2999999));
	assert_true(link_has_addr(x->node, &a));
	fix_wait(x, MIP6_SPAN_US(1));
	assert_false(link_has_addr(x->node, &a));
	assert_false(fix_last(x, MIP6_ACT_ADDR)->u.addr.on);
	assert_true(
	    mip6_addr_equal(&fix_last(x, MIP6_ACT_ADDR)->u.addr.addr, &a));
	/* Not the one to be kept, and none of the host's. */
	fix_host_addr(x, "2001:db8:a::5", 64, 0, true);
	fix_ra(x, net, 1800);
	a = formed(x);
	fix_host_addr(x, "2001:db8:a::5", 64, 0, false);
	x->node->now = x->now;
	link_retire_addrs(x->node, l, &a);
	fix_wait(x, MIP6_SPAN_S(10));
	assert_true(link_has_addr(x->node, &a));
	a = fix_addr("2001:db8:a::5");
	assert_true(link_has_addr(x->node, &a));
	link_delete(x);
}

static void
host_says(struct fix *x, const struct mip6_addr *a, bool gone)
{
	struct mip6_addr_text text = mip6_addr_text(a);

	fix_host_addr(x, text.s, 64, 0, gone);
}

/* Given up and asked for again before the host told of either. */
static void
test_retired_and_formed(void **state)
{
	struct fix *x = link_new();
	struct mip6_link *l = link_find(x->node, FIX_IFINDEX);
	struct mip6_addr a;

	(void)state;
	fix_ra(x, net, 1800);
	a = formed(x);
	host_says(x, &a, false);
	x->node->now = x->now;
	link_retire_addrs(x->node, l, NULL);
	fix_wait(x, MIP6_SPAN_S(3));
	assert_false(link_has_addr(x->node, &a));
	x->acts = 0;
	fix_ra(x, net, 1800);
	a = formed(x);
	host_says(x, &a, true); /* the first one */
	host_says(x, &a, false);
	assert_non_null(best(x, NULL));
	fix_wait(x, MIP6_SPAN_S(10));
	assert_non_null(best(x, NULL));
	/* It is ours to take away. */
	x->acts = 0;
	x->node->now = x->now;
	link_retire_addrs(x->node, l, NULL);
	fix_wait(x, MIP6_SPAN_S(3));
	assert_false(fix_last(x, MIP6_ACT_ADDR)->u.addr.on);
	assert_false(link_has_addr(x->node, &a));
	/* What somebody took away is asked for at the next advertisement. */
	fix_ra(x, net, 1800);
	a = formed(x);
	host_says(x, &a, false);
	host_says(x, &a, true);
	assert_null(best(x, NULL));
	x->acts = 0;
	fix_ra(x, net, 1800);
	a = formed(x);
	/* And when it stays away, nothing is kept of it. */
	host_says(x, &a, true);
	fix_wait(x, MIP6_SPAN_S(3));
	assert_null(link_addr_find(l, &a));
	/* So what comes then is the host's. */
	host_says(x, &a, false);
	assert_false(link_addr_find(l, &a)->formed);
	link_delete(x);
}

/* A link that was in many networks, none of which it was registered from. */
static void
test_networks_left(void **state)
{
	struct fix *x = link_new();
	struct mip6_link *l;
	struct mip6_addr a;
	char prefix[32];
	int i, k, used;

	(void)state;
	for (i = 0; i < 2 * MIP6_LINK_ADDRS_MAX; i++) {
		(void)snprintf(prefix, sizeof(prefix), "2001:db8:a:%d::", i);
		x->acts = 0;
		fix_ra(x, prefix, 1800);
		assert_non_null(fix_last(x, MIP6_ACT_ADDR));
		a = fix_last(x, MIP6_ACT_ADDR)->u.addr.addr;
		assert_true(link_has_addr(x->node, &a));
		fix_link(x, false);
		fix_link(x, true);
		fix_wait(x, MIP6_SPAN_S(4));
	}
	/* Back in the last one: that address, and not the others. */
	fix_ra(x, prefix, 1800);
	fix_wait(x, MIP6_SPAN_S(4));
	assert_true(link_has_addr(x->node, &a));
	l = link_find(x->node, FIX_IFINDEX);
	for (k = used = 0; k < MIP6_LINK_ADDRS_MAX; k++)
		used += l->addr[k].used && l->addr[k].formed;
	assert_int_equal(used, 1);
	link_delete(x);
}

static void
link_event(struct fix *x, uint32_t ifindex, const char *name, uint16_t mtu,
    bool gone)
{
	struct mip6_event ev;

	memset(&ev, 0, sizeof(ev));
	ev.kind = MIP6_EV_LINK;
	ev.u.link.ifindex = ifindex;
	memcpy(ev.u.link.name, name, strlen(name));
	ev.u.link.mtu = mtu;
	ev.u.link.up = !gone;
	ev.u.link.gone = gone;
	fix_give(x, &ev);
}

static void
test_tun_mtu(void **state)
{
	static const struct {
		uint32_t ifindex;
		const char *name;
		uint16_t mtu, tun;
	} t[] = {
		{ 3, "eth1", 1500, 1452 },
		{ 4, "eth2", 9000, 1452 },
		{ 5, "lo", 1300, 1452 }, /* not ours */
		{ 6, "eth3", 1400, 1352 },
		{ 6, "eth3", 1328, 1280 },
		{ 6, "eth3", 1327, 1280 },
		{ 6, "eth3", 1280, 1280 },
		{ 6, "eth3", 1000, 1452 }, /* cannot carry IPv6 */
		{ 6, "eth3", 0, 1452 },
	};
	struct fix *x = test_malloc(sizeof(*x));
	size_t i;

	(void)state;
	fix_mn(x);
	for (i = 0; i < MIP6_COUNT(t); i++) {
		link_event(x, t[i].ifindex, t[i].name, t[i].mtu, false);
		if (fix_last(x, MIP6_ACT_TUN_MTU)->u.set.mtu != t[i].tun)
			fail_msg("row %zu", i);
	}
	/* Said once, not each time. */
	x->acts = 0;
	link_event(x, 6, "eth3", 0, false);
	assert_null(fix_last(x, MIP6_ACT_TUN_MTU));
	/* A small link goes, and with it its limit. */
	link_event(x, 6, "eth3", 1400, false);
	link_event(x, 6, "eth3", 1400, true);
	assert_int_equal(fix_last(x, MIP6_ACT_TUN_MTU)->u.set.mtu, 1452);
	link_delete(x);
}

static void
test_gone(void **state)
{
	struct fix *x = link_new();
	size_t i, off = 0;

	(void)state;
	fix_ra(x, net, 1800);
	assert_non_null(best(x, NULL));
	x->acts = 0;
	link_event(x, FIX_IFINDEX, "eth0", 1500, true);
	assert_null(link_find(x->node, FIX_IFINDEX));
	assert_false(fix_last(x, MIP6_ACT_CAPTURE)->u.set.on);
	/* Packets to its care-of address are ours no more. */
	for (i = 0; i < x->acts; i++)
		off += (x->act[i].kind == MIP6_ACT_LOCAL ||
			   x->act[i].kind == MIP6_ACT_SILENCE) &&
		    !x->act[i].u.set.on;
	assert_int_equal(off, 2);
	/* Once more, and what was never there: nothing. */
	x->acts = 0;
	link_event(x, FIX_IFINDEX, "eth0", 1500, true);
	link_event(x, 77, "eth7", 1500, true);
	fix_host_addr(x, "2001:db8:a::5", 64, 0, false);
	assert_int_equal(x->acts, 0);
	/* Back again: as new. */
	fix_link(x, true);
	assert_null(best(x, NULL));
	fix_ra(x, net, 1800);
	assert_non_null(best(x, NULL));
	link_delete(x);
}

/* As many links and addresses as there is room for, and one more. */
static void
test_full(void **state)
{
	struct fix *x = test_malloc(sizeof(*x));
	char name[] = "ethAA";
	struct mip6_addr a;
	uint32_t i;

	(void)state;
	fix_mn(x);
	for (i = 0; i <= MIP6_LINKS_MAX; i++) {
		name[3] = (char)('A' + i / 26);
		name[4] = (char)('A' + i % 26);
		link_event(x, i + 1, name, 1500, false);
		assert_int_equal(link_find(x->node, i + 1) != NULL,
		    i < MIP6_LINKS_MAX);
	}
	assert_non_null(strstr(x->events, "link.too-many"));
	a = fix_addr("2001:db8:a::");
	for (i = 1; i <= MIP6_LINK_ADDRS_MAX + 1; i++) {
		a.b[15] = (uint8_t)i;
		fix_host_addr(x, mip6_addr_text(&a).s, 64, 0, false);
		assert_int_equal(link_has_addr(x->node, &a),
		    i <= MIP6_LINK_ADDRS_MAX);
	}
	link_delete(x);
}

/* A host that refuses to show packets is asked again. */
static void
test_capture_refused(void **state)
{
	struct fix *x = test_malloc(sizeof(*x));
	size_t i, asked = 0;

	(void)state;
	fix_mn(x);
	x->refuse = 1u << MIP6_ACT_CAPTURE;
	fix_link(x, true);
	fix_wait(x, MIP6_SPAN_S(5));
	for (i = 0; i < x->acts; i++)
		asked += x->act[i].kind == MIP6_ACT_CAPTURE;
	assert_true(asked >= 3);
	assert_true(x->node->host_refusals > 0);
	x->refuse = 0;
	fix_wait(x, MIP6_SPAN_S(40));
	x->acts = 0;
	fix_wait(x, MIP6_SPAN_S(100));
	assert_null(fix_last(x, MIP6_ACT_CAPTURE));
	link_delete(x);
}

static void
test_reconfigured(void **state)
{
	struct fix *x = link_new();

	(void)state;
	fix_ra(x, net, 1800);
	/* The link is not ours any more, then ours again. */
	memcpy(x->conf.mn.interface[0], "wlan*", 6);
	fix_configure(x);
	assert_false(fix_last(x, MIP6_ACT_CAPTURE)->u.set.on);
	assert_null(best(x, NULL));
	memcpy(x->conf.mn.interface[0], "eth*", 5);
	x->seen = x->sents;
	fix_configure(x);
	assert_true(fix_last(x, MIP6_ACT_CAPTURE)->u.set.on);
	assert_non_null(fix_next(x)); /* asks who is there */
	fix_ra(x, net, 1800);
	assert_non_null(best(x, NULL));
	link_delete(x);
}

/*
 * The host refuses an address when the link has been down and up again: it is
 * not taken for one that is still on its way.
 */
static void
test_refused_late(void **state)
{
	struct fix *x = link_new();
	struct mip6_addr first, second;

	(void)state;
	x->hold = true;
	fix_ra(x, net, 1800);
	first = formed(x);
	fix_link(x, false);
	x->hold = false;
	x->refuse = 1u << MIP6_ACT_ADDR;
	fix_link(x, true);
	fix_settle(x);
	assert_null(best(x, NULL));
	x->refuse = 0;
	fix_ra(x, net, 1800);
	second = formed(x);
	assert_false(mip6_addr_equal(&first, &second));
	assert_non_null(best(x, NULL));
	link_delete(x);
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_usable),
		cmocka_unit_test(test_never_home_nor_elsewhere),
		cmocka_unit_test(test_ranks),
		cmocka_unit_test(test_formed),
		cmocka_unit_test(test_duplicates),
		cmocka_unit_test(test_refused_late),
		cmocka_unit_test(test_duplicate_then_up),
		cmocka_unit_test(test_host_refuses),
		cmocka_unit_test(test_retired),
		cmocka_unit_test(test_retired_and_formed),
		cmocka_unit_test(test_networks_left),
		cmocka_unit_test(test_tun_mtu),
		cmocka_unit_test(test_gone),
		cmocka_unit_test(test_full),
		cmocka_unit_test(test_capture_refused),
		cmocka_unit_test(test_reconfigured),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
