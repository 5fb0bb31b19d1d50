/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Reassembly and cutting.  Packets cut by hand and by mip6_frag_cut come back
 * whole in every order; random mixtures of fragments, copies and overlaps are
 * compared with a model that keeps a map of octets; and each rule of RFC 8200
 * section 4.5 has its case.
 *
 * Links: path
 */
#include "path/frag.h"

#include "unit/path_support.h"

struct rf {
	struct support_heap heap;
	struct mip6_pool *pool;
	struct mip6_drops drops;
	struct mip6_reasm *reasm;
	struct mip6_time now;
	struct mip6_pkt *whole;
	size_t front;
};

static const struct mip6_hash_key key = { { 11, 22, 33, 44 } };

static struct rf *
rf_open(uint32_t max)
{
	struct rf *f = calloc(1, sizeof(*f));

	support_heap_init(&f->heap);
	f->pool = mip6_pool_new(&f->heap.alloc, 600, 2);
	f->reasm =
	    mip6_reasm_new(&f->heap.alloc, &key, f->pool, max, &f->drops);
	assert_non_null(f->reasm);
	f->now.us = 1000;
	return f;
}

static void
rf_close(struct rf *f)
{
	mip6_reasm_free(f->reasm);
	assert_int_equal(mip6_pool_out(f->pool), 0);
	mip6_pool_free(f->pool);
	assert_int_equal(f->heap.live, 0);
	free(f);
}

/* Gives one fragment; what is refused is given back. */
static enum mip6_reasm_verdict
rf_add(struct rf *f, struct octets o)
{
	enum mip6_reasm_verdict verdict;
	struct mip6_ip6_view v;
	struct mip6_pkt *pkt;

	pkt = mip6_pool_get(f->pool, o.n);
	assert_non_null(pkt);
	memcpy(mip6_pkt_octets(pkt), o.v, o.n);
	pkt->count = (uint32_t)o.n;
	pkt->ll_src.b[0] = o.v[o.n - 1];
	assert_int_equal(mip6_ip6_view(mip6_pkt_octets(pkt), o.n, &v, NULL),
	    MIP6_PARSE_OK);
	assert_true(mip6_ip6_is_fragment(&v));
	f->whole = NULL;
	verdict =
	    mip6_reasm_add(f->reasm, f->now, pkt, &v, &f->whole, &f->front);
	if (verdict != MIP6_REASM_TAKEN && verdict != MIP6_REASM_WHOLE)
		mip6_pool_put(f->pool, pkt);
	assert_int_equal(f->whole != NULL, verdict == MIP6_REASM_WHOLE);
	return verdict;
}

static void
rf_whole_is(struct rf *f, struct octets o)
{
	assert_non_null(f->whole);
	assert_int_equal(f->whole->count, o.n);
	assert_memory_equal(mip6_pkt_octets(f->whole), o.v, o.n);
	mip6_pool_put(f->pool, f->whole);
	f->whole = NULL;
}

/* A fragment of a packet from COA to AGENT that carries another. */
static struct octets
piece(struct octets inner, size_t from, size_t n, bool more, uint32_t id)
{
	return ip6(COA, AGENT, MIP6_NH_FRAGMENT, 60,
	    frag(MIP6_NH_IPV6, from, more, id, part(inner, from, n)));
}

