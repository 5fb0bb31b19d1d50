/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The node's random generator: the ChaCha20 key stream of the seed, nonce and
 * counter zero, in blocks.  Octets that were handed out are wiped from the
 * buffer.  The stream depends on the seed and on the sequence of draws alone,
 * never on how they were cut into calls, so a recorded run replays on any
 * host; integers are taken big endian for the same reason.
 *
 * Implements: the key stream of RFC 8439 section 2.4, as a generator.
 */
#include "crypto/crypto.h"

#include <string.h>

#include <openssl/evp.h>

#define RNG_BLOCK_OCTETS 512
/* OpenSSL's: 4 octets of counter, 12 of nonce. */
#define RNG_IV_OCTETS 16
/* Draws that rejection may need: each fails with less than 1/2. */
#define RNG_DRAWS_MAX 256

struct mip6_rng {
	struct mip6_alloc alloc;
	EVP_CIPHER_CTX *cx;
	uint8_t block[RNG_BLOCK_OCTETS];
	size_t used; /* octets of `block` handed out */
};

struct mip6_rng *
mip6_rng_new(const struct mip6_alloc *a, const uint8_t seed[MIP6_SEED_OCTETS])
{
	static const uint8_t iv[RNG_IV_OCTETS];
	struct mip6_rng *r = a->alloc(a->arg, sizeof(*r));
	EVP_CIPHER *cipher;
	bool made;

	if (r == NULL)
		return NULL;
	r->alloc = *a;
	r->used = RNG_BLOCK_OCTETS;
	r->cx = EVP_CIPHER_CTX_new();
	cipher = EVP_CIPHER_fetch(NULL, "ChaCha20", NULL);
	made = r->cx != NULL && cipher != NULL &&
	    EVP_EncryptInit_ex2(r->cx, cipher, seed, iv, NULL) == 1;
	EVP_CIPHER_free(cipher); /* the context holds its own reference */
	if (made)
		return r;
	mip6_rng_free(r);
	return NULL;
}

void
mip6_rng_free(struct mip6_rng *r)
{
	struct mip6_alloc alloc;

	if (r == NULL)
		return;
	alloc = r->alloc;
	EVP_CIPHER_CTX_free(r->cx);
	mip6_crypto_wipe(r->block, sizeof(r->block));
	alloc.release(alloc.arg, r, sizeof(*r));
}

/* The next block of key stream: what encrypting zeros gives. */
static void
rng_refill(struct mip6_rng *r)
{
	static const uint8_t zero[RNG_BLOCK_OCTETS];
	int count = 0;
	int done;

	done =
	    EVP_EncryptUpdate(r->cx, r->block, &count, zero, RNG_BLOCK_OCTETS);
	/* A stream cipher in memory: nothing a caller could do about it. */
	MIP6_ASSERT(done == 1 && count == RNG_BLOCK_OCTETS);
	r->used = 0;
}

void
mip6_rng_octets(struct mip6_rng *r, void *to, size_t count)
{
	uint8_t *out = to;
	size_t part;

	while (count > 0) {
		if (r->used == RNG_BLOCK_OCTETS)
			rng_refill(r);
		part = RNG_BLOCK_OCTETS - r->used;
		if (part > count)
			part = count;
		memcpy(out, &r->block[r->used], part);
		memset(&r->block[r->used], 0, part);
		r->used += part;
		out += part;
		count -= part;
	}
}

uint64_t
mip6_rng_u64(struct mip6_rng *r)
{
	uint8_t octets[8];
	uint64_t v = 0;
	size_t i;

	mip6_rng_octets(r, octets, sizeof(octets));
	for (i = 0; i < sizeof(octets); i++)
		v = v << 8 | octets[i];
	return v;
}

uint64_t
mip6_rng_below(struct mip6_rng *r, uint64_t below)
{
	uint64_t reject, v;
	unsigned int draws;

	MIP6_ASSERT(below > 0);
	/* 2^64 mod `below`: without these the rest divides evenly. */
	reject = (0 - below) % below;
	for (draws = 0; draws < RNG_DRAWS_MAX; draws++) {
		v = mip6_rng_u64(r);
		if (v >= reject)
			return v % below;
	}
	mip6_base_abort("the generator is stuck", __FILE__, __LINE__);
}
