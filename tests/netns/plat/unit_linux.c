/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The Linux platform's parts that need no host: netlink messages made, read,
 * and cut at every octet, and effects as text, with every text that is none.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <linux/if_addr.h>
#include <linux/if_arp.h>
#include <linux/if_link.h>
#include <linux/netlink.h>
#include <linux/rtnetlink.h>

#include "platform/linux/linux.h"
#include "platform/linux/nft_text.h"
#include "platform/linux/rtmsg.h"
#include "platform/linux/undo.h"

static struct mip6_addr
unit_a(const char *text)
{
	struct mip6_addr a = mip6_addr_any;

	assert_true(mip6_addr_parse(text, &a));
	return a;
}

/* The body of the one message that `m` is, its length filled in. */
static struct mip6_nl_view
unit_body(struct mip6_nlmsg *m, uint16_t type)
{
	struct mip6_nl_view v, body;
	struct mip6_nl_head h;
	uint32_t count = (uint32_t)m->count;

	assert_false(m->failed);
	memcpy(m->word, &count, sizeof(count));
	v.octets = (const uint8_t *)m->word;
	v.count = m->count;
	assert_true(mip6_nl_message(&v, &h, &body));
	assert_int_equal(h.type, type);
	assert_int_equal(v.count, 0);
	return body;
}

/* A copy of the first octets, so that a reader past them is caught. */
static struct mip6_nl_view
unit_cut(struct mip6_nl_view v, size_t count)
{
	uint8_t *copy = malloc(count + 1);

	assert_non_null(copy);
	memcpy(copy, v.octets, count);
	return (struct mip6_nl_view){ copy, count };
}

static void
unit_uncut(struct mip6_nl_view v)
{
	free((void *)(uintptr_t)v.octets);
}

static void
test_addr_message(void **state)
{
	struct mip6_rt_addr in = { .ifindex = 7,
		.bits = 64,
		.flags = 0x204,
		.valid_s = 100,
		.preferred_s = 50 },
			    out;
	struct mip6_nlmsg m;
	struct mip6_nl_view body, cut;
	size_t n;

	(void)state;
	in.addr = unit_a("2001:db8::7");
	mip6_rtmsg_addr(&m, true, NLM_F_CREATE, &in);
	body = unit_body(&m, RTM_NEWADDR);
	assert_true(mip6_rtmsg_get_addr(body, &out));
	assert_int_equal(out.ifindex, 7);
	assert_int_equal(out.bits, 64);
	assert_int_equal(out.flags, 0x204);
	assert_int_equal(out.valid_s, 100);
	assert_int_equal(out.preferred_s, 50);
	assert_memory_equal(&out.addr, &in.addr, 16);
	for (n = 0; n < body.count; n++) {
		cut = unit_cut(body, n);
		/* The address is the first attribute. */
		assert_int_equal(mip6_rtmsg_get_addr(cut, &out),
		    n >= sizeof(struct ifaddrmsg) + 20);
		unit_uncut(cut);
	}
	mip6_rtmsg_addr(&m, false, 0, &in);
	assert_true(mip6_rtmsg_get_addr(unit_body(&m, RTM_DELADDR), &out));
	in.bits = 129;
	mip6_rtmsg_addr(&m, true, 0, &in);
	assert_false(mip6_rtmsg_get_addr(unit_body(&m, RTM_NEWADDR), &out));
	in.bits = 64;
	in.ifindex = 0;
	mip6_rtmsg_addr(&m, true, 0, &in);
	assert_false(mip6_rtmsg_get_addr(unit_body(&m, RTM_NEWADDR), &out));
}