static void
test_every_order(void **state)
{
	static const int order[][3] = { { 0, 1, 2 }, { 0, 2, 1 }, { 1, 0, 2 },
		{ 1, 2, 0 }, { 2, 0, 1 }, { 2, 1, 0 } };
	struct octets inner = udp(HOME, PEER, 301);
	struct octets three[3];
	struct rf *f = rf_open(4);
	size_t i;

	(void)state;
	three[0] = piece(inner, 0, 104, true, 9);
	three[1] = piece(inner, 104, 96, true, 9);
	three[2] = piece(inner, 200, 101, false, 9);
	for (i = 0; i < 6; i++) {
		assert_int_equal(rf_add(f, three[order[i][0]]),
		    MIP6_REASM_TAKEN);
		assert_int_equal(rf_add(f, three[order[i][1]]),
		    MIP6_REASM_TAKEN);
		assert_int_equal(rf_add(f, three[order[i][2]]),
		    MIP6_REASM_WHOLE);
		assert_int_equal(f->whole->ll_src.b[0],
		    three[0].v[three[0].n - 1]);
		rf_whole_is(f, tunnel(COA, AGENT, inner));
		assert_int_equal(mip6_pool_out(f->pool), 0);
	}
	assert_true(mip6_time_is_never(mip6_reasm_deadline(f->reasm)));
	rf_close(f);
}

/* The headers of the first fragment count, and its Next Header. */
static void
test_headers(void **state)
{
	struct octets inner = udp(HOME, PEER, 200);
	struct octets first, last, want;
	struct rf *f = rf_open(4);

	(void)state;
	first = ip6(COA, AGENT, MIP6_NH_DSTOPTS, 60,
	    join(options(MIP6_NH_FRAGMENT),
		frag(MIP6_NH_IPV6, 0, true, 3, part(inner, 0, 80))));
	last = ip6(COA, AGENT, MIP6_NH_FRAGMENT, 17,
	    frag(MIP6_NH_UDP, 80, false, 3, part(inner, 80, 120)));
	want = ip6(COA, AGENT, MIP6_NH_DSTOPTS, 60,
	    join(options(MIP6_NH_IPV6), inner));
	assert_int_equal(rf_add(f, last), MIP6_REASM_TAKEN);
	assert_int_equal(rf_add(f, first), MIP6_REASM_WHOLE);
	/* What stood in front of the first one's Fragment header. */
	assert_int_equal(f->front, MIP6_IP6_OCTETS + 8);
	rf_whole_is(f, want);
	/* RFC 3168 section 5.3: a mark on any fragment. */
	first.v[1] = (uint8_t)((first.v[1] & 0xcf) | 0x20);
	want.v[1] |= 0x30;
	last.v[1] |= 0x30;
	assert_int_equal(rf_add(f, first), MIP6_REASM_TAKEN);
	assert_int_equal(rf_add(f, last), MIP6_REASM_WHOLE);
	rf_whole_is(f, want);
	/* ... but not on one without ECN. */
	first.v[1] &= 0xcf;
	want.v[1] &= 0xcf;
	assert_int_equal(rf_add(f, first), MIP6_REASM_TAKEN);
	assert_int_equal(rf_add(f, last), MIP6_REASM_WHOLE);
	rf_whole_is(f, want);
	rf_close(f);
}

static void
test_refused(void **state)
{
	struct octets inner = udp(HOME, PEER, 301);
	struct octets chain;
	struct rf *f = rf_open(4);

	(void)state;
	assert_int_equal(rf_add(f, piece(inner, 0, 105, true, 1)),
	    MIP6_REASM_LENGTH);
	/* 65,528 + 8 octets and more. */
	assert_int_equal(rf_add(f,
			     ip6(COA, AGENT, MIP6_NH_FRAGMENT, 60,
				 frag(MIP6_NH_IPV6, 65528, false, 1,
				     fill(8, 1)))),
	    MIP6_REASM_OFFSET);
	assert_int_equal(rf_add(f,
			     ip6(COA, AGENT, MIP6_NH_FRAGMENT, 60,
				 frag(MIP6_NH_IPV6, 65528, false, 1,
				     fill(7, 1)))),
	    MIP6_REASM_TAKEN);
	assert_int_equal(rf_add(f, piece(inner, 0, 32, true, 2)),
	    MIP6_REASM_HEADERS);
	assert_int_equal(rf_add(f, piece(inner, 0, 40, true, 2)),
	    MIP6_REASM_TAKEN);
	/* Options that go on into the next fragment. */
	chain = options(MIP6_NH_MH);
	chain.v[1] = 1;
	assert_int_equal(rf_add(f,
			     ip6(COA, AGENT, MIP6_NH_FRAGMENT, 60,
				 frag(MIP6_NH_DSTOPTS, 0, true, 3, chain))),
	    MIP6_REASM_HEADERS);
	assert_int_equal(rf_add(f,
			     ip6(COA, AGENT, MIP6_NH_FRAGMENT, 60,
				 frag(MIP6_NH_MH, 0, true, 3,
				     part(mobility(), 0, 8)))),
	    MIP6_REASM_TAKEN);
	assert_int_equal(rf_add(f,
			     ip6(COA, AGENT, MIP6_NH_FRAGMENT, 60,
				 frag(MIP6_NH_TCP, 0, true, 4, fill(16, 1)))),
	    MIP6_REASM_HEADERS);
	/* Nothing in it. */
	assert_int_equal(rf_add(f,
			     ip6(COA, AGENT, MIP6_NH_FRAGMENT, 60,
				 frag(MIP6_NH_IPV6, 80, true, 5, fill(0, 1)))),
	    MIP6_REASM_BAD);
	rf_close(f);
}

