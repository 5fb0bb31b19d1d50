/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The home agent's view of which mobile node listens to which group (RFC 6275
 * section 10.4.3): whom it asks and when, whose word it takes, what it tells
 * the path and the host, and that all of it ends.
 *
 * Links: core
 */
#include "mld_fix.h"

#include <stdio.h>

#include "core/ha_int.h"

#define COA "2001:db8:a::5"
#define G   "ff0e::5"

static struct mip6_conf_mobile mobile;

/* A home agent with one mobile node registered; returns actions so far. */
static size_t
open_bound(struct fix *x)
{
	struct mip6_conf_sa sa = fix_sa();
	struct fix_bu bu = fix_update(1, &sa);

	fix_ha(x, &mobile);
	x->conf.ha.multicast = true;
	fix_host_addr(x, "fe80::1", 64, 0, false);
	fix_configure(x);
	fix_send_bu(x, &bu);
	return x->acts;
}

static size_t
asked(const struct fix *x)
{
	size_t i, n = 0;

	for (i = 0; i < x->acts; i++)
		n += x->act[i].kind == MIP6_ACT_SEND_TUNNELLED;
	return n;
}

static void
say(struct fix *x, uint8_t mode, const char *group, const char *const *source,
    size_t sources)
{
	struct mld_packet p =
	    mld_begin("fe80::9", "ff02::16", MIP6_ICMP6_MLD2_REPORT);

	mld_record(&p, mode, group, source, sources);
	mld_end(&p);
	mld_give(x, &p, COA);
}

static void
test_asks(void **state)
{
	const struct mip6_action *a;
	struct mip6_ip6_view ip;
	struct fix x;
	size_t n;

	(void)state;
	(void)open_bound(&x);
	/* At once, from our link-local address. */
	n = asked(&x);
	assert_true(n >= 1);
	a = fix_last(&x, MIP6_ACT_SEND_TUNNELLED);
	assert_true(mip6_addr_equal(&a->u.send.home, &mobile.hoa));
	assert_int_equal(mip6_ip6_view(a->u.send.octets, a->u.send.count, &ip,
			     NULL),
	    MIP6_PARSE_OK);
	assert_true(mip6_addr_is_linklocal(&ip.ip.src));
	assert_int_equal(a->u.send.octets[ip.upper_at], MIP6_ICMP6_MLD_QUERY);
	assert_non_null(fix_last(&x, MIP6_ACT_MCAST));
	assert_int_equal(fix_last(&x, MIP6_ACT_MCAST)->u.set.ifindex,
	    FIX_IFINDEX);
	/* And then every 125 s: four times in 500, one of them soon. */
	fix_wait(&x, MIP6_SPAN_S(70));
	assert_true(asked(&x) >= n + 1);
	n = asked(&x);
	fix_wait(&x, MIP6_SPAN_S(500));
	assert_in_range(asked(&x), n + 3, n + 4);
	fix_fini(&x);
}

static void
test_joins_and_leaves(void **state)
{
	const struct mip6_action *a;
	struct fix x;
	size_t from = open_bound(&x);

	(void)state;
	say(&x, MIP6_MLD_TO_EXCLUDE, G, NULL, 0);
	assert_int_equal(mld_count(&x, from, MIP6_ACT_GROUP, true), 1);
	assert_int_equal(mld_count(&x, from, MIP6_ACT_MEMBER, true), 1);
	a = fix_last(&x, MIP6_ACT_MEMBER);
	assert_true(mip6_addr_equal(&a->u.member.member.home, &mobile.hoa));
	assert_true(mip6_addr_is_any(&a->u.member.member.source));
	assert_int_equal(a->u.member.member.group.b[15], 5);
	/* Said again it is no news. */
	say(&x, MIP6_MLD_IS_EXCLUDE, G, NULL, 0);
	assert_int_equal(mld_count(&x, from, MIP6_ACT_MEMBER, true), 1);
	say(&x, MIP6_MLD_TO_INCLUDE, G, NULL, 0);
	assert_int_equal(mld_count(&x, from, MIP6_ACT_MEMBER, false), 1);
	assert_int_equal(mld_count(&x, from, MIP6_ACT_GROUP, false), 1);
	/* Version 1: a report, a leave. */
	{
		struct mld_packet p = mld_begin("fe80::9", G, 131);
		struct mip6_addr g = fix_addr(G);

		p.n = 48 + 24;
		memcpy(p.v + 56, g.b, 16);
		mld_end(&p);
		mld_give(&x, &p, COA);
		assert_int_equal(mld_count(&x, from, MIP6_ACT_MEMBER, true), 2);
		p.v[48] = 132;
		mld_end(&p);
		mld_give(&x, &p, COA);
		assert_int_equal(mld_count(&x, from, MIP6_ACT_MEMBER, false),
		    2);
	}
	fix_fini(&x);
}

