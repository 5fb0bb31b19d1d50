/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Registration: Binding Updates out, Binding Acknowledgements in.
 *
 * An update goes in the same turn in which its care-of address became usable,
 * unless three went within the last second.  An answer counts only when it
 * comes from the home agent, is authenticated, and matches an update under
 * way; an unauthenticated refusal slows retransmission and is shown, nothing
 * else.  The host's clock is never touched: a difference that the home agent
 * tells in an authenticated answer to our own timestamp is added to ours.
 *
 * Implements: RFC 6275 sections 11.5.5, 11.7.1, 11.7.3, 11.8; RFC 4285
 * sections 5.1, 5.3 and 6.
 */
#include "core/mn_int.h"

#include <string.h>

/* ... and after which one that can have no binding is left in peace. */
#define MN_SILENT_UPDATES_MAX 8

/* Refusals in a row that are corrected at once; then slowly. */
#define MN_CORRECTIONS_MAX 3

/*
 * Who refused for good is asked again, seldom: a duplicate may have gone, a
 * home agent may have been mended.
 */
#define MN_REFUSED_WAIT     MIP6_SPAN_S(600)
#define MN_REFUSED_WAIT_MAX MIP6_SPAN_S(3600)

#define MN_UPDATE_OCTETS 640
#define MN_MTU_AGE       MIP6_SPAN_S(600)

/*
 * RFC 4285 section 6: our time of day, greater than in any update before that
 * may have been accepted.
 */
static uint64_t
mn_stamp(struct mip6_node *n, struct mn_agent *a)
{
	uint64_t wall = n->now.wall_us + (uint64_t)a->clock_offset_us;
	uint64_t stamp = mip6_time_to_ntp(wall);

	/* A microsecond is 4,294 units: what the clock cannot tell is random. */
	stamp += mip6_rng_below(n->rng, 4096);
	if (a->last_stamp != 0 && (int64_t)(stamp - a->last_stamp) <= 0)
		stamp = a->last_stamp + 1;
	a->last_stamp = stamp;
	return stamp;
}

static void
mn_fill_update(struct mip6_node *n, struct mn_home *h, struct mn_agent *a,
    struct mip6_mh *m, uint64_t *stamp)
{
	const struct mip6_conf_home *c = h->c;
	bool home = h->at.place == MN_PLACE_HOME;

	memset(m, 0, sizeof(*m));
	m->type = MIP6_MH_BU;
	m->u.bu.ack = true; /* R11.7.1-02 */
	m->u.bu.home = true;
	m->u.bu.link_local = h->link_local;
	if (!home) {
		m->opt.has_alt_coa = true; /* R11.7.1-02 */
		m->opt.alt_coa = h->at.coa;
	}
	if (c->nai[0] != '\0') {
		m->opt.has_mn_id = true;
		m->opt.mn_id_subtype = MIP6_MN_ID_NAI;
		m->opt.mn_id = (const uint8_t *)c->nai;
		m->opt.mn_id_octets = (uint8_t)strlen(c->nai);
	}
	*stamp = 0;
	if (c->sa.present) {
		*stamp = mn_stamp(n, a);
		m->opt.has_replay = true;
		m->opt.replay = *stamp;
	}
}

/*
 * R11.5.5-04: on the home link the home agent may be defending our address, so
 * its link-layer address is asked for from the unspecified address, with our
 * own as target; unless an advertisement has told it already.
 */
static void
mn_find_agent_lladdr(struct mip6_node *n, struct mn_home *h)
{
	const struct mip6_router *r =
	    router_by_global(n, h->at.ifindex, &h->ha->addr);
	struct mip6_link *l = link_find(n, h->at.ifindex);

	if (r != NULL)
		nd_learn(n, h->at.ifindex, &h->ha->addr, &r->lladdr);
	else if (!nd_usable(n, h->at_hop) && l != NULL)
		nd_send_ns(n, l, &h->hoa, &mip6_addr_any, NULL);
}

void
mn_transmit(struct mip6_node *n, struct mn_home *h, struct mn_agent *a,
    struct mip6_span lifetime)
{
	bool home = h->at.place == MN_PLACE_HOME;
	uint8_t buf[MN_UPDATE_OCTETS];
	struct mip6_mh_to to;
	struct mip6_mh m;
	uint64_t stamp;
	size_t count;

