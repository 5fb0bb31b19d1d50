/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Random valid messages and their comparison, for the tests that writing and
 * reading are inverse.  Values lean to boundaries.  A message may point into
 * the generator's octets, so it lives no longer than that.
 */
#ifndef UNIT_WIRE_GEN_H
#define UNIT_WIRE_GEN_H

#include "unit/support.h"

#include "base/time.h"
#include "wire/icmp6.h"
#include "wire/ip6.h"
#include "wire/mh.h"
#include "wire/nd.h"

struct gen {
	uint64_t state;
	uint8_t octets[3][256]; /* what views point at */
};

static inline struct gen
gen_make(uint64_t seed)
{
	struct gen g = { .state = seed };
	size_t i, j;

	for (i = 0; i < 3; i++)
		for (j = 0; j < 256; j++)
			g.octets[i][j] = (uint8_t)support_draw(&g.state);
	return g;
}

static inline uint64_t
gen_below(struct gen *g, uint64_t below)
{
	return support_draw(&g->state) % below;
}

static inline bool
gen_bool(struct gen *g)
{
	return gen_below(g, 2) == 1;
}

/* Often 0, 1, most or most - 1. */
static inline uint64_t
gen_edge(struct gen *g, uint64_t most)
{
	switch (gen_below(g, 8)) {
	case 0:
		return 0;
	case 1:
		return most > 0;
	case 2:
		return most;
	case 3:
		return most > 0 ? most - 1 : 0;
	default:
		return most == UINT64_MAX ? support_draw(&g->state) :
					    gen_below(g, most + 1);
	}
}

static inline void
gen_octets(struct gen *g, uint8_t *to, size_t count)
{
	size_t i;

	for (i = 0; i < count; i++)
		to[i] = (uint8_t)support_draw(&g->state);
}

static inline struct mip6_addr
gen_addr(struct gen *g)
{
	struct mip6_addr a;

	gen_octets(g, a.b, sizeof(a.b));
	/* 2000::/3: nothing that a validity rule would refuse. */
	a.b[0] = (uint8_t)(0x20 | (a.b[0] & 0x1f));
	return a;
}

static inline struct mip6_mh_auth
gen_auth(struct gen *g, size_t which, uint8_t count)
{
	return (struct mip6_mh_auth){
		.spi = (uint32_t)gen_edge(g, UINT32_MAX),
		.octets = g->octets[which],
		.count = count,
	};
}

static inline void
gen_mhopts(struct gen *g, enum mip6_mh_type type, struct mip6_mhopts *o)
{
	bool bu = type == MIP6_MH_BU, ba = type == MIP6_MH_BA;

	memset(o, 0, sizeof(*o));
	o->has_refresh_advice = ba && gen_bool(g);
	if (o->has_refresh_advice)
		o->refresh_advice = MIP6_SPAN_S(4 * gen_edge(g, UINT16_MAX));
	o->has_alt_coa = bu && gen_bool(g);
	if (o->has_alt_coa)
		o->alt_coa = gen_addr(g);
	o->has_nonce_indices = bu && gen_bool(g);
	if (o->has_nonce_indices) {
		o->home_nonce_index = (uint16_t)gen_edge(g, UINT16_MAX);
		o->coa_nonce_index = (uint16_t)gen_edge(g, UINT16_MAX);
	}
	o->has_mn_id = gen_below(g, 4) == 0;
	if (o->has_mn_id) {
		o->mn_id_subtype = (uint8_t)gen_edge(g, UINT8_MAX);
		o->mn_id_octets = (uint8_t)gen_edge(g, 254);
		o->mn_id = g->octets[0];
	}
	o->has_replay = (bu || ba) && gen_bool(g);
	if (o->has_replay)
		o->replay = gen_edge(g, UINT64_MAX);
	o->has_auth_data = (bu || ba) && gen_bool(g);
	if (o->has_auth_data) {
		o->auth_data = gen_auth(g, 1, MIP6_MH_AUTH_OCTETS);
		o->auth_data.spi = 0;
		return;
	}
	o->has_mn_ha = (bu || ba) && gen_bool(g);
	if (o->has_mn_ha)
		o->mn_ha = gen_auth(g, 1, MIP6_MH_AUTH_OCTETS);
	o->has_mn_aaa = bu && gen_bool(g);
	if (o->has_mn_aaa)
		o->mn_aaa = gen_auth(g, 2, (uint8_t)(1 + gen_edge(g, 249)));
}

