/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What a binding waits for: answers about former care-of addresses, links that
 * are none, errors that are over.
 *
 * Links: core
 */
#include "cn_fix.h"

static struct cn_fix *
way_new(void)
{
	struct cn_fix *t = test_malloc(sizeof(*t));

	cn_fix_init(t);
	cn_fix_tokens_of(t, CN_HOA, CN_COA);
	return t;
}

static void
way_delete(struct cn_fix *t)
{
	cn_fix_fini(t);
	test_free(t);
}

/* Ends the actions of a kind that are due, with `error`; others wait on. */
static void
end(struct cn_fix *t, enum mip6_action_kind kind, int error,
    const char *nexthop)
{
	struct mip6_event ev;
	size_t i, due = t->x.dues;

	for (i = 0; i < due; i++) {
		if (t->x.due_kind[i] != kind || t->x.due[i] == 0)
			continue;
		memset(&ev, 0, sizeof(ev));
		ev.kind = MIP6_EV_DONE;
		ev.u.done.action = t->x.due[i];
		ev.u.done.error = error;
		ev.u.done.route = t->x.route;
		ev.u.done.route.nexthop = fix_addr(nexthop);
		t->x.due[i] = 0;
		fix_event(&t->x, &ev);
	}
}

/* The next hop of the row. */
static bool
by(struct cn_fix *t, const char *nexthop)
{
	struct mip6_addr our = fix_addr(CN_OUR), hoa = fix_addr(CN_HOA);
	struct mip6_addr want = fix_addr(nexthop);
	const struct mip6_fwd_row *r = direct_find(t->x.node, &our, &hoa);

	return r != NULL &&
	    mip6_addr_equal(&t->x.node->neighbour[r->hop].addr, &want);
}

/* There and back again before the host has answered. */
static void
test_back_again(void **state)
{
	struct cn_fix *t = way_new();
	struct cn_fix_bu bu = cn_fix_update(1);

	(void)state;
	assert_int_equal(cn_fix_bu(t, &bu), MIP6_BA_ACCEPTED);
	assert_true(by(t, "fe80::fe"));
	t->x.hold = true;
	cn_fix_tokens_of(t, CN_HOA, CN_COA2);
	bu = cn_fix_update(2);
	bu.src = CN_COA2;
	cn_fix_send(t, &bu);
	cn_fix_tokens_of(t, CN_HOA, CN_COA);
	bu = cn_fix_update(3);
	assert_int_equal(cn_fix_bu(t, &bu), MIP6_BA_ACCEPTED);
	assert_int_equal(t->x.dues, 2);
	/* The way to where it is not any more. */
	t->x.due_kind[1] = MIP6_ACT_SEND;
	end(t, MIP6_ACT_ROUTE_GET, 0, "fe80::bad");
	assert_true(by(t, "fe80::fe"));
	/* And the one to where it is. */
	end(t, MIP6_ACT_SEND, 0, "fe80::2");
	assert_true(by(t, "fe80::2"));
	assert_true(cn_fix_leads(t, CN_OUR, CN_HOA, CN_COA));
	way_delete(t);
}

/* A way that failed for one care-of address says nothing of the next. */
static void
test_errors(void **state)
{
	struct cn_fix *t = way_new();
	struct cn_fix_bu bu = cn_fix_update(1);
	struct mip6_mh m;

	(void)state;
	t->x.hold = true;
	cn_fix_send(t, &bu);
	end(t, MIP6_ACT_ROUTE_GET, 101, "fe80::fe");
	cn_fix_tokens_of(t, CN_HOA, CN_COA2);
	bu = cn_fix_update(2);
	bu.src = CN_COA2;
	cn_fix_send(t, &bu);
	end(t, MIP6_ACT_ROUTE_GET, 0, "fe80::fe");
	end(t, MIP6_ACT_ROUTE, 0, "fe80::fe");
	assert_int_equal(cn_fix_status(t, &bu, &m), MIP6_BA_ACCEPTED);
	assert_true(cn_fix_leads(t, CN_OUR, CN_HOA, CN_COA2));
	way_delete(t);
}

/* A host that refuses the route is asked again by the next update. */
static void
test_host_error(void **state)
{
	struct cn_fix *t = way_new();
	struct cn_fix_bu bu = cn_fix_update(1);
	struct mip6_mh m;

	(void)state;
	t->x.hold = true;
	cn_fix_send(t, &bu);
	end(t, MIP6_ACT_ROUTE, 12, "fe80::fe");
	cn_fix_tokens_of(t, CN_HOA, CN_COA2);
	bu = cn_fix_update(2);
	bu.src = CN_COA2;
	cn_fix_send(t, &bu);
	end(t, MIP6_ACT_ROUTE_GET, 0, "fe80::fe");
	assert_null(fix_next_mh(&t->x, &m));
	assert_true(cn_fix_leads(t, CN_OUR, CN_HOA, NULL));
	end(t, MIP6_ACT_ROUTE, 0, "fe80::fe");
	t->x.seen = 0;
	while (fix_next_mh(&t->x, &m) != NULL && m.type != MIP6_MH_BA)
		continue;
	assert_int_equal(m.type, MIP6_MH_BA);
	assert_int_equal(m.u.ba.status, MIP6_BA_ACCEPTED);
	assert_true(cn_fix_leads(t, CN_OUR, CN_HOA, CN_COA2));
	way_delete(t);
}

/* The binding ends while its move is on the way: the move takes effect. */
static void
test_late(void **state)
{
	struct cn_fix *t = way_new();
	struct cn_fix_bu bu = cn_fix_update(1);
	struct mip6_mh m;

	(void)state;
	bu.lifetime_s = 8;
	assert_int_equal(cn_fix_bu(t, &bu), MIP6_BA_ACCEPTED);
	cn_fix_tokens_of(t, CN_HOA, CN_COA2);
	t->x.hold = true;
	bu = cn_fix_update(2);
	bu.src = CN_COA2;
	cn_fix_send(t, &bu);
	fix_wait(&t->x, MIP6_SPAN_S(9));
	assert_true(cn_fix_leads(t, CN_OUR, CN_HOA, NULL));
	t->x.hold = false;
	fix_settle(&t->x);
	assert_int_equal(cn_fix_status(t, &bu, &m), MIP6_BA_ACCEPTED);
	assert_true(cn_fix_leads(t, CN_OUR, CN_HOA, CN_COA2));
	/* Without one it is over. */
	fix_wait(&t->x, MIP6_SPAN_S(401));
	assert_true(cn_fix_leads(t, CN_OUR, CN_HOA, NULL));
	assert_false(fix_last(&t->x, MIP6_ACT_ROUTE)->u.route.on);
	way_delete(t);
}

/* A care-of address that the host would send to us, or nowhere. */
static void
test_no_link(void **state)
{
	struct cn_fix *t = way_new();
	struct cn_fix_bu bu = cn_fix_update(1);

	(void)state;
	t->x.route.ifindex = 99;
	assert_int_equal(cn_fix_bu(t, &bu), MIP6_BA_INSUFFICIENT_RESOURCES);
	assert_true(cn_fix_leads(t, CN_OUR, CN_HOA, NULL));
	assert_false(fix_last(&t->x, MIP6_ACT_ROUTE)->u.route.on);
	t->x.route.ifindex = FIX_IFINDEX;
	bu.seq = 2;
	assert_int_equal(cn_fix_bu(t, &bu), MIP6_BA_ACCEPTED);
	way_delete(t);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_back_again),
		cmocka_unit_test(test_errors),
		cmocka_unit_test(test_host_error),
		cmocka_unit_test(test_late),
		cmocka_unit_test(test_no_link),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
