/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Looking for home agents: dynamic home agent address discovery, names, and
 * the routers of the home link.
 *
 * Nothing that is found is believed to be a home agent: it becomes a candidate
 * of mn_agent.c, and what makes it ours is an authenticated acknowledgement.
 * So a forged answer costs a few updates to an address that does not answer.
 *
 * A series of discovery requests ends with an answer or after DHAAD_RETRIES
 * retransmissions; the next one comes with the next move, or after a pause
 * that grows.  Queries leave from the care-of address, never by the tunnel.
 *
 * Implements: RFC 6275 sections 6.5, 6.6, 11.4.1.
 */
#include "core/mn_int.h"

#include <string.h>

#define SEEK_INITIAL_DHAAD_TIMEOUT MIP6_SPAN_S(3) /* section 12 */
#define SEEK_DHAAD_RETRIES         4
#define SEEK_PAUSE                 MIP6_SPAN_S(32)
#define SEEK_PAUSE_MAX             MIP6_SPAN_S(600)
#define SEEK_NAME_TIMEOUT          MIP6_SPAN_S(15)
#define SEEK_NAME_PAUSE            MIP6_SPAN_S(2)
#define SEEK_NAME_PAUSE_MAX        MIP6_SPAN_S(64)
#define SEEK_FOUND_MAX             8

void
mn_seek_init(struct mn_home *h)
{
	uint32_t i, gen;

	h->seek.dhaad = false;
	h->seek.next.us = 0;
	h->seek.pause = SEEK_PAUSE;
	h->seek.name_pause = SEEK_NAME_PAUSE;
	for (i = 0; i < MIP6_AGENTS_MAX; i++) {
		gen = h->seek.name[i].gen;
		memset(&h->seek.name[i], 0, sizeof(h->seek.name[i]));
		h->seek.name[i].gen = gen + 1;
		h->seek.name[i].error = -1;
	}
}

/* Whether there is one that may be asked now. */
static bool
seek_has_candidate(const struct mip6_node *n, const struct mn_home *h)
{
	uint32_t i;

	for (i = 0; i < MN_AGENTS_MAX; i++)
		if (h->agent[i].used && h->agent[i].listed &&
		    !h->agent[i].tried &&
		    !mip6_time_before(n->now.boot, h->agent[i].barred_until))
			return true;
	return false;
}

/* ---- discovery ---- */

static void
seek_request(struct mip6_node *n, struct mn_home *h)
{
	struct mip6_prefix p = mip6_prefix_make(&h->hoa, h->bits);
	struct mip6_ip6_out ip;
	struct mip6_dhaad d;
	struct mip6_addr hop;
	uint8_t buf[128];
	struct mip6_wr w = mip6_wr_make(buf, sizeof(buf));
	size_t start, at;
	uint32_t hold;

	memset(&ip, 0, sizeof(ip));
	memset(&d, 0, sizeof(d));
	if (!mip6_prefix_home_agents(&p, &ip.ip.dst) ||
	    !router_nexthop(n, h->at.ifindex, &ip.ip.dst, &hop))
		return;
	d.type = MIP6_ICMP6_DHAAD_REQUEST; /* R6.5-01, R6.5-02 */
	d.id = h->seek.id;
	ip.ip.src = h->seek.src;
	ip.ip.hop_limit = 64;
	ip.upper = MIP6_NH_ICMPV6;
	start = mip6_ip6_begin(&w, &ip);
	at = w.pos;
	mip6_dhaad_write(&w, &d);
	mip6_ip6_end(&w, start);
	MIP6_ASSERT(!w.failed);
	mip6_icmp6_finish(buf + at, w.pos - at, &ip.ip.src, &ip.ip.dst);
	hold = nd_hold(n, h->at.ifindex, &hop);
	node_send(n, h->at.ifindex, hold, NULL, buf, w.pos);
	nd_release(n, hold);
	h->seek.sent++;
	MIP6_LOG(n->log, INFO, "dhaad.sent", MIP6_KA("hoa", &h->hoa),
	    MIP6_KA("to", &ip.ip.dst), MIP6_KU("id", h->seek.id),
	    MIP6_KU("sent", h->seek.sent));
}

static void
seek_discover(struct mip6_node *n, struct mn_home *h)
{
	bool moved = !mip6_addr_equal(&h->seek.src, &h->at.coa);

	if (!h->c->agent_auto || h->at.place != MN_PLACE_FOREIGN ||
	    (h->seek.dhaad && !moved) ||
	    (!moved && mip6_time_before(n->now.boot, h->seek.next)))
		return;
	h->seek.dhaad = true;
	h->seek.id = (uint16_t)mip6_rng_below(n->rng, 65536);
	h->seek.src = h->at.coa;
	h->seek.sent = 0;
	h->seek.wait = SEEK_INITIAL_DHAAD_TIMEOUT;
	seek_request(n, h);
	node_timer_in(n, &h->agent_timer[MN_AGENT_TIMER_DHAAD], h->seek.wait);
}

