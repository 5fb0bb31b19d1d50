/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Registration with correspondents: Binding Updates out; Binding
 * Acknowledgements, Binding Errors and Binding Refresh Requests in.
 *
 * Implements: RFC 6275 sections 5.2.6, 11.3.6, 11.7.2 to 11.7.4, 11.8.
 */
#include "core/mn_ro_int.h"

#include <string.h>

#define RO_UPDATE_OCTETS 256
/* Refusals in a row that are corrected at once. */
#define RO_CORRECTIONS_MAX 3

/*
 * Whole units of 4 s, so that what we remember is what was asked for; 0: no
 * time is left for a binding.
 */
static struct mip6_span
ro_lifetime(struct mip6_node *n, const struct mn_home *h,
    const struct ro_peer *p)
{
	const struct mip6_prefix_entry *e =
	    router_onlink(n, p->ifindex, &p->coa);
	struct mip6_span s = MIP6_MAX_RR_BINDING;

	/* R11.7.2-05: no longer than the home registration. */
	if (h->bound != NULL)
		s = mip6_span_min(s,
		    mip6_time_sub(h->bound->bul.expires, n->now.boot));
	/* R11.7.2-05: nor than the care-of address. */
	if (e != NULL && !mip6_time_is_never(e->valid))
		s = mip6_span_min(s, mip6_time_sub(e->valid, n->now.boot));
	/* R11.7.2-05: nor is it rounded up to a unit. Test: test_mn_ro_back */
	if (s.us < MIP6_SPAN_S(4).us)
		return MIP6_SPAN_S(0);
	return mip6_mh_lifetime_span(mip6_mh_lifetime_units(s));
}

/* R5.2.5-03, R5.2.6-04: without the care-of token when it deletes. */
static bool
ro_key(struct mip6_node *n, const struct ro_peer *p, bool deletes,
    struct mh_kbm *k)
{
	memset(k, 0, sizeof(*k));
	/* Section 6.2.7: of a de-registration, the home address. */
	k->coa = deletes ? p->hoa : p->coa;
	k->correspondent = p->peer;
	return rr_kbm(n, p->home.token, deletes ? NULL : p->care_of.token,
	    k->key);
}

/*
 * R11.7.2-08: from the care-of address with the home address in an option, or
 * from home without one; to the address that the correspondent is known by.
 */
static void
ro_transmit(struct mip6_node *n, struct ro_peer *p, struct mip6_span lifetime,
    bool ack)
{
	uint8_t buf[RO_UPDATE_OCTETS];
	struct mip6_mh_to to;
	struct mip6_mh m;
	size_t count;

	memset(&m, 0, sizeof(m));
	memset(&to, 0, sizeof(to));
	m.type = MIP6_MH_BU;
	m.u.bu.ack = ack;
	m.u.bu.lifetime = lifetime;
	m.u.bu.seq = mip6_bul_note_sent(&p->bul, n->now.boot, &p->coa, lifetime,
	    0);                         /* R11.7.2-09, -10 */
	m.opt.has_nonce_indices = true; /* R5.2.6-03 */
	m.opt.home_nonce_index = p->home.index;
	/* R11.7.2-07: of no use when it deletes. Test: test_mn_ro_home */
	if (lifetime.us > 0)
		m.opt.coa_nonce_index = p->care_of.index;
	to.src = p->coa;
	to.dst = p->peer;
	to.hao = p->place == MN_PLACE_HOME ? NULL : &p->hoa;
	to.kbm = &p->kbm;
	count = mh_build(n, buf, sizeof(buf), &to, &m, NULL, NULL, NULL);
	if (count == 0)
		return;
	node_send(n, p->ifindex, p->hop, NULL, buf, count);
	ro_note_sent(n, p, RO_BU);
	/*
	 * P-RO-SENT: it may have this one from now on, and the former one is
	 * proven no more, should we come back to that address.
	 * Test: test_mn_ro_back
	 */
	if (lifetime.us == 0 || !mip6_addr_equal(&p->coa, &p->bul.coa))
		mip6_bul_unbind(&p->bul);
	if (lifetime.us > 0)
		p->maybe_until = mip6_time_max(p->maybe_until,
		    mip6_time_add(n->now.boot, lifetime));
	MIP6_LOG(n->log, INFO, "ro.bu-sent", MIP6_KA("hoa", &p->hoa),
	    MIP6_KA("peer", &p->peer), MIP6_KA("coa", &p->coa),
	    MIP6_KU("seq", m.u.bu.seq), MIP6_KT("lifetime", lifetime),
	    MIP6_KU("unanswered", p->bul.unanswered - 1));
}

