/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * More of the script of fuzz_node: discovery of home agents and prefixes,
 * listener reports, and the store.
 *
 * Records that come back are what the node wrote in this or a former life, or
 * made up; a made up one is sealed as the node would, since the host's secret
 * is all zeroes here: so hostile contents get past the seal.
 */
#ifndef FUZZ_NODE_DISCOVERY_H
#define FUZZ_NODE_DISCOVERY_H

#include "base/hash.h"
#include "fuzz/node_script.h"

/* An ICMPv6 message behind `o`; its checksum is of the effective ends. */
static inline size_t
script_icmp(struct node_script *s, const struct mip6_ip6_out *o,
    const struct mip6_dhaad *d, const struct mip6_mp *m)
{
	struct mip6_wr w = mip6_wr_make(s->packet, sizeof(s->packet));
	size_t start = mip6_ip6_begin(&w, o), at = w.pos;

	if (d != NULL)
		mip6_dhaad_write(&w, d);
	else
		mip6_mp_write(&w, m);
	mip6_ip6_end(&w, start);
	if (w.failed)
		return 0;
	mip6_icmp6_finish(s->packet + at, w.pos - at,
	    o->has_hao ? &o->hao : &o->ip.src,
	    o->has_rh2 ? &o->rh2 : &o->ip.dst);
	return w.pos;
}

/* A request of the node's: an answer may fit it. */
static inline void
node_script_saw_asking(struct node_script *s, const struct mip6_ip6_view *v,
    const uint8_t *octets)
{
	uint8_t type = octets[v->upper_at];

	if ((type != MIP6_ICMP6_DHAAD_REQUEST && type != MIP6_ICMP6_MPS) ||
	    v->upper_octets < 8)
		return;
	s->asked_from = v->ip.src;
	s->asked_hoa = v->eff_src;
	s->asked_id =
	    (uint16_t)(octets[v->upper_at + 4] << 8 | octets[v->upper_at + 5]);
}

static inline size_t
script_dhaad(struct node_script *s, uint8_t how)
{
	struct mip6_prefix home = { script_named("2001:db8:1::"), 64 };
	struct mip6_ip6_out o;
	struct mip6_dhaad d;
	uint8_t i;

	memset(&o, 0, sizeof(o));
	memset(&d, 0, sizeof(d));
	o.ip.src = script_addr(s);
	o.ip.dst = script_addr(s);
	o.ip.hop_limit = 64;
	o.upper = MIP6_NH_ICMPV6;
	d.type =
	    (how & 1) != 0 ? MIP6_ICMP6_DHAAD_REPLY : MIP6_ICMP6_DHAAD_REQUEST;
	d.id = (how & 2) != 0 ? mip6_rd_u16(&s->rd) : s->asked_id;
	if ((how & 1) == 0 && (how & 4) != 0)
		(void)mip6_prefix_home_agents(&home, &o.ip.dst);
	if ((how & 1) != 0) {
		if ((how & 4) != 0)
			o.ip.dst = s->asked_from;
		d.addr_count = (how >> 3) & 15;
		for (i = 0; i < d.addr_count; i++)
			d.addr[i] = script_addr(s);
	}
	return script_icmp(s, &o, &d, NULL);
}

static inline size_t
script_mp(struct node_script *s, uint8_t how)
{
	struct mip6_nd_prefix *p;
	struct mip6_ip6_out o;
	struct mip6_mp m;
	uint8_t i;

	memset(&o, 0, sizeof(o));
	memset(&m, 0, sizeof(m));
	o.ip.src = script_addr(s);
	o.ip.dst = script_addr(s);
	o.ip.hop_limit = 64;
	o.upper = MIP6_NH_ICMPV6;
	m.id = (how & 2) != 0 ? mip6_rd_u16(&s->rd) : s->asked_id;
	if ((how & 1) == 0) {
		m.type = MIP6_ICMP6_MPS;
		o.has_hao = true;
		o.hao = script_addr(s);
		return script_icmp(s, &o, NULL, &m);
	}
	m.type = MIP6_ICMP6_MPA;
	m.managed = (how & 4) != 0;
	o.has_rh2 = true;
	o.rh2 = script_addr(s);
	if ((how & 8) == 0) {
		o.ip.src = script_named("2001:db8:1::1");
		o.ip.dst = s->asked_from;
		o.rh2 = s->asked_hoa;
	}
	m.opt.prefix_count = (how >> 4) & 7;
	for (i = 0; i < m.opt.prefix_count; i++) {
		p = &m.opt.prefix[i];
		p->addr = script_addr(s);
		p->bits = 64;
		p->on_link = p->autonomous = p->router = true;
		p->valid = MIP6_SPAN_S(mip6_rd_u16(&s->rd));
		p->preferred = MIP6_SPAN_S(mip6_rd_u16(&s->rd));
	}
	return script_icmp(s, &o, NULL, &m);
}

