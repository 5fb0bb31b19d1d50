/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Multicast Listener Discovery: known messages, every truncation of them, and
 * a query as RFC 3810 section 5.1 draws it.
 *
 * Links: wire
 */
#include "wire/mld.h"

#include "unit/support.h"

/* Two records: two sources with auxiliary data, and none. */
static const uint8_t report[] = { 143, 0, 0, 0, 0, 0, 0, 2,
	/* allow, 1 word of auxiliary data, 2 sources */
	5, 1, 0, 2, 0xff, 0x0e, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 5, 0x20,
	1, 0x0d, 0xb8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 0x20, 1, 0x0d, 0xb8,
	0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 2, 9, 9, 9, 9,
	/* to exclude, nothing */
	4, 0, 0, 0, 0xff, 0x0e, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 6 };

static void
test_report(void **state)
{
	struct mip6_mld_record r;
	struct mip6_mld m;
	size_t n;

	(void)state;
	assert_int_equal(mip6_mld_read(report, sizeof(report), &m),
	    MIP6_PARSE_OK);
	assert_true(mip6_mld_next(&m, &r));
	assert_int_equal(r.mode, MIP6_MLD_ALLOW);
	assert_int_equal(r.group.b[15], 5);
	assert_int_equal(r.sources, 2);
	assert_int_equal(r.source[15], 1);
	assert_int_equal(r.source[31], 2);
	assert_true(mip6_mld_next(&m, &r));
	assert_int_equal(r.mode, MIP6_MLD_TO_EXCLUDE);
	assert_int_equal(r.group.b[15], 6);
	assert_int_equal(r.sources, 0);
	assert_false(mip6_mld_next(&m, &r));
	for (n = 0; n < sizeof(report); n++) {
		uint8_t *cut = malloc(n + 1);

		assert_non_null(cut);
		memcpy(cut, report, n);
		assert_int_equal(mip6_mld_read(cut, n, &m),
		    MIP6_PARSE_TRUNCATED);
		free(cut);
	}
}

static void
test_version_1(void **state)
{
	uint8_t v[24] = { 131, 0, 0, 0, 0, 0, 0, 0, 0xff, 0x0e };
	struct mip6_mld_record r;
	struct mip6_mld m;

	(void)state;
	v[23] = 7;
	assert_int_equal(mip6_mld_read(v, 24, &m), MIP6_PARSE_OK);
	assert_true(mip6_mld_next(&m, &r));
	assert_int_equal(r.mode, MIP6_MLD_IS_EXCLUDE);
	assert_int_equal(r.group.b[15], 7);
	assert_int_equal(r.sources, 0);
	assert_false(mip6_mld_next(&m, &r));
	assert_int_equal(mip6_mld_read(v, 23, &m), MIP6_PARSE_TRUNCATED);
	v[0] = 132;
	assert_int_equal(mip6_mld_read(v, 24, &m), MIP6_PARSE_OK);
	assert_true(mip6_mld_next(&m, &r));
	assert_int_equal(r.mode, MIP6_MLD_TO_INCLUDE);
	v[0] = 130;
	assert_int_equal(mip6_mld_read(v, 24, &m), MIP6_PARSE_BAD_VALUE);
}

static void
test_query(void **state)
{
	static const uint8_t behind[] = { 58, 0, 5, 2, 0, 0, 1, 0, 130, 0 };
	uint8_t v[MIP6_MLD_QUERY_OCTETS + 1], damaged[sizeof(v)];
	struct mip6_wr w = mip6_wr_make(v, sizeof(v));
	struct mip6_addr src;
	struct mip6_ip6_view ip;
	struct mip6_icmp6 m;
	size_t i;

	(void)state;
	assert_true(mip6_addr_parse("fe80::1", &src));
	mip6_mld_query_write(&w, &src, 1000, 2, 125);
	assert_false(w.failed);
	assert_int_equal(w.pos, MIP6_MLD_QUERY_OCTETS);
	assert_int_equal(mip6_ip6_view(v, w.pos, &ip, NULL), MIP6_PARSE_OK);
	assert_int_equal(ip.fault, MIP6_IP6_FAULT_NONE);
	assert_int_equal(ip.ip.hop_limit, 1);
	assert_true(mip6_addr_equal(&ip.ip.src, &src));
	assert_true(mip6_addr_equal(&ip.ip.dst, &mip6_addr_all_nodes));
	assert_memory_equal(v + 40, behind, sizeof(behind));
	assert_int_equal(mip6_icmp6_receive(v + ip.upper_at, ip.upper_octets,
			     &ip.eff_src, &ip.eff_dst, &m, NULL),
	    MIP6_PARSE_OK);
	assert_int_equal(ip.upper_octets, 28);
	assert_int_equal(v[ip.upper_at + 4] << 8 | v[ip.upper_at + 5], 1000);
	assert_int_equal(v[ip.upper_at + 24], 2);
	assert_int_equal(v[ip.upper_at + 25], 125);
	/* It alerts; without any octet of the alert it does not. */
	assert_true(mip6_mld_is_alerted(v, w.pos));
	for (i = 0; i < 48; i++)
		assert_false(mip6_mld_is_alerted(v, i));
	for (i = 42; i < 46; i++) {
		memcpy(damaged, v, w.pos);
		damaged[i] ^= 1;
		assert_false(mip6_mld_is_alerted(damaged, w.pos));
	}
	memcpy(damaged, v, w.pos);
	damaged[6] = 60;
	assert_false(mip6_mld_is_alerted(damaged, w.pos));
	damaged[6] = 0;
	damaged[41] = 200;
	assert_false(mip6_mld_is_alerted(damaged, w.pos));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_report),
		cmocka_unit_test(test_version_1),
		cmocka_unit_test(test_query),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
