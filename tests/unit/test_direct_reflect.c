/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A correspondent among strangers: whatever packets with a Home Address option
 * they send, in whatever chain, nobody is ever sent more octets than came in
 * his name, nothing is sent to anybody else, and nothing reaches the host.
 *
 * Links: engine
 */
#include "unit/path_support.h"

#include "engine/engine.h"
#include "unit/wire_gen.h"

#define REFLECT_LINK    2
#define REFLECT_ROUNDS  300000
#define REFLECT_SENDERS 6 /* the first of the names below */
#define REFLECT_OURS    8 /* the first of ours */

static const char *const names[] = { COA, COA2, HOME, HOME2, "2001:db8:d::1",
	"2001:db8:d::2", "fe80::7", "2001:db8:c::77", PEER, "2001:db8:c::a",
	"fe80::c", "ff02::1", "ff0e::5", "::", "::1", "::ffff:1.2.3.4" };

struct reflect {
	struct support_heap heap;
	struct mip6_engine *e;
	struct mip6_conf conf;
	struct mip6_now now;
	struct mip6_log log;
	struct gen gen;
	uint64_t in[REFLECT_OURS], out[REFLECT_OURS]; /* octets, by name */
	uint64_t answers;
	uint64_t done[256]; /* actions to be ended */
	size_t dones;
};

static void
reflect_transmit(void *arg, uint32_t ifindex, struct mip6_pkt *pkt)
{
	struct reflect *t = arg;
	const uint8_t *v = mip6_pkt_octets(pkt) + 14;
	struct mip6_addr dst;
	size_t i;

	/* The host gets nothing of it. */
	assert_int_equal(ifindex, REFLECT_LINK);
	memcpy(dst.b, v + MIP6_IP6_AT_DST, sizeof(dst.b));
	for (i = 0; i < REFLECT_OURS; i++) {
		struct mip6_addr a = addr(names[i]);

		if (mip6_addr_equal(&a, &dst))
			break;
	}
	/* Multicast: what a host says by itself on its link. */
	if (i == REFLECT_OURS) {
		assert_true(mip6_addr_is_multicast(&dst));
		assert_int_equal(v[MIP6_IP6_AT_HOP_LIMIT], 255);
	} else {
		t->out[i] += pkt->count - 14;
		t->answers += v[6] == MIP6_NH_MH || v[6] == MIP6_NH_ROUTING;
		if (t->out[i] > t->in[i])
			fail_msg("%s got %u octets for %u", names[i],
			    (unsigned int)t->out[i], (unsigned int)t->in[i]);
	}
	mip6_pool_put(mip6_engine_pool(t->e), pkt);
}

static void
reflect_act(void *arg, const struct mip6_action *act)
{
	struct reflect *t = arg;

	if (act->id == 0)
		return;
	assert_true(t->dones < MIP6_COUNT(t->done));
	t->done[t->dones++] = act->id;
}

static void
reflect_log(void *arg, enum mip6_log_level level, const char *event,
    const struct mip6_kv *kv, size_t count)
{
	(void)arg;
	(void)level;
	(void)event;
	(void)kv;
	(void)count;
}

static void
reflect_event(struct reflect *t, struct mip6_event *ev)
{
	struct mip6_event end;

	mip6_engine_event(t->e, &t->now, ev);
	while (t->dones > 0) {
		memset(&end, 0, sizeof(end));
		end.kind = MIP6_EV_DONE;
		end.u.done.action = t->done[--t->dones];
		mip6_engine_event(t->e, &t->now, &end);
	}
}

