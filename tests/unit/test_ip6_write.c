/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The IPv6 header, and packets that are written: what is written is what is
 * read.
 * Links: wire
 */
#include "wire/ip6.h"

#include "unit/support.h"
#include "unit/wire_gen.h"

static const struct mip6_addr ip6_src = { { 0x20, 1, 0xd, 0xb8, 0, 0xa, 0, 0, 0,
    0, 0, 0, 0, 0, 0, 5 } };
static const struct mip6_addr ip6_dst = { { 0x20, 1, 0xd, 0xb8, 0, 1, 0, 0, 0,
    0, 0, 0, 0, 0, 0, 1 } };

static void
test_header(void **state)
{
	struct mip6_ip6 h = { .src = ip6_src,
		.dst = ip6_dst,
		.flow_label = 0xfedcb,
		.payload_octets = 0x1234,
		.traffic_class = 0xa5,
		.next_header = 58,
		.hop_limit = 255 };
	uint8_t octets[MIP6_IP6_OCTETS + 1] = { 0 };
	struct mip6_ip6 got;
	size_t n, at;

	(void)state;
	octets[MIP6_IP6_OCTETS] = 0x5a;
	mip6_ip6_put(octets, &h);
	assert_int_equal(octets[MIP6_IP6_OCTETS], 0x5a);
	assert_memory_equal(octets, "\x6a\x5f\xed\xcb\x12\x34\x3a\xff", 8);
	assert_int_equal(mip6_ip6_read(octets, 40, &got, NULL), MIP6_PARSE_OK);
	assert_memory_equal(&got.src, &h.src, 16);
	assert_memory_equal(&got.dst, &h.dst, 16);
	assert_true(got.flow_label == h.flow_label);
	assert_int_equal(got.payload_octets, h.payload_octets);
	assert_int_equal(got.traffic_class, h.traffic_class);
	assert_int_equal(got.next_header, h.next_header);
	assert_int_equal(got.hop_limit, h.hop_limit);
	for (n = 0; n < 40; n++) {
		assert_int_equal(mip6_ip6_read(octets, n, &got, &at),
		    MIP6_PARSE_TRUNCATED);
		assert_int_equal(at, n);
	}
	for (n = 0; n < 16; n++) {
		if (n == 6)
			continue;
		octets[0] = (uint8_t)(n << 4 | 0xa);
		assert_int_equal(mip6_ip6_read(octets, 40, &got, &at),
		    MIP6_PARSE_BAD_VERSION);
		assert_int_equal(at, 0);
	}
	/* A label of more than 20 bits does not leak into its neighbours. */
	h.flow_label = UINT32_MAX;
	h.traffic_class = 0;
	mip6_ip6_put(octets, &h);
	assert_memory_equal(octets, "\x60\x0f\xff\xff", 4);
}

/* What mip6_ip6_begin writes is what is read, and its checksums hold. */
static void
test_write(void **state)
{
	struct gen g = gen_make(6);
	struct mip6_ip6_view v;
	struct mip6_ip6_out o;
	uint8_t octets[512];
	struct mip6_wr w;
	size_t turn, start, skip, upper;

	(void)state;
	for (turn = 0; turn < 2000; turn++) {
		memset(&o, 0, sizeof(o));
		o.ip.src = gen_addr(&g);
		o.ip.dst = gen_addr(&g);
		o.ip.hop_limit = (uint8_t)gen_edge(&g, 255);
		o.ip.traffic_class = (uint8_t)gen_edge(&g, 255);
		o.ip.flow_label = (uint32_t)gen_edge(&g, 0xfffff);
		o.upper = MIP6_NH_MH;
		o.has_hao = gen_bool(&g);
		o.hao = gen_addr(&g);
		o.has_rh2 = gen_bool(&g);
		o.rh2 = gen_addr(&g);
		skip = gen_below(&g, 20);
		upper = gen_below(&g, 300);
		w = mip6_wr_make(octets, sizeof(octets));
		mip6_wr_zero(&w, skip);
		start = mip6_ip6_begin(&w, &o);
		assert_int_equal(start, skip);
		assert_int_equal(w.pos - start, mip6_ip6_out_octets(&o));
		mip6_wr_zero(&w, upper);
		mip6_ip6_end(&w, start);
		assert_false(w.failed);
		assert_int_equal(mip6_ip6_view(octets + start, w.pos - start,
				     &v, NULL),
		    MIP6_PARSE_OK);
		assert_int_equal(v.fault, MIP6_IP6_FAULT_NONE);
		assert_int_equal(v.octets, w.pos - start);
		assert_int_equal(v.upper, MIP6_NH_MH);
		assert_int_equal(v.upper_octets, upper);
		assert_memory_equal(&v.ip.src, &o.ip.src, 16);
		assert_memory_equal(&v.ip.dst, &o.ip.dst, 16);
		assert_memory_equal(&v.eff_src, o.has_hao ? &o.hao : &o.ip.src,
		    16);
		assert_memory_equal(&v.eff_dst, o.has_rh2 ? &o.rh2 : &o.ip.dst,
		    16);
		assert_int_equal(v.has_hao, o.has_hao);
		assert_int_equal(v.has_rh2, o.has_rh2);
		assert_int_equal(v.ip.hop_limit, o.ip.hop_limit);
		assert_int_equal(v.ip.traffic_class, o.ip.traffic_class);
		assert_true(v.ip.flow_label == o.ip.flow_label);
	}
}

static void
test_write_limits(void **state)
{
	const struct mip6_ip6_out o = { .upper = MIP6_NH_NONE };
	size_t room = MIP6_IP6_OCTETS + 65536;
	uint8_t *octets = malloc(room);
	struct mip6_wr w;

	(void)state;
	assert_non_null(octets);
	w = mip6_wr_make(octets, room);
	(void)mip6_ip6_begin(&w, &o);
	mip6_wr_zero(&w, 65535);
	mip6_ip6_end(&w, 0);
	assert_false(w.failed);
	assert_int_equal(octets[4] << 8 | octets[5], 65535);
	w = mip6_wr_make(octets, room);
	(void)mip6_ip6_begin(&w, &o);
	mip6_wr_zero(&w, 65536);
	mip6_ip6_end(&w, 0);
	assert_true(w.failed);
	w = mip6_wr_make(octets, 39);
	(void)mip6_ip6_begin(&w, &o);
	mip6_ip6_end(&w, 0);
	assert_true(w.failed);
	free(octets);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_header),
		cmocka_unit_test(test_write),
		cmocka_unit_test(test_write_limits),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