/* What overlaps takes everything with it, also what comes later. */
static void
test_overlap(void **state)
{
	struct octets inner = udp(HOME, PEER, 304);
	struct octets other = inner;
	struct rf *f = rf_open(4);

	(void)state;
	other.v[100] ^= 1;
	assert_int_equal(rf_add(f, piece(inner, 0, 104, true, 1)),
	    MIP6_REASM_TAKEN);
	/* An exact copy is only a copy. */
	assert_int_equal(rf_add(f, piece(inner, 0, 104, true, 1)),
	    MIP6_REASM_BAD);
	assert_int_equal(f->drops.count[MIP6_DROP_FRAGMENT_BAD], 0);
	/* The same place with other octets is an attack. */
	assert_int_equal(rf_add(f, piece(other, 0, 104, true, 1)),
	    MIP6_REASM_BAD);
	assert_int_equal(f->drops.count[MIP6_DROP_FRAGMENT_BAD], 1);
	assert_int_equal(mip6_pool_out(f->pool), 0);
	assert_int_equal(rf_add(f, piece(inner, 0, 104, true, 1)),
	    MIP6_REASM_BAD);
	assert_int_equal(rf_add(f, piece(inner, 104, 200, false, 1)),
	    MIP6_REASM_BAD);
	assert_int_equal(mip6_pool_out(f->pool), 0);
	/* Another identification is another packet. */
	assert_int_equal(rf_add(f, piece(inner, 0, 104, true, 2)),
	    MIP6_REASM_TAKEN);
	assert_int_equal(rf_add(f, piece(inner, 104, 200, false, 2)),
	    MIP6_REASM_WHOLE);
	rf_whole_is(f, tunnel(COA, AGENT, inner));
	/* One octet unit in common. */
	assert_int_equal(rf_add(f, piece(inner, 104, 200, false, 3)),
	    MIP6_REASM_TAKEN);
	assert_int_equal(rf_add(f, piece(inner, 0, 112, true, 3)),
	    MIP6_REASM_BAD);
	/* Behind the end; another end; an end before what is there. */
	assert_int_equal(rf_add(f, piece(inner, 104, 96, false, 4)),
	    MIP6_REASM_TAKEN);
	assert_int_equal(rf_add(f, piece(inner, 200, 104, true, 4)),
	    MIP6_REASM_BAD);
	assert_int_equal(rf_add(f, piece(inner, 104, 96, false, 5)),
	    MIP6_REASM_TAKEN);
	assert_int_equal(rf_add(f, piece(inner, 96, 8, false, 5)),
	    MIP6_REASM_BAD);
	assert_int_equal(rf_add(f, piece(inner, 104, 96, true, 6)),
	    MIP6_REASM_TAKEN);
	assert_int_equal(rf_add(f, piece(inner, 48, 8, false, 6)),
	    MIP6_REASM_BAD);
	assert_int_equal(mip6_pool_out(f->pool), 0);
	assert_int_equal(f->drops.count[MIP6_DROP_FRAGMENT_BAD], 5);
	rf_close(f);
}

