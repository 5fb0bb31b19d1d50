/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Records of their own length, one after the other in chunks that never move
 * (so no key is left behind in freed memory), and an index to where they begin.
 *
 * A record: 16 octets of home address, 4 of SPI, one each for the octets of
 * key and identifier, then those, up to a multiple of 4.  Its place is the
 * number of its chunk and the number of 4 octets before it there.
 */
#include "core/roster.h"

#include <string.h>

#include "crypto/crypto.h"

#define ROSTER_CHUNK_OCTETS 65536
#define ROSTER_CHUNK_PLACES (ROSTER_CHUNK_OCTETS / 4)
#define ROSTER_HEAD_OCTETS  22
#define ROSTER_RECORD_MAX                                                      \
	((ROSTER_HEAD_OCTETS + MIP6_KEY_OCTETS_MAX + MIP6_NAI_OCTETS + 3) & ~3U)

struct mip6_roster {
	struct mip6_alloc alloc;
	struct mip6_hash_key key;
	struct mip6_index index;
	uint8_t **chunk;
	uint32_t chunks, room; /* in use; places for pointers to them */
	uint32_t used;         /* octets of the last chunk */
};

static const uint8_t *
roster_record(const struct mip6_roster *r, uint32_t place)
{
	return r->chunk[place / ROSTER_CHUNK_PLACES] +
	    place % ROSTER_CHUNK_PLACES * 4;
}

static uint32_t
roster_octets(uint8_t key_octets, uint8_t nai_octets)
{
	return (ROSTER_HEAD_OCTETS + (uint32_t)key_octets + nai_octets + 3) &
	    ~3U;
}

static bool
roster_eq(const void *table, uint32_t value, const void *key)
{
	return memcmp(roster_record(table, value), key, 16) == 0;
}

static uint64_t
roster_rehash(const void *table, uint32_t value)
{
	const struct mip6_roster *r = table;
	struct mip6_addr hoa;

	memcpy(hoa.b, roster_record(r, value), sizeof(hoa.b));
	return mip6_hash_addr(&r->key, &hoa);
}

struct mip6_roster *
mip6_roster_new(const struct mip6_alloc *a, const struct mip6_hash_key *key)
{
	struct mip6_roster *r = a->alloc(a->arg, sizeof(*r));

	if (r == NULL)
		return NULL;
	r->alloc = *a;
	r->key = *key;
	if (mip6_index_init(&r->index, a, MIP6_ROSTER_MAX))
		return r;
	a->release(a->arg, r, sizeof(*r));
	return NULL;
}

void
mip6_roster_free(struct mip6_roster *r)
{
	struct mip6_alloc a;
	uint32_t i;

	if (r == NULL)
		return;
	a = r->alloc;
	for (i = 0; i < r->chunks; i++) {
		mip6_crypto_wipe(r->chunk[i], ROSTER_CHUNK_OCTETS);
		a.release(a.arg, r->chunk[i], ROSTER_CHUNK_OCTETS);
	}
	a.release(a.arg, r->chunk, r->room * sizeof(*r->chunk));
	mip6_index_fini(&r->index);
	a.release(a.arg, r, sizeof(*r));
}

/* Room for a pointer to one more chunk. */
static bool
roster_room(struct mip6_roster *r)
{
	uint32_t room = r->room == 0 ? 16 : r->room * 2;
	uint8_t **chunk;

	if (r->chunks < r->room)
		return true;
	chunk = r->alloc.alloc(r->alloc.arg, room * sizeof(*chunk));
	if (chunk == NULL)
		return false;
	if (r->chunk != NULL)
		memcpy(chunk, r->chunk, r->chunks * sizeof(*chunk));
	r->alloc.release(r->alloc.arg, r->chunk, r->room * sizeof(*chunk));
	r->chunk = chunk;
	r->room = room;
	return true;
}

/* A chunk with `octets` octets left at its end. */
static bool
roster_reserve(struct mip6_roster *r, uint32_t octets)
{
	_Static_assert(ROSTER_RECORD_MAX <= ROSTER_CHUNK_OCTETS, "a record");

	if (r->chunks > 0 && ROSTER_CHUNK_OCTETS - r->used >= octets)
		return true;
	if (!roster_room(r))
		return false;
	r->chunk[r->chunks] = r->alloc.alloc(r->alloc.arg, ROSTER_CHUNK_OCTETS);
	if (r->chunk[r->chunks] == NULL)
		return false;
	r->chunks++;
	r->used = 0;
	return true;
}

