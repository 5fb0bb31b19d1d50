/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Which home agent a mobile node uses.
 *
 * Each home address has a bounded table of home agents in order of preference:
 * those of the configuration, addresses of its names, then what discovery
 * found.  One of them is asked at a time.  One that is silent or refuses is
 * left for the next; when all were tried in vain, a new round begins, slower.
 * The binding that carries the traffic is another matter (`bound`): it stays
 * with whoever acknowledged it until another one has, or until it ends.
 *
 * Two home agents must not both defend an address.  So one that may still have
 * a binding after another one accepted is told to drop it, again and again
 * until it answers or until the binding has ended; and a refusal for a
 * duplicate address leads back to the one that may be defending it.
 *
 * Local policy where the RFC leaves it open: a home agent has had its chance
 * after three updates; one that refused for good is left alone for ten
 * minutes; and one of the configuration that comes before the one in use is
 * asked after five minutes, then less and less often, whether it is back.
 *
 * Implements: RFC 6275 sections 11.4.1, 11.7.1 (the next home agent), 11.7.3.
 */
#include "core/mn_int.h"

#include <string.h>

#define AGENT_CHANCES      3 /* updates before another one is tried */
#define AGENT_ROUND_MAX    4
#define AGENT_BAR          MIP6_SPAN_S(600)
#define AGENT_RELEASE      MIP6_SPAN_MS(1500)
#define AGENT_RELEASE_MAX  MIP6_SPAN_S(600)
#define AGENT_RETURN       MIP6_SPAN_S(300)
#define AGENT_RETURN_MAX   MIP6_SPAN_S(3600)
#define AGENT_RETURN_LATER MIP6_SPAN_S(5)
#define AGENT_TAKEOVER     MIP6_SPAN_S(3)

static struct mip6_ntimer *
agent_timer(struct mn_home *h, enum mn_agent_timer_kind kind)
{
	return &h->agent_timer[kind];
}

static bool
agent_may_have(const struct mip6_node *n, const struct mn_agent *a)
{
	return a->used && mip6_time_before(n->now.boot, a->maybe_until);
}

/* ---- the table ---- */

struct mn_agent *
mn_agent_find(struct mn_home *h, const struct mip6_addr *addr)
{
	uint32_t i;

	for (i = 0; i < MN_AGENTS_MAX; i++)
		if (h->agent[i].used &&
		    mip6_addr_equal(&h->agent[i].addr, addr))
			return &h->agent[i];
	return NULL;
}

static void
agent_hold(struct mip6_node *n, struct mn_home *h, struct mn_agent *a, bool on)
{
	struct mip6_addr hop;
	uint32_t old = a->hop;

	a->hop = on && router_nexthop(n, h->at.ifindex, &a->addr, &hop) ?
	    nd_hold(n, h->at.ifindex, &hop) :
	    MIP6_HOP_NONE;
	nd_release(n, old);
}

static void
agent_reset(struct mip6_node *n, struct mn_agent *a)
{
	memset(a, 0, sizeof(*a));
	a->hop = MIP6_HOP_NONE;
	a->last_status = -1;
	mip6_bul_init(&a->bul, (uint16_t)mip6_rng_below(n->rng, 65536));
}

/* A free place; or that of the least preferred that nothing depends on. */
static struct mn_agent *
agent_place(struct mip6_node *n, struct mn_home *h, uint16_t rank)
{
	struct mn_agent *a, *worst = NULL;
	uint32_t i;

	for (i = 0; i < MN_AGENTS_MAX; i++) {
		a = &h->agent[i];
		if (!a->used)
			return a;
		if (a == h->ha || a == h->bound || agent_may_have(n, a) ||
		    (a->listed && a->rank <= rank))
			continue;
		if (worst == NULL || !a->listed ||
		    (worst->listed && a->rank > worst->rank))
			worst = a;
	}
	if (worst != NULL)
		agent_hold(n, h, worst, false);
	return worst;
}

