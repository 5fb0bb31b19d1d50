/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * An attacker on a link of its own who hears one leg of return routability,
 * spoofs any source and takes what is sent to its own address; every sequence
 * of three of its actions is tried.  It wants a correspondent to send a mobile
 * node's traffic to it.
 *
 * - Who hears the direct leg alone makes no binding.
 * - Who hears the tunnel, in which the home test travels in clear, does; so
 *   does who hears the leg between home agent and correspondent.  That ends
 *   420 s after the attack at the latest.
 *
 * Implements (as a test of): RFC 6275 sections 5.2, 5.2.8, 15.4.
 */
#include "sim/ladder.h"

#include "crypto/crypto.h"

#define ATTACK_ACTIONS 6
#define ATTACK_DEPTH   3

enum leg { LEG_DIRECT, LEG_TUNNEL, LEG_FAR };

struct attack {
	struct ladder *l;
	struct sim_daemon cn;
	struct mip6_crypto *crypto;
	enum leg leg;
	bool deaf;
	struct mip6_addr hoa, coa, me, cn_addr;
	struct mip6_mh_test home, own_home, own_care; /* tokens it has */
	uint16_t seq;                                 /* that may be accepted */
	uint8_t bu[1500];                             /* of the mobile node */
	size_t bu_count;
};

static bool
is(const struct mip6_addr *a, const struct mip6_addr *b)
{
	return mip6_addr_equal(a, b);
}

/* Does the attacker hear that packet of the mobile node's? */
static bool
hears(const struct attack *t, const struct sim_sight *s)
{
	const struct mip6_ip6 *ip = &s->v.ip;

	if (t->deaf)
		return false;
	switch (t->leg) {
	case LEG_TUNNEL:
		return s->kind == SIM_TUNNEL;
	case LEG_DIRECT:
		return s->kind != SIM_TUNNEL &&
		    (is(&ip->src, &t->coa) || is(&ip->dst, &t->coa)) &&
		    (is(&ip->src, &t->cn_addr) || is(&ip->dst, &t->cn_addr));
	case LEG_FAR:
		break;
	}
	return s->kind != SIM_TUNNEL &&
	    (is(&ip->src, &t->hoa) || is(&ip->dst, &t->hoa));
}

static void
tap(void *arg, const struct sim_segment *seg, const struct sim_iface *from,
    const uint8_t *octets, size_t count)
{
	struct attack *t = arg;
	struct sim_sight s;
	bool mine;

	(void)seg;
	(void)from;
	sim_sight_read(&s, octets, count);
	mine = s.kind != SIM_TUNNEL && is(&s.v.ip.dst, &t->me);
	if (mine && s.kind == SIM_MH && s.mh.type == MIP6_MH_COT)
		t->own_care = s.mh.u.test;
	if (mine && s.kind == SIM_MH && s.mh.type == MIP6_MH_HOT)
		t->own_home = s.mh.u.test;
	/* A refusal tells which numbers would do. */
	if (mine && s.kind == SIM_BA &&
	    s.mh.u.ba.status == MIP6_BA_SEQ_OUT_OF_WINDOW)
		t->seq = (uint16_t)(s.mh.u.ba.seq + 1);
	if (!hears(t, &s))
		return;
	if ((s.kind == SIM_MH || s.inner_kind == SIM_MH) &&
	    s.mh.type == MIP6_MH_HOT)
		t->home = s.mh.u.test;
	if (s.kind == SIM_BU && !s.mh.u.bu.home) {
		t->seq = (uint16_t)(s.mh.u.bu.seq + 1);
		t->bu_count = s.v.octets;
		memcpy(t->bu, octets + (count - s.v.octets), s.v.octets);
	}
}

/* ---- what it can send ---- */

static void
ask(struct attack *t, enum mip6_mh_type type, const struct mip6_addr *src)
{
	uint8_t packet[128];
	struct mip6_wr w = mip6_wr_make(packet, sizeof(packet));
	struct mip6_ip6_out o = {
		.ip = { .src = *src, .dst = t->cn_addr, .hop_limit = 64 },
		.upper = MIP6_NH_MH
	};
	struct mip6_mh_marks marks;
	struct mip6_mh m;
	size_t start, at;

	memset(&m, 0, sizeof(m));
	m.type = type;
	start = mip6_ip6_begin(&w, &o);
	at = w.pos;
	mip6_mh_write(&w, &m, &marks);
	mip6_mh_finish(packet + at, marks.octets, src, &t->cn_addr);
	mip6_ip6_end(&w, start);
	(void)sim_host_send_packet(&t->l->w.peer, packet, w.pos);
}

