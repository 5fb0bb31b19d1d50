/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Home Address options of those who are not bound here: Binding Errors.
 *
 * Links: core
 */
#include <stdio.h>

#include "cn_fix.h"

static struct cn_fix *
hao_new(void)
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
hao_delete(struct cn_fix *t)
{
	cn_fix_fini(t);
	test_free(t);
}

/* The path has no row for a packet with the option. */
static void
hint(struct cn_fix *t, const char *src, const char *dst, const char *hoa)
{
	uint8_t buf[128];
	struct mip6_wr w = mip6_wr_make(buf, sizeof(buf));
	struct mip6_ip6_out ip;
	struct mip6_event ev;
	size_t start;

	memset(&ip, 0, sizeof(ip));
	ip.ip.src = fix_addr(src);
	ip.ip.dst = fix_addr(dst);
	ip.ip.hop_limit = 64;
	ip.upper = MIP6_NH_NONE;
	ip.has_hao = true;
	ip.hao = fix_addr(hoa);
	start = mip6_ip6_begin(&w, &ip);
	mip6_ip6_end(&w, start);
	assert_false(w.failed);
	memset(&ev, 0, sizeof(ev));
	ev.kind = MIP6_EV_HINT;
	ev.u.hint.kind = MIP6_HINT_HAO;
	ev.u.hint.ifindex = FIX_IFINDEX;
	ev.u.hint.src = ip.ip.src;
	ev.u.hint.dst = ip.hao;
	ev.u.hint.ll_src = fix_router_ll;
	ev.u.hint.octets = buf;
	ev.u.hint.count = w.pos;
	t->x.seen = t->x.sents;
	fix_give(&t->x, &ev);
}

/* Is `src` told that `hoa` is not bound, from `dst`? */
static bool
told(struct cn_fix *t, const char *src, const char *dst, const char *hoa)
{
	struct mip6_addr a = fix_addr(src), b = fix_addr(dst),
			 c = fix_addr(hoa);
	const struct fix_sent *s;
	struct mip6_mh m;

	s = fix_next_mh(&t->x, &m);
	if (s == NULL)
		return false;
	assert_int_equal(m.type, MIP6_MH_BE);
	assert_int_equal(m.u.be.status, MIP6_BE_UNKNOWN_BINDING);
	assert_true(mip6_addr_equal(&m.u.be.hoa, &c));
	assert_true(mip6_addr_equal(&s->ip.ip.src, &b));
	assert_true(mip6_addr_equal(&s->ip.ip.dst, &a));
	/* R9.3.3: neither header, and no larger than what it answers. */
	assert_false(s->ip.has_hao || s->ip.has_rh2);
	assert_true(s->act.count <= 64);
	return true;
}

static void
test_not_bound(void **state)
{
	struct cn_fix *t = hao_new();

	(void)state;
	hint(t, CN_COA2, CN_OUR, "2001:db8:1::200");
	assert_true(told(t, CN_COA2, CN_OUR, "2001:db8:1::200"));
	/* Bound, but from another place. */
	hint(t, CN_COA2, CN_OUR, CN_HOA);
	assert_true(told(t, CN_COA2, CN_OUR, CN_HOA));
	/* R9.1-05: nothing comes of it. */
	assert_true(cn_fix_leads(t, CN_OUR, CN_HOA, CN_COA));
	assert_true(cn_fix_leads(t, CN_OUR, "2001:db8:1::200", NULL));
	hao_delete(t);
}

/* Where it is bound, another address of ours gets a row instead. */
static void
test_other_address(void **state)
{
	struct cn_fix *t = hao_new();

	(void)state;
	assert_true(cn_fix_leads(t, CN_OUR2, CN_HOA, NULL));
	hint(t, CN_COA, CN_OUR2, CN_HOA);
	assert_false(told(t, CN_COA, CN_OUR2, CN_HOA));
	assert_true(cn_fix_leads(t, CN_OUR2, CN_HOA, CN_COA));
	/* One that is not ours gets none. */
	hint(t, CN_COA, "2001:db8:c::999", CN_HOA);
	assert_false(told(t, CN_COA, "2001:db8:c::999", CN_HOA));
	assert_true(cn_fix_leads(t, "2001:db8:c::999", CN_HOA, NULL));
	hao_delete(t);
}

/* R9.3.1-04: bound, but no row takes it: it is told, not ignored. */
static void
test_no_row(void **state)
{
	struct cn_fix *t = hao_new();
	struct cn_binding *b;

	(void)state;
	b = cn_get(t->x.node->cn, 0);
	nd_release(t->x.node, b->hop);
	b->hop = MIP6_HOP_NONE;
	hint(t, CN_COA, CN_OUR, CN_HOA);
	assert_true(told(t, CN_COA, CN_OUR, CN_HOA));
	hao_delete(t);
}

/* Ten a second, to all together. */
static void
test_rate(void **state)
{
	struct cn_fix *t = hao_new();
	char hoa[64];
	int i, count = 0;

	(void)state;
	for (i = 0; i < 100; i++) {
		(void)snprintf(hoa, sizeof(hoa), "2001:db8:1::a:%x", i + 1);
		hint(t, CN_COA2, CN_OUR, hoa);
		count += told(t, CN_COA2, CN_OUR, hoa);
	}
	assert_int_equal(count, 10);
	hao_delete(t);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_not_bound),
		cmocka_unit_test(test_other_address),
		cmocka_unit_test(test_no_row),
		cmocka_unit_test(test_rate),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