void
ro_update(struct mip6_node *n, struct ro_peer *p)
{
	struct mip6_time at = ro_may_send(n, p, RO_BU);
	const struct mn_home *h = ro_home(n, p);
	bool deletes = p->state == RO_DELETING;
	struct mip6_span lifetime = MIP6_SPAN_S(0);
	struct mh_kbm k;

	p->bu_postponed = mip6_time_before(n->now.boot, at);
	/* R11.8-05: three a second. Test: test_mn_ro_ba */
	if (p->bu_postponed) {
		node_timer_arm(n, &p->timer[RO_TIMER_BU], at);
		return;
	}
	if (h == NULL || !ro_key(n, p, deletes, &k))
		return;
	if (!deletes)
		lifetime = ro_lifetime(n, h, p);
	/* R11.7.2-05: not before there is one to cover it.
	 * Test: test_mn_ro_back */
	if (!deletes && lifetime.us == 0)
		return;
	/* An answer to what was signed otherwise is of no use. */
	if (memcmp(&k, &p->kbm, sizeof(k)) != 0)
		mip6_bul_forget_sent(&p->bul);
	if (p->bul.unanswered == 0)
		p->bul.timeout = MIP6_INITIAL_BINDACK_TIMEOUT;
	p->kbm = k;
	ro_transmit(n, p, lifetime, true);
	if (!deletes)
		ro_set_state(n, p, RO_UPDATING);
	node_timer_in(n, &p->timer[RO_TIMER_BU], p->bul.timeout);
}

void
ro_update_timer(struct mip6_node *n, struct ro_peer *p)
{
	if (!p->bu_postponed) {
		/* R5.2.9-02: nor so many of these. Test: test_mn_ro_ba */
		if (p->bul.unanswered >= RO_MAX_RO_FAILURE)
			ro_failed(n, p);
		if (p->bul.unanswered == 0)
			return; /* given up */
		mip6_bul_back_off(&p->bul);
	}
	p->bu_postponed = false;
	/* Tokens may have grown old: then they are asked for. */
	if (p->state == RO_UPDATING)
		ro_set_state(n, p, RO_TESTING);
	ro_step(n, p);
}

void
ro_leave(struct mip6_node *n, struct ro_peer *p)
{
	/* R11.7.2-06: not without a test. Test: test_mn_ro_home */
	if (!ro_maybe_bound(n, p) || p->place == MN_PLACE_NONE ||
	    !rr_fresh(n, &p->home, &p->hoa))
		return;
	ro_quiet(n, p);
	/* The last one, whatever the rate. */
	if (mip6_time_before(n->now.boot, ro_may_send(n, p, RO_BU)) ||
	    !ro_key(n, p, true, &p->kbm))
		return;
	ro_transmit(n, p, MIP6_SPAN_S(0), false);
}

/* ---- acknowledgements ---- */

static void
ro_deleted(struct mip6_node *n, struct ro_peer *p)
{
	mip6_bul_unbind(&p->bul);
	p->maybe_until.us = 0;
	p->took = false;
	ro_set_state(n, p, RO_IDLE);
	ro_look(n, p);
}

