/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Messages whose authenticators are known; test_cn_known.c says from where.
 */
#ifndef UNIT_CN_KNOWN_H
#define UNIT_CN_KNOWN_H

#include "cn_fix.h"

#define CN_KNOWN_OCTETS 32

struct cn_known {
	const char *hoa, *coa, *cn;
	uint8_t bu[12], ba[12], bu_delete[12], ba_delete[12];
};

/* Numbers 3 and 4, both of the same octets. */
static inline void
cn_known_nonces(struct mip6_node *n)
{
	struct cn_nonce *k;
	uint8_t i, j;

	for (i = 0; i < 2; i++) {
		k = &n->cn->rr.nonce[i];
		k->used = true;
		k->index = (uint16_t)(3 + i);
		k->since = n->now.boot;
		for (j = 0; j < sizeof(k->kcn); j++)
			k->kcn[j] = j;
		for (j = 0; j < sizeof(k->nonce); j++)
			k->nonce[j] = (uint8_t)(100 + j);
	}
}

/* The update, but for its checksum. */
static inline void
cn_known_update(const struct cn_known *k, bool deletes, uint8_t *mh)
{
	static const uint8_t bu[20] = { 59, 3, 5, 0, 0, 0, 0, 7, 0x80, 0, 0,
		100, 4, 4, 0, 3, 0, 4, 5, 12 };
	static const uint8_t del[20] = { 59, 3, 5, 0, 0, 0, 0, 8, 0x80, 0, 0, 0,
		4, 4, 0, 3, 0x03, 0xe7, 5, 12 };

	memcpy(mh, deletes ? del : bu, sizeof(bu));
	memcpy(mh + sizeof(bu), deletes ? k->bu_delete : k->bu, 12);
}

/* tunnel NULL: it came natively. */
static inline void
cn_known_give(struct fix *x, const struct cn_known *k, const uint8_t *mh,
    size_t count, const char *tunnel)
{
	uint8_t buf[256];
	struct mip6_wr w = mip6_wr_make(buf, sizeof(buf));
	struct mip6_ip6_out ip;
	struct mip6_event ev;
	size_t start, at;

	memset(&ip, 0, sizeof(ip));
	ip.ip.src = fix_addr(k->coa);
	ip.ip.dst = fix_addr(k->cn);
	ip.ip.hop_limit = 64;
	ip.upper = MIP6_NH_MH;
	ip.has_hao = true;
	ip.hao = fix_addr(k->hoa);
	start = mip6_ip6_begin(&w, &ip);
	at = w.pos;
	mip6_wr_octets(&w, mh, count);
	mip6_ip6_end(&w, start);
	assert_false(w.failed);
	mip6_mh_finish(buf + at, count, &ip.hao, &ip.ip.dst);
	memset(&ev, 0, sizeof(ev));
	ev.kind = MIP6_EV_HINT;
	ev.u.hint.kind = MIP6_HINT_PACKET;
	ev.u.hint.ifindex = x->ifindex;
	ev.u.hint.ll_src = fix_router_ll;
	ev.u.hint.octets = buf;
	ev.u.hint.count = w.pos;
	if (tunnel != NULL)
		ev.u.hint.tunnel_peer = fix_addr(tunnel);
	x->seen = x->sents;
	fix_give(x, &ev);
}

static inline void
cn_known_send(struct fix *x, const struct cn_known *k, bool deletes,
    const char *tunnel)
{
	uint8_t mh[CN_KNOWN_OCTETS];

	cn_known_update(k, deletes, mh);
	cn_known_give(x, k, mh, sizeof(mh), tunnel);
}

/* Is this the acknowledgement, every octet of it but the checksum? */
static inline bool
cn_known_is_ba(const struct cn_known *k, bool deletes, const uint8_t *octets,
    const struct mip6_ip6_view *ip)
{
	static const uint8_t options[8] = { 1, 4, 0, 0, 0, 0, 5, 12 };
	const uint8_t *mh = octets + ip->upper_at;
	const uint8_t head[6] = { 0, 0, 0, deletes ? 8 : 7, 0,
		deletes ? 0 : 100 };
	struct mip6_addr hoa = fix_addr(k->hoa), coa = fix_addr(k->coa);

	return ip->upper == MIP6_NH_MH && ip->upper_octets == 32 &&
	    mh[MIP6_MH_AT_TYPE] == MIP6_MH_BA &&
	    memcmp(mh + 6, head, sizeof(head)) == 0 &&
	    memcmp(mh + 12, options, sizeof(options)) == 0 &&
	    memcmp(mh + 20, deletes ? k->ba_delete : k->ba, 12) == 0 &&
	    ip->has_rh2 && mip6_addr_equal(&ip->rh2, &hoa) &&
	    mip6_addr_equal(&ip->ip.dst, &coa);
}

/* The next packet sent, natively. */
static inline bool
cn_known_answered(struct fix *x, const struct cn_known *k, bool deletes)
{
	const struct fix_sent *s = fix_next(x);

	return s != NULL && cn_known_is_ba(k, deletes, s->octets, &s->ip);
}

#endif