static void
test_timeout(void **state)
{
	struct octets inner = udp(HOME, PEER, 304);
	struct rf *f = rf_open(4);
	struct mip6_pkt *first;

	(void)state;
	assert_int_equal(rf_add(f, piece(inner, 0, 104, true, 1)),
	    MIP6_REASM_TAKEN);
	assert_int_equal(mip6_reasm_deadline(f->reasm).us, 60001000);
	f->now.us += 30000000;
	assert_int_equal(rf_add(f, piece(inner, 104, 96, true, 1)),
	    MIP6_REASM_TAKEN);
	assert_int_equal(rf_add(f, piece(inner, 104, 96, true, 2)),
	    MIP6_REASM_TAKEN);
	assert_int_equal(mip6_reasm_deadline(f->reasm).us, 60001000);
	f->now.us = 60000999;
	assert_false(mip6_reasm_expire(f->reasm, f->now, &first));
	f->now.us++;
	assert_true(mip6_reasm_expire(f->reasm, f->now, &first));
	assert_non_null(first);
	assert_int_equal(first->count, 40 + 8 + 104);
	mip6_pool_put(f->pool, first);
	assert_int_equal(f->drops.count[MIP6_DROP_FRAGMENT_TIMEOUT], 1);
	assert_false(mip6_reasm_expire(f->reasm, f->now, &first));
	/* The second packet had no first fragment. */
	assert_int_equal(mip6_reasm_deadline(f->reasm).us, 90001000);
	f->now.us = 90001000;
	assert_true(mip6_reasm_expire(f->reasm, f->now, &first));
	assert_null(first);
	assert_int_equal(f->drops.count[MIP6_DROP_FRAGMENT_TIMEOUT], 2);
	/* Late fragments begin anew, also before anybody looked. */
	assert_int_equal(rf_add(f, piece(inner, 0, 104, true, 1)),
	    MIP6_REASM_TAKEN);
	f->now.us += 60000000;
	assert_int_equal(rf_add(f, piece(inner, 104, 200, false, 1)),
	    MIP6_REASM_TAKEN);
	assert_int_equal(f->drops.count[MIP6_DROP_FRAGMENT_TIMEOUT], 3);
	assert_int_equal(rf_add(f, piece(inner, 0, 104, true, 1)),
	    MIP6_REASM_WHOLE);
	rf_whole_is(f, tunnel(COA, AGENT, inner));
	rf_close(f);
}

/* One short of the timeout it still comes together. */
static void
test_just_in_time(void **state)
{
	struct octets inner = udp(HOME, PEER, 304);
	struct rf *f = rf_open(4);

	(void)state;
	assert_int_equal(rf_add(f, piece(inner, 0, 104, true, 1)),
	    MIP6_REASM_TAKEN);
	f->now.us += 59999999;
	assert_int_equal(rf_add(f, piece(inner, 104, 200, false, 1)),
	    MIP6_REASM_WHOLE);
	rf_whole_is(f, tunnel(COA, AGENT, inner));
	rf_close(f);
}

