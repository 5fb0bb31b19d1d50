/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The host of the platform's contract test: a Mac made of memory.
 */
#include "netns/plat/host.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "darwin/mac.h"
#include "darwin/mac_os.h"
#include "platform/darwin/abi_call.h"

#define HOST_OCTETS (1u << 16)

static const struct mip6_lladdr host_lladdr[] = { { { 2, 0, 0, 0, 0, 0x0a } },
	{ { 2, 0, 0, 0, 0, 0x0b } }, { { 2, 0, 0, 0, 0, 0x0c } } };

static struct mip6_prefix
host_prefix(const char *text)
{
	struct mip6_prefix p = { mip6_addr_any, 128 };
	char copy[64];
	char *slash;

	(void)snprintf(copy, sizeof(copy), "%s", text);
	slash = strchr(copy, '/');
	if (slash != NULL) {
		*slash = '\0';
		p.bits = (uint8_t)atoi(slash + 1);
	}
	MIP6_ASSERT(mip6_addr_parse(copy, &p.addr));
	return p;
}

/* Changes by the host itself, whole as those of calls. */
static void
host_begin(void)
{
	mac_begin();
	mac_reap();
}

bool
host_enter(void)
{
	mac_new();
	(void)mac_link_add("lo0", NULL);
	mac_link("lo0")->type = DARWIN_IFT_LOOP;
	(void)mac_link_add(HOST_LINK, &host_lladdr[0]);
	(void)mac_link_add(HOST_PEER, &host_lladdr[1]);
	host_addr(HOST_LINK, HOST_ADDR "/64", true);
	host_addr(HOST_LINK, HOST_LOCAL "/64", true);
	return true;
}

bool
host_lacks(enum host_lack l)
{
	(void)l;
	return true;
}

void
host_tick(void)
{
	host_begin();
	mac_commit();
}

struct snapshot {
	char *text;
	size_t count;
};

__attribute__((format(printf, 2, 3))) static void
put(struct snapshot *s, const char *format, ...)
{
	va_list ap;

	va_start(ap, format);
	s->count += (size_t)vsnprintf(s->text + s->count,
	    HOST_OCTETS - s->count, format, ap);
	va_end(ap);
	MIP6_ASSERT(s->count < HOST_OCTETS);
}

