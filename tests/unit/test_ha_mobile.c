/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Whom the home agent serves: who is listed, in a block or in the roster, and
 * with a master key everybody in its prefixes but those who cannot be mobile
 * nodes.
 *
 * Links: core
 */
#include "unit/core_fix.h"

#include "core/ha_int.h"
#include "core/roster.h"

static void
test_who(void **state)
{
	static const uint8_t prk[MIP6_MASTER_OCTETS] = { 1, 2, 3 };
	static const struct mip6_hash_key hash_key = { { 1, 2, 3, 4 } };
	struct fix *x = test_malloc(sizeof(*x));
	const struct mip6_conf_mobile *m;
	struct mip6_conf_mobile mobile, more;
	struct mip6_roster *roster;
	struct support_heap heap;
	struct mip6_addr a;
	uint8_t first[MIP6_KEY_OCTETS_MAX];

	(void)state;
	support_heap_init(&heap);
	roster = mip6_roster_new(&heap.alloc, &hash_key);
	assert_non_null(roster);
	fix_ha(x, &mobile);
	more = mobile;
	more.hoa = fix_addr("2001:db8:1::200");
	more.sa.spi = 5000;
	assert_true(mip6_roster_add(roster, &more));
	x->conf.ha.roster = roster;
	fix_configure(x);
	m = ha_mobile_find(x->node, &mobile.hoa);
	assert_non_null(m);
	assert_int_equal(m->sa.spi, mobile.sa.spi);
	m = ha_mobile_find(x->node, &more.hoa);
	assert_non_null(m);
	assert_int_equal(m->sa.spi, 5000);
	a = fix_addr("2001:db8:1::300");
	assert_null(ha_mobile_find(x->node, &a));

	/* With a master key: all that are in the prefix. */
	x->conf.ha.has_master = true;
	memcpy(x->conf.ha.master, prk, sizeof(prk));
	x->conf.ha.master_spi = 6000;
	fix_configure(x);
	assert_int_equal(ha_mobile_find(x->node, &more.hoa)->sa.spi, 5000);
	m = ha_mobile_find(x->node, &a);
	assert_non_null(m);
	assert_true(mip6_addr_equal(&m->hoa, &a));
	assert_true(m->sa.present);
	assert_int_equal(m->sa.spi, 6000);
	assert_int_equal(m->sa.key_octets, 32);
	assert_string_equal(m->nai, "");
	memcpy(first, m->sa.key, sizeof(first));
	/* The same again, and another one for another address. */
	assert_memory_equal(ha_mobile_find(x->node, &a)->sa.key, first, 32);
	a.b[15]++;
	assert_memory_not_equal(ha_mobile_find(x->node, &a)->sa.key, first, 32);
	a.b[15]--;
	/* A reload with another master key is not missed. */
	x->conf.ha.master[31] ^= 1;
	fix_configure(x);
	assert_memory_not_equal(ha_mobile_find(x->node, &a)->sa.key, first, 32);

	/* Nobody's: outside, the prefix itself, the home agents' anycast. */
	a = fix_addr("2001:db8:2::300");
	assert_null(ha_mobile_find(x->node, &a));
	a = fix_addr("2001:db8:1::");
	assert_null(ha_mobile_find(x->node, &a));
	a = fix_addr("2001:db8:1:0:fdff:ffff:ffff:fffe");
	assert_null(ha_mobile_find(x->node, &a));
	fix_fini(x);
	mip6_roster_free(roster);
	assert_int_equal(heap.live, 0);
	test_free(x);
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_who),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
