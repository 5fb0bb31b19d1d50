/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The Ethernet header: read, written, cut at every octet, with a tag.
 * Links: wire
 */
#include "wire/eth.h"

#include "unit/support.h"

static const uint8_t eth_tagged[] = { 0x33, 0x33, 0, 0, 0, 1, 2, 3, 4, 5, 6, 7,
	0x81, 0x00, 0xe1, 0x23, 0x86, 0xdd, 0x60 };

static void
test_untagged(void **state)
{
	static const struct mip6_lladdr dst = { { 1, 2, 3, 4, 5, 6 } };
	static const struct mip6_lladdr src = { { 10, 11, 12, 13, 14, 15 } };
	uint8_t octets[MIP6_ETH_OCTETS + 1];
	struct mip6_eth e;
	size_t n, at;

	(void)state;
	octets[MIP6_ETH_OCTETS] = 0x5a;
	mip6_eth_put(octets, &dst, &src, MIP6_ETHERTYPE_IPV6);
	assert_int_equal(octets[MIP6_ETH_OCTETS], 0x5a);
	assert_int_equal(mip6_eth_read(octets, MIP6_ETH_OCTETS, &e, NULL),
	    MIP6_PARSE_OK);
	assert_memory_equal(e.dst.b, dst.b, 6);
	assert_memory_equal(e.src.b, src.b, 6);
	assert_int_equal(e.ethertype, 0x86dd);
	assert_false(e.tagged);
	assert_int_equal(e.payload_at, 14);
	for (n = 0; n < MIP6_ETH_OCTETS; n++) {
		assert_int_equal(mip6_eth_read(octets, n, &e, &at),
		    MIP6_PARSE_TRUNCATED);
		assert_int_equal(at, n);
	}
	assert_int_equal(mip6_eth_read(octets, 0, &e, NULL),
	    MIP6_PARSE_TRUNCATED);
}

static void
test_tagged(void **state)
{
	struct mip6_eth e;
	size_t n, at;

	(void)state;
	assert_int_equal(mip6_eth_read(eth_tagged, 18, &e, NULL),
	    MIP6_PARSE_OK);
	assert_true(e.tagged);
	assert_int_equal(e.vlan, 0x123);
	assert_int_equal(e.ethertype, 0x86dd);
	assert_int_equal(e.payload_at, 18);
	for (n = 14; n < 18; n++) {
		assert_int_equal(mip6_eth_read(eth_tagged, n, &e, &at),
		    MIP6_PARSE_TRUNCATED);
		assert_int_equal(at, n);
	}
}

static void
test_multicast(void **state)
{
	static const struct mip6_lladdr group = { { 0x33, 0x33, 0, 0, 0, 1 } };
	static const struct mip6_lladdr one = { { 0x32, 0x33, 0, 0, 0, 1 } };

	(void)state;
	assert_true(mip6_lladdr_is_multicast(&group));
	assert_false(mip6_lladdr_is_multicast(&one));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_untagged),
		cmocka_unit_test(test_tagged),
		cmocka_unit_test(test_multicast),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
