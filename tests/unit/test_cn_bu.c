/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Binding Updates at a correspondent: every check of section 9.5.1 and every
 * answer of section 9.5.4.
 *
 * Links: core
 */
#include "cn_fix.h"

static struct cn_fix *
bu_new(void)
{
	struct cn_fix *t = test_malloc(sizeof(*t));

	cn_fix_init(t);
	cn_fix_tokens_of(t, CN_HOA, CN_COA);
	return t;
}

static void
bu_delete(struct cn_fix *t)
{
	cn_fix_fini(t);
	test_free(t);
}

static void
bind_it(struct cn_fix *t, uint16_t seq)
{
	struct cn_fix_bu bu = cn_fix_update(seq);

	assert_int_equal(cn_fix_bu(t, &bu), MIP6_BA_ACCEPTED);
}

static void
assert_unbound(struct cn_fix *t)
{
	struct mip6_addr hoa = fix_addr(CN_HOA);

	assert_false(cn_has_binding(t->x.node, &hoa));
	assert_true(cn_fix_leads(t, CN_OUR, CN_HOA, NULL));
}

/* The binding, its row, its route, 420 s at the most, one answer. */
static void
test_accepted(void **state)
{
	struct cn_fix *t = bu_new();
	struct cn_fix_bu bu = cn_fix_update(7);
	const struct mip6_action *a;
	struct mip6_mh m;

	(void)state;
	bu.lifetime_s = 3600;
	t->x.hold = true;
	cn_fix_send(t, &bu);
	/* Not before what makes it true. */
	assert_null(fix_next_mh(&t->x, &m));
	assert_unbound(t);
	t->x.hold = false;
	fix_settle(&t->x);
	assert_int_equal(cn_fix_status(t, &bu, &m), MIP6_BA_ACCEPTED);
	assert_int_equal(m.u.ba.seq, 7);
	assert_int_equal(m.u.ba.lifetime.us, MIP6_SPAN_S(420).us);
	assert_true(cn_fix_leads(t, CN_OUR, CN_HOA, CN_COA));
	assert_true(cn_fix_leads(t, CN_OUR2, CN_HOA, NULL));
	a = fix_last(&t->x, MIP6_ACT_ROUTE);
	assert_true(a->u.route.on);
	assert_int_equal(a->u.route.dst.bits, 128);
	assert_int_equal(a->u.route.table, MIP6_TABLE_MAIN);
	bu_delete(t);
}

/* R9.5.2-02: not longer than asked; R9.5.4-04: not told without A. */
static void
test_quiet(void **state)
{
	struct cn_fix *t = bu_new();
	struct cn_fix_bu bu = cn_fix_update(1);
	struct mip6_mh m;

	(void)state;
	bu.lifetime_s = 40;
	cn_fix_send(t, &bu);
	assert_int_equal(cn_fix_status(t, &bu, &m), MIP6_BA_ACCEPTED);
	assert_int_equal(m.u.ba.lifetime.us, MIP6_SPAN_S(40).us);
	bu.seq = 2;
	bu.no_ack = true;
	assert_int_equal(cn_fix_bu(t, &bu), -1);
	assert_true(cn_fix_leads(t, CN_OUR, CN_HOA, CN_COA));
	/* R9.5.4-03: but a refusal is. */
	assert_int_equal(cn_fix_bu(t, &bu), MIP6_BA_SEQ_OUT_OF_WINDOW);
	bu_delete(t);
}

/* R9.5.1-02, -09 and the wrap. */
static void
test_sequence(void **state)
{
	static const struct {
		uint16_t last, seq;
		int status;
	} row[] = {
		{ 7, 8, 0 },
		{ 7, 7, 135 },
		{ 7, 6, 135 },
		{ 7, 7 + 32767, 0 },
		{ 7, 7 + 32768, 135 },
		{ 65535, 0, 0 },
		{ 0, 65535, 135 },
	};
	struct cn_fix_bu bu;
	struct cn_fix *t;
	struct mip6_mh m;
	size_t i;

	(void)state;
	for (i = 0; i < MIP6_COUNT(row); i++) {
		t = bu_new();
		bind_it(t, row[i].last);
		bu = cn_fix_update(row[i].seq);
		cn_fix_send(t, &bu);
		assert_int_equal(cn_fix_status(t, &bu, &m), row[i].status);
		assert_int_equal(m.u.ba.seq,
		    row[i].status == 0 ? row[i].seq : row[i].last);
		bu_delete(t);
	}
}

