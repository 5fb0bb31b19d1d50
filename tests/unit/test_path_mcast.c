/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Multicast of mobile nodes: what they say of the groups that they want comes
 * to the core with the end of the tunnel that it came by.
 *
 * Links: path
 */
#include "unit/path_support.h"

#define ME "fe80::7"

/* A message of Multicast Listener Discovery, its Router Alert in front. */
static struct octets
mld(const char *src, const char *dst, uint8_t hops, uint8_t type)
{
	struct octets alert = { .n = 6, .v = { 5, 2, 0, 0, 1, 0 } };
	struct octets o = icmp(src, dst, hops, type, 0, 0, fill(20, 0));

	return ip6(src, dst, MIP6_NH_HOPOPTS, hops,
	    join(header(MIP6_NH_ICMPV6, alert), part(o, 40, 28)));
}

static void
test_mld_in(void **state)
{
	struct octets good = mld(ME, "ff02::16", 1, 143);
	struct octets bad = good;
	struct {
		struct octets inner;
		bool taken;
	} rows[] = {
		{ good, true },
		{ mld(ME, "ff0e::5", 1, 131), true },
		{ mld(ME, "ff02::2", 1, 132), true },
		{ mld(ME, "ff02::1", 1, 130), true },
		{ icmp(ME, "ff02::16", 1, 143, 0, 0, fill(20, 0)), true },
		/* not of the link, not from there, not to a group */
		{ mld(ME, "ff02::16", 2, 143), false },
		{ mld(HOME, "ff02::16", 1, 143), false },
		{ mld("::", "ff02::16", 1, 143), false },
		{ mld(ME, "fe80::1", 1, 143), false },
		{ mld(ME, AGENT, 1, 143), false },
		/* something else with a hop limit of 1 */
		{ mld(ME, "ff02::16", 1, 133), false },
		{ mld(ME, "ff02::16", 1, 142), false },
		{ mld(ME, "ff02::16", 1, 144), false },
		{ mld(ME, "ff02::16", 1, 128), false },
		{ ip6(ME, "ff02::16", MIP6_NH_UDP, 1, fill(40, 130)), false },
		{ ip6(ME, "ff02::16", MIP6_NH_ICMPV6, 1, fill(0, 0)), false },
		{ ip6(ME, "ff02::16", MIP6_NH_FRAGMENT, 1,
		      frag(MIP6_NH_ICMPV6, 0, true, 1, fill(40, 143))),
		    false },
		{ ip6(ME, "ff02::16", MIP6_NH_DSTOPTS, 1,
		      join(hao(MIP6_NH_DSTOPTS, HOME2),
			  join(hao(MIP6_NH_ICMPV6, HOME2), fill(20, 143)))),
		    false },
		{ bad, false },
	};
	struct mip6_addr peer = addr(COA2);
	struct pf *f;
	size_t i;

	(void)state;
	rows[MIP6_COUNT(rows) - 1].inner.v[41] = 9;
	for (i = 0; i < MIP6_COUNT(rows); i++) {
		f = pf_open_ha();
		pf_link(f, LINK_HOME, tunnel(COA2, AGENT, rows[i].inner));
		assert_int_equal(f->outs, 0);
		assert_int_equal(f->hints, rows[i].taken);
		assert_int_equal(pf_dropped_all(f), !rows[i].taken);
		if (rows[i].taken) {
			const struct mip6_hint *h = &f->hint[0].hint;

			assert_int_equal(h->kind, MIP6_HINT_PACKET);
			assert_int_equal(h->count, rows[i].inner.n);
			assert_memory_equal(h->octets, rows[i].inner.v,
			    h->count);
			assert_true(mip6_addr_equal(&h->tunnel_peer, &peer));
		}
		pf_close(f);
	}
	/* The mobile node hears its home agent's queries. */
	f = pf_open_mn();
	pf_link(f, LINK_AWAY, tunnel(AGENT, COA, mld(ME, "ff02::1", 1, 130)));
	assert_int_equal(f->hints, 1);
	pf_close(f);
	/* Nobody who has no tunnel listens. */
	f = pf_open_home();
	assert_true(mip6_path_local_set(f->path, &peer, true));
	pf_link(f, LINK_HOME, tunnel(AGENT, COA2, good));
	assert_int_equal(f->hints, 0);
	pf_dropped_only(f, MIP6_DROP_TUNNEL_UNKNOWN);
	pf_close(f);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_mld_in),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
