/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The kernel of a Mac made of memory (see mac.h): links, addresses, routes,
 * and who is told of them.
 */
#include "darwin/mac.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "darwin/mac_os.h"
#include "platform/darwin/abi_call.h"
#include "platform/platform.h"
#include "unit/darwin_msg.h"

#define MAC_DAD_US 300000 /* a second on a real one */

struct mac *mac;

/* Shared: one of the two is true, the other under construction. */
static struct mac_two {
	struct mac state[2];
	volatile int now;
} * mac_two;

void
mac_look(void)
{
	mac = &mac_two->state[mac_two->now];
}

void
mac_begin(void)
{
	mac = &mac_two->state[1 - mac_two->now];
	memcpy(mac, &mac_two->state[mac_two->now], sizeof(*mac));
}

void
mac_commit(void)
{
	mac_two->now = 1 - mac_two->now;
}

void
mac_new(void)
{
	static const struct mac_sysctl start[] = {
		{ "net.inet6.ip6.forwarding", 0 },
		{ "net.inet6.ip6.redirect", 1 },
		{ "net.inet.tcp.tso", 1 },
		{ "net.link.generic.system.hwcksum_tx", 1 },
	};

	if (mac_two == NULL)
		mac_two = mmap(NULL, sizeof(*mac_two), PROT_READ | PROT_WRITE,
		    MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	MIP6_ASSERT(mac_two != MAP_FAILED);
	memset(mac_two, 0, sizeof(*mac_two));
	mac_look();
	memcpy(mac->sysctl, start, sizeof(start));
	mac->next_ifindex = 4;
	mac->pf_next = 17213484373862862773u;
	(void)snprintf(mac->pf_main, sizeof(mac->pf_main), "%s",
	    MAC_MAIN_RULES);
}

/* ---- links ---- */

struct mac_link *
mac_link(const char *name)
{
	size_t i;

	for (i = 0; i < MAC_MAX; i++) {
		if (mac->link[i].used && strcmp(mac->link[i].name, name) == 0)
			return &mac->link[i];
	}
	return NULL;
}

struct mac_link *
mac_link_add(const char *name, const struct mip6_lladdr *ll)
{
	size_t i;

	for (i = 0; i < MAC_MAX && mac->link[i].used; i++)
		;
	MIP6_ASSERT(i < MAC_MAX && mac_link(name) == NULL);
	memset(&mac->link[i], 0, sizeof(mac->link[i]));
	mac->link[i].used = mac->link[i].carrier = true;
	mac->link[i].ifindex = mac->next_ifindex++;
	mac->link[i].mtu = 1500;
	mac->link[i].flags = DARWIN_IFF_UP | DARWIN_IFF_RUNNING;
	mac->link[i].type = ll != NULL ? DARWIN_IFT_ETHER : 1;
	if (ll != NULL)
		mac->link[i].lladdr = *ll;
	(void)snprintf(mac->link[i].name, MAC_NAME, "%s", name);
	mac_link_changed(&mac->link[i], true);
	return &mac->link[i];
}

void
mac_link_changed(const struct mac_link *l, bool carrier)
{
	struct dmsg d = { .count = 0 };

	if (carrier) {
		mac_os_event(DARWIN_KEV_DL, 13);
		return;
	}
	dmsg_link(&d, l->ifindex, NULL, NULL, l->mtu, l->flags, l->type);
	mac_os_tell(d.octets, d.count);
}

static void
mac_link_end(struct mac_link *l)
{
	size_t i;

	for (i = 0; i < MAC_MAX; i++) {
		if (mac->addr[i].ifindex == l->ifindex)
			mac->addr[i].used = false;
		if (mac->group[i].ifindex == l->ifindex)
			mac->group[i].used = false;
		if (mac->route[i].ifindex == l->ifindex && mac->route[i].used) {
			mac->route[i].used = false;
			mac_tell_route(DARWIN_RTM_DELETE, &mac->route[i], 0, 0,
			    0);
		}
	}
	l->used = false;
	mac_os_event(DARWIN_KEV_DL, 11);
}

void
mac_link_del(const char *name)
{
	struct mac_link *l = mac_link(name);

	MIP6_ASSERT(l != NULL);
	mac_link_end(l);
}

/* ---- addresses ---- */

static struct mac_addr *
mac_addr_find(uint32_t ifindex, const struct mip6_addr *a)
{
	size_t i;

	for (i = 0; i < MAC_MAX; i++) {
		if (mac->addr[i].used && mac->addr[i].ifindex == ifindex &&
		    mip6_addr_equal(&mac->addr[i].addr, a))
			return &mac->addr[i];
	}
	return NULL;
}

int
mac_addr_set(uint32_t ifindex, const struct mip6_addr *a, uint8_t bits,
    uint32_t flags, uint32_t valid_s, bool on)
{
	struct mac_addr *at = mac_addr_find(ifindex, a);
	struct dmsg d = { .count = 0 };
	bool fresh = at == NULL;
	size_t i;

	if (!on && at == NULL)
		return EADDRNOTAVAIL;
	if (!on) {
		at->used = false;
		dmsg_addr(&d, DARWIN_RTM_DELADDR, ifindex, a, at->bits,
		    ifindex);
		mac_os_tell(d.octets, d.count);
		return 0;
	}
	for (i = 0; i < MAC_MAX && at == NULL; i++) {
		if (!mac->addr[i].used)
			at = &mac->addr[i];
	}
	MIP6_ASSERT(at != NULL);
	at->used = true;
	at->ifindex = ifindex;
	at->addr = *a;
	at->bits = bits;
	at->flags &= DARWIN_IN6_IFF_TENTATIVE;
	at->flags |= flags & DARWIN_IN6_IFF_DEPRECATED;
	if (fresh)
		at->flags = (flags & DARWIN_IN6_IFF_DEPRECATED) |
		    ((flags & DARWIN_IN6_IFF_NODAD) != 0 ?
			    0 :
			    DARWIN_IN6_IFF_TENTATIVE);
	at->dad_us = mip6_plat_now().mono.us + MAC_DAD_US;
	at->until_us = valid_s == UINT32_MAX ?
	    INT64_MAX :
	    mip6_plat_now().mono.us + (int64_t)valid_s * 1000000;
	dmsg_addr(&d, DARWIN_RTM_NEWADDR, ifindex, a, bits,
	    mip6_addr_is_linklocal(a) ? ifindex : 0);
	mac_os_tell(d.octets, d.count);
	return 0;
}

/* ---- routes ---- */

void
mac_tell_route(uint8_t type, const struct mac_route *r, pid_t pid, uint32_t seq,
    int error)
{
	struct dmsg d = { .count = 0 };

	dmsg_route(&d, type, r->ifindex, r->flags, &r->dst,
	    mip6_addr_is_any(&r->gateway) ? NULL : &r->gateway);
	dmsg_u32(&d, DARWIN_RT_PID, (uint32_t)pid);
	dmsg_u32(&d, DARWIN_RT_SEQ, seq);
	dmsg_u32(&d, DARWIN_RT_ERRNO, (uint32_t)error);
	mac_os_tell(d.octets, d.count);
}

/* One default for each scope, and one that has none. */
static bool
mac_route_same(const struct mac_route *a, const struct mac_route *b)
{
	return a->used && mip6_prefix_equal(&a->dst, &b->dst) &&
	    ((a->flags ^ b->flags) & DARWIN_RTF_IFSCOPE) == 0 &&
	    ((a->flags & DARWIN_RTF_IFSCOPE) == 0 || a->ifindex == b->ifindex);
}

int
mac_route_set(const struct mac_route *r, bool on)
{
	struct mac_route *free_one = NULL, *is = NULL;
	size_t i;

	for (i = 0; i < MAC_MAX; i++) {
		if (mac_route_same(&mac->route[i], r))
			is = &mac->route[i];
		if (!mac->route[i].used)
			free_one = &mac->route[i];
	}
	if (!on && is == NULL)
		return ESRCH;
	if (on && is != NULL)
		return EEXIST;
	if (!on) {
		is->used = false;
		return 0;
	}
	MIP6_ASSERT(free_one != NULL);
	*free_one = *r;
	free_one->used = true;
	free_one->flags |= DARWIN_RTF_UP;
	return 0;
}

/* ---- the end of things ---- */

static bool
mac_is_dead(pid_t pid)
{
	return pid != 0 && pid != getpid() && kill(pid, 0) != 0;
}

void
mac_reap(void)
{
	int64_t now = mip6_plat_now().mono.us;
	struct mac_addr *a;
	size_t i;

	for (i = 0; i < MAC_MAX; i++) {
		if (mac->link[i].used && mac_is_dead(mac->link[i].owner))
			mac_link_end(&mac->link[i]);
		if (mac_is_dead(mac->group[i].owner))
			mac->group[i].used = false;
		a = &mac->addr[i];
		if (a->used && now >= a->until_us)
			(void)mac_addr_set(a->ifindex, &a->addr, 0, 0, 0,
			    false);
		if (a->used && now >= a->dad_us)
			a->flags &= ~DARWIN_IN6_IFF_TENTATIVE;
	}
}
