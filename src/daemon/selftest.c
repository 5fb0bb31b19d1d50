/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The facilities of the platform, one after the other, in the order in which a
 * daemon comes to need them: the first failure tells the most.
 *
 * What is sent goes from this host to this host: a datagram to an address on
 * the TUN, whose packet is read there, and one written to the TUN, which a
 * socket receives.  On a link one frame is sent, to the link's own address.
 * Forwarding is not switched: on a host that it was off on, the system would
 * forget its routers.
 */
#include "daemon/selftest.h"

#include <sys/file.h>
#include <sys/socket.h>

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <net/if.h>
#include <netinet/in.h>
#include <poll.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "config/config.h"
#include "daemon/proc.h"
#include "path/octets.h"
#include "platform/platform.h"
#include "wire/cksum.h"
#include "wire/ip6.h"

#define SELFTEST_WAIT_MS 3000 /* for the end of one action, or one packet */
#define SELFTEST_READS   256  /* packets of others, while we wait for ours */
#define SELFTEST_UDP     8

struct selftest {
	FILE *out;
	unsigned int failed, skipped, passed;
	char dir[256];
	struct mip6_log log;
	struct mip6_plat *plat;
	struct mip6_pool *pool;
	struct mip6_addr addr;     /* on the TUN, ours */
	struct mip6_addr far;      /* behind it, nobody's */
	struct mip6_prefix prefix; /* both are in it */
	struct mip6_ev_link link;  /* one to try a port on; ifindex 0: none */
	uint64_t asked, ended;     /* ids */
	int error;
};

static void
selftest_say(struct selftest *t, const char *verdict, const char *what,
    const char *why)
{
	(void)fprintf(t->out, "%s  %-9s %s\n", verdict, what, why);
}

static bool
selftest_is(struct selftest *t, bool good, const char *what, const char *why)
{
	t->passed += good;
	t->failed += !good;
	selftest_say(t, good ? "pass" : "FAIL", what, why);
	return good;
}

/* ---- the platform's reports ---- */

static bool
selftest_wants_link(void *arg, const char *name)
{
	(void)arg;
	(void)name;
	return true;
}

static void
selftest_link(void *arg, const struct mip6_ev_link *l)
{
	struct selftest *t = arg;

	if (t->link.ifindex == 0 && l->up && !l->gone && !l->raw)
		t->link = *l;
}

static void
selftest_addr(void *arg, const struct mip6_ev_addr *a)
{
	(void)arg;
	(void)a;
}

static void
selftest_routes(void *arg)
{
	(void)arg;
}

static void
selftest_done(void *arg, uint64_t id, int error, const struct mip6_route *route)
{
	struct selftest *t = arg;

	(void)route;
	if (id == t->asked) {
		t->ended = id;
		t->error = error;
	}
}

static void
selftest_wait(struct selftest *t)
{
	struct mip6_plat_fd fds[MIP6_PLAT_FDS];
	struct pollfd pfd[MIP6_PLAT_FDS];
	size_t n = mip6_plat_fds(t->plat, fds), i;
	int turns;

	for (turns = 0; turns < SELFTEST_READS && t->ended != t->asked;
	     turns++) {
		for (i = 0; i < n; i++) {
			pfd[i].fd = fds[i].fd;
			pfd[i].events = POLLIN;
			pfd[i].revents = 0;
		}
		if (poll(pfd, (nfds_t)n, SELFTEST_WAIT_MS) <= 0)
			return;
		for (i = 0; i < n; i++)
			if (pfd[i].revents != 0)
				fds[i].ready(t->plat);
	}
}

/* Carries out `a` to its end; 0, or an errno. */
static int
selftest_act(struct selftest *t, struct mip6_action *a)
{
	a->id = ++t->asked;
	t->error = ETIMEDOUT;
	mip6_plat_do(t->plat, a);
	selftest_wait(t);
	return t->error;
}

static bool
selftest_does(struct selftest *t, struct mip6_action a, const char *what,
    const char *good)
{
	int error = selftest_act(t, &a);

	return selftest_is(t, error == 0, what,
	    error == 0 ? good : strerror(error));
}

/* ---- the steps ---- */

static struct mip6_action
selftest_set(enum mip6_action_kind kind, uint32_t ifindex,
    const struct mip6_addr *addr, bool on)
{
	struct mip6_action a;

	memset(&a, 0, sizeof(a));
	a.kind = kind;
	a.u.set.ifindex = ifindex;
	if (addr != NULL)
		a.u.set.addr = *addr;
	a.u.set.mtu = MIP6_IP6_MTU_MIN;
	a.u.set.on = on;
	return a;
}

