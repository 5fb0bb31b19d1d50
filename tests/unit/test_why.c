/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The words for what keeps a mobile node from its home agent: those that no
 * other test says.
 *
 * Links: core
 */
#include "mn_fix.h"

static void
why_has(struct fix *x, const char *want)
{
	char buf[512];
	struct mip6_fmt f = mip6_fmt_make(buf, sizeof(buf));

	mip6_show_why(x->node, &x->now, &f);
	if (strstr(buf, want) == NULL)
		print_error("\"%s\" is not in \"%s\"\n", want, buf);
	assert_non_null(strstr(buf, want));
}

/* A network that advertises itself and lets nothing through. */
static void
test_no_way(void **state)
{
	struct fix *x = test_malloc(sizeof(*x));
	struct mip6_mh m;

	(void)state;
	(void)begin(x, &m);
	fix_wait(x, MIP6_SPAN_S(60));
	why_has(x, "no Binding Acknowledgement from 2001:db8:1::1 for 60 s");
	why_has(x, "; nothing comes through eth0");
	fix_fini(x);
	test_free(x);
}

/* The interface is there no more. */
static void
test_gone(void **state)
{
	struct fix *x = test_malloc(sizeof(*x));
	struct mip6_event ev;

	(void)state;
	bound(x);
	why_has(x, "");
	memset(&ev, 0, sizeof(ev));
	ev.kind = MIP6_EV_LINK;
	ev.u.link.ifindex = FIX_IFINDEX;
	ev.u.link.gone = true;
	fix_give(x, &ev);
	why_has(x, "no interface of the configuration is there");
	fix_fini(x);
	test_free(x);
}

/* Two clocks that do not go on together: each correction is one of yesterday. */
static void
test_clock(void **state)
{
	struct fix *x = test_malloc(sizeof(*x));
	struct mip6_conf_sa sa = fix_sa();
	const struct fix_sent *s;
	struct fix_ba ba;
	struct mip6_mh m;
	int i;

	(void)state;
	s = begin(x, &m);
	for (i = 0; s != NULL && i < 8; i++) {
		ba = fix_accept(&m, &sa);
		ba.status = MIP6_BA_ID_MISMATCH;
		ba.lifetime.us = 0;
		ba.stamp = m.opt.replay + (UINT64_C(1000) << 32);
		fix_answer(x, s, NULL, &ba);
		fix_wait(x, MIP6_SPAN_S(1));
		s = fix_next_mh(x, &m);
	}
	assert_null(s);
	why_has(x, "refused by 2001:db8:1::1: ");
	why_has(x, "(144); its clock said ");
	fix_fini(x);
	test_free(x);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_no_way),
		cmocka_unit_test(test_gone),
		cmocka_unit_test(test_clock),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
