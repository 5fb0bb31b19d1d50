/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * ICMPv6 errors about what was sent to a correspondent: who has no Mobile IPv6
 * is recognised, and nobody else is believed.
 *
 * Links: core
 */
#include "mn_ro_fix.h"

struct quote {
	const char *from; /* NULL: the correspondent */
	uint8_t type, code;
	uint32_t word;
};

static const struct quote no_such_header = { NULL, MIP6_ICMP6_PARAM_PROBLEM,
	MIP6_ICMP6_NEXT_HEADER, 6 };

/* The error about octets[count], to where they came from. */
static void
error(struct ro_fix *f, const struct quote *q, const uint8_t *octets,
    size_t count)
{
	uint8_t buf[MIP6_IP6_MTU_MIN];
	struct mip6_wr w = mip6_wr_make(buf, sizeof(buf));
	struct mip6_icmp6_error e;
	struct mip6_event ev;

	memset(&e, 0, sizeof(e));
	e.src = fix_addr(q->from != NULL ? q->from : f->peer);
	memcpy(e.dst.b, octets + MIP6_IP6_AT_SRC, sizeof(e.dst.b));
	e.hop_limit = 64;
	e.type = q->type;
	e.code = q->code;
	e.word = q->word;
	e.quoted = octets;
	e.quoted_octets = count;
	mip6_icmp6_error_write(&w, &e);
	assert_false(w.failed);
	memset(&ev, 0, sizeof(ev));
	ev.kind = MIP6_EV_HINT;
	ev.u.hint.kind = MIP6_HINT_ICMP_ERROR;
	ev.u.hint.ifindex = f->x.ifindex;
	ev.u.hint.octets = buf;
	ev.u.hint.count = w.pos;
	fix_give(&f->x, &ev);
}

/* The last message of that type as it was on the wire. */
static size_t
message(struct ro_fix *f, enum mip6_mh_type type, uint8_t *buf, size_t cap)
{
	struct mip6_mh_to to;
	struct mip6_mh m = type == MIP6_MH_HOTI ? f->hoti : f->coti;

	if (type == MIP6_MH_BU) {
		memcpy(buf, f->bu_octets, f->bu_count);
		return f->bu_count;
	}
	memset(&to, 0, sizeof(to));
	to.src = type == MIP6_MH_HOTI ? f->hoti_src : f->coti_src;
	to.dst = fix_addr(f->peer);
	return mh_build(f->x.node, buf, cap, &to, &m, NULL, NULL, NULL);
}

static struct ro_fix *
asked(enum mip6_mh_type type)
{
	struct ro_fix *f = ro_new();

	ro_hint(f, MIP6_HINT_NO_ROW);
	if (type == MIP6_MH_BU) {
		ro_hot(f);
		ro_cot(f);
	}
	return f;
}

/* R11.6.2-05, R11.3.5-01: each of the three messages, each of the signs. */
static void
test_signs(void **state)
{
	static const struct {
		enum mip6_mh_type type;
		struct quote q;
		enum ro_denial why;
	} sign[] = {
		{ MIP6_MH_HOTI,
		    { NULL, MIP6_ICMP6_PARAM_PROBLEM, MIP6_ICMP6_NEXT_HEADER,
			6 },
		    RO_DENIAL_UNSUPPORTED },
		{ MIP6_MH_COTI,
		    { NULL, MIP6_ICMP6_PARAM_PROBLEM, MIP6_ICMP6_NEXT_HEADER,
			6 },
		    RO_DENIAL_UNSUPPORTED },
		{ MIP6_MH_HOTI,
		    { "2001:db8:c::1", MIP6_ICMP6_UNREACHABLE, 1, 0 },
		    RO_DENIAL_UNREACHABLE },
		{ MIP6_MH_COTI, { NULL, MIP6_ICMP6_UNREACHABLE, 4, 0 },
		    RO_DENIAL_UNREACHABLE },
		{ MIP6_MH_BU,
		    { NULL, MIP6_ICMP6_PARAM_PROBLEM, MIP6_ICMP6_NEXT_HEADER,
			6 },
		    RO_DENIAL_UNSUPPORTED },
		{ MIP6_MH_BU,
		    { NULL, MIP6_ICMP6_PARAM_PROBLEM, MIP6_ICMP6_OPTION, 44 },
		    RO_DENIAL_UNSUPPORTED },
	};
	struct ro_fix *f;
	uint8_t buf[512];
	uint32_t sent;
	size_t i, n;

	(void)state;
	for (i = 0; i < MIP6_COUNT(sign); i++) {
		f = asked(sign[i].type);
		n = message(f, sign[i].type, buf, sizeof(buf));
		error(f, &sign[i].q, buf, n);
		assert_int_equal(ro_entry(f)->state, RO_DENIED);
		assert_int_equal(ro_entry(f)->denial, sign[i].why);
		sent = f->hotis + f->cotis + f->bus;
		ro_hint(f, MIP6_HINT_NO_ROW);
		fix_wait(&f->x, MIP6_SPAN_S(60));
		assert_int_equal(f->hotis + f->cotis + f->bus, sent);
		ro_end(f);
	}
}

