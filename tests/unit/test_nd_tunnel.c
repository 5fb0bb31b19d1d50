/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Neighbour Discovery is a matter of links: what comes out of a tunnel is not
 * on one, whatever its hop limit.
 *
 * Links: core
 */
#include "core_fix.h"

static const struct mip6_lladdr evil_ll = { { 2, 0, 0, 0, 6, 6 } };

/* An advertisement for `target`, as the path hands it over. */
static void
advertise(struct fix *x, const char *src, const char *dst, const char *target,
    const char *tunnel_peer)
{
	uint8_t buf[128];
	struct mip6_wr w = mip6_wr_make(buf, sizeof(buf));
	struct mip6_event ev;
	struct mip6_ip6_out ip;
	struct mip6_nd m;
	size_t start, at;

	memset(&ip, 0, sizeof(ip));
	memset(&m, 0, sizeof(m));
	ip.ip.src = fix_addr(src);
	ip.ip.dst = fix_addr(dst);
	ip.ip.hop_limit = 255;
	ip.upper = MIP6_NH_ICMPV6;
	m.type = MIP6_ND_NA;
	m.u.na.target = fix_addr(target);
	m.u.na.solicited = m.u.na.override = true;
	m.opt.has_tlla = true;
	m.opt.tlla = evil_ll;
	start = mip6_ip6_begin(&w, &ip);
	at = w.pos;
	mip6_nd_write(&w, &m);
	mip6_ip6_end(&w, start);
	assert_false(w.failed);
	mip6_icmp6_finish(buf + at, w.pos - at, &ip.ip.src, &ip.ip.dst);
	memset(&ev, 0, sizeof(ev));
	ev.kind = MIP6_EV_HINT;
	ev.u.hint.kind = MIP6_HINT_PACKET;
	ev.u.hint.ifindex = FIX_IFINDEX;
	ev.u.hint.ll_src = fix_router_ll;
	ev.u.hint.octets = buf;
	ev.u.hint.count = w.pos;
	if (tunnel_peer != NULL)
		ev.u.hint.tunnel_peer = fix_addr(tunnel_peer);
	fix_give(x, &ev);
}

/* Whether any neighbour has the address of the attacker. */
static bool
poisoned(const struct fix *x)
{
	size_t i;

	for (i = 0; i < MIP6_NEIGHBOURS_MAX; i++)
		if (x->node->neighbour[i].state != MIP6_NUD_NONE &&
		    memcmp(&x->node->neighbour[i].lladdr, &evil_ll,
			sizeof(evil_ll)) == 0)
			return true;
	return false;
}

static void
test_out_of_a_tunnel(void **state)
{
	struct fix *x = test_malloc(sizeof(*x));
	uint64_t drops;

	(void)state;
	fix_mn_foreign(x);
	drops = fix_drops(x, MIP6_DROP_ND_SOURCE);
	advertise(x, "2001:db8:c::1", FIX_HOA, "fe80::fe", FIX_AGENT);
	assert_false(poisoned(x));
	assert_int_equal(fix_drops(x, MIP6_DROP_ND_SOURCE), drops + 1);
	/* The same from the link counts. */
	advertise(x, "fe80::fe", "2001:db8:a::5", "fe80::fe", NULL);
	assert_true(poisoned(x));
	fix_fini(x);
	test_free(x);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_out_of_a_tunnel),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
