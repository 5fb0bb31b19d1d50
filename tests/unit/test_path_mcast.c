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

static void
member(struct pf *f, const char *group, const char *source, const char *home,
    bool on)
{
	struct mip6_fwd_member m = { addr(group), addr(source), addr(home) };

	assert_true(mip6_path_member_set(f->path, &m, on));
}

/* A home agent both of whose mobile nodes listen to ff0e::5. */
static struct pf *
open_members(void)
{
	struct pf *f = pf_open_ha();

	mip6_path_mcast_link(f->path, LINK_HOME);
	member(f, "ff0e::5", "::", HOME, true);
	member(f, "ff0e::5", "::", HOME2, true);
	return f;
}

static struct octets
hops(struct octets o, uint8_t n)
{
	o.v[7] = n;
	return o;
}

/* The home link's packets for a group: one copy for each member. */
static void
test_in(void **state)
{
	struct octets o = udp(PEER, "ff0e::5", 200);
	struct pf *f = open_members();

	(void)state;
	pf_link(f, LINK_HOME, hops(o, 9));
	assert_int_equal(f->outs, 2);
	/* The last that came is the last of its chain. */
	pf_is_frame(f, 0, LINK_HOME, &ll_router,
	    wrapped(AGENT, COA, hops(o, 8)));
	pf_is_frame(f, 1, LINK_HOME, &ll_router,
	    wrapped(AGENT, COA2, hops(o, 8)));
	assert_int_equal(mip6_path_counters(f->path)->multicast, 2);
	assert_int_equal(pf_dropped_all(f), 0);
	pf_clear(f);
	/* Set twice is set once; gone is gone. */
	member(f, "ff0e::5", "::", HOME, true);
	member(f, "ff0e::5", "::", HOME2, false);
	member(f, "ff0e::5", "::", HOME2, false);
	pf_link(f, LINK_HOME, o);
	assert_int_equal(f->outs, 1);
	pf_clear(f);
	/* A home agent without the row, or without the link. */
	{
		struct mip6_addr home = addr(HOME), any = addr("::");

		mip6_path_row_del(f->path, &home, &any);
	}
	pf_link(f, LINK_HOME, o);
	assert_int_equal(f->outs, 0);
	pf_close(f);
}

/* What is not for members, and who must not have it. */
static void
test_in_not(void **state)
{
	struct {
		uint32_t ifindex;
		struct octets o;
		size_t outs;
		enum mip6_drop why; /* COUNT: none */
	} rows[] = {
		{ LINK_HOME, udp(PEER, "ff0e::6", 100), 0, MIP6_DROP_COUNT },
		{ LINK_AWAY, udp(PEER, "ff0e::5", 100), 0, MIP6_DROP_NOT_OURS },
		{ LINK_HOME, udp(PEER, "ff05::5", 100), 0, MIP6_DROP_NOT_OURS },
		{ LINK_HOME, udp(PEER, "ff02::5", 100), 0, MIP6_DROP_NOT_OURS },
		{ LINK_HOME, udp("fe80::1", "ff0e::5", 100), 0,
		    MIP6_DROP_NOT_OURS },
		{ LINK_HOME, udp("::", "ff0e::5", 100), 0, MIP6_DROP_NOT_OURS },
		{ LINK_HOME, udp(HOME, "ff0e::5", 100), 1, MIP6_DROP_COUNT },
		{ LINK_HOME, hops(udp(PEER, "ff0e::5", 100), 1), 0,
		    MIP6_DROP_TUNNEL_HOPS },
		{ LINK_HOME, hops(udp(PEER, "ff0e::5", 100), 2), 2,
		    MIP6_DROP_COUNT },
		{ LINK_HOME, hops(udp(PEER, "ff0e::5", 100), 0), 0,
		    MIP6_DROP_TUNNEL_HOPS },
	};
	struct pf *f;
	size_t i;

	(void)state;
	for (i = 0; i < MIP6_COUNT(rows); i++) {
		f = open_members();
		/* Nobody's fault: the core sets global groups alone. */
		member(f, "ff05::5", "::", HOME, true);
		pf_link(f, rows[i].ifindex, rows[i].o);
		assert_int_equal(f->outs, rows[i].outs);
		if (rows[i].why == MIP6_DROP_COUNT)
			assert_int_equal(pf_dropped_all(f), 0);
		else
			pf_dropped_only(f, rows[i].why);
		pf_close(f);
	}
	/* No member at all: not looked at. */
	f = pf_open_ha();
	mip6_path_mcast_link(f->path, LINK_HOME);
	pf_link(f, LINK_HOME, hops(udp(PEER, "ff0e::5", 100), 1));
	pf_dropped_only(f, MIP6_DROP_NOT_OURS);
	pf_close(f);
}