bool
mip6_roster_add(struct mip6_roster *r, const struct mip6_conf_mobile *m)
{
	uint8_t nai_octets = (uint8_t)strlen(m->nai);
	uint32_t octets = roster_octets(m->sa.key_octets, nai_octets);
	uint32_t place;
	uint8_t *at;

	MIP6_ASSERT(m->sa.present && m->sa.key_octets > 0 &&
	    !mip6_roster_has(r, &m->hoa));
	if (!roster_reserve(r, octets))
		return false;
	place = (r->chunks - 1) * ROSTER_CHUNK_PLACES + r->used / 4;
	at = r->chunk[r->chunks - 1] + r->used;
	if (!mip6_index_add(&r->index, mip6_hash_addr(&r->key, &m->hoa), place,
		r, roster_rehash))
		return false;
	memcpy(at, m->hoa.b, 16);
	memcpy(at + 16, &m->sa.spi, 4);
	at[20] = m->sa.key_octets;
	at[21] = nai_octets;
	memcpy(at + ROSTER_HEAD_OCTETS, m->sa.key, m->sa.key_octets);
	memcpy(at + ROSTER_HEAD_OCTETS + m->sa.key_octets, m->nai, nai_octets);
	r->used += octets;
	return true;
}

uint32_t
mip6_roster_count(const struct mip6_roster *r)
{
	return r->index.used;
}

static uint32_t
roster_find(const struct mip6_roster *r, const struct mip6_addr *hoa)
{
	return mip6_index_find(&r->index, mip6_hash_addr(&r->key, hoa), r,
	    hoa->b, roster_eq);
}

static void
roster_copy(const uint8_t *at, struct mip6_conf_mobile *to)
{
	memset(to, 0, sizeof(*to));
	memcpy(to->hoa.b, at, 16);
	to->sa.present = true;
	memcpy(&to->sa.spi, at + 16, 4);
	to->sa.key_octets = at[20];
	to->sa.clock_slack = MIP6_CLOCK_SLACK;
	memcpy(to->sa.key, at + ROSTER_HEAD_OCTETS, at[20]);
	memcpy(to->nai, at + ROSTER_HEAD_OCTETS + at[20], at[21]);
}

bool
mip6_roster_has(const struct mip6_roster *r, const struct mip6_addr *hoa)
{
	return roster_find(r, hoa) != MIP6_INDEX_NONE;
}

bool
mip6_roster_find(const struct mip6_roster *r, const struct mip6_addr *hoa,
    struct mip6_conf_mobile *to)
{
	uint32_t place = roster_find(r, hoa);

	if (place == MIP6_INDEX_NONE)
		return false;
	roster_copy(roster_record(r, place), to);
	return true;
}

void
mip6_roster_prefetch(const struct mip6_roster *r, const struct mip6_addr *hoa,
    unsigned int step)
{
	uint64_t hash = mip6_hash_addr(&r->key, hoa);
	uint32_t place;

	if (step == 0) {
		mip6_index_prefetch(&r->index, hash);
		return;
	}
	place = mip6_index_guess(&r->index, hash);
	if (place == MIP6_INDEX_NONE)
		return;
	/* What a key has room in, though it may begin between two lines. */
	__builtin_prefetch(roster_record(r, place));
	__builtin_prefetch(roster_record(r, place) + ROSTER_HEAD_OCTETS);
}

bool
mip6_roster_next(const struct mip6_roster *r, uint32_t *at,
    struct mip6_conf_mobile *to)
{
	const uint8_t *record;
	uint32_t chunk = *at / ROSTER_CHUNK_PLACES;

	/* What is left of a chunk after its last record is zero. */
	if (chunk + 1 < r->chunks &&
	    (*at % ROSTER_CHUNK_PLACES * 4 + ROSTER_HEAD_OCTETS >
		    ROSTER_CHUNK_OCTETS ||
		roster_record(r, *at)[20] == 0))
		*at = ++chunk * ROSTER_CHUNK_PLACES;
	if (r->chunks == 0 ||
	    (chunk + 1 == r->chunks &&
		*at % ROSTER_CHUNK_PLACES * 4 >= r->used) ||
	    chunk >= r->chunks)
		return false;
	record = roster_record(r, *at);
	roster_copy(record, to);
	*at += roster_octets(record[20], record[21]) / 4;
	return true;
}

size_t
mip6_roster_octets(const struct mip6_roster *r)
{
	return sizeof(*r) + (size_t)r->chunks * ROSTER_CHUNK_OCTETS +
	    r->room * sizeof(*r->chunk) +
	    ((size_t)r->index.mask + 1) * sizeof(*r->index.slot);
}
