/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * /proc/sys/net/ipv6/conf: forwarding, and optimistic duplicate detection.
 *
 * Forwarding is one switch with many effects: writing conf/all/forwarding sets
 * every link and the default, and turning it on throws away the routes of
 * router advertisements on links whose accept_ra is 1.  So accept_ra becomes 2
 * first where it counted, and the undo (in reverse order) sets `all` back,
 * then those links that forwarded before, then accept_ra.
 */
#include <errno.h>
#include <fcntl.h>
#include <net/if.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "platform/linux/linux.h"
#include "platform/linux/undo.h"

#define SYSCTL_PATH      96
#define SYSCTL_LINKS_MAX 65536

static int
sysctl_path(const char *where, const char *leaf, char *path, size_t cap)
{
	int n =
	    snprintf(path, cap, "/proc/sys/net/ipv6/conf/%s/%s", where, leaf);

	return n > 0 && (size_t)n < cap ? 0 : ENAMETOOLONG;
}

int
mip6_sysctl_get(const char *where, const char *leaf, char *value, size_t cap)
{
	char path[SYSCTL_PATH];
	int error = sysctl_path(where, leaf, path, sizeof(path));
	ssize_t n;
	int fd;

	if (error != 0)
		return error;
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return errno;
	n = read(fd, value, cap - 1);
	error = n < 0 ? errno : 0;
	close(fd);
	if (error != 0)
		return error;
	value[n] = '\0';
	value[strcspn(value, " \t\n")] = '\0';
	return value[0] != '\0' ? 0 : EPROTO;
}

int
mip6_sysctl_set(const char *where, const char *leaf, const char *value)
{
	char path[SYSCTL_PATH];
	int error = sysctl_path(where, leaf, path, sizeof(path));
	size_t count = strlen(value);
	int fd;

	if (error != 0)
		return error;
	fd = open(path, O_WRONLY | O_CLOEXEC);
	if (fd < 0)
		return errno;
	error = write(fd, value, count) == (ssize_t)count ? 0 : errno;
	close(fd);
	return error;
}

/*
 * Notes the value there is, and sets `value`.  The line of the journal goes to
 * *id: 0 when the value was that already.  `value` NULL: notes only, and the
 * undo puts back whatever is there then.
 */
static int
sysctl_change(struct mip6_plat *p, uint32_t ifindex, const char *where,
    const char *leaf, const char *value, uint64_t *id)
{
	struct mip6_undo u;
	int error;

	*id = 0;
	memset(&u, 0, sizeof(u));
	u.kind = MIP6_UNDO_SYSCTL;
	u.ifindex = ifindex;
	if (ifindex == 0)
		(void)snprintf(u.where, sizeof(u.where), "%s", where);
	(void)snprintf(u.leaf, sizeof(u.leaf), "%s", leaf);
	(void)snprintf(u.now, sizeof(u.now), "%s", value != NULL ? value : "*");
	error = mip6_sysctl_get(where, leaf, u.was, sizeof(u.was));
	if (error != 0 || (value != NULL && strcmp(u.was, value) == 0))
		return error;
	*id = mip6_undo_note(p, &u);
	if (*id == 0)
		return errno;
	if (value == NULL)
		return 0;
	error = mip6_sysctl_set(where, leaf, value);
	if (error != 0) {
		mip6_journal_del(&p->journal, *id);
		*id = 0;
	}
	return error;
}

static int
sysctl_forward(struct mip6_plat *p, uint32_t ifindex, const char *where,
    const char *leaf, const char *value)
{
	struct mip6_sysctls *s = &p->sysctls;
	uint64_t *forwarding, id;
	uint32_t cap;
	int error;

	if (s->forwardings == s->forwardings_cap) {
		cap = s->forwardings_cap + 64;
		forwarding = realloc(s->forwarding, cap * sizeof(uint64_t));
		if (forwarding == NULL)
			return ENOMEM;
		s->forwarding = forwarding;
		s->forwardings_cap = cap;
	}
	error = sysctl_change(p, ifindex, where, leaf, value, &id);
	if (id != 0)
		s->forwarding[s->forwardings++] = id;
	return error;
}