/* Packets and fragments are limited; the oldest gives way. */
static void
test_limits(void **state)
{
	struct octets inner = udp(HOME, PEER, 800);
	struct rf *f = rf_open(4);
	uint32_t i;

	(void)state;
	for (i = 0; i < 4; i++)
		(void)rf_add(f, piece(inner, 0, 104, true, i));
	assert_int_equal(f->drops.count[MIP6_DROP_FRAGMENT_FULL], 0);
	assert_int_equal(rf_add(f, piece(inner, 0, 104, true, 4)),
	    MIP6_REASM_TAKEN);
	assert_int_equal(f->drops.count[MIP6_DROP_FRAGMENT_FULL], 1);
	assert_int_equal(mip6_pool_out(f->pool), 4);
	/* The first one is forgotten, the last ones are not. */
	assert_int_equal(rf_add(f, piece(inner, 104, 696, false, 4)),
	    MIP6_REASM_WHOLE);
	rf_whole_is(f, tunnel(COA, AGENT, inner));
	assert_int_equal(rf_add(f, piece(inner, 104, 696, false, 0)),
	    MIP6_REASM_TAKEN);
	/* 64 fragments in all, whatever they belong to. */
	for (i = 0; i < 62; i++)
		(void)rf_add(f, piece(inner, 8 * (i + 20), 8, true, 7));
	assert_int_equal(mip6_pool_out(f->pool), 64);
	(void)rf_add(f, piece(inner, 0, 104, true, 8));
	assert_true(mip6_pool_out(f->pool) <= 64);
	rf_close(f);
}

/* More pieces than a packet may have are no packet. */
static void
test_pieces(void **state)
{
	struct octets inner = udp(HOME, PEER, 1000);
	struct rf *f = rf_open(64);
	uint32_t i;

	(void)state;
	for (i = 0; i < MIP6_REASM_PIECES; i++)
		assert_int_equal(rf_add(f,
				     piece(inner, 48 + 8 * i, 8, true, 1)),
		    MIP6_REASM_TAKEN);
	assert_int_equal(rf_add(f, piece(inner, 0, 48, true, 1)),
	    MIP6_REASM_BAD);
	assert_int_equal(f->drops.count[MIP6_DROP_FRAGMENT_BAD],
	    MIP6_REASM_PIECES);
	assert_int_equal(mip6_pool_out(f->pool), 0);
	rf_close(f);
}

/* A packet larger than an ordinary buffer goes into a big one. */
static void
test_big(void **state)
{
	struct octets inner = fill(3000, 5);
	struct mip6_pkt *hold[2];
	struct octets a, b;
	struct rf *f = rf_open(4);

	(void)state;
	inner = udp(HOME, PEER, 3000);
	a = piece(inner, 0, 1440, true, 1);
	b = piece(inner, 1440, 1560, false, 1);
	assert_int_equal(rf_add(f, a), MIP6_REASM_TAKEN);
	assert_int_equal(rf_add(f, b), MIP6_REASM_WHOLE);
	rf_whole_is(f, tunnel(COA, AGENT, inner));
	/* None left: all of it is dropped. */
	hold[0] = mip6_pool_get(f->pool, 60000);
	hold[1] = mip6_pool_get(f->pool, 60000);
	assert_int_equal(rf_add(f, b), MIP6_REASM_TAKEN);
	assert_int_equal(rf_add(f, a), MIP6_REASM_TAKEN);
	assert_int_equal(f->drops.count[MIP6_DROP_NO_BUFFER], 2);
	mip6_pool_put(f->pool, hold[0]);
	mip6_pool_put(f->pool, hold[1]);
	assert_int_equal(mip6_pool_out(f->pool), 0);
	rf_close(f);
}

/* The headers of the first fragment make it too long after all. */
static void
test_too_long_whole(void **state)
{
	struct octets first, last;
	struct rf *f = rf_open(4);
	uint32_t i;

	(void)state;
	for (i = 0; i < 47; i++)
		assert_int_equal(rf_add(f,
				     ip6(COA, AGENT, MIP6_NH_FRAGMENT, 60,
					 frag(MIP6_NH_IPV6, 48 + i * 1392, true,
					     1, fill(1392, (uint8_t)i)))),
		    MIP6_REASM_TAKEN);
	last = ip6(COA, AGENT, MIP6_NH_FRAGMENT, 60,
	    frag(MIP6_NH_IPV6, 48 + 47 * 1392, false, 1, fill(63, 1)));
	assert_int_equal(rf_add(f, last), MIP6_REASM_TAKEN);
	first = ip6(COA, AGENT, MIP6_NH_DSTOPTS, 60,
	    join(options(MIP6_NH_FRAGMENT),
		frag(MIP6_NH_IPV6, 0, true, 1,
		    part(udp(HOME, PEER, 100), 0, 48))));
	assert_int_equal(rf_add(f, first), MIP6_REASM_TAKEN);
	assert_int_equal(f->drops.count[MIP6_DROP_FRAGMENT_BAD], 49);
	assert_int_equal(mip6_pool_out(f->pool), 0);
	rf_close(f);
}

