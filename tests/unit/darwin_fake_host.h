/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The first half of the Mac made of memory (darwin_fake.h): what it has, its
 * descriptors, links and addresses.
 */
#ifndef UNIT_DARWIN_FAKE_HOST_H
#define UNIT_DARWIN_FAKE_HOST_H

#include "support.h"

#include <errno.h>
#include <stdio.h>
#include <unistd.h>

#include "darwin_msg.h"
#include "platform/common/run.h"
#include "platform/darwin/abi_call.h"
#include "platform/darwin/os.h"
#include "platform/darwin/pf_text.h"
#include "platform/darwin/watch_msg.h"

#define FAKE_FDS     64
#define FAKE_FD      1000 /* the first */
#define FAKE_ADDRS   32
#define FAKE_ROUTES  64
#define FAKE_QUEUE   32
#define FAKE_OCTETS  4096
#define FAKE_EN0     4
#define FAKE_EN1     5
#define FAKE_AWDL0   6 /* of no use to us: a radio between neighbours */
#define FAKE_UTUN    9
#define FAKE_CONTROL 7
#define FAKE_TEXT    4096

enum fake_fd_kind {
	FAKE_FREE,
	FAKE_ROUTE,
	FAKE_EVENT,
	FAKE_INET6,
	FAKE_UTUN_FD,
	FAKE_TIMER
};

struct fake_addr {
	uint32_t ifindex, flags, valid_s, preferred_s;
	struct mip6_addr addr;
};

struct fake_packet {
	int fd;
	size_t count;
	uint8_t octets[FAKE_OCTETS];
};

/* What a journal can put back, and what dies with descriptors. */
struct fake_host {
	struct fake_addr addr[FAKE_ADDRS];
	uint32_t addrs;
	struct mip6_watch_route route[FAKE_ROUTES];
	uint32_t routes;
	int forwarding, redirect, tso, hwcksum;
	uint32_t pf_rules; /* in our anchor */
	uint32_t pf_tokens;
};

static struct fake {
	struct fake_host host;
	enum fake_fd_kind fd[FAKE_FDS];
	struct fake_packet queue[FAKE_QUEUE]; /* to be read, oldest first */
	uint32_t queued;
	struct fake_packet written; /* last to the utun */
	uint32_t tun_mtu;
	bool tun;         /* it exists */
	bool full;        /* routing sockets have no room for what is told */
	int groups;       /* memberships */
	int64_t timer_us; /* < 0: never */
	uint32_t calls;   /* those that may fail */
	uint32_t fail_at; /* 0: none; the number of the call */
	int fail_errno;
	const char *failed;  /* its name */
	char log[FAKE_TEXT]; /* what the kernel and pfctl were asked */
	char pf[FAKE_TEXT];  /* our anchor */
} fake;

static inline void
fake_say(const char *what, const char *about)
{
	size_t n = strlen(fake.log);

	(void)snprintf(fake.log + n, sizeof(fake.log) - n, "%s%s%s\n", what,
	    about[0] != '\0' ? " " : "", about);
}

static inline bool
fake_fails(const char *name)
{
	if (++fake.calls != fake.fail_at)
		return false;
	fake.failed = name;
	errno = fake.fail_errno;
	return true;
}

static inline int
fake_no(int error)
{
	errno = error;
	return -1;
}

static inline enum fake_fd_kind *
fake_fd(int fd)
{
	assert_true(fd >= FAKE_FD && fd < FAKE_FD + FAKE_FDS);
	assert_int_not_equal(fake.fd[fd - FAKE_FD], FAKE_FREE);
	return &fake.fd[fd - FAKE_FD];
}

static inline int
fake_open(enum fake_fd_kind kind)
{
	int i;

	for (i = 0; i < FAKE_FDS && fake.fd[i] != FAKE_FREE; i++)
		;
	assert_true(i < FAKE_FDS);
	fake.fd[i] = kind;
	return FAKE_FD + i;
}

static inline uint32_t
fake_fds(void)
{
	uint32_t n = 0, i;

	for (i = 0; i < FAKE_FDS; i++)
		n += fake.fd[i] != FAKE_FREE;
	return n;
}

static inline int
fake_socket(int domain, int type, int protocol)
{
	if (fake_fails("socket"))
		return -1;
	if (domain == DARWIN_PF_ROUTE && type == DARWIN_SOCK_RAW)
		return fake_open(FAKE_ROUTE);
	if (domain == DARWIN_PF_SYSTEM && protocol == DARWIN_SYSPROTO_EVENT)
		return fake_open(FAKE_EVENT);
	if (domain == DARWIN_PF_SYSTEM && protocol == DARWIN_SYSPROTO_CONTROL)
		return fake_open(FAKE_UTUN_FD);
	assert_int_equal(domain, DARWIN_AF_INET6);
	return fake_open(FAKE_INET6);
}