/* What we did not send, or not to it, or what it did not say. */
static void
test_not_believed(void **state)
{
	static const struct quote other_from = { "2001:db8:c::101",
		MIP6_ICMP6_PARAM_PROBLEM, MIP6_ICMP6_NEXT_HEADER, 6 };
	static const struct quote too_big = { NULL, MIP6_ICMP6_TOO_BIG, 0,
		1280 };
	static const struct quote unreachable = { NULL, MIP6_ICMP6_UNREACHABLE,
		1, 0 };
	static const enum mip6_mh_type types[] = { MIP6_MH_HOTI, MIP6_MH_COTI };
	static const size_t wrong[] = { MIP6_IP6_AT_SRC + 15, 39,
		MIP6_IP6_OCTETS + 8, MIP6_IP6_OCTETS + 15 };
	struct ro_fix *f = asked(MIP6_MH_HOTI);
	uint8_t buf[512];
	size_t i, k, n;

	(void)state;
	for (i = 0; i < MIP6_COUNT(types); i++) {
		n = message(f, types[i], buf, sizeof(buf));
		/* Another source, another destination, another cookie. */
		for (k = 0; k < MIP6_COUNT(wrong); k++) {
			buf[wrong[k]] ^= 1;
			error(f, &no_such_header, buf, n);
			error(f, &unreachable, buf, n);
			buf[wrong[k]] ^= 1;
		}
		error(f, &other_from, buf, n);
		error(f, &too_big, buf, n);
		error(f, &no_such_header, buf, MIP6_IP6_OCTETS + 12);
	}
	assert_int_equal(ro_entry(f)->state, RO_TESTING);
	/* Answered already: nothing is open that could fail. */
	n = message(f, MIP6_MH_HOTI, buf, sizeof(buf));
	ro_hot(f);
	error(f, &no_such_header, buf, n);
	assert_int_equal(ro_entry(f)->state, RO_TESTING);
	ro_cot(f);
	/* An update with another number; or one that is answered. */
	n = message(f, MIP6_MH_BU, buf, sizeof(buf));
	buf[f->bu_ip.upper_at + 7] ^= 1;
	error(f, &no_such_header, buf, n);
	assert_int_equal(ro_entry(f)->state, RO_UPDATING);
	buf[f->bu_ip.upper_at + 7] ^= 1;
	ro_ba(f, MIP6_BA_ACCEPTED, true, 0);
	error(f, &no_such_header, buf, n);
	assert_int_equal(ro_entry(f)->state, RO_BOUND);
	/* R11.3.5-02: and nobody comes by way of an error. */
	buf[MIP6_IP6_AT_DST + 15] ^= 1;
	error(f, &no_such_header, buf, n);
	buf[MIP6_IP6_AT_DST + 15] ^= 1;
	for (i = 1; i < RO_PEERS_MAX; i++)
		assert_false(f->x.node->mn->ro->peer[i].used);
	ro_end(f);
}

/* One that has a binding is asked again, whatever a router says. */
static void
test_bound_one(void **state)
{
	static const struct quote unreachable = { NULL, MIP6_ICMP6_UNREACHABLE,
		0, 0 };
	struct ro_fix *f = ro_direct();
	uint8_t buf[512];
	size_t n;

	(void)state;
	ro_move(f, "2001:db8:b::");
	n = message(f, MIP6_MH_COTI, buf, sizeof(buf));
	error(f, &unreachable, buf, n);
	assert_int_equal(ro_entry(f)->state, RO_TESTING);
	ro_end(f);
}

/* P-RO-HAO: an optimized packet came back because of its option. */
static void
test_option(void **state)
{
	struct quote q = { NULL, MIP6_ICMP6_PARAM_PROBLEM, MIP6_ICMP6_OPTION,
		0 };
	static const uint8_t data[8] = { 1, 2, 3, 4, 5, 6, 7, 8 };
	struct ro_fix *f = ro_direct();
	struct mip6_ip6_view v;
	struct mip6_ip6_out ip;
	struct direct_mine to;
	uint8_t buf[256];
	struct mip6_wr w = mip6_wr_make(buf, sizeof(buf));
	size_t start;

	(void)state;
	memset(&ip, 0, sizeof(ip));
	ip.ip.src = f->coti_src;
	ip.ip.dst = fix_addr(FIX_PEER);
	ip.ip.hop_limit = 64;
	ip.upper = 17;
	ip.has_hao = true;
	ip.hao = fix_addr(FIX_HOA);
	start = mip6_ip6_begin(&w, &ip);
	mip6_wr_octets(&w, data, sizeof(data));
	mip6_ip6_end(&w, start);
	assert_int_equal(mip6_ip6_view(buf, w.pos, &v, NULL), MIP6_PARSE_OK);
	/* Another place of the packet, another sender, another source. */
	q.word = (uint32_t)v.hao_at + 1;
	error(f, &q, buf, w.pos);
	q.word = (uint32_t)v.hao_at;
	q.from = "2001:db8:c::101";
	error(f, &q, buf, w.pos);
	q.from = NULL;
	buf[MIP6_IP6_AT_SRC + 15] ^= 1;
	error(f, &q, buf, w.pos);
	buf[MIP6_IP6_AT_SRC + 15] ^= 1;
	assert_true(ro_mine(f, &to));
	error(f, &q, buf, w.pos);
	assert_false(ro_mine(f, &to));
	assert_int_equal(ro_entry(f)->state, RO_IDLE);
	/* Once more is about nothing. */
	error(f, &q, buf, w.pos);
	assert_non_null(strstr(f->x.events, "ro.hao-refused "));
	ro_end(f);
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_signs),
		cmocka_unit_test(test_not_believed),
		cmocka_unit_test(test_bound_one),
		cmocka_unit_test(test_option),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
