/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Links of the host and the addresses on them; care-of addresses.
 *
 * One owner for each address: the host's own (SLAAC, DHCPv6) are used as they
 * are; where none is usable in an advertised prefix, one is formed here (RFC
 * 7217).  It is given to the host as an optimistic address (RFC 4429), which
 * can be used at once while the host runs DAD, or is the daemon's alone
 * (coa_own.c): `care-of-owner` says which.  A link that comes up has no
 * routers, no prefixes and so no care-of address until an advertisement says
 * so: what the host remembers of the last network does not count.
 *
 * Implements: RFC 6275 section 11.5.3, RFC 7217, RFC 4429 (by the host).
 */
#include "core/node_int.h"

#include <string.h>

/* How long an address that we formed stays after it was replaced. */
#define LINK_RETIRE    MIP6_SPAN_S(3)
#define LINK_DAD_TRIES 3

struct mip6_link *
link_find(struct mip6_node *n, uint32_t ifindex)
{
	uint32_t i;

	for (i = 0; i < MIP6_LINKS_MAX; i++)
		if (n->link[i].used && n->link[i].ev.ifindex == ifindex)
			return &n->link[i];
	return NULL;
}

uint32_t
link_index(const struct mip6_node *n, const struct mip6_link *l)
{
	return (uint32_t)(l - n->link);
}

static struct mip6_link *
link_add(struct mip6_node *n, const struct mip6_ev_link *ev)
{
	struct mip6_link *l;
	uint32_t i, k, asked;

	for (i = 0; i < MIP6_LINKS_MAX; i++) {
		l = &n->link[i];
		if (l->used)
			continue;
		asked = l->asked; /* ends of former ones are not of these */
		memset(l, 0, sizeof(*l));
		l->asked = asked;
		l->used = true;
		l->ev.ifindex = ev->ifindex;
		node_timer_init(&l->solicit, MIP6_TIMER_SOLICIT, i);
		for (k = 0; k < MIP6_LINK_ADDRS_MAX; k++) {
			node_timer_init(&l->addr[k].retire,
			    MIP6_TIMER_LINK_ADDR, i * MIP6_LINK_ADDRS_MAX + k);
			node_timer_init(&l->addr[k].dad, MIP6_TIMER_COA_OWN,
			    i * MIP6_LINK_ADDRS_MAX + k);
		}
		return l;
	}
	MIP6_LOG(n->log, WARNING, "link.too-many", MIP6_KS("name", ev->name));
	return NULL;
}

/* Whether the node has to see the packets of this link. */
static bool
link_wanted(const struct mip6_node *n, const struct mip6_link *l)
{
	if (n->conf == NULL)
		return false;
	/* A link that was never up cannot be listened to yet. */
	return l->is_mn ||
	    ((n->ha != NULL || n->cn != NULL) && (l->ev.up || l->captured));
}

static void
link_capture(struct mip6_node *n, struct mip6_link *l, bool on)
{
	struct mip6_action *a;

	if (l->captured == on)
		return;
	l->captured = on;
	node_act_set(n, MIP6_ACT_CAPTURE, l->ev.ifindex, NULL, on);
	a = &n->out->v[n->out->count - 1];
	a->id = node_action_id(MIP6_WAIT_CAPTURE, link_index(n, l), 0);
}

/* Packets are seen from now on: what came before was missed. */
void
link_captured(struct mip6_node *n, uint32_t index)
{
	struct mip6_link *l = &n->link[index];

	if (l->used && l->captured && l->is_mn && l->ev.up && l->ra_at.us == 0)
		router_solicit(n, l);
}

void
link_untake(struct mip6_node *n, struct mip6_link_addr *a)
{
	if (!a->taken)
		return;
	a->taken = false;
	node_act_set(n, MIP6_ACT_LOCAL, 0, &a->addr, false);
	if (!a->owned)
		node_act_set(n, MIP6_ACT_SILENCE, 0, &a->addr, false);
}

static void
link_clear_addrs(struct mip6_node *n, struct mip6_link *l)
{
	uint32_t k;

	for (k = 0; k < MIP6_LINK_ADDRS_MAX; k++) {
		node_timer_stop(n, &l->addr[k].retire);
		coa_own_stop(n, l, &l->addr[k]);
		link_untake(n, &l->addr[k]);
		l->addr[k].used = false;
	}
}

