/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The script of fuzz_node: from octets to events.
 *
 * Read from the front, each event is an opcode and its choices; where the
 * octets end, zeroes follow for what is begun.  Addresses come from a short
 * list, so that a few bits choose one that means something.
 */
#ifndef FUZZ_NODE_SCRIPT_H
#define FUZZ_NODE_SCRIPT_H

#include <stdlib.h>
#include <string.h>

#include "base/fmt.h"
#include "base/rw.h"
#include "core/node.h"
#include "core/show.h"
#include "crypto/crypto.h"
#include "wire/icmp6.h"
#include "wire/ip6.h"
#include "wire/mh.h"
#include "wire/nd.h"

#define NODE_SCRIPT_TIMERS_MAX 64
#define NODE_SCRIPT_ASKED_MAX  512
#define NODE_SCRIPT_EVENTS_MAX 400
#define NODE_SCRIPT_OCTETS_MAX 1400
#define NODE_SCRIPT_START_US   INT64_C(1000000)
#define NODE_SCRIPT_WALL_US    UINT64_C(1704067200000000)

#define NODE_SCRIPT_RECORDS 8

struct node_script_record {
	enum mip6_store_table table;
	struct mip6_addr key;
	uint8_t octets[MIP6_STORE_OCTETS_MAX];
	size_t count;
};

struct node_script {
	struct mip6_node *node;
	struct mip6_now now;
	struct mip6_actions out;
	size_t octets; /* allocated by the node */
	uint32_t in_place;
	uint8_t lives;

	struct mip6_rd rd;
	uint32_t events;
	struct mip6_conf conf[2]; /* the one in use, and the next */
	struct mip6_conf_mobile mobile[2][2];
	uint32_t which;
	struct mip6_crypto *crypto;
	uint8_t packet[NODE_SCRIPT_OCTETS_MAX];

	struct {
		uint64_t id;
		enum mip6_action_kind kind;
	} asked[NODE_SCRIPT_ASKED_MAX];
	size_t asked_count;

	/* Of the last Binding Update that the node sent. */
	struct mip6_addr bu_src, bu_hoa, bu_dst;
	bool bu_hao;
	uint16_t bu_seq;
	uint64_t bu_replay;
	struct mip6_span bu_lifetime;

	/* Of the last request for home agents or prefixes. */
	struct mip6_addr asked_from, asked_hoa;
	uint16_t asked_id;

	struct node_script_record record[NODE_SCRIPT_RECORDS], made_up;
	size_t records;
};

static inline size_t script_discovery(struct node_script *s);
static inline void script_restore(struct node_script *s,
    struct mip6_ev_restore *to);
static inline void script_name(struct node_script *s, struct mip6_ev_name *to,
    uint64_t id);

static const char *const script_addr_text[16] = { "::", "2001:db8:1::80",
	"2001:db8:1::81", "2001:db8:1::1", "2001:db8:1::20", "2001:db8:a::5",
	"2001:db8:b::5", "2001:db8:a::1", "fe80::1", "fe80::2", "ff02::1",
	"ff02::1:ff00:80", "::1", "2001:db8:c::64",
	"2001:db8:1::", "2001:db8:a::" };

static inline struct mip6_addr
script_addr(struct node_script *s)
{
	struct mip6_addr a = mip6_addr_any;

	(void)mip6_addr_parse(script_addr_text[mip6_rd_u8(&s->rd) & 15], &a);
	return a;
}

static inline struct mip6_addr
script_named(const char *text)
{
	struct mip6_addr a = mip6_addr_any;

	(void)mip6_addr_parse(text, &a);
	return a;
}

static inline void
node_script_clock(struct node_script *s, struct mip6_time to)
{
	s->now.wall_us += (uint64_t)(to.us - s->now.boot.us);
	s->now.boot = s->now.mono = to;
}

static inline void *
script_alloc(void *arg, size_t octets)
{
	(void)arg;
	return calloc(1, octets);
}

static inline void
script_release(void *arg, void *mem, size_t octets)
{
	(void)arg;
	(void)octets;
	free(mem);
}

static inline void
node_script_init(struct node_script *s, const uint8_t *octets, size_t count)
{
	const struct mip6_alloc a = { script_alloc, script_release, NULL };

	memset(s, 0, sizeof(*s));
	s->rd = mip6_rd_make(octets, count);
	s->now.boot.us = s->now.mono.us = NODE_SCRIPT_START_US;
	s->now.wall_us = NODE_SCRIPT_WALL_US;
	s->crypto = mip6_crypto_new(&a);
	if (s->crypto == NULL)
		abort();
}

