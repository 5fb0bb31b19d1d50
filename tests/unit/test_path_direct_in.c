/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Route optimization, in: what is taken becomes the packet that was sent, octet
 * for octet; what must not be taken is not, and nothing ever leaves by a link.
 *
 * Links: path
 */
#include "unit/path_direct.h"

static struct octets
turned(struct octets o, size_t at, uint8_t v)
{
	assert_true(at < o.n);
	o.v[at] = v;
	return o;
}

static void
test_taken(void **state)
{
	struct octets o = udp(PEER, HOME, 200);
	struct pf *f = pd_open_mn();

	(void)state;
	pf_link(f, LINK_AWAY, pd_rh2(o, PEER, COA, HOME));
	pf_is_tun(f, 0, o);
	pd_is_hint(f, 0, MIP6_HINT_ROW_USED, HOME, PEER);
	assert_int_equal(pd_octets(f, HOME, PEER, true), 200);
	o = udp(HOME2, HOME, 300);
	pf_link(f, LINK_AWAY, pd_both(o, COA2, COA, HOME2, HOME));
	pf_is_tun(f, 1, o);
	assert_int_equal(pd_octets(f, HOME, HOME2, true), 300);
	/* Messages of ICMPv6 beside those of Neighbour Discovery. */
	pf_link(f, LINK_AWAY,
	    pd_both(icmp(HOME2, HOME, 64, 129, 0, 0, fill(16, 0)), COA2, COA,
		HOME2, HOME));
	pf_is_tun(f, 2, icmp(HOME2, HOME, 64, 129, 0, 0, fill(16, 0)));
	/* A correspondent of which we have forgotten that it knows us. */
	o = udp(BESIDE, HOME, 100);
	pf_link(f, LINK_AWAY, pd_rh2(o, BESIDE, COA, HOME));
	pf_is_tun(f, 3, o);
	assert_int_equal(pd_octets(f, HOME, "::", true), 100);
	assert_int_equal(mip6_path_counters(f->path)->direct_in, 4);
	assert_int_equal(pf_dropped_all(f), 0);
	pf_close(f);

	f = pd_open_cn();
	o = udp(HOME, PEER, 100);
	pf_link(f, LINK_AWAY, pd_hao(o, COA, PEER, HOME));
	pf_is_tun(f, 0, o);
	assert_int_equal(pd_octets(f, PEER, HOME, true), 100);
	/* Without the option it is the kernel's, as ever. */
	pf_link(f, LINK_AWAY, o);
	assert_int_equal(f->outs, 1);
	pf_dropped_only(f, MIP6_DROP_NOT_OURS);
	pf_close(f);
}

/* At home, and out of the tunnel; there is no routing header there. */
static void
test_other_ways(void **state)
{
	struct octets o = udp(HOME2, HOME, 200);
	struct octets w = pd_hao(o, COA2, HOME, HOME2);
	struct octets r = pd_rh2(o, HOME2, HOME, HOME);
	struct pf *f = pf_open_home();

	(void)state;
	pf_set(f, pd_row(HOME, HOME2, HOME, COA2));
	pf_link(f, LINK_HOME, w);
	pf_is_tun(f, 0, o);
	/* What brings none and comes from there is taken as well. */
	pf_link(f, LINK_HOME, o);
	pf_is_tun(f, 1, o);
	pf_link(f, LINK_HOME, r);
	pf_dropped_only(f, MIP6_DROP_RH2_NOT_HOME);
	/* Not by a link that is not the home link. */
	pf_link(f, LINK_AWAY, w);
	assert_int_equal(pf_dropped(f, MIP6_DROP_NOT_OURS), 1);
	assert_int_equal(f->outs, 2);
	pf_close(f);

	f = pf_open_mn();
	pf_set(f, pd_row(HOME, HOME2, HOME, COA2));
	pf_link(f, LINK_AWAY, tunnel(AGENT, COA, w));
	pf_is_tun(f, 0, o);
	pf_link(f, LINK_AWAY, tunnel(AGENT, COA, o));
	pf_is_tun(f, 1, o);
	pf_link(f, LINK_AWAY, tunnel(AGENT, COA, r));
	pf_dropped_only(f, MIP6_DROP_RH2_NOT_HOME);
	/* Away, and natively to the home address: nobody sends that. */
	pf_link(f, LINK_AWAY, w);
	assert_int_equal(pf_dropped(f, MIP6_DROP_NOT_OURS), 1);
	/* From somewhere else the core hears of it. */
	w = pd_hao(o, COA2, HOME, BESIDE);
	pf_clear(f);
	pf_link(f, LINK_AWAY, tunnel(AGENT, COA, w));
	assert_int_equal(f->outs, 0);
	pd_is_hint(f, f->hints - 1, MIP6_HINT_HAO, COA2, BESIDE);
	pf_close(f);

	/* A home agent forwards what is for others, options and all. */
	f = pf_open_ha();
	w = pd_hao(udp(HOME, PEER, 100), HOME, PEER, BESIDE);
	pf_link(f, LINK_HOME, tunnel(COA, AGENT, w));
	pf_is_tun(f, 0, w);
	pf_close(f);
}

