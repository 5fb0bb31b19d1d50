/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Binding Updates and Acknowledgements to the last bit: authenticators that
 * were computed elsewhere.
 *
 * They come from the formulas of RFC 6275 sections 5.2.5 and 6.2.7 by this
 * program, run with Python's own hashlib and hmac (mac(k, d) is HMAC_SHA1,
 * pack is struct.pack, ip(...) the 16 octets of an address):
 *
 *	kcn = bytes(range(20)); nonce = bytes(range(100, 116))
 *	ht = mac(kcn, hoa + nonce + b"\0")[:8]
 *	ct = mac(kcn, coa + nonce + b"\1")[:8]
 *	kbm = sha1(ht + ct); kbm_delete = sha1(ht)
 *	bu = lambda seq, life, ci: bytes([59, 3, 5, 0, 0, 0]) + \
 *	    pack(">HHH", seq, 0x8000, life) + bytes([4, 4]) + \
 *	    pack(">HH", 3, ci) + bytes([5, 12])
 *	ba = lambda seq, life: bytes([59, 3, 6, 0, 0, 0, 0, 0]) + \
 *	    pack(">HH", seq, life) + bytes([1, 4, 0, 0, 0, 0, 5, 12])
 *	mac(kbm, coa + cn + bu(7, 100, 4))[:12]
 *	mac(kbm, coa + cn + ba(7, 100))[:12]
 *	mac(kbm_delete, hoa + cn + bu(8, 0, 999))[:12]
 *	mac(kbm_delete, hoa + cn + ba(8, 0))[:12]
 *
 * Links: core
 */
#include "cn_known.h"

static const struct cn_known known = {
	.hoa = CN_HOA,
	.coa = CN_COA,
	.cn = CN_OUR,
	.bu = { 0x54, 0x6d, 0x86, 0x3a, 0xa0, 0xa6, 0x4f, 0x2e, 0xbf, 0x29,
	    0x74, 0xfe },
	.ba = { 0x2d, 0xf6, 0x47, 0x1b, 0x74, 0xc4, 0x6b, 0x9c, 0x9b, 0xd8,
	    0x62, 0xe6 },
	.bu_delete = { 0x35, 0xab, 0x1d, 0x50, 0x11, 0xa5, 0x52, 0xe2, 0xe2,
	    0x33, 0x22, 0xca },
	.ba_delete = { 0x35, 0xdb, 0xbd, 0xce, 0xb3, 0xc8, 0x35, 0x7f, 0xf1,
	    0x48, 0x09, 0xd0 },
};

static struct cn_fix *
known_new(void)
{
	struct cn_fix *t = test_malloc(sizeof(*t));

	cn_fix_init(t);
	cn_known_nonces(t->x.node);
	return t;
}

static void
known_delete(struct cn_fix *t)
{
	cn_fix_fini(t);
	test_free(t);
}

/* R5.2.6-04: both messages, as anybody else computes them. */
static void
test_update(void **state)
{
	struct cn_fix *t = known_new();

	(void)state;
	cn_known_send(&t->x, &known, false, NULL);
	assert_true(cn_known_answered(&t->x, &known, false));
	assert_true(cn_fix_leads(t, CN_OUR, CN_HOA, CN_COA));
	known_delete(t);
}

/*
 * R6.2.6-02: the care-of nonce index of a deletion, one that was never given,
 * is ignored; the home address is in the place of the care-of address.
 */
static void
test_deletion(void **state)
{
	struct cn_fix *t = known_new();

	(void)state;
	cn_known_send(&t->x, &known, false, NULL);
	cn_known_send(&t->x, &known, true, NULL);
	assert_true(cn_known_answered(&t->x, &known, true));
	assert_true(cn_fix_leads(t, CN_OUR, CN_HOA, NULL));
	known_delete(t);
}

/* Every bit of the header and of its options is covered. */
static void
test_every_bit(void **state)
{
	struct cn_fix *t = known_new();
	uint8_t mh[CN_KNOWN_OCTETS];
	size_t i;

	(void)state;
	for (i = 0; i < 8 * sizeof(mh); i++) {
		if (i / 8 == 4 || i / 8 == 5)
			continue; /* the checksum, made anew */
		cn_known_update(&known, false, mh);
		mh[i / 8] ^= (uint8_t)(1 << i % 8);
		cn_known_give(&t->x, &known, mh, sizeof(mh), NULL);
		assert_true(cn_fix_leads(t, CN_OUR, CN_HOA, NULL));
	}
	known_delete(t);
}

/* R9.5.1-06: last, and nothing behind it, padding neither. */
static void
test_last(void **state)
{
	static const uint8_t padding[8] = { 1, 6 };
	struct cn_fix *t = known_new();
	uint8_t mh[CN_KNOWN_OCTETS + sizeof(padding)];
	uint8_t nonces[6];

	(void)state;
	cn_known_update(&known, false, mh);
	memcpy(mh + CN_KNOWN_OCTETS, padding, sizeof(padding));
	mh[1]++;
	cn_known_give(&t->x, &known, mh, sizeof(mh), NULL);
	assert_int_equal(fix_drops(&t->x, MIP6_DROP_MH_OPTION), 1);
	cn_known_update(&known, false, mh);
	memcpy(nonces, mh + 12, sizeof(nonces));
	memmove(mh + 12, mh + 18, 14);
	memcpy(mh + 26, nonces, sizeof(nonces));
	cn_known_give(&t->x, &known, mh, CN_KNOWN_OCTETS, NULL);
	assert_int_equal(fix_drops(&t->x, MIP6_DROP_MH_OPTION), 2);
	assert_int_equal(t->x.sents, 0);
	assert_true(cn_fix_leads(t, CN_OUR, CN_HOA, NULL));
	known_delete(t);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_update),
		cmocka_unit_test(test_deletion),
		cmocka_unit_test(test_every_bit),
		cmocka_unit_test(test_last),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