static void
link_gone(struct mip6_node *n, struct mip6_link *l)
{
	MIP6_LOG(n->log, INFO, "link.gone", MIP6_KS("link", l->ev.name));
	l->ev.up = false;
	link_capture(n, l, false);
	router_link_down(n, l);
	nd_flush_link(n, l->ev.ifindex);
	link_clear_addrs(n, l);
	node_timer_stop(n, &l->solicit);
	l->used = false;
}

static void
link_changed_state(struct mip6_node *n, struct mip6_link *l, bool was_up)
{
	if (l->ev.up == was_up)
		return;
	MIP6_LOG(n->log, INFO, l->ev.up ? "link.up" : "link.down",
	    MIP6_KS("link", l->ev.name));
	if (l->ev.up) {
		l->generation++;
		l->up_at = n->now.boot;
		l->ra_at.us = 0;
		l->dad_counter = 0;
		/* It may be another network. */
		l->blamed = 0;
		l->blamed_until.us = 0;
		l->barred = false;
		if (l->is_mn)
			router_link_up(n, l);
	} else {
		router_link_down(n, l);
		nd_flush_link(n, l->ev.ifindex);
		coa_own_link_down(n, l);
	}
}

static void
link_role(struct mip6_node *n, struct mip6_link *l)
{
	l->preference = n->conf != NULL && n->conf->mn.on ?
	    mip6_conf_interface_preference(&n->conf->mn, l->ev.name) :
	    MIP6_INTERFACE_NONE;
	l->is_mn = l->preference != MIP6_INTERFACE_NONE;
}

void
link_input(struct mip6_node *n, const struct mip6_ev_link *ev)
{
	struct mip6_link *l = link_find(n, ev->ifindex);
	bool was_up;

	if (l == NULL && !ev->gone)
		l = link_add(n, ev);
	if (l == NULL)
		return;
	if (ev->gone) {
		link_gone(n, l);
	} else {
		was_up = l->ev.up;
		l->ev = *ev;
		link_role(n, l);
		if (link_wanted(n, l))
			link_capture(n, l, true);
		link_changed_state(n, l, was_up);
	}
	link_tun_mtu(n);
	if (n->mn != NULL)
		mn_changed(n);
	if (n->ha != NULL)
		ha_changed(n);
	if (n->cn != NULL)
		cn_changed(n);
}

void
link_reconfigure(struct mip6_node *n)
{
	struct mip6_link *l;
	bool was_mn;
	uint32_t i;

	for (i = 0; i < MIP6_LINKS_MAX; i++) {
		l = &n->link[i];
		if (!l->used)
			continue;
		was_mn = l->is_mn;
		link_role(n, l);
		link_capture(n, l, link_wanted(n, l));
		if (l->is_mn && !was_mn && l->ev.up)
			router_link_up(n, l);
		else if (was_mn && !l->is_mn) {
			router_link_down(n, l);
			link_retire_addrs(n, l, NULL);
		}
	}
	link_tun_mtu(n);
	if (n->mn != NULL)
		mn_changed(n);
	if (n->ha != NULL)
		ha_changed(n);
	if (n->cn != NULL)
		cn_changed(n);
}

/* The MTU of the TUN: the smallest link less the tunnel, at least 1,280. */
void
link_tun_mtu(struct mip6_node *n)
{
	uint16_t mtu = 1500;
	struct mip6_action *a;
	uint32_t i;

	for (i = 0; i < MIP6_LINKS_MAX; i++)
		if (n->link[i].used && n->link[i].ev.mtu >= MIP6_IP6_MTU_MIN &&
		    n->link[i].ev.mtu < mtu && link_wanted(n, &n->link[i]))
			mtu = n->link[i].ev.mtu;
	mtu = mtu < MIP6_IP6_MTU_MIN + 48 ? MIP6_IP6_MTU_MIN :
					    (uint16_t)(mtu - 48);
	if (mtu == n->tun_mtu || n->conf == NULL)
		return;
	n->tun_mtu = mtu;
	a = node_act(n, MIP6_ACT_TUN_MTU);
	a->u.set.mtu = mtu;
	a->u.set.on = true;
}