static inline void
node_script_fini(struct node_script *s)
{
	mip6_crypto_free(s->crypto);
}

static inline void
node_script_asked(struct node_script *s, const struct mip6_action *a)
{
	if (a->id == 0 || s->asked_count == NODE_SCRIPT_ASKED_MAX)
		return;
	s->asked[s->asked_count].id = a->id;
	s->asked[s->asked_count++].kind = a->kind;
}

static inline void
node_script_saw_update(struct node_script *s, const struct mip6_ip6_view *v,
    const struct mip6_mh *m)
{
	s->bu_src = v->ip.src;
	s->bu_dst = v->ip.dst;
	s->bu_hoa = v->eff_src;
	s->bu_hao = v->has_hao;
	s->bu_seq = m->u.bu.seq;
	s->bu_replay = m->opt.replay;
	s->bu_lifetime = m->u.bu.lifetime;
}

/* ---- configuration ---- */

static inline struct mip6_conf_sa
script_sa(bool present)
{
	struct mip6_conf_sa sa;

	memset(&sa, 0, sizeof(sa));
	sa.present = present;
	sa.spi = 256;
	sa.key_octets = 16;
	memset(sa.key, 0x5a, sizeof(sa.key));
	sa.clock_slack = MIP6_SPAN_S(7);
	return sa;
}

/* Choices: roles, homes, keys; never the two roles that exclude each other. */
static inline const struct mip6_conf *
script_conf(struct node_script *s)
{
	uint8_t how = mip6_rd_u8(&s->rd);
	struct mip6_conf_mobile *mobile;
	struct mip6_conf *c;

	s->which ^= 1;
	c = &s->conf[s->which];
	mobile = s->mobile[s->which];
	memset(c, 0, sizeof(*c));
	memset(mobile, 0, sizeof(s->mobile[0]));
	c->insecure = (how & 4) != 0;
	c->cn.on = (how & 16) == 0;
	c->cn.bindings_max = 2;
	c->cn.lifetime_max = MIP6_SPAN_S(420);
	c->cn.refresh_requests = true;
	if ((how & 1) == 0) {
		c->mn.on = (how & 2) == 0;
		memcpy(c->mn.interface[0], "eth*", 5);
		c->mn.interfaces = 1;
		c->mn.homes = (how & 8) != 0 ? 2 : 1;
		c->mn.home[0].hoa = script_named("2001:db8:1::80");
		c->mn.home[1].hoa = script_named("2001:db8:1::81");
		c->mn.home[0].bits = c->mn.home[1].bits = 64;
		c->mn.home[0].agent[0].addr = c->mn.home[1].agent[0].addr =
		    script_named("2001:db8:1::1");
		c->mn.home[0].agents = c->mn.home[1].agents = 1;
		/* One of them finds its home agent, or is told a name. */
		if ((how & 128) != 0) {
			c->mn.home[0].agents = (how & 8) != 0 ? 2 : 0;
			memcpy(c->mn.home[0].agent[1].name, "ha.example", 11);
			c->mn.home[0].agent_auto = true;
		}
		c->mn.home[0].lifetime = c->mn.home[1].lifetime =
		    MIP6_SPAN_S((how & 16) != 0 ? 4 : 420);
		c->mn.home[0].sa = c->mn.home[1].sa = script_sa(!c->insecure);
		c->mn.optimize =
		    (how & 8) != 0 ? MIP6_OPTIMIZE_NONE : MIP6_OPTIMIZE_ALL;
		c->mn.without_binding = (how & 32) != 0 ?
		    MIP6_WITHOUT_BINDING_DIRECT :
		    MIP6_WITHOUT_BINDING_BLOCK;
		c->mn.coa_owner = (how & 32) != 0 ? MIP6_COA_OWNER_DAEMON :
						    MIP6_COA_OWNER_KERNEL;
		c->mn.initial_bindack_timeout_first_reg = MIP6_SPAN_MS(1500);
		c->mn.deregister_at_exit = (how & 64) != 0;
		return c;
	}
	c->ha.on = (how & 2) == 0;
	memcpy(c->ha.interface, "eth1", 5);
	c->ha.prefix[0].prefix.addr = script_named("2001:db8:1::");
	c->ha.prefix[0].prefix.bits = 64;
	c->ha.prefix[0].valid = c->ha.prefix[0].preferred = MIP6_ND_INFINITE;
	c->ha.prefixes = 1;
	c->ha.home_dad = (enum mip6_home_dad)(how % 3);
	c->ha.join_groups = true;
	if ((how & 128) != 0)
		c->ha.durability = MIP6_DURABILITY_SYNC;
	c->ha.multicast = true;
	c->ha.adverts.on = (how & 4) == 0;
	c->ha.adverts.min_interval = MIP6_SPAN_S(3);
	c->ha.adverts.max_interval = MIP6_SPAN_S(10);
	c->ha.adverts.min_delay = MIP6_SPAN_S(3);
	c->ha.adverts.router_lifetime = MIP6_SPAN_S(30);
	c->ha.adverts.agent_lifetime = MIP6_SPAN_S(20);
	c->ha.adverts.agent_preference = how;
	if ((how & 8) == 0)
		c->ha.prefix[0].address = script_named("2001:db8:1::1");
	c->ha.lifetime_max = MIP6_SPAN_S((how & 16) != 0 ? 4 : 3600);
	c->ha.bindings_max = (how & 32) != 0 ? 1 : 8;
	c->ha.mobile = mobile;
	c->ha.mobiles = (how & 64) != 0 ? 1 : 2;
	mobile[0].hoa = script_named("2001:db8:1::80");
	mobile[1].hoa = script_named("2001:db8:1::81");
	mobile[0].sa = mobile[1].sa = script_sa(!c->insecure);
	return c;
}

