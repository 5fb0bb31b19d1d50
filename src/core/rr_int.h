/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The return routability procedure's computations, for both ends: keygen
 * tokens, the binding management key, the authenticator.
 *
 * Implements: RFC 6275 sections 5.2.3 to 5.2.5, 6.2.7.
 */
#ifndef MIP6_CORE_RR_INT_H
#define MIP6_CORE_RR_INT_H

#include "core/node_int.h"

#define MIP6_KCN_OCTETS     20 /* R5.2.1-01 */
#define MIP6_NONCE_OCTETS   16
#define MIP6_KEYGEN_OCTETS  8
#define MIP6_MAX_TOKEN_LIFE MIP6_SPAN_S(210)
#define MIP6_MAX_NONCE_LIFE MIP6_SPAN_S(240)
#define MIP6_MAX_RR_BINDING MIP6_SPAN_S(420) /* MAX_RR_BINDING_LIFETIME */

/*
 * keygen token := First(64, HMAC_SHA1(Kcn, (addr | nonce | 0 or 1))): 0 for
 * the home address, 1 (`care_of`) for a care-of address.  false: the
 * cryptography failed; the token is not to be used.
 */
bool rr_token(struct mip6_node *n, const uint8_t kcn[MIP6_KCN_OCTETS],
    const struct mip6_addr *addr, const uint8_t nonce[MIP6_NONCE_OCTETS],
    bool care_of, uint8_t token[MIP6_KEYGEN_OCTETS]);

/*
 * Kbm := SHA1(home token | care-of token); without the latter (NULL) when the
 * binding is to be deleted and the care-of address is the home address.
 */
bool rr_kbm(struct mip6_node *n, const uint8_t home[MIP6_KEYGEN_OCTETS],
    const uint8_t *care_of, uint8_t kbm[MIP6_SHA1_OCTETS]);

/*
 * First(96, HMAC_SHA1(Kbm, (care-of address | correspondent | MH data))) of
 * the Mobility Header `mh`, whose authenticator is at offset `at`.
 */
bool rr_sign(struct mip6_node *n, const struct mh_kbm *k, uint8_t *mh,
    size_t at);
/* Whether it is there and right. */
bool rr_verify(struct mip6_node *n, const struct mh_kbm *k, const uint8_t *mh,
    const struct mip6_mh *m);

#endif