struct mip6_link_addr *
link_addr_find(struct mip6_link *l, const struct mip6_addr *addr)
{
	uint32_t k;

	for (k = 0; k < MIP6_LINK_ADDRS_MAX; k++)
		if (l->addr[k].used && mip6_addr_equal(&l->addr[k].addr, addr))
			return &l->addr[k];
	return NULL;
}

static struct mip6_link_addr *
link_addr_add(struct mip6_link *l, const struct mip6_addr *addr, uint8_t bits)
{
	struct mip6_link_addr *a;
	uint32_t k;

	for (k = 0; k < MIP6_LINK_ADDRS_MAX; k++) {
		a = &l->addr[k];
		if (a->used)
			continue;
		a->used = true;
		a->addr = *addr;
		a->bits = bits;
		a->flags = 0;
		a->reported = a->formed = a->refused = a->taken = false;
		a->owned = a->lost = false;
		return a;
	}
	return NULL;
}

void
link_addr_refused(struct mip6_node *n, struct mip6_link *l,
    struct mip6_link_addr *a, int error)
{
	a->refused = true;
	MIP6_LOG(n->log, WARNING, "coa.refused", MIP6_KA("coa", &a->addr),
	    MIP6_KS("link", l->ev.name), MIP6_KI("errno", error));
	if (a->formed && l->dad_counter < LINK_DAD_TRIES)
		l->dad_counter++;
	link_form(n, l);
}

/* The host has an address that was ours: from now on it is the host's. */
static void
link_addr_yield(struct mip6_node *n, struct mip6_link *l,
    struct mip6_link_addr *a)
{
	bool taken = a->taken;

	node_timer_stop(n, &a->retire);
	coa_own_stop(n, l, a);
	a->formed = false;
	if (taken)
		link_take(n, l, &a->addr);
}

/*
 * The host may tell late that one went which we gave up and asked for again:
 * so what was ours is known for a while, to be ours when it is there after all.
 */
static void
link_addr_gone(struct mip6_node *n, struct mip6_link_addr *a)
{
	node_timer_stop(n, &a->retire);
	link_untake(n, a);
	a->reported = false;
	a->lost = a->formed;
	a->used = a->formed;
	if (a->lost)
		node_timer_in(n, &a->retire, LINK_RETIRE);
}

void
link_addr_input(struct mip6_node *n, const struct mip6_ev_addr *ev)
{
	struct mip6_link *l = link_find(n, ev->ifindex);
	struct mip6_link_addr *a;
	bool was_duplicate, ours;

	if (l == NULL)
		return;
	a = link_addr_find(l, &ev->addr);
	ours = a != NULL && a->formed;
	if (ev->gone) {
		if (a != NULL && !a->owned)
			link_addr_gone(n, a);
	} else {
		if (a == NULL)
			a = link_addr_add(l, &ev->addr, ev->bits);
		if (a == NULL)
			return;
		if (a->owned)
			link_addr_yield(n, l, a);
		if (a->lost)
			node_timer_stop(n, &a->retire);
		a->lost = false;
		was_duplicate = (a->flags & MIP6_ADDR_DUPLICATED) != 0;
		a->reported = true;
		a->flags = ev->flags;
		if ((ev->flags & MIP6_ADDR_DUPLICATED) != 0 && !was_duplicate)
			link_addr_refused(n, l, a, 0);
	}
	/* R11.5.3-01: the host's own went, or is old. Test: test_coa_choice */
	if (!ours)
		link_form(n, l);
	if (n->mn != NULL)
		mn_changed(n);
	if (n->ha != NULL)
		ha_changed(n);
	if (n->cn != NULL)
		cn_changed(n);
}

void
link_addr_done(struct mip6_node *n, uint32_t index, uint32_t gen, int error)
{
	struct mip6_link *l = &n->link[index / MIP6_LINK_ADDRS_MAX];
	struct mip6_link_addr *a = &l->addr[index % MIP6_LINK_ADDRS_MAX];

	if (!l->used || !a->used || !a->formed || gen != (a->gen & 0xffffffu))
		return;
	/* Also one of the last time that the link was up: it is not there. */
	if (error != 0)
		link_addr_refused(n, l, a, error);
	else
		a->reported = true;
	if (n->mn != NULL)
		mn_changed(n);
}

