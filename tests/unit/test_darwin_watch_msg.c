/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What macOS says of links, addresses and routes: read as it is meant, cut
 * anywhere, and with every length made wrong.
 *
 * Links: darwin base
 */
#include "platform/darwin/watch_msg.h"

#include "unit/darwin_msg.h"
#include "unit/support.h"

static struct mip6_addr
a6(const char *text)
{
	struct mip6_addr a = mip6_addr_any;

	assert_true(mip6_addr_parse(text, &a));
	return a;
}

static struct mip6_prefix
p6(const char *text)
{
	struct mip6_prefix p = { mip6_addr_any, 0 };

	assert_true(mip6_prefix_parse(text, &p));
	return p;
}

static const struct mip6_lladdr ll = { { 2, 0, 0, 0, 0, 9 } };

/* Octets of a message right in front of what may not be touched. */
static bool
read_exactly(const uint8_t *octets, size_t count, struct mip6_watch_msg *m)
{
	uint8_t *copy = malloc(count > 0 ? count : 1);
	size_t at = 0;
	bool good;

	assert_non_null(copy);
	if (count > 0)
		memcpy(copy, octets, count);
	good = mip6_watch_next(copy, count, &at, m);
	assert_true(at <= count);
	free(copy);
	return good;
}

static void
test_list_of_links(void **state)
{
	struct mip6_addr local = a6("fe80::1"), global = a6("2001:db8:a::1");
	struct mip6_watch_msg m;
	struct dmsg d = { .count = 0 };
	size_t at = 0;

	(void)state;
	dmsg_link(&d, 4, "en0", &ll, 1500,
	    DARWIN_IFF_UP | DARWIN_IFF_RUNNING | 0x8802, DARWIN_IFT_ETHER);
	dmsg_addr(&d, DARWIN_RTM_NEWADDR, 4, &local, 64, 4);
	dmsg_addr(&d, DARWIN_RTM_NEWADDR, 4, &global, 48, 0);
	/* An address of IPv4. */
	dmsg_begin(&d, DARWIN_RTM_NEWADDR, DARWIN_IFAM_OCTETS);
	dmsg_u16(&d, DARWIN_IFAM_INDEX, 4);
	dmsg_sockaddr(&d, DARWIN_IFAM_ADDRS, DARWIN_RTAX_IFA,
	    "\x10\x02\0\0\x0a\0\0\x01\0\0\0\0\0\0\0", 16);
	dmsg_link(&d, 12, "utun3", NULL, 1380, DARWIN_IFF_UP, 1);

	assert_true(mip6_watch_next(d.octets, d.count, &at, &m));
	assert_int_equal(m.kind, MIP6_WATCH_LINK);
	assert_int_equal(m.u.link.ifindex, 4);
	assert_int_equal(m.u.link.mtu, 1500);
	assert_int_equal(m.u.link.type, DARWIN_IFT_ETHER);
	assert_int_equal(m.u.link.flags, 0x8843);
	assert_true(m.u.link.has_name);
	assert_string_equal(m.u.link.name, "en0");
	assert_true(m.u.link.has_lladdr);
	assert_memory_equal(&m.u.link.lladdr, &ll, sizeof(ll));

	assert_true(mip6_watch_next(d.octets, d.count, &at, &m));
	assert_int_equal(m.kind, MIP6_WATCH_ADDR);
	assert_int_equal(m.u.addr.ifindex, 4);
	assert_int_equal(m.u.addr.bits, 64);
	assert_true(mip6_addr_equal(&m.u.addr.addr, &local));

	assert_true(mip6_watch_next(d.octets, d.count, &at, &m));
	assert_int_equal(m.u.addr.bits, 48);
	assert_true(mip6_addr_equal(&m.u.addr.addr, &global));

	assert_true(mip6_watch_next(d.octets, d.count, &at, &m));
	assert_int_equal(m.kind, MIP6_WATCH_OTHER);

	assert_true(mip6_watch_next(d.octets, d.count, &at, &m));
	assert_string_equal(m.u.link.name, "utun3");
	assert_false(m.u.link.has_lladdr);
	assert_false(mip6_watch_next(d.octets, d.count, &at, &m));
	assert_int_equal(at, d.count);
}

