/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The rows of pairs: path MTU, and hops that are given back.
 *
 * Links: core
 */
#include "cn_fix.h"

static struct cn_fix *
pair_new(void)
{
	struct cn_fix *t = test_malloc(sizeof(*t));
	struct cn_fix_bu bu = cn_fix_update(1);

	cn_fix_init(t);
	cn_fix_tokens_of(t, CN_HOA, CN_COA);
	assert_int_equal(cn_fix_bu(t, &bu), MIP6_BA_ACCEPTED);
	t->x.seen = t->x.sents;
	return t;
}

static void
pair_delete(struct cn_fix *t)
{
	cn_fix_fini(t);
	test_free(t);
}

/* An ICMPv6 error about a packet from `local` to `peer` with `rh2` in it. */
static void
error(struct cn_fix *t, uint8_t type, uint8_t code, uint32_t word,
    const char *local, const char *peer, const char *rh2)
{
	uint8_t quoted[128], buf[512];
	struct mip6_wr q = mip6_wr_make(quoted, sizeof(quoted));
	struct mip6_wr w = mip6_wr_make(buf, sizeof(buf));
	struct mip6_icmp6_error e;
	struct mip6_ip6_out ip;
	struct mip6_event ev;
	size_t start;

	memset(&ip, 0, sizeof(ip));
	ip.ip.src = fix_addr(local);
	ip.ip.dst = fix_addr(peer);
	ip.ip.hop_limit = 64;
	ip.upper = MIP6_NH_NONE;
	ip.has_rh2 = rh2 != NULL;
	if (rh2 != NULL)
		ip.rh2 = fix_addr(rh2);
	start = mip6_ip6_begin(&q, &ip);
	mip6_ip6_end(&q, start);
	memset(&e, 0, sizeof(e));
	e.src = fix_addr("2001:db8:ffff::1");
	e.dst = fix_addr(local);
	e.hop_limit = 64;
	e.type = type;
	e.code = code;
	e.word = word;
	e.quoted = quoted;
	e.quoted_octets = q.pos;
	mip6_icmp6_error_write(&w, &e);
	assert_false(q.failed || w.failed);
	memset(&ev, 0, sizeof(ev));
	ev.kind = MIP6_EV_HINT;
	ev.u.hint.kind = MIP6_HINT_ICMP_ERROR;
	ev.u.hint.ifindex = FIX_IFINDEX;
	ev.u.hint.src = e.src;
	ev.u.hint.dst = e.dst;
	ev.u.hint.octets = buf;
	ev.u.hint.count = w.pos;
	fix_give(&t->x, &ev);
}

static uint16_t
mtu(struct cn_fix *t)
{
	struct mip6_addr our = fix_addr(CN_OUR), hoa = fix_addr(CN_HOA);
	const struct mip6_fwd_row *r = direct_find(t->x.node, &our, &hoa);

	assert_non_null(r);
	return r->mtu;
}

static void
test_path_mtu(void **state)
{
	struct cn_fix *t = pair_new();
	uint16_t was = mtu(t);

	(void)state;
	assert_true(was > 1400);
	/* About another pair, other ends, or not smaller: nothing. */
	error(t, MIP6_ICMP6_TOO_BIG, 0, 1400, CN_OUR, CN_COA2, CN_HOA);
	error(t, MIP6_ICMP6_TOO_BIG, 0, 1400, CN_OUR2, CN_COA, CN_HOA);
	error(t, MIP6_ICMP6_TOO_BIG, 0, 1400, CN_OUR, CN_COA, NULL);
	error(t, MIP6_ICMP6_TOO_BIG, 0, was, CN_OUR, CN_COA, CN_HOA);
	error(t, MIP6_ICMP6_TOO_BIG, 0, UINT32_MAX, CN_OUR, CN_COA, CN_HOA);
	assert_int_equal(mtu(t), was);
	error(t, MIP6_ICMP6_TOO_BIG, 0, 1400, CN_OUR, CN_COA, CN_HOA);
	assert_int_equal(mtu(t), 1400);
	assert_int_equal(fix_last(&t->x, MIP6_ACT_ROW_SET)->u.row.mtu, 1400);
	/* Not below what every link takes. */
	error(t, MIP6_ICMP6_TOO_BIG, 0, 600, CN_OUR, CN_COA, CN_HOA);
	assert_int_equal(mtu(t), MIP6_IP6_MTU_MIN);
	pair_delete(t);
}

/* A move makes one row of the other; the end takes it back. */
static void
test_row_follows(void **state)
{
	struct mip6_addr our = fix_addr(CN_OUR), hoa = fix_addr(CN_HOA);
	struct cn_fix *t = pair_new();
	struct cn_fix_bu bu = cn_fix_update(2);
	const struct mip6_action *a;

	(void)state;
	assert_true(cn_fix_leads(t, CN_OUR, CN_HOA, CN_COA));
	cn_fix_tokens_of(t, CN_HOA, CN_COA2);
	bu.src = CN_COA2;
	assert_int_equal(cn_fix_bu(t, &bu), MIP6_BA_ACCEPTED);
	assert_true(cn_fix_leads(t, CN_OUR, CN_HOA, CN_COA2));
	bu = cn_fix_update(3);
	bu.src = CN_COA2;
	bu.lifetime_s = 0;
	assert_int_equal(cn_fix_bu(t, &bu), MIP6_BA_ACCEPTED);
	assert_true(cn_fix_leads(t, CN_OUR, CN_HOA, NULL));
	a = fix_last(&t->x, MIP6_ACT_ROW_DEL);
	assert_non_null(a);
	assert_true(mip6_addr_equal(&a->u.row.home, &our) &&
	    mip6_addr_equal(&a->u.row.other, &hoa));
	pair_delete(t);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_path_mtu),
		cmocka_unit_test(test_row_follows),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
