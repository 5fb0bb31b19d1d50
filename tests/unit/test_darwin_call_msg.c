/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What Darwin's kernel is asked, octet by octet, and read again.
 *
 * Links: darwin base
 */
#include "support.h"

#include "core/event.h"
#include "platform/darwin/call_msg.h"
#include "platform/darwin/watch_msg.h"

static const struct mip6_addr hoa = { { 0x20, 1, 0xd, 0xb8, [15] = 1 } };
static const struct mip6_addr router = { { 0xfe, 0x80, [15] = 0x99 } };

static uint32_t
u32(const uint8_t *at)
{
	uint32_t v;

	memcpy(&v, at, sizeof(v));
	return v;
}

static uint16_t
u16(const uint8_t *at)
{
	uint16_t v;

	memcpy(&v, at, sizeof(v));
	return v;
}

static void
test_utun(void **state)
{
	uint8_t info[DARWIN_CTL_INFO_OCTETS], to[DARWIN_SC_OCTETS];
	static const uint8_t rest[20];

	(void)state;
	memset(info, 0xee, sizeof(info));
	memset(to, 0xee, sizeof(to));
	mip6_call_control(info);
	assert_int_equal(u32(info), 0);
	assert_string_equal(info + 4, "com.apple.net.utun_control");
	assert_int_equal(info[99], 0);
	mip6_call_utun(to, 0x01020304);
	assert_int_equal(to[0], 32);
	assert_int_equal(to[1], 32);
	assert_int_equal(u16(to + 2), 2);
	assert_int_equal(u32(to + 4), 0x01020304);
	assert_int_equal(u32(to + 8), 0);
	assert_memory_equal(to + 12, rest, sizeof(rest));
}

static void
test_addr(void **state)
{
	uint8_t alias[DARWIN_IFRA_OCTETS], one[DARWIN_IN6_IFR_OCTETS];
	static const uint8_t zero[DARWIN_IN6_IFR_OCTETS];
	static const uint8_t head[] = { 28, 30, 0, 0, 0, 0, 0, 0 };
	uint8_t ones[16];

	(void)state;
	memset(ones, 0xff, sizeof(ones));
	memset(alias, 0xee, sizeof(alias));
	mip6_call_alias(alias, "utun4", &hoa, DARWIN_IN6_IFF_NODAD, 7200, 3600);
	assert_string_equal(alias, "utun4");
	assert_memory_equal(alias + 16, head, sizeof(head));
	assert_memory_equal(alias + 24, hoa.b, sizeof(hoa.b));
	assert_memory_equal(alias + 40, zero, 4 + 28); /* no other end */
	assert_memory_equal(alias + 72, head, sizeof(head));
	assert_memory_equal(alias + 80, ones, sizeof(ones));
	assert_int_equal(u32(alias + 100), 0x20);
	assert_memory_equal(alias + 104, zero, 16);
	assert_int_equal(u32(alias + 120), 7200);
	assert_int_equal(u32(alias + 124), 3600);
	memset(one, 0xee, sizeof(one));
	mip6_call_addr(one, "en0", &hoa);
	assert_string_equal(one, "en0");
	assert_memory_equal(one + 16, head, sizeof(head));
	assert_memory_equal(one + 24, hoa.b, sizeof(hoa.b));
	assert_memory_equal(one + 44, zero, sizeof(one) - 44);
}

static void
test_flags(void **state)
{
	static const struct {
		uint32_t theirs;
		uint8_t ours;
	} row[] = {
		{ 0, 0 },
		{ 0x002, MIP6_ADDR_TENTATIVE },
		{ 0x004, MIP6_ADDR_DUPLICATED },
		{ 0x008, MIP6_ADDR_DEPRECATED },
		{ 0x010, MIP6_ADDR_DEPRECATED },
		{ 0x080, MIP6_ADDR_TEMPORARY },
		{ 0x200, MIP6_ADDR_OPTIMISTIC },
		{ 0x460, 0 }, /* secured, by itself, without detection */
		{ 0x2d2,
		    MIP6_ADDR_TENTATIVE | MIP6_ADDR_DEPRECATED |
			MIP6_ADDR_TEMPORARY | MIP6_ADDR_OPTIMISTIC },
	};
	uint8_t one[DARWIN_IN6_IFR_OCTETS];
	size_t i;

	(void)state;
	for (i = 0; i < MIP6_COUNT(row); i++) {
		mip6_call_addr(one, "en0", &hoa);
		memcpy(one + 16, &row[i].theirs, sizeof(row[i].theirs));
		assert_int_equal(mip6_call_addr_flags(one), row[i].ours);
	}
}

