/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Addresses: text both ways (RFC 4291 section 2.2, RFC 5952 section 4 and 5
 * with its own examples), predicates at their edges, prefixes of every length.
 */
#include "base/addr.h"

#include "unit/support.h"

struct addr_case {
	const char *text;      /* what is read */
	const char *canonical; /* what is written */
};

static const struct addr_case addr_good[] = {
	{ "::", "::" },
	{ "::1", "::1" },
	{ "1::", "1::" },
	{ "fe80::1", "fe80::1" },
	{ "0:0:0:0:0:0:0:0", "::" },
	{ "2001:DB8::aBcD", "2001:db8::abcd" },
	/* RFC 5952 section 4.1: leading zeros. */
	{ "2001:0db8::0001", "2001:db8::1" },
	/* 4.2.1: shorten as much as possible. */
	{ "2001:db8:0:0:0:0:2:1", "2001:db8::2:1" },
	{ "2001:db8::0:1", "2001:db8::1" },
	/* 4.2.2: never for one group. */
	{ "2001:db8::1:1:1:1:1", "2001:db8:0:1:1:1:1:1" },
	{ "0:1:1:1:1:1:1:1", "0:1:1:1:1:1:1:1" },
	{ "1:1:1:1:1:1:1::", "1:1:1:1:1:1:1:0" },
	{ "::1:1:1:1:1:1:1", "0:1:1:1:1:1:1:1" },
	/* 4.2.3: the longest run, the first of equal ones. */
	{ "2001:0:0:1:0:0:0:1", "2001:0:0:1::1" },
	{ "2001:db8:0:0:1:0:0:1", "2001:db8::1:0:0:1" },
	{ "0:0:1:0:0:0:0:1", "0:0:1::1" },
	{ "1:0:0:1:1:0:0:0", "1:0:0:1:1::" },
	{ "0:0:0:1:0:0:1:0", "::1:0:0:1:0" },
	/* 5: the well known prefix of mapped addresses. */
	{ "::ffff:192.0.2.1", "::ffff:192.0.2.1" },
	{ "::ffff:c000:201", "::ffff:192.0.2.1" },
	{ "0:0:0:0:0:ffff:0.0.0.0", "::ffff:0.0.0.0" },
	{ "::192.0.2.1", "::c000:201" },
	{ "64:ff9b::192.0.2.33", "64:ff9b::c000:221" },
	{ "1:2:3:4:5:6:255.255.255.255", "1:2:3:4:5:6:ffff:ffff" },
	{ "1:2:3:4:5::1.2.3.4", "1:2:3:4:5:0:102:304" },
	{ "0000:0000:0000:0000:0000:ffff:255.255.255.255",
	    "::ffff:255.255.255.255" },
	{ "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff",
	    "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff" },
};

static const char *const addr_bad[] = { "", ":", ":::", "1", "1:", ":1", "1:2",
	"1:2:3:4:5:6:7", "1:2:3:4:5:6:7:", ":1:2:3:4:5:6:7", ":1:2:3:4:5:6:7:8",
	"1:2:3:4:5:6:7:8:", "1:2:3:4:5:6:7:8:9",
	"1:2:3:4:5:6:7:8::", "::1:2:3:4:5:6:7:8", "1::2:3:4:5:6:7:8",
	"1:2:3:4::5:6:7:8", "1::2::3", "::1::", ":::1", "1:::2",
	"12345::", "::00001", "g::", "::g", "-1::", " ::", ":: ", "::1 ",
	"::1%1", "fe80::1%eth0", "[::1]", "::/0", "::x", "0x1::", "1.2.3.4",
	"::1.2.3", "::1.2.3.", "::1.2.3.4.5", "::1.2.3.256", "::1.2.3.1000",
	"::01.2.3.4", "::1.2.3.00", "::.1.2.3", "::1..2.3", "::a.2.3.4",
	"::1.2.3.4:5", "::1.2.3.4::", "1:2:3:4:5:6:7:1.2.3.4",
	"1:2:3:4:5:6::1.2.3.4", "1:2:3:4:5:1.2.3.4", "::1.2.3.4 ",
	"::1.2.3.4/1", "\xc3\xa9::",
	"1111111111111111111111111111111111111111111111111111111111111" };