/* R9.5.1-04, -05, -06, -12: nothing is answered, nothing changes. */
static void
test_silent(void **state)
{
	struct cn_fix *t = bu_new();
	struct cn_fix_bu bu = cn_fix_update(1);

	(void)state;
	bu.no_nonces = true;
	assert_int_equal(cn_fix_bu(t, &bu), -1);
	assert_int_equal(fix_drops(&t->x, MIP6_DROP_BU_NONCE_MISSING), 1);
	bu = cn_fix_update(1);
	bu.no_auth = true;
	assert_int_equal(cn_fix_bu(t, &bu), -1);
	assert_int_equal(fix_drops(&t->x, MIP6_DROP_BU_AUTH_MISSING), 1);
	bu = cn_fix_update(1);
	bu.spoil = true;
	assert_int_equal(cn_fix_bu(t, &bu), -1);
	/* The home token alone binds nothing. */
	bu = cn_fix_update(1);
	bu.home_token_only = true;
	assert_int_equal(cn_fix_bu(t, &bu), -1);
	/* Tokens are of their addresses. */
	bu = cn_fix_update(1);
	bu.hoa = "2001:db8:1::101";
	assert_int_equal(cn_fix_bu(t, &bu), -1);
	bu = cn_fix_update(1);
	bu.src = CN_COA2;
	assert_int_equal(cn_fix_bu(t, &bu), -1);
	/* R9.5.1-07: an alternate one, with the token of the source. */
	bu = cn_fix_update(1);
	bu.alt_coa = CN_COA2;
	assert_int_equal(cn_fix_bu(t, &bu), -1);
	bu.mac_coa = CN_COA;
	assert_int_equal(cn_fix_bu(t, &bu), -1);
	assert_int_equal(fix_drops(&t->x, MIP6_DROP_BU_RR_FAIL), 6);
	assert_unbound(t);
	assert_int_equal(t->x.node->cn->bindings.count, 0);
	bu_delete(t);
}

/* Who and what may be bound. */
static void
test_addresses(void **state)
{
	struct cn_fix *t = bu_new();
	struct cn_fix_bu bu = cn_fix_update(1);

	(void)state;
	bu.hoa = CN_OUR2;
	assert_int_equal(cn_fix_bu(t, &bu), -1);
	bu = cn_fix_update(1);
	bu.no_hao = true;
	bu.src = bu.hoa = "fe80::5";
	bu.alt_coa = CN_COA;
	assert_int_equal(cn_fix_bu(t, &bu), -1);
	assert_int_equal(fix_drops(&t->x, MIP6_DROP_BU_HOA_INVALID), 2);
	bu = cn_fix_update(1);
	bu.alt_coa = CN_OUR2;
	assert_int_equal(cn_fix_bu(t, &bu), -1);
	bu.alt_coa = "ff02::1";
	assert_int_equal(cn_fix_bu(t, &bu), -1);
	bu.alt_coa = "fe80::9";
	assert_int_equal(cn_fix_bu(t, &bu), -1);
	assert_int_equal(fix_drops(&t->x, MIP6_DROP_BU_COA_INVALID), 3);
	bu = cn_fix_update(1);
	bu.dst = "2001:db8:c::300";
	assert_int_equal(cn_fix_bu(t, &bu), -1);
	assert_int_equal(fix_drops(&t->x, MIP6_DROP_NOT_OURS), 1);
	assert_unbound(t);
	bu_delete(t);
}

/* R9.5.1-07: with the token of the alternate one. */
static void
test_alternate(void **state)
{
	struct cn_fix *t = bu_new();
	struct cn_fix_bu bu = cn_fix_update(1);

	(void)state;
	cn_fix_tokens_of(t, CN_HOA, CN_COA2);
	bu.alt_coa = CN_COA2;
	assert_int_equal(cn_fix_bu(t, &bu), MIP6_BA_ACCEPTED);
	assert_true(cn_fix_leads(t, CN_OUR, CN_HOA, CN_COA2));
	bu_delete(t);
}

