/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What can be asked of a configuration without knowing how it was written.
 */
#include "core/conf.h"

#include <string.h>

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