static void
test_routes(void **state)
{
	static const struct {
		const char *dst, *gateway;
		uint32_t flags;
		bool cloned;
	} route[] = {
		{ "::/0", "fe80::b", DARWIN_RTF_UP | DARWIN_RTF_GATEWAY,
		    false },
		{ "::/1", NULL, DARWIN_RTF_UP, false },
		{ "2001:db8:a::/64", NULL, DARWIN_RTF_UP | 0x100, false },
		{ "2001:db8:1::100/128", NULL, DARWIN_RTF_UP | DARWIN_RTF_HOST,
		    false },
		{ "2001:db8:a::9/128", NULL,
		    DARWIN_RTF_UP | DARWIN_RTF_HOST | DARWIN_RTF_WASCLONED,
		    true },
		{ "2001:db8:a::9/128", NULL,
		    DARWIN_RTF_UP | DARWIN_RTF_HOST | DARWIN_RTF_LLINFO, true },
		{ "ff02::/16", NULL, DARWIN_RTF_UP | DARWIN_RTF_MULTICAST,
		    true },
		{ "2001:db8:a::1/128", NULL,
		    DARWIN_RTF_UP | DARWIN_RTF_HOST | DARWIN_RTF_LOCAL, true },
	};
	struct mip6_prefix dst;
	struct mip6_addr gateway;
	struct mip6_watch_msg m;
	struct dmsg d;
	size_t i;

	(void)state;
	for (i = 0; i < MIP6_COUNT(route); i++) {
		memset(&d, 0, sizeof(d));
		dst = p6(route[i].dst);
		gateway = route[i].gateway != NULL ? a6(route[i].gateway) :
						     mip6_addr_any;
		dmsg_route(&d, DARWIN_RTM_ADD, 7, route[i].flags, &dst,
		    route[i].gateway != NULL ? &gateway : NULL);
		dmsg_u32(&d, DARWIN_RT_PID, 99);
		dmsg_u32(&d, DARWIN_RT_SEQ, 0x80000001);
		dmsg_u32(&d, DARWIN_RT_ERRNO, 17);
		assert_true(read_exactly(d.octets, d.count, &m));
		assert_int_equal(m.kind, MIP6_WATCH_ROUTE);
		assert_int_equal(m.type, DARWIN_RTM_ADD);
		assert_int_equal(m.u.route.ifindex, 7);
		assert_int_equal(m.u.route.flags, route[i].flags);
		assert_true(mip6_prefix_equal(&m.u.route.dst, &dst));
		assert_true(mip6_addr_equal(&m.u.route.gateway, &gateway));
		assert_int_equal(m.u.route.pid, 99);
		assert_true(m.u.route.seq == 0x80000001);
		assert_int_equal(m.u.route.error, 17);
		assert_int_equal(mip6_watch_is_cloned(&m.u.route),
		    route[i].cloned);
	}
}

/* The kernel's number of a link is in no address that we hand on. */
static void
test_scopes(void **state)
{
	static const struct {
		const char *addr;
		bool scoped;
	} v[] = { { "fe80::1", true }, { "ff02::1", true }, { "ff01::1", true },
		{ "2001:db8::1", false }, { "ff05::1", false } };
	struct mip6_addr a;
	struct mip6_watch_msg m;
	struct dmsg d;
	size_t i;

	(void)state;
	for (i = 0; i < MIP6_COUNT(v); i++) {
		memset(&d, 0, sizeof(d));
		a = a6(v[i].addr);
		dmsg_addr(&d, DARWIN_RTM_NEWADDR, 0x102, &a, 64, 0x102);
		assert_true(read_exactly(d.octets, d.count, &m));
		if (!v[i].scoped) {
			a.b[2] = 1;
			a.b[3] = 2;
		}
		assert_true(mip6_addr_equal(&m.u.addr.addr, &a));
	}
}

/* The last address of an event is not padded; a cut one is refused. */
static void
test_unpadded(void **state)
{
	struct mip6_watch_msg m;
	struct mip6_prefix p = p6("2001:db8::/33");
	struct dmsg d = { .count = 0 };

	(void)state;
	dmsg_route(&d, DARWIN_RTM_ADD, 3, DARWIN_RTF_UP, &p, NULL);
	/* The mask has 8 + 5 octets. */
	dmsg_u16(&d, 0, (uint32_t)(d.count - 3));
	assert_true(read_exactly(d.octets, d.count - 3, &m));
	assert_int_equal(m.kind, MIP6_WATCH_ROUTE);
	assert_int_equal(m.u.route.dst.bits, 33);
	dmsg_u16(&d, 0, (uint32_t)(d.count - 4));
	assert_true(read_exactly(d.octets, d.count - 4, &m));
	assert_int_equal(m.kind, MIP6_WATCH_OTHER);
}

