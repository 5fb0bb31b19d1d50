/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Keyed hashes over pieces, on contexts that are made once.
 *
 * What costs in OpenSSL 3 is fetching an algorithm and setting parameters by
 * name, so both are done here at creation; a message then sets its key with
 * no parameters at all, which keeps the digest that was chosen.  An OpenSSL
 * that fails leaves a zeroed result and a false that the caller must treat as
 * "not authenticated".
 *
 * Implements: HMAC_SHA1 of RFC 2104 as RFC 6275 section 5.2 and RFC 4285
 * section 5.1 use it.
 */
#include "crypto/crypto.h"

#include <string.h>

#include <openssl/core_names.h>
#include <openssl/crypto.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/params.h>

/*
 * A context of HMAC, whose digest is chosen for good, and the key that it has:
 * who verifies a message and signs the answer pays for the key once (0.3 us of
 * 0.8).
 */
struct crypto_mac {
	EVP_MAC_CTX *cx;
	uint8_t key[MIP6_KEY_MAX_OCTETS];
	size_t key_octets; /* 0: none */
};

struct mip6_crypto {
	struct mip6_alloc alloc;
	EVP_MAC *hmac;
	struct crypto_mac hmac_sha1, hmac_sha256;
	EVP_MD *sha1;
	EVP_MD_CTX *sha1_cx;
};

static bool
crypto_mac_open(struct crypto_mac *m, EVP_MAC *hmac, char *digest)
{
	OSSL_PARAM params[2];

	m->cx = EVP_MAC_CTX_new(hmac);
	if (m->cx == NULL)
		return false;
	params[0] =
	    OSSL_PARAM_construct_utf8_string(OSSL_MAC_PARAM_DIGEST, digest, 0);
	params[1] = OSSL_PARAM_construct_end();
	return EVP_MAC_CTX_set_params(m->cx, params) == 1;
}

static void
crypto_mac_close(struct crypto_mac *m)
{
	mip6_crypto_wipe(m->key, sizeof(m->key));
	EVP_MAC_CTX_free(m->cx);
}

/* Fetches and makes everything in *c; what was made stays there on failure. */
static bool
crypto_open(struct mip6_crypto *c)
{
	char sha1[] = "SHA1", sha256[] = "SHA256";
	EVP_CIPHER *chacha20;

	c->hmac = EVP_MAC_fetch(NULL, "HMAC", NULL);
	c->sha1 = EVP_MD_fetch(NULL, "SHA1", NULL);
	c->sha1_cx = EVP_MD_CTX_new();
	if (c->hmac == NULL || c->sha1 == NULL || c->sha1_cx == NULL)
		return false;
	if (!crypto_mac_open(&c->hmac_sha1, c->hmac, sha1) ||
	    !crypto_mac_open(&c->hmac_sha256, c->hmac, sha256))
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
	crypto_mac_close(&c->hmac_sha1);
	crypto_mac_close(&c->hmac_sha256);
	EVP_MAC_free(c->hmac);
	EVP_MD_CTX_free(c->sha1_cx);
	EVP_MD_free(c->sha1);
	alloc.release(alloc.arg, c, sizeof(*c));
}

/* Begins with `key`, which the context may have already. */
static bool
crypto_hmac_key(struct crypto_mac *m, const void *key, size_t key_octets)
{
	if (m->key_octets == key_octets &&
	    mip6_crypto_equal(m->key, key, key_octets))
		return EVP_MAC_init(m->cx, NULL, 0, NULL) == 1;
	m->key_octets = 0;
	if (EVP_MAC_init(m->cx, key, key_octets, NULL) != 1)
		return false;
	memcpy(m->key, key, key_octets);
	m->key_octets = key_octets;
	return true;
}

static bool
crypto_hmac(struct crypto_mac *m, const void *key, size_t key_octets,
    const struct mip6_iovec *v, size_t n, uint8_t *out, size_t octets)
{
	size_t count = 0;
	size_t i;

	if (!crypto_hmac_key(m, key, key_octets))
		return false;
	for (i = 0; i < n; i++)
		if (v[i].count > 0 &&
		    EVP_MAC_update(m->cx, v[i].octets, v[i].count) != 1)
			return false;
	return EVP_MAC_final(m->cx, out, &count, octets) == 1 &&
	    count == octets;
}

static bool
crypto_sha1(EVP_MD_CTX *cx, const EVP_MD *md, const struct mip6_iovec *v,
    size_t n, uint8_t out[MIP6_SHA1_OCTETS])
{
	unsigned int count = 0;
	size_t i;

	if (EVP_DigestInit_ex2(cx, md, NULL) != 1)
		return false;
	for (i = 0; i < n; i++)
		if (v[i].count > 0 &&
		    EVP_DigestUpdate(cx, v[i].octets, v[i].count) != 1)
			return false;
	return EVP_DigestFinal_ex(cx, out, &count) == 1 &&
	    count == MIP6_SHA1_OCTETS;
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
	return crypto_end(crypto_hmac(&c->hmac_sha1, key, key_octets, v, n, out,
			      MIP6_SHA1_OCTETS),
	    out, MIP6_SHA1_OCTETS);
}

bool
mip6_crypto_hmac_sha256(struct mip6_crypto *c, const void *key,
    size_t key_octets, const struct mip6_iovec *v, size_t n,
    uint8_t out[MIP6_SHA256_OCTETS])
{
	MIP6_ASSERT(key_octets > 0 && key_octets <= MIP6_KEY_MAX_OCTETS);
	return crypto_end(crypto_hmac(&c->hmac_sha256, key, key_octets, v, n,
			      out, MIP6_SHA256_OCTETS),
	    out, MIP6_SHA256_OCTETS);
}

bool
mip6_crypto_sha1(struct mip6_crypto *c, const struct mip6_iovec *v, size_t n,
    uint8_t out[MIP6_SHA1_OCTETS])
{
	return crypto_end(crypto_sha1(c->sha1_cx, c->sha1, v, n, out), out,
	    MIP6_SHA1_OCTETS);
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