void
mn_seek_dhaad_timer(struct mip6_node *n, struct mn_home *h)
{
	struct mn_seek *k = &h->seek;

	if (!k->dhaad) {
		/* The pause is over, and still nobody answers. */
		if (h->state == MN_REGISTERING || h->state == MN_UPDATING)
			seek_discover(n, h);
		return;
	}
	/* R11.4.1-04: four times more, at twice the time. Test: test_mn_seek */
	if (k->sent <= SEEK_DHAAD_RETRIES && h->at.place == MN_PLACE_FOREIGN) {
		seek_request(n, h);
		k->wait.us *= 2;
		node_timer_in(n, &h->agent_timer[MN_AGENT_TIMER_DHAAD],
		    k->wait);
		return;
	}
	MIP6_LOG(n->log, WARNING, "dhaad.silent", MIP6_KA("hoa", &h->hoa),
	    MIP6_KU("sent", k->sent));
	k->dhaad = false;
	k->next = mip6_time_add(n->now.boot, k->pause);
	node_timer_in(n, &h->agent_timer[MN_AGENT_TIMER_DHAAD], k->pause);
	k->pause = mip6_span_min(MIP6_SPAN_US(k->pause.us * 2), SEEK_PAUSE_MAX);
}

/* Those that had accepted us stay on the list, behind what is new. */
static uint32_t
seek_take(struct mip6_node *n, struct mn_home *h, const struct mip6_dhaad *d)
{
	uint32_t i, taken = 0;

	mn_agent_unlist(h, MN_RANK_FOUND, MN_RANK_KEPT);
	for (i = 0; i < d->addr_count && taken < SEEK_FOUND_MAX; i++)
		if (mn_agent_list(n, h, &d->addr[i],
			(uint16_t)(MN_RANK_FOUND + taken)) != NULL)
			taken++;
	return taken;
}

void
mn_input_dhaad(struct mip6_node *n, const struct mip6_hint *hint,
    const struct mip6_ip6_view *ip)
{
	struct mip6_dhaad d;
	struct mn_home *h;
	uint32_t i, found;

	if (mip6_dhaad_read(hint->octets + ip->upper_at, ip->upper_octets, &d,
		NULL) != MIP6_PARSE_OK ||
	    d.type != MIP6_ICMP6_DHAAD_REPLY) {
		node_drop(n, MIP6_DROP_DHAAD_INVALID, &ip->ip.src);
		return;
	}
	for (i = 0; i < MIP6_HOMES_MAX; i++) {
		h = &n->mn->home[i];
		/* R6.6-01: it answers our request. Test: test_mn_seek */
		if (!h->used || !h->seek.dhaad || h->seek.id != d.id ||
		    !mip6_addr_equal(&ip->ip.dst, &h->seek.src) ||
		    !mip6_addr_is_any(&hint->tunnel_peer))
			continue;
		found = seek_take(n, h, &d);
		MIP6_LOG(n->log, INFO, "dhaad.answered",
		    MIP6_KA("hoa", &h->hoa), MIP6_KA("from", &ip->ip.src),
		    MIP6_KU("agents", found));
		/* One without a usable address is none. */
		if (found == 0)
			break;
		h->seek.dhaad = false;
		h->seek.next = mip6_time_add(n->now.boot, h->seek.pause);
		node_timer_stop(n, &h->agent_timer[MN_AGENT_TIMER_DHAAD]);
		mn_agent_found(n, h);
		return;
	}
	node_drop(n, MIP6_DROP_DHAAD_UNEXPECTED, &ip->ip.src);
}

/* ---- names ---- */

static void
seek_ask(struct mip6_node *n, struct mn_home *h, uint32_t i)
{
	const char *name = h->c->agent[i].name;
	struct mn_name *k = &h->seek.name[i];
	size_t octets = strlen(name) + 1;
	struct mip6_action *a;
	uint8_t *copy;

	/* Whoever resolves names may have lost a question. */
	if ((k->asked &&
		mip6_time_before(n->now.boot,
		    mip6_time_add(k->asked_at, SEEK_NAME_TIMEOUT))) ||
	    !mip6_actions_room(n->out, 1, octets))
		return;
	k->asked = true;
	k->asked_at = n->now.boot;
	node_timer_in(n, &h->agent_timer[MN_AGENT_TIMER_NAMES],
	    SEEK_NAME_TIMEOUT);
	k->gen++;
	a = node_act(n, MIP6_ACT_RESOLVE);
	copy = mip6_actions_octets(n->out, octets);
	memcpy(copy, name, octets);
	a->id = node_action_id(MIP6_WAIT_NAME, h->index * MIP6_AGENTS_MAX + i,
	    k->gen);
	a->u.resolve.name = (const char *)copy;
	a->u.resolve.ifindex = h->at.ifindex;
	if (h->at.place == MN_PLACE_FOREIGN)
		a->u.resolve.src = link_host_addr(n, h->at.ifindex, &h->at.coa);
}

