/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A node on a bench: events in, the actions that came out kept in lists.
 *
 * Host actions end well at the next fix_settle, or badly when `refuse` says
 * so, or not at all while `hold` is set.  Time moves only by fix_wait, which
 * fires what becomes due on the way, in order.
 */
#ifndef UNIT_CORE_FIX_H
#define UNIT_CORE_FIX_H

#include "support.h"

#include "core/node_int.h"

#define FIX_SENT_MAX 256
#define FIX_ACTS_MAX 2048
#define FIX_IFINDEX  2

struct fix_sent {
	struct mip6_act_send act;
	uint8_t octets[1500];
	struct mip6_ip6_view ip;
	struct mip6_time at;
};

struct fix {
	struct support_heap heap;
	struct mip6_node *node;
	struct mip6_conf conf;
	struct mip6_now now;
	struct mip6_actions out;
	struct mip6_log log;
	struct fix_sent sent[FIX_SENT_MAX];
	size_t sents, seen;
	struct mip6_action act[FIX_ACTS_MAX];
	size_t acts;
	uint64_t due[FIX_ACTS_MAX]; /* ids to be ended */
	enum mip6_action_kind due_kind[FIX_ACTS_MAX];
	size_t dues;
	bool hold;
	uint32_t ifindex;        /* of the link that events are of */
	uint32_t refuse;         /* bits: kinds of host actions that fail */
	struct mip6_route route; /* the answer to ROUTE_GET */
	uint32_t stamps;         /* given to updates so far */
	char events[8192];       /* names of log events, each with a space */
	/* Sees each action while its octets are there; NULL: nobody. */
	void (*tap)(struct fix *x, const struct mip6_action *a);
};

static const struct mip6_lladdr fix_ll = { { 2, 0, 0, 0, 0, 1 } };
static const struct mip6_lladdr fix_router_ll = { { 2, 0, 0, 0, 0, 0xfe } };

static inline struct mip6_addr
fix_addr(const char *text)
{
	struct mip6_addr a;

	assert_true(mip6_addr_parse(text, &a));
	return a;
}

static inline void
fix_log(void *arg, enum mip6_log_level level, const char *event,
    const struct mip6_kv *kv, size_t count)
{
	struct fix *x = arg;
	size_t used = strlen(x->events);

	(void)level;
	(void)kv;
	(void)count;
	if (used + strlen(event) + 2 < sizeof(x->events)) {
		memcpy(x->events + used, event, strlen(event));
		x->events[used + strlen(event)] = ' ';
	}
}

static inline void
fix_init(struct fix *x)
{
	struct mip6_node_env env;

	memset(x, 0, sizeof(*x));
	support_heap_init(&x->heap);
	x->now.boot.us = 1000000000;
	x->now.mono = x->now.boot;
	x->now.wall_us = 1700000000000000u;
	x->log.sink = fix_log;
	x->log.arg = x;
	x->log.level = MIP6_LOG_DEBUG;
	x->ifindex = x->route.ifindex = FIX_IFINDEX;
	x->route.nexthop = fix_addr("fe80::fe");
	memset(&env, 0, sizeof(env));
	env.alloc = x->heap.alloc;
	env.log = &x->log;
	memset(env.seed, 7, sizeof(env.seed));
	x->node = mip6_node_new(&env, &x->now);
	assert_non_null(x->node);
}

static inline void
fix_fini(struct fix *x)
{
	mip6_node_free(x->node);
	assert_int_equal(x->heap.live, 0);
}

static inline void
fix_collect(struct fix *x)
{
	const struct mip6_action *a;
	struct fix_sent *s;
	size_t i;

	for (i = 0; i < x->out.count; i++) {
		a = &x->out.v[i];
		assert_true(x->acts < FIX_ACTS_MAX);
		x->act[x->acts++] = *a;
		if (x->tap != NULL)
			x->tap(x, a);
		if (a->kind == MIP6_ACT_SEND) {
			assert_true(x->sents < FIX_SENT_MAX);
			s = &x->sent[x->sents++];
			s->act = a->u.send;
			s->at = x->now.boot;
			assert_true(a->u.send.count <= sizeof(s->octets));
			memcpy(s->octets, a->u.send.octets, a->u.send.count);
			assert_int_equal(mip6_ip6_view(s->octets,
					     a->u.send.count, &s->ip, NULL),
			    MIP6_PARSE_OK);
		}
		if (a->id != 0) {
			x->due_kind[x->dues] = a->kind;
			x->due[x->dues++] = a->id;
		}
	}
}