/* Of one source alone. */
static void
test_sources(void **state)
{
	struct pf *f = pf_open_ha();

	(void)state;
	mip6_path_mcast_link(f->path, LINK_HOME);
	member(f, "ff0e::5", PEER, HOME, true);
	member(f, "ff0e::5", BESIDE, HOME, true);
	pf_link(f, LINK_HOME, udp(PEER, "ff0e::5", 100));
	pf_link(f, LINK_HOME, udp(BESIDE, "ff0e::5", 100));
	assert_int_equal(f->outs, 2);
	pf_link(f, LINK_HOME, udp("2001:db8:c::8", "ff0e::5", 100));
	assert_int_equal(f->outs, 2);
	pf_close(f);
}

/* What a mobile node sends: to the home link and to the others. */
static void
test_out(void **state)
{
	static const struct mip6_lladdr group = { { 0x33, 0x33, 0, 0, 0, 5 } };
	struct octets o = udp(HOME, "ff0e::5", 200);
	struct octets site = udp(HOME, "ff05::5", 200);
	struct pf *f = open_members();

	(void)state;
	pf_link(f, LINK_AWAY, tunnel(COA, AGENT, hops(o, 9)));
	assert_int_equal(f->outs, 2);
	pf_is_frame(f, 0, LINK_HOME, &ll_router,
	    wrapped(AGENT, COA2, hops(o, 8)));
	pf_is_frame(f, 1, LINK_HOME, &group, hops(o, 8));
	pf_clear(f);
	/* Not global: to the link alone. */
	member(f, "ff05::5", "::", HOME2, true);
	pf_link(f, LINK_AWAY, tunnel(COA, AGENT, site));
	assert_int_equal(f->outs, 1);
	assert_int_equal(f->out[0].pkt->count, 14 + 200);
	pf_clear(f);
	/* Its last hop. */
	pf_link(f, LINK_AWAY, tunnel(COA, AGENT, hops(o, 1)));
	pf_dropped_only(f, MIP6_DROP_TUNNEL_HOPS);
	assert_int_equal(f->outs, 0);
	/* Never what is of the tunnel alone, nor another's. */
	pf_link(f, LINK_AWAY, tunnel(COA, AGENT, udp(HOME, "ff02::5", 100)));
	pf_link(f, LINK_AWAY, tunnel(COA2, AGENT, o));
	assert_int_equal(f->outs, 0);
	/* The home link has gone. */
	mip6_path_link_del(f->path, LINK_HOME);
	pf_link(f, LINK_AWAY, tunnel(COA, AGENT, o));
	assert_int_equal(pf_dropped(f, MIP6_DROP_NO_ROUTE), 1);
	assert_int_equal(f->outs, 0);
	pf_close(f);
	/* Larger than the home link: its source hears in its tunnel. */
	f = open_members();
	{
		struct mip6_path_link l = { LINK_HOME, { { 2, 0, 0, 0, 0, 1 } },
			1280, false };

		assert_true(mip6_path_link_set(f->path, &l));
	}
	member(f, "ff0e::5", "::", HOME2, false);
	pf_link(f, LINK_AWAY, tunnel(COA, AGENT, udp(HOME, "ff0e::5", 1300)));
	pf_dropped_only(f, MIP6_DROP_TUNNEL_TOO_BIG);
	assert_int_equal(mip6_path_counters(f->path)->too_big_sent, 1);
	pf_close(f);
	/* Nothing exchanged: to the host, as before. */
	f = pf_open_ha();
	pf_link(f, LINK_AWAY, tunnel(COA, AGENT, o));
	assert_int_equal(f->outs, 1);
	pf_is_tun(f, 0, o);
	pf_close(f);
}

