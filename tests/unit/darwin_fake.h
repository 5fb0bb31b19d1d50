/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A Mac made of memory: the table of system calls that the Darwin platform is
 * opened with, and behind it links, addresses, routes, values of sysctl,
 * groups, and pf.  It believes nothing that a kernel would not, counts calls,
 * and makes one of them fail when told to.
 */
#ifndef UNIT_DARWIN_FAKE_H
#define UNIT_DARWIN_FAKE_H

#include "darwin_fake_host.h"

static inline bool
fake_same_route(const struct mip6_watch_route *a,
    const struct mip6_watch_route *b)
{
	uint32_t scope = DARWIN_RTF_IFSCOPE;

	return a->dst.bits == b->dst.bits &&
	    mip6_addr_equal(&a->dst.addr, &b->dst.addr) &&
	    (a->flags & scope) == (b->flags & scope) &&
	    ((a->flags & scope) == 0 || a->ifindex == b->ifindex);
}

static inline struct mip6_watch_route *
fake_find_route(const struct mip6_watch_route *like)
{
	uint32_t i;

	for (i = 0; i < fake.host.routes; i++) {
		if (fake_same_route(&fake.host.route[i], like))
			return &fake.host.route[i];
	}
	return NULL;
}

/* The longest; within a scope only what leaves by its link. */
static inline const struct mip6_watch_route *
fake_way(const struct mip6_watch_route *q)
{
	bool scoped = (q->flags & DARWIN_RTF_IFSCOPE) != 0;
	const struct mip6_watch_route *best = NULL, *r;
	uint32_t i;

	for (i = 0; i < fake.host.routes; i++) {
		r = &fake.host.route[i];
		if (!mip6_prefix_has(&r->dst, &q->dst.addr) ||
		    (scoped ? r->ifindex != q->ifindex :
			      (r->flags & DARWIN_RTF_IFSCOPE) != 0))
			continue;
		if (best == NULL || best->dst.bits < r->dst.bits)
			best = r;
	}
	return best;
}

static inline int
fake_route_get(int fd, const struct mip6_watch_route *q)
{
	const struct mip6_watch_route *r = fake_way(q);
	bool on_link = r != NULL && mip6_addr_is_any(&r->gateway);
	struct dmsg *d = calloc(1, sizeof(*d));

	assert_non_null(d);
	if (r != NULL) {
		dmsg_route(d, DARWIN_RTM_GET, r->ifindex, r->flags, &r->dst,
		    on_link ? NULL : &r->gateway);
		dmsg_u32(d, DARWIN_RT_PID, (uint32_t)getpid());
		dmsg_u32(d, DARWIN_RT_SEQ, q->seq);
		if (!fake.full)
			fake_queue(fd, d->octets, d->count);
	}
	free(d);
	return r != NULL ? 0 : fake_no(ESRCH);
}

static inline void
fake_say_route(const char *what, const struct mip6_watch_route *r)
{
	char text[96];

	(void)snprintf(text, sizeof(text), "%s/%u %u%s",
	    mip6_addr_text(&r->dst.addr).s, r->dst.bits, r->ifindex,
	    (r->flags & DARWIN_RTF_IFSCOPE) != 0 ? " scoped" : "");
	fake_say(what, text);
}

static inline ssize_t
fake_write(int fd, const void *octets, size_t count)
{
	struct mip6_watch_route *r;
	struct mip6_watch_msg m;
	size_t at = 0;

	if (fake_fails("write"))
		return -1;
	assert_int_equal(*fake_fd(fd), FAKE_ROUTE);
	assert_true(mip6_watch_next(octets, count, &at, &m));
	assert_int_equal(at, count);
	assert_int_equal(m.kind, MIP6_WATCH_ROUTE);
	r = fake_find_route(&m.u.route);
	if (m.type == DARWIN_RTM_GET)
		return fake_route_get(fd, &m.u.route) == 0 ? (ssize_t)count :
							     -1;
	if (m.type == DARWIN_RTM_ADD) {
		if (r != NULL)
			return fake_no(EEXIST);
		if (m.u.route.ifindex == FAKE_UTUN && !fake.tun)
			return fake_no(ENETUNREACH);
		assert_true(fake.host.routes < FAKE_ROUTES);
		m.u.route.pid = m.u.route.seq = 0;
		fake.host.route[fake.host.routes++] = m.u.route;
		fake_say_route("route-add", &m.u.route);
		return (ssize_t)count;
	}
	assert_int_equal(m.type, DARWIN_RTM_DELETE);
	if (r == NULL)
		return fake_no(ESRCH);
	fake_say_route("route-del", r);
	*r = fake.host.route[--fake.host.routes];
	memset(&fake.host.route[fake.host.routes], 0, sizeof(*r));
	return (ssize_t)count;
}

