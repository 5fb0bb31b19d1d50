/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The correspondent's judgement of a Binding Update, and its answers.
 *
 * The order is that of section 9.5.1 but for one thing: the sequence number is
 * looked at after the authenticator, because a refusal for it is signed, and
 * because what is cached is told to nobody who could not have made it.
 *
 * Implements: RFC 6275 sections 5.2.6, 9.5.1, 9.5.4.
 */
#include "core/cn_int.h"

#include <string.h>

#define CN_ANSWER_OCTETS 256

/* R9.5.4-06: without the key that the nonces would have given. */
static bool
cn_is_signed(uint8_t status)
{
	return status != MIP6_BA_EXPIRED_HOME_NONCE &&
	    status != MIP6_BA_EXPIRED_COA_NONCE &&
	    status != MIP6_BA_EXPIRED_NONCES;
}

void
cn_answer(struct mip6_node *n, const struct cn_update *bu,
    const struct cn_binding *b, uint8_t status, uint16_t seq,
    struct mip6_span lifetime)
{
	uint8_t buf[CN_ANSWER_OCTETS];
	struct mip6_mh_to to;
	struct cn_back back;
	struct mip6_mh m;
	size_t count;

	memset(&back, 0, sizeof(back));
	/* R9.5.4-04: success is told when asked for. Test: test_cn_bu */
	if (mip6_ba_is_accepted(status) && !bu->ack)
		return;
	memset(&m, 0, sizeof(m));
	memset(&to, 0, sizeof(to));
	m.type = MIP6_MH_BA; /* R6.1.8-01: K is 0 */
	m.u.ba.status = status;
	m.u.ba.seq = seq;
	m.u.ba.lifetime = lifetime;
	to.src = bu->dst;
	to.dst = bu->src;
	to.rh2 = bu->has_hao ? &bu->hoa : NULL;
	/* R9.5.4-06, -07: signed but for those three. Test: test_cn_bu */
	if (cn_is_signed(status))
		to.kbm = &bu->kbm;
	count = mh_build(n, buf, sizeof(buf), &to, &m, NULL, NULL, NULL);
	if (count == 0)
		return;
	MIP6_LOG(n->log, INFO, "cn.ba-sent", MIP6_KA("hoa", &bu->hoa),
	    MIP6_KA("to", &bu->src),
	    MIP6_KS("status", mip6_ba_status_name(status)), MIP6_KU("seq", seq),
	    MIP6_KT("lifetime", lifetime));
	if (b != NULL && b->hop != MIP6_HOP_NONE && !bu->tunnelled &&
	    mip6_addr_equal(&b->coa, &bu->src)) {
		node_send(n, n->neighbour[b->hop].ifindex, b->hop, NULL, buf,
		    count);
		return;
	}
	back.tunnelled = bu->tunnelled;
	back.home = cn_tunnel_of(n, &bu->dst, &bu->hoa);
	back.ifindex = bu->ifindex;
	back.hop = MIP6_HOP_NONE;
	back.ll_src = &bu->ll_src;
	cn_send_back(n, &back, buf, count);
}

static bool
bu_addresses_ok(struct mip6_node *n, const struct cn_update *bu,
    const struct mip6_ip6_view *ip)
{
	enum mip6_drop why;

	/* None of these has a routing header (R9.3.2-03). */
	if (ip->has_rh2)
		why = MIP6_DROP_RR_HEADERS;
	else if (!cn_is_ours(n, &bu->dst))
		why = MIP6_DROP_NOT_OURS;
	/* P-CN-HOA: a stranger's unicast address. Test: test_cn_bu */
	else if (!mip6_addr_is_routable(&bu->hoa) || cn_is_ours(n, &bu->hoa))
		why = MIP6_DROP_BU_HOA_INVALID;
	/* P-CN-COA: and so is the care-of address. Test: test_cn_bu */
	else if (!mip6_addr_is_routable(&bu->coa) || cn_is_ours(n, &bu->coa))
		why = MIP6_DROP_BU_COA_INVALID;
	else
		return true;
	node_drop(n, why, &bu->src);
	return false;
}

/* The status for nonces that are not good; 0: they are. */
static uint8_t
bu_nonces(struct mip6_node *n, const struct cn_update *bu,
    const struct mip6_mh *m, const struct cn_nonce **home,
    const struct cn_nonce **care_of)
{
	*home = cn_nonce_find(n, m->opt.home_nonce_index);
	/* R9.5.1-14: a deletion has no use for the other. Test: test_cn_bu */
	if (bu->deletes)
		*care_of = NULL;
	else
		*care_of = cn_nonce_find(n, m->opt.coa_nonce_index);
	/* R9.5.1-11: 138, 136, 137. Test: test_cn_bu */
	if (*home == NULL && *care_of == NULL && !bu->deletes)
		return MIP6_BA_EXPIRED_NONCES;
	/* R9.5.1-04: the home nonce in any case. Test: test_cn_bu */
	if (*home == NULL)
		return MIP6_BA_EXPIRED_HOME_NONCE;
	/* R9.5.1-04: and the care-of nonce. Test: test_cn_bu */
	if (*care_of == NULL && !bu->deletes)
		return MIP6_BA_EXPIRED_COA_NONCE;
	return 0;
}