static struct mip6_addr
addr_of(const char *text)
{
	struct mip6_addr a;

	assert_true(mip6_addr_parse(text, &a));
	return a;
}

static struct mip6_prefix
prefix_of(const char *text)
{
	struct mip6_prefix p;

	assert_true(mip6_prefix_parse(text, &p));
	return p;
}

static void
test_parse_good(void **state)
{
	struct mip6_addr a, again;
	size_t i;

	(void)state;
	for (i = 0; i < MIP6_COUNT(addr_good); i++) {
		a = addr_of(addr_good[i].text);
		assert_string_equal(mip6_addr_text(&a).s,
		    addr_good[i].canonical);
		again = addr_of(addr_good[i].canonical);
		assert_true(mip6_addr_equal(&a, &again));
	}
}

static void
test_parse_octets(void **state)
{
	static const uint8_t expected[16] = { 0x00, 0x01, 0x00, 0x23, 0x04,
		0x56, 0x78, 0x9a, 0xbc, 0xde, 0xf0, 0x00, 0xc0, 0x00, 0x02,
		0x21 };
	struct mip6_addr a = addr_of("1:23:456:789a:bcde:f000:192.0.2.33");

	(void)state;
	assert_memory_equal(a.b, expected, sizeof(expected));
}

static void
test_parse_bad(void **state)
{
	struct mip6_addr a, before;
	size_t i;

	(void)state;
	memset(&before, 0x5a, sizeof(before));
	for (i = 0; i < MIP6_COUNT(addr_bad); i++) {
		a = before;
		if (mip6_addr_parse(addr_bad[i], &a))
			fail_msg("taken: \"%s\"", addr_bad[i]);
		assert_memory_equal(&a, &before, sizeof(a));
	}
}

/* Addresses with many zero groups, so that every shape of `::` comes up. */
static void
test_text_round_trip(void **state)
{
	uint64_t seed = 1;
	struct mip6_addr a, again;
	size_t n, i;

	(void)state;
	for (n = 0; n < 20000; n++) {
		uint64_t zero = support_draw(&seed);

		for (i = 0; i < 16; i++)
			a.b[i] = zero >> (i / 2) & 1 ?
			    0 :
			    (uint8_t)support_draw(&seed);
		assert_true(strlen(mip6_addr_text(&a).s) < MIP6_ADDR_TEXT);
		again = addr_of(mip6_addr_text(&a).s);
		assert_true(mip6_addr_equal(&a, &again));
	}
}

struct addr_kind {
	const char *text;
	bool multicast;
	bool linklocal;
	bool v4mapped;
	bool routable;
};

static const struct addr_kind addr_kinds[] = {
	{ "::", false, false, false, false },
	{ "::1", false, false, false, false },
	{ "::2", false, false, false, true },
	{ "fe7f:ffff::1", false, false, false, true },
	{ "fe80::1", false, true, false, false },
	{ "febf:ffff::1", false, true, false, false },
	{ "fec0::1", false, false, false, true },
	{ "fc00::1", false, false, false, true },
	{ "feff::1", false, false, false, true },
	{ "ff00::", true, false, false, false },
	{ "ff02::1", true, false, false, false },
	{ "ffff::1", true, false, false, false },
	{ "::ffff:192.0.2.1", false, false, true, false },
	{ "::fffe:192.0.2.1", false, false, false, true },
	{ "1::ffff:192.0.2.1", false, false, false, true },
	{ "2001:db8::1", false, false, false, true },
};