static struct reflect *
reflect_open(void)
{
	struct reflect *t = test_calloc(1, sizeof(*t));
	struct mip6_engine_env env;
	struct mip6_event ev;
	size_t i;

	support_heap_init(&t->heap);
	t->gen = gen_make(20110706);
	t->now.boot.us = t->now.mono.us = 1000000000;
	t->now.wall_us = 1700000000000000u;
	t->log.sink = reflect_log;
	t->conf.cn.on = true;
	memset(&env, 0, sizeof(env));
	env.alloc = t->heap.alloc;
	env.log = &t->log;
	env.limits = mip6_engine_limits_default;
	env.transmit = reflect_transmit;
	env.act = reflect_act;
	env.arg = t;
	t->e = mip6_engine_new(&env, &t->now);
	assert_non_null(t->e);
	memset(&ev, 0, sizeof(ev));
	ev.kind = MIP6_EV_CONFIG;
	ev.u.conf = &t->conf;
	reflect_event(t, &ev);
	memset(&ev, 0, sizeof(ev));
	ev.kind = MIP6_EV_LINK;
	ev.u.link.ifindex = REFLECT_LINK;
	memcpy(ev.u.link.name, "eth0", 5);
	ev.u.link.lladdr = ll_away;
	ev.u.link.mtu = 1500;
	ev.u.link.up = true;
	reflect_event(t, &ev);
	for (i = REFLECT_OURS; i < REFLECT_OURS + 3; i++) {
		memset(&ev, 0, sizeof(ev));
		ev.kind = MIP6_EV_ADDR;
		ev.u.addr.ifindex = REFLECT_LINK;
		ev.u.addr.addr = addr(names[i]);
		ev.u.addr.bits = 64;
		reflect_event(t, &ev);
	}
	return t;
}

static const char *
any_name(struct gen *g)
{
	return names[gen_below(g, MIP6_COUNT(names))];
}

/* What is inside, of every kind; *next says which. */
static struct octets
reflect_upper(struct gen *g, uint8_t *next)
{
	static const uint8_t kinds[] = { MIP6_NH_UDP, MIP6_NH_TCP,
		MIP6_NH_ICMPV6, MIP6_NH_ICMPV6, MIP6_NH_MH, MIP6_NH_MH,
		MIP6_NH_MH, MIP6_NH_ESP, MIP6_NH_AH, MIP6_NH_NONE, MIP6_NH_IPV6,
		200 };
	struct octets o =
	    fill(gen_below(g, 3) == 0 ? gen_below(g, 4) : gen_below(g, 120),
		(uint8_t)support_draw(&g->state));
	struct mip6_wr w;
	struct mip6_mh m;

	*next = kinds[gen_below(g, MIP6_COUNT(kinds))];
	switch (*next) {
	case MIP6_NH_ICMPV6:
		/* Errors, echo, discovery, messages of mobility. */
		if (o.n > 0)
			o.v[0] = gen_bool(g) ?
			    (uint8_t)(128 + gen_below(g, 24)) :
			    (uint8_t)(1 + gen_below(g, 5));
		break;
	case MIP6_NH_MH:
		m = gen_mh(g, (enum mip6_mh_type)gen_below(g, 8));
		w = mip6_wr_make(o.v, sizeof(o.v));
		mip6_mh_write(&w, &m, NULL);
		o.n = w.pos;
		break;
	case MIP6_NH_IPV6:
		o = udp(any_name(g), any_name(g), 48 + o.n);
		break;
	default:
		break;
	}
	return o;
}

/* One header in front of `rest`, which `*next` names. */
static struct octets
reflect_header(struct gen *g, struct octets rest, uint8_t *next)
{
	struct octets option = { .n = 6, .v = { 0x1e, 4 } }, o;
	uint8_t kind = (uint8_t)gen_below(g, 12);

	switch (kind) {
	case 0:
		o = options(*next);
		*next = MIP6_NH_HOPOPTS;
		break;
	case 1:
		option.v[0] |= (uint8_t)(gen_below(g, 4) << 6);
		o = header(*next, option);
		*next = MIP6_NH_DSTOPTS;
		break;
	case 2:
	case 3:
	case 4:
		o = rh2(*next, any_name(g));
		if (gen_below(g, 4) == 0)
			o.v[2 + gen_below(g, 2)] = (uint8_t)gen_below(g, 4);
		*next = MIP6_NH_ROUTING;
		break;
	default:
		o = hao(*next, any_name(g));
		*next = MIP6_NH_DSTOPTS;
		break;
	}
	return join(o, rest);
}

/* Sets the checksum as the chain says, if it can be walked. */
static void
reflect_checksum(struct octets *o)
{
	struct mip6_ip6_view v;

	if (mip6_ip6_view(o->v, o->n, &v, NULL) == MIP6_PARSE_OK &&
	    !v.frag.present)
		(void)mip6_cksum_upper_set(&v.eff_src, &v.eff_dst, v.upper,
		    o->v + v.upper_at, v.upper_octets);
}