static inline struct mip6_mh
gen_mh(struct gen *g, enum mip6_mh_type type)
{
	struct mip6_mh m;

	memset(&m, 0, sizeof(m));
	m.type = type;
	switch (type) {
	case MIP6_MH_BRR:
		break;
	case MIP6_MH_HOTI:
	case MIP6_MH_COTI:
		gen_octets(g, m.u.init.cookie, MIP6_MH_COOKIE_OCTETS);
		break;
	case MIP6_MH_HOT:
	case MIP6_MH_COT:
		m.u.test.nonce_index = (uint16_t)gen_edge(g, UINT16_MAX);
		gen_octets(g, m.u.test.cookie, MIP6_MH_COOKIE_OCTETS);
		gen_octets(g, m.u.test.token, MIP6_MH_COOKIE_OCTETS);
		break;
	case MIP6_MH_BU:
		m.u.bu.seq = (uint16_t)gen_edge(g, UINT16_MAX);
		m.u.bu.ack = gen_bool(g);
		m.u.bu.home = gen_bool(g);
		m.u.bu.link_local = gen_bool(g);
		m.u.bu.key = gen_bool(g);
		m.u.bu.lifetime = MIP6_SPAN_S(4 * gen_edge(g, UINT16_MAX));
		break;
	case MIP6_MH_BA:
		m.u.ba.status = (uint8_t)gen_edge(g, UINT8_MAX);
		m.u.ba.key = gen_bool(g);
		m.u.ba.seq = (uint16_t)gen_edge(g, UINT16_MAX);
		m.u.ba.lifetime = MIP6_SPAN_S(4 * gen_edge(g, UINT16_MAX));
		break;
	case MIP6_MH_BE:
		m.u.be.status = (uint8_t)gen_edge(g, UINT8_MAX);
		m.u.be.hoa = gen_addr(g);
		break;
	}
	gen_mhopts(g, type, &m.opt);
	return m;
}

static inline void
gen_same_auth(const struct mip6_mh_auth *a, const struct mip6_mh_auth *b)
{
	assert_true(a->spi == b->spi);
	assert_int_equal(a->count, b->count);
	assert_memory_equal(a->octets, b->octets, a->count);
}

static inline void
gen_same_mhopts(const struct mip6_mhopts *a, const struct mip6_mhopts *b)
{
	assert_int_equal(a->has_refresh_advice, b->has_refresh_advice);
	assert_int_equal(a->has_alt_coa, b->has_alt_coa);
	assert_int_equal(a->has_nonce_indices, b->has_nonce_indices);
	assert_int_equal(a->has_auth_data, b->has_auth_data);
	assert_int_equal(a->has_mn_id, b->has_mn_id);
	assert_int_equal(a->has_mn_ha, b->has_mn_ha);
	assert_int_equal(a->has_mn_aaa, b->has_mn_aaa);
	assert_int_equal(a->has_replay, b->has_replay);
	assert_true(a->refresh_advice.us == b->refresh_advice.us);
	assert_memory_equal(a->alt_coa.b, b->alt_coa.b, 16);
	assert_int_equal(a->home_nonce_index, b->home_nonce_index);
	assert_int_equal(a->coa_nonce_index, b->coa_nonce_index);
	assert_true(a->replay == b->replay);
	assert_int_equal(a->mn_id_subtype, b->mn_id_subtype);
	assert_int_equal(a->mn_id_octets, b->mn_id_octets);
	if (a->has_mn_id)
		assert_memory_equal(a->mn_id, b->mn_id, a->mn_id_octets);
	if (a->has_auth_data)
		gen_same_auth(&a->auth_data, &b->auth_data);
	if (a->has_mn_ha)
		gen_same_auth(&a->mn_ha, &b->mn_ha);
	if (a->has_mn_aaa)
		gen_same_auth(&a->mn_aaa, &b->mn_aaa);
	assert_int_equal(a->unknown, b->unknown);
}

