/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * macOS takes no optimistic address from userspace: it would be unusable for
 * the second that Duplicate Address Detection takes.
 */
#include "platform/platform.h"

enum mip6_coa_owner
mip6_plat_coa_owner(void)
{
	return MIP6_COA_OWNER_DAEMON;
}