	if (home && a == h->ha)
		mn_find_agent_lladdr(n, h);
	if (!mn_is_bound(n, h))
		h->link_local = mn_home_is_compatible(n, h);
	mn_fill_update(n, h, a, &m, &stamp);
	m.u.bu.lifetime = lifetime;
	m.u.bu.seq = mip6_bul_note_sent(&a->bul, n->now.boot, &h->at.coa,
	    lifetime, stamp);
	if (lifetime.us > 0)
		a->maybe_until = mip6_time_max(a->maybe_until,
		    mip6_time_add(n->now.boot, lifetime));
	/* Numbers that were sent are never far beyond those written down. */
	if (m.u.bu.seq % 128 == 0)
		mn_keep(n, h);
	memset(&to, 0, sizeof(to));
	to.src = h->at.coa; /* R11.7.1-03; at home the home address, -5.5-03 */
	to.dst = a->addr;
	to.hao = home ? NULL : &h->hoa;
	count = mh_build(n, buf, sizeof(buf), &to, &m, &h->c->sa, &h->at.coa,
	    &h->hoa);
	if (count == 0)
		return;
	node_send(n, h->at.ifindex, a == h->ha ? h->at_hop : a->hop, NULL, buf,
	    count);
	MIP6_LOG(n->log, INFO, "bu.sent", MIP6_KA("hoa", &h->hoa),
	    MIP6_KA("coa", &h->at.coa), MIP6_KA("agent", &a->addr),
	    MIP6_KU("seq", m.u.bu.seq), MIP6_KT("lifetime", lifetime),
	    MIP6_KU("unanswered", a->bul.unanswered - 1));
}

void
mn_send_update(struct mip6_node *n, struct mn_home *h)
{
	struct mip6_time at;

	if (h->at.place == MN_PLACE_NONE)
		return;
	/* P-REFUSED: nothing until then, wherever it goes. Test: test_mn_refused */
	if (h->do_not_send && mip6_time_before(n->now.boot, h->refused_until)) {
		h->postponed = true;
		node_timer_arm(n, &h->send, h->refused_until);
		return;
	}
	h->do_not_send = false;
	if (mip6_addr_is_any(&h->ha->addr)) {
		/* Nobody to ask: at home that is as good as silence. */
		h->postponed = false;
		if (h->at.place == MN_PLACE_HOME)
			node_timer_arm(n, &h->send, n->now.boot);
		return;
	}
	at = mip6_time_max(mip6_bul_may_send(&h->ha->bul, n->now.boot),
	    h->not_before);
	h->postponed = mip6_time_before(n->now.boot, at);
	/* R11.4.1-01: the next one not at once. Test: test_mn_agent */
	if (h->postponed) {
		node_timer_arm(n, &h->send, at);
		return;
	}
	mn_transmit(n, h, h->ha,
	    h->at.place == MN_PLACE_HOME || n->stopping ?
		MIP6_SPAN_S(0) :
		mn_prefix_limit(n, h, h->c->lifetime));
	h->ha->sends++;
	if (h->handover != NULL && h->handover->updates++ == 0)
		h->handover->bu_sent = n->now.boot;
	node_timer_in(n, &h->send, h->ha->bul.timeout);
}

void
mn_start_update(struct mip6_node *n, struct mn_home *h)
{
	mip6_bul_forget_sent(&h->ha->bul);
	h->corrections = 0;
	h->ha->sends = 0;
	/* R11.8-01: 1.5 s for a first registration, else 1 s. */
	h->ha->bul.timeout = mip6_bul_bound(&h->ha->bul, n->now.boot) ?
	    MIP6_INITIAL_BINDACK_TIMEOUT :
	    n->conf->mn.initial_bindack_timeout_first_reg;
	mn_send_update(n, h);
}

