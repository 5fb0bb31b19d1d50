/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What a node says of itself: each table, page by page, and why traffic does
 * not flow.
 *
 * Links: core
 */
#include "core_fix.h"

#include "base/fmt.h"

struct seen {
	size_t count;
	struct mip6_show_binding binding;
	struct mip6_show_registration reg;
	char why[256];
	struct mip6_show_link link;
	struct mip6_show_router router;
	struct mip6_show_prefix prefix;
	struct mip6_show_neighbour neighbour;
	struct mip6_show_timer timer;
	struct mip6_show_handover handover;
};

#define SEEN(name, field, type)                                                \
	static void see_##name(void *arg, const struct type *row)              \
	{                                                                      \
		struct seen *s = arg;                                          \
		s->count++;                                                    \
		s->field = *row;                                               \
	}
SEEN(binding, binding, mip6_show_binding)
SEEN(link, link, mip6_show_link)
SEEN(router, router, mip6_show_router)
SEEN(prefix, prefix, mip6_show_prefix)
SEEN(neighbour, neighbour, mip6_show_neighbour)
SEEN(timer, timer, mip6_show_timer)
SEEN(handover, handover, mip6_show_handover)

static void
see_reg(void *arg, const struct mip6_show_registration *row)
{
	struct seen *s = arg;

	s->count++;
	s->reg = *row;
	assert_true(strlen(row->why) < sizeof(s->why));
	memcpy(s->why, row->why, strlen(row->why) + 1);
}

/* The sentence, asserted. */
static void
why_is(struct fix *x, const char *want)
{
	char buf[256];
	struct mip6_fmt f = mip6_fmt_make(buf, sizeof(buf));

	mip6_show_why(x->node, &x->now, &f);
	assert_string_equal(buf, want);
}

static void
test_mobile_node(void **state)
{
	struct fix *x = test_malloc(sizeof(*x));
	struct mip6_conf_sa sa = fix_sa();
	struct mip6_addr hoa = fix_addr(FIX_HOA), from = fix_addr("fe80::fe");
	const struct fix_sent *s;
	struct seen w;
	struct fix_ba ba;
	struct mip6_mh m;

	(void)state;
	fix_mn(x);
	why_is(x, "no interface of the configuration is there");
	fix_link(x, true);
	fix_wait(x, MIP6_SPAN_MS(300));
	why_is(x, "no Router Advertisement on eth0: 2 solicitations sent");
	memset(&w, 0, sizeof(w));
	assert_int_equal(mip6_show_links(x->node, &x->now, 0, 9, see_link, &w),
	    1);
	assert_string_equal(w.link.role, "foreign");
	assert_string_equal(w.link.why, "no Router Advertisement");
	assert_true(w.link.up && w.link.captured);
	fix_ra(x, NULL, 1800);
	why_is(x, "no usable care-of address on eth0");
	fix_ra(x, "2001:db8:a::", 1800);
	why_is(x, "waiting for the home agent's answer");
	fix_wait(x, MIP6_SPAN_S(2));
	why_is(x,
	    "no Binding Acknowledgement from 2001:db8:1::1 for 2 s: 2 "
	    "sent");
	assert_int_equal(mip6_show_registrations(x->node, &x->now, 0, 9,
			     see_reg, &w),
	    1);
	assert_string_equal(w.reg.state, "registering");
	assert_true(mip6_addr_equal(&w.reg.hoa, &hoa));
	assert_int_equal(w.reg.unanswered, 2);
	assert_int_equal(w.reg.silent.us, 2000000);
	assert_int_equal(w.reg.last_status, -1);
	assert_int_equal(w.reg.granted.us, 0);
	assert_string_not_equal(w.why, "");
	/* Accepted: nothing is wrong. */
	x->seen = 0;
	while ((s = fix_next_mh(x, &m)) != NULL && m.u.bu.seq != w.reg.seq)
		;
	assert_non_null(s);
	ba = fix_accept(&m, &sa);
	fix_answer(x, s, NULL, &ba);
	why_is(x, "");
	fix_wait(x, MIP6_SPAN_S(10));
	(void)mip6_show_registrations(x->node, &x->now, 0, 9, see_reg, &w);
	assert_string_equal(w.reg.state, "registered");
	assert_string_equal(w.why, "");
	assert_int_equal(w.reg.granted.us, 600000000);
	assert_true(w.reg.left.us < w.reg.granted.us && w.reg.left.us > 0);
	assert_int_equal(w.reg.last_status, 0);
	assert_true(w.reg.last_status_authentic);
	assert_true(mip6_addr_equal(&w.reg.coa, &w.reg.coa_wanted));
	/* The other tables. */
	w.count = 0;
	assert_int_equal(mip6_show_routers(x->node, &x->now, 0, 9, see_router,
			     &w),
	    1);
	assert_true(mip6_addr_equal(&w.router.addr, &from));
	assert_memory_equal(&w.router.lladdr, &fix_router_ll, 6);
	assert_int_equal(w.router.left.us, 1788000000);
	assert_int_equal(mip6_show_prefixes(x->node, &x->now, 0, 9, see_prefix,
			     &w),
	    1);
	assert_int_equal(w.prefix.prefix.bits, 64);
	assert_int_equal(w.prefix.valid.us, 86388000000);
	assert_int_equal(w.prefix.preferred.us, 14388000000);
	assert_int_equal(mip6_show_neighbours(x->node, &x->now, 0, 9,
			     see_neighbour, &w),
	    1);
	assert_true(mip6_addr_equal(&w.neighbour.addr, &from));
	assert_string_equal(w.router.reachable, w.neighbour.state);
	assert_int_equal(mip6_show_handovers(x->node, &x->now, 0, 9,
			     see_handover, &w),
	    1);
	assert_true(mip6_addr_equal(&w.handover.hoa, &hoa));
	assert_true(w.handover.ba_received.us > w.handover.bu_sent.us);
	assert_int_equal(w.handover.first_packet.us, 0);
	w.count = 0;
	assert_true(mip6_show_timers(x->node, &x->now, 0, 99, see_timer, &w) >=
	    4); /* refresh, expiry, router, prefix */
	(void)mip6_show_links(x->node, &x->now, 0, 9, see_link, &w);
	assert_true(mip6_addr_equal(&w.link.coa, &w.reg.coa));
	assert_string_equal(w.link.why, "");
	assert_int_equal(mip6_show_bindings(x->node, &x->now, 0, 9, see_binding,
			     &w),
	    0);
	fix_fini(x);
	test_free(x);
}

