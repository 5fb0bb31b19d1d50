/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What ICMPv6 errors quote of route-optimized packets, in every place: each
 * pointer, each length, headers that lie farther behind than any error quotes.
 *
 * Links: path
 */
#include "unit/path_direct.h"

#define ROUTER "2001:db8:a::1"

/* An options header of 2,048 octets, all of it padding. */
static struct octets
long_options(uint8_t next)
{
	struct octets o = { .n = 2048, .v = { next, 255 } };
	size_t at;

	for (at = 2; at + 258 < o.n; at += 257) {
		o.v[at] = 1;
		o.v[at + 1] = 255;
	}
	o.v[at] = 1;
	o.v[at + 1] = (uint8_t)(o.n - at - 2);
	return o;
}

/*
 * An error as long as nobody may send one quotes a packet with our headers
 * behind more octets than are copied: nothing beyond the copy is touched.
 */
static void
test_far_behind(void **state)
{
	struct octets up = part(udp(HOME, HOME2, 100), 40, 60), o, e;
	struct octets both =
	    join(rh2(MIP6_NH_DSTOPTS, HOME2), hao(MIP6_NH_UDP, HOME));
	struct mip6_pkt *near, *next;
	struct pf *f = pd_open_mn();
	size_t i;

	(void)state;
	/* The buffer beside the one that the copy will be in. */
	near = pf_pkt(f, both.v, both.n);
	next = pf_pkt(f, both.v, both.n);
	assert_true(next->mem > near->mem);
	memset(next->mem, 0x5a, next->cap);
	mip6_pool_put(f->pool, near);
	o = ip6(COA, COA2, MIP6_NH_HOPOPTS, 64,
	    join(long_options(MIP6_NH_ROUTING), join(both, up)));
	e = icmp(ROUTER, COA, 64, 1, 0, 0, o);
	pf_link(f, LINK_AWAY, e);
	for (i = 0; i < next->cap; i++)
		assert_int_equal(next->mem[i], 0x5a);
	mip6_pool_put(f->pool, next);
	assert_int_equal(f->outs, 0);
	assert_int_equal(f->hints, 1);
	pf_close(f);
}

/* As far behind as the copy reaches, to the octet. */
static void
test_copy_ends(void **state)
{
	struct octets both =
	    join(rh2(MIP6_NH_DSTOPTS, HOME2), hao(MIP6_NH_UDP, HOME));
	struct octets pad, o;
	struct pf *f;
	size_t n;

	(void)state;
	for (n = MIP6_PKT_OCTETS - 16; n <= MIP6_PKT_OCTETS + 16; n += 8) {
		f = pd_open_mn();
		pad = long_options(MIP6_NH_ROUTING);
		/* The packet's headers end at n. */
		pad.n = n - 48 - MIP6_IP6_OCTETS;
		pad.v[1] = (uint8_t)(pad.n / 8 - 1);
		pad.v[2 + 257 * 7 + 1] = (uint8_t)(pad.n - 2 - 257 * 7 - 2);
		o = ip6(COA, COA2, MIP6_NH_HOPOPTS, 64,
		    join(pad, join(both, fill(40, 0))));
		pf_link(f, LINK_AWAY, icmp(ROUTER, COA, 64, 1, 0, 0, o));
		assert_int_equal(f->outs, n <= MIP6_PKT_OCTETS);
		assert_int_equal(f->hints, 1);
		pf_close(f);
	}
}

/* Each octet of a packet, as the application knows it; -1: it is ours. */
static int
pointer_of(size_t at, size_t lead, size_t last, size_t added)
{
	size_t field = lead == 0 ? 6 : 40;

	if (at == last)
		return (int)field;
	if (at >= 40 + lead + added)
		return (int)(at - added);
	return at >= 40 + lead || at == field ? -1 : (int)at;
}

static void
pointers(const char *other, const char *peer, struct octets lead, bool cn)
{
	const char *our = cn ? PEER : HOME, *local = cn ? PEER : COA;
	bool h = !cn, r = strcmp(other, peer) != 0;
	uint8_t after = lead.n == 0 ? 0 : MIP6_NH_HOPOPTS;
	struct octets up = part(udp(our, other, 100), 40, 60),
		      head = fill(0, 0);
	size_t added = (h ? 24U : 0U) + (r ? 24U : 0U), at;
	uint8_t first = r ? MIP6_NH_ROUTING : MIP6_NH_DSTOPTS;
	struct octets o, w;
	struct pf *f;
	int want;

	if (r)
		head = rh2(h ? MIP6_NH_DSTOPTS : MIP6_NH_UDP, other);
	if (h)
		head = join(head, hao(MIP6_NH_UDP, our));
	o = ip6(our, other, lead.n == 0 ? MIP6_NH_UDP : after, 64,
	    join(lead, up));
	if (lead.n != 0)
		lead.v[0] = first;
	w = ip6(local, peer, lead.n == 0 ? first : after, 64,
	    join(lead, join(head, up)));
	f = cn ? pd_open_cn() : pd_open_mn();
	for (at = 0; at < w.n + 8; at++) {
		pf_clear(f);
		pf_wait(f, 1000000);
		pf_link(f, LINK_AWAY,
		    icmp(ROUTER, local, 64, 4, 0, (uint32_t)at, w));
		want = pointer_of(at, lead.n, 40 + lead.n + added - 24, added);
		assert_int_equal(f->outs, want >= 0);
		assert_int_equal(f->hints, 1);
		if (want >= 0)
			pf_is_error(f, 0, ROUTER, our, 4, 0, (uint32_t)want, o);
	}
	pf_close(f);
}

