/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Reassembly.
 *
 * A packet in the making holds its fragments as they came, sorted by offset,
 * so an overlap is seen when it arrives and memory is bounded by buffers that
 * exist already.  When no octet is missing the others are copied behind the
 * first, in its own buffer where they fit.
 *
 * Invariants: the pieces of an entry do not overlap; an overlap discards them
 * all and leaves the entry poisoned, to swallow what is still to come of it;
 * entries stand in the order in which they time out; at a limit the oldest
 * gives way, so that fragments which never complete cannot shut out others.
 *
 * Implements: RFC 8200 section 4.5, RFC 5722 section 4, RFC 3168 section 5.3
 * (congestion marks of fragments).
 */
#include "path/frag.h"

#include <string.h>

#include "path/octets.h"

#define REASM_NONE     UINT32_MAX
#define REASM_HELD_MIN 64U
#define REASM_MAX      (1U << 20)
#define REASM_TOTAL    65535U /* payload length of the result, at most */
#define REASM_ECN      0x30   /* in the second octet of the IPv6 header */

struct reasm_piece {
	struct mip6_pkt *pkt;
	uint32_t offset; /* octets, in the fragmentable part */
	uint32_t octets;
	uint32_t data_at; /* of the fragment's data, in the packet */
};

struct reasm_entry {
	struct mip6_addr src;
	struct mip6_addr dst;
	uint32_t id;
	uint32_t pieces;
	uint32_t octets; /* of all pieces */
	uint32_t total;  /* of the fragmentable part; 0: not known yet */
	struct mip6_time deadline;
	uint32_t bucket;
	uint32_t chain;        /* next in the bucket, or in the free list */
	uint32_t older, newer; /* by age */
	/* Of the first fragment, when it is there. */
	uint32_t keep;    /* octets before its Fragment header */
	uint32_t next_at; /* the field that names the Fragment header */
	uint8_t next;     /* what the Fragment header names */
	bool poisoned;
	bool used;
	struct reasm_piece piece[MIP6_REASM_PIECES];
};

struct mip6_reasm {
	struct mip6_alloc alloc;
	struct mip6_hash_key key;
	struct mip6_pool *pool;
	struct mip6_drops *drops;
	struct reasm_entry *entry; /* [max] */
	uint32_t *bucket;          /* [buckets], heads of chains */
	uint32_t max;
	uint32_t buckets; /* a power of two */
	uint32_t free;
	uint32_t oldest, newest;
	uint32_t held; /* fragments */
	uint32_t held_max;
};

struct mip6_reasm *
mip6_reasm_new(const struct mip6_alloc *a, const struct mip6_hash_key *key,
    struct mip6_pool *pool, uint32_t max, struct mip6_drops *drops)
{
	struct mip6_reasm *r;
	uint32_t i;

	if (max == 0 || max > REASM_MAX)
		return NULL;
	r = a->alloc(a->arg, sizeof(*r));
	if (r == NULL)
		return NULL;
	r->alloc = *a;
	r->key = *key;
	r->pool = pool;
	r->drops = drops;
	r->max = max;
	r->held_max = max * 4 > REASM_HELD_MIN ? max * 4 : REASM_HELD_MIN;
	for (r->buckets = 1; r->buckets < max; r->buckets *= 2)
		continue;
	r->entry = a->alloc(a->arg, max * sizeof(*r->entry));
	r->bucket = a->alloc(a->arg, r->buckets * sizeof(*r->bucket));
	if (r->entry == NULL || r->bucket == NULL) {
		mip6_reasm_free(r);
		return NULL;
	}
	for (i = 0; i < r->buckets; i++)
		r->bucket[i] = REASM_NONE;
	r->free = REASM_NONE;
	for (i = max; i > 0; i--) {
		r->entry[i - 1].chain = r->free;
		r->free = i - 1;
	}
	r->oldest = r->newest = REASM_NONE;
	return r;
}

