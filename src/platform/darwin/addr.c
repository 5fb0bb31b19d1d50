/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Addresses that are ours, on the utun and on links.
 *
 * An address that a link has already is borrowed: the action has its effect,
 * and its undo has none.  One of the utun that others delete is put back; one
 * of a link is then no longer ours, for the core learns it and decides.
 *
 * Duplicates are looked for on links by the kernel.  The utun has nobody else.
 */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "platform/darwin/call_msg.h"
#include "platform/darwin/darwin.h"
#include "platform/darwin/undo.h"

static bool
addr_on_tun(const struct mip6_plat *p, uint32_t ifindex)
{
	return ifindex == p->tun.ifindex;
}

/* NULL: there is no such link. */
static const char *
addr_link(const struct mip6_plat *p, uint32_t ifindex)
{
	const struct mip6_ev_link *l = mip6_watch_link(p, ifindex);

	if (addr_on_tun(p, ifindex))
		return p->tun.name;
	return l != NULL ? l->name : NULL;
}

/* A link has an address once, whatever its length. */
static struct mip6_want_key
addr_key(uint32_t ifindex, const struct mip6_addr *a)
{
	struct mip6_want_key k;

	memset(&k, 0, sizeof(k));
	k.kind = MIP6_WANT_ADDR;
	k.number = ifindex;
	k.addr = *a;
	return k;
}

bool
mip6_addr_is_own(const void *arg, const struct mip6_addr *a)
{
	const struct mip6_plat *p = arg;
	const struct mip6_want_key k = addr_key(p->tun.ifindex, a);

	return mip6_wants_find(&p->wants, &k) != MIP6_WANT_NONE;
}

int
mip6_addr_flags(struct mip6_plat *p, const char *link,
    const struct mip6_addr *a, uint8_t *flags)
{
	uint8_t request[DARWIN_IN6_IFR_OCTETS];

	mip6_call_addr(request, link, a);
	if (p->os->ioctl(p->ask.ioctl_fd, DARWIN_SIOCGIFAFLAG_IN6, request) !=
	    0)
		return errno;
	*flags = mip6_call_addr_flags(request);
	return 0;
}

static int
addr_make(struct mip6_plat *p, const char *link, const struct mip6_want *w)
{
	uint8_t request[DARWIN_IFRA_OCTETS];
	uint32_t flags =
	    addr_on_tun(p, w->key.number) ? DARWIN_IN6_IFF_NODAD : 0;

	mip6_call_alias(request, link, &w->key.addr, flags, w->valid_s,
	    w->preferred_s);
	return p->os->ioctl(p->ask.ioctl_fd, DARWIN_SIOCAIFADDR_IN6, request) ==
		0 ?
	    0 :
	    errno;
}

static int
addr_remove(struct mip6_plat *p, const char *link, const struct mip6_addr *a)
{
	uint8_t request[DARWIN_IN6_IFR_OCTETS];

	mip6_call_addr(request, link, a);
	if (p->os->ioctl(p->ask.ioctl_fd, DARWIN_SIOCDIFADDR_IN6, request) == 0)
		return 0;
	return mip6_is_gone(errno) ? 0 : errno;
}

/* Notes the effect before it is made; 0 or an errno. */
static int
addr_note(struct mip6_plat *p, const char *link, struct mip6_want *w)
{
	struct mip6_undo u = { .kind = MIP6_UNDO_ADDR };

	if (w->journal != 0 || addr_on_tun(p, w->key.number))
		return 0;
	(void)snprintf(u.link, sizeof(u.link), "%s", link);
	u.prefix.addr = w->key.addr;
	u.prefix.bits = 128;
	w->journal = mip6_undo_note(p, &u);
	return w->journal != 0 ? 0 : errno;
}

/* A new one: borrowed, or made. */
static int
addr_new(struct mip6_plat *p, const char *link, struct mip6_want *w)
{
	uint8_t flags;
	int error = mip6_addr_flags(p, link, &w->key.addr, &flags);

	w->borrowed = error == 0;
	if (w->borrowed)
		return 0;
	if (!mip6_is_gone(error))
		return error;
	error = addr_note(p, link, w);
	return error == 0 ? addr_make(p, link, w) : error;
}

static int
addr_on(struct mip6_plat *p, const struct mip6_want_key *k,
    const struct mip6_act_addr *a)
{
	const char *link = addr_link(p, k->number);
	uint32_t i = mip6_wants_find(&p->wants, k);
	bool fresh = i == MIP6_WANT_NONE;
	struct mip6_want *w;
	int error;

	if (link == NULL)
		return ENODEV;
	if (fresh)
		i = mip6_wants_new(&p->wants, k);
	if (i == MIP6_WANT_NONE)
		return ENOBUFS;
	w = &p->wants.want[i];
	if (w->borrowed)
		return 0;
	w->valid_s = mip6_want_seconds(a->valid);
	w->preferred_s = mip6_want_seconds(a->preferred);
	error = fresh ? addr_new(p, link, w) : addr_make(p, link, w);
	if (error == 0) {
		w->wanted = w->seen = true;
		w->missing = false;
	} else if (fresh) {
		mip6_want_drop(p, i);
	}
	return error;
}

static int
addr_off(struct mip6_plat *p, const struct mip6_want_key *k)
{
	const char *link = addr_link(p, k->number);
	uint32_t i = mip6_wants_find(&p->wants, k);
	const struct mip6_want *w;
	int error = 0;

	if (i == MIP6_WANT_NONE)
		return 0;
	w = &p->wants.want[i];
	if (!w->borrowed && !w->missing && link != NULL)
		error = addr_remove(p, link, &w->key.addr);
	/* What could not be removed is tried again at the end. */
	if (error == 0)
		mip6_want_drop(p, i);
	return error;
}

int
mip6_addr_set(struct mip6_plat *p, const struct mip6_act_addr *a)
{
	const struct mip6_want_key k =
	    addr_key(a->ifindex != 0 ? a->ifindex : p->tun.ifindex, &a->addr);

	if (!mip6_want_addr_valid(a))
		return EINVAL;
	return a->on ? addr_on(p, &k, a) : addr_off(p, &k);
}

int
mip6_addr_undo(struct mip6_plat *p, const struct mip6_undo *u)
{
	return addr_remove(p, u->link, &u->prefix.addr);
}

void
mip6_addrs_doubt(struct mip6_plat *p)
{
	uint32_t i;

	for (i = 0; i < p->wants.cap; i++) {
		if (p->wants.want[i].key.kind == MIP6_WANT_ADDR)
			p->wants.want[i].seen = false;
	}
}

void
mip6_addr_seen(struct mip6_plat *p, uint32_t ifindex, const struct mip6_addr *a)
{
	const struct mip6_want_key k = addr_key(ifindex, a);
	uint32_t i = mip6_wants_find(&p->wants, &k);

	if (i == MIP6_WANT_NONE)
		return;
	p->wants.want[i].seen = true;
	p->wants.want[i].missing = false;
}

void
mip6_addrs_settle(struct mip6_plat *p)
{
	struct mip6_want *w;
	uint32_t i;

	for (i = 0; i < p->wants.cap; i++) {
		w = &p->wants.want[i];
		if (!w->used || w->key.kind != MIP6_WANT_ADDR || w->seen)
			continue;
		if (!addr_on_tun(p, w->key.number)) {
			mip6_want_drop(p, i);
			continue;
		}
		w->missing = p->wants.missing = true;
		mip6_work_restore(p);
	}
}

int
mip6_addr_restore(struct mip6_plat *p, const struct mip6_want *w)
{
	return addr_make(p, p->tun.name, w);
}
