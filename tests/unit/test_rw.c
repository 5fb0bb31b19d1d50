/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The bounded reader and writer: big endian, every call at every number of
 * octets left, the first failure sticks and keeps its offset.  Buffers are
 * exact heap blocks, so that a sanitizer sees one octet too many.
 */
#include "base/rw.h"

#include "unit/support.h"

#define RW_OCTETS 24

static const uint8_t rw_data[RW_OCTETS] = { 0x01, 0x23, 0x45, 0x67, 0x89, 0xab,
	0xcd, 0xef, 0x10, 0x32, 0x54, 0x76, 0x98, 0xba, 0xdc, 0xfe, 0xff, 0xee,
	0xdd, 0xcc, 0xbb, 0xaa, 0x99, 0x88 };

/* A copy of the first `count` octets that ends where its block ends. */
static uint8_t *
rw_copy(size_t count)
{
	uint8_t *octets = malloc(count > 0 ? count : 1);

	assert_non_null(octets);
	memcpy(octets, rw_data, count);
	return octets;
}

static void
test_read_values(void **state)
{
	static const char rest[] = "\xdc\xfe\xff\xee\xdd\xcc\xbb\xaa\x99\x88";
	struct mip6_rd r = mip6_rd_make(rw_data, RW_OCTETS);
	uint8_t octets[2];

	(void)state;
	assert_int_equal(mip6_rd_u8(&r), 0x01);
	assert_int_equal(mip6_rd_u16(&r), 0x2345);
	assert_true(mip6_rd_u32(&r) == 0x6789abcdU);
	assert_int_equal(r.pos, 7);
	assert_int_equal(mip6_rd_left(&r), RW_OCTETS - 7);
	mip6_rd_skip(&r, 1);
	mip6_rd_octets(&r, octets, 2);
	assert_memory_equal(octets, &rw_data[8], 2);
	assert_ptr_equal(mip6_rd_view(&r, 4), &rw_data[10]);
	assert_memory_equal(mip6_rd_view(&r, 10), rest, 10);
	assert_int_equal(mip6_rd_left(&r), 0);
	assert_false(r.failed);
	r = mip6_rd_make(rw_data, RW_OCTETS);
	assert_true(mip6_rd_u64(&r) == UINT64_C(0x0123456789abcdef));
	assert_memory_equal(mip6_rd_addr(&r).b, &rw_data[8], 16);
	assert_false(r.failed);
}

static bool
rw_is_zero(const void *mem, size_t count)
{
	const uint8_t *octets = mem;
	size_t i;

	for (i = 0; i < count; i++)
		if (octets[i] != 0)
			return false;
	return true;
}

/* Reads a value of 1, 2, 4, 8 or 16 octets; was it zero? */
static bool
rw_read_zero(struct mip6_rd *r, size_t width)
{
	struct mip6_addr a;

	switch (width) {
	case 1:
		return mip6_rd_u8(r) == 0;
	case 2:
		return mip6_rd_u16(r) == 0;
	case 4:
		return mip6_rd_u32(r) == 0;
	case 8:
		return mip6_rd_u64(r) == 0;
	default:
		a = mip6_rd_addr(r);
		return rw_is_zero(&a, sizeof(a));
	}
}

static void
test_read_short(void **state)
{
	static const size_t widths[] = { 1, 2, 4, 8, 16 };
	uint8_t to[RW_OCTETS];
	struct mip6_rd r, sub;
	uint8_t *octets;
	size_t i, count;

	(void)state;
	for (i = 0; i < MIP6_COUNT(widths); i++)
		for (count = 0; count < RW_OCTETS; count++) {
			octets = rw_copy(count);
			r = mip6_rd_make(octets, count);
			assert_int_equal(rw_read_zero(&r, widths[i]),
			    count < widths[i]);
			assert_int_equal(r.failed, count < widths[i]);
			assert_int_equal(r.pos,
			    count < widths[i] ? 0 : widths[i]);
			r = mip6_rd_make(octets, count);
			assert_int_equal(mip6_rd_view(&r, widths[i]) == NULL,
			    count < widths[i]);
			r = mip6_rd_make(octets, count);
			memset(to, 0x5a, sizeof(to));
			mip6_rd_octets(&r, to, widths[i]);
			assert_int_equal(rw_is_zero(to, widths[i]),
			    count < widths[i]);
			assert_int_equal(to[widths[i]], 0x5a);
			r = mip6_rd_make(octets, count);
			sub = mip6_rd_sub(&r, widths[i]);
			assert_int_equal(sub.failed, count < widths[i]);
			assert_int_equal(r.failed, count < widths[i]);
			assert_int_equal(mip6_rd_left(&sub),
			    count < widths[i] ? 0 : widths[i]);
			free(octets);
		}
}