static inline void
fix_event(struct fix *x, const struct mip6_event *ev)
{
	mip6_actions_clear(&x->out);
	mip6_node_input(x->node, &x->now, ev, &x->out);
	fix_collect(x);
}

/* Ends what the host was asked for, and what that leads to. */
static inline void
fix_settle(struct fix *x)
{
	struct mip6_event ev;
	size_t i = 0;

	while (!x->hold && i < x->dues) {
		memset(&ev, 0, sizeof(ev));
		ev.kind = MIP6_EV_DONE;
		ev.u.done.action = x->due[i];
		ev.u.done.error =
		    (x->refuse >> x->due_kind[i] & 1) != 0 ? 12 : 0;
		ev.u.done.route = x->route;
		i++;
		fix_event(x, &ev);
	}
	if (!x->hold)
		x->dues = 0;
}

static inline void
fix_give(struct fix *x, const struct mip6_event *ev)
{
	fix_event(x, ev);
	fix_settle(x);
}

/* Lets `s` pass; everything due on the way is done at its moment. */
static inline void
fix_wait(struct fix *x, struct mip6_span s)
{
	struct mip6_time end = mip6_time_add(x->now.boot, s), next;
	struct mip6_event ev;
	int rounds = 100000;

	memset(&ev, 0, sizeof(ev));
	ev.kind = MIP6_EV_TIMER;
	for (;;) {
		next = mip6_node_deadline(x->node);
		if (mip6_time_before(end, next))
			break;
		next = mip6_time_max(next, x->now.boot);
		x->now.wall_us += (uint64_t)(next.us - x->now.boot.us);
		x->now.boot = x->now.mono = next;
		assert_true(rounds-- > 0);
		fix_give(x, &ev);
	}
	x->now.wall_us += (uint64_t)(end.us - x->now.boot.us);
	x->now.boot = x->now.mono = end;
}

static inline void
fix_link(struct fix *x, bool up)
{
	struct mip6_event ev;

	memset(&ev, 0, sizeof(ev));
	ev.kind = MIP6_EV_LINK;
	ev.u.link.ifindex = x->ifindex;
	memcpy(ev.u.link.name, "eth0", 5);
	ev.u.link.name[3] = (char)('0' + x->ifindex - FIX_IFINDEX);
	ev.u.link.lladdr = fix_ll;
	ev.u.link.mtu = 1500;
	ev.u.link.up = up;
	fix_give(x, &ev);
}

static inline void
fix_host_addr(struct fix *x, const char *addr, uint8_t bits, uint8_t flags,
    bool gone)
{
	struct mip6_event ev;

	memset(&ev, 0, sizeof(ev));
	ev.kind = MIP6_EV_ADDR;
	ev.u.addr.ifindex = x->ifindex;
	ev.u.addr.addr = fix_addr(addr);
	ev.u.addr.bits = bits;
	ev.u.addr.flags = flags;
	ev.u.addr.gone = gone;
	fix_give(x, &ev);
}

static inline void
fix_configure(struct fix *x)
{
	struct mip6_event ev;

	memset(&ev, 0, sizeof(ev));
	ev.kind = MIP6_EV_CONFIG;
	ev.u.conf = &x->conf;
	fix_give(x, &ev);
}

/* A packet from the link, as the path would hand it over. */
static inline void
fix_packet(struct fix *x, const uint8_t *octets, size_t count)
{
	struct mip6_event ev;

	memset(&ev, 0, sizeof(ev));
	ev.kind = MIP6_EV_HINT;
	ev.u.hint.kind = MIP6_HINT_PACKET;
	ev.u.hint.ifindex = x->ifindex;
	ev.u.hint.ll_src = fix_router_ll;
	ev.u.hint.octets = octets;
	ev.u.hint.count = count;
	fix_give(x, &ev);
}