static void
test_route_message(void **state)
{
	struct mip6_rt_route in, out;
	struct mip6_nlmsg m;
	struct mip6_nl_view body, cut;
	size_t n;

	(void)state;
	memset(&in, 0, sizeof(in));
	in.table = MIP6_RT_TABLE_COA;
	in.dst.addr = unit_a("2001:db8:8000::");
	in.dst.bits = 33;
	in.ifindex = 9;
	in.gateway = unit_a("fe80::1");
	mip6_rtmsg_route(&m, true, NLM_F_CREATE, &in);
	body = unit_body(&m, RTM_NEWROUTE);
	assert_true(mip6_rtmsg_get_route(body, &out));
	assert_int_equal(out.table, MIP6_RT_TABLE_COA);
	assert_true(mip6_prefix_equal(&out.dst, &in.dst));
	assert_int_equal(out.ifindex, 9);
	assert_memory_equal(&out.gateway, &in.gateway, 16);
	assert_int_equal(out.protocol, MIP6_RT_PROTOCOL);
	assert_int_equal(out.type, RTN_UNICAST);
	for (n = 0; n < body.count; n++) {
		cut = unit_cut(body, n);
		assert_int_equal(mip6_rtmsg_get_route(cut, &out),
		    n >= sizeof(struct rtmsg));
		unit_uncut(cut);
	}
	/* Deleting names neither way nor gateway. */
	mip6_rtmsg_route(&m, false, 0, &in);
	assert_true(mip6_rtmsg_get_route(unit_body(&m, RTM_DELROUTE), &out));
	assert_int_equal(out.ifindex, 0);
	assert_true(mip6_addr_is_any(&out.gateway));
	assert_int_equal(out.protocol, MIP6_RT_PROTOCOL);
}

static void
test_rule_message(void **state)
{
	struct mip6_rt_rule in, out;
	struct mip6_nlmsg m;
	struct mip6_nl_view body, cut;
	size_t n;

	(void)state;
	memset(&in, 0, sizeof(in));
	in.table = MIP6_RT_TABLE_HOME;
	in.priority = MIP6_RT_PRIORITY(in.table);
	in.src.addr = unit_a("2001:db8::100");
	in.src.bits = 128;
	mip6_rtmsg_rule(&m, true, NLM_F_CREATE, &in);
	body = unit_body(&m, RTM_NEWRULE);
	assert_true(mip6_rtmsg_get_rule(body, &out));
	assert_int_equal(out.table, in.table);
	assert_int_equal(out.priority, in.priority);
	assert_int_equal(out.protocol, MIP6_RT_PROTOCOL);
	assert_true(mip6_prefix_equal(&out.src, &in.src));
	for (n = 0; n < body.count; n++) {
		cut = unit_cut(body, n);
		assert_int_equal(mip6_rtmsg_get_rule(cut, &out),
		    n >= sizeof(struct rtmsg));
		unit_uncut(cut);
	}
	assert_int_equal(MIP6_RT_PRIORITY(MIP6_RT_TABLE_MAIN), 6274);
}

static void
unit_link(struct mip6_nlmsg *m, uint8_t family, uint16_t type,
    size_t address_octets)
{
	static const uint8_t address[16] = { 2, 0, 0, 0, 0, 1, 9, 9 };
	static const uint8_t remote[16] = { 0x20, 1 };
	struct ifinfomsg h;

	memset(&h, 0, sizeof(h));
	h.ifi_family = family;
	h.ifi_index = 5;
	h.ifi_type = type;
	h.ifi_flags = 0x41;
	mip6_nlmsg_init(m, RTM_NEWLINK, 0, &h, sizeof(h));
	mip6_nlmsg_attr(m, IFLA_IFNAME, "eth0", 5);
	mip6_nlmsg_u32(m, IFLA_MTU, 1500);
	mip6_nlmsg_attr(m, IFLA_ADDRESS, address, address_octets);
	mip6_nlmsg_attr(m, IFLA_BROADCAST, remote, address_octets);
}

