/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Several links: the preferred one that works, and no move without a reason.
 *
 * Implements (as a test of): RFC 6275 sections 11.5.3 and 11.5.4.
 *
 * Links: core
 */
#include "core/mn_int.h"

#include "core_fix.h"

#define ETH0 FIX_IFINDEX
#define ETH1 (FIX_IFINDEX + 1)

/* eth0 is preferred to eth1; neither is up. */
static struct fix *
begin(void)
{
	struct fix *x = test_malloc(sizeof(*x));

	fix_mn(x);
	memcpy(x->conf.mn.interface[0], "eth0", 5);
	memcpy(x->conf.mn.interface[1], "eth*", 5);
	x->conf.mn.interfaces = 2;
	fix_configure(x);
	return x;
}

static void
end(struct fix *x)
{
	fix_fini(x);
	test_free(x);
}

static void
up(struct fix *x, uint32_t ifindex, bool is_up)
{
	x->ifindex = ifindex;
	fix_link(x, is_up);
	if (is_up)
		fix_ra(x,
		    ifindex == ETH0 ? "2001:db8:a::" : "2001:db8:b::", 1800);
}

/* The home agent accepts what it was sent last. */
static void
accepted(struct fix *x)
{
	struct mip6_conf_sa sa = fix_sa();
	const struct fix_sent *s = NULL, *last;
	struct fix_ba ba;
	struct mip6_mh m;

	while ((last = fix_next_mh(x, &m)) != NULL)
		s = last;
	assert_non_null(s);
	ba = fix_accept(&m, &sa);
	fix_answer(x, s, NULL, &ba);
	assert_int_equal(x->node->mn->home[0].state, MN_REGISTERED);
}

static uint32_t
at(const struct fix *x)
{
	return x->node->mn->home[0].at.ifindex;
}

static void
test_preference(void **state)
{
	struct fix *x = begin();
	struct mip6_conf_mn *c = &x->conf.mn;

	(void)state;
	assert_int_equal(mip6_conf_interface_preference(c, "eth0"), 0);
	assert_int_equal(mip6_conf_interface_preference(c, "eth1"), 1);
	assert_int_equal(mip6_conf_interface_preference(c, "wlan0"),
	    MIP6_INTERFACE_NONE);
	assert_false(mip6_conf_interface_match(c, "wlan0"));
	assert_true(mip6_conf_interface_match(c, "eth0"));
	/* The better one is taken when it has lasted. */
	up(x, ETH1, true);
	assert_int_equal(at(x), ETH1);
	up(x, ETH0, true);
	assert_int_equal(at(x), ETH1);
	fix_wait(x, MIP6_SPAN_MS(999));
	assert_int_equal(at(x), ETH1);
	fix_wait(x, MIP6_SPAN_MS(2));
	assert_int_equal(at(x), ETH0);
	/* The other one takes over when it fails, at once. */
	up(x, ETH0, false);
	assert_int_equal(at(x), ETH1);
	end(x);
}

/* It comes and goes: nothing happens until it stays. */
static void
test_flapping(void **state)
{
	struct fix *x = begin();
	int i;

	(void)state;
	up(x, ETH1, true);
	accepted(x);
	for (i = 0; i < 20; i++) {
		up(x, ETH0, true);
		fix_wait(x, MIP6_SPAN_MS(900));
		up(x, ETH0, false);
		fix_wait(x, MIP6_SPAN_MS(900));
		assert_int_equal(at(x), ETH1);
	}
	assert_int_equal(x->node->mn->handovers, 1);
	end(x);
}

/* Alike, the one in use stays; at first the one that has lasted longer. */
static void
test_equals(void **state)
{
	struct fix *x = begin();

	(void)state;
	memcpy(x->conf.mn.interface[0], "eth*", 5);
	x->conf.mn.interfaces = 1;
	fix_configure(x);
	up(x, ETH1, true);
	accepted(x);
	up(x, ETH0, true);
	fix_wait(x, MIP6_SPAN_S(60));
	assert_int_equal(at(x), ETH1);
	up(x, ETH1, false);
	accepted(x);
	assert_int_equal(at(x), ETH0);
	up(x, ETH1, true);
	fix_wait(x, MIP6_SPAN_S(60));
	assert_int_equal(at(x), ETH0);
	/* Left because nothing came through: no reason to go back later. */
	x->node->now = x->now;
	(void)link_blame(x->node, link_find(x->node, ETH0));
	fix_wait(x, MIP6_SPAN_MS(1));
	accepted(x);
	fix_wait(x, MIP6_SPAN_S(32));
	assert_int_equal(at(x), ETH1);
	end(x);
}