void
mn_send_timer(struct mip6_node *n, struct mn_home *h)
{
	bool nobody;

	if (h->postponed) {
		mn_send_update(n, h);
		return;
	}
	mip6_bul_back_off(&h->ha->bul);
	nobody = mip6_addr_is_any(&h->ha->addr);
	if (h->state == MN_RETURNING &&
	    (nobody || h->ha->bul.unanswered >= MN_SILENT_UPDATES)) {
		mn_step(n, h, MN_EV_SILENT);
		if (!nobody)
			node_timer_in(n, &h->send, h->ha->bul.timeout);
		return;
	}
	if (h->at.place == MN_PLACE_HOME && nobody)
		return;
	/*
	 * P-HOME: until the binding that it may have is over.
	 * Test: test_mn_home
	 */
	if (h->state == MN_AT_HOME &&
	    h->ha->bul.unanswered >= MN_SILENT_UPDATES_MAX &&
	    mip6_time_reached(h->ha->maybe_until, n->now.boot))
		return;
	if (h->state == MN_AT_HOME || h->state == MN_CHECKING ||
	    h->state == MN_CONFLICT) {
		mn_step(n, h, MN_EV_TIMEOUT);
		return;
	}
	if (h->ha->bul.unanswered == MN_SILENT_UPDATES)
		MIP6_LOG(n->log, WARNING, "mn.no-answer",
		    MIP6_KA("hoa", &h->hoa), MIP6_KA("agent", &h->ha->addr),
		    MIP6_KU("sent", h->ha->bul.unanswered));
	/*
	 * P-BLAME: the network may let nothing through: rather another of
	 * ours than another home agent.  Test: test_interfaces
	 */
	if (h->at.place == MN_PLACE_FOREIGN &&
	    h->ha->bul.unanswered == MN_SILENT_UPDATES &&
	    link_blame(n, link_find(n, h->at.ifindex))) {
		node_timer_in(n, &h->send, h->ha->bul.timeout);
		return;
	}
	if (!mn_agent_timeout(n, h))
		mn_step(n, h, MN_EV_TIMEOUT);
}

/* ---- acknowledgements ---- */

struct mn_home *
mn_home_of(struct mip6_node *n, const struct mip6_addr *hoa)
{
	uint32_t i;

	for (i = 0; i < MIP6_HOMES_MAX; i++)
		if (n->mn->home[i].used &&
		    mip6_addr_equal(&n->mn->home[i].hoa, hoa))
			return &n->mn->home[i];
	return NULL;
}

/* What a refusal that nobody vouches for is good for: patience. */
static void
mn_unauthenticated(struct mip6_node *n, struct mn_home *h, struct mn_agent *a,
    const struct mip6_mh *m, enum mip6_auth why)
{
	if (mip6_ba_is_accepted(m->u.ba.status)) {
		node_drop(n,
		    why == MIP6_AUTH_MISSING ? MIP6_DROP_BA_AUTH_MISSING :
					       MIP6_DROP_BA_AUTH_FAIL,
		    &a->addr);
		return;
	}
	node_drop(n, MIP6_DROP_BA_UNAUTHENTICATED, &a->addr);
	/* Not even worth a mention unless it answers an update under way. */
	if (mip6_bul_match(&a->bul, m->u.ba.seq) == NULL)
		return;
	a->last_status = m->u.ba.status;
	a->last_status_authentic = false;
	if (m->u.ba.status != MIP6_BA_AUTH_FAIL || a != h->ha)
		return;
	/* RFC4285-5.3: do not hammer a home agent that knows another key. */
	a->bul.timeout = MIP6_MAX_BINDACK_TIMEOUT;
	a->sends = MN_SILENT_UPDATES; /* then rather another one */
	node_timer_in(n, &h->send, a->bul.timeout);
}

/* RFC 4285 section 6: the timestamp is ours, in whole or its low half. */
static bool
mn_stamp_ok(struct mip6_node *n, struct mn_agent *a, const struct mip6_mh *m,
    const struct mip6_bul_sent *s)
{
	if (s->stamp == 0)
		return true;
	if (!m->opt.has_replay)
		return false;
	if (m->u.ba.status != MIP6_BA_ID_MISMATCH)
		return m->opt.replay == s->stamp;
	/* RFC4285-6a: a time is learnt from our own stamp's answer alone. */
	if ((uint32_t)m->opt.replay != (uint32_t)s->stamp)
		return false;
	a->clock_offset_us =
	    (int64_t)(mip6_time_from_ntp(m->opt.replay, n->now.wall_us) -
		n->now.wall_us);
	MIP6_LOG(n->log, WARNING, "mn.clock-differs",
	    MIP6_KA("agent", &a->addr),
	    MIP6_KI("offset_ms", a->clock_offset_us / 1000));
	return true;
}

