/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Routing headers: type 2 as it is written, and others as they are read.
 * Links: wire
 */
#include "wire/rh.h"

#include "unit/support.h"

static const struct mip6_addr rh_hoa = { { 0x20, 1, 0xd, 0xb8, 0, 1, 0, 0, 0, 0,
    0, 0, 0, 0, 0x12, 0x34 } };

static void
test_type2(void **state)
{
	/* Of a packet of another implementation, but for the next header. */
	static const uint8_t wire[MIP6_RH2_OCTETS] = { 0x87, 0x02, 0x02, 0x01,
		0, 0, 0, 0, 0x20, 0x01, 0x0d, 0xb8, 0x00, 0x01, 0, 0, 0, 0, 0,
		0, 0, 0, 0x12, 0x34 };
	uint8_t octets[MIP6_RH2_OCTETS + 1];
	struct mip6_rh rh;

	(void)state;
	memset(octets, 0x5a, sizeof(octets));
	mip6_rh2_put(octets, 135, &rh_hoa);
	assert_memory_equal(octets, wire, sizeof(wire));
	assert_int_equal(octets[MIP6_RH2_OCTETS], 0x5a);
	rh = mip6_rh_read(wire, sizeof(wire));
	assert_true(rh.is_rh2);
	assert_int_equal(rh.next_header, 135);
	assert_int_equal(rh.len, 2);
	assert_int_equal(rh.type, 2);
	assert_int_equal(rh.segments_left, 1);
	assert_memory_equal(rh.hoa.b, rh_hoa.b, 16);
}

static void
test_others(void **state)
{
	uint8_t octets[32] = { 59, 3, 2, 1 };
	struct mip6_rh rh;

	(void)state;
	/* Type 2, but too long and too short. */
	rh = mip6_rh_read(octets, 32);
	assert_false(rh.is_rh2);
	assert_int_equal(rh.type, 2);
	rh = mip6_rh_read(octets, 8);
	assert_false(rh.is_rh2);
	/* Of the right length, but of type 0. */
	octets[1] = 2;
	octets[2] = 0;
	octets[3] = 7;
	octets[23] = 9;
	rh = mip6_rh_read(octets, 24);
	assert_false(rh.is_rh2);
	assert_int_equal(rh.segments_left, 7);
	assert_int_equal(rh.hoa.b[15], 0);
	SUPPORT_ABORTS(mip6_rh_read(octets, 4));
	SUPPORT_ABORTS(mip6_rh_read(octets, 12));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_type2),
		cmocka_unit_test(test_others),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