/* At the mobile node: out of its own tunnel alone. */
static void
test_mobile(void **state)
{
	struct octets o = udp(PEER, "ff0e::5", 200);
	struct pf *f = pf_open_mn();
	struct mip6_addr coa2 = addr(COA2);

	(void)state;
	assert_true(mip6_path_local_set(f->path, &coa2, true));
	pf_link(f, LINK_AWAY, tunnel(AGENT, COA, o));
	pf_is_tun(f, 0, o);
	pf_clear(f);
	pf_link(f, LINK_AWAY, tunnel(PEER, COA, o));
	pf_link(f, LINK_AWAY, tunnel(AGENT, COA2, o));
	assert_int_equal(pf_dropped(f, MIP6_DROP_TUNNEL_UNKNOWN), 2);
	/* To one address it must be the one of this tunnel. */
	pf_link(f, LINK_AWAY, tunnel(AGENT, COA, udp(PEER, HOME2, 100)));
	assert_int_equal(pf_dropped(f, MIP6_DROP_TUNNEL_UNKNOWN), 3);
	pf_link(f, LINK_AWAY, tunnel(AGENT, COA, udp(PEER, "ff02::5", 100)));
	assert_int_equal(pf_dropped(f, MIP6_DROP_TUNNEL_SCOPE), 1);
	pf_link(f, LINK_AWAY, tunnel(AGENT, COA, udp(HOME, "ff0e::5", 100)));
	assert_int_equal(pf_dropped(f, MIP6_DROP_SELF_SENT), 1);
	assert_int_equal(f->outs, 0);
	/* R11.3.4-03, -04: what it sends is as it is, in the tunnel. */
	o = udp(HOME, "ff0e::5", 200);
	pf_tun(f, o);
	assert_int_equal(f->outs, 1);
	pf_is_frame(f, 0, LINK_AWAY, &ll_router, wrapped(COA, AGENT, o));
	pf_close(f);
}

/* What the host's applications join goes to the core, while there is a tunnel. */
static void
test_mld_out(void **state)
{
	struct octets report = mld("fe80::9", "ff02::16", 1, 143);
	struct octets unnamed = mld("::", "ff02::16", 1, 143);
	struct pf *f = pf_open_mn();

	(void)state;
	pf_tun(f, report);
	pf_tun(f, unnamed);
	assert_int_equal(f->hints, 2);
	assert_int_equal(f->hint[0].hint.kind, MIP6_HINT_PACKET);
	assert_int_equal(f->hint[0].hint.ifindex, 0);
	assert_true(mip6_addr_is_any(&f->hint[0].hint.tunnel_peer));
	pf_tun(f, mld("fe80::9", "ff02::16", 2, 143));
	assert_int_equal(f->hints, 2);
	pf_dropped_only(f, MIP6_DROP_TUNNEL_SCOPE);
	pf_close(f);
	f = pf_open_home();
	pf_tun(f, report);
	assert_int_equal(f->hints, 0);
	pf_dropped_only(f, MIP6_DROP_TUNNEL_SCOPE);
	pf_close(f);
}

/* The table has an end, and gives back what it took. */
static void
test_limit(void **state)
{
	struct pf *f = pf_open_ha();
	struct mip6_fwd_member m = { addr("ff0e::5"), addr("::"), addr(HOME) };
	uint32_t i, set = 0;

	(void)state;
	m.group.b[2] = 1;
	assert_true(mip6_path_member_set(f->path, &m, false));
	for (i = 0; i < 5000; i++) {
		m.group.b[14] = (uint8_t)(i >> 8);
		m.group.b[15] = (uint8_t)i;
		set += mip6_path_member_set(f->path, &m, true);
	}
	assert_int_equal(set, 4096);
	m.group.b[14] = m.group.b[15] = 0;
	assert_true(mip6_path_member_set(f->path, &m, false));
	m.group.b[3] = 9;
	assert_true(mip6_path_member_set(f->path, &m, true));
	assert_false(mip6_path_member_set(f->path,
	    &(struct mip6_fwd_member){ addr("ff0e::5"), addr("::"),
		addr(HOME2) },
	    true));
	pf_close(f);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_mld_in),
		cmocka_unit_test(test_in),
		cmocka_unit_test(test_in_not),
		cmocka_unit_test(test_sources),
		cmocka_unit_test(test_out),
		cmocka_unit_test(test_mobile),
		cmocka_unit_test(test_mld_out),
		cmocka_unit_test(test_limit),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