static void
test_read_sticky(void **state)
{
	struct mip6_rd r = mip6_rd_make(rw_data, 8);
	struct mip6_rd sub;
	uint8_t to[2] = { 1, 1 };

	(void)state;
	mip6_rd_skip(&r, 5);
	assert_int_equal(mip6_rd_u32(&r), 0);
	assert_true(r.failed);
	assert_int_equal(r.pos, 5); /* the offset of the field */
	/* There are 3 octets left, but not for somebody who failed. */
	assert_int_equal(mip6_rd_left(&r), 0);
	assert_int_equal(mip6_rd_u8(&r), 0);
	assert_null(mip6_rd_view(&r, 1));
	assert_null(mip6_rd_view(&r, 0));
	mip6_rd_octets(&r, to, 2);
	assert_true(to[0] == 0 && to[1] == 0);
	mip6_rd_skip(&r, 0);
	sub = mip6_rd_sub(&r, 0);
	assert_true(sub.failed);
	assert_int_equal(r.pos, 5);
	/* Counts that would wrap a sum. */
	r = mip6_rd_make(rw_data, 8);
	mip6_rd_skip(&r, 5);
	mip6_rd_skip(&r, SIZE_MAX);
	assert_true(r.failed);
	r = mip6_rd_make(rw_data, 8);
	mip6_rd_skip(&r, 5);
	mip6_rd_skip(&r, SIZE_MAX - 4);
	assert_true(r.failed);
	assert_int_equal(r.pos, 5);
}

static void
test_read_nothing(void **state)
{
	struct mip6_rd r = mip6_rd_make(NULL, 0);

	(void)state;
	assert_int_equal(mip6_rd_left(&r), 0);
	assert_non_null(mip6_rd_view(&r, 0));
	mip6_rd_octets(&r, NULL, 0);
	assert_false(r.failed);
	assert_false(mip6_rd_sub(&r, 0).failed);
	assert_int_equal(mip6_rd_u8(&r), 0);
	assert_true(r.failed);
	SUPPORT_ABORTS((void)mip6_rd_make(NULL, 1));
	SUPPORT_ABORTS((void)mip6_wr_make(NULL, 1));
}

/* A reader inside a reader neither sees nor moves past its own end. */
static void
test_read_sub(void **state)
{
	struct mip6_rd r = mip6_rd_make(rw_data, RW_OCTETS);
	struct mip6_rd sub;

	(void)state;
	mip6_rd_skip(&r, 2);
	sub = mip6_rd_sub(&r, 3);
	assert_int_equal(sub.pos, 0);
	assert_int_equal(mip6_rd_u16(&sub), 0x4567);
	assert_int_equal(mip6_rd_u16(&sub), 0);
	assert_true(sub.failed);
	assert_int_equal(sub.pos, 2);
	assert_false(r.failed);
	assert_int_equal(mip6_rd_u8(&r), 0xab);
}

