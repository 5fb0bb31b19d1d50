/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Keys from a master key, against values made with Python's hmac: the master
 * key is the octets 0 to 31, and
 *
 *	prk = hmac(32 zeros, master)
 *	key = hmac(prk, "mip6d mobile node key" + hoa + 1)
 *
 * Links: crypto base
 */
#include "crypto/hkdf.h"

#include "unit/support.h"

#include <stdio.h>

static void
check(const uint8_t *octets, const char *hex)
{
	char text[2 * MIP6_SHA256_OCTETS + 1];
	size_t i;

	for (i = 0; i < MIP6_SHA256_OCTETS; i++)
		(void)snprintf(text + 2 * i, 3, "%02x", octets[i]);
	assert_string_equal(text, hex);
}

static void
test_known(void **state)
{
	uint8_t master[32], prk[MIP6_SHA256_OCTETS], key[MIP6_SHA256_OCTETS];
	struct support_heap heap;
	struct mip6_crypto *c;
	struct mip6_addr hoa;
	size_t i;

	(void)state;
	support_heap_init(&heap);
	c = mip6_crypto_new(&heap.alloc);
	assert_non_null(c);
	for (i = 0; i < sizeof(master); i++)
		master[i] = (uint8_t)i;
	assert_true(mip6_hkdf_extract(c, master, sizeof(master), prk));
	check(prk,
	    "46bd320605c5a6b6163ab70bc6345b92a5f908e79fe58979c23ebb47d1a5e307");
	assert_true(mip6_addr_parse("2001:db8:1::100", &hoa));
	assert_true(mip6_hkdf_mobile_key(c, prk, &hoa, key));
	check(key,
	    "c76abc3be862a37571f71d36f81ea03a474d48f3d0e2d5d91c074e5f1ca13ae0");
	hoa.b[15] = 1;
	assert_true(mip6_hkdf_mobile_key(c, prk, &hoa, key));
	check(key,
	    "abee36257e94b8f0254226ea450ffaf9cf487a5d750fc61a932ce7a9f4653c62");
	mip6_crypto_free(c);
	assert_int_equal(heap.live, 0);
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_known),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