/* R9.5.1-05: the tokens are made again, and the key of them. */
static bool
bu_key(struct mip6_node *n, struct cn_update *bu, const struct cn_nonce *home,
    const struct cn_nonce *care_of)
{
	uint8_t home_token[MIP6_KEYGEN_OCTETS], coa_token[MIP6_KEYGEN_OCTETS];

	if (!rr_token(n, home->kcn, &bu->hoa, home->nonce, false, home_token))
		return false;
	if (care_of != NULL &&
	    !rr_token(n, care_of->kcn, &bu->coa, care_of->nonce, true,
		coa_token))
		return false;
	/* Section 6.2.7: of a de-registration, the home address. */
	bu->kbm.coa = bu->deletes ? bu->hoa : bu->coa;
	bu->kbm.correspondent = bu->dst;
	bu->replayable = cn_nonce_ends(home);
	return rr_kbm(n, home_token, care_of != NULL ? coa_token : NULL,
	    bu->kbm.key);
}

/* Authentic: it may be told of what is cached. */
static void
bu_accept(struct mip6_node *n, const struct cn_update *bu)
{
	struct mip6_cn *cn = n->cn;
	uint32_t i = mip6_pairs_find(&cn->bindings, &bu->dst, &bu->hoa);
	struct cn_binding *b;

	/* R9.5.1-10: a home registration stays one: 139. Test: test_cn_ha */
	if (ha_has_binding(n, &bu->hoa)) {
		node_drop(n, MIP6_DROP_BU_TYPE_CHANGE, &bu->src);
		cn_answer(n, bu, NULL, MIP6_BA_REG_TYPE_CHANGE, bu->seq,
		    MIP6_SPAN_S(0));
		return;
	}
	if (i != MIP6_PAIR_NONE) {
		b = cn_get(cn, i);
		/* R9.5.1-09: 135 and the last one. Test: test_cn_bu */
		if (!mip6_seq_newer(bu->seq, b->seq)) {
			node_drop(n, MIP6_DROP_BU_SEQUENCE, &bu->src);
			/* P-CN-REPLAY: a replay, perhaps. Test: test_cn_rate */
			if (cn_allowed(n, &bu->src))
				cn_answer(n, bu, NULL,
				    MIP6_BA_SEQ_OUT_OF_WINDOW, b->seq,
				    MIP6_SPAN_S(0));
			return;
		}
		cn_remember(b, bu);
	}
	MIP6_LOG(n->log, INFO, "cn.bu-received", MIP6_KA("hoa", &bu->hoa),
	    MIP6_KA("coa", &bu->coa), MIP6_KU("seq", bu->seq),
	    MIP6_KT("lifetime", bu->lifetime));
	if (bu->deletes)
		cn_deregister(n, bu, i);
	else
		cn_register(n, bu, i);
}

static void
bu_read(struct cn_update *bu, const struct mip6_hint *h,
    const struct mip6_ip6_view *ip, const struct mip6_mh *m)
{
	memset(bu, 0, sizeof(*bu));
	bu->hoa = ip->eff_src;
	/* R9.5.1-07: the address that the tokens are of. */
	bu->coa = m->opt.has_alt_coa ? m->opt.alt_coa : ip->ip.src;
	bu->src = ip->ip.src;
	bu->dst = ip->ip.dst;
	bu->has_hao = ip->has_hao;
	bu->ack = m->u.bu.ack;
	bu->tunnelled = !mip6_addr_is_any(&h->tunnel_peer);
	bu->ifindex = h->ifindex;
	bu->ll_src = h->ll_src;
	bu->seq = m->u.bu.seq;
	bu->lifetime = m->u.bu.lifetime; /* R6.1.7-04: K says nothing here */
	bu->deletes =
	    bu->lifetime.us == 0 || mip6_addr_equal(&bu->coa, &bu->hoa);
}

void
cn_input_bu(struct mip6_node *n, const struct mip6_hint *h,
    const struct mip6_ip6_view *ip, const struct mip6_mh *m)
{
	const struct cn_nonce *home, *care_of;
	struct cn_update bu;
	uint8_t status;

	bu_read(&bu, h, ip, m);
	if (!bu_addresses_ok(n, &bu, ip))
		return;
	/* R9.5.1-04: with Nonce Indices. Test: test_cn_bu */
	if (!m->opt.has_nonce_indices) {
		node_drop(n, MIP6_DROP_BU_NONCE_MISSING, &bu.src);
		return;
	}
	/* R9.5.1-06: and Binding Authorization Data. Test: test_cn_bu */
	if (!m->opt.has_auth_data) {
		node_drop(n, MIP6_DROP_BU_AUTH_MISSING, &bu.src);
		return;
	}
	status = bu_nonces(n, &bu, m, &home, &care_of);
	/* R9.5.4-03: told without being asked. Test: test_cn_bu */
	if (status != 0) {
		node_drop(n, MIP6_DROP_BU_NONCE_EXPIRED, &bu.src);
		/* P-CN-RATE: so many to each. Test: test_cn_rate */
		if (cn_allowed(n, &bu.src))
			cn_answer(n, &bu, NULL, status, bu.seq, MIP6_SPAN_S(0));
		return;
	}
	/* R9.5.1-05: made with the right key. Test: test_cn_bu */
	if (!bu_key(n, &bu, home, care_of) ||
	    !rr_verify(n, &bu.kbm, h->octets + ip->upper_at, m)) {
		node_drop(n, MIP6_DROP_BU_RR_FAIL, &bu.src);
		return;
	}
	bu_accept(n, &bu);
}