/* The same headers among others. */
static void
test_chains(void **state)
{
	struct octets u = udp(HOME2, HOME, 100);
	struct octets up = part(u, 40, 60);
	/* 22 octets with the option, 8 of one that is skipped, if unknown. */
	struct octets more = part(hao(0, HOME2), 2, 22), less;
	struct octets skip = { .n = 8, .v = { 0x1e, 6, 1, 2, 3, 4, 5, 6 } };
	struct octets both =
	    join(rh2(MIP6_NH_DSTOPTS, HOME), hao(MIP6_NH_UDP, HOME2));
	struct octets lone = rh2(MIP6_NH_DSTOPTS, HOME);
	struct octets ah = { .n = 24, .v = { MIP6_NH_UDP, 4 } };
	struct {
		struct octets wire, want;
	} rows[] = {
		{ join(options(MIP6_NH_ROUTING), join(both, up)),
		    join(options(MIP6_NH_UDP), up) },
		{ join(both, up), up },
		{ join(lone,
		      join(hao(MIP6_NH_DSTOPTS, HOME2),
			  join(options(MIP6_NH_UDP), up))),
		    join(options(MIP6_NH_UDP), up) },
		{ join(lone, join(hao(MIP6_NH_ESP, HOME2), up)), up },
		{ join(lone, join(hao(MIP6_NH_AH, HOME2), join(ah, up))),
		    join(ah, up) },
		{ up, up }, /* another option beside it: set below */
		/* A whole packet with a Fragment header. */
		{ join(lone,
		      join(hao(MIP6_NH_FRAGMENT, HOME2),
			  frag(MIP6_NH_UDP, 0, false, 7, up))),
		    frag(MIP6_NH_UDP, 0, false, 7, up) },
	};
	static const struct {
		uint8_t wire, want;
	} next[MIP6_COUNT(rows)] = {
		{ MIP6_NH_HOPOPTS, MIP6_NH_HOPOPTS },
		{ MIP6_NH_ROUTING, MIP6_NH_UDP },
		{ MIP6_NH_ROUTING, MIP6_NH_DSTOPTS },
		{ MIP6_NH_ROUTING, MIP6_NH_ESP },
		{ MIP6_NH_ROUTING, MIP6_NH_AH },
		{ MIP6_NH_ROUTING, MIP6_NH_DSTOPTS },
		{ MIP6_NH_ROUTING, MIP6_NH_FRAGMENT },
	};
	struct pf *f;
	size_t i;

	(void)state;
	/* That header stays; of the option's place as little as can be. */
	less = part(options(0), 2, 6);
	less = header(MIP6_NH_UDP, join(less, skip));
	more = header(MIP6_NH_UDP, join(more, skip));
	rows[5].wire = join(lone, join(more, up));
	rows[5].want = join(less, up);
	for (i = 0; i < MIP6_COUNT(rows); i++) {
		f = pd_open_mn();
		pf_link(f, LINK_AWAY,
		    ip6(COA2, COA, next[i].wire, 64, rows[i].wire));
		pf_is_tun(f, 0,
		    ip6(HOME2, HOME, next[i].want, 64, rows[i].want));
		pf_close(f);
	}
}

/*
 * A destination options header: p is Pad1, 2 to 9 PadN of as many octets, H
 * the Home Address option, A, D and E are others, of 5, 4 and 8 octets.
 */
