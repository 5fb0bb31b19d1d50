/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The correspondent's half of return routability: nonces, and the answers to
 * Home Test Init and Care-of Test Init.
 *
 * Nothing is kept of a question.  A nonce is made at the first question after
 * the last one grew old, with a Kcn of its own; both are chosen by the index
 * that goes with the token.  At most CN_NONCES are alive, indexes count up
 * from a random start, so that one comes again only after weeks.
 *
 * A test goes into the tunnel that its question came out of, or to the
 * neighbour or router that its address has on the link that brought it: the
 * host's routes are asked for no stranger, and nobody on the link gets what is
 * for another address.  Strangers
 * share places of a small table by the keyed hash of their address, and each
 * place has so many answers a second: a flood from one address costs others
 * nothing, one from many addresses a bounded share of the processor.
 *
 * Implements: RFC 6275 sections 5.2.1, 5.2.2, 5.2.7, 9.4.
 */
#include "core/cn_int.h"

#include <string.h>

void
cn_rr_init(struct mip6_node *n)
{
	struct cn_rr *rr = &n->cn->rr;

	memset(rr, 0, sizeof(*rr));
	/* After a restart the old ones are no more (section 5.2.8). */
	rr->next_index = (uint16_t)mip6_rng_u64(n->rng);
	rr->asked_at = n->now.boot;
}

struct mip6_time
cn_nonce_ends(const struct cn_nonce *k)
{
	return mip6_time_add(k->since, MIP6_MAX_NONCE_LIFE);
}

const struct cn_nonce *
cn_nonce_find(const struct mip6_node *n, uint16_t index)
{
	const struct cn_nonce *k;
	uint32_t i;

	for (i = 0; i < CN_NONCES; i++) {
		k = &n->cn->rr.nonce[i];
		/* R5.2.2-01: none that was never given. Test: test_cn_rr */
		if (!k->used || k->index != index)
			continue;
		/* R5.2.7-02: nor an old one. Test: test_cn_rr */
		if (mip6_time_before(n->now.boot, cn_nonce_ends(k)))
			return k;
	}
	return NULL;
}

/* R9.4.1-02: the nonce of now, made when there is none. */
static const struct cn_nonce *
rr_nonce(struct mip6_node *n)
{
	struct cn_rr *rr = &n->cn->rr;
	struct cn_nonce *k = &rr->nonce[rr->current];

	/* R5.2.7-01: so that a token lives long enough. Test: test_cn_rr */
	if (k->used &&
	    mip6_time_sub(n->now.boot, k->since).us < CN_NONCE_FRESH.us)
		return k;
	rr->current = (rr->current + 1) % CN_NONCES;
	k = &rr->nonce[rr->current];
	k->used = true;
	k->index = rr->next_index++;
	k->since = n->now.boot;
	mip6_rng_octets(n->rng, k->nonce, sizeof(k->nonce)); /* R5.2.2-02 */
	mip6_rng_octets(n->rng, k->kcn, sizeof(k->kcn));     /* R5.2.1-01 */
	return k;
}

bool
cn_allowed(struct mip6_node *n, const struct mip6_addr *src)
{
	struct cn_rr *rr = &n->cn->rr;
	uint8_t *asked;

	if (mip6_time_sub(n->now.boot, rr->asked_at).us >= 1000000) {
		memset(rr->asked, 0, sizeof(rr->asked));
		rr->asked_at = n->now.boot;
	}
	asked = &rr->asked[mip6_hash_addr(&n->hash_key, src) % CN_ASKERS];
	if (*asked >= CN_TESTS_PER_S) {
		n->drops.count[MIP6_DROP_MH_RATE]++;
		return false;
	}
	(*asked)++;
	return true;
}

/* What sections 9.4.1 and 9.4.2 say, and that it is meant for us. */
static bool
rr_is_valid(struct mip6_node *n, const struct mip6_ip6_view *ip)
{
	const struct mip6_addr *src = &ip->ip.src;

	/* R9.4.1-01, R9.4.2-01: without such headers. Test: test_cn_rr */
	if (ip->has_hao || ip->has_rh2) {
		node_drop(n, MIP6_DROP_RR_HEADERS, src);
		return false;
	}
	if (!cn_is_ours(n, &ip->ip.dst)) {
		node_drop(n, MIP6_DROP_NOT_OURS, src);
		return false;
	}
	/* P-RR-SRC: a token for a unicast address alone. Test: test_cn_rr */
	if (!mip6_addr_is_routable(src)) {
		node_drop(n, MIP6_DROP_MARTIAN, src);
		return false;
	}
	/* P-RR-SELF: that is not ours. Test: test_cn_rr */
	if (cn_is_ours(n, src)) {
		node_drop(n, MIP6_DROP_SELF_SENT, src);
		return false;
	}
	/* P-RR-RATE: and only so many. Test: test_cn_rr */
	if (!cn_allowed(n, src))
		return false;
	return true;
}

void
cn_input_init(struct mip6_node *n, const struct mip6_hint *h,
    const struct mip6_ip6_view *ip, const struct mip6_mh *m)
{
	bool care_of = m->type == MIP6_MH_COTI;
	uint8_t buf[CN_TESTS_OCTETS];
	const struct cn_nonce *k;
	struct mip6_mh_to to;
	struct cn_back back;
	struct mip6_mh test;
	size_t count;

	if (!rr_is_valid(n, ip))
		return;
	k = rr_nonce(n);
	memset(&test, 0, sizeof(test));
	memset(&to, 0, sizeof(to));
	test.type = care_of ? MIP6_MH_COT : MIP6_MH_HOT;
	test.u.test.nonce_index = k->index;
	memcpy(test.u.test.cookie, m->u.init.cookie,
	    sizeof(test.u.test.cookie));
	if (!rr_token(n, k->kcn, &ip->ip.src, k->nonce, care_of,
		test.u.test.token))
		return;
	to.src = ip->ip.dst;
	to.dst = ip->ip.src; /* R9.4.3-01, R9.4.4-01 */
	count = mh_build(n, buf, sizeof(buf), &to, &test, NULL, NULL, NULL);
	if (count == 0)
		return;
	back.tunnelled = !mip6_addr_is_any(&h->tunnel_peer);
	back.home = cn_tunnel_of(n, &to.src, &to.dst);
	back.ifindex = h->ifindex;
	back.hop = MIP6_HOP_NONE;
	back.ll_src = &h->ll_src;
	MIP6_LOG(n->log, DEBUG, care_of ? "cn.cot-sent" : "cn.hot-sent",
	    MIP6_KA("to", &to.dst), MIP6_KU("nonce", k->index));
	cn_send_back(n, &back, buf, count);
}
