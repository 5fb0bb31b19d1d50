/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Linux: a network namespace, and the words of iproute2, nft, ethtool and
 * /proc/sys for everything in it.
 */
#include "host.h"

#include <errno.h>
#include <fcntl.h>
#include <net/if.h>
#include <poll.h>
#include <sched.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

#include <linux/if_addr.h>
#include <linux/if_tun.h>
#include <linux/netlink.h>
#include <linux/rtnetlink.h>

#define HOST_SNAPSHOT                                                          \
	"exec 2>&1; ip -d -6 addr; ip -d link; ip -6 route show table all; "   \
	"ip -6 rule; ip -6 maddr; nft list ruleset; "                          \
	"cd /proc/sys/net/ipv6 && grep -r . conf "                             \
	"--exclude=stable_secret | sort; "                                     \
	"for l in $(ls /proc/sys/net/ipv6/conf); do case $l in all|default) "  \
	";; *) echo $l; ethtool -k $l;; esac; done"

__attribute__((format(printf, 1, 2))) static void
host_run(const char *format, ...)
{
	char command[1024];
	va_list ap;
	int n;

	va_start(ap, format);
	n = vsnprintf(command, sizeof(command), format, ap);
	va_end(ap);
	MIP6_ASSERT(n > 0 && (size_t)n < sizeof(command));
	if (system(command) == 0)
		return;
	fprintf(stderr, "failed: %s\n", command);
	MIP6_ASSERT(false);
}

/* Waits until the kernel has said that both ends of the wire carry. */
static void
host_settle(void)
{
	struct sockaddr_nl group = { .nl_family = AF_NETLINK,
		.nl_groups = RTMGRP_LINK };
	struct pollfd report = { .events = POLLIN };
	char octets[8192];
	int i;

	/* Listened to before the first look, so that no report is missed. */
	report.fd = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_ROUTE);
	MIP6_ASSERT(report.fd >= 0 &&
	    bind(report.fd, (struct sockaddr *)&group, sizeof(group)) == 0);
	for (i = 0; system("test $(ip -o link show type veth | "
			   "grep -c 'state UP') = 2") != 0;
	     i++) {
		MIP6_ASSERT(i < 100 && poll(&report, 1, 5000) == 1);
		MIP6_ASSERT(recv(report.fd, octets, sizeof(octets), 0) > 0);
	}
	(void)close(report.fd);
}

/* What HOST_LINK has, under whatever name. */
static void
host_furnish(const char *link)
{
	host_run("ip -6 addr add " HOST_ADDR "/64 dev %s nodad && "
		 "ip -6 addr add " HOST_LOCAL "/64 dev %s nodad && "
		 "ip -6 neigh replace " HOST_NEIGHBOUR
		 " lladdr 02:00:00:00:00:0b dev %s",
	    link, link, link);
}

bool
host_enter(void)
{
	if (unshare(CLONE_NEWNET) != 0)
		return false;
	host_run(
	    "ip link set lo up && "
	    "ip link add " HOST_LINK " type veth peer name " HOST_PEER " && "
	    "ip link set " HOST_LINK " addrgenmode none && "
	    "ip link set " HOST_PEER " addrgenmode none && "
	    "ethtool -K " HOST_LINK " gro on >/dev/null && "
	    "ip link set " HOST_PEER " address 02:00:00:00:00:0b up && "
	    "ip link set " HOST_LINK " address 02:00:00:00:00:0a up");
	host_furnish(HOST_LINK);
	host_run("echo 200 >/proc/sys/net/ipv6/icmp/ratemask && "
		 "echo 1 >/proc/sys/net/ipv6/ip6frag_time");
	host_settle();
	return true;
}

bool
host_lacks(enum host_lack l)
{
	(void)l;
	return false;
}

void
host_tick(void)
{
}

char *
host_snapshot(void)
{
	FILE *f = popen(HOST_SNAPSHOT, "r");
	size_t cap = 1 << 20, count;
	char *text = calloc(1, cap);

	MIP6_ASSERT(f != NULL && text != NULL);
	count = fread(text, 1, cap - 1, f);
	MIP6_ASSERT(pclose(f) == 0 && count > 0 && count < cap - 1);
	return text;
}