static struct octets
spelt(const char *text)
{
	struct octets o = fill(0, 0), one;

	if (*text == '\0')
		return o;
	for (; *text != '\0'; text++) {
		one = fill(1, 0);
		if (*text == 'H') {
			one = part(hao(0, HOME2), 6, 18);
		} else if (*text >= '2' && *text <= '9') {
			one.n = (size_t)(*text - '0');
			one.v[0] = 1;
			one.v[1] = (uint8_t)(one.n - 2);
		} else if (*text != 'p') {
			one = fill(*text == 'E' ? 8 : *text == 'A' ? 5 : 4, 9);
			one.v[0] = 0x1e;
			one.v[1] = (uint8_t)(one.n - 2);
		}
		o = join(o, one);
	}
	return header(MIP6_NH_UDP, o);
}

/* Others in the header of the option keep their places, modulo 8. */
static void
test_others_kept(void **state)
{
	static const struct {
		const char *in, *out;
	} rows[] = {
		{ "4H", "" },
		{ "ppppH", "" },
		{ "4Hpp6", "" },
		{ "4HE", "6E" },
		{ "E4H", "E6" },
		{ "EppppH", "E6" },
		{ "EH4", "E6" },
		{ "4HDED", "6DED" },
		{ "AH7", "Ap" },
		{ "DH2Ap", "D4Ap" },
		{ "DH", "D2" },
		{ "E6HD2", "ED2" },
		{ "5HA2", "7A2" },
		{ "D9HAA5", "D3AA5" },
	};
	struct octets up = part(udp(HOME2, HOME, 100), 40, 60);
	struct octets in, out;
	struct pf *f;
	size_t i;

	(void)state;
	for (i = 0; i < MIP6_COUNT(rows); i++) {
		in = spelt(rows[i].in);
		out = spelt(rows[i].out);
		f = pd_open_mn();
		pf_link(f, LINK_AWAY,
		    ip6(COA2, COA, MIP6_NH_ROUTING, 64,
			join(rh2(MIP6_NH_DSTOPTS, HOME), join(in, up))));
		pf_is_tun(f, 0,
		    ip6(HOME2, HOME, out.n > 0 ? MIP6_NH_DSTOPTS : MIP6_NH_UDP,
			64, join(out, up)));
		pf_close(f);
	}
}

