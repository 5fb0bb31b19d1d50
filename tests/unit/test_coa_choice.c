/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Which prefix an address is formed in, and which address is the care-of
 * address where there are several: of the world rather than of a site, before
 * it is deprecated, and when the host's own goes.
 *
 * Links: core
 */
#include "mn_fix.h"

#define WORLD  "2001:db8:a::"
#define WORLD2 "2001:db8:b::"
#define SITE   "fd00:a::"
#define SITE2  "fd00:b::"

struct offer {
	const char *prefix;
	int64_t valid_s, preferred_s;
	bool autonomous;
};

static struct fix *
choice_new(enum mip6_coa_owner owner)
{
	struct fix *x = test_malloc(sizeof(*x));

	fix_mn(x);
	x->conf.mn.coa_owner = owner;
	fix_configure(x);
	fix_link(x, true);
	return x;
}

static void
choice_delete(struct fix *x)
{
	fix_fini(x);
	test_free(x);
}

/* One advertisement of fe80::fe with these prefixes. */
static void
offers(struct fix *x, const struct offer *o, size_t count)
{
	struct mip6_nd m;
	size_t i;

	memset(&m, 0, sizeof(m));
	m.type = MIP6_ND_RA;
	m.u.ra.router_lifetime = MIP6_SPAN_S(1800);
	m.opt.has_slla = true;
	m.opt.slla = fix_router_ll;
	m.opt.prefix_count = (uint8_t)count;
	for (i = 0; i < count; i++) {
		m.opt.prefix[i].addr = fix_addr(o[i].prefix);
		m.opt.prefix[i].bits = 64;
		m.opt.prefix[i].on_link = true;
		m.opt.prefix[i].autonomous = o[i].autonomous;
		m.opt.prefix[i].valid = MIP6_SPAN_S(o[i].valid_s);
		m.opt.prefix[i].preferred = MIP6_SPAN_S(o[i].preferred_s);
	}
	fix_nd(x, "fe80::fe", "ff02::1", 255, &m);
}

static bool
coa_in(struct fix *x, const char *prefix)
{
	struct mip6_addr p = fix_addr(prefix);

	return home(x)->at.place == MN_PLACE_FOREIGN &&
	    memcmp(&home(x)->at.coa, &p, 8) == 0;
}

static bool
coa_is(struct fix *x, const char *addr)
{
	struct mip6_addr a = fix_addr(addr);

	return home(x)->at.place == MN_PLACE_FOREIGN &&
	    mip6_addr_equal(&home(x)->at.coa, &a);
}

/* How many addresses are formed on the link now. */
static size_t
formed(struct fix *x)
{
	const struct mip6_link *l = link_find(x->node, FIX_IFINDEX);
	size_t k, count = 0;

	for (k = 0; k < MIP6_LINK_ADDRS_MAX; k++)
		count +=
		    l->addr[k].used && l->addr[k].formed && !l->addr[k].lost;
	return count;
}

static const enum mip6_coa_owner owners[] = { MIP6_COA_OWNER_KERNEL,
	MIP6_COA_OWNER_DAEMON };

/* RFC 6275 section 4.6, whatever the order in the advertisement. */
static void
test_site_prefix(void **state)
{
	static const struct offer both[] = { { SITE, 100, 100, true },
		{ WORLD, 100, 100, true } };
	struct fix *x;
	size_t i;

	(void)state;
	for (i = 0; i < MIP6_COUNT(owners); i++) {
		x = choice_new(owners[i]);
		offers(x, both, 2);
		assert_true(coa_in(x, WORLD));
		assert_int_equal(formed(x), 1);
		choice_delete(x);
		/* Nothing else there: a site's is better than none. */
		x = choice_new(owners[i]);
		offers(x, both, 1);
		assert_true(coa_in(x, SITE));
		offers(x, both, 1);
		assert_int_equal(formed(x), 1);
		/* And left for one of the world. */
		offers(x, both + 1, 1);
		assert_true(coa_in(x, WORLD));
		choice_delete(x);
	}
}

/* The host's own addresses, of a site and of the world. */
static void
test_site_addresses(void **state)
{
	static const struct offer o[] = { { SITE, 100, 100, false },
		{ WORLD, 100, 100, false }, { SITE2, 100, 100, false } };
	struct fix *x = choice_new(MIP6_COA_OWNER_KERNEL);

	(void)state;
	offers(x, o, 3);
	fix_host_addr(x, "fd00:b::5", 64, MIP6_ADDR_DEPRECATED, false);
	assert_true(coa_is(x, "fd00:b::5"));
	fix_host_addr(x, "fd00:b::6", 64, 0, false);
	assert_true(coa_is(x, "fd00:b::6"));
	/* Among equals the one in use stays. */
	fix_host_addr(x, "fd00:b::5", 64, 0, false);
	assert_true(coa_is(x, "fd00:b::6"));
	/* A temporary one of the world is only for want of others. */
	fix_host_addr(x, "2001:db8:a::7", 64, MIP6_ADDR_TEMPORARY, false);
	assert_true(coa_is(x, "fd00:b::6"));
	fix_host_addr(x, "2001:db8:a::8", 64, 0, false);
	assert_true(coa_is(x, "2001:db8:a::8"));
	fix_host_addr(x, "2001:db8:a::8", 64, 0, true);
	fix_host_addr(x, "fd00:b::6", 64, 0, true);
	fix_host_addr(x, "fd00:b::5", 64, 0, true);
	assert_true(coa_is(x, "2001:db8:a::7"));
	choice_delete(x);
}

