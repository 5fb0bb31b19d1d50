/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Options headers: what is written is what the RFCs draw, and reading options
 * moves on and stays inside, for every length.
 * Links: wire
 */
#include "wire/dstopt.h"

#include "unit/support.h"

static const struct mip6_addr dstopt_hoa = { { 0x20, 1, 0xd, 0xb8, 0, 1, 0, 0,
    0, 0, 0, 0, 0, 0, 0x12, 0x34 } };

static void
test_put(void **state)
{
	static const uint8_t hao[MIP6_DSTOPT_HAO_OCTETS] = { 135, 2, 1, 2, 0, 0,
		0xc9, 16, 0x20, 1, 0xd, 0xb8, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0,
		0x12, 0x34 };
	static const uint8_t limit[MIP6_DSTOPT_LIMIT_OCTETS] = { 41, 0, 4, 1, 3,
		1, 1, 0 };
	uint8_t octets[MIP6_DSTOPT_HAO_OCTETS + 1];

	(void)state;
	memset(octets, 0x5a, sizeof(octets));
	mip6_dstopt_hao_put(octets, 135, &dstopt_hoa);
	assert_memory_equal(octets, hao, sizeof(hao));
	assert_int_equal(octets[sizeof(hao)], 0x5a);
	memset(octets, 0x5a, sizeof(octets));
	mip6_dstopt_limit_put(octets, 41, 3);
	assert_memory_equal(octets, limit, sizeof(limit));
	assert_int_equal(octets[sizeof(limit)], 0x5a);
}

static void
test_next(void **state)
{
	static const uint8_t header[16] = { 59, 1, 0, 1, 2, 9, 9, 0xc9, 3, 1, 2,
		3, 0, 1, 1, 0 };
	static const struct {
		uint8_t type, octets;
		size_t at;
	} want[] = { { 0, 0, 2 }, { 1, 2, 3 }, { 0xc9, 3, 7 }, { 0, 0, 12 },
		{ 1, 1, 13 } };
	struct mip6_opt o;
	size_t pos = 2, i;

	(void)state;
	for (i = 0; i < MIP6_COUNT(want); i++) {
		assert_int_equal(mip6_opt_next(header, 16, &pos, &o, NULL),
		    MIP6_PARSE_OK);
		assert_int_equal(o.type, want[i].type);
		assert_int_equal(o.octets, want[i].octets);
		assert_int_equal(o.at, want[i].at);
		if (o.octets > 0)
			assert_ptr_equal(o.value, header + o.at + 2);
	}
	assert_int_equal(pos, 16);
	SUPPORT_ABORTS(mip6_opt_next(header, 16, &pos, &o, NULL));
}

static void
test_lengths(void **state)
{
	uint8_t header[8] = { 59, 0, 0xc9 };
	struct mip6_opt o;
	unsigned int len;
	size_t pos, at;

	(void)state;
	for (len = 0; len < 256; len++) {
		header[3] = (uint8_t)len;
		pos = 2;
		at = 99;
		if (len <= 4) {
			assert_int_equal(mip6_opt_next(header, 8, &pos, &o,
					     &at),
			    MIP6_PARSE_OK);
			assert_int_equal(pos, 4 + len);
		} else {
			assert_int_equal(mip6_opt_next(header, 8, &pos, &o,
					     &at),
			    MIP6_PARSE_OPTION_LENGTH);
			assert_int_equal(at, 3);
			assert_int_equal(pos, 2);
		}
	}
	/* A type at the end, without room for its length. */
	pos = 2;
	assert_int_equal(mip6_opt_next(header, 3, &pos, &o, &at),
	    MIP6_PARSE_OPTION_LENGTH);
	assert_int_equal(at, 3);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_put),
		cmocka_unit_test(test_next),
		cmocka_unit_test(test_lengths),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
