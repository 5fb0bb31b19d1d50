/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A care-of address that is not reached (RFC 6275 section 9.3.4).
 *
 * Links: core
 */
#include "cn_fix.h"

static struct cn_fix *
icmp_new(void)
{
	struct cn_fix *t = test_malloc(sizeof(*t));
	struct cn_fix_bu bu = cn_fix_update(1);

	cn_fix_init(t);
	cn_fix_tokens_of(t, CN_HOA, CN_COA);
	assert_int_equal(cn_fix_bu(t, &bu), MIP6_BA_ACCEPTED);
	t->x.seen = t->x.sents;
	return t;
}

static void
icmp_delete(struct cn_fix *t)
{
	cn_fix_fini(t);
	test_free(t);
}

/* An ICMPv6 error about a packet from `local` to `peer` with `rh2` in it. */
static void
error(struct cn_fix *t, uint8_t type, uint8_t code, uint32_t word,
    const char *local, const char *peer, const char *rh2)
{
	uint8_t quoted[128], buf[512];
	struct mip6_wr q = mip6_wr_make(quoted, sizeof(quoted));
	struct mip6_wr w = mip6_wr_make(buf, sizeof(buf));
	struct mip6_icmp6_error e;
	struct mip6_ip6_out ip;
	struct mip6_event ev;
	size_t start;

	memset(&ip, 0, sizeof(ip));
	ip.ip.src = fix_addr(local);
	ip.ip.dst = fix_addr(peer);
	ip.ip.hop_limit = 64;
	ip.upper = MIP6_NH_NONE;
	ip.has_rh2 = rh2 != NULL;
	if (rh2 != NULL)
		ip.rh2 = fix_addr(rh2);
	start = mip6_ip6_begin(&q, &ip);
	mip6_ip6_end(&q, start);
	memset(&e, 0, sizeof(e));
	e.src = fix_addr("2001:db8:ffff::1");
	e.dst = fix_addr(local);
	e.hop_limit = 64;
	e.type = type;
	e.code = code;
	e.word = word;
	e.quoted = quoted;
	e.quoted_octets = q.pos;
	mip6_icmp6_error_write(&w, &e);
	assert_false(q.failed || w.failed);
	memset(&ev, 0, sizeof(ev));
	ev.kind = MIP6_EV_HINT;
	ev.u.hint.kind = MIP6_HINT_ICMP_ERROR;
	ev.u.hint.ifindex = FIX_IFINDEX;
	ev.u.hint.src = e.src;
	ev.u.hint.dst = e.dst;
	ev.u.hint.octets = buf;
	ev.u.hint.count = w.pos;
	fix_give(&t->x, &ev);
}

static bool
bound(struct cn_fix *t)
{
	return cn_fix_leads(t, CN_OUR, CN_HOA, CN_COA);
}

static void
unreachable(struct cn_fix *t, const char *local, const char *peer,
    const char *rh2)
{
	error(t, MIP6_ICMP6_UNREACHABLE, MIP6_ICMP6_ADDRESS, 0, local, peer,
	    rh2);
	fix_wait(&t->x, MIP6_SPAN_S(2));
}

/* Persistent: again and again, not in one burst. */
static void
test_persistent(void **state)
{
	struct cn_fix *t = icmp_new();
	int i;

	(void)state;
	for (i = 0; i < 10; i++)
		error(t, MIP6_ICMP6_UNREACHABLE, MIP6_ICMP6_ADDRESS, 0, CN_OUR,
		    CN_COA, CN_HOA);
	assert_true(bound(t));
	for (i = 0; i < 3 && bound(t); i++) {
		fix_wait(&t->x, MIP6_SPAN_S(2));
		error(t, MIP6_ICMP6_UNREACHABLE, MIP6_ICMP6_ADDRESS, 0, CN_OUR,
		    CN_COA, CN_HOA);
	}
	assert_false(bound(t));
	assert_true(i >= 2);
	icmp_delete(t);
}

/* One now and then is not persistent. */
static void
test_sporadic(void **state)
{
	struct cn_fix *t = icmp_new();
	int i;

	(void)state;
	for (i = 0; i < 5; i++) {
		unreachable(t, CN_OUR, CN_COA, CN_HOA);
		fix_wait(&t->x, MIP6_SPAN_S(60));
	}
	assert_true(bound(t));
	icmp_delete(t);
}

/* About what we did not send, or of another kind: nothing. */
static void
test_not_ours(void **state)
{
	struct cn_fix *t = icmp_new();
	int i;

	(void)state;
	for (i = 0; i < 2 * 3; i++) {
		unreachable(t, CN_OUR, CN_COA2, CN_HOA);
		unreachable(t, CN_OUR2, CN_COA, CN_HOA);
		unreachable(t, CN_OUR, CN_COA, "2001:db8:1::200");
		unreachable(t, CN_OUR, CN_COA, NULL);
		error(t, MIP6_ICMP6_UNREACHABLE, MIP6_ICMP6_PORT, 0, CN_OUR,
		    CN_COA, CN_HOA);
		error(t, MIP6_ICMP6_TOO_BIG, 0, 1400, CN_OUR, CN_COA, CN_HOA);
	}
	assert_true(bound(t));
	icmp_delete(t);
}

/* A packet waits for `hop`, which nobody answers for. */
static void
ask(struct cn_fix *t, uint32_t hop)
{
	struct mip6_event ev;

	memset(&ev, 0, sizeof(ev));
	ev.kind = MIP6_EV_HINT;
	ev.u.hint.kind = MIP6_HINT_HOP;
	ev.u.hint.hop = hop;
	ev.u.hint.ifindex = FIX_IFINDEX;
	fix_give(&t->x, &ev);
	fix_wait(&t->x, MIP6_SPAN_S(7));
}

/* It was on a link of ours, and is not: again and again. */
static void
test_neighbour(void **state)
{
	struct cn_fix *t = test_malloc(sizeof(*t));
	struct cn_fix_bu bu = cn_fix_update(1);
	uint32_t hop, router;

	(void)state;
	cn_fix_init(t);
	cn_fix_tokens_of(t, CN_HOA, CN_COA);
	assert_int_equal(cn_fix_bu(t, &bu), MIP6_BA_ACCEPTED);
	router = cn_get(t->x.node->cn, 0)->hop;
	t->x.route.nexthop = fix_addr(CN_COA);
	t->x.node->now = t->x.now;
	cn_routes_changed(t->x.node); /* the walk asks again */
	fix_wait(&t->x, MIP6_SPAN_S(2));
	hop = cn_get(t->x.node->cn, 0)->hop;
	assert_int_not_equal(hop, router);
	ask(t, hop);
	ask(t, hop);
	ask(t, router);
	assert_true(bound(t));
	ask(t, hop);
	assert_false(bound(t));
	icmp_delete(t);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_persistent),
		cmocka_unit_test(test_neighbour),
		cmocka_unit_test(test_sporadic),
		cmocka_unit_test(test_not_ours),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
