/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Updates that overtake each other, and more of them than there is room for.
 *
 * Links: core
 */
#include "core_fix.h"

#include <stdio.h>

#include "core/ha_int.h"

#define FULL_COA_A "2001:db8:a::5"
#define FULL_COA_B "2001:db8:b::5"

struct full {
	struct fix x;
	struct mip6_conf_mobile mobile;
	struct mip6_conf_sa sa;
};

static struct full *
full_new(enum mip6_durability durability)
{
	struct full *t = test_malloc(sizeof(*t));

	fix_ha(&t->x, &t->mobile);
	t->x.conf.ha.durability = durability;
	t->sa = fix_sa();
	return t;
}

static void
full_delete(struct full *t)
{
	fix_fini(&t->x);
	test_free(t);
}

static int
answer(struct full *t)
{
	struct mip6_mh m;

	return fix_next_mh(&t->x, &m) == NULL ? -1 : m.u.ba.status;
}

static int
update(struct full *t, uint16_t seq, int64_t lifetime_s, const char *coa)
{
	struct fix_bu bu = fix_update(seq, &t->sa);

	bu.src = bu.alt_coa = coa;
	bu.lifetime = MIP6_SPAN_S(lifetime_s);
	t->x.seen = t->x.sents;
	fix_send_bu(&t->x, &bu);
	return answer(t);
}

/* Ends what is outstanding of these kinds; the answer to ROUTE_GET is `to`. */
static void
end(struct full *t, uint32_t kinds, const char *to, int error)
{
	struct mip6_event ev;
	size_t i, dues = t->x.dues;

	for (i = 0; i < dues; i++) {
		if (t->x.due[i] == 0 || (kinds >> t->x.due_kind[i] & 1) == 0)
			continue;
		memset(&ev, 0, sizeof(ev));
		ev.kind = MIP6_EV_DONE;
		ev.u.done.action = t->x.due[i];
		ev.u.done.error = error;
		ev.u.done.route = t->x.route;
		ev.u.done.route.nexthop = fix_addr(to);
		t->x.due[i] = 0;
		fix_event(&t->x, &ev);
	}
}

#define FULL_STORE (1u << MIP6_ACT_STORE)
#define FULL_WAY   (1u << MIP6_ACT_ROUTE_GET)
#define FULL_HOST  (~(FULL_STORE | FULL_WAY))

static uint32_t
held(const struct full *t)
{
	uint32_t i, refs = 0;

	for (i = 0; i < MIP6_NEIGHBOURS_MAX; i++)
		if (t->x.node->neighbour[i].state != MIP6_NUD_NONE)
			refs += t->x.node->neighbour[i].refs;
	return refs;
}

/* The next hop of the only binding. */
static void
leads_to(const struct full *t, const char *hop)
{
	const struct mip6_binding *b =
	    mip6_bcache_get(&t->x.node->ha->bcache, 0);
	struct mip6_addr a = fix_addr(hop);

	assert_int_equal(b->state, MIP6_BINDING_REGISTERED);
	assert_int_not_equal(b->hop, MIP6_HOP_NONE);
	assert_true(mip6_addr_equal(&t->x.node->neighbour[b->hop].addr, &a));
}

/* A binding by fe80::a, after which nothing ends by itself. */
static void
bind_by_a(struct full *t)
{
	t->x.hold = true;
	(void)update(t, 1, 600, FULL_COA_A);
	end(t, FULL_HOST | FULL_WAY, "fe80::a", 0);
	end(t, FULL_STORE, "::", 0);
	leads_to(t, "fe80::a");
}

/* The first answer is about B, the second about A, which is where it is. */
static void
answers_come(struct full *t)
{
	struct mip6_event ev;
	size_t i, ways = 0;

	for (i = 0; i < t->x.dues; i++) {
		if (t->x.due[i] == 0 || t->x.due_kind[i] != MIP6_ACT_ROUTE_GET)
			continue;
		memset(&ev, 0, sizeof(ev));
		ev.kind = MIP6_EV_DONE;
		ev.u.done.action = t->x.due[i];
		ev.u.done.route = t->x.route;
		ev.u.done.route.nexthop =
		    fix_addr(ways++ == 0 ? "fe80::b" : "fe80::c");
		t->x.due[i] = 0;
		fix_event(&t->x, &ev);
		leads_to(t, ways == 1 ? "fe80::a" : "fe80::c");
	}
	assert_int_equal(ways, 2);
}

/* It comes home while its update waits: no neighbour is held for ever. */
static void
test_overtaken_by_its_end(void **state)
{
	struct full *t = full_new(MIP6_DURABILITY_SYNC);

	(void)state;
	bind_by_a(t);
	assert_int_equal(held(t), 1);
	(void)update(t, 2, 600, FULL_COA_B);
	end(t, FULL_WAY, "fe80::b", 0);
	assert_int_equal(held(t), 2);
	(void)update(t, 3, 0, FULL_COA_B);
	end(t, FULL_HOST | FULL_WAY, "fe80::b", 0);
	end(t, FULL_STORE, "::", 0);
	assert_int_equal(held(t), 0);
	full_delete(t);
}