/* Gives the pieces from number `from` on back, counting them as `why`. */
static void
reasm_drop_pieces(struct mip6_reasm *r, struct reasm_entry *e, uint32_t from,
    enum mip6_drop why)
{
	uint32_t i;

	for (i = from; i < e->pieces; i++) {
		mip6_pool_put(r->pool, e->piece[i].pkt);
		r->drops->count[why]++;
		r->held--;
	}
	e->pieces = from;
}

/* Takes the entry out of its bucket and the line of ages. */
static void
reasm_release(struct mip6_reasm *r, struct reasm_entry *e)
{
	uint32_t number = (uint32_t)(e - r->entry);
	uint32_t *link = &r->bucket[e->bucket];

	MIP6_ASSERT(e->used && e->pieces == 0);
	while (*link != number) {
		MIP6_ASSERT(*link != REASM_NONE);
		link = &r->entry[*link].chain;
	}
	*link = e->chain;
	if (e->older != REASM_NONE)
		r->entry[e->older].newer = e->newer;
	else
		r->oldest = e->newer;
	if (e->newer != REASM_NONE)
		r->entry[e->newer].older = e->older;
	else
		r->newest = e->older;
	e->used = false;
	e->chain = r->free;
	r->free = number;
}

/* Discards the oldest entry to make room. */
static void
reasm_evict(struct mip6_reasm *r)
{
	struct reasm_entry *e;

	MIP6_ASSERT(r->oldest != REASM_NONE);
	e = &r->entry[r->oldest];
	reasm_drop_pieces(r, e, 0, MIP6_DROP_FRAGMENT_FULL);
	reasm_release(r, e);
}

void
mip6_reasm_free(struct mip6_reasm *r)
{
	struct mip6_alloc a;

	if (r == NULL)
		return;
	a = r->alloc;
	if (r->entry != NULL && r->bucket != NULL)
		while (r->oldest != REASM_NONE)
			reasm_evict(r);
	a.release(a.arg, r->entry, r->max * sizeof(*r->entry));
	a.release(a.arg, r->bucket, r->buckets * sizeof(*r->bucket));
	a.release(a.arg, r, sizeof(*r));
}

static uint32_t
reasm_bucket(const struct mip6_reasm *r, const struct mip6_ip6_view *v)
{
	uint64_t hash = mip6_hash_pair(&r->key, &v->ip.src, &v->ip.dst);

	/* The identification is folded in by a multiplication of its own. */
	hash = (hash ^ v->frag.id) * (r->key.k[0] | 1);
	return (uint32_t)(hash >> 32) & (r->buckets - 1);
}

static struct reasm_entry *
reasm_find(struct mip6_reasm *r, const struct mip6_ip6_view *v, uint32_t bucket)
{
	struct reasm_entry *e;
	uint32_t number;

	for (number = r->bucket[bucket]; number != REASM_NONE;
	     number = e->chain) {
		e = &r->entry[number];
		if (e->id == v->frag.id &&
		    mip6_addr_equal(&e->src, &v->ip.src) &&
		    mip6_addr_equal(&e->dst, &v->ip.dst))
			return e;
	}
	return NULL;
}

static struct reasm_entry *
reasm_make(struct mip6_reasm *r, struct mip6_time now,
    const struct mip6_ip6_view *v, uint32_t bucket)
{
	struct reasm_entry *e;
	uint32_t number;

	if (r->free == REASM_NONE)
		reasm_evict(r);
	number = r->free;
	e = &r->entry[number];
	r->free = e->chain;
	memset(e, 0, offsetof(struct reasm_entry, piece));
	e->src = v->ip.src;
	e->dst = v->ip.dst;
	e->id = v->frag.id;
	e->deadline = mip6_time_add(now, MIP6_REASM_TIMEOUT);
	e->used = true;
	e->bucket = bucket;
	e->chain = r->bucket[bucket];
	r->bucket[bucket] = number;
	e->newer = REASM_NONE;
	e->older = r->newest;
	if (r->newest != REASM_NONE)
		r->entry[r->newest].newer = number;
	else
		r->oldest = number;
	r->newest = number;
	return e;
}