static inline int
fake_connect(int fd, const void *addr, uint32_t octets)
{
	const uint8_t *at = addr;
	uint32_t id;

	if (fake_fails("connect"))
		return -1;
	assert_int_equal(*fake_fd(fd), FAKE_UTUN_FD);
	memcpy(&id, at + DARWIN_SC_ID, sizeof(id));
	if (octets != DARWIN_SC_OCTETS || at[0] != DARWIN_SC_OCTETS ||
	    id != FAKE_CONTROL)
		return fake_no(EINVAL);
	fake.tun = true;
	fake.tun_mtu = 1500;
	return 0;
}

static inline int
fake_getsockopt(int fd, int level, int option, void *value, uint32_t *octets)
{
	if (fake_fails("getsockopt"))
		return -1;
	assert_int_equal(*fake_fd(fd), FAKE_UTUN_FD);
	assert_int_equal(level, DARWIN_SYSPROTO_CONTROL);
	assert_int_equal(option, DARWIN_UTUN_OPT_IFNAME);
	assert_true(*octets >= sizeof("utun4"));
	memcpy(value, "utun4", sizeof("utun4"));
	*octets = sizeof("utun4");
	return 0;
}

static inline int
fake_setsockopt(int fd, int level, int option, const void *value,
    uint32_t octets)
{
	(void)value;
	if (fake_fails("setsockopt"))
		return -1;
	assert_int_equal(*fake_fd(fd), FAKE_INET6);
	assert_int_equal(level, DARWIN_IPPROTO_IPV6);
	assert_int_equal(octets, DARWIN_MREQ_OCTETS);
	fake.groups += option == DARWIN_IPV6_JOIN_GROUP ? 1 : -1;
	fake_say(option == DARWIN_IPV6_JOIN_GROUP ? "join" : "leave", "");
	return 0;
}

static inline uint32_t
fake_nametoindex(const char *name)
{
	if (strcmp(name, "en0") == 0)
		return FAKE_EN0;
	if (strcmp(name, "en1") == 0)
		return FAKE_EN1;
	return strcmp(name, "utun4") == 0 && fake.tun ? FAKE_UTUN : 0;
}

static inline uint32_t
fake_if_nametoindex(const char *name)
{
	return fake_fails("if_nametoindex") ? 0 : fake_nametoindex(name);
}

static inline struct fake_addr *
fake_find_addr(uint32_t ifindex, const struct mip6_addr *a)
{
	uint32_t i;

	for (i = 0; i < fake.host.addrs; i++) {
		if (fake.host.addr[i].ifindex == ifindex &&
		    mip6_addr_equal(&fake.host.addr[i].addr, a))
			return &fake.host.addr[i];
	}
	return NULL;
}

static inline int
fake_add_addr(const uint8_t *request, uint32_t ifindex)
{
	struct fake_addr *a;
	struct mip6_addr addr;

	memcpy(&addr, request + DARWIN_IFRA_ADDR + DARWIN_SIN6_ADDR,
	    sizeof(addr));
	a = fake_find_addr(ifindex, &addr);
	if (a == NULL) {
		assert_true(fake.host.addrs < FAKE_ADDRS);
		a = &fake.host.addr[fake.host.addrs++];
		memset(a, 0, sizeof(*a));
		a->ifindex = ifindex;
		a->addr = addr;
	}
	memcpy(&a->flags, request + DARWIN_IFRA_FLAGS, sizeof(a->flags));
	memcpy(&a->valid_s, request + DARWIN_IFRA_VALID, sizeof(a->valid_s));
	memcpy(&a->preferred_s, request + DARWIN_IFRA_PREFERRED,
	    sizeof(a->preferred_s));
	fake_say("addr-add", mip6_addr_text(&addr).s);
	return 0;
}

static inline int
fake_on_addr(unsigned long what, uint8_t *request, uint32_t ifindex)
{
	struct fake_addr *a;
	struct mip6_addr addr;

	memcpy(&addr, request + DARWIN_IN6_IFR_ADDR + DARWIN_SIN6_ADDR,
	    sizeof(addr));
	a = fake_find_addr(ifindex, &addr);
	if (a == NULL)
		return fake_no(EADDRNOTAVAIL);
	if (what == DARWIN_SIOCGIFAFLAG_IN6) {
		memcpy(request + DARWIN_IN6_IFR_FLAGS, &a->flags,
		    sizeof(a->flags));
		return 0;
	}
	fake_say("addr-del", mip6_addr_text(&addr).s);
	*a = fake.host.addr[--fake.host.addrs];
	memset(&fake.host.addr[fake.host.addrs], 0, sizeof(*a));
	return 0;
}