static void
test_predicates(void **state)
{
	const struct addr_kind *k;
	struct mip6_addr a;
	size_t i;

	(void)state;
	for (i = 0; i < MIP6_COUNT(addr_kinds); i++) {
		k = &addr_kinds[i];
		a = addr_of(k->text);
		assert_int_equal(mip6_addr_is_multicast(&a), k->multicast);
		assert_int_equal(mip6_addr_is_linklocal(&a), k->linklocal);
		assert_int_equal(mip6_addr_is_v4mapped(&a), k->v4mapped);
		assert_int_equal(mip6_addr_is_routable(&a), k->routable);
		assert_int_equal(mip6_addr_is_any(&a),
		    strcmp(k->text, "::") == 0);
		assert_int_equal(mip6_addr_is_loopback(&a),
		    strcmp(k->text, "::1") == 0);
	}
}

static void
test_constants(void **state)
{
	(void)state;
	assert_string_equal(mip6_addr_text(&mip6_addr_any).s, "::");
	assert_string_equal(mip6_addr_text(&mip6_addr_loopback).s, "::1");
	assert_string_equal(mip6_addr_text(&mip6_addr_all_nodes).s, "ff02::1");
	assert_string_equal(mip6_addr_text(&mip6_addr_all_routers).s,
	    "ff02::2");
}

static void
test_equal(void **state)
{
	struct mip6_addr a = addr_of("2001:db8::1"), b;
	size_t i;

	(void)state;
	assert_true(mip6_addr_equal(&a, &a));
	for (i = 0; i < 16; i++) {
		b = a;
		b.b[i] ^= 0x80;
		assert_false(mip6_addr_equal(&a, &b));
	}
}

static void
test_derived(void **state)
{
	static const uint8_t group[6] = { 0x33, 0x33, 0xff, 0x0e, 0x12, 0x34 };
	/* RFC 4291 Appendix A: the universal/local bit is inverted. */
	struct mip6_lladdr ll = { { 0x34, 0x56, 0x78, 0x9a, 0xbc, 0xde } };
	struct mip6_addr a;

	(void)state;
	/* RFC 4291 section 2.7.1, its example. */
	a = addr_of("4037::01:800:200e:8c6c");
	a = mip6_addr_solicited_node(&a);
	assert_string_equal(mip6_addr_text(&a).s, "ff02::1:ff0e:8c6c");
	a = addr_of("ff02::1:ff0e:1234");
	ll = (struct mip6_lladdr){ { 0x34, 0x56, 0x78, 0x9a, 0xbc, 0xde } };
	assert_memory_equal(mip6_addr_mc_lladdr(&a).b, group, 6);
	assert_int_equal(mip6_addr_mc_scope(&a), 2);
	a = addr_of("ff3e::1");
	assert_int_equal(mip6_addr_mc_scope(&a), 14);
	a = mip6_addr_linklocal_eui64(&ll);
	assert_string_equal(mip6_addr_text(&a).s, "fe80::3656:78ff:fe9a:bcde");
	ll.b[0] = 0x36;
	a = mip6_addr_linklocal_eui64(&ll);
	assert_string_equal(mip6_addr_text(&a).s, "fe80::3456:78ff:fe9a:bcde");
}

/* For each length: the bit before the end counts, the one after does not. */
static void
test_prefix_lengths(void **state)
{
	struct mip6_addr ones, a;
	struct mip6_prefix p;
	unsigned int bits, bit;

	(void)state;
	memset(&ones, 0xff, sizeof(ones));
	for (bits = 0; bits <= 128; bits++) {
		p = mip6_prefix_make(&ones, (uint8_t)bits);
		assert_int_equal(p.bits, bits);
		for (bit = 0; bit < 128; bit++) {
			uint8_t mask = (uint8_t)(0x80 >> bit % 8);

			assert_int_equal((p.addr.b[bit / 8] & mask) != 0,
			    bit < bits);
			a = ones;
			a.b[bit / 8] ^= mask;
			assert_int_equal(mip6_prefix_has(&p, &a), bit >= bits);
		}
		a = mip6_prefix_join(&p, &mip6_addr_any);
		assert_true(mip6_addr_equal(&a, &p.addr));
		p = mip6_prefix_make(&mip6_addr_any, (uint8_t)bits);
		a = mip6_prefix_join(&p, &ones);
		for (bit = 0; bit < 128; bit++)
			assert_int_equal((a.b[bit / 8] & 0x80 >> bit % 8) != 0,
			    bit >= bits);
	}
	SUPPORT_ABORTS((void)mip6_prefix_make(&ones, 129));
}