/* ---- packets ---- */

/*
 * Signs the Mobility Header at `mh` (RFC 4285 section 5.1) and sets its
 * checksum.
 */
static inline void
script_sign(struct node_script *s, uint8_t *mh,
    const struct mip6_mh_marks *marks, const struct mip6_addr *coa,
    const struct mip6_addr *hoa, const struct mip6_addr *src,
    const struct mip6_addr *dst)
{
	const struct mip6_conf_sa sa = script_sa(true);
	struct mip6_iovec v[3] = { { coa->b, 16 }, { hoa->b, 16 },
		{ mh, marks->mn_ha_at } };
	uint8_t mac[MIP6_SHA1_OCTETS];

	if (marks->mn_ha_at != 0 &&
	    mip6_crypto_hmac_sha1(s->crypto, sa.key, sa.key_octets, v, 3, mac))
		memcpy(mh + marks->mn_ha_at, mac, MIP6_MH_AUTH_OCTETS);
	mip6_mh_finish(mh, marks->octets, src, dst);
}

static inline size_t
script_mh(struct node_script *s, const struct mip6_ip6_out *o,
    const struct mip6_mh *m, const struct mip6_addr *coa,
    const struct mip6_addr *hoa)
{
	struct mip6_wr w = mip6_wr_make(s->packet, sizeof(s->packet));
	struct mip6_mh_marks marks;
	size_t start = mip6_ip6_begin(&w, o), at = w.pos;

	mip6_mh_write(&w, m, &marks);
	if (w.failed)
		return 0;
	script_sign(s, s->packet + at, &marks, coa, hoa,
	    o->has_hao ? &o->hao : &o->ip.src,
	    o->has_rh2 ? &o->rh2 : &o->ip.dst);
	mip6_ip6_end(&w, start);
	return w.failed ? 0 : w.pos;
}

/* A Binding Update, right but for what the octets say. */
static inline size_t
script_bu(struct node_script *s)
{
	uint8_t how = mip6_rd_u8(&s->rd);
	struct mip6_ip6_out o;
	struct mip6_mh m;

	memset(&o, 0, sizeof(o));
	memset(&m, 0, sizeof(m));
	o.ip.src = script_addr(s);
	o.ip.dst = script_named("2001:db8:1::1");
	o.ip.hop_limit = 64;
	o.upper = MIP6_NH_MH;
	o.has_hao = (how & 1) == 0;
	o.hao = script_addr(s);
	m.type = MIP6_MH_BU;
	m.u.bu.seq = mip6_rd_u16(&s->rd);
	m.u.bu.ack = (how & 2) == 0;
	m.u.bu.home = (how & 4) == 0;
	m.u.bu.link_local = (how & 128) != 0;
	m.u.bu.lifetime = MIP6_SPAN_S(4 * (int64_t)mip6_rd_u16(&s->rd));
	m.opt.has_alt_coa = (how & 8) == 0;
	m.opt.alt_coa = o.ip.src;
	m.opt.has_mn_ha = (how & 16) == 0;
	m.opt.mn_ha.spi = 256;
	m.opt.mn_ha.count = MIP6_MH_AUTH_OCTETS;
	m.opt.has_replay = (how & 32) == 0;
	m.opt.replay = mip6_time_to_ntp(s->now.wall_us) + m.u.bu.seq;
	m.opt.has_nonce_indices = (how & 64) != 0;
	return script_mh(s, &o, &m, &o.ip.src, o.has_hao ? &o.hao : &o.ip.src);
}

