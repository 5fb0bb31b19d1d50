/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A mobile node with route optimization, and a correspondent that computes its
 * tokens as the RFC says.
 */
#ifndef UNIT_MN_RO_FIX_H
#define UNIT_MN_RO_FIX_H

#include "mn_fix.h"

#include "core/mn_ro_int.h"

#define FIX_PEER "2001:db8:c::100"

struct ro_fix {
	struct fix x;
	const char *peer;
	uint8_t kcn[MIP6_KCN_OCTETS];
	uint8_t nonce[2][MIP6_NONCE_OCTETS]; /* of the home, of the care-of */
	uint16_t index[2];
	/* The last of each that the mobile node sent. */
	struct mip6_mh hoti, coti, bu;
	struct mip6_addr hoti_src, coti_src;
	bool hoti_tunnelled;
	struct mip6_time hoti_at, coti_at, bu_at;
	struct mip6_ip6_view bu_ip;
	uint8_t bu_octets[256];
	size_t bu_count;
	uint32_t hotis, cotis, bus; /* so far */
};

static inline struct ro_peer *
ro_entry(struct ro_fix *f)
{
	struct mip6_addr hoa = fix_addr(FIX_HOA), peer = fix_addr(f->peer);

	return ro_find(f->x.node, &hoa, &peer);
}

/* The message in a packet for the correspondent; false: it is none. */
static inline bool
ro_message(struct ro_fix *f, const struct mip6_act_send *s, struct mip6_mh *m,
    struct mip6_ip6_view *ip)
{
	struct mip6_addr peer = fix_addr(f->peer);

	assert_int_equal(mip6_ip6_view(s->octets, s->count, ip, NULL),
	    MIP6_PARSE_OK);
	if (ip->upper != MIP6_NH_MH || !mip6_addr_equal(&ip->ip.dst, &peer))
		return false;
	assert_false(ip->has_rh2);
	assert_int_equal(mip6_mh_receive(s->octets + ip->upper_at,
			     ip->upper_octets, &ip->eff_src, &ip->eff_dst, m,
			     NULL),
	    MIP6_PARSE_OK);
	return true;
}

/* Takes note of what the mobile node sends to the correspondent. */
static inline void
ro_tap(struct fix *x, const struct mip6_action *a)
{
	struct ro_fix *f = (struct ro_fix *)(void *)x; /* its first member */
	struct mip6_ip6_view ip;
	struct mip6_mh m;

	if ((a->kind != MIP6_ACT_SEND && a->kind != MIP6_ACT_SEND_TUNNELLED) ||
	    !ro_message(f, &a->u.send, &m, &ip))
		return;
	if (m.type == MIP6_MH_HOTI) {
		f->hoti = m;
		f->hoti_src = ip.ip.src;
		f->hoti_at = x->now.boot;
		f->hoti_tunnelled = a->kind == MIP6_ACT_SEND_TUNNELLED;
		f->hotis++;
		assert_false(ip.has_hao);
		return;
	}
	assert_int_equal(a->kind, MIP6_ACT_SEND);
	if (m.type == MIP6_MH_COTI) {
		f->coti = m;
		f->coti_src = ip.ip.src;
		f->coti_at = x->now.boot;
		f->cotis++;
		assert_false(ip.has_hao);
	} else {
		assert_int_equal(m.type, MIP6_MH_BU);
		assert_true(a->u.send.count <= sizeof(f->bu_octets));
		memcpy(f->bu_octets, a->u.send.octets, a->u.send.count);
		f->bu_count = a->u.send.count;
		f->bu = m;
		f->bu_ip = ip;
		f->bu_at = x->now.boot;
		f->bus++;
	}
}

/* The path: a packet of ours, or for us, went through the tunnel. */
static inline void
ro_hint(struct ro_fix *f, enum mip6_hint_kind kind)
{
	struct mip6_event ev;

	memset(&ev, 0, sizeof(ev));
	ev.kind = MIP6_EV_HINT;
	ev.u.hint.kind = kind;
	ev.u.hint.src = fix_addr(FIX_HOA);
	ev.u.hint.dst = fix_addr(f->peer);
	fix_give(&f->x, &ev);
}