/* R9.5.1-11: which nonce is old; unsigned, R9.5.4-06. */
static void
test_nonces(void **state)
{
	struct cn_fix *t = bu_new();
	struct cn_fix_bu bu = cn_fix_update(1);

	(void)state;
	bu.no_ack = true;
	t->home.nonce_index ^= 0x4000;
	assert_int_equal(cn_fix_bu(t, &bu), MIP6_BA_EXPIRED_HOME_NONCE);
	t->care_of.nonce_index ^= 0x4000;
	assert_int_equal(cn_fix_bu(t, &bu), MIP6_BA_EXPIRED_NONCES);
	t->home.nonce_index ^= 0x4000;
	assert_int_equal(cn_fix_bu(t, &bu), MIP6_BA_EXPIRED_COA_NONCE);
	/* R9.5.1-14: a deletion needs the home nonce alone. */
	bu.lifetime_s = 0;
	assert_int_equal(cn_fix_bu(t, &bu), -1);
	assert_int_equal(fix_drops(&t->x, MIP6_DROP_BU_NONCE_EXPIRED), 3);
	bu.no_ack = false;
	assert_int_equal(cn_fix_bu(t, &bu), MIP6_BA_ACCEPTED);
	t->home.nonce_index ^= 0x4000;
	assert_int_equal(cn_fix_bu(t, &bu), MIP6_BA_EXPIRED_HOME_NONCE);
	assert_unbound(t);
	bu_delete(t);
}

/* R9.5.3-01, -02, -03: from home, by the home token; no replay after. */
static void
test_deletion(void **state)
{
	struct cn_fix *t = bu_new();
	struct cn_fix_bu bu = cn_fix_update(2), old = cn_fix_update(1);

	(void)state;
	bu.src = CN_HOA;
	bu.no_hao = true;
	bu.lifetime_s = 0;
	assert_int_equal(cn_fix_bu(t, &bu), MIP6_BA_ACCEPTED);
	assert_int_equal(t->x.node->cn->bindings.count, 0);
	bind_it(t, 1);
	assert_int_equal(cn_fix_bu(t, &bu), MIP6_BA_ACCEPTED);
	assert_unbound(t);
	assert_false(fix_last(&t->x, MIP6_ACT_ROUTE)->u.route.on);
	assert_int_equal(cn_fix_bu(t, &old), MIP6_BA_SEQ_OUT_OF_WINDOW);
	assert_unbound(t);
	bind_it(t, 3);
	/* The care-of address being the home address deletes too. */
	bu.seq = 4;
	bu.lifetime_s = 400;
	assert_int_equal(cn_fix_bu(t, &bu), MIP6_BA_ACCEPTED);
	assert_unbound(t);
	bu_delete(t);
}

/*
 * A move, and that the host's no is an answer: where it was it is no longer, so
 * packets go by way of its home.
 */
static void
test_move(void **state)
{
	struct cn_fix *t = bu_new();
	struct cn_fix_bu bu = cn_fix_update(2);

	(void)state;
	bind_it(t, 1);
	cn_fix_tokens_of(t, CN_HOA, CN_COA2);
	bu.src = CN_COA2;
	t->x.refuse = 1u << MIP6_ACT_ROUTE_GET;
	assert_int_equal(cn_fix_bu(t, &bu), MIP6_BA_REASON_UNSPECIFIED);
	assert_unbound(t);
	assert_false(fix_last(&t->x, MIP6_ACT_ROUTE)->u.route.on);
	t->x.refuse = 0;
	bu.seq = 3;
	assert_int_equal(cn_fix_bu(t, &bu), MIP6_BA_ACCEPTED);
	assert_true(cn_fix_leads(t, CN_OUR, CN_HOA, CN_COA2));
	bu_delete(t);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_accepted),
		cmocka_unit_test(test_quiet),
		cmocka_unit_test(test_sequence),
		cmocka_unit_test(test_silent),
		cmocka_unit_test(test_addresses),
		cmocka_unit_test(test_alternate),
		cmocka_unit_test(test_nonces),
		cmocka_unit_test(test_deletion),
		cmocka_unit_test(test_move),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