/* A Neighbour Discovery message with the hop limit given. */
static inline void
fix_nd(struct fix *x, const char *src, const char *dst, uint8_t hop_limit,
    const struct mip6_nd *m)
{
	uint8_t buf[1280];
	struct mip6_wr w = mip6_wr_make(buf, sizeof(buf));
	struct mip6_ip6_out ip;
	size_t start, at;

	memset(&ip, 0, sizeof(ip));
	ip.ip.src = fix_addr(src);
	ip.ip.dst = fix_addr(dst);
	ip.ip.hop_limit = hop_limit;
	ip.upper = MIP6_NH_ICMPV6;
	start = mip6_ip6_begin(&w, &ip);
	at = w.pos;
	mip6_nd_write(&w, m);
	mip6_ip6_end(&w, start);
	assert_false(w.failed);
	mip6_icmp6_finish(buf + at, w.pos - at, &ip.ip.src, &ip.ip.dst);
	fix_packet(x, buf, w.pos);
}

/* A Router Advertisement of fe80::fe for one /64 with L and A. */
static inline void
fix_ra(struct fix *x, const char *prefix, int64_t lifetime_s)
{
	struct mip6_nd m;

	memset(&m, 0, sizeof(m));
	m.type = MIP6_ND_RA;
	m.u.ra.router_lifetime = MIP6_SPAN_S(lifetime_s);
	m.opt.has_slla = true;
	m.opt.slla = fix_router_ll;
	if (prefix != NULL) {
		m.opt.prefix_count = 1;
		m.opt.prefix[0].addr = fix_addr(prefix);
		m.opt.prefix[0].bits = 64;
		m.opt.prefix[0].on_link = m.opt.prefix[0].autonomous = true;
		m.opt.prefix[0].valid = MIP6_SPAN_S(86400);
		m.opt.prefix[0].preferred = MIP6_SPAN_S(14400);
	}
	fix_nd(x, "fe80::fe", "ff02::1", 255, &m);
}

/* The next packet sent that was not looked at; NULL: none. */
static inline const struct fix_sent *
fix_next(struct fix *x)
{
	return x->seen < x->sents ? &x->sent[x->seen++] : NULL;
}

/* The next Mobility Header message sent; others before it are skipped. */
static inline const struct fix_sent *
fix_next_mh(struct fix *x, struct mip6_mh *m)
{
	const struct fix_sent *s;

	while ((s = fix_next(x)) != NULL) {
		if (s->ip.upper != MIP6_NH_MH)
			continue;
		assert_int_equal(mip6_mh_receive(s->octets + s->ip.upper_at,
				     s->ip.upper_octets, &s->ip.eff_src,
				     &s->ip.eff_dst, m, NULL),
		    MIP6_PARSE_OK);
		return s;
	}
	return NULL;
}

/* The next Neighbour Discovery message of a type. */
static inline const struct fix_sent *
fix_next_nd(struct fix *x, uint8_t type, struct mip6_nd *m)
{
	const struct fix_sent *s;

	while ((s = fix_next(x)) != NULL) {
		if (s->ip.upper != MIP6_NH_ICMPV6 ||
		    s->octets[s->ip.upper_at] != type)
			continue;
		assert_int_equal(mip6_nd_receive(s->octets + s->ip.upper_at,
				     s->ip.upper_octets, &s->ip.ip.src,
				     &s->ip.ip.dst, s->ip.ip.hop_limit, m,
				     NULL),
		    MIP6_PARSE_OK);
		return s;
	}
	return NULL;
}

/* The last action of a kind; NULL: none. */
static inline const struct mip6_action *
fix_last(const struct fix *x, enum mip6_action_kind kind)
{
	size_t i;

	for (i = x->acts; i > 0; i--)
		if (x->act[i - 1].kind == kind)
			return &x->act[i - 1];
	return NULL;
}

static inline uint64_t
fix_drops(const struct fix *x, enum mip6_drop why)
{
	return mip6_node_drops(x->node)->count[why];
}