struct mn_agent *
mn_agent_list(struct mip6_node *n, struct mn_home *h,
    const struct mip6_addr *addr, uint16_t rank)
{
	struct mn_agent *a = mn_agent_find(h, addr);

	/* P-AGENT: an address to which a packet can go, and not ours.
	 * Test: test_mn_seek */
	if (!mip6_addr_is_routable(addr) || mn_is_home_addr(n, addr) ||
	    link_has_addr(n, addr))
		return NULL;
	if (a != NULL) {
		if (!a->listed || rank < a->rank)
			a->rank = rank;
		a->listed = true;
		return a;
	}
	a = agent_place(n, h, rank);
	if (a == NULL)
		return NULL;
	agent_reset(n, a);
	a->used = a->listed = true;
	a->addr = *addr;
	a->rank = rank;
	return a;
}

void
mn_agent_unlist(struct mn_home *h, uint16_t from, uint16_t to)
{
	uint32_t i;

	for (i = 0; i < MN_AGENTS_MAX; i++)
		if (h->agent[i].rank >= from && h->agent[i].rank < to)
			h->agent[i].listed = false;
}

/* The first in order that was not tried in vain; never `but`. */
static struct mn_agent *
agent_best(struct mip6_node *n, struct mn_home *h, const struct mn_agent *but)
{
	struct mn_agent *a, *best = NULL;
	uint32_t i;

	for (i = 0; i < MN_AGENTS_MAX; i++) {
		a = &h->agent[i];
		if (!a->used || !a->listed || a->tried || a == but ||
		    mip6_time_before(n->now.boot, a->barred_until))
			continue;
		/* R11.4.1-02: in the order of the list. Test: test_mn_agent */
		if (best == NULL || a->rank < best->rank)
			best = a;
	}
	return best;
}

static void
agent_forget_tries(struct mn_home *h)
{
	uint32_t i;

	for (i = 0; i < MN_AGENTS_MAX; i++)
		h->agent[i].tried = false;
}

/* Makes `a` the home agent of now; nothing is sent yet. */
static void
agent_use(struct mip6_node *n, struct mn_home *h, struct mn_agent *a)
{
	uint32_t round =
	    h->round < AGENT_ROUND_MAX ? h->round : AGENT_ROUND_MAX;

	agent_hold(n, h, a, false);
	h->ha = a;
	h->do_not_send = false;
	h->waits_release = false;
	h->icmp_seen = false;
	h->corrections = 0;
	a->left = MN_LEFT_NOT;
	a->probing = false;
	a->sends = 0;
	a->bul.unanswered = 0;
	a->bul.timeout = round == 0 ?
	    n->conf->mn.initial_bindack_timeout_first_reg :
	    mip6_span_min(MIP6_SPAN_S(INT64_C(4) << round),
		MIP6_MAX_BINDACK_TIMEOUT);
	mn_rehop(n, h);
}

void
mn_agent_use_bound(struct mip6_node *n, struct mn_home *h)
{
	if (h->bound != NULL && h->bound != h->ha)
		agent_use(n, h, h->bound);
}

void
mn_agent_prefer(struct mip6_node *n, struct mn_home *h, struct mn_agent *a)
{
	if (a != h->ha && h->ha->bul.unanswered == 0 && h->bound == NULL)
		agent_use(n, h, a);
}

/* ---- configuration ---- */

static void
agent_list_conf(struct mip6_node *n, struct mn_home *h)
{
	uint32_t i;

	for (i = 0; i < h->c->agents; i++)
		if (!mip6_addr_is_any(&h->c->agent[i].addr))
			(void)mn_agent_list(n, h, &h->c->agent[i].addr,
			    (uint16_t)(i * MN_RANKS));
}

void
mn_agent_init(struct mip6_node *n, struct mn_home *h)
{
	struct mn_agent *best;
	uint32_t i;

	for (i = 0; i < MN_AGENTS_MAX; i++)
		agent_reset(n, &h->agent[i]);
	agent_reset(n, &h->nobody);
	for (i = 0; i < MN_AGENT_TIMER_KINDS; i++)
		node_timer_init(&h->agent_timer[i], MIP6_TIMER_MN_AGENT,
		    h->index * MN_AGENT_TIMER_KINDS + i);
	mn_seek_init(h);
	h->return_wait = AGENT_RETURN;
	h->ha = &h->nobody;
	h->bound = NULL;
	agent_list_conf(n, h);
	best = agent_best(n, h, NULL);
	if (best != NULL)
		agent_use(n, h, best);
}

void
mn_agent_fini(struct mip6_node *n, struct mn_home *h)
{
	uint32_t i;

	for (i = 0; i < MN_AGENTS_MAX; i++)
		agent_hold(n, h, &h->agent[i], false);
	for (i = 0; i < MN_AGENT_TIMER_KINDS; i++)
		node_timer_stop(n, &h->agent_timer[i]);
}

