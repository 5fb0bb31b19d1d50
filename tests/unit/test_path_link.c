/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What a link brings: each packet goes exactly one way (to the core, through
 * the tunnel, to the TUN, or it is the kernel's), and each discard has its
 * name.
 *
 * Links: path
 */
#include "unit/path_support.h"

/* The hint of a packet, whole, and from whom. */
static void
is_hint(const struct pf *f, size_t i, struct octets o)
{
	const struct mip6_hint *h = &f->hint[i].hint;

	assert_true(i < f->hints);
	assert_int_equal(h->kind, MIP6_HINT_PACKET);
	assert_int_equal(h->count, o.n);
	assert_memory_equal(h->octets, o.v, o.n);
	assert_memory_equal(h->src.b, o.v + 8, 16);
	assert_memory_equal(h->dst.b, o.v + 24, 16);
	assert_memory_equal(h->ll_src.b, ll_other.b, 6);
	assert_true(mip6_addr_is_any(&h->tunnel_peer));
	assert_int_equal(h->hop, MIP6_HOP_NONE);
}

/* Packets for the core: mobility, discovery, prefixes. */
static void
test_core(void **state)
{
	struct octets mh = checked(ip6(AGENT, COA, MIP6_NH_MH, 64, mobility()));
	struct {
		struct octets o;
		bool taken;
	} rows[] = {
		{ mh, true },
		/* to a home address of ours, and to somebody else */
		{ ip6(AGENT, HOME, MIP6_NH_MH, 64, mobility()), true },
		{ ip6(AGENT, PEER, MIP6_NH_MH, 64, mobility()), false },
		/* with the headers that belong to mobility */
		{ ip6(AGENT, COA, MIP6_NH_ROUTING, 64,
		      join(rh2(MIP6_NH_MH, HOME), mobility())),
		    true },
		{ ip6(PEER, COA, MIP6_NH_DSTOPTS, 64,
		      join(hao(MIP6_NH_MH, HOME2), mobility())),
		    true },
		{ ip6(PEER, COA, MIP6_NH_HOPOPTS, 64,
		      join(options(MIP6_NH_DSTOPTS),
			  join(hao(MIP6_NH_MH, HOME2), mobility()))),
		    true },
		/* what is wrong with them is for the core to answer */
		{ ip6(PEER, COA, MIP6_NH_ROUTING, 64,
		      join(rh2(MIP6_NH_MH, PEER), mobility())),
		    true },
		{ ip6(PEER, COA, MIP6_NH_DSTOPTS, 64,
		      join(hao(MIP6_NH_DSTOPTS, HOME2),
			  join(hao(MIP6_NH_MH, HOME2), mobility()))),
		    true },
		/* a fragment that is the whole packet */
		{ ip6(PEER, COA, MIP6_NH_FRAGMENT, 64,
		      frag(MIP6_NH_MH, 0, false, 3, mobility())),
		    true },
		/* Neighbour Discovery, to us, to groups, to others here */
		{ icmp("fe80::1", "ff02::1", 255, 134, 0, 0, fill(8, 0)),
		    true },
		{ icmp("::", "ff02::1:ff00:100", 255, 135, 0, 0, fill(16, 0)),
		    true },
		{ icmp("fe80::1", "fe80::2", 255, 136, 0, 0, fill(16, 0)),
		    true },
		{ icmp("fe80::1", "fe80::2", 254, 136, 0, 0, fill(16, 0)),
		    false },
		{ icmp("fe80::1", COA, 254, 136, 0, 0, fill(16, 0)), true },
		{ icmp("fe80::1", HOME, 255, 135, 0, 0, fill(16, 0)), true },
		{ icmp("fe80::1", "ff02::2", 255, 133, 0, 0, fill(0, 0)),
		    true },
		{ icmp("fe80::1", COA, 255, 137, 0, 0, fill(32, 0)), true },
		{ icmp("fe80::1", COA, 255, 132, 0, 0, fill(32, 0)), false },
		{ icmp("fe80::1", COA, 255, 138, 0, 0, fill(32, 0)), false },
		{ ip6("fe80::1", COA, MIP6_NH_DSTOPTS, 255,
		      join(options(MIP6_NH_ICMPV6),
			  part(icmp("fe80::1", COA, 255, 136, 0, 0,
				   fill(16, 0)),
			      40, 24))),
		    true },
		/* home agent address discovery, prefixes */
		{ icmp(PEER, COA, 64, 144, 0, 0, fill(8, 0)), true },
		{ icmp(PEER, COA, 64, 145, 0, 0, fill(8, 0)), true },
		{ icmp(PEER, HOME, 64, 146, 0, 0, fill(8, 0)), true },
		{ ip6(AGENT, COA, MIP6_NH_ROUTING, 64,
		      join(rh2(MIP6_NH_ICMPV6, HOME),
			  part(icmp(AGENT, HOME, 64, 147, 0, 0, fill(8, 0)), 40,
			      16))),
		    true },
		{ ip6(COA2, COA, MIP6_NH_DSTOPTS, 64,
		      join(hao(MIP6_NH_ICMPV6, HOME2),
			  part(icmp(HOME2, COA, 64, 146, 0, 0, fill(8, 0)), 40,
			      16))),
		    true },
		{ icmp(PEER, PEER, 64, 145, 0, 0, fill(8, 0)), false },
		{ icmp(PEER, COA, 64, 143, 0, 0, fill(8, 0)), false },
		{ icmp(PEER, COA, 64, 148, 0, 0, fill(8, 0)), false },
		{ icmp(PEER, COA, 64, 128, 0, 0, fill(8, 0)), false },
		{ ip6(PEER, COA, MIP6_NH_ICMPV6, 64, fill(0, 0)), false },
		/* of no concern */
		{ udp(PEER, COA, 100), false },
		{ udp(PEER, HOME, 100), false },
		{ udp(PEER, PEER, 100), false },
		{ udp(PEER, "ff02::1", 100), false },
		{ ip6(PEER, COA, MIP6_NH_NONE, 64, fill(0, 0)), false },
		{ ip6(PEER, COA, MIP6_NH_ESP, 64, fill(32, 0)), false },
		{ ip6("fe80::1", "ff02::16", MIP6_NH_HOPOPTS, 1,
		      join(options(MIP6_NH_ICMPV6), fill(28, 143))),
		    false },
		{ ip6(PEER, COA, MIP6_NH_DSTOPTS, 64,
		      join(options(MIP6_NH_UDP), fill(28, 143))),
		    false },
		{ ip6(PEER, COA, MIP6_NH_FRAGMENT, 64,
		      frag(MIP6_NH_UDP, 0, true, 1, fill(64, 1))),
		    false },
		{ ip6(PEER, PEER, MIP6_NH_FRAGMENT, 64,
		      frag(MIP6_NH_IPV6, 0, true, 1, fill(64, 1))),
		    false },
		{ ip6(PEER, HOME, MIP6_NH_FRAGMENT, 64,
		      frag(MIP6_NH_IPV6, 0, true, 1, fill(64, 1))),
		    false },
	};
	struct pf *f;
	size_t i;

	(void)state;
	for (i = 0; i < MIP6_COUNT(rows); i++) {
		f = pf_open_mn();
		/* Octets behind the packet do not count. */
		pf_link(f, LINK_AWAY, join(rows[i].o, fill(6, 0)));
		assert_int_equal(f->outs, 0);
		assert_int_equal(f->hints, rows[i].taken);
		if (rows[i].taken) {
			is_hint(f, 0, rows[i].o);
			assert_int_equal(pf_dropped_all(f), 0);
		} else {
			pf_dropped_only(f, MIP6_DROP_NOT_OURS);
		}
		pf_close(f);
	}
}

static struct octets
damaged(struct octets o, size_t at, uint8_t value)
{
	o.v[at] = value;
	return o;
}

/* Every name under which a packet of ours is discarded here. */
static void
test_refused(void **state)
{
	struct octets u = udp(PEER, COA, 100);
	struct octets many = fill(0, 0);
	struct {
		struct octets o;
		enum mip6_drop why;
	} rows[] = {
		{ fill(39, 0x60), MIP6_DROP_TRUNCATED },
		{ damaged(u, 0, 0x45), MIP6_DROP_NOT_IP6 },
		{ part(u, 0, 99), MIP6_DROP_TRUNCATED },
		{ udp("ff02::1", COA, 100), MIP6_DROP_MARTIAN },
		{ ip6(PEER, COA, MIP6_NH_DSTOPTS, 64,
		      damaged(options(MIP6_NH_MH), 3, 200)),
		    MIP6_DROP_BAD_CHAIN },
		{ ip6(PEER, COA, MIP6_NH_DSTOPTS, 64,
		      damaged(options(MIP6_NH_MH), 1, 4)),
		    MIP6_DROP_TRUNCATED },
		/* too many headers: set below */
		{ many, MIP6_DROP_TOO_MANY_HEADERS },
		{ ip6(PEER, COA, MIP6_NH_DSTOPTS, 64,
		      join(hao(MIP6_NH_DSTOPTS, HOME2),
			  join(hao(MIP6_NH_UDP, HOME2), fill(20, 0)))),
		    MIP6_DROP_HAO_TWICE },
		{ ip6(PEER, COA, MIP6_NH_DSTOPTS, 64,
		      join(hao(MIP6_NH_ROUTING, HOME2),
			  join(rh2(MIP6_NH_UDP, HOME), fill(20, 0)))),
		    MIP6_DROP_HAO_ORDER },
		{ ip6(PEER, COA, MIP6_NH_DSTOPTS, 64,
		      join(hao(MIP6_NH_UDP, "ff02::1"), fill(20, 0))),
		    MIP6_DROP_HAO_NOT_UNICAST },
		{ ip6(PEER, COA, MIP6_NH_DSTOPTS, 64,
		      join(hao(MIP6_NH_IPV6, HOME2), udp(PEER, HOME, 60))),
		    MIP6_DROP_HAO_NO_BINDING },
		{ ip6(PEER, COA, MIP6_NH_ROUTING, 64,
		      join(damaged(rh2(MIP6_NH_UDP, HOME), 3, 2), fill(20, 0))),
		    MIP6_DROP_RH2_BAD },
		{ ip6(PEER, COA, MIP6_NH_ROUTING, 64,
		      join(rh2(MIP6_NH_UDP, PEER), fill(20, 0))),
		    MIP6_DROP_RH2_NOT_HOME },
		{ ip6(PEER, COA, MIP6_NH_ROUTING, 64,
		      join(damaged(rh2(MIP6_NH_IPV6, HOME), 2, 0),
			  udp(PEER, HOME, 60))),
		    MIP6_DROP_RH_OTHER },
		{ ip6(PEER, COA, MIP6_NH_DSTOPTS, 64,
		      join(damaged(options(MIP6_NH_IPV6), 2, 0xff),
			  udp(PEER, HOME, 60))),
		    MIP6_DROP_BAD_CHAIN },
		/* messages of mobility with headers that must not be */
		{ ip6(PEER, COA, MIP6_NH_DSTOPTS, 64,
		      join(hao(MIP6_NH_DSTOPTS, HOME2),
			  join(hao(MIP6_NH_ICMPV6, HOME2), fill(16, 146)))),
		    MIP6_DROP_HAO_TWICE },
		{ ip6(PEER, COA, MIP6_NH_ROUTING, 64,
		      join(damaged(rh2(MIP6_NH_ICMPV6, HOME), 3, 2),
			  fill(16, 147))),
		    MIP6_DROP_RH2_BAD },
		/* Neighbour Discovery in fragments, also in one alone */
		{ ip6("fe80::1", COA, MIP6_NH_FRAGMENT, 255,
		      frag(MIP6_NH_ICMPV6, 0, false, 1,
			  part(icmp("fe80::1", COA, 255, 136, 0, 0,
				   fill(16, 0)),
			      40, 24))),
		    MIP6_DROP_ND_INVALID },
		/* fragments that are none */
		{ ip6(PEER, COA, MIP6_NH_FRAGMENT, 64,
		      frag(MIP6_NH_IPV6, 0, true, 1, fill(0, 1))),
		    MIP6_DROP_FRAGMENT_BAD },
		{ ip6(PEER, COA, MIP6_NH_FRAGMENT, 64,
		      frag(MIP6_NH_IPV6, 0, true, 1, fill(44, 1))),
		    MIP6_DROP_FRAGMENT_BAD },
	};
	struct pf *f;
	size_t i;

	(void)state;
	for (i = 0; i < 20; i++)
		many = join(many, options(MIP6_NH_DSTOPTS));
	for (i = 0; i < MIP6_COUNT(rows); i++) {
		if (rows[i].why == MIP6_DROP_TOO_MANY_HEADERS)
			rows[i].o = ip6(PEER, COA, MIP6_NH_DSTOPTS, 64, many);
		f = pf_open_mn();
		pf_link(f, LINK_AWAY, rows[i].o);
		pf_dropped_only(f, rows[i].why);
		pf_close(f);
	}
}

static void
test_self_and_strange_links(void **state)
{
	struct octets o = tunnel(AGENT, COA, udp(PEER, HOME, 100));
	struct pf *f = pf_open_mn();
	struct mip6_path_link raw = { 7, ll_other, 1500, true };
	struct mip6_pkt *pkt;

	(void)state;
	/* Our own frame, come back. */
	pkt = pf_pkt(f, o.v, o.n);
	pkt->ll_src = ll_away;
	mip6_path_from_link(f->path, &f->now, LINK_AWAY, &pkt, 1);
	pf_dropped_only(f, MIP6_DROP_SELF_SENT);
	/* A link that the path was not told of. */
	pf_link(f, 9, o);
	assert_int_equal(pf_dropped(f, MIP6_DROP_NOT_OURS), 1);
	/* One without link-layer addresses. */
	assert_true(mip6_path_link_set(f->path, &raw));
	pf_link(f, 7, o);
	assert_int_equal(f->outs, 1);
	assert_int_equal(mip6_path_counters(f->path)->from_link, 3);
	/* An address that is ours no longer. */
	assert_true(
	    mip6_path_local_set(f->path, &(struct mip6_addr){ { 0 } }, false));
	{
		struct mip6_addr coa = addr(COA);

		assert_true(mip6_path_local_set(f->path, &coa, true));
		assert_true(mip6_path_local_set(f->path, &coa, false));
	}
	pf_link(f, LINK_AWAY, o);
	assert_int_equal(pf_dropped(f, MIP6_DROP_NOT_OURS), 2);
	pf_close(f);
}

/* The core hears of a home address that no binding explains. */
static void
test_unknown_home_address(void **state)
{
	struct octets o = ip6(PEER, COA, MIP6_NH_DSTOPTS, 64,
	    join(hao(MIP6_NH_UDP, HOME2), fill(20, 0)));
	struct mip6_addr src = addr(PEER), home = addr(HOME2);
	struct pf *f = pf_open_mn();

	(void)state;
	pf_link(f, LINK_AWAY, o);
	assert_int_equal(f->hints, 1);
	assert_int_equal(f->hint[0].hint.kind, MIP6_HINT_HAO);
	assert_true(mip6_addr_equal(&f->hint[0].hint.src, &src));
	assert_true(mip6_addr_equal(&f->hint[0].hint.dst, &home));
	assert_memory_equal(f->hint[0].hint.octets, o.v, o.n);
	pf_link(f, LINK_AWAY, o);
	assert_int_equal(f->hints, 1);
	pf_wait(f, 1000000);
	pf_link(f, LINK_AWAY, o);
	assert_int_equal(f->hints, 2);
	assert_int_equal(pf_dropped(f, MIP6_DROP_HAO_NO_BINDING), 3);
	pf_close(f);
}

/* At home the rest for the home address goes to the TUN as it is. */
static void
test_at_home(void **state)
{
	struct octets all[] = {
		udp(BESIDE, HOME, 100),
		udp(PEER, HOME, 1500),
		icmp(PEER, HOME, 1, 128, 0, 0, fill(20, 0)),
		icmp(PEER, HOME, 64, 1, 0, 0, fill(60, 0)),
		ip6(PEER, HOME, MIP6_NH_ESP, 64, fill(40, 0)),
		ip6(PEER, HOME, MIP6_NH_FRAGMENT, 64,
		    frag(MIP6_NH_UDP, 0, true, 1, fill(64, 1))),
		ip6(PEER, HOME, MIP6_NH_FRAGMENT, 64,
		    frag(MIP6_NH_ICMPV6, 64, false, 1, fill(63, 1))),
		ip6(PEER, HOME, MIP6_NH_DSTOPTS, 64,
		    join(options(MIP6_NH_UDP), fill(28, 143))),
		tunnel(PEER, HOME, udp(PEER, HOME, 100)),
		ip6(PEER, HOME, MIP6_NH_NONE, 64, fill(0, 0)),
		udp("fe80::1", HOME, 100),
	};
	struct pf *f = pf_open_home();
	struct mip6_addr home = addr(HOME), any = addr("::");
	uint64_t in, out, octets = 0;
	size_t i;

	(void)state;
	/* The core names it as an address of ours; that changes nothing. */
	assert_true(mip6_path_local_set(f->path, &home, true));
	for (i = 0; i < MIP6_COUNT(all); i++) {
		pf_link(f, LINK_HOME, all[i]);
		assert_int_equal(f->outs, 1);
		pf_is_tun(f, 0, all[i]);
		octets += all[i].n;
		pf_clear(f);
	}
	assert_int_equal(pf_dropped_all(f), 0);
	assert_true(mip6_path_row_octets(f->path, &home, &any, &in, &out));
	assert_int_equal(in, octets);
	assert_int_equal(out, 0);
	/* Mobility and discovery go to the core, and there alone. */
	pf_link(f, LINK_HOME, ip6(AGENT, HOME, MIP6_NH_MH, 64, mobility()));
	pf_link(f, LINK_HOME, icmp(BESIDE, HOME, 255, 135, 0, 0, fill(16, 0)));
	assert_int_equal(f->outs, 0);
	assert_int_equal(f->hints, 2);
	/* Not on another link, and not from nowhere. */
	pf_link(f, LINK_AWAY, all[0]);
	pf_dropped_only(f, MIP6_DROP_NOT_OURS);
	pf_link(f, LINK_HOME, udp("::", HOME, 100));
	pf_link(f, LINK_HOME, udp("::1", HOME, 100));
	assert_int_equal(pf_dropped(f, MIP6_DROP_MARTIAN), 2);
	pf_link(f, LINK_HOME, udp(HOME, HOME, 100));
	assert_int_equal(pf_dropped(f, MIP6_DROP_SELF_SENT), 1);
	assert_int_equal(f->outs, 0);
	pf_close(f);
}

/* Fragments of messages for the core come to it as one. */
static void
test_fragmented_message(void **state)
{
	struct octets data = join(mobility(), fill(120, 1));
	struct octets whole = ip6(PEER, COA, MIP6_NH_DSTOPTS, 64,
	    join(hao(MIP6_NH_MH, HOME2), data));
	struct octets a = ip6(PEER, COA, MIP6_NH_DSTOPTS, 64,
	    join(hao(MIP6_NH_FRAGMENT, HOME2),
		frag(MIP6_NH_MH, 0, true, 5, part(data, 0, 64))));
	struct octets b = ip6(PEER, COA, MIP6_NH_DSTOPTS, 64,
	    join(hao(MIP6_NH_FRAGMENT, HOME2),
		frag(MIP6_NH_MH, 64, false, 5, part(data, 64, 72))));
	struct octets nd = join(fill(0, 0),
	    part(icmp("fe80::1", COA, 255, 136, 0, 0, fill(56, 0)), 40, 64));
	struct pf *f = pf_open_mn();

	(void)state;
	pf_link(f, LINK_AWAY, b);
	assert_int_equal(f->hints, 0);
	pf_link(f, LINK_AWAY, a);
	assert_int_equal(f->hints, 1);
	is_hint(f, 0, whole);
	pf_clear(f);
	/* Neighbour Discovery is refused when it comes so. */
	pf_link(f, LINK_AWAY,
	    ip6("fe80::1", COA, MIP6_NH_FRAGMENT, 255,
		frag(MIP6_NH_ICMPV6, 0, true, 6, part(nd, 0, 32))));
	pf_link(f, LINK_AWAY,
	    ip6("fe80::1", COA, MIP6_NH_FRAGMENT, 255,
		frag(MIP6_NH_ICMPV6, 32, false, 6, part(nd, 32, 32))));
	assert_int_equal(f->hints, 0);
	pf_dropped_only(f, MIP6_DROP_ND_INVALID);
	/* Fragments of fragments. */
	data = frag(MIP6_NH_MH, 0, true, 9, fill(64, 1));
	pf_link(f, LINK_AWAY,
	    ip6(PEER, COA, MIP6_NH_FRAGMENT, 64,
		frag(MIP6_NH_DSTOPTS, 0, true, 7,
		    join(options(MIP6_NH_FRAGMENT), part(data, 0, 32)))));
	pf_link(f, LINK_AWAY,
	    ip6(PEER, COA, MIP6_NH_FRAGMENT, 64,
		frag(MIP6_NH_DSTOPTS, 40, false, 7, part(data, 32, 40))));
	assert_int_equal(f->hints, 0);
	assert_int_equal(pf_dropped(f, MIP6_DROP_FRAGMENT_BAD), 1);
	pf_close(f);
	/* At home as well, to the home address. */
	f = pf_open_home();
	data = join(mobility(), fill(120, 1));
	pf_link(f, LINK_HOME,
	    ip6(PEER, HOME, MIP6_NH_FRAGMENT, 64,
		frag(MIP6_NH_MH, 0, true, 5, part(data, 0, 64))));
	pf_link(f, LINK_HOME,
	    ip6(PEER, HOME, MIP6_NH_FRAGMENT, 64,
		frag(MIP6_NH_MH, 64, false, 5, part(data, 64, 72))));
	assert_int_equal(f->hints, 1);
	is_hint(f, 0, ip6(PEER, HOME, MIP6_NH_MH, 64, data));
	pf_close(f);
}

/* The answers of RFC 8200 section 4.5, to the neighbour it came from. */
static void
test_fragment_answers(void **state)
{
	struct octets inner = udp(PEER, HOME, 304);
	struct octets o;
	struct pf *f = pf_open_mn();

	(void)state;
	o = ip6(AGENT, COA, MIP6_NH_FRAGMENT, 64,
	    frag(MIP6_NH_IPV6, 0, true, 1, part(inner, 0, 101)));
	pf_link(f, LINK_AWAY, o);
	assert_int_equal(f->outs, 1);
	assert_memory_equal(mip6_pkt_octets(f->out[0].pkt), ll_other.b, 6);
	pf_is_error(f, 0, COA, AGENT, 4, 0, 4, o);
	pf_clear(f);
	o = ip6(AGENT, COA, MIP6_NH_FRAGMENT, 64,
	    frag(MIP6_NH_IPV6, 65528, false, 1, part(inner, 0, 101)));
	pf_link(f, LINK_AWAY, o);
	pf_is_error(f, 0, COA, AGENT, 4, 0, 42, o);
	pf_clear(f);
	o = ip6(AGENT, COA, MIP6_NH_FRAGMENT, 64,
	    frag(MIP6_NH_IPV6, 0, true, 1, part(inner, 0, 32)));
	pf_link(f, LINK_AWAY, o);
	pf_is_error(f, 0, COA, AGENT, 4, 3, 0, o);
	pf_clear(f);
	assert_int_equal(pf_dropped(f, MIP6_DROP_FRAGMENT_BAD), 3);
	/* The time is over: the source of the first fragment hears. */
	o = ip6(AGENT, COA, MIP6_NH_FRAGMENT, 64,
	    frag(MIP6_NH_IPV6, 0, true, 1, part(inner, 0, 104)));
	pf_link(f, LINK_AWAY, o);
	assert_int_equal(mip6_path_deadline(f->path).us,
	    f->now.boot.us + 60000000);
	pf_wait(f, 60000000);
	mip6_path_timer(f->path, &f->now);
	assert_int_equal(f->outs, 1);
	pf_is_error(f, 0, COA, AGENT, 3, 1, 0, o);
	pf_clear(f);
	assert_int_equal(pf_dropped(f, MIP6_DROP_FRAGMENT_TIMEOUT), 1);
	/* Without the first nobody does. */
	pf_link(f, LINK_AWAY,
	    ip6(AGENT, COA, MIP6_NH_FRAGMENT, 64,
		frag(MIP6_NH_IPV6, 104, true, 1, part(inner, 104, 104))));
	pf_wait(f, 60000000);
	mip6_path_timer(f->path, &f->now);
	assert_int_equal(f->outs, 0);
	assert_int_equal(pf_dropped(f, MIP6_DROP_FRAGMENT_TIMEOUT), 2);
	assert_true(mip6_time_is_never(mip6_path_deadline(f->path)));
	/* More packets than are put together at once. */
	{
		uint32_t i;

		for (i = 0; i < 9; i++)
			pf_link(f, LINK_AWAY,
			    ip6(AGENT, COA, MIP6_NH_FRAGMENT, 64,
				frag(MIP6_NH_IPV6, 0, true, 20 + i,
				    part(inner, 0, 104))));
	}
	assert_int_equal(pf_dropped(f, MIP6_DROP_FRAGMENT_FULL), 1);
	pf_close(f);
}

/* Away, not even an error has the home address as source on a link. */
static void
test_no_answer_away(void **state)
{
	struct octets o = ip6(AGENT, HOME, MIP6_NH_FRAGMENT, 64,
	    frag(MIP6_NH_MH, 0, true, 1, fill(45, 0)));
	struct pf *f = pf_open_mn();
	struct mip6_addr home = addr(HOME);

	(void)state;
	pf_link(f, LINK_AWAY, o);
	assert_int_equal(f->outs, 0);
	assert_true(mip6_path_local_set(f->path, &home, true));
	pf_link(f, LINK_AWAY, o);
	assert_int_equal(f->outs, 0);
	assert_int_equal(pf_dropped(f, MIP6_DROP_FRAGMENT_BAD), 2);
	pf_close(f);
	f = pf_open_home();
	pf_link(f, LINK_AWAY, o);
	assert_int_equal(f->outs, 0);
	pf_link(f, LINK_HOME, o);
	assert_int_equal(f->outs, 1);
	pf_is_error(f, 0, HOME, AGENT, 4, 0, 4, o);
	pf_close(f);
}

/* The home agent defends a link-local address, and does not tunnel to it. */
static void
test_link_local_home(void **state)
{
	struct octets o = udp("fe80::9", "fe80::7", 100);
	struct pf *f = pf_open_ha();

	(void)state;
	pf_link(f, LINK_HOME, o);
	pf_dropped_only(f, MIP6_DROP_NOT_OURS);
	pf_set(f, pf_row(MIP6_FWD_HA_TUNNEL, "fe80::7", AGENT, COA));
	pf_link(f, LINK_HOME, o);
	assert_int_equal(f->outs, 1);
	assert_memory_equal(mip6_pkt_octets(f->out[0].pkt), ll_other.b, 6);
	pf_is_error(f, 0, AGENT, "fe80::9", 1, 3, 0, o);
	assert_int_equal(pf_dropped(f, MIP6_DROP_TUNNEL_SCOPE), 1);
	/* What is for a registered home address is the kernel's to forward. */
	pf_clear(f);
	pf_link(f, LINK_HOME, udp(PEER, HOME, 100));
	assert_int_equal(f->outs, 0);
	assert_int_equal(pf_dropped(f, MIP6_DROP_NOT_OURS), 2);
	/* As link-layer multicast it is not answered. */
	{
		struct mip6_pkt *pkt = pf_pkt(f, o.v, o.n);

		pkt->ll_multicast = true;
		mip6_path_from_link(f->path, &f->now, LINK_HOME, &pkt, 1);
	}
	assert_int_equal(f->outs, 0);
	pf_close(f);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_core),
		cmocka_unit_test(test_refused),
		cmocka_unit_test(test_self_and_strange_links),
		cmocka_unit_test(test_unknown_home_address),
		cmocka_unit_test(test_at_home),
		cmocka_unit_test(test_fragmented_message),
		cmocka_unit_test(test_fragment_answers),
		cmocka_unit_test(test_no_answer_away),
		cmocka_unit_test(test_link_local_home),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