static inline ssize_t
fake_readv(int fd, const struct iovec *v, int count)
{
	uint8_t whole[FAKE_OCTETS];
	ssize_t n;
	size_t head, rest;

	if (fake_fails("readv"))
		return -1;
	assert_int_equal(*fake_fd(fd), FAKE_UTUN_FD);
	assert_int_equal(count, 2);
	n = fake_take(fd, whole, sizeof(whole));
	if (n <= 0)
		return n;
	head = (size_t)n < v[0].iov_len ? (size_t)n : v[0].iov_len;
	memcpy(v[0].iov_base, whole, head);
	/* What does not fit is cut without a word. */
	rest =
	    (size_t)n - head < v[1].iov_len ? (size_t)n - head : v[1].iov_len;
	memcpy(v[1].iov_base, whole + head, rest);
	return (ssize_t)(head + rest);
}

static inline ssize_t
fake_writev(int fd, const struct iovec *v, int count)
{
	int i;

	if (fake_fails("writev"))
		return -1;
	assert_int_equal(*fake_fd(fd), FAKE_UTUN_FD);
	fake.written.count = 0;
	for (i = 0; i < count; i++) {
		memcpy(fake.written.octets + fake.written.count, v[i].iov_base,
		    v[i].iov_len);
		fake.written.count += v[i].iov_len;
	}
	return (ssize_t)fake.written.count;
}

static inline void
fake_list_links(struct dmsg *d)
{
	static const struct mip6_lladdr ll[] = { { { 2, 0, 0, 0, 0, 4 } },
		{ { 2, 0, 0, 0, 0, 5 } }, { { 2, 0, 0, 0, 0, 6 } } };
	static const char *const name[] = { "en0", "en1", "awdl0" };
	const uint32_t up = DARWIN_IFF_UP | DARWIN_IFF_RUNNING;
	static const uint32_t link[] = { FAKE_EN0, FAKE_EN1, FAKE_AWDL0,
		FAKE_UTUN };
	uint32_t k, i;

	for (k = 0; k < MIP6_COUNT(link); k++) {
		if (link[k] == FAKE_UTUN && !fake.tun)
			continue;
		if (link[k] == FAKE_UTUN)
			dmsg_link(d, FAKE_UTUN, "utun4", NULL, fake.tun_mtu, up,
			    1);
		else
			dmsg_link(d, link[k], name[k], &ll[k], 1500, up,
			    DARWIN_IFT_ETHER);
		for (i = 0; i < fake.host.addrs; i++) {
			if (fake.host.addr[i].ifindex == link[k])
				dmsg_addr(d, DARWIN_RTM_NEWADDR, link[k],
				    &fake.host.addr[i].addr, 64, 0);
		}
	}
}

static inline void
fake_list_routes(struct dmsg *d)
{
	const struct mip6_watch_route *r;
	uint32_t i;

	for (i = 0; i < fake.host.routes; i++) {
		r = &fake.host.route[i];
		dmsg_route(d, DARWIN_RTM_GET, r->ifindex, r->flags, &r->dst,
		    mip6_addr_is_any(&r->gateway) ? NULL : &r->gateway);
	}
}

static inline int
fake_sysctl(const int *name, uint32_t names, void *value, size_t *octets)
{
	struct dmsg *d;

	if (fake_fails("sysctl"))
		return -1;
	assert_int_equal(names, 6);
	d = calloc(1, sizeof(*d));
	assert_non_null(d);
	if (name[4] == DARWIN_NET_RT_IFLIST)
		fake_list_links(d);
	if (name[4] == DARWIN_NET_RT_DUMP)
		fake_list_routes(d);
	if (value != NULL) {
		assert_true(*octets >= d->count);
		memcpy(value, d->octets, d->count);
	}
	*octets = d->count;
	free(d);
	return 0;
}

static inline int
fake_sysctl_int(const char *name, int *value, const int *to)
{
	const struct {
		const char *name;
		int *value;
	} all[] = {
		{ "net.inet6.ip6.forwarding", &fake.host.forwarding },
		{ "net.inet6.ip6.redirect", &fake.host.redirect },
		{ "net.inet.tcp.tso", &fake.host.tso },
		{ "net.link.generic.system.hwcksum_tx", &fake.host.hwcksum },
	};
	char text[32];
	size_t i;

	if (fake_fails("sysctl_int"))
		return -1;
	for (i = 0; i < MIP6_COUNT(all); i++) {
		if (strcmp(name, all[i].name) != 0)
			continue;
		if (value != NULL)
			*value = *all[i].value;
		if (to != NULL) {
			(void)snprintf(text, sizeof(text), "%d", *to);
			fake_say(name, text);
			*all[i].value = *to;
		}
		return 0;
	}
	return fake_no(ENOENT);
}

static inline int
fake_timer_open(void)
{
	return fake_fails("timer_open") ? -1 : fake_open(FAKE_TIMER);
}

/* Never fails: there would be no other way to go on. */
static inline int
fake_timer_set(int fd, int64_t us)
{
	assert_int_equal(*fake_fd(fd), FAKE_TIMER);
	fake.timer_us = us;
	return 0;
}

