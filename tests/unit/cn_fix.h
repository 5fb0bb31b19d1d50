/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A correspondent on a bench, and a mobile node made of messages: it asks for
 * tokens, computes Kbm and authenticators by itself and reads the answers.
 */
#ifndef UNIT_CN_FIX_H
#define UNIT_CN_FIX_H

#include "core_fix.h"

#include "core/cn_int.h"

#define CN_OUR  "2001:db8:c::100"
#define CN_OUR2 "2001:db8:c::200"
#define CN_HOA  "2001:db8:1::100"
#define CN_COA  "2001:db8:a::5"
#define CN_COA2 "2001:db8:b::5"

struct cn_fix {
	struct fix x;
	struct mip6_mh_test home, care_of; /* the last tokens */
};

static inline void
cn_fix_init(struct cn_fix *t)
{
	memset(t, 0, sizeof(*t));
	fix_init(&t->x);
	t->x.conf.cn.on = true;
	t->x.conf.cn.bindings_max = 16;
	t->x.conf.cn.refresh_requests = true;
	fix_configure(&t->x);
	fix_link(&t->x, true);
	fix_host_addr(&t->x, CN_OUR, 64, 0, false);
	fix_host_addr(&t->x, CN_OUR2, 64, 0, false);
}

static inline void
cn_fix_fini(struct cn_fix *t)
{
	fix_fini(&t->x);
}

/* HoTI or CoTI; hao NULL: none.  The answer's test, or false. */
static inline bool
cn_fix_test(struct cn_fix *t, enum mip6_mh_type type, const char *src,
    const char *dst, const char *hao, struct mip6_mh_test *test)
{
	struct mip6_addr option;
	const struct fix_sent *s;
	uint8_t buf[256];
	struct mip6_mh_to to;
	struct mip6_mh m;
	size_t count;

	memset(&m, 0, sizeof(m));
	memset(&to, 0, sizeof(to));
	m.type = type;
	memset(m.u.init.cookie, 0x11 + (int)type, sizeof(m.u.init.cookie));
	to.src = fix_addr(src);
	to.dst = fix_addr(dst);
	if (hao != NULL) {
		option = fix_addr(hao);
		to.hao = &option;
	}
	count =
	    mh_build(t->x.node, buf, sizeof(buf), &to, &m, NULL, NULL, NULL);
	assert_true(count > 0);
	t->x.seen = t->x.sents;
	fix_packet(&t->x, buf, count);
	s = fix_next_mh(&t->x, &m);
	if (s == NULL)
		return false;
	assert_int_equal(m.type,
	    type == MIP6_MH_HOTI ? MIP6_MH_HOT : MIP6_MH_COT);
	assert_true(mip6_addr_equal(&s->ip.ip.src, &to.dst));
	assert_true(mip6_addr_equal(&s->ip.ip.dst, &to.src));
	assert_false(s->ip.has_rh2 || s->ip.has_hao);
	assert_int_equal(m.u.test.cookie[0], 0x11 + (int)type);
	if (s->act.has_lladdr)
		assert_memory_equal(&s->act.lladdr, &fix_router_ll,
		    sizeof(fix_router_ll));
	else
		assert_int_not_equal(s->act.hop, MIP6_HOP_NONE);
	*test = m.u.test;
	return true;
}

/* Both tokens, for CN_HOA and `coa`. */
static inline void
cn_fix_tokens_of(struct cn_fix *t, const char *hoa, const char *coa)
{
	assert_true(cn_fix_test(t, MIP6_MH_HOTI, hoa, CN_OUR, NULL, &t->home));
	assert_true(
	    cn_fix_test(t, MIP6_MH_COTI, coa, CN_OUR, NULL, &t->care_of));
}

/* An update; what is not given is usual. */
struct cn_fix_bu {
	const char *hoa, *src, *alt_coa, *dst;
	uint16_t seq;
	int64_t lifetime_s;
	bool no_ack, no_nonces, no_auth, no_hao, rh2, home_token_only;
	bool spoil;          /* one bit of the key */
	const char *mac_coa; /* the care-of address that is signed */
};

static inline struct cn_fix_bu
cn_fix_update(uint16_t seq)
{
	struct cn_fix_bu bu;

	memset(&bu, 0, sizeof(bu));
	bu.hoa = CN_HOA;
	bu.src = CN_COA;
	bu.dst = CN_OUR;
	bu.seq = seq;
	bu.lifetime_s = 400;
	return bu;
}