static void
test_pointers(void **state)
{
	(void)state;
	pointers(PEER, PEER, fill(0, 0), false);
	pointers(HOME2, COA2, fill(0, 0), false);
	pointers(HOME, COA, fill(0, 0), true);
	pointers(PEER, PEER, options(MIP6_NH_UDP), false);
	pointers(HOME2, COA2, options(MIP6_NH_UDP), false);
	pointers(HOME, COA, options(MIP6_NH_UDP), true);
}

/* The application's own option is refused, and it hears of that. */
static void
test_own_option(void **state)
{
	static const uint8_t types[] = { 0x5e, 0x9e, 0xde };
	struct octets up = part(udp(HOME, HOME2, 100), 40, 60), o;
	struct octets option = { .n = 6, .v = { 0, 4 } };
	struct pf *f;
	size_t i;

	(void)state;
	for (i = 0; i < MIP6_COUNT(types); i++) {
		option.v[0] = types[i];
		o = ip6(HOME, HOME2, MIP6_NH_DSTOPTS, 64,
		    join(header(MIP6_NH_UDP, option), up));
		f = pd_open_mn();
		pf_tun(f, o);
		pf_is_frame(f, 0, LINK_AWAY, &ll_router,
		    pd_both(o, COA, COA2, HOME, HOME2));
		pf_clear(f);
		pf_link(f, LINK_AWAY,
		    icmp(ROUTER, COA, 64, 4, 2, 40 + 48 + 2,
			pd_both(o, COA, COA2, HOME, HOME2)));
		pf_is_error(f, 0, ROUTER, HOME, 4, 2, 42, o);
		assert_int_equal(pf_dropped_all(f), 0);
		pf_close(f);
	}
}

/* Every length of what is quoted, of fragments as well. */
static void
test_every_length(void **state)
{
	struct octets pieces[] = {
		udp(HOME, HOME2, 48),
		udp(HOME, HOME2, 300),
		ip6(HOME, HOME2, MIP6_NH_NONE, 64, fill(0, 0)),
		ip6(HOME, HOME2, MIP6_NH_FRAGMENT, 64,
		    frag(MIP6_NH_UDP, 0, true, 1, fill(64, 0))),
		ip6(HOME, HOME2, MIP6_NH_FRAGMENT, 64,
		    frag(MIP6_NH_UDP, 64, false, 1, fill(9, 0))),
		ip6(HOME, HOME2, MIP6_NH_TCP, 64, fill(40, 0)),
		ip6(HOME, HOME2, MIP6_NH_ESP, 64, fill(40, 0)),
	};
	struct octets w, frag_of;
	struct pf *f;
	size_t i, n, least;

	(void)state;
	for (i = 0; i < MIP6_COUNT(pieces); i++) {
		w = pd_both(pieces[i], COA, COA2, HOME, HOME2);
		for (n = 0; n <= w.n; n++) {
			f = pd_open_mn();
			pf_link(f, LINK_AWAY,
			    icmp(ROUTER, COA, 64, 1, 3, 0, part(w, 0, n)));
			least = 88;
			assert_int_equal(f->hints, n >= least);
			assert_int_equal(f->outs, n >= least);
			if (n < least)
				assert_int_equal(pf_dropped_all(f), 1);
			else
				pf_is_error(f, 0, ROUTER, HOME, 1, 3, 0,
				    part(pieces[i], 0, n - 48));
			pf_close(f);
		}
	}
	/* What the quote says of its length is not more than there is. */
	f = pd_open_mn();
	w = pd_both(pieces[0], COA, COA2, HOME, HOME2);
	w.v[4] = w.v[5] = 0xff;
	frag_of = pieces[0];
	frag_of.v[4] = 0xff;
	frag_of.v[5] = 0xff - 48;
	pf_link(f, LINK_AWAY, icmp(ROUTER, COA, 64, 1, 3, 0, w));
	pf_is_error(f, 0, ROUTER, HOME, 1, 3, 0, frag_of);
	/* Nor less than its headers. */
	w.v[4] = 0;
	w.v[5] = 47;
	pf_link(f, LINK_AWAY, icmp(ROUTER, COA, 64, 1, 3, 0, w));
	assert_int_equal(pf_dropped(f, MIP6_DROP_ICMP_QUOTE), 1);
	w.v[5] = 48;
	pf_link(f, LINK_AWAY, icmp(ROUTER, COA, 64, 1, 3, 0, w));
	frag_of.v[4] = frag_of.v[5] = 0;
	pf_is_error(f, 1, ROUTER, HOME, 1, 3, 0, part(frag_of, 0, 40));
	pf_close(f);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_far_behind),
		cmocka_unit_test(test_copy_ends),
		cmocka_unit_test(test_pointers),
		cmocka_unit_test(test_own_option),
		cmocka_unit_test(test_every_length),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