/* Registered with the home agent, route optimization with everybody. */
static inline struct ro_fix *
ro_new(void)
{
	struct ro_fix *f = test_malloc(sizeof(*f));
	struct mip6_conf_sa sa = fix_sa();
	const struct fix_sent *s;
	struct fix_ba ba;
	struct mip6_mh m;
	size_t i;

	memset(f, 0, sizeof(*f));
	f->peer = FIX_PEER;
	for (i = 0; i < sizeof(f->kcn); i++)
		f->kcn[i] = (uint8_t)(i + 3);
	memset(f->nonce[0], 0x11, sizeof(f->nonce[0]));
	memset(f->nonce[1], 0x22, sizeof(f->nonce[1]));
	f->index[0] = 7;
	f->index[1] = 8;
	fix_mn(&f->x);
	f->x.tap = ro_tap;
	f->x.conf.mn.optimize = MIP6_OPTIMIZE_ALL;
	fix_configure(&f->x);
	fix_link(&f->x, true);
	fix_ra(&f->x, "2001:db8:a::", 9000);
	s = fix_next_mh(&f->x, &m);
	assert_non_null(s);
	ba = fix_accept(&m, &sa);
	fix_answer(&f->x, s, NULL, &ba);
	assert_int_equal(home(&f->x)->state, MN_REGISTERED);
	return f;
}

static inline void
ro_end(struct ro_fix *f)
{
	fix_fini(&f->x);
	test_free(f);
}

/* Answers what the home agent was sent last. */
static inline void
ro_register(struct ro_fix *f)
{
	struct mip6_conf_sa sa = fix_sa();
	const struct fix_sent *s = NULL, *t;
	struct mip6_mh m, last;
	struct fix_ba ba;

	memset(&last, 0, sizeof(last));
	while ((t = fix_next_mh(&f->x, &m)) != NULL) {
		if (m.type != MIP6_MH_BU || !m.u.bu.home)
			continue;
		s = t;
		last = m;
	}
	assert_non_null(s);
	ba = fix_accept(&last, &sa);
	fix_answer(&f->x, s, NULL, &ba);
}

/* How a message of the correspondent is addressed and what is wrong with it. */
struct ro_from {
	const char *src, *dst; /* NULL: as it should be */
	const char *hao;       /* NULL: none */
	const char *tunnel;    /* NULL: it came natively */
	bool rh2;
};

static inline void
ro_give(struct ro_fix *f, struct mip6_mh *m, const struct ro_from *from,
    const struct mip6_addr *dst, const struct mh_kbm *kbm)
{
	struct mip6_addr hoa = fix_addr(FIX_HOA), hao;
	struct mip6_mh_to to;
	struct mip6_event ev;
	uint8_t buf[640];

	memset(&to, 0, sizeof(to));
	to.src = fix_addr(from->src != NULL ? from->src : f->peer);
	to.dst = from->dst != NULL ? fix_addr(from->dst) : *dst;
	if (from->hao != NULL) {
		hao = fix_addr(from->hao);
		to.hao = &hao;
	}
	to.rh2 = from->rh2 ? &hoa : NULL;
	to.kbm = kbm;
	memset(&ev, 0, sizeof(ev));
	ev.kind = MIP6_EV_HINT;
	ev.u.hint.kind = MIP6_HINT_PACKET;
	ev.u.hint.ifindex = f->x.ifindex;
	ev.u.hint.ll_src = fix_router_ll;
	ev.u.hint.octets = buf;
	ev.u.hint.count =
	    mh_build(f->x.node, buf, sizeof(buf), &to, m, NULL, NULL, NULL);
	assert_true(ev.u.hint.count > 0);
	if (from->tunnel != NULL)
		ev.u.hint.tunnel_peer = fix_addr(from->tunnel);
	fix_give(&f->x, &ev);
}

/* The test message that the correspondent would send. */
static inline struct mip6_mh
ro_test_of(struct ro_fix *f, bool care_of)
{
	struct mip6_mh m;

	memset(&m, 0, sizeof(m));
	m.type = care_of ? MIP6_MH_COT : MIP6_MH_HOT;
	m.u.test.nonce_index = f->index[care_of];
	memcpy(m.u.test.cookie,
	    care_of ? f->coti.u.init.cookie : f->hoti.u.init.cookie,
	    sizeof(m.u.test.cookie));
	assert_true(
	    rr_token(f->x.node, f->kcn, care_of ? &f->coti_src : &f->hoti_src,
		f->nonce[care_of], care_of, m.u.test.token));
	return m;
}