static void
test_refused(void **state)
{
	struct fix *x = test_malloc(sizeof(*x));
	struct mip6_conf_sa sa = fix_sa();
	const struct fix_sent *s;
	struct fix_ba ba;
	struct mip6_mh m;

	(void)state;
	fix_mn_foreign(x);
	s = fix_next_mh(x, &m);
	ba = fix_accept(&m, &sa);
	ba.status = MIP6_BA_NOT_HOME_SUBNET;
	ba.lifetime = MIP6_SPAN_S(0);
	fix_answer(x, s, NULL, &ba);
	why_is(x,
	    "refused by 2001:db8:1::1: not-home-subnet (132); asked again in "
	    "600 s");
	fix_fini(x);
	fix_mn_foreign(x);
	s = fix_next_mh(x, &m);
	ba = fix_accept(&m, NULL);
	ba.status = MIP6_BA_AUTH_FAIL;
	ba.lifetime = MIP6_SPAN_S(0);
	fix_answer(x, s, NULL, &ba);
	why_is(x,
	    "refused by 2001:db8:1::1: mipv6-auth-fail (146, not "
	    "authenticated: is the key the same on both sides?)");
	fix_fini(x);
	test_free(x);
}

static void
test_home_agent(void **state)
{
	struct fix *x = test_malloc(sizeof(*x));
	struct mip6_conf_mobile mobile;
	struct mip6_conf_sa sa = fix_sa();
	struct mip6_addr coa = fix_addr("2001:db8:a::5");
	struct fix_bu bu = fix_update(7, &sa);
	struct seen w;

	(void)state;
	fix_ha(x, &mobile);
	why_is(x, "");
	memset(&w, 0, sizeof(w));
	(void)mip6_show_links(x->node, &x->now, 0, 9, see_link, &w);
	assert_string_equal(w.link.role, "home-agent");
	x->hold = true;
	fix_send_bu(x, &bu);
	assert_int_equal(mip6_show_bindings(x->node, &x->now, 0, 9, see_binding,
			     &w),
	    1);
	assert_string_equal(w.binding.state, "pending");
	x->hold = false;
	fix_settle(x);
	fix_wait(x, MIP6_SPAN_S(60));
	(void)mip6_show_bindings(x->node, &x->now, 0, 9, see_binding, &w);
	assert_string_equal(w.binding.state, "registered");
	assert_true(mip6_addr_equal(&w.binding.coa, &coa));
	assert_int_equal(w.binding.seq, 7);
	assert_int_equal(w.binding.granted.us, 600000000);
	assert_int_equal(w.binding.left.us, 540000000);
	assert_true(w.binding.home_registration);
	assert_true(
	    mip6_show_timers(x->node, &x->now, 0, 9, see_timer, &w) >= 1);
	assert_string_equal(w.timer.what, "binding");
	assert_int_equal(w.timer.left.us, 540000000);
	bu.seq = 8;
	bu.lifetime = MIP6_SPAN_S(0);
	fix_send_bu(x, &bu);
	(void)mip6_show_bindings(x->node, &x->now, 0, 9, see_binding, &w);
	assert_string_equal(w.binding.state, "invalid");
	assert_int_equal(w.binding.left.us, 0);
	fix_fini(x);
	/* Without its link; without an address. */
	fix_init(x);
	x->conf.ha.on = true;
	memcpy(x->conf.ha.interface, "eth0", 5);
	fix_home_prefix(x);
	x->conf.ha.bindings_max = 16;
	fix_configure(x);
	why_is(x, "home agent: no interface eth0");
	fix_link(x, true);
	why_is(x,
	    "home agent: no address in the home prefix 2001:db8:1::/64 on eth0");
	x->refuse = 1u << MIP6_ACT_SILENCE;
	fix_host_addr(x, FIX_AGENT, 64, 0, false);
	fix_wait(x, MIP6_SPAN_S(2));
	why_is(x, "the host refused 1 changes, the last: silence, errno 12");
	fix_fini(x);
	test_free(x);
}