void
link_take(struct mip6_node *n, struct mip6_link *l,
    const struct mip6_addr *addr)
{
	struct mip6_link_addr *a = link_addr_find(l, addr);

	if (a == NULL)
		return;
	/* In use again: it stays. */
	node_timer_stop(n, &a->retire);
	if (a->taken)
		return;
	a->taken = true;
	node_act_set(n, MIP6_ACT_LOCAL, l->ev.ifindex, addr, true);
	/* One that is ours alone is shielded altogether. */
	if (!a->owned)
		node_act_set(n, MIP6_ACT_SILENCE, l->ev.ifindex, addr, true);
}

bool
link_addr_usable(const struct mip6_link_addr *a)
{
	if (!a->used || !a->reported || a->refused)
		return false;
	/* R4.6-01: routable addresses alone. Test: test_link */
	if (!mip6_addr_is_routable(&a->addr))
		return false;
	if ((a->flags & MIP6_ADDR_DUPLICATED) != 0)
		return false;
	return (a->flags & MIP6_ADDR_TENTATIVE) == 0 ||
	    (a->flags & MIP6_ADDR_OPTIMISTIC) != 0;
}

const struct mip6_addr *
link_local_addr(const struct mip6_link *l)
{
	const struct mip6_link_addr *a;
	uint32_t k;

	for (k = 0; k < MIP6_LINK_ADDRS_MAX; k++) {
		a = &l->addr[k];
		if (a->used && a->reported &&
		    mip6_addr_is_linklocal(&a->addr) &&
		    (a->flags & (MIP6_ADDR_TENTATIVE | MIP6_ADDR_DUPLICATED)) ==
			0)
			return &a->addr;
	}
	return NULL;
}

bool
link_has_addr(const struct mip6_node *n, const struct mip6_addr *addr)
{
	const struct mip6_link *l;
	uint32_t i, k;

	for (i = 0; i < MIP6_LINKS_MAX; i++) {
		l = &n->link[i];
		if (!l->used)
			continue;
		for (k = 0; k < MIP6_LINK_ADDRS_MAX; k++)
			if (l->addr[k].used && l->addr[k].reported &&
			    mip6_addr_equal(&l->addr[k].addr, addr))
				return true;
	}
	return false;
}

bool
link_is_duplicate(struct mip6_node *n, uint32_t ifindex,
    const struct mip6_addr *addr)
{
	struct mip6_link *l = link_find(n, ifindex);
	const struct mip6_link_addr *a = NULL;

	if (l != NULL)
		a = link_addr_find(l, addr);
	return a != NULL && (a->flags & MIP6_ADDR_DUPLICATED) != 0;
}

/*
 * RFC 7217 section 5: an identifier that is stable for a prefix and a link,
 * and says nothing about either.
 */
static bool
link_iid(struct mip6_node *n, const struct mip6_link *l,
    const struct mip6_prefix *p, struct mip6_addr *iid)
{
	uint8_t out[MIP6_SHA1_OCTETS];
	const struct mip6_iovec v[] = {
		{ p->addr.b, sizeof(p->addr.b) },
		{ &p->bits, 1 },
		{ l->ev.lladdr.b, sizeof(l->ev.lladdr.b) },
		{ &l->dad_counter, 1 },
	};

	if (!mip6_crypto_hmac_sha1(n->crypto, n->env.stable_secret,
		sizeof(n->env.stable_secret), v, MIP6_COUNT(v), out))
		return false;
	memcpy(iid->b, out, sizeof(iid->b));
	/* Not among the reserved identifiers of RFC 5453: first octet. */
	iid->b[8] = (uint8_t)((iid->b[8] & 0xfcu) | 0x04u);
	return true;
}

static void
link_addr_act(struct mip6_node *n, struct mip6_link *l,
    struct mip6_link_addr *a, bool on)
{
	struct mip6_action *act = node_act(n, MIP6_ACT_ADDR);
	uint32_t index =
	    link_index(n, l) * MIP6_LINK_ADDRS_MAX + (uint32_t)(a - l->addr);