static void
test_link_message(void **state)
{
	struct mip6_rt_link l;
	struct mip6_nlmsg m;
	struct mip6_nl_view body, cut;
	size_t n;

	(void)state;
	unit_link(&m, 0, ARPHRD_ETHER, 6);
	body = unit_body(&m, RTM_NEWLINK);
	assert_true(mip6_rtmsg_get_link(body, &l));
	assert_int_equal(l.ifindex, 5);
	assert_string_equal(l.name, "eth0");
	assert_int_equal(l.mtu, 1500);
	assert_true(l.has_lladdr);
	assert_int_equal(l.lladdr.b[5], 1);
	assert_false(l.has_ends);
	for (n = 0; n < body.count; n++) {
		cut = unit_cut(body, n);
		assert_int_equal(mip6_rtmsg_get_link(cut, &l),
		    n >= sizeof(struct ifinfomsg) + 9);
		unit_uncut(cut);
	}
	unit_link(&m, 0, ARPHRD_TUNNEL6, 16);
	assert_true(mip6_rtmsg_get_link(unit_body(&m, RTM_NEWLINK), &l));
	assert_true(l.has_ends);
	assert_false(l.has_lladdr);
	unit_link(&m, 7, ARPHRD_ETHER, 6); /* AF_BRIDGE */
	assert_false(mip6_rtmsg_get_link(unit_body(&m, RTM_NEWLINK), &l));
	/* Names that are none. */
	unit_link(&m, 0, ARPHRD_ETHER, 6);
	mip6_nlmsg_attr(&m, IFLA_IFNAME, "0123456789abcdef", 17);
	assert_true(mip6_rtmsg_get_link(unit_body(&m, RTM_NEWLINK), &l));
	assert_string_equal(l.name, "eth0");
	mip6_nlmsg_attr(&m, IFLA_IFNAME, "no end", 6);
	assert_true(mip6_rtmsg_get_link(unit_body(&m, RTM_NEWLINK), &l));
	assert_string_equal(l.name, "eth0");
}

static void
test_message_limits(void **state)
{
	struct mip6_nlmsg m;
	struct mip6_nl_view v, body;
	struct mip6_nl_head h;
	struct nlmsghdr raw;
	uint8_t octets[MIP6_NLMSG_OCTETS];
	uint16_t type;
	uint32_t len;

	(void)state;
	memset(octets, 0, sizeof(octets));
	mip6_nlmsg_init(&m, 1, 0, octets, 4);
	mip6_nlmsg_attr(&m, 2, octets, sizeof(octets) - 100);
	assert_false(m.failed);
	mip6_nlmsg_attr(&m, 2, octets, 100);
	assert_true(m.failed);
	mip6_nlmsg_u32(&m, 2, 1);
	assert_true(m.failed);
	/* Every wrong length of a message's header. */
	for (len = 0; len < 64; len++) {
		memset(&raw, 0, sizeof(raw));
		raw.nlmsg_len = len;
		memcpy(octets, &raw, sizeof(raw));
		v = (struct mip6_nl_view){ octets, 40 };
		assert_int_equal(mip6_nl_message(&v, &h, &body),
		    len >= sizeof(raw) && len <= 40);
	}
	/* And of an attribute's. */
	for (len = 0; len < 64; len++) {
		octets[0] = (uint8_t)len;
		octets[1] = 0;
		v = (struct mip6_nl_view){ octets, 20 };
		assert_int_equal(mip6_nl_attr(&v, &type, &body),
		    len >= 4 && len <= 20);
	}
	for (len = 0; len < 4; len++) {
		v = (struct mip6_nl_view){ octets, len };
		assert_false(mip6_nl_attr(&v, &type, &body));
		assert_int_equal(mip6_nl_error(&v), 71); /* EPROTO */
	}
}

static const char *const undo_texts[] = {
	"addr 5 2001:db8::1/64",
	"addr 4294967295 ::1/128",
	"route 254 ::/1",
	"route 6276 ::/0",
	"rule 6275 2001:db8::100/128",
	"sysctl all forwarding 0 1",
	"sysctl default forwarding 1 *",
	"sysctl 12 accept_ra 1 2",
	"offload 3 rx-gro",
	"nft",
};

static void
test_undo_text(void **state)
{
	struct mip6_undo u;
	char text[240], cut[240];
	size_t i, n;

	(void)state;
	for (i = 0; i < MIP6_COUNT(undo_texts); i++) {
		assert_true(mip6_undo_parse(undo_texts[i], &u));
		assert_true(mip6_undo_format(&u, text, sizeof(text)));
		assert_string_equal(text, undo_texts[i]);
		/* Never past its end, whatever it is cut to. */
		for (n = 0; n < strlen(text); n++) {
			memcpy(cut, text, n);
			cut[n] = '\0';
			(void)mip6_undo_parse(cut, &u);
			assert_true(mip6_undo_parse(undo_texts[i], &u));
			assert_false(mip6_undo_format(&u, cut, n));
		}
	}
}

