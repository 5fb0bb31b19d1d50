/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Inside the core: what link.c, link_coa.c and coa_own.c offer.  Part of
 * node_int.h.
 */
#ifndef MIP6_CORE_LINK_INT_H
#define MIP6_CORE_LINK_INT_H

#include "core/event.h"
#include "wire/ip6.h"
#include "wire/nd.h"

struct mip6_node;
struct mip6_link;
struct mip6_link_addr;
struct mip6_prefix_entry;

/* ---- link.c ---- */

struct mip6_link *link_find(struct mip6_node *n, uint32_t ifindex);
uint32_t link_index(const struct mip6_node *n, const struct mip6_link *l);
void link_input(struct mip6_node *n, const struct mip6_ev_link *ev);
void link_addr_input(struct mip6_node *n, const struct mip6_ev_addr *ev);
void link_addr_done(struct mip6_node *n, uint32_t index, uint32_t gen,
    int error);
void link_addr_timer(struct mip6_node *n, uint32_t index);
void link_captured(struct mip6_node *n, uint32_t index);
/* Roles and patterns of a new configuration. */
void link_reconfigure(struct mip6_node *n);
/*
 * Forms an address in `p` (RFC 7217) unless one is there; false: none can be
 * had there.
 */
bool link_form_addr(struct mip6_node *n, struct mip6_link *l,
    const struct mip6_prefix_entry *p);
/* Forms one where it would be better than what the link has. */
void link_form(struct mip6_node *n, struct mip6_link *l);
/* Another node has it (Duplicate Address Detection), or the host refuses. */
void link_addr_refused(struct mip6_node *n, struct mip6_link *l,
    struct mip6_link_addr *a, int error);
struct mip6_link_addr *link_addr_find(struct mip6_link *l,
    const struct mip6_addr *addr);
/* Whether it was found to be another node's. */
bool link_is_duplicate(struct mip6_node *n, uint32_t ifindex,
    const struct mip6_addr *addr);
void link_untake(struct mip6_node *n, struct mip6_link_addr *a);
/*
 * The address of the host that stands for care-of address `coa` where the host
 * itself has to send: `coa`, or when that is ours alone another one of the
 * link.  :: there is none.
 */
struct mip6_addr link_host_addr(struct mip6_node *n, uint32_t ifindex,
    const struct mip6_addr *coa);
/* Usable as a source now: not tentative unless optimistic, not duplicated. */
bool link_addr_usable(const struct mip6_link_addr *a);
/* The best care-of address of a link; `keep` wins while it is usable. */
const struct mip6_link_addr *link_coa(struct mip6_node *n, struct mip6_link *l,
    const struct mip6_addr *keep);
/*
 * The link that the mobile node should be on, with its care-of address in
 * *coa; NULL: none.  `on` is the one it is on (0: none), with `keep`.  A link
 * whose way is broken is a last resort; then the preference counts, then for
 * how long it has been usable.  What works is left only for something better
 * that lasts: *again is when to look again (MIP6_TIME_NEVER: no need).
 */
struct mip6_link *link_choose(struct mip6_node *n, uint32_t on,
    const struct mip6_addr *keep, struct mip6_addr *coa,
    struct mip6_time *again);
/*
 * No answer came by this link: others are tried first for a while.  Whether
 * there is one.
 */
bool link_blame(struct mip6_node *n, struct mip6_link *l);
/*
 * The same where answers come and traffic does not get through: answers alone
 * do not make up for it.
 */
void link_bar(struct mip6_node *n, struct mip6_link *l);
/* An answer came by it. */
void link_praise(struct mip6_node *n, struct mip6_link *l);
/* A link-local source address; NULL: none usable yet. */
const struct mip6_addr *link_local_addr(const struct mip6_link *l);
/* Whether `a` is an address of the host on any link. */
bool link_has_addr(const struct mip6_node *n, const struct mip6_addr *a);
/* Lets the addresses that we formed on `l`, but `keep`, go after a while. */
void link_retire_addrs(struct mip6_node *n, struct mip6_link *l,
    const struct mip6_addr *keep);
/* The same for all addresses of networks that it has left. */
void link_prune(struct mip6_node *n, struct mip6_link *l);
void link_tun_mtu(struct mip6_node *n);
/* From now on tunnelled and mobility packets to `addr` are the node's. */
void link_take(struct mip6_node *n, struct mip6_link *l,
    const struct mip6_addr *addr);

/* ---- coa_own.c: care-of addresses that the host does not have ---- */

/* Whether addresses formed from now on are the daemon's alone. */
bool coa_own_is_wanted(const struct mip6_node *n);
/* `a`, just formed, becomes ours: asks for it, answers for it. */
void coa_own_start(struct mip6_node *n, struct mip6_link *l,
    struct mip6_link_addr *a);
/* Nobody answers for it any more, or the host does. */
void coa_own_stop(struct mip6_node *n, struct mip6_link *l,
    struct mip6_link_addr *a);
/* All of a link that went down: whose they are is asked anew. */
void coa_own_link_down(struct mip6_node *n, struct mip6_link *l);
void coa_own_timer(struct mip6_node *n, uint32_t index);
/* true: the solicitation is about one of ours and is dealt with. */
bool coa_own_input_ns(struct mip6_node *n, const struct mip6_hint *h,
    const struct mip6_ip6_view *ip, const struct mip6_nd *m);
void coa_own_input_na(struct mip6_node *n, const struct mip6_hint *h,
    const struct mip6_nd *m);

#endif