/* Whether a daemon with the usual pid file, or with mip0, runs here. */
static bool
selftest_is_alone(void)
{
	int fd = open(MIP6_PID_FILE, O_RDONLY | O_NOFOLLOW | O_CLOEXEC);
	bool held;

	held = fd >= 0 && flock(fd, LOCK_SH | LOCK_NB) != 0 &&
	    errno == EWOULDBLOCK;
	if (fd >= 0)
		(void)close(fd);
	return !held && if_nametoindex(MIP6_PLAT_TUN_NAME) == 0;
}

/* A prefix of our own (RFC 4193), so that nobody's address is touched. */
static bool
selftest_names(struct selftest *t)
{
	const char *tmp = getenv("TMPDIR");
	int n;

	/* Its rules in the packet filter would be taken for ours. */
	if (!selftest_is_alone())
		return selftest_is(t, false, "alone",
		    "mip6d runs here: stop it first");
	if (!mip6_proc_random(t->addr.b, sizeof(t->addr.b)))
		return selftest_is(t, false, "random", strerror(errno));
	t->addr.b[0] = 0xfd;
	t->prefix = mip6_prefix_make(&t->addr, 64);
	t->far = t->addr;
	t->far.b[15] ^= 1;
	n = snprintf(t->dir, sizeof(t->dir), "%s/mip6d-selftest.XXXXXX",
	    tmp != NULL && tmp[0] == '/' ? tmp : "/tmp");
	if (n >= (int)sizeof(t->dir) || mkdtemp(t->dir) == NULL) {
		t->dir[0] = '\0';
		return selftest_is(t, false, "journal",
		    n >= (int)sizeof(t->dir) ? "TMPDIR is too long" :
					       strerror(errno));
	}
	return true;
}

static bool
selftest_open(struct selftest *t)
{
	const struct mip6_plat_env env = { .log = &t->log,
		.state_dir = t->dir,
		.tun_name = "mip6test",
		.wants_link = selftest_wants_link,
		.link = selftest_link,
		.addr = selftest_addr,
		.routes = selftest_routes,
		.done = selftest_done,
		.arg = t };
	char err[256] = "";

	t->plat = mip6_plat_new(&env, err, sizeof(err));
	if (!selftest_is(t, t->plat != NULL, "system",
		t->plat != NULL ? "what the daemon changes can be asked for" :
				  err))
		return false;
	if (mip6_plat_start(t->plat, err, sizeof(err)) != 0)
		return selftest_is(t, false, "tun", err);
	return selftest_is(t, true, "tun", mip6_plat_tun_name(t->plat)) &&
	    selftest_does(t, selftest_set(MIP6_ACT_TUN_MTU, 0, NULL, true),
		"mtu", "of the virtual home interface: 1280");
}

static bool
selftest_host(struct selftest *t)
{
	struct mip6_action a;
	bool good;
	int error;

	memset(&a, 0, sizeof(a));
	a.kind = MIP6_ACT_ADDR;
	a.u.addr.addr = t->addr;
	a.u.addr.bits = 128;
	a.u.addr.valid.us = a.u.addr.preferred.us = INT64_MAX;
	a.u.addr.on = true;
	if (!selftest_does(t, a, "address", "set on it"))
		return false;
	memset(&a, 0, sizeof(a));
	a.kind = MIP6_ACT_ROUTE;
	a.u.route.table = MIP6_TABLE_MAIN;
	a.u.route.dst = t->prefix;
	a.u.route.on = true;
	if (!selftest_does(t, a, "route", "leads to it"))
		return false;
	memset(&a, 0, sizeof(a));
	a.kind = MIP6_ACT_RULE;
	a.u.rule.src = t->addr;
	a.u.rule.table = MIP6_TABLE_HOME;
	a.u.rule.on = true;
	if (!selftest_does(t, a, "rule",
		"what comes from it has its own routes"))
		return false;
	a.u.rule.on = false;
	if (!selftest_does(t, a, "undo", "and has not any more"))
		return false;
	memset(&a, 0, sizeof(a));
	a.kind = MIP6_ACT_ROUTE_GET;
	a.u.dst = t->far;
	error = selftest_act(t, &a);
	/* No route but the one to the TUN, which does not count: an answer. */
	good = error == 0 || error == ENETUNREACH || error == EHOSTUNREACH;
	return selftest_is(t, good, "lookup",
	    good ? "the system tells its routes" : strerror(error));
}