/* RFC 2526 section 4, and identifiers of other lengths. */
static void
test_home_agents(void **state)
{
	static const struct {
		const char *prefix, *anycast; /* NULL: no room for one */
	} row[] = {
		{ "2001:db8:1::/64", "2001:db8:1:0:fdff:ffff:ffff:fffe" },
		{ "fd00::/64", "fd00::fdff:ffff:ffff:fffe" },
		{ "::/64", "::ffff:ffff:ffff:fffe" },
		{ "2001:db8:1::/48", "2001:db8:1:ffff:ffff:ffff:ffff:fffe" },
		{ "2001:db8:1::/63", "2001:db8:1:1:ffff:ffff:ffff:fffe" },
		{ "2001:db8:1::/65", "2001:db8:1:0:7fff:ffff:ffff:fffe" },
		{ "2001:db8:1::/112", "2001:db8:1::fffe" },
		{ "2001:db8:1::8000/113", "2001:db8:1::fffe" },
		{ "2001:db8:1::/120", "2001:db8:1::fe" },
		{ "2001:db8:1::/121", NULL },
		{ "2001:db8:1::1/128", NULL },
	};
	struct mip6_addr a, want;
	struct mip6_prefix p;
	size_t i;

	(void)state;
	for (i = 0; i < MIP6_COUNT(row); i++) {
		assert_true(mip6_prefix_parse(row[i].prefix, &p));
		assert_int_equal(mip6_prefix_home_agents(&p, &a),
		    row[i].anycast != NULL);
		if (row[i].anycast == NULL)
			continue;
		assert_true(mip6_addr_parse(row[i].anycast, &want));
		assert_true(mip6_addr_equal(&a, &want));
	}
}

static void
test_prefix_parse(void **state)
{
	static const char *const bad[] = { "", "/", "::", "::/", "/64",
		"2001:db8::", "2001:db8::/129", "2001:db8::/1000",
		"2001:db8::/064", "2001:db8::/-1", "2001:db8::/64 ",
		"2001:db8::/6x", "2001:db8::1/64", "::1/127", "8000::/0",
		"2001:db8::/64/64", "x/64",
		"0000:0000:0000:0000:0000:ffff:255.255.255.2550/128" };
	struct mip6_prefix p, q, before;
	size_t i;

	(void)state;
	memset(&before, 0x5a, sizeof(before));
	for (i = 0; i < MIP6_COUNT(bad); i++) {
		p = before;
		if (mip6_prefix_parse(bad[i], &p))
			fail_msg("taken: \"%s\"", bad[i]);
		assert_memory_equal(&p, &before, sizeof(p));
	}
	p = prefix_of("2001:db8:1::/48");
	assert_int_equal(p.bits, 48);
	assert_string_equal(mip6_addr_text(&p.addr).s, "2001:db8:1::");
	assert_true(prefix_of("::/0").bits == 0);
	assert_true(prefix_of("2001:db8::1/128").bits == 128);
	(void)prefix_of("0000:0000:0000:0000:0000:ffff:255.255.255.255/128");
	q = p;
	assert_true(mip6_prefix_equal(&p, &q));
	q.bits = 49;
	assert_false(mip6_prefix_equal(&p, &q));
	q = prefix_of("2001:db8:2::/48");
	assert_false(mip6_prefix_equal(&p, &q));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_parse_good),
		cmocka_unit_test(test_parse_octets),
		cmocka_unit_test(test_parse_bad),
		cmocka_unit_test(test_text_round_trip),
		cmocka_unit_test(test_predicates),
		cmocka_unit_test(test_constants),
		cmocka_unit_test(test_equal),
		cmocka_unit_test(test_derived),
		cmocka_unit_test(test_prefix_lengths),
		cmocka_unit_test(test_home_agents),
		cmocka_unit_test(test_prefix_parse),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
