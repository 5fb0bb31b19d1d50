/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The home agent's judgement of a Binding Update.
 *
 * The checks stand in one list, in order; the first that fails says what is
 * counted and what, if anything, is answered.  Nothing is stored and nothing
 * is answered at length before the update is authenticated; what is answered
 * before is limited in rate and never longer than the question.
 *
 * Implements: RFC 6275 sections 9.5.1, 10.3.1, 10.3.2; RFC 4285 sections 5.1
 * and 6.
 */
#include "core/ha_int.h"

#include <string.h>

#include "crypto/crypto.h"

#define HA_ANSWER_OCTETS 640
#define HA_ADVICE_MIN    MIP6_SPAN_S(16)

/* What becomes of an update that fails a check. */
struct ha_verdict {
	enum mip6_drop drop;
	uint8_t status;     /* 0: no answer */
	enum mip6_asked by; /* for the limit of answers */
};

#define HA_PASS ((struct ha_verdict){ MIP6_DROP_COUNT, 0, MIP6_ASKED_ANYBODY })
#define HA_DISCARD(d)                                                          \
	((struct ha_verdict){ MIP6_DROP_##d, 0, MIP6_ASKED_ANYBODY })
#define HA_ANSWER(d, s)                                                        \
	((struct ha_verdict){ MIP6_DROP_##d, MIP6_BA_##s, MIP6_ASKED_ANYBODY })
#define HA_ANSWER_KNOWN(d, s)                                                  \
	((struct ha_verdict){ MIP6_DROP_##d, MIP6_BA_##s,                      \
	    MIP6_ASKED_AUTHENTIC })

/* ---- answers ---- */

static void
ha_fill_answer(struct mip6_node *n, const struct ha_update *bu,
    struct mip6_mh *m, uint8_t status, uint16_t seq, struct mip6_span lifetime)
{
	memset(m, 0, sizeof(*m));
	m->type = MIP6_MH_BA;
	m->u.ba.status = status;
	m->u.ba.seq = seq;
	m->u.ba.lifetime = lifetime;
	/* R10.3.1-25: without storage, and for a success. Test: test_ha_life */
	if (n->ha != NULL && n->ha->c->durability == MIP6_DURABILITY_NONE &&
	    lifetime.us > HA_ADVICE_MIN.us) {
		/* R10.3.1-26: shorter than the lifetime. */
		m->opt.has_refresh_advice = true;
		m->opt.refresh_advice = mip6_mh_lifetime_span(
		    (uint16_t)((mip6_mh_lifetime_units(lifetime) * 3 + 3) / 4));
	}
	if (!bu->has_stamp)
		return;
	/* RFC 4285 section 6: theirs, or its low half and our time. */
	m->opt.has_replay = true;
	m->opt.replay = bu->stamp;
	if (status == MIP6_BA_ID_MISMATCH)
		m->opt.replay = (bu->stamp & 0xffffffffu) |
		    (mip6_time_to_ntp(node_wall_us(n)) & ~0xffffffffull);
}

void
ha_answer(struct mip6_node *n, const struct ha_update *bu,
    const struct mip6_binding *b, uint8_t status, uint16_t seq,
    struct mip6_span lifetime)
{
	const struct mip6_conf_sa *sa =
	    bu->mobile != NULL ? &bu->mobile->sa : NULL;
	uint8_t buf[HA_ANSWER_OCTETS];
	struct mip6_mh_to to;
	struct mip6_mh m;
	size_t count;

	ha_fill_answer(n, bu, &m, status, seq, lifetime);
	memset(&to, 0, sizeof(to));
	to.src = bu->dst;
	to.dst = bu->src;                       /* R9.5.4-09 */
	to.rh2 = bu->has_hao ? &bu->hoa : NULL; /* R9.5.4-10 */
	count = mh_build(n, buf, sizeof(buf), &to, &m, sa, &bu->src, &bu->hoa);
	/* A refusal has no option that its update has not: never longer. */
	if (count == 0 || (status == MIP6_BA_AUTH_FAIL && count > bu->octets))
		return;
	MIP6_LOG(n->log, INFO, "ba.sent", MIP6_KA("hoa", &bu->hoa),
	    MIP6_KA("to", &bu->src),
	    MIP6_KS("status", mip6_ba_status_name(status)), MIP6_KU("seq", seq),
	    MIP6_KT("lifetime", lifetime));
	if (b != NULL && b->hop != MIP6_HOP_NONE &&
	    mip6_addr_equal(&b->coa, &bu->src))
		node_send(n, n->neighbour[b->hop].ifindex, b->hop, NULL, buf,
		    count);
	else
		node_send(n, bu->ifindex, MIP6_HOP_NONE, &bu->ll_src, buf,
		    count);
}

/* ---- checks ---- */

static struct ha_verdict
ha_check_addresses(struct mip6_node *n, struct ha_update *bu)
{
	int local = ha_address_index(n, &bu->dst);

	if (local < 0)
		return HA_DISCARD(NOT_OURS);
	bu->local = (uint8_t)local;
	/* R9.5.1-01: the home address is unicast routable. Test: test_ha */
	if (!mip6_addr_is_routable(&bu->hoa))
		return HA_DISCARD(BU_HOA_INVALID);
	/* R10.3.1-06: a registration has a HAO. Test: test_ha */
	if (!bu->has_hao && bu->lifetime.us != 0)
		return HA_DISCARD(BU_NO_HAO);
	/* R6.1.7-10: the care-of address is unicast routable. Test: test_ha */
	if (!mip6_addr_is_routable(&bu->coa))
		return HA_DISCARD(BU_COA_INVALID);
	/* P-COA: and neither ours nor the home address. Test: test_ha */
	if (bu->lifetime.us != 0 &&
	    (mip6_addr_equal(&bu->coa, &bu->hoa) ||
		ha_address_index(n, &bu->coa) >= 0))
		return HA_DISCARD(BU_COA_INVALID);
	/* R10.3.1-03: home addresses are of our home link. Test: test_ha */
	if (ha_prefix_index(n, &bu->hoa) < 0 ||
	    ha_address_index(n, &bu->hoa) >= 0)
		return HA_ANSWER(BU_NOT_HOME_SUBNET, NOT_HOME_SUBNET);
	return HA_PASS;
}

/* RFC 4283: a mobile node that was given a name says it. */
static bool
ha_is_named(const struct mip6_conf_mobile *mobile, const struct mip6_mh *m)
{
	size_t count = strlen(mobile->nai);

	return count == 0 ||
	    (m->opt.has_mn_id && m->opt.mn_id_subtype == MIP6_MN_ID_NAI &&
		m->opt.mn_id_octets == count &&
		memcmp(m->opt.mn_id, mobile->nai, count) == 0);
}

/* Who sent it: RFC 4285 section 5.1 and RFC 6275 section 5.1. */
static struct ha_verdict
ha_check_auth(struct mip6_node *n, struct ha_update *bu, const uint8_t *mh,
    const struct mip6_mh *m)
{
	bu->mobile = ha_mobile_find(n, &bu->hoa);
	/* R5.1-04: only the key of this home address. Test: test_ha */
	if (bu->mobile == NULL && !n->conf->insecure)
		return HA_DISCARD(BU_UNKNOWN_MOBILE);
	/* RFC4283-3a: with the identifier it was given. Test: test_ha */
	if (bu->mobile != NULL && !ha_is_named(bu->mobile, m))
		return HA_DISCARD(BU_UNKNOWN_MOBILE);
	if (bu->mobile == NULL || !bu->mobile->sa.present)
		return HA_PASS;
	switch (auth_verify(n, &bu->mobile->sa, &bu->coa, &bu->hoa, mh, m)) {
	case MIP6_AUTH_OK:
		break;
	case MIP6_AUTH_MISSING:
		return HA_DISCARD(BU_AUTH_MISSING);
	case MIP6_AUTH_SPI:
		return HA_DISCARD(BU_AUTH_SPI);
	case MIP6_AUTH_FAIL:
		return HA_ANSWER(BU_AUTH_FAIL, AUTH_FAIL);
	}
	return HA_PASS;
}

/* The newest timestamp accepted from this home address; 0: none. */
static uint64_t
ha_last_stamp(const struct mip6_ha *ha, const struct mip6_addr *hoa)
{
	uint32_t i = mip6_bcache_find(&ha->bcache, hoa);

	return i == MIP6_BCACHE_NONE ? ha->stamp_floor :
				       mip6_bcache_get(&ha->bcache, i)->stamp;
}

/* RFC 4285 section 6: fresh, and newer than all before. */
static struct ha_verdict
ha_check_stamp(struct mip6_node *n, const struct ha_update *bu)
{
	int64_t slack, off;
	uint64_t at, last;

	if (bu->mobile == NULL || !bu->mobile->sa.present)
		return HA_PASS;
	/* RFC4285-6c: a timestamp is required. Test: test_ha */
	if (!bu->has_stamp)
		return HA_ANSWER_KNOWN(BU_ID_MISSING, MESG_ID_REQD);
	at = mip6_time_from_ntp(bu->stamp, node_wall_us(n));
	off = (int64_t)(at - node_wall_us(n));
	slack = bu->mobile->sa.clock_slack.us;
	/* RFC4285-6d: close enough to our time. Test: test_ha */
	if (off > slack || off < -slack)
		return HA_ANSWER_KNOWN(BU_ID_MISMATCH, ID_MISMATCH);
	last = ha_last_stamp(n->ha, &bu->hoa);
	/* RFC4285-6e: greater than all accepted before. Test: test_ha */
	if (last != 0 && (int64_t)(bu->stamp - last) <= 0)
		return HA_ANSWER_KNOWN(BU_ID_REPLAY, ID_MISMATCH);
	/* P-START: not of the time before we started. Test: test_ha */
	if (at < n->started_wall_us)
		return HA_ANSWER_KNOWN(BU_ID_REPLAY, ID_MISMATCH);
	return HA_PASS;
}

/* The newest sequence number accepted. */
static uint16_t
ha_last_seq(const struct mip6_ha *ha, const struct mip6_binding *b)
{
	const struct ha_pending *p = ha_pending_of(ha, b);

	return p != NULL ? p->bu.seq : b->seq;
}

static void
ha_refuse(struct mip6_node *n, const struct ha_update *bu,
    const struct ha_verdict *v)
{
	node_drop(n, v->drop, &bu->src);
	if (v->status == 0 || !node_answer_allowed(n, v->by))
		return;
	ha_answer(n, bu, NULL, v->status, bu->seq, MIP6_SPAN_S(0));
}

/* R9.5.1-10: the H bit of a live entry does not change. */
static void
ha_accept_not_home(struct mip6_node *n, const struct ha_update *bu, bool live)
{
	node_drop(n, live ? MIP6_DROP_BU_TYPE_CHANGE : MIP6_DROP_MH_WRONG_ROLE,
	    &bu->src);
	/* R9.5.1-10: 139, and nothing changes. Test: test_ha */
	if (live)
		ha_answer(n, bu, NULL, MIP6_BA_REG_TYPE_CHANGE, bu->seq,
		    MIP6_SPAN_S(0));
}

/* Authentic and fresh: sequence number, then what it asks for. */
static void
ha_accept(struct mip6_node *n, struct ha_update *bu, bool home)
{
	struct mip6_ha *ha = n->ha;
	uint32_t i = mip6_bcache_find(&ha->bcache, &bu->hoa);
	bool known = i != MIP6_BCACHE_NONE, live, numbered;
	struct mip6_binding *b;
	uint16_t last;

	/* R9.5.1-10: a correspondent's stays one: 139. Test: test_cn_ha */
	if (home && cn_has_binding(n, &bu->hoa)) {
		node_drop(n, MIP6_DROP_BU_TYPE_CHANGE, &bu->src);
		ha_answer(n, bu, NULL, MIP6_BA_REG_TYPE_CHANGE, bu->seq,
		    MIP6_SPAN_S(0));
		return;
	}
	/* What is accepted is remembered, whatever comes of it. */
	if (!known && home)
		i = mip6_bcache_add(&ha->bcache, &bu->hoa);
	/* R10.3.1-05: no room: 130. Test: test_ha */
	if (i == MIP6_BCACHE_NONE && home) {
		ha_no_room(n, bu);
		return;
	}
	if (i == MIP6_BCACHE_NONE) {
		ha_accept_not_home(n, bu, false);
		return;
	}
	b = mip6_bcache_get(&ha->bcache, i);
	live = known && b->state != MIP6_BINDING_INVALID;
	numbered = live || (known && (b->flags & MIP6_BINDING_ANEW) == 0);
	if (bu->mobile != NULL && bu->has_stamp)
		b->stamp = bu->stamp;
	if (!home) {
		ha_accept_not_home(n, bu, live);
		return;
	}
	last = ha_last_seq(ha, b);
	if (numbered &&
	    !(bu->mobile != NULL && bu->mobile->sa.sequence_ignore)) {
		/* R9.5.1-09: too old: 135 and the last one. Test: test_ha */
		if (!mip6_seq_newer(bu->seq, last)) {
			node_drop(n, MIP6_DROP_BU_SEQUENCE, &bu->src);
			ha_answer(n, bu, NULL, MIP6_BA_SEQ_OUT_OF_WINDOW, last,
			    MIP6_SPAN_S(0));
			return;
		}
	}
	if (!numbered)
		b->seq = bu->seq;
	if (bu->lifetime.us != 0) {
		ha_register(n, bu, i);
		return;
	}
	/* R10.3.2-01: nothing to de-register: 133. Test: test_ha */
	if (!live) {
		node_drop(n, MIP6_DROP_BU_NO_BINDING, &bu->src);
		ha_answer(n, bu, NULL, MIP6_BA_NOT_HOME_AGENT, bu->seq,
		    MIP6_SPAN_S(0));
		if (!known)
			ha_hold(n, i, MIP6_SPAN_S(0));
		return;
	}
	ha_deregister(n, bu, i);
}

static void
ha_read_update(struct ha_update *bu, const struct mip6_hint *h,
    const struct mip6_ip6_view *ip, const struct mip6_mh *m)
{
	memset(bu, 0, sizeof(*bu));
	bu->hoa = ip->eff_src; /* R9.5.1-16 */
	bu->coa = m->opt.has_alt_coa ? m->opt.alt_coa : ip->ip.src;
	bu->src = ip->ip.src;
	bu->dst = ip->ip.dst;
	bu->has_hao = ip->has_hao;
	bu->ifindex = h->ifindex;
	bu->ll_src = h->ll_src;
	bu->octets = ip->octets;
	bu->seq = m->u.bu.seq;
	bu->lifetime = m->u.bu.lifetime;
	if (m->u.bu.link_local)
		bu->flags |= MIP6_BINDING_L;
	if (m->u.bu.key)
		bu->flags |= MIP6_BINDING_K;
	bu->has_stamp = m->opt.has_replay;
	bu->stamp = m->opt.replay;
}

void
ha_input_bu(struct mip6_node *n, const struct mip6_hint *h,
    const struct mip6_ip6_view *ip, const struct mip6_mh *m)
{
	struct ha_verdict v;
	struct ha_update bu;

	ha_read_update(&bu, h, ip, m);
	/* R10.3.1-02: no home agent here: 131. Test: test_ha */
	if (n->ha == NULL || !n->conf->ha.on) {
		v = HA_ANSWER(BU_NO_HOME_AGENT, HOME_REG_NOT_SUPPORTED);
		ha_refuse(n, &bu, &v);
		return;
	}
	/* R9.5.1-08: Nonce Indices have no place here. Test: test_ha */
	if (m->u.bu.home && m->opt.has_nonce_indices) {
		node_drop(n, MIP6_DROP_BU_NONCE_PRESENT, &bu.src);
		return;
	}
	v = ha_check_addresses(n, &bu);
	if (v.drop == MIP6_DROP_COUNT)
		v = ha_check_auth(n, &bu, h->octets + ip->upper_at, m);
	if (v.drop == MIP6_DROP_COUNT)
		v = ha_check_stamp(n, &bu);
	if (v.drop != MIP6_DROP_COUNT) {
		ha_refuse(n, &bu, &v);
		return;
	}
	MIP6_LOG(n->log, INFO, "bu.received", MIP6_KA("hoa", &bu.hoa),
	    MIP6_KA("coa", &bu.coa), MIP6_KU("seq", bu.seq),
	    MIP6_KT("lifetime", bu.lifetime));
	ha_accept(n, &bu, m->u.bu.home);
}

/* ---- configuration ---- */

bool
ha_has_binding(const struct mip6_node *n, const struct mip6_addr *hoa)
{
	uint32_t i;

	if (n->ha == NULL)
		return false;
	i = mip6_bcache_find(&n->ha->bcache, hoa);
	return i != MIP6_BCACHE_NONE &&
	    mip6_bcache_get(&n->ha->bcache, i)->state != MIP6_BINDING_INVALID;
}

static bool
ha_new(struct mip6_node *n, const struct mip6_conf *conf)
{
	struct mip6_ha *ha;

	ha = n->env.alloc.alloc(n->env.alloc.arg, sizeof(*ha));
	if (ha == NULL)
		return false;
	n->ha = ha;
	ha->c = &conf->ha;
	node_timer_init(&ha->announce_timer, MIP6_TIMER_HA_ANNOUNCE, 0);
	node_timer_init(&ha->reroute_timer, MIP6_TIMER_HA_REROUTE, 0);
	ha_dad_init(n);
	ha_ra_init(n);
	ha_list_init(n);
	ha_mcast_init(n);
	if (!mip6_bcache_init(&ha->bcache, &n->env.alloc, &n->hash_key,
		conf->ha.bindings_max, MIP6_TIMER_BINDING) ||
	    !mip6_tally_init(&ha->groups, &n->env.alloc, &n->hash_key,
		conf->ha.bindings_max) ||
	    !mip6_tally_init(&ha->names, &n->env.alloc, &n->hash_key,
		conf->ha.bindings_max) ||
	    !ha_pending_init(n) || !ha_mpd_init(n))
		return false;
	node_act_set(n, MIP6_ACT_FORWARDING, 0, NULL, true);
	return true;
}

bool
ha_configure(struct mip6_node *n, const struct mip6_conf *conf)
{
	if (n->ha == NULL && !ha_new(n, conf)) {
		ha_free(n);
		return false;
	}
	ha_place_configure(n, &conf->ha);
	n->ha->c = &conf->ha; /* the old one goes away in any case */
	ha_prefix_adopt(n);
	/* Bindings of mobile nodes that are gone end, step by step. */
	n->ha->configured = true;
	n->ha->mobile_known = false;
	ha_way_walk(n);
	ha_names_recount(n);
	ha_changed(n);
	return true;
}

void
ha_free(struct mip6_node *n)
{
	struct mip6_ha *ha = n->ha;

	if (ha == NULL)
		return;
	ha_mpd_fini(n);
	ha_mcast_fini(n);
	mip6_bcache_fini(&ha->bcache);
	n->env.alloc.release(n->env.alloc.arg, ha->pending,
	    MIP6_PENDING_MAX * sizeof(*ha->pending));
	mip6_tally_fini(&ha->groups);
	mip6_tally_fini(&ha->names);
	mip6_crypto_wipe(&ha->mobile, sizeof(ha->mobile));
	n->env.alloc.release(n->env.alloc.arg, ha, sizeof(*ha));
	n->ha = NULL;
}

void
ha_stop(struct mip6_node *n)
{
	/* Bindings stay the mobile nodes' until they expire (R10.3.1-10). */
	ha_ra_stop(n);
}