/* A socket bound to our address, connected to the far one's discard port. */
static int
selftest_socket(const struct selftest *t, uint16_t *port)
{
	struct sockaddr_in6 sin6;
	socklen_t octets = sizeof(sin6);
	int fd = socket(AF_INET6, SOCK_DGRAM, 0);

	if (fd < 0)
		return -1;
	memset(&sin6, 0, sizeof(sin6));
	sin6.sin6_family = AF_INET6;
	memcpy(&sin6.sin6_addr, t->addr.b, sizeof(t->addr.b));
	if (bind(fd, (struct sockaddr *)&sin6, octets) != 0 ||
	    getsockname(fd, (struct sockaddr *)&sin6, &octets) != 0) {
		(void)close(fd);
		return -1;
	}
	*port = ntohs(sin6.sin6_port);
	memcpy(&sin6.sin6_addr, t->far.b, sizeof(t->far.b));
	sin6.sin6_port = htons(9);
	if (connect(fd, (struct sockaddr *)&sin6, octets) != 0) {
		(void)close(fd);
		return -1;
	}
	return fd;
}

/* Does the TUN bring a packet from our address to the far one? */
static bool
selftest_seen(struct selftest *t, struct mip6_port *tun)
{
	struct pollfd pfd = { .fd = tun->fd, .events = POLLIN };
	struct mip6_pkt *pkt[MIP6_PKT_BURST];
	const uint8_t *octets;
	bool seen = false;
	size_t n, i;
	int turns;

	for (turns = 0; turns < SELFTEST_READS && !seen; turns++) {
		if (poll(&pfd, 1, SELFTEST_WAIT_MS) <= 0)
			return false;
		n = tun->ops->recv(tun, t->pool, pkt, MIP6_PKT_BURST);
		for (i = 0; i < n; i++) {
			octets = mip6_pkt_octets(pkt[i]);
			if (pkt[i]->count >= MIP6_IP6_OCTETS &&
			    memcmp(octets + MIP6_IP6_AT_SRC, t->addr.b, 16) ==
				0 &&
			    memcmp(octets + MIP6_IP6_AT_DST, t->far.b, 16) == 0)
				seen = true;
			mip6_pool_put(t->pool, pkt[i]);
		}
	}
	return seen;
}

/* A datagram from the far address to our socket, written to the TUN. */
static bool
selftest_write(struct selftest *t, struct mip6_port *tun, uint16_t port)
{
	struct mip6_pkt *pkt = mip6_pool_get(t->pool, MIP6_IP6_MTU_MIN);
	struct mip6_ip6 ip = { .src = t->far, .dst = t->addr };
	uint8_t *udp;
	uint64_t sum;

	if (pkt == NULL)
		return false;
	ip.next_header = MIP6_NH_UDP;
	ip.hop_limit = 64;
	ip.payload_octets = SELFTEST_UDP;
	pkt->count = MIP6_IP6_OCTETS + SELFTEST_UDP;
	mip6_ip6_put(mip6_pkt_octets(pkt), &ip);
	udp = mip6_pkt_octets(pkt) + MIP6_IP6_OCTETS;
	memset(udp, 0, SELFTEST_UDP);
	mip6_put16(udp, 9);
	mip6_put16(udp + 2, port);
	mip6_put16(udp + 4, SELFTEST_UDP);
	sum = mip6_cksum_pseudo(&ip.src, &ip.dst, SELFTEST_UDP, MIP6_NH_UDP);
	mip6_put16(udp + 6,
	    mip6_cksum_finish(mip6_cksum_add(sum, udp, SELFTEST_UDP)));
	return tun->ops->send(tun, t->pool, &pkt, 1) == 1;
}

static void
selftest_packets(struct selftest *t)
{
	struct mip6_port *tun = mip6_plat_tun_port(t->plat);
	struct pollfd pfd = { .events = POLLIN };
	uint16_t port = 0;

	pfd.fd = selftest_socket(t, &port);
	if (pfd.fd < 0) {
		(void)selftest_is(t, false, "socket", strerror(errno));
		return;
	}
	if (send(pfd.fd, "", 0, 0) < 0)
		(void)selftest_is(t, false, "out", strerror(errno));
	else
		(void)selftest_is(t, selftest_seen(t, tun), "out",
		    "a packet of this host comes out of the TUN");
	(void)selftest_is(t,
	    selftest_write(t, tun, port) &&
		poll(&pfd, 1, SELFTEST_WAIT_MS) == 1 &&
		(pfd.revents & POLLIN) != 0,
	    "in", "a packet written to the TUN reaches its socket");
	(void)close(pfd.fd);
}