/* A listener report or query, or one that is nearly one. */
static inline size_t
script_mld(struct node_script *s, uint8_t how)
{
	struct mip6_wr w = mip6_wr_make(s->packet, sizeof(s->packet));
	const struct mip6_addr dst = script_named("ff02::16");
	struct mip6_addr src = script_named("fe80::5"), a;
	uint8_t i, k, records = (how >> 4) & 7, sources;
	size_t at;

	mip6_wr_u32(&w, 0x60000000);
	mip6_wr_u16(&w, 0); /* set below */
	mip6_wr_u8(&w, 0);
	mip6_wr_u8(&w, (how & 1) != 0 ? 64 : 1);
	mip6_wr_addr(&w, &src);
	mip6_wr_addr(&w, &dst);
	mip6_wr_u64(&w, UINT64_C(0x3a00050200000100));
	at = w.pos;
	mip6_wr_u8(&w, (how & 2) != 0 ? 130 : 143);
	mip6_wr_u8(&w, 0);
	mip6_wr_u16(&w, 0);
	mip6_wr_u16(&w, 0);
	mip6_wr_u16(&w, (uint16_t)(records + ((how & 4) != 0)));
	for (i = 0; i < records; i++) {
		k = mip6_rd_u8(&s->rd);
		sources = (k >> 3) & 15;
		mip6_wr_u8(&w, k & 7);
		mip6_wr_u8(&w, 0);
		mip6_wr_u16(&w, sources);
		a = script_named("ff0e::1");
		a.b[15] = mip6_rd_u8(&s->rd) & 31;
		mip6_wr_addr(&w, &a);
		for (k = 0; k < sources; k++) {
			a = script_addr(s);
			mip6_wr_addr(&w, &a);
		}
	}
	if (w.failed)
		return 0;
	s->packet[4] = (uint8_t)((w.pos - 40) >> 8);
	s->packet[5] = (uint8_t)(w.pos - 40);
	mip6_icmp6_finish(s->packet + at, w.pos - at, &src, &dst);
	return w.pos;
}

static inline size_t
script_discovery(struct node_script *s)
{
	uint8_t how = mip6_rd_u8(&s->rd), kind = mip6_rd_u8(&s->rd) % 3;

	if (kind == 0)
		return script_dhaad(s, how);
	return kind == 1 ? script_mp(s, how) : script_mld(s, how);
}

/* ---- the store ---- */

static inline void
node_script_saw_store(struct node_script *s, const struct mip6_act_store *a)
{
	struct node_script_record *r = NULL;
	size_t i;

	for (i = 0; i < NODE_SCRIPT_RECORDS && r == NULL; i++)
		if (s->record[i].count > 0 && s->record[i].table == a->table &&
		    mip6_addr_equal(&s->record[i].key, &a->key))
			r = &s->record[i];
	if (r == NULL)
		r = &s->record[s->records++ % NODE_SCRIPT_RECORDS];
	r->table = a->table;
	r->key = a->key;
	r->count = a->count;
	if (a->count > sizeof(r->octets))
		abort();
	if (a->count > 0)
		memcpy(r->octets, a->octets, a->count);
}

/* Sealed as src/core/store.c does, by the secret of zeroes. */
static inline void
script_seal(struct node_script *s, struct node_script_record *r, size_t count)
{
	static const char label[] = "mip6d store 1";
	const struct mip6_iovec v = { label, sizeof(label) };
	uint8_t secret[MIP6_SEED_OCTETS] = { 0 }, mac[MIP6_SHA1_OCTETS];
	uint8_t buf[17 + MIP6_STORE_OCTETS_MAX];
	struct mip6_wr w = mip6_wr_make(buf, sizeof(buf));
	struct mip6_hash_key key;
	uint64_t seal;

	if (!mip6_crypto_hmac_sha1(s->crypto, secret, sizeof(secret), &v, 1,
		mac))
		abort();
	memcpy(key.k, mac, 2 * sizeof(key.k[0]));
	mip6_wr_u8(&w, (uint8_t)r->table);
	mip6_wr_addr(&w, &r->key);
	mip6_wr_octets(&w, r->octets, count);
	seal = mip6_hash_octets(&key, buf, w.pos);
	w = mip6_wr_make(r->octets + count, 8);
	mip6_wr_u64(&w, seal);
	r->count = count + 8;
}

static inline void
script_restore(struct node_script *s, struct mip6_ev_restore *to)
{
	uint8_t how = mip6_rd_u8(&s->rd), k, from;
	struct node_script_record *r = &s->made_up;

	if ((how & 15) == 0) {
		to->end = true;
		to->damaged = (how & 16) != 0;
		return;
	}
	*r = s->record[(how >> 4) % NODE_SCRIPT_RECORDS];
	/* Made up, or what was written but for a few octets. */
	if ((how & 1) != 0) {
		r->table = (enum mip6_store_table)(mip6_rd_u8(&s->rd) % 3);
		r->key = script_addr(s);
		r->count = mip6_rd_u8(&s->rd) % 200;
		mip6_rd_octets(&s->rd, r->octets,
		    r->count < mip6_rd_left(&s->rd) ? r->count :
						      mip6_rd_left(&s->rd));
		script_seal(s, r, r->count);
	} else if ((how & 2) != 0 && r->count > 8) {
		for (k = (how >> 2) & 3; k > 0; k--) {
			from = mip6_rd_u8(&s->rd);
			r->octets[from % (r->count - 8)] = mip6_rd_u8(&s->rd);
		}
		if ((how & 4) != 0)
			r->key = script_addr(s);
		script_seal(s, r, r->count - 8);
	}
	to->table = r->table;
	to->key = r->key;
	to->octets = r->octets;
	to->count = r->count;
}

/* What a name means, as whoever resolves says. */
static inline void
script_name(struct node_script *s, struct mip6_ev_name *to, uint64_t id)
{
	uint8_t how = mip6_rd_u8(&s->rd);
	uint32_t i;

	to->action = id;
	to->error = (how & 1) != 0 ? 2 : 0;
	to->addrs = (how >> 1) % (MIP6_NAME_ADDRS_MAX + 1);
	for (i = 0; i < to->addrs; i++)
		to->addr[i] = script_addr(s);
}

#endif
