/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The mobility message authentication option, MN-HA: HMAC-SHA1 over care-of
 * address, home address and the Mobility Header up to and including the SPI,
 * its checksum taken as zero; the first 96 bits are the authenticator.
 *
 * Implements: RFC 4285 section 5.1.
 */
#include "core/node_int.h"

#include <string.h>

static bool
auth_compute(struct mip6_node *n, const struct mip6_conf_sa *sa,
    const struct mip6_addr *coa, const struct mip6_addr *hoa, const uint8_t *mh,
    size_t at, uint8_t out[MIP6_SHA1_OCTETS])
{
	struct mip6_mh_auth_span span = mip6_mh_auth_span(mh, at);
	const struct mip6_iovec v[] = {
		{ coa->b, sizeof(coa->b) },
		{ hoa->b, sizeof(hoa->b) },
		{ span.piece[0].octets, span.piece[0].count },
		{ span.piece[1].octets, span.piece[1].count },
		{ span.piece[2].octets, span.piece[2].count },
	};

	if (mip6_crypto_hmac_sha1(n->crypto, sa->key, sa->key_octets, v,
		MIP6_COUNT(v), out))
		return true;
	MIP6_LOG(n->log, ERROR, "crypto.failed", MIP6_KS("what", "HMAC-SHA1"));
	return false;
}

enum mip6_auth
auth_verify(struct mip6_node *n, const struct mip6_conf_sa *sa,
    const struct mip6_addr *coa, const struct mip6_addr *hoa, const uint8_t *mh,
    const struct mip6_mh *m)
{
	const struct mip6_mh_auth *a = &m->opt.mn_ha;
	uint8_t want[MIP6_SHA1_OCTETS];

	/* RFC4285-5.1a: a peer with a key must use it. Test: test_auth */
	if (!m->opt.has_mn_ha)
		return MIP6_AUTH_MISSING;
	/* RFC4285-5.1b: the SPI selects the key. Test: test_auth */
	if (a->spi != sa->spi)
		return MIP6_AUTH_SPI;
	if (!auth_compute(n, sa, coa, hoa, mh, a->at, want))
		return MIP6_AUTH_FAIL;
	/* RFC4285-5.1c: the authenticator must be right. Test: test_auth */
	if (!mip6_crypto_equal(want, a->octets, MIP6_MH_AUTH_OCTETS))
		return MIP6_AUTH_FAIL;
	return MIP6_AUTH_OK;
}

bool
auth_sign(struct mip6_node *n, const struct mip6_conf_sa *sa,
    const struct mip6_addr *coa, const struct mip6_addr *hoa, uint8_t *mh,
    size_t at)
{
	uint8_t out[MIP6_SHA1_OCTETS];

	if (!auth_compute(n, sa, coa, hoa, mh, at, out))
		return false;
	memcpy(mh + at, out, MIP6_MH_AUTH_OCTETS);
	return true;
}