static void
seek_names(struct mip6_node *n, struct mn_home *h, bool again)
{
	uint32_t i;

	if (h->at.place == MN_PLACE_NONE)
		return;
	for (i = 0; i < h->c->agents; i++)
		if (mip6_addr_is_any(&h->c->agent[i].addr) &&
		    (again || h->seek.name[i].error != 0))
			seek_ask(n, h, i);
}

void
mn_seek_names_timer(struct mip6_node *n, struct mn_home *h)
{
	if (h->state == MN_REGISTERING || h->state == MN_UPDATING ||
	    h->state == MN_RETURNING)
		seek_names(n, h, false);
}

void
mn_name(struct mip6_node *n, const struct mip6_ev_name *ev)
{
	uint32_t index = (uint32_t)(ev->action >> 24), k, taken = 0;
	uint32_t i = index % MIP6_AGENTS_MAX;
	struct mn_home *h;
	uint16_t rank = (uint16_t)(i * MN_RANKS);

	if (index / MIP6_AGENTS_MAX >= MIP6_HOMES_MAX)
		return;
	h = &n->mn->home[index / MIP6_AGENTS_MAX];
	/* P-NAME: the answer to what was asked last. Test: test_mn_seek */
	if (!h->used || !h->seek.name[i].asked ||
	    (h->seek.name[i].gen & 0xffffffu) != (ev->action & 0xffffffu))
		return;
	h->seek.name[i].asked = false;
	h->seek.name[i].error = ev->error;
	if (ev->error == 0)
		mn_agent_unlist(h, rank, (uint16_t)(rank + MN_RANKS));
	for (k = 0; ev->error == 0 && k < ev->addrs && k < MIP6_NAME_ADDRS_MAX;
	     k++)
		if (mn_agent_list(n, h, &ev->addr[k],
			(uint16_t)(rank + taken)) != NULL)
			taken++;
	if (taken > 0) {
		h->seek.name_pause = SEEK_NAME_PAUSE;
		mn_agent_found(n, h);
		return;
	}
	/* What it meant before is still as good as anything. */
	if (h->seek.name[i].error == 0)
		h->seek.name[i].error = -1;
	MIP6_LOG(n->log, WARNING, "mn.name-unknown", MIP6_KA("hoa", &h->hoa),
	    MIP6_KS("name", h->c->agent[i].name), MIP6_KI("errno", ev->error));
	node_timer_in(n, &h->agent_timer[MN_AGENT_TIMER_NAMES],
	    h->seek.name_pause);
	h->seek.name_pause =
	    mip6_span_min(MIP6_SPAN_US(h->seek.name_pause.us * 2),
		SEEK_NAME_PAUSE_MAX);
}

/* ---- when ---- */

void
mn_seek_start(struct mip6_node *n, struct mn_home *h)
{
	seek_names(n, h, false);
	/* R11.4.1-03: only when no other is known. Test: test_mn_seek */
	if (!seek_has_candidate(n, h))
		seek_discover(n, h);
}

void
mn_seek_again(struct mip6_node *n, struct mn_home *h)
{
	seek_names(n, h, true);
	if (!seek_has_candidate(n, h))
		seek_discover(n, h);
}

void
mn_seek_stop(struct mip6_node *n, struct mn_home *h)
{
	node_timer_stop(n, &h->agent_timer[MN_AGENT_TIMER_DHAAD]);
	node_timer_stop(n, &h->agent_timer[MN_AGENT_TIMER_NAMES]);
	h->seek.dhaad = false;
	h->seek.pause = SEEK_PAUSE;
	h->seek.name_pause = SEEK_NAME_PAUSE;
	h->seek.next = n->now.boot;
}

/* R bit and H bit: the address of a home agent in the home prefix. */
void
mn_seek_home(struct mip6_node *n, struct mn_home *h)
{
	struct mip6_prefix p = mip6_prefix_make(&h->hoa, h->bits);
	const struct mip6_prefix_entry *e;
	const struct mip6_router *r;
	uint32_t i;

	if (!h->c->agent_auto || !mip6_addr_is_any(&h->ha->addr))
		return;
	for (i = 0; i < MIP6_PREFIXES_MAX; i++) {
		e = &n->prefix[i];
		if (!e->used || e->ifindex != h->at.ifindex ||
		    mip6_addr_is_any(&e->router_addr) ||
		    !mip6_prefix_equal(&e->prefix, &p))
			continue;
		r = router_by_global(n, e->ifindex, &e->router_addr);
		if (r != NULL && r->home_agent)
			(void)mn_agent_list(n, h, &e->router_addr,
			    MN_RANK_FOUND);
	}
	mn_agent_found(n, h);
}