/* An answer to the last update, right but for what the octets say. */
static inline size_t
script_ba(struct node_script *s)
{
	uint8_t how = mip6_rd_u8(&s->rd);
	struct mip6_ip6_out o;
	struct mip6_mh m;

	memset(&o, 0, sizeof(o));
	memset(&m, 0, sizeof(m));
	o.ip.src = (how & 1) == 0 ? s->bu_dst : script_addr(s);
	o.ip.dst = s->bu_src;
	o.ip.hop_limit = 64;
	o.upper = MIP6_NH_MH;
	o.has_rh2 = s->bu_hao && (how & 2) == 0;
	o.rh2 = s->bu_hoa;
	m.type = MIP6_MH_BA;
	m.u.ba.status = mip6_rd_u8(&s->rd);
	m.u.ba.seq =
	    (uint16_t)(s->bu_seq + ((how & 4) == 0 ? 0 : mip6_rd_u16(&s->rd)));
	m.u.ba.lifetime = (how & 8) == 0 ?
	    s->bu_lifetime :
	    MIP6_SPAN_S(4 * (int64_t)mip6_rd_u16(&s->rd));
	m.opt.has_mn_ha = (how & 16) == 0;
	m.opt.mn_ha.spi = 256;
	m.opt.mn_ha.count = MIP6_MH_AUTH_OCTETS;
	m.opt.has_replay = (how & 32) == 0;
	m.opt.replay = s->bu_replay;
	if ((how & 64) != 0)
		m.opt.replay ^= mip6_rd_u64(&s->rd);
	m.opt.has_refresh_advice = (how & 128) != 0;
	m.opt.refresh_advice = MIP6_SPAN_S(4 * (int64_t)(how & 15));
	return script_mh(s, &o, &m, &o.ip.dst, &s->bu_hoa);
}

/* Another Mobility Header message. */
static inline size_t
script_other_mh(struct node_script *s)
{
	struct mip6_ip6_out o;
	struct mip6_mh m;

	memset(&o, 0, sizeof(o));
	memset(&m, 0, sizeof(m));
	m.type = (enum mip6_mh_type)(mip6_rd_u8(&s->rd) & 7);
	if (m.type == MIP6_MH_BE) {
		m.u.be.status = mip6_rd_u8(&s->rd);
		m.u.be.hoa = script_addr(s);
	}
	o.ip.src = script_addr(s);
	o.ip.dst = script_addr(s);
	o.ip.hop_limit = 64;
	o.upper = MIP6_NH_MH;
	return script_mh(s, &o, &m, &o.ip.src, &o.ip.dst);
}

static inline void
script_ra(struct node_script *s, struct mip6_nd *m)
{
	uint8_t how = mip6_rd_u8(&s->rd);

	m->u.ra.home_agent = (how & 1) != 0;
	m->u.ra.router_lifetime = MIP6_SPAN_S((how & 2) != 0 ? 0 : 1800);
	m->opt.has_slla = (how & 4) == 0;
	m->opt.slla.b[0] = 2;
	m->opt.slla.b[5] = how;
	m->opt.has_mtu = (how & 8) != 0;
	m->opt.mtu = mip6_rd_u16(&s->rd);
	m->opt.prefix_count = (how >> 4) & 3;
	for (how = 0; how < m->opt.prefix_count; how++) {
		m->opt.prefix[how].addr = script_addr(s);
		m->opt.prefix[how].bits = mip6_rd_u8(&s->rd) & 127;
		m->opt.prefix[how].on_link = true;
		m->opt.prefix[how].autonomous = true;
		m->opt.prefix[how].router = (m->opt.prefix[how].bits & 1) != 0;
		if ((m->opt.prefix[how].bits & 3) != 2)
			m->opt.prefix[how].bits = 64;
		m->opt.prefix[how].valid = MIP6_SPAN_S(mip6_rd_u16(&s->rd));
		m->opt.prefix[how].preferred = m->opt.prefix[how].valid;
	}
}