/*
 * Does the first fragment reach to the end of its header chain?  What it is
 * must be told by it alone.
 */
static bool
reasm_headers_there(const struct mip6_pkt *pkt, const struct mip6_ip6_view *v)
{
	const uint8_t *octets = mip6_pkt_octets(pkt);
	uint8_t next = v->frag.next_header;
	size_t at = v->frag.at + MIP6_FRAG_OCTETS;
	size_t left;
	unsigned int n;

	for (n = 0; n < MIP6_IP6_HEADERS_MAX; n++) {
		left = v->octets - at;
		switch (next) {
		case MIP6_NH_HOPOPTS:
		case MIP6_NH_ROUTING:
		case MIP6_NH_DSTOPTS:
			if (left < 8 || left < ((size_t)octets[at + 1] + 1) * 8)
				return false;
			next = octets[at];
			at += ((size_t)octets[at + 1] + 1) * 8;
			break;
		case MIP6_NH_IPV6:
			return left >= MIP6_IP6_OCTETS;
		case MIP6_NH_TCP:
			return left >= 20;
		case MIP6_NH_UDP:
		case MIP6_NH_ICMPV6:
		case MIP6_NH_MH:
			return left >= 8;
		default:
			return true;
		}
	}
	return false;
}

/* What is wrong with a fragment by itself. */
static enum mip6_reasm_verdict
reasm_check(const struct mip6_pkt *pkt, const struct mip6_ip6_view *v)
{
	size_t data_at = v->frag.at + MIP6_FRAG_OCTETS;
	size_t octets = v->octets - data_at;

	/* RFC8200-4.5a: whole units but for the last. Test: test_path_frag */
	if (v->frag.more && octets % 8 != 0)
		return MIP6_REASM_LENGTH;
	/* RFC8200-4.5b: 65,535 octets at the most. Test: test_path_frag */
	if (v->frag.at - MIP6_IP6_OCTETS + v->frag.offset + octets >
	    REASM_TOTAL)
		return MIP6_REASM_OFFSET;
	/* RFC8200-4.5c: headers in the first one. Test: test_path_frag */
	if (v->frag.offset == 0 && !reasm_headers_there(pkt, v))
		return MIP6_REASM_HEADERS;
	return octets == 0 ? MIP6_REASM_BAD : MIP6_REASM_TAKEN;
}

/* Exactly the octets of a piece that is there? */
static bool
reasm_is_copy(const struct reasm_piece *a, const struct mip6_pkt *pkt,
    const struct reasm_piece *b)
{
	return a->offset == b->offset && a->octets == b->octets &&
	    memcmp(mip6_pkt_octets(a->pkt) + a->data_at,
		mip6_pkt_octets(pkt) + b->data_at, a->octets) == 0;
}

/* Abandons the packet: all of it goes, also what is still to come. */
static void
reasm_poison(struct mip6_reasm *r, struct reasm_entry *e)
{
	reasm_drop_pieces(r, e, 0, MIP6_DROP_FRAGMENT_BAD);
	e->poisoned = true;
}

/*
 * Finds where `new` goes among the pieces.  false: it overlaps one, or does
 * not agree with the end of the packet.
 */
static bool
reasm_fits(const struct reasm_entry *e, const struct reasm_piece *new,
    bool more, uint32_t *at)
{
	const struct reasm_piece *p;
	uint32_t end = new->offset + new->octets;
	uint32_t i;

	if (e->total != 0 && (end > e->total || (!more && end != e->total)))
		return false;
	for (i = 0; i < e->pieces; i++) {
		p = &e->piece[i];
		if (p->offset + p->octets <= new->offset)
			continue;
		if (p->offset < end)
			return false;
		break;
	}
	*at = i;
	/* The last one must have nothing behind it. */
	return more || i == e->pieces;
}