/* Its preferred lifetime ends: another prefix takes over in that moment. */
static void
test_deprecated_prefix(void **state)
{
	static const struct offer o[] = { { WORLD, 100, 10, true },
		{ WORLD2, 100, 100, true } };
	struct fix *x;
	size_t i;

	(void)state;
	for (i = 0; i < MIP6_COUNT(owners); i++) {
		x = choice_new(owners[i]);
		offers(x, o, 1);
		assert_true(coa_in(x, WORLD));
		offers(x, o + 1, 1);
		assert_true(coa_in(x, WORLD));
		assert_int_equal(formed(x), 1);
		fix_wait(x, MIP6_SPAN_MS(9900));
		assert_true(coa_in(x, WORLD));
		fix_wait(x, MIP6_SPAN_MS(100));
		assert_true(coa_in(x, WORLD2));
		choice_delete(x);
		/* Alone, it is used to the end of its valid lifetime. */
		x = choice_new(owners[i]);
		offers(x, o, 1);
		fix_wait(x, MIP6_SPAN_S(99));
		assert_true(coa_in(x, WORLD));
		fix_wait(x, MIP6_SPAN_S(1));
		assert_int_equal(home(x)->at.place, MN_PLACE_NONE);
		choice_delete(x);
	}
}

/* One that is deprecated from the start: rather another, even of a site. */
static void
test_deprecated_from_the_start(void **state)
{
	static const struct offer o[] = { { WORLD, 100, 0, true },
		{ SITE, 100, 100, true } };
	struct fix *x = choice_new(MIP6_COA_OWNER_DAEMON);

	(void)state;
	offers(x, o, 2);
	assert_true(coa_in(x, SITE));
	assert_int_equal(formed(x), 1);
	choice_delete(x);
	x = choice_new(MIP6_COA_OWNER_DAEMON);
	offers(x, o, 1);
	assert_true(coa_in(x, WORLD));
	choice_delete(x);
}

/* The host's own is used; when it ends, one is formed at once. */
static void
test_host_addr_ends(void **state)
{
	static const struct offer o[] = { { WORLD, 100, 100, true } };
	static const uint8_t flags[] = { MIP6_ADDR_DEPRECATED,
		MIP6_ADDR_DUPLICATED };
	struct fix *x;
	size_t i, k;

	(void)state;
	for (i = 0; i < MIP6_COUNT(owners); i++) {
		for (k = 0; k <= MIP6_COUNT(flags); k++) {
			x = choice_new(owners[i]);
			fix_host_addr(x, "2001:db8:a::5", 64, 0, false);
			offers(x, o, 1);
			assert_int_equal(formed(x), 0);
			assert_true(coa_is(x, "2001:db8:a::5"));
			if (k < MIP6_COUNT(flags))
				fix_host_addr(x, "2001:db8:a::5", 64, flags[k],
				    false);
			else
				fix_host_addr(x, "2001:db8:a::5", 64, 0, true);
			assert_int_equal(formed(x), 1);
			assert_true(coa_in(x, WORLD));
			assert_false(coa_is(x, "2001:db8:a::5"));
			choice_delete(x);
		}
		/* One of ours that is taken away is not put back and forth. */
		x = choice_new(MIP6_COA_OWNER_KERNEL);
		offers(x, o, 1);
		fix_host_addr(x, mip6_addr_text(&home(x)->at.coa).s, 64, 0,
		    true);
		assert_int_equal(formed(x), 0);
		choice_delete(x);
	}
}

/* At home one home address needs none there; the other one does. */
static void
test_home_link_of_another(void **state)
{
	static const struct offer o[] = { { "2001:db8:1::", 100, 100, true } };
	struct fix *x = choice_new(MIP6_COA_OWNER_DAEMON);
	struct mip6_conf_home *h = &x->conf.mn.home[1];

	(void)state;
	offers(x, o, 1);
	assert_int_equal(home(x)->at.place, MN_PLACE_HOME);
	assert_int_equal(formed(x), 0);
	*h = x->conf.mn.home[0];
	h->hoa = fix_addr("2001:db8:2::100");
	h->agent[0].addr = fix_addr("2001:db8:2::1");
	x->conf.mn.homes = 2;
	fix_configure(x);
	offers(x, o, 1);
	assert_int_equal(home(x)->at.place, MN_PLACE_HOME);
	assert_int_equal(x->node->mn->home[1].at.place, MN_PLACE_FOREIGN);
	assert_false(mn_is_home_addr(x->node, &x->node->mn->home[1].at.coa));
	assert_int_equal(formed(x), 1);
	choice_delete(x);
}

/* An interface that the node may not use any more lets its address go. */
static void
test_interface_withdrawn(void **state)
{
	static const struct offer o[] = { { WORLD, 100, 100, true } };
	struct fix *x;
	size_t i;

	(void)state;
	for (i = 0; i < MIP6_COUNT(owners); i++) {
		x = choice_new(owners[i]);
		offers(x, o, 1);
		assert_int_equal(formed(x), 1);
		memcpy(x->conf.mn.interface[0], "wlan*", 6);
		fix_configure(x);
		assert_int_equal(home(x)->at.place, MN_PLACE_NONE);
		fix_wait(x, MIP6_SPAN_S(4));
		assert_int_equal(formed(x), 0);
		choice_delete(x);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_site_prefix),
		cmocka_unit_test(test_site_addresses),
		cmocka_unit_test(test_deprecated_prefix),
		cmocka_unit_test(test_deprecated_from_the_start),
		cmocka_unit_test(test_host_addr_ends),
		cmocka_unit_test(test_home_link_of_another),
		cmocka_unit_test(test_interface_withdrawn),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
