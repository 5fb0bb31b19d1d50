/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * 16 random octets from the system, which is what RFC 4285 section 5.1 asks
 * for, and a random SPI above 255; a master key, and what is derived from it.
 *
 * The file is written under another name, then linked to its own: so it is
 * whole when it appears, and a key that is there already is never replaced.
 */
#include "ctl/genkey.h"

#include <sys/random.h>
#include <sys/stat.h>

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "config/config.h"
#include "config/keyfile.h"
#include "crypto/crypto.h"

#define GENKEY_TEXT_OCTETS 512
#define GENKEY_SPI_MIN     256

/* What a file of secrets says before and of its secret. */
struct genkey_kind {
	const char *comment, *word;
	size_t octets;
};

static const struct genkey_kind genkey_key = {
	"# A key of mip6d (RFC 4285).  The mobile node and its home agent each "
	"keep\n# a copy of this file, mode 0600; nobody else sees it.\n",
	"key", MIP6_GENKEY_OCTETS
};
static const struct genkey_kind genkey_master = {
	"# A master key of mip6d, for master-key-file.  Who has it has the keys "
	"of all\n# mobile nodes: only home agents keep it, mode 0600.\n",
	"master", MIP6_MASTER_OCTETS
};
static const struct genkey_kind genkey_derived = {
	"# A key of mip6d (RFC 4285), derived from the home agent's master "
	"key.  The\n# mobile node keeps this file, mode 0600; nobody else sees "
	"it.\n",
	"key", MIP6_MASTER_OCTETS
};

/* The text of the file; its length, or 0 when it does not fit. */
static size_t
genkey_format(const struct genkey_kind *kind, uint32_t spi,
    const unsigned char *secret, char *text, size_t cap)
{
	char hex[2 * MIP6_MASTER_OCTETS + 1];
	size_t i;
	int n;

	for (i = 0; i < kind->octets; i++)
		(void)snprintf(hex + 2 * i, 3, "%02x", secret[i]);
	n = snprintf(text, cap, "%sspi = %lu\n%s = %s\n", kind->comment,
	    (unsigned long)spi, kind->word, hex);
	mip6_crypto_wipe(hex, sizeof(hex));
	return n > 0 && (size_t)n < cap ? (size_t)n : 0;
}

/* The text of a random one; 0: there is no randomness. */
static size_t
genkey_text(const struct genkey_kind *kind, uint32_t spi, char *text,
    size_t cap)
{
	unsigned char secret[MIP6_MASTER_OCTETS];
	size_t count;

	while (spi < GENKEY_SPI_MIN)
		if (getentropy(&spi, sizeof(spi)) != 0)
			return 0;
	if (getentropy(secret, sizeof(secret)) != 0)
		return 0;
	count = genkey_format(kind, spi, secret, text, cap);
	mip6_crypto_wipe(secret, sizeof(secret));
	return count;
}

static bool
genkey_fail(char *err, size_t octets, const char *path)
{
	(void)snprintf(err, octets, "%s: %s", path,
	    errno == EEXIST ? "exists already; a key is not replaced" :
			      strerror(errno));
	return false;
}

static bool
genkey_write_all(int fd, const char *text, size_t count)
{
	ssize_t n;

	while (count > 0) {
		n = write(fd, text, count);
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return false;
		text += n;
		count -= (size_t)n;
	}
	return fsync(fd) == 0;
}

static bool
genkey_file(const char *path, const char *text, size_t count, char *err,
    size_t octets)
{
	size_t room = strlen(path) + 8;
	char *beside = malloc(room);
	bool good;
	int fd;

	if (beside == NULL) {
		errno = ENOMEM;
		return genkey_fail(err, octets, path);
	}
	(void)snprintf(beside, room, "%s.XXXXXX", path);
	fd = mkstemp(beside);
	if (fd < 0) {
		free(beside);
		return genkey_fail(err, octets, path);
	}
	good = fchmod(fd, 0600) == 0 && genkey_write_all(fd, text, count);
	if (close(fd) != 0)
		good = false;
	if (good)
		good = link(beside, path) == 0;
	if (!good)
		(void)genkey_fail(err, octets, path);
	(void)unlink(beside);
	free(beside);
	return good;
}

/* To `path`, or to `out`; the text is wiped. */
static bool
genkey_put(const char *path, char *text, size_t count, FILE *out, char *err,
    size_t octets)
{
	bool good;

	if (path != NULL) {
		good = genkey_file(path, text, count, err, octets);
	} else {
		good = fwrite(text, 1, count, out) == count && fflush(out) == 0;
		if (!good)
			(void)genkey_fail(err, octets, "standard output");
	}
	mip6_crypto_wipe(text, count);
	return good;
}

bool
mip6_genkey(bool master, const char *path, uint32_t spi, FILE *out, char *err,
    size_t octets)
{
	char text[GENKEY_TEXT_OCTETS];
	size_t count = genkey_text(master ? &genkey_master : &genkey_key, spi,
	    text, sizeof(text));

	if (count == 0) {
		(void)snprintf(err, octets, "no randomness from the system");
		return false;
	}
	return genkey_put(path, text, count, out, err, octets);
}

bool
mip6_genkey_derive(const char *master, const struct mip6_addr *hoa,
    const char *path, FILE *out, char *err, size_t octets)
{
	uint8_t prk[MIP6_MASTER_OCTETS], key[MIP6_MASTER_OCTETS];
	char text[GENKEY_TEXT_OCTETS], said[256];
	struct mip6_fmt why = mip6_fmt_make(said, sizeof(said));
	struct mip6_keyfile from;
	size_t count = 0;

	if (!mip6_masterfile_read(master, &from, &why)) {
		(void)snprintf(err, octets, "%s: %s", master, said);
		return false;
	}
	if (mip6_config_master(from.key, hoa, prk, key))
		count = genkey_format(&genkey_derived, from.spi, key, text,
		    sizeof(text));
	mip6_crypto_wipe(&from, sizeof(from));
	mip6_crypto_wipe(prk, sizeof(prk));
	mip6_crypto_wipe(key, sizeof(key));
	if (count == 0) {
		(void)snprintf(err, octets, "no cryptography for it");
		return false;
	}
	return genkey_put(path, text, count, out, err, octets);
}
