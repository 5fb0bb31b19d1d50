/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The home test and the care-of test.
 *
 * Each runs for itself, with its own time-outs, so that both are under way at
 * once and one of them can be repeated alone.  A token's age counts from the
 * moment its question was sent: the correspondent began to use the nonce no
 * earlier.
 *
 * Implements: RFC 6275 sections 5.2.3, 5.2.7, 6.1.3, 6.1.4, 11.6, 11.8.
 */
#include "core/mn_ro_int.h"

#include <string.h>

#define RR_OCTETS 128

static struct ro_test *
rr_test(struct ro_peer *p, bool care_of)
{
	return care_of ? &p->care_of : &p->home;
}

bool
rr_fresh(const struct mip6_node *n, const struct ro_test *t,
    const struct mip6_addr *addr)
{
	/* R5.2.7-04: none that is older than that. Test: test_mn_rr */
	return t->has && mip6_addr_equal(&t->addr, addr) &&
	    mip6_time_before(n->now.boot,
		mip6_time_add(t->at, MIP6_MAX_TOKEN_LIFE));
}

void
rr_forget(struct ro_test *t)
{
	t->has = false;
	mip6_crypto_wipe(t->token, sizeof(t->token));
}

void
rr_stop(struct mip6_node *n, struct ro_peer *p, bool care_of)
{
	struct ro_test *t = rr_test(p, care_of);

	t->waiting = t->postponed = false;
	node_timer_stop(n, &p->timer[care_of ? RO_TIMER_COA : RO_TIMER_HOME]);
}

/*
 * R6.1.3-01, R6.1.4-01: neither carries a Home Address option, and both go to
 * the correspondent's home address should it have one (R5.2.9-01).
 */
static void
rr_transmit(struct mip6_node *n, struct ro_peer *p, bool care_of)
{
	struct ro_test *t = rr_test(p, care_of);
	uint8_t buf[RR_OCTETS];
	struct mip6_mh_to to;
	struct mip6_mh m;
	size_t count;

	memset(&m, 0, sizeof(m));
	memset(&to, 0, sizeof(to));
	m.type = care_of ? MIP6_MH_COTI : MIP6_MH_HOTI;
	memcpy(m.u.init.cookie, t->cookie, sizeof(t->cookie));
	to.src = t->src;
	to.dst = p->peer;
	count = mh_build(n, buf, sizeof(buf), &to, &m, NULL, NULL, NULL);
	if (count == 0)
		return;
	if (care_of)
		node_send(n, p->ifindex, p->hop, NULL, buf, count);
	else
		ro_send_home(n, p, buf, count);
	MIP6_LOG(n->log, INFO, care_of ? "rr.coti-sent" : "rr.hoti-sent",
	    MIP6_KA("hoa", &p->hoa), MIP6_KA("peer", &p->peer),
	    MIP6_KA("src", &t->src), MIP6_KU("unanswered", t->unanswered - 1));
}

static void
rr_send(struct mip6_node *n, struct ro_peer *p, bool care_of)
{
	enum ro_message what = care_of ? RO_COTI : RO_HOTI;
	struct ro_test *t = rr_test(p, care_of);
	struct mip6_ntimer *timer =
	    &p->timer[care_of ? RO_TIMER_COA : RO_TIMER_HOME];
	struct mip6_time at = ro_may_send(n, p, what);

	t->postponed = mip6_time_before(n->now.boot, at);
	/* R11.8-05: three a second, of each kind. Test: test_mn_rr */
	if (t->postponed) {
		node_timer_arm(n, timer, at);
		return;
	}
	/* R5.2.3-01, R11.8-07: new in each of them. */
	mip6_rng_octets(n->rng, t->cookie, sizeof(t->cookie));
	t->src = care_of ? p->coa : p->hoa;
	t->waiting = true;
	t->sent_at = n->now.boot;
	t->unanswered++;
	ro_note_sent(n, p, what);
	rr_transmit(n, p, care_of);
	node_timer_in(n, timer, t->timeout);
}

void
rr_start(struct mip6_node *n, struct ro_peer *p, bool care_of)
{
	struct ro_test *t = rr_test(p, care_of);

	if (t->waiting || t->postponed)
		return;
	rr_forget(t);
	t->timeout = MIP6_INITIAL_BINDACK_TIMEOUT; /* R11.8-01 */
	t->unanswered = 0;
	rr_send(n, p, care_of);
}

