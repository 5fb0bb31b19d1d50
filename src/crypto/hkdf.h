/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Keys of many mobile nodes from one master key: HKDF (RFC 5869) with SHA-256,
 * no salt, and as info the label "mip6d mobile node key" followed by the 16
 * octets of the home address.
 */
#ifndef MIP6_CRYPTO_HKDF_H
#define MIP6_CRYPTO_HKDF_H

#include "base/addr.h"
#include "crypto/crypto.h"

/* HKDF-Extract: what is kept of a master key.  false: OpenSSL failed. */
bool mip6_hkdf_extract(struct mip6_crypto *c, const void *master, size_t octets,
    uint8_t prk[MIP6_SHA256_OCTETS]);

/* HKDF-Expand: the key of one home address.  false: OpenSSL failed. */
bool mip6_hkdf_mobile_key(struct mip6_crypto *c,
    const uint8_t prk[MIP6_SHA256_OCTETS], const struct mip6_addr *hoa,
    uint8_t key[MIP6_SHA256_OCTETS]);

#endif