uint32_t
host_ifindex(const char *link)
{
	return if_nametoindex(link);
}

void
host_link_add(const char *link)
{
	host_run("ip link add %s type veth peer name x%s && "
		 "ip link set %s addrgenmode none && ip link set x%s up && "
		 "ip link set %s up",
	    link, link, link, link, link);
}

void
host_link_del(const char *link)
{
	host_run("ip link del %s", link);
}

void
host_link_up(const char *link, bool up)
{
	host_run("ip link set %s %s", link, up ? "up" : "down");
}

void
host_link_rename(const char *link, const char *to)
{
	host_run("ip link set %s down && ip link set %s name %s && "
		 "ip link set %s up",
	    link, link, to, to);
	if (strcmp(link, HOST_LINK) == 0)
		host_furnish(to);
}

void
host_addr(const char *link, const char *addr, bool on)
{
	host_run("ip -6 addr %s %s dev %s %s", on ? "add" : "del", addr, link,
	    on ? "nodad" : "");
}

void
host_mtu(const char *link, unsigned mtu)
{
	host_run("ip link set %s mtu %u", link, mtu);
}

int
host_raw_link(const char *link)
{
	struct ifreq r;
	int fd = open("/dev/net/tun", O_RDWR | O_NONBLOCK | O_CLOEXEC);

	memset(&r, 0, sizeof(r));
	(void)snprintf(r.ifr_name, sizeof(r.ifr_name), "%s", link);
	r.ifr_flags = (short)(IFF_TUN | IFF_NO_PI);
	MIP6_ASSERT(fd >= 0 && ioctl(fd, TUNSETIFF, &r) == 0);
	host_run("ip link set %s addrgenmode none && ip link set %s up", link,
	    link);
	return fd;
}

void
host_other_tunnel(const char *link, bool on)
{
	static int fd = -1;

	if (!on) {
		close(fd);
		return;
	}
	fd = host_raw_link(link);
	host_run("ip -6 route add default dev %s metric 10", link);
}

void
host_default(bool on)
{
	host_run("ip -6 route %s default via " HOST_ROUTER " dev " HOST_LINK,
	    on ? "add" : "del");
}

void
host_steal(enum host_theft what)
{
	switch (what) {
	case HOST_THEFT_ADDR:
		host_run("ip -6 addr flush dev " HOST_TUN " scope global");
		break;
	case HOST_THEFT_ROUTE:
		host_run("ip -6 route del ::/1 dev " HOST_TUN);
		break;
	case HOST_THEFT_RULE:
		host_run("ip -6 rule del table 6275");
		break;
	case HOST_THEFT_FILTER:
		host_run("nft flush ruleset");
		break;
	case HOST_THEFT_TUN_DOWN:
		host_run("ip link set " HOST_TUN " down");
		break;
	case HOST_THEFTS:
		break;
	}
}

bool
host_has(enum host_theft what)
{
	static const char *const test[HOST_THEFTS] = {
		"ip -6 addr show dev " HOST_TUN " | grep -q 'scope global'",
		"ip -6 route | grep -q '^::/1 dev " HOST_TUN "'",
		"ip -6 rule | grep -q 'lookup 6275'",
		"nft list ruleset | grep -q 'table netdev mip6d'",
		"ip link show " HOST_TUN " | grep -q ',UP'",
	};

	return system(test[what]) == 0;
}

void
host_leftovers(void)
{
	host_run("ip -6 route add default via fe80::77 dev " HOST_LINK
		 " table 6276 metric 627 proto 62 && "
		 "ip -6 rule add from 2001:db8:1::100 lookup 6275 prio 6275 "
		 "protocol 62");
}

bool
host_tun_is_plain(void)
{
	return system("ip -6 addr show dev " HOST_TUN " scope link | "
		      "grep -q inet6") != 0;
}