static inline int
fake_ioctl(int fd, unsigned long what, void *value)
{
	uint8_t *request = value;
	uint32_t id = FAKE_CONTROL, ifindex;

	if (fake_fails("ioctl"))
		return -1;
	if (what == DARWIN_CTLIOCGINFO) {
		assert_int_equal(*fake_fd(fd), FAKE_UTUN_FD);
		assert_string_equal(request + DARWIN_CTL_INFO_NAME,
		    DARWIN_UTUN_CONTROL);
		memcpy(request + DARWIN_CTL_INFO_ID, &id, sizeof(id));
		return 0;
	}
	if (what == DARWIN_SIOCSKEVFILT) {
		assert_int_equal(*fake_fd(fd), FAKE_EVENT);
		return 0;
	}
	assert_int_equal(*fake_fd(fd), FAKE_INET6);
	ifindex = fake_nametoindex((const char *)request);
	if (ifindex == 0)
		return fake_no(ENXIO);
	switch (what) {
	case DARWIN_SIOCAIFADDR_IN6:
		return fake_add_addr(request, ifindex);
	case DARWIN_SIOCDIFADDR_IN6:
	case DARWIN_SIOCGIFAFLAG_IN6:
		return fake_on_addr(what, request, ifindex);
	case DARWIN_SIOCSIFMTU:
		assert_int_equal(ifindex, FAKE_UTUN);
		memcpy(&fake.tun_mtu, request + DARWIN_IFR_VALUE,
		    sizeof(fake.tun_mtu));
		return 0;
	case DARWIN_SIOCGIFFLAGS:
	case DARWIN_SIOCSIFFLAGS:
		return 0;
	default: /* no medium to speak of */
		return fake_no(EOPNOTSUPP);
	}
}

static inline void
fake_tun_gone(void)
{
	uint32_t i;

	fake.tun = false;
	for (i = fake.host.addrs; i > 0; i--) {
		if (fake.host.addr[i - 1].ifindex != FAKE_UTUN)
			continue;
		fake.host.addr[i - 1] = fake.host.addr[--fake.host.addrs];
		memset(&fake.host.addr[fake.host.addrs], 0,
		    sizeof(fake.host.addr[0]));
	}
	for (i = fake.host.routes; i > 0; i--) {
		if (fake.host.route[i - 1].ifindex != FAKE_UTUN)
			continue;
		fake.host.route[i - 1] = fake.host.route[--fake.host.routes];
		memset(&fake.host.route[fake.host.routes], 0,
		    sizeof(fake.host.route[0]));
	}
}

/* Closed all the same when it fails, as by a kernel. */
static inline int
fake_close(int fd)
{
	enum fake_fd_kind *kind = fake_fd(fd);
	bool fails = fake_fails("close");

	if (*kind == FAKE_UTUN_FD)
		fake_tun_gone();
	*kind = FAKE_FREE;
	return fails ? -1 : 0;
}

/* A process that is killed: descriptors are closed, nothing else. */
static inline void
fake_killed(void)
{
	fake_tun_gone();
	memset(fake.fd, 0, sizeof(fake.fd));
	fake.groups = 0;
	fake.queued = 0;
}

static inline void
fake_queue(int fd, const void *octets, size_t count)
{
	struct fake_packet *q = &fake.queue[fake.queued++];

	assert_true(fake.queued < FAKE_QUEUE && count <= FAKE_OCTETS);
	q->fd = fd;
	q->count = count;
	memcpy(q->octets, octets, count);
}

static inline ssize_t
fake_take(int fd, void *octets, size_t count)
{
	struct fake_packet q;
	uint32_t i;

	for (i = 0; i < fake.queued && fake.queue[i].fd != fd; i++)
		;
	if (i == fake.queued)
		return fake_no(EAGAIN);
	q = fake.queue[i];
	memmove(&fake.queue[i], &fake.queue[i + 1],
	    (--fake.queued - i) * sizeof(q));
	assert_true(q.count <= count);
	memcpy(octets, q.octets, q.count);
	return (ssize_t)q.count;
}

static inline ssize_t
fake_read(int fd, void *octets, size_t count)
{
	(void)fake_fd(fd);
	return fake_fails("read") ? -1 : fake_take(fd, octets, count);
}

#endif
