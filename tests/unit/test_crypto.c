/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Keyed hashes: the vectors of RFC 2202 and FIPS 180 (NIST's examples), keys
 * of every length against values made by another implementation (Python's
 * hmac), every way to cut a message into pieces, contexts used again.
 */
#include "crypto/crypto.h"

#include "unit/support.h"

#define CRYPTO_TEXT_MAX 300

struct crypto_fixture {
	struct support_heap heap;
	struct mip6_crypto *crypto;
};

static int
crypto_setup(void **state)
{
	struct crypto_fixture *f = calloc(1, sizeof(*f));

	assert_non_null(f);
	support_heap_init(&f->heap);
	f->crypto = mip6_crypto_new(&f->heap.alloc);
	assert_non_null(f->crypto);
	*state = f;
	return 0;
}

static int
crypto_teardown(void **state)
{
	struct crypto_fixture *f = *state;

	mip6_crypto_free(f->crypto);
	assert_int_equal(f->heap.live, 0);
	free(f);
	return 0;
}

static void
unhex(const char *text, uint8_t out[MIP6_SHA1_OCTETS])
{
	size_t i;

	assert_int_equal(strlen(text), 2 * MIP6_SHA1_OCTETS);
	for (i = 0; i < MIP6_SHA1_OCTETS; i++) {
		char pair[3] = { text[2 * i], text[2 * i + 1], '\0' };

		out[i] = (uint8_t)strtoul(pair, NULL, 16);
	}
}

static void
need_hmac(struct mip6_crypto *c, const void *key, size_t key_octets,
    const struct mip6_iovec *v, size_t n, const char *hex)
{
	uint8_t out[MIP6_SHA1_OCTETS], expected[MIP6_SHA1_OCTETS];

	unhex(hex, expected);
	memset(out, 0x5a, sizeof(out));
	assert_true(mip6_crypto_hmac_sha1(c, key, key_octets, v, n, out));
	assert_memory_equal(out, expected, sizeof(out));
}

static void
need_sha1(struct mip6_crypto *c, const struct mip6_iovec *v, size_t n,
    const char *hex)
{
	uint8_t out[MIP6_SHA1_OCTETS], expected[MIP6_SHA1_OCTETS];

	unhex(hex, expected);
	memset(out, 0x5a, sizeof(out));
	assert_true(mip6_crypto_sha1(c, v, n, out));
	assert_memory_equal(out, expected, sizeof(out));
}

/* RFC 2202 section 3, cases 1 to 5 (the others' keys are too long here). */
static void
test_rfc2202(void **state)
{
	struct crypto_fixture *f = *state;
	struct mip6_iovec text = { "Hi There", 8 };
	uint8_t key[25], data[50];
	size_t i;

	memset(key, 0x0b, 20);
	need_hmac(f->crypto, key, 20, &text, 1,
	    "b617318655057264e28bc0b6fb378c8ef146be00");
	text = (struct mip6_iovec){ "what do ya want for nothing?", 28 };
	need_hmac(f->crypto, "Jefe", 4, &text, 1,
	    "effcdf6ae5eb2fa2d27416d5f184df9c259a7c79");
	memset(key, 0xaa, 20);
	memset(data, 0xdd, sizeof(data));
	text = (struct mip6_iovec){ data, sizeof(data) };
	need_hmac(f->crypto, key, 20, &text, 1,
	    "125d7342b9ac11cd91a39af48aa17b4f63f175d3");
	for (i = 0; i < sizeof(key); i++)
		key[i] = (uint8_t)(i + 1);
	memset(data, 0xcd, sizeof(data));
	need_hmac(f->crypto, key, 25, &text, 1,
	    "4c9007f4026250c6bc8414f9bf50c86c2d7235da");
	memset(key, 0x0c, 20);
	text = (struct mip6_iovec){ "Test With Truncation", 20 };
	need_hmac(f->crypto, key, 20, &text, 1,
	    "4c1a03424b55e07fe7f27be1d58bb9324a9a5a04");
}

static void
test_key_lengths(void **state)
{
	struct crypto_fixture *f = *state;
	struct mip6_iovec text = { "mip6", 4 };
	uint8_t key[MIP6_KEY_MAX_OCTETS + 1];
	uint8_t out[MIP6_SHA1_OCTETS];
	size_t i;

	for (i = 0; i < sizeof(key); i++)
		key[i] = (uint8_t)i;
	need_hmac(f->crypto, key, 64, &text, 1,
	    "1260107dddfb2376f15dbe910d26b305c5d37fe4");
	need_hmac(f->crypto, key, 63, &text, 1,
	    "53afcee03c42c4acd34857bdfd833af26481db9b");
	SUPPORT_ABORTS(
	    (void)mip6_crypto_hmac_sha1(f->crypto, key, 65, &text, 1, out));
	SUPPORT_ABORTS(
	    (void)mip6_crypto_hmac_sha1(f->crypto, key, 0, &text, 1, out));
}

static void
test_pieces(void **state)
{
	struct crypto_fixture *f = *state;
	uint8_t text[CRYPTO_TEXT_MAX], key[20];
	struct mip6_iovec v[4];
	size_t i, a, b;

	for (i = 0; i < sizeof(text); i++)
		text[i] = (uint8_t)i;
	memcpy(key, text, sizeof(key));
	for (a = 0; a <= sizeof(text); a += 13)
		for (b = a; b <= sizeof(text); b += 29) {
			v[0] = (struct mip6_iovec){ text, a };
			v[1] = (struct mip6_iovec){ &text[a], b - a };
			v[2] = (struct mip6_iovec){ NULL, 0 };
			v[3] =
			    (struct mip6_iovec){ text + b, sizeof(text) - b };
			need_hmac(f->crypto, key, sizeof(key), v, 4,
			    "058fd2155f68bb655d7bf3c2bf22bd78f8e9e075");
			need_sha1(f->crypto, v, 4,
			    "bf77ecf143ceb21f1676c34b8d89c8bb3c43cc4e");
		}
}

/*
 * The key of the last message is kept: each message under its own key, in
 * every order of two keys that differ in one bit and one of another length.
 */
static void
test_key_change(void **state)
{
	static const uint8_t keys[3][20] = { { 7 }, { 6 }, { 7, 7 } };
	static const size_t octets[3] = { 20, 20, 19 };
	struct crypto_fixture *f = *state;
	const struct mip6_iovec v = { "a message", 9 };
	uint8_t alone[3][MIP6_SHA1_OCTETS], out[MIP6_SHA1_OCTETS];
	struct mip6_crypto *c;
	uint32_t i, k;

	for (i = 0; i < 3; i++) {
		c = mip6_crypto_new(&f->heap.alloc);
		assert_non_null(c);
		assert_true(mip6_crypto_hmac_sha1(c, keys[i], octets[i], &v, 1,
		    alone[i]));
		mip6_crypto_free(c);
	}
	assert_memory_not_equal(alone[0], alone[1], MIP6_SHA1_OCTETS);
	for (i = 0; i < 81; i++)
		for (k = i; k > 0; k /= 3) {
			assert_true(mip6_crypto_hmac_sha1(f->crypto,
			    keys[k % 3], octets[k % 3], &v, 1, out));
			assert_memory_equal(out, alone[k % 3], sizeof(out));
		}
}

static void
test_sha1(void **state)
{
	static const char long_text[] =
	    "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq";
	struct crypto_fixture *f = *state;
	struct mip6_iovec text = { "abc", 3 };
	struct mip6_iovec million[1000];
	uint8_t as[1000];
	size_t i;

	need_sha1(f->crypto, NULL, 0,
	    "da39a3ee5e6b4b0d3255bfef95601890afd80709");
	need_sha1(f->crypto, &text, 1,
	    "a9993e364706816aba3e25717850c26c9cd0d89d");
	text = (struct mip6_iovec){ long_text, sizeof(long_text) - 1 };
	need_sha1(f->crypto, &text, 1,
	    "84983e441c3bd26ebaae4aa1f95129e5e54670f1");
	memset(as, 'a', sizeof(as));
	for (i = 0; i < MIP6_COUNT(million); i++)
		million[i] = (struct mip6_iovec){ as, sizeof(as) };
	need_sha1(f->crypto, million, MIP6_COUNT(million),
	    "34aa973cd4c4daa4f61eeb2bdbad27316534016f");
}

static void
test_equal(void **state)
{
	uint8_t a[MIP6_SHA1_OCTETS], b[MIP6_SHA1_OCTETS];
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(a); i++)
		a[i] = (uint8_t)(i * 7);
	memcpy(b, a, sizeof(a));
	assert_true(mip6_crypto_equal(a, b, sizeof(a)));
	for (i = 0; i < sizeof(a) * 8; i++) {
		b[i / 8] ^= (uint8_t)(1 << i % 8);
		assert_false(mip6_crypto_equal(a, b, sizeof(a)));
		b[i / 8] ^= (uint8_t)(1 << i % 8);
	}
	b[12] ^= 1;
	assert_true(mip6_crypto_equal(a, b, 12));
	assert_true(mip6_crypto_equal(a, b, 0));
}

static void
test_wipe(void **state)
{
	uint8_t mem[40];
	size_t i;

	(void)state;
	memset(mem, 0xa5, sizeof(mem));
	mip6_crypto_wipe(&mem[4], 32);
	for (i = 0; i < sizeof(mem); i++)
		assert_int_equal(mem[i], i < 4 || i >= 36 ? 0xa5 : 0);
}

static void
test_no_memory(void **state)
{
	struct support_heap heap;

	(void)state;
	support_heap_init(&heap);
	heap.allowed = 0;
	assert_null(mip6_crypto_new(&heap.alloc));
	mip6_crypto_free(NULL);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_rfc2202),
		cmocka_unit_test(test_key_lengths),
		cmocka_unit_test(test_pieces),
		cmocka_unit_test(test_key_change),
		cmocka_unit_test(test_sha1),
		cmocka_unit_test(test_equal),
		cmocka_unit_test(test_wipe),
		cmocka_unit_test(test_no_memory),
	};

	return cmocka_run_group_tests(tests, crypto_setup, crypto_teardown);
}
