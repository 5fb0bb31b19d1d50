/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Every system call of the Darwin platform made to fail, one after another:
 * each action still ends once, a start that fails says why, and afterwards the
 * host is as before.  And the packet filter, whose rules need several actions
 * together.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "darwin/mac.h"
#include "fix.h"

/* All effects, each waited for; returns how many were refused. */
static unsigned
all_on(struct fix *f)
{
	unsigned refused = 0;
	struct mip6_port *port;
	char err[256] = "";
	size_t i;

	for (i = 0; i < FIX_EFFECTS; i++)
		refused += fix_do(f, fix_effect(i, true)) != fix_effect_end(i);
	port = fix_link(f, HOST_LINK) == NULL ?
	    NULL :
	    mip6_plat_port_open(f->plat, fix_link(f, HOST_LINK), err,
		sizeof(err));
	if (port == NULL)
		assert_true(fix_link(f, HOST_LINK) == NULL || err[0] != '\0');
	return refused + (port == NULL);
}

/* One run; true: the call was reached.  `heard` counts what was told. */
static bool
run_failing(struct fix *f, uint64_t at, unsigned *heard)
{
	char err[256] = "";
	char *before, *after;
	bool reached;
	uint64_t id;

	mac_new();
	assert_true(host_enter());
	before = host_snapshot();
	mac_look();
	mac->fail_at = mac->calls + at;
	mac->fail_errno = EPERM;
	memset(f->done, 0, sizeof(f->done));
	f->links = f->addrs = 0;
	f->next = 1;
	f->plat = fix_new(f, err, sizeof(err));
	if (f->plat != NULL &&
	    mip6_plat_start(f->plat, err, sizeof(err)) == 0) {
		*heard += all_on(f) > 0;
		for (id = 1; id < f->next; id++)
			assert_int_equal(f->done[id], 1);
	} else {
		/* A start that fails says of what. */
		assert_true(err[0] != '\0');
		++*heard;
	}
	mac_look();
	reached = mac->calls >= mac->fail_at;
	/* What fails is whole again when all is undone. */
	mac->fail_at = 0;
	mip6_plat_free(f->plat);
	f->plat = NULL;
	after = host_snapshot();
	if (strcmp(before, after) != 0)
		fail_msg("call %u (%s): the host is not as before:\n%s\n%s",
		    (unsigned)at, mac->failed, before, after);
	free(before);
	free(after);
	return reached;
}

static void
test_every_call_fails(void **state)
{
	struct fix *f = *state;
	unsigned heard = 0;
	uint64_t at = 1;

	while (run_failing(f, at, &heard)) {
		at++;
		assert_true(at < 2000);
	}
	assert_true(at > 60);
	/* Most of them are told of, as the failure of a start or an action. */
	assert_true(heard > at / 4);
}

static bool
anchor_has(const char *rule)
{
	mac_look();
	return strstr(mac->pf_text, rule) != NULL;
}

static int
sysctl_of(const char *name)
{
	size_t i;

	mac_look();
	for (i = 0; i < MIP6_COUNT(mac->sysctl); i++) {
		if (strcmp(mac->sysctl[i].name, name) == 0)
			return mac->sysctl[i].value;
	}
	fail();
	return 0;
}

/* A correspondent: silence, capture, and a node that is away. */
static void
test_correspondent(void **state)
{
	struct fix *f = *state;
	struct mip6_action route = { .kind = MIP6_ACT_ROUTE };
	char *before = host_snapshot(), *after;

	route.u.route.table = MIP6_TABLE_MAIN;
	route.u.route.dst.addr = fix_a("2001:db8:1::77");
	route.u.route.dst.bits = 128;
	route.u.route.on = true;
	fix_start(f);
	/* Alone, neither needs pf. */
	assert_int_equal(fix_do(f, fix_effect(11, true)), 0);
	mac_look();
	assert_false(mac->pf_on);
	assert_int_equal(mac->pfctl_runs, 0);
	assert_int_equal(fix_do(f, fix_effect(10, true)), 0);
	assert_true(anchor_has("paramprob"));
	mac_look();
	assert_true(mac->pf_on);
	assert_int_equal(sysctl_of("net.inet.tcp.tso"), 1);
	assert_int_equal(fix_do(f, route), 0);
	assert_true(anchor_has("{ 2001:db8:1::77 }"));
	assert_true(anchor_has("pass out quick on wa route-to utun"));
	assert_int_equal(sysctl_of("net.inet.tcp.tso"), 0);
	assert_int_equal(sysctl_of("net.link.generic.system.hwcksum_tx"), 0);
	route.u.route.on = false;
	assert_int_equal(fix_do(f, route), 0);
	assert_false(anchor_has("route-to"));
	assert_int_equal(sysctl_of("net.inet.tcp.tso"), 1);
	assert_int_equal(fix_do(f, fix_effect(10, false)), 0);
	mac_look();
	assert_false(mac->pf_on);
	fix_stop(f);
	after = host_snapshot();
	fix_same(before, after, "correspondent");
	free(before);
	free(after);
}

/* pf.conf without Apple's anchor: our rules would never be asked. */
static void
test_no_anchor(void **state)
{
	struct fix *f = *state;

	fix_start(f);
	mac_look();
	(void)snprintf(mac->pf_main, sizeof(mac->pf_main), "pass all\n");
	assert_int_equal(fix_do(f, fix_effect(10, true)), 0);
	assert_int_not_equal(fix_do(f, fix_effect(11, true)), 0);
	mac_look();
	assert_false(mac->pf_on);
	assert_string_equal(mac->pf_text, "");
	/* And once it is there, it works. */
	(void)snprintf(mac->pf_main, sizeof(mac->pf_main), MAC_MAIN_RULES);
	assert_int_equal(fix_do(f, fix_effect(11, true)), 0);
	assert_true(anchor_has("paramprob"));
}

/* Many changes at once cost a handful of programs. */
static void
test_batch(void **state)
{
	struct fix *f = *state;
	struct mip6_action a = fix_effect(11, true);
	uint64_t last = 0, runs;
	unsigned i;

	fix_start(f);
	assert_int_equal(fix_do(f, fix_effect(10, true)), 0);
	assert_int_equal(fix_do(f, a), 0);
	mac_look();
	runs = mac->pfctl_runs;
	for (i = 0; i < 100; i++) {
		a.u.set.addr.b[14] = (uint8_t)(i + 1);
		last = fix_do_async(f, a);
	}
	FIX_WAIT(f, f->done[last] > 0);
	mac_look();
	assert_in_range(mac->pfctl_runs - runs, 1, 4);
	assert_true(anchor_has("2001:db8:a::6401"));
}

int
main(void)
{
#define CASE(name)                                                             \
	cmocka_unit_test_setup_teardown(name, fix_setup, fix_teardown)
	const struct CMUnitTest tests[] = {
		CASE(test_every_call_fails),
		CASE(test_correspondent),
		CASE(test_no_anchor),
		CASE(test_batch),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
