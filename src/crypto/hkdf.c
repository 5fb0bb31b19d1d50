/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The two halves of HKDF, each one HMAC here: what is extracted serves for all
 * home addresses, and a key is as long as one block of the expansion.
 *
 * Implements: RFC 5869 sections 2.2 and 2.3.
 */
#include "crypto/hkdf.h"

static const char hkdf_label[] = "mip6d mobile node key";

bool
mip6_hkdf_extract(struct mip6_crypto *c, const void *master, size_t octets,
    uint8_t prk[MIP6_SHA256_OCTETS])
{
	/* Without a salt: as many zeros as the hash is long. */
	static const uint8_t salt[MIP6_SHA256_OCTETS];
	const struct mip6_iovec v = { master, octets };

	return mip6_crypto_hmac_sha256(c, salt, sizeof(salt), &v, 1, prk);
}

bool
mip6_hkdf_mobile_key(struct mip6_crypto *c,
    const uint8_t prk[MIP6_SHA256_OCTETS], const struct mip6_addr *hoa,
    uint8_t key[MIP6_SHA256_OCTETS])
{
	static const uint8_t first = 1; /* T(1) is all that is taken */
	const struct mip6_iovec v[] = {
		{ hkdf_label, sizeof(hkdf_label) - 1 },
		{ hoa->b, sizeof(hoa->b) },
		{ &first, 1 },
	};

	return mip6_crypto_hmac_sha256(c, prk, MIP6_SHA256_OCTETS, v,
	    MIP6_COUNT(v), key);
}