/* What one link needs before forwarding is turned on. */
static int
sysctl_forward_link(struct mip6_plat *p, uint32_t ifindex, const char *name)
{
	char forwarding[MIP6_UNDO_WORD], accept_ra[MIP6_UNDO_WORD];

	/* A link that goes away meanwhile, or has no IPv6, needs nothing. */
	if (mip6_sysctl_get(name, "forwarding", forwarding,
		sizeof(forwarding)) != 0 ||
	    mip6_sysctl_get(name, "accept_ra", accept_ra, sizeof(accept_ra)) !=
		0)
		return 0;
	if (strcmp(forwarding, "0") != 0)
		return sysctl_forward(p, ifindex, name, "forwarding", NULL);
	if (strcmp(accept_ra, "1") == 0 && ifindex != 0)
		return sysctl_forward(p, ifindex, name, "accept_ra", "2");
	return 0;
}

static int
sysctl_forwarding_off(struct mip6_plat *p)
{
	struct mip6_sysctls *s = &p->sysctls;
	int error = 0, e;

	while (s->forwardings > 0) {
		e = mip6_undo_line(p, s->forwarding[--s->forwardings]);
		if (e != 0)
			error = e;
	}
	return error;
}

int
mip6_sysctl_forwarding(struct mip6_plat *p, bool on)
{
	struct if_nameindex *links;
	char all[MIP6_UNDO_WORD];
	uint32_t i;
	int error;

	if (!on)
		return sysctl_forwarding_off(p);
	error = mip6_sysctl_get("all", "forwarding", all, sizeof(all));
	if (error != 0 || strcmp(all, "0") != 0)
		return error;
	links = if_nameindex();
	if (links == NULL)
		return errno;
	for (i = 0;
	     i < SYSCTL_LINKS_MAX && error == 0 && links[i].if_index != 0;
	     i++) {
		if (links[i].if_index != p->tun.ifindex)
			error = sysctl_forward_link(p, links[i].if_index,
			    links[i].if_name);
	}
	if_freenameindex(links);
	if (error == 0)
		error = sysctl_forward_link(p, 0, "default");
	if (error == 0)
		error = sysctl_forward(p, 0, "all", "forwarding", "1");
	if (error != 0)
		(void)sysctl_forwarding_off(p);
	return error;
}

static int
sysctl_optimistic_off(struct mip6_plat *p, struct mip6_optimistic *o)
{
	int error = 0, e;
	size_t i;

	for (i = MIP6_COUNT(o->journal); i > 0; i--) {
		e = o->journal[i - 1] == 0 ?
		    0 :
		    mip6_undo_line(p, o->journal[i - 1]);
		if (e != 0)
			error = e;
	}
	*o = p->sysctls.optimistic[--p->sysctls.optimistics];
	return error;
}

/*
 * The first lets the kernel accept the flag, the second makes it report and
 * choose such an address before the detection has ended.
 */
static int
sysctl_optimistic_on(struct mip6_plat *p, uint32_t ifindex)
{
	static const char *const leaf[] = { "optimistic_dad",
		"use_optimistic" };
	struct mip6_sysctls *s = &p->sysctls;
	struct mip6_optimistic *o;
	char name[IF_NAMESIZE];
	size_t i;
	int error = 0;

	o = realloc(s->optimistic, (s->optimistics + 1) * sizeof(*o));
	if (o == NULL)
		return ENOMEM;
	s->optimistic = o;
	if (if_indextoname(ifindex, name) == NULL)
		return ENODEV;
	o += s->optimistics++;
	memset(o, 0, sizeof(*o));
	o->ifindex = ifindex;
	o->users = 1;
	for (i = 0; i < MIP6_COUNT(leaf) && error == 0; i++)
		error = sysctl_change(p, ifindex, name, leaf[i], "1",
		    &o->journal[i]);
	if (error != 0)
		(void)sysctl_optimistic_off(p, o);
	return error;
}

int
mip6_sysctl_optimistic(struct mip6_plat *p, uint32_t ifindex, bool on)
{
	struct mip6_sysctls *s = &p->sysctls;
	struct mip6_optimistic *o;
	uint32_t i;

	for (i = 0; i < s->optimistics; i++) {
		o = &s->optimistic[i];
		if (o->ifindex != ifindex)
			continue;
		o->users += on ? 1u : UINT32_MAX;
		return o->users > 0 ? 0 : sysctl_optimistic_off(p, o);
	}
	return on ? sysctl_optimistic_on(p, ifindex) : 0;
}

void
mip6_sysctls_fini(struct mip6_sysctls *s)
{
	free(s->forwarding);
	free(s->optimistic);
	memset(s, 0, sizeof(*s));
}
