/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The home agent says from where else a mobile node's packets may still come:
 * from where it was bound until now, for two seconds, when it moves.
 *
 * Links: core
 */
#include "core_fix.h"

struct former {
	struct fix x;
	struct mip6_conf_mobile mobile;
	struct mip6_conf_sa sa;
};

static struct former *
former_new(void)
{
	struct former *t = test_malloc(sizeof(*t));

	fix_ha(&t->x, &t->mobile);
	t->sa = fix_sa();
	return t;
}

static void
former_delete(struct former *t)
{
	fix_fini(&t->x);
	test_free(t);
}

static const struct mip6_action *
update(struct former *t, uint16_t seq, int64_t lifetime_s, const char *coa,
    enum mip6_action_kind kind)
{
	struct fix_bu bu = fix_update(seq, &t->sa);

	bu.src = bu.alt_coa = coa;
	bu.lifetime = MIP6_SPAN_S(lifetime_s);
	t->x.acts = 0;
	fix_send_bu(&t->x, &bu);
	return fix_last(&t->x, kind);
}

static void
assert_former(const struct former *t, const struct mip6_action *a,
    const char *peer, const char *before)
{
	struct mip6_addr p = fix_addr(peer), b = fix_addr(before);

	assert_non_null(a);
	assert_memory_equal(&a->u.row.peer, &p, sizeof(p));
	assert_memory_equal(&a->u.row.peer_before, &b, sizeof(b));
	if (!mip6_addr_is_any(&b))
		assert_int_equal(a->u.row.before_ends.us,
		    t->x.now.boot.us + 2000000);
}

static void
test_moves(void **state)
{
	struct former *t = former_new();

	(void)state;
	/* A new binding was nowhere. */
	assert_former(t, update(t, 1, 600, "2001:db8:a::5", MIP6_ACT_ROW_SET),
	    "2001:db8:a::5", "::");
	/* A refresh changes nothing. */
	assert_null(update(t, 2, 600, "2001:db8:a::5", MIP6_ACT_ROW_SET));
	assert_former(t, update(t, 3, 600, "2001:db8:b::5", MIP6_ACT_ROW_SET),
	    "2001:db8:b::5", "2001:db8:a::5");
	assert_former(t, update(t, 4, 600, "2001:db8:c::5", MIP6_ACT_ROW_SET),
	    "2001:db8:c::5", "2001:db8:b::5");
	former_delete(t);
}

/* It de-registers: the row is gone; from where it was counts no more. */
static void
test_deregisters(void **state)
{
	struct former *t = former_new();

	(void)state;
	assert_non_null(update(t, 1, 600, "2001:db8:a::5", MIP6_ACT_ROW_SET));
	assert_non_null(update(t, 2, 600, "2001:db8:b::5", MIP6_ACT_ROW_SET));
	assert_non_null(update(t, 3, 0, "2001:db8:b::5", MIP6_ACT_ROW_DEL));
	assert_former(t, update(t, 4, 600, "2001:db8:c::5", MIP6_ACT_ROW_SET),
	    "2001:db8:c::5", "::");
	former_delete(t);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_moves),
		cmocka_unit_test(test_deregisters),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