static void
test_undo_text_that_is_none(void **state)
{
	static const char *const bad[] = {
		"",
		" ",
		"addr",
		"addr 5",
		"addr x 2001:db8::1/64",
		"addr 5 2001:db8::1",
		"addr 5 2001:db8::1/129",
		"addr 5 2001:db8::1/64 more",
		"addr 4294967296 2001:db8::1/64",
		"addr -1 2001:db8::1/64",
		"addr 5 2001:db8::1/6x",
		"route 254 nowhere/1",
		"rule 6275",
		"sysctl all forwarding 0",
		"sysctl all ../../../kernel/panic 0 1",
		"sysctl .. forwarding 0 1",
		"sysctl 0 forwarding 0 1",
		"sysctl all .. 0 1",
		"sysctl all a/b 0 1",
		"sysctl all forwarding  1",
		"sysctl all 0123456789012345678901234567890123456789 0 1",
		"offload 3",
		"offload eth0 rx-gro",
		"offload 3 /rx-gro",
		"nft now",
		"unknown 1 2 3",
		"a b c d e f g h i",
	};
	struct mip6_undo u;
	char text[600];
	size_t i;

	(void)state;
	for (i = 0; i < MIP6_COUNT(bad); i++) {
		if (mip6_undo_parse(bad[i], &u))
			fail_msg("taken: %s", bad[i]);
	}
	memset(text, 'a', sizeof(text) - 1);
	text[sizeof(text) - 1] = '\0';
	assert_false(mip6_undo_parse(text, &u));
}

/* nft itself reads what we would tell it, in a namespace of its own. */
static void
test_filter_text(void **state)
{
	static struct mip6_addr silence[2], shield[1];
	static struct mip6_nft_tunnel tunnel[2];
	static struct mip6_nft_link link[1] = { { 1, "lo" } };
	struct mip6_nft n;
	unsigned i;
	FILE *f;

	(void)state;
	if (system("unshare -n nft list ruleset >/dev/null 2>&1") != 0)
		skip();
	memset(&n, 0, sizeof(n));
	silence[0] = unit_a("2001:db8::1");
	silence[1] = unit_a("2001:db8::2");
	shield[0] = unit_a("2001:db8::3");
	tunnel[0].local = unit_a("2001:db8::1");
	tunnel[0].remote = unit_a("2001:db8:1::1");
	tunnel[1].local = unit_a("2001:db8::2");
	tunnel[1].remote = unit_a("2001:db8:1::2");
	n.link = link;
	n.tunnel = tunnel;
	n.silence.addr = silence;
	n.shield.addr = shield;
	/* Every part there and not there. */
	for (i = 0; i < 16; i++) {
		n.links = i & 1;
		n.tunnels = (i & 2) != 0 ? 2 : 0;
		n.silence.count = (i & 4) != 0 ? 2 : 0;
		n.shield.count = (i & 8) != 0 ? 1 : 0;
		f = popen("unshare -n nft -f /dev/stdin", "w");
		assert_non_null(f);
		mip6_nft_text(f, &n);
		if (n.tunnels > 0)
			(void)fprintf(f,
			    "add element netdev mip6d tunnels "
			    "{ ::7 . ::8 }\ndelete element netdev mip6d "
			    "tunnels { ::7 . ::8 }\n");
		/* Again: it replaces what is there. */
		mip6_nft_text(f, &n);
		mip6_nft_text_remove(f);
		assert_int_equal(pclose(f), 0);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_addr_message),
		cmocka_unit_test(test_route_message),
		cmocka_unit_test(test_rule_message),
		cmocka_unit_test(test_link_message),
		cmocka_unit_test(test_message_limits),
		cmocka_unit_test(test_filter_text),
		cmocka_unit_test(test_undo_text),
		cmocka_unit_test(test_undo_text_that_is_none),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
