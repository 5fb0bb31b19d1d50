/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Linux takes an address as optimistic (RFC 4429) from userspace, usable some
 * milliseconds later: then applications can use it as well, and the kernel
 * answers for it.
 */
#include "platform/platform.h"

enum mip6_coa_owner
mip6_plat_coa_owner(void)
{
	return MIP6_COA_OWNER_KERNEL;
}