static void
test_pages(void **state)
{
	struct fix *x = test_malloc(sizeof(*x));
	struct mip6_event ev;
	struct seen w;
	uint32_t i;

	(void)state;
	fix_mn(x);
	memset(&ev, 0, sizeof(ev));
	ev.kind = MIP6_EV_LINK;
	memcpy(ev.u.link.name, "wlan0", 6);
	for (i = 1; i <= 5; i++) {
		ev.u.link.ifindex = i;
		fix_give(x, &ev);
	}
	memset(&w, 0, sizeof(w));
	assert_int_equal(mip6_show_links(x->node, &x->now, 0, 2, see_link, &w),
	    5);
	assert_int_equal(w.count, 2);
	assert_int_equal(w.link.ifindex, 2);
	assert_int_equal(mip6_show_links(x->node, &x->now, 4, 2, see_link, &w),
	    5);
	assert_int_equal(w.count, 3);
	assert_int_equal(w.link.ifindex, 5);
	assert_int_equal(mip6_show_links(x->node, &x->now, 9, 2, see_link, &w),
	    5);
	assert_int_equal(mip6_show_links(x->node, &x->now, 0, 0, see_link, &w),
	    5);
	assert_int_equal(w.count, 3);
	assert_string_equal(w.link.role, "unused");
	assert_string_equal(w.link.why, "down");
	fix_fini(x);
	test_free(x);
}

/* The configuration is refused for want of memory: said, and no harm done. */
static void
test_no_memory(void **state)
{
	struct fix *x = test_malloc(sizeof(*x));
	struct mip6_conf_mobile mobile;
	size_t allowed;

	(void)state;
	memset(&mobile, 0, sizeof(mobile));
	for (allowed = 0; allowed < 12; allowed++) {
		fix_init(x);
		mobile.hoa = fix_addr(FIX_HOA);
		mobile.sa = fix_sa();
		x->conf.ha.on = x->conf.mn.on = true;
		x->conf.ha.mobile = &mobile;
		x->conf.ha.mobiles = 1;
		x->conf.ha.bindings_max = 16;
		x->heap.allowed = allowed;
		fix_configure(x);
		if (allowed == 0)
			assert_non_null(strstr(x->events, "node.no-memory"));
		fix_link(x, true);
		x->heap.allowed = SIZE_MAX;
		fix_configure(x);
		assert_non_null(x->node->ha);
		assert_non_null(x->node->mn);
		fix_fini(x);
	}
	test_free(x);
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_mobile_node),
		cmocka_unit_test(test_refused),
		cmocka_unit_test(test_home_agent),
		cmocka_unit_test(test_pages),
		cmocka_unit_test(test_no_memory),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