/* One frame to the link's own address: nobody takes it. */
static bool
selftest_frame(struct selftest *t, struct mip6_port *port)
{
	struct mip6_pkt *pkt = mip6_pool_get(t->pool, MIP6_IP6_MTU_MIN);
	struct mip6_ip6 ip = { .src = t->addr, .dst = t->far };
	uint8_t *octets;

	if (pkt == NULL)
		return false;
	ip.next_header = MIP6_NH_NONE;
	ip.hop_limit = 1;
	pkt->count = 14 + MIP6_IP6_OCTETS;
	octets = mip6_pkt_octets(pkt);
	memcpy(octets, t->link.lladdr.b, 6);
	memcpy(octets + 6, t->link.lladdr.b, 6);
	mip6_put16(octets + 12, 0x86dd);
	mip6_ip6_put(octets + 14, &ip);
	pkt->ifindex = t->link.ifindex;
	return port->ops->send(port, t->pool, &pkt, 1) == 1;
}

static void
selftest_link_port(struct selftest *t)
{
	const struct mip6_addr group = mip6_addr_solicited_node(&t->addr);
	struct mip6_port *port;
	char err[256] = "", what[MIP6_IFNAME_OCTETS + 64];

	if (t->link.ifindex == 0) {
		t->skipped++;
		selftest_say(t, "skip", "link", "no Ethernet link is up");
		return;
	}
	port = mip6_plat_port_open(t->plat, &t->link, err, sizeof(err));
	(void)snprintf(what, sizeof(what), "packets of %s are seen",
	    t->link.name);
	if (!selftest_is(t, port != NULL, "capture", port != NULL ? what : err))
		return;
	(void)selftest_is(t, selftest_frame(t, port), "inject",
	    "frames of our own leave by it");
	(void)selftest_does(t,
	    selftest_set(MIP6_ACT_GROUP, t->link.ifindex, &group, true),
	    "group", "a solicited-node group can be joined");
	(void)selftest_does(t,
	    selftest_set(MIP6_ACT_SILENCE, t->link.ifindex, &t->far, true),
	    "silence", "the system can be kept from answering for us");
	(void)selftest_does(t, selftest_set(MIP6_ACT_SHIELD, 0, &t->addr, true),
	    "shield", "the home address is taken from the TUN alone");
	mip6_plat_port_close(t->plat, port);
}

static void
selftest_close(struct selftest *t)
{
	char name[IF_NAMESIZE] = "";

	if (t->plat != NULL) {
		(void)snprintf(name, sizeof(name), "%s",
		    t->asked > 0 ? mip6_plat_tun_name(t->plat) : "");
		mip6_plat_free(t->plat);
		t->plat = NULL;
		(void)selftest_is(t,
		    name[0] == '\0' || if_nametoindex(name) == 0, "clean-up",
		    "everything is as it was");
	}
	if (t->dir[0] != '\0')
		mip6_proc_remove_dir(t->dir);
}

static void *
selftest_alloc(void *arg, size_t octets)
{
	(void)arg;
	return calloc(1, octets);
}

static void
selftest_release(void *arg, void *mem, size_t octets)
{
	(void)arg;
	(void)octets;
	free(mem);
}

bool
mip6_selftest(FILE *out)
{
	const struct mip6_alloc alloc = { selftest_alloc, selftest_release,
		NULL };
	struct selftest t = { .out = out };

	t.pool = mip6_pool_new(&alloc, 2 * MIP6_PKT_BURST, MIP6_PKT_BURST);
	if (t.pool == NULL) {
		(void)selftest_is(&t, false, "memory", strerror(ENOMEM));
		return false;
	}
	if (selftest_names(&t) && selftest_open(&t) && selftest_host(&t)) {
		selftest_packets(&t);
		selftest_link_port(&t);
	}
	selftest_close(&t);
	mip6_pool_free(t.pool);
	(void)fprintf(out, "%u passed, %u failed, %u skipped\n", t.passed,
	    t.failed, t.skipped);
	return t.failed == 0;
}