static inline void
gen_same_mh(const struct mip6_mh *a, const struct mip6_mh *b)
{
	assert_int_equal(a->type, b->type);
	switch (a->type) {
	case MIP6_MH_BRR:
		break;
	case MIP6_MH_HOTI:
	case MIP6_MH_COTI:
		assert_memory_equal(a->u.init.cookie, b->u.init.cookie, 8);
		break;
	case MIP6_MH_HOT:
	case MIP6_MH_COT:
		assert_int_equal(a->u.test.nonce_index, b->u.test.nonce_index);
		assert_memory_equal(a->u.test.cookie, b->u.test.cookie, 8);
		assert_memory_equal(a->u.test.token, b->u.test.token, 8);
		break;
	case MIP6_MH_BU:
		assert_int_equal(a->u.bu.seq, b->u.bu.seq);
		assert_int_equal(a->u.bu.ack, b->u.bu.ack);
		assert_int_equal(a->u.bu.home, b->u.bu.home);
		assert_int_equal(a->u.bu.link_local, b->u.bu.link_local);
		assert_int_equal(a->u.bu.key, b->u.bu.key);
		assert_true(a->u.bu.lifetime.us == b->u.bu.lifetime.us);
		break;
	case MIP6_MH_BA:
		assert_int_equal(a->u.ba.status, b->u.ba.status);
		assert_int_equal(a->u.ba.key, b->u.ba.key);
		assert_int_equal(a->u.ba.seq, b->u.ba.seq);
		assert_true(a->u.ba.lifetime.us == b->u.ba.lifetime.us);
		break;
	case MIP6_MH_BE:
		assert_int_equal(a->u.be.status, b->u.be.status);
		assert_memory_equal(a->u.be.hoa.b, b->u.be.hoa.b, 16);
		break;
	}
	gen_same_mhopts(&a->opt, &b->opt);
}

static inline struct mip6_span
gen_lifetime(struct gen *g)
{
	uint64_t s = gen_edge(g, UINT32_MAX);

	return s == UINT32_MAX ? MIP6_ND_INFINITE : MIP6_SPAN_S(s);
}

static inline void
gen_prefixes(struct gen *g, struct mip6_nd_opts *o)
{
	struct mip6_nd_prefix *p;
	uint8_t i;

	o->prefix_count = (uint8_t)gen_edge(g, MIP6_ND_PREFIXES_MAX);
	for (i = 0; i < o->prefix_count; i++) {
		p = &o->prefix[i];
		p->addr = gen_addr(g);
		p->bits = (uint8_t)gen_edge(g, 128);
		p->on_link = gen_bool(g);
		p->autonomous = gen_bool(g);
		p->router = gen_bool(g);
		p->valid = gen_lifetime(g);
		p->preferred = gen_lifetime(g);
	}
}

static inline void
gen_ra(struct gen *g, struct mip6_nd *n)
{
	struct mip6_nd_opts *o = &n->opt;

	n->u.ra.hop_limit = (uint8_t)gen_edge(g, UINT8_MAX);
	n->u.ra.managed = gen_bool(g);
	n->u.ra.other = gen_bool(g);
	n->u.ra.home_agent = gen_bool(g);
	n->u.ra.router_lifetime = MIP6_SPAN_S(gen_edge(g, UINT16_MAX));
	n->u.ra.reachable = MIP6_SPAN_MS(gen_edge(g, UINT32_MAX));
	n->u.ra.retrans = MIP6_SPAN_MS(gen_edge(g, UINT32_MAX));
	gen_prefixes(g, o);
	o->has_mtu = gen_bool(g);
	if (o->has_mtu)
		o->mtu = (uint32_t)gen_edge(g, UINT32_MAX);
	o->has_adv_interval = gen_bool(g);
	if (o->has_adv_interval)
		o->adv_interval = MIP6_SPAN_MS(gen_edge(g, UINT32_MAX));
	o->has_ha_info = gen_bool(g);
	if (o->has_ha_info) {
		o->ha_preference = (uint16_t)gen_edge(g, UINT16_MAX);
		o->ha_lifetime = MIP6_SPAN_S(gen_edge(g, UINT16_MAX));
	}
}

