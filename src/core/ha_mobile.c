/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Who a home agent serves: mobile nodes that are listed, and those whose key
 * comes from the master key; and how the records of one are fetched before its
 * update is looked at: five cache misses at a million, half of what a refresh
 * took.
 */
#include "core/ha_int.h"

#include <string.h>

#include "core/roster.h"
#include "crypto/hkdf.h"
#include "wire/dstopt.h"

/* Nobody's home address: the prefix itself, or the home agents' anycast. */
static bool
ha_mobile_is_nobody(const struct mip6_prefix *p, const struct mip6_addr *hoa)
{
	struct mip6_addr anycast;

	return mip6_addr_equal(&p->addr, hoa) ||
	    (mip6_prefix_home_agents(p, &anycast) &&
		mip6_addr_equal(&anycast, hoa));
}

static bool
ha_mobile_derive(struct mip6_node *n, const struct mip6_addr *hoa,
    struct mip6_conf_mobile *to)
{
	const struct mip6_conf_ha *c = n->ha->c;
	int prefix = ha_prefix_index(n, hoa);

	if (!c->has_master || prefix < 0 ||
	    ha_mobile_is_nobody(&c->prefix[prefix].prefix, hoa))
		return false;
	memset(to, 0, sizeof(*to));
	to->hoa = *hoa;
	to->sa.present = true;
	to->sa.spi = c->master_spi;
	to->sa.clock_slack = MIP6_CLOCK_SLACK;
	to->sa.key_octets = MIP6_SHA256_OCTETS;
	if (mip6_hkdf_mobile_key(n->crypto, c->master, hoa, to->sa.key))
		return true;
	MIP6_LOG(n->log, ERROR, "crypto.failed", MIP6_KS("what", "HKDF"));
	return false;
}

const struct mip6_conf_mobile *
ha_mobile_find(struct mip6_node *n, const struct mip6_addr *hoa)
{
	struct mip6_ha *ha = n->ha;
	struct mip6_conf_mobile *m = &ha->mobile;

	/* One update asks several times for the same one. */
	if (ha->mobile_known && mip6_addr_equal(&m->hoa, hoa))
		return m;
	ha->mobile_known =
	    mip6_conf_mobile_find(ha->c, hoa, m) || ha_mobile_derive(n, hoa, m);
	return ha->mobile_known ? m : NULL;
}

/* Where a Home Address option is in what most mobile nodes send. */
#define AHEAD_AT (MIP6_IP6_OCTETS + MIP6_DSTOPT_HAO_AT)

void
ha_ahead(const struct mip6_node *n, const struct mip6_hint *h,
    unsigned int step)
{
	const struct mip6_ha *ha = n->ha;
	struct mip6_addr hoa;

	if (h->count < MIP6_IP6_OCTETS + MIP6_DSTOPT_HAO_OCTETS ||
	    h->octets[AHEAD_AT] != MIP6_OPT_HAO)
		return;
	memcpy(hoa.b, h->octets + AHEAD_AT + 2, sizeof(hoa.b));
	mip6_bcache_prefetch(&ha->bcache, &hoa, step);
	if (ha->c->roster != NULL)
		mip6_roster_prefetch(ha->c->roster, &hoa, step);
}