/* What is wrong with it whoever sent it, or with who sent it. */
static void
test_refused(void **state)
{
	struct octets u = udp(HOME2, HOME, 100), up = part(u, 40, 60);
	struct octets long_rh = rh2(MIP6_NH_UDP, HOME);
	struct octets nd = icmp(HOME2, HOME, 255, 136, 0, 0, fill(16, 0));
	struct {
		struct octets o;
		enum mip6_drop why;
	} rows[] = {
		/* the routing header */
		{ turned(pd_rh2(u, PEER, COA, HOME), 43, 0),
		    MIP6_DROP_RH2_BAD },
		{ turned(pd_rh2(u, PEER, COA, HOME), 43, 2),
		    MIP6_DROP_RH2_BAD },
		{ ip6(PEER, COA, MIP6_NH_ROUTING, 64,
		      join(long_rh, join(up, up))),
		    MIP6_DROP_RH2_BAD }, /* length 4: set below */
		{ pd_rh2(u, PEER, COA, BESIDE), MIP6_DROP_RH2_NOT_HOME },
		{ pd_rh2(u, PEER, COA, COA), MIP6_DROP_RH2_NOT_HOME },
		{ pd_rh2(u, PEER, COA, "fe80::100"), MIP6_DROP_RH2_NOT_HOME },
		{ pd_rh2(u, PEER, COA, "ff0e::1"), MIP6_DROP_RH2_NOT_HOME },
		{ pd_wire(u, PEER, COA, MIP6_NH_ROUTING,
		      join(rh2(MIP6_NH_ROUTING, HOME), rh2(MIP6_NH_UDP, HOME))),
		    MIP6_DROP_RH2_BAD },
		{ turned(pd_both(u, COA2, COA, HOME2, HOME), 42, 0),
		    MIP6_DROP_RH_OTHER },
		{ pd_rh2(u, PEER, HOME, HOME), MIP6_DROP_NOT_OURS },
		/* from nowhere, from here */
		{ pd_rh2(u, "fe80::9", COA, HOME), MIP6_DROP_MARTIAN },
		{ pd_rh2(u, "::", COA, HOME), MIP6_DROP_MARTIAN },
		{ pd_rh2(u, "::1", COA, HOME), MIP6_DROP_MARTIAN },
		{ pd_rh2(u, COA, COA, HOME), MIP6_DROP_SELF_SENT },
		{ pd_rh2(u, HOME, COA, HOME), MIP6_DROP_SELF_SENT },
		/* the option */
		{ pd_both(u, COA2, COA, "ff0e::1", HOME),
		    MIP6_DROP_HAO_NOT_UNICAST },
		{ pd_both(u, COA2, COA, "::1", HOME),
		    MIP6_DROP_HAO_NOT_UNICAST },
		{ pd_both(u, COA2, COA, "::", HOME),
		    MIP6_DROP_HAO_NOT_UNICAST },
		{ pd_both(u, COA2, COA, "fe80::9", HOME),
		    MIP6_DROP_HAO_NOT_UNICAST },
		{ pd_both(u, COA2, COA, "::ffff:1.2.3.4", HOME),
		    MIP6_DROP_HAO_NOT_UNICAST },
		{ pd_both(u, COA2, COA, HOME, HOME), MIP6_DROP_SELF_SENT },
		{ pd_both(u, COA2, COA, COA, HOME), MIP6_DROP_SELF_SENT },
		{ pd_both(u, PEER, COA, HOME2, HOME),
		    MIP6_DROP_HAO_NO_BINDING },
		{ pd_both(u, COA2, COA, BESIDE, HOME),
		    MIP6_DROP_HAO_NO_BINDING },
		/* of another address of ours */
		{ pd_hao(u, COA2, COA, HOME2), MIP6_DROP_HAO_NO_BINDING },
		{ pd_wire(u, COA2, COA, MIP6_NH_ROUTING,
		      join(rh2(MIP6_NH_DSTOPTS, HOME),
			  join(hao(MIP6_NH_DSTOPTS, HOME2),
			      hao(MIP6_NH_UDP, HOME2)))),
		    MIP6_DROP_HAO_TWICE },
		{ pd_wire(u, COA2, COA, MIP6_NH_DSTOPTS,
		      join(hao(MIP6_NH_ROUTING, HOME2),
			  rh2(MIP6_NH_UDP, HOME))),
		    MIP6_DROP_HAO_ORDER },
		{ pd_wire(u, COA2, COA, MIP6_NH_ROUTING,
		      join(rh2(MIP6_NH_FRAGMENT, HOME),
			  frag(MIP6_NH_DSTOPTS, 0, false, 7,
			      hao(MIP6_NH_UDP, HOME2)))),
		    MIP6_DROP_HAO_ORDER },
		/* what must not have them */
		{ pd_both(nd, COA2, COA, HOME2, HOME), MIP6_DROP_ND_INVALID },
		{ pd_rh2(nd, PEER, COA, HOME), MIP6_DROP_ND_INVALID },
	};
	struct pf *f;
	size_t i, n;

	(void)state;
	rows[2].o.v[41] = 4;
	for (i = 0; i < MIP6_COUNT(rows); i++) {
		f = pd_open_mn();
		pf_link(f, LINK_AWAY, rows[i].o);
		pf_dropped_only(f, rows[i].why);
		assert_int_equal(f->outs, 0);
		assert_int_equal(f->hints,
		    rows[i].why == MIP6_DROP_HAO_NO_BINDING);
		pf_close(f);
		/* Cut anywhere, it is no better. */
		for (n = 0; n < rows[i].o.n; n += 7) {
			f = pd_open_mn();
			pf_link(f, LINK_AWAY, part(rows[i].o, 0, n));
			assert_int_equal(f->outs, 0);
			pf_close(f);
		}
	}
	/* To a group, out of the tunnel: whose would it be? */
	f = pd_open_mn();
	pf_link(f, LINK_AWAY,
	    tunnel(AGENT, COA, pd_hao(u, COA2, "ff0e::5", HOME2)));
	pf_dropped_only(f, MIP6_DROP_MARTIAN);
	pf_close(f);
	/* A home agent's mobile nodes are no home addresses of ours. */
	f = pf_open_ha();
	pf_link(f, LINK_HOME, pd_rh2(u, PEER, AGENT, HOME));
	pf_dropped_only(f, MIP6_DROP_RH2_NOT_HOME);
	pf_close(f);
}