/* The key that both sides of a test have. */
static inline struct mip6_conf_sa
fix_sa(void)
{
	struct mip6_conf_sa sa;

	memset(&sa, 0, sizeof(sa));
	sa.present = true;
	sa.spi = 1000;
	sa.key_octets = 16;
	memset(sa.key, 0x5a, sa.key_octets);
	sa.clock_slack = MIP6_SPAN_S(7);
	return sa;
}

#define FIX_HOA   "2001:db8:1::100"
#define FIX_AGENT "2001:db8:1::1"

/* A mobile node with one home address, eth0 down. */
static inline void
fix_mn(struct fix *x)
{
	struct mip6_conf_home *h = &x->conf.mn.home[0];

	fix_init(x);
	x->conf.mn.on = true;
	memcpy(x->conf.mn.interface[0], "eth*", 5);
	x->conf.mn.interfaces = 1;
	x->conf.mn.initial_bindack_timeout_first_reg = MIP6_SPAN_MS(1500);
	x->conf.mn.homes = 1;
	h->hoa = fix_addr(FIX_HOA);
	h->bits = 64;
	h->agent[0].addr = fix_addr(FIX_AGENT);
	h->agents = 1;
	h->sa = fix_sa();
	h->lifetime = MIP6_SPAN_S(600);
	fix_configure(x);
}

/* The same on the foreign link a, its first Binding Update sent. */
static inline void
fix_mn_foreign(struct fix *x)
{
	fix_mn(x);
	fix_link(x, true);
	fix_ra(x, "2001:db8:a::", 1800);
}

/* What an acknowledgement by the home agent says. */
struct fix_ba {
	uint8_t status;
	uint16_t seq;
	struct mip6_span lifetime;
	bool has_stamp;
	uint64_t stamp;
	const struct mip6_conf_sa *sa;   /* NULL: not signed */
	struct mip6_span refresh_advice; /* 0: none */
};

/* Answers the update `s`; src NULL: the home agent. */
static inline void
fix_answer(struct fix *x, const struct fix_sent *s, const char *src,
    const struct fix_ba *ba)
{
	struct mip6_addr hoa = fix_addr(FIX_HOA);
	uint8_t buf[640];
	struct mip6_mh_to to;
	struct mip6_mh m;
	size_t count;

	memset(&m, 0, sizeof(m));
	memset(&to, 0, sizeof(to));
	m.type = MIP6_MH_BA;
	m.u.ba.status = ba->status;
	m.u.ba.seq = ba->seq;
	m.u.ba.lifetime = ba->lifetime;
	m.opt.has_replay = ba->has_stamp;
	m.opt.replay = ba->stamp;
	m.opt.has_refresh_advice = ba->refresh_advice.us != 0;
	m.opt.refresh_advice = ba->refresh_advice;
	to.src = fix_addr(src != NULL ? src : FIX_AGENT);
	to.dst = s->ip.ip.src;
	to.rh2 = s->ip.has_hao ? &hoa : NULL;
	count = mh_build(x->node, buf, sizeof(buf), &to, &m, ba->sa,
	    &s->ip.ip.src, &hoa);
	assert_true(count > 0);
	fix_packet(x, buf, count);
}

/* The acknowledgement that a home agent would give to `bu`. */
static inline struct fix_ba
fix_accept(const struct mip6_mh *bu, const struct mip6_conf_sa *sa)
{
	struct fix_ba ba;

	memset(&ba, 0, sizeof(ba));
	ba.seq = bu->u.bu.seq;
	ba.lifetime = bu->u.bu.lifetime;
	ba.has_stamp = bu->opt.has_replay;
	ba.stamp = bu->opt.replay;
	ba.sa = sa;
	return ba;
}

/* One home prefix, for ever; no Duplicate Address Detection, groups joined. */
static inline void
fix_home_prefix(struct fix *x)
{
	struct mip6_conf_ha *c = &x->conf.ha;

	c->prefix[0].prefix.addr = fix_addr("2001:db8:1::");
	c->prefix[0].prefix.bits = 64;
	c->prefix[0].valid = c->prefix[0].preferred = MIP6_ND_INFINITE;
	c->prefixes = 1;
	c->home_dad = MIP6_HOME_DAD_OFF;
	c->join_groups = true;
}