void
mn_agent_configure(struct mip6_node *n, struct mn_home *h)
{
	struct mn_agent *best;
	uint32_t i;

	mn_agent_unlist(h, 0, h->c->agent_auto ? MN_RANK_FOUND : UINT16_MAX);
	mn_seek_init(h);
	agent_list_conf(n, h);
	mn_agent_flush(h);
	h->return_wait = AGENT_RETURN;
	/* Names may lead back to it: it is left when another one is known. */
	for (i = 0; i < h->c->agents; i++)
		if (mip6_addr_is_any(&h->c->agent[i].addr))
			return;
	/* The binding is the former agent's, and so is the tunnel. */
	if (h->bound != NULL && !h->bound->listed)
		mn_host_unbind(n, h);
	if (h->ha->listed)
		return;
	best = agent_best(n, h, NULL);
	agent_use(n, h, best != NULL ? best : &h->nobody);
}

void
mn_agent_flush(struct mn_home *h)
{
	uint32_t i;

	h->round = 0;
	h->ha->last_status = -1;
	for (i = 0; i < MN_AGENTS_MAX; i++) {
		h->agent[i].tried = false;
		h->agent[i].barred_until.us = 0;
		h->agent[i].left = MN_LEFT_NOT;
	}
}

/* ---- the next one ---- */

static void
agent_move_on(struct mip6_node *n, struct mn_home *h, struct mn_agent *next,
    enum mn_left why)
{
	static const char *const name[] = {
		[MN_LEFT_NOT] = "found",
		[MN_LEFT_SILENT] = "silent",
		[MN_LEFT_REFUSED] = "refused",
		[MN_LEFT_ERROR] = "error",
	};
	struct mn_agent *a = h->ha;

	MIP6_LOG(n->log, WARNING, "mn.agent-left", MIP6_KA("hoa", &h->hoa),
	    MIP6_KA("agent", &a->addr), MIP6_KS("why", name[why]),
	    MIP6_KU("sent", a->sends), MIP6_KA("next", &next->addr));
	agent_use(n, h, next);
	a->left = why;
	a->left_sent = a->sends;
	/* R11.4.1-01: 1.5 s after the last update to the one before. */
	if (a->bul.sent_at[0].us != INT64_MIN)
		h->not_before = mip6_time_add(a->bul.sent_at[0],
		    n->conf->mn.initial_bindack_timeout_first_reg);
	mn_step(n, h, MN_EV_AGAIN);
}

bool
mn_agent_failed(struct mip6_node *n, struct mn_home *h, enum mn_left why,
    bool bar)
{
	struct mn_agent *a = h->ha, *next;

	if (h->state != MN_REGISTERING && h->state != MN_UPDATING)
		return false;
	a->tried = true;
	if (bar)
		a->barred_until = mip6_time_add(n->now.boot, AGENT_BAR);
	mn_seek_again(n, h);
	next = agent_best(n, h, NULL);
	if (next == NULL) {
		h->round++;
		agent_forget_tries(h);
		next = agent_best(n, h, a);
	}
	if (next == NULL)
		return false;
	agent_move_on(n, h, next, why);
	return true;
}

/*
 * R11.7.1-08: the next one, when there is one; else the same for ever.  The
 * RFC lets it be sooner than MAX_BINDACK_TIMEOUT (section 11.4.1).
 */
bool
mn_agent_timeout(struct mip6_node *n, struct mn_home *h)
{
	if (h->ha->sends < (h->round == 0 ? AGENT_CHANCES : 1))
		return false;
	return mn_agent_failed(n, h, MN_LEFT_SILENT, false);
}

bool
mn_agent_blocked(struct mip6_node *n, struct mn_home *h)
{
	struct mn_agent *a, *former = NULL;
	uint32_t i;

	for (i = 0; i < MN_AGENTS_MAX; i++) {
		a = &h->agent[i];
		if (a != h->ha && agent_may_have(n, a) &&
		    (former == NULL ||
			mip6_time_before(former->maybe_until, a->maybe_until)))
			former = a;
	}
	h->ha->tried = true;
	if (former == NULL)
		former = agent_best(n, h, NULL);
	/* R11.7.1-12: nobody else of ours can have it. Test: test_mn_agent */
	if (former == NULL)
		return false;
	if (former->tried)
		h->round++; /* to and fro, slowly */
	agent_move_on(n, h, former, MN_LEFT_REFUSED);
	return true;
}