/* The core hears of an unproven address with the packet, and nobody else. */
static void
test_unproven(void **state)
{
	struct octets u = udp(HOME, PEER, 100);
	struct octets w = pd_hao(u, COA2, PEER, HOME);
	struct pf *f = pd_open_cn();
	size_t i;

	(void)state;
	for (i = 0; i < 50; i++)
		pf_link(f, LINK_AWAY, w);
	assert_int_equal(f->outs, 0);
	assert_int_equal(f->hints, 1);
	pd_is_hint(f, 0, MIP6_HINT_HAO, COA2, HOME);
	assert_memory_equal(f->hint[0].hint.octets, w.v, w.n);
	assert_int_equal(pf_dropped(f, MIP6_DROP_HAO_NO_BINDING), 50);
	/* The binding moves there, and so does what is believed. */
	pf_set(f, pd_row(PEER, HOME, PEER, COA2));
	pf_link(f, LINK_AWAY, w);
	pf_is_tun(f, 0, u);
	pf_link(f, LINK_AWAY, pd_hao(u, COA, PEER, HOME));
	assert_int_equal(f->outs, 1);
	pd_is_hint(f, f->hints - 1, MIP6_HINT_HAO, COA, HOME);
	/* Messages of mobility go to the core, proven or not. */
	pf_clear(f);
	w = pd_hao(ip6(BESIDE, PEER, MIP6_NH_MH, 64, mobility()), COA2, PEER,
	    BESIDE);
	pf_link(f, LINK_AWAY, w);
	assert_int_equal(f->hints, 1);
	assert_int_equal(f->hint[0].hint.kind, MIP6_HINT_PACKET);
	assert_memory_equal(f->hint[0].hint.octets, w.v, w.n);
	pf_close(f);
}

/* Fragments with the headers in front: each by itself, and checked. */
static void
test_fragments(void **state)
{
	struct octets data = fill(200, 9);
	struct octets first = frag(MIP6_NH_UDP, 0, true, 5, part(data, 0, 104));
	struct octets last =
	    frag(MIP6_NH_UDP, 104, false, 5, part(data, 104, 96));
	struct octets head =
	    join(rh2(MIP6_NH_DSTOPTS, HOME), hao(MIP6_NH_FRAGMENT, HOME2));
	struct octets esp = frag(MIP6_NH_ESP, 104, false, 5, data);
	struct pf *f = pd_open_mn();

	(void)state;
	pf_link(f, LINK_AWAY,
	    ip6(COA2, COA, MIP6_NH_ROUTING, 64, join(head, last)));
	pf_is_tun(f, 0, ip6(HOME2, HOME, MIP6_NH_FRAGMENT, 64, last));
	pf_link(f, LINK_AWAY,
	    ip6(COA2, COA, MIP6_NH_ROUTING, 64, join(head, first)));
	pf_is_tun(f, 1, ip6(HOME2, HOME, MIP6_NH_FRAGMENT, 64, first));
	pf_link(f, LINK_AWAY,
	    ip6(COA2, COA, MIP6_NH_ROUTING, 64, join(head, esp)));
	pf_is_tun(f, 2, ip6(HOME2, HOME, MIP6_NH_FRAGMENT, 64, esp));
	pf_link(f, LINK_AWAY,
	    ip6(PEER, COA, MIP6_NH_ROUTING, 64, join(head, last)));
	pf_dropped_only(f, MIP6_DROP_HAO_NO_BINDING);
	/* Out of the tunnel too. */
	pf_set(f, pd_row(HOME, HOME2, HOME, COA2));
	pf_link(f, LINK_AWAY,
	    tunnel(AGENT, COA,
		ip6(COA2, HOME, MIP6_NH_DSTOPTS, 64,
		    join(hao(MIP6_NH_FRAGMENT, HOME2), last))));
	pf_is_tun(f, 3, ip6(HOME2, HOME, MIP6_NH_FRAGMENT, 64, last));
	pf_close(f);
}