static void
mn_accepted(struct mip6_node *n, struct mn_home *h, const struct mip6_mh *m,
    const struct mip6_bul_sent *s)
{
	const struct mip6_mh_ba *ba = &m->u.ba;
	struct mip6_span refresh;

	/* A lifetime for a de-registration, or none for a registration. */
	if ((s->lifetime.us == 0) != (ba->lifetime.us == 0)) {
		node_drop(n, MIP6_DROP_BA_LIFETIME, &h->ha->addr);
		return;
	}
	nd_confirm(n, h->at_hop);
	h->icmp_seen = false;
	h->corrections = 0;
	h->refused_wait.us = 0;
	if (h->ha->accepted_stamp == 0 ||
	    (int64_t)(s->stamp - h->ha->accepted_stamp) > 0)
		h->ha->accepted_stamp = s->stamp;
	if (s->lifetime.us == 0) {
		mip6_bul_forget_sent(&h->ha->bul);
		h->ha->maybe_until.us = 0;
		h->released = true;
		mn_step(n, h, MN_EV_GONE);
		mn_agent_release(n, h);
		mn_keep(n, h);
		return;
	}
	mip6_bul_acknowledge(&h->ha->bul, s, ba->lifetime);
	/* RFC 8201 section 4: what was learnt is tried again after 10 min. */
	if (mip6_time_reached(mip6_time_add(h->path_mtu_at, MN_MTU_AGE),
		n->now.boot))
		h->path_mtu = 0;
	node_timer_stop(n, &h->send); /* R11.7.3-02 */
	node_timer_arm(n, &h->expiry, h->ha->bul.expires);
	/* R11.7.3-04: renewed well before it ends; R6.2.4-02: as advised. */
	refresh = MIP6_SPAN_US(h->ha->bul.granted.us / 4 * 3);
	if (m->opt.has_refresh_advice && m->opt.refresh_advice.us > 0)
		refresh = mip6_span_min(refresh, m->opt.refresh_advice);
	node_timer_arm(n, &h->refresh,
	    mip6_time_max(mip6_time_add(mip6_time_add(h->ha->bul.expires,
					    MIP6_SPAN_US(
						-h->ha->bul.granted.us)),
			      refresh),
		n->now.boot));
	if (h->handover != NULL && h->handover->ba_received.us == 0)
		h->handover->ba_received = n->now.boot;
	mn_step(n, h, MN_EV_ACK);
	if (h->at.place == MN_PLACE_FOREIGN)
		link_praise(n, link_find(n, h->at.ifindex));
	mn_agent_accepted(n, h);
	mn_prefix_accepted(n, h, ba->status);
}

/*
 * The refusal taught us something: at once again, unless that has not helped
 * several times (two who take turns at one number, a clock that jumps).
 */
static enum mn_event
mn_correct(struct mn_home *h)
{
	mip6_bul_forget_sent(&h->ha->bul);
	return h->corrections++ < MN_CORRECTIONS_MAX ? MN_EV_AGAIN :
						       MN_EV_REFUSED;
}

/*
 * Whether a refusal is for good (R11.7.3-07): until the configuration, another
 * place or much time changes something; 134 until the address may be free.
 */
static bool
mn_refusal_lasts(uint8_t status)
{
	switch (status) {
	case MIP6_BA_REASON_UNSPECIFIED:
	case MIP6_BA_INSUFFICIENT_RESOURCES:
	case MIP6_BA_SEQ_OUT_OF_WINDOW:
	case MIP6_BA_EXPIRED_HOME_NONCE:
	case MIP6_BA_EXPIRED_COA_NONCE:
	case MIP6_BA_EXPIRED_NONCES:
	case MIP6_BA_ID_MISMATCH:
	case MIP6_BA_MESG_ID_REQD:
	case MIP6_BA_AUTH_FAIL:
		return false; /* may pass: ask again, slowly */
	default: /* 129, 131 to 134, 139 to 143, 174 and unknown ones */
		return true;
	}
}

static void
mn_refused_for_good(struct mip6_node *n, struct mn_home *h)
{
	h->do_not_send = true;
	h->refused_wait = h->refused_wait.us == 0 ?
	    MN_REFUSED_WAIT :
	    mip6_span_min(MIP6_SPAN_US(h->refused_wait.us * 2),
		MN_REFUSED_WAIT_MAX);
	h->refused_until = mip6_time_add(n->now.boot, h->refused_wait);
}