#define HOST_SETTING "/proc/sys/net/ipv6/conf/" HOST_LINK "/optimistic_dad"

void
host_setting_change(void)
{
	host_run("test $(cat " HOST_SETTING ") = 1 && echo 2 >" HOST_SETTING);
}

bool
host_setting_is_theirs(void)
{
	return system("test $(cat " HOST_SETTING ") = 2") == 0;
}

struct forgery {
	struct nlmsghdr head;
	struct ifinfomsg link;
	struct nlmsghdr head2;
	struct ifaddrmsg addr;
	struct rtattr attr;
	uint8_t octets[16];
};

static void
host_forge_to(int fd, uint32_t port)
{
	struct sockaddr_nl to;
	struct forgery f;

	memset(&f, 0, sizeof(f));
	f.head.nlmsg_len = sizeof(f.head) + sizeof(f.link);
	f.head.nlmsg_type = RTM_DELLINK;
	f.link.ifi_index = (int)host_ifindex(HOST_LINK);
	f.head2.nlmsg_len = sizeof(f) - offsetof(struct forgery, head2);
	f.head2.nlmsg_type = RTM_NEWADDR;
	f.addr.ifa_family = AF_INET6;
	f.addr.ifa_prefixlen = 64;
	f.addr.ifa_index = host_ifindex(HOST_LINK);
	f.attr.rta_type = IFA_ADDRESS;
	f.attr.rta_len = sizeof(f.attr) + sizeof(f.octets);
	memset(f.octets, 0x20, sizeof(f.octets));
	memset(&to, 0, sizeof(to));
	to.nl_family = AF_NETLINK;
	to.nl_pid = port;
	(void)sendto(fd, &f, sizeof(f), 0, (const struct sockaddr *)&to,
	    sizeof(to));
}

void
host_forge(void)
{
	int fd = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_ROUTE);
	FILE *f = fopen("/proc/net/netlink", "r");
	char line[256];
	unsigned port, sent = 0;

	MIP6_ASSERT(fd >= 0 && f != NULL);
	while (fgets(line, sizeof(line), f) != NULL) {
		/* sk Eth Pid ...: route sockets of anybody but the kernel. */
		if (sscanf(line, "%*s 0 %u", &port) != 1 || port == 0)
			continue;
		host_forge_to(fd, port);
		sent++;
	}
	fclose(f);
	close(fd);
	MIP6_ASSERT(sent > 0);
}

void
host_flood(unsigned n)
{
	struct {
		struct nlmsghdr head;
		struct ifaddrmsg addr;
		struct rtattr attr;
		uint8_t octets[16];
	} m;
	int fd = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_ROUTE);
	unsigned i;

	MIP6_ASSERT(fd >= 0);
	memset(&m, 0, sizeof(m));
	m.head.nlmsg_len = sizeof(m);
	m.addr.ifa_family = AF_INET6;
	m.addr.ifa_prefixlen = 128;
	m.addr.ifa_flags = IFA_F_NODAD;
	m.addr.ifa_index = host_ifindex(HOST_LINK);
	m.attr.rta_type = IFA_LOCAL;
	m.attr.rta_len = sizeof(m.attr) + sizeof(m.octets);
	m.octets[0] = 0xfd;
	m.octets[15] = 0x77;
	for (i = 0; i < n; i++) {
		m.head.nlmsg_type = i % 2 == 0 ? RTM_NEWADDR : RTM_DELADDR;
		m.head.nlmsg_flags = NLM_F_REQUEST;
		if (i % 2 == 0)
			m.head.nlmsg_flags |= NLM_F_CREATE;
		MIP6_ASSERT(send(fd, &m, sizeof(m), 0) == (ssize_t)sizeof(m));
	}
	close(fd);
}

char *
host_folder(void)
{
	char *folder = strdup("/tmp/mip6-plat-XXXXXX");

	MIP6_ASSERT(folder != NULL && mkdtemp(folder) != NULL);
	return folder;
}

void
host_folder_del(char *folder)
{
	host_run("rm -r -- %s", folder);
	free(folder);
}