/* Headers that show only when a packet is whole are in the wrong place. */
static void
test_hidden(void **state)
{
	struct octets u = udp(HOME2, HOME, 100), up = part(u, 40, 60);
	struct octets option = join(hao(MIP6_NH_UDP, HOME2), up);
	struct octets routing = join(rh2(MIP6_NH_UDP, HOME), up);
	struct octets in_front = rh2(MIP6_NH_FRAGMENT, HOME);
	struct octets o;
	struct pf *f = pd_open_mn();

	(void)state;
	pf_link(f, LINK_AWAY,
	    ip6(COA2, COA, MIP6_NH_ROUTING, 64,
		join(in_front,
		    frag(MIP6_NH_DSTOPTS, 0, true, 5, part(option, 0, 40)))));
	pf_link(f, LINK_AWAY,
	    ip6(COA2, COA, MIP6_NH_ROUTING, 64,
		join(in_front,
		    frag(MIP6_NH_DSTOPTS, 40, false, 5,
			part(option, 40, 44)))));
	pf_dropped_only(f, MIP6_DROP_HAO_ORDER);
	pf_link(f, LINK_AWAY,
	    ip6(PEER, COA, MIP6_NH_FRAGMENT, 64,
		frag(MIP6_NH_ROUTING, 0, true, 6, part(routing, 0, 40))));
	pf_link(f, LINK_AWAY,
	    ip6(PEER, COA, MIP6_NH_FRAGMENT, 64,
		frag(MIP6_NH_ROUTING, 40, false, 6, part(routing, 40, 44))));
	assert_int_equal(pf_dropped(f, MIP6_DROP_RH2_BAD), 1);
	assert_int_equal(f->outs, 0);
	/* Whole ones whose fragments had both in front are taken. */
	o = join(options(MIP6_NH_UDP), up);
	in_front =
	    join(rh2(MIP6_NH_DSTOPTS, HOME), hao(MIP6_NH_FRAGMENT, HOME2));
	pf_link(f, LINK_AWAY,
	    ip6(COA2, COA, MIP6_NH_ROUTING, 64,
		join(in_front,
		    frag(MIP6_NH_DSTOPTS, 0, true, 7, part(o, 0, 40)))));
	pf_link(f, LINK_AWAY,
	    ip6(COA2, COA, MIP6_NH_ROUTING, 64,
		join(in_front,
		    frag(MIP6_NH_DSTOPTS, 40, false, 7, part(o, 40, 28)))));
	pf_is_tun(f, 0, ip6(HOME2, HOME, MIP6_NH_DSTOPTS, 64, o));
	pf_close(f);
	/* At home they are put together too, for that. */
	f = pf_open_home();
	pf_set(f, pd_row(HOME, HOME2, HOME, COA2));
	pf_link(f, LINK_HOME,
	    ip6(COA2, HOME, MIP6_NH_FRAGMENT, 64,
		frag(MIP6_NH_DSTOPTS, 0, true, 5, part(option, 0, 40))));
	pf_link(f, LINK_HOME,
	    ip6(COA2, HOME, MIP6_NH_FRAGMENT, 64,
		frag(MIP6_NH_DSTOPTS, 40, false, 5, part(option, 40, 44))));
	pf_dropped_only(f, MIP6_DROP_HAO_ORDER);
	assert_int_equal(f->outs, 0);
	pf_close(f);
}

/* One that was merged on its way is cut again, with the home addresses. */
static void
test_merged(void **state)
{
	struct octets tcp = fill(20 + 2400, 1), o;
	struct pf *f = pd_open_mn();
	size_t i;

	(void)state;
	tcp.v[12] = 0x50;
	tcp.v[13] = 0x10;
	o = checked(ip6(PEER, HOME, MIP6_NH_TCP, 64, tcp));
	pf_link(f, LINK_AWAY, pd_rh2(o, PEER, COA, HOME));
	assert_true(f->outs > 1);
	for (i = 0; i < f->outs; i++) {
		struct octets s = pf_octets(f, i);

		assert_int_equal(f->out[i].ifindex, 0);
		assert_true(s.n <= 1452);
		assert_int_equal(s.v[6], MIP6_NH_TCP);
		assert_memory_equal(s.v + 8, o.v + 8, 32);
	}
	pf_close(f);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_taken),
		cmocka_unit_test(test_other_ways),
		cmocka_unit_test(test_chains),
		cmocka_unit_test(test_others_kept),
		cmocka_unit_test(test_refused),
		cmocka_unit_test(test_unproven),
		cmocka_unit_test(test_fragments),
		cmocka_unit_test(test_hidden),
		cmocka_unit_test(test_merged),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
