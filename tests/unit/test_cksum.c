/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The checksum against a plain sum of 16-bit words, against packets of another
 * implementation, and against every single changed bit.
 * Links: wire
 */
#include "wire/cksum.h"

#include "unit/support.h"
#include "wire/ip6.h"

static const struct mip6_addr cksum_src = { { 0x20, 0x01, 0xd, 0xb8, 1, 2, 3, 4,
    5, 6, 7, 8, 9, 10, 11, 12 } };
static const struct mip6_addr cksum_dst = { { 0x20, 0x01, 0xd, 0xb8, 0xff, 0xfe,
    0xfd, 0xfc, 0, 0, 0, 0, 0, 0, 0, 1 } };

/* RFC 1071 section 4.1, word by word. */
static uint16_t
cksum_plain(const uint8_t *octets, size_t count)
{
	uint32_t sum = 0;
	size_t i;

	for (i = 0; i < count; i++)
		sum += (uint32_t)octets[i] << (i % 2 == 0 ? 8 : 0);
	while (sum >> 16 != 0)
		sum = (sum & 0xffff) + (sum >> 16);
	return (uint16_t)sum;
}

static void
test_rfc1071(void **state)
{
	/* The example of RFC 1071 section 3. */
	static const uint8_t octets[] = { 0x00, 0x01, 0xf2, 0x03, 0xf4, 0xf5,
		0xf6, 0xf7 };
	uint64_t sum = mip6_cksum_add(0, octets, sizeof(octets));

	(void)state;
	assert_int_equal(mip6_cksum_fold(sum), 0xddf2);
	assert_int_equal(mip6_cksum_finish(sum), 0x220d);
	assert_int_equal(mip6_cksum_fold(0), 0);
	assert_int_equal(mip6_cksum_finish(0), 0xffff);
	assert_int_equal(mip6_cksum_fold(UINT64_MAX), 0xffff);
}

static void
test_against_plain(void **state)
{
	uint8_t octets[256 + 8];
	uint64_t draw = 1, sum;
	size_t count, shift, cut, i, turn;

	(void)state;
	for (turn = 0; turn < 4; turn++) {
		for (i = 0; i < sizeof(octets); i++)
			octets[i] =
			    turn == 0 ? 0xff : (uint8_t)support_draw(&draw);
		for (count = 0; count <= 256; count++) {
			shift = support_draw(&draw) % 8;
			cut = support_draw(&draw) % (count / 2 + 1) * 2;
			sum = mip6_cksum_add(0, octets + shift, cut);
			sum = mip6_cksum_add(sum, octets + shift + cut,
			    count - cut);
			assert_int_equal(mip6_cksum_fold(sum),
			    cksum_plain(octets + shift, count));
		}
	}
}

static void
test_pseudo(void **state)
{
	uint8_t octets[40] = { 0 };

	(void)state;
	memcpy(octets, cksum_src.b, 16);
	memcpy(octets + 16, cksum_dst.b, 16);
	octets[33] = 0x01;
	octets[34] = 0x23;
	octets[35] = 0x45;
	octets[39] = 135;
	assert_int_equal(mip6_cksum_fold(mip6_cksum_pseudo(&cksum_src,
			     &cksum_dst, 0x012345, 135)),
	    cksum_plain(octets, 40));
}

static void
test_update(void **state)
{
	uint8_t octets[64], changed[64];
	uint64_t draw = 7;
	uint16_t before, after;
	size_t turn, i, at, count;

	(void)state;
	for (turn = 0; turn < 1000; turn++) {
		for (i = 0; i < sizeof(octets); i++)
			octets[i] = (uint8_t)support_draw(&draw);
		memcpy(changed, octets, sizeof(octets));
		at = support_draw(&draw) % 24 * 2;
		count = support_draw(&draw) % 9 * 2;
		for (i = 0; i < count; i++)
			changed[at + i] = (uint8_t)support_draw(&draw);
		before = mip6_cksum_finish(mip6_cksum_add(0, octets, 64));
		after = mip6_cksum_finish(mip6_cksum_add(0, changed, 64));
		assert_int_equal(mip6_cksum_update(before, octets + at,
				     changed + at, count),
		    after);
	}
	SUPPORT_ABORTS(mip6_cksum_update(0, octets, changed, 3));
}

static void
test_offsets(void **state)
{
	(void)state;
	assert_int_equal(mip6_cksum_offset(MIP6_NH_TCP), 16);
	assert_int_equal(mip6_cksum_offset(MIP6_NH_UDP), 6);
	assert_int_equal(mip6_cksum_offset(MIP6_NH_ICMPV6), 2);
	assert_int_equal(mip6_cksum_offset(MIP6_NH_MH), 4);
	assert_true(mip6_cksum_offset(MIP6_NH_ESP) == MIP6_CKSUM_NONE);
}