	act->u.addr.ifindex = l->ev.ifindex;
	act->u.addr.addr = a->addr;
	act->u.addr.bits = a->bits;
	act->u.addr.optimistic = true;
	act->u.addr.valid.us = INT64_MAX;
	act->u.addr.preferred.us = INT64_MAX;
	act->u.addr.on = on;
	if (!on)
		return;
	a->gen = ++l->asked;
	act->id = node_action_id(MIP6_WAIT_COA, index, a->gen);
}

bool
link_form_addr(struct mip6_node *n, struct mip6_link *l,
    const struct mip6_prefix_entry *p)
{
	struct mip6_link_addr *a;
	struct mip6_addr iid, addr;

	/* RFC4862-5.5.3d: the identifier has 64 bits here. Test: test_link */
	if (p->prefix.bits != 64)
		return false;
	for (;;) {
		if (!link_iid(n, l, &p->prefix, &iid))
			return false;
		addr = mip6_prefix_join(&p->prefix, &iid);
		a = link_addr_find(l, &addr);
		/* What was refused before would be refused again. */
		if (a == NULL || !a->refused ||
		    l->dad_counter >= LINK_DAD_TRIES)
			break;
		l->dad_counter++;
	}
	if (a != NULL && mip6_timer_is_armed(&a->retire.t))
		node_timer_stop(n, &a->retire);
	if (a != NULL && !a->lost)
		return !a->refused;
	if (a != NULL)
		a->used = false; /* asked for anew */
	a = link_addr_add(l, &addr, p->prefix.bits);
	if (a == NULL)
		return false;
	a->formed = true;
	MIP6_LOG(n->log, INFO, "coa.formed", MIP6_KA("coa", &addr),
	    MIP6_KS("link", l->ev.name));
	if (coa_own_is_wanted(n)) {
		coa_own_start(n, l, a);
		return true;
	}
	a->flags = MIP6_ADDR_OPTIMISTIC;
	link_addr_act(n, l, a, true);
	return true;
}

void
link_retire_addrs(struct mip6_node *n, struct mip6_link *l,
    const struct mip6_addr *keep)
{
	struct mip6_link_addr *a;
	uint32_t k;

	for (k = 0; k < MIP6_LINK_ADDRS_MAX; k++) {
		a = &l->addr[k];
		if (!a->used || !a->formed ||
		    (keep != NULL && mip6_addr_equal(&a->addr, keep)))
			continue;
		if (!mip6_timer_is_armed(&a->retire.t))
			node_timer_in(n, &a->retire, LINK_RETIRE);
	}
}

/*
 * Of networks that the link was in before: no prefix is advertised for them
 * here, and no binding has them.
 */
void
link_prune(struct mip6_node *n, struct mip6_link *l)
{
	struct mip6_link_addr *a;
	uint32_t k;

	for (k = 0; k < MIP6_LINK_ADDRS_MAX; k++) {
		a = &l->addr[k];
		if (!a->used || (!a->formed && !a->taken) ||
		    mip6_timer_is_armed(&a->retire.t) ||
		    router_onlink(n, l->ev.ifindex, &a->addr) != NULL ||
		    mn_needs_coa(n, &a->addr))
			continue;
		node_timer_in(n, &a->retire, LINK_RETIRE);
	}
}

void
link_addr_timer(struct mip6_node *n, uint32_t index)
{
	struct mip6_link *l = &n->link[index / MIP6_LINK_ADDRS_MAX];
	struct mip6_link_addr *a = &l->addr[index % MIP6_LINK_ADDRS_MAX];

	if (!l->used || !a->used)
		return;
	if (a->lost) {
		a->used = false;
		return;
	}
	if (!a->formed) {
		link_untake(n, a); /* the host's: no more than that is ours */
		return;
	}
	MIP6_LOG(n->log, DEBUG, "coa.retired", MIP6_KA("coa", &a->addr));
	if (a->owned) {
		coa_own_stop(n, l, a);
	} else {
		link_untake(n, a);
		link_addr_act(n, l, a, false);
	}
	a->used = false;
	if (n->mn != NULL)
		mn_changed(n);
}
