/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What the host of a mobile node joins on the virtual home interface goes
 * through the tunnel when the home agent has asked, and not before (RFC 6275
 * section 11.3.4).
 *
 * Links: core
 */
#include "mld_fix.h"
#include "mn_fix.h"

static struct mld_packet
query(const char *src)
{
	struct mld_packet p = mld_begin(src, "ff02::1", MIP6_ICMP6_MLD_QUERY);

	p.n = 48 + 28;
	mld_end(&p);
	return p;
}

static struct mld_packet
report(const char *src)
{
	struct mld_packet p =
	    mld_begin(src, "ff02::16", MIP6_ICMP6_MLD2_REPORT);

	mld_record(&p, MIP6_MLD_TO_EXCLUDE, "ff0e::5", NULL, 0);
	mld_end(&p);
	return p;
}

static size_t
tunnelled(const struct fix *x)
{
	size_t i, n = 0;

	for (i = 0; i < x->acts; i++)
		n += x->act[i].kind == MIP6_ACT_SEND_TUNNELLED;
	return n;
}

static void
test_asked(void **state)
{
	struct mld_packet r = report("::"), q = query("fe80::1");
	const struct mip6_action *a;
	struct mip6_ip6_view ip;
	struct mip6_icmp6 m;
	struct fix x;

	(void)state;
	bound(&x);
	/* R11.3.4-02: not yet. */
	mld_give(&x, &r, NULL);
	assert_int_equal(tunnelled(&x), 0);
	/* The question goes to the host as it is. */
	x.seen = x.sents;
	mld_give(&x, &q, FIX_AGENT);
	{
		const struct fix_sent *s = fix_next(&x);

		assert_non_null(s);
		assert_int_equal(s->act.ifindex, 0);
		assert_int_equal(s->act.hop, MIP6_HOP_NONE);
		assert_int_equal(s->act.count, q.n);
		assert_memory_equal(s->octets, q.v, q.n);
	}
	mld_give(&x, &r, NULL);
	assert_int_equal(tunnelled(&x), 1);
	a = fix_last(&x, MIP6_ACT_SEND_TUNNELLED);
	assert_true(mip6_addr_equal(&a->u.send.home, &x.conf.mn.home[0].hoa));
	assert_int_equal(mip6_ip6_view(a->u.send.octets, a->u.send.count, &ip,
			     NULL),
	    MIP6_PARSE_OK);
	/* From a link-local address, and whole. */
	assert_true(mip6_addr_is_linklocal(&ip.ip.src));
	assert_memory_equal(ip.ip.src.b + 8, x.conf.mn.home[0].hoa.b + 8, 8);
	assert_int_equal(mip6_icmp6_receive(a->u.send.octets + ip.upper_at,
			     ip.upper_octets, &ip.eff_src, &ip.eff_dst, &m,
			     NULL),
	    MIP6_PARSE_OK);
	assert_memory_equal(a->u.send.octets + ip.upper_at + 4, r.v + 52,
	    r.n - 52);
	/* What others say, and questions of the host, go nowhere. */
	mld_give(&x, &r, FIX_AGENT);
	mld_give(&x, &q, NULL);
	assert_int_equal(tunnelled(&x), 1);
	/* Without the binding nothing is sent any more. */
	fix_link(&x, false);
	fix_wait(&x, MIP6_SPAN_S(700));
	mld_give(&x, &r, NULL);
	assert_int_equal(tunnelled(&x), 1);
	fix_fini(&x);
}

static void
test_strangers(void **state)
{
	struct mld_packet r = report("::"), q;
	struct fix x;

	(void)state;
	bound(&x);
	/* Not our home agent's tunnel. */
	q = query("fe80::1");
	mld_give(&x, &q, "2001:db8:1::2");
	assert_int_equal(fix_drops(&x, MIP6_DROP_TUNNEL_PEER), 1);
	/* Not of a link. */
	q = query(FIX_AGENT);
	mld_give(&x, &q, FIX_AGENT);
	q = query("fe80::1");
	q.v[7] = 2;
	mld_give(&x, &q, FIX_AGENT);
	q.v[7] = 1;
	q.v[42] = 1;
	mld_give(&x, &q, FIX_AGENT);
	assert_int_equal(fix_drops(&x, MIP6_DROP_MLD_INVALID), 3);
	mld_give(&x, &r, NULL);
	assert_int_equal(tunnelled(&x), 0);
	fix_fini(&x);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_asked),
		cmocka_unit_test(test_strangers),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