static void
reasm_insert(struct mip6_reasm *r, struct reasm_entry *e, uint32_t at,
    const struct reasm_piece *new, const struct mip6_ip6_view *v)
{
	memmove(&e->piece[at + 1], &e->piece[at],
	    (e->pieces - at) * sizeof(e->piece[0]));
	e->piece[at] = *new;
	e->pieces++;
	e->octets += new->octets;
	r->held++;
	if (new->offset == 0) {
		e->keep = (uint32_t)v->frag.at;
		e->next_at = (uint32_t)v->frag.prev_next_at;
		e->next = v->frag.next_header;
	}
	if (!v->frag.more)
		e->total = new->offset + new->octets;
}

/* Moves the headers before the Fragment header over it. */
static void
reasm_unwrap(struct mip6_pkt *pkt, uint32_t keep, uint32_t next_at,
    uint8_t next)
{
	uint8_t *octets = mip6_pkt_octets(pkt);

	memmove(octets + MIP6_FRAG_OCTETS, octets, keep);
	pkt->off += MIP6_FRAG_OCTETS;
	pkt->count -= MIP6_FRAG_OCTETS;
	mip6_pkt_octets(pkt)[next_at] = next;
	mip6_put16(mip6_pkt_octets(pkt) + MIP6_IP6_AT_PAYLOAD_LENGTH,
	    (uint16_t)(pkt->count - MIP6_IP6_OCTETS));
}

/* A buffer that starts with the first fragment and has room for all. */
static struct mip6_pkt *
reasm_buffer(struct mip6_reasm *r, struct reasm_entry *e)
{
	struct mip6_pkt *first = e->piece[0].pkt;
	struct mip6_pkt *pkt;
	uint32_t wrapped = e->keep + MIP6_FRAG_OCTETS;

	if (first->cap - first->off >= wrapped + e->total)
		return first;
	pkt = mip6_pool_get(r->pool, wrapped + e->total);
	if (pkt == NULL)
		return NULL;
	pkt->ifindex = first->ifindex;
	pkt->ll_src = first->ll_src;
	pkt->ll_multicast = first->ll_multicast;
	memcpy(mip6_pkt_octets(pkt), mip6_pkt_octets(first),
	    wrapped + e->piece[0].octets);
	mip6_pool_put(r->pool, first);
	return pkt;
}

/* Joins the pieces; NULL: no buffer, all dropped. */
static struct mip6_pkt *
reasm_join(struct mip6_reasm *r, struct reasm_entry *e)
{
	struct mip6_pkt *pkt;
	bool marked = false;
	uint8_t *octets, *to;
	uint32_t i;

	pkt = reasm_buffer(r, e);
	if (pkt == NULL) {
		reasm_drop_pieces(r, e, 0, MIP6_DROP_NO_BUFFER);
		return NULL;
	}
	octets = mip6_pkt_octets(pkt);
	to = octets + e->keep + MIP6_FRAG_OCTETS + e->piece[0].octets;
	for (i = 1; i < e->pieces; i++) {
		const struct reasm_piece *p = &e->piece[i];
		const uint8_t *from = mip6_pkt_octets(p->pkt);

		memcpy(to, from + p->data_at, p->octets);
		to += p->octets;
		if ((from[1] & REASM_ECN) == REASM_ECN)
			marked = true;
		mip6_pool_put(r->pool, p->pkt);
	}
	/* A mark on any fragment is a mark on a packet that can carry it. */
	if (marked && (octets[1] & REASM_ECN) != 0)
		octets[1] |= REASM_ECN;
	pkt->count = e->keep + MIP6_FRAG_OCTETS + e->total;
	pkt->next = NULL;
	reasm_unwrap(pkt, e->keep, e->next_at, e->next);
	r->held -= e->pieces;
	e->pieces = 0;
	return pkt;
}

