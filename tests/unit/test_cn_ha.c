/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Home agent and correspondent in one: what a binding is it stays (section
 * 9.5.1, status 139).
 *
 * Links: core
 */
#include "cn_fix.h"

#include "core/ha_int.h"

struct both {
	struct cn_fix t; /* first */
	struct mip6_conf_mobile mobile;
};

static struct both *
both_new(void)
{
	struct both *f = test_malloc(sizeof(*f));

	memset(f, 0, sizeof(*f));
	fix_ha(&f->t.x, &f->mobile);
	f->t.x.conf.cn.on = true;
	f->t.x.conf.cn.bindings_max = 16;
	fix_configure(&f->t.x);
	fix_host_addr(&f->t.x, CN_OUR, 64, 0, false);
	return f;
}

static void
both_delete(struct both *f)
{
	cn_fix_fini(&f->t);
	test_free(f);
}

/* The status of the home agent's answer; -1: none. */
static int
register_home(struct both *f, uint16_t seq, int64_t lifetime_s)
{
	struct fix_bu bu = fix_update(seq, &f->mobile.sa);
	struct mip6_mh m;

	bu.lifetime = MIP6_SPAN_S(lifetime_s);
	f->t.x.seen = f->t.x.sents;
	fix_send_bu(&f->t.x, &bu);
	if (fix_next_mh(&f->t.x, &m) == NULL)
		return -1;
	assert_int_equal(m.type, MIP6_MH_BA);
	assert_true(m.opt.has_mn_ha); /* signed by the home agent's key */
	return m.u.ba.status;
}

/* A correspondent's binding is no home registration. */
static void
test_correspondent_first(void **state)
{
	struct mip6_addr hoa = fix_addr(FIX_HOA);
	struct both *f = both_new();
	struct cn_fix_bu bu = cn_fix_update(1);

	(void)state;
	cn_fix_tokens_of(&f->t, CN_HOA, CN_COA);
	assert_int_equal(cn_fix_bu(&f->t, &bu), MIP6_BA_ACCEPTED);
	assert_int_equal(register_home(f, 1, 600), MIP6_BA_REG_TYPE_CHANGE);
	assert_int_equal(register_home(f, 2, 0), MIP6_BA_REG_TYPE_CHANGE);
	assert_int_equal(fix_drops(&f->t.x, MIP6_DROP_BU_TYPE_CHANGE), 2);
	assert_false(ha_has_binding(f->t.x.node, &hoa));
	assert_true(cn_fix_leads(&f->t, CN_OUR, CN_HOA, CN_COA));
	/* Only while there is one. */
	bu = cn_fix_update(2);
	bu.lifetime_s = 0;
	assert_int_equal(cn_fix_bu(&f->t, &bu), MIP6_BA_ACCEPTED);
	assert_int_equal(register_home(f, 3, 600), MIP6_BA_ACCEPTED);
	assert_true(ha_has_binding(f->t.x.node, &hoa));
	both_delete(f);
}

/* A home registration is no correspondent's binding. */
static void
test_home_first(void **state)
{
	struct mip6_addr hoa = fix_addr(FIX_HOA);
	struct both *f = both_new();
	struct cn_fix_bu bu = cn_fix_update(1);

	(void)state;
	assert_int_equal(register_home(f, 1, 600), MIP6_BA_ACCEPTED);
	cn_fix_tokens_of(&f->t, CN_HOA, CN_COA);
	assert_int_equal(cn_fix_bu(&f->t, &bu), MIP6_BA_REG_TYPE_CHANGE);
	bu = cn_fix_update(2);
	bu.lifetime_s = 0;
	assert_int_equal(cn_fix_bu(&f->t, &bu), MIP6_BA_REG_TYPE_CHANGE);
	assert_int_equal(f->t.x.node->cn->bindings.count, 0);
	assert_false(cn_has_binding(f->t.x.node, &hoa));
	assert_true(ha_has_binding(f->t.x.node, &hoa));
	/* And what is not authentic is told nothing. */
	bu.spoil = true;
	assert_int_equal(cn_fix_bu(&f->t, &bu), -1);
	both_delete(f);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_correspondent_first),
		cmocka_unit_test(test_home_first),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