/* The model: which octets are there, and whether it is spoilt. */
#define MODEL_UNITS 24
struct model {
	uint8_t there[MODEL_UNITS]; /* a unit of 8 octets */
	size_t starts[MODEL_UNITS], ends[MODEL_UNITS], n;
	size_t total; /* units; 0: not known */
	bool spoilt;
};

/* What must come of units [a, b). */
static enum mip6_reasm_verdict
model_add(struct model *m, size_t a, size_t b, bool more)
{
	size_t i, have = 0;

	if (m->spoilt)
		return MIP6_REASM_BAD;
	for (i = 0; i < m->n; i++)
		if (m->starts[i] == a && m->ends[i] == b)
			return MIP6_REASM_BAD;
	for (i = a; i < b; i++)
		if (m->there[i])
			m->spoilt = true;
	if (m->total != 0 && (b > m->total || (!more && b != m->total)))
		m->spoilt = true;
	for (i = b; !more && i < MODEL_UNITS; i++)
		if (m->there[i])
			m->spoilt = true;
	if (m->spoilt)
		return MIP6_REASM_BAD;
	m->starts[m->n] = a;
	m->ends[m->n++] = b;
	for (i = a; i < b; i++)
		m->there[i] = 1;
	if (!more)
		m->total = b;
	for (i = 0; i < m->total; i++)
		have += m->there[i];
	return m->total != 0 && have == m->total ? MIP6_REASM_WHOLE :
						   MIP6_REASM_TAKEN;
}

static void
test_model(void **state)
{
	uint64_t seed = 7;
	struct octets inner = udp(HOME, PEER, MODEL_UNITS * 8);
	struct model m = { .n = 0 };
	struct rf *f = rf_open(4);
	enum mip6_reasm_verdict want;
	size_t a, b, whole = 0, spoilt = 0;
	uint32_t id = 0, round, step;

	(void)state;
	for (round = 0; round < 20000; round++) {
		memset(&m, 0, sizeof(m));
		id++;
		for (step = 0; step < 30; step++) {
			/* Mostly a grid, so that many come together. */
			a = support_draw(&seed) % 4 * 6;
			b = a + 6;
			if (support_draw(&seed) % 40 == 0)
				b = a + 1 + support_draw(&seed) % 6;
			if (a == 0 && b < 5)
				b = 5;
			want = model_add(&m, a, b, b < MODEL_UNITS);
			assert_int_equal(rf_add(f,
					     piece(inner, a * 8, (b - a) * 8,
						 b < MODEL_UNITS, id)),
			    want);
			if (want == MIP6_REASM_WHOLE) {
				rf_whole_is(f, tunnel(COA, AGENT, inner));
				whole++;
				break;
			}
		}
		spoilt += m.spoilt;
	}
	assert_true(whole > 5000);
	assert_true(spoilt > 2000);
	rf_close(f);
}