static void
ro_accepted(struct mip6_node *n, struct ro_peer *p, const struct mip6_mh_ba *ba,
    const struct mip6_bul_sent *s)
{
	bool deletes = s->lifetime.us == 0;

	/* A lifetime for a deletion, or none for a binding. */
	if (deletes != (ba->lifetime.us == 0)) {
		node_drop(n, MIP6_DROP_BA_LIFETIME, &p->peer);
		return;
	}
	node_timer_stop(n, &p->timer[RO_TIMER_BU]); /* R11.7.3-02 */
	p->failing = false;
	p->corrections = 0;
	p->denials = 0;
	p->denial = RO_DENIAL_NONE;
	if (deletes) {
		mip6_bul_forget_sent(&p->bul);
		ro_deleted(n, p);
		return;
	}
	mip6_bul_acknowledge(&p->bul, s, ba->lifetime); /* R11.7.3-03 */
	mip6_bul_forget_sent(&p->bul);
	p->maybe_until = p->bul.expires;
	p->bound_ifindex = p->ifindex;
	p->took = true;
	p->asked = false;
	ro_set_state(n, p, RO_BOUND);
	node_timer_arm(n, &p->timer[RO_TIMER_LIFE],
	    mip6_time_max(mip6_time_add(p->bul.expires,
			      MIP6_SPAN_US(-p->bul.granted.us / 2)),
		n->now.boot));
	nd_confirm(n, p->hop);
	p->usable = false; /* another care-of address: the row is new */
	ro_look(n, p);
}

/* It taught us something: once more, unless that has not helped. */
static void
ro_correct(struct mip6_node *n, struct ro_peer *p)
{
	node_timer_stop(n, &p->timer[RO_TIMER_BU]);
	p->bu_postponed = false;
	mip6_bul_forget_sent(&p->bul);
	if (p->corrections++ >= RO_CORRECTIONS_MAX) {
		ro_deny(n, p, RO_DENIAL_REFUSED);
		return;
	}
	if (p->state == RO_UPDATING)
		ro_set_state(n, p, RO_TESTING);
	ro_step(n, p);
}

/* These three are refused without a key (R9.5.4-06). */
static bool
ro_is_nonce_status(uint8_t status)
{
	return status == MIP6_BA_EXPIRED_HOME_NONCE ||
	    status == MIP6_BA_EXPIRED_COA_NONCE ||
	    status == MIP6_BA_EXPIRED_NONCES;
}

static void
ro_refused(struct mip6_node *n, struct ro_peer *p, const struct mip6_mh_ba *ba)
{
	switch (ba->status) {
	case MIP6_BA_EXPIRED_HOME_NONCE:
		rr_forget(&p->home);
		break;
	case MIP6_BA_EXPIRED_COA_NONCE:
		rr_forget(&p->care_of);
		break;
	case MIP6_BA_EXPIRED_NONCES:
		rr_forget(&p->home);
		rr_forget(&p->care_of);
		break;
	case MIP6_BA_SEQ_OUT_OF_WINDOW:
		mip6_bul_adopt(&p->bul, ba->seq); /* R11.7.3-05 */
		break;
	default:
		/* R11.7.3-07 */
		ro_deny(n, p, RO_DENIAL_REFUSED);
		return;
	}
	ro_correct(n, p);
}

bool
mn_ro_input_ba(struct mip6_node *n, const struct mip6_hint *hint,
    const struct mip6_ip6_view *ip, const struct mip6_mh *m)
{
	struct ro_peer *p = ro_find(n, &ip->eff_dst, &ip->ip.src);
	const struct mip6_mh_ba *ba = &m->u.ba;
	const struct mip6_bul_sent *s;

	if (p == NULL)
		return false;
	/* R11.7.3-01: nobody vouches for it. Test: test_mn_ro_ba */
	if (!ro_is_nonce_status(ba->status) && !m->opt.has_auth_data) {
		node_drop(n, MIP6_DROP_BA_AUTH_MISSING, &p->peer);
		return true;
	}
	/* R11.7.3-01, R11.7.3-05: signed with our Kbm. Test: test_mn_ro_ba */
	if (m->opt.has_auth_data &&
	    !rr_verify(n, &p->kbm, hint->octets + ip->upper_at, m)) {
		node_drop(n, MIP6_DROP_BA_AUTH_FAIL, &p->peer);
		return true;
	}
	s = mip6_bul_match(&p->bul, ba->seq);
	/* R11.7.3-01: it answers an update under way. Test: test_mn_ro_ba */
	if (p->bul.unanswered == 0 ||
	    (ba->status != MIP6_BA_SEQ_OUT_OF_WINDOW && s == NULL)) {
		node_drop(n, MIP6_DROP_BA_SEQUENCE, &p->peer);
		return true;
	}
	/*
	 * P-RO-TWICE: the last that it took is one under way, of which the
	 * network made two: the answer to the first is still to come.  Or what
	 * is under way is newer: it answers one before, for the second time.
	 * Test: test_mn_ro_ba
	 */
	if (ba->status == MIP6_BA_SEQ_OUT_OF_WINDOW &&
	    (s != NULL || mip6_seq_newer(p->bul.seq, ba->seq))) {
		node_drop(n, MIP6_DROP_BA_SEQUENCE, &p->peer);
		return true;
	}
	p->last_status = ba->status;
	MIP6_LOG(n->log, INFO, "ro.ba", MIP6_KA("hoa", &p->hoa),
	    MIP6_KA("peer", &p->peer),
	    MIP6_KS("status", mip6_ba_status_name(ba->status)),
	    MIP6_KU("seq", ba->seq), MIP6_KT("lifetime", ba->lifetime));
	/* R6.1.8-05; of a Binding Refresh Advice R11.7.3-08 says: nothing. */
	if (mip6_ba_is_accepted(ba->status))
		ro_accepted(n, p, ba, s);
	else
		ro_refused(n, p, ba);
	return true;
}