/* The head of every route message. */
static void
check_head(const uint8_t *m, size_t count, uint8_t type, uint32_t flags,
    uint32_t addrs)
{
	assert_int_equal(u16(m), count);
	assert_int_equal(m[2], 5);
	assert_int_equal(m[3], type);
	assert_int_equal(u32(m + 8), flags);
	assert_int_equal(u32(m + 12), addrs);
}

/* A host route has its flag, and no netmask. */
static void
test_host_route(void **state)
{
	struct mip6_call_route r = { .type = DARWIN_RTM_ADD,
		.seq = 7,
		.dst = { hoa, 128 },
		.ifindex = 9 };
	uint8_t m[MIP6_CALL_ROUTE_OCTETS];
	size_t n = mip6_call_route(m, &r);

	(void)state;
	assert_int_equal(n, 92 + 28 + 20);
	check_head(m, n, 1, 0x1 | 0x4 | 0x800, 0x3);
	assert_int_equal(u16(m + 4), 9);
	assert_int_equal(u32(m + 20), 7);
	assert_int_equal(m[92], 28);
	assert_int_equal(m[93], 30);
	assert_memory_equal(m + 100, hoa.b, sizeof(hoa.b));
	assert_int_equal(m[120], 20);
	assert_int_equal(m[121], 18);
	assert_int_equal(u16(m + 122), 9);
	r.type = DARWIN_RTM_DELETE;
	n = mip6_call_route(m, &r);
	assert_int_equal(n, 92 + 28);
	check_head(m, n, 2, 0x4, 0x1);
}

static void
test_scoped_default(void **state)
{
	struct mip6_call_route r = { .type = DARWIN_RTM_ADD,
		.ifindex = 0x104,
		.gateway = router,
		.scoped = true };
	struct mip6_watch_msg msg;
	uint8_t m[MIP6_CALL_ROUTE_OCTETS];
	size_t n = mip6_call_route(m, &r), at = 0;

	(void)state;
	assert_int_equal(n, 92 + 3 * 28);
	check_head(m, n, 1, 0x1 | 0x2 | 0x800 | 0x1000000, 0x7);
	/* The router is of this link, as the kernel has it. */
	assert_int_equal(m[120 + 8], 0xfe);
	assert_int_equal(m[120 + 10], 1);
	assert_int_equal(m[120 + 11], 4);
	assert_int_equal(m[148], 28);
	assert_int_equal(m[148 + 8], 0);
	assert_true(mip6_watch_next(m, n, &at, &msg));
	assert_int_equal(msg.kind, MIP6_WATCH_ROUTE);
	assert_true(mip6_addr_equal(&msg.u.route.gateway, &router));
	assert_int_equal(msg.u.route.dst.bits, 0);
	assert_int_equal(msg.u.route.ifindex, 0x104);
}

/* Every prefix is read as it was written. */
static void
test_all_prefixes(void **state)
{
	struct mip6_call_route r = { .type = DARWIN_RTM_ADD, .ifindex = 9 };
	struct mip6_watch_msg msg;
	uint8_t m[MIP6_CALL_ROUTE_OCTETS];
	struct mip6_addr ones;
	unsigned bits;
	size_t n, at;

	(void)state;
	memset(&ones, 0xff, sizeof(ones));
	ones.b[0] = 0xaf;
	for (bits = 0; bits <= 128; bits++) {
		r.dst = mip6_prefix_make(&ones, (uint8_t)bits);
		r.seq = bits;
		n = mip6_call_route(m, &r);
		at = 0;
		assert_true(mip6_watch_next(m, n, &at, &msg));
		assert_int_equal(at, n);
		assert_int_equal(msg.kind, MIP6_WATCH_ROUTE);
		assert_int_equal(msg.u.route.dst.bits, bits);
		assert_true(
		    mip6_addr_equal(&msg.u.route.dst.addr, &r.dst.addr));
		assert_int_equal(msg.u.route.seq, bits);
		assert_int_equal((msg.u.route.flags & 0x4) != 0, bits == 128);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_utun),
		cmocka_unit_test(test_addr),
		cmocka_unit_test(test_flags),
		cmocka_unit_test(test_host_route),
		cmocka_unit_test(test_scoped_default),
		cmocka_unit_test(test_all_prefixes),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
