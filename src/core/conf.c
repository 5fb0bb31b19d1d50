/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What can be asked of a configuration without knowing how it was written.
 */
#include "core/conf.h"

#include <string.h>

#include "core/roster.h"

/* "en*" matches en0; a pattern without a star matches itself. */
static bool
conf_match(const char *pattern, const char *name)
{
	const char *star = strchr(pattern, '*');
	size_t count;

	if (star == NULL)
		return strcmp(pattern, name) == 0;
	count = (size_t)(star - pattern);
	return strncmp(pattern, name, count) == 0;
}

uint32_t
mip6_conf_interface_preference(const struct mip6_conf_mn *mn, const char *name)
{
	uint32_t i;

	for (i = 0; i < mn->interfaces; i++)
		if (conf_match(mn->interface[i], name))
			return i;
	return MIP6_INTERFACE_NONE;
}

static const struct mip6_conf_mobile *
conf_search(const struct mip6_conf_ha *ha, const struct mip6_addr *hoa)
{
	uint32_t low = 0, high = ha->mobiles, mid;
	int order;

	while (low < high) {
		mid = low + (high - low) / 2;
		order = memcmp(ha->mobile[mid].hoa.b, hoa->b, sizeof(hoa->b));
		if (order == 0)
			return &ha->mobile[mid];
		if (order < 0)
			low = mid + 1;
		else
			high = mid;
	}
	return NULL;
}

bool
mip6_conf_mobile_find(const struct mip6_conf_ha *ha,
    const struct mip6_addr *hoa, struct mip6_conf_mobile *to)
{
	const struct mip6_conf_mobile *m = conf_search(ha, hoa);

	if (m == NULL)
		return ha->roster != NULL &&
		    mip6_roster_find(ha->roster, hoa, to);
	*to = *m;
	return true;
}

bool
mip6_conf_mobile_next(const struct mip6_conf_ha *ha, uint64_t *at,
    struct mip6_conf_mobile *to)
{
	uint32_t place;
	bool more;

	if (*at < ha->mobiles) {
		*to = ha->mobile[(*at)++];
		return true;
	}
	if (ha->roster == NULL)
		return false;
	place = (uint32_t)(*at - ha->mobiles);
	more = mip6_roster_next(ha->roster, &place, to);
	*at = ha->mobiles + (uint64_t)place;
	return more;
}

uint32_t
mip6_conf_mobiles(const struct mip6_conf_ha *ha)
{
	return ha->mobiles +
	    (ha->roster != NULL ? mip6_roster_count(ha->roster) : 0);
}