void
mn_agent_found(struct mip6_node *n, struct mn_home *h)
{
	struct mn_agent *best = agent_best(n, h, NULL);

	if (best == NULL || h->at.place == MN_PLACE_NONE)
		return;
	if (h->ha != &h->nobody && h->ha->listed && !h->do_not_send)
		return; /* it has its chance first */
	if (h->ha != &h->nobody) {
		agent_move_on(n, h, best, MN_LEFT_NOT);
		return;
	}
	agent_use(n, h, best);
	mn_step(n, h, MN_EV_AGAIN);
}

/* ---- those that may still have a binding ---- */

static bool
agent_released(const struct mip6_node *n, const struct mn_home *h)
{
	uint32_t i;

	for (i = 0; i < MN_AGENTS_MAX; i++)
		if (&h->agent[i] != h->ha && agent_may_have(n, &h->agent[i]))
			return false;
	return true;
}

void
mn_agent_release(struct mip6_node *n, struct mn_home *h)
{
	h->release_wait = AGENT_RELEASE;
	if (!agent_released(n, h))
		node_timer_arm(n, agent_timer(h, MN_AGENT_TIMER_RELEASE),
		    n->now.boot);
}

/* Only when what we have now does not depend on them. */
static void
agent_release_timer(struct mip6_node *n, struct mn_home *h)
{
	bool settled = h->state == MN_AT_HOME || h->waits_release ||
	    ((h->state == MN_REGISTERED || h->state == MN_UPDATING) &&
		h->bound == h->ha);
	struct mn_agent *a;
	uint32_t i;

	if (!settled || h->at.place == MN_PLACE_NONE || agent_released(n, h))
		return;
	for (i = 0; i < MN_AGENTS_MAX; i++) {
		a = &h->agent[i];
		if (a == h->ha || !agent_may_have(n, a) ||
		    mip6_time_before(n->now.boot,
			mip6_bul_may_send(&a->bul, n->now.boot)))
			continue;
		agent_hold(n, h, a, true);
		mn_transmit(n, h, a, MIP6_SPAN_S(0));
	}
	node_timer_in(n, agent_timer(h, MN_AGENT_TIMER_RELEASE),
	    h->release_wait);
	h->release_wait = mip6_span_min(MIP6_SPAN_US(h->release_wait.us * 2),
	    AGENT_RELEASE_MAX);
}

/* It has no binding any more. */
static void
agent_is_released(struct mip6_node *n, struct mn_home *h, struct mn_agent *a)
{
	a->maybe_until.us = 0;
	mip6_bul_forget_sent(&a->bul);
	agent_hold(n, h, a, false);
	MIP6_LOG(n->log, INFO, "mn.agent-released", MIP6_KA("hoa", &h->hoa),
	    MIP6_KA("agent", &a->addr));
	if (a == h->bound) {
		mn_host_unbind(n, h);
		mn_host_row(n, h);
	} else {
		mip6_bul_unbind(&a->bul);
	}
	if (!h->waits_release || !agent_released(n, h))
		return;
	h->waits_release = false;
	h->not_before.us = 0;
	mip6_bul_forget_sent(&h->ha->bul);
	mn_step(n, h, MN_EV_AGAIN);
}

/* ---- one that is preferred comes back ---- */

static struct mn_agent *
agent_preferred(struct mip6_node *n, struct mn_home *h)
{
	struct mn_agent *best;

	agent_forget_tries(h);
	best = agent_best(n, h, h->ha);
	return best != NULL && best->rank < h->ha->rank &&
		best->rank < MN_RANK_FOUND ?
	    best :
	    NULL;
}

static void
agent_return_timer(struct mip6_node *n, struct mn_home *h)
{
	struct mn_agent *a;

	/* In the middle of something; a later acceptance arms it, too. */
	if (h->state == MN_UPDATING)
		node_timer_in(n, agent_timer(h, MN_AGENT_TIMER_RETURN),
		    AGENT_RETURN_LATER);
	if (h->state != MN_REGISTERED || h->at.place != MN_PLACE_FOREIGN)
		return;
	a = agent_preferred(n, h);
	if (a == NULL)
		return;
	h->return_wait = mip6_span_min(MIP6_SPAN_US(h->return_wait.us * 2),
	    AGENT_RETURN_MAX);
	node_timer_in(n, agent_timer(h, MN_AGENT_TIMER_RETURN), h->return_wait);
	agent_hold(n, h, a, true);
	a->probing = true;
	mn_transmit(n, h, a, h->c->lifetime);
}

