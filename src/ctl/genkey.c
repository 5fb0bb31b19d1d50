/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * 16 random octets from the system, which is what RFC 4285 section 5.1 asks
 * for, and a random SPI above 255.
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

#define GENKEY_TEXT_OCTETS 256
#define GENKEY_SPI_MIN     256

/* Overwrites a secret in a way that the compiler cannot leave out. */
static void
genkey_wipe(void *mem, size_t octets)
{
	volatile unsigned char *at = mem;

	while (octets-- > 0)
		*at++ = 0;
}

/* The text of a key file; its length, or 0 when there is no randomness. */
static size_t
genkey_text(uint32_t spi, char *text, size_t cap)
{
	unsigned char key[MIP6_GENKEY_OCTETS];
	char hex[2 * MIP6_GENKEY_OCTETS + 1];
	size_t i;
	int n;

	while (spi < GENKEY_SPI_MIN)
		if (getentropy(&spi, sizeof(spi)) != 0)
			return 0;
	if (getentropy(key, sizeof(key)) != 0)
		return 0;
	for (i = 0; i < sizeof(key); i++)
		(void)snprintf(hex + 2 * i, 3, "%02x", key[i]);
	n = snprintf(text, cap,
	    "# A key of mip6d (RFC 4285).  The mobile node and its home agent "
	    "each keep\n# a copy of this file, mode 0600; nobody else sees "
	    "it.\nspi = %lu\nkey = %s\n",
	    (unsigned long)spi, hex);
	genkey_wipe(key, sizeof(key));
	genkey_wipe(hex, sizeof(hex));
	return n > 0 && (size_t)n < cap ? (size_t)n : 0;
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

bool
mip6_genkey(const char *path, uint32_t spi, FILE *out, char *err, size_t octets)
{
	char text[GENKEY_TEXT_OCTETS];
	size_t count = genkey_text(spi, text, sizeof(text));
	bool good;

	if (count == 0) {
		(void)snprintf(err, octets, "no randomness from the system");
		return false;
	}
	if (path != NULL) {
		good = genkey_file(path, text, count, err, octets);
	} else {
		good = fwrite(text, 1, count, out) == count && fflush(out) == 0;
		if (!good)
			(void)genkey_fail(err, octets, "standard output");
	}
	genkey_wipe(text, sizeof(text));
	return good;
}
