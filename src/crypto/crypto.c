/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Keyed hashes over pieces, on a context that is made once.
 *
 * What costs in OpenSSL 3 is fetching an algorithm, so that is done at
 * creation; then each call into it, so HMAC is its two digests here, with the
 * pieces of a message gathered before they go there: half of what EVP_MAC
 * takes for a message with a key of its own.  An OpenSSL that fails leaves a
 * zeroed result and a false that the caller must treat as "not authenticated".
 *
 * Implements: RFC 2104, and with it HMAC_SHA1 as RFC 6275 section 5.2 and
 * RFC 4285 section 5.1 use it.
 */
#include "crypto/crypto.h"

#include <string.h>

#include <openssl/crypto.h>
#include <openssl/err.h>
#include <openssl/evp.h>

/* Of both digests; no key is longer. */
#define CRYPTO_BLOCK_OCTETS  64
#define CRYPTO_GATHER_OCTETS 384

_Static_assert(MIP6_KEY_MAX_OCTETS <= CRYPTO_BLOCK_OCTETS, "a key is a block");

struct mip6_crypto {
	struct mip6_alloc alloc;
	EVP_MD *sha1, *sha256;
	EVP_MD_CTX *cx;
};

/* Fetches and makes everything in *c; what was made stays there on failure. */
static bool
crypto_open(struct mip6_crypto *c)
{
	EVP_CIPHER *chacha20;

	c->sha1 = EVP_MD_fetch(NULL, "SHA1", NULL);
	c->sha256 = EVP_MD_fetch(NULL, "SHA256", NULL);
	c->cx = EVP_MD_CTX_new();
	if (c->sha1 == NULL || c->sha256 == NULL || c->cx == NULL)
		return false;
	/* The generator needs it; said here, where the caller can report. */
	chacha20 = EVP_CIPHER_fetch(NULL, "ChaCha20", NULL);
	EVP_CIPHER_free(chacha20);
	return chacha20 != NULL;
}

struct mip6_crypto *
mip6_crypto_new(const struct mip6_alloc *a)
{
	struct mip6_crypto *c = a->alloc(a->arg, sizeof(*c));

	if (c == NULL)
		return NULL;
	c->alloc = *a;
	if (crypto_open(c))
		return c;
	mip6_crypto_free(c);
	ERR_clear_error();
	return NULL;
}

void
mip6_crypto_free(struct mip6_crypto *c)
{
	struct mip6_alloc alloc;

	if (c == NULL)
		return;
	alloc = c->alloc;
	EVP_MD_CTX_free(c->cx);
	EVP_MD_free(c->sha1);
	EVP_MD_free(c->sha256);
	alloc.release(alloc.arg, c, sizeof(*c));
}

/* Octets on their way into the digest. */
struct crypto_gather {
	EVP_MD_CTX *cx;
	size_t count;
	uint8_t octets[CRYPTO_GATHER_OCTETS];
};

static bool
crypto_gather_flush(struct crypto_gather *g)
{
	size_t count = g->count;

	g->count = 0;
	return count == 0 || EVP_DigestUpdate(g->cx, g->octets, count) == 1;
}

static bool
crypto_gather_add(struct crypto_gather *g, const struct mip6_iovec *v)
{
	if (v->count == 0)
		return true;
	if (v->count > sizeof(g->octets) - g->count) {
		if (!crypto_gather_flush(g))
			return false;
		if (v->count > sizeof(g->octets))
			return EVP_DigestUpdate(g->cx, v->octets, v->count) ==
			    1;
	}
	memcpy(&g->octets[g->count], v->octets, v->count);
	g->count += v->count;
	return true;
}

/* The digest of what is gathered already and the pieces. */
static bool
crypto_digest(struct crypto_gather *g, const EVP_MD *md,
    const struct mip6_iovec *v, size_t n, uint8_t *out, size_t octets)
{
	unsigned int count = 0;
	size_t i;

	if (EVP_DigestInit_ex2(g->cx, md, NULL) != 1)
		return false;
	for (i = 0; i < n; i++)
		if (!crypto_gather_add(g, &v[i]))
			return false;
	return crypto_gather_flush(g) &&
	    EVP_DigestFinal_ex(g->cx, out, &count) == 1 && count == octets;
}

/* A block begins with the key, turned by `pad`. */
static void
crypto_gather_key(struct crypto_gather *g, const uint8_t *key,
    size_t key_octets, uint8_t pad)
{
	size_t i;

	memset(g->octets, pad, CRYPTO_BLOCK_OCTETS);
	for (i = 0; i < key_octets; i++)
		g->octets[i] ^= key[i];
	g->count = CRYPTO_BLOCK_OCTETS;
}

/* RFC 2104: the digest of the key and of such a digest of the message. */
static bool
crypto_hmac(struct mip6_crypto *c, const EVP_MD *md, const uint8_t *key,
    size_t key_octets, const struct mip6_iovec *v, size_t n, uint8_t *out,
    size_t octets)
{
	const struct mip6_iovec inner = { out, octets };
	struct crypto_gather g;
	bool done;

	g.cx = c->cx;
	crypto_gather_key(&g, key, key_octets, 0x36);
	done = crypto_digest(&g, md, v, n, out, octets);
	crypto_gather_key(&g, key, key_octets, 0x5c);
	done = done && crypto_digest(&g, md, &inner, 1, out, octets);
	mip6_crypto_wipe(g.octets, CRYPTO_BLOCK_OCTETS);
	return done;
}

/* Passes `done` on; without it the result is wiped, the error forgotten. */
static bool
crypto_end(bool done, uint8_t *out, size_t octets)
{
	if (!done) {
		mip6_crypto_wipe(out, octets);
		ERR_clear_error();
	}
	return done;
}

bool
mip6_crypto_hmac_sha1(struct mip6_crypto *c, const void *key, size_t key_octets,
    const struct mip6_iovec *v, size_t n, uint8_t out[MIP6_SHA1_OCTETS])
{
	MIP6_ASSERT(key_octets > 0 && key_octets <= MIP6_KEY_MAX_OCTETS);
	return crypto_end(crypto_hmac(c, c->sha1, key, key_octets, v, n, out,
			      MIP6_SHA1_OCTETS),
	    out, MIP6_SHA1_OCTETS);
}

bool
mip6_crypto_hmac_sha256(struct mip6_crypto *c, const void *key,
    size_t key_octets, const struct mip6_iovec *v, size_t n,
    uint8_t out[MIP6_SHA256_OCTETS])
{
	MIP6_ASSERT(key_octets > 0 && key_octets <= MIP6_KEY_MAX_OCTETS);
	return crypto_end(crypto_hmac(c, c->sha256, key, key_octets, v, n, out,
			      MIP6_SHA256_OCTETS),
	    out, MIP6_SHA256_OCTETS);
}

bool
mip6_crypto_sha1(struct mip6_crypto *c, const struct mip6_iovec *v, size_t n,
    uint8_t out[MIP6_SHA1_OCTETS])
{
	struct crypto_gather g;

	g.cx = c->cx;
	g.count = 0;
	return crypto_end(crypto_digest(&g, c->sha1, v, n, out,
			      MIP6_SHA1_OCTETS),
	    out, MIP6_SHA1_OCTETS);
}

bool
mip6_crypto_equal(const void *a, const void *b, size_t octets)
{
	return CRYPTO_memcmp(a, b, octets) == 0;
}

void
mip6_crypto_wipe(void *mem, size_t octets)
{
	OPENSSL_cleanse(mem, octets);
}