/* No answer by the better one: the other, and the better one again later. */
static void
test_blame(void **state)
{
	struct fix *x = begin();
	struct mip6_link *l;
	int i;

	(void)state;
	up(x, ETH0, true);
	up(x, ETH1, true);
	accepted(x);
	assert_int_equal(at(x), ETH0);
	l = link_find(x->node, ETH0);
	for (i = 0; i < 3; i++) {
		x->node->now = x->now;
		(void)link_blame(x->node, l);
		/* Once is enough. */
		(void)link_blame(x->node, l);
		fix_wait(x, MIP6_SPAN_MS(1));
		assert_int_equal(at(x), ETH1);
		accepted(x);
		fix_wait(x, MIP6_SPAN_S((30 << i) - 1));
		assert_int_equal(at(x), ETH1);
		fix_wait(x, MIP6_SPAN_S(2));
		assert_int_equal(at(x), ETH0);
	}
	link_praise(x->node, l);
	x->node->now = x->now;
	(void)link_blame(x->node, l);
	fix_wait(x, MIP6_SPAN_MS(1));
	accepted(x);
	fix_wait(x, MIP6_SPAN_S(29));
	assert_int_equal(at(x), ETH1);
	fix_wait(x, MIP6_SPAN_S(2));
	assert_int_equal(at(x), ETH0);
	/* Alone, a blamed link is used all the same. */
	up(x, ETH1, false);
	x->node->now = x->now;
	(void)link_blame(x->node, l);
	fix_wait(x, MIP6_SPAN_MS(1));
	assert_int_equal(at(x), ETH0);
	end(x);
}

/* Answers come and no traffic: they do not make up for it, but time does. */
static void
test_bar(void **state)
{
	struct fix *x = begin();
	struct mip6_link *l;
	int i;

	(void)state;
	up(x, ETH0, true);
	up(x, ETH1, true);
	accepted(x);
	assert_int_equal(at(x), ETH0);
	l = link_find(x->node, ETH0);
	for (i = 0; i < 3; i++) {
		x->node->now = x->now;
		link_bar(x->node, l);
		fix_wait(x, MIP6_SPAN_MS(1));
		assert_int_equal(at(x), ETH1);
		accepted(x);
		fix_wait(x, MIP6_SPAN_S((30 << i) - 1));
		assert_int_equal(at(x), ETH1);
		fix_wait(x, MIP6_SPAN_S(2));
		assert_int_equal(at(x), ETH0);
		x->node->now = x->now;
		link_praise(x->node, l);
		assert_int_equal(l->blamed, i + 1);
	}
	x->node->now.boot = mip6_time_add(x->now.boot, MIP6_SPAN_S(7201));
	link_praise(x->node, l);
	assert_int_equal(l->blamed, 0);
	/* Another network, on the same interface. */
	x->node->now = x->now;
	link_bar(x->node, l);
	up(x, ETH0, false);
	up(x, ETH0, true);
	assert_int_equal(l->blamed, 0);
	assert_false(l->barred);
	end(x);
}

/* P-BLAME: a network that lets nothing through, and one that does. */
static void
test_no_way(void **state)
{
	struct fix *x = begin();
	struct mip6_conf_sa sa = fix_sa();
	const struct fix_sent *s = NULL, *last;
	struct mip6_mh m;
	struct fix_ba ba;
	int sent = 0;

	(void)state;
	up(x, ETH0, true);
	up(x, ETH1, true);
	fix_wait(x, MIP6_SPAN_S(20));
	assert_int_equal(at(x), ETH1);
	/* Three by the one, the rest by the other. */
	while ((last = fix_next_mh(x, &m)) != NULL) {
		s = last;
		assert_int_equal(s->ip.ip.src.b[5], sent < 3 ? 0x0a : 0x0b);
		sent++;
	}
	assert_true(sent > 3);
	assert_int_equal(s->act.ifindex, ETH1);
	ba = fix_accept(&m, &sa);
	fix_answer(x, s, NULL, &ba);
	assert_int_equal(x->node->mn->home[0].state, MN_REGISTERED);
	/* The better one is tried again, the binding kept meanwhile. */
	fix_wait(x, MIP6_SPAN_S(21));
	assert_int_equal(at(x), ETH0);
	assert_int_equal(x->node->mn->home[0].state, MN_UPDATING);
	assert_int_equal(x->node->mn->home[0].row.local.b[5], 0x0b);
	while ((last = fix_next_mh(x, &m)) != NULL)
		s = last;
	ba = fix_accept(&m, &sa);
	fix_answer(x, s, NULL, &ba);
	assert_int_equal(x->node->mn->home[0].row.local.b[5], 0x0a);
	assert_int_equal(link_find(x->node, ETH0)->blamed, 0);
	/* With nothing else the updates go on. */
	up(x, ETH1, false);
	up(x, ETH0, false);
	up(x, ETH0, true);
	x->seen = x->sents;
	fix_wait(x, MIP6_SPAN_S(40));
	for (sent = 0; fix_next_mh(x, &m) != NULL; sent++)
		;
	assert_true(sent >= 5);
	end(x);
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_preference),
		cmocka_unit_test(test_flapping),
		cmocka_unit_test(test_equals),
		cmocka_unit_test(test_blame),
		cmocka_unit_test(test_bar),
		cmocka_unit_test(test_no_way),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