/* A packet with at least one option, in front of its Fragment header. */
static struct octets
reflect_packet(struct gen *g, size_t from)
{
	uint8_t next, n = (uint8_t)gen_below(g, 3);
	struct octets o = reflect_upper(g, &next), h;
	const char *to;

	if (gen_below(g, 3) == 0) {
		o = frag(next, 8 * gen_below(g, 3), gen_bool(g),
		    (uint32_t)gen_below(g, 3), o);
		next = MIP6_NH_FRAGMENT;
	}
	for (; n > 0; n--)
		o = reflect_header(g, o, &next);
	h = hao(next, any_name(g));
	o = join(h, o);
	next = MIP6_NH_DSTOPTS;
	if (gen_below(g, 3) == 0)
		o = reflect_header(g, o, &next);
	to = gen_below(g, 4) == 0 ? any_name(g) :
				    names[REFLECT_OURS + gen_below(g, 3)];
	o = ip6(names[from], to, next, gen_bool(g) ? 64 : 255, o);
	reflect_checksum(&o);
	return o;
}

static void
reflect_give(struct reflect *t, const struct octets *o)
{
	struct mip6_pkt *pkt = mip6_pool_get(mip6_engine_pool(t->e), o->n);

	assert_non_null(pkt);
	memcpy(mip6_pkt_octets(pkt), o->v, o->n);
	pkt->count = (uint32_t)o->n;
	pkt->ll_src = ll_other;
	pkt->ll_multicast = gen_below(&t->gen, 16) == 0;
	pkt->ifindex = REFLECT_LINK;
	mip6_engine_packets(t->e, &t->now, REFLECT_LINK, &pkt, 1);
}

static void
reflect_close(struct reflect *t)
{
	assert_int_equal(mip6_pool_out(mip6_engine_pool(t->e)), 0);
	mip6_engine_free(t->e);
	assert_int_equal(t->heap.live, 0);
	test_free(t);
}

/* Nobody is sent more than his packet was, at once or later. */
static void
test_never_more(void **state)
{
	static const enum mip6_drop seen[] = { MIP6_DROP_HAO_NO_BINDING,
		MIP6_DROP_HAO_TWICE, MIP6_DROP_HAO_ORDER,
		MIP6_DROP_HAO_NOT_UNICAST, MIP6_DROP_RH2_BAD,
		MIP6_DROP_RH2_NOT_HOME, MIP6_DROP_RH_OTHER, MIP6_DROP_MARTIAN,
		MIP6_DROP_SELF_SENT, MIP6_DROP_FRAGMENT_BAD,
		MIP6_DROP_FRAGMENT_TIMEOUT, MIP6_DROP_RR_HEADERS };
	struct reflect *t = reflect_open();
	struct mip6_drops drops;
	struct octets o;
	size_t i, from;

	(void)state;
	for (i = 0; i < REFLECT_ROUNDS; i++) {
		from = (size_t)gen_below(&t->gen, REFLECT_SENDERS + 1);
		o = reflect_packet(&t->gen, from);
		/* Each packet for itself, and what comes later for nothing. */
		memset(t->in, 0, sizeof(t->in));
		memset(t->out, 0, sizeof(t->out));
		t->in[from] = o.n;
		reflect_give(t, &o);
		t->in[from] = t->out[from];
		t->now.boot.us += 20000;
		t->now.mono = t->now.boot;
		mip6_engine_timer(t->e, &t->now);
	}
	/* What was to be put together is given up, and nobody told. */
	t->now.boot.us += 100000000;
	t->now.mono = t->now.boot;
	mip6_engine_timer(t->e, &t->now);
	/* It came everywhere, and did not keep silent. */
	drops = mip6_engine_drops(t->e);
	for (i = 0; i < MIP6_COUNT(seen); i++)
		if (drops.count[seen[i]] == 0)
			fail_msg("%s never came", mip6_drop_name(seen[i]));
	assert_true(t->answers > 100);
	reflect_close(t);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_never_more),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