/* Every cut: refused, or a whole message whose length was made to fit. */
static void
test_cut(void **state)
{
	struct mip6_addr a = a6("2001:db8:a::1"), gateway = a6("fe80::b");
	struct mip6_prefix p = p6("2001:db8::/33");
	struct mip6_watch_msg m;
	struct dmsg d[3];
	size_t i, count;

	(void)state;
	memset(d, 0, sizeof(d));
	dmsg_link(&d[0], 4, "en0", &ll, 1500, DARWIN_IFF_UP, DARWIN_IFT_ETHER);
	dmsg_addr(&d[1], DARWIN_RTM_DELADDR, 4, &a, 64, 0);
	dmsg_route(&d[2], DARWIN_RTM_ADD, 3, DARWIN_RTF_UP, &p, &gateway);
	for (i = 0; i < 3; i++) {
		for (count = 0; count < d[i].count; count++) {
			assert_false(read_exactly(d[i].octets, count, &m));
			assert_int_equal(m.kind, MIP6_WATCH_OTHER);
		}
		/* The same with a length that says so. */
		for (count = 4; count < d[i].count - 3; count++) {
			dmsg_u16(&d[i], 0, (uint32_t)count);
			assert_true(read_exactly(d[i].octets, count, &m));
			assert_int_equal(m.kind, MIP6_WATCH_OTHER);
		}
	}
}

static void
test_lies(void **state)
{
	struct mip6_addr a = a6("2001:db8:a::1");
	struct mip6_watch_msg m;
	struct dmsg good = { .count = 0 }, d;
	size_t at = 0;

	(void)state;
	dmsg_addr(&good, DARWIN_RTM_NEWADDR, 4, &a, 64, 0);
	assert_true(read_exactly(good.octets, good.count, &m));
	assert_int_equal(m.kind, MIP6_WATCH_ADDR);

	d = good; /* another version */
	d.octets[2] = 4;
	assert_true(read_exactly(d.octets, d.count, &m));
	assert_int_equal(m.kind, MIP6_WATCH_OTHER);
	d = good; /* an unknown type */
	d.octets[3] = 99;
	assert_true(read_exactly(d.octets, d.count, &m));
	assert_int_equal(m.kind, MIP6_WATCH_OTHER);
	d = good; /* no length, which would never end */
	dmsg_u16(&d, 0, 0);
	assert_false(read_exactly(d.octets, d.count, &m));
	dmsg_u16(&d, 0, 3);
	assert_false(read_exactly(d.octets, d.count, &m));
	d = good; /* no link */
	dmsg_u16(&d, DARWIN_IFAM_INDEX, 0);
	assert_true(read_exactly(d.octets, d.count, &m));
	assert_int_equal(m.kind, MIP6_WATCH_OTHER);
	d = good; /* more addresses than there are */
	dmsg_u32(&d, DARWIN_IFAM_ADDRS, 0xff);
	assert_true(read_exactly(d.octets, d.count, &m));
	assert_int_equal(m.kind, MIP6_WATCH_OTHER);
	d = good; /* a socket address of one octet */
	d.octets[DARWIN_IFAM_OCTETS] = 1;
	assert_true(read_exactly(d.octets, d.count, &m));
	assert_int_equal(m.kind, MIP6_WATCH_OTHER);
	d = good; /* and of more than there are */
	d.octets[DARWIN_IFAM_OCTETS] = 255;
	assert_true(read_exactly(d.octets, d.count, &m));
	assert_int_equal(m.kind, MIP6_WATCH_OTHER);
	d = good; /* a netmask with a hole */
	d.octets[DARWIN_IFAM_OCTETS + DARWIN_SIN6_ADDR + 3] = 0x7f;
	assert_true(read_exactly(d.octets, d.count, &m));
	assert_int_equal(m.kind, MIP6_WATCH_OTHER);

	/* One that is damaged does not spoil the next. */
	d = good;
	dmsg_addr(&d, DARWIN_RTM_NEWADDR, 5, &a, 64, 0);
	d.octets[DARWIN_IFAM_OCTETS] = 1;
	assert_true(mip6_watch_next(d.octets, d.count, &at, &m));
	assert_int_equal(m.kind, MIP6_WATCH_OTHER);
	assert_true(mip6_watch_next(d.octets, d.count, &at, &m));
	assert_int_equal(m.kind, MIP6_WATCH_ADDR);
	assert_int_equal(m.u.addr.ifindex, 5);
}

/* Names go into rules and logs. */
static void
test_names(void **state)
{
	static const char *const bad[] = { "", "0123456789abcdef", "en 0",
		"en\n", "en\x80" };
	struct mip6_watch_msg m;
	struct dmsg d;
	size_t i;

	(void)state;
	for (i = 0; i < MIP6_COUNT(bad); i++) {
		memset(&d, 0, sizeof(d));
		dmsg_link(&d, 4, bad[i], &ll, 1500, DARWIN_IFF_UP,
		    DARWIN_IFT_ETHER);
		assert_true(read_exactly(d.octets, d.count, &m));
		assert_int_equal(m.kind, MIP6_WATCH_LINK);
		assert_false(m.u.link.has_name);
		assert_false(m.u.link.has_lladdr);
	}
	/* A name that ends behind its own socket address. */
	memset(&d, 0, sizeof(d));
	dmsg_link(&d, 4, "en0", &ll, 1500, DARWIN_IFF_UP, DARWIN_IFT_ETHER);
	d.octets[DARWIN_IFM_OCTETS + DARWIN_SDL_NLEN] = 15;
	assert_true(read_exactly(d.octets, d.count, &m));
	assert_false(m.u.link.has_name);
}