static inline void
cn_fix_key(struct cn_fix *t, const struct cn_fix_bu *bu, struct mh_kbm *k)
{
	const char *coa = bu->alt_coa != NULL ? bu->alt_coa : bu->src;
	bool deletes = bu->lifetime_s == 0 || strcmp(coa, bu->hoa) == 0;

	memset(k, 0, sizeof(*k));
	k->coa = fix_addr(bu->mac_coa != NULL ? bu->mac_coa :
		deletes                       ? bu->hoa :
						coa);
	k->correspondent = fix_addr(bu->dst);
	assert_true(rr_kbm(t->x.node, t->home.token,
	    deletes || bu->home_token_only ? NULL : t->care_of.token, k->key));
	k->key[3] ^= bu->spoil;
}

static inline void
cn_fix_send(struct cn_fix *t, const struct cn_fix_bu *bu)
{
	struct mip6_addr hoa = fix_addr(bu->hoa);
	uint8_t buf[256];
	struct mip6_mh_to to;
	struct mh_kbm k;
	struct mip6_mh m;
	size_t count;

	memset(&m, 0, sizeof(m));
	memset(&to, 0, sizeof(to));
	m.type = MIP6_MH_BU;
	m.u.bu.seq = bu->seq;
	m.u.bu.ack = !bu->no_ack;
	m.u.bu.lifetime = MIP6_SPAN_S(bu->lifetime_s);
	m.opt.has_nonce_indices = !bu->no_nonces;
	m.opt.home_nonce_index = t->home.nonce_index;
	m.opt.coa_nonce_index = t->care_of.nonce_index;
	if (bu->alt_coa != NULL) {
		m.opt.has_alt_coa = true;
		m.opt.alt_coa = fix_addr(bu->alt_coa);
	}
	to.src = fix_addr(bu->src);
	to.dst = fix_addr(bu->dst);
	if (!bu->no_hao)
		to.hao = &hoa;
	if (bu->rh2)
		to.rh2 = &hoa;
	cn_fix_key(t, bu, &k);
	if (!bu->no_auth)
		to.kbm = &k;
	count =
	    mh_build(t->x.node, buf, sizeof(buf), &to, &m, NULL, NULL, NULL);
	assert_true(count > 0);
	t->x.seen = t->x.sents;
	fix_packet(&t->x, buf, count);
}

/*
 * The status of the answer to `bu`; -1: none.  What is signed must be signed
 * right, and what is not to be must not be.
 */
static inline int
cn_fix_status(struct cn_fix *t, const struct cn_fix_bu *bu,
    struct mip6_mh *answer)
{
	const struct fix_sent *s = fix_next_mh(&t->x, answer);
	struct mip6_addr to = fix_addr(bu->src), hoa = fix_addr(bu->hoa);
	struct mh_kbm k;
	bool is_signed;

	if (s == NULL)
		return -1;
	assert_int_equal(answer->type, MIP6_MH_BA);
	assert_true(mip6_addr_equal(&s->ip.ip.dst, &to));
	assert_int_equal(s->ip.has_rh2, !bu->no_hao);
	if (s->ip.has_rh2)
		assert_true(mip6_addr_equal(&s->ip.rh2, &hoa));
	assert_false(answer->u.ba.key);
	is_signed = answer->u.ba.status < MIP6_BA_EXPIRED_HOME_NONCE ||
	    answer->u.ba.status > MIP6_BA_EXPIRED_NONCES;
	assert_int_equal(answer->opt.has_auth_data, is_signed);
	cn_fix_key(t, bu, &k);
	if (is_signed)
		assert_true(rr_verify(t->x.node, &k, s->octets + s->ip.upper_at,
		    answer));
	return answer->u.ba.status;
}

static inline int
cn_fix_bu(struct cn_fix *t, const struct cn_fix_bu *bu)
{
	struct mip6_mh m;

	cn_fix_send(t, bu);
	return cn_fix_status(t, bu, &m);
}

/* Where packets from `our` to `hoa` go; "" : nowhere of their own. */
static inline bool
cn_fix_leads(struct cn_fix *t, const char *our, const char *hoa,
    const char *coa)
{
	struct mip6_addr a = fix_addr(our), b = fix_addr(hoa), c;
	const struct mip6_fwd_row *r = direct_find(t->x.node, &a, &b);

	if (coa == NULL || r == NULL)
		return coa == NULL && r == NULL;
	c = fix_addr(coa);
	return mip6_addr_equal(&r->peer, &c) &&
	    mip6_addr_equal(&r->local, &a) && r->hop != MIP6_HOP_NONE;
}

#endif