/* The entry a fragment belongs to, with room for one more piece. */
static struct reasm_entry *
reasm_get(struct mip6_reasm *r, struct mip6_time now,
    const struct mip6_ip6_view *v)
{
	uint32_t bucket = reasm_bucket(r, v);
	struct reasm_entry *e;

	e = reasm_find(r, v, bucket);
	/* RFC8200-4.5d: 60 seconds, then afresh. Test: test_path_frag */
	if (e != NULL && mip6_time_reached(e->deadline, now)) {
		reasm_drop_pieces(r, e, 0, MIP6_DROP_FRAGMENT_TIMEOUT);
		reasm_release(r, e);
		e = NULL;
	}
	/* May give way itself: then its rest is refused by timing out. */
	while (r->held >= r->held_max)
		reasm_evict(r);
	if (e == NULL || !e->used)
		e = reasm_make(r, now, v, bucket);
	return e;
}

enum mip6_reasm_verdict
mip6_reasm_add(struct mip6_reasm *r, struct mip6_time now, struct mip6_pkt *pkt,
    const struct mip6_ip6_view *v, struct mip6_pkt **whole, size_t *keep)
{
	enum mip6_reasm_verdict verdict;
	struct reasm_piece new;
	struct reasm_entry *e;
	uint32_t at, i;

	verdict = reasm_check(pkt, v);
	if (verdict != MIP6_REASM_TAKEN)
		return verdict;
	e = reasm_get(r, now, v);
	/* RFC5722-4b: nor what arrives later. Test: test_path_frag */
	if (e->poisoned)
		return MIP6_REASM_BAD;
	new.pkt = pkt;
	new.offset = v->frag.offset;
	new.data_at = (uint32_t)(v->frag.at + MIP6_FRAG_OCTETS);
	new.octets = (uint32_t)v->octets - new.data_at;
	for (i = 0; i < e->pieces; i++)
		if (reasm_is_copy(&e->piece[i], pkt, &new))
			return MIP6_REASM_BAD;
	/* RFC5722-4a: overlapping fragments. Test: test_path_frag */
	if (!reasm_fits(e, &new, v->frag.more, &at)) {
		reasm_poison(r, e);
		return MIP6_REASM_BAD;
	}
	if (e->pieces == MIP6_REASM_PIECES) {
		reasm_poison(r, e);
		return MIP6_REASM_BAD;
	}
	reasm_insert(r, e, at, &new, v);
	if (e->total == 0 || e->octets != e->total)
		return MIP6_REASM_TAKEN;
	/* The first fragment may have more headers than the others had. */
	if (e->keep - MIP6_IP6_OCTETS + e->total > REASM_TOTAL) {
		reasm_poison(r, e);
		return MIP6_REASM_TAKEN;
	}
	*keep = e->keep;
	*whole = reasm_join(r, e);
	reasm_release(r, e);
	return *whole == NULL ? MIP6_REASM_TAKEN : MIP6_REASM_WHOLE;
}

bool
mip6_reasm_expire(struct mip6_reasm *r, struct mip6_time now,
    struct mip6_pkt **first)
{
	struct reasm_entry *e;

	*first = NULL;
	if (r->oldest == REASM_NONE)
		return false;
	e = &r->entry[r->oldest];
	if (!mip6_time_reached(e->deadline, now))
		return false;
	reasm_drop_pieces(r, e, e->pieces > 0 && e->piece[0].offset == 0,
	    MIP6_DROP_FRAGMENT_TIMEOUT);
	if (e->pieces > 0) {
		*first = e->piece[0].pkt;
		e->pieces = 0;
		r->held--;
	}
	reasm_release(r, e);
	return true;
}

struct mip6_time
mip6_reasm_deadline(const struct mip6_reasm *r)
{
	if (r->oldest == REASM_NONE)
		return MIP6_TIME_NEVER;
	return r->entry[r->oldest].deadline;
}