static bool
is_ordinary(const void *arg, uint32_t ifindex)
{
	(void)arg;
	return ifindex < 10;
}

static void
test_other_tunnel(void **state)
{
	static const struct {
		const char *dst;
		uint32_t ifindex, flags, want;
	} v[] = {
		{ "::/0", 4, DARWIN_RTF_UP, 0 },
		{ "::/0", 12, DARWIN_RTF_UP, 12 },
		{ "::/1", 12, DARWIN_RTF_UP, 12 },
		{ "8000::/1", 12, DARWIN_RTF_UP, 12 },
		{ "2000::/3", 12, DARWIN_RTF_UP, 12 },
		{ "2000::/4", 12, DARWIN_RTF_UP, 0 },
		{ "e000::/3", 12, DARWIN_RTF_UP, 0 },
		/* Ours; a link's own; one that is not up; a refusal. */
		{ "::/1", 11, DARWIN_RTF_UP, 0 },
		{ "::/0", 12, DARWIN_RTF_UP | DARWIN_RTF_IFSCOPE, 0 },
		{ "::/0", 12, 0, 0 },
		{ "::/0", 12, DARWIN_RTF_UP | DARWIN_RTF_REJECT, 0 },
		{ "::/0", 0, DARWIN_RTF_UP, 0 },
	};
	struct mip6_prefix p;
	struct dmsg d;
	size_t i;

	(void)state;
	for (i = 0; i < MIP6_COUNT(v); i++) {
		memset(&d, 0, sizeof(d));
		p = p6("2001:db8:a::/64");
		dmsg_route(&d, DARWIN_RTM_GET, 12, DARWIN_RTF_UP, &p, NULL);
		p = p6(v[i].dst);
		dmsg_route(&d, DARWIN_RTM_GET, v[i].ifindex, v[i].flags, &p,
		    NULL);
		assert_int_equal(mip6_watch_other_tunnel(d.octets, d.count, 11,
				     is_ordinary, NULL),
		    v[i].want);
	}
}

static void
test_events(void **state)
{
	static const struct {
		uint32_t size, vendor, class, subclass, code;
		bool want;
	} v[] = {
		{ 24, 1, 1, DARWIN_KEV_DL, 13, true },   /* carrier */
		{ 24, 1, 1, DARWIN_KEV_DL, 11, true },   /* detached */
		{ 24, 1, 1, DARWIN_KEV_INET6, 3, true }, /* deleted */
		{ 24, 1, 1, DARWIN_KEV_DL, 7, false },   /* a group */
		{ 24, 1, 1, DARWIN_KEV_DL, 8, false },   /* a group */
		{ 24, 1, 1, 1, 1, false },               /* of IPv4 */
		{ 24, 2, 1, DARWIN_KEV_DL, 13, false },  /* a stranger's */
		{ 24, 1, 2, DARWIN_KEV_DL, 13, false },  /* no network's */
		{ 25, 1, 1, DARWIN_KEV_DL, 13, false },  /* cut */
	};
	struct dmsg d;
	uint8_t *copy;
	size_t i, count;

	(void)state;
	for (i = 0; i < MIP6_COUNT(v); i++) {
		memset(&d, 0, sizeof(d));
		dmsg_u32(&d, DARWIN_KEV_SIZE, v[i].size);
		dmsg_u32(&d, DARWIN_KEV_VENDOR, v[i].vendor);
		dmsg_u32(&d, DARWIN_KEV_CLASS, v[i].class);
		dmsg_u32(&d, DARWIN_KEV_SUBCLASS, v[i].subclass);
		dmsg_u32(&d, DARWIN_KEV_CODE, v[i].code);
		assert_int_equal(mip6_watch_event(d.octets, DARWIN_KEV_OCTETS),
		    v[i].want);
		for (count = 0; count < DARWIN_KEV_OCTETS; count++) {
			copy = malloc(count > 0 ? count : 1);
			assert_non_null(copy);
			memcpy(copy, d.octets, count);
			assert_false(mip6_watch_event(copy, count));
			free(copy);
		}
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_list_of_links),
		cmocka_unit_test(test_routes),
		cmocka_unit_test(test_scopes),
		cmocka_unit_test(test_unpadded),
		cmocka_unit_test(test_cut),
		cmocka_unit_test(test_lies),
		cmocka_unit_test(test_names),
		cmocka_unit_test(test_other_tunnel),
		cmocka_unit_test(test_events),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