void
rr_timer(struct mip6_node *n, struct ro_peer *p, bool care_of)
{
	struct ro_test *t = rr_test(p, care_of);
	bool possible = care_of ? p->place == MN_PLACE_FOREIGN :
				  ro_home_test_possible(n, p);

	if (!t->waiting && !t->postponed)
		return;
	/* No way any more: begun anew when there is one. */
	if (!possible) {
		rr_stop(n, p, care_of);
		return;
	}
	if (t->postponed) {
		rr_send(n, p, care_of);
		return;
	}
	/* R5.2.9-02: no more than so many in vain. Test: test_mn_rr */
	if (t->unanswered >= RO_MAX_RO_FAILURE)
		ro_failed(n, p);
	if (!t->waiting)
		return; /* given up */
	/* R5.2.9-03, R11.8-03: doubled each time. */
	t->timeout = mip6_span_min(MIP6_SPAN_US(t->timeout.us * 2),
	    MIP6_MAX_BINDACK_TIMEOUT);
	rr_send(n, p, care_of);
}

/* Whose question the message answers; NULL: nobody's, and why in *why. */
static struct ro_peer *
rr_match(struct mip6_node *n, const struct mip6_ip6_view *ip,
    const struct mip6_mh *m, enum mip6_drop *why)
{
	bool care_of = m->type == MIP6_MH_COT;
	struct ro_peer *p;
	struct ro_test *t;
	uint32_t i;

	*why = MIP6_DROP_TEST_UNEXPECTED;
	for (i = 0; n->mn->ro != NULL && i < RO_PEERS_MAX; i++) {
		p = &n->mn->ro->peer[i];
		t = rr_test(p, care_of);
		/* R11.6.2-01, R11.6.2-02: from whom, and to where.
		 * Test: test_mn_rr */
		if (!p->used || !mip6_addr_equal(&p->peer, &ip->ip.src) ||
		    !mip6_addr_equal(&t->src, &ip->ip.dst))
			continue;
		/* R11.6.2-01, R11.6.2-02: none is held yet. Test: test_mn_rr */
		if (!t->waiting)
			continue;
		/* R11.6.2-01, R11.6.2-02: with our cookie. Test: test_mn_rr */
		if (!mip6_crypto_equal(t->cookie, m->u.test.cookie,
			sizeof(t->cookie))) {
			*why = MIP6_DROP_TEST_COOKIE;
			continue;
		}
		return p;
	}
	return NULL;
}

/*
 * Did it come the way it must?  The home test through the tunnel, unless the
 * node is at home; the care-of test natively.
 */
static bool
rr_came_right(struct mip6_node *n, const struct mip6_hint *hint,
    const struct ro_peer *p, bool care_of)
{
	const struct mn_home *h = ro_home(n, p);

	if (care_of || p->place == MN_PLACE_HOME)
		return mip6_addr_is_any(&hint->tunnel_peer);
	return h != NULL && h->row.kind == MIP6_FWD_MN_TUNNEL &&
	    mip6_addr_equal(&hint->tunnel_peer, &h->row.peer);
}

void
mn_ro_input_test(struct mip6_node *n, const struct mip6_hint *hint,
    const struct mip6_ip6_view *ip, const struct mip6_mh *m)
{
	bool care_of = m->type == MIP6_MH_COT;
	enum mip6_drop why;
	struct ro_peer *p;
	struct ro_test *t;

	/* P-RR-HEADERS: neither test has such a header. Test: test_mn_rr */
	if (ip->has_hao || ip->has_rh2) {
		node_drop(n, MIP6_DROP_TEST_UNEXPECTED, &ip->ip.src);
		return;
	}
	p = rr_match(n, ip, m, &why);
	if (p == NULL) {
		node_drop(n, why, &ip->ip.src);
		return;
	}
	/* R11.6.2-01: in a tunnel from the home agent. Test: test_mn_rr */
	if (!rr_came_right(n, hint, p, care_of)) {
		node_drop(n, MIP6_DROP_TEST_WAY, &ip->ip.src);
		return;
	}
	/* R11.6.2-03 */
	p->takes_part = true;
	t = rr_test(p, care_of);
	t->has = true;
	t->addr = t->src;
	t->at = t->sent_at;
	t->index = m->u.test.nonce_index;
	memcpy(t->token, m->u.test.token, sizeof(t->token));
	t->unanswered = 0;
	rr_stop(n, p, care_of);
	MIP6_LOG(n->log, INFO, care_of ? "rr.cot" : "rr.hot",
	    MIP6_KA("hoa", &p->hoa), MIP6_KA("peer", &p->peer),
	    MIP6_KU("index", t->index),
	    MIP6_KT("after", mip6_time_sub(n->now.boot, t->sent_at)));
	ro_step(n, p); /* R11.6.2-04 */
}