static void
test_sources(void **state)
{
	static const char *const s[] = { "2001:db8::1", "2001:db8::2",
		"2001:db8::3", "2001:db8::4", "2001:db8::5", "2001:db8::6",
		"2001:db8::7", "2001:db8::8", "2001:db8::9" };
	static const char *const bad[] = { "ff0e::1", "::" };
	struct fix x;
	size_t from = open_bound(&x);

	(void)state;
	say(&x, MIP6_MLD_ALLOW, G, s, 2);
	assert_int_equal(mld_count(&x, from, MIP6_ACT_MEMBER, true), 2);
	say(&x, MIP6_MLD_ALLOW, G, s + 1, 2);
	assert_int_equal(mld_count(&x, from, MIP6_ACT_MEMBER, true), 3);
	say(&x, MIP6_MLD_BLOCK, G, s, 1);
	assert_int_equal(mld_count(&x, from, MIP6_ACT_MEMBER, false), 1);
	say(&x, MIP6_MLD_IS_INCLUDE, G, s + 2, 1);
	assert_int_equal(mld_count(&x, from, MIP6_ACT_MEMBER, false), 2);
	/* Too many: from everybody, in place of the list. */
	from = x.acts;
	say(&x, MIP6_MLD_TO_INCLUDE, G, s, 9);
	assert_int_equal(mld_count(&x, from, MIP6_ACT_MEMBER, true), 1);
	assert_int_equal(mld_count(&x, from, MIP6_ACT_MEMBER, false), 1);
	assert_true(mip6_addr_is_any(
	    &fix_last(&x, MIP6_ACT_MEMBER)->u.member.member.source));
	/* From everybody but some is from everybody. */
	from = x.acts;
	say(&x, MIP6_MLD_BLOCK, G, s, 1);
	say(&x, MIP6_MLD_ALLOW, G, s, 1);
	say(&x, MIP6_MLD_TO_EXCLUDE, G, s, 1);
	assert_int_equal(x.acts, from);
	/* The last source gone, the group is left. */
	say(&x, MIP6_MLD_TO_INCLUDE, G, s, 1);
	from = x.acts;
	say(&x, MIP6_MLD_BLOCK, G, s, 1);
	assert_int_equal(mld_count(&x, from, MIP6_ACT_GROUP, false), 1);
	/* Sources that are none. */
	from = x.acts;
	say(&x, MIP6_MLD_ALLOW, G, bad, 2);
	say(&x, MIP6_MLD_BLOCK, G, s, 1);
	assert_int_equal(x.acts, from);
	fix_fini(&x);
}

/* Whose word is not taken, and about what. */
static void
test_not_believed(void **state)
{
	struct mld_packet p, good;
	struct fix x;
	size_t from = open_bound(&x);

	(void)state;
	good = mld_begin("fe80::9", "ff02::16", 143);
	mld_record(&good, MIP6_MLD_TO_EXCLUDE, G, NULL, 0);
	mld_end(&good);
	/* Out of nobody's tunnel; on a link. */
	mld_give(&x, &good, "2001:db8:a::6");
	assert_int_equal(fix_drops(&x, MIP6_DROP_TUNNEL_PEER), 1);
	mld_give(&x, &good, NULL);
	/* Not of its link. */
	p = mld_begin("2001:db8:1::100", "ff02::16", 143);
	mld_record(&p, MIP6_MLD_TO_EXCLUDE, G, NULL, 0);
	mld_end(&p);
	mld_give(&x, &p, COA);
	p = good;
	p.v[7] = 2;
	mld_give(&x, &p, COA);
	p = good;
	p.v[42] = 1;
	mld_give(&x, &p, COA);
	assert_int_equal(fix_drops(&x, MIP6_DROP_MLD_INVALID), 3);
	/* Damaged: its checksum, its length. */
	p = good;
	p.v[70] ^= 1;
	mld_give(&x, &p, COA);
	assert_int_equal(fix_drops(&x, MIP6_DROP_BAD_CHECKSUM), 1);
	p = good;
	p.v[55] = 2;
	mld_end(&p);
	mld_give(&x, &p, COA);
	assert_int_equal(fix_drops(&x, MIP6_DROP_MLD_INVALID), 4);
	/* A question is not for us; modes that are none. */
	p = mld_begin("fe80::9", "ff02::1", 130);
	p.n = 48 + 28;
	mld_end(&p);
	mld_give(&x, &p, COA);
	say(&x, 0, G, NULL, 0);
	say(&x, 7, G, NULL, 0);
	/* R10.4.2-05, -06: groups that are never tunnelled. */
	say(&x, MIP6_MLD_TO_EXCLUDE, "ff02::5", NULL, 0);
	say(&x, MIP6_MLD_TO_EXCLUDE, "ff05::5", NULL, 0);
	say(&x, MIP6_MLD_TO_EXCLUDE, "2001:db8::5", NULL, 0);
	assert_int_equal(x.acts, from);
	fix_fini(&x);
	/* Not supported: nothing is asked, nothing is heard. */
	fix_ha(&x, &mobile);
	{
		struct mip6_conf_sa sa = fix_sa();
		struct fix_bu bu = fix_update(1, &sa);

		fix_send_bu(&x, &bu);
	}
	assert_int_equal(asked(&x), 0);
	from = x.acts;
	mld_give(&x, &good, COA);
	p = good;
	p.v[42] = 1;
	mld_give(&x, &p, COA);
	assert_int_equal(x.acts, from);
	assert_int_equal(fix_drops(&x, MIP6_DROP_MLD_INVALID), 0);
	fix_fini(&x);
}

