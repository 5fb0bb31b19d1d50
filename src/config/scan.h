/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The lexical rules of mip6.conf, checked before libconfuse sees the text.
 */
#ifndef MIP6_CONFIG_SCAN_H
#define MIP6_CONFIG_SCAN_H

#include "base/base.h"

struct mip6_config_scan {
	unsigned int line;
	const char *what; /* what is wrong there; a string constant */
};

/*
 * Checks `octets` octets of `text` and overwrites comments with spaces (line
 * ends stay).  false: *wrong says where and what.
 */
bool mip6_config_scan(char *text, size_t octets,
    struct mip6_config_scan *wrong);

#endif