static void
sign(struct attack *t, const struct mip6_mh_test *home, uint8_t *mh, size_t at)
{
	struct mip6_mh_auth_span span = mip6_mh_auth_span(mh, at);
	uint8_t kbm[MIP6_SHA1_OCTETS], mac[MIP6_SHA1_OCTETS];
	const struct mip6_iovec k[] = {
		{ home->token, sizeof(home->token) },
		{ t->own_care.token, sizeof(t->own_care.token) },
	};
	const struct mip6_iovec v[] = {
		{ t->me.b, sizeof(t->me.b) },
		{ t->cn_addr.b, sizeof(t->cn_addr.b) },
		{ span.piece[0].octets, span.piece[0].count },
		{ span.piece[1].octets, span.piece[1].count },
		{ span.piece[2].octets, span.piece[2].count },
	};

	assert_true(mip6_crypto_sha1(t->crypto, k, MIP6_COUNT(k), kbm));
	assert_true(mip6_crypto_hmac_sha1(t->crypto, kbm, sizeof(kbm), v,
	    MIP6_COUNT(v), mac));
	memcpy(mh + at, mac, MIP6_MH_AUTH_OCTETS);
}

/* "The mobile node is where I am": with these tokens. */
static void
claim(struct attack *t, const struct mip6_mh_test *home)
{
	uint8_t packet[256];
	struct mip6_wr w = mip6_wr_make(packet, sizeof(packet));
	struct mip6_ip6_out o = {
		.ip = { .src = t->me, .dst = t->cn_addr, .hop_limit = 64 },
		.upper = MIP6_NH_MH,
		.has_hao = true,
		.hao = t->hoa
	};
	struct mip6_mh_marks marks;
	struct mip6_mh m;
	size_t start, at;

	memset(&m, 0, sizeof(m));
	m.type = MIP6_MH_BU;
	m.u.bu.seq = t->seq;
	m.u.bu.ack = true;
	m.u.bu.lifetime = MIP6_SPAN_S(420);
	m.opt.has_nonce_indices = true;
	m.opt.home_nonce_index = home->nonce_index;
	m.opt.coa_nonce_index = t->own_care.nonce_index;
	m.opt.has_auth_data = true;
	m.opt.auth_data.count = MIP6_MH_AUTH_OCTETS;
	start = mip6_ip6_begin(&w, &o);
	at = w.pos;
	mip6_mh_write(&w, &m, &marks);
	mip6_ip6_end(&w, start);
	assert_false(w.failed);
	sign(t, home, packet + at, marks.auth_data_at);
	mip6_mh_finish(packet + at, marks.octets, &t->hoa, &t->cn_addr);
	(void)sim_host_send_packet(&t->l->w.peer, packet, w.pos);
}

static void
act(struct attack *t, unsigned int action)
{
	switch (action) {
	case 0:
		ask(t, MIP6_MH_COTI, &t->me);
		break;
	case 1:
		ask(t, MIP6_MH_HOTI, &t->hoa);
		break;
	case 2:
		ask(t, MIP6_MH_HOTI, &t->me);
		break;
	case 3:
		/* Once more with the number that a refusal told. */
		claim(t, &t->home);
		sim_run(&t->l->w.sim, 5 * LADDER_RTT_US);
		claim(t, &t->home);
		break;
	case 4:
		claim(t, &t->own_home);
		break;
	case 5:
		if (t->bu_count > 0)
			(void)sim_host_send_packet(&t->l->w.peer, t->bu,
			    t->bu_count);
		break;
	default:
		break;
	}
	sim_run(&t->l->w.sim, 5 * LADDER_RTT_US);
}

/* ---- the world ---- */

static void *
attack_alloc(void *arg, size_t octets)
{
	(void)arg;
	return sim_alloc(octets);
}