/* ---- errors and requests ---- */

bool
mn_ro_input_brr(struct mip6_node *n, const struct mip6_ip6_view *ip,
    const struct mip6_mh *m)
{
	struct ro_peer *p = ro_find(n, &ip->eff_dst, &ip->ip.src);

	(void)m;
	if (p == NULL)
		return false;
	/* R11.7.4-01: a binding that is wanted is renewed. Test: test_mn_ro_ba */
	if (p->state == RO_BOUND)
		ro_begin(n, p);
	return true;
}

/* The correspondent does not know us: the tunnel has the packets. */
void
ro_unknown(struct mip6_node *n, struct ro_peer *p)
{
	ro_quiet(n, p);
	rr_forget(&p->home);
	rr_forget(&p->care_of);
	mip6_bul_unbind(&p->bul);
	if (p->state != RO_DENIED && p->state != RO_DELETING)
		ro_set_state(n, p, RO_IDLE);
	ro_look(n, p);
}

/* Status 2: does it answer a message that we wait for an answer to? */
static struct ro_peer *
ro_be_asked(struct mip6_node *n, const struct mip6_ip6_view *ip)
{
	struct ro_peer *p;
	uint32_t i;

	for (i = 0; n->mn->ro != NULL && i < RO_PEERS_MAX; i++) {
		p = &n->mn->ro->peer[i];
		if (!p->used || !mip6_addr_equal(&p->peer, &ip->ip.src))
			continue;
		/* R11.3.6-04: what it was asked, from there. Test: test_mn_ro_ba */
		if ((p->home.waiting &&
			mip6_addr_equal(&p->hoa, &ip->ip.dst)) ||
		    ((p->care_of.waiting || p->bul.unanswered > 0) &&
			mip6_addr_equal(&p->coa, &ip->ip.dst)))
			return p;
	}
	return NULL;
}

bool
mn_ro_input_be(struct mip6_node *n, const struct mip6_ip6_view *ip,
    const struct mip6_mh *m)
{
	struct ro_peer *p;

	p = m->u.be.status == MIP6_BE_UNKNOWN_MH_TYPE ?
	    ro_be_asked(n, ip) :
	    ro_find(n, &m->u.be.hoa, &ip->ip.src);
	/* R11.3.6-01: no entry, no effect. */
	if (p == NULL)
		return false;
	MIP6_LOG(n->log, WARNING, "ro.be", MIP6_KA("hoa", &p->hoa),
	    MIP6_KA("peer", &p->peer), MIP6_KU("status", m->u.be.status));
	if (m->u.be.status == MIP6_BE_UNKNOWN_MH_TYPE)
		ro_deny(n, p, RO_DENIAL_UNSUPPORTED);
	/* R11.3.6-03: nor about one that was. Test: test_mn_ro_ba */
	else if (m->u.be.status == MIP6_BE_UNKNOWN_BINDING &&
	    mip6_bul_bound(&p->bul, n->now.boot) &&
	    mip6_addr_equal(&ip->ip.dst, &p->bul.coa))
		ro_unknown(n, p);
	return true;
}