/* A home agent on eth0 that knows one mobile node. */
static inline void
fix_ha(struct fix *x, struct mip6_conf_mobile *mobile)
{
	fix_init(x);
	memset(mobile, 0, sizeof(*mobile));
	mobile->hoa = fix_addr(FIX_HOA);
	mobile->sa = fix_sa();
	x->conf.ha.on = true;
	memcpy(x->conf.ha.interface, "eth0", 5);
	fix_home_prefix(x);
	x->conf.ha.lifetime_max = MIP6_SPAN_S(3600);
	x->conf.ha.mobile = mobile;
	x->conf.ha.mobiles = 1;
	x->conf.ha.bindings_max = 16;
	fix_configure(x);
	fix_link(x, true);
	fix_host_addr(x, FIX_AGENT, 64, 0, false);
}

/* What a Binding Update to the home agent says. */
struct fix_bu {
	const char *src, *dst, *hoa, *alt_coa; /* hoa NULL: no HAO */
	uint16_t seq;
	bool not_home; /* H clear */
	bool nonces;
	bool link_local; /* L */
	struct mip6_span lifetime;
	bool no_stamp;
	uint64_t stamp; /* 0: now */
	const struct mip6_conf_sa *sa;
	const char *nai; /* NULL: no identifier */
};

static inline struct fix_bu
fix_update(uint16_t seq, const struct mip6_conf_sa *sa)
{
	struct fix_bu bu;

	memset(&bu, 0, sizeof(bu));
	bu.src = bu.alt_coa = "2001:db8:a::5";
	bu.dst = FIX_AGENT;
	bu.hoa = FIX_HOA;
	bu.seq = seq;
	bu.lifetime = MIP6_SPAN_S(600);
	bu.sa = sa;
	return bu;
}

/* Writes the update into buf; returns its octets. */
static inline size_t
fix_bu_build(struct fix *x, const struct fix_bu *bu, uint8_t *buf, size_t cap)
{
	struct mip6_addr hoa, coa;
	struct mip6_mh_to to;
	struct mip6_mh m;

	memset(&m, 0, sizeof(m));
	memset(&to, 0, sizeof(to));
	to.src = fix_addr(bu->src);
	to.dst = fix_addr(bu->dst);
	hoa = bu->hoa != NULL ? fix_addr(bu->hoa) : to.src;
	to.hao = bu->hoa != NULL ? &hoa : NULL;
	coa = to.src;
	m.type = MIP6_MH_BU;
	m.u.bu.seq = bu->seq;
	m.u.bu.ack = true;
	m.u.bu.home = !bu->not_home;
	m.u.bu.link_local = bu->link_local;
	m.u.bu.lifetime = bu->lifetime;
	if (bu->alt_coa != NULL) {
		coa = fix_addr(bu->alt_coa);
		m.opt.has_alt_coa = true;
		m.opt.alt_coa = coa;
	}
	if (bu->nai != NULL) {
		m.opt.has_mn_id = true;
		m.opt.mn_id_subtype = MIP6_MN_ID_NAI;
		m.opt.mn_id = (const uint8_t *)bu->nai;
		m.opt.mn_id_octets = (uint8_t)strlen(bu->nai);
	}
	m.opt.has_nonce_indices = bu->nonces;
	m.opt.has_replay = !bu->no_stamp;
	m.opt.replay = bu->stamp != 0 ?
	    bu->stamp :
	    mip6_time_to_ntp(x->now.wall_us) + ++x->stamps;
	return mh_build(x->node, buf, cap, &to, &m, bu->sa, &coa, &hoa);
}

static inline void
fix_send_bu(struct fix *x, const struct fix_bu *bu)
{
	uint8_t buf[640];
	size_t count = fix_bu_build(x, bu, buf, sizeof(buf));

	assert_true(count > 0);
	fix_packet(x, buf, count);
}

#endif
