/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Home and care-of tests of a correspondent.
 *
 * The known answers come from the formulas of RFC 6275 sections 5.2.3 to
 * 5.2.5 and 6.2.7 by this program, run with Python's own hashlib and hmac:
 *
 *	kcn = bytes(range(20)); nonce = bytes(range(100, 116))
 *	hoa = ip("2001:db8:1::100"); coa = ip("2001:db8:a::5")
 *	ht = hmac(kcn, hoa + nonce + b"\0", sha1)[:8]
 *	ct = hmac(kcn, coa + nonce + b"\1", sha1)[:8]
 *	kbm = sha1(ht + ct); kbm_delete = sha1(ht)
 *
 * Links: core
 */
#include "cn_fix.h"

static const uint8_t known_home[8] = { 0xee, 0xab, 0xfd, 0xd5, 0x11, 0x34, 0xb3,
	0x21 };
static const uint8_t known_care_of[8] = { 0x60, 0x7c, 0x5a, 0xcc, 0x76, 0x36,
	0xf5, 0xc0 };
static const uint8_t known_kbm[20] = { 0xeb, 0xf7, 0xc2, 0x13, 0x7f, 0x60, 0x5e,
	0x28, 0x09, 0xbc, 0x38, 0x5d, 0x0a, 0x14, 0x97, 0xe8, 0xbd, 0x3a, 0x65,
	0x96 };
static const uint8_t known_kbm_delete[20] = { 0xa1, 0x68, 0xb4, 0x55, 0xa4,
	0x1e, 0x59, 0x33, 0x33, 0x40, 0xbb, 0x9f, 0xf0, 0x9b, 0xbc, 0xf4, 0x9c,
	0x9f, 0xb7, 0xa8 };

static struct cn_fix *
rr_new(void)
{
	struct cn_fix *t = test_malloc(sizeof(*t));

	cn_fix_init(t);
	return t;
}

static void
rr_delete(struct cn_fix *t)
{
	cn_fix_fini(t);
	test_free(t);
}

static void
test_known_answers(void **state)
{
	struct mip6_addr hoa = fix_addr(CN_HOA), coa = fix_addr(CN_COA);
	uint8_t kcn[MIP6_KCN_OCTETS], nonce[MIP6_NONCE_OCTETS];
	uint8_t ht[8], ct[8], kbm[MIP6_SHA1_OCTETS];
	struct cn_fix *t = rr_new();
	uint8_t i;

	(void)state;
	for (i = 0; i < sizeof(kcn); i++)
		kcn[i] = i;
	for (i = 0; i < sizeof(nonce); i++)
		nonce[i] = (uint8_t)(100 + i);
	/* R5.2.5-01 */
	assert_true(rr_token(t->x.node, kcn, &hoa, nonce, false, ht));
	assert_memory_equal(ht, known_home, sizeof(ht));
	/* R5.2.5-02 */
	assert_true(rr_token(t->x.node, kcn, &coa, nonce, true, ct));
	assert_memory_equal(ct, known_care_of, sizeof(ct));
	/* R5.2.5-03 */
	assert_true(rr_kbm(t->x.node, ht, ct, kbm));
	assert_memory_equal(kbm, known_kbm, sizeof(kbm));
	assert_true(rr_kbm(t->x.node, ht, NULL, kbm));
	assert_memory_equal(kbm, known_kbm_delete, sizeof(kbm));
	rr_delete(t);
}

/* Nothing is kept of a question but the nonce, which is everybody's. */
static void
test_stateless(void **state)
{
	struct cn_fix *t = rr_new();
	struct mip6_mh_test a, b;
	uint64_t live;

	(void)state;
	assert_true(cn_fix_test(t, MIP6_MH_HOTI, CN_HOA, CN_OUR, NULL, &a));
	live = t->x.heap.live;
	assert_true(cn_fix_test(t, MIP6_MH_HOTI, CN_HOA, CN_OUR, NULL, &b));
	assert_memory_equal(&a, &b, sizeof(a));
	assert_true(cn_fix_test(t, MIP6_MH_HOTI, CN_COA2, CN_OUR2, NULL, &b));
	assert_memory_not_equal(a.token, b.token, sizeof(a.token));
	assert_int_equal(t->x.heap.live, live);
	assert_int_equal(t->x.node->cn->bindings.count, 0);
	/* The two tests of one address are not alike. */
	assert_true(cn_fix_test(t, MIP6_MH_COTI, CN_HOA, CN_OUR, NULL, &b));
	assert_memory_not_equal(a.token, b.token, sizeof(a.token));
	rr_delete(t);
}