static void
test_write_values(void **state)
{
	uint8_t octets[RW_OCTETS];
	struct mip6_wr w = mip6_wr_make(octets, sizeof(octets));
	struct mip6_addr a;

	(void)state;
	memset(octets, 0x5a, sizeof(octets));
	mip6_wr_u8(&w, 0x01);
	mip6_wr_u16(&w, 0x2345);
	mip6_wr_u32(&w, 0x6789abcd);
	mip6_wr_u8(&w, 0xef);
	memcpy(a.b, &rw_data[8], 16);
	mip6_wr_addr(&w, &a);
	assert_false(w.failed);
	assert_int_equal(w.pos, RW_OCTETS);
	assert_memory_equal(octets, rw_data, RW_OCTETS);
	w = mip6_wr_make(octets, sizeof(octets));
	mip6_wr_u64(&w, UINT64_C(0xfedcba9876543210));
	mip6_wr_octets(&w, "\xaa\xbb", 2);
	mip6_wr_zero(&w, 3);
	assert_memory_equal(octets,
	    "\xfe\xdc\xba\x98\x76\x54\x32\x10\xaa\xbb\0\0\0\xba", 14);
	mip6_wr_patch_u16(&w, 1, 0x0102);
	mip6_wr_patch_u8(&w, 12, 0x03);
	assert_memory_equal(octets,
	    "\xfe\x01\x02\x98\x76\x54\x32\x10\xaa\xbb\0\0\x03\xba", 14);
	assert_int_equal(w.pos, 13);
}

/* Writes a value of 1, 2, 4, 8, 16 octets, or `width` octets of zero. */
static void
rw_write(struct mip6_wr *w, size_t width)
{
	switch (width) {
	case 1:
		mip6_wr_u8(w, 0x11);
		break;
	case 2:
		mip6_wr_u16(w, 0x1111);
		break;
	case 4:
		mip6_wr_u32(w, 0x11111111);
		break;
	case 8:
		mip6_wr_u64(w, UINT64_C(0x1111111111111111));
		break;
	case 16:
		mip6_wr_addr(w, &mip6_addr_all_nodes);
		break;
	default:
		mip6_wr_zero(w, width);
		break;
	}
}

static void
test_write_short(void **state)
{
	static const size_t widths[] = { 1, 2, 4, 8, 16, 3, SIZE_MAX };
	struct mip6_wr w;
	uint8_t *octets;
	size_t i, cap;

	(void)state;
	for (i = 0; i < MIP6_COUNT(widths); i++)
		for (cap = 0; cap < RW_OCTETS; cap++) {
			octets = rw_copy(cap);
			w = mip6_wr_make(octets, cap);
			rw_write(&w, widths[i]);
			assert_int_equal(w.failed, cap < widths[i]);
			assert_int_equal(w.pos,
			    cap < widths[i] ? 0 : widths[i]);
			if (w.failed) {
				/* Nothing of it, nor of what follows. */
				mip6_wr_u8(&w, 0x77);
				mip6_wr_octets(&w, NULL, 0);
				mip6_wr_patch_u8(&w, 0, 0x77);
				mip6_wr_patch_u16(&w, 0, 0x7777);
				assert_memory_equal(octets, rw_data, cap);
				assert_int_equal(w.pos, 0);
			}
			free(octets);
		}
}

static void
test_write_patch_bounds(void **state)
{
	uint8_t octets[4] = { 0 };
	struct mip6_wr w = mip6_wr_make(octets, sizeof(octets));

	(void)state;
	SUPPORT_ABORTS(mip6_wr_patch_u8(&w, 0, 1));
	mip6_wr_u8(&w, 0);
	mip6_wr_patch_u8(&w, 0, 1);
	SUPPORT_ABORTS(mip6_wr_patch_u16(&w, 0, 1));
	SUPPORT_ABORTS(mip6_wr_patch_u8(&w, 1, 1));
	mip6_wr_u16(&w, 0);
	mip6_wr_patch_u16(&w, 1, 0x0203);
	SUPPORT_ABORTS(mip6_wr_patch_u16(&w, 2, 1));
	SUPPORT_ABORTS(mip6_wr_patch_u16(&w, SIZE_MAX, 1));
	assert_memory_equal(octets, "\x01\x02\x03", 4);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_read_values),
		cmocka_unit_test(test_read_short),
		cmocka_unit_test(test_read_sticky),
		cmocka_unit_test(test_read_nothing),
		cmocka_unit_test(test_read_sub),
		cmocka_unit_test(test_write_values),
		cmocka_unit_test(test_write_short),
		cmocka_unit_test(test_write_patch_bounds),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