/* What each refusal means (R11.7.3-07 and RFC 4285). */
static void
mn_refused(struct mip6_node *n, struct mn_home *h, const struct mip6_mh *m)
{
	uint8_t status = m->u.ba.status;
	enum mn_event ev = MN_EV_REFUSED;

	if (status == MIP6_BA_SEQ_OUT_OF_WINDOW) {
		/* R11.7.3-05: adopt the number; it is authenticated here. */
		mip6_bul_adopt(&h->ha->bul, m->u.ba.seq);
		ev = mn_correct(h);
	} else if (status == MIP6_BA_ID_MISMATCH) {
		/* Refused stamps, of the clock that was wrong, do not count. */
		h->ha->last_stamp = h->ha->accepted_stamp;
		ev = mn_correct(h);
	} else if (status == MIP6_BA_NOT_HOME_AGENT &&
	    h->at.place == MN_PLACE_HOME) {
		/* Nothing to de-register: what we wanted. */
		h->released = true;
		h->ha->maybe_until.us = 0;
		/* But nobody kept the address for us meanwhile. */
		ev = h->proven ? MN_EV_GONE : MN_EV_UNSURE;
	}
	if (ev == MN_EV_AGAIN) {
		mn_step(n, h, ev);
		return;
	}
	mip6_bul_forget_sent(&h->ha->bul);
	if (ev == MN_EV_REFUSED && h->at.place == MN_PLACE_FOREIGN &&
	    (status == MIP6_BA_DAD_FAILED ?
		    mn_agent_blocked(n, h) :
		    mn_agent_failed(n, h, MN_LEFT_REFUSED,
			mn_refusal_lasts(status))))
		return;
	h->do_not_send = false;
	if (ev == MN_EV_REFUSED && mn_refusal_lasts(status))
		mn_refused_for_good(n, h);
	mn_step(n, h, ev);
}

/*
 * The update of ours to `a` that `m` answers, in *s (NULL with a status of
 * 135 and no key).  false: none, and that is counted.
 */
static bool
mn_match(struct mip6_node *n, struct mn_home *h, struct mn_agent *a,
    const struct mip6_mh *m, const struct mip6_bul_sent **s)
{
	*s = mip6_bul_match(&a->bul, m->u.ba.seq);
	/* R11.7.3-01: it answers an update under way. Test: test_mn_reg */
	if (m->u.ba.status == MIP6_BA_SEQ_OUT_OF_WINDOW ?
		a->bul.unanswered == 0 :
		*s == NULL) {
		node_drop(n, MIP6_DROP_BA_SEQUENCE, &a->addr);
		return false;
	}
	/*
	 * P-135: its number is another than ours, so the timestamp alone says
	 * that it is no answer of former times.  Test: test_mn_reg
	 */
	if (m->u.ba.status == MIP6_BA_SEQ_OUT_OF_WINDOW && h->c->sa.present) {
		*s = m->opt.has_replay ?
		    mip6_bul_match_stamp(&a->bul, m->opt.replay) :
		    NULL;
		if (*s == NULL) {
			node_drop(n, MIP6_DROP_BA_ID, &a->addr);
			return false;
		}
	}
	/* RFC4285-6b: with the timestamp we sent. Test: test_mn_reg */
	if (*s != NULL && !mn_stamp_ok(n, a, m, *s)) {
		node_drop(n, MIP6_DROP_BA_ID, &a->addr);
		return false;
	}
	a->last_status = m->u.ba.status;
	a->last_status_authentic = true;
	MIP6_LOG(n->log, INFO, "ba.received", MIP6_KA("hoa", &h->hoa),
	    MIP6_KA("agent", &a->addr),
	    MIP6_KS("status", mip6_ba_status_name(m->u.ba.status)),
	    MIP6_KU("seq", m->u.ba.seq), MIP6_KT("lifetime", m->u.ba.lifetime));
	return true;
}

void
mn_answered(struct mip6_node *n, struct mn_home *h, const struct mip6_mh *m,
    const struct mip6_bul_sent *s)
{
	/* R6.1.8-05: below 128 accepted, else refused. Test: test_mn_reg */
	if (mip6_ba_is_accepted(m->u.ba.status))
		mn_accepted(n, h, m, s);
	else
		mn_refused(n, h, m);
}

