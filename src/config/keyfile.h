/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A key file: one mobility security association's secret.
 *
 *	# comment
 *	spi = 4660
 *	key = 000102030405060708090a0b0c0d0e0f
 *
 * `spi` may be missing when mip6.conf gives it.  The key has 16 to 64 octets.
 */
#ifndef MIP6_CONFIG_KEYFILE_H
#define MIP6_CONFIG_KEYFILE_H

#include "base/fmt.h"
#include "core/conf.h"

#define MIP6_KEYFILE_OCTETS_MAX 4096

struct mip6_keyfile {
	uint32_t spi; /* 0: not given */
	uint8_t key[MIP6_KEY_OCTETS_MAX];
	uint8_t key_octets;
};

/*
 * Reads the file at `path`.  It must be a regular file of root or of the user
 * who runs this, and nobody else may read or write it; what counts is the file
 * that a symbolic link leads to.  false: *why says what is wrong, without a
 * secret; nothing of the key stays in memory.
 */
bool mip6_keyfile_read(const char *path, struct mip6_keyfile *key,
    struct mip6_fmt *why);

/*
 * A file of a master key, from which keys are derived (crypto/hkdf.h), under
 * the same rules:
 *
 *	spi = 4660
 *	master = 64 hexadecimal digits
 *
 * Another word than in a key file: one is not taken for the other.
 */
bool mip6_masterfile_read(const char *path, struct mip6_keyfile *key,
    struct mip6_fmt *why);

/*
 * Opens a file with secrets of at most `octets_max` octets under the rules
 * above; -1: *why says what is wrong.
 */
int mip6_keyfile_open(const char *path, long octets_max, struct mip6_fmt *why);

/* The same as mip6_keyfile_read for text that was read. */
bool mip6_keyfile_parse(const char *text, size_t octets,
    struct mip6_keyfile *key, struct mip6_fmt *why);

#endif