/*
 * It answers, and cannot take the address while the one in use defends it:
 * that one is asked to let go, and this one then at once.
 */
static void
agent_take_over(struct mip6_node *n, struct mn_home *h, struct mn_agent *a)
{
	MIP6_LOG(n->log, INFO, "mn.agent-back", MIP6_KA("hoa", &h->hoa),
	    MIP6_KA("agent", &a->addr), MIP6_KA("instead_of", &h->ha->addr));
	agent_use(n, h, a);
	h->waits_release = true;
	h->not_before = mip6_time_add(n->now.boot, AGENT_TAKEOVER);
	mn_step(n, h, MN_EV_REFRESH);
	mn_agent_release(n, h);
}

/* The answer to a registration at another than the home agent of now. */
static void
agent_late(struct mip6_node *n, struct mn_home *h, struct mn_agent *a,
    const struct mip6_mh *m, const struct mip6_bul_sent *s)
{
	bool wanted = a->probing || h->bound != h->ha ||
	    !mip6_bul_bound(&h->ha->bul, n->now.boot);

	if (mip6_ba_is_accepted(m->u.ba.status)) {
		if (wanted && h->at.place == MN_PLACE_FOREIGN &&
		    mip6_addr_equal(&s->coa, &h->at.coa)) {
			agent_use(n, h, a);
			mn_answered(n, h, m, s);
		} else {
			mn_agent_release(n, h);
		}
		return;
	}
	if (m->u.ba.status == MIP6_BA_DAD_FAILED && a->probing &&
	    h->state == MN_REGISTERED) {
		agent_take_over(n, h, a);
		return;
	}
	if (a->probing)
		agent_hold(n, h, a, false);
	a->probing = false;
}

void
mn_agent_other(struct mip6_node *n, struct mn_home *h, struct mn_agent *a,
    const struct mip6_mh *m, const struct mip6_bul_sent *s)
{
	if (m->u.ba.status == MIP6_BA_SEQ_OUT_OF_WINDOW) {
		mip6_bul_adopt(&a->bul, m->u.ba.seq);
		return; /* with the next one */
	}
	if (m->u.ba.status == MIP6_BA_ID_MISMATCH) {
		a->last_stamp = a->accepted_stamp;
		return;
	}
	if (s->lifetime.us == 0)
		agent_is_released(n, h, a);
	else
		agent_late(n, h, a, m, s);
}

void
mn_agent_accepted(struct mip6_node *n, struct mn_home *h)
{
	h->round = 0;
	h->not_before.us = 0;
	h->waits_release = false;
	agent_forget_tries(h);
	h->ha->barred_until.us = 0;
	h->ha->left = MN_LEFT_NOT;
	mn_seek_stop(n, h);
	mn_agent_release(n, h);
	if (agent_preferred(n, h) == NULL)
		h->return_wait = AGENT_RETURN;
	else if (!mip6_timer_is_armed(
		     &agent_timer(h, MN_AGENT_TIMER_RETURN)->t))
		node_timer_in(n, agent_timer(h, MN_AGENT_TIMER_RETURN),
		    h->return_wait);
	mn_keep(n, h);
}

void
mn_agent_timer(struct mip6_node *n, uint32_t index)
{
	struct mn_home *h = &n->mn->home[index / MN_AGENT_TIMER_KINDS];

	if (!h->used)
		return;
	switch ((enum mn_agent_timer_kind)(index % MN_AGENT_TIMER_KINDS)) {
	case MN_AGENT_TIMER_DHAAD:
		mn_seek_dhaad_timer(n, h);
		break;
	case MN_AGENT_TIMER_NAMES:
		mn_seek_names_timer(n, h);
		break;
	case MN_AGENT_TIMER_RELEASE:
		agent_release_timer(n, h);
		break;
	case MN_AGENT_TIMER_RETURN:
		agent_return_timer(n, h);
		break;
	case MN_AGENT_TIMER_KINDS:
		break;
	}
}