static void
attack_release(void *arg, void *mem, size_t octets)
{
	(void)arg;
	(void)octets;
	sim_free(mem);
}

static struct attack *
begin(enum leg leg)
{
	static const struct mip6_alloc alloc = { attack_alloc, attack_release,
		NULL };
	struct attack *t = sim_alloc(sizeof(*t));
	struct ladder *l = ladder_registered(NULL, "a");
	struct mip6_show_registration r = ladder_registration(l);

	t->l = l;
	t->leg = leg;
	t->crypto = mip6_crypto_new(&alloc);
	assert_non_null(t->crypto);
	t->hoa = l->w.mn[0].hoa;
	t->coa = r.coa;
	t->me = l->w.peer_addr;
	t->cn_addr = l->w.cn_addr;
	t->seq = 1;
	sim_daemon_init(&t->cn, &l->w.cn, 77);
	t->cn.conf.cn.on = true;
	t->cn.conf.cn.bindings_max = 16;
	t->cn.conf.cn.lifetime_max = MIP6_SPAN_S(420);
	sim_daemon_start(&t->cn);
	sim_net_tap(&l->w.net, tap, t);
	l->w.mn[0].daemon.conf.mn.optimize = MIP6_OPTIMIZE_ALL;
	sim_daemon_reload(&l->w.mn[0].daemon);
	sim_run(&l->w.sim, SIM_S);
	/* The mobile node optimizes: that is what there is to be heard. */
	sim_ping_start(&l->w.transport, &l->ping, &l->w.mn[0].host, &l->w.cn,
	    &l->w.cn_addr, &l->w.mn[0].hoa, 50 * SIM_MS);
	sim_run(&l->w.sim, SIM_S);
	return t;
}

static void
end(struct attack *t)
{
	sim_daemon_fini(&t->cn);
	mip6_crypto_free(t->crypto);
	ladder_end(t->l);
	sim_free(t);
}

struct look {
	const struct attack *t;
	bool taken;
};

static void
look_row(void *arg, const struct mip6_show_binding *b)
{
	struct look *k = arg;

	if (is(&b->hoa, &k->t->hoa) && is(&b->coa, &k->t->me) &&
	    strcmp(b->state, "registered") == 0)
		k->taken = true;
}

/* Does the correspondent believe the attacker? */
static bool
is_taken(struct attack *t)
{
	struct mip6_now now = sim_daemon_now(&t->cn);
	struct look k = { .t = t };

	(void)mip6_show_bindings(mip6_engine_node(t->cn.engine), &now, 0,
	    SIZE_MAX, look_row, &k);
	return k.taken;
}

/* How many sequences of actions take the traffic. */
static unsigned int
search(enum leg leg)
{
	unsigned int code, rest, i, sequences = 1, taken = 0;
	struct attack *t;

	for (i = 0; i < ATTACK_DEPTH; i++)
		sequences *= ATTACK_ACTIONS;
	for (code = 0; code < sequences; code++) {
		t = begin(leg);
		for (i = 0, rest = code; i < ATTACK_DEPTH; i++) {
			act(t, rest % ATTACK_ACTIONS);
			rest /= ATTACK_ACTIONS;
		}
		taken += is_taken(t);
		end(t);
	}
	return taken;
}

static void
direct_leg(void **state)
{
	(void)state;
	assert_int_equal(search(LEG_DIRECT), 0);
}

/* In clear: so it will be until the home test travels in ESP. */
static void
tunnel_leg(void **state)
{
	(void)state;
	assert_true(search(LEG_TUNNEL) > 0);
}

static void
far_leg(void **state)
{
	(void)state;
	assert_true(search(LEG_FAR) > 0);
}

/* Without the attacker's ear and voice nothing of it lasts. */
static void
ends_in_time(void **state)
{
	struct attack *t = begin(LEG_FAR);

	(void)state;
	act(t, 1);
	act(t, 0);
	act(t, 3);
	assert_true(is_taken(t));
	t->deaf = true;
	sim_run(&t->l->w.sim, 420 * SIM_S);
	assert_false(is_taken(t));
	end(t);
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(direct_leg),
		cmocka_unit_test(tunnel_leg),
		cmocka_unit_test(far_leg),
		cmocka_unit_test(ends_in_time),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