void
mn_input_ba(struct mip6_node *n, const struct mip6_hint *hint,
    const struct mip6_ip6_view *ip, const struct mip6_mh *m)
{
	struct mn_home *h = mn_home_of(n, &ip->eff_dst);
	struct mn_agent *a = h != NULL ? mn_agent_find(h, &ip->ip.src) : NULL;
	const struct mip6_bul_sent *s;
	enum mip6_auth auth;

	if (a == NULL && mn_ro_input_ba(n, hint, ip, m))
		return;
	/* R11.7.3-01: from a home agent, to our address. Test: test_mn_reg */
	if (a == NULL) {
		node_drop(n, MIP6_DROP_BA_UNEXPECTED, &ip->ip.src);
		return;
	}
	auth = h->c->sa.present ? auth_verify(n, &h->c->sa, &ip->ip.dst,
				      &h->hoa, hint->octets + ip->upper_at, m) :
				  MIP6_AUTH_OK;
	/* R11.7.3-01: an unauthenticated answer is not acted on.
	 * Test: test_mn_reg */
	if (auth != MIP6_AUTH_OK) {
		mn_unauthenticated(n, h, a, m, auth);
		return;
	}
	if (!mn_match(n, h, a, m, &s))
		return;
	if (a == h->ha)
		mn_answered(n, h, m, s);
	else
		mn_agent_other(n, h, a, m, s);
}

void
mn_input_be(struct mip6_node *n, const struct mip6_ip6_view *ip,
    const struct mip6_mh *m)
{
	struct mn_home *h = mn_home_of(n, &m->u.be.hoa);
	uint32_t i;

	if (mn_ro_input_be(n, ip, m))
		return;
	for (i = 0; h == NULL && i < MIP6_HOMES_MAX; i++)
		if (n->mn->home[i].used &&
		    mip6_addr_equal(&n->mn->home[i].ha->addr, &ip->ip.src))
			h = &n->mn->home[i];
	/* R11.3.6-01: from a node without an entry: ignored. Test: test_mn_told */
	if (h == NULL || !mip6_addr_equal(&ip->ip.src, &h->ha->addr)) {
		node_drop(n, MIP6_DROP_BE_UNEXPECTED, &ip->ip.src);
		return;
	}
	MIP6_LOG(n->log, WARNING, "be.received", MIP6_KA("hoa", &h->hoa),
	    MIP6_KA("agent", &ip->ip.src), MIP6_KU("status", m->u.be.status));
	/* R11.3.6-02: the home agent has no binding: register again. */
	if (m->u.be.status == MIP6_BE_UNKNOWN_BINDING &&
	    h->state == MN_REGISTERED)
		mn_step(n, h, MN_EV_REFRESH);
	/* R11.3.6-04: it knows no Binding Update. Test: test_mn_agent */
	if (m->u.be.status == MIP6_BE_UNKNOWN_MH_TYPE &&
	    h->ha->bul.unanswered > 0)
		(void)mn_agent_failed(n, h, MN_LEFT_ERROR, false);
}

void
mn_input_brr(struct mip6_node *n, const struct mip6_ip6_view *ip,
    const struct mip6_mh *m)
{
	struct mn_home *h = mn_home_of(n, &ip->eff_dst);

	if (mn_ro_input_brr(n, ip, m))
		return;
	/* R11.7.4-03: not from nodes outside the list. Test: test_mn_told */
	if (h == NULL || !mip6_addr_equal(&ip->ip.src, &h->ha->addr)) {
		node_drop(n, MIP6_DROP_MH_WRONG_ROLE, &ip->ip.src);
		return;
	}
	/* R11.7.4-01 */
	if (h->state == MN_REGISTERED)
		mn_step(n, h, MN_EV_REFRESH);
}

void
mn_stop(struct mip6_node *n)
{
	struct mn_home *h;
	uint32_t i;

	mn_ro_stop(n);
	for (i = 0; i < MIP6_HOMES_MAX; i++) {
		h = &n->mn->home[i];
		if (!h->used || !n->conf->mn.deregister_at_exit ||
		    h->at.place != MN_PLACE_FOREIGN || !mn_is_bound(n, h))
			continue;
		mn_agent_use_bound(n, h);
		mn_start_update(n, h);
	}
}