static inline size_t
script_nd(struct node_script *s)
{
	struct mip6_wr w = mip6_wr_make(s->packet, sizeof(s->packet));
	uint8_t how = mip6_rd_u8(&s->rd);
	struct mip6_ip6_out o;
	struct mip6_nd m;
	size_t start, at;

	memset(&o, 0, sizeof(o));
	memset(&m, 0, sizeof(m));
	o.ip.src = script_addr(s);
	o.ip.dst = script_addr(s);
	o.ip.hop_limit = (how & 4) == 0 ? MIP6_ND_HOP_LIMIT : 64;
	o.upper = MIP6_NH_ICMPV6;
	m.type = (uint8_t)(MIP6_ND_RS + (how & 3));
	if (m.type == MIP6_ND_RA) {
		script_ra(s, &m);
	} else if (m.type == MIP6_ND_NS) {
		m.u.ns.target = script_addr(s);
		m.opt.has_slla = (how & 8) != 0;
	} else if (m.type == MIP6_ND_NA) {
		m.u.na.target = script_addr(s);
		m.u.na.router = (how & 8) != 0;
		m.u.na.solicited = (how & 16) != 0;
		m.u.na.override = (how & 32) != 0;
		m.opt.has_tlla = (how & 64) == 0;
		m.opt.tlla.b[5] = how;
	}
	start = mip6_ip6_begin(&w, &o);
	at = w.pos;
	mip6_nd_write(&w, &m);
	if (w.failed)
		return 0;
	mip6_icmp6_finish(s->packet + at, w.pos - at, &o.ip.src, &o.ip.dst);
	mip6_ip6_end(&w, start);
	return w.pos;
}

static inline size_t
script_raw(struct node_script *s)
{
	size_t count = mip6_rd_u8(&s->rd), left = mip6_rd_left(&s->rd);

	if (count > left)
		count = left;
	mip6_rd_octets(&s->rd, s->packet, count);
	return count;
}

/* An ICMPv6 error about a packet that was built like any other. */
static inline size_t
script_error(struct node_script *s, size_t quoted)
{
	uint8_t quote[NODE_SCRIPT_OCTETS_MAX];
	struct mip6_wr w = mip6_wr_make(s->packet, sizeof(s->packet));
	struct mip6_icmp6_error e;

	memset(&e, 0, sizeof(e));
	memcpy(quote, s->packet, quoted);
	e.type = mip6_rd_u8(&s->rd) & 7;
	e.code = mip6_rd_u8(&s->rd) & 7;
	e.word = mip6_rd_u16(&s->rd);
	e.src = script_addr(s);
	e.dst = script_addr(s);
	e.hop_limit = 64;
	e.quoted = quote;
	e.quoted_octets = quoted;
	mip6_icmp6_error_write(&w, &e);
	return w.failed ? 0 : w.pos;
}

static inline size_t
script_packet(struct node_script *s)
{
	uint8_t kind = mip6_rd_u8(&s->rd);

	switch (kind % 5) {
	case 0:
		return script_nd(s);
	case 1:
		return script_bu(s);
	case 2:
		return script_ba(s);
	case 3:
		return script_other_mh(s);
	default:
		return kind < 128 ? script_raw(s) : script_discovery(s);
	}
}

/* ---- events ---- */

static inline void
script_hint(struct node_script *s, struct mip6_hint *h)
{
	uint8_t kind = mip6_rd_u8(&s->rd);

	h->kind = (enum mip6_hint_kind)(kind % 6);
	if ((kind & 128) != 0)
		h->kind = MIP6_HINT_PACKET; /* most of them are */
	h->ifindex = mip6_rd_u8(&s->rd) & 3;
	h->ll_src.b[0] = 2;
	h->ll_src.b[5] = kind;
	if (h->kind == MIP6_HINT_PACKET || h->kind == MIP6_HINT_ICMP_ERROR) {
		h->count = script_packet(s);
		if (h->kind == MIP6_HINT_ICMP_ERROR)
			h->count = script_error(s, h->count);
		h->octets = s->packet;
		/* A group as source is no hint: the path drops it (MARTIAN). */
		if (h->count > MIP6_IP6_AT_SRC &&
		    s->packet[MIP6_IP6_AT_SRC] == 0xff)
			h->count = 0;
		if ((kind & 64) != 0)
			h->tunnel_peer = script_addr(s);
		return;
	}
	h->src = script_addr(s);
	h->dst = script_addr(s);
	h->hop = mip6_rd_u16(&s->rd) & 2047;
}

