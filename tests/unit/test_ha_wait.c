/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Nothing is promised before it is stored.
 *
 * Links: core
 */
#include "core_fix.h"

#include "core/ha_int.h"

struct waiting {
	struct fix x;
	struct mip6_conf_mobile mobile;
	struct mip6_conf_sa sa;
};

static struct waiting *
wait_new(void)
{
	struct waiting *t = test_malloc(sizeof(*t));

	fix_ha(&t->x, &t->mobile);
	t->x.conf.ha.durability = MIP6_DURABILITY_SYNC;
	t->sa = fix_sa();
	return t;
}

static void
wait_delete(struct waiting *t)
{
	fix_fini(&t->x);
	test_free(t);
}

static int
update(struct waiting *t, uint16_t seq, int64_t lifetime_s, const char *coa)
{
	struct fix_bu bu = fix_update(seq, &t->sa);
	struct mip6_mh m;

	bu.src = bu.alt_coa = coa;
	bu.lifetime = MIP6_SPAN_S(lifetime_s);
	t->x.seen = t->x.sents;
	fix_send_bu(&t->x, &bu);
	return fix_next_mh(&t->x, &m) == NULL ? -1 : m.u.ba.status;
}

/* Ends of actions of a kind come; the others are held. */
static void
end(struct waiting *t, bool of_store, int error)
{
	struct mip6_event ev;
	size_t i, dues = t->x.dues;

	for (i = 0; i < dues; i++) {
		if (t->x.due[i] == 0 ||
		    (t->x.due_kind[i] == MIP6_ACT_STORE) != of_store)
			continue;
		memset(&ev, 0, sizeof(ev));
		ev.kind = MIP6_EV_DONE;
		ev.u.done.action = t->x.due[i];
		ev.u.done.error = error;
		ev.u.done.route = t->x.route;
		t->x.due[i] = 0;
		fix_event(&t->x, &ev);
	}
}

static int
answer(struct waiting *t)
{
	struct mip6_mh m;

	return fix_next_mh(&t->x, &m) == NULL ? -1 : m.u.ba.status;
}

static void
test_store_is_waited_for(void **state)
{
	struct waiting *t = wait_new();

	(void)state;
	t->x.hold = true;
	assert_int_equal(update(t, 1, 600, "2001:db8:a::5"), -1);
	end(t, false, 0);
	assert_int_equal(answer(t), -1);
	assert_null(fix_last(&t->x, MIP6_ACT_ROW_SET));
	end(t, true, 0);
	assert_int_equal(answer(t), 0);
	/* A refresh as well; a newer one takes its place. */
	assert_int_equal(update(t, 2, 600, "2001:db8:a::5"), -1);
	assert_int_equal(update(t, 3, 600, "2001:db8:a::5"), -1);
	end(t, true, 0);
	assert_int_equal(answer(t), 0);
	assert_int_equal(answer(t), -1);
	/* And a de-registration. */
	assert_int_equal(update(t, 4, 0, "2001:db8:a::5"), -1);
	end(t, false, 0);
	assert_int_equal(answer(t), -1);
	end(t, true, 0);
	assert_int_equal(answer(t), 0);
	wait_delete(t);
}

/* P-PROMISE: what cannot be stored is refused; what was there stays. */
static void
test_store_fails(void **state)
{
	struct waiting *t = wait_new();

	(void)state;
	t->x.refuse = 1u << MIP6_ACT_STORE;
	assert_int_equal(update(t, 1, 600, "2001:db8:a::5"), 130);
	assert_null(fix_last(&t->x, MIP6_ACT_ROW_SET));
	assert_false(fix_last(&t->x, MIP6_ACT_ROUTE)->u.route.on);
	t->x.refuse = 0;
	assert_int_equal(update(t, 2, 600, "2001:db8:a::5"), 0);
	t->x.acts = 0;
	t->x.refuse = 1u << MIP6_ACT_STORE;
	assert_int_equal(update(t, 3, 600, "2001:db8:b::5"), 130);
	assert_null(fix_last(&t->x, MIP6_ACT_ROW_SET));
	assert_null(fix_last(&t->x, MIP6_ACT_ROW_DEL));
	/* Given up is given up: the promise holds now. */
	assert_int_equal(update(t, 4, 0, "2001:db8:b::5"), 0);
	wait_delete(t);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_store_is_waited_for),
		cmocka_unit_test(test_store_fails),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