/* What mip6_frag_cut makes fits, and comes together again. */
static void
test_cut(void **state)
{
	static const struct {
		size_t octets;
		uint16_t mtu;
		size_t pieces;
	} rows[] = { { 1320, 1280, 2 }, { 1281, 1280, 2 }, { 2900, 1280, 3 },
		{ 2048, 1500, 2 }, { 2504, 1280, 2 }, { 2505, 1280, 3 } };
	struct octets whole, made;
	struct mip6_pkt *pkt, *next;
	struct rf *f = rf_open(4);
	size_t i, n;

	(void)state;
	for (i = 0; i < MIP6_COUNT(rows); i++) {
		whole =
		    tunnel(COA, AGENT, udp(HOME, PEER, rows[i].octets - 40));
		pkt = mip6_pool_get(f->pool, whole.n);
		memcpy(mip6_pkt_octets(pkt), whole.v, whole.n);
		pkt->count = (uint32_t)whole.n;
		pkt = mip6_frag_cut(f->pool, pkt, 40, 6, rows[i].mtu, 77);
		assert_non_null(pkt);
		for (n = 0; pkt != NULL; pkt = next, n++) {
			next = pkt->next;
			assert_true(pkt->count <= rows[i].mtu);
			made.n = pkt->count;
			memcpy(made.v, mip6_pkt_octets(pkt), made.n);
			mip6_pool_put(f->pool, pkt);
			assert_int_equal(rf_add(f, made),
			    next == NULL ? MIP6_REASM_WHOLE : MIP6_REASM_TAKEN);
		}
		assert_int_equal(n, rows[i].pieces);
		rf_whole_is(f, whole);
	}
	rf_close(f);
}

/* All fragments or none. */
static void
test_cut_no_buffer(void **state)
{
	struct octets whole = tunnel(COA, AGENT, udp(HOME, PEER, 2860));
	struct support_heap heap;
	struct mip6_pool *pool;
	struct mip6_pkt *pkt;

	(void)state;
	support_heap_init(&heap);
	pool = mip6_pool_new(&heap.alloc, 1, 1);
	pkt = mip6_pool_get(pool, whole.n);
	memcpy(mip6_pkt_octets(pkt), whole.v, whole.n);
	pkt->count = (uint32_t)whole.n;
	assert_null(mip6_frag_cut(pool, pkt, 40, 6, 1280, 1));
	assert_int_equal(mip6_pool_out(pool), 1);
	assert_int_equal(pkt->count, whole.n);
	assert_memory_equal(mip6_pkt_octets(pkt), whole.v, whole.n);
	/* Nor without room for what must stand in each. */
	assert_null(mip6_frag_cut(pool, pkt, 1272, 6, 1280, 1));
	assert_null(mip6_frag_cut(pool, pkt, 40, 40, 1280, 1));
	pkt->off = 4;
	assert_null(mip6_frag_cut(pool, pkt, 40, 6, 1280, 1));
	mip6_pool_put(pool, pkt);
	mip6_pool_free(pool);
	assert_int_equal(heap.live, 0);
}

static void
test_no_memory(void **state)
{
	struct support_heap heap;
	struct mip6_drops drops;
	struct mip6_reasm *r;
	size_t allowed;

	(void)state;
	for (allowed = 0;; allowed++) {
		support_heap_init(&heap);
		heap.allowed = allowed;
		r = mip6_reasm_new(&heap.alloc, &key, NULL, 4, &drops);
		if (r != NULL)
			break;
		assert_int_equal(heap.live, 0);
	}
	assert_int_equal(allowed, 3);
	mip6_reasm_free(r);
	assert_int_equal(heap.live, 0);
	heap.allowed = 10;
	assert_null(mip6_reasm_new(&heap.alloc, &key, NULL, 0, &drops));
	assert_null(
	    mip6_reasm_new(&heap.alloc, &key, NULL, UINT32_MAX, &drops));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_every_order),
		cmocka_unit_test(test_headers),
		cmocka_unit_test(test_refused),
		cmocka_unit_test(test_overlap),
		cmocka_unit_test(test_timeout),
		cmocka_unit_test(test_just_in_time),
		cmocka_unit_test(test_limits),
		cmocka_unit_test(test_pieces),
		cmocka_unit_test(test_big),
		cmocka_unit_test(test_too_long_whole),
		cmocka_unit_test(test_model),
		cmocka_unit_test(test_cut),
		cmocka_unit_test(test_cut_no_buffer),
		cmocka_unit_test(test_no_memory),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
