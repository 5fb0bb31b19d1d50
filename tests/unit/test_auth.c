/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The authentication option of RFC 4285: a Binding Update whose authenticator
 * was computed elsewhere, and everything that must make it wrong.
 *
 * Links: core
 */
#include "core_fix.h"

#define AT 40 /* of the authenticator */

/*
 * Alternate Care-of Address 2001:db8:a::5, SPI 1000; the authenticator is the
 * first 96 bits of HMAC-SHA1 with a key of 16 octets 0x5a over 2001:db8:a::5,
 * 2001:db8:1::100 and the first 40 octets with a checksum of 0.
 */
static const uint8_t auth_bu[] = { 0x3b, 0x06, 0x05, 0x00, 0x00, 0x00, 0x12,
	0x34, 0xc0, 0x00, 0x00, 0x96, 0x01, 0x00, 0x03, 0x10, 0x20, 0x01, 0x0d,
	0xb8, 0x00, 0x0a, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00,
	0x05, 0x00, 0x09, 0x11, 0x01, 0x00, 0x00, 0x03, 0xe8, 0x0b, 0x6e, 0xea,
	0x6d, 0x2e, 0x3f, 0xc2, 0xc4, 0xbc, 0xde, 0xb4, 0x15, 0x01, 0x02, 0x00,
	0x00 };

struct auth {
	struct fix x;
	struct mip6_conf_sa sa;
	struct mip6_addr coa, hoa;
	uint8_t mh[sizeof(auth_bu)];
};

static struct auth *
auth_new(void)
{
	struct auth *t = test_malloc(sizeof(*t));

	fix_init(&t->x);
	t->sa = fix_sa();
	t->coa = fix_addr("2001:db8:a::5");
	t->hoa = fix_addr(FIX_HOA);
	memcpy(t->mh, auth_bu, sizeof(auth_bu));
	return t;
}

static void
auth_delete(struct auth *t)
{
	fix_fini(&t->x);
	test_free(t);
}

/* As it comes from the wire: with a checksum. */
static enum mip6_auth
auth_check(struct auth *t)
{
	struct mip6_addr agent = fix_addr(FIX_AGENT);
	struct mip6_mh m;

	mip6_mh_finish(t->mh, sizeof(t->mh), &t->hoa, &agent);
	assert_int_equal(mip6_mh_receive(t->mh, sizeof(t->mh), &t->hoa, &agent,
			     &m, NULL),
	    MIP6_PARSE_OK);
	return auth_verify(t->x.node, &t->sa, &t->coa, &t->hoa, t->mh, &m);
}

static void
test_known_answer(void **state)
{
	struct auth *t = auth_new();

	(void)state;
	assert_int_equal(auth_check(t), MIP6_AUTH_OK);
	/* Signing gives the same, whatever the checksum field has. */
	memset(t->mh + AT, 0xee, 12);
	t->mh[4] = 0x77;
	assert_true(auth_sign(t->x.node, &t->sa, &t->coa, &t->hoa, t->mh, AT));
	assert_memory_equal(t->mh + AT, auth_bu + AT, 12);
	/* 96 bits and not one octet more. */
	assert_memory_equal(t->mh + AT + 12, auth_bu + AT + 12, 4);
	auth_delete(t);
}

static void
test_each_octet(void **state)
{
	struct auth *t = auth_new();
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(auth_bu); i++) {
		/* Types and lengths change the message's meaning, not here. */
		if (i < 6 || (i >= 12 && i < 16) || (i >= 32 && i < 40) ||
		    i >= 52)
			continue;
		memcpy(t->mh, auth_bu, sizeof(auth_bu));
		t->mh[i] ^= 0x20;
		assert_int_equal(auth_check(t), MIP6_AUTH_FAIL);
	}
	auth_delete(t);
}

static void
test_inputs(void **state)
{
	struct auth *t = auth_new();

	(void)state;
	t->coa.b[15] ^= 1;
	assert_int_equal(auth_check(t), MIP6_AUTH_FAIL);
	t->coa.b[15] ^= 1;
	t->hoa.b[15] ^= 1;
	assert_int_equal(auth_check(t), MIP6_AUTH_FAIL);
	t->hoa.b[15] ^= 1;
	t->sa.key[15] ^= 1;
	assert_int_equal(auth_check(t), MIP6_AUTH_FAIL);
	t->sa.key[15] ^= 1;
	t->sa.key_octets = 17;
	t->sa.key[16] = 1;
	assert_int_equal(auth_check(t), MIP6_AUTH_FAIL);
	t->sa.key_octets = 16;
	assert_int_equal(auth_check(t), MIP6_AUTH_OK);
	/* Another SPI is no key of ours. */
	t->sa.spi = 1001;
	assert_int_equal(auth_check(t), MIP6_AUTH_SPI);
	auth_delete(t);
}

static void
test_missing(void **state)
{
	struct auth *t = auth_new();

	(void)state;
	/* The option becomes padding. */
	t->mh[33] = 1;
	assert_int_equal(auth_check(t), MIP6_AUTH_MISSING);
	/* An authenticator for somebody else (subtype 2) is not ours. */
	memcpy(t->mh, auth_bu, sizeof(auth_bu));
	t->mh[35] = 2;
	assert_int_equal(auth_check(t), MIP6_AUTH_MISSING);
	auth_delete(t);
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_known_answer),
		cmocka_unit_test(test_each_octet),
		cmocka_unit_test(test_inputs),
		cmocka_unit_test(test_missing),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