/* P-WAY: there and back at once; the answer about there comes last. */
static void
test_back_before_the_answer(void **state)
{
	struct full *t = full_new(MIP6_DURABILITY_SYNC);

	(void)state;
	bind_by_a(t);
	(void)update(t, 2, 600, FULL_COA_B);
	t->x.hold = true;
	(void)update(t, 3, 600, FULL_COA_A);
	end(t, FULL_STORE, "::", 0);
	assert_int_equal(answer(t), 0);
	leads_to(t, "fe80::a");
	answers_come(t);
	full_delete(t);
}

/* P-WAY: it stays where it was, since the store refused the move. */
static void
test_refused_before_the_answer(void **state)
{
	struct full *t = full_new(MIP6_DURABILITY_SYNC);

	(void)state;
	bind_by_a(t);
	(void)update(t, 2, 600, FULL_COA_B);
	end(t, FULL_WAY, "fe80::b", 0);
	fix_give(&t->x, &(struct mip6_event){ .kind = MIP6_EV_ROUTES });
	fix_wait(&t->x, MIP6_SPAN_MS(10)); /* the walk asks about B */
	end(t, FULL_STORE, "::", 28);
	assert_int_equal(answer(t), 130);
	leads_to(t, "fe80::a");
	answers_come(t);
	full_delete(t);
}

/* P-WAY: who stays where it is has its way; nothing is asked for. */
static void
test_refresh_asks_nothing(void **state)
{
	struct full *t = full_new(MIP6_DURABILITY_SYNC);

	(void)state;
	bind_by_a(t);
	t->x.acts = 0;
	(void)update(t, 2, 600, FULL_COA_A);
	(void)update(t, 3, 600, FULL_COA_A);
	end(t, FULL_STORE, "::", 28);
	assert_int_equal(answer(t), 130);
	assert_null(fix_last(&t->x, MIP6_ACT_ROUTE_GET));
	leads_to(t, "fe80::a");
	full_delete(t);
}

/* The routes change under a move that waits for the store. */
static void
test_routes_change_under_a_move(void **state)
{
	struct full *t = full_new(MIP6_DURABILITY_SYNC);

	(void)state;
	bind_by_a(t);
	(void)update(t, 2, 600, FULL_COA_B);
	end(t, FULL_WAY, "fe80::b", 0);
	fix_give(&t->x, &(struct mip6_event){ .kind = MIP6_EV_ROUTES });
	fix_wait(&t->x, MIP6_SPAN_MS(10));
	end(t, FULL_WAY, "fe80::d", 0);
	end(t, FULL_STORE, "::", 0);
	leads_to(t, "fe80::d");
	full_delete(t);
}

/* P-KEPT: as many new ones as may wait; who has a binding moves all the same. */
static void
test_many_wait(void **state)
{
	struct full *t = test_malloc(sizeof(*t));
	struct mip6_ha *ha;
	char hoa[64];
	uint32_t i, most = MIP6_PENDING_MAX - MIP6_PENDING_MAX / 4;
	struct fix_bu bu;

	(void)state;
	t->sa = fix_sa();
	fix_init(&t->x);
	t->x.conf.insecure = true;
	t->x.conf.ha.on = true;
	memcpy(t->x.conf.ha.interface, "eth0", 5);
	fix_home_prefix(&t->x);
	t->x.conf.ha.lifetime_max = MIP6_SPAN_S(3600);
	t->x.conf.ha.bindings_max = 2 * MIP6_PENDING_MAX;
	t->x.conf.ha.durability = MIP6_DURABILITY_SYNC;
	fix_configure(&t->x);
	fix_link(&t->x, true);
	fix_host_addr(&t->x, FIX_AGENT, 64, 0, false);
	bind_by_a(t);
	ha = t->x.node->ha;
	for (i = 0; i <= most; i++) {
		t->x.acts = t->x.dues = t->x.sents = t->x.seen = 0;
		(void)snprintf(hoa, sizeof(hoa), "2001:db8:1::7:%x", i);
		bu = fix_update(1, NULL);
		bu.hoa = hoa;
		fix_send_bu(&t->x, &bu);
		assert_int_equal(answer(t), i < most ? -1 : 130);
	}
	assert_int_equal(ha->pendings, most);
	/* Without a key none may be too many: who is there is there. */
	t->x.acts = t->x.dues = t->x.sents = 0;
	assert_int_equal(update(t, 2, 600, FULL_COA_B), -1);
	end(t, FULL_WAY, "fe80::b", 0);
	end(t, FULL_STORE, "::", 0);
	assert_int_equal(answer(t), 0);
	leads_to(t, "fe80::b");
	assert_int_equal(ha->pendings, most);
	full_delete(t);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_overtaken_by_its_end),
		cmocka_unit_test(test_back_before_the_answer),
		cmocka_unit_test(test_refused_before_the_answer),
		cmocka_unit_test(test_refresh_asks_nothing),
		cmocka_unit_test(test_routes_change_under_a_move),
		cmocka_unit_test(test_many_wait),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