/* R9.4.1-01, R9.4.2-01 and who may ask. */
static void
test_refused(void **state)
{
	struct cn_fix *t = rr_new();
	struct mip6_mh_test m;

	(void)state;
	assert_false(cn_fix_test(t, MIP6_MH_HOTI, CN_COA, CN_OUR, CN_HOA, &m));
	assert_false(cn_fix_test(t, MIP6_MH_COTI, CN_COA, CN_OUR, CN_HOA, &m));
	assert_int_equal(fix_drops(&t->x, MIP6_DROP_RR_HEADERS), 2);
	assert_false(
	    cn_fix_test(t, MIP6_MH_HOTI, CN_HOA, "2001:db8:c::300", NULL, &m));
	assert_int_equal(fix_drops(&t->x, MIP6_DROP_NOT_OURS), 1);
	assert_false(cn_fix_test(t, MIP6_MH_COTI, "fe80::5", CN_OUR, NULL, &m));
	assert_false(cn_fix_test(t, MIP6_MH_COTI, "::1", CN_OUR, NULL, &m));
	assert_int_equal(fix_drops(&t->x, MIP6_DROP_MARTIAN), 2);
	assert_false(cn_fix_test(t, MIP6_MH_COTI, CN_OUR2, CN_OUR, NULL, &m));
	assert_int_equal(fix_drops(&t->x, MIP6_DROP_SELF_SENT), 1);
	rr_delete(t);
}

/* A flood of one address is answered a while; others still are. */
static void
test_rate(void **state)
{
	struct cn_fix *t = rr_new();
	struct mip6_mh_test m;
	uint32_t i, answers = 0;

	(void)state;
	for (i = 0; i < 3 * CN_TESTS_PER_S; i++)
		answers +=
		    cn_fix_test(t, MIP6_MH_COTI, CN_COA, CN_OUR, NULL, &m);
	assert_int_equal(answers, CN_TESTS_PER_S);
	assert_int_equal(fix_drops(&t->x, MIP6_DROP_MH_RATE),
	    2 * CN_TESTS_PER_S);
	assert_true(cn_fix_test(t, MIP6_MH_HOTI, CN_HOA, CN_OUR, NULL, &m));
	fix_wait(&t->x, MIP6_SPAN_S(1));
	assert_true(cn_fix_test(t, MIP6_MH_COTI, CN_COA, CN_OUR, NULL, &m));
	rr_delete(t);
}

/*
 * R5.2.7-01, R5.2.7-02: a token given at the last moment of its nonce lives
 * for 210 s, none for more than 240 s, whatever the index; and the index wraps.
 */
static void
test_schedule(void **state)
{
	struct cn_fix *t = rr_new();
	struct mip6_mh_test first, m;
	struct mip6_event ev;
	int round;

	(void)state;
	memset(&ev, 0, sizeof(ev));
	ev.kind = MIP6_EV_TIMER;
	t->x.node->cn->rr.next_index = UINT16_MAX - 3;
	assert_true(cn_fix_test(t, MIP6_MH_HOTI, CN_HOA, CN_OUR, NULL, &first));
	for (round = 0; round < 12; round++) {
		assert_int_equal(first.nonce_index,
		    (uint16_t)(UINT16_MAX - 3 + round));
		fix_wait(&t->x, MIP6_SPAN_MS(29999));
		assert_true(
		    cn_fix_test(t, MIP6_MH_HOTI, CN_HOA, CN_OUR, NULL, &m));
		assert_int_equal(m.nonce_index, first.nonce_index);
		fix_wait(&t->x, MIP6_SPAN_MS(1));
		assert_true(
		    cn_fix_test(t, MIP6_MH_HOTI, CN_HOA, CN_OUR, NULL, &first));
		assert_memory_not_equal(first.token, m.token, sizeof(m.token));
	}
	fix_wait(&t->x, MIP6_SPAN_MS(239999));
	fix_give(&t->x, &ev);
	assert_non_null(cn_nonce_find(t->x.node, first.nonce_index));
	assert_null(
	    cn_nonce_find(t->x.node, (uint16_t)(first.nonce_index - 1)));
	assert_null(
	    cn_nonce_find(t->x.node, (uint16_t)(first.nonce_index + 1)));
	fix_wait(&t->x, MIP6_SPAN_MS(1));
	fix_give(&t->x, &ev);
	assert_null(cn_nonce_find(t->x.node, first.nonce_index));
	rr_delete(t);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_known_answers),
		cmocka_unit_test(test_stateless),
		cmocka_unit_test(test_refused),
		cmocka_unit_test(test_rate),
		cmocka_unit_test(test_schedule),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
