/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Return routability: what both ends compute.
 *
 * Implements: RFC 6275 sections 5.2.3 to 5.2.5, 6.2.7.
 */
#include "core/rr_int.h"

#include <string.h>

static bool
rr_failed(struct mip6_node *n, void *out, size_t octets)
{
	memset(out, 0, octets);
	MIP6_LOG(n->log, ERROR, "crypto.failed",
	    MIP6_KS("what", "return routability"));
	return false;
}

bool
rr_token(struct mip6_node *n, const uint8_t kcn[MIP6_KCN_OCTETS],
    const struct mip6_addr *addr, const uint8_t nonce[MIP6_NONCE_OCTETS],
    bool care_of, uint8_t token[MIP6_KEYGEN_OCTETS])
{
	const uint8_t which = care_of ? 1 : 0;
	const struct mip6_iovec v[] = {
		{ addr->b, sizeof(addr->b) },
		{ nonce, MIP6_NONCE_OCTETS },
		{ &which, sizeof(which) },
	};
	uint8_t out[MIP6_SHA1_OCTETS];

	if (!mip6_crypto_hmac_sha1(n->crypto, kcn, MIP6_KCN_OCTETS, v,
		MIP6_COUNT(v), out))
		return rr_failed(n, token, MIP6_KEYGEN_OCTETS);
	memcpy(token, out, MIP6_KEYGEN_OCTETS);
	return true;
}

bool
rr_kbm(struct mip6_node *n, const uint8_t home[MIP6_KEYGEN_OCTETS],
    const uint8_t *care_of, uint8_t kbm[MIP6_SHA1_OCTETS])
{
	const struct mip6_iovec v[] = {
		{ home, MIP6_KEYGEN_OCTETS },
		{ care_of, MIP6_KEYGEN_OCTETS },
	};

	if (!mip6_crypto_sha1(n->crypto, v, care_of != NULL ? 2 : 1, kbm))
		return rr_failed(n, kbm, MIP6_SHA1_OCTETS);
	return true;
}

static bool
rr_auth(struct mip6_node *n, const struct mh_kbm *k, const uint8_t *mh,
    size_t at, uint8_t out[MIP6_SHA1_OCTETS])
{
	struct mip6_mh_auth_span span = mip6_mh_auth_span(mh, at);
	const struct mip6_iovec v[] = {
		{ k->coa.b, sizeof(k->coa.b) },
		{ k->correspondent.b, sizeof(k->correspondent.b) },
		{ span.piece[0].octets, span.piece[0].count },
		{ span.piece[1].octets, span.piece[1].count },
		{ span.piece[2].octets, span.piece[2].count },
	};

	if (!mip6_crypto_hmac_sha1(n->crypto, k->key, sizeof(k->key), v,
		MIP6_COUNT(v), out))
		return rr_failed(n, out, MIP6_SHA1_OCTETS);
	return true;
}

bool
rr_sign(struct mip6_node *n, const struct mh_kbm *k, uint8_t *mh, size_t at)
{
	uint8_t out[MIP6_SHA1_OCTETS];

	if (!rr_auth(n, k, mh, at, out))
		return false;
	memcpy(mh + at, out, MIP6_MH_AUTH_OCTETS);
	return true;
}

bool
rr_verify(struct mip6_node *n, const struct mh_kbm *k, const uint8_t *mh,
    const struct mip6_mh *m)
{
	uint8_t want[MIP6_SHA1_OCTETS];

	if (!m->opt.has_auth_data ||
	    !rr_auth(n, k, mh, m->opt.auth_data.at, want))
		return false;
	return mip6_crypto_equal(want, m->opt.auth_data.octets,
	    MIP6_MH_AUTH_OCTETS);
}