static inline void
fake_print(struct mip6_os_run *r, const char *text)
{
	r->out_octets = strlen(text);
	assert_true(r->out_octets <= r->out_cap);
	memcpy(r->out, text, r->out_octets);
}

static inline int
fake_run(struct mip6_os_run *r)
{
	char asked[128] = "";
	size_t i, n = 0;

	if (fake_fails("run"))
		return -1;
	assert_string_equal(r->argv[0], "/sbin/pfctl");
	for (i = 1; r->argv[i] != NULL; i++)
		n += (size_t)snprintf(asked + n, sizeof(asked) - n, "%s%s",
		    i > 1 ? " " : "", r->argv[i]);
	r->status = 0;
	r->out_octets = 0;
	if (strcmp(asked, "-s info") == 0) {
		fake_print(r,
		    fake.host.pf_tokens > 0 ? "Status: Enabled for 0 days\n" :
					      "Status: Disabled\n");
		return 0;
	}
	if (strcmp(asked, "-s rules") == 0) {
		fake_print(r, "anchor \"com.apple/*\" all\n");
		return 0;
	}
	if (strcmp(asked, "-a com.apple/mip6d -s rules") == 0) {
		fake_print(r, fake.pf);
		return 0;
	}
	if (strcmp(asked, "-s References") == 0) {
		fake_print(r,
		    fake.host.pf_tokens > 0 ?
			"TOKENS:\n1   mip6d   42   0 days 00:00:01\n" :
			"TOKENS:\n");
		return 0;
	}
	fake_say("pfctl", asked);
	if (strcmp(asked, "-a com.apple/mip6d -f -") == 0) {
		assert_true(r->in_octets < sizeof(fake.pf));
		memcpy(fake.pf, r->in, r->in_octets);
		fake.pf[r->in_octets] = '\0';
		fake.host.pf_rules = mip6_pf_read_rules(fake.pf, r->in_octets);
	} else if (strcmp(asked, "-a com.apple/mip6d -F all") == 0) {
		fake.pf[0] = '\0';
		fake.host.pf_rules = 0;
	} else if (strcmp(asked, "-E") == 0) {
		fake.host.pf_tokens++;
		fake_print(r, "pf enabled\nToken : 42\n");
	} else {
		assert_string_equal(asked, "-X 42");
		if (fake.host.pf_tokens == 0)
			r->status = 1;
		else
			fake.host.pf_tokens--;
	}
	return 0;
}

static inline struct mip6_port *
fake_port_open(const struct mip6_ev_link *link,
    const struct mip6_port_pcap_options *options, char *err, size_t err_octets)
{
	(void)link;
	(void)options;
	(void)snprintf(err, err_octets, "no capture here");
	return NULL;
}

static inline int
fake_port_tx_fd(const struct mip6_port *port)
{
	(void)port;
	return -1;
}

static inline int
fake_port_homes(struct mip6_port *port, const struct mip6_addr *home, size_t n)
{
	(void)port;
	(void)home;
	(void)n;
	return 0;
}

static inline int
fake_boot_id(char *to, size_t cap)
{
	if (fake_fails("boot_id"))
		return -1;
	(void)snprintf(to, cap, "boot-1");
	return 0;
}

const struct mip6_os mip6_os_system = {
	.socket = fake_socket,
	.connect = fake_connect,
	.getsockopt = fake_getsockopt,
	.setsockopt = fake_setsockopt,
	.ioctl = fake_ioctl,
	.close = fake_close,
	.read = fake_read,
	.write = fake_write,
	.readv = fake_readv,
	.writev = fake_writev,
	.sysctl = fake_sysctl,
	.sysctl_int = fake_sysctl_int,
	.if_nametoindex = fake_if_nametoindex,
	.timer_open = fake_timer_open,
	.timer_set = fake_timer_set,
	.run = fake_run,
	.port_open = fake_port_open,
	.port_tx_fd = fake_port_tx_fd,
	.port_homes = fake_port_homes,
	.boot_id = fake_boot_id,
};

/* A host as it is: en0 is the way out, en1 is there, pf is off. */
static inline void
fake_init(void)
{
	static const struct mip6_addr global = { { 0x20, 1, 0xd,
	    0xb8, [15] = 4 } };
	struct mip6_watch_route *r = fake.host.route;

	memset(&fake, 0, sizeof(fake));
	fake.host.redirect = fake.host.tso = fake.host.hwcksum = 1;
	fake.host.addr[0].ifindex = FAKE_EN0;
	fake.host.addr[0].addr = global;
	fake.host.addrs = 1;
	r->ifindex = FAKE_EN0;
	r->flags = DARWIN_RTF_UP | DARWIN_RTF_GATEWAY;
	r->gateway = (struct mip6_addr){ { 0xfe, 0x80, [15] = 1 } };
	fake.host.routes = 1;
}

#endif