static int
snapshot_order(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

/* Lines in order, for slots are given in any. */
static char *
snapshot_sorted(char *text)
{
	char *line[4 * MAC_MAX], *at = text, *sorted = calloc(1, HOST_OCTETS);
	size_t n = 0, i, count = 0;

	MIP6_ASSERT(sorted != NULL);
	for (; *at != '\0'; n++) {
		MIP6_ASSERT(n < MIP6_COUNT(line));
		line[n] = at;
		at = strchr(at, '\n');
		*at++ = '\0';
	}
	qsort(line, n, sizeof(*line), snapshot_order);
	for (i = 0; i < n; i++)
		count += (size_t)snprintf(sorted + count, HOST_OCTETS - count,
		    "%s\n", line[i]);
	free(text);
	return sorted;
}

char *
host_snapshot(void)
{
	struct snapshot s = { calloc(1, HOST_OCTETS), 0 };
	size_t i;

	MIP6_ASSERT(s.text != NULL);
	host_tick();
	mac_look();
	for (i = 0; i < MAC_MAX; i++) {
		if (mac->link[i].used)
			put(&s, "link %s mtu %u flags %x\n", mac->link[i].name,
			    mac->link[i].mtu, mac->link[i].flags);
		if (mac->addr[i].used)
			put(&s, "addr %s/%u link %u\n",
			    mip6_addr_text(&mac->addr[i].addr).s,
			    mac->addr[i].bits, mac->addr[i].ifindex);
		if (mac->route[i].used)
			put(&s, "route %s/%u link %u flags %x by %s\n",
			    mip6_addr_text(&mac->route[i].dst.addr).s,
			    mac->route[i].dst.bits, mac->route[i].ifindex,
			    mac->route[i].flags,
			    mip6_addr_text(&mac->route[i].gateway).s);
		if (mac->group[i].used)
			put(&s, "group %s link %u\n",
			    mip6_addr_text(&mac->group[i].addr).s,
			    mac->group[i].ifindex);
		if (i < MIP6_COUNT(mac->sysctl))
			put(&s, "sysctl %s %d\n", mac->sysctl[i].name,
			    mac->sysctl[i].value);
		if (mac->pf_token[i] != 0)
			put(&s, "pf token\n");
	}
	put(&s, "pf %d\n%s", mac->pf_on, mac->pf_text);
	return snapshot_sorted(s.text);
}

uint32_t
host_ifindex(const char *link)
{
	const struct mac_link *l;

	mac_look();
	l = mac_link(link);
	return l != NULL ? l->ifindex : 0;
}

void
host_link_add(const char *link)
{
	host_begin();
	(void)mac_link_add(link, &host_lladdr[2]);
	mac_commit();
}

void
host_link_del(const char *link)
{
	host_begin();
	mac_link_del(link);
	mac_commit();
}

void
host_link_up(const char *link, bool up)
{
	static const char *const ends[] = { HOST_LINK, HOST_PEER };
	size_t i;

	host_begin();
	/* The wire has two ends. */
	for (i = 0; i < MIP6_COUNT(ends); i++) {
		mac_link(ends[i])->carrier = up;
		if (strcmp(ends[i], link) == 0)
			mac_link(link)->flags ^= DARWIN_IFF_UP;
		mac_link_changed(mac_link(ends[i]), strcmp(ends[i], link) != 0);
	}
	mac_commit();
}

void
host_link_rename(const char *link, const char *to)
{
	struct mac_link *l;
	size_t i;

	host_begin();
	l = mac_link(link);
	(void)snprintf(l->name, sizeof(l->name), "%s", to);
	for (i = 0; i < MAC_MAX; i++) {
		if (mac->addr[i].ifindex == l->ifindex)
			mac->addr[i].used = false;
	}
	mac_link_changed(l, false);
	mac_commit();
}

void
host_mtu(const char *link, unsigned mtu)
{
	host_begin();
	mac_link(link)->mtu = mtu;
	mac_link_changed(mac_link(link), false);
	mac_commit();
}

void
host_addr(const char *link, const char *addr, bool on)
{
	struct mip6_prefix p = host_prefix(addr);

	host_begin();
	MIP6_ASSERT(mac_addr_set(mac_link(link)->ifindex, &p.addr, p.bits,
			DARWIN_IN6_IFF_NODAD, UINT32_MAX, on) == 0);
	mac_commit();
}

static void
host_route(const struct mac_route *r, bool on)
{
	host_begin();
	MIP6_ASSERT(mac_route_set(r, on) == 0);
	mac_tell_route(on ? DARWIN_RTM_ADD : DARWIN_RTM_DELETE, r, 0, 0, 0);
	mac_commit();
}

void
host_default(bool on)
{
	const struct mac_route r = { true, host_ifindex(HOST_LINK),
		DARWIN_RTF_UP | DARWIN_RTF_GATEWAY, host_prefix("::/0"),
		host_prefix(HOST_ROUTER).addr };

	host_route(&r, on);
}

int
host_raw_link(const char *link)
{
	(void)link;
	return -1;
}

void
host_other_tunnel(const char *link, bool on)
{
	struct mac_route r = { true, 0, DARWIN_RTF_UP, host_prefix("::/0"),
		mip6_addr_any };

	if (!on) {
		host_link_del(link);
		return;
	}
	host_begin();
	r.ifindex = mac_link_add(link, NULL)->ifindex;
	mac_commit();
	host_route(&r, true);
}

static struct mac_route *
host_half(void)
{
	size_t i;

	for (i = 0; i < MAC_MAX; i++) {
		if (mac->route[i].used && mac->route[i].dst.bits == 1 &&
		    mac->route[i].dst.addr.b[0] == 0)
			return &mac->route[i];
	}
	return NULL;
}

/* The utun of this process. */
static struct mac_link *
host_tun(void)
{
	size_t i;

	mac_look();
	for (i = 0; i < MAC_MAX; i++) {
		if (mac->link[i].used && mac->link[i].owner == getpid())
			return &mac->link[i];
	}
	return NULL;
}

static struct mac_addr *
host_tun_addr(void)
{
	const struct mac_link *l = host_tun();
	size_t i;

	for (i = 0; i < MAC_MAX; i++) {
		if (l != NULL && mac->addr[i].used &&
		    mac->addr[i].ifindex == l->ifindex)
			return &mac->addr[i];
	}
	return NULL;
}

void
host_steal(enum host_theft what)
{
	struct mac_route r;
	struct mac_addr a;
	const char *tun;

	mac_look();
	switch (what) {
	case HOST_THEFT_ADDR:
		a = *host_tun_addr();
		host_begin();
		(void)mac_addr_set(a.ifindex, &a.addr, 0, 0, 0, false);
		mac_commit();
		break;
	case HOST_THEFT_ROUTE:
		r = *host_half();
		host_route(&r, false);
		break;
	case HOST_THEFT_FILTER:
		/* As other tunnels do when they come, with their routes. */
		host_begin();
		mac->pf_text[0] = '\0';
		mac->pf_on = false;
		memset(mac->pf_token, 0, sizeof(mac->pf_token));
		mac_commit();
		host_default(true);
		host_default(false);
		break;
	case HOST_THEFT_TUN_DOWN:
		tun = host_tun()->name;
		host_begin();
		mac_link(tun)->flags &= ~DARWIN_IFF_UP;
		mac_link_changed(mac_link(tun), false);
		mac_commit();
		break;
	case HOST_THEFT_RULE:
	case HOST_THEFTS:
		break;
	}
}

bool
host_has(enum host_theft what)
{
	mac_look();
	switch (what) {
	case HOST_THEFT_ADDR:
		return host_tun_addr() != NULL;
	case HOST_THEFT_ROUTE:
		return host_half() != NULL;
	case HOST_THEFT_FILTER:
		return mac->pf_on && mac->pf_text[0] != '\0';
	case HOST_THEFT_TUN_DOWN:
		return (host_tun()->flags & DARWIN_IFF_UP) != 0;
	case HOST_THEFT_RULE:
	case HOST_THEFTS:
		break;
	}
	return false;
}

void
host_leftovers(void)
{
}

bool
host_tun_is_plain(void)
{
	return true;
}

void
host_setting_change(void)
{
}

bool
host_setting_is_theirs(void)
{
	return true;
}

/* A routing socket hears the kernel alone. */
void
host_forge(void)
{
}

void
host_flood(unsigned n)
{
	const struct mip6_prefix p = host_prefix("fd00::77");
	uint32_t ifindex = host_ifindex(HOST_LINK);
	unsigned i;

	for (i = 0; i < n; i++) {
		host_begin();
		(void)mac_addr_set(ifindex, &p.addr, 128, DARWIN_IN6_IFF_NODAD,
		    UINT32_MAX, i % 2 == 0);
		mac_commit();
	}
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
	char command[128];

	(void)snprintf(command, sizeof(command), "rm -r -- %s", folder);
	MIP6_ASSERT(system(command) == 0);
	free(folder);
}