static void
test_ends(void **state)
{
	struct mip6_conf_sa sa = fix_sa();
	struct fix_bu bu;
	struct fix x;
	size_t from = open_bound(&x);

	(void)state;
	/* Nobody says it any more. */
	say(&x, MIP6_MLD_TO_EXCLUDE, G, NULL, 0);
	fix_wait(&x, MIP6_SPAN_S(200));
	say(&x, MIP6_MLD_IS_EXCLUDE, G, NULL, 0);
	fix_wait(&x, MIP6_SPAN_S(250));
	assert_int_equal(mld_count(&x, from, MIP6_ACT_MEMBER, false), 0);
	fix_wait(&x, MIP6_SPAN_S(2));
	assert_int_equal(mld_count(&x, from, MIP6_ACT_MEMBER, false), 1);
	assert_int_equal(mld_count(&x, from, MIP6_ACT_GROUP, false), 1);
	/* It moves: its groups stay, and it is known by the new address. */
	say(&x, MIP6_MLD_TO_EXCLUDE, G, NULL, 0);
	bu = fix_update(2, &sa);
	bu.src = bu.alt_coa = "2001:db8:b::6";
	fix_send_bu(&x, &bu);
	from = x.acts;
	say(&x, MIP6_MLD_TO_EXCLUDE, "ff0e::6", NULL, 0);
	assert_int_equal(fix_drops(&x, MIP6_DROP_TUNNEL_PEER), 1);
	assert_int_equal(mld_count(&x, from, MIP6_ACT_MEMBER, false), 0);
	/* It goes home. */
	bu = fix_update(3, &sa);
	bu.src = FIX_HOA;
	bu.hoa = NULL;
	bu.alt_coa = NULL;
	bu.lifetime.us = 0;
	fix_send_bu(&x, &bu);
	assert_int_equal(mld_count(&x, from, MIP6_ACT_MEMBER, false), 1);
	fix_fini(&x);
	/* The link goes; multicast is switched off. */
	from = open_bound(&x);
	say(&x, MIP6_MLD_TO_EXCLUDE, G, NULL, 0);
	x.conf.ha.multicast = false;
	fix_configure(&x);
	fix_wait(&x, MIP6_SPAN_S(1));
	assert_int_equal(mld_count(&x, from, MIP6_ACT_MEMBER, false), 1);
	assert_int_equal(fix_last(&x, MIP6_ACT_MCAST)->u.set.ifindex, 0);
	fix_fini(&x);
}

/* Sixteen groups for one, and no more. */
static void
test_limits(void **state)
{
	char group[32];
	struct fix x;
	size_t from = open_bound(&x);
	int i;

	(void)state;
	for (i = 1; i <= 20; i++) {
		(void)snprintf(group, sizeof(group), "ff0e::%x", i);
		say(&x, MIP6_MLD_TO_EXCLUDE, group, NULL, 0);
	}
	assert_int_equal(mld_count(&x, from, MIP6_ACT_MEMBER, true), 16);
	assert_int_equal(fix_drops(&x, MIP6_DROP_MLD_FULL), 4);
	/* One left, one may come. */
	say(&x, MIP6_MLD_TO_INCLUDE, "ff0e::1", NULL, 0);
	say(&x, MIP6_MLD_TO_EXCLUDE, "ff0e::20", NULL, 0);
	assert_int_equal(mld_count(&x, from, MIP6_ACT_MEMBER, true), 17);
	fix_fini(&x);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_asks),
		cmocka_unit_test(test_joins_and_leaves),
		cmocka_unit_test(test_sources),
		cmocka_unit_test(test_not_believed),
		cmocka_unit_test(test_ends),
		cmocka_unit_test(test_limits),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
