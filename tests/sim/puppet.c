/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Implements: RFC 4285 section 5.1 (once more), RFC 6275 section 6.1.7 and
 * 6.1.8 as a sender.
 */
#include "sim/puppet.h"

#include <stdlib.h>
#include <string.h>

#include "base/rw.h"
#include "crypto/crypto.h"

#define PUPPET_OCTETS_MAX 1400

static void *
puppet_alloc(void *arg, size_t octets)
{
	(void)arg;
	return calloc(1, octets);
}

static void
puppet_release(void *arg, void *mem, size_t octets)
{
	(void)arg;
	(void)octets;
	free(mem);
}

/*
 * First 96 bits of HMAC-SHA1 over care-of address, home address and the
 * Mobility Header up to `count`, its checksum 0.
 */
static void
puppet_mac(const struct mip6_conf_sa *sa, const struct mip6_addr *coa,
    const struct mip6_addr *hoa, const uint8_t *mh, size_t count,
    uint8_t mac[MIP6_SHA1_OCTETS])
{
	const struct mip6_alloc alloc = { puppet_alloc, puppet_release, NULL };
	struct mip6_crypto *c = mip6_crypto_new(&alloc);
	uint8_t data[PUPPET_OCTETS_MAX];
	struct mip6_iovec v[3] = { { coa->b, 16 }, { hoa->b, 16 },
		{ data, count } };

	if (c == NULL || count > sizeof(data))
		abort();
	memcpy(data, mh, count);
	data[4] = data[5] = 0;
	if (!mip6_crypto_hmac_sha1(c, sa->key, sa->key_octets, v, 3, mac))
		abort();
	mip6_crypto_free(c);
}

bool
sim_puppet_authentic(const struct mip6_conf_sa *sa, const struct sim_sight *s,
    const struct mip6_addr *coa, const struct mip6_addr *hoa)
{
	const uint8_t *mh = s->octets + MIP6_ETH_OCTETS + s->v.upper_at;
	uint8_t mac[MIP6_SHA1_OCTETS];

	if (!s->mh.opt.has_mn_ha || s->mh.opt.mn_ha.spi != sa->spi)
		return false;
	puppet_mac(sa, coa, hoa, mh, s->mh.opt.mn_ha.at, mac);
	return memcmp(mac, mh + s->mh.opt.mn_ha.at, MIP6_MH_AUTH_OCTETS) == 0;
}

static void
puppet_input(void *arg, struct sim_host *h, const struct mip6_ip6_view *v,
    const uint8_t *octets)
{
	struct sim_puppet *p = arg;

	(void)h;
	if (!mip6_addr_equal(&v->ip.dst, &p->addr) ||
	    v->octets + MIP6_ETH_OCTETS > sizeof(p->octets))
		return;
	memset(p->octets, 0, MIP6_ETH_OCTETS);
	p->octets[12] = MIP6_ETHERTYPE_IPV6 >> 8;
	p->octets[13] = MIP6_ETHERTYPE_IPV6 & 0xff;
	memcpy(p->octets + MIP6_ETH_OCTETS, octets, v->octets);
	sim_sight_read(&p->last, p->octets, v->octets + MIP6_ETH_OCTETS);
	p->last.at_us = p->host->sim->now_us;
	p->received++;
	if (p->heard != NULL)
		p->heard(p->arg, p, &p->last);
}

void
sim_puppet_init(struct sim_puppet *p, struct sim_host *h,
    const struct mip6_addr *addr, const struct mip6_conf_sa *sa)
{
	memset(p, 0, sizeof(*p));
	p->host = h;
	p->addr = *addr;
	p->sa = *sa;
	h->mobility = true;
	sim_host_upper(h, MIP6_NH_MH, puppet_input, p);
}