static inline void
ro_hot(struct ro_fix *f)
{
	const struct ro_from from = { .tunnel = f->hoti_tunnelled ? FIX_AGENT :
								    NULL };
	struct mip6_mh m = ro_test_of(f, false);

	ro_give(f, &m, &from, &f->hoti_src, NULL);
}

static inline void
ro_cot(struct ro_fix *f)
{
	const struct ro_from from = { .src = NULL };
	struct mip6_mh m = ro_test_of(f, true);

	ro_give(f, &m, &from, &f->coti_src, NULL);
}

/* Kbm as the correspondent computes it for the last update. */
static inline struct mh_kbm
ro_kbm(struct ro_fix *f)
{
	struct mip6_addr hoa = fix_addr(FIX_HOA);
	uint8_t home[MIP6_KEYGEN_OCTETS], care_of[MIP6_KEYGEN_OCTETS];
	bool deletes = f->bu.u.bu.lifetime.us == 0;
	struct mh_kbm k;

	memset(&k, 0, sizeof(k));
	/* Section 6.2.7. */
	k.coa = deletes ? hoa : f->bu_ip.ip.src;
	k.correspondent = fix_addr(f->peer);
	assert_true(
	    rr_token(f->x.node, f->kcn, &hoa, f->nonce[0], false, home));
	assert_true(
	    rr_token(f->x.node, f->kcn, &k.coa, f->nonce[1], true, care_of));
	assert_true(rr_kbm(f->x.node, home, deletes ? NULL : care_of, k.key));
	return k;
}

/* Is the last update one that the correspondent accepts? */
static inline bool
ro_bu_right(struct ro_fix *f)
{
	const uint8_t *mh = f->bu_octets + f->bu_ip.upper_at;
	struct mh_kbm k = ro_kbm(f);
	struct mip6_mh m;

	assert_int_equal(mip6_mh_read(mh, f->bu_ip.upper_octets, &m, NULL),
	    MIP6_PARSE_OK);
	return rr_verify(f->x.node, &k, mh, &m);
}

/* Answers the last update. */
static inline void
ro_ba(struct ro_fix *f, uint8_t status, bool is_signed, int seq_off)
{
	const struct ro_from from = { .rh2 = f->bu_ip.has_hao };
	struct mh_kbm k = ro_kbm(f);
	struct mip6_mh m;

	memset(&m, 0, sizeof(m));
	m.type = MIP6_MH_BA;
	m.u.ba.status = status;
	m.u.ba.seq = (uint16_t)(f->bu.u.bu.seq + seq_off);
	m.u.ba.lifetime = status < 128 ? f->bu.u.bu.lifetime : MIP6_SPAN_S(0);
	ro_give(f, &m, &from, &f->bu_ip.ip.src, is_signed ? &k : NULL);
}

/* Traffic, both tests, update, acknowledgement. */
static inline struct ro_fix *
ro_direct(void)
{
	struct ro_fix *f = ro_new();

	ro_hint(f, MIP6_HINT_NO_ROW);
	ro_hot(f);
	ro_cot(f);
	ro_ba(f, MIP6_BA_ACCEPTED, true, 0);
	assert_int_equal(ro_entry(f)->state, RO_BOUND);
	return f;
}

/* Where packets go now. */
static inline bool
ro_mine(struct ro_fix *f, struct direct_mine *to)
{
	struct mip6_addr hoa = fix_addr(FIX_HOA), peer = fix_addr(f->peer);

	memset(to, 0, sizeof(*to));
	return mn_ro_mine(f->x.node, &hoa, &peer, to);
}

/* The link goes and comes with another prefix. */
static inline void
ro_move(struct ro_fix *f, const char *prefix)
{
	fix_link(&f->x, false);
	fix_link(&f->x, true);
	fix_ra(&f->x, prefix, 9000);
}

#endif
