/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Key files for a mobile node and its home agent.
 */
#ifndef MIP6_CTL_GENKEY_H
#define MIP6_CTL_GENKEY_H

#include <stdio.h>

#include "base/addr.h"

#define MIP6_GENKEY_OCTETS 16 /* RFC 4285 section 5.1 */

/*
 * Makes a key, or a master key, with this SPI (0: a random one) and writes the key file: to
 * `path`, which must not exist yet, with mode 0600, whole or not at all; or to
 * `out` when `path` is NULL.  false with the reason in err[octets].
 */
bool mip6_genkey(bool master, const char *path, uint32_t spi, FILE *out,
    char *err, size_t octets);

/*
 * The same with the key of the home address `hoa`, from the file of a master
 * key.
 */
bool mip6_genkey_derive(const char *master, const struct mip6_addr *hoa,
    const char *path, FILE *out, char *err, size_t octets);

#endif
