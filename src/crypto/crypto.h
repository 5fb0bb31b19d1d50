/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The only place that knows OpenSSL: keyed hashes, a random generator that is
 * an input of the node, comparison in constant time, wiping.
 *
 * Implements: the cryptography of RFC 4285 section 5.1 and RFC 6275 section
 * 5.2.  A node that is given the same seed draws the same random octets, so
 * that a run can be replayed.
 */
#ifndef MIP6_CRYPTO_CRYPTO_H
#define MIP6_CRYPTO_CRYPTO_H

#include "base/base.h"

#define MIP6_SHA1_OCTETS    20
#define MIP6_SHA256_OCTETS  32
#define MIP6_KEY_MAX_OCTETS 64

struct mip6_iovec {
	const void *octets;
	size_t count;
};

/* Fetched algorithms and reusable contexts; one per thread. */
struct mip6_crypto;

/* NULL: OpenSSL cannot give HMAC-SHA1 or ChaCha20 (said by the caller). */
struct mip6_crypto *mip6_crypto_new(const struct mip6_alloc *a);
void mip6_crypto_free(struct mip6_crypto *c);

/*
 * HMAC-SHA1 (RFC 2104) of the `n` pieces under `key` (`key_octets`,
 * 1..MIP6_KEY_MAX_OCTETS) into out[MIP6_SHA1_OCTETS].  false: OpenSSL failed;
 * out is zeroed and must not be used.
 */
bool mip6_crypto_hmac_sha1(struct mip6_crypto *c, const void *key,
    size_t key_octets, const struct mip6_iovec *v, size_t n,
    uint8_t out[MIP6_SHA1_OCTETS]);

/* The same with SHA-256. */
bool mip6_crypto_hmac_sha256(struct mip6_crypto *c, const void *key,
    size_t key_octets, const struct mip6_iovec *v, size_t n,
    uint8_t out[MIP6_SHA256_OCTETS]);

/* SHA-1 of the pieces (Kbm, RFC 6275 section 5.2.5). */
bool mip6_crypto_sha1(struct mip6_crypto *c, const struct mip6_iovec *v,
    size_t n, uint8_t out[MIP6_SHA1_OCTETS]);

/* Equal, in a time that does not depend on the contents. */
bool mip6_crypto_equal(const void *a, const void *b, size_t octets);

/* Overwrites a secret; not removed by the compiler. */
void mip6_crypto_wipe(void *mem, size_t octets);

#define MIP6_SEED_OCTETS 32

/* A ChaCha20 key stream as random generator; nobody else draws from it. */
struct mip6_rng;
struct mip6_rng *mip6_rng_new(const struct mip6_alloc *a,
    const uint8_t seed[MIP6_SEED_OCTETS]);
void mip6_rng_free(struct mip6_rng *r);
void mip6_rng_octets(struct mip6_rng *r, void *to, size_t count);
uint64_t mip6_rng_u64(struct mip6_rng *r);
/* Uniform in 0..below-1; below > 0 (asserted). */
uint64_t mip6_rng_below(struct mip6_rng *r, uint64_t below);

#endif