static inline struct mip6_nd
gen_nd(struct gen *g, uint8_t type)
{
	struct mip6_nd n;

	memset(&n, 0, sizeof(n));
	n.type = type;
	n.opt.has_slla = type != MIP6_ND_NA && gen_bool(g);
	if (n.opt.has_slla)
		gen_octets(g, n.opt.slla.b, sizeof(n.opt.slla.b));
	n.opt.has_tlla = type == MIP6_ND_NA && gen_bool(g);
	if (n.opt.has_tlla)
		gen_octets(g, n.opt.tlla.b, sizeof(n.opt.tlla.b));
	if (type == MIP6_ND_RA)
		gen_ra(g, &n);
	if (type == MIP6_ND_NS)
		n.u.ns.target = gen_addr(g);
	if (type == MIP6_ND_NA) {
		n.u.na.target = gen_addr(g);
		n.u.na.router = gen_bool(g);
		n.u.na.solicited = gen_bool(g);
		n.u.na.override = gen_bool(g);
	}
	return n;
}

static inline void
gen_same_prefix(const struct mip6_nd_prefix *a, const struct mip6_nd_prefix *b)
{
	assert_memory_equal(a->addr.b, b->addr.b, 16);
	assert_int_equal(a->bits, b->bits);
	assert_int_equal(a->on_link, b->on_link);
	assert_int_equal(a->autonomous, b->autonomous);
	assert_int_equal(a->router, b->router);
	assert_true(a->valid.us == b->valid.us);
	assert_true(a->preferred.us == b->preferred.us);
}

static inline void
gen_same_nd_opts(const struct mip6_nd_opts *a, const struct mip6_nd_opts *b)
{
	size_t i;

	assert_int_equal(a->has_slla, b->has_slla);
	assert_int_equal(a->has_tlla, b->has_tlla);
	assert_int_equal(a->has_mtu, b->has_mtu);
	assert_int_equal(a->has_adv_interval, b->has_adv_interval);
	assert_int_equal(a->has_ha_info, b->has_ha_info);
	assert_memory_equal(a->slla.b, b->slla.b, 6);
	assert_memory_equal(a->tlla.b, b->tlla.b, 6);
	assert_true(a->mtu == b->mtu);
	assert_true(a->adv_interval.us == b->adv_interval.us);
	assert_int_equal(a->ha_preference, b->ha_preference);
	assert_true(a->ha_lifetime.us == b->ha_lifetime.us);
	assert_int_equal(a->prefix_count, b->prefix_count);
	for (i = 0; i < a->prefix_count; i++)
		gen_same_prefix(&a->prefix[i], &b->prefix[i]);
	assert_int_equal(a->prefixes_over, b->prefixes_over);
	assert_int_equal(a->unknown, b->unknown);
}

static inline void
gen_same_nd(const struct mip6_nd *a, const struct mip6_nd *b)
{
	assert_int_equal(a->type, b->type);
	if (a->type == MIP6_ND_RA) {
		assert_int_equal(a->u.ra.hop_limit, b->u.ra.hop_limit);
		assert_int_equal(a->u.ra.managed, b->u.ra.managed);
		assert_int_equal(a->u.ra.other, b->u.ra.other);
		assert_int_equal(a->u.ra.home_agent, b->u.ra.home_agent);
		assert_true(
		    a->u.ra.router_lifetime.us == b->u.ra.router_lifetime.us);
		assert_true(a->u.ra.reachable.us == b->u.ra.reachable.us);
		assert_true(a->u.ra.retrans.us == b->u.ra.retrans.us);
	}
	if (a->type == MIP6_ND_NS)
		assert_memory_equal(a->u.ns.target.b, b->u.ns.target.b, 16);
	if (a->type == MIP6_ND_NA) {
		assert_memory_equal(a->u.na.target.b, b->u.na.target.b, 16);
		assert_int_equal(a->u.na.router, b->u.na.router);
		assert_int_equal(a->u.na.solicited, b->u.na.solicited);
		assert_int_equal(a->u.na.override, b->u.na.override);
	}
	gen_same_nd_opts(&a->opt, &b->opt);
}

#endif