static void
cksum_try(uint8_t protocol)
{
	uint8_t octets[40];
	size_t at = mip6_cksum_offset(protocol), n, bit;
	uint64_t draw = protocol;

	for (n = 0; n < sizeof(octets); n++)
		octets[n] = (uint8_t)support_draw(&draw);
	for (n = at + 2; n <= sizeof(octets); n++) {
		assert_true(mip6_cksum_upper_set(&cksum_src, &cksum_dst,
		    protocol, octets, n));
		assert_true(mip6_cksum_upper_ok(&cksum_src, &cksum_dst,
		    protocol, octets, n));
	}
	for (bit = 0; bit < 8 * sizeof(octets); bit++) {
		octets[bit / 8] ^= (uint8_t)(1U << bit % 8);
		assert_false(mip6_cksum_upper_ok(&cksum_src, &cksum_dst,
		    protocol, octets, sizeof(octets)));
		octets[bit / 8] ^= (uint8_t)(1U << bit % 8);
	}
	assert_false(mip6_cksum_upper_ok(&cksum_src, &cksum_src, protocol,
	    octets, sizeof(octets)));
	for (n = 0; n < at + 2; n++) {
		assert_false(mip6_cksum_upper_ok(&cksum_src, &cksum_dst,
		    protocol, octets, n));
		assert_false(mip6_cksum_upper_set(&cksum_src, &cksum_dst,
		    protocol, octets, n));
	}
}

static void
test_upper(void **state)
{
	uint8_t octets[8] = { 0 };

	(void)state;
	cksum_try(MIP6_NH_TCP);
	cksum_try(MIP6_NH_UDP);
	cksum_try(MIP6_NH_ICMPV6);
	cksum_try(MIP6_NH_MH);
	assert_true(mip6_cksum_upper_ok(&cksum_src, &cksum_dst, MIP6_NH_ESP,
	    octets, 0));
	assert_false(mip6_cksum_upper_set(&cksum_src, &cksum_dst, MIP6_NH_ESP,
	    octets, 8));
	SUPPORT_ABORTS(
	    mip6_cksum_upper(&cksum_src, &cksum_dst, MIP6_NH_ESP, octets, 8));
	SUPPORT_ABORTS(
	    mip6_cksum_upper(&cksum_src, &cksum_dst, MIP6_NH_UDP, octets, 7));
}

/* What a UDP and an ICMPv6 checksum do when they come out as 0. */
static void
test_udp_zero(void **state)
{
	uint8_t octets[10] = { 0 };
	uint16_t cksum;

	(void)state;
	cksum = mip6_cksum_finish(
	    mip6_cksum_pseudo(&cksum_src, &cksum_dst, 10, MIP6_NH_UDP));
	octets[8] = (uint8_t)(cksum >> 8);
	octets[9] = (uint8_t)cksum;
	assert_int_equal(mip6_cksum_upper(&cksum_src, &cksum_dst, MIP6_NH_UDP,
			     octets, 10),
	    0xffff);
	/* The sum is right, and still it says that there is none. */
	assert_false(mip6_cksum_upper_ok(&cksum_src, &cksum_dst, MIP6_NH_UDP,
	    octets, 10));
	assert_true(mip6_cksum_upper_set(&cksum_src, &cksum_dst, MIP6_NH_UDP,
	    octets, 10));
	assert_true(mip6_cksum_upper_ok(&cksum_src, &cksum_dst, MIP6_NH_UDP,
	    octets, 10));
	/* One octet of it may be 0. */
	cksum = mip6_cksum_finish(
	    mip6_cksum_pseudo(&cksum_src, &cksum_dst, 10, MIP6_NH_ICMPV6));
	memset(octets, 0, sizeof(octets));
	octets[8] = (uint8_t)(cksum >> 8);
	octets[9] = (uint8_t)cksum;
	assert_int_equal(mip6_cksum_upper(&cksum_src, &cksum_dst,
			     MIP6_NH_ICMPV6, octets, 10),
	    0);
	assert_true(mip6_cksum_upper_ok(&cksum_src, &cksum_dst, MIP6_NH_ICMPV6,
	    octets, 10));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_rfc1071),
		cmocka_unit_test(test_against_plain),
		cmocka_unit_test(test_pseudo),
		cmocka_unit_test(test_update),
		cmocka_unit_test(test_offsets),
		cmocka_unit_test(test_upper),
		cmocka_unit_test(test_udp_zero),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