struct sim_message
sim_puppet_bu(const struct sim_puppet *p, const struct sim_world *w,
    const struct mip6_addr *hoa, uint16_t seq, int64_t lifetime_s)
{
	struct sim_message m;
	struct mip6_now now = sim_daemon_now(&w->had);

	memset(&m, 0, sizeof(m));
	m.src = m.coa = p->addr;
	m.dst = w->ha_addr;
	m.hao = m.hoa = *hoa;
	m.sa = &p->sa;
	m.mh.type = MIP6_MH_BU;
	m.mh.u.bu.seq = seq;
	m.mh.u.bu.ack = true;
	m.mh.u.bu.home = true;
	m.mh.u.bu.lifetime = MIP6_SPAN_S(lifetime_s);
	m.mh.opt.has_alt_coa = true;
	m.mh.opt.alt_coa = p->addr;
	m.mh.opt.has_mn_ha = true;
	m.mh.opt.mn_ha.spi = p->sa.spi;
	m.mh.opt.mn_ha.count = MIP6_MH_AUTH_OCTETS;
	m.mh.opt.has_replay = true;
	/* Each is newer than the last, also at the same instant. */
	m.mh.opt.replay = mip6_time_to_ntp(now.wall_us) + seq;
	return m;
}

struct sim_message
sim_puppet_ba(const struct sim_puppet *p, const struct sim_sight *bu,
    uint8_t status, int64_t lifetime_s)
{
	struct sim_message m;

	memset(&m, 0, sizeof(m));
	m.src = p->addr;
	m.dst = bu->v.ip.src;
	m.hoa = bu->v.eff_src;
	m.rh2 = bu->v.has_hao ? bu->v.hao : mip6_addr_any;
	m.coa = bu->mh.opt.has_alt_coa ? bu->mh.opt.alt_coa : bu->v.ip.src;
	m.sa = &p->sa;
	m.mh.type = MIP6_MH_BA;
	m.mh.u.ba.status = status;
	m.mh.u.ba.seq = bu->mh.u.bu.seq;
	m.mh.u.ba.lifetime = MIP6_SPAN_S(lifetime_s);
	m.mh.opt.has_mn_ha = true;
	m.mh.opt.mn_ha.spi = p->sa.spi;
	m.mh.opt.mn_ha.count = MIP6_MH_AUTH_OCTETS;
	m.mh.opt.has_replay = bu->mh.opt.has_replay;
	m.mh.opt.replay = bu->mh.opt.replay;
	return m;
}

void
sim_puppet_send(struct sim_puppet *p, const struct sim_message *m)
{
	uint8_t packet[PUPPET_OCTETS_MAX], mac[MIP6_SHA1_OCTETS];
	struct mip6_wr w = mip6_wr_make(packet, sizeof(packet));
	struct mip6_ip6_out o = {
		.ip = { .src = m->src, .dst = m->dst, .hop_limit = 64 },
		.upper = MIP6_NH_MH
	};
	struct mip6_mh_marks marks;
	struct mip6_addr src, dst;
	size_t start, at;

	o.has_hao = !mip6_addr_is_any(&m->hao);
	o.hao = m->hao;
	o.has_rh2 = !mip6_addr_is_any(&m->rh2);
	o.rh2 = m->rh2;
	src = o.has_hao ? m->hao : m->src;
	dst = o.has_rh2 ? m->rh2 : m->dst;
	start = mip6_ip6_begin(&w, &o);
	at = w.pos;
	mip6_mh_write(&w, &m->mh, &marks);
	if (w.failed)
		sim_fail(p->host->sim, "%s: message too long", p->host->name);
	if (m->sa != NULL && marks.mn_ha_at != 0) {
		puppet_mac(m->sa, &m->coa, &m->hoa, packet + at, marks.mn_ha_at,
		    mac);
		if (m->wrong_key)
			mac[0] ^= 1;
		memcpy(packet + at + marks.mn_ha_at, mac, MIP6_MH_AUTH_OCTETS);
	}
	mip6_mh_finish(packet + at, marks.octets, &src, &dst);
	if (m->wrong_checksum)
		packet[at + MIP6_MH_AT_CHECKSUM] ^= 1;
	mip6_ip6_end(&w, start);
	if (m->cut > 0 && m->cut < w.pos - at) {
		w.pos -= m->cut;
		mip6_ip6_end(&w, start);
	}
	(void)sim_host_send_packet(p->host, packet, w.pos);
}