static inline void
script_link(struct node_script *s, struct mip6_ev_link *l)
{
	uint8_t how = mip6_rd_u8(&s->rd);

	l->ifindex = 1 + (how & 3);
	memcpy(l->name, "eth0", 5);
	l->name[3] = (char)('0' + (how & 3));
	l->lladdr.b[0] = 2;
	l->lladdr.b[5] = how;
	l->mtu = (how & 4) != 0 ? mip6_rd_u16(&s->rd) : 1500;
	l->up = (how & 8) == 0;
	l->gone = (how & 16) != 0;
	l->raw = (how & 32) != 0;
}

static inline void
script_ev_addr(struct node_script *s, struct mip6_ev_addr *a)
{
	uint8_t how = mip6_rd_u8(&s->rd);

	a->ifindex = how & 3;
	a->addr = script_addr(s);
	a->bits = 64;
	a->flags = (how >> 2) & 31;
	a->gone = (how & 128) != 0;
}

/*
 * The end of an action that is outstanding, once; false: there is none.  An id
 * that nobody gave is a bug of the program around the node, not an event.
 */
static inline bool
script_done(struct node_script *s, struct mip6_event *ev)
{
	struct mip6_ev_done *d = &ev->u.done;
	uint8_t how = mip6_rd_u8(&s->rd);
	enum mip6_action_kind kind;
	size_t i;

	if (s->asked_count == 0)
		return false;
	d->error = (how & 1) != 0 ? 105 : 0;
	i = (how >> 2) % s->asked_count;
	d->action = s->asked[i].id;
	kind = s->asked[i].kind;
	memmove(&s->asked[i], &s->asked[i + 1],
	    (--s->asked_count - i) * sizeof(s->asked[0]));
	if (kind == MIP6_ACT_RESOLVE) {
		ev->kind = MIP6_EV_NAME;
		script_name(s, &ev->u.name, d->action);
		return true;
	}
	d->route.ifindex = (how & 2) != 0 ? 2 : 1;
	d->route.nexthop = script_named("fe80::1");
	return true;
}

/*
 * The next event.  false: the script is over.  *us > 0: so much time passes
 * instead; < 0: the node dies and another is born.
 */
static inline bool
node_script_next(struct node_script *s, struct mip6_event *ev, int64_t *us)
{
	uint8_t op;

	if (mip6_rd_left(&s->rd) == 0 || s->rd.failed ||
	    s->events++ == NODE_SCRIPT_EVENTS_MAX)
		return false;
	memset(ev, 0, sizeof(*ev));
	*us = 0;
	op = mip6_rd_u8(&s->rd);
	switch (op % 16) {
	case 0:
		ev->kind = MIP6_EV_CONFIG;
		ev->u.conf = script_conf(s);
		break;
	case 1:
		ev->kind = MIP6_EV_LINK;
		script_link(s, &ev->u.link);
		break;
	case 2:
		ev->kind = MIP6_EV_ADDR;
		script_ev_addr(s, &ev->u.addr);
		break;
	case 3:
		ev->kind = MIP6_EV_ROUTES;
		break;
	case 4:
	case 5:
	case 6:
		ev->kind = MIP6_EV_DONE;
		if (!script_done(s, ev))
			*us = 1;
		break;
	case 7:
		ev->kind = MIP6_EV_COMMAND;
		ev->u.command.kind =
		    (enum mip6_command_kind)(mip6_rd_u8(&s->rd) % 5);
		ev->u.command.addr = script_addr(s);
		break;
	case 8:
		ev->kind = MIP6_EV_STOP;
		break;
	case 9:
		*us = -1;
		break;
	case 10:
	case 11:
		/* From a microsecond to 36 hours. */
		*us = INT64_C(1) << (mip6_rd_u8(&s->rd) % 38);
		break;
	default:
		/* The store is read before all else, and hostile later on. */
		if ((op & 0x8f) == 0x8f) {
			ev->kind = MIP6_EV_RESTORE;
			script_restore(s, &ev->u.restore);
			break;
		}
		ev->kind = MIP6_EV_HINT;
		script_hint(s, &ev->u.hint);
		break;
	}
	return true;
}

#include "fuzz/node_discovery.h"

#endif
