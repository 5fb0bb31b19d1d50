/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Addresses go through folded multiplication: the 128-bit product of two
 * halves, each masked by a secret, with its high half added (exclusive or) to
 * its low one.  Two rounds make every bit of the result depend on every bit
 * of the address.  Who does not know the key cannot choose addresses that
 * collide; who could read hash values would learn of it, so none ever leaves
 * the process.  Everything else, of any length, takes SipHash-2-4.
 *
 * Octets are read little endian, so that a key and an address give the same
 * value on every host.
 */
#include "base/hash.h"

/* The 8 octets at `at`, little endian (a plain load where it is one). */
static uint64_t
hash_load(const uint8_t *at)
{
	return (uint64_t)at[0] | (uint64_t)at[1] << 8 | (uint64_t)at[2] << 16 |
	    (uint64_t)at[3] << 24 | (uint64_t)at[4] << 32 |
	    (uint64_t)at[5] << 40 | (uint64_t)at[6] << 48 |
	    (uint64_t)at[7] << 56;
}

#ifdef __SIZEOF_INT128__
__extension__ typedef unsigned __int128 hash_u128;

static uint64_t
hash_fold(uint64_t a, uint64_t b)
{
	hash_u128 product = (hash_u128)a * b;

	return (uint64_t)product ^ (uint64_t)(product >> 64);
}
#else
static uint64_t
hash_fold(uint64_t a, uint64_t b)
{
	uint64_t a_low = a & UINT32_MAX, a_high = a >> 32;
	uint64_t b_low = b & UINT32_MAX, b_high = b >> 32;
	uint64_t low = a_low * b_low;
	uint64_t cross = a_high * b_low + (low >> 32);
	uint64_t middle = a_low * b_high + (cross & UINT32_MAX);
	uint64_t high = a_high * b_high + (cross >> 32) + (middle >> 32);

	return (middle << 32 | (low & UINT32_MAX)) ^ high;
}
#endif

uint64_t
mip6_hash_addr(const struct mip6_hash_key *k, const struct mip6_addr *a)
{
	uint64_t h;

	h = hash_fold(hash_load(&a->b[0]) ^ k->k[0],
	    hash_load(&a->b[8]) ^ k->k[1]);
	return hash_fold(h ^ k->k[2], k->k[3] | 1);
}

uint64_t
mip6_hash_pair(const struct mip6_hash_key *k, const struct mip6_addr *a,
    const struct mip6_addr *b)
{
	uint64_t h, g;

	h = hash_fold(hash_load(&a->b[0]) ^ k->k[0],
	    hash_load(&a->b[8]) ^ k->k[1]);
	g = hash_fold(hash_load(&b->b[0]) ^ k->k[2],
	    hash_load(&b->b[8]) ^ k->k[3]);
	/* Not symmetric: (a, b) and (b, a) are two keys. */
	return hash_fold(h ^ k->k[3], (g ^ k->k[1]) | 1);
}

static uint64_t
hash_rotate(uint64_t v, unsigned int bits)
{
	return v << bits | v >> (64 - bits);
}

static void
hash_sip_round(uint64_t v[4])
{
	v[0] += v[1];
	v[1] = hash_rotate(v[1], 13) ^ v[0];
	v[0] = hash_rotate(v[0], 32);
	v[2] += v[3];
	v[3] = hash_rotate(v[3], 16) ^ v[2];
	v[0] += v[3];
	v[3] = hash_rotate(v[3], 21) ^ v[0];
	v[2] += v[1];
	v[1] = hash_rotate(v[1], 17) ^ v[2];
	v[2] = hash_rotate(v[2], 32);
}

static void
hash_sip_word(uint64_t v[4], uint64_t word)
{
	v[3] ^= word;
	hash_sip_round(v);
	hash_sip_round(v);
	v[0] ^= word;
}

uint64_t
mip6_hash_octets(const struct mip6_hash_key *k, const void *octets,
    size_t count)
{
	uint64_t v[4] = {
		k->k[0] ^ UINT64_C(0x736f6d6570736575),
		k->k[1] ^ UINT64_C(0x646f72616e646f6d),
		k->k[0] ^ UINT64_C(0x6c7967656e657261),
		k->k[1] ^ UINT64_C(0x7465646279746573),
	};
	const uint8_t *at = octets;
	uint64_t last = (uint64_t)count << 56;
	size_t left = count;
	size_t i;

	for (; left >= 8; left -= 8) {
		hash_sip_word(v, hash_load(at));
		at += 8;
	}
	for (i = 0; i < left; i++)
		last |= (uint64_t)at[i] << (8 * i);
	hash_sip_word(v, last);
	v[2] ^= 0xff;
	for (i = 0; i < 4; i++)
		hash_sip_round(v);
	return v[0] ^ v[1] ^ v[2] ^ v[3];
}
