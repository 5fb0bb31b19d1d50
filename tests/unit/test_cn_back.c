/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Tests go to the address that they are of, whoever on the link sent the
 * question: a neighbour that has it, or a router.
 *
 * Links: core
 */
#include "cn_fix.h"

static const struct mip6_lladdr thief = { { 2, 0, 0, 0, 0, 0x66 } };

/* HoTI or CoTI of `src` from the thief's card; the answer's, or NULL. */
static const struct fix_sent *
asked(struct cn_fix *t, enum mip6_mh_type type, const char *src)
{
	const struct fix_sent *s;
	struct mip6_event ev;
	struct mip6_mh_to to;
	struct mip6_mh m;
	uint8_t buf[256];

	memset(&m, 0, sizeof(m));
	memset(&to, 0, sizeof(to));
	memset(&ev, 0, sizeof(ev));
	m.type = type;
	to.src = fix_addr(src);
	to.dst = fix_addr(CN_OUR);
	ev.kind = MIP6_EV_HINT;
	ev.u.hint.kind = MIP6_HINT_PACKET;
	ev.u.hint.ifindex = FIX_IFINDEX;
	ev.u.hint.ll_src = thief;
	ev.u.hint.octets = buf;
	ev.u.hint.count =
	    mh_build(t->x.node, buf, sizeof(buf), &to, &m, NULL, NULL, NULL);
	t->x.seen = t->x.sents;
	fix_give(&t->x, &ev);
	s = fix_next_mh(&t->x, &m);
	assert_true(
	    s == NULL || m.type == MIP6_MH_HOT || m.type == MIP6_MH_COT);
	return s;
}

static bool
goes_to(struct cn_fix *t, const struct fix_sent *s, const char *neighbour)
{
	struct mip6_addr a = fix_addr(neighbour);

	return s != NULL && !s->act.has_lladdr && s->act.hop != MIP6_HOP_NONE &&
	    mip6_addr_equal(&t->x.node->neighbour[s->act.hop].addr, &a) &&
	    t->x.node->neighbour[s->act.hop].ifindex == FIX_IFINDEX;
}

static void
test_back(void **state)
{
	static const enum mip6_mh_type type[] = { MIP6_MH_HOTI, MIP6_MH_COTI };
	struct cn_fix *t = test_malloc(sizeof(*t));
	const struct fix_sent *s;
	struct mip6_event ev;
	size_t i;

	(void)state;
	cn_fix_init(t);
	/* An address on the link is asked for there. */
	for (i = 0; i < MIP6_COUNT(type); i++) {
		s = asked(t, type[i], "2001:db8:c::5");
		assert_true(goes_to(t, s, "2001:db8:c::5"));
	}
	/* The host knows a router: by it alone. */
	for (i = 0; i < MIP6_COUNT(type); i++) {
		s = asked(t, type[i], CN_HOA);
		assert_true(goes_to(t, s, "fe80::fe"));
	}
	/* Another, as soon as the host's routes say so. */
	t->x.route.nexthop = fix_addr("fe80::2");
	memset(&ev, 0, sizeof(ev));
	ev.kind = MIP6_EV_ROUTES;
	fix_give(&t->x, &ev);
	fix_wait(&t->x, MIP6_SPAN_S(1));
	assert_true(goes_to(t, asked(t, MIP6_MH_HOTI, CN_HOA), "fe80::2"));
	/* It knows none, or on another link: back to where it came from. */
	for (i = 0; i < 2; i++) {
		t->x.refuse = i == 0 ? 1u << MIP6_ACT_ROUTE_GET : 0;
		t->x.route.ifindex = i == 0 ? FIX_IFINDEX : 99;
		fix_give(&t->x, &ev);
		fix_wait(&t->x, MIP6_SPAN_S(1));
		s = asked(t, MIP6_MH_HOTI, CN_HOA);
		assert_non_null(s);
		assert_true(s->act.has_lladdr);
		assert_memory_equal(&s->act.lladdr, &thief, sizeof(thief));
	}
	/* What was only asked for is held by nobody. */
	for (i = 0; i < MIP6_NEIGHBOURS_MAX; i++)
		assert_int_equal(t->x.node->neighbour[i].refs, 0);
	cn_fix_fini(t);
	test_free(t);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_back),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
